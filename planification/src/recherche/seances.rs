//! Le décalage d'une séance surveillée, ou d'un début commun entier : les passages des jurys se recalent autour.

use super::Piste;
use super::serie::{ENTRE, Passage};
use crate::etat::Etat;
use crate::grille::{Grille, PAS_MAX};
use crate::modele::{NUL, Place};

/// Passages qu'un décalage repose au plus : au-delà, le geste coûte plus qu'il ne trouve.
const TOUCHES: usize = 150;

/// Pas dont une séance se retarde pour admettre qui a besoin de plus de temps, au plus.
const RETARD: usize = 6;

/// Une séance décalée sur tant change aussi de surveillant.
const RELEVE: usize = 3;

/// Ce qui suit une séance qu'on décale, du même pas.
#[derive(Clone, Copy)]
enum Suivi {
    Rien,
    Avant,
    Apres,
    Tout,
}

impl Etat<'_, '_> {
    /// Ces tâches d'une séance (ou d'un début commun) pourraient-elles commencer là, passages de jury mis à part ? Un refus
    /// est sûr, et coûte bien moins que de tout retirer pour le voir.
    fn seance_tiendrait(&self, taches: &[usize], jour: u16, debut: u16, enc: Option<u16>) -> bool {
        let (m, d) = (self.m, usize::from(jour));
        let mut vus: Option<(u16, u16)> = None;
        taches.iter().all(|t| {
            let x = &m.taches[*t];
            let Some(q) = self.places[*t] else {
                return true;
            };
            let fin = debut + x.duree;
            let enc = enc.unwrap_or(q.enc);
            // Ce que la séance occupe déjà ne la gêne pas.
            let libre = |grilles: &[Grille], i: u16, a_elle: bool| {
                let mut g = grilles[usize::from(i) * m.nj + d];
                if a_elle && q.jour == jour {
                    let duree = self.seances[self.seance_de[*t] as usize].duree;
                    g.rendre(q.debut, q.debut + duree);
                }
                g.couvre(debut, fin)
            };
            // Elle peut aussi n'en faire qu'une avec celle qui est déjà là.
            let la = Place {
                jour,
                debut,
                enc,
                ..q
            };
            let ressources = vus == Some((q.salle, enc))
                || self.a_rejoindre(*t, &la).is_some()
                || ((q.salle == NUL || libre(&self.libre_salle, q.salle, true))
                    && (enc == NUL || libre(&self.libre_surv, enc, enc == q.enc)));
            vus = Some((q.salle, enc));
            let lui = m.de_candidat[x.cand].clone().all(|a| {
                let y = &m.taches[a];
                let autre = self.places[a].filter(|p| p.jour == jour && !y.jury && y.present);
                taches.contains(&a)
                    || autre.is_none_or(|p| {
                        p.debut >= fin + m.pause || debut >= p.debut + y.duree + m.pause
                    })
            });
            ressources
                && (lui || !x.present)
                && m.heures[d].couvre(debut, fin)
                && (!x.present || m.dispo_cand[x.cand][d].couvre(debut, fin))
                && !self.est_ferme(x.cand, d)
        })
    }
}

