//! Règles de la délibération : qui délibère, avec quoi, et ce que les décisions ont de cohérent.

use super::{Examen, NiveauPreuve, Regle};
use crate::contexte::Force;

pub(super) const REGLES: &[Regle] = &[
    Regle {
        code: "R83",
        intitule: "Le jury délibère hors de toute autre présence ; le responsable et le formateur n’en sont pas.",
        source: "Check-list",
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R84",
        intitule: "La fiche de synthèse est complète avant la décision (session titre).",
        source: "Check-list",
        force: Force::Derogeable,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R85",
        intitule: "Chaque candidat présent a une décision ; un absent n’a que l’absence.",
        source: "Check-list ; usage d’un centre",
        force: Force::Derogeable,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R86",
        intitule: "Le titre accordé suppose tous les CCP acquis et un entretien final favorable.",
        source: "Arrêté du 22 décembre 2015, art. 8 ; usage d’un centre",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Derogeable,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R87",
        intitule: "Une réussite partielle compte un CCP au moins ; un échec n’en compte aucun.",
        source: "Arrêté du 22 décembre 2015, art. 4 et 10",
        force: Force::Derogeable,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R88",
        intitule: "Un CCP acquis auparavant le reste.",
        source: "Instruction DGEFP ; usage d’un centre",
        force: Force::Interdit,
        pourquoi: "Un CCP acquis l’est définitivement : une session ne peut pas le retirer.",
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R89",
        intitule: "Les fiches individuelles sont signées par tous les jurés, et un refus est motivé.",
        source: "Check-list",
        force: Force::Alerte,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R90",
        intitule: "Un refus ou une réussite partielle porte des recommandations au candidat.",
        source: "Check-list",
        force: Force::Alerte,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
];
