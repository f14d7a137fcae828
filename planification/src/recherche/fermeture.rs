//! Fermer une journée de jury : ses candidats se répartissent d'un bloc chez les autres, ou rien ne change.

use super::Piste;
use super::serie::Passage;

/// Places essayées pour chaque candidat à reloger.
const ESSAIS: usize = 6;

impl Piste<'_, '_, '_> {
    /// Vide la moins chargée de quelques journées de jury, et reloge chacun dans une journée qui sert déjà.
    pub(super) fn fermer_en_serie(&mut self) -> bool {
        let m = self.etat.m;
        let mut choix: Option<(i64, usize, usize)> = None;
        for _ in 0..4 {
            let Some((j, d, _)) = self.journee() else {
                return false;
            };
            let charge = self.charge(j, d);
            if choix.is_none_or(|x| charge < x.0) {
                choix = Some((charge, j, d));
            }
        }
        let Some((_, j, d)) = choix else {
            return false;
        };
        let liste = self.passages(j, d);
        let seules = liste
            .iter()
            .map(|p| m.unite(p.tete as usize).len())
            .sum::<usize>();
        let du_jour = self.etat.taches_jury[j]
            .iter()
            .filter(|t| self.etat.places[**t as usize].is_some_and(|p| usize::from(p.jour) == d))
            .count();
        // Quelque chose y est figé ou épinglé : elle restera ouverte.
        if seules != du_jour || liste.is_empty() {
            return false;
        }
        self.retirer_passages(&liste);
        let mut faits: Vec<usize> = vec![];
        for p in &liste {
            let c = m.taches[p.tete as usize].cand;
            if faits.contains(&c) {
                continue;
            }
            faits.push(c);
            let siens: Vec<Passage> = liste
                .iter()
                .copied()
                .filter(|q| m.taches[q.tete as usize].cand == c)
                .collect();
            if !(0..ESSAIS).any(|_| self.reloger(&siens, (j, d))) {
                return false;
            }
        }
        true
    }

    /// Minutes déjà prises à un jury ce jour-là.
    fn charge(&self, j: usize, d: usize) -> i64 {
        let m = self.etat.m;
        m.tenus[j]
            .iter()
            .map(|x| {
                let pris = &self.etat.membres[x * m.nj + d].pris;
                pris.iter().map(|p| i64::from(p.1 - p.0)).sum::<i64>() * m.pas
            })
            .max()
            .unwrap_or(0)
    }

    fn reloger(&mut self, siens: &[Passage], ferme: (usize, usize)) -> bool {
        let m = self.etat.m;
        let encs = &m.taches[siens[0].tete as usize].encs;
        let j = usize::from(encs[self.hasard.sous(encs.len())]);
        let n = self.etat.taches_jury[j].len();
        if n == 0 {
            return false;
        }
        let t = self.etat.taches_jury[j][self.hasard.sous(n)] as usize;
        let Some(jour) = self.etat.places[t].map(|p| usize::from(p.jour)) else {
            return false;
        };
        if (j, jour) == ferme {
            return false;
        }
        let besoin: i64 = siens
            .iter()
            .flat_map(|p| m.unite(p.tete as usize))
            .map(|t| i64::from(m.taches[*t].duree) * m.pas)
            .sum();
        let delib = match self.etat.delib[j] {
            Some((d, _)) if usize::from(d) == jour => {
                i64::from(self.etat.duree_delib(self.etat.juges[j].len() + 1)) * m.pas
            }
            _ => 0,
        };
        let max = m.tenus[j].iter().map(|x| m.membre_max[*x]);
        if self.charge(j, jour) + besoin + delib > max.min().unwrap_or(0) {
            return false;
        }
        let arrivee = self.passages(j, jour);
        let k = self.hasard.sous(arrivee.len() + 1);
        let cle = arrivee.get(k).map_or(i32::MAX / 2, |p| p.cle - 1);
        let mut liste: Vec<Passage> = siens
            .iter()
            .map(|p| Passage {
                cle,
                jury: j as u16,
                jour: jour as u16,
                ..*p
            })
            .collect();
        liste.extend_from_slice(&arrivee[k..]);
        let repere = self.etat.repere();
        if self.reposer(&mut liste) {
            return true;
        }
        self.etat.defaire(repere);
        false
    }
}
