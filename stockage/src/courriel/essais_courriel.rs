//! Essais de la boîte d'envoi, des liens et du réglage, sur les deux bases.

use super::*;
use crate::annuaire::Auteur;
use crate::base::Base;
use crate::comptes::{self, NouveauCentre, Personne};
use crate::essais::sur_les_deux_bases;
use crate::{Centre, journal_du_centre, valeurs};

const MAINTENANT: i64 = 1_795_424_400;

fn auteur(acte: &str) -> Auteur {
    Auteur {
        acte: acte.parse().unwrap(),
        personne: "p-1".parse().unwrap(),
        nom: "Ada TÉMOIN".into(),
        le: "2026-11-23T09:00:00Z".into(),
        motif: None,
    }
}

fn message(cle: &str) -> NouveauCourriel {
    NouveauCourriel {
        cle: cle.into(),
        genre: "rappel".into(),
        nom: "Ada TÉMOIN".into(),
        adresse: "ada@exemple.invalid".into(),
        objet: "Rappel".into(),
        corps: "Bonjour".into(),
        ..NouveauCourriel::default()
    }
}

async fn centre(base: &Base) -> Centre {
    let p = Personne {
        id: "p-1".parse().unwrap(),
        nom: "Témoin".into(),
        prenom: "Ada".into(),
        fonction: "Essai".into(),
        courriel: "ada@exemple.invalid".into(),
        actif: true,
    };
    let nouveau = NouveauCentre {
        id: "c-1".into(),
        nom: "Centre d’essai".into(),
        exemple: false,
        administrateur: p,
        roles: vec![metier::Role::Administrateur],
        mot_de_passe: "h".into(),
        acte: "naissance".parse().unwrap(),
        le: "2026-11-23T09:00:00Z".into(),
    };
    comptes::creer_centre(base, &nouveau, None).await.unwrap()
}

async fn depose(base: &Base, c: &Centre, cle: &str) -> Courriel {
    deposer_tous(base, c, &[message(cle)], MAINTENANT, vec![])
        .await
        .unwrap();
    let tous = liste(base, c, None, None, None, 100).await.unwrap();
    tous.into_iter().find(|x| x.message.cle == cle).unwrap()
}

#[test]
fn demander_deux_fois_le_meme_courriel_n_en_fait_qu_un() {
    sur_les_deux_bases(async |base| {
        let c = centre(&base).await;
        depose(&base, &c, "rappel:1").await;
        depose(&base, &c, "rappel:1").await;
        depose(&base, &c, "rappel:2").await;
        assert_eq!(dus(&base, &c, MAINTENANT, 10).await.unwrap().len(), 2);
        assert!(dus(&base, &c, MAINTENANT - 1, 10).await.unwrap().is_empty());
        assert_eq!(compter(&base, &c).await.unwrap(), vec![(Etat::AEnvoyer, 2)]);
    });
}

#[test]
fn deux_facteurs_ne_prennent_pas_le_meme_courriel() {
    sur_les_deux_bases(async |base| {
        let c = centre(&base).await;
        let m = depose(&base, &c, "a").await;
        let (a, b) = tokio::join!(
            prendre(&base, &c, &m, None, MAINTENANT),
            prendre(&base, &c, &m, None, MAINTENANT)
        );
        assert_eq!([a.unwrap(), b.unwrap()].iter().filter(|x| **x).count(), 1);
        assert!(
            dus(&base, &c, MAINTENANT + 9_999, 10)
                .await
                .unwrap()
                .is_empty()
        );
    });
}

#[test]
fn un_arret_pendant_l_envoi_laisse_un_courriel_incertain_jamais_renvoye_de_lui_meme() {
    sur_les_deux_bases(async |base| {
        let c = centre(&base).await;
        let m = depose(&base, &c, "a").await;
        assert!(prendre(&base, &c, &m, None, MAINTENANT).await.unwrap());
        assert_eq!(vieillir(&base, &c, MAINTENANT + 60).await.unwrap(), 0);
        let tard = MAINTENANT + PRISE_MAX_S;
        assert_eq!(vieillir(&base, &c, tard).await.unwrap(), 1);
        let vu = un(&base, &c, &m.id).await.unwrap().unwrap();
        assert_eq!(vu.etat, Etat::Incertain);
        assert!(vu.reponse.contains("peut-être"));
        assert!(dus(&base, &c, tard + 99_999, 10).await.unwrap().is_empty());
        // Celui qui revient trop tard ne change plus rien.
        let fin = Conclusion {
            etat: Etat::Envoye,
            reponse: "250".into(),
            prochain: 0,
        };
        assert!(!conclure(&base, &c, &m.id, &fin, tard).await.unwrap());
        // Une personne décide : le tenir pour envoyé, ou le renvoyer.
        let geste = Geste::Renvoyer;
        assert!(geste.est_possible(vu.etat));
        agir(&base, &c, &vu, geste, &auteur("acte-1"), tard)
            .await
            .unwrap();
        assert_eq!(dus(&base, &c, tard, 10).await.unwrap().len(), 1);
        // Le même état vu par un autre n'est plus vrai : rien n'est refait.
        let refait = agir(&base, &c, &vu, geste, &auteur("acte-2"), tard).await;
        assert!(matches!(refait, Err(crate::Erreur::Conflit { .. })));
    });
}

