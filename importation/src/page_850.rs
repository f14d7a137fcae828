//! La page de codes 850, celle du choix « CSV (MS-DOS) » d'Excel : `encoding_rs` ne la connaît pas.

/// Les octets 0x80 à 0xFF, dans l'ordre.
const HAUTS: &str = concat!(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐",
    "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´­±‗¾¶§÷¸°¨·¹³²■ "
);

/// Le « é », la lettre accentuée la plus fréquente du français, est 0x82 en MS-DOS, 0x8E sur Mac, 0xE9 sous Windows.
/// Sous Windows, 0x82 et 0x8E sont un guillemet bas et un Ž : presque jamais dans une liste.
pub fn semble(octets: &[u8]) -> bool {
    let combien = |valeurs: &[u8]| octets.iter().filter(|o| valeurs.contains(o)).count();
    let dos = combien(&[0x82, 0x85, 0x87, 0x8A, 0x90]);
    let mac = combien(&[0x8E, 0x8F, 0x83]);
    let windows = octets.iter().filter(|o| **o >= 0xC0).count();
    dos > mac * 2 && dos > windows * 2 && octets.contains(&0x82)
}

/// Le texte, caractère pour caractère : tout octet y a un sens.
pub fn decoder(octets: &[u8]) -> String {
    let hauts: Vec<char> = HAUTS.chars().collect();
    octets
        .iter()
        .map(|o| match o.checked_sub(0x80) {
            Some(rang) => hauts.get(usize::from(rang)).copied().unwrap_or('\u{FFFD}'),
            None => char::from(*o),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn le_francais_se_relit_et_windows_ne_trompe_pas() {
        // « Prénom;Bérénice;Aïcha;Éclair;Ça;français » en page 850.
        let dos = b"Pr\x82nom;B\x82r\x82nice;A\x8Bcha;\x90clair;\x80a;fran\x87ais";
        assert!(semble(dos));
        assert_eq!(decoder(dos), "Prénom;Bérénice;Aïcha;Éclair;Ça;français");
        let windows = b"Pr\xE9nom;B\xE9r\xE9nice;A\xEFcha;\xC9clair";
        assert!(!semble(windows));
        let mac = b"Pr\x8Enom;B\x8Er\x8Enice;A\x95cha;\x83clair";
        assert!(!semble(mac));
        assert_eq!(HAUTS.chars().count(), 128);
    }
}
