//! Les délibérations : au plus tôt après la dernière épreuve, replacées quand ce qui les précède a bougé.

use super::{Etat, Geste};
use crate::grille::Grille;
use crate::modele::{NUL, plage_libre};
use crate::prix::avec;

impl Etat<'_, '_> {
    pub(super) fn ecrire_delib(&mut self, j: usize, valeur: Option<(u16, u16)>) {
        self.toucher_delib(j);
        self.delib[j] = valeur;
        self.toucher_delib(j);
    }

    /// Un candidat de plus ou de moins change la durée de la délibération, même quand elle ne change pas d'heure.
    pub(super) fn toucher_delib(&mut self, j: usize) {
        if let Some((jour, _)) = self.delib[j] {
            for m in &self.m.tenus[j] {
                self.prix.toucher_membre(m * self.m.nj + usize::from(jour));
            }
        }
    }

    pub(super) fn refaire_toutes_delibs(&mut self) {
        for j in 0..self.delib.len() {
            self.prix.toucher_jury(j);
        }
        self.refaire_delibs();
    }

    /// Durée, en pas, de la délibération du jury s'il statue sur `n` candidats.
    pub(crate) fn duree_delib(&self, n: usize) -> u16 {
        (self.m.inst.duree_deliberation(n) / self.m.pas) as u16
    }

    /// Replace les délibérations touchées : au plus tôt après la dernière épreuve.
    pub(super) fn refaire_delibs(&mut self) {
        // Un candidat qui a bougé remet en cause les jurys qui le voient et celui qui statue sur lui.
        for i in 0..self.prix.candidats_touches().len() {
            let c = self.prix.candidats_touches()[i] as usize;
            for t in self.m.de_candidat[c].clone() {
                if let Some(p) = self.places[t]
                    && self.m.taches[t].jury
                    && p.enc != NUL
                {
                    let enc = usize::from(p.enc);
                    self.prix.toucher_jury(enc);
                    self.prix.toucher_jury(usize::from(self.m.substitut[enc]));
                }
            }
        }
        let mut a_voir = std::mem::take(&mut self.prix.a_voir);
        self.prix.prendre_jurys(&self.m.lies, &mut a_voir);
        for &j in &a_voir {
            let j = usize::from(j);
            if self.m.delib_figee[j].is_none() && self.juges[j].is_empty() {
                self.changer_delib(j, None);
            }
        }
        for &j in &a_voir {
            let j = usize::from(j);
            if self.m.delib_figee[j].is_none() && !self.juges[j].is_empty() {
                let place = self.chercher_delib(j);
                self.changer_delib(j, place);
            }
            self.prix
                .noter_delib(j, self.juges[j].is_empty() || self.delib[j].is_some());
        }
        self.prix.a_voir = a_voir;
    }

    fn changer_delib(&mut self, j: usize, v: Option<(u16, u16)>) {
        if self.delib[j] != v {
            self.gestes.push(Geste::Delib(j as u16, self.delib[j]));
            self.ecrire_delib(j, v);
        }
    }

    /// Fin de la dernière épreuve qui compte pour la délibération du jury.
    fn fin_du_jury(&self, j: usize) -> (u16, u16) {
        let fin = |t: usize| {
            self.places[t].map_or((0, 0), |p| self.m.fin_jour(&p, self.m.taches[t].duree))
        };
        let mut mieux = (0, 0);
        for t in &self.taches_jury[j] {
            mieux = mieux.max(fin(*t as usize));
        }
        for c in &self.juges[j] {
            for t in self.m.de_candidat[*c as usize].clone() {
                mieux = mieux.max(fin(t));
            }
        }
        mieux
    }

    fn chercher_delib(&self, j: usize) -> Option<(u16, u16)> {
        let (nj, m) = (self.m.nj, self.m);
        let l = self.duree_delib(self.juges[j].len());
        let (jour, apres) = self.fin_du_jury(j);
        for d in usize::from(jour)..nj {
            let mut libre = m.heures[d];
            for x in &m.tenus[j] {
                libre = libre.et(&self.libre_membre[x * nj + d]);
                for k in &m.jurys_de_membre[*x] {
                    if usize::from(*k) != j
                        && let Some((dd, s)) = self.delib[usize::from(*k)]
                        && usize::from(dd) == d
                    {
                        libre = libre.sans(&Grille::plage(
                            s,
                            s + self.duree_delib(self.juges[usize::from(*k)].len()),
                        ));
                    }
                }
            }
            let debuts = libre.debuts(l.max(1)).et(&m.ouvert[d]);
            let mut s = if d == usize::from(jour) { apres } else { 0 };
            while let Some(debut) = debuts.premier(s) {
                let bon = m.tenus[j]
                    .iter()
                    .all(|x| self.membre_tient(*x, d, j, debut, debut + l));
                if bon {
                    return Some((d as u16, debut));
                }
                s = debut + 1;
            }
        }
        None
    }

    /// Le membre garde-t-il son déjeuner et son plafond si le jury `j` délibère de `a` à `b` ?
    fn membre_tient(&self, membre: usize, d: usize, j: usize, a: u16, b: u16) -> bool {
        let seances = &self.membres[membre * self.m.nj + d].pris;
        let (de, fin, minutes) = self.m.inst.dejeuner;
        let tient = |travail: i64, libre: i64| {
            travail * self.m.pas <= self.m.membre_max[membre] && libre >= minutes
        };
        let mut travail: i64 = seances.iter().map(|(a, b)| i64::from(b - a)).sum();
        travail += i64::from(b - a);
        if self.m.jurys_de_membre[membre].len() == 1 {
            // Un membre d'un seul jury, le cas courant : rien à recopier.
            let libre = plage_libre(avec(seances, (a, b)), self.m.pas, (de, fin));
            return tient(travail, libre);
        }
        let mut pris = seances.clone();
        for k in &self.m.jurys_de_membre[membre] {
            if usize::from(*k) != j
                && let Some((dd, s)) = self.delib[usize::from(*k)]
                && usize::from(dd) == d
            {
                let l = self.duree_delib(self.juges[usize::from(*k)].len());
                pris.push((s, s + l));
                travail += i64::from(l);
            }
        }
        pris.push((a, b));
        pris.sort_unstable();
        tient(
            travail,
            plage_libre(pris.into_iter(), self.m.pas, (de, fin)),
        )
    }
}
