//! Les fichiers hostiles : bombes, entités, nombres menteurs, tronqués, renommés. Chacun, avec ce qu'on attend de Garant.

use crate::fabrique::*;

/// Ce que Garant doit répondre.
pub enum Attendu {
    /// Une phrase qui contient ce mot.
    Refus(&'static str),
    /// Un aperçu lisible, avec tant de candidats.
    Lisible(usize),
    /// L'un ou l'autre, pourvu que ce soit une réponse.
    Reponse,
}
use Attendu::*;

type Fichier = (&'static str, Vec<u8>, Attendu);

fn sain() -> Vec<u8> {
    Xlsx::seule(intitules(1) + &candidat(2)).octets()
}

/// Tous les fichiers.
pub fn tous() -> Vec<Fichier> {
    [renommes(), archives(), entites(), nombres(), textes()]
        .into_iter()
        .flatten()
        .collect()
}

fn renommes() -> Vec<Fichier> {
    let ole =
        |suite: &[u8]| [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", &[0_u8; 504][..], suite].concat();
    let chiffre: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    vec![
        ("vide", vec![], Refus("vide")),
        ("blancs", b" \n\t\r\n ".to_vec(), Refus("vide")),
        ("zeros", vec![0; 5_000], Refus("vide")),
        ("hasard", hasard(9_000), Reponse),
        ("pdf", b"%PDF-1.7\n1 0 obj".to_vec(), Refus("PDF")),
        ("png", b"\x89PNG\r\n\x1a\n0000".to_vec(), Refus("image")),
        (
            "jpeg",
            b"\xFF\xD8\xFF\xE0\x00\x10JFIF".to_vec(),
            Refus("image"),
        ),
        ("gif", b"GIF89a....".to_vec(), Refus("image")),
        ("rtf", b"{\\rtf1 Nom;Prenom}".to_vec(), Refus("RTF")),
        ("gzip", b"\x1F\x8B\x08\x00abc".to_vec(), Refus("archive")),
        ("7z", b"7z\xBC\xAF\x27\x1C".to_vec(), Refus("archive")),
        ("rar", b"Rar!\x1A\x07".to_vec(), Refus("archive")),
        ("elf", b"\x7FELF\x02\x01".to_vec(), Refus("programme")),
        ("exe", b"MZ\x90\x00".to_vec(), Refus("programme")),
        (
            "page web nommee xls",
            b"<html><body><table><tr><td>Nom</td></tr></table>".to_vec(),
            Refus("page web"),
        ),
        (
            "xml 2003",
            b"<?xml version=\"1.0\"?><Workbook/>".to_vec(),
            Refus("XML"),
        ),
        ("xls", ole(b"Workbook"), Refus(".xls")),
        ("xlsx chiffre", ole(&chiffre), Refus("mot de passe")),
        ("json", b"[{\"nom\": \"Abadie\"}]".to_vec(), Refus("JSON")),
        ("carnet", b"BEGIN:VCARD\nFN:x".to_vec(), Refus("carnet")),
        (
            "base",
            b"SQLite format 3\0....".to_vec(),
            Refus("base de données"),
        ),
        (
            "word",
            archive(&[
                ("[Content_Types].xml", b"<a/>"),
                ("word/document.xml", b"<a/>"),
            ]),
            Refus("Word"),
        ),
        (
            "presentation",
            archive(&[
                ("[Content_Types].xml", b"<a/>"),
                ("ppt/presentation.xml", b"<a/>"),
            ]),
            Refus("présentation"),
        ),
        (
            "xlsb",
            archive(&[("[Content_Types].xml", b"<a/>"), ("xl/workbook.bin", b"x")]),
            Refus(".xlsb"),
        ),
        (
            "odt",
            archive(&[
                ("mimetype", b"application/vnd.oasis.opendocument.text"),
                ("content.xml", b"<a/>"),
            ]),
            Refus("pas un tableur"),
        ),
        (
            "zip ordinaire",
            archive(&[("liste.csv", b"Nom;Prenom")]),
            Refus("archive ZIP"),
        ),
        (
            "zip vide",
            b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(),
            Refus("vide"),
        ),
    ]
}

fn archives() -> Vec<Fichier> {
    let entier = sain();
    let feuille = "xl/worksheets/sheet1.xml";
    let enfle = " ".repeat(12 * 1024 * 1024);
    let bombe = Xlsx::seule(intitules(1) + &enfle + &candidat(2)).octets();
    let menteur = fausser(bombe.clone(), feuille, 22, 24, &1_000_u32.to_le_bytes());
    let noms: Vec<String> = (0..1_500).map(|i| format!("xl/media/{i}.bin")).collect();
    let nombreuses: Vec<(&str, &[u8])> = noms.iter().map(|n| (n.as_str(), &b"x"[..])).collect();
    let mauvais = |nom: &'static str| Xlsx::seule(intitules(1)).octets_avec(&[(nom, b"x")]);
    let mut sans_fin = entier.clone();
    sans_fin.truncate(entier.len() - 1);
    let ods_entier = ods(&rangee_ods("", &["Nom", "Prénom"]));
    vec![
        (
            "xlsx coupe en deux",
            entier[..entier.len() / 2].to_vec(),
            Refus("abîmé"),
        ),
        ("xlsx coupe d'un octet", sans_fin, Reponse),
        (
            "xlsx sans repertoire",
            entier[..entier.len() - 200].to_vec(),
            Refus("abîmé"),
        ),
        (
            "ods coupe",
            ods_entier[..ods_entier.len() / 2].to_vec(),
            Refus("abîmé"),
        ),
        ("xlsx retourne", retourner(&entier), Reponse),
        ("bombe", bombe, Refus("enfle")),
        ("bombe qui se dit petite", menteur, Refus("tableur")),
        (
            "taille annoncee enorme",
            fausser(
                entier.clone(),
                feuille,
                22,
                24,
                &900_000_000_u32.to_le_bytes(),
            ),
            Refus("tableur"),
        ),
        (
            "total annonce enorme",
            fausser(
                fausser(
                    entier.clone(),
                    feuille,
                    22,
                    24,
                    &70_000_000_u32.to_le_bytes(),
                ),
                feuille,
                18,
                20,
                &60_000_000_u32.to_le_bytes(),
            ),
            Reponse,
        ),
        (
            "1500 entrees",
            Xlsx::seule(intitules(1)).octets_avec(&nombreuses),
            Refus("parties"),
        ),
        (
            "nombre d'entrees menteur",
            changer_fin(entier.clone(), 60_000),
            Reponse,
        ),
        (
            "chemin qui remonte",
            mauvais("../../../etc/passwd.xml"),
            Refus("nom dangereux"),
        ),
        (
            "chemin absolu",
            mauvais("/etc/passwd.xml"),
            Refus("nom dangereux"),
        ),
        (
            "chemin a contre-oblique",
            mauvais("xl\\..\\a.xml"),
            Refus("nom dangereux"),
        ),
        (
            "noms en double",
            remplacer(
                mauvais("xl/workbooq.xml"),
                b"xl/workbooq.xml",
                b"xl/workbook.xml",
            ),
            Reponse,
        ),
        (
            "drapeau de chiffrement",
            fausser(entier.clone(), feuille, 6, 8, &1_u16.to_le_bytes()),
            Refus("mot de passe"),
        ),
        (
            "compression inconnue",
            fausser(entier.clone(), feuille, 8, 10, &12_u16.to_le_bytes()),
            Reponse,
        ),
        (
            "somme de controle fausse",
            fausser(entier, feuille, 14, 16, &7_u32.to_le_bytes()),
            Refus("abîmé"),
        ),
        (
            "ods chiffre",
            ods_brut("<a/>", "<manifest:encryption-data/>"),
            Refus("mot de passe"),
        ),
    ]
}

fn entites() -> Vec<Fichier> {
    let rire = r#"<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>"#;
    let ailleurs = r#"<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>"#;
    let loin = format!("{}{rire}", "<row></row>".repeat(5_957));
    let utf16: Vec<u8> =
        format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?>{rire}<a>&c;</a>")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
    vec![
        (
            "rires",
            Xlsx::seule(format!("{rire}{}", rangee(1, &["&amp;"]))).octets(),
            Refus("entités"),
        ),
        (
            "entite exterieure",
            Xlsx {
                partages: Some(format!(
                    "<?xml version=\"1.0\"?>{ailleurs}<sst><si><t>&x;</t></si></sst>"
                )),
                ..Xlsx::seule(intitules(1))
            }
            .octets(),
            Refus("entités"),
        ),
        (
            "entite en minuscules",
            Xlsx::seule("<!doctype a>").octets(),
            Refus("entités"),
        ),
        (
            "entite a cheval sur deux lectures",
            Xlsx::seule(loin).octets(),
            Refus("entités"),
        ),
        (
            "entite ods",
            ods_brut(&format!("<?xml version=\"1.0\"?>{rire}<a>&c;</a>"), ""),
            Refus("entités"),
        ),
        (
            "entite jamais declaree",
            ods(&rangee_ods("", &["&secret;", "Prénom"])),
            Refus("abîmé"),
        ),
        (
            "xml en utf-16",
            Xlsx::seule(intitules(1)).octets_avec(&[("xl/autre.xml", &utf16)]),
            Refus("encodage"),
        ),
        (
            "xml qui ne ferme pas",
            Xlsx::seule("<row r=\"1\"><c r=\"A1\"><v>1").octets(),
            Reponse,
        ),
        (
            "xml profond",
            ods(&"<text:p>".repeat(50_000)),
            Refus("abîmé"),
        ),
        ("pas du xml", ods_brut("Nom;Prenom", ""), Refus("ligne")),
    ]
}

fn nombres() -> Vec<Fichier> {
    let tetes = rangee_ods("", &["Nom", "Prénom"]);
    let un = rangee_ods("", &["Abadie", "Aïcha"]);
    let milliard = r#"<table:table-row table:number-rows-repeated="1000000000"><table:table-cell table:number-columns-repeated="1000000000"/></table:table-row>"#;
    let large = r#"<table:table-row><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>"#;
    let textes = format!(
        "<?xml version=\"1.0\"?><sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" count=\"9000000000000\" uniqueCount=\"9000000000000\"><si><t>{}</t></si></sst>",
        "x".repeat(1_900)
    );
    let renvois: String = (1..=5_000)
        .map(|r| {
            format!(
                "<row r=\"{r}\">{}</row>",
                "<c t=\"s\"><v>0</v></c>".repeat(50)
            )
        })
        .collect();
    let vrais = textes.replace("9000000000000", "1");
    vec![
        (
            "milliard de lignes vides au milieu",
            ods(&(tetes.clone() + milliard + &un)),
            Lisible(1),
        ),
        (
            "milliard de lignes vides a la fin",
            ods(&(tetes.clone() + &un + milliard)),
            Lisible(1),
        ),
        (
            "milliard de lignes remplies",
            ods(&(tetes.clone()
                + &rangee_ods(
                    r#"table:number-rows-repeated="1000000000""#,
                    &["Abadie", "Aïcha"],
                ))),
            Refus("000 lignes"),
        ),
        (
            "ligne tres large",
            ods(&(tetes.clone() + large)),
            Refus("60 colonnes"),
        ),
        (
            "repetition negative",
            ods(&(tetes.clone()
                + &rangee_ods(r#"table:number-rows-repeated="-5""#, &["Abadie", "Aïcha"]))),
            Lisible(1),
        ),
        (
            "repetition illisible",
            ods(&(tetes
                + &rangee_ods(
                    r#"table:number-rows-repeated="99999999999999999999999""#,
                    &["Abadie", "Aïcha"],
                ))),
            Lisible(1),
        ),
        (
            "textes partages menteurs",
            Xlsx {
                partages: Some(textes),
                ..Xlsx::seule(intitules(1))
            }
            .octets(),
            Reponse,
        ),
        (
            "textes partages multiplies",
            Xlsx {
                partages: Some(vrais),
                ..Xlsx::seule(renvois)
            }
            .octets(),
            Refus("trop de texte"),
        ),
        (
            "renvoi hors des textes",
            Xlsx {
                partages: Some("<sst/>".into()),
                ..Xlsx::seule(
                    intitules(1) + "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>4000000000</v></c></row>",
                )
            }
            .octets(),
            Reponse,
        ),
        (
            "cellule hors du tableur",
            Xlsx::seule(
                intitules(1) + "<row r=\"2\"><c r=\"ZZZZZZ99999999999\"><v>1</v></c></row>",
            )
            .octets(),
            Reponse,
        ),
        (
            "ligne numero zero",
            Xlsx::seule("<row r=\"0\"><c r=\"A0\"><v>1</v></c></row>").octets(),
            Reponse,
        ),
        (
            "lignes a l'envers",
            Xlsx::seule(candidat(9) + &intitules(1)).octets(),
            Refus("ordre"),
        ),
        (
            "nombre infini",
            Xlsx::seule(
                intitules(1)
                    + "<row r=\"2\"><c r=\"A2\"><v>1e999</v></c><c r=\"B2\"><v>NaN</v></c></row>",
            )
            .octets(),
            Reponse,
        ),
        (
            "6000 lignes",
            Xlsx::seule(intitules(1) + &(2..6_100).map(candidat).collect::<String>()).octets(),
            Refus("000 lignes"),
        ),
        (
            "trente feuilles",
            Xlsx {
                feuilles: vec![("a", "visible", String::new()); 30],
                ..Xlsx::seule("")
            }
            .octets(),
            Refus("feuilles"),
        ),
        (
            "feuilles cachees seules",
            Xlsx {
                feuilles: vec![
                    ("a", "hidden", intitules(1) + &candidat(2)),
                    ("b", "veryHidden", intitules(1)),
                ],
                ..Xlsx::seule("")
            }
            .octets(),
            Refus("cachées"),
        ),
    ]
}

fn textes() -> Vec<Fichier> {
    let tete = "Nom;Prénom;Date de naissance\n";
    let colonnes: Vec<String> = (0..80).map(|i| format!("c{i}")).collect();
    vec![
        (
            "trop lourd",
            vec![b'a'; 20 * 1024 * 1024 + 1],
            Refus("20 Mo"),
        ),
        (
            "une seule ligne de 12 Mo",
            vec![b'a'; 12 * 1024 * 1024],
            Refus("intitulés"),
        ),
        (
            "des millions de separateurs",
            vec![b';'; 6 * 1024 * 1024],
            Reponse,
        ),
        (
            "guillemet jamais referme",
            format!("{tete}\"Abadie;Aïcha;\n{}", "x;y;z\n".repeat(100_000)).into_bytes(),
            Refus("guillemet"),
        ),
        (
            "guillemets seuls",
            vec![b'"'; 1_000_001],
            Refus("guillemet"),
        ),
        (
            "quatre-vingts colonnes",
            (colonnes.join(";") + "\n").into_bytes(),
            Refus("60 colonnes"),
        ),
        (
            "cellule de 1 Mo",
            format!("{tete}{};Aïcha;12/03/1999\n", "x".repeat(1_000_000)).into_bytes(),
            Lisible(1),
        ),
        (
            "5200 lignes",
            format!("{tete}{}", "Abadie;Aïcha;12/03/1999\n".repeat(5_200)).into_bytes(),
            Refus("000 lignes"),
        ),
        (
            "utf-16 impair",
            [b"\xFF\xFEN\0o\0m\0;\0P".to_vec(), vec![0xD8]].concat(),
            Reponse,
        ),
        (
            "controles",
            (1_u8..32).cycle().take(4_000).collect(),
            Refus("texte"),
        ),
        (
            "sans intitules",
            "Abadie;Aïcha;12/03/1999\n".into(),
            Refus("intitulés"),
        ),
        ("intitules seuls", tete.into(), Lisible(0)),
        (
            "formules partout",
            format!(
                "{tete}=1+1;@SUM(A1);+cmd|' /C calc'!A0\n-2+3;\t=2;=HYPERLINK(\"\"http://x\"\")\n"
            )
            .into_bytes(),
            Lisible(2),
        ),
        (
            "sens d'ecriture renverse",
            format!("{tete}\u{202e}eidabA;A\u{200b}ï\u{0}cha;12/03/1999\n")
                .replace('\0', "")
                .into_bytes(),
            Lisible(1),
        ),
        (
            "balises",
            format!("{tete}<script>alert(1)</script>;<img src=x>;12/03/1999\n").into_bytes(),
            Lisible(1),
        ),
        ("sep menteur", b"sep=\nNom;Prenom\nA;B\n".to_vec(), Reponse),
    ]
}

/// Des octets sans queue ni tête, toujours les mêmes.
fn hasard(combien: usize) -> Vec<u8> {
    let mut etat = 88_172_645_463_325_252_u64;
    (0..combien)
        .map(|_| {
            etat ^= etat << 13;
            etat ^= etat >> 7;
            etat ^= etat << 17;
            (etat >> 24) as u8
        })
        .collect()
}

/// Un octet sur cinquante retourné, l'en-tête gardé.
fn retourner(octets: &[u8]) -> Vec<u8> {
    octets
        .iter()
        .enumerate()
        .map(|(i, o)| if i > 40 && i % 50 == 0 { !o } else { *o })
        .collect()
}

/// Le nombre d'entrées de la fin du répertoire ment.
fn changer_fin(mut octets: Vec<u8>, nombre: u16) -> Vec<u8> {
    let p = octets.len() - 22;
    octets[p + 8..p + 10].copy_from_slice(&nombre.to_le_bytes());
    octets[p + 10..p + 12].copy_from_slice(&nombre.to_le_bytes());
    octets
}
