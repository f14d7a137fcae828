//! Les départs d'une course : ce que chacun promet, et lesquels restent d'une manche à l'autre.

use super::Piste;
use super::calendrier::Manche;
use crate::etat::Vecteur;
use crate::modele::Place;
use std::collections::BTreeSet;

/// Un départ, et où il en est.
#[derive(Clone)]
pub(crate) struct Depart {
    v: Vecteur,
    /// Ses journées de juré et jours de site, et combien les jours qu'il emploie en demandent pour ceux qu'il place.
    journees: i64,
    demandees: i64,
    pub(super) places: Vec<Option<Place>>,
    pub(super) ferme: Vec<bool>,
}

impl Depart {
    /// Ce qu'il n'a pas su placer.
    fn laisses(&self) -> (i64, i64, i64) {
        (self.v.illegal, self.v.epingles, self.v.restes)
    }

    /// Ce que promet un départ quand un point de coût vaut `point` minutes de qualité : le plus petit d'abord. Le coût se
    /// rattrape plus souvent que la qualité d'un mauvais choix.
    pub(super) fn promesse(&self, point: i64) -> Promesse {
        let v = &self.v;
        (v.illegal, v.epingles, v.restes, v.cout * point + v.qualite)
    }
}

/// Illégal, épingles perdues, laissés de côté, puis le prix.
pub(super) type Promesse = (i64, i64, i64, i64);

/// Les départs qui restent en course pour cette manche, distribués à `pistes` pistes : ceux qui promettent le plus, mais
/// la moitié parmi ceux dont les jours demandent le moins de journées, qui se resserrent plus lentement ; et le meilleur au
/// sens de l'objectif, quoi qu'il promette, puisque c'est lui que l'on rendrait.
pub(crate) fn choisir(mut tous: Vec<Depart>, pistes: usize, manche: &Manche) -> Vec<Vec<Depart>> {
    elaguer(&mut tous);
    // Le tri est stable : à égalité, la première piste d'abord, quel que soit le nombre de fils.
    tous.sort_by_key(|d| d.promesse(manche.point));
    // Deux départs du même prix sont presque toujours le même plan ; mais aucune piste ne reste sans rien.
    tous.dedup_by_key(|d| d.v);
    let n = tous.len().min(pistes * manche.departs);
    let meilleur = (0..tous.len()).min_by_key(|i| tous[*i].v);
    // Qui laisse plus de monde de côté demande moins de journées : il n'en est pas moins cher.
    let moins = tous.iter().map(|d| (d.laisses(), d.demandees)).min();
    let mut des_moins = 0;
    let mut rangs: Vec<(u8, usize)> = (0..tous.len())
        .map(|i| {
            let d = &tous[i];
            let des_siens = Some((d.laisses(), d.demandees)) == moins && 2 * des_moins < n;
            des_moins += usize::from(des_siens);
            let tour = if Some(i) == meilleur {
                0
            } else {
                2 - u8::from(des_siens)
            };
            (tour, i)
        })
        .collect();
    rangs.sort_unstable();
    rangs.truncate(n);
    rangs.sort_unstable_by_key(|x| x.1);
    let mut lots: Vec<Vec<Depart>> = (0..pistes).map(|_| vec![]).collect();
    for i in 0..n.max(pistes) {
        let rang = rangs.get(i % n.max(1)).map(|x| x.1);
        lots[i % pistes].extend(rang.map(|r| tous[r].clone()));
    }
    lots
}

/// Quitte la course qui emploie des jours où il faut plus de journées que le meilleur n'en a, lui qui place autant de monde :
/// si bon qu'il soit par ailleurs, il ne sera pas moins cher, sauf à vider tout un jour, à épargner un surveillant, ou à
/// faire siéger un jury qui ne statue sur personne, ce qui est rare.
fn elaguer(tous: &mut Vec<Depart>) {
    if let Some(meilleur) = tous.iter().min_by_key(|d| d.v) {
        let (v, laisses, journees) = (meilleur.v, meilleur.laisses(), meilleur.journees);
        tous.retain(|d| d.v == v || d.laisses() != laisses || d.demandees <= journees);
    }
}

