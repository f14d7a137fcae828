//! Le parcours d'un candidat : par où il vient, ce qu'il a déjà passé, ce qu'on lui a accordé, ses pièces.
//!
//! La fiche ([`super::candidats`]) dit qui il est ; le parcours dit s'il peut se présenter. Ce qui vient d'une autre
//! session du centre est repris d'elle ([`Source::Session`]) ; le reste est saisi avec sa source.

mod amenagement;
mod attendues;
mod decision;
mod evenements;

use super::candidats::Candidat;
use super::deliberation::Issue;
use super::programme::TypeSession;
use crate::SessionId;
pub use amenagement::{Amenagement, EtatAmenagement, MAJORATION_MAX, SECRET_MAX};
pub use attendues::{Attendue, OuEstLaPiece, attendues_de};
pub(super) use decision::decider;
pub(super) use evenements::appliquer;
pub use evenements::{Action, Evenement};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Pourquoi le candidat se présente cette fois.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Situation {
    /// Première présentation.
    Premiere,
    /// Après un échec ou une réussite partielle.
    Repassage,
    /// Après une absence.
    Reprise,
    /// Certificat par certificat.
    Capitalisation,
}

impl Situation {
    /// Toutes.
    pub const TOUTES: [Situation; 4] = [
        Self::Premiere,
        Self::Repassage,
        Self::Reprise,
        Self::Capitalisation,
    ];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Premiere => "Première présentation",
            Self::Repassage => "Repassage après un échec ou une réussite partielle",
            Self::Reprise => "Reprise après une absence",
            Self::Capitalisation => "Capitalisation de CCP",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Premiere => "premiere",
            Self::Repassage => "repassage",
            Self::Reprise => "reprise",
            Self::Capitalisation => "capitalisation",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|s| s.code() == c)
    }
}

/// La recevabilité d'un candidat VAE : notifiée quand, pour quel type de session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recevabilite {
    /// Jour de la notification.
    pub notifiee_le: Date,
    /// Type de session que le courrier désigne.
    pub type_session: TypeSession,
    /// Référence du courrier.
    pub reference: String,
}

/// Le titre que détient le candidat à un CCS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitreDetenu {
    /// Intitulé, tel qu'au parchemin.
    pub intitule: String,
    /// Jour de l'obtention.
    pub obtenu_le: Date,
}

/// Ce que l'on sait de la façon dont le candidat en vient à se présenter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Parcours {
    /// Première fois, repassage, reprise, capitalisation.
    pub situation: Option<Situation>,
    /// Premier jour de la formation.
    pub formation_debut: Option<Date>,
    /// La formation suivie est-elle en cohérence avec ce que l'on passe ?
    pub formation_coherente: Option<bool>,
    /// Fin de la formation nouvelle suivie depuis un échec ou une absence.
    pub formation_nouvelle: Option<Date>,
    /// L'organisme partenaire qui a formé, quand ce n'est pas le centre.
    pub partenaire: Option<String>,
    /// Recevabilité VAE.
    pub recevabilite: Option<Recevabilite>,
    /// Titre détenu (CCS).
    pub titre_detenu: Option<TitreDetenu>,
    /// Un an d'expérience dans l'activité du CCS est prouvé.
    pub experience: bool,
}

/// D'où l'on tient un résultat passé.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// D'une session de ce centre, finie et délibérée.
    Session(SessionId),
    /// D'un papier vu : livret de certification, procès-verbal d'un autre centre…
    Saisie(String),
}

/// Ce que le candidat a déjà passé, et ce qu'il en a obtenu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Antecedent {
    /// Numéro chez ce candidat, donné par Garant.
    pub numero: u32,
    /// Clé du référentiel (titre et millésime).
    pub titre: String,
    /// Intitulé du titre.
    pub intitule: String,
    /// Type de la session.
    pub type_session: TypeSession,
    /// Jour de la délibération, ou de l'absence.
    pub le: Date,
    /// Ce que le jury a décidé.
    pub issue: Issue,
    /// Certificats obtenus ce jour-là : acquis pour toujours.
    pub certificats: Vec<String>,
    /// D'où on le tient.
    pub source: Source,
}

impl Antecedent {
    /// « Session titre du 12 mars 2026 : réussite partielle (CCP1) ».
    pub fn libelle(&self) -> String {
        let certificats = if self.certificats.is_empty() {
            String::new()
        } else {
            format!(" ({})", self.certificats.join(", "))
        };
        format!(
            "{} du {} : {}{certificats}",
            self.type_session.libelle(),
            crate::temps::date_moyenne(self.le),
            self.issue.libelle().to_lowercase(),
        )
    }
    /// Le candidat n'a rien obtenu : échec ou absence.
    pub fn est_sans_resultat(&self) -> bool {
        matches!(self.issue, Issue::Echec | Issue::Absence)
    }
}

/// La convention d'un organisme partenaire, pour le titre de cette session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convention {
    /// L'organisme.
    pub organisme: String,
    /// Référence de la convention écrite.
    pub reference: String,
    /// Premier jour.
    pub debut: Date,
    /// Dernier jour.
    pub fin: Date,
    /// Dernier avenant annuel transmis, quel jour.
    pub avenant_transmis_le: Option<Date>,
    /// Durées minimales, stage et présentiel vérifiés, quel jour.
    pub durees_verifiees_le: Option<Date>,
}

impl Convention {
    /// Est-ce la convention de cet organisme ? Les accents et la casse ne comptent pas.
    pub fn est_de(&self, organisme: &str) -> bool {
        super::candidats::sans_accents(&self.organisme) == super::candidats::sans_accents(organisme)
    }
}

impl Candidat {
    /// Les certificats déjà acquis de ce titre, dans ce millésime. Un certificat acquis l'est pour toujours.
    pub fn ccps_acquis(&self, titre: &str) -> BTreeSet<&str> {
        self.antecedents
            .iter()
            .filter(|a| a.titre == titre)
            .flat_map(|a| a.certificats.iter().map(String::as_str))
            .collect()
    }
    /// La durée d'une épreuve pour ce candidat, temps majoré compris.
    pub fn duree_amenagee(&self, minutes: u32) -> u32 {
        self.amenagement_accorde()
            .map_or(minutes, |a| a.duree(minutes))
    }
    /// Faut-il une salle accessible à une personne à mobilité réduite ?
    pub fn acces_pmr(&self) -> bool {
        self.amenagement_accorde().is_some_and(|a| a.acces_pmr)
    }
    /// L'aménagement, s'il est accordé.
    pub fn amenagement_accorde(&self) -> Option<&Amenagement> {
        self.amenagement
            .as_ref()
            .filter(|a| a.etat == EtatAmenagement::Accorde)
    }
}
