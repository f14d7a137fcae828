//! Vider une journée de surveillant : ceux qu'elle garde rejoignent les séances des autres, tous ou personne.
//!
//! Une journée de surveillant compte dans le coût, et ne rapporte qu'une fois son dernier candidat parti : un recuit ne paie
//! pas d'avance les premiers, à qui la séance d'un autre jour fait une journée de plus.

use super::Piste;
use crate::modele::Place;

/// Vidages, sur trois, où les passages des jurys ne bougent pas.
const SUR_PLACE: usize = 2;

impl Piste<'_, '_, '_> {
    /// Vide la journée d'un surveillant dans les séances qui restent. Faux si l'un de ses candidats n'en trouve aucune.
    pub(super) fn vider_une_surveillance(&mut self) -> bool {
        let m = self.etat.m;
        let Some((enc, jour)) = self.surveillance_legere() else {
            return false;
        };
        // Qui a un tiers temps ne sort de l'épreuve d'avant qu'un peu plus tard : parfois une séance l'attend.
        if self.hasard.sous(2) == 0 && !self.retarder() {
            return false;
        }
        let ici = |t: &usize| {
            let place = self.etat.places[*t].filter(|_| !m.taches[*t].jury);
            place.is_some_and(|p| (p.enc, p.jour) == (enc, jour))
        };
        let mut partants: Vec<u32> = (0..m.taches.len()).filter(ici).map(|t| t as u32).collect();
        let partage = |t: &u32| {
            let x = &m.taches[*t as usize];
            !x.commun && x.partage > 1 && m.libre_de_bouger(*t as usize)
        };
        if !partants.iter().all(partage) {
            return false;
        }
        self.hasard.melanger(&mut partants);
        let sur_place = self.hasard.sous(3) < SUR_PLACE;
        let mut liste = if sur_place {
            vec![]
        } else {
            self.passages_de(&partants)
        };
        for t in &partants {
            let t = *t as usize;
            let ailleurs = |p: &Place| (p.enc, p.jour) != (enc, jour);
            if !self.rejoindre(t, sur_place, ailleurs) && !self.chasser(t, sur_place, ailleurs) {
                return false;
            }
        }
        self.tasser(&mut liste);
        self.reposer(&mut liste)
    }

    /// Prend la place d'un autre dans une séance pleine, quand celui-ci en trouve une ailleurs ; sinon rien ne change.
    fn chasser(&mut self, t: usize, sur_place: bool, la: impl Fn(&Place) -> bool) -> bool {
        let m = self.etat.m;
        let mut seances = self.etat.ouvertes[self.etat.cle(t)].clone();
        self.hasard.melanger(&mut seances);
        for s in seances {
            let seance = &self.etat.seances[s as usize];
            let p = seance.place;
            if seance.taches.contains(&(t as u32)) || !la(&p) || !self.peut_passer(t, &p, sur_place)
            {
                continue;
            }
            let mut eux = seance.taches.clone();
            self.hasard.melanger(&mut eux);
            for u in eux.into_iter().map(|u| u as usize) {
                let repere = self.etat.repere();
                if !m.libre_de_bouger(u) || !self.rejoindre(u, true, &la) {
                    continue;
                }
                self.etat.retirer(t);
                if self.etat.peut_placer(t, &p) {
                    self.etat.placer(t, p);
                    return true;
                }
                self.etat.defaire(repere);
            }
        }
        false
    }

    /// La moins chargée de deux journées de surveillant tirées au hasard.
    fn surveillance_legere(&mut self) -> Option<(u16, u16)> {
        let m = self.etat.m;
        let charge = |i: &usize| -> u16 {
            let pris = &self.etat.survs[*i].pris;
            pris.iter().map(|p| p.1 - p.0).sum()
        };
        let servent: Vec<usize> = (0..self.etat.survs.len())
            .filter(|i| charge(i) > 0)
            .collect();
        if servent.len() < 2 {
            return None;
        }
        let deux = [0; 2].map(|_| servent[self.hasard.sous(servent.len())]);
        let i = deux.into_iter().min_by_key(charge)?;
        Some(((i / m.nj) as u16, (i % m.nj) as u16))
    }
}

