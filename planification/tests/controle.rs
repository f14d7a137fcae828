//! Le contrôle du produit dit la même chose que `essais/check.py`, sur de vrais plans et sur des plans abîmés.

use planification::{Demande, Instance, Plan, SansHorloge, controle, planifier};
use std::path::PathBuf;
use std::process::Command;

fn dossier() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("essais")
}

fn instance(nom: &str) -> Instance {
    let texte = std::fs::read_to_string(dossier().join(format!("instances/{nom}.json"))).unwrap();
    Instance::lire(&texte).unwrap()
}

/// Vecteur, composantes et codes selon check.py.
fn selon_check(
    nom: &str,
    plan: &Plan,
    marque: usize,
) -> (Vec<i64>, serde_json::Value, Vec<String>) {
    let fichier =
        std::env::temp_dir().join(format!("garant-{}-{nom}-{marque}.json", std::process::id()));
    std::fs::write(&fichier, plan.texte()).unwrap();
    let sortie = Command::new("python3")
        .arg(dossier().join("check.py"))
        .arg(dossier().join(format!("instances/{nom}.json")))
        .arg(&fichier)
        .arg("--json")
        .output()
        .unwrap();
    std::fs::remove_file(&fichier).unwrap();
    let v: serde_json::Value = serde_json::from_slice(&sortie.stdout)
        .unwrap_or_else(|e| panic!("{e} {}", String::from_utf8_lossy(&sortie.stdout)));
    let vecteur = v["vector"]
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_i64().unwrap())
        .collect();
    let mut codes: Vec<String> = v["violations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x[0].as_str().unwrap().to_owned())
        .collect();
    codes.sort();
    (vecteur, v["components"].clone(), codes)
}

fn confronter(nom: &str, inst: &Instance, plan: &Plan, marque: usize) {
    let (manquements, mesure) = controle::controler(inst, plan).unwrap();
    let mut codes: Vec<String> = manquements.iter().map(|m| m.code.to_owned()).collect();
    codes.sort();
    let (vecteur, composantes, attendus) = selon_check(nom, plan, marque);
    assert_eq!(codes, attendus, "{nom}, mutation {marque}");
    assert_eq!(mesure.vecteur(), vecteur, "{nom}, mutation {marque}");
    assert_eq!(
        serde_json::to_value(mesure.composantes).unwrap(),
        composantes,
        "{nom}, mutation {marque}"
    );
}

/// Abîme un plan, d'une manière qui dépend de `k`.
fn muter(plan: &mut Plan, k: usize) {
    let n = plan.tasks.len();
    let (i, j) = ((k * 7 + 3) % n, (k * 13 + 5) % n);
    match k % 12 {
        0 => plan.tasks[i].start += 5,
        1 => plan.tasks[i].start = 700,
        2 => plan.tasks[i].start += 3,
        3 => plan.tasks[i].room = plan.tasks[j].room.clone(),
        4 => plan.tasks[i].jury = plan.tasks[j].jury.clone(),
        5 => plan.tasks[i].surveillant = plan.tasks[j].surveillant.clone(),
        6 => {
            plan.tasks.remove(i);
        }
        7 => {
            let double = plan.tasks[i].clone();
            plan.tasks.push(double);
        }
        8 => plan.tasks[i].start = plan.tasks[j].start,
        9 => {
            let c = plan.tasks[i].candidate.clone();
            plan.unplanned.push(c);
        }
        10 => {
            if let Some(d) = plan.deliberations.first_mut() {
                d.start -= 60;
            }
        }
        _ => {
            plan.deliberations.pop();
            plan.tasks[i].start -= 240;
        }
    }
}

