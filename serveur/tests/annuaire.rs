//! L'annuaire, les référentiels, le centre et ses sites, joués dans le processus : le routeur entier, une vraie base.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use metier::Role;
use serveur::etat::Etat;
use serveur::horloge::Horloge;
use serveur::routes::routeur;
use std::net::SocketAddr;
use std::path::PathBuf;
use stockage::comptes::{Etape, Personne};
use stockage::comptes::{NouveauCentre, creer_centre};
use stockage::comptes::{NouvelleConnexion, ouvrir};
use stockage::{Adresse, Base, Centre, journal_du_centre};
use tower::ServiceExt;

/// Un serveur d'essai, une personne connectée par rôle.
struct Banc {
    routeur: Router,
    base: Base,
    dossier: PathBuf,
}

impl Drop for Banc {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dossier);
    }
}

/// Une réponse lue.
struct Lue {
    statut: StatusCode,
    ou: String,
    corps: String,
}

impl Banc {
    async fn ouvrir() -> Self {
        let dossier =
            std::env::temp_dir().join(format!("garant-annuaire-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&dossier).unwrap();
        let base = Base::ouvrir(&Adresse::Sqlite(dossier.join("garant.db")))
            .await
            .unwrap();
        let horloge = Horloge::Fixe("2026-11-23T09:00:00Z".parse().unwrap());
        let etat = Etat::nouveau(
            base.clone(),
            horloge,
            dossier.clone(),
            "http://127.0.0.1:8080".into(),
        );
        let banc = Self {
            routeur: routeur(etat),
            base,
            dossier,
        };
        banc.centre("centre-a", "a", Role::Administrateur).await;
        banc.centre("centre-b", "b", Role::Administrateur).await;
        banc.centre("centre-l", "l", Role::Directeur).await;
        banc
    }

    async fn centre(&self, id: &str, jeton: &str, role: Role) {
        let courriel = format!("{jeton}@exemple.fr");
        let nouveau = NouveauCentre {
            id: id.into(),
            nom: "Centre d’essai".into(),
            exemple: true,
            administrateur: Personne {
                id: format!("p-{jeton}").parse().unwrap(),
                nom: "Roux".into(),
                prenom: "Camille".into(),
                fonction: "Responsable".into(),
                courriel: courriel.clone(),
                actif: true,
            },
            roles: vec![role],
            mot_de_passe: String::new(),
            acte: format!("creation-{id}").parse().unwrap(),
            le: "2026-11-23T08:00:00Z".into(),
        };
        creer_centre(&self.base, &nouveau, None).await.unwrap();
        let connexion = NouvelleConnexion {
            jeton,
            id: &format!("connexion-{jeton}"),
            courriel: &courriel,
            etape: Etape::Ouverte,
            agent: "essai",
            adresse: "127.0.0.1",
            maintenant: 1_795_424_400,
        };
        ouvrir(&self.base, &connexion).await.unwrap();
    }

    async fn envoyer(&self, mut requete: Request<Body>) -> Lue {
        // Les comptes d'un centre d'exemple ne valent que sur la machine même.
        requete
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))));
        let reponse = self.routeur.clone().oneshot(requete).await.unwrap();
        let statut = reponse.status();
        let ou = reponse
            .headers()
            .get(header::LOCATION)
            .map(|v| v.to_str().unwrap().to_owned())
            .unwrap_or_default();
        let corps = to_bytes(reponse.into_body(), 4_000_000).await.unwrap();
        Lue {
            statut,
            ou,
            corps: String::from_utf8_lossy(&corps).into_owned(),
        }
    }

    async fn lire(&self, jeton: &str, chemin: &str) -> Lue {
        let requete = Request::get(chemin).header(header::COOKIE, format!("garant={jeton}"));
        self.envoyer(requete.body(Body::empty()).unwrap()).await
    }

    async fn ecrire(&self, jeton: &str, chemin: &str, champs: &[(&str, &str)]) -> Lue {
        let corps = serde_html_form::to_string(champs).unwrap();
        let requete = Request::post(chemin)
            .header(header::COOKIE, format!("garant={jeton}"))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.envoyer(requete.body(Body::from(corps)).unwrap()).await
    }

    async fn lignes_au_journal(&self) -> usize {
        journal_du_centre(
            &self.base,
            &Centre::pour_exploitation("centre-a"),
            None,
            1000,
        )
        .await
        .unwrap()
        .len()
    }

    /// Ajoute un juré et rend son adresse.
    async fn jure(&self, acte: &str, nom: &str) -> String {
        let champs = [
            ("acte", acte),
            ("nom", nom),
            ("prenom", "Ada"),
            ("qualite", "Développeuse"),
            ("autre_personne", "oui"),
        ];
        let r = self.ecrire("a", "/jures", &champs).await;
        assert_eq!(r.statut, StatusCode::SEE_OTHER, "{}", r.corps);
        format!("/jures/{acte}")
    }
}

