//! Une session menée dans le processus : inscrire à huit à la fois, corriger à deux, éditer et servir une convocation.

use crate::banc::{Banc, Lue, Navigateur};
use axum::http::StatusCode;
use futures_util::future::join_all;

/// Un acte neuf, comme la page en donne un à chaque formulaire.
pub fn acte() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Le titre et le site que la page de création propose.
async fn titre_et_site(banc: &Banc, qui: &mut Navigateur) -> (String, String) {
    let page = qui.lire(banc, "/sessions/nouvelle").await;
    let options = |texte: &str| -> Vec<String> {
        texte
            .split("<option value=\"")
            .map(|o| o.split('"').next().unwrap().to_owned())
            .collect()
    };
    let titre = options(&page.corps)
        .into_iter()
        .find(|v| v.contains("01280"))
        .expect("un titre du catalogue");
    let site = options(&page.entre("name=\"site\"", "</select>"))
        .into_iter()
        .find(|v| v.len() == 36)
        .expect("le site du centre");
    (titre, site)
}

/// Poste une création de session de ce type, avec ces champs de plus.
async fn poster_session(
    banc: &Banc,
    qui: &mut Navigateur,
    nature: &str,
    plus: &[(&str, &str)],
) -> Lue {
    let (titre, site) = titre_et_site(banc, qui).await;
    let acte = acte();
    let mut champs = vec![
        ("acte", acte.as_str()),
        ("type_session", nature),
        ("titre", &titre),
        ("site", &site),
        ("debut", "2027-03-08"),
        ("fin", "2027-03-09"),
    ];
    champs.extend(plus);
    qui.poster(banc, "/sessions", &champs).await
}

/// L'adresse de la session que la réponse a créée.
fn session_creee(reponse: Lue) -> String {
    let reponse = reponse.vaut(StatusCode::SEE_OTHER);
    let id = reponse.ou.split(['?', '/']).nth(2).expect("une session");
    format!("/sessions/{id}")
}

/// Crée une session titre sur le site du centre ; rend son adresse.
pub async fn creer_session(banc: &Banc, qui: &mut Navigateur) -> String {
    session_creee(poster_session(banc, qui, "titre", &[]).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn la_liste_des_sessions_s_emporte_telle_qu_elle_est_cherchee() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    for _ in 0..27 {
        creer_session(&banc, &mut chef).await;
    }
    let toutes = chef.lire(&banc, "/sessions/emporter/csv").await;
    let lignes = toutes.vaut(StatusCode::OK).corps.lines().count();
    assert_eq!(
        lignes,
        1 + 27,
        "l'en-tête, puis les sessions de toutes les pages"
    );
    let passees = chef
        .lire(&banc, "/sessions/emporter/csv?etat=passee")
        .await
        .vaut(StatusCode::OK);
    assert_eq!(passees.corps.lines().count(), 1, "{}", passees.corps);
    let classeur = chef.lire(&banc, "/sessions/emporter/xlsx").await;
    classeur.vaut(StatusCode::OK);
    let inconnu = chef.lire(&banc, "/sessions/emporter/docx").await;
    inconnu.vaut(StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn une_session_ccp_se_cree_en_cochant_les_ccp_du_titre() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let etape = poster_session(&banc, &mut chef, "ccp", &[])
        .await
        .vaut(StatusCode::OK);
    assert!(
        etape.corps.contains("name=\"certificats\" value=\"CCP1\""),
        "{}",
        etape.corps
    );
    assert!(
        etape.corps.contains("value=\"2027-03-08\""),
        "la saisie revient"
    );
    let vue = etape.entre("name=\"etape\" value=\"", "\"");

    let vide = poster_session(&banc, &mut chef, "ccp", &[("etape", vue.as_str())])
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        vide.corps.contains("href=\"#certificats\""),
        "{}",
        vide.corps
    );

    let coches = [
        ("etape", vue.as_str()),
        ("certificats", "CCP1"),
        ("certificats", "CCP2"),
    ];
    let session = session_creee(poster_session(&banc, &mut chef, "ccp", &coches).await);
    let page = chef.lire(&banc, &format!("{session}/programme")).await;
    assert!(page.corps.contains("CCP1, CCP2"), "{}", page.corps);
}

#[tokio::test(flavor = "multi_thread")]
async fn une_session_ccs_demande_l_intitule_du_certificat() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let etape = poster_session(&banc, &mut chef, "ccs", &[])
        .await
        .vaut(StatusCode::OK);
    let vue = etape.entre("name=\"etape\" value=\"", "\"");
    let vide = poster_session(&banc, &mut chef, "ccs", &[("etape", vue.as_str())])
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(vide.corps.contains("href=\"#ccs\""), "{}", vide.corps);
    let intitule = [("etape", vue.as_str()), ("ccs", "Conduire un essai fictif")];
    let session = session_creee(poster_session(&banc, &mut chef, "ccs", &intitule).await);
    let page = chef.lire(&banc, &session).await;
    assert!(
        page.corps.contains("Conduire un essai fictif"),
        "{}",
        page.corps
    );
}

pub fn fiche<'a>(acte: &'a str, nom: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("acte", acte),
        ("nom_naissance", nom),
        ("prenoms", "Camille"),
        ("naissance", "1999-03-12"),
        ("voie", "formation_continue"),
    ]
}

