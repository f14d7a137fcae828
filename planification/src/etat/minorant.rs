//! Ce que coûterait au moins un recalage joué à blanc : de quoi le refuser sans l'inscrire.
//!
//! Neuf recalages sur dix qui tiennent finissent refusés. Ce que vaut chaque candidat se lit sur les places ; ce que vaut
//! chaque journée de juré se borne sur sa grille, délibération à part puisqu'elle n'est pas encore reposée.

use super::Etat;
use super::cases::pente_de_charge;
use super::prix::{PRIX_EPINGLE, PRIX_JOUR, PRIX_RESTE, Touches};
use crate::modele::{NUL, Place};

/// Une tâche qu'un recalage change : d'où elle part, où elle arrive.
#[derive(Clone, Copy)]
pub(crate) struct Change {
    pub t: u32,
    pub avant: Option<Place>,
    pub apres: Place,
}

/// Ce que les candidats touchés changent.
#[derive(Default)]
struct Candidats {
    attente: i64,
    jours_de_plus: i64,
    continuite: i64,
    restes: i64,
    epingles: i64,
    pire: i64,
    /// Celui qui attendait le plus est parmi eux.
    du_pire: bool,
}

/// Ce que les journées de juré touchées changent au moins.
#[derive(Default)]
struct Journees {
    /// Celles où il ne resterait au plus que la délibération.
    fermees: i64,
    jours: i64,
    mort: i64,
    lissage: i64,
    a_vider: i64,
}

impl Journees {
    fn ajouter(&mut self, x: Self) {
        self.fermees += x.fermees;
        self.jours += x.jours;
        self.mort += x.mort;
        self.lissage += x.lissage;
        self.a_vider += x.a_vider;
    }
}

impl Etat<'_, '_> {
    /// De combien l'énergie monterait au moins, depuis la dernière évaluation, si ces changements, déjà joués à blanc,
    /// étaient inscrits ; moins l'infini quand on ne sait pas le dire à peu de frais.
    pub(crate) fn au_moins(&mut self, changes: &[Change]) -> f64 {
        // Ce qui est figé occupe un juré hors de sa grille ; ce qui est déjà inscrit a pu ouvrir ou fermer une journée.
        if self.m.inst.reprise.is_some() || self.prix.encadrant_touche() {
            return f64::NEG_INFINITY;
        }
        let Some(fin) = self.fin_au_moins(changes) else {
            return f64::NEG_INFINITY;
        };
        let Some(journees) = self.journees_changees(changes) else {
            return f64::NEG_INFINITY;
        };
        let c = self.candidats_changes(changes);
        let w = &self.m.inst.poids;
        let vieille = self.pire_attente();
        let pire = if c.du_pire {
            c.pire - vieille
        } else {
            (c.pire - vieille).max(0)
        };
        // Une journée fermée peut fermer celle de son site.
        let cout = journees.jours - journees.fermees;
        let qualite = w.fin * fin
            + w.attente * c.attente
            + w.pire_attente * pire
            + w.temps_mort * journees.mort
            + w.continuite * c.continuite
            + w.jour_de_plus * c.jours_de_plus;
        c.epingles as f64 * PRIX_EPINGLE
            + c.restes as f64 * PRIX_RESTE
            + cout as f64 * PRIX_JOUR
            + qualite as f64
            + journees.lissage as f64 * self.pente
            + journees.a_vider as f64
    }
}

impl Etat<'_, '_> {
    /// De combien, en minutes, la fin des sites reculerait au moins ; `None` si la dernière épreuve d'un site s'en va
    /// sans que l'on voie laquelle la remplace.
    fn fin_au_moins(&self, changes: &[Change]) -> Option<i64> {
        let m = self.m;
        let mut total = 0;
        for site in 0..m.inst.sites.len() {
            let fin = self.fin_site(site);
            let (mut neuve, mut partie) = (None, false);
            for x in changes {
                let tache = &m.taches[x.t as usize];
                if m.inst.candidats[tache.cand].site == site {
                    let la = |p: &Place| (usize::from(p.jour), p.debut + tache.duree);
                    neuve = neuve.max(Some(la(&x.apres)));
                    partie |= x.avant.is_some_and(|p| fin == Some(la(&p)));
                }
            }
            if partie && neuve.map(|x| x.0) < fin.map(|x| x.0) {
                return None;
            }
            let fin = if partie { neuve } else { fin.max(neuve) };
            total += fin.map_or(0, |(d, s)| m.minutes_de_session(d, s));
        }
        Some(total - self.prix.fin())
    }

    fn candidats_changes(&mut self, changes: &[Change]) -> Candidats {
        let mut vus = std::mem::take(&mut self.blanc.cands);
        let mut bilan = Candidats::default();
        let joues = changes.iter().map(|x| self.m.taches[x.t as usize].cand);
        let en_attente = self.prix.candidats_touches().iter().map(|c| *c as usize);
        joues.chain(en_attente).for_each(|c| vus.toucher(c));
        for c in vus.rangs() {
            let (neuf, vieux) = (self.case_cand(c), self.prix.cand(c));
            bilan.attente += neuf.attente - vieux.attente;
            bilan.jours_de_plus += neuf.jours_de_plus - vieux.jours_de_plus;
            bilan.continuite += neuf.continuite - vieux.continuite;
            bilan.pire = bilan.pire.max(neuf.attente);
            bilan.du_pire |= vieux.attente == self.pire_attente();
            let reste = i64::from(neuf.reste) - i64::from(vieux.reste);
            bilan.restes += reste;
            if self.m.epingle[c] {
                bilan.epingles += reste;
            }
        }
        vus.oublier();
        self.blanc.cands = vus;
        bilan
    }

