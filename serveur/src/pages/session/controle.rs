//! Emporter le dossier de contrôle d'une session : qui l'emporte, et quand, va au journal du centre.

use crate::acces::AccesSession;
use crate::dossier::{self, ErreurDossier};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::nouvel_identifiant;
use crate::pages::session::geste::Champs;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use stockage::Inscription;

/// POST /sessions/{session}/dossier
pub async fn emporter(a: AccesSession, _: Champs) -> Reponse {
    let etat = &a.acces.etat;
    let octets = dossier::composer(&etat.base, &a.acces.centre, &a.id)
        .await
        .map_err(|e| match e {
            ErreurDossier::Stockage(e) => Erreur::from(e),
            autre => Erreur::interne(&autre.to_string()),
        })?;
    let inscription = Inscription {
        acte: nouvel_identifiant(),
        le: etat.horloge.instant().to_string(),
        saisi_par: a.acces.personne.clone(),
        action: "dossier.emporte",
        details: serde_json::json!({
            "session": a.id.as_str(),
            "role": a.role.code(),
            "empreinte": stockage::journal::hexa(&stockage::journal::empreinte_des_octets(&octets)),
        }),
    };
    stockage::changer(&etat.base, &a.acces.centre, &inscription, vec![]).await?;
    let mut r = octets.into_response();
    let entetes = r.headers_mut();
    entetes.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/zip"),
    );
    entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let nom = format!("attachment; filename=\"dossier-de-controle-{}.zip\"", a.id);
    entetes.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&nom).map_err(|e| Erreur::interne(&e.to_string()))?,
    );
    Ok(r)
}
