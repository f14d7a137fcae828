//! Les plis d'une session : leur garde, étape par étape, et le message prêt quand rien n'est venu.

use super::geste::{Champs, Suite, acte};
use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{formulaire_abime, nouvel_identifiant};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::messages::{self, Message};
use metier::plis::{self, Etape, Passage, Pli, Sorte};
use metier::{Action, Nature, PliId, Refus, Session, temps};
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "session/plis.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    suite: Suite,
    relance: Option<Message>,
    plis: Vec<PliMontre>,
    temoins: Vec<(String, String)>,
    personnes: Vec<(String, String)>,
    sortes: Vec<(&'static str, &'static str)>,
    saisie: Champs,
    modifiable: bool,
}

impl Page {
    fn acte(&self) -> String {
        acte()
    }
}

struct PliMontre {
    id: String,
    libelle: String,
    sorte: &'static str,
    dte: String,
    etat: &'static str,
    ton: &'static str,
    arret: Option<u32>,
    ecarte: bool,
    chaine: Vec<Maillon>,
    prochaine: &'static str,
    geste: &'static str,
    distribues: u32,
    saisie: Champs,
    ouvert: bool,
}

struct Maillon {
    libelle: &'static str,
    franchi: bool,
    quand: String,
    par: String,
    detail: String,
}

/// GET /sessions/{session}/plis
pub async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None).await
}

/// POST /sessions/{session}/plis
pub async fn commander(a: AccesSession, c: Champs) -> Reponse {
    let chemin = format!("{}/plis", a.base());
    let sorte = Sorte::depuis_code(c.un("sorte")).ok_or_else(formulaire_abime)?;
    let action = (|| {
        Ok(plis::Action::Commander {
            id: nouvel_identifiant(),
            sorte,
            libelle: c.un("libelle").trim().into(),
            survenu: c.survenu(&a)?,
        })
    })();
    repondre(&a, &c, &chemin, None, action).await
}

/// POST /sessions/{session}/plis/{pli}
pub async fn franchir(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    c: Champs,
) -> Reponse {
    let pli: PliId = chemin
        .get("pli")
        .and_then(|p| p.parse().ok())
        .filter(|p| a.session.plis.pli(p).is_some())
        .ok_or(Erreur::Introuvable)?;
    let adresse = format!("{}/plis/{pli}", a.base());
    let passage = passage(&c).ok_or(Erreur::Introuvable)?;
    let action = c.survenu(&a).map(|survenu| plis::Action::Franchir {
        pli: pli.clone(),
        passage,
        survenu,
    });
    repondre(&a, &c, &adresse, Some(&pli), action).await
}

/// L'étape demandée, lue du formulaire.
fn passage(c: &Champs) -> Option<Passage> {
    let scelles_intacts = c.un("scelles") == "intacts";
    let texte = |nom: &str| c.un(nom).trim().to_owned();
    Some(match c.un("etape") {
        "recu" => Passage::Recevoir {
            scelles_intacts,
            nombre: c.nombre("nombre"),
            reference: texte("reference"),
            version: texte("version"),
        },
        "au_coffre" => Passage::MettreAuCoffre,
        "lu" => Passage::Lire,
        "sorti" => Passage::Sortir,
        "constate" => Passage::Constater {
            temoin: c.identifiant("temoin").unwrap_or_default(),
            scelles_intacts,
        },
        "ouvert" => Passage::Ouvrir,
        "controle" => Passage::Controler {
            seul: c.coche("seul"),
            conforme: c.un("conforme") == "oui",
            ecart: texte("ecart"),
        },
        "distribue" => Passage::Distribuer {
            nombre: c.nombre("nombre"),
        },
        "repris" => Passage::Reprendre {
            nombre: c.nombre("nombre"),
        },
        "detruit" => Passage::Detruire {
            nombre: c.nombre("nombre"),
            procede: texte("procede"),
            temoin: texte("temoin"),
        },
        _ => return None,
    })
}

