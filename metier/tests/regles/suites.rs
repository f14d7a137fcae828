//! Le procès-verbal et ses suites.

use crate::session::{deux_etats, examiner, id, marquer, oublier};
use jiff::civil::{date, datetime};
use metier::Session;
use metier::deliberation::{DecisionJury, Issue};
use metier::pv::{Etape, Franchie};
use metier::suites::{Entretien, Prevue, Suivi};

fn franchir(s: &mut Session, etape: Etape, jour: i8) {
    s.pv.etapes.push(Franchie {
        etape,
        survenu: datetime(2026, 12, jour, 18, 0, 0, 0),
        par: "Camille Un".into(),
        detail: String::new(),
        rang: 1,
    });
}

deux_etats!("R95",
    quinze_jours_apres_le_pv_peut_encore_partir => |s, j| {
        *j = date(2026, 12, 31);
        oublier(s, "AP-06");
    },
    seize_jours_apres_un_pv_non_envoye_se_signale => |s, j| {
        *j = date(2027, 1, 1);
        oublier(s, "AP-06");
    }
);

#[test]
fn un_pv_envoye_tard_se_signale_et_l_etape_du_pv_l_emporte_sur_la_tache() {
    assert_eq!(
        examiner("R95", |s, _| marquer(s, "AP-06", "2027-01-01T08:00:00Z")).len(),
        1
    );
    assert!(examiner("R95", |s, _| marquer(s, "AP-06", "2026-12-31T08:00:00Z")).is_empty());
    assert!(
        examiner("R95", |s, _| {
            marquer(s, "AP-06", "2027-01-01T08:00:00Z");
            franchir(s, Etape::Envoye, 30);
        })
        .is_empty()
    );
}

deux_etats!("R98",
    deux_mois_apres_les_candidats_peuvent_encore_s_informer => |s, j| {
        *j = date(2027, 2, 14);
        oublier(s, "AP-07");
    },
    des_candidats_non_informes_apres_deux_mois_se_signalent => |s, j| {
        *j = date(2027, 2, 15);
        oublier(s, "AP-07");
    }
);

#[test]
fn l_etape_du_pv_qui_informe_les_candidats_suffit() {
    assert!(
        examiner("R98", |s, j| {
            *j = date(2027, 6, 1);
            oublier(s, "AP-07");
            franchir(s, Etape::CandidatsInformes, 20);
        })
        .is_empty()
    );
}

fn partielle(s: &mut Session) {
    s.deliberation.decisions.insert(
        id("c1"),
        DecisionJury {
            issue: Issue::Partielle,
            certificats: Default::default(),
            entretien_favorable: None,
            motivation: String::new(),
            recommandations: String::new(),
        },
    );
    oublier(s, "AP-10");
}

deux_etats!("R99",
    un_entretien_peut_attendre_trente_jours => |s, j| {
        *j = date(2027, 1, 15);
        partielle(s);
    },
    une_reussite_partielle_sans_entretien_se_signale => |s, j| {
        *j = date(2027, 1, 16);
        partielle(s);
    }
);

#[test]
fn sans_reussite_partielle_aucun_entretien_n_est_du() {
    assert!(
        examiner("R99", |s, j| {
            *j = date(2027, 6, 1);
            oublier(s, "AP-10");
        })
        .is_empty()
    );
}

deux_etats!("R102",
    tant_que_rien_n_est_affiche_l_archivage_attend => |s, _| oublier(s, "AP-09"),
    des_resultats_affiches_sans_archivage_se_signalent => |s, _| {
        oublier(s, "AP-09");
        franchir(s, Etape::Affiche, 30);
    }
);

deux_etats!("R100",
    une_session_ccp_peut_attendre_trente_jours => |s, j| {
        *j = date(2027, 1, 15);
        partielle(s);
        s.deliberation.close = Some(datetime(2026, 12, 16, 17, 0, 0, 0));
    },
    une_reussite_partielle_sans_session_prevue_se_signale => |s, j| {
        *j = date(2027, 1, 16);
        partielle(s);
        s.deliberation.close = Some(datetime(2026, 12, 16, 17, 0, 0, 0));
    }
);

#[test]
fn un_entretien_fixe_et_une_session_prevue_suffisent() {
    for code in ["R99", "R100"] {
        let dits = examiner(code, |s, j| {
            *j = date(2027, 6, 1);
            partielle(s);
            s.deliberation.close = Some(datetime(2026, 12, 16, 17, 0, 0, 0));
            s.suites.insert(
                id("c1"),
                Suivi {
                    informe: None,
                    entretien: Some(Entretien {
                        quand: datetime(2027, 1, 5, 10, 0, 0, 0),
                        lieu: "Bureau 3".into(),
                    }),
                    prevue: Some(Prevue {
                        libelle: "Session CCP : CCP2".into(),
                        debut: date(2027, 3, 1),
                    }),
                },
            );
        });
        assert!(dits.is_empty(), "{dits:?}");
    }
}
