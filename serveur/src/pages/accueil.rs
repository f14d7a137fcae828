//! L'accueil : ce qui est en retard, cette semaine, ensuite, toutes sessions confondues ; fait d'ici, sans ouvrir la session.

use crate::acces::Acces;
use crate::cadre::{Cadre, rendre};
use crate::erreurs::Reponse;
use crate::formulaires::nouvel_identifiant;
use crate::reponses::{get, post};
use crate::routes::{Nature, Route};
use askama::Template;
use axum::extract::{DefaultBodyLimit, Query};
use jiff::civil::Date;
use metier::echeances::Echeance;
use metier::{Acte, temps};
use serde::Deserialize;
use suivies::{Regardant, Suivie};

pub mod agenda;
pub mod calendrier;
pub mod ics;
pub mod recherche;
pub mod suivies;
pub mod tache;

/// Jours au-delà desquels une échéance n'est plus à l'accueil, sauf si elle est confiée à la personne.
const HORIZON_JOURS: i64 = 45;

/// Les routes de l'accueil.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/", Nature::Connectee, get(a_faire)),
        Route::lire("/recherche", Nature::Connectee, get(recherche::chercher)),
        Route::lire("/calendrier", Nature::Connectee, get(calendrier::montrer)),
        Route::lire(
            "/a-faire/{session}/{code}",
            Nature::Connectee,
            get(tache::montrer),
        ),
        Route::ecrire(
            "/a-faire/{session}/{code}",
            Nature::Connectee,
            post(tache::agir),
        ),
        Route::ecrire(
            "/a-faire/{session}/{code}/document",
            Nature::Connectee,
            post(tache::joindre).layer(DefaultBodyLimit::max(
                super::session::televersement::ENVOI_MAX,
            )),
        ),
        Route::lire("/compte/agenda", Nature::Connectee, get(agenda::montrer)),
        Route::ecrire("/compte/agenda", Nature::Connectee, post(agenda::ouvrir)),
        Route::ecrire(
            "/compte/agenda/fermeture",
            Nature::Connectee,
            post(agenda::fermer),
        ),
        Route::lire("/agenda/{jeton}", Nature::Publique, get(ics::servir)),
    ]
}

#[derive(Template)]
#[template(path = "accueil/a_faire.html")]
struct PageAFaire {
    cadre: Cadre,
    groupes: Vec<Groupe>,
    controles: Vec<Ligne>,
    sessions: usize,
    peut_creer: bool,
    voit_tout: bool,
    tout: bool,
    finissent: Vec<crate::pages::jures::fins::LigneFin>,
}

struct Groupe {
    cle: &'static str,
    libelle: &'static str,
    vide: &'static str,
    taches: Vec<Ligne>,
}

struct Ligne {
    code: String,
    intitule: String,
    session: String,
    lien: String,
    adresse: String,
    acte: String,
    rang: u64,
    avancement: String,
    consigne: String,
    date: String,
    distance: String,
    ton: &'static str,
    qui: String,
    ouverts: usize,
}

/// Ce que l'on demande à voir.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Demande {
    voir: String,
}

