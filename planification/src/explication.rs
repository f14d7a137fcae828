//! Pourquoi quelqu'un reste de côté : des causes vérifiables, et des remèdes rejoués avant d'être proposés.

use crate::instance::{Encadrement, Instance, Jury};
use crate::moteur::{Demande, Planning, planifier};
use crate::recherche::Cadence;
use serde::Serialize;

/// Une cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// Étiquette stable : `conflit_interets`, `temps_jury`, `capacite_salle`, `fenetre_candidat`, `salle_accessible`,
    /// `surveillant_formateur`, `ressource_absente`, `fermeture`.
    pub cause: &'static str,
    /// Identifiants concernés.
    pub objects: Vec<String>,
    /// La phrase à montrer.
    pub phrase: String,
}

/// Un assouplissement rejoué.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remede {
    /// La phrase à montrer.
    pub phrase: String,
    /// Candidats encore de côté une fois le remède appliqué : toujours 0.
    pub restes: i64,
}

/// L'explication d'un plan incomplet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explication {
    /// Candidats laissés de côté dans le meilleur plan trouvé.
    pub unplanned: Vec<String>,
    /// Causes, la plus sûre d'abord.
    pub causes: Vec<Cause>,
    /// Remèdes essayés, et qui placent tout le monde.
    pub relaxations: Vec<Remede>,
}

type Changement = Box<dyn Fn(&mut Instance)>;

/// Explique un planning incomplet ; sans reste, l'explication est vide.
pub fn expliquer(
    inst: &Instance,
    planning: &Planning,
    graine: u64,
    cadence: &dyn Cadence,
) -> Explication {
    let mut causes = vec![];
    let mut essais: Vec<(String, Changement)> = vec![];
    let restes = &planning.plan.unplanned;
    if restes.is_empty() {
        return Explication {
            unplanned: vec![],
            causes,
            relaxations: vec![],
        };
    }
    for c in 0..inst.candidats.len() {
        propre_au_candidat(inst, c, &mut causes, &mut essais);
    }
    places_communes(inst, &mut causes, &mut essais);
    let demande = Demande {
        graine,
        fils: 1,
        iterations: Some(400),
    };
    for c in (0..inst.candidats.len()).filter(|c| restes.contains(&inst.candidats[*c].id)) {
        if !causes
            .iter()
            .any(|x: &Cause| x.objects.contains(&inst.candidats[c].id))
        {
            seul(inst, c, graine, cadence, &mut causes, &mut essais);
        }
    }
    if causes.is_empty() {
        temps_de_jury(inst, restes.len(), &mut causes);
    }
    essais.extend(generaux());
    let mut relaxations: Vec<Remede> = vec![];
    for (phrase, changer) in &essais {
        if relaxations.len() >= 3 || cadence.arret() {
            break;
        }
        let mut autre = inst.clone();
        changer(&mut autre);
        if planifier(&autre, &demande, cadence).restes == 0 {
            relaxations.push(Remede {
                phrase: phrase.clone(),
                restes: 0,
            });
        }
    }
    // Aucun remède seul ne suffit : les remèdes propres aux causes, tous ensemble.
    if relaxations.is_empty() && essais.len() > 1 {
        let mut autre = inst.clone();
        let phrases: Vec<&str> = essais.iter().map(|e| e.0.trim_end_matches('.')).collect();
        essais.iter().for_each(|e| e.1(&mut autre));
        if planifier(&autre, &demande, cadence).restes == 0 {
            relaxations.push(Remede {
                phrase: format!("Ensemble : {}.", phrases.join(" ; ")),
                restes: 0,
            });
        }
    }
    Explication {
        unplanned: restes.clone(),
        causes,
        relaxations,
    }
}

