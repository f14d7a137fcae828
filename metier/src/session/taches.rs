//! La check-list : des tâches en données, un état qui se déduit des faits.
//!
//! Une tâche se ferme seule quand Garant connaît le fait (« 8 convocations remises sur 12 »), ou à la main avec
//! une observation. Rouvrir ou déclarer sans objet demande un motif.

use super::Session;
use super::convocations::{Destinataire, Etat as EtatConvocation};
use super::equipe::Poste;
use super::jury::Place;
use crate::contexte::{Constat, Contexte, Refus};
use crate::echeances::Delai;
use crate::{PersonneId, temps};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Longueur maximale d'une observation (limite de Garant).
pub const OBSERVATION_MAX: usize = 2_000;

/// Phase de la check-list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// En amont de la session.
    Amont,
    /// Pendant la session.
    Pendant,
    /// Après la session.
    Apres,
}

impl Phase {
    /// Toutes, dans l'ordre.
    pub const TOUTES: [Phase; 3] = [Self::Amont, Self::Pendant, Self::Apres];
    /// Libellé du papier.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Amont => "En amont de la session",
            Self::Pendant => "Pendant la session",
            Self::Apres => "Après la session",
        }
    }
}

/// Le fait qui ferme une tâche de lui-même.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preuve {
    /// La session est programmée.
    Programme,
    /// Numéro CERES noté.
    Ceres,
    /// Responsable et suppléant nommés.
    Equipe,
    /// Candidats inscrits.
    Candidats,
    /// Deux jurés habilités et une réserve.
    Jury,
    /// Planning complet et validé.
    Planning,
    /// Convocations des candidats remises.
    ConvocationsCandidats,
    /// Convocations des jurés remises.
    ConvocationsJury,
    /// Convocation du surveillant remise.
    ConvocationsSurveillant,
    /// Planning affiché.
    Affichage,
}

/// À quelles sessions une tâche s'applique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// À toutes.
    #[default]
    Toujours,
    /// Quand le référentiel demande un surveillant.
    Surveillant,
    /// Quand un candidat vient de la VAE.
    Vae,
}

/// Une tâche du modèle.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tache {
    /// Code stable (« AV-09 »).
    pub code: String,
    /// Phase.
    pub phase: Phase,
    /// Intitulé du papier.
    pub intitule: String,
    /// Sous-lignes du papier.
    #[serde(default)]
    pub sous_taches: Vec<String>,
    /// Observation imprimée du papier.
    #[serde(default)]
    pub observation: Option<String>,
    /// Délai.
    #[serde(default)]
    pub delai: Option<Delai>,
    /// Le fait qui la ferme.
    #[serde(default)]
    pub preuve: Option<Preuve>,
    /// Condition d'application.
    #[serde(default)]
    pub condition: Condition,
    /// Règle du règlement (« R37 »).
    #[serde(default)]
    pub regle: Option<String>,
    /// Page de la session où elle se fait.
    #[serde(default)]
    pub page: Option<String>,
    /// Nom court sur la frise, si elle y figure.
    #[serde(default)]
    pub jalon: Option<String>,
}

#[derive(Deserialize)]
struct Modele {
    tache: Vec<Tache>,
}

static TACHES_2016: LazyLock<Vec<Tache>> = LazyLock::new(|| {
    toml::from_str::<Modele>(include_str!("../../modeles/taches-2016.toml"))
        .expect("le modèle livré est relu par un essai")
        .tache
});

/// Le modèle de check-list de ce nom ; celui de 2016 à défaut.
pub fn modele(_nom: &str) -> &'static [Tache] {
    &TACHES_2016
}

/// Ce que Garant sait du fait : combien sur combien, dit en une phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Avancement {
    /// Faits.
    pub faits: usize,
    /// Attendus.
    pub attendus: usize,
    /// La phrase montrée.
    pub phrase: String,
}

/// L'état d'une tâche à un jour donné.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Etat {
    /// Faite.
    Faite,
    /// À faire, sans urgence.
    AFaire,
    /// À faire sous huit jours.
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

/// Ce qu'une personne a dit d'une tâche.
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

/// Les tâches marquées à la main.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taches {
    /// Par code.
    pub marques: BTreeMap<String, Marque>,
}

/// Une tâche vue un jour donné, prête à montrer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VueTache {
    /// Le modèle.
    pub tache: &'static Tache,
    /// Son état.
    pub etat: Etat,
    /// Date limite.
    pub echeance: Option<Date>,
    /// Ce que Garant sait du fait.
    pub avancement: Option<Avancement>,
    /// Ce qu'une personne en a dit.
    pub marque: Option<Marque>,
}

