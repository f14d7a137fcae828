//! Règles du planning : complet, sans chevauchement, entretien final en dernier.

use super::{Examen, NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::referentiel::Modalite;
use crate::session::Session;
use crate::session::planning::Passage;
use crate::temps::{date_chiffres, duree, heure, minutes};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};

pub(super) const REGLES: &[Regle] = &[
    Regle {
        code: "R70",
        intitule: "Le planning reprend toutes les épreuves du référentiel, avec leurs durées exactes.",
        source: "Arrêté du 22 décembre 2015, art. 8 ; contrôle des sessions",
        force: Force::Derogeable,
        examen: Examen::Etat(referentiel_a_verifier),
        ..Regle::MODELE
    },
    Regle {
        code: "R71",
        intitule: "Personne, et aucune salle, n’est à deux endroits à la fois.",
        source: "Bon sens ; contrôle des sessions",
        preuve: NiveauPreuve::Proposition,
        force: Force::Derogeable,
        examen: Examen::Etat(chevauchements),
        ..Regle::MODELE
    },
    Regle {
        code: "R73",
        intitule: "L’entretien final est la dernière épreuve de chaque candidat.",
        source: "Site des responsables de session, types de sessions",
        force: Force::Derogeable,
        examen: Examen::Etat(entretien_final_pas_dernier),
        ..Regle::MODELE
    },
    Regle {
        code: "R70b",
        intitule: "Chaque passage dure ce que le référentiel demande.",
        source: "Arrêté du 22 décembre 2015, art. 8 ; contrôle des sessions",
        force: Force::Derogeable,
        examen: Examen::Etat(durees),
        ..Regle::MODELE
    },
    Regle {
        code: "R70a",
        intitule: "Chaque candidat passe chaque épreuve du référentiel.",
        source: "Arrêté du 22 décembre 2015, art. 8",
        force: Force::Derogeable,
        examen: Examen::Etat(incomplet),
        ..Regle::MODELE
    },
    Regle {
        code: "R27a",
        intitule: "Le planning affecte deux jurés au moins à chaque épreuve où le jury est requis.",
        source: "Règlement de 2008 §1.2 ; check-list",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Alerte,
        examen: Examen::Etat(jury_incomplet),
        ..Regle::MODELE
    },
    Regle {
        code: "R22b",
        intitule: "Un surveillant est affecté à chaque passage sans jury.",
        source: "Règlement de 2008 §2.2 ; check-list",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Alerte,
        examen: Examen::Etat(sans_surveillant),
        ..Regle::MODELE
    },
    Regle {
        code: "R62",
        intitule: "Le plateau est inventorié et compte assez de postes pour les candidats présents ensemble.",
        source: "Check-list, préparer le plateau technique",
        force: Force::Derogeable,
        examen: Examen::Etat(super::plateau::postes_et_inventaire),
        ..Regle::MODELE
    },
    Regle {
        code: "R63",
        intitule: "Un local individuel et confidentiel est réservé aux entretiens.",
        source: "Check-list, préparer le plateau technique",
        force: Force::Alerte,
        examen: Examen::Etat(super::plateau::local_d_entretien),
        ..Regle::MODELE
    },
    Regle {
        code: "R72",
        intitule: "Le planning laisse des pauses et le temps de corriger.",
        source: "Contrôle des sessions ; la mesure (six heures, vingt minutes) est une proposition de Garant",
        force: Force::Alerte,
        examen: Examen::Etat(super::plateau::sans_pause),
        ..Regle::MODELE
    },
    Regle {
        code: "R74",
        intitule: "Les enchaînements d’épreuves imposés par le référentiel sont respectés.",
        source: "Usage d’un centre, citant des référentiels",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Derogeable,
        examen: Examen::NonEvaluee(
            "Les enchaînements imposés ne sont pas dans les référentiels, hors l’entretien final (R73).",
        ),
        ..Regle::MODELE
    },
    Regle {
        code: "R76",
        intitule: "Une session CCP n’a d’entretien final que si c’est le dernier CCP du parcours.",
        source: "Arrêté du 22 décembre 2015, art. 9, cité par un centre",
        preuve: NiveauPreuve::Secondaire,
        force: Force::Alerte,
        examen: Examen::Etat(super::plateau::entretien_final_de_ccp),
        ..Regle::MODELE
    },
];

