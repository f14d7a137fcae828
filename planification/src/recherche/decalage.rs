//! Le décalage d'une séance : ce qu'il heurte est éjecté, puis réinséré.

use super::Piste;
use crate::modele::{NUL, Place};

impl Piste<'_, '_, '_> {
    /// Décale une séance (ou un début commun entier) ; ce que cela heurte est éjecté puis réinséré.
    pub(super) fn decaler(&mut self, touches: &mut Vec<usize>) -> bool {
        let m = self.etat.m;
        let t = self.hasard.sous(m.taches.len());
        let Some(p) = self.etat.places[t] else {
            return false;
        };
        let x = &m.taches[t];
        if x.figee.is_some() {
            return false;
        }
        let mut taches: Vec<u32> = if x.commun {
            if self.hasard.sous(4) > 0 && m.inst.candidats.len() > 100 {
                return false;
            }
            let cle = self.etat.cle(t);
            self.etat
                .seance_de
                .iter()
                .zip(0u32..)
                .filter(|(_, t)| {
                    self.etat.places[*t as usize].is_some()
                        && m.taches[*t as usize].commun
                        && self.etat.cle(*t as usize) == cle
                })
                .map(|x| x.1)
                .collect()
        } else {
            self.etat.seances[self.etat.seance_de[t] as usize]
                .taches
                .clone()
        };
        taches.sort_unstable();
        if taches.iter().any(|t| m.taches[*t as usize].figee.is_some()) {
            return false;
        }
        let (mut jour, mut debut) = (p.jour, i64::from(p.debut));
        match self.hasard.sous(10) {
            0..7 => debut += self.hasard.sous(25) as i64 - 12,
            7..9 => {
                debut = (m.inst.jours[usize::from(jour)].0 / m.pas) + self.hasard.sous(72) as i64
            }
            _ => {
                jour = self.hasard.sous(m.nj) as u16;
                debut = (m.inst.jours[usize::from(jour)].0 / m.pas) + self.hasard.sous(72) as i64;
            }
        }
        let Ok(debut) = u16::try_from(debut) else {
            return false;
        };
        if debut >= crate::grille::PAS_MAX || (jour, debut) == (p.jour, p.debut) {
            return false;
        }
        let anciennes: Vec<(usize, Place)> = taches
            .iter()
            .filter_map(|t| self.etat.places[*t as usize].map(|p| (*t as usize, p)))
            .collect();
        for (t, _) in &anciennes {
            self.etat.retirer(*t);
        }
        // Ce que le jury ou la salle fait à ce moment cède la place.
        if self.hasard.sous(2) == 0 {
            for (t, p) in &anciennes {
                self.ejecter(*t, &Place { jour, debut, ..*p }, touches);
            }
        }
        let mut poses = 0;
        for (t, p) in anciennes {
            let neuf = Place { jour, debut, ..p };
            let c = m.taches[t].cand;
            touches.push(c);
            let y = &m.taches[t];
            if y.jour_fixe.is_some_and(|j| j != jour)
                || y.debut_fixe.is_some_and(|s| s != debut)
                || !self.etat.peut_placer(t, &neuf)
            {
                continue;
            }
            // Les autres épreuves du candidat que celle-ci heurterait partent.
            let fin = debut + y.duree;
            for a in m.de_candidat[c].clone() {
                let z = &m.taches[a];
                let Some(q) = self.etat.places[a] else {
                    continue;
                };
                let (qa, qf) = ((q.jour, q.debut), (q.jour, q.debut + z.duree));
                let proche = y.present
                    && z.present
                    && q.jour == jour
                    && q.debut < fin + m.pause
                    && debut < q.debut + z.duree + m.pause;
                let avant = y.avant.contains(&a) && (jour, debut) < qf;
                let apres = y.apres.contains(&a) && qa < (jour, fin);
                let lie = z.chaine_avant == Some(t) || y.chaine_avant == Some(a);
                if proche || avant || apres || lie {
                    self.etat.retirer(a);
                }
            }
            let heurte_fige = m.de_candidat[c].clone().any(|a| {
                self.etat.places[a].is_some_and(|q| {
                    m.taches[a].present
                        && y.present
                        && q.jour == jour
                        && q.debut < fin + m.pause
                        && debut < q.debut + m.taches[a].duree + m.pause
                })
            });
            if heurte_fige {
                continue;
            }
            self.etat.evaluer();
            let repere = self.etat.repere();
            self.etat.placer(t, neuf);
            if self.etat.evaluer().illegal > 0 {
                self.etat.defaire(repere);
            } else {
                poses += 1;
            }
        }
        poses > 0
    }

    /// Retire ce qui occupe, au moment voulu, l'encadrant ou la salle.
    fn ejecter(&mut self, t: usize, p: &Place, touches: &mut Vec<usize>) {
        let m = self.etat.m;
        let fin = p.debut + m.taches[t].duree;
        let jury = m.taches[t].jury;
        let genes: Vec<u32> = self
            .etat
            .seances
            .iter()
            .filter(|s| {
                !s.taches.is_empty()
                    && s.place.jour == p.jour
                    && s.place.debut < fin
                    && p.debut < s.place.debut + s.duree
            })
            .filter(|s| {
                (s.jury == jury && s.place.enc == p.enc)
                    || (p.salle != NUL && s.place.salle == p.salle)
            })
            .filter(|s| !(s.ep == m.taches[t].ep && s.place == *p))
            .flat_map(|s| s.taches.iter().copied())
            .collect();
        for g in genes {
            self.etat.retirer(g as usize);
            touches.push(m.taches[g as usize].cand);
        }
    }
}
