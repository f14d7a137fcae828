//! Le planning dans ses pages : proposer en un geste, comparer, adopter, déplacer, réparer, sans rien perdre d'une saisie.

use crate::banc::{Banc, Navigateur};
use crate::sessions::{acte, creer_session};
use axum::http::StatusCode;

/// Un site avec ses salles, une session de deux jours, et tant de candidats ; rend l'adresse de la session.
async fn session_prete(banc: &Banc, chef: &mut Navigateur, candidats: usize) -> String {
    let page = chef.lire(banc, "/sites").await;
    let site = page.entre("scope=\"row\"><a href=\"/sites/", "\"");
    for (nom, nature, capacite) in [
        ("Salle 4", "salle", "16"),
        ("Entretien A", "entretien", "4"),
        ("Entretien B", "entretien", "4"),
    ] {
        let acte = acte();
        let champs = [
            ("acte", acte.as_str()),
            ("nom", nom),
            ("nature", nature),
            ("capacite", capacite),
            ("accessible", "oui"),
            ("actif", "oui"),
        ];
        chef.poster(banc, &format!("/sites/{site}/salles"), &champs)
            .await
            .vaut(StatusCode::SEE_OTHER);
    }
    let session = creer_session(banc, chef).await;
    inscrire(banc, chef, &session, 0..candidats).await;
    session
}

/// Inscrit les candidats témoins de ces rangs.
async fn inscrire(
    banc: &Banc,
    chef: &mut Navigateur,
    session: &str,
    rangs: std::ops::Range<usize>,
) {
    for i in rangs {
        let (acte, nom) = (acte(), format!("Témoin{i}"));
        let champs = [
            ("acte", acte.as_str()),
            ("nom_naissance", nom.as_str()),
            ("prenoms", "Ada"),
            ("naissance", "1999-03-12"),
            ("voie", "formation_continue"),
        ];
        chef.poster(banc, &format!("{session}/candidats/nouveau"), &champs)
            .await
            .vaut(StatusCode::SEE_OTHER);
    }
}

async fn geste(
    banc: &Banc,
    chef: &mut Navigateur,
    chemin: &str,
    champs: &[(&str, &str)],
) -> String {
    let acte = acte();
    let mut tous = vec![("acte", acte.as_str())];
    tous.extend_from_slice(champs);
    chef.poster(banc, chemin, &tous)
        .await
        .vaut(StatusCode::SEE_OTHER)
        .ou
}

#[tokio::test(flavor = "multi_thread")]
async fn une_session_simple_se_propose_en_un_geste_et_se_regarde_de_quatre_facons() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let session = session_prete(&banc, &mut chef, 2).await;
    let planning = format!("{session}/planning");
    let vide = chef.lire(&banc, &planning).await.vaut(StatusCode::OK);
    assert!(vide.corps.contains("Le planning est vide"));
    let ou = geste(&banc, &mut chef, &format!("{planning}/proposition"), &[]).await;
    assert_eq!(ou, planning);
    for (vue, marque) in [
        ("salles", "<svg"),
        ("jurys", "<svg"),
        ("candidats", "<svg"),
        ("tableau", "<table"),
    ] {
        let page = chef.lire(&banc, &format!("{planning}?vue={vue}")).await;
        assert!(page.corps.contains("8 passages placés sur 8"), "{vue}");
        assert!(page.corps.contains(marque), "{vue}");
        assert!(
            !page.corps.contains("style="),
            "{vue} : aucun style en ligne"
        );
    }
    geste(&banc, &mut chef, &format!("{planning}/epingles"), &[]).await;
    let page = chef.lire(&banc, &planning).await;
    assert!(page.corps.contains("(8 à présent)"));
    geste(&banc, &mut chef, &format!("{planning}/validation"), &[]).await;
    let page = chef.lire(&banc, &planning).await;
    assert!(page.corps.contains("Planning validé : 8 passages."));
    // Un candidat de plus : il s'inscrit sans motif, et le planning est à compléter.
    inscrire(&banc, &mut chef, &session, 2..3).await;
    let page = chef.lire(&banc, &planning).await;
    assert!(
        page.corps
            .contains("Le planning n’est plus validé : complétez-le")
    );
    assert!(page.corps.contains("8 passages placés sur 12"));
}

