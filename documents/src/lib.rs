//! Documents de la session : des données typées entrent, les octets d'un PDF sortent.
//!
//! À lire dans l'ordre : [`CATALOGUE`] (les documents connus), [`donnees`] (ce qu'il faut fournir),
//! [`composer`] et [`composer_ensemble`] (les deux seules portes).
//!
//! Délibérément absents : toute lecture de disque, de réseau ou d'horloge. Les gabarits (`modeles/`) et les
//! polices (`polices/`) sont dans le binaire ; la date imprimée est fournie. Même entrée, mêmes octets.
//! Les données passent par un fichier virtuel `donnees.json`, jamais collées dans une source : un nom
//! qui contient « #panic » s'imprime tel quel.

mod catalogue;
mod composition;
mod controle;
pub mod donnees;
mod erreur;
mod monde;
pub mod textes;

pub use catalogue::{CATALOGUE, ClasseConservation, FicheDocument, fiche};
pub use composition::{
    DOCUMENTS_PAR_ENSEMBLE_MAX, composer, composer_de_front, composer_ensemble,
    papiers_par_fichier, verifier,
};
pub use donnees::Document;
pub use erreur::ErreurDocument;
