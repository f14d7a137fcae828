//! Ajouter une habilitation, la corriger, y mettre fin.

use super::super::controle::{COURT_MAX, Controle, Ecart, apres, ecarts};
use super::formulaire::{communs_neufs, revision_vue, trouver};
use super::options_titres;
use crate::acces::Acces;
use crate::cadre::{Cadre, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::temps;
use serde::Deserialize;
use stockage::annuaire::{self, FicheHabilitation, Habilitation, Jure};
use stockage::titres;

/// La saisie d'une habilitation.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    titre: String,
    debut: String,
    fin: String,
    autorite: String,
    reference: String,
}

impl Saisie {
    fn depuis(h: &Habilitation) -> Self {
        Self {
            communs: communs_neufs(h.revision),
            titre: h.fiche.titre.clone(),
            debut: h.fiche.debut.to_string(),
            fin: h.fiche.fin.to_string(),
            autorite: h.fiche.autorite.clone(),
            reference: h.fiche.reference.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "jures/habilitation.html")]
struct PageHabilitation {
    cadre: Cadre,
    nom: String,
    retour: String,
    action: String,
    correction: bool,
    titres: Vec<(String, String)>,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
}

/// Ce que le formulaire répond, quand il se remontre.
struct Retour {
    statut: StatusCode,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
}

impl Retour {
    fn neuf() -> Self {
        Self {
            statut: StatusCode::OK,
            erreurs: ErreursFormulaire::default(),
            ecarts: vec![],
        }
    }
    fn refus(erreurs: ErreursFormulaire) -> Self {
        Self {
            statut: StatusCode::UNPROCESSABLE_ENTITY,
            erreurs,
            ecarts: vec![],
        }
    }
    fn conflit(ecarts: Vec<Ecart>) -> Self {
        Self {
            statut: StatusCode::CONFLICT,
            erreurs: ErreursFormulaire::default(),
            ecarts,
        }
    }
}

/// GET /jures/{jure}/habilitations/nouvelle
pub(super) async fn nouvelle(acces: Acces, Path(id): Path<String>) -> Reponse {
    let jure = trouver(&acces, &id).await?;
    let saisie = Saisie {
        communs: communs_neufs(1),
        ..Saisie::default()
    };
    montrer(&acces, &jure, None, saisie, Retour::neuf()).await
}

/// POST /jures/{jure}/habilitations
pub(super) async fn ajouter(
    acces: Acces,
    Path(id): Path<String>,
    Formulaire(saisie): Formulaire<Saisie>,
) -> Reponse {
    let jure = trouver(&acces, &id).await?;
    let mut controle = Controle::default();
    let fiche = lire(&acces, &saisie, &mut controle).await?;
    let Some(fiche) = fiche.filter(|_| controle.est_bon()) else {
        return montrer(&acces, &jure, None, saisie, Retour::refus(controle.0)).await;
    };
    let auteur = acces.auteur(&saisie.communs);
    let habilitation = auteur.acte.to_string();
    let (base, centre) = (&acces.etat.base, &acces.centre);
    let changement =
        annuaire::ajouter_habilitation(base, centre, &habilitation, &jure.id, &fiche, &auteur)
            .await?;
    Ok(apres(&format!("/jures/{id}"), changement))
}

/// GET /jures/{jure}/habilitations/{habilitation}
pub(super) async fn correction(
    acces: Acces,
    Path((id, habilitation)): Path<(String, String)>,
) -> Reponse {
    let (jure, h) = trouver_habilitation(&acces, &id, &habilitation).await?;
    montrer(&acces, &jure, Some(&h), Saisie::depuis(&h), Retour::neuf()).await
}

/// POST /jures/{jure}/habilitations/{habilitation}
pub(super) async fn corriger(
    acces: Acces,
    Path((id, habilitation)): Path<(String, String)>,
    Formulaire(mut saisie): Formulaire<Saisie>,
) -> Reponse {
    let (jure, h) = trouver_habilitation(&acces, &id, &habilitation).await?;
    let mut controle = Controle::default();
    let fiche = lire(&acces, &saisie, &mut controle).await?;
    controle.motif(&saisie.communs);
    let Some(fiche) = fiche.filter(|_| controle.est_bon()) else {
        return montrer(&acces, &jure, Some(&h), saisie, Retour::refus(controle.0)).await;
    };
    let avant = Habilitation {
        revision: revision_vue(&saisie.communs),
        ..h
    };
    let auteur = acces.auteur(&saisie.communs);
    match annuaire::corriger_habilitation(&acces.etat.base, &acces.centre, &avant, &fiche, &auteur)
        .await
    {
        Ok(changement) => Ok(apres(&format!("/jures/{id}"), changement)),
        Err(stockage::Erreur::Conflit { .. }) => {
            let (jure, h) = trouver_habilitation(&acces, &id, &habilitation).await?;
            saisie.communs.vu_au_rang = h.revision.to_string();
            let differences = comparer(&h.fiche, &fiche);
            montrer(
                &acces,
                &jure,
                Some(&h),
                saisie,
                Retour::conflit(differences),
            )
            .await
        }
        Err(autre) => Err(autre.into()),
    }
}

async fn lire(
    acces: &Acces,
    s: &Saisie,
    c: &mut Controle,
) -> Result<Option<FicheHabilitation>, Erreur> {
    let titre = match s.titre.trim() {
        "" => {
            c.faute(
                "titre",
                "Choisissez le titre pour lequel la personne est habilitée.",
            );
            None
        }
        cle => titres::titre(&acces.etat.base, &acces.centre, cle).await?,
    };
    if titre.is_none() && !s.titre.trim().is_empty() {
        c.faute("titre", "Ce titre n’est pas au catalogue. Choisissez-le dans la liste, ou ajoutez-le d’abord aux référentiels.");
    }
    let debut = c.date(
        "debut",
        &s.debut,
        "Écrivez le premier jour de l’habilitation.",
    );
    let fin = c.date("fin", &s.fin, "Écrivez le dernier jour de l’habilitation.");
    c.periode("fin", debut, fin);
    // Au plus jusqu'à l'expiration du titre, année de prolongation comprise.
    if let (Some(fin), Some(limite)) = (
        fin,
        titre
            .as_ref()
            .and_then(metier::Referentiel::fin_prolongation),
    ) && fin > limite
    {
        let jour = temps::date_moyenne(limite);
        c.faute("fin", format!("Une habilitation ne dépasse pas la validité du titre, prolongation comprise ({jour}). Vérifiez la décision ou le millésime."));
    }
    let autorite = c.requis(
        "autorite",
        &s.autorite,
        COURT_MAX,
        "Écrivez l’autorité qui a habilité la personne, par exemple « DDETS du Rhône ».",
    );
    let reference = c.ligne("reference", &s.reference, COURT_MAX);
    let (Some(titre), Some(debut), Some(fin)) = (titre, debut, fin) else {
        return Ok(None);
    };
    Ok(Some(FicheHabilitation {
        titre: titre.cle,
        debut,
        fin,
        autorite,
        reference,
    }))
}

fn comparer(enregistree: &FicheHabilitation, saisie: &FicheHabilitation) -> Vec<Ecart> {
    ecarts(&[
        ("Titre", &enregistree.titre, &saisie.titre),
        (
            "Premier jour",
            &temps::date_chiffres(enregistree.debut),
            &temps::date_chiffres(saisie.debut),
        ),
        (
            "Dernier jour",
            &temps::date_chiffres(enregistree.fin),
            &temps::date_chiffres(saisie.fin),
        ),
        ("Autorité", &enregistree.autorite, &saisie.autorite),
        ("Référence", &enregistree.reference, &saisie.reference),
    ])
}

async fn montrer(
    acces: &Acces,
    jure: &Jure,
    h: Option<&Habilitation>,
    saisie: Saisie,
    retour: Retour,
) -> Reponse {
    let fiche = format!("/jures/{}", jure.id);
    let (titre, action) = match h {
        Some(h) => (
            "Corriger une habilitation",
            format!("{fiche}/habilitations/{}", h.id),
        ),
        None => ("Ajouter une habilitation", format!("{fiche}/habilitations")),
    };
    let referentiels = titres::titres(&acces.etat.base, &acces.centre).await?;
    let page = PageHabilitation {
        cadre: Cadre::connecte(titre, &action, acces),
        nom: jure.nom_complet(),
        retour: fiche,
        action,
        correction: h.is_some(),
        titres: options_titres(&referentiels),
        saisie,
        erreurs: retour.erreurs,
        ecarts: retour.ecarts,
    };
    Ok(rendre_statut(retour.statut, &page))
}

async fn trouver_habilitation(
    acces: &Acces,
    jure: &str,
    id: &str,
) -> Result<(Jure, Habilitation), Erreur> {
    let jure = trouver(acces, jure).await?;
    let toutes = annuaire::habilitations_du_jure(&acces.etat.base, &acces.centre, &jure.id).await?;
    let h = toutes
        .into_iter()
        .find(|h| h.id == id)
        .ok_or(Erreur::Introuvable)?;
    Ok((jure, h))
}

#[derive(Template)]
#[template(path = "jures/fin.html")]
struct PageFin {
    cadre: Cadre,
    nom: String,
    titre: String,
    periode: String,
    retour: String,
    action: String,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
}

/// GET /jures/{jure}/habilitations/{habilitation}/fin
pub(super) async fn fin(acces: Acces, Path((id, habilitation)): Path<(String, String)>) -> Reponse {
    let (jure, h) = trouver_habilitation(&acces, &id, &habilitation).await?;
    let saisie = Saisie {
        fin: acces.etat.horloge.jour().to_string(),
        ..Saisie::depuis(&h)
    };
    montrer_fin(
        &acces,
        StatusCode::OK,
        &jure,
        &h,
        saisie,
        ErreursFormulaire::default(),
    )
    .await
}

/// POST /jures/{jure}/habilitations/{habilitation}/fin
pub(super) async fn finir(
    acces: Acces,
    Path((id, habilitation)): Path<(String, String)>,
    Formulaire(mut saisie): Formulaire<Saisie>,
) -> Reponse {
    let (jure, h) = trouver_habilitation(&acces, &id, &habilitation).await?;
    let mut controle = Controle::default();
    let dernier = controle.date(
        "fin",
        &saisie.fin,
        "Écrivez le dernier jour de l’habilitation.",
    );
    controle.periode("fin", Some(h.fiche.debut), dernier);
    if dernier.is_some_and(|d| d > h.fiche.fin) {
        controle.faute("fin", "Cette date prolongerait l’habilitation. Pour une habilitation renouvelée, ajoutez la nouvelle décision.");
    }
    controle.motif(&saisie.communs);
    let Some(dernier) = dernier.filter(|_| controle.est_bon()) else {
        return montrer_fin(
            &acces,
            StatusCode::UNPROCESSABLE_ENTITY,
            &jure,
            &h,
            saisie,
            controle.0,
        )
        .await;
    };
    let apres_fiche = FicheHabilitation {
        fin: dernier,
        ..h.fiche.clone()
    };
    let avant = Habilitation {
        revision: revision_vue(&saisie.communs),
        ..h
    };
    let auteur = acces.auteur(&saisie.communs);
    match annuaire::corriger_habilitation(
        &acces.etat.base,
        &acces.centre,
        &avant,
        &apres_fiche,
        &auteur,
    )
    .await
    {
        Ok(changement) => Ok(apres(&format!("/jures/{id}"), changement)),
        Err(stockage::Erreur::Conflit { .. }) => {
            let (jure, h) = trouver_habilitation(&acces, &id, &habilitation).await?;
            saisie.communs.vu_au_rang = h.revision.to_string();
            controle.faute("", "Une autre personne vient de modifier cette habilitation. Relisez-la, puis confirmez de nouveau.");
            montrer_fin(&acces, StatusCode::CONFLICT, &jure, &h, saisie, controle.0).await
        }
        Err(autre) => Err(autre.into()),
    }
}

async fn montrer_fin(
    acces: &Acces,
    statut: StatusCode,
    jure: &Jure,
    h: &Habilitation,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
) -> Reponse {
    let referentiel = titres::titre(&acces.etat.base, &acces.centre, &h.fiche.titre).await?;
    let action = format!("/jures/{}/habilitations/{}/fin", jure.id, h.id);
    let page = PageFin {
        cadre: Cadre::connecte("Mettre fin à une habilitation", &action, acces),
        nom: jure.nom_complet(),
        titre: referentiel.map_or_else(|| h.fiche.titre.clone(), |r| r.designation()),
        periode: format!(
            "du {} au {}",
            temps::date_moyenne(h.fiche.debut),
            temps::date_moyenne(h.fiche.fin)
        ),
        retour: format!("/jures/{}", jure.id),
        action,
        saisie,
        erreurs,
    };
    Ok(rendre_statut(statut, &page))
}
