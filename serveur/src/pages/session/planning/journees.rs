//! Le cadre des journées : heures, déjeuner, pauses, jurys composés, et les empêchements de chacun.

use super::super::geste::{Champs, acte};
use super::super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, formulaire_abime};
use crate::reponses::{get, post};
use crate::routes::{Nature as Droit, Route};
use askama::Template;
use axum::http::StatusCode;
use metier::equipe::Poste;
use metier::planning::{self, Empeche, Empechement, Journees};
use metier::{Action, Constat, JureId, Nature, Refus, Session, temps};

/// Jurys que l'on peut composer.
const JURYS_MAX: usize = 10;

/// Les routes du cadre des journées.
pub fn routes() -> Vec<Route> {
    let organiser = Droit::Session(Nature::Organiser);
    vec![
        Route::lire(
            "/sessions/{session}/planning/journees",
            Droit::Session(Nature::Lire),
            get(montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/planning/journees",
            organiser,
            post(regler),
        ),
        Route::ecrire(
            "/sessions/{session}/planning/empechements",
            organiser,
            post(empecher),
        ),
    ]
}

#[derive(Template)]
#[template(path = "session/planning_journees.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    modifiable: bool,
    heures: Heures,
    jours: Vec<(String, String, bool)>,
    jures: Vec<LigneJure>,
    jurys: Vec<(String, String)>,
    compose: bool,
    empechements: Vec<LigneEmpechement>,
    gens: Vec<(&'static str, Vec<(String, String)>)>,
    dates: Vec<(String, String)>,
    qui: String,
    date: String,
    de: String,
    a: String,
    acte: String,
    acte_empecher: String,
}

/// Les champs du cadre, tels qu'ils s'écrivent.
struct Heures {
    ouverture: String,
    fermeture: String,
    dejeuner_debut: String,
    dejeuner_fin: String,
    dejeuner_minutes: String,
    pause_minutes: String,
    candidat_minutes_max: String,
    jure_minutes_max: String,
    deliberation_minutes: String,
    deliberation_par_candidat: String,
}

struct LigneJure {
    champ: String,
    nom: String,
    place: String,
    jury: String,
}

struct LigneEmpechement {
    nom: String,
    quand: String,
    valeur: String,
    acte: String,
}

fn hhmm(t: jiff::civil::Time) -> String {
    format!("{:02}:{:02}", t.hour(), t.minute())
}

/// « genre:identifiant », la valeur d'un choix.
pub(super) fn valeur(e: &Empeche) -> String {
    match e {
        Empeche::Jure(i) => format!("jure:{i}"),
        Empeche::Surveillant(i) => format!("surveillant:{i}"),
        Empeche::Candidat(i) => format!("candidat:{i}"),
        Empeche::Salle(n) => format!("salle:{n}"),
    }
}

/// Relit un choix.
pub(super) fn lire_qui(texte: &str) -> Option<Empeche> {
    let (genre, id) = texte.split_once(':')?;
    Some(match genre {
        "jure" => Empeche::Jure(id.parse().ok()?),
        "surveillant" => Empeche::Surveillant(id.parse().ok()?),
        "candidat" => Empeche::Candidat(id.parse().ok()?),
        "salle" => Empeche::Salle(id.to_owned()),
        _ => return None,
    })
}

/// Tous ceux, et tout ce qui peut être empêché, par groupe.
pub(super) fn gens(s: &Session) -> Vec<(&'static str, Vec<(String, String)>)> {
    let jures = s
        .jury
        .iter()
        .map(|m| {
            (
                valeur(&Empeche::Jure(m.membre.jure.clone())),
                m.membre.nom.clone(),
            )
        })
        .collect();
    let surveillants = s
        .equipe
        .a(Poste::Surveillant)
        .map(|i| (valeur(&Empeche::Surveillant(i.id.clone())), i.nom.clone()))
        .collect();
    let candidats = s
        .inscrits()
        .map(|c| {
            (
                valeur(&Empeche::Candidat(c.id.clone())),
                c.fiche.nom_complet(),
            )
        })
        .collect();
    let salles = s
        .programme
        .iter()
        .flat_map(|p| &p.site.salles)
        .map(|x| (valeur(&Empeche::Salle(x.nom.clone())), x.nom.clone()))
        .collect();
    vec![
        ("Jurés", jures),
        ("Surveillants", surveillants),
        ("Salles", salles),
        ("Candidats", candidats),
    ]
    .into_iter()
    .filter(|(_, l): &(_, Vec<_>)| !l.is_empty())
    .collect()
}

/// Lit un empêchement ; les heures vides valent toute la journée.
pub(super) fn lire_empechement(s: &Session, c: &Champs) -> Result<Empechement, Refus> {
    let j = s.planning.journees();
    let faute = |champ: &str, phrase: &str, remede: &str| -> Refus {
        Constat::saisie(champ, phrase, remede).into()
    };
    let heure = |champ: &str, defaut| match c.un(champ).trim() {
        "" => Ok(defaut),
        t => temps::lire_heure(t).ok_or_else(|| {
            faute(
                champ,
                "L’heure ne se lit pas.",
                "Écrivez-la sous la forme 8 h 30, ou laissez vide pour toute la journée.",
            )
        }),
    };
    Ok(Empechement {
        qui: lire_qui(c.un("qui")).ok_or_else(|| {
            faute(
                "qui",
                "Il manque la personne ou la salle.",
                "Choisissez-la dans la liste.",
            )
        })?,
        date: temps::lire_date(c.un("jour")).ok_or_else(|| {
            faute(
                "jour",
                "Il manque le jour.",
                "Choisissez un jour de la session.",
            )
        })?,
        de: heure("de", j.ouverture)?,
        a: heure("a", j.fermeture)?,
    })
}

/// GET /sessions/{session}/planning/journees
async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None, None)
}

