//! Essayer une place : ce qu'elle enfreindrait de plus, et les meilleures autres places, de la plus proche à la plus loin.

use super::{Saisie, hhmm};
use crate::agencement::{Ecart, ecarts};
use crate::cadre::encoder;
use crate::erreurs::Erreur;
use crate::formulaires::ErreursFormulaire;
use jiff::civil::Time;
use metier::equipe::Poste;
use metier::planning::{Empeche, Passage};
use metier::referentiel::Epreuve;
use metier::{CandidatId, JureId, PersonneId, Session, temps};
use std::collections::{BTreeSet, HashMap};

/// Pas des places essayées, en minutes.
const PAS: u32 = 5;
/// Places contrôlées en entier : les plus prometteuses.
const CONTROLEES: usize = 24;

/// Le passage que la saisie décrit ; ou ses fautes, champ par champ.
pub(super) fn lire_passage(
    s: &Session,
    candidat: &CandidatId,
    epreuve: &str,
    f: &Saisie,
) -> Result<Result<Passage, ErreursFormulaire>, Erreur> {
    let mut e = ErreursFormulaire::default();
    let (date, debut, fin) = (
        temps::lire_date(&f.date),
        temps::lire_heure(&f.debut),
        temps::lire_heure(&f.fin),
    );
    if date.is_none() {
        e.ajouter("date", "Choisissez un jour de la session.");
    }
    if debut.is_none() {
        e.ajouter("debut", "Écrivez une heure, par exemple 8:30.");
    }
    if fin.is_none() {
        e.ajouter("fin", "Écrivez une heure, par exemple 9:00.");
    }
    let (Some(date), Some(debut), Some(fin)) = (date, debut, fin) else {
        return Ok(Err(e));
    };
    let jury = f
        .jury
        .iter()
        .map(|j| retenu(s, j))
        .collect::<Result<_, _>>()?;
    let surveillant = match f.surveillant.as_str() {
        "" => None,
        id => Some(surveillant_nomme(s, id)?),
    };
    Ok(Ok(Passage {
        candidat: candidat.clone(),
        epreuve: epreuve.to_owned(),
        lieu: f.lieu.trim().to_owned(),
        date,
        debut,
        fin,
        jury,
        surveillant,
    }))
}

/// Ce juré, s'il est retenu dans la session.
fn retenu(s: &Session, id: &str) -> Result<JureId, Erreur> {
    let mut jures = s.jury.iter().map(|m| &m.membre.jure);
    jures.find(|j| j.as_str() == id).cloned().ok_or_else(|| {
        Erreur::Illisible(
            "Ce juré n’est plus de la session. Rechargez la page, puis choisissez-en un autre."
                .into(),
        )
    })
}

/// Ce surveillant, s'il est nommé dans la session.
fn surveillant_nomme(s: &Session, id: &str) -> Result<PersonneId, Erreur> {
    let mut nommes = s.equipe.a(Poste::Surveillant).map(|i| &i.id);
    nommes.find(|p| p.as_str() == id).cloned().ok_or_else(|| {
        Erreur::Illisible(
            "Ce surveillant n’est plus nommé. Rechargez la page, puis choisissez-en un autre."
                .into(),
        )
    })
}

/// La durée à donner : celle du passage présent, ou celle du référentiel.
fn duree(s: &Session, epreuve: &str, present: Option<&Passage>) -> u32 {
    present
        .map(|x| temps::minutes(x.fin) - temps::minutes(x.debut))
        .or_else(|| s.programme.as_ref()?.epreuve(epreuve)?.duree_minutes)
        .unwrap_or(30)
}

/// Porte dans la saisie la place que l'adresse demande ; le reste ne change pas.
pub(super) fn deplacer(
    s: &Session,
    epreuve: &str,
    present: Option<&Passage>,
    voulu: &HashMap<String, String>,
    saisie: &mut Saisie,
) {
    let un = |champ: &str| voulu.get(champ).cloned().filter(|v| !v.is_empty());
    if let Some(d) = un("date") {
        saisie.date = d;
    }
    if let Some(l) = un("lieu") {
        saisie.lieu = l;
    }
    if let Some(j) = un("jury") {
        saisie.jury = j
            .split(',')
            .filter(|id| s.jury.iter().any(|m| m.membre.jure.as_str() == *id))
            .map(str::to_owned)
            .collect();
    }
    if let Some(v) = un("surveillant")
        && s.equipe.a(Poste::Surveillant).any(|i| i.id.as_str() == v)
    {
        saisie.surveillant = v;
    }
    if let Some(t) = un("debut").and_then(|t| temps::lire_heure(&t)) {
        saisie.debut = hhmm(t);
        let fin = temps::minutes(t) + duree(s, epreuve, present);
        saisie.fin = temps::depuis_minutes(fin).map(hhmm).unwrap_or_default();
    }
}

