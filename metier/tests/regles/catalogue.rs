//! Le catalogue : aucune règle absente, aucune en trop, et le document du dépôt dit ce que la table dit.

use metier::Force;
use metier::reglement::{self, Examen, catalogue, regles};
use std::collections::BTreeSet;
use std::path::Path;

/// Les numéros du relevé des règles (R01 à R109), recopiés : la table les porte tous.
const DERNIERE: u32 = 109;

/// Les lignes de précision, sous une règle du relevé.
const SOUS_REGLES: [&str; 4] = ["R22b", "R27a", "R70a", "R70b"];

/// Les lignes que le relevé dit bloquantes (« B ») : elles refusent ou demandent un motif.
const BLOQUANTES: [&str; 62] = [
    "R01", "R02", "R03", "R04", "R05", "R06", "R07", "R08", "R12", "R17", "R18", "R19", "R21",
    "R22", "R23", "R24", "R26", "R27", "R28", "R29", "R31", "R32", "R33", "R39", "R43", "R44",
    "R46", "R48", "R50", "R51", "R56", "R57", "R60", "R61", "R62", "R66", "R67", "R68", "R69",
    "R70", "R71", "R73", "R74", "R75", "R79", "R81", "R82", "R83", "R84", "R85", "R86", "R87",
    "R88", "R92", "R93", "R96", "R97", "R103", "R104", "R105", "R70a", "R70b",
];

/// Les lignes que le relevé dit « I ».
const INFORMATIONS: [&str; 4] = ["R30", "R35", "R80", "R108"];

#[test]
fn chaque_regle_du_releve_est_une_ligne_et_une_seule() {
    let mut attendus: Vec<String> = (1..=DERNIERE).map(|n| format!("R{n:02}")).collect();
    attendus.extend(SOUS_REGLES.map(str::to_owned));
    attendus.sort();
    let mut codes: Vec<String> = regles().map(|r| r.code.to_owned()).collect();
    codes.sort();
    assert_eq!(codes, attendus);
}

#[test]
fn chaque_ligne_a_la_force_que_le_releve_lui_donne() {
    for r in regles() {
        let attendue = if BLOQUANTES.contains(&r.code) {
            matches!(r.force, Force::Derogeable | Force::Interdit)
        } else if INFORMATIONS.contains(&r.code) {
            r.force == Force::Information
        } else {
            r.force == Force::Alerte
        };
        assert!(attendue, "{} : {:?}", r.code, r.force);
    }
}

#[test]
fn un_interdit_dit_pourquoi_et_lui_seul() {
    for r in regles() {
        assert_eq!(
            r.force == Force::Interdit,
            !r.pourquoi.is_empty(),
            "{}",
            r.code
        );
    }
}

#[test]
fn une_regle_non_evaluee_dit_ce_qui_manque() {
    for r in regles() {
        assert!(
            !r.source.is_empty() && r.intitule.ends_with('.'),
            "{}",
            r.code
        );
        match r.examen {
            Examen::Etat(_) => {}
            Examen::Geste(t) | Examen::NonEvaluee(t) => {
                assert!(t.chars().count() > 20 && t.ends_with('.'), "{}", r.code)
            }
        }
    }
}

#[test]
fn une_regle_ne_vaut_qu_entre_ses_dates() {
    let r = reglement::regle("R109").unwrap();
    assert!(!r.est_en_vigueur(jiff::civil::date(2016, 12, 31)));
    assert!(r.est_en_vigueur(jiff::civil::date(2017, 1, 1)));
    assert_eq!(r.vigueur_libelle(), "depuis le 1er\u{a0}janvier\u{a0}2017");
    assert_eq!(
        reglement::regle("R18").unwrap().vigueur_libelle(),
        "sans date connue"
    );
    assert!(reglement::regle("R999").is_none());
}

#[test]
fn une_regle_abrogee_ne_vaut_plus_le_lendemain() {
    use jiff::civil::date;
    let modele = reglement::regle("R109").unwrap();
    let abrogee = reglement::Regle {
        vigueur: None,
        jusqu_au: Some(date(2020, 12, 31)),
        ..*modele
    };
    assert!(abrogee.est_en_vigueur(date(2020, 12, 31)));
    assert!(!abrogee.est_en_vigueur(date(2021, 1, 1)));
    assert_eq!(
        abrogee.vigueur_libelle(),
        "jusqu’au 31\u{a0}décembre\u{a0}2020"
    );
    let bornee = reglement::Regle {
        vigueur: Some(date(2020, 5, 25)),
        ..abrogee
    };
    assert!(!bornee.est_en_vigueur(date(2020, 5, 24)) && bornee.est_en_vigueur(date(2020, 5, 25)));
    assert_eq!(
        bornee.vigueur_libelle(),
        "du 25\u{a0}mai\u{a0}2020 au 31\u{a0}décembre\u{a0}2020"
    );
}

#[test]
fn chaque_regle_evaluee_a_ses_deux_essais() {
    let essais = [
        include_str!("programme.rs"),
        include_str!("equipe_jury.rs"),
        include_str!("planning.rs"),
        include_str!("convocations.rs"),
        include_str!("deroulement.rs"),
        include_str!("suites.rs"),
        include_str!("candidats.rs"),
    ]
    .concat();
    let sans: BTreeSet<_> = regles()
        .filter(|r| matches!(r.examen, Examen::Etat(_)))
        .map(|r| r.code)
        .filter(|c| {
            !essais.contains(&format!("deux_etats!(\n    \"{c}\","))
                && !essais.contains(&format!("deux_etats!(\"{c}\","))
        })
        .collect();
    assert!(sans.is_empty(), "sans leurs deux essais : {sans:?}");
}

#[test]
fn le_catalogue_du_depot_dit_ce_que_la_table_dit() {
    let chemin = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/catalogue-regles.md");
    let attendu = catalogue::markdown();
    if std::env::var_os("GARANT_ECRIRE").is_some() {
        std::fs::write(&chemin, &attendu).unwrap();
    }
    let present = std::fs::read_to_string(&chemin).unwrap_or_default();
    assert!(
        present == attendu,
        "docs/catalogue-regles.md n'est pas à jour. Refaites-le : GARANT_ECRIRE=1 cargo test -p metier --test regles catalogue"
    );
}

#[test]
fn le_decompte_compte_chaque_ligne_une_fois() {
    let (n, etat, geste, non) = catalogue::decompte();
    assert_eq!(n, regles().count());
    assert_eq!(n, etat + geste + non);
    assert!(etat > 40 && geste > 10 && non > 0, "{etat} {geste} {non}");
}
