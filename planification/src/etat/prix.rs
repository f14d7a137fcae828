//! Le prix d'un état : composantes de l'objectif tenues à jour, ressource touchée par ressource touchée.

use super::Etat;
use crate::modele::{Modele, NUL, Place, plage_libre};

/// Le prix complet d'un état ; l'ordre des champs est celui de la comparaison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Vecteur {
    pub illegal: i64,
    pub epingles: i64,
    pub restes: i64,
    pub perturbation: i64,
    pub cout: i64,
    pub qualite: i64,
}

/// Prix d'une journée d'encadrant dans la recherche.
pub(crate) const PRIX_JOUR: f64 = 3000.0;
/// Prix d'un point de perturbation dans la recherche.
pub(crate) const PRIX_PERTURBATION: f64 = 20_000.0;
/// Prix d'un candidat laissé de côté dans la recherche.
const PRIX_RESTE: f64 = 2e8;
/// Prix d'une épingle perdue dans la recherche.
const PRIX_EPINGLE: f64 = 2e10;
/// Pente qui pousse les journées à être pleines ou vides.
const LISSAGE: f64 = 3.0;

#[derive(Clone, Copy, Default)]
struct CaseMembre {
    present: bool,
    illegal: bool,
    mort: i64,
    lissage: f64,
}

#[derive(Clone, Copy, Default)]
struct CaseCand {
    illegal: bool,
    reste: bool,
    attente: i64,
    jours_de_plus: i64,
    continuite: i64,
    perturbation: i64,
}

/// Une liste de touchés sans doublon.
#[derive(Clone)]
struct Touches {
    liste: Vec<u32>,
    marque: Vec<bool>,
}

impl Touches {
    fn new(n: usize) -> Self {
        Self {
            liste: (0..n as u32).collect(),
            marque: vec![true; n],
        }
    }

    fn toucher(&mut self, i: usize) {
        if !self.marque[i] {
            self.marque[i] = true;
            self.liste.push(i as u32);
        }
    }

    fn prendre(&mut self) -> Vec<u32> {
        let liste = std::mem::take(&mut self.liste);
        for i in &liste {
            self.marque[*i as usize] = false;
        }
        liste
    }
}

/// Les composantes.
#[derive(Clone)]
pub(crate) struct Prix {
    nj: usize,
    t_membres: Touches,
    t_survs: Touches,
    t_cands: Touches,
    t_jurys: Touches,
    membres: Vec<CaseMembre>,
    survs: Vec<CaseMembre>,
    cands: Vec<CaseCand>,
    delib_ok: Vec<bool>,
    /// Par site et jour : combien de tâches finissent à chaque pas.
    fins: Vec<Vec<u16>>,
    par_jour: Vec<u32>,
    illegal: i64,
    epingles: i64,
    restes: i64,
    perturbation: i64,
    jours_membre: i64,
    jours_surv: i64,
    mort: i64,
    attente: i64,
    jours_de_plus: i64,
    continuite: i64,
    lissage: i64,
    base: i64,
    /// Tenus à jour par `evaluer` : fin de chaque site, pire attente.
    fin_sites: Vec<Option<(usize, u16)>>,
    pire: i64,
}

impl Prix {
    pub(super) fn new(m: &Modele<'_>) -> Self {
        let (nj, inst) = (m.nj, m.inst);
        let pas = 2 * usize::from(crate::grille::PAS_MAX) + 2;
        Self {
            nj,
            t_membres: Touches::new(inst.membres.len() * nj),
            t_survs: Touches::new(inst.surveillants.len() * nj),
            t_cands: Touches::new(inst.candidats.len()),
            t_jurys: Touches::new(inst.jurys.len()),
            membres: vec![CaseMembre::default(); inst.membres.len() * nj],
            survs: vec![CaseMembre::default(); inst.surveillants.len() * nj],
            cands: vec![CaseCand::default(); inst.candidats.len()],
            delib_ok: vec![true; inst.jurys.len()],
            fins: vec![vec![0; pas]; inst.sites.len() * nj],
            par_jour: vec![0; inst.sites.len() * nj],
            illegal: 0,
            epingles: 0,
            restes: 0,
            perturbation: 0,
            jours_membre: 0,
            jours_surv: 0,
            mort: 0,
            attente: 0,
            jours_de_plus: 0,
            continuite: 0,
            lissage: 0,
            base: 0,
            fin_sites: vec![None; inst.sites.len()],
            pire: 0,
        }
    }

