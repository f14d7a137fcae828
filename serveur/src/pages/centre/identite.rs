//! Écrire ou corriger l'identité du centre.

use super::super::controle::{COURT_MAX, Controle, Ecart, apres, ecarts};
use super::super::jures::{communs_neufs, revision_vue};
use super::identifiants::{self, Faute};
use crate::acces::Acces;
use crate::cadre::{Cadre, rendre_statut};
use crate::erreurs::Reponse;
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use stockage::sites::{self, IdentiteCentre};

/// La saisie de l'identité.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    nom: String,
    adresse: String,
    code_postal: String,
    ville: String,
    siret: String,
    nda: String,
    contact: String,
    courriel: String,
    telephone: String,
    autorite_sigle: String,
    autorite_nom: String,
    autorite_adresse: String,
    autorite_courriel: String,
}

#[derive(Template)]
#[template(path = "centre/formulaire.html")]
struct PageIdentite {
    cadre: Cadre,
    correction: bool,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
}

/// GET /centre/identite
pub(super) async fn montrer(acces: Acces) -> Reponse {
    let i = sites::identite(&acces.etat.base, &acces.centre).await?;
    let saisie = Saisie {
        communs: communs_neufs(i.revision),
        autorite_sigle: i.sigle_autorite().to_owned(),
        nom: if i.revision == 0 && i.nom.is_empty() {
            acces.nom_centre.clone()
        } else {
            i.nom
        },
        adresse: i.adresse,
        code_postal: i.code_postal,
        ville: i.ville,
        siret: i.siret,
        nda: i.nda,
        contact: i.contact,
        courriel: i.courriel,
        telephone: i.telephone,
        autorite_nom: i.autorite_nom,
        autorite_adresse: i.autorite_adresse,
        autorite_courriel: i.autorite_courriel,
    };
    Ok(page(
        &acces,
        StatusCode::OK,
        i.revision > 0,
        saisie,
        ErreursFormulaire::default(),
        vec![],
    ))
}

/// POST /centre/identite
pub(super) async fn corriger(acces: Acces, Formulaire(mut saisie): Formulaire<Saisie>) -> Reponse {
    let avant = sites::identite(&acces.etat.base, &acces.centre).await?;
    let mut c = Controle::default();
    let mut apres_identite = lire(&saisie, &mut c);
    apres_identite.revision = revision_vue(&saisie.communs);
    let premiere_fois = apres_identite.revision == 0;
    if !premiere_fois {
        c.motif(&saisie.communs);
    }
    if !c.est_bon() {
        let statut = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page(&acces, statut, !premiere_fois, saisie, c.0, vec![]));
    }
    let auteur = acces.auteur(&saisie.communs);
    match sites::corriger_identite(&acces.etat.base, &acces.centre, &apres_identite, &auteur).await
    {
        Ok(changement) => Ok(apres("/centre", changement)),
        Err(stockage::Erreur::Conflit { .. }) => {
            let actuelle = sites::identite(&acces.etat.base, &acces.centre)
                .await
                .unwrap_or(avant);
            saisie.communs.vu_au_rang = actuelle.revision.to_string();
            let differences = comparer(&actuelle, &apres_identite);
            Ok(page(
                &acces,
                StatusCode::CONFLICT,
                true,
                saisie,
                c.0,
                differences,
            ))
        }
        Err(autre) => Err(autre.into()),
    }
}

fn lire(s: &Saisie, c: &mut Controle) -> IdentiteCentre {
    IdentiteCentre {
        nom: c.requis("nom", &s.nom, COURT_MAX, "Écrivez le nom du centre."),
        adresse: c.requis(
            "adresse",
            &s.adresse,
            COURT_MAX,
            "Écrivez le numéro et la voie.",
        ),
        code_postal: c.code_postal("code_postal", &s.code_postal),
        ville: c.requis("ville", &s.ville, 100, "Écrivez la commune."),
        siret: lire_siret(&s.siret, c),
        nda: lire_nda(&s.nda, c),
        contact: c.ligne("contact", &s.contact, COURT_MAX),
        courriel: c.courriel("courriel", &s.courriel),
        telephone: c.telephone("telephone", &s.telephone),
        autorite_sigle: c.requis(
            "autorite_sigle",
            &s.autorite_sigle,
            20,
            "Écrivez le sigle de l’administration de votre territoire, par exemple DDETS.",
        ),
        autorite_nom: c.ligne("autorite_nom", &s.autorite_nom, COURT_MAX),
        autorite_adresse: c.texte("autorite_adresse", &s.autorite_adresse, 500),
        autorite_courriel: c.courriel("autorite_courriel", &s.autorite_courriel),
        revision: 0,
        logo_type: String::new(),
    }
}

fn lire_siret(texte: &str, c: &mut Controle) -> String {
    if texte.trim().is_empty() {
        return String::new();
    }
    match identifiants::siret(texte) {
        Ok(chiffres) => chiffres,
        Err(faute) => {
            c.faute("siret", match faute {
                Faute::Longueur => "Un SIRET compte 14 chiffres : comparez avec l’avis de situation.",
                Faute::Caractere => "Un SIRET ne contient que des chiffres.",
                Faute::Cle => "Ce SIRET n’existe pas : sa clé de contrôle ne tombe pas juste. Un chiffre est faux, ou deux sont inversés.",
            });
            texte.to_owned()
        }
    }
}

fn lire_nda(texte: &str, c: &mut Controle) -> String {
    if texte.trim().is_empty() {
        return String::new();
    }
    match identifiants::nda(texte) {
        Ok(chiffres) => chiffres,
        Err(_) => {
            c.faute("nda", "Un numéro de déclaration d’activité compte 11 chiffres : comparez avec le récépissé.");
            texte.to_owned()
        }
    }
}

fn comparer(enregistree: &IdentiteCentre, saisie: &IdentiteCentre) -> Vec<Ecart> {
    ecarts(&[
        ("Nom", &enregistree.nom, &saisie.nom),
        ("Adresse", &enregistree.adresse, &saisie.adresse),
        ("Code postal", &enregistree.code_postal, &saisie.code_postal),
        ("Commune", &enregistree.ville, &saisie.ville),
        ("SIRET", &enregistree.siret, &saisie.siret),
        ("Déclaration d’activité", &enregistree.nda, &saisie.nda),
        ("Contact", &enregistree.contact, &saisie.contact),
        ("Courriel", &enregistree.courriel, &saisie.courriel),
        ("Téléphone", &enregistree.telephone, &saisie.telephone),
        (
            "Sigle de l’administration",
            &enregistree.autorite_sigle,
            &saisie.autorite_sigle,
        ),
        (
            "Nom de l’administration",
            &enregistree.autorite_nom,
            &saisie.autorite_nom,
        ),
        (
            "Adresse de l’administration",
            &enregistree.autorite_adresse,
            &saisie.autorite_adresse,
        ),
        (
            "Courriel de l’administration",
            &enregistree.autorite_courriel,
            &saisie.autorite_courriel,
        ),
    ])
}

fn page(
    acces: &Acces,
    statut: StatusCode,
    correction: bool,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
) -> Response {
    let page = PageIdentite {
        cadre: Cadre::connecte("Identité du centre", "/centre/identite", acces),
        correction,
        saisie,
        erreurs,
        ecarts,
    };
    rendre_statut(statut, &page)
}
