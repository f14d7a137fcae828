//! Se connecter : mot de passe, puis second facteur. Un compte inconnu répond comme un compte connu.

use crate::cadre::{Cadre, rediriger, rendre, rendre_statut};
use crate::connexions::{self, Visiteur, retour_sur};
use crate::erreurs::{Erreur, Reponse, attente};
use crate::etat::Etat;
use crate::formulaires::{ErreursFormulaire, Formulaire};
use crate::reponses::{get, post};
use crate::routes::{Nature, Route};
use crate::{motdepasse, second_facteur};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use stockage::comptes::{self, Connecte, Etape};

/// Essais permis par fenêtre : par compte, par adresse.
const ESSAIS_COMPTE: u32 = 8;
const ESSAIS_ADRESSE: u32 = 40;
const FENETRE_S: i64 = 900;

/// Les routes de connexion.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/connexion", Nature::Publique, get(montrer)),
        Route::ecrire("/connexion", Nature::Publique, post(connecter)),
        Route::lire(
            "/connexion/second-facteur",
            Nature::Publique,
            get(montrer_second),
        ),
        Route::ecrire(
            "/connexion/second-facteur",
            Nature::Publique,
            post(verifier_second),
        ),
        Route::ecrire("/deconnexion", Nature::Publique, post(deconnecter)),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Saisie {
    courriel: String,
    mot_de_passe: String,
    code: String,
    retour: String,
}

#[derive(Template)]
#[template(path = "comptes/connexion.html")]
struct PageConnexion {
    cadre: Cadre,
    erreurs: ErreursFormulaire,
    courriel: String,
    retour: String,
}

#[derive(Template)]
#[template(path = "comptes/second.html")]
struct PageSecond {
    cadre: Cadre,
    erreurs: ErreursFormulaire,
    retour: String,
}

fn page(saisie: &Saisie, erreurs: ErreursFormulaire) -> PageConnexion {
    PageConnexion {
        cadre: Cadre::public("Se connecter", "/connexion"),
        erreurs,
        courriel: saisie.courriel.chars().take(200).collect(),
        retour: retour_sur(&saisie.retour).to_owned(),
    }
}

/// GET /connexion
async fn montrer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Query(saisie): Query<Saisie>,
) -> Reponse {
    if comptes::centres(&etat.base).await?.is_empty() {
        return rediriger("/demarrage");
    }
    let ouverte = visiteur
        .connexion
        .is_some_and(|c| c.etape == Etape::Ouverte && (!c.exemple || visiteur.local));
    if ouverte {
        return rediriger(retour_sur(&saisie.retour));
    }
    rendre(&page(&saisie, ErreursFormulaire::default()))
}

/// POST /connexion
async fn connecter(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Formulaire(saisie): Formulaire<Saisie>,
) -> Reponse {
    let courriel: String = saisie
        .courriel
        .trim()
        .to_lowercase()
        .chars()
        .take(200)
        .collect();
    let maintenant = etat.horloge.secondes();
    let debits = &etat.debits;
    let cle = format!("connexion:{courriel}");
    let permis = debits
        .essayer(
            &format!("adresse:{}", visiteur.adresse),
            ESSAIS_ADRESSE,
            FENETRE_S,
            maintenant,
        )
        .and_then(|()| debits.essayer(&cle, ESSAIS_COMPTE, FENETRE_S, maintenant));
    if let Err(Erreur::TropDEssais(secondes)) = permis {
        return Ok(patienter(
            secondes,
            &page(&saisie, faute("", &attente(secondes))),
        ));
    }
    let compte = comptes::compte(&etat.base, &courriel).await?;
    let ouvrable = compte.filter(|c| c.actif && (!c.exemple || visiteur.local));
    let empreinte = ouvrable.as_ref().and_then(|c| c.mot_de_passe.as_deref());
    let bon = motdepasse::verifier(&etat, &saisie.mot_de_passe, empreinte).await?;
    let Some(compte) = ouvrable.filter(|_| bon) else {
        let phrase =
            "Ce courriel et ce mot de passe ne vont pas ensemble. Vérifiez-les, puis recommencez.";
        return rendre_statut(
            StatusCode::UNPROCESSABLE_ENTITY,
            &page(&saisie, faute("", phrase)),
        );
    };
    debits.oublier(&cle);
    let retour = retour_sur(&saisie.retour);
    let (etape, suite) = match compte.totp {
        Some(_) => (
            Etape::SecondFacteur,
            format!("/connexion/second-facteur?retour={retour}"),
        ),
        None => (Etape::Ouverte, retour.to_owned()),
    };
    connexions::ouvrir(&etat, &visiteur, &compte.courriel, etape, rediriger(&suite)).await
}

