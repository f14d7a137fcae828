//! Le serveur de Garant : pages, accès, ligne de commande. Le binaire n'est qu'une porte vers ce crate.

pub mod acces;
pub mod cadre;
pub mod configuration;
pub mod erreurs;
pub mod etat;
pub mod formulaires;
pub mod horloge;
pub mod importation;
pub mod pages;
pub mod routes;
pub mod sante;
pub mod securite;
pub mod motdepasse;
pub mod second_facteur;
pub mod traces;
pub mod connexions;
pub mod exemple;
pub mod cli;
pub mod edition;
