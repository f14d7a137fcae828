//! Le retour : un plan du moteur redevient des passages de la session, et un planning redevient un plan à contrôler.

use super::aller::{Pont, arrondi_bas};
use metier::planning::{Passage, Seance};
use metier::{CandidatId, PersonneId, Session, temps};
use planification::Plan;
use planification::instance::Encadrement;
use planification::solution::{Deliberation, SCHEMA, Tache};

fn minutes(t: jiff::civil::Time) -> i64 {
    i64::from(temps::minutes(t))
}

fn heure(m: i64) -> Option<jiff::civil::Time> {
    temps::depuis_minutes(u32::try_from(m).ok()?)
}

impl Pont {
    /// Les passages et les délibérations de ce plan.
    pub fn passages(&self, s: &Session, plan: &Plan) -> (Vec<Passage>, Vec<Seance>) {
        let mut passages: Vec<Passage> =
            plan.tasks.iter().filter_map(|t| self.passage(t)).collect();
        passages.sort_by(|a, b| {
            (a.date, a.debut, &a.lieu, &a.candidat).cmp(&(b.date, b.debut, &b.lieu, &b.candidat))
        });
        self.surveiller(s, &mut passages);
        let deliberations = plan
            .deliberations
            .iter()
            .filter_map(|d| self.deliberation(plan, d))
            .collect();
        (passages, deliberations)
    }

    /// Les candidats que le plan laisse de côté.
    pub fn restes(&self, plan: &Plan) -> Vec<CandidatId> {
        plan.unplanned
            .iter()
            .filter_map(|id| {
                let rang = self.instance.candidats.iter().position(|c| c.id == *id)?;
                Some(self.candidats[rang].clone())
            })
            .collect()
    }

    pub(super) fn passage(&self, t: &Tache) -> Option<Passage> {
        let inst = &self.instance;
        let c = inst.candidats.iter().position(|c| c.id == t.candidate)?;
        let e = inst.epreuves.iter().position(|e| e.id == t.epreuve)?;
        let epreuve = &self.epreuves[e];
        let jury = match &t.jury {
            Some(id) => self.jurys[inst.jurys.iter().position(|j| j.id == *id)?].clone(),
            None => vec![],
        };
        let surveillant = match &t.surveillant {
            Some(id) => {
                self.surveillants[inst.surveillants.iter().position(|x| x.id == *id)?].clone()
            }
            None => None,
        };
        let lieu = match &t.room {
            Some(id) => self.salles[inst.salles.iter().position(|x| x.id == *id)?].clone(),
            None => String::new(),
        };
        let majoree = inst.candidats[c].tiers_temps && inst.epreuves[e].prolongeable;
        let duree = if majoree {
            epreuve.minutes + epreuve.minutes.div_ceil(3)
        } else {
            epreuve.minutes
        };
        let neuf = Passage {
            candidat: self.candidats[c].clone(),
            epreuve: epreuve.code.clone(),
            lieu,
            date: *self.jours.get(usize::try_from(t.day).ok()?)?,
            debut: heure(t.start)?,
            fin: heure(t.start + i64::from(duree))?,
            jury,
            surveillant,
        };
        // Un passage tenu qui n'a pas bougé garde ses minutes exactes, son lieu et ceux qui l'encadrent.
        let tenu = self
            .tenus
            .get(&(neuf.candidat.clone(), neuf.epreuve.clone()))
            .filter(|x| {
                self.tache(x)
                    .as_ref()
                    .is_some_and(|ancienne| meme_place(ancienne, t))
            });
        Some(tenu.cloned().unwrap_or(neuf))
    }

