//! Le contrôle de ce qui se partage : séances, délibérations, personnes, salles, journées des candidats.

use super::{Examen, Lue, Moment, dedans, heure, rang};
use crate::instance::Encadrement;
use std::collections::{BTreeMap, BTreeSet};

/// La plus longue plage libre entre `de` et `a`.
fn repos(pris: &[Moment], de: i64, a: i64) -> i64 {
    let (mut mieux, mut t) = (0, de);
    for (s, e, _) in pris {
        if *e > de && *s < a {
            mieux = mieux.max(s - t);
            t = t.max(*e);
        }
    }
    mieux.max(a - t)
}

/// Minutes couvertes par ces moments triés.
pub(super) fn couverture(pris: &[Moment]) -> i64 {
    let (mut total, mut bout) = (0, i64::MIN);
    for (s, e, _) in pris {
        if *e > bout {
            total += e - (*s).max(bout);
            bout = *e;
        }
    }
    total
}

impl Examen<'_> {
    /// GROUP, CAPACITY, SUPERVISION ; note qui est pris, et quand.
    pub(super) fn seances(&mut self) {
        let inst = self.inst;
        // Une séance sans salle se reconnaît à son jury.
        type Seance = (usize, usize, i64, Option<usize>, Option<usize>);
        let mut seances: BTreeMap<Seance, Vec<Lue>> = BTreeMap::new();
        for t in self.plan_dans_l_ordre() {
            let cle = if inst.epreuves[t.ep].salle.is_some() {
                (t.salle, None)
            } else {
                (None, Some(t.jury.unwrap_or(usize::MAX)))
            };
            seances
                .entry((t.ep, t.jour, t.debut, cle.0, cle.1))
                .or_default()
                .push(t);
        }
        for ((e, jour, debut, salle, _), ts) in seances {
            let ep = &inst.epreuves[e];
            let fin = ts.iter().map(|t| t.fin).max().unwrap_or(debut);
            let site = inst.candidats[ts[0].cand].site;
            let objet = format!("la séance {} {}", ep.id, self.quand(jour, debut));
            let tout_fige = ts.iter().all(|t| t.figee);
            if ts.len() > ep.groupe {
                self.dire("GROUP", objet.clone());
            }
            if let Some(s) = salle {
                if ts.len() > inst.salles[s].places {
                    self.dire("CAPACITY", objet.clone());
                }
                self.pris
                    .entry(('r', s, jour))
                    .or_default()
                    .push((debut, fin, Some(site)));
            }
            let encadrants: BTreeSet<_> = ts.iter().map(|t| (t.jury, t.surv)).collect();
            if encadrants.len() > 1 {
                self.dire("SUPERVISION", objet.clone());
            }
            for (j, s) in encadrants {
                for m in j.map(|j| &inst.jurys[j].membres).into_iter().flatten() {
                    self.pris
                        .entry(('m', *m, jour))
                        .or_default()
                        .push((debut, fin, Some(site)));
                    if !tout_fige && !dedans(&inst.membres[*m].dispo, jour, debut, fin) {
                        self.dire("JURY_AVAIL", objet.clone());
                    }
                }
                if let Some(s) = s {
                    self.pris
                        .entry(('s', s, jour))
                        .or_default()
                        .push((debut, fin, Some(site)));
                    if !tout_fige && !dedans(&inst.surveillants[s].dispo, jour, debut, fin) {
                        self.dire("SURV_AVAIL", objet.clone());
                    }
                }
            }
        }
    }

    /// Les tâches relues, dans l'ordre du plan.
    fn plan_dans_l_ordre(&self) -> Vec<Lue> {
        let mut vues = BTreeSet::new();
        self.plan
            .tasks
            .iter()
            .filter_map(|t| {
                let c = rang(&self.inst.candidats, &t.candidate, |c| &c.id)?;
                let e = rang(&self.inst.epreuves, &t.epreuve, |e| &e.id)?;
                vues.insert((c, e))
                    .then(|| self.taches.get(&(c, e)).cloned())
                    .flatten()
            })
            .collect()
    }

    /// DELIB et ce qui va avec.
    ///
    /// # Errors
    /// Jamais aujourd'hui ; la signature suit [`super::controler`].
    pub(super) fn deliberations(&mut self) -> Result<(), String> {
        let inst = self.inst;
        let mut juges: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let mut fin_jury: BTreeMap<usize, (usize, i64)> = BTreeMap::new();
        for t in self.taches.values() {
            let Some(j) = t.jury else { continue };
            if inst.epreuves[t.ep].encadrement == Encadrement::Jury {
                let fin = fin_jury.entry(j).or_insert((t.jour, t.fin));
                *fin = (*fin).max((t.jour, t.fin));
            }
            let p = &inst.parcours[inst.candidats[t.cand].parcours];
            if p.epreuves.last() == Some(&t.ep) {
                let juge = inst
                    .reprise
                    .as_ref()
                    .and_then(|r| r.substituts.iter().find(|s| s.0 == j))
                    .map_or(j, |s| s.1);
                juges.entry(juge).or_default().insert(t.cand);
            }
        }
        let mut vus = BTreeSet::new();
        for d in &self.plan.deliberations {
            let objet = format!("la délibération de {}", d.jury);
            let (Some(j), true) = (
                rang(&inst.jurys, &d.jury, |j| &j.id),
                (0..inst.jours.len() as i64).contains(&d.day),
            ) else {
                self.dire("UNKNOWN", objet);
                continue;
            };
            if !vus.insert(j) {
                self.dire("DUP", objet);
                continue;
            }
            let Some(cands) = juges.get(&j) else {
                self.dire("DELIB", objet);
                continue;
            };
            let (jour, debut) = (d.day as usize, d.start);
            let fin = debut.saturating_add(inst.duree_deliberation(cands.len()));
            let figee = self.delib_figee(j).is_some();
            if debut.rem_euclid(inst.pas) != 0 {
                self.dire("GRID", objet.clone());
            }
            if debut < inst.jours[jour].0 || fin > inst.jours[jour].1 {
                self.dire("HOURS", objet.clone());
            }
            if !figee && self.est_passe(d.day, debut) {
                self.dire("PAST", objet.clone());
            }
            if fin_jury.get(&j).is_some_and(|f| (jour, debut) < *f) {
                self.dire("DELIB", objet.clone());
            }
            let trop_tot = self
                .taches
                .values()
                .filter(|t| cands.contains(&t.cand) && (jour, debut) < (t.jour, t.fin))
                .count();
            (0..trop_tot).for_each(|_| self.dire("DELIB", objet.clone()));
            for m in &inst.jurys[j].membres {
                if !figee && !dedans(&inst.membres[*m].dispo, jour, debut, fin) {
                    self.dire("JURY_AVAIL", objet.clone());
                }
                self.pris
                    .entry(('m', *m, jour))
                    .or_default()
                    .push((debut, fin, None));
            }
        }
        for j in juges.keys() {
            if !vus.contains(j) {
                self.dire("DELIB", format!("la délibération de {}", inst.jurys[*j].id));
            }
        }
        let figees: BTreeMap<&String, (i64, i64)> = inst
            .reprise
            .iter()
            .flat_map(|r| &r.reference.deliberations)
            .filter(|d| self.est_passe(d.day, d.start))
            .map(|d| (&d.jury, (d.day, d.start)))
            .collect();
        for (jury, quand) in figees {
            if !self
                .plan
                .deliberations
                .iter()
                .any(|d| d.jury == *jury && (d.day, d.start) == quand)
            {
                self.dire("FROZEN", format!("la délibération de {jury}"));
            }
        }
        Ok(())
    }

    fn delib_figee(&self, j: usize) -> Option<()> {
        let r = self.inst.reprise.as_ref()?;
        r.reference
            .deliberations
            .iter()
            .any(|d| d.jury == self.inst.jurys[j].id && self.est_passe(d.day, d.start))
            .then_some(())
    }

    /// OVERLAP, SITE, LUNCH, MAX_HOURS des salles et des personnes.
    pub(super) fn ressources(&mut self) {
        let inst = self.inst;
        let (de, a, minutes) = inst.dejeuner;
        let mut pris = std::mem::take(&mut self.pris);
        for ((nature, r, jour), moments) in &mut pris {
            moments.sort_unstable_by_key(|m| (m.0, m.1));
            let id = match nature {
                'r' => &inst.salles[*r].id,
                'm' => &inst.membres[*r].id,
                _ => &inst.surveillants[*r].id,
            };
            let objet = format!("{id} le {}", inst.dates[*jour]);
            let mut bout = i64::MIN;
            for m in moments.iter() {
                if m.0 < bout {
                    self.dire("OVERLAP", format!("{objet} à {}", heure(m.0)));
                }
                bout = bout.max(m.1);
            }
            if *nature == 'r' {
                continue;
            }
            if moments
                .iter()
                .filter_map(|m| m.2)
                .collect::<BTreeSet<_>>()
                .len()
                > 1
            {
                self.dire("SITE", objet.clone());
            }
            if repos(moments, de, a) < minutes {
                self.dire("LUNCH", objet.clone());
            }
            let personnes = if *nature == 'm' {
                &inst.membres
            } else {
                &inst.surveillants
            };
            if couverture(moments) > personnes[*r].minutes_max {
                self.dire("MAX_HOURS", objet);
            }
        }
        self.pris = pris;
    }

    /// Les règles de chaque candidat, et les débuts communs.
    pub(super) fn candidats(&mut self) {
        let inst = self.inst;
        let (de, a, minutes) = inst.dejeuner;
        for (c, cand) in inst.candidats.iter().enumerate() {
            let p = &inst.parcours[cand.parcours];
            let siennes: Vec<Lue> = self
                .taches
                .range((c, 0)..=(c, usize::MAX))
                .map(|x| x.1.clone())
                .collect();
            let de_lui = |e: usize| siennes.iter().find(|t| t.ep == e);
            for jour in 0..inst.jours.len() {
                let mut jd: Vec<&Lue> = siennes
                    .iter()
                    .filter(|t| t.jour == jour && inst.epreuves[t.ep].present)
                    .collect();
                if jd.is_empty() {
                    continue;
                }
                let position = |t: &Lue| {
                    self.plan
                        .tasks
                        .iter()
                        .position(|x| x.candidate == cand.id && x.epreuve == inst.epreuves[t.ep].id)
                };
                jd.sort_by_key(|t| (t.debut, position(t)));
                // Deux manquements du même genre ne se confondent pas : chacun dit son jour, et son heure s'il en a une.
                let date = &inst.dates[jour];
                let mut codes: Vec<(&'static str, String)> = vec![];
                for w in jd.windows(2) {
                    let quand = || format!("le {date} à {}", heure(w[1].debut));
                    if w[1].debut < w[0].fin {
                        codes.push(("OVERLAP", quand()));
                    } else if !p.chaines.contains(&(w[0].ep, w[1].ep))
                        && w[1].debut < w[0].fin + inst.pause
                    {
                        codes.push(("BREAK", quand()));
                    }
                }
                let mut moments: Vec<Moment> = jd.iter().map(|t| (t.debut, t.fin, None)).collect();
                moments.sort_unstable();
                if jd.iter().map(|t| t.fin - t.debut).sum::<i64>() > inst.candidat_max {
                    codes.push(("MAX_HOURS", format!("le {date}")));
                }
                if repos(&moments, de, a) < minutes {
                    codes.push(("LUNCH", format!("le {date}")));
                }
                for (code, quand) in codes {
                    let objet = format!("{} {quand}", cand.id);
                    self.noter(code, objet, (Some(cand.id.clone()), None));
                }
            }
            let mut codes: Vec<&'static str> = vec![];
            for (x, y) in &p.precedences {
                match (de_lui(*x), de_lui(*y)) {
                    (None, Some(_)) => codes.push("PRECEDENCE"),
                    (Some(x), Some(y)) if (y.jour, y.debut) < (x.jour, x.fin) => {
                        codes.push("PRECEDENCE")
                    }
                    _ => {}
                }
            }
            for (x, y) in &p.chaines {
                if let (Some(x), Some(y)) = (de_lui(*x), de_lui(*y))
                    && ((y.jour, y.debut) != (x.jour, x.fin)
                        || y.salle != x.salle
                        || y.jury != x.jury)
                {
                    codes.push("CHAIN");
                }
            }
            for g in &p.meme_jury {
                let jurys: BTreeSet<_> = g
                    .iter()
                    .filter_map(|e| de_lui(*e))
                    .map(|t| t.jury)
                    .collect();
                if jurys.len() > 1 && !g.iter().any(|e| self.figee(c, *e).is_some()) {
                    codes.push("SAME_JURY");
                }
            }
            codes
                .into_iter()
                .for_each(|code| self.dire_de(code, &cand.id, None));
        }
        let mut debuts: BTreeMap<(usize, usize), BTreeSet<(usize, i64)>> = BTreeMap::new();
        for t in self
            .taches
            .values()
            .filter(|t| inst.epreuves[t.ep].debut_commun)
        {
            debuts
                .entry((t.ep, inst.candidats[t.cand].site))
                .or_default()
                .insert((t.jour, t.debut));
        }
        for ((e, s), x) in debuts {
            if x.len() > 1 {
                self.dire(
                    "SAME_START",
                    format!("{} à {}", inst.epreuves[e].id, inst.sites[s]),
                );
            }
        }
    }
}
