//! Pourquoi quelqu'un reste de côté : des causes vérifiables, et des remèdes rejoués avant d'être proposés.

use crate::borne::restes_au_moins;
use crate::instance::{Encadrement, Instance, Jury};
use crate::modele::Modele;
use crate::moteur::{Demande, Planning, planifier};
use crate::recherche::Cadence;
use serde::Serialize;

mod communs;
mod remedes;
mod seuls;
mod temps;

pub use remedes::Changee;
use remedes::{ajouter_jury, ajouter_surveillant, generaux};

/// Une cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// Étiquette stable : `conflit_interets`, `temps_jury`, `temps_salle`, `capacite_salle`, `fenetre_candidat`, `salle_accessible`,
    /// `salle_fermee`, `surveillant_absent`, `jure_absent`, `surveillant_formateur`, `ressource_absente`, `fermeture`,
    /// `heure_commune`.
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
    /// Ce que le remède change à l'instance, champ par champ.
    pub changements: Vec<Changee>,
}

/// L'explication d'un plan incomplet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explication {
    /// Candidats laissés de côté dans le meilleur plan trouvé.
    pub unplanned: Vec<String>,
    /// Candidats qu'aucun plan ne placera, compté sur l'instance seule.
    pub au_moins: usize,
    /// Le plan en laisse juste autant : on ne fera pas mieux sans rien changer.
    pub prouve: bool,
    /// Causes, la plus sûre d'abord.
    pub causes: Vec<Cause>,
    /// Remèdes essayés, et qui placent tout le monde.
    pub relaxations: Vec<Remede>,
}

/// Remèdes montrés, au plus.
const REMEDES: usize = 3;
/// Candidats ou absents qu'une phrase nomme, au plus.
const NOMMES: usize = 3;
/// Budget de chaque remède rejoué.
const ITERATIONS: u64 = 1500;

type Changement = Box<dyn Fn(&mut Instance)>;

/// Explique un planning incomplet ; sans reste, l'explication est vide.
pub fn expliquer(
    inst: &Instance,
    planning: &Planning,
    graine: u64,
    cadence: &dyn Cadence,
) -> Explication {
    let restes = &planning.plan.unplanned;
    let mut dit = Explication {
        unplanned: restes.clone(),
        au_moins: 0,
        prouve: restes.is_empty(),
        causes: vec![],
        relaxations: vec![],
    };
    if restes.is_empty() {
        return dit;
    }
    let modele = Modele::new(inst);
    dit.au_moins = restes_au_moins(&modele);
    dit.prouve = dit.au_moins == restes.len();
    let mut causes = vec![];
    let mut essais: Vec<(String, Changement)> = vec![];
    for c in 0..inst.candidats.len() {
        propre_au_candidat(inst, c, &mut causes, &mut essais);
    }
    communs::places(inst, &mut causes, &mut essais);
    seuls::qui_ne_tient_pas(&modele, &mut causes, &mut essais);
    communs::heure_de_tous(&modele, &mut causes, &mut essais);
    temps::des_jurys(&modele, &mut causes, &mut essais);
    if !inst.a_commence() {
        temps::des_salles(&modele, &mut causes, &mut essais);
    }
    let rejouer = Rejouer {
        inst,
        graine,
        cadence,
    };
    // D'abord ce qui répond à une cause, puis tout cela ensemble, puis ce qui se tente toujours.
    dit.relaxations = rejouer.chacun(&essais, vec![]);
    if dit.relaxations.is_empty() && essais.len() > 1 {
        dit.relaxations = rejouer.ensemble(&essais);
    }
    dit.relaxations = rejouer.chacun(&generaux(inst), dit.relaxations);
    if causes.is_empty() {
        causes.push(deduire(inst, restes, &dit.relaxations));
    }
    dit.causes = causes;
    dit
}

/// Rejoue l'instance, assouplie.
struct Rejouer<'a> {
    inst: &'a Instance,
    graine: u64,
    cadence: &'a dyn Cadence,
}

