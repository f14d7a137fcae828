//! Les gestes en série qui changent quelqu'un de jury ou de jour : transférer un candidat, ou en échanger deux.

use super::Piste;
use super::serie::{ENTRE, Passage};
use crate::grille::PAS_MAX;

/// Ce qu'un transfert emmène d'un candidat.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Tout,
    Debut,
    Fin,
}

impl Piste<'_, '_, '_> {
    /// Un candidat passe chez un autre jury, ou un autre jour.
    pub(super) fn transferer(&mut self) -> bool {
        let m = self.etat.m;
        let Some(depart) = self.une_journee() else {
            return false;
        };
        let i = self.hasard.sous(depart.len());
        let choisi = depart[i];
        let c = m.taches[choisi.tete as usize].cand;
        let encs = &m.taches[choisi.tete as usize].encs;
        if encs.is_empty() {
            return false;
        }
        // Parfois la fin (ou le début) du candidat part seule, chez le même jury un autre jour.
        let part = match self.hasard.sous(10) {
            0..2 => Part::Fin,
            2 => Part::Debut,
            _ => Part::Tout,
        };
        let j2 = if part == Part::Tout {
            encs[self.hasard.sous(encs.len())]
        } else {
            choisi.jury
        };
        let liste2 = &self.etat.taches_jury[usize::from(j2)];
        let jour2 = if liste2.is_empty() || self.hasard.sous(12) == 0 {
            self.hasard.sous(m.nj) as u16
        } else {
            let t = liste2[self.hasard.sous(liste2.len())] as usize;
            self.etat.places[t].map_or(0, |p| p.jour)
        };
        if (j2, jour2) == (choisi.jury, choisi.jour) {
            return false;
        }
        let arrivee = self.passages(usize::from(j2), usize::from(jour2));
        let k = self.hasard.sous(arrivee.len() + 1);
        let cle = match arrivee.get(k) {
            Some(p) => p.cle - 1,
            None => i32::MAX / 2,
        };
        // Ce qui suit le départ se resserre, ce qui suit l'arrivée se pousse.
        let mut liste: Vec<Passage> = vec![];
        let mut premier = usize::MAX;
        for (r, p) in depart.iter().enumerate() {
            let part_aussi = match part {
                Part::Tout => true,
                Part::Fin => r >= i,
                Part::Debut => r <= i,
            };
            if part_aussi && m.taches[p.tete as usize].cand == c {
                premier = premier.min(r);
                liste.push(Passage {
                    cle,
                    jury: j2,
                    jour: jour2,
                    ..*p
                });
            } else if r > premier {
                liste.push(*p);
            }
        }
        liste.extend(
            arrivee
                .iter()
                .skip(k)
                .filter(|p| part != Part::Tout || m.taches[p.tete as usize].cand != c),
        );
        self.tasser_sauf(&mut liste, cle);
        if jour2 != choisi.jour && self.hasard.sous(3) > 0 {
            // Ses épreuves surveillées le suivent ce jour-là, s'il y a une séance à rejoindre.
            if let Some(t) = self.seance_partagee(c) {
                self.rejoindre(t, false, |p| p.jour == jour2);
            }
        }
        self.reposer(&mut liste)
    }

    fn tasser_sauf(&mut self, liste: &mut [Passage], cle: i32) {
        if self.hasard.sous(5) < 2 {
            for p in liste.iter_mut().filter(|p| p.cle != cle) {
                p.pas_avant = (p.cle / ENTRE).clamp(0, i32::from(PAS_MAX)) as u16;
            }
        }
    }

    /// Deux candidats échangent leurs passages.
    pub(super) fn echanger(&mut self) -> bool {
        let m = self.etat.m;
        let (Some(a), Some(b)) = (self.une_journee(), self.une_journee()) else {
            return false;
        };
        let meme = (a[0].jury, a[0].jour) == (b[0].jury, b[0].jour);
        let (x, y) = (a[self.hasard.sous(a.len())], b[self.hasard.sous(b.len())]);
        let (c1, c2) = (
            m.taches[x.tete as usize].cand,
            m.taches[y.tete as usize].cand,
        );
        if c1 == c2 {
            return false;
        }
        let de = |l: &[Passage], c: usize| -> Vec<Passage> {
            l.iter()
                .copied()
                .filter(|p| m.taches[p.tete as usize].cand == c)
                .collect()
        };
        let (u1, u2) = (de(&a, c1), de(&b, c2));
        let prend = |de: &[Passage], place: &[Passage]| -> Vec<Passage> {
            de.iter()
                .enumerate()
                .map(|(i, p)| {
                    let q = place[i.min(place.len() - 1)];
                    Passage { tete: p.tete, ..q }
                })
                .collect()
        };
        let mut liste = prend(&u1, &u2);
        liste.extend(prend(&u2, &u1));
        let autres = |l: &[Passage], cle: i32| -> Vec<Passage> {
            l.iter()
                .copied()
                .filter(|p| {
                    let c = m.taches[p.tete as usize].cand;
                    p.cle >= cle && c != c1 && c != c2
                })
                .collect()
        };
        if meme {
            liste.extend(autres(&a, u1[0].cle.min(u2[0].cle)));
        } else {
            liste.extend(autres(&a, u1[0].cle));
            liste.extend(autres(&b, u2[0].cle));
        }
        if a[0].jour != b[0].jour && self.hasard.sous(4) > 0 {
            self.echanger_seances(c1, c2);
        }
        self.tasser(&mut liste);
        self.reposer(&mut liste)
    }
}
