//! Un passage : le placer, l'essayer ailleurs, l'épingler, l'ôter ; ce qu'une place enfreindrait se dit avant d'enregistrer.

mod essai;

use super::planning::image;
use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::reponses::{get, post};
use crate::routes::{Nature as Droit, Route};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use essai::{essayer, lire_passage};
use metier::equipe::Poste;
use metier::planning::{self, Passage, Seance};
use metier::{Acte, Action, CandidatId, Nature, Refus, Session, temps};
use serde::Deserialize;
use std::collections::HashMap;

/// Autres places montrées.
const AILLEURS_MAX: usize = 6;

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

#[derive(Template)]
#[template(path = "session/passage.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    candidat: String,
    nature: String,
    attendu: String,
    present: String,
    epingle: bool,
    /// L'épreuve a commencé : la déplacer corrige ce qui a eu lieu.
    commence: bool,
    /// Un motif suffit pour enregistrer.
    motif_requis: bool,
    action: String,
    acte: String,
    motif: String,
    saisie: Saisie,
    jours: Vec<(String, String)>,
    salles: Vec<(String, String)>,
    jures: Vec<(String, String, bool)>,
    surveillants: Vec<(String, String)>,
    /// « Toute la séance ensemble, 12 candidats » ; vide : il passe seul.
    toute_la_seance: String,
    essai: Option<Vec<String>>,
    prevenir: Vec<String>,
    suivent: Vec<String>,
    places: Vec<Place>,
}

/// Une autre place, et ce qu'elle vaut.
struct Place {
    libelle: String,
    devant: String,
    lien: String,
    ecarts: Vec<String>,
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

async fn page(
    a: &AccesSession,
    statut: StatusCode,
    (candidat, epreuve): (&CandidatId, &str),
    saisie: Saisie,
    essai: bool,
    refus: Option<&Refus>,
    mut erreurs: ErreursFormulaire,
) -> Reponse {
    if let Some(r) = refus {
        erreurs = ErreursFormulaire::du_refus(r);
    }
    let s = &a.session;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let e = p.epreuve(epreuve).ok_or(Erreur::Introuvable)?;
    let adresse = format!("{}/planning/{candidat}/{epreuve}", a.base());
    let mut salles: Vec<_> = p
        .site
        .salles
        .iter()
        .map(|x| {
            (
                x.nom.clone(),
                format!("{} ({})", x.nom, x.nature.libelle().to_lowercase()),
            )
        })
        .collect();
    if !saisie.lieu.is_empty() && !salles.iter().any(|x| x.0 == saisie.lieu) {
        salles.push((saisie.lieu.clone(), saisie.lieu.clone()));
    }
    let (mut prevenir, mut suivent): (Vec<String>, Vec<String>) = (vec![], vec![]);
    let trouve = if essai {
        let passage = lire_passage(s, candidat, epreuve, &saisie)?;
        passage.ok().map(|x| {
            let (poses, deliberations) = poser(s, &saisie, x);
            suivent = poses
                .iter()
                .filter(|y| y.candidat != *candidat || y.epreuve != epreuve)
                .filter(|_| saisie.ensemble != "oui")
                .filter_map(|y| {
                    Some(format!(
                        "« {} », {}",
                        p.epreuve(&y.epreuve)?.nature,
                        y.quand_ou()
                    ))
                })
                .collect();
            prevenir = essai::a_prevenir(s, &poses, deliberations.as_deref());
            essayer(s, &poses, deliberations.as_deref())
        })
    } else {
        None
    };
    let cle = (candidat.clone(), epreuve.to_owned());
    let choisies = crate::recherches::a_part(s.clone(), move |s| {
        agencement::ailleurs(s, &cle.0, &cle.1, AILLEURS_MAX)
    })
    .await?;
    let places = choisies
        .into_iter()
        .map(|a| Place {
            libelle: a.passage.quand_ou(),
            devant: image::devant(s, &a.passage),
            lien: essai::adresse(&adresse, &a.passage),
            ecarts: a.ecarts.into_iter().map(|e| e.phrase).collect(),
        })
        .collect();
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(format!("Passage – {}", super::titre(s)), a.base(), &a.acces),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "planning"),
            constats: refus
                .map(|r| ConstatMontre::du_refus(r, &a.base()))
                .unwrap_or_default(),
            erreurs,
            candidat: s
                .candidat(candidat)
                .map(|c| c.fiche.nom_complet())
                .unwrap_or_default(),
            nature: e.nature.clone(),
            attendu: format!(
                "Durée au référentiel : {}. {}.",
                e.duree_minutes.map_or("à vérifier".into(), temps::duree),
                e.presence_jury.libelle()
            ),
            present: s
                .planning
                .passage(candidat, epreuve)
                .map(Passage::quand_ou)
                .unwrap_or_default(),
            epingle: s.planning.est_epingle(candidat, epreuve),
            commence: s
                .planning
                .passage(candidat, epreuve)
                .is_some_and(|x| x.date.to_datetime(x.debut) <= super::geste::maintenant(a)),
            motif_requis: refus.is_some_and(Refus::demande_motif),
            action: adresse,
            acte: nouvel_identifiant::<Acte>().to_string(),
            motif: saisie.communs.motif.clone(),
            jours: p
                .jours()
                .into_iter()
                .map(|d| (d.to_string(), temps::date_longue(d)))
                .collect(),
            salles,
            jures: s
                .jury
                .iter()
                .map(|m| {
                    (
                        m.membre.jure.to_string(),
                        format!(
                            "{} ({})",
                            m.membre.nom,
                            m.membre.place.libelle().to_lowercase()
                        ),
                        saisie.jury.iter().any(|j| j == m.membre.jure.as_str()),
                    )
                })
                .collect(),
            surveillants: s
                .equipe
                .a(Poste::Surveillant)
                .map(|i| (i.id.to_string(), i.nom.clone()))
                .collect(),
            toute_la_seance: match groupe(s, candidat, epreuve).len() {
                0 | 1 => String::new(),
                n => format!("Toute la séance ensemble, {n} candidats"),
            },
            essai: trouve,
            prevenir,
            suivent,
            places,
            saisie,
        },
    ))
}
