//! Les candidats : accès, résultats passés, partenaires, aménagements.

use crate::session::{DEBUT, FIN, deux_etats, examiner, p};
use jiff::civil::{Date, date};
use metier::Session;
use metier::candidats::{Candidat, Voie};
use metier::deliberation::Issue;
use metier::parcours::{
    Amenagement, Antecedent, Convention, EtatAmenagement, Recevabilite, Source, TitreDetenu,
};
use metier::programme::TypeSession;

fn c1(s: &mut Session) -> &mut Candidat {
    &mut s.candidats[0]
}

fn antecedent(le: Date, issue: Issue, certificats: &[&str]) -> Antecedent {
    Antecedent {
        numero: 0,
        titre: "TP-01280m04".into(),
        intitule: "Développeur web et web mobile".into(),
        type_session: TypeSession::Titre,
        le,
        issue,
        certificats: certificats.iter().map(|c| (*c).into()).collect(),
        source: Source::Saisie("procès-verbal vu".into()),
    }
}

fn recevable(s: &mut Session, notifiee_le: Date, type_session: TypeSession) {
    let c = c1(s);
    c.fiche.voie = Some(Voie::Vae);
    c.parcours.recevabilite = Some(Recevabilite {
        notifiee_le,
        type_session,
        reference: "R-12".into(),
    });
}

fn accorde() -> Amenagement {
    Amenagement {
        etat: EtatAmenagement::Accorde,
        demande_le: None,
        decision_le: Some(date(2026, 10, 1)),
        majoration: 33,
        acces_pmr: false,
        secret: String::new(),
        jury_informe_le: Some(date(2026, 11, 1)),
        applique: None,
    }
}

fn convention() -> Convention {
    Convention {
        organisme: "Organisme Béta".into(),
        reference: "CV-1".into(),
        debut: date(2026, 1, 5),
        fin: date(2027, 6, 30),
        avenant_transmis_le: None,
        durees_verifiees_le: Some(date(2026, 9, 1)),
    }
}

fn partenaire(s: &mut Session, c: Option<Convention>) {
    c1(s).parcours.partenaire = Some("organisme beta".into());
    c1(s).parcours.formation_debut = Some(date(2026, 3, 2));
    s.conventions.extend(c);
}

deux_etats!("R08",
    en_prolongation_une_formation_commencee_avant_ne_dit_rien => |s, _| {
        p(s).referentiel.echeance = Some(date(2026, 6, 30));
        for c in &mut s.candidats {
            c.parcours.formation_debut = Some(date(2026, 6, 29));
        }
    },
    en_prolongation_une_formation_commencee_apres_se_signale => |s, _| {
        p(s).referentiel.echeance = Some(date(2026, 6, 30));
        for c in &mut s.candidats {
            c.parcours.formation_debut = Some(date(2026, 7, 1));
        }
    }
);

deux_etats!("R43",
    une_formation_coherente_ne_dit_rien => |_, _| (),
    une_formation_sans_rapport_se_signale => |s, _| c1(s).parcours.formation_coherente = Some(false)
);

#[test]
fn des_formations_inconnues_se_disent_une_fois_pour_tous_et_n_enfreignent_rien() {
    let inconnues = |s: &mut Session| {
        for c in &mut s.candidats {
            c.parcours.formation_coherente = None;
        }
    };
    let avant = examiner("R43", |s, _| inconnues(s));
    assert!(avant.len() == 1 && avant[0].manque && avant[0].phrase.contains("BÉRENGER"));
    let pendant = examiner("R43", |s, j| {
        inconnues(s);
        *j = DEBUT;
    });
    assert!(pendant.len() == 1 && pendant[0].manque);
}

deux_etats!("R44",
    une_recevabilite_de_moins_d_un_an_ne_dit_rien => |s, _| recevable(s, date(2025, 12, 16), TypeSession::Titre),
    une_recevabilite_d_un_an_le_jour_de_la_session_se_signale => |s, _| recevable(s, date(2025, 12, 15), TypeSession::Titre)
);

