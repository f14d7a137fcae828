//! Connexion, second facteur, invitations, équipe, révocation, limites.

use crate::banc::{Banc, CHEF, MOT, Navigateur};
use axum::http::StatusCode;
use stockage::comptes;

const INVITEE: &str = "invitee@centre.fr";
const MOT_INVITEE: &str = "encore quatre mots differents";

/// Invite une personne par la page, et rend le chemin de son lien.
async fn inviter(banc: &Banc, chef: &mut Navigateur, role: &str) -> String {
    let champs = [
        ("acte", &*uuid::Uuid::now_v7().to_string()),
        ("prenom", "Ada"),
        ("nom", "Invitée"),
        ("fonction", "Formatrice"),
        ("courriel", INVITEE),
        ("roles", role),
        ("geste", "inviter"),
    ];
    let page = chef
        .poster(banc, "/equipe", &champs)
        .await
        .vaut(StatusCode::OK);
    page.entre("value=\"http://127.0.0.1:8080", "\"")
}

async fn personne(banc: &Banc, courriel: &str) -> String {
    comptes::compte(&banc.etat.base, courriel)
        .await
        .unwrap()
        .unwrap()
        .personne
        .to_string()
}

#[tokio::test]
async fn la_connexion_demande_le_mot_de_passe_puis_un_code_neuf() {
    let (banc, _, secret) = Banc::avec_centre().await;
    let mut n = Navigateur::default();
    n.se_connecter(&banc, CHEF, MOT)
        .await
        .mene("/connexion/second-facteur?retour=/");
    let demi = n.temoins["garant"].clone();
    n.lire(&banc, "/sessions")
        .await
        .mene("/connexion/second-facteur");
    // Le code qui a servi à la mise en place ne sert pas une seconde fois.
    let code = banc.code(&secret);
    n.poster(&banc, "/connexion/second-facteur", &[("code", &code)])
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    banc.attendre(30);
    let code = banc.code(&secret);
    n.poster(
        &banc,
        "/connexion/second-facteur",
        &[("code", &code), ("retour", "/sessions")],
    )
    .await
    .mene("/sessions");
    assert_ne!(
        n.temoins["garant"], demi,
        "un identifiant neuf à la connexion"
    );
    n.lire(&banc, "/sessions").await.vaut(StatusCode::OK);
    let mut ancien = Navigateur::default();
    ancien.temoins.insert("garant".into(), demi);
    ancien
        .lire(&banc, "/sessions")
        .await
        .mene("/connexion?retour=/sessions");
}

#[tokio::test]
async fn un_code_de_secours_remplace_le_telephone_une_seule_fois() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let page = chef
        .poster(&banc, "/compte/codes-de-secours", &[("mot_de_passe", MOT)])
        .await
        .vaut(StatusCode::OK);
    let code = page.entre("<li><code>", "</code>");
    for (essai, bon) in [(1, true), (2, false)] {
        let mut n = Navigateur::default();
        n.se_connecter(&banc, CHEF, MOT).await;
        let lue = n
            .poster(
                &banc,
                "/connexion/second-facteur",
                &[("code", &code.to_uppercase())],
            )
            .await;
        assert_eq!(lue.statut == StatusCode::SEE_OTHER, bon, "essai {essai}");
    }
}

#[tokio::test]
async fn un_compte_inconnu_repond_comme_un_mauvais_mot_de_passe() {
    let (banc, ..) = Banc::avec_centre().await;
    let mut n = Navigateur::default();
    let connu = n
        .se_connecter(&banc, CHEF, "pas le bon mot de passe")
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    let inconnu = n
        .se_connecter(&banc, "nulle@centre.fr", "pas le bon mot de passe")
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        connu.corps.replace(CHEF, "?"),
        inconnu.corps.replace("nulle@centre.fr", "?")
    );
}

