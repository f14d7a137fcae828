//! Ce qui commence pour tous en même temps : les places qu'il y faut, et l'heure qui réunit tout le monde.

use super::{Cause, Changement, enumerer, nommer};
use crate::controle::heure;
use crate::instance::Instance;
use crate::modele::Modele;

/// Les épreuves à début commun, et chaque site : rangs.
fn communes(inst: &Instance) -> impl Iterator<Item = (usize, usize)> {
    let epreuves = inst.epreuves.iter().enumerate();
    epreuves
        .filter(|x| x.1.debut_commun)
        .flat_map(|(e, _)| (0..inst.sites.len()).map(move |site| (e, site)))
}

/// Les candidats d'un site qui passent cette épreuve : rangs.
fn siens(inst: &Instance, e: usize, site: usize) -> Vec<usize> {
    let candidats = inst.candidats.iter().enumerate();
    candidats
        .filter(|(_, c)| c.site == site && inst.parcours[c.parcours].epreuves.contains(&e))
        .map(|x| x.0)
        .collect()
}

fn en_vagues(inst: &Instance, e: usize) -> (String, Changement) {
    (
        format!(
            "Avec {} passé en plusieurs vagues, tout tient.",
            inst.epreuves[e].nom
        ),
        Box::new(move |i| i.epreuves[e].debut_commun = false),
    )
}

/// Un début commun où les salles n'ont pas assez de places.
pub(super) fn places(
    inst: &Instance,
    causes: &mut Vec<Cause>,
    essais: &mut Vec<(String, Changement)>,
) {
    for (e, site) in communes(inst) {
        let ep = &inst.epreuves[e];
        let besoin = siens(inst, e, site).len();
        let salles: Vec<usize> = (0..inst.salles.len())
            .filter(|s| {
                inst.salles[*s].site == site && ep.salle.as_ref() == Some(&inst.salles[*s].nature)
            })
            .collect();
        let places: usize = salles
            .iter()
            .map(|s| inst.salles[*s].places.min(ep.groupe))
            .sum();
        if ep.salle.is_none() || besoin <= places || salles.is_empty() {
            continue;
        }
        let manque = besoin - places;
        let mut objects: Vec<String> = salles.iter().map(|s| inst.salles[*s].id.clone()).collect();
        objects.push(ep.id.clone());
        causes.push(Cause {
            cause: "capacite_salle",
            objects,
            phrase: format!(
                "{} commence pour tous en même temps : {besoin} candidats, {places} places.",
                ep.nom
            ),
        });
        let s = salles[0];
        essais.push((
            format!(
                "Avec {manque} places de plus dans {}, tout tient.",
                inst.salles[s].id
            ),
            Box::new(move |i| i.salles[s].places += manque),
        ));
        essais.push(en_vagues(inst, e));
    }
}

/// Un début commun qu'aucune heure n'offre à tous ; qui ne tient pas, même seul, a déjà sa cause.
pub(super) fn heure_de_tous(
    m: &Modele<'_>,
    causes: &mut Vec<Cause>,
    essais: &mut Vec<(String, Changement)>,
) {
    let inst = m.inst;
    for (e, site) in communes(inst).filter(|x| inst.epreuves[x.0].present) {
        let siens: Vec<usize> = siens(inst, e, site)
            .into_iter()
            .filter(|c| !m.impossibles[*c])
            .collect();
        let (reunis, debuts) = m.debuts_du_plus_grand_nombre(e, site);
        let premier = |(d, g): (usize, &crate::grille::Grille)| g.premier(0).map(|s| (d, s));
        let Some((jour, debut)) = debuts.iter().enumerate().find_map(premier) else {
            continue;
        };
        let la = |c: &usize| {
            let duree = m.tache_de(*c, e).map_or(0, |t| m.taches[t].duree);
            m.dispo_cand[*c][jour].debuts(duree).contains(debut)
        };
        let absents: Vec<usize> = siens.iter().copied().filter(|c| !la(c)).collect();
        if reunis >= siens.len() || absents.is_empty() {
            continue;
        }
        let ids: Vec<String> = absents
            .iter()
            .map(|c| inst.candidats[*c].id.clone())
            .collect();
        let nom = &inst.epreuves[e].nom;
        let date = &inst.dates[jour];
        let qui = nommer(&ids);
        let lesquels = enumerer(&ids).unwrap_or_else(|| format!("les {} absents", ids.len()));
        causes.push(Cause {
            cause: "heure_commune",
            objects: [vec![inst.epreuves[e].id.clone()], ids].concat(),
            phrase: format!(
                "{nom} commence pour tous en même temps, et aucune heure ne réunit les {} candidats\u{a0}: {reunis} au plus. Le {date} à {}, il manque {qui}.",
                siens.len(),
                heure(i64::from(debut) * m.pas)
            ),
        });
        let sont = if absents.len() == 1 { "est" } else { "sont" };
        essais.push((
            format!("Si {lesquels} {sont} là le {date}, tout tient."),
            Box::new(move |i| {
                let (ouvre, ferme) = i.jours[jour];
                for c in &absents {
                    if let Some(dispo) = &mut i.candidats[*c].dispo {
                        dispo.push((jour, ouvre, ferme));
                    }
                }
            }),
        ));
        essais.push(en_vagues(inst, e));
    }
}
