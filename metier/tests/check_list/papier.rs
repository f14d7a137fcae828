//! Le papier et le modèle : rien ne manque, rien n'est deux fois, tout est relié.

use metier::candidats::sans_accents;
use metier::reglement::parametres::parametre;
use metier::taches::habitudes::{datable, proposees, verifier};
use metier::taches::{Habitude, Phase, modele};
use metier::{echeances::Repere, reglement};
use std::collections::BTreeSet;

/// Chaque ligne et sous-ligne du papier, telle qu'imprimée (« DIRECCTE/UD » dit l'UD d'aujourd'hui).
const PAPIER: &str = include_str!("papier.txt");

fn rapproche(t: &str) -> String {
    sans_accents(
        &t.replace("le DIRECCTE/UD", "l’UD")
            .replace("la DIRECCTE/UD", "l’UD"),
    )
    .split(|c: char| !c.is_alphanumeric())
    .filter(|m| !m.is_empty())
    .collect::<Vec<_>>()
    .join("")
}

#[test]
fn chaque_ligne_et_sous_ligne_du_papier_a_sa_tache() {
    let textes: Vec<String> = modele("taches-2016")
        .iter()
        .flat_map(|t| {
            std::iter::once(t.intitule.clone())
                .chain(t.points.iter().map(|p| p.intitule.clone()))
                .chain(t.observation.clone())
        })
        .map(|t| rapproche(&t))
        .collect();
    let perdues: Vec<_> = PAPIER
        .lines()
        .filter(|l| !l.trim().is_empty())
        .filter(|l| !textes.iter().any(|t| t.contains(&rapproche(l))))
        .collect();
    assert!(
        perdues.is_empty(),
        "lignes du papier sans tâche : {perdues:#?}"
    );
    assert!(PAPIER.lines().count() > 90, "le papier est là en entier");
}

#[test]
fn les_deux_lignes_imprimees_deux_fois_n_existent_qu_une_fois_avec_leur_delai() {
    for debut in [
        "Convoquer les membres du jury",
        "Informer les candidats par voie d’affichage",
    ] {
        let l: Vec<_> = modele("")
            .iter()
            .filter(|t| t.intitule.starts_with(debut))
            .collect();
        assert_eq!(l.len(), 1, "{debut}");
        assert!(l[0].delai.is_some(), "{debut}");
    }
}

#[test]
fn chaque_code_est_unique_chaque_regle_et_chaque_parametre_existent_chaque_tache_s_explique() {
    let mut codes = BTreeSet::new();
    for t in modele("") {
        assert!(codes.insert(t.code.as_str()), "{}", t.code);
        assert!(t.faire.ends_with('.'), "{} : ce qu'il faut faire", t.code);
        if let Some(r) = &t.regle {
            assert!(reglement::regle(r).is_some(), "{} cite {r}", t.code);
        }
        let delais = t
            .delai
            .iter()
            .chain(t.points.iter().filter_map(|p| p.delai.as_ref()));
        for code in delais.filter_map(|d| d.parametre()) {
            assert!(parametre(code).is_some(), "{} lit {code}", t.code);
        }
        for p in &t.points {
            assert!(codes.insert(p.code.as_str()), "{}", p.code);
            assert!(p.code.starts_with(&format!("{}.", t.code)), "{}", p.code);
        }
        if let Some(p) = &t.page {
            assert!(
                [
                    "programme",
                    "equipe",
                    "candidats",
                    "jury",
                    "planning",
                    "convocations",
                    "plis",
                    "jour",
                    "deliberation",
                    "plateau",
                    "archives",
                    "suites",
                    "pv",
                ]
                .contains(&p.as_str()),
                "{} mène à {p}",
                t.code
            );
        }
    }
}

#[test]
fn les_habitudes_proposees_avancent_des_taches_du_reglement() {
    let jours: Vec<_> = proposees()
        .iter()
        .map(|p| (p.sur.as_str(), p.jours))
        .collect();
    assert_eq!(
        jours,
        [("AV-03", 120), ("AV-07", 90), ("AV-12", 40), ("AV-14", 40)]
    );
    for p in proposees() {
        let t = datable(&p.sur).expect("une tâche du règlement");
        let h = Habitude {
            code: String::new(),
            sur: Some(p.sur.clone()),
            phase: Phase::Amont,
            intitule: t.intitule.clone(),
            faire: String::new(),
            repere: Repere::AvantDebut,
            jours: p.jours,
            condition: Default::default(),
        };
        assert!(verifier(&h).is_empty());
        let inconnue = Habitude {
            sur: Some("AV-99".into()),
            jours: 9_999,
            ..h
        };
        let champs: Vec<_> = verifier(&inconnue).into_iter().map(|f| f.0).collect();
        assert_eq!(champs, ["sur", "jours"]);
    }
}
