//! Les archives : ce qui est rangé, où, jusqu'à quand ; les recours qui gèlent ; la purge, proposée par une personne,
//! confirmée par une autre.
//!
//! Sources : check-list (« Archiver et traiter les résultats », cinq ans) ; reglement.md §9, R102 à R104.
//! Ici se décide qu'une purge est permise ; le stockage détruit, et la chaîne se vérifie toujours.

mod decision;
mod evenements;

use super::Session;
use super::programme::Programme;
use super::pv::Etape as EtapePv;
use crate::bilan::LigneBilan;
use crate::echeances::cinq_ans_apres;
use crate::{Evenement as E, PersonneId, PieceId};
pub(super) use decision::decider;
pub use evenements::{Action, Evenement};
pub(super) use evenements::{appliquer, appliquer_purge};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Ce que le centre garde d'une session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Element {
    /// Copie validée du procès-verbal.
    Pv,
    /// Documents rédigés par les candidats.
    Productions,
    /// Copie des dossiers professionnels.
    Dossiers,
    /// Grilles d'évaluation remplies par les jurés.
    Grilles,
    /// Fiche de synthèse et fiches individuelles.
    Fiches,
    /// Convocations, émargements, planning, inventaire, registre des plis, incidents.
    Registres,
    /// Pièces d'accès, notifications de recevabilité.
    Acces,
}

impl Element {
    /// Tous.
    pub const TOUS: [Element; 7] = [
        Self::Pv,
        Self::Productions,
        Self::Dossiers,
        Self::Grilles,
        Self::Fiches,
        Self::Registres,
        Self::Acces,
    ];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Pv => "Procès-verbal, copie validée",
            Self::Productions => "Documents rédigés par les candidats",
            Self::Dossiers => "Dossiers professionnels, en copie",
            Self::Grilles => "Grilles d’évaluation des jurés",
            Self::Fiches => "Fiches de synthèse et fiches individuelles",
            Self::Registres => {
                "Convocations, émargements, planning, inventaire, registre des plis, incidents"
            }
            Self::Acces => "Pièces d’accès et notifications de recevabilité",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pv => "pv",
            Self::Productions => "productions",
            Self::Dossiers => "dossiers",
            Self::Grilles => "grilles",
            Self::Fiches => "fiches",
            Self::Registres => "registres",
            Self::Acces => "acces",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|e| e.code() == c)
    }
    /// D'où vient la durée de conservation.
    pub fn source(self) -> &'static str {
        match self {
            Self::Pv | Self::Productions | Self::Dossiers | Self::Grilles => {
                "check-list : cinq ans"
            }
            Self::Fiches | Self::Registres | Self::Acces => {
                "non précisé par les textes ; aligné sur cinq ans"
            }
        }
    }
}

/// Sous quelle forme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// Papier.
    Papier,
    /// Fichiers.
    Numerique,
    /// Les deux.
    LesDeux,
}

impl Support {
    /// Tous.
    pub const TOUS: [Support; 3] = [Self::Papier, Self::Numerique, Self::LesDeux];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Papier => "Papier",
            Self::Numerique => "Fichiers",
            Self::LesDeux => "Papier et fichiers",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Papier => "papier",
            Self::Numerique => "numerique",
            Self::LesDeux => "les_deux",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|s| s.code() == c)
    }
}

/// Où un élément est rangé.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rangement {
    /// Le lieu.
    pub lieu: String,
    /// La forme.
    pub support: Support,
    /// Quand on l'y a mis.
    pub survenu: DateTime,
    /// Par qui.
    pub par: String,
}

/// Ce que l'on sait d'un élément du registre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sort {
    /// Rangé.
    Range(Rangement),
    /// Sans objet, pourquoi.
    SansObjet(String),
}

/// Un recours : tant qu'il est ouvert, rien ne se purge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recours {
    /// Son numéro dans la session.
    pub numero: u32,
    /// Qui conteste, quoi.
    pub objet: String,
    /// Quand il a été reçu.
    pub recu: DateTime,
    /// Comment il s'est fini, et quand.
    pub issue: Option<(String, DateTime)>,
}

/// Ce qu'une purge détruit : des contenus et des pièces, par personne concernée.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Classe {
    /// Ce qui nomme un candidat, listes et papiers compris.
    Candidats,
    /// Ce qui nomme un juré.
    Jures,
    /// Ce qui nomme l'équipe du centre.
    Equipe,
}