/// GET /
pub async fn a_faire(a: Acces, Query(d): Query<Demande>) -> Reponse {
    let jour = a.etat.horloge.jour();
    let mut regardant = Regardant {
        etat: &a.etat,
        centre: &a.centre,
        personne: &a.personne,
        tout: a.voit_tout() && d.voir == "centre",
    };
    let suivies = match d.voir.as_str() {
        "" => regardant.les_siennes_ou_toutes(a.voit_tout()).await?,
        _ => regardant.sessions().await?,
    };
    let tout = regardant.tout;
    let fin_de_semaine = suivies::lundi(jour)
        .checked_add(jiff::Span::new().days(6))
        .unwrap_or(jour);
    let mut controles = vec![];
    let [mut retard, mut semaine, mut suivante, mut ensuite] = [vec![], vec![], vec![], vec![]];
    for s in &suivies {
        let analyse = a.etat.analyses.de(&s.id, &s.session, &s.tete, jour);
        for e in regardant.echeances(s) {
            if !regardant.concerne(s, &e) {
                continue;
            }
            let a_moi = e.charge.as_ref().is_some_and(|c| c.personne == a.personne);
            let ligne = || {
                let v = analyse.taches.iter().find(|v| v.tache.code == e.code);
                ligne(&a, s, &e, v, jour)
            };
            if e.a_controler {
                if !a_moi && (s.dirige || tout) {
                    controles.push(ligne());
                }
                continue;
            }
            if !e.est_ouverte() {
                continue;
            }
            // Ce qui se fait pendant ou après l'examen ne presse pas tant qu'il est loin.
            let pas_encore = analyse
                .taches
                .iter()
                .any(|v| v.tache.code == e.code && v.tache.phase != metier::taches::Phase::Amont)
                && s.session
                    .programme
                    .as_ref()
                    .is_some_and(|p| temps::jours_entre(fin_de_semaine, p.debut) > 7);
            let liste = if e.etat == metier::taches::Etat::EnRetard || e.pour_le < jour {
                &mut retard
            } else if e.pour_le <= fin_de_semaine {
                &mut semaine
            } else if temps::jours_entre(fin_de_semaine, e.pour_le) <= 7 {
                &mut suivante
            } else if a_moi && !s.dirige
                || !pas_encore && temps::jours_entre(jour, e.pour_le) <= HORIZON_JOURS
            {
                &mut ensuite
            } else {
                continue;
            };
            liste.push((e.pour_le, ligne()));
        }
    }
    let presse = retard.len() + semaine.len();
    // Qui tient l'annuaire des jurés apprend ici qu'une habilitation va finir.
    let finissent = if a.peut_organiser() {
        crate::pages::jures::fins::finissantes(&a).await?
    } else {
        vec![]
    };
    let groupe = |cle, libelle, vide, mut l: Vec<(Date, Ligne)>| {
        l.sort_by(|x, y| (x.0, &x.1.code).cmp(&(y.0, &y.1.code)));
        Groupe {
            cle,
            libelle,
            vide,
            taches: l.into_iter().map(|x| x.1).collect(),
        }
    };
    let mut cadre = Cadre::connecte("À faire", "/", &a);
    cadre.a_faire = presse + controles.len();
    Ok(rendre(&PageAFaire {
        cadre,
        groupes: vec![
            groupe("retard", "En retard", "rien en retard", retard),
            groupe("semaine", "Cette semaine", "rien cette semaine", semaine),
            groupe(
                "suivante",
                "La semaine prochaine",
                "rien la semaine prochaine",
                suivante,
            ),
            groupe("ensuite", "Ensuite", "rien dans le mois", ensuite),
        ],
        controles,
        sessions: suivies.len(),
        peut_creer: a.peut_creer(),
        voit_tout: a.voit_tout(),
        tout,
        finissent,
    }))
}

fn ligne(
    a: &Acces,
    s: &Suivie,
    e: &Echeance,
    v: Option<&metier::taches::VueTache>,
    jour: Date,
) -> Ligne {
    let ouvre = a.role_dans(&s.session).is_some();
    let base = format!("/sessions/{}", s.id);
    Ligne {
        code: e.code.clone(),
        intitule: e.intitule.clone(),
        session: super::session::titre(&s.session),
        lien: match (&e.page, ouvre) {
            (_, false) => format!("/a-faire/{}/{}", s.id, e.code),
            (Some(p), true) if p != "programme" => format!("{base}/{p}"),
            (_, true) => format!("{base}/taches/{}", e.code),
        },
        adresse: format!("/a-faire/{}/{}", s.id, e.code),
        acte: nouvel_identifiant::<Acte>().to_string(),
        rang: s.session.rang,
        // Ce que dit le fait peut nommer des personnes : qui n'ouvre pas la session ne le lit pas.
        avancement: v
            .and_then(|v| v.avancement.as_ref())
            .filter(|_| ouvre)
            .map(|x| x.phrase.clone())
            .unwrap_or_default(),
        consigne: v
            .and_then(|v| v.delegation.as_ref())
            .map(|d| d.renvoi.clone().unwrap_or_else(|| d.consigne.clone()))
            .unwrap_or_default(),
        date: temps::date_courte(e.pour_le),
        distance: temps::distance(jour, e.pour_le),
        ton: match e.etat {
            metier::taches::Etat::EnRetard => "retard",
            _ if e.pour_le < jour => "retard",
            metier::taches::Etat::Proche => "proche",
            _ => "",
        },
        qui: match &e.charge {
            Some(c) if c.personne == a.personne => String::new(),
            Some(c) if e.controle.is_some() => format!("confiée à {}", c.nom),
            Some(c) => c.nom.clone(),
            None => String::new(),
        },
        ouverts: v.map_or(0, |v| v.points_ouverts()),
    }
}