#[cfg(test)]
mod essais {
    use crate::instance::Instance;
    use crate::modele::{Modele, Place};
    use crate::recherche::{Calendrier, Piste, SansHorloge};
    use std::collections::BTreeSet;

    const L1: &str = include_str!("../../essais/instances/L1.json");

    /// Un plan complet, et assez recuit pour que ses séances se remplissent.
    fn recuite<'m, 'a>(m: &'m Modele<'a>, graine: u64) -> Piste<'m, 'a, 'static> {
        let mut piste = Piste::new(m, graine, Some(20_000), 0, &SansHorloge);
        piste.ouvrir();
        piste.recuire(1.0, &Calendrier::new(m.inst.candidats.len(), false));
        let places = piste.meilleur.1.clone();
        piste.revenir(&places);
        piste
    }

    /// Les journées de surveillant qui servent.
    fn surveillances(m: &Modele<'_>, places: &[Option<Place>]) -> BTreeSet<(u16, u16)> {
        let surveillees = m.taches.iter().zip(places).filter(|x| !x.0.jury);
        surveillees
            .filter_map(|x| x.1.map(|p| (p.enc, p.jour)))
            .collect()
    }

    #[test]
    fn vider_une_surveillance_ne_laisse_personne_et_se_defait_en_entier() {
        let inst = Instance::lire(L1).unwrap();
        let m = Modele::new(&inst);
        let mut vidages = 0;
        for graine in 0..4 {
            // Un premier plan en emploie plus qu'il n'en faut.
            let mut piste = Piste::new(&m, graine, Some(20_000), 0, &SansHorloge);
            piste.ouvrir();
            let (v, avant) = (piste.etat.evaluer(), piste.etat.places.clone());
            assert_eq!(v.restes, 0);
            for _ in 0..500 {
                let repere = piste.etat.repere();
                if piste.vider_une_surveillance() {
                    vidages += 1;
                    assert_eq!(piste.etat.evaluer().restes, 0);
                    let (la, reste) = (
                        surveillances(&m, &avant),
                        surveillances(&m, &piste.etat.places),
                    );
                    assert!(reste.is_subset(&la) && reste.len() + 1 == la.len());
                }
                piste.etat.defaire(repere);
                assert_eq!(piste.etat.evaluer(), v);
                assert!(piste.etat.places == avant);
            }
        }
        assert!(vidages > 20, "{vidages} vidages");
    }

    #[test]
    fn qui_prend_la_place_d_un_autre_dans_une_seance_pleine_lui_en_laisse_une_ailleurs() {
        let inst = Instance::lire(L1).unwrap();
        let m = Modele::new(&inst);
        let mut chasses = 0;
        for graine in 0..4 {
            let mut piste = recuite(&m, graine);
            let avant = piste.etat.places.clone();
            let partagees = (0..m.taches.len()).filter(|t| {
                let x = &m.taches[*t];
                !x.jury && !x.commun && x.partage > 1
            });
            for t in partagees {
                let effectif = |places: &[Option<Place>], p: Place| {
                    places.iter().filter(|q| **q == Some(p)).count()
                };
                let repere = piste.etat.repere();
                if piste.chasser(t, true, |_| true) {
                    chasses += 1;
                    let apres = &piste.etat.places;
                    let prise = apres[t].unwrap();
                    let bougent: Vec<usize> = (0..apres.len())
                        .filter(|u| apres[*u] != avant[*u])
                        .collect();
                    assert!(bougent.len() == 2 && bougent.contains(&t), "{bougent:?}");
                    assert!(bougent.iter().all(|u| apres[*u].is_some()));
                    assert_eq!(effectif(&avant, prise), effectif(apres, prise));
                }
                piste.etat.defaire(repere);
            }
        }
        assert!(chasses > 20, "{chasses} places prises");
    }
}
