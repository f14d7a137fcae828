//! Le recalage en série : les passages d'une journée de jury gardent un ordre, et se posent l'un après l'autre au plus tôt.
//!
//! Un geste change l'ordre (échange, déplacement, retard), ou le jury d'un candidat, puis repose seulement la suite : bien
//! moins cher que de chercher des places, et la journée reste serrée.

use super::Piste;
use crate::court::Court;
use crate::etat::{Change, Etat};
use crate::grille::{Grille, PAS_MAX};
use crate::modele::{NUL, Place, plage_libre};
use crate::prix::avec;

/// Écart de clé entre deux pas : on glisse un passage entre deux autres.
pub(super) const ENTRE: i32 = 8;

/// Une unité (une épreuve, ou une chaîne) à reposer chez un jury, un jour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passage {
    /// Rang voulu dans la série.
    pub(super) cle: i32,
    pub(super) tete: u32,
    pub(super) jury: u16,
    pub(super) jour: u16,
    pub(super) salle: u16,
    pub(super) pas_avant: u16,
}

/// Part des gestes, sur cent, qui tentent de fermer une journée de jury, tant qu'il y en a plus que le temps n'en demande.
const FERMER: usize = 6;

/// Un changement de séance sur tant en scinde une.
const SCINDER: usize = 3;

impl Etat<'_, '_> {
    /// Le premier début, et la salle, où le passage tient à partir de `curseur`.
    fn premier_debut(&self, p: &Passage, curseur: u16) -> Option<(u16, u16)> {
        let (m, t, d) = (self.m, p.tete as usize, usize::from(p.jour));
        let tete = &m.taches[t];
        let c = tete.cand;
        let unite = m.unite(t);
        if !tete.encs.contains(&p.jury) || self.est_ferme(c, d) {
            return None;
        }
        let mut temps = m.heures[d];
        let (mut bas, mut haut) = (curseur.max(p.pas_avant), PAS_MAX);
        let (mut longueur, mut present) = (0u16, false);
        for x in unite.iter().map(|t| &m.taches[*t]) {
            for a in x.avant.iter().filter(|a| !unite.contains(a)) {
                let q = self.places[*a]?;
                if q.jour > p.jour {
                    return None;
                }
                if q.jour == p.jour {
                    bas = bas.max((q.debut + m.taches[*a].duree).saturating_sub(longueur));
                }
            }
            longueur += x.duree;
            for a in x.apres.iter().filter(|a| !unite.contains(a)) {
                if let Some(q) = self.places[*a] {
                    if q.jour < p.jour {
                        return None;
                    }
                    if q.jour == p.jour {
                        haut = haut.min(q.debut);
                    }
                }
            }
            let autre_jury =
                |g: &usize| self.places[*g].is_some_and(|q| q.enc != p.jury) && !unite.contains(g);
            if x.meme_jury.iter().any(autre_jury) {
                return None;
            }
            present |= x.present;
        }
        // Les autres moments du candidat, ce jour-là.
        let mut siens = [(0u16, 0u16); 12];
        let mut n = 0;
        if present {
            temps = temps.et(&m.dispo_cand[c][d]);
            for a in m.de_candidat[c].clone() {
                let x = &m.taches[a];
                if let Some(q) = self.places[a]
                    && q.jour == p.jour
                    && x.present
                {
                    let fin = q.debut + x.duree;
                    if n < siens.len() - 1 {
                        siens[n] = (q.debut, fin);
                        n += 1;
                    } else {
                        temps.prendre(q.debut.saturating_sub(m.pause), fin + m.pause);
                    }
                }
            }
        }
        let site = m.inst.candidats[c].site;
        let membres = &m.tenus[usize::from(p.jury)];
        for x in membres {
            let i = x * m.nj + d;
            if !self.membres[i].pris.is_empty() && self.membres[i].site != site {
                return None;
            }
            temps = temps.et(&self.libre_membre[i]);
        }
        let admise = |r: &u16| unite.iter().all(|t| m.taches[*t].salles.contains(r));
        let prefere = (!tete.sans_salle && p.salle != NUL && admise(&p.salle))
            .then(|| &self.libre_salle[usize::from(p.salle) * m.nj + d]);
        let (de, a, minutes) = m.inst.dejeuner;
        let touche = |s: u16| {
            i64::from(s) * m.pas < a && i64::from(s + longueur) * m.pas > de && minutes > 0
        };
        // Après une autre épreuve du candidat, sa pause : le premier pas où celle-ci ne la gêne plus.
        let gene = |s: u16| {
            let gene =
                |x: &&(u16, u16)| s < x.1 + m.pause && s + longueur > x.0.saturating_sub(m.pause);
            siens[..n].iter().filter(gene).map(|x| x.1 + m.pause).max()
        };
        loop {
            let s = temps.premiere_plage(&m.ouvert[d], bas, longueur)?;
            let e = s + longueur;
            if e > haut {
                return None;
            }
            if let Some(apres) = gene(s) {
                bas = apres;
                continue;
            }
            let salle = if tete.sans_salle {
                Some(NUL)
            } else if prefere.is_some_and(|g| g.couvre(s, e)) {
                Some(p.salle)
            } else {
                tete.salles.iter().copied().find(|r| {
                    self.libre_salle[usize::from(*r) * m.nj + d].couvre(s, e)
                        && unite[1..].iter().all(|t| m.taches[*t].salles.contains(r))
                })
            };
            if let Some(salle) = salle {
                let tient = !touche(s) || {
                    let mut lui = siens;
                    lui[..n].sort_unstable();
                    let prend = Grille::plage(s, e);
                    (!present || plage_libre(avec(&lui[..n], (s, e)), m.pas, (de, a)) >= minutes)
                        && membres.iter().all(|x| self.dejeune(*x, d, &prend))
                };
                if tient {
                    return Some((s, salle));
                }
            }
            bas = s + 1;
        }
    }