/// Ce qui, pour un candidat et une épreuve, ne se trouve nulle part.
fn propre_au_candidat(
    inst: &Instance,
    c: usize,
    causes: &mut Vec<Cause>,
    essais: &mut Vec<(String, Changement)>,
) {
    let cand = &inst.candidats[c];
    for &e in &inst.parcours[cand.parcours].epreuves {
        let ep = &inst.epreuves[e];
        if let Some(nature) = &ep.salle {
            let du_site = || {
                inst.salles
                    .iter()
                    .filter(|s| s.site == cand.site && s.nature == *nature)
            };
            if du_site().next().is_none() {
                causes.push(Cause {
                    cause: "ressource_absente",
                    objects: vec![ep.id.clone(), cand.id.clone()],
                    phrase: format!(
                        "{} demande une salle « {nature} », et le site {} n’en a aucune.",
                        ep.nom, inst.sites[cand.site]
                    ),
                });
            } else if cand.pmr && ep.present && !du_site().any(|s| s.accessible) {
                let rang = inst
                    .salles
                    .iter()
                    .position(|s| s.site == cand.site && s.nature == *nature)
                    .unwrap_or(0);
                let salle = inst.salles[rang].id.clone();
                causes.push(Cause {
                    cause: "salle_accessible",
                    objects: vec![cand.id.clone(), ep.id.clone()],
                    phrase: format!("Aucune des {} salles « {nature} » du site n’est accessible à {} en fauteuil pour {}.", du_site().count(), cand.id, ep.nom),
                });
                essais.push((
                    format!("Avec la salle {salle} rendue accessible, tout tient."),
                    Box::new(move |i| i.salles[rang].accessible = true),
                ));
            }
        }
        let (total, libres, nom, etiquette) = match ep.encadrement {
            Encadrement::Jury => {
                let du_site: Vec<&Jury> = inst
                    .jurys
                    .iter()
                    .filter(|j| j.sites.contains(&cand.site))
                    .collect();
                let libres = du_site
                    .iter()
                    .filter(|j| !j.membres.iter().any(|m| cand.conflits_membres.contains(m)))
                    .count();
                (du_site.len(), libres, "jurys", "conflit_interets")
            }
            Encadrement::Surveillant => {
                let du_site: Vec<usize> = (0..inst.surveillants.len())
                    .filter(|s| inst.surveillants[*s].sites.contains(&cand.site))
                    .collect();
                let libres = du_site
                    .iter()
                    .filter(|s| !cand.conflits_surveillants.contains(s))
                    .count();
                (
                    du_site.len(),
                    libres,
                    "surveillants",
                    "surveillant_formateur",
                )
            }
        };
        if libres == 0
            && !causes
                .iter()
                .any(|x| x.cause == etiquette && x.objects.contains(&cand.id))
        {
            let cause = if total == 0 {
                "ressource_absente"
            } else {
                etiquette
            };
            causes.push(Cause {
                cause,
                objects: vec![cand.id.clone()],
                phrase: if total == 0 {
                    format!("Le site {} n’a aucun des {nom} qu’il faut à {}.", inst.sites[cand.site], ep.nom)
                } else {
                    format!("{} est en conflit d’intérêts avec les {total} {nom} de son site : personne ne peut encadrer {}.", cand.id, ep.nom)
                },
            });
            if ep.encadrement == Encadrement::Jury {
                essais.push((
                    format!(
                        "Avec un jury de plus, sans lien avec {}, tout tient.",
                        cand.id
                    ),
                    Box::new(ajouter_jury),
                ));
            } else {
                essais.push((
                    format!(
                        "Avec un surveillant de plus, sans lien avec {}, tout tient.",
                        cand.id
                    ),
                    Box::new(ajouter_surveillant),
                ));
            }
        }
    }
}

