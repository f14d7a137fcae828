//! Le planning d'une session : le voir, le proposer, l'épingler, le valider, l'afficher.

mod a_placer;
mod empechement;
pub mod image;
pub mod journees;
mod prevenir;
pub mod propositions;
pub mod reparation;
mod tableau;

use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rediriger, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::reponses::{get, post};
use crate::routes::{Nature as Droit, Route};
use a_placer::{APlacer, a_placer};
use agencement::{Priorite, Souhait};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use empechement::{Empechement, empeche};
use image::{Dessin, Legende, Planche, Vue};
use metier::mots::nombre;
use metier::planning;
use metier::{Acte, Action, CandidatId, Nature, Refus, Session, reglement, temps};
use prevenir::{APrevenir, a_prevenir};
use serde::Deserialize;
use std::collections::HashMap;
use tableau::{Jour, en_conflit, tableau};

/// Les routes du planning.
pub fn routes() -> Vec<Route> {
    let lire = Droit::Session(Nature::Lire);
    let organiser = Droit::Session(Nature::Organiser);
    let mut r = vec![
        Route::lire("/sessions/{session}/planning", lire, get(montrer)),
        Route::ecrire(
            "/sessions/{session}/planning/proposition",
            organiser,
            post(proposer),
        ),
        Route::ecrire(
            "/sessions/{session}/planning/epingles",
            organiser,
            post(epingler),
        ),
        Route::ecrire(
            "/sessions/{session}/planning/validation",
            organiser,
            post(valider),
        ),
        Route::ecrire(
            "/sessions/{session}/planning/affichage",
            organiser,
            post(afficher),
        ),
    ];
    r.extend(journees::routes());
    r.extend(propositions::routes());
    r.extend(reparation::routes());
    r.extend(super::passage::routes());
    r
}

#[derive(Template)]
#[template(path = "session/planning.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    refus: Option<String>,
    adresse: String,
    vues: Vec<(&'static str, &'static str, bool)>,
    planches: Vec<Planche>,
    legende: Vec<Legende>,
    jours: Vec<Jour>,
    a_placer: Vec<APlacer>,
    a_placer_suite: Vec<APlacer>,
    resume: String,
    conflits: Vec<ConstatMontre>,
    possibles: Vec<String>,
    supposes: Vec<String>,
    a_prevenir: Vec<APrevenir>,
    a_preparer: usize,
    epingles: usize,
    brouillons: usize,
    journees: String,
    affiche: String,
    empechements: usize,
    priorites: Vec<(&'static str, &'static str)>,
    vide: bool,
    valide: bool,
    modifiable: bool,
    empeche: Option<Empechement>,
    motif_valider: bool,
    motif: String,
    acte: String,
    acte_validation: String,
    acte_affichage: String,
    acte_epingles: String,
    acte_corrigees: String,
    preparable: bool,
    aujourdhui: String,
}

/// Ce que demandent les petits formulaires de la page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    priorite: String,
    le: String,
    geste: String,
}

/// La vue demandée dans l'adresse.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Regard {
    /// Code de la vue.
    pub vue: String,
}

/// GET /sessions/{session}/planning
async fn montrer(a: AccesSession, Query(q): Query<Regard>) -> Reponse {
    page(&a, StatusCode::OK, &q, None, None, "").await
}

