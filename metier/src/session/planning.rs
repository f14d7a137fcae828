//! Le planning : pour chaque candidat et chaque épreuve, où, quel jour, à quelle heure, devant qui.

mod decision;
mod evenements;
mod journees;

pub(super) use decision::decider;
pub use evenements::{Action, Evenement};
pub use journees::{Empeche, Empechement, Journees};

use super::Session;
use super::convocations::Destinataire;
use crate::{CandidatId, JureId, PersonneId, temps};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Nombre maximal de passages d'une session (limite de Garant).
pub const PASSAGES_MAX: usize = 8_000;

/// Le passage d'un candidat à une épreuve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Qui.
    pub candidat: CandidatId,
    /// Code de l'épreuve dans le référentiel figé.
    pub epreuve: String,
    /// Salle du site.
    pub lieu: String,
    /// Jour.
    pub date: Date,
    /// Début.
    pub debut: Time,
    /// Fin.
    pub fin: Time,
    /// Jurés présents.
    pub jury: Vec<JureId>,
    /// Surveillant, s'il en faut un.
    pub surveillant: Option<PersonneId>,
}

impl Passage {
    /// Deux passages se recouvrent-ils dans le temps ?
    pub fn recouvre(&self, autre: &Self) -> bool {
        self.date == autre.date && self.debut < autre.fin && autre.debut < self.fin
    }
    /// Est-ce la même épreuve du même candidat, où que chacun la place ?
    pub fn est_le_meme(&self, autre: &Self) -> bool {
        self.candidat == autre.candidat && self.epreuve == autre.epreuve
    }
    /// « mardi 15 décembre 2026, de 8 h 30 à 9 h 00, salle 2 ».
    pub fn quand_ou(&self) -> String {
        format!(
            "{}, de {} à {}, {}",
            temps::date_longue(self.date),
            temps::heure(self.debut),
            temps::heure(self.fin),
            self.lieu
        )
    }
}

/// La délibération d'un jury, placée au planning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seance {
    /// Les jurés qui délibèrent.
    pub jury: Vec<JureId>,
    /// Jour.
    pub date: Date,
    /// Début.
    pub debut: Time,
    /// Fin.
    pub fin: Time,
}

/// Un passage désigné : le candidat, le code de l'épreuve.
pub type Cle = (CandidatId, String);

/// Ce qui attend une personne qui encadre : jour, début, fin, lieu, épreuve.
type Attente = (Date, Time, Time, String, String);

/// Le planning de la session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Planning {
    /// Passages, triés par date, heure, lieu.
    pub passages: Vec<Passage>,
    /// Rang de la validation, si le planning présent est validé.
    pub valide: Option<u64>,
    /// Rang du dernier changement, par candidat.
    pub rangs: BTreeMap<CandidatId, u64>,
    /// Rang du dernier changement, par personne qui encadre (juré ou surveillant).
    pub rangs_encadrants: BTreeMap<String, u64>,
    /// Délibérations placées.
    pub deliberations: Vec<Seance>,
    /// Passages que l'on ne veut pas voir bouger.
    pub epingles: BTreeSet<Cle>,
    /// Le cadre des journées, s'il a été réglé.
    pub journees: Option<Journees>,
    /// Qui n'est pas là, quand.
    pub empechements: Vec<Empechement>,
    /// Affiché sur le site, quel jour.
    pub affiche_le: Option<Date>,
    /// Rang de l'affichage.
    pub affiche_rang: u64,
}