    /// Ce que le passé figé enfreint déjà n'est pas reproché à la suite.
    pub(super) fn fixer_base(&mut self) {
        self.base = self.illegal;
    }

    pub(super) fn toucher_membre(&mut self, i: usize) {
        self.t_membres.toucher(i);
    }

    pub(super) fn toucher_surv(&mut self, i: usize) {
        self.t_survs.toucher(i);
    }

    pub(super) fn toucher_cand(&mut self, i: usize) {
        self.t_cands.toucher(i);
    }

    pub(super) fn toucher_jury(&mut self, i: usize) {
        self.t_jurys.toucher(i);
    }

    pub(super) fn prendre_jurys(&mut self) -> Vec<usize> {
        self.t_jurys
            .prendre()
            .into_iter()
            .map(|j| j as usize)
            .collect()
    }

    pub(super) fn noter_delib(&mut self, j: usize, ok: bool) {
        if self.delib_ok[j] != ok {
            self.delib_ok[j] = ok;
            self.illegal += if ok { -1 } else { 1 };
        }
    }

    pub(super) fn ajouter_fin(&mut self, site: usize, jour: usize, fin: u16) {
        self.fins[site * self.nj + jour][usize::from(fin)] += 1;
        self.par_jour[site * self.nj + jour] += 1;
    }

    pub(super) fn oter_fin(&mut self, site: usize, jour: usize, fin: u16) {
        self.fins[site * self.nj + jour][usize::from(fin)] -= 1;
        self.par_jour[site * self.nj + jour] -= 1;
    }
}

impl Etat<'_, '_> {
    /// Dernier jour et dernière fin (en pas) d'un site.
    pub(crate) fn fin_site(&self, site: usize) -> Option<(usize, u16)> {
        self.prix.fin_sites[site]
    }

    fn chercher_fin_site(&self, site: usize) -> Option<(usize, u16)> {
        let d = (0..self.m.nj)
            .rev()
            .find(|d| self.prix.par_jour[site * self.m.nj + d] > 0)?;
        let fins = &self.prix.fins[site * self.m.nj + d];
        let s = fins.iter().rposition(|n| *n > 0)?;
        Some((d, s as u16))
    }

    pub(crate) fn site_ouvert(&self, site: usize, jour: usize) -> bool {
        self.prix.par_jour[site * self.m.nj + jour] > 0
    }

    /// La pire attente, à la dernière évaluation.
    pub(crate) fn pire_attente(&self) -> i64 {
        self.prix.pire
    }

