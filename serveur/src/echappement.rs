//! Ce qui rend un texte inoffensif dans une page : les cinq signes du HTML s'écrivent par leur numéro.
//!
//! Les mêmes écritures que l'échappement d'askama, que ce module remplace (`askama.toml`) : le sien, générique, est
//! compilé ici à l'optimisation ordinaire de la livraison, où ses itérateurs coûtaient un cinquième d'une page.

use std::fmt;

/// L'échappement des gabarits HTML.
#[derive(Debug, Clone, Copy, Default)]
pub struct Html;

impl askama::filters::Escaper for Html {
    fn write_escaped_str<W: fmt::Write>(&self, mut vers: W, texte: &str) -> fmt::Result {
        let mut reste = texte;
        loop {
            let (debut, signe) = premier_signe(reste);
            if debut > 0 {
                vers.write_str(&reste[..debut])?;
            }
            if signe.is_empty() {
                return Ok(());
            }
            vers.write_str(signe)?;
            reste = &reste[debut + 1..];
        }
    }
}

/// Où est le premier signe à écrire autrement, et comment l'écrire ; sinon, la longueur du texte et rien.
///
/// Ni itérateur ni fermeture : à l'optimisation 1, rien ne les déplierait.
fn premier_signe(texte: &str) -> (usize, &'static str) {
    let octets = texte.as_bytes();
    let mut i = 0;
    while i < octets.len() {
        // Tous les signes sont de l'ASCII : aucun octet d'un caractère accentué ne leur ressemble.
        let o = octets[i];
        if o <= b'>' {
            let signe = match o {
                b'"' => "&#34;",
                b'&' => "&#38;",
                b'\'' => "&#39;",
                b'<' => "&#60;",
                b'>' => "&#62;",
                _ => "",
            };
            if !signe.is_empty() {
                return (i, signe);
            }
        }
        i += 1;
    }
    (i, "")
}

#[cfg(test)]
mod essais {
    use super::Html;
    use askama::filters::{Escaper, Html as CeluiDAskama};
    use proptest::prelude::*;

    fn avec(e: impl Escaper, texte: &str) -> String {
        let mut ecrit = String::new();
        e.write_escaped_str(&mut ecrit, texte).unwrap();
        ecrit
    }

    #[test]
    fn une_balise_tapee_dans_un_champ_reste_du_texte() {
        assert_eq!(
            avec(Html, "<b title=\"x\">L’été & l'hiver</b>"),
            "&#60;b title=&#34;x&#34;&#62;L’été &#38; l&#39;hiver&#60;/b&#62;"
        );
        assert_eq!(avec(Html, ""), "");
    }

    proptest! {
        #[test]
        fn tout_texte_s_ecrit_comme_askama_l_ecrirait(texte in "[\"&'<>a-zé ’😀]{0,40}|.{0,40}") {
            prop_assert_eq!(avec(Html, &texte), avec(CeluiDAskama, &texte));
        }

        #[test]
        fn tout_caractere_aussi(c in any::<char>()) {
            let (mut ici, mut la) = (String::new(), String::new());
            Html.write_escaped_char(&mut ici, c).unwrap();
            CeluiDAskama.write_escaped_char(&mut la, c).unwrap();
            prop_assert_eq!(ici, la);
        }
    }
}
