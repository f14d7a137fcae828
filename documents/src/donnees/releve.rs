//! Données d'un relevé de session : rubriques de fiches, tableaux et paragraphes, puis signatures.

use serde::{Deserialize, Serialize};

/// Un relevé : brouillon du procès-verbal, fiche CERES, registre, rapport, liste.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Releve {
    /// Titre du papier.
    pub titre: String,
    /// Ce qu'il ne faut pas manquer ; vide : rien.
    pub avertissement: String,
    /// En paysage ?
    pub paysage: bool,
    /// Rubriques, dans l'ordre.
    pub sections: Vec<SectionReleve>,
    /// Code QR de la tête du journal : « 1 » noir, « 0 » blanc, une ligne par rangée.
    #[serde(default)]
    pub qr: Option<String>,
    /// Signatures à recueillir : (qualité, nom ou rien).
    pub signatures: Vec<(String, Option<String>)>,
}

/// Une rubrique.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SectionReleve {
    /// Titre.
    pub titre: String,
    /// Étiquettes et valeurs ; une valeur vide s'imprime « à compléter ».
    pub fiche: Vec<(String, String)>,
    /// Un tableau.
    pub tableau: Option<TableauReleve>,
    /// Des paragraphes, après le reste.
    pub paragraphes: Vec<String>,
    /// Hauteur des lignes à remplir au stylo, en millimètres ; zéro : celle du texte.
    #[serde(default)]
    pub hauteur_mm: u32,
    /// Cases à cocher, une ligne chacune.
    #[serde(default)]
    pub cases: Vec<String>,
    /// Étiquettes de lignes à remplir au stylo.
    #[serde(default)]
    pub a_remplir: Vec<String>,
}

/// Un tableau.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TableauReleve {
    /// En-têtes.
    pub entetes: Vec<String>,
    /// Parts de largeur, une par colonne.
    pub largeurs: Vec<u32>,
    /// Lignes, autant de cellules que d'en-têtes.
    pub lignes: Vec<Vec<String>>,
}
