//! Les tâches : chaque épreuve de chaque candidat, ce qu'elle admet, ce qui la fixe, ce qui la lie aux autres.

use super::{Modele, NUL, Place};
use crate::instance::{Encadrement, Instance};
use crate::solution::{self, Plan};
use std::collections::BTreeMap;
use std::ops::Range;

/// Une épreuve d'un candidat.
#[derive(Debug)]
pub(crate) struct Tache {
    pub cand: usize,
    pub ep: usize,
    /// En pas.
    pub duree: u16,
    pub present: bool,
    pub jury: bool,
    /// Peut partager sa séance.
    pub partage: usize,
    pub commun: bool,
    /// Salles et encadrants admis (nature, site, accès, conflits, épingle).
    pub salles: Vec<u16>,
    pub encs: Vec<u16>,
    pub sans_salle: bool,
    pub figee: Option<Place>,
    pub reference: Option<Place>,
    pub jour_fixe: Option<u16>,
    pub debut_fixe: Option<u16>,
    pub avant: Vec<usize>,
    pub apres: Vec<usize>,
    /// Tâche figée ou non dont celle-ci prend la suite.
    pub chaine_avant: Option<usize>,
    /// Tâches du même jury (sans groupe figé).
    pub meme_jury: Vec<usize>,
    pub dernier: bool,
}

/// Les rangs de ce qu'un plan écrit nomme.
struct Rangs<'a> {
    salles: BTreeMap<&'a str, u16>,
    jurys: BTreeMap<&'a str, u16>,
    surveillants: BTreeMap<&'a str, u16>,
}

impl<'a> Rangs<'a> {
    fn de(inst: &'a Instance) -> Self {
        Self {
            salles: inst.salles.iter().map(|x| x.id.as_str()).zip(0..).collect(),
            jurys: inst.jurys.iter().map(|x| x.id.as_str()).zip(0..).collect(),
            surveillants: inst
                .surveillants
                .iter()
                .map(|x| x.id.as_str())
                .zip(0..)
                .collect(),
        }
    }

    /// La place qu'écrit un plan ; ce qui ne se reconnaît pas vaut [`NUL`].
    fn place(&self, t: &solution::Tache, jury: bool, pas: i64) -> Place {
        let rang = |x: &Option<String>, rangs: &BTreeMap<&str, u16>| {
            let connu = x.as_ref().and_then(|x| rangs.get(x.as_str()));
            connu.copied().unwrap_or(NUL)
        };
        Place {
            jour: t.day as u16,
            debut: (t.start / pas) as u16,
            salle: rang(&t.room, &self.salles),
            enc: if jury {
                rang(&t.jury, &self.jurys)
            } else {
                rang(&t.surveillant, &self.surveillants)
            },
        }
    }
}

