//! Les meilleures autres places d'une épreuve dans un plan.

use super::{Deplacement, chaine, deplacer_depuis, indices};
use crate::controle::controler;
use crate::etat::Etat;
use crate::instance::Instance;
use crate::modele::{Modele, NUL, Place};
use crate::moteur::nommer;
use crate::solution::Plan;
use std::collections::BTreeMap;

/// Places permises gardées par journée d'encadrant, pour que la liste montre de vrais choix.
const PAR_JOURNEE: usize = 2;
/// Places non permises contrôlées, au plus.
const ESSAIS: usize = 40;

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
