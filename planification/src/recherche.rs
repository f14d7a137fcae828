//! La recherche : construction, puis ruine et reconstruction sous recuit, jusqu'à la fin du budget.

mod ruine;

use crate::etat::{Etat, Vecteur};
use crate::hasard::Hasard;
use crate::insertion::Interdit;
use crate::modele::{Modele, Place};

/// Ce que l'appelant injecte : le temps qui passe, l'arrêt demandé, et à qui dire l'avancement.
pub trait Cadence: Sync {
    /// Part du temps écoulée, de 0 à 1 ; au-delà de 1, on rend le meilleur plan. Ignorée en itérations.
    fn part(&self) -> f64;
    /// L'arrêt est-il demandé ?
    fn arret(&self) -> bool;
    /// Un meilleur plan : candidats laissés de côté, coût, qualité.
    fn meilleur(&self, restes: i64, cout: i64, qualite: i64);
}

/// Une cadence muette, pour un budget en itérations.
#[derive(Debug, Default, Clone, Copy)]
pub struct SansHorloge;

impl Cadence for SansHorloge {
    fn part(&self) -> f64 {
        0.0
    }
    fn arret(&self) -> bool {
        false
    }
    fn meilleur(&self, _: i64, _: i64, _: i64) {}
}

/// Le meilleur trouvé par une piste.
pub(crate) type Meilleur = (Vecteur, Vec<Option<Place>>, Vec<Option<(u16, u16)>>);

/// Une piste de recherche, avec sa graine.
pub(crate) struct Piste<'m, 'a, 'c> {
    pub(crate) etat: Etat<'m, 'a>,
    pub(crate) hasard: Hasard,
    cadence: &'c dyn Cadence,
    /// Itérations permises ; `None` : la cadence décide.
    iterations: Option<u64>,
    meilleur: Meilleur,
}

impl<'m, 'a, 'c> Piste<'m, 'a, 'c> {
    pub(crate) fn new(
        m: &'m Modele<'a>,
        graine: u64,
        iterations: Option<u64>,
        cadence: &'c dyn Cadence,
    ) -> Self {
        let mut etat = Etat::new(m);
        let v = etat.evaluer();
        let meilleur = (v, etat.places.clone(), etat.delib.clone());
        Self {
            etat,
            hasard: Hasard::new(graine),
            cadence,
            iterations,
            meilleur,
        }
    }

    fn fini(&self) -> bool {
        self.cadence.arret() || (self.iterations.is_none() && self.cadence.part() >= 1.0)
    }

    /// Joue tout le budget et rend le meilleur.
    pub(crate) fn jouer(mut self) -> Meilleur {
        self.construire();
        let mut courant = self.etat.evaluer();
        let mut energie = self.etat.energie(&courant);
        self.retenir(courant);
        let reprise = self.etat.m.inst.reprise.is_some();
        let (chaud, froid): (f64, f64) = if reprise {
            (60_000.0, 8.0)
        } else {
            (250.0, 5.0)
        };
        let (mut n, mut part, mut calme) = (0u64, 0.0, 0u64);
        while !self.fini() && self.iterations.is_none_or(|max| n < max) {
            if n.is_multiple_of(8) {
                part = match self.iterations {
                    Some(max) => n as f64 / max as f64,
                    None => self.cadence.part(),
                };
            }
            // Deux recuits à la suite : une piste figée trop tôt repart.
            let tour = (part * 2.0).min(1.999);
            let t = chaud * (froid / chaud).powf(tour.fract());
            n += 1;
            let repere = self.etat.repere();
            let possible = self.geste(t);
            let v = self.etat.evaluer();
            let e = self.etat.energie(&v);
            let garde = possible
                && v.illegal <= 0
                && (e <= energie || self.hasard.part() < ((energie - e) / t).exp());
            if garde {
                self.etat.accepter();
                courant = v;
                energie = e;
                calme += 1;
                if v < self.meilleur.0 {
                    self.retenir(v);
                    calme = 0;
                }
            } else {
                self.etat.defaire(repere);
                calme += 1;
            }
            let loin = courant > self.meilleur.0;
            if loin && calme > 4000 && self.hasard.sous(400) == 0 {
                let places = self.meilleur.1.clone();
                self.revenir(&places);
                courant = self.etat.evaluer();
                energie = self.etat.energie(&courant);
                calme = 0;
            }
        }
        self.meilleur
    }

