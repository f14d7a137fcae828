//! Le socle, joué dans le processus : premier démarrage, connexions, comptes, en-têtes, matrice des droits.

mod agencement;
mod banc;
mod candidats;
mod comptes;
mod courriels;
mod demarrage;
mod entetes;
mod matrice;
mod papiers;
mod planning;
mod puits;
mod sessions;
mod suites;
mod vie_privee;
