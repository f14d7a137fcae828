//! Scinder une séance surveillée : ceux que leur jury reçoit plus tard la passent plus tard, et n'attendent plus.
//!
//! Sans ce geste, une séance de vingt reste une séance de vingt : un candidat seul n'en ouvre une autre qu'au hasard d'une
//! ruine.

use super::Piste;
use crate::modele::{NUL, Place};

impl Piste<'_, '_, '_> {
    /// Une part d'une séance en ouvre une autre, à une heure où tous ceux-là sont libres ; leurs passages ne bougent pas.
    pub(super) fn scinder(&mut self) -> bool {
        let m = self.etat.m;
        let c = self.hasard.sous(m.inst.candidats.len());
        let Some(t) = self.seance_partagee(c) else {
            return false;
        };
        let Some(avant) = self.etat.places[t] else {
            return false;
        };
        let seance = &self.etat.seances[self.etat.seance_de[t] as usize];
        let (taches, duree) = (seance.taches.clone(), seance.duree);
        let Some(la) = self.autre_heure(t, avant, duree) else {
            return false;
        };
        let mut partent: Vec<usize> = taches.iter().map(|t| *t as usize).collect();
        partent.retain(|t| self.peut_passer(*t, &la, true));
        if partent.is_empty() {
            return false;
        }
        for t in &partent {
            self.etat.retirer(*t);
        }
        for t in &partent {
            if !self.etat.peut_placer(*t, &la) {
                return false;
            }
            self.etat.placer(*t, la);
        }
        true
    }

    /// Une heure de plus pour cette séance, le même jour : à l'ouverture, à la suite d'une autre, après le déjeuner, ou au
    /// hasard.
    fn autre_heure(&mut self, t: usize, avant: Place, duree: u16) -> Option<Place> {
        let m = self.etat.m;
        let (d, x) = (usize::from(avant.jour), &m.taches[t]);
        let enc = match self.hasard.sous(3) {
            0 => self.autre_surveillant(t, avant.jour, avant.enc)?,
            _ => avant.enc,
        };
        let salle = match self.hasard.sous(4) {
            0 if !x.sans_salle => x.salles[self.hasard.sous(x.salles.len())],
            _ => avant.salle,
        };
        let mut temps = m.heures[d].et(&self.etat.libre_surv[usize::from(enc) * m.nj + d]);
        if salle != NUL {
            temps = temps.et(&self.etat.libre_salle[usize::from(salle) * m.nj + d]);
        }
        let pris = &self.etat.survs[usize::from(enc) * m.nj + d].pris;
        let fin = match pris.len() {
            0 => 0,
            n => pris[self.hasard.sous(n)].1,
        };
        let bas = match self.hasard.sous(4) {
            0 => 0,
            1 => fin,
            2 => fin + m.dejeuner.2,
            _ => self.hasard.sous(usize::from(crate::grille::PAS_MAX)) as u16,
        };
        let debut = temps.premiere_plage(&m.ouvert[d], bas, duree)?;
        Some(Place {
            debut,
            salle,
            enc,
            ..avant
        })
    }
}
