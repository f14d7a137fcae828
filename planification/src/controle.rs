//! Le contrôle d'un plan : toutes les règles dures et toutes les composantes, sans rien partager avec le moteur.

mod objectif;
mod phrases;
mod ressources;

pub use objectif::{Composantes, Mesure};
pub(crate) use phrases::heure;

use crate::instance::{Encadrement, Instance};
use crate::solution::{Plan, Tache};
use std::collections::{BTreeMap, BTreeSet};

/// Une règle dure enfreinte : son code et de quoi la retrouver.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Manquement {
    /// Code de la règle (`OVERLAP`, `LUNCH`…).
    pub code: &'static str,
    /// Qui, quoi, quand.
    pub objet: String,
    /// La phrase à montrer.
    pub phrase: String,
    /// Le candidat en cause, s'il y en a un seul.
    pub candidat: Option<String>,
    /// L'épreuve en cause, s'il y en a une seule.
    pub epreuve: Option<String>,
}

/// Une tâche relue : rangs et minutes.
#[derive(Debug, Clone)]
struct Lue {
    cand: usize,
    ep: usize,
    jour: usize,
    debut: i64,
    fin: i64,
    salle: Option<usize>,
    jury: Option<usize>,
    surv: Option<usize>,
    figee: bool,
}

/// Un moment pris : début, fin, site.
type Moment = (i64, i64, Option<usize>);
/// Nature (salle, membre, surveillant), rang, jour.
type Cle = (char, usize, usize);

struct Examen<'a> {
    inst: &'a Instance,
    plan: &'a Plan,
    manquements: Vec<Manquement>,
    taches: BTreeMap<(usize, usize), Lue>,
    restes: BTreeSet<usize>,
    pris: BTreeMap<Cle, Vec<Moment>>,
}

/// Contrôle un plan : les manquements, et la mesure de l'objectif.
///
/// # Errors
/// Une phrase quand le plan n'est pas pour cette instance ou nomme un jour qui n'existe pas.
pub fn controler(inst: &Instance, plan: &Plan) -> Result<(Vec<Manquement>, Mesure), String> {
    if plan.instance != inst.id {
        return Err(format!(
            "Ce plan est celui de « {} », pas de « {} ».",
            plan.instance, inst.id
        ));
    }
    let mut x = Examen {
        inst,
        plan,
        manquements: vec![],
        taches: BTreeMap::new(),
        restes: BTreeSet::new(),
        pris: BTreeMap::new(),
    };
    x.lire()?;
    x.presence();
    x.chaque_tache();
    x.seances();
    x.deliberations()?;
    x.ressources();
    x.candidats();
    let mesure = x.mesurer();
    Ok((x.manquements, mesure))
}

fn rang<T>(liste: &[T], id: &str, nom: impl Fn(&T) -> &str) -> Option<usize> {
    liste.iter().position(|x| nom(x) == id)
}

/// `[a, b[` tient-il dans la réunion des plages du jour ?
fn dedans(plages: &[(usize, i64, i64)], jour: usize, a: i64, b: i64) -> bool {
    let mut du_jour: Vec<(i64, i64)> = plages
        .iter()
        .filter(|p| p.0 == jour)
        .map(|p| (p.1, p.2))
        .collect();
    du_jour.sort_unstable();
    let mut t = a;
    for (de, fin) in du_jour {
        if de <= t && t < fin {
            t = fin;
        }
        if t >= b {
            return true;
        }
    }
    t >= b
}

