//! La lecture stricte de tp-planning/1 : chaque refus nomme son champ.

mod noeud;
mod reprise;

use super::*;
use crate::grille::PAS_MAX;
use noeud::{Noeud, R, Rangs, couples, identifiants, plages, refus};
use reprise::{epingle, reprise};
use serde_json::Value;

/// Plus grand nombre de cases (ressources × jours) du modèle.
const CASES_MAX: usize = 400_000;

/// Les rangs de tout ce qui se nomme.
struct Noms {
    sites: Rangs,
    epreuves: Rangs,
    parcours: Rangs,
    salles: Rangs,
    membres: Rangs,
    jurys: Rangs,
    surveillants: Rangs,
    candidats: Rangs,
}

/// Lit une instance ; l'erreur nomme le premier champ fautif.
pub(super) fn lire(texte: &str) -> R<Instance> {
    let valeur: Value = match serde_json::from_str(texte) {
        Ok(v) => v,
        Err(e) => {
            let (ligne, colonne) = (e.line(), e.column());
            let phrase = format!("ce n’est pas du JSON, ligne {ligne}, colonne {colonne}.");
            return refus("fichier", phrase);
        }
    };
    let n = Noeud(&valeur, String::new());
    if !valeur.is_object() {
        return refus("fichier", "on attend un objet tp-planning/1.");
    }
    if n.champ("schema")?.0.as_str() != Some("tp-planning/1") {
        return refus("schema", "on attend « tp-planning/1 ».");
    }
    let pas = n.champ("grid")?.entier(5, 60)?;
    debug_assert!(1440 / pas <= i64::from(PAS_MAX));
    let (jours, dates) = lire_jours(&n)?;
    let nj = jours.len();
    let sites = lire_sites(&n)?;
    let noms = Noms {
        sites: sites.iter().cloned().zip(0..).collect(),
        epreuves: identifiants(&n, "epreuves", 1)?,
        parcours: identifiants(&n, "parcours", 1)?,
        salles: identifiants(&n, "rooms", 0)?,
        membres: identifiants(&n, "members", 0)?,
        jurys: identifiants(&n, "juries", 0)?,
        surveillants: identifiants(&n, "surveillants", 0)?,
        candidats: identifiants(&n, "candidates", 1)?,
    };
    let ressources = [&noms.salles, &noms.membres, &noms.jurys]
        .into_iter()
        .chain([&noms.surveillants, &noms.candidats])
        .map(Rangs::len)
        .sum::<usize>();
    if ressources * nj > CASES_MAX {
        let phrase = format!(
            "trop de jours pour autant de ressources ({ressources} × {nj}, {CASES_MAX} au plus)."
        );
        return refus("days", phrase);
    }
    let dl = n.champ("deliberation")?;
    let instance = Instance {
        id: n.champ("id")?.texte()?,
        pas,
        dejeuner: lire_dejeuner(&n)?,
        pause: n.champ("candidate_break")?.entier(0, 1440)?,
        candidat_max: n.champ("candidate_max_minutes")?.entier(0, 1440)?,
        deliberation: (
            dl.champ("base")?.entier(0, 1440)?,
            dl.champ("per_candidate")?.entier(0, 1440)?,
        ),
        epreuves: tous(&n, "epreuves", lire_epreuve)?,
        parcours: tous(&n, "parcours", |p| lire_parcours(p, &noms.epreuves))?,
        salles: tous(&n, "rooms", |r| lire_salle(r, &noms.sites, nj))?,
        membres: tous(&n, "members", |m| personne(m, nj, vec![]))?,
        jurys: tous(&n, "juries", |j| lire_jury(j, &noms))?,
        surveillants: tous(&n, "surveillants", |s| {
            personne(s, nj, s.champ("sites")?.rangs(&noms.sites, 0)?)
        })?,
        candidats: tous(&n, "candidates", |c| lire_candidat(c, &noms, nj))?,
        epingles: match n.si_present("pins") {
            Some(_) => tous(&n, "pins", |p| epingle(p, nj, &noms))?,
            None => vec![],
        },
        reprise: reprise(&n, nj, pas, &noms.jurys)?,
        poids: lire_poids(&n.champ("weights")?)?,
        jours,
        dates,
        sites,
    };
    for (i, e) in instance.epingles.iter().enumerate() {
        let parcours = &instance.parcours[instance.candidats[e.candidat].parcours];
        if !parcours.epreuves.contains(&e.epreuve) {
            return refus(
                format!("pins[{i}].epreuve"),
                "cette épreuve n’est pas du parcours du candidat.",
            );
        }
    }
    Ok(instance)
}

