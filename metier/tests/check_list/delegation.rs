//! Déléguer, superviser, contrôler : confier, faire, viser, renvoyer, reprendre ; et joindre une preuve.

use crate::banc::*;
use metier::taches::{self, Etat, Habitude, Jointe, Phase, VueTache, vue};
use metier::{Acteur, Action, Contexte, Decision, Refus, Role, Voisinage, decider, echeances};

fn agir(b: &Banc, qui: &str, role: Role, action: taches::Action) -> Result<Decision, Refus> {
    let voisinage = Voisinage::default();
    let maintenant = b
        .maintenant
        .to_zoned_datetime(metier::temps::paris())
        .unwrap();
    let ctx = Contexte {
        acteur: Acteur {
            personne: id(qui),
            nom: format!("Nom de {qui}"),
            role,
        },
        realise_par: id(qui),
        maintenant,
        motif: b.motif.clone(),
        vu_au_rang: None,
        voisinage: &voisinage,
    };
    decider(&b.session, &Action::Tache(action), &ctx)
}

fn cocher(codes: [&str; 2], observation: &str) -> taches::Action {
    taches::Action::Cocher {
        codes: codes.map(String::from).to_vec(),
        observation: observation.into(),
    }
}

#[track_caller]
fn puis(mut b: Banc, qui: &str, role: Role, action: taches::Action) -> Banc {
    let d = agir(&b, qui, role, action).unwrap_or_else(|r| panic!("refusé : {r}"));
    b.par = qui.into();
    b.inscrire(d.evenements);
    b
}

#[track_caller]
fn refus(b: &Banc, qui: &str, role: Role, action: taches::Action) -> String {
    let avant = b.session.clone();
    let r = agir(b, qui, role, action).expect_err("aurait dû être refusé");
    assert_eq!(avant, b.session, "un refus ne change rien");
    r.constats[0].code.clone()
}

fn confier(code: &str, a_qui: &str) -> taches::Action {
    taches::Action::Confier {
        code: code.into(),
        a: id(a_qui),
        nom: format!("Nom de {a_qui}"),
        pour: Some(jiff::civil::date(2026, 12, 10)),
        consigne: "vérifier les seize postes".into(),
    }
}
fn realiser(code: &str, observation: &str) -> taches::Action {
    taches::Action::Realiser {
        code: code.into(),
        observation: observation.into(),
    }
}
fn viser(code: &str) -> taches::Action {
    taches::Action::Viser {
        code: code.into(),
        observation: "vu sur place".into(),
    }
}
fn tache(b: &Banc, code: &str) -> VueTache {
    vue(&b.session, code, b.maintenant.date()).unwrap()
}

