//! Le papier signé, numérisé : joint avec son empreinte, resservi depuis ses octets.

use super::page;
use crate::acces::AccesSession;
use crate::cadre::rediriger_fait;
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, nouvel_identifiant};
use crate::pages::session::geste::Champs;
use crate::pages::session::televersement::{self, recevoir};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use metier::pv::{self, Scan};
use metier::{Action, PieceId};
use std::collections::HashMap;
use stockage::PieceNouvelle;

pub use televersement::ENVOI_MAX;

/// POST /sessions/{session}/pv/scan
pub async fn joindre(a: AccesSession, envoi: Result<Multipart, MultipartRejection>) -> Reponse {
    let recu = match recevoir(envoi, &[]).await {
        Ok(recu) => recu,
        Err(phrase) => return refuser(&a, phrase).await,
    };
    let (champs, extension) = (recu.champs, recu.extension);
    let piece = PieceNouvelle {
        id: nouvel_identifiant(),
        classe: "candidat".into(),
        nom: format!(
            "Procès-verbal signé, {}.{extension}",
            a.session.pv.scans.len() + 1
        ),
        nature: recu.nature.into(),
        octets: recu.octets,
    };
    let scan = Scan {
        piece: piece.id.clone(),
        empreinte: piece.empreinte(),
        nom: piece.nom.clone(),
    };
    let action = Action::Pv(pv::Action::Joindre(scan));
    match a
        .executer_avec_pieces(&champs.communs(), action, &[piece])
        .await?
    {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/pv", a.base()),
            "Le procès-verbal numérisé est joint, avec son empreinte.",
        )),
        Err(r) => {
            page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some((&r, &Champs::default())),
                ErreursFormulaire::default(),
            )
            .await
        }
    }
}

async fn refuser(a: &AccesSession, phrase: &str) -> Reponse {
    let mut erreurs = ErreursFormulaire::default();
    erreurs.ajouter("fichier", phrase);
    page(a, StatusCode::UNPROCESSABLE_ENTITY, None, erreurs).await
}

/// GET /sessions/{session}/pv/scan/{piece} : les octets joints, tels quels.
pub async fn servir(a: AccesSession, Path(chemin): Path<HashMap<String, String>>) -> Reponse {
    let id: PieceId = chemin
        .get("piece")
        .and_then(|p| p.parse().ok())
        .filter(|p| a.session.pv.scans.iter().any(|s| s.piece == *p))
        .ok_or(Erreur::Introuvable)?;
    let piece = stockage::piece(&a.acces.etat.base, &a.acces.centre, &a.id, &id)
        .await?
        .ok_or(Erreur::Introuvable)?;
    let octets = piece.octets.ok_or(Erreur::Introuvable)?;
    televersement::servir(octets, "pv-signe")
}
