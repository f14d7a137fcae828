//! Les archives : un registre complet, un recours qui gèle, une purge à terme et à deux ; les suites des candidats.

use crate::banc::*;
use crate::conclure::{contresignee, deliberee, pas};
use metier::archivage::{self, Action as A, Classe, Element, Support};
use metier::pv::{Canal, Pas};
use metier::suites::{self, Action as S, Entretien, Prevue};
use metier::{Action, Evenement, bilan};
use std::collections::BTreeSet;

fn archives(x: A) -> Action {
    Action::Archivage(x)
}
pub fn ranger(element: Element, lieu: &str) -> Action {
    archives(A::Ranger {
        element,
        lieu: lieu.into(),
        support: Support::Papier,
        survenu: a("2027-01-10T09:00"),
    })
}
fn proposer(classes: &[Classe]) -> Action {
    archives(A::ProposerPurge {
        classes: classes.iter().copied().collect(),
    })
}
fn confirmer() -> Action {
    archives(A::ConfirmerPurge {
        rangs: vec![2, 3],
        pieces: vec![],
    })
}
fn ouvrir_recours() -> Action {
    archives(A::OuvrirRecours {
        objet: "contestation du refus du CCP2".into(),
        recu: a("2027-02-01T09:00"),
    })
}

/// Le procès-verbal revenu signé le 8 janvier : les cinq ans courent de ce jour.
pub fn revenue() -> Banc {
    let envoyer = Pas::Envoyer {
        canal: Canal::MainPropre,
        numero: String::new(),
    };
    contresignee()
        .a("2027-01-10T09:00")
        .quand(pas(envoyer, "2026-12-18T10:00"))
        .quand(pas(
            Pas::InformerCandidats {
                moyen: "courriel".into(),
            },
            "2026-12-18T11:00",
        ))
        .quand(pas(
            Pas::RecevoirCopie {
                signataire: "la DDETS".into(),
            },
            "2027-01-08T10:00",
        ))
}

#[test]
fn le_registre_dit_ou_est_chaque_chose_et_un_deplacement_demande_un_motif() {
    let mut b = revenue();
    let avant = archivage::manques(&b.session).len();
    assert_eq!(
        archivage::attendus(&b.session).len(),
        6,
        "personne ne vient de la VAE"
    );
    for e in archivage::attendus(&b.session) {
        b = b.quand(ranger(e, "Armoire 4, boîte 12"));
    }
    assert_eq!(archivage::manques(&b.session).len(), avant - 6);
    b.clone()
        .refuse(ranger(Element::Pv, " "), "SAI")
        .refuse(ranger(Element::Pv, "Armoire 5"), "SAI")
        .parce_que("déménagement")
        .quand(ranger(Element::Pv, "Armoire 5"));
}

#[test]
fn rien_ne_se_purge_avant_cinq_ans_ni_par_une_seule_personne() {
    let b = revenue().parce_que("cinq ans révolus");
    assert_eq!(
        archivage::terme(&b.session).unwrap().to_string(),
        "2032-01-08"
    );
    let tout = proposer(&Classe::TOUTES);
    let b = b.a("2032-01-08T23:00").refuse(tout.clone(), "R103");
    let b = b.a("2032-01-09T08:00").refuse(proposer(&[]), "SAI");
    b.clone().sans_motif().refuse(tout.clone(), "SAI");
    let b = b.refuse(confirmer(), "ARC-04").quand(tout.clone());
    let b = b
        .refuse(confirmer(), "ARC-05")
        .par("p-supp")
        .refuse(tout, "ARC-03");
    let attendu = bilan::de(&b.session);
    assert_eq!(
        (
            attendu[0].reussites,
            attendu[0].partielles,
            attendu[0].absents
        ),
        (1, 1, 1)
    );
    let b = b.quand(confirmer());
    let Some(Evenement::Purge(p)) = b.evenements.last().map(|e| &e.evenement) else {
        panic!("la purge est au journal");
    };
    assert_eq!(
        (p.propose_par.as_str(), p.confirme_par.as_str()),
        ("Nom de p-resp", "Nom de p-supp")
    );
    assert_eq!(p.bilan.as_ref(), Some(&attendu));
    // La session purgée ne se change plus, ne dit plus rien, et garde son bilan sans nom.
    assert_eq!(bilan::de(&b.session), attendu);
    assert!(metier::reglement::examiner(&b.session, DEBUT).is_empty());
    b.refuse(arriver("j-1", "2026-12-15T08:00"), "SES-03")
        .refuse(proposer(&[Classe::Candidats]), "SAI");
}

