//! Corriger la fiche d'un titre et ses CCP, ou ajouter un titre absent du catalogue.

mod ccps;

use super::super::controle::{COURT_MAX, Controle, Ecart, LONG_MAX, apres};
use super::super::jures::{communs_neufs, revision_vue};
use super::{ecart_de_version, trouver};
use crate::acces::Acces;
use crate::cadre::{Cadre, rendre_statut};
use crate::erreurs::Reponse;
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use ccps::{LigneCcp, lignes_ccp, lire_ccps};
use metier::Referentiel;
use serde::Deserialize;
use std::collections::HashMap;
use stockage::titres;

/// La saisie d'une fiche ; les CCP viennent en champs numérotés.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    intitule: String,
    sigle: String,
    code_titre: String,
    millesime: String,
    rncp: String,
    niveau: String,
    echeance: String,
    prerequis: String,
    #[serde(flatten)]
    ccps: HashMap<String, String>,
}

#[derive(Template)]
#[template(path = "referentiels/formulaire.html")]
struct PageFormulaire {
    cadre: Cadre,
    nouveau: bool,
    designation: String,
    retour: String,
    action: String,
    saisie: Saisie,
    niveaux: Vec<(String, String)>,
    ccps: Vec<LigneCcp>,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
}

/// GET /referentiels/nouveau
pub(super) async fn nouveau(acces: Acces) -> Reponse {
    let saisie = Saisie {
        communs: communs_neufs(0),
        ..Saisie::default()
    };
    Ok(montrer(
        &acces,
        StatusCode::OK,
        None,
        saisie,
        ErreursFormulaire::default(),
        vec![],
    ))
}

/// POST /referentiels
pub(super) async fn ajouter(acces: Acces, Formulaire(saisie): Formulaire<Saisie>) -> Reponse {
    let mut c = Controle::default();
    let code = c.ligne("code_titre", &saisie.code_titre.to_uppercase(), 20);
    if !a_la_forme(&code, "TP-", 5) {
        c.faute(
            "code_titre",
            "Écrivez le code du titre : TP- suivi de cinq chiffres, comme TP-01280.",
        );
    }
    let millesime = c.ligne("millesime", &saisie.millesime, 10);
    if millesime.len() != 2 || !millesime.bytes().all(|b| b.is_ascii_digit()) {
        c.faute(
            "millesime",
            "Écrivez le millésime en deux chiffres, comme 04.",
        );
    }
    let vide = Referentiel {
        cle: format!("{code}m{millesime}"),
        code_titre: Some(code),
        millesime: Some(millesime),
        ..titre_vide()
    };
    let r = lire(&saisie, vide, &mut c);
    if c.est_bon()
        && titres::titre(&acces.etat.base, &acces.centre, &r.cle)
            .await?
            .is_some_and(|t| t.version == 0)
    {
        c.faute(
            "code_titre",
            format!(
                "Le titre {} est déjà au catalogue, dans ce millésime : corrigez-le plutôt.",
                r.cle
            ),
        );
    }
    if !c.est_bon() {
        return Ok(montrer(
            &acces,
            StatusCode::UNPROCESSABLE_ENTITY,
            None,
            saisie,
            c.0,
            vec![],
        ));
    }
    let mut auteur = acces.auteur(&saisie.communs);
    auteur.motif = Some("Titre ajouté par le centre".into());
    match titres::enregistrer_titre(&acces.etat.base, &acces.centre, &r, &auteur).await {
        Ok(changement) => Ok(apres(&format!("/referentiels/{}", r.cle), changement)),
        Err(stockage::Erreur::Conflit { .. }) => {
            c.faute(
                "code_titre",
                format!(
                    "Le titre {} vient d’être ajouté : ouvrez-le depuis la liste pour le corriger.",
                    r.cle
                ),
            );
            Ok(montrer(
                &acces,
                StatusCode::CONFLICT,
                None,
                saisie,
                c.0,
                vec![],
            ))
        }
        Err(autre) => Err(autre.into()),
    }
}

/// GET /referentiels/{titre}/fiche
pub(super) async fn correction(acces: Acces, Path(cle): Path<String>) -> Reponse {
    let r = trouver(&acces, &cle).await?;
    let mut ccps = HashMap::new();
    for (i, c) in r.ccps.iter().enumerate() {
        ccps.insert(format!("ccp_code_{i}"), c.code.clone());
        ccps.insert(format!("ccp_intitule_{i}"), c.intitule.clone());
        ccps.insert(
            format!("ccp_ceres_{i}"),
            c.code_ceres.clone().unwrap_or_default(),
        );
    }
    let saisie = Saisie {
        communs: communs_neufs(u64::from(r.version)),
        intitule: r.intitule.clone(),
        sigle: r.sigle.clone().unwrap_or_default(),
        rncp: r.rncp.clone().unwrap_or_default(),
        niveau: r.niveau.map(|n| n.to_string()).unwrap_or_default(),
        echeance: r.echeance.map(|d| d.to_string()).unwrap_or_default(),
        prerequis: r.prerequis.clone().unwrap_or_default(),
        ccps,
        ..Saisie::default()
    };
    Ok(montrer(
        &acces,
        StatusCode::OK,
        Some(&r),
        saisie,
        ErreursFormulaire::default(),
        vec![],
    ))
}

