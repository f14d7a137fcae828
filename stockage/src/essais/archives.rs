//! Les archives : une purge à deux détruit pour de bon, une sauvegarde restaurée la rejoue, les nombres restent ; l'accès de contrôle.

use std::collections::BTreeSet;

use jiff::civil::date;
use metier::archivage::{Action as Archiver, Classe};
use metier::{Acteur, Action, Contexte, Role, SessionId};
use serde_json::json;

use super::gestes::{joindre, piece_nouvelle};
use super::recit::*;
use super::{Dossier, sur_les_deux_bases, sur_sqlite};
use crate::acces_controle::{self, NouvelAcces};
use crate::purge::{apercu, confirmer, purges_notees, rejouer_les_purges};
use crate::vues::{Periode, retards, statistiques};
use crate::{
    Adresse, Base, Inscription, Issue, changer, charger, executer, restaurer, sauvegarder, valeurs,
    verifier,
};

/// Le même contexte, cinq ans après, pour cette personne.
fn plus_tard(qui: &str, role: Role) -> Contexte<'static> {
    Contexte {
        acteur: Acteur {
            personne: id(qui),
            nom: format!("Nom de {qui}"),
            role,
        },
        maintenant: "2032-03-01T09:00:00+01:00[Europe/Paris]".parse().unwrap(),
        ..contexte()
    }
}

async fn proposer(base: &Base, session: &SessionId) {
    let action = Action::Archivage(Archiver::ProposerPurge {
        classes: Classe::TOUTES.into_iter().collect(),
    });
    let ctx = plus_tard("p-une", Role::Responsable);
    let issue = executer(base, &centre(), session, neuf("acte"), &action, &ctx)
        .await
        .unwrap();
    assert!(matches!(issue, Issue::Enregistree(..)), "{issue:?}");
}

async fn purgee(base: &Base) -> SessionId {
    let session = session_vecue(base, &centre()).await;
    joindre(base, &session, &piece_nouvelle()).await;
    proposer(base, &session).await;
    let ctx = plus_tard("p-deux", Role::Directeur);
    let issue = confirmer(base, &centre(), &session, neuf("acte"), &ctx)
        .await
        .unwrap();
    assert!(matches!(issue, Issue::Enregistree(..)), "{issue:?}");
    session
}

#[test]
fn une_purge_a_deux_emporte_contenus_pieces_et_index_et_garde_les_nombres() {
    sur_les_deux_bases(async |base| {
        let session = session_vecue(&base, &centre()).await;
        joindre(&base, &session, &piece_nouvelle()).await;
        let tout: BTreeSet<Classe> = Classe::TOUTES.into_iter().collect();
        let vu = apercu(&base, &centre(), &session, &tout).await.unwrap();
        assert_eq!((vu.pieces.len(), vu.par_sujet["candidats"]), (1, 4));
        // Rien ne part sans proposition, ni par la même personne.
        let c = centre();
        let essayer = async |qui, role| {
            let ctx = plus_tard(qui, role);
            confirmer(&base, &c, &session, neuf("acte"), &ctx)
                .await
                .unwrap()
        };
        let avant = charger(&base, &c, &session).await.unwrap().unwrap();
        assert!(matches!(
            essayer("p-deux", Role::Directeur).await,
            Issue::Refusee(_)
        ));
        assert_eq!(charger(&base, &c, &session).await.unwrap().unwrap(), avant);
        proposer(&base, &session).await;
        for (qui, role) in [("p-une", Role::Responsable), ("p-trois", Role::Secretariat)] {
            assert!(
                matches!(essayer(qui, role).await, Issue::Refusee(_)),
                "{qui}"
            );
        }
        let avant = charger(&base, &c, &session).await.unwrap().unwrap();
        assert_eq!(avant.0.inscrits().count(), 4);
        assert!(matches!(
            essayer("p-deux", Role::Directeur).await,
            Issue::Enregistree(..)
        ));
        let (etat, _) = charger(&base, &c, &session).await.unwrap().unwrap();
        assert_eq!(
            (etat.inscrits().count(), etat.archivage.purges.len()),
            (0, 1)
        );
        assert_eq!(etat.archivage.purges[0].confirme_par, "Nom de p-deux");
        let rapport = verifier(&base).await.unwrap();
        assert!(rapport.est_intact(), "{:?}", rapport.alterations);
        assert_eq!(rapport.purges, vu.rangs.len() as u64);
        // Les nombres restent, sans nom.
        let periode = Periode {
            du: "2026-01-01".into(),
            au: "2026-12-31".into(),
        };
        let l = statistiques(&base, &c, &periode).await.unwrap();
        assert_eq!(l.iter().map(|x| x.nombres.inscrits).sum::<u32>(), 4);
        assert!(
            retards(&base, &c, &periode, "2032-01-01")
                .await
                .unwrap()
                .is_empty()
        );
        // Le dossier emporté se vérifie encore, et dit la pièce purgée.
        let d = crate::dossier::extraire(&base, &c, &session).await.unwrap();
        let pieces = d.pieces.iter().map(|(p, _)| (p.id.clone(), None)).collect();
        assert_eq!(crate::dossier::controler(&d.lignes, &pieces), Ok(d.tete));
        // Une pièce dite purgée sans l'être, ou l'inverse, se voit.
        let sql = "UPDATE piece SET octets = $1 WHERE purge_le IS NOT NULL";
        super::gestes::alterer(&base, sql, valeurs![b"%PDF-1.7 essai".to_vec()]).await;
        assert!(!verifier(&base).await.unwrap().est_intact());
    });
}

