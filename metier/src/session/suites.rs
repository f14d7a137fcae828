//! Les suites d'un candidat qui n'a pas tout validé : ce qui manque, jusqu'à quand il peut revenir, l'entretien fixé,
//! la session prévue.
//!
//! Sources : check-list (« convoqués à un entretien, le plus tôt possible ») ; reglement.md §3.6, délais D14 à D18.

use super::candidats::{Candidat, Voie};
use super::deliberation::{self, Issue, Sort};
use super::{Session, exiger_texte, motif, verifier_survenu};
use crate::contexte::{Constat, Contexte, Refus};
use crate::echeances::un_an_apres;
use crate::etiquette::etiquete;
use crate::mots::de;
use crate::{CandidatId, temps};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// L'entretien d'après jury.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entretien {
    /// Quand il a lieu.
    pub quand: DateTime,
    /// Où, avec qui.
    pub lieu: String,
}

/// La session où le candidat revient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prevue {
    /// Ce qu'elle est : « Session CCP : CCP2, DWWM ».
    pub libelle: String,
    /// Son premier jour.
    pub debut: Date,
}

/// Ce que l'on a fait pour un candidat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suivi {
    /// Comment il a été informé de ses suites, et quand.
    pub informe: Option<(String, DateTime)>,
    /// L'entretien fixé, le dernier vaut.
    pub entretien: Option<Entretien>,
    /// La session prévue, la dernière vaut.
    pub prevue: Option<Prevue>,
}

/// Les suites, par candidat.
pub type Suites = BTreeMap<CandidatId, Suivi>;

/// Ce qu'on veut noter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Le candidat sait ce qui lui manque et jusqu'à quand il peut revenir.
    Informer {
        candidat: CandidatId,
        moyen: String,
        survenu: DateTime,
    },
    /// Fixer l'entretien, ou le déplacer (motif demandé).
    Fixer {
        candidat: CandidatId,
        entretien: Entretien,
    },
    /// Prévoir une session, ou en changer (motif demandé).
    Prevoir {
        candidat: CandidatId,
        session: Prevue,
    },
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Informé.
        Informe {
            candidat: CandidatId,
            nom: String,
            moyen: String,
            survenu: DateTime,
        },
        /// Entretien fixé.
        Fixe {
            candidat: CandidatId,
            nom: String,
            entretien: Entretien,
            motif: Option<String>,
        },
        /// Session prévue.
        Prevu {
            candidat: CandidatId,
            nom: String,
            session: Prevue,
            motif: Option<String>,
        },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Informe { .. } => "suites.informe",
            Self::Fixe { .. } => "suites.entretien_fixe",
            Self::Prevu { .. } => "suites.session_prevue",
        }
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Informe {
                nom,
                moyen,
                survenu,
                ..
            } => format!(
                "{nom} informé de ses suites {} ({moyen})",
                temps::moment(*survenu)
            ),
            Self::Fixe {
                nom,
                entretien,
                motif,
                ..
            } => format!(
                "Entretien {} fixé {}, {}{}",
                de(nom),
                temps::moment(entretien.quand),
                entretien.lieu,
                super::suite_motif(motif.as_deref())
            ),
            Self::Prevu {
                nom,
                session,
                motif,
                ..
            } => format!(
                "{nom} : {} prévue à partir du {}{}",
                session.libelle,
                temps::date_chiffres(session.debut),
                super::suite_motif(motif.as_deref())
            ),
        }
    }
}

/// Ce qui attend un candidat qui n'a pas tout validé.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ASuivre {
    /// Qui.
    pub candidat: CandidatId,
    /// Son nom.
    pub nom: String,
    /// Ce que le jury a décidé.
    pub issue: Issue,
    /// Ce qu'il lui manque.
    pub manque: Vec<String>,
    /// Le dernier jour pour revenir, s'il se calcule.
    pub jusqu_au: Option<Date>,
    /// Ce que ce jour veut dire.
    pub delai: String,
}

impl ASuivre {
    /// Faut-il fixer un entretien ? La check-list le demande pour les réussites partielles.
    pub fn demande_entretien(&self) -> bool {
        self.issue == Issue::Partielle
    }
}

/// Ceux qui ont des suites, dans l'ordre des inscriptions ; vide tant que la délibération n'est pas close.
pub fn a_suivre(s: &Session) -> Vec<ASuivre> {
    if s.deliberation.close.is_none() {
        return vec![];
    }
    s.inscrits()
        .filter_map(|c| {
            let d = s.deliberation.decisions.get(&c.id)?;
            if d.issue == Issue::Reussite {
                return None;
            }
            let (jusqu_au, delai) = delai(s, c, d.issue);
            Some(ASuivre {
                candidat: c.id.clone(),
                nom: c.fiche.nom_complet(),
                issue: d.issue,
                manque: manque(s, d),
                jusqu_au,
                delai,
            })
        })
        .collect()
}

