//! La trame d'un départ : une heure tirée pour chaque début commun, et les séances surveillées du même jour serrées autour.
//!
//! Un recuit déplace mal une heure que soixante candidats partagent, ni deux séances à la fois : chaque départ en essaie une.

use super::Piste;
use crate::grille::{Grille, PAS_MAX};

/// Départs, un sur tant, dont les séances attendent celui à qui l'épreuve commune prend le plus de temps.
const ATTENDRE: usize = 3;

impl Piste<'_, '_, '_> {
    /// Tire une heure pour chaque début commun, là où tous peuvent : près d'un bout de journée ou du déjeuner, où l'on
    /// coupe le moins, ou n'importe où ; plutôt les premiers jours, puisque d'autres épreuves attendent celle-là.
    pub(super) fn tracer(&mut self, ouverts: &[Vec<bool>]) {
        let m = self.etat.m;
        let (de, a, repas) = m.dejeuner;
        // Ce que prennent les débuts communs déjà tirés : site, jour, temps.
        let mut pris: Vec<(usize, usize, Grille)> = vec![];
        for (cle, jours) in m.debuts_communs.iter().enumerate() {
            if jours.is_empty() || self.etat.commun[cle].2 > 0 {
                continue;
            }
            let sites = m.inst.sites.len();
            let (ep, site) = (cle / sites, cle % sites);
            let siennes = m.taches.iter().filter(|x| x.ep == ep);
            let duree = siennes.map(|x| x.duree).max().unwrap_or(0);
            let libres = |d: usize| {
                let du_jour = pris.iter().filter(|x| (x.0, x.1) == (site, d));
                du_jour.fold(Grille::plage(0, PAS_MAX), |g, x| g.sans(&x.2))
            };
            let possibles: Vec<(usize, Grille)> = (0..m.nj)
                .filter(|d| ouverts[site][*d])
                .map(|d| (d, jours[d].et(&m.ouvert[d])))
                .map(|(d, g)| (d, g.et(&libres(d).debuts(duree + m.pause))))
                .filter(|x| !x.1.est_vide())
                .collect();
            let n = possibles.len();
            let rang = self.hasard.sous(n).min(self.hasard.sous(n));
            let Some(&(jour, debuts)) = possibles.get(rang) else {
                continue;
            };
            let pas = match self.hasard.sous(11) {
                0 => 0,
                1 => de,
                2..6 => de.saturating_add(repas),
                6 => a,
                _ => self.hasard.sous(usize::from(PAS_MAX)) as u16,
            };
            let Some(debut) = debuts.premier(pas).or_else(|| debuts.dernier(pas)) else {
                continue;
            };
            for d in 0..m.nj {
                let seul = if d == jour {
                    un(debut)
                } else {
                    Grille::default()
                };
                self.etat.trame[cle * m.nj + d] = Some(seul);
            }
            let avant = debut.saturating_sub(m.pause);
            pris.push((site, jour, Grille::plage(avant, debut + duree + m.pause)));
            self.serrer(ep, site, jour, debut);
        }
    }

    /// Les autres séances surveillées de ce jour finissent une pause avant ce début commun, ou commencent une pause après.
    fn serrer(&mut self, ep: usize, site: usize, jour: usize, debut: u16) {
        let m = self.etat.m;
        let sites = m.inst.sites.len();
        let du_site = || {
            m.taches
                .iter()
                .filter(|x| m.inst.candidats[x.cand].site == site)
        };
        let mut apres = Grille::default();
        for x in du_site().filter(|x| x.ep == ep) {
            apres = apres.ou(&un(debut + x.duree + m.pause));
        }
        // Après le plus lent, tout le monde peut suivre dans la même séance : un départ sur tant l'attend.
        if self.hasard.sous(ATTENDRE) == 0
            && let Some(dernier) = apres.dernier(PAS_MAX - 1)
        {
            apres = un(dernier);
        }
        for x in du_site().filter(|x| !x.jury && !x.commun && x.partage > 1) {
            let avant = debut
                .checked_sub(x.duree + m.pause)
                .map_or(Grille::default(), un);
            let ici = &mut self.etat.trame[(x.ep * sites + site) * m.nj + jour];
            *ici = Some(ici.unwrap_or_default().ou(&avant).ou(&apres));
        }
    }
}

/// Un seul début.
fn un(pas: u16) -> Grille {
    Grille::plage(pas, pas.saturating_add(1))
}

#[cfg(test)]
mod essais {
    use crate::instance::Instance;
    use crate::modele::Modele;
    use crate::recherche::{Piste, SansHorloge};

    #[test]
    fn une_trame_serre_les_mises_en_situation_autour_du_questionnaire() {
        let inst = Instance::lire(include_str!("../../essais/instances/L1.json")).unwrap();
        let m = Modele::new(&inst);
        let (qp, msp) = (1, 0);
        for graine in 0..20 {
            let mut piste = Piste::new(&m, graine, Some(1000), 0, &SansHorloge);
            piste.tracer(&[vec![true, true, true, false]]);
            let debuts = |ep: usize, d: usize| -> Vec<u16> {
                piste.etat.trame[ep * m.nj + d]
                    .map_or(vec![], |g| (0..300).filter(|s| g.contains(*s)).collect())
            };
            let communs: Vec<(usize, u16)> = (0..m.nj)
                .flat_map(|d| debuts(qp, d).into_iter().map(move |s| (d, s)))
                .collect();
            let [(jour, debut)] = communs[..] else {
                panic!("une seule heure commune : {communs:?}");
            };
            assert!(jour < 3, "parmi les jours ouverts");
            // 30 minutes de questionnaire (40 au tiers temps), 210 de mise en situation (280), 10 de pause, par pas de 5.
            let autour = [
                debut as i32 - 44,
                debut as i32 - 58,
                debut as i32 + 8,
                debut as i32 + 10,
            ];
            let permis = debuts(msp, jour);
            assert!(!permis.is_empty());
            assert!(
                permis.iter().all(|s| autour.contains(&i32::from(*s))),
                "{permis:?} autour de {debut}"
            );
            assert!(
                (0..m.nj)
                    .filter(|d| *d != jour)
                    .all(|d| piste.etat.trame[msp * m.nj + d].is_none())
            );
        }
    }
}
