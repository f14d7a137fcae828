//! L'état de la recherche : ce qui est placé, défaisable, et son prix tenu à jour au fil des gestes.
//!
//! Un geste ne vérifie que l'occupation ; `evaluer` recalcule ce qui a été touché et compte les manquements.

mod blanc;
mod cases;
mod deliberations;
mod minorant;
mod prix;
mod retour;

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
            blanc: blanc::Blanc::default(),
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

    /// Le site du candidat est-il fermé ce jour-là pour cette recherche ?
    pub(crate) fn est_ferme(&self, c: usize, jour: usize) -> bool {
        self.ferme[self.m.inst.candidats[c].site * self.m.nj + jour]
    }

    /// Cherche à vider cette journée de jury (ou plus aucune) : l'énergie est à recalculer.
    pub(crate) fn viser(&mut self, journee: Option<(usize, usize)>) {
        let (m, nj) = (self.m, self.m.nj);
        let neuve = journee.map_or(vec![], |(j, d)| {
            m.tenus[j].iter().map(|x| x * nj + d).collect()
        });
        for i in std::mem::replace(&mut self.victime, neuve) {
            self.prix.toucher_membre(i);
        }
        for i in 0..self.victime.len() {
            self.prix.toucher_membre(self.victime[i]);
        }
    }

    /// Les seuls débuts que la trame permet à cette tâche ce jour-là.
    pub(crate) fn trame(&self, t: usize, jour: usize) -> Option<&Grille> {
        self.trame[self.cle(t) * self.m.nj + jour].as_ref()
    }

    pub(crate) fn cle(&self, t: usize) -> usize {
        let x = &self.m.taches[t];
        x.ep * self.m.inst.sites.len() + self.m.inst.candidats[x.cand].site
    }

    /// La séance que `t`, placée en `p`, partagerait.
    fn a_rejoindre(&self, t: usize, p: &Place) -> Option<u32> {
        self.ouvertes[self.cle(t)].iter().copied().find(|s| {
            let x = &self.seances[*s as usize];
            x.place == *p
        })
    }

    fn encadrant_libre(&self, jury: bool, enc: u16, jour: usize, a: u16, b: u16) -> bool {
        let nj = self.m.nj;
        if jury {
            self.m.tenus[usize::from(enc)]
                .iter()
                .all(|m| self.libre_membre[m * nj + jour].couvre(a, b))
        } else {
            self.libre_surv[usize::from(enc) * nj + jour].couvre(a, b)
        }
    }

    /// Peut-on placer `t` en `p` sans heurter une occupation, une place prise, un site ou un début commun ?
    pub(crate) fn peut_placer(&self, t: usize, p: &Place) -> bool {
        let x = &self.m.taches[t];
        let (d, nj) = (usize::from(p.jour), self.m.nj);
        let fin = p.debut + x.duree;
        if self.est_ferme(x.cand, d) {
            return false;
        }
        if !self.m.heures[d].couvre(p.debut, fin) || !self.m.ouvert[d].contains(p.debut) {
            return false;
        }
        if x.present && !self.m.dispo_cand[x.cand][d].couvre(p.debut, fin) {
            return false;
        }
        let cle = self.cle(t);
        if x.commun {
            let (j, s, n) = self.commun[cle];
            if n > 0 && (j, s) != (p.jour, p.debut) {
                return false;
            }
        }
        if x.partage > 1
            && let Some(s) = self.a_rejoindre(t, p)
        {
            let s = &self.seances[s as usize];
            let places = if x.sans_salle {
                usize::MAX
            } else {
                self.m.inst.salles[usize::from(p.salle)].places
            };
            if s.taches.len() >= x.partage.min(places) {
                return false;
            }
            let deja = p.debut + s.duree;
            return fin <= deja
                || ((x.sans_salle
                    || self.libre_salle[usize::from(p.salle) * nj + d].couvre(deja, fin))
                    && self.encadrant_libre(x.jury, p.enc, d, deja, fin));
        }
        if !x.sans_salle && !self.libre_salle[usize::from(p.salle) * nj + d].couvre(p.debut, fin) {
            return false;
        }
        let site = self.m.inst.candidats[x.cand].site;
        let site_ok = |j: &Journee| j.pris.is_empty() || j.site == site;
        let memes = if x.jury {
            self.m.tenus[usize::from(p.enc)]
                .iter()
                .all(|m| site_ok(&self.membres[m * nj + d]))
        } else {
            site_ok(&self.survs[usize::from(p.enc) * nj + d])
        };
        memes && self.encadrant_libre(x.jury, p.enc, d, p.debut, fin)
    }

    /// Marque (ou libère) le temps d'une séance de `a` à `b` pour sa salle et son encadrant.
    fn occuper(&mut self, s: usize, a: u16, b: u16, prend: bool) {
        let (p, jury) = (self.seances[s].place, self.seances[s].jury);
        let (d, nj, g) = (usize::from(p.jour), self.m.nj, Grille::plage(a, b));
        let change = |x: &mut Grille| *x = if prend { x.sans(&g) } else { x.ou(&g) };
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
