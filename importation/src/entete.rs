//! Trouver la feuille et la ligne d'intitulés : un titre avant, des cellules fusionnées, deux lignes d'intitulés, peu importe.

use super::Illisible;
use super::champs::texte;
use super::colonnes::{Champ, reconnaitre};
use super::pliage::citer;
use super::tableau::{Feuille, Rangee, Tableau};
use std::collections::HashSet;

/// Lignes non vides regardées en tête de feuille.
const LIGNES_REGARDEES: usize = 60;

/// La ligne d'intitulés trouvée.
#[derive(Debug, Clone, PartialEq)]
pub struct Entete {
    /// Rang de la feuille dans le tableau.
    pub feuille: usize,
    /// Rang, dans la feuille, de la première ligne de candidats.
    pub suite: usize,
    /// Numéro de la ligne d'intitulés.
    pub ligne: u32,
    /// Pour chaque colonne : l'intitulé et ce qu'on y a reconnu.
    pub colonnes: Vec<(String, Option<Champ>)>,
}

/// Cherche la meilleure ligne d'intitulés de toutes les feuilles visibles.
pub fn trouver(tableau: &Tableau) -> Result<Entete, Illisible> {
    let mut meilleure: Option<(usize, Entete)> = None;
    for (f, feuille) in tableau.feuilles.iter().enumerate() {
        for r in 0..feuille.rangees.len().min(LIGNES_REGARDEES) {
            for candidate in [simple(feuille, r), double(feuille, r)]
                .into_iter()
                .flatten()
            {
                let note = noter(&candidate);
                if note > meilleure.as_ref().map_or(0, |(n, _)| *n) {
                    meilleure = Some((
                        note,
                        Entete {
                            feuille: f,
                            suite: r + 1,
                            ligne: feuille.rangees[r].numero,
                            colonnes: candidate,
                        },
                    ));
                }
            }
        }
    }
    let Some((_, entete)) = meilleure else {
        return Err(introuvable(tableau));
    };
    let reconnus: HashSet<Champ> = entete.colonnes.iter().filter_map(|(_, c)| *c).collect();
    let a_nom = reconnus.contains(&Champ::Nom)
        || reconnus.contains(&Champ::NomNaissance)
        || reconnus.contains(&Champ::NomUsage);
    if reconnus.contains(&Champ::NomComplet) || a_nom && reconnus.contains(&Champ::Prenoms) {
        return Ok(entete);
    }
    if reconnus.len() < 2 {
        return Err(introuvable(tableau));
    }
    let manque = if a_nom {
        "celui du prénom"
    } else if reconnus.contains(&Champ::Prenoms) {
        "celui du nom"
    } else {
        "ceux du nom et du prénom"
    };
    Err(Illisible(format!(
        "La ligne {} porte des intitulés, mais il manque {manque}. Ajoutez les intitulés «\u{a0}Nom\u{a0}» et «\u{a0}Prénom\u{a0}» au-dessus de leurs colonnes, enregistrez, puis importez de nouveau.",
        entete.ligne
    )))
}

fn introuvable(tableau: &Tableau) -> Illisible {
    if tableau.feuilles.iter().all(|f| f.rangees.is_empty()) {
        return Illisible::dire(if tableau.cachees.is_empty() {
            "Ce fichier ne contient aucune ligne remplie. Vérifiez que c’est bien la liste des candidats, puis importez-la."
        } else {
            "Les seules lignes remplies de ce classeur sont sur des feuilles cachées, que Garant ne lit pas. Affichez la feuille dans le tableur, enregistrez, puis importez de nouveau."
        });
    }
    let premiere = tableau
        .feuilles
        .iter()
        .flat_map(|f| f.rangees.first())
        .flat_map(|r| r.cellules.iter())
        .map(texte)
        .find(|t| !t.is_empty());
    let debut = premiere
        .map(|t| format!(" Le fichier commence par {}.", citer(&t)))
        .unwrap_or_default();
    Illisible(format!(
        "Garant ne trouve pas la ligne d’intitulés.{debut} Mettez au-dessus de la liste une ligne avec au moins «\u{a0}Nom\u{a0}», «\u{a0}Prénom\u{a0}» et «\u{a0}Date de naissance\u{a0}», enregistrez, puis importez de nouveau."
    ))
}

/// La ligne seule.
fn simple(feuille: &Feuille, r: usize) -> Option<Vec<(String, Option<Champ>)>> {
    Some(
        feuille.rangees[r]
            .cellules
            .iter()
            .map(|c| {
                let t = texte(c);
                let champ = reconnaitre(&t);
                (t, champ)
            })
            .collect(),
    )
}

