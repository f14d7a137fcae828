//! L'instance compilée pour la recherche : tâches, unités insécables, ressources admises, grilles de départ.

mod ouvertures;
mod unites;

pub(crate) use ouvertures::{Jours, Ouverture};

use crate::grille::Grille;
use crate::instance::{Encadrement, Instance, Plage};
use crate::solution::Plan;

/// « Aucun » dans les rangs courts.
pub(crate) const NUL: u16 = u16::MAX;

/// Où une tâche est placée. `debut` en pas depuis minuit ; `enc` : rang du jury ou du surveillant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    pub jour: u16,
    pub debut: u16,
    pub salle: u16,
    pub enc: u16,
}

/// Une épreuve d'un candidat.
#[derive(Debug)]
pub(crate) struct Tache {
    pub cand: usize,
    pub ep: usize,
    /// En pas.
    pub duree: u16,
    pub present: bool,
    pub jury: bool,
    /// Peut partager sa séance.
    pub partage: usize,
    pub commun: bool,
    /// Salles et encadrants admis (nature, site, accès, conflits, épingle).
    pub salles: Vec<u16>,
    pub encs: Vec<u16>,
    pub sans_salle: bool,
    pub figee: Option<Place>,
    pub reference: Option<Place>,
    pub jour_fixe: Option<u16>,
    pub debut_fixe: Option<u16>,
    pub avant: Vec<usize>,
    pub apres: Vec<usize>,
    /// Tâche figée ou non dont celle-ci prend la suite.
    pub chaine_avant: Option<usize>,
    /// Tâches du même jury (sans groupe figé).
    pub meme_jury: Vec<usize>,
    pub dernier: bool,
}

/// Le modèle.
pub(crate) struct Modele<'a> {
    pub inst: &'a Instance,
    pub nj: usize,
    pub pas: i64,
    pub pause: u16,
    pub taches: Vec<Tache>,
    /// Tâches d'un candidat, dans l'ordre du parcours.
    pub de_candidat: Vec<std::ops::Range<usize>>,
    /// Unités d'un candidat (chaînes entières), dans un ordre qui respecte les précédences.
    pub unites: Vec<Vec<Vec<usize>>>,
    /// Débuts permis par jour (ouverture, et après maintenant).
    pub ouvert: Vec<Grille>,
    pub heures: Vec<Grille>,
    pub dispo_cand: Vec<Vec<Grille>>,
    pub dispo_membre: Vec<Vec<Grille>>,
    pub dispo_surv: Vec<Vec<Grille>>,
    pub dispo_salle: Vec<Vec<Grille>>,
    /// Jurys qui partagent un membre avec celui-ci, lui compris.
    pub lies: Vec<Vec<u16>>,
    pub jurys_de_membre: Vec<Vec<u16>>,
    pub substitut: Vec<u16>,
    pub delib_figee: Vec<Option<(u16, u16)>>,
    pub membre_max: Vec<i64>,
    /// Par jury, ceux dont la journée est tenue : tous ses membres, ou un seul s'ils ne siègent nulle part ailleurs.
    pub tenus: Vec<Vec<usize>>,
    /// Combien de membres compte la journée tenue de celui-ci.
    pub vaut: Vec<i64>,
    /// Journées de juré au moins, d'après le seul temps.
    pub journees_au_moins: i64,
    pub epingle: Vec<bool>,
    /// Par épreuve et site, puis jour : les débuts communs qui conviennent au plus grand nombre ; vide quand personne n'en a.
    pub debuts_communs: Vec<Vec<Grille>>,
    /// Par épreuve et site : ces débuts conviennent-ils à tous ?
    pub commun_a_tous: Vec<bool>,
    /// Rang de l'unité de chaque tâche, parmi celles de son candidat.
    pub unite_de: Vec<u16>,
    /// Tête d'une unité de jury que rien ne fixe, et qui ne se partage pas : elle se recale en série.
    pub mobile: Vec<bool>,
    /// Le jour et le pas où chaque tâche doit avoir fini, d'après les épingles de ce qui la suit.
    pub fin_max: Vec<(u16, u16)>,
    /// La fenêtre du déjeuner et ce qu'il demande, en pas, arrondis sans rien y gagner.
    pub dejeuner: (u16, u16, u16),
}

