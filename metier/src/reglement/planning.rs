//! Règles du planning : complet, sans chevauchement, entretien final en dernier.

use super::table::Table;
use super::{Examen, NiveauPreuve, Regle, Trouve};
use crate::contexte::Force;
use crate::referentiel::Modalite;
use crate::session::Session;
use crate::session::planning::Passage;
use crate::session::programme::Programme;
use crate::temps::{date_chiffres, duree, heure, minutes};
use jiff::civil::Date;

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
        examen: Examen::Etat(enchainements),
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
        .map_or_else(|| p.epreuve.clone(), |e| e.nature.clone())
}
/// Les codes des entretiens finals.
pub(super) fn codes_finals(p: &Programme) -> Vec<&str> {
    p.parcourir_epreuves()
        .filter(|e| e.modalite == Modalite::Ef)
        .map(|e| e.code.as_str())
        .collect()
}

/// Deux passages d'une même ressource qui se suivent et se recouvrent.
type Conflit<'s> = ((u8, &'s str), &'s Passage, &'s Passage);

/// Par ressource (candidat 0, juré 1, surveillant 2, salle 3), les voisins qui se recouvrent, dans l'ordre des ressources.
fn conflits(s: &Session) -> Vec<Conflit<'_>> {
    let passages = &s.planning.passages;
    let mut derniers: Table<(u8, &str), &Passage> = Table::default();
    derniers.reserve(s.candidats.len() + 32);
    let mut conflits: Vec<Conflit<'_>> = vec![];
    for b in passages {
        let jures = b.jury.iter().map(|j| (1, j.as_str()));
        let surveillant = b.surveillant.iter().map(|v| (2, v.as_str()));
        let autres = [(0, b.candidat.as_str()), (3, b.lieu.as_str())];
        for cle in autres.into_iter().chain(jures).chain(surveillant) {
            let Some(a) = derniers.insert(cle, b) else {
                continue;
            };
            // Une séance partagée (même épreuve, même début, même lieu ; un temps majoré finit après) n'est pas un conflit de salle ni de surveillance.
            let partagee =
                cle.0 != 0 && a.debut == b.debut && a.epreuve == b.epreuve && a.lieu == b.lieu;
            if a.recouvre(b) && !partagee {
                conflits.push((cle, a, b));
            }
        }
    }
    conflits.sort_by_key(|(cle, ..)| *cle);
    conflits
}

fn chevauchements<'s>(s: &'s Session, _: Date) -> Vec<Trouve> {
    let conflits = conflits(s);
    if conflits.is_empty() {
        return vec![];
    }
    let personnes: Table<&str, &str> = s
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
    let candidats: Table<&str, String> = s
        .candidats
        .iter()
        .map(|c| (c.id.as_str(), c.fiche.nom_complet()))
        .collect();
    let epreuves: Table<&str, &str> = s
        .programme
        .iter()
        .flat_map(|p| p.parcourir_epreuves())
        .map(|e| (e.code.as_str(), e.nature.as_str()))
        .collect();
    let nom = |p: &Passage| {
        candidats
            .get(p.candidat.as_str())
            .map_or("Un candidat", String::as_str)
    };
    let nature = |p: &'s Passage| {
        epreuves
            .get(p.epreuve.as_str())
            .copied()
            .unwrap_or(p.epreuve.as_str())
    };
    conflits
        .into_iter()
        .map(|((genre, cle), a, b)| {
            let salle;
            let (qui, quoi) = match genre {
                0 => (nom(a), "est attendu"),
                3 => {
                    salle = format!("« {cle} »");
                    (salle.as_str(), "est occupé")
                }
                _ => (
                    personnes.get(cle).copied().unwrap_or("Une personne"),
                    "est attendu",
                ),
            };
            Trouve::manquement(
                format!(
                    "{genre}|{cle}|{}|{}|{}|{}",
                    a.epreuve, a.candidat, b.epreuve, b.candidat
                ),
                "planning",
                format!(
                    "{qui} {quoi} deux fois le {} : à {} ({}, {}) et à {} ({}, {}).",
                    date_chiffres(a.date),
                    heure(a.debut),
                    nature(a),
                    nom(a),
                    heure(b.debut),
                    nature(b),
                    nom(b)
                ),
                "Déplacez l’un des deux passages.",
            )
        })
        .collect()
}

