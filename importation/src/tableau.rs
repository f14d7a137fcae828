//! Ce que le processus de lecture rend : des cellules simples, en nombre et en taille bornés, avec leurs numéros de ligne.

use super::Illisible;
use super::limites::{CARACTERES_MAX, COLONNES_MAX, FEUILLES_MAX, RANGEES_MAX, TEXTE_MAX};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Une cellule.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Cellule {
    /// Rien.
    #[default]
    #[serde(rename = "v")]
    Vide,
    /// Du texte, deux mille caractères au plus.
    #[serde(rename = "t")]
    Texte(String),
    /// Un nombre.
    #[serde(rename = "n")]
    Nombre(f64),
    /// Une date que le tableur tient pour une date.
    #[serde(rename = "d")]
    Date(Date),
    /// Un texte trop long, dont on ne garde que le nombre de caractères.
    #[serde(rename = "l")]
    TropLongue(usize),
    /// Une erreur du tableur (`#REF!`, `#N/A`…).
    #[serde(rename = "e")]
    Erreur,
}

impl Cellule {
    /// Un texte, ou une cellule trop longue, ou rien s'il n'y a que des blancs.
    pub fn depuis_texte(texte: &str) -> Self {
        let longueur = texte.chars().count();
        if longueur > CARACTERES_MAX {
            return Self::TropLongue(longueur);
        }
        if texte.chars().all(|c| c.is_whitespace() || c.is_control()) {
            return Self::Vide;
        }
        Self::Texte(texte.to_owned())
    }

    /// Rien dans la cellule ?
    pub fn est_vide(&self) -> bool {
        *self == Self::Vide
    }
}

/// Une ligne non vide, avec son numéro tel que le tableur le montre (à partir de 1).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rangee {
    /// Numéro de ligne.
    pub numero: u32,
    /// Ses cellules, depuis la colonne A.
    pub cellules: Vec<Cellule>,
}

/// Une feuille visible.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Feuille {
    /// Son nom ; vide pour un fichier CSV.
    pub nom: String,
    /// Ses lignes non vides, dans l'ordre.
    pub rangees: Vec<Rangee>,
}

/// Tout le fichier.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tableau {
    /// Les feuilles visibles.
    pub feuilles: Vec<Feuille>,
    /// Les noms des feuilles cachées, laissées de côté.
    pub cachees: Vec<String>,
    /// Les dates du classeur comptent-elles depuis 1904 ?
    pub depuis_1904: bool,
    /// Ce que la lecture a supposé, à dire à la personne (encodage deviné…).
    pub remarques: Vec<String>,
}

/// Remplit un [`Tableau`] en refusant tout dépassement, au fil de la lecture.
#[derive(Debug, Default)]
pub struct Remplissage {
    tableau: Tableau,
    texte: usize,
}

impl Remplissage {
    /// Ouvre une feuille visible.
    pub fn feuille(&mut self, nom: &str) -> Result<(), Illisible> {
        if self.tableau.feuilles.len() >= FEUILLES_MAX {
            return Err(Illisible(format!(
                "Ce classeur contient plus de {FEUILLES_MAX} feuilles. Copiez la liste des candidats seule dans un nouveau classeur, puis importez-le."
            )));
        }
        self.tableau.feuilles.push(Feuille {
            nom: nom.chars().take(100).collect(),
            rangees: vec![],
        });
        Ok(())
    }

    /// Note une feuille cachée.
    pub fn cachee(&mut self, nom: &str) {
        if self.tableau.cachees.len() < FEUILLES_MAX {
            self.tableau.cachees.push(nom.chars().take(100).collect());
        }
    }

    /// Note une remarque à montrer.
    pub fn remarque(&mut self, phrase: impl Into<String>) {
        self.tableau.remarques.push(phrase.into());
    }

    /// Le classeur compte depuis 1904.
    pub fn depuis_1904(&mut self, oui: bool) {
        self.tableau.depuis_1904 = oui;
    }