fn faute(champ: &str, phrase: &str) -> ErreursFormulaire {
    ErreursFormulaire(vec![(champ.to_owned(), phrase.to_owned())])
}

fn patienter<T: Template>(secondes: u64, page: &T) -> Response {
    let mut reponse: Response = rendre_statut(StatusCode::TOO_MANY_REQUESTS, page);
    reponse
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(secondes.max(1)));
    reponse
}

/// La connexion à demi ouverte de ce visiteur ; sinon, retour au mot de passe.
fn a_demi_ouverte(visiteur: &Visiteur) -> Result<&Connecte, Erreur> {
    let connexion = visiteur
        .connexion
        .as_ref()
        .filter(|c| c.etape == Etape::SecondFacteur);
    connexion.ok_or_else(|| Erreur::Ailleurs("/connexion".into()))
}

fn page_second(retour: &str, erreurs: ErreursFormulaire) -> PageSecond {
    PageSecond {
        cadre: Cadre::public("Second facteur", "/connexion"),
        erreurs,
        retour: retour_sur(retour).to_owned(),
    }
}

/// GET /connexion/second-facteur
async fn montrer_second(visiteur: Visiteur, Query(saisie): Query<Saisie>) -> Reponse {
    a_demi_ouverte(&visiteur)?;
    rendre(&page_second(&saisie.retour, ErreursFormulaire::default()))
}

/// POST /connexion/second-facteur
async fn verifier_second(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Formulaire(saisie): Formulaire<Saisie>,
) -> Reponse {
    let courriel = a_demi_ouverte(&visiteur)?.courriel.clone();
    let maintenant = etat.horloge.secondes();
    let cle = format!("second:{courriel}");
    if let Err(Erreur::TropDEssais(secondes)) =
        etat.debits
            .essayer(&cle, ESSAIS_COMPTE, FENETRE_S, maintenant)
    {
        return Ok(patienter(
            secondes,
            &page_second(&saisie.retour, faute("code", &attente(secondes))),
        ));
    }
    let compte = comptes::compte(&etat.base, &courriel)
        .await?
        .filter(|c| c.actif)
        .ok_or_else(|| Erreur::Ailleurs("/connexion".into()))?;
    let secret = compte.totp.as_deref().unwrap_or_default();
    let bon = match second_facteur::pas_du_code(secret, &saisie.code, maintenant)? {
        Some(pas) => comptes::consommer_pas(&etat.base, &courriel, pas).await?,
        None => {
            let empreinte =
                comptes::empreinte_du_jeton(&second_facteur::normaliser_code(&saisie.code));
            comptes::consommer_secours(&etat.base, &compte, &empreinte).await?
        }
    };
    if !bon {
        let phrase = "Ce code ne convient pas, ou il a déjà servi. Attendez le suivant, ou prenez un code de secours.";
        return rendre_statut(
            StatusCode::UNPROCESSABLE_ENTITY,
            &page_second(&saisie.retour, faute("code", phrase)),
        );
    }
    etat.debits.oublier(&cle);
    connexions::ouvrir(
        &etat,
        &visiteur,
        &courriel,
        Etape::Ouverte,
        rediriger(retour_sur(&saisie.retour)),
    )
    .await
}

/// POST /deconnexion
async fn deconnecter(State(etat): State<Etat>, visiteur: Visiteur) -> Reponse {
    if let Some(c) = &visiteur.connexion {
        comptes::fermer(&etat.base, &c.courriel, &c.connexion).await?;
    }
    let mut reponse: Response = rediriger("/connexion");
    connexions::retirer_temoin(&etat, &mut reponse)?;
    Ok(reponse)
}
