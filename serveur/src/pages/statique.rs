//! Les fichiers livrés dans le binaire : feuille de style, script, polices.

use crate::erreurs::Erreur;
use crate::reponses::get;
use crate::routes::{Nature, Route};
use axum::extract::{Path, RawQuery};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::LazyLock;

macro_rules! fichiers { ($($nom:literal => $type:literal),* $(,)?) => { &[$(($nom, $type, include_bytes!(concat!("../../statique/", $nom)))),*] }; }

const FICHIERS: &[(&str, &str, &[u8])] = fichiers![
    "garant.css" => "text/css; charset=utf-8",
    "garant.js" => "text/javascript; charset=utf-8",
    "favicon.svg" => "image/svg+xml",
    "polices/source-sans-3-latin-etendu.woff2" => "font/woff2",
    "polices/source-sans-3-latin-italique.woff2" => "font/woff2",
    "polices/source-sans-3-latin.woff2" => "font/woff2",
    "polices/source-serif-4-latin-etendu.woff2" => "font/woff2",
    "polices/source-serif-4-latin.woff2" => "font/woff2",
];

/// L'empreinte courte de chaque fichier, calculée une fois.
static EMPREINTES: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    FICHIERS
        .iter()
        .map(|(nom, _, octets)| {
            (
                *nom,
                Sha256::digest(octets)
                    .iter()
                    .take(6)
                    .map(|o| format!("{o:02x}"))
                    .collect(),
            )
        })
        .collect()
});

/// L'adresse d'un fichier livré : elle change quand son contenu change.
pub fn adresse(nom: &str) -> String {
    match EMPREINTES.get(nom) {
        Some(empreinte) => format!("/statique/{nom}?v={empreinte}"),
        None => format!("/statique/{nom}"),
    }
}

/// Les routes des fichiers livrés.
pub fn routes() -> Vec<Route> {
    vec![Route::lire(
        "/statique/{*nom}",
        Nature::Publique,
        get(fichier),
    )]
}

async fn fichier(Path(nom): Path<String>, RawQuery(requete): RawQuery) -> Result<Response, Erreur> {
    let (nom, nature, octets) = FICHIERS
        .iter()
        .find(|(n, _, _)| *n == nom)
        .ok_or(Erreur::Introuvable)?;
    let a_jour = requete.as_deref().and_then(|r| r.strip_prefix("v="))
        == EMPREINTES.get(nom).map(String::as_str);
    // Sans la bonne empreinte, le fichier se garde peu : une page ancienne ne fige pas l'apparence.
    let garde = if a_jour {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=300"
    };
    Ok((
        [
            (header::CONTENT_TYPE, *nature),
            (header::CACHE_CONTROL, garde),
        ],
        *octets,
    )
        .into_response())
}
