//! Règles du jour de l'examen : accueil, affichage, épreuves, incidents.

use super::table::Table;
use super::{Examen, NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::echeances::jours_avant;
use crate::libelles::au_fil;
use crate::session::Session;
use crate::session::incidents::{Genre, Gravite, Incident};
use crate::session::jour::Piece;
use crate::session::pv::Etape;
use crate::temps::{date_chiffres, duree};
use jiff::civil::Date;

pub(super) const REGLES: &[Regle] = &[
    Regle {
        code: "R58",
        intitule: "Chaque candidat présente son dossier professionnel.",
        source: "Check-list ; gabarit du dossier professionnel",
        force: Force::Alerte,
        examen: Examen::Etat(sans_dossier),
        ..Regle::MODELE
    },
    Regle {
        code: "R59",
        intitule: "Le candidat issu de formation présente son livret d’ECF ; en VAE, sa notification de recevabilité.",
        source: "Check-list ; arrêté du 22 décembre 2015, art. 8",
        force: Force::Alerte,
        examen: Examen::Etat(sans_livret),
        ..Regle::MODELE
    },
    Regle {
        code: "R60",
        intitule: "L’identité et la convocation de chaque candidat présent sont vérifiées.",
        source: "Check-list",
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::Etat(sans_identite),
        ..Regle::MODELE
    },
    Regle {
        code: "R61",
        intitule: "Les équipements de protection et habilitations exigés sont là avant la mise en situation.",
        source: "Check-list",
        force: Force::Interdit,
        pourquoi: "La sécurité des personnes ne se déroge pas.",
        examen: Examen::Geste(
            "commencer une mise en situation se refuse tant que les équipements du candidat ne sont pas notés vus, quand l’inventaire du plateau en demande.",
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
        force: Force::Interdit,
        pourquoi: "L’ordre est celui de l’épreuve : il ne se rattrape pas après coup.",
        au_pv: true,
        examen: Examen::Geste(
            "commencer un entretien final se refuse tant que le jury n’a pas statué.",
        ),
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
        intitule: "Chaque épreuve passée dure ce que le référentiel demande.",
        source: "Contrôle des sessions",
        force: Force::Alerte,
        au_pv: true,
        examen: Examen::Etat(trop_courtes),
        ..Regle::MODELE
    },
    Regle {
        code: "R78",
        intitule: "Un retard est apprécié par le responsable, avec son motif ; l’heure de fin ne change pas.",
        source: "Site des responsables de session, foire aux questions",
        force: Force::Alerte,
        examen: Examen::Geste(
            "noter une arrivée après l’heure demande le motif du responsable, gardé au journal.",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R79",
        intitule: "Toute absence est portée au procès-verbal.",
        source: "Check-list",
        force: Force::Interdit,
        pourquoi: "Le procès-verbal dit ce qui s’est passé.",
        examen: Examen::Geste(
            "la délibération ne se clôt pas sans la décision « absence » de chaque absent, que le PV reprend.",
        ),
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
        examen: Examen::Etat(fraudes_tues),
        ..Regle::MODELE
    },
    Regle {
        code: "R82",
        intitule: "Un incident majeur est dit à la DDETS, et l’on sait quand et comment.",
        source: "Check-list",
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::Etat(incidents_tus),
        ..Regle::MODELE
    },
];

fn sans_affichage_du_reglement(s: &Session, jour: Date) -> Vec<Trouve> {
    use crate::session::plateau::{Affichage, salles, sans_affichage};
    let affiche = !salles(s).is_empty()
        && Affichage::TOUS
            .iter()
            .all(|a| sans_affichage(s, *a).is_empty());
    if affiche {
        return vec![];
    }
    super::tache_due_au_debut(
        s,
        jour,
        "AV-18",
        "L’affichage du règlement général dans les salles n’est pas noté.",
        "Affichez-le dans toutes les salles d’épreuve, puis notez-le à la page Plateau.",
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

/// Les candidats dont une épreuve a commencé sans que cette pièce soit vue.
fn sans_piece(
    s: &Session,
    pieces: &[Piece],
    phrase: impl Fn(&str, &str) -> String,
    remede: &'static str,
) -> Vec<Trouve> {
    if s.jour.epreuves.is_empty() {
        return vec![];
    }
    let commences: Table<&str, ()> = s
        .jour
        .epreuves
        .keys()
        .map(|(c, _)| (c.as_str(), ()))
        .collect();
    s.inscrits()
        .filter(|c| commences.contains_key(c.id.as_str()))
        .filter_map(|c| {
            let attendues = Piece::attendues(s, c);
            let manque = pieces.iter().find(|p| {
                attendues.contains(p) && !s.jour.pieces.contains_key(&(c.id.clone(), **p))
            })?;
            Some(Trouve::manquement(
                c.id.as_str(),
                "jour",
                phrase(&c.fiche.nom_complet(), &au_fil(manque.libelle())),
                remede,
            ))
        })
        .collect()
}

fn sans_dossier(s: &Session, _: Date) -> Vec<Trouve> {
    sans_piece(
        s,
        &[Piece::Dp],
        |nom, _| {
            format!(
                "{nom} a commencé ses épreuves sans que son dossier professionnel soit noté vu."
            )
        },
        "Vérifiez-le et notez-le ; sinon dites-le au jury.",
    )
}

fn sans_livret(s: &Session, _: Date) -> Vec<Trouve> {
    sans_piece(
        s,
        &[Piece::Livret, Piece::Recevabilite],
        |nom, piece| {
            format!("{nom} a commencé ses épreuves sans que son document « {piece} » soit noté vu.")
        },
        "Vérifiez-le et notez-le ; sinon dites-le au jury.",
    )
}

fn sans_identite(s: &Session, _: Date) -> Vec<Trouve> {
    sans_piece(
        s,
        &[Piece::Identite, Piece::Convocation],
        |nom, piece| {
            format!(
                "{nom} commence ses épreuves sans que sa pièce « {piece} » soit notée vérifiée."
            )
        },
        "Vérifiez-la et notez-la avant de commencer, ou dites en motif comment la personne est reconnue.",
    )
}

fn trop_courtes(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    s.jour
        .epreuves
        .iter()
        .filter_map(|((c, code), o)| {
            let e = p.epreuve(code)?;
            let attendue = i64::from(e.duree_minutes?);
            let passee = (o.fin? - o.debut).total(jiff::Unit::Minute).ok()? as i64;
            if passee >= attendue {
                return None;
            }
            let nom = s.candidats.iter().find(|x| x.id == *c)?.fiche.nom_complet();
            let en_mots = |m: i64| duree(m.max(0) as u32);
            Some(Trouve::manquement(
                format!("{c}|{code}"),
                "incidents",
                format!(
                    "{nom}, « {} » : {} au lieu de {}.",
                    e.nature,
                    en_mots(passee),
                    en_mots(attendue)
                ),
                "Dites pourquoi en signalant un incident, même pour une heure mal notée : il viendra aux observations du PV.",
            ))
        })
        .collect()
}

/// Les incidents que l'administration ignore : à dire tant que la session dure, enfreint une fois le PV contresigné.
fn tus(
    s: &Session,
    voulu: impl Fn(&Incident) -> bool,
    phrase: impl Fn(&Incident) -> String,
    remede: &'static str,
) -> Vec<Trouve> {
    let acquis = s.pv.franchie(Etape::Contresigne).is_some();
    s.incidents
        .iter()
        .filter(|i| voulu(i) && i.informations.is_empty())
        .map(|i| Trouve::selon(acquis, i.numero.to_string(), "incidents", phrase(i), remede))
        .collect()
}

fn fraudes_tues(s: &Session, _: Date) -> Vec<Trouve> {
    tus(
        s,
        |i| i.signalement.genre == Genre::Fraude,
        |i| {
            format!(
                "La fraude de l’incident n° {} n’est pas dite à la DDETS.",
                i.numero
            )
        },
        "Établissez le rapport signé des témoins, informez la DDETS et notez-le.",
    )
}

fn incidents_tus(s: &Session, _: Date) -> Vec<Trouve> {
    tus(
        s,
        |i| i.signalement.gravite == Gravite::Majeur && i.signalement.genre != Genre::Fraude,
        |i| {
            format!(
                "L’incident majeur n° {} n’est pas dit à la DDETS.",
                i.numero
            )
        },
        "Informez-la, puis notez quand et comment.",
    )
}
