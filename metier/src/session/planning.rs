//! Le planning : pour chaque candidat et chaque épreuve, où, quel jour, à quelle heure, devant qui.

mod evenements;
mod journees;

pub use evenements::{Action, Evenement};
pub use journees::{Empeche, Empechement, Journees};

use super::Session;
use crate::contexte::{Constat, Contexte, Force, Refus};
use crate::{CandidatId, JureId, PersonneId, temps};
use jiff::civil::{Date, Time};
use journees::{verifier_empechement, verifier_journees};
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
    fn attendus(&self) -> BTreeMap<String, BTreeSet<(Date, Time, Time, String, String)>> {
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
    /// Retient qui, parmi ceux qui encadrent, n'est plus attendu comme avant.
    fn toucher_encadrants(&mut self, avant: &Planning, rang: u64) {
        let (avant, apres) = (avant.attendus(), self.attendus());
        for qui in avant.keys().chain(apres.keys()) {
            if avant.get(qui) != apres.get(qui) {
                self.rangs_encadrants.insert(qui.clone(), rang);
            }
        }
    }
    fn remplacer(&mut self, x: &Passage, rang: u64) {
        self.passages
            .retain(|p| p.candidat != x.candidat || p.epreuve != x.epreuve);
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

pub(super) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let p = s.programme()?;
    match action {
        Action::Etablir {
            passages,
            deliberations,
        } => {
            if passages.len() > PASSAGES_MAX {
                return Err(Constat::geste(
                    "PLA-01",
                    format!(
                        "Le planning compterait {} passages ; Garant en accepte {PASSAGES_MAX}.",
                        passages.len()
                    ),
                    "Répartissez les candidats en plusieurs sessions.",
                )
                .into());
            }
            for x in passages {
                verifier(s, x)?;
            }
            if *passages == s.planning.passages && *deliberations == s.planning.deliberations {
                return Ok(vec![]);
            }
            if let Some(vu) = ctx.vu_au_rang
                && s.planning.rang() > vu
            {
                return Err(Constat::geste(
                    "VU",
                    "Le planning a changé depuis cette proposition : l’adopter effacerait ce changement.",
                    "Demandez une nouvelle proposition, qui partira du planning présent.",
                )
                .into());
            }
            for d in deliberations {
                verifier_deliberation(s, d)?;
            }
            let touches: Vec<_> = s
                .inscrits()
                .filter(|c| {
                    s.planning
                        .de(&c.id)
                        .ne(passages.iter().filter(|x| x.candidat == c.id))
                })
                .map(|c| &c.id)
                .collect();
            proteger_convoques(s, &touches, ctx)?;
            Ok(vec![Evenement::Etabli {
                passages: passages.clone(),
                deliberations: deliberations.clone(),
                motif: ctx.motif_ecrit().map(str::to_owned),
            }])
        }
        Action::Placer(x) => {
            verifier(s, x)?;
            if s.planning.passage(&x.candidat, &x.epreuve) == Some(x) {
                return Ok(vec![]);
            }
            if let Some(vu) = ctx.vu_au_rang
                && s.planning.rang_de(&x.candidat) > vu
                && s.planning.passage(&x.candidat, &x.epreuve).is_some()
            {
                let present = s
                    .planning
                    .passage(&x.candidat, &x.epreuve)
                    .map(Passage::quand_ou)
                    .unwrap_or_default();
                return Err(Constat::geste("VU", format!("Quelqu’un d’autre a changé ce passage pendant que vous l’aviez sous les yeux : il est maintenant {present}."), "Votre saisie est gardée. Enregistrez de nouveau pour la faire valoir.").into());
            }
            proteger_convoques(s, &[&x.candidat], ctx)?;
            Ok(vec![Evenement::Place {
                passage: x.clone(),
                motif: ctx.motif_ecrit().map(str::to_owned),
            }])
        }
        Action::Deplacer {
            passages,
            deliberations,
        } => {
            for x in passages {
                verifier(s, x)?;
            }
            for d in deliberations.iter().flatten() {
                verifier_deliberation(s, d)?;
            }
            let bougent: Vec<&Passage> = passages
                .iter()
                .filter(|x| s.planning.passage(&x.candidat, &x.epreuve) != Some(x))
                .collect();
            if bougent.is_empty() {
                return Ok(vec![]);
            }
            if let Some(vu) = ctx.vu_au_rang
                && bougent.iter().any(|x| s.planning.rang_de(&x.candidat) > vu)
            {
                return Err(Constat::geste(
                    "VU",
                    "Quelqu’un d’autre a changé cette séance pendant que vous l’aviez sous les yeux.",
                    "Votre saisie est gardée. Enregistrez de nouveau pour la faire valoir.",
                )
                .into());
            }
            let touches: Vec<_> = bougent.iter().map(|x| &x.candidat).collect();
            proteger_convoques(s, &touches, ctx)?;
            Ok(vec![Evenement::Deplaces {
                passages: bougent.into_iter().cloned().collect(),
                deliberations: deliberations.clone(),
                motif: ctx.motif_ecrit().map(str::to_owned),
            }])
        }
        Action::Epingler { passages } => Ok(epingler(s, passages, true)
            .map(|passages| Evenement::Epingles { passages })
            .into_iter()
            .collect()),
        Action::Liberer { passages } => Ok(epingler(s, passages, false)
            .map(|passages| Evenement::Desepingles { passages })
            .into_iter()
            .collect()),
        Action::ReglerJournees(j) => {
            verifier_journees(s, j)?;
            if s.planning.journees.as_ref() == Some(j) {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::JourneesReglees(j.clone())])
        }
        Action::Empecher { empechements } => {
            for e in empechements {
                verifier_empechement(s, e)?;
            }
            let neufs: Vec<_> = empechements
                .iter()
                .filter(|e| !s.planning.empechements.contains(e))
                .cloned()
                .collect();
            Ok(if neufs.is_empty() {
                vec![]
            } else {
                vec![Evenement::Empeche {
                    noms: neufs.iter().map(|e| e.qui.nom(s)).collect(),
                    empechements: neufs,
                }]
            })
        }
        Action::LeverEmpechement(e) => {
            if !s.planning.empechements.contains(e) {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::EmpechementLeve {
                nom: e.qui.nom(s),
                empechement: e.clone(),
            }])
        }
        Action::Oter { candidat, epreuve } => {
            if s.planning.passage(candidat, epreuve).is_none() {
                return Ok(vec![]);
            }
            proteger_convoques(s, &[candidat], ctx)?;
            Ok(vec![Evenement::Ote {
                candidat: candidat.clone(),
                epreuve: epreuve.clone(),
                motif: ctx.motif_ecrit().map(str::to_owned),
            }])
        }
        Action::Valider => {
            if s.planning.valide.is_some() {
                return Ok(vec![]);
            }
            let attendus = p.epreuves().len();
            if attendus == 0 || s.inscrits().count() == 0 {
                return Err(Constat::geste("PLA-02", "Il n’y a encore rien à valider : il faut des candidats et un référentiel avec ses épreuves.", "Inscrivez les candidats, puis établissez le planning.").into());
            }
            Ok(vec![Evenement::Valide {
                passages: s.planning.passages.len() as u32,
                candidats: s.inscrits().count() as u32,
            }])
        }
        Action::Afficher { le } => {
            if s.planning.passages.is_empty() {
                return Err(Constat::geste(
                    "PLA-03",
                    "Le planning est vide : il n’y a rien à afficher.",
                    "Établissez d’abord le planning.",
                )
                .into());
            }
            if *le > ctx.jour() {
                return Err(Constat::saisie(
                    "le",
                    "L’affichage ne peut pas être noté à une date à venir.",
                    "Notez-le le jour où il est fait.",
                )
                .into());
            }
            Ok(vec![Evenement::Affiche { le: *le }])
        }
    }
}

