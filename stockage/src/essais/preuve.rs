//! La preuve : toute altération est vue et nommée, une purge ne rompt rien, une sauvegarde se restaure.

use std::collections::BTreeSet;

use metier::SessionId;
use serde_json::json;

use super::recit::*;
use super::{Dossier, sur_les_deux_bases, sur_sqlite};
use crate::base::{Requete, Valeur};
use crate::{
    Adresse, Base, Changement, Erreur, Inscription, OrdreDePurge, PieceNouvelle, Rapport, changer,
    charger, executer_avec_pieces, journal, journal_du_centre, piece, purger, purger_piece,
    restaurer, sauvegarder, sceller, situer, valeurs, verifier, verifier_session,
};

fn ordre(quoi: &str) -> OrdreDePurge {
    OrdreDePurge {
        acte: acte(quoi),
        le: "2031-12-31T09:00:00Z".into(),
        saisi_par: id("p-archive"),
        motif: "cinq ans après la session".into(),
    }
}

fn piece_nouvelle() -> PieceNouvelle {
    PieceNouvelle {
        id: neuf("piece"),
        classe: "session".into(),
        nom: "pv.pdf".into(),
        nature: "application/pdf".into(),
        octets: b"%PDF-1.7 essai".to_vec(),
    }
}

async fn alterer(base: &Base, sql: &'static str, valeurs: Vec<Valeur>) {
    assert_eq!(
        base.transaction(vec![Requete::new(sql, valeurs)])
            .await
            .unwrap(),
        [1],
        "{sql}"
    );
}

#[track_caller]
fn nomme(rapport: &Rapport, rang: Option<u64>, quoi: &str) {
    let vu = rapport
        .alterations
        .iter()
        .any(|a| a.rang == rang && a.quoi.contains(quoi));
    assert!(
        vu,
        "rang {rang:?}, « {quoi} » attendu : {:?}",
        rapport.alterations
    );
}

#[test]
fn un_octet_change_est_trouve_et_nomme() {
    sur_les_deux_bases(async |base| {
        let session = session_vecue(&base, &centre()).await;
        let flux = centre().flux(session.as_str());
        let octet = async |colonne: &'static str| {
            let mut octets = base
                .lire_une(colonne, &valeurs![flux.as_str()])
                .await
                .unwrap()
                .unwrap()
                .octets(0)
                .unwrap();
            octets[7] ^= 1;
            octets
        };
        let empreinte = octet("SELECT empreinte FROM journal WHERE flux = $1 AND rang = 3").await;
        let engagement = octet("SELECT engagement FROM journal WHERE flux = $1 AND rang = 3").await;
        let sel = octet("SELECT sel FROM contenu WHERE flux = $1 AND rang = 3").await;
        let cas: [(&'static str, &'static str, Valeur, &str); 9] = [
            (
                "UPDATE contenu SET json = $2 WHERE flux = $1 AND rang = 3",
                "SELECT json FROM contenu WHERE flux = $1 AND rang = 3",
                "{}".into(),
                "contenu",
            ),
            (
                "UPDATE contenu SET sel = $2 WHERE flux = $1 AND rang = 3",
                "SELECT sel FROM contenu WHERE flux = $1 AND rang = 3",
                sel.into(),
                "contenu",
            ),
            (
                "UPDATE journal SET empreinte = $2 WHERE flux = $1 AND rang = 3",
                "SELECT empreinte FROM journal WHERE flux = $1 AND rang = 3",
                empreinte.into(),
                "empreinte",
            ),
            (
                "UPDATE journal SET engagement = $2 WHERE flux = $1 AND rang = 3",
                "SELECT engagement FROM journal WHERE flux = $1 AND rang = 3",
                engagement.into(),
                "empreinte",
            ),
            (
                "UPDATE journal SET le = $2 WHERE flux = $1 AND rang = 3",
                "SELECT le FROM journal WHERE flux = $1 AND rang = 3",
                "2026-09-01T07:00:01Z".into(),
                "empreinte",
            ),
            (
                "UPDATE journal SET saisi_par = $2 WHERE flux = $1 AND rang = 3",
                "SELECT saisi_par FROM journal WHERE flux = $1 AND rang = 3",
                "p-autre".into(),
                "empreinte",
            ),
            (
                "UPDATE journal SET type = $2 WHERE flux = $1 AND rang = 3",
                "SELECT type FROM journal WHERE flux = $1 AND rang = 3",
                "x".into(),
                "empreinte",
            ),
            (
                "UPDATE journal SET acte = $2 WHERE flux = $1 AND rang = 3",
                "SELECT acte FROM journal WHERE flux = $1 AND rang = 3",
                "x".into(),
                "empreinte",
            ),
            (
                "UPDATE contenu SET purge_le = $2 WHERE flux = $1 AND rang = 3",
                "SELECT purge_le FROM contenu WHERE flux = $1 AND rang = 3",
                "2026".into(),
                "contenu manque",
            ),
        ];
        for (changer, lire, valeur, quoi) in cas {
            let avant = base
                .lire_une(lire, &valeurs![flux.as_str()])
                .await
                .unwrap()
                .unwrap()
                .0
                .remove(0);
            alterer(&base, changer, vec![flux.clone().into(), valeur]).await;
            let rapport = verifier(&base).await.unwrap();
            nomme(&rapport, Some(3), quoi);
            assert!(rapport.alterations.iter().all(|a| a.flux == flux));
            // Relire la session sans la mémoire le voit aussi.
            base.memoire().oublier(&flux);
            assert!(
                matches!(
                    charger(&base, &centre(), &session).await,
                    Err(Erreur::Altere(_))
                ),
                "{quoi}"
            );
            alterer(&base, changer, vec![flux.clone().into(), avant]).await;
            assert!(verifier(&base).await.unwrap().est_intact());
        }
    });
}

