//! Suites d'actions au hasard (toujours les mêmes) : aucune transition illégale, un refus ne change rien, rejoué = vivant.

use crate::banc::*;
use crate::conclure::{absence, juger, ouvrir, partielle, reussite};
use metier::archivage::{self, Classe};
use metier::incidents::{self, Decision, Information, Reponse};
use metier::plis::{Etape, Passage, Sorte};
use metier::pv::{self, Canal, Pas};
use metier::{Action, Session, appliquer, deliberation};

/// Suites d'actions jouées ; `GARANT_SUITES=100000` les joue toutes.
const SUITES: u32 = 400;

/// Un tirage reproductible (xorshift).
pub struct Tirage(pub u64);

impl Tirage {
    pub fn parmi(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

fn passage(t: &mut Tirage) -> Passage {
    match t.parmi(11) {
        0 => recevoir(t.parmi(4) > 0),
        1 => Passage::MettreAuCoffre,
        2 => Passage::Lire,
        3 => Passage::Sortir,
        4 => constater(
            ["c-1", "c-3", "ailleurs"][t.parmi(3) as usize],
            t.parmi(4) > 0,
        ),
        5 => Passage::Ouvrir,
        6 => controler(t.parmi(4) > 0),
        7 => Passage::Distribuer {
            nombre: 1 + t.parmi(3) as u32,
        },
        8 => Passage::Reprendre {
            nombre: t.parmi(4) as u32,
        },
        9 => Passage::Lire,
        _ => Passage::Detruire {
            nombre: 1,
            procede: "broyage".into(),
            temoin: "Témoin".into(),
        },
    }
}

pub fn action(t: &mut Tirage, quand: &str) -> Action {
    let pli = ["e-1", "e-2", "o-1"][t.parmi(3) as usize];
    match t.parmi(13) {
        0 => commander(
            pli,
            if pli == "o-1" {
                Sorte::Organisation
            } else {
                Sorte::Epreuves
            },
            quand,
        ),
        1..=7 => franchir(pli, passage(t), quand),
        8 => Action::Incident(incidents::Action::Informer {
            numero: 1 + t.parmi(2) as u32,
            information: Information {
                survenu: a(quand),
                canal: "téléphone".into(),
            },
        }),
        9 => Action::Incident(incidents::Action::Decider {
            numero: 1 + t.parmi(2) as u32,
            reponse: Reponse {
                decision: Decision::TOUTES[t.parmi(3) as usize],
                reference: "DDETS".into(),
                survenu: a(quand),
            },
        }),
        10 => match t.parmi(5) {
            0 => ouvrir(quand),
            1 => juger("c-1", reussite()),
            2 => juger("c-2", partielle()),
            3 => juger("c-3", absence()),
            _ => Action::Deliberation(deliberation::Action::Clore { survenu: a(quand) }),
        },
        11 => Action::Archivage(match t.parmi(4) {
            0 => archivage::Action::ProposerPurge {
                classes: [Classe::Candidats].into(),
            },
            1 => archivage::Action::RenoncerPurge,
            2 => archivage::Action::OuvrirRecours {
                objet: "recours".into(),
                recu: a(quand),
            },
            _ => archivage::Action::ConfirmerPurge {
                rangs: vec![2],
                pieces: vec![],
            },
        }),
        _ => Action::Pv(pv::Action::Franchir {
            pas: match t.parmi(9) {
                0 => Pas::Transcrire { verifie: true },
                1 => Pas::SignerFiches { toutes: true },
                2 => Pas::Contresigner { concordant: true },
                3 => Pas::Afficher {
                    lieu: "hall".into(),
                },
                4 => Pas::Envoyer {
                    canal: Canal::MainPropre,
                    numero: String::new(),
                },
                5 => Pas::EnregistrerCeres { conforme: true },
                6 => Pas::FaireSigner { tous: true },
                7 => Pas::FaireSignerSurveillant,
                _ => Pas::Editer,
            },
            survenu: a(quand),
        }),
    }
}

/// Ce qui doit rester vrai après chaque geste.
fn verifier(s: &Session) {
    for p in &s.plis.liste {
        let vues: Vec<_> = p.etapes.iter().map(|f| f.etape).collect();
        let chaine = Etape::chaine(p.sorte);
        let ecarte = p.est_ecarte(s) && vues.last() == Some(&Etape::Detruit);
        let suivies = if ecarte {
            &vues[..vues.len() - 1]
        } else {
            &vues[..]
        };
        assert_eq!(
            suivies,
            &chaine[..suivies.len()],
            "la garde a sauté ou reculé : {p:?}"
        );
        assert!(p.etapes.windows(2).all(|d| d[0].survenu <= d[1].survenu));
        if let Some(f) = p.franchie(Etape::Ouvert) {
            let constat = p.franchie(Etape::Constate).expect("ouvert sans témoin");
            assert!(constat.detail.contains("témoin : ABADIE Camille"), "{f:?}");
        }
        if p.franchie(Etape::Distribue).is_some() {
            for n in &p.incidents {
                let i = s.incidents.iter().find(|i| i.numero == *n).unwrap();
                assert!(
                    !i.reponses.is_empty(),
                    "distribué malgré un incident sans décision"
                );
            }
        }
    }
    assert!(s.archivage.purges.is_empty(), "purgé avant terme");
    if !s.pv.etapes.is_empty() {
        assert!(
            s.deliberation.close.is_some(),
            "un procès-verbal sans délibération"
        );
    }
    assert!(
        s.pv.etapes.windows(2).all(|d| d[0].etape < d[1].etape),
        "le procès-verbal a reculé"
    );
}

#[test]
fn au_hasard_aucune_transition_illegale_un_refus_ne_change_rien_et_rejouer_vaut_vivre() {
    let mut t = Tirage(0x9E37_79B9_7F4A_7C15);
    let (mut faites, mut refusees) = (0u32, 0u32);
    let depart = banc_ouvert();
    let suites = std::env::var("GARANT_SUITES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(SUITES);
    for _ in 0..suites {
        let mut b = depart.clone();
        let mut minute = 12;
        for _ in 0..50 {
            minute += t.parmi(4);
            let quand = format!(
                "2026-12-{}T{:02}:{:02}",
                15 + minute / 300,
                8 + (minute % 300) / 60,
                minute % 60
            );
            b.maintenant = a(&quand);
            b.motif = (t.parmi(3) == 0).then(|| "au hasard".into());
            let geste = action(&mut t, &quand);
            let avant = b.session.clone();
            match b.essayer(&geste) {
                Ok(d) => {
                    faites += 1;
                    b.inscrire(d.evenements);
                }
                Err(r) => {
                    refusees += 1;
                    assert!(!r.constats.is_empty());
                    assert_eq!(avant, b.session, "un refus ne change rien");
                }
            }
            verifier(&b.session);
        }
        let rejouee = b.evenements.iter().fold(Session::default(), appliquer);
        assert_eq!(rejouee, b.session, "rejouer vaut vivre");
        let relue = b.evenements.iter().all(|e| {
            let json = serde_json::to_string(&e.evenement).unwrap();
            serde_json::from_str::<metier::Evenement>(&json).unwrap() == e.evenement
        });
        assert!(relue, "un événement écrit se relit");
    }
    assert!(
        faites > 2_000 && refusees > 2_000,
        "{faites} faites, {refusees} refusées"
    );
}