#[tokio::test(flavor = "multi_thread")]
async fn une_proposition_se_compare_s_adopte_et_se_perime() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let session = session_prete(&banc, &mut chef, 3).await;
    let planning = format!("{session}/planning");
    geste(&banc, &mut chef, &format!("{planning}/proposition"), &[]).await;
    let mut propositions = vec![];
    for priorite in ["finir-tot", "attendre-peu"] {
        let ou = geste(
            &banc,
            &mut chef,
            &format!("{planning}/proposition"),
            &[("priorite", priorite)],
        )
        .await;
        assert!(ou.starts_with(&format!("{planning}/propositions/")), "{ou}");
        let page = chef.lire(&banc, &ou).await.vaut(StatusCode::OK);
        assert!(page.corps.contains("Adopter cette proposition"));
        propositions.push(ou);
    }
    let page = chef
        .lire(&banc, &format!("{planning}/propositions"))
        .await
        .vaut(StatusCode::OK);
    assert!(
        page.corps.contains("Planning présent")
            && page.corps.contains("1. ")
            && page.corps.contains("2. ")
    );
    // Un passage ôté entre-temps : la première proposition est dépassée, et rien ne s'efface.
    let passage = page_du_passage(&banc, &mut chef, &planning).await;
    let reprise = geste(&banc, &mut chef, &passage, &[("geste", "oter")]).await;
    // Ôter se défait : la place d'avant est reprise au formulaire, mais rien n'est enregistré.
    let page = chef.lire(&banc, &reprise).await.vaut(StatusCode::OK);
    assert!(page.corps.contains("Rien n’est encore enregistré"));
    assert!(page.corps.contains("Sa place d’avant est reprise ici"));
    let page = chef.lire(&banc, &propositions[0]).await;
    assert!(page.corps.contains("Le planning a changé depuis"));
    let acte1 = acte();
    let refus = chef
        .poster(
            &banc,
            &propositions[0],
            &[("acte", acte1.as_str()), ("geste", "adopter")],
        )
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refus.corps.contains("effacerait ce changement"));
    geste(&banc, &mut chef, &propositions[0], &[("geste", "ecarter")]).await;
    let ou = geste(&banc, &mut chef, &format!("{planning}/proposition"), &[]).await;
    assert_eq!(
        geste(&banc, &mut chef, &ou, &[("geste", "adopter")]).await,
        planning
    );
    let page = chef.lire(&banc, &planning).await;
    assert!(page.corps.contains("12 passages placés sur 12"));
    chef.lire(&banc, &propositions[1])
        .await
        .vaut(StatusCode::NOT_FOUND);
}

/// L'adresse du premier passage dessiné.
async fn page_du_passage(banc: &Banc, chef: &mut Navigateur, planning: &str) -> String {
    let page = chef.lire(banc, &format!("{planning}?vue=candidats")).await;
    let lien = page.entre(&format!("href=\"{planning}/0"), "\"");
    format!("{planning}/0{lien}")
}

#[tokio::test(flavor = "multi_thread")]
async fn une_place_s_essaie_avant_de_s_enregistrer() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let session = session_prete(&banc, &mut chef, 2).await;
    let planning = format!("{session}/planning");
    geste(&banc, &mut chef, &format!("{planning}/proposition"), &[]).await;
    let passage = page_du_passage(&banc, &mut chef, &planning).await;
    let page = chef
        .lire(
            &banc,
            &format!("{passage}?date=2027-03-09&debut=07%3A00&lieu=Salle%204&ensemble=non"),
        )
        .await
        .vaut(StatusCode::OK);
    assert!(page.corps.contains("rien n’est encore enregistré"));
    assert!(
        page.corps.contains("hors des heures d’ouverture"),
        "{}",
        page.entre("id=\"essai\"", "</div>")
    );
    assert!(page.corps.contains("Autres places"));
    let champs = [
        ("date", "2027-03-09"),
        ("debut", "15:00"),
        ("fin", "15:40"),
        ("lieu", "Entretien B"),
    ];
    let acte1 = acte();
    let mut essai = vec![("acte", acte1.as_str()), ("geste", "essayer")];
    essai.extend_from_slice(&champs);
    let page = chef
        .poster(&banc, &passage, &essai)
        .await
        .vaut(StatusCode::OK);
    assert!(
        page.corps.contains("value=\"15:00\""),
        "la saisie est gardée"
    );
    let mut pose = vec![("geste", "placer"), ("motif", "essai")];
    pose.extend_from_slice(&champs);
    geste(&banc, &mut chef, &passage, &pose).await;
    let page = chef.lire(&banc, &passage).await;
    assert!(page.corps.contains("15\u{a0}h\u{a0}00"));
}

