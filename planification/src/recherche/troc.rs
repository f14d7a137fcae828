//! Le troc : un candidat quitte une journée de jury contre un ou plusieurs autres, qui font à peu près le même temps.
//!
//! Quand les journées sont pleines, un transfert dépasse les heures d'un juré, et un échange à deux ne tient qu'entre
//! parts égales : un oral contre trois décisions, par exemple, demande un troc.

use super::Piste;
use super::serie::{ENTRE, Passage};
use crate::etat::Etat;

/// Parts rendues au plus contre une seule, et parts tirées au plus pour les trouver.
const RENDUES: usize = 4;
const TIRAGES: usize = 8;
/// Rangs tirés au plus pour trouver celui où une part peut arriver.
const RANGS: usize = 4;

/// Une des deux journées, et ce qui en part.
struct Cote {
    passages: Vec<Passage>,
    part: Vec<bool>,
}

impl Cote {
    fn new(passages: Vec<Passage>) -> Self {
        let part = vec![false; passages.len()];
        Self { passages, part }
    }

    /// Ce qui en part, en ordre.
    fn partants(&self) -> impl Iterator<Item = &Passage> {
        let tous = self.passages.iter().zip(&self.part);
        tous.filter(|x| *x.1).map(|x| x.0)
    }
}

impl Etat<'_, '_> {
    /// Pas de travail qu'un jury peut encore prendre ce jour, délibération comptée ; négatif s'il en fait trop.
    fn marge(&self, jury: usize, jour: usize) -> i64 {
        let m = self.m;
        let delib = match self.delib[jury] {
            Some((d, _)) if usize::from(d) == jour => {
                i64::from(self.duree_delib(self.juges[jury].len()))
            }
            _ => 0,
        };
        let libre = |x: &usize| {
            let pris = &self.membres[x * m.nj + jour].pris;
            let pris: i64 = pris.iter().map(|(a, b)| i64::from(b - a)).sum();
            m.membre_max[*x] / m.pas - pris - delib
        };
        m.tenus[jury].iter().map(libre).min().unwrap_or(0)
    }

    /// Les épreuves surveillées du candidat laissent-elles ce passage commencer là ?
    fn peut_arriver(&self, p: &Passage, jour: u16, pas: u16) -> bool {
        let m = self.m;
        let tete = &m.taches[p.tete as usize];
        m.de_candidat[tete.cand].clone().all(|a| {
            let x = &m.taches[a];
            let Some(q) = self.places[a].filter(|q| !x.jury && q.jour == jour) else {
                return true;
            };
            let apres = pas >= q.debut + x.duree;
            apres || (pas < q.debut && !tete.avant.contains(&a))
        })
    }
}

