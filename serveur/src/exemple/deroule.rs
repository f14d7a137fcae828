//! Ce que l'exemple raconte des jours d'épreuves : plis gardés, présences, épreuves, délibération. Tout y est fictif.

use super::plume::Plume;
use crate::erreurs::Erreur;
use crate::formulaires::nouvel_identifiant;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use metier::deliberation::{self, DecisionJury, Element, Issue, Sort};
use metier::equipe::Poste;
use metier::incidents::{self, Genre, Gravite, Signalement};
use metier::jour::{self, Piece, Venant, Verification, est_mise_en_situation};
use metier::plis::{self, Passage, Sorte};
use metier::pv::{self, Pas};
use metier::{Action, CandidatId, JureId, PliId, Session, SessionId};
use std::collections::BTreeMap;

/// Des gestes datés, que l'on écrit dans l'ordre du temps.
#[derive(Default)]
struct Gestes(Vec<(DateTime, Action)>);

impl Gestes {
    fn jour(&mut self, survenu: DateTime, geste: impl FnOnce(DateTime) -> jour::Action) {
        self.0.push((survenu, Action::Jour(geste(survenu))));
    }
    fn pli(&mut self, pli: &PliId, survenu: DateTime, passage: Passage) {
        let action = plis::Action::Franchir {
            pli: pli.clone(),
            passage,
            survenu,
        };
        self.0.push((survenu, Action::Pli(action)));
    }
    async fn ecrire(mut self, plume: &Plume<'_>, id: &SessionId) -> Result<(), Erreur> {
        self.0.sort_by_key(|(quand, _)| *quand);
        for (quand, action) in self.0 {
            plume.noter(id, quand, action).await?;
        }
        Ok(())
    }
}

fn recus(gestes: &mut Gestes, debut: Date) -> [PliId; 2] {
    [
        (Sorte::Organisation, "Organisation"),
        (Sorte::Epreuves, "Épreuves, enveloppe 1"),
    ]
    .map(|(sorte, libelle)| {
        let id: PliId = nouvel_identifiant();
        let commande = (debut - 60.days()).at(10, 0, 0, 0);
        gestes.0.push((
            commande,
            Action::Pli(plis::Action::Commander {
                id: id.clone(),
                sorte,
                libelle: libelle.into(),
                survenu: commande,
            }),
        ));
        let recu = (debut - 18.days()).at(10, 20, 0, 0);
        let passage = Passage::Recevoir {
            scelles_intacts: true,
            nombre: 1,
            reference: "EX-01280".into(),
            version: "01v02 du 29/01/2025".into(),
        };
        gestes.pli(&id, recu, passage);
        gestes.pli(&id, recu + 10.minutes(), Passage::MettreAuCoffre);
        if sorte == Sorte::Organisation {
            gestes.pli(&id, (debut - 15.days()).at(14, 0, 0, 0), Passage::Lire);
        }
        id
    })
}

async fn lire(plume: &Plume<'_>, id: &SessionId) -> Result<std::sync::Arc<Session>, Erreur> {
    Ok(stockage::charger(plume.base, plume.centre, id)
        .await?
        .ok_or(Erreur::Introuvable)?
        .0)
}

/// Avant la session : les plis sont commandés, reçus, au coffre ; le pli « organisation » est lu.
pub async fn garder_les_plis(plume: &Plume<'_>, id: &SessionId) -> Result<(), Erreur> {
    let s = lire(plume, id).await?;
    let debut = s.programme.as_ref().ok_or(Erreur::Introuvable)?.debut;
    let mut gestes = Gestes::default();
    recus(&mut gestes, debut);
    gestes.ecrire(plume, id).await
}

/// Toute la session, jusqu'aux résultats transcrits : il reste à faire signer et envoyer le procès-verbal.
pub async fn derouler(plume: &Plume<'_>, id: &SessionId) -> Result<(), Erreur> {
    let s = lire(plume, id).await?;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let mut gestes = Gestes::default();
    let [_, pli] = recus(&mut gestes, p.debut);
    let absent = s.inscrits().last().map(|c| c.id.clone());
    let jures: Vec<JureId> = s
        .jury
        .iter()
        .take(2)
        .map(|m| m.membre.jure.clone())
        .collect();
    let mut fin = p.debut.at(17, 0, 0, 0);
    for jour in p.jours() {
        fin = accueillir(&s, jour, &jures, absent.as_ref(), &mut gestes);
    }
    ouvrir_le_pli(&s, &pli, p.debut, fin, &mut gestes);
    incident(p.debut.at(10, 40, 0, 0), &mut gestes);
    gestes.ecrire(plume, id).await?;
    deliberer(plume, id, &jures, fin).await
}

