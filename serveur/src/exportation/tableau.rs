//! Une liste, en CSV ou en XLSX. Une cellule qu'un tableur prendrait pour une formule est neutralisée.

use jiff::civil::Date;
use metier::temps;
use std::fmt::Write as _;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Caractères d'une cellule, au plus (limite d'Excel).
const CARACTERES_MAX: usize = 32_767;
/// Largeur d'une colonne, en caractères.
const LARGEURS: (usize, usize) = (8, 48);

/// Une cellule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cellule {
    /// Du texte ; vide : rien.
    Texte(String),
    /// Une date : « 15/12/2026 » en CSV, une vraie date en XLSX.
    Jour(Date),
    /// Un nombre entier.
    Nombre(u64),
}

impl From<&str> for Cellule {
    fn from(t: &str) -> Self {
        Self::Texte(t.to_owned())
    }
}
impl From<String> for Cellule {
    fn from(t: String) -> Self {
        Self::Texte(t)
    }
}
impl From<&Option<String>> for Cellule {
    fn from(t: &Option<String>) -> Self {
        Self::Texte(t.clone().unwrap_or_default())
    }
}
impl From<Option<Date>> for Cellule {
    fn from(d: Option<Date>) -> Self {
        d.map_or_else(|| Self::Texte(String::new()), Self::Jour)
    }
}

/// Une liste : un titre de feuille, des intitulés, des lignes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tableau {
    /// Nom de la feuille.
    pub titre: String,
    /// Intitulés.
    pub colonnes: Vec<String>,
    /// Lignes, de la longueur des intitulés.
    pub lignes: Vec<Vec<Cellule>>,
}

/// Un tableur prendrait-il ce texte pour une formule, ou pour une commande ?
fn est_une_formule(t: &str) -> bool {
    t.trim_start_matches([' ', '\u{a0}'])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|', '%'])
        || t.starts_with(['\t', '\r', '\n'])
}

impl Tableau {
    /// En CSV : UTF-8 marqué, points-virgules, fins de ligne de Windows. Une formule y devient un texte, par une apostrophe.
    pub fn csv(&self) -> Vec<u8> {
        let mut s = String::from('\u{feff}');
        let mut ligne = |cellules: &mut dyn Iterator<Item = String>| {
            for (i, c) in cellules.enumerate() {
                if i > 0 {
                    s.push(';');
                }
                let c = if est_une_formule(&c) {
                    format!("'{c}")
                } else {
                    c
                };
                if c.contains([';', '"', '\n', '\r', '\'', '\t']) {
                    let _ = write!(s, "\"{}\"", c.replace('"', "\"\""));
                } else {
                    s.push_str(&c);
                }
            }
            s.push_str("\r\n");
        };
        ligne(&mut self.colonnes.iter().cloned());
        for l in &self.lignes {
            ligne(&mut l.iter().map(|c| match c {
                Cellule::Texte(t) => t.clone(),
                Cellule::Jour(d) => temps::date_chiffres(*d),
                Cellule::Nombre(n) => n.to_string(),
            }));
        }
        s.into_bytes()
    }