impl Classe {
    /// Toutes.
    pub const TOUTES: [Classe; 3] = [Self::Candidats, Self::Jures, Self::Equipe];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Candidats => "Candidats : fiches, présences, incidents, décisions, papiers",
            Self::Jures => "Jurés : composition du jury, présences, papiers",
            Self::Equipe => "Équipe : nominations, papiers",
        }
    }
    /// Nom court.
    pub fn nom(self) -> &'static str {
        match self {
            Self::Candidats => "candidats",
            Self::Jures => "jurés",
            Self::Equipe => "équipe",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Candidats => "candidats",
            Self::Jures => "jures",
            Self::Equipe => "equipe",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|x| x.code() == c)
    }

    /// La classe qui emporte le contenu de cet événement ; rien : il ne se purge pas.
    pub fn de(e: &E) -> Option<Self> {
        match e {
            // Des observations libres peuvent nommer un candidat ; le planning dit quand chacun passait.
            E::Tache(_) | E::Planning(_) => return Some(Self::Candidats),
            E::Pv(super::pv::Evenement::Franchi { pas, .. })
                if pas.etape() == EtapePv::Observations =>
            {
                return Some(Self::Candidats);
            }
            E::Archivage(a) if a.parle_d_un_recours() => return Some(Self::Candidats),
            E::Purge(_) | E::Archivage(_) => return None,
            E::Programme(_)
            | E::Cadre(_)
            | E::Equipe(_)
            | E::Candidat(_)
            | E::Parcours(_)
            | E::Jury(_)
            | E::Lien(_)
            | E::Sollicitation(_)
            | E::Convocation(_)
            | E::Plateau(_)
            | E::Pli(_)
            | E::Jour(_)
            | E::Incident(_)
            | E::Deliberation(_)
            | E::Suite(_)
            | E::Pv(_)
            | E::Derogation(_) => {}
        }
        Self::d_une_classe(e.classe())
    }

    /// La classe qui emporte une pièce rangée sous cette classe de conservation.
    pub fn de_piece(classe: &str) -> Option<Self> {
        // Les listes (« session ») nomment les candidats.
        match classe {
            "session" => Some(Self::Candidats),
            autre => Self::d_une_classe(autre),
        }
    }

    fn d_une_classe(classe: &str) -> Option<Self> {
        match classe {
            "candidat" => Some(Self::Candidats),
            "jure" => Some(Self::Jures),
            "equipe" => Some(Self::Equipe),
            _ => None,
        }
    }
}

/// Une purge proposée, que quelqu'un d'autre doit confirmer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposition {
    /// Ce qu'elle détruirait.
    pub classes: BTreeSet<Classe>,
    /// Qui la propose.
    pub par: PersonneId,
    /// Son nom.
    pub nom: String,
    /// Pourquoi.
    pub motif: String,
    /// Quand (RFC 3339).
    pub le: String,
    /// Rang au journal.
    pub rang: u64,
}

/// Une purge faite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faite {
    /// Quand (RFC 3339).
    pub le: String,
    /// Rang au journal.
    pub rang: u64,
    /// Ce qu'elle a détruit.
    pub classes: BTreeSet<Classe>,
    /// Combien de contenus.
    pub contenus: usize,
    /// Quelles pièces.
    pub pieces: Vec<PieceId>,
    /// Pourquoi.
    pub motif: String,
    /// Qui l'a proposée.
    pub propose_par: String,
    /// Qui l'a confirmée.
    pub confirme_par: String,
}

/// Les archives de la session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Archivage {
    /// Le registre.
    pub registre: BTreeMap<Element, Sort>,
    /// Les recours.
    pub recours: Vec<Recours>,
    /// La purge proposée.
    pub proposition: Option<Proposition>,
    /// Les purges faites.
    pub purges: Vec<Faite>,
    /// Ce que la session a donné, gardé sans nom quand les décisions sont purgées.
    pub bilan: Option<Vec<LigneBilan>>,
}

impl Archivage {
    /// Les recours encore ouverts.
    pub fn recours_ouverts(&self) -> impl Iterator<Item = &Recours> {
        self.recours.iter().filter(|r| r.issue.is_none())
    }
    /// Les candidats sont-ils purgés ? La session ne se change plus.
    pub fn est_purgee(&self) -> bool {
        self.purges
            .iter()
            .any(|p| p.classes.contains(&Classe::Candidats))
    }
    /// Ces classes ont-elles déjà été purgées ?
    pub fn deja(&self, c: Classe) -> bool {
        self.purges.iter().any(|p| p.classes.contains(&c))
    }
}

/// Le dernier jour de conservation : cinq ans après la fin, ou après le retour du procès-verbal s'il est plus tardif.
pub fn terme(s: &Session) -> Option<Date> {
    Some(terme_du(s, s.programme.as_ref()?))
}

/// Le même, si la session avait ce programme.
pub(super) fn terme_du(s: &Session, p: &Programme) -> Date {
    let retour =
        s.pv.franchie(EtapePv::CopieRevenue)
            .map_or(p.fin, |f| f.survenu.date());
    cinq_ans_apres(p.fin.max(retour))
}

/// Les éléments que cette session doit ranger.
pub fn attendus(s: &Session) -> Vec<Element> {
    let vae = s
        .inscrits()
        .any(|c| c.fiche.voie == Some(super::candidats::Voie::Vae));
    Element::TOUS
        .into_iter()
        .filter(|e| *e != Element::Acces || vae || s.archivage.registre.contains_key(e))
        .collect()
}

/// Ce qui manque aux archives, en phrases ; vide : elles sont complètes.
pub fn manques(s: &Session) -> Vec<String> {
    let mut m: Vec<String> = attendus(s)
        .into_iter()
        .filter(|e| !s.archivage.registre.contains_key(e))
        .map(|e| format!("{} : pas encore rangé.", e.libelle()))
        .collect();
    if s.pv.scans.is_empty() && !s.archivage.est_purgee() {
        m.push("Le procès-verbal signé n’est pas numérisé dans Garant.".into());
    }
    for p in &s.plis.liste {
        if p.etape() != super::plis::Etape::Detruit {
            m.push(format!(
                "Pli « {} » : sujets pas encore détruits.",
                p.libelle
            ));
        }
    }
    m
}
