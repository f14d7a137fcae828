//! Les causes et les objets attendus sur les instances impossibles, et des remèdes qui tiennent parole.

use planification::{Demande, Instance, SansHorloge, expliquer, planifier};

#[test]
fn les_instances_impossibles_sont_expliquees() {
    let dossier = concat!(env!("CARGO_MANIFEST_DIR"), "/essais");
    let attendus: serde_json::Value = serde_json::from_str(
        &std::fs::read_to_string(format!("{dossier}/references.json")).unwrap(),
    )
    .unwrap();
    for nom in ["I1", "I2", "I3", "I4"] {
        let texte = std::fs::read_to_string(format!("{dossier}/instances/{nom}.json")).unwrap();
        let inst = Instance::lire(&texte).unwrap();
        let demande = Demande {
            graine: 1,
            fils: 1,
            iterations: Some(400),
        };
        let planning = planifier(&inst, &demande, &SansHorloge);
        let attendu = &attendus[nom]["explanation"];
        assert_eq!(
            planning.restes,
            attendu["min_unplanned"].as_i64().unwrap(),
            "{nom}"
        );
        let dit = expliquer(&inst, &planning, 1, &SansHorloge);
        assert_eq!(
            dit.causes[0].cause,
            attendu["cause"].as_str().unwrap(),
            "{nom}"
        );
        for objet in attendu["objects"].as_array().unwrap() {
            assert!(
                dit.causes[0]
                    .objects
                    .iter()
                    .any(|o| o == objet.as_str().unwrap()),
                "{nom} {objet}"
            );
        }
        assert!(!dit.relaxations.is_empty(), "{nom}");
        println!("{nom} {}", serde_json::to_string_pretty(&dit).unwrap());
    }
}