impl Planning {
    /// Passages d'un candidat, dans l'ordre du temps.
    pub fn de(&self, c: &CandidatId) -> impl Iterator<Item = &Passage> {
        self.passages.iter().filter(move |p| p.candidat == *c)
    }
    /// Un passage.
    pub fn passage(&self, c: &CandidatId, epreuve: &str) -> Option<&Passage> {
        self.passages
            .iter()
            .find(|p| p.candidat == *c && p.epreuve == epreuve)
    }
    /// Rang du dernier changement pour ce candidat.
    pub fn rang_de(&self, c: &CandidatId) -> u64 {
        self.rangs.get(c).copied().unwrap_or(0)
    }
    /// Rang du dernier changement, tous candidats.
    pub fn rang(&self) -> u64 {
        self.rangs.values().copied().max().unwrap_or(0)
    }
    /// Rang du dernier changement de ce qui attend cette personne (juré ou surveillant).
    pub fn rang_encadrant(&self, id: &str) -> u64 {
        self.rangs_encadrants.get(id).copied().unwrap_or(0)
    }
    /// Les journées : celles qui ont été réglées, ou celles qui vont à la plupart des sessions.
    pub fn journees(&self) -> Journees {
        self.journees.clone().unwrap_or_default()
    }
    /// Chaque passage placé pendant l'empêchement de son candidat, d'un juré, du surveillant ou de la salle.
    pub fn passages_empeches(&self) -> Vec<(&Passage, &Empechement)> {
        let heurte = |x: &Passage, e: &Empechement| {
            let concerne = match &e.qui {
                Empeche::Candidat(c) => x.candidat == *c,
                Empeche::Jure(j) => x.jury.contains(j),
                Empeche::Surveillant(p) => x.surveillant.as_ref() == Some(p),
                Empeche::Salle(nom) => x.lieu == *nom,
            };
            concerne && x.date == e.date && x.debut < e.a && e.de < x.fin
        };
        self.passages
            .iter()
            .flat_map(|x| self.empechements.iter().map(move |e| (x, e)))
            .filter(|(x, e)| heurte(x, e))
            .collect()
    }
    /// Ce passage est-il épinglé ?
    pub fn est_epingle(&self, c: &CandidatId, epreuve: &str) -> bool {
        self.epingles.contains(&(c.clone(), epreuve.to_owned()))
    }
    pub(super) fn toucher(&mut self, c: &CandidatId, rang: u64) {
        self.rangs.insert(c.clone(), rang);
        self.valide = None;
    }
    pub(super) fn toucher_tous(&mut self, rang: u64) {
        let tous: Vec<_> = self.passages.iter().map(|p| p.candidat.clone()).collect();
        for c in tous {
            self.toucher(&c, rang);
        }
        let encadrants: Vec<String> = self.attendus().into_keys().collect();
        for e in encadrants {
            self.rangs_encadrants.insert(e, rang);
        }
    }
    /// Ce qui attend chaque personne qui encadre : épreuve, jour, heures, lieu.
    fn attendus(&self) -> BTreeMap<String, BTreeSet<Attente>> {
        let mut v: BTreeMap<String, BTreeSet<_>> = BTreeMap::new();
        for p in &self.passages {
            let attente = (p.date, p.debut, p.fin, p.lieu.clone(), p.epreuve.clone());
            let surveillant = p.surveillant.iter().map(ToString::to_string);
            for qui in p.jury.iter().map(ToString::to_string).chain(surveillant) {
                v.entry(qui).or_default().insert(attente.clone());
            }
        }
        for d in &self.deliberations {
            for qui in &d.jury {
                v.entry(qui.to_string()).or_default().insert((
                    d.date,
                    d.debut,
                    d.fin,
                    String::new(),
                    "délibération".into(),
                ));
            }
        }
        v
    }
    /// Qui, parmi ceux qui encadrent (jurés et surveillants), n'est plus attendu comme dans ce planning d'avant.
    pub fn attendus_autrement(&self, avant: &Planning) -> BTreeSet<String> {
        let (avant, apres) = (avant.attendus(), self.attendus());
        let tous = avant.keys().chain(apres.keys());
        tous.filter(|qui| avant.get(*qui) != apres.get(*qui))
            .cloned()
            .collect()
    }
    /// Les passages de ce candidat, rangés par épreuve : l'ordre du planning n'y compte pas.
    fn passages_par_epreuve(&self, c: &CandidatId) -> BTreeMap<&str, &Passage> {
        self.de(c).map(|x| (x.epreuve.as_str(), x)).collect()
    }
    /// Retient qui, parmi ceux qui encadrent, n'est plus attendu comme avant.
    fn toucher_encadrants(&mut self, avant: &Planning, rang: u64) {
        for qui in self.attendus_autrement(avant) {
            self.rangs_encadrants.insert(qui, rang);
        }
    }
    fn remplacer(&mut self, x: &Passage, rang: u64) {
        self.passages.retain(|p| !p.est_le_meme(x));
        self.passages.push(x.clone());
        self.trier();
        self.toucher(&x.candidat, rang);
    }
    /// Un juré parti ne délibère plus, n'est plus d'un jury, n'a plus d'empêchement.
    pub(super) fn oublier_jure(&mut self, jure: &JureId) {
        for d in &mut self.deliberations {
            d.jury.retain(|j| j != jure);
        }
        self.deliberations.retain(|d| !d.jury.is_empty());
        for j in self.journees.iter_mut().flat_map(|j| &mut j.jurys) {
            j.retain(|x| x != jure);
        }
        self.empechements
            .retain(|e| e.qui != Empeche::Jure(jure.clone()));
    }
    fn oublier_epingles_perdues(&mut self) {
        let places: BTreeSet<Cle> = self
            .passages
            .iter()
            .map(|p| (p.candidat.clone(), p.epreuve.clone()))
            .collect();
        self.epingles.retain(|x| places.contains(x));
    }
    fn trier(&mut self) {
        self.passages.sort_by(|a, b| {
            (a.date, a.debut, &a.lieu, &a.candidat).cmp(&(b.date, b.debut, &b.lieu, &b.candidat))
        });
    }
}