/// Chaque élément d'une liste, lu.
fn tous<T>(n: &Noeud<'_>, nom: &str, lire: impl Fn(&Noeud<'_>) -> R<T>) -> R<Vec<T>> {
    n.champ(nom)?.liste(0)?.iter().map(lire).collect()
}

/// Ouverture et fermeture, en minutes.
type Heures = (i64, i64);

/// L'ouverture et la fermeture de chaque jour, et sa date.
fn lire_jours(n: &Noeud<'_>) -> R<(Vec<Heures>, Vec<String>)> {
    let liste = n.champ("days")?.liste(1)?;
    if liste.len() > 400 {
        return refus("days", "on attend 400 jours au plus.");
    }
    let (mut jours, mut dates) = (vec![], vec![]);
    for (i, j) in liste.iter().enumerate() {
        let ouvre = j.champ("open")?.entier(0, 1440)?;
        let ferme = j.champ("close")?;
        let fin = ferme.entier(0, 1440)?;
        if fin <= ouvre {
            return refus(ferme.1, "la fermeture doit suivre l’ouverture.");
        }
        jours.push((ouvre, fin));
        dates.push(match j.si_present("date") {
            Some(d) => d.texte()?,
            None => format!("jour {}", i + 1),
        });
    }
    Ok((jours, dates))
}

fn lire_sites(n: &Noeud<'_>) -> R<Vec<String>> {
    let mut sites = vec![];
    for s in n.champ("sites")?.liste(1)? {
        let t = s.texte()?;
        if sites.contains(&t) {
            return refus(s.1, "ce site est déjà nommé.");
        }
        sites.push(t);
    }
    Ok(sites)
}

fn lire_dejeuner(n: &Noeud<'_>) -> R<(i64, i64, i64)> {
    let d = n.champ("lunch")?;
    let de = d.champ("from")?.entier(0, 1440)?;
    let a = d.champ("to")?.entier(0, 1440)?;
    let minutes = d.champ("minutes")?.entier(0, 1440)?;
    if a < de || a - de < minutes {
        return refus(
            "lunch.minutes",
            "le déjeuner ne tient pas entre lunch.from et lunch.to.",
        );
    }
    Ok((de, a, minutes))
}

fn lire_epreuve(e: &Noeud<'_>) -> R<Epreuve> {
    let salle = e.champ("room_kind")?;
    let sup = e.champ("supervision")?;
    Ok(Epreuve {
        id: e.champ("id")?.texte()?,
        nom: match e.si_present("label") {
            Some(l) => l.texte()?,
            None => e.champ("id")?.texte()?,
        },
        minutes: e.champ("minutes")?.entier(1, 1440)?,
        salle: if salle.0.is_null() {
            None
        } else {
            Some(salle.texte()?)
        },
        encadrement: match sup.0.as_str() {
            Some("jury") => Encadrement::Jury,
            Some("surveillant") => Encadrement::Surveillant,
            _ => return refus(sup.1, "on attend « jury » ou « surveillant »."),
        },
        groupe: e.champ("max_group")?.entier(1, 100_000)? as usize,
        debut_commun: e.champ("same_start_site")?.bool()?,
        present: e.champ("candidate_present")?.bool()?,
        prolongeable: e.champ("extendable")?.bool()?,
    })
}

fn lire_parcours(p: &Noeud<'_>, epreuves: &Rangs) -> R<Parcours> {
    let champ = p.champ("epreuves")?;
    let liste = champ.rangs(epreuves, 1)?;
    if liste.len() > 64 || (1..liste.len()).any(|i| liste[..i].contains(&liste[i])) {
        return refus(champ.1, "on attend 64 épreuves au plus, chacune une fois.");
    }
    let mut meme_jury = vec![];
    for g in p.champ("same_jury")?.liste(0)? {
        let l = g.rangs(epreuves, 1)?;
        if l.iter().any(|e| !liste.contains(e)) {
            return refus(g.1, "on attend des épreuves de ce parcours.");
        }
        meme_jury.push(l);
    }
    let lu = Parcours {
        id: p.champ("id")?.texte()?,
        precedences: couples(&p.champ("precedences")?, epreuves, &liste)?,
        chaines: couples(&p.champ("chains")?, epreuves, &liste)?,
        epreuves: liste,
        meme_jury,
    };
    sans_cercle(&lu, &p.1)?;
    Ok(lu)
}

