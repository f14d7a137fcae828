//! Recevoir un document numérisé : sa taille bornée, sa nature reconnue à ses premiers octets ; le resservir tel quel.

use super::geste::Champs;
use crate::erreurs::{Erreur, Reponse};
use axum::extract::Multipart;
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;

/// Taille maximale d'un document, en octets.
const DOCUMENT_MAX: usize = 15 * 1024 * 1024;
/// Taille maximale de l'envoi entier.
pub const ENVOI_MAX: usize = DOCUMENT_MAX + 64 * 1024;

/// Un document reçu, avec les autres champs du formulaire.
pub struct Recu {
    /// Les champs.
    pub champs: Champs,
    /// Les octets.
    pub octets: Vec<u8>,
    /// Type de contenu.
    pub nature: &'static str,
    /// Extension du nom de fichier.
    pub extension: &'static str,
}

/// La nature du fichier, d'après ses premiers octets : PDF, JPEG ou PNG, rien d'autre.
pub fn nature(octets: &[u8]) -> Option<(&'static str, &'static str)> {
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

/// Lit l'envoi ; sinon, la phrase qui dit ce qui ne va pas.
pub async fn recevoir(
    envoi: Result<Multipart, MultipartRejection>,
    gardes: &[&str],
) -> Result<Recu, &'static str> {
    let Ok(envoi) = envoi else {
        return Err("Choisissez un fichier, puis joignez-le.");
    };
    let (champs, octets) = match lire(envoi, gardes).await {
        Ok(recu) => recu,
        Err(e) if e.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return Err(
                "Ce fichier dépasse 15\u{a0}Mo. Numérisez en 200 points par pouce, puis recommencez.",
            );
        }
        Err(_) => return Err("L’envoi s’est interrompu. Recommencez."),
    };
    if octets.is_empty() {
        return Err("Choisissez un fichier, puis joignez-le.");
    }
    let Some((nature, extension)) = nature(&octets) else {
        return Err(
            "Ce fichier n’est ni un PDF, ni une image JPEG ou PNG. Numérisez le papier, puis joignez-le.",
        );
    };
    Ok(Recu {
        champs,
        octets,
        nature,
        extension,
    })
}

async fn lire(mut envoi: Multipart, gardes: &[&str]) -> Result<(Champs, Vec<u8>), MultipartError> {
    let mut champs = Champs::default();
    let mut octets = vec![];
    while let Some(partie) = envoi.next_field().await? {
        let nom = partie.name().unwrap_or_default().to_owned();
        if nom == "fichier" {
            octets = partie.bytes().await?.to_vec();
        } else if ["acte", "vu_au_rang"].contains(&nom.as_str()) || gardes.contains(&nom.as_str()) {
            champs.0.push((nom, partie.text().await?));
        }
    }
    Ok((champs, octets))
}

/// Ressert les octets d'une pièce, à enregistrer sous ce nom (sans extension, en ASCII).
pub fn servir(octets: Vec<u8>, nom: &str) -> Reponse {
    let (type_, extension) = nature(&octets).ok_or(Erreur::Introuvable)?;
    let mut r = octets.into_response();
    let entetes = r.headers_mut();
    entetes.insert(header::CONTENT_TYPE, HeaderValue::from_static(type_));
    entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    entetes.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&format!("attachment; filename=\"{nom}.{extension}\""))
            .map_err(|e| Erreur::interne(&e.to_string()))?,
    );
    Ok(r)
}
