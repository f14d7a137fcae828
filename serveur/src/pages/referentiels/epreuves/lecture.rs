//! Lire les épreuves écrites : rang, durée, modalité, présence du jury, et le code de chacune.

use super::super::super::controle::{COURT_MAX, Controle, LONG_MAX};
use super::Saisie;
use metier::referentiel::{Epreuve, Modalite, Organisation, PresenceJury};
use std::collections::BTreeSet;

/// Durée d'une épreuve : dix jours de huit heures.
const DUREE_MAX_MINUTES: u32 = 4_800;

/// Les épreuves écrites, dans l'ordre voulu. Une épreuve gardée garde son code ; une nouvelle reçoit le premier libre.
pub(super) fn lire(s: &Saisie, portee: &str, c: &mut Controle) -> Vec<Epreuve> {
    let prefixe = if portee == "titre" { "T" } else { portee };
    let mut ecrites: Vec<(u32, Epreuve)> = Vec::new();
    let mut finales = Vec::new();
    for i in 0..s.nombre() {
        let nature = c.ligne(&format!("nature_{i}"), s.champ("nature", i), COURT_MAX);
        let (code, duree) = (s.champ("code", i).trim(), s.champ("duree", i).trim());
        // Une ligne à demi remplie ne se perd pas en silence : elle demande son intitulé.
        let vierge = [
            nature.as_str(),
            code,
            duree,
            s.champ("precisions", i).trim(),
            s.champ("ensemble", i).trim(),
        ]
        .iter()
        .all(|champ| champ.is_empty());
        if s.champ("retirer", i) == "oui" || vierge {
            continue;
        }
        if nature.is_empty() {
            c.faute(
                &format!("nature_{i}"),
                "Écrivez l’intitulé de l’épreuve, ou cochez « Retirer cette épreuve ».",
            );
        }
        let duree_minutes = lire_duree(duree, &format!("duree_{i}"), c);
        let modalite = Modalite::depuis_code(s.champ("modalite", i))
            .unwrap_or_else(|| Modalite::depuis_nature(&nature));
        let presence_jury =
            PresenceJury::depuis_code(s.champ("presence", i)).unwrap_or(PresenceJury::Inconnue);
        let ordre = s.champ("ordre", i).trim();
        let rang = if ordre.is_empty() {
            u32::try_from(i + 1).ok()
        } else {
            ordre.parse().ok()
        };
        if rang.is_none() {
            c.faute(
                &format!("ordre_{i}"),
                "Écrivez l’ordre en chiffres : 1 pour la première épreuve.",
            );
        }
        let precisions = c.texte(
            &format!("precisions_{i}"),
            s.champ("precisions", i),
            LONG_MAX,
        );
        if modalite == Modalite::Ef {
            finales.push(format!("ordre_{i}"));
        }
        let epreuve = Epreuve {
            code: code.to_owned(),
            nature,
            modalite,
            duree_minutes,
            presence_jury,
            precisions: Some(precisions).filter(|t| !t.is_empty()),
            organisation: organisation(s, i, c),
        };
        ecrites.push((rang.unwrap_or(u32::MAX), epreuve));
    }
    ecrites.sort_by_key(|(rang, _)| *rang);
    let mut epreuves: Vec<Epreuve> = ecrites.into_iter().map(|(_, e)| e).collect();
    // Règlement : l'entretien final est la dernière épreuve.
    if let Some(place) = epreuves.iter().position(|e| e.modalite == Modalite::Ef)
        && place + 1 < epreuves.len()
    {
        let champ = finales.first().map(String::as_str).unwrap_or_default();
        c.faute(champ, "L’entretien final est la dernière épreuve, et il est seul : donnez-lui le dernier rang.");
    }
    coder(&mut epreuves, prefixe);
    epreuves
}

/// Comment l'épreuve s'organise : ce qui n'est pas renseigné reste à vérifier au RE.
fn organisation(s: &Saisie, i: usize, c: &mut Controle) -> Organisation {
    let choix = |nom: &str| match s.champ(nom, i) {
        "oui" => Some(true),
        "non" => Some(false),
        _ => None,
    };
    let ensemble = s.champ("ensemble", i).trim();
    let lu = ensemble
        .parse::<u32>()
        .ok()
        .filter(|n| (1..=1000).contains(n));
    if lu.is_none() && !ensemble.is_empty() {
        c.faute(
            &format!("ensemble_{i}"),
            "Écrivez un nombre de candidats, de 1 à 1 000, ou laissez vide.",
        );
    }
    Organisation {
        ensemble: lu,
        debut_commun: choix("commun"),
        enchaine: choix("enchaine"),
        prolongeable: choix("majore"),
    }
}

