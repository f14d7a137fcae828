//! Le journal technique : une ligne JSON par demande, sans rien qui désigne une personne.
//!
//! Ni adresse, ni nom, ni paramètre : la route telle que la table la nomme (« /sessions/{session} »), le statut, la durée.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;

/// Trace chaque demande.
pub async fn tracer(requete: Request, suite: Next) -> Response {
    let debut = Instant::now();
    let methode = requete.method().clone();
    let route = requete
        .extensions()
        .get::<MatchedPath>()
        .map_or("inconnue".to_owned(), |c| c.as_str().to_owned());
    let reponse = suite.run(requete).await;
    let duree_us = u64::try_from(debut.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::info!(methode = %methode, route, statut = reponse.status().as_u16(), duree_us, "demande");
    reponse
}

/// Ouvre le journal technique, en JSON sur la sortie d'erreur ; `GARANT_TRACES` choisit le niveau.
pub fn ouvrir() {
    use tracing_subscriber::EnvFilter;
    let filtre = EnvFilter::try_from_env("GARANT_TRACES")
        .unwrap_or_else(|_| EnvFilter::new("warn,serveur=info"));
    let _ = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filtre)
        .with_writer(std::io::stderr)
        .try_init();
}
