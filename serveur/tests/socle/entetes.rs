//! Les en-têtes de toutes les réponses, les requêtes forgées, les erreurs.

use crate::banc::{Banc, Navigateur, centre_complet};
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serveur::routes::toutes_les_routes;
use serveur::securite::CSP;

#[track_caller]
fn controler(chemin: &str, entetes: &HeaderMap) {
    let vaut = |nom: &str, attendu: &str| {
        assert_eq!(
            entetes.get(nom).and_then(|v| v.to_str().ok()),
            Some(attendu),
            "{nom} sur {chemin}"
        );
    };
    vaut("content-security-policy", CSP);
    vaut("x-content-type-options", "nosniff");
    vaut("referrer-policy", "same-origin");
    vaut("cross-origin-opener-policy", "same-origin");
    vaut("cross-origin-resource-policy", "same-origin");
    assert!(
        entetes.contains_key("permissions-policy") && entetes.contains_key("cache-control"),
        "{chemin}"
    );
}

/// Un chemin de la table, ses paramètres remplis.
pub fn remplir(chemin: &str, session: &str) -> String {
    let morceaux = chemin.split('/').map(|m| match m {
        "{session}" => session.to_owned(),
        m if m.starts_with('{') => "inconnu".to_owned(),
        m => m.to_owned(),
    });
    morceaux.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn toutes_les_routes_ont_les_memes_en_tetes_erreurs_comprises() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let table = toutes_les_routes();
    assert!(
        table.len() > 40,
        "la table est presque vide : {}",
        table.len()
    );
    for route in table {
        let chemin = remplir(route.chemin, "inconnue");
        for mut n in [Navigateur::default(), chef.clone()] {
            let requete = Request::builder()
                .method(route.methode.clone())
                .uri(&chemin)
                .header("sec-fetch-site", "same-origin");
            let lue = n.envoyer(&banc, requete.body(Body::empty()).unwrap()).await;
            controler(&chemin, &lue.entetes);
            assert!(
                !lue.statut.is_server_error(),
                "{} {chemin} : {}\n{}",
                route.methode,
                lue.statut,
                lue.corps
            );
            assert!(
                !lue.corps.contains("style=\"") && !lue.corps.contains("onclick="),
                "rien en ligne : {chemin}"
            );
        }
        // Une route a pu fermer la connexion : la suivante en reçoit une neuve.
        chef = reconnecte(&banc).await;
    }
    for (methode, chemin, statut) in [
        (Method::GET, "/nulle-part", StatusCode::NOT_FOUND),
        (Method::DELETE, "/connexion", StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let requete = Request::builder()
            .method(methode)
            .uri(chemin)
            .header("sec-fetch-site", "same-origin")
            .body(Body::empty())
            .unwrap();
        let lue = Navigateur::default()
            .envoyer(&banc, requete)
            .await
            .vaut(statut);
        controler(chemin, &lue.entetes);
        assert!(
            lue.corps.starts_with("<!doctype html>"),
            "une page, pas du texte nu : {chemin}"
        );
    }
}

/// Une nouvelle connexion du même administrateur, ouverte directement.
async fn reconnecte(banc: &Banc) -> Navigateur {
    use stockage::comptes::{Etape, NouvelleConnexion, ouvrir};
    let jeton = serveur::second_facteur::jeton().unwrap();
    let connexion = NouvelleConnexion {
        jeton: &jeton,
        id: &uuid::Uuid::now_v7().to_string(),
        courriel: crate::banc::CHEF,
        etape: Etape::Ouverte,
        agent: "essai",
        adresse: "127.0.0.1",
        maintenant: banc.etat.horloge.secondes(),
    };
    ouvrir(&banc.etat.base, &connexion).await.unwrap();
    let mut n = Navigateur::default();
    n.temoins.insert("garant".into(), jeton);
    n
}

#[tokio::test]
async fn une_ecriture_forgee_est_refusee() {
    let banc = Banc::ouvrir().await;
    let forger = |entetes: &[(&str, &str)]| {
        let mut requete = Request::post("/connexion")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (nom, valeur) in entetes {
            requete = requete.header(*nom, *valeur);
        }
        requete
            .body(Body::from("courriel=a&mot_de_passe=b"))
            .unwrap()
    };
    let cas: &[(&[(&str, &str)], bool)] = &[
        (&[], false),
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("sec-fetch-site", "same-site")], false),
        (&[("origin", "https://mal.exemple")], false),
        (
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "http://127.0.0.1:8080"),
            ],
            false,
        ),
        (&[("sec-fetch-site", "same-origin")], true),
        (&[("sec-fetch-site", "none")], true),
        (&[("origin", "http://127.0.0.1:8080")], true),
    ];
    for (entetes, passe) in cas {
        let lue = Navigateur::default().envoyer(&banc, forger(entetes)).await;
        assert_eq!(lue.statut != StatusCode::FORBIDDEN, *passe, "{entetes:?}");
        controler("/connexion", &lue.entetes);
    }
}

#[tokio::test]
async fn derriere_tls_le_temoin_est_host_secure_httponly() {
    let banc = Banc::avec_origine("https://garant.exemple.fr").await;
    let lue = Navigateur::default()
        .poster(&banc, "/demarrage/centre", &centre_complet())
        .await
        .vaut(StatusCode::SEE_OTHER);
    let temoins: Vec<_> = lue
        .entetes
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|v| v.to_str().unwrap())
        .collect();
    let connexion = temoins
        .iter()
        .find(|t| t.starts_with("__Host-garant="))
        .expect("témoin de connexion");
    for attribut in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(connexion.contains(attribut), "{connexion}");
    }
    assert!(lue.entetes.contains_key("strict-transport-security"));
}

#[tokio::test]
async fn un_formulaire_trop_gros_ou_d_une_autre_nature_est_refuse_avec_une_phrase() {
    let banc = Banc::ouvrir().await;
    let gros = "a".repeat(3 * 1024 * 1024);
    Navigateur::default()
        .poster(&banc, "/connexion", &[("courriel", &gros)])
        .await
        .vaut(StatusCode::PAYLOAD_TOO_LARGE);
    let json = Request::post("/connexion")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/json");
    let lue = Navigateur::default()
        .envoyer(&banc, json.body(Body::from("{\"courriel\":1}")).unwrap())
        .await;
    assert!(lue.statut.is_client_error(), "{}", lue.statut);
}

#[tokio::test]
async fn les_fichiers_livres_se_gardent_un_an_avec_leur_empreinte() {
    let banc = Banc::ouvrir().await;
    let adresse = serveur::pages::statique::adresse("garant.css");
    let lue = Navigateur::default()
        .lire(&banc, &adresse)
        .await
        .vaut(StatusCode::OK);
    assert!(
        lue.entetes["cache-control"]
            .to_str()
            .unwrap()
            .contains("immutable")
    );
    let sans = Navigateur::default()
        .lire(&banc, "/statique/garant.css")
        .await
        .vaut(StatusCode::OK);
    assert!(
        !sans.entetes["cache-control"]
            .to_str()
            .unwrap()
            .contains("immutable")
    );
    Navigateur::default()
        .lire(&banc, "/statique/../Cargo.toml")
        .await
        .vaut(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn la_sante_se_lit_sans_compte() {
    let banc = Banc::ouvrir().await;
    for chemin in ["/sante/vivant", "/sante/pret"] {
        Navigateur::default()
            .lire(&banc, chemin)
            .await
            .vaut(StatusCode::OK);
    }
}
