//! Les recherches de planning, jouées hors du fil des pages.

use crate::erreurs::Erreur;
use metier::Session;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Recherches en même temps, tous centres confondus : le reste attend son tour.
static RECHERCHES: Semaphore = Semaphore::const_new(1);

/// Joue un calcul de planning hors du fil des pages, un à la fois.
pub async fn a_part<T: Send + 'static>(
    s: Arc<Session>,
    calcul: impl FnOnce(&Session) -> T + Send + 'static,
) -> Result<T, Erreur> {
    let _tour = RECHERCHES
        .acquire()
        .await
        .map_err(|e| Erreur::interne(&e.to_string()))?;
    tokio::task::spawn_blocking(move || calcul(&s))
        .await
        .map_err(|e| Erreur::interne(&format!("recherche de planning : {e}")))
}