impl Modele<'_> {
    pub(super) fn compiler_taches(&mut self) {
        let inst = self.inst;
        let rangs = Rangs::de(inst);
        let reprise = inst.reprise.as_ref();
        let references: BTreeMap<_, _> = reprise
            .iter()
            .flat_map(|r| &r.reference.tasks)
            .map(|t| ((t.candidate.as_str(), t.epreuve.as_str()), t))
            .collect();
        for (c, cand) in inst.candidats.iter().enumerate() {
            let base = self.taches.len();
            for (k, &e) in inst.parcours[cand.parcours].epreuves.iter().enumerate() {
                let mut x = self.tache(c, k, base);
                let cle = (cand.id.as_str(), inst.epreuves[e].id.as_str());
                x.reference = references
                    .get(&cle)
                    .map(|t| rangs.place(t, x.jury, self.pas));
                x.figee = x.reference.filter(|r| {
                    let quand = (usize::from(r.jour), i64::from(r.debut) * self.pas);
                    reprise.is_some_and(|x| quand < x.maintenant)
                });
                self.epingler(&mut x);
                self.taches.push(x);
            }
            let siennes = base..self.taches.len();
            for t in siennes.clone() {
                let fige = |x: &usize| self.taches[*x].figee.is_some();
                if !self.taches[t].jury || self.taches[t].meme_jury.iter().any(fige) {
                    self.taches[t].meme_jury.clear();
                }
            }
            self.unites.push(self.ordonner(siennes.clone()));
            self.de_candidat.push(siennes);
        }
    }

    /// La `k`-ième épreuve du candidat `c`, dont la première tâche est `base` ; rien ne la fixe encore.
    fn tache(&self, c: usize, k: usize, base: usize) -> Tache {
        let inst = self.inst;
        let p = &inst.parcours[inst.candidats[c].parcours];
        let e = p.epreuves[k];
        let ep = &inst.epreuves[e];
        let rang = |e: &usize| {
            let place = p.epreuves.iter().position(|x| x == e);
            base + place.expect("invariant : épreuve du parcours")
        };
        let enchainee = p.chaines.iter().any(|(a, b)| *a == e || *b == e);
        let lies = |de: &[(usize, usize)], vers_lui: bool| -> Vec<usize> {
            de.iter()
                .map(|(a, b)| if vers_lui { (b, a) } else { (a, b) })
                .filter(|(lui, _)| **lui == e)
                .map(|(_, autre)| rang(autre))
                .collect()
        };
        Tache {
            cand: c,
            ep: e,
            duree: (inst.duree(e, c) / self.pas) as u16,
            present: ep.present,
            jury: ep.encadrement == Encadrement::Jury,
            partage: if enchainee { 1 } else { ep.groupe },
            commun: ep.debut_commun,
            salles: self.salles_admises(c, e),
            encs: self.encadrants_admis(c, e),
            sans_salle: ep.salle.is_none(),
            figee: None,
            reference: None,
            jour_fixe: None,
            debut_fixe: None,
            avant: lies(&p.precedences, true),
            apres: lies(&p.precedences, false),
            chaine_avant: lies(&p.chaines, true).first().copied(),
            meme_jury: p
                .meme_jury
                .iter()
                .filter(|g| g.contains(&e))
                .flatten()
                .map(rang)
                .collect(),
            dernier: k + 1 == p.epreuves.len(),
        }
    }

    /// Les salles de la bonne nature, du site, accessibles s'il le faut ; d'abord celles que l'on préfère prendre.
    fn salles_admises(&self, c: usize, e: usize) -> Vec<u16> {
        let (cand, ep) = (&self.inst.candidats[c], &self.inst.epreuves[e]);
        let salle = |s: &u16| &self.inst.salles[usize::from(*s)];
        let mut salles: Vec<u16> = (0..self.inst.salles.len() as u16)
            .filter(|s| {
                let s = salle(s);
                ep.salle.as_ref() == Some(&s.nature)
                    && s.site == cand.site
                    && s.places > 0
                    && (s.accessible || !(cand.pmr && ep.present))
            })
            .collect();
        // Les salles non accessibles d'abord : les autres restent à qui en a besoin.
        salles.sort_by_key(|s| (salle(s).accessible, *s));
        if ep.groupe > 1 {
            salles.sort_by_key(|s| std::cmp::Reverse(salle(s).places));
        }
        salles
    }

    /// Les jurys, ou les surveillants, du site et sans lien avec le candidat.
    fn encadrants_admis(&self, c: usize, e: usize) -> Vec<u16> {
        let (inst, cand) = (self.inst, &self.inst.candidats[c]);
        if inst.epreuves[e].encadrement == Encadrement::Jury {
            let admis = |j: &u16| {
                let x = &inst.jurys[usize::from(*j)];
                x.sites.contains(&cand.site)
                    && !x.membres.iter().any(|m| cand.conflits_membres.contains(m))
                    && self.delib_figee[usize::from(*j)].is_none()
            };
            (0..inst.jurys.len() as u16).filter(admis).collect()
        } else {
            let admis = |s: &u16| {
                let s = usize::from(*s);
                inst.surveillants[s].sites.contains(&cand.site)
                    && !cand.conflits_surveillants.contains(&s)
            };
            (0..inst.surveillants.len() as u16).filter(admis).collect()
        }
    }

    /// Ce que les épingles fixent de cette tâche ; une épingle impossible ne lui laisse ni salle ni encadrant.
    fn epingler(&mut self, x: &mut Tache) {
        let inst = self.inst;
        let siennes = |p: &&crate::instance::Epingle| p.candidat == x.cand && p.epreuve == x.ep;
        for p in inst.epingles.iter().filter(siennes) {
            self.epingle[x.cand] = true;
            x.jour_fixe = x.jour_fixe.or(p.jour.map(|j| j as u16));
            if let Some(d) = p.debut {
                let sur_grille = d % self.pas == 0;
                x.debut_fixe = Some(if sur_grille {
                    (d / self.pas) as u16
                } else {
                    NUL
                });
            }
            match p.salle {
                Some(Some(s)) => x.salles.retain(|v| usize::from(*v) == s),
                Some(None) if !x.sans_salle => x.salles.clear(),
                _ => {}
            }
            let (voulu, autre) = if x.jury {
                (p.jury, p.surveillant)
            } else {
                (p.surveillant, p.jury)
            };
            match voulu {
                Some(Some(s)) => x.encs.retain(|v| usize::from(*v) == s),
                Some(None) => x.encs.clear(),
                None => {}
            }
            let salle_de_trop = x.sans_salle && matches!(p.salle, Some(Some(_)));
            if salle_de_trop || matches!(autre, Some(Some(_))) {
                x.encs.clear();
            }
        }
        // Quand il n'y a qu'un jour, l'heure le désigne.
        if self.nj == 1 && x.debut_fixe.is_some() {
            x.jour_fixe = x.jour_fixe.or(Some(0));
        }
    }

    /// Les unités d'un candidat : une chaîne est une unité ; l'ordre respecte précédences et chaînes.
    fn ordonner(&self, plage: Range<usize>) -> Vec<Vec<usize>> {
        let mut chaine: Vec<Vec<usize>> = vec![];
        for t in plage.clone() {
            if self.taches[t].chaine_avant.is_none() {
                let mut u = vec![t];
                while let Some(s) = plage
                    .clone()
                    .find(|s| self.taches[*s].chaine_avant == u.last().copied() && !u.contains(s))
                {
                    u.push(s);
                }
                chaine.push(u);
            }
        }
        // Deux suites d'une même tâche (chaîne en fourche) : la seconde reste seule, et sera refusée par le contrôle.
        for t in plage.clone() {
            if !chaine.iter().any(|u| u.contains(&t)) {
                chaine.push(vec![t]);
            }
        }
        let mut ordre: Vec<Vec<usize>> = vec![];
        while !chaine.is_empty() {
            let faits: Vec<usize> = ordre.iter().flatten().copied().collect();
            let pret = chaine
                .iter()
                .position(|u| {
                    u.iter().all(|t| {
                        self.taches[*t]
                            .avant
                            .iter()
                            .all(|a| faits.contains(a) || u.contains(a))
                    })
                })
                .unwrap_or(0);
            ordre.push(chaine.remove(pret));
        }
        ordre
    }

    /// Les places d'un plan écrit, tâche par tâche ; ce qui ne se reconnaît pas reste vide.
    pub(crate) fn places_du_plan(&self, plan: &Plan) -> Vec<Option<Place>> {
        let inst = self.inst;
        let rangs = Rangs::de(inst);
        let mut places = vec![None; self.taches.len()];
        for x in &plan.tasks {
            let Some(t) = inst
                .candidats
                .iter()
                .position(|c| c.id == x.candidate)
                .zip(inst.epreuves.iter().position(|e| e.id == x.epreuve))
                .and_then(|(c, e)| self.tache_de(c, e))
            else {
                continue;
            };
            let sur_grille = x.start >= 0 && x.start % self.pas == 0 && x.start <= 1440;
            if !sur_grille || !(0..self.nj as i64).contains(&x.day) {
                continue;
            }
            let place = rangs.place(x, self.taches[t].jury, self.pas);
            let complete = place.enc != NUL && (place.salle != NUL || self.taches[t].sans_salle);
            if complete {
                places[t] = Some(place);
            }
        }
        places
    }
}
