//! L'accueil : ce qui est en retard, proche, ou à suivre, toutes sessions confondues ; et la recherche.

use crate::acces::Acces;
use crate::cadre::{Cadre, rendre};
use crate::erreurs::{Erreur, Reponse};
use crate::routes::{Nature, Route};
use askama::Template;
use axum::extract::Query;
use axum::routing::get;
use metier::taches::{self, Etat};
use metier::temps;
use serde::Deserialize;
use stockage::vues::{self, Filtre, ResumeSession};

/// Jours après la fin d'une session pendant lesquels ses tâches restent à l'accueil (le PV et ses suites).
const SUIVI_JOURS: i64 = 60;

/// Les routes de l'accueil.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/", Nature::Connectee, get(a_faire)),
        Route::lire("/recherche", Nature::Connectee, get(chercher)),
    ]
}

#[derive(Template)]
#[template(path = "accueil/a_faire.html")]
struct PageAFaire {
    cadre: Cadre,
    groupes: Vec<Groupe>,
    sessions: usize,
    peut_creer: bool,
}

struct Groupe {
    libelle: &'static str,
    ton: &'static str,
    taches: Vec<Ligne>,
}

struct Ligne {
    intitule: String,
    session: String,
    lien: String,
    avancement: String,
    date: String,
    distance: String,
}

/// Les sessions de la personne qui demandent encore quelque chose : à venir, en cours, finies depuis peu.
async fn sessions_suivies(a: &Acces) -> Result<Vec<ResumeSession>, Erreur> {
    let jour = a.etat.horloge.jour();
    let mut toutes = vec![];
    for etat in [vues::Etat::EnCours, vues::Etat::AVenir, vues::Etat::Passee] {
        let filtre = Filtre {
            etat: Some(etat),
            jour: jour.to_string(),
            personne: (!a.voit_tout()).then(|| a.personne.clone()),
            ..Filtre::default()
        };
        toutes.extend(
            vues::sessions(&a.etat.base, &a.centre, &filtre)
                .await?
                .sessions,
        );
    }
    toutes.retain(|s| {
        temps::lire_date(&s.ligne.fin).is_none_or(|f| temps::jours_entre(f, jour) <= SUIVI_JOURS)
    });
    Ok(toutes)
}

/// GET /
pub async fn a_faire(a: Acces) -> Reponse {
    let jour = a.etat.horloge.jour();
    let suivies = sessions_suivies(&a).await?;
    let (mut retard, mut proches, mut ensuite) = (vec![], vec![], vec![]);
    for r in &suivies {
        let Some((s, _)) = stockage::charger(&a.etat.base, &a.centre, &r.session).await? else {
            continue;
        };
        let nom = super::session::titre(&s);
        for v in taches::vues(&s, jour) {
            let Some(echeance) = v.echeance else { continue };
            let liste = match v.etat {
                Etat::EnRetard => &mut retard,
                Etat::Proche => &mut proches,
                Etat::AFaire if temps::jours_entre(jour, echeance) <= 30 => &mut ensuite,
                _ => continue,
            };
            let page = v
                .tache
                .page
                .as_deref()
                .filter(|p| *p != "programme")
                .map_or(format!("#{}", v.tache.code), |p| format!("/{p}"));
            liste.push((
                echeance,
                Ligne {
                    intitule: v.tache.intitule.clone(),
                    session: nom.clone(),
                    lien: format!("/sessions/{}{page}", r.session),
                    avancement: v.avancement.map(|x| x.phrase).unwrap_or_default(),
                    date: temps::date_courte(echeance),
                    distance: temps::distance(jour, echeance),
                },
            ));
        }
    }
    let n = retard.len() + proches.len();
    let groupe = |libelle, ton, mut l: Vec<(jiff::civil::Date, Ligne)>| {
        l.sort_by_key(|x| x.0);
        Groupe {
            libelle,
            ton,
            taches: l.into_iter().map(|x| x.1).collect(),
        }
    };
    let mut cadre = Cadre::connecte("À faire", "/", &a);
    cadre.a_faire = n;
    Ok(rendre(&PageAFaire {
        cadre,
        groupes: vec![
            groupe("En retard", "retard", retard),
            groupe("Dans les huit jours", "proche", proches),
            groupe("Dans le mois", "", ensuite),
        ],
        sessions: suivies.len(),
        peut_creer: a.peut_creer(),
    }))
}

#[derive(Template)]
#[template(path = "accueil/recherche.html")]
struct PageRecherche {
    cadre: Cadre,
    q: String,
    sessions: Vec<(String, String, String)>,
    candidats: Vec<(String, String, String)>,
}

/// Ce qu'on cherche.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Demande {
    q: String,
}

/// GET /recherche
pub async fn chercher(a: Acces, Query(d): Query<Demande>) -> Reponse {
    let q: String = d.q.trim().chars().take(100).collect();
    let (mut sessions, mut candidats) = (vec![], vec![]);
    if q.chars().count() >= 2 {
        let filtre = Filtre {
            texte: q.clone(),
            personne: (!a.voit_tout()).then(|| a.personne.clone()),
            ..Filtre::default()
        };
        for s in vues::sessions(&a.etat.base, &a.centre, &filtre)
            .await?
            .sessions
        {
            let quand = temps::lire_date(&s.ligne.debut)
                .zip(temps::lire_date(&s.ligne.fin))
                .map(|(d, f)| temps::periode(d, f))
                .unwrap_or_default();
            sessions.push((
                format!("/sessions/{}", s.session),
                s.ligne.intitule,
                format!("{quand} · {}", s.ligne.site),
            ));
        }
        for (session, c) in vues::candidats(&a.etat.base, &a.centre, &q, None)
            .await?
            .candidats
        {
            // Ce qui n'est pas à soi ne se montre pas, même par la recherche.
            let Some((s, _)) = stockage::charger(&a.etat.base, &a.centre, &session).await? else {
                continue;
            };
            if a.role_dans(&s).is_some() {
                candidats.push((
                    format!("/sessions/{session}/candidats/{}", c.id),
                    c.nom,
                    super::session::titre(&s),
                ));
            }
        }
    }
    let mut cadre = Cadre::connecte("Recherche", "/recherche", &a);
    cadre.recherche = q.clone();
    Ok(rendre(&PageRecherche {
        cadre,
        q,
        sessions,
        candidats,
    }))
}