#[tokio::test(flavor = "multi_thread")]
async fn des_journees_trop_courtes_se_disent_et_une_salle_perdue_se_repare() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let session = session_prete(&banc, &mut chef, 4).await;
    let planning = format!("{session}/planning");
    let journees = |fermeture| {
        [
            ("ouverture", "08:30"),
            ("fermeture", fermeture),
            ("dejeuner_debut", "11:45"),
            ("dejeuner_fin", "14:00"),
            ("dejeuner_minutes", "45"),
            ("pause_minutes", "5"),
            ("candidat_minutes_max", "480"),
            ("jure_minutes_max", "480"),
            ("deliberation_minutes", "15"),
            ("deliberation_par_candidat", "5"),
        ]
    };
    let acte1 = acte();
    let mut absurdes = vec![("acte", acte1.as_str())];
    absurdes.extend_from_slice(&journees("08:00"));
    let refus = chef
        .poster(&banc, &format!("{planning}/journees"), &absurdes)
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refus.corps.contains("value=\"08:00\""),
        "la saisie est gardée"
    );
    geste(
        &banc,
        &mut chef,
        &format!("{planning}/journees"),
        &journees("10:00"),
    )
    .await;
    let ou = geste(&banc, &mut chef, &format!("{planning}/proposition"), &[]).await;
    let page = chef.lire(&banc, &ou).await.vaut(StatusCode::OK);
    assert!(page.corps.contains("ne tiennent pas") || page.corps.contains("ne tient pas"));
    assert!(page.corps.contains("Pourquoi"));
    geste(
        &banc,
        &mut chef,
        &format!("{planning}/journees"),
        &journees("17:30"),
    )
    .await;
    geste(&banc, &mut chef, &format!("{planning}/proposition"), &[]).await;
    let ou = geste(
        &banc,
        &mut chef,
        &format!("{planning}/reparation"),
        &[
            ("qui", "salle:Entretien A"),
            ("jour", "2027-03-08"),
            ("tous", "oui"),
        ],
    )
    .await;
    assert_eq!(ou, format!("{planning}/propositions"));
    let page = chef.lire(&banc, &ou).await;
    assert!(page.corps.contains("Bouger le moins de monde"));
    let page = chef.lire(&banc, &format!("{planning}/journees")).await;
    assert!(page.corps.contains("Entretien A, le lundi"));
}

#[tokio::test(flavor = "multi_thread")]
async fn ce_qui_reste_a_placer_se_lit_par_candidat_et_se_deplie_apres_dix() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let session = session_prete(&banc, &mut chef, 1).await;
    let planning = format!("{session}/planning");
    geste(&banc, &mut chef, &format!("{planning}/proposition"), &[]).await;
    let page = chef.lire(&banc, &planning).await;
    assert!(!page.corps.contains("Encore à placer"));
    inscrire(&banc, &mut chef, &session, 1..3).await;
    let page = chef.lire(&banc, &planning).await;
    assert_eq!(page.corps.matches("rien de placé").count(), 2);
    assert!(!page.corps.contains("autres candidats</summary>"));
    inscrire(&banc, &mut chef, &session, 3..13).await;
    let page = chef.lire(&banc, &planning).await;
    assert_eq!(page.corps.matches("rien de placé").count(), 12);
    assert!(page.corps.contains("et 2 autres candidats</summary>"));
    // Chaque épreuve mène à la page qui la place, et le dit à qui ne voit pas.
    let lien = page
        .entre("<strong>TÉMOIN1 Ada</strong>", "</li>")
        .to_owned();
    let (avant, _) = lien
        .split_once("\"><span class=\"invisible\">Placer TÉMOIN1 Ada, </span>")
        .unwrap();
    let (_, page_du_passage) = avant.rsplit_once("href=\"").unwrap();
    let page = chef.lire(&banc, page_du_passage).await.vaut(StatusCode::OK);
    assert!(page.corps.contains("TÉMOIN1"));
}
