//! Dire les dates et les heures comme on les lit en France, et savoir quel jour on est à Paris.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

/// Espace insécable.
pub const INSECABLE: char = '\u{a0}';

const MOIS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MOIS_COURTS: [&str; 12] = [
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
    "déc.",
];

/// Le fuseau du règlement : Europe/Paris.
pub fn paris() -> TimeZone {
    TimeZone::get("Europe/Paris").expect("la base des fuseaux est embarquée")
}

/// Le jour civil à Paris à cet instant.
pub fn jour_a_paris(instant: &ZonedDateTime) -> Date {
    instant.with_time_zone(paris()).date()
}

/// Le jour civil à Paris d'un instant RFC 3339 ; rien s'il ne se lit pas.
pub fn jour_de(rfc3339: &str) -> Option<Date> {
    let instant: Timestamp = rfc3339.parse().ok()?;
    Some(jour_a_paris(&instant.to_zoned_datetime(paris())))
}

fn quantieme(d: Date) -> String {
    if d.day() == 1 {
        "1er".into()
    } else {
        d.day().to_string()
    }
}

/// « lundi », « mardi »…
pub fn jour_semaine(d: Date) -> &'static str {
    match d.weekday() {
        Weekday::Monday => "lundi",
        Weekday::Tuesday => "mardi",
        Weekday::Wednesday => "mercredi",
        Weekday::Thursday => "jeudi",
        Weekday::Friday => "vendredi",
        Weekday::Saturday => "samedi",
        Weekday::Sunday => "dimanche",
    }
}

/// « lundi 23 novembre 2026 », espaces insécables dans la date.
pub fn date_longue(d: Date) -> String {
    format!(
        "{} {}\u{a0}{}\u{a0}{}",
        jour_semaine(d),
        quantieme(d),
        MOIS[d.month() as usize - 1],
        d.year()
    )
}

/// « 23 novembre 2026 ».
pub fn date_moyenne(d: Date) -> String {
    format!(
        "{}\u{a0}{}\u{a0}{}",
        quantieme(d),
        MOIS[d.month() as usize - 1],
        d.year()
    )
}

/// « 23 nov. 2026 ».
pub fn date_courte(d: Date) -> String {
    format!(
        "{}\u{a0}{}\u{a0}{}",
        quantieme(d),
        MOIS_COURTS[d.month() as usize - 1],
        d.year()
    )
}

/// « 23/11/2026 ».
pub fn date_chiffres(d: Date) -> String {
    format!("{:02}/{:02}/{}", d.day(), d.month(), d.year())
}

/// « 8 h 30 », « 14 h 00 ».
pub fn heure(t: Time) -> String {
    format!("{}\u{a0}h\u{a0}{:02}", t.hour(), t.minute())
}

/// « le 15/12/2026 à 9 h 12 », heure de Paris : quand un fait est arrivé.
pub fn moment(d: DateTime) -> String {
    format!("le {} à {}", date_chiffres(d.date()), heure(d.time()))
}

/// « 45 min », « 1 h 30 », « 2 h ».
pub fn duree(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, m) => format!("{m}\u{a0}min"),
        (h, 0) => format!("{h}\u{a0}h"),
        (h, m) => format!("{h}\u{a0}h\u{a0}{m:02}"),
    }
}

/// « du mardi 15 au jeudi 17 décembre 2026 », ou « le mardi 15 décembre 2026 ».
pub fn periode(debut: Date, fin: Date) -> String {
    if debut == fin {
        return format!("le {}", date_longue(debut));
    }
    if debut.year() == fin.year() && debut.month() == fin.month() {
        return format!(
            "du {} {} au {}",
            jour_semaine(debut),
            quantieme(debut),
            date_longue(fin)
        );
    }
    format!("du {} au {}", date_longue(debut), date_longue(fin))
}

/// « 23/11/2026 à 9 h 12 », heure de Paris, pour un instant RFC 3339 ; le texte tel quel s'il ne se lit pas.
pub fn instant_court(rfc3339: &str) -> String {
    match rfc3339.parse::<Timestamp>() {
        Ok(t) => {
            let z = t.to_zoned_datetime(paris());
            format!("{} à {}", date_chiffres(z.date()), heure(z.time()))
        }
        Err(_) => rfc3339.to_owned(),
    }
}

/// Distance en mots : « aujourd'hui », « demain », « dans 8 jours », « il y a 3 jours », « dans 3 semaines ».
pub fn distance(de: Date, vers: Date) -> String {
    let j = jours_entre(de, vers);
    let mots = |n: i64| match n {
        0..=20 => format!("{n}\u{a0}jours"),
        21..=59 => format!("{}\u{a0}semaines", n / 7),
        60..=729 => format!("{}\u{a0}mois", n / 30),
        _ => format!("{}\u{a0}ans", n / 365),
    };
    match j {
        0 => "aujourd’hui".into(),
        1 => "demain".into(),
        -1 => "hier".into(),
        n if n > 0 => format!("dans {}", mots(n)),
        n => format!("il y a {}", mots(-n)),
    }
}

