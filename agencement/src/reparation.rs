//! Réparer, le jour même : ce qui a commencé est figé, et quelques façons de finir se comparent.

use super::{Brouillon, Depuis, Mesure, Pont, Priorite, chercher, expliquee, iterations};
use jiff::civil::{Date, DateTime};
use metier::jury::Place;
use metier::planning::Empeche;
use metier::{JureId, Session, temps};

/// Plans montrés, au plus.
const PLANS_MAX: usize = 3;
/// Minutes de plus essayées en fin de journée quand rien d'autre ne tient.
const PLUS_TARD: [i64; 4] = [30, 60, 90, 120];

/// Les jours qui restent à jouer, celui-ci compris.
pub fn jours_restants(s: &Session, jour: Date) -> Vec<Date> {
    s.programme
        .as_ref()
        .map(|p| p.jours().into_iter().filter(|d| *d >= jour).collect())
        .unwrap_or_default()
}

/// Deux ou trois façons de finir, la meilleure d'abord. `Err` : une phrase, ce qui manque pour essayer.
pub fn reparer(s: &Session, maintenant: DateTime) -> Result<Vec<Brouillon>, String> {
    let absents = jures_absents(s, maintenant);
    let partis = jures_partis(s, maintenant, &absents);
    let manquent = (&absents[..], &partis[..]);
    let present = Mesure::de(s, &s.planning.passages, &s.planning.deliberations);
    let mut plans: Vec<Brouillon> = vec![];
    let depuis = |tout| Depuis::Present {
        maintenant: Some(maintenant),
        tout,
    };
    let reserves: Vec<JureId> = s
        .jury
        .iter()
        .filter(|m| m.membre.place == Place::Reserve && !absents.contains(&m.membre.jure))
        .map(|m| m.membre.jure.clone())
        .collect();
    let mut essayer = |titre: String, tout: bool, reserve: Option<&JureId>, plus: i64| {
        let pont = Pont::construire(s, &depuis(tout), Priorite::FinirTot)?;
        let pont = avec_substituts(s, pont, manquent, reserve, plus);
        let (b, _) = chercher(s, &pont, titre, (1, iterations(pont.taches())));
        let complet = b.restes.is_empty();
        if !plans.iter().any(|p| p.passages == b.passages) {
            plans.push(b);
        }
        Ok::<bool, String>(complet)
    };
    let mut complet = false;
    if !absents.is_empty() {
        for r in reserves.iter().take(1) {
            let nom = s.jure(r).map(|m| m.nom.clone()).unwrap_or_default();
            complet |= essayer(format!("Avec {nom}, de la réserve"), true, Some(r), 0)?;
        }
    }
    complet |= essayer("Bouger le moins de monde".into(), true, None, 0)?;
    complet |= essayer(
        "Refaire tout ce qui n’a pas commencé".into(),
        false,
        reserves.first().filter(|_| !absents.is_empty()),
        0,
    )?;
    if !complet {
        let instance = Pont::construire(s, &depuis(true), Priorite::FinirTot)?.instance;
        for plus in instance.fermetures_possibles(PLUS_TARD) {
            let titre = format!("Fermer {} plus tard", temps::duree(plus as u32));
            if essayer(titre, true, reserves.first(), plus)? {
                break;
            }
        }
    }
    plans.sort_by_key(|b| {
        let m = Mesure::de(s, &b.passages, &b.deliberations);
        (b.restes.len(), m.a_prevenir.len(), m.bougent.len())
    });
    plans.truncate(PLANS_MAX);
    for b in &mut plans {
        let m = Mesure::de(s, &b.passages, &b.deliberations);
        b.titre = format!("{} : {}", b.titre, m.phrase(&present).to_lowercase());
        b.motif = motif(s, maintenant);
    }
    // Ce qui ne tient pas se dit une fois, sur le meilleur.
    if let Some(meilleur) = plans.first_mut().filter(|b| !b.restes.is_empty()) {
        let pont = Pont::construire(s, &depuis(true), Priorite::FinirTot)?;
        let pont = avec_substituts(s, pont, manquent, reserves.first(), 0);
        let trouve = chercher(s, &pont, String::new(), (1, iterations(pont.taches())));
        let dit = expliquee(trouve, &pont, 1);
        (meilleur.causes, meilleur.remedes) = (dit.causes, dit.remedes);
    }
    Ok(plans)
}

/// Les jurés qui ne seront plus là jusqu'au soir, à partir de maintenant.
fn jures_absents(s: &Session, maintenant: DateTime) -> Vec<JureId> {
    let fermeture = s.planning.journees().fermeture;
    let mut v: Vec<JureId> = s
        .planning
        .empechements
        .iter()
        .filter(|e| e.date >= maintenant.date() && e.a >= fermeture)
        .filter_map(|e| match &e.qui {
            Empeche::Jure(j) => Some(j.clone()),
            Empeche::Surveillant(_) | Empeche::Candidat(_) | Empeche::Salle(_) => None,
        })
        .collect();
    v.sort();
    v.dedup();
    v
}

