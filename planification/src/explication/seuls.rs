//! Qui ne tient pas, même seul : est-ce son horaire, une salle fermée, une personne absente, ou l'heure de la maison ?

use super::remedes::toujours;
use super::{Cause, Changement, enumerer};
use crate::instance::{Encadrement, Instance, Jury, Personne, Plage};
use crate::modele::Modele;

/// Ce qui rend la place à quelqu'un : l'étiquette, ce qu'il faut changer, et comment le dire.
struct Piste {
    cause: &'static str,
    objets: Vec<String>,
    /// « la salle Bureau n’est pas libre assez longtemps ».
    parce_que: String,
    /// « la salle Bureau libre toute la session ».
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
    // Chacun se juge seul : libérer tout le monde d'un coup dit la même chose de chacun.
    let mut libre = inst.clone();
    reste.iter().for_each(|c| libre.candidats[*c].dispo = None);
    let tiendraient = places(&libre);
    let (a_son_horaire, ailleurs) = reste.into_iter().partition(|c| tiendraient[*c]);
    reste = ailleurs;
    par_leur_horaire(inst, a_son_horaire, causes, essais);
    while let Some(&c) = reste.first() {
        let trouvee = pistes(inst, c).into_iter().find_map(|piste| {
            let mut autre = inst.clone();
            (piste.changer)(&mut autre, &piste.rangs);
            let tiendraient = places(&autre);
            tiendraient[c].then_some((piste, tiendraient))
        });
        let Some((piste, tiendraient)) = trouvee else {
            causes.push(fermeture(inst, c));
            reste.remove(0);
            continue;
        };
        let (pareils, ailleurs) = reste.into_iter().partition(|x| tiendraient[*x]);
        reste = ailleurs;
        dire(inst, pareils, piste, causes, essais);
    }
}

/// Qui aurait une place, s'il était seul.
fn places(inst: &Instance) -> Vec<bool> {
    let modele = Modele::new(inst);
    modele.impossibles.iter().map(|x| !x).collect()
}

/// Ceux qui tiendraient, présents toute la journée : c'est leur horaire.
fn par_leur_horaire(
    inst: &Instance,
    qui: Vec<usize>,
    causes: &mut Vec<Cause>,
    essais: &mut Vec<(String, Changement)>,
) {
    for c in qui {
        let cand = &inst.candidats[c];
        let minutes = minutes_d_epreuves(inst, c);
        let present: i64 = cand.dispo.iter().flatten().map(|p| p.2 - p.1).sum();
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
    }
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
    let surveille = |e: &usize| inst.epreuves[*e].encadrement == Encadrement::Surveillant;
    let surveillants = absents(inst, &inst.surveillants, |s| {
        inst.surveillants[s].sites.contains(&cand.site) && !cand.conflits_surveillants.contains(&s)
    });
    if siennes.iter().any(surveille) && !surveillants.is_empty() {
        let (objets, noms) = nommes(&inst.surveillants, &surveillants, "surveillants");
        let peut = if objets.len() == 1 { "peut" } else { "peuvent" };
        pistes.push(Piste {
            cause: "surveillant_absent",
            parce_que: format!("{noms} ne {peut} surveiller assez longtemps"),
            avec: format!("{noms} toute la session"),
            objets,
            changer: |i, rangs| rester(rangs, toujours(i), &mut i.surveillants),
            rangs: surveillants,
        });
    }
    let jures = absents(inst, &inst.membres, |m| {
        let siege = |j: &Jury| j.membres.contains(&m) && j.sites.contains(&cand.site);
        inst.jurys.iter().any(siege) && !cand.conflits_membres.contains(&m)
    });
    if !siennes.iter().all(surveille) && !jures.is_empty() {
        let (objets, noms) = nommes(&inst.membres, &jures, "jurés");
        pistes.push(Piste {
            cause: "jure_absent",
            parce_que: format!("aucun jury n’est réuni assez longtemps ({noms})"),
            avec: format!("{noms} toute la session"),
            objets,
            changer: |i, rangs| rester(rangs, toujours(i), &mut i.membres),
            rangs: jures,
        });
    }
    pistes
}

/// Ceux de ces gens qui ne sont pas là toute la session.
fn absents(inst: &Instance, gens: &[Personne], admis: impl Fn(usize) -> bool) -> Vec<usize> {
    let session = toujours(inst);
    let la = |p: &Personne| session.iter().all(|x| p.dispo.contains(x));
    (0..gens.len())
        .filter(|k| admis(*k) && !la(&gens[*k]))
        .collect()
}

/// Leurs identifiants, et comment les dire ensemble.
fn nommes(gens: &[Personne], rangs: &[usize], quoi: &str) -> (Vec<String>, String) {
    let ids: Vec<String> = rangs.iter().map(|k| gens[*k].id.clone()).collect();
    let noms = enumerer(&ids).unwrap_or_else(|| format!("les {} {quoi}", ids.len()));
    (ids, noms)
}

/// Ceux-là restent toute la session.
fn rester(rangs: &[usize], session: Vec<Plage>, gens: &mut [Personne]) {
    for k in rangs {
        gens[*k].dispo.clone_from(&session);
    }
}

fn dire(
    inst: &Instance,
    qui: Vec<usize>,
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
