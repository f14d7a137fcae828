//! La course : beaucoup de départs courts, puis les meilleurs seulement, de plus en plus longtemps.
//!
//! Combien de jours ouvrir, où tombe le questionnaire commun, qui surveille : un recuit ne revient guère sur ces choix.
//! Plusieurs départs en essaient plusieurs, et l'on voit vite lesquels ne mèneront nulle part.

use super::calendrier::Manche;
use super::{Calendrier, Piste, SERRE};
use crate::etat::Vecteur;
use crate::hasard::Hasard;
use crate::insertion::Interdit;
use crate::modele::Place;

/// Part de sa tranche qu'un départ passe à placer tout le monde avant d'ouvrir un jour de plus.
const COMPLETER: f64 = 0.25;

/// Premiers départs d'une piste, qui ouvrent tour à tour le moins de jours et un de plus ; un recuit si court trompe souvent.
const ESSAIS: usize = 6;
/// Ensuite, part sur cent des départs qui prennent l'autre façon.
const AUTREMENT: usize = 20;

/// Gestes par candidat sans lesquels un départ ne dit rien de ce qu'il vaut.
const GESTES: usize = 20;

/// Un départ, et où il en est.
#[derive(Clone)]
pub(crate) struct Depart {
    v: Vecteur,
    pub(super) places: Vec<Option<Place>>,
    pub(super) ferme: Vec<bool>,
}

impl Depart {
    /// Ce que promet un départ quand un point de coût vaut `point` minutes de qualité : le plus petit d'abord. Le coût se
    /// rattrape plus souvent que la qualité d'un mauvais choix.
    pub(super) fn promesse(&self, point: i64) -> Promesse {
        let v = &self.v;
        (v.illegal, v.epingles, v.restes, v.cout * point + v.qualite)
    }
}

/// Illégal, épingles perdues, laissés de côté, puis le prix.
type Promesse = (i64, i64, i64, i64);

/// Combien de jours ouvrir : le moins possible, ou un de plus par site. Ce que chaque façon a donné de mieux.
#[derive(Default)]
struct Ouvertures {
    mieux: [Option<Promesse>; 2],
}

impl Ouvertures {
    /// Pour le départ `i` : les premiers alternent, les suivants prennent le plus souvent la façon qui promet le plus.
    fn tirer(&self, i: usize, hasard: &mut Hasard) -> usize {
        if i < ESSAIS {
            return i % 2;
        }
        let plus = match self.mieux {
            [Some(a), Some(b)] => usize::from(b < a),
            [None, Some(_)] => 1,
            _ => 0,
        };
        if hasard.sous(100) < AUTREMENT {
            1 - plus
        } else {
            plus
        }
    }

    fn noter(&mut self, plus: usize, promesse: Promesse) {
        let mieux = &mut self.mieux[plus];
        *mieux = Some(mieux.map_or(promesse, |x| x.min(promesse)));
    }
}

/// Les départs de toutes les pistes qui promettent le plus, distribués à `pistes` pistes pour cette manche ; le meilleur au
/// sens de l'objectif en est toujours, quoi qu'il promette : c'est lui que l'on rendrait.
pub(crate) fn choisir(mut tous: Vec<Depart>, pistes: usize, manche: &Manche) -> Vec<Vec<Depart>> {
    // Le tri est stable : à égalité, la première piste d'abord, quel que soit le nombre de fils.
    tous.sort_by_key(|d| d.promesse(manche.point));
    // Deux départs du même prix sont presque toujours le même plan ; mais aucune piste ne reste sans rien.
    tous.dedup_by_key(|d| d.v);
    let n = tous.len().min(pistes * manche.departs);
    let meilleur = (0..tous.len()).min_by_key(|i| tous[*i].v).unwrap_or(0);
    if n > 0 && meilleur >= n {
        tous.swap(n - 1, meilleur);
    }
    let mut lots: Vec<Vec<Depart>> = (0..pistes).map(|_| vec![]).collect();
    for i in 0..n.max(pistes) {
        lots[i % pistes].extend(tous.get(i % n.max(1)).cloned());
    }
    lots
}

