//! Fabriquer des classeurs minuscules, sains ou faussés, sans tableur.

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Une archive ZIP compressée, entrée par entrée.
pub fn archive(entrees: &[(&str, &[u8])]) -> Vec<u8> {
    let mut sortie = ZipWriter::new(Cursor::new(vec![]));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6));
    for (nom, octets) in entrees {
        sortie.start_file(*nom, options).unwrap();
        sortie.write_all(octets).unwrap();
    }
    sortie.finish().unwrap().into_inner()
}

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const RELS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

/// Un classeur XLSX : des feuilles (nom, état, contenu de `sheetData`) et des textes partagés.
pub struct Xlsx {
    pub feuilles: Vec<(&'static str, &'static str, String)>,
    pub partages: Option<String>,
    pub depuis_1904: bool,
}

impl Xlsx {
    /// Une seule feuille visible.
    pub fn seule(donnees: impl Into<String>) -> Self {
        Self {
            feuilles: vec![("Liste", "visible", donnees.into())],
            partages: None,
            depuis_1904: false,
        }
    }

    /// Les octets du fichier.
    pub fn octets(&self) -> Vec<u8> {
        self.octets_avec(&[])
    }

    /// Les octets du fichier, avec des entrées de plus.
    pub fn octets_avec(&self, autres: &[(&str, &[u8])]) -> Vec<u8> {
        let mut classeur = String::from(
            r#"<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">"#,
        );
        if self.depuis_1904 {
            classeur += r#"<workbookPr date1904="1"/>"#;
        }
        classeur += "<sheets>";
        let mut liens = String::from(
            r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
        );
        let mut parties: Vec<(String, Vec<u8>)> = vec![
            ("[Content_Types].xml".into(), TYPES.into()),
            ("_rels/.rels".into(), RELS.into()),
        ];
        for (i, (nom, etat, donnees)) in self.feuilles.iter().enumerate() {
            let n = i + 1;
            classeur +=
                &format!(r#"<sheet name="{nom}" sheetId="{n}" state="{etat}" r:id="rId{n}"/>"#);
            liens += &format!(
                r#"<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{n}.xml"/>"#
            );
            parties.push((format!("xl/worksheets/sheet{n}.xml"), format!(r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{donnees}</sheetData></worksheet>"#).into()));
        }
        if let Some(partages) = &self.partages {
            liens += r#"<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>"#;
            parties.push(("xl/sharedStrings.xml".into(), partages.clone().into()));
        }
        parties.push((
            "xl/workbook.xml".into(),
            (classeur + "</sheets></workbook>").into(),
        ));
        parties.push((
            "xl/_rels/workbook.xml.rels".into(),
            (liens + "</Relationships>").into(),
        ));
        let mut toutes: Vec<(&str, &[u8])> = parties
            .iter()
            .map(|(n, o)| (n.as_str(), o.as_slice()))
            .collect();
        toutes.extend_from_slice(autres);
        archive(&toutes)
    }
}

/// Une ligne de feuille XLSX, textes en place.
pub fn rangee(numero: u32, cellules: &[&str]) -> String {
    let cellules: String = cellules
        .iter()
        .zip('A'..='Z')
        .filter(|(t, _)| !t.is_empty())
        .map(
            |(t, c)| match t.strip_prefix('#').and_then(|n| n.parse::<f64>().ok()) {
                Some(n) => format!(r#"<c r="{c}{numero}"><v>{n}</v></c>"#),
                None => format!(r#"<c r="{c}{numero}" t="inlineStr"><is><t>{t}</t></is></c>"#),
            },
        )
        .collect();
    format!(r#"<row r="{numero}">{cellules}</row>"#)
}

/// Les intitulés ordinaires.
pub fn intitules(numero: u32) -> String {
    rangee(numero, &["Nom", "Prénom", "Date de naissance"])
}

/// Un candidat ordinaire.
pub fn candidat(numero: u32) -> String {
    rangee(numero, &["Abadie", "Aïcha", "12/03/1999"])
}

/// Une ligne de feuille ODS.
pub fn rangee_ods(attributs: &str, cellules: &[&str]) -> String {
    let cellules: String = cellules.iter().map(|t| format!(r#"<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>"#)).collect();
    format!("<table:table-row {attributs}>{cellules}</table:table-row>")
}

/// Un classeur ODS d'une feuille.
pub fn ods(donnees: &str) -> Vec<u8> {
    ods_brut(
        &format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="Liste">{donnees}</table:table></office:spreadsheet></office:body></office:document-content>"#
        ),
        "",
    )
}

/// Un classeur ODS dont on donne tout le contenu et un morceau du manifeste.
pub fn ods_brut(contenu: &str, manifeste: &str) -> Vec<u8> {
    let manifeste = format!(
        r#"<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="content.xml">{manifeste}</manifest:file-entry></manifest:manifest>"#
    );
    archive(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("content.xml", contenu.as_bytes()),
        ("META-INF/manifest.xml", manifeste.as_bytes()),
    ])
}

/// Change deux octets dans chaque en-tête ZIP (local et central), à tel décalage de chacun.
pub fn fausser(
    mut octets: Vec<u8>,
    entree: &str,
    local: usize,
    central: usize,
    valeur: &[u8],
) -> Vec<u8> {
    for (signature, decalage, debut_nom) in
        [(b"PK\x03\x04", local, 30), (b"PK\x01\x02", central, 46)]
    {
        let mut p = 0;
        while p + debut_nom + entree.len() <= octets.len() {
            if octets[p..].starts_with(signature)
                && octets[p + debut_nom..].starts_with(entree.as_bytes())
            {
                octets[p + decalage..p + decalage + valeur.len()].copy_from_slice(valeur);
            }
            p += 1;
        }
    }
    octets
}

/// Remplace partout une suite d'octets par une autre de même longueur.
pub fn remplacer(mut octets: Vec<u8>, avant: &[u8], apres: &[u8]) -> Vec<u8> {
    assert_eq!(avant.len(), apres.len());
    let mut p = 0;
    while p + avant.len() <= octets.len() {
        if octets[p..].starts_with(avant) {
            octets[p..p + apres.len()].copy_from_slice(apres);
        }
        p += 1;
    }
    octets
}
