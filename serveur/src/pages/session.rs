//! Les pages d'une session.

use crate::routes::Route;

pub mod tete;

/// Les routes d'une session.
pub fn routes() -> Vec<Route> { vec![] }
