//! Le stockage de Garant : le seul endroit qui parle SQL.
//!
//! À lire dans l'ordre : [`base`] (les deux adaptateurs), [`migrations`], `journal`, `executer`.

pub mod acces_controle;
pub mod agendas;
pub mod annuaire;
pub mod base;
pub mod brouillons;
pub mod candidats;
pub mod centre;
pub mod coffre;
pub mod comptes;
pub mod contenu;
pub mod courriel;
pub mod dossier;
mod durcissement;
mod erreur;
#[cfg(any(test, feature = "essais"))]
pub mod essais;
pub mod executer;
pub mod habitudes;
pub mod journal;
pub mod journal_centre;
pub mod journees;
mod memoire;
mod migrations;
pub mod papiers;
pub mod parametres;
pub mod pieces;
pub mod purge;
pub mod sauvegarde;
pub mod sceau;
pub mod sessions;
pub mod sites;
pub mod titres;
pub mod verifier;
pub mod vues;

pub use base::{Adresse, Base, Ligne, Requete, Valeur};
pub use centre::Centre;
pub use durcissement::durcir;
pub use erreur::{Erreur, Resultat};
pub use executer::{Creation, Issue, creer, executer, executer_avec_pieces};
pub use journal::Tete;
pub use journal_centre::{
    Changement, Inscription, LigneCentre, changer, inscrire_au_journal_du_centre, journal_du_centre,
};
pub use pieces::{Piece, PieceNouvelle, piece};
pub use purge::{OrdreDePurge, purger, purger_piece};
pub use sauvegarde::{restaurer, sauvegarder};
pub use sceau::{Sceau, sceller};
pub use sessions::{LigneJournal, charger, journal, journal_recent};
pub use verifier::{Alteration, Rapport, situer, verifier, verifier_session};
pub use vues::{Filtre, PageSessions, ResumeSession};
