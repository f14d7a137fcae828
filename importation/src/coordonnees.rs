//! Lire un courriel, un téléphone, un code postal, et rétablir les zéros que les tableurs perdent.

use super::apercu::Gravite::Avertissement;
use super::champs::{Lu, defaut, texte};
use super::colonnes::Champ;
use super::pliage::citer;
use super::tableau::Cellule;

/// Lit le courriel.
pub fn courriel(cellule: &Cellule) -> Lu {
    if let Some(d) = defaut(Champ::Courriel, cellule) {
        return d;
    }
    let ecrit = texte(cellule);
    let minuscule = ecrit.to_lowercase();
    let tous: Vec<&str> = minuscule
        .split([';', ',', ' ', '<', '>'])
        .map(|m| {
            m.trim_start_matches("mailto:")
                .trim_matches(['(', ')', '"', '\''])
        })
        .filter(|m| m.contains('@'))
        .collect();
    let une = tous
        .first()
        .copied()
        .unwrap_or(minuscule.as_str())
        .trim_end_matches('.');
    if !courriel_plausible(une) {
        return Lu::sans(
            Avertissement,
            format!(
                "L’adresse de courriel {} n’est pas complète\u{a0}: elle est laissée vide. Écrivez-la sous la forme prenom.nom@exemple.fr.",
                citer(&ecrit)
            ),
        );
    }
    if tous.len() > 1 {
        return Lu::bon(une).dit(Avertissement, format!("La cellule contient plusieurs adresses de courriel\u{a0}: Garant garde la première, {}. Vérifiez.", citer(une)));
    }
    Lu::bon(une)
}

fn courriel_plausible(m: &str) -> bool {
    let Some((local, domaine)) = m.split_once('@') else {
        return false;
    };
    m.len() <= 254
        && !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !m.contains("..")
        && local
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c))
        && domaine.contains('.')
        && domaine.split('.').all(|p| {
            !p.is_empty()
                && !p.starts_with('-')
                && !p.ends_with('-')
                && p.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
        && domaine
            .rsplit('.')
            .next()
            .is_some_and(|t| t.chars().count() >= 2 && t.chars().any(char::is_alphabetic))
}

/// Lit le téléphone ; rétablit le zéro que le tableur a perdu.
pub fn telephone(cellule: &Cellule) -> Lu {
    if let Some(d) = defaut(Champ::Telephone, cellule) {
        return d;
    }
    let ecrit = texte(cellule);
    // L'apostrophe de tête dit « c'est un texte » : un tableur, ou l'export de Garant, l'y a mise.
    let ecrit = ecrit.trim_start_matches('\'');
    let premier = premier_telephone(ecrit);
    let plusieurs = premier.len() < ecrit.len();
    let chiffres: String = premier.chars().filter(char::is_ascii_digit).collect();
    let autres = premier.chars().any(|c| {
        !c.is_ascii_digit() && !c.is_whitespace() && !"+.-_()/:".contains(c) && !c.is_alphabetic()
    });
    let international = premier.trim_start().starts_with('+') || chiffres.starts_with("00");
    let nus = chiffres.strip_prefix("00").unwrap_or(&chiffres);
    let lu = if autres || chiffres.is_empty() {
        None
    } else if international && nus.starts_with("33") {
        let reste = nus[2..].strip_prefix('0').unwrap_or(&nus[2..]);
        (reste.len() == 9).then(|| Lu::bon(format!("0{reste}")))
    } else if international {
        (8..=15)
            .contains(&nus.len())
            .then(|| Lu::bon(format!("+{nus}")))
    } else if chiffres.len() == 10 && chiffres.starts_with('0') && !chiffres.starts_with("00") {
        Some(Lu::bon(chiffres.clone()))
    } else if chiffres.len() == 9 && !chiffres.starts_with('0') {
        let retabli = format!("0{chiffres}");
        let phrase = format!(
            "Le téléphone avait perdu son zéro\u{a0}: Garant a lu {}. Vérifiez.",
            par_deux(&retabli)
        );
        Some(Lu::bon(retabli).dit(Avertissement, phrase))
    } else if chiffres.len() == 11 && chiffres.starts_with("33") {
        let retabli = format!("0{}", &chiffres[2..]);
        let phrase = format!(
            "L’indicatif 33 du téléphone a été remplacé par un zéro\u{a0}: Garant a lu {}. Vérifiez.",
            par_deux(&retabli)
        );
        Some(Lu::bon(retabli).dit(Avertissement, phrase))
    } else {
        None
    };
    match lu {
        Some(lu) if plusieurs => {
            let garde = par_deux(lu.valeur.as_deref().unwrap_or_default());
            lu.dit(Avertissement, format!("La cellule contient plusieurs téléphones\u{a0}: Garant garde le premier, {garde}. Vérifiez."))
        }
        Some(lu) => lu,
        None => Lu::sans(
            Avertissement,
            format!(
                "Le téléphone {} n’est pas un numéro complet\u{a0}: il est laissé vide. Écrivez-le sous la forme 06 12 34 56 78.",
                citer(ecrit)
            ),
        ),
    }
}

/// Le premier numéro d'une cellule qui en contient deux, séparés par une barre, un point-virgule ou « ou ».
fn premier_telephone(ecrit: &str) -> &str {
    let fin = ecrit
        .find([';', ','])
        .or_else(|| ecrit.find(" ou "))
        .or_else(|| ecrit.find(" / "))
        .or_else(|| {
            (ecrit.chars().filter(char::is_ascii_digit).count() >= 20)
                .then(|| ecrit.find('/'))
                .flatten()
        });
    fin.map_or(ecrit, |f| &ecrit[..f])
}

/// « 06 12 34 56 78 », espaces insécables ; un numéro étranger reste tel quel.
pub fn par_deux(numero: &str) -> String {
    if numero.len() != 10 || !numero.is_ascii() {
        return numero.to_owned();
    }
    [0, 2, 4, 6, 8].map(|i| &numero[i..i + 2]).join("\u{a0}")
}

/// Lit le code postal ; rétablit son zéro.
pub fn code_postal(cellule: &Cellule) -> Lu {
    if let Some(d) = defaut(Champ::CodePostal, cellule) {
        return d;
    }
    let ecrit = texte(cellule);
    let serre: String = ecrit
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_uppercase();
    let serre = serre.strip_prefix("F-").unwrap_or(&serre);
    let chiffres = serre.chars().all(|c| c.is_ascii_digit());
    match (chiffres, serre.len()) {
        (true, 5) => Lu::bon(serre),
        (true, 4) => Lu::bon(format!("0{serre}")).dit(
            Avertissement,
            format!("Le code postal avait perdu son zéro\u{a0}: Garant a lu 0{serre}. Vérifiez."),
        ),
        (_, 2..=10) => Lu::bon(ecrit.clone()).dit(
            Avertissement,
            format!(
                "Le code postal {} n’a pas cinq chiffres. Vérifiez-le.",
                citer(&ecrit)
            ),
        ),
        _ => Lu::sans(
            Avertissement,
            format!(
                "Le code postal {} n’est pas reconnu\u{a0}: il est laissé vide. Écrivez ses cinq chiffres.",
                citer(&ecrit)
            ),
        ),
    }
}
