//! Les référentiels : le catalogue, ses états, un titre dans sa dernière version.

mod confirmation;
mod epreuves;
mod fiche;
mod formulaire;

use super::controle::Ecart;
use crate::acces::Acces;
use crate::cadre::{Cadre, rendre};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::ErreursFormulaire;
use crate::reponses::{get, post};
use crate::routes::{DroitCentre, Nature, Route};
use askama::Template;
use axum::extract::Query;
use jiff::civil::Date;
use metier::{Referentiel, temps};
use serde::Deserialize;
use stockage::annuaire::replier;
use stockage::titres;

const ORGANISER: Nature = Nature::Centre(DroitCentre::Organiser);

/// Les routes des référentiels.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/referentiels", Nature::Connectee, get(liste)),
        Route::lire("/referentiels/nouveau", ORGANISER, get(formulaire::nouveau)),
        Route::ecrire("/referentiels", ORGANISER, post(formulaire::ajouter)),
        Route::lire(
            "/referentiels/{titre}",
            Nature::Connectee,
            get(fiche::derniere),
        ),
        Route::lire(
            "/referentiels/{titre}/versions/{version}",
            Nature::Connectee,
            get(fiche::version),
        ),
        Route::lire(
            "/referentiels/{titre}/fiche",
            ORGANISER,
            get(formulaire::correction),
        ),
        Route::ecrire(
            "/referentiels/{titre}/fiche",
            ORGANISER,
            post(formulaire::corriger),
        ),
        Route::lire(
            "/referentiels/{titre}/epreuves/{portee}",
            ORGANISER,
            get(epreuves::correction),
        ),
        Route::ecrire(
            "/referentiels/{titre}/epreuves/{portee}",
            ORGANISER,
            post(epreuves::corriger),
        ),
        Route::lire(
            "/referentiels/{titre}/confirmation",
            ORGANISER,
            get(confirmation::montrer),
        ),
        Route::ecrire(
            "/referentiels/{titre}/confirmation",
            ORGANISER,
            post(confirmation::confirmer),
        ),
    ]
}

/// Où en est un titre face au référentiel d'évaluation.
fn etat(r: &Referentiel) -> (&'static str, String, &'static str) {
    match &r.confirmation {
        Some(c) => (
            "Confirmé",
            format!(
                "le {} par {}, {}",
                temps::date_chiffres(c.le),
                c.par,
                c.version_re
            ),
            "fait",
        ),
        None if r.epreuves.is_empty() => {
            ("À compléter", "aucune épreuve écrite".to_owned(), "retard")
        }
        None => ("À vérifier au RE", String::new(), "alerte"),
    }
}

