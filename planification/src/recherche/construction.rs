//! La première construction : ce qui est fixé d'abord, puis les plus contraints, chacun inséré en entier.

use super::{LECTURE, Piste};
use crate::grille::PAS_MAX;
use crate::insertion::Interdit;
use crate::modele::{NUL, Place};

impl Piste<'_, '_, '_> {
    /// Les plus contraints d'abord.
    pub(super) fn ordre_de_construction(&mut self) -> Vec<usize> {
        let m = self.etat.m;
        let mut ordre: Vec<usize> = (0..m.inst.candidats.len()).collect();
        self.hasard.melanger(&mut ordre);
        let rang = |c: &usize| {
            let x = &m.inst.candidats[*c];
            let encs: usize = m.de_candidat[*c]
                .clone()
                .map(|t| m.taches[t].encs.len())
                .min()
                .unwrap_or(0);
            (
                !m.epingle[*c],
                x.dispo.is_none(),
                encs.min(3),
                !x.tiers_temps,
                !x.pmr,
                std::cmp::Reverse(m.de_candidat[*c].len()),
            )
        };
        ordre.sort_by_key(rang);
        ordre
    }

    /// Place tout le monde une première fois : la référence d'abord, puis les plus contraints.
    pub(super) fn construire(&mut self) {
        if self.etat.m.inst.reprise.is_some() {
            self.reprendre();
        }
        self.reserver();
        let ordre = self.ordre_de_construction();
        self.reconstruire(&ordre, Interdit::default(), 0.0);
        self.etat.evaluer();
        self.etat.accepter();
    }

    /// Pose d'abord ce dont le jour et l'heure sont épinglés, pour que personne n'en prenne la place.
    pub(super) fn reserver(&mut self) {
        let m = self.etat.m;
        for unite in m.unites.iter().flatten() {
            let tete = &m.taches[unite[0]];
            let (Some(jour), Some(debut)) = (tete.jour_fixe, tete.debut_fixe) else {
                continue;
            };
            // Deux épingles qui se contredisent ne désignent aucun jour.
            if usize::from(jour) >= m.nj {
                continue;
            }
            let salles: &[u16] = if tete.sans_salle {
                &[NUL]
            } else {
                &tete.salles
            };
            let choix = salles
                .iter()
                .flat_map(|s| tete.encs.iter().map(move |e| (*s, *e)));
            for (salle, enc) in choix {
                let repere = self.etat.repere();
                let mut p = Place {
                    jour,
                    debut,
                    salle,
                    enc,
                };
                let pose = debut < PAS_MAX
                    && unite.iter().all(|t| {
                        let x = &m.taches[*t];
                        let admise = self.etat.places[*t].is_none()
                            && x.encs.contains(&enc)
                            && (x.sans_salle || x.salles.contains(&salle));
                        let ici = if x.sans_salle {
                            Place { salle: NUL, ..p }
                        } else {
                            p
                        };
                        let libre = admise && self.etat.peut_placer(*t, &ici);
                        if libre {
                            self.etat.placer(*t, ici);
                        }
                        p.debut += x.duree;
                        libre
                    });
                if pose && self.etat.evaluer().illegal <= 0 {
                    break;
                }
                self.etat.defaire(repere);
                self.etat.evaluer();
            }
        }
    }

    /// Remet chaque tâche de la référence là où elle était, quand c'est encore permis.
    fn reprendre(&mut self) {
        let m = self.etat.m;
        let mut ordre: Vec<usize> = (0..m.taches.len())
            .filter(|t| m.taches[*t].figee.is_none())
            .collect();
        ordre.sort_by_key(|t| m.taches[*t].reference.map(|p| (p.jour, p.debut)));
        for t in ordre {
            let x = &m.taches[t];
            let Some(p) = x.reference else { continue };
            let admis = x.encs.contains(&p.enc)
                && (x.sans_salle || x.salles.contains(&p.salle))
                && x.jour_fixe.is_none_or(|j| j == p.jour)
                && x.debut_fixe.is_none_or(|s| s == p.debut);
            if !admis || self.cadence.arret() || !self.etat.peut_placer(t, &p) {
                continue;
            }
            let repere = self.etat.repere();
            self.etat.placer(t, p);
            if self.etat.evaluer().illegal > 0 {
                self.etat.defaire(repere);
            }
        }
    }

    /// Réinsère ces candidats, dans l'ordre ; qui ne tient pas est retiré tout entier.
    pub(crate) fn reconstruire(&mut self, ordre: &[usize], interdit: Interdit, bruit: f64) {
        for &c in ordre {
            if self.etat.complet(c) {
                continue;
            }
            self.poses += 1;
            if self.poses.is_multiple_of(LECTURE) {
                self.lire_la_cadence();
            }
            let place = !self.fini() && self.etat.inserer(c, &mut self.hasard, interdit, bruit);
            if !place {
                self.etat.retirer_candidat(c);
                let tout = Interdit {
                    tout: true,
                    ..interdit
                };
                if !self.fini() && !self.etat.inserer(c, &mut self.hasard, tout, bruit) {
                    self.etat.retirer_candidat(c);
                }
            }
        }
    }
}