#[test]
fn un_rappel_ne_part_qu_une_fois_meme_refait_apres_un_arret() {
    sur_les_deux_bases(async |base| {
        let c = centre(&base).await;
        let cles = ["s:AV-09:30:p-1".to_owned(), "s:AV-10:30:p-1".to_owned()];
        let poser = |cles: Vec<String>, cle: &'static str| {
            let (base, c) = (base.clone(), c.clone());
            async move {
                deposer_rappel(&base, &c, &cles, &message(cle), None, MAINTENANT)
                    .await
                    .unwrap()
            }
        };
        assert!(poser(cles.to_vec(), "jour-1").await);
        assert!(!poser(vec![cles[1].clone()], "jour-2").await);
        assert_eq!(dus(&base, &c, MAINTENANT, 10).await.unwrap().len(), 1);
        assert_eq!(rappels_faits(&base, &c).await.unwrap().len(), 2);
    });
}

#[test]
fn un_lien_ne_garde_que_l_empreinte_de_ses_jetons_et_ne_sert_qu_une_fois() {
    sur_les_deux_bases(async |base| {
        let c = centre(&base).await;
        let lien = Lien {
            genre: "sollicitation".into(),
            session: "s-1".into(),
            sujet: "1".into(),
            expire: MAINTENANT + 100,
        };
        emettre(&base, &c, &lien, "jeton-un").await.unwrap();
        emettre(&base, &c, &lien, "jeton-deux").await.unwrap();
        let gardes = base
            .lire("SELECT empreinte FROM jeton_prive", &[])
            .await
            .unwrap();
        assert_eq!(gardes.len(), 2);
        assert!(
            gardes
                .iter()
                .all(|l| !l.texte(0).unwrap().contains("jeton"))
        );
        let lu = lire_lien(&base, "jeton-un").await.unwrap().unwrap();
        assert!(lu.vaut(MAINTENANT) && !lu.vaut(MAINTENANT + 100));
        assert_eq!(lire_lien(&base, "autre").await.unwrap(), None);
        consommer(&base, &c, &lu.id, MAINTENANT).await.unwrap();
        let autre = lire_lien(&base, "jeton-deux").await.unwrap().unwrap();
        assert!(!autre.vaut(MAINTENANT), "servi par l'un, servi pour tous");
        revoquer(&base, &c, &lu.id, MAINTENANT).await.unwrap();
        let revoque = lire_lien(&base, "jeton-un").await.unwrap().unwrap();
        assert_eq!(revoque.revoque, Some(MAINTENANT));
        effacer_anciens(&base, &c, MAINTENANT + 101).await.unwrap();
        assert_eq!(lire_lien(&base, "jeton-un").await.unwrap(), None);
    });
}

#[test]
fn le_mot_de_passe_du_serveur_n_est_ni_au_journal_ni_montre() {
    sur_les_deux_bases(async |base| {
        let c = centre(&base).await;
        let s = ServeurCourriel {
            hote: "smtp.exemple.invalid".into(),
            port: 465,
            securite: Securite::Tls,
            identifiant: "garant".into(),
            mot_de_passe: "secret-du-serveur".into(),
            expediteur: "garant@exemple.invalid".into(),
            reponse: String::new(),
            actif: true,
            revision: 0,
        };
        regler(&base, &c, 0, &s, &auteur("acte-1")).await.unwrap();
        let lu = serveur(&base, &c).await.unwrap().unwrap();
        assert_eq!(lu.mot_de_passe, "secret-du-serveur");
        assert!(!format!("{lu:?}").contains("secret"));
        let perime = regler(&base, &c, 7, &s, &auteur("acte-2")).await;
        assert!(matches!(perime, Err(crate::Erreur::Conflit { .. })));
        suspendre(&base, &c, false, &auteur("acte-3"))
            .await
            .unwrap();
        assert!(!serveur(&base, &c).await.unwrap().unwrap().actif);
        let journal = journal_du_centre(&base, &c, None, 50).await.unwrap();
        assert!(journal.iter().any(|l| l.action == "courriel.serveur_regle"));
        assert!(journal.iter().all(|l| !format!("{l:?}").contains("secret")));
    });
}

#[test]
fn une_suite_se_depouille_une_fois() {
    sur_les_deux_bases(async |base| {
        let c = centre(&base).await;
        base.transaction(vec![crate::Requete::new(
            "INSERT INTO suite (id, flux, rang, json, le, faite_le) VALUES ($1, $2, 1, $3, $4, NULL)",
            valeurs![
                "1",
                "c-1/s-1",
                "{\"suite\":\"solliciter\",\"numero\":3,\"relance\":false}",
                "2026-11-23T09:00:00Z"
            ],
        )])
        .await
        .unwrap();
        let b = a_depouiller(&base, 10).await.unwrap();
        assert_eq!(b[0].session.as_str(), "s-1");
        assert_eq!(
            b[0].suite,
            Some(metier::Suite::Solliciter {
                numero: 3,
                relance: false
            })
        );
        let faire = || depouiller(&base, &b[0], None, None, "2026-11-23T09:00:01Z", MAINTENANT);
        let (x, y) = tokio::join!(faire(), faire());
        assert_eq!([x.unwrap(), y.unwrap()].iter().filter(|v| **v).count(), 1);
        assert!(a_depouiller(&base, 10).await.unwrap().is_empty());
        assert!(
            veut_recapitulatif(&base, &c, &"p-1".parse().unwrap())
                .await
                .unwrap()
        );
        vouloir_recapitulatif(&base, &c, &"p-1".parse().unwrap(), false)
            .await
            .unwrap();
        assert!(
            !veut_recapitulatif(&base, &c, &"p-1".parse().unwrap())
                .await
                .unwrap()
        );
    });
}
