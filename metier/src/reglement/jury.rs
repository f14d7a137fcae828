//! Règles du jury : nombre, habilitation, réserve.

use super::{Examen, NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::session::Session;
use crate::session::jury::Place;
use crate::temps::{date_chiffres, periode};
use jiff::civil::Date;

pub(super) const REGLES: &[Regle] = &[
    Regle {
        code: "R28",
        intitule: "Chaque juré est habilité pour ce titre.",
        source: "Check-list : « chacun doit être habilité par l’UD »",
        force: Force::Interdit,
        pourquoi: "La DDETS seule habilite : ni le centre ni le responsable ne peuvent en dispenser.",
        examen: Examen::Etat(non_habilites),
        ..Regle::MODELE
    },
    Regle {
        code: "R29",
        intitule: "L’habilitation est active pendant toute la session.",
        source: "Site des responsables de session, 13 engagements",
        force: Force::Interdit,
        pourquoi: "La DDETS seule prolonge une habilitation.",
        examen: Examen::Etat(habilitation_courte),
        ..Regle::MODELE
    },
    Regle {
        code: "R26",
        intitule: "Deux jurés habilités au moins composent le jury.",
        source: "Check-list : « 2 professionnels » ; site des responsables de session",
        force: Force::Derogeable,
        examen: Examen::Etat(trop_peu),
        ..Regle::MODELE
    },
    Regle {
        code: "R27",
        intitule: "Deux jurés au moins sont présents quand le jury statue et quand il délibère.",
        source: "Règlement de 2008 §1.2 ; check-list",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Interdit,
        pourquoi: "En dessous de deux jurés, la carence se règle par une décision de la DDETS, pas par un motif.",
        au_pv: true,
        examen: Examen::Geste(
            "statuer sur une mise en situation et ouvrir la délibération se refusent devant moins de deux jurés présents.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R35",
        intitule: "Un juré de réserve pare à une défection.",
        source: "Check-list : « anticiper les défections »",
        force: Force::Information,
        examen: Examen::Etat(sans_reserve),
        ..Regle::MODELE
    },
    Regle {
        code: "R30",
        intitule: "Un juré a trois ans d’expérience du métier et ne l’a pas quitté depuis plus de cinq ans.",
        source: "Arrêté du 22 décembre 2015, art. 5, modifié ; pages de DREETS",
        force: Force::Information,
        examen: Examen::NonEvaluee(
            "Garant ne tient pas le parcours des jurés : la DDETS en juge quand elle habilite.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R31",
        intitule: "Les règles de jury propres au titre sont tenues (permis, expert, durée annuelle…).",
        source: "Arrêtés de spécialité",
        force: Force::Derogeable,
        examen: Examen::NonEvaluee(
            "Les conditions de jury de chaque arrêté de spécialité ne sont pas dans les référentiels.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R32",
        intitule: "Un juré n’évalue pas un candidat auquel il est lié (entreprise, organisme, lien personnel).",
        source: "Engagements du membre de jury ; règlement de 2008 §3.1",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::Etat(lies),
        ..Regle::MODELE
    },
    Regle {
        code: "R33",
        intitule: "Après un déport, deux jurés au moins restent pour ce candidat.",
        source: "Déduit de R26 et R32",
        preuve: NiveauPreuve::Proposition,
        force: Force::Interdit,
        pourquoi: "La carence se règle par une décision de la DDETS, pas par un motif. Transcrire une décision se refuse alors.",
        au_pv: true,
        examen: Examen::Etat(moins_de_deux),
        ..Regle::MODELE
    },
    Regle {
        code: "R34",
        intitule: "Chaque juré déclare n’être lié à aucun candidat.",
        source: "Engagements du membre de jury",
        preuve: NiveauPreuve::Proposition,
        force: Force::Alerte,
        examen: Examen::Etat(liens_non_declares),
        ..Regle::MODELE
    },
    Regle {
        code: "R108",
        intitule: "L’autorité qui a habilité le juré est notée : celle de son domicile, parfois autre que celle de la session.",
        source: "Page de DREETS « Devenir membre de jury »",
        force: Force::Information,
        examen: Examen::Etat(sans_autorite),
        ..Regle::MODELE
    },
    Regle {
        code: "R109",
        intitule: "Un juré n’a pas pour seule qualité d’être formateur : il est un professionnel du métier.",
        source: "Arrêté du 22 décembre 2015 modifié au 1er janvier 2017 ; pages de DREETS",
        vigueur: Some(jiff::civil::date(2017, 1, 1)),
        force: Force::Alerte,
        examen: Examen::Etat(formateurs),
        ..Regle::MODELE
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
    let min = s.cadre.valeur("R26") as usize;
    if n >= min {
        return vec![];
    }
    vec![Trouve::manque(
        "jury",
        "jury",
        format!(
            "Le jury compte {n} titulaire{} ; il en faut {min} au moins.",
            super::pluriel(n)
        ),
        "Retenez des jurés habilités dans l’annuaire.",
    )]
}

fn sans_reserve(s: &Session, _: Date) -> Vec<Trouve> {
    let voulus = s.cadre.valeur("R35") as usize;
    let n = s
        .jury
        .iter()
        .filter(|m| m.membre.place == Place::Reserve)
        .count();
    if n >= voulus {
        return vec![];
    }
    vec![Trouve::manque(
        "reserve",
        "jury",
        match n {
            0 => "Aucun juré de réserve n’est prévu.".to_owned(),
            _ => format!(
                "{n} juré{} de réserve ; le centre en veut {voulus}.",
                super::pluriel(n)
            ),
        },
        "Retenez-en un, pour parer à une défection.",
    )]
}

fn lies(s: &Session, _: Date) -> Vec<Trouve> {
    let mut t = vec![];
    for l in s.liens() {
        let (Some(m), Ok(c)) = (s.jure(&l.jure), s.candidat(&l.candidat)) else {
            continue;
        };
        if !s.planning.de(&c.id).any(|p| p.jury.contains(&m.jure)) {
            continue;
        }
        t.push(Trouve::manquement(
            format!("{}|{}", m.jure, c.id),
            "planning",
            format!(
                "{} évalue {} : {}.",
                m.nom,
                c.fiche.nom_complet(),
                match l.est_declare {
                    true => format!("lien déclaré ({})", l.nature.libelle().to_lowercase()),
                    false => "même entreprise ou même organisme".to_owned(),
                }
            ),
            "Affectez un autre juré à ce candidat. S’il n’y a pas de lien, levez-le parmi les liens du jury en disant pourquoi.",
        ));
    }
    t
}

/// Un lien se dit toujours : il en manque un juré, il n'y a pas de faute à l'avoir dit.
fn moins_de_deux(s: &Session, _: Date) -> Vec<Trouve> {
    let min = s.cadre.valeur("R26") as usize;
    let conflits = s.conflits();
    // Un jury trop court se dit une fois (R26), pas à chaque candidat.
    if conflits.is_empty() || s.jury.len() < min {
        return vec![];
    }
    s.inscrits()
        .filter_map(|c| {
            let restent = s
                .jury
                .iter()
                .filter(|m| !conflits.contains(&(m.membre.jure.clone(), c.id.clone())))
                .count();
            (restent < min).then(|| {
                Trouve::manque(
                    c.id.as_str(),
                    "jury",
                    format!(
                        "{restent} juré{} sans lien avec {} : il en faut {min}.",
                        super::pluriel(restent),
                        c.fiche.nom_complet()
                    ),
                    "Retenez un autre juré habilité, ou ouvrez une carence : l’administration décide.",
                )
            })
        })
        .collect()
}

fn liens_non_declares(s: &Session, jour: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let inscrits: Vec<_> = s.inscrits().collect();
    if inscrits.is_empty() {
        return vec![];
    }
    s.jury
        .iter()
        .filter_map(|m| {
            let phrase = match s.liens.declarations.get(&m.membre.jure) {
                None => format!(
                    "{} n’a pas déclaré ses liens avec les candidats.",
                    m.membre.nom
                ),
                Some(d) => {
                    let n = inscrits
                        .iter()
                        .filter(|c| !d.candidats.contains(&c.id))
                        .count();
                    if n == 0 {
                        return None;
                    }
                    format!(
                        "{} a déclaré ses liens le {}, avant l’inscription de {n} candidat{}.",
                        m.membre.nom,
                        date_chiffres(d.le),
                        super::pluriel(n)
                    )
                }
            };
            Some(Trouve::selon(
                p.debut <= jour,
                m.membre.jure.as_str(),
                "jury/liens",
                phrase,
                "Faites-lui lire la liste des candidats, puis notez sa réponse.",
            ))
        })
        .collect()
}

fn sans_autorite(s: &Session, _: Date) -> Vec<Trouve> {
    s.jury
        .iter()
        .filter(|m| {
            m.membre
                .habilitation
                .as_ref()
                .is_some_and(|h| h.autorite.trim().is_empty())
        })
        .map(|m| {
            Trouve::manque(
                m.membre.jure.as_str(),
                "jury",
                format!(
                    "On ne sait pas quelle autorité a habilité {}.",
                    m.membre.nom
                ),
                "Complétez son habilitation dans l’annuaire, puis remettez-la à jour au jury.",
            )
        })
        .collect()
}

fn formateurs(s: &Session, _: Date) -> Vec<Trouve> {
    s.jury
        .iter()
        .filter(|m| {
            let q = crate::vues::recherchable(&m.membre.qualite);
            ["formateur", "formatrice", "enseignant", "enseignante"].contains(&q.as_str())
        })
        .map(|m| {
            Trouve::manquement(
                m.membre.jure.as_str(),
                "jury",
                format!(
                    "{} n’est connu que comme « {} ».",
                    m.membre.nom, m.membre.qualite
                ),
                "Notez son métier dans l’annuaire, ou choisissez un professionnel du métier.",
            )
        })
        .collect()
}