impl Piste<'_, '_, '_> {
    /// Une part d'une journée contre d'autres d'une journée différente. Faux s'il n'y a rien à troquer ici.
    pub(super) fn troquer(&mut self) -> bool {
        let Some((mut a, mut b)) = self.deux_journees() else {
            return false;
        };
        let (x, y) = (a.passages[0], b.passages[0]);
        let meme_jury = x.jury == y.jury;
        let marge = |p: &Passage| self.etat.marge(usize::from(p.jury), usize::from(p.jour));
        let (marge_a, marge_b) = (marge(&x), marge(&y));
        let parti = self.prendre_part(&mut a, meme_jury, i64::MAX);
        let (mut rendu, mut n) = (0, 0);
        for _ in 0..TIRAGES {
            if n >= RENDUES || (n > 0 && rendu >= parti - marge_b) {
                break;
            }
            let duree = self.prendre_part(&mut b, meme_jury, parti + marge_a - rendu);
            rendu += duree;
            n += usize::from(duree > 0);
        }
        if n == 0 || rendu < parti - marge_b {
            return false;
        }
        if x.jour != y.jour && !(self.suivre(&a, y.jour) && self.suivre(&b, x.jour)) {
            return false;
        }
        let mut liste: Vec<Passage> = vec![];
        self.arriver(&a, &b, &mut liste);
        self.arriver(&b, &a, &mut liste);
        for cote in [&a, &b] {
            let depuis = |p: &&Passage| {
                liste
                    .iter()
                    .any(|q| (q.jury, q.jour) == (p.jury, p.jour) && q.cle <= p.cle)
            };
            let premier = cote.partants().map(|p| p.cle).min();
            let restent = cote.passages.iter().zip(&cote.part);
            let suite: Vec<Passage> = restent
                .filter(|(p, part)| !**part && (Some(p.cle) > premier || depuis(p)))
                .map(|(p, _)| *p)
                .collect();
            liste.extend(suite);
        }
        self.tasser(&mut liste);
        self.reposer(&mut liste)
    }

    /// Deux journées différentes ; le plus souvent, du même jury : chacun garde le sien.
    fn deux_journees(&mut self) -> Option<(Cote, Cote)> {
        let a = self.une_journee()?;
        let (jury, jour) = (a[0].jury, a[0].jour);
        let b = if self.hasard.sous(3) > 0 {
            let siennes = &self.etat.taches_jury[usize::from(jury)];
            let (n, i) = (siennes.len(), self.hasard.sous(siennes.len()));
            let ailleurs = (0..n)
                .filter_map(|k| self.etat.places[siennes[(i + k) % n] as usize])
                .find(|p| p.jour != jour)?;
            self.passages(usize::from(jury), usize::from(ailleurs.jour))
        } else {
            self.une_journee()?
        };
        let y = b.first()?;
        ((y.jury, y.jour) != (jury, jour)).then(|| (Cote::new(a), Cote::new(b)))
    }

    /// Ajoute à `liste` ce qui part de `de`, rangé parmi ce qui reste de `vers` : à la place de ce qui en part, ou ailleurs.
    fn arriver(&mut self, de: &Cote, vers: &Cote, liste: &mut Vec<Passage>) {
        let m = self.etat.m;
        let la = vers.passages[0];
        let liberes: Vec<i32> = vers.partants().map(|p| p.cle).collect();
        let mut dernier = None;
        let mut cle = 0;
        for p in de.partants() {
            let c = m.taches[p.tete as usize].cand;
            if dernier != Some(c) {
                dernier = Some(c);
                for _ in 0..RANGS {
                    cle = if self.hasard.sous(2) == 0 {
                        liberes[self.hasard.sous(liberes.len())]
                    } else {
                        let n = self.hasard.sous(vers.passages.len());
                        vers.passages[n].cle - 1
                    };
                    let pas = (cle.max(0) / ENTRE) as u16;
                    if self.etat.peut_arriver(p, la.jour, pas) {
                        break;
                    }
                }
            }
            liste.push(Passage {
                cle,
                jury: la.jury,
                jour: la.jour,
                ..*p
            });
        }
    }

    /// Les épreuves surveillées de ceux qui partent les suivent à ce jour : celles qui doivent précéder leurs passages, et
    /// parfois une autre. Faux si l'une des premières n'y a pas de séance à rejoindre.
    fn suivre(&mut self, cote: &Cote, jour: u16) -> bool {
        let m = self.etat.m;
        let mut suivi = None;
        for p in cote.partants() {
            let c = m.taches[p.tete as usize].cand;
            for a in m
                .unite(p.tete as usize)
                .iter()
                .flat_map(|t| &m.taches[*t].avant)
            {
                let x = &m.taches[*a];
                if !x.jury && self.etat.places[*a].is_some_and(|q| q.jour > jour) {
                    if x.commun
                        || !m.libre_de_bouger(*a)
                        || !self.rejoindre(*a, false, |p| p.jour == jour)
                    {
                        return false;
                    }
                    suivi = Some(c);
                }
            }
            if suivi != Some(c) && self.hasard.sous(4) == 0 {
                suivi = Some(c);
                if let Some(t) = self.seance_partagee(c) {
                    self.rejoindre(t, false, |p| p.jour == jour);
                }
            }
        }
        true
    }

    /// Prend la part d'un candidat de plus dans cette journée, d'au plus `max` pas ; rend ce qu'elle dure, 0 si rien.
    fn prendre_part(&mut self, cote: &mut Cote, coupe: bool, max: i64) -> i64 {
        let m = self.etat.m;
        let n = cote.passages.len();
        let i = self.hasard.sous(n);
        let cand = |p: &Passage| m.taches[p.tete as usize].cand;
        let c = cand(&cote.passages[i]);
        if cote.partants().any(|p| cand(p) == c) {
            return 0;
        }
        // Chez le même jury, une part sur deux n'est que la fin ou le début d'un candidat.
        let rangs = match self.hasard.sous(4) {
            0 if coupe => i..n,
            1 if coupe => 0..i + 1,
            _ => 0..n,
        };
        let siens = || rangs.clone().filter(|r| cand(&cote.passages[*r]) == c);
        let duree: i64 = siens()
            .flat_map(|r| m.unite(cote.passages[r].tete as usize))
            .map(|t| i64::from(m.taches[*t].duree))
            .sum();
        if duree > max {
            return 0;
        }
        let siens: Vec<usize> = siens().collect();
        siens.into_iter().for_each(|r| cote.part[r] = true);
        duree
    }
}

