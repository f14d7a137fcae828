//! Les référentiels du centre, joués sur les deux bases.

use super::*;
use crate::essais::sur_les_deux_bases;
use crate::journal_du_centre;
use metier::referentiel::Confirmation;

fn centre() -> Centre {
    Centre::pour_exploitation("centre-a")
}

fn auteur(acte: &str) -> Auteur {
    Auteur {
        acte: acte.parse().unwrap(),
        personne: "p-1".parse().unwrap(),
        nom: "Camille Roux".into(),
        le: "2026-11-23T10:00:00Z".into(),
        motif: Some("lu au RE".into()),
    }
}

#[test]
fn sans_rien_ecrire_le_centre_voit_le_catalogue_livre() {
    sur_les_deux_bases(async |base| {
        let tous = titres(&base, &centre()).await.unwrap();
        assert_eq!(tous.len(), CATALOGUE.len());
        let tssr: Vec<_> = tous
            .iter()
            .filter(|r| r.sigle.as_deref() == Some("TSSR"))
            .map(|r| r.millesime.clone())
            .collect();
        assert_eq!(tssr, [Some("03".to_owned()), Some("02".to_owned())]);
        assert!(titre(&base, &centre(), "inconnu").await.unwrap().is_none());
    });
}

#[test]
fn corriger_ajoute_une_version_et_garde_l_ancienne() {
    sur_les_deux_bases(async |base| {
        let mut r = titre(&base, &centre(), "TP-01280m04")
            .await
            .unwrap()
            .unwrap();
        r.epreuves[0].duree_minutes = Some(45);
        enregistrer_titre(&base, &centre(), &r, &auteur("t-1"))
            .await
            .unwrap();
        let v1 = titre(&base, &centre(), "TP-01280m04")
            .await
            .unwrap()
            .unwrap();
        assert_eq!((v1.version, v1.epreuves[0].duree_minutes), (1, Some(45)));
        let versions = versions_du_titre(&base, &centre(), "TP-01280m04")
            .await
            .unwrap();
        assert_eq!(versions.len(), 2);
        assert_eq!(versions[1].referentiel.epreuves[0].duree_minutes, Some(30));
        assert_eq!(
            (versions[0].cree_par.as_str(), versions[0].motif.as_str()),
            ("Camille Roux", "lu au RE")
        );
        let ailleurs = Centre::pour_exploitation("centre-b");
        assert_eq!(
            titre(&base, &ailleurs, "TP-01280m04")
                .await
                .unwrap()
                .unwrap()
                .version,
            0
        );
    });
}

#[test]
fn deux_corrections_de_la_meme_version_la_seconde_est_un_conflit() {
    sur_les_deux_bases(async |base| {
        let vu = titre(&base, &centre(), "TP-01280m04")
            .await
            .unwrap()
            .unwrap();
        enregistrer_titre(&base, &centre(), &vu, &auteur("t-1"))
            .await
            .unwrap();
        let seconde = enregistrer_titre(&base, &centre(), &vu, &auteur("t-2")).await;
        assert!(matches!(seconde, Err(Erreur::Conflit { .. })));
        let encore = enregistrer_titre(&base, &centre(), &vu, &auteur("t-1")).await;
        assert_eq!(encore, Ok(Changement::DejaEnregistre));
        assert_eq!(
            journal_du_centre(&base, &centre(), None, 10)
                .await
                .unwrap()
                .len(),
            1
        );
    });
}

#[test]
fn confirmer_un_titre_neuf_se_relit_et_se_liste() {
    sur_les_deux_bases(async |base| {
        let mut r = titre(&base, &centre(), "TP-01280m04")
            .await
            .unwrap()
            .unwrap();
        (r.cle, r.intitule, r.code_titre) = (
            "TP-09999m01".into(),
            "Accordeur de pianos".into(),
            Some("TP-09999".into()),
        );
        let jour = "2026-11-23".parse().unwrap();
        r.confirmation = Some(Confirmation {
            le: jour,
            par: "Camille Roux".into(),
            version_re: "REV2".into(),
        });
        enregistrer_titre(&base, &centre(), &r, &auteur("t-1"))
            .await
            .unwrap();
        let tous = titres(&base, &centre()).await.unwrap();
        assert_eq!(tous.len(), CATALOGUE.len() + 1);
        assert_eq!(tous[0].intitule, "Accordeur de pianos");
        assert!(tous[0].est_confirme());
        assert_eq!(
            versions_du_titre(&base, &centre(), "TP-09999m01")
                .await
                .unwrap()
                .len(),
            1
        );
    });
}
