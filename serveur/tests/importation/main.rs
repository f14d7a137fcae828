//! L'import vu de l'extérieur : les vrais fichiers des centres, leurs cousins, et les fichiers hostiles, lus par le vrai binaire.

mod fabrique;
mod hostiles;

use fabrique::*;
use hostiles::Attendu;
use importation::{Apercu, Gravite, Illisible, lecteur};
use jiff::civil::{Date, date};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const JOUR: Date = date(2026, 11, 23);

fn apercevoir(octets: Vec<u8>) -> Result<Apercu, Illisible> {
    chronometrer(octets).1
}

/// Une lecture à la fois : la durée mesurée est celle de la lecture, pas de l'attente d'un autre essai.
fn chronometrer(octets: Vec<u8>) -> (Duration, Result<Apercu, Illisible>) {
    static TOUR: Mutex<()> = Mutex::new(());
    lecteur::employer(env!("CARGO_BIN_EXE_garant"));
    let _tour = TOUR.lock().unwrap_or_else(PoisonError::into_inner);
    let depart = Instant::now();
    let reponse = importation::apercevoir(octets, JOUR);
    (depart.elapsed(), reponse)
}

fn fichier(nom: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fichiers")
        .join(nom)
}

fn vrai(nom: &str) -> Apercu {
    apercevoir(std::fs::read(fichier(nom)).unwrap()).unwrap()
}

fn messages(a: &Apercu, ligne: u32) -> String {
    a.problemes
        .iter()
        .filter(|p| p.ligne == ligne)
        .map(|p| format!("[{} {:?}] {}\n", p.champ, p.gravite, p.message))
        .collect()
}

#[test]
fn le_csv_d_excel_en_windows_1252_se_lit_sans_un_probleme() {
    let a = vrai("candidats-excel.csv");
    assert_eq!((a.candidats.len(), a.colonnes.len()), (12, 10));
    assert_eq!(a.problemes, []);
    let c = &a.candidats[3];
    assert_eq!(
        (
            c.ligne,
            c.nom_naissance.as_str(),
            c.prenoms.as_str(),
            c.naissance
        ),
        (5, "D'AUBIGNÉ", "Damien", Some(date(1970, 5, 19)))
    );
    assert_eq!(
        (
            c.civilite.as_deref(),
            c.telephone.as_deref(),
            c.code_postal.as_deref(),
            c.voie.as_deref()
        ),
        (Some("M."), Some("0666722344"), Some("42000"), Some("vae"))
    );
    assert_eq!(a.candidats[11].nom_naissance, "LŒWE");
}

#[test]
fn le_classeur_du_centre_se_lit_pareil_en_xlsx_et_en_ods() {
    let (xlsx, ods) = (vrai("candidats-centre.xlsx"), vrai("candidats-centre.ods"));
    assert_eq!(xlsx, ods);
    assert_eq!(xlsx.candidats.len(), 16);
    assert_eq!((xlsx.candidats[0].ligne, xlsx.candidats[15].ligne), (4, 19));
    assert_eq!(xlsx.candidats[0].naissance, Some(date(1971, 2, 21)));
    assert_eq!(
        (
            xlsx.candidats[0].prenoms.as_str(),
            xlsx.candidats[0].nom_usage.as_deref()
        ),
        ("Aïcha", Some("Durand"))
    );
    assert_eq!(xlsx.candidats[14].nom_naissance, "O’Brien");
    assert!(
        xlsx.problemes
            .iter()
            .all(|p| p.gravite == Gravite::Avertissement)
    );
    assert!(
        messages(&xlsx, 21).contains("Total"),
        "la ligne de total est dite"
    );
    assert!(
        messages(&xlsx, 3).contains("accents"),
        "les accents abîmés sont dits"
    );
}

#[test]
fn chaque_erreur_du_fichier_plein_d_erreurs_est_dite_sur_sa_ligne() {
    let a = vrai("candidats-avec-erreurs.csv");
    assert_eq!(a.candidats.len(), 7);
    for (ligne, mots) in [
        (2, &["31/02/1999", "28 jours"][..]),
        (3, &["Formation continue", "ligne 2"]),
        (4, &["ligne 3", "Même nom"]),
        (5, &["nom de naissance manque", "pas-un-courriel"]),
        (6, &["???", "12/11/1995"]),
        (7, &["formule", "futur"]),
    ] {
        let dit = messages(&a, ligne);
        for mot in mots {
            assert!(dit.contains(mot), "ligne {ligne} : {mot} absent de\n{dit}");
        }
    }
    let bloques: Vec<u32> = a
        .candidats
        .iter()
        .filter(|c| c.bloque)
        .map(|c| c.ligne)
        .collect();
    assert_eq!(bloques, [2, 5, 6, 7]);
    assert_eq!(messages(&a, 8), "");
}

