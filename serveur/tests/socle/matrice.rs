//! La matrice des droits, tirée de la table elle-même : route × rôle × {sien, autre session, autre centre}.
//!
//! Les mêmes gardes, des réponses remplacées par 204 : ce que l'on voit est ce que la garde décide. Puis le vrai
//! routeur, pour tout ce qui doit être refusé : la page n'en dit pas plus que la garde.

use crate::banc::{Banc, Navigateur};
use crate::entetes::remplir;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use axum::routing::{MethodFilter, on};
use metier::equipe::{self, Intervenant, Poste};
use metier::programme::{self, Programme, Site, TypeSession};
use metier::{Acte, Acteur, Action, Contexte, PersonneId, Role, SessionId, Voisinage, peut};
use serveur::formulaires::nouvel_identifiant;
use serveur::routes::{DroitCentre, Nature, Route, assembler, toutes_les_routes};
use std::net::SocketAddr;
use stockage::comptes::{
    self, Etape, NouveauCentre, NouvelleConnexion, NouvelleInvitation, Personne,
};
use stockage::{Centre, Inscription};
use tower::ServiceExt;

/// Ce qu'une route a répondu à une personne.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Vu {
    Permis,
    Interdit,
    Introuvable,
    Connexion,
}

struct Monde {
    banc: Banc,
    centre: Centre,
    sienne: SessionId,
    autre: SessionId,
    ailleurs: SessionId,
}

/// Les rôles que l'on peut tenir dans un centre.
const ROLES: [Role; 7] = [
    Role::Administrateur,
    Role::Responsable,
    Role::Secretariat,
    Role::Coordinateur,
    Role::Directeur,
    Role::Surveillant,
    Role::Inspecteur,
];

fn qui(role: Role) -> PersonneId {
    format!("p-{}", role.code()).parse().unwrap()
}

fn personne(id: &str, courriel: &str) -> Personne {
    Personne {
        id: id.parse().unwrap(),
        nom: "Témoin".into(),
        prenom: "Ada".into(),
        fonction: "Essai".into(),
        courriel: courriel.into(),
        actif: true,
    }
}

fn inscription() -> Inscription {
    Inscription {
        acte: nouvel_identifiant(),
        le: "2026-11-23T09:00:00Z".into(),
        saisi_par: "p-administrateur".parse().unwrap(),
        action: "essai",
        details: serde_json::json!({}),
    }
}

impl Monde {
    async fn ouvrir() -> Self {
        let banc = Banc::ouvrir().await;
        let base = &banc.etat.base;
        let centre = naitre(&banc, "centre-a", "administrateur").await;
        let loin = naitre(&banc, "centre-b", "etranger").await;
        for role in &ROLES[1..] {
            let p = personne(qui(*role).as_str(), &format!("{}@essai.fr", role.code()));
            let n = NouvelleInvitation {
                personne: &p,
                connue: false,
                roles: &[*role],
                jeton: role.code(),
                expire: i64::MAX,
            };
            comptes::inviter(base, &centre, &n, &inscription())
                .await
                .unwrap();
            let i = comptes::lire_invitation(base, role.code(), 0)
                .await
                .unwrap()
                .unwrap();
            comptes::accepter_invitation(base, &i, role.code(), "h", &inscription())
                .await
                .unwrap();
        }
        // Tout le monde a un second facteur, sauf pour l'essai qui le vérifie ailleurs.
        for role in ROLES {
            let courriel = format!("{}@essai.fr", role.code());
            comptes::poser_secret_en_attente(base, &courriel, "S")
                .await
                .unwrap();
            comptes::confirmer_second_facteur(base, &courriel, "S", 1, &[], "")
                .await
                .unwrap();
            connecter(&banc, &courriel, role.code()).await;
        }
        let sienne = session(
            &banc,
            &centre,
            &[
                (Poste::Responsable, Role::Responsable),
                (Poste::Surveillant, Role::Surveillant),
            ],
        )
        .await;
        let autre = session(&banc, &centre, &[]).await;
        let ailleurs = session(&banc, &loin, &[]).await;
        Self {
            banc,
            centre,
            sienne,
            autre,
            ailleurs,
        }
    }

