//! Délibération et procès-verbal : décisions cohérentes, ordre de la check-list, lauréats affichés en dernier.

use crate::banc::*;
use metier::Action;
use metier::deliberation::{self, DecisionJury, Element, Issue, Sort};
use metier::pv::{self, Canal, Etape, Pas, Pv};
use std::collections::BTreeMap;

pub fn ouvrir(quand: &str) -> Action {
    Action::Deliberation(deliberation::Action::Ouvrir {
        survenu: a(quand),
        jures: vec![id("j-1"), id("j-2")],
        sans_tiers: true,
    })
}
fn disposer(c: &str, elements: &[Element]) -> Action {
    Action::Deliberation(deliberation::Action::Disposer {
        candidat: id(c),
        elements: elements.to_vec(),
    })
}
pub fn decision(issue: Issue, sorts: &[Sort], entretien: Option<bool>) -> DecisionJury {
    let refus = matches!(issue, Issue::Partielle | Issue::Echec);
    DecisionJury {
        issue,
        certificats: sorts
            .iter()
            .enumerate()
            .map(|(i, s)| (format!("CCP{}", i + 1), *s))
            .collect::<BTreeMap<_, _>>(),
        entretien_favorable: entretien,
        motivation: if refus {
            "critères non atteints".into()
        } else {
            String::new()
        },
        recommandations: if refus {
            "reprendre la conception".into()
        } else {
            String::new()
        },
    }
}
pub fn juger(c: &str, d: DecisionJury) -> Action {
    Action::Deliberation(deliberation::Action::Decider {
        candidat: id(c),
        decision: d,
    })
}
pub fn absence() -> DecisionJury {
    decision(Issue::Absence, &[], None)
}
pub fn reussite() -> DecisionJury {
    decision(Issue::Reussite, &[Sort::Attribue; 2], Some(true))
}
pub fn partielle() -> DecisionJury {
    decision(
        Issue::Partielle,
        &[Sort::Attribue, Sort::Refuse],
        Some(true),
    )
}
fn clore(quand: &str) -> Action {
    Action::Deliberation(deliberation::Action::Clore { survenu: a(quand) })
}
pub fn pas(p: Pas, quand: &str) -> Action {
    Action::Pv(pv::Action::Franchir {
        pas: p,
        survenu: a(quand),
    })
}

pub fn en_deliberation() -> Banc {
    let b = banc_ouvert().a("2026-12-16T18:00");
    let b = b
        .quand(arriver("j-1", "2026-12-16T08:00"))
        .quand(arriver("j-2", "2026-12-16T08:00"))
        .quand(ouvrir("2026-12-16T16:00"));
    b.quand(disposer("c-1", &Element::TOUS))
        .quand(disposer("c-2", &Element::TOUS))
}

pub fn deliberee() -> Banc {
    en_deliberation()
        .quand(juger("c-1", reussite()))
        .quand(juger("c-2", partielle()))
        .quand(juger("c-3", absence()))
        .quand(clore("2026-12-16T17:00"))
}

pub fn contresignee() -> Banc {
    let mut b = deliberee();
    for p in [
        Pas::Transcrire { verifie: true },
        Pas::SignerFiches { toutes: true },
        Pas::EnregistrerCeres { conforme: true },
        Pas::Editer,
        Pas::FaireSigner { tous: true },
        Pas::FaireSignerSurveillant,
        Pas::Contresigner { concordant: true },
    ] {
        b = b.quand(pas(p, "2026-12-16T17:30"));
    }
    b
}

#[test]
fn la_deliberation_demande_deux_jures_presents_sans_tiers_et_des_presences_constatees() {
    let b = banc_ouvert().a("2026-12-15T18:00");
    let ouvre = |jures: &[&str], sans_tiers| {
        Action::Deliberation(deliberation::Action::Ouvrir {
            survenu: a("2026-12-15T17:00"),
            jures: jures.iter().map(|j| id(j)).collect(),
            sans_tiers,
        })
    };
    b.clone()
        .refuse(ouvre(&["j-1"], true), "R27")
        .refuse(ouvre(&["j-1", "j-3"], true), "SAI")
        .refuse(ouvre(&["j-1", "j-2"], false), "R83")
        .quand(ouvre(&["j-1", "j-2"], true))
        .refuse(ouvre(&["j-1"], true), "DEL-01");
    banc()
        .a("2026-12-15T18:00")
        .refuse(ouvre(&["j-1", "j-2"], true), "DEL-03");
}