    /// Pose une cellule (ligne et colonne à partir de 0). Les lignes arrivent dans l'ordre, comme dans tout fichier de tableur.
    pub fn poser(&mut self, ligne: u32, colonne: u32, cellule: Cellule) -> Result<(), Illisible> {
        if cellule.est_vide() {
            return Ok(());
        }
        if colonne as usize >= COLONNES_MAX {
            return Err(Illisible(format!(
                "Une ligne du fichier compte plus de {COLONNES_MAX} colonnes (ligne {}). Ne gardez que les colonnes utiles aux candidats, puis importez de nouveau.",
                ligne.saturating_add(1)
            )));
        }
        if let Cellule::Texte(t) = &cellule {
            self.texte += t.len();
            if self.texte > TEXTE_MAX {
                return Err(Illisible::dire(
                    "Ce fichier contient trop de texte pour une liste de candidats. Copiez la liste seule dans un nouveau classeur, puis importez-le.",
                ));
            }
        }
        let feuille = self
            .tableau
            .feuilles
            .last_mut()
            .expect("une feuille est ouverte avant ses cellules");
        let numero = ligne.saturating_add(1);
        match feuille.rangees.last().map(|r| r.numero) {
            Some(n) if n == numero => {}
            Some(n) if n > numero => {
                return Err(Illisible::dire(
                    "Les lignes de ce classeur ne sont pas dans l’ordre : il est abîmé. Ouvrez-le dans le tableur, enregistrez-le de nouveau, puis importez-le.",
                ));
            }
            _ => {
                if feuille.rangees.len() >= RANGEES_MAX {
                    return Err(trop_de_lignes());
                }
                feuille.rangees.push(Rangee {
                    numero,
                    cellules: vec![],
                });
            }
        }
        let rangee = feuille
            .rangees
            .last_mut()
            .expect("la ligne vient d’être ouverte");
        let colonne = colonne as usize;
        if rangee.cellules.len() <= colonne {
            rangee.cellules.resize(colonne + 1, Cellule::Vide);
        }
        rangee.cellules[colonne] = cellule;
        Ok(())
    }

    /// Rend le tableau rempli.
    pub fn finir(self) -> Tableau {
        self.tableau
    }
}

/// La phrase du dépassement de lignes.
pub fn trop_de_lignes() -> Illisible {
    Illisible("Ce fichier contient plus de 5\u{a0}000 lignes remplies. Partagez-le en plusieurs fichiers, un par session, puis importez-les l’un après l’autre.".into())
}

/// La lettre d'une colonne (0 → A), pour la nommer comme le tableur.
pub fn lettre(colonne: usize) -> String {
    let mut n = colonne + 1;
    let mut s = String::new();
    while n > 0 {
        s.insert(0, char::from(b'A' + ((n - 1) % 26) as u8));
        n = (n - 1) / 26;
    }
    s
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn les_colonnes_portent_les_lettres_du_tableur() {
        assert_eq!(
            (lettre(0), lettre(25), lettre(26), lettre(59)),
            ("A".into(), "Z".into(), "AA".into(), "BH".into())
        );
    }

    #[test]
    fn une_colonne_de_trop_se_refuse_et_nomme_sa_ligne() {
        let mut r = Remplissage::default();
        r.feuille("a").unwrap();
        r.poser(4, 59, Cellule::Nombre(1.0)).unwrap();
        let e = r.poser(4, 60, Cellule::Nombre(1.0)).unwrap_err();
        assert!(
            e.0.contains("60 colonnes") && e.0.contains("ligne 5"),
            "{e}"
        );
    }

    #[test]
    fn un_texte_trop_long_ne_garde_que_sa_longueur() {
        assert_eq!(
            Cellule::depuis_texte(&"é".repeat(2001)),
            Cellule::TropLongue(2001)
        );
        assert_eq!(Cellule::depuis_texte(" \u{a0}\t"), Cellule::Vide);
    }
}
