//! Le banc : un routeur entier sur une base neuve, une horloge que l'on pousse, des navigateurs.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serveur::etat::Etat;
use serveur::horloge::Horloge;
use serveur::routes::routeur;
use serveur::second_facteur;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use stockage::{Adresse, Base, comptes};
use tower::ServiceExt;

/// Lundi 23 novembre 2026, 10 h à Paris.
pub const DEBUT: i64 = 1_795_424_400;
pub const CODE: &str = "abcde-fghij";
pub const MOT: &str = "quatre mots sans rapport";
pub const CHEF: &str = "chef@centre.fr";

pub struct Banc {
    pub etat: Etat,
    pub routeur: Router,
    pub heure: Arc<AtomicI64>,
    dossier: PathBuf,
}

impl Drop for Banc {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dossier);
    }
}

/// Une réponse lue.
pub struct Lue {
    pub statut: StatusCode,
    pub entetes: HeaderMap,
    pub ou: String,
    pub corps: String,
}

impl Lue {
    /// Exige ce statut, ou montre la page.
    #[track_caller]
    pub fn vaut(self, statut: StatusCode) -> Self {
        assert_eq!(
            self.statut, statut,
            "vers « {} » :\n{}",
            self.ou, self.corps
        );
        self
    }

    /// Exige une redirection vers cette adresse.
    #[track_caller]
    pub fn mene(self, ou: &str) -> Self {
        assert_eq!(
            (self.statut, self.ou.as_str()),
            (StatusCode::SEE_OTHER, ou),
            "{}",
            self.corps
        );
        self
    }

    /// Ce qui est entre deux marques de la page.
    #[track_caller]
    pub fn entre(&self, avant: &str, apres: &str) -> String {
        let debut = self
            .corps
            .find(avant)
            .unwrap_or_else(|| panic!("« {avant} » absent :\n{}", self.corps))
            + avant.len();
        let fin = self.corps[debut..].find(apres).expect("marque de fin") + debut;
        self.corps[debut..fin].to_owned()
    }
}

impl Banc {
    /// Une base neuve, dont le code de premier démarrage est [`CODE`].
    pub async fn ouvrir() -> Self {
        Self::avec_origine("http://127.0.0.1:8080").await
    }

