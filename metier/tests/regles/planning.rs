//! Le planning et le plateau.

use crate::session::{DEBUT, deux_etats, epreuve, examiner, id, p, passage};
use jiff::civil::{date, time};
use metier::programme::{NatureSalle, TypeSession};
use metier::referentiel::{Modalite, PresenceJury};

deux_etats!("R22b",
    un_passage_surveille_ne_dit_rien => |_, _| (),
    un_passage_sans_surveillant_se_signale => |s, _| s.planning.passages[1].surveillant = None
);

deux_etats!("R27a",
    deux_jures_par_passage_ne_disent_rien => |_, _| (),
    un_seul_jure_se_signale => |s, _| s.planning.passages[0].jury.truncate(1)
);

deux_etats!("R70",
    un_referentiel_confirme_ne_dit_rien => |_, _| (),
    un_referentiel_a_verifier_manque => |s, _| p(s).referentiel.confirmation = None
);

deux_etats!("R70a",
    un_planning_complet_ne_dit_rien => |_, _| (),
    un_candidat_sans_epreuve_se_signale => |s, _| drop(s.planning.passages.pop())
);

deux_etats!("R70b",
    une_duree_exacte_ne_dit_rien => |_, _| (),
    une_duree_trop_courte_se_signale => |s, _| s.planning.passages[0].fin = time(8, 59, 0, 0)
);

deux_etats!("R71",
    deux_passages_qui_se_touchent_ne_disent_rien => |_, _| (),
    un_candidat_a_deux_endroits_se_signale => |s, _| s.planning.passages[3].debut = time(8, 30, 0, 0)
);

deux_etats!("R73",
    un_entretien_final_en_dernier_ne_dit_rien => |_, _| (),
    un_entretien_final_avant_une_epreuve_se_signale => |s, _| {
        s.planning.passages[4].debut = time(9, 30, 0, 0);
        s.planning.passages[4].fin = time(9, 50, 0, 0);
    }
);

deux_etats!("R74",
    deux_epreuves_enchainees_qui_se_suivent_ne_disent_rien => |s, _| {
        enchainer(s);
        for (apres, avant) in suites(s) {
            let (date, fin, lieu) = avant;
            let x = &mut s.planning.passages[apres];
            (x.date, x.debut, x.lieu) = (date, fin, lieu);
        }
    },
    deux_epreuves_enchainees_separees_se_signalent => |s, _| {
        enchainer(s);
        for (apres, avant) in suites(s) {
            s.planning.passages[apres].lieu = format!("{} bis", avant.2);
        }
    }
);

/// Le référentiel dit que la dernière épreuve s'enchaîne à celle d'avant.
fn enchainer(s: &mut metier::Session) {
    p(s).referentiel
        .epreuves
        .last_mut()
        .unwrap()
        .organisation
        .enchaine = Some(true);
}

/// Pour chaque candidat : le rang du passage enchaîné, et le jour, la fin et le lieu de celui d'avant.
fn suites(s: &mut metier::Session) -> Vec<(usize, (jiff::civil::Date, jiff::civil::Time, String))> {
    let n = p(s).referentiel.epreuves.len();
    let (avant, apres) = (
        p(s).referentiel.epreuves[n - 2].code.clone(),
        p(s).referentiel.epreuves[n - 1].code.clone(),
    );
    let passages = &s.planning.passages;
    passages
        .iter()
        .enumerate()
        .filter(|(_, x)| x.epreuve == apres)
        .filter_map(|(i, x)| {
            let a = passages
                .iter()
                .find(|y| y.candidat == x.candidat && y.epreuve == avant)?;
            Some((i, (a.date, a.fin, a.lieu.clone())))
        })
        .collect()
}

deux_etats!("R62",
    autant_de_candidats_que_de_postes_ne_dit_rien => |s, _| s.planning.passages[2].debut = time(8, 0, 0, 0),
    plus_de_candidats_que_de_postes_se_signale => |s, _| {
        for (c, lieu) in [("c3", "Plateau"), ("c4", "Plateau")] {
            s.planning.passages.push(passage(c, "T-1", lieu, (8, 30), (9, 30)));
        }
    }
);

#[test]
fn un_poste_qui_se_libere_a_l_heure_ou_un_autre_jour_ne_compte_pas_deux_fois() {
    let un_poste = |s: &mut metier::Session| p(s).site.salles[0].capacite = 1;
    assert!(
        examiner("R62", |s, _| un_poste(s)).is_empty(),
        "9 h finit quand 9 h commence"
    );
    assert!(
        examiner("R62", |s, _| {
            un_poste(s);
            s.planning.passages[2].debut = time(8, 0, 0, 0);
            s.planning.passages[2].date = date(2026, 12, 16);
        })
        .is_empty()
    );
    let c = examiner("R62", |s, _| {
        un_poste(s);
        s.planning.passages[2].debut = time(8, 59, 0, 0);
    });
    assert!(
        c[0].phrase.contains("2 candidats ensemble") && c[0].phrase.contains("8\u{a0}h\u{a0}59"),
        "{}",
        c[0].phrase
    );
}

deux_etats!("R63",
    un_entretien_au_local_ne_dit_rien => |_, _| (),
    un_entretien_au_plateau_se_signale => |s, _| s.planning.passages[4].lieu = "Plateau".into()
);

#[test]
fn un_site_sans_local_d_entretien_se_dit_et_s_enfreint_au_planning_valide() {
    let dits = |valide| {
        examiner("R63", |s, _| {
            p(s).site.salles[1].nature = NatureSalle::Salle;
            s.planning.valide = valide;
        })
    };
    assert!(!dits(Some(5))[0].manque && dits(None)[0].manque);
    assert!(examiner("R63", |s, _| p(s).site.salles.clear()).is_empty());
    assert!(
        examiner("R63", |s, _| {
            p(s).site.salles[1].nature = NatureSalle::Salle;
            p(s).referentiel.epreuves.pop();
        })
        .is_empty(),
        "sans entretien final, pas de local"
    );
}

