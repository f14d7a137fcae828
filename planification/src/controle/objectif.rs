//! La mesure d'un plan : coût, qualité, perturbation, et chaque composante.

use super::ressources::couverture;
use super::{Examen, Lue};
use std::collections::{BTreeMap, BTreeSet};

/// Les composantes de l'objectif (minutes ou nombres).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Composantes {
    /// Journées de membre.
    pub member_days: i64,
    /// Journées de surveillant.
    pub surveillant_days: i64,
    /// Journées de site.
    pub site_days: i64,
    /// Fin des sites.
    pub makespan: i64,
    /// Attentes.
    pub wait: i64,
    /// Pire attente.
    pub max_wait: i64,
    /// Jours de plus des candidats.
    pub extra_days: i64,
    /// Temps mort des membres.
    pub idle: i64,
    /// Changements de jury.
    pub continuity: i64,
    /// Séances surveillées que plusieurs auraient pu partager ; `check.py` ne les compte pas.
    #[serde(skip)]
    pub seances: i64,
}

/// La mesure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mesure {
    /// Règles dures enfreintes.
    pub dures: i64,
    /// Candidats laissés de côté.
    pub restes: i64,
    /// Coût.
    pub cout: i64,
    /// Qualité.
    pub qualite: i64,
    /// En reprise : perturbation, et candidats à prévenir.
    pub perturbation: Option<(i64, i64)>,
    /// Composantes.
    pub composantes: Composantes,
}

impl Mesure {
    /// Le vecteur à comparer dans l'ordre.
    pub fn vecteur(&self) -> Vec<i64> {
        let mut v = vec![self.dures, self.restes];
        v.extend(self.perturbation.map(|p| p.0));
        v.extend([self.cout, self.qualite]);
        v
    }
}

impl Examen<'_> {
    pub(super) fn mesurer(&self) -> Mesure {
        let inst = self.inst;
        let mut k = Composantes::default();
        for ((nature, _, _), moments) in &self.pris {
            match nature {
                'm' => {
                    k.member_days += 1;
                    let debut = moments.iter().map(|m| m.0).min().unwrap_or(0);
                    let fin = moments.iter().map(|m| m.1).max().unwrap_or(0);
                    k.idle += fin - debut - couverture(moments);
                }
                's' => k.surveillant_days += 1,
                _ => {}
            }
        }
        let mut ouverts = BTreeSet::new();
        let mut fins: BTreeMap<usize, i64> = BTreeMap::new();
        for t in self.taches.values() {
            let site = inst.candidats[t.cand].site;
            ouverts.insert((site, t.jour));
            let fin = fins.entry(site).or_insert(0);
            *fin = (*fin).max(t.jour as i64 * 1440 + t.fin - inst.jours[t.jour].0);
        }
        k.site_days = ouverts.len() as i64;
        k.seances = self.seances_partageables();
        k.makespan = fins.values().sum();
        for c in 0..inst.candidats.len() {
            let siennes: Vec<&Lue> = self
                .taches
                .range((c, 0)..=(c, usize::MAX))
                .map(|x| x.1)
                .collect();
            let presents: Vec<&Lue> = siennes
                .iter()
                .copied()
                .filter(|t| inst.epreuves[t.ep].present)
                .collect();
            let jours: BTreeSet<usize> = presents.iter().map(|t| t.jour).collect();
            let mut attente = 0;
            for j in &jours {
                let jd = || presents.iter().filter(|t| t.jour == *j);
                let travail: i64 = jd().map(|t| t.fin - t.debut).sum();
                attente += jd().map(|t| t.fin).max().unwrap_or(0)
                    - jd().map(|t| t.debut).min().unwrap_or(0)
                    - travail;
            }
            k.wait += attente;
            if !siennes.is_empty() {
                k.max_wait = k.max_wait.max(attente);
            }
            k.extra_days += (jours.len() as i64 - 1).max(0);
            // Comme check.py, qui juge la continuité sur les épreuves de toutes natures.
            let jurys: BTreeSet<usize> = siennes.iter().filter_map(|t| t.jury).collect();
            k.continuity += (jurys.len() as i64 - 1).max(0);
        }
        let w = &inst.poids;
        Mesure {
            dures: self.manquements.len() as i64,
            restes: self.restes.len() as i64,
            cout: k.member_days + k.surveillant_days + k.site_days,
            qualite: w.fin * k.makespan
                + w.attente * k.wait
                + w.pire_attente * k.max_wait
                + w.temps_mort * k.idle
                + w.continuite * k.continuity
                + w.jour_de_plus * k.extra_days
                + w.seance * k.seances,
            perturbation: inst.reprise.is_some().then(|| self.perturbation()),
            composantes: k,
        }
    }

    fn seances_partageables(&self) -> i64 {
        let partageables = self
            .taches
            .values()
            .filter(|t| self.inst.epreuves[t.ep].est_partageable());
        let seances: BTreeSet<_> = partageables
            .map(|t| (t.ep, t.jour, t.debut, t.salle, t.surv))
            .collect();
        seances.len() as i64
    }

    fn perturbation(&self) -> (i64, i64) {
        let inst = self.inst;
        let Some(r) = &inst.reprise else {
            return (0, 0);
        };
        let reference: BTreeMap<(&str, &str), _> = r
            .reference
            .tasks
            .iter()
            .map(|t| ((t.candidate.as_str(), t.epreuve.as_str()), t))
            .collect();
        let (mut total, mut prevenir) = (0, 0);
        for (c, cand) in inst
            .candidats
            .iter()
            .enumerate()
            .filter(|(c, _)| !self.restes.contains(c))
        {
            let mut change = false;
            for &e in &inst.parcours[cand.parcours].epreuves {
                let ep = &inst.epreuves[e];
                let (Some(a), Some(b)) = (
                    reference.get(&(cand.id.as_str(), ep.id.as_str())),
                    self.taches.get(&(c, e)),
                ) else {
                    continue;
                };
                if a.jury != b.jury.map(|j| inst.jurys[j].id.clone()) {
                    total += 5;
                }
                if !ep.present {
                    continue;
                }
                let meme_jour = a.day == b.jour as i64;
                total += if meme_jour {
                    ((a.start - b.debut).abs() / 5).min(48)
                } else {
                    48
                };
                change |= !meme_jour
                    || a.start != b.debut
                    || a.room != b.salle.map(|s| inst.salles[s].id.clone());
            }
            total += if change { 20 } else { 0 };
            prevenir += i64::from(change);
        }
        (total, prevenir)
    }
}
