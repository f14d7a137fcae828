//! Les personnes : équipe et jury.

use crate::session::{DEBUT, deux_etats, examiner, id, jure, p, personne};
use jiff::civil::{date, datetime};
use metier::equipe::Poste;
use metier::jour::{Presence, Venant};
use metier::jury::Place;

deux_etats!("R18",
    un_responsable_nomme_ne_dit_rien => |_, _| (),
    un_responsable_absent_manque => |s, _| s.equipe.membres.retain(|(p, _)| *p != Poste::Responsable)
);

deux_etats!("R19",
    un_responsable_qui_n_a_forme_personne_ne_dit_rien => |_, _| (),
    un_responsable_formateur_se_signale => |s, _| s.equipe.membres.push((Poste::Formateur, personne("p1", "Camille Un")))
);

deux_etats!("R20",
    un_suppleant_qui_n_a_forme_personne_ne_dit_rien => |_, _| (),
    un_suppleant_formateur_se_signale => |s, _| s.equipe.membres.push((Poste::Formateur, personne("p2", "Camille Deux")))
);

#[test]
fn un_suppleant_qui_manque_n_enfreint_rien() {
    let c = examiner("R20", |s, _| {
        s.equipe.membres.retain(|(p, _)| *p != Poste::Suppleant)
    });
    assert!(c.len() == 1 && c[0].manque);
}

deux_etats!("R21",
    un_surveillant_qui_n_a_forme_personne_ne_dit_rien => |_, _| (),
    un_surveillant_formateur_se_signale => |s, _| s.equipe.membres.push((Poste::Formateur, personne("p3", "Alix Trois")))
);

deux_etats!("R22",
    un_jury_present_partout_se_passe_de_surveillant => |s, _| {
        s.equipe.membres.retain(|(p, _)| *p != Poste::Surveillant);
        p(s).referentiel.epreuves.remove(1);
    },
    une_epreuve_sans_jury_ni_surveillant_se_signale => |s, _| s.equipe.membres.retain(|(p, _)| *p != Poste::Surveillant)
);

#[test]
fn l_absence_de_surveillant_ne_s_enfreint_qu_une_fois_la_session_commencee() {
    let dits = |jour| {
        examiner("R22", |s, j| {
            *j = jour;
            s.equipe.membres.retain(|(p, _)| *p != Poste::Surveillant);
        })
    };
    assert!(dits(date(2026, 12, 14))[0].manque);
    assert!(!dits(DEBUT)[0].manque);
}

deux_etats!("R24",
    trois_personnes_pour_trois_roles_ne_disent_rien => |_, _| (),
    un_responsable_surveillant_se_signale => |s, _| s.equipe.membres.push((Poste::Surveillant, personne("p1", "Camille Un")))
);

#[test]
fn un_jure_qui_tient_un_autre_role_se_reconnait_au_nom_ou_au_courriel() {
    assert_eq!(
        examiner("R24", |s, _| s.jury[0].membre.nom = "camille  DEUX".into()).len(),
        1
    );
    let courriel = Some("alix@exemple.invalid".to_owned());
    assert_eq!(
        examiner("R24", |s, _| {
            s.jury[0].membre.courriel = courriel.clone();
            s.equipe.membres[2].1.courriel = courriel.clone();
        })
        .len(),
        1
    );
    assert_eq!(
        examiner("R24", |s, _| s.equipe.membres[1].1 =
            personne("p1", "Camille Un"))
        .len(),
        1,
        "responsable et suppléant"
    );
    assert_eq!(
        examiner("R24", |s, _| s
            .equipe
            .membres
            .push((Poste::Surveillant, personne("p2", "Camille Deux"))))
        .len(),
        1,
        "suppléant et surveillant"
    );
}

fn venir(s: &mut metier::Session, i: &str, jour: i8) {
    s.jour
        .venues
        .entry(Venant::Equipe(id(i)))
        .or_default()
        .push((datetime(2026, 12, jour, 8, 0, 0, 0), None));
}

deux_etats!("R23",
    un_responsable_present_ne_dit_rien => |s, _| venir(s, "p1", 15),
    un_formateur_present_se_signale => |s, _| venir(s, "p4", 15)
);

fn present(s: &mut metier::Session, jour: i8) {
    let quand = datetime(2026, 12, jour, 8, 0, 0, 0);
    s.jour
        .presences
        .insert((id("c1"), quand.date()), Presence::Present(quand, None));
}

deux_etats!("R25",
    un_suppleant_present_suffit => |s, j| {
        *j = date(2026, 12, 20);
        present(s, 15);
        venir(s, "p2", 15);
    },
    un_jour_sans_responsable_ni_suppleant_se_signale => |s, j| {
        *j = date(2026, 12, 20);
        present(s, 15);
        present(s, 16);
        venir(s, "p1", 15);
    }
);

#[test]
fn le_jour_meme_l_arrivee_du_responsable_peut_encore_se_noter() {
    assert!(
        examiner("R25", |s, j| {
            *j = DEBUT;
            present(s, 15);
        })
        .is_empty()
    );
    assert_eq!(
        examiner("R25", |s, j| {
            *j = date(2026, 12, 16);
            present(s, 15);
            venir(s, "p4", 15);
        })
        .len(),
        1
    );
    assert!(
        examiner("R25", |s, j| {
            *j = date(2026, 12, 20);
            s.jour.presences.insert((id("c1"), DEBUT), Presence::Absent);
        })
        .is_empty(),
        "sans candidat présent, il n'y a rien à tenir"
    );
}

