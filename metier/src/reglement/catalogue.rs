//! Le catalogue des règles, tel qu'il se lit dans `docs/catalogue-regles.md`.

use super::parametres::parametre;
use super::{Examen, Regle, TEXTES_VERIFIES_LE, THEMES, pluriel, regles};
use crate::contexte::Force;
use crate::temps::date_moyenne;
use std::fmt::Write;

/// Comment la règle se juge, en une phrase.
pub fn jugement(r: &Regle) -> String {
    match r.examen {
        Examen::Etat(_) => "Évaluée sur l’état de la session.".into(),
        Examen::Geste(par) => format!("Tenue par le geste : {par}"),
        Examen::NonEvaluee(pourquoi) => format!("Non évaluée. {pourquoi}"),
    }
}

/// La force en un mot ; celle d'un `Interdit` avec son pourquoi.
pub fn force(r: &Regle) -> String {
    match r.force {
        Force::Interdit => format!("Interdit. {}", r.pourquoi),
        f => f.libelle().to_owned(),
    }
}

/// La valeur réglable, si la règle en a une.
pub fn valeur(r: &Regle) -> Option<String> {
    parametre(r.code).map(|p| {
        format!(
            "{} : {} {} (réglable de {} à {})",
            p.intitule,
            p.defaut,
            p.unite.libelle(),
            p.min,
            p.max
        )
    })
}

/// Combien de règles, combien jugées sur l'état, combien tenues par le geste, combien non évaluées.
pub fn decompte() -> (usize, usize, usize, usize) {
    let (mut n, mut etat, mut geste, mut non) = (0, 0, 0, 0);
    for r in regles() {
        n += 1;
        match r.examen {
            Examen::Etat(_) => etat += 1,
            Examen::Geste(_) => geste += 1,
            Examen::NonEvaluee(_) => non += 1,
        }
    }
    (n, etat, geste, non)
}

/// Le document entier, en Markdown.
pub fn markdown() -> String {
    let (n, etat, geste, non) = decompte();
    let mut t = format!(
        "# Catalogue des règles\n\nEngendré par `metier::reglement::catalogue::markdown` : ne le corrigez pas à la main.\n\
         Pour le refaire : `GARANT_ECRIRE=1 cargo test -p metier --test regles catalogue`.\n\n\
         {n} lignes : {etat} évaluées sur l’état, {geste} tenue{} par le geste, {non} non évaluée{}. \
         Dernière vérification des textes : {}.\n\nLe texte consolidé du règlement général de 2016 n’a pas été lu en entier : \
         le niveau de preuve de chaque règle dit ce que vaut sa source.\n",
        pluriel(geste),
        pluriel(non),
        date_moyenne(TEXTES_VERIFIES_LE)
    );
    for (theme, regles) in THEMES {
        let _ = write!(t, "\n## {theme}\n");
        for r in *regles {
            let _ = write!(
                t,
                "\n### {} – {}\n\n- Source : {}\n- Preuve : {}\n- En vigueur : {}\n- Force : {}\n",
                r.code,
                r.intitule,
                r.source,
                r.preuve.libelle(),
                r.vigueur_libelle(),
                force(r)
            );
            if let Some(v) = valeur(r) {
                let _ = writeln!(t, "- Valeur : {v}");
            }
            if r.au_pv {
                let _ = writeln!(
                    t,
                    "- Une dérogation se lit aux observations du procès-verbal."
                );
            }
            let _ = writeln!(t, "- {}", jugement(r));
        }
    }
    t.replace('\u{a0}', " ")
}
