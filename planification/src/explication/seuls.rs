//! Qui ne tient pas, même seul : est-ce son horaire, une salle fermée, une personne absente, ou l'heure de la maison ?

use super::{Cause, Changement, enumerer};
use crate::borne::impossible_seul;
use crate::instance::{Encadrement, Instance, Personne};
use crate::modele::Modele;

/// Ce qui rend la place à quelqu'un : l'étiquette, ce qu'il faut changer, et comment le dire.
struct Piste {
    cause: &'static str,
    objets: Vec<String>,
    /// « la salle Bureau est fermée ».
    parce_que: String,
    /// « la salle Bureau ouverte ».
    avec: String,
    changer: fn(&mut Instance, &[usize]),
    rangs: Vec<usize>,
}

/// Chaque candidat qu'aucun plan ne place et qui n'a pas encore sa cause ; ceux que la même chose empêche se disent
/// ensemble.
pub(super) fn qui_ne_tient_pas(
    m: &Modele<'_>,
    causes: &mut Vec<Cause>,
    essais: &mut Vec<(String, Changement)>,
) {
    let inst = m.inst;
    let deja: Vec<String> = causes.iter().flat_map(|c| c.objects.clone()).collect();
    let seuls = (0..inst.candidats.len()).filter(|c| m.impossibles[*c]);
    let mut reste: Vec<usize> = seuls
        .filter(|c| !deja.contains(&inst.candidats[*c].id))
        .collect();
    reste.retain(|c| !par_son_horaire(inst, *c, causes, essais));
    while let Some(&c) = reste.first() {
        let Some(piste) = pistes(inst, c)
            .into_iter()
            .find(|p| rend_la_place(inst, c, p))
        else {
            causes.push(fermeture(inst, c));
            reste.remove(0);
            continue;
        };
        let pareils: Vec<usize> = reste
            .iter()
            .copied()
            .filter(|x| rend_la_place(inst, *x, &piste))
            .collect();
        reste.retain(|x| !pareils.contains(x));
        dire(inst, &pareils, piste, causes, essais);
    }
}

fn rend_la_place(inst: &Instance, c: usize, piste: &Piste) -> bool {
    let mut autre = inst.clone();
    (piste.changer)(&mut autre, &piste.rangs);
    !impossible_seul(&Modele::new(&autre), c)
}

/// S'il tient dès qu'il est là toute la journée, c'est son horaire.
fn par_son_horaire(
    inst: &Instance,
    c: usize,
    causes: &mut Vec<Cause>,
    essais: &mut Vec<(String, Changement)>,
) -> bool {
    let cand = &inst.candidats[c];
    let Some(dispo) = &cand.dispo else {
        return false;
    };
    let mut libre = inst.clone();
    libre.candidats[c].dispo = None;
    if impossible_seul(&Modele::new(&libre), c) {
        return false;
    }
    let minutes = minutes_d_epreuves(inst, c);
    let present: i64 = dispo.iter().map(|p| p.2 - p.1).sum();
    causes.push(Cause {
        cause: "fenetre_candidat",
        objects: vec![cand.id.clone()],
        phrase: format!(
            "{} a {minutes} minutes d’épreuves, pauses en plus, et n’est là que {present} minutes.",
            cand.id
        ),
    });
    essais.push((
        format!("Si {} est là dès l’ouverture, tout tient.", cand.id),
        Box::new(move |i| i.candidats[c].dispo = None),
    ));
    true
}

