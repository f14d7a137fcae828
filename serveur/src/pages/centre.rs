//! Le centre : son identité, son logo, les mots de l'administration de son territoire.

pub(super) mod identifiants;
mod identite;
mod logo;

use crate::acces::Acces;
use crate::cadre::{Cadre, rendre_statut};
use crate::erreurs::Reponse;
use crate::formulaires::{ErreursFormulaire, nouvel_identifiant};
use crate::reponses::{get, post};
use crate::routes::{DroitCentre, Nature, Route};
use askama::Template;
use axum::http::StatusCode;
use metier::Acte;
use stockage::sites::{self, IdentiteCentre};

const ORGANISER: Nature = Nature::Centre(DroitCentre::Organiser);

/// Les routes du centre.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/centre", Nature::Connectee, get(fiche)),
        Route::lire("/centre/identite", ORGANISER, get(identite::montrer)),
        Route::ecrire("/centre/identite", ORGANISER, post(identite::corriger)),
        Route::lire("/centre/logo", Nature::Connectee, get(logo::image)),
        Route::ecrire("/centre/logo", ORGANISER, post(logo::remplacer)),
        Route::ecrire("/centre/logo/retrait", ORGANISER, post(logo::retirer)),
    ]
}

#[derive(Template)]
#[template(path = "centre/fiche.html")]
struct PageCentre {
    cadre: Cadre,
    i: IdentiteCentre,
    peut_ecrire: bool,
    lignes: Vec<(&'static str, String)>,
    autorite: Vec<(&'static str, String)>,
    sites: Vec<(String, String)>,
    acte: String,
    acte_retrait: String,
    erreurs: ErreursFormulaire,
}

/// GET /centre
async fn fiche(acces: Acces) -> Reponse {
    montrer(&acces, StatusCode::OK, ErreursFormulaire::default()).await
}

/// La page du centre, avec les fautes d'un logo refusé.
async fn montrer(acces: &Acces, statut: StatusCode, erreurs: ErreursFormulaire) -> Reponse {
    let (base, centre) = (&acces.etat.base, &acces.centre);
    let i = sites::identite(base, centre).await?;
    let lieux = sites::sites(base, centre).await?;
    let commune = format!("{} {}", i.code_postal, i.ville);
    let adresse = [i.adresse.as_str(), commune.trim()]
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    let lignes = vec![
        ("Nom", i.nom.clone()),
        ("Adresse", adresse),
        ("SIRET", identifiants::grouper(&i.siret, &[3, 3, 3, 5])),
        (
            "Déclaration d’activité",
            identifiants::grouper(&i.nda, &[2, 2, 5, 2]),
        ),
        ("Contact", i.contact.clone()),
        ("Courriel", i.courriel.clone()),
        ("Téléphone", i.telephone.clone()),
    ];
    let autorite = vec![
        ("Sigle", i.sigle_autorite().to_owned()),
        ("Nom complet", i.autorite_nom.clone()),
        ("Adresse", i.autorite_adresse.replace('\n', ", ")),
        ("Courriel", i.autorite_courriel.clone()),
    ];
    let page = PageCentre {
        cadre: Cadre::connecte("Centre", "/centre", acces),
        peut_ecrire: acces.peut_organiser(),
        lignes,
        autorite,
        sites: lieux
            .into_iter()
            .filter(|s| s.fiche.actif)
            .map(|s| (s.id.to_string(), s.fiche.nom))
            .collect(),
        acte: nouvel_identifiant::<Acte>().to_string(),
        acte_retrait: nouvel_identifiant::<Acte>().to_string(),
        erreurs,
        i,
    };
    Ok(rendre_statut(statut, &page))
}
