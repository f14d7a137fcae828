//! Les unités insécables, et ce qui les fixe.

use super::Tache;
use super::{Modele, NUL};
use crate::grille::{Grille, PAS_MAX};
use std::collections::BTreeMap;

impl Modele<'_> {
    /// Ce qui est fixé au milieu d'une chaîne fixe aussi sa tête.
    pub(super) fn remonter_les_epingles(&mut self) {
        for u in self.unites.iter().flatten().filter(|u| u.len() > 1) {
            let mut avant = 0;
            for t in u {
                let (jour, debut) = (self.taches[*t].jour_fixe, self.taches[*t].debut_fixe);
                let tete = &mut self.taches[u[0]];
                if let Some(j) = jour {
                    // Deux jours pour une chaîne : aucun ne convient.
                    tete.jour_fixe = Some(tete.jour_fixe.filter(|x| *x != j).map_or(j, |_| NUL));
                }
                if let Some(s) = debut {
                    let s = if s == NUL {
                        NUL
                    } else {
                        s.checked_sub(avant).unwrap_or(NUL)
                    };
                    tete.debut_fixe = Some(tete.debut_fixe.filter(|x| *x != s).map_or(s, |_| NUL));
                }
                avant += self.taches[*t].duree;
            }
        }
    }

    /// Deux membres qui ne siègent qu'ensemble ont la même journée : on n'en tient qu'une, libre quand tous le sont.
    pub(super) fn reunir_les_membres(&mut self) {
        for (j, jury) in self.inst.jurys.iter().enumerate() {
            let seuls = |m: &usize| self.jurys_de_membre[*m].len() == 1;
            let [tete, suite @ ..] = &jury.membres[..] else {
                continue;
            };
            if suite.is_empty() || suite.contains(tete) || !jury.membres.iter().all(seuls) {
                continue;
            }
            for m in suite {
                for d in 0..self.nj {
                    self.dispo_membre[*tete][d] =
                        self.dispo_membre[*tete][d].et(&self.dispo_membre[*m][d]);
                }
                self.membre_max[*tete] = self.membre_max[*tete].min(self.membre_max[*m]);
            }
            self.vaut[*tete] = jury.membres.len() as i64;
            self.tenus[j] = vec![*tete];
        }
    }

    /// Ce qui précède une épreuve épinglée finit avant elle, et ainsi de suite vers le matin.
    pub(super) fn borner_par_les_epingles(&mut self) {
        let sans = (self.nj as u16, 0);
        self.fin_max = vec![sans; self.taches.len()];
        // À chaque tour, une borne remonte d'une épreuve ; un parcours n'en a pas plus que de tâches.
        for plage in &self.de_candidat {
            for _ in plage.clone() {
                for t in plage.clone() {
                    let x = &self.taches[t];
                    let debut = match (x.jour_fixe, x.debut_fixe) {
                        (Some(j), Some(s)) => (j, s),
                        (Some(j), None) => (j.saturating_add(1), 0),
                        (None, _) => sans,
                    };
                    let (j, s) = self.fin_max[t];
                    let debut = debut.min((j, s.saturating_sub(x.duree)));
                    for a in x.avant.iter().chain(&x.chaine_avant) {
                        self.fin_max[*a] = self.fin_max[*a].min(debut);
                    }
                }
            }
        }
    }

    /// Par épreuve à début commun et site, les débuts qui conviennent au plus grand nombre, et si c'est à tous.
    pub(super) fn compiler_debuts_communs(&mut self) {
        let sites = self.inst.sites.len();
        let mut candidats: BTreeMap<usize, usize> = BTreeMap::new();
        let communes = self.taches.iter().filter(|t| t.commun && t.present);
        for x in communes.filter(|t| !self.impossibles[t.cand]) {
            let cle = x.ep * sites + self.inst.candidats[x.cand].site;
            *candidats.entry(cle).or_default() += 1;
        }
        for (cle, tous) in candidats {
            let (combien, debuts) = self.debuts_du_plus_grand_nombre(cle / sites, cle % sites);
            if combien > 0 {
                self.debuts_communs[cle] = debuts;
                self.commun_a_tous[cle] = combien == tous;
            }
        }
    }

    /// Combien de candidats d'un site peuvent commencer ensemble cette épreuve, d'après leurs présences et l'ouverture ; et
    /// les débuts, par jour, où ils le peuvent. Qui ne tient pas, même seul, n'impose son heure à personne.
    pub(crate) fn debuts_du_plus_grand_nombre(
        &self,
        ep: usize,
        site: usize,
    ) -> (usize, Vec<Grille>) {
        let siennes = || {
            let du_site = |x: &&Tache| {
                let ici = self.inst.candidats[x.cand].site == site;
                x.ep == ep && ici && !self.impossibles[x.cand]
            };
            self.taches.iter().filter(du_site)
        };
        let mut mieux = (0, vec![Grille::default(); self.nj]);
        for d in 0..self.nj {
            let mut combien = vec![0; usize::from(PAS_MAX)];
            for x in siennes() {
                let debuts = self.dispo_cand[x.cand][d]
                    .debuts(x.duree)
                    .et(&self.ouvert[d]);
                (0..PAS_MAX)
                    .filter(|s| debuts.contains(*s))
                    .for_each(|s| combien[usize::from(s)] += 1);
            }
            for (s, n) in (0..PAS_MAX).zip(combien) {
                if n > mieux.0 {
                    mieux = (n, vec![Grille::default(); self.nj]);
                }
                if n > 0 && n == mieux.0 {
                    mieux.1[d] = mieux.1[d].ou(&Grille::plage(s, s + 1));
                }
            }
        }
        mieux
    }

    pub(super) fn compiler_unites(&mut self) {
        self.unite_de = vec![0; self.taches.len()];
        self.mobile = vec![false; self.taches.len()];
        for liste in &self.unites {
            for (k, u) in liste.iter().enumerate() {
                for t in u {
                    self.unite_de[*t] = k as u16;
                }
                let tete = &self.taches[u[0]];
                self.mobile[u[0]] = tete.chaine_avant.is_none()
                    && u.iter().all(|t| {
                        let x = &self.taches[*t];
                        x.jury
                            && x.partage <= 1
                            && !x.commun
                            && x.sans_salle == tete.sans_salle
                            && x.encs == tete.encs
                            && self.libre_de_bouger(*t)
                    });
            }
        }
    }

    /// Quand un jury (tous ses membres) ou un surveillant est là, ce jour.
    pub(crate) fn libre_encadrant(&self, jury: bool, enc: u16, d: usize) -> Grille {
        if !jury {
            return self.dispo_surv[usize::from(enc)][d];
        }
        self.inst.jurys[usize::from(enc)]
            .membres
            .iter()
            .fold(Grille::plage(0, u16::MAX), |g, m| {
                g.et(&self.dispo_membre[*m][d])
            })
    }

    /// Ni figée, ni épinglée dans le temps.
    pub(crate) fn libre_de_bouger(&self, t: usize) -> bool {
        let x = &self.taches[t];
        x.figee.is_none() && x.jour_fixe.is_none() && x.debut_fixe.is_none()
    }

    /// La tâche est-elle d'une unité qui se recale en série ?
    pub(crate) fn unite_mobile(&self, t: usize) -> bool {
        self.unite(t).first().is_some_and(|u| self.mobile[*u])
    }

    /// L'unité (tâche seule ou chaîne) d'une tâche.
    pub(crate) fn unite(&self, t: usize) -> &[usize] {
        &self.unites[self.taches[t].cand][usize::from(self.unite_de[t])]
    }
}
