//! L'import d'une liste : choisir un fichier, voir l'aperçu, importer les candidats cochés, tous ou aucun.

use super::apercu::{Coupe, Envoi, Montre, fiche, inscrits_depuis};
use super::{PLANNING_ROUVERT, relire};
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::pages::session::tete::TeteSession;
use crate::pages::session::titre;
use askama::Template;
use axum::extract::Multipart;
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::http::StatusCode;
use importation::limites::OCTETS_MAX;
use metier::candidats::{Action as Geste, CANDIDATS_MAX, Fiche};
use metier::mots::nombre;
use metier::{Acte, Action};
use serde::Deserialize;
use std::collections::HashSet;

/// Ce que la personne lit quand le fichier n'arrive pas entier.
const INTERROMPU: &str =
    "L’envoi du fichier s’est interrompu avant la fin. Choisissez-le de nouveau.";

#[derive(Template)]
#[template(path = "session/candidats_import.html")]
struct Choix {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    mega_octets: usize,
    candidats_max: usize,
}

#[derive(Template)]
#[template(path = "session/candidats_apercu.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    source: String,
    montre: Montre,
    resume: String,
    coupe: String,
    trop: String,
    proposer: bool,
    /// Un motif suffit pour importer.
    motif_requis: bool,
    motif: String,
    envoi: String,
    acte: String,
}

/// L'aperçu renvoyé, et les lignes cochées. Pas de champs communs aplatis : une case cochée deux fois est une liste.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Retenus {
    acte: String,
    vu_au_rang: String,
    apercu: String,
    motif: String,
    retenir: Vec<String>,
}

/// GET /sessions/{session}/candidats/import
pub(super) async fn choisir(a: AccesSession) -> Reponse {
    montrer_choix(&a, StatusCode::OK, None)
}

fn montrer_choix(a: &AccesSession, statut: StatusCode, faute: Option<String>) -> Reponse {
    let mut erreurs = ErreursFormulaire::default();
    if let Some(phrase) = faute {
        erreurs.ajouter("fichier", phrase);
    }
    rendre_statut(
        statut,
        &Choix {
            cadre: Cadre::connecte(
                format!("Importer des candidats – {}", titre(&a.session)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, &a.session, a.jour(), "candidats"),
            erreurs,
            mega_octets: OCTETS_MAX / 1024 / 1024,
            candidats_max: CANDIDATS_MAX,
        },
    )
}

/// POST /sessions/{session}/candidats/import/apercu : rien n'est écrit.
pub(super) async fn apercevoir(
    a: AccesSession,
    envoi: Result<Multipart, MultipartRejection>,
) -> Reponse {
    let refuser =
        |phrase: String| montrer_choix(&a, StatusCode::UNPROCESSABLE_ENTITY, Some(phrase));
    let Ok(envoi) = envoi else {
        return refuser(
            "Choisissez un fichier avec le bouton ci-dessous, puis montrez l’aperçu.".into(),
        );
    };
    let (nom, octets) = match recevoir(envoi).await {
        Ok(recu) => recu,
        Err(e) if e.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return refuser(format!(
                "Ce fichier dépasse {}\u{a0}Mo. Copiez la liste des candidats seule dans un nouveau classeur, puis choisissez-le.",
                OCTETS_MAX / 1024 / 1024
            ));
        }
        Err(_) => return refuser(INTERROMPU.into()),
    };
    if nom.is_empty() && octets.is_empty() {
        return refuser("Choisissez un fichier .csv, .xlsx ou .ods sur votre poste.".into());
    }
    let jour = a.jour();
    let lu = tokio::task::spawn_blocking(move || importation::apercevoir(octets, jour)).await;
    match lu.map_err(|e| Erreur::interne(&format!("lecture d'un tableur : {e}")))? {
        Ok(apercu) => {
            let (envoi, coupe) = Envoi::nouveau(&nom, apercu);
            montrer_apercu(
                &a,
                StatusCode::OK,
                &envoi,
                Some(coupe),
                &Retenus::default(),
                Remontre::default(),
            )
        }
        Err(illisible) => refuser(illisible.0),
    }
}

