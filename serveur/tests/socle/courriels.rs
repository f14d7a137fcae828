//! Le courriel, contre un vrai serveur SMTP : refus, lenteurs, redémarrages ; chaque message une fois au compte de la boîte.

use crate::banc::{Banc, CHEF, MOT, Navigateur};
use crate::puits::Puits;
use axum::http::StatusCode;
use jiff::civil::date;
use metier::convocations::{self, Destinataire, Document};
use metier::equipe::{self, Intervenant, Poste};
use metier::programme::{self, Programme, Site, TypeSession};
use metier::{Acte, Acteur, Action, Contexte, PersonneId, Role, Session, SessionId, Voisinage};
use serveur::courriel::{facteur, passe};
use serveur::etat::Etat as EtatServeur;
use serveur::formulaires::nouvel_identifiant;
use std::time::Duration;
use stockage::annuaire::{Auteur, FicheHabilitation, FicheJure};
use stockage::courriel::{self, Etat, NouveauCourriel};
use stockage::{Adresse, Base, Centre, annuaire, comptes};

struct Monde {
    banc: Banc,
    chef: Navigateur,
    centre: Centre,
    moi: PersonneId,
    secret: String,
    puits: Puits,
}

impl Monde {
    /// Un centre dont le serveur de courriel est le puits, réglé par la page.
    async fn ouvrir() -> Self {
        let mut m = Self::sans_serveur().await;
        let port = m.puits.adresse.port().to_string();
        m.regler(&[("port", &port)]).await.mene("/centre/courriel");
        m
    }

    async fn sans_serveur() -> Self {
        let (banc, chef, secret) = Banc::avec_centre().await;
        banc.etat
            .courriel
            .regler_attente(Duration::from_millis(300));
        let centre = comptes::centres(&banc.etat.base).await.unwrap()[0]
            .centre
            .clone();
        let moi = comptes::personnes(&banc.etat.base, &centre).await.unwrap()[0]
            .id
            .clone();
        Self {
            banc,
            chef,
            centre,
            moi,
            secret,
            puits: Puits::ouvrir().await,
        }
    }

    async fn regler(&mut self, autres: &[(&str, &str)]) -> crate::banc::Lue {
        let connu = courriel::serveur(&self.banc.etat.base, &self.centre)
            .await
            .unwrap();
        let revision = connu.map_or(0, |s| s.revision).to_string();
        let acte = uuid::Uuid::now_v7().to_string();
        let mut champs = vec![
            ("acte", acte.as_str()),
            ("vu_au_rang", revision.as_str()),
            ("hote", "127.0.0.1"),
            ("securite", "clair"),
            ("identifiant", "garant"),
            ("mot_de_passe", "secret-du-serveur"),
            ("expediteur", "garant@centre.fr"),
            ("reponse", "accueil@centre.fr"),
        ];
        champs.retain(|(n, _)| !autres.iter().any(|(a, _)| a == n));
        champs.extend(autres.iter().copied());
        self.chef
            .poster(&self.banc, "/centre/courriel", &champs)
            .await
    }

    /// Des jours ont passé : la connexion est fermée, on se reconnecte.
    async fn revenir(&mut self) {
        self.chef = Navigateur::default();
        self.chef.se_connecter(&self.banc, CHEF, MOT).await;
        let code = self.banc.code(&self.secret);
        self.chef
            .poster(&self.banc, "/connexion/second-facteur", &[("code", &code)])
            .await
            .vaut(StatusCode::SEE_OTHER);
    }

    async fn deposer(&self, adresses: &[&str]) {
        let messages: Vec<_> = adresses
            .iter()
            .map(|a| NouveauCourriel {
                cle: (*a).into(),
                genre: "rappel".into(),
                nom: "Ada Témoin".into(),
                adresse: (*a).into(),
                objet: "Délai « proche »".into(),
                corps: format!("Pour {a}, à l’heure."),
                ..NouveauCourriel::default()
            })
            .collect();
        let maintenant = self.banc.etat.horloge.secondes();
        courriel::deposer_tous(
            &self.banc.etat.base,
            &self.centre,
            &messages,
            maintenant,
            vec![],
        )
        .await
        .unwrap();
    }

