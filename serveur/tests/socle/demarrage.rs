//! Le premier démarrage : sans le code, rien ; avec lui, une seule fois.

use crate::banc::{Banc, CHEF, CODE, MOT, Navigateur, centre_complet};
use axum::http::StatusCode;
use serveur::exemple;
use stockage::{comptes, journal_du_centre, sites};

#[tokio::test]
async fn sur_une_base_vide_tout_mene_au_premier_demarrage() {
    let banc = Banc::ouvrir().await;
    let mut n = Navigateur::default();
    n.lire(&banc, "/compte")
        .await
        .mene("/connexion?retour=/compte");
    n.lire(&banc, "/connexion").await.mene("/demarrage");
    n.lire(&banc, "/demarrage").await.vaut(StatusCode::OK);
}

#[tokio::test]
async fn sans_le_bon_code_rien_ne_se_cree_et_les_essais_sont_comptes() {
    let banc = Banc::ouvrir().await;
    let mut n = Navigateur::default();
    for _ in 0..20 {
        n.poster(
            &banc,
            "/demarrage",
            &[("code", "aaaaa-aaaaa"), ("choix", "creer")],
        )
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let lue = n
        .poster(&banc, "/demarrage", &[("code", CODE), ("choix", "creer")])
        .await
        .vaut(StatusCode::TOO_MANY_REQUESTS);
    assert!(lue.entetes.contains_key("retry-after"));
    assert!(comptes::centres(&banc.etat.base).await.unwrap().is_empty());
}

#[tokio::test]
async fn creer_son_centre_ouvre_une_connexion_puis_exige_le_second_facteur() {
    let banc = Banc::ouvrir().await;
    let mut n = Navigateur::default();
    let page = n
        .poster(
            &banc,
            "/demarrage",
            &[("code", "ABCDE FGHIJ"), ("choix", "creer")],
        )
        .await
        .vaut(StatusCode::OK);
    assert!(page.corps.contains("Créer mon centre"));
    n.poster(&banc, "/demarrage/centre", &centre_complet())
        .await
        .mene("/compte/second-facteur");
    n.lire(&banc, "/sessions")
        .await
        .mene("/compte/second-facteur");
    n.enroler(&banc).await;
    n.lire(&banc, "/sessions").await.vaut(StatusCode::OK);
    let centre = &comptes::centres(&banc.etat.base).await.unwrap()[0].centre;
    assert_eq!(
        sites::sites(&banc.etat.base, centre).await.unwrap().len(),
        1
    );
    assert_eq!(
        sites::identite(&banc.etat.base, centre).await.unwrap().nom,
        "Centre des Ateliers"
    );
    assert_eq!(
        journal_du_centre(&banc.etat.base, centre, None, 10)
            .await
            .unwrap()
            .len(),
        3
    );
    // Le code ne sert qu'une fois, et la page n'est plus là.
    Navigateur::default()
        .poster(&banc, "/demarrage/centre", &centre_complet())
        .await
        .vaut(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn une_saisie_a_corriger_revient_remplie_sans_le_mot_de_passe() {
    let banc = Banc::ouvrir().await;
    let mut champs = centre_complet();
    for champ in &mut champs {
        match champ.0 {
            "code_postal" => champ.1 = "694",
            "mot_de_passe" => champ.1 = "trop court",
            _ => {}
        }
    }
    champs.push(("siret", "123"));
    let page = Navigateur::default()
        .poster(&banc, "/demarrage/centre", &champs)
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.corps.contains("value=\"Centre des Ateliers\""),
        "{}",
        page.corps
    );
    assert!(
        page.corps.contains("id=\"code_postal-erreur\"")
            && page.corps.contains("id=\"siret-erreur\"")
    );
    assert!(
        page.corps.contains("id=\"mot_de_passe-erreur\"") && !page.corps.contains("trop court")
    );
    assert!(comptes::centres(&banc.etat.base).await.unwrap().is_empty());
}

#[tokio::test]
async fn le_centre_d_exemple_ne_s_ouvre_que_depuis_cette_machine() {
    let banc = Banc::ouvrir().await;
    let mut n = Navigateur::default();
    let page = n
        .poster(&banc, "/demarrage", &[("code", CODE), ("choix", "exemple")])
        .await
        .vaut(StatusCode::OK);
    assert!(page.corps.contains(exemple::MOT_DE_PASSE));
    let courriel = page.entre("<td data-titre=\"Courriel\">", "</td>");
    n.se_connecter(&banc, &courriel, exemple::MOT_DE_PASSE)
        .await
        .mene("/");
    n.lire(&banc, "/sessions").await.vaut(StatusCode::OK);
    // Le même témoin, ou le même mot de passe, venus d'ailleurs : rien.
    let mut ailleurs = Navigateur {
        adresse: Some([192, 0, 2, 7]),
        ..n.clone()
    };
    ailleurs
        .lire(&banc, "/sessions")
        .await
        .mene("/connexion?retour=/sessions");
    let mut inconnu = Navigateur {
        adresse: Some([192, 0, 2, 7]),
        ..Navigateur::default()
    };
    inconnu
        .se_connecter(&banc, &courriel, exemple::MOT_DE_PASSE)
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn le_mot_de_passe_n_est_jamais_stocke() {
    let (banc, ..) = Banc::avec_centre().await;
    let compte = comptes::compte(&banc.etat.base, CHEF)
        .await
        .unwrap()
        .unwrap();
    let empreinte = compte.mot_de_passe.unwrap();
    assert!(empreinte.starts_with("$argon2id$") && !empreinte.contains(MOT));
}
