//! La lecture stricte de tp-planning/1 : chaque refus nomme son champ.

use super::*;
use crate::grille::PAS_MAX;
use serde_json::Value;

/// Plus grand nombre d'éléments d'une liste.
const LISTE_MAX: usize = 20_000;
/// Plus grand nombre de cases (ressources × jours) du modèle.
const CASES_MAX: usize = 400_000;

type R<T> = Result<T, Illisible>;

fn refus<T>(champ: impl Into<String>, phrase: impl Into<String>) -> R<T> {
    Err(Illisible {
        champ: champ.into(),
        phrase: phrase.into(),
    })
}

/// Une valeur et son chemin.
#[derive(Clone)]
struct Noeud<'a>(&'a Value, String);

impl<'a> Noeud<'a> {
    fn champ(&self, nom: &str) -> R<Noeud<'a>> {
        let chemin = if self.1.is_empty() {
            nom.to_owned()
        } else {
            format!("{}.{nom}", self.1)
        };
        let Some(objet) = self.0.as_object() else {
            return refus(&self.1, "on attend un objet.");
        };
        match objet.get(nom) {
            Some(v) => Ok(Noeud(v, chemin)),
            None => refus(chemin, "ce champ manque ; ajoutez-le."),
        }
    }

    fn si_present(&self, nom: &str) -> Option<Noeud<'a>> {
        self.champ(nom).ok()
    }

    fn entier(&self, min: i64, max: i64) -> R<i64> {
        match self.0.as_i64() {
            Some(n) if (min..=max).contains(&n) => Ok(n),
            _ => refus(
                &self.1,
                format!("on attend un nombre entier de {min} à {max}."),
            ),
        }
    }

    fn texte(&self) -> R<String> {
        match self.0.as_str() {
            Some(t) if !t.is_empty() && t.len() <= 500 => Ok(t.to_owned()),
            _ => refus(&self.1, "on attend un texte de 1 à 500 octets."),
        }
    }

    fn bool(&self) -> R<bool> {
        self.0
            .as_bool()
            .map_or_else(|| refus(&self.1, "on attend true ou false."), Ok)
    }

    fn liste(&self, min: usize) -> R<Vec<Noeud<'a>>> {
        let Some(l) = self.0.as_array() else {
            return refus(&self.1, "on attend une liste.");
        };
        if l.len() < min || l.len() > LISTE_MAX {
            return refus(
                &self.1,
                format!("on attend une liste de {min} à {LISTE_MAX} éléments."),
            );
        }
        Ok(l.iter()
            .enumerate()
            .map(|(i, v)| Noeud(v, format!("{}[{i}]", self.1)))
            .collect())
    }

    /// Le rang, dans `connus`, de l'identifiant écrit ici.
    fn rang(&self, connus: &Rangs) -> R<usize> {
        let id = self.texte()?;
        match connus.get(&id) {
            Some(i) => Ok(*i),
            None => refus(&self.1, format!("« {id} » n’est défini nulle part.")),
        }
    }

    fn rangs(&self, connus: &Rangs, min: usize) -> R<Vec<usize>> {
        self.liste(min)?.iter().map(|n| n.rang(connus)).collect()
    }
}

type Rangs = std::collections::BTreeMap<String, usize>;

