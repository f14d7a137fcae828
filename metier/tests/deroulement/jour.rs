//! Le jour J : présences, retards, épreuves observées, mise en situation avant l'entretien final, incidents.

use crate::banc::*;
use metier::Action;
use metier::incidents::{self, Genre, Gravite, Signalement};
use metier::jour::{self, Piece, Presence, Sortie, Statut, Venant};

fn commencer(e: &str, c: &[&str], quand: &str) -> Action {
    Action::Jour(jour::Action::Commencer {
        epreuve: e.into(),
        candidats: c.iter().map(|c| id(c)).collect(),
        survenu: a(quand),
    })
}
fn finir(e: &str, c: &[&str], quand: &str) -> Action {
    Action::Jour(jour::Action::Finir {
        epreuve: e.into(),
        candidats: c.iter().map(|c| id(c)).collect(),
        survenu: a(quand),
    })
}
fn statuer(c: &str, quand: &str) -> Action {
    Action::Jour(jour::Action::Statuer {
        candidat: id(c),
        survenu: a(quand),
    })
}
fn sortir(c: &str, sortie: Sortie, quand: &str) -> Action {
    Action::Jour(jour::Action::Sortir {
        candidat: id(c),
        sortie,
        survenu: a(quand),
    })
}

#[test]
fn un_retard_se_decide_par_ecrit_et_l_heure_de_fin_ne_change_pas() {
    let b = banc()
        .a("2026-12-15T09:00")
        .refuse(accueillir("c-1", "2026-12-15T08:45"), "R78")
        .parce_que("train arrêté, justificatif vu")
        .quand(accueillir("c-1", "2026-12-15T08:45"));
    let presence = &b.session.jour.presences[&(id("c-1"), DEBUT)];
    assert!(matches!(presence, Presence::Present(_, Some(r)) if r.motif.contains("train")));
    let phrase = b.evenements.last().unwrap().evenement.phrase();
    assert!(phrase.contains("heure de fin inchangée"), "{phrase}");
    assert_eq!(
        b.session.planning.passage(&id("c-1"), MSP).unwrap().fin,
        jiff::civil::time(9, 10, 0, 0)
    );
}

#[test]
fn un_fait_saisi_apres_coup_dit_les_deux_heures() {
    let b = banc()
        .a("2026-12-15T18:00")
        .quand(accueillir("c-1", "2026-12-15T08:05"));
    let e = b.evenements.last().unwrap();
    assert!(e.evenement.phrase().contains("8\u{a0}h\u{a0}05"));
    assert!(!e.le.is_empty(), "l'instant de la saisie est au journal");
}

#[test]
fn une_presence_notee_par_erreur_se_corrige_avec_un_motif() {
    let b = banc_ouvert()
        .refuse(absenter("c-1", "2026-12-15T08:12"), "SAI")
        .parce_que("confusion de personnes")
        .quand(absenter("c-1", "2026-12-15T08:12"));
    assert_eq!(b.session.jour.statut(&id("c-1"), DEBUT), Statut::Absent);
    assert!(
        b.evenements
            .iter()
            .any(|e| e.evenement.etiquette() == "jour.present"),
        "rien ne s'efface"
    );
}

fn identifier(candidat: &str) -> Action {
    Action::Jour(jour::Action::VoirPieces {
        candidat: id(candidat),
        pieces: vec![Piece::Identite, Piece::Convocation],
        survenu: a("2026-12-15T08:07"),
    })
}

