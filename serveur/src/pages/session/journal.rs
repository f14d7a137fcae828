//! Le journal d'une session : qui a fait, qui a saisi, quand.

use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rendre};
use crate::erreurs::Reponse;
use askama::Template;
use axum::extract::Query;
use metier::temps;
use serde::Deserialize;

/// Écritures par page.
const PAR_PAGE: u64 = 100;

#[derive(Template)]
#[template(path = "session/journal.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    lignes: Vec<Ligne>,
    empreinte: String,
    plus_anciennes: Option<String>,
}

struct Ligne {
    rang: u64,
    le: String,
    quand: String,
    phrase: String,
    realise_par: String,
    saisi_par: String,
}

/// La page demandée.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Demande {
    avant: Option<u64>,
}

/// GET /sessions/{session}/journal
pub async fn montrer(a: AccesSession, Query(q): Query<Demande>) -> Reponse {
    let avant = q.avant.unwrap_or(a.tete.rang + 1).clamp(1, a.tete.rang + 1);
    let depuis = avant.saturating_sub(PAR_PAGE).max(1);
    let noms = super::noms(&a).await?;
    let nom = |id: &str| {
        if id == crate::courriel::ACTEUR_PAR_LIEN {
            return "La personne elle-même, par son lien privé".to_owned();
        }
        noms.get(id)
            .cloned()
            .unwrap_or_else(|| "Personne retirée".into())
    };
    let etat = &a.acces.etat;
    let mut lignes: Vec<_> =
        stockage::journal(&etat.base, &a.acces.centre, &a.id, depuis, avant - depuis)
            .await?
            .into_iter()
            .map(|l| Ligne {
                rang: l.rang,
                quand: temps::instant_court(&l.le),
                phrase: match &l.evenement {
                    Some(e) => e.phrase(),
                    None => format!("Contenu purgé ({})", l.etiquette),
                },
                realise_par: l
                    .realise_par
                    .as_ref()
                    .map(|p| nom(p.as_str()))
                    .unwrap_or_default(),
                saisi_par: nom(l.saisi_par.as_str()),
                le: l.le,
            })
            .collect();
    lignes.reverse();
    Ok(rendre(&Page {
        cadre: Cadre::connecte(
            format!("Journal – {}", super::titre(&a.session)),
            a.base(),
            &a.acces,
        ),
        tete: TeteSession::nouvelle(&a.id, &a.session, a.jour(), "journal"),
        lignes,
        empreinte: a.tete.courte(),
        plus_anciennes: (depuis > 1).then(|| format!("{}/journal?avant={depuis}", a.base())),
    }))
}
