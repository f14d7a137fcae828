//! Une tâche propre à la session : l'ajouter, l'ôter. Celles du règlement et du centre ne s'ôtent pas d'ici.

use super::code_du_chemin;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::pages::habitudes::{SaisieTache, phases, reperes};
use crate::pages::session::tete::TeteSession;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::{Acte, Action, taches};
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "session/tache_propre.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    saisie: SaisieTache,
    acte: String,
    phases: Vec<(&'static str, &'static str)>,
    reperes: Vec<(&'static str, &'static str)>,
}

/// GET /sessions/{session}/tache
pub async fn montrer(a: AccesSession) -> Reponse {
    let erreurs = ErreursFormulaire::default();
    page(&a, StatusCode::OK, SaisieTache::default(), erreurs)
}

/// POST /sessions/{session}/tache
pub async fn ajouter(a: AccesSession, Formulaire(f): Formulaire<SaisieTache>) -> Reponse {
    let habitude = match f.lire() {
        Ok(h) => h,
        Err(e) => return page(&a, StatusCode::UNPROCESSABLE_ENTITY, f, e),
    };
    let action = Action::Tache(taches::Action::Ajouter(habitude));
    match a.executer(f.communs(), action).await? {
        Ok(_) => Ok(rediriger_fait(
            &a.base(),
            "La tâche est ajoutée à la check-list de cette session.",
        )),
        Err(r) => {
            let mut erreurs = ErreursFormulaire::du_refus(&r);
            if erreurs.est_vide() {
                erreurs.ajouter("intitule", r.to_string());
            }
            page(&a, StatusCode::UNPROCESSABLE_ENTITY, f, erreurs)
        }
    }
}

/// POST /sessions/{session}/taches/{code}/retrait
pub async fn oter(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Formulaire(communs): Formulaire<ChampsCommuns>,
) -> Reponse {
    let code = code_du_chemin(&chemin);
    let action = Action::Tache(taches::Action::Oter { code: code.clone() });
    match a.executer(&communs, action).await? {
        Ok(_) => Ok(rediriger_fait(
            &a.base(),
            "La tâche est ôtée ; son histoire reste au journal.",
        )),
        Err(r) => super::tache::refuser(&a, &code, &r, super::tache::Saisie::default()).await,
    }
}

fn page(
    a: &AccesSession,
    statut: StatusCode,
    saisie: SaisieTache,
    erreurs: ErreursFormulaire,
) -> Reponse {
    let s = &*a.session;
    s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Ajouter une tâche – {}", crate::pages::session::titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::avec(&a.id, s, &a.analyse().taches, ""),
            erreurs,
            saisie,
            acte: nouvel_identifiant::<Acte>().to_string(),
            phases: phases(),
            reperes: reperes(),
        },
    ))
}
