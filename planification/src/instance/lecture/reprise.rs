//! Ce qui ne doit pas bouger : les épingles, et la reprise d'une session commencée.

use super::Noms;
use super::noeud::{Noeud, R, Rangs, refus};
use crate::instance::{Epingle, Reprise};
use crate::solution::Plan;

/// Une épingle ; le parcours du candidat se vérifie ensuite.
pub(super) fn epingle(p: &Noeud<'_>, jours: usize, noms: &Noms) -> R<Epingle> {
    let nul = |nom: &str, rangs: &Rangs| -> R<Option<Option<usize>>> {
        match p.si_present(nom) {
            None => Ok(None),
            Some(x) if x.0.is_null() => Ok(Some(None)),
            Some(x) => Ok(Some(Some(x.rang(rangs)?))),
        }
    };
    Ok(Epingle {
        candidat: p.champ("candidate")?.rang(&noms.candidats)?,
        epreuve: p.champ("epreuve")?.rang(&noms.epreuves)?,
        jour: match p.si_present("day") {
            Some(x) => Some(x.entier(0, jours as i64 - 1)? as usize),
            None => None,
        },
        debut: match p.si_present("start") {
            Some(x) => Some(x.entier(0, 1440)?),
            None => None,
        },
        salle: nul("room", &noms.salles)?,
        jury: nul("jury", &noms.jurys)?,
        surveillant: nul("surveillant", &noms.surveillants)?,
    })
}

/// La reprise en cours de session, s'il y en a une.
pub(super) fn reprise(n: &Noeud<'_>, jours: usize, pas: i64, rj: &Rangs) -> R<Option<Reprise>> {
    let Some(r) = n.si_present("replan").filter(|r| !r.0.is_null()) else {
        return Ok(None);
    };
    let m = r.champ("now")?;
    let maintenant = (
        m.champ("day")?.entier(0, jours as i64 - 1)? as usize,
        m.champ("minute")?.entier(0, 1440)?,
    );
    let mut substituts = vec![];
    if let Some(s) = r.si_present("substitute") {
        let Some(objet) = s.0.as_object() else {
            return refus(s.1, "on attend un objet jury → jury.");
        };
        for (de, vers) in objet {
            let chemin = format!("{}.{de}", s.1);
            let Some(de) = rj.get(de) else {
                return refus(chemin, "ce jury n’est défini nulle part.");
            };
            substituts.push((*de, Noeud(vers, chemin).rang(rj)?));
        }
    }
    let champ = r.champ("reference")?;
    let reference: Plan = match serde_json::from_value(champ.0.clone()) {
        Ok(p) => p,
        Err(_) => {
            return refus(
                champ.1,
                "le plan de référence ne se lit pas ; vérifiez ses tâches.",
            );
        }
    };
    let taches = reference.tasks.iter().map(|t| (t.day, t.start));
    let deliberations = reference.deliberations.iter().map(|d| (d.day, d.start));
    let tout = (taches.enumerate().map(|x| ("tasks", x)))
        .chain(deliberations.enumerate().map(|x| ("deliberations", x)));
    for (liste, (i, (jour, debut))) in tout {
        let du_jour = (0..jours as i64).contains(&jour) && (0..=1440).contains(&debut);
        if !du_jour || debut % pas != 0 {
            return refus(
                format!("{}.{liste}[{i}].start", champ.1),
                "jour ou début hors de la session.",
            );
        }
    }
    Ok(Some(Reprise {
        maintenant,
        substituts,
        reference,
    }))
}