#[test]
fn un_recours_ouvert_gele_la_purge_meme_deja_proposee() {
    let clore = archives(A::CloreRecours {
        numero: 1,
        issue: "désistement".into(),
        survenu: a("2027-06-01T09:00"),
    });
    let b = revenue()
        .a("2032-02-01T08:00")
        .parce_que("cinq ans révolus");
    b.clone()
        .quand(ouvrir_recours())
        .refuse(proposer(&[Classe::Candidats]), "R104")
        .quand(clore.clone())
        .refuse(clore, "ARC-02")
        .quand(proposer(&[Classe::Candidats]));
    b.quand(proposer(&[Classe::Candidats]))
        .quand(ouvrir_recours())
        .par("p-supp")
        .refuse(confirmer(), "R104")
        .quand(archives(A::RenoncerPurge))
        .refuse(confirmer(), "ARC-04");
}

#[test]
fn chaque_evenement_qui_nomme_un_candidat_part_avec_la_purge() {
    let b = revenue();
    for e in &b.evenements {
        let json = serde_json::to_string(&e.evenement).unwrap();
        let nomme = [
            "Abadie",
            "ABADIE",
            "Bérenger",
            "BÉRENGER",
            "Caussade",
            "CAUSSADE",
            "c-1",
            "c-2",
        ]
        .iter()
        .any(|n| json.contains(n));
        if nomme {
            assert_eq!(Classe::de(&e.evenement), Some(Classe::Candidats), "{json}");
        }
        if json.contains("Juré j-") {
            assert!(Classe::de(&e.evenement).is_some(), "{json}");
        }
    }
}

#[test]
fn une_reussite_partielle_un_absent_ont_des_suites_et_une_reussite_n_en_a_pas() {
    let b = deliberee();
    let l = suites::a_suivre(&b.session);
    assert_eq!(l.len(), 2);
    assert!(l[0].manque[0].starts_with("CCP2") && l[0].demande_entretien());
    assert_eq!(
        l[1].jusqu_au.unwrap().to_string(),
        "2027-12-16",
        "un an après la fin"
    );
    let fixer = |c: &str, quand: &str| {
        Action::Suite(S::Fixer {
            candidat: id(c),
            entretien: Entretien {
                quand: a(quand),
                lieu: "Bureau 3, avec la référence formation".into(),
            },
        })
    };
    let prevoir = |debut: &str| {
        Action::Suite(S::Prevoir {
            candidat: id("c-2"),
            session: Prevue {
                libelle: "Session CCP : CCP2".into(),
                debut: debut.parse().unwrap(),
            },
        })
    };
    let b = b
        .refuse(fixer("c-1", "2027-01-05T10:00"), "SUI-01")
        .refuse(fixer("c-2", "2026-12-01T10:00"), "SAI")
        .quand(fixer("c-2", "2027-01-05T10:00"))
        .refuse(fixer("c-2", "2027-01-06T10:00"), "SAI")
        .parce_que("le candidat travaille ce jour")
        .quand(fixer("c-2", "2027-01-06T10:00"))
        .sans_motif()
        .refuse(prevoir("2026-12-16"), "SAI")
        .quand(prevoir("2027-03-02"))
        .quand(Action::Suite(S::Informer {
            candidat: id("c-3"),
            moyen: "courrier".into(),
            survenu: a("2026-12-16T17:30"),
        }));
    let suivi = &b.session.suites[&id::<metier::CandidatId>("c-2")];
    assert!(suivi.entretien.is_some() && suivi.prevue.is_some());
    assert_eq!(Classe::TOUTES.into_iter().collect::<BTreeSet<_>>().len(), 3);
}