/// Donne un code à chaque épreuve nouvelle, sans reprendre celui d'une autre.
fn coder(epreuves: &mut [Epreuve], prefixe: &str) {
    let mut pris = BTreeSet::new();
    for e in epreuves.iter_mut() {
        let sain = e
            .code
            .strip_prefix(prefixe)
            .and_then(|r| r.strip_prefix('-'))
            .is_some_and(|n| n.parse::<u32>().is_ok());
        if !sain || !pris.insert(e.code.clone()) {
            e.code.clear();
        }
    }
    let mut libre = 1u32;
    for e in epreuves.iter_mut().filter(|e| e.code.is_empty()) {
        while !pris.insert(format!("{prefixe}-{libre}")) {
            libre += 1;
        }
        e.code = format!("{prefixe}-{libre}");
    }
}

fn lire_duree(texte: &str, champ: &str, c: &mut Controle) -> Option<u32> {
    if texte.is_empty() {
        return None;
    }
    let lue = texte
        .parse::<u32>()
        .ok()
        .filter(|m| (1..=DUREE_MAX_MINUTES).contains(m));
    if lue.is_none() {
        c.faute(champ, format!("Écrivez la durée en minutes, de 1 à {DUREE_MAX_MINUTES} : 90 pour une heure et demie."));
    }
    lue
}

#[cfg(test)]
mod essais {
    use super::*;
    use std::collections::HashMap;

    fn saisie(lignes: &[(&str, &str, &str, &str, &str)]) -> Saisie {
        let mut champs = HashMap::new();
        for (i, (code, nature, modalite, duree, ordre)) in lignes.iter().enumerate() {
            for (nom, valeur) in [
                ("code", code),
                ("nature", nature),
                ("modalite", modalite),
                ("duree", duree),
                ("ordre", ordre),
            ] {
                champs.insert(format!("{nom}_{i}"), (*valeur).to_owned());
            }
        }
        Saisie {
            lignes: lignes.len().to_string(),
            champs,
            ..Saisie::default()
        }
    }

    #[test]
    fn ordonner_ajouter_et_retirer_gardent_les_codes() {
        let mut s = saisie(&[
            ("T-1", "Mise en situation", "msp", "60", "2"),
            ("T-2", "Entretien final", "ef", "15", "9"),
            ("", "Questionnaire", "qp", "30", "1"),
            ("T-3", "Entretien technique", "et", "20", "3"),
            ("", "", "msp", "", "4"),
        ]);
        s.champs.insert("retirer_3".into(), "oui".into());
        let mut c = Controle::default();
        let epreuves = lire(&s, "titre", &mut c);
        assert!(c.est_bon(), "{:?}", c.0);
        let codes: Vec<_> = epreuves
            .iter()
            .map(|e| (e.code.as_str(), e.nature.as_str()))
            .collect();
        assert_eq!(
            codes,
            [
                ("T-3", "Questionnaire"),
                ("T-1", "Mise en situation"),
                ("T-2", "Entretien final")
            ]
        );
    }

    #[test]
    fn l_entretien_final_reste_le_dernier() {
        let s = saisie(&[
            ("T-1", "Entretien final", "ef", "15", "1"),
            ("T-2", "Mise en situation", "msp", "60", "2"),
        ]);
        let mut c = Controle::default();
        lire(&s, "titre", &mut c);
        assert!(c.0.pour("ordre_0").is_some());
    }

    #[test]
    fn une_duree_hors_bornes_est_refusee_sur_son_champ() {
        for mauvaise in ["0", "-5", "1 h", "4801", "99999999999"] {
            let s = saisie(&[("T-1", "Mise en situation", "msp", mauvaise, "1")]);
            let mut c = Controle::default();
            lire(&s, "titre", &mut c);
            assert!(c.0.pour("duree_0").is_some(), "{mauvaise}");
        }
    }
}
