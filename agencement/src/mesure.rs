//! Comparer deux plannings : ce que chacun coûte, et qui bouge de l'un à l'autre.

use jiff::civil::{Date, Time};
use metier::convocations::Destinataire;
use metier::planning::{Passage, Planning, Seance};
use metier::{CandidatId, Session, temps};
use std::collections::{BTreeMap, BTreeSet};

/// Ce que vaut un planning, compté sur ses seuls passages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mesure {
    /// Passages placés.
    pub places: usize,
    /// Passages attendus.
    pub attendus: usize,
    /// Candidats dont un passage change par rapport au planning présent.
    pub bougent: Vec<CandidatId>,
    /// Candidats, jurés et surveillants dont la convocation déjà remise ne dirait plus vrai.
    pub a_prevenir: Vec<Destinataire>,
    /// Journées de candidat.
    pub journees_candidats: usize,
    /// Séances surveillées, sans jury : autant de plis à ouvrir.
    pub seances_surveillees: usize,
    /// Journées de juré.
    pub journees_jures: usize,
    /// Minutes de jurés, de la première à la dernière épreuve de chaque jour.
    pub minutes_jures: u32,
    /// Pire attente d'un candidat dans une journée, en minutes.
    pub attente_max: u32,
    /// Attente moyenne par candidat, en minutes.
    pub attente_moyenne: u32,
    /// Fin de chaque jour.
    pub fins: Vec<(Date, Time)>,
    /// Impossibilités que le contrôle y trouve.
    pub ecarts: usize,
}

impl Mesure {
    /// Mesure ce planning, comparé à celui de la session.
    pub fn de(s: &Session, passages: &[Passage], deliberations: &[Seance]) -> Self {
        let mut m = Self {
            places: passages.len(),
            attendus: s
                .programme
                .as_ref()
                .map_or(0, |p| p.epreuves().len() * s.inscrits().count()),
            ..Self::default()
        };
        let de = |liste: &[Passage], c: &CandidatId| -> BTreeSet<(String, Date, Time, String)> {
            liste
                .iter()
                .filter(|x| x.candidat == *c)
                .map(|x| (x.epreuve.clone(), x.date, x.debut, x.lieu.clone()))
                .collect()
        };
        if !s.planning.passages.is_empty() {
            for c in s.inscrits() {
                if de(passages, &c.id) != de(&s.planning.passages, &c.id) {
                    m.bougent.push(c.id.clone());
                }
            }
            m.a_prevenir = s.a_prevenir_si(&Planning {
                passages: passages.to_vec(),
                deliberations: deliberations.to_vec(),
                ..Planning::default()
            });
        }
        m.compter_les_candidats(passages);
        let surveillees = passages.iter().filter(|x| x.jury.is_empty());
        m.seances_surveillees = surveillees
            .map(|x| (&x.epreuve, x.date, x.debut, &x.lieu))
            .collect::<BTreeSet<_>>()
            .len();
        m.compter_les_jures(passages, deliberations);
        let mut fins: BTreeMap<Date, Time> = BTreeMap::new();
        let moments = passages
            .iter()
            .map(|x| (x.date, x.fin))
            .chain(deliberations.iter().map(|d| (d.date, d.fin)));
        for (date, fin) in moments {
            let f = fins.entry(date).or_insert(fin);
            *f = (*f).max(fin);
        }
        m.fins = fins.into_iter().collect();
        m.ecarts = super::ecarts(s, passages, deliberations)
            .iter()
            .filter(|e| !e.suppose)
            .count();
        m
    }

    fn compter_les_candidats(&mut self, passages: &[Passage]) {
        let mut jours: BTreeMap<(&CandidatId, Date), (Time, Time, u32)> = BTreeMap::new();
        for x in passages {
            let duree = temps::minutes(x.fin) - temps::minutes(x.debut);
            let j = jours
                .entry((&x.candidat, x.date))
                .or_insert((x.debut, x.fin, 0));
            *j = (j.0.min(x.debut), j.1.max(x.fin), j.2 + duree);
        }
        self.journees_candidats = jours.len();
        let attentes: Vec<u32> = jours
            .values()
            .map(|(a, b, t)| (temps::minutes(*b) - temps::minutes(*a)).saturating_sub(*t))
            .collect();
        let candidats: BTreeSet<_> = passages.iter().map(|x| &x.candidat).collect();
        self.attente_max = attentes.iter().copied().max().unwrap_or(0);
        self.attente_moyenne = attentes.iter().sum::<u32>() / (candidats.len().max(1) as u32);
    }

