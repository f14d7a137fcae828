//! Lire une date comme les gens l'écrivent dans un tableur, et dire ce qu'on a supposé.

use super::pliage::{citer, plier};
use super::tableau::Cellule;
use jiff::ToSpan;
use jiff::civil::{Date, date};

/// Ce qu'on a compris d'une cellule de date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LectureDate {
    /// Rien d'écrit.
    Vide,
    /// Une date, avec ce qu'il faut vérifier.
    Lue(Date, Option<String>),
    /// Pas une date : la phrase dit quoi corriger.
    Illisible(String),
}

/// De quelle date il s'agit : le siècle d'une année à deux chiffres en dépend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Genre {
    /// Une naissance : toujours passée, quatorze ans au moins.
    Naissance,
    /// Une date de la vie de la formation.
    Courante,
}

/// Date d'un numéro de série de tableur (jours depuis 1900 ou 1904).
pub fn depuis_numero(numero: f64, depuis_1904: bool) -> Option<Date> {
    if !(0.0..2_958_466.0).contains(&numero) {
        return None;
    }
    let jours = numero.trunc() as i64;
    let (origine, jours) = match (depuis_1904, jours) {
        (true, n) => (date(1904, 1, 1), n),
        // Excel croit que 1900 était bissextile : le 60 est un jour qui n'a pas existé.
        (false, 0 | 60) => return None,
        (false, n) if n < 60 => (date(1899, 12, 31), n),
        (false, n) => (date(1899, 12, 30), n),
    };
    origine.checked_add(jours.days()).ok()
}

/// Date écrite AAAA-MM-JJ, avec ou sans heure derrière.
pub fn iso(texte: &str) -> Option<Date> {
    let jour = texte.trim().get(..10)?;
    let suite = &texte.trim()[10..];
    (suite.is_empty() || suite.starts_with(['T', ' ']))
        .then(|| jour.parse().ok())
        .flatten()
}

/// Lit une cellule de date.
pub fn lire(cellule: &Cellule, genre: Genre, depuis_1904: bool, jour: Date) -> LectureDate {
    match cellule {
        Cellule::Vide => LectureDate::Vide,
        Cellule::Date(d) => LectureDate::Lue(*d, None),
        Cellule::Nombre(n) => lire_nombre(*n, genre, depuis_1904, jour),
        Cellule::Texte(t) => lire_texte(t, genre, depuis_1904, jour),
        Cellule::TropLongue(_) => LectureDate::Illisible("La date est un texte beaucoup trop long. Écrivez-la sous la forme JJ/MM/AAAA.".into()),
        Cellule::Erreur => LectureDate::Illisible("La cellule de la date affiche une erreur du tableur. Écrivez la date sous la forme JJ/MM/AAAA.".into()),
    }
}

fn lire_nombre(n: f64, genre: Genre, depuis_1904: bool, jour: Date) -> LectureDate {
    // Un nombre de 5 chiffres est un numéro de série ; de 7 ou 8, une date écrite sans séparateur (JJMMAAAA).
    if (1_000_000.0..100_000_000.0).contains(&n) && n.fract() == 0.0 {
        return lire_texte(&format!("{n:.0}"), genre, depuis_1904, jour);
    }
    if (100.0..100_000.0).contains(&n)
        && !(n.fract() == 0.0 && (1_900.0..=2_100.0).contains(&n))
        && let Some(d) = depuis_numero(n, depuis_1904)
    {
        return LectureDate::Lue(
            d,
            Some(format!(
                "La cellule contient le nombre {n:.0}, lu comme la date {}. Vérifiez-la.",
                chiffres(d)
            )),
        );
    }
    LectureDate::Illisible(format!(
        "{} n’est pas une date. Écrivez-la sous la forme JJ/MM/AAAA.",
        citer(&n.to_string())
    ))
}

