//! Le règlement : des lignes de table, chacune avec sa phrase, sa source, son niveau de preuve et sa force.
//!
//! Une règle regarde un **état et un jour**, jamais une commande. La même ligne pèse sur un geste, nourrit la
//! page Conformité et se cite dans le journal.

mod equipe;
mod jury;
mod papiers;
mod planning;
mod programme;

use crate::contexte::{Constat, Force};
use crate::session::Session;
use jiff::civil::Date;

/// Niveau de preuve d'une règle (reglement.md §10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NiveauPreuve {
    /// Lu dans une source actuelle ou dans la check-list.
    Lu,
    /// Texte de 2008 abrogé ou source secondaire.
    Secondaire,
    /// Proposition de Garant, prudente.
    Proposition,
}

impl NiveauPreuve {
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Lu => "lu dans une source actuelle ou la check-list",
            Self::Secondaire => "source secondaire ou texte de 2008, à vérifier",
            Self::Proposition => "proposition prudente, non réglementaire",
        }
    }
}

/// Une règle du règlement.
pub struct Regle {
    /// Code, jamais réutilisé.
    pub code: &'static str,
    /// La règle, en une phrase.
    pub intitule: &'static str,
    /// D'où elle vient.
    pub source: &'static str,
    /// Ce que vaut la source.
    pub preuve: NiveauPreuve,
    /// Premier jour d'application ; toujours si absent.
    pub vigueur: Option<Date>,
    /// Force.
    pub force: Force,
    /// L'examen : un constat par manquement (ou par manque).
    pub examiner: fn(&Session, Date) -> Vec<Trouve>,
}

/// Ce qu'une règle trouve ; la table y ajoute son code et sa force.
pub struct Trouve {
    /// La phrase, avec ses nombres et ses noms.
    pub phrase: String,
    /// Quoi faire.
    pub remede: &'static str,
    /// Sur quoi.
    pub objet: String,
    /// Où y remédier.
    pub page: &'static str,
    /// Vrai quand c'est encore à faire et non enfreint.
    pub manque: bool,
}

impl Trouve {
    fn manquement(
        objet: impl Into<String>,
        page: &'static str,
        phrase: impl Into<String>,
        remede: &'static str,
    ) -> Self {
        Self {
            phrase: phrase.into(),
            remede,
            objet: objet.into(),
            page,
            manque: false,
        }
    }
    fn manque(
        objet: impl Into<String>,
        page: &'static str,
        phrase: impl Into<String>,
        remede: &'static str,
    ) -> Self {
        Self {
            manque: true,
            ..Self::manquement(objet, page, phrase, remede)
        }
    }
}

/// Toutes les règles, thème par thème.
pub fn regles() -> impl Iterator<Item = &'static Regle> {
    [
        programme::REGLES,
        equipe::REGLES,
        jury::REGLES,
        papiers::REGLES,
        planning::REGLES,
    ]
    .into_iter()
    .flatten()
}

/// Une règle par son code.
pub fn regle(code: &str) -> Option<&'static Regle> {
    regles().find(|r| r.code == code)
}

/// Examine la session à ce jour : tous les constats, les plus graves d'abord, les manques à la fin.
pub fn examiner(s: &Session, jour: Date) -> Vec<Constat> {
    if s.programme.as_ref().is_none_or(|p| p.annulee.is_some()) {
        return vec![];
    }
    let mut constats: Vec<_> = regles()
        .filter(|r| r.vigueur.is_none_or(|v| v <= jour))
        .flat_map(|r| {
            (r.examiner)(s, jour).into_iter().map(|t| Constat {
                code: r.code.into(),
                phrase: t.phrase,
                remede: t.remede.into(),
                force: r.force,
                objet: t.objet,
                champ: None,
                page: Some(t.page.into()),
                manque: t.manque,
            })
        })
        .collect();
    constats.sort_by_key(|c| (c.manque, std::cmp::Reverse(c.force)));
    constats
}