/// Un début commun où les salles n'ont pas assez de places.
fn places_communes(
    inst: &Instance,
    causes: &mut Vec<Cause>,
    essais: &mut Vec<(String, Changement)>,
) {
    for (e, ep) in inst
        .epreuves
        .iter()
        .enumerate()
        .filter(|x| x.1.debut_commun)
    {
        for site in 0..inst.sites.len() {
            let besoin = inst
                .candidats
                .iter()
                .filter(|c| c.site == site && inst.parcours[c.parcours].epreuves.contains(&e))
                .count();
            let salles: Vec<usize> = (0..inst.salles.len())
                .filter(|s| {
                    inst.salles[*s].site == site
                        && ep.salle.as_ref() == Some(&inst.salles[*s].nature)
                })
                .collect();
            let places: usize = salles
                .iter()
                .map(|s| inst.salles[*s].places.min(ep.groupe))
                .sum();
            if ep.salle.is_some() && besoin > places && !salles.is_empty() {
                let manque = besoin - places;
                let mut objets: Vec<String> =
                    salles.iter().map(|s| inst.salles[*s].id.clone()).collect();
                objets.push(ep.id.clone());
                causes.push(Cause {
                    cause: "capacite_salle",
                    objects: objets,
                    phrase: format!("{} commence pour tous en même temps : {besoin} candidats, {places} places.", ep.nom),
                });
                let s = salles[0];
                essais.push((
                    format!(
                        "Avec {manque} places de plus dans {}, tout tient.",
                        inst.salles[s].id
                    ),
                    Box::new(move |i| i.salles[s].places += manque),
                ));
                essais.push((
                    format!("Avec {} passé en plusieurs vagues, tout tient.", ep.nom),
                    Box::new(move |i| i.epreuves[e].debut_commun = false),
                ));
            }
        }
    }
}

/// Le candidat tient-il seul ? Sinon, est-ce son horaire, ou celui de la maison ?
fn seul(
    inst: &Instance,
    c: usize,
    graine: u64,
    cadence: &dyn Cadence,
    causes: &mut Vec<Cause>,
    essais: &mut Vec<(String, Changement)>,
) {
    let mut isole = inst.clone();
    isole.epingles.clear();
    isole.reprise = None;
    isole.candidats = vec![inst.candidats[c].clone()];
    let demande = Demande {
        graine,
        fils: 1,
        iterations: Some(60),
    };
    let tient = |i: &Instance| planifier(i, &demande, cadence).restes == 0;
    if tient(&isole) {
        return;
    }
    let cand = &inst.candidats[c];
    let minutes: i64 = inst.parcours[cand.parcours]
        .epreuves
        .iter()
        .map(|e| inst.duree(*e, c))
        .sum();
    let mut libre = isole.clone();
    libre.candidats[0].dispo = None;
    if cand.dispo.is_some() && tient(&libre) {
        let present: i64 = cand.dispo.iter().flatten().map(|p| p.2 - p.1).sum();
        causes.push(Cause {
            cause: "fenetre_candidat",
            objects: vec![cand.id.clone()],
            phrase: format!("{} a {minutes} minutes d’épreuves, pauses en plus, et n’est là que {present} minutes.", cand.id),
        });
        essais.push((
            format!("Si {} est là dès l’ouverture, tout tient.", cand.id),
            Box::new(move |i| i.candidats[c].dispo = None),
        ));
    } else {
        let ouvert: i64 = inst.jours.iter().map(|j| j.1 - j.0).max().unwrap_or(0);
        causes.push(Cause {
            cause: "fermeture",
            objects: vec![cand.id.clone()],
            phrase: format!("{} ne tient pas, même seul : {minutes} minutes d’épreuves pour des journées ouvertes {ouvert} minutes.", cand.id),
        });
    }
}

/// Le temps de jury demandé contre le temps de jury qu'il y a.
fn temps_de_jury(inst: &Instance, restes: usize, causes: &mut Vec<Cause>) {
    let besoin: i64 = (0..inst.candidats.len())
        .flat_map(|c| {
            inst.parcours[inst.candidats[c].parcours]
                .epreuves
                .iter()
                .map(move |e| (*e, c))
        })
        .filter(|(e, _)| inst.epreuves[*e].encadrement == Encadrement::Jury)
        .map(|(e, c)| inst.duree(e, c) / inst.epreuves[e].groupe as i64)
        .sum::<i64>()
        + inst.deliberation.0
        + inst.deliberation.1 * inst.candidats.len() as i64;
    let offre: i64 = inst
        .jurys
        .iter()
        .map(|j| {
            (0..inst.jours.len())
                .map(|d| {
                    j.membres
                        .iter()
                        .map(|m| {
                            let m = &inst.membres[*m];
                            m.dispo
                                .iter()
                                .filter(|p| p.0 == d)
                                .map(|p| p.2 - p.1)
                                .sum::<i64>()
                                .min(m.minutes_max)
                        })
                        .min()
                        .unwrap_or(0)
                })
                .sum::<i64>()
        })
        .sum();
    causes.push(Cause {
        cause: "temps_jury",
        objects: inst.jurys.iter().map(|j| j.id.clone()).collect(),
        phrase: format!("Il faut {besoin} minutes de jury, délibération comprise, et il y en a {offre} au plus : {restes} candidats restent de côté."),
    });
}

