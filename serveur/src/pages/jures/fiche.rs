//! La fiche d'un juré, sa désactivation.

use super::super::controle::{Controle, apres};
use super::disponibilite::SaisiePeriode;
use super::etat_habilitation;
use super::formulaire::{communs_neufs, revision_vue, trouver};
use crate::acces::Acces;
use crate::cadre::{Cadre, rendre_statut};
use crate::erreurs::Reponse;
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use metier::temps;
use serde::Deserialize;
use stockage::annuaire::{self, FicheJure, Jure};
use stockage::titres;

struct LigneHabilitation {
    id: String,
    titre: String,
    cle: String,
    periode: String,
    autorite: String,
    reference: String,
    etat: String,
    ton: &'static str,
    peut_finir: bool,
}

#[derive(Template)]
#[template(path = "jures/fiche.html")]
struct PageFiche {
    cadre: Cadre,
    id: String,
    nom: String,
    fiche: FicheJure,
    actif: bool,
    peut_ecrire: bool,
    habilitations: Vec<LigneHabilitation>,
    periodes: Vec<LignePeriode>,
    appels: Vec<LigneAppel>,
    acte: String,
    saisie: SaisiePeriode,
    erreurs: ErreursFormulaire,
}

struct LignePeriode {
    id: String,
    dates: String,
    libre: bool,
    passee: bool,
    note: String,
    acte: String,
}

struct LigneAppel {
    titre: String,
    dates: String,
    site: String,
    place: &'static str,
}

/// GET /jures/{jure}
pub(super) async fn fiche(acces: Acces, Path(id): Path<String>) -> Reponse {
    let jure = trouver(&acces, &id).await?;
    page(
        &acces,
        jure,
        StatusCode::OK,
        SaisiePeriode::default(),
        ErreursFormulaire::default(),
    )
    .await
}

/// La fiche, avec une période refusée s'il y en a une.
pub(super) async fn page(
    acces: &Acces,
    jure: Jure,
    statut: StatusCode,
    saisie: SaisiePeriode,
    erreurs: ErreursFormulaire,
) -> Reponse {
    let jour = acces.etat.horloge.jour();
    let id = jure.id.to_string();
    let periodes = annuaire::disponibilites(&acces.etat.base, &acces.centre, &jure.id)
        .await?
        .into_iter()
        .map(|d| LignePeriode {
            dates: temps::periode(d.debut, d.fin),
            libre: d.libre,
            passee: d.fin < jour,
            note: d.note,
            id: d.id,
            acte: crate::formulaires::nouvel_identifiant::<metier::Acte>().to_string(),
        })
        .collect();
    let appels = annuaire::appels_du_jure(&acces.etat.base, &acces.centre, &jure.id)
        .await?
        .into_iter()
        .map(|x| LigneAppel {
            titre: if x.ligne.sigle.is_empty() {
                x.ligne.intitule
            } else {
                x.ligne.sigle
            },
            dates: match (x.ligne.debut.parse(), x.ligne.fin.parse()) {
                (Ok(d), Ok(f)) => temps::periode(d, f),
                _ => x.ligne.debut,
            },
            site: x.ligne.site,
            place: metier::jury::Place::depuis_code(&x.place)
                .map_or("", metier::jury::Place::libelle),
        })
        .collect();
    let mut habilitations = Vec::new();
    for h in annuaire::habilitations_du_jure(&acces.etat.base, &acces.centre, &jure.id).await? {
        let referentiel = titres::titre(&acces.etat.base, &acces.centre, &h.fiche.titre).await?;
        let (etat, ton) = etat_habilitation(h.fiche.debut, h.fiche.fin, jour);
        habilitations.push(LigneHabilitation {
            titre: referentiel.map_or_else(|| h.fiche.titre.clone(), |r| r.designation()),
            periode: format!(
                "du {} au {}",
                temps::date_chiffres(h.fiche.debut),
                temps::date_chiffres(h.fiche.fin)
            ),
            peut_finir: h.fiche.fin >= jour,
            id: h.id,
            cle: h.fiche.titre,
            autorite: h.fiche.autorite,
            reference: h.fiche.reference,
            etat,
            ton,
        });
    }
    Ok(rendre_statut(
        statut,
        &PageFiche {
            cadre: Cadre::connecte(jure.nom_complet(), format!("/jures/{id}"), acces),
            nom: jure.nom_complet(),
            id,
            actif: jure.actif,
            fiche: jure.fiche,
            peut_ecrire: acces.peut_organiser(),
            periodes,
            appels,
            acte: crate::formulaires::nouvel_identifiant::<metier::Acte>().to_string(),
            saisie,
            erreurs,
            habilitations,
        },
    ))
}