fn lire_texte(texte: &str, genre: Genre, depuis_1904: bool, jour: Date) -> LectureDate {
    let brut = texte.trim();
    if brut.is_empty() || matches!(brut, "-" | "—" | "–" | "/" | "?") {
        return LectureDate::Vide;
    }
    if let Some(d) = iso(brut) {
        return LectureDate::Lue(d, None);
    }
    let non = || {
        LectureDate::Illisible(format!(
            "{} n’est pas une date que Garant sait lire. Écrivez-la sous la forme JJ/MM/AAAA.",
            citer(brut)
        ))
    };
    // L'heure éventuelle (« 28/02/1999 00:00 », « …T00:00 ») ne compte pas.
    let sans_heure: String = match brut.find(':') {
        Some(p) => brut[..p]
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .trim_end_matches(['T', ' '])
            .to_owned(),
        None => brut.to_owned(),
    };
    let plie = plier(&sans_heure);
    let mots: Vec<&str> = plie
        .split(' ')
        .filter(|m| !m.is_empty() && !est_superflu(m))
        .collect();
    match mots.as_slice() {
        [seul] if seul.chars().all(|c| c.is_ascii_digit()) => match seul.len() {
            8 => match triple(&seul[0..2], &seul[2..4], &seul[4..8]) {
                Some((j, m, a)) if valide(a, m, j).is_some() && (1900..=2100).contains(&a) => {
                    conclure(j, m, a, None)
                }
                _ => match triple(&seul[6..8], &seul[4..6], &seul[0..4]) {
                    Some((j, m, a)) if valide(a, m, j).is_some() => conclure(j, m, a, None),
                    _ => non(),
                },
            },
            7 => match triple(&seul[0..1], &seul[1..3], &seul[3..7]) {
                Some((j, m, a)) => conclure(
                    j,
                    m,
                    a,
                    Some(format!("Le zéro du début manquait ({}).", citer(brut))),
                ),
                None => non(),
            },
            5 => seul
                .parse::<f64>()
                .map_or_else(|_| non(), |n| lire_nombre(n, genre, depuis_1904, jour)),
            4 => LectureDate::Illisible(format!(
                "{} n’est qu’une année. Écrivez la date entière, sous la forme JJ/MM/AAAA.",
                citer(brut)
            )),
            _ => non(),
        },
        [a, m, j] if a.len() == 4 && a.chars().all(|c| c.is_ascii_digit()) => {
            match (triple(j, m, a), mois_nomme(m)) {
                (Some((j, m, a)), _) => conclure(j, m, a, None),
                (None, Some(m)) => {
                    triple(j, "1", a).map_or_else(non, |(j, _, a)| conclure(j, m, a, None))
                }
                _ => non(),
            }
        }
        [j, m, a] => {
            let j = j.strip_suffix("er").unwrap_or(j);
            let mois = if m.chars().all(|c| c.is_ascii_digit()) {
                m.parse().ok()
            } else {
                mois_nomme(m)
            };
            let (Some(mois), Some((j, _, annee))) = (mois, triple(j, "1", a)) else {
                return non();
            };
            match a.len() {
                4 => conclure(j, mois, annee, None),
                2 => {
                    let annee = siecle(annee, mois, j, genre, jour);
                    conclure(
                        j,
                        mois,
                        annee,
                        Some(format!("L’année n’a que deux chiffres ({}).", citer(brut))),
                    )
                }
                _ => non(),
            }
        }
        _ => non(),
    }
}

/// « le », « né », « lundi »… n'apprennent rien de la date.
fn est_superflu(mot: &str) -> bool {
    matches!(
        mot,
        "le" | "du"
            | "ne"
            | "nee"
            | "e"
            | "lundi"
            | "mardi"
            | "mercredi"
            | "jeudi"
            | "vendredi"
            | "samedi"
            | "dimanche"
            | "lun"
            | "mer"
            | "jeu"
            | "ven"
            | "sam"
            | "dim"
    )
}

fn triple(j: &str, m: &str, a: &str) -> Option<(i64, i64, i64)> {
    if j.len() > 2
        || m.len() > 2
        || a.len() > 4
        || !(j.to_owned() + m + a).chars().all(|c| c.is_ascii_digit())
    {
        return None;
    }
    Some((j.parse().ok()?, m.parse().ok()?, a.parse().ok()?))
}