/// Ce qu'on veut faire.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Noter une tâche faite.
    Realiser { code: String, observation: String },
    /// La rouvrir (motif demandé).
    Rouvrir { code: String },
    /// La déclarer sans objet (motif demandé).
    DeclarerSansObjet { code: String },
}

/// Ce qui s'est passé.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "quoi", content = "donnees", rename_all = "snake_case")]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Evenement {
    /// Réalisée.
    Realisee {
        code: String,
        intitule: String,
        observation: String,
    },
    /// Rouverte.
    Rouverte {
        code: String,
        intitule: String,
        motif: String,
    },
    /// Déclarée sans objet.
    SansObjet {
        code: String,
        intitule: String,
        motif: String,
    },
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Realisee { .. } => "taches.realisee",
            Self::Rouverte { .. } => "taches.rouverte",
            Self::SansObjet { .. } => "taches.sans_objet",
        }
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Realisee {
                intitule,
                observation,
                ..
            } => {
                if observation.is_empty() {
                    format!("Tâche faite : {intitule}")
                } else {
                    format!("Tâche faite : {intitule} ({observation})")
                }
            }
            Self::Rouverte {
                intitule, motif, ..
            } => format!("Tâche rouverte : {intitule} (motif : {motif})"),
            Self::SansObjet {
                intitule, motif, ..
            } => format!("Tâche sans objet : {intitule} (motif : {motif})"),
        }
    }
}

pub(super) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let p = s.programme()?;
    let trouver = |code: &str| {
        modele(&p.modele_taches)
            .iter()
            .find(|t| t.code == code)
            .ok_or_else(|| {
                Refus::from(Constat::geste(
                    "TAC-01",
                    "Cette tâche n’est pas dans la check-list de la session.",
                    "Revenez à la check-list.",
                ))
            })
    };
    match action {
        Action::Realiser { code, observation } => {
            let t = trouver(code)?;
            if observation.chars().count() > OBSERVATION_MAX {
                return Err(Constat::saisie(
                    "observation",
                    format!("L’observation dépasse {OBSERVATION_MAX} caractères."),
                    "Résumez-la.",
                )
                .into());
            }
            if t.preuve.is_some()
                && observation.trim().is_empty()
                && avancement(s, t).is_some_and(|a| a.faits < a.attendus)
            {
                return Err(Constat::saisie(
                    "observation",
                    "Garant ne voit pas encore la preuve de cette tâche.",
                    "Faites-la dans Garant, ou dites en observation comment elle a été faite.",
                )
                .into());
            }
            if s.taches
                .marques
                .get(code)
                .is_some_and(|m| !m.sans_objet && m.observation == observation.trim())
            {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::Realisee {
                code: code.clone(),
                intitule: t.intitule.clone(),
                observation: observation.trim().to_owned(),
            }])
        }
        Action::Rouvrir { code } => {
            let t = trouver(code)?;
            if !s.taches.marques.contains_key(code) {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::Rouverte {
                code: code.clone(),
                intitule: t.intitule.clone(),
                motif: super::motif(ctx)?,
            }])
        }
        Action::DeclarerSansObjet { code } => {
            let t = trouver(code)?;
            Ok(vec![Evenement::SansObjet {
                code: code.clone(),
                intitule: t.intitule.clone(),
                motif: super::motif(ctx)?,
            }])
        }
    }
}

pub(super) fn appliquer(s: &mut Session, e: &Evenement, realise_par: &PersonneId, le: &str) {
    let mut marquer = |code: &str, sans_objet: bool, observation: &str| {
        s.taches.marques.insert(
            code.into(),
            Marque {
                sans_objet,
                observation: observation.into(),
                realise_par: realise_par.clone(),
                le: le.into(),
            },
        );
    };
    match e {
        Evenement::Realisee {
            code, observation, ..
        } => marquer(code, false, observation),
        Evenement::SansObjet { code, motif, .. } => marquer(code, true, motif),
        Evenement::Rouverte { code, .. } => {
            s.taches.marques.remove(code);
        }
    }
}

