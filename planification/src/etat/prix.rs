//! Le prix d'un état : composantes de l'objectif tenues à jour, ressource touchée par ressource touchée.

use super::Etat;
use super::cases::{CaseCand, CaseMembre};
use crate::modele::Modele;

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
pub(super) const PRIX_RESTE: f64 = 2e8;
/// Prix d'une épingle perdue dans la recherche.
pub(super) const PRIX_EPINGLE: f64 = 2e10;
/// Une liste de touchés sans doublon.
#[derive(Clone, Default)]
pub(super) struct Touches {
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

    /// Rien n'est touché.
    pub(super) fn vide(n: usize) -> Self {
        Self {
            liste: vec![],
            marque: vec![false; n],
        }
    }

    pub(super) fn toucher(&mut self, i: usize) {
        if !self.marque[i] {
            self.marque[i] = true;
            self.liste.push(i as u32);
        }
    }

    pub(super) fn rangs(&self) -> impl Iterator<Item = usize> + '_ {
        self.liste.iter().map(|i| *i as usize)
    }

    /// Le prochain à revoir, qui ne l'est plus.
    fn tirer(&mut self) -> Option<usize> {
        let i = self.liste.pop()? as usize;
        self.marque[i] = false;
        Some(i)
    }

    pub(super) fn oublier(&mut self) {
        while self.tirer().is_some() {}
    }
}

/// Les sommes des cases : de quoi écrire le vecteur.
#[derive(Clone, Copy, Default)]
struct Sommes {
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
    a_vider: i64,
    /// La pire attente.
    pire: i64,
    /// La fin de tous les sites, en minutes : voir `Modele::minutes_de_session`.
    fin: i64,
}

/// Une case d'avant une évaluation, pour la remettre sans la recalculer.
#[derive(Clone, Copy)]
enum Avant {
    Membre(u32, CaseMembre),
    Surv(u32, CaseMembre),
    Cand(u32, CaseCand),
    Delib(u32, bool),
}