impl Piste<'_, '_, '_> {
    /// Décale une séance surveillée (ou un début commun), et repose en série les passages des jours touchés.
    pub(super) fn decaler_serie(&mut self) -> bool {
        let m = self.etat.m;
        let Some((t, p)) = self.tirer_surveillee() else {
            return false;
        };
        let mut jour = p.jour;
        let mut debut = i64::from(p.debut);
        if self.hasard.sous(8) == 0 {
            jour = self.hasard.sous(m.nj) as u16;
        }
        if jour != p.jour || self.hasard.sous(4) == 0 {
            debut = m.inst.jours[usize::from(jour)].0 / m.pas + self.hasard.sous(100) as i64;
        } else {
            debut += self.hasard.sous(25) as i64 - 12;
        }
        let Ok(debut) = u16::try_from(debut) else {
            return false;
        };
        if debut >= PAS_MAX || (jour, debut) == (p.jour, p.debut) {
            return false;
        }
        // La pause d'un surveillant retient souvent une séance : une autre heure, un autre surveillant.
        let releve = if !m.taches[t].commun && self.hasard.sous(RELEVE) == 0 {
            self.autre_surveillant(t, jour, p.enc)
        } else {
            None
        };
        // Toute la journée peut suivre le décalage, ou ce qui précède la séance, ou ce qui la suit : les attentes restent
        // alors ce qu'elles étaient, et le plan n'a pas à se refaire pour qu'une autre heure paraisse bonne.
        let suivi = if jour == p.jour {
            match self.hasard.sous(10) {
                0..2 => Suivi::Tout,
                2 => Suivi::Avant,
                3 => Suivi::Apres,
                _ => Suivi::Rien,
            }
        } else {
            Suivi::Rien
        };
        self.porter(t, (jour, debut), releve, suivi)
    }

    /// Décale la séance de cette tâche (ou son début commun) à ce jour et ce début, et repose en série les passages des jours
    /// touchés.
    fn porter(
        &mut self,
        t: usize,
        (jour, debut): (u16, u16),
        releve: Option<u16>,
        suivi: Suivi,
    ) -> bool {
        let m = self.etat.m;
        let Some(p) = self.etat.places[t] else {
            return false;
        };
        let seance = self.etat.seance_de[t];
        let cle = self.etat.cle(t);
        let commun = m.taches[t].commun;
        let site = m.inst.candidats[m.taches[t].cand].site;
        let taches: Vec<usize> = (0..m.taches.len())
            .filter(|x| {
                self.etat.places[*x].is_some()
                    && if commun {
                        m.taches[*x].commun && self.etat.cle(*x) == cle
                    } else {
                        self.etat.seance_de[*x] == seance
                    }
            })
            .collect();
        if taches.iter().any(|t| !m.libre_de_bouger(*t)) {
            return false;
        }
        if !self.etat.seance_tiendrait(&taches, jour, debut, releve) {
            return false;
        }
        // Les passages des jours touchés, à partir de ce que le décalage peut changer.
        let depuis = if matches!(suivi, Suivi::Tout | Suivi::Avant) {
            0
        } else if jour == p.jour {
            i32::from(debut.min(p.debut)) * ENTRE
        } else {
            0
        };
        let mut liste: Vec<Passage> = vec![];
        for j in 0..self.etat.taches_jury.len() {
            for d in 0..m.nj {
                if d == usize::from(jour) || d == usize::from(p.jour) {
                    let du_site = self.passages(j, d);
                    liste.extend(du_site.into_iter().filter(|q| {
                        q.cle >= depuis
                            && m.inst.candidats[m.taches[q.tete as usize].cand].site == site
                    }));
                }
            }
        }
        if liste.len() > TOUCHES {
            return false;
        }
        let places: Vec<_> = taches.iter().map(|t| self.etat.places[*t]).collect();
        for t in &taches {
            self.etat.retirer(*t);
        }
        self.retirer_passages(&liste);
        for (t, q) in taches.into_iter().zip(places) {
            // Chacun garde sa salle, et son surveillant s'il n'est pas relevé.
            let Some(q) = q else { continue };
            let enc = releve.unwrap_or(q.enc);
            let place = Place {
                jour,
                debut,
                enc,
                ..q
            };
            if !m.taches[t].encs.contains(&enc) || !self.etat.peut_placer(t, &place) {
                return false;
            }
            self.etat.placer(t, place);
        }
        if matches!(suivi, Suivi::Rien) {
            self.tasser(&mut liste);
        } else {
            let ecart = i32::from(debut) - i32::from(p.debut);
            for q in &mut liste {
                let avant = q.cle < i32::from(p.debut) * ENTRE;
                let suit = match suivi {
                    Suivi::Avant => avant,
                    Suivi::Apres => !avant,
                    _ => true,
                };
                let pas = q.cle / ENTRE + if suit { ecart } else { 0 };
                q.pas_avant = pas.max(0) as u16;
            }
        }
        self.reposer(&mut liste)
    }

    /// Retarde un peu une séance surveillée que l'on peut rejoindre.
    pub(super) fn retarder(&mut self) -> bool {
        let Some((t, p)) = self.tirer_surveillee() else {
            return false;
        };
        let m = self.etat.m;
        let debut = p.debut + 1 + self.hasard.sous(RETARD) as u16;
        let partagee = m.taches[t].partage > 1 && !m.taches[t].commun && debut < PAS_MAX;
        partagee && self.porter(t, (p.jour, debut), None, Suivi::Rien)
    }

    /// Confie une séance surveillée à un autre surveillant, le plus souvent déjà là ce jour ; personne ne change d'heure.
    pub(super) fn confier(&mut self) -> bool {
        let m = self.etat.m;
        let Some((t, p)) = self.tirer_surveillee() else {
            return false;
        };
        let Some(enc) = self.autre_surveillant(t, p.jour, p.enc) else {
            return false;
        };
        let taches = self.etat.seances[self.etat.seance_de[t] as usize]
            .taches
            .clone();
        if taches
            .iter()
            .any(|t| !m.libre_de_bouger(*t as usize) || !m.taches[*t as usize].encs.contains(&enc))
        {
            return false;
        }
        for t in &taches {
            self.etat.retirer(*t as usize);
        }
        for t in &taches {
            let ici = Place { enc, ..p };
            if !self.etat.peut_placer(*t as usize, &ici) {
                return false;
            }
            self.etat.placer(*t as usize, ici);
        }
        true
    }

    /// Un surveillant que la tâche admet, autre que `enc`, le plus souvent déjà là ce jour.
    pub(super) fn autre_surveillant(&mut self, t: usize, jour: u16, enc: u16) -> Option<u16> {
        let m = self.etat.m;
        let encs = &m.taches[t].encs;
        let (n, k) = (encs.len(), self.hasard.sous(encs.len()));
        let neuf = self.hasard.sous(8) == 0;
        let la = |e: u16| {
            let journee = usize::from(e) * m.nj + usize::from(jour);
            !self.etat.survs[journee].pris.is_empty()
        };
        (0..n)
            .map(|i| encs[(i + k) % n])
            .find(|e| *e != enc && (neuf || la(*e)))
    }

    /// Une tâche surveillée, et sa place.
    fn tirer_surveillee(&mut self) -> Option<(usize, Place)> {
        let m = self.etat.m;
        for _ in 0..6 {
            let t = self.hasard.sous(m.taches.len());
            if let Some(p) = self.etat.places[t].filter(|_| !m.taches[t].jury) {
                return Some((t, p));
            }
        }
        None
    }
}

