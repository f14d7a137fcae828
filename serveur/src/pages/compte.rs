//! Mon compte : mot de passe, second facteur, codes de secours, connexions ouvertes.

use crate::acces::Acces;
use crate::cadre::{Cadre, rediriger, rediriger_fait, rendre, rendre_statut};
use crate::connexions::{self, Visiteur};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, Formulaire};
use crate::reponses::{get, post};
use crate::routes::{Nature, Route};
use crate::{motdepasse, second_facteur};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use metier::temps;
use serde::Deserialize;
use stockage::comptes::{self, CompteConnexion};

/// Les routes du compte.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/compte", Nature::Connectee, get(montrer)),
        Route::ecrire(
            "/compte/mot-de-passe",
            Nature::Connectee,
            post(changer_mot_de_passe),
        ),
        Route::lire(
            "/compte/second-facteur",
            Nature::Connectee,
            get(montrer_second),
        ),
        Route::ecrire(
            "/compte/second-facteur",
            Nature::Connectee,
            post(confirmer_second),
        ),
        Route::ecrire(
            "/compte/codes-de-secours",
            Nature::Connectee,
            post(renouveler_codes),
        ),
        Route::ecrire(
            "/compte/recapitulatif",
            Nature::Connectee,
            post(changer_recapitulatif),
        ),
        Route::ecrire(
            "/compte/connexions/fermeture",
            Nature::Connectee,
            post(fermer_les_autres),
        ),
        Route::ecrire(
            "/compte/connexions/{connexion}/fermeture",
            Nature::Connectee,
            post(fermer_une),
        ),
    ]
}

struct LigneConnexion {
    id: String,
    agent: String,
    adresse: String,
    ouverte: String,
    vue: String,
    courante: bool,
}

#[derive(Template)]
#[template(path = "comptes/compte.html")]
struct PageCompte {
    cadre: Cadre,
    erreurs: ErreursFormulaire,
    courriel: String,
    fonction: String,
    roles: String,
    second_facteur: bool,
    exige: bool,
    exemple: bool,
    minimum: usize,
    secours_restants: usize,
    recapitulatif: bool,
    envoie: bool,
    connexions: Vec<LigneConnexion>,
}

#[derive(Template)]
#[template(path = "comptes/second_facteur.html")]
struct PageSecond {
    cadre: Cadre,
    erreurs: ErreursFormulaire,
    image: String,
    cle: String,
    deja: bool,
    exige: bool,
}

