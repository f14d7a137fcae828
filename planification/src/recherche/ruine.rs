//! Ce que la recherche défait avant de reconstruire : hasard, journée de jury, voisins, séance, décalage, éjection.

use super::Piste;
use crate::insertion::Interdit;

impl Piste<'_, '_, '_> {
    /// Un geste entier : ruine puis reconstruction. Faux si le geste n'a pas de sens ici.
    pub(super) fn geste(&mut self, t: f64) -> bool {
        let inst = self.etat.m.inst;
        let restes: Vec<usize> = if self.quelqu_un_attend() {
            (0..inst.candidats.len())
                .filter(|c| !self.etat.complet(*c))
                .collect()
        } else {
            vec![]
        };
        let mut touches: Vec<usize> = vec![];
        let mut interdit = Interdit::default();
        let mut par_heure = self.hasard.sous(3) == 0;
        match self.hasard.sous(100) {
            0..20 => {
                let n = 1 + self.hasard.sous(5);
                for _ in 0..n {
                    touches.push(self.hasard.sous(inst.candidats.len()));
                }
                self.retirer_tous(&touches);
            }
            20..40 => self.ruiner_journee(&mut touches, false),
            40..50 => {
                interdit = self.fermer(&mut touches);
            }
            50..65 => self.ruiner_voisins(&mut touches),
            65..74 => self.ruiner_journee(&mut touches, true),
            74..82 => {
                par_heure = true;
                self.ruiner_taches(&mut touches);
            }
            82..94 => {
                if !self.decaler(&mut touches) {
                    return false;
                }
            }
            _ => self.ruiner_candidat_partiel(&mut touches),
        }
        touches.sort_unstable();
        touches.dedup();
        self.hasard.melanger(&mut touches);
        if par_heure {
            let heure = |c: &usize| {
                self.etat.m.de_candidat[*c]
                    .clone()
                    .filter_map(|t| self.etat.places[t])
                    .map(|p| (p.jour, p.debut))
                    .min()
            };
            touches.sort_by_key(heure);
        } else if self.hasard.sous(2) == 0 {
            touches.sort_by_key(|c| std::cmp::Reverse(self.etat.m.de_candidat[*c].len()));
        }
        // Qui attend une place passe d'abord : c'est la chaîne d'éjection.
        let mut ordre: Vec<usize> = restes
            .iter()
            .copied()
            .filter(|c| !touches.contains(c))
            .collect();
        if ordre.len() > 6 {
            self.hasard.melanger(&mut ordre);
            ordre.truncate(6);
        }
        ordre.extend(touches);
        let bruit = if self.hasard.sous(2) == 0 { t } else { 0.0 };
        self.reconstruire(&ordre, interdit, bruit);
        true
    }

    /// Quand quelqu'un attend une place : un jury qui pourrait le recevoir, le plus souvent.
    fn jury_utile(&mut self) -> Option<usize> {
        let m = self.etat.m;
        if !self.quelqu_un_attend() || self.hasard.sous(4) == 0 {
            return None;
        }
        let n = m.inst.candidats.len();
        let i = self.hasard.sous(n);
        let c = (0..n)
            .map(|k| (i + k) % n)
            .find(|c| !self.etat.complet(*c))?;
        let plage = m.de_candidat[c].clone();
        let t = plage.start + self.hasard.sous(plage.len());
        let x = &m.taches[t];
        (x.jury && !x.encs.is_empty()).then(|| usize::from(x.encs[self.hasard.sous(x.encs.len())]))
    }

    fn retirer_tous(&mut self, touches: &[usize]) {
        for c in touches {
            self.etat.retirer_candidat(*c);
        }
    }

    /// Une journée de jury qui sert, au hasard : jury, jour.
    pub(super) fn tirer_journee(&mut self) -> Option<(usize, usize)> {
        let n = self.etat.taches_jury.len();
        if n == 0 {
            return None;
        }
        let j0 = match self.jury_utile() {
            Some(j) => j,
            None => self.hasard.sous(n),
        };
        let j = (0..n)
            .map(|i| (i + j0) % n)
            .find(|j| !self.etat.taches_jury[*j].is_empty())?;
        let liste = &self.etat.taches_jury[j];
        let t = liste[self.hasard.sous(liste.len())] as usize;
        Some((j, usize::from(self.etat.places[t]?.jour)))
    }

    /// Les tâches d'une journée de jury.
    pub(super) fn taches_du_jour(&self, j: usize, jour: usize) -> impl Iterator<Item = u32> + '_ {
        let etat = &self.etat;
        let la =
            move |t: &u32| etat.places[*t as usize].is_some_and(|p| usize::from(p.jour) == jour);
        etat.taches_jury[j].iter().copied().filter(la)
    }

    /// Une journée de jury qui sert, au hasard, et ses tâches.
    fn journee(&mut self) -> Option<(usize, usize, Vec<u32>)> {
        let (j, jour) = self.tirer_journee()?;
        let taches = self.taches_du_jour(j, jour).collect();
        Some((j, jour, taches))
    }

    fn ruiner_journee(&mut self, touches: &mut Vec<usize>, partiel: bool) {
        let Some((_, _, mut taches)) = self.journee() else {
            return;
        };
        let max = if partiel { 40 } else { 6 + self.hasard.sous(8) };
        if !partiel {
            self.hasard.melanger(&mut taches);
        }
        for t in taches {
            let c = self.etat.m.taches[t as usize].cand;
            if partiel {
                self.etat.retirer(t as usize);
                touches.push(c);
            } else if !touches.contains(&c) && touches.len() < max {
                self.etat.retirer_candidat(c);
                touches.push(c);
            }
        }
    }

    /// Vide une journée d'encadrant peu chargée (ou un jour d'un site), et l'interdit le temps de reconstruire.
    fn fermer(&mut self, touches: &mut Vec<usize>) -> Interdit {
        let m = self.etat.m;
        match self.hasard.sous(12) {
            0 => self.fermer_jour(touches),
            1..4 => self.fermer_surveillant(touches),
            _ => {
                let mut mieux: Option<(usize, usize, Vec<u32>)> = None;
                for _ in 0..3 {
                    if let Some(x) = self.journee()
                        && mieux.as_ref().is_none_or(|m| x.2.len() < m.2.len())
                    {
                        mieux = Some(x);
                    }
                }
                let Some((j, d, taches)) = mieux else {
                    return Interdit::default();
                };
                let cands: Vec<usize> = taches.iter().map(|t| m.taches[*t as usize].cand).collect();
                self.vider(&cands, touches);
                Interdit {
                    journee: Some((true, j as u16, d as u16)),
                    ..Interdit::default()
                }
            }
        }
    }

    fn vider(&mut self, cands: &[usize], touches: &mut Vec<usize>) {
        for c in cands {
            if !touches.contains(c) {
                self.etat.retirer_candidat(*c);
                touches.push(*c);
            }
        }
    }

    /// Ferme un jour d'un site, le moins chargé de deux tirés.
    fn fermer_jour(&mut self, touches: &mut Vec<usize>) -> Interdit {
        let m = self.etat.m;
        let site = self.hasard.sous(m.inst.sites.len());
        let mut mieux: Option<(usize, Vec<usize>)> = None;
        for _ in 0..2 {
            let d = self.hasard.sous(m.nj);
            let mut cands: Vec<usize> = vec![];
            for (t, p) in self.etat.places.iter().enumerate() {
                let c = m.taches[t].cand;
                if p.is_some_and(|p| usize::from(p.jour) == d)
                    && m.inst.candidats[c].site == site
                    && cands.last() != Some(&c)
                {
                    cands.push(c);
                }
            }
            if !cands.is_empty() && mieux.as_ref().is_none_or(|m| cands.len() < m.1.len()) {
                mieux = Some((d, cands));
            }
        }
        let Some((d, cands)) = mieux.filter(|m| m.1.len() <= 40) else {
            return Interdit::default();
        };
        self.vider(&cands, touches);
        Interdit {
            jours: Some((site, 1u64.checked_shl(d as u32).unwrap_or(0))),
            ..Interdit::default()
        }
    }

    fn fermer_surveillant(&mut self, touches: &mut Vec<usize>) -> Interdit {
        let m = self.etat.m;
        let mut mieux: Option<(u16, u16, Vec<usize>)> = None;
        for _ in 0..3 {
            let n = self.etat.seances.len();
            if n == 0 {
                return Interdit::default();
            }
            let s = &self.etat.seances[self.hasard.sous(n)];
            if s.jury || s.taches.is_empty() {
                continue;
            }
            let (enc, jour) = (s.place.enc, s.place.jour);
            let cands: Vec<usize> = self
                .etat
                .seances
                .iter()
                .filter(|x| !x.jury && x.place.enc == enc && x.place.jour == jour)
                .flat_map(|x| x.taches.iter().map(|t| m.taches[*t as usize].cand))
                .collect();
            if mieux.as_ref().is_none_or(|m| cands.len() < m.2.len()) {
                mieux = Some((enc, jour, cands));
            }
        }
        let Some((enc, jour, cands)) = mieux.filter(|m| m.2.len() <= 40) else {
            return Interdit::default();
        };
        // Seules les épreuves surveillées ce jour-là partent, la plupart du temps.
        if self.hasard.sous(3) > 0 {
            for c in cands {
                for t in m.de_candidat[c].clone() {
                    if !m.taches[t].jury
                        && self.etat.places[t].is_some_and(|p| p.enc == enc && p.jour == jour)
                    {
                        self.etat.retirer(t);
                    }
                }
                touches.push(c);
            }
        } else {
            self.vider(&cands, touches);
        }
        Interdit {
            journee: Some((false, enc, jour)),
            ..Interdit::default()
        }
    }

    /// Des candidats dont les passages sont proches dans le temps, tous jurys confondus.
    fn ruiner_voisins(&mut self, touches: &mut Vec<usize>) {
        let Some((_, jour, taches)) = self.journee() else {
            return;
        };
        let m = self.etat.m;
        let pivot = taches[self.hasard.sous(taches.len())] as usize;
        let Some(p) = self.etat.places[pivot] else {
            return;
        };
        let site = m.inst.candidats[m.taches[pivot].cand].site;
        let mut proches: Vec<(u16, usize)> = self
            .etat
            .taches_jury
            .iter()
            .flatten()
            .filter_map(|t| {
                let x = &m.taches[*t as usize];
                let q = self.etat.places[*t as usize]?;
                (usize::from(q.jour) == jour && m.inst.candidats[x.cand].site == site)
                    .then_some((q.debut.abs_diff(p.debut), x.cand))
            })
            .collect();
        proches.sort_unstable();
        let max = 3 + self.hasard.sous(6);
        for (_, c) in proches {
            if touches.len() >= max {
                break;
            }
            if !touches.contains(&c) {
                self.etat.retirer_candidat(c);
                touches.push(c);
            }
        }
    }

    /// Recalage : les passages d'une fin de journée de jury, resserrés en série dans leur ordre.
    fn ruiner_taches(&mut self, touches: &mut Vec<usize>) {
        let Some((_, _, mut taches)) = self.journee() else {
            return;
        };
        taches.sort_by_key(|t| self.etat.places[*t as usize].map(|p| p.debut));
        let de = self.hasard.sous(taches.len());
        let n = 2 + self.hasard.sous(8);
        for t in taches.into_iter().skip(de).take(n) {
            self.etat.retirer(t as usize);
            touches.push(self.etat.m.taches[t as usize].cand);
        }
    }

    fn ruiner_candidat_partiel(&mut self, touches: &mut Vec<usize>) {
        let m = self.etat.m;
        for _ in 0..=self.hasard.sous(3) {
            let c = self.hasard.sous(m.inst.candidats.len());
            for u in &m.unites[c] {
                if self.hasard.sous(2) == 0 {
                    u.iter().for_each(|t| self.etat.retirer(*t));
                }
            }
            touches.push(c);
        }
    }
}
