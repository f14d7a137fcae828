//! Déplacer à la main, classer les autres places, et suivre une recherche.

use planification::controle::controler;
use planification::{Budget, Instance, Plan, autres_places, deplacer, resoudre};
use std::ops::ControlFlow;

fn instance(nom: &str) -> Instance {
    let chemin = format!("{}/essais/instances/{nom}.json", env!("CARGO_MANIFEST_DIR"));
    Instance::lire(&std::fs::read_to_string(chemin).unwrap()).unwrap()
}

fn plan(inst: &Instance, n: u64) -> Plan {
    let r = resoudre(inst, Budget::Iterations(n), 1, &mut |_| {
        ControlFlow::Continue(())
    });
    assert_eq!(r.manquements, []);
    assert_eq!(r.planning.restes, r.mesure.restes);
    r.planning.plan
}

#[test]
fn chaque_autre_place_proposee_tient_ou_dit_ce_qu_elle_enfreint() {
    for nom in ["S1", "M1"] {
        let inst = instance(nom);
        let plan = plan(&inst, 200);
        for epreuve in inst.parcours[0].epreuves.clone() {
            let (qui, quoi) = (&inst.candidats[1].id, &inst.epreuves[epreuve].id);
            if !inst.parcours[inst.candidats[1].parcours]
                .epreuves
                .contains(&epreuve)
            {
                assert!(autres_places(&inst, &plan, qui, quoi, 3).is_err());
                continue;
            }
            let places = autres_places(&inst, &plan, qui, quoi, 6).unwrap();
            assert!(!places.is_empty(), "{nom} {quoi}");
            let permises = places.iter().take_while(|p| p.manquements.is_empty());
            let rang = permises.clone().count();
            for p in permises {
                assert_eq!(controler(&inst, &p.plan).unwrap().0, [], "{nom} {quoi}");
            }
            for p in &places[rang..] {
                assert!(
                    !p.manquements.is_empty(),
                    "les places permises viennent d'abord"
                );
                assert!(p.manquements.iter().all(|m| m.phrase.ends_with('.')));
            }
            for p in &places {
                let la = p
                    .plan
                    .tasks
                    .iter()
                    .find(|t| t.candidate == *qui && t.epreuve == *quoi);
                assert_eq!(la, Some(&p.tache));
                assert!(!plan.tasks.contains(&p.tache), "une autre place");
            }
        }
    }
}

#[test]
fn un_geste_dit_les_regles_qu_il_enfreint_et_emmene_ce_qui_suit() {
    let inst = instance("M1");
    let plan = plan(&inst, 200);
    let pp = plan
        .tasks
        .iter()
        .find(|t| t.epreuve == "PP" && t.candidate == "C002")
        .unwrap();
    let voisin = plan
        .tasks
        .iter()
        .find(|t| t.epreuve == "PP" && t.candidate != "C002" && t.room == pp.room)
        .unwrap();
    let mut voulu = pp.clone();
    (voulu.day, voulu.start) = (voisin.day, voisin.start);
    voulu.jury.clone_from(&voisin.jury);
    let d = deplacer(&inst, &plan, &voulu).unwrap();
    assert!(d.manquements.iter().any(|m| m.code == "GROUP"));
    let de = |p: &Plan, e: &str| {
        p.tasks
            .iter()
            .find(|t| t.epreuve == e && t.candidate == "C002")
            .unwrap()
            .clone()
    };
    let (suite, avant) = (de(&d.plan, "ET"), de(&d.plan, "PP"));
    assert_eq!(
        (suite.day, &suite.room, &suite.jury),
        (avant.day, &avant.room, &avant.jury)
    );
    assert!(d.manquements.iter().all(|m| m.code != "CHAIN"));
    // Un questionnaire simultané bouge pour tous.
    let mut qp = de(&plan, "QP");
    qp.start = if qp.start == 600 { 605 } else { 600 };
    let d = deplacer(&inst, &plan, &qp).unwrap();
    assert!(
        d.plan
            .tasks
            .iter()
            .filter(|t| t.epreuve == "QP")
            .all(|t| t.start == qp.start)
    );
    assert!(d.manquements.iter().all(|m| m.code != "SAME_START"));
    // Remettre en place n'enfreint rien.
    assert_eq!(deplacer(&inst, &plan, pp).unwrap().manquements, []);
}

#[test]
fn une_recherche_se_suit_et_s_arrete_quand_on_le_demande() {
    let inst = instance("M1");
    let mut vus = vec![];
    let r = resoudre(&inst, Budget::Iterations(100_000), 2, &mut |p| {
        vus.push(*p);
        if vus.len() == 4 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert!(vus.len() >= 4);
    assert_eq!(r.manquements, []);
    assert_eq!(r.mesure.vecteur()[0], 0);
}
