//! Le plateau technique : ce qu'il faut, ce qui est compté, ce qui manque et comment on y pare ; le local, les affichages.
//!
//! Sources : check-list (« Préparer le plateau technique », « mise en place de l'information ») ; reglement.md R61 à R64.
//! Les besoins se lisent au référentiel, que Garant ne contient pas : le centre les écrit une fois, puis les reprend
//! d'une session à l'autre ; les quantités se calculent avec les candidats et le planning.

mod decision;
mod evenements;

use super::Session;
use super::planning::Passage;
use super::programme::NatureSalle;
use crate::temps;
pub(super) use decision::decider;
pub(super) use evenements::appliquer;
pub use evenements::{Action, Evenement};
use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Nombre maximal de lignes d'un inventaire (limite de Garant).
pub const LIGNES_MAX: usize = 200;

/// Ce qu'il faut sur un plateau.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sorte {
    /// Poste de travail.
    Poste,
    /// Équipement ou outillage.
    Equipement,
    /// Matière d'œuvre.
    Matiere,
    /// Équipement de protection individuelle, vêtement de travail.
    Epi,
    /// Document mis à disposition : grille, référentiel.
    Document,
}

impl Sorte {
    /// Toutes.
    pub const TOUTES: [Sorte; 5] = [
        Self::Poste,
        Self::Equipement,
        Self::Matiere,
        Self::Epi,
        Self::Document,
    ];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Poste => "Poste de travail",
            Self::Equipement => "Équipement, outillage",
            Self::Matiere => "Matière d’œuvre",
            Self::Epi => "Protection, tenue (EPI)",
            Self::Document => "Document",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Poste => "poste",
            Self::Equipement => "equipement",
            Self::Matiere => "matiere",
            Self::Epi => "epi",
            Self::Document => "document",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|s| s.code() == c)
    }
}

/// Ce par quoi la quantité se multiplie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Par {
    /// Pour chaque candidat attendu.
    Candidat,
    /// Pour chaque candidat présent en même temps dans ce lieu, d'après le planning.
    Ensemble,
    /// Pour chaque juré titulaire.
    Jure,
    /// En tout.
    Session,
}

impl Par {
    /// Tous.
    pub const TOUS: [Par; 4] = [Self::Candidat, Self::Ensemble, Self::Jure, Self::Session];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Candidat => "par candidat",
            Self::Ensemble => "par candidat présent en même temps",
            Self::Jure => "par juré",
            Self::Session => "en tout",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Candidat => "candidat",
            Self::Ensemble => "ensemble",
            Self::Jure => "jure",
            Self::Session => "session",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|p| p.code() == c)
    }
}

/// Un besoin du plateau.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Besoin {
    /// Sorte.
    pub sorte: Sorte,
    /// Ce que c'est.
    pub libelle: String,
    /// La salle ; vide : où que ce soit.
    pub lieu: String,
    /// Combien.
    pub quantite: u32,
    /// Par quoi multiplier.
    pub par: Par,
}

impl Besoin {
    /// Deux fois le même besoin ?
    pub fn est_le_meme(&self, autre: &Besoin) -> bool {
        self.sorte == autre.sorte && self.libelle == autre.libelle && self.lieu == autre.lieu
    }
}

/// Un fait noté : quand, par qui.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Quand.
    pub survenu: DateTime,
    /// Par qui.
    pub par: String,
}

/// Une ligne de l'inventaire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ligne {
    /// Son numéro dans la session.
    pub numero: u32,
    /// Le besoin.
    pub besoin: Besoin,
    /// Ce qui a été compté en état de servir, la dernière fois.
    pub compte: Option<(u32, Note)>,
    /// Comment on pare au manque.
    pub parade: Option<(String, Note)>,
    /// Ôtée, pourquoi.
    pub otee: Option<String>,
}

impl Ligne {
    /// Combien il en faut dans cette session.
    pub fn requis(&self, s: &Session) -> u32 {
        let fois = match self.besoin.par {
            Par::Candidat => attendus(s),
            Par::Ensemble => ensemble(s, &self.besoin.lieu),
            Par::Jure => s
                .jury
                .iter()
                .filter(|m| m.membre.place == super::jury::Place::Titulaire)
                .count() as u32,
            Par::Session => 1,
        };
        fois.saturating_mul(self.besoin.quantite)
    }
    /// Ce qui manque, une fois compté.
    pub fn manque(&self, s: &Session) -> Option<u32> {
        let (compte, _) = self.compte.as_ref()?;
        self.requis(s).checked_sub(*compte).filter(|n| *n > 0)
    }
    /// Comptée, et complète ou parée ?
    pub fn est_reglee(&self, s: &Session) -> bool {
        self.compte.is_some() && (self.manque(s).is_none() || self.parade.is_some())
    }
}

/// Ce qui se met à disposition ou s'affiche dans une salle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Affichage {
    /// Le règlement général, affiché dans chaque salle.
    Reglement,
    /// Les référentiels (REAC et RE), à disposition.
    Referentiels,
}

impl Affichage {
    /// Tous.
    pub const TOUS: [Affichage; 2] = [Self::Reglement, Self::Referentiels];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Reglement => "Règlement général affiché",
            Self::Referentiels => "REAC et référentiel d’évaluation à disposition",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reglement => "reglement",
            Self::Referentiels => "referentiels",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|a| a.code() == c)
    }
}

