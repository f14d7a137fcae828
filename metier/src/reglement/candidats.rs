//! Règles des candidats : voies d'accès, conditions, aménagements, information.

mod acces;
mod amenagements;
mod partenaires;
mod passe;

use super::{Examen, NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::mots::de;
use crate::session::Session;
use crate::session::candidats::Candidat;
use jiff::civil::Date;

pub(super) const REGLES: &[Regle] = &[
    Regle {
        code: "R08",
        intitule: "En prolongation, le candidat vient d’un échec, d’une réussite partielle ou d’une formation commencée avant la fin de validité.",
        source: "Site des responsables de session, demande d’agrément",
        force: Force::Derogeable,
        examen: Examen::Etat(acces::prolongation),
        ..Regle::MODELE
    },
    Regle {
        code: "R43",
        intitule: "Le candidat issu de formation a suivi une formation en cohérence avec le titre ou le CCP.",
        source: "Arrêté du 22 décembre 2015, art. 4",
        force: Force::Derogeable,
        examen: Examen::Etat(acces::formation),
        ..Regle::MODELE
    },
    Regle {
        code: "R44",
        intitule: "Le candidat VAE a une recevabilité notifiée depuis moins d’un an à la date de la session.",
        source: "Arrêté du 22 décembre 2015, art. 7",
        force: Force::Derogeable,
        examen: Examen::Etat(acces::recevabilite),
        ..Regle::MODELE
    },
    Regle {
        code: "R45",
        intitule: "Le candidat VAE se présente au type de session que dit sa recevabilité.",
        source: "Arrêté du 22 décembre 2015, art. 7",
        force: Force::Alerte,
        examen: Examen::Etat(acces::type_de_session),
        ..Regle::MODELE
    },
    Regle {
        code: "R46",
        intitule: "Le candidat à un CCS détient le titre associé, et une formation ou un an d’expérience.",
        source: "Arrêté du 22 décembre 2015, modifié au 1er janvier 2017",
        vigueur: Some(jiff::civil::date(2017, 1, 1)),
        force: Force::Derogeable,
        examen: Examen::Etat(acces::specialite),
        ..Regle::MODELE
    },
    Regle {
        code: "R47",
        intitule: "Un CCP déjà acquis ne se repasse pas.",
        source: "Instruction DGEFP ; usage d’un centre",
        force: Force::Alerte,
        examen: Examen::Etat(passe::certificat_repasse),
        ..Regle::MODELE
    },
    Regle {
        code: "R48",
        intitule: "Un candidat en échec ou absent se représente dans l’année, sinon après une formation nouvelle.",
        source: "Arrêté du 22 décembre 2015, art. 10 ; site des responsables de session",
        force: Force::Derogeable,
        examen: Examen::Etat(passe::un_an),
        ..Regle::MODELE
    },
    Regle {
        code: "R49",
        intitule: "Un candidat se représente à trois sessions titre au plus dans cette année.",
        source: "Arrêté du 22 décembre 2015, art. 10, dans une source secondaire",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Alerte,
        examen: Examen::Etat(passe::trois_sessions),
        ..Regle::MODELE
    },
    Regle {
        code: "R50",
        intitule: "Les CCP restants s’obtiennent pendant la validité du titre, et un an après.",
        source: "Code de l’éducation, R. 338-5 ; arrêté du 22 décembre 2015, art. 10",
        force: Force::Derogeable,
        examen: Examen::Etat(passe::validite_du_titre),
        ..Regle::MODELE
    },
    Regle {
        code: "R51",
        intitule: "Une formation par un prestataire est couverte par une convention écrite en vigueur pour ce titre.",
        source: "Arrêté « agrément », art. 3",
        vigueur: Some(jiff::civil::date(2024, 10, 1)),
        force: Force::Derogeable,
        examen: Examen::Etat(partenaires::convention),
        ..Regle::MODELE
    },
    Regle {
        code: "R52",
        intitule: "L’avenant annuel à la convention est transmis avant le 1er janvier.",
        source: "Arrêté « agrément », art. 3",
        vigueur: Some(jiff::civil::date(2024, 10, 1)),
        force: Force::Alerte,
        examen: Examen::Etat(partenaires::avenant),
        ..Regle::MODELE
    },
    Regle {
        code: "R53",
        intitule: "Les durées minimales, le stage et le présentiel du titre sont vérifiés auprès du prestataire.",
        source: "Arrêté « agrément », engagement n° 14",
        vigueur: Some(jiff::civil::date(2024, 10, 1)),
        force: Force::Alerte,
        examen: Examen::Etat(partenaires::durees),
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
        examen: Examen::Etat(amenagements::sans_decision),
        ..Regle::MODELE
    },
    Regle {
        code: "R56",
        intitule: "La durée aménagée est au planning et le jury en est informé.",
        source: "Procédure nationale ; règlement de 2008",
        force: Force::Derogeable,
        examen: Examen::Etat(amenagements::duree_au_planning),
        ..Regle::MODELE
    },
    Regle {
        code: "R57",
        intitule: "Un aménagement accordé est appliqué ; aucun ne l’est sans décision.",
        source: "Contrôle des sessions",
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::Etat(amenagements::application),
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

/// L'année de l'arrêté : après un échec, une absence, une recevabilité.
const UN_AN: i64 = 1;
/// Sessions titre auxquelles on se représente dans cette année.
const SESSIONS_TITRE_MAX: usize = 3;

/// Le même jour, un an après.
fn un_an_apres(d: Date) -> Date {
    d.checked_add(jiff::Span::new().years(UN_AN)).unwrap_or(d)
}

/// Un seul manque pour tous ceux de qui l'on ne sait pas : la page ne se répète pas soixante fois. Ne pas savoir n'enfreint
/// rien, même tard : une liste s'importe encore le matin de la session.
fn inconnu(qui: Vec<&Candidat>, quoi: &str, remede: &'static str) -> Option<Trouve> {
    (!qui.is_empty())
        .then(|| Trouve::manque("", DOSSIERS, format!("{quoi} : {}.", nommer(&qui)), remede))
}

/// « ABADIE Aïcha, BÉRENGER Bastien et 4 autres ».
fn nommer(qui: &[&Candidat]) -> String {
    const MONTRES: usize = 3;
    let noms: Vec<_> = qui
        .iter()
        .take(MONTRES)
        .map(|c| c.fiche.nom_complet())
        .collect();
    match qui.len().saturating_sub(MONTRES) {
        0 => noms.join(", "),
        1 => format!("{} et un autre", noms.join(", ")),
        n => format!("{} et {n} autres", noms.join(", ")),
    }
}

/// La page du parcours d'un candidat ne se dit pas en `&'static str` : on renvoie au tableau des dossiers.
const DOSSIERS: &str = "candidats/dossiers";

fn sans_voie(s: &Session, jour: Date) -> Vec<Trouve> {
    let commencee = s.programme.as_ref().is_some_and(|p| p.debut <= jour);
    s.inscrits()
        .filter(|c| c.fiche.voie.is_none())
        .map(|c| {
            Trouve::selon(
                commencee,
                c.id.as_str(),
                "candidats",
                format!("La voie d’accès {} n’est pas dite.", de(&c.fiche.nom_complet())),
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
