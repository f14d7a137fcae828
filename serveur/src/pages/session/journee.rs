//! La journée d'examen : plusieurs sessions CCP le même jour, un seul jury, un seul entretien final, un numéro CERES chacune.

use super::geste::{Champs, acte};
use super::tete::TeteSession;
use super::{modifiable, titre};
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::formulaire_abime;
use askama::Template;
use axum::http::StatusCode;
use metier::programme::TypeSession;
use metier::referentiel::Modalite;
use metier::{Nature, Session, SessionId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use stockage::journees::{self, Voisine};

#[derive(Template)]
#[template(path = "session/journee.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreur: String,
    modifiable: bool,
    reunie: bool,
    sans_entretien: bool,
    lignes: Vec<Ligne>,
    communs: Vec<(String, String)>,
    ecarts: Vec<String>,
}

impl Page {
    fn acte(&self) -> String {
        acte()
    }
}

struct Ligne {
    id: String,
    certificats: String,
    ceres: String,
    candidats: u32,
    jury: String,
    ici: bool,
    entretien: bool,
    cochee: bool,
}

/// GET /sessions/{session}/journee
pub async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, String::new()).await
}

/// POST /sessions/{session}/journee
pub async fn agir(a: AccesSession, c: Champs) -> Reponse {
    let voisines = voisines(&a).await?;
    let ici = voisines
        .iter()
        .find(|v| v.session == a.id)
        .ok_or(Erreur::Introuvable)?;
    let (base, centre) = (&a.acces.etat.base, &a.acces.centre);
    let auteur = a.acces.auteur(&c.communs());
    let chemin = format!("{}/journee", a.base());
    match c.un("geste") {
        "defaire" => {
            if let Some(j) = &ici.journee {
                journees::defaire(base, centre, j, &auteur).await?;
            }
            rediriger_fait(
                &chemin,
                "La journée d’examen est défaite. Les sessions restent telles qu’elles sont.",
            )
        }
        "reunir" => {
            let connues: BTreeSet<&SessionId> = voisines.iter().map(|v| &v.session).collect();
            let choisies = c
                .tous("sessions")
                .map(|t| t.parse::<SessionId>())
                .chain([Ok(a.id.clone())])
                .collect::<Result<BTreeSet<_>, _>>()
                .map_err(|_| formulaire_abime())?;
            if choisies.iter().any(|s| !connues.contains(s)) {
                return Err(formulaire_abime());
            }
            if choisies.len() < 2 {
                return page(
                    &a,
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "Une journée réunit au moins deux sessions : cochez-en une autre.".into(),
                )
                .await;
            }
            let entretien = c.identifiant::<SessionId>("entretien");
            if entretien.as_ref().is_some_and(|e| !choisies.contains(e)) {
                return page(
                    &a,
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "L’entretien final est porté par une session de la journée : choisissez l’une de celles que vous avez cochées.".into(),
                )
                .await;
            }
            // Une session qui quitte une autre journée la défait : elle n'en ferait plus partie.
            let choisies: Vec<_> = choisies.into_iter().collect();
            journees::reunir(base, centre, &choisies, entretien.as_ref(), &auteur).await?;
            rediriger_fait(
                &chemin,
                &format!("{} sessions forment une journée d’examen.", choisies.len()),
            )
        }
        _ => Err(formulaire_abime()),
    }
}

async fn voisines(a: &AccesSession) -> Result<Vec<Voisine>, Erreur> {
    let p = a
        .session
        .programme
        .as_ref()
        .filter(|p| p.type_session == TypeSession::Ccp)
        .ok_or(Erreur::Introuvable)?;
    Ok(journees::voisines(
        &a.acces.etat.base,
        &a.acces.centre,
        &p.referentiel.cle,
        &p.site.nom,
        &p.debut.to_string(),
    )
    .await?)
}

fn jury(s: &Session) -> BTreeSet<&str> {
    s.jury.iter().map(|m| m.membre.jure.as_str()).collect()
}

