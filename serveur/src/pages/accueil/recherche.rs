//! La recherche : des sessions et des candidats, parmi ceux que la personne a le droit de voir.

use crate::acces::Acces;
use crate::cadre::{Cadre, rendre};
use crate::erreurs::Reponse;
use askama::Template;
use axum::extract::Query;
use metier::temps;
use serde::Deserialize;
use stockage::vues::{self, Filtre};

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
                    crate::pages::session::titre(&s),
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
