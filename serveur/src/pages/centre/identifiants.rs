//! SIRET et numéro de déclaration d'activité : ce qui se contrôle sans demander à personne.

/// SIREN de La Poste, dont les établissements suivent une autre règle de contrôle.
const LA_POSTE: &str = "356000000";

/// Pourquoi un identifiant n'est pas bon.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::pages) enum Faute {
    /// Le nombre de chiffres n'y est pas.
    Longueur,
    /// Un autre caractère qu'un chiffre.
    Caractere,
    /// La clé de contrôle ne tombe pas juste.
    Cle,
}

/// Un SIRET : 14 chiffres, clé de Luhn. Rend les chiffres seuls.
pub(in crate::pages) fn siret(texte: &str) -> Result<String, Faute> {
    let chiffres = chiffres(texte, 14)?;
    let bon = if chiffres.starts_with(LA_POSTE) {
        luhn(&chiffres) || chiffres.bytes().map(|b| u32::from(b - b'0')).sum::<u32>() % 5 == 0
    } else {
        luhn(&chiffres)
    };
    // Quatorze zéros passent la clé : ce n'est pas un établissement.
    if bon && chiffres.bytes().any(|b| b != b'0') {
        Ok(chiffres)
    } else {
        Err(Faute::Cle)
    }
}

/// Un numéro de déclaration d'activité : 11 chiffres. Rend les chiffres seuls.
pub(in crate::pages) fn nda(texte: &str) -> Result<String, Faute> {
    chiffres(texte, 11)
}

/// « 12345678901234 » → « 123 456 789 01234 », espaces insécables ; le texte tel quel s'il n'a pas la longueur.
pub(super) fn grouper(texte: &str, groupes: &[usize]) -> String {
    if !texte.is_ascii() || texte.len() != groupes.iter().sum::<usize>() {
        return texte.to_owned();
    }
    let mut debut = 0;
    let morceaux: Vec<&str> = groupes
        .iter()
        .map(|n| {
            debut += n;
            &texte[debut - n..debut]
        })
        .collect();
    morceaux.join("\u{a0}")
}

fn chiffres(texte: &str, nombre: usize) -> Result<String, Faute> {
    let seuls: String = texte
        .chars()
        .filter(|c| !c.is_whitespace() && !".-".contains(*c))
        .collect();
    if !seuls.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Faute::Caractere);
    }
    if seuls.len() == nombre {
        Ok(seuls)
    } else {
        Err(Faute::Longueur)
    }
}

fn luhn(chiffres: &str) -> bool {
    let somme: u32 = chiffres
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let n = u32::from(b - b'0') * if i % 2 == 1 { 2 } else { 1 };
            if n > 9 { n - 9 } else { n }
        })
        .sum();
    somme.is_multiple_of(10)
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn un_siret_se_controle_par_sa_cle() {
        assert_eq!(siret("732 829 320 00074"), Ok("73282932000074".into()));
        assert_eq!(siret("73282932000075"), Err(Faute::Cle));
        assert_eq!(siret("00000000000000"), Err(Faute::Cle));
        assert_eq!(siret("7328293200007"), Err(Faute::Longueur));
        assert_eq!(siret("7328293200007A"), Err(Faute::Caractere));
    }

    #[test]
    fn les_etablissements_de_la_poste_suivent_leur_regle() {
        assert!(siret("35600000049837").is_ok());
        assert_eq!(siret("35600000049838"), Err(Faute::Cle));
    }

    #[test]
    fn un_chiffre_change_se_voit_toujours() {
        let bon = "73282932000074";
        for i in 0..14 {
            for d in b'0'..=b'9' {
                let mut octets = bon.as_bytes().to_vec();
                octets[i] = d;
                let texte = String::from_utf8(octets).unwrap();
                assert_eq!(siret(&texte).is_ok(), texte == bon, "{texte}");
            }
        }
    }

    #[test]
    fn un_numero_d_activite_a_onze_chiffres() {
        assert_eq!(nda("84 69 12345 69"), Ok("84691234569".into()));
        assert_eq!(nda("8469123456"), Err(Faute::Longueur));
        assert_eq!(
            grouper("84691234569", &[2, 2, 5, 2]),
            "84\u{a0}69\u{a0}12345\u{a0}69"
        );
    }
}