/// Une journée : arrivées, accueil, épreuves telles que prévues. Rend la fin de la journée.
fn accueillir(
    s: &Session,
    jour: Date,
    jures: &[JureId],
    absent: Option<&CandidatId>,
    gestes: &mut Gestes,
) -> DateTime {
    let passages: Vec<_> = s
        .planning
        .passages
        .iter()
        .filter(|p| p.date == jour)
        .collect();
    let debut = passages
        .iter()
        .map(|p| p.debut)
        .min()
        .map_or(jour.at(8, 30, 0, 0), |d| jour.to_datetime(d));
    let fin = passages
        .iter()
        .map(|p| p.fin)
        .max()
        .map_or(jour.at(17, 0, 0, 0), |f| jour.to_datetime(f));
    let arrivee = debut - 40.minutes();
    let depart = fin + 3.hours();
    for j in jures {
        let qui = Venant::Jure(j.clone());
        gestes.jour(arrivee, |survenu| jour::Action::Arriver {
            qui: qui.clone(),
            survenu,
        });
        gestes.jour(arrivee + 5.minutes(), |survenu| jour::Action::Verifier {
            jure: j.clone(),
            quoi: Verification::TOUTES.to_vec(),
            survenu,
        });
        gestes.jour(depart, |survenu| jour::Action::Partir { qui, survenu });
    }
    for poste in [Poste::Responsable, Poste::Surveillant] {
        for i in s.equipe.a(poste) {
            let qui = Venant::Equipe(i.id.clone());
            gestes.jour(arrivee, |survenu| jour::Action::Arriver {
                qui: qui.clone(),
                survenu,
            });
            gestes.jour(depart, |survenu| jour::Action::Partir { qui, survenu });
        }
    }
    for c in s.inscrits() {
        let siens: Vec<_> = passages.iter().filter(|p| p.candidat == c.id).collect();
        if siens.is_empty() {
            continue;
        }
        let candidat = c.id.clone();
        if absent == Some(&c.id) {
            gestes.jour(debut + 30.minutes(), |survenu| jour::Action::Absenter {
                candidat,
                survenu,
            });
            continue;
        }
        gestes.jour(debut - 20.minutes(), |survenu| jour::Action::Accueillir {
            candidat: candidat.clone(),
            survenu,
        });
        gestes.jour(debut - 18.minutes(), |survenu| jour::Action::VoirPieces {
            candidat: candidat.clone(),
            pieces: Piece::attendues(s, c),
            survenu,
        });
        for p in siens {
            gestes.jour(jour.to_datetime(p.debut), |survenu| {
                jour::Action::Commencer {
                    epreuve: p.epreuve.clone(),
                    candidats: vec![candidat.clone()],
                    survenu,
                }
            });
            gestes.jour(jour.to_datetime(p.fin), |survenu| jour::Action::Finir {
                epreuve: p.epreuve.clone(),
                candidats: vec![candidat.clone()],
                survenu,
            });
            let statue = s
                .programme
                .as_ref()
                .and_then(|x| x.epreuve(&p.epreuve))
                .is_some_and(est_mise_en_situation);
            if statue {
                gestes.jour(jour.to_datetime(p.fin), |survenu| jour::Action::Statuer {
                    candidat: candidat.clone(),
                    survenu,
                });
            }
        }
    }
    fin
}