/// La saisie d'un changement d'activité.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct SaisieActivite {
    #[serde(flatten)]
    communs: ChampsCommuns,
    /// Ce que la personne a demandé : « desactiver » ou « reactiver ».
    geste: String,
}

#[derive(Template)]
#[template(path = "jures/activite.html")]
struct PageActivite {
    cadre: Cadre,
    nom: String,
    actif: bool,
    retour: String,
    action: String,
    saisie: SaisieActivite,
    erreurs: ErreursFormulaire,
}

/// GET /jures/{jure}/activite
pub(super) async fn activite(acces: Acces, Path(id): Path<String>) -> Reponse {
    let jure = trouver(&acces, &id).await?;
    let saisie = SaisieActivite {
        communs: communs_neufs(jure.revision),
        geste: String::new(),
    };
    Ok(montrer(
        &acces,
        StatusCode::OK,
        &jure,
        saisie,
        ErreursFormulaire::default(),
    ))
}

/// POST /jures/{jure}/activite
pub(super) async fn changer_activite(
    acces: Acces,
    Path(id): Path<String>,
    Formulaire(mut saisie): Formulaire<SaisieActivite>,
) -> Reponse {
    let jure = trouver(&acces, &id).await?;
    let mut controle = Controle::default();
    controle.motif(&saisie.communs);
    if !controle.est_bon() {
        return Ok(montrer(
            &acces,
            StatusCode::UNPROCESSABLE_ENTITY,
            &jure,
            saisie,
            controle.0,
        ));
    }
    let avant = Jure {
        revision: revision_vue(&saisie.communs),
        ..jure.clone()
    };
    let actif = crate::formulaires::lire_activite(&saisie.geste)?;
    let auteur = acces.auteur(&saisie.communs);
    match annuaire::activer_jure(&acces.etat.base, &acces.centre, &avant, actif, &auteur).await {
        Ok(changement) => Ok(apres(&format!("/jures/{id}"), changement)),
        Err(stockage::Erreur::Conflit { .. }) => {
            let jure = trouver(&acces, &id).await?;
            saisie.communs.vu_au_rang = jure.revision.to_string();
            controle.faute("", "Une autre personne vient de modifier cette fiche. Relisez-la, puis confirmez de nouveau.");
            Ok(montrer(
                &acces,
                StatusCode::CONFLICT,
                &jure,
                saisie,
                controle.0,
            ))
        }
        Err(autre) => Err(autre.into()),
    }
}

fn montrer(
    acces: &Acces,
    statut: StatusCode,
    jure: &Jure,
    saisie: SaisieActivite,
    erreurs: ErreursFormulaire,
) -> Response {
    let action = format!("/jures/{}/activite", jure.id);
    let titre = if jure.actif {
        "Désactiver un juré"
    } else {
        "Réactiver un juré"
    };
    let page = PageActivite {
        cadre: Cadre::connecte(titre, &action, acces),
        nom: jure.nom_complet(),
        actif: jure.actif,
        retour: format!("/jures/{}", jure.id),
        action,
        saisie,
        erreurs,
    };
    rendre_statut(statut, &page)
}
