//! Les incidents d'une session : signaler, compléter, informer l'administration, noter sa décision. Rien ne s'efface.

use super::geste::{Champs, Suite, acte};
use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::formulaire_abime;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::incidents::{
    self, Decision, Genre, Gravite, Incident, Information, Reponse as ReponseRecue, Signalement,
};
use metier::messages::{self, Message};
use metier::{Action, Nature, Refus, temps};
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "session/incidents.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    suite: Suite,
    incidents: Vec<Montre>,
    genres: Vec<(&'static str, &'static str)>,
    gravites: Vec<(&'static str, &'static str)>,
    candidats: Vec<(String, String)>,
    saisie: Champs,
    modifiable: bool,
}

impl Page {
    fn acte(&self) -> String {
        acte()
    }
}

struct Montre {
    numero: u32,
    genre: &'static str,
    gravite: &'static str,
    ouvert: bool,
    survenu: String,
    saisi: String,
    par: String,
    ligne: String,
    message: Option<Message>,
    informe: bool,
    decisions: Vec<(&'static str, &'static str)>,
    saisie: Champs,
}

/// GET /sessions/{session}/incidents
pub async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None)
}

/// POST /sessions/{session}/incidents
pub async fn signaler(a: AccesSession, c: Champs) -> Reponse {
    let chemin = format!("{}/incidents", a.base());
    let genre = Genre::depuis_code(c.un("genre")).ok_or_else(formulaire_abime)?;
    let gravite = Gravite::depuis_code(c.un("gravite")).ok_or_else(formulaire_abime)?;
    let action = c.survenu(&a).map(|survenu| {
        incidents::Action::Signaler(Signalement {
            genre,
            gravite,
            faits: c.un("faits").trim().into(),
            personnes: c.un("personnes").trim().into(),
            temoins: c
                .un("temoins")
                .lines()
                .map(str::trim)
                .filter(|t| !t.is_empty())
                .map(str::to_owned)
                .collect(),
            mesure: c.un("mesure").trim().into(),
            pli: None,
            candidat: c.identifiant("candidat"),
            survenu,
        })
    });
    repondre(&a, &c, &chemin, None, action).await
}

/// POST /sessions/{session}/incidents/{numero}
pub async fn suivre(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    c: Champs,
) -> Reponse {
    let numero: u32 = chemin
        .get("numero")
        .and_then(|n| n.parse().ok())
        .filter(|n| a.session.incidents.iter().any(|i| i.numero == *n))
        .ok_or(Erreur::Introuvable)?;
    let adresse = format!("{}/incidents/{numero}", a.base());
    let action = match c.un("geste") {
        "completer" => Ok(incidents::Action::Completer {
            numero,
            texte: c.un("texte").into(),
        }),
        "informer" => c.survenu(&a).map(|survenu| incidents::Action::Informer {
            numero,
            information: Information {
                survenu,
                canal: c.un("canal").trim().into(),
            },
        }),
        "decider" => {
            let decision = Decision::depuis_code(c.un("decision")).ok_or(Erreur::Introuvable)?;
            c.survenu(&a).map(|survenu| incidents::Action::Decider {
                numero,
                reponse: ReponseRecue {
                    decision,
                    reference: c.un("reference").trim().into(),
                    survenu,
                },
            })
        }
        _ => return Err(Erreur::Introuvable),
    };
    repondre(&a, &c, &adresse, Some(numero), action).await
}

async fn repondre(
    a: &AccesSession,
    c: &Champs,
    chemin: &str,
    numero: Option<u32>,
    action: Result<incidents::Action, Refus>,
) -> Reponse {
    let issue = match action {
        Ok(action) => a.executer(&c.communs(), Action::Incident(action)).await?,
        Err(refus) => Err(refus),
    };
    match issue {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/incidents", a.base()),
            "C’est enregistré.",
        )),
        Err(refus) => page(
            a,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some((&refus, chemin, c, numero)),
        ),
    }
}

type Refuse<'r> = (&'r Refus, &'r str, &'r Champs, Option<u32>);

fn page(a: &AccesSession, statut: StatusCode, refuse: Option<Refuse<'_>>) -> Reponse {
    let s = &*a.session;
    s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let saisie_de = |numero: Option<u32>| {
        refuse
            .filter(|(_, _, _, n)| *n == numero)
            .map(|(_, _, c, _)| c.clone())
            .unwrap_or_default()
    };
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Incidents – {}", super::titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "incidents"),
            suite: refuse
                .map(|(r, chemin, c, _)| Suite::du_refus(r, &a.base(), chemin, c))
                .unwrap_or_default(),
            incidents: s
                .incidents
                .iter()
                .rev()
                .map(|i| montre(a, i, saisie_de(Some(i.numero))))
                .collect(),
            genres: Genre::saisissables()
                .map(|g| (g.code(), g.libelle()))
                .collect(),
            gravites: [Gravite::Mineur, Gravite::Majeur]
                .into_iter()
                .map(|g| (g.code(), g.libelle()))
                .collect(),
            candidats: s
                .inscrits()
                .map(|c| (c.id.to_string(), c.fiche.nom_complet()))
                .collect(),
            saisie: saisie_de(None),
            modifiable: super::modifiable(a, Nature::Derouler),
        },
    ))
}

fn montre(a: &AccesSession, i: &Incident, saisie: Champs) -> Montre {
    let x = &i.signalement;
    Montre {
        numero: i.numero,
        genre: x.genre.libelle(),
        gravite: x.gravite.libelle(),
        ouvert: i.est_ouvert(),
        survenu: temps::moment(x.survenu),
        saisi: temps::instant_court(&i.saisi_le),
        par: i.par.clone(),
        ligne: i.ligne_pv(),
        message: (x.gravite == Gravite::Majeur && i.informations.is_empty())
            .then(|| messages::pour_incident(&a.session, i)),
        informe: !i.informations.is_empty(),
        decisions: Decision::TOUTES
            .into_iter()
            .filter(|d| *d != Decision::Remplacer || x.pli.is_some())
            .map(|d| (d.code(), d.libelle()))
            .collect(),
        saisie,
    }
}