impl Examen<'_> {
    fn dire(&mut self, code: &'static str, objet: impl Into<String>) {
        self.noter(code, objet.into(), (None, None));
    }

    /// Comme [`Self::dire`], en nommant le candidat et l'épreuve.
    fn dire_de(&mut self, code: &'static str, cand: &str, ep: Option<&str>) {
        let objet = ep.map_or_else(|| cand.to_owned(), |e| format!("{cand}/{e}"));
        self.noter(code, objet, (Some(cand.to_owned()), ep.map(str::to_owned)));
    }

    fn noter(
        &mut self,
        code: &'static str,
        objet: String,
        (candidat, epreuve): (Option<String>, Option<String>),
    ) {
        let phrase = phrases::phrase(code, &objet);
        self.manquements.push(Manquement {
            code,
            objet,
            phrase,
            candidat,
            epreuve,
        });
    }

    /// « 2026-06-15 à 9 h 05 ».
    fn quand(&self, jour: usize, debut: i64) -> String {
        format!("le {} à {}", self.inst.dates[jour], heure(debut))
    }

    fn est_passe(&self, jour: i64, debut: i64) -> bool {
        self.inst
            .reprise
            .as_ref()
            .is_some_and(|r| (jour, debut) < (r.maintenant.0 as i64, r.maintenant.1))
    }

    /// La tâche de la référence qui avait commencé.
    fn figee(&self, c: usize, e: usize) -> Option<&Tache> {
        let r = self.inst.reprise.as_ref()?;
        let (c, e) = (&self.inst.candidats[c].id, &self.inst.epreuves[e].id);
        r.reference
            .tasks
            .iter()
            .rfind(|t| t.candidate == *c && t.epreuve == *e && self.est_passe(t.day, t.start))
    }

    fn lire(&mut self) -> Result<(), String> {
        let (inst, plan) = (self.inst, self.plan);
        let noms: BTreeSet<&String> = plan.unplanned.iter().collect();
        if noms.len() != plan.unplanned.len() {
            self.dire("DUP", "unplanned");
        }
        for id in &plan.unplanned {
            match rang(&inst.candidats, id, |c| &c.id) {
                Some(c) => {
                    self.restes.insert(c);
                }
                None => self.dire("UNKNOWN", id),
            }
        }
        let cands: BTreeMap<&str, usize> = inst
            .candidats
            .iter()
            .map(|c| c.id.as_str())
            .zip(0..)
            .collect();
        for t in &plan.tasks {
            let objet = format!("{}/{}", t.candidate, t.epreuve);
            let (qui, quoi) = (t.candidate.as_str(), Some(t.epreuve.as_str()));
            let (Some(&c), Some(e)) = (
                cands.get(t.candidate.as_str()),
                rang(&inst.epreuves, &t.epreuve, |e| &e.id),
            ) else {
                self.dire_de("UNKNOWN", qui, quoi);
                continue;
            };
            if !inst.parcours[inst.candidats[c].parcours]
                .epreuves
                .contains(&e)
            {
                self.dire_de("EXTRA", qui, quoi);
                continue;
            }
            if self.taches.contains_key(&(c, e)) {
                self.dire_de("DUP", qui, quoi);
                continue;
            }
            if t.day < 0 || t.day >= inst.jours.len() as i64 {
                return Err(format!("{objet} : le jour {} n’existe pas.", t.day));
            }
            let salle = t.room.as_ref().map(|r| rang(&inst.salles, r, |s| &s.id));
            let jury = t.jury.as_ref().map(|r| rang(&inst.jurys, r, |s| &s.id));
            let surv = t
                .surveillant
                .as_ref()
                .map(|r| rang(&inst.surveillants, r, |s| &s.id));
            let inconnus = [salle, jury, surv]
                .iter()
                .filter(|x| **x == Some(None))
                .count();
            if inconnus > 0 {
                (0..inconnus).for_each(|_| self.dire_de("UNKNOWN", qui, quoi));
                continue;
            }
            let lue = Lue {
                cand: c,
                ep: e,
                jour: t.day as usize,
                debut: t.start,
                fin: t.start.saturating_add(inst.duree(e, c)),
                salle: salle.flatten(),
                jury: jury.flatten(),
                surv: surv.flatten(),
                figee: self.figee(c, e).is_some(),
            };
            self.taches.insert((c, e), lue);
        }
        Ok(())
    }

    /// MISSING, UNPLANNED, FROZEN, PIN.
    fn presence(&mut self) {
        let inst = self.inst;
        for (c, cand) in inst.candidats.iter().enumerate() {
            for &e in &inst.parcours[cand.parcours].epreuves {
                let quoi = Some(inst.epreuves[e].id.as_str());
                let placee = self.taches.contains_key(&(c, e));
                let figee = self.figee(c, e).is_some();
                if self.restes.contains(&c) {
                    if placee && !figee {
                        self.dire_de("UNPLANNED", &cand.id, quoi);
                    }
                } else if !placee {
                    self.dire_de("MISSING", &cand.id, quoi);
                }
            }
        }
        if let Some(r) = &inst.reprise {
            let mut vues = BTreeSet::new();
            for t in r.reference.tasks.iter().rev() {
                let Some(c) = rang(&inst.candidats, &t.candidate, |c| &c.id) else {
                    continue;
                };
                if !self.est_passe(t.day, t.start) || !vues.insert((c, &t.epreuve)) {
                    continue;
                }
                let e = rang(&inst.epreuves, &t.epreuve, |e| &e.id);
                let meme = e.and_then(|e| self.taches.get(&(c, e))).is_some_and(|l| {
                    let nom = |x: Option<String>, y: &Option<String>| x == *y;
                    l.jour as i64 == t.day
                        && l.debut == t.start
                        && nom(l.salle.map(|s| inst.salles[s].id.clone()), &t.room)
                        && nom(l.jury.map(|s| inst.jurys[s].id.clone()), &t.jury)
                        && nom(
                            l.surv.map(|s| inst.surveillants[s].id.clone()),
                            &t.surveillant,
                        )
                });
                if !meme {
                    self.dire_de("FROZEN", &t.candidate, Some(&t.epreuve));
                }
            }
        }
        for p in &inst.epingles {
            let tient = self.taches.get(&(p.candidat, p.epreuve)).is_some_and(|l| {
                p.jour.is_none_or(|j| j == l.jour)
                    && p.debut.is_none_or(|d| d == l.debut)
                    && p.salle.is_none_or(|s| s == l.salle)
                    && p.jury.is_none_or(|s| s == l.jury)
                    && p.surveillant.is_none_or(|s| s == l.surv)
            });
            if !tient {
                self.dire_de(
                    "PIN",
                    &inst.candidats[p.candidat].id,
                    Some(&inst.epreuves[p.epreuve].id),
                );
            }
        }
    }

    /// Les règles d'une tâche seule.
    fn chaque_tache(&mut self) {
        let inst = self.inst;
        let toutes: Vec<Lue> = self.taches.values().cloned().collect();
        for t in toutes {
            let (cand, ep) = (&inst.candidats[t.cand], &inst.epreuves[t.ep]);
            let (ouvre, ferme) = inst.jours[t.jour];
            let mut codes: Vec<&'static str> = vec![];
            if t.debut.rem_euclid(inst.pas) != 0 {
                codes.push("GRID");
            }
            if t.debut < ouvre || t.fin > ferme {
                codes.push("HOURS");
            }
            if !t.figee && self.est_passe(t.jour as i64, t.debut) {
                codes.push("PAST");
            }
            if ep.present && !t.figee {
                let libre = match &cand.dispo {
                    Some(d) => dedans(d, t.jour, t.debut, t.fin),
                    None => dedans(&[(t.jour, ouvre, ferme)], t.jour, t.debut, t.fin),
                };
                if !libre {
                    codes.push("CAND_AVAIL");
                }
            }
            match (&ep.salle, t.salle) {
                (None, Some(_)) | (Some(_), None) => codes.push("ROOM"),
                (None, None) => {}
                (Some(nature), Some(s)) => {
                    let s = &inst.salles[s];
                    if s.nature != *nature {
                        codes.push("ROOM");
                    }
                    if s.site != cand.site {
                        codes.push("SITE");
                    }
                    if cand.pmr && ep.present && !s.accessible {
                        codes.push("PMR");
                    }
                    if !t.figee {
                        let n = s
                            .prises
                            .iter()
                            .filter(|u| u.0 == t.jour && u.1 < t.fin && t.debut < u.2)
                            .count();
                        codes.extend(std::iter::repeat_n("ROOM_AVAIL", n));
                    }
                }
            }
            let (voulu, autre) = match ep.encadrement {
                Encadrement::Jury => (t.jury, t.surv),
                Encadrement::Surveillant => (t.surv, t.jury),
            };
            if autre.is_some() {
                codes.push("SUPERVISION");
            }
            match (ep.encadrement, voulu) {
                (_, None) => codes.push("SUPERVISION"),
                (Encadrement::Jury, Some(j)) => {
                    if !inst.jurys[j].sites.contains(&cand.site) {
                        codes.push("SITE");
                    }
                    for m in &inst.jurys[j].membres {
                        if cand.conflits_membres.contains(m) {
                            codes.push("CONFLICT");
                        }
                        if !t.figee && !dedans(&inst.membres[*m].dispo, t.jour, t.debut, t.fin) {
                            codes.push("JURY_AVAIL");
                        }
                    }
                }
                (Encadrement::Surveillant, Some(s)) => {
                    if !inst.surveillants[s].sites.contains(&cand.site) {
                        codes.push("SITE");
                    }
                    if cand.conflits_surveillants.contains(&s) {
                        codes.push("CONFLICT");
                    }
                    if !t.figee && !dedans(&inst.surveillants[s].dispo, t.jour, t.debut, t.fin) {
                        codes.push("SURV_AVAIL");
                    }
                }
            }
            for code in codes {
                self.dire_de(code, &cand.id, Some(&ep.id));
            }
        }
    }
}