impl Rejouer<'_> {
    /// Le plan de l'instance changée place-t-il tout le monde ? Une borne évite de chercher pour rien.
    fn tient(&self, autre: &Instance) -> bool {
        let demande = Demande {
            graine: self.graine,
            fils: 1,
            iterations: Some(ITERATIONS),
        };
        !self.cadence.arret()
            && restes_au_moins(&Modele::new(autre)) == 0
            && planifier(autre, &demande, self.cadence).restes == 0
    }

    /// Ceux qui placent tout le monde, à la suite de ceux qui tiennent déjà ; qui n'apprend rien de plus ne se rejoue pas.
    fn chacun(&self, essais: &[(String, Changement)], mut tenus: Vec<Remede>) -> Vec<Remede> {
        for (phrase, changer) in essais {
            if tenus.len() >= REMEDES {
                break;
            }
            let mut autre = self.inst.clone();
            changer(&mut autre);
            let remede = Remede::nouveau(phrase.clone(), self.inst, &autre);
            if !tenus.iter().any(|x| remede.comprend(x)) && self.tient(&autre) {
                tenus.push(remede);
            }
        }
        tenus
    }

    /// Un seul remède par cause, tous à la fois.
    fn ensemble(&self, essais: &[(String, Changement)]) -> Vec<Remede> {
        let mut autre = self.inst.clone();
        essais.iter().for_each(|e| e.1(&mut autre));
        if !self.tient(&autre) {
            return vec![];
        }
        let phrases: Vec<&str> = essais
            .iter()
            .map(|e| e.0.trim_end_matches(", tout tient."))
            .collect();
        let phrase = format!("{}\u{a0}: ensemble, tout tient.", phrases.join("\u{a0}; "));
        vec![Remede::nouveau(phrase, self.inst, &autre)]
    }
}

/// Sans cause prouvée, celle que désigne le premier remède qui tient.
fn deduire(inst: &Instance, restes: &[String], remedes: &[Remede]) -> Cause {
    let Some(r) = remedes.first() else {
        return Cause {
            cause: "indeterminee",
            objects: restes.to_vec(),
            phrase: format!(
                "Aucune cause n’est prouvée pour {}\u{a0}: ajoutez un jour ou un jury, puis recommencez.",
                nommer(restes)
            ),
        };
    };
    let change = |debut: &str| r.changements.iter().any(|c| c.chemin.starts_with(debut));
    let (cause, objects, ce_qui_manque) = if change("days") {
        (
            "fermeture",
            inst.dates.clone(),
            "les journées ferment trop tôt",
        )
    } else if change("members") {
        (
            "temps_jury",
            inst.jurys.iter().map(|j| j.id.clone()).collect(),
            "le temps des jurys ne suffit pas",
        )
    } else {
        (
            "surveillance",
            inst.surveillants.iter().map(|s| s.id.clone()).collect(),
            "les surveillants ne suffisent pas",
        )
    };
    let pas_trouve = match restes {
        [_] => "n’a pas trouvé de place",
        _ => "n’ont pas trouvé de place",
    };
    Cause {
        cause,
        objects,
        phrase: format!("{} {pas_trouve}\u{a0}: {ce_qui_manque}.", nommer(restes)),
    }
}

/// Quelques noms, ou combien ils sont.
fn nommer(restes: &[String]) -> String {
    enumerer(restes).unwrap_or_else(|| format!("{} candidats", restes.len()))
}

/// Quelques noms à la suite ; rien quand il y en a trop, ou aucun.
fn enumerer(noms: &[String]) -> Option<String> {
    match noms {
        [seuls @ .., dernier] if (1..NOMMES).contains(&seuls.len()) => {
            Some(format!("{} et {dernier}", seuls.join(", ")))
        }
        [seul] => Some(seul.clone()),
        _ => None,
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
            let mut objects = vec![cand.id.clone()];
            if ep.encadrement == Encadrement::Surveillant {
                let lies = cand.conflits_surveillants.iter();
                objects.extend(lies.map(|s| inst.surveillants[*s].id.clone()));
            } else {
                let lies = cand.conflits_membres.iter();
                objects.extend(lies.map(|m| inst.membres[*m].id.clone()));
            }
            causes.push(Cause {
                cause,
                objects,
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
