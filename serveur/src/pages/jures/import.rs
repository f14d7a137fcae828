//! Importer la liste des jurés habilités : choisir un fichier, voir chaque ligne, enregistrer celles que l'on coche.

use super::formulaire::communs_neufs;
use crate::acces::Acces;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, Formulaire, formulaire_abime, nouvel_identifiant};
use askama::Template;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::http::StatusCode;
use importation::jures::{JureLu, analyser};
use importation::limites::OCTETS_MAX;
use metier::{Acte, JureId, temps};
use stockage::annuaire::{self, Auteur, FicheHabilitation, FicheJure};
use stockage::titres;

/// Taille de l'envoi, en octets : le fichier et de quoi l'emballer.
pub(super) const ENVOI_MAX: usize = OCTETS_MAX + 64 * 1024;

struct Ligne {
    rang: usize,
    nom: String,
    quoi: String,
    habilitation: String,
    fautes: Vec<String>,
    remarques: Vec<String>,
    connu: bool,
}

#[derive(Template)]
#[template(path = "jures/import.html")]
struct Page {
    cadre: Cadre,
    erreurs: ErreursFormulaire,
    titres: Vec<(String, String)>,
    titre: String,
    mega_octets: usize,
    lignes: Vec<Ligne>,
    prets: usize,
    envoi: String,
    acte: String,
}

/// GET /jures/import
pub(super) async fn choisir(acces: Acces) -> Reponse {
    page(&acces, StatusCode::OK, None, String::new(), vec![]).await
}

async fn page(
    acces: &Acces,
    statut: StatusCode,
    faute: Option<String>,
    titre: String,
    lus: Vec<JureLu>,
) -> Reponse {
    let mut erreurs = ErreursFormulaire::default();
    if let Some(phrase) = faute {
        erreurs.ajouter("fichier", phrase);
    }
    let referentiels = titres::titres(&acces.etat.base, &acces.centre).await?;
    let mut lignes = vec![];
    for (rang, j) in lus.iter().enumerate() {
        let connu = retrouver(acces, j).await?.is_some();
        lignes.push(Ligne {
            rang,
            nom: format!("{} {}", j.prenom, j.nom.to_uppercase()),
            quoi: [j.qualite.as_str(), j.employeur.as_str(), j.commune.as_str()]
                .into_iter()
                .filter(|t| !t.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
            habilitation: match (j.debut, j.fin) {
                (Some(d), Some(f)) => format!(
                    "{}, du {} au {}",
                    j.titre,
                    temps::date_chiffres(d),
                    temps::date_chiffres(f)
                ),
                _ => String::new(),
            },
            fautes: j.fautes.clone(),
            remarques: j.remarques.clone(),
            connu,
        });
    }
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte("Importer des jurés", "/jures/import", acces),
            erreurs,
            titres: super::options_titres(&referentiels),
            titre,
            mega_octets: OCTETS_MAX / 1024 / 1024,
            prets: lus.iter().filter(|j| j.fautes.is_empty()).count(),
            lignes,
            envoi: serde_json::to_string(&lus).map_err(|e| Erreur::interne(&e.to_string()))?,
            acte: communs_neufs(0).acte,
        },
    ))
}

/// La personne de l'annuaire qui porte ce nom et ce prénom, s'il n'y en a qu'une.
async fn retrouver(acces: &Acces, j: &JureLu) -> Result<Option<JureId>, Erreur> {
    let mut v = annuaire::homonymes(&acces.etat.base, &acces.centre, &j.nom, &j.prenom).await?;
    v.retain(|x| x.actif);
    Ok(match v.len() {
        1 => Some(v.remove(0).id),
        _ => None,
    })
}

/// POST /jures/import/apercu : rien n'est écrit.
pub(super) async fn apercevoir(
    acces: Acces,
    envoi: Result<Multipart, MultipartRejection>,
) -> Reponse {
    let refuse = StatusCode::UNPROCESSABLE_ENTITY;
    let choisir = "Choisissez un fichier .csv, .xlsx ou .ods sur votre poste.".to_owned();
    let Ok(mut envoi) = envoi else {
        return page(&acces, refuse, Some(choisir), String::new(), vec![]).await;
    };
    let (mut titre, mut octets) = (String::new(), vec![]);
    loop {
        let champ = match envoi.next_field().await {
            Ok(Some(champ)) => champ,
            Ok(None) => break,
            Err(_) => {
                let phrase = format!(
                    "L’envoi s’est interrompu, ou le fichier dépasse {} Mo. Choisissez-le de nouveau.",
                    OCTETS_MAX / 1024 / 1024
                );
                return page(&acces, refuse, Some(phrase), titre, vec![]).await;
            }
        };
        match champ.name() {
            Some("fichier") => match champ.bytes().await {
                Ok(b) => octets = b.to_vec(),
                Err(_) => {
                    let phrase = format!(
                        "Ce fichier dépasse {} Mo, ou l’envoi s’est interrompu. Copiez la liste seule dans un nouveau classeur.",
                        OCTETS_MAX / 1024 / 1024
                    );
                    return page(&acces, refuse, Some(phrase), titre, vec![]).await;
                }
            },
            Some("titre") => titre = champ.text().await.unwrap_or_default(),
            _ => {}
        }
    }
    if octets.is_empty() {
        return page(&acces, refuse, Some(choisir), titre, vec![]).await;
    }
    let referentiels = titres::titres(&acces.etat.base, &acces.centre).await?;
    let defaut = titre.clone();
    let lu = tokio::task::spawn_blocking(move || {
        let tableau = importation::lire(octets)?;
        analyser(
            &tableau,
            &referentiels,
            Some(defaut.as_str()).filter(|t| !t.is_empty()),
        )
    })
    .await
    .map_err(|e| Erreur::interne(&format!("lecture d'un tableur : {e}")))?;
    match lu {
        Ok(lus) => page(&acces, StatusCode::OK, None, titre, lus).await,
        Err(illisible) => page(&acces, refuse, Some(illisible.0), titre, vec![]).await,
    }
}

