//! Le planning d'une session, sans rien savoir du stockage : ce qu'il y a à placer, et un plan.
//!
//! Toutes les heures sont des minutes depuis minuit, tous les jours des rangs dans la liste des jours.
//!
//! | pour… | appeler |
//! |---|---|
//! | lire une instance tp-planning/1, champ fautif nommé | [`Instance::lire`] |
//! | chercher un plan en suivant l'avancement, rendu contrôlé | [`resoudre`] |
//! | chercher sur plusieurs fils (ligne de commande) | [`planifier`] |
//! | dire quelles règles un plan enfreint, code et phrase, et ce qu'il coûte | [`controle::controler`] |
//! | savoir ce qu'un geste à la main enfreindrait | [`deplacer`] |
//! | classer les autres places d'une épreuve d'un candidat | [`autres_places`] |
//! | dire pourquoi quelqu'un reste de côté, remèdes rejoués | [`expliquer`] |
//!
//! Le contrôle ne partage rien avec le moteur. Pour garder un plan et n'en changer que le nécessaire (un empêchement,
//! une réparation), on met ce plan dans [`instance::Reprise`] ; pour fixer une place, une [`instance::Epingle`].

mod borne;
pub mod controle;
mod court;
mod etat;
mod explication;
mod grille;
mod hasard;
mod insertion;
pub mod instance;
mod modele;
mod moteur;
mod places;
mod prix;
mod recherche;
mod resolution;
pub mod solution;

pub use explication::{Cause, Explication, Remede, expliquer};
pub use instance::{Illisible, Instance};
pub use moteur::{Demande, Planning, planifier};
pub use places::{Deplacement, autres_places, deplacer};
pub use recherche::{Cadence, SansHorloge};
pub use resolution::{Budget, Progres, Resultat, resoudre};
pub use solution::Plan;
