//! Règles de programmation : validité du titre, référentiel confirmé.

use super::{NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::session::Session;
use crate::temps::date_moyenne;
use jiff::civil::Date;

pub(super) const REGLES: &[Regle] = &[
    Regle {
        code: "R06",
        intitule: "Un titre échu n’admet de session que dans l’année de prolongation qui suit sa fin de validité.",
        source: "Site des responsables de session, demande d’agrément : délai de prolongation d’un an",
        preuve: NiveauPreuve::Lu,
        vigueur: None,
        // Interdit : aucune autorité locale ne délivre un titre sorti de son année de prolongation.
        force: Force::Interdit,
        examiner: titre_hors_prolongation,
    },
    Regle {
        code: "R05",
        intitule: "Le titre est en vigueur à la date de la session.",
        source: "Check-list : « avant la fin de validité du titre » ; site des responsables de session",
        preuve: NiveauPreuve::Lu,
        vigueur: None,
        force: Force::Derogeable,
        examiner: titre_en_prolongation,
    },
    Regle {
        code: "R70",
        intitule: "Le planning reprend toutes les épreuves du référentiel, avec leurs durées exactes.",
        source: "Arrêté du 22 décembre 2015, art. 8 ; contrôle des sessions",
        preuve: NiveauPreuve::Lu,
        vigueur: None,
        force: Force::Alerte,
        examiner: referentiel_a_verifier,
    },
];

fn titre_hors_prolongation(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    match (p.referentiel.echeance, p.referentiel.fin_prolongation()) {
        (Some(e), Some(f)) if p.fin > f => vec![Trouve::manquement(
            "titre",
            "programme",
            format!(
                "Le titre {} n’est plus valide depuis le {} et son année de prolongation finit le {}.",
                p.referentiel.designation(),
                date_moyenne(e),
                date_moyenne(f)
            ),
            "Choisissez le millésime en vigueur, ou une date avant la fin de la prolongation.",
        )],
        _ => vec![],
    }
}

fn titre_en_prolongation(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    match (p.referentiel.echeance, p.referentiel.fin_prolongation()) {
        (Some(e), Some(f)) if p.fin > e && p.fin <= f => vec![Trouve::manquement(
            "titre",
            "programme",
            format!(
                "Le titre {} est échu depuis le {} : la session n’est possible que pour un échec, une réussite partielle ou une formation commencée avant cette date.",
                p.referentiel.designation(),
                date_moyenne(e)
            ),
            "Dites en motif de quels candidats il s’agit, et que la session est dans CERES depuis avant l’échéance.",
        )],
        _ => vec![],
    }
}

fn referentiel_a_verifier(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    if p.referentiel.est_confirme() {
        return vec![];
    }
    vec![Trouve::manque(
        "referentiel",
        "programme",
        "Les durées et la présence du jury de ce titre sont encore « à vérifier au RE ».",
        "Confirmez le référentiel du titre d’après le RE, puis adoptez-le dans la session.",
    )]
}