#[test]
fn confier_faire_controler_sans_role_dans_la_session() {
    let b = banc().a("2026-12-01T09:00");
    // Sans délégation, une personne sans droit d'organiser ne note rien.
    assert_eq!(
        refus(&b, "p-atelier", Role::Surveillant, realiser("AV-17", "")),
        "DRO-01"
    );
    let b = puis(
        b,
        "p-resp",
        Role::Responsable,
        confier("AV-17", "p-atelier"),
    );
    let e = echeances::de_la_session(&b.session, b.maintenant.date());
    let e = e.iter().find(|e| e.code == "AV-17").unwrap();
    assert_eq!(
        e.pour_le,
        jiff::civil::date(2026, 12, 10),
        "la date de la délégation"
    );
    assert_eq!(e.charge.as_ref().unwrap().nom, "Nom de p-atelier");
    assert_eq!(e.controle.as_ref().unwrap().nom, "Nom de p-resp");
    // Elle fait ce qui lui est confié, et rien d'autre.
    for action in [
        realiser("AV-18", ""),
        viser("AV-17"),
        confier("AV-17", "p-autre"),
        cocher(["AV-17.1", "AV-18.1"], ""),
    ] {
        assert_eq!(refus(&b, "p-atelier", Role::Surveillant, action), "DRO-01");
    }
    let b = puis(
        b,
        "p-atelier",
        Role::Surveillant,
        cocher(["AV-17.1", "AV-17.2"], "16 postes"),
    );
    assert_eq!(tache(&b, "AV-17").points_ouverts(), 3);
    // Recocher ce qui l'est déjà ne récrit pas ce qui en a été dit.
    let b = puis(
        b,
        "p-atelier",
        Role::Surveillant,
        cocher(["AV-17.1", "AV-17.3"], "vu le soir"),
    );
    let observe = |code: &str| b.session.taches.marques[code].observation.as_str();
    assert_eq!(
        (observe("AV-17.1"), observe("AV-17.3")),
        ("16 postes", "vu le soir")
    );
    assert_eq!(tache(&b, "AV-17").points_ouverts(), 2);
    assert!(!tache(&b, "AV-17").a_controler);
    let b = puis(
        b,
        "p-atelier",
        Role::Surveillant,
        realiser("AV-17", "tout est prêt"),
    );
    let v = tache(&b, "AV-17");
    assert_eq!((v.etat, v.a_controler), (Etat::Faite, true));
    // Le contrôle revient au responsable ou au suppléant, jamais à qui a fait.
    assert_eq!(
        refus(&b, "p-secretariat", Role::Secretariat, viser("AV-17")),
        "TAC-05"
    );
    assert_eq!(
        refus(&b, "p-atelier", Role::Suppleant, viser("AV-17")),
        "TAC-05"
    );
    let b = puis(b, "p-resp", Role::Responsable, viser("AV-17"));
    let v = tache(&b, "AV-17");
    assert!(!v.a_controler);
    assert_eq!(v.visa.unwrap().par, id("p-resp"));
}

#[test]
fn renvoyer_rouvre_la_tache_en_disant_pourquoi_et_reprendre_la_rend_au_responsable() {
    let b = banc().a("2026-12-01T09:00");
    assert_eq!(
        refus(&b, "p-resp", Role::Responsable, viser("AV-17")),
        "TAC-04"
    );
    let b = puis(
        b,
        "p-resp",
        Role::Responsable,
        confier("AV-17", "p-atelier"),
    );
    assert_eq!(
        refus(&b, "p-resp", Role::Responsable, viser("AV-17")),
        "TAC-07"
    );
    let b = puis(b, "p-atelier", Role::Surveillant, realiser("AV-17", "prêt"));
    let renvoyer = taches::Action::Renvoyer {
        code: "AV-17".into(),
    };
    assert_eq!(
        refus(&b, "p-resp", Role::Responsable, renvoyer.clone()),
        "SAI"
    );
    let b = puis(
        b.parce_que("le poste 4 ne démarre pas"),
        "p-resp",
        Role::Responsable,
        renvoyer,
    )
    .sans_motif();
    let v = tache(&b, "AV-17");
    assert_ne!(v.etat, Etat::Faite);
    assert_eq!(
        v.delegation.unwrap().renvoi.as_deref(),
        Some("le poste 4 ne démarre pas")
    );
    let b = puis(
        b,
        "p-atelier",
        Role::Surveillant,
        realiser("AV-17", "poste 4 remplacé"),
    );
    assert_eq!(tache(&b, "AV-17").delegation.unwrap().renvoi, None);
    let b = puis(
        b.parce_que("absence"),
        "p-resp",
        Role::Responsable,
        taches::Action::Reprendre {
            code: "AV-17".into(),
        },
    );
    let v = tache(&b, "AV-17");
    assert!(v.delegation.is_none() && !v.a_controler);
}

#[test]
fn ce_que_l_on_se_confie_a_soi_meme_ne_se_controle_pas_et_un_fait_change_redemande_le_visa() {
    let b = banc().a("2026-12-01T09:00");
    let b = puis(b, "p-resp", Role::Responsable, confier("AV-18", "p-resp"));
    let b = puis(b, "p-resp", Role::Responsable, realiser("AV-18", ""));
    assert!(!tache(&b, "AV-18").a_controler);
    // Une tâche close par un fait se contrôle aussi ; si le fait change, le contrôle est à refaire.
    let b = puis(
        b,
        "p-resp",
        Role::Responsable,
        confier("AV-06", "p-secretariat"),
    );
    assert!(tache(&b, "AV-06").a_controler);
    let b = puis(b, "p-resp", Role::Responsable, viser("AV-06"));
    assert!(!tache(&b, "AV-06").a_controler);
    let retirer = Action::Candidat(metier::candidats::Action::Retirer { id: id("c-3") });
    let b = b.parce_que("désistement").quand(retirer);
    assert!(tache(&b, "AV-06").a_controler);
}

