//! Règles des plis : reçus, gardés, constatés, distribués, détruits.

use super::{Examen, NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::echeances::jours_avant;
use crate::session::Session;
use crate::session::plis::{Etape, Sorte};
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
        examen: Examen::Etat(coffre_tardif),
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
        examen: Examen::Geste(
            "un pli d’épreuves ne s’ouvre qu’après le constat des scellés devant un témoin ; un autre jour que le premier demande un motif.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R67",
        intitule: "Le responsable, seul, vérifie que le contenu du pli est complet et conforme au référentiel.",
        source: "Check-list",
        force: Force::Interdit,
        pourquoi: "Le secret du sujet ne se partage pas.",
        au_pv: true,
        examen: Examen::Geste(
            "contrôler un pli se refuse à qui n’est pas le responsable, seul ; rien ne se distribue avant.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R68",
        intitule: "Un cachet rompu ou un contenu non conforme est dit à la DDETS avant toute distribution.",
        source: "Check-list ; règlement général de 2016",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Interdit,
        pourquoi: "Seule l’administration décide d’un sujet dont le secret est en doute.",
        au_pv: true,
        examen: Examen::Geste(
            "un scellé rompu ou un contenu non conforme arrête le pli jusqu’à la décision de l’administration.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R69",
        intitule: "Le témoin est un candidat présent, inscrit à cette session.",
        source: "Règlement général de 2016",
        force: Force::Interdit,
        pourquoi: "Qui n’est pas là ne peut pas témoigner.",
        au_pv: true,
        examen: Examen::Geste(
            "le témoin se choisit parmi les candidats notés présents ce jour-là.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R101",
        intitule: "Les sujets sont détruits après la session, et leur destruction est notée.",
        source: "Check-list (le délai de 30 jours est une proposition)",
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
    s.plis.epreuves_recues() || super::est_reglee(s, "AV-09")
}

const PAGE: &str = "plis";

fn non_detruits(s: &Session, jour: Date) -> Vec<Trouve> {
    super::due_apres(
        s,
        jour,
        "R101",
        super::est_reglee(s, "AP-09") || detruits(s),
        "La destruction des sujets n’est pas notée.",
        "Détruisez-les devant témoin et notez-le.",
    )
}

/// Tous les plis d'épreuves connus sont détruits (et il y en a).
fn detruits(s: &Session) -> bool {
    let mut epreuves = s
        .plis
        .liste
        .iter()
        .filter(|p| p.sorte == Sorte::Epreuves)
        .peekable();
    epreuves.peek().is_some() && epreuves.all(|p| p.etape() == Etape::Detruit)
}

fn coffre_tardif(s: &Session, jour: Date) -> Vec<Trouve> {
    s.plis
        .liste
        .iter()
        .filter_map(|p| {
            let recu = p.franchie(Etape::Recu)?.survenu.date();
            let au_coffre = p.franchie(Etape::AuCoffre).map(|f| f.survenu.date());
            match au_coffre {
                Some(d) if d > recu => Some(Trouve::manquement(
                    p.id.as_str(),
                    PAGE,
                    format!(
                        "« {} » est reçu le {} et mis au coffre le {}.",
                        p.libelle,
                        date_chiffres(recu),
                        date_chiffres(d)
                    ),
                    "Dites aux observations où il était gardé entre-temps.",
                )),
                None if jour > recu => Some(Trouve::manquement(
                    p.id.as_str(),
                    PAGE,
                    format!(
                        "« {} », reçu le {}, n’est pas noté au coffre.",
                        p.libelle,
                        date_chiffres(recu)
                    ),
                    "Mettez-le au coffre et notez-le.",
                )),
                _ => None,
            }
        })
        .collect()
}