    async fn etat_de(&self, cle: &str) -> Etat {
        courriel::par_cle(&self.banc.etat.base, &self.centre, cle)
            .await
            .unwrap()
            .unwrap()
            .etat
    }

    async fn tour(&self) -> facteur::Tour {
        facteur::tour(&self.banc.etat).await.unwrap()
    }

    /// Le même dossier, rouvert par un autre programme.
    async fn redemarre(&self) -> EtatServeur {
        let donnees = self.banc.etat.donnees.clone();
        let base = Base::ouvrir(&Adresse::Sqlite(donnees.join("garant.db")))
            .await
            .unwrap();
        let etat = EtatServeur::nouveau(
            base,
            self.banc.etat.horloge.clone(),
            donnees,
            self.banc.etat.origine.clone(),
        );
        etat.courriel.regler_attente(Duration::from_millis(300));
        etat
    }

    async fn jouer(&self, session: &SessionId, action: Action) {
        let voisinage = Voisinage::default();
        let ctx = Contexte {
            acteur: Acteur {
                personne: self.moi.clone(),
                nom: "Claude TÉMOIN".into(),
                role: Role::Administrateur,
            },
            realise_par: self.moi.clone(),
            maintenant: self.banc.etat.horloge.maintenant(),
            motif: Some("essai".into()),
            vu_au_rang: None,
            voisinage: &voisinage,
        };
        let base = &self.banc.etat.base;
        let acte = nouvel_identifiant::<Acte>();
        if matches!(action, Action::Programme(programme::Action::Creer(_))) {
            let c = stockage::creer(base, &self.centre, session, acte, &action, &ctx)
                .await
                .unwrap();
            assert!(matches!(c, stockage::Creation::Creee(..)), "{c:?}");
        } else {
            let i = stockage::executer(base, &self.centre, session, acte, &action, &ctx)
                .await
                .unwrap();
            assert!(matches!(i, stockage::Issue::Enregistree(..)), "{i:?}");
        }
    }

    /// Une session du 15 mars 2027, dont la personne connectée est responsable.
    async fn session(&self) -> SessionId {
        let id: SessionId = nouvel_identifiant();
        let programme = Programme {
            type_session: TypeSession::Titre,
            certificats: vec![],
            referentiel: Box::new(metier::catalogue().first().unwrap().clone()),
            site: Site {
                id: "site-1".parse().unwrap(),
                nom: "Site des Ateliers".into(),
                adresse: "1 rue des Essais".into(),
                salles: vec![],
            },
            debut: date(2027, 3, 15),
            fin: date(2027, 3, 17),
            numero_ceres: None,
            modele_taches: "taches-2016".into(),
            annulee: None,
        };
        self.jouer(&id, Action::Programme(programme::Action::Creer(programme)))
            .await;
        for (poste, qui) in [
            (Poste::Responsable, self.moi.as_str()),
            (Poste::Surveillant, "p-veille"),
        ] {
            let personne = Intervenant {
                id: qui.parse().unwrap(),
                nom: "Claude TÉMOIN".into(),
                fonction: "Essai".into(),
                courriel: Some("veille@exemple.fr".into()),
            };
            self.jouer(
                &id,
                Action::Equipe(equipe::Action::Nommer { poste, personne }),
            )
            .await;
        }
        id
    }

    async fn etat_session(&self, id: &SessionId) -> std::sync::Arc<Session> {
        stockage::charger(&self.banc.etat.base, &self.centre, id)
            .await
            .unwrap()
            .unwrap()
            .0
    }

