//! Les pages, un module par groupe, en miroir de l'adresse.

use crate::routes::Route;

pub mod session;
pub mod statique;

/// Les routes de toutes les pages.
pub fn routes() -> Vec<Route> {
    let mut r = statique::routes();
    r.extend(session::routes());
    r
}
