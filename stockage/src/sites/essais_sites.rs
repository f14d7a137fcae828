//! Le centre, ses sites et ses salles, joués sur les deux bases.

use super::*;
use crate::annuaire::Auteur;
use crate::essais::sur_les_deux_bases;
use crate::{Centre, Erreur, journal_du_centre};
use metier::SiteId;

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

#[test]
fn l_identite_du_centre_se_corrige_sans_ecraser_celle_d_un_autre() {
    sur_les_deux_bases(async |base| {
        let vide = identite(&base, &centre()).await.unwrap();
        assert_eq!((vide.revision, vide.sigle_autorite()), (0, "DDETS"));
        let apres = IdentiteCentre {
            nom: "Centre d’exemple".into(),
            autorite_sigle: "DEETS".into(),
            ..vide.clone()
        };
        corriger_identite(&base, &centre(), &apres, &auteur("i-1"))
            .await
            .unwrap();
        let relue = identite(&base, &centre()).await.unwrap();
        assert_eq!(
            (relue.nom.as_str(), relue.sigle_autorite(), relue.revision),
            ("Centre d’exemple", "DEETS", 1)
        );
        let perdue = corriger_identite(&base, &centre(), &apres, &auteur("i-2")).await;
        assert!(matches!(perdue, Err(Erreur::Conflit { .. })));
        assert_eq!(
            identite(&base, &Centre::pour_exploitation("centre-b"))
                .await
                .unwrap()
                .revision,
            0
        );
    });
}

#[test]
fn le_logo_se_garde_octet_pour_octet_et_le_journal_n_en_garde_que_l_empreinte() {
    sur_les_deux_bases(async |base| {
        let image = Logo {
            nature: "image/png".into(),
            octets: (0..=255).collect(),
        };
        corriger_logo(&base, &centre(), Some(&image), &auteur("l-1"))
            .await
            .unwrap();
        assert_eq!(logo(&base, &centre()).await.unwrap(), Some(image));
        corriger_logo(&base, &centre(), None, &auteur("l-2"))
            .await
            .unwrap();
        assert_eq!(logo(&base, &centre()).await.unwrap(), None);
        let lignes = journal_du_centre(&base, &centre(), None, 10).await.unwrap();
        assert_eq!(
            lignes[1].details.as_ref().unwrap()["empreinte"]
                .as_str()
                .unwrap()
                .len(),
            64
        );
    });
}

#[test]
fn un_site_ses_salles_et_ses_agrements_se_creent_et_se_corrigent() {
    sur_les_deux_bases(async |base| {
        let id: SiteId = "s-1".parse().unwrap();
        let fiche = FicheSite {
            nom: "Villefranche".into(),
            adresse: "1 rue des Ateliers".into(),
            code_postal: "69400".into(),
            ville: "Villefranche".into(),
            actif: true,
            ..FicheSite::default()
        };
        ajouter_site(&base, &centre(), &id, &fiche, &auteur("s-1"))
            .await
            .unwrap();
        let lu = site(&base, &centre(), &id).await.unwrap().unwrap();
        assert_eq!(
            lu.adresse_complete(),
            "1 rue des Ateliers, 69400 Villefranche"
        );
        corriger_site(
            &base,
            &centre(),
            &lu,
            &FicheSite {
                agree: true,
                ..fiche
            },
            &auteur("s-2"),
        )
        .await
        .unwrap();
        assert!(sites(&base, &centre()).await.unwrap()[0].fiche.agree);

        let plateau = FicheSalle {
            nom: "Plateau 2".into(),
            nature: NatureSalle::Plateau,
            capacite: Some(12),
            accessible: true,
            actif: true,
        };
        ajouter_salle(&base, &centre(), "p-2", &id, &plateau, &auteur("p-2"))
            .await
            .unwrap();
        let avant = salle(&base, &centre(), "p-2").await.unwrap().unwrap();
        corriger_salle(
            &base,
            &centre(),
            &avant,
            &FicheSalle {
                capacite: None,
                ..plateau
            },
            &auteur("p-3"),
        )
        .await
        .unwrap();
        assert_eq!(
            salles(&base, &centre(), Some(&id)).await.unwrap()[0]
                .fiche
                .capacite,
            None
        );
        assert!(
            salles(&base, &centre(), Some(&"s-9".parse().unwrap()))
                .await
                .unwrap()
                .is_empty()
        );

        let agrement = FicheAgrement {
            titre: "TP-01280m04".into(),
            reference: "2026-069".into(),
            debut: "2026-01-01".parse().unwrap(),
            fin: "2028-01-01".parse().unwrap(),
        };
        ajouter_agrement(&base, &centre(), "g-1", &id, &agrement, &auteur("g-1"))
            .await
            .unwrap();
        let lu = agrements(&base, &centre(), &id).await.unwrap().remove(0);
        corriger_agrement(
            &base,
            &centre(),
            &lu,
            &FicheAgrement {
                reference: "2026-070".into(),
                ..agrement
            },
            &auteur("g-2"),
        )
        .await
        .unwrap();
        assert_eq!(
            agrements(&base, &centre(), &id).await.unwrap()[0]
                .fiche
                .reference,
            "2026-070"
        );
    });
}