    /// Des jurés habilités dans l'annuaire.
    async fn jures(&self, qui: &[&str]) {
        let titre = metier::catalogue().first().unwrap().cle.clone();
        for q in qui {
            let auteur = || Auteur {
                acte: nouvel_identifiant(),
                personne: self.moi.clone(),
                nom: "Claude TÉMOIN".into(),
                le: "2026-11-23T09:00:00Z".into(),
                motif: None,
            };
            let fiche = FicheJure {
                nom: format!("Juré-{q}"),
                prenom: "Dominique".into(),
                qualite: "Développeuse".into(),
                courriel: format!("{q}@exemple.fr"),
                ..FicheJure::default()
            };
            let jure = format!("jure-{q}").parse().unwrap();
            annuaire::ajouter_jure(&self.banc.etat.base, &self.centre, &jure, &fiche, &auteur())
                .await
                .unwrap();
            let habilitation = FicheHabilitation {
                titre: titre.clone(),
                debut: date(2025, 1, 1),
                fin: date(2029, 1, 1),
                autorite: "DDETS du Rhône".into(),
                reference: "R-1".into(),
            };
            annuaire::ajouter_habilitation(
                &self.banc.etat.base,
                &self.centre,
                &format!("h-{q}"),
                &jure,
                &habilitation,
                &auteur(),
            )
            .await
            .unwrap();
        }
    }
}

/// Le chemin du lien privé d'un message.
fn lien(message: &str) -> String {
    let debut = message.find("/liens/").expect("un lien");
    message[debut..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
        .collect()
}

#[tokio::test]
async fn le_message_d_essai_part_et_le_mot_de_passe_ne_se_remontre_jamais() {
    let mut m = Monde::ouvrir().await;
    let lue = m
        .chef
        .poster(&m.banc, "/centre/courriel/essai", &[])
        .await
        .vaut(StatusCode::SEE_OTHER);
    let page = m.chef.lire(&m.banc, &lue.ou).await.vaut(StatusCode::OK);
    assert!(page.corps.contains("Envoyé") && page.corps.contains("250"));
    let recu = m.puits.a(CHEF);
    assert_eq!(recu.len(), 1);
    assert!(recu[0].contains("Reply-To: "), "{}", recu[0]);
    for chemin in ["/centre/courriel", "/courriels", "/centre"] {
        let page = m.chef.lire(&m.banc, chemin).await.vaut(StatusCode::OK);
        assert!(!page.corps.contains("secret-du-serveur"), "{chemin}");
    }
    // Laisser le champ vide garde le mot de passe ; changer de serveur le redemande.
    let port = m.puits.adresse.port().to_string();
    let garde = [("port", port.as_str()), ("mot_de_passe", "")];
    m.regler(&garde).await.mene("/centre/courriel");
    let ailleurs = [("port", "25"), ("mot_de_passe", ""), ("hote", "localhost")];
    let refus = m.regler(&ailleurs).await;
    let refus = refus.vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refus.corps.contains("écrivez le mot de passe du nouveau"));
    let en_clair = [("port", "25"), ("hote", "smtp.exemple.fr")];
    let refus = m.regler(&en_clair).await;
    let refus = refus.vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refus.corps.contains("ne voyage pas en clair"));
    // Un mot de passe refusé par le serveur se dit dans ses mots, et le courriel attend.
    m.regler(&[("port", &port), ("mot_de_passe", "faux")])
        .await
        .mene("/centre/courriel");
    let lue = m.chef.poster(&m.banc, "/centre/courriel/essai", &[]).await;
    let page = m.chef.lire(&m.banc, &lue.ou).await.vaut(StatusCode::OK);
    assert!(page.corps.contains("535") && page.corps.contains("À réessayer"));
}