#[test]
fn le_controle_dit_comme_check_py_sur_chaque_instance_et_sur_des_plans_abimes() {
    for nom in ["S1", "M1", "L1", "I1", "I2", "I3", "I4", "R1", "R3"] {
        let inst = instance(nom);
        let demande = Demande {
            graine: 3,
            fils: 1,
            iterations: Some(40),
        };
        let plan = planifier(&inst, &demande, &SansHorloge).plan;
        confronter(nom, &inst, &plan, 0);
        for k in 1..if inst.candidats.len() > 20 { 6 } else { 13 } {
            let mut abime = plan.clone();
            muter(&mut abime, k);
            if k % 3 == 0 {
                muter(&mut abime, k * 5 + 1);
            }
            confronter(nom, &inst, &abime, k);
        }
    }
}

#[test]
fn tout_plan_rendu_respecte_les_regles_et_ne_depend_pas_des_fils() {
    for nom in ["S1", "M1", "I1", "I3", "R1", "R3"] {
        let inst = instance(nom);
        for graine in 1..3 {
            let un = planifier(
                &inst,
                &Demande {
                    graine,
                    fils: 1,
                    iterations: Some(60),
                },
                &SansHorloge,
            );
            let deux = planifier(
                &inst,
                &Demande {
                    graine,
                    fils: 2,
                    iterations: Some(60),
                },
                &SansHorloge,
            );
            assert_eq!(un.plan.texte(), deux.plan.texte(), "{nom}");
            let (manquements, mesure) = controle::controler(&inst, &un.plan).unwrap();
            assert_eq!(manquements, [], "{nom}");
            assert_eq!(
                (mesure.restes, mesure.cout, mesure.qualite),
                (un.restes, un.cout, un.qualite),
                "{nom}"
            );
        }
    }
}

#[test]
fn une_epingle_est_respectee() {
    let texte = std::fs::read_to_string(dossier().join("instances/M1.json")).unwrap();
    let mut v: serde_json::Value = serde_json::from_str(&texte).unwrap();
    v["pins"] = serde_json::json!([
        {"candidate": "C002", "epreuve": "EF", "day": 1, "start": 900},
        {"candidate": "C005", "epreuve": "PP", "jury": "JURY02", "room": "A-E1"}
    ]);
    let inst = Instance::lire(&v.to_string()).unwrap();
    let p = planifier(
        &inst,
        &Demande {
            graine: 1,
            fils: 1,
            iterations: Some(300),
        },
        &SansHorloge,
    );
    assert_eq!(controle::controler(&inst, &p.plan).unwrap().0, []);
    assert_eq!(p.restes, 0);
}

#[test]
fn une_instance_malformee_nomme_son_champ() {
    let texte = std::fs::read_to_string(dossier().join("instances/S1.json")).unwrap();
    let base: serde_json::Value = serde_json::from_str(&texte).unwrap();
    for (chemin, valeur, champ) in [
        ("/grid", serde_json::json!(0), "grid"),
        ("/days", serde_json::json!([]), "days"),
        (
            "/epreuves/1/minutes",
            serde_json::json!("vingt"),
            "epreuves[1].minutes",
        ),
        (
            "/candidates/2/parcours",
            serde_json::json!("X"),
            "candidates[2].parcours",
        ),
        ("/days/0/close", serde_json::json!(10), "days[0].close"),
        (
            "/parcours/0/precedences",
            serde_json::json!([["MSP", "ET"], ["ET", "MSP"]]),
            "parcours[0].precedences",
        ),
    ] {
        let mut v = base.clone();
        *v.pointer_mut(chemin).unwrap() = valeur;
        assert_eq!(Instance::lire(&v.to_string()).unwrap_err().champ, champ);
    }
    for cle in base
        .as_object()
        .unwrap()
        .keys()
        .filter(|k| !["seed", "title", "pins", "replan"].contains(&k.as_str()))
    {
        let mut v = base.clone();
        v.as_object_mut().unwrap().remove(cle);
        assert_eq!(Instance::lire(&v.to_string()).unwrap_err().champ, *cle);
    }
    assert_eq!(Instance::lire("{").unwrap_err().champ, "fichier");
}
