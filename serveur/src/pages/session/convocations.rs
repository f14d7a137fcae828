//! Les convocations d'une session : éditer et figer, remettre, suivre ; les autres papiers ; servir une pièce figée.

mod vue;

use crate::acces::AccesSession;
use crate::cadre::rediriger_fait;
use crate::edition::{self, Commande, ErreurEdition, sources::Sources};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, formulaire_abime};
use crate::reponses::{get, post};
use crate::routes::{Nature as Droit, Route};
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use metier::convocations::{self, Destinataire, Document, Mode, Remise};
use metier::{Action, Nature, PieceId, temps};
use std::collections::HashMap;
use vue::page;

/// Les routes des convocations et des documents.
pub fn routes() -> Vec<Route> {
    let lire = Droit::Session(Nature::Lire);
    let preparer = Droit::Session(Nature::Preparer);
    vec![
        Route::lire("/sessions/{session}/convocations", lire, get(montrer)),
        Route::ecrire(
            "/sessions/{session}/convocations/edition",
            preparer,
            post(editer),
        ),
        Route::ecrire(
            "/sessions/{session}/convocations/remise",
            preparer,
            post(remettre),
        ),
        Route::ecrire(
            "/sessions/{session}/convocations/envoi",
            preparer,
            post(envoyer),
        ),
        Route::ecrire(
            "/sessions/{session}/convocations/{genre}/{id}/annulation",
            preparer,
            post(annuler),
        ),
        Route::lire("/sessions/{session}/documents/{piece}", lire, get(servir)),
    ]
}

/// La saisie : des paires, car chaque personne a son numéro et son adresse.
pub(super) type Paires = Vec<(String, String)>;

fn valeur<'p>(paires: &'p Paires, nom: &str) -> &'p str {
    paires
        .iter()
        .find(|(n, _)| n == nom)
        .map_or("", |(_, v)| v.as_str())
}

pub(super) fn communs(p: &Paires) -> ChampsCommuns {
    let texte = |n| valeur(p, n).to_owned();
    ChampsCommuns {
        acte: texte("acte"),
        motif: texte("motif"),
        vu_au_rang: texte("vu_au_rang"),
        realise_par: texte("realise_par"),
    }
}

/// Les personnes cochées ; une case que la page n'a pas écrite ne se devine pas.
fn choisis(p: &Paires) -> Result<Vec<Destinataire>, Erreur> {
    let lire = |v: &str| Destinataire::depuis(v.split_once(':')?.0, v.split_once(':')?.1);
    p.iter()
        .filter(|(n, _)| n == "pour")
        .map(|(_, v)| lire(v).ok_or_else(formulaire_abime))
        .collect()
}

pub(super) fn cle(d: &Destinataire) -> String {
    format!("{}:{}", d.genre(), d.id())
}

/// GET /sessions/{session}/convocations
async fn montrer(a: AccesSession) -> Reponse {
    page(
        &a,
        StatusCode::OK,
        None,
        None,
        vec![],
        ErreursFormulaire::default(),
    )
    .await
}

/// Compose, fige et range ; `Ok(Err(_))` porte les phrases à montrer.
pub(super) async fn produire(
    a: &AccesSession,
    c: &ChampsCommuns,
    commander: impl FnOnce(&Sources) -> Result<Vec<Commande>, ErreurEdition>,
) -> Result<Result<Vec<Document>, Vec<String>>, Erreur> {
    let etat = &a.acces.etat;
    let composes = async {
        let (sources, entete) = super::documents::sources(a).await?;
        edition::composer(&etat.documents, entete, commander(&sources)?).await
    };
    let composes = match composes.await {
        Ok(c) => c,
        Err(ErreurEdition::Refus(phrases)) => return Ok(Err(phrases)),
        Err(ErreurEdition::Stockage(e)) => return Err(e.into()),
        Err(autre) => return Err(Erreur::interne(&autre.to_string())),
    };
    let (documents, pieces) = edition::figer(composes, &a.tete);
    let action = Action::Convocation(convocations::Action::Figer(documents.clone()));
    Ok(match a.executer_avec_pieces(c, action, &pieces).await? {
        Ok(_) => Ok(documents),
        Err(r) => Err(r
            .constats
            .iter()
            .map(|c| format!("{} {}", c.phrase, c.remede))
            .collect()),
    })
}

/// POST /sessions/{session}/convocations/edition
async fn editer(a: AccesSession, Formulaire(p): Formulaire<Paires>) -> Reponse {
    let pour = choisis(&p)?;
    if pour.is_empty() {
        let manques = vec![
            "Aucune personne n’est choisie. Cochez au moins une personne, puis éditez.".to_owned(),
        ];
        return page(
            &a,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(&p),
            None,
            manques,
            ErreursFormulaire::default(),
        )
        .await;
    }
    match produire(&a, &communs(&p), |s| {
        edition::commander_convocations(s, &a.session, &pour)
    })
    .await?
    {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/convocations", a.base()),
            "Les convocations sont éditées et figées. Imprimez-les, puis notez leur remise.",
        )),
        Err(manques) => {
            page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some(&p),
                None,
                manques,
                ErreursFormulaire::default(),
            )
            .await
        }
    }
}