#[tokio::test]
async fn chaque_message_n_est_qu_une_fois_au_compte_malgre_refus_lenteurs_et_coupures() {
    let m = Monde::ouvrir().await;
    let tous = [
        "ada@exemple.fr",
        "refuse@exemple.fr",
        "plus-tard@exemple.fr",
        "non@exemple.fr",
        "muet@exemple.fr",
        "coupe@exemple.fr",
        "zoe@exemple.fr",
    ];
    m.deposer(&tous).await;
    m.deposer(&tous).await;
    let fait = m.tour().await;
    assert_eq!((fait.envoyes, fait.autres), (2, 5));
    for (cle, attendu) in [
        ("ada@exemple.fr", Etat::Envoye),
        ("zoe@exemple.fr", Etat::Envoye),
        ("refuse@exemple.fr", Etat::Refuse),
        ("non@exemple.fr", Etat::Refuse),
        ("plus-tard@exemple.fr", Etat::AReessayer),
        ("muet@exemple.fr", Etat::Incertain),
        ("coupe@exemple.fr", Etat::Incertain),
    ] {
        assert_eq!(m.etat_de(cle).await, attendu, "{cle}");
    }
    // Bien plus tard, rien de ce qui est réglé ou incertain ne repart ; ce qui était à réessayer, si.
    m.puits.ceder();
    for _ in 0..8 {
        m.banc.attendre(50_000);
        m.tour().await;
    }
    assert_eq!(m.etat_de("plus-tard@exemple.fr").await, Etat::Envoye);
    let recus = m.puits.recus();
    for a in tous {
        let attendu = usize::from(!a.starts_with("refuse") && !a.starts_with("non"));
        assert_eq!(recus.iter().filter(|(x, _)| x == a).count(), attendu, "{a}");
    }
    assert!(m.puits.a("ada@exemple.fr")[0].contains("Pour ada@exemple.fr, à l’heure."));
}

#[tokio::test]
async fn un_serveur_injoignable_ne_perd_rien_et_n_use_pas_les_essais_de_tous() {
    let mut m = Monde::ouvrir().await;
    m.regler(&[("port", "1")]).await.mene("/centre/courriel");
    m.deposer(&["a@exemple.fr", "b@exemple.fr", "c@exemple.fr"])
        .await;
    assert_eq!(
        m.tour().await.autres,
        1,
        "un seul essai, puis le tour s'arrête"
    );
    assert_eq!(m.etat_de("b@exemple.fr").await, Etat::AEnvoyer);
    let port = m.puits.adresse.port().to_string();
    m.regler(&[("port", &port)]).await.mene("/centre/courriel");
    m.banc.attendre(61);
    assert_eq!(m.tour().await.envoyes, 3);
    assert_eq!(m.puits.connexions(), 1, "une conversation pour tous");
    // Suspendus, les envois attendent.
    let geste = [("geste", "desactiver")];
    m.chef
        .poster(&m.banc, "/centre/courriel/activite", &geste)
        .await
        .mene("/centre/courriel");
    m.deposer(&["d@exemple.fr"]).await;
    assert_eq!(m.tour().await, facteur::Tour::default());
    assert_eq!(m.etat_de("d@exemple.fr").await, Etat::AEnvoyer);
}

