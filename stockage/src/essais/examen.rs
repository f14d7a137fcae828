//! L'examen entier, de la création à la purge, sur les deux bases : plis, jour J, délibération, procès-verbal, dossier.

use std::collections::BTreeMap;

use jiff::civil::{DateTime, date};
use metier::archivage;
use metier::deliberation::{self, DecisionJury, Element, Issue as IssueJury, Sort};
use metier::equipe::Poste;
use metier::jour::{self, Venant, est_mise_en_situation};
use metier::jury::{self, Habilitation, Membre, Place};
use metier::plis::{self, Passage, Sorte};
use metier::pv::{self, Canal, Pas};
use metier::{Action, CandidatId, Contexte, PliId, SessionId};

use super::recit::*;
use super::sur_les_deux_bases;
use crate::dossier::{Faute, controler, extraire};
use crate::purge::confirmer;
use crate::{Base, Issue, charger, executer, verifier};

const JOUR: &str = "2026-12-15";

fn a(heure: &str) -> DateTime {
    format!("{JOUR}T{heure}").parse().unwrap()
}

/// Le soir de l'examen : tout ce qui s'est passé dans la journée peut s'écrire.
fn le_soir() -> Contexte<'static> {
    let mut ctx = contexte();
    ctx.maintenant = "2027-01-05T20:00:00+01:00[Europe/Paris]".parse().unwrap();
    ctx.realise_par = id("p-resp");
    ctx
}

async fn noter(base: &Base, session: &SessionId, action: Action) {
    let issue = executer(base, &centre(), session, neuf("acte"), &action, &le_soir())
        .await
        .unwrap();
    assert!(
        matches!(issue, Issue::Enregistree(..)),
        "{action:?} : {issue:?}"
    );
}

fn membre(i: &str) -> Membre {
    Membre {
        jure: id(i),
        nom: format!("Juré {i}"),
        qualite: "Professionnel".into(),
        employeur: None,
        lies_a: vec![],
        courriel: None,
        telephone: None,
        habilitation: Some(Habilitation {
            titre: metier::catalogue().remove(0).cle,
            debut: date(2026, 1, 1),
            fin: date(2027, 12, 31),
            autorite: "DDETS".into(),
            reference: None,
        }),
        place: Place::Titulaire,
    }
}

fn franchir(pli: &PliId, passage: Passage, quand: &str) -> Action {
    Action::Pli(plis::Action::Franchir {
        pli: pli.clone(),
        passage,
        survenu: a(quand),
    })
}

fn pas(pas: Pas, quand: &str) -> Action {
    Action::Pv(pv::Action::Franchir {
        pas,
        survenu: a(quand),
    })
}

/// Une session du premier juré à la clôture de la délibération.
async fn examen(base: &Base) -> SessionId {
    let session = session_creee(base, &centre(), date(2026, 12, 15)).await;
    noter(base, &session, nommer(Poste::Responsable, &id("p-resp"))).await;
    for j in ["j-1", "j-2"] {
        noter(
            base,
            &session,
            Action::Jury(jury::Action::Retenir(membre(j))),
        )
        .await;
        let qui = Venant::Jure(id(j));
        let survenu = a("07:45");
        noter(
            base,
            &session,
            Action::Jour(jour::Action::Arriver { qui, survenu }),
        )
        .await;
    }
    for nom in ["DURAND", "Lemaître"] {
        noter(base, &session, inscrire(nom, "Zoé")).await;
    }
    let (s, _) = charger(base, &centre(), &session).await.unwrap().unwrap();
    let candidats: Vec<CandidatId> = s.inscrits().map(|c| c.id.clone()).collect();
    let present = candidats[0].clone();
    let accueil = jour::Action::Accueillir {
        candidat: present.clone(),
        survenu: a("08:00"),
    };
    noter(base, &session, Action::Jour(accueil)).await;
    let absence = jour::Action::Absenter {
        candidat: candidats[1].clone(),
        survenu: a("08:40"),
    };
    noter(base, &session, Action::Jour(absence)).await;
    le_pli(base, &session, &present).await;
    les_epreuves(base, &session, &present).await;
    la_deliberation(base, &session, &candidats).await;
    session
}

