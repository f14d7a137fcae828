//! Conserver : une purge ne rompt rien, le journal du centre suit, une sauvegarde se restaure.

use std::collections::BTreeSet;

use serde_json::json;

use super::gestes::{alterer, joindre, nomme, ordre, piece_nouvelle};
use super::recit::*;
use super::{Dossier, sur_les_deux_bases, sur_sqlite};
use crate::{
    Adresse, Base, Changement, Erreur, Inscription, changer, charger, journal, journal_du_centre,
    piece, purger, purger_piece, restaurer, sauvegarder, valeurs, verifier,
};

#[test]
fn une_purge_detruit_le_contenu_et_la_chaine_se_verifie() {
    sur_les_deux_bases(async |base| {
        let session = session_vecue(&base, &centre()).await;
        let (avant, tete) = charger(&base, &centre(), &session).await.unwrap().unwrap();
        let rangs: BTreeSet<u64> = journal(&base, &centre(), &session, 1, 100)
            .await
            .unwrap()
            .iter()
            .filter(|l| l.etiquette.starts_with("candidats."))
            .map(|l| l.rang)
            .collect();
        assert_eq!(rangs.len(), 3);
        let apres = purger(&base, &centre(), &session, &rangs, &ordre("purge"))
            .await
            .unwrap();
        assert_eq!(apres.rang, tete.rang + 1);
        assert_eq!(
            purger(&base, &centre(), &session, &rangs, &ordre("purge"))
                .await
                .unwrap(),
            apres
        );
        let encore = purger(&base, &centre(), &session, &rangs, &ordre("autre")).await;
        assert!(matches!(encore, Err(Erreur::Conflit { .. })));
        let elle_meme = purger(
            &base,
            &centre(),
            &session,
            &[apres.rang].into(),
            &ordre("soi"),
        )
        .await;
        assert!(matches!(elle_meme, Err(Erreur::Conflit { .. })));

        let rapport = verifier(&base).await.unwrap();
        assert!(rapport.est_intact(), "{:?}", rapport.alterations);
        assert_eq!(rapport.purges, 3);
        let (etat, _) = charger(&base, &centre(), &session).await.unwrap().unwrap();
        assert_eq!((avant.inscrits().count(), etat.inscrits().count()), (3, 0));
        let reste = base
            .lire(
                "SELECT json FROM contenu WHERE json LIKE '%DURAND%' OR json LIKE '%Durand%'",
                &[],
            )
            .await;
        assert!(reste.unwrap().is_empty());
        assert!(
            crate::vues::candidats(&base, &centre(), "durand", None)
                .await
                .unwrap()
                .candidats
                .is_empty()
        );
        let filtre = crate::Filtre {
            texte: "durand".into(),
            ..Default::default()
        };
        assert!(
            crate::vues::sessions(&base, &centre(), &filtre)
                .await
                .unwrap()
                .sessions
                .is_empty()
        );

        // Effacer à la main, sans événement, n'est pas une purge.
        let flux = centre().flux(session.as_str());
        let sql = "UPDATE contenu SET sel = NULL, json = NULL, purge_le = '2031' WHERE flux = $1 AND rang = 2";
        alterer(&base, sql, valeurs![flux]).await;
        nomme(
            &verifier(&base).await.unwrap(),
            Some(2),
            "sans qu'aucun événement",
        );
    });
}

#[test]
fn un_autre_noeud_oublie_ce_qui_est_purge() {
    sur_sqlite(async |base| {
        let autre = Base::ouvrir(&Adresse::Sqlite(base.chemin().unwrap().to_owned()))
            .await
            .unwrap();
        let session = session_vecue(&base, &centre()).await;
        assert_eq!(
            charger(&autre, &centre(), &session)
                .await
                .unwrap()
                .unwrap()
                .0
                .inscrits()
                .count(),
            3
        );
        let (_, tete) = charger(&base, &centre(), &session).await.unwrap().unwrap();
        purger(
            &base,
            &centre(),
            &session,
            &[tete.rang].into(),
            &ordre("purge"),
        )
        .await
        .unwrap();
        assert_eq!(
            charger(&autre, &centre(), &session)
                .await
                .unwrap()
                .unwrap()
                .0
                .inscrits()
                .count(),
            2
        );
    });
}