/// POST /sessions/{session}/convocations/remise
async fn remettre(a: AccesSession, Formulaire(p): Formulaire<Paires>) -> Reponse {
    let mut erreurs = ErreursFormulaire::default();
    let le = temps::lire_date(valeur(&p, "le"));
    if le.is_none() {
        erreurs.ajouter(
            "le",
            "Cette date n’existe pas au calendrier. Choisissez le jour de la remise.",
        );
    }
    let remise = |d: &Destinataire, le| {
        let mode = match valeur(&p, "mode") {
            "lr_ar" => Mode::LrAr {
                numero: valeur(&p, &format!("numero:{}", cle(d))).trim().to_owned(),
            },
            "decharge" => Mode::Decharge,
            "courriel" => Mode::Courriel {
                adresse: valeur(&p, &format!("courriel:{}", cle(d)))
                    .trim()
                    .to_owned(),
            },
            _ => return None,
        };
        Some((d.clone(), Remise { mode, le }))
    };
    let remises: Option<Vec<_>> = choisis(&p)?
        .iter()
        .map(|d| remise(d, le.unwrap_or(a.jour())))
        .collect();
    if remises.is_none() {
        erreurs.ajouter(
            "mode",
            "Choisissez comment les convocations ont été remises.",
        );
    }
    let (Some(remises), true) = (remises, erreurs.est_vide()) else {
        return page(
            &a,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(&p),
            None,
            vec![],
            erreurs,
        )
        .await;
    };
    match a
        .executer(
            &communs(&p),
            Action::Convocation(convocations::Action::RemettreChacun { remises }),
        )
        .await?
    {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/convocations", a.base()),
            "La remise est notée.",
        )),
        Err(r) => {
            page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some(&p),
                Some(&r),
                vec![],
                ErreursFormulaire::default(),
            )
            .await
        }
    }
}

/// POST /sessions/{session}/convocations/envoi : la boîte d'envoi les prend, chacune à son adresse.
async fn envoyer(a: AccesSession, Formulaire(p): Formulaire<Paires>) -> Reponse {
    let refuser = async |refus: Option<&metier::Refus>, manques: Vec<String>| {
        let statut = StatusCode::UNPROCESSABLE_ENTITY;
        let erreurs = ErreursFormulaire::default();
        page(&a, statut, Some(&p), refus, manques, erreurs).await
    };
    if !super::sollicitations::envoie(&a).await? {
        let phrase = "Aucun serveur de courriel n’envoie pour ce centre : envoyez les convocations vous-même, puis notez la remise.";
        return refuser(None, vec![phrase.to_owned()]).await;
    }
    let envois: Vec<_> = choisis(&p)?
        .into_iter()
        .map(|d| {
            let adresse = valeur(&p, &format!("courriel:{}", cle(&d)))
                .trim()
                .to_owned();
            (d, adresse)
        })
        .collect();
    let action = Action::Convocation(convocations::Action::Envoyer { envois });
    match a.executer(&communs(&p), action).await? {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/convocations", a.base()),
            "Les convocations partent par courriel, avec un lien pour en accuser réception. La remise se note quand le serveur les accepte.",
        )),
        Err(r) => refuser(Some(&r), vec![]).await,
    }
}

/// POST /sessions/{session}/convocations/{genre}/{id}/annulation
async fn annuler(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Formulaire(p): Formulaire<Paires>,
) -> Reponse {
    let texte = |n: &str| chemin.get(n).map_or("", String::as_str);
    let destinataire =
        Destinataire::depuis(texte("genre"), texte("id")).ok_or(Erreur::Introuvable)?;
    match a
        .executer(
            &communs(&p),
            Action::Convocation(convocations::Action::AnnulerRemise { destinataire }),
        )
        .await?
    {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/convocations", a.base()),
            "C’est enregistré.",
        )),
        Err(r) => {
            page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                None,
                Some(&r),
                vec![],
                ErreursFormulaire::default(),
            )
            .await
        }
    }
}

/// GET /sessions/{session}/documents/{piece} : les octets figés, jamais recomposés.
async fn servir(a: AccesSession, Path(chemin): Path<HashMap<String, String>>) -> Reponse {
    let id: PieceId = chemin
        .get("piece")
        .and_then(|p| p.parse().ok())
        .ok_or(Erreur::Introuvable)?;
    let document = a
        .session
        .convocations
        .document(&id)
        .ok_or(Erreur::Introuvable)?;
    let piece = stockage::piece(&a.acces.etat.base, &a.acces.centre, &a.id, &id)
        .await?
        .ok_or(Erreur::Introuvable)?;
    let octets = piece.octets.ok_or(Erreur::Introuvable)?;
    // Nom ASCII de repli, et le vrai nom en UTF-8 (RFC 6266).
    let ascii: String = document
        .nom
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || " .-_()".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let nom = format!(
        "inline; filename=\"{ascii}\"; filename*=UTF-8''{}",
        crate::cadre::encoder(&document.nom).replace('/', "%2F")
    );
    let mut r = octets.into_response();
    let entetes = r.headers_mut();
    entetes.insert(header::CONTENT_TYPE, HeaderValue::from_static(edition::PDF));
    entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (n, v) in [
        (header::CONTENT_DISPOSITION, nom),
        (header::ETAG, format!("\"{}\"", document.empreinte)),
    ] {
        entetes.insert(
            n,
            HeaderValue::from_str(&v).map_err(|e| Erreur::interne(&e.to_string()))?,
        );
    }
    Ok(r)
}
