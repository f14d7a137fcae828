//! Les causes et les objets attendus sur les instances impossibles, et des remèdes qui tiennent parole.

use planification::{Demande, Explication, Instance, SansHorloge, controle, expliquer, planifier};
use serde_json::{Value, json};

fn lire(nom: &str) -> Value {
    let chemin = format!("{}/essais/{nom}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(chemin).unwrap()).unwrap()
}

fn planning(inst: &Instance, iterations: u64) -> planification::Planning {
    let demande = Demande {
        graine: 1,
        fils: 1,
        iterations: Some(iterations),
    };
    planifier(inst, &demande, &SansHorloge)
}

/// Applique à l'instance écrite ce qu'un remède dit changer.
fn appliquer(v: &mut Value, chemin: &str, valeur: &Value) {
    let mut ici = v;
    for morceau in chemin.split('.') {
        let (nom, rang) = match morceau.split_once('[') {
            Some((n, r)) => (n, Some(r.trim_end_matches(']').parse::<usize>().unwrap())),
            None => (morceau, None),
        };
        ici = &mut ici[nom];
        if let Some(r) = rang {
            let liste = ici.as_array_mut().unwrap();
            if r == liste.len() {
                liste.push(Value::Null);
            }
            ici = &mut liste[r];
        }
    }
    *ici = valeur.clone();
}

/// Le minimum est atteint et prouvé, la première cause est la bonne, et chaque remède, appliqué, place tout le monde.
fn verifier(v: &Value, cause: &str, objets: &[&str], restes: usize) -> Explication {
    let nom = v["id"].to_string();
    let inst = Instance::lire(&v.to_string()).unwrap();
    let plan = planning(&inst, 3000);
    assert_eq!(plan.restes as usize, restes, "{nom} {cause}");
    assert_eq!(controle::controler(&inst, &plan.plan).unwrap().0, []);
    let dit = expliquer(&inst, &plan, 1, &SansHorloge);
    assert_eq!((dit.au_moins, dit.prouve), (restes, true), "{nom} {cause}");
    assert_eq!(dit.causes[0].cause, cause, "{nom}");
    for objet in objets {
        assert!(
            dit.causes[0].objects.iter().any(|o| o == objet),
            "{nom} {objet}"
        );
    }
    assert!(!dit.relaxations.is_empty(), "{nom} {cause}");
    let memes = |(i, r): (usize, &planification::Remede)| {
        let avant = &dit.relaxations[..i];
        avant.iter().any(|x| x.changements == r.changements)
    };
    assert!(
        !dit.relaxations.iter().enumerate().any(memes),
        "{nom} : deux remèdes qui n’en font qu’un, {:?}",
        dit.relaxations
    );
    for r in &dit.relaxations {
        assert!(!r.changements.is_empty(), "{}", r.phrase);
        let mut autre = v.clone();
        for c in &r.changements {
            appliquer(&mut autre, &c.chemin, &c.valeur);
        }
        let autre = Instance::lire(&autre.to_string()).unwrap_or_else(|e| panic!("{e}"));
        let plan = planning(&autre, 1500);
        assert_eq!(plan.restes, 0, "{nom} : {}", r.phrase);
        assert_eq!(controle::controler(&autre, &plan.plan).unwrap().0, []);
    }
    dit
}

#[test]
fn les_instances_impossibles_sont_expliquees() {
    let attendus = lire("references");
    for nom in ["I1", "I2", "I3", "I4"] {
        let attendu = &attendus[nom]["explanation"];
        let objets: Vec<&str> = attendu["objects"]
            .as_array()
            .unwrap()
            .iter()
            .map(|o| o.as_str().unwrap())
            .collect();
        verifier(
            &lire(&format!("instances/{nom}")),
            attendu["cause"].as_str().unwrap(),
            &objets,
            attendu["min_unplanned"].as_u64().unwrap() as usize,
        );
    }
}

#[test]
fn aucune_salle_accessible() {
    let mut v = lire("instances/I3");
    v["rooms"][0]["capacity"] = json!(12);
    for r in [1, 2] {
        v["rooms"][r]["accessible"] = json!(false);
    }
    v["candidates"][4]["pmr"] = json!(true);
    verifier(&v, "salle_accessible", &["C005"], 1);
}

#[test]
fn le_seul_surveillant_a_forme_un_candidat() {
    let mut v = lire("instances/I3");
    v["rooms"][0]["capacity"] = json!(12);
    v["candidates"][2]["conflicts"] = json!(["SV01"]);
    verifier(&v, "surveillant_formateur", &["C003", "SV01"], 1);
}

/// Deux candidats, et un jour ouvert quatre heures : leurs épreuves n'y tiennent pas.
fn demi_journee(ouvre: i64) -> Value {
    let mut v = lire("instances/I4");
    let ferme = ouvre + 240;
    v["days"][0]["open"] = json!(ouvre);
    v["days"][0]["close"] = json!(ferme);
    v["candidates"] = json!([v["candidates"][0], v["candidates"][1]]);
    for c in v["candidates"].as_array_mut().unwrap() {
        c["tiers_temps"] = json!(false);
        c["availability"] = Value::Null;
    }
    for liste in ["members", "surveillants"] {
        for p in v[liste].as_array_mut().unwrap() {
            p["availability"] = json!([{"day": 0, "from": ouvre, "to": ferme}]);
        }
    }
    v
}

#[test]
fn on_ferme_trop_tot() {
    let dit = verifier(&demi_journee(480), "fermeture", &["C001"], 2);
    assert!(dit.relaxations[0].phrase.contains("fermant"));
}

/// Le seul bureau n'est libre que de 11 h 40 à 12 h 30 et de 15 h 20 à 16 h 30 : 120 minutes, quand six entretiens en
/// demandent 195.
fn sans_bureau() -> Value {
    let mut v = lire("instances/S1");
    v["rooms"][1]["unavailable"] = json!([
        {"day": 0, "from": 480, "to": 700},
        {"day": 0, "from": 750, "to": 920},
        {"day": 0, "from": 990, "to": 1110},
    ]);
    v
}

#[test]
fn la_salle_d_entretien_n_est_pas_libre_assez_longtemps() {
    let dit = verifier(&sans_bureau(), "temps_salle", &["A-E1"], 2);
    assert_eq!(
        dit.causes[0].phrase,
        "Il faut 3\u{a0}h\u{a0}15 de salle «\u{a0}entretien\u{a0}», et il y en a 2\u{a0}heures au plus\u{a0}: au moins 2 candidats restent de côté."
    );
    assert_eq!(
        dit.relaxations[0].phrase,
        "Avec une salle «\u{a0}entretien\u{a0}» de plus, tout tient."
    );
    // Un jury de plus amène aussi sa salle : le dire n'apprendrait rien.
    let phrases: Vec<&str> = dit.relaxations.iter().map(|r| r.phrase.as_str()).collect();
    assert!(
        !phrases.iter().any(|p| p.contains("jury et un bureau")),
        "{phrases:?}"
    );
}

#[test]
fn deux_sites_qui_manquent_de_la_meme_salle_se_nomment() {
    let mut v = sans_bureau();
    v["sites"] = json!(["A", "B"]);
    let seconde = |x: &Value, lieu: &str| {
        let texte = x.to_string();
        let mut x: Value = serde_json::from_str(&texte.replace("\"A-", "\"B-")).unwrap();
        let id = x["id"].as_str().unwrap();
        if !id.starts_with("B-") {
            x["id"] = json!(format!("B-{id}"));
        }
        x[lieu] = if lieu == "sites" {
            json!(["B"])
        } else {
            json!("B")
        };
        x
    };
    for (liste, lieu) in [
        ("rooms", "site"),
        ("surveillants", "sites"),
        ("members", "sites"),
        ("juries", "sites"),
        ("candidates", "site"),
    ] {
        let les_siens = v[liste].as_array_mut().unwrap();
        let autres: Vec<Value> = les_siens.iter().map(|x| seconde(x, lieu)).collect();
        les_siens.extend(autres);
    }
    for j in v["juries"].as_array_mut().unwrap() {
        if j["sites"] == json!(["B"]) {
            for m in j["members"].as_array_mut().unwrap() {
                *m = json!(format!("B-{}", m.as_str().unwrap()));
            }
        }
    }
    for c in v["candidates"].as_array_mut().unwrap() {
        c["conflicts"] = json!([]);
    }
    let dit = verifier(&v, "temps_salle", &["A-E1"], 4);
    for (cause, site) in dit.causes.iter().zip(["A", "B"]) {
        let ou = format!("de salle «\u{a0}entretien\u{a0}» au site {site}, et il y en a");
        assert!(cause.phrase.contains(&ou), "{}", cause.phrase);
    }
    assert_eq!(
        dit.relaxations[0].phrase,
        "Avec une salle «\u{a0}entretien\u{a0}» de plus au site A\u{a0}; Avec une salle «\u{a0}entretien\u{a0}» de plus au site B\u{a0}: ensemble, tout tient."
    );
}

#[test]
fn en_cours_de_session_ce_qui_est_joue_ne_se_compte_pas_contre_ce_qui_reste() {
    let mut v = lire("instances/S1");
    let mut demain = v["days"][0].clone();
    demain["date"] = json!("2026-06-16");
    v["days"].as_array_mut().unwrap().push(demain);
    for liste in ["members", "surveillants"] {
        for p in v[liste].as_array_mut().unwrap() {
            let mut second = p["availability"][0].clone();
            second["day"] = json!(1);
            p["availability"].as_array_mut().unwrap().push(second);
        }
    }
    let inst = Instance::lire(&v.to_string()).unwrap();
    let reference = serde_json::to_value(planning(&inst, 400).plan).unwrap();
    // Le bureau est perdu jusqu'au lendemain 15 h, mais des entretiens s'y sont déjà tenus ; et un dernier candidat n'est
    // là que vingt minutes.
    v["replan"] = json!({"now": {"day": 0, "minute": 900}, "substitute": {}, "event": "bureau perdu", "reference": reference});
    let mut tardif = v["candidates"][0].clone();
    tardif["id"] = json!("C099");
    tardif["availability"] = json!([{"day": 1, "from": 480, "to": 500}]);
    v["candidates"].as_array_mut().unwrap().push(tardif);
    v["rooms"][1]["unavailable"] = json!([
        {"day": 0, "from": 480, "to": 1110},
        {"day": 1, "from": 480, "to": 900},
        {"day": 1, "from": 1020, "to": 1110},
    ]);
    let inst = Instance::lire(&v.to_string()).unwrap();
    let plan = planning(&inst, 400);
    assert!(plan.restes >= 1);
    let dit = expliquer(&inst, &plan, 1, &SansHorloge);
    let du_temps = dit.causes.iter().find(|c| c.cause.starts_with("temps_"));
    assert_eq!(du_temps, None);
}

/// S1 en cours : il est telle heure, et les jurés partent à telle autre.
fn en_cours(maintenant: i64, partent: i64) -> Instance {
    let mut v = lire("instances/S1");
    let reference = planning(&Instance::lire(&v.to_string()).unwrap(), 400).plan;
    v["replan"] = json!({
        "now": {"day": 0, "minute": maintenant}, "substitute": {}, "event": "départ",
        "reference": serde_json::to_value(reference).unwrap(),
    });
    for m in v["members"].as_array_mut().unwrap() {
        m["availability"][0]["to"] = json!(partent);
    }
    Instance::lire(&v.to_string()).unwrap()
}

#[test]
fn en_cours_de_session_un_jury_qui_part_trop_tot_se_dit_avec_le_temps_qui_reste() {
    // Midi, et le jury part à 13 h : une heure, pour tous ceux qui ne sont pas encore passés.
    let inst = en_cours(720, 780);
    let plan = planning(&inst, 800);
    let dit = expliquer(&inst, &plan, 1, &SansHorloge);
    assert!(dit.au_moins > 0 && dit.au_moins <= plan.restes as usize);
    let du_temps = dit.causes.iter().find(|c| c.cause == "temps_jury").unwrap();
    let reste = "de jury pour ce qui reste à passer, délibération comprise, et il y en a";
    assert!(du_temps.phrase.contains(reste), "{}", du_temps.phrase);
    // La borne n'accuse jamais à tort : chercher plus longtemps, ou partir d'ailleurs, n'en place pas davantage.
    for (maintenant, partent) in [
        (600, 780),
        (600, 900),
        (720, 780),
        (780, 900),
        (900, 960),
        (900, 1110),
    ] {
        let inst = en_cours(maintenant, partent);
        let au_moins = {
            let plan = planning(&inst, 800);
            expliquer(&inst, &plan, 1, &SansHorloge).au_moins
        };
        for graine in 1..4 {
            let demande = Demande {
                graine,
                fils: 1,
                iterations: Some(2000),
            };
            let restes = planifier(&inst, &demande, &SansHorloge).restes;
            assert!(
                restes as usize >= au_moins,
                "{maintenant} {partent} : {restes} < {au_moins}"
            );
        }
    }
}

#[test]
fn qui_finit_sans_jury_n_est_pas_delibere() {
    let mut v = lire("instances/S1");
    v["juries"] = json!([]);
    v["members"] = json!([]);
    for p in v["parcours"].as_array_mut().unwrap() {
        p["epreuves"] = json!(["MSP"]);
        for liens in ["precedences", "chains", "same_jury"] {
            p[liens] = json!([]);
        }
    }
    for c in v["candidates"].as_array_mut().unwrap() {
        c["conflicts"] = json!([]);
    }
    v["candidates"][0]["availability"] = json!([{"day": 0, "from": 480, "to": 500}]);
    verifier(&v, "fenetre_candidat", &["C001"], 1);
}

#[test]
fn fermer_plus_tard_ne_se_propose_pas_au_dela_de_vingt_heures() {
    // La même demi-journée de quatre heures, trop courte : le matin, puis de 15 h 50 à 19 h 50.
    for (ouvre, se_propose) in [(480, true), (950, false)] {
        let v = demi_journee(ouvre);
        let inst = Instance::lire(&v.to_string()).unwrap();
        let dit = expliquer(&inst, &planning(&inst, 400), 1, &SansHorloge);
        let fermant = dit.relaxations.iter().any(|r| r.phrase.contains("fermant"));
        assert_eq!(fermant, se_propose, "{ouvre} {:?}", dit.relaxations);
    }
}

#[test]
fn aucune_heure_ne_reunit_tout_le_monde() {
    let mut v = lire("instances/M1");
    // Tous passent le questionnaire ensemble ; l'un n'est là que le premier jour, l'autre que le second.
    for c in 0..2 {
        v["candidates"][c]["parcours"] = json!("TITRE");
        v["candidates"][c]["availability"] = json!([{"day": c, "from": 480, "to": 1110}]);
    }
    let dit = verifier(&v, "heure_commune", &["QP", "C002"], 1);
    let phrase = &dit.causes[0].phrase;
    assert!(
        phrase.contains("au plus. Le 2026-06-15 à 8\u{a0}h\u{a0}00, il manque C002."),
        "{phrase}"
    );
    let remedes: Vec<&str> = dit.relaxations.iter().map(|r| r.phrase.as_str()).collect();
    assert_eq!(remedes[0], "Si C002 est là le 2026-06-15, tout tient.");
    assert!(remedes[1].contains("plusieurs vagues"), "{remedes:?}");
    // Un jour où tous sont là : rien n'est perdu.
    v["candidates"][1]["availability"] = Value::Null;
    let inst = Instance::lire(&v.to_string()).unwrap();
    assert_eq!(planning(&inst, 400).restes, 0);
}

#[test]
fn l_heure_du_plus_grand_nombre_n_a_pas_toujours_de_salle() {
    let mut v = lire("instances/M1");
    for c in 0..2 {
        v["candidates"][c]["parcours"] = json!("TITRE");
        v["candidates"][c]["availability"] = json!([{"day": c, "from": 480, "to": 1110}]);
    }
    // Deux absents le second jour, un seul le premier ; mais ce jour-là, la salle du questionnaire n'a pas d'heure libre.
    v["candidates"][2]["parcours"] = json!("TITRE");
    v["candidates"][2]["availability"] = v["candidates"][0]["availability"].clone();
    for salle in v["rooms"].as_array_mut().unwrap() {
        if salle["kind"] == "salle" {
            salle["unavailable"] = json!([{"day": 0, "from": 480, "to": 1110}]);
        }
    }
    // Le premier et le troisième restent de côté ; tous les autres passent le questionnaire le second jour.
    let inst = Instance::lire(&v.to_string()).unwrap();
    assert_eq!(planning(&inst, 400).restes, 2);
}

#[test]
fn qui_ne_tient_pas_n_impose_pas_son_heure_au_debut_commun() {
    let mut v = lire("instances/M1");
    // Un candidat n'arrive qu'en fin d'après-midi, chaque jour : il ne tient pas, et tous les autres tiennent.
    v["candidates"][0]["parcours"] = json!("TITRE");
    v["candidates"][0]["availability"] =
        json!([{"day": 0, "from": 1080, "to": 1110}, {"day": 1, "from": 1080, "to": 1110}]);
    verifier(&v, "fenetre_candidat", &["C001"], 1);
}

#[test]
fn une_heure_qui_convient_a_tous_ne_doit_pas_vider_le_planning() {
    let mut v = lire("instances/M1");
    // Il n'arrive que le second jour à 14 h : à cette heure tous pourraient commencer, mais presque personne n'aurait fini.
    v["candidates"][0]["parcours"] = json!("TITRE");
    v["candidates"][0]["availability"] = json!([{"day": 1, "from": 840, "to": 1110}]);
    let inst = Instance::lire(&v.to_string()).unwrap();
    let plan = planning(&inst, 3000);
    assert_eq!(plan.restes, 1, "{:?}", plan.plan.unplanned);
}

/// La session S1, où la salle de cette nature n'est libre que vingt minutes.
fn salle_fermee(rang: usize) -> Value {
    let mut v = lire("instances/S1");
    v["rooms"][rang]["unavailable"] =
        json!([{"day": 0, "from": 480, "to": 700}, {"day": 0, "from": 720, "to": 1110}]);
    v
}

#[test]
fn une_salle_fermee_se_nomme_et_se_rouvre() {
    for (rang, nom) in [(0, "A-PT1"), (1, "A-E1")] {
        let dit = verifier(&salle_fermee(rang), "salle_fermee", &[nom], 6);
        assert_eq!(dit.causes.len(), 1, "{:?}", dit.causes);
        assert_eq!(
            dit.causes[0].phrase,
            format!(
                "Aucun candidat ne tient, même seul\u{a0}: la salle {nom} n’est pas libre assez longtemps."
            )
        );
        assert_eq!(
            dit.relaxations[0].phrase,
            format!("Avec la salle {nom} libre toute la session, tout tient.")
        );
    }
}

#[test]
fn un_surveillant_absent_se_nomme() {
    let mut v = lire("instances/S1");
    for s in v["surveillants"].as_array_mut().unwrap() {
        s["availability"] = json!([{"day": 0, "from": 480, "to": 600}]);
    }
    let nom = v["surveillants"][0]["id"].as_str().unwrap().to_owned();
    let dit = verifier(&v, "surveillant_absent", &[&nom], 6);
    assert!(dit.relaxations[0].phrase.contains("toute la session"));
}

#[test]
fn quand_il_manque_plusieurs_jurys_on_dit_combien() {
    let mut v = lire("instances/M1");
    // Un seul juré par jury, là deux heures le premier jour.
    v["juries"].as_array_mut().unwrap().truncate(1);
    for m in v["members"].as_array_mut().unwrap() {
        m["availability"] = json!([{"day": 0, "from": 480, "to": 1110}]);
        m["max_minutes"] = json!(150);
    }
    for c in v["candidates"].as_array_mut().unwrap() {
        c["conflicts"] = json!([]);
    }
    let inst = Instance::lire(&v.to_string()).unwrap();
    let dit = expliquer(&inst, &planning(&inst, 400), 1, &SansHorloge);
    let phrase = &dit.causes[0].phrase;
    assert!(
        phrase.contains("Il faudrait au moins 2 jurys de plus."),
        "{phrase}"
    );
    let remedes: Vec<&str> = dit.relaxations.iter().map(|r| r.phrase.as_str()).collect();
    assert!(remedes[0].contains("2 jurys de plus"), "{remedes:?}");
}

#[test]
fn deux_causes_se_reglent_ensemble() {
    let mut v = lire("instances/I3");
    v["candidates"][2]["conflicts"] = json!(["SV01"]);
    // Sept candidats restants pour six places, et un que personne ne peut surveiller.
    let inst = Instance::lire(&v.to_string()).unwrap();
    let plan = planning(&inst, 400);
    let dit = expliquer(&inst, &plan, 1, &SansHorloge);
    assert_eq!((plan.restes, dit.au_moins, dit.prouve), (2, 2, true));
    let causes: Vec<&str> = dit.causes.iter().map(|c| c.cause).collect();
    assert_eq!(causes, ["surveillant_formateur", "capacite_salle"]);
    assert!(dit.relaxations[0].phrase.contains("ensemble"), "{dit:?}");
}

#[test]
fn sans_reste_rien_a_expliquer() {
    let inst = Instance::lire(&lire("instances/S1").to_string()).unwrap();
    let dit = expliquer(&inst, &planning(&inst, 50), 1, &SansHorloge);
    assert!(dit.causes.is_empty() && dit.relaxations.is_empty() && dit.prouve);
}