#[test]
fn une_piece_purgee_l_est_par_le_journal_du_centre() {
    sur_les_deux_bases(async |base| {
        let session = session_vecue(&base, &centre()).await;
        let jointe = piece_nouvelle();
        joindre(&base, &session, &jointe).await;
        let purge = purger_piece(&base, &centre(), &session, &jointe.id, &ordre("piece"))
            .await
            .unwrap();
        assert_eq!(purge, Changement::Enregistre);
        let relue = piece(&base, &centre(), &session, &jointe.id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(relue.octets, None);
        let rapport = verifier(&base).await.unwrap();
        assert!(rapport.est_intact(), "{:?}", rapport.alterations);
        let lignes = journal_du_centre(&base, &centre(), None, 10).await.unwrap();
        assert_eq!(lignes[0].action, "piece.purgee");
    });
}

#[test]
fn le_journal_du_centre_suit_les_changements_meme_simultanes() {
    sur_les_deux_bases(async |base| {
        let changements: Vec<_> = (0..8)
            .map(|i| {
                let base = base.clone();
                tokio::spawn(async move {
                    let inscription = Inscription {
                        acte: acte(&format!("acte-{}", i / 2)),
                        le: "2026-09-01T07:00:00Z".into(),
                        saisi_par: id("p-1"),
                        action: "site.cree",
                        details: json!({ "nom": "Élysée" }),
                    };
                    changer(&base, &centre(), &inscription, vec![])
                        .await
                        .unwrap()
                })
            })
            .collect();
        let mut enregistres = 0;
        for changement in changements {
            enregistres += usize::from(changement.await.unwrap() == Changement::Enregistre);
        }
        assert_eq!(enregistres, 4);
        let lignes = journal_du_centre(&base, &centre(), None, 10).await.unwrap();
        assert_eq!(
            lignes.iter().map(|l| l.rang).collect::<Vec<_>>(),
            [4, 3, 2, 1]
        );
        assert_eq!(lignes[0].details, Some(json!({ "nom": "Élysée" })));
        assert!(verifier(&base).await.unwrap().est_intact());
    });
}

#[test]
fn une_sauvegarde_a_chaud_se_restaure_a_l_identique() {
    sur_sqlite(async |base| {
        let session = session_vecue(&base, &centre()).await;
        let (avant, tete) = charger(&base, &centre(), &session).await.unwrap().unwrap();
        let dossier = Dossier::new();
        let (copie, restauree) = (
            dossier.chemin().join("copie.db"),
            dossier.chemin().join("restauree.db"),
        );
        assert!(sauvegarder(&base, &copie).await.unwrap().est_intact());
        assert!(
            matches!(
                sauvegarder(&base, &copie).await,
                Err(Erreur::Configuration(_))
            ),
            "rien ne se recouvre"
        );
        faire(&base, &centre(), &session, inscrire("Apres", "Sauvegarde")).await;
        let rapport = restaurer(&copie, &restauree).await.unwrap();
        assert!(rapport.est_intact() && rapport.lignes == tete.rang);
        let base = Base::ouvrir(&Adresse::Sqlite(restauree)).await.unwrap();
        assert_eq!(
            charger(&base, &centre(), &session).await.unwrap(),
            Some((avant, tete))
        );
        let noms: Vec<_> = std::fs::read_dir(dossier.chemin())
            .unwrap()
            .map(|f| f.unwrap().file_name())
            .collect();
        assert!(
            !noms
                .iter()
                .any(|n| n.to_string_lossy().contains("en-cours")),
            "{noms:?}"
        );
    });
}
