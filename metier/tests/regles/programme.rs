//! Programmer : agrément, validité du titre, CERES, information de la DDETS.

use crate::session::{deux_etats, examiner, marquer, oublier, p};
use jiff::civil::date;
use metier::reglement::parametres::Reglage;

deux_etats!("R01",
    un_agrement_qui_couvre_juste_la_session_ne_dit_rien => |s, _| {
        s.cadre.agrements[0].debut = crate::session::DEBUT;
        s.cadre.agrements[0].fin = crate::session::FIN;
    },
    un_agrement_qui_finit_avant_la_session_se_signale => |s, _| s.cadre.agrements[0].fin = date(2026, 12, 15)
);

#[test]
fn un_agrement_inconnu_manque_sans_rien_enfreindre() {
    let c = examiner("R01", |s, _| s.cadre.agrements.clear());
    assert!(c.len() == 1 && c[0].manque);
    let c = examiner("R01", |s, _| {
        s.cadre.agrements[0].debut = date(2026, 12, 16);
    });
    assert!(
        c.len() == 1 && !c[0].manque,
        "l'agrément commence trop tard"
    );
}

deux_etats!("R04",
    un_site_sans_salle_connue_ne_dit_rien => |s, _| p(s).site.salles.clear(),
    un_lieu_hors_du_site_se_signale => |s, _| s.planning.passages[0].lieu = "Chez un partenaire".into()
);

deux_etats!("R05",
    une_session_qui_finit_le_jour_de_l_echeance_est_en_vigueur => |s, _| p(s).referentiel.echeance = Some(crate::session::FIN),
    une_session_en_prolongation_se_signale => |s, _| p(s).referentiel.echeance = Some(date(2026, 12, 15))
);

deux_etats!("R06",
    une_session_au_dernier_jour_de_la_prolongation_est_possible => |s, _| p(s).referentiel.echeance = Some(date(2025, 12, 16)),
    une_session_apres_l_annee_de_prolongation_se_refuse => |s, _| p(s).referentiel.echeance = Some(date(2025, 12, 15))
);

#[test]
fn hors_prolongation_le_titre_n_est_plus_dit_en_prolongation() {
    assert!(
        examiner("R05", |s, _| p(s).referentiel.echeance =
            Some(date(2025, 12, 15)))
        .is_empty()
    );
    assert_eq!(
        examiner("R05", |s, _| p(s).referentiel.echeance =
            Some(date(2025, 12, 16)))
        .len(),
        1
    );
}

deux_etats!("R07",
    une_session_en_prolongation_deja_dans_ceres_ne_dit_rien => |s, _| p(s).referentiel.echeance = Some(date(2026, 6, 1)),
    une_session_en_prolongation_hors_de_ceres_apres_l_echeance_se_signale => |s, _| {
        p(s).referentiel.echeance = Some(date(2026, 6, 1));
        p(s).numero_ceres = None;
    }
);

#[test]
fn avant_l_echeance_la_creation_dans_ceres_manque_seulement() {
    let dits = |jour| {
        examiner("R07", |s, j| {
            *j = jour;
            p(s).referentiel.echeance = Some(date(2026, 12, 1));
            p(s).numero_ceres = None;
        })
    };
    assert!(dits(date(2026, 12, 1))[0].manque);
    assert!(!dits(date(2026, 12, 2))[0].manque);
}

deux_etats!("R09",
    un_titre_qui_echoit_dans_plus_de_six_mois_ne_dit_rien => |s, j| {
        *j = date(2026, 11, 20);
        p(s).referentiel.echeance = Some(date(2027, 5, 21));
        oublier(s, "AV-05");
    },
    un_titre_qui_echoit_dans_six_mois_se_signale => |s, j| {
        *j = date(2026, 11, 20);
        p(s).referentiel.echeance = Some(date(2027, 5, 20));
        oublier(s, "AV-05");
    }
);

