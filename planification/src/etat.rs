//! L'état de la recherche : ce qui est placé, défaisable, et son prix tenu à jour au fil des gestes.
//!
//! Un geste ne vérifie que l'occupation ; `evaluer` recalcule ce qui a été touché et compte les manquements.

mod blanc;
mod cases;
mod deliberations;
mod minorant;
mod permis;
mod prix;
mod retour;
mod victime;

pub(crate) use cases::ecart;
pub(crate) use minorant::Change;
pub(crate) use prix::{PRIX_JOUR, PRIX_PERTURBATION, Vecteur};

use crate::grille::Grille;
use crate::modele::{Modele, NUL, Place};

/// Une séance ouverte.
#[derive(Clone, Debug)]
pub(crate) struct Seance {
    pub ep: usize,
    pub site: usize,
    pub place: Place,
    pub duree: u16,
    pub jury: bool,
    pub taches: Vec<u32>,
}

/// Un geste, pour le défaire.
#[derive(Clone, Copy)]
enum Geste {
    Place(u32),
    Retire(u32, Place),
    Delib(u16, Option<(u16, u16)>),
}

/// Ce qu'un encadrant fait un jour.
#[derive(Clone, Default)]
pub(crate) struct Journee {
    /// Séances, triées : début, fin en pas.
    pub pris: Vec<(u16, u16)>,
    pub site: usize,
}

/// L'état.
#[derive(Clone)]
pub(crate) struct Etat<'m, 'a> {
    pub m: &'m Modele<'a>,
    pub places: Vec<Option<Place>>,
    pub seance_de: Vec<u32>,
    pub seances: Vec<Seance>,
    libres: Vec<u32>,
    /// Séances partageables, par épreuve puis site.
    pub ouvertes: Vec<Vec<u32>>,
    pub commun: Vec<(u16, u16, u32)>,
    pub libre_membre: Vec<Grille>,
    pub libre_surv: Vec<Grille>,
    pub libre_salle: Vec<Grille>,
    pub membres: Vec<Journee>,
    pub survs: Vec<Journee>,
    pub taches_jury: Vec<Vec<u32>>,
    pub juges: Vec<Vec<u32>>,
    pub delib: Vec<Option<(u16, u16)>>,
    gestes: Vec<Geste>,
    blanc: blanc::Blanc,
    prix: prix::Prix,
    /// Force de la pente vers les journées pleines ; elle s'efface quand la recherche refroidit.
    pub pente: f64,
    /// La journée de jury que l'on cherche à vider : un rang `membre × jours + jour` pour chacun de ceux qu'on y tient.
    victime: Vec<usize>,
    /// Jours fermés par site, le temps d'une recherche : `site × jours + jour`.
    pub ferme: Vec<bool>,
    /// Par épreuve et site, puis jour : les seuls débuts permis le temps d'une construction.
    pub trame: Vec<Option<Grille>>,
}

impl<'m, 'a> Etat<'m, 'a> {
    /// Un état où seul ce qui est figé est placé.
    pub(crate) fn new(m: &'m Modele<'a>) -> Self {
        let (nj, inst) = (m.nj, m.inst);
        let plat = |v: &Vec<Vec<Grille>>| v.iter().flatten().copied().collect::<Vec<_>>();
        let mut etat = Self {
            m,
            places: vec![None; m.taches.len()],
            seance_de: vec![u32::MAX; m.taches.len()],
            seances: vec![],
            libres: vec![],
            ouvertes: vec![vec![]; inst.epreuves.len() * inst.sites.len()],
            commun: vec![(0, 0, 0); inst.epreuves.len() * inst.sites.len()],
            libre_membre: plat(&m.dispo_membre),
            libre_surv: plat(&m.dispo_surv),
            libre_salle: plat(&m.dispo_salle),
            membres: vec![Journee::default(); inst.membres.len() * nj],
            survs: vec![Journee::default(); inst.surveillants.len() * nj],
            taches_jury: vec![vec![]; inst.jurys.len()],
            juges: vec![vec![]; inst.jurys.len()],
            delib: m.delib_figee.clone(),
            gestes: vec![],
            blanc: blanc::Blanc::new(m),
            prix: prix::Prix::new(m),
            pente: 1.0,
            victime: vec![],
            ferme: vec![false; inst.sites.len() * nj],
            trame: vec![None; inst.epreuves.len() * inst.sites.len() * nj],
        };
        for t in 0..m.taches.len() {
            if let Some(p) = m.taches[t].figee {
                etat.poser(t, p);
            }
        }
        etat.refaire_toutes_delibs();
        etat.gestes.clear();
        etat.evaluer();
        etat.prix.fixer_base();
        etat
    }