#[test]
fn une_decision_qui_ne_se_tient_pas_est_refusee() {
    use Issue as I;
    use Sort as S;
    let b = en_deliberation();
    for (d, code) in [
        (
            decision(I::Reussite, &[S::Attribue, S::Refuse], Some(true)),
            "R86",
        ),
        (decision(I::Reussite, &[S::Attribue; 2], Some(false)), "R86"),
        (decision(I::Reussite, &[S::Attribue; 2], None), "R86"),
        (decision(I::Partielle, &[S::Refuse; 2], Some(true)), "R87"),
        (decision(I::Partielle, &[S::Attribue; 2], Some(true)), "R87"),
        (
            decision(I::Echec, &[S::Attribue, S::Refuse], Some(true)),
            "R87",
        ),
        (
            decision(I::Echec, &[S::DejaAcquis, S::Refuse], Some(true)),
            "R88",
        ),
        (decision(I::Reussite, &[S::Attribue], Some(true)), "R85"),
        (absence(), "R85"),
    ] {
        b.clone().refuse(juger("c-1", d), code);
    }
    b.clone().refuse(juger("c-3", reussite()), "R85");
    let mut muette = partielle();
    muette.motivation.clear();
    b.clone().refuse(juger("c-2", muette), "R89");
    let mut seche = partielle();
    seche.recommandations.clear();
    b.clone().refuse(juger("c-2", seche), "R90");
    b.quand(juger(
        "c-1",
        decision(I::Partielle, &[S::Attribue; 2], Some(false)),
    ));
}

#[test]
fn la_fiche_de_synthese_est_indispensable_et_un_autre_manque_se_motive() {
    let b = en_deliberation()
        .quand(disposer("c-1", &[]))
        .refuse(juger("c-1", reussite()), "R84")
        .quand(disposer("c-1", &[Element::FicheSynthese]))
        .refuse(juger("c-1", reussite()), "DEL-09");
    b.parce_que("livret perdu, résultats redonnés par l’organisme")
        .quand(juger("c-1", reussite()));
}

#[test]
fn un_jure_retire_ne_compte_plus_pour_ce_candidat() {
    let retirer = Action::Deliberation(deliberation::Action::Retirer {
        candidat: id("c-1"),
        jure: id("j-1"),
    });
    en_deliberation()
        .refuse(retirer.clone(), "SAI")
        .parce_que("même entreprise")
        .quand(retirer)
        .sans_motif()
        .refuse(juger("c-1", reussite()), "R33")
        .quand(juger("c-2", partielle()));
}

#[test]
fn on_ne_clot_pas_tant_qu_un_candidat_attend_sa_decision() {
    en_deliberation()
        .quand(juger("c-1", reussite()))
        .refuse(clore("2026-12-16T17:00"), "R85");
}

#[test]
fn une_decision_se_rectifie_avec_un_motif_et_le_pv_se_reprend() {
    let mut b = deliberee();
    for p in [
        Pas::Transcrire { verifie: true },
        Pas::SignerFiches { toutes: true },
    ] {
        b = b.quand(pas(p, "2026-12-16T17:30"));
    }
    let b = b
        .refuse(juger("c-2", reussite()), "SAI")
        .parce_que("erreur de transcription, fiche relue")
        .quand(juger("c-2", reussite()));
    assert_eq!(Pv::prochaine(&b.session), Some(Etape::Transcrit));
    assert_eq!(b.session.pv.reprises, 1);
    // Un certificat déjà acquis ne se perd pas.
    let acquis = decision(
        Issue::Partielle,
        &[Sort::DejaAcquis, Sort::Refuse],
        Some(true),
    );
    b.quand(juger("c-2", acquis)).refuse(
        juger(
            "c-2",
            decision(Issue::Echec, &[Sort::Refuse; 2], Some(false)),
        ),
        "R88",
    );
}

