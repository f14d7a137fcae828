//! La recherche : construction, puis ruine et reconstruction sous recuit, jusqu'à la fin du budget.

mod avance;
mod calendrier;
mod changements;
mod construction;
mod decalage;
mod departs;
mod fermeture;
mod manches;
mod ouvertures;
mod releve;
mod ruine;
mod scission;
mod seances;
mod serie;
mod trame;
mod transferts;
mod troc;

pub(crate) use calendrier::Calendrier;
pub(crate) use departs::{Depart, choisir};

use crate::etat::{Change, Etat, Vecteur};
use crate::hasard::Hasard;
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

/// Gestes, ou insertions, entre deux lectures de la cadence : la lire coûte autant qu'un petit geste.
const LECTURE: u64 = 8;
/// Part des gestes en série, sur mille : une ruine coûte trente à soixante fois plus, et trouve deux à dix fois moins par
/// seconde.
const EN_SERIE: usize = 995;
/// La même, pour un très grand planning, où le budget sert surtout à fermer des journées ; l'effet mesuré est dans le bruit.
const EN_SERIE_NOMBREUX: usize = 970;
/// Intervalles égaux d'un recuit, et combien des premiers visent chacun une journée de jury à vider, avant que la qualité
/// se règle seule.
const VISEES: usize = 10;
const VISEES_UTILES: usize = 6;
/// Température de la recherche d'un plan complet.
const SERRE: f64 = 400.0;

/// Le meilleur trouvé par une piste.
pub(crate) type Meilleur = (Vecteur, Vec<Option<Place>>, Vec<Option<(u16, u16)>>);

/// Une piste de recherche, avec sa graine.
pub(crate) struct Piste<'m, 'a, 'c> {
    pub(crate) etat: Etat<'m, 'a>,
    pub(crate) hasard: Hasard,
    cadence: &'c dyn Cadence,
    /// Itérations permises ; `None` : la cadence décide.
    iterations: Option<u64>,
    /// Candidats qu'aucun plan ne place : les attendre ne sert à rien.
    jamais: i64,
    /// Le meilleur de ce départ, et celui de tous.
    meilleur: Meilleur,
    record: Meilleur,
    courant: Vecteur,
    energie: f64,
    /// Gestes faits, et gestes inscrits depuis le dernier progrès.
    faits: u64,
    calme: u64,
    /// La cadence, à sa dernière lecture.
    arret: bool,
    part: f64,
    /// Candidats réinsérés.
    poses: u64,
    /// Ce qu'un recalage change, le temps de l'appliquer.
    changes: Vec<Change>,
    /// De combien l'énergie peut monter sans que ce geste soit refusé, et de combien elle monterait au moins.
    seuil: f64,
    au_moins: f64,
}