deux_etats!("R26",
    deux_titulaires_suffisent => |_, _| (),
    un_seul_titulaire_manque => |s, _| s.jury[1].membre.place = Place::Reserve
);

deux_etats!("R28",
    des_jures_habilites_ne_disent_rien => |_, _| (),
    un_jure_sans_habilitation_se_refuse => |s, _| s.jury[0].membre.habilitation = None
);

deux_etats!("R29",
    une_habilitation_qui_finit_avec_la_session_suffit => |s, _| s.jury[0].membre.habilitation.as_mut().unwrap().fin = date(2026, 12, 16),
    une_habilitation_trop_courte_se_refuse => |s, _| s.jury[0].membre.habilitation.as_mut().unwrap().fin = date(2026, 12, 15)
);

deux_etats!("R32",
    un_jure_du_meme_organisme_qui_n_evalue_pas_ne_dit_rien => |s, _| {
        s.jury[2].membre.employeur = Some("Organisme Alpha".into());
    },
    un_jure_du_meme_organisme_qui_evalue_se_signale => |s, _| {
        s.jury[0].membre.employeur = Some("ORGANISME alpha".into());
    }
);

#[test]
fn deux_employeurs_differents_ou_vides_ne_lient_personne() {
    assert!(
        examiner("R32", |s, _| s.jury[0].membre.employeur =
            Some("Organisme Bêta".into()))
        .is_empty()
    );
    assert!(
        examiner("R32", |s, _| {
            s.jury[0].membre.employeur = Some(" ".into());
            s.candidats[0].fiche.organisme = Some(String::new());
        })
        .is_empty()
    );
    assert_eq!(
        examiner("R32", |s, _| s.jury[0].membre.employeur =
            Some("Organisme Alpha".into()))
        .len(),
        2
    );
}

fn lier(s: &mut metier::Session, j: &str, c: &str) {
    s.liens.declares.push(metier::liens::Lien {
        jure: id(j),
        candidat: id(c),
        nature: metier::liens::NatureLien::Personnel,
        precision: String::new(),
        est_declare: true,
    });
}

#[test]
fn un_lien_declare_ecarte_du_candidat_et_un_lien_leve_ne_dit_plus_rien() {
    let dits = examiner("R32", |s, _| lier(s, "j1", "c1"));
    assert!(dits.len() == 1 && dits[0].phrase.contains("lien déclaré (lien personnel)"));
    assert!(
        examiner("R32", |s, _| {
            s.jury[0].membre.lies_a = vec!["Organisme Alpha".into()];
            s.liens.leves = [(id("j1"), id("c1")), (id("j1"), id("c2"))].into();
        })
        .is_empty()
    );
}

deux_etats!("R33",
    un_lien_quand_deux_jures_restent_ne_dit_rien => |s, _| lier(s, "j1", "c1"),
    un_candidat_a_qui_il_ne_reste_qu_un_jure_se_signale => |s, _| {
        lier(s, "j1", "c1");
        lier(s, "j3", "c1");
    }
);

#[test]
fn un_jure_de_moins_pour_un_candidat_manque_sans_rien_bloquer() {
    let dits = examiner("R33", |s, _| {
        lier(s, "j1", "c2");
        lier(s, "j2", "c2");
        lier(s, "j3", "c2");
    });
    assert!(dits.len() == 1 && dits[0].manque && dits[0].objet == "c2");
    assert!(
        examiner("R33", |s, _| {
            s.jury.truncate(1);
            lier(s, "j1", "c2");
        })
        .is_empty(),
        "un jury trop court se dit une fois, par R26"
    );
}

deux_etats!("R34",
    des_jures_qui_ont_lu_toute_la_liste_ne_disent_rien => |s, _| s.candidats.truncate(1),
    un_jure_qui_n_a_rien_declare_se_signale => |s, _| { s.liens.declarations.remove(&id("j2")); }
);

#[test]
fn un_candidat_inscrit_apres_la_declaration_la_rend_incomplete() {
    let dits = |jour| {
        examiner("R34", |s, j| {
            *j = jour;
            s.candidats.push(crate::session::candidat("c3", "Colin"));
        })
    };
    assert!(dits(date(2026, 12, 1))[0].manque);
    assert!(!dits(DEBUT)[0].manque, "le jour venu, c'est enfreint");
    assert!(dits(DEBUT)[0].phrase.contains("1 candidat."));
}

deux_etats!("R35",
    un_jure_de_reserve_suffit => |_, _| (),
    aucun_jure_de_reserve_s_annonce => |s, _| s.jury.truncate(2)
);

deux_etats!("R108",
    une_autorite_connue_ne_dit_rien => |s, _| s.jury[0].membre.habilitation = None,
    une_autorite_inconnue_s_annonce => |s, _| s.jury[0].membre.habilitation.as_mut().unwrap().autorite = " ".into()
);

deux_etats!("R109",
    un_professionnel_qui_forme_aussi_ne_dit_rien => |s, _| s.jury[0].membre.qualite = "Développeur et formateur".into(),
    un_jure_seulement_formateur_se_signale => |s, _| s.jury.push({
        let mut j = jure("j4", Place::Reserve);
        j.membre.qualite = "Formatrice".into();
        j
    })
);
