//! Données d'une fiche à remplir au stylo : étiquettes suivies de lignes, tableaux aux cases hautes.

use serde::{Deserialize, Serialize};

/// Une fiche : incident, inventaire, accueil, garde des plis.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FicheARemplir {
    /// Titre du papier.
    pub titre: String,
    /// Ce qu'il faut savoir pour la remplir ; vide : rien.
    pub consigne: String,
    /// En paysage ?
    pub paysage: bool,
    /// Rubriques, dans l'ordre.
    pub sections: Vec<SectionARemplir>,
    /// Signatures à recueillir : (qualité, nom ou rien).
    pub signatures: Vec<(String, Option<String>)>,
}

/// Une rubrique.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SectionARemplir {
    /// Titre ; vide : aucun.
    pub titre: String,
    /// Étiquettes, et combien de lignes écrire en face.
    pub champs: Vec<(String, usize)>,
    /// Un tableau.
    pub tableau: Option<TableauARemplir>,
}

/// Un tableau : des lignes commencées, puis des lignes vides.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TableauARemplir {
    /// En-têtes.
    pub entetes: Vec<String>,
    /// Parts de largeur, une par colonne.
    pub largeurs: Vec<u32>,
    /// Lignes commencées, autant de cellules que d'en-têtes.
    pub lignes: Vec<Vec<String>>,
    /// Lignes vides à la suite.
    pub vides: usize,
}
