//! Une valeur du fichier et son chemin : chaque refus nomme le champ.

use crate::instance::{Illisible, Plage};
use serde_json::Value;
use std::collections::BTreeMap;

/// Plus grand nombre d'éléments d'une liste.
const LISTE_MAX: usize = 20_000;
pub(super) type R<T> = Result<T, Illisible>;

pub(super) fn refus<T>(champ: impl Into<String>, phrase: impl Into<String>) -> R<T> {
    Err(Illisible {
        champ: champ.into(),
        phrase: phrase.into(),
    })
}

/// Une valeur et son chemin.
#[derive(Clone)]
pub(super) struct Noeud<'a>(pub(super) &'a Value, pub(super) String);

impl<'a> Noeud<'a> {
    pub(super) fn champ(&self, nom: &str) -> R<Noeud<'a>> {
        let chemin = if self.1.is_empty() {
            nom.to_owned()
        } else {
            format!("{}.{nom}", self.1)
        };
        let Some(objet) = self.0.as_object() else {
            return refus(&self.1, "on attend un objet.");
        };
        match objet.get(nom) {
            Some(v) => Ok(Noeud(v, chemin)),
            None => refus(chemin, "ce champ manque ; ajoutez-le."),
        }
    }

    pub(super) fn si_present(&self, nom: &str) -> Option<Noeud<'a>> {
        self.champ(nom).ok()
    }

    /// Un entier, de `min` à `max` compris.
    pub(super) fn entier(&self, min: i64, max: i64) -> R<i64> {
        match self.0.as_i64() {
            Some(n) if (min..=max).contains(&n) => Ok(n),
            _ => refus(
                &self.1,
                format!("on attend un nombre entier de {min} à {max}."),
            ),
        }
    }

    pub(super) fn texte(&self) -> R<String> {
        match self.0.as_str() {
            Some(t) if !t.is_empty() && t.len() <= 500 => Ok(t.to_owned()),
            _ => refus(&self.1, "on attend un texte de 1 à 500 octets."),
        }
    }

    pub(super) fn bool(&self) -> R<bool> {
        self.0
            .as_bool()
            .map_or_else(|| refus(&self.1, "on attend true ou false."), Ok)
    }

    pub(super) fn liste(&self, min: usize) -> R<Vec<Noeud<'a>>> {
        let Some(l) = self.0.as_array() else {
            return refus(&self.1, "on attend une liste.");
        };
        if l.len() < min || l.len() > LISTE_MAX {
            return refus(
                &self.1,
                format!("on attend une liste de {min} à {LISTE_MAX} éléments."),
            );
        }
        Ok(l.iter()
            .enumerate()
            .map(|(i, v)| Noeud(v, format!("{}[{i}]", self.1)))
            .collect())
    }

    /// Le rang, dans `connus`, de l'identifiant écrit ici.
    pub(super) fn rang(&self, connus: &Rangs) -> R<usize> {
        let id = self.texte()?;
        match connus.get(&id) {
            Some(i) => Ok(*i),
            None => refus(&self.1, format!("« {id} » n’est défini nulle part.")),
        }
    }

    pub(super) fn rangs(&self, connus: &Rangs, min: usize) -> R<Vec<usize>> {
        self.liste(min)?.iter().map(|n| n.rang(connus)).collect()
    }
}

pub(super) type Rangs = BTreeMap<String, usize>;

/// Les rangs des identifiants d'une liste d'objets, tous différents.
pub(super) fn identifiants(n: &Noeud<'_>, nom: &str, min: usize) -> R<Rangs> {
    let mut rangs = Rangs::new();
    for (i, n) in n.champ(nom)?.liste(min)?.iter().enumerate() {
        let id = n.champ("id")?;
        if rangs.insert(id.texte()?, i).is_some() {
            return refus(id.1, "cet identifiant sert déjà ; donnez-en un autre.");
        }
    }
    Ok(rangs)
}

pub(super) fn plages(n: &Noeud<'_>, jours: usize) -> R<Vec<Plage>> {
    n.liste(0)?
        .iter()
        .map(|p| {
            let jour = p.champ("day")?.entier(0, jours as i64 - 1)? as usize;
            let de = p.champ("from")?.entier(0, 1440)?;
            let a = p.champ("to")?;
            let fin = a.entier(0, 1440)?;
            if fin < de {
                return refus(a.1, "la fin précède le début.");
            }
            Ok((jour, de, fin))
        })
        .collect()
}

pub(super) fn couples(n: &Noeud<'_>, ep: &Rangs, liste: &[usize]) -> R<Vec<(usize, usize)>> {
    n.liste(0)?
        .iter()
        .map(|p| {
            let l = p.rangs(ep, 2)?;
            if l.len() != 2 || l[0] == l[1] || l.iter().any(|e| !liste.contains(e)) {
                return refus(&p.1, "on attend deux épreuves différentes de ce parcours.");
            }
            Ok((l[0], l[1]))
        })
        .collect()
}