#[tokio::test]
async fn un_arret_pendant_l_envoi_est_montre_et_jamais_renvoye_sans_une_personne() {
    let mut m = Monde::ouvrir().await;
    m.deposer(&["ada@exemple.fr"]).await;
    let c = courriel::par_cle(&m.banc.etat.base, &m.centre, "ada@exemple.fr")
        .await
        .unwrap()
        .unwrap();
    let maintenant = m.banc.etat.horloge.secondes();
    assert!(
        courriel::prendre(&m.banc.etat.base, &m.centre, &c, None, maintenant)
            .await
            .unwrap()
    );
    let apres = m.redemarre().await;
    facteur::tour(&apres).await.unwrap();
    assert_eq!(m.etat_de("ada@exemple.fr").await, Etat::EnCours);
    m.banc.attendre(courriel::PRISE_MAX_S);
    facteur::tour(&apres).await.unwrap();
    assert_eq!(m.etat_de("ada@exemple.fr").await, Etat::Incertain);
    assert!(m.puits.recus().is_empty());
    let page = m
        .chef
        .lire(&m.banc, "/courriels")
        .await
        .vaut(StatusCode::OK);
    assert!(page.corps.contains("demande votre décision"));
    let chemin = format!("/courriels/{}", c.id);
    let perime = [("geste", "renvoyer"), ("etat", "envoye")];
    m.chef.poster(&m.banc, &chemin, &perime).await.mene(&chemin);
    assert_eq!(m.etat_de("ada@exemple.fr").await, Etat::Incertain);
    let geste = [("geste", "renvoyer"), ("etat", "incertain")];
    m.chef.poster(&m.banc, &chemin, &geste).await.mene(&chemin);
    assert_eq!(m.tour().await.envoyes, 1);
    assert_eq!(m.puits.recus().len(), 1);
}

#[tokio::test]
async fn rappels_et_recapitulatif_partent_une_fois_meme_apres_un_redemarrage() {
    let mut m = Monde::ouvrir().await;
    m.session().await;
    // Sept jours avant la limite de la demande d'épreuves (trois mois avant le 15 mars).
    m.banc.attendre(15 * 86_400);
    passe::faire(&m.banc.etat).await.unwrap();
    m.tour().await;
    let avant = m.puits.a(CHEF).len();
    assert!(
        m.puits
            .recus()
            .iter()
            .any(|(_, t)| t.contains("List-Unsubscribe: <http"))
    );
    assert!(avant >= 2, "un rappel et un récapitulatif : {avant}");
    let apres = m.redemarre().await;
    for _ in 0..2 {
        passe::faire(&apres).await.unwrap();
        facteur::tour(&apres).await.unwrap();
    }
    assert_eq!(m.puits.a(CHEF).len(), avant);
    let recus = m.puits.a(CHEF);
    assert!(
        recus
            .iter()
            .any(|t| t.contains("Garant vous le rappelle deux fois"))
    );
    // Le récapitulatif s'arrête d'un clic : lire la page ne change rien, poster si.
    let recapitulatif = recus
        .iter()
        .find(|t| t.contains("Ne plus recevoir ce récapitulatif"))
        .expect("un récapitulatif");
    let chemin = lien(recapitulatif);
    let mut inconnu = Navigateur::default();
    for _ in 0..3 {
        inconnu.lire(&m.banc, &chemin).await.vaut(StatusCode::OK);
    }
    let veut = courriel::veut_recapitulatif(&m.banc.etat.base, &m.centre, &m.moi);
    assert!(veut.await.unwrap());
    inconnu
        .poster(&m.banc, &chemin, &[("reponse", "arreter")])
        .await
        .mene(&chemin);
    m.banc.attendre(86_400);
    passe::faire(&m.banc.etat).await.unwrap();
    m.tour().await;
    let suivants = m.puits.a(CHEF);
    let recapitulatifs = suivants
        .iter()
        .filter(|t| t.contains("Ne plus recevoir"))
        .count();
    assert_eq!(recapitulatifs, 1);
    m.revenir().await;
    let compte = m.chef.lire(&m.banc, "/compte").await.vaut(StatusCode::OK);
    assert!(compte.corps.contains("Recevoir le récapitulatif"));
}

