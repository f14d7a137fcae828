//! Ce qui est demandé à une proposition : ce qui compte le plus, et d'où part la recherche.

use jiff::civil::DateTime;
use planification::instance::Poids;

/// Ce qui compte le plus dans une proposition, une fois tout le monde placé.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Priorite {
    /// Un peu de tout.
    #[default]
    Equilibre,
    /// Finir tôt.
    FinirTot,
    /// Faire attendre peu les candidats.
    AttendrePeu,
    /// Bouger le moins possible le planning présent.
    BougerPeu,
}

impl Priorite {
    /// Toutes, dans l'ordre d'un formulaire.
    pub const TOUTES: [Self; 4] = [
        Self::Equilibre,
        Self::FinirTot,
        Self::AttendrePeu,
        Self::BougerPeu,
    ];
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Equilibre => "equilibre",
            Self::FinirTot => "finir-tot",
            Self::AttendrePeu => "attendre-peu",
            Self::BougerPeu => "bouger-peu",
        }
    }
    /// Retrouve par le code ; l'équilibre à défaut.
    pub fn depuis_code(c: &str) -> Self {
        Self::TOUTES
            .into_iter()
            .find(|p| p.code() == c)
            .unwrap_or_default()
    }
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Equilibre => "Un bon équilibre",
            Self::FinirTot => "Finir tôt",
            Self::AttendrePeu => "Peu d’attente pour les candidats",
            Self::BougerPeu => "Bouger le moins possible",
        }
    }
    /// D'où part la recherche.
    pub fn depuis(self) -> Depuis {
        match self {
            Self::BougerPeu => Depuis::Present {
                maintenant: None,
                tout: true,
            },
            _ => Depuis::Rien,
        }
    }
    pub(super) fn poids(self) -> Poids {
        // Une séance surveillée de plus (un pli à ouvrir, un surveillant à tenir) vaut une heure d'attente d'un candidat ; vingt
        // minutes de fin quand on veut finir tôt.
        let (fin, attente, pire_attente, temps_mort, seance) = match self {
            Self::Equilibre | Self::BougerPeu => (3, 2, 1, 1, 120),
            Self::FinirTot => (20, 1, 1, 1, 400),
            Self::AttendrePeu => (1, 12, 6, 1, 720),
        };
        Poids {
            fin,
            attente,
            pire_attente,
            temps_mort,
            continuite: 60,
            // Faire revenir un candidat un autre jour coûte plus qu'une attente ou qu'un temps mort.
            jour_de_plus: 900,
            seance,
        }
    }
}

/// D'où part la recherche.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depuis {
    /// De rien : seules les épingles tiennent.
    Rien,
    /// Du planning présent : ce qui a commencé est figé.
    Present {
        /// L'heure qu'il est ; rien : la session n'a pas commencé.
        maintenant: Option<DateTime>,
        /// Le reste du planning présent compte-t-il, ou seulement ce qui est figé ?
        tout: bool,
    },
}
