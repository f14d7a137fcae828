//! Le lien de contrôle : une personne qui contrôle ouvre une session, en lecture, sans compte, jusqu'à une date.
//!
//! Suivre le lien ne change rien : un bouton ouvre l'accès et pose un témoin, pour que rien ne s'ouvre tout seul.

use crate::acces::{Acces, AccesSession, lire_temoin};
use crate::cadre::{Cadre, rediriger, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::etat::Etat;
use crate::formulaires::nouvel_identifiant;
use crate::reponses::{get, post};
use crate::routes::{Nature, Route};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use metier::{Role, SessionId, temps};
use stockage::Inscription;
use stockage::acces_controle::{self, Ouverture};

/// Les routes des liens de contrôle.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/controle/{jeton}", Nature::Publique, get(montrer)),
        Route::ecrire("/controle/{jeton}", Nature::Publique, post(ouvrir)),
        Route::ecrire("/quitter-le-controle", Nature::Publique, post(quitter)),
    ]
}

fn nom_temoin(tls: bool) -> &'static str {
    if tls {
        "__Host-garant-controle"
    } else {
        "garant-controle"
    }
}

#[derive(Template)]
#[template(path = "comptes/acces_de_controle.html")]
struct Page {
    cadre: Cadre,
    ouverture: Option<Vue>,
    jeton: String,
}

struct Vue {
    nom: String,
    organisme: String,
    centre: String,
    session: String,
    jusqu_au: String,
}

/// GET /controle/{jeton}
async fn montrer(State(etat): State<Etat>, Path(jeton): Path<String>) -> Reponse {
    let ouverture = valide(&etat, &jeton).await?;
    let vue = match &ouverture {
        None => None,
        Some(o) => {
            let (s, _) = stockage::charger(&etat.base, &o.centre, &o.session)
                .await?
                .ok_or(Erreur::Introuvable)?;
            Some(Vue {
                nom: o.nom.clone(),
                organisme: o.organisme.clone(),
                centre: o.nom_centre.clone(),
                session: super::session::titre(&s),
                jusqu_au: jiff::Timestamp::from_second(o.expire - 1)
                    .map(|t| temps::date_longue(t.to_zoned_datetime(temps::paris()).date()))
                    .unwrap_or_default(),
            })
        }
    };
    let statut = if vue.is_some() {
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    };
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::public("Accès de contrôle", "/controle"),
            ouverture: vue,
            jeton,
        },
    ))
}

/// POST /controle/{jeton} : ouvre l'accès.
async fn ouvrir(State(etat): State<Etat>, Path(jeton): Path<String>) -> Reponse {
    let Some(o) = valide(&etat, &jeton).await? else {
        return montrer(State(etat), Path(jeton)).await;
    };
    let inscription = Inscription {
        acte: nouvel_identifiant(),
        le: etat.horloge.instant().to_string(),
        saisi_par: acces_controle::personne(&o.id),
        action: "controle.ouvert",
        details: serde_json::json!({ "session": o.session.as_str(), "acces": o.id }),
    };
    acces_controle::noter_ouverture(&etat.base, &o, &inscription).await?;
    let duree = (o.expire - etat.horloge.secondes()).max(0);
    let mut r: Response = rediriger(&format!("/sessions/{}", o.session));
    poser(&mut r, &etat, &jeton, duree)?;
    Ok(r)
}

/// POST /quitter-le-controle
async fn quitter(State(etat): State<Etat>) -> Reponse {
    let mut r: Response = rediriger("/connexion");
    poser(&mut r, &etat, "", 0)?;
    Ok(r)
}

fn poser(r: &mut Response, etat: &Etat, jeton: &str, duree: i64) -> Result<(), Erreur> {
    let temoin = format!(
        "{}={jeton}; Path=/; HttpOnly; SameSite=Lax; Max-Age={duree}{}",
        nom_temoin(etat.tls),
        if etat.tls { "; Secure" } else { "" }
    );
    r.headers_mut().append(
        header::SET_COOKIE,
        HeaderValue::from_str(&temoin).map_err(|e| Erreur::interne(&e.to_string()))?,
    );
    Ok(())
}

async fn valide(etat: &Etat, jeton: &str) -> Result<Option<Ouverture>, Erreur> {
    if jeton.len() != 64 || !jeton.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(None);
    }
    Ok(acces_controle::ouvrir(&etat.base, jeton, etat.horloge.secondes()).await?)
}

/// L'accès de qui contrôle cette session, d'après son témoin ; rien s'il n'en a pas, ou pas pour elle.
pub async fn invite(
    parts: &Parts,
    etat: &Etat,
    session: &SessionId,
) -> Result<Option<AccesSession>, Erreur> {
    let Some(jeton) = lire_temoin(&parts.headers, nom_temoin(etat.tls)) else {
        return Ok(None);
    };
    let Some(o) = valide(etat, jeton).await?.filter(|o| o.session == *session) else {
        return Ok(None);
    };
    // Un centre d'exemple ne se montre que sur sa machine.
    if o.exemple && !crate::securite::est_local(&parts.extensions, &parts.headers) {
        return Ok(None);
    }
    let Some((rejouee, tete)) = stockage::charger(&etat.base, &o.centre, session).await? else {
        return Ok(None);
    };
    Ok(Some(AccesSession {
        acces: Acces {
            etat: etat.clone(),
            connexion: String::new(),
            courriel: String::new(),
            personne: acces_controle::personne(&o.id),
            nom: o.nom,
            fonction: o.organisme,
            centre: o.centre,
            nom_centre: o.nom_centre,
            exemple: o.exemple,
            roles: vec![],
            second_facteur: true,
            message: None,
            chemin: parts.uri.path().to_owned(),
        },
        id: session.clone(),
        session: rejouee,
        tete,
        role: Role::Inspecteur,
    }))
}
