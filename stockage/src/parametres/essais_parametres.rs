//! Les réglages et les mots du centre, joués sur les deux bases.

use super::*;
use crate::essais::sur_les_deux_bases;
use crate::sites::{FicheAgrement, FicheSite, ajouter_agrement, ajouter_site};
use jiff::civil::date;

fn centre() -> Centre {
    Centre::pour_exploitation("centre-a")
}

fn auteur(acte: &str) -> Auteur {
    Auteur {
        acte: acte.parse().unwrap(),
        personne: "p-1".parse().unwrap(),
        nom: "Camille Roux".into(),
        le: "2026-11-23T10:00:00Z".into(),
        motif: None,
    }
}

fn reglage(valeur: u32, a_partir_du: Date) -> Reglage {
    Reglage {
        code: "R37".into(),
        valeur,
        a_partir_du,
        motif: "courrier de la DDETS du 3 mars".into(),
    }
}

#[test]
fn les_reglages_s_ajoutent_dans_l_ordre_et_un_acte_n_en_pose_qu_un() {
    sur_les_deux_bases(async |base| {
        let premier = reglage(40, date(2026, 1, 1));
        for _ in 0..2 {
            poser(&base, &centre(), &premier, &auteur("r-1"))
                .await
                .unwrap();
        }
        let second = reglage(45, date(2026, 6, 1));
        poser(&base, &centre(), &second, &auteur("r-2"))
            .await
            .unwrap();
        let lus = reglages(&base, &centre()).await.unwrap();
        let valeurs: Vec<_> = lus.iter().map(|r| r.reglage.clone()).collect();
        assert_eq!(valeurs, [premier, second]);
        assert_eq!(lus[0].par, "Camille Roux");
        let ailleurs = Centre::pour_exploitation("centre-b");
        assert!(reglages(&base, &ailleurs).await.unwrap().is_empty());
    });
}

#[test]
fn le_cadre_d_une_session_prend_les_reglages_du_jour_et_les_agrements_du_titre() {
    sur_les_deux_bases(async |base| {
        let site: SiteId = "site-1".parse().unwrap();
        let fiche = FicheSite {
            nom: "Site".into(),
            ..FicheSite::default()
        };
        ajouter_site(&base, &centre(), &site, &fiche, &auteur("s-1"))
            .await
            .unwrap();
        for (i, titre) in ["TP-01280m04", "TP-00350m07"].into_iter().enumerate() {
            let a = FicheAgrement {
                titre: titre.into(),
                reference: format!("AG-{i}"),
                debut: date(2025, 1, 1),
                fin: date(2028, 1, 1),
            };
            let acte = format!("a-{i}");
            ajouter_agrement(&base, &centre(), &acte, &site, &a, &auteur(&acte))
                .await
                .unwrap();
        }
        poser(
            &base,
            &centre(),
            &reglage(45, date(2026, 6, 1)),
            &auteur("r-1"),
        )
        .await
        .unwrap();
        let le = async |jour| {
            cadre(&base, &centre(), &site, "TP-01280m04", jour)
                .await
                .unwrap()
        };
        let avant = le(date(2026, 5, 31)).await;
        assert_eq!(avant.valeur("R37"), 30);
        assert_eq!(avant.agrements.len(), 1);
        assert_eq!(avant.agrements[0].reference, "AG-0");
        assert_eq!(le(date(2026, 6, 1)).await.valeur("R37"), 45);
    });
}

#[test]
fn les_mots_du_territoire_se_changent_sans_ecraser_ceux_d_un_autre() {
    sur_les_deux_bases(async |base| {
        let (defaut, revision) = libelles(&base, &centre()).await.unwrap();
        assert_eq!((defaut.departement.as_str(), revision), ("DDETS", 0));
        let voulus = Libelles {
            assistance: "assistance@exemple.invalid".into(),
            ..Libelles::du_territoire(Territoire::OutreMer)
        };
        for (vu, acte) in [(0, "l-1"), (1, "l-2")] {
            corriger_libelles(&base, &centre(), vu, &voulus, &auteur(acte))
                .await
                .unwrap();
        }
        assert_eq!(
            libelles(&base, &centre()).await.unwrap(),
            (voulus.clone(), 2)
        );
        let perdus = corriger_libelles(&base, &centre(), 1, &voulus, &auteur("l-3")).await;
        assert!(matches!(perdus, Err(Erreur::Conflit { .. })));
    });
}
