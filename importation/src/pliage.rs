//! Nettoyer un texte (Unicode composé, signes invisibles, accents abîmés) et le plier pour comparer sans casse ni accents.

use unicode_normalization::UnicodeNormalization;

/// Forme propre d'une cellule : composée (NFC), sans signe invisible, blancs réduits.
pub fn propre(texte: &str) -> String {
    let visible: String = texte
        .nfc()
        .filter(|c| !est_invisible(*c))
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    visible
        .split(' ')
        .filter(|m| !m.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Signes que l'œil ne voit pas et qui changent un texte : contrôles, largeur nulle, sens d'écriture.
fn est_invisible(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Minuscules, sans accents, mots séparés d'une espace : « Né(e) le » → « ne e le ».
pub fn plier(texte: &str) -> String {
    let mut sortie = String::with_capacity(texte.len());
    for c in texte.nfkd().flat_map(char::to_lowercase) {
        match c {
            'œ' => sortie.push_str("oe"),
            'æ' => sortie.push_str("ae"),
            'ß' => sortie.push_str("ss"),
            'ø' => sortie.push('o'),
            'ł' => sortie.push('l'),
            'đ' | 'ð' => sortie.push('d'),
            'þ' => sortie.push_str("th"),
            'ı' => sortie.push('i'),
            '°' | 'º' => {}
            c if c.is_alphanumeric() => sortie.push(c),
            c if unicode_normalization::char::is_combining_mark(c) => {}
            _ if !sortie.ends_with(' ') && !sortie.is_empty() => sortie.push(' '),
            _ => {}
        }
    }
    sortie.truncate(sortie.trim_end().len());
    sortie
}

/// Répare un texte UTF-8 qu'un logiciel a relu comme du Windows-1252 (« AÃ¯cha » → « Aïcha »). Rien si le texte est sain.
pub fn reparer_accents(texte: &str) -> Option<String> {
    if !texte.chars().any(|c| matches!(c, '\u{c2}'..='\u{f4}')) {
        return None;
    }
    let mut octets = Vec::with_capacity(texte.len());
    for c in texte.chars() {
        octets.push(octet_1252(c)?);
    }
    let repare = String::from_utf8(octets).ok()?;
    (repare != texte).then_some(repare)
}

/// L'octet Windows-1252 d'un caractère ; les cinq octets sans caractère valent leur propre numéro.
fn octet_1252(c: char) -> Option<u8> {
    match c {
        '\0'..='\u{7f}'
        | '\u{a0}'..='\u{ff}'
        | '\u{81}'
        | '\u{8d}'
        | '\u{8f}'
        | '\u{90}'
        | '\u{9d}' => u8::try_from(u32::from(c)).ok(),
        _ => {
            let mut tampon = [0; 4];
            let (octets, _, manque) = encoding_rs::WINDOWS_1252.encode(c.encode_utf8(&mut tampon));
            (!manque && octets.len() == 1).then(|| octets[0])
        }
    }
}

/// « valeur » entre guillemets français, raccourcie à quarante caractères.
pub fn citer(valeur: &str) -> String {
    let court: String = if valeur.chars().count() > 40 {
        valeur.chars().take(39).chain(['…']).collect()
    } else {
        valeur.to_owned()
    };
    format!("«\u{a0}{court}\u{a0}»")
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn un_accent_decompose_se_recompose() {
        assert_eq!(
            propre("  Ai\u{308}cha \u{a0} E\u{301}lodie\u{200b} "),
            "Aïcha Élodie"
        );
    }

    #[test]
    fn un_texte_plie_ignore_casse_accents_et_ponctuation() {
        assert_eq!(plier("Né(e) le :"), "ne e le");
        assert_eq!(plier("Voie d’accès"), "voie d acces");
        assert_eq!(plier("LŒWE-Jørgensen"), plier("Loewe Jorgensen"));
        assert_eq!(plier("N° CERES"), "n ceres");
    }

    #[test]
    fn des_accents_abimes_se_reparent_et_un_texte_sain_reste() {
        assert_eq!(reparer_accents("AÃ¯cha").as_deref(), Some("Aïcha"));
        assert_eq!(reparer_accents("Ã‰vrard").as_deref(), Some("Évrard"));
        assert_eq!(reparer_accents("LÅ“we").as_deref(), Some("Lœwe"));
        assert_eq!(reparer_accents("Oâ€™Brien").as_deref(), Some("O’Brien"));
        for sain in [
            "Aïcha",
            "IBÁÑEZ",
            "Jørgensen",
            "Saint-Étienne",
            "O’Brien",
            "Łukasz",
            "SÃO",
        ] {
            assert_eq!(reparer_accents(sain), None, "{sain}");
        }
    }
}