/// La check-list de la session à ce jour, dans l'ordre du papier.
pub fn vues(s: &Session, jour: Date) -> Vec<VueTache> {
    let Some(p) = &s.programme else { return vec![] };
    modele(&p.modele_taches)
        .iter()
        .map(|t| {
            let avancement = avancement(s, t);
            let marque = s.taches.marques.get(&t.code).cloned();
            let echeance = t
                .delai
                .map(|d| d.date(p.debut, p.fin, p.referentiel.echeance));
            let concerne = match t.condition {
                Condition::Toujours => true,
                Condition::Surveillant => {
                    p.demande_surveillant() || s.equipe.a(Poste::Surveillant).next().is_some()
                }
                Condition::Vae => s
                    .inscrits()
                    .any(|c| c.fiche.voie == Some(super::candidats::Voie::Vae)),
            };
            let etat = if !concerne || marque.as_ref().is_some_and(|m| m.sans_objet) {
                Etat::SansObjet
            } else if marque.is_some()
                || avancement
                    .as_ref()
                    .is_some_and(|a| a.attendus > 0 && a.faits >= a.attendus)
            {
                Etat::Faite
            } else {
                match echeance {
                    Some(e) if e < jour => Etat::EnRetard,
                    Some(e) if temps::jours_entre(jour, e) <= 8 => Etat::Proche,
                    _ => Etat::AFaire,
                }
            };
            VueTache {
                tache: t,
                etat,
                echeance,
                avancement,
                marque,
            }
        })
        .collect()
}

fn avancement(s: &Session, t: &Tache) -> Option<Avancement> {
    let p = s.programme.as_ref()?;
    let n = |faits: usize, attendus: usize, phrase: String| {
        Some(Avancement {
            faits,
            attendus,
            phrase,
        })
    };
    let remises = |d: Vec<Destinataire>, mot: &str| {
        let f = d
            .iter()
            .filter(|d| s.etat_convocation(d) == EtatConvocation::Remise)
            .count();
        n(
            f,
            d.len().max(1),
            if d.is_empty() {
                "personne à convoquer pour l’instant".into()
            } else {
                format!("{f} {mot} sur {}", d.len())
            },
        )
    };
    match t.preuve? {
        Preuve::Programme => n(
            1,
            1,
            format!("{}, {}", p.libelle_type(), temps::periode(p.debut, p.fin)),
        ),
        Preuve::Ceres => n(
            usize::from(p.numero_ceres.is_some()),
            1,
            p.numero_ceres
                .as_ref()
                .map_or("numéro CERES à compléter".into(), |c| {
                    format!("CERES n° {c}")
                }),
        ),
        Preuve::Equipe => {
            let f = usize::from(s.equipe.responsable().is_some())
                + usize::from(s.equipe.suppleant().is_some());
            n(
                f,
                2,
                format!(
                    "responsable : {} · suppléant : {}",
                    s.equipe.responsable().map_or("à nommer", |i| &i.nom),
                    s.equipe.suppleant().map_or("à nommer", |i| &i.nom)
                ),
            )
        }
        Preuve::Candidats => {
            let k = s.inscrits().count();
            n(
                k.min(1),
                1,
                match k {
                    0 => "aucun candidat inscrit".into(),
                    1 => "1 candidat inscrit".into(),
                    k => format!("{k} candidats inscrits"),
                },
            )
        }
        Preuve::Jury => {
            let titulaires = s
                .jury
                .iter()
                .filter(|m| {
                    m.membre.place == Place::Titulaire && m.membre.est_habilite(p.debut, p.fin)
                })
                .count();
            let reserve = s
                .jury
                .iter()
                .filter(|m| m.membre.place == Place::Reserve)
                .count();
            n(
                titulaires.min(2) + reserve.min(1),
                3,
                format!("{titulaires} titulaires habilités, {reserve} en réserve"),
            )
        }
        Preuve::Planning => {
            let attendus = p.epreuves().len() * s.inscrits().count();
            let faits = s.planning.passages.len();
            n(
                usize::from(s.planning.valide.is_some()),
                1,
                if s.planning.valide.is_some() {
                    format!("planning validé, {faits} passages")
                } else {
                    format!("{faits} passages placés sur {attendus}, à valider")
                },
            )
        }
        Preuve::ConvocationsCandidats => remises(
            s.inscrits()
                .map(|c| Destinataire::Candidat(c.id.clone()))
                .collect(),
            "convocations remises",
        ),
        Preuve::ConvocationsJury => remises(
            s.jury
                .iter()
                .filter(|m| m.membre.place == Place::Titulaire)
                .map(|m| Destinataire::Jure(m.membre.jure.clone()))
                .collect(),
            "jurés convoqués",
        ),
        Preuve::ConvocationsSurveillant => remises(
            s.equipe
                .a(Poste::Surveillant)
                .map(|i| Destinataire::Surveillant(i.id.clone()))
                .collect(),
            "surveillants convoqués",
        ),
        Preuve::Affichage => {
            let ok = s.planning.affiche_le.is_some() && s.planning.affiche_rang > s.planning.rang();
            n(
                usize::from(ok),
                1,
                match s.planning.affiche_le {
                    None => "planning pas encore affiché".into(),
                    Some(d) if ok => format!("affiché le {}", temps::date_chiffres(d)),
                    Some(d) => format!("affiché le {}, changé depuis", temps::date_chiffres(d)),
                },
            )
        }
    }
}