#[test]
fn un_document_joint_vaut_preuve_et_ne_se_joint_qu_une_fois() {
    let b = banc().a("2026-12-01T09:00");
    let joindre = |nom: &str, empreinte: &str| taches::Action::Joindre {
        code: "AV-13".into(),
        jointe: Jointe {
            piece: id("piece-1"),
            empreinte: empreinte.repeat(32),
            nom: nom.into(),
        },
    };
    assert_eq!(tache(&b, "AV-13").etat, Etat::EnRetard);
    assert_eq!(
        refus(&b, "p-resp", Role::Responsable, joindre(" ", "ab")),
        "SAI"
    );
    let b = puis(
        b,
        "p-resp",
        Role::Responsable,
        joindre("accusé de réception", "ab"),
    );
    let v = tache(&b, "AV-13");
    assert_eq!((v.etat, v.pieces.len()), (Etat::Faite, 1));
    let encore = agir(&b, "p-resp", Role::Responsable, joindre("autre nom", "ab")).unwrap();
    assert!(encore.evenements.is_empty());
}

#[test]
fn une_tache_propre_s_ajoute_et_s_ote_une_tache_du_reglement_jamais() {
    let b = banc().a("2026-12-01T09:00");
    let propre = |intitule: &str| {
        taches::Action::Ajouter(Habitude {
            code: "peu importe".into(),
            sur: None,
            phase: Phase::Amont,
            intitule: intitule.into(),
            faire: String::new(),
            repere: echeances::Repere::AvantDebut,
            jours: 3,
            condition: Default::default(),
        })
    };
    assert_eq!(refus(&b, "p-resp", Role::Responsable, propre("x")), "SAI");
    let b = puis(
        b,
        "p-resp",
        Role::Responsable,
        propre("Réserver le parking du jury"),
    );
    let v = tache(&b, "S-1");
    assert!(v.propre && v.limite.is_none());
    assert_eq!(v.echeance, Some(jiff::civil::date(2026, 12, 12)));
    let oter = |code: &str| taches::Action::Oter { code: code.into() };
    let b = b.parce_que("fait par l’accueil");
    assert_eq!(
        refus(&b, "p-resp", Role::Responsable, oter("AV-12")),
        "TAC-06"
    );
    let b = puis(b, "p-resp", Role::Responsable, oter("S-1"));
    assert!(vue(&b.session, "S-1", DEBUT).is_none());
    let b = puis(b, "p-resp", Role::Responsable, propre("Prévenir l’accueil"));
    assert!(
        vue(&b.session, "S-2", DEBUT).is_some(),
        "un code ne resert pas"
    );
}

#[test]
fn le_format_livre_d_une_delegation_ne_change_pas() {
    // Format figé le 25 novembre 2026 : un journal écrit ce jour-là doit se relire pour toujours.
    let json = r#"{"sujet":"tache","detail":{"quoi":"confiee","donnees":{"code":"AV-17","intitule":"Préparer","a":"p-1","nom":"Ada","pour":"2026-12-10","consigne":""}}}"#;
    let e = metier::Evenement::Tache(taches::Evenement::Confiee {
        code: "AV-17".into(),
        intitule: "Préparer".into(),
        a: id("p-1"),
        nom: "Ada".into(),
        pour: Some(jiff::civil::date(2026, 12, 10)),
        consigne: String::new(),
    });
    assert_eq!(serde_json::to_string(&e).unwrap(), json);
    assert_eq!(serde_json::from_str::<metier::Evenement>(json).unwrap(), e);
}
