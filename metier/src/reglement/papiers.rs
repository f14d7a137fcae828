//! Règles des convocations : délais, preuve de remise, ce qu'elles doivent dire.

use super::table::Table;
use super::{Examen, NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::echeances::limite_de_convocation;
use crate::mots::de;
use crate::session::Session;
use crate::session::convocations::{Convocation, Destinataire, Etat};
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
    s.programme
        .as_ref()
        .map(|p| (limite_de_convocation(p, &s.cadre, regle), p.debut))
}

/// Les convocations des candidats, par candidat.
fn par_candidat(s: &Session) -> Table<&str, &Convocation> {
    s.convocations
        .par_destinataire
        .iter()
        .filter_map(|(d, c)| match d {
            Destinataire::Candidat(id) => Some((id.as_str(), c)),
            Destinataire::Jure(_) | Destinataire::Surveillant(_) => None,
        })
        .collect()
}

/// La limite, la même en chiffres (dite à chaque ligne), le premier jour, le jour où l'on regarde.
type Delai<'d> = (Date, &'d str, Date, Date);

fn en_retard(
    (limite, limite_dite, debut, jour): Delai<'_>,
    convocation: Option<&Convocation>,
    id: &str,
    nom: impl FnOnce() -> String,
) -> Option<Trouve> {
    match convocation.and_then(|c| c.remise.as_ref()) {
        Some((r, _)) if r.le > limite => Some(Trouve::manquement(
            id,
            "convocations",
            format!(
                "{} est convoqué le {}, {} jours avant la session ; la limite était le {}.",
                nom(),
                date_chiffres(r.le),
                jours_entre(r.le, debut),
                limite_dite
            ),
            "Gardez la preuve de la remise et dites pourquoi au PV si la DDETS le demande.",
        )),
        None if jour > limite => Some(Trouve::manquement(
            id,
            "convocations",
            format!(
                "{} n’est pas convoqué ; la limite était le {}.",
                nom(),
                limite_dite
            ),
            "Éditez sa convocation et remettez-la contre décharge sans attendre.",
        )),
        _ => None,
    }
}

fn candidats_en_retard(s: &Session, jour: Date) -> Vec<Trouve> {
    let Some((limite, debut)) = limite(s, "R37") else {
        return vec![];
    };
    let dite = date_chiffres(limite);
    let convocations = par_candidat(s);
    s.inscrits()
        .filter_map(|c| {
            let convocation = convocations.get(c.id.as_str()).copied();
            en_retard(
                (limite, &dite, debut, jour),
                convocation,
                c.id.as_str(),
                || c.fiche.nom_complet(),
            )
        })
        .collect()
}

fn jures_en_retard(s: &Session, jour: Date) -> Vec<Trouve> {
    let Some((limite, debut)) = limite(s, "R36") else {
        return vec![];
    };
    let dite = date_chiffres(limite);
    s.jury
        .iter()
        .map(|m| &m.membre)
        .filter(|m| m.place == crate::jury::Place::Titulaire)
        .filter_map(|m| {
            let d = Destinataire::Jure(m.jure.clone());
            en_retard(
                (limite, &dite, debut, jour),
                s.convocations.de(&d),
                d.id(),
                || m.nom.clone(),
            )
        })
        .collect()
}

fn sans_preuve(s: &Session, _: Date) -> Vec<Trouve> {
    let convocations = par_candidat(s);
    s.inscrits()
        .filter(|c| {
            convocations
                .get(c.id.as_str())
                .and_then(|x| x.remise.as_ref())
                .is_some_and(|(r, _)| !r.mode.vaut_preuve())
        })
        .map(|c| {
            Trouve::manquement(
                c.id.as_str(),
                "convocations",
                format!(
                    "La convocation {} est partie par courriel, sans LR/AR ni décharge.",
                    de(&c.fiche.nom_complet())
                ),
                "Faites signer une décharge, ou envoyez-la aussi en LR/AR.",
            )
        })
        .collect()
}

fn convocation_depassee(s: &Session, _: Date) -> Vec<Trouve> {
    let convocations = par_candidat(s);
    s.inscrits()
        .filter(|c| {
            convocations.get(c.id.as_str()).is_some_and(|x| {
                x.remise.is_some() && x.etat(s.rang_utile_du_candidat(c)) == Etat::ARefaire
            })
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
    if p.numero_ceres.is_some() || s.inscrits().next().is_none() {
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