fn mois_nomme(mot: &str) -> Option<i64> {
    const MOIS: [&str; 12] = [
        "janvier",
        "fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "decembre",
    ];
    if mot.len() < 3 {
        return None;
    }
    let mut trouves = (1..)
        .zip(MOIS)
        .filter(|(_, m)| m.starts_with(mot))
        .map(|(n, _)| n);
    // « jui » ne dit pas lequel, de juin ou juillet.
    match (trouves.next(), trouves.next()) {
        (Some(n), None) => Some(n),
        _ if mot == "sept" => Some(9),
        _ => None,
    }
}

fn valide(a: i64, m: i64, j: i64) -> Option<Date> {
    Date::new(
        i16::try_from(a).ok()?,
        i8::try_from(m).ok()?,
        i8::try_from(j).ok()?,
    )
    .ok()
}

/// Le siècle d'une année à deux chiffres : le plus récent qui soit possible.
fn siecle(annee: i64, mois: i64, jour_du_mois: i64, genre: Genre, jour: Date) -> i64 {
    let recente = 2_000 + annee;
    match genre {
        Genre::Courante => recente,
        Genre::Naissance => match valide(recente, mois, jour_du_mois) {
            Some(d) if age(d, jour) >= 14 => recente,
            Some(_) => 1_900 + annee,
            None if recente + 14 <= i64::from(jour.year()) => recente,
            None => 1_900 + annee,
        },
    }
}

fn conclure(j: i64, m: i64, a: i64, remarque: Option<String>) -> LectureDate {
    match valide(a, m, j) {
        Some(d) if d.year() >= 1 => LectureDate::Lue(
            d,
            remarque.map(|r| format!("{r} Garant a lu {}\u{a0}: vérifiez.", chiffres(d))),
        ),
        _ => LectureDate::Illisible(impossible(j, m, a)),
    }
}

fn impossible(j: i64, m: i64, a: i64) -> String {
    let ecrite = format!("{j:02}/{m:02}/{a:04}");
    if (13..=31).contains(&m) && (1..=12).contains(&j) {
        return format!(
            "La date {ecrite} n’existe pas\u{a0}: il n’y a pas de mois {m}. Écrivez le jour avant le mois, sous la forme JJ/MM/AAAA."
        );
    }
    let dernier = (1..=12)
        .contains(&m)
        .then(|| (28..=31).rev().find(|d| valide(a, m, *d).is_some()))
        .flatten();
    match dernier {
        Some(dernier) => format!(
            "La date {ecrite} n’existe pas\u{a0}: ce mois compte {dernier} jours. Corrigez-la d’après la pièce d’identité, sous la forme JJ/MM/AAAA."
        ),
        None => format!(
            "La date {ecrite} n’existe pas. Corrigez-la d’après la pièce d’identité, sous la forme JJ/MM/AAAA."
        ),
    }
}

/// « 31/01/1999 ».
pub fn chiffres(d: Date) -> String {
    format!("{:02}/{:02}/{:04}", d.day(), d.month(), d.year())
}

/// Âge révolu au jour dit (négatif si la date est future).
pub fn age(naissance: Date, jour: Date) -> i64 {
    let annees = i64::from(jour.year()) - i64::from(naissance.year());
    if (jour.month(), jour.day()) < (naissance.month(), naissance.day()) {
        annees - 1
    } else {
        annees
    }
}

