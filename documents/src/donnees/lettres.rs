//! Données des lettres, des étiquettes d'adresse et des affiches de porte.

use super::commun::Personne;
use super::releve::TableauReleve;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// Une lettre : un destinataire, un objet, des blocs dans l'ordre, des signatures.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Lettre {
    /// Titre du papier (« Attestation de présence au jury »).
    pub titre: String,
    /// À qui.
    pub destinataire: Personne,
    /// Civilité en toutes lettres pour la formule d'appel ; une attestation n'en a pas (`sans_appel`).
    pub civilite: Option<String>,
    /// Vrai pour un papier qui ne salue personne : une attestation, un certificat.
    pub sans_appel: bool,
    /// Le corps, dans l'ordre.
    pub blocs: Vec<Bloc>,
    /// Signatures à recueillir : (qualité, nom ou rien) ; vide : le responsable signe au bas de la lettre.
    pub signatures: Vec<(String, Option<String>)>,
    /// Petit texte sous la signature.
    pub mention: String,
}

/// Une partie de la lettre.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "bloc", rename_all = "kebab-case")]
pub enum Bloc {
    /// Un paragraphe.
    Paragraphe {
        /// Le texte.
        texte: String,
    },
    /// Une phrase qu'on ne manque pas.
    Encadre {
        /// Le texte.
        texte: String,
    },
    /// Étiquettes et valeurs ; une valeur vide s'imprime « à compléter ».
    Fiche {
        /// (étiquette, valeur).
        lignes: Vec<(String, String)>,
    },
    /// Une liste à puces.
    Liste {
        /// Les points.
        points: Vec<String>,
    },
    /// Un titre de rubrique.
    Rubrique {
        /// Le titre.
        titre: String,
    },
    /// Un tableau.
    Tableau {
        /// Le tableau.
        tableau: TableauReleve,
    },
    /// Des lignes à remplir au stylo.
    ARemplir {
        /// Les étiquettes.
        lignes: Vec<String>,
    },
}

impl Bloc {
    /// Des paragraphes, dans l'ordre.
    pub fn paragraphes(textes: impl IntoIterator<Item = String>) -> Vec<Bloc> {
        textes
            .into_iter()
            .map(|texte| Bloc::Paragraphe { texte })
            .collect()
    }
}

/// Une planche d'étiquettes d'adresse : deux colonnes de sept, 99,1 × 38,1 mm.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Etiquettes {
    /// Les adresses, dans l'ordre de la planche.
    pub etiquettes: Vec<Etiquette>,
}

/// Une étiquette.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Etiquette {
    /// Nom.
    pub nom: String,
    /// Lignes d'adresse.
    pub lignes: Vec<String>,
}

/// L'affiche d'une porte, pour un jour.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AffichePorte {
    /// La salle.
    pub salle: String,
    /// Le jour.
    pub date: Option<Date>,
    /// Ce qui s'y passe, dans l'ordre.
    pub lignes: Vec<LignePorte>,
}

/// Une épreuve annoncée à la porte.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LignePorte {
    /// Début.
    pub debut: Option<Time>,
    /// Fin.
    pub fin: Option<Time>,
    /// Épreuve.
    pub epreuve: String,
}