#[cfg(test)]
mod essais {
    use crate::etat::Vecteur;
    use crate::instance::Instance;
    use crate::modele::Modele;
    use crate::recherche::{Piste, SansHorloge};

    const L1: &str = include_str!("../../essais/instances/L1.json");

    #[test]
    fn un_troc_garde_tout_le_monde_et_se_defait_en_entier() {
        let inst = Instance::lire(L1).unwrap();
        let m = Modele::new(&inst);
        let mut piste = Piste::new(&m, 5, Some(40_000), 0, &SansHorloge);
        piste.ouvrir();
        let (mut tenus, mut inegaux) = (0, 0);
        for _ in 0..3000 {
            let avant: (Vecteur, Vec<_>) = (piste.etat.evaluer(), piste.etat.places.clone());
            let nombre = |piste: &Piste| -> Vec<usize> {
                (0..inst.jurys.len() * m.nj)
                    .map(|i| piste.passages(i / m.nj, i % m.nj).len())
                    .collect()
            };
            let passages = nombre(&piste);
            let repere = piste.etat.repere();
            let tient = piste.troquer();
            let v = piste.etat.evaluer();
            if tient {
                assert_eq!(v.restes, avant.0.restes, "un troc ne laisse personne");
                tenus += 1;
                inegaux += usize::from(passages != nombre(&piste));
            }
            if !tient || v.illegal > 0 || v.qualite > avant.0.qualite + 2000 {
                piste.etat.defaire(repere);
                assert_eq!(piste.etat.evaluer(), avant.0);
                assert!(piste.etat.places == avant.1);
            } else {
                piste.etat.accepter();
            }
        }
        // Ce que l'échange à deux ne sait pas faire : un candidat contre plusieurs, ou une part contre une autre.
        assert!(
            tenus > 20 && inegaux > 5,
            "{tenus} trocs, {inegaux} inégaux"
        );
    }

    #[test]
    fn la_marge_d_un_jury_est_ce_qui_reste_de_ses_heures_deliberation_comptee() {
        let inst = Instance::lire(L1).unwrap();
        let m = Modele::new(&inst);
        let mut piste = Piste::new(&m, 5, Some(40_000), 0, &SansHorloge);
        piste.ouvrir();
        for j in 0..inst.jurys.len() {
            for d in 0..m.nj {
                let passages = piste.passages(j, d);
                let mut fait: i64 = passages
                    .iter()
                    .flat_map(|p| m.unite(p.tete as usize))
                    .map(|t| i64::from(m.taches[*t].duree) * m.pas)
                    .sum();
                if piste.etat.delib[j].is_some_and(|x| usize::from(x.0) == d) {
                    fait += inst.duree_deliberation(piste.etat.juges[j].len());
                }
                let max = inst.membres[inst.jurys[j].membres[0]].minutes_max;
                assert_eq!(piste.etat.marge(j, d) * m.pas, max - fait);
            }
        }
    }
}
