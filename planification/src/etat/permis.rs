//! Ce que l'occupation et les jours ouverts permettent : on le demande avant de poser. La trame ne borne que l'insertion.

use super::{Etat, Journee};
use crate::grille::Grille;
use crate::modele::Place;

impl Etat<'_, '_> {
    /// Le site du candidat est-il fermé ce jour-là pour cette recherche ?
    pub(crate) fn est_ferme(&self, c: usize, jour: usize) -> bool {
        self.ferme[self.m.inst.candidats[c].site * self.m.nj + jour]
    }

    /// Les seuls débuts que la trame permet à cette tâche ce jour-là.
    pub(crate) fn trame(&self, t: usize, jour: usize) -> Option<&Grille> {
        self.trame[self.cle(t) * self.m.nj + jour].as_ref()
    }

    /// La séance que `t`, placée en `p`, partagerait.
    pub(crate) fn a_rejoindre(&self, t: usize, p: &Place) -> Option<u32> {
        self.ouvertes[self.cle(t)].iter().copied().find(|s| {
            let x = &self.seances[*s as usize];
            x.place == *p
        })
    }

    fn encadrant_libre(&self, jury: bool, enc: u16, jour: usize, a: u16, b: u16) -> bool {
        let nj = self.m.nj;
        if jury {
            self.m.tenus[usize::from(enc)]
                .iter()
                .all(|m| self.libre_membre[m * nj + jour].couvre(a, b))
        } else {
            self.libre_surv[usize::from(enc) * nj + jour].couvre(a, b)
        }
    }

    /// Peut-on placer `t` en `p` sans heurter une occupation, une place prise, un site ou un début commun ?
    pub(crate) fn peut_placer(&self, t: usize, p: &Place) -> bool {
        let x = &self.m.taches[t];
        let (d, nj) = (usize::from(p.jour), self.m.nj);
        let fin = p.debut + x.duree;
        if self.est_ferme(x.cand, d) {
            return false;
        }
        if !self.m.heures[d].couvre(p.debut, fin) || !self.m.ouvert[d].contains(p.debut) {
            return false;
        }
        if x.present && !self.m.dispo_cand[x.cand][d].couvre(p.debut, fin) {
            return false;
        }
        let cle = self.cle(t);
        if x.commun {
            let (j, s, n) = self.commun[cle];
            if n > 0 && (j, s) != (p.jour, p.debut) {
                return false;
            }
        }
        if x.partage > 1
            && let Some(s) = self.a_rejoindre(t, p)
        {
            let s = &self.seances[s as usize];
            let places = if x.sans_salle {
                usize::MAX
            } else {
                self.m.inst.salles[usize::from(p.salle)].places
            };
            if s.taches.len() >= x.partage.min(places) {
                return false;
            }
            let deja = p.debut + s.duree;
            return fin <= deja
                || ((x.sans_salle
                    || self.libre_salle[usize::from(p.salle) * nj + d].couvre(deja, fin))
                    && self.encadrant_libre(x.jury, p.enc, d, deja, fin));
        }
        if !x.sans_salle && !self.libre_salle[usize::from(p.salle) * nj + d].couvre(p.debut, fin) {
            return false;
        }
        let site = self.m.inst.candidats[x.cand].site;
        let site_ok = |j: &Journee| j.pris.is_empty() || j.site == site;
        let memes = if x.jury {
            self.m.tenus[usize::from(p.enc)]
                .iter()
                .all(|m| site_ok(&self.membres[m * nj + d]))
        } else {
            site_ok(&self.survs[usize::from(p.enc) * nj + d])
        };
        memes && self.encadrant_libre(x.jury, p.enc, d, p.debut, fin)
    }
}