/// Refuse un cercle (a avant b avant a).
fn sans_cercle(p: &Parcours, chemin: &str) -> R<()> {
    let mut reste = p.epreuves.clone();
    while !reste.is_empty() {
        let avant = reste.len();
        let garde: Vec<usize> = reste
            .iter()
            .copied()
            .filter(|e| {
                p.precedences
                    .iter()
                    .chain(&p.chaines)
                    .any(|(a, b)| b == e && reste.contains(a))
            })
            .collect();
        if garde.len() == avant {
            return refus(
                format!("{chemin}.precedences"),
                "ces épreuves se précèdent en cercle ; retirez une précédence.",
            );
        }
        reste = garde;
    }
    Ok(())
}

fn lire_salle(r: &Noeud<'_>, sites: &Rangs, jours: usize) -> R<Salle> {
    Ok(Salle {
        id: r.champ("id")?.texte()?,
        site: r.champ("site")?.rang(sites)?,
        nature: r.champ("kind")?.texte()?,
        places: r.champ("capacity")?.entier(0, 100_000)? as usize,
        accessible: r.champ("accessible")?.bool()?,
        prises: plages(&r.champ("unavailable")?, jours)?,
    })
}

fn personne(n: &Noeud<'_>, jours: usize, sites: Vec<usize>) -> R<Personne> {
    Ok(Personne {
        id: n.champ("id")?.texte()?,
        sites,
        dispo: plages(&n.champ("availability")?, jours)?,
        minutes_max: n.champ("max_minutes")?.entier(0, 1440)?,
    })
}

fn lire_jury(j: &Noeud<'_>, noms: &Noms) -> R<Jury> {
    let champ = j.champ("members")?;
    let membres = champ.rangs(&noms.membres, 1)?;
    if (1..membres.len()).any(|i| membres[..i].contains(&membres[i])) {
        return refus(champ.1, "un membre est nommé deux fois.");
    }
    Ok(Jury {
        id: j.champ("id")?.texte()?,
        membres,
        sites: j.champ("sites")?.rangs(&noms.sites, 0)?,
    })
}

fn lire_candidat(c: &Noeud<'_>, noms: &Noms, jours: usize) -> R<Candidat> {
    let dispo = c.champ("availability")?;
    let (mut conflits_membres, mut conflits_surveillants) = (vec![], vec![]);
    for x in c.champ("conflicts")?.liste(0)? {
        let id = x.texte()?;
        let (membre, surveillant) = (noms.membres.get(&id), noms.surveillants.get(&id));
        if membre.is_none() && surveillant.is_none() {
            let phrase = format!("« {id} » n’est ni un membre ni un surveillant.");
            return refus(x.1, phrase);
        }
        conflits_membres.extend(membre);
        conflits_surveillants.extend(surveillant);
    }
    Ok(Candidat {
        id: c.champ("id")?.texte()?,
        site: c.champ("site")?.rang(&noms.sites)?,
        parcours: c.champ("parcours")?.rang(&noms.parcours)?,
        tiers_temps: c.champ("tiers_temps")?.bool()?,
        pmr: c.champ("pmr")?.bool()?,
        dispo: if dispo.0.is_null() {
            None
        } else {
            Some(plages(&dispo, jours)?)
        },
        conflits_membres,
        conflits_surveillants,
    })
}

fn lire_poids(w: &Noeud<'_>) -> R<Poids> {
    let poids = |nom: &str| w.champ(nom)?.entier(0, 100_000);
    Ok(Poids {
        fin: poids("makespan")?,
        attente: poids("wait")?,
        pire_attente: poids("max_wait")?,
        temps_mort: poids("idle")?,
        continuite: poids("continuity")?,
        jour_de_plus: poids("extra_day")?,
        // Propre à Garant : le format commun ne le connaît pas.
        seance: match w.si_present("seance") {
            Some(n) => n.entier(0, 100_000)?,
            None => 0,
        },
    })
}
