//! Les dossiers des candidats : peut-il se présenter, quelles pièces sont là, ce qui manque. Un tableau, un seul envoi.

use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::Reponse;
use crate::formulaires::formulaire_abime;
use crate::pages::session::geste::{Champs, Suite, acte};
use crate::pages::session::tete::TeteSession;
use crate::pages::session::{modifiable, titre};
use askama::Template;
use axum::http::StatusCode;
use metier::candidats::{Candidat, sans_accents};
use metier::jour::Piece;
use metier::parcours::{self, OuEstLaPiece, attendues_de};
use metier::{Action, CandidatId, Constat, Nature, Refus, reglement, temps};
use std::collections::{BTreeSet, HashMap};

#[derive(Template)]
#[template(path = "session/candidats_dossiers.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    suite: Suite,
    modifiable: bool,
    confie: bool,
    prepare: bool,
    resume: String,
    colonnes: Vec<&'static str>,
    lignes: Vec<Ligne>,
}

impl Page {
    fn acte(&self) -> String {
        acte()
    }
}

struct Ligne {
    id: String,
    nom: String,
    voie: &'static str,
    verdict: &'static str,
    ton: &'static str,
    pourquoi: Vec<(String, String)>,
    cases: Vec<Case>,
    manque: String,
}

/// Une case du tableau : une pièce pour un candidat.
struct Case {
    piece: &'static str,
    libelle: &'static str,
    /// Attendue de ce candidat ?
    attendue: bool,
    /// Se coche-t-elle ici ? Sinon, `dite` dit où elle est.
    cochable: bool,
    cochee: bool,
    /// Était-elle au dossier quand la page est née ?
    vue: bool,
    dite: String,
}

/// GET /sessions/{session}/candidats/dossiers
pub(super) async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None)
}

/// POST /sessions/{session}/candidats/dossiers
pub(super) async fn noter(a: AccesSession, c: Champs) -> Reponse {
    let lire = |champ: &str| {
        c.tous(champ)
            .map(|v| {
                let (id, piece) = v.split_once(':')?;
                Some((id.parse::<CandidatId>().ok()?, Piece::depuis_code(piece)?))
            })
            .collect::<Option<BTreeSet<_>>>()
            .ok_or_else(formulaire_abime)
    };
    // Seul ce que la personne a changé s'envoie : une case cochée entre-temps par quelqu'un d'autre le reste.
    let (coches, vus) = (lire("piece")?, lire("vu")?);
    let notes: Vec<_> = coches
        .difference(&vus)
        .map(|(id, p)| (id.clone(), *p, true))
        .chain(
            vus.difference(&coches)
                .map(|(id, p)| (id.clone(), *p, false)),
        )
        .collect();
    let n = notes.len();
    let geste = Action::Parcours(parcours::Action::NoterPieces { notes });
    match a.executer(&c.communs(), geste).await? {
        Ok(_) => rediriger_fait(
            &format!("{}/candidats/dossiers", a.base()),
            &match n {
                0 => "Rien n’était à changer.".to_owned(),
                1 => "Une pièce est notée.".to_owned(),
                n => format!("{n} pièces sont notées."),
            },
        ),
        Err(r) => page(
            &a.relire().await?,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some((&r, &c)),
        ),
    }
}

fn page(a: &AccesSession, statut: StatusCode, refuse: Option<(&Refus, &Champs)>) -> Reponse {
    let s = &a.session;
    let mut inscrits: Vec<&Candidat> = s.inscrits().collect();
    inscrits.sort_by_cached_key(|c| (sans_accents(&c.fiche.nom_complet()), c.id.clone()));
    let mut jugements: HashMap<_, _> = reglement::eligibilite(s, a.jour()).into_iter().collect();
    let utiles: BTreeSet<Piece> = inscrits
        .iter()
        .flat_map(|c| Piece::attendues(s, c))
        .collect();
    let colonnes: Vec<Piece> = Piece::TOUTES
        .into_iter()
        .filter(|p| utiles.contains(p))
        .collect();
    let coches: Option<BTreeSet<&str>> = refuse.map(|(_, c)| c.tous("piece").collect());
    let lignes: Vec<Ligne> = inscrits
        .into_iter()
        .map(|c| {
            let constats = jugements.remove(&c.id).unwrap_or_default();
            ligne(a, c, &colonnes, &constats, coches.as_ref())
        })
        .collect();
    let chemin = format!("{}/candidats/dossiers", a.base());
    rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Dossiers des candidats – {}", titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "candidats"),
            suite: refuse
                .map(|(r, c)| Suite::du_refus(r, &a.base(), &chemin, c))
                .unwrap_or_default(),
            modifiable: modifiable(a, Nature::Preparer),
            confie: a.peut(Nature::Confier),
            prepare: a.peut(Nature::Preparer),
            resume: resumer(&lignes),
            colonnes: colonnes.iter().map(|p| p.libelle()).collect(),
            lignes,
        },
    )
}

fn resumer(lignes: &[Ligne]) -> String {
    let prets = lignes.iter().filter(|l| l.ton == "fait").count();
    let complets = lignes.iter().filter(|l| l.manque.is_empty()).count();
    let n = lignes.len();
    format!(
        "{prets} sur {n} peuvent se présenter d’après ce qui est noté ; {complets} dossiers sur {n} sont complets."
    )
}

/// Le verdict d'un candidat : jamais un « non éligible » tout nu, la raison et la règle suivent.
pub(super) fn verdict(constats: &[Constat]) -> (&'static str, &'static str) {
    if constats.iter().any(|c| !c.manque) {
        ("À régler", "retard")
    } else if constats.is_empty() {
        ("Peut se présenter", "fait")
    } else {
        ("À compléter", "proche")
    }
}

fn ligne(
    a: &AccesSession,
    c: &Candidat,
    colonnes: &[Piece],
    constats: &[Constat],
    coches: Option<&BTreeSet<&str>>,
) -> Ligne {
    let attendues = attendues_de(&a.session, c);
    let (verdict, ton) = verdict(constats);
    let cases = colonnes
        .iter()
        .map(|p| {
            let ou = attendues.iter().find(|x| x.piece == *p).map(|x| x.ou);
            let vue = matches!(ou, Some(OuEstLaPiece::AuDossier(_)));
            let cochable = matches!(ou, Some(OuEstLaPiece::AuDossier(_) | OuEstLaPiece::Manque));
            Case {
                piece: p.code(),
                libelle: p.libelle(),
                attendue: ou.is_some(),
                cochable,
                cochee: match coches {
                    Some(v) => v.contains(format!("{}:{}", c.id, p.code()).as_str()),
                    None => vue,
                },
                vue,
                dite: match ou {
                    Some(OuEstLaPiece::VueLeJour) => "vue à l’accueil".into(),
                    Some(OuEstLaPiece::Remise) => "remise".into(),
                    Some(OuEstLaPiece::AuDossier(d)) => temps::date_courte(d),
                    Some(OuEstLaPiece::Manque) | None => String::new(),
                },
            }
        })
        .collect();
    Ligne {
        id: c.id.to_string(),
        nom: c.fiche.nom_complet(),
        voie: c.fiche.voie.map_or("", |v| v.libelle()),
        verdict,
        ton,
        pourquoi: constats
            .iter()
            .map(|x| (x.phrase.clone(), x.code.clone()))
            .collect(),
        cases,
        manque: attendues
            .iter()
            .filter(|x| !x.ou.est_la())
            .map(|x| x.piece.libelle().to_lowercase())
            .collect::<Vec<_>>()
            .join(", "),
    }
}