    fn compter_les_jures(&mut self, passages: &[Passage], deliberations: &[Seance]) {
        let mut jours: BTreeMap<(&str, Date), (Time, Time)> = BTreeMap::new();
        let moments = passages
            .iter()
            .map(|x| (&x.jury, x.date, x.debut, x.fin))
            .chain(
                deliberations
                    .iter()
                    .map(|d| (&d.jury, d.date, d.debut, d.fin)),
            );
        for (jury, date, debut, fin) in moments {
            for j in jury {
                let v = jours.entry((j.as_str(), date)).or_insert((debut, fin));
                *v = (v.0.min(debut), v.1.max(fin));
            }
        }
        self.journees_jures = jours.len();
        self.minutes_jures = jours
            .values()
            .map(|(a, b)| temps::minutes(*b) - temps::minutes(*a))
            .sum();
    }

    /// « finir 40 minutes plus tard », « finir 40 minutes plus tard le mardi », jour par jour quand ils diffèrent.
    fn fin_comparee(&self, present: &Self) -> String {
        let (Some(a), Some(b)) = (self.fins.last(), present.fins.last()) else {
            return "finir à la même heure".into();
        };
        let mut v = vec![];
        if a.0 > b.0 {
            v.push(format!("finir le {}", temps::date_longue(a.0)));
        } else if a.0 < b.0 {
            v.push(format!("finir dès le {}", temps::date_longue(a.0)));
        }
        for (jour, fin) in &self.fins {
            let Some((_, avant)) = present.fins.iter().find(|x| x.0 == *jour) else {
                continue;
            };
            let ecart = i64::from(temps::minutes(*fin)) - i64::from(temps::minutes(*avant));
            if ecart == 0 {
                continue;
            }
            let le_jour = match self.fins.len() {
                1 => String::new(),
                _ => format!(" le {}", temps::jour_semaine(*jour)),
            };
            v.push(format!(
                "finir {} plus {}{le_jour}",
                temps::duree(ecart.unsigned_abs() as u32),
                if ecart > 0 { "tard" } else { "tôt" },
            ));
        }
        match v.len() {
            0 => "finir à la même heure".into(),
            1 | 2 => v.join(", "),
            n => format!("{}, et à une autre heure {} autres jours", v[0], n - 1),
        }
    }

    /// Un candidat au moins tient une convocation qui ne dirait plus vrai : adopter demande un motif (PLA-04).
    pub fn previent_un_candidat(&self) -> bool {
        let candidat = |d: &Destinataire| matches!(d, Destinataire::Candidat(_));
        self.a_prevenir.iter().any(candidat)
    }

    /// « 2 candidats, un juré et un surveillant ».
    fn gens_a_prevenir(&self) -> String {
        let mut combien = [0; 3];
        for d in &self.a_prevenir {
            combien[match d {
                Destinataire::Candidat(_) => 0,
                Destinataire::Jure(_) => 1,
                Destinataire::Surveillant(_) => 2,
            }] += 1;
        }
        let noms = ["candidat", "juré", "surveillant"];
        let dits: Vec<String> = combien
            .into_iter()
            .zip(noms)
            .filter(|x| x.0 > 0)
            .map(|(n, nom)| match n {
                1 => format!("un {nom}"),
                _ => format!("{n} {nom}s"),
            })
            .collect();
        metier::mots::enumerer(&dits)
    }

    /// « Prévenir 2 candidats, finir 40 minutes plus tard », par rapport à ce planning-là.
    pub fn phrase(&self, present: &Self) -> String {
        let mut v = vec![];
        let s = |n: usize| if n > 1 { "s" } else { "" };
        let bougent = self.bougent.len();
        if !self.a_prevenir.is_empty() {
            v.push(format!("prévenir {}", self.gens_a_prevenir()));
        }
        if bougent == 0 && self.a_prevenir.is_empty() {
            v.push("personne ne bouge".to_owned());
        } else if bougent > 0 && !self.previent_un_candidat() {
            v.push(format!(
                "{bougent} candidat{} change{} d’horaire ou de salle",
                s(bougent),
                if bougent > 1 { "nt" } else { "" }
            ));
        }
        if self.places < self.attendus {
            let manque = self.attendus - self.places;
            v.push(format!("{manque} passage{} sans place", s(manque)));
        }
        // Un planning où tout n'est pas placé finit toujours plus tôt : n'en disons rien.
        if self.places >= self.attendus || present.places < present.attendus {
            v.push(self.fin_comparee(present));
        }
        let phrase = v.join(", ");
        let mut lettres = phrase.chars();
        lettres
            .next()
            .map(|c| c.to_uppercase().chain(lettres).collect())
            .unwrap_or_default()
    }
}
