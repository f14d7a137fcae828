//! Écrire et relire une session : idempotence, concurrence, mémoire, cloisonnement.

use std::sync::Arc;

use jiff::civil::date;

use super::recit::*;
use super::{sur_les_deux_bases, sur_postgres, sur_sqlite};
use crate::sessions::{charger_flux, rejouer_flux};
use crate::{
    Adresse, Base, Centre, Creation, Erreur, Issue, PieceNouvelle, charger, creer, executer,
    executer_avec_pieces, journal, journal_recent, piece, verifier,
};

async fn compter(base: &Base, sql: &'static str) -> i64 {
    base.lire_une(sql, &[])
        .await
        .unwrap()
        .unwrap()
        .entier(0)
        .unwrap()
}

#[test]
fn ce_qui_est_enregistre_se_relit_et_se_verifie() {
    sur_les_deux_bases(async |base| {
        let session = session_vecue(&base, &centre()).await;
        let (etat, tete) = charger(&base, &centre(), &session).await.unwrap().unwrap();
        assert_eq!(etat.inscrits().count(), 3);
        assert_eq!(tete.rang, etat.rang);
        assert_eq!(tete.courte().len(), 19);
        let lignes = journal(&base, &centre(), &session, 1, 100).await.unwrap();
        assert_eq!(lignes.len() as u64, tete.rang);
        assert_eq!(lignes[0].saisi_par.as_str(), "p-saisie");
        assert_eq!(
            lignes[0].realise_par.as_ref().unwrap().as_str(),
            "p-realise"
        );
        assert_eq!(lignes.last().unwrap().courte(), tete.courte());
        let mut recentes = journal_recent(&base, &centre(), &session, None, 100)
            .await
            .unwrap();
        recentes.reverse();
        assert_eq!(recentes, lignes);
        let rapport = verifier(&base).await.unwrap();
        assert!(rapport.est_intact(), "{:?}", rapport.alterations);
        assert_eq!((rapport.flux, rapport.lignes), (1, tete.rang));
    });
}

#[test]
fn la_memoire_et_le_rejeu_complet_disent_la_meme_chose() {
    sur_les_deux_bases(async |base| {
        let session = session_vecue(&base, &centre()).await;
        let flux = centre().flux(session.as_str());
        let (en_memoire, tete) = charger_flux(&base, &flux).await.unwrap().unwrap();
        let (rejouee, tete_rejouee) = rejouer_flux(&base, &flux).await.unwrap();
        assert_eq!((&en_memoire, &tete), (&rejouee, &tete_rejouee));
        let (encore, _) = charger_flux(&base, &flux).await.unwrap().unwrap();
        assert!(
            Arc::ptr_eq(&en_memoire, &encore),
            "la mémoire ressert la même session"
        );
    });
}

#[test]
fn huit_envois_du_meme_formulaire_n_enregistrent_qu_une_fois() {
    sur_les_deux_bases(async |base| {
        let session = session_creee(&base, &centre(), date(2026, 12, 15)).await;
        let action = inscrire("Durand", "Aïcha");
        let envois: Vec<_> = (0..8)
            .map(|_| {
                let (base, session, action) = (base.clone(), session.clone(), action.clone());
                tokio::spawn(async move {
                    executer(
                        &base,
                        &centre(),
                        &session,
                        acte("acte-unique"),
                        &action,
                        &contexte(),
                    )
                    .await
                    .unwrap()
                })
            })
            .collect();
        let mut enregistrees = 0;
        for envoi in envois {
            match envoi.await.unwrap() {
                Issue::Enregistree(..) => enregistrees += 1,
                Issue::DejaEnregistree => {}
                Issue::Refusee(refus) => panic!("{refus}"),
            }
        }
        assert_eq!(enregistrees, 1);
        let (etat, _) = charger(&base, &centre(), &session).await.unwrap().unwrap();
        assert_eq!(etat.inscrits().count(), 1);
    });
}

#[test]
fn une_session_creee_deux_fois_par_le_meme_formulaire_n_existe_qu_une_fois() {
    sur_les_deux_bases(async |base| {
        let premiere = neuf("session");
        let action = creation(date(2026, 12, 15));
        let issue = creer(&base, &centre(), &premiere, acte("a"), &action, &contexte())
            .await
            .unwrap();
        assert!(matches!(issue, Creation::Creee(..)));
        let issue = creer(
            &base,
            &centre(),
            &neuf("session"),
            acte("a"),
            &action,
            &contexte(),
        )
        .await
        .unwrap();
        assert_eq!(issue, Creation::DejaCreee(premiere));
        assert_eq!(compter(&base, "SELECT COUNT(*) FROM vue_session").await, 1);
    });
}

#[test]
fn un_refus_ne_change_rien_nulle_part() {
    sur_les_deux_bases(async |base| {
        let session = session_vecue(&base, &centre()).await;
        let (_, avant) = charger(&base, &centre(), &session).await.unwrap().unwrap();
        let actes = compter(&base, "SELECT COUNT(*) FROM acte").await;
        let issue = executer(
            &base,
            &centre(),
            &session,
            neuf("acte"),
            &ceres(""),
            &contexte(),
        )
        .await
        .unwrap();
        assert!(matches!(issue, Issue::Refusee(_)));
        let (_, apres) = charger(&base, &centre(), &session).await.unwrap().unwrap();
        assert_eq!(avant, apres);
        assert_eq!(compter(&base, "SELECT COUNT(*) FROM acte").await, actes);
    });
}

