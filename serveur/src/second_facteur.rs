//! Le second facteur : codes à six chiffres (TOTP), image à scanner, codes de secours.

use crate::erreurs::Erreur;
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// Nombre de codes de secours.
pub const CODES_DE_SECOURS: usize = 10;
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Des octets imprévisibles.
pub fn octets<const N: usize>() -> Result<[u8; N], Erreur> {
    let mut tirage = [0u8; N];
    getrandom::fill(&mut tirage)
        .map_err(|e| Erreur::interne(&format!("hasard indisponible : {e}")))?;
    Ok(tirage)
}

/// Un jeton de 256 bits, en hexadécimal.
pub fn jeton() -> Result<String, Erreur> {
    use std::fmt::Write;
    Ok(octets::<32>()?
        .iter()
        .fold(String::with_capacity(64), |mut t, o| {
            let _ = write!(t, "{o:02x}");
            t
        }))
}

/// Un code à recopier : groupes de cinq signes sans ambiguïté, `groupes` fois.
pub fn code_lisible(groupes: usize) -> Result<String, Erreur> {
    let mut mots = Vec::with_capacity(groupes);
    for _ in 0..groupes {
        mots.push(
            octets::<5>()?
                .iter()
                .map(|o| char::from(ALPHABET[usize::from(o % 32)]))
                .collect::<String>(),
        );
    }
    Ok(mots.join("-"))
}

/// Remet un code recopié sous sa forme rangée.
pub fn normaliser_code(saisi: &str) -> String {
    let signes: String = saisi
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .flat_map(char::to_lowercase)
        .take(40)
        .collect();
    signes
        .as_bytes()
        .chunks(5)
        .map(|g| String::from_utf8_lossy(g).into_owned())
        .collect::<Vec<_>>()
        .join("-")
}

/// Un secret neuf, en base 32.
pub fn nouveau_secret() -> Result<String, Erreur> {
    Ok(Secret::new(Box::new(octets::<20>()?)).to_base32())
}

fn totp(secret: &str) -> Result<Totp, Erreur> {
    let secret = Secret::try_from_base32(secret)
        .map_err(|_| Erreur::interne("secret du second facteur illisible"))?;
    Ok(Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_skew(1)
        .with_secret(secret)
        .build_noncompliant())
}

/// Le pas de temps pour lequel ce code vaut, s'il vaut.
pub fn pas_du_code(secret: &str, code: &str, secondes: i64) -> Result<Option<i64>, Erreur> {
    let chiffres: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if chiffres.len() != 6 || !chiffres.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let pas = totp(secret)?.check(&chiffres, u64::try_from(secondes).unwrap_or(0));
    Ok(pas.and_then(|p| i64::try_from(p).ok()))
}

/// Le code du moment (essais).
pub fn code_du_moment(secret: &str, secondes: i64) -> Result<String, Erreur> {
    Ok(totp(secret)?
        .generate(u64::try_from(secondes).unwrap_or(0))
        .to_string())
}

/// L'adresse que lit l'application d'authentification.
pub fn adresse(secret: &str, courriel: &str) -> String {
    let compte = crate::cadre::encoder(courriel);
    format!(
        "otpauth://totp/Garant:{compte}?secret={secret}&issuer=Garant&algorithm=SHA1&digits=6&period=30"
    )
}

/// L'image à scanner, en SVG, sans style en ligne.
pub fn image(adresse: &str) -> Result<String, Erreur> {
    let qr = QrCode::new(adresse.as_bytes()).map_err(|e| Erreur::interne(&e.to_string()))?;
    let svg = qr
        .render::<svg::Color<'_>>()
        .min_dimensions(220, 220)
        .build();
    let debut = svg
        .find("<svg")
        .ok_or_else(|| Erreur::interne("image du second facteur illisible"))?;
    Ok(svg[debut..].replacen("<svg ", "<svg role=\"img\" aria-label=\"Code à scanner avec votre application d’authentification\" ", 1))
}

/// La clé, par groupes de quatre, à recopier à la main.
pub fn cle_lisible(secret: &str) -> String {
    secret
        .as_bytes()
        .chunks(4)
        .map(|g| String::from_utf8_lossy(g).into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Des codes de secours neufs : (à montrer une fois, empreintes à ranger).
pub fn codes_de_secours() -> Result<(Vec<String>, Vec<String>), Erreur> {
    let codes = (0..CODES_DE_SECOURS)
        .map(|_| code_lisible(2))
        .collect::<Result<Vec<_>, _>>()?;
    let empreintes = codes
        .iter()
        .map(|c| stockage::comptes::empreinte_du_jeton(c))
        .collect();
    Ok((codes, empreintes))
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn un_code_vaut_une_demi_minute_et_ses_voisines() {
        let secret = nouveau_secret().expect("secret");
        let code = code_du_moment(&secret, 1_000_000).expect("code");
        assert_eq!(
            pas_du_code(&secret, &code, 1_000_000).expect("pas"),
            Some(33_333)
        );
        assert_eq!(
            pas_du_code(
                &secret,
                &format!(" {} {}", &code[..3], &code[3..]),
                1_000_029
            )
            .expect("pas"),
            Some(33_333)
        );
        assert_eq!(pas_du_code(&secret, &code, 1_000_200).expect("pas"), None);
        assert_eq!(
            pas_du_code(&secret, "abcdef", 1_000_000).expect("pas"),
            None
        );
    }

    #[test]
    fn un_code_recopie_sans_tiret_ou_en_majuscules_se_reconnait() {
        let code = code_lisible(2).expect("code");
        assert_eq!(
            normaliser_code(&code.to_uppercase().replace('-', " ")),
            code
        );
    }

    #[test]
    fn l_image_n_a_pas_de_style_en_ligne() {
        let svg = image(&adresse("ABCD", "a@exemple.fr")).expect("image");
        assert!(
            svg.starts_with("<svg ") && !svg.contains("style="),
            "{}",
            &svg[..200]
        );
    }
}