/// POST /sessions/{session}/planning/journees
async fn regler(a: AccesSession, c: Champs) -> Reponse {
    let lues = match lire(&a.session, &c) {
        Ok(j) => j,
        Err(r) => return page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some(&c), Some(&r)),
    };
    let action = Action::Planning(planning::Action::ReglerJournees(lues));
    match a.executer(&c.communs(), action).await? {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/planning", a.base()),
            "Les journées sont réglées. Les prochaines propositions en tiendront compte.",
        )),
        Err(r) => page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some(&c), Some(&r)),
    }
}

/// POST /sessions/{session}/planning/empechements : noter, ou lever celui que porte `lever`.
async fn empecher(a: AccesSession, c: Champs) -> Reponse {
    let lever = c.un("lever");
    let (action, fait) = if lever.is_empty() {
        match lire_empechement(&a.session, &c) {
            Ok(e) => (
                planning::Action::Empecher {
                    empechements: vec![e],
                },
                "L’empêchement est noté.",
            ),
            Err(r) => return page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some(&c), Some(&r)),
        }
    } else {
        let e: Empechement = serde_json::from_str(lever).map_err(|_| formulaire_abime())?;
        (
            planning::Action::LeverEmpechement(e),
            "L’empêchement est levé.",
        )
    };
    match a.executer(&c.communs(), Action::Planning(action)).await? {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/planning/journees", a.base()),
            fait,
        )),
        Err(r) => page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some(&c), Some(&r)),
    }
}

fn lire(s: &Session, c: &Champs) -> Result<Journees, Refus> {
    let mut fautes = vec![];
    let mut heure = |champ: &str| {
        temps::lire_heure(c.un(champ)).unwrap_or_else(|| {
            fautes.push(Constat::saisie(
                champ,
                "Cette heure ne se lit pas.",
                "Écrivez-la sous la forme 8 h 30.",
            ));
            jiff::civil::Time::midnight()
        })
    };
    let (ouverture, fermeture) = (heure("ouverture"), heure("fermeture"));
    let (dejeuner_debut, dejeuner_fin) = (heure("dejeuner_debut"), heure("dejeuner_fin"));
    let mut nombre = |champ: &str| {
        c.un(champ).trim().parse::<u32>().unwrap_or_else(|_| {
            fautes.push(Constat::saisie(
                champ,
                "On attend un nombre de minutes.",
                "Écrivez-le en chiffres.",
            ));
            0
        })
    };
    let mut choix_fautifs = vec![];
    let mut jurys: Vec<Vec<JureId>> = vec![vec![]; JURYS_MAX];
    for m in &s.jury {
        let champ = format!("jury_{}", m.membre.jure);
        let choisi = c.un(&champ);
        let n: usize = choisi.parse().unwrap_or(0);
        if !choisi.is_empty() && !(1..=JURYS_MAX).contains(&n) {
            choix_fautifs.push(Constat::saisie(
                &champ,
                "Ce jury n’est pas offert.",
                "Choisissez un jury dans la liste, ou aucun.",
            ));
        }
        if let Some(j) = n.checked_sub(1).and_then(|n| jurys.get_mut(n)) {
            j.push(m.membre.jure.clone());
        }
    }
    jurys.retain(|j| !j.is_empty());
    if c.tous("ferme").any(|d| temps::lire_date(d).is_none()) {
        choix_fautifs.push(Constat::saisie(
            "ferme",
            "Un jour fermé ne se lit pas.",
            "Cochez les jours de la liste.",
        ));
    }
    let lues = Journees {
        ouverture,
        fermeture,
        dejeuner_debut,
        dejeuner_fin,
        dejeuner_minutes: nombre("dejeuner_minutes"),
        pause_minutes: nombre("pause_minutes"),
        candidat_minutes_max: nombre("candidat_minutes_max"),
        jure_minutes_max: nombre("jure_minutes_max"),
        deliberation_minutes: nombre("deliberation_minutes"),
        deliberation_par_candidat: nombre("deliberation_par_candidat"),
        jours_fermes: c.tous("ferme").filter_map(temps::lire_date).collect(),
        jurys,
    };
    fautes.extend(choix_fautifs);
    if fautes.is_empty() {
        Ok(lues)
    } else {
        Err(Refus { constats: fautes })
    }
}