impl Piste<'_, '_, '_> {
    /// La première manche : des départs neufs, chacun recuit sur sa tranche.
    pub(crate) fn partir(&mut self, manche: &Manche, calendrier: &Calendrier) -> Vec<Depart> {
        let mut departs: Vec<Depart> = vec![];
        let mut ouvertures = Ouvertures::default();
        let n = self.departs_utiles(manche);
        for i in 0..n {
            if self.epuise() {
                break;
            }
            let fin = self.tranche(manche.fin, n - i);
            let plus = ouvertures.tirer(i, &mut self.hasard);
            // Un budget d'un seul départ reste sur le premier plan.
            if n > 1 {
                // L'insertion choisit toujours le même genre d'heure commune : une part des départs en essaie une autre.
                let trame = i > 2 && self.hasard.sous(100) < calendrier.traces;
                // Qui ne place pas tout le monde laisse sa tranche aux suivants : recuire le meilleur à sa place emplirait
                // la course de ses copies.
                if !self.repartir(plus, trame, fin) && !departs.is_empty() {
                    continue;
                }
            }
            self.recuire(fin, calendrier);
            let depart = self.depart();
            ouvertures.noter(plus, depart.promesse(manche.point));
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

    /// L'état redevient celui de ce départ.
    pub(super) fn reprendre_depart(&mut self, d: &Depart) {
        self.etat.ferme.fill(false);
        self.revenir(&d.places);
        self.etat.ferme.clone_from(&d.ferme);
        self.recommencer();
    }

    pub(super) fn depart(&self) -> Depart {
        Depart {
            v: self.meilleur.0,
            places: self.meilleur.1.clone(),
            ferme: self.etat.ferme.clone(),
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

    /// Un plan neuf, dans les premiers jours de chaque site : le moins possible, `plus` ; d'autres si quelqu'un y reste de
    /// côté. `trame` : l'heure des séances communes est tirée au lieu de suivre le premier inséré. Faux si le meilleur plan
    /// connu place plus de monde : on y revient.
    fn repartir(&mut self, plus: usize, trame: bool, fin: f64) -> bool {
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
            self.placer_le_reste(fin);
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
            return false;
        }
        true
    }

    /// N'ouvre que les premiers jours de chaque site.
    fn fermer_apres(&mut self, ouverts: &[usize]) {
        let nj = self.etat.m.nj;
        for (i, ferme) in self.etat.ferme.iter_mut().enumerate() {
            *ferme = i % nj >= ouverts[i / nj];
        }
    }
}

#[cfg(test)]
mod essais {
    use super::{Depart, ESSAIS, Manche, Ouvertures, choisir};
    use crate::etat::Vecteur;
    use crate::hasard::Hasard;

    fn departs(qualites: &[i64]) -> Vec<Depart> {
        let un = |q: &i64| Depart {
            v: Vecteur {
                qualite: *q,
                ..Vecteur::default()
            },
            places: vec![],
            ferme: vec![],
        };
        qualites.iter().map(un).collect()
    }

    fn lots(qualites: &[i64], pistes: usize, gardes: usize) -> Vec<Vec<i64>> {
        let manche = Manche {
            departs: gardes,
            fin: 1.0,
            point: 1500,
        };
        let lots = choisir(departs(qualites), pistes, &manche);
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
        let manche = Manche {
            departs: 1,
            fin: 1.0,
            point: 1500,
        };
        let lots = choisir(tous, 2, &manche);
        let couts: Vec<_> = lots.iter().flatten().map(|d| d.v.cout).collect();
        assert_eq!(couts, [34, 32]);
    }

    #[test]
    fn aucune_piste_ne_reste_sans_depart() {
        assert_eq!(lots(&[10, 10, 10], 2, 3), [[10], [10]]);
        assert_eq!(lots(&[], 2, 3), [[0; 0], []]);
    }

    #[test]
    fn les_premiers_departs_alternent_les_suivants_suivent_ce_qui_promet() {
        let mut hasard = Hasard::new(7);
        let mut o = Ouvertures::default();
        let premiers: Vec<usize> = (0..ESSAIS).map(|i| o.tirer(i, &mut hasard)).collect();
        assert_eq!(premiers, [0, 1, 0, 1, 0, 1]);
        o.noter(0, (0, 0, 0, 900));
        o.noter(1, (0, 0, 0, 800));
        let un_de_plus = |o: &Ouvertures, hasard: &mut Hasard| {
            (0..1000).map(|_| o.tirer(ESSAIS, hasard)).sum::<usize>()
        };
        assert!((700..900).contains(&un_de_plus(&o, &mut hasard)));
        // Le moins bon résultat d'une façon ne dit rien ; le meilleur, si.
        o.noter(1, (0, 0, 1, 0));
        o.noter(0, (0, 0, 0, 700));
        assert!((100..300).contains(&un_de_plus(&o, &mut hasard)));
    }
}