async fn le_pli(base: &Base, session: &SessionId, temoin: &CandidatId) {
    let pli: PliId = neuf("pli");
    let commander = plis::Action::Commander {
        id: pli.clone(),
        sorte: Sorte::Epreuves,
        libelle: "Épreuves".into(),
        survenu: "2026-10-01T09:00".parse().unwrap(),
    };
    noter(base, session, Action::Pli(commander)).await;
    let recevoir = Passage::Recevoir {
        scelles_intacts: true,
        nombre: 1,
        reference: "DTE-1".into(),
        version: "01".into(),
    };
    let constater = Passage::Constater {
        temoin: temoin.clone(),
        scelles_intacts: true,
    };
    let controle = Passage::Controler {
        seul: true,
        conforme: true,
        ecart: String::new(),
    };
    for (passage, quand) in [
        (recevoir, "08:00"),
        (Passage::MettreAuCoffre, "08:01"),
        (Passage::Sortir, "08:05"),
        (constater, "08:06"),
        (Passage::Ouvrir, "08:07"),
        (controle, "08:10"),
        (Passage::Distribuer { nombre: 1 }, "08:30"),
        (Passage::Reprendre { nombre: 1 }, "17:00"),
    ] {
        noter(base, session, franchir(&pli, passage, quand)).await;
    }
}

async fn les_epreuves(base: &Base, session: &SessionId, candidat: &CandidatId) {
    let (s, _) = charger(base, &centre(), session).await.unwrap().unwrap();
    let epreuves = s.programme.as_ref().unwrap().epreuves();
    for e in epreuves.iter().filter(|e| est_mise_en_situation(e)) {
        let (epreuve, candidats) = (e.code.clone(), vec![candidat.clone()]);
        let commencer = jour::Action::Commencer {
            epreuve: epreuve.clone(),
            candidats: candidats.clone(),
            survenu: a("08:30"),
        };
        let finir = jour::Action::Finir {
            epreuve,
            candidats,
            survenu: a("11:00"),
        };
        noter(base, session, Action::Jour(commencer)).await;
        noter(base, session, Action::Jour(finir)).await;
    }
    let statuer = jour::Action::Statuer {
        candidat: candidat.clone(),
        survenu: a("11:30"),
    };
    noter(base, session, Action::Jour(statuer)).await;
}

async fn la_deliberation(base: &Base, session: &SessionId, candidats: &[CandidatId]) {
    let (s, _) = charger(base, &centre(), session).await.unwrap().unwrap();
    let deliberer = async |action| noter(base, session, Action::Deliberation(action)).await;
    deliberer(deliberation::Action::Ouvrir {
        survenu: a("17:10"),
        jures: vec![id("j-1"), id("j-2")],
        sans_tiers: true,
    })
    .await;
    deliberer(deliberation::Action::Disposer {
        candidat: candidats[0].clone(),
        elements: Element::TOUS.to_vec(),
    })
    .await;
    let decision = |issue, certificats, entretien_favorable| DecisionJury {
        issue,
        certificats,
        entretien_favorable,
        motivation: String::new(),
        recommandations: String::new(),
    };
    let tous = deliberation::certificats(&s)
        .into_iter()
        .map(|(c, _)| (c, Sort::Attribue))
        .collect();
    deliberer(deliberation::Action::Decider {
        candidat: candidats[0].clone(),
        decision: decision(IssueJury::Reussite, tous, Some(true)),
    })
    .await;
    deliberer(deliberation::Action::Decider {
        candidat: candidats[1].clone(),
        decision: decision(IssueJury::Absence, BTreeMap::new(), None),
    })
    .await;
    deliberer(deliberation::Action::Clore {
        survenu: a("17:40"),
    })
    .await;
}

async fn jusqu_aux_signatures(base: &Base, session: &SessionId) {
    for p in [
        Pas::Transcrire { verifie: true },
        Pas::SignerFiches { toutes: true },
        Pas::EnregistrerCeres { conforme: true },
        Pas::Editer,
        Pas::FaireSigner { tous: true },
    ] {
        noter(base, session, pas(p, "18:00")).await;
    }
    // Des dérogations sont à porter au procès-verbal : le jury les recopie.
    let (s, _) = charger(base, &centre(), session).await.unwrap().unwrap();
    let texte = pv::observations(&s).join("\n");
    assert!(texte.contains("Dérogation à la règle"), "{texte}");
    noter(base, session, pas(Pas::Observer { texte }, "18:10")).await;
}

