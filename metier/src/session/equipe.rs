//! L'équipe de la session : responsable, suppléant, formateurs des candidats, surveillants.

use super::Session;
use crate::PersonneId;
use crate::contexte::{Constat, Contexte, Refus};
use crate::etiquette::etiquete;
use serde::{Deserialize, Serialize};

/// Nombre maximal de personnes à un même poste (limite de Garant).
pub const PERSONNES_MAX: usize = 40;

/// Le poste tenu dans la session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Poste {
    /// Responsable de session : un seul.
    Responsable,
    /// Suppléant : un seul.
    Suppleant,
    /// Formateur ayant accompagné un ou des candidats.
    Formateur,
    /// Surveillant.
    Surveillant,
}

impl Poste {
    /// Tous.
    pub const TOUS: [Poste; 4] = [
        Self::Responsable,
        Self::Suppleant,
        Self::Formateur,
        Self::Surveillant,
    ];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Responsable => "Responsable de session",
            Self::Suppleant => "Suppléant de session",
            Self::Formateur => "Formateur des candidats",
            Self::Surveillant => "Surveillant",
        }
    }
    /// Code stocké.
    pub fn code(self) -> &'static str {
        match self {
            Self::Responsable => "responsable",
            Self::Suppleant => "suppleant",
            Self::Formateur => "formateur",
            Self::Surveillant => "surveillant",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|p| p.code() == code)
    }
    /// Une seule personne peut-elle tenir ce poste ?
    pub fn est_unique(self) -> bool {
        matches!(self, Self::Responsable | Self::Suppleant)
    }
}

/// Une personne de l'équipe, telle qu'elle était nommée.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intervenant {
    /// Identifiant dans le centre.
    pub id: PersonneId,
    /// Nom complet.
    pub nom: String,
    /// Fonction dans l'établissement.
    pub fonction: String,
    /// Courriel, pour les convocations.
    pub courriel: Option<String>,
}

/// Qui tient quoi.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Equipe {
    /// (poste, personne), dans l'ordre des nominations.
    pub membres: Vec<(Poste, Intervenant)>,
}

impl Equipe {
    /// Les personnes à ce poste.
    pub fn a(&self, poste: Poste) -> impl Iterator<Item = &Intervenant> {
        self.membres
            .iter()
            .filter(move |(p, _)| *p == poste)
            .map(|(_, i)| i)
    }
    /// Le responsable.
    pub fn responsable(&self) -> Option<&Intervenant> {
        self.a(Poste::Responsable).next()
    }
    /// Le suppléant.
    pub fn suppleant(&self) -> Option<&Intervenant> {
        self.a(Poste::Suppleant).next()
    }
    /// Les postes d'une personne.
    pub fn postes_de(&self, id: &PersonneId) -> Vec<Poste> {
        self.membres
            .iter()
            .filter(|(_, i)| i.id == *id)
            .map(|(p, _)| *p)
            .collect()
    }
    /// Une personne de l'équipe.
    pub fn personne(&self, id: &PersonneId) -> Option<&Intervenant> {
        self.membres.iter().map(|(_, i)| i).find(|i| i.id == *id)
    }
}

/// Ce qu'on veut faire de l'équipe.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Nommer à un poste ; remplacer un titulaire unique demande un motif.
    Nommer { poste: Poste, personne: Intervenant },
    /// Retirer d'un poste (motif demandé).
    Retirer { poste: Poste, personne: PersonneId },
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Nommée.
        Nommee {
            poste: Poste,
            personne: Intervenant,
            motif: Option<String>,
        },
        /// Retirée.
        Retiree {
            poste: Poste,
            personne: PersonneId,
            nom: String,
            motif: String,
        },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Nommee { .. } => "equipe.nommee",
            Self::Retiree { .. } => "equipe.retiree",
        }
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Nommee {
                poste,
                personne,
                motif,
            } => format!(
                "{} : {}{}{}",
                poste.libelle(),
                personne.nom,
                if personne.fonction.is_empty() {
                    String::new()
                } else {
                    format!(", {}", personne.fonction)
                },
                super::suite_motif(motif.as_deref())
            ),
            Self::Retiree {
                poste, nom, motif, ..
            } => format!(
                "{nom} n’est plus {} (motif : {motif})",
                poste.libelle().to_lowercase()
            ),
        }
    }
}

pub(super) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    s.programme()?;
    match action {
        Action::Nommer { poste, personne } => {
            if s.equipe.a(*poste).any(|i| i == personne) {
                return Ok(vec![]);
            }
            if s.equipe.a(*poste).count() >= PERSONNES_MAX {
                return Err(Constat::geste(
                    "EQU-01",
                    format!("{PERSONNES_MAX} personnes tiennent déjà ce poste."),
                    "Retirez-en une avant d’en nommer une autre.",
                )
                .into());
            }
            let remplace = poste.est_unique() && s.equipe.a(*poste).any(|i| i.id != personne.id);
            let motif = if remplace {
                Some(super::motif(ctx)?)
            } else {
                ctx.motif_ecrit().map(str::to_owned)
            };
            Ok(vec![Evenement::Nommee {
                poste: *poste,
                personne: personne.clone(),
                motif,
            }])
        }
        Action::Retirer { poste, personne } => match s.equipe.a(*poste).find(|i| i.id == *personne)
        {
            None => Ok(vec![]),
            Some(i) => Ok(vec![Evenement::Retiree {
                poste: *poste,
                personne: personne.clone(),
                nom: i.nom.clone(),
                motif: super::motif(ctx)?,
            }]),
        },
    }
}

pub(super) fn appliquer(s: &mut Session, e: &Evenement) {
    match e {
        Evenement::Nommee {
            poste, personne, ..
        } => {
            s.equipe
                .membres
                .retain(|(p, i)| *p != *poste || (!poste.est_unique() && i.id != personne.id));
            s.equipe.membres.push((*poste, personne.clone()));
        }
        Evenement::Retiree {
            poste, personne, ..
        } => {
            s.equipe
                .membres
                .retain(|(p, i)| *p != *poste || i.id != *personne);
            if *poste == Poste::Surveillant {
                s.convocations
                    .oublier(&super::convocations::Destinataire::Surveillant(
                        personne.clone(),
                    ));
            }
        }
    }
}
