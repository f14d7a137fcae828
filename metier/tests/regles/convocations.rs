//! Les convocations et les candidats.

use crate::session::{DEBUT, deux_etats, examiner, id, oublier, p, remise};
use jiff::civil::date;
use metier::convocations::{Destinataire, Mode};
use metier::reglement::parametres::Reglage;

fn remettre(s: &mut metier::Session, d: Destinataire, le: jiff::civil::Date) {
    s.convocations
        .par_destinataire
        .insert(d, remise(le, Mode::Decharge));
}

deux_etats!("R36",
    un_jure_convoque_le_jour_de_la_limite_ne_dit_rien => |s, _| remettre(s, Destinataire::Jure(id("j1")), date(2026, 11, 15)),
    un_jure_convoque_le_lendemain_de_la_limite_se_signale => |s, _| remettre(s, Destinataire::Jure(id("j1")), date(2026, 11, 16))
);

deux_etats!("R37",
    un_candidat_convoque_le_jour_de_la_limite_ne_dit_rien => |s, _| remettre(s, Destinataire::Candidat(id("c1")), date(2026, 11, 15)),
    un_candidat_convoque_le_lendemain_de_la_limite_se_signale => |s, _| remettre(s, Destinataire::Candidat(id("c1")), date(2026, 11, 16))
);

#[test]
fn une_convocation_absente_ne_se_reproche_qu_apres_la_limite() {
    let dits = |jour| {
        examiner("R37", |s, j| {
            *j = jour;
            s.convocations.par_destinataire.clear();
        })
    };
    assert!(dits(date(2026, 11, 15)).is_empty());
    assert_eq!(dits(date(2026, 11, 16)).len(), 2);
}

#[test]
fn la_ddets_qui_veut_quarante_cinq_jours_les_obtient() {
    let c = examiner("R37", |s, _| {
        s.cadre.reglages = vec![Reglage {
            code: "R37".into(),
            valeur: 45,
            a_partir_du: date(2026, 1, 1),
            motif: "courrier de la DDETS".into(),
        }];
    });
    assert_eq!(c.len(), 2);
    assert!(c[0].phrase.contains("31/10/2026"), "{}", c[0].phrase);
}

deux_etats!("R38",
    une_lettre_recommandee_vaut_preuve => |s, _| {
        let mode = Mode::LrAr { numero: "1A".into() };
        s.convocations.par_destinataire.insert(Destinataire::Candidat(id("c1")), remise(date(2026, 11, 10), mode));
    },
    un_courriel_seul_ne_vaut_pas_preuve => |s, _| {
        let mode = Mode::Courriel { adresse: "a@exemple.invalid".into() };
        s.convocations.par_destinataire.insert(Destinataire::Candidat(id("c1")), remise(date(2026, 11, 10), mode));
    }
);

deux_etats!("R39",
    un_planning_plus_ancien_que_la_convocation_ne_dit_rien => |s, _| { s.planning.rangs.insert(id("c1"), 9); },
    un_planning_plus_recent_que_la_convocation_se_signale => |s, _| { s.planning.rangs.insert(id("c1"), 12); }
);

deux_etats!("R41",
    un_numero_ceres_note_ne_dit_rien => |_, _| (),
    des_convocations_sans_numero_ceres_se_signalent => |s, _| p(s).numero_ceres = None
);

#[test]
fn sans_convocation_remise_le_numero_ceres_manque_seulement() {
    let c = examiner("R41", |s, _| {
        p(s).numero_ceres = None;
        s.convocations.par_destinataire.clear();
    });
    assert!(c[0].manque);
    assert!(
        examiner("R41", |s, _| {
            p(s).numero_ceres = None;
            s.candidats.clear();
        })
        .is_empty()
    );
}

deux_etats!("R42",
    un_candidat_inscrit_le_jour_de_la_limite_ne_dit_rien => |s, _| s.candidats[0].inscrit_le = date(2026, 11, 15),
    un_candidat_inscrit_apres_la_limite_se_signale => |s, _| s.candidats[0].inscrit_le = date(2026, 11, 16)
);

deux_etats!("R54",
    une_voie_dite_ne_dit_rien => |_, _| (),
    une_voie_inconnue_manque => |s, _| s.candidats[0].fiche.voie = None
);

#[test]
fn une_voie_inconnue_s_enfreint_quand_la_session_commence() {
    let dits = |jour| {
        examiner("R54", |s, j| {
            *j = jour;
            s.candidats[0].fiche.voie = None;
        })
    };
    assert!(dits(date(2026, 12, 14))[0].manque);
    assert!(!dits(DEBUT)[0].manque);
}

deux_etats!("R106",
    la_veille_le_reglement_peut_encore_se_remettre => |s, j| {
        *j = date(2026, 12, 14);
        oublier(s, "AV-18");
    },
    des_candidats_sans_reglement_le_premier_jour_se_signalent => |s, j| {
        *j = DEBUT;
        oublier(s, "AV-18");
    }
);
