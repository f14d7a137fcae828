//! Règles du procès-verbal et de ses suites : signatures, envoi, affichage, entretiens, archives.

use super::{Examen, NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::echeances::jours_apres;
use crate::session::deliberation::Issue;
use crate::session::pv::Etape;
use crate::session::{Session, archivage};
use crate::temps::date_chiffres;
use jiff::civil::Date;

pub(super) const REGLES: &[Regle] = &[
    Regle {
        code: "R91",
        intitule: "Les résultats sont saisis dans CERES avant l’édition du procès-verbal.",
        source: "Check-list",
        force: Force::Alerte,
        examen: Examen::Geste(
            "éditer le PV se refuse tant que les résultats ne sont pas notés enregistrés dans CERES.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R92",
        intitule: "Le PV est signé par tous les jurés, puis le surveillant, puis contresigné par le responsable.",
        source: "Check-list",
        force: Force::Interdit,
        pourquoi: "L’ordre des signatures fait la valeur du procès-verbal.",
        examen: Examen::Geste(
            "chaque signature se note à son tour : jury, surveillant, puis contreseing du responsable.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R93",
        intitule: "En cas d’incident, le jury complète les observations du procès-verbal.",
        source: "Check-list",
        force: Force::Interdit,
        pourquoi: "Un incident qui n’est pas au procès-verbal n’a pas eu de suite.",
        examen: Examen::Geste(
            "contresigner se refuse tant que les observations ne sont pas notées, s’il y a eu un incident.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R94",
        intitule: "Le brouillon, CERES et le PV signé disent la même chose.",
        source: "Check-list : « vérifier l’exactitude »",
        force: Force::Alerte,
        examen: Examen::NonEvaluee(
            "Garant ne lit ni CERES ni le PV signé : cette vérification est faite par une personne.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R95",
        intitule: "L’original du procès-verbal est envoyé quinze jours au plus après la fin de la session.",
        source: "Check-list",
        force: Force::Alerte,
        examen: Examen::Etat(pv_non_envoye),
        ..Regle::MODELE
    },
    Regle {
        code: "R96",
        intitule: "Les résultats ne sont pas affichés avant le retour du procès-verbal signé de la DDETS.",
        source: "Check-list ; engagements du membre de jury",
        force: Force::Interdit,
        pourquoi: "La DDETS seule valide les résultats : avant elle, il n’y a rien à publier.",
        examen: Examen::Geste("noter l’affichage se refuse avant le retour de la copie signée."),
        ..Regle::MODELE
    },
    Regle {
        code: "R97",
        intitule: "La liste affichée ne nomme que les lauréats.",
        source: "Check-list",
        force: Force::Interdit,
        pourquoi: "Un refus n’est pas public.",
        examen: Examen::Geste(
            "la liste à afficher se tire des décisions et ne nomme que les lauréats.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R98",
        intitule: "Les candidats savent comment récupérer leur titre ou leur livret.",
        source: "Check-list (le délai de 60 jours est une proposition)",
        force: Force::Alerte,
        examen: Examen::Etat(candidats_non_informes),
        ..Regle::MODELE
    },
    Regle {
        code: "R99",
        intitule: "Après une réussite partielle, un entretien est fixé au plus tôt.",
        source: "Check-list (le délai de 30 jours est une proposition)",
        force: Force::Alerte,
        examen: Examen::Etat(sans_entretien),
        ..Regle::MODELE
    },
    Regle {
        code: "R100",
        intitule: "Le centre programme une session CCP pour les réussites partielles.",
        source: "Engagement n° 2 du centre agréé",
        force: Force::Alerte,
        examen: Examen::Etat(sans_session_prevue),
        ..Regle::MODELE
    },
    Regle {
        code: "R102",
        intitule: "Le PV, les productions, les dossiers et les grilles sont archivés.",
        source: "Check-list",
        force: Force::Alerte,
        examen: Examen::Etat(non_archivee),
        ..Regle::MODELE
    },
    Regle {
        code: "R103",
        intitule: "Rien ne se purge avant cinq ans.",
        source: "Check-list",
        force: Force::Interdit,
        pourquoi: "Les pièces sont la preuve due au contrôle et aux candidats pendant cinq ans.",
        examen: Examen::Geste(
            "proposer ou confirmer une purge se refuse avant le terme, cinq ans après la fin ou le retour du procès-verbal.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R104",
        intitule: "Un recours en cours suspend la purge.",
        source: "Prudence : non écrit dans les sources lues",
        preuve: NiveauPreuve::Proposition,
        force: Force::Interdit,
        pourquoi: "Ce qui serait détruit est la preuve que le recours demande.",
        examen: Examen::Geste(
            "proposer ou confirmer une purge se refuse tant qu’un recours noté aux archives est ouvert.",
        ),
        ..Regle::MODELE
    },
];

fn pv_non_envoye(s: &Session, jour: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let limite = jours_apres(p.fin, s.cadre.valeur("R95"));
    match envoye_le(s) {
        Some(le) if le > limite => vec![Trouve::manquement(
            "pv",
            PAGE,
            format!(
                "L’original du PV est noté envoyé le {} ; la limite était le {}.",
                date_chiffres(le),
                date_chiffres(limite)
            ),
            "Gardez la preuve d’envoi et dites le retard à la DDETS.",
        )],
        None if !super::est_reglee(s, "AP-06") && jour > limite => vec![Trouve::manquement(
            "pv",
            PAGE,
            format!(
                "L’envoi de l’original du PV n’est pas noté ; la limite était le {}.",
                date_chiffres(limite)
            ),
            "Envoyez-le à la DDETS et notez-le.",
        )],
        _ => vec![],
    }
}

fn envoye_le(s: &Session) -> Option<Date> {
    s.pv.franchie(Etape::Envoye)
        .map(|f| f.survenu.date())
        .or_else(|| super::notee_le(s, "AP-06"))
}

const PAGE: &str = "pv";

fn candidats_non_informes(s: &Session, jour: Date) -> Vec<Trouve> {
    super::due_apres(
        s,
        jour,
        "R98",
        super::est_reglee(s, "AP-07") || s.pv.franchie(Etape::CandidatsInformes).is_some(),
        "Rien ne dit que les candidats savent comment récupérer leur titre ou leur livret.",
        "Dites-leur où et quand, puis notez la tâche faite.",
    )
}

/// Tous les reçus partiellement ont-ils ce suivi ?
fn tous_suivis(s: &Session, fait: impl Fn(&crate::session::suites::Suivi) -> bool) -> bool {
    s.inscrits()
        .filter(|c| {
            s.deliberation
                .decisions
                .get(&c.id)
                .is_some_and(|d| d.issue == Issue::Partielle)
        })
        .all(|c| s.suites.get(&c.id).is_some_and(&fait))
}

fn sans_session_prevue(s: &Session, jour: Date) -> Vec<Trouve> {
    if s.deliberation.close.is_none() || s.deliberation.compte(Issue::Partielle) == 0 {
        return vec![];
    }
    let prevue = tous_suivis(s, |x| x.prevue.is_some());
    super::due_apres(
        s,
        jour,
        "R99",
        prevue,
        "Aucune session CCP n’est prévue pour un candidat reçu partiellement.",
        "Programmez-la, puis notez-la à la page Suites.",
    )
    .into_iter()
    .map(|t| Trouve {
        page: "suites",
        ..t
    })
    .collect()
}

fn sans_entretien(s: &Session, jour: Date) -> Vec<Trouve> {
    if s.deliberation.compte(Issue::Partielle) == 0 {
        return vec![];
    }
    super::due_apres(
        s,
        jour,
        "R99",
        super::est_reglee(s, "AP-10") || tous_suivis(s, |x| x.entretien.is_some()),
        "L’entretien des candidats reçus partiellement n’est pas noté.",
        "Fixez-le au plus tôt avec la référence formation, puis notez-le à la page Suites.",
    )
}

fn non_archivee(s: &Session, _: Date) -> Vec<Trouve> {
    let finie = s.pv.franchie(Etape::Affiche).is_some();
    if !finie || super::est_reglee(s, "AP-09") || archivage::manques(s).is_empty() {
        return vec![];
    }
    vec![Trouve::manquement(
        "archives",
        "archives",
        "Les résultats sont affichés et l’archivage n’est pas noté.",
        "Archivez le PV, les productions, les dossiers et les grilles, et notez où à la page Archives.",
    )]
}