fn nom(s: &Session, p: &Passage) -> String {
    s.candidats
        .iter()
        .find(|c| c.id == p.candidat)
        .map_or("Un candidat".into(), |c| c.fiche.nom_complet())
}
fn nature(s: &Session, p: &Passage) -> String {
    s.programme
        .as_ref()
        .and_then(|x| x.epreuve(&p.epreuve))
        .map_or(p.epreuve.clone(), |e| e.nature.clone())
}

fn chevauchements(s: &Session, _: Date) -> Vec<Trouve> {
    // Par ressource (candidat, juré, surveillant, salle), les passages triés : un voisin qui commence trop tôt est un conflit.
    let mut par: BTreeMap<(u8, &str), Vec<&Passage>> = BTreeMap::new();
    for p in &s.planning.passages {
        par.entry((0, p.candidat.as_str())).or_default().push(p);
        for j in &p.jury {
            par.entry((1, j.as_str())).or_default().push(p);
        }
        if let Some(v) = &p.surveillant {
            par.entry((2, v.as_str())).or_default().push(p);
        }
        par.entry((3, &p.lieu)).or_default().push(p);
    }
    let noms: HashMap<&str, &str> = s
        .jury
        .iter()
        .map(|m| (m.membre.jure.as_str(), m.membre.nom.as_str()))
        .chain(
            s.equipe
                .membres
                .iter()
                .map(|(_, i)| (i.id.as_str(), i.nom.as_str())),
        )
        .collect();
    let mut t = vec![];
    for ((genre, cle), passages) in par {
        for paire in passages.windows(2) {
            let (a, b) = (paire[0], paire[1]);
            // Une séance partagée (même épreuve, même début, même lieu ; un temps majoré finit après) n'est pas un conflit de salle ni de surveillance.
            if !a.recouvre(b)
                || (genre != 0 && a.epreuve == b.epreuve && a.lieu == b.lieu && a.debut == b.debut)
            {
                continue;
            }
            let qui = match genre {
                0 => nom(s, a),
                3 => format!("« {cle} »"),
                _ => noms
                    .get(cle)
                    .map_or("Une personne".into(), |n| (*n).to_owned()),
            };
            let quoi = if genre == 3 {
                "est occupé"
            } else {
                "est attendu"
            };
            t.push(Trouve::manquement(
                format!(
                    "{genre}|{cle}|{}|{}|{}|{}",
                    a.epreuve, a.candidat, b.epreuve, b.candidat
                ),
                "planning",
                format!(
                    "{qui} {quoi} deux fois le {} : à {} ({}, {}) et à {} ({}, {}).",
                    date_chiffres(a.date),
                    heure(a.debut),
                    nature(s, a),
                    nom(s, a),
                    heure(b.debut),
                    nature(s, b),
                    nom(s, b)
                ),
                "Déplacez l’un des deux passages.",
            ));
        }
    }
    t
}

fn entretien_final_pas_dernier(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let finals: Vec<_> = p
        .epreuves()
        .into_iter()
        .filter(|e| e.modalite == Modalite::Ef)
        .map(|e| e.code.as_str())
        .collect();
    s.inscrits()
        .filter_map(|c| {
            let ef = s
                .planning
                .de(&c.id)
                .find(|x| finals.contains(&x.epreuve.as_str()))?;
            let apres = s.planning.de(&c.id).find(|x| {
                !finals.contains(&x.epreuve.as_str()) && (x.date, x.fin) > (ef.date, ef.debut)
            })?;
            Some(Trouve::manquement(
                c.id.as_str(),
                "planning",
                format!(
                    "{} passe l’entretien final le {} à {}, avant la fin de « {} ».",
                    c.fiche.nom_complet(),
                    date_chiffres(ef.date),
                    heure(ef.debut),
                    nature(s, apres)
                ),
                "Placez l’entretien final après toutes ses autres épreuves.",
            ))
        })
        .collect()
}

