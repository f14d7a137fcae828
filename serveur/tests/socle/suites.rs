//! Les suites d'une session, jouées dans le processus : plateau, lien de contrôle, purge à deux, statistiques.

use crate::banc::{Banc, CHEF, MOT, Navigateur};
use crate::sessions::{acte, creer_session, fiche};
use axum::http::StatusCode;
use metier::archivage::{self, Classe};
use metier::{Acteur, Action, Contexte, PersonneId, Role, SessionId, Voisinage};
use stockage::Centre;

async fn centre(banc: &Banc) -> Centre {
    stockage::comptes::centres(&banc.etat.base)
        .await
        .unwrap()
        .remove(0)
        .centre
}

/// Fait avancer l'horloge à midi, ce jour-là.
fn au(banc: &Banc, jour: &str) {
    let midi: jiff::Timestamp = format!("{jour}T12:00:00Z").parse().unwrap();
    banc.heure
        .store(midi.as_second(), std::sync::atomic::Ordering::Relaxed);
}

#[tokio::test(flavor = "multi_thread")]
async fn un_inventaire_se_prevoit_se_compte_et_se_pare() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let session = creer_session(&banc, &mut chef).await;
    let page = format!("{session}/plateau");
    let poster = async |chef: &mut Navigateur, champs: &[(&str, &str)]| {
        let acte = acte();
        let mut tous = vec![("acte", acte.as_str())];
        tous.extend(champs);
        chef.poster(&banc, &page, &tous).await
    };
    let vide = chef.lire(&banc, &page).await.vaut(StatusCode::OK);
    assert!(vide.corps.contains("Rien n’est encore prévu"));
    let besoin = [
        ("geste", "prevoir"),
        ("sorte", "equipement"),
        ("lieu", ""),
        ("par", "session"),
        ("libelle", "Vidéoprojecteur"),
    ];
    let mut sans_nombre = besoin.to_vec();
    sans_nombre.push(("quantite", "beaucoup"));
    let refusee = poster(&mut chef, &sans_nombre)
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refusee.corps.contains("value=\"Vidéoprojecteur\""),
        "la saisie est gardée"
    );
    let mut bon = besoin.to_vec();
    bon.push(("quantite", "2"));
    poster(&mut chef, &bon).await.vaut(StatusCode::SEE_OTHER);
    let compte = [("geste", "compter"), ("compte-1", "un")];
    poster(&mut chef, &compte)
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    let compte = [("geste", "compter"), ("compte-1", "1")];
    poster(&mut chef, &compte).await.vaut(StatusCode::SEE_OTHER);
    let lue = chef.lire(&banc, &page).await;
    assert!(lue.corps.contains("1 manque"), "{}", lue.corps);
    let parade = [("geste", "parer"), ("numero", "1"), ("parade", "loué")];
    poster(&mut chef, &parade).await.vaut(StatusCode::SEE_OTHER);
    assert!(chef.lire(&banc, &page).await.corps.contains("Manque paré"));
}