fn pas_de(plages: &[Plage], jour: usize, pas: i64) -> Grille {
    // Les plages se rejoignent avant d'être arrondies : 8 h-9 h 02 et 9 h 02-10 h font une seule plage.
    let mut du_jour: Vec<(i64, i64)> = plages
        .iter()
        .filter(|p| p.0 == jour)
        .map(|p| (p.1, p.2))
        .collect();
    du_jour.sort_unstable();
    let mut jointes: Vec<(i64, i64)> = vec![];
    for (a, b) in du_jour {
        match jointes.last_mut() {
            Some(d) if a <= d.1 => d.1 = d.1.max(b),
            _ => jointes.push((a, b)),
        }
    }
    jointes.iter().fold(Grille::default(), |g, (a, b)| {
        let (de, fin) = ((a + pas - 1) / pas, b / pas);
        if de < fin {
            g.ou(&Grille::plage(de as u16, fin as u16))
        } else {
            g
        }
    })
}

impl<'a> Modele<'a> {
    /// Compile une instance.
    pub(crate) fn new(inst: &'a Instance) -> Self {
        let (nj, pas) = (inst.jours.len(), inst.pas);
        let jours = 0..nj;
        let heures: Vec<Grille> = (0..nj)
            .map(|d| pas_de(&[(d, inst.jours[d].0, inst.jours[d].1)], d, pas))
            .collect();
        let ouvert = (0..nj)
            .map(|d| match &inst.reprise {
                Some(r) if d < r.maintenant.0 => Grille::default(),
                Some(r) if d == r.maintenant.0 => heures[d].et(&Grille::plage(
                    ((r.maintenant.1 + pas - 1) / pas) as u16,
                    u16::MAX,
                )),
                _ => heures[d],
            })
            .collect();
        let dispo =
            |p: &[Plage]| -> Vec<Grille> { jours.clone().map(|d| pas_de(p, d, pas)).collect() };
        let lies: Vec<Vec<u16>> = inst
            .jurys
            .iter()
            .map(|a| {
                (0..inst.jurys.len())
                    .filter(|j| inst.jurys[*j].membres.iter().any(|m| a.membres.contains(m)))
                    .map(|j| j as u16)
                    .collect()
            })
            .collect();
        let mut jurys_de_membre = vec![vec![]; inst.membres.len()];
        for (j, jury) in inst.jurys.iter().enumerate() {
            for m in &jury.membres {
                jurys_de_membre[*m].push(j as u16);
            }
        }
        let mut substitut: Vec<u16> = (0..inst.jurys.len() as u16).collect();
        let mut delib_figee = vec![None; inst.jurys.len()];
        if let Some(r) = &inst.reprise {
            for (a, b) in &r.substituts {
                substitut[*a] = *b as u16;
            }
            for d in &r.reference.deliberations {
                if (d.day as usize, d.start) < r.maintenant
                    && let Some(j) = inst.jurys.iter().position(|j| j.id == d.jury)
                {
                    delib_figee[j] = Some((d.day as u16, (d.start / pas) as u16));
                }
            }
        }
        let mut modele = Self {
            nj,
            pas,
            pause: ((inst.pause + pas - 1) / pas) as u16,
            taches: vec![],
            de_candidat: vec![],
            unites: vec![],
            ouvert,
            heures,
            dispo_cand: inst
                .candidats
                .iter()
                .map(|c| match &c.dispo {
                    Some(p) => dispo(p),
                    None => (0..nj)
                        .map(|d| pas_de(&[(d, inst.jours[d].0, inst.jours[d].1)], d, pas))
                        .collect(),
                })
                .collect(),
            dispo_membre: inst.membres.iter().map(|m| dispo(&m.dispo)).collect(),
            dispo_surv: inst.surveillants.iter().map(|s| dispo(&s.dispo)).collect(),
            dispo_salle: inst
                .salles
                .iter()
                .map(|s| {
                    (0..nj)
                        .map(|d| {
                            s.prises.iter().filter(|p| p.0 == d && p.1 < p.2).fold(
                                Grille::plage(0, u16::MAX),
                                |g, p| {
                                    g.sans(&Grille::plage(
                                        (p.1 / pas) as u16,
                                        ((p.2 + pas - 1) / pas) as u16,
                                    ))
                                },
                            )
                        })
                        .collect()
                })
                .collect(),
            lies,
            jurys_de_membre,
            substitut,
            delib_figee,
            membre_max: inst.membres.iter().map(|m| m.minutes_max).collect(),
            tenus: inst.jurys.iter().map(|j| j.membres.clone()).collect(),
            vaut: vec![1; inst.membres.len()],
            journees_au_moins: 0,
            epingle: vec![false; inst.candidats.len()],
            debuts_communs: vec![vec![]; inst.epreuves.len() * inst.sites.len()],
            commun_a_tous: vec![false; inst.epreuves.len() * inst.sites.len()],
            unite_de: vec![],
            mobile: vec![],
            fin_max: vec![],
            dejeuner: {
                let (de, a, minutes) = inst.dejeuner;
                let haut = |x: i64| ((x + pas - 1) / pas).clamp(0, i64::from(NUL)) as u16;
                (
                    haut(de),
                    (a / pas).clamp(0, i64::from(NUL)) as u16,
                    haut(minutes),
                )
            },
            inst,
        };
        modele.compiler_taches();
        modele.remonter_les_epingles();
        modele.compiler_unites();
        modele.reunir_les_membres();
        modele.borner_par_les_epingles();
        modele.compiler_debuts_communs();
        modele.compter_les_journees();
        modele
    }

