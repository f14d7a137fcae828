//! Un passage : le placer, l'essayer ailleurs, l'épingler, l'ôter ; ce qu'une place enfreindrait se dit avant d'enregistrer.

mod essai;
mod vue;

use crate::acces::AccesSession;
use crate::cadre::rediriger_fait;
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire};
use crate::reponses::{get, post};
use crate::routes::{Nature as Droit, Route};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use essai::lire_passage;
use metier::planning::{self, Passage, Seance};
use metier::{Action, CandidatId, Nature, Session, temps};
use serde::Deserialize;
use std::collections::HashMap;
use vue::page;

/// Les routes d'un passage.
pub fn routes() -> Vec<Route> {
    let organiser = Droit::Session(Nature::Organiser);
    vec![
        Route::lire(
            "/sessions/{session}/planning/{candidat}/{epreuve}",
            organiser,
            get(montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/planning/{candidat}/{epreuve}",
            organiser,
            post(placer),
        ),
    ]
}

/// La saisie d'un passage.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    date: String,
    debut: String,
    fin: String,
    lieu: String,
    surveillant: String,
    jury: Vec<String>,
    ensemble: String,
    suivre: String,
    geste: String,
}

fn hhmm(t: jiff::civil::Time) -> String {
    format!("{:02}:{:02}", t.hour(), t.minute())
}

fn saisie_de(x: &Passage) -> Saisie {
    Saisie {
        date: x.date.to_string(),
        debut: hhmm(x.debut),
        fin: hhmm(x.fin),
        lieu: x.lieu.clone(),
        surveillant: x
            .surveillant
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        jury: x.jury.iter().map(ToString::to_string).collect(),
        ..Saisie::default()
    }
}

/// GET /sessions/{session}/planning/{candidat}/{epreuve} ; une place dans l'adresse (date, debut, lieu, jury) s'essaie.
async fn montrer(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Query(voulu): Query<HashMap<String, String>>,
) -> Reponse {
    let (candidat, epreuve) = lire_chemin(&a, &chemin)?;
    let s = &a.session;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let present = s.planning.passage(&candidat, &epreuve);
    let mut saisie = match present {
        Some(x) => saisie_de(x),
        None => Saisie {
            date: p.debut.to_string(),
            ..Saisie::default()
        },
    };
    let essai = voulu.contains_key("debut");
    if essai {
        essai::deplacer(s, &epreuve, present, &voulu, &mut saisie);
    }
    let groupe = groupe(s, &candidat, &epreuve);
    // Glissée sans autre précision, une séance reste entière ; un passage seul emmène ce qui lui est enchaîné.
    if essai {
        let seul = groupe.len() < 2 || voulu.contains_key("suivre");
        if seul {
            saisie.suivre = "oui".into();
        } else {
            saisie.ensemble = "oui".into();
        }
    }
    page(
        &a,
        StatusCode::OK,
        (&candidat, &epreuve),
        saisie,
        essai,
        None,
        ErreursFormulaire::default(),
    )
    .await
}

/// Les passages de la même séance, celui-ci compris.
fn groupe(s: &Session, candidat: &CandidatId, epreuve: &str) -> Vec<Passage> {
    let Some(x) = s.planning.passage(candidat, epreuve) else {
        return vec![];
    };
    s.planning
        .passages
        .iter()
        .filter(|y| {
            (&y.epreuve, y.date, y.debut, &y.lieu) == (&x.epreuve, x.date, x.debut, &x.lieu)
        })
        .cloned()
        .collect()
}

/// Toute la séance à cette place : chacun garde sa durée.
fn avec_la_seance(s: &Session, x: &Passage) -> Vec<Passage> {
    groupe(s, &x.candidat, &x.epreuve)
        .into_iter()
        .map(|y| {
            let duree = temps::minutes(y.fin) - temps::minutes(y.debut);
            let fin = if y.candidat == x.candidat {
                x.fin
            } else {
                temps::depuis_minutes(temps::minutes(x.debut) + duree).unwrap_or(x.fin)
            };
            Passage {
                candidat: y.candidat,
                fin,
                ..x.clone()
            }
        })
        .collect()
}