/// Ce qui peut l'empêcher, du plus léger au plus lourd : les salles d'une nature, les surveillants, les jurés.
fn pistes(inst: &Instance, c: usize) -> Vec<Piste> {
    let cand = &inst.candidats[c];
    let siennes = &inst.parcours[cand.parcours].epreuves;
    let mut pistes = vec![];
    for nature in crate::borne::natures(inst) {
        let rangs: Vec<usize> = (0..inst.salles.len())
            .filter(|s| {
                let s = &inst.salles[*s];
                s.site == cand.site && s.nature == nature && !s.prises.is_empty()
            })
            .collect();
        let demandee = |e: &usize| inst.epreuves[*e].salle.as_deref() == Some(nature);
        if rangs.is_empty() || !siennes.iter().any(demandee) {
            continue;
        }
        let ids: Vec<String> = rangs.iter().map(|s| inst.salles[*s].id.clone()).collect();
        let (noms, est, ouverte) = match ids.len() {
            1 => (format!("la salle {}", ids[0]), "n’est pas libre", "libre"),
            n => (
                enumerer(&ids).map_or_else(
                    || format!("les {n} salles «\u{a0}{nature}\u{a0}»"),
                    |x| format!("les salles {x}"),
                ),
                "ne sont pas libres",
                "libres",
            ),
        };
        pistes.push(Piste {
            cause: "salle_fermee",
            parce_que: format!("{noms} {est} assez longtemps"),
            avec: format!("{noms} {ouverte} toute la session"),
            objets: ids,
            changer: |i, rangs| rangs.iter().for_each(|s| i.salles[*s].prises.clear()),
            rangs,
        });
    }
    let absents = |gens: &[Personne], admis: &dyn Fn(usize) -> bool| -> Vec<usize> {
        let la = |p: &Personne| {
            super::remedes::toujours(inst)
                .iter()
                .all(|x| p.dispo.contains(x))
        };
        (0..gens.len())
            .filter(|k| admis(*k) && !la(&gens[*k]))
            .collect()
    };
    let surveille = |e: &usize| inst.epreuves[*e].encadrement == Encadrement::Surveillant;
    let surveillants = absents(&inst.surveillants, &|s| {
        inst.surveillants[s].sites.contains(&cand.site) && !cand.conflits_surveillants.contains(&s)
    });
    if siennes.iter().any(surveille) && !surveillants.is_empty() {
        let ids: Vec<String> = surveillants
            .iter()
            .map(|s| inst.surveillants[*s].id.clone())
            .collect();
        let noms = enumerer(&ids).unwrap_or_else(|| format!("les {} surveillants", ids.len()));
        pistes.push(Piste {
            cause: "surveillant_absent",
            parce_que: format!("{noms} ne peut surveiller assez longtemps"),
            avec: format!("{noms} toute la session"),
            objets: ids,
            changer: |i, rangs| {
                let toujours = super::remedes::toujours(i);
                rangs
                    .iter()
                    .for_each(|s| i.surveillants[*s].dispo.clone_from(&toujours));
            },
            rangs: surveillants,
        });
    }
    let jures = absents(&inst.membres, &|m| {
        let siege =
            |j: &crate::instance::Jury| j.membres.contains(&m) && j.sites.contains(&cand.site);
        inst.jurys.iter().any(siege) && !cand.conflits_membres.contains(&m)
    });
    if !siennes.iter().all(surveille) && !jures.is_empty() {
        let ids: Vec<String> = jures.iter().map(|m| inst.membres[*m].id.clone()).collect();
        let noms = enumerer(&ids).unwrap_or_else(|| format!("les {} jurés", ids.len()));
        pistes.push(Piste {
            cause: "jure_absent",
            parce_que: format!("aucun jury n’est réuni assez longtemps ({noms})"),
            avec: format!("{noms} toute la session"),
            objets: ids,
            changer: |i, rangs| {
                let toujours = super::remedes::toujours(i);
                rangs
                    .iter()
                    .for_each(|m| i.membres[*m].dispo.clone_from(&toujours));
            },
            rangs: jures,
        });
    }
    pistes
}

fn dire(
    inst: &Instance,
    qui: &[usize],
    piste: Piste,
    causes: &mut Vec<Cause>,
    essais: &mut Vec<(String, Changement)>,
) {
    let ids: Vec<String> = qui.iter().map(|c| inst.candidats[*c].id.clone()).collect();
    let (sujet, tient) = match enumerer(&ids) {
        Some(noms) if ids.len() == 1 => (noms, "ne tient pas, même seul"),
        Some(noms) => (noms, "ne tiennent pas, même seuls"),
        None if ids.len() == inst.candidats.len() => {
            ("Aucun candidat".into(), "ne tient, même seul")
        }
        None => (
            format!("{} candidats", ids.len()),
            "ne tiennent pas, même seuls",
        ),
    };
    causes.push(Cause {
        cause: piste.cause,
        objects: [piste.objets, ids].concat(),
        phrase: format!("{sujet} {tient}\u{a0}: {}.", piste.parce_que),
    });
    let (changer, rangs) = (piste.changer, piste.rangs);
    essais.push((
        format!("Avec {}, tout tient.", piste.avec),
        Box::new(move |i| changer(i, &rangs)),
    ));
}

/// Rien d'autre ne l'explique : les journées sont trop courtes.
fn fermeture(inst: &Instance, c: usize) -> Cause {
    let cand = &inst.candidats[c];
    let minutes = minutes_d_epreuves(inst, c);
    let ouvert: i64 = inst.jours.iter().map(|j| j.1 - j.0).max().unwrap_or(0);
    Cause {
        cause: "fermeture",
        objects: vec![cand.id.clone()],
        phrase: format!(
            "{} ne tient pas, même seul\u{a0}: {minutes} minutes d’épreuves, pauses en plus, pour des journées ouvertes {ouvert} minutes.",
            cand.id
        ),
    }
}

fn minutes_d_epreuves(inst: &Instance, c: usize) -> i64 {
    let siennes = inst.parcours[inst.candidats[c].parcours].epreuves.iter();
    siennes.map(|e| inst.duree(*e, c)).sum()
}
