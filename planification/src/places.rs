//! Déplacer à la main : ce qu'un geste enfreint, et les meilleures autres places d'une épreuve dans un plan.

mod autres;
mod deliberations;

pub use autres::autres_places;

use crate::controle::{Manquement, Mesure, controler};
use crate::instance::Instance;
use crate::solution::{Plan, Tache};
use deliberations::ajuster_deliberations;
use std::collections::BTreeMap;

/// Un geste, et ce qu'il ferait.
#[derive(Debug, Clone)]
pub struct Deplacement {
    /// Où l'épreuve serait.
    pub tache: Tache,
    /// Le plan d'après : les épreuves enchaînées suivent, un début commun bouge pour tous, les délibérations s'ajustent.
    pub plan: Plan,
    /// Les règles que ce geste enfreint, et qui ne l'étaient pas.
    pub manquements: Vec<Manquement>,
    /// La mesure du plan d'après.
    pub mesure: Mesure,
}

/// Un plan relu : rangs par nom, tâche par candidat et épreuve.
fn indices(inst: &Instance, candidat: &str, epreuve: &str) -> Result<(usize, usize), String> {
    let c = inst.candidats.iter().position(|c| c.id == candidat);
    let e = inst.epreuves.iter().position(|e| e.id == epreuve);
    match (c, e) {
        (Some(c), Some(e))
            if inst.parcours[inst.candidats[c].parcours]
                .epreuves
                .contains(&e) =>
        {
            Ok((c, e))
        }
        _ => Err(format!(
            "« {epreuve} » n’est pas une épreuve de « {candidat} »."
        )),
    }
}

/// Les épreuves enchaînées à celle-ci, elle comprise, dans l'ordre.
fn chaine(inst: &Instance, c: usize, e: usize) -> Vec<usize> {
    let p = &inst.parcours[inst.candidats[c].parcours];
    let mut liste = vec![e];
    while let Some((a, _)) = p
        .chaines
        .iter()
        .find(|(a, b)| *b == liste[0] && !liste.contains(a))
    {
        liste.insert(0, *a);
    }
    while let Some((_, b)) = p
        .chaines
        .iter()
        .find(|(a, b)| Some(a) == liste.last() && !liste.contains(b))
    {
        liste.push(*b);
    }
    liste
}

fn poser(plan: &mut Plan, t: Tache) {
    match plan
        .tasks
        .iter_mut()
        .find(|x| x.candidate == t.candidate && x.epreuve == t.epreuve)
    {
        Some(x) => *x = t,
        None => plan.tasks.push(t),
    }
}

/// Compte chaque manquement, pour ne garder que les nouveaux.
fn compte(liste: &[Manquement]) -> BTreeMap<(&'static str, &str), usize> {
    let mut n = BTreeMap::new();
    for m in liste {
        *n.entry((m.code, m.objet.as_str())).or_default() += 1;
    }
    n
}

fn nouveaux(avant: &[Manquement], apres: Vec<Manquement>) -> Vec<Manquement> {
    let mut deja = compte(avant);
    let mut gardes: Vec<bool> = vec![];
    for m in &apres {
        let n = deja.entry((m.code, m.objet.as_str())).or_default();
        gardes.push(*n == 0);
        *n = n.saturating_sub(1);
    }
    let mut gardes = gardes.into_iter();
    apres
        .into_iter()
        .filter(|_| gardes.next().unwrap_or(true))
        .collect()
}

/// Ce que ferait ce geste : `tache` dit où l'épreuve irait. Rien n'est refusé, tout est dit.
///
/// # Errors
/// Une phrase quand le plan, le candidat ou l'épreuve ne sont pas de cette instance.
pub fn deplacer(inst: &Instance, plan: &Plan, tache: &Tache) -> Result<Deplacement, String> {
    let (avant, _) = controler(inst, plan)?;
    deplacer_depuis(inst, plan, &avant, tache)
}

fn deplacer_depuis(
    inst: &Instance,
    plan: &Plan,
    avant: &[Manquement],
    tache: &Tache,
) -> Result<Deplacement, String> {
    let (c, e) = indices(inst, &tache.candidate, &tache.epreuve)?;
    let mut apres = plan.clone();
    apres.unplanned.retain(|x| *x != tache.candidate);
    let liste = chaine(inst, c, e);
    let rang = liste.iter().position(|x| *x == e).unwrap_or(0);
    let mut debut = tache.start - liste[..rang].iter().map(|x| inst.duree(*x, c)).sum::<i64>();
    for x in &liste {
        let ep = &inst.epreuves[*x];
        poser(
            &mut apres,
            Tache {
                epreuve: ep.id.clone(),
                start: debut,
                ..tache.clone()
            },
        );
        debut += inst.duree(*x, c);
    }
    if inst.epreuves[e].debut_commun {
        let memes: Vec<&str> = inst
            .candidats
            .iter()
            .filter(|x| x.site == inst.candidats[c].site)
            .map(|x| x.id.as_str())
            .collect();
        for t in apres
            .tasks
            .iter_mut()
            .filter(|t| t.epreuve == tache.epreuve && memes.contains(&t.candidate.as_str()))
        {
            (t.day, t.start) = (tache.day, tache.start);
        }
    }
    ajuster_deliberations(inst, &mut apres);
    let (apres_m, mesure) = controler(inst, &apres)?;
    Ok(Deplacement {
        tache: tache.clone(),
        plan: apres,
        manquements: nouveaux(avant, apres_m),
        mesure,
    })
}
