//! Ajouter une salle à un site, la corriger, la désactiver.

use super::super::controle::{Controle, Ecart, apres, ecarts};
use super::super::jures::{communs_neufs, revision_vue};
use super::formulaire::{oui, oui_non};
use super::trouver;
use crate::acces::Acces;
use crate::cadre::{Cadre, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use stockage::sites::{self, FicheSalle, NatureSalle, Salle, Site};

/// Places d'une salle.
const CAPACITE_MAX: u32 = 500;

/// La saisie d'une salle.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    nom: String,
    nature: String,
    capacite: String,
    accessible: String,
    actif: String,
}

#[derive(Template)]
#[template(path = "sites/salle.html")]
struct PageSalle {
    cadre: Cadre,
    site: String,
    correction: bool,
    retour: String,
    action: String,
    natures: Vec<(&'static str, &'static str)>,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
}

/// GET /sites/{site}/salles/nouvelle
pub(super) async fn nouvelle(acces: Acces, Path(id): Path<String>) -> Reponse {
    let site = trouver(&acces, &id).await?;
    let saisie = Saisie {
        communs: communs_neufs(1),
        nature: NatureSalle::default().code().into(),
        ..Saisie::default()
    };
    Ok(page(
        &acces,
        StatusCode::OK,
        &site,
        None,
        saisie,
        ErreursFormulaire::default(),
        vec![],
    ))
}

/// POST /sites/{site}/salles
pub(super) async fn ajouter(
    acces: Acces,
    Path(id): Path<String>,
    Formulaire(saisie): Formulaire<Saisie>,
) -> Reponse {
    let site = trouver(&acces, &id).await?;
    let mut c = Controle::default();
    let fiche = FicheSalle {
        actif: true,
        ..lire(&saisie, &mut c)
    };
    let auteur = acces.auteur(&saisie.communs);
    nom_libre(&acces, &site, auteur.acte.as_str(), &fiche.nom, &mut c).await?;
    if !c.est_bon() {
        return Ok(page(
            &acces,
            StatusCode::UNPROCESSABLE_ENTITY,
            &site,
            None,
            saisie,
            c.0,
            vec![],
        ));
    }
    let (base, centre) = (&acces.etat.base, &acces.centre);
    let changement = sites::ajouter_salle(
        base,
        centre,
        auteur.acte.as_str(),
        &site.id,
        &fiche,
        &auteur,
    )
    .await?;
    Ok(apres(&format!("/sites/{id}"), changement))
}

/// GET /sites/{site}/salles/{salle}
pub(super) async fn correction(acces: Acces, Path((id, salle)): Path<(String, String)>) -> Reponse {
    let (site, salle) = trouver_salle(&acces, &id, &salle).await?;
    let saisie = Saisie {
        communs: communs_neufs(salle.revision),
        nom: salle.fiche.nom.clone(),
        nature: salle.fiche.nature.code().into(),
        capacite: salle
            .fiche
            .capacite
            .map(|n| n.to_string())
            .unwrap_or_default(),
        accessible: oui(salle.fiche.accessible),
        actif: oui(salle.fiche.actif),
    };
    Ok(page(
        &acces,
        StatusCode::OK,
        &site,
        Some(&salle),
        saisie,
        ErreursFormulaire::default(),
        vec![],
    ))
}

/// POST /sites/{site}/salles/{salle}
pub(super) async fn corriger(
    acces: Acces,
    Path((id, salle)): Path<(String, String)>,
    Formulaire(mut saisie): Formulaire<Saisie>,
) -> Reponse {
    let (site, actuelle) = trouver_salle(&acces, &id, &salle).await?;
    let mut c = Controle::default();
    let fiche = lire(&saisie, &mut c);
    nom_libre(&acces, &site, &salle, &fiche.nom, &mut c).await?;
    c.motif(&saisie.communs);
    if !c.est_bon() {
        return Ok(page(
            &acces,
            StatusCode::UNPROCESSABLE_ENTITY,
            &site,
            Some(&actuelle),
            saisie,
            c.0,
            vec![],
        ));
    }
    let avant = Salle {
        revision: revision_vue(&saisie.communs),
        ..actuelle
    };
    let auteur = acces.auteur(&saisie.communs);
    match sites::corriger_salle(&acces.etat.base, &acces.centre, &avant, &fiche, &auteur).await {
        Ok(changement) => Ok(apres(&format!("/sites/{id}"), changement)),
        Err(stockage::Erreur::Conflit { .. }) => {
            let (site, actuelle) = trouver_salle(&acces, &id, &salle).await?;
            saisie.communs.vu_au_rang = actuelle.revision.to_string();
            let differences = comparer(&actuelle.fiche, &fiche);
            Ok(page(
                &acces,
                StatusCode::CONFLICT,
                &site,
                Some(&actuelle),
                saisie,
                c.0,
                differences,
            ))
        }
        Err(autre) => Err(autre.into()),
    }
}