/// Les codes des entretiens finals placés au planning.
fn entretiens_places(s: &Session) -> usize {
    let Some(p) = &s.programme else { return 0 };
    s.planning
        .passages
        .iter()
        .filter(|x| {
            p.referentiel
                .epreuves
                .iter()
                .chain(p.referentiel.ccps.iter().flat_map(|c| &c.epreuves))
                .any(|e| e.code == x.epreuve && e.modalite == Modalite::Ef)
        })
        .count()
}

async fn page(a: &AccesSession, statut: StatusCode, erreur: String) -> Reponse {
    let voisines = voisines(a).await?;
    let ici = voisines
        .iter()
        .find(|v| v.session == a.id)
        .ok_or(Erreur::Introuvable)?;
    let journee = ici.journee.clone();
    let mut lignes: Vec<Ligne> = vec![];
    let mut etats: Vec<(String, bool, Arc<Session>)> = vec![];
    for v in &voisines {
        let Some((s, _)) =
            stockage::charger(&a.acces.etat.base, &a.acces.centre, &v.session).await?
        else {
            continue;
        };
        // Une session qui n'est pas à la personne connectée ne se montre pas.
        if v.session != a.id && a.acces.role_dans(&s).is_none() {
            continue;
        }
        let certificats = s
            .programme
            .as_ref()
            .map(|p| p.certificats.join(", "))
            .unwrap_or_default();
        let reunie = journee.is_some() && v.journee == journee;
        let noms: Vec<_> = s.jury.iter().map(|m| m.membre.nom.clone()).collect();
        lignes.push(Ligne {
            id: v.session.to_string(),
            certificats: certificats.clone(),
            ceres: v.ligne.numero_ceres.clone(),
            candidats: v.ligne.candidats,
            jury: noms.join(", "),
            ici: v.session == a.id,
            entretien: reunie && v.entretien,
            cochee: reunie || v.session == a.id,
        });
        if reunie {
            etats.push((certificats, v.entretien, s));
        }
    }
    let ecarts = ecarts(&etats);
    let mut presents: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (certificats, _, s) in &etats {
        for c in s.inscrits() {
            presents
                .entry(c.fiche.nom_complet())
                .or_default()
                .push(certificats);
        }
    }
    rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Journée d’examen – {}", titre(&a.session)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, &a.session, a.jour(), "journee"),
            erreur,
            modifiable: modifiable(a, Nature::Programmer),
            reunie: journee.is_some(),
            sans_entretien: lignes.iter().all(|l| !l.entretien),
            lignes,
            communs: presents
                .into_iter()
                .map(|(nom, ou)| (nom, ou.join(" ; ")))
                .collect(),
            ecarts,
        },
    )
}

/// Ce qui ne va pas ensemble dans la journée.
fn ecarts(etats: &[(String, bool, Arc<Session>)]) -> Vec<String> {
    let mut e = vec![];
    let Some((premier, _, reference)) = etats.first() else {
        return e;
    };
    for (certificats, _, s) in &etats[1..] {
        if jury(s) != jury(reference) {
            e.push(format!(
                "Le jury de {certificats} n’est pas celui de {premier} : une journée d’examen a un seul jury."
            ));
        }
    }
    for (certificats, porte, s) in etats {
        if s.programme
            .as_ref()
            .is_some_and(|p| p.numero_ceres.is_none())
        {
            e.push(format!(
                "{certificats} n’a pas encore son numéro de session CERES : chaque session a le sien."
            ));
        }
        let places = entretiens_places(s);
        if places > 0 && !porte {
            e.push(format!(
                "{certificats} a {places} entretien{} au planning sans porter l’entretien final de la journée.",
                if places > 1 { "s finals" } else { " final" }
            ));
        }
    }
    let mut numeros: Vec<_> = etats
        .iter()
        .filter_map(|(_, _, s)| s.programme.as_ref()?.numero_ceres.as_deref())
        .collect();
    numeros.sort_unstable();
    if numeros.windows(2).any(|n| n[0] == n[1]) {
        e.push("Deux sessions portent le même numéro CERES : chacune a le sien.".into());
    }
    e
}
