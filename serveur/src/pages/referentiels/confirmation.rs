//! « Confirmé au RE » : une personne a comparé chaque épreuve au référentiel d'évaluation.

use super::super::controle::{Controle, Ecart, apres};
use super::super::jures::{communs_neufs, revision_vue};
use super::{ecart_de_version, trouver};
use crate::acces::Acces;
use crate::cadre::{Cadre, rendre_statut};
use crate::erreurs::Reponse;
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use metier::Referentiel;
use metier::referentiel::{Confirmation, Epreuve, PresenceJury};
use serde::Deserialize;
use stockage::titres;

/// La saisie d'une confirmation.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    version_re: String,
    lu: String,
}

#[derive(Template)]
#[template(path = "referentiels/confirmation.html")]
struct PageConfirmation {
    cadre: Cadre,
    cle: String,
    designation: String,
    retour: String,
    action: String,
    manques: Vec<(String, String)>,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
}

/// GET /referentiels/{titre}/confirmation
pub(super) async fn montrer(acces: Acces, Path(cle): Path<String>) -> Reponse {
    let r = trouver(&acces, &cle).await?;
    let saisie = Saisie {
        communs: communs_neufs(u64::from(r.version)),
        ..Saisie::default()
    };
    Ok(page(
        &acces,
        StatusCode::OK,
        &r,
        saisie,
        ErreursFormulaire::default(),
        vec![],
    ))
}

/// POST /referentiels/{titre}/confirmation
pub(super) async fn confirmer(
    acces: Acces,
    Path(cle): Path<String>,
    Formulaire(mut saisie): Formulaire<Saisie>,
) -> Reponse {
    let avant = trouver(&acces, &cle).await?;
    let mut c = Controle::default();
    let version_re = c.requis(
        "version_re",
        &saisie.version_re,
        100,
        "Écrivez la version du RE que vous avez lue, telle qu’imprimée.",
    );
    if saisie.lu != "oui" {
        c.faute(
            "lu",
            "Cochez cette case après avoir comparé : c’est vous qui confirmez, pas Garant.",
        );
    }
    if !manques(&avant).is_empty() {
        c.faute(
            "",
            "Ce référentiel n’est pas complet : écrivez ce qui manque avant de le confirmer.",
        );
    }
    if !c.est_bon() {
        return Ok(page(
            &acces,
            StatusCode::UNPROCESSABLE_ENTITY,
            &avant,
            saisie,
            c.0,
            vec![],
        ));
    }
    let mut auteur = acces.auteur(&saisie.communs);
    auteur.motif = Some(format!("Confirmé au RE {version_re}"));
    let r = Referentiel {
        version: u32::try_from(revision_vue(&saisie.communs)).unwrap_or_default(),
        confirmation: Some(Confirmation {
            le: acces.etat.horloge.jour(),
            par: acces.nom.clone(),
            version_re,
        }),
        ..avant
    };
    match titres::enregistrer_titre(&acces.etat.base, &acces.centre, &r, &auteur).await {
        Ok(changement) => Ok(apres(&format!("/referentiels/{cle}"), changement)),
        Err(stockage::Erreur::Conflit { .. }) => {
            let avant = trouver(&acces, &cle).await?;
            saisie.communs.vu_au_rang = avant.version.to_string();
            let ecarts = ecart_de_version(avant.version, r.version);
            Ok(page(
                &acces,
                StatusCode::CONFLICT,
                &avant,
                saisie,
                c.0,
                ecarts,
            ))
        }
        Err(autre) => Err(autre.into()),
    }
}

/// Ce qui manque pour confirmer : (portée, phrase).
fn manques(r: &Referentiel) -> Vec<(String, String)> {
    let mut manques = Vec::new();
    if r.epreuves.is_empty() {
        manques.push((
            "titre".to_owned(),
            "Session titre, aucune épreuve n’est écrite".to_owned(),
        ));
    }
    let titre = r.epreuves.iter().map(|e| ("titre", "Session titre", e));
    let ccps = r.ccps.iter().flat_map(|c| {
        c.epreuves
            .iter()
            .map(|e| (c.code.as_str(), c.code.as_str(), e))
    });
    for (portee, nom, e) in titre.chain(ccps) {
        if let Some(manque) = manque_de(e) {
            manques.push((portee.to_owned(), format!("{nom}, {} : {manque}", e.nature)));
        }
    }
    manques
}

fn manque_de(e: &Epreuve) -> Option<&'static str> {
    match (e.duree_minutes, e.presence_jury) {
        (None, PresenceJury::Inconnue) => Some("durée et présence du jury"),
        (None, _) => Some("durée"),
        (Some(_), PresenceJury::Inconnue) => Some("présence du jury"),
        (Some(_), _) => None,
    }
}

fn page(
    acces: &Acces,
    statut: StatusCode,
    r: &Referentiel,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
) -> Response {
    let page = PageConfirmation {
        cadre: Cadre::connecte("Confirmer un référentiel", "/referentiels", acces),
        cle: r.cle.clone(),
        designation: r.designation(),
        retour: format!("/referentiels/{}", r.cle),
        action: format!("/referentiels/{}/confirmation", r.cle),
        manques: manques(r),
        saisie,
        erreurs,
        ecarts,
    };
    rendre_statut(statut, &page)
}
