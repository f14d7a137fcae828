//! Les plis et le jour de l'examen.

use crate::session::{DEBUT, deux_etats, examiner, id, oublier};
use jiff::civil::{DateTime, date, datetime};
use metier::Session;
use metier::incidents::{Genre, Gravite, Incident, Information, Signalement};
use metier::jour::{Observee, Piece};
use metier::plis::{self, Etape, Franchie, Pli, Sorte};
use metier::pv;

fn a(jour: i8, h: i8, m: i8) -> DateTime {
    datetime(2026, 12, jour, h, m, 0, 0)
}

fn pli(s: &mut Session, sorte: Sorte, etapes: &[(Etape, DateTime)]) {
    s.plis.liste.push(Pli {
        id: id("pli-1"),
        sorte,
        libelle: "Épreuves".into(),
        reference: String::new(),
        version: String::new(),
        distribues: 0,
        repris: 0,
        etapes: etapes
            .iter()
            .map(|(etape, survenu)| Franchie {
                etape: *etape,
                survenu: *survenu,
                par: "Camille Un".into(),
                detail: String::new(),
                rang: 1,
            })
            .collect(),
        incidents: vec![],
    });
}

deux_etats!("R15",
    quatorze_jours_avant_on_peut_encore_attendre_les_plis => |s, j| {
        *j = date(2026, 12, 1);
        oublier(s, "AV-09");
    },
    des_plis_non_recus_treize_jours_avant_se_signalent => |s, j| {
        *j = date(2026, 12, 2);
        oublier(s, "AV-09");
    }
);

#[test]
fn un_pli_d_epreuves_recu_suffit_un_pli_d_organisation_non() {
    let dits = |sorte| {
        examiner("R15", |s, j| {
            *j = date(2026, 12, 2);
            oublier(s, "AV-09");
            pli(s, sorte, &[(Etape::Recu, a(1, 9, 0))]);
        })
    };
    assert!(dits(Sorte::Epreuves).is_empty());
    assert_eq!(dits(Sorte::Organisation).len(), 1);
}

deux_etats!("R16",
    un_pli_au_coffre_le_jour_meme_ne_dit_rien => |s, j| {
        *j = date(2026, 12, 9);
        pli(s, Sorte::Epreuves, &[(Etape::Recu, a(1, 9, 0)), (Etape::AuCoffre, a(1, 17, 0))]);
    },
    un_pli_au_coffre_le_lendemain_se_signale => |s, _| {
        pli(s, Sorte::Epreuves, &[(Etape::Recu, a(1, 9, 0)), (Etape::AuCoffre, a(2, 8, 0))]);
    }
);

#[test]
fn un_pli_recu_et_pas_encore_au_coffre_se_reproche_le_lendemain() {
    let dits = |jour| {
        examiner("R16", |s, j| {
            *j = jour;
            pli(s, Sorte::Epreuves, &[(Etape::Recu, a(1, 9, 0))]);
        })
    };
    assert!(dits(date(2026, 12, 1)).is_empty());
    assert_eq!(dits(date(2026, 12, 2)).len(), 1);
}

deux_etats!("R101",
    des_sujets_peuvent_attendre_trente_jours => |s, j| {
        *j = date(2027, 1, 15);
        oublier(s, "AP-09");
    },
    des_sujets_non_detruits_apres_trente_jours_se_signalent => |s, j| {
        *j = date(2027, 1, 16);
        oublier(s, "AP-09");
    }
);

#[test]
fn des_plis_tous_detruits_suffisent_un_seul_reste_non() {
    let dits = |etapes: &[plis::Etape]| {
        examiner("R101", |s, j| {
            *j = date(2027, 3, 1);
            oublier(s, "AP-09");
            pli(s, Sorte::Organisation, &[(Etape::Recu, a(1, 9, 0))]);
            for e in etapes {
                pli(s, Sorte::Epreuves, &[(*e, a(20, 9, 0))]);
            }
        })
    };
    assert!(dits(&[Etape::Detruit, Etape::Detruit]).is_empty());
    assert_eq!(dits(&[Etape::Detruit, Etape::Repris]).len(), 1);
    assert_eq!(dits(&[]).len(), 1);
}

/// Le candidat c1 a commencé la mise en situation, ces pièces vues.
fn commencer(s: &mut Session, pieces: &[Piece]) {
    s.jour.epreuves.insert(
        (id("c1"), "T-1".into()),
        Observee {
            debut: a(15, 8, 0),
            fin: None,
        },
    );
    for p in pieces {
        s.jour.pieces.insert((id("c1"), *p), a(15, 7, 50));
    }
}

deux_etats!("R58",
    un_dossier_vu_ne_dit_rien => |s, _| commencer(s, &[Piece::Dp]),
    une_epreuve_sans_dossier_vu_se_signale => |s, _| commencer(s, &[])
);

deux_etats!("R59",
    un_livret_vu_ne_dit_rien => |s, _| commencer(s, &[Piece::Livret]),
    une_epreuve_sans_livret_vu_se_signale => |s, _| commencer(s, &[Piece::Dp])
);

#[test]
fn en_vae_c_est_la_recevabilite_qui_s_attend() {
    let dits = |pieces: &[Piece]| {
        examiner("R59", |s, _| {
            s.candidats[0].fiche.voie = Some(metier::candidats::Voie::Vae);
            commencer(s, pieces);
        })
    };
    assert!(dits(&[Piece::Recevabilite]).is_empty());
    assert!(dits(&[Piece::Livret])[0].phrase.contains("recevabilité"));
}

deux_etats!("R60",
    une_identite_et_une_convocation_vues_ne_disent_rien => |s, _| commencer(s, &[Piece::Identite, Piece::Convocation]),
    une_epreuve_sans_identite_verifiee_se_signale => |s, _| commencer(s, &[Piece::Convocation])
);

