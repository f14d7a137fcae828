//! Le catalogue : un document connu, une ligne. Un document absent d'ici n'existe pas.

/// Combien de temps, et pourquoi, l'exemplaire produit est conservé.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClasseConservation {
    /// Preuve de régularité de la session (convocations, décharges, émargements) : cinq ans par prudence.
    PreuveSession,
    /// Papier de travail ou d'affichage, recomposable : conservé avec la session, sans durée propre.
    Travail,
}

impl ClasseConservation {
    /// Étiquette stable, stockée avec la pièce.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PreuveSession => "preuve-session",
            Self::Travail => "travail",
        }
    }
}

/// Une ligne du catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FicheDocument {
    /// Code stable, qui sert d'étiquette et de nom de fichier.
    pub code: &'static str,
    /// Intitulé montré.
    pub intitule: &'static str,
    /// Nom du gabarit dans `modeles/`.
    pub gabarit: &'static str,
    /// À qui le papier est destiné.
    pub destinataire: &'static str,
    /// Classe de conservation de l'exemplaire produit.
    pub conservation: ClasseConservation,
}

/// Tous les documents que l'application sait composer.
pub const CATALOGUE: &[FicheDocument] = &[
    FicheDocument {
        code: "convocation-candidat",
        intitule: "Convocation du candidat",
        gabarit: "convocation-candidat.typ",
        destinataire: "le candidat",
        conservation: ClasseConservation::PreuveSession,
    },
    FicheDocument {
        code: "decharge",
        intitule: "Remise en main propre contre décharge",
        gabarit: "decharge.typ",
        destinataire: "le centre, après signature du destinataire",
        conservation: ClasseConservation::PreuveSession,
    },
    FicheDocument {
        code: "convocation-jure",
        intitule: "Convocation d'un membre du jury",
        gabarit: "convocation-jure.typ",
        destinataire: "le membre du jury",
        conservation: ClasseConservation::PreuveSession,
    },
    FicheDocument {
        code: "convocation-surveillant",
        intitule: "Convocation d'un surveillant",
        gabarit: "convocation-surveillant.typ",
        destinataire: "le surveillant",
        conservation: ClasseConservation::PreuveSession,
    },
    FicheDocument {
        code: "planning-affichage",
        intitule: "Planning des épreuves à afficher",
        gabarit: "planning-affichage.typ",
        destinataire: "les candidats, par voie d'affichage",
        conservation: ClasseConservation::Travail,
    },
    FicheDocument {
        code: "check-list",
        intitule: "Check-list du responsable de session",
        gabarit: "check-list.typ",
        destinataire: "le responsable de session",
        conservation: ClasseConservation::Travail,
    },
    FicheDocument {
        code: "emargement",
        intitule: "Feuille d'émargement des candidats",
        gabarit: "emargement.typ",
        destinataire: "le centre, après signatures",
        conservation: ClasseConservation::PreuveSession,
    },
    FicheDocument {
        code: "emargement-jury",
        intitule: "Feuille d'émargement du jury",
        gabarit: "emargement-jury.typ",
        destinataire: "le centre, après signatures",
        conservation: ClasseConservation::PreuveSession,
    },
    FicheDocument {
        code: "lettre",
        intitule: "Lettre du centre",
        gabarit: "lettre.typ",
        destinataire: "la personne nommée",
        conservation: ClasseConservation::PreuveSession,
    },
    FicheDocument {
        code: "etiquettes",
        intitule: "Étiquettes d'adresse",
        gabarit: "etiquettes.typ",
        destinataire: "le secrétariat",
        conservation: ClasseConservation::Travail,
    },
    FicheDocument {
        code: "affiche-porte",
        intitule: "Affiche de porte",
        gabarit: "affiche-porte.typ",
        destinataire: "les candidats, par voie d'affichage",
        conservation: ClasseConservation::Travail,
    },
    FicheDocument {
        code: "releve",
        intitule: "Relevé de session (brouillon du procès-verbal, registre, rapport)",
        gabarit: "releve.typ",
        destinataire: "le responsable de session, l'administration",
        conservation: ClasseConservation::PreuveSession,
    },
    FicheDocument {
        code: "fiche-a-remplir",
        intitule: "Fiche à remplir au stylo (incident, inventaire, accueil, garde des plis)",
        gabarit: "fiche-a-remplir.typ",
        destinataire: "le responsable de session",
        conservation: ClasseConservation::Travail,
    },
];

/// La ligne du catalogue qui porte ce code.
pub fn fiche(code: &str) -> Option<&'static FicheDocument> {
    CATALOGUE.iter().find(|fiche| fiche.code == code)
}