    /// En XLSX : du texte en ligne (jamais une formule), de vraies dates, une première ligne figée et filtrable.
    ///
    /// # Errors
    /// Si l'archive ne s'écrit pas.
    pub fn xlsx(&self) -> zip::result::ZipResult<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (nom, contenu) in [
            ("[Content_Types].xml", TYPES.to_owned()),
            ("_rels/.rels", RELATIONS.to_owned()),
            ("xl/workbook.xml", self.classeur()),
            ("xl/_rels/workbook.xml.rels", RELATIONS_CLASSEUR.to_owned()),
            ("xl/styles.xml", STYLES.to_owned()),
            ("xl/worksheets/sheet1.xml", self.feuille()),
        ] {
            zip.start_file(nom, options)?;
            zip.write_all(contenu.as_bytes())?;
        }
        Ok(zip.finish()?.into_inner())
    }

    fn classeur(&self) -> String {
        let nom: String = self
            .titre
            .chars()
            .filter(|c| !"[]:*?/\\'".contains(*c))
            .take(31)
            .collect();
        let plage = format!(
            "$A$1:${}${}",
            colonne(self.colonnes.len().saturating_sub(1)),
            self.lignes.len() + 1
        );
        format!(
            "{ENTETE}<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"{nom}\" sheetId=\"1\" r:id=\"rId1\"/></sheets><definedNames><definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"0\" hidden=\"1\">'{nom}'!{plage}</definedName><definedName name=\"_xlnm.Print_Titles\" localSheetId=\"0\">'{nom}'!$1:$1</definedName></definedNames></workbook>",
            nom = echapper(&nom)
        )
    }

    fn feuille(&self) -> String {
        let derniere = colonne(self.colonnes.len().saturating_sub(1));
        let mut f = format!(
            "{ENTETE}<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>"
        );
        for (i, intitule) in self.colonnes.iter().enumerate() {
            let large = self
                .lignes
                .iter()
                .filter_map(|l| match l.get(i) {
                    Some(Cellule::Texte(t)) => Some(t.chars().count()),
                    Some(Cellule::Jour(_)) => Some(10),
                    Some(Cellule::Nombre(_)) | None => None,
                })
                .chain([intitule.chars().count()])
                .max()
                .unwrap_or_default()
                .clamp(LARGEURS.0, LARGEURS.1);
            let _ = write!(
                f,
                "<col min=\"{n}\" max=\"{n}\" width=\"{}\" customWidth=\"1\"/>",
                large + 2,
                n = i + 1
            );
        }
        f.push_str("</cols><sheetData><row r=\"1\">");
        for (i, c) in self.colonnes.iter().enumerate() {
            texte(&mut f, &format!("{}1", colonne(i)), c, STYLE_INTITULE);
        }
        f.push_str("</row>");
        for (n, l) in self.lignes.iter().enumerate() {
            let _ = write!(f, "<row r=\"{}\">", n + 2);
            for (i, c) in l.iter().enumerate() {
                let place = format!("{}{}", colonne(i), n + 2);
                match c {
                    Cellule::Texte(t) if t.is_empty() => {}
                    Cellule::Texte(t) if est_une_formule(t) => {
                        texte(&mut f, &place, t, STYLE_CITE);
                    }
                    Cellule::Texte(t) => texte(&mut f, &place, t, STYLE_TEXTE),
                    Cellule::Jour(d) => {
                        let _ = write!(
                            f,
                            "<c r=\"{place}\" s=\"{STYLE_JOUR}\"><v>{}</v></c>",
                            numero(*d)
                        );
                    }
                    Cellule::Nombre(x) => {
                        let _ = write!(f, "<c r=\"{place}\"><v>{x}</v></c>");
                    }
                }
            }
            f.push_str("</row>");
        }
        let _ = write!(
            f,
            "</sheetData><autoFilter ref=\"A1:{derniere}{}\"/><pageSetup orientation=\"landscape\" paperSize=\"9\" fitToHeight=\"0\"/></worksheet>",
            self.lignes.len() + 1
        );
        f
    }
}

const STYLE_TEXTE: u8 = 1;
const STYLE_INTITULE: u8 = 2;
const STYLE_JOUR: u8 = 3;
/// Le tableur montre l'apostrophe des textes forcés : réenregistrée en CSV ailleurs, la cellule reste un texte.
const STYLE_CITE: u8 = 4;

fn texte(f: &mut String, place: &str, t: &str, style: u8) {
    let court: String = t.chars().take(CARACTERES_MAX).collect();
    let _ = write!(
        f,
        "<c r=\"{place}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
        echapper(&court)
    );
}

/// Le texte tel que XML l'accepte : les signes interdits s'en vont.
fn echapper(t: &str) -> String {
    let mut s = String::with_capacity(t.len());
    for c in t.chars() {
        match c {
            '&' => s.push_str("&amp;"),
            '<' => s.push_str("&lt;"),
            '>' => s.push_str("&gt;"),
            '"' => s.push_str("&quot;"),
            '\n' | '\t' => s.push(c),
            c if c.is_control() || c == '\u{fffe}' || c == '\u{ffff}' => {}
            c => s.push(c),
        }
    }
    s
}