async fn recevoir(mut envoi: Multipart) -> Result<(String, Vec<u8>), MultipartError> {
    while let Some(champ) = envoi.next_field().await? {
        if champ.name() == Some("fichier") {
            let nom = champ.file_name().unwrap_or_default().to_owned();
            return Ok((nom, champ.bytes().await?.to_vec()));
        }
    }
    Ok((String::new(), vec![]))
}

/// POST /sessions/{session}/candidats/import : tous les candidats cochés, ou aucun.
pub(super) async fn importer(a: AccesSession, Formulaire(f): Formulaire<Retenus>) -> Reponse {
    let Some(envoi) = Envoi::relire(&f.apercu) else {
        return montrer_choix(&a, StatusCode::UNPROCESSABLE_ENTITY, Some("L’aperçu n’est pas revenu entier : rien n’a été importé. Choisissez de nouveau le fichier.".into()));
    };
    let retenues: HashSet<u32> = f.retenir.iter().filter_map(|l| l.parse().ok()).collect();
    let fiches: Vec<Fiche> = envoi
        .apercu
        .importables()
        .filter(|c| retenues.contains(&c.ligne))
        .map(fiche)
        .collect();
    if fiches.is_empty() {
        let mut erreurs = ErreursFormulaire::default();
        erreurs.ajouter(
            "candidats-lus",
            "Aucun candidat n’est coché : rien n’a été importé. Cochez au moins une ligne.",
        );
        return montrer_apercu(
            &a,
            StatusCode::UNPROCESSABLE_ENTITY,
            &envoi,
            None,
            &f,
            Remontre {
                erreurs,
                ..Remontre::default()
            },
        );
    }
    let vu = f.vu_au_rang.parse().unwrap_or(a.session.rang);
    let nouveaux = inscrits_depuis(&a.session, &fiches, vu);
    if !nouveaux.is_empty() && !est_deja_fait(&a, vu, &f.acte).await? {
        let mut erreurs = ErreursFormulaire::default();
        erreurs.ajouter("candidats-lus", format!("Pendant que vous lisiez l’aperçu, quelqu’un a inscrit {}. Rien n’a été importé : relisez les lignes signalées, décochez-les s’il s’agit des mêmes personnes, puis importez.", nouveaux.join(", ")));
        return montrer_apercu(
            &a,
            StatusCode::CONFLICT,
            &envoi,
            None,
            &f,
            Remontre {
                erreurs,
                ..Remontre::default()
            },
        );
    }
    let nombre = fiches.len();
    let communs = ChampsCommuns {
        acte: f.acte.clone(),
        motif: f.motif.clone(),
        ..ChampsCommuns::default()
    };
    let candidats = fiches
        .into_iter()
        .map(|fiche| (nouvel_identifiant(), fiche))
        .collect();
    let geste = Geste::Importer {
        source: envoi.source.clone(),
        candidats,
    };
    match a.executer(&communs, Action::Candidat(geste)).await? {
        Ok(d) => {
            let mut phrase = match (d.evenements.len(), nombre) {
                (0, _) => {
                    "Cet import était déjà enregistré : rien n’a été fait deux fois.".to_owned()
                }
                (_, 1) => format!("1 candidat est importé de « {} ».", envoi.source),
                (_, n) => format!("{n} candidats sont importés de « {} ».", envoi.source),
            };
            if a.session.planning.valide.is_some() && !d.evenements.is_empty() {
                phrase.push_str(PLANNING_ROUVERT);
            }
            rediriger_fait(&format!("{}/candidats", a.base()), &phrase)
        }
        Err(r) => {
            let constats = ConstatMontre::du_refus(&r, &a.base());
            let a = relire(a).await?;
            montrer_apercu(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                &envoi,
                None,
                &f,
                Remontre {
                    constats,
                    erreurs: ErreursFormulaire::du_refus(&r),
                    motif_requis: r.demande_motif(),
                },
            )
        }
    }
}

