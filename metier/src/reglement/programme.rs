//! Règles de programmation : validité du titre, référentiel confirmé.

use super::{Examen, NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::echeances::mois_avant;
use crate::session::Session;
use crate::temps::{date_chiffres, date_moyenne, jour_de, periode};
use jiff::civil::Date;

pub(super) const REGLES: &[Regle] = &[
    Regle {
        code: "R01",
        intitule: "L’agrément du site pour ce titre est valide à toutes les dates de la session.",
        source: "Arrêté « agrément » du 21 juillet 2016, art. 1",
        force: Force::Derogeable,
        examen: Examen::Etat(agrement),
        ..Regle::MODELE
    },
    Regle {
        code: "R02",
        intitule: "L’agrément n’est ni suspendu ni retiré.",
        source: "Arrêté « agrément », art. 4 et 5",
        force: Force::Interdit,
        pourquoi: "Le préfet seul rétablit un agrément suspendu ou retiré.",
        examen: Examen::NonEvaluee(
            "Garant ne tient pas les suspensions ni les retraits d’agrément.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R03",
        intitule: "Une session CCS demande l’agrément du CCS en plus de celui du titre.",
        source: "Arrêté « agrément » ; site des responsables de session",
        force: Force::Derogeable,
        examen: Examen::NonEvaluee(
            "Garant ne tient que l’agrément du titre, pas celui de chaque CCS.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R04",
        intitule: "La session se tient dans les locaux du site agréé, hors expérimentation à distance.",
        source: "Arrêté « agrément » ; arrêté du 14 novembre 2024",
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::Etat(hors_du_site),
        ..Regle::MODELE
    },
    Regle {
        code: "R06",
        intitule: "Un titre échu n’admet de session que dans l’année de prolongation qui suit sa fin de validité.",
        source: "Site des responsables de session, demande d’agrément : délai de prolongation d’un an",
        force: Force::Interdit,
        pourquoi: "Aucune autorité locale ne délivre un titre sorti de son année de prolongation.",
        examen: Examen::Etat(titre_hors_prolongation),
        ..Regle::MODELE
    },
    Regle {
        code: "R05",
        intitule: "Le titre est en vigueur à la date de la session.",
        source: "Check-list : « avant la fin de validité du titre » ; site des responsables de session",
        force: Force::Derogeable,
        examen: Examen::Etat(titre_en_prolongation),
        ..Regle::MODELE
    },
    Regle {
        code: "R07",
        intitule: "En prolongation, la session et les parcours sont dans CERES avant la fin de validité du titre.",
        source: "Site des responsables de session ; check-list : « avant la fin de validité du titre »",
        force: Force::Derogeable,
        examen: Examen::Etat(ceres_avant_echeance),
        ..Regle::MODELE
    },
    Regle {
        code: "R09",
        intitule: "À moins de six mois de la fin de validité du titre, sessions et parcours sont à créer sans attendre.",
        source: "Check-list ; le délai de six mois est une proposition",
        preuve: NiveauPreuve::Proposition,
        force: Force::Alerte,
        examen: Examen::Etat(titre_bientot_echu),
        ..Regle::MODELE
    },
    Regle {
        code: "R10",
        intitule: "La programmation prévisionnelle de l’année est communiquée à la DDETS avant le 31 janvier.",
        source: "Règlement général de 2016, point 1.1",
        force: Force::Alerte,
        examen: Examen::NonEvaluee(
            "Garant ne tient pas l’envoi de la programmation annuelle, qui est l’affaire du centre et non d’une session.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R11",
        intitule: "La DDETS est informée trois mois avant : dates, lieu, effectif, responsable.",
        source: "Check-list ; règlement général de 2016, point 1.2",
        force: Force::Alerte,
        examen: Examen::Etat(information_ddets),
        ..Regle::MODELE
    },
    Regle {
        code: "R12",
        intitule: "L’information envoyée à la DDETS est complète : dates de début et de fin, lieu, effectif, responsable.",
        source: "Check-list",
        force: Force::Derogeable,
        examen: Examen::Etat(information_incomplete),
        ..Regle::MODELE
    },
    Regle {
        code: "R13",
        intitule: "Un changement de dates, de lieu ou de responsable après l’information de la DDETS lui est dit.",
        source: "Prudence : non écrit dans les sources lues",
        preuve: NiveauPreuve::Proposition,
        force: Force::Alerte,
        examen: Examen::Etat(information_depassee),
        ..Regle::MODELE
    },
    Regle {
        code: "R14",
        intitule: "Les épreuves sont demandées trois mois avant, par CERES.",
        source: "Check-list",
        force: Force::Alerte,
        examen: Examen::Etat(demande_epreuves),
        ..Regle::MODELE
    },
    Regle {
        code: "R105",
        intitule: "Une session à distance est annoncée à la DDETS et le PV le dit pour chaque candidat.",
        source: "Arrêté du 14 novembre 2024 (expérimentation)",
        vigueur: Some(jiff::civil::date(2024, 11, 14)),
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::NonEvaluee(
            "Garant ne connaît pas de session à distance : toutes se tiennent sur un site.",
        ),
        ..Regle::MODELE
    },
];

fn titre_hors_prolongation(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    match (p.referentiel.echeance, p.referentiel.fin_prolongation()) {
        (Some(e), Some(f)) if p.fin > f => vec![Trouve::manquement(
            "titre",
            "programme",
            format!(
                "Le titre {} n’est plus valide depuis le {} et son année de prolongation finit le {}.",
                p.referentiel.designation(),
                date_moyenne(e),
                date_moyenne(f)
            ),
            "Choisissez le millésime en vigueur, ou une date avant la fin de la prolongation.",
        )],
        _ => vec![],
    }
}

fn titre_en_prolongation(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    match (p.referentiel.echeance, p.referentiel.fin_prolongation()) {
        (Some(e), Some(f)) if p.fin > e && p.fin <= f => vec![Trouve::manquement(
            "titre",
            "programme",
            format!(
                "Le titre {} est échu depuis le {} : la session n’est possible que pour un échec, une réussite partielle ou une formation commencée avant cette date.",
                p.referentiel.designation(),
                date_moyenne(e)
            ),
            "Dites en motif de quels candidats il s’agit, et que la session est dans CERES depuis avant l’échéance.",
        )],
        _ => vec![],
    }
}

fn agrement(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    if s.cadre.agrements.is_empty() {
        return vec![Trouve::manque(
            "agrement",
            "programme",
            "L’agrément du site pour ce titre n’est pas noté.",
            "Notez-le à la fiche du site, puis faites-le adopter par la session à la page Conformité.",
        )];
    }
    if s.cadre
        .agrements
        .iter()
        .any(|a| a.debut <= p.debut && p.fin <= a.fin)
    {
        return vec![];
    }
    let derniere = s.cadre.agrements.iter().map(|a| a.fin).max();
    vec![Trouve::manquement(
        "agrement",
        "programme",
        format!(
            "Aucun agrément noté ne couvre la session, {}{}.",
            periode(p.debut, p.fin),
            derniere.map_or(String::new(), |f| format!(
                " : le dernier finit le {}",
                date_moyenne(f)
            ))
        ),
        "Demandez le renouvellement, notez-le à la fiche du site, ou dites en motif ce que la DREETS a répondu.",
    )]
}

fn hors_du_site(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    if p.site.salles.is_empty() {
        return vec![];
    }
    let mut lieux: Vec<_> = s
        .planning
        .passages
        .iter()
        .map(|x| x.lieu.as_str())
        .filter(|l| !p.site.salles.iter().any(|y| y.nom == *l))
        .collect();
    lieux.sort_unstable();
    lieux.dedup();
    lieux
        .into_iter()
        .map(|l| {
            Trouve::manquement(
                l,
                "planning",
                format!("« {l} » n’est pas une salle de {}.", p.site.nom),
                "Placez ces passages dans une salle du site, ou ajoutez la salle à la fiche du site.",
            )
        })
        .collect()
}

fn ceres_avant_echeance(s: &Session, jour: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let Some(e) = p.referentiel.echeance.filter(|e| p.fin > *e) else {
        return vec![];
    };
    if p.numero_ceres.is_some() {
        return vec![];
    }
    if jour > e {
        vec![Trouve::manquement(
            "ceres",
            "programme",
            format!(
                "La session n’a pas de numéro CERES et le titre est échu depuis le {}.",
                date_moyenne(e)
            ),
            "Si elle est dans CERES depuis avant l’échéance, notez son numéro ; sinon demandez à la DDETS si elle peut se tenir.",
        )]
    } else {
        vec![Trouve::manque(
            "ceres",
            "programme",
            format!(
                "La session est à créer dans CERES avant le {}.",
                date_moyenne(e)
            ),
            "Créez-la dans CERES et notez son numéro.",
        )]
    }
}

fn titre_bientot_echu(s: &Session, jour: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let Some(e) = p.referentiel.echeance else {
        return vec![];
    };
    let alerte = mois_avant(e, s.cadre.valeur("R09"));
    if jour < alerte || jour > e || (p.numero_ceres.is_some() && super::est_reglee(s, "AV-05")) {
        return vec![];
    }
    vec![Trouve::manquement(
        "titre",
        "programme",
        format!(
            "Le titre échoit le {} : la session et les parcours sont à créer dans CERES avant cette date.",
            date_moyenne(e)
        ),
        "Créez-les, notez le numéro CERES et fermez « Créer les parcours candidats dans CERES ».",
    )]
}

/// Une démarche de la check-list due tant de mois avant : faite à temps, faite tard, ou pas faite.
fn demarche(
    s: &Session,
    jour: Date,
    tache: &str,
    mois: u32,
    quoi: &str,
    remede: &'static str,
) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let limite = mois_avant(p.debut, mois);
    match super::notee_le(s, tache) {
        Some(le) if le > limite => vec![Trouve::manquement(
            tache,
            "",
            format!(
                "{quoi} est notée le {} ; la limite était le {}.",
                date_chiffres(le),
                date_chiffres(limite)
            ),
            "Dites en observation de la tâche le jour réel de l’envoi, et gardez-en la preuve.",
        )],
        None if !super::est_reglee(s, tache) && jour > limite => vec![Trouve::manquement(
            tache,
            "",
            format!(
                "{quoi} n’est pas notée ; la limite était le {}.",
                date_chiffres(limite)
            ),
            remede,
        )],
        _ => vec![],
    }
}

fn information_ddets(s: &Session, jour: Date) -> Vec<Trouve> {
    demarche(
        s,
        jour,
        "AV-13",
        s.cadre.valeur("R11"),
        "L’information de la DDETS",
        "Envoyez-lui les dates, le lieu, l’effectif et le nom du responsable, puis notez la tâche faite.",
    )
}

fn demande_epreuves(s: &Session, jour: Date) -> Vec<Trouve> {
    demarche(
        s,
        jour,
        "AV-03",
        s.cadre.valeur("R14"),
        "La demande d’épreuves",
        "Faites la demande dans CERES sans attendre, puis notez la tâche faite.",
    )
}

fn information_incomplete(s: &Session, _: Date) -> Vec<Trouve> {
    let mut manquent = vec![];
    if s.equipe.responsable().is_none() {
        manquent.push("le nom du responsable");
    }
    if s.inscrits().next().is_none() {
        manquent.push("l’effectif");
    }
    if manquent.is_empty() {
        return vec![];
    }
    let phrase = |verbe: &str| {
        format!(
            "L’information de la DDETS {verbe} : il manque {}.",
            manquent.join(" et ")
        )
    };
    if super::notee_le(s, "AV-13").is_some() {
        vec![Trouve::manquement(
            "information",
            "",
            phrase("est notée envoyée mais ne peut pas être complète"),
            "Complétez la session, puis envoyez le complément à la DDETS.",
        )]
    } else {
        vec![Trouve::manque(
            "information",
            "",
            phrase("n’est pas prête"),
            "Nommez le responsable et inscrivez les candidats.",
        )]
    }
}

fn information_depassee(s: &Session, _: Date) -> Vec<Trouve> {
    let (Some(envoyee), Some(change)) = (
        s.taches.marques.get("AV-13").filter(|m| !m.sans_objet),
        s.annonce_changee_le.as_deref(),
    ) else {
        return vec![];
    };
    let instant = |t: &str| t.parse::<jiff::Timestamp>().ok();
    if instant(change) <= instant(&envoyee.le) {
        return vec![];
    }
    vec![Trouve::manquement(
        "information",
        "",
        format!(
            "Les dates, le lieu ou le responsable ont changé le {}, après l’information de la DDETS.",
            jour_de(change).map(date_chiffres).unwrap_or_default()
        ),
        "Envoyez-lui le changement, puis rouvrez la tâche et notez-la faite de nouveau.",
    )]
}
