//! Les dates : celles du centre et du cadre figé gouvernent la check-list ; un déplacement se dit.

use crate::banc::*;
use jiff::civil::date;
use metier::echeances::Repere;
use metier::reglement::parametres::Reglage;
use metier::taches::{Condition, Etat, Habitude, Phase, deplacees, vue, vues};
use metier::{Action, programme};

fn habitude(sur: Option<&str>, jours: u32) -> Habitude {
    Habitude {
        code: "C-1".into(),
        sur: sur.map(str::to_owned),
        phase: Phase::Amont,
        intitule: "Convoquer les candidats".into(),
        faire: String::new(),
        repere: Repere::AvantDebut,
        jours,
        condition: Condition::Toujours,
    }
}

#[test]
fn un_delai_regle_par_le_centre_et_fige_avec_la_session_deplace_la_tache() {
    let mut b = banc();
    let limite = |b: &Banc, code: &str| vue(&b.session, code, DEBUT).unwrap().limite.unwrap();
    assert_eq!(limite(&b, "AV-12"), date(2026, 11, 15));
    assert_eq!(limite(&b, "AV-03"), date(2026, 9, 15));
    assert_eq!(limite(&b, "AP-06"), date(2026, 12, 31));
    for (code, valeur) in [("R37", 60), ("R14", 4), ("R95", 8)] {
        b.session.cadre.reglages.push(Reglage {
            code: code.into(),
            valeur,
            a_partir_du: date(2026, 1, 1),
            motif: "courrier de la DDETS".into(),
        });
    }
    assert_eq!(limite(&b, "AV-12"), date(2026, 10, 16));
    assert_eq!(limite(&b, "AV-03"), date(2026, 8, 15));
    assert_eq!(limite(&b, "AP-06"), date(2026, 12, 24));
    let v = vue(&b.session, "AV-12", DEBUT).unwrap();
    let dit = v.tache.delai.as_ref().unwrap().libelle(&b.session.cadre);
    assert!(dit.contains("60"), "{dit}");
}

#[test]
fn la_date_du_centre_presse_sans_mettre_en_retard_ce_que_le_reglement_admet_encore() {
    let mut b = banc();
    b.session.cadre.habitudes = vec![habitude(Some("AV-12"), 40)];
    let etat = |le| {
        let v = vue(&b.session, "AV-12", le).unwrap();
        (v.etat, v.echeance.unwrap(), v.limite.unwrap())
    };
    let (centre, limite) = (date(2026, 11, 5), date(2026, 11, 15));
    assert_eq!(etat(date(2026, 10, 1)), (Etat::AFaire, centre, limite));
    assert_eq!(etat(date(2026, 11, 1)), (Etat::Proche, centre, limite));
    assert_eq!(etat(date(2026, 11, 10)), (Etat::Proche, centre, limite));
    assert_eq!(etat(date(2026, 11, 16)), (Etat::EnRetard, centre, limite));
    // Une date plus tardive que le règlement ne change rien.
    b.session.cadre.habitudes = vec![habitude(Some("AV-12"), 10)];
    let v = vue(&b.session, "AV-12", date(2026, 10, 1)).unwrap();
    assert_eq!((v.echeance, v.du_centre), (Some(limite), None));
}

#[test]
fn une_tache_du_centre_a_sa_date_et_sa_condition() {
    let mut b = banc();
    b.session.cadre.habitudes = vec![Habitude {
        condition: Condition::Vae,
        ..habitude(None, 20)
    }];
    let v = vue(&b.session, "C-1", DEBUT).unwrap();
    assert_eq!(v.etat, Etat::SansObjet);
    b.session.cadre.habitudes[0].condition = Condition::Toujours;
    let v = vue(&b.session, "C-1", DEBUT).unwrap();
    assert_eq!(
        (v.etat, v.echeance),
        (Etat::EnRetard, Some(date(2026, 11, 25)))
    );
}

#[test]
fn deplacer_la_session_recalcule_ses_echeances_et_dit_lesquelles() {
    let b = banc().a("2026-09-01T09:00");
    let avant = vues(&b.session, date(2026, 9, 1));
    assert!(deplacees(&b.session, &avant).is_empty());
    let b =
        b.parce_que("salle indisponible")
            .quand(Action::Programme(programme::Action::Deplacer {
                debut: date(2027, 1, 12),
                fin: date(2027, 1, 13),
            }));
    let apres = vues(&b.session, date(2026, 9, 1));
    let d = deplacees(&b.session, &apres);
    let convoquer = d.iter().find(|d| d.code == "AV-12").unwrap();
    assert_eq!(
        (convoquer.avant, convoquer.apres, convoquer.faite),
        (date(2026, 11, 15), date(2026, 12, 12), false)
    );
    assert!(
        d.iter().any(|d| d.code == "AV-06" && d.faite),
        "ce qui était fait se revoit"
    );
    assert!(d.iter().all(|d| d.avant != d.apres));
}

#[test]
fn les_statistiques_comptent_les_delais_de_la_check_list() {
    let mut b = banc();
    // Un mois avant le 15 août est plus tôt que trente jours avant : les deux calculs s'y séparent.
    for debut in [date(2027, 8, 15), date(2027, 3, 15), date(2028, 3, 31)] {
        let p = b.session.programme.as_mut().unwrap();
        (p.debut, p.fin) = (debut, debut);
        for d in metier::vues::lignes(&b.session).delais {
            let tache = vues(&b.session, debut)
                .into_iter()
                .find(|v| v.tache.regle.as_deref() == Some(d.code.as_str()))
                .expect("chaque délai compté est celui d'une tâche");
            let attendue = tache.limite.expect("cette tâche a une limite");
            assert_eq!(d.limite, attendue.to_string(), "{}", d.code);
        }
    }
}