    async fn demander(
        &self,
        routeur: &Router,
        route: &Route,
        session: &SessionId,
        jeton: &str,
    ) -> StatusCode {
        let mut requete = Request::builder()
            .method(route.methode.clone())
            .uri(remplir(route.chemin, session.as_str()))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, format!("garant={jeton}"))
            .body(Body::empty())
            .unwrap();
        requete
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))));
        routeur.clone().oneshot(requete).await.unwrap().status()
    }
}

async fn naitre(banc: &Banc, id: &str, qui: &str) -> Centre {
    let nouveau = NouveauCentre {
        id: id.into(),
        nom: format!("Centre {id}"),
        exemple: false,
        administrateur: personne(&format!("p-{qui}"), &format!("{qui}@essai.fr")),
        roles: vec![Role::Administrateur],
        mot_de_passe: "h".into(),
        acte: nouvel_identifiant(),
        le: "2026-11-23T09:00:00Z".into(),
    };
    comptes::creer_centre(&banc.etat.base, &nouveau, None)
        .await
        .unwrap()
}

async fn connecter(banc: &Banc, courriel: &str, jeton: &str) {
    let n = NouvelleConnexion {
        jeton,
        id: &format!("x-{jeton}"),
        courriel,
        etape: Etape::Ouverte,
        agent: "essai",
        adresse: "127.0.0.1",
        maintenant: banc.etat.horloge.secondes(),
    };
    comptes::ouvrir(&banc.etat.base, &n).await.unwrap();
}

async fn session(banc: &Banc, centre: &Centre, postes: &[(Poste, Role)]) -> SessionId {
    let id: SessionId = nouvel_identifiant();
    let voisinage = Voisinage::default();
    let ctx = Contexte {
        acteur: Acteur {
            personne: qui(Role::Administrateur),
            nom: "Ada".into(),
            role: Role::Administrateur,
        },
        realise_par: qui(Role::Administrateur),
        maintenant: banc.etat.horloge.maintenant(),
        motif: Some("essai".into()),
        vu_au_rang: None,
        voisinage: &voisinage,
    };
    let programme = Programme {
        type_session: TypeSession::Titre,
        certificats: vec![],
        referentiel: Box::new(metier::catalogue().first().expect("un titre").clone()),
        site: Site {
            id: "site-1".parse().unwrap(),
            nom: "Site".into(),
            adresse: "1 rue".into(),
            salles: vec![],
        },
        debut: "2027-03-15".parse().unwrap(),
        fin: "2027-03-17".parse().unwrap(),
        numero_ceres: None,
        modele_taches: "taches-2016".into(),
        annulee: None,
    };
    let base = &banc.etat.base;
    let action = Action::Programme(programme::Action::Creer(programme));
    let creee = stockage::creer(
        base,
        centre,
        &id,
        nouvel_identifiant::<Acte>(),
        &action,
        &ctx,
    )
    .await
    .unwrap();
    assert!(matches!(creee, stockage::Creation::Creee(..)), "{creee:?}");
    for (poste, role) in postes {
        let personne = Intervenant {
            id: qui(*role),
            nom: "Ada TÉMOIN".into(),
            fonction: "Essai".into(),
            courriel: None,
        };
        let action = Action::Equipe(equipe::Action::Nommer {
            poste: *poste,
            personne,
        });
        let issue = stockage::executer(
            base,
            centre,
            &id,
            nouvel_identifiant::<Acte>(),
            &action,
            &ctx,
        )
        .await
        .unwrap();
        assert!(
            matches!(issue, stockage::Issue::Enregistree(..)),
            "{issue:?}"
        );
    }
    id
}

/// Ce que la table promet, relu d'une autre main que la garde.
fn promis(nature: Nature, role: Role, laquelle: usize) -> Vu {
    use Role as R;
    let voit_tout = matches!(
        role,
        R::Administrateur | R::Secretariat | R::Coordinateur | R::Directeur | R::Inspecteur
    );
    match nature {
        Nature::Publique | Nature::Connectee => Vu::Permis,
        Nature::Centre(DroitCentre::Administrer) if role == R::Administrateur => Vu::Permis,
        Nature::Centre(DroitCentre::Organiser)
            if matches!(role, R::Administrateur | R::Secretariat | R::Responsable) =>
        {
            Vu::Permis
        }
        Nature::Centre(_) => Vu::Interdit,
        Nature::Session(_) if laquelle == 2 => Vu::Introuvable,
        Nature::Session(_) if laquelle == 1 && !voit_tout => Vu::Introuvable,
        Nature::Session(nature) if peut(role, nature) => Vu::Permis,
        Nature::Session(_) => Vu::Interdit,
    }
}

