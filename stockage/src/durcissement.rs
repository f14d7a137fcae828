//! Durcir une base PostgreSQL : un rôle d'application sans droit de récrire, et des lignes visibles par centre.
//!
//! Le texte est `stockage/durcissement/postgres.sql`, le même que docs/exploitation.md donne à lire.

use crate::base::{Base, Erreur, Resultat};

const TEXTE: &str = include_str!("../durcissement/postgres.sql");

/// Pose droits et politiques pour ce rôle. La base doit être ouverte par le propriétaire des tables.
///
/// Tout ou rien, et sans danger à repasser. Refusé sur SQLite, où le fichier n'a qu'un propriétaire.
pub async fn durcir(base: &Base, role: &str) -> Resultat<()> {
    if !est_un_nom_de_role(role) {
        return Err(Erreur::Configuration(
            "un rôle s'écrit en minuscules, chiffres et « _ », sans commencer par un chiffre"
                .to_owned(),
        ));
    }
    base.executer_texte(&TEXTE.replace("{role}", role)).await
}

/// Un nom qui s'écrit sans guillemets : il se colle au texte sans pouvoir en sortir.
fn est_un_nom_de_role(role: &str) -> bool {
    (1..=63).contains(&role.len())
        && !role.starts_with(|c: char| c.is_ascii_digit())
        && role
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn un_nom_de_role_ne_sort_pas_du_texte() {
        for bon in ["garant_application", "_a", "r2"] {
            assert!(est_un_nom_de_role(bon), "{bon}");
        }
        for mauvais in [
            "",
            "2r",
            "a; DROP TABLE journal",
            "é",
            "A",
            "a\"b",
            &"a".repeat(64),
        ] {
            assert!(!est_un_nom_de_role(mauvais), "{mauvais}");
        }
    }
}
