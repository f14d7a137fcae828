//! Les liens entre un juré et un candidat : déclarés, reconnus à l'employeur, levés quand ils n'en sont pas.
//!
//! Un lien écarte le juré de ce candidat : de ses passages, et du nombre des jurés qui en décident. Rien n'est
//! refusé : un juré qui se déclare lié a raison de le dire, même le matin de l'épreuve.

use super::Session;
use super::jury::Membre;
use crate::contexte::{Constat, Contexte, Refus};
use crate::etiquette::etiquete;
use crate::{CandidatId, JureId, temps};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Ce qu'on écrit d'un lien se lit d'un coup d'œil : deux cents signes.
const PRECISION_MAX: usize = 200;

/// Ce qui lie un juré à un candidat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NatureLien {
    /// La même entreprise, ou celle de la période en entreprise.
    Entreprise,
    /// L'organisme qui a formé ou accompagné le candidat.
    Organisme,
    /// Famille, amitié, différend.
    Personnel,
}

impl NatureLien {
    /// Toutes.
    pub const TOUTES: [NatureLien; 3] = [Self::Entreprise, Self::Organisme, Self::Personnel];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Entreprise => "Même entreprise",
            Self::Organisme => "Organisme de formation",
            Self::Personnel => "Lien personnel",
        }
    }
    /// Code stocké.
    pub fn code(self) -> &'static str {
        match self {
            Self::Entreprise => "entreprise",
            Self::Organisme => "organisme",
            Self::Personnel => "personnel",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|n| n.code() == c)
    }
}

/// Ce qu'on veut faire des liens.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Noter un lien que le juré, le candidat ou le centre fait connaître.
    Declarer {
        jure: JureId,
        candidat: CandidatId,
        nature: NatureLien,
        precision: String,
    },
    /// Dire qu'un lien n'en est pas un, ou n'en est plus un (motif demandé).
    Lever { jure: JureId, candidat: CandidatId },
    /// Noter que le juré a lu la liste des candidats et n'a pas d'autre lien à déclarer.
    Attester { jure: JureId, le: Date },
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Déclaré.
        Declare {
            jure: JureId,
            nom_jure: String,
            candidat: CandidatId,
            nom_candidat: String,
            nature: NatureLien,
            precision: String,
        },
        /// Levé.
        Leve {
            jure: JureId,
            nom_jure: String,
            candidat: CandidatId,
            nom_candidat: String,
            motif: String,
        },
        /// Le juré atteste avoir lu la liste de ces candidats.
        Atteste {
            jure: JureId,
            nom: String,
            candidats: Vec<CandidatId>,
            le: Date,
        },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Declare { .. } => "liens.declare",
            Self::Leve { .. } => "liens.leve",
            Self::Atteste { .. } => "liens.atteste",
        }
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Declare {
                nom_jure,
                nom_candidat,
                nature,
                precision,
                ..
            } => format!(
                "Lien déclaré entre le juré {nom_jure} et {nom_candidat} : {}{}",
                nature.libelle().to_lowercase(),
                match precision.as_str() {
                    "" => String::new(),
                    p => format!(" ({p})"),
                }
            ),
            Self::Leve {
                nom_jure,
                nom_candidat,
                motif,
                ..
            } => format!("Lien levé entre le juré {nom_jure} et {nom_candidat} (motif : {motif})"),
            Self::Atteste {
                nom, candidats, le, ..
            } => format!(
                "{nom} a lu la liste des {} candidats le {} et déclare ses liens",
                candidats.len(),
                temps::date_chiffres(*le)
            ),
        }
    }
}

/// Un lien, tel qu'il est connu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lien {
    /// Le juré.
    pub jure: JureId,
    /// Le candidat.
    pub candidat: CandidatId,
    /// Ce qui les lie.
    pub nature: NatureLien,
    /// Ce qu'on en a écrit, ou l'organisme reconnu.
    pub precision: String,
    /// Vrai s'il est déclaré, faux s'il est reconnu à l'employeur.
    pub est_declare: bool,
}