#[test]
fn une_ligne_supprimee_echangee_ou_ajoutee_est_nommee() {
    sur_les_deux_bases(async |base| {
        let session = session_vecue(&base, &centre()).await;
        let flux = centre().flux(session.as_str());
        // Supprimée au milieu.
        alterer(
            &base,
            "DELETE FROM contenu WHERE flux = $1 AND rang = 2",
            valeurs![flux.as_str()],
        )
        .await;
        nomme(&verifier(&base).await.unwrap(), Some(2), "contenu manque");
        alterer(
            &base,
            "DELETE FROM journal WHERE flux = $1 AND rang = 2",
            valeurs![flux.as_str()],
        )
        .await;
        nomme(&verifier(&base).await.unwrap(), Some(3), "le rang 2 manque");
        // Échange de deux contenus.
        let autre = session_vecue(&base, &centre()).await;
        let flux = centre().flux(autre.as_str());
        let deplacer = |de: i64, vers: i64| {
            Requete::new(
                "UPDATE contenu SET rang = $3 WHERE flux = $1 AND rang = $2",
                valeurs![flux.as_str(), de, vers],
            )
        };
        let essai = base.transaction(vec![deplacer(4, 99)]).await;
        assert!(
            matches!(essai, Err(Erreur::Reference(_))),
            "un contenu ne peut pas quitter sa ligne"
        );
        let lire = "SELECT json FROM contenu WHERE flux = $1 AND rang = $2";
        let json = async |rang: i64| {
            base.lire_une(lire, &valeurs![flux.as_str(), rang])
                .await
                .unwrap()
                .unwrap()
                .texte(0)
                .unwrap()
        };
        let (quatre, cinq) = (json(4).await, json(5).await);
        let poser = "UPDATE contenu SET json = $3 WHERE flux = $1 AND rang = $2";
        alterer(&base, poser, valeurs![flux.as_str(), 4, cinq]).await;
        alterer(&base, poser, valeurs![flux.as_str(), 5, quatre]).await;
        let rapport = verifier_session(&base, &centre(), &autre).await.unwrap();
        nomme(&rapport, Some(4), "contenu");
        nomme(&rapport, Some(5), "contenu");
        // Ajoutée : une ligne recopiée au bout.
        let copier = "INSERT INTO journal (flux, rang, acte, le, saisi_par, type, engagement, precedente, empreinte)
                      SELECT flux, 7, acte, le, saisi_par, type, engagement, precedente, empreinte FROM journal
                      WHERE flux = $1 AND rang = 3";
        alterer(&base, copier, valeurs![flux.as_str()]).await;
        nomme(
            &verifier_session(&base, &centre(), &autre).await.unwrap(),
            Some(7),
            "ne suit pas",
        );
    });
}