#[test]
fn l_entretien_final_attend_que_le_jury_ait_statue_sur_la_mise_en_situation() {
    let b = banc_ouvert()
        .a("2026-12-15T12:00")
        .refuse(commencer(EF, &["c-1"], "2026-12-15T10:00"), "R75")
        .refuse(statuer("c-1", "2026-12-15T10:00"), "JOU-08")
        .refuse(commencer(MSP, &["c-1"], "2026-12-15T08:30"), "R60")
        .quand(identifier("c-1"))
        .quand(identifier("c-2"))
        .quand(commencer(MSP, &["c-1", "c-2"], "2026-12-15T08:30"))
        .refuse(commencer(MSP, &["c-3"], "2026-12-15T08:30"), "JOU-04")
        .refuse(statuer("c-1", "2026-12-15T09:00"), "JOU-08")
        .quand(finir(MSP, &["c-1"], "2026-12-15T09:12"))
        .refuse(statuer("c-1", "2026-12-15T09:00"), "SAI")
        .quand(statuer("c-1", "2026-12-15T09:20"))
        .refuse(commencer(EF, &["c-1"], "2026-12-15T09:15"), "SAI")
        .refuse(commencer(EF, &["c-1", "c-2"], "2026-12-15T09:30"), "R75")
        .quand(commencer(EF, &["c-1"], "2026-12-15T09:30"));
    assert!(b.session.jour.observee(&id("c-1"), EF).is_some());
    assert!(b.session.jour.observee(&id("c-2"), EF).is_none());
}

#[test]
fn le_jury_statue_a_deux_au_moins() {
    banc_ouvert()
        .a("2026-12-15T12:00")
        .quand(identifier("c-1"))
        .quand(commencer(MSP, &["c-1"], "2026-12-15T08:30"))
        .quand(finir(MSP, &["c-1"], "2026-12-15T09:12"))
        .quand(Action::Jour(jour::Action::Partir {
            qui: Venant::Jure(id("j-2")),
            survenu: a("2026-12-15T09:15"),
        }))
        .refuse(statuer("c-1", "2026-12-15T09:20"), "R27")
        .quand(arriver("j-2", "2026-12-15T09:30"))
        .quand(statuer("c-1", "2026-12-15T09:40"));
}

#[test]
fn une_piece_se_voit_une_fois_et_un_depart_demande_une_arrivee() {
    let voir = Action::Jour(jour::Action::VoirPieces {
        candidat: id("c-1"),
        pieces: vec![Piece::Identite, Piece::Dp],
        survenu: a("2026-12-15T08:07"),
    });
    let b = banc_ouvert().quand(voir.clone());
    let rang = b.session.rang;
    assert_eq!(b.quand(voir).session.rang, rang);
    banc_ouvert().refuse(
        Action::Jour(jour::Action::Partir {
            qui: Venant::Jure(id("j-3")),
            survenu: a("2026-12-15T08:11"),
        }),
        "JOU-02",
    );
}

#[test]
fn un_abandon_se_motive_et_ferme_les_epreuves() {
    banc_ouvert()
        .refuse(sortir("c-1", Sortie::Abandon, "2026-12-15T08:11"), "SAI")
        .parce_que("le dit à haute voix devant le jury")
        .quand(sortir("c-1", Sortie::Abandon, "2026-12-15T08:11"))
        .sans_motif()
        .refuse(commencer(MSP, &["c-1"], "2026-12-15T08:12"), "JOU-04");
}

#[test]
fn une_fraude_se_rapporte_avec_des_temoins_et_un_pli_rompu_ne_se_saisit_pas_ici() {
    let signaler = |genre, temoins: &[&str]| {
        Action::Incident(incidents::Action::Signaler(Signalement {
            genre,
            gravite: Gravite::Majeur,
            faits: "Un document interdit sur la table".into(),
            personnes: String::new(),
            temoins: temoins.iter().map(|t| (*t).to_owned()).collect(),
            mesure: "document retiré, l’épreuve continue".into(),
            pli: None,
            candidat: Some(id("c-1")),
            survenu: a("2026-12-15T08:11"),
        }))
    };
    let b = banc_ouvert()
        .refuse(signaler(Genre::Fraude, &[]), "SAI")
        .refuse(signaler(Genre::ScelleRompu, &["Juré j-1"]), "SAI")
        .quand(signaler(Genre::Fraude, &["Juré j-1"]))
        .quand(Action::Incident(incidents::Action::Completer {
            numero: 1,
            texte: "Le candidat conteste".into(),
        }));
    assert_eq!(
        b.session.jour.statut(&id("c-1"), DEBUT),
        Statut::Present,
        "Garant n'exclut pas"
    );
    let ligne = b.session.incidents[0].ligne_pv();
    assert!(
        ligne.contains("Juré j-1") && ligne.contains("conteste"),
        "{ligne}"
    );
}