    fn compiler_taches(&mut self) {
        let inst = self.inst;
        let rangs = |liste: &mut dyn Iterator<Item = &String>| -> std::collections::BTreeMap<String, usize> {
            liste.cloned().zip(0..).collect()
        };
        let rs = rangs(&mut inst.salles.iter().map(|x| &x.id));
        let rj = rangs(&mut inst.jurys.iter().map(|x| &x.id));
        let rv = rangs(&mut inst.surveillants.iter().map(|x| &x.id));
        let mut references = std::collections::BTreeMap::new();
        if let Some(r) = &inst.reprise {
            for t in &r.reference.tasks {
                references.insert((t.candidate.as_str(), t.epreuve.as_str()), t);
            }
        }
        for (c, cand) in inst.candidats.iter().enumerate() {
            let p = &inst.parcours[cand.parcours];
            let base = self.taches.len();
            let rang = |e: &usize| {
                base + p
                    .epreuves
                    .iter()
                    .position(|x| x == e)
                    .expect("invariant : épreuve du parcours")
            };
            for (k, &e) in p.epreuves.iter().enumerate() {
                let ep = &inst.epreuves[e];
                let jury = ep.encadrement == Encadrement::Jury;
                let mut salles: Vec<u16> = (0..inst.salles.len())
                    .filter(|s| {
                        let s = &inst.salles[*s];
                        ep.salle.as_ref() == Some(&s.nature)
                            && s.site == cand.site
                            && s.places > 0
                            && (s.accessible || !(cand.pmr && ep.present))
                    })
                    .map(|s| s as u16)
                    .collect();
                // Les salles non accessibles d'abord : les autres restent à qui en a besoin.
                salles.sort_by_key(|s| (inst.salles[usize::from(*s)].accessible, *s));
                if ep.groupe > 1 {
                    salles.sort_by_key(|s| std::cmp::Reverse(inst.salles[usize::from(*s)].places));
                }
                let mut encs: Vec<u16> = if jury {
                    (0..inst.jurys.len())
                        .filter(|j| {
                            let x = &inst.jurys[*j];
                            x.sites.contains(&cand.site)
                                && !x.membres.iter().any(|m| cand.conflits_membres.contains(m))
                                && self.delib_figee[*j].is_none()
                        })
                        .map(|j| j as u16)
                        .collect()
                } else {
                    (0..inst.surveillants.len())
                        .filter(|s| {
                            inst.surveillants[*s].sites.contains(&cand.site)
                                && !cand.conflits_surveillants.contains(s)
                        })
                        .map(|s| s as u16)
                        .collect()
                };
                let reference = references
                    .get(&(cand.id.as_str(), ep.id.as_str()))
                    .map(|t| {
                        let r =
                            |x: &Option<String>, m: &std::collections::BTreeMap<String, usize>| {
                                x.as_ref().and_then(|i| m.get(i)).map_or(NUL, |i| *i as u16)
                            };
                        Place {
                            jour: t.day as u16,
                            debut: (t.start / self.pas) as u16,
                            salle: r(&t.room, &rs),
                            enc: if jury {
                                r(&t.jury, &rj)
                            } else {
                                r(&t.surveillant, &rv)
                            },
                        }
                    });
                let figee = reference.filter(|r| {
                    inst.reprise.as_ref().is_some_and(|x| {
                        (usize::from(r.jour), i64::from(r.debut) * self.pas) < x.maintenant
                    })
                });
                let (mut jour_fixe, mut debut_fixe, mut epinglee) = (None, None, false);
                for x in inst
                    .epingles
                    .iter()
                    .filter(|x| x.candidat == c && x.epreuve == e)
                {
                    epinglee = true;
                    jour_fixe = jour_fixe.or(x.jour.map(|j| j as u16));
                    if let Some(d) = x.debut {
                        debut_fixe = Some(if d % self.pas == 0 {
                            (d / self.pas) as u16
                        } else {
                            NUL
                        });
                    }
                    match x.salle {
                        Some(Some(s)) => salles.retain(|v| usize::from(*v) == s),
                        Some(None) if ep.salle.is_some() => salles.clear(),
                        _ => {}
                    }
                    let (voulu, autre) = if jury {
                        (x.jury, x.surveillant)
                    } else {
                        (x.surveillant, x.jury)
                    };
                    match voulu {
                        Some(Some(s)) => encs.retain(|v| usize::from(*v) == s),
                        Some(None) => encs.clear(),
                        None => {}
                    }
                    if matches!(autre, Some(Some(_)))
                        || (ep.salle.is_none() && matches!(x.salle, Some(Some(_))))
                    {
                        encs.clear();
                    }
                }
                // Quand il n'y a qu'un jour, l'heure le désigne.
                if self.nj == 1 && debut_fixe.is_some() {
                    jour_fixe = jour_fixe.or(Some(0));
                }
                if epinglee {
                    self.epingle[c] = true;
                }
                self.taches.push(Tache {
                    cand: c,
                    ep: e,
                    duree: (inst.duree(e, c) / self.pas) as u16,
                    present: ep.present,
                    jury,
                    partage: if p.chaines.iter().any(|(a, b)| *a == e || *b == e) {
                        1
                    } else {
                        ep.groupe
                    },
                    commun: ep.debut_commun,
                    salles,
                    encs,
                    sans_salle: ep.salle.is_none(),
                    figee,
                    reference,
                    jour_fixe,
                    debut_fixe,
                    avant: p
                        .precedences
                        .iter()
                        .filter(|(_, b)| *b == e)
                        .map(|(a, _)| rang(a))
                        .collect(),
                    apres: p
                        .precedences
                        .iter()
                        .filter(|(a, _)| *a == e)
                        .map(|(_, b)| rang(b))
                        .collect(),
                    chaine_avant: p
                        .chaines
                        .iter()
                        .find(|(_, b)| *b == e)
                        .map(|(a, _)| rang(a)),
                    meme_jury: p
                        .meme_jury
                        .iter()
                        .filter(|g| g.contains(&e))
                        .flatten()
                        .map(rang)
                        .collect(),
                    dernier: k + 1 == p.epreuves.len(),
                });
            }
            let fin = self.taches.len();
            self.de_candidat.push(base..fin);
            for t in base..fin {
                let fige = self.taches[t]
                    .meme_jury
                    .iter()
                    .any(|x| self.taches[*x].figee.is_some());
                if fige || !self.taches[t].jury {
                    self.taches[t].meme_jury.clear();
                }
            }
            self.unites.push(self.ordonner(base..fin));
        }
    }