#[test]
fn une_session_entiere_de_la_creation_a_la_purge_se_verifie_sur_les_deux_bases() {
    sur_les_deux_bases(async |base| {
        let session = examen(&base).await;
        jusqu_aux_signatures(&base, &session).await;
        for p in [
            Pas::Contresigner { concordant: true },
            Pas::Envoyer {
                canal: Canal::Depot,
                numero: "D-1".into(),
            },
            Pas::InformerCandidats {
                moyen: "courriel".into(),
            },
            Pas::RecevoirCopie {
                signataire: "l'administration".into(),
            },
            Pas::Afficher {
                lieu: "hall".into(),
            },
        ] {
            noter(&base, &session, pas(p, "18:30")).await;
        }
        let (s, tete) = charger(&base, &centre(), &session).await.unwrap().unwrap();
        assert_eq!(pv::Pv::prochaine(&s), None);
        assert_eq!(pv::laureats(&s).len(), 1);
        let dossier = extraire(&base, &centre(), &session).await.unwrap();
        assert_eq!(controler(&dossier.lignes, &BTreeMap::new()), Ok(tete));

        // À terme, une personne propose, une autre confirme : ce qui nomme part ; la chaîne et le dossier se vérifient.
        let plus_tard = |qui: &str| {
            let mut ctx = le_soir();
            ctx.maintenant = "2032-02-01T09:00:00+01:00[Europe/Paris]".parse().unwrap();
            ctx.acteur.personne = id(qui);
            ctx.acteur.nom = qui.into();
            ctx
        };
        let proposer = Action::Archivage(archivage::Action::ProposerPurge {
            classes: archivage::Classe::TOUTES.into_iter().collect(),
        });
        let c = centre();
        let propose = executer(
            &base,
            &c,
            &session,
            neuf("acte"),
            &proposer,
            &plus_tard("une"),
        )
        .await
        .unwrap();
        assert!(matches!(propose, Issue::Enregistree(..)), "{propose:?}");
        let apres = match confirmer(&base, &c, &session, neuf("acte"), &plus_tard("autre"))
            .await
            .unwrap()
        {
            Issue::Enregistree(_, tete) => tete,
            autre => panic!("{autre:?}"),
        };
        assert!(verifier(&base).await.unwrap().est_intact());
        let dossier = extraire(&base, &centre(), &session).await.unwrap();
        assert_eq!(controler(&dossier.lignes, &BTreeMap::new()), Ok(apres));
        let restes: Vec<_> = dossier
            .lignes
            .iter()
            .filter(|l| l.contenu.as_deref().is_some_and(|c| c.contains("DURAND")))
            .map(|l| &l.etiquette)
            .collect();
        assert!(restes.is_empty(), "un nom purgé reste dans {restes:?}");

        // Une ligne changée est nommée.
        let mut lignes = dossier.lignes;
        lignes[4].le = "2026-01-01T00:00:00Z".into();
        assert!(matches!(
            controler(&lignes, &BTreeMap::new()),
            Err(Faute::Ligne(5, _))
        ));
    });
}

#[test]
fn huit_contreseings_simultanes_un_seul_l_emporte_et_les_autres_l_apprennent() {
    sur_les_deux_bases(async |base| {
        let session = examen(&base).await;
        jusqu_aux_signatures(&base, &session).await;
        let action = pas(Pas::Contresigner { concordant: true }, "18:30");
        let (ctx, c) = (le_soir(), centre());
        let un = || executer(&base, &c, &session, neuf("acte"), &action, &ctx);
        let issues = tokio::join!(un(), un(), un(), un(), un(), un(), un(), un());
        let issues = [
            issues.0, issues.1, issues.2, issues.3, issues.4, issues.5, issues.6, issues.7,
        ];
        let gagnants = issues
            .iter()
            .filter(|i| matches!(i, Ok(Issue::Enregistree(..))))
            .count();
        assert_eq!(gagnants, 1, "{issues:?}");
        for i in &issues {
            match i {
                Ok(Issue::Refusee(r)) => assert!(r.to_string().contains("déjà noté"), "{r}"),
                Ok(Issue::Enregistree(..)) => {}
                autre => panic!("inattendu : {autre:?}"),
            }
        }
    });
}