/// Tout ce que ce geste pose : le passage, sa séance ou ce qui lui est enchaîné ; et les délibérations si elles changent.
fn poser(s: &Session, f: &Saisie, x: Passage) -> (Vec<Passage>, Option<Vec<Seance>>) {
    if f.ensemble == "oui" {
        return (avec_la_seance(s, &x), None);
    }
    if f.suivre == "oui"
        && let Some(a) = agencement::suivre(s, &x)
    {
        let change = a.deliberations != s.planning.deliberations;
        return (a.passages, change.then_some(a.deliberations));
    }
    (vec![x], None)
}

/// POST /sessions/{session}/planning/{candidat}/{epreuve}
async fn placer(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Formulaire(f): Formulaire<Saisie>,
) -> Reponse {
    crate::formulaires::exiger_case(&f.ensemble)?;
    crate::formulaires::exiger_case(&f.suivre)?;
    let (candidat, epreuve) = lire_chemin(&a, &chemin)?;
    let seance = || -> Vec<planning::Cle> {
        let tous = groupe(&a.session, &candidat, &epreuve);
        tous.into_iter()
            .filter(|x| f.ensemble == "oui" || x.candidat == candidat)
            .map(|x| (x.candidat, x.epreuve))
            .collect()
    };
    let action = match f.geste.as_str() {
        "oter" => planning::Action::Oter {
            candidat: candidat.clone(),
            epreuve: epreuve.clone(),
        },
        "epingler" => planning::Action::Epingler { passages: seance() },
        "liberer" => planning::Action::Liberer { passages: seance() },
        geste => {
            let passage = match lire_passage(&a.session, &candidat, &epreuve, &f)? {
                Ok(x) => x,
                Err(e) => {
                    return page(
                        &a,
                        StatusCode::UNPROCESSABLE_ENTITY,
                        (&candidat, &epreuve),
                        f,
                        false,
                        None,
                        e,
                    )
                    .await;
                }
            };
            if geste == "essayer" {
                return page(
                    &a,
                    StatusCode::OK,
                    (&candidat, &epreuve),
                    f,
                    true,
                    None,
                    ErreursFormulaire::default(),
                )
                .await;
            }
            let (poses, deliberations) = poser(&a.session, &f, passage);
            match (&poses[..], deliberations) {
                ([seul], None) => planning::Action::Placer(seul.clone()),
                (_, deliberations) => planning::Action::Deplacer {
                    passages: poses,
                    deliberations,
                },
            }
        }
    };
    let change = !matches!(
        action,
        planning::Action::Epingler { .. } | planning::Action::Liberer { .. }
    );
    let rouvert = if change && a.session.planning.valide.is_some() {
        " Le planning n’est plus validé : relisez-le, puis validez-le de nouveau."
    } else {
        ""
    };
    // Ôter se défait d'un geste : la place d'avant est reprise au formulaire, avec les autres places possibles.
    let ote = a.session.planning.passage(&candidat, &epreuve).cloned();
    let ote = ote.filter(|_| matches!(action, planning::Action::Oter { .. }));
    match a.executer(&f.communs, Action::Planning(action)).await? {
        Ok(_) => Ok(match ote {
            Some(x) => rediriger_fait(
                &essai::adresse_de_retour(
                    &format!("{}/planning/{candidat}/{epreuve}", a.base()),
                    &x,
                ),
                &format!(
                    "Le passage est ôté. Sa place d’avant est reprise ici : enregistrez pour l’y remettre, ou choisissez-en une autre.{rouvert}"
                ),
            ),
            None => rediriger_fait(
                &format!("{}/planning", a.base()),
                &format!("C’est enregistré.{rouvert}"),
            ),
        }),
        Err(r) => {
            // La page se remontre avec l'état présent : enregistrer de nouveau fait valoir la saisie en connaissance de cause.
            let a = a.relire().await?;
            page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                (&candidat, &epreuve),
                f,
                false,
                Some(&r),
                ErreursFormulaire::default(),
            )
            .await
        }
    }
}

fn lire_chemin(
    a: &AccesSession,
    chemin: &HashMap<String, String>,
) -> Result<(CandidatId, String), Erreur> {
    let candidat: CandidatId = chemin
        .get("candidat")
        .and_then(|c| c.parse().ok())
        .ok_or(Erreur::Introuvable)?;
    let epreuve = chemin.get("epreuve").cloned().unwrap_or_default();
    let connu = a.session.inscrits().any(|c| c.id == candidat)
        && a.session
            .programme
            .as_ref()
            .is_some_and(|p| p.epreuve(&epreuve).is_some());
    if connu {
        Ok((candidat, epreuve))
    } else {
        Err(Erreur::Introuvable)
    }
}