#[derive(Template)]
#[template(path = "comptes/codes.html")]
struct PageCodes {
    cadre: Cadre,
    codes: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Saisie {
    actuel: String,
    nouveau: String,
    code: String,
    mot_de_passe: String,
    geste: String,
}

async fn mon_compte(acces: &Acces) -> Result<CompteConnexion, Erreur> {
    comptes::compte(&acces.etat.base, &acces.courriel)
        .await?
        .ok_or(Erreur::Introuvable)
}

fn instant(secondes: i64) -> String {
    jiff::Timestamp::from_second(secondes)
        .map(|t| temps::instant_court(&t.to_string()))
        .unwrap_or_default()
}

async fn page(acces: &Acces, erreurs: ErreursFormulaire) -> Result<PageCompte, Erreur> {
    let compte = mon_compte(acces).await?;
    let ouvertes = comptes::connexions(
        &acces.etat.base,
        &acces.courriel,
        acces.etat.horloge.secondes(),
    )
    .await?;
    let connexions = ouvertes.into_iter().map(|c| LigneConnexion {
        courante: c.id == acces.connexion,
        id: c.id,
        agent: c.agent,
        adresse: c.adresse,
        ouverte: instant(c.ouverte),
        vue: instant(c.vue),
    });
    Ok(PageCompte {
        cadre: Cadre::new(acces, "Mon compte"),
        erreurs,
        courriel: acces.courriel.clone(),
        fonction: acces.fonction.clone(),
        roles: acces
            .roles
            .iter()
            .map(|r| r.libelle())
            .collect::<Vec<_>>()
            .join(", "),
        second_facteur: acces.second_facteur,
        exige: acces.exige_second_facteur(),
        exemple: acces.exemple,
        minimum: minimum(acces),
        secours_restants: compte.secours.len(),
        recapitulatif: stockage::courriel::veut_recapitulatif(
            &acces.etat.base,
            &acces.centre,
            &acces.personne,
        )
        .await?,
        envoie: crate::courriel::serveur_actif(&acces.etat, &acces.centre)
            .await?
            .is_some(),
        connexions: connexions.collect(),
    })
}

fn minimum(acces: &Acces) -> usize {
    let second = acces.second_facteur || acces.exige_second_facteur();
    if second {
        motdepasse::MINIMUM
    } else {
        motdepasse::MINIMUM_SEUL
    }
}

/// GET /compte
async fn montrer(acces: Acces) -> Reponse {
    rendre(&page(&acces, ErreursFormulaire::default()).await?)
}

async fn corriger(acces: &Acces, champ: &str, phrase: &str) -> Reponse {
    let erreurs = ErreursFormulaire(vec![(champ.to_owned(), phrase.to_owned())]);
    rendre_statut(
        StatusCode::UNPROCESSABLE_ENTITY,
        &page(acces, erreurs).await?,
    )
}

/// Le mot de passe du compte est-il celui-ci ? Les essais sont comptés.
async fn mot_de_passe_bon(
    acces: &Acces,
    compte: &CompteConnexion,
    mot: &str,
) -> Result<bool, Erreur> {
    let etat = &acces.etat;
    let cle = format!("compte:{}", acces.courriel);
    etat.debits.essayer(&cle, 8, 900, etat.horloge.secondes())?;
    let bon = motdepasse::verifier(etat, mot, compte.mot_de_passe.as_deref()).await?;
    if bon {
        etat.debits.oublier(&cle);
    }
    Ok(bon)
}

/// POST /compte/mot-de-passe
async fn changer_mot_de_passe(acces: Acces, Formulaire(saisie): Formulaire<Saisie>) -> Reponse {
    if acces.exemple {
        return Err(Erreur::Interdit(
            "Les comptes du centre d’exemple gardent leur mot de passe.",
        ));
    }
    let compte = mon_compte(&acces).await?;
    if !mot_de_passe_bon(&acces, &compte, &saisie.actuel).await? {
        return corriger(&acces, "actuel", "Ce n’est pas votre mot de passe actuel.").await;
    }
    let second = acces.second_facteur || acces.exige_second_facteur();
    let personnels = [acces.nom.as_str(), &acces.courriel, &acces.nom_centre];
    if let Err(phrase) = motdepasse::controler(&saisie.nouveau, second, &personnels) {
        return corriger(&acces, "nouveau", &phrase).await;
    }
    let empreinte = motdepasse::hacher(&acces.etat, &saisie.nouveau).await?;
    comptes::changer_mot_de_passe(
        &acces.etat.base,
        &acces.courriel,
        &empreinte,
        &acces.connexion,
    )
    .await?;
    rediriger_fait(
        "/compte",
        "Votre mot de passe est changé, et vos autres connexions sont fermées.",
    )
}

async fn page_second(
    acces: &Acces,
    compte: &CompteConnexion,
    erreurs: ErreursFormulaire,
) -> Result<PageSecond, Erreur> {
    let secret = match &compte.totp_attente {
        Some(secret) => secret.clone(),
        None => {
            let secret = second_facteur::nouveau_secret()?;
            comptes::poser_secret_en_attente(&acces.etat.base, &acces.courriel, &secret).await?;
            secret
        }
    };
    Ok(PageSecond {
        cadre: Cadre::new(acces, "Second facteur"),
        erreurs,
        image: second_facteur::image(&second_facteur::adresse(&secret, &acces.courriel))?,
        cle: second_facteur::cle_lisible(&secret),
        deja: compte.totp.is_some(),
        exige: acces.exige_second_facteur(),
    })
}

/// GET /compte/second-facteur
async fn montrer_second(acces: Acces) -> Reponse {
    let compte = mon_compte(&acces).await?;
    rendre(&page_second(&acces, &compte, ErreursFormulaire::default()).await?)
}

/// POST /compte/second-facteur
async fn confirmer_second(acces: Acces, Formulaire(saisie): Formulaire<Saisie>) -> Reponse {
    let compte = mon_compte(&acces).await?;
    let Some(secret) = &compte.totp_attente else {
        return rediriger("/compte/second-facteur");
    };
    let mut erreurs = ErreursFormulaire::default();
    // Remplacer un second facteur redemande le mot de passe : une connexion laissée ouverte ne suffit pas.
    if compte.totp.is_some() && !mot_de_passe_bon(&acces, &compte, &saisie.mot_de_passe).await? {
        erreurs.ajouter("mot_de_passe", "Ce n’est pas votre mot de passe.");
    }
    let cle = format!("second:{}", acces.courriel);
    acces
        .etat
        .debits
        .essayer(&cle, 8, 900, acces.etat.horloge.secondes())?;
    let pas = second_facteur::pas_du_code(secret, &saisie.code, acces.etat.horloge.secondes())?;
    let Some(pas) = pas.filter(|_| erreurs.est_vide()) else {
        if pas.is_none() {
            erreurs.ajouter("code", "Ce code ne convient pas. Vérifiez l’heure du téléphone, puis recopiez le code suivant.");
        }
        return rendre_statut(
            StatusCode::UNPROCESSABLE_ENTITY,
            &page_second(&acces, &compte, erreurs).await?,
        );
    };
    let (codes, empreintes) = second_facteur::codes_de_secours()?;
    comptes::confirmer_second_facteur(
        &acces.etat.base,
        &acces.courriel,
        secret,
        pas,
        &empreintes,
        &acces.connexion,
    )
    .await?;
    acces.etat.debits.oublier(&cle);
    rendre(&PageCodes {
        cadre: Cadre::new(&acces, "Codes de secours"),
        codes,
    })
}

/// POST /compte/codes-de-secours
async fn renouveler_codes(acces: Acces, Formulaire(saisie): Formulaire<Saisie>) -> Reponse {
    let compte = mon_compte(&acces).await?;
    if compte.totp.is_none() {
        return rediriger("/compte/second-facteur");
    }
    if !mot_de_passe_bon(&acces, &compte, &saisie.mot_de_passe).await? {
        return corriger(&acces, "mot_de_passe", "Ce n’est pas votre mot de passe.").await;
    }
    let (codes, empreintes) = second_facteur::codes_de_secours()?;
    comptes::renouveler_secours(&acces.etat.base, &acces.courriel, &empreintes).await?;
    rendre(&PageCodes {
        cadre: Cadre::new(&acces, "Codes de secours"),
        codes,
    })
}

/// POST /compte/recapitulatif
async fn changer_recapitulatif(acces: Acces, Formulaire(saisie): Formulaire<Saisie>) -> Reponse {
    let veut = crate::formulaires::lire_activite(&saisie.geste)?;
    stockage::courriel::vouloir_recapitulatif(
        &acces.etat.base,
        &acces.centre,
        &acces.personne,
        veut,
    )
    .await?;
    rediriger_fait(
        "/compte",
        if veut {
            "Vous recevrez le récapitulatif du matin."
        } else {
            "Vous ne recevrez plus le récapitulatif du matin."
        },
    )
}

/// POST /compte/connexions/fermeture
async fn fermer_les_autres(acces: Acces) -> Reponse {
    comptes::fermer_toutes(&acces.etat.base, &acces.courriel, &acces.connexion).await?;
    rediriger_fait("/compte", "Vos autres connexions sont fermées.")
}

/// POST /compte/connexions/{connexion}/fermeture
async fn fermer_une(acces: Acces, visiteur: Visiteur, Path(id): Path<String>) -> Reponse {
    if !comptes::fermer(&acces.etat.base, &acces.courriel, &id).await? {
        return Err(Erreur::Introuvable);
    }
    if visiteur.connexion.is_some_and(|c| c.connexion == id) {
        let mut reponse: Response = rediriger("/connexion");
        connexions::retirer_temoin(&acces.etat, &mut reponse)?;
        return Ok(reponse);
    }
    rediriger_fait("/compte", "Cette connexion est fermée.")
}
