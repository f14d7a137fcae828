//! Les pages, un module par groupe, en miroir de l'adresse.

use crate::routes::Route;

pub mod acces_de_controle;
pub mod accueil;
pub mod candidats;
pub mod centre;
pub mod compte;
pub mod conformite;
pub mod connexion;
pub mod controle;
pub mod courriels;
pub mod demarrage;
pub mod equipe_centre;
pub mod habitudes;
pub mod invitations;
pub mod jures;
pub mod liens;
pub mod papiers;
pub mod parametres;
pub mod referentiels;
pub mod session;
pub mod sessions;
pub mod sites;
pub mod statique;
pub mod statistiques;

/// Les routes de toutes les pages.
pub fn routes() -> Vec<Route> {
    let mut r = statique::routes();
    r.extend(accueil::routes());
    r.extend(session::routes());
    r.extend(sessions::routes());
    r.extend(centre::routes());
    r.extend(conformite::routes());
    r.extend(statistiques::routes());
    r.extend(acces_de_controle::routes());
    r.extend(parametres::routes());
    r.extend(papiers::routes());
    r.extend(habitudes::routes());
    r.extend(candidats::routes());
    r.extend(jures::routes());
    r.extend(referentiels::routes());
    r.extend(sites::routes());
    r.extend(compte::routes());
    r.extend(courriels::routes());
    r.extend(liens::routes());
    r.extend(connexion::routes());
    r.extend(demarrage::routes());
    r.extend(equipe_centre::routes());
    r.extend(invitations::routes());
    r
}