#[tokio::test]
async fn les_essais_de_connexion_sont_limites_meme_pour_un_compte_inconnu() {
    let (banc, ..) = Banc::avec_centre().await;
    for courriel in [CHEF, "nulle@centre.fr"] {
        let mut n = Navigateur::default();
        for _ in 0..8 {
            n.se_connecter(&banc, courriel, "faux")
                .await
                .vaut(StatusCode::UNPROCESSABLE_ENTITY);
        }
        let lue = n
            .se_connecter(&banc, courriel, MOT)
            .await
            .vaut(StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(lue.entetes["retry-after"], "900");
    }
    banc.attendre(901);
    Navigateur::default()
        .se_connecter(&banc, CHEF, MOT)
        .await
        .vaut(StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn une_invitation_ouvre_un_compte_une_fois_et_dans_les_72_heures() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let lien = inviter(&banc, &mut chef, "secretariat").await;
    let mut invitee = Navigateur::default();
    invitee.lire(&banc, &lien).await.vaut(StatusCode::OK);
    // Sans second facteur, il faut quinze caractères.
    invitee
        .poster(&banc, &lien, &[("mot_de_passe", "douze signes")])
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    invitee
        .poster(&banc, &lien, &[("mot_de_passe", MOT_INVITEE)])
        .await
        .mene("/");
    invitee.lire(&banc, "/sessions").await.vaut(StatusCode::OK);
    invitee
        .lire(&banc, "/equipe")
        .await
        .vaut(StatusCode::FORBIDDEN);
    Navigateur::default()
        .lire(&banc, &lien)
        .await
        .vaut(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn une_invitation_expire_se_renvoie_et_se_revoque() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let lien = inviter(&banc, &mut chef, "secretariat").await;
    banc.attendre(72 * 3600 - 1);
    // L'administrateur s'est reconnecté entre-temps : sa connexion a expiré.
    Navigateur::default()
        .lire(&banc, &lien)
        .await
        .vaut(StatusCode::OK);
    banc.attendre(1);
    Navigateur::default()
        .lire(&banc, &lien)
        .await
        .vaut(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn renvoyer_une_invitation_annule_l_ancienne_et_la_revoquer_les_annule_toutes() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let premier = inviter(&banc, &mut chef, "secretariat").await;
    let equipe = chef.lire(&banc, "/equipe").await.vaut(StatusCode::OK);
    let fiche = equipe
        .corps
        .match_indices("href=\"/equipe/")
        .map(|(i, _)| equipe.corps[i + 6..].split('"').next().unwrap().to_owned());
    let fiche = fiche
        .filter(|f| f != "/equipe/nouvelle")
        .find(|f| equipe.corps.contains(&format!("{f}\">Ada")))
        .expect("fiche");
    let champs = [
        ("acte", "renvoi-1"),
        ("courriel", INVITEE),
        ("roles", "secretariat"),
    ];
    let page = chef
        .poster(&banc, &format!("{fiche}/invitation"), &champs)
        .await
        .vaut(StatusCode::OK);
    let second = page.entre("value=\"http://127.0.0.1:8080", "\"");
    Navigateur::default()
        .lire(&banc, &premier)
        .await
        .vaut(StatusCode::NOT_FOUND);
    Navigateur::default()
        .lire(&banc, &second)
        .await
        .vaut(StatusCode::OK);
    chef.poster(
        &banc,
        &format!("{fiche}/invitation/revocation"),
        &[("acte", "revocation-1")],
    )
    .await
    .mene(&fiche);
    Navigateur::default()
        .lire(&banc, &second)
        .await
        .vaut(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn un_compte_perdu_se_rouvre_par_invitation_sans_son_ancien_second_facteur() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let lien = inviter(&banc, &mut chef, "responsable").await;
    let mut invitee = Navigateur::default();
    invitee
        .poster(&banc, &lien, &[("mot_de_passe", MOT_INVITEE)])
        .await
        .mene("/");
    invitee.enroler(&banc).await;
    let id = personne(&banc, INVITEE).await;
    let page = chef
        .poster(
            &banc,
            &format!("/equipe/{id}/invitation"),
            &[("acte", "perdu-1")],
        )
        .await
        .vaut(StatusCode::OK);
    let lien = page.entre("value=\"http://127.0.0.1:8080", "\"");
    let mut neuve = Navigateur::default();
    neuve
        .poster(
            &banc,
            &lien,
            &[("mot_de_passe", "un autre mot de passe long")],
        )
        .await
        .mene("/");
    neuve
        .lire(&banc, "/sessions")
        .await
        .mene("/compte/second-facteur");
    invitee
        .lire(&banc, "/sessions")
        .await
        .mene("/connexion?retour=/sessions");
}

#[tokio::test]
async fn desactiver_un_compte_ferme_sa_connexion_a_l_instant_et_demande_un_motif() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let lien = inviter(&banc, &mut chef, "secretariat").await;
    let mut invitee = Navigateur::default();
    invitee
        .poster(&banc, &lien, &[("mot_de_passe", MOT_INVITEE)])
        .await
        .mene("/");
    let id = personne(&banc, INVITEE).await;
    let chemin = format!("/equipe/{id}/activite");
    chef.poster(&banc, &chemin, &[("acte", "a1"), ("geste", "desactiver")])
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    invitee.lire(&banc, "/compte").await.vaut(StatusCode::OK);
    chef.poster(
        &banc,
        &chemin,
        &[
            ("acte", "a2"),
            ("geste", "desactiver"),
            ("motif", "départ du centre"),
        ],
    )
    .await
    .vaut(StatusCode::SEE_OTHER);
    invitee
        .lire(&banc, "/compte")
        .await
        .mene("/connexion?retour=/compte");
    invitee
        .se_connecter(&banc, INVITEE, MOT_INVITEE)
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn le_centre_garde_toujours_un_administrateur() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let id = personne(&banc, CHEF).await;
    let champs = [
        ("acte", "r1"),
        ("roles", "responsable"),
        ("motif", "je passe la main"),
    ];
    let page = chef
        .poster(&banc, &format!("/equipe/{id}/roles"), &champs)
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.corps.contains("dernière personne qui administre"));
}

#[tokio::test]
async fn une_connexion_se_liste_se_ferme_et_n_appartient_qu_a_son_compte() {
    let (banc, mut chef, secret) = Banc::avec_centre().await;
    banc.attendre(30);
    let mut autre = Navigateur::default();
    autre.se_connecter(&banc, CHEF, MOT).await;
    autre
        .poster(
            &banc,
            "/connexion/second-facteur",
            &[("code", &banc.code(&secret))],
        )
        .await
        .mene("/");
    let page = chef.lire(&banc, "/compte").await.vaut(StatusCode::OK);
    assert_eq!(
        page.corps.matches("/fermeture\"><button").count(),
        3,
        "deux connexions et « toutes les autres »"
    );
    chef.poster(&banc, "/compte/connexions/inconnue/fermeture", &[])
        .await
        .vaut(StatusCode::NOT_FOUND);
    chef.poster(&banc, "/compte/connexions/fermeture", &[])
        .await
        .mene("/compte");
    autre
        .lire(&banc, "/compte")
        .await
        .mene("/connexion?retour=/compte");
    chef.poster(&banc, "/deconnexion", &[])
        .await
        .mene("/connexion");
    chef.lire(&banc, "/compte")
        .await
        .mene("/connexion?retour=/compte");
}

#[tokio::test]
async fn changer_de_mot_de_passe_demande_l_actuel_et_ferme_les_autres_connexions() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let faux = [("actuel", "faux"), ("nouveau", "un nouveau mot de passe")];
    chef.poster(&banc, "/compte/mot-de-passe", &faux)
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    let connu = [("actuel", MOT), ("nouveau", "motdepasse123")];
    chef.poster(&banc, "/compte/mot-de-passe", &connu)
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    let bon = [("actuel", MOT), ("nouveau", "un nouveau mot de passe")];
    chef.poster(&banc, "/compte/mot-de-passe", &bon)
        .await
        .mene("/compte");
    let page = chef.lire(&banc, "/compte").await.vaut(StatusCode::OK);
    assert!(
        page.corps.contains("Votre mot de passe est changé"),
        "le message se montre une fois"
    );
    assert!(
        !chef
            .lire(&banc, "/compte")
            .await
            .corps
            .contains("Votre mot de passe est changé")
    );
    Navigateur::default()
        .se_connecter(&banc, CHEF, MOT)
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
}
