//! Règles des plis : reçus, gardés, constatés, distribués, détruits.

use super::{Examen, NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::echeances::jours_avant;
use crate::session::Session;
use crate::temps::date_chiffres;
use jiff::civil::Date;

pub(super) const REGLES: &[Regle] = &[
    Regle {
        code: "R15",
        intitule: "Les plis sont reçus deux semaines avant la session ; sinon l’unité des épreuves est relancée.",
        source: "Site des responsables de session, foire aux questions",
        force: Force::Alerte,
        examen: Examen::Etat(non_recus),
        ..Regle::MODELE
    },
    Regle {
        code: "R16",
        intitule: "Les plis reçus sont mis au coffre le jour même.",
        source: "Check-list (le « jour même » est une lecture prudente)",
        force: Force::Alerte,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R17",
        intitule: "La version du dossier technique d’évaluation est celle du millésime de la session.",
        source: "Check-list ; usage d’un centre",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Derogeable,
        examen: Examen::NonEvaluee(
            "Les versions du DTE et du référentiel s’écrivent librement : Garant ne sait pas les rapprocher.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R66",
        intitule: "Le premier jour, le cachet est constaté par le responsable et un candidat inscrit.",
        source: "Règlement général de 2016 ; check-list",
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R67",
        intitule: "Le responsable, seul, vérifie que le contenu du pli est complet et conforme au référentiel.",
        source: "Check-list",
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R68",
        intitule: "Un cachet rompu ou un contenu non conforme est dit à la DDETS avant toute distribution.",
        source: "Check-list ; règlement général de 2016",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R69",
        intitule: "Le témoin est un candidat présent, inscrit à cette session.",
        source: "Règlement général de 2016",
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R101",
        intitule: "Les sujets sont détruits après la session, et leur destruction est notée.",
        source: "Check-list",
        force: Force::Alerte,
        examen: Examen::Etat(non_detruits),
        ..Regle::MODELE
    },
];

fn non_recus(s: &Session, jour: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let limite = jours_avant(p.debut, s.cadre.valeur("R15"));
    if recus(s) || jour <= limite {
        return vec![];
    }
    vec![Trouve::manquement(
        "plis",
        PAGE,
        format!(
            "Les plis ne sont pas notés reçus ; la limite était le {}.",
            date_chiffres(limite)
        ),
        "Relancez l’unité des épreuves, ou notez-les reçus et mettez-les au coffre.",
    )]
}

fn recus(s: &Session) -> bool {
    super::est_reglee(s, "AV-09")
}

const PAGE: &str = "";

fn non_detruits(s: &Session, jour: Date) -> Vec<Trouve> {
    super::due_apres(
        s,
        jour,
        "R101",
        super::est_reglee(s, "AP-09"),
        "La destruction des sujets n’est pas notée.",
        "Détruisez-les devant témoin et notez-le.",
    )
}
