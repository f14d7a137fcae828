//! Le parcours d'un candidat, son aménagement et ce qui s'emporte, par les vraies pages.

use crate::banc::{Banc, Navigateur};
use crate::sessions::{acte, candidats, creer_session, fiche};
use axum::http::StatusCode;
use stockage::Centre;

/// Une session dont la personne connectée est responsable, avec un candidat ; rend leurs adresses.
async fn session_et_candidat(banc: &Banc, chef: &mut Navigateur) -> (String, String) {
    let session = creer_session(banc, chef).await;
    let equipe = chef.lire(banc, &format!("{session}/equipe")).await;
    let moi = equipe
        .corps
        .split("<option value=\"")
        .map(|o| o.split('"').next().unwrap())
        .find(|v| v.len() == 36)
        .expect("une personne du centre")
        .to_owned();
    let geste = acte();
    chef.poster(
        banc,
        &format!("{session}/equipe"),
        &[
            ("acte", &geste),
            ("poste", "responsable"),
            ("personne", &moi),
            ("motif", "essai"),
        ],
    )
    .await
    .vaut(StatusCode::SEE_OTHER);
    let geste = acte();
    chef.poster(
        banc,
        &format!("{session}/candidats/nouveau"),
        &fiche(&geste, "=Abadie"),
    )
    .await
    .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    chef.poster(
        banc,
        &format!("{session}/candidats/nouveau"),
        &fiche(&geste, "Abadie"),
    )
    .await
    .vaut(StatusCode::SEE_OTHER);
    let page = chef.lire(banc, &format!("{session}/candidats")).await;
    let candidat = candidats(&page, &session).remove(0);
    (session, candidat)
}

#[tokio::test(flavor = "multi_thread")]
async fn un_amenagement_est_scelle_et_chaque_lecture_s_inscrit_au_journal_du_centre() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let (session, candidat) = session_et_candidat(&banc, &mut chef).await;
    let chemin = format!("{candidat}/amenagement");
    let (a1, a2) = (acte(), acte());
    let mut champs = vec![
        ("acte", a1.as_str()),
        ("geste", "noter"),
        ("etat", "accorde"),
        ("decision_le", ""),
        ("majoration", "33"),
        ("mesure", "Lecture des consignes à voix haute"),
        ("reference", "DDETS-2026-77"),
    ];
    let refus = chef
        .poster(&banc, &chemin, &champs)
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refus.corps.contains("Lecture des consignes"),
        "la saisie est gardée"
    );
    champs[3] = ("decision_le", "2026-10-01");
    chef.poster(&banc, &chemin, &champs)
        .await
        .vaut(StatusCode::SEE_OTHER);
    // La page ne montre pas les mots, la base non plus.
    let page = chef.lire(&banc, &chemin).await.vaut(StatusCode::OK);
    assert!(page.corps.contains("temps majoré de 33") && !page.corps.contains("voix haute"));
    let stockes = banc
        .etat
        .base
        .lire("SELECT json FROM contenu", &[])
        .await
        .unwrap();
    for ligne in &stockes {
        assert!(!ligne.texte_ref(0).unwrap().contains("voix haute"));
    }
    let lue = chef
        .poster(&banc, &chemin, &[("acte", &a2), ("geste", "lire")])
        .await
        .vaut(StatusCode::OK);
    assert!(lue.corps.contains("Lecture des consignes à voix haute"));
    assert!(lue.corps.contains("DDETS-2026-77"));
    let centres = stockage::comptes::centres(&banc.etat.base).await.unwrap();
    let centre: &Centre = &centres[0].centre;
    let journal = stockage::journal_du_centre(&banc.etat.base, centre, None, 3)
        .await
        .unwrap();
    assert_eq!(journal[0].action, "amenagement.lu");
    assert!(
        !journal[0]
            .details
            .as_ref()
            .unwrap()
            .to_string()
            .contains("voix")
    );
    let du_journal = chef.lire(&banc, &format!("{session}/journal")).await;
    assert!(du_journal.corps.contains("lecture réservée"));
    assert!(!du_journal.corps.contains("voix haute"));
    // La clé perdue se dit, et rien d'autre ne casse.
    std::fs::remove_file(banc.etat.donnees.join(stockage::coffre::FICHIER)).unwrap();
    let a3 = acte();
    let perdue = chef
        .poster(&banc, &chemin, &[("acte", &a3), ("geste", "lire")])
        .await
        .vaut(StatusCode::OK);
    assert!(perdue.corps.contains("remettez-la depuis votre sauvegarde"));
}

