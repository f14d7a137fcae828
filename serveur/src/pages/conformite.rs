//! La conformité du centre, et les règles que tous peuvent lire.

pub mod montre;
pub mod session;

use crate::acces::Acces;
use crate::cadre::{Cadre, encoder, rendre};
use crate::erreurs::{Erreur, Reponse};
use crate::reponses::{get, post};
use crate::routes::{Nature, Route};
use askama::Template;
use axum::extract::Query;
use metier::libelles::Libelles;
use metier::reglement::{TEXTES_VERIFIES_LE, catalogue};
use metier::{Accordee, temps};
use montre::{DerogationMontree, Gravite, RegleMontree, Situe};
use serde::Deserialize;
use std::collections::HashMap;
use stockage::vues::Etat;
use stockage::{Filtre, comptes, parametres, vues};

/// Les routes de la conformité.
pub fn routes() -> Vec<Route> {
    let lire = Nature::Session(metier::Nature::Lire);
    vec![
        Route::lire("/regles", Nature::Publique, get(regles)),
        Route::lire("/conformite", Nature::Connectee, get(centre)),
        Route::lire(
            "/sessions/{session}/conformite",
            lire,
            get(session::montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/conformite/cadre",
            Nature::Session(metier::Nature::Programmer),
            post(session::adopter),
        ),
    ]
}

#[derive(Template)]
#[template(path = "conformite/regles.html")]
struct PageRegles {
    cadre: Cadre,
    themes: Vec<(&'static str, Vec<RegleMontree>)>,
    verifie_le: String,
    decompte: (usize, usize, usize, usize),
}

/// GET /regles : connecté ou non.
pub async fn regles(acces: Result<Acces, Erreur>) -> Reponse {
    let (cadre, libelles) = match &acces {
        Ok(a) => (
            Cadre::connecte("Les règles", "/regles", a),
            parametres::libelles(&a.etat.base, &a.centre).await?.0,
        ),
        Err(_) => (Cadre::public("Les règles", "/regles"), Libelles::default()),
    };
    Ok(rendre(&PageRegles {
        cadre,
        themes: montre::par_theme(&libelles),
        verifie_le: temps::date_moyenne(TEXTES_VERIFIES_LE),
        decompte: catalogue::decompte(),
    }))
}

#[derive(Template)]
#[template(path = "conformite/centre.html")]
struct PageCentre {
    cadre: Cadre,
    resume: String,
    etat: &'static str,
    etats: Vec<(&'static str, &'static str)>,
    sessions: Vec<LigneSession>,
    gravites: Vec<Gravite>,
    derogations: Vec<DerogationMontree>,
    non_evaluees: Vec<montre::NonEvaluees>,
    suivante: Option<String>,
    jour: String,
    verifie_le: String,
}

struct LigneSession {
    nom: String,
    lien: String,
    interdits: usize,
    derogeables: usize,
    alertes: usize,
}

/// Ce que l'on regarde.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Demande {
    etat: String,
    apres: Option<String>,
}

/// GET /conformite
pub async fn centre(a: Acces, Query(q): Query<Demande>) -> Reponse {
    let jour = a.etat.horloge.jour();
    let etat = Etat::depuis_code(&q.etat)
        .filter(|e| *e != Etat::Annulee)
        .unwrap_or(Etat::AVenir);
    let (code, mots) = match etat {
        Etat::AVenir | Etat::Annulee => ("a_venir", "à venir"),
        Etat::EnCours => ("en_cours", "en cours"),
        Etat::Passee => ("passee", "passées"),
    };
    let page = vues::sessions(
        &a.etat.base,
        &a.centre,
        &Filtre {
            etat: Some(etat),
            jour: jour.to_string(),
            personne: (!a.voit_tout()).then(|| a.personne.clone()),
            apres: q.apres,
            ..Filtre::default()
        },
    )
    .await?;
    let (libelles, _) = parametres::libelles(&a.etat.base, &a.centre).await?;
    let mut examinees = vec![];
    for r in &page.sessions {
        let Some((s, tete)) = stockage::charger(&a.etat.base, &a.centre, &r.session).await? else {
            continue;
        };
        let analyse = a.etat.analyses.de(&r.session, &s, &tete, jour);
        examinees.push((r, s, analyse));
    }
    let nom = |r: &stockage::ResumeSession| {
        let titre = if r.ligne.sigle.is_empty() {
            &r.ligne.intitule
        } else {
            &r.ligne.sigle
        };
        format!("{titre}, {}, {}", dates(&r.ligne.debut), r.ligne.site)
    };
    let constats: Vec<_> = examinees
        .iter()
        .flat_map(|(r, _, analyse)| {
            analyse
                .constats
                .iter()
                .filter(|c| !c.manque)
                .map(|constat| Situe {
                    constat,
                    base: format!("/sessions/{}", r.session),
                    session: nom(r),
                })
        })
        .collect();
    let noms = noms(&a).await?;
    let derogations = examinees
        .iter()
        .flat_map(|(r, s, _)| {
            let session = (nom(r), format!("/sessions/{}/conformite", r.session));
            s.derogations
                .iter()
                .map(|d: &Accordee| DerogationMontree::new(d, &noms, session.clone()))
                .collect::<Vec<_>>()
        })
        .collect();
    let sessions = examinees
        .iter()
        .map(|(r, _, analyse)| {
            let compte = |f| {
                analyse
                    .constats
                    .iter()
                    .filter(|c| !c.manque && c.force == f)
                    .count()
            };
            LigneSession {
                nom: nom(r),
                lien: format!("/sessions/{}/conformite", r.session),
                interdits: compte(metier::Force::Interdit),
                derogeables: compte(metier::Force::Derogeable),
                alertes: compte(metier::Force::Alerte),
            }
        })
        .collect::<Vec<_>>();
    Ok(rendre(&PageCentre {
        cadre: Cadre::connecte("Conformité", "/conformite", &a),
        resume: match sessions.len() {
            0 => format!("Aucune session {mots}."),
            1 => format!("1 session {}.", mots.trim_end_matches('s')),
            n => format!("{n} sessions {mots} sur cette page."),
        },
        etat: code,
        etats: vec![
            ("a_venir", "À venir"),
            ("en_cours", "En cours"),
            ("passee", "Passées"),
        ],
        gravites: montre::par_gravite(&constats, &libelles),
        sessions,
        derogations,
        non_evaluees: montre::non_evaluees(&libelles),
        suivante: page
            .suivante
            .map(|c| format!("/conformite?etat={code}&apres={}", encoder(&c))),
        jour: temps::date_longue(jour),
        verifie_le: temps::date_moyenne(TEXTES_VERIFIES_LE),
    }))
}

fn dates(debut: &str) -> String {
    debut
        .parse()
        .map_or_else(|_| debut.to_owned(), temps::date_courte)
}

async fn noms(a: &Acces) -> Result<HashMap<String, String>, Erreur> {
    Ok(comptes::personnes(&a.etat.base, &a.centre)
        .await?
        .into_iter()
        .map(|p| (p.id.to_string(), p.nom_complet()))
        .collect())
}