/// Deux nœuds ouverts sur la même base écrivent en même temps : chacun redécide sur ce que l'autre a écrit.
async fn deux_noeuds(un: Base, autre: Base) {
    let centre = centre();
    let session = session_creee(&un, &centre, date(2026, 12, 15)).await;
    for tour in 0..6 {
        let (a, b) = tokio::join!(
            faire(
                &un,
                &centre,
                &session,
                inscrire(&format!("Durand{tour}"), "Aïcha")
            ),
            faire(
                &autre,
                &centre,
                &session,
                inscrire(&format!("Martin{tour}"), "Zoé")
            ),
        );
        assert_ne!(a.rang, b.rang);
    }
    let flux = centre.flux(session.as_str());
    for base in [&un, &autre] {
        let (etat, tete) = charger_flux(base, &flux).await.unwrap().unwrap();
        assert_eq!((etat.inscrits().count(), tete.rang), (12, 13));
        assert_eq!(etat, rejouer_flux(base, &flux).await.unwrap().0);
    }
    assert!(verifier(&un).await.unwrap().est_intact());
}

#[test]
fn deux_ecritures_concurrentes_sont_toutes_deux_enregistrees() {
    sur_sqlite(async |base| {
        let autre = Base::ouvrir(&Adresse::Sqlite(base.chemin().unwrap().to_owned()))
            .await
            .unwrap();
        deux_noeuds(base, autre).await;
    });
    sur_postgres(async |base| {
        let nom = base
            .lire_une("SELECT current_database()", &[])
            .await
            .unwrap()
            .unwrap()
            .texte(0)
            .unwrap();
        let serveur = std::env::var("GARANT_ESSAI_POSTGRES").unwrap();
        let autre = Base::ouvrir(&Adresse::Postgres(format!("{serveur} dbname={nom}")))
            .await
            .unwrap();
        deux_noeuds(base, autre).await;
    });
}

#[test]
fn aucun_centre_ne_voit_le_flux_d_un_autre() {
    sur_les_deux_bases(async |base| {
        let session = session_vecue(&base, &centre()).await;
        for ailleurs in
            ["centre-b", "centre", "", "centre-a/", "CENTRE-A"].map(Centre::pour_exploitation)
        {
            assert_eq!(charger(&base, &ailleurs, &session).await.unwrap(), None);
            assert!(
                journal(&base, &ailleurs, &session, 1, 10)
                    .await
                    .unwrap()
                    .is_empty()
            );
            let issue = executer(
                &base,
                &ailleurs,
                &session,
                neuf("acte"),
                &ceres("X"),
                &contexte(),
            )
            .await;
            assert_eq!(issue, Err(Erreur::Introuvable));
            let liste = crate::vues::sessions(&base, &ailleurs, &Default::default())
                .await
                .unwrap();
            assert!(liste.sessions.is_empty());
            let trouves = crate::vues::candidats(&base, &ailleurs, "durand", None)
                .await
                .unwrap();
            assert!(trouves.candidats.is_empty());
        }
        // Le journal du centre n'est pas une session.
        assert_eq!(
            charger(&base, &centre(), &id("centre")).await,
            Err(Erreur::Introuvable)
        );
        // Un même acte peut servir dans deux centres sans se gêner.
        let ailleurs = Centre::pour_exploitation("centre-b");
        for centre in [centre(), ailleurs] {
            let creee = creer(
                &base,
                &centre,
                &neuf("session"),
                acte("x"),
                &creation(date(2027, 1, 5)),
                &contexte(),
            )
            .await;
            assert!(matches!(creee, Ok(Creation::Creee(..))));
        }
    });
}

#[test]
fn une_piece_se_range_avec_l_acte_et_se_ressert_octet_pour_octet() {
    sur_les_deux_bases(async |base| {
        let session = session_creee(&base, &centre(), date(2026, 12, 15)).await;
        let jointe = PieceNouvelle {
            id: neuf("piece"),
            classe: "session".into(),
            nom: "liste.pdf".into(),
            nature: "application/pdf".into(),
            octets: vec![0, 1, 2, 255],
        };
        let joindre = async |action, acte| {
            let pieces = std::slice::from_ref(&jointe);
            executer_avec_pieces(
                &base,
                &centre(),
                &session,
                acte,
                &action,
                &contexte(),
                pieces,
            )
            .await
        };
        // Refusée : la pièce n'est pas rangée.
        assert!(matches!(
            joindre(ceres(""), neuf("acte")).await,
            Ok(Issue::Refusee(_))
        ));
        assert_eq!(
            piece(&base, &centre(), &session, &jointe.id).await.unwrap(),
            None
        );
        assert!(matches!(
            joindre(ceres("CERES 1"), acte("p")).await,
            Ok(Issue::Enregistree(..))
        ));
        assert_eq!(
            joindre(ceres("CERES 1"), acte("p")).await,
            Ok(Issue::DejaEnregistree)
        );
        let relue = piece(&base, &centre(), &session, &jointe.id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(relue.octets.as_ref(), Some(&jointe.octets));
        assert_eq!(relue.empreinte, jointe.empreinte());
        let ailleurs = Centre::pour_exploitation("centre-b");
        assert_eq!(
            piece(&base, &ailleurs, &session, &jointe.id).await.unwrap(),
            None
        );
        assert!(verifier(&base).await.unwrap().est_intact());
    });
}

#[test]
fn une_session_inconnue_n_est_pas_une_erreur_a_la_lecture() {
    sur_les_deux_bases(async |base| {
        assert_eq!(charger(&base, &centre(), &id("rien")).await.unwrap(), None);
    });
}