fn vu(statut: StatusCode) -> Vu {
    match statut {
        StatusCode::NO_CONTENT => Vu::Permis,
        StatusCode::FORBIDDEN => Vu::Interdit,
        StatusCode::NOT_FOUND => Vu::Introuvable,
        StatusCode::SEE_OTHER => Vu::Connexion,
        autre => panic!("statut inattendu : {autre}"),
    }
}

fn vides() -> Vec<Route> {
    let vide = |r: Route| {
        let filtre = MethodFilter::try_from(r.methode.clone()).expect("méthode connue");
        Route {
            reponse: on(filtre, || async { StatusCode::NO_CONTENT }),
            ..r
        }
    };
    toutes_les_routes().into_iter().map(vide).collect()
}

#[tokio::test]
async fn chaque_route_s_ouvre_a_ceux_que_la_table_nomme_et_a_personne_d_autre() {
    let monde = Monde::ouvrir().await;
    let gardes = assembler(monde.banc.etat.clone(), vides());
    let mut cases = 0;
    for route in toutes_les_routes() {
        let anonyme = vu(monde
            .demander(&gardes, &route, &monde.sienne, "personne")
            .await);
        let attendu = if route.nature == Nature::Publique {
            Vu::Permis
        } else {
            Vu::Connexion
        };
        assert_eq!(
            anonyme, attendu,
            "{} {} sans connexion",
            route.methode, route.chemin
        );
        for role in ROLES {
            for (laquelle, session) in [&monde.sienne, &monde.autre, &monde.ailleurs]
                .into_iter()
                .enumerate()
            {
                let attendu = promis(route.nature, role, laquelle);
                let obtenu = vu(monde.demander(&gardes, &route, session, role.code()).await);
                assert_eq!(
                    obtenu, attendu,
                    "{} {} pour {role:?}, session {laquelle}",
                    route.methode, route.chemin
                );
                cases += 1;
            }
        }
    }
    assert!(cases > 1000, "matrice trop petite : {cases}");
}

#[tokio::test]
async fn le_vrai_routeur_refuse_tout_ce_que_la_garde_refuse() {
    let monde = Monde::ouvrir().await;
    let vrai = &monde.banc.routeur;
    for route in toutes_les_routes()
        .iter()
        .filter(|r| !matches!(r.nature, Nature::Publique | Nature::Connectee))
    {
        for role in ROLES {
            for (laquelle, session) in [&monde.sienne, &monde.autre, &monde.ailleurs]
                .into_iter()
                .enumerate()
            {
                let statut = monde.demander(vrai, route, session, role.code()).await;
                match promis(route.nature, role, laquelle) {
                    Vu::Interdit => {
                        assert_eq!(statut, StatusCode::FORBIDDEN, "{} {role:?}", route.chemin)
                    }
                    Vu::Introuvable => {
                        assert_eq!(statut, StatusCode::NOT_FOUND, "{} {role:?}", route.chemin)
                    }
                    _ => assert!(
                        !statut.is_server_error() && statut != StatusCode::FORBIDDEN,
                        "{} {} {role:?} : {statut}",
                        route.methode,
                        route.chemin
                    ),
                }
            }
        }
    }
    assert!(
        stockage::charger(&monde.banc.etat.base, &monde.centre, &monde.sienne)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn ce_qui_est_d_un_autre_centre_repond_comme_ce_qui_n_existe_pas() {
    let monde = Monde::ouvrir().await;
    let mut n = Navigateur::default();
    n.temoins
        .insert("garant".into(), Role::Administrateur.code().into());
    let autre = n
        .lire(&monde.banc, &format!("/sessions/{}", monde.ailleurs))
        .await
        .vaut(StatusCode::NOT_FOUND);
    let rien = n
        .lire(&monde.banc, "/sessions/nulle")
        .await
        .vaut(StatusCode::NOT_FOUND);
    assert_eq!(autre.corps, rien.corps);
}
