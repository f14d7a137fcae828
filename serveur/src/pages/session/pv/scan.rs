//! Le papier signé, numérisé : joint avec son empreinte, resservi depuis ses octets.

use super::page;
use crate::acces::AccesSession;
use crate::cadre::rediriger_fait;
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, nouvel_identifiant};
use crate::pages::session::geste::Champs;
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::{Multipart, Path};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use metier::pv::{self, Scan};
use metier::{Action, PieceId};
use std::collections::HashMap;
use stockage::PieceNouvelle;

/// Taille maximale d'un scan, en octets.
const SCAN_MAX: usize = 15 * 1024 * 1024;
/// Taille maximale de l'envoi entier.
pub const ENVOI_MAX: usize = SCAN_MAX + 64 * 1024;

/// La nature du fichier, d'après ses premiers octets : PDF, JPEG ou PNG, rien d'autre.
fn nature(octets: &[u8]) -> Option<(&'static str, &'static str)> {
    if octets.starts_with(b"%PDF-") {
        Some(("application/pdf", "pdf"))
    } else if octets.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Some(("image/jpeg", "jpg"))
    } else if octets.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(("image/png", "png"))
    } else {
        None
    }
}

/// POST /sessions/{session}/pv/scan
pub async fn joindre(a: AccesSession, envoi: Result<Multipart, MultipartRejection>) -> Reponse {
    let recu = match envoi {
        Ok(envoi) => recevoir(envoi).await,
        Err(_) => return refuser(&a, "Choisissez un fichier, puis joignez-le.").await,
    };
    let (champs, octets) = match recu {
        Ok(recu) => recu,
        Err(e) if e.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return refuser(
                &a,
                "Ce fichier dépasse 15\u{a0}Mo. Numérisez en 200 points par pouce, puis recommencez.",
            )
            .await;
        }
        Err(_) => return refuser(&a, "L’envoi s’est interrompu. Recommencez.").await,
    };
    let Some((nature, extension)) = nature(&octets) else {
        return refuser(
            &a,
            "Ce fichier n’est ni un PDF, ni une image JPEG ou PNG. Numérisez le procès-verbal signé, puis joignez-le.",
        )
        .await;
    };
    let piece = PieceNouvelle {
        id: nouvel_identifiant(),
        classe: "candidat".into(),
        nom: format!(
            "Procès-verbal signé, {}.{extension}",
            a.session.pv.scans.len() + 1
        ),
        nature: nature.into(),
        octets,
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

async fn recevoir(mut envoi: Multipart) -> Result<(Champs, Vec<u8>), MultipartError> {
    let mut champs = Champs::default();
    let mut octets = vec![];
    while let Some(partie) = envoi.next_field().await? {
        let nom = partie.name().unwrap_or_default().to_owned();
        if nom == "fichier" {
            octets = partie.bytes().await?.to_vec();
        } else if ["acte", "vu_au_rang"].contains(&nom.as_str()) {
            champs.0.push((nom, partie.text().await?));
        }
    }
    Ok((champs, octets))
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
    let (type_, extension) = nature(&octets).ok_or(Erreur::Introuvable)?;
    let mut r = octets.into_response();
    let entetes = r.headers_mut();
    entetes.insert(header::CONTENT_TYPE, HeaderValue::from_static(type_));
    entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let nom = format!("attachment; filename=\"pv-signe.{extension}\"");
    entetes.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&nom).map_err(|e| Erreur::interne(&e.to_string()))?,
    );
    Ok(r)
}
