//! Déplacer à la main : ce qui suit quand un passage bouge, et les meilleures autres places.

use super::ecarts::{Ecart, dire_manquements, pour_controler};
use metier::planning::{Passage, Seance};
use metier::{CandidatId, Session};
use planification::{Deplacement, autres_places, deplacer};

/// Un déplacement : le passage à sa nouvelle place, et tout ce qui bouge avec lui.
#[derive(Debug, Clone)]
pub struct Ailleurs {
    /// Le passage demandé.
    pub passage: Passage,
    /// Tous les passages qui changent, lui compris.
    pub passages: Vec<Passage>,
    /// Les délibérations d'après.
    pub deliberations: Vec<Seance>,
    /// Ce que ce geste enfreindrait de plus.
    pub ecarts: Vec<Ecart>,
}

fn rendre(s: &Session, pont: &super::Pont, d: Deplacement) -> Option<Ailleurs> {
    let (tous, deliberations) = pont.passages(s, &d.plan);
    let voulu = pont.passage(&d.tache)?;
    let passages: Vec<Passage> = tous
        .into_iter()
        .filter(|x| s.planning.passage(&x.candidat, &x.epreuve) != Some(x))
        .collect();
    Some(Ailleurs {
        passage: passages
            .iter()
            .find(|x| x.candidat == voulu.candidat && x.epreuve == voulu.epreuve)
            .cloned()
            .unwrap_or(voulu),
        passages,
        deliberations,
        ecarts: dire_manquements(d.manquements),
    })
}

/// Les meilleures autres places de ce passage : celles que tout permet d'abord, la moins coûteuse en tête.
pub fn ailleurs(
    s: &Session,
    candidat: &CandidatId,
    epreuve: &str,
    combien: usize,
) -> Vec<Ailleurs> {
    let trouver = || {
        let pont = pour_controler(s, &s.planning.passages, &s.planning.deliberations)?;
        let c = pont.candidats.iter().position(|c| c == candidat)?;
        let e = pont.rang_epreuve(c, epreuve)?;
        let plan = pont.plan(&s.planning.passages, &s.planning.deliberations);
        let (c, e) = (
            &pont.instance.candidats[c].id,
            &pont.instance.epreuves[e].id,
        );
        let places = autres_places(&pont.instance, &plan, c, e, combien).ok()?;
        Some(
            places
                .into_iter()
                .filter_map(|d| rendre(s, &pont, d))
                .collect(),
        )
    };
    trouver().unwrap_or_default()
}

/// Ce passage à cette place, et ce qui suit : les épreuves enchaînées, un début commun, la délibération. Rien quand la
/// place ne se dit pas dans les mots du moteur (une salle hors du site, un jury inconnu).
pub fn suivre(s: &Session, x: &Passage) -> Option<Ailleurs> {
    // Le groupe de jurés demandé doit compter comme un jury, même s'il n'a encore aucun passage.
    let mut avec: Vec<Passage> = s
        .planning
        .passages
        .iter()
        .filter(|y| y.candidat != x.candidat || y.epreuve != x.epreuve)
        .cloned()
        .collect();
    avec.push(x.clone());
    let pont = pour_controler(s, &avec, &s.planning.deliberations)?;
    let tache = pont.tache(x)?;
    let plan = pont.plan(&s.planning.passages, &s.planning.deliberations);
    if tache.room.is_none() || (tache.jury.is_none() && tache.surveillant.is_none()) {
        return None;
    }
    let d = deplacer(&pont.instance, &plan, &tache).ok()?;
    let mut a = rendre(s, &pont, d)?;
    // L'heure et les personnes écrites à la main l'emportent sur l'arrondi du moteur.
    a.passages
        .retain(|y| y.candidat != x.candidat || y.epreuve != x.epreuve);
    a.passages.push(x.clone());
    a.passage = x.clone();
    Some(a)
}
