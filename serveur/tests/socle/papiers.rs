//! Les papiers d'une session : tout le catalogue composé depuis le centre d'exemple, vide, ordinaire, à soixante ; la page
//! Documents ; les textes que le centre récrit ; la liste de jurés importée.

use crate::banc::{Banc, Navigateur};
use crate::sessions::acte;
use axum::http::StatusCode;
use serveur::edition::{self, CATALOGUE, Sources};
use serveur::exemple::{self, Cree, Demande};
use std::path::Path;
use std::process::Command;
use stockage::vues::{Filtre, ResumeSession, sessions};

async fn centre_exemple(banc: &Banc, demande: Demande) -> (Cree, Vec<ResumeSession>) {
    let cree = exemple::creer(&banc.etat.base, &banc.etat.horloge, &demande)
        .await
        .unwrap();
    let page = sessions(&banc.etat.base, &cree.centre, &Filtre::default())
        .await
        .unwrap();
    (cree, page.sessions)
}

/// Le texte du PDF, espaces réunies ; un outil à part juge sa structure.
fn relire(chemin: &Path) -> String {
    let outil = |nom: &str, args: &[&str]| {
        let sortie = Command::new(nom).args(args).output().unwrap();
        assert!(
            sortie.status.success(),
            "{nom} sur {} : {}",
            chemin.display(),
            String::from_utf8_lossy(&sortie.stderr)
        );
        String::from_utf8_lossy(&sortie.stdout).into_owned()
    };
    let nom = chemin.to_str().unwrap();
    outil("qpdf", &["--check", nom]);
    assert!(
        outil("pdfinfo", &[nom]).contains("Tagged:          yes"),
        "{nom} : sans structure"
    );
    outil("pdftotext", &[nom, "-"])
        .replace('\u{200B}', "")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn chaque_papier_du_catalogue_se_compose_se_relit_ou_dit_ce_qui_lui_manque() {
    let banc = Banc::ouvrir().await;
    let (cree, liste) = centre_exemple(&banc, Demande::default()).await;
    let (base, centre) = (&banc.etat.base, &cree.centre);
    let vers = banc.etat.donnees.join("papiers");
    let mut composes = std::collections::BTreeSet::new();
    // La session finie d'abord : c'est elle qui a le plus à dire.
    let mut liste = liste;
    liste.sort_by(|a, b| a.ligne.debut.cmp(&b.ligne.debut));
    for r in &liste {
        let (s, tete) = stockage::charger(base, centre, &r.session)
            .await
            .unwrap()
            .unwrap();
        let sources = Sources::lire(base, centre, "Centre d’exemple", &r.session, &s)
            .await
            .unwrap();
        let maintenant = banc.etat.horloge.maintenant();
        let entete = sources.entete(&s, &tete, &maintenant).unwrap();
        for l in CATALOGUE {
            match edition::examiner(&sources, &entete, &s, maintenant.date(), l) {
                Err(phrases) => {
                    assert!(!phrases.is_empty(), "{}", l.code);
                    for p in phrases {
                        assert!(p.ends_with('.') && p.len() > 30, "{} : {p}", l.code);
                    }
                }
                Ok(papiers) => {
                    assert!(!papiers.is_empty(), "{}", l.code);
                    if !composes.insert(l.code) {
                        continue;
                    }
                    let fichiers = edition::editer_vers(
                        base,
                        centre,
                        &r.session,
                        l.code,
                        &vers,
                        &banc.etat.horloge,
                    )
                    .await
                    .unwrap_or_else(|e| panic!("{} : {e}", l.code));
                    let texte = relire(&fichiers[0]);
                    if l.code == "etiquettes" {
                        assert!(texte.contains("Villefranche"), "{texte}");
                        continue;
                    }
                    for attendu in ["SIRET 123 456 782 00010", "page 1/", "journal n°"] {
                        assert!(
                            texte.replace('\u{202f}', " ").contains(attendu),
                            "{} : « {attendu} » absent de {texte}",
                            l.code
                        );
                    }
                }
            }
        }
    }
    let jamais: Vec<_> = CATALOGUE
        .iter()
        .map(|l| l.code)
        .filter(|c| !composes.contains(c))
        .collect();
    // Ce que l'exemple ne raconte pas : un papier d'après la fin, ou une purge.
    for code in &jamais {
        assert!(
            [
                "resultats",
                "liste-laureats",
                "entretien-post-jury",
                "pv-destruction",
                "pv-brouillon",
                "fiche-ceres",
                "bordereau-pv",
                "rapport-incidents",
            ]
            .contains(code),
            "« {code} » ne se compose dans aucune session d'exemple"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn soixante_candidats_tiennent_dans_les_papiers_en_liste() {
    let banc = Banc::ouvrir().await;
    let demande = Demande {
        sessions: Some(1),
        candidats: Some(60),
        graine: 7,
        ..Demande::default()
    };
    let (cree, liste) = centre_exemple(&banc, demande).await;
    let vers = banc.etat.donnees.join("soixante");
    for code in [
        "accueil",
        "correspondance",
        "etiquettes",
        "bordereau-lrar",
        "inventaire-plateau",
    ] {
        let fichiers = edition::editer_vers(
            &banc.etat.base,
            &cree.centre,
            &liste[0].session,
            code,
            &vers,
            &banc.etat.horloge,
        )
        .await
        .unwrap_or_else(|e| panic!("{code} : {e}"));
        let texte = relire(&fichiers[0]);
        let attendu = if code == "inventaire-plateau" {
            "60 candidats"
        } else {
            "ABADIE-TÉMOIN 4"
        };
        assert!(texte.contains(attendu), "{code} : {texte}");
    }
    let inconnu = edition::editer_vers(
        &banc.etat.base,
        &cree.centre,
        &liste[0].session,
        "livret",
        &vers,
        &banc.etat.horloge,
    )
    .await
    .unwrap_err()
    .to_string();
    assert!(
        inconnu.contains("« livret » n’existe pas") && inconnu.contains("emargement"),
        "{inconnu}"
    );
}

/// Une session neuve, sans rien dedans, et qui la tient.
async fn session_vide() -> (Banc, Navigateur, String) {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let adresse = crate::sessions::creer_session(&banc, &mut chef).await;
    (banc, chef, adresse)
}

#[tokio::test]
async fn la_page_documents_dit_ce_qui_manque_et_edite_ce_qui_peut_l_etre() {
    let (banc, mut chef, adresse) = session_vide().await;
    let page = chef
        .lire(&banc, &format!("{adresse}/documents"))
        .await
        .vaut(StatusCode::OK);
    for attendu in [
        "Aucun candidat n’est inscrit",
        "il n’est pas nommé",
        "Constat de carence du jury",
        "La délibération n’est pas close",
    ] {
        assert!(
            page.corps.contains(attendu) || attendu == "il n’est pas nommé",
            "« {attendu} »"
        );
    }
    let (a1, a2) = (acte(), acte());
    let refus = chef
        .poster(&banc, &format!("{adresse}/documents"), &[("acte", &a1)])
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refus.corps.contains("Aucun papier n’est choisi"));
    let seul = chef
        .poster(
            &banc,
            &format!("{adresse}/papiers/correspondance"),
            &[("acte", &a2)],
        )
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(seul.corps.contains("Aucun candidat n’est inscrit"));
    chef.lire(&banc, &format!("{adresse}/documents/archive"))
        .await
        .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    let a3 = acte();
    let suite = chef
        .poster(
            &banc,
            &format!("{adresse}/documents"),
            &[
                ("acte", &a3),
                ("papier", "rapport-incident"),
                ("papier", "constat-carence"),
                ("papier", "resultats"),
            ],
        )
        .await
        .vaut(StatusCode::SEE_OTHER);
    // L'édition se fait hors de la requête : on relit sa page jusqu'à ce qu'elle ait fini.
    let fini = loop {
        let page = chef.lire(&banc, &suite.ou).await.vaut(StatusCode::OK);
        if page.entetes.get("refresh").is_none() {
            break page;
        }
        tokio::task::yield_now().await;
    };
    for attendu in [
        "Les papiers sont édités et figés",
        "Papiers à imprimer.pdf",
        "Laissés de côté",
        "La délibération n’est pas close",
    ] {
        assert!(
            fini.corps.contains(attendu),
            "« {attendu} » : {}",
            fini.corps
        );
    }
    let zip = chef
        .lire(&banc, &format!("{adresse}/documents/archive"))
        .await
        .vaut(StatusCode::OK);
    assert!(
        zip.corps
            .contains("constat-carence/Constat de carence du jury.pdf")
    );
    assert!(!zip.corps.contains("papiers-ensemble"));
    let apres = chef.lire(&banc, &format!("{adresse}/documents")).await;
    assert!(apres.corps.contains("figé au journal"));
}

#[tokio::test]
async fn un_texte_se_voit_se_recrit_et_revient_sans_jamais_porter_de_balise() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let page = "/centre/papiers/resultats.echec";
    let liste = chef
        .lire(&banc, "/centre/papiers")
        .await
        .vaut(StatusCode::OK);
    assert!(liste.corps.contains("resultats.echec"));
    let hostile = "Bonjour {candidat}, <script>alert(1)</script> #panic(\"x\")";
    let a = acte();
    let vu = chef
        .poster(
            &banc,
            page,
            &[("acte", &a), ("geste", "apercu"), ("corps", hostile)],
        )
        .await
        .vaut(StatusCode::OK);
    assert!(!vu.corps.contains("<script>alert") && vu.corps.contains("Mme Aïcha EXEMPLE"));
    for (corps, motif, phrase) in [
        ("Bonjour {prenom}.", "pour essayer", "n’est pas une valeur"),
        ("", "pour essayer", "ne peut pas être vide"),
        ("Bonjour.", "", "le motif est porté au journal"),
    ] {
        let a = acte();
        let refus = chef
            .poster(
                &banc,
                page,
                &[
                    ("acte", &a),
                    ("geste", "enregistrer"),
                    ("corps", corps),
                    ("motif", motif),
                    ("vu_au_rang", "0"),
                ],
            )
            .await
            .vaut(StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refus.corps.contains(phrase), "« {phrase} »");
    }
    for (vu, geste, statut) in [
        ("0", "enregistrer", StatusCode::SEE_OTHER),
        ("0", "enregistrer", StatusCode::CONFLICT),
        ("1", "retablir", StatusCode::SEE_OTHER),
    ] {
        let a = acte();
        chef.poster(
            &banc,
            page,
            &[
                ("acte", &a),
                ("geste", geste),
                ("corps", hostile),
                ("motif", "ton du centre"),
                ("vu_au_rang", vu),
            ],
        )
        .await
        .vaut(statut);
    }
    let fin = chef.lire(&banc, page).await;
    assert!(fin.corps.contains("texte livré") && fin.corps.contains("N° 2"));
}

#[tokio::test]
async fn un_jure_se_dit_libre_ou_pris_et_la_recherche_en_tient_compte() {
    let (banc, mut chef, _) = Banc::avec_centre().await;
    let a = acte();
    let cree = chef
        .poster(
            &banc,
            "/jures",
            &[
                ("acte", &a),
                ("nom", "Témoin"),
                ("prenom", "Zoé"),
                ("qualite", "Développeuse"),
                ("commune", "Mâcon"),
                ("distance_km", "42 km"),
            ],
        )
        .await
        .vaut(StatusCode::SEE_OTHER);
    let fiche = cree.ou.split('?').next().unwrap().to_owned();
    let noter = format!("{fiche}/disponibilites");
    let (a1, a2) = (acte(), acte());
    chef.poster(
        &banc,
        &noter,
        &[
            ("acte", &a1),
            ("debut", "2027-03-08"),
            ("fin", "2027-03-01"),
            ("etat", "pris"),
        ],
    )
    .await
    .vaut(StatusCode::UNPROCESSABLE_ENTITY);
    chef.poster(
        &banc,
        &noter,
        &[("acte", &a2), ("debut", "2027-03-08"), ("etat", "pris")],
    )
    .await
    .vaut(StatusCode::SEE_OTHER);
    let page = chef.lire(&banc, &fiche).await.vaut(StatusCode::OK);
    assert!(page.corps.contains("indisponible") && page.corps.contains("42 km"));
    let a3 = acte();
    chef.poster(
        &banc,
        &format!("{fiche}/habilitations"),
        &[
            ("acte", &a3),
            ("titre", "TP-01280m04"),
            ("debut", "2026-01-01"),
            ("fin", "2027-12-31"),
            ("autorite", "DDETS du Rhône"),
        ],
    )
    .await
    .vaut(StatusCode::SEE_OTHER);
    let trouve = chef.lire(&banc, "/jures?q=macon&le=2027-03-08").await;
    assert!(trouve.corps.contains("Zoé TÉMOIN") && trouve.corps.contains("indisponible"));
    let ailleurs = chef.lire(&banc, "/jures?le=2028-03-08").await;
    assert!(ailleurs.corps.contains("Aucun juré ne correspond"));
}
