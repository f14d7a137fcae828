//! Le courriel du centre : le serveur d'envoi, la boîte d'envoi, les liens privés, les préférences.
//!
//! Un courriel est d'abord une ligne ([`NouveauCourriel::deposer`]), écrite avec ce qui le demande. Le facteur du
//! serveur la **prend** ([`prendre`]), l'envoie, puis **conclut** ([`conclure`]) : un arrêt entre les deux laisse une
//! ligne « incertaine », montrée et jamais renvoyée d'elle-même. Les instants sont des secondes données par l'appelant.

mod boite;
#[cfg(test)]
mod essais_courriel;
mod gestes;
mod liens;
mod rappels;
mod reglage;
mod suites;

pub use boite::{
    Compte, Conclusion, Courriel, Etat, NouveauCourriel, PRISE_MAX_S, a_noter, compter, conclure,
    deposer_tous, dus, effacer_anciens, liste, noter_suivi, par_cle, prendre, un, vieillir,
};
pub use gestes::{Geste, agir};
pub use liens::{Lien, LienLu, consommer, emettre, id_du_lien, lire_lien, revoquer};
pub use rappels::{deposer_rappel, rappels_faits};
pub use reglage::{
    Securite, ServeurCourriel, regler, serveur, suspendre, veut_recapitulatif,
    vouloir_recapitulatif,
};
pub use suites::{Bordereau, a_depouiller, depouiller};
