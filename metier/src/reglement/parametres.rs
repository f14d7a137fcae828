//! Les paramètres datés : les nombres qu'un centre peut régler quand sa DDETS demande autre chose.
//!
//! Un réglage vaut à partir d'un jour, avec son motif. Une session fige les siens en naissant
//! ([`crate::session::cadre`]) : ce que le centre règle ensuite ne la change pas.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// L'unité d'un paramètre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unite {
    /// Mois de calendrier.
    Mois,
    /// Jours de calendrier.
    Jours,
    /// Personnes.
    Personnes,
    /// Minutes.
    Minutes,
}

impl Unite {
    /// « mois », « jours », « personnes », « minutes ».
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Mois => "mois",
            Self::Jours => "jours",
            Self::Personnes => "personnes",
            Self::Minutes => "minutes",
        }
    }
}

/// Un nombre réglable ; son code est celui de sa règle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parametre {
    /// Code de la règle.
    pub code: &'static str,
    /// Ce que le nombre veut dire.
    pub intitule: &'static str,
    /// Son unité.
    pub unite: Unite,
    /// La valeur du texte lu.
    pub defaut: u32,
    /// Plus petite valeur admise : jamais moins que ce que le texte impose.
    pub min: u32,
    /// Plus grande valeur admise (limite de Garant).
    pub max: u32,
}

const fn p(
    code: &'static str,
    intitule: &'static str,
    unite: Unite,
    defaut: u32,
    bornes: (u32, u32),
) -> Parametre {
    Parametre {
        code,
        intitule,
        unite,
        defaut,
        min: bornes.0,
        max: bornes.1,
    }
}

/// Tous les paramètres, dans l'ordre des règles.
pub const PARAMETRES: &[Parametre] = &[
    p(
        "R09",
        "Alerte avant la fin de validité du titre",
        Unite::Mois,
        6,
        (1, 24),
    ),
    p(
        "R11",
        "Information de la DDETS avant la session",
        Unite::Mois,
        3,
        (1, 12),
    ),
    p(
        "R14",
        "Demande d’épreuves avant la session",
        Unite::Mois,
        3,
        (1, 12),
    ),
    p(
        "R15",
        "Relance si les plis ne sont pas reçus, avant la session",
        Unite::Jours,
        14,
        (7, 60),
    ),
    p(
        "R26",
        "Jurés habilités au moins",
        Unite::Personnes,
        2,
        (2, 6),
    ),
    p("R35", "Jurés de réserve", Unite::Personnes, 1, (0, 6)),
    p(
        "R36",
        "Convocation des jurés avant la session",
        Unite::Jours,
        30,
        (15, 120),
    ),
    p(
        "R37",
        "Convocation des candidats avant la session, en plus du mois",
        Unite::Jours,
        30,
        (15, 120),
    ),
    p(
        "R72",
        "Temps continu sans pause de vingt minutes, au plus",
        Unite::Minutes,
        360,
        (60, 480),
    ),
    p(
        "R95",
        "Envoi de l’original du procès-verbal après la session",
        Unite::Jours,
        15,
        (1, 60),
    ),
    p(
        "R98",
        "Information des candidats sur le retrait après la session",
        Unite::Jours,
        60,
        (15, 365),
    ),
    p(
        "R99",
        "Entretien après une réussite partielle, après la session",
        Unite::Jours,
        30,
        (7, 180),
    ),
    p(
        "R101",
        "Destruction des sujets après la session",
        Unite::Jours,
        30,
        (1, 180),
    ),
];

/// Le paramètre de cette règle.
pub fn parametre(code: &str) -> Option<&'static Parametre> {
    PARAMETRES.iter().find(|p| p.code == code)
}

/// Ce qu'un centre a réglé : une valeur, à partir d'un jour, pour une raison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reglage {
    /// Code de la règle.
    pub code: String,
    /// La valeur.
    pub valeur: u32,
    /// À partir de quel jour les sessions créées la prennent.
    pub a_partir_du: Date,
    /// Pourquoi, et qui le demande.
    pub motif: String,
}

/// La phrase qui dit ce qui ne va pas dans un réglage, et quoi faire ; rien s'il est bon.
pub fn verifier(code: &str, valeur: u32) -> Option<String> {
    let Some(p) = parametre(code) else {
        return Some(
            "Cette règle n’a pas de valeur à régler. Choisissez-en une de la liste.".into(),
        );
    };
    (valeur < p.min || valeur > p.max).then(|| {
        format!(
            "La valeur va de {} à {} {}. Choisissez-en une entre les deux.",
            p.min,
            p.max,
            p.unite.libelle()
        )
    })
}

/// Les réglages qui valent ce jour-là : pour chaque règle, le dernier qui a pris effet.
/// À date égale, le plus récemment posé (le dernier de la liste) l'emporte.
pub fn en_vigueur(reglages: &[Reglage], jour: Date) -> Vec<Reglage> {
    PARAMETRES
        .iter()
        .filter_map(|p| {
            reglages
                .iter()
                .filter(|r| r.code == p.code && r.a_partir_du <= jour)
                .max_by_key(|r| r.a_partir_du)
        })
        .cloned()
        .collect()
}

#[cfg(test)]
mod essais {
    use super::*;
    use jiff::civil::date;

    fn reglage(valeur: u32, a_partir_du: Date) -> Reglage {
        Reglage {
            code: "R37".into(),
            valeur,
            a_partir_du,
            motif: "courrier de la DDETS".into(),
        }
    }

    #[test]
    fn un_reglage_ne_vaut_qu_a_partir_de_son_jour_et_le_dernier_l_emporte() {
        let r = [
            reglage(40, date(2026, 1, 1)),
            reglage(45, date(2026, 6, 1)),
            reglage(50, date(2026, 6, 1)),
        ];
        assert!(en_vigueur(&r, date(2025, 12, 31)).is_empty());
        assert_eq!(en_vigueur(&r, date(2026, 5, 31))[0].valeur, 40);
        assert_eq!(en_vigueur(&r, date(2026, 6, 1))[0].valeur, 50);
    }

    #[test]
    fn chaque_parametre_est_celui_d_une_regle_et_son_defaut_est_admis() {
        for p in PARAMETRES {
            assert!(super::super::regle(p.code).is_some(), "{}", p.code);
            assert_eq!(verifier(p.code, p.defaut), None, "{}", p.code);
            assert!(verifier(p.code, p.max + 1).is_some());
        }
        assert!(verifier("R00", 1).is_some());
    }

    #[test]
    fn une_valeur_hors_bornes_dit_les_bornes() {
        assert!(verifier("R26", 1).unwrap().contains("de 2 à 6"));
        assert_eq!(verifier("R26", 2), None);
        assert_eq!(verifier("R26", 6), None);
    }
}
