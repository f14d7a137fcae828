//! Le stockage de Garant : le seul endroit qui parle SQL.
//!
//! À lire dans l'ordre : [`base`] (les deux adaptateurs), [`migrations`], `journal`, `executer`.

pub mod base;
pub mod centre;
mod erreur;
#[cfg(any(test, feature = "essais"))]
pub mod essais;
pub mod journal;
mod memoire;
mod migrations;

pub use base::{Adresse, Base, Ligne, Requete, Valeur};
pub use centre::Centre;
pub use erreur::{Erreur, Resultat};
