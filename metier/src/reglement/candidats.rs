//! Règles des candidats : voies d'accès, conditions, aménagements, information.

use super::{Examen, NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::session::Session;
use jiff::civil::Date;

/// Ce que Garant ne tient pas du candidat.
const SANS_PARCOURS: &str =
    "Le parcours de formation du candidat (dates, contenu) n’est pas tenu : seule sa voie l’est.";
const SANS_HISTORIQUE: &str = "Garant ne relie pas encore un candidat à ses sessions passées : échecs, absences et CCP acquis ne sont pas connus.";
const SANS_VAE: &str = "La notification de recevabilité (date, type de session) n’est pas tenue ; sa présentation l’est le jour de l’examen (R59).";
const SANS_CONVENTION: &str =
    "Les conventions avec les organismes de formation ne sont pas tenues.";
const SANS_AMENAGEMENT: &str = "Les aménagements accordés ne sont pas encore tenus par Garant.";

pub(super) const REGLES: &[Regle] = &[
    Regle {
        code: "R08",
        intitule: "En prolongation, le candidat vient d’un échec, d’une réussite partielle ou d’une formation commencée avant la fin de validité.",
        source: "Site des responsables de session, demande d’agrément",
        force: Force::Derogeable,
        examen: Examen::NonEvaluee(SANS_HISTORIQUE),
        ..Regle::MODELE
    },
    Regle {
        code: "R43",
        intitule: "Le candidat issu de formation a suivi une formation en cohérence avec le titre ou le CCP.",
        source: "Arrêté du 22 décembre 2015, art. 4",
        force: Force::Derogeable,
        examen: Examen::NonEvaluee(SANS_PARCOURS),
        ..Regle::MODELE
    },
    Regle {
        code: "R44",
        intitule: "Le candidat VAE a une recevabilité notifiée depuis moins d’un an à la date de la session.",
        source: "Arrêté du 22 décembre 2015, art. 7",
        force: Force::Derogeable,
        examen: Examen::NonEvaluee(SANS_VAE),
        ..Regle::MODELE
    },
    Regle {
        code: "R45",
        intitule: "Le candidat VAE se présente au type de session que dit sa recevabilité.",
        source: "Arrêté du 22 décembre 2015, art. 7",
        force: Force::Alerte,
        examen: Examen::NonEvaluee(SANS_VAE),
        ..Regle::MODELE
    },
    Regle {
        code: "R46",
        intitule: "Le candidat à un CCS détient le titre associé, et une formation ou un an d’expérience.",
        source: "Arrêté du 22 décembre 2015, modifié au 1er janvier 2017",
        vigueur: Some(jiff::civil::date(2017, 1, 1)),
        force: Force::Derogeable,
        examen: Examen::NonEvaluee(
            "Le titre détenu et les preuves du candidat au CCS ne sont pas tenus.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R47",
        intitule: "Un CCP déjà acquis ne se repasse pas.",
        source: "Instruction DGEFP ; usage d’un centre",
        force: Force::Alerte,
        examen: Examen::NonEvaluee(SANS_HISTORIQUE),
        ..Regle::MODELE
    },
    Regle {
        code: "R48",
        intitule: "Un candidat en échec ou absent se représente dans l’année, sinon après une formation nouvelle.",
        source: "Arrêté du 22 décembre 2015, art. 10 ; site des responsables de session",
        force: Force::Derogeable,
        examen: Examen::NonEvaluee(SANS_HISTORIQUE),
        ..Regle::MODELE
    },
    Regle {
        code: "R49",
        intitule: "Un candidat se représente à trois sessions titre au plus dans cette année.",
        source: "Arrêté du 22 décembre 2015, art. 10, dans une source secondaire",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Alerte,
        examen: Examen::NonEvaluee(SANS_HISTORIQUE),
        ..Regle::MODELE
    },
    Regle {
        code: "R50",
        intitule: "Les CCP restants s’obtiennent pendant la validité du titre, et un an après.",
        source: "Code de l’éducation, R. 338-5 ; arrêté du 22 décembre 2015, art. 10",
        force: Force::Derogeable,
        examen: Examen::NonEvaluee(SANS_HISTORIQUE),
        ..Regle::MODELE
    },
    Regle {
        code: "R51",
        intitule: "Une formation par un prestataire est couverte par une convention écrite en vigueur pour ce titre.",
        source: "Arrêté « agrément », art. 3",
        vigueur: Some(jiff::civil::date(2024, 10, 1)),
        force: Force::Derogeable,
        examen: Examen::NonEvaluee(SANS_CONVENTION),
        ..Regle::MODELE
    },
    Regle {
        code: "R52",
        intitule: "L’avenant annuel à la convention est transmis avant le 1er janvier.",
        source: "Arrêté « agrément », art. 3",
        vigueur: Some(jiff::civil::date(2024, 10, 1)),
        force: Force::Alerte,
        examen: Examen::NonEvaluee(SANS_CONVENTION),
        ..Regle::MODELE
    },
    Regle {
        code: "R53",
        intitule: "Les durées minimales, le stage et le présentiel du titre sont vérifiés auprès du prestataire.",
        source: "Arrêté « agrément », engagement n° 14",
        vigueur: Some(jiff::civil::date(2024, 10, 1)),
        force: Force::Alerte,
        examen: Examen::NonEvaluee(SANS_CONVENTION),
        ..Regle::MODELE
    },
    Regle {
        code: "R54",
        intitule: "Chaque candidat a une voie d’accès prévue par l’arrêté ; « candidat libre » n’en est pas une.",
        source: "Arrêté du 22 décembre 2015, art. 4",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Alerte,
        examen: Examen::Etat(sans_voie),
        ..Regle::MODELE
    },
    Regle {
        code: "R55",
        intitule: "Une demande d’aménagement a reçu la décision de la DDETS avant la session.",
        source: "Procédure nationale de mai 2019 ; règlement général, point 2",
        force: Force::Alerte,
        examen: Examen::NonEvaluee(SANS_AMENAGEMENT),
        ..Regle::MODELE
    },
    Regle {
        code: "R56",
        intitule: "La durée aménagée est au planning et le jury en est informé.",
        source: "Procédure nationale ; règlement de 2008",
        force: Force::Derogeable,
        examen: Examen::NonEvaluee(SANS_AMENAGEMENT),
        ..Regle::MODELE
    },
    Regle {
        code: "R57",
        intitule: "Un aménagement accordé est appliqué ; aucun ne l’est sans décision.",
        source: "Contrôle des sessions",
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::NonEvaluee(SANS_AMENAGEMENT),
        ..Regle::MODELE
    },
    Regle {
        code: "R106",
        intitule: "Les candidats sont informés du règlement général, par affichage ou par remise.",
        source: "Règlement général de 2016, art. 2",
        force: Force::Alerte,
        examen: Examen::Etat(sans_reglement),
        ..Regle::MODELE
    },
];

fn sans_voie(s: &Session, jour: Date) -> Vec<Trouve> {
    let commencee = s.programme.as_ref().is_some_and(|p| p.debut <= jour);
    s.inscrits()
        .filter(|c| c.fiche.voie.is_none())
        .map(|c| {
            Trouve::selon(
                commencee,
                c.id.as_str(),
                "candidats",
                format!("La voie d’accès de {} n’est pas dite.", c.fiche.nom_complet()),
                "Complétez sa fiche : formation, apprentissage, contrat de professionnalisation, VAE ou équivalence.",
            )
        })
        .collect()
}

fn sans_reglement(s: &Session, jour: Date) -> Vec<Trouve> {
    super::tache_due_au_debut(
        s,
        jour,
        "AV-18",
        "Rien ne dit que les candidats connaissent le règlement général.",
        "Affichez-le ou remettez-le, puis notez la tâche d’information faite.",
    )
}
