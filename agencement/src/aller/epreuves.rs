//! Les épreuves du référentiel, telles que le moteur les veut : ordre, durée, encadrement, groupe, nature de salle, parcours.

use super::{MARQUE, Pont, arrondi_bas, arrondi_haut, minutes, nature};
use metier::programme::NatureSalle;
use metier::referentiel::{self, Modalite, PresenceJury};
use planification::instance::{Encadrement, Epreuve, Parcours};
use std::collections::BTreeSet;

/// Durée retenue, en minutes, pour une épreuve dont la durée n'est pas encore connue : elle reste à corriger.
const DUREE_INCONNUE: u32 = 30;
/// Durée (minutes) sous laquelle une épreuve sans jury est une préparation : elle se passe seul, juste avant l'oral.
const PREPARATION_MAX: u32 = 20;
/// « Autant que la salle en contient ».
const TOUS: usize = 10_000;

/// Les épreuves dans l'ordre du moteur : l'entretien final en dernier, et la dernière est devant un jury.
pub(super) fn ordonner(epreuves: Vec<&referentiel::Epreuve>) -> Vec<&referentiel::Epreuve> {
    let mut v = epreuves;
    v.sort_by_key(|e| e.modalite == Modalite::Ef);
    let finale = v.last().is_some_and(|e| e.modalite == Modalite::Ef);
    if let Some(k) = v.iter().rposition(|e| devant_jury(e)).filter(|_| !finale) {
        let e = v.remove(k);
        v.push(e);
    }
    v
}

/// L'épreuve se passe-t-elle devant un jury ? Quand le référentiel ne le dit pas, seul le questionnaire s'en passe.
fn devant_jury(e: &referentiel::Epreuve) -> bool {
    match e.presence_jury {
        PresenceJury::Presente | PresenceJury::Partielle => true,
        PresenceJury::Absente => false,
        PresenceJury::Inconnue => e.modalite != Modalite::Qp,
    }
}

/// Un questionnaire passé sans le jury, que le jury corrige ensuite.
fn est_a_corriger(e: &referentiel::Epreuve) -> bool {
    e.modalite == Modalite::Qp && !devant_jury(e)
}

/// Candidats ensemble, quand le référentiel ne le dit pas.
fn groupe_suppose(e: &referentiel::Epreuve) -> usize {
    let longue = e.duree_minutes.unwrap_or(DUREE_INCONNUE) > PREPARATION_MAX;
    match (e.modalite, e.presence_jury) {
        (Modalite::Qp, _) => TOUS,
        (_, PresenceJury::Absente) if longue => TOUS,
        (Modalite::Msp, PresenceJury::Partielle) if longue => TOUS,
        _ => 1,
    }
}

fn groupe(e: &referentiel::Epreuve) -> usize {
    e.organisation
        .ensemble
        .map_or_else(|| groupe_suppose(e), |n| n.max(1) as usize)
}

/// Les natures de salle voulues, de la meilleure à la moins bonne.
pub(super) fn natures_voulues(e: &referentiel::Epreuve) -> [NatureSalle; 3] {
    use NatureSalle::{Entretien, Plateau, Salle};
    if groupe(e) > 1 || e.modalite == Modalite::Msp {
        match e.modalite {
            Modalite::Msp => [Plateau, Salle, Entretien],
            _ => [Salle, Plateau, Entretien],
        }
    } else {
        [Entretien, Salle, Plateau]
    }
}

fn est_prolongeable(e: &referentiel::Epreuve) -> bool {
    e.organisation
        .prolongeable
        .unwrap_or(e.modalite != Modalite::Ef)
}

