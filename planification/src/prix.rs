//! Le prix estimé d'un emplacement : ce que l'insertion compare avant d'évaluer le plan exactement.

use crate::etat::{Etat, PRIX_JOUR, PRIX_PERTURBATION, ecart};
use crate::modele::{Place, plage_libre};

impl Etat<'_, '_> {
    /// Prix estimé d'un emplacement ; `None` s'il ôte un déjeuner ou dépasse la journée du candidat.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn note(
        &self,
        c: usize,
        unite: &[usize],
        autres: &[(u16, u16, u16, bool, Place, bool)],
        p: Place,
        longueur: u16,
        pris: &[(u16, u16)],
        nouveau: bool,
        membres: usize,
        rejoint: bool,
        present: bool,
    ) -> Option<f64> {
        let (m, inst) = (self.m, self.m.inst);
        let w = &inst.poids;
        let tete = &m.taches[unite[0]];
        let (s, e) = (p.debut, p.debut + longueur);
        let (de, a, minutes) = inst.dejeuner;
        let mut prix = 0.0;
        if !rejoint {
            let touche = i64::from(s) * m.pas < a && i64::from(e) * m.pas > de;
            if touche && minutes > 0 && plage_libre(avec(pris, (s, e)), m.pas, (de, a)) < minutes {
                return None;
            }
            if nouveau {
                prix += PRIX_JOUR * membres as f64;
            } else if tete.jury
                && let (Some(premier), Some(dernier)) = (pris.first(), pris.last())
            {
                let avant = i64::from(dernier.1 - premier.0);
                let apres = i64::from(dernier.1.max(e) - premier.0.min(s));
                let mort = (apres - avant - i64::from(longueur)) * m.pas;
                prix += (mort * w.temps_mort * membres as i64) as f64;
                // Un trou plus petit que rien d'utile ne se remplira plus.
                let trou = pris
                    .iter()
                    .map(|x| {
                        if x.0 >= e {
                            x.0 - e
                        } else {
                            s.saturating_sub(x.1)
                        }
                    })
                    .min()
                    .unwrap_or(0);
                prix += f64::from(trou.min(8)) * 2.0;
            }
        }
        let partageable = |t: &usize| inst.epreuves[m.taches[*t].ep].est_partageable();
        if !rejoint {
            prix += (w.seance * unite.iter().filter(|t| partageable(t)).count() as i64) as f64;
        }
        let site = inst.candidats[c].site;
        if !self.site_ouvert(site, usize::from(p.jour)) {
            prix += PRIX_JOUR;
        }
        let avant = self
            .fin_site(site)
            .map_or(0, |(d, s)| m.minutes_de_session(d, s));
        prix += ((m.minutes_de_session(usize::from(p.jour), e) - avant).max(0) * w.fin) as f64;
        if present {
            // Attente et jours du candidat.
            let (mut debut, mut dernier, mut travail, mut meme_jour, mut autre_jour) =
                (s, e, i64::from(longueur), false, false);
            let mut bornes: [(u16, u16); 16] = [(0, 0); 16];
            let mut n = 0;
            for x in autres.iter().filter(|x| x.3) {
                if x.0 == p.jour {
                    meme_jour = true;
                    debut = debut.min(x.1);
                    dernier = dernier.max(x.2);
                    travail += i64::from(x.2 - x.1);
                    if n < 15 {
                        bornes[n] = (x.1, x.2);
                        n += 1;
                    }
                } else {
                    autre_jour = true;
                }
            }
            if travail * m.pas > inst.candidat_max {
                return None;
            }
            bornes[n] = (s, e);
            bornes[..=n].sort_unstable();
            if plage_libre(bornes[..=n].iter().copied(), m.pas, (de, a)) < minutes {
                return None;
            }
            if meme_jour {
                let ancien: (u16, u16) = bornes[..=n]
                    .iter()
                    .filter(|x| **x != (s, e))
                    .fold((u16::MAX, 0), |z, x| (z.0.min(x.0), z.1.max(x.1)));
                let avant =
                    i64::from(ancien.1.saturating_sub(ancien.0)) - (travail - i64::from(longueur));
                let apres = i64::from(dernier - debut) - travail;
                prix += ((apres - avant) * m.pas * w.attente) as f64;
                prix += ((apres * m.pas - self.pire_attente()).max(0) * w.pire_attente) as f64;
            } else if autre_jour {
                prix += w.jour_de_plus as f64;
            }
            if tete.jury
                && autres.iter().any(|x| x.5 && x.3)
                && !autres.iter().any(|x| x.5 && x.3 && x.4.enc == p.enc)
            {
                prix += w.continuite as f64;
            }
        }
        // Un début plus tôt laisse de la place à la suite.
        prix += f64::from(p.jour) * 20.0 + f64::from(s) * 0.1;
        let mut q = p;
        for t in unite {
            let x = &m.taches[*t];
            if let Some(r) = x.reference {
                let (n, change) = ecart(&r, &q, x.jury, x.present, m.pas);
                prix += (n + if change { 5 } else { 0 }) as f64 * PRIX_PERTURBATION;
            }
            q.debut += x.duree;
        }
        Some(prix)
    }
}

/// `pris` avec un intervalle de plus, dans l'ordre.
pub(crate) fn avec(pris: &[(u16, u16)], neuf: (u16, u16)) -> impl Iterator<Item = (u16, u16)> + '_ {
    let i = pris.partition_point(|x| *x < neuf);
    pris[..i]
        .iter()
        .copied()
        .chain(std::iter::once(neuf))
        .chain(pris[i..].iter().copied())
}
