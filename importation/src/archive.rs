//! Contrôler une archive ZIP avant de la lire : son répertoire d'abord, puis le contenu réel de ses parties XML.

use super::Illisible;
use super::limites::{DECOMPRESSE_MAX, ENTREES_MAX, RAPPORT_DES, RAPPORT_MAX};
use std::collections::HashSet;
use std::io::{Cursor, Read};
use zip::{CompressionMethod, ZipArchive};

/// Une archive en mémoire.
pub type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Les deux classeurs que Garant lit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Classeur {
    /// Office Open XML.
    Xlsx,
    /// OpenDocument.
    Ods,
}

const REFAIRE: &str =
    "Ouvrez-le dans le tableur, enregistrez-le de nouveau en .xlsx ou .ods, puis importez-le.";
const MIME_ODS: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// La phrase pour un classeur abîmé ou tronqué.
pub fn abime() -> Illisible {
    Illisible(format!(
        "Ce classeur est abîmé ou incomplet : il ne se laisse pas lire jusqu’au bout. {REFAIRE}"
    ))
}

fn suspect(pourquoi: &str) -> Illisible {
    Illisible(format!(
        "Ce classeur n’est pas construit comme celui d’un tableur ({pourquoi}) ; par prudence, Garant ne le lit pas. {REFAIRE}"
    ))
}

/// Contrôle l'archive entière et dit quel classeur elle est.
pub fn controler(octets: &[u8]) -> Result<Classeur, Illisible> {
    let mut archive = ouvrir(octets)?;
    controler_repertoire(&mut archive, octets.len() as u64)?;
    let classeur = reconnaitre(&mut archive)?;
    controler_contenu(&mut archive)?;
    Ok(classeur)
}

/// Ouvre l'archive.
pub fn ouvrir(octets: &[u8]) -> Result<Archive<'_>, Illisible> {
    ZipArchive::new(Cursor::new(octets)).map_err(|_| abime())
}

/// Nombre d'entrées, noms, chiffrement, total et rapport annoncés.
fn controler_repertoire(archive: &mut Archive<'_>, taille: u64) -> Result<(), Illisible> {
    if archive.len() > ENTREES_MAX {
        return Err(suspect(&format!(
            "{} parties, {ENTREES_MAX} au plus",
            archive.len()
        )));
    }
    let (mut total, mut compresse) = (0_u64, 0_u64);
    let mut noms = HashSet::new();
    for i in 0..archive.len() {
        let entree = archive.by_index_raw(i).map_err(|_| abime())?;
        if entree.encrypted() {
            return Err(Illisible::dire(
                "Ce classeur est protégé par un mot de passe. Ouvrez-le dans le tableur, retirez le mot de passe, enregistrez-le, puis importez-le.",
            ));
        }
        let nom = String::from_utf8_lossy(entree.name_raw()).into_owned();
        if nom.is_empty()
            || nom.len() > 255
            || nom.starts_with('/')
            || nom.contains(['\\', '\0', ':'])
            || nom.split('/').any(|p| p == "..")
            || entree.is_symlink()
        {
            return Err(suspect("une partie porte un nom dangereux"));
        }
        if !noms.insert(nom.to_lowercase()) {
            return Err(suspect("deux parties portent le même nom"));
        }
        if !matches!(
            entree.compression(),
            CompressionMethod::Stored | CompressionMethod::Deflated
        ) {
            return Err(suspect("compression inhabituelle"));
        }
        total = total.saturating_add(entree.size());
        compresse = compresse.saturating_add(entree.compressed_size());
        if entree.size() > RAPPORT_DES
            && entree.size() / entree.compressed_size().max(1) > RAPPORT_MAX
        {
            return Err(suspect("une partie enfle démesurément à l’ouverture"));
        }
    }
    if total > DECOMPRESSE_MAX {
        return Err(Illisible(format!(
            "Une fois ouvert, ce classeur pèserait plus de {} Mo. Copiez la liste des candidats seule dans un nouveau classeur, sans images ni mises en forme, puis importez-le.",
            DECOMPRESSE_MAX / 1024 / 1024
        )));
    }
    if compresse > taille {
        return Err(suspect("ses parties se chevauchent"));
    }
    Ok(())
}

