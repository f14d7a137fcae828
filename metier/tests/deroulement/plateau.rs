//! Le plateau : des besoins, des comptes, des manques parés, un local réservé, des affichages ; les EPI avant la mise en situation.

use crate::banc::*;
use metier::Action;
use metier::jour::{self, Piece, Signature};
use metier::plateau::{self, Action as P, Affichage, Besoin, Par, Sorte};

fn besoin(sorte: Sorte, libelle: &str, quantite: u32, par: Par) -> Besoin {
    Besoin {
        sorte,
        libelle: libelle.into(),
        lieu: "Salle 2".into(),
        quantite,
        par,
    }
}
fn prevoir(b: Besoin) -> Action {
    Action::Plateau(P::Prevoir {
        besoins: vec![b],
        source: None,
    })
}
fn compter(numero: u32, combien: u32, quand: &str) -> Action {
    Action::Plateau(P::Compter {
        comptes: vec![(numero, combien)],
        survenu: a(quand),
    })
}

/// Un plateau préparé de bout en bout : prévu, compté, paré, corrigé, un local réservé, le règlement affiché.
pub fn plateau_pret() -> Banc {
    banc()
        .a("2026-12-14T18:00")
        .quand(Action::Plateau(P::Prevoir {
            besoins: vec![
                besoin(Sorte::Poste, "Poste", 1, Par::Ensemble),
                besoin(Sorte::Matiere, "Ramette", 2, Par::Candidat),
            ],
            source: Some("RE page 12".into()),
        }))
        .quand(prevoir(besoin(Sorte::Document, "Grille", 1, Par::Jure)))
        .quand(compter(1, 3, "2026-12-14T08:30"))
        .quand(Action::Plateau(P::Compter {
            comptes: vec![(1, 4), (2, 4)],
            survenu: a("2026-12-14T08:31"),
        }))
        .quand(Action::Plateau(P::Parer {
            numero: 2,
            parade: "deux ramettes empruntées à l’accueil".into(),
            survenu: a("2026-12-14T08:50"),
        }))
        .parce_que("doublon")
        .quand(Action::Plateau(P::Oter { numero: 3 }))
        .sans_motif()
        .quand(Action::Plateau(P::Reserver {
            salle: "Salle 2".into(),
            survenu: a("2026-12-14T17:00"),
        }))
        .quand(Action::Plateau(P::Afficher {
            quoi: Affichage::Reglement,
            salles: vec!["Salle 2".into()],
            survenu: a("2026-12-14T17:30"),
        }))
}

#[test]
fn les_quantites_suivent_les_candidats_et_le_planning_et_un_manque_se_pare() {
    let b = banc()
        .a("2026-12-10T09:00")
        .quand(prevoir(besoin(Sorte::Poste, "Poste", 1, Par::Ensemble)))
        .quand(prevoir(besoin(Sorte::Matiere, "Ramette", 2, Par::Candidat)))
        .quand(prevoir(besoin(Sorte::Document, "Grille", 1, Par::Jure)))
        .refuse(
            prevoir(besoin(Sorte::Poste, "Poste", 3, Par::Session)),
            "SAI",
        )
        .refuse(prevoir(besoin(Sorte::Poste, " ", 1, Par::Session)), "SAI");
    let requis = |b: &Banc| -> Vec<u32> {
        b.session
            .plateau
            .inventaire()
            .map(|l| l.requis(&b.session))
            .collect()
    };
    assert_eq!(
        requis(&b),
        [3, 6, 3],
        "trois candidats ensemble, trois jurés titulaires"
    );
    let parer = |n| {
        Action::Plateau(P::Parer {
            numero: n,
            parade: "deux ramettes empruntées à l’accueil".into(),
            survenu: a("2026-12-10T08:50"),
        })
    };
    let b = b
        .quand(compter(1, 3, "2026-12-10T08:30"))
        .quand(compter(2, 4, "2026-12-10T08:31"))
        .refuse(compter(9, 1, "2026-12-10T08:31"), "PLT-02")
        .refuse(compter(2, 4, "2026-12-11T08:31"), "SAI")
        .refuse(parer(1), "PLT-03");
    assert_eq!(
        b.session.plateau.ligne(2).unwrap().manque(&b.session),
        Some(2)
    );
    let b = b.quand(parer(2));
    assert!(b.session.plateau.ligne(2).unwrap().est_reglee(&b.session));
    // Un nouveau compte remet la parade en question.
    let b = b.quand(compter(2, 5, "2026-12-10T08:55"));
    assert!(!b.session.plateau.ligne(2).unwrap().est_reglee(&b.session));
    // Ôter demande un motif ; la ligne reste au journal.
    let oter = Action::Plateau(P::Oter { numero: 3 });
    let b = b
        .refuse(oter.clone(), "SAI")
        .parce_que("doublon")
        .quand(oter);
    assert_eq!(b.session.plateau.inventaire().count(), 2);
    // Un absent constaté n'est plus attendu.
    let b = b
        .sans_motif()
        .a("2026-12-15T09:00")
        .quand(absenter("c-3", "2026-12-15T08:50"));
    assert_eq!(requis(&b), [2, 4]);
}

