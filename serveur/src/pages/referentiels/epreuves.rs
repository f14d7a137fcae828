//! Écrire les épreuves d'un titre, ou d'un de ses CCP : compléter, corriger, ajouter, retirer, ordonner.
//!
//! Une page, un envoi, une version : les épreuves d'une portée se corrigent ensemble.

mod lecture;

use super::super::controle::{Controle, Ecart, apres};
use super::super::jures::{communs_neufs, revision_vue};
use super::{ecart_de_version, trouver};
use crate::acces::Acces;
use crate::cadre::{Cadre, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, formulaire_abime};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use lecture::lire;
use metier::Referentiel;
use metier::referentiel::{Epreuve, Modalite, PresenceJury};
use serde::Deserialize;
use std::collections::HashMap;
use stockage::titres;

/// Nombre d'épreuves d'une portée.
const EPREUVES_MAX: usize = 30;

/// Ce qu'on sait d'un point d'organisation.
const CHOIX: [(&str, &str); 3] = [("", "À vérifier au RE"), ("oui", "Oui"), ("non", "Non")];

/// La saisie des épreuves : champs numérotés.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    lignes: String,
    ajouter: String,
    #[serde(flatten)]
    champs: HashMap<String, String>,
}

impl Saisie {
    fn nombre(&self) -> usize {
        self.lignes.parse::<usize>().unwrap_or(0).min(EPREUVES_MAX)
    }
    /// Ce que la page écrit elle-même (nombre de lignes, codes, listes) est tel qu'elle l'a écrit : sans cela,
    /// des épreuves disparaîtraient en silence.
    fn est_saine(&self) -> bool {
        self.lignes.parse::<usize>().is_ok()
            && self.champs.iter().all(|(nom, valeur)| {
                valeur.is_empty()
                    || match nom.rsplit_once('_').map_or("", |(famille, _)| famille) {
                        "modalite" => Modalite::depuis_code(valeur).is_some(),
                        "presence" => PresenceJury::depuis_code(valeur).is_some(),
                        "retirer" => valeur == "oui",
                        "commun" | "enchaine" | "majore" => CHOIX.iter().any(|c| c.0 == valeur),
                        "code" => valeur.len() <= 40,
                        "ordre" => valeur.len() <= 4,
                        _ => true,
                    }
            })
    }
    fn champ(&self, nom: &str, i: usize) -> &str {
        self.champs
            .get(&format!("{nom}_{i}"))
            .map(String::as_str)
            .unwrap_or_default()
    }
}

/// Une ligne du formulaire.
struct Ligne {
    legende: String,
    aide: String,
    nouvelle: bool,
    champ_code: String,
    champ_nature: String,
    champ_modalite: String,
    champ_presence: String,
    champ_duree: String,
    champ_ordre: String,
    champ_precisions: String,
    champ_retirer: String,
    champ_ensemble: String,
    champ_commun: String,
    champ_enchaine: String,
    champ_majore: String,
    code: String,
    nature: String,
    modalite: String,
    presence: String,
    duree: String,
    ordre: String,
    precisions: String,
    ensemble: String,
    commun: String,
    enchaine: String,
    majore: String,
    retirer: bool,
}

#[derive(Template)]
#[template(path = "referentiels/epreuves.html")]
struct PageEpreuves {
    cadre: Cadre,
    designation: String,
    portee: String,
    retour: String,
    action: String,
    acte: String,
    vu_au_rang: String,
    motif: String,
    lignes: Vec<Ligne>,
    modalites: Vec<(&'static str, &'static str)>,
    presences: Vec<(&'static str, &'static str)>,
    choix: [(&'static str, &'static str); 3],
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
}

/// GET /referentiels/{titre}/epreuves/{portee}
pub(super) async fn correction(
    acces: Acces,
    Path((cle, portee)): Path<(String, String)>,
) -> Reponse {
    let r = trouver(&acces, &cle).await?;
    let epreuves = epreuves_de(&r, &portee).ok_or(Erreur::Introuvable)?;
    let mut champs = HashMap::new();
    for (i, e) in epreuves.iter().enumerate() {
        champs.insert(format!("code_{i}"), e.code.clone());
        champs.insert(format!("nature_{i}"), e.nature.clone());
        champs.insert(format!("modalite_{i}"), e.modalite.code().to_owned());
        champs.insert(format!("presence_{i}"), e.presence_jury.code().to_owned());
        champs.insert(
            format!("duree_{i}"),
            e.duree_minutes.map(|m| m.to_string()).unwrap_or_default(),
        );
        champs.insert(format!("ordre_{i}"), (i + 1).to_string());
        champs.insert(
            format!("precisions_{i}"),
            e.precisions.clone().unwrap_or_default(),
        );
        let o = &e.organisation;
        let dit = |b: Option<bool>| b.map_or("", |b| if b { "oui" } else { "non" }).to_owned();
        champs.insert(
            format!("ensemble_{i}"),
            o.ensemble.map(|n| n.to_string()).unwrap_or_default(),
        );
        champs.insert(format!("commun_{i}"), dit(o.debut_commun));
        champs.insert(format!("enchaine_{i}"), dit(o.enchaine));
        champs.insert(format!("majore_{i}"), dit(o.prolongeable));
    }
    // Une ligne libre est toujours offerte ; un titre encore vide en reçoit trois.
    let libres = if epreuves.is_empty() { 3 } else { 1 };
    let saisie = Saisie {
        communs: communs_neufs(u64::from(r.version)),
        lignes: (epreuves.len() + libres).min(EPREUVES_MAX).to_string(),
        champs,
        ..Saisie::default()
    };
    Ok(montrer(
        &acces,
        StatusCode::OK,
        &r,
        &portee,
        saisie,
        ErreursFormulaire::default(),
        vec![],
    ))
}