/// Les identifiants d'une liste d'objets, tous différents.
fn identifiants(liste: &[Noeud<'_>]) -> R<Rangs> {
    let mut rangs = Rangs::new();
    for (i, n) in liste.iter().enumerate() {
        let id = n.champ("id")?;
        if rangs.insert(id.texte()?, i).is_some() {
            return refus(id.1, "cet identifiant sert déjà ; donnez-en un autre.");
        }
    }
    Ok(rangs)
}

fn plages(n: &Noeud<'_>, jours: usize) -> R<Vec<Plage>> {
    n.liste(0)?
        .iter()
        .map(|p| {
            let jour = p.champ("day")?.entier(0, jours as i64 - 1)? as usize;
            let de = p.champ("from")?.entier(0, 1440)?;
            let a = p.champ("to")?;
            let fin = a.entier(0, 1440)?;
            if fin < de {
                return refus(a.1, "la fin précède le début.");
            }
            Ok((jour, de, fin))
        })
        .collect()
}

fn couples(n: &Noeud<'_>, ep: &Rangs, liste: &[usize]) -> R<Vec<(usize, usize)>> {
    n.liste(0)?
        .iter()
        .map(|p| {
            let l = p.rangs(ep, 2)?;
            if l.len() != 2 || l[0] == l[1] || l.iter().any(|e| !liste.contains(e)) {
                return refus(&p.1, "on attend deux épreuves différentes de ce parcours.");
            }
            Ok((l[0], l[1]))
        })
        .collect()
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

pub(super) fn lire(texte: &str) -> R<Instance> {
    let valeur: Value = match serde_json::from_str(texte) {
        Ok(v) => v,
        Err(e) => {
            return refus(
                "fichier",
                format!(
                    "ce n’est pas du JSON, ligne {}, colonne {}.",
                    e.line(),
                    e.column()
                ),
            );
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
    let liste_jours = n.champ("days")?.liste(1)?;
    if liste_jours.len() > 400 {
        return refus("days", "on attend 400 jours au plus.");
    }
    let (mut jours, mut dates) = (vec![], vec![]);
    for (i, j) in liste_jours.iter().enumerate() {
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
    let nj = jours.len();
    let mut sites = vec![];
    for s in n.champ("sites")?.liste(1)? {
        let t = s.texte()?;
        if sites.contains(&t) {
            return refus(s.1, "ce site est déjà nommé.");
        }
        sites.push(t);
    }
    let rs: Rangs = sites.iter().cloned().zip(0..).collect();
    let d = n.champ("lunch")?;
    let de = d.champ("from")?.entier(0, 1440)?;
    let a = d.champ("to")?.entier(0, 1440)?;
    let dejeuner = (de, a, d.champ("minutes")?.entier(0, 1440)?);
    if a < de || a - de < dejeuner.2 {
        return refus(
            "lunch.minutes",
            "le déjeuner ne tient pas entre lunch.from et lunch.to.",
        );
    }
    let dl = n.champ("deliberation")?;
    let deliberation = (
        dl.champ("base")?.entier(0, 1440)?,
        dl.champ("per_candidate")?.entier(0, 1440)?,
    );

    let le = n.champ("epreuves")?.liste(1)?;
    let re = identifiants(&le)?;
    let mut epreuves = vec![];
    for e in &le {
        let salle = e.champ("room_kind")?;
        let sup = e.champ("supervision")?;
        epreuves.push(Epreuve {
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
        });
    }
    let lp = n.champ("parcours")?.liste(1)?;
    let rp = identifiants(&lp)?;
    let mut parcours = vec![];
    for p in &lp {
        let champ = p.champ("epreuves")?;
        let liste = champ.rangs(&re, 1)?;
        if liste.len() > 64 || (1..liste.len()).any(|i| liste[..i].contains(&liste[i])) {
            return refus(champ.1, "on attend 64 épreuves au plus, chacune une fois.");
        }
        let mut meme_jury = vec![];
        for g in p.champ("same_jury")?.liste(0)? {
            let l = g.rangs(&re, 1)?;
            if l.iter().any(|e| !liste.contains(e)) {
                return refus(g.1, "on attend des épreuves de ce parcours.");
            }
            meme_jury.push(l);
        }
        let lu = Parcours {
            id: p.champ("id")?.texte()?,
            precedences: couples(&p.champ("precedences")?, &re, &liste)?,
            chaines: couples(&p.champ("chains")?, &re, &liste)?,
            epreuves: liste,
            meme_jury,
        };
        sans_cercle(&lu, &p.1)?;
        parcours.push(lu);
    }
    let lr = n.champ("rooms")?.liste(0)?;
    let rr = identifiants(&lr)?;
    let mut salles = vec![];
    for r in &lr {
        salles.push(Salle {
            id: r.champ("id")?.texte()?,
            site: r.champ("site")?.rang(&rs)?,
            nature: r.champ("kind")?.texte()?,
            places: r.champ("capacity")?.entier(0, 100_000)? as usize,
            accessible: r.champ("accessible")?.bool()?,
            prises: plages(&r.champ("unavailable")?, nj)?,
        });
    }
    let lm = n.champ("members")?.liste(0)?;
    let rm = identifiants(&lm)?;
    let mut membres = vec![];
    for m in &lm {
        membres.push(personne(m, nj, vec![])?);
    }
    let lj = n.champ("juries")?.liste(0)?;
    let rj = identifiants(&lj)?;
    let mut jurys = vec![];
    for j in &lj {
        let champ = j.champ("members")?;
        let liste = champ.rangs(&rm, 1)?;
        if (1..liste.len()).any(|i| liste[..i].contains(&liste[i])) {
            return refus(champ.1, "un membre est nommé deux fois.");
        }
        jurys.push(Jury {
            id: j.champ("id")?.texte()?,
            membres: liste,
            sites: j.champ("sites")?.rangs(&rs, 0)?,
        });
    }
    let ls = n.champ("surveillants")?.liste(0)?;
    let rv = identifiants(&ls)?;
    let mut surveillants = vec![];
    for s in &ls {
        surveillants.push(personne(s, nj, s.champ("sites")?.rangs(&rs, 0)?)?);
    }
    let lc = n.champ("candidates")?.liste(1)?;
    let rc = identifiants(&lc)?;
    let mut candidats = vec![];
    for c in &lc {
        let dispo = c.champ("availability")?;
        let (mut cm, mut cs) = (vec![], vec![]);
        for x in c.champ("conflicts")?.liste(0)? {
            let id = x.texte()?;
            match (rm.get(&id), rv.get(&id)) {
                (None, None) => {
                    return refus(
                        x.1,
                        format!("« {id} » n’est ni un membre ni un surveillant."),
                    );
                }
                (m, s) => {
                    cm.extend(m);
                    cs.extend(s);
                }
            }
        }
        candidats.push(Candidat {
            id: c.champ("id")?.texte()?,
            site: c.champ("site")?.rang(&rs)?,
            parcours: c.champ("parcours")?.rang(&rp)?,
            tiers_temps: c.champ("tiers_temps")?.bool()?,
            pmr: c.champ("pmr")?.bool()?,
            dispo: if dispo.0.is_null() {
                None
            } else {
                Some(plages(&dispo, nj)?)
            },
            conflits_membres: cm,
            conflits_surveillants: cs,
        });
    }
    let ressources =
        salles.len() + membres.len() + jurys.len() + surveillants.len() + candidats.len();
    if ressources * nj > CASES_MAX {
        return refus(
            "days",
            format!(
                "trop de jours pour autant de ressources ({ressources} × {nj}, {CASES_MAX} au plus)."
            ),
        );
    }
    let mut epingles = vec![];
    let vide = Value::Array(vec![]);
    for p in n
        .si_present("pins")
        .unwrap_or(Noeud(&vide, "pins".into()))
        .liste(0)?
    {
        epingles.push(epingle(&p, nj, (&rc, &re), (&rr, &rj, &rv))?);
        let e = epingles.last().expect("invariant : on vient de l'ajouter");
        if !parcours[candidats[e.candidat].parcours]
            .epreuves
            .contains(&e.epreuve)
        {
            return refus(
                format!("{}.epreuve", p.1),
                "cette épreuve n’est pas du parcours du candidat.",
            );
        }
    }
    let w = n.champ("weights")?;
    let poids = |nom: &str| w.champ(nom)?.entier(0, 100_000);
    Ok(Instance {
        id: n.champ("id")?.texte()?,
        pas,
        jours,
        dates,
        sites,
        dejeuner,
        pause: n.champ("candidate_break")?.entier(0, 1440)?,
        candidat_max: n.champ("candidate_max_minutes")?.entier(0, 1440)?,
        deliberation,
        epreuves,
        parcours,
        salles,
        membres,
        jurys,
        surveillants,
        candidats,
        epingles,
        reprise: reprise(&n, nj, pas, &rj)?,
        poids: Poids {
            fin: poids("makespan")?,
            attente: poids("wait")?,
            pire_attente: poids("max_wait")?,
            temps_mort: poids("idle")?,
            continuite: poids("continuity")?,
            jour_de_plus: poids("extra_day")?,
            // Propre à Garant : le format commun ne le connaît pas.
            seance: if w.0.get("seance").is_some() {
                poids("seance")?
            } else {
                0
            },
        },
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

fn epingle(
    p: &Noeud<'_>,
    jours: usize,
    (rc, re): (&Rangs, &Rangs),
    (rr, rj, rv): (&Rangs, &Rangs, &Rangs),
) -> R<Epingle> {
    let nul = |nom: &str, rangs: &Rangs| -> R<Option<Option<usize>>> {
        match p.si_present(nom) {
            None => Ok(None),
            Some(x) if x.0.is_null() => Ok(Some(None)),
            Some(x) => Ok(Some(Some(x.rang(rangs)?))),
        }
    };
    Ok(Epingle {
        candidat: p.champ("candidate")?.rang(rc)?,
        epreuve: p.champ("epreuve")?.rang(re)?,
        jour: match p.si_present("day") {
            Some(x) => Some(x.entier(0, jours as i64 - 1)? as usize),
            None => None,
        },
        debut: match p.si_present("start") {
            Some(x) => Some(x.entier(0, 1440)?),
            None => None,
        },
        salle: nul("room", rr)?,
        jury: nul("jury", rj)?,
        surveillant: nul("surveillant", rv)?,
    })
}

fn reprise(n: &Noeud<'_>, jours: usize, pas: i64, rj: &Rangs) -> R<Option<Reprise>> {
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
    for (i, t) in reference.tasks.iter().enumerate() {
        if !(0..jours as i64).contains(&t.day)
            || !(0..=1440).contains(&t.start)
            || t.start % pas != 0
        {
            return refus(
                format!("{}.tasks[{i}].start", champ.1),
                "jour ou début hors de la session.",
            );
        }
    }
    for (i, t) in reference.deliberations.iter().enumerate() {
        if !(0..jours as i64).contains(&t.day)
            || !(0..=1440).contains(&t.start)
            || t.start % pas != 0
        {
            return refus(
                format!("{}.deliberations[{i}].start", champ.1),
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
