//! Jouer à blanc : seules les places et les grilles changent, le temps de savoir si un recalage tient ; puis tout est remis.
//!
//! La plupart des recalages ne tiennent pas, ou ne changent qu'une part de ce qu'ils reposent : rien n'est inscrit pour eux.

use super::Etat;
use super::prix::Touches;
use crate::grille::Grille;
use crate::modele::{Modele, NUL, Place};

/// De quoi remettre ce qu'un essai à blanc a changé.
#[derive(Clone, Default)]
pub(super) struct Blanc {
    places: Vec<(u32, Option<Place>)>,
    membres: Vec<(u32, Grille)>,
    salles: Vec<(u32, Grille)>,
    /// Ce que le calcul d'un minorant a déjà vu ; vide d'un calcul à l'autre.
    pub(super) cands: Touches,
    pub(super) journees: Touches,
    pub(super) jurys: Touches,
}

impl Blanc {
    pub(super) fn new(m: &Modele<'_>) -> Self {
        Self {
            cands: Touches::vide(m.inst.candidats.len()),
            journees: Touches::vide(m.inst.membres.len() * m.nj),
            jurys: Touches::vide(m.inst.jurys.len()),
            ..Self::default()
        }
    }
}

impl Etat<'_, '_> {
    /// Ôte une tâche de jury, seule dans sa séance.
    pub(crate) fn oter_a_blanc(&mut self, t: usize) {
        let avant = self.places[t];
        self.blanc.places.push((t as u32, avant));
        self.places[t] = None;
        if let Some(p) = avant {
            self.occuper_a_blanc(t, &p, false);
        }
    }

    /// Pose une tâche de jury, seule dans sa séance.
    pub(crate) fn poser_a_blanc(&mut self, t: usize, p: Place) {
        self.blanc.places.push((t as u32, self.places[t]));
        self.places[t] = Some(p);
        self.occuper_a_blanc(t, &p, true);
    }

    fn occuper_a_blanc(&mut self, t: usize, p: &Place, prend: bool) {
        let (m, d) = (self.m, usize::from(p.jour));
        let fin = p.debut + m.taches[t].duree;
        let change = |gardees: &mut Vec<(u32, Grille)>, x: &mut Grille, i: usize| {
            if !gardees.iter().any(|v| v.0 == i as u32) {
                gardees.push((i as u32, *x));
            }
            if prend {
                x.prendre(p.debut, fin);
            } else {
                x.rendre(p.debut, fin);
            }
        };
        if p.salle != NUL {
            let i = usize::from(p.salle) * m.nj + d;
            change(&mut self.blanc.salles, &mut self.libre_salle[i], i);
        }
        if p.enc != NUL {
            for x in &m.tenus[usize::from(p.enc)] {
                let i = x * m.nj + d;
                change(&mut self.blanc.membres, &mut self.libre_membre[i], i);
            }
        }
    }

    /// Où était la `k`-ième tâche ôtée depuis le début de l'essai ; rien n'avait été posé avant.
    pub(crate) fn ote_a_blanc(&self, k: usize) -> Option<Place> {
        self.blanc.places[k].1
    }

    /// Remet tout comme avant l'essai.
    pub(crate) fn finir_le_blanc(&mut self) {
        while let Some((t, p)) = self.blanc.places.pop() {
            self.places[t as usize] = p;
        }
        while let Some((i, g)) = self.blanc.membres.pop() {
            self.libre_membre[i as usize] = g;
        }
        while let Some((i, g)) = self.blanc.salles.pop() {
            self.libre_salle[i as usize] = g;
        }
    }

    /// Garde-t-il son déjeuner, s'il prend ce temps en plus ? Lu sur la grille : ce qui n'est pas pris est libre pour manger.
    pub(crate) fn dejeune(&self, membre: usize, jour: usize, prend: &Grille) -> bool {
        let (m, i) = (self.m, membre * self.m.nj + jour);
        let (de, a, longueur) = m.dejeuner;
        let pris = m.dispo_membre[membre][jour].sans(&self.libre_membre[i]);
        let libre = Grille::plage(de, a).sans(&pris).sans(prend);
        !libre.debuts(longueur).est_vide()
    }
}
