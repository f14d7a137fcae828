//! Le stockage de Garant : le seul endroit qui parle SQL.
//!
//! À lire dans l'ordre : [`base`] (les deux adaptateurs), [`migrations`], `journal`, `executer`.

pub mod base;
pub mod centre;
mod erreur;
#[cfg(any(test, feature = "essais"))]
pub mod essais;
pub mod journal;
pub mod journal_centre;
mod memoire;
mod migrations;

pub use base::{Adresse, Base, Ligne, Requete, Valeur};
pub use centre::Centre;
pub use erreur::{Erreur, Resultat};
pub use journal::Tete;
pub use journal_centre::{Changement, Inscription, LigneCentre, changer, inscrire_au_journal_du_centre, journal_du_centre};
