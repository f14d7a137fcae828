//! Noter un agrément d'un site, le corriger. Facultatif : Garant n'empêche rien sans lui.

use super::super::controle::{COURT_MAX, Controle, Ecart, apres, ecarts};
use super::super::jures::{communs_neufs, options_titres, revision_vue};
use super::trouver;
use crate::acces::Acces;
use crate::cadre::{Cadre, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::temps;
use serde::Deserialize;
use stockage::sites::{self, Agrement, FicheAgrement, Site};
use stockage::titres;

/// La saisie d'un agrément.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    titre: String,
    reference: String,
    debut: String,
    fin: String,
}

#[derive(Template)]
#[template(path = "sites/agrement.html")]
struct PageAgrement {
    cadre: Cadre,
    site: String,
    correction: bool,
    retour: String,
    action: String,
    titres: Vec<(String, String)>,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
}

/// GET /sites/{site}/agrements/nouveau
pub(super) async fn nouveau(acces: Acces, Path(id): Path<String>) -> Reponse {
    let site = trouver(&acces, &id).await?;
    let saisie = Saisie {
        communs: communs_neufs(1),
        ..Saisie::default()
    };
    page(
        &acces,
        StatusCode::OK,
        &site,
        None,
        saisie,
        ErreursFormulaire::default(),
        vec![],
    )
    .await
}

/// POST /sites/{site}/agrements
pub(super) async fn ajouter(
    acces: Acces,
    Path(id): Path<String>,
    Formulaire(saisie): Formulaire<Saisie>,
) -> Reponse {
    let site = trouver(&acces, &id).await?;
    let mut c = Controle::default();
    let lue = lire(&acces, &saisie, &mut c).await?;
    let Some(fiche) = lue.filter(|_| c.est_bon()) else {
        return page(
            &acces,
            StatusCode::UNPROCESSABLE_ENTITY,
            &site,
            None,
            saisie,
            c.0,
            vec![],
        )
        .await;
    };
    let auteur = acces.auteur(&saisie.communs);
    let (base, centre) = (&acces.etat.base, &acces.centre);
    let changement = sites::ajouter_agrement(
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

/// GET /sites/{site}/agrements/{agrement}
pub(super) async fn correction(
    acces: Acces,
    Path((id, agrement)): Path<(String, String)>,
) -> Reponse {
    let (site, a) = trouver_agrement(&acces, &id, &agrement).await?;
    let saisie = Saisie {
        communs: communs_neufs(a.revision),
        titre: a.fiche.titre.clone(),
        reference: a.fiche.reference.clone(),
        debut: a.fiche.debut.to_string(),
        fin: a.fiche.fin.to_string(),
    };
    page(
        &acces,
        StatusCode::OK,
        &site,
        Some(&a),
        saisie,
        ErreursFormulaire::default(),
        vec![],
    )
    .await
}

/// POST /sites/{site}/agrements/{agrement}
pub(super) async fn corriger(
    acces: Acces,
    Path((id, agrement)): Path<(String, String)>,
    Formulaire(mut saisie): Formulaire<Saisie>,
) -> Reponse {
    let (site, a) = trouver_agrement(&acces, &id, &agrement).await?;
    let mut c = Controle::default();
    let lue = lire(&acces, &saisie, &mut c).await?;
    c.motif(&saisie.communs);
    let Some(fiche) = lue.filter(|_| c.est_bon()) else {
        return page(
            &acces,
            StatusCode::UNPROCESSABLE_ENTITY,
            &site,
            Some(&a),
            saisie,
            c.0,
            vec![],
        )
        .await;
    };
    let avant = Agrement {
        revision: revision_vue(&saisie.communs),
        ..a
    };
    let auteur = acces.auteur(&saisie.communs);
    match sites::corriger_agrement(&acces.etat.base, &acces.centre, &avant, &fiche, &auteur).await {
        Ok(changement) => Ok(apres(&format!("/sites/{id}"), changement)),
        Err(stockage::Erreur::Conflit { .. }) => {
            let (site, a) = trouver_agrement(&acces, &id, &agrement).await?;
            saisie.communs.vu_au_rang = a.revision.to_string();
            let differences = comparer(&a.fiche, &fiche);
            page(
                &acces,
                StatusCode::CONFLICT,
                &site,
                Some(&a),
                saisie,
                c.0,
                differences,
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
) -> Result<Option<FicheAgrement>, Erreur> {
    let titre = titres::titre(&acces.etat.base, &acces.centre, s.titre.trim()).await?;
    if titre.is_none() {
        c.faute("titre", "Choisissez le titre que l’agrément autorise.");
    }
    let reference = c.ligne("reference", &s.reference, COURT_MAX);
    let debut = c.date("debut", &s.debut, "Écrivez le premier jour de l’agrément.");
    let fin = c.date("fin", &s.fin, "Écrivez le dernier jour de l’agrément.");
    c.periode("fin", debut, fin);
    let (Some(titre), Some(debut), Some(fin)) = (titre, debut, fin) else {
        return Ok(None);
    };
    Ok(Some(FicheAgrement {
        titre: titre.cle,
        reference,
        debut,
        fin,
    }))
}

fn comparer(enregistre: &FicheAgrement, saisi: &FicheAgrement) -> Vec<Ecart> {
    ecarts(&[
        ("Titre", &enregistre.titre, &saisi.titre),
        ("Référence", &enregistre.reference, &saisi.reference),
        (
            "Premier jour",
            &temps::date_chiffres(enregistre.debut),
            &temps::date_chiffres(saisi.debut),
        ),
        (
            "Dernier jour",
            &temps::date_chiffres(enregistre.fin),
            &temps::date_chiffres(saisi.fin),
        ),
    ])
}

async fn trouver_agrement(acces: &Acces, site: &str, id: &str) -> Result<(Site, Agrement), Erreur> {
    let site = trouver(acces, site).await?;
    let tous = sites::agrements(&acces.etat.base, &acces.centre, &site.id).await?;
    let a = tous
        .into_iter()
        .find(|a| a.id == id)
        .ok_or(Erreur::Introuvable)?;
    Ok((site, a))
}

async fn page(
    acces: &Acces,
    statut: StatusCode,
    site: &Site,
    a: Option<&Agrement>,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
) -> Reponse {
    let retour = format!("/sites/{}", site.id);
    let (titre, action) = match a {
        Some(a) => (
            "Corriger un agrément",
            format!("{retour}/agrements/{}", a.id),
        ),
        None => ("Ajouter un agrément", format!("{retour}/agrements")),
    };
    let referentiels = titres::titres(&acces.etat.base, &acces.centre).await?;
    let page = PageAgrement {
        cadre: Cadre::connecte(titre, "/centre/sites", acces),
        site: site.fiche.nom.clone(),
        correction: a.is_some(),
        retour,
        action,
        titres: options_titres(&referentiels),
        saisie,
        erreurs,
        ecarts,
    };
    Ok(rendre_statut(statut, &page))
}