#[test]
fn un_titre_dont_session_et_parcours_sont_crees_ou_deja_echu_ne_dit_rien() {
    let proche = Some(date(2027, 1, 1));
    assert!(examiner("R09", |s, _| p(s).referentiel.echeance = proche).is_empty());
    assert_eq!(
        examiner("R09", |s, _| {
            p(s).referentiel.echeance = proche;
            p(s).numero_ceres = None;
        })
        .len(),
        1
    );
    assert!(
        examiner("R09", |s, j| {
            *j = date(2027, 1, 2);
            p(s).referentiel.echeance = proche;
            oublier(s, "AV-05");
        })
        .is_empty()
    );
    assert_eq!(
        examiner("R09", |s, j| {
            *j = date(2027, 1, 1);
            p(s).referentiel.echeance = proche;
            oublier(s, "AV-05");
        })
        .len(),
        1
    );
}

deux_etats!("R11",
    la_ddets_informee_le_jour_de_la_limite_ne_dit_rien => |s, _| marquer(s, "AV-13", "2026-09-15T07:00:00Z"),
    la_ddets_non_informee_apres_la_limite_se_signale => |s, j| {
        *j = date(2026, 9, 16);
        oublier(s, "AV-13");
    }
);

#[test]
fn informer_la_ddets_tard_se_signale_et_le_jour_de_la_limite_est_encore_bon() {
    assert_eq!(
        examiner("R11", |s, _| marquer(s, "AV-13", "2026-09-16T07:00:00Z")).len(),
        1
    );
    assert!(
        examiner("R11", |s, j| {
            *j = date(2026, 9, 15);
            oublier(s, "AV-13");
        })
        .is_empty()
    );
}

#[test]
fn une_tache_sans_objet_ne_se_reproche_pas() {
    assert!(
        examiner("R11", |s, _| {
            s.taches.marques.get_mut("AV-13").unwrap().sans_objet = true;
        })
        .is_empty()
    );
}

#[test]
fn un_reglage_du_centre_deplace_la_limite() {
    let reglage = |s: &mut metier::Session| {
        s.cadre.reglages = vec![Reglage {
            code: "R11".into(),
            valeur: 4,
            a_partir_du: date(2026, 1, 1),
            motif: "courrier de la DDETS".into(),
        }];
    };
    let c = examiner("R11", |s, _| {
        reglage(s);
        marquer(s, "AV-13", "2026-08-16T07:00:00Z");
    });
    assert!(c[0].phrase.contains("15/08/2026"), "{}", c[0].phrase);
    assert!(
        examiner("R14", |s, _| {
            reglage(s);
            marquer(s, "AV-03", "2026-09-15T07:00:00Z");
        })
        .is_empty(),
        "le réglage d'une règle n'en touche pas une autre"
    );
}

deux_etats!("R12",
    une_information_complete_ne_dit_rien => |_, _| (),
    une_information_envoyee_sans_responsable_se_signale => |s, _| drop(s.equipe.membres.remove(0))
);

#[test]
fn une_information_pas_encore_envoyee_manque_seulement() {
    let c = examiner("R12", |s, _| {
        oublier(s, "AV-13");
        s.candidats.clear();
        s.equipe.membres.clear();
    });
    assert!(c[0].manque && c[0].phrase.contains("le nom du responsable et l’effectif"));
    let c = examiner("R12", |s, _| s.candidats.clear());
    assert!(!c[0].manque && c[0].phrase.contains("l’effectif"));
}

deux_etats!("R13",
    un_changement_d_avant_l_information_ne_dit_rien => |s, _| s.annonce_changee_le = Some("2026-08-31T07:00:00Z".into()),
    un_changement_apres_l_information_se_signale => |s, _| s.annonce_changee_le = Some("2026-09-01T07:00:01Z".into())
);

deux_etats!("R14",
    une_demande_d_epreuves_a_temps_ne_dit_rien => |s, _| marquer(s, "AV-03", "2026-09-15T07:00:00Z"),
    une_demande_d_epreuves_tardive_se_signale => |s, _| marquer(s, "AV-03", "2026-09-15T22:30:00Z")
);