#[tokio::test(flavor = "multi_thread")]
async fn un_lien_de_controle_ouvre_une_seule_session_en_lecture_jusqu_a_sa_date() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let session = creer_session(&banc, &mut chef).await;
    let autre = creer_session(&banc, &mut chef).await;
    let page = format!("{session}/controle");
    let ouvrir = async |chef: &mut Navigateur, jusqu_au: &str| {
        let acte = acte();
        let champs = [
            ("acte", acte.as_str()),
            ("geste", "ouvrir"),
            ("nom", "Dominique Contrôle"),
            ("organisme", "DDETS du Rhône"),
            ("jusqu_au", jusqu_au),
        ];
        chef.poster(&banc, &page, &champs).await
    };
    let jour = banc.etat.horloge.jour();
    let tard = jour.checked_add(jiff::Span::new().days(400)).unwrap();
    ouvrir(&mut chef, &tard.to_string())
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    let bientot = jour.checked_add(jiff::Span::new().days(10)).unwrap();
    let ouverte = ouvrir(&mut chef, &bientot.to_string())
        .await
        .vaut(StatusCode::OK);
    let lien = ouverte.entre("http://127.0.0.1:8080/controle/", "</code>");
    let lien = format!("/controle/{lien}");
    // Le lien ne se montre qu'une fois.
    assert!(!chef.lire(&banc, &page).await.corps.contains(&lien));

    let mut invite = Navigateur::default();
    invite
        .lire(&banc, &session)
        .await
        .vaut(StatusCode::SEE_OTHER);
    let vue = invite.lire(&banc, &lien).await.vaut(StatusCode::OK);
    assert!(vue.corps.contains("Dominique Contrôle"));
    // Suivre le lien n'ouvre rien : il faut le bouton.
    invite
        .lire(&banc, &session)
        .await
        .vaut(StatusCode::SEE_OTHER);
    invite.poster(&banc, &lien, &[]).await.mene(&session);
    for onglet in [
        "",
        "/candidats",
        "/plateau",
        "/plis",
        "/jour",
        "/incidents",
        "/deliberation",
        "/pv",
        "/suites",
        "/archives",
        "/controle",
        "/journal",
        "/conformite",
    ] {
        let lue = invite
            .lire(&banc, &format!("{session}{onglet}"))
            .await
            .vaut(StatusCode::OK);
        assert!(
            lue.corps.contains("Accès de contrôle, en lecture"),
            "{onglet}"
        );
    }
    let zip = invite
        .poster(&banc, &format!("{session}/dossier"), &[])
        .await
        .vaut(StatusCode::OK);
    assert!(zip.corps.starts_with("PK"));
    for (chemin, statut) in [
        (format!("{session}/plateau"), StatusCode::FORBIDDEN),
        (format!("{session}/archives"), StatusCode::FORBIDDEN),
        (page.clone(), StatusCode::FORBIDDEN),
        (format!("{autre}/plateau"), StatusCode::SEE_OTHER),
    ] {
        let geste = [("geste", "proposer")];
        let obtenu = invite.poster(&banc, &chemin, &geste).await.statut;
        assert_eq!(obtenu, statut, "{chemin}");
    }
    for ailleurs in ["/", "/sessions", autre.as_str(), "/jures", "/statistiques"] {
        invite
            .lire(&banc, ailleurs)
            .await
            .vaut(StatusCode::SEE_OTHER);
    }
    // Révoqué, puis échu : le lien ne vaut plus rien, le témoin non plus.
    let mut second = Navigateur::default();
    second.poster(&banc, &lien, &[]).await.mene(&session);
    let acces = chef
        .lire(&banc, &page)
        .await
        .entre("name=\"acces\" value=\"", "\"");
    let a = acte();
    let revoquer = [
        ("acte", a.as_str()),
        ("geste", "revoquer"),
        ("acces", &acces),
    ];
    chef.poster(&banc, &page, &revoquer)
        .await
        .vaut(StatusCode::SEE_OTHER);
    second
        .lire(&banc, &session)
        .await
        .vaut(StatusCode::SEE_OTHER);
    second.lire(&banc, &lien).await.vaut(StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn une_purge_proposee_par_l_une_se_confirme_par_l_autre_et_laisse_son_proces_verbal() {
    let (banc, mut chef, secret) = Banc::avec_centre().await;
    let session = creer_session(&banc, &mut chef).await;
    let a = acte();
    chef.poster(
        &banc,
        &format!("{session}/candidats/nouveau"),
        &fiche(&a, "Abadie-Témoin"),
    )
    .await
    .vaut(StatusCode::SEE_OTHER);
    let page = format!("{session}/archives");
    let avant = chef.lire(&banc, &page).await.vaut(StatusCode::OK);
    assert!(avant.corps.contains("Rien ne se purge avant"));
    au(&banc, "2032-03-10");
    // L'autre personne propose ; le chef relit et confirme.
    let c = centre(&banc).await;
    let id: SessionId = session.rsplit('/').next().unwrap().parse().unwrap();
    let qui: PersonneId = "p-autre".parse().unwrap();
    let ctx = Contexte {
        acteur: Acteur {
            personne: qui.clone(),
            nom: "Alix Direction".into(),
            role: Role::Directeur,
        },
        realise_par: qui,
        maintenant: banc.etat.horloge.maintenant(),
        motif: Some("cinq ans révolus".into()),
        vu_au_rang: None,
        voisinage: &Voisinage::VIDE,
    };
    let proposer = Action::Archivage(archivage::Action::ProposerPurge {
        classes: Classe::TOUTES.into_iter().collect(),
    });
    let acte_1 = acte().parse().unwrap();
    let issue = stockage::executer(&banc.etat.base, &c, &id, acte_1, &proposer, &ctx)
        .await
        .unwrap();
    assert!(
        matches!(issue, stockage::Issue::Enregistree(..)),
        "{issue:?}"
    );
    // Cinq ans après, la connexion est finie : le chef se reconnecte, avec son second facteur.
    let mut n = Navigateur::default();
    n.se_connecter(&banc, CHEF, MOT)
        .await
        .mene("/connexion/second-facteur?retour=/");
    let code = banc.code(&secret);
    n.poster(&banc, "/connexion/second-facteur", &[("code", &code)])
        .await
        .vaut(StatusCode::SEE_OTHER);
    let lue = n.lire(&banc, &page).await.vaut(StatusCode::OK);
    assert!(
        lue.corps.contains("Confirmer la destruction"),
        "{}",
        lue.corps
    );
    let a = acte();
    let confirmer = [("acte", a.as_str()), ("geste", "confirmer")];
    n.poster(&banc, &page, &confirmer)
        .await
        .vaut(StatusCode::SEE_OTHER);
    verifier_la_purge(&banc, &c, &id).await;
    let lue = n.lire(&banc, &page).await.vaut(StatusCode::OK);
    assert!(lue.corps.contains("confirmée par"), "{}", lue.corps);
    let pdf = n
        .lire(&banc, &format!("{page}/proces-verbal"))
        .await
        .vaut(StatusCode::OK);
    assert!(pdf.corps.starts_with("%PDF"));
}

async fn verifier_la_purge(banc: &Banc, c: &Centre, id: &SessionId) {
    let (s, _) = stockage::charger(&banc.etat.base, c, id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((s.inscrits().count(), s.archivage.purges.len()), (0, 1));
    let registre = serveur::purges::chemin(&banc.etat.donnees);
    let notees = serveur::purges::lire(&registre).unwrap();
    assert_eq!(notees.len(), 1);
    assert_eq!(serveur::purges::ajouter(&registre, &notees).unwrap(), 0);
    assert!(
        !std::fs::read_to_string(&registre)
            .unwrap()
            .contains("Abadie")
    );
    assert!(
        stockage::verifier(&banc.etat.base)
            .await
            .unwrap()
            .est_intact()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn les_statistiques_comptent_sans_nommer_et_s_exportent() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let session = creer_session(&banc, &mut chef).await;
    let vide = chef.lire(&banc, "/statistiques").await.vaut(StatusCode::OK);
    assert!(vide.corps.contains("Aucune session sur cette période"));
    for nom in ["Abadie", "Bérenger"] {
        let a = acte();
        let champs = fiche(&a, nom);
        chef.poster(&banc, &format!("{session}/candidats/nouveau"), &champs)
            .await
            .vaut(StatusCode::SEE_OTHER);
    }
    let page = chef
        .lire(&banc, "/statistiques?du=2027-01-01&au=2027-12-31")
        .await
        .vaut(StatusCode::OK);
    assert!(page.corps.contains("Formation continue") && page.corps.contains("mars"));
    assert!(!page.corps.contains("Abadie") && !page.corps.contains("ABADIE"));
    let csv = chef
        .lire(&banc, "/statistiques/export?du=2027-01-01&au=2027-12-31")
        .await
        .vaut(StatusCode::OK);
    assert!(
        csv.corps.contains("\"Formation continue\";1;2;0;0;0;0;0;0"),
        "{}",
        csv.corps
    );
    let mal = chef
        .lire(&banc, "/statistiques?du=2027-12-31&au=2027-01-01")
        .await;
    assert!(mal.corps.contains("vient avant le premier"));
}
