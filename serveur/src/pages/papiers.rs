//! Les textes des papiers du centre : les lire, les récrire, les voir avant d'enregistrer, revenir au texte livré.

use super::controle::Controle;
use crate::acces::Acces;
use crate::cadre::{Cadre, rediriger_fait, rendre, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::reponses::{get, post};
use crate::routes::{DroitCentre, Nature, Route};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use documents::textes::{self, TEXTES, TexteModifiable};
use metier::{Acte, temps};
use serde::Deserialize;
use stockage::papiers::{self, OPTION_CERES, VersionTexte};

const ORGANISER: Nature = Nature::Centre(DroitCentre::Organiser);

/// Les routes des textes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/centre/papiers", Nature::Connectee, get(liste)),
        Route::ecrire("/centre/papiers", ORGANISER, post(regler)),
        Route::lire("/centre/papiers/{texte}", Nature::Connectee, get(montrer)),
        Route::ecrire("/centre/papiers/{texte}", ORGANISER, post(ecrire)),
    ]
}

struct Ligne {
    code: &'static str,
    intitule: &'static str,
    recrit: bool,
    debut: String,
}

struct Groupe {
    papier: &'static str,
    lignes: Vec<Ligne>,
}

#[derive(Template)]
#[template(path = "papiers/liste.html")]
struct PageListe {
    cadre: Cadre,
    groupes: Vec<Groupe>,
    exige_ceres: bool,
    peut_ecrire: bool,
    acte: String,
    version: u64,
}

struct Version {
    numero: u64,
    quand: String,
    nom: String,
    motif: String,
    paragraphes: Vec<String>,
}

#[derive(Template)]
#[template(path = "papiers/texte.html")]
struct PageTexte {
    cadre: Cadre,
    texte: &'static TexteModifiable,
    erreurs: ErreursFormulaire,
    saisie: Saisie,
    valeurs: Vec<(String, &'static str)>,
    apercu: Vec<String>,
    defaut: Vec<String>,
    recrit: bool,
    versions: Vec<Version>,
    peut_ecrire: bool,
    acte: String,
    version: u64,
}

/// Un texte saisi.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    geste: String,
    corps: String,
    exige_ceres: String,
}

/// Ce qu'une valeur donnerait, pour l'aperçu.
fn exemple(valeur: &str) -> &'static str {
    match valeur {
        "candidat" => "Mme Aïcha EXEMPLE",
        "jure" => "Jeanne EXEMPLE",
        "titre" => "Développeur web et web mobile",
        "dates" => "du lundi 14 au mercredi 16 décembre 2026",
        "site" => "Site de Villefranche",
        _ => "…",
    }
}

fn paragraphes(t: &TexteModifiable, texte: &str) -> Vec<String> {
    let valeurs: Vec<_> = t.valeurs.iter().map(|v| (*v, exemple(v))).collect();
    textes::paragraphes(texte, &valeurs)
}

/// GET /centre/papiers
async fn liste(a: Acces) -> Reponse {
    let voulus = papiers::textes_en_vigueur(&a.etat.base, &a.centre).await?;
    let mut groupes: Vec<Groupe> = vec![];
    for t in TEXTES {
        let voulu = voulus.get(t.code);
        let texte = voulu.map_or(t.defaut, String::as_str);
        let debut: String = texte.chars().take(110).collect();
        let ligne = Ligne {
            code: t.code,
            intitule: t.intitule,
            recrit: voulu.is_some(),
            debut: if debut.chars().count() < texte.chars().count() {
                format!("{}…", debut.trim_end())
            } else {
                debut
            },
        };
        match groupes.last_mut().filter(|g| g.papier == t.papier) {
            Some(g) => g.lignes.push(ligne),
            None => groupes.push(Groupe {
                papier: t.papier,
                lignes: vec![ligne],
            }),
        }
    }
    let version = derniere(&papiers::versions(&a.etat.base, &a.centre, OPTION_CERES).await?);
    Ok(rendre(&PageListe {
        cadre: Cadre::connecte("Textes des papiers", "/centre/papiers", &a),
        groupes,
        exige_ceres: voulus.contains_key(OPTION_CERES),
        peut_ecrire: a.peut_organiser(),
        acte: nouvel_identifiant::<Acte>().to_string(),
        version,
    }))
}

fn derniere(versions: &[VersionTexte]) -> u64 {
    versions.first().map_or(0, |v| v.version)
}

