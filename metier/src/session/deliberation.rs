//! La délibération : qui délibère, sur quels éléments, ce que le jury décide. Le jury est souverain ; Garant vérifie que c'est cohérent.
//!
//! Sources : check-list (délibération sans contrainte, fiche de synthèse, recommandations) ; reglement.md §3.6.
//! Avant le contreseing du PV une décision se rectifie avec un motif ; après, seulement par un rectificatif.

mod coherence;
mod decision;
mod evenements;

use super::Session;
use super::candidats::Candidat;
use super::programme::TypeSession;
use crate::{CandidatId, JureId};
pub(super) use decision::decider;
pub(super) use evenements::appliquer;
pub use evenements::{Action, Evenement};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Ce dont le jury dispose pour un candidat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Element {
    /// Fiche de synthèse des éléments, complète.
    FicheSynthese,
    /// Dossier professionnel.
    Dp,
    /// Résultats des évaluations en cours de formation.
    Ecf,
    /// Résultats de la mise en situation.
    MiseEnSituation,
    /// Entretien.
    Entretien,
}

impl Element {
    /// Tous.
    pub const TOUS: [Element; 5] = [
        Self::FicheSynthese,
        Self::Dp,
        Self::Ecf,
        Self::MiseEnSituation,
        Self::Entretien,
    ];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::FicheSynthese => "Fiche de synthèse complète",
            Self::Dp => "Dossier professionnel",
            Self::Ecf => "Résultats des évaluations en cours de formation",
            Self::MiseEnSituation => "Résultats de la mise en situation",
            Self::Entretien => "Entretien final mené",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::FicheSynthese => "fiche_synthese",
            Self::Dp => "dp",
            Self::Ecf => "ecf",
            Self::MiseEnSituation => "mise_en_situation",
            Self::Entretien => "entretien",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|e| e.code() == c)
    }
    /// Les éléments attendus pour ce candidat dans cette session.
    pub fn attendus(s: &Session, c: &Candidat) -> Vec<Element> {
        let Some(p) = &s.programme else {
            return vec![];
        };
        let titre = p.type_session == TypeSession::Titre;
        Self::TOUS
            .into_iter()
            .filter(|e| match e {
                Self::FicheSynthese | Self::Entretien => titre,
                Self::Dp | Self::MiseEnSituation => true,
                Self::Ecf => c.fiche.voie.is_some_and(|v| v.est_formation()),
            })
            .collect()
    }
}

/// Ce que le jury décide pour un candidat. Libellés observés au PV : réussite, réussite partielle, échec, absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Issue {
    /// Titre (ou tous les certificats visés) accordé.
    Reussite,
    /// Une partie des certificats.
    Partielle,
    /// Aucun.
    Echec,
    /// Absent : ce n'est pas un échec.
    Absence,
}

impl Issue {
    /// Toutes.
    pub const TOUTES: [Issue; 4] = [Self::Reussite, Self::Partielle, Self::Echec, Self::Absence];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Reussite => "Réussite",
            Self::Partielle => "Réussite partielle",
            Self::Echec => "Échec",
            Self::Absence => "Absence",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reussite => "reussite",
            Self::Partielle => "partielle",
            Self::Echec => "echec",
            Self::Absence => "absence",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|i| i.code() == c)
    }
}

/// Le sort d'un certificat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Attribué par ce jury.
    Attribue,
    /// Refusé.
    Refuse,
    /// Déjà acquis avant cette session : conservé, quoi qu'il arrive.
    DejaAcquis,
}

impl Sort {
    /// Tous.
    pub const TOUS: [Sort; 3] = [Self::Attribue, Self::Refuse, Self::DejaAcquis];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Attribue => "Attribué",
            Self::Refuse => "Refusé",
            Self::DejaAcquis => "Déjà acquis",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Attribue => "attribue",
            Self::Refuse => "refuse",
            Self::DejaAcquis => "deja_acquis",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|s| s.code() == c)
    }
    /// Le candidat le détient-il après la session ?
    pub fn est_acquis(self) -> bool {
        matches!(self, Self::Attribue | Self::DejaAcquis)
    }
}

/// La décision du jury pour un candidat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionJury {
    /// L'issue.
    pub issue: Issue,
    /// Le sort de chaque certificat en jeu (vide pour un absent).
    pub certificats: BTreeMap<String, Sort>,
    /// L'entretien final est-il favorable ? Sans objet hors session titre.
    pub entretien_favorable: Option<bool>,
    /// Pourquoi, exigé pour un refus ou une réussite partielle.
    pub motivation: String,
    /// Recommandations au candidat, exigées de même.
    pub recommandations: String,
}

/// La délibération ouverte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ouverture {
    /// Quand.
    pub survenu: DateTime,
    /// Jurés présents.
    pub jures: Vec<JureId>,
}

/// L'état de la délibération.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deliberation {
    /// Ouverte, quand et par qui.
    pub ouverture: Option<Ouverture>,
    /// Éléments disponibles.
    pub elements: BTreeMap<CandidatId, BTreeSet<Element>>,
    /// Jurés retirés pour un candidat.
    pub retraits: BTreeMap<CandidatId, BTreeSet<JureId>>,
    /// Décisions.
    pub decisions: BTreeMap<CandidatId, DecisionJury>,
    /// Close, quand.
    pub close: Option<DateTime>,
    /// Rectificatifs après contreseing : candidat et motif, dans l'ordre.
    pub rectificatifs: Vec<(CandidatId, String)>,
    /// Rang du dernier changement de décision.
    pub rang: u64,
}

impl Deliberation {
    /// Jurés qui comptent pour ce candidat : présents, moins ceux qui se sont retirés.
    pub fn jures_pour(&self, c: &CandidatId) -> Vec<&JureId> {
        let retires = self.retraits.get(c);
        self.ouverture
            .iter()
            .flat_map(|o| o.jures.iter())
            .filter(|j| retires.is_none_or(|r| !r.contains(j)))
            .collect()
    }
    /// Combien de décisions portent cette issue.
    pub fn compte(&self, issue: Issue) -> usize {
        self.decisions.values().filter(|d| d.issue == issue).count()
    }
}

/// Les certificats en jeu dans la session : (code, intitulé).
pub fn certificats(s: &Session) -> Vec<(String, String)> {
    let Some(p) = &s.programme else {
        return vec![];
    };
    match p.type_session {
        TypeSession::Titre => p
            .referentiel
            .ccps
            .iter()
            .map(|c| (c.code.clone(), c.intitule.clone()))
            .collect(),
        TypeSession::Ccp | TypeSession::Ccs => p
            .certificats
            .iter()
            .map(|c| {
                (
                    c.clone(),
                    p.referentiel
                        .ccp(c)
                        .map_or_else(String::new, |x| x.intitule.clone()),
                )
            })
            .collect(),
    }
}
