//! Un document joint à une tâche : il vaut preuve, se garde avec son empreinte, se ressert depuis ses octets.

use super::{code_du_chemin, tache};
use crate::acces::AccesSession;
use crate::cadre::rediriger_fait;
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::nouvel_identifiant;
use crate::pages::session::televersement::{self, Recu};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use metier::taches::{self, Jointe};
use metier::{Action, Constat, PieceId, Refus};
use std::collections::HashMap;
use stockage::PieceNouvelle;

/// Le document reçu, et l'action qui le joint à cette tâche.
pub fn preparer(code: &str, recu: Recu) -> (taches::Action, PieceNouvelle) {
    let dit = recu.champs.un("nom").trim();
    let nom = if dit.is_empty() {
        format!("Document de la tâche {code}")
    } else {
        dit.to_owned()
    };
    let piece = PieceNouvelle {
        id: nouvel_identifiant(),
        // Un papier numérisé peut nommer un candidat : la classe la plus protégée.
        classe: "candidat".into(),
        nom: format!("{nom}.{}", recu.extension),
        nature: recu.nature.into(),
        octets: recu.octets,
    };
    let jointe = Jointe {
        piece: piece.id.clone(),
        empreinte: piece.empreinte(),
        nom,
    };
    let code = code.to_owned();
    (taches::Action::Joindre { code, jointe }, piece)
}

/// POST /sessions/{session}/taches/{code}/document
pub async fn joindre(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    envoi: Result<Multipart, MultipartRejection>,
) -> Reponse {
    let code = code_du_chemin(&chemin);
    let recu = match televersement::recevoir(envoi, &["nom"]).await {
        Ok(recu) => recu,
        Err(phrase) => {
            let refus = Refus::from(Constat::saisie("fichier", phrase, ""));
            return tache::refuser(&a, &code, &refus, tache::Saisie::default()).await;
        }
    };
    let communs = recu.champs.communs();
    let (action, piece) = preparer(&code, recu);
    match a
        .executer_avec_pieces(&communs, Action::Tache(action), &[piece])
        .await?
    {
        Ok(_) => Ok(rediriger_fait(
            &tache::adresse(&a, &code),
            "Le document est joint, avec son empreinte.",
        )),
        Err(r) => tache::refuser(&a, &code, &r, tache::Saisie::default()).await,
    }
}

/// GET /sessions/{session}/taches/{code}/document/{piece} : les octets joints, tels quels.
pub async fn servir(a: AccesSession, Path(chemin): Path<HashMap<String, String>>) -> Reponse {
    let jointes = a
        .session
        .taches
        .pieces
        .get(&code_du_chemin(&chemin))
        .ok_or(Erreur::Introuvable)?;
    let id: PieceId = chemin
        .get("piece")
        .and_then(|p| p.parse().ok())
        .filter(|p| jointes.iter().any(|j| j.piece == *p))
        .ok_or(Erreur::Introuvable)?;
    let piece = stockage::piece(&a.acces.etat.base, &a.acces.centre, &a.id, &id)
        .await?
        .ok_or(Erreur::Introuvable)?;
    let octets = piece.octets.ok_or(Erreur::Introuvable)?;
    televersement::servir(octets, "document-joint")
}