/// Ce même import est-il déjà au journal, au-delà de ce rang ?
async fn est_deja_fait(a: &AccesSession, vu: u64, acte: &str) -> Result<bool, Erreur> {
    let depuis = vu.saturating_add(1).min(a.session.rang);
    let limite = a.session.rang - depuis + 1;
    let lignes =
        stockage::journal(&a.acces.etat.base, &a.acces.centre, &a.id, depuis, limite).await?;
    Ok(lignes.iter().any(|l| l.acte == acte))
}

/// Pourquoi l'aperçu se remontre.
#[derive(Default)]
struct Remontre {
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    motif_requis: bool,
}

fn montrer_apercu(
    a: &AccesSession,
    statut: StatusCode,
    envoi: &Envoi,
    coupe: Option<Coupe>,
    f: &Retenus,
    dit: Remontre,
) -> Reponse {
    let retenues: Option<HashSet<u32>> = (statut != StatusCode::OK)
        .then(|| f.retenir.iter().filter_map(|l| l.parse().ok()).collect());
    let montre = Montre::nouveau(&envoi.apercu, &a.session, retenues.as_ref());
    let entier = coupe.is_none_or(|c| c.candidats == montre.lignes.len());
    let acte = if f.acte.is_empty() {
        nouvel_identifiant::<Acte>().to_string()
    } else {
        f.acte.clone()
    };
    let envoye =
        serde_json::to_string(envoi).map_err(|e| Erreur::interne(&format!("aperçu : {e}")))?;
    rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Aperçu de l’import – {}", titre(&a.session)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, &a.session, a.jour(), "candidats"),
            erreurs: dit.erreurs,
            constats: dit.constats,
            source: envoi.source.clone(),
            resume: resumer(&montre),
            coupe: coupe.map(|c| dire_la_coupe(c, envoi)).unwrap_or_default(),
            trop: dire_trop(&montre, entier),
            proposer: entier && montre.importables > 0,
            motif_requis: dit.motif_requis,
            motif: f.motif.clone(),
            montre,
            envoi: envoye,
            acte,
        },
    )
}

fn resumer(m: &Montre) -> String {
    let lus = nombre(m.lignes.len(), "candidat lu", "candidats lus");
    let importables = nombre(m.importables, "importable", "importables");
    match m.bloques {
        0 => format!("{lus}, {importables}."),
        n => format!(
            "{lus}, {importables}, {}.",
            nombre(
                n,
                "à corriger dans le fichier",
                "à corriger dans le fichier"
            )
        ),
    }
}

fn dire_la_coupe(c: Coupe, envoi: &Envoi) -> String {
    let (candidats, problemes) = (envoi.apercu.candidats.len(), envoi.apercu.problemes.len());
    let mut phrases = vec![];
    if c.candidats > candidats {
        phrases.push(format!(
            "Le fichier contient {} candidats ; les {candidats} premiers sont montrés.",
            c.candidats
        ));
    }
    if c.problemes > problemes {
        phrases.push(format!(
            "{} problèmes sont relevés ; les {problemes} premiers sont montrés.",
            c.problemes
        ));
    }
    phrases.join(" ")
}

/// Trop de candidats pour la session, et quoi faire.
fn dire_trop(m: &Montre, entier: bool) -> String {
    let reste = nombre(m.places, "place", "places");
    if !entier {
        return format!(
            "Une session compte {CANDIDATS_MAX} candidats au plus : ce fichier ne peut pas s’importer d’un coup. Partagez-le, ou créez une seconde session."
        );
    }
    if m.coches > m.places {
        return format!(
            "Une session compte {CANDIDATS_MAX} candidats au plus ; il reste {reste} dans celle-ci. Décochez des lignes, ou créez une seconde session."
        );
    }
    String::new()
}
