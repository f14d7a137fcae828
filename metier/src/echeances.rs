//! « Trois mois avant », « la veille », « quinze jours après » : des délais écrits aux dates.
//!
//! Calcul en calendrier civil ; le jour même compte comme « à temps ». Jamais de report au jour ouvré (prudence).

use jiff::Span;
use jiff::civil::Date;
use serde::Deserialize;

/// Un délai de la check-list, relatif à une date nommée de la session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delai {
    /// Trois mois de calendrier avant le début.
    TroisMoisAvant,
    /// La plus stricte de « un mois » et « trente jours » avant le début.
    UnMoisEtTrenteJoursAvant,
    /// Quatorze jours avant le début.
    DeuxSemainesAvant,
    /// La veille du début.
    Veille,
    /// Le premier jour.
    PremierJour,
    /// Le dernier jour.
    DernierJour,
    /// Quinze jours de calendrier après la fin.
    QuinzeJoursApres,
    /// Cinq ans après la fin.
    CinqAnsApres,
    /// Avant la fin de validité du titre (échéance du référentiel) ; à défaut, le début de la session.
    FinValiditeTitre,
}

impl Delai {
    /// La date limite.
    pub fn date(self, debut: Date, fin: Date, fin_validite: Option<Date>) -> Date {
        match self {
            Self::TroisMoisAvant => moins(debut, Span::new().months(3)),
            Self::UnMoisEtTrenteJoursAvant => {
                moins(debut, Span::new().months(1)).min(moins(debut, Span::new().days(30)))
            }
            Self::DeuxSemainesAvant => moins(debut, Span::new().days(14)),
            Self::Veille => moins(debut, Span::new().days(1)),
            Self::PremierJour => debut,
            Self::DernierJour => fin,
            Self::QuinzeJoursApres => moins(fin, Span::new().days(-15)),
            Self::CinqAnsApres => moins(fin, Span::new().years(-5)),
            Self::FinValiditeTitre => fin_validite.map_or(debut, |v| v.min(debut)),
        }
    }

    /// Le délai en mots, comme le papier le dit.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::TroisMoisAvant => "3 mois avant la session",
            Self::UnMoisEtTrenteJoursAvant => "un mois et 30 jours au moins avant la session",
            Self::DeuxSemainesAvant => "2 semaines avant la session",
            Self::Veille => "la veille de la session",
            Self::PremierJour => "le premier jour",
            Self::DernierJour => "le dernier jour",
            Self::QuinzeJoursApres => "au plus tard 15 jours après la session",
            Self::CinqAnsApres => "à conserver 5 ans",
            Self::FinValiditeTitre => "avant la fin de validité du titre",
        }
    }
}

/// Tant de mois de calendrier avant ce jour ; le dernier jour du mois s'il n'a pas ce quantième.
pub fn mois_avant(d: Date, mois: u32) -> Date {
    moins(d, Span::new().months(mois))
}

/// Tant de jours de calendrier avant ce jour.
pub fn jours_avant(d: Date, jours: u32) -> Date {
    moins(d, Span::new().days(jours))
}

/// Tant de jours de calendrier après ce jour.
pub fn jours_apres(d: Date, jours: u32) -> Date {
    d.checked_add(Span::new().days(jours)).unwrap_or(d)
}

/// La plus stricte de « un mois » et « tant de jours » avant ce jour (reglement.md §2, calcul des dates).
pub fn un_mois_et_jours_avant(d: Date, jours: u32) -> Date {
    mois_avant(d, 1).min(jours_avant(d, jours))
}

fn moins(d: Date, s: Span) -> Date {
    d.checked_sub(s).unwrap_or(d)
}

#[cfg(test)]
mod essais {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn trois_mois_avant_le_31_mai_finit_fin_fevrier() {
        let d = date(2027, 5, 31);
        assert_eq!(Delai::TroisMoisAvant.date(d, d, None), date(2027, 2, 28));
        let b = date(2028, 5, 31);
        assert_eq!(Delai::TroisMoisAvant.date(b, b, None), date(2028, 2, 29));
    }

    #[test]
    fn le_delai_de_convocation_est_le_plus_strict_des_deux() {
        // Mars : un mois avant le 30 mars est le 28 février, trente jours avant le 28 février aussi.
        let d = date(2027, 3, 15);
        assert_eq!(
            Delai::UnMoisEtTrenteJoursAvant.date(d, d, None),
            date(2027, 2, 13)
        );
        let e = date(2027, 8, 15);
        assert_eq!(
            Delai::UnMoisEtTrenteJoursAvant.date(e, e, None),
            date(2027, 7, 15)
        );
    }

    #[test]
    fn quinze_jours_apres_passe_l_annee() {
        assert_eq!(
            Delai::QuinzeJoursApres.date(date(2026, 12, 15), date(2026, 12, 17), None),
            date(2027, 1, 1)
        );
        assert_eq!(
            Delai::CinqAnsApres.date(date(2028, 2, 29), date(2028, 2, 29), None),
            date(2033, 2, 28)
        );
    }
}
