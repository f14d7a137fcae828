//! Ce que l'on note d'une délibération, ce qui s'est passé, et ce que l'état en retient.

use super::{DecisionJury, Element, Ouverture};
use crate::etiquette::etiquete;
use crate::session::Session;
use crate::{CandidatId, JureId, temps};
use jiff::civil::DateTime;

/// Ce qu'on veut noter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Ouvrir : jurés présents, aucun tiers dans la salle.
    Ouvrir {
        survenu: DateTime,
        jures: Vec<JureId>,
        sans_tiers: bool,
    },
    /// Éléments dont le jury dispose pour un candidat.
    Disposer {
        candidat: CandidatId,
        elements: Vec<Element>,
    },
    /// Un juré se retire pour un candidat (motif demandé) : il ne compte plus pour lui.
    Retirer { candidat: CandidatId, jure: JureId },
    /// Transcrire la décision du jury ; changer une décision demande un motif.
    Decider {
        candidat: CandidatId,
        decision: DecisionJury,
    },
    /// Clore : chaque candidat a sa décision.
    Clore { survenu: DateTime },
    /// Rectificatif après le contreseing du PV (motif demandé).
    Rectifier {
        candidat: CandidatId,
        decision: DecisionJury,
    },
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Ouverte.
        Ouverte {
            ouverture: Ouverture,
            noms: Vec<String>,
        },
        /// Éléments disponibles.
        Dispose {
            candidat: CandidatId,
            nom: String,
            elements: Vec<Element>,
        },
        /// Juré retiré pour un candidat.
        Retire {
            candidat: CandidatId,
            nom: String,
            jure: JureId,
            nom_jure: String,
            motif: String,
        },
        /// Décision transcrite.
        Decidee {
            candidat: CandidatId,
            nom: String,
            decision: DecisionJury,
            motif: Option<String>,
        },
        /// Décision rectifiée avant le contreseing.
        Rectifiee {
            candidat: CandidatId,
            nom: String,
            avant: DecisionJury,
            decision: DecisionJury,
            motif: String,
        },
        /// Close.
        Close { survenu: DateTime, decisions: u32 },
        /// Rectificatif après le contreseing.
        Rectificatif {
            candidat: CandidatId,
            nom: String,
            avant: DecisionJury,
            decision: DecisionJury,
            motif: String,
        },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Ouverte { .. } => "deliberation.ouverte",
            Self::Dispose { .. } => "deliberation.elements",
            Self::Retire { .. } => "deliberation.retrait",
            Self::Decidee { .. } => "deliberation.decidee",
            Self::Rectifiee { .. } => "deliberation.rectifiee",
            Self::Close { .. } => "deliberation.close",
            Self::Rectificatif { .. } => "deliberation.rectificatif",
        }
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Ouverte { ouverture, noms } => format!(
                "Délibération ouverte {} : {}, sans tiers",
                temps::moment(ouverture.survenu),
                noms.join(", ")
            ),
            Self::Dispose { nom, elements, .. } => format!(
                "Le jury dispose pour {nom} de : {}",
                elements
                    .iter()
                    .map(|e| e.libelle().to_lowercase())
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            Self::Retire {
                nom,
                nom_jure,
                motif,
                ..
            } => format!("{nom_jure} se retire pour {nom} (motif : {motif})"),
            Self::Decidee {
                nom,
                decision,
                motif,
                ..
            } => format!(
                "Décision du jury pour {nom} : {}{}",
                decision.issue.libelle().to_lowercase(),
                crate::session::suite_motif(motif.as_deref())
            ),
            Self::Rectifiee {
                nom,
                avant,
                decision,
                motif,
                ..
            } => format!(
                "Décision rectifiée pour {nom} : {} au lieu de {} (motif : {motif})",
                decision.issue.libelle().to_lowercase(),
                avant.issue.libelle().to_lowercase()
            ),
            Self::Close { survenu, decisions } => format!(
                "Délibération close {} : {decisions} décisions",
                temps::moment(*survenu)
            ),
            Self::Rectificatif {
                nom,
                avant,
                decision,
                motif,
                ..
            } => format!(
                "Rectificatif après contreseing pour {nom} : {} au lieu de {} (motif : {motif})",
                decision.issue.libelle().to_lowercase(),
                avant.issue.libelle().to_lowercase()
            ),
        }
    }
}

pub(in crate::session) fn appliquer(s: &mut Session, e: &Evenement, rang: u64) {
    let d = &mut s.deliberation;
    d.rang = rang;
    match e {
        Evenement::Ouverte { ouverture, .. } => d.ouverture = Some(ouverture.clone()),
        Evenement::Dispose {
            candidat, elements, ..
        } => {
            d.elements
                .insert(candidat.clone(), elements.iter().copied().collect());
        }
        Evenement::Retire { candidat, jure, .. } => {
            d.retraits
                .entry(candidat.clone())
                .or_default()
                .insert(jure.clone());
        }
        Evenement::Decidee {
            candidat, decision, ..
        } => {
            d.decisions.insert(candidat.clone(), decision.clone());
        }
        Evenement::Rectifiee {
            candidat, decision, ..
        } => {
            d.decisions.insert(candidat.clone(), decision.clone());
            // Le PV se reprend depuis la transcription : rien de ce qui a été signé ne couvre la décision nouvelle.
            s.pv.reprendre();
        }
        Evenement::Close { survenu, .. } => d.close = Some(*survenu),
        Evenement::Rectificatif {
            candidat,
            decision,
            motif,
            ..
        } => {
            d.decisions.insert(candidat.clone(), decision.clone());
            d.rectificatifs.push((candidat.clone(), motif.clone()));
        }
    }
}