fn tenu(s: &mut metier::Session, seconde: (i8, i8)) {
    s.planning.passages = vec![
        passage("c1", "T-1", "Plateau", (8, 0), (11, 0)),
        passage("c1", "T-2", "Plateau", seconde, (14, 1)),
    ];
}

deux_etats!("R72",
    une_pause_de_vingt_minutes_suffit => |s, _| tenu(s, (11, 20)),
    une_pause_trop_courte_ne_compte_pas => |s, _| tenu(s, (11, 19))
);

#[test]
fn six_heures_juste_ne_se_reprochent_pas_et_un_jure_se_fatigue_aussi() {
    assert!(
        examiner("R72", |s, _| s.planning.passages =
            vec![passage("c1", "T-1", "Plateau", (8, 0), (14, 0))])
        .is_empty()
    );
    let c = examiner("R72", |s, _| {
        s.planning.passages = vec![
            passage("c1", "T-1", "Plateau", (8, 0), (11, 0)),
            passage("c2", "T-1", "Plateau", (11, 0), (14, 30)),
        ]
    });
    assert_eq!(c.len(), 2, "les deux jurés, aucun candidat : {c:?}");
    assert!(c[0].phrase.contains("Juré j1"));
    let c = examiner("R72", |s, _| {
        s.planning.passages = vec![
            passage("c1", "T-1", "Plateau", (8, 0), (13, 0)),
            passage("c1", "T-2", "Plateau", (9, 0), (10, 0)),
            passage("c1", "T-3", "Plateau", (13, 5), (14, 5)),
        ]
    });
    assert_eq!(c.len(), 3, "un passage dans un autre n'abrège rien : {c:?}");
}

fn session_ccp(s: &mut metier::Session) {
    let ef = epreuve("CCP1-1", Modalite::Ef, 20, PresenceJury::Presente);
    let programme = p(s);
    programme.type_session = TypeSession::Ccp;
    programme.certificats = vec![programme.referentiel.ccps[0].code.clone()];
    programme.referentiel.ccps[0].epreuves = vec![ef];
    s.planning.passages = vec![passage("c1", "CCP1-1", "Bureau", (9, 0), (9, 20))];
}

deux_etats!("R76",
    une_session_ccp_sans_entretien_final_place_ne_dit_rien => |s, _| {
        session_ccp(s);
        s.planning.passages.clear();
    },
    un_entretien_final_dans_une_session_ccp_se_signale => |s, _| session_ccp(s)
);

#[test]
fn une_seance_partagee_n_est_pas_un_conflit_de_salle() {
    assert!(
        examiner("R71", |s, _| {
            s.planning.passages = vec![
                passage("c1", "T-2", "Plateau", (8, 0), (8, 30)),
                passage("c2", "T-2", "Plateau", (8, 0), (8, 30)),
            ]
        })
        .is_empty()
    );
    let c = examiner("R71", |s, _| {
        s.planning.passages = vec![
            passage("c1", "T-1", "Plateau", (8, 0), (9, 0)),
            passage("c2", "T-1", "Plateau", (8, 59), (9, 59)),
        ]
    });
    assert_eq!(c.len(), 3, "deux jurés et la salle : {c:?}");
    assert!(s_parle_du(&c, DEBUT));
    let _: metier::JureId = id("j1");
}

fn s_parle_du(c: &[metier::Constat], jour: jiff::civil::Date) -> bool {
    c.iter()
        .all(|c| c.phrase.contains(&metier::temps::date_chiffres(jour)))
}

#[test]
fn l_inventaire_se_tait_quand_il_est_compte_ou_pare_et_parle_de_ce_qui_manque() {
    use metier::plateau::{Besoin, Ligne, Note, Par, Sorte};
    let note = Note {
        survenu: jiff::civil::datetime(2026, 12, 1, 9, 0, 0, 0),
        par: "Camille Un".into(),
    };
    let ligne = |compte: Option<u32>, parade: Option<&str>| Ligne {
        numero: 1,
        besoin: Besoin {
            sorte: Sorte::Matiere,
            libelle: "Ramette".into(),
            lieu: String::new(),
            quantite: 2,
            par: Par::Candidat,
        },
        compte: compte.map(|n| (n, note.clone())),
        parade: parade.map(|p| (p.into(), note.clone())),
        otee: None,
    };
    let dits = |l: Ligne| {
        examiner("R62", |s, _| {
            super::session::oublier(s, "AV-17");
            s.plateau.lignes.push(l);
        })
    };
    assert!(dits(ligne(Some(4), None)).is_empty());
    assert!(dits(ligne(Some(3), Some("empruntée à l’accueil"))).is_empty());
    let c = dits(ligne(Some(3), None));
    assert!(c[0].manque && c[0].phrase.contains("Il manque 1"), "{c:?}");
    assert!(dits(ligne(None, None))[0].phrase.contains("il en faut 4"));
    // Le premier jour, un plateau jamais inventorié est un manquement.
    let c = examiner("R62", |s, j| {
        super::session::oublier(s, "AV-17");
        *j = super::session::DEBUT;
    });
    assert!(c.len() == 1 && !c[0].manque, "{c:?}");
    let c = examiner("R63", |s, j| {
        super::session::oublier(s, "AV-17");
        *j = super::session::DEBUT;
    });
    assert!(c[0].phrase.contains("réservé"), "{c:?}");
}