/// POST /referentiels/{titre}/epreuves/{portee}
pub(super) async fn corriger(
    acces: Acces,
    Path((cle, portee)): Path<(String, String)>,
    Formulaire(mut saisie): Formulaire<Saisie>,
) -> Reponse {
    let avant = trouver(&acces, &cle).await?;
    epreuves_de(&avant, &portee).ok_or(Erreur::Introuvable)?;
    if !saisie.est_saine() {
        return Err(formulaire_abime());
    }
    if saisie.ajouter == "oui" {
        saisie.lignes = (saisie.nombre() + 1).min(EPREUVES_MAX).to_string();
        return Ok(montrer(
            &acces,
            StatusCode::OK,
            &avant,
            &portee,
            saisie,
            ErreursFormulaire::default(),
            vec![],
        ));
    }
    let mut c = Controle::default();
    let epreuves = lire(&saisie, &portee, &mut c);
    c.motif(&saisie.communs);
    if !c.est_bon() {
        return Ok(montrer(
            &acces,
            StatusCode::UNPROCESSABLE_ENTITY,
            &avant,
            &portee,
            saisie,
            c.0,
            vec![],
        ));
    }
    let mut r = avant.clone();
    match r.ccps.iter_mut().find(|ccp| ccp.code == portee) {
        Some(ccp) => ccp.epreuves = epreuves,
        None => r.epreuves = epreuves,
    }
    r.version = u32::try_from(revision_vue(&saisie.communs)).unwrap_or_default();
    r.confirmation = None;
    let auteur = acces.auteur(&saisie.communs);
    match titres::enregistrer_titre(&acces.etat.base, &acces.centre, &r, &auteur).await {
        Ok(changement) => Ok(apres(&format!("/referentiels/{cle}"), changement)),
        Err(stockage::Erreur::Conflit { .. }) => {
            let avant = trouver(&acces, &cle).await?;
            saisie.communs.vu_au_rang = avant.version.to_string();
            let ecarts = ecart_de_version(avant.version, r.version);
            Ok(montrer(
                &acces,
                StatusCode::CONFLICT,
                &avant,
                &portee,
                saisie,
                c.0,
                ecarts,
            ))
        }
        Err(autre) => Err(autre.into()),
    }
}

fn epreuves_de<'a>(r: &'a Referentiel, portee: &str) -> Option<&'a [Epreuve]> {
    if portee == "titre" {
        Some(&r.epreuves)
    } else {
        r.ccp(portee).map(|c| c.epreuves.as_slice())
    }
}

fn montrer(
    acces: &Acces,
    statut: StatusCode,
    r: &Referentiel,
    portee: &str,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
) -> Response {
    let nom_portee = match r.ccp(portee) {
        Some(ccp) => format!("Session CCP, {} : {}", ccp.code, ccp.intitule),
        None => "Session titre".to_owned(),
    };
    let page = PageEpreuves {
        cadre: Cadre::connecte("Écrire les épreuves", "/referentiels", acces),
        designation: r.designation(),
        portee: nom_portee,
        retour: format!("/referentiels/{}", r.cle),
        action: format!("/referentiels/{}/epreuves/{portee}", r.cle),
        lignes: (0..saisie.nombre()).map(|i| ligne(&saisie, i)).collect(),
        acte: saisie.communs.acte,
        vu_au_rang: saisie.communs.vu_au_rang,
        motif: saisie.communs.motif,
        modalites: Modalite::TOUTES
            .iter()
            .map(|m| (m.code(), m.libelle()))
            .collect(),
        presences: PresenceJury::TOUTES
            .iter()
            .map(|p| (p.code(), p.libelle()))
            .collect(),
        choix: CHOIX,
        erreurs,
        ecarts,
    };
    rendre_statut(statut, &page)
}

fn ligne(s: &Saisie, i: usize) -> Ligne {
    let code = s.champ("code", i).to_owned();
    let nouvelle = code.is_empty();
    let champ = |nom: &str| format!("{nom}_{i}");
    let ordre = s.champ("ordre", i);
    Ligne {
        legende: if nouvelle {
            "Nouvelle épreuve".into()
        } else {
            format!("Épreuve {}", i + 1)
        },
        aide: if nouvelle {
            "Laissez vide si vous n’en ajoutez pas.".to_owned()
        } else {
            String::new()
        },
        nouvelle,
        champ_code: champ("code"),
        champ_nature: champ("nature"),
        champ_modalite: champ("modalite"),
        champ_presence: champ("presence"),
        champ_duree: champ("duree"),
        champ_ordre: champ("ordre"),
        champ_precisions: champ("precisions"),
        champ_retirer: champ("retirer"),
        champ_ensemble: champ("ensemble"),
        champ_commun: champ("commun"),
        champ_enchaine: champ("enchaine"),
        champ_majore: champ("majore"),
        code,
        nature: s.champ("nature", i).to_owned(),
        modalite: Some(s.champ("modalite", i))
            .filter(|m| !m.is_empty())
            .unwrap_or("msp")
            .to_owned(),
        presence: Some(s.champ("presence", i))
            .filter(|p| !p.is_empty())
            .unwrap_or("inconnue")
            .to_owned(),
        duree: s.champ("duree", i).to_owned(),
        ordre: if ordre.is_empty() {
            (i + 1).to_string()
        } else {
            ordre.to_owned()
        },
        precisions: s.champ("precisions", i).to_owned(),
        ensemble: s.champ("ensemble", i).to_owned(),
        commun: s.champ("commun", i).to_owned(),
        enchaine: s.champ("enchaine", i).to_owned(),
        majore: s.champ("majore", i).to_owned(),
        retirer: s.champ("retirer", i) == "oui",
    }
}