/// POST /sessions/{session}/planning/proposition
async fn proposer(a: AccesSession, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    // Vide : le bouton d'un planning encore vide ne demande rien.
    let offertes = Priorite::TOUTES.into_iter().map(Priorite::code);
    crate::formulaires::exiger_parmi(&f.priorite, offertes.chain([""]))?;
    let base = &a.acces.etat.base;
    let deja = stockage::brouillons::brouillons(base, &a.acces.centre, &a.id).await?;
    let graine = deja.last().map_or(0, |b| b.numero);
    let souhait = Souhait {
        priorite: Priorite::depuis_code(&f.priorite),
        graine,
        iterations: None,
    };
    let brouillon =
        crate::recherches::a_part(a.session.clone(), move |s| agencement::proposer(s, souhait))
            .await?;
    let brouillon = match brouillon {
        Ok(b) => b,
        Err(phrase) => {
            return page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                &Regard::default(),
                None,
                Some(phrase),
                "",
            )
            .await;
        }
    };
    // Rien n'est encore placé et tout tient : la proposition est le planning, il n'y a rien à comparer.
    if a.session.planning.passages.is_empty() && brouillon.restes.is_empty() {
        let action = planning::Action::Etablir {
            passages: brouillon.passages,
            deliberations: brouillon.deliberations,
        };
        return repondre(
            &a,
            f,
            action,
            "La proposition est enregistrée. Relisez-la, corrigez-la, puis validez le planning.",
        )
        .await;
    }
    let acte = f.communs.acte().to_string();
    propositions::ranger(&a, &[(acte.clone(), brouillon)], false).await?;
    Ok(rediriger(&format!(
        "{}/planning/propositions/{acte}",
        a.base()
    )))
}

/// POST /sessions/{session}/planning/epingles : tout épingler, ou tout libérer.
async fn epingler(a: AccesSession, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    let passages: Vec<planning::Cle> = a
        .session
        .planning
        .passages
        .iter()
        .map(|x| (x.candidat.clone(), x.epreuve.clone()))
        .collect();
    if f.geste == "liberer" {
        repondre(
            &a,
            f,
            planning::Action::Liberer { passages },
            "Les épingles sont retirées : une proposition peut tout déplacer.",
        )
        .await
    } else {
        repondre(
            &a,
            f,
            planning::Action::Epingler { passages },
            "Tous les passages sont épinglés : une proposition ne les déplacera pas.",
        )
        .await
    }
}

/// POST /sessions/{session}/planning/validation
async fn valider(a: AccesSession, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    repondre(&a, f, planning::Action::Valider, "Le planning est validé.").await
}

/// POST /sessions/{session}/planning/affichage
async fn afficher(a: AccesSession, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    match temps::lire_date(&f.le) {
        Some(le) => {
            repondre(
                &a,
                f,
                planning::Action::Afficher { le },
                "C’est enregistré.",
            )
            .await
        }
        None => {
            page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                &Regard::default(),
                None,
                Some(
                    "Cette date n’existe pas au calendrier. Choisissez le jour de l’affichage."
                        .into(),
                ),
                "",
            )
            .await
        }
    }
}

async fn repondre(a: &AccesSession, f: Saisie, action: planning::Action, fait: &str) -> Reponse {
    match a.executer(&f.communs, Action::Planning(action)).await? {
        Ok(_) => Ok(rediriger_fait(&format!("{}/planning", a.base()), fait)),
        Err(r) => {
            page(
                a,
                StatusCode::UNPROCESSABLE_ENTITY,
                &Regard::default(),
                Some(&r),
                None,
                &f.communs.motif,
            )
            .await
        }
    }
}

/// Itérations d'une proposition du centre d'exemple : composé à chaque essai, il va vite.
const ITERATIONS_EXEMPLE: u64 = 60;

/// La proposition simple de cette session, si tout tient.
pub fn proposition_simple(s: &Session) -> Option<agencement::Brouillon> {
    let souhait = Souhait {
        priorite: Priorite::Equilibre,
        graine: 0,
        iterations: Some(ITERATIONS_EXEMPLE),
    };
    agencement::proposer(s, souhait)
        .ok()
        .filter(|b| b.restes.is_empty())
}

