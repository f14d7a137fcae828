//! Le jury de la session : retenir des jurés de l'annuaire, titulaires et réserve, avec l'habilitation qui le permet.

use super::Session;
use super::sollicitations::Defection;
use crate::contexte::{Constat, Contexte, Refus};
use crate::etiquette::etiquete;
use crate::{JureId, temps};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Nombre maximal de jurés d'une session (limite de Garant).
pub const JURES_MAX: usize = 20;

/// Place dans le jury.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Siège.
    Titulaire,
    /// Remplace en cas de défection.
    Reserve,
}

impl Place {
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Titulaire => "Titulaire",
            Self::Reserve => "Réserve",
        }
    }
    /// Code stocké.
    pub fn code(self) -> &'static str {
        match self {
            Self::Titulaire => "titulaire",
            Self::Reserve => "reserve",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        [Self::Titulaire, Self::Reserve]
            .into_iter()
            .find(|p| p.code() == c)
    }
}

/// L'habilitation lue dans l'annuaire au moment où le juré est retenu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Habilitation {
    /// Clé du titre habilité (`TP-01280m04`, ou `TP-01280` pour tous millésimes).
    pub titre: String,
    /// Premier jour.
    pub debut: Date,
    /// Dernier jour.
    pub fin: Date,
    /// Autorité qui a habilité (celle du domicile du juré).
    pub autorite: String,
    /// Référence de la décision.
    pub reference: Option<String>,
}

/// Un membre du jury retenu pour la session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membre {
    /// Identifiant dans l'annuaire.
    pub jure: JureId,
    /// Nom complet.
    pub nom: String,
    /// Qualité (métier).
    pub qualite: String,
    /// Employeur.
    pub employeur: Option<String>,
    /// Entreprises et organismes auxquels le juré se dit lié, en plus de son employeur.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lies_a: Vec<String>,
    /// Courriel.
    pub courriel: Option<String>,
    /// Téléphone.
    pub telephone: Option<String>,
    /// L'habilitation pour ce titre, s'il y en a une.
    pub habilitation: Option<Habilitation>,
    /// Sa place.
    pub place: Place,
}

/// Ce qu'on veut faire du jury.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Retenir un juré de l'annuaire, ou remettre à jour son habilitation.
    Retenir(Membre),
    /// Changer sa place.
    Placer { jure: JureId, place: Place },
    /// Noter que le juré a confirmé sa présence.
    Confirmer { jure: JureId },
    /// Retirer (motif demandé).
    Retirer { jure: JureId },
    /// Noter que le juré se retire de lui-même (motif demandé) : la recherche se rouvre.
    Desister { jure: JureId },
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Retenu.
        Retenu(Membre),
        /// Placé.
        Place {
            jure: JureId,
            nom: String,
            place: Place,
        },
        /// A confirmé.
        Confirme { jure: JureId, nom: String },
        /// Retiré.
        Retire {
            jure: JureId,
            nom: String,
            motif: String,
        },
        /// S'est retiré de lui-même.
        Desiste {
            jure: JureId,
            nom: String,
            motif: String,
            le: Date,
        },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Retenu(_) => "jury.retenu",
            Self::Place { .. } => "jury.place",
            Self::Confirme { .. } => "jury.confirme",
            Self::Retire { .. } => "jury.retire",
            Self::Desiste { .. } => "jury.desiste",
        }
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Retenu(m) => format!(
                "{} retenu au jury ({}){}",
                m.nom,
                m.place.libelle().to_lowercase(),
                m.habilitation
                    .as_ref()
                    .map(|h| format!(
                        ", habilité du {} au {}",
                        temps::date_chiffres(h.debut),
                        temps::date_chiffres(h.fin)
                    ))
                    .unwrap_or_default()
            ),
            Self::Place { nom, place, .. } => format!(
                "{nom} devient {} du jury",
                match place {
                    Place::Titulaire => "titulaire",
                    Place::Reserve => "réserve",
                }
            ),
            Self::Confirme { nom, .. } => format!("{nom} confirme sa présence au jury"),
            Self::Retire { nom, motif, .. } => format!("{nom} retiré du jury (motif : {motif})"),
            Self::Desiste { nom, motif, .. } => {
                format!("Défection : {nom} ne siégera pas (motif : {motif})")
            }
        }
    }
}