/// POST /jures/import : les lignes cochées entrent, chacune avec sa trace.
pub(super) async fn importer(
    acces: Acces,
    Formulaire(p): Formulaire<Vec<(String, String)>>,
) -> Reponse {
    let un = |nom: &str| {
        p.iter()
            .find(|(n, _)| n == nom)
            .map_or("", |(_, v)| v.as_str())
    };
    let lus: Vec<JureLu> = serde_json::from_str(un("envoi")).map_err(|_| formulaire_abime())?;
    let choisis: Vec<usize> = p
        .iter()
        .filter(|(n, _)| n == "retenir")
        .filter_map(|(_, v)| v.parse().ok())
        .collect();
    let lot: Acte = un("acte").parse().map_err(|_| formulaire_abime())?;
    if choisis.is_empty() {
        return page(
            &acces,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some("Aucune ligne n’est cochée. Cochez les jurés à enregistrer.".into()),
            String::new(),
            lus,
        )
        .await;
    }
    // L'aperçu revient du navigateur : ce qu'il dit se contrôle de nouveau.
    let connus: Vec<String> = titres::titres(&acces.etat.base, &acces.centre)
        .await?
        .into_iter()
        .map(|r| r.cle)
        .collect();
    let (mut entres, mut deja) = (0, 0);
    for i in choisis {
        let Some(j) = lus.get(i) else { continue };
        let (Some(debut), Some(fin)) = (j.debut, j.fin) else {
            continue;
        };
        let bon = j.fautes.is_empty()
            && connus.contains(&j.titre)
            && debut <= fin
            && [&j.nom, &j.prenom, &j.qualite]
                .iter()
                .all(|t| !t.trim().is_empty() && t.chars().count() <= 200);
        if !bon {
            continue;
        }
        let habilitation = FicheHabilitation {
            titre: j.titre.clone(),
            debut,
            fin,
            autorite: j.autorite.clone(),
            reference: j.reference.clone(),
        };
        match enregistrer(&acces, &lot, i, j, &habilitation).await? {
            true => entres += 1,
            false => deja += 1,
        }
    }
    let dire = |n: usize, quoi: &str| format!("{n} {quoi}{}", if n > 1 { "s" } else { "" });
    let mut phrase = format!(
        "{}.",
        dire(entres, "habilitation enregistrée")
            .replace("habilitation enregistrées", "habilitations enregistrées")
    );
    if deja > 0 {
        phrase.push_str(&format!(" {} déjà dans l’annuaire.", dire(deja, "ligne")));
    }
    Ok(rediriger_fait("/jures", &phrase))
}

/// Enregistre un juré s'il n'est pas connu, puis son habilitation ; faux si elle y était déjà.
async fn enregistrer(
    acces: &Acces,
    lot: &Acte,
    rang: usize,
    j: &JureLu,
    h: &FicheHabilitation,
) -> Result<bool, Erreur> {
    let (base, centre) = (&acces.etat.base, &acces.centre);
    // Un acte par écriture, tiré du lot : renvoyer le formulaire n'enregistre rien deux fois.
    let auteur = |quoi: &str| -> Result<Auteur, Erreur> {
        Ok(Auteur {
            acte: format!("{lot}-{rang}-{quoi}")
                .parse()
                .map_err(|_| formulaire_abime())?,
            motif: Some("import d’une liste".into()),
            ..acces.auteur(&communs_neufs(0))
        })
    };
    let jure = match retrouver(acces, j).await? {
        Some(id) => id,
        None => {
            let id: JureId = nouvel_identifiant();
            let fiche = FicheJure {
                nom: j.nom.clone(),
                prenom: j.prenom.clone(),
                qualite: j.qualite.clone(),
                employeur: j.employeur.clone(),
                courriel: j.courriel.clone(),
                telephone: j.telephone.clone(),
                commune: j.commune.clone(),
                ..FicheJure::default()
            };
            annuaire::ajouter_jure(base, centre, &id, &fiche, &auteur("jure")?).await?;
            id
        }
    };
    let la = annuaire::habilitations_du_jure(base, centre, &jure)
        .await?
        .into_iter()
        .any(|x| x.fiche.titre == h.titre && x.fiche.debut == h.debut && x.fiche.fin == h.fin);
    if la {
        return Ok(false);
    }
    let id = nouvel_identifiant::<Acte>().to_string();
    annuaire::ajouter_habilitation(base, centre, &id, &jure, h, &auteur("habilitation")?).await?;
    Ok(true)
}