impl<'m, 'a, 'c> Piste<'m, 'a, 'c> {
    pub(crate) fn new(
        m: &'m Modele<'a>,
        graine: u64,
        iterations: Option<u64>,
        jamais: i64,
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
            jamais,
            record: meilleur.clone(),
            meilleur,
            courant: v,
            energie: f64::INFINITY,
            faits: 0,
            calme: 0,
            arret: false,
            part: 0.0,
            poses: 0,
            changes: vec![],
            seuil: f64::INFINITY,
            au_moins: f64::NEG_INFINITY,
        }
    }

    /// Lit la cadence ; entre deux lectures, la recherche s'en tient à la dernière.
    fn lire_la_cadence(&mut self) {
        self.arret = self.cadence.arret();
        if self.iterations.is_none() {
            self.part = self.cadence.part();
        }
    }

    fn fini(&self) -> bool {
        self.arret || (self.iterations.is_none() && self.part >= 1.0)
    }

    /// Un premier plan, où tout le monde a sa place si un dixième du budget y suffit.
    pub(crate) fn ouvrir(&mut self) {
        self.construire();
        self.prendre_acte();
        while self.quelqu_un_attend() && !self.epuise() && self.avancement() < 0.1 {
            self.avancer(SERRE);
        }
    }

    /// Le meilleur plan trouvé.
    pub(crate) fn finir(self) -> Meilleur {
        self.record
    }

    /// Note l'état présent : son prix, et s'il est le meilleur.
    fn prendre_acte(&mut self) {
        self.courant = self.etat.evaluer();
        self.energie = self.etat.energie(&self.courant);
        self.retenir(self.courant);
    }

    /// Quelqu'un est-il de côté, qu'un autre plan placerait peut-être ?
    fn quelqu_un_attend(&self) -> bool {
        self.courant.restes > self.jamais
    }

    fn epuise(&self) -> bool {
        self.fini() || self.iterations.is_some_and(|max| self.faits >= max)
    }

    /// Part du budget dépensée, de 0 à 1.
    fn avancement(&self) -> f64 {
        match self.iterations {
            Some(max) => self.faits as f64 / max.max(1) as f64,
            None => self.part,
        }
    }

    /// Un geste à la température `t`, gardé ou défait.
    fn avancer(&mut self, t: f64) {
        self.faits += 1;
        if self.faits.is_multiple_of(LECTURE) {
            self.lire_la_cadence();
        }
        // Le dé du recuit se jette d'abord : un recalage qui coûterait plus n'est pas inscrit.
        let seuil = -t * self.hasard.part().ln();
        self.seuil = seuil;
        self.au_moins = f64::NEG_INFINITY;
        let repere = self.etat.repere();
        let en_serie = if self.quelqu_un_attend() {
            EN_SERIE / 3
        } else if self.etat.m.inst.candidats.len() > calendrier::NOMBREUX {
            EN_SERIE_NOMBREUX
        } else {
            EN_SERIE
        };
        let possible = if self.hasard.sous(1000) < en_serie {
            self.serie()
        } else {
            self.geste(t)
        };
        if !possible {
            self.etat.defaire(repere);
            self.etat.evaluer();
            return;
        }
        let v = self.etat.evaluer();
        let e = self.etat.energie(&v);
        debug_assert!(
            e - self.energie >= self.au_moins - 1e-3,
            "le minorant d'un recalage dépasse ce qu'il coûte : {} > {}",
            self.au_moins,
            e - self.energie
        );
        let garde = v.illegal <= 0 && e - self.energie <= seuil;
        self.calme += 1;
        if garde {
            self.etat.accepter();
            self.courant = v;
            self.energie = e;
            if v < self.meilleur.0 {
                self.retenir(v);
                self.calme = 0;
            }
        } else {
            self.etat.defaire(repere);
        }
    }

    /// Un recuit, du chaud au froid, jusqu'à cette part du budget.
    pub(crate) fn recuire(&mut self, fin: f64, calendrier: &Calendrier) {
        let depart = self.avancement();
        let mut t = calendrier.temperature(0.0);
        let mut vises = 0;
        while !self.epuise() && self.avancement() < fin {
            if self.faits.is_multiple_of(8) {
                let part = ((self.avancement() - depart) / (fin - depart)).clamp(0.0, 1.0);
                t = calendrier.temperature(part);
                self.etat.pente = 1.0 - part;
                // Une autre journée à vider de temps en temps, puis plus aucune : la qualité se règle à la fin.
                let tour = 1 + (part * VISEES as f64) as usize;
                if tour > vises && vises <= VISEES_UTILES {
                    vises = tour;
                    self.viser(tour <= VISEES_UTILES);
                }
                self.energie = self.etat.energie(&self.courant);
            }
            self.avancer(t);
            if self.courant > self.meilleur.0 && self.calme > 4000 && self.hasard.sous(400) == 0 {
                let places = self.meilleur.1.clone();
                self.revenir(&places);
                self.courant = self.etat.evaluer();
                self.energie = self.etat.energie(&self.courant);
                self.calme = 0;
            }
        }
        self.viser(false);
    }

    /// Vise la journée de jury la moins chargée, tant qu'il y en a plus que le temps n'en demande.
    fn viser(&mut self, permis: bool) {
        let trop = self.etat.journees_de_jure() > self.etat.m.journees_au_moins;
        let journee = if permis && trop && !self.quelqu_un_attend() {
            self.la_moins_chargee()
        } else {
            None
        };
        self.etat.viser(journee);
        self.etat.evaluer();
        self.etat.accepter();
        self.energie = self.etat.energie(&self.courant);
    }

    fn retenir(&mut self, v: Vecteur) {
        if v.illegal <= 0 && (v < self.meilleur.0 || self.meilleur.0.illegal > 0) {
            self.meilleur = (v, self.etat.places.clone(), self.etat.delib.clone());
            if v < self.record.0 || self.record.0.illegal > 0 {
                self.record.clone_from(&self.meilleur);
                self.cadence.meilleur(v.restes, v.cout, v.qualite);
            }
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
}
