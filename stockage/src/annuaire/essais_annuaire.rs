//! L'annuaire, joué sur les deux bases : chercher, corriger sans s'écraser, habiliter.

use super::*;
use crate::essais::sur_les_deux_bases;
use crate::{Changement, Erreur, journal_du_centre};

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

fn fiche(nom: &str, prenom: &str) -> FicheJure {
    FicheJure {
        nom: nom.into(),
        prenom: prenom.into(),
        qualite: "Développeuse".into(),
        ..FicheJure::default()
    }
}

async fn ajouter(base: &Base, id: &str, nom: &str, prenom: &str) -> Jure {
    let id: JureId = id.parse().unwrap();
    ajouter_jure(
        base,
        &centre(),
        &id,
        &fiche(nom, prenom),
        &auteur(&format!("a-{id}")),
    )
    .await
    .unwrap();
    jure(base, &centre(), &id).await.unwrap().unwrap()
}

async fn habiliter(base: &Base, jure: &Jure, id: &str, debut: &str, fin: &str) {
    let fiche = FicheHabilitation {
        titre: "TP-01280m04".into(),
        debut: debut.parse().unwrap(),
        fin: fin.parse().unwrap(),
        autorite: "DDETS du Rhône".into(),
        reference: "2026-12".into(),
    };
    ajouter_habilitation(
        base,
        &centre(),
        id,
        &jure.id,
        &fiche,
        &auteur(&format!("h-{id}")),
    )
    .await
    .unwrap();
}

#[test]
fn un_jure_se_retrouve_sans_accents_et_dans_son_centre_seulement() {
    sur_les_deux_bases(async |base| {
        ajouter(&base, "j-1", "Lefèvre-Müller", "Zoé").await;
        ajouter(&base, "j-2", "O’Brien", "Ann%").await;
        let noms = async |texte: &str| -> Vec<String> {
            let trouves = chercher_jures(&base, &centre(), texte, Activite::Actifs)
                .await
                .unwrap();
            trouves.iter().map(Jure::nom_complet).collect()
        };
        assert_eq!(noms("LEFEVRE").await, ["Zoé LEFÈVRE-MÜLLER"]);
        assert_eq!(noms("muller zoe").await, ["Zoé LEFÈVRE-MÜLLER"]);
        assert_eq!(noms("%").await, ["Ann% O’BRIEN"]);
        assert_eq!(noms("").await.len(), 2);
        let ailleurs = Centre::pour_exploitation("centre-b");
        assert!(
            chercher_jures(&base, &ailleurs, "", Activite::Tous)
                .await
                .unwrap()
                .is_empty()
        );
        assert!(
            jure(&base, &ailleurs, &"j-1".parse().unwrap())
                .await
                .unwrap()
                .is_none()
        );
    });
}

