//! Les emplacements d'une unité : les débuts que permettent ses ressources, près de ce qui est déjà posé, et leur prix estimé.

use super::{Branche, Essai, Interdit};
use crate::etat::Etat;
use crate::grille::Grille;
use crate::hasard::Hasard;
use crate::modele::{NUL, Place};

/// Journées neuves d'encadrant essayées par jour.
const NEUVES: usize = 2;

/// Journées d'encadrant regardées par unité ; au-delà, on en tire une part au hasard.
const REGARDEES: usize = 14;

impl Etat<'_, '_> {
    /// Les emplacements d'une unité (une tâche, ou une chaîne entière) à la suite d'une branche.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn emplacements(
        &self,
        c: usize,
        unite: &[usize],
        b: &Branche,
        parent: usize,
        hasard: &mut Hasard,
        interdit: Interdit,
        essais: &mut Vec<Essai>,
    ) {
        let (m, inst) = (self.m, self.m.inst);
        let (tete, queue) = (&m.taches[unite[0]], &m.taches[unite[unite.len() - 1]]);
        let longueur: u16 = unite.iter().map(|t| m.taches[*t].duree).sum();
        let mut bas = (0, 0);
        let mut haut = m.fin_max[unite[unite.len() - 1]];
        let (mut jury_voulu, mut salle_voulue) = (None, None);
        for t in unite {
            let x = &m.taches[*t];
            for a in x.avant.iter().filter(|a| !unite.contains(a)) {
                if let Some(p) = self.ou(&b.poses, *a) {
                    bas = bas.max(m.fin_jour(&p, m.taches[*a].duree));
                }
            }
            for a in x.apres.iter().filter(|a| !unite.contains(a)) {
                if let Some(p) = self.ou(&b.poses, *a) {
                    haut = haut.min((p.jour, p.debut));
                }
            }
            for g in &x.meme_jury {
                if let Some(p) = self.ou(&b.poses, *g) {
                    jury_voulu = Some(p.enc);
                }
            }
        }
        let mut debut_voulu = None;
        if let Some(p) = tete
            .chaine_avant
            .and_then(|a| self.ou(&b.poses, a).map(|p| (p, m.taches[a].duree)))
        {
            debut_voulu = Some((p.0.jour, p.0.debut + p.1));
            salle_voulue = Some(p.0.salle);
            if tete.jury {
                jury_voulu = Some(p.0.enc);
            }
        }
        if let (Some(j), Some(s)) = (tete.jour_fixe, tete.debut_fixe) {
            debut_voulu = debut_voulu.or(Some((j, s)));
        }
        let site = inst.candidats[c].site;
        let commun = self.commun[self.cle(unite[0])];
        if tete.commun && commun.2 > 0 {
            debut_voulu = Some((commun.0, commun.1));
        }
        let present = unite.iter().any(|t| m.taches[*t].present);
        // Les autres moments du candidat : jour, début, fin.
        let autres: Vec<(u16, u16, u16, bool, Place, bool)> = m.de_candidat[c]
            .clone()
            .filter_map(|t| {
                self.ou(&b.poses, t).map(|p| {
                    (
                        p.jour,
                        p.debut,
                        p.debut + m.taches[t].duree,
                        m.taches[t].present,
                        p,
                        m.taches[t].jury,
                    )
                })
            })
            .collect();
        let partage = if unite.len() == 1 { tete.partage } else { 1 };
        for jour in bas.0..=haut.0.min(m.nj as u16 - 1) {
            let d = usize::from(jour);
            if interdit.jour(site, jour) || self.est_ferme(c, d) {
                continue;
            }
            if debut_voulu.is_some_and(|v| v.0 != jour) || tete.jour_fixe.is_some_and(|v| v != jour)
            {
                continue;
            }
            let mut temps = m.heures[d];
            if present {
                temps = temps.et(&m.dispo_cand[c][d]);
                for x in autres.iter().filter(|x| x.0 == jour && x.3) {
                    let pause = if tete.chaine_avant.is_some() && debut_voulu == Some((x.0, x.2)) {
                        0
                    } else {
                        m.pause
                    };
                    temps = temps.sans(&Grille::plage(x.1.saturating_sub(m.pause), x.2 + pause));
                }
            }
            if jour == bas.0 {
                temps = temps.sans(&Grille::plage(0, bas.1));
            }
            if jour == haut.0 {
                temps = temps.et(&Grille::plage(0, haut.1));
            }
            let mut debuts = temps.debuts(longueur).et(&m.ouvert[d]);
            if let Some(v) = debut_voulu {
                debuts = debuts.et(&Grille::plage(v.1, v.1.saturating_add(1)));
            }
            if let Some(s) = tete.debut_fixe {
                debuts = debuts.et(&Grille::plage(s, s.saturating_add(1)));
            }
            // Le premier à choisir un début commun le choisit pour tous. Une heure du plus grand nombre qui n'est pas celle de
            // tous manque peut-être de salles : seule la trame d'un départ s'y tient.
            if tete.commun
                && commun.2 == 0
                && m.commun_a_tous[self.cle(unite[0])]
                && let Some(tous) = m.debuts_communs[self.cle(unite[0])].get(d)
            {
                debuts = debuts.et(tous);
            }
            if let Some(permis) = self.trame(unite[0], d) {
                debuts = debuts.et(permis);
            }
            if debuts.est_vide() {
                continue;
            }
            let note = |p: Place,
                        pris: &[(u16, u16)],
                        nouveau: bool,
                        membres: usize,
                        rejoint: bool|
             -> Option<f64> {
                self.note(
                    c, unite, &autres, p, longueur, pris, nouveau, membres, rejoint, present,
                )
                .map(|x| x + b.prix)
            };
            if partage > 1 {
                for s in &self.ouvertes[self.cle(unite[0])] {
                    let s = &self.seances[*s as usize];
                    let p = s.place;
                    if p.jour != jour
                        || !debuts.contains(p.debut)
                        || !tete.encs.contains(&p.enc)
                        || !(tete.sans_salle || tete.salles.contains(&p.salle))
                        || jury_voulu.is_some_and(|j| j != p.enc)
                        || interdit.journee == Some((tete.jury, p.enc, jour))
                        || !self.peut_placer(unite[0], &p)
                    {
                        continue;
                    }
                    if let Some(prix) = note(p, &[], false, 0, true) {
                        essais.push(Essai {
                            prix,
                            parent,
                            place: p,
                        });
                    }
                }
            }
            // Les salles, réunies.
            let salles: Vec<(u16, Grille)> = if tete.sans_salle {
                vec![]
            } else {
                tete.salles
                    .iter()
                    .filter(|s| {
                        salle_voulue.is_none_or(|v| v == **s)
                            && unite.iter().all(|t| m.taches[*t].salles.contains(s))
                    })
                    .map(|s| {
                        let mut g = self.libre_salle[usize::from(*s) * m.nj + d];
                        for x in autres.iter().filter(|x| x.0 == jour && x.4.salle == *s) {
                            g = g.sans(&Grille::plage(x.1, x.2));
                        }
                        (*s, g.debuts(longueur).et(&debuts))
                    })
                    .collect()
            };
            let possibles = if tete.sans_salle {
                debuts
            } else {
                salles.iter().fold(Grille::default(), |g, s| g.ou(&s.1))
            };
            if possibles.est_vide() {
                continue;
            }
            let mut neuves = 0;
            let tirage = if tete.reference.is_some() || interdit.tout {
                0
            } else {
                tete.encs.len() * m.nj
            };
            let decale = hasard.sous(tete.encs.len().max(1));
            for i in 0..tete.encs.len() {
                let enc = tete.encs[(i + decale) % tete.encs.len()];
                if jury_voulu.is_none()
                    && debut_voulu.is_none()
                    && tirage > REGARDEES
                    && hasard.sous(tirage) >= REGARDEES
                {
                    continue;
                }
                if jury_voulu.is_some_and(|j| j != enc)
                    || interdit.journee == Some((tete.jury, enc, jour))
                    || (unite.len() > 1
                        && !unite.iter().all(|t| {
                            m.taches[*t].encs.contains(&enc) && m.taches[*t].jury == tete.jury
                        }))
                {
                    continue;
                }
                let (mut libre, pris, membres, site_ok, max) = if tete.jury {
                    let mb = &m.tenus[usize::from(enc)];
                    let g = mb.iter().fold(Grille::plage(0, u16::MAX), |g, x| {
                        g.et(&self.libre_membre[x * m.nj + d])
                    });
                    let ok = mb.iter().all(|x| {
                        self.membres[x * m.nj + d].pris.is_empty()
                            || self.membres[x * m.nj + d].site == site
                    });
                    let max = mb.iter().map(|x| m.membre_max[*x]).min().unwrap_or(0);
                    (
                        g,
                        &self.membres[mb[0] * m.nj + d].pris,
                        inst.jurys[usize::from(enc)].membres.len(),
                        ok,
                        max,
                    )
                } else {
                    let s = usize::from(enc);
                    let j = &self.survs[s * m.nj + d];
                    (
                        self.libre_surv[s * m.nj + d],
                        &j.pris,
                        1,
                        j.pris.is_empty() || j.site == site,
                        inst.surveillants[s].minutes_max,
                    )
                };
                if !site_ok {
                    continue;
                }
                let mut travail: i64 = pris.iter().map(|x| i64::from(x.1 - x.0)).sum();
                let mut nouveau = pris.is_empty();
                for x in autres
                    .iter()
                    .filter(|x| x.0 == jour && x.4.enc == enc && x.5 == tete.jury)
                {
                    libre = libre.sans(&Grille::plage(x.1, x.2));
                    nouveau = false;
                }
                for (t, p) in &b.poses {
                    if p.jour == jour && p.enc == enc && m.taches[*t].jury == tete.jury {
                        travail += i64::from(m.taches[*t].duree);
                    }
                }
                if nouveau {
                    neuves += 1;
                    if neuves > NEUVES
                        && jury_voulu.is_none()
                        && debut_voulu.is_none()
                        && m.taches[unite[0]].reference.is_none()
                    {
                        continue;
                    }
                }
                if (travail + i64::from(longueur)) * m.pas > max {
                    continue;
                }
                // Le dernier jour du jury garde la place de sa délibération.
                if tete.jury
                    && let Some((dd, _)) = self.delib[usize::from(enc)]
                    && jour >= dd
                {
                    let n = self.juges[usize::from(enc)].len() + usize::from(queue.dernier);
                    if (travail + i64::from(longueur) + i64::from(self.duree_delib(n))) * m.pas
                        > max
                        && hasard.sous(8) > 0
                    {
                        continue;
                    }
                }
                let ok = libre.debuts(longueur).et(&possibles);
                let Some(premier) = ok.premier(0) else {
                    continue;
                };
                let mut choisis: [u16; 9] = [NUL; 9];
                let mut n = 0;
                let mut choisir = |s: Option<u16>| {
                    if let Some(s) = s
                        && n < choisis.len()
                        && !choisis[..n].contains(&s)
                    {
                        choisis[n] = s;
                        n += 1;
                    }
                };
                choisir(Some(premier));
                if let Some(r) = tete.reference
                    && r.jour == jour
                    && ok.contains(r.debut)
                {
                    choisir(Some(r.debut));
                }
                if let Some(r) = tete.reference.filter(|r| r.jour == jour) {
                    choisir(ok.premier(r.debut));
                    choisir(ok.dernier(r.debut));
                }
                for x in autres.iter().filter(|x| x.0 == jour) {
                    choisir(ok.premier(x.2));
                    if x.1 >= longueur + m.pause {
                        choisir(ok.dernier(x.1 - longueur - m.pause));
                    }
                }
                for x in pris.iter() {
                    choisir(ok.premier(x.1).filter(|s| *s <= x.1 + 12));
                    if x.0 >= longueur {
                        choisir(
                            ok.dernier(x.0 - longueur)
                                .filter(|s| *s + 12 >= x.0 - longueur),
                        );
                    }
                }
                choisir(ok.premier(hasard.sous(usize::from(crate::grille::PAS_MAX)) as u16));
                let fin_dejeuner = (inst.dejeuner.1 - inst.dejeuner.2).max(0) / m.pas;
                if nouveau {
                    choisir(
                        ok.premier(
                            ((inst.dejeuner.0 + inst.dejeuner.2 + m.pas - 1) / m.pas) as u16,
                        ),
                    );
                    choisir(ok.premier(
                        ((inst.jours[d].0 + m.pas - 1) / m.pas) as u16 + hasard.sous(60) as u16,
                    ));
                    choisir(ok.dernier((fin_dejeuner as u16).saturating_sub(longueur)));
                }
                for s in &choisis[..n] {
                    let salle = if tete.sans_salle {
                        NUL
                    } else {
                        let prefere = tete.reference.map(|r| r.salle);
                        match salles
                            .iter()
                            .find(|x| Some(x.0) == prefere && x.1.contains(*s))
                            .or_else(|| salles.iter().find(|x| x.1.contains(*s)))
                        {
                            Some(x) => x.0,
                            None => continue,
                        }
                    };
                    let p = Place {
                        jour,
                        debut: *s,
                        salle,
                        enc,
                    };
                    if let Some(prix) = note(p, pris, nouveau, membres, false) {
                        essais.push(Essai {
                            prix,
                            parent,
                            place: p,
                        });
                    }
                }
            }
        }
    }
}