    fn retenir(&mut self, v: Vecteur) {
        if v.illegal <= 0 && (v < self.meilleur.0 || self.meilleur.0.illegal > 0) {
            self.meilleur = (v, self.etat.places.clone(), self.etat.delib.clone());
            self.cadence.meilleur(v.restes, v.cout, v.qualite);
        }
    }

    /// Repart de ces places.
    fn revenir(&mut self, places: &[Option<Place>]) {
        for (t, p) in places.iter().enumerate() {
            if self.etat.places[t] != *p {
                self.etat.retirer(t);
            }
        }
        for (t, p) in places.iter().enumerate() {
            if let Some(p) = p
                && self.etat.places[t].is_none()
            {
                self.etat.placer(t, *p);
            }
        }
        self.etat.accepter();
    }

    /// Place tout le monde une première fois : la référence d'abord, puis les plus contraints.
    fn construire(&mut self) {
        let m = self.etat.m;
        if m.inst.reprise.is_some() {
            self.reprendre();
        }
        let mut ordre: Vec<usize> = (0..m.inst.candidats.len()).collect();
        self.hasard.melanger(&mut ordre);
        let rang = |c: &usize| {
            let x = &m.inst.candidats[*c];
            let encs: usize = m.de_candidat[*c]
                .clone()
                .map(|t| m.taches[t].encs.len())
                .min()
                .unwrap_or(0);
            (
                !m.epingle[*c],
                x.dispo.is_none(),
                encs.min(3),
                !x.tiers_temps,
                !x.pmr,
                std::cmp::Reverse(m.de_candidat[*c].len()),
            )
        };
        ordre.sort_by_key(rang);
        let nj = m.nj.min(63);
        let reprise = m.inst.reprise.is_some();
        let mut mieux: Option<(f64, Vec<Option<Place>>)> = None;
        // Essayer aussi avec moins de jours : c'est là que se gagnent les journées de site et de surveillant.
        for essai in 0..if reprise { 1 } else { 2 * nj } {
            if essai > 0
                && (self.fini() || (self.iterations.is_none() && self.cadence.part() > 0.12))
            {
                break;
            }
            let garde = nj - essai % nj;
            let jours = (essai % nj > 0).then(|| (usize::MAX, !0u64 << garde));
            if essai > 0 {
                (0..m.inst.candidats.len()).for_each(|c| self.etat.retirer_candidat(c));
            }
            self.reconstruire(
                &ordre,
                Interdit {
                    jours,
                    ..Interdit::default()
                },
                0.0,
            );
            let v = self.etat.evaluer();
            self.etat.accepter();
            self.retenir(v);
            let e = self.etat.energie(&v);
            if v.illegal <= 0 && mieux.as_ref().is_none_or(|m| e < m.0) {
                mieux = Some((e, self.etat.places.clone()));
            }
        }
        if let Some((_, places)) = mieux {
            self.revenir(&places);
        }
    }

    /// Remet chaque tâche de la référence là où elle était, quand c'est encore permis.
    fn reprendre(&mut self) {
        let m = self.etat.m;
        let mut ordre: Vec<usize> = (0..m.taches.len())
            .filter(|t| m.taches[*t].figee.is_none())
            .collect();
        ordre.sort_by_key(|t| m.taches[*t].reference.map(|p| (p.jour, p.debut)));
        for t in ordre {
            let x = &m.taches[t];
            let Some(p) = x.reference else { continue };
            let admis = x.encs.contains(&p.enc)
                && (x.sans_salle || x.salles.contains(&p.salle))
                && x.jour_fixe.is_none_or(|j| j == p.jour)
                && x.debut_fixe.is_none_or(|s| s == p.debut);
            if !admis || self.cadence.arret() || !self.etat.peut_placer(t, &p) {
                continue;
            }
            let repere = self.etat.repere();
            self.etat.placer(t, p);
            if self.etat.evaluer().illegal > 0 {
                self.etat.defaire(repere);
            }
        }
    }

    /// Réinsère ces candidats, dans l'ordre ; qui ne tient pas est retiré tout entier.
    pub(crate) fn reconstruire(&mut self, ordre: &[usize], interdit: Interdit, bruit: f64) {
        for &c in ordre {
            if self.etat.complet(c) {
                continue;
            }
            let place = !self.fini() && self.etat.inserer(c, &mut self.hasard, interdit, bruit);
            if !place {
                self.etat.retirer_candidat(c);
                let tout = Interdit {
                    tout: true,
                    ..interdit
                };
                if !self.fini() && !self.etat.inserer(c, &mut self.hasard, tout, bruit) {
                    self.etat.retirer_candidat(c);
                }
            }
        }
    }
}