/// POST /referentiels/{titre}/fiche
pub(super) async fn corriger(
    acces: Acces,
    Path(cle): Path<String>,
    Formulaire(mut saisie): Formulaire<Saisie>,
) -> Reponse {
    let avant = trouver(&acces, &cle).await?;
    let mut c = Controle::default();
    let mut r = lire(&saisie, avant.clone(), &mut c);
    c.motif(&saisie.communs);
    if !c.est_bon() {
        return Ok(montrer(
            &acces,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(&avant),
            saisie,
            c.0,
            vec![],
        ));
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
                Some(&avant),
                saisie,
                c.0,
                ecarts,
            ))
        }
        Err(autre) => Err(autre.into()),
    }
}

fn lire(s: &Saisie, base: Referentiel, c: &mut Controle) -> Referentiel {
    let facultatif = |texte: String| Some(texte).filter(|t| !t.is_empty());
    let intitule = c.requis(
        "intitule",
        &s.intitule,
        COURT_MAX,
        "Écrivez l’intitulé du titre, tel qu’au référentiel.",
    );
    let sigle = c.ligne("sigle", &s.sigle, 20);
    let rncp = c.ligne("rncp", &s.rncp.to_uppercase(), 20);
    if !rncp.is_empty()
        && !(rncp
            .strip_prefix("RNCP")
            .is_some_and(|n| (3..=6).contains(&n.len()) && sont_des_chiffres(n)))
    {
        c.faute("rncp", "Écrivez la fiche RNCP comme RNCP37949.");
    }
    let niveau = match s.niveau.trim() {
        "" => None,
        texte => {
            let lu = texte.parse::<u8>().ok().filter(|n| (3..=7).contains(n));
            if lu.is_none() {
                c.faute("niveau", "Choisissez un niveau de 3 à 7 dans la liste.");
            }
            lu
        }
    };
    let echeance = c.date_facultative("echeance", &s.echeance);
    let prerequis = c.texte("prerequis", &s.prerequis, LONG_MAX);
    let ccps = lire_ccps(s, &base, c);
    Referentiel {
        intitule,
        sigle: facultatif(sigle),
        rncp: facultatif(rncp),
        niveau,
        echeance,
        prerequis: facultatif(prerequis),
        ccps,
        ..base
    }
}

fn montrer(
    acces: &Acces,
    statut: StatusCode,
    r: Option<&Referentiel>,
    saisie: Saisie,
    erreurs: ErreursFormulaire,
    ecarts: Vec<Ecart>,
) -> Response {
    let (retour, action, titre) = match r {
        Some(r) => (
            format!("/referentiels/{}", r.cle),
            format!("/referentiels/{}/fiche", r.cle),
            "Corriger un titre",
        ),
        None => (
            "/referentiels".into(),
            "/referentiels".into(),
            "Ajouter un titre",
        ),
    };
    let page = PageFormulaire {
        cadre: Cadre::connecte(titre, "/referentiels", acces),
        nouveau: r.is_none(),
        designation: r.map(Referentiel::designation).unwrap_or_default(),
        retour,
        action,
        niveaux: (3..=7)
            .map(|n| (n.to_string(), format!("Niveau {n}")))
            .collect(),
        ccps: lignes_ccp(&saisie),
        saisie,
        erreurs,
        ecarts,
    };
    rendre_statut(statut, &page)
}

fn a_la_forme(texte: &str, debut: &str, chiffres: usize) -> bool {
    texte
        .strip_prefix(debut)
        .is_some_and(|n| n.len() == chiffres && sont_des_chiffres(n))
}

fn sont_des_chiffres(texte: &str) -> bool {
    texte.bytes().all(|b| b.is_ascii_digit())
}

fn titre_vide() -> Referentiel {
    Referentiel {
        cle: String::new(),
        intitule: String::new(),
        sigle: None,
        code_titre: None,
        millesime: None,
        rncp: None,
        niveau: None,
        ccps: vec![],
        epreuves: vec![],
        echeance: None,
        prerequis: None,
        sources: vec!["Recopié du référentiel par le centre".into()],
        reserves: None,
        version: 0,
        confirmation: None,
    }
}