#[test]
fn le_proces_verbal_suit_l_ordre_et_la_liste_attend_la_copie_signee() {
    let afficher = || Pas::Afficher {
        lieu: "hall".into(),
    };
    let b = en_deliberation().refuse(pas(Pas::Editer, "2026-12-16T17:30"), "PV-01");
    drop(b);
    let b = deliberee()
        .refuse(pas(Pas::Editer, "2026-12-16T17:30"), "R91")
        .refuse(
            pas(Pas::Contresigner { concordant: true }, "2026-12-16T17:30"),
            "R92",
        )
        .refuse(
            pas(Pas::Transcrire { verifie: false }, "2026-12-16T17:30"),
            "SAI",
        )
        .refuse(pas(afficher(), "2026-12-16T17:30"), "R96");
    drop(b);
    let envoyer = |numero: &str| Pas::Envoyer {
        canal: Canal::LrAr,
        numero: numero.into(),
    };
    let b = contresignee()
        .refuse(
            pas(Pas::Contresigner { concordant: true }, "2026-12-16T17:40"),
            "PV-02",
        )
        .a("2026-12-20T10:00")
        .refuse(pas(afficher(), "2026-12-20T09:00"), "R96")
        .refuse(pas(envoyer(""), "2026-12-20T09:00"), "SAI")
        .quand(pas(envoyer("1A 234"), "2026-12-20T09:00"))
        .quand(pas(
            Pas::InformerCandidats {
                moyen: "courriel".into(),
            },
            "2026-12-20T09:30",
        ))
        .refuse(pas(afficher(), "2026-12-20T09:40"), "R96")
        .quand(pas(
            Pas::RecevoirCopie {
                signataire: "la DDETS".into(),
            },
            "2026-12-20T09:50",
        ))
        .quand(pas(afficher(), "2026-12-20T10:00"));
    assert_eq!(Pv::prochaine(&b.session), None);
    assert_eq!(
        pv::limite_envoi(&b.session),
        Some(jiff::civil::date(2026, 12, 31))
    );
    let laureats = pv::laureats(&b.session);
    assert_eq!(
        laureats,
        [
            (
                "ABADIE Camille".to_owned(),
                "Titre professionnel".to_owned()
            ),
            ("BÉRENGER Camille".to_owned(), "CCP1".to_owned())
        ]
    );
}

#[test]
fn seul_le_responsable_ou_son_suppleant_contresigne() {
    let mut b = deliberee();
    for p in [
        Pas::Transcrire { verifie: true },
        Pas::SignerFiches { toutes: true },
        Pas::EnregistrerCeres { conforme: true },
        Pas::Editer,
        Pas::FaireSigner { tous: true },
        Pas::FaireSignerSurveillant,
    ] {
        b = b.quand(pas(p, "2026-12-16T17:30"));
    }
    b.par("p-surv")
        .refuse(
            pas(Pas::Contresigner { concordant: true }, "2026-12-16T17:40"),
            "R92",
        )
        .par("p-supp")
        .quand(pas(
            Pas::Contresigner { concordant: true },
            "2026-12-16T17:40",
        ));
}

#[test]
fn apres_le_contreseing_seul_un_rectificatif_change_une_decision() {
    let rectifier = Action::Deliberation(deliberation::Action::Rectifier {
        candidat: id("c-2"),
        decision: reussite(),
    });
    deliberee()
        .parce_que("trop tôt")
        .refuse(rectifier.clone(), "DEL-10");
    let b = contresignee()
        .parce_que("décision de l’administration")
        .refuse(juger("c-2", reussite()), "DEL-08")
        .quand(rectifier);
    assert!(b.session.pv.contresigne(), "le papier signé reste signé");
    assert_eq!(b.session.deliberation.rectificatifs.len(), 1);
}
