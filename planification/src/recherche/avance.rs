//! Un plan qui laisse vides les premiers jours d'un site se rejoue plus tôt : mêmes heures, jours resserrés.
//!
//! Vider une journée de jury après l'autre vide parfois le premier jour plutôt que le dernier ; un recuit n'en revient pas.

use super::Piste;
use crate::insertion::Interdit;
use crate::modele::Place;

impl Piste<'_, '_, '_> {
    /// Resserre vers le premier jour chaque site qui commence plus tard ou saute un jour, avant la part `fin` du budget ;
    /// rien ne change si quelqu'un y perd sa place, ou si le plan promet moins.
    pub(super) fn avancer_les_jours(&mut self, point: i64, fin: f64) {
        let m = self.etat.m;
        for site in 0..m.inst.sites.len() {
            let jours: Vec<usize> = (0..m.nj)
                .filter(|d| self.etat.site_ouvert(site, *d))
                .collect();
            let deja = jours.iter().enumerate().all(|(rang, d)| rang == *d);
            let siens: Vec<usize> = (0..m.inst.candidats.len())
                .filter(|c| m.inst.candidats[*c].site == site)
                .collect();
            let fixe = |c: &usize| m.de_candidat[*c].clone().any(|t| !m.libre_de_bouger(t));
            if deja || siens.iter().any(fixe) {
                continue;
            }
            let avant = self.depart();
            for c in &siens {
                self.etat.retirer_candidat(*c);
            }
            for d in 0..m.nj {
                self.etat.ferme[site * m.nj + d] = d >= jours.len();
            }
            for c in &siens {
                self.reposer_aux_rangs(*c, &avant.places, &jours);
            }
            let ordre = self.ordre_de_construction();
            self.reconstruire(&ordre, Interdit::default(), 0.0);
            self.etat.accepter();
            self.recommencer();
            self.placer_le_reste(fin);
            if self.depart().promesse(point) >= avant.promesse(point) {
                self.reprendre_depart(&avant);
            }
        }
    }

    /// Repose un candidat aux mêmes heures, chaque jour pris à son rang parmi `jours` ; en entier, ou pas du tout.
    fn reposer_aux_rangs(&mut self, c: usize, places: &[Option<Place>], jours: &[usize]) {
        let m = self.etat.m;
        let repere = self.etat.repere();
        let tient = m.de_candidat[c].clone().all(|t| {
            let rang = |p: &Place| jours.iter().position(|d| *d == usize::from(p.jour));
            let Some(p) = places[t].and_then(|p| {
                let jour = rang(&p)? as u16;
                Some(Place { jour, ..p })
            }) else {
                return false;
            };
            let libre = self.etat.peut_placer(t, &p);
            if libre {
                self.etat.placer(t, p);
            }
            libre
        });
        if !tient || self.etat.evaluer().illegal > 0 {
            self.etat.defaire(repere);
            self.etat.evaluer();
        }
    }
}

#[cfg(test)]
mod essais {
    use crate::instance::Instance;
    use crate::modele::Modele;
    use crate::recherche::{Piste, SansHorloge};

    const L1: &str = include_str!("../../essais/instances/L1.json");

    /// Un plan complet qui laisse le premier jour vide, puis l'avance : le premier jour sert-il, le plan a-t-il changé ?
    fn avancer(inst: &Instance, graine: u64) -> (bool, bool) {
        let m = Modele::new(inst);
        let mut piste = Piste::new(&m, graine, Some(20_000), 0, &SansHorloge);
        piste.etat.ferme[0] = true;
        piste.ouvrir();
        piste.etat.ferme.fill(false);
        piste.recommencer();
        let avant = piste.depart();
        assert_eq!(avant.promesse(1).2, 0, "tous placés");
        assert!(!piste.etat.site_ouvert(0, 0));
        piste.avancer_les_jours(1500, 1.0);
        let apres = piste.depart();
        assert_eq!((apres.promesse(1).0, apres.promesse(1).2), (0, 0));
        let change = apres.places != avant.places || apres.ferme != avant.ferme;
        assert!(!change || apres.promesse(1500) < avant.promesse(1500));
        (piste.etat.site_ouvert(0, 0), change)
    }

    #[test]
    fn un_plan_qui_commence_tard_s_avance_sans_laisser_personne_ou_reste_ce_qu_il_etait() {
        let mut inst = Instance::lire(L1).unwrap();
        assert_eq!(avancer(&inst, 3), (true, true));
        // Personne n'encadre le premier jour : il reste vide.
        for personne in inst.membres.iter_mut().chain(&mut inst.surveillants) {
            personne.dispo.retain(|p| p.0 > 0);
        }
        let finis: Vec<_> = (0..4).map(|graine| avancer(&inst, graine)).collect();
        assert!(finis.iter().all(|x| !x.0), "{finis:?}");
        assert!(finis.contains(&(false, false)), "{finis:?}");
    }
}
