//! Les plannings proposés : les comparer au planning présent et entre eux, en adopter un, écarter les autres.

mod proposition;

use super::super::tete::TeteSession;
use super::Regard;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger, rediriger_fait, rendre};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, Formulaire};
use crate::reponses::{get, post};
use crate::routes::{Nature as Droit, Route};
use agencement::{Brouillon, Mesure};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use metier::planning;
use metier::{Action, Nature, Session, temps};
use proposition::page;
use serde::Deserialize;
use std::collections::HashMap;
use stockage::brouillons::{self, Nouveau, Range};

/// Les routes des propositions.
pub fn routes() -> Vec<Route> {
    let organiser = Droit::Session(Nature::Organiser);
    vec![
        Route::lire(
            "/sessions/{session}/planning/propositions",
            organiser,
            get(comparer),
        ),
        Route::lire(
            "/sessions/{session}/planning/propositions/{proposition}",
            organiser,
            get(montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/planning/propositions/{proposition}",
            organiser,
            post(choisir),
        ),
    ]
}

/// Range des brouillons, à la suite ou à la place des autres.
pub async fn ranger(
    a: &AccesSession,
    liste: &[(String, Brouillon)],
    remplacer: bool,
) -> Result<(), Erreur> {
    let le = a.acces.etat.horloge.instant().to_string();
    let textes: Vec<String> = liste
        .iter()
        .map(|(_, b)| serde_json::to_string(b).map_err(|e| Erreur::interne(&e.to_string())))
        .collect::<Result<_, _>>()?;
    let nouveaux: Vec<Nouveau<'_>> = liste
        .iter()
        .zip(&textes)
        .map(|((id, _), contenu)| Nouveau {
            id,
            rang: a.session.rang,
            le: &le,
            par: &a.acces.nom,
            contenu,
        })
        .collect();
    brouillons::ranger(
        &a.acces.etat.base,
        &a.acces.centre,
        &a.id,
        &nouveaux,
        remplacer,
    )
    .await?;
    Ok(())
}

fn lire(r: &Range) -> Result<Brouillon, Erreur> {
    serde_json::from_str(&r.contenu).map_err(|e| Erreur::interne(&format!("brouillon : {e}")))
}

/// Le planning a-t-il changé depuis que ce brouillon est né ?
fn est_depasse(s: &Session, r: &Range) -> bool {
    s.planning.rang() > r.rang
}

#[derive(Template)]
#[template(path = "session/planning_propositions.html")]
struct PageComparer {
    cadre: Cadre,
    tete: TeteSession,
    /// Les colonnes : le planning présent d'abord (sans lien).
    colonnes: Vec<Colonne>,
    lignes: Vec<(&'static str, Vec<String>)>,
    vide: bool,
}

struct Colonne {
    titre: String,
    precision: String,
    lien: String,
}

/// Ce que mesurent les deux pages, dans l'ordre : (libellé, valeur).
fn dire(m: &Mesure) -> Vec<(&'static str, String)> {
    let combien = |n: usize| n.to_string();
    vec![
        (
            "Passages placés",
            format!("{} sur {}", m.places, m.attendus),
        ),
        ("Candidats qui bougent", combien(m.bougent.len())),
        (
            "Convocations remises à refaire",
            combien(m.a_prevenir.len()),
        ),
        ("Journées de candidats", combien(m.journees_candidats)),
        (
            "Attente d’un candidat",
            format!(
                "{} en moyenne, {} au plus",
                temps::duree(m.attente_moyenne),
                temps::duree(m.attente_max)
            ),
        ),
        ("Séances surveillées", combien(m.seances_surveillees)),
        (
            "Jurés",
            format!(
                "{} journée{}, {}",
                m.journees_jures,
                if m.journees_jures > 1 { "s" } else { "" },
                temps::duree(m.minutes_jures)
            ),
        ),
        (
            "Fin de chaque jour",
            m.fins
                .iter()
                .map(|(d, t)| format!("{} {}", temps::jour_semaine(*d), temps::heure(*t)))
                .collect::<Vec<_>>()
                .join(", "),
        ),
        ("Règles de planning enfreintes", combien(m.ecarts)),
    ]
}

/// GET /sessions/{session}/planning/propositions
async fn comparer(a: AccesSession) -> Reponse {
    let s = &a.session;
    let ranges = brouillons::brouillons(&a.acces.etat.base, &a.acces.centre, &a.id).await?;
    let mut colonnes = vec![];
    let mut mesures = vec![];
    if !s.planning.passages.is_empty() {
        colonnes.push(Colonne {
            titre: "Planning présent".into(),
            precision: String::new(),
            lien: String::new(),
        });
        mesures.push(dire(&Mesure::de(
            s,
            &s.planning.passages,
            &s.planning.deliberations,
        )));
    }
    for r in &ranges {
        let b = lire(r)?;
        colonnes.push(Colonne {
            titre: format!("{}. {}", r.numero, b.titre),
            precision: format!(
                "{}, {}{}",
                temps::instant_court(&r.le),
                r.par,
                if est_depasse(s, r) {
                    " : le planning a changé depuis"
                } else {
                    ""
                }
            ),
            lien: format!("{}/planning/propositions/{}", a.base(), r.id),
        });
        mesures.push(dire(&Mesure::de(s, &b.passages, &b.deliberations)));
    }
    let lignes = mesures
        .first()
        .map(|m| {
            m.iter()
                .enumerate()
                .map(|(i, (libelle, _))| {
                    (*libelle, mesures.iter().map(|m| m[i].1.clone()).collect())
                })
                .collect()
        })
        .unwrap_or_default();
    rendre(&PageComparer {
        cadre: Cadre::connecte(
            format!("Propositions – {}", super::super::titre(s)),
            a.base(),
            &a.acces,
        ),
        tete: TeteSession::nouvelle(&a.id, s, a.jour(), "planning"),
        vide: ranges.is_empty(),
        colonnes,
        lignes,
    })
}

async fn trouver(a: &AccesSession, chemin: &HashMap<String, String>) -> Result<Range, Erreur> {
    let id = chemin.get("proposition").ok_or(Erreur::Introuvable)?;
    brouillons::brouillon(&a.acces.etat.base, &a.acces.centre, &a.id, id)
        .await?
        .ok_or(Erreur::Introuvable)
}

/// GET /sessions/{session}/planning/propositions/{proposition}
async fn montrer(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Query(q): Query<Regard>,
) -> Reponse {
    let range = trouver(&a, &chemin).await?;
    page(&a, StatusCode::OK, &range, &q, None, None)
}

/// La réponse à une proposition.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Choix {
    #[serde(flatten)]
    communs: ChampsCommuns,
    geste: String,
}

/// POST /sessions/{session}/planning/propositions/{proposition}
async fn choisir(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Formulaire(mut f): Formulaire<Choix>,
) -> Reponse {
    let range = trouver(&a, &chemin).await?;
    let (base, centre) = (&a.acces.etat.base, &a.acces.centre);
    if f.geste == "ecarter" {
        brouillons::effacer(base, centre, &a.id, Some(&range.id)).await?;
        let reste = brouillons::brouillons(base, centre, &a.id).await?.len();
        let vers = if reste > 0 {
            "planning/propositions"
        } else {
            "planning"
        };
        return Ok(rediriger(&format!("{}/{vers}", a.base())));
    }
    let b = lire(&range)?;
    // Ce qu'on adopte a été calculé à ce rang : un changement venu depuis se dit, il ne s'efface pas.
    f.communs.vu_au_rang = range.rang.to_string();
    let action = planning::Action::Etablir {
        passages: b.passages,
        deliberations: b.deliberations,
    };
    match a.executer(&f.communs, Action::Planning(action)).await? {
        Ok(_) => {
            brouillons::effacer(base, centre, &a.id, None).await?;
            let a = a.relire().await?;
            let fait = match super::a_prevenir(&a.session)
                .iter()
                .filter(|p| !p.preparee)
                .count()
            {
                0 => "La proposition est adoptée. Relisez le planning, puis validez-le.".to_owned(),
                1 => "La proposition est adoptée. Une convocation est à refaire : la personne est nommée plus bas, sous « À prévenir ».".to_owned(),
                n => format!("La proposition est adoptée. {n} convocations sont à refaire : les personnes sont nommées plus bas, sous « À prévenir »."),
            };
            Ok(rediriger_fait(&format!("{}/planning", a.base()), &fait))
        }
        Err(r) => page(
            &a,
            StatusCode::UNPROCESSABLE_ENTITY,
            &range,
            &Regard::default(),
            Some(&r),
            Some(&f.communs.motif),
        ),
    }
}