/// Le prix à un repère : où en était le journal, et les sommes si tout était évalué.
#[derive(Clone, Copy)]
pub(super) struct Marque {
    journal: usize,
    sommes: Option<Sommes>,
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
    /// Par site et jour : la dernière fin, tenue à jour pour ne pas relire `fins`.
    derniere: Vec<u16>,
    par_jour: Vec<u32>,
    /// Séances partageables ouvertes, où qu'en soit l'évaluation.
    seances: i64,
    sommes: Sommes,
    base: i64,
    journal: Vec<Avant>,
    /// Liste de travail des délibérations à revoir, gardée pour ne pas la rallouer.
    pub(super) a_voir: Vec<u16>,
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
            derniere: vec![0; inst.sites.len() * nj],
            par_jour: vec![0; inst.sites.len() * nj],
            seances: 0,
            sommes: Sommes::default(),
            base: 0,
            journal: vec![],
            a_voir: vec![],
        }
    }

    /// Ce que le passé figé enfreint déjà n'est pas reproché à la suite.
    pub(super) fn fixer_base(&mut self) {
        self.base = self.sommes.illegal;
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

    pub(super) fn candidats_touches(&self) -> &[u32] {
        &self.t_cands.liste
    }

    /// Une journée de juré ou de surveillant a-t-elle changé depuis la dernière évaluation ?
    pub(super) fn encadrant_touche(&self) -> bool {
        !self.t_survs.liste.is_empty() || !self.t_membres.liste.is_empty()
    }

    /// La case d'un candidat, d'une journée de juré, et la fin des sites, à la dernière évaluation.
    pub(super) fn cand(&self, c: usize) -> CaseCand {
        self.cands[c]
    }

    pub(super) fn membre(&self, i: usize) -> CaseMembre {
        self.membres[i]
    }

    pub(super) fn fin(&self) -> i64 {
        self.sommes.fin
    }

    /// Les jurys touchés et ceux qui leur sont liés, triés.
    pub(super) fn prendre_jurys(&mut self, lies: &[Vec<u16>], a_voir: &mut Vec<u16>) {
        a_voir.clear();
        while let Some(j) = self.t_jurys.tirer() {
            a_voir.extend_from_slice(&lies[j]);
        }
        a_voir.sort_unstable();
        a_voir.dedup();
    }

    pub(super) fn noter_delib(&mut self, j: usize, ok: bool) {
        if self.delib_ok[j] != ok {
            self.journal.push(Avant::Delib(j as u32, self.delib_ok[j]));
            self.delib_ok[j] = ok;
            self.sommes.illegal += if ok { -1 } else { 1 };
        }
    }

    /// Compte l'ouverture (1) ou la fermeture (-1) de la séance de `t`, si elle est de celles que plusieurs partagent.
    pub(super) fn compter_seance(&mut self, m: &Modele<'_>, t: usize, n: i64) {
        if m.inst.epreuves[m.taches[t].ep].est_partageable() {
            self.seances += n;
        }
    }

    pub(super) fn ajouter_fin(&mut self, site: usize, jour: usize, fin: u16) {
        let i = site * self.nj + jour;
        self.fins[i][usize::from(fin)] += 1;
        self.par_jour[i] += 1;
        self.derniere[i] = self.derniere[i].max(fin);
    }

    pub(super) fn oter_fin(&mut self, site: usize, jour: usize, fin: u16) {
        let i = site * self.nj + jour;
        self.fins[i][usize::from(fin)] -= 1;
        self.par_jour[i] -= 1;
        while self.derniere[i] > 0 && self.fins[i][usize::from(self.derniere[i])] == 0 {
            self.derniere[i] -= 1;
        }
    }

    /// Une marque où revenir. Sans rien à revoir, le retour remettra les cases au lieu de les recalculer.
    pub(super) fn marquer(&self) -> Marque {
        let touches = [&self.t_membres, &self.t_survs, &self.t_cands, &self.t_jurys];
        let net = touches.iter().all(|t| t.liste.is_empty());
        Marque {
            journal: self.journal.len(),
            sommes: net.then_some(self.sommes),
        }
    }

    /// L'état vient d'être défait jusqu'à cette marque.
    pub(super) fn revenir(&mut self, marque: &Marque) {
        let Some(sommes) = marque.sommes else { return };
        while self.journal.len() > marque.journal {
            match self.journal.pop().expect("invariant : il en reste") {
                Avant::Membre(i, x) => self.membres[i as usize] = x,
                Avant::Surv(i, x) => self.survs[i as usize] = x,
                Avant::Cand(i, x) => self.cands[i as usize] = x,
                Avant::Delib(i, x) => self.delib_ok[i as usize] = x,
            }
        }
        self.sommes = sommes;
        self.t_membres.oublier();
        self.t_survs.oublier();
        self.t_cands.oublier();
        self.t_jurys.oublier();
    }

    /// Rien de ce qui précède ne sera défait.
    pub(super) fn accepter(&mut self) {
        self.journal.clear();
    }
}

impl Etat<'_, '_> {
    /// Dernier jour et dernière fin (en pas) d'un site.
    pub(crate) fn fin_site(&self, site: usize) -> Option<(usize, u16)> {
        let nj = self.m.nj;
        (0..nj)
            .rev()
            .find(|d| self.prix.par_jour[site * nj + d] > 0)
            .map(|d| (d, self.prix.derniere[site * nj + d]))
    }

    pub(crate) fn site_ouvert(&self, site: usize, jour: usize) -> bool {
        self.prix.par_jour[site * self.m.nj + jour] > 0
    }

    /// Les journées de juré, à la dernière évaluation.
    pub(crate) fn journees_de_jure(&self) -> i64 {
        self.prix.sommes.jours_membre
    }

    /// La pire attente, à la dernière évaluation.
    pub(crate) fn pire_attente(&self) -> i64 {
        self.prix.sommes.pire
    }

