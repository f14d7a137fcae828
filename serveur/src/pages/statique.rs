//! Les fichiers livrés dans le binaire : feuille de style, script, polices.

use crate::erreurs::Erreur;
use crate::routes::{Nature, Route};
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

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

/// Les routes des fichiers livrés.
pub fn routes() -> Vec<Route> { vec![Route::lire("/statique/{*nom}", Nature::Publique, get(fichier))] }

async fn fichier(Path(nom): Path<String>) -> Result<Response, Erreur> {
    let (_, nature, octets) = FICHIERS.iter().find(|(n, _, _)| *n == nom).ok_or(Erreur::Introuvable)?;
    Ok(([(header::CONTENT_TYPE, *nature), (header::CACHE_CONTROL, "public, max-age=3600")], *octets).into_response())
}
