//! Règles de la délibération : qui délibère, avec quoi, et ce que les décisions ont de cohérent.

use super::{Examen, NiveauPreuve, Regle};
use crate::contexte::Force;

pub(super) const REGLES: &[Regle] = &[
    Regle {
        code: "R83",
        intitule: "Le jury délibère hors de toute autre présence ; le responsable et le formateur n’en sont pas.",
        source: "Check-list",
        force: Force::Interdit,
        pourquoi: "Le jury est souverain : personne d’autre n’y assiste.",
        examen: Examen::Geste("ouvrir la délibération demande de dire qu’aucun tiers n’y est."),
        ..Regle::MODELE
    },
    Regle {
        code: "R84",
        intitule: "La fiche de synthèse est complète avant la décision (session titre).",
        source: "Check-list",
        force: Force::Interdit,
        pourquoi: "La fiche est le support de la décision : sans elle, il n’y a rien à transcrire.",
        examen: Examen::Geste(
            "transcrire une décision se refuse tant que la fiche de synthèse n’est pas notée complète.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R85",
        intitule: "Chaque candidat présent a une décision ; un absent n’a que l’absence.",
        source: "Check-list ; usage d’un centre",
        force: Force::Interdit,
        pourquoi: "Le procès-verbal ne peut ni oublier un candidat ni juger un absent.",
        examen: Examen::Geste(
            "la délibération ne se clôt qu’avec une décision par candidat, et un absent n’a que l’absence.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R86",
        intitule: "Le titre accordé suppose tous les CCP acquis et un entretien final favorable.",
        source: "Arrêté du 22 décembre 2015, art. 8 ; usage d’un centre",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Interdit,
        pourquoi: "Le titre ne se délivre pas sans toutes ses compétences.",
        examen: Examen::Geste(
            "transcrire une réussite se refuse sans tous les certificats et un entretien favorable.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R87",
        intitule: "Une réussite partielle compte un CCP au moins ; un échec n’en compte aucun.",
        source: "Arrêté du 22 décembre 2015, art. 4 et 10",
        force: Force::Interdit,
        pourquoi: "L’issue se définit par les certificats.",
        examen: Examen::Geste(
            "transcrire se refuse quand l’issue et les certificats se contredisent.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R88",
        intitule: "Un CCP acquis auparavant le reste.",
        source: "Instruction DGEFP ; usage d’un centre",
        force: Force::Interdit,
        pourquoi: "Un CCP acquis l’est définitivement : une session ne peut pas le retirer.",
        examen: Examen::Geste("un certificat noté déjà acquis ne se refuse plus."),
        ..Regle::MODELE
    },
    Regle {
        code: "R89",
        intitule: "Les fiches individuelles sont signées par tous les jurés, et un refus est motivé.",
        source: "Check-list",
        force: Force::Alerte,
        examen: Examen::Geste(
            "transcrire un refus demande sa motivation ; le PV demande de dire que chaque fiche est signée.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R90",
        intitule: "Un refus ou une réussite partielle porte des recommandations au candidat.",
        source: "Check-list",
        force: Force::Alerte,
        examen: Examen::Geste(
            "transcrire un refus ou une réussite partielle demande les recommandations.",
        ),
        ..Regle::MODELE
    },
];