    pub(crate) fn cle(&self, t: usize) -> usize {
        let x = &self.m.taches[t];
        x.ep * self.m.inst.sites.len() + self.m.inst.candidats[x.cand].site
    }

    /// Marque (ou libère) le temps d'une séance de `a` à `b` pour sa salle et son encadrant.
    fn occuper(&mut self, s: usize, a: u16, b: u16, prend: bool) {
        let (p, jury) = (self.seances[s].place, self.seances[s].jury);
        let (d, nj) = (usize::from(p.jour), self.m.nj);
        let change = |x: &mut Grille| {
            if prend {
                x.prendre(a, b);
            } else {
                x.rendre(a, b);
            }
        };
        if p.salle != NUL {
            change(&mut self.libre_salle[usize::from(p.salle) * nj + d]);
        }
        if p.enc == NUL {
            return;
        }
        if jury {
            for m in &self.m.tenus[usize::from(p.enc)] {
                change(&mut self.libre_membre[m * nj + d]);
            }
        } else {
            change(&mut self.libre_surv[usize::from(p.enc) * nj + d]);
        }
    }

    /// Change la ligne (avant → après) d'une séance dans la journée de son encadrant.
    fn inscrire(&mut self, s: usize, avant: Option<(u16, u16)>, apres: Option<(u16, u16)>) {
        let (p, jury, site) = (
            self.seances[s].place,
            self.seances[s].jury,
            self.seances[s].site,
        );
        if p.enc == NUL {
            return;
        }
        let (d, nj) = (usize::from(p.jour), self.m.nj);
        let change = |j: &mut Journee| {
            if let Some(a) = avant
                && let Some(i) = j.pris.iter().position(|x| *x == a)
            {
                j.pris.remove(i);
            }
            if let Some(b) = apres {
                let i = j.pris.partition_point(|x| *x < b);
                j.pris.insert(i, b);
                j.site = site;
            }
        };
        if jury {
            for m in &self.m.tenus[usize::from(p.enc)] {
                change(&mut self.membres[m * nj + d]);
                self.prix.toucher_membre(m * nj + d);
            }
        } else {
            change(&mut self.survs[usize::from(p.enc) * nj + d]);
            self.prix.toucher_surv(usize::from(p.enc) * nj + d);
        }
    }

    fn poser(&mut self, t: usize, p: Place) {
        let x = &self.m.taches[t];
        let (cle, site) = (self.cle(t), self.m.inst.candidats[x.cand].site);
        self.places[t] = Some(p);
        let rejointe = if x.partage > 1 {
            self.a_rejoindre(t, &p)
        } else {
            None
        };
        if let Some(s) = rejointe {
            let s = s as usize;
            self.seance_de[t] = s as u32;
            self.seances[s].taches.push(t as u32);
            let deja = self.seances[s].duree;
            if x.duree > deja {
                self.occuper(s, p.debut + deja, p.debut + x.duree, true);
                self.inscrire(
                    s,
                    Some((p.debut, p.debut + deja)),
                    Some((p.debut, p.debut + x.duree)),
                );
                self.seances[s].duree = x.duree;
            }
        } else {
            let neuve = |taches| Seance {
                ep: x.ep,
                site,
                place: p,
                duree: x.duree,
                jury: x.jury,
                taches,
            };
            // Une séance fermée rend sa liste : poser n'alloue rien, le plus souvent.
            let s = match self.libres.pop() {
                Some(s) => {
                    let mut taches = std::mem::take(&mut self.seances[s as usize].taches);
                    taches.clear();
                    taches.push(t as u32);
                    self.seances[s as usize] = neuve(taches);
                    s
                }
                None => {
                    self.seances.push(neuve(vec![t as u32]));
                    (self.seances.len() - 1) as u32
                }
            };
            self.seance_de[t] = s;
            if x.partage > 1 {
                self.ouvertes[cle].push(s);
            }
            self.prix.compter_seance(self.m, t, 1);
            self.occuper(s as usize, p.debut, p.debut + x.duree, true);
            self.inscrire(s as usize, None, Some((p.debut, p.debut + x.duree)));
        }
        if x.commun {
            let n = self.commun[cle].2;
            self.commun[cle] = (p.jour, p.debut, n + 1);
        }
        if x.jury && p.enc != NUL {
            let j = usize::from(self.m.substitut[usize::from(p.enc)]);
            self.taches_jury[usize::from(p.enc)].push(t as u32);
            if x.dernier {
                self.juges[j].push(x.cand as u32);
                self.toucher_delib(j);
            }
        }
        self.prix
            .ajouter_fin(site, usize::from(p.jour), p.debut + x.duree);
        self.prix.toucher_cand(x.cand);
    }