#[tokio::test]
async fn des_jures_sont_sollicites_repondent_par_leur_lien_et_une_defection_previent() {
    let mut m = Monde::ouvrir().await;
    m.jures(&["a", "b", "c", "d"]).await;
    let id = m.session().await;
    let page = format!("/sessions/{id}/sollicitations");
    let vue = m.chef.lire(&m.banc, &page).await.vaut(StatusCode::OK);
    assert!(vue.corps.contains("Dominique JURÉ-A"), "{}", vue.corps);
    let rien = [("avant", "2026-12-10")];
    let refus = m.chef.poster(&m.banc, &page, &rien).await;
    let refus = refus.vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refus.corps.contains("Aucun juré n’est choisi"));
    let choix = [
        ("jures", "jure-a"),
        ("jures", "jure-b"),
        ("jures", "jure-c"),
        ("jures", "jure-d"),
        ("avant", "2026-12-10"),
        ("message", "Merci d’avance"),
    ];
    m.chef.poster(&m.banc, &page, &choix).await.mene(&page);
    assert_eq!(m.tour().await.envoyes, 4);
    let liens: Vec<String> = ["a", "b", "c", "d"]
        .iter()
        .map(|q| lien(&m.puits.a(&format!("{q}@exemple.fr"))[0]))
        .collect();
    // La base ne garde aucun lien en clair.
    let boite = courriel::liste(&m.banc.etat.base, &m.centre, None, None, None, 100)
        .await
        .unwrap();
    assert!(boite.iter().all(|c| !c.message.corps.contains("/liens/")));
    // Une messagerie ouvre le lien : rien ne change.
    let mut jure = Navigateur {
        adresse: Some([192, 0, 2, 7]),
        ..Navigateur::default()
    };
    for _ in 0..3 {
        let vue = jure.lire(&m.banc, &liens[0]).await.vaut(StatusCode::OK);
        assert!(vue.corps.contains("Pouvez-vous siéger") && !vue.corps.contains("Se déconnecter"));
    }
    let s = m.etat_session(&id).await;
    assert!(s.sollicitations.liste.iter().all(|x| x.reponse.is_none()));
    let sans = jure.poster(&m.banc, &liens[0], &[]).await;
    sans.vaut(StatusCode::UNPROCESSABLE_ENTITY);
    for (i, reponse) in [
        (0, "accepte"),
        (1, "accepte"),
        (2, "accepte"),
        (3, "decline"),
    ] {
        jure.poster(&m.banc, &liens[i], &[("reponse", reponse)])
            .await
            .mene(&liens[i]);
    }
    // Usage unique : une seconde réponse ne change rien.
    jure.poster(&m.banc, &liens[0], &[("reponse", "decline")])
        .await
        .mene(&liens[0]);
    let merci = jure.lire(&m.banc, &liens[0]).await.vaut(StatusCode::OK);
    assert!(merci.corps.contains("Merci d’avoir accepté"));
    let s = m.etat_session(&id).await;
    let places: Vec<_> = s.jury.iter().map(|x| x.membre.place.code()).collect();
    assert_eq!(places, ["titulaire", "titulaire", "reserve"]);
    m.tour().await;
    let alertes = m.puits.a(CHEF);
    assert!(
        alertes.iter().any(|t| t.contains("JURÉ-A accepte")),
        "{alertes:?}"
    );
    // Une défection rouvre la recherche ; celle qui la saisit ne se prévient pas elle-même.
    let chemin = format!("/sessions/{id}/jury/jure-a");
    let geste = [("geste", "desister"), ("motif", "malade")];
    let jury = format!("/sessions/{id}/jury");
    m.chef.poster(&m.banc, &chemin, &geste).await.mene(&jury);
    let vue = m.chef.lire(&m.banc, &page).await.vaut(StatusCode::OK);
    assert!(vue.corps.contains("Défections") && vue.corps.contains("malade"));
    let journal = format!("/sessions/{id}/journal");
    let vue = m.chef.lire(&m.banc, &journal).await.vaut(StatusCode::OK);
    assert!(vue.corps.contains("par son lien privé"));
}

