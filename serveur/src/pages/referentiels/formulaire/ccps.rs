//! Les CCP d'un titre dans son formulaire : les lire, les remontrer.

use super::super::super::controle::{COURT_MAX, Controle};
use super::{Saisie, a_la_forme};
use metier::Referentiel;
use metier::referentiel::Ccp;
use std::collections::BTreeSet;

/// Nombre de CCP d'un titre.
const CCP_MAX: usize = 12;
/// Lignes vides proposées en plus des CCP connus.
const LIGNES_LIBRES: usize = 2;

/// La ligne d'un CCP dans le formulaire.
pub(super) struct LigneCcp {
    pub(super) champ_code: String,
    pub(super) champ_intitule: String,
    pub(super) champ_ceres: String,
    pub(super) libelle_code: String,
    pub(super) libelle_intitule: String,
    pub(super) libelle_ceres: String,
    pub(super) code: String,
    pub(super) intitule: String,
    pub(super) ceres: String,
}

/// Les CCP écrits, dans l'ordre ; un CCP gardé garde ses épreuves.
pub(super) fn lire_ccps(s: &Saisie, base: &Referentiel, c: &mut Controle) -> Vec<Ccp> {
    let champ = |nom: &str, i: usize| {
        s.ccps
            .get(&format!("ccp_{nom}_{i}"))
            .map(String::as_str)
            .unwrap_or_default()
    };
    let mut vus = BTreeSet::new();
    let mut ccps = Vec::new();
    for i in 0..CCP_MAX {
        let intitule = c.ligne(
            &format!("ccp_intitule_{i}"),
            champ("intitule", i),
            COURT_MAX,
        );
        if intitule.is_empty() {
            // Une ligne à demi remplie ne se perd pas en silence.
            if !champ("code", i).trim().is_empty() || !champ("ceres", i).trim().is_empty() {
                c.faute(
                    &format!("ccp_intitule_{i}"),
                    "Écrivez l’intitulé de ce CCP, ou videz sa ligne.",
                );
            }
            continue;
        }
        let mut code = c
            .ligne(&format!("ccp_code_{i}"), champ("code", i), 20)
            .to_uppercase()
            .replace(' ', "");
        if code.is_empty() {
            code = format!("CCP{}", i + 1);
        }
        if !code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') || code == "TITRE" {
            c.faute(
                &format!("ccp_code_{i}"),
                "Un code de CCP s’écrit avec des lettres et des chiffres, comme CCP1.",
            );
        }
        if !vus.insert(code.clone()) {
            c.faute(
                &format!("ccp_code_{i}"),
                format!("Le code {code} est écrit deux fois : donnez à chaque CCP le sien."),
            );
        }
        let ceres = c.ligne(
            &format!("ccp_ceres_{i}"),
            &champ("ceres", i).to_uppercase(),
            20,
        );
        if !ceres.is_empty() && !a_la_forme(&ceres, "CP-", 6) {
            c.faute(
                &format!("ccp_ceres_{i}"),
                "Écrivez le code CERES : CP- suivi de six chiffres, comme CP-003179.",
            );
        }
        let epreuves = base
            .ccp(&code)
            .map(|c| c.epreuves.clone())
            .unwrap_or_default();
        ccps.push(Ccp {
            code,
            intitule,
            code_ceres: Some(ceres).filter(|t| !t.is_empty()),
            epreuves,
        });
    }
    ccps
}

pub(super) fn lignes_ccp(s: &Saisie) -> Vec<LigneCcp> {
    let valeur = |nom: &str, i: usize| {
        s.ccps
            .get(&format!("ccp_{nom}_{i}"))
            .cloned()
            .unwrap_or_default()
    };
    let ecrits = (0..CCP_MAX)
        .rev()
        .find(|i| !valeur("intitule", *i).is_empty())
        .map_or(0, |i| i + 1);
    (0..(ecrits + LIGNES_LIBRES).min(CCP_MAX))
        .map(|i| LigneCcp {
            champ_code: format!("ccp_code_{i}"),
            champ_intitule: format!("ccp_intitule_{i}"),
            champ_ceres: format!("ccp_ceres_{i}"),
            libelle_code: format!("Code du CCP {}", i + 1),
            libelle_intitule: format!("Intitulé du CCP {}", i + 1),
            libelle_ceres: format!("Code CERES du CCP {}", i + 1),
            code: valeur("code", i),
            intitule: valeur("intitule", i),
            ceres: valeur("ceres", i),
        })
        .collect()
}