#[test]
fn apres_une_purge_les_noms_ne_sont_plus_dans_aucun_fichier() {
    sur_sqlite(async |base| {
        let session = purgee(&base).await;
        assert!(charger(&base, &centre(), &session).await.unwrap().is_some());
        let fichier = base.chemin().unwrap().to_owned();
        for suffixe in ["", "-wal", "-shm"] {
            let mut nom = fichier.clone().into_os_string();
            nom.push(suffixe);
            let octets = std::fs::read(&nom).unwrap_or_default();
            for temoin in ["DURAND", "Lemaître", "durand", "lemaitre", "%PDF-1.7 essai"] {
                let trouve = octets.windows(temoin.len()).any(|f| f == temoin.as_bytes());
                assert!(!trouve, "{temoin} reste dans garant.db{suffixe}");
            }
        }
    });
}

#[test]
fn une_sauvegarde_restauree_rejoue_les_purges() {
    sur_sqlite(async |base| {
        let dossier = Dossier::new();
        let avant = dossier.chemin().join("avant.db");
        let session = session_vecue(&base, &centre()).await;
        joindre(&base, &session, &piece_nouvelle()).await;
        proposer(&base, &session).await;
        sauvegarder(&base, &avant).await.unwrap();
        let ctx = plus_tard("p-deux", Role::Directeur);
        confirmer(&base, &centre(), &session, neuf("acte"), &ctx)
            .await
            .unwrap();
        let registre = purges_notees(&base, None).await.unwrap();
        assert_eq!(registre.len(), 1);
        assert_eq!(
            registre,
            purges_notees(&base, Some((&centre(), &session)))
                .await
                .unwrap()
        );
        let texte = serde_json::to_string(&registre).unwrap();
        assert!(
            !texte.contains("DURAND"),
            "le registre ne nomme aucun candidat"
        );

        let restauree = dossier.chemin().join("garant.db");
        restaurer(&avant, &restauree).await.unwrap();
        let restauree = Base::ouvrir(&Adresse::Sqlite(restauree)).await.unwrap();
        let compter = async |base: &Base| {
            charger(base, &centre(), &session)
                .await
                .unwrap()
                .unwrap()
                .0
                .inscrits()
                .count()
        };
        assert_eq!(
            compter(&restauree).await,
            4,
            "la sauvegarde d'avant a encore tout"
        );
        let rejeu = rejouer_les_purges(&restauree, &registre).await.unwrap();
        assert_eq!((rejeu.refaites, rejeu.impossibles.len()), (1, 0));
        assert_eq!(compter(&restauree).await, 0);
        let rapport = verifier(&restauree).await.unwrap();
        assert!(rapport.est_intact(), "{:?}", rapport.alterations);
        let encore = rejouer_les_purges(&restauree, &registre).await.unwrap();
        assert_eq!((encore.refaites, encore.en_place), (0, 1));
        // Une base qui n'a pas cette session le dit, sans rien toucher.
        let autre = Base::ouvrir(&Adresse::Sqlite(dossier.chemin().join("autre.db")))
            .await
            .unwrap();
        let rejeu = rejouer_les_purges(&autre, &registre).await.unwrap();
        assert_eq!((rejeu.refaites, rejeu.impossibles.len()), (0, 1));
    });
}

#[test]
fn un_acces_de_controle_ouvre_une_session_jusqu_a_sa_date_et_se_revoque() {
    sur_les_deux_bases(async |base| {
        let c = centre();
        let inscription = |acte: &str, action: &'static str| Inscription {
            acte: id(acte),
            le: "2026-12-01T08:00:00Z".into(),
            saisi_par: id("p-une"),
            action,
            details: json!({}),
        };
        let poser = crate::Requete::new(
            "INSERT INTO centre (id, nom, exemple, cree_le) VALUES ($1, $2, $3, $4)",
            valeurs![&c, "Centre", false, "2026-01-01T00:00:00Z"],
        );
        changer(&base, &c, &inscription("c", "centre.cree"), vec![poser])
            .await
            .unwrap();
        let session = session_creee(&base, &c, date(2026, 12, 15)).await;
        let acces = NouvelAcces {
            id: "a-1".into(),
            session: session.clone(),
            jeton: "jeton-secret".into(),
            nom: "Dominique Contrôle".into(),
            organisme: "DDETS".into(),
            expire: 2_000,
        };
        acces_controle::creer(
            &base,
            &c,
            &acces,
            &inscription("i-1", "controle.acces_cree"),
        )
        .await
        .unwrap();
        let ouvrir =
            async |jeton: &str, a: i64| acces_controle::ouvrir(&base, jeton, a).await.unwrap();
        assert!(ouvrir("autre", 1_000).await.is_none());
        assert!(ouvrir("jeton-secret", 2_000).await.is_none(), "échu");
        let o = ouvrir("jeton-secret", 1_999).await.unwrap();
        assert_eq!((o.session.clone(), o.deja_ouvert), (session.clone(), false));
        acces_controle::noter_ouverture(&base, &o, &inscription("i-2", "controle.ouvert"))
            .await
            .unwrap();
        assert!(ouvrir("jeton-secret", 1_999).await.unwrap().deja_ouvert);
        let reste = base
            .lire("SELECT empreinte FROM acces_controle", &[])
            .await
            .unwrap();
        assert_ne!(reste[0].octets(0).unwrap(), b"jeton-secret");
        acces_controle::revoquer(
            &base,
            &c,
            &session,
            "a-1",
            &inscription("i-3", "controle.revoque"),
        )
        .await
        .unwrap();
        assert!(ouvrir("jeton-secret", 1_000).await.is_none(), "révoqué");
        assert!(
            acces_controle::lister(&base, &c, &session).await.unwrap()[0]
                .revoque_le
                .is_some()
        );
    });
}
