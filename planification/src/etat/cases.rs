//! Les cases du prix : ce que vaut la journée d'un juré, celle d'un surveillant, et le planning d'un candidat.

use super::Etat;
use crate::court::Court;
use crate::modele::{NUL, Place, plage_libre};

/// Pente qui pousse les journées à être pleines ou vides.
const LISSAGE: f64 = 3.0;

/// La pente pour une journée de `travail` minutes quand on en permet `max` : nulle vide ou pleine.
pub(super) fn pente_de_charge(travail: i64, max: i64) -> i64 {
    (LISSAGE * travail as f64 * (max - travail).max(0) as f64 / max as f64).floor() as i64
}

/// Une journée d'encadrant.
#[derive(Clone, Copy, Default)]
pub(super) struct CaseMembre {
    pub(super) present: bool,
    pub(super) illegal: bool,
    pub(super) mort: i64,
    pub(super) lissage: i64,
    pub(super) a_vider: i64,
}

/// Un candidat.
#[derive(Clone, Copy, Default)]
pub(super) struct CaseCand {
    pub(super) illegal: bool,
    pub(super) reste: bool,
    pub(super) attente: i64,
    pub(super) jours_de_plus: i64,
    pub(super) continuite: i64,
    pub(super) perturbation: i64,
}

impl Etat<'_, '_> {
    pub(super) fn case_membre(&self, i: usize) -> CaseMembre {
        let (membre, d, m) = (i / self.m.nj, i % self.m.nj, self.m);
        let seances = &self.membres[i].pris;
        let mut tout: Court<(u16, u16), 48> = Court::new();
        seances.iter().for_each(|x| tout.push(*x));
        for k in &m.jurys_de_membre[membre] {
            if let Some((dd, s)) = self.delib[usize::from(*k)]
                && usize::from(dd) == d
            {
                let n = self.juges[usize::from(*k)].len();
                tout.push((s, s + self.duree_delib(n)));
            }
        }
        let pris = tout.tranche();
        if pris.is_empty() {
            return CaseMembre::default();
        }
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
            lissage: pente_de_charge(travail, max),
            a_vider: self.a_vider(i, travail),
        }
    }

    pub(super) fn case_surv(&self, i: usize) -> CaseMembre {
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
            lissage: 0,
            a_vider: 0,
        }
    }

    pub(super) fn case_cand(&self, c: usize) -> CaseCand {
        let m = self.m;
        let mut case = CaseCand::default();
        let mut presents: Court<(u16, u16, u16, usize), 12> = Court::new();
        let mut jurys: Court<u16, 12> = Court::new();
        for t in m.de_candidat[c].clone() {
            let x = &m.taches[t];
            let Some(p) = self.places[t] else {
                case.reste = true;
                continue;
            };
            if x.present {
                presents.push((p.jour, p.debut, p.debut + x.duree, t));
            }
            if x.jury && p.enc != NUL && !jurys.tranche().contains(&p.enc) {
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
        let presents = presents.tranche();
        presents.sort_unstable();
        case.continuite = (jurys.tranche().len() as i64 - 1).max(0);
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