    fn oter(&mut self, t: usize) -> Place {
        let p = self.places[t].expect("invariant : on n'ôte que ce qui est placé");
        let x = &self.m.taches[t];
        let (cle, site) = (self.cle(t), self.m.inst.candidats[x.cand].site);
        let s = self.seance_de[t] as usize;
        self.places[t] = None;
        oter_de(&mut self.seances[s].taches, t as u32);
        let deja = self.seances[s].duree;
        let reste = self.seances[s]
            .taches
            .iter()
            .map(|y| self.m.taches[*y as usize].duree)
            .max()
            .unwrap_or(0);
        if reste < deja {
            self.occuper(s, p.debut + reste, p.debut + deja, false);
            let apres = (reste > 0).then_some((p.debut, p.debut + reste));
            self.inscrire(s, Some((p.debut, p.debut + deja)), apres);
            self.seances[s].duree = reste;
        }
        if reste == 0 {
            if x.partage > 1 {
                oter_de(&mut self.ouvertes[cle], s as u32);
            }
            self.prix.compter_seance(self.m, t, -1);
            self.libres.push(s as u32);
        }
        if x.commun {
            self.commun[cle].2 -= 1;
        }
        if x.jury && p.enc != NUL {
            let j = usize::from(self.m.substitut[usize::from(p.enc)]);
            oter_de(&mut self.taches_jury[usize::from(p.enc)], t as u32);
            if x.dernier {
                oter_de(&mut self.juges[j], x.cand as u32);
                self.toucher_delib(j);
            }
            // Son jury n'est plus parmi ceux du candidat : sa délibération est à revoir quand même.
            self.prix.toucher_jury(usize::from(p.enc));
            self.prix.toucher_jury(j);
        }
        self.prix
            .oter_fin(site, usize::from(p.jour), p.debut + x.duree);
        self.prix.toucher_cand(x.cand);
        p
    }

    /// Place une tâche (l'appelant a demandé [`Self::peut_placer`]).
    pub(crate) fn placer(&mut self, t: usize, p: Place) {
        self.poser(t, p);
        self.gestes.push(Geste::Place(t as u32));
    }

    /// Retire une tâche, sauf si elle est figée.
    pub(crate) fn retirer(&mut self, t: usize) {
        if self.m.taches[t].figee.is_none() && self.places[t].is_some() {
            let p = self.oter(t);
            self.gestes.push(Geste::Retire(t as u32, p));
        }
    }

    /// Retire tout ce qui n'est pas figé d'un candidat.
    pub(crate) fn retirer_candidat(&mut self, c: usize) {
        for t in self.m.de_candidat[c].clone() {
            self.retirer(t);
        }
    }

    pub(crate) fn complet(&self, c: usize) -> bool {
        self.m.de_candidat[c]
            .clone()
            .all(|t| self.places[t].is_some())
    }
}

/// Ôte un élément d'une liste sans ordre, en partant de la fin : on ôte surtout ce qu'on vient de mettre.
fn oter_de(liste: &mut Vec<u32>, x: u32) {
    if let Some(i) = liste.iter().rposition(|y| *y == x) {
        liste.swap_remove(i);
    }
}
