//! Les délibérations d'un plan que l'on vient de changer à la main.

use super::indices;
use crate::controle::controler;
use crate::instance::Instance;
use crate::solution::{Deliberation, Plan, Tache};
use std::collections::BTreeMap;

/// Retire les délibérations devenues sans objet, et place au mieux celles qui manquent ou ne tiennent plus.
pub(super) fn ajuster_deliberations(inst: &Instance, plan: &mut Plan) {
    let derniere = |c: &str| {
        let cand = inst.candidats.iter().find(|x| x.id == c)?;
        let e = inst.parcours[cand.parcours].epreuves.last()?;
        Some(inst.epreuves[*e].id.as_str())
    };
    let substitut = |j: &String| -> String {
        inst.reprise
            .iter()
            .flat_map(|r| &r.substituts)
            .find(|s| inst.jurys[s.0].id == *j)
            .map_or_else(|| j.clone(), |s| inst.jurys[s.1].id.clone())
    };
    // Pour chaque jury qui statue : la fin de sa dernière tâche et des épreuves de ses candidats.
    let mut juges: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for t in &plan.tasks {
        if let Some(j) = &t.jury
            && derniere(&t.candidate) == Some(t.epreuve.as_str())
        {
            juges.entry(substitut(j)).or_default().push(&t.candidate);
        }
    }
    let fin = |t: &Tache| {
        let duree = indices(inst, &t.candidate, &t.epreuve).map_or(0, |(c, e)| inst.duree(e, c));
        (t.day, t.start + duree)
    };
    let fins: BTreeMap<String, (i64, i64)> = juges
        .iter()
        .map(|(j, cands)| {
            let f = plan
                .tasks
                .iter()
                .filter(|t| t.jury.as_ref() == Some(j) || cands.contains(&t.candidate.as_str()))
                .map(fin)
                .max()
                .unwrap_or((0, 0));
            (j.clone(), f)
        })
        .collect();
    let mut delibs = std::mem::take(&mut plan.deliberations);
    delibs.retain(|d| juges.contains_key(&d.jury) || est_figee(inst, d));
    plan.deliberations = delibs;
    for (j, f) in &fins {
        let k = plan.deliberations.iter().position(|d| d.jury == *j);
        let tient = |plan: &Plan| controler(inst, plan).map_or(usize::MAX, |(m, _)| m.len());
        let Some(k) = k else {
            plan.deliberations.push(Deliberation {
                jury: j.clone(),
                day: f.0,
                start: f.1,
            });
            let k = plan.deliberations.len() - 1;
            glisser(inst, plan, k, *f, &tient);
            continue;
        };
        let d = &plan.deliberations[k];
        let trop_tot = (d.day, d.start) < *f;
        if est_figee(inst, d) || !trop_tot {
            continue;
        }
        glisser(inst, plan, k, *f, &tient);
    }
}

fn est_figee(inst: &Instance, d: &Deliberation) -> bool {
    inst.reprise.as_ref().is_some_and(|r| {
        r.reference.deliberations.contains(d)
            && (d.day, d.start) < (r.maintenant.0 as i64, r.maintenant.1)
    })
}

/// Essaie la délibération à partir de `f`, un pas après l'autre puis les jours suivants, et garde la première au mieux.
fn glisser(
    inst: &Instance,
    plan: &mut Plan,
    k: usize,
    f: (i64, i64),
    tient: &dyn Fn(&Plan) -> usize,
) {
    let haut = |x: i64| (x + inst.pas - 1).div_euclid(inst.pas) * inst.pas;
    let mut mieux: Option<(usize, (i64, i64))> = None;
    let mut reste = 30;
    for d in f.0..inst.jours.len() as i64 {
        let (ouvre, ferme) = inst.jours[d as usize];
        let mut s = haut(if d == f.0 { f.1.max(ouvre) } else { ouvre });
        while s < ferme && reste > 0 {
            (plan.deliberations[k].day, plan.deliberations[k].start) = (d, s);
            let n = tient(plan);
            if mieux.is_none_or(|m| n < m.0) {
                mieux = Some((n, (d, s)));
            }
            // La première sans aucun manquement, ou la moins mauvaise d'un nombre borné d'essais.
            if n == 0 {
                return;
            }
            reste -= 1;
            s += 2 * inst.pas;
        }
    }
    if let Some((_, (d, s))) = mieux {
        (plan.deliberations[k].day, plan.deliberations[k].start) = (d, s);
    }
}