/// Les adresses des fiches de candidats citées par la page.
pub fn candidats(page: &Lue, session: &str) -> Vec<String> {
    let prefixe = format!("{session}/candidats/");
    let mut v: Vec<String> = page
        .corps
        .match_indices(&prefixe)
        .map(|(i, p)| {
            page.corps[i + p.len()..]
                .chars()
                .take(36)
                .collect::<String>()
        })
        .filter(|id| id.chars().filter(|c| *c == '-').count() == 4)
        .map(|id| format!("{prefixe}{id}"))
        .collect();
    v.sort();
    v.dedup();
    v
}

#[tokio::test(flavor = "multi_thread")]
async fn huit_inscriptions_identiques_postees_a_la_fois_font_un_seul_candidat() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let session = creer_session(&banc, &mut chef).await;
    let (chemin, acte) = (format!("{session}/candidats/nouveau"), acte());
    let champs = fiche(&acte, "Abadie");
    let envois = (0..8).map(|_| {
        let (mut qui, banc, chemin, champs) = (chef.clone(), &banc, &chemin, &champs);
        async move { qui.poster(banc, chemin, champs).await.statut }
    });
    for statut in join_all(envois).await {
        assert_eq!(statut, StatusCode::SEE_OTHER);
    }
    let page = chef.lire(&banc, &format!("{session}/candidats")).await;
    assert_eq!(candidats(&page, &session).len(), 1, "{}", page.corps);
}

#[tokio::test(flavor = "multi_thread")]
async fn le_second_a_corriger_apprend_ce_que_le_premier_a_change_et_garde_sa_saisie() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let session = creer_session(&banc, &mut chef).await;
    let inscription = acte();
    chef.poster(
        &banc,
        &format!("{session}/candidats/nouveau"),
        &fiche(&inscription, "Abadie"),
    )
    .await
    .vaut(StatusCode::SEE_OTHER);
    let page = chef.lire(&banc, &format!("{session}/candidats")).await;
    let candidat = candidats(&page, &session).remove(0);
    let vu = chef
        .lire(&banc, &candidat)
        .await
        .entre("name=\"vu_au_rang\" value=\"", "\"");
    let (un, deux) = (acte(), acte());
    let mut premiere = fiche(&un, "Abadie");
    premiere.extend([
        ("ville", "Lyon"),
        ("motif", "adresse relue"),
        ("vu_au_rang", &vu),
    ]);
    chef.poster(&banc, &candidat, &premiere)
        .await
        .vaut(StatusCode::SEE_OTHER);
    let mut seconde = fiche(&deux, "Abadie");
    seconde.extend([
        ("ville", "Mâcon"),
        ("motif", "déménagement"),
        ("vu_au_rang", &vu),
    ]);
    let refus = chef
        .poster(&banc, &candidat, &seconde)
        .await
        .vaut(StatusCode::CONFLICT);
    assert!(
        refus.corps.contains("commune"),
        "dit ce que le premier a changé : {}",
        refus.corps
    );
    assert!(
        refus.corps.contains("Mâcon"),
        "garde ce qui était saisi : {}",
        refus.corps
    );
    assert!(chef.lire(&banc, &candidat).await.corps.contains("Lyon"));
}

#[tokio::test(flavor = "multi_thread")]
async fn une_convocation_sans_horaire_se_refuse_en_le_disant_et_une_piece_ne_sort_pas_de_sa_session()
 {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let session = creer_session(&banc, &mut chef).await;
    let inscription = acte();
    chef.poster(
        &banc,
        &format!("{session}/candidats/nouveau"),
        &fiche(&inscription, "Abadie"),
    )
    .await
    .vaut(StatusCode::SEE_OTHER);
    let convocations = format!("{session}/convocations");
    let pour = chef
        .lire(&banc, &convocations)
        .await
        .entre("name=\"pour\" value=\"", "\"");
    let edition = acte();
    let edition = [("acte", edition.as_str()), ("pour", pour.as_str())];
    let refus = chef
        .poster(&banc, &format!("{convocations}/edition"), &edition)
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refus.corps.contains("Rien n’a été édité") && refus.corps.contains("planning"),
        "{}",
        refus.corps
    );

    // La check-list, elle, s'édite dès maintenant ; elle se resert octet pour octet, et seulement ici.
    let papier = acte();
    let piece = chef
        .poster(
            &banc,
            &format!("{session}/papiers/check-list"),
            &[("acte", &papier)],
        )
        .await
        .vaut(StatusCode::SEE_OTHER)
        .ou;
    let (un, deux) = (
        chef.lire(&banc, &piece).await,
        chef.lire(&banc, &piece).await,
    );
    assert!(un.corps.starts_with("%PDF-") && un.corps == deux.corps);
    assert_eq!(un.entetes.get("etag"), deux.entetes.get("etag"));
    let ailleurs = creer_session(&banc, &mut chef).await;
    let id = piece.rsplit('/').next().unwrap();
    chef.lire(&banc, &format!("{ailleurs}/documents/{id}"))
        .await
        .vaut(StatusCode::NOT_FOUND);
}
