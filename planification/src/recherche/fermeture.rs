//! Fermer une journée de jury : ses candidats se répartissent d'un bloc chez les autres, ou rien ne change.

use super::Piste;
use super::serie::Passage;

/// Journées essayées pour chaque groupe de passages à reloger.
const ESSAIS: usize = 6;

impl Piste<'_, '_, '_> {
    /// Vide la moins chargée de quelques journées de jury, et reloge chacun dans une journée qui sert déjà.
    pub(super) fn fermer_en_serie(&mut self) -> bool {
        let m = self.etat.m;
        let mut choix: Option<(i64, usize, usize)> = None;
        for _ in 0..4 {
            let Some((j, d)) = self.tirer_journee() else {
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
        if !self.se_vide(j, d) {
            return false;
        }
        let liste = self.passages(j, d);
        // Chacun se reloge à son tour : le prix ne se juge qu'à la fin.
        self.seuil = f64::INFINITY;
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
            if !self.reloger(&siens, (j, d)) && !self.reloger_en_deux(&siens, (j, d)) {
                return false;
            }
        }
        true
    }

    /// Rien n'y est figé, épinglé ou partagé : cette journée peut rester sans personne. Faux si le jury n'y siège pas.
    fn se_vide(&self, j: usize, d: usize) -> bool {
        let m = self.etat.m;
        let mut du_jour = self.taches_du_jour(j, d).peekable();
        du_jour.peek().is_some() && du_jour.all(|t| m.unite_mobile(t as usize))
    }

    /// La journée de jury qui sert le moins, parmi celles qui peuvent se vider.
    pub(super) fn la_moins_chargee(&self) -> Option<(usize, usize)> {
        let m = self.etat.m;
        (0..m.inst.jurys.len())
            .flat_map(|j| (0..m.nj).map(move |d| (j, d)))
            .map(|(j, d)| (self.charge(j, d), j, d))
            .filter(|x| x.0 > 0 && self.se_vide(x.1, x.2))
            .min()
            .map(|x| (x.1, x.2))
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

    /// Reloge tous ces passages d'un candidat chez un jury, dans une journée qui sert et où le temps ne manque pas.
    fn reloger(&mut self, siens: &[Passage], ferme: (usize, usize)) -> bool {
        let mut ou = self.journees_ouvertes(siens, ferme);
        self.hasard.melanger(&mut ou);
        ou.into_iter()
            .take(ESSAIS)
            .any(|(j, jour)| self.loger(siens, j, jour))
    }

    /// Les premiers passages d'un côté, les suivants de l'autre : un candidat entier ne tient pas toujours quelque part.
    fn reloger_en_deux(&mut self, siens: &[Passage], ferme: (usize, usize)) -> bool {
        if siens.len() < 2 {
            return false;
        }
        let (debut, fin) = siens.split_at(1 + self.hasard.sous(siens.len() - 1));
        self.reloger(debut, ferme) && self.reloger(fin, ferme)
    }

    /// Les journées de jury qui servent déjà, et où le plafond des membres laisse la place de ces passages.
    fn journees_ouvertes(&self, siens: &[Passage], ferme: (usize, usize)) -> Vec<(usize, usize)> {
        let m = self.etat.m;
        let besoin: i64 = siens
            .iter()
            .flat_map(|p| m.unite(p.tete as usize))
            .map(|t| i64::from(m.taches[*t].duree) * m.pas)
            .sum();
        let mut liste = vec![];
        for j in m.taches[siens[0].tete as usize]
            .encs
            .iter()
            .map(|j| usize::from(*j))
        {
            let max = m.tenus[j].iter().map(|x| m.membre_max[*x]).min();
            for jour in 0..m.nj {
                let charge = self.charge(j, jour);
                let delib = match self.etat.delib[j] {
                    Some((d, _)) if usize::from(d) == jour => {
                        i64::from(self.etat.duree_delib(self.etat.juges[j].len() + 1)) * m.pas
                    }
                    _ => 0,
                };
                if charge > 0 && (j, jour) != ferme && charge + besoin + delib <= max.unwrap_or(0) {
                    liste.push((j, jour));
                }
            }
        }
        liste
    }

    /// Glisse ces passages dans cette journée, à un rang tiré au hasard ; sinon rien ne change.
    fn loger(&mut self, siens: &[Passage], j: usize, jour: usize) -> bool {
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