fn durees(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    s.planning
        .passages
        .iter()
        .filter_map(|x| {
            let attendue = p.epreuve(&x.epreuve)?.duree_minutes?;
            let prevue = minutes(x.fin) - minutes(x.debut);
            // Plus long peut être un aménagement ; plus court ne l'est jamais.
            (prevue < attendue).then(|| {
                Trouve::manquement(
                    format!("{}|{}", x.candidat, x.epreuve),
                    "planning",
                    format!(
                        "{} : « {} » est prévue pour {} au lieu de {}.",
                        nom(s, x),
                        nature(s, x),
                        duree(prevue),
                        duree(attendue)
                    ),
                    "Rendez à l’épreuve sa durée du référentiel.",
                )
            })
        })
        .collect()
}

fn incomplet(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let epreuves = p.epreuves();
    let attendus = epreuves.len() * s.inscrits().count();
    if attendus == 0 {
        return vec![];
    }
    let places: std::collections::HashSet<(&str, &str)> = s
        .planning
        .passages
        .iter()
        .map(|x| (x.candidat.as_str(), x.epreuve.as_str()))
        .collect();
    let manquants: Vec<_> = s
        .inscrits()
        .filter(|c| {
            epreuves
                .iter()
                .any(|e| !places.contains(&(c.id.as_str(), e.code.as_str())))
        })
        .collect();
    if manquants.is_empty() {
        return vec![];
    }
    let phrase = format!(
        "{} candidat{} sans horaire pour toutes les épreuves.",
        manquants.len(),
        if manquants.len() > 1 {
            "s restent"
        } else {
            " reste"
        }
    );
    if s.planning.valide.is_some() {
        vec![Trouve::manquement(
            "incomplet",
            "planning",
            phrase,
            "Complétez le planning avant de le valider.",
        )]
    } else {
        vec![Trouve::manque(
            "incomplet",
            "planning",
            phrase,
            "Demandez une proposition de planning, ou placez-les à la main.",
        )]
    }
}

fn jury_incomplet(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let n = s
        .planning
        .passages
        .iter()
        .filter(|x| {
            p.epreuve(&x.epreuve)
                .is_some_and(|e| e.presence_jury.demande_jury())
                && x.jury.len() < s.cadre.valeur("R26") as usize
        })
        .count();
    if n == 0 {
        return vec![];
    }
    vec![Trouve::manquement(
        "jury-planning",
        "planning",
        format!(
            "{n} passage{} devant moins de deux jurés.",
            if n > 1 {
                "s sont prévus"
            } else {
                " est prévu"
            }
        ),
        "Affectez deux jurés à chacun.",
    )]
}

fn sans_surveillant(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let n = s
        .planning
        .passages
        .iter()
        .filter(|x| {
            p.epreuve(&x.epreuve)
                .is_some_and(|e| e.presence_jury.demande_surveillant())
                && x.surveillant.is_none()
        })
        .count();
    if n == 0 {
        return vec![];
    }
    vec![Trouve::manquement(
        "surveillance-planning",
        "planning",
        format!(
            "{n} passage{} sans surveillant.",
            if n > 1 {
                "s sont prévus"
            } else {
                " est prévu"
            }
        ),
        "Nommez un surveillant et affectez-le.",
    )]
}

fn referentiel_a_verifier(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    if p.referentiel.est_confirme() {
        return vec![];
    }
    vec![Trouve::manque(
        "referentiel",
        "programme",
        "Les durées et la présence du jury de ce titre sont encore « à vérifier au RE ».",
        "Confirmez le référentiel du titre d’après le RE, puis adoptez-le dans la session.",
    )]
}