pub(super) fn parcours_de(
    n: usize,
    epreuves: &[&referentiel::Epreuve],
    rangs: &[usize],
) -> Parcours {
    let (mut precedences, mut chaines) = (vec![], vec![]);
    let mut preceder = |avant: usize, apres: usize| {
        let precedence = (rangs[avant], rangs[apres]);
        if !precedences.contains(&precedence) {
            precedences.push(precedence);
        }
    };
    let dernier = rangs.len() - 1;
    let finit_par_l_entretien = epreuves[dernier].modalite == Modalite::Ef;
    for (k, e) in epreuves.iter().enumerate() {
        // Un questionnaire sans jury est corrigé par le jury avant qu'il ne reçoive le candidat (titres.json, précisions).
        if est_a_corriger(e) {
            (0..=dernier)
                .filter(|j| devant_jury(epreuves[*j]))
                .for_each(|j| preceder(k, j));
        }
        if k < dernier && finit_par_l_entretien {
            preceder(k, dernier);
        }
        if k == 0 {
            continue;
        }
        let avant = epreuves[k - 1];
        let suppose = avant.modalite == Modalite::Projet
            && matches!(e.modalite, Modalite::Et | Modalite::Qap)
            && devant_jury(e)
            && devant_jury(avant);
        if e.organisation.enchaine.unwrap_or(suppose) && groupe(e) == 1 && groupe(avant) == 1 {
            chaines.push((rangs[k - 1], rangs[k]));
        }
        let preparation = !devant_jury(avant) && groupe(avant) == 1;
        if preparation {
            preceder(k - 1, k);
        }
    }
    let seul_devant_jury: Vec<usize> = epreuves
        .iter()
        .zip(rangs)
        .filter(|(e, _)| devant_jury(e) && groupe(e) == 1)
        .map(|(_, r)| *r)
        .collect();
    Parcours {
        id: format!("Parcours {}", n + 1),
        epreuves: rangs.to_vec(),
        precedences,
        chaines,
        meme_jury: if seul_devant_jury.len() > 1 {
            vec![seul_devant_jury]
        } else {
            vec![]
        },
    }
}

impl Pont {
    /// Minutes de l'épreuve pour ce candidat, avant tiers-temps. Un passage tenu qui dure plus garde sa durée.
    pub(super) fn minutes_voulues(
        &self,
        c: &metier::candidats::Candidat,
        e: &referentiel::Epreuve,
        tiers_temps: bool,
    ) -> u32 {
        let nominale = e.duree_minutes.unwrap_or(DUREE_INCONNUE).max(1);
        let majoree = if est_prolongeable(e) {
            c.duree_amenagee(nominale)
        } else {
            nominale
        };
        let sans_tiers = if tiers_temps { nominale } else { majoree };
        let Some(x) = self.tenus.get(&(c.id.clone(), e.code.clone())) else {
            return sans_tiers;
        };
        let tenue = arrondi_haut(minutes(x.fin)) - arrondi_bas(minutes(x.debut));
        match u32::try_from(tenue) {
            Ok(t) if tenue > arrondi_haut(i64::from(majoree)) => {
                if tiers_temps && est_prolongeable(e) {
                    t * 3 / 4
                } else {
                    t
                }
            }
            _ => sans_tiers,
        }
    }

    pub(super) fn epreuve(
        &self,
        e: &referentiel::Epreuve,
        minutes: u32,
        candidats: usize,
    ) -> Epreuve {
        let presentes: BTreeSet<&str> = self
            .instance
            .salles
            .iter()
            .map(|x| x.nature.as_str())
            .collect();
        let voulue = natures_voulues(e)
            .into_iter()
            .map(nature)
            .find(|n| presentes.contains(n))
            .unwrap_or("salle");
        let groupe = groupe(e);
        let mut id = e.nature.replace('/', "∕");
        while self.instance.epreuves.iter().any(|x| x.id == id) {
            id.push(MARQUE);
        }
        Epreuve {
            nom: format!("« {} »", e.nature),
            id,
            minutes: i64::from(minutes),
            salle: Some(voulue.into()),
            encadrement: if devant_jury(e) {
                Encadrement::Jury
            } else {
                Encadrement::Surveillant
            },
            groupe,
            debut_commun: e.organisation.debut_commun.unwrap_or_else(|| {
                e.modalite == Modalite::Qp && self.peut_commencer_ensemble(voulue, candidats)
            }),
            present: true,
            prolongeable: est_prolongeable(e),
        }
    }

    /// Y a-t-il assez de places, et de surveillants pour les salles qu'il faut, pour commencer tous à la même heure ?
    fn peut_commencer_ensemble(&self, nature: &str, candidats: usize) -> bool {
        let mut places: Vec<usize> = self
            .instance
            .salles
            .iter()
            .filter(|x| x.nature == nature && x.prises.is_empty())
            .map(|x| x.places)
            .collect();
        places.sort_unstable_by(|a, b| b.cmp(a));
        let (mut la, mut salles) = (0, 0);
        for n in places {
            if la >= candidats {
                break;
            }
            la += n;
            salles += 1;
        }
        la >= candidats && salles <= self.surveillants.len()
    }
}