#[tokio::test]
async fn chaque_page_vide_dit_quoi_faire() {
    let b = Banc::ouvrir().await;
    for (page, phrase) in [
        ("/jures", "Aucun juré dans l’annuaire"),
        ("/referentiels", "Développeur web et web mobile"),
        ("/referentiels/TP-01280m04", "À vérifier au RE"),
        ("/referentiels/TP-01351m02", "Écrire les épreuves"),
        ("/centre", "L’identité du centre est à compléter"),
        ("/sites", "Aucun site"),
    ] {
        let r = b.lire("a", page).await;
        assert_eq!(r.statut, StatusCode::OK, "{page} {} {}", r.ou, r.corps);
        assert!(r.corps.contains(phrase), "{page} ne dit pas « {phrase} »");
    }
}

#[tokio::test]
async fn un_jure_s_ajoute_une_fois_se_corrige_avec_motif_et_se_desactive() {
    let b = Banc::ouvrir().await;
    let fiche = b.jure("j-1", "Lovelace").await;
    let encore = b.jure("j-1", "Lovelace").await;
    assert_eq!(fiche, encore);
    assert!(b.lire("a", "/jures").await.corps.contains("1 juré"));

    let correction = format!("{fiche}/correction");
    let sans_motif = [
        ("acte", "c-1"),
        ("vu_au_rang", "1"),
        ("nom", "Byron"),
        ("prenom", "Ada"),
        ("qualite", "Poétesse"),
    ];
    let r = b.ecrire("a", &correction, &sans_motif).await;
    assert_eq!(r.statut, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        r.corps.contains("value=\"Byron\"") && r.corps.contains("aria-describedby=\"motif-erreur")
    );
    let mut avec_motif = sans_motif.to_vec();
    avec_motif.push(("motif", "nom de naissance"));
    let r = b.ecrire("a", &correction, &avec_motif).await;
    assert_eq!(
        (r.statut, r.ou.as_str()),
        (StatusCode::SEE_OTHER, "/jures/j-1?fait=enregistre")
    );

    // Une seconde personne corrige ce qu'elle voyait avant : elle apprend ce qui a changé et ne perd rien.
    let r = b
        .ecrire(
            "a",
            &correction,
            &[
                ("acte", "c-2"),
                ("vu_au_rang", "1"),
                ("nom", "King"),
                ("prenom", "Ada"),
                ("qualite", "Comtesse"),
                ("motif", "titre"),
            ],
        )
        .await;
    assert_eq!(r.statut, StatusCode::CONFLICT);
    assert!(
        r.corps
            .contains("enregistré «\u{a0}Byron\u{a0}», vous avez écrit «\u{a0}King\u{a0}»")
            && r.corps.contains("value=\"Comtesse\"")
    );

    let activite = format!("{fiche}/activite");
    let champs = [
        ("acte", "d-1"),
        ("vu_au_rang", "2"),
        ("geste", "desactiver"),
        ("motif", "a quitté le métier"),
    ];
    assert_eq!(
        b.ecrire("a", &activite, &champs).await.statut,
        StatusCode::SEE_OTHER
    );
    assert!(
        b.lire("a", "/jures?etat=desactives")
            .await
            .corps
            .contains("BYRON")
    );
    assert!(!b.lire("a", "/jures").await.corps.contains("BYRON"));
}

