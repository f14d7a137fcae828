//! Le planning d'une session, sans rien savoir du stockage : ce qu'il y a à placer, et une proposition.
//!
//! Toutes les heures sont des minutes depuis minuit, tous les jours des rangs dans la liste des jours.
//! [`proposer`] est la porte que la suite (le moteur complet) gardera.

mod proposition;

pub use proposition::{Besoin, Epreuve, Placement, Proposition, Reste, Salle, proposer};
