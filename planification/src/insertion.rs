//! L'insertion d'un candidat entier : un faisceau d'emplacements par unité, puis le prix exact des meilleurs.

mod emplacements;

use crate::etat::{Etat, Vecteur};
use crate::hasard::Hasard;
use crate::modele::{NUL, Place};

/// Largeur du faisceau.
const LARGEUR: usize = 4;
/// Ce qu'une reconstruction s'interdit.
#[derive(Clone, Copy, Default)]
pub(crate) struct Interdit {
    /// Une journée d'encadrant : est-ce un jury, son rang, le jour.
    pub journee: Option<(bool, u16, u16)>,
    /// Des jours d'un site : le site, un bit par jour (les 64 premiers).
    pub jours: Option<(usize, u64)>,
    /// Regarder toutes les journées, sans tirage.
    pub tout: bool,
}

impl Interdit {
    fn jour(&self, site: usize, jour: u16) -> bool {
        self.jours.is_some_and(|(s, bits)| {
            (s == site || s == usize::MAX) && jour < 64 && bits >> jour & 1 == 1
        })
    }
}

struct Branche {
    prix: f64,
    poses: Vec<(usize, Place)>,
}

struct Essai {
    prix: f64,
    parent: usize,
    place: Place,
}

impl Etat<'_, '_> {
    fn ou(&self, poses: &[(usize, Place)], t: usize) -> Option<Place> {
        poses
            .iter()
            .find(|x| x.0 == t)
            .map(|x| x.1)
            .or(self.places[t])
    }

    /// Place tout ce qui manque à un candidat, au mieux ; faux (et rien de changé) si rien ne tient.
    pub(crate) fn inserer(
        &mut self,
        c: usize,
        hasard: &mut Hasard,
        interdit: Interdit,
        bruit: f64,
    ) -> bool {
        let modele = self.m;
        let mut faisceau = vec![Branche {
            prix: 0.0,
            poses: vec![],
        }];
        for unite in &modele.unites[c] {
            let manque: Vec<usize> = unite
                .iter()
                .copied()
                .filter(|t| self.places[*t].is_none())
                .collect();
            if manque.is_empty() {
                continue;
            }
            let mut essais: Vec<Essai> = vec![];
            for (i, b) in faisceau.iter().enumerate() {
                self.emplacements(c, &manque, b, i, hasard, interdit, &mut essais);
            }
            if bruit > 0.0 {
                for e in &mut essais {
                    e.prix += bruit * hasard.part();
                }
            }
            // Seuls les meilleurs comptent : trier le reste coûterait plus que les chercher.
            let ordre = |a: &Essai, b: &Essai| {
                let (p, q) = (&a.place, &b.place);
                let lieu =
                    (p.jour, p.debut, p.enc, p.salle).cmp(&(q.jour, q.debut, q.enc, q.salle));
                a.prix
                    .total_cmp(&b.prix)
                    .then(a.parent.cmp(&b.parent))
                    .then(lieu)
            };
            if essais.len() > LARGEUR {
                essais.select_nth_unstable_by(LARGEUR - 1, ordre);
                essais.truncate(LARGEUR);
            }
            essais.sort_unstable_by(ordre);
            if essais.is_empty() {
                return false;
            }
            faisceau = essais
                .iter()
                .map(|e| {
                    let mut poses = faisceau[e.parent].poses.clone();
                    let mut p = e.place;
                    for t in &manque {
                        let sans = modele.taches[*t].sans_salle;
                        poses.push((*t, if sans { Place { salle: NUL, ..p } } else { p }));
                        p.debut += modele.taches[*t].duree;
                    }
                    Branche {
                        prix: e.prix,
                        poses,
                    }
                })
                .collect();
        }
        let mut mieux: Option<(f64, usize)> = None;
        // Tout ce qui précède est réglé (délibérations comprises) avant de poser le repère.
        self.evaluer();
        let repere = self.repere();
        for (i, b) in faisceau.iter().enumerate() {
            if self.appliquer(&b.poses) {
                let v: Vecteur = self.evaluer();
                let e = self.energie(&v);
                if v.illegal == 0 && mieux.is_none_or(|m| e < m.0) {
                    mieux = Some((e, i));
                }
            }
            self.defaire(repere);
        }
        match mieux {
            Some((_, i)) => self.appliquer(&faisceau[i].poses),
            None => false,
        }
    }

    fn appliquer(&mut self, poses: &[(usize, Place)]) -> bool {
        for (t, p) in poses {
            if !self.peut_placer(*t, p) {
                return false;
            }
            self.placer(*t, *p);
        }
        true
    }
}