fn ouvrir_le_pli(s: &Session, pli: &PliId, debut: Date, fin: DateTime, gestes: &mut Gestes) {
    let premiers: Vec<_> = s
        .planning
        .passages
        .iter()
        .filter(|p| p.date == debut)
        .collect();
    // Le témoin est présent : jamais celui que l'exemple fait manquer.
    let absent = s.inscrits().last().map(|c| &c.id);
    let temoin = premiers.iter().find(|p| Some(&p.candidat) != absent);
    let (Some(temoin), Some(ouverture)) = (
        temoin.map(|p| p.candidat.clone()),
        premiers.iter().map(|p| p.debut).min(),
    ) else {
        return;
    };
    let ouverture = debut.to_datetime(ouverture);
    let nombre = s.inscrits().count() as u32;
    for (avant, passage) in [
        (17, Passage::Sortir),
        (
            15,
            Passage::Constater {
                temoin,
                scelles_intacts: true,
            },
        ),
        (14, Passage::Ouvrir),
        (
            10,
            Passage::Controler {
                seul: true,
                conforme: true,
                ecart: String::new(),
            },
        ),
        (2, Passage::Distribuer { nombre }),
    ] {
        gestes.pli(pli, ouverture - avant.minutes(), passage);
    }
    gestes.pli(pli, fin + 15.minutes(), Passage::Reprendre { nombre });
}

fn incident(survenu: DateTime, gestes: &mut Gestes) {
    let signalement = Signalement {
        genre: Genre::Materiel,
        gravite: Gravite::Mineur,
        faits: "Coupure d’électricité de quatre minutes en salle 2".into(),
        personnes: String::new(),
        temoins: vec![],
        mesure: "Le temps perdu a été rendu à chaque candidat".into(),
        pli: None,
        candidat: None,
        survenu,
    };
    gestes.0.push((
        survenu,
        Action::Incident(incidents::Action::Signaler(signalement)),
    ));
}

async fn deliberer(
    plume: &Plume<'_>,
    id: &SessionId,
    jures: &[JureId],
    fin: DateTime,
) -> Result<(), Erreur> {
    let s = lire(plume, id).await?;
    let ecrire =
        async |quand: DateTime, action| plume.noter(id, quand, Action::Deliberation(action)).await;
    let ouverture = fin + 20.minutes();
    ecrire(
        ouverture,
        deliberation::Action::Ouvrir {
            survenu: ouverture,
            jures: jures.to_vec(),
            sans_tiers: true,
        },
    )
    .await?;
    let certificats = deliberation::certificats(&s);
    for (n, c) in s.inscrits().enumerate() {
        let quand = ouverture + (5 + n as i64).minutes();
        let venu = s.jour.est_venu(&c.id);
        if venu {
            ecrire(
                quand,
                deliberation::Action::Disposer {
                    candidat: c.id.clone(),
                    elements: Element::attendus(&s, c),
                },
            )
            .await?;
        }
        ecrire(
            quand,
            deliberation::Action::Decider {
                candidat: c.id.clone(),
                decision: decision(n, venu, &certificats),
            },
        )
        .await?;
    }
    let cloture = ouverture + 1.hour();
    ecrire(cloture, deliberation::Action::Clore { survenu: cloture }).await?;
    let transcrit = cloture + 10.minutes();
    plume
        .noter(
            id,
            transcrit,
            Action::Pv(pv::Action::Franchir {
                pas: Pas::Transcrire { verifie: true },
                survenu: transcrit,
            }),
        )
        .await
}

/// La décision fictive pour le `n`-ième candidat : surtout des réussites, une partielle, un échec.
fn decision(n: usize, venu: bool, certificats: &[(String, String)]) -> DecisionJury {
    let issue = match (venu, n % 8) {
        (false, _) => Issue::Absence,
        (true, 2) => Issue::Partielle,
        (true, 5) => Issue::Echec,
        (true, _) => Issue::Reussite,
    };
    let sort = |i: usize| match (issue, i) {
        (Issue::Echec, _) => Sort::Refuse,
        (Issue::Partielle, i) if i > 0 => Sort::Refuse,
        (Issue::Reussite | Issue::Partielle | Issue::Absence, _) => Sort::Attribue,
    };
    let refus = matches!(issue, Issue::Partielle | Issue::Echec);
    DecisionJury {
        issue,
        certificats: if venu {
            certificats
                .iter()
                .enumerate()
                .map(|(i, (code, _))| (code.clone(), sort(i)))
                .collect()
        } else {
            BTreeMap::new()
        },
        entretien_favorable: venu.then_some(issue != Issue::Echec),
        motivation: if refus {
            "Des critères du référentiel ne sont pas atteints (exemple fictif)".into()
        } else {
            String::new()
        },
        recommandations: if refus {
            "Reprendre les critères notés sur la fiche individuelle".into()
        } else {
            String::new()
        },
    }
}
