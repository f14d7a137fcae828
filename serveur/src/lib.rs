//! Le serveur de Garant : pages, accès, ligne de commande. Le binaire n'est qu'une porte vers ce crate.

pub mod acces;
pub mod agencement;
pub mod analyses;
pub mod cadre;
pub mod cli;
pub mod configuration;
pub mod connexions;
pub mod courriel;
pub mod dossier;
pub mod edition;
pub mod erreurs;
pub mod etat;
pub mod exemple;
pub mod exportation;
pub mod formulaires;
pub mod horloge;
pub mod importation;
pub mod motdepasse;
pub mod pages;
pub mod purges;
pub mod routes;
pub mod sante;
pub mod second_facteur;
pub mod securite;
pub mod suivi;
pub mod traces;