/// L'adresse qui essaie cette place.
pub(super) fn adresse(base: &str, x: &Passage) -> String {
    let jury: Vec<String> = x.jury.iter().map(ToString::to_string).collect();
    format!(
        "{base}?date={}&debut={}&lieu={}&jury={}&surveillant={}&ensemble=non",
        x.date,
        encoder(&hhmm(x.debut)),
        encoder(&x.lieu),
        encoder(&jury.join(",")),
        x.surveillant.as_ref().map_or("", |v| v.as_str())
    )
}

/// Le planning, ces passages posés à leur place.
fn avec(s: &Session, poses: &[Passage]) -> Vec<Passage> {
    let mut v: Vec<Passage> = s
        .planning
        .passages
        .iter()
        .filter(|x| {
            !poses
                .iter()
                .any(|y| y.candidat == x.candidat && y.epreuve == x.epreuve)
        })
        .cloned()
        .collect();
    v.extend(poses.iter().cloned());
    v.sort_by_key(|x| (x.date, x.debut));
    v
}

/// Ce que ces places enfreindraient et que le planning présent n'enfreint pas.
pub(super) fn essayer(s: &Session, poses: &[Passage]) -> Vec<String> {
    let avant: BTreeSet<Ecart> = ecarts(s, &s.planning.passages, &s.planning.deliberations)
        .into_iter()
        .collect();
    nouveaux(s, poses, &avant)
}

fn nouveaux(s: &Session, poses: &[Passage], avant: &BTreeSet<Ecart>) -> Vec<String> {
    ecarts(s, &avec(s, poses), &s.planning.deliberations)
        .into_iter()
        .filter(|e| !avant.contains(e))
        .map(|e| e.phrase)
        .collect()
}

/// Les meilleures autres places de ce passage, et ce que chacune enfreindrait.
pub(super) fn ailleurs(
    s: &Session,
    candidat: &CandidatId,
    epreuve: &str,
    combien: usize,
) -> Vec<(Passage, Vec<String>)> {
    let Some(e) = s.programme.as_ref().and_then(|p| p.epreuve(epreuve)) else {
        return vec![];
    };
    let present = s.planning.passage(candidat, epreuve);
    let mut candidates = candidates(s, candidat, e, present);
    candidates.sort_by_key(|(prix, x)| (*prix, x.date, x.debut, x.lieu.clone()));
    let avant: BTreeSet<Ecart> = ecarts(s, &s.planning.passages, &s.planning.deliberations)
        .into_iter()
        .collect();
    let mut v: Vec<(Passage, Vec<String>)> = vec![];
    for (_, x) in espacer(candidates, CONTROLEES) {
        let dits = nouveaux(s, std::slice::from_ref(&x), &avant);
        v.push((x, dits));
    }
    // Le tri est stable : à nombre d'écarts égal, la plus proche d'abord.
    v.sort_by_key(|(_, dits)| dits.len());
    v.truncate(combien);
    v
}

/// Garde des places différentes : pas dix fois la même à cinq minutes près.
fn espacer(v: Vec<(u32, Passage)>, combien: usize) -> Vec<(u32, Passage)> {
    let mut gardees: Vec<(u32, Passage)> = vec![];
    for (prix, x) in v {
        let proche = gardees.iter().any(|(_, y)| {
            y.date == x.date
                && y.lieu == x.lieu
                && y.jury == x.jury
                && temps::minutes(y.debut).abs_diff(temps::minutes(x.debut)) < 15
        });
        if !proche {
            gardees.push((prix, x));
        }
        if gardees.len() >= combien {
            break;
        }
    }
    gardees
}

/// Les groupes de jurés que l'on peut essayer : celui du candidat d'abord.
fn jurys_possibles(s: &Session, candidat: &CandidatId, e: &Epreuve) -> Vec<Vec<JureId>> {
    if !e.presence_jury.demande_jury() && s.planning.de(candidat).all(|x| x.jury.is_empty()) {
        return vec![vec![]];
    }
    let mut v: Vec<Vec<JureId>> = s
        .planning
        .de(candidat)
        .map(|x| x.jury.clone())
        .filter(|j| !j.is_empty())
        .collect();
    v.extend(s.planning.journees().jurys_de(s));
    let mut vus = BTreeSet::new();
    v.retain(|j| vus.insert(j.clone()));
    if v.is_empty() { vec![vec![]] } else { v }
}