    pub async fn avec_origine(origine: &str) -> Self {
        let dossier = std::env::temp_dir().join(format!("garant-socle-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&dossier).unwrap();
        let base = Base::ouvrir(&Adresse::Sqlite(dossier.join("garant.db")))
            .await
            .unwrap();
        comptes::poser_code_de_demarrage(&base, CODE).await.unwrap();
        let heure = Arc::new(AtomicI64::new(DEBUT));
        let etat = Etat::nouveau(
            base,
            Horloge::Poussee(heure.clone()),
            dossier.clone(),
            origine.into(),
        );
        Self {
            routeur: routeur(etat.clone()),
            etat,
            heure,
            dossier,
        }
    }

    /// Une base où le centre est créé, et le navigateur de son administrateur, second facteur en place.
    pub async fn avec_centre() -> (Self, Navigateur, String) {
        let banc = Self::ouvrir().await;
        let mut chef = Navigateur::default();
        chef.poster(&banc, "/demarrage/centre", &centre_complet())
            .await
            .mene("/compte/second-facteur");
        let secret = chef.enroler(&banc).await;
        (banc, chef, secret)
    }

    pub fn attendre(&self, secondes: i64) {
        self.heure.fetch_add(secondes, Ordering::Relaxed);
    }

    pub fn code(&self, secret: &str) -> String {
        second_facteur::code_du_moment(secret, self.heure.load(Ordering::Relaxed)).unwrap()
    }
}

/// Le formulaire « Créer mon centre », bien rempli.
pub fn centre_complet() -> Vec<(&'static str, &'static str)> {
    vec![
        ("code", CODE),
        ("nom", "Centre des Ateliers"),
        ("adresse", "12 rue des Ateliers"),
        ("code_postal", "69400"),
        ("ville", "Villefranche-sur-Saône"),
        ("site_nom", "Site de Villefranche"),
        ("prenom", "Claude"),
        ("nom_personne", "Témoin"),
        ("fonction", "Responsable pédagogique"),
        ("courriel", CHEF),
        ("mot_de_passe", MOT),
    ]
}

/// Un navigateur : il garde ses témoins.
#[derive(Clone, Default)]
pub struct Navigateur {
    pub temoins: BTreeMap<String, String>,
    pub adresse: Option<[u8; 4]>,
}

/// Les liens d'une page vers elle-même dont la cible n'y est pas : un remède qui ne mène nulle part.
fn ancres_perdues(page: &str) -> BTreeSet<&str> {
    let vers = page.split("href=\"#").skip(1);
    let vers = vers.filter_map(|reste| reste.split('"').next());
    vers.filter(|id| !page.contains(&format!("id=\"{id}\"")))
        .collect()
}

impl Navigateur {
    pub async fn envoyer(&mut self, banc: &Banc, mut requete: Request<Body>) -> Lue {
        let temoins: Vec<String> = self
            .temoins
            .iter()
            .map(|(nom, valeur)| format!("{nom}={valeur}"))
            .collect();
        if !temoins.is_empty() {
            requete
                .headers_mut()
                .insert(header::COOKIE, temoins.join("; ").parse().unwrap());
        }
        let adresse = self.adresse.unwrap_or([127, 0, 0, 1]);
        requete
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from((adresse, 50_000))));
        let reponse = banc.routeur.clone().oneshot(requete).await.unwrap();
        let (statut, entetes) = (reponse.status(), reponse.headers().clone());
        for pose in entetes.get_all(header::SET_COOKIE) {
            let (nom, reste) = pose.to_str().unwrap().split_once('=').unwrap();
            let valeur = reste.split(';').next().unwrap();
            if reste.contains("Max-Age=0") {
                self.temoins.remove(nom);
            } else {
                self.temoins.insert(nom.to_owned(), valeur.to_owned());
            }
        }
        let ou = entetes
            .get(header::LOCATION)
            .map(|v| v.to_str().unwrap().to_owned())
            .unwrap_or_default();
        let corps = to_bytes(reponse.into_body(), 4_000_000).await.unwrap();
        let corps = String::from_utf8_lossy(&corps).into_owned();
        let perdues = ancres_perdues(&corps);
        assert!(
            perdues.is_empty(),
            "liens sans cible {perdues:?} :\n{corps}"
        );
        Lue {
            statut,
            entetes,
            ou,
            corps,
        }
    }

    pub async fn lire(&mut self, banc: &Banc, chemin: &str) -> Lue {
        self.envoyer(banc, Request::get(chemin).body(Body::empty()).unwrap())
            .await
    }

    pub async fn poster(&mut self, banc: &Banc, chemin: &str, champs: &[(&str, &str)]) -> Lue {
        let requete = Request::builder()
            .method(Method::POST)
            .uri(chemin)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(serde_html_form::to_string(champs).unwrap()))
            .unwrap();
        self.envoyer(banc, requete).await
    }

    /// Met en place le second facteur de la personne connectée ; rend le secret.
    pub async fn enroler(&mut self, banc: &Banc) -> String {
        let page = self
            .lire(banc, "/compte/second-facteur")
            .await
            .vaut(StatusCode::OK);
        let secret = page
            .entre("<code class=\"cle\">", "</code>")
            .replace(' ', "");
        self.poster(
            banc,
            "/compte/second-facteur",
            &[("code", &banc.code(&secret))],
        )
        .await
        .vaut(StatusCode::OK);
        secret
    }

    pub async fn se_connecter(&mut self, banc: &Banc, courriel: &str, mot: &str) -> Lue {
        self.poster(
            banc,
            "/connexion",
            &[("courriel", courriel), ("mot_de_passe", mot)],
        )
        .await
    }
}