#[test]
fn le_meme_formulaire_envoye_deux_fois_n_ajoute_qu_une_personne() {
    sur_les_deux_bases(async |base| {
        ajouter(&base, "j-1", "Durand", "Camille").await;
        let encore = ajouter_jure(
            &base,
            &centre(),
            &"j-1".parse().unwrap(),
            &fiche("Durand", "Camille"),
            &auteur("a-j-1"),
        )
        .await;
        assert_eq!(encore, Ok(Changement::DejaEnregistre));
        assert_eq!(
            chercher_jures(&base, &centre(), "durand", Activite::Tous)
                .await
                .unwrap()
                .len(),
            1
        );
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
fn deux_personnes_qui_corrigent_a_la_fois_ne_s_ecrasent_pas() {
    sur_les_deux_bases(async |base| {
        let vu = ajouter(&base, "j-1", "Durand", "Camille").await;
        let premiere = corriger_jure(
            &base,
            &centre(),
            &vu,
            &fiche("Durant", "Camille"),
            &auteur("c-1"),
        )
        .await;
        assert_eq!(premiere, Ok(Changement::Enregistre));
        let seconde = corriger_jure(
            &base,
            &centre(),
            &vu,
            &fiche("Dupond", "Camille"),
            &auteur("c-2"),
        )
        .await;
        assert!(matches!(seconde, Err(Erreur::Conflit { table }) if table == "jure"));
        let garde = jure(&base, &centre(), &vu.id).await.unwrap().unwrap();
        assert_eq!(garde.fiche.nom, "Durant");
        let journal = journal_du_centre(&base, &centre(), None, 10).await.unwrap();
        assert_eq!(journal[0].action, "annuaire.jure_corrige");
        assert_eq!(
            journal[0].details.as_ref().unwrap()["avant"]["nom"],
            "Durand"
        );
        assert_eq!(
            journal.len(),
            2,
            "un changement refusé n'écrit rien au journal"
        );
    });
}

#[test]
fn un_jure_desactive_n_est_plus_propose_mais_reste() {
    sur_les_deux_bases(async |base| {
        let vu = ajouter(&base, "j-1", "Durand", "Camille").await;
        habiliter(&base, &vu, "h-1", "2024-01-01", "2028-01-01").await;
        activer_jure(&base, &centre(), &vu, false, &auteur("d-1"))
            .await
            .unwrap();
        let jour = "2026-12-15".parse().unwrap();
        assert!(
            jures_pour_session(&base, &centre(), "TP-01280m04", jour, jour)
                .await
                .unwrap()
                .is_empty()
        );
        assert!(
            chercher_jures(&base, &centre(), "", Activite::Actifs)
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(
            chercher_jures(&base, &centre(), "", Activite::Desactives)
                .await
                .unwrap()
                .len(),
            1
        );
    });
}

#[test]
fn une_habilitation_doit_couvrir_toute_la_periode() {
    sur_les_deux_bases(async |base| {
        let entiere = ajouter(&base, "j-1", "Zola", "Ada").await;
        let partielle = ajouter(&base, "j-2", "Belin", "Luc").await;
        ajouter(&base, "j-3", "Arnaud", "Mia").await;
        habiliter(&base, &entiere, "h-0", "2020-01-01", "2022-01-01").await;
        habiliter(&base, &entiere, "h-1", "2024-01-01", "2026-12-17").await;
        habiliter(&base, &partielle, "h-2", "2024-01-01", "2026-12-16").await;
        let (debut, fin) = ("2026-12-15".parse().unwrap(), "2026-12-17".parse().unwrap());
        let habilites = jures_habilites(&base, &centre(), "TP-01280m04", debut, fin)
            .await
            .unwrap();
        assert_eq!(habilites.len(), 1);
        assert_eq!(habilites[0].habilitation.as_ref().unwrap().id, "h-1");
        let tous = jures_pour_session(&base, &centre(), "TP-01280m04", debut, fin)
            .await
            .unwrap();
        let couvertures: Vec<_> = tous.iter().map(|p| p.couverture).collect();
        assert_eq!(
            couvertures,
            [
                Couverture::Entiere,
                Couverture::Partielle,
                Couverture::Aucune
            ]
        );
        assert!(
            jures_habilites(&base, &centre(), "TP-01281m04", debut, fin)
                .await
                .unwrap()
                .is_empty()
        );
    });
}

#[test]
fn une_habilitation_qui_finit_est_signalee_sauf_si_une_autre_prend_la_suite() {
    sur_les_deux_bases(async |base| {
        let sans_suite = ajouter(&base, "j-1", "Zola", "Ada").await;
        let renouvele = ajouter(&base, "j-2", "Belin", "Luc").await;
        habiliter(&base, &sans_suite, "h-1", "2024-01-01", "2026-12-17").await;
        habiliter(&base, &renouvele, "h-2", "2024-01-01", "2026-12-17").await;
        habiliter(&base, &renouvele, "h-3", "2026-12-18", "2031-12-17").await;
        let (de, jusqu_a) = ("2026-11-23".parse().unwrap(), "2027-02-23".parse().unwrap());
        let finissent = habilitations_finissant_avant(&base, &centre(), de, jusqu_a)
            .await
            .unwrap();
        assert_eq!(finissent.len(), 1);
        assert_eq!(finissent[0].jure.id, sans_suite.id);
    });
}

#[test]
fn on_met_fin_a_une_habilitation_en_avancant_son_dernier_jour() {
    sur_les_deux_bases(async |base| {
        let ada = ajouter(&base, "j-1", "Zola", "Ada").await;
        habiliter(&base, &ada, "h-1", "2024-01-01", "2030-01-01").await;
        let avant = habilitations_du_jure(&base, &centre(), &ada.id)
            .await
            .unwrap()
            .remove(0);
        let apres = FicheHabilitation {
            fin: "2026-11-23".parse().unwrap(),
            ..avant.fiche.clone()
        };
        corriger_habilitation(&base, &centre(), &avant, &apres, &auteur("f-1"))
            .await
            .unwrap();
        let relue = habilitations_du_jure(&base, &centre(), &ada.id)
            .await
            .unwrap()
            .remove(0);
        assert_eq!((relue.fiche, relue.revision), (apres, 2));
    });
}

#[test]
fn une_habilitation_ne_s_ajoute_pas_a_un_jure_d_un_autre_centre() {
    sur_les_deux_bases(async |base| {
        let ada = ajouter(&base, "j-1", "Zola", "Ada").await;
        let ailleurs = Centre::pour_exploitation("centre-b");
        let fiche = FicheHabilitation {
            titre: "TP-01280m04".into(),
            debut: "2026-01-01".parse().unwrap(),
            fin: "2027-01-01".parse().unwrap(),
            autorite: String::new(),
            reference: String::new(),
        };
        let refus =
            ajouter_habilitation(&base, &ailleurs, "h-1", &ada.id, &fiche, &auteur("x-1")).await;
        assert!(refus.is_err());
        assert!(
            journal_du_centre(&base, &ailleurs, None, 10)
                .await
                .unwrap()
                .is_empty()
        );
    });
}

fn periode(id: &str, jure: &Jure, debut: &str, fin: &str, libre: bool) -> Disponibilite {
    Disponibilite {
        id: id.into(),
        jure: jure.id.clone(),
        debut: debut.parse().unwrap(),
        fin: fin.parse().unwrap(),
        libre,
        note: String::new(),
    }
}

#[test]
fn une_indisponibilite_l_emporte_et_une_periode_se_retire_une_fois() {
    sur_les_deux_bases(async |base| {
        let j = ajouter(&base, "j-1", "Lefèvre", "Zoé").await;
        let autre = ajouter(&base, "j-2", "Roux", "Max").await;
        for d in [
            periode("d-1", &j, "2026-12-01", "2026-12-31", true),
            periode("d-2", &j, "2026-12-15", "2026-12-15", false),
        ] {
            ajouter_disponibilite(&base, &centre(), &d, &auteur(&format!("a-{}", d.id)))
                .await
                .unwrap();
        }
        let dit = async |debut: &str, fin: &str| {
            let p = disponibilites(&base, &centre(), &j.id).await.unwrap();
            reponse(&p, debut.parse().unwrap(), fin.parse().unwrap())
        };
        assert_eq!(dit("2026-12-02", "2026-12-03").await, Reponse::Libre);
        assert_eq!(dit("2026-12-14", "2026-12-16").await, Reponse::Pris);
        assert_eq!(dit("2026-12-30", "2027-01-02").await, Reponse::Inconnue);
        let finies = disponibilites_du_centre(&base, &centre(), "2026-12-16".parse().unwrap())
            .await
            .unwrap();
        assert_eq!(finies[&j.id].len(), 1);
        let retirer = async |jure: &Jure, acte: &str| {
            retirer_disponibilite(&base, &centre(), &jure.id, "d-2", &auteur(acte)).await
        };
        assert!(matches!(
            retirer(&autre, "r-0").await,
            Err(Erreur::Conflit { .. })
        ));
        retirer(&j, "r-1").await.unwrap();
        assert!(matches!(
            retirer(&j, "r-2").await,
            Err(Erreur::Conflit { .. })
        ));
        assert_eq!(dit("2026-12-14", "2026-12-16").await, Reponse::Libre);
    });
}

#[test]
fn la_commune_et_la_distance_se_gardent_et_la_commune_se_cherche() {
    sur_les_deux_bases(async |base| {
        let j = ajouter(&base, "j-1", "Lefèvre", "Zoé").await;
        let complete = FicheJure {
            commune: "Mâcon".into(),
            distance_km: Some(42),
            liens: "Organisme Alpha\nEntreprise B".into(),
            ..j.fiche.clone()
        };
        corriger_jure(&base, &centre(), &j, &complete, &auteur("c-1"))
            .await
            .unwrap();
        let trouves = chercher_jures(&base, &centre(), "macon", Activite::Actifs)
            .await
            .unwrap();
        assert_eq!(trouves[0].fiche, complete);
        habiliter(&base, &trouves[0], "h-1", "2026-01-01", "2026-12-31").await;
        let proposes = jures_pour_session(
            &base,
            &centre(),
            "TP-01280m04",
            "2026-06-01".parse().unwrap(),
            "2026-06-02".parse().unwrap(),
        )
        .await
        .unwrap();
        assert_eq!(proposes[0].jure.fiche.distance_km, Some(42));
        assert_eq!(proposes[0].couverture, Couverture::Entiere);
    });
}
