//! Les liens entre le jury et les candidats : déclarés, reconnus, levés ; et la déclaration de chaque juré.

use super::geste::{Champs, Suite, acte};
use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use askama::Template;
use axum::http::StatusCode;
use metier::liens::{self, NatureLien};
use metier::{Action, Nature, Refus, reglement, temps};

struct Ligne {
    jure: String,
    nom_jure: String,
    candidat: String,
    nom_candidat: String,
    nature: &'static str,
    precision: String,
    declare: bool,
    cle: String,
    acte: String,
}

struct Declarant {
    id: String,
    nom: String,
    place: &'static str,
    ton: &'static str,
    etat: String,
    complet: bool,
    acte: String,
}

#[derive(Template)]
#[template(path = "session/liens.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    suite: Suite,
    acte: String,
    acte2: String,
    constats: Vec<ConstatMontre>,
    liens: Vec<Ligne>,
    declarants: Vec<Declarant>,
    jures: Vec<(String, String)>,
    candidats: Vec<(String, String)>,
    natures: Vec<(&'static str, &'static str)>,
    saisie: Champs,
    modifiable: bool,
}

/// GET /sessions/{session}/jury/liens
pub async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None)
}

/// POST /sessions/{session}/jury/liens
pub async fn agir(a: AccesSession, c: Champs) -> Reponse {
    let jure = c.identifiant("jure").ok_or(Erreur::Introuvable)?;
    let action = match c.un("geste") {
        "declarer" => Ok(liens::Action::Declarer {
            jure,
            candidat: c.identifiant("candidat").ok_or(Erreur::Introuvable)?,
            nature: NatureLien::depuis_code(c.un("nature")).ok_or(Erreur::Introuvable)?,
            precision: c.un("precision").trim().into(),
        }),
        "lever" => Ok(liens::Action::Lever {
            jure,
            candidat: c.identifiant("candidat").ok_or(Erreur::Introuvable)?,
        }),
        "attester" => c
            .survenu_le(&a)
            .map(|le| liens::Action::Attester { jure, le }),
        _ => return Err(Erreur::Introuvable),
    };
    let issue = match action {
        Ok(x) => a.executer(&c.communs(), Action::Lien(x)).await?,
        Err(refus) => Err(refus),
    };
    match issue {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/jury/liens", a.base()),
            "C’est enregistré.",
        )),
        Err(refus) => page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some((&refus, &c))),
    }
}

fn page(a: &AccesSession, statut: StatusCode, refuse: Option<(&Refus, &Champs)>) -> Reponse {
    let s = &*a.session;
    s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let chemin = format!("{}/jury/liens", a.base());
    let inscrits = s.inscrits().count();
    let nom = |id: &metier::CandidatId| {
        s.candidat(id)
            .map(|c| c.fiche.nom_complet())
            .unwrap_or_default()
    };
    let declarants = s
        .jury
        .iter()
        .map(|m| {
            let d = s.liens.declarations.get(&m.membre.jure);
            let lus = d.map_or(0, |d| {
                s.inscrits().filter(|c| d.candidats.contains(&c.id)).count()
            });
            let (ton, etat) = match d {
                None => ("neutre", "pas encore déclaré".to_owned()),
                Some(d) if lus == inscrits => (
                    "fait",
                    format!("liste lue le {}", temps::date_chiffres(d.le)),
                ),
                Some(d) => (
                    "proche",
                    format!(
                        "liste lue le {}, {} inscrit(s) depuis",
                        temps::date_chiffres(d.le),
                        inscrits - lus
                    ),
                ),
            };
            Declarant {
                id: m.membre.jure.to_string(),
                nom: m.membre.nom.clone(),
                place: m.membre.place.libelle(),
                ton,
                etat,
                complet: d.is_some() && lus == inscrits,
                acte: acte(),
            }
        })
        .collect();
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Liens du jury – {}", super::titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "jury"),
            suite: refuse
                .map(|(r, c)| Suite::du_refus(r, &a.base(), &chemin, c))
                .unwrap_or_default(),
            acte: acte(),
            acte2: acte(),
            constats: reglement::examiner(s, a.jour())
                .iter()
                .filter(|c| c.code == "R33" || c.code == "R32")
                .map(|c| ConstatMontre::new(c, &a.base()))
                .collect(),
            liens: s
                .liens()
                .into_iter()
                .enumerate()
                .map(|(i, l)| Ligne {
                    nom_jure: s.jure(&l.jure).map(|m| m.nom.clone()).unwrap_or_default(),
                    nom_candidat: nom(&l.candidat),
                    jure: l.jure.to_string(),
                    candidat: l.candidat.to_string(),
                    nature: l.nature.libelle(),
                    precision: l.precision,
                    declare: l.est_declare,
                    cle: i.to_string(),
                    acte: acte(),
                })
                .collect(),
            declarants,
            jures: s
                .jury
                .iter()
                .map(|m| (m.membre.jure.to_string(), m.membre.nom.clone()))
                .collect(),
            candidats: s
                .inscrits()
                .map(|c| (c.id.to_string(), c.fiche.nom_complet()))
                .collect(),
            natures: NatureLien::TOUTES
                .into_iter()
                .map(|n| (n.code(), n.libelle()))
                .collect(),
            saisie: refuse.map(|(_, c)| c.clone()).unwrap_or_default(),
            modifiable: super::modifiable(a, Nature::Organiser),
        },
    ))
}
