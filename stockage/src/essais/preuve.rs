//! La preuve : toute altération est vue, et nommée.

use super::gestes::{alterer, joindre, nomme, piece_nouvelle};
use super::recit::*;
use super::sur_les_deux_bases;
use crate::base::{Requete, Valeur};
use crate::{Erreur, charger, piece, sceller, situer, valeurs, verifier, verifier_session};

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