/// POST /centre/papiers : l'option du numéro CERES.
async fn regler(a: Acces, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    crate::formulaires::exiger_case(&f.exige_ceres)?;
    let voulu = (f.exige_ceres == "oui").then_some("oui");
    let vue = f.communs.vu_au_rang.parse().unwrap_or(0);
    let auteur = a.auteur(&f.communs);
    let ecrit =
        papiers::ecrire_texte(&a.etat.base, &a.centre, OPTION_CERES, vue, voulu, &auteur).await;
    match ecrit {
        Ok(_) => Ok(rediriger_fait("/centre/papiers", "C’est enregistré.")),
        Err(stockage::Erreur::Unicite { .. }) => Ok(rediriger_fait(
            "/centre/papiers",
            "Quelqu’un d’autre venait de changer ce choix : relisez-le.",
        )),
        Err(e) => Err(e.into()),
    }
}

fn trouver(code: &str) -> Result<&'static TexteModifiable, Erreur> {
    textes::texte(code).ok_or(Erreur::Introuvable)
}

/// GET /centre/papiers/{texte}
async fn montrer(a: Acces, Path(code): Path<String>) -> Reponse {
    page(
        &a,
        trouver(&code)?,
        StatusCode::OK,
        None,
        ErreursFormulaire::default(),
    )
    .await
}

/// POST /centre/papiers/{texte} : voir, enregistrer, ou revenir au texte livré.
async fn ecrire(a: Acces, Path(code): Path<String>, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    let t = trouver(&code)?;
    let mut c = Controle::default();
    let corps = f.corps.replace("\r\n", "\n");
    let retour = f.geste == "retablir";
    if !retour {
        for faute in textes::verifier_texte(t, &corps) {
            c.faute("corps", faute);
        }
    }
    if f.geste == "apercu" {
        let statut = if c.est_bon() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        return page(&a, t, statut, Some(f), c.0).await;
    }
    c.motif(&f.communs);
    if !c.est_bon() {
        return page(&a, t, StatusCode::UNPROCESSABLE_ENTITY, Some(f), c.0).await;
    }
    let vue = f.communs.vu_au_rang.parse().unwrap_or(0);
    let texte = (!retour).then(|| corps.trim().to_owned());
    let auteur = a.auteur(&f.communs);
    let ecrit = papiers::ecrire_texte(
        &a.etat.base,
        &a.centre,
        t.code,
        vue,
        texte.as_deref(),
        &auteur,
    )
    .await;
    match ecrit {
        Ok(_) => Ok(rediriger_fait(
            &format!("/centre/papiers/{}", t.code),
            "C’est enregistré. Les papiers édités ensuite le portent ; ceux déjà figés ne changent pas.",
        )),
        Err(stockage::Erreur::Unicite { .. }) => {
            c.faute("corps", "Quelqu’un d’autre a récrit ce texte pendant que vous l’aviez sous les yeux. Votre saisie est gardée : comparez-la à la dernière version, puis enregistrez de nouveau.");
            page(&a, t, StatusCode::CONFLICT, Some(f), c.0).await
        }
        Err(e) => Err(e.into()),
    }
}

async fn page(
    a: &Acces,
    t: &'static TexteModifiable,
    statut: StatusCode,
    saisie: Option<Saisie>,
    erreurs: ErreursFormulaire,
) -> Reponse {
    let versions = papiers::versions(&a.etat.base, &a.centre, t.code).await?;
    let en_vigueur = versions.first().and_then(|v| v.texte.clone());
    let saisie = saisie.unwrap_or_else(|| Saisie {
        corps: en_vigueur.clone().unwrap_or_else(|| t.defaut.to_owned()),
        ..Saisie::default()
    });
    Ok(rendre_statut(
        statut,
        &PageTexte {
            cadre: Cadre::connecte(
                format!("{} – {}", t.papier, t.intitule),
                "/centre/papiers",
                a,
            ),
            texte: t,
            erreurs,
            valeurs: t
                .valeurs
                .iter()
                .map(|v| (format!("{{{v}}}"), exemple(v)))
                .collect(),
            apercu: paragraphes(t, &saisie.corps),
            defaut: paragraphes(t, t.defaut),
            recrit: en_vigueur.is_some(),
            version: derniere(&versions),
            versions: versions
                .into_iter()
                .map(|v| Version {
                    numero: v.version,
                    quand: temps::instant_court(&v.le),
                    nom: v.nom,
                    motif: v.motif,
                    paragraphes: v.texte.map_or_else(
                        || vec!["Retour au texte livré.".to_owned()],
                        |x| paragraphes(t, &x),
                    ),
                })
                .collect(),
            saisie,
            peut_ecrire: a.peut_organiser(),
            acte: nouvel_identifiant::<Acte>().to_string(),
        },
    ))
}