/// La déclaration d'un juré : quand, et sur quels candidats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// Le jour.
    pub le: Date,
    /// Les candidats de la liste lue.
    pub candidats: BTreeSet<CandidatId>,
}

/// Les liens de la session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Liens {
    /// Déclarés et non levés, dans l'ordre.
    pub declares: Vec<Lien>,
    /// Ceux dont on a écrit qu'ils n'en sont pas.
    pub leves: BTreeSet<(JureId, CandidatId)>,
    /// Les déclarations des jurés.
    pub declarations: BTreeMap<JureId, Declaration>,
}

/// Ce qui se compare de deux noms d'organisme ; rien s'il n'y a pas de nom.
fn cle(t: &str) -> Option<String> {
    Some(crate::vues::recherchable(t)).filter(|t| !t.trim().is_empty())
}

impl Session {
    /// Tous les liens entre un juré de la session et un candidat inscrit : les déclarés, puis ceux que l'employeur
    /// ou un organisme noté à l'annuaire fait reconnaître et que personne n'a levés.
    pub fn liens(&self) -> Vec<Lien> {
        let inscrits: BTreeSet<&CandidatId> = self.inscrits().map(|c| &c.id).collect();
        let mut v: Vec<Lien> = self
            .liens
            .declares
            .iter()
            .filter(|l| self.jure(&l.jure).is_some() && inscrits.contains(&l.candidat))
            .cloned()
            .collect();
        let attaches: Vec<(String, &JureId, NatureLien)> = self
            .jury
            .iter()
            .flat_map(|m| {
                let employeur = m
                    .membre
                    .employeur
                    .iter()
                    .map(|e| (e, NatureLien::Entreprise));
                let autres = m.membre.lies_a.iter().map(|o| (o, NatureLien::Organisme));
                employeur
                    .chain(autres)
                    .filter_map(|(t, n)| Some((cle(t)?, &m.membre.jure, n)))
            })
            .collect();
        if attaches.is_empty() {
            return v;
        }
        for c in self.inscrits() {
            let Some((nom, organisme)) =
                c.fiche.organisme.as_ref().and_then(|o| Some((o, cle(o)?)))
            else {
                continue;
            };
            for (_, jure, nature) in attaches.iter().filter(|(a, ..)| *a == organisme) {
                let paire = ((*jure).clone(), c.id.clone());
                let connu = v.iter().any(|l| l.jure == paire.0 && l.candidat == paire.1);
                if connu || self.liens.leves.contains(&paire) {
                    continue;
                }
                v.push(Lien {
                    jure: paire.0,
                    candidat: paire.1,
                    nature: *nature,
                    precision: nom.clone(),
                    est_declare: false,
                });
            }
        }
        v
    }

    /// Les paires (juré, candidat) qui ne doivent pas se rencontrer.
    pub fn conflits(&self) -> BTreeSet<(JureId, CandidatId)> {
        self.liens()
            .into_iter()
            .map(|l| (l.jure, l.candidat))
            .collect()
    }

    /// Ce juré est-il écarté de ce candidat ?
    pub fn est_lie(&self, jure: &JureId, candidat: &CandidatId) -> bool {
        self.liens()
            .iter()
            .any(|l| l.jure == *jure && l.candidat == *candidat)
    }

    /// Les jurés, réserve comprise, qui peuvent évaluer ce candidat.
    pub fn jures_possibles(&self, candidat: &CandidatId) -> Vec<&Membre> {
        let conflits = self.conflits();
        self.jury
            .iter()
            .map(|m| &m.membre)
            .filter(|m| !conflits.contains(&(m.jure.clone(), candidat.clone())))
            .collect()
    }
}

