//! Les pages d'une session.

use crate::acces::AccesSession;
use crate::erreurs::Erreur;
use crate::reponses::{get, post};
use crate::routes::{Nature as Acces, Route};
use axum::extract::DefaultBodyLimit;
use metier::{Nature, Session, temps};
use std::collections::HashMap;

pub mod archives;
pub mod candidats;
pub mod checklist;
pub mod controle;
pub mod convocations;
pub mod deliberation;
pub mod documents;
pub mod equipe;
pub mod geste;
pub mod incidents;
pub mod jour;
pub mod journal;
pub mod journee;
pub mod jury;
pub mod liens;
pub mod passage;
pub mod planning;
pub mod plateau;
pub mod plis;
pub mod programme;
pub mod pv;
pub mod sollicitations;
pub mod suites;
pub mod televersement;
pub mod tete;

/// Les routes d'une session.
pub fn routes() -> Vec<Route> {
    let lire = Acces::Session(Nature::Lire);
    let programmer = Acces::Session(Nature::Programmer);
    let organiser = Acces::Session(Nature::Organiser);
    let mut r = vec![
        Route::lire("/sessions/{session}/journal", lire, get(journal::montrer)),
        Route::lire("/sessions/{session}/journee", lire, get(journee::montrer)),
        Route::ecrire(
            "/sessions/{session}/journee",
            programmer,
            post(journee::agir),
        ),
        Route::lire(
            "/sessions/{session}/programme",
            lire,
            get(programme::montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/programme/ceres",
            programmer,
            post(programme::renseigner_ceres),
        ),
        Route::ecrire(
            "/sessions/{session}/programme/dates",
            programmer,
            post(programme::deplacer),
        ),
        Route::ecrire(
            "/sessions/{session}/programme/site",
            programmer,
            post(programme::changer_site),
        ),
        Route::ecrire(
            "/sessions/{session}/programme/referentiel",
            programmer,
            post(programme::adopter),
        ),
        Route::ecrire(
            "/sessions/{session}/programme/annulation",
            programmer,
            post(programme::annuler),
        ),
        Route::lire("/sessions/{session}/equipe", lire, get(equipe::montrer)),
        Route::ecrire(
            "/sessions/{session}/equipe",
            programmer,
            post(equipe::nommer),
        ),
        Route::ecrire(
            "/sessions/{session}/equipe/retrait",
            programmer,
            post(equipe::retirer),
        ),
        Route::lire("/sessions/{session}/jury", lire, get(jury::montrer)),
        Route::ecrire("/sessions/{session}/jury", organiser, post(jury::retenir)),
        Route::lire("/sessions/{session}/jury/liens", lire, get(liens::montrer)),
        Route::ecrire(
            "/sessions/{session}/jury/liens",
            organiser,
            post(liens::agir),
        ),
        Route::ecrire(
            "/sessions/{session}/jury/{jure}",
            organiser,
            post(jury::agir),
        ),
    ];
    r.extend(planning::routes());
    r.extend(checklist::routes());
    r.extend(plis_et_jour());
    r.extend(conclusion());
    r.extend(candidats::routes());
    r.extend(convocations::routes());
    r.extend(sollicitations::routes());
    r.extend(documents::routes());
    r
}

/// Les routes des plis, du jour J et des incidents.
fn plis_et_jour() -> Vec<Route> {
    let lire = Acces::Session(Nature::Lire);
    let garder = Acces::Session(Nature::Garder);
    let derouler = Acces::Session(Nature::Derouler);
    vec![
        Route::lire("/sessions/{session}/plateau", lire, get(plateau::montrer)),
        Route::ecrire(
            "/sessions/{session}/plateau",
            Acces::Session(Nature::Organiser),
            post(plateau::noter),
        ),
        Route::lire(
            "/sessions/{session}/jour/signature/{piece}",
            lire,
            get(jour::signature),
        ),
        Route::lire("/sessions/{session}/plis", lire, get(plis::montrer)),
        Route::ecrire("/sessions/{session}/plis", garder, post(plis::commander)),
        Route::ecrire(
            "/sessions/{session}/plis/{pli}",
            garder,
            post(plis::franchir),
        ),
        Route::lire("/sessions/{session}/jour", lire, get(jour::montrer)),
        Route::ecrire("/sessions/{session}/jour", derouler, post(jour::noter)),
        Route::lire(
            "/sessions/{session}/incidents",
            lire,
            get(incidents::montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/incidents",
            derouler,
            post(incidents::signaler),
        ),
        Route::ecrire(
            "/sessions/{session}/incidents/{numero}",
            derouler,
            post(incidents::suivre),
        ),
    ]
}

/// Les routes de la délibération et du procès-verbal.
fn conclusion() -> Vec<Route> {
    let lire = Acces::Session(Nature::Lire);
    let conclure = Acces::Session(Nature::Conclure);
    let archiver = Acces::Session(Nature::Archiver);
    vec![
        Route::lire("/sessions/{session}/suites", lire, get(suites::montrer)),
        Route::ecrire("/sessions/{session}/suites", conclure, post(suites::agir)),
        Route::lire("/sessions/{session}/archives", lire, get(archives::montrer)),
        Route::ecrire(
            "/sessions/{session}/archives",
            archiver,
            post(archives::agir),
        ),
        Route::lire(
            "/sessions/{session}/archives/proces-verbal",
            lire,
            get(archives::proces_verbal),
        ),
        Route::lire(
            "/sessions/{session}/controle",
            Acces::Session(Nature::Controler),
            get(controle::montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/controle",
            archiver,
            post(controle::agir),
        ),
        Route::lire(
            "/sessions/{session}/deliberation",
            lire,
            get(deliberation::montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/deliberation",
            conclure,
            post(deliberation::agir),
        ),
        Route::lire(
            "/sessions/{session}/deliberation/{candidat}",
            lire,
            get(deliberation::montrer_candidat),
        ),
        Route::ecrire(
            "/sessions/{session}/deliberation/{candidat}",
            conclure,
            post(deliberation::decider),
        ),
        Route::ecrire(
            "/sessions/{session}/dossier",
            Acces::Session(Nature::Controler),
            post(controle::emporter),
        ),
        Route::lire("/sessions/{session}/pv", lire, get(pv::montrer)),
        Route::ecrire("/sessions/{session}/pv", conclure, post(pv::franchir)),
        Route::ecrire(
            "/sessions/{session}/pv/scan",
            conclure,
            post(pv::joindre).layer(DefaultBodyLimit::max(pv::ENVOI_MAX)),
        ),
        Route::lire("/sessions/{session}/pv/scan/{piece}", lire, get(pv::servir)),
    ]
}

/// Le titre de fenêtre d'une session : « DWWM, 15 déc. 2026 ».
pub fn titre(s: &Session) -> String {
    s.programme.as_ref().map_or("Session".into(), |p| {
        format!(
            "{}, {}",
            p.referentiel
                .sigle
                .as_deref()
                .unwrap_or(&p.referentiel.intitule),
            temps::date_courte(p.debut)
        )
    })
}

/// La personne peut-elle essayer ce geste, et la session se change-t-elle encore ?
pub fn modifiable(a: &AccesSession, nature: Nature) -> bool {
    a.peut(nature)
        && a.session
            .programme
            .as_ref()
            .is_some_and(|p| p.annulee.is_none())
}

/// Le nom de chaque personne du centre, par identifiant.
pub async fn noms(a: &AccesSession) -> Result<HashMap<String, String>, Erreur> {
    Ok(
        stockage::comptes::personnes(&a.acces.etat.base, &a.acces.centre)
            .await?
            .into_iter()
            .map(|p| (p.id.to_string(), p.nom_complet()))
            .collect(),
    )
}

/// Les personnes du centre, pour « Fait par » : (identifiant, nom).
pub async fn personnes_choisies(a: &AccesSession) -> Result<Vec<(String, String)>, Erreur> {
    Ok(
        stockage::comptes::personnes(&a.acces.etat.base, &a.acces.centre)
            .await?
            .into_iter()
            .filter(|p| p.actif && p.id != a.acces.personne)
            .map(|p| (p.id.to_string(), p.nom_complet()))
            .collect(),
    )
}
