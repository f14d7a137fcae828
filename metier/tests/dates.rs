//! Les délais contre un oracle indépendant : chaque jour de 2016 à 2099, sans la bibliothèque de dates.
//!
//! L'oracle ne sait que le calendrier grégorien et la règle européenne de l'heure d'été.

use jiff::civil::{Date, date};
use metier::echeances::{Repere, jours_apres, jours_avant, mois_avant, un_mois_et_jours_avant};
use metier::temps::{jour_de, jours_entre};

fn est_bissextile(a: i64) -> bool {
    a % 4 == 0 && (a % 100 != 0 || a % 400 == 0)
}

fn jours_du_mois(a: i64, m: i64) -> i64 {
    match m {
        2 if est_bissextile(a) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Le nombre de jours depuis le 1er janvier 2015, compté mois par mois.
fn rang((a, m, j): (i64, i64, i64)) -> i64 {
    let annees: i64 = (2015..a).map(|x| 365 + i64::from(est_bissextile(x))).sum();
    let mois: i64 = (1..m).map(|x| jours_du_mois(a, x)).sum();
    annees + mois + j - 1
}

/// Le jour de ce rang.
fn du_rang(mut r: i64) -> (i64, i64, i64) {
    let mut a = 2015;
    while r >= 365 + i64::from(est_bissextile(a)) {
        r -= 365 + i64::from(est_bissextile(a));
        a += 1;
    }
    let mut m = 1;
    while r >= jours_du_mois(a, m) {
        r -= jours_du_mois(a, m);
        m += 1;
    }
    (a, m, r + 1)
}

fn moins_mois((a, m, j): (i64, i64, i64), mois: i64) -> (i64, i64, i64) {
    let total = a * 12 + m - 1 - mois;
    let (a, m) = (total / 12, total % 12 + 1);
    (a, m, j.min(jours_du_mois(a, m)))
}

fn civil((a, m, j): (i64, i64, i64)) -> Date {
    date(a as i16, m as i8, j as i8)
}

/// Tous les jours de 2016 à 2099.
fn tous() -> impl Iterator<Item = (i64, i64, i64)> {
    (rang((2016, 1, 1))..=rang((2099, 12, 31))).map(du_rang)
}

#[test]
fn chaque_delai_tombe_le_jour_que_dit_l_oracle() {
    for d in tous() {
        let (jour, r) = (civil(d), rang(d));
        assert_eq!(
            mois_avant(jour, 1),
            civil(moins_mois(d, 1)),
            "{jour} − 1 mois"
        );
        assert_eq!(
            mois_avant(jour, 3),
            civil(moins_mois(d, 3)),
            "{jour} − 3 mois"
        );
        assert_eq!(
            jours_avant(jour, 30),
            civil(du_rang(r - 30)),
            "{jour} − 30 jours"
        );
        assert_eq!(
            jours_apres(jour, 15),
            civil(du_rang(r + 15)),
            "{jour} + 15 jours"
        );
        let strict = rang(moins_mois(d, 1)).min(r - 30);
        assert_eq!(
            un_mois_et_jours_avant(jour, 30),
            civil(du_rang(strict)),
            "{jour}"
        );
        assert_eq!(
            Repere::AvantDebut.date(jour, jour, 1),
            civil(du_rang(r - 1))
        );
        assert_eq!(
            Repere::ApresFin.date(jour, jour, 40),
            civil(du_rang(r + 40))
        );
        assert_eq!(jours_entre(civil(du_rang(r - 45)), jour), 45);
    }
}

#[test]
fn les_cas_que_l_on_redoute_sont_dans_le_lot() {
    assert_eq!(mois_avant(date(2027, 3, 31), 1), date(2027, 2, 28));
    assert_eq!(mois_avant(date(2028, 3, 31), 1), date(2028, 2, 29));
    assert_eq!(mois_avant(date(2028, 2, 29), 12), date(2027, 2, 28));
    assert_eq!(mois_avant(date(2027, 1, 15), 3), date(2026, 10, 15));
    assert_eq!(jours_apres(date(2026, 12, 17), 15), date(2027, 1, 1));
}

/// Le dernier dimanche de ce mois (le 1er janvier 2015 était un jeudi).
fn dernier_dimanche(a: i64, m: i64) -> i64 {
    let fin = rang((a, m, jours_du_mois(a, m)));
    fin - (fin + 4) % 7
}

#[test]
fn un_instant_est_du_jour_de_paris_heure_d_ete_comprise() {
    for d in tous() {
        let r = rang(d);
        // L'heure d'été commence et finit à 1 h UTC, le dernier dimanche de mars et d'octobre.
        for minute in [0, 1, 59, 60, 61, 1319, 1320, 1379, 1380, 1439] {
            let apres = |jour: i64| (r, minute) >= (jour, 60);
            let ete = apres(dernier_dimanche(d.0, 3)) && !apres(dernier_dimanche(d.0, 10));
            let a_paris = minute + if ete { 120 } else { 60 };
            let attendu = civil(du_rang(r + a_paris / 1440));
            let instant = format!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:00Z",
                d.0,
                d.1,
                d.2,
                minute / 60,
                minute % 60
            );
            assert_eq!(jour_de(&instant), Some(attendu), "{instant}");
        }
    }
}

#[test]
fn un_instant_illisible_n_a_pas_de_jour() {
    assert_eq!(jour_de("hier"), None);
}
