//! Les gestes en série qui changent quelqu'un de séance surveillée, et ses passages avec lui.

use super::Piste;
use super::serie::Passage;
use crate::modele::Place;

/// Quand une séance coûte, un changement sur tant en fond une entière dans les autres.
const FONDRE: usize = 4;

impl Piste<'_, '_, '_> {
    /// Une épreuve surveillée du candidat, en séance partagée, que rien ne fixe.
    pub(super) fn seance_partagee(&mut self, c: usize) -> Option<usize> {
        let m = self.etat.m;
        let n = m.de_candidat[c].len();
        let i = self.hasard.sous(n);
        (0..n)
            .map(|k| m.de_candidat[c].start + (i + k) % n)
            .find(|t| {
                let x = &m.taches[*t];
                !x.jury
                    && x.partage > 1
                    && !x.commun
                    && self.etat.places[*t].is_some()
                    && m.libre_de_bouger(*t)
                    && m.unite(*t).len() == 1
            })
    }

    /// Fait passer une tâche dans une autre séance ouverte, au hasard parmi celles-là, et à l'heure du candidat ; sinon rien
    /// ne change. `sur_place` : ses passages devant un jury ne bougeront pas.
    pub(super) fn rejoindre(
        &mut self,
        t: usize,
        sur_place: bool,
        la: impl Fn(&Place) -> bool,
    ) -> bool {
        let Some(avant) = self.etat.places[t] else {
            return false;
        };
        let n = self.etat.ouvertes[self.etat.cle(t)].len();
        let i = self.hasard.sous(n);
        self.etat.retirer(t);
        for k in 0..n {
            let ouvertes = &self.etat.ouvertes[self.etat.cle(t)];
            let Some(s) = ouvertes.get((i + k) % ouvertes.len().max(1)) else {
                break;
            };
            let p = self.etat.seances[*s as usize].place;
            let convient = p != avant && la(&p) && self.peut_passer(t, &p, sur_place);
            if convient && self.etat.peut_placer(t, &p) {
                self.etat.placer(t, p);
                return true;
            }
        }
        if self.etat.peut_placer(t, &avant) {
            self.etat.placer(t, avant);
        }
        false
    }

    /// Ce candidat peut-il passer là cette épreuve surveillée ? `sur_place` : sans rien changer au reste de sa session ; sinon
    /// ses passages devant un jury peuvent encore se recaler.
    pub(super) fn peut_passer(&self, t: usize, la: &Place, sur_place: bool) -> bool {
        let m = self.etat.m;
        let x = &m.taches[t];
        let fin = la.debut + x.duree;
        let admis = m.libre_de_bouger(t)
            && m.unite(t).len() == 1
            && x.encs.contains(&la.enc)
            && (x.sans_salle || x.salles.contains(&la.salle))
            && (!x.present || m.dispo_cand[x.cand][usize::from(la.jour)].couvre(la.debut, fin));
        admis
            && m.de_candidat[x.cand].clone().all(|a| {
                let y = &m.taches[a];
                let Some(p) = self.etat.places[a].filter(|_| a != t) else {
                    return true;
                };
                if !sur_place && m.unite_mobile(a) {
                    return true;
                }
                if x.avant.contains(&a) && m.fin_jour(&p, y.duree) > (la.jour, la.debut) {
                    return false;
                }
                if x.apres.contains(&a) && (p.jour, p.debut) < (la.jour, fin) {
                    return false;
                }
                p.jour != la.jour
                    || !x.present
                    || !y.present
                    || p.debut >= fin + m.pause
                    || la.debut >= p.debut + y.duree + m.pause
            })
    }

    /// Un candidat change de séance surveillée, ou toute une séance se fond dans les autres quand chacune coûte ; les
    /// passages de qui en change se recalent autour.
    pub(super) fn changer_de_seance(&mut self) -> bool {
        let m = self.etat.m;
        let c = self.hasard.sous(m.inst.candidats.len());
        let Some(t) = self.seance_partagee(c) else {
            return false;
        };
        let partants = if m.inst.poids.seance > 0 && self.hasard.sous(FONDRE) == 0 {
            let seance = &self.etat.seances[self.etat.seance_de[t] as usize];
            seance.taches.clone()
        } else {
            vec![t as u32]
        };
        let mut liste = self.passages_de(&partants);
        for t in partants {
            if !m.libre_de_bouger(t as usize) || !self.rejoindre(t as usize, false, |_| true) {
                return false;
            }
        }
        self.tasser(&mut liste);
        self.reposer(&mut liste)
    }

    /// Les passages des candidats de ces tâches, et ce qui les suit chez leurs jurys ; deux fois sur trois, à un autre rang :
    /// changer de demi-journée n'a de sens qu'alors.
    pub(super) fn passages_de(&mut self, taches: &[u32]) -> Vec<Passage> {
        let m = self.etat.m;
        let ailleurs = self.hasard.sous(3) > 0;
        let cands: Vec<usize> = taches.iter().map(|t| m.taches[*t as usize].cand).collect();
        let mut liste: Vec<Passage> = vec![];
        for a in cands.iter().flat_map(|c| m.de_candidat[*c].clone()) {
            let Some(p) = self.etat.places[a].filter(|_| m.taches[a].jury && m.mobile[a]) else {
                continue;
            };
            if liste.iter().any(|x| (x.jury, x.jour) == (p.enc, p.jour)) {
                continue;
            }
            let suite = self.passages(usize::from(p.enc), usize::from(p.jour));
            let est_sien = |x: &Passage| cands.contains(&m.taches[x.tete as usize].cand);
            let premier = suite.iter().find(|x| est_sien(x)).map_or(0, |x| x.cle);
            let cle = if ailleurs {
                let rang = self.hasard.sous(suite.len() + 1);
                suite.get(rang).map_or(i32::MAX / 2, |x| x.cle - 1)
            } else {
                i32::MAX
            };
            let depuis = cle.min(premier);
            liste.extend(suite.into_iter().filter(|x| x.cle >= depuis).map(|x| {
                let cle = if ailleurs && est_sien(&x) { cle } else { x.cle };
                Passage { cle, ..x }
            }));
        }
        liste
    }

    /// Deux candidats échangent leurs places en séance surveillée, quand elles diffèrent et que chacun y est admis.
    pub(super) fn echanger_seances(&mut self, c1: usize, c2: usize) {
        let m = self.etat.m;
        for a in m.de_candidat[c1].clone() {
            let x = &m.taches[a];
            let Some(b) = m.tache_de(c2, x.ep) else {
                continue;
            };
            let (Some(p), Some(q)) = (self.etat.places[a], self.etat.places[b]) else {
                continue;
            };
            let y = &m.taches[b];
            let admis = |x: &crate::modele::Tache, p: &Place| {
                x.encs.contains(&p.enc) && (x.sans_salle || x.salles.contains(&p.salle))
            };
            if x.jury || x.commun || p == q || !m.libre_de_bouger(a) || !m.libre_de_bouger(b) {
                continue;
            }
            if !admis(x, &q) || !admis(y, &p) {
                continue;
            }
            self.etat.retirer(a);
            self.etat.retirer(b);
            if self.etat.peut_placer(a, &q) {
                self.etat.placer(a, q);
            }
            if self.etat.peut_placer(b, &p) {
                self.etat.placer(b, p);
            }
        }
    }
}
