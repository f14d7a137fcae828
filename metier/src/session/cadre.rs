//! Le cadre de la session : les paramètres du centre et l'agrément, figés quand elle naît.
//!
//! Ce que le centre règle ensuite ne change pas une session ; avant qu'elle commence, une personne peut lui faire
//! adopter le cadre d'aujourd'hui, avec un motif. C'est un événement du journal, comme le reste.

use super::Session;
use super::taches::Habitude;
use crate::contexte::{Constat, Contexte, Refus};
use crate::etiquette::etiquete;
use crate::reglement::parametres::{self, Reglage};
use crate::temps;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Un agrément du centre : un titre, un site, une période (arrêté « agrément » du 21 juillet 2016, art. 1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agrement {
    /// Référence de la décision.
    pub reference: String,
    /// Premier jour.
    pub debut: Date,
    /// Dernier jour.
    pub fin: Date,
}

/// Le cadre figé avec la session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cadre {
    /// Les réglages du centre en vigueur quand le cadre a été figé.
    #[serde(default)]
    pub reglages: Vec<Reglage>,
    /// Les agréments du site pour ce titre.
    #[serde(default)]
    pub agrements: Vec<Agrement>,
    /// Les tâches et les dates du centre quand le cadre a été figé.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub habitudes: Vec<Habitude>,
}

impl Cadre {
    /// La valeur d'un paramètre : celle du centre si elle est réglée, celle du texte sinon.
    pub fn valeur(&self, code: &str) -> u32 {
        self.reglages
            .iter()
            .find(|r| r.code == code)
            .map(|r| r.valeur)
            .or_else(|| parametres::parametre(code).map(|p| p.defaut))
            .unwrap_or_default()
    }
}

/// Ce qu'on veut faire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Adopter le cadre présent du centre (motif demandé ; refusé dès que la session a commencé).
    Adopter,
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Cadre figé.
        Fige { cadre: Cadre, motif: Option<String> },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Fige { .. } => "cadre.fige",
        }
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Fige { cadre, motif } => {
                let mut dits: Vec<_> = cadre
                    .reglages
                    .iter()
                    .filter_map(|r| {
                        let p = parametres::parametre(&r.code)?;
                        Some(format!("{} {} {}", r.code, r.valeur, p.unite.libelle()))
                    })
                    .collect();
                dits.extend(cadre.agrements.iter().map(|a| {
                    format!(
                        "agrément {} du {} au {}",
                        a.reference,
                        temps::date_chiffres(a.debut),
                        temps::date_chiffres(a.fin)
                    )
                }));
                match cadre.habitudes.len() {
                    0 => {}
                    1 => dits.push("une tâche ou date du centre".into()),
                    n => dits.push(format!("{n} tâches et dates du centre")),
                }
                if dits.is_empty() {
                    dits.push("paramètres du texte, aucun agrément noté".into());
                }
                format!(
                    "Cadre figé : {}{}",
                    dits.join(" ; "),
                    super::suite_motif(motif.as_deref())
                )
            }
        }
    }
}

pub(super) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let p = s.programme()?;
    match action {
        Action::Adopter => {
            let cadre = ctx.voisinage.cadre.clone();
            if s.cadre == cadre {
                return Ok(vec![]);
            }
            if ctx.jour() >= p.debut {
                return Err(Constat::geste(
                    "CAD-01",
                    "La session a commencé : elle garde les paramètres avec lesquels elle a été préparée.",
                    "Les sessions à venir prendront ceux d’aujourd’hui.",
                )
                .into());
            }
            Ok(vec![Evenement::Fige {
                cadre,
                motif: Some(super::motif(ctx)?),
            }])
        }
    }
}

/// Le cadre que la session prend en naissant, ou en changeant de site ; rien s'il ne change pas.
pub(super) fn au_passage(s: &Session, ctx: &Contexte) -> Option<Evenement> {
    let voulu = &ctx.voisinage.cadre;
    let cadre = if s.programme.is_none() {
        voulu.clone()
    } else {
        Cadre {
            reglages: s.cadre.reglages.clone(),
            agrements: voulu.agrements.clone(),
            habitudes: s.cadre.habitudes.clone(),
        }
    };
    (s.cadre != cadre).then_some(Evenement::Fige { cadre, motif: None })
}

pub(super) fn appliquer(s: &mut Session, e: &Evenement) {
    match e {
        Evenement::Fige { cadre, .. } => s.cadre = cadre.clone(),
    }
}