/// Nombre de jours civils de `de` à `vers` (négatif si `vers` est avant).
pub fn jours_entre(de: Date, vers: Date) -> i64 {
    i64::from(
        de.until(vers)
            .expect("deux dates civiles du calendrier")
            .get_days(),
    )
}

/// Lit une heure « 8:30 », « 08h30 », « 8 h 30 », « 14h ».
pub fn lire_heure(texte: &str) -> Option<Time> {
    let net: String = texte
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_lowercase();
    let (h, m) = net.split_once([':', 'h'])?;
    let m = if m.is_empty() { "0" } else { m };
    if h.is_empty() || h.len() > 2 || m.len() > 2 {
        return None;
    }
    Time::new(
        h.parse().ok()?,
        m.get(0..2.min(m.len()))?.parse().ok()?,
        0,
        0,
    )
    .ok()
}

/// Lit une date de formulaire (`AAAA-MM-JJ`) ou écrite à la française (`JJ/MM/AAAA`), dans un calendrier de 1900 à 2100.
pub fn lire_date(texte: &str) -> Option<Date> {
    let t = texte.trim();
    let d = if let Some((j, reste)) = t.split_once('/') {
        let (m, a) = reste.split_once('/')?;
        if a.len() != 4 {
            return None;
        }
        Date::new(a.parse().ok()?, m.parse().ok()?, j.parse().ok()?).ok()?
    } else {
        if t.len() != 10 {
            return None;
        }
        t.parse::<Date>().ok()?
    };
    (1900..=2100).contains(&d.year()).then_some(d)
}

/// Minutes depuis minuit.
pub fn minutes(t: Time) -> u32 {
    u32::try_from(i32::from(t.hour()) * 60 + i32::from(t.minute())).expect("une heure est positive")
}

/// L'heure à tant de minutes depuis minuit, si elle est dans la journée.
pub fn depuis_minutes(m: u32) -> Option<Time> {
    Time::new(i8::try_from(m / 60).ok()?, (m % 60) as i8, 0, 0).ok()
}

#[cfg(test)]
mod essais {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn une_duree_se_dit_en_heures_et_minutes() {
        let dites = [45, 60, 65, 90, 120, 210].map(duree);
        assert_eq!(
            dites.map(|d| d.replace('\u{a0}', " ")),
            ["45 min", "1 h", "1 h 05", "1 h 30", "2 h", "3 h 30"]
        );
    }

    #[test]
    fn les_dates_se_disent_en_francais() {
        assert_eq!(
            date_longue(date(2026, 11, 23)),
            "lundi 23\u{a0}novembre\u{a0}2026"
        );
        assert_eq!(
            date_longue(date(2026, 12, 1)),
            "mardi 1er\u{a0}décembre\u{a0}2026"
        );
        assert_eq!(heure(time(8, 5, 0, 0)), "8\u{a0}h\u{a0}05");
        assert_eq!(
            periode(date(2026, 12, 15), date(2026, 12, 17)),
            "du mardi 15 au jeudi 17\u{a0}décembre\u{a0}2026"
        );
    }

    #[test]
    fn une_date_hors_du_calendrier_ne_se_lit_pas() {
        for t in [
            "31/02/1999",
            "2026-02-30",
            "",
            "12-11-95",
            "0001-01-01",
            "2026-13-01",
            "99999-01-01",
        ] {
            assert_eq!(lire_date(t), None, "{t}");
        }
        assert_eq!(lire_date("29/02/2000"), Some(date(2000, 2, 29)));
    }

    #[test]
    fn une_heure_se_lit_comme_on_l_ecrit() {
        for t in ["8:30", "08h30", "8 h 30", "8H30"] {
            assert_eq!(lire_heure(t), Some(time(8, 30, 0, 0)), "{t}");
        }
        assert_eq!(lire_heure("14h"), Some(time(14, 0, 0, 0)));
        for t in ["25:00", "8", "h", "8h75", "-1:00"] {
            assert_eq!(lire_heure(t), None, "{t}");
        }
    }

    #[test]
    fn minuit_a_paris_n_est_pas_minuit_a_greenwich() {
        let z = "2026-06-30T22:30:00Z"
            .parse::<Timestamp>()
            .unwrap()
            .to_zoned_datetime(TimeZone::UTC);
        assert_eq!(jour_a_paris(&z), date(2026, 7, 1));
    }
}
