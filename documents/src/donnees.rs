//! Ce qu'il faut fournir pour composer un document.
//!
//! Ces types ne dépendent d'aucun autre crate de la maison : le serveur traduit l'état de la session vers eux.
//! Un `Option` à `None` veut dire « pas encore connu » ; c'est [`crate::composer`] qui décide si le document
//! peut partir sans (le numéro CERES, oui : « à compléter » ; l'heure d'une épreuve, non).

mod commun;
mod convocations;
mod fiche;
mod lettres;
mod listes;
mod releve;

pub use commun::{
    Centre, Entete, Logo, NatureLogo, Personne, Session, TeteJournal, TypeSession, Voie,
};
pub use convocations::{
    Candidat, ConvocationCandidat, ConvocationJure, ConvocationSurveillant, Decharge, EpreuveJury,
    JourJury, Passage, Vacation,
};
pub use lettres::{AffichePorte, Bloc, Etiquette, Etiquettes, Lettre, LignePorte};
pub use listes::{
    CheckList, Emargement, EmargementJury, EtatTache, JourPlanning, LigneEmargement, LignePlanning,
    Phase, PlanningAffichage, PointImprime, PourQui, TacheImprimee,
};

pub use fiche::{FicheARemplir, SectionARemplir, TableauARemplir};
pub use releve::{Releve, SectionReleve, TableauReleve};

use serde::{Deserialize, Serialize};

/// Un document à composer, avec ses données.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Document {
    /// Convocation d'un candidat, avec son planning.
    ConvocationCandidat(ConvocationCandidat),
    /// Décharge à signer lors d'une remise en main propre.
    Decharge(Decharge),
    /// Convocation d'un membre du jury.
    ConvocationJure(ConvocationJure),
    /// Convocation d'un surveillant.
    ConvocationSurveillant(ConvocationSurveillant),
    /// Planning à afficher, une table par jour.
    PlanningAffichage(PlanningAffichage),
    /// Check-list du responsable de session, comme le papier.
    CheckList(CheckList),
    /// Émargement des candidats pour une épreuve.
    Emargement(Emargement),
    /// Émargement du jury pour une journée.
    EmargementJury(EmargementJury),
    /// Relevé de session : brouillon du procès-verbal, registre, rapport.
    Releve(Releve),
    /// Lettre du centre.
    Lettre(Lettre),
    /// Planche d'étiquettes d'adresse.
    Etiquettes(Etiquettes),
    /// Affiche de porte.
    AffichePorte(AffichePorte),
    /// Fiche à remplir au stylo : incident, inventaire, accueil, garde des plis.
    FicheARemplir(FicheARemplir),
}

impl Document {
    /// Code du catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ConvocationCandidat(_) => "convocation-candidat",
            Self::Decharge(_) => "decharge",
            Self::ConvocationJure(_) => "convocation-jure",
            Self::ConvocationSurveillant(_) => "convocation-surveillant",
            Self::PlanningAffichage(_) => "planning-affichage",
            Self::CheckList(_) => "check-list",
            Self::Emargement(_) => "emargement",
            Self::EmargementJury(_) => "emargement-jury",
            Self::Releve(_) => "releve",
            Self::Lettre(_) => "lettre",
            Self::Etiquettes(_) => "etiquettes",
            Self::AffichePorte(_) => "affiche-porte",
            Self::FicheARemplir(_) => "fiche-a-remplir",
        }
    }

    /// Est-ce une convocation ?
    pub fn est_convocation(&self) -> bool {
        matches!(
            self,
            Self::ConvocationCandidat(_)
                | Self::ConvocationJure(_)
                | Self::ConvocationSurveillant(_)
        )
    }

    /// La personne à qui le document s'adresse, s'il n'y en a qu'une.
    pub fn nom(&self) -> Option<&str> {
        match self {
            Self::ConvocationCandidat(convocation) => Some(&convocation.candidat.nom),
            Self::Decharge(decharge) => Some(&decharge.destinataire),
            Self::ConvocationJure(convocation) => Some(&convocation.jure.nom),
            Self::ConvocationSurveillant(convocation) => Some(&convocation.surveillant.nom),
            Self::Lettre(l) if !l.destinataire.nom.is_empty() => Some(&l.destinataire.nom),
            Self::Lettre(_)
            | Self::Etiquettes(_)
            | Self::AffichePorte(_)
            | Self::PlanningAffichage(_)
            | Self::CheckList(_)
            | Self::Emargement(_)
            | Self::EmargementJury(_)
            | Self::Releve(_)
            | Self::FicheARemplir(_) => None,
        }
    }
}