async fn page(
    a: &AccesSession,
    statut: StatusCode,
    q: &Regard,
    refus: Option<&Refus>,
    phrase: Option<String>,
    motif: &str,
) -> Reponse {
    let (s, base) = (&a.session, a.base());
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let constats: Vec<_> = reglement::examiner(s, a.jour())
        .into_iter()
        .filter(|c| c.page.as_deref() == Some("planning") && !c.manque)
        .collect();
    let conflits = en_conflit(s, &constats);
    let vue = Vue::depuis_code(&q.vue);
    let vide = s.planning.passages.is_empty();
    let modifiable = super::modifiable(a, Nature::Organiser);
    let dessin = Dessin {
        session: s,
        passages: &s.planning.passages,
        deliberations: &s.planning.deliberations,
        conflits: &conflits,
        base: if modifiable { &base } else { "" },
    };
    let (a_placer, a_placer_suite) = if vide { (vec![], vec![]) } else { a_placer(a) };
    let ecarts = if vide {
        vec![]
    } else {
        agencement::ecarts(s, &s.planning.passages, &s.planning.deliberations)
    };
    let (supposes, possibles): (Vec<_>, Vec<_>) = ecarts.into_iter().partition(|e| e.suppose);
    let a_prevenir = a_prevenir(s);
    let attendus = p.epreuves().len() * s.inscrits().count();
    let acte = || nouvel_identifiant::<Acte>().to_string();
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Planning – {}", super::titre(s)),
                base.clone(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "planning"),
            constats: refus
                .map(|r| ConstatMontre::du_refus(r, &a.base()))
                .unwrap_or_default(),
            erreurs: refus.map(ErreursFormulaire::du_refus).unwrap_or_default(),
            refus: phrase,
            adresse: format!("{base}/planning"),
            vues: vue.choix(),
            planches: dessin.planches(vue),
            legende: image::legende(s),
            jours: if vue == Vue::Tableau {
                tableau(a, &conflits)
            } else {
                vec![]
            },
            a_placer,
            a_placer_suite,
            resume: match (s.planning.valide.is_some(), s.planning.passages.len()) {
                (true, n) => format!("Planning validé : {}.", nombre(n, "passage", "passages")),
                (false, n) => format!(
                    "{} sur {attendus}. Le planning n’est pas validé.",
                    nombre(n, "passage placé", "passages placés")
                ),
            },
            conflits: constats
                .iter()
                .map(|c| ConstatMontre::new(c, &base))
                .collect(),
            possibles: possibles.into_iter().map(|e| e.phrase).collect(),
            supposes: supposes.into_iter().map(|e| e.phrase).collect(),
            a_preparer: a_prevenir.iter().filter(|p| !p.preparee).count(),
            a_prevenir,
            epingles: s.planning.epingles.len(),
            brouillons: stockage::brouillons::brouillons(
                &a.acces.etat.base,
                &a.acces.centre,
                &a.id,
            )
            .await?
            .len(),
            journees: s.planning.journees().phrase(),
            affiche: s
                .planning
                .affiche_le
                .map(temps::date_longue)
                .unwrap_or_default(),
            empechements: s.planning.empechements.len(),
            priorites: Priorite::TOUTES
                .into_iter()
                .filter(|p| !vide || *p != Priorite::BougerPeu)
                .map(|p| (p.code(), p.libelle()))
                .collect(),
            vide,
            valide: s.planning.valide.is_some(),
            modifiable,
            empeche: empeche(s, &base),
            motif_valider: refus.is_some_and(Refus::demande_motif),
            motif: motif.to_owned(),
            acte: acte(),
            acte_validation: acte(),
            acte_affichage: acte(),
            acte_epingles: acte(),
            acte_corrigees: acte(),
            preparable: super::modifiable(a, Nature::Preparer),
            aujourdhui: a.jour().to_string(),
        },
    ))
}

/// Les noms des candidats de la session, par identifiant.
pub(super) fn noms(s: &Session) -> HashMap<CandidatId, String> {
    s.candidats
        .iter()
        .map(|c| (c.id.clone(), c.fiche.nom_complet()))
        .collect()
}