    /// Pose un passage à blanc, et rend sa fin.
    fn poser_passage(&mut self, p: &Passage, debut: u16, salle: u16) -> u16 {
        let m = self.m;
        let mut s = debut;
        for t in m.unite(p.tete as usize) {
            let x = &m.taches[*t];
            let place = Place {
                jour: p.jour,
                debut: s,
                salle: if x.sans_salle { NUL } else { salle },
                enc: p.jury,
            };
            self.poser_a_blanc(*t, place);
            s += x.duree;
        }
        s
    }
}

impl Piste<'_, '_, '_> {
    /// Les passages que l'on peut bouger d'une journée de jury, dans l'ordre.
    pub(super) fn passages(&self, j: usize, jour: usize) -> Vec<Passage> {
        let (e, m) = (&self.etat, self.etat.m);
        let mut liste = Vec::with_capacity(e.taches_jury[j].len());
        liste.extend(e.taches_jury[j].iter().filter_map(|t| {
            let p = e.places[*t as usize]?;
            (usize::from(p.jour) == jour && m.mobile[*t as usize]).then(|| Passage {
                cle: i32::from(p.debut) * ENTRE,
                tete: *t,
                jury: p.enc,
                jour: p.jour,
                salle: p.salle,
                pas_avant: 0,
            })
        }));
        liste.sort_unstable_by_key(|p| (p.cle, p.tete));
        liste
    }

    /// Repose les passages en série, dans l'ordre de leurs clés ; faux si l'un ne tient pas, et l'appelant défait.
    pub(super) fn reposer(&mut self, liste: &mut [Passage]) -> bool {
        liste.sort_by_key(|p| p.cle);
        self.changes.clear();
        let mut tient = self.reposer_a_blanc(liste);
        if tient {
            let m = self.etat.m;
            let unites = liste.iter().flat_map(|p| m.unite(p.tete as usize));
            for (k, t) in unites.enumerate() {
                let avant = self.etat.ote_a_blanc(k);
                // Ce qui n'a pas bougé reste inscrit.
                if let Some(apres) = self.etat.places[*t].filter(|p| avant != Some(*p)) {
                    let t = *t as u32;
                    self.changes.push(Change { t, avant, apres });
                }
            }
            if self.seuil < f64::INFINITY {
                self.au_moins = self.etat.au_moins(&self.changes);
                tient = self.au_moins <= self.seuil;
            }
        }
        self.etat.finir_le_blanc();
        if !tient {
            return false;
        }
        let etat = &mut self.etat;
        let sites = etat.m.inst.sites.len();
        for x in &self.changes {
            etat.retirer(x.t as usize);
        }
        for x in &self.changes {
            // À blanc, une journée vide accepte deux sites : la première posée décide.
            if sites > 1 && !etat.peut_placer(x.t as usize, &x.apres) {
                return false;
            }
            etat.placer(x.t as usize, x.apres);
        }
        true
    }

    fn reposer_a_blanc(&mut self, liste: &[Passage]) -> bool {
        let m = self.etat.m;
        for t in liste.iter().flat_map(|p| m.unite(p.tete as usize)) {
            self.etat.oter_a_blanc(*t);
        }
        let mut curseurs: Court<(u16, u16, u16), 16> = Court::new();
        for p in liste {
            let deja = curseurs
                .tranche()
                .iter()
                .position(|x| (x.0, x.1) == (p.jury, p.jour));
            let k = deja.unwrap_or_else(|| {
                curseurs.push((p.jury, p.jour, 0));
                curseurs.tranche().len() - 1
            });
            let Some((s, salle)) = self.etat.premier_debut(p, curseurs.tranche()[k].2) else {
                return false;
            };
            curseurs.tranche()[k].2 = self.etat.poser_passage(p, s, salle);
        }
        true
    }

    /// Serrer vers le matin, ou ne pousser que ce qui gêne.
    pub(super) fn tasser(&mut self, liste: &mut [Passage]) {
        if self.hasard.sous(5) < 2 {
            for p in liste {
                p.pas_avant = (p.cle / ENTRE).clamp(0, i32::from(PAS_MAX)) as u16;
            }
        }
    }

    /// Un geste en série. Faux s'il n'a pas de sens ici.
    pub(super) fn serie(&mut self) -> bool {
        // Fermer une journée ne se tente que s'il peut y en avoir moins.
        let trop = self.etat.journees_de_jure() > self.etat.m.journees_au_moins;
        if trop && self.hasard.sous(100) < FERMER {
            return self.fermer_en_serie();
        }
        match self.hasard.sous(100) {
            0..25 => self.reordonner(),
            25..50 => self.troquer(),
            50..64 => self.transferer(),
            64..84 => self.echanger(),
            // Scinder une séance gêne une journée de jury à se vider : tant qu'il y en a trop, on ne le tente pas.
            84..90 if !trop && self.hasard.sous(SCINDER) == 0 => self.scinder(),
            84..90 => self.changer_de_seance(),
            // Le coût ne compte qu'une fois tout le monde placé.
            90 if !self.quelqu_un_attend() => self.vider_une_surveillance(),
            90..98 => self.decaler_serie(),
            _ => self.confier(),
        }
    }

    pub(super) fn une_journee(&mut self) -> Option<Vec<Passage>> {
        let (j, d) = self.tirer_journee()?;
        let liste = self.passages(j, d);
        (!liste.is_empty()).then_some(liste)
    }

    /// Change l'ordre d'une journée de jury, et repose la suite.
    fn reordonner(&mut self) -> bool {
        let Some(mut liste) = self.une_journee() else {
            return false;
        };
        let n = liste.len();
        let i = self.hasard.sous(n);
        let mut de = i;
        match self.hasard.sous(10) {
            0..4 if n > 1 => {
                let k = (i + 1 + self.hasard.sous(4.min(n - 1))) % n;
                let (a, b) = (liste[i].cle, liste[k].cle);
                (liste[i].cle, liste[k].cle) = (b, a);
                self.tasser(&mut liste);
                de = i.min(k);
            }
            4..7 if n > 1 => {
                let k = self.hasard.sous(n);
                liste[i].cle = liste[k].cle + if k > i { 1 } else { -1 };
                self.tasser(&mut liste);
                de = i.min(k);
            }
            7..9 => {
                // Tout un candidat, d'un bloc, ailleurs dans la journée.
                let c = self.etat.m.taches[liste[i].tete as usize].cand;
                let k = self.hasard.sous(n);
                let cle = liste[k].cle - 1;
                for (r, p) in liste.iter_mut().enumerate() {
                    if self.etat.m.taches[p.tete as usize].cand == c {
                        p.cle = cle;
                        de = de.min(r);
                    }
                }
                de = de.min(k);
                self.tasser(&mut liste);
            }
            _ => {
                let debut = liste[i].cle / ENTRE;
                let ample = if self.hasard.sous(3) == 0 { 18 } else { 4 };
                let retard = 1 + self.hasard.sous(ample);
                for p in &mut liste[i + 1..] {
                    p.pas_avant = (p.cle / ENTRE) as u16;
                }
                if self.hasard.sous(2) == 0 {
                    // Toute la tête de journée glisse vers le soir, jusqu'ici.
                    de = self.hasard.sous(i + 1);
                    for p in &mut liste[de..i] {
                        p.pas_avant = (p.cle / ENTRE) as u16 + retard as u16;
                    }
                }
                liste[i].pas_avant = debut as u16 + retard as u16;
            }
        }
        self.reposer(&mut liste[de..])
    }

    pub(super) fn retirer_passages(&mut self, liste: &[Passage]) {
        let m = self.etat.m;
        for p in liste {
            for t in m.unite(p.tete as usize) {
                self.etat.retirer(*t);
            }
        }
    }
}
