//! L'adresse de son agenda : la créer, la voir une fois, la remplacer, la révoquer.

use crate::acces::Acces;
use crate::cadre::{Cadre, rediriger_fait, rendre};
use crate::erreurs::Reponse;
use crate::second_facteur;
use askama::Template;
use metier::temps;
use stockage::agendas;

#[derive(Template)]
#[template(path = "accueil/agenda.html")]
struct Page {
    cadre: Cadre,
    adresse: String,
    depuis: String,
}

/// GET /compte/agenda
pub async fn montrer(a: Acces) -> Reponse {
    page(&a, String::new()).await
}

/// POST /compte/agenda : une adresse neuve ; celle d'avant ne vaut plus rien.
pub async fn ouvrir(a: Acces) -> Reponse {
    let jeton = second_facteur::jeton()?;
    let le = a.etat.horloge.instant().to_string();
    agendas::ouvrir(&a.etat.base, &a.centre, &a.personne, &jeton, &le).await?;
    page(&a, format!("{}/agenda/{jeton}.ics", a.etat.origine)).await
}

/// POST /compte/agenda/fermeture
pub async fn fermer(a: Acces) -> Reponse {
    agendas::fermer(&a.etat.base, &a.centre, &a.personne).await?;
    Ok(rediriger_fait(
        "/compte/agenda",
        "L’adresse est révoquée : votre agenda ne se lit plus.",
    ))
}

async fn page(a: &Acces, adresse: String) -> Reponse {
    let depuis = agendas::ouvert_le(&a.etat.base, &a.centre, &a.personne).await?;
    Ok(rendre(&Page {
        cadre: Cadre::connecte("Mon agenda", "/compte/agenda", a),
        adresse,
        depuis: depuis.map(|d| temps::instant_court(&d)).unwrap_or_default(),
    }))
}