/// Où en est la validité d'un titre ce jour-là : rien à dire, année de prolongation, ou fini.
fn validite(r: &Referentiel, jour: Date) -> Option<(&'static str, &'static str)> {
    let (echeance, limite) = (r.echeance?, r.fin_prolongation()?);
    if jour > limite {
        Some(("clos", "retard"))
    } else if jour > echeance {
        Some(("en prolongation", "proche"))
    } else {
        None
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Filtres {
    q: String,
    etat: String,
    niveau: String,
}

struct LigneTitre {
    cle: String,
    intitule: String,
    sigle: String,
    code: String,
    millesime: String,
    niveau: String,
    epreuves: String,
    echeance: String,
    validite: &'static str,
    validite_ton: &'static str,
    etat: &'static str,
    precision: String,
    ton: &'static str,
}

#[derive(Template)]
#[template(path = "referentiels/liste.html")]
struct PageListe {
    cadre: Cadre,
    resume: String,
    peut_ecrire: bool,
    erreurs: ErreursFormulaire,
    q: String,
    etat: String,
    etats: Vec<(&'static str, &'static str)>,
    niveau: String,
    niveaux: Vec<(String, String)>,
    titres: Vec<LigneTitre>,
}

/// GET /referentiels
async fn liste(acces: Acces, Query(filtres): Query<Filtres>) -> Reponse {
    let jour = acces.etat.horloge.jour();
    let tous = titres::titres(&acces.etat.base, &acces.centre).await?;
    let confirmes = tous.iter().filter(|r| r.est_confirme()).count();
    let resume = format!(
        "{} titres, dont {confirmes} {} au référentiel d’évaluation (RE) par votre centre.",
        tous.len(),
        if confirmes < 2 {
            "confirmé"
        } else {
            "confirmés"
        }
    );
    let q: String = filtres.q.chars().take(100).collect();
    let lignes = tous
        .iter()
        .filter(|r| correspond(r, &q, &filtres, jour))
        .map(|r| ligne(r, jour))
        .collect();
    Ok(rendre(&PageListe {
        cadre: Cadre::connecte("Référentiels", "/referentiels", &acces),
        resume,
        peut_ecrire: acces.peut_organiser(),
        erreurs: ErreursFormulaire::default(),
        q,
        etat: filtres.etat,
        etats: vec![
            ("a-verifier", "À vérifier au RE"),
            ("confirme", "Confirmés"),
            ("a-completer", "Sans épreuve"),
            ("en-cours", "En cours de validité"),
        ],
        niveau: filtres.niveau,
        niveaux: (3..=7)
            .map(|n| (n.to_string(), format!("Niveau {n}")))
            .collect(),
        titres: lignes,
    }))
}

fn correspond(r: &Referentiel, q: &str, filtres: &Filtres, jour: Date) -> bool {
    let texte = replier(&format!(
        "{} {} {} {}",
        r.intitule,
        r.sigle.as_deref().unwrap_or_default(),
        r.cle,
        r.rncp.as_deref().unwrap_or_default()
    ));
    let mots_trouves = replier(q).split(' ').all(|mot| texte.contains(mot));
    let niveau_bon =
        filtres.niveau.is_empty() || r.niveau.is_some_and(|n| n.to_string() == filtres.niveau);
    let etat_bon = match filtres.etat.as_str() {
        "a-verifier" => !r.est_confirme(),
        "confirme" => r.est_confirme(),
        "a-completer" => r.epreuves.is_empty(),
        "en-cours" => validite(r, jour).is_none(),
        _ => true,
    };
    mots_trouves && niveau_bon && etat_bon
}

fn ligne(r: &Referentiel, jour: Date) -> LigneTitre {
    let (etat, precision, ton) = etat(r);
    let (validite, validite_ton) = validite(r, jour).unwrap_or_default();
    LigneTitre {
        cle: r.cle.clone(),
        intitule: r.intitule.clone(),
        sigle: r.sigle.clone().unwrap_or_default(),
        code: r
            .code_titre
            .clone()
            .or_else(|| r.rncp.clone())
            .unwrap_or_else(|| "à compléter".into()),
        millesime: r.millesime.clone().unwrap_or_default(),
        niveau: r.niveau.map(|n| n.to_string()).unwrap_or_default(),
        epreuves: r.epreuves.len().to_string(),
        echeance: r.echeance.map(temps::date_chiffres).unwrap_or_default(),
        validite,
        validite_ton,
        etat,
        precision,
        ton,
    }
}

/// Le titre de cette adresse, dans sa dernière version pour ce centre.
async fn trouver(acces: &Acces, cle: &str) -> Result<Referentiel, Erreur> {
    titres::titre(&acces.etat.base, &acces.centre, cle)
        .await?
        .ok_or(Erreur::Introuvable)
}

/// Une autre personne a enregistré une version : ce que la page en dit.
fn ecart_de_version(enregistree: u32, vue: u32) -> Vec<Ecart> {
    vec![Ecart {
        libelle: "Version du référentiel",
        enregistre: format!("version {enregistree}"),
        saisi: format!("à partir de la version {vue}"),
    }]
}