/// Ceux de ces passages que l'épingle changerait ; rien si aucun ne change.
fn epingler(s: &Session, passages: &[Cle], tenir: bool) -> Option<Vec<Cle>> {
    let v: Vec<Cle> = passages
        .iter()
        .filter(|(c, e)| {
            s.planning.passage(c, e).is_some() && s.planning.est_epingle(c, e) != tenir
        })
        .cloned()
        .collect();
    (!v.is_empty()).then_some(v)
}

fn verifier_deliberation(s: &Session, d: &Seance) -> Result<(), Refus> {
    let p = s.programme()?;
    let connus = d.jury.iter().all(|j| s.jure(j).is_some());
    if connus && d.fin > d.debut && (p.debut..=p.fin).contains(&d.date) {
        return Ok(());
    }
    Err(Constat::geste(
        "PLA-06",
        "Une délibération est placée hors de la session, ou avec un juré parti.",
        "Demandez une nouvelle proposition.",
    )
    .into())
}

fn verifier(s: &Session, x: &Passage) -> Result<(), Refus> {
    let p = s.programme()?;
    let c = s.candidat(&x.candidat)?;
    let mut k = vec![];
    if p.epreuve(&x.epreuve).is_none() {
        k.push(Constat::saisie(
            "epreuve",
            "Cette épreuve n’est pas au référentiel de la session.",
            "Choisissez une épreuve de la liste.",
        ));
    }
    if x.lieu.trim().is_empty()
        || x.lieu.chars().count() > 120
        || x.lieu.chars().any(char::is_control)
    {
        k.push(Constat::saisie(
            "lieu",
            "Le lieu manque ou dépasse 120 caractères.",
            "Écrivez le nom de la salle, tel qu’il est sur la porte.",
        ));
    }
    if x.fin <= x.debut {
        k.push(Constat::saisie(
            "fin",
            format!(
                "L’épreuve finirait à {} avant d’avoir commencé à {}.",
                temps::heure(x.fin),
                temps::heure(x.debut)
            ),
            "Vérifiez les heures.",
        ));
    }
    if x.date < p.debut || x.date > p.fin {
        k.push(Constat::saisie(
            "date",
            format!(
                "Le {} est hors de la session, {}.",
                temps::date_longue(x.date),
                temps::periode(p.debut, p.fin)
            ),
            "Choisissez un jour de la session, ou déplacez la session.",
        ));
    }
    if c.retire.is_some() {
        k.push(Constat::saisie(
            "candidat",
            format!("{} a été retiré de la session.", c.fiche.nom_complet()),
            "Réinscrivez ce candidat d’abord.",
        ));
    }
    if x.jury
        .iter()
        .any(|j| !s.jury.iter().any(|m| m.membre.jure == *j))
    {
        k.push(Constat::saisie(
            "jury",
            "Un juré choisi n’est pas au jury de la session.",
            "Retenez-le d’abord à la page Jury.",
        ));
    }
    if let Some(v) = &x.surveillant
        && !s
            .equipe
            .a(super::equipe::Poste::Surveillant)
            .any(|i| i.id == *v)
    {
        k.push(Constat::saisie(
            "surveillant",
            "Ce surveillant n’est pas nommé dans l’équipe de la session.",
            "Nommez-le d’abord à la page Équipe.",
        ));
    }
    if k.is_empty() {
        Ok(())
    } else {
        Err(Refus { constats: k })
    }
}

/// Ce qui a été envoyé à un candidat ne bouge pas en silence.
fn proteger_convoques(s: &Session, touches: &[&CandidatId], ctx: &Contexte) -> Result<(), Refus> {
    if ctx.motif_ecrit().is_some() {
        return Ok(());
    }
    let noms: Vec<_> = touches
        .iter()
        .filter(|c| s.convocations.est_remise_candidat(c))
        .filter_map(|c| s.candidat(c).ok())
        .map(|c| c.fiche.nom_complet())
        .collect();
    if noms.is_empty() {
        return Ok(());
    }
    Err(Constat {
        code: "PLA-04".into(),
        force: Force::Derogeable,
        objet: noms.join("|"),
        champ: Some("motif".into()),
        page: Some("convocations".into()),
        manque: false,
        phrase: format!(
            "{} : la convocation déjà remise ne dirait plus vrai.",
            noms.join(", ")
        ),
        remede: "Dites pourquoi en motif ; la convocation sera à refaire et à remettre de nouveau."
            .into(),
    }
    .into())
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
        Evenement::Affiche { le } => {
            s.planning.affiche_le = Some(*le);
            s.planning.affiche_rang = rang;
        }
    }
}