    /// `None` quand un juré siège dans deux jurys : la délibération de l'un peut remplir l'attente de l'autre.
    fn journees_changees(&mut self, changes: &[Change]) -> Option<Journees> {
        let m = self.m;
        let mut jurys = std::mem::take(&mut self.blanc.jurys);
        let mut journees = std::mem::take(&mut self.blanc.journees);
        // Là où quelque chose part ou arrive.
        for x in changes {
            for p in x.avant.iter().chain(std::iter::once(&x.apres)) {
                jurys.toucher(usize::from(p.enc));
                self.noter_journee(usize::from(p.enc), usize::from(p.jour), &mut journees);
            }
        }
        // Les jurys qui délibèrent sur qui a bougé : là où ils délibèrent, et là où ils siègent en dernier.
        let joues = changes.iter().map(|x| m.taches[x.t as usize].cand);
        let en_attente = self.prix.candidats_touches().iter().map(|c| *c as usize);
        for c in joues.chain(en_attente) {
            for t in m.de_candidat[c].clone().filter(|t| m.taches[*t].jury) {
                if let Some(p) = self.places[t].filter(|p| p.enc != NUL) {
                    jurys.toucher(usize::from(p.enc));
                }
            }
        }
        for j in jurys.rangs() {
            let dernier = self.taches_jury[j]
                .iter()
                .filter_map(|t| self.places[*t as usize])
                .filter(|p| usize::from(p.enc) == j)
                .map(|p| p.jour)
                .max();
            for d in dernier.into_iter().chain(self.delib[j].map(|x| x.0)) {
                self.noter_journee(j, usize::from(d), &mut journees);
            }
        }
        let partages = jurys.rangs().any(|j| m.lies[j].len() > 1);
        let mut bilan = Journees::default();
        for i in journees.rangs() {
            bilan.ajouter(self.journee_changee(i, changes.len()));
        }
        jurys.oublier();
        journees.oublier();
        self.blanc.jurys = jurys;
        self.blanc.journees = journees;
        (!partages).then_some(bilan)
    }

    fn noter_journee(&self, jury: usize, jour: usize, journees: &mut Touches) {
        for membre in &self.m.tenus[jury] {
            journees.toucher(membre * self.m.nj + jour);
        }
    }

    /// Ce que cette journée de juré changerait au moins. La délibération suit tout ce que fait le jury : elle n'ôte rien
    /// au temps mort de ce qui la précède.
    fn journee_changee(&self, i: usize, changes: usize) -> Journees {
        let (m, membre, d) = (self.m, i / self.m.nj, i % self.m.nj);
        let jury = usize::from(m.jurys_de_membre[membre][0]);
        let vieux = self.prix.membre(i);
        let vaut = m.vaut[membre];
        let pris = m.dispo_membre[membre][d].sans(&self.libre_membre[i]);
        let (premier, dernier) = match (pris.premier(0), pris.dernier(crate::grille::PAS_MAX)) {
            (Some(a), Some(b)) => (a, b + 1),
            // Il ne resterait au plus que la délibération.
            _ => {
                return Journees {
                    fermees: i64::from(vieux.present),
                    jours: -vaut * i64::from(vieux.present),
                    mort: -vaut * vieux.mort,
                    lissage: -vaut * vieux.lissage,
                    a_vider: -vaut * vieux.a_vider,
                };
            }
        };
        let travail = i64::from(pris.compte()) * m.pas;
        let mort = i64::from(dernier - premier) * m.pas - travail;
        let max = m.membre_max[membre].max(1);
        let seul = pente_de_charge(travail, max);
        let lissage = if self.siege_apres(jury, d) {
            seul
        } else {
            let n = self.juges[jury].len() + changes;
            let avec = travail + i64::from(self.duree_delib(n)) * m.pas;
            seul.min(pente_de_charge(avec, max))
        };
        Journees {
            fermees: 0,
            jours: vaut * (1 - i64::from(vieux.present)),
            mort: vaut * (mort - vieux.mort),
            lissage: vaut * (lissage - vieux.lissage),
            a_vider: vaut * (self.a_vider(i, travail) - vieux.a_vider),
        }
    }

    /// Ce jury siège-t-il encore un autre jour, plus tard ? Sa délibération n'est alors pas ce jour-là.
    fn siege_apres(&self, jury: usize, jour: usize) -> bool {
        self.taches_jury[jury].iter().any(|t| {
            self.places[*t as usize]
                .is_some_and(|p| usize::from(p.enc) == jury && usize::from(p.jour) > jour)
        })
    }
}