fn membre<'s>(s: &'s Session, jure: &JureId) -> Result<&'s Membre, Refus> {
    s.jure(jure).ok_or_else(|| {
        Constat::geste(
            "JUR-01",
            "Ce juré n’est pas au jury de cette session.",
            "Choisissez-le dans l’annuaire.",
        )
        .into()
    })
}

pub(super) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    s.programme()?;
    match action {
        Action::Declarer {
            jure,
            candidat,
            nature,
            precision,
        } => {
            let m = membre(s, jure)?;
            let c = s.candidat(candidat)?;
            super::borner_texte("precision", "La précision", precision, PRECISION_MAX)?;
            let precision = precision.trim().to_owned();
            let pareil = s.liens.declares.iter().any(|l| {
                l.jure == *jure
                    && l.candidat == *candidat
                    && l.nature == *nature
                    && l.precision == precision
            });
            if pareil {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::Declare {
                jure: jure.clone(),
                nom_jure: m.nom.clone(),
                candidat: candidat.clone(),
                nom_candidat: c.fiche.nom_complet(),
                nature: *nature,
                precision,
            }])
        }
        Action::Lever { jure, candidat } => {
            let m = membre(s, jure)?;
            let c = s.candidat(candidat)?;
            if !s.est_lie(jure, candidat) {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::Leve {
                jure: jure.clone(),
                nom_jure: m.nom.clone(),
                candidat: candidat.clone(),
                nom_candidat: c.fiche.nom_complet(),
                motif: super::motif(ctx)?,
            }])
        }
        Action::Attester { jure, le } => {
            let m = membre(s, jure)?;
            if *le > ctx.jour() {
                return Err(Constat::saisie(
                    "le",
                    "Cette déclaration est datée d’un jour à venir.",
                    "Écrivez le jour où le juré l’a signée.",
                )
                .into());
            }
            let candidats: Vec<_> = s.inscrits().map(|c| c.id.clone()).collect();
            if candidats.is_empty() {
                return Err(Constat::geste(
                    "JUR-03",
                    "La session n’a pas encore de candidat : le juré n’a aucune liste à lire.",
                    "Inscrivez les candidats, puis présentez-lui la liste.",
                )
                .into());
            }
            let deja =
                s.liens.declarations.get(jure).is_some_and(|d| {
                    d.le == *le && candidats.iter().all(|c| d.candidats.contains(c))
                });
            if deja {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::Atteste {
                jure: jure.clone(),
                nom: m.nom.clone(),
                candidats,
                le: *le,
            }])
        }
    }
}

pub(super) fn appliquer(s: &mut Session, e: &Evenement, rang: u64) {
    match e {
        Evenement::Declare {
            jure,
            candidat,
            nature,
            precision,
            ..
        } => {
            s.liens.leves.remove(&(jure.clone(), candidat.clone()));
            s.liens
                .declares
                .retain(|l| l.jure != *jure || l.candidat != *candidat);
            s.liens.declares.push(Lien {
                jure: jure.clone(),
                candidat: candidat.clone(),
                nature: *nature,
                precision: precision.clone(),
                est_declare: true,
            });
            // Le juré lié n'évalue plus ce candidat : ses passages restent, à pourvoir.
            let mut touche = false;
            for p in s
                .planning
                .passages
                .iter_mut()
                .filter(|p| p.candidat == *candidat && p.jury.contains(jure))
            {
                p.jury.retain(|j| j != jure);
                touche = true;
            }
            if touche {
                s.planning.toucher(candidat, rang);
            }
        }
        Evenement::Leve { jure, candidat, .. } => {
            s.liens
                .declares
                .retain(|l| l.jure != *jure || l.candidat != *candidat);
            s.liens.leves.insert((jure.clone(), candidat.clone()));
        }
        Evenement::Atteste {
            jure,
            candidats,
            le,
            ..
        } => {
            s.liens.declarations.insert(
                jure.clone(),
                Declaration {
                    le: *le,
                    candidats: candidats.iter().cloned().collect(),
                },
            );
        }
    }
}