async fn repondre(
    a: &AccesSession,
    c: &Champs,
    chemin: &str,
    pli: Option<&PliId>,
    action: Result<plis::Action, Refus>,
) -> Reponse {
    let issue = match action {
        Ok(action) => a.executer(&c.communs(), Action::Pli(action)).await?,
        Err(refus) => Err(refus),
    };
    match issue {
        Ok(_) => {
            let apres = a.relire().await?;
            let arrete = pli
                .and_then(|p| apres.session.plis.pli(p))
                .and_then(|p| p.arrete_par(&apres.session));
            match arrete {
                Some(n) => Ok(rediriger_fait(
                    &format!("{}/incidents#incident-{n}", a.base()),
                    &format!(
                        "C’est enregistré. L’incident n° {n} est ouvert : la distribution est arrêtée, le message à l’administration est prêt."
                    ),
                )),
                None => Ok(rediriger_fait(
                    &format!("{}/plis", a.base()),
                    "C’est enregistré.",
                )),
            }
        }
        Err(refus) => {
            page(
                a,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some((&refus, chemin, c, pli)),
            )
            .await
        }
    }
}

type Refuse<'r> = (&'r Refus, &'r str, &'r Champs, Option<&'r PliId>);

async fn page(a: &AccesSession, statut: StatusCode, refuse: Option<Refuse<'_>>) -> Reponse {
    let s = &*a.session;
    s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let saisie_de = |p: &PliId| {
        refuse
            .filter(|(_, _, _, pli)| *pli == Some(p))
            .map(|(_, _, c, _)| c.clone())
            .unwrap_or_default()
    };
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(format!("Plis – {}", super::titre(s)), a.base(), &a.acces),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "plis"),
            suite: refuse
                .map(|(r, chemin, c, _)| Suite::du_refus(r, &a.base(), chemin, c))
                .unwrap_or_default(),
            relance: messages::relance_plis(s, a.jour()),
            plis: s
                .plis
                .liste
                .iter()
                .map(|p| montre(s, p, saisie_de(&p.id)))
                .collect(),
            temoins: s
                .inscrits()
                .map(|c| {
                    let present = s.jour.est_venu(&c.id);
                    let nom = c.fiche.nom_complet();
                    (
                        c.id.to_string(),
                        if present {
                            nom
                        } else {
                            format!("{nom} (pas encore noté présent)")
                        },
                    )
                })
                .collect(),
            personnes: super::personnes_choisies(a).await?,
            sortes: Sorte::TOUTES
                .into_iter()
                .map(|x| (x.code(), x.libelle()))
                .collect(),
            saisie: refuse
                .filter(|(_, _, _, pli)| pli.is_none())
                .map(|(_, _, c, _)| c.clone())
                .unwrap_or_default(),
            modifiable: super::modifiable(a, Nature::Garder),
        },
    ))
}

fn montre(s: &Session, p: &Pli, saisie: Champs) -> PliMontre {
    let arret = p.arrete_par(s);
    let ecarte = p.est_ecarte(s);
    let prochaine = p.prochaine(s);
    PliMontre {
        id: p.id.to_string(),
        libelle: p.libelle.clone(),
        sorte: p.sorte.libelle(),
        dte: if p.reference.is_empty() {
            String::new()
        } else {
            format!("DTE {}, version {}", p.reference, p.version)
        },
        etat: if ecarte && p.etape() != Etape::Detruit {
            "Écarté"
        } else if arret.is_some() {
            "Arrêté"
        } else {
            p.etape().libelle()
        },
        ton: if arret.is_some() || ecarte {
            "retard"
        } else if prochaine.is_none() {
            "fait"
        } else {
            "neutre"
        },
        arret,
        ecarte,
        chaine: Etape::chaine(p.sorte)
            .into_iter()
            .map(|e| {
                let f = p.franchie(e);
                Maillon {
                    libelle: e.libelle(),
                    franchi: f.is_some(),
                    quand: f.map(|f| temps::moment(f.survenu)).unwrap_or_default(),
                    par: f.map(|f| f.par.clone()).unwrap_or_default(),
                    detail: f.map(|f| f.detail.clone()).unwrap_or_default(),
                }
            })
            .collect(),
        prochaine: prochaine.map_or("", Etape::code),
        geste: prochaine.map_or("", Etape::geste),
        distribues: p.distribues,
        ouvert: !saisie.0.is_empty(),
        saisie,
    }
}