/// Parmi eux, ceux qui ne reviennent aucun des jours qui restent : un autre délibère à leur place.
fn jures_partis(s: &Session, maintenant: DateTime, absents: &[JureId]) -> Vec<JureId> {
    let journees = s.planning.journees();
    let jours = jours_restants(s, maintenant.date());
    let manque = |j: &JureId, jour: Date| {
        s.planning.empechements.iter().any(|e| {
            e.qui == Empeche::Jure(j.clone())
                && e.date == jour
                && e.a >= journees.fermeture
                && (jour == maintenant.date() || e.de <= journees.ouverture)
        })
    };
    let parti = |j: &&JureId| jours.iter().all(|d| manque(j, *d));
    absents.iter().filter(parti).cloned().collect()
}

/// Ajoute les jurys où quelqu'un remplace l'absent, et les heures de plus. Qui revient un autre jour délibère encore sur ceux
/// qu'il a vus.
fn avec_substituts(
    s: &Session,
    mut pont: Pont,
    (absents, partis): (&[JureId], &[JureId]),
    reserve: Option<&JureId>,
    plus: i64,
) -> Pont {
    let touches: Vec<usize> = (0..pont.jurys.len())
        .filter(|j| pont.jurys[*j].iter().any(|x| absents.contains(x)))
        .collect();
    for j in touches {
        let substitut = match reserve {
            Some(r) if !pont.jurys[j].contains(r) => {
                let mut membres: Vec<JureId> = pont.jurys[j]
                    .iter()
                    .filter(|x| !absents.contains(x))
                    .cloned()
                    .collect();
                membres.push(r.clone());
                Some(match pont.jury_de(&membres) {
                    Some(deja) => deja,
                    None => pont.ajouter_jury(s, membres),
                })
            }
            // Sans réserve, un autre jury complet délibère pour les candidats déjà vus.
            _ => (0..pont.jurys.len())
                .find(|k| *k != j && !pont.jurys[*k].iter().any(|x| absents.contains(x))),
        };
        let parti = pont.jurys[j].iter().any(|x| partis.contains(x));
        if let (true, Some(vers), Some(r)) = (parti, substitut, &mut pont.instance.reprise) {
            r.substituts.push((j, vers));
        }
    }
    couper_les_chaines(&mut pont, absents);
    if plus > 0 {
        pont.instance.fermer_plus_tard(plus);
    }
    pont
}

/// Une épreuve commencée devant un jury qui perd un membre n'enchaîne plus : la suite, plus tard, devant qui prend le relais.
fn couper_les_chaines(pont: &mut Pont, absents: &[JureId]) {
    let inst = &mut pont.instance;
    let Some(r) = &inst.reprise else {
        return;
    };
    let perdus: Vec<String> = inst
        .jurys
        .iter()
        .zip(&pont.jurys)
        .filter(|(_, jures)| jures.iter().any(|j| absents.contains(j)))
        .map(|(j, _)| j.id.clone())
        .collect();
    let maintenant = (r.maintenant.0 as i64, r.maintenant.1);
    let commencees: Vec<(String, String)> = r
        .reference
        .tasks
        .iter()
        .filter(|t| (t.day, t.start) < maintenant)
        .filter(|t| t.jury.as_ref().is_some_and(|j| perdus.contains(j)))
        .map(|t| (t.candidate.clone(), t.epreuve.clone()))
        .collect();
    for c in 0..inst.candidats.len() {
        let id = inst.candidats[c].id.clone();
        let mut p = inst.parcours[inst.candidats[c].parcours].clone();
        let rompues: Vec<(usize, usize)> = p
            .chaines
            .iter()
            .copied()
            .filter(|(a, _)| commencees.contains(&(id.clone(), inst.epreuves[*a].id.clone())))
            .collect();
        if rompues.is_empty() {
            continue;
        }
        p.chaines.retain(|x| !rompues.contains(x));
        p.precedences.extend(rompues);
        p.id = format!("{} ({id})", p.id);
        inst.parcours.push(p);
        inst.candidats[c].parcours = inst.parcours.len() - 1;
    }
}

/// Le motif tout prêt : ce qui est arrivé aujourd'hui.
fn motif(s: &Session, maintenant: DateTime) -> String {
    let mut dits: Vec<String> = s
        .planning
        .empechements
        .iter()
        .filter(|e| e.date == maintenant.date())
        .map(|e| {
            format!(
                "{} : empêchement de {} à {}",
                e.qui.nom(s),
                temps::heure(e.de),
                temps::heure(e.a)
            )
        })
        .collect();
    dits.truncate(3);
    if dits.is_empty() {
        "Imprévu pendant la session".into()
    } else {
        dits.join(" ; ")
    }
}
