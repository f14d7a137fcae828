//! La langue des phrases que Garant écrit : élider, accorder.

/// « de MARTIN », « d’ABADIE » : un nom propre élidé comme on le dit. Le h reste aspiré, faute de savoir.
pub fn de(nom: &str) -> String {
    const VOYELLES: &str = "aàâäæeéèêëiîïoôöœuùûü";
    let premiere = nom.chars().next().and_then(|c| c.to_lowercase().next());
    if premiere.is_some_and(|c| VOYELLES.contains(c)) {
        format!("d’{nom}")
    } else {
        format!("de {nom}")
    }
}

/// « 0 candidat », « 1 candidat », « 2 candidats » : le pluriel commence à deux.
pub fn nombre(n: usize, un: &str, plusieurs: &str) -> String {
    format!("{n} {}", if n < 2 { un } else { plusieurs })
}

/// « A », « A et B », « A, B et C ».
pub fn enumerer<M: AsRef<str>>(mots: &[M]) -> String {
    match mots {
        [] => String::new(),
        [seul] => seul.as_ref().to_owned(),
        [debut @ .., dernier] => {
            let debut: Vec<&str> = debut.iter().map(AsRef::as_ref).collect();
            format!("{} et {}", debut.join(", "), dernier.as_ref())
        }
    }
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn un_nom_s_elide_devant_une_voyelle_accentuee_ou_non_jamais_devant_un_h() {
        assert_eq!(de("ABADIE Alma"), "d’ABADIE Alma");
        assert_eq!(de("Élise MARTIN"), "d’Élise MARTIN");
        assert_eq!(de("MARTIN Élise"), "de MARTIN Élise");
        assert_eq!(de("HUGON Ida"), "de HUGON Ida");
        assert_eq!(de(""), "de ");
    }

    #[test]
    fn le_pluriel_commence_a_deux() {
        let dit = |n| nombre(n, "candidat", "candidats");
        assert_eq!(
            [dit(0), dit(1), dit(2)],
            ["0 candidat", "1 candidat", "2 candidats"]
        );
    }

    #[test]
    fn une_liste_se_dit_avec_des_virgules_puis_et() {
        assert_eq!(enumerer::<&str>(&[]), "");
        assert_eq!(enumerer(&["A"]), "A");
        assert_eq!(enumerer(&["A", "B"]), "A et B");
        assert_eq!(enumerer(&["A", "B", "C"]), "A, B et C");
    }
}
