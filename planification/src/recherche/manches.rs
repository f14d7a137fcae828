//! La course : beaucoup de départs courts, puis les meilleurs seulement, de plus en plus longtemps.
//!
//! Quels jours ouvrir, où tombe le questionnaire commun, qui surveille : un recuit ne revient guère sur ces choix.
//! Plusieurs départs en essaient plusieurs, et l'on voit vite lesquels ne mèneront nulle part.

use super::calendrier::Manche;
use super::departs::Depart;
use super::ouvertures::Ouvertures;
use super::{Calendrier, Piste, SERRE};
use crate::insertion::Interdit;
use crate::modele::Jours;

/// Part de sa tranche qu'un départ passe à placer tout le monde avant d'ouvrir un jour de plus.
const COMPLETER: f64 = 0.25;

/// Gestes par candidat sans lesquels un départ ne dit rien de ce qu'il vaut.
const GESTES: usize = 20;

impl Piste<'_, '_, '_> {
    /// La première manche : des départs neufs, chacun recuit sur sa tranche.
    pub(crate) fn partir(&mut self, manche: &Manche, calendrier: &Calendrier) -> Vec<Depart> {
        let mut departs: Vec<Depart> = vec![];
        let n = self.departs_utiles(manche);
        // Un budget d'un seul départ reste sur le premier plan.
        let mut ouvertures = (n > 1).then(|| Ouvertures::new(self.etat.m));
        for i in 0..n {
            if self.epuise() {
                break;
            }
            let fin = self.tranche(manche.fin, n - i);
            let mut jours = None;
            if let Some(ouvertures) = &ouvertures {
                let voulus = ouvertures.tirer(i, &mut self.hasard).clone();
                // L'insertion choisit toujours le même genre d'heure commune : une part des départs en essaie une autre.
                let trame = i > 2 && self.hasard.sous(100) < calendrier.traces;
                jours = self.repartir(voulus, trame, fin);
                // Qui ne place pas tout le monde laisse sa tranche aux suivants : recuire le meilleur à sa place emplirait
                // la course de ses copies.
                if jours.is_none() && !departs.is_empty() {
                    continue;
                }
            }
            self.recuire(fin, calendrier);
            let depart = self.depart();
            if let (Some(ouvertures), Some(jours)) = (&mut ouvertures, jours) {
                ouvertures.noter(&jours, depart.promesse(manche.point));
            }
            departs.push(depart);
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
            self.reprendre_depart(d);
            self.avancer_les_jours(manche.point, fin);
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

    /// Cherche la place de qui attend, sur une part de ce qui reste jusqu'à `fin`.
    pub(super) fn placer_le_reste(&mut self, fin: f64) {
        let ici = self.avancement();
        let patience = ici + (fin - ici) * COMPLETER;
        while self.quelqu_un_attend() && !self.epuise() && self.avancement() < patience {
            self.avancer(SERRE);
        }
    }

    /// Le meilleur de ce départ est désormais l'état présent.
    pub(super) fn recommencer(&mut self) {
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

    /// Un plan neuf, dans ces jours ; d'autres encore si quelqu'un y reste de côté. `trame` : l'heure des séances communes
    /// est tirée au lieu de suivre le premier inséré. Rend les jours finalement ouverts ; rien si le meilleur plan connu place
    /// plus de monde : on y revient.
    fn repartir(&mut self, mut ouverts: Jours, trame: bool, fin: f64) -> Option<Jours> {
        let m = self.etat.m;
        let candidats = m.inst.candidats.len();
        loop {
            self.n_ouvrir_que(&ouverts);
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
            self.placer_le_reste(fin);
            let manque = self.quelqu_un_attend() || self.courant.epingles > 0;
            if !manque || self.epuise() {
                break;
            }
            // Un jour de plus pour les sites où quelqu'un attend.
            let mut change = false;
            for (site, jours) in ouverts.iter_mut().enumerate() {
                let attend = (0..candidats)
                    .any(|c| m.inst.candidats[c].site == site && !self.etat.complet(c));
                if let Some(ferme) = jours.iter_mut().find(|ouvert| attend && !**ouvert) {
                    *ferme = true;
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
            return None;
        }
        Some(ouverts)
    }

    /// N'ouvre que ces jours.
    fn n_ouvrir_que(&mut self, ouverts: &[Vec<bool>]) {
        let ouverts = ouverts.iter().flatten();
        for (ferme, ouvert) in self.etat.ferme.iter_mut().zip(ouverts) {
            *ferme = !ouvert;
        }
    }
}
