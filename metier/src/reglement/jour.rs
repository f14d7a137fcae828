//! Règles du jour de l'examen : accueil, affichage, épreuves, incidents.

use super::{Examen, NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::echeances::jours_avant;
use crate::session::Session;
use crate::temps::date_chiffres;
use jiff::civil::Date;

pub(super) const REGLES: &[Regle] = &[
    Regle {
        code: "R58",
        intitule: "Chaque candidat présente son dossier professionnel.",
        source: "Check-list ; gabarit du dossier professionnel",
        force: Force::Alerte,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R59",
        intitule: "Le candidat issu de formation présente son livret d’ECF ; en VAE, sa notification de recevabilité.",
        source: "Check-list ; arrêté du 22 décembre 2015, art. 8",
        force: Force::Alerte,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R60",
        intitule: "L’identité et la convocation de chaque candidat présent sont vérifiées.",
        source: "Check-list",
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R61",
        intitule: "Les équipements de protection et habilitations exigés sont là avant la mise en situation.",
        source: "Check-list",
        force: Force::Interdit,
        pourquoi: "La sécurité des personnes ne se déroge pas.",
        examen: Examen::NonEvaluee(
            "Les équipements exigés ne sont pas dans les référentiels ; leur vérification se note candidat par candidat le jour de l’examen.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R64",
        intitule: "Le règlement général est affiché dans toutes les salles ; référentiels à disposition.",
        source: "Check-list",
        force: Force::Alerte,
        examen: Examen::Etat(sans_affichage_du_reglement),
        ..Regle::MODELE
    },
    Regle {
        code: "R65",
        intitule: "Lieux, heures et nature des épreuves sont affichés la veille.",
        source: "Check-list",
        force: Force::Alerte,
        examen: Examen::Etat(sans_affichage_du_planning),
        ..Regle::MODELE
    },
    Regle {
        code: "R75",
        intitule: "Le jury statue sur la mise en situation avant l’entretien final.",
        source: "Check-list",
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R107",
        intitule: "Le dossier du candidat est remis au jury après la mise en situation et avant l’entretien final.",
        source: "Spécificités du titre en VAE (source régionale)",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Alerte,
        examen: Examen::NonEvaluee("L’heure de remise du dossier au jury n’est pas notée."),
        ..Regle::MODELE
    },
    Regle {
        code: "R77",
        intitule: "Chaque épreuve dure ce que le référentiel demande.",
        source: "Contrôle des sessions",
        force: Force::Alerte,
        au_pv: true,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R78",
        intitule: "Un retard est apprécié par le responsable, avec son motif ; l’heure de fin ne change pas.",
        source: "Site des responsables de session, foire aux questions",
        force: Force::Alerte,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R79",
        intitule: "Toute absence est portée au procès-verbal.",
        source: "Check-list",
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R80",
        intitule: "La consigne sur les téléphones est rappelée ; un usage constaté est un incident.",
        source: "Site des responsables de session, foire aux questions",
        force: Force::Information,
        examen: Examen::Etat(sans_consigne),
        ..Regle::MODELE
    },
    Regle {
        code: "R81",
        intitule: "Une fraude donne un rapport du responsable, des témoins, une mention au PV, et la DDETS est informée.",
        source: "Règlement de 2008 §6 ; check-list",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
    Regle {
        code: "R82",
        intitule: "Un incident majeur est dit à la DDETS, et l’on sait quand et comment.",
        source: "Check-list",
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::NonEvaluee("EN_ATTENTE"),
        ..Regle::MODELE
    },
];

fn sans_affichage_du_reglement(s: &Session, jour: Date) -> Vec<Trouve> {
    super::tache_due_au_debut(
        s,
        jour,
        "AV-18",
        "L’affichage du règlement général dans les salles n’est pas noté.",
        "Affichez-le dans toutes les salles d’épreuve, puis notez la tâche faite.",
    )
}

fn sans_affichage_du_planning(s: &Session, jour: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let veille = jours_avant(p.debut, 1);
    match s.planning.affiche_le {
        Some(le) if le > veille => vec![Trouve::manquement(
            "affichage",
            "planning",
            format!(
                "Le planning est affiché le {} ; la limite était le {}.",
                date_chiffres(le),
                date_chiffres(veille)
            ),
            "Dites aux candidats leurs heures de vive voix, et notez pourquoi.",
        )],
        Some(_) if s.planning.affiche_rang <= s.planning.rang() => vec![Trouve::manquement(
            "affichage",
            "planning",
            "Le planning affiché ne dit plus vrai : il a changé depuis.",
            "Affichez le planning présent et notez-le.",
        )],
        None if jour > veille && !super::est_reglee(s, "AV-15") => vec![Trouve::manquement(
            "affichage",
            "planning",
            format!(
                "Le planning n’est pas noté affiché ; la limite était le {}.",
                date_chiffres(veille)
            ),
            "Affichez-le sur le site et notez-le.",
        )],
        _ => vec![],
    }
}

fn sans_consigne(s: &Session, jour: Date) -> Vec<Trouve> {
    let commence = s.programme.as_ref().is_some_and(|p| p.debut <= jour);
    if !commence || super::est_reglee(s, "PE-03") {
        return vec![];
    }
    vec![Trouve::manque(
        "consigne",
        "",
        "Le rappel des consignes aux candidats n’est pas noté (téléphones compris).",
        "Rappelez-les, puis notez la tâche faite.",
    )]
}