#[tokio::test]
async fn un_lien_expire_se_revoque_et_se_relance() {
    let mut m = Monde::ouvrir().await;
    m.jures(&["a", "b"]).await;
    let id = m.session().await;
    let page = format!("/sessions/{id}/sollicitations");
    let choix = [
        ("jures", "jure-a"),
        ("jures", "jure-b"),
        ("avant", "2026-12-10"),
    ];
    m.chef.poster(&m.banc, &page, &choix).await.mene(&page);
    m.tour().await;
    let (a, b) = (
        lien(&m.puits.a("a@exemple.fr")[0]),
        lien(&m.puits.a("b@exemple.fr")[0]),
    );
    let geste = [("geste", "retirer"), ("motif", "jury trouvé")];
    m.chef
        .poster(&m.banc, &format!("{page}/1"), &geste)
        .await
        .mene(&page);
    let mut jure = Navigateur::default();
    jure.lire(&m.banc, &a).await.vaut(StatusCode::GONE);
    jure.poster(&m.banc, &a, &[("reponse", "accepte")])
        .await
        .vaut(StatusCode::GONE);
    jure.lire(&m.banc, "/liens/inconnu")
        .await
        .vaut(StatusCode::NOT_FOUND);
    // Trois jours avant la limite, Garant relance une fois de lui-même.
    m.banc.attendre(14 * 86_400);
    for _ in 0..2 {
        passe::faire(&m.banc.etat).await.unwrap();
        m.tour().await;
    }
    let ecrits = m.puits.a("b@exemple.fr");
    assert_eq!(ecrits.len(), 2);
    assert!(ecrits[1].contains("n’avons pas encore"));
    // Passée la limite, le lien est fini ; une relance le rouvre une semaine.
    m.banc.attendre(5 * 86_400);
    jure.lire(&m.banc, &b).await.vaut(StatusCode::GONE);
    m.revenir().await;
    m.chef
        .poster(&m.banc, &format!("{page}/2"), &[("geste", "relancer")])
        .await
        .mene(&page);
    m.tour().await;
    let neuf = lien(&m.puits.a("b@exemple.fr")[2]);
    jure.poster(
        &m.banc,
        &neuf,
        &[("reponse", "propose"), ("dates", "en avril")],
    )
    .await
    .mene(&neuf);
    let s = m.etat_session(&id).await;
    assert!(s.sollicitations.liste[1].reponse.is_some());
}

#[tokio::test]
async fn sans_serveur_tout_marche_et_la_page_donne_le_texte_et_le_lien() {
    let mut m = Monde::sans_serveur().await;
    m.jures(&["a"]).await;
    let id = m.session().await;
    let page = format!("/sessions/{id}/sollicitations");
    let choix = [("jures", "jure-a"), ("avant", "2026-12-10")];
    m.chef.poster(&m.banc, &page, &choix).await.mene(&page);
    assert_eq!(m.tour().await, facteur::Tour::default());
    passe::faire(&m.banc.etat).await.unwrap();
    let boite = m
        .chef
        .lire(&m.banc, "/courriels")
        .await
        .vaut(StatusCode::OK);
    assert!(boite.corps.contains("Garant compose, une personne envoie"));
    let vue = m.chef.lire(&m.banc, &page).await.vaut(StatusCode::OK);
    assert!(vue.corps.contains("à envoyer vous-même"));
    let geste = [("geste", "lien")];
    let main = m
        .chef
        .poster(&m.banc, &format!("{page}/1"), &geste)
        .await
        .vaut(StatusCode::OK);
    let chemin = lien(&main.entre("id=\"lien\" readonly value=\"", "\""));
    let mut jure = Navigateur::default();
    jure.poster(&m.banc, &chemin, &[("reponse", "accepte")])
        .await
        .mene(&chemin);
    assert_eq!(m.etat_session(&id).await.jury.len(), 1);
    assert_eq!(m.tour().await, facteur::Tour::default());
    // Réglé plus tard, le serveur n'envoie pas ce qui était à faire à la main.
    let port = m.puits.adresse.port().to_string();
    m.regler(&[("port", &port)]).await.mene("/centre/courriel");
    assert_eq!(m.tour().await, facteur::Tour::default());
}

