//! Lire un fichier texte (CSV) : encodage et séparateur devinés, guillemets, lignes numérotées comme le tableur les montre.

use super::Illisible;
use super::limites::CARACTERES_MAX;
use super::nature::contient;
use super::page_850;
use super::tableau::{Cellule, Remplissage};
use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Séparateurs reconnus, du plus probable au moins probable en France.
const SEPARATEURS: [char; 4] = [';', '\t', ',', '|'];
/// Lignes, puis octets, regardés pour deviner le séparateur.
const ECHANTILLON: usize = 60;
const ECHANTILLON_OCTETS: usize = 256 * 1024;

/// Lit le fichier texte dans une feuille sans nom.
pub fn lire(octets: &[u8], remplissage: &mut Remplissage) -> Result<(), Illisible> {
    let texte = decoder(octets, remplissage)?;
    let mut texte = texte.as_str();
    let mut impose = None;
    // « sep=; » est une consigne d'Excel, qu'il ne montre pas comme une ligne.
    let premiere = texte.lines().next().unwrap_or_default();
    if let Some(s) = premiere
        .trim_matches('"')
        .strip_prefix("sep=")
        .or_else(|| premiere.trim_matches('"').strip_prefix("SEP="))
    {
        impose = s.chars().next();
        texte = texte[premiere.len()..].trim_start_matches('\r');
        texte = texte.strip_prefix('\n').unwrap_or(texte);
    }
    let separateur = impose.unwrap_or_else(|| deviner(texte));
    remplissage.feuille("")?;
    decouper(texte, separateur, usize::MAX, |ligne, cellules| {
        for (colonne, cellule) in cellules.drain(..).enumerate() {
            let cellule = if cellule.longueur > CARACTERES_MAX {
                Cellule::TropLongue(cellule.longueur)
            } else {
                Cellule::depuis_texte(&cellule.texte)
            };
            remplissage.poser(ligne, u32::try_from(colonne).unwrap_or(u32::MAX), cellule)?;
        }
        Ok(())
    })
}

/// Le texte du fichier, une fois sûr que c'en est un.
fn decoder(octets: &[u8], remplissage: &mut Remplissage) -> Result<String, Illisible> {
    let texte = transcrire(octets, remplissage)?;
    let etranges = texte
        .chars()
        .take(20_000)
        .filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        .count();
    if texte.contains('\0') || etranges > 20 || contient(octets, b"\0\0\0\0") {
        return Err(Illisible::dire(
            "Malgré son nom, ce fichier n’est pas du texte. Ouvrez la liste dans le tableur, enregistrez-la en .xlsx, .ods ou .csv, puis importez-la.",
        ));
    }
    Ok(texte)
}

/// Encodage : marque d'ordre, zéros de l'UTF-16, UTF-8 valide, sinon le Windows-1252 d'Excel (ou le Mac de ses versions
/// anciennes, ou MS-DOS).
fn transcrire(octets: &[u8], remplissage: &mut Remplissage) -> Result<String, Illisible> {
    let encodage: &'static Encoding = if let Some((e, _)) = Encoding::for_bom(octets) {
        e
    } else {
        let tete = &octets[..octets.len().min(4_000)];
        let pairs = tete.iter().step_by(2).filter(|o| **o == 0).count();
        let impairs = tete.iter().skip(1).step_by(2).filter(|o| **o == 0).count();
        if impairs > tete.len() / 8 && pairs <= impairs / 8 {
            UTF_16LE
        } else if pairs > tete.len() / 8 && impairs <= pairs / 8 {
            UTF_16BE
        } else if std::str::from_utf8(octets).is_ok() {
            UTF_8
        } else if page_850::semble(octets) {
            remplissage.remarque("Ce fichier a été enregistré en «\u{a0}CSV (MS-DOS)\u{a0}». Vérifiez les accents dans l’aperçu.");
            return Ok(page_850::decoder(octets));
        } else if semble_mac(octets) {
            remplissage.remarque("Ce fichier vient sans doute d’un ancien Excel pour Mac. Vérifiez les accents dans l’aperçu.");
            MACINTOSH
        } else {
            WINDOWS_1252
        }
    };
    let (texte, _, perdu) = encodage.decode(octets);
    if perdu {
        return Err(Illisible::dire(
            "Ce fichier texte est abîmé : une partie de ses caractères ne se lit pas. Rouvrez la liste dans le tableur, enregistrez-la en «\u{a0}CSV UTF-8\u{a0}» ou en .xlsx, puis importez-la.",
        ));
    }
    Ok(texte.into_owned())
}

/// Les lettres accentuées du français occupent 0x80 à 0x9F sur les anciens Mac, 0xC0 à 0xFF sous Windows.
fn semble_mac(octets: &[u8]) -> bool {
    let mac = octets
        .iter()
        .filter(|o| {
            matches!(
                o,
                0x88 | 0x89 | 0x8A | 0x8D | 0x8E | 0x8F | 0x90 | 0x94 | 0x95 | 0x99 | 0x9D | 0x9E
            )
        })
        .count();
    let windows = octets.iter().filter(|o| **o >= 0xC0).count();
    mac > windows * 2
}

/// Le séparateur dont le nombre de colonnes se répète le mieux.
fn deviner(texte: &str) -> char {
    let texte = &texte[..texte.floor_char_boundary(ECHANTILLON_OCTETS)];
    let note = |separateur: char| {
        let mut comptes = std::collections::BTreeMap::<usize, usize>::new();
        let _ = decouper(texte, separateur, ECHANTILLON, |_, cellules| {
            if cellules.iter().any(|c| c.longueur > 0) {
                *comptes.entry(cellules.len()).or_default() += 1;
            }
            Ok(())
        });
        comptes
            .into_iter()
            .map(|(colonnes, fois)| fois * (colonnes.min(40) - 1))
            .max()
            .unwrap_or(0)
    };
    let notes = SEPARATEURS.map(note);
    let meilleure = notes.iter().copied().max().unwrap_or(0);
    SEPARATEURS
        .into_iter()
        .zip(notes)
        .find(|(_, n)| *n == meilleure)
        .map_or(';', |(s, _)| s)
}

