//! La check-list : des tâches en données, un état qui se déduit des faits.
//!
//! Une tâche se ferme seule quand Garant connaît le fait (« 8 convocations remises sur 12 »), par un document joint, ou à la
//! main avec une observation. Elle se confie à une personne, qui la fait, puis le responsable la contrôle (visa) : « déléguer,
//! superviser, contrôler ». À lire : `modele` (ce qui est à faire), `faits` (ce que Garant sait), `vue` (l'état un jour donné).

mod decision;
mod evenements;
mod faits;
pub mod habitudes;
mod modele;
mod vue;

use super::Session;
use crate::{PersonneId, PieceId};
pub(super) use decision::decider;
pub use decision::est_confiee_a;
pub(super) use evenements::appliquer;
pub use evenements::{Action, Evenement};
pub use faits::Avancement;
pub use habitudes::Habitude;
use jiff::civil::Date;
pub use modele::{Condition, Phase, Point, Preuve, Tache, modele};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
pub use vue::{EcheanceDeplacee, VuePoint, VueTache, deplacees, vue, vues};
pub(crate) use vue::{est_reglee, faite_le};

/// Longueur maximale d'une observation (limite de Garant).
pub const OBSERVATION_MAX: usize = 2_000;
/// Documents joints au plus à une tâche (limite de Garant).
pub const PIECES_MAX: usize = 20;

/// L'état d'une tâche à un jour donné.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Etat {
    /// Faite.
    Faite,
    /// À faire, sans urgence.
    AFaire,
    /// À faire sous huit jours, ou passée la date que le centre s'est donnée.
    Proche,
    /// L'échéance est passée.
    EnRetard,
    /// Déclarée sans objet, ou la session n'est pas concernée.
    SansObjet,
}

impl Etat {
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Faite => "Fait",
            Self::AFaire => "À faire",
            Self::Proche => "Proche",
            Self::EnRetard => "En retard",
            Self::SansObjet => "Sans objet",
        }
    }
    /// Classe de la feuille de style.
    pub fn code(self) -> &'static str {
        match self {
            Self::Faite => "fait",
            Self::AFaire => "a-faire",
            Self::Proche => "proche",
            Self::EnRetard => "retard",
            Self::SansObjet => "sans-objet",
        }
    }
}

/// Ce qu'une personne a dit d'une tâche ou d'un point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marque {
    /// Vrai : sans objet ; faux : faite.
    pub sans_objet: bool,
    /// Observation ou motif.
    pub observation: String,
    /// Qui l'a faite.
    pub realise_par: PersonneId,
    /// Quand (RFC 3339).
    pub le: String,
}

/// Une tâche confiée à quelqu'un.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// À qui.
    pub a: PersonneId,
    /// Son nom.
    pub nom: String,
    /// Pour quel jour.
    pub pour: Option<Date>,
    /// Ce qu'on lui a dit.
    pub consigne: String,
    /// Qui l'a confiée.
    pub par: PersonneId,
    /// Quand (RFC 3339).
    pub le: String,
    /// Pourquoi elle lui a été renvoyée, tant qu'elle ne l'a pas refaite.
    pub renvoi: Option<String>,
}

/// Le contrôle d'une tâche confiée.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visa {
    /// Qui a contrôlé.
    pub par: PersonneId,
    /// Quand (RFC 3339).
    pub le: String,
    /// Ce qui en est dit.
    pub observation: String,
    /// Ce qui était constaté ce jour-là : si cela change, le contrôle est à refaire.
    pub constat: String,
}

/// Un document joint à une tâche.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jointe {
    /// La pièce stockée.
    pub piece: PieceId,
    /// SHA-256 des octets, en hexadécimal.
    pub empreinte: String,
    /// Comment on l'appelle.
    pub nom: String,
}

/// Ce que l'on a dit des tâches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taches {
    /// Tâches et points marqués à la main, par code.
    pub marques: BTreeMap<String, Marque>,
    /// Tâches confiées.
    pub confiees: BTreeMap<String, Delegation>,
    /// Visas.
    pub visas: BTreeMap<String, Visa>,
    /// Documents joints.
    pub pieces: BTreeMap<String, Vec<Jointe>>,
    /// Tâches propres à la session.
    pub propres: Vec<Habitude>,
    /// Tâches propres ajoutées jusqu'ici : leurs codes ne se réemploient pas.
    pub propres_ajoutees: u32,
    /// Les dates d'avant le dernier déplacement de la session, et quand il a été noté (RFC 3339).
    pub dates_avant: Option<(Date, Date, String)>,
}

/// Les tâches de la session : celles du règlement, celles du centre figées avec elle, les siennes propres.
pub fn toutes(s: &Session) -> Vec<std::borrow::Cow<'static, Tache>> {
    use std::borrow::Cow;
    let Some(p) = &s.programme else { return vec![] };
    let mut l: Vec<Cow<'static, Tache>> =
        modele(&p.modele_taches).iter().map(Cow::Borrowed).collect();
    l.extend(
        s.cadre
            .habitudes
            .iter()
            .chain(&s.taches.propres)
            .filter_map(Habitude::tache)
            .map(Cow::Owned),
    );
    l
}
