//! Le rôle de l'application, sur un vrai PostgreSQL durci : il n'écrit que par la purge sur une preuve, et ne voit
//! que le centre qu'il dit.

use std::collections::BTreeSet;

use jiff::civil::date;
use metier::SessionId;
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;

use super::recit::*;
use super::{administrer, moteur};
use crate::base::Requete;
use crate::purge::{OrdreDePurge, purger};
use crate::{Adresse, Base, Centre, Creation, Erreur, charger, creer, durcir, valeurs, verifier};

/// Une base durcie, ouverte par le rôle de l'application ; rien si aucun serveur n'est donné.
fn sur_base_durcie(essai: impl AsyncFn(Base, String)) {
    let Ok(serveur) = std::env::var("GARANT_ESSAI_POSTGRES") else {
        let requis = std::env::var("GARANT_ESSAI_POSTGRES_REQUIS").is_ok_and(|v| v == "1");
        assert!(!requis, "GARANT_ESSAI_POSTGRES manque");
        return;
    };
    let suffixe = uuid::Uuid::now_v7().simple().to_string();
    let (nom, role) = (
        format!("durcie_{suffixe}"),
        format!("application_{suffixe}"),
    );
    moteur().block_on(async {
        administrer(&serveur, &format!("CREATE ROLE {role} LOGIN")).await;
        administrer(&serveur, &format!("CREATE DATABASE {nom}")).await;
        {
            let adresse = Adresse::Postgres(format!("{serveur} dbname={nom}"));
            let proprietaire = Base::ouvrir(&adresse).await.expect("PostgreSQL s'ouvre");
            durcir(&proprietaire, &role)
                .await
                .expect("la base se durcit");
            durcir(&proprietaire, &role).await.expect("et de nouveau");
        }
        let hote = serveur.split(" user=").next().unwrap_or(&serveur);
        let url = format!("{hote} user={role} dbname={nom}");
        let base = Base::ouvrir(&Adresse::Postgres(url.clone()))
            .await
            .expect("le rôle de l'application ouvre la base");
        essai(base, url).await;
        administrer(&serveur, &format!("DROP DATABASE {nom} WITH (FORCE)")).await;
        administrer(&serveur, &format!("DROP ROLE {role}")).await;
    });
}

async fn creer_dans(base: &Base, centre: &Centre, session: &SessionId) {
    let creation = creer(
        &base.du_centre(centre),
        centre,
        session,
        acte(&format!("creation-{session}")),
        &creation(date(2026, 12, 15)),
        &contexte(),
    )
    .await;
    assert!(matches!(creation, Ok(Creation::Creee(..))), "{creation:?}");
}

async fn compter(base: &Base, sql: &'static str) -> i64 {
    base.lire_une(sql, &[])
        .await
        .unwrap()
        .unwrap()
        .entier(0)
        .unwrap()
}

#[test]
fn le_role_de_l_application_ne_recrit_aucune_preuve() {
    sur_base_durcie(async |base, _| {
        let session: SessionId = id("session-durcie");
        creer_dans(&base, &centre(), &session).await;
        for ordre in [
            "UPDATE journal SET le = 'hier'",
            "DELETE FROM journal",
            "DELETE FROM contenu",
            "UPDATE contenu SET classe = 'autre'",
            "UPDATE contenu SET json = '{}'",
            "UPDATE piece SET nom = 'autre'",
            "UPDATE acte SET flux = 'ailleurs'",
            "DELETE FROM acte",
            "DELETE FROM sceau",
            "DELETE FROM migration",
            "CREATE TABLE intruse (a TEXT)",
        ] {
            let refus = base.transaction(vec![Requete::new(ordre, vec![])]).await;
            assert!(
                matches!(refus, Err(Erreur::Interdite(_))),
                "{ordre} : {refus:?}"
            );
        }
        // La purge, elle, passe ; la chaîne se vérifie ensuite.
        let ordre = OrdreDePurge {
            acte: acte("purge"),
            le: "2032-01-01T00:00:00Z".to_owned(),
            saisi_par: id("personne-1"),
            motif: "durée échue".to_owned(),
        };
        let ici = base.du_centre(&centre());
        purger(&ici, &centre(), &session, &BTreeSet::from([1]), &ordre)
            .await
            .expect("un contenu se purge");
        assert!(verifier(&base).await.unwrap().est_intact());
        // Et ce qui est purgé ne revient pas.
        let retour = base
            .transaction(vec![Requete::new(
                "UPDATE contenu SET json = '{}', sel = NULL, purge_le = NULL WHERE purge_le IS NOT NULL",
                vec![],
            )])
            .await;
        assert!(
            matches!(&retour, Ok(n) if n == &vec![0])
                || matches!(retour, Err(Erreur::Interdite(_))),
            "{retour:?}"
        );
    });
}

#[test]
fn une_requete_d_un_autre_centre_ne_voit_rien() {
    sur_base_durcie(async |base, url| {
        let (ici, ailleurs) = (centre(), Centre::pour_exploitation("un-autre-centre"));
        let session: SessionId = id("session-d-ici");
        creer_dans(&base, &ici, &session).await;
        creer_dans(&base, &ailleurs, &id("session-d-ailleurs")).await;
        let (d_ici, d_ailleurs) = (base.du_centre(&ici), base.du_centre(&ailleurs));
        assert!(charger(&d_ici, &ici, &session).await.unwrap().is_some());
        // Une requête qui oublierait son centre, ou qui nommerait le mauvais, ne rend rien.
        assert!(
            charger(&d_ailleurs, &ici, &session)
                .await
                .unwrap()
                .is_none()
        );
        for sql in [
            "SELECT COUNT(*) FROM journal WHERE flux NOT LIKE 'un-autre-centre/%'",
            "SELECT COUNT(*) FROM contenu WHERE flux NOT LIKE 'un-autre-centre/%'",
            "SELECT COUNT(*) FROM vue_session WHERE centre <> 'un-autre-centre'",
            "SELECT COUNT(*) FROM vue_cle WHERE centre <> 'un-autre-centre'",
        ] {
            assert_eq!(compter(&d_ailleurs, sql).await, 0, "{sql}");
            assert!(
                compter(&base, sql).await > 0,
                "l'exploitation voit tout : {sql}"
            );
        }
        let intrusion = d_ailleurs
            .transaction(vec![Requete::new(
                "INSERT INTO acte (centre, acte, flux, premier_rang, dernier_rang) VALUES ($1, 'intrus', 'x/y', 1, 1)",
                valeurs![&ici],
            )])
            .await;
        assert!(
            matches!(intrusion, Err(Erreur::Interdite(_))),
            "{intrusion:?}"
        );

        // Une connexion qui ne dit pas son centre ne voit rien du tout.
        let (client, connexion) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        let fil = tokio::spawn(connexion);
        let vue = client
            .query_one("SELECT COUNT(*) FROM journal", &[])
            .await
            .unwrap();
        assert_eq!(vue.get::<_, i64>(0), 0);
        let refus = client.execute("TRUNCATE journal", &[]).await.unwrap_err();
        assert_eq!(refus.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE));
        drop(client);
        let _ = fil.await;
    });
}