    /// Les unités d'un candidat : une chaîne est une unité ; l'ordre respecte précédences et chaînes.
    fn ordonner(&self, plage: std::ops::Range<usize>) -> Vec<Vec<usize>> {
        let mut chaine: Vec<Vec<usize>> = vec![];
        for t in plage.clone() {
            if self.taches[t].chaine_avant.is_none() {
                let mut u = vec![t];
                while let Some(s) = plage
                    .clone()
                    .find(|s| self.taches[*s].chaine_avant == u.last().copied() && !u.contains(s))
                {
                    u.push(s);
                }
                chaine.push(u);
            }
        }
        // Deux suites d'une même tâche (chaîne en fourche) : la seconde reste seule, et sera refusée par le contrôle.
        for t in plage.clone() {
            if !chaine.iter().any(|u| u.contains(&t)) {
                chaine.push(vec![t]);
            }
        }
        let mut ordre: Vec<Vec<usize>> = vec![];
        while !chaine.is_empty() {
            let faits: Vec<usize> = ordre.iter().flatten().copied().collect();
            let pret = chaine
                .iter()
                .position(|u| {
                    u.iter().all(|t| {
                        self.taches[*t]
                            .avant
                            .iter()
                            .all(|a| faits.contains(a) || u.contains(a))
                    })
                })
                .unwrap_or(0);
            ordre.push(chaine.remove(pret));
        }
        ordre
    }