#[test]
fn les_dates_de_1904_les_zeros_perdus_et_le_numero_de_securite_sociale() {
    let donnees = rangee(
        1,
        &[
            "NOM",
            "Prénom",
            "Né(e) le",
            "Tél.",
            "CP",
            "N° Sécu",
            "Observations",
        ],
    ) + &rangee(
        2,
        &[
            "Abadie",
            "Ai\u{308}cha",
            "#24523",
            "#639958838",
            "#1000",
            "1710269123456",
            "rien",
        ],
    );
    let a = apercevoir(
        Xlsx {
            depuis_1904: true,
            ..Xlsx::seule(donnees)
        }
        .octets(),
    )
    .unwrap();
    let c = &a.candidats[0];
    assert_eq!(
        (
            c.naissance,
            c.telephone.as_deref(),
            c.code_postal.as_deref(),
            c.prenoms.as_str()
        ),
        (
            Some(date(1971, 2, 21)),
            Some("0639958838"),
            Some("01000"),
            "Aïcha"
        )
    );
    let dit = messages(&a, 1) + &messages(&a, 2);
    for mot in ["sécurité sociale", "Observations", "zéro", "24523"] {
        assert!(dit.contains(mot), "{mot} absent de\n{dit}");
    }
    assert!(
        !serde_json::to_string(&a).unwrap().contains("1710269123456"),
        "le NIR n'est nulle part"
    );
}

#[test]
fn la_bonne_feuille_se_choisit_et_les_autres_se_disent() {
    let a = apercevoir(
        Xlsx {
            feuilles: vec![
                ("Consignes", "visible", rangee(1, &["Lisez-moi"])),
                (
                    "Promo",
                    "visible",
                    rangee(2, &["Identité", "", "Naissance", ""])
                        + &rangee(3, &["Nom", "Prénom", "Date", "Lieu"])
                        + &rangee(4, &["Abadie", "Aïcha", "12/03/1999", "Lyon"]),
                ),
                ("Secret", "hidden", intitules(1)),
            ],
            ..Xlsx::seule("")
        }
        .octets(),
    )
    .unwrap();
    assert_eq!(
        (
            a.candidats.len(),
            a.candidats[0].ligne,
            a.candidats[0].lieu_naissance.as_deref()
        ),
        (1, 4, Some("Lyon"))
    );
    let dit = messages(&a, 3);
    assert!(dit.contains("Consignes") && dit.contains("Secret"), "{dit}");
}

#[test]
fn chaque_fichier_hostile_recoit_une_phrase_en_moins_de_six_secondes() {
    let tous = hostiles::tous();
    assert!(tous.len() >= 60, "{}", tous.len());
    for (nom, octets, attendu) in tous {
        let (duree, reponse) = chronometrer(octets);
        assert!(duree < Duration::from_secs(6), "{nom} : {duree:?}");
        match (&attendu, &reponse) {
            (Attendu::Refus(mot), Err(phrase)) => assert!(
                phrase.0.contains(mot),
                "{nom} : {mot} absent de « {phrase} »"
            ),
            (Attendu::Lisible(n), Ok(a)) => assert_eq!(a.candidats.len(), *n, "{nom} : {a:?}"),
            (Attendu::Reponse, _) => {}
            (_, r) => panic!("{nom} : {r:?}"),
        }
        if let Err(Illisible(phrase)) = &reponse {
            assert!(
                phrase.ends_with('.') && phrase.len() > 40,
                "{nom} : {phrase}"
            );
        }
    }
}

#[test]
fn mille_candidats_se_lisent_vite() {
    let lignes: String = (0..1_000)
        .map(|i| format!("Nom{i};Prénom;12/03/1999;c{i}@exemple.fr;VAE\n"))
        .collect();
    let (duree, a) = chronometrer(format!("Nom;Prénom;Né(e) le;Mél;Voie\n{lignes}").into_bytes());
    assert_eq!(a.unwrap().candidats.len(), 1_000);
    assert!(duree < Duration::from_secs(2), "{duree:?}");
}

#[test]
fn la_ligne_de_commande_rend_le_json_ou_une_phrase() {
    let lancer = |chemin: PathBuf| {
        Command::new(env!("CARGO_BIN_EXE_garant"))
            .args(["importer-candidats", "--apercu"])
            .arg(chemin)
            .output()
            .unwrap()
    };
    let bon = lancer(fichier("candidats-excel.csv"));
    assert_eq!(bon.status.code(), Some(0));
    let json: serde_json::Value = serde_json::from_slice(&bon.stdout).unwrap();
    assert_eq!(
        json.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["candidats", "colonnes", "problemes"]
    );
    let mauvais = lancer(fichier("absent.csv"));
    assert_eq!((mauvais.status.code(), mauvais.stdout.len()), (Some(2), 0));
    assert!(
        String::from_utf8(mauvais.stderr)
            .unwrap()
            .contains("n’existe pas")
    );
}
