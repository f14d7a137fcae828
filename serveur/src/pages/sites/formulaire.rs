//! Ajouter un site, le corriger, le désactiver.

use super::super::controle::{COURT_MAX, Controle, Ecart, apres, ecarts};
use super::super::jures::{communs_neufs, revision_vue};
use super::trouver;
use crate::acces::Acces;
use crate::cadre::{Cadre, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use metier::SiteId;
use serde::Deserialize;
use stockage::sites::{self, FicheSite, Site};

/// La saisie d'un site.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    nom: String,
    adresse: String,
    code_postal: String,
    ville: String,
    acces: String,
    agree: String,
    actif: String,
}

#[derive(Template)]
#[template(path = "sites/formulaire.html")]
struct PageFormulaire {
    cadre: Cadre,
    correction: bool,
    nom: String,
    retour: String,
    action: String,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
}

/// GET /sites/nouveau
pub(super) async fn nouveau(acces: Acces) -> Reponse {
    let saisie = Saisie {
        communs: communs_neufs(1),
        ..Saisie::default()
    };
    Ok(page(
        &acces,
        StatusCode::OK,
        None,
        saisie,
        ErreursFormulaire::default(),
        vec![],
    ))
}

/// POST /sites
pub(super) async fn ajouter(acces: Acces, Formulaire(saisie): Formulaire<Saisie>) -> Reponse {
    let mut c = Controle::default();
    let fiche = FicheSite {
        actif: true,
        ..lire(&saisie, &mut c)
    };
    if !c.est_bon() {
        return Ok(page(
            &acces,
            StatusCode::UNPROCESSABLE_ENTITY,
            None,
            saisie,
            c.0,
            vec![],
        ));
    }
    let auteur = acces.auteur(&saisie.communs);
    let id: SiteId = auteur
        .acte
        .as_str()
        .parse()
        .map_err(|_| Erreur::Introuvable)?;
    let changement =
        sites::ajouter_site(&acces.etat.base, &acces.centre, &id, &fiche, &auteur).await?;
    Ok(apres(&format!("/sites/{id}"), changement))
}

/// GET /sites/{site}/correction
pub(super) async fn correction(acces: Acces, Path(id): Path<String>) -> Reponse {
    let site = trouver(&acces, &id).await?;
    let f = site.fiche.clone();
    let saisie = Saisie {
        communs: communs_neufs(site.revision),
        nom: f.nom,
        adresse: f.adresse,
        code_postal: f.code_postal,
        ville: f.ville,
        acces: f.acces,
        agree: oui(f.agree),
        actif: oui(f.actif),
    };
    Ok(page(
        &acces,
        StatusCode::OK,
        Some(&site),
        saisie,
        ErreursFormulaire::default(),
        vec![],
    ))
}

/// POST /sites/{site}/correction
pub(super) async fn corriger(
    acces: Acces,
    Path(id): Path<String>,
    Formulaire(mut saisie): Formulaire<Saisie>,
) -> Reponse {
    let site = trouver(&acces, &id).await?;
    let mut c = Controle::default();
    let fiche = lire(&saisie, &mut c);
    c.motif(&saisie.communs);
    if !c.est_bon() {
        return Ok(page(
            &acces,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(&site),
            saisie,
            c.0,
            vec![],
        ));
    }
    let avant = Site {
        revision: revision_vue(&saisie.communs),
        ..site
    };
    let auteur = acces.auteur(&saisie.communs);
    match sites::corriger_site(&acces.etat.base, &acces.centre, &avant, &fiche, &auteur).await {
        Ok(changement) => Ok(apres(&format!("/sites/{id}"), changement)),
        Err(stockage::Erreur::Conflit { .. }) => {
            let site = trouver(&acces, &id).await?;
            saisie.communs.vu_au_rang = site.revision.to_string();
            let differences = comparer(&site.fiche, &fiche);
            Ok(page(
                &acces,
                StatusCode::CONFLICT,
                Some(&site),
                saisie,
                c.0,
                differences,
            ))
        }
        Err(autre) => Err(autre.into()),
    }
}

fn lire(s: &Saisie, c: &mut Controle) -> FicheSite {
    FicheSite {
        nom: c.requis("nom", &s.nom, 100, "Écrivez le nom du site."),
        adresse: c.requis(
            "adresse",
            &s.adresse,
            COURT_MAX,
            "Écrivez le numéro et la voie.",
        ),
        code_postal: c.code_postal("code_postal", &s.code_postal),
        ville: c.requis("ville", &s.ville, 100, "Écrivez la commune."),
        acces: c.texte("acces", &s.acces, 500),
        agree: s.agree == "oui",
        actif: s.actif == "oui",
    }
}

fn comparer(enregistre: &FicheSite, saisi: &FicheSite) -> Vec<Ecart> {
    let (agree, actif) = (
        (oui_non(enregistre.agree), oui_non(saisi.agree)),
        (oui_non(enregistre.actif), oui_non(saisi.actif)),
    );
    ecarts(&[
        ("Nom", &enregistre.nom, &saisi.nom),
        ("Adresse", &enregistre.adresse, &saisi.adresse),
        ("Code postal", &enregistre.code_postal, &saisi.code_postal),
        ("Commune", &enregistre.ville, &saisi.ville),
        ("Accès", &enregistre.acces, &saisi.acces),
        ("Agréé", agree.0, agree.1),
        ("Utilisé", actif.0, actif.1),
    ])
}

/// La valeur d'une case cochée.
pub(super) fn oui(vrai: bool) -> String {
    if vrai { "oui".into() } else { String::new() }
}

/// « oui » ou « non », pour comparer.
pub(super) fn oui_non(vrai: bool) -> &'static str {
    if vrai { "oui" } else { "non" }
}

fn page(
    acces: &Acces,
    statut: StatusCode,
    site: Option<&Site>,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
) -> Response {
    let (titre, retour, action) = match site {
        Some(s) => (
            "Corriger un site",
            format!("/sites/{}", s.id),
            format!("/sites/{}/correction", s.id),
        ),
        None => ("Ajouter un site", "/sites".into(), "/sites".into()),
    };
    let page = PageFormulaire {
        cadre: Cadre::connecte(titre, "/centre/sites", acces),
        correction: site.is_some(),
        nom: site.map(|s| s.fiche.nom.clone()).unwrap_or_default(),
        retour,
        action,
        saisie,
        erreurs,
        ecarts,
    };
    rendre_statut(statut, &page)
}
