//! Un passage : le placer, le déplacer, l'ôter, avec les règles enfreintes dites aussitôt.

use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::equipe::Poste;
use metier::planning::{self, Passage};
use metier::{Acte, Action, CandidatId, JureId, PersonneId, Refus, Session, temps};
use serde::Deserialize;
use std::collections::HashMap;

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
    action: String,
    acte: String,
    motif: String,
    saisie: Saisie,
    jours: Vec<(String, String)>,
    salles: Vec<(String, String)>,
    jures: Vec<(String, String, bool)>,
    surveillants: Vec<(String, String)>,
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
    geste: String,
}

/// GET /sessions/{session}/planning/{candidat}/{epreuve}
pub async fn montrer(a: AccesSession, Path(chemin): Path<HashMap<String, String>>) -> Reponse {
    let (candidat, epreuve) = lire_chemin(&a, &chemin)?;
    let p = a.session.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let saisie = match a.session.planning.passage(&candidat, &epreuve) {
        Some(x) => Saisie {
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
        },
        None => Saisie {
            date: p.debut.to_string(),
            ..Saisie::default()
        },
    };
    page(
        &a,
        StatusCode::OK,
        &candidat,
        &epreuve,
        saisie,
        None,
        ErreursFormulaire::default(),
    )
}

fn hhmm(t: jiff::civil::Time) -> String {
    format!("{:02}:{:02}", t.hour(), t.minute())
}

/// POST /sessions/{session}/planning/{candidat}/{epreuve}
pub async fn placer(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Formulaire(f): Formulaire<Saisie>,
) -> Reponse {
    let (candidat, epreuve) = lire_chemin(&a, &chemin)?;
    let action = if f.geste == "oter" {
        planning::Action::Oter {
            candidat: candidat.clone(),
            epreuve: epreuve.clone(),
        }
    } else {
        let mut e = ErreursFormulaire::default();
        let (date, debut, fin) = (
            temps::lire_date(&f.date),
            temps::lire_heure(&f.debut),
            temps::lire_heure(&f.fin),
        );
        if date.is_none() {
            e.ajouter("date", "Choisissez un jour de la session.");
        }
        if debut.is_none() {
            e.ajouter("debut", "Écrivez une heure, par exemple 8:30.");
        }
        if fin.is_none() {
            e.ajouter("fin", "Écrivez une heure, par exemple 9:00.");
        }
        let (Some(date), Some(debut), Some(fin)) = (date, debut, fin) else {
            return page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                &candidat,
                &epreuve,
                f,
                None,
                e,
            );
        };
        let jury = f
            .jury
            .iter()
            .map(|j| retenu(&a.session, j))
            .collect::<Result<_, _>>()?;
        let surveillant = match f.surveillant.as_str() {
            "" => None,
            id => Some(surveillant_nomme(&a.session, id)?),
        };
        planning::Action::Placer(Passage {
            candidat: candidat.clone(),
            epreuve: epreuve.clone(),
            lieu: f.lieu.trim().to_owned(),
            date,
            debut,
            fin,
            jury,
            surveillant,
        })
    };
    match a.executer(&f.communs, Action::Planning(action)).await? {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/planning", a.base()),
            "C’est enregistré.",
        )),
        Err(r) => {
            // La page se remontre avec l'état présent : enregistrer de nouveau fait valoir la saisie en connaissance de cause.
            let a = a.relire().await?;
            page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                &candidat,
                &epreuve,
                f,
                Some(&r),
                ErreursFormulaire::default(),
            )
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

fn page(
    a: &AccesSession,
    statut: StatusCode,
    candidat: &CandidatId,
    epreuve: &str,
    saisie: Saisie,
    refus: Option<&Refus>,
    mut erreurs: ErreursFormulaire,
) -> Reponse {
    if let Some(r) = refus {
        erreurs = ErreursFormulaire::du_refus(r);
    }
    let s = &a.session;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let e = p.epreuve(epreuve).ok_or(Erreur::Introuvable)?;
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
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(format!("Passage – {}", super::titre(s)), a.base(), &a.acces),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "planning"),
            constats: refus
                .map(|r| ConstatMontre::du_refus(r, ""))
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
            action: format!("{}/planning/{candidat}/{epreuve}", a.base()),
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
            saisie,
        },
    ))
}

/// Ce juré, s'il est retenu dans la session.
fn retenu(s: &Session, id: &str) -> Result<JureId, Erreur> {
    let mut jures = s.jury.iter().map(|m| &m.membre.jure);
    jures.find(|j| j.as_str() == id).cloned().ok_or_else(|| {
        Erreur::Illisible(
            "Ce juré n’est plus de la session. Rechargez la page, puis choisissez-en un autre."
                .into(),
        )
    })
}

/// Ce surveillant, s'il est nommé dans la session.
fn surveillant_nomme(s: &Session, id: &str) -> Result<PersonneId, Erreur> {
    let mut nommes = s.equipe.a(Poste::Surveillant).map(|i| &i.id);
    nommes.find(|p| p.as_str() == id).cloned().ok_or_else(|| {
        Erreur::Illisible(
            "Ce surveillant n’est plus nommé. Rechargez la page, puis choisissez-en un autre."
                .into(),
        )
    })
}