/// La ligne et celle du dessus, pour les intitulés fusionnés (« Naissance » au-dessus de « Date » et « Lieu »).
fn double(feuille: &Feuille, r: usize) -> Option<Vec<(String, Option<Champ>)>> {
    let haut = feuille.rangees.get(r.checked_sub(1)?)?;
    let bas = &feuille.rangees[r];
    if haut.numero + 1 != bas.numero {
        return None;
    }
    let largeur = haut.cellules.len().max(bas.cellules.len());
    let mut dessus = String::new();
    let colonnes: Vec<_> = (0..largeur)
        .map(|i| {
            let propre = intitule(haut, i);
            let sien = intitule(bas, i);
            // Une cellule fusionnée n'a de texte qu'à sa gauche : il vaut pour les colonnes vides qui suivent.
            if !propre.is_empty() {
                dessus.clone_from(&propre);
            }
            if sien.is_empty() {
                let champ = reconnaitre(&propre);
                return (propre, champ);
            }
            let ensemble = format!("{dessus} {sien}");
            match (reconnaitre(&sien), reconnaitre(&ensemble)) {
                (Some(c), _) => (sien, Some(c)),
                (None, Some(c)) => (ensemble.trim().to_owned(), Some(c)),
                (None, None) => (sien, None),
            }
        })
        .collect();
    Some(colonnes)
}

fn intitule(rangee: &Rangee, colonne: usize) -> String {
    rangee.cellules.get(colonne).map(texte).unwrap_or_default()
}

/// Champs distincts reconnus ; un nom et un prénom pèsent plus ; à égalité, la première ligne rencontrée l'emporte.
fn noter(colonnes: &[(String, Option<Champ>)]) -> usize {
    let reconnus: HashSet<Champ> = colonnes
        .iter()
        .filter_map(|(_, c)| *c)
        .filter(|c| *c != Champ::Nir)
        .collect();
    let noms = [
        Champ::Nom,
        Champ::NomNaissance,
        Champ::Prenoms,
        Champ::NomComplet,
    ]
    .iter()
    .filter(|c| reconnus.contains(c))
    .count();
    reconnus.len() * 2 + noms
}

#[cfg(test)]
mod essais {
    use super::*;
    use crate::tableau::Cellule;

    fn feuille(lignes: &[(u32, &[&str])]) -> Tableau {
        let rangees = lignes
            .iter()
            .map(|(numero, cellules)| Rangee {
                numero: *numero,
                cellules: cellules.iter().map(|c| Cellule::depuis_texte(c)).collect(),
            })
            .collect();
        Tableau {
            feuilles: vec![Feuille {
                nom: String::new(),
                rangees,
            }],
            ..Tableau::default()
        }
    }

    #[test]
    fn un_titre_et_des_lignes_vides_peuvent_preceder_les_intitules() {
        let e = trouver(&feuille(&[
            (1, &["Liste des stagiaires"]),
            (4, &["NOM", "Prénom", "Né(e) le"]),
            (5, &["A", "B", "1"]),
        ]))
        .unwrap();
        assert_eq!((e.ligne, e.suite), (4, 2));
    }

    #[test]
    fn des_intitules_fusionnes_sur_deux_lignes_se_lisent_ensemble() {
        let e = trouver(&feuille(&[
            (1, &["Nom", "Prénom", "Naissance", "", "Coordonnées", ""]),
            (2, &["", "", "Date", "Lieu", "Mél", "Téléphone"]),
            (3, &["A", "B", "1", "2", "3", "4"]),
        ]))
        .unwrap();
        let champs: Vec<_> = e.colonnes.iter().map(|(_, c)| c.unwrap()).collect();
        assert_eq!(
            champs,
            [
                Champ::Nom,
                Champ::Prenoms,
                Champ::Naissance,
                Champ::LieuNaissance,
                Champ::Courriel,
                Champ::Telephone
            ]
        );
        assert_eq!(e.suite, 2);
    }

    #[test]
    fn sans_intitules_la_phrase_dit_quoi_ajouter() {
        for t in [
            feuille(&[(1, &["Abadie", "Aïcha", "12/03/1999"])]),
            feuille(&[(1, &["Prénom", "Mél", "Ville"])]),
            feuille(&[]),
        ] {
            let e = trouver(&t).unwrap_err();
            assert!(
                e.0.contains("Ajoutez") || e.0.contains("Mettez") || e.0.contains("Vérifiez"),
                "{e}"
            );
        }
    }
}
