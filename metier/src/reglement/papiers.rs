//! Règles des convocations : délais, preuve de remise, ce qu'elles doivent dire.

use super::{Examen, NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::echeances::un_mois_et_jours_avant;
use crate::session::Session;
use crate::session::convocations::{Destinataire, Etat};
use crate::temps::{date_chiffres, jours_entre};
use jiff::civil::Date;

pub(super) const REGLES: &[Regle] = &[
    Regle {
        code: "R37",
        intitule: "Chaque candidat est convoqué un mois et 30 jours au moins avant la session.",
        source: "Check-list : « un mois avant », « ≥ au moins 30 jours »",
        force: Force::Alerte,
        examen: Examen::Etat(candidats_en_retard),
        ..Regle::MODELE
    },
    Regle {
        code: "R36",
        intitule: "Chaque juré est convoqué 30 jours au moins avant la session.",
        source: "Check-list : « ≥ au moins 30 jours avant la session »",
        force: Force::Alerte,
        examen: Examen::Etat(jures_en_retard),
        ..Regle::MODELE
    },
    Regle {
        code: "R38",
        intitule: "La remise d’une convocation de candidat est prouvée : LR/AR ou décharge.",
        source: "Check-list : « en LR/AR ou les remettre contre décharge »",
        force: Force::Alerte,
        examen: Examen::Etat(sans_preuve),
        ..Regle::MODELE
    },
    Regle {
        code: "R39",
        intitule: "La convocation dit, pour chaque épreuve, le lieu, la date, l’heure et la nature.",
        source: "Check-list, convoquer les candidats",
        force: Force::Derogeable,
        examen: Examen::Etat(convocation_depassee),
        ..Regle::MODELE
    },
    Regle {
        code: "R41",
        intitule: "Le numéro de session CERES figure avant l’envoi des convocations.",
        source: "Usage d’un centre",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Alerte,
        examen: Examen::Etat(sans_ceres),
        ..Regle::MODELE
    },
    Regle {
        code: "R42",
        intitule: "Un candidat inscrit à moins d’un mois de la session est une dérogation motivée.",
        source: "Check-list (déduit du délai de convocation)",
        force: Force::Alerte,
        examen: Examen::Etat(inscrits_tard),
        ..Regle::MODELE
    },
    Regle {
        code: "R40",
        intitule: "La convocation dit les EPI, l’outillage et les habilitations que le référentiel exige.",
        source: "Check-list",
        force: Force::Alerte,
        examen: Examen::NonEvaluee(
            "Les EPI et habilitations exigés ne sont pas dans les référentiels.",
        ),
        ..Regle::MODELE
    },
];

/// La limite de convocation (réglable par le centre sous ce code de règle), et le premier jour.
fn limite(s: &Session, regle: &str) -> Option<(Date, Date)> {
    s.programme.as_ref().map(|p| {
        (
            un_mois_et_jours_avant(p.debut, s.cadre.valeur(regle)),
            p.debut,
        )
    })
}

fn en_retard(s: &Session, jour: Date, d: Destinataire, nom: &str, regle: &str) -> Option<Trouve> {
    let (limite, debut) = limite(s, regle)?;
    match s.convocations.de(&d).and_then(|c| c.remise.as_ref()) {
        Some((r, _)) if r.le > limite => Some(Trouve::manquement(
            d.id(),
            "convocations",
            format!(
                "{nom} est convoqué le {}, {} jours avant la session ; la limite était le {}.",
                date_chiffres(r.le),
                jours_entre(r.le, debut),
                date_chiffres(limite)
            ),
            "Gardez la preuve de la remise et dites pourquoi au PV si la DDETS le demande.",
        )),
        None if jour > limite => Some(Trouve::manquement(
            d.id(),
            "convocations",
            format!(
                "{nom} n’est pas convoqué ; la limite était le {}.",
                date_chiffres(limite)
            ),
            "Éditez sa convocation et remettez-la contre décharge sans attendre.",
        )),
        _ => None,
    }
}

fn candidats_en_retard(s: &Session, jour: Date) -> Vec<Trouve> {
    s.inscrits()
        .filter_map(|c| {
            en_retard(
                s,
                jour,
                Destinataire::Candidat(c.id.clone()),
                &c.fiche.nom_complet(),
                "R37",
            )
        })
        .collect()
}

fn jures_en_retard(s: &Session, jour: Date) -> Vec<Trouve> {
    s.jury
        .iter()
        .filter(|m| m.membre.place == crate::jury::Place::Titulaire)
        .filter_map(|m| {
            en_retard(
                s,
                jour,
                Destinataire::Jure(m.membre.jure.clone()),
                &m.membre.nom,
                "R36",
            )
        })
        .collect()
}

fn sans_preuve(s: &Session, _: Date) -> Vec<Trouve> {
    s.inscrits()
        .filter(|c| {
            s.convocations
                .de(&Destinataire::Candidat(c.id.clone()))
                .and_then(|x| x.remise.as_ref())
                .is_some_and(|(r, _)| !r.mode.vaut_preuve())
        })
        .map(|c| {
            Trouve::manquement(
                c.id.as_str(),
                "convocations",
                format!(
                    "La convocation de {} est partie par courriel, sans LR/AR ni décharge.",
                    c.fiche.nom_complet()
                ),
                "Faites signer une décharge, ou envoyez-la aussi en LR/AR.",
            )
        })
        .collect()
}

fn convocation_depassee(s: &Session, _: Date) -> Vec<Trouve> {
    s.inscrits()
        .filter(|c| {
            s.etat_convocation(&Destinataire::Candidat(c.id.clone())) == Etat::ARefaire
                && s.convocations.est_remise_candidat(&c.id)
        })
        .map(|c| {
            Trouve::manquement(
                c.id.as_str(),
                "convocations",
                format!(
                    "La convocation remise à {} ne dit plus vrai : son planning a changé.",
                    c.fiche.nom_complet()
                ),
                "Éditez-la de nouveau et remettez-la.",
            )
        })
        .collect()
}

fn sans_ceres(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    if p.numero_ceres.is_some() || s.inscrits().count() == 0 {
        return vec![];
    }
    if s.convocations
        .par_destinataire
        .values()
        .any(|c| c.remise.is_some())
    {
        return vec![Trouve::manquement(
            "ceres",
            "programme",
            "Des convocations sont remises sans numéro de session CERES.",
            "Notez le numéro dès que CERES l’attribue, et dites-le aux candidats.",
        )];
    }
    vec![Trouve::manque(
        "ceres",
        "programme",
        "Le numéro de session CERES n’est pas noté.",
        "Recopiez-le de CERES avant d’éditer les convocations.",
    )]
}

fn inscrits_tard(s: &Session, _: Date) -> Vec<Trouve> {
    let Some((limite, debut)) = limite(s, "R37") else {
        return vec![];
    };
    s.inscrits()
        .filter(|c| c.inscrit_le > limite)
        .map(|c| {
            Trouve::manquement(
                c.id.as_str(),
                "candidats",
                format!(
                    "{} est inscrit le {}, {} jours avant la session.",
                    c.fiche.nom_complet(),
                    date_chiffres(c.inscrit_le),
                    jours_entre(c.inscrit_le, debut)
                ),
                "Vérifiez avec la DDETS que cette inscription tardive est admise.",
            )
        })
        .collect()
}