#[tokio::test]
async fn une_convocation_part_se_note_et_s_accuse_par_lien() {
    let mut m = Monde::ouvrir().await;
    let id = m.session().await;
    let d = Destinataire::Surveillant("p-veille".parse().unwrap());
    let piece = stockage::PieceNouvelle {
        id: nouvel_identifiant(),
        classe: "equipe".into(),
        nom: "Convocation.pdf".into(),
        nature: "application/pdf".into(),
        octets: b"%PDF-1.7 convocation figee".to_vec(),
    };
    let document = Document {
        code: "convocation-surveillant".into(),
        destinataire: Some(d.clone()),
        piece: piece.id.clone(),
        empreinte: piece.empreinte(),
        nom: "Convocation.pdf".into(),
        tete: "n° 1".into(),
    };
    let voisinage = Voisinage::default();
    let ctx = Contexte {
        acteur: Acteur {
            personne: m.moi.clone(),
            nom: "Claude TÉMOIN".into(),
            role: Role::Administrateur,
        },
        realise_par: m.moi.clone(),
        maintenant: m.banc.etat.horloge.maintenant(),
        motif: None,
        vu_au_rang: None,
        voisinage: &voisinage,
    };
    let figer = Action::Convocation(convocations::Action::Figer(vec![document]));
    stockage::executer_avec_pieces(
        &m.banc.etat.base,
        &m.centre,
        &id,
        nouvel_identifiant(),
        &figer,
        &ctx,
        &[piece],
    )
    .await
    .unwrap();
    let page = format!("/sessions/{id}/convocations");
    let envoi = format!("{page}/envoi");
    let choix = |adresse| {
        vec![
            ("pour", "surveillant:p-veille"),
            ("courriel:surveillant:p-veille", adresse),
        ]
    };
    let refus = m.chef.poster(&m.banc, &envoi, &choix("veille")).await;
    refus.vaut(StatusCode::UNPROCESSABLE_ENTITY);
    // Refusée par le serveur : rien n'est remis, et la page le dit.
    m.chef
        .poster(&m.banc, &envoi, &choix("refuse@exemple.fr"))
        .await
        .mene(&page);
    m.tour().await;
    let s = m.etat_session(&id).await;
    assert_eq!(s.etat_convocation(&d), convocations::Etat::ARemettre);
    let vue = m.chef.lire(&m.banc, &page).await.vaut(StatusCode::OK);
    assert!(vue.corps.contains("Refusé par le serveur") && vue.corps.contains("550"));
    // Acceptée : la remise se note une fois, au nom de qui l'a demandée.
    m.chef
        .poster(&m.banc, &envoi, &choix("veille@exemple.fr"))
        .await
        .mene(&page);
    for _ in 0..3 {
        m.tour().await;
    }
    let s = m.etat_session(&id).await;
    assert_eq!(s.etat_convocation(&d), convocations::Etat::Remise);
    let rang = s.rang;
    let message = m.puits.a("veille@exemple.fr");
    assert_eq!(message.len(), 1);
    assert!(message[0].contains("Convocation.pdf"));
    let chemin = lien(&message[0]);
    let mut personne = Navigateur::default();
    let pdf = format!("{chemin}/document");
    let lue = personne.lire(&m.banc, &pdf).await.vaut(StatusCode::OK);
    assert!(lue.corps.starts_with("%PDF"));
    assert_eq!(m.etat_session(&id).await.rang, rang);
    for _ in 0..2 {
        personne.poster(&m.banc, &chemin, &[]).await.mene(&chemin);
    }
    let s = m.etat_session(&id).await;
    assert_eq!(s.rang, rang + 1);
    let c = s.convocations.de(&d).unwrap();
    assert!(c.accusee_le().is_some());
    let vue = m.chef.lire(&m.banc, &page).await.vaut(StatusCode::OK);
    assert!(vue.corps.contains("réception accusée le"));
}