    /// Recalcule ce qui a été touché, et rend le vecteur exact.
    pub(crate) fn evaluer(&mut self) -> Vecteur {
        self.refaire_delibs();
        while let Some(i) = self.prix.t_membres.tirer() {
            let neuf = self.case_membre(i);
            let vieux = std::mem::replace(&mut self.prix.membres[i], neuf);
            self.prix.journal.push(Avant::Membre(i as u32, vieux));
            let p = &mut self.prix.sommes;
            p.illegal += i64::from(neuf.illegal) - i64::from(vieux.illegal);
            let vaut = self.m.vaut[i / self.m.nj];
            p.jours_membre += vaut * (i64::from(neuf.present) - i64::from(vieux.present));
            p.mort += vaut * (neuf.mort - vieux.mort);
            p.lissage += vaut * (neuf.lissage - vieux.lissage);
            p.a_vider += vaut * (neuf.a_vider - vieux.a_vider);
        }
        while let Some(i) = self.prix.t_survs.tirer() {
            let neuf = self.case_surv(i);
            let vieux = std::mem::replace(&mut self.prix.survs[i], neuf);
            self.prix.journal.push(Avant::Surv(i as u32, vieux));
            let p = &mut self.prix.sommes;
            p.illegal += i64::from(neuf.illegal) - i64::from(vieux.illegal);
            p.jours_surv += i64::from(neuf.present) - i64::from(vieux.present);
        }
        // La pire attente ne se relit en entier que si celui qui la subissait attend moins.
        let (mut pire, mut relire) = (self.prix.sommes.pire, false);
        while let Some(c) = self.prix.t_cands.tirer() {
            let neuf = self.case_cand(c);
            let vieux = std::mem::replace(&mut self.prix.cands[c], neuf);
            self.prix.journal.push(Avant::Cand(c as u32, vieux));
            relire |= vieux.attente == self.prix.sommes.pire && neuf.attente < vieux.attente;
            pire = pire.max(neuf.attente);
            let p = &mut self.prix.sommes;
            p.illegal += i64::from(neuf.illegal) - i64::from(vieux.illegal);
            let reste = i64::from(neuf.reste) - i64::from(vieux.reste);
            p.restes += reste;
            if self.m.epingle[c] {
                p.epingles += reste;
            }
            p.attente += neuf.attente - vieux.attente;
            p.jours_de_plus += neuf.jours_de_plus - vieux.jours_de_plus;
            p.continuite += neuf.continuite - vieux.continuite;
            p.perturbation += neuf.perturbation - vieux.perturbation;
        }
        if relire {
            pire = self.prix.cands.iter().map(|c| c.attente).max().unwrap_or(0);
        }
        self.prix.sommes.pire = pire;
        self.prix.sommes.fin = (0..self.m.inst.sites.len())
            .filter_map(|s| self.fin_site(s))
            .map(|(d, s)| self.m.minutes_de_session(d, s))
            .sum();
        self.vecteur()
    }

    fn vecteur(&self) -> Vecteur {
        let (p, w) = (&self.prix.sommes, &self.m.inst.poids);
        let jours_site = self.prix.par_jour.iter().filter(|n| **n > 0).count() as i64;
        Vecteur {
            illegal: p.illegal - self.prix.base,
            epingles: p.epingles,
            restes: p.restes,
            perturbation: p.perturbation,
            cout: p.jours_membre + p.jours_surv + jours_site,
            qualite: w.fin * p.fin
                + w.attente * p.attente
                + w.pire_attente * p.pire
                + w.temps_mort * p.mort
                + w.continuite * p.continuite
                + w.jour_de_plus * p.jours_de_plus
                + w.seance * self.prix.seances,
        }
    }

    /// Le prix que la recherche minimise : le vecteur en un nombre, et une pente vers les journées pleines.
    pub(crate) fn energie(&self, v: &Vecteur) -> f64 {
        v.epingles as f64 * PRIX_EPINGLE
            + v.restes as f64 * PRIX_RESTE
            + v.perturbation as f64 * PRIX_PERTURBATION
            + v.cout as f64 * PRIX_JOUR
            + v.qualite as f64
            + self.prix.sommes.lissage as f64 * self.pente
            + self.prix.sommes.a_vider as f64
    }
}
