//! Rapprocher les lignes qui désignent peut-être la même personne. On avertit ; on ne fusionne jamais.

use super::apercu::{Candidat, Gravite, Probleme};
use super::pliage::plier;
use std::collections::HashMap;

/// Avertissements entre candidats d'un même fichier. Deux homonymes nés à des dates différentes n'en reçoivent aucun.
pub fn signaler(candidats: &[Candidat]) -> Vec<Probleme> {
    let mut problemes = vec![];
    let mut par_nom: HashMap<(String, String), Vec<&Candidat>> = HashMap::new();
    let mut par_courriel: HashMap<String, &Candidat> = HashMap::new();
    for c in candidats {
        let cle = (serrer(&c.nom_naissance), serrer(&c.prenoms));
        if !cle.0.is_empty() && !cle.1.is_empty() {
            let memes = par_nom.entry(cle).or_default();
            if let Some(premier) = memes
                .iter()
                .find(|p| p.naissance.is_some() && p.naissance == c.naissance)
            {
                problemes.push(avertir(c, "nom_naissance", format!("Même nom, même prénom et même date de naissance que la ligne {}. Si c’est la même personne, supprimez l’une des deux lignes\u{a0}; si ce sont deux personnes, importez les deux.", premier.ligne)));
            } else if let Some(premier) = memes
                .iter()
                .find(|p| p.naissance.is_none() || c.naissance.is_none())
            {
                problemes.push(avertir(c, "nom_naissance", format!("Même nom et même prénom que la ligne {}, et l’une des deux dates de naissance manque. Vérifiez s’il s’agit de la même personne.", premier.ligne)));
            }
            memes.push(c);
        }
        if let Some(courriel) = &c.courriel {
            match par_courriel.get(&courriel.to_lowercase()) {
                Some(premier) => problemes.push(avertir(c, "courriel", format!("Même courriel que la ligne {}. Vérifiez que chaque candidat a bien le sien.", premier.ligne))),
                None => { par_courriel.insert(courriel.to_lowercase(), c); }
            }
        }
    }
    problemes
}

/// Sans casse, accents, espaces ni traits d'union.
fn serrer(nom: &str) -> String {
    plier(nom).replace(' ', "")
}

fn avertir(c: &Candidat, champ: &str, message: String) -> Probleme {
    Probleme {
        ligne: c.ligne,
        champ: champ.into(),
        gravite: Gravite::Avertissement,
        message,
    }
}

#[cfg(test)]
mod essais {
    use super::*;
    use jiff::civil::{Date, date};

    fn candidat(ligne: u32, nom: &str, prenoms: &str, naissance: Option<Date>) -> Candidat {
        Candidat {
            ligne,
            nom_naissance: nom.into(),
            prenoms: prenoms.into(),
            naissance,
            ..Candidat::default()
        }
    }

    #[test]
    fn les_homonymes_sont_permis_et_les_doublons_avertis() {
        let d = Some(date(1999, 3, 12));
        let p = signaler(&[
            candidat(2, "Abadie", "Aicha", d),
            candidat(3, "ABADIE", "Aïcha", d),
            candidat(4, "Abadie", "Aïcha", Some(date(2000, 1, 1))),
            candidat(5, "Abadie", "Jean", d),
        ]);
        assert_eq!(p.iter().map(|p| p.ligne).collect::<Vec<_>>(), [3]);
        assert!(p[0].message.contains("ligne 2"));
    }
}