/// Une cellule de texte en cours : au-delà de la limite, on compte sans garder.
#[derive(Default)]
struct Brute {
    texte: String,
    longueur: usize,
}

impl Brute {
    fn ajouter(&mut self, c: char) {
        self.longueur += 1;
        if self.longueur <= CARACTERES_MAX {
            self.texte.push(c);
        }
    }
}

/// Découpe le texte ; chaque enregistrement compte pour une ligne du tableur, même s'il contient des retours entre guillemets.
fn decouper(
    texte: &str,
    separateur: char,
    maximum: usize,
    mut rendre: impl FnMut(u32, &mut Vec<Brute>) -> Result<(), Illisible>,
) -> Result<(), Illisible> {
    let mut signes = texte.chars().peekable();
    let mut cellules: Vec<Brute> = vec![];
    let mut cellule = Brute::default();
    let (mut ligne, mut ouvert_ligne) = (0_u32, 0_u32);
    let (mut guillemets, mut citee) = (false, false);
    while let Some(c) = signes.next() {
        if guillemets {
            if c != '"' {
                cellule.ajouter(c);
            } else if signes.peek() == Some(&'"') {
                signes.next();
                cellule.ajouter('"');
            } else {
                guillemets = false;
            }
            continue;
        }
        match c {
            '"' if !citee && cellule.texte.trim().is_empty() => {
                cellule = Brute::default();
                (guillemets, citee, ouvert_ligne) = (true, true, ligne);
            }
            '\r' | '\n' => {
                if c == '\r' && signes.peek() == Some(&'\n') {
                    signes.next();
                }
                cellules.push(std::mem::take(&mut cellule));
                citee = false;
                rendre(ligne, &mut cellules)?;
                cellules.clear();
                ligne = ligne.saturating_add(1);
                if ligne as usize >= maximum {
                    return Ok(());
                }
            }
            c if c == separateur => {
                cellules.push(std::mem::take(&mut cellule));
                citee = false;
                if cellules.len() > 20_000 {
                    break;
                }
            }
            c => cellule.ajouter(c),
        }
    }
    if guillemets {
        return Err(Illisible(format!(
            "À la ligne {}, un guillemet (\") s’ouvre et ne se referme jamais : la suite du fichier ne se lit pas. Corrigez cette ligne dans le tableur, ou enregistrez la liste en .xlsx, puis importez-la.",
            ouvert_ligne.saturating_add(1)
        )));
    }
    cellules.push(cellule);
    rendre(ligne, &mut cellules)
}

#[cfg(test)]
mod essais {
    use super::*;
    use crate::tableau::Tableau;

    fn tableau(octets: &[u8]) -> Tableau {
        let mut r = Remplissage::default();
        lire(octets, &mut r).unwrap();
        r.finir()
    }

    fn cellule(octets: &[u8], rang: usize, colonne: usize) -> Cellule {
        tableau(octets).feuilles[0].rangees[rang].cellules[colonne].clone()
    }

    #[test]
    fn chaque_encodage_se_lit() {
        let texte = "Nom;Prénom\r\nÉVRARD;Aïcha\r\n";
        let utf16le: Vec<u8> = texte.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16be: Vec<u8> = texte.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let cas = [
            texte.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", texte.as_bytes()].concat(),
            [&b"\xFF\xFE"[..], &utf16le].concat(),
            [&b"\xFE\xFF"[..], &utf16be].concat(),
            utf16le,
            utf16be,
            WINDOWS_1252.encode(texte).0.into_owned(),
            b"Nom;Pr\x8Enom\r\n\x83VRARD;A\x95cha\r\n".to_vec(),
        ];
        for octets in cas {
            assert_eq!(
                cellule(&octets, 1, 1),
                Cellule::Texte("Aïcha".into()),
                "{octets:?}"
            );
            assert_eq!(cellule(&octets, 1, 0), Cellule::Texte("ÉVRARD".into()));
        }
    }

    #[test]
    fn chaque_separateur_se_devine_malgre_les_virgules_des_adresses() {
        for s in [";", "\t", ",", "|"] {
            let t = format!("Nom{s}Prénom{s}Adresse\nA{s}B{s}\"3, rue X; bât | 2\"\nC{s}D{s}E\n");
            assert_eq!(
                cellule(t.as_bytes(), 1, 2),
                Cellule::Texte("3, rue X; bât | 2".into()),
                "{s}"
            );
        }
        assert_eq!(
            cellule(b"sep=|\nNom|A;B;C\nx|1;2;3\n", 0, 1),
            Cellule::Texte("A;B;C".into())
        );
    }

    #[test]
    fn les_lignes_vides_et_les_retours_cites_gardent_les_numeros_du_tableur() {
        let t = tableau(b"Titre\n\n\"Nom\nlong\";P\r\n;\r\nA;B");
        let numeros: Vec<u32> = t.feuilles[0].rangees.iter().map(|r| r.numero).collect();
        assert_eq!(numeros, [1, 3, 5]);
    }

    #[test]
    fn un_guillemet_jamais_referme_nomme_sa_ligne() {
        let e = lire(b"Nom;P\nA;\"B\nC;D\n", &mut Remplissage::default()).unwrap_err();
        assert!(e.0.contains("ligne 2"), "{e}");
    }
}
