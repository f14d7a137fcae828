//! Santé du service : vivant (le processus répond), prêt (la base répond).

use crate::etat::Etat;
use crate::reponses::get;
use crate::routes::{Nature, Route};
use axum::extract::State;
use axum::http::StatusCode;

/// Les routes de santé.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/sante/vivant", Nature::Publique, get(vivant)),
        Route::lire("/sante/pret", Nature::Publique, get(pret)),
    ]
}

async fn vivant() -> &'static str {
    "vivant\n"
}

async fn pret(State(etat): State<Etat>) -> (StatusCode, &'static str) {
    match etat.base.est_prete().await {
        Ok(()) => (StatusCode::OK, "pret\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "base indisponible\n"),
    }
}