/// Les remèdes qui se tentent toujours, du plus léger au plus lourd.
fn generaux() -> Vec<(String, Changement)> {
    let mut liste: Vec<(String, Changement)> = vec![];
    for n in [20, 60, 120] {
        liste.push((
            format!("Avec {n} minutes de plus par jour pour chaque membre de jury, tout tient."),
            Box::new(move |i| i.membres.iter_mut().for_each(|m| m.minutes_max += n)),
        ));
    }
    for n in [30, 60, 120] {
        liste.push((
            format!(
                "En fermant {n} minutes plus tard, jurys et surveillants présents, tout tient."
            ),
            Box::new(move |i| fermer_plus_tard(i, n)),
        ));
    }
    liste.push((
        "Avec un jury et un bureau d’entretien de plus, tout tient.".into(),
        Box::new(ajouter_jury),
    ));
    liste.push((
        "Avec un surveillant de plus, tout tient.".into(),
        Box::new(ajouter_surveillant),
    ));
    liste
}

fn fermer_plus_tard(i: &mut Instance, n: i64) {
    let anciens = i.jours.clone();
    for j in &mut i.jours {
        j.1 = (j.1 + n).min(1440);
    }
    let jours = i.jours.clone();
    for p in i.membres.iter_mut().chain(&mut i.surveillants) {
        for d in p.dispo.iter_mut().filter(|d| d.2 >= anciens[d.0].1) {
            d.2 = jours[d.0].1;
        }
    }
    for d in i
        .candidats
        .iter_mut()
        .filter_map(|c| c.dispo.as_mut())
        .flatten()
        .filter(|d| d.2 >= anciens[d.0].1)
    {
        d.2 = jours[d.0].1;
    }
}

/// Tous les jours, du matin au soir.
fn toujours(i: &Instance) -> Vec<(usize, i64, i64)> {
    i.jours
        .iter()
        .enumerate()
        .map(|(d, j)| (d, j.0, j.1))
        .collect()
}

fn ajouter_jury(i: &mut Instance) {
    let (dispo, n, sites) = (
        toujours(i),
        i.membres.len(),
        (0..i.sites.len()).collect::<Vec<_>>(),
    );
    for k in 0..2 {
        i.membres.push(crate::instance::Personne {
            id: format!("membre-ajoute-{k}"),
            sites: vec![],
            dispo: dispo.clone(),
            minutes_max: 480,
        });
    }
    i.jurys.push(Jury {
        id: "jury-ajoute".into(),
        membres: vec![n, n + 1],
        sites,
    });
    // Un jury de plus siège quelque part : la première salle de chaque nature demandée par un jury est doublée.
    let natures: Vec<String> = i
        .epreuves
        .iter()
        .filter(|e| e.encadrement == Encadrement::Jury)
        .filter_map(|e| e.salle.clone())
        .collect();
    let doubles: Vec<_> = i
        .salles
        .iter()
        .filter(|s| natures.contains(&s.nature))
        .take(1)
        .cloned()
        .collect();
    for mut s in doubles {
        s.id = "salle-ajoutee".into();
        s.accessible = true;
        s.prises.clear();
        i.salles.push(s);
    }
}

fn ajouter_surveillant(i: &mut Instance) {
    let (dispo, sites) = (toujours(i), (0..i.sites.len()).collect());
    i.surveillants.push(crate::instance::Personne {
        id: "surveillant-ajoute".into(),
        sites,
        dispo,
        minutes_max: 600,
    });
}
