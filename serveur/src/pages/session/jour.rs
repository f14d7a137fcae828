//! Le jour J, sur une tablette tenue debout : qui est attendu, un geste par fait.
//!
//! Tout marche sans script. Avec lui, la page se rafraîchit seule, sauf là où une saisie est commencée.

mod gestes;
mod signature;
mod tableau;

use super::geste::{Champs, Suite, acte, maintenant};
use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use jiff::civil::Date;
use metier::{Action, Nature, Refus, temps};
use serde::Deserialize;
pub use signature::servir as signature;
use tableau::{CandidatDuJour, CreneauDuJour, VenantDuJour};

#[derive(Template)]
#[template(path = "session/jour.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    suite: Suite,
    titre_du_jour: String,
    resume: String,
    hors_session: bool,
    apres_coup: bool,
    date: String,
    heure: String,
    jours: Vec<(String, String, bool)>,
    rappels: Vec<String>,
    incidents_ouverts: usize,
    jures: Vec<VenantDuJour>,
    equipe: Vec<VenantDuJour>,
    candidats: Vec<CandidatDuJour>,
    creneaux: Vec<CreneauDuJour>,
    modifiable: bool,
}

/// Ce que porte chaque geste de la page : l'acte, le rang vu, quand c'est arrivé, où revenir.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{{ crate::champs::communs(acte, rang)|safe }}<input type="hidden" name="date" value="{{ date }}"><input type="hidden" name="heure" value="{{ heure }}"><input type="hidden" name="ancre" value="{{ ancre }}">"#
)]
struct Porte<'a> {
    acte: String,
    rang: u64,
    date: &'a str,
    heure: &'a str,
    ancre: &'a str,
}

impl Page {
    fn acte(&self) -> String {
        acte()
    }

    fn porte<'a>(&'a self, ancre: &'a str) -> Porte<'a> {
        Porte {
            acte: self.acte(),
            rang: self.tete.rang,
            date: &self.date,
            heure: &self.heure,
            ancre,
        }
    }
}

/// Le jour montré, et l'heure si l'on saisit après coup.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Demande {
    jour: String,
    heure: String,
}

/// GET /sessions/{session}/jour
pub async fn montrer(a: AccesSession, Query(d): Query<Demande>) -> Reponse {
    page(&a, StatusCode::OK, &d, None)
}

/// POST /sessions/{session}/jour
pub async fn noter(a: AccesSession, c: Champs) -> Reponse {
    let demande = Demande {
        jour: c.un("date").into(),
        heure: c.un("heure").into(),
    };
    let issue = if c.un("geste") == "signer" {
        signature::signer(&a, &c).await?
    } else {
        match gestes::lire(&a, &c)? {
            Ok(action) => a.executer(&c.communs(), Action::Jour(action)).await?,
            Err(refus) => Err(refus),
        }
    };
    match issue {
        Ok(_) => {
            let mut vers = format!("{}/jour", a.base());
            if !demande.jour.is_empty() {
                vers.push_str(&format!(
                    "?jour={}&heure={}",
                    crate::cadre::encoder(&demande.jour),
                    crate::cadre::encoder(&demande.heure)
                ));
            }
            let ancre = c.un("ancre");
            if !ancre.is_empty() && ancre.chars().all(|x| x.is_ascii_alphanumeric() || x == '-') {
                vers.push_str(&format!("#{ancre}"));
            }
            Ok(rediriger_fait(&vers, "C’est noté."))
        }
        Err(refus) => page(
            &a,
            StatusCode::UNPROCESSABLE_ENTITY,
            &demande,
            Some((&refus, &c)),
        ),
    }
}

/// Le jour de session à montrer : celui demandé, aujourd'hui s'il en est, sinon le premier (ou le dernier s'il est passé).
fn jour_montre(a: &AccesSession, demande: &str) -> Result<Date, Erreur> {
    let p = a.session.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let voulu = temps::lire_date(demande).unwrap_or_else(|| a.jour());
    Ok(voulu.clamp(p.debut, p.fin))
}

fn page(
    a: &AccesSession,
    statut: StatusCode,
    d: &Demande,
    refuse: Option<(&Refus, &Champs)>,
) -> Reponse {
    let s = &*a.session;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let jour = jour_montre(a, &d.jour)?;
    let present = maintenant(a);
    let heure = temps::lire_heure(&d.heure);
    // Une date d'un autre jour, ou une heure donnée : on saisit après coup, chaque geste les porte.
    let apres_coup = heure.is_some() || jour != present.date();
    let hors_session = present.date() < p.debut;
    let chemin = format!("{}/jour", a.base());
    let candidats = tableau::candidats(s, jour, a.peut(Nature::Confier));
    let presents = candidats.iter().filter(|c| c.present).count();
    let instant = jour.to_datetime(heure.unwrap_or_else(|| present.time()));
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(format!("Jour J – {}", super::titre(s)), a.base(), &a.acces),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "jour"),
            suite: refuse
                .map(|(r, c)| Suite::du_refus(r, &a.base(), &chemin, c))
                .unwrap_or_default(),
            titre_du_jour: temps::date_longue(jour),
            resume: format!(
                "{presents} présent{} sur {}{}",
                if presents > 1 { "s" } else { "" },
                candidats.len(),
                if apres_coup {
                    String::new()
                } else {
                    format!(" · il est {}", temps::heure(present.time()))
                }
            ),
            hors_session,
            date: if apres_coup {
                jour.to_string()
            } else {
                String::new()
            },
            heure: heure
                .map(|h| format!("{:02}:{:02}", h.hour(), h.minute()))
                .unwrap_or_default(),
            apres_coup,
            jours: p
                .jours()
                .into_iter()
                .map(|j| (j.to_string(), temps::date_longue(j), j == jour))
                .collect(),
            rappels: if apres_coup {
                vec![]
            } else {
                tableau::rappels(s, instant)
            },
            incidents_ouverts: s.incidents.iter().filter(|i| i.est_ouvert()).count(),
            jures: tableau::jures(s, jour),
            equipe: tableau::equipe(s, jour),
            candidats,
            creneaux: tableau::creneaux(s, jour),
            // Après coup, pas de geste tant que l'heure du fait n'est pas dite.
            modifiable: super::modifiable(a, Nature::Derouler)
                && !hors_session
                && (!apres_coup || heure.is_some()),
        },
    ))
}
