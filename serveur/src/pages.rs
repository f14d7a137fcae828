//! Les pages, un module par groupe, en miroir de l'adresse.

use crate::routes::Route;

pub mod centre;
pub mod controle;
pub mod invitations;
pub mod equipe_centre;
pub mod demarrage;
pub mod connexion;
pub mod compte;
pub mod jures;
pub mod referentiels;
pub mod sites;
pub mod session;
pub mod sessions;
pub mod statique;

/// Les routes de toutes les pages.
pub fn routes() -> Vec<Route> {
    let mut r = statique::routes();
    r.extend(session::routes());
    r.extend(sessions::routes());
    r.extend(centre::routes());
    r.extend(jures::routes());
    r.extend(referentiels::routes());
    r.extend(sites::routes());
    r.extend(compte::routes());
    r.extend(connexion::routes());
    r.extend(demarrage::routes());
    r.extend(equipe_centre::routes());
    r.extend(invitations::routes());
    r
}