impl Piste<'_, '_, '_> {
    /// Le meilleur plan de ce départ.
    pub(super) fn depart(&self) -> Depart {
        let m = self.etat.m;
        let (v, places, _) = &self.meilleur;
        let mut jours = vec![vec![false; m.nj]; m.inst.sites.len()];
        let mut surveillants = BTreeSet::new();
        let mut laisses = vec![false; m.inst.candidats.len()];
        for (x, p) in m.taches.iter().zip(places) {
            laisses[x.cand] |= p.is_none();
            if let Some(p) = p {
                jours[m.inst.candidats[x.cand].site][usize::from(p.jour)] = true;
                if !x.jury {
                    surveillants.insert((p.enc, p.jour));
                }
            }
        }
        let journees = v.cout - surveillants.len() as i64;
        let demandees = m.cout_des_jours(&jours, &|c| !laisses[c]);
        Depart {
            v: *v,
            journees,
            // Le plan est là : si le temps paraît manquer, c'est l'estimation qui se trompe.
            demandees: demandees.unwrap_or(journees),
            places: places.clone(),
            ferme: self.etat.ferme.clone(),
        }
    }

    /// L'état redevient celui de ce départ.
    pub(super) fn reprendre_depart(&mut self, d: &Depart) {
        self.etat.ferme.fill(false);
        self.revenir(&d.places);
        self.etat.ferme.clone_from(&d.ferme);
        self.recommencer();
    }
}

#[cfg(test)]
mod essais {
    use super::{Depart, Manche, choisir};
    use crate::etat::Vecteur;
    use crate::instance::Instance;
    use crate::modele::Modele;
    use crate::recherche::{Calendrier, Piste, SansHorloge};

    fn departs(qualites: &[i64]) -> Vec<Depart> {
        let un = |q: &i64| Depart {
            v: Vecteur {
                qualite: *q,
                ..Vecteur::default()
            },
            journees: 0,
            demandees: 0,
            places: vec![],
            ferme: vec![],
        };
        qualites.iter().map(un).collect()
    }

    fn manche(departs: usize) -> Manche {
        Manche {
            departs,
            fin: 1.0,
            point: 1500,
        }
    }

    fn lots(qualites: &[i64], pistes: usize, gardes: usize) -> Vec<Vec<i64>> {
        let lots = choisir(departs(qualites), pistes, &manche(gardes));
        let prix = |lot: Vec<Depart>| lot.iter().map(|d| d.v.qualite).collect();
        lots.into_iter().map(prix).collect()
    }

    #[test]
    fn les_copies_d_un_depart_ne_prennent_pas_la_place_des_autres() {
        assert_eq!(lots(&[30, 10, 10, 10, 20, 40], 2, 1), [[10], [20]]);
        assert_eq!(lots(&[30, 10, 10, 20], 1, 2), [[10, 20]]);
    }

    #[test]
    fn le_moins_cher_reste_en_course_meme_s_il_promet_moins() {
        let mut tous = departs(&[10, 20, 30, 9000]);
        for d in &mut tous {
            d.v.cout = if d.v.qualite == 9000 { 32 } else { 34 };
        }
        let lots = choisir(tous, 2, &manche(1));
        let couts: Vec<_> = lots.iter().flatten().map(|d| d.v.cout).collect();
        assert_eq!(couts, [34, 32]);
    }

    #[test]
    fn qui_ne_pourra_plus_etre_moins_cher_quitte_la_course() {
        // Le meilleur a 29 journées ; il en faut 31 aux jours du premier, 29 à ceux du dernier, qui en a encore 33.
        let mut tous = departs(&[10, 9000, 20]);
        for (d, (cout, journees, demandees)) in
            tous.iter_mut()
                .zip([(34, 31, 31), (32, 29, 29), (36, 33, 29)])
        {
            (d.v.cout, d.journees, d.demandees) = (cout, journees, demandees);
        }
        let restent = |tous: &[Depart]| -> Vec<i64> {
            let lots = choisir(tous.to_vec(), 1, &manche(3));
            lots[0].iter().map(|d| d.v.qualite).collect()
        };
        assert_eq!(restent(&tous), [20, 9000]);
        // Tant que le meilleur en laisse autant, tous courent.
        tous[1].journees = 31;
        assert_eq!(restent(&tous), [10, 20, 9000]);
    }