deux_etats!("R45",
    le_type_du_courrier_ne_dit_rien => |s, _| recevable(s, date(2026, 3, 1), TypeSession::Titre),
    un_autre_type_que_le_courrier_se_signale => |s, _| recevable(s, date(2026, 3, 1), TypeSession::Ccp)
);

fn ccs(s: &mut Session, obtenu_le: Date) {
    p(s).type_session = TypeSession::Ccs;
    for c in &mut s.candidats {
        c.parcours.titre_detenu = Some(TitreDetenu {
            intitule: "Développeur web".into(),
            obtenu_le,
        });
    }
}

deux_etats!("R46",
    un_titre_detenu_et_une_formation_ne_disent_rien => |s, _| ccs(s, date(2025, 6, 1)),
    un_titre_obtenu_apres_la_session_se_signale => |s, _| ccs(s, date(2027, 1, 1))
);

#[test]
fn sans_titre_ou_sans_experience_ni_formation_le_ccs_n_est_pas_prouve() {
    let c = examiner("R46", |s, j| {
        ccs(s, date(2025, 6, 1));
        c1(s).parcours.formation_coherente = None;
        *j = DEBUT;
    });
    assert!(c.len() == 1 && c[0].manque);
    assert!(
        examiner("R46", |s, _| {
            ccs(s, date(2025, 6, 1));
            c1(s).parcours.formation_coherente = None;
            c1(s).parcours.experience = true;
        })
        .is_empty()
    );
}

fn session_ccp(s: &mut Session, certificat: &str) {
    p(s).type_session = TypeSession::Ccp;
    p(s).certificats = vec![certificat.into()];
    c1(s).antecedents = vec![antecedent(date(2026, 3, 1), Issue::Partielle, &["CCP1"])];
}

deux_etats!("R47",
    un_certificat_qui_manque_ne_dit_rien => |s, _| session_ccp(s, "CCP2"),
    un_certificat_deja_acquis_se_signale => |s, _| session_ccp(s, "CCP1")
);

deux_etats!("R48",
    un_an_jour_pour_jour_apres_l_echec_ne_dit_rien => |s, _| {
        c1(s).antecedents = vec![antecedent(date(2025, 12, 15), Issue::Echec, &[])];
    },
    un_an_et_un_jour_apres_l_absence_se_signale => |s, _| {
        c1(s).antecedents = vec![antecedent(date(2025, 12, 14), Issue::Absence, &[])];
    }
);

#[test]
fn une_formation_nouvelle_ou_une_reussite_partielle_rouvre_le_delai() {
    let vieux = |s: &mut Session| {
        c1(s).antecedents = vec![antecedent(date(2025, 1, 10), Issue::Echec, &[])];
    };
    assert_eq!(examiner("R48", |s, _| vieux(s)).len(), 1);
    assert!(
        examiner("R48", |s, _| {
            vieux(s);
            c1(s).parcours.formation_nouvelle = Some(date(2026, 6, 30));
        })
        .is_empty()
    );
    assert!(
        examiner("R48", |s, _| {
            vieux(s);
            let partielle = antecedent(date(2025, 6, 1), Issue::Partielle, &["CCP1"]);
            c1(s).antecedents.push(partielle);
        })
        .is_empty()
    );
    // Un candidat VAE suit sa recevabilité, pas ce délai.
    assert!(
        examiner("R48", |s, _| {
            vieux(s);
            c1(s).fiche.voie = Some(Voie::Vae);
        })
        .is_empty()
    );
}

fn represente(s: &mut Session, fois: i8) {
    c1(s).antecedents = (0..=fois)
        .map(|i| antecedent(date(2026, 1 + i, 10), Issue::Echec, &[]))
        .collect();
}

deux_etats!("R49",
    une_troisieme_session_dans_l_annee_ne_dit_rien => |s, _| represente(s, 2),
    une_quatrieme_session_dans_l_annee_se_signale => |s, _| represente(s, 3)
);

deux_etats!("R50",
    un_an_apres_la_fin_de_validite_ne_dit_rien => |s, _| {
        session_ccp(s, "CCP2");
        p(s).referentiel.echeance = Some(date(2025, 12, 15));
    },
    plus_d_un_an_apres_la_fin_de_validite_se_signale => |s, _| {
        session_ccp(s, "CCP2");
        p(s).referentiel.echeance = Some(date(2025, 12, 14));
    }
);

