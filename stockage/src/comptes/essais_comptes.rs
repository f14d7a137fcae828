//! Les comptes, sur les deux bases : naissance d'un centre, invitations, connexions, second facteur.

use super::*;
use crate::Erreur;
use crate::essais::sur_les_deux_bases;
use crate::journal_centre::{Inscription, journal_du_centre};

fn quelqu_un(id: &str, courriel: &str) -> Personne {
    Personne {
        id: id.parse().expect("identifiant"),
        nom: "Témoin".into(),
        prenom: "Camille".into(),
        fonction: "Directrice".into(),
        courriel: courriel.into(),
        actif: true,
    }
}

fn nouveau(id: &str, courriel: &str) -> NouveauCentre {
    NouveauCentre {
        id: id.into(),
        nom: "Centre fictif".into(),
        exemple: false,
        administrateur: quelqu_un(&format!("p-{id}"), courriel),
        roles: vec![Role::Administrateur, Role::Responsable],
        mot_de_passe: "$argon2id$…".into(),
        acte: format!("acte-{id}").parse().expect("acte"),
        le: "2026-11-23T10:00:00Z".into(),
    }
}

fn inscription(acte: &str) -> Inscription {
    Inscription {
        acte: acte.parse().expect("acte"),
        le: "2026-11-23T11:00:00Z".into(),
        saisi_par: "p-c1".parse().expect("personne"),
        action: "equipe.essai",
        details: serde_json::json!({}),
    }
}

#[test]
fn le_code_de_demarrage_ne_sert_qu_une_fois() {
    sur_les_deux_bases(async |base| {
        poser_code_de_demarrage(&base, "ANCIEN").await.unwrap();
        poser_code_de_demarrage(&base, "ABCD").await.unwrap();
        assert!(!verifier_code_de_demarrage(&base, "ANCIEN").await.unwrap());
        assert!(verifier_code_de_demarrage(&base, "ABCD").await.unwrap());
        let centre = creer_centre(&base, &nouveau("c1", "a@exemple.fr"), Some("ABCD"))
            .await
            .unwrap();
        assert_eq!(
            journal_du_centre(&base, &centre, None, 10)
                .await
                .unwrap()
                .len(),
            1
        );
        let seconde = creer_centre(&base, &nouveau("c2", "b@exemple.fr"), Some("ABCD")).await;
        assert!(
            matches!(seconde, Err(Erreur::Conflit { .. })),
            "{seconde:?}"
        );
        assert_eq!(centres(&base).await.unwrap().len(), 1);
    });
}

#[test]
fn une_invitation_ne_sert_qu_une_fois_et_expire() {
    sur_les_deux_bases(async |base| {
        let centre = creer_centre(&base, &nouveau("c1", "a@exemple.fr"), None)
            .await
            .unwrap();
        let invitee = quelqu_un("p2", "b@exemple.fr");
        let n = NouvelleInvitation {
            personne: &invitee,
            connue: false,
            roles: &[Role::Secretariat],
            jeton: "J1",
            expire: 1000,
        };
        inviter(&base, &centre, &n, &inscription("i1"))
            .await
            .unwrap();
        assert!(
            lire_invitation(&base, "J1", 1000).await.unwrap().is_none(),
            "expirée"
        );
        let renvoi = NouvelleInvitation {
            connue: true,
            jeton: "J2",
            ..n
        };
        inviter(&base, &centre, &renvoi, &inscription("i2"))
            .await
            .unwrap();
        assert!(
            lire_invitation(&base, "J1", 10).await.unwrap().is_none(),
            "remplacée"
        );
        let invitation = lire_invitation(&base, "J2", 10)
            .await
            .unwrap()
            .expect("valable");
        assert_eq!(invitation.roles, [Role::Secretariat]);
        accepter_invitation(&base, &invitation, "J2", "h", &inscription("i3"))
            .await
            .unwrap();
        assert!(
            lire_invitation(&base, "J2", 10).await.unwrap().is_none(),
            "consommée"
        );
        assert!(
            accepter_invitation(&base, &invitation, "J2", "h", &inscription("i4"))
                .await
                .is_err()
        );
        assert_eq!(equipe(&base, &centre, 10).await.unwrap().len(), 2);
    });
}

#[test]
fn une_connexion_fermee_ou_un_compte_desactive_ne_donne_plus_acces() {
    sur_les_deux_bases(async |base| {
        let centre = creer_centre(&base, &nouveau("c1", "a@exemple.fr"), None)
            .await
            .unwrap();
        let ouverture = |jeton: &'static str, id: &'static str| NouvelleConnexion {
            jeton,
            id,
            courriel: "a@exemple.fr",
            etape: Etape::Ouverte,
            agent: "essai",
            adresse: "127.0.0.1",
            maintenant: 100_000,
        };
        ouvrir(&base, &ouverture("t1", "x1")).await.unwrap();
        ouvrir(&base, &ouverture("t2", "x2")).await.unwrap();
        assert_eq!(
            connecte(&base, "t1", 100_001)
                .await
                .unwrap()
                .expect("connectée")
                .centre,
            centre
        );
        assert!(
            connecte(&base, "t1", 100_000 + INACTIVITE_MAX_S)
                .await
                .unwrap()
                .is_none(),
            "inactive"
        );
        assert!(fermer(&base, "a@exemple.fr", "x1").await.unwrap());
        assert!(
            !fermer(&base, "autre@exemple.fr", "x2").await.unwrap(),
            "pas à lui"
        );
        assert!(
            connecte(&base, "t1", 100_001).await.unwrap().is_none(),
            "fermée"
        );
        let id = "p-c1".parse().unwrap();
        activer_compte(&base, &centre, &id, false, &inscription("d1"))
            .await
            .unwrap();
        assert!(
            connecte(&base, "t2", 100_001).await.unwrap().is_none(),
            "compte désactivé"
        );
    });
}

#[test]
fn un_code_du_second_facteur_et_un_code_de_secours_ne_servent_qu_une_fois() {
    sur_les_deux_bases(async |base| {
        creer_centre(&base, &nouveau("c1", "a@exemple.fr"), None)
            .await
            .unwrap();
        poser_secret_en_attente(&base, "a@exemple.fr", "SECRET")
            .await
            .unwrap();
        confirmer_second_facteur(
            &base,
            "a@exemple.fr",
            "SECRET",
            5,
            &["s1".into(), "s2".into()],
            "",
        )
        .await
        .unwrap();
        assert!(!consommer_pas(&base, "a@exemple.fr", 5).await.unwrap());
        assert!(consommer_pas(&base, "a@exemple.fr", 6).await.unwrap());
        let c = compte(&base, "A@Exemple.fr ")
            .await
            .unwrap()
            .expect("compte");
        assert_eq!(c.totp.as_deref(), Some("SECRET"));
        assert!(consommer_secours(&base, &c, "s1").await.unwrap());
        assert!(
            !consommer_secours(&base, &c, "s1").await.unwrap(),
            "déjà servi"
        );
    });
}