    /// Le rang de la tâche d'un candidat pour une épreuve.
    pub(crate) fn tache_de(&self, c: usize, ep: usize) -> Option<usize> {
        self.de_candidat[c]
            .clone()
            .find(|t| self.taches[*t].ep == ep)
    }

    /// Les places d'un plan écrit, tâche par tâche ; ce qui ne se reconnaît pas reste vide.
    pub(crate) fn places_du_plan(&self, plan: &Plan) -> Vec<Option<Place>> {
        let mut places = vec![None; self.taches.len()];
        let inst = self.inst;
        for x in &plan.tasks {
            let Some(t) = inst
                .candidats
                .iter()
                .position(|c| c.id == x.candidate)
                .zip(inst.epreuves.iter().position(|e| e.id == x.epreuve))
                .and_then(|(c, e)| self.tache_de(c, e))
            else {
                continue;
            };
            let rang = |r: Option<usize>| r.map_or(NUL, |r| r as u16);
            let enc = if self.taches[t].jury {
                rang(
                    inst.jurys
                        .iter()
                        .position(|j| Some(&j.id) == x.jury.as_ref()),
                )
            } else {
                rang(
                    inst.surveillants
                        .iter()
                        .position(|j| Some(&j.id) == x.surveillant.as_ref()),
                )
            };
            let salle = rang(
                inst.salles
                    .iter()
                    .position(|s| Some(&s.id) == x.room.as_ref()),
            );
            let sur_grille = x.start >= 0 && x.start % self.pas == 0 && x.start <= 1440;
            let complet = enc != NUL && (salle != NUL || self.taches[t].sans_salle);
            if sur_grille && complet && (0..self.nj as i64).contains(&x.day) {
                places[t] = Some(Place {
                    jour: x.day as u16,
                    debut: (x.start / self.pas) as u16,
                    salle,
                    enc,
                });
            }
        }
        places
    }

    /// Minutes écoulées à ce pas de ce jour à compter du premier jour, chacun en valant 1440, moins l'ouverture de ce
    /// jour : ce dont l'objectif mesure la fin d'un site.
    pub(crate) fn minutes_de_session(&self, jour: usize, pas: u16) -> i64 {
        jour as i64 * 1440 + i64::from(pas) * self.pas - self.inst.jours[jour].0
    }

    pub(crate) fn fin_jour(&self, p: &Place, duree: u16) -> (u16, u16) {
        (p.jour, p.debut + duree)
    }
}

/// La plus longue plage libre, en minutes, entre `de` et `a` ; `pris` est trié, en pas.
pub(crate) fn plage_libre(
    pris: impl Iterator<Item = (u16, u16)>,
    pas: i64,
    (de, a): (i64, i64),
) -> i64 {
    let (mut mieux, mut t) = (0, de);
    for (s, e) in pris {
        let (s, e) = (i64::from(s) * pas, i64::from(e) * pas);
        if e <= de || s >= a {
            continue;
        }
        mieux = mieux.max(s - t);
        t = t.max(e);
    }
    mieux.max(a - t)
}