    fn deliberation(&self, plan: &Plan, d: &Deliberation) -> Option<Seance> {
        let rang = self.instance.jurys.iter().position(|j| j.id == d.jury)?;
        let jury = self.jurys[rang].clone();
        if jury.is_empty() {
            return None;
        }
        let statues = self
            .instance
            .candidats
            .iter()
            .filter(|c| {
                let derniere = self.instance.parcours[c.parcours].epreuves.last();
                derniere.is_some_and(|e| {
                    let e = &self.instance.epreuves[*e].id;
                    plan.tasks.iter().any(|t| {
                        t.candidate == c.id && t.epreuve == *e && t.jury.as_ref() == Some(&d.jury)
                    })
                })
            })
            .count();
        Some(Seance {
            jury,
            date: *self.jours.get(usize::try_from(d.day).ok()?)?,
            debut: heure(d.start)?,
            fin: heure(d.start + self.instance.duree_deliberation(statues))?,
        })
    }

    /// Une épreuve où le jury n'est là qu'en partie demande aussi un surveillant : le premier libre.
    fn surveiller(&self, s: &Session, passages: &mut [Passage]) {
        let partielle = |code: &str| self.epreuves.iter().any(|e| e.code == code && e.partielle);
        for i in 0..passages.len() {
            if passages[i].surveillant.is_some() || !partielle(&passages[i].epreuve) {
                continue;
            }
            let ici = passages[i].clone();
            let libre = |v: &&PersonneId| {
                let empeche = s.planning.empechements.iter().any(|e| {
                    e.qui == metier::planning::Empeche::Surveillant((*v).clone())
                        && e.date == ici.date
                        && e.de < ici.fin
                        && ici.debut < e.a
                });
                let pris = passages.iter().any(|x| {
                    x.surveillant.as_ref() == Some(*v)
                        && x.recouvre(&ici)
                        && (&x.epreuve, x.debut, &x.lieu) != (&ici.epreuve, ici.debut, &ici.lieu)
                });
                !empeche && !pris
            };
            let choisi = self.surveillants.iter().flatten().find(libre).cloned();
            passages[i].surveillant = choisi;
        }
    }

    /// Un planning en plan, pour le contrôler ou pour en repartir. Les débuts sont ramenés au pas.
    pub fn plan(&self, passages: &[Passage], deliberations: &[Seance]) -> Plan {
        Plan {
            schema: SCHEMA.to_owned(),
            instance: self.instance.id.clone(),
            tasks: passages.iter().filter_map(|x| self.tache(x)).collect(),
            deliberations: deliberations
                .iter()
                .filter_map(|d| {
                    Some(Deliberation {
                        jury: self.instance.jurys[self.jury_de(&d.jury)?].id.clone(),
                        day: self.jours.iter().position(|j| *j == d.date)? as i64,
                        start: arrondi_bas(minutes(d.debut)),
                    })
                })
                .collect(),
            unplanned: vec![],
        }
    }

    pub(super) fn tache(&self, x: &Passage) -> Option<Tache> {
        let (c, e) = self.rangs(x)?;
        let inst = &self.instance;
        let devant = inst.epreuves[e].encadrement == Encadrement::Jury;
        Some(Tache {
            candidate: inst.candidats[c].id.clone(),
            epreuve: inst.epreuves[e].id.clone(),
            day: self.jours.iter().position(|d| *d == x.date)? as i64,
            start: arrondi_bas(minutes(x.debut)),
            room: self
                .salles
                .iter()
                .position(|y| *y == x.lieu)
                .map(|r| inst.salles[r].id.clone()),
            jury: self
                .jury_de(&x.jury)
                .filter(|_| devant)
                .map(|j| inst.jurys[j].id.clone()),
            surveillant: self
                .surveillants
                .iter()
                .position(|v| *v == x.surveillant)
                .filter(|_| !devant)
                .map(|v| inst.surveillants[v].id.clone()),
        })
    }
}

fn meme_place(a: &Tache, b: &Tache) -> bool {
    (a.day, a.start, &a.room, &a.jury, &a.surveillant)
        == (b.day, b.start, &b.room, &b.jury, &b.surveillant)
}