/// Le plateau de la session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plateau {
    /// L'inventaire, dans l'ordre des numéros, lignes ôtées comprises.
    pub lignes: Vec<Ligne>,
    /// Locaux d'entretien réservés et préparés.
    pub reserves: BTreeMap<String, Note>,
    /// Affichages constatés, par salle.
    pub affichages: BTreeMap<(Affichage, String), Note>,
}

impl Plateau {
    /// Les lignes qui valent.
    pub fn inventaire(&self) -> impl Iterator<Item = &Ligne> {
        self.lignes.iter().filter(|l| l.otee.is_none())
    }
    /// Le référentiel demande-t-il une protection ou une tenue, d'après l'inventaire ?
    pub fn exige_epi(&self) -> bool {
        self.inventaire().any(|l| l.besoin.sorte == Sorte::Epi)
    }
    /// Une ligne.
    pub fn ligne(&self, numero: u32) -> Option<&Ligne> {
        self.inventaire().find(|l| l.numero == numero)
    }
}

/// Candidats attendus : inscrits, moins ceux que l'on a constatés absents.
pub fn attendus(s: &Session) -> u32 {
    s.inscrits().filter(|c| !s.jour.est_absent(&c.id)).count() as u32
}

/// Le plus grand nombre de candidats ensemble dans ce lieu (partout s'il est vide) ; tous, sans planning.
pub fn ensemble(s: &Session, lieu: &str) -> u32 {
    let mut par: BTreeMap<Date, Vec<&Passage>> = BTreeMap::new();
    for x in s
        .planning
        .passages
        .iter()
        .filter(|x| lieu.is_empty() || x.lieu == lieu)
        .filter(|x| !s.jour.est_absent(&x.candidat))
    {
        par.entry(x.date).or_default().push(x);
    }
    let plus = par.values().filter_map(|p| au_plus(p)).map(|(n, _)| n);
    if s.planning.passages.is_empty() {
        attendus(s)
    } else {
        plus.max().unwrap_or(0) as u32
    }
}

/// Le plus grand nombre de passages ensemble, et l'heure où cela commence.
pub fn au_plus(passages: &[&Passage]) -> Option<(usize, Time)> {
    // À heure égale, une sortie passe avant une entrée : le poste se libère.
    let mut pas: Vec<(Time, i32)> = passages
        .iter()
        .flat_map(|x| [(x.debut, 1), (x.fin, -1)])
        .collect();
    pas.sort_unstable();
    let (mut la, mut mieux) = (0, None);
    for (t, delta) in pas {
        la += delta;
        if mieux.is_none_or(|(n, _)| la > n) {
            mieux = Some((la, t));
        }
    }
    mieux.map(|(n, t)| (n.max(0) as usize, t))
}

/// Les salles où quelque chose se passe : celles du planning ; à défaut, toutes celles du site.
pub fn salles(s: &Session) -> Vec<String> {
    // Peu de salles pour beaucoup de passages : on ne copie un nom qu'une fois.
    let mut noms: Vec<&str> = vec![];
    for p in &s.planning.passages {
        if !noms.contains(&p.lieu.as_str()) {
            noms.push(&p.lieu);
        }
    }
    if noms.is_empty() {
        noms = s
            .programme
            .iter()
            .flat_map(|p| &p.site.salles)
            .map(|x| x.nom.as_str())
            .collect();
    }
    noms.sort_unstable();
    noms.dedup();
    noms.into_iter().map(str::to_owned).collect()
}

/// Les locaux d'entretien du site.
pub fn locaux_d_entretien(s: &Session) -> Vec<String> {
    s.programme
        .iter()
        .flat_map(|p| &p.site.salles)
        .filter(|x| x.nature == NatureSalle::Entretien)
        .map(|x| x.nom.clone())
        .collect()
}

/// Les salles où cet affichage n'est pas noté.
pub fn sans_affichage(s: &Session, quoi: Affichage) -> Vec<String> {
    salles(s)
        .into_iter()
        .filter(|x| !s.plateau.affichages.contains_key(&(quoi, x.clone())))
        .collect()
}

/// Ce que le planning et la check-list laissent déduire, quand rien n'est encore écrit : postes et papiers du jury.
pub fn proposition(s: &Session) -> Vec<Besoin> {
    let Some(p) = &s.programme else { return vec![] };
    let besoin = |sorte, libelle: &str, lieu: &str, par| Besoin {
        sorte,
        libelle: libelle.into(),
        lieu: lieu.into(),
        quantite: 1,
        par,
    };
    let mut l: Vec<Besoin> = salles(s)
        .iter()
        .filter(|nom| {
            p.site
                .salles
                .iter()
                .any(|x| x.nom == **nom && x.nature != NatureSalle::Entretien)
        })
        .map(|nom| besoin(Sorte::Poste, "Poste de travail en état", nom, Par::Ensemble))
        .collect();
    l.push(besoin(
        Sorte::Document,
        "Grille d’évaluation du jury",
        "",
        Par::Candidat,
    ));
    if p.type_session == super::programme::TypeSession::Titre {
        l.push(besoin(
            Sorte::Document,
            "Fiche de synthèse",
            "",
            Par::Candidat,
        ));
    }
    l.push(besoin(
        Sorte::Document,
        "Référentiel d’évaluation pour le jury",
        "",
        Par::Jure,
    ));
    l
}

/// « mardi 15 décembre 2026 à 8 h 05, par Camille UN ».
pub fn dit(n: &Note) -> String {
    format!("{}, par {}", temps::moment(n.survenu), n.par)
}
