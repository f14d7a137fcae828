//! Règles du jury : nombre, habilitation, réserve.

use super::{NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::session::Session;
use crate::session::jury::Place;
use crate::temps::{date_chiffres, periode};
use jiff::civil::Date;

/// Nombre minimal de jurés habilités (check-list : « 2 professionnels, chacun habilité »).
pub const JURES_MIN: usize = 2;

pub(super) const REGLES: &[Regle] = &[
    // Interdit : l'habilitation relève de la DDETS, ni le centre ni le responsable ne peuvent y déroger.
    Regle {
        code: "R28",
        intitule: "Chaque juré est habilité pour ce titre.",
        source: "Check-list : « chacun doit être habilité par l’UD »",
        preuve: NiveauPreuve::Lu,
        vigueur: None,
        force: Force::Interdit,
        examiner: non_habilites,
    },
    Regle {
        code: "R29",
        intitule: "L’habilitation est active pendant toute la session.",
        source: "Site des responsables de session, 13 engagements",
        preuve: NiveauPreuve::Lu,
        vigueur: None,
        force: Force::Interdit,
        examiner: habilitation_courte,
    },
    Regle {
        code: "R26",
        intitule: "Deux jurés habilités au moins composent le jury.",
        source: "Check-list : « 2 professionnels » ; site des responsables de session",
        preuve: NiveauPreuve::Lu,
        vigueur: None,
        force: Force::Derogeable,
        examiner: trop_peu,
    },
    Regle {
        code: "R35",
        intitule: "Un juré de réserve pare à une défection.",
        source: "Check-list : « anticiper les défections »",
        preuve: NiveauPreuve::Lu,
        vigueur: None,
        force: Force::Information,
        examiner: sans_reserve,
    },
];

fn non_habilites(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    s.jury
        .iter()
        .filter(|m| m.membre.habilitation.is_none())
        .map(|m| {
            Trouve::manquement(
                m.membre.jure.as_str(),
                "jury",
                format!(
                    "{} n’a pas d’habilitation connue pour {}.",
                    m.membre.nom,
                    p.referentiel.designation()
                ),
                "Saisissez son habilitation dans l’annuaire, ou choisissez un autre juré.",
            )
        })
        .collect()
}

fn habilitation_courte(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    s.jury.iter().filter_map(|m| m.membre.habilitation.as_ref().map(|h| (m, h))).filter(|(m, _)| !m.membre.est_habilite(p.debut, p.fin)).map(|(m, h)| Trouve::manquement(
        m.membre.jure.as_str(), "jury",
        format!("{} est habilité du {} au {} : l’habilitation ne couvre pas la session, {}.", m.membre.nom, date_chiffres(h.debut), date_chiffres(h.fin), periode(p.debut, p.fin)),
        "Faites renouveler l’habilitation et mettez l’annuaire à jour, ou choisissez un autre juré.",
    )).collect()
}

fn trop_peu(s: &Session, _: Date) -> Vec<Trouve> {
    let n = s
        .jury
        .iter()
        .filter(|m| m.membre.place == Place::Titulaire)
        .count();
    if n >= JURES_MIN {
        return vec![];
    }
    vec![Trouve::manque(
        "jury",
        "jury",
        format!(
            "Le jury compte {n} titulaire{} ; il en faut {JURES_MIN} au moins.",
            if n > 1 { "s" } else { "" }
        ),
        "Retenez des jurés habilités dans l’annuaire.",
    )]
}

fn sans_reserve(s: &Session, _: Date) -> Vec<Trouve> {
    if s.jury.iter().any(|m| m.membre.place == Place::Reserve) {
        return vec![];
    }
    vec![Trouve::manque(
        "reserve",
        "jury",
        "Aucun juré de réserve n’est prévu.",
        "Retenez-en un, pour parer à une défection.",
    )]
}