#[test]
fn l_affichage_se_constate_salle_par_salle() {
    let afficher = |salles: &[&str]| {
        Action::Plateau(P::Afficher {
            quoi: Affichage::Reglement,
            salles: salles.iter().map(|s| (*s).to_owned()).collect(),
            survenu: a("2026-12-14T17:00"),
        })
    };
    let b = banc()
        .a("2026-12-14T18:00")
        .refuse(afficher(&[]), "SAI")
        .refuse(afficher(&["Ailleurs"]), "SAI");
    assert_eq!(
        plateau::sans_affichage(&b.session, Affichage::Reglement),
        ["Salle 2"]
    );
    let b = b.quand(afficher(&["Salle 2"]));
    assert!(plateau::sans_affichage(&b.session, Affichage::Reglement).is_empty());
}

#[test]
fn sans_equipement_vu_la_mise_en_situation_ne_commence_pas() {
    let commencer = Action::Jour(jour::Action::Commencer {
        epreuve: MSP.into(),
        candidats: vec![id("c-1")],
        survenu: a("2026-12-15T08:30"),
    });
    let vus = Action::Jour(jour::Action::VoirPieces {
        candidat: id("c-1"),
        pieces: vec![
            Piece::Identite,
            Piece::Convocation,
            Piece::Dp,
            Piece::Livret,
        ],
        survenu: a("2026-12-15T08:10"),
    });
    let pret = banc_ouvert().a("2026-12-15T08:40").quand(vus);
    let sans = pret.clone().quand(commencer.clone());
    assert!(sans.session.jour.observee(&id("c-1"), MSP).is_some());
    let voir = Action::Jour(jour::Action::VoirPieces {
        candidat: id("c-1"),
        pieces: vec![Piece::Epi],
        survenu: a("2026-12-15T08:20"),
    });
    pret.quand(prevoir(besoin(
        Sorte::Epi,
        "Chaussures de sécurité",
        1,
        Par::Candidat,
    )))
    .refuse(commencer.clone(), "R61")
    .quand(voir)
    .quand(commencer);
}

#[test]
fn un_present_emarge_une_fois_par_jour() {
    let signer = |c: &str| {
        Action::Jour(jour::Action::Signer {
            candidat: id(c),
            signature: Signature::Papier,
            survenu: a("2026-12-15T08:15"),
        })
    };
    let b = banc_ouvert()
        .a("2026-12-15T08:40")
        .refuse(signer("c-3"), "JOU-04")
        .quand(signer("c-1"));
    let rang = b.session.rang;
    let b = b.quand(signer("c-1"));
    assert_eq!(b.session.rang, rang, "émarger deux fois ne change rien");
}