/// Toutes les places libres d'un coup d'œil, avec leur prix : l'écart au présent, puis le changement de salle et de jury.
fn candidates(
    s: &Session,
    candidat: &CandidatId,
    e: &Epreuve,
    present: Option<&Passage>,
) -> Vec<(u32, Passage)> {
    let Some(p) = s.programme.as_ref() else {
        return vec![];
    };
    let j = s.planning.journees();
    let duree = duree(s, &e.code, present);
    let (ouvre, ferme) = (temps::minutes(j.ouverture), temps::minutes(j.fermeture));
    let demande_jury = present.map_or(e.presence_jury.demande_jury(), |x| !x.jury.is_empty());
    let jurys = if demande_jury {
        jurys_possibles(s, candidat, e)
    } else {
        vec![vec![]]
    };
    let surveillants: Vec<Option<PersonneId>> = match present {
        Some(x) if x.surveillant.is_none() => vec![None],
        _ if e.presence_jury.demande_surveillant() => {
            let nommes: Vec<_> = s
                .equipe
                .a(Poste::Surveillant)
                .map(|i| Some(i.id.clone()))
                .collect();
            if nommes.is_empty() {
                vec![None]
            } else {
                nommes
            }
        }
        _ => vec![None],
    };
    let nature = present.and_then(|x| p.site.salles.iter().find(|y| y.nom == x.lieu));
    let mut v = vec![];
    for (n, date) in p.jours().into_iter().enumerate() {
        if j.jours_fermes.contains(&date) {
            continue;
        }
        for salle in &p.site.salles {
            let autre_nature = nature.is_some_and(|y| y.nature != salle.nature);
            let mut t = ouvre.div_ceil(PAS) * PAS;
            while t + duree <= ferme {
                let (Some(debut), Some(fin)) =
                    (temps::depuis_minutes(t), temps::depuis_minutes(t + duree))
                else {
                    break;
                };
                t += PAS;
                for (k, jury) in jurys.iter().enumerate() {
                    let essai = surveillants.iter().find_map(|v| {
                        let x = Passage {
                            candidat: candidat.clone(),
                            epreuve: e.code.clone(),
                            lieu: salle.nom.clone(),
                            date,
                            debut,
                            fin,
                            jury: jury.clone(),
                            surveillant: v.clone(),
                        };
                        est_libre(s, &x).then_some(x)
                    });
                    let Some(x) = essai.filter(|x| present != Some(x)) else {
                        continue;
                    };
                    let ecart = present.map_or(n as u32 * 600 + t - ouvre, |y| {
                        if y.date == date {
                            temps::minutes(y.debut).abs_diff(temps::minutes(debut))
                        } else {
                            600 + temps::minutes(debut) / 10
                        }
                    });
                    let prix = ecart
                        + 90 * u32::from(autre_nature)
                        + 10 * u32::from(present.is_some_and(|y| y.lieu != salle.nom))
                        + 120 * u32::from(k > 0);
                    v.push((prix, x));
                }
            }
        }
    }
    v
}

/// Personne ni aucune salle n'y est déjà, et personne n'est empêché.
fn est_libre(s: &Session, x: &Passage) -> bool {
    let recouvre = |debut: Time, fin: Time| debut < x.fin && x.debut < fin;
    let pris = s.planning.passages.iter().any(|y| {
        if y.candidat == x.candidat && y.epreuve == x.epreuve {
            return false;
        }
        x.recouvre(y)
            && (y.candidat == x.candidat
                || y.lieu == x.lieu
                || y.jury.iter().any(|j| x.jury.contains(j))
                || (x.surveillant.is_some() && y.surveillant == x.surveillant))
    });
    let delibere = s.planning.deliberations.iter().any(|d| {
        d.date == x.date && recouvre(d.debut, d.fin) && d.jury.iter().any(|j| x.jury.contains(j))
    });
    let empeche = s.planning.empechements.iter().any(|e| {
        e.date == x.date
            && recouvre(e.de, e.a)
            && match &e.qui {
                Empeche::Jure(j) => x.jury.contains(j),
                Empeche::Surveillant(v) => x.surveillant.as_ref() == Some(v),
                Empeche::Candidat(c) => *c == x.candidat,
                Empeche::Salle(nom) => *nom == x.lieu,
            }
    });
    !(pris || delibere || empeche)
}