fn manque(s: &Session, d: &deliberation::DecisionJury) -> Vec<String> {
    let mut m: Vec<String> = deliberation::certificats(s)
        .into_iter()
        .filter(|(code, _)| {
            !d.certificats
                .get(code)
                .copied()
                .is_some_and(Sort::est_acquis)
        })
        .map(|(code, intitule)| {
            if intitule.is_empty() {
                code
            } else {
                format!("{code}, {intitule}")
            }
        })
        .collect();
    if m.is_empty() && d.entretien_favorable != Some(true) {
        m.push("Entretien final".into());
    }
    m
}

fn delai(s: &Session, c: &Candidat, issue: Issue) -> (Option<Date>, String) {
    let Some(p) = &s.programme else {
        return (None, String::new());
    };
    let validite = p.referentiel.echeance.map(un_an_apres);
    match (issue, c.fiche.voie) {
        (Issue::Partielle | Issue::Reussite, _) => (
            validite,
            match validite {
                Some(_) => "CCP acquis : le titre se complète pendant sa validité, et un an après.".into(),
                None => "CCP acquis : le titre se complète pendant sa validité, et un an après. Sa date de fin n’est pas au référentiel : complétez-la.".into(),
            },
        ),
        (Issue::Echec | Issue::Absence, Some(Voie::Vae)) => (
            None,
            "VAE : la recevabilité vaut un an à compter de sa notification ; vérifiez la date au dossier du candidat.".into(),
        ),
        (Issue::Echec | Issue::Absence, _) => (
            Some(un_an_apres(p.fin)),
            "Un an pour se présenter de nouveau sans nouvelle formation, trois sessions titre au plus.".into(),
        ),
    }
}

fn suivi<'s>(s: &'s Session, id: &CandidatId) -> Result<(&'s Candidat, Suivi), Refus> {
    let c = s.candidat(id)?;
    if !a_suivre(s).iter().any(|x| x.candidat == *id) {
        return Err(Constat::geste(
            "SUI-01",
            format!("{} n’a pas de suites à organiser.", c.fiche.nom_complet()),
            "Les suites concernent les réussites partielles, les échecs et les absences, une fois la délibération close.",
        )
        .into());
    }
    Ok((c, s.suites.get(id).cloned().unwrap_or_default()))
}

pub(super) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    s.programme()?;
    let raison = |deja: bool| {
        if deja {
            motif(ctx).map(Some)
        } else {
            Ok(ctx.motif_ecrit().map(str::to_owned))
        }
    };
    Ok(vec![match action {
        Action::Informer {
            candidat,
            moyen,
            survenu,
        } => {
            verifier_survenu(ctx, *survenu)?;
            let (c, _) = suivi(s, candidat)?;
            exiger_texte("moyen", "Le moyen", moyen, 200)?;
            Evenement::Informe {
                candidat: candidat.clone(),
                nom: c.fiche.nom_complet(),
                moyen: moyen.trim().into(),
                survenu: *survenu,
            }
        }
        Action::Fixer {
            candidat,
            entretien,
        } => {
            let (c, deja) = suivi(s, candidat)?;
            exiger_texte("lieu", "Le lieu de l’entretien", &entretien.lieu, 200)?;
            if s.deliberation.close.is_some_and(|d| entretien.quand < d) {
                return Err(Constat::saisie(
                    "date",
                    "Cet entretien aurait lieu avant la fin de la délibération.",
                    "Corrigez la date et l’heure.",
                )
                .into());
            }
            if deja.entretien.as_ref() == Some(entretien) {
                return Ok(vec![]);
            }
            Evenement::Fixe {
                candidat: candidat.clone(),
                nom: c.fiche.nom_complet(),
                entretien: Entretien {
                    lieu: entretien.lieu.trim().into(),
                    ..entretien.clone()
                },
                motif: raison(deja.entretien.is_some())?,
            }
        }
        Action::Prevoir { candidat, session } => {
            let (c, deja) = suivi(s, candidat)?;
            exiger_texte("session", "La session prévue", &session.libelle, 200)?;
            if s.programme()?.fin >= session.debut {
                return Err(Constat::saisie(
                    "session",
                    "La session prévue commence avant la fin de celle-ci.",
                    "Choisissez une session à venir.",
                )
                .into());
            }
            if deja.prevue.as_ref() == Some(session) {
                return Ok(vec![]);
            }
            Evenement::Prevu {
                candidat: candidat.clone(),
                nom: c.fiche.nom_complet(),
                session: session.clone(),
                motif: raison(deja.prevue.is_some())?,
            }
        }
    }])
}

pub(super) fn appliquer(s: &mut Session, e: &Evenement) {
    match e {
        Evenement::Informe {
            candidat,
            moyen,
            survenu,
            ..
        } => {
            s.suites.entry(candidat.clone()).or_default().informe = Some((moyen.clone(), *survenu));
        }
        Evenement::Fixe {
            candidat,
            entretien,
            ..
        } => {
            s.suites.entry(candidat.clone()).or_default().entretien = Some(entretien.clone());
        }
        Evenement::Prevu {
            candidat, session, ..
        } => {
            s.suites.entry(candidat.clone()).or_default().prevue = Some(session.clone());
        }
    }
}
