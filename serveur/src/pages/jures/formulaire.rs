//! Ajouter un juré, corriger sa fiche.

use super::super::controle::{COURT_MAX, Controle, Ecart, LONG_MAX, apres, ecarts};
use crate::acces::Acces;
use crate::cadre::{Cadre, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::{Acte, JureId};
use serde::Deserialize;
use stockage::annuaire::{self, FicheJure, Jure};

/// La saisie d'une fiche.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    nom: String,
    prenom: String,
    qualite: String,
    employeur: String,
    courriel: String,
    telephone: String,
    adresse: String,
    note: String,
    commune: String,
    distance_km: String,
    liens: String,
    autre_personne: String,
}

#[derive(Template)]
#[template(path = "jures/formulaire.html")]
struct PageFormulaire {
    cadre: Cadre,
    nom: String,
    retour: String,
    action: String,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
    homonymes: Vec<(String, String)>,
}

/// GET /jures/nouveau
pub(super) async fn nouveau(acces: Acces) -> Reponse {
    let saisie = Saisie {
        communs: communs_neufs(1),
        ..Saisie::default()
    };
    Ok(montrer_ajout(
        &acces,
        StatusCode::OK,
        saisie,
        ErreursFormulaire::default(),
        vec![],
    ))
}

/// POST /jures
pub(super) async fn ajouter(acces: Acces, Formulaire(saisie): Formulaire<Saisie>) -> Reponse {
    let (base, centre) = (&acces.etat.base, &acces.centre);
    let mut controle = Controle::default();
    let fiche = lire(&saisie, &mut controle);
    if !controle.est_bon() {
        return Ok(montrer_ajout(
            &acces,
            StatusCode::UNPROCESSABLE_ENTITY,
            saisie,
            controle.0,
            vec![],
        ));
    }
    // La fiche prend pour identifiant le geste qui la crée : poster deux fois n'ajoute qu'une personne.
    let auteur = acces.auteur(&saisie.communs);
    let id: JureId = auteur
        .acte
        .as_str()
        .parse()
        .map_err(|_| Erreur::Introuvable)?;
    if saisie.autre_personne != "oui" {
        let homonymes: Vec<_> = annuaire::homonymes(base, centre, &fiche.nom, &fiche.prenom)
            .await?
            .into_iter()
            .filter(|j| j.id != id)
            .map(|j| {
                (
                    j.id.to_string(),
                    format!("{}, {}", j.nom_complet(), j.fiche.qualite),
                )
            })
            .collect();
        if !homonymes.is_empty() {
            return Ok(montrer_ajout(
                &acces,
                StatusCode::UNPROCESSABLE_ENTITY,
                saisie,
                controle.0,
                homonymes,
            ));
        }
    }
    let changement = annuaire::ajouter_jure(base, centre, &id, &fiche, &auteur).await?;
    Ok(apres(&format!("/jures/{id}"), changement))
}

/// GET /jures/{jure}/correction
pub(super) async fn correction(acces: Acces, Path(id): Path<String>) -> Reponse {
    let jure = trouver(&acces, &id).await?;
    let f = jure.fiche.clone();
    let saisie = Saisie {
        communs: communs_neufs(jure.revision),
        nom: f.nom,
        prenom: f.prenom,
        qualite: f.qualite,
        employeur: f.employeur,
        courriel: f.courriel,
        telephone: f.telephone,
        adresse: f.adresse,
        note: f.note,
        commune: f.commune,
        distance_km: f.distance_km.map(|n| n.to_string()).unwrap_or_default(),
        liens: f.liens,
        autre_personne: String::new(),
    };
    Ok(montrer_correction(
        &acces,
        StatusCode::OK,
        &jure,
        saisie,
        ErreursFormulaire::default(),
        vec![],
    ))
}

/// POST /jures/{jure}/correction
pub(super) async fn corriger(
    acces: Acces,
    Path(id): Path<String>,
    Formulaire(mut saisie): Formulaire<Saisie>,
) -> Reponse {
    let jure = trouver(&acces, &id).await?;
    let mut controle = Controle::default();
    let fiche = lire(&saisie, &mut controle);
    controle.motif(&saisie.communs);
    if !controle.est_bon() {
        return Ok(montrer_correction(
            &acces,
            StatusCode::UNPROCESSABLE_ENTITY,
            &jure,
            saisie,
            controle.0,
            vec![],
        ));
    }
    let avant = Jure {
        revision: revision_vue(&saisie.communs),
        ..jure.clone()
    };
    let auteur = acces.auteur(&saisie.communs);
    match annuaire::corriger_jure(&acces.etat.base, &acces.centre, &avant, &fiche, &auteur).await {
        Ok(changement) => Ok(apres(&format!("/jures/{id}"), changement)),
        Err(stockage::Erreur::Conflit { .. }) => {
            let jure = trouver(&acces, &id).await?;
            saisie.communs.vu_au_rang = jure.revision.to_string();
            let differences = comparer(&jure.fiche, &fiche);
            let erreurs = ErreursFormulaire::default();
            Ok(montrer_correction(
                &acces,
                StatusCode::CONFLICT,
                &jure,
                saisie,
                erreurs,
                differences,
            ))
        }
        Err(autre) => Err(autre.into()),
    }
}