#[cfg(test)]
mod essais {
    use crate::instance::Instance;
    use crate::modele::{Modele, Place};
    use crate::recherche::{Piste, SansHorloge};

    const L1: &str = include_str!("../../essais/instances/L1.json");

    #[test]
    fn une_seance_que_l_on_refuse_de_decaler_ne_tiendrait_pas_meme_sans_aucun_passage_de_jury() {
        let inst = Instance::lire(L1).unwrap();
        let m = Modele::new(&inst);
        let mut piste = Piste::new(&m, 5, Some(20_000), 0, &SansHorloge);
        piste.ouvrir();
        for t in (0..m.taches.len()).filter(|t| m.taches[*t].jury) {
            piste.etat.retirer(t);
        }
        // Des séances à moitié vides : deux peuvent n'en faire qu'une.
        for t in (0..m.taches.len())
            .filter(|t| !m.taches[*t].commun && m.taches[*t].cand.is_multiple_of(2))
        {
            piste.etat.retirer(t);
        }
        piste.etat.evaluer();
        let (mut refus, mut admis) = (0, 0);
        for _ in 0..2000 {
            let Some((t, p)) = piste.tirer_surveillee() else {
                continue;
            };
            let meme = |x: &usize| {
                let commun = m.taches[t].commun && m.taches[*x].ep == m.taches[t].ep;
                piste.etat.places[*x].is_some()
                    && (commun || piste.etat.seance_de[*x] == piste.etat.seance_de[t])
            };
            let taches: Vec<usize> = (0..m.taches.len()).filter(meme).collect();
            let autre = piste.tirer_surveillee().map(|x| x.1);
            let (jour, debut, enc) = match (autre, piste.hasard.sous(3)) {
                (Some(q), 0) => (q.jour, q.debut, q.enc),
                (_, 1) => (p.jour, 90 + piste.hasard.sous(130) as u16, p.enc),
                _ => (piste.hasard.sous(m.nj) as u16, p.debut, p.enc),
            };
            if (jour, debut) == (p.jour, p.debut) || m.taches[t].commun && enc != p.enc {
                continue;
            }
            let releve = (enc != p.enc).then_some(enc);
            if piste.etat.seance_tiendrait(&taches, jour, debut, releve) {
                admis += 1;
                continue;
            }
            refus += 1;
            let repere = piste.etat.repere();
            let places: Vec<_> = taches.iter().map(|t| piste.etat.places[*t]).collect();
            taches.iter().for_each(|t| piste.etat.retirer(*t));
            let tient = taches.iter().zip(places).all(|(t, q)| {
                let q = q.unwrap();
                let enc = releve.unwrap_or(q.enc);
                let place = Place {
                    jour,
                    debut,
                    enc,
                    ..q
                };
                let libre = piste.etat.peut_placer(*t, &place);
                if libre {
                    piste.etat.placer(*t, place);
                }
                libre
            });
            assert!(
                !tient || piste.etat.evaluer().illegal > 0,
                "{t} le {jour} à {debut}"
            );
            piste.etat.defaire(repere);
            piste.etat.evaluer();
        }
        assert!(refus > 200 && admis > 50, "{refus} refus, {admis} admis");
    }
}