impl Session {
    /// Ceux dont la convocation déjà remise ne dirait plus vrai si le planning devenait celui-là : candidats, jurés et
    /// surveillants.
    pub fn a_prevenir_si(&self, apres: &Planning) -> Vec<Destinataire> {
        let encadrants = apres.attendus_autrement(&self.planning);
        let change = |d: &Destinataire| match d {
            Destinataire::Candidat(c) => {
                self.planning.passages_par_epreuve(c) != apres.passages_par_epreuve(c)
            }
            Destinataire::Jure(j) => encadrants.contains(j.as_str()),
            Destinataire::Surveillant(p) => encadrants.contains(p.as_str()),
        };
        self.destinataires()
            .filter(|d| self.convocations.est_remise(d) && change(d))
            .collect()
    }
}

/// Un planning validé ne l'est plus quand tant de candidats s'inscrivent : il reste à les placer (R70a).
pub(super) fn rouvrir(s: &Session, inscrits: usize) -> Option<Evenement> {
    let inscrits = u32::try_from(inscrits).unwrap_or(u32::MAX);
    (inscrits > 0 && s.planning.valide.is_some()).then_some(Evenement::Rouvert { inscrits })
}

pub(super) fn appliquer(s: &mut Session, e: &Evenement, rang: u64) {
    match e {
        Evenement::Etabli {
            passages,
            deliberations,
            ..
        } => {
            let mut nouveau = Planning {
                passages: passages.clone(),
                deliberations: deliberations.clone(),
                ..s.planning.clone()
            };
            nouveau.trier();
            for c in &s.candidats {
                if s.planning
                    .de(&c.id)
                    .ne(nouveau.passages.iter().filter(|x| x.candidat == c.id))
                {
                    nouveau.rangs.insert(c.id.clone(), rang);
                }
            }
            nouveau.valide = None;
            nouveau.oublier_epingles_perdues();
            nouveau.toucher_encadrants(&s.planning, rang);
            s.planning = nouveau;
        }
        Evenement::Place { passage, .. } => {
            let avant = s.planning.clone();
            s.planning.remplacer(passage, rang);
            s.planning.toucher_encadrants(&avant, rang);
        }
        Evenement::Deplaces {
            passages,
            deliberations,
            ..
        } => {
            let avant = s.planning.clone();
            for x in passages {
                s.planning.remplacer(x, rang);
            }
            if let Some(d) = deliberations {
                s.planning.deliberations.clone_from(d);
            }
            s.planning.toucher_encadrants(&avant, rang);
        }
        Evenement::Ote {
            candidat, epreuve, ..
        } => {
            let avant = s.planning.clone();
            s.planning
                .passages
                .retain(|p| p.candidat != *candidat || p.epreuve != *epreuve);
            s.planning.toucher(candidat, rang);
            s.planning.oublier_epingles_perdues();
            s.planning.toucher_encadrants(&avant, rang);
        }
        Evenement::Epingles { passages } => s.planning.epingles.extend(passages.iter().cloned()),
        Evenement::Desepingles { passages } => {
            s.planning.epingles.retain(|x| !passages.contains(x));
        }
        Evenement::JourneesReglees(j) => s.planning.journees = Some(j.clone()),
        Evenement::Empeche { empechements, .. } => {
            s.planning.empechements.extend(empechements.iter().cloned());
            s.planning.empechements.sort();
        }
        Evenement::EmpechementLeve { empechement, .. } => {
            s.planning.empechements.retain(|x| x != empechement);
        }
        Evenement::Valide { .. } => s.planning.valide = Some(rang),
        Evenement::Rouvert { .. } => s.planning.valide = None,
        Evenement::Affiche { le } => {
            s.planning.affiche_le = Some(*le);
            s.planning.affiche_rang = rang;
        }
    }
}