/// Une naissance impossible, avec la phrase qui le dit.
pub fn naissance_impossible(d: Date, jour: Date) -> Option<String> {
    let ecrite = chiffres(d);
    if d > jour {
        Some(format!(
            "La date de naissance {ecrite} est dans le futur. Vérifiez l’année d’après la pièce d’identité."
        ))
    } else if age(d, jour) < 14 {
        Some(format!(
            "La date de naissance {ecrite} donnerait moins de 14 ans. Vérifiez l’année d’après la pièce d’identité."
        ))
    } else if i64::from(jour.year()) - i64::from(d.year()) > 110 {
        Some(format!(
            "La date de naissance {ecrite} donnerait plus de 110 ans. Vérifiez l’année d’après la pièce d’identité."
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod essais {
    use super::*;

    const JOUR: Date = date(2026, 11, 23);

    fn lue(texte: &str) -> LectureDate {
        lire(&Cellule::Texte(texte.into()), Genre::Naissance, false, JOUR)
    }

    #[test]
    fn une_date_se_lit_sous_toutes_ses_formes() {
        for t in [
            "12/03/1999",
            "12-03-1999",
            "12.03.1999",
            "12 03 1999",
            "12/3/1999",
            "1999-03-12",
            "1999/03/12",
            "1999-03-12T00:00:00",
            "12/03/1999 00:00",
            "12/03/1999 00:00:00",
            "12 mars 1999",
            "vendredi 12 mars 1999",
            "Né le 12/03/1999",
            "12-mars-1999",
            "12031999",
            "19990312",
        ] {
            assert_eq!(lue(t), LectureDate::Lue(date(1999, 3, 12), None), "{t}");
        }
        assert_eq!(
            lue("1er août 1999"),
            LectureDate::Lue(date(1999, 8, 1), None)
        );
        assert_eq!(lue("29/02/2000"), LectureDate::Lue(date(2000, 2, 29), None));
        assert_eq!(lue(" - "), LectureDate::Vide);
    }

    #[test]
    fn une_date_sans_son_zero_ou_sans_son_siecle_se_lit_et_se_dit() {
        for (t, d, mot) in [
            ("2031999", date(1999, 3, 2), "zéro"),
            ("12-11-95", date(1995, 11, 12), "deux chiffres"),
            ("12/11/05", date(2005, 11, 12), "deux chiffres"),
            ("12/11/15", date(1915, 11, 12), "1915"),
            ("25985", date(1971, 2, 21), "25985"),
        ] {
            match lue(t) {
                LectureDate::Lue(lu, Some(phrase)) => {
                    assert!(lu == d && phrase.contains(mot), "{t} {lu} {phrase}")
                }
                autre => panic!("{t} {autre:?}"),
            }
        }
    }

    #[test]
    fn une_date_hors_du_calendrier_se_refuse_avec_quoi_faire() {
        for (t, mot) in [
            ("31/02/1999", "28 jours"),
            ("29/02/1999", "28 jours"),
            ("31/04/1999", "30 jours"),
            ("02/21/1971", "jour avant le mois"),
            ("00/01/1999", "n’existe pas"),
            ("32/01/1999", "31 jours"),
            ("1999", "année"),
            ("hier", "JJ/MM/AAAA"),
            ("12 jui 1999", "JJ/MM/AAAA"),
            ("99/99/9999", "n’existe pas"),
            ("12/03/19999", "JJ/MM/AAAA"),
        ] {
            match lue(t) {
                LectureDate::Illisible(phrase) => assert!(phrase.contains(mot), "{t} : {phrase}"),
                autre => panic!("{t} {autre:?}"),
            }
        }
    }

    #[test]
    fn les_numeros_de_1900_et_de_1904_donnent_le_meme_jour() {
        assert_eq!(depuis_numero(25_985.0, false), Some(date(1971, 2, 21)));
        assert_eq!(
            depuis_numero(25_985.0 - 1_462.0, true),
            Some(date(1971, 2, 21))
        );
        assert_eq!(depuis_numero(59.0, false), Some(date(1900, 2, 28)));
        assert_eq!(depuis_numero(60.0, false), None);
        assert_eq!(depuis_numero(61.0, false), Some(date(1900, 3, 1)));
        for n in [f64::NAN, f64::INFINITY, -1.0, 1e300] {
            assert_eq!(depuis_numero(n, false), None);
        }
    }

    #[test]
    fn une_naissance_impossible_se_dit() {
        for (d, mot) in [
            (date(2030, 5, 5), "futur"),
            (date(2013, 1, 1), "14 ans"),
            (date(1900, 1, 1), "110 ans"),
        ] {
            assert!(
                naissance_impossible(d, JOUR).is_some_and(|p| p.contains(mot)),
                "{d}"
            );
        }
        assert_eq!(naissance_impossible(date(1999, 3, 12), JOUR), None);
    }
}