/// « A », « Z », « AA »…
fn colonne(mut i: usize) -> String {
    let mut s = vec![];
    loop {
        s.push(b'A' + (i % 26) as u8);
        if i < 26 {
            break;
        }
        i = i / 26 - 1;
    }
    s.reverse();
    String::from_utf8_lossy(&s).into_owned()
}

/// Le numéro de jour d'Excel, calendrier de 1900 (le 29 février 1900, qui n'a pas existé, y compte).
fn numero(d: Date) -> i64 {
    let jours = temps::jours_entre(jiff::civil::date(1899, 12, 30), d);
    if d < jiff::civil::date(1900, 3, 1) {
        jours - 1
    } else {
        jours
    }
}

const ENTETE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/></Types>";
const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const RELATIONS_CLASSEUR: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>";
const STYLES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/></numFmts><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill><fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFE4EFE9\"/></patternFill></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"5\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/><xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/><xf numFmtId=\"49\" fontId=\"1\" fillId=\"2\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\" applyFill=\"1\"/><xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/><xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" quotePrefix=\"1\"/></cellXfs></styleSheet>";

#[cfg(test)]
mod essais {
    use super::*;
    use calamine::{Data, Reader, Xlsx};
    use jiff::civil::date;

    fn tableau() -> Tableau {
        Tableau {
            titre: "Candidats : essai".into(),
            colonnes: vec!["Nom".into(), "Naissance".into(), "N".into()],
            lignes: vec![
                vec![
                    "=HYPERLINK(\"x\")".into(),
                    Some(date(1999, 3, 12)).into(),
                    Cellule::Nombre(3),
                ],
                vec!["D’Aubigné; \"É\" <&>\u{1}".into(), None.into(), "".into()],
                vec![
                    "+33612345678".into(),
                    Some(date(1900, 1, 1)).into(),
                    " @cmd".into(),
                ],
            ],
        }
    }

    #[test]
    fn un_csv_neutralise_les_formules_et_protege_les_separateurs() {
        let csv = String::from_utf8(tableau().csv()).unwrap();
        let lignes: Vec<_> = csv.trim_start_matches('\u{feff}').split("\r\n").collect();
        assert!(csv.starts_with('\u{feff}'));
        assert_eq!(lignes[0], "Nom;Naissance;N");
        assert_eq!(lignes[1], "\"'=HYPERLINK(\"\"x\"\")\";12/03/1999;3");
        assert!(lignes[2].starts_with("\"D’Aubigné; \"\"É\"\" <&>"));
        assert_eq!(lignes[3], "\"'+33612345678\";01/01/1900;\"' @cmd\"");
    }

    #[test]
    fn un_xlsx_se_relit_sans_formule_et_avec_de_vraies_dates() {
        let octets = tableau().xlsx().unwrap();
        let mut classeur: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(octets)).unwrap();
        let nom = classeur.sheet_names()[0].clone();
        assert_eq!(nom, "Candidats  essai");
        assert!(classeur.worksheet_formula(&nom).is_ok_and(|f| f.is_empty()));
        let feuille = classeur.worksheet_range(&nom).unwrap();
        let cellule = |l, c| feuille.get_value((l, c)).cloned().unwrap_or(Data::Empty);
        assert_eq!(cellule(1, 0), Data::String("=HYPERLINK(\"x\")".into()));
        assert_eq!(cellule(2, 0), Data::String("D’Aubigné; \"É\" <&>".into()));
        let Data::DateTime(d) = cellule(1, 1) else {
            panic!("{:?}", cellule(1, 1))
        };
        assert_eq!(d.as_f64(), 36_231.0);
        assert_eq!(cellule(1, 2), Data::Float(3.0));
        assert!(matches!(cellule(3, 1), Data::DateTime(d) if d.as_f64() == 1.0));
    }

    #[test]
    fn les_colonnes_se_nomment_au_dela_de_z() {
        assert_eq!(
            [0, 25, 26, 51, 52, 701, 702].map(colonne),
            ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
        );
    }
}