fn entretien_final_pas_dernier(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let finals = codes_finals(p);
    let est_final = |x: &Passage| finals.contains(&x.epreuve.as_str());
    // Le premier entretien final de chacun, puis la première épreuve qui le suit.
    let mut entretiens: Table<&str, &Passage> = Table::default();
    for x in s.planning.passages.iter().filter(|x| est_final(x)) {
        entretiens.entry(x.candidat.as_str()).or_insert(x);
    }
    if entretiens.is_empty() {
        return vec![];
    }
    let mut apres: Table<&str, (&Passage, &Passage)> = Table::default();
    for x in s.planning.passages.iter().filter(|x| !est_final(x)) {
        if let Some(ef) = entretiens.get(x.candidat.as_str())
            && (x.date, x.fin) > (ef.date, ef.debut)
        {
            apres.entry(x.candidat.as_str()).or_insert((ef, x));
        }
    }
    if apres.is_empty() {
        return vec![];
    }
    s.inscrits()
        .filter_map(|c| {
            let (ef, x) = apres.get(c.id.as_str())?;
            Some(Trouve::manquement(
                c.id.as_str(),
                "planning",
                format!(
                    "{} passe l’entretien final le {} à {}, avant la fin de « {} ».",
                    c.fiche.nom_complet(),
                    date_chiffres(ef.date),
                    heure(ef.debut),
                    nature(s, x)
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

/// Une épreuve dont le référentiel dit qu'elle s'enchaîne à la précédente commence quand celle-ci finit, au même lieu.
fn enchainements(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let epreuves = p.epreuves();
    let suites: Vec<_> = epreuves
        .windows(2)
        .filter(|e| e[1].organisation.enchaine == Some(true))
        .map(|e| (e[0], e[1]))
        .collect();
    let mut t = vec![];
    for c in s.inscrits() {
        for (avant, apres) in &suites {
            let (Some(a), Some(b)) = (
                s.planning.passage(&c.id, &avant.code),
                s.planning.passage(&c.id, &apres.code),
            ) else {
                continue;
            };
            if (a.date, a.fin, &a.lieu) == (b.date, b.debut, &b.lieu) {
                continue;
            }
            t.push(Trouve::manquement(
                format!("{}|{}|{}", c.id, avant.code, apres.code),
                "planning",
                format!(
                    "{} : « {} » finit le {} à {} et « {} » commence le {} à {}, alors que le référentiel les enchaîne.",
                    c.fiche.nom_complet(),
                    avant.nature,
                    date_chiffres(a.date),
                    heure(a.fin),
                    apres.nature,
                    date_chiffres(b.date),
                    heure(b.debut)
                ),
                "Placez la seconde à la suite de la première, au même lieu.",
            ));
        }
    }
    t
}

fn incomplet(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let epreuves = p.epreuves();
    let attendus = epreuves.len() * s.inscrits().count();
    if attendus == 0 {
        return vec![];
    }
    let mut places: Table<(&str, &str), ()> = Table::default();
    places.reserve(s.planning.passages.len());
    for x in &s.planning.passages {
        places.insert((x.candidat.as_str(), x.epreuve.as_str()), ());
    }
    let manquants = s
        .inscrits()
        .filter(|c| {
            epreuves
                .iter()
                .any(|e| !places.contains_key(&(c.id.as_str(), e.code.as_str())))
        })
        .count();
    if manquants == 0 {
        return vec![];
    }
    let phrase = format!(
        "{manquants} candidat{} sans horaire pour toutes les épreuves.",
        if manquants > 1 { "s restent" } else { " reste" }
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
    let voulus = s.cadre.valeur("R26") as usize;
    let n = s
        .planning
        .passages
        .iter()
        .filter(|x| {
            x.jury.len() < voulus
                && p.epreuve(&x.epreuve)
                    .is_some_and(|e| e.presence_jury.demande_jury())
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
            x.surveillant.is_none()
                && p.epreuve(&x.epreuve)
                    .is_some_and(|e| e.presence_jury.demande_surveillant())
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