#[tokio::test]
async fn un_homonyme_se_signale_et_ne_se_confond_jamais() {
    let b = Banc::ouvrir().await;
    b.jure("j-1", "Lovelace").await;
    let champs = [
        ("acte", "j-2"),
        ("nom", "LOVELACE"),
        ("prenom", "Ada"),
        ("qualite", "Autre"),
    ];
    let r = b.ecrire("a", "/jures", &champs).await;
    assert_eq!(r.statut, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(r.corps.contains("href=\"/jures/j-1\""));
    b.jure("j-2", "Lovelace").await;
    assert!(b.lire("a", "/jures").await.corps.contains("2 jurés"));
}

#[tokio::test]
async fn une_habilitation_s_ajoute_se_signale_et_se_termine() {
    let b = Banc::ouvrir().await;
    let fiche = b.jure("j-1", "Lovelace").await;
    let ajout = format!("{fiche}/habilitations");
    let bonne = [
        ("acte", "h-1"),
        ("titre", "TP-01281m04"),
        ("debut", "2024-01-15"),
        ("fin", "2026-12-10"),
        ("autorite", "DDETS du Rhône"),
        ("reference", "2024-69-12"),
    ];
    for (champ, mauvais) in [
        ("debut", "2026-02-30"),
        ("fin", "2023-01-01"),
        ("fin", "2031-01-01"),
        ("titre", "TP-1"),
        ("autorite", " "),
    ] {
        let champs: Vec<_> = bonne
            .iter()
            .map(|(c, v)| (*c, if *c == champ { mauvais } else { v }))
            .collect();
        let r = b.ecrire("a", &ajout, &champs).await;
        assert_eq!(
            r.statut,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{champ} {mauvais}"
        );
        assert!(
            r.corps.contains(&format!("id=\"{champ}-erreur\"")),
            "{champ} {mauvais}"
        );
    }
    assert_eq!(
        b.ecrire("a", &ajout, &bonne).await.statut,
        StatusCode::SEE_OTHER
    );
    let liste = b.lire("a", "/jures").await.corps;
    assert!(
        liste.contains("Habilitations qui finissent bientôt")
            && liste.contains("finit le 10/12/2026")
    );
    assert!(
        b.lire("a", "/jures?titre=TP-01281m04")
            .await
            .corps
            .contains("LOVELACE")
    );
    assert!(
        b.lire("a", "/jures?titre=TP-01280m04")
            .await
            .corps
            .contains("Aucun juré ne correspond")
    );

    let fin = format!("{ajout}/h-1/fin");
    let prolonger = [
        ("acte", "f-1"),
        ("vu_au_rang", "1"),
        ("fin", "2027-01-01"),
        ("motif", "renouvelée"),
    ];
    assert_eq!(
        b.ecrire("a", &fin, &prolonger).await.statut,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let finir = [
        ("acte", "f-2"),
        ("vu_au_rang", "1"),
        ("fin", "2026-11-22"),
        ("motif", "décision retirée"),
    ];
    assert_eq!(
        b.ecrire("a", &fin, &finir).await.statut,
        StatusCode::SEE_OTHER
    );
    assert!(
        b.lire("a", &fiche)
            .await
            .corps
            .contains("finie le 22/11/2026")
    );
}

#[tokio::test]
async fn un_referentiel_se_complete_s_ordonne_se_confirme_et_garde_ses_versions() {
    let b = Banc::ouvrir().await;
    let titre = "/referentiels/TP-01351m02";
    let manque = b
        .ecrire(
            "a",
            &format!("{titre}/confirmation"),
            &[
                ("acte", "x-1"),
                ("vu_au_rang", "0"),
                ("version_re", "REV"),
                ("lu", "oui"),
            ],
        )
        .await;
    assert_eq!(manque.statut, StatusCode::UNPROCESSABLE_ENTITY);
    let epreuves = [
        ("acte", "e-1"),
        ("vu_au_rang", "0"),
        ("motif", "recopié du RE"),
        ("lignes", "3"),
        ("nature_0", "Entretien final"),
        ("modalite_0", "ef"),
        ("duree_0", "20"),
        ("presence_0", "presente"),
        ("ordre_0", "2"),
        ("nature_1", "Mise en situation professionnelle"),
        ("modalite_1", "msp"),
        ("duree_1", "180"),
        ("presence_1", "partielle"),
        ("ordre_1", "1"),
    ];
    let r = b
        .ecrire("a", &format!("{titre}/epreuves/titre"), &epreuves)
        .await;
    assert_eq!(r.statut, StatusCode::SEE_OTHER, "{}", r.corps);
    let fiche = b.lire("a", titre).await.corps;
    let (msp, ef) = (
        fiche.find("1. Mise en situation").unwrap(),
        fiche.find("2. Entretien final").unwrap(),
    );
    assert!(msp < ef && fiche.contains("3\u{a0}h\u{a0}20"), "{fiche}");

    let confirmation = [
        ("acte", "k-1"),
        ("vu_au_rang", "1"),
        ("version_re", "REV2_TSSR_V02"),
        ("lu", "oui"),
    ];
    let r = b
        .ecrire("a", &format!("{titre}/confirmation"), &confirmation)
        .await;
    assert_eq!(r.statut, StatusCode::SEE_OTHER, "{}", r.corps);
    assert!(
        b.lire("a", "/referentiels?etat=confirme")
            .await
            .corps
            .contains("le 23/11/2026 par")
    );
    assert!(
        b.lire("a", &format!("{titre}/versions/0"))
            .await
            .corps
            .contains("gardée dans l’historique")
    );
    assert_eq!(
        b.lire("a", &format!("{titre}/versions/9")).await.statut,
        StatusCode::NOT_FOUND
    );
    let autre_centre = b.lire("b", titre).await.corps;
    assert!(
        autre_centre.contains("À compléter"),
        "les corrections d’un centre restent chez lui"
    );
}

#[tokio::test]
async fn ajouter_une_ligne_d_epreuve_n_enregistre_rien_et_garde_la_saisie() {
    let b = Banc::ouvrir().await;
    let avant = b.lignes_au_journal().await;
    let r = b
        .ecrire(
            "a",
            "/referentiels/TP-01280m04/epreuves/titre",
            &[
                ("acte", "e-1"),
                ("vu_au_rang", "0"),
                ("ajouter", "oui"),
                ("lignes", "2"),
                ("nature_0", "Épreuve tapée"),
                ("motif", "en cours"),
            ],
        )
        .await;
    assert_eq!(r.statut, StatusCode::OK);
    assert!(
        r.corps.contains("Épreuve tapée")
            && r.corps.contains("id=\"nature_2\"")
            && r.corps.contains("en cours")
    );
    assert_eq!(b.lignes_au_journal().await, avant);
}

#[tokio::test]
async fn un_titre_absent_du_catalogue_s_ajoute_et_se_corrige() {
    let b = Banc::ouvrir().await;
    let neuf = [
        ("acte", "t-1"),
        ("vu_au_rang", "0"),
        ("intitule", "Accordeur de pianos"),
        ("code_titre", "tp-09999"),
        ("millesime", "01"),
        ("niveau", "4"),
        ("ccp_intitule_0", "Accorder"),
        ("ccp_code_0", ""),
        ("ccp_intitule_1", "Régler"),
        ("ccp_code_1", "ccp2"),
    ];
    let r = b.ecrire("a", "/referentiels", &neuf).await;
    assert_eq!(
        r.ou, "/referentiels/TP-09999m01?fait=enregistre",
        "{}",
        r.corps
    );
    assert!(
        b.lire("a", "/referentiels/TP-09999m01")
            .await
            .corps
            .contains("CCP2 : Régler")
    );
    let double = b
        .ecrire(
            "a",
            "/referentiels",
            &[
                ("acte", "t-2"),
                ("vu_au_rang", "0"),
                ("intitule", "X"),
                ("code_titre", "TP-01280"),
                ("millesime", "04"),
            ],
        )
        .await;
    assert_eq!(double.statut, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(double.corps.contains("déjà au catalogue"));
    let correction = [
        ("acte", "t-3"),
        ("vu_au_rang", "1"),
        ("intitule", "Accordeur de pianos"),
        ("echeance", "2030-02-30"),
        ("motif", "arrêté"),
        ("ccp_intitule_0", "Accorder"),
        ("ccp_code_0", "CCP1"),
        ("ccp_intitule_1", "Régler"),
        ("ccp_code_1", "CCP1"),
    ];
    let r = b
        .ecrire("a", "/referentiels/TP-09999m01/fiche", &correction)
        .await;
    assert_eq!(r.statut, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        r.corps.contains("id=\"echeance-erreur\"") && r.corps.contains("id=\"ccp_code_1-erreur\"")
    );
}

#[tokio::test]
async fn l_identite_le_logo_les_sites_et_les_salles_s_ecrivent() {
    let b = Banc::ouvrir().await;
    let identite = [
        ("acte", "i-1"),
        ("vu_au_rang", "0"),
        ("nom", "Centre d’essai"),
        ("adresse", "1 rue des Ateliers"),
        ("code_postal", "69400"),
        ("ville", "Villefranche"),
        ("siret", "732 829 320 00075"),
        ("nda", "84691234569"),
        ("autorite_sigle", "DDETS"),
    ];
    let r = b.ecrire("a", "/centre/identite", &identite).await;
    assert_eq!(r.statut, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(r.corps.contains("id=\"siret-erreur\"") && r.corps.contains("732 829 320 00075"));
    let bonne: Vec<_> = identite
        .iter()
        .map(|(c, v)| {
            (
                *c,
                if *c == "siret" {
                    "732 829 320 00074"
                } else {
                    v
                },
            )
        })
        .collect();
    assert_eq!(
        b.ecrire("a", "/centre/identite", &bonne).await.statut,
        StatusCode::SEE_OTHER
    );
    assert!(
        b.lire("a", "/centre")
            .await
            .corps
            .contains("732\u{a0}829\u{a0}320\u{a0}00074")
    );

    let r = b
        .ecrire(
            "a",
            "/sites",
            &[
                ("acte", "s-1"),
                ("nom", "Nord"),
                ("adresse", "2 rue"),
                ("code_postal", "694"),
                ("ville", "Lyon"),
            ],
        )
        .await;
    assert_eq!(r.statut, StatusCode::UNPROCESSABLE_ENTITY);
    let r = b
        .ecrire(
            "a",
            "/sites",
            &[
                ("acte", "s-1"),
                ("nom", "Nord"),
                ("adresse", "2 rue"),
                ("code_postal", "69001"),
                ("ville", "Lyon"),
                ("agree", "oui"),
            ],
        )
        .await;
    assert_eq!(r.ou, "/sites/s-1?fait=enregistre");
    for (acte, capacite, statut) in [
        ("x-1", "douze", StatusCode::UNPROCESSABLE_ENTITY),
        ("x-2", "12", StatusCode::SEE_OTHER),
        ("x-3", "12", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let salle = [
            ("acte", acte),
            ("nom", "Plateau 2"),
            ("nature", "plateau"),
            ("capacite", capacite),
        ];
        assert_eq!(
            b.ecrire("a", "/sites/s-1/salles", &salle).await.statut,
            statut,
            "{acte}"
        );
    }
    let agrement = [
        ("acte", "g-1"),
        ("titre", "TP-01280m04"),
        ("debut", "2026-01-01"),
        ("fin", "2028-01-01"),
        ("reference", "A-1"),
    ];
    assert_eq!(
        b.ecrire("a", "/sites/s-1/agrements", &agrement)
            .await
            .statut,
        StatusCode::SEE_OTHER
    );
    let fiche = b.lire("a", "/sites/s-1").await.corps;
    assert!(fiche.contains("Plateau 2") && fiche.contains("En cours") && fiche.contains("A-1"));
    for page in [
        "/sites/s-1/correction",
        "/sites/s-1/salles/nouvelle",
        "/sites/s-1/salles/x-2",
        "/sites/s-1/agrements/nouveau",
        "/sites/s-1/agrements/g-1",
    ] {
        assert_eq!(b.lire("a", page).await.statut, StatusCode::OK, "{page}");
    }
}

#[tokio::test]
async fn ce_qui_n_est_pas_a_soi_n_existe_pas() {
    let b = Banc::ouvrir().await;
    let fiche = b.jure("j-1", "Lovelace").await;
    let avant = b.lignes_au_journal().await;
    let correction = format!("{fiche}/correction");
    for page in [
        fiche.as_str(),
        &correction,
        "/jures/a%2Fb",
        "/sites/j-1",
        "/referentiels/inconnu",
        "/referentiels/TP-01280m04/epreuves/CCP9",
    ] {
        assert_eq!(
            b.lire("b", page).await.statut,
            StatusCode::NOT_FOUND,
            "{page}"
        );
    }
    let champs = [
        ("acte", "c-9"),
        ("vu_au_rang", "1"),
        ("nom", "Volée"),
        ("prenom", "X"),
        ("qualite", "X"),
        ("motif", "essai"),
    ];
    assert_eq!(
        b.ecrire("b", &correction, &champs).await.statut,
        StatusCode::NOT_FOUND
    );
    // Qui lit sans organiser n'a ni les boutons ni les portes.
    assert!(!b.lire("l", "/jures").await.corps.contains("/jures/nouveau"));
    assert_eq!(
        b.lire("l", "/jures/nouveau").await.statut,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        b.ecrire("l", "/jures", &champs).await.statut,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        b.ecrire("l", "/sites", &champs).await.statut,
        StatusCode::FORBIDDEN
    );
    assert_eq!(b.lignes_au_journal().await, avant);
}

#[tokio::test]
async fn toute_saisie_hostile_recoit_une_phrase_et_ne_change_rien() {
    let b = Banc::ouvrir().await;
    let fiche = b.jure("j-1", "Lovelace").await;
    let avant = b.lignes_au_journal().await;
    let long = "x".repeat(5_000);
    for (champ, valeur) in [
        ("nom", long.as_str()),
        ("prenom", ""),
        ("qualite", &long),
        ("employeur", &long),
        ("courriel", "pas-un-courriel"),
        ("telephone", "<script>"),
        ("adresse", &long),
        ("note", &long),
        ("nom", "a\u{0}b"),
    ] {
        let mut champs = vec![("acte", "z-1"), ("vu_au_rang", "1"), ("motif", "essai")];
        champs.extend(
            [("nom", "N"), ("prenom", "P"), ("qualite", "Q")]
                .into_iter()
                .filter(|(c, _)| *c != champ),
        );
        champs.push((champ, valeur));
        let r = b.ecrire("a", &format!("{fiche}/correction"), &champs).await;
        assert_eq!(r.statut, StatusCode::UNPROCESSABLE_ENTITY, "{champ}");
        assert!(
            r.corps.contains(&format!("id=\"{champ}-erreur\"")),
            "{champ}"
        );
        assert!(!r.corps.contains("<script>"), "{champ}");
    }
    let mut grand = vec![
        ("acte", "z-2"),
        ("motif", "essai"),
        ("vu_au_rang", "0"),
        ("lignes", "999999999"),
    ];
    grand.push(("nature_0", long.as_str()));
    let r = b
        .ecrire("a", "/referentiels/TP-01280m04/epreuves/titre", &grand)
        .await;
    assert_eq!(r.statut, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(b.lignes_au_journal().await, avant);
}
