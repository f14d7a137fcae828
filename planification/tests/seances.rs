//! Le prix d'une séance surveillée : quatre séances pleines plutôt que six à moitié vides, quand l'instance le demande.

use planification::{Demande, Instance, SansHorloge, controle, planifier};
use serde_json::{Value, json};

const M1: &str = include_str!("../essais/instances/M1.json");

/// Seize candidats, un questionnaire libre d'heure, quatre places par salle : il y faut quatre séances au moins.
fn seances(prix: i64, graine: u64) -> i64 {
    let mut v: Value = serde_json::from_str(M1).unwrap();
    for e in v["epreuves"].as_array_mut().unwrap() {
        e["same_start_site"] = json!(false);
    }
    for r in v["rooms"].as_array_mut().unwrap() {
        if r["kind"] == "salle" {
            r["capacity"] = json!(4);
        }
    }
    v["weights"]["seance"] = json!(prix);
    let inst = Instance::lire(&v.to_string()).unwrap();
    let demande = Demande {
        graine,
        fils: 1,
        iterations: Some(20_000),
    };
    let trouve = planifier(&inst, &demande, &SansHorloge);
    let (manquements, mesure) = controle::controler(&inst, &trouve.plan).unwrap();
    assert_eq!(manquements, []);
    assert_eq!((trouve.restes, trouve.qualite), (0, mesure.qualite));
    mesure.composantes.seances
}

#[test]
fn une_seance_qui_coute_se_remplit() {
    for graine in 1..4 {
        let (gratuites, payantes) = (seances(0, graine), seances(120, graine));
        assert!(
            (4..=5).contains(&payantes) && payantes < gratuites,
            "graine {graine} : {payantes} séances, {gratuites} quand elles ne coûtent rien"
        );
    }
}

#[test]
fn un_prix_de_seance_absurde_se_dit() {
    let mut v: Value = serde_json::from_str(M1).unwrap();
    v["weights"]["seance"] = json!(-1);
    let refus = Instance::lire(&v.to_string()).unwrap_err().to_string();
    assert!(refus.contains("weights.seance"), "{refus}");
}
