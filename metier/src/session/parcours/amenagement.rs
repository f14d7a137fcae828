//! L'aménagement accordé à un candidat : ce que le planning doit savoir, en clair ; les mots de la décision, scellés.
//!
//! Ni maladie, ni handicap, ni certificat : seulement la mesure, sa date et sa référence. Les mots de la mesure et la
//! référence sont chiffrés par le serveur avant d'arriver ici ; le noyau ne sait pas les lire.

use crate::temps;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Majoration la plus grande que Garant accepte, en pour cent (limite de Garant, contre les fautes de frappe).
pub const MAJORATION_MAX: u32 = 200;
/// Taille la plus grande du texte scellé.
pub const SECRET_MAX: usize = 6_000;

/// Où en est la demande.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EtatAmenagement {
    /// Demandé, décision attendue.
    Demande,
    /// Accordé.
    Accorde,
    /// Refusé.
    Refuse,
}

impl EtatAmenagement {
    /// Tous.
    pub const TOUS: [EtatAmenagement; 3] = [Self::Demande, Self::Accorde, Self::Refuse];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Demande => "Demandé, décision attendue",
            Self::Accorde => "Accordé",
            Self::Refuse => "Refusé",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Demande => "demande",
            Self::Accorde => "accorde",
            Self::Refuse => "refuse",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|e| e.code() == c)
    }
}

/// Un aménagement : l'organisation en clair, les mots scellés.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amenagement {
    /// Où en est la demande.
    pub etat: EtatAmenagement,
    /// Jour de la demande.
    #[serde(default)]
    pub demande_le: Option<Date>,
    /// Jour de la décision.
    #[serde(default)]
    pub decision_le: Option<Date>,
    /// Temps majoré, en pour cent de la durée de chaque épreuve ; zéro : aucun. Un tiers-temps vaut 33.
    #[serde(default)]
    pub majoration: u32,
    /// Salle accessible à une personne à mobilité réduite.
    #[serde(default)]
    pub acces_pmr: bool,
    /// Les mots de la mesure et sa référence, chiffrés ; vide : rien n'est écrit.
    #[serde(default)]
    pub secret: String,
    /// Jour où le jury a été informé de la durée.
    #[serde(default)]
    pub jury_informe_le: Option<Date>,
    /// Constaté à l'examen : appliqué, ou non.
    #[serde(default)]
    pub applique: Option<bool>,
}

impl Amenagement {
    /// Un temps majoré est-il accordé ?
    pub fn tiers_temps(&self) -> bool {
        self.majoration > 0
    }
    /// La durée majorée, arrondie à la minute au bénéfice du candidat ; un tiers-temps (33 %) compte un vrai tiers.
    pub fn duree(&self, minutes: u32) -> u32 {
        let sup = if self.majoration == 33 {
            minutes.div_ceil(3)
        } else {
            (minutes * self.majoration).div_ceil(100)
        };
        minutes + sup
    }
    /// Ce que l'on peut montrer à qui ne lit pas la mesure : « accordé le 3 mars 2026, temps majoré de 33 % ».
    pub fn resume(&self) -> String {
        let mut r = match (self.etat, self.decision_le) {
            (EtatAmenagement::Demande, _) => "demandé, décision attendue".to_owned(),
            (e, Some(d)) => format!(
                "{} le {}",
                e.libelle().to_lowercase(),
                temps::date_moyenne(d)
            ),
            (e, None) => e.libelle().to_lowercase(),
        };
        if self.etat == EtatAmenagement::Accorde {
            if self.tiers_temps() {
                r.push_str(&format!(", temps majoré de {}\u{a0}%", self.majoration));
            }
            if self.acces_pmr {
                r.push_str(", salle accessible");
            }
        }
        r
    }
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn un_tiers_temps_est_un_vrai_tiers_et_s_arrondit_pour_le_candidat() {
        let mut a = Amenagement {
            etat: EtatAmenagement::Accorde,
            demande_le: None,
            decision_le: None,
            majoration: 33,
            acces_pmr: false,
            secret: String::new(),
            jury_informe_le: None,
            applique: None,
        };
        assert_eq!((a.duree(60), a.duree(20)), (80, 27));
        a.majoration = 50;
        assert_eq!(a.duree(35), 53);
        a.majoration = 0;
        assert_eq!(a.duree(35), 35);
    }
}
