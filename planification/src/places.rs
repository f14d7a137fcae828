//! Déplacer à la main : ce qu'un geste enfreint, et les meilleures autres places d'une épreuve dans un plan.

use crate::controle::{Manquement, Mesure, controler};
use crate::etat::Etat;
use crate::instance::Instance;
use crate::modele::{Modele, NUL, Place};
use crate::moteur::nommer;
use crate::solution::{Deliberation, Plan, Tache};
use std::collections::BTreeMap;

/// Places permises gardées par journée d'encadrant, pour que la liste montre de vrais choix.
const PAR_JOURNEE: usize = 2;
/// Places non permises contrôlées, au plus.
const ESSAIS: usize = 40;

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

/// Retire les délibérations devenues sans objet, et place au mieux celles qui manquent ou ne tiennent plus.
fn ajuster_deliberations(inst: &Instance, plan: &mut Plan) {
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
        if est_figee(inst, d) || !(trop_tot || heurte(inst, plan, k)) {
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

/// Une épreuve du jury tombe-t-elle pendant sa délibération ?
fn heurte(inst: &Instance, plan: &Plan, k: usize) -> bool {
    let d = &plan.deliberations[k];
    let n = plan
        .tasks
        .iter()
        .filter(|t| t.jury.as_ref() == Some(&d.jury))
        .count();
    let fin = d.start + inst.duree_deliberation(n);
    plan.tasks.iter().any(|t| {
        t.jury.as_ref() == Some(&d.jury)
            && t.day == d.day
            && t.start < fin
            && indices(inst, &t.candidate, &t.epreuve)
                .is_ok_and(|(c, e)| d.start < t.start + inst.duree(e, c))
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

/// Les meilleures autres places d'une épreuve d'un candidat : d'abord celles que toutes les règles permettent, la moins
/// chère en tête ; puis, s'il en manque, celles qui en enfreignent le moins, chacune avec ses manquements.
///
/// # Errors
/// Une phrase quand le plan, le candidat ou l'épreuve ne sont pas de cette instance.
pub fn autres_places(
    inst: &Instance,
    plan: &Plan,
    candidat: &str,
    epreuve: &str,
    combien: usize,
) -> Result<Vec<Deplacement>, String> {
    let (c, e) = indices(inst, candidat, epreuve)?;
    let (avant, _) = controler(inst, plan)?;
    let modele = Modele::new(inst);
    let unite: Vec<usize> = chaine(inst, c, e)
        .iter()
        .filter_map(|x| modele.tache_de(c, *x))
        .collect();
    let tete = unite[0];
    if unite.iter().any(|t| modele.taches[*t].figee.is_some()) {
        return Err(format!(
            "{candidat}/{epreuve} a déjà commencé : cette place ne bouge plus."
        ));
    }
    let mut etat = Etat::new(&modele);
    let connues = modele.places_du_plan(plan);
    // Un début commun bouge pour tout le site.
    let avec: Vec<usize> = if modele.taches[tete].commun {
        (0..modele.taches.len())
            .filter(|t| {
                *t != tete
                    && connues[*t].is_some()
                    && modele.taches[*t].commun
                    && etat.cle(*t) == etat.cle(tete)
            })
            .collect()
    } else {
        vec![]
    };
    for (t, p) in connues.iter().enumerate() {
        if let Some(p) = p
            && !unite.contains(&t)
            && !avec.contains(&t)
            && etat.places[t].is_none()
            && etat.peut_placer(t, p)
        {
            etat.placer(t, *p);
        }
    }
    let base = etat.evaluer();
    etat.accepter();
    let mut essais: Vec<(f64, Place)> = vec![];
    for p in toutes(&modele, tete) {
        if connues[tete] == Some(p) {
            continue;
        }
        let repere = etat.repere();
        if essayer(&mut etat, &unite, &avec, &connues, p) {
            let v = etat.evaluer();
            if v.illegal <= base.illegal.max(0) {
                essais.push((etat.energie(&v), p));
            }
        }
        etat.defaire(repere);
        etat.evaluer();
    }
    essais.sort_by(|a, b| {
        a.0.total_cmp(&b.0)
            .then((a.1.jour, a.1.debut, a.1.enc).cmp(&(b.1.jour, b.1.debut, b.1.enc)))
    });
    let decalage = i64::from(
        unite
            .iter()
            .take_while(|t| modele.taches[**t].ep != e)
            .map(|t| modele.taches[*t].duree)
            .sum::<u16>(),
    ) * inst.pas;
    let juger = |p: Place| {
        let mut tache = nommer(&modele, tete, &p);
        tache.epreuve.clone_from(&inst.epreuves[e].id);
        tache.start += decalage;
        deplacer_depuis(inst, plan, &avant, &tache)
    };
    let mut vues: BTreeMap<(u16, u16), Vec<u16>> = BTreeMap::new();
    let mut liste: Vec<Deplacement> = vec![];
    for (_, p) in &essais {
        if liste.len() >= combien {
            break;
        }
        let du_jour = vues.entry((p.jour, p.enc)).or_default();
        if du_jour.len() >= PAR_JOURNEE
            || du_jour
                .iter()
                .any(|s| i64::from(s.abs_diff(p.debut)) * inst.pas < 15)
        {
            continue;
        }
        du_jour.push(p.debut);
        let d = juger(*p)?;
        if d.manquements.is_empty() {
            liste.push(d);
        }
    }
    if liste.len() < combien {
        let mut autres = enfreignant(&modele, tete, connues[tete], &essais)
            .into_iter()
            .map(juger)
            .collect::<Result<Vec<_>, _>>()?;
        autres.retain(|d| !d.manquements.is_empty());
        autres.sort_by_key(|d| (d.manquements.len(), d.mesure.vecteur()));
        autres.truncate(combien - liste.len());
        liste.extend(autres);
    }
    Ok(liste)
}

/// Toutes les places que le modèle admet pour une tâche, jours et pas compris.
fn toutes(m: &Modele<'_>, t: usize) -> Vec<Place> {
    let x = &m.taches[t];
    let salles: &[u16] = if x.sans_salle { &[NUL] } else { &x.salles };
    let mut liste = vec![];
    for jour in 0..m.nj as u16 {
        let mut s = 0;
        while let Some(debut) = m.ouvert[usize::from(jour)].premier(s) {
            s = debut + 1;
            let epinglee =
                x.jour_fixe.is_some_and(|j| j != jour) || x.debut_fixe.is_some_and(|d| d != debut);
            if epinglee {
                continue;
            }
            for &salle in salles {
                for &enc in &x.encs {
                    liste.push(Place {
                        jour,
                        debut,
                        salle,
                        enc,
                    });
                }
            }
        }
    }
    liste
}

fn essayer(
    etat: &mut Etat<'_, '_>,
    unite: &[usize],
    avec: &[usize],
    connues: &[Option<Place>],
    p: Place,
) -> bool {
    let m = etat.m;
    let mut q = p;
    for t in unite {
        if !m.taches[*t].encs.contains(&q.enc) || !etat.peut_placer(*t, &q) {
            return false;
        }
        etat.placer(*t, q);
        q.debut += m.taches[*t].duree;
    }
    for t in avec {
        let Some(r) = connues[*t] else { continue };
        let r = Place {
            jour: p.jour,
            debut: p.debut,
            ..r
        };
        if !etat.peut_placer(*t, &r) {
            return false;
        }
        etat.placer(*t, r);
    }
    true
}

/// Des places que quelque chose défend, les plus proches de l'actuelle d'abord, un nombre borné.
fn enfreignant(
    m: &Modele<'_>,
    t: usize,
    actuelle: Option<Place>,
    permises: &[(f64, Place)],
) -> Vec<Place> {
    let ecart = |p: &Place| {
        actuelle.map_or(i64::from(p.debut), |a| {
            i64::from(p.jour.abs_diff(a.jour)) * 1000
                + i64::from(p.debut.abs_diff(a.debut))
                + if p.enc == a.enc { 0 } else { 3 }
        })
    };
    let mut liste: Vec<Place> = toutes(m, t)
        .into_iter()
        .filter(|p| {
            Some(*p) != actuelle
                && (i64::from(p.debut) * m.pas) % 15 == 0
                && !permises.iter().any(|x| x.1 == *p)
        })
        .collect();
    liste.sort_by_key(|p| (ecart(p), p.jour, p.debut, p.salle, p.enc));
    let mut vues: BTreeMap<(u16, u16), usize> = BTreeMap::new();
    liste.retain(|p| {
        let n = vues.entry((p.jour, p.enc)).or_default();
        *n += 1;
        *n <= 8
    });
    liste.truncate(ESSAIS);
    liste
}
