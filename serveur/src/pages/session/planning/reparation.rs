//! Réparer : un imprévu se note, et deux ou trois façons de finir se comparent. Ce qui a commencé ne bouge pas.

use super::super::geste::{Champs, acte, maintenant};
use super::super::tete::TeteSession;
use super::journees::{gens, lire_empechement};
use super::propositions;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rediriger, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, nouvel_identifiant};
use crate::reponses::{get, post};
use crate::routes::{Nature as Droit, Route};
use askama::Template;
use axum::http::StatusCode;
use metier::planning::{self, Empechement};
use metier::{Acte, Action, Nature, Refus, temps};

/// Les routes de la réparation.
pub fn routes() -> Vec<Route> {
    let organiser = Droit::Session(Nature::Organiser);
    vec![
        Route::lire(
            "/sessions/{session}/planning/reparation",
            organiser,
            get(montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/planning/reparation",
            organiser,
            post(reparer),
        ),
    ]
}

#[derive(Template)]
#[template(path = "session/planning_reparation.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    phrase: String,
    fige: String,
    vide: bool,
    gens: Vec<(&'static str, Vec<(String, String)>)>,
    dates: Vec<(String, String)>,
    qui: String,
    jour: String,
    de: String,
    a: String,
    tous: bool,
    empechements: Vec<String>,
    acte: String,
}

/// GET /sessions/{session}/planning/reparation
async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None, None, String::new())
}

/// POST /sessions/{session}/planning/reparation
async fn reparer(a: AccesSession, c: Champs) -> Reponse {
    crate::formulaires::exiger_case(c.un("tous"))?;
    // « Chercher sans rien noter » : l'imprévu est déjà parmi les empêchements.
    if c.un("geste") != "sans" {
        let e = match lire_empechement(&a.session, &c) {
            Ok(e) => e,
            Err(r) => {
                return page(
                    &a,
                    StatusCode::UNPROCESSABLE_ENTITY,
                    Some(&c),
                    Some(&r),
                    String::new(),
                );
            }
        };
        let empechements = etendre(&a, e, c.coche("tous"));
        let action = Action::Planning(planning::Action::Empecher { empechements });
        if let Err(r) = a.executer(&c.communs(), action).await? {
            return page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some(&c),
                Some(&r),
                String::new(),
            );
        }
    }
    let a = a.relire().await?;
    let maintenant = maintenant(&a);
    let plans = crate::recherches::a_part(a.session.clone(), move |s| {
        agencement::reparer(s, maintenant)
    })
    .await?;
    match plans {
        Ok(plans) => {
            let liste: Vec<_> = plans
                .into_iter()
                .map(|b| (nouvel_identifiant::<Acte>().to_string(), b))
                .collect();
            propositions::ranger(&a, &liste, true).await?;
            Ok(rediriger(&format!("{}/planning/propositions", a.base())))
        }
        Err(phrase) => page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some(&c), None, phrase),
    }
}

/// Le même empêchement les jours suivants, entiers, si la personne ne revient pas.
fn etendre(a: &AccesSession, e: Empechement, tous: bool) -> Vec<Empechement> {
    let j = a.session.planning.journees();
    let mut v = vec![e.clone()];
    if tous {
        v[0].a = v[0].a.max(j.fermeture);
        v.extend(
            agencement::jours_restants(&a.session, e.date)
                .into_iter()
                .filter(|d| *d > e.date)
                .map(|date| Empechement {
                    qui: e.qui.clone(),
                    date,
                    de: j.ouverture,
                    a: j.fermeture,
                }),
        );
    }
    v
}

fn page(
    a: &AccesSession,
    statut: StatusCode,
    c: Option<&Champs>,
    refus: Option<&Refus>,
    phrase: String,
) -> Reponse {
    let s = &a.session;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let maintenant = maintenant(a);
    let restants = agencement::jours_restants(s, maintenant.date());
    let jours = if restants.is_empty() {
        p.jours()
    } else {
        restants
    };
    let commences = s
        .planning
        .passages
        .iter()
        .filter(|x| x.date.to_datetime(x.debut) < maintenant)
        .count();
    let un = |champ: &str, defaut: String| match c {
        Some(c) => c.un(champ).to_owned(),
        None => defaut,
    };
    let en_cours = p.jours().contains(&maintenant.date());
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Réparer – {}", super::super::titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "planning"),
            erreurs: refus.map(ErreursFormulaire::du_refus).unwrap_or_default(),
            constats: refus
                .map(|r| ConstatMontre::du_refus(r, &a.base()))
                .unwrap_or_default(),
            phrase,
            fige: match commences {
                0 => "Rien n’a encore commencé : tout peut bouger.".into(),
                1 => "Un passage a commencé : il ne bougera pas.".into(),
                n => format!("{n} passages ont commencé : ils ne bougeront pas."),
            },
            vide: s.planning.passages.is_empty(),
            gens: gens(s),
            jour: un(
                "jour",
                jours.first().map(ToString::to_string).unwrap_or_default(),
            ),
            dates: jours
                .into_iter()
                .map(|d| (d.to_string(), temps::date_longue(d)))
                .collect(),
            qui: un("qui", String::new()),
            de: un(
                "de",
                if en_cours {
                    format!("{:02}:{:02}", maintenant.hour(), maintenant.minute())
                } else {
                    String::new()
                },
            ),
            a: un("a", String::new()),
            tous: c.is_some_and(|c| c.coche("tous")),
            empechements: s
                .planning
                .empechements
                .iter()
                .filter(|e| e.date >= maintenant.date())
                .map(|e| format!("{}, {}", e.qui.nom(s), e.quand()))
                .collect(),
            acte: acte(),
        },
    ))
}
