//! Ouvrir son compte depuis une invitation : un lien, 72 heures, une seule fois.

use crate::cadre::{Cadre, rediriger_fait, rendre, rendre_statut};
use crate::connexions::{self, Visiteur};
use crate::erreurs::{Erreur, Reponse};
use crate::etat::Etat;
use crate::formulaires::{ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::motdepasse;
use crate::reponses::{get, post};
use crate::routes::{Nature, Route};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use metier::Role;
use serde::Deserialize;
use serde_json::json;
use stockage::Inscription;
use stockage::comptes::{self, Etape, Invitation};

/// Les routes des invitations.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/invitations/{jeton}", Nature::Publique, get(montrer)),
        Route::ecrire("/invitations/{jeton}", Nature::Publique, post(accepter)),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Saisie {
    mot_de_passe: String,
}

#[derive(Template)]
#[template(path = "comptes/invitation.html")]
struct Page {
    cadre: Cadre,
    erreurs: ErreursFormulaire,
    nom: String,
    centre: String,
    courriel: String,
    roles: String,
    minimum: usize,
    exige: bool,
}

async fn lire(etat: &Etat, visiteur: &Visiteur, jeton: &str) -> Result<Invitation, Erreur> {
    let maintenant = etat.horloge.secondes();
    etat.debits.essayer(
        &format!("invitation:{}", visiteur.adresse),
        60,
        900,
        maintenant,
    )?;
    let trouvee = comptes::lire_invitation(&etat.base, jeton, maintenant).await?;
    trouvee
        .filter(|i| !i.exemple || visiteur.local)
        .ok_or(Erreur::Introuvable)
}

fn exige(invitation: &Invitation) -> bool {
    invitation
        .roles
        .iter()
        .any(|r| matches!(r, Role::Administrateur | Role::Responsable))
}

fn page(invitation: &Invitation, erreurs: ErreursFormulaire) -> Page {
    let exige = exige(invitation);
    Page {
        cadre: Cadre::public("Ouvrir mon compte", "/invitations"),
        erreurs,
        nom: invitation.personne.nom_complet(),
        centre: invitation.nom_centre.clone(),
        courriel: invitation.personne.courriel.clone(),
        roles: invitation
            .roles
            .iter()
            .map(|r| r.libelle())
            .collect::<Vec<_>>()
            .join(", "),
        minimum: if exige {
            motdepasse::MINIMUM
        } else {
            motdepasse::MINIMUM_SEUL
        },
        exige,
    }
}

/// GET /invitations/{jeton}
async fn montrer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Path(jeton): Path<String>,
) -> Reponse {
    let invitation = lire(&etat, &visiteur, &jeton).await?;
    rendre(&page(&invitation, ErreursFormulaire::default()))
}

/// POST /invitations/{jeton}
async fn accepter(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Path(jeton): Path<String>,
    Formulaire(saisie): Formulaire<Saisie>,
) -> Reponse {
    let invitation = lire(&etat, &visiteur, &jeton).await?;
    let p = &invitation.personne;
    let personnels = [
        p.nom.as_str(),
        &p.prenom,
        &p.courriel,
        &invitation.nom_centre,
    ];
    if let Err(phrase) =
        motdepasse::controler(&saisie.mot_de_passe, exige(&invitation), &personnels)
    {
        let erreurs = ErreursFormulaire(vec![("mot_de_passe".into(), phrase)]);
        return rendre_statut(
            StatusCode::UNPROCESSABLE_ENTITY,
            &page(&invitation, erreurs),
        );
    }
    let empreinte = motdepasse::hacher(&etat, &saisie.mot_de_passe).await?;
    let inscription = Inscription {
        acte: nouvel_identifiant(),
        le: etat.horloge.instant().to_string(),
        saisi_par: p.id.clone(),
        action: "equipe.compte_ouvert",
        details: json!({ "personne": p.id.as_str() }),
    };
    comptes::accepter_invitation(&etat.base, &invitation, &jeton, &empreinte, &inscription).await?;
    let suite = rediriger_fait(
        "/",
        "Votre compte est ouvert : vous êtes connecté avec votre nouveau mot de passe.",
    );
    // Une autre personne peut être connectée sur ce poste : sa connexion n'est pas reprise.
    let neuf = Visiteur {
        connexion: None,
        ..visiteur
    };
    connexions::ouvrir(&etat, &neuf, &p.courriel, Etape::Ouverte, suite).await
}
