//! La course : beaucoup de départs courts, puis les meilleurs seulement, de plus en plus longtemps.
//!
//! Combien de jours ouvrir, où tombe le questionnaire commun, qui surveille : un recuit ne revient guère sur ces choix.
//! Plusieurs départs en essaient plusieurs, et l'on voit vite lesquels ne mèneront nulle part.

use super::calendrier::Manche;
use super::{Calendrier, Piste, SERRE};
use crate::etat::Vecteur;
use crate::insertion::Interdit;
use crate::modele::Place;

/// Part de sa tranche qu'un départ passe à placer tout le monde avant d'ouvrir un jour de plus.
const COMPLETER: f64 = 0.25;

/// Gestes par candidat sans lesquels un départ ne dit rien de ce qu'il vaut.
const GESTES: usize = 20;

/// Un départ, et où il en est.
pub(crate) struct Depart {
    v: Vecteur,
    places: Vec<Option<Place>>,
    ferme: Vec<bool>,
}

impl Depart {
    /// Ce que promet un départ quand un point de coût vaut `point` minutes de qualité : le plus petit d'abord. Le coût se
    /// rattrape plus souvent que la qualité d'un mauvais choix.
    fn promesse(&self, point: i64) -> (i64, i64, i64, i64) {
        let v = &self.v;
        (v.illegal, v.epingles, v.restes, v.cout * point + v.qualite)
    }
}

/// Les départs de toutes les pistes qui promettent le plus, distribués à `pistes` pistes pour cette manche.
pub(crate) fn choisir(mut tous: Vec<Depart>, pistes: usize, manche: &Manche) -> Vec<Vec<Depart>> {
    // Le tri est stable : à égalité, la première piste d'abord, quel que soit le nombre de fils.
    tous.sort_by_key(|d| d.promesse(manche.point));
    tous.truncate(pistes * manche.departs);
    let mut lots: Vec<Vec<Depart>> = (0..pistes).map(|_| vec![]).collect();
    for (i, d) in tous.into_iter().enumerate() {
        lots[i % pistes].push(d);
    }
    lots
}

impl Piste<'_, '_, '_> {
    /// La première manche : des départs neufs, chacun recuit sur sa tranche.
    pub(crate) fn partir(&mut self, manche: &Manche, calendrier: &Calendrier) -> Vec<Depart> {
        let mut departs = vec![];
        // Jours ouverts en plus du moins possible : les deux premiers départs disent ce qui vaut mieux.
        let mut plus = 0;
        let n = self.departs_utiles(manche);
        for i in 0..n {
            if self.epuise() {
                break;
            }
            let fin = self.tranche(manche.fin, n - i);
            // Un budget d'un seul départ reste sur le premier plan.
            if n > 1 {
                // L'insertion choisit toujours le même genre d'heure commune : une part des départs en essaie une autre.
                let trame = i > 2 && self.hasard.sous(100) < calendrier.traces;
                self.repartir(if i < 2 { i } else { plus }, trame, fin);
            }
            self.recuire(fin, calendrier);
            departs.push(self.depart());
            if let [a, b] = &departs[..] {
                plus = usize::from(b.promesse(manche.point) < a.promesse(manche.point));
            }
        }
        departs
    }

    /// Une manche de plus pour ces départs.
    pub(crate) fn poursuivre(
        &mut self,
        mut departs: Vec<Depart>,
        manche: &Manche,
        calendrier: &Calendrier,
    ) -> Vec<Depart> {
        let n = departs.len();
        for (i, d) in departs.iter_mut().enumerate() {
            if self.epuise() {
                break;
            }
            let fin = self.tranche(manche.fin, n - i);
            self.etat.ferme.fill(false);
            self.revenir(&d.places);
            self.etat.ferme.clone_from(&d.ferme);
            self.recommencer();
            self.recuire(fin, calendrier);
            *d = self.depart();
        }
        departs
    }

    /// Un tout petit budget ne s'éparpille pas.
    fn departs_utiles(&self, manche: &Manche) -> usize {
        match self.iterations {
            Some(max) => {
                let un = GESTES * self.etat.m.inst.candidats.len().max(1);
                let permis = (max as f64 * manche.fin) as usize / un;
                manche.departs.min(permis.max(1))
            }
            None => manche.departs,
        }
    }

    /// La fin d'une tranche, quand il en reste `n` d'ici `fin`.
    fn tranche(&self, fin: f64, n: usize) -> f64 {
        let ici = self.avancement();
        if n <= 1 {
            fin
        } else {
            ici + (fin - ici) / n as f64
        }
    }

    fn depart(&self) -> Depart {
        Depart {
            v: self.meilleur.0,
            places: self.meilleur.1.clone(),
            ferme: self.etat.ferme.clone(),
        }
    }

    /// Le meilleur de ce départ est désormais l'état présent.
    fn recommencer(&mut self) {
        self.courant = self.etat.evaluer();
        self.energie = self.etat.energie(&self.courant);
        self.meilleur = (
            self.courant,
            self.etat.places.clone(),
            self.etat.delib.clone(),
        );
        self.retenir(self.courant);
        self.calme = 0;
    }

    /// Un plan neuf, dans les premiers jours de chaque site : le moins possible, `plus` ; d'autres si quelqu'un y reste de
    /// côté. `trame` : l'heure des séances communes est tirée au lieu de suivre le premier inséré.
    fn repartir(&mut self, plus: usize, trame: bool, fin: f64) {
        let m = self.etat.m;
        let (nj, candidats) = (m.nj, m.inst.candidats.len());
        let mut ouverts: Vec<usize> = m
            .jours_au_moins()
            .into_iter()
            .map(|n| (n + plus).min(nj))
            .collect();
        loop {
            self.fermer_apres(&ouverts);
            (0..candidats).for_each(|c| self.etat.retirer_candidat(c));
            self.reserver();
            let ordre = self.ordre_de_construction();
            if trame {
                self.tracer(&ouverts);
            }
            self.reconstruire(&ordre, Interdit::default(), 0.0);
            self.etat.trame.fill(None);
            self.etat.accepter();
            self.recommencer();
            let ici = self.avancement();
            let patience = ici + (fin - ici) * COMPLETER;
            while self.quelqu_un_attend() && !self.epuise() && self.avancement() < patience {
                self.avancer(SERRE);
            }
            let manque = self.quelqu_un_attend() || self.courant.epingles > 0;
            if !manque || self.epuise() {
                break;
            }
            // Un jour de plus pour les sites où quelqu'un attend.
            let mut change = false;
            for (site, n) in ouverts.iter_mut().enumerate() {
                let attend = (0..candidats)
                    .any(|c| m.inst.candidats[c].site == site && !self.etat.complet(c));
                if attend && *n < nj {
                    *n += 1;
                    change = true;
                }
            }
            if !change {
                break;
            }
        }
        let (ici, la) = (&self.courant, &self.record.0);
        if (ici.epingles, ici.restes) > (la.epingles, la.restes) {
            self.etat.ferme.fill(false);
            let places = self.record.1.clone();
            self.revenir(&places);
            self.recommencer();
        }
    }

    /// N'ouvre que les premiers jours de chaque site.
    fn fermer_apres(&mut self, ouverts: &[usize]) {
        let nj = self.etat.m.nj;
        for (i, ferme) in self.etat.ferme.iter_mut().enumerate() {
            *ferme = i % nj >= ouverts[i / nj];
        }
    }
}
