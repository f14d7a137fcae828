//! Reconnaître ce qu'est un fichier d'après ses octets, jamais d'après son nom.

use super::Illisible;

/// Ce que Garant sait lire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Texte séparé (CSV).
    Texte,
    /// Archive ZIP : XLSX ou ODS, à départager par son contenu.
    Archive,
}

/// Dit la nature du fichier, ou refuse avec une phrase.
pub fn reconnaitre(octets: &[u8]) -> Result<Nature, Illisible> {
    if octets.iter().all(|o| o.is_ascii_whitespace() || *o == 0) {
        return Err(Illisible::dire(
            "Ce fichier est vide. Ouvrez-le dans le tableur, vérifiez qu’il contient la liste, enregistrez-le, puis importez-le.",
        ));
    }
    if octets.starts_with(b"PK\x03\x04") {
        return Ok(Nature::Archive);
    }
    if octets.starts_with(b"PK") {
        return Err(Illisible::dire(
            "Cette archive est vide ou incomplète : ce n’est pas un classeur. Enregistrez la liste en .xlsx, .ods ou .csv, puis importez-la.",
        ));
    }
    if octets.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        let motif: Vec<u8> = "EncryptedPackage"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        return Err(Illisible::dire(if contient(octets, &motif) {
            "Ce classeur est protégé par un mot de passe. Ouvrez-le dans le tableur, retirez le mot de passe, enregistrez-le, puis importez-le."
        } else {
            "Ce fichier est au format .xls (Excel 97 à 2003), que Garant ne lit pas. Ouvrez-le dans le tableur, choisissez «\u{a0}Enregistrer sous\u{a0}», le format .xlsx ou .ods, puis importez-le."
        }));
    }
    let connus: [(&[u8], &str); 13] = [
        (b"%PDF", "un document PDF"),
        (b"\x89PNG", "une image"),
        (b"\xFF\xD8\xFF", "une image"),
        (b"GIF8", "une image"),
        (b"{\\rtf", "un document de traitement de texte (RTF)"),
        (b"\x1F\x8B", "une archive compressée"),
        (b"BZh", "une archive compressée"),
        (b"7z\xBC\xAF\x27\x1C", "une archive compressée"),
        (b"Rar!", "une archive compressée"),
        (b"\xFD7zXZ", "une archive compressée"),
        (b"\x7FELF", "un programme"),
        (b"MZ\x90", "un programme"),
        (b"SQLite format 3", "une base de données"),
    ];
    if let Some((_, nom)) = connus.iter().find(|(debut, _)| octets.starts_with(debut)) {
        return Err(autre(nom));
    }
    let tete: String = octets
        .iter()
        .take(2_000)
        .filter(|o| **o != 0)
        .map(|o| char::from(*o).to_ascii_lowercase())
        .collect();
    let tete = tete.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, 'ï' | '»' | '¿' | 'ÿ' | 'þ')
    });
    for debut in [
        "<!doctype html",
        "<html",
        "<table",
        "<head",
        "<body",
        "<meta",
    ] {
        if tete.starts_with(debut) {
            return Err(autre("une page web (certains logiciels la nomment .xls)"));
        }
    }
    for (debut, nom) in [
        ("<?xml", "un document XML"),
        ("<!doctype", "un document XML"),
        ("<!--", "un document XML"),
        ("<workbook", "un document XML"),
        ("begin:vcard", "un carnet d’adresses"),
        ("begin:vcalendar", "un agenda"),
    ] {
        if tete.starts_with(debut) {
            return Err(autre(nom));
        }
    }
    if (tete.starts_with('{') || tete.starts_with("[{") || tete.starts_with("[\n"))
        && tete.contains("\":")
    {
        return Err(autre("un fichier JSON"));
    }
    Ok(Nature::Texte)
}

/// La phrase pour un fichier d'une autre nature, quelle que soit son extension.
fn autre(nom: &str) -> Illisible {
    Illisible(format!(
        "Malgré son nom, ce fichier est {nom}, pas une liste de tableur. Ouvrez la liste dans le tableur, enregistrez-la en .xlsx, .ods ou .csv, puis importez-la."
    ))
}

/// Les octets contiennent-ils ce motif ?
pub fn contient(octets: &[u8], motif: &[u8]) -> bool {
    octets.windows(motif.len()).any(|f| f == motif)
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn le_contenu_decide_et_non_le_nom() {
        assert_eq!(reconnaitre(b"Nom;Prenom\n"), Ok(Nature::Texte));
        assert_eq!(reconnaitre(b"PK\x03\x04...."), Ok(Nature::Archive));
        for (octets, mot) in [
            (&b"%PDF-1.7"[..], "PDF"),
            (b"<html><table>", "page web"),
            (b"\xEF\xBB\xBF<?xml version", "XML"),
            (b"  \n", "vide"),
            (b"\xD0\xCF\x11\xE0....", ".xls"),
            (b"{\"a\": 1}", "JSON"),
        ] {
            let phrase = reconnaitre(octets).unwrap_err().0;
            assert!(phrase.contains(mot), "{phrase}");
        }
    }
}