fn reconnaitre(archive: &mut Archive<'_>) -> Result<Classeur, Illisible> {
    let contient = |a: &Archive<'_>, nom: &str| a.index_for_name(nom).is_some();
    if contient(archive, "mimetype") {
        let mut mime = vec![];
        archive
            .by_name("mimetype")
            .map_err(|_| abime())?
            .take(100)
            .read_to_end(&mut mime)
            .map_err(|_| abime())?;
        let mime = mime.trim_ascii();
        if mime == MIME_ODS || mime == b"application/vnd.oasis.opendocument.spreadsheet-template" {
            return if contient(archive, "content.xml") {
                Ok(Classeur::Ods)
            } else {
                Err(abime())
            };
        }
        return Err(Illisible::dire(
            "Ce document vient d’une suite bureautique, mais ce n’est pas un tableur. Copiez la liste dans une feuille de calcul, enregistrez-la en .ods, .xlsx ou .csv, puis importez-la.",
        ));
    }
    if contient(archive, "[Content_Types].xml") {
        for (partie, nom) in [
            ("word/document.xml", "un document Word"),
            ("ppt/presentation.xml", "une présentation"),
            ("xl/workbook.bin", "un classeur binaire .xlsb"),
        ] {
            if contient(archive, partie) {
                return Err(Illisible(format!(
                    "Malgré son nom, ce fichier est {nom}. Enregistrez la liste en .xlsx, .ods ou .csv depuis le tableur, puis importez-la."
                )));
            }
        }
        return if archive
            .file_names()
            .flatten()
            .any(|n| n.to_ascii_lowercase().ends_with("workbook.xml"))
        {
            Ok(Classeur::Xlsx)
        } else {
            Err(abime())
        };
    }
    Err(Illisible::dire(
        "Ce fichier est une archive ZIP, pas un classeur. Ouvrez l’archive, puis importez la liste qu’elle contient (.xlsx, .ods ou .csv).",
    ))
}

/// Décompresse chaque partie XML sans la garder : la taille réelle ne dépasse pas la taille annoncée, aucune entité déclarée.
fn controler_contenu(archive: &mut Archive<'_>) -> Result<(), Illisible> {
    let mut tampon = vec![0_u8; 64 * 1024];
    for i in 0..archive.len() {
        let mut entree = archive.by_index(i).map_err(|_| abime())?;
        let nom = entree.name_raw().to_ascii_lowercase();
        if !(nom.ends_with(b".xml") || nom.ends_with(b".rels")) {
            continue;
        }
        let annonce = entree.size();
        let mut lu = 0_u64;
        let mut queue: Vec<u8> = vec![];
        loop {
            let n = entree.read(&mut tampon).map_err(|_| abime())?;
            if n == 0 {
                break;
            }
            lu += n as u64;
            if lu > annonce {
                return Err(suspect("une partie est plus grande qu’annoncé"));
            }
            queue.extend_from_slice(&tampon[..n]);
            if queue.contains(&0)
                || queue.starts_with(&[0xFF, 0xFE])
                || queue.starts_with(&[0xFE, 0xFF])
            {
                return Err(suspect("encodage inhabituel"));
            }
            if declare_une_entite(&queue) {
                return Err(suspect("il déclare des entités XML"));
            }
            let garde = queue.len().saturating_sub(16);
            queue.drain(..garde);
        }
        if lu != annonce {
            return Err(abime());
        }
    }
    Ok(())
}

/// `<!DOCTYPE` ou `<!ENTITY`, quelle que soit la casse.
fn declare_une_entite(octets: &[u8]) -> bool {
    let mut debut = 0;
    while let Some(p) = octets[debut..].iter().position(|o| *o == b'<') {
        let ici = &octets[debut + p..];
        if ici.len() >= 8
            && ici[1] == b'!'
            && (ici[2..8].eq_ignore_ascii_case(b"DOCTYP")
                || ici[2..8].eq_ignore_ascii_case(b"ENTITY"))
        {
            return true;
        }
        debut += p + 1;
    }
    false
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn une_entite_se_voit_quelle_que_soit_sa_casse() {
        assert!(declare_une_entite(b"<?xml?><!doctype x [ ]>"));
        assert!(declare_une_entite(b"a<b<!ENTITY c 'd'>"));
        assert!(!declare_une_entite(b"<a><![CDATA[DOCTYPE]]></a><!-- x -->"));
    }

    #[test]
    fn une_archive_tronquee_se_dit() {
        assert_eq!(controler(b"PK\x03\x04 presque rien"), Err(abime()));
    }
}
