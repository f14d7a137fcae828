//! Ce que Garant rend dans un format que d'autres lisent : listes en CSV et en XLSX, session en JSON, données d'une personne.
//!
//! Un fichier rendu est hostile à personne : aucune cellule ne s'y exécute, quoi qu'ait écrit celui qui l'a remplie.

pub mod listes;
pub mod personne;
pub mod session;
pub mod tableau;

use crate::erreurs::{Erreur, Reponse};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
pub use tableau::{Cellule, Tableau};

/// Les deux formats d'une liste.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Texte séparé par des points-virgules, UTF-8 avec marque : ce qu'un Excel français ouvre d'un double clic.
    Csv,
    /// Classeur Office Open XML.
    Xlsx,
}

impl Format {
    /// Depuis l'extension d'une adresse.
    pub fn depuis(extension: &str) -> Option<Self> {
        match extension {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }
    fn nature(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
    fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// Rend une liste à télécharger ; `nom` sans extension, en ASCII.
pub fn rendre_liste(t: &Tableau, format: Format, nom: &str) -> Reponse {
    let octets = match format {
        Format::Csv => t.csv(),
        Format::Xlsx => t.xlsx().map_err(|e| Erreur::interne(&e.to_string()))?,
    };
    rendre_fichier(
        octets,
        format.nature(),
        &format!("{nom}.{}", format.extension()),
    )
}

/// Rend un fichier à télécharger, que rien ne garde en route.
pub fn rendre_fichier(octets: Vec<u8>, nature: &'static str, nom: &str) -> Reponse {
    let mut r = octets.into_response();
    let entetes = r.headers_mut();
    entetes.insert(header::CONTENT_TYPE, HeaderValue::from_static(nature));
    entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let propose = format!("attachment; filename=\"{}\"", nom_de_fichier(nom));
    entetes.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&propose).map_err(|e| Erreur::interne(&e.to_string()))?,
    );
    Ok(r)
}

/// Un nom de fichier que tous les systèmes acceptent : lettres sans accent, chiffres, points, tirets.
pub fn nom_de_fichier(nom: &str) -> String {
    let mut sain = String::new();
    for c in nom.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || c == '.' => sain.push(c),
            c if c.is_alphabetic() => {
                let lettre = metier::candidats::sans_accents(&c.to_string());
                sain.push_str(&if c.is_uppercase() {
                    lettre.to_uppercase()
                } else {
                    lettre
                });
            }
            _ if !sain.ends_with('-') => sain.push('-'),
            _ => {}
        }
    }
    sain.trim_matches(['-', '.']).to_owned()
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn un_nom_de_fichier_reste_lisible_et_sans_danger() {
        assert_eq!(
            nom_de_fichier("candidats-DWWM, 15 déc. 2026.csv"),
            "candidats-DWWM-15-dec.-2026.csv"
        );
        assert_eq!(nom_de_fichier("../\"x\""), "x");
    }
}