/// Un juré de la session et ce que l'on sait de lui.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembreJury {
    /// Le membre retenu.
    pub membre: Membre,
    /// A confirmé sa présence.
    pub confirme: bool,
}

impl Membre {
    /// L'habilitation couvre-t-elle toute la période ?
    pub fn est_habilite(&self, debut: Date, fin: Date) -> bool {
        self.habilitation
            .as_ref()
            .is_some_and(|h| h.debut <= debut && fin <= h.fin)
    }
}

pub(super) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    s.programme()?;
    let trouver = |id: &JureId| {
        s.jury.iter().find(|m| m.membre.jure == *id).ok_or_else(|| {
            Refus::from(Constat::geste(
                "JUR-01",
                "Ce juré n’est pas au jury de cette session.",
                "Choisissez-le dans l’annuaire.",
            ))
        })
    };
    match action {
        Action::Retenir(m) => {
            if s.jury.iter().any(|x| x.membre == *m) {
                return Ok(vec![]);
            }
            if s.jury.len() >= JURES_MAX {
                return Err(Constat::geste(
                    "JUR-02",
                    format!("Le jury compte déjà {JURES_MAX} membres."),
                    "Retirez-en un d’abord.",
                )
                .into());
            }
            Ok(vec![Evenement::Retenu(m.clone())])
        }
        Action::Placer { jure, place } => {
            let m = trouver(jure)?;
            if m.membre.place == *place {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::Place {
                jure: jure.clone(),
                nom: m.membre.nom.clone(),
                place: *place,
            }])
        }
        Action::Confirmer { jure } => {
            let m = trouver(jure)?;
            if m.confirme {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::Confirme {
                jure: jure.clone(),
                nom: m.membre.nom.clone(),
            }])
        }
        Action::Retirer { jure } => {
            let m = trouver(jure)?;
            Ok(vec![Evenement::Retire {
                jure: jure.clone(),
                nom: m.membre.nom.clone(),
                motif: super::motif(ctx)?,
            }])
        }
        Action::Desister { jure } => {
            let m = trouver(jure)?;
            Ok(vec![Evenement::Desiste {
                jure: jure.clone(),
                nom: m.membre.nom.clone(),
                motif: super::motif(ctx)?,
                le: ctx.jour(),
            }])
        }
    }
}

pub(super) fn appliquer(s: &mut Session, e: &Evenement, rang: u64) {
    match e {
        Evenement::Retenu(m) => {
            let confirme = s.jury.iter().any(|x| x.membre.jure == m.jure && x.confirme);
            s.jury.retain(|x| x.membre.jure != m.jure);
            s.jury.push(MembreJury {
                membre: m.clone(),
                confirme,
            });
        }
        Evenement::Place { jure, place, .. } => {
            for m in s.jury.iter_mut().filter(|m| m.membre.jure == *jure) {
                m.membre.place = *place;
            }
        }
        Evenement::Confirme { jure, .. } => {
            for m in s.jury.iter_mut().filter(|m| m.membre.jure == *jure) {
                m.confirme = true;
            }
        }
        Evenement::Retire { jure, .. } => retirer(s, jure, rang),
        Evenement::Desiste {
            jure,
            nom,
            motif,
            le,
        } => {
            retirer(s, jure, rang);
            s.sollicitations.defections.push(Defection {
                jure: jure.clone(),
                nom: nom.clone(),
                le: *le,
                motif: motif.clone(),
            });
        }
    }
}

/// Le juré parti ne siège plus nulle part : ses passages restent, à pourvoir.
fn retirer(s: &mut Session, jure: &JureId, rang: u64) {
    s.jury.retain(|m| m.membre.jure != *jure);
    s.convocations
        .oublier(&super::convocations::Destinataire::Jure(jure.clone()));
    let touches: Vec<_> = s
        .planning
        .passages
        .iter_mut()
        .filter(|p| p.jury.contains(jure))
        .map(|p| {
            p.jury.retain(|j| j != jure);
            p.candidat.clone()
        })
        .collect();
    for c in touches {
        s.planning.toucher(&c, rang);
    }
    s.planning.oublier_jure(jure);
}