#[test]
fn seul_le_candidat_qui_a_commence_est_en_cause() {
    let c = examiner("R60", |s, _| commencer(s, &[Piece::Identite]));
    assert_eq!(c.len(), 1);
    assert_eq!(c[0].objet, "c1");
    let c = examiner("R60", |s, _| {
        commencer(s, &[]);
        let o = s.jour.epreuves.remove(&(id("c1"), "T-1".into())).unwrap();
        s.jour.epreuves.insert((id("c2"), "T-1".into()), o);
    });
    assert!(c.len() == 1 && c[0].objet == "c2", "{c:?}");
}

deux_etats!("R64",
    la_veille_l_affichage_peut_encore_se_faire => |s, j| {
        *j = date(2026, 12, 14);
        oublier(s, "AV-18");
    },
    un_reglement_non_affiche_le_premier_jour_se_signale => |s, j| {
        *j = DEBUT;
        oublier(s, "AV-18");
    }
);

deux_etats!("R65",
    la_veille_l_affichage_du_planning_peut_encore_se_faire => |s, j| {
        *j = date(2026, 12, 14);
        oublier(s, "AV-15");
        s.planning.affiche_le = None;
    },
    un_planning_affiche_le_jour_meme_se_signale => |s, _| s.planning.affiche_le = Some(DEBUT)
);

#[test]
fn un_planning_jamais_affiche_ou_change_depuis_se_signale() {
    assert_eq!(
        examiner("R65", |s, j| {
            *j = DEBUT;
            oublier(s, "AV-15");
            s.planning.affiche_le = None;
        })
        .len(),
        1
    );
    assert!(
        examiner("R65", |s, j| {
            *j = DEBUT;
            s.planning.affiche_le = None;
        })
        .is_empty(),
        "la tâche notée faite suffit"
    );
    for (rang, dits) in [(5, 0), (6, 1), (7, 1)] {
        assert_eq!(
            examiner("R65", |s, _| {
                s.planning.rangs.insert(id("c1"), rang);
            })
            .len(),
            dits,
            "changé au rang {rang}, affiché au rang 6"
        );
    }
}

fn durer(s: &mut Session, minutes: i8) {
    s.jour.epreuves.insert(
        (id("c1"), "T-3".into()),
        Observee {
            debut: a(15, 10, 0),
            fin: Some(a(15, 10, minutes)),
        },
    );
}

deux_etats!("R77",
    une_epreuve_de_la_bonne_duree_ne_dit_rien => |s, _| durer(s, 20),
    une_epreuve_abregee_se_signale => |s, _| durer(s, 19)
);

#[test]
fn une_epreuve_abregee_dit_les_deux_durees() {
    let c = examiner("R77", |s, _| durer(s, 12));
    assert!(
        c[0].phrase.contains("12") && c[0].phrase.contains("20"),
        "{}",
        c[0].phrase
    );
}

#[test]
fn une_epreuve_abregee_se_dit_en_incident_car_une_heure_ne_se_corrige_pas() {
    let c = examiner("R77", |s, _| durer(s, 12));
    assert_eq!(c[0].page.as_deref(), Some("incidents"));
    assert!(c[0].remede.contains("incident"), "{}", c[0].remede);
}

deux_etats!("R80",
    la_veille_la_consigne_n_est_pas_encore_due => |s, j| {
        *j = date(2026, 12, 14);
        oublier(s, "PE-03");
    },
    une_consigne_non_rappelee_s_annonce => |s, j| {
        *j = DEBUT;
        oublier(s, "PE-03");
    }
);

fn incident(s: &mut Session, genre: Genre, gravite: Gravite, informe: bool) {
    s.incidents.push(Incident {
        numero: 1,
        signalement: Signalement {
            genre,
            gravite,
            faits: "faits".into(),
            personnes: String::new(),
            temoins: vec![],
            mesure: String::new(),
            pli: None,
            candidat: None,
            survenu: a(15, 9, 0),
        },
        saisi_le: "2026-12-15T08:10:00Z".into(),
        par: "Camille Un".into(),
        complements: vec![],
        informations: if informe {
            vec![Information {
                survenu: a(15, 9, 30),
                canal: "téléphone".into(),
            }]
        } else {
            vec![]
        },
        reponses: vec![],
    });
}

deux_etats!("R81",
    une_fraude_dite_a_la_ddets_ne_dit_rien => |s, _| incident(s, Genre::Fraude, Gravite::Majeur, true),
    une_fraude_tue_se_signale => |s, _| incident(s, Genre::Fraude, Gravite::Majeur, false)
);

deux_etats!("R82",
    un_incident_mineur_ne_se_dit_pas_a_la_ddets => |s, _| incident(s, Genre::Materiel, Gravite::Mineur, false),
    un_incident_majeur_tu_se_signale => |s, _| incident(s, Genre::Carence, Gravite::Majeur, false)
);

#[test]
fn signaler_un_incident_n_enfreint_rien_contresigner_sans_l_avoir_dit_si() {
    let dits = |contresigne: bool| {
        examiner("R82", |s, _| {
            incident(s, Genre::Carence, Gravite::Majeur, false);
            if contresigne {
                s.pv.etapes.push(pv::Franchie {
                    etape: pv::Etape::Contresigne,
                    survenu: a(16, 18, 0),
                    par: "Camille Un".into(),
                    detail: String::new(),
                    rang: 1,
                });
            }
        })
    };
    assert!(dits(false)[0].manque);
    assert!(!dits(true)[0].manque);
    assert!(
        examiner("R82", |s, _| incident(
            s,
            Genre::Fraude,
            Gravite::Majeur,
            false
        ))
        .is_empty(),
        "R81 s'en charge"
    );
}