    /// Recalcule ce qui a été touché, et rend le vecteur exact.
    pub(crate) fn evaluer(&mut self) -> Vecteur {
        self.refaire_delibs();
        for i in self.prix.t_membres.prendre() {
            let i = i as usize;
            let neuf = self.case_membre(i);
            let vieux = std::mem::replace(&mut self.prix.membres[i], neuf);
            let p = &mut self.prix;
            p.illegal += i64::from(neuf.illegal) - i64::from(vieux.illegal);
            p.jours_membre += i64::from(neuf.present) - i64::from(vieux.present);
            p.mort += neuf.mort - vieux.mort;
            p.lissage += neuf.lissage as i64 - vieux.lissage as i64;
        }
        for i in self.prix.t_survs.prendre() {
            let i = i as usize;
            let neuf = self.case_surv(i);
            let vieux = std::mem::replace(&mut self.prix.survs[i], neuf);
            let p = &mut self.prix;
            p.illegal += i64::from(neuf.illegal) - i64::from(vieux.illegal);
            p.jours_surv += i64::from(neuf.present) - i64::from(vieux.present);
        }
        for c in self.prix.t_cands.prendre() {
            let c = c as usize;
            let neuf = self.case_cand(c);
            let vieux = std::mem::replace(&mut self.prix.cands[c], neuf);
            let epingle = self.m.epingle[c];
            let p = &mut self.prix;
            p.illegal += i64::from(neuf.illegal) - i64::from(vieux.illegal);
            let reste = i64::from(neuf.reste) - i64::from(vieux.reste);
            p.restes += reste;
            if epingle {
                p.epingles += reste;
            }
            p.attente += neuf.attente - vieux.attente;
            p.jours_de_plus += neuf.jours_de_plus - vieux.jours_de_plus;
            p.continuite += neuf.continuite - vieux.continuite;
            p.perturbation += neuf.perturbation - vieux.perturbation;
        }
        for site in 0..self.m.inst.sites.len() {
            self.prix.fin_sites[site] = self.chercher_fin_site(site);
        }
        self.prix.pire = self.prix.cands.iter().map(|c| c.attente).max().unwrap_or(0);
        let (p, w, inst) = (&self.prix, &self.m.inst.poids, self.m.inst);
        let jours_site = p.par_jour.iter().filter(|n| **n > 0).count() as i64;
        let fin: i64 = (0..inst.sites.len())
            .filter_map(|s| self.fin_site(s))
            .map(|(d, s)| d as i64 * 1440 + i64::from(s) * self.m.pas - inst.jours[d].0)
            .sum();
        Vecteur {
            illegal: p.illegal - p.base,
            epingles: p.epingles,
            restes: p.restes,
            perturbation: p.perturbation,
            cout: p.jours_membre + p.jours_surv + jours_site,
            qualite: w.fin * fin
                + w.attente * p.attente
                + w.pire_attente * self.pire_attente()
                + w.temps_mort * p.mort
                + w.continuite * p.continuite
                + w.jour_de_plus * p.jours_de_plus,
        }
    }

    /// Le prix que la recherche minimise : le vecteur en un nombre, et une pente vers les journées pleines.
    pub(crate) fn energie(&self, v: &Vecteur) -> f64 {
        v.epingles as f64 * PRIX_EPINGLE
            + v.restes as f64 * PRIX_RESTE
            + v.perturbation as f64 * PRIX_PERTURBATION
            + v.cout as f64 * PRIX_JOUR
            + v.qualite as f64
            + self.prix.lissage as f64 * self.pente
    }

    fn case_membre(&self, i: usize) -> CaseMembre {
        let (membre, d, m) = (i / self.m.nj, i % self.m.nj, self.m);
        let seances = &self.membres[i].pris;
        let mut delibs = [(0u16, 0u16); 8];
        let mut n = 0;
        for k in &m.jurys_de_membre[membre] {
            if let Some((dd, s)) = self.delib[usize::from(*k)]
                && usize::from(dd) == d
                && n < delibs.len()
            {
                delibs[n] = (s, s + self.duree_delib(self.juges[usize::from(*k)].len()));
                n += 1;
            }
        }
        if seances.is_empty() && n == 0 {
            return CaseMembre::default();
        }
        let mut pris: Vec<(u16, u16)> = seances
            .iter()
            .copied()
            .chain(delibs[..n].iter().copied())
            .collect();
        pris.sort_unstable();
        let travail: i64 = pris.iter().map(|(a, b)| i64::from(b - a)).sum::<i64>() * m.pas;
        let fin = pris.iter().map(|x| x.1).max().unwrap_or(0);
        let presence = i64::from(fin - pris[0].0) * m.pas;
        let heurt = pris.windows(2).any(|w| w[1].0 < w[0].1);
        let max = m.membre_max[membre].max(1);
        let (de, a, minutes) = m.inst.dejeuner;
        CaseMembre {
            present: true,
            illegal: heurt
                || travail > m.membre_max[membre]
                || plage_libre(pris.iter().copied(), m.pas, (de, a)) < minutes,
            mort: presence - travail,
            lissage: (LISSAGE * travail as f64 * (max - travail).max(0) as f64 / max as f64)
                .floor(),
        }
    }

