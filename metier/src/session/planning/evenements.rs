//! Ce qu'on veut faire du planning, et ce qui s'est passé.

use super::{Cle, Empechement, Journees, Passage, Seance};
use crate::etiquette::etiquete;
use crate::{CandidatId, temps};
use jiff::civil::Date;

/// Ce qu'on veut faire du planning.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Remplacer tout le planning par une proposition.
    Etablir {
        passages: Vec<Passage>,
        deliberations: Vec<Seance>,
    },
    /// Placer ou déplacer un passage.
    Placer(Passage),
    /// Déplacer ensemble des passages (une séance, des épreuves enchaînées) ; les délibérations, si elles s'ajustent.
    Deplacer {
        passages: Vec<Passage>,
        deliberations: Option<Vec<Seance>>,
    },
    /// Ôter un passage.
    Oter {
        candidat: CandidatId,
        epreuve: String,
    },
    /// Épingler : ces passages ne bougeront pas aux propositions suivantes.
    Epingler { passages: Vec<Cle> },
    /// Retirer l'épingle.
    Liberer { passages: Vec<Cle> },
    /// Régler le cadre des journées.
    ReglerJournees(Journees),
    /// Noter qui, ou quoi, n'est pas là.
    Empecher { empechements: Vec<Empechement> },
    /// Effacer un empêchement.
    LeverEmpechement(Empechement),
    /// Valider le planning.
    Valider,
    /// Noter l'affichage sur le site.
    Afficher { le: Date },
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Planning établi.
        Etabli {
            passages: Vec<Passage>,
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            deliberations: Vec<Seance>,
            motif: Option<String>,
        },
        /// Passage placé.
        Place {
            passage: Passage,
            motif: Option<String>,
        },
        /// Passages déplacés ensemble.
        Deplaces {
            passages: Vec<Passage>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            deliberations: Option<Vec<Seance>>,
            motif: Option<String>,
        },
        /// Passage ôté.
        Ote {
            candidat: CandidatId,
            epreuve: String,
            motif: Option<String>,
        },
        /// Passages épinglés.
        Epingles { passages: Vec<Cle> },
        /// Épingles retirées.
        Desepingles { passages: Vec<Cle> },
        /// Cadre des journées réglé.
        JourneesReglees(Journees),
        /// Empêchements notés, avec le nom de chacun.
        Empeche {
            empechements: Vec<Empechement>,
            noms: Vec<String>,
        },
        /// Empêchement levé.
        EmpechementLeve {
            empechement: Empechement,
            nom: String,
        },
        /// Validé.
        Valide {
            passages: u32,
            candidats: u32,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            motif: Option<String>,
        },
        /// Affiché.
        Affiche { le: Date },
        /// Validé, il ne l'est plus : tant d'inscrits y restent à placer.
        Rouvert { inscrits: u32 },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Etabli { .. } => "planning.etabli",
            Self::Place { .. } => "planning.place",
            Self::Deplaces { .. } => "planning.deplaces",
            Self::Ote { .. } => "planning.ote",
            Self::Epingles { .. } => "planning.epingles",
            Self::Desepingles { .. } => "planning.desepingles",
            Self::JourneesReglees(_) => "planning.journees_reglees",
            Self::Empeche { .. } => "planning.empeche",
            Self::EmpechementLeve { .. } => "planning.empechement_leve",
            Self::Valide { .. } => "planning.valide",
            Self::Affiche { .. } => "planning.affiche",
            Self::Rouvert { .. } => "planning.rouvert",
        }
    }

    /// Classe de conservation : un empêchement nomme quelqu'un, le reste organise la session.
    pub fn classe(&self) -> &'static str {
        use super::Empeche as Q;
        let empechements: &[Empechement] = match self {
            Self::Empeche { empechements, .. } => empechements,
            Self::EmpechementLeve { empechement, .. } => std::slice::from_ref(empechement),
            Self::Etabli { .. }
            | Self::Place { .. }
            | Self::Deplaces { .. }
            | Self::Ote { .. }
            | Self::Epingles { .. }
            | Self::Desepingles { .. }
            | Self::JourneesReglees(_)
            | Self::Valide { .. }
            | Self::Affiche { .. }
            | Self::Rouvert { .. } => &[],
        };
        let nomme = |genre: fn(&Q) -> bool| empechements.iter().any(|e| genre(&e.qui));
        if nomme(|q| matches!(q, Q::Candidat(_))) {
            "candidat"
        } else if nomme(|q| matches!(q, Q::Jure(_))) {
            "jure"
        } else if nomme(|q| matches!(q, Q::Surveillant(_))) {
            "equipe"
        } else {
            "session"
        }
    }

    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        let motif = |m: &Option<String>| crate::session::suite_motif(m.as_deref());
        let combien = |n: usize| if n > 1 { "s" } else { "" };
        match self {
            Self::Etabli {
                passages, motif: m, ..
            } => format!("Planning établi, {} passages{}", passages.len(), motif(m)),
            Self::Place { passage, motif: m } => format!(
                "Passage placé : épreuve {}, {}{}",
                passage.epreuve,
                passage.quand_ou(),
                motif(m)
            ),
            Self::Deplaces {
                passages, motif: m, ..
            } => format!(
                "Passages déplacés ensemble : {} passage{}, {}{}",
                passages.len(),
                combien(passages.len()),
                passages
                    .first()
                    .map(|p| format!("épreuve {}, {}", p.epreuve, p.quand_ou()))
                    .unwrap_or_default(),
                motif(m)
            ),
            Self::Ote {
                epreuve, motif: m, ..
            } => format!("Passage ôté : épreuve {epreuve}{}", motif(m)),
            Self::Epingles { passages } => format!(
                "{} passage{} épinglé{}",
                passages.len(),
                combien(passages.len()),
                combien(passages.len())
            ),
            Self::Desepingles { passages } => format!(
                "Épingle retirée de {} passage{}",
                passages.len(),
                combien(passages.len())
            ),
            Self::JourneesReglees(j) => format!("Journées réglées : {}", j.phrase()),
            Self::Empeche { empechements, noms } => format!(
                "Empêchement noté : {}",
                noms.iter()
                    .zip(empechements)
                    .map(|(n, e)| format!("{n}, {}", e.quand()))
                    .collect::<Vec<_>>()
                    .join(" ; ")
            ),
            Self::EmpechementLeve { empechement, nom } => {
                format!("Empêchement levé : {nom}, {}", empechement.quand())
            }
            Self::Valide {
                passages,
                candidats,
                ..
            } => format!("Planning validé : {passages} passages, {candidats} candidats"),
            Self::Affiche { le } => format!(
                "Planning affiché sur le site le {}",
                temps::date_chiffres(*le)
            ),
            Self::Rouvert { inscrits } => format!(
                "Planning à valider de nouveau : {} à y placer",
                crate::mots::nombre(*inscrits as usize, "inscrit", "inscrits")
            ),
        }
    }
}