    #[test]
    fn qui_laisse_plus_de_monde_de_cote_ne_passe_pas_pour_moins_cher() {
        let mut tous = departs(&[10, 20, 30, 40]);
        // Personne ne tient à moins d'un laissé de côté ; les deux derniers en laissent deux, et demandent moins.
        for (d, (restes, demandees)) in tous.iter_mut().zip([(1, 30), (1, 30), (2, 28), (2, 28)]) {
            (d.v.restes, d.v.cout, d.journees, d.demandees) = (restes, 32, 30, demandees);
        }
        let lots = choisir(tous, 1, &manche(2));
        let restent: Vec<i64> = lots[0].iter().map(|d| d.v.qualite).collect();
        assert_eq!(restent, [10, 20]);
    }

    #[test]
    fn quand_quelqu_un_ne_tient_nulle_part_la_course_continue_pour_les_autres() {
        let mut v: serde_json::Value =
            serde_json::from_str(include_str!("../../essais/instances/L1.json")).unwrap();
        let jures: Vec<_> = v["members"].as_array().unwrap().iter().collect();
        let tous: Vec<_> = jures.iter().map(|m| m["id"].clone()).collect();
        for c in v["candidates"].as_array_mut().unwrap().iter_mut().take(6) {
            c["conflicts"] = tous.clone().into();
        }
        let inst = Instance::lire(&v.to_string()).unwrap();
        let m = Modele::new(&inst);
        let mut piste = Piste::new(&m, 1, Some(6000), 6, &SansHorloge);
        piste.ouvrir();
        piste.recuire(1.0, &Calendrier::new(inst.candidats.len(), false));
        let d = piste.depart();
        assert_eq!(d.v.restes, 6);
        // Six candidats de moins à recevoir : trois jours en demandent moins que pour tous.
        assert!(
            d.demandees < 29 && d.demandees <= d.journees,
            "{}",
            d.demandees
        );
    }

    #[test]
    fn la_moitie_des_places_va_aux_jours_qui_demandent_le_moins_de_journees() {
        let mut tous = departs(&[10, 20, 30, 40, 50]);
        for (d, demandees) in tous.iter_mut().zip([30, 30, 30, 29, 29]) {
            (d.journees, d.demandees) = (31, demandees);
        }
        let restent = |gardes: usize| -> Vec<i64> {
            let lots = choisir(tous.clone(), 1, &manche(gardes));
            lots[0].iter().map(|d| d.v.qualite).collect()
        };
        assert_eq!(restent(1), [10]);
        assert_eq!(restent(2), [10, 40]);
        assert_eq!(restent(4), [10, 20, 40, 50]);
    }

    #[test]
    fn aucune_piste_ne_reste_sans_depart() {
        assert_eq!(lots(&[10, 10, 10], 2, 3), [[10], [10]]);
        assert_eq!(lots(&[], 2, 3), [[0; 0], []]);
    }

    #[test]
    fn sur_les_instances_donnees_un_plan_a_les_journees_que_ses_jours_demandent() {
        for texte in [
            include_str!("../../essais/instances/S1.json"),
            include_str!("../../essais/instances/M1.json"),
            include_str!("../../essais/instances/L1.json"),
            include_str!("../../essais/instances/XL1.json"),
        ] {
            let inst = Instance::lire(texte).unwrap();
            let m = Modele::new(&inst);
            for graine in 0..3 {
                let mut piste = Piste::new(&m, graine, Some(6000), 0, &SansHorloge);
                piste.ouvrir();
                piste.recuire(1.0, &Calendrier::new(inst.candidats.len(), false));
                let d = piste.depart();
                let jours = (d.v.cout - d.journees, d.journees);
                assert_eq!(d.v.restes, 0);
                assert!(jours.0 > 0 && d.demandees > 0 && d.demandees <= d.journees);
            }
        }
    }
}
