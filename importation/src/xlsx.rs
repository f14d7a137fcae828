//! Lire un classeur XLSX au fil de l'eau : seules les cellules réellement présentes comptent, jamais les dimensions annoncées.

use super::Illisible;
use super::archive::abime;
use super::dates;
use super::tableau::{Cellule, Remplissage};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::io::Cursor;

/// Lit les feuilles visibles du classeur.
pub fn lire(octets: &[u8], remplissage: &mut Remplissage) -> Result<(), Illisible> {
    let mut classeur: Xlsx<_> = Xlsx::new(Cursor::new(octets)).map_err(phrase)?;
    let depuis_1904 = classeur.has_1904_epoch();
    remplissage.depuis_1904(depuis_1904);
    let feuilles = classeur.sheets_metadata().to_vec();
    for feuille in feuilles.iter().filter(|f| f.typ == SheetType::WorkSheet) {
        if feuille.visible != SheetVisible::Visible {
            remplissage.cachee(&feuille.name);
            continue;
        }
        remplissage.feuille(&feuille.name)?;
        let mut cellules = classeur
            .worksheet_cells_reader(&feuille.name)
            .map_err(phrase)?;
        while let Some(cellule) = cellules.next_cell().map_err(phrase)? {
            let (ligne, colonne) = cellule.get_position();
            remplissage.poser(ligne, colonne, convertir(cellule.get_value(), depuis_1904))?;
        }
    }
    Ok(())
}

fn convertir(valeur: &DataRef<'_>, depuis_1904: bool) -> Cellule {
    match valeur {
        DataRef::Empty => Cellule::Vide,
        DataRef::Int(n) => Cellule::Nombre(*n as f64),
        DataRef::Float(n) => nombre(*n),
        DataRef::String(t) => Cellule::depuis_texte(t),
        DataRef::SharedString(t) => Cellule::depuis_texte(t),
        DataRef::DurationIso(t) => Cellule::depuis_texte(t),
        DataRef::Bool(b) => Cellule::Texte(if *b { "VRAI" } else { "FAUX" }.into()),
        DataRef::DateTime(d) => dates::depuis_numero(d.as_f64(), depuis_1904)
            .map_or_else(|| nombre(d.as_f64()), Cellule::Date),
        DataRef::DateTimeIso(t) => {
            dates::iso(t).map_or_else(|| Cellule::depuis_texte(t), Cellule::Date)
        }
        DataRef::Error(_) => Cellule::Erreur,
    }
}

/// Un nombre qui se représente ; sinon une erreur de cellule.
fn nombre(n: f64) -> Cellule {
    if n.is_finite() {
        Cellule::Nombre(n)
    } else {
        Cellule::Erreur
    }
}

fn phrase(erreur: XlsxError) -> Illisible {
    match erreur {
        XlsxError::Password => Illisible::dire(
            "Ce classeur est protégé par un mot de passe. Ouvrez-le dans le tableur, retirez le mot de passe, enregistrez-le, puis importez-le.",
        ),
        _ => abime(),
    }
}