fn lire(s: &Saisie, c: &mut Controle) -> FicheSalle {
    let nom = c.requis(
        "nom",
        &s.nom,
        100,
        "Écrivez le nom de la salle, comme sur la porte.",
    );
    let nature = NatureSalle::depuis_code(&s.nature);
    if nature.is_none() {
        c.faute("nature", "Choisissez ce à quoi sert la salle.");
    }
    let capacite = match s.capacite.trim() {
        "" => None,
        texte => {
            let lue = texte
                .parse::<u32>()
                .ok()
                .filter(|n| (1..=CAPACITE_MAX).contains(n));
            if lue.is_none() {
                c.faute(
                    "capacite",
                    format!("Écrivez le nombre de places en chiffres, de 1 à {CAPACITE_MAX}."),
                );
            }
            lue
        }
    };
    FicheSalle {
        nom,
        nature: nature.unwrap_or_default(),
        capacite,
        accessible: s.accessible == "oui",
        actif: s.actif == "oui",
    }
}

/// Deux salles du même nom se confondraient sur une convocation.
async fn nom_libre(
    acces: &Acces,
    site: &Site,
    salle: &str,
    nom: &str,
    c: &mut Controle,
) -> Result<(), Erreur> {
    let salles = sites::salles(&acces.etat.base, &acces.centre, Some(&site.id)).await?;
    if salles
        .iter()
        .any(|s| s.id != salle && s.fiche.nom.eq_ignore_ascii_case(nom))
    {
        c.faute("nom", "Ce site a déjà une salle de ce nom : ajoutez l’étage ou le bâtiment pour les distinguer.");
    }
    Ok(())
}

fn comparer(enregistree: &FicheSalle, saisie: &FicheSalle) -> Vec<Ecart> {
    let places = |f: &FicheSalle| f.capacite.map(|n| n.to_string()).unwrap_or_default();
    ecarts(&[
        ("Nom", &enregistree.nom, &saisie.nom),
        (
            "Nature",
            enregistree.nature.libelle(),
            saisie.nature.libelle(),
        ),
        ("Places", &places(enregistree), &places(saisie)),
        (
            "Accessible",
            oui_non(enregistree.accessible),
            oui_non(saisie.accessible),
        ),
        (
            "Utilisée",
            oui_non(enregistree.actif),
            oui_non(saisie.actif),
        ),
    ])
}

async fn trouver_salle(acces: &Acces, site: &str, salle: &str) -> Result<(Site, Salle), Erreur> {
    let site = trouver(acces, site).await?;
    let salle = sites::salle(&acces.etat.base, &acces.centre, salle).await?;
    let salle = salle
        .filter(|s| s.site == site.id)
        .ok_or(Erreur::Introuvable)?;
    Ok((site, salle))
}

fn page(
    acces: &Acces,
    statut: StatusCode,
    site: &Site,
    salle: Option<&Salle>,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
) -> Response {
    let retour = format!("/sites/{}", site.id);
    let (titre, action) = match salle {
        Some(s) => ("Corriger une salle", format!("{retour}/salles/{}", s.id)),
        None => ("Ajouter une salle", format!("{retour}/salles")),
    };
    let page = PageSalle {
        cadre: Cadre::connecte(titre, "/centre/sites", acces),
        site: site.fiche.nom.clone(),
        correction: salle.is_some(),
        retour,
        action,
        natures: NatureSalle::TOUTES
            .iter()
            .map(|n| (n.code(), n.libelle()))
            .collect(),
        saisie,
        erreurs,
        ecarts,
    };
    rendre_statut(statut, &page)
}