    fn case_surv(&self, i: usize) -> CaseMembre {
        let pris = &self.survs[i].pris;
        if pris.is_empty() {
            return CaseMembre::default();
        }
        let travail: i64 = pris.iter().map(|(a, b)| i64::from(b - a)).sum::<i64>() * self.m.pas;
        let (de, a, minutes) = self.m.inst.dejeuner;
        CaseMembre {
            present: true,
            illegal: travail > self.m.inst.surveillants[i / self.m.nj].minutes_max
                || plage_libre(pris.iter().copied(), self.m.pas, (de, a)) < minutes,
            mort: 0,
            lissage: 0.0,
        }
    }

    fn case_cand(&self, c: usize) -> CaseCand {
        let m = self.m;
        let mut case = CaseCand::default();
        let mut presents: Vec<(u16, u16, u16, usize)> = vec![];
        let mut jurys: Vec<u16> = vec![];
        for t in m.de_candidat[c].clone() {
            let x = &m.taches[t];
            let Some(p) = self.places[t] else {
                case.reste = true;
                continue;
            };
            if x.present {
                presents.push((p.jour, p.debut, p.debut + x.duree, t));
            }
            if x.jury && p.enc != NUL && !jurys.contains(&p.enc) {
                jurys.push(p.enc);
            }
            case.illegal |= x.avant.iter().any(|a| {
                self.places[*a]
                    .is_some_and(|q| (p.jour, p.debut) < m.fin_jour(&q, m.taches[*a].duree))
            });
            if let Some(a) = x.chaine_avant
                && let Some(q) = self.places[a]
            {
                let suit =
                    (p.jour, p.debut) == m.fin_jour(&q, m.taches[a].duree) && p.salle == q.salle;
                case.illegal |= !suit || (x.jury && p.enc != q.enc);
            }
            case.illegal |= x
                .meme_jury
                .iter()
                .any(|g| self.places[*g].is_some_and(|q| q.enc != p.enc));
        }
        presents.sort_unstable();
        case.continuite = (jurys.len() as i64 - 1).max(0);
        let (de, a, minutes) = m.inst.dejeuner;
        let mut i = 0;
        let mut jours = 0;
        while i < presents.len() {
            let n = presents[i..]
                .iter()
                .take_while(|x| x.0 == presents[i].0)
                .count();
            let du_jour = &presents[i..i + n];
            for w in du_jour.windows(2) {
                let suite = m.taches[w[1].3].chaine_avant == Some(w[0].3);
                case.illegal |= w[1].1 < w[0].2 + if suite { 0 } else { m.pause };
            }
            let travail: i64 = du_jour.iter().map(|x| i64::from(x.2 - x.1)).sum::<i64>() * m.pas;
            let fin = du_jour.iter().map(|x| x.2).max().unwrap_or(0);
            case.attente += i64::from(fin - du_jour[0].1) * m.pas - travail;
            case.illegal |= travail > m.inst.candidat_max;
            case.illegal |=
                plage_libre(du_jour.iter().map(|x| (x.1, x.2)), m.pas, (de, a)) < minutes;
            jours += 1;
            i += n;
        }
        case.jours_de_plus = (jours - 1).max(0);
        if m.inst.reprise.is_some() && !case.reste {
            case.perturbation = self.perturbation(c);
        }
        case
    }

    fn perturbation(&self, c: usize) -> i64 {
        let (mut total, mut change) = (0, false);
        for t in self.m.de_candidat[c].clone() {
            let x = &self.m.taches[t];
            if let (Some(r), Some(p)) = (x.reference, self.places[t]) {
                let (n, ch) = ecart(&r, &p, x.jury, x.present, self.m.pas);
                total += n;
                change |= ch;
            }
        }
        total + if change { 20 } else { 0 }
    }
}

/// Points de perturbation d'une tâche, et si sa convocation change.
pub(crate) fn ecart(r: &Place, p: &Place, jury: bool, present: bool, pas: i64) -> (i64, bool) {
    let mut n = if jury && r.enc != p.enc { 5 } else { 0 };
    if !present {
        return (n, false);
    }
    n += if r.jour == p.jour {
        (i64::from(r.debut.abs_diff(p.debut)) * pas / 5).min(48)
    } else {
        48
    };
    (n, (r.jour, r.debut, r.salle) != (p.jour, p.debut, p.salle))
}
