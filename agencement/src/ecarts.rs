//! Ce qu'un planning enfreint, en phrases : le contrôle du moteur, redit avec les mots de la session.

use super::{Depuis, JURY_A_COMPOSER, MARQUE, Pont, Priorite};
use metier::Session;
use metier::planning::{Passage, Seance};
use planification::controle::{Manquement, controler};
use std::collections::BTreeSet;

/// Une règle de planning enfreinte.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ecart {
    /// Code du contrôle (`OVERLAP`, `LUNCH`…).
    pub code: &'static str,
    /// La phrase à montrer.
    pub phrase: String,
    /// Une supposition de Garant (nature de salle, enchaînement…), pas une impossibilité.
    pub suppose: bool,
}

/// Le pont d'un planning à contrôler : chaque passage garde sa durée, chaque groupe de jurés compte comme un jury.
pub(super) fn pour_controler(
    s: &Session,
    passages: &[Passage],
    deliberations: &[Seance],
) -> Option<Pont> {
    let mut pourvu = s.clone();
    pourvu.planning.passages = passages.to_vec();
    pourvu.planning.deliberations = deliberations.to_vec();
    let depuis = Depuis::Present {
        maintenant: None,
        tout: true,
    };
    let mut pont = Pont::construire(&pourvu, &depuis, Priorite::Equilibre).ok()?;
    pont.instance.reprise = None;
    pont.instance.epingles.clear();
    Some(pont)
}

/// Ce que ce planning enfreint : impossibilités d'abord. Ce qui manque seulement n'est pas redit (R70a le dit).
pub fn ecarts(s: &Session, passages: &[Passage], deliberations: &[Seance]) -> Vec<Ecart> {
    let Some(pont) = pour_controler(s, passages, deliberations) else {
        return vec![];
    };
    let plan = pont.plan(passages, deliberations);
    controler(&pont.instance, &plan).map_or_else(|_| vec![], |(m, _)| dire_manquements(m))
}

/// Les manquements du moteur, redits une fois chacun.
pub(super) fn dire_manquements(manquements: Vec<Manquement>) -> Vec<Ecart> {
    let mut vus = BTreeSet::new();
    let mut v: Vec<Ecart> = manquements
        .into_iter()
        .filter_map(|m| {
            let (phrase, suppose) = dire(m.code, &m.objet)?;
            vus.insert((m.code, m.objet)).then_some(Ecart {
                code: m.code,
                phrase,
                suppose,
            })
        })
        .collect();
    v.sort_by_key(|e| e.suppose);
    v
}

/// La phrase d'un code, et si c'est une supposition ; rien pour ce que d'autres règles disent déjà.
fn dire(code: &str, objet: &str) -> Option<(String, bool)> {
    // Un jury qu'il reste à composer ne délibère pas encore : R27a dit ce qui manque.
    if code == "DELIB" && objet.ends_with(JURY_A_COMPOSER) {
        return None;
    }
    // Une épreuve de même nom qu'une autre porte une marque qui ne se lit pas.
    let objet = objet
        .split('/')
        .map(|x| x.trim_end_matches(MARQUE))
        .collect::<Vec<_>>()
        .join(" – ")
        .replace("la délibération de le jury", "la délibération du jury");
    let (quoi, suppose) = match code {
        "HOURS" => ("hors des heures d’ouverture", false),
        "PMR" => ("dans une salle qui n’est pas accessible en fauteuil", false),
        "ROOM_AVAIL" => ("dans une salle qui n’est pas libre à cette heure", false),
        "JURY_AVAIL" => ("devant un juré qui n’est pas là à cette heure", false),
        "SURV_AVAIL" => ("avec un surveillant qui n’est pas là à cette heure", false),
        "CAND_AVAIL" => (
            "alors que le candidat n’est pas là, ou que le site est fermé",
            false,
        ),
        "CONFLICT" => ("devant une personne qui a un lien avec ce candidat", false),
        "CAPACITY" => ("plus de candidats que de places", false),
        "OVERLAP" => ("deux choses à la fois", false),
        "LUNCH" => ("pas le temps de déjeuner", false),
        "BREAK" => ("moins que la pause voulue entre deux épreuves", false),
        "MAX_HOURS" => ("plus d’heures que le plafond de la journée", false),
        "PRECEDENCE" => (
            "dans le désordre : une préparation, ou un questionnaire que le jury corrige, passe avant ; l’entretien final, en dernier",
            false,
        ),
        "DELIB" => (
            "la délibération n’est pas placée après la dernière épreuve",
            false,
        ),
        "GROUP" => ("trop de candidats ensemble pour cette épreuve", true),
        "SAME_START" => ("tous ne commencent pas à la même heure", true),
        "SAME_JURY" => ("le candidat change de jury d’une épreuve à l’autre", true),
        "CHAIN" => (
            "deux épreuves qui se suivent d’ordinaire sont séparées",
            true,
        ),
        _ => return None,
    };
    Some((format!("{objet} : {quoi}."), suppose))
}
