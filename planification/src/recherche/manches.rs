//! La course : beaucoup de départs courts, puis les meilleurs seulement, de plus en plus longtemps.
//!
//! Combien de jours ouvrir, où tombe le questionnaire commun, qui surveille : un recuit ne revient guère sur ces choix.
//! Plusieurs départs en essaient plusieurs, et l'on voit vite lesquels ne mèneront nulle part.

use super::calendrier::Manche;
use super::{Calendrier, Piste, SERRE};
use crate::etat::Vecteur;
use crate::grille::PAS_MAX;
use crate::insertion::Interdit;
use crate::modele::Place;

/// Ce qu'un point de coût vaut en minutes de qualité quand on compare deux départs encore jeunes : le coût se rattrape
/// plus souvent que la qualité d'un mauvais choix.
const POINT: i64 = 1500;

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
    /// Ce que promet un départ encore jeune : le plus petit d'abord.
    fn promesse(&self) -> (i64, i64, i64, i64) {
        let v = &self.v;
        (v.illegal, v.epingles, v.restes, v.cout * POINT + v.qualite)
    }
}

/// Les meilleurs départs de toutes les pistes, distribués à `pistes` pistes : `chacune` au plus pour chacune.
pub(crate) fn choisir(
    mut tous: Vec<Depart>,
    pistes: usize,
    chacune: usize,
    derniere: bool,
) -> Vec<Vec<Depart>> {
    // Le tri est stable : à égalité, la première piste d'abord, quel que soit le nombre de fils.
    if derniere {
        tous.sort_by_key(|d| d.v);
    } else {
        tous.sort_by_key(Depart::promesse);
    }
    tous.truncate(pistes * chacune);
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
                // L'insertion choisit toujours le même genre d'heure commune : un départ sur deux en essaie une autre.
                let impose = i > 2 && i % 2 == 1;
                self.repartir(if i < 2 { i } else { plus }, impose, fin);
            }
            self.recuire(fin, calendrier);
            departs.push(self.depart());
            if let [a, b] = &departs[..] {
                plus = usize::from(b.promesse() < a.promesse());
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
    /// côté. `impose` : les débuts communs se tirent au hasard au lieu de suivre le premier inséré.
    fn repartir(&mut self, plus: usize, impose: bool, fin: f64) {
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
            let imposes = if impose {
                self.imposer_les_communs(&ouverts)
            } else {
                vec![]
            };
            self.reconstruire(&ordre, Interdit::default(), 0.0);
            imposes.into_iter().for_each(|cle| self.etat.liberer(cle));
            self.etat.accepter();
            self.recommencer();
            let ici = self.avancement();
            let patience = ici + (fin - ici) * COMPLETER;
            while self.courant.restes > 0 && !self.epuise() && self.avancement() < patience {
                self.avancer(SERRE);
            }
            let manque = self.courant.restes > 0 || self.courant.epingles > 0;
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

    /// Impose à chaque début commun une heure qui convient à tous : près d'un bout de journée ou du déjeuner, là où l'on
    /// coupe le moins, ou n'importe où ; plutôt les premiers jours, puisque d'autres épreuves attendent celle-là.
    fn imposer_les_communs(&mut self, ouverts: &[usize]) -> Vec<usize> {
        let m = self.etat.m;
        let (de, a, repas) = m.dejeuner;
        let mut imposes = vec![];
        for (cle, jours) in m.debuts_communs.iter().enumerate() {
            if jours.is_empty() || self.etat.commun[cle].2 > 0 {
                continue;
            }
            let n = ouverts[cle % m.inst.sites.len()];
            let jour = self.hasard.sous(n).min(self.hasard.sous(n));
            let debuts = jours[jour].et(&m.ouvert[jour]);
            let pas = match self.hasard.sous(8) {
                0 => 0,
                1 => de,
                2 => de.saturating_add(repas),
                3 => a,
                _ => self.hasard.sous(usize::from(PAS_MAX)) as u16,
            };
            if let Some(debut) = debuts.premier(pas).or_else(|| debuts.dernier(pas)) {
                self.etat.imposer(cle, jour as u16, debut);
                imposes.push(cle);
            }
        }
        imposes
    }

    /// N'ouvre que les premiers jours de chaque site.
    fn fermer_apres(&mut self, ouverts: &[usize]) {
        let nj = self.etat.m.nj;
        for (i, ferme) in self.etat.ferme.iter_mut().enumerate() {
            *ferme = i % nj >= ouverts[i / nj];
        }
    }
}