fn heures(j: &Journees, c: Option<&Champs>) -> Heures {
    // Une saisie refusée revient telle quelle ; le formulaire des empêchements ne porte pas ces champs.
    let ecrit = |champ: &str, valeur: String| match c {
        Some(c) if c.0.iter().any(|(n, _)| n == champ) => c.un(champ).to_owned(),
        _ => valeur,
    };
    Heures {
        ouverture: ecrit("ouverture", hhmm(j.ouverture)),
        fermeture: ecrit("fermeture", hhmm(j.fermeture)),
        dejeuner_debut: ecrit("dejeuner_debut", hhmm(j.dejeuner_debut)),
        dejeuner_fin: ecrit("dejeuner_fin", hhmm(j.dejeuner_fin)),
        dejeuner_minutes: ecrit("dejeuner_minutes", j.dejeuner_minutes.to_string()),
        pause_minutes: ecrit("pause_minutes", j.pause_minutes.to_string()),
        candidat_minutes_max: ecrit("candidat_minutes_max", j.candidat_minutes_max.to_string()),
        jure_minutes_max: ecrit("jure_minutes_max", j.jure_minutes_max.to_string()),
        deliberation_minutes: ecrit("deliberation_minutes", j.deliberation_minutes.to_string()),
        deliberation_par_candidat: ecrit(
            "deliberation_par_candidat",
            j.deliberation_par_candidat.to_string(),
        ),
    }
}

fn page(
    a: &AccesSession,
    statut: StatusCode,
    c: Option<&Champs>,
    refus: Option<&Refus>,
) -> Reponse {
    let s = &a.session;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let j = s.planning.journees();
    let jurys = j.jurys_de(s);
    let dates: Vec<(String, String)> = p
        .jours()
        .into_iter()
        .map(|d| (d.to_string(), temps::date_longue(d)))
        .collect();
    let un = |champ: &str| c.map_or("", |c| c.un(champ)).to_owned();
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Journées – {}", super::super::titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "planning"),
            erreurs: {
                let mut erreurs = refus.map(ErreursFormulaire::du_refus).unwrap_or_default();
                erreurs.renommer(&["date"], "jour");
                erreurs.renommer(&["ferme"], "jours_fermes");
                erreurs
            },
            constats: refus
                .map(|r| ConstatMontre::du_refus(r, &a.base()))
                .unwrap_or_default(),
            modifiable: super::super::modifiable(a, Nature::Organiser),
            heures: heures(&j, c),
            jours: dates
                .iter()
                .map(|(v, l)| {
                    let ferme = j.jours_fermes.iter().any(|d| d.to_string() == *v);
                    (v.clone(), l.clone(), ferme)
                })
                .collect(),
            jures: s
                .jury
                .iter()
                .map(|m| LigneJure {
                    champ: format!("jury_{}", m.membre.jure),
                    nom: m.membre.nom.clone(),
                    place: m.membre.place.libelle().to_lowercase(),
                    jury: jurys
                        .iter()
                        .position(|j| j.contains(&m.membre.jure))
                        .map_or(String::new(), |i| (i + 1).to_string()),
                })
                .collect(),
            jurys: (1..=(s.jury.len() / 2 + 1).clamp(2, JURYS_MAX))
                .map(|n| (n.to_string(), format!("Jury {n}")))
                .collect(),
            compose: !j.jurys.is_empty(),
            empechements: s
                .planning
                .empechements
                .iter()
                .map(|e| LigneEmpechement {
                    nom: e.qui.nom(s),
                    quand: e.quand(),
                    valeur: serde_json::to_string(e).unwrap_or_default(),
                    acte: acte(),
                })
                .collect(),
            gens: gens(s),
            dates,
            qui: un("qui"),
            date: un("jour"),
            de: un("de"),
            a: un("a"),
            acte: acte(),
            acte_empecher: acte(),
        },
    ))
}