fn lire(s: &Saisie, c: &mut Controle) -> FicheJure {
    FicheJure {
        nom: c.requis("nom", &s.nom, 100, "Écrivez le nom du juré."),
        prenom: c.requis("prenom", &s.prenom, 100, "Écrivez le prénom du juré."),
        qualite: c.requis(
            "qualite",
            &s.qualite,
            COURT_MAX,
            "Écrivez la qualité du juré : elle s’imprime sur le procès-verbal.",
        ),
        employeur: c.ligne("employeur", &s.employeur, COURT_MAX),
        courriel: c.courriel("courriel", &s.courriel),
        telephone: c.telephone("telephone", &s.telephone),
        adresse: c.texte("adresse", &s.adresse, 500),
        note: c.texte("note", &s.note, LONG_MAX),
        commune: c.ligne("commune", &s.commune, COURT_MAX),
        distance_km: distance(&s.distance_km, c),
        liens: c.texte("liens", &s.liens, 1_000),
    }
}

/// Une distance en kilomètres entiers ; vide : inconnue.
fn distance(saisie: &str, c: &mut Controle) -> Option<u32> {
    let texte = saisie.trim();
    let chiffres = texte.trim_end_matches("km").trim();
    if chiffres.is_empty() {
        return None;
    }
    let lue = chiffres.parse::<u32>().ok().filter(|n| *n <= 20_000);
    if lue.is_none() {
        c.faute(
            "distance_km",
            "Écrivez un nombre entier de kilomètres, par exemple 12.",
        );
    }
    lue
}

fn comparer(enregistree: &FicheJure, saisie: &FicheJure) -> Vec<Ecart> {
    let km = |f: &FicheJure| f.distance_km.map(|n| n.to_string()).unwrap_or_default();
    let distances = (km(enregistree), km(saisie));
    ecarts(&[
        ("Nom", &enregistree.nom, &saisie.nom),
        ("Prénom", &enregistree.prenom, &saisie.prenom),
        ("Qualité", &enregistree.qualite, &saisie.qualite),
        ("Employeur", &enregistree.employeur, &saisie.employeur),
        ("Courriel", &enregistree.courriel, &saisie.courriel),
        ("Téléphone", &enregistree.telephone, &saisie.telephone),
        ("Adresse", &enregistree.adresse, &saisie.adresse),
        ("Note", &enregistree.note, &saisie.note),
        ("Commune", &enregistree.commune, &saisie.commune),
        ("Distance (km)", &distances.0, &distances.1),
        ("Liens", &enregistree.liens, &saisie.liens),
    ])
}

fn montrer_ajout(
    acces: &Acces,
    statut: StatusCode,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    homonymes: Vec<(String, String)>,
) -> axum::response::Response {
    let page = PageFormulaire {
        cadre: Cadre::connecte("Ajouter un juré", "/jures/nouveau", acces),
        nom: String::new(),
        retour: "/jures".into(),
        action: "/jures".into(),
        saisie,
        erreurs,
        ecarts: vec![],
        homonymes,
    };
    rendre_statut(statut, &page)
}

fn montrer_correction(
    acces: &Acces,
    statut: StatusCode,
    jure: &Jure,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
) -> axum::response::Response {
    let action = format!("/jures/{}/correction", jure.id);
    let page = PageFormulaire {
        cadre: Cadre::connecte("Corriger un juré", &action, acces),
        nom: jure.nom_complet(),
        retour: format!("/jures/{}", jure.id),
        action,
        saisie,
        erreurs,
        ecarts,
        homonymes: vec![],
    };
    rendre_statut(statut, &page)
}

/// Les champs communs d'un formulaire neuf sur cette révision.
pub(crate) fn communs_neufs(revision: u64) -> ChampsCommuns {
    let acte: Acte = nouvel_identifiant();
    ChampsCommuns {
        acte: acte.to_string(),
        vu_au_rang: revision.to_string(),
        ..ChampsCommuns::default()
    }
}

/// La révision que la personne avait sous les yeux ; 0 si elle manque, et ce sera un conflit.
pub(crate) fn revision_vue(communs: &ChampsCommuns) -> u64 {
    communs.vu_au_rang.parse().unwrap_or(0)
}

/// Le juré de cette adresse, dans ce centre.
pub(super) async fn trouver(acces: &Acces, id: &str) -> Result<Jure, Erreur> {
    let id: JureId = id.parse().map_err(|_| Erreur::Introuvable)?;
    annuaire::jure(&acces.etat.base, &acces.centre, &id)
        .await?
        .ok_or(Erreur::Introuvable)
}