#[tokio::test(flavor = "multi_thread")]
async fn un_parcours_se_note_et_le_verdict_suit() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let (session, candidat) = session_et_candidat(&banc, &mut chef).await;
    let chemin = format!("{candidat}/parcours");
    let page = chef.lire(&banc, &chemin).await.vaut(StatusCode::OK);
    assert!(page.corps.contains("À compléter"));
    let a1 = acte();
    chef.poster(
        &banc,
        &chemin,
        &[
            ("acte", &a1),
            ("geste", "noter"),
            ("situation", "premiere"),
            ("coherente", "oui"),
            ("formation_debut", "2026-03-02"),
        ],
    )
    .await
    .vaut(StatusCode::SEE_OTHER);
    let page = chef.lire(&banc, &chemin).await;
    assert!(page.corps.contains("Peut se présenter"));
    // Un échec de plus d'un an : la règle parle, un motif est demandé, la saisie est gardée.
    let a2 = acte();
    let champs = [
        ("acte", a2.as_str()),
        ("geste", "ajouter"),
        ("antecedent_le", "2025-11-03"),
        ("antecedent_type", "titre"),
        ("antecedent_issue", "echec"),
        ("antecedent_source", "Procès-verbal vu"),
    ];
    let refus = chef
        .poster(&banc, &chemin, &champs)
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refus.corps.contains("R48") && refus.corps.contains("Procès-verbal vu"));
    chef.poster(
        &banc,
        &chemin,
        &[&champs[..], &[("motif", "formation reprise en 2026")]].concat(),
    )
    .await
    .vaut(StatusCode::SEE_OTHER);
    let page = chef
        .lire(&banc, &format!("{session}/candidats/dossiers"))
        .await;
    assert!(page.corps.contains("À régler") && page.corps.contains("plus d’un an"));
}

#[tokio::test(flavor = "multi_thread")]
async fn ce_qui_s_emporte_se_relit() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let (session, candidat) = session_et_candidat(&banc, &mut chef).await;
    let csv = chef
        .lire(&banc, &format!("{session}/emporter/candidats/csv"))
        .await
        .vaut(StatusCode::OK);
    assert!(csv.corps.contains("Nom de naissance;") && csv.corps.contains(";Abadie;"));
    for chemin in [
        "emporter/candidats/xlsx",
        "emporter/dossiers/xlsx",
        "emporter/dossiers/csv",
    ] {
        chef.lire(&banc, &format!("{session}/{chemin}"))
            .await
            .vaut(StatusCode::OK);
    }
    let json = chef
        .lire(&banc, &format!("{session}/emporter/session.json"))
        .await
        .vaut(StatusCode::OK);
    let json: serde_json::Value = serde_json::from_str(&json.corps).unwrap();
    assert_eq!(json["format"], "garant.session/1");
    assert_eq!(json["candidats"][0]["nom_naissance"], "Abadie");
    chef.lire(&banc, json["$schema"].as_str().unwrap())
        .await
        .vaut(StatusCode::OK);
    let a = acte();
    let zip = chef
        .poster(&banc, &format!("{candidat}/donnees"), &[("acte", &a)])
        .await
        .vaut(StatusCode::OK);
    assert!(zip.corps.starts_with("PK"));
    let ceres = chef
        .lire(&banc, &format!("{session}/candidats/ceres"))
        .await
        .vaut(StatusCode::OK);
    assert!(ceres.corps.contains("ABADIE"));
    chef.lire(&banc, &format!("{session}/emporter/candidats/pdf"))
        .await
        .vaut(StatusCode::NOT_FOUND);
}