#[test]
fn une_queue_effacee_se_voit_par_le_sceau_et_par_le_papier() {
    sur_les_deux_bases(async |base| {
        let session = session_vecue(&base, &centre()).await;
        let flux = centre().flux(session.as_str());
        let (_, tete) = charger(&base, &centre(), &session).await.unwrap().unwrap();
        assert_eq!(verifier(&base).await.unwrap().non_couvertes, tete.rang);
        let sceau = sceller(&base, "2026-09-01T20:00:00Z", |_| None)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((sceau.rang, sceau.flux), (1, 1));
        assert_eq!(
            sceller(&base, "2026-09-02T20:00:00Z", |_| None)
                .await
                .unwrap(),
            None
        );
        let rapport = verifier(&base).await.unwrap();
        assert!(
            rapport.est_intact() && rapport.non_couvertes == 0 && rapport.sceaux == 1,
            "{rapport:?}"
        );
        assert_eq!(
            situer(&base, &centre(), &session, &tete.courte())
                .await
                .unwrap(),
            Some(tete.rang)
        );
        alterer(
            &base,
            "DELETE FROM contenu WHERE flux = $1 AND rang = $2",
            valeurs![flux.as_str(), tete.rang],
        )
        .await;
        alterer(
            &base,
            "DELETE FROM journal WHERE flux = $1 AND rang = $2",
            valeurs![flux.as_str(), tete.rang],
        )
        .await;
        nomme(&verifier(&base).await.unwrap(), Some(tete.rang), "scellée");
        assert_eq!(
            situer(&base, &centre(), &session, &tete.courte())
                .await
                .unwrap(),
            None
        );
        alterer(
            &base,
            "UPDATE sceau SET le = $1 WHERE rang = 1",
            valeurs!["2026-09-01T20:00:01Z"],
        )
        .await;
        nomme(&verifier(&base).await.unwrap(), Some(1), "le sceau");
    });
}

async fn joindre(base: &Base, session: &SessionId, jointe: &PieceNouvelle) {
    let pieces = std::slice::from_ref(jointe);
    let action = inscrire(jointe.id.as_str(), "Piece");
    executer_avec_pieces(
        base,
        &centre(),
        session,
        neuf("acte"),
        &action,
        &contexte(),
        pieces,
    )
    .await
    .unwrap();
}

#[test]
fn une_piece_changee_ou_disparue_est_nommee() {
    sur_les_deux_bases(async |base| {
        let session = session_vecue(&base, &centre()).await;
        let (une, deux) = (piece_nouvelle(), piece_nouvelle());
        joindre(&base, &session, &une).await;
        joindre(&base, &session, &deux).await;
        assert_eq!(verifier(&base).await.unwrap().pieces, 2);
        alterer(
            &base,
            "UPDATE piece SET octets = $2 WHERE id = $1",
            valeurs![une.id.as_str(), b"faux".to_vec()],
        )
        .await;
        let rapport = verifier(&base).await.unwrap();
        nomme(&rapport, None, "octets");
        assert_eq!(
            rapport.alterations[0].piece.as_deref(),
            Some(une.id.as_str())
        );
        assert!(matches!(
            piece(&base, &centre(), &session, &une.id).await,
            Err(Erreur::Altere(_))
        ));
        // Changer aussi l'empreinte rangée ne trompe pas : le journal la retient.
        let fausse = crate::journal::empreinte_des_octets(b"faux").to_vec();
        alterer(
            &base,
            "UPDATE piece SET empreinte = $2 WHERE id = $1",
            valeurs![une.id.as_str(), fausse],
        )
        .await;
        nomme(
            &verifier(&base).await.unwrap(),
            None,
            "le journal a retenue",
        );
        alterer(
            &base,
            "DELETE FROM piece WHERE id = $1",
            valeurs![deux.id.as_str()],
        )
        .await;
        nomme(&verifier(&base).await.unwrap(), None, "disparu");
    });
}

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
