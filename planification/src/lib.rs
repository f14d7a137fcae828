//! Le planning d'une session, sans rien savoir du stockage : ce qu'il y a à placer, et un plan.
//!
//! Toutes les heures sont des minutes depuis minuit, tous les jours des rangs dans la liste des jours.
//! [`planifier`] est le moteur complet (instances tp-planning/1) ; [`controle`] vérifie un plan sans rien partager avec
//! lui ; [`expliquer`] dit pourquoi quelqu'un reste de côté. [`proposer`] est la porte simple des pages.

pub mod controle;
mod etat;
mod explication;
mod grille;
mod hasard;
mod insertion;
pub mod instance;
mod modele;
mod moteur;
mod prix;
mod proposition;
mod recherche;
pub mod solution;

pub use explication::{Cause, Explication, Remede, expliquer};
pub use instance::{Illisible, Instance};
pub use moteur::{Demande, Planning, planifier};
pub use proposition::{Besoin, Epreuve, Placement, Proposition, Reste, Salle, proposer};
pub use recherche::{Cadence, SansHorloge};
pub use solution::Plan;
