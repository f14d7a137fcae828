//! Règles des personnes : responsable, suppléant, surveillant, cumuls.

use super::{Examen, NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::session::Session;
use crate::session::equipe::Poste;
use crate::session::jour::{Presence, Venant};
use crate::temps::date_chiffres;
use jiff::civil::Date;

pub(super) const REGLES: &[Regle] = &[
    Regle {
        code: "R18",
        intitule: "Un responsable de session est désigné.",
        source: "Engagement n° 3 du centre agréé ; check-list",
        force: Force::Derogeable,
        examen: Examen::Etat(sans_responsable),
        ..Regle::MODELE
    },
    Regle {
        code: "R19",
        intitule: "Le responsable de session n’est pas formateur d’un candidat.",
        source: "Check-list, rappel : « ne doit pas être le formateur ayant accompagné les stagiaires »",
        force: Force::Derogeable,
        examen: Examen::Etat(|s, _| {
            cumul(
                s,
                Poste::Responsable,
                Poste::Formateur,
                "Nommez un autre responsable, ou écrivez pourquoi la DDETS l’admet.",
            )
        }),
        ..Regle::MODELE
    },
    Regle {
        code: "R20",
        intitule: "Un suppléant est désigné, et n’est pas formateur d’un candidat.",
        source: "Check-list (nom et fonction du suppléant) ; incompatibilité déduite",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Alerte,
        examen: Examen::Etat(suppleant),
        ..Regle::MODELE
    },
    Regle {
        code: "R21",
        intitule: "Le surveillant n’est pas formateur d’un candidat.",
        source: "Check-list, rappel (sauf mention contraire du référentiel)",
        force: Force::Derogeable,
        examen: Examen::Etat(|s, _| {
            cumul(
                s,
                Poste::Surveillant,
                Poste::Formateur,
                "Nommez un autre surveillant, ou citez en motif la mention du référentiel.",
            )
        }),
        ..Regle::MODELE
    },
    Regle {
        code: "R24",
        intitule: "Personne ne cumule responsable, suppléant, surveillant ou juré.",
        source: "Prudence : non écrit dans les sources lues",
        preuve: NiveauPreuve::Proposition,
        force: Force::Derogeable,
        examen: Examen::Etat(cumuls),
        ..Regle::MODELE
    },
    Regle {
        code: "R22",
        intitule: "Un surveillant est prévu pour toute épreuve où le jury n’est pas présent.",
        source: "Check-list : « si prévu au RC » ; règlement de 2008 §2.2",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Derogeable,
        examen: Examen::Etat(sans_surveillant),
        ..Regle::MODELE
    },
    Regle {
        code: "R23",
        intitule: "Le formateur n’assiste pas à la session, sauf mention du référentiel (sécurité).",
        source: "Check-list ; contrôle des sessions",
        force: Force::Derogeable,
        au_pv: true,
        examen: Examen::Etat(formateur_present),
        ..Regle::MODELE
    },
    Regle {
        code: "R25",
        intitule: "Le responsable, ou son suppléant, est présent pendant toute la session.",
        source: "Site des responsables de session, 13 engagements",
        force: Force::Alerte,
        examen: Examen::Etat(responsable_absent),
        ..Regle::MODELE
    },
];

fn sans_responsable(s: &Session, _: Date) -> Vec<Trouve> {
    if s.equipe.responsable().is_some() {
        return vec![];
    }
    vec![Trouve::manque(
        "responsable",
        "equipe",
        "Le responsable de session n’est pas nommé.",
        "Nommez-le avec sa fonction.",
    )]
}

fn suppleant(s: &Session, d: Date) -> Vec<Trouve> {
    if s.equipe.suppleant().is_none() {
        return vec![Trouve::manque(
            "suppleant",
            "equipe",
            "Le suppléant de session n’est pas nommé.",
            "Nommez-le avec sa fonction.",
        )];
    }
    let _ = d;
    cumul(
        s,
        Poste::Suppleant,
        Poste::Formateur,
        "Nommez un autre suppléant.",
    )
}

fn cumul(s: &Session, a: Poste, b: Poste, remede: &'static str) -> Vec<Trouve> {
    s.equipe
        .a(a)
        .filter(|i| s.equipe.a(b).any(|j| j.id == i.id))
        .map(|i| {
            Trouve::manquement(
                i.id.as_str(),
                "equipe",
                format!(
                    "{} est à la fois {} et {}.",
                    i.nom,
                    a.libelle().to_lowercase(),
                    b.libelle().to_lowercase()
                ),
                remede,
            )
        })
        .collect()
}

fn cumuls(s: &Session, _: Date) -> Vec<Trouve> {
    let remede = "Confiez l’un des deux rôles à une autre personne.";
    let mut t = cumul(s, Poste::Responsable, Poste::Suppleant, remede);
    t.extend(cumul(s, Poste::Responsable, Poste::Surveillant, remede));
    t.extend(cumul(s, Poste::Suppleant, Poste::Surveillant, remede));
    if s.jury.is_empty() {
        return t;
    }
    let vu = |nom: &str| crate::vues::recherchable(nom);
    let jures: Vec<_> = s.jury.iter().map(|m| (vu(&m.membre.nom), m)).collect();
    for (poste, i) in &s.equipe.membres {
        let nom = vu(&i.nom);
        if let Some((_, m)) = jures.iter().find(|(nom_jure, m)| {
            m.membre.courriel.is_some() && m.membre.courriel == i.courriel || *nom_jure == nom
        }) {
            t.push(Trouve::manquement(
                format!("{}-jury", i.id),
                "equipe",
                format!(
                    "{} est à la fois juré et {}.",
                    m.membre.nom,
                    poste.libelle().to_lowercase()
                ),
                remede,
            ));
        }
    }
    t
}

fn sans_surveillant(s: &Session, jour: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    if !p.demande_surveillant() || s.equipe.a(Poste::Surveillant).next().is_some() {
        return vec![];
    }
    let noms: Vec<_> = p
        .parcourir_epreuves()
        .filter(|e| e.presence_jury.demande_surveillant())
        .map(|e| e.nature.clone())
        .collect();
    vec![Trouve::selon(
        p.debut <= jour,
        "surveillant",
        "equipe",
        format!(
            "Le jury n’est pas présent à toutes les épreuves ({}) et aucun surveillant n’est nommé.",
            noms.join(" ; ")
        ),
        "Nommez un surveillant qui n’est formateur d’aucun candidat.",
    )]
}

fn formateur_present(s: &Session, _: Date) -> Vec<Trouve> {
    s.equipe
        .a(Poste::Formateur)
        .filter(|i| s.jour.venues.contains_key(&Venant::Equipe(i.id.clone())))
        .map(|i| {
            Trouve::manquement(
                i.id.as_str(),
                "jour",
                format!("{} a formé des candidats et est noté présent à la session.", i.nom),
                "Faites-le sortir, ou citez en motif la mention du référentiel qui l’admet (sécurité).",
            )
        })
        .collect()
}

/// Les jours où des candidats étaient présents sans que le responsable ni le suppléant soit noté venu.
fn responsable_absent(s: &Session, jour: Date) -> Vec<Trouve> {
    let mut jours: Vec<_> = s
        .jour
        .presences
        .iter()
        .filter(|(_, p)| matches!(p, Presence::Present(..)))
        .map(|((_, d), _)| *d)
        // Le jour même, son arrivée peut encore se noter.
        .filter(|d| *d < jour)
        .collect();
    jours.sort_unstable();
    jours.dedup();
    let veille = |d: Date| {
        [s.equipe.responsable(), s.equipe.suppleant()]
            .into_iter()
            .flatten()
            .any(|i| {
                s.jour
                    .venues
                    .get(&Venant::Equipe(i.id.clone()))
                    .is_some_and(|v| v.iter().any(|(a, _)| a.date() == d))
            })
    };
    jours
        .into_iter()
        .filter(|d| !veille(*d))
        .map(|d| {
            Trouve::manquement(
                d.to_string(),
                "jour",
                format!(
                    "Ni le responsable ni le suppléant n’est noté présent le {}.",
                    date_chiffres(d)
                ),
                "Notez leurs heures de présence, ou dites aux observations qui tenait la session.",
            )
        })
        .collect()
}