deux_etats!("R51",
    une_convention_qui_couvre_la_formation_ne_dit_rien => |s, _| partenaire(s, Some(convention())),
    une_convention_trop_courte_se_signale => |s, _| partenaire(s, Some(Convention { fin: date(2026, 12, 14), ..convention() }))
);

#[test]
fn une_convention_absente_manque_puis_s_enfreint() {
    let avant = examiner("R51", |s, _| partenaire(s, None));
    assert!(avant.len() == 1 && avant[0].manque, "{avant:?}");
    let pendant = examiner("R51", |s, j| {
        partenaire(s, None);
        *j = DEBUT;
    });
    assert!(pendant.len() == 1 && !pendant[0].manque);
}

fn ancienne(avenant: Option<Date>) -> Convention {
    Convention {
        debut: date(2025, 9, 1),
        avenant_transmis_le: avenant,
        ..convention()
    }
}

deux_etats!("R52",
    un_avenant_transmis_avant_janvier_ne_dit_rien => |s, _| partenaire(s, Some(ancienne(Some(date(2025, 12, 31))))),
    un_avenant_transmis_en_janvier_se_signale => |s, _| partenaire(s, Some(ancienne(Some(date(2026, 1, 1)))))
);

deux_etats!("R53",
    des_durees_verifiees_ne_disent_rien => |s, j| {
        partenaire(s, Some(convention()));
        *j = DEBUT;
    },
    des_durees_non_verifiees_se_signalent => |s, j| {
        partenaire(s, Some(Convention { durees_verifiees_le: None, ..convention() }));
        *j = DEBUT;
    }
);

deux_etats!("R55",
    une_decision_recue_ne_dit_rien => |s, j| {
        c1(s).amenagement = Some(accorde());
        *j = DEBUT;
    },
    une_demande_sans_decision_se_signale => |s, j| {
        c1(s).amenagement = Some(Amenagement { etat: EtatAmenagement::Demande, ..accorde() });
        *j = DEBUT;
    }
);

fn allonger(s: &mut Session) {
    for x in s
        .planning
        .passages
        .iter_mut()
        .filter(|x| x.candidat.as_str() == "c1")
    {
        x.fin = x.fin.saturating_add(jiff::Span::new().minutes(30));
    }
}

deux_etats!("R56",
    une_duree_majoree_au_planning_ne_dit_rien => |s, _| {
        c1(s).amenagement = Some(accorde());
        allonger(s);
    },
    une_duree_ordinaire_malgre_le_temps_majore_se_signale => |s, _| c1(s).amenagement = Some(accorde())
);

#[test]
fn un_jury_non_informe_et_un_planning_a_reprendre_manquent_sans_bloquer() {
    let c = examiner("R56", |s, _| {
        c1(s).amenagement = Some(Amenagement {
            jury_informe_le: None,
            ..accorde()
        });
        s.planning.valide = None;
    });
    assert_eq!(c.len(), 4);
    assert!(c.iter().all(|c| c.manque));
}

deux_etats!("R57",
    un_amenagement_applique_ne_dit_rien => |s, j| {
        c1(s).amenagement = Some(Amenagement { applique: Some(true), ..accorde() });
        *j = FIN.tomorrow().unwrap();
    },
    un_amenagement_non_applique_se_signale => |s, _| {
        c1(s).amenagement = Some(Amenagement { applique: Some(false), ..accorde() });
    }
);

#[test]
fn un_amenagement_applique_sans_decision_ou_jamais_constate_se_signale() {
    let sans = examiner("R57", |s, _| {
        c1(s).amenagement = Some(Amenagement {
            etat: EtatAmenagement::Refuse,
            applique: Some(true),
            ..accorde()
        });
    });
    assert!(sans.len() == 1 && sans[0].phrase.contains("sans décision"));
    let jamais = examiner("R57", |s, j| {
        c1(s).amenagement = Some(accorde());
        *j = FIN.tomorrow().unwrap();
    });
    assert!(jamais.len() == 1 && jamais[0].phrase.contains("Rien ne dit"));
}
