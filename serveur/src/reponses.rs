//! Qui répond à une route, sous un seul type pour toutes.
//!
//! Axum habille chaque fonction d'une dizaine de couches génériques, compilées pour elle seule : deux cent trente
//! fonctions, autant de fois dix couches. L'effacer d'abord ne laisse qu'un habit, commun à toutes.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{self, MethodRouter};

use crate::etat::Etat;

/// Une réponse en cours.
type EnCours = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Une fonction qui répond, dont le type ne se voit plus.
#[derive(Clone)]
struct Reponse(Arc<dyn Fn(Request, Etat) -> EnCours + Send + Sync>);

impl Handler<(), Etat> for Reponse {
    type Future = EnCours;

    fn call(self, demande: Request, etat: Etat) -> EnCours {
        (self.0)(demande, etat)
    }
}

fn effacer<F, T>(f: F) -> Reponse
where
    F: Handler<T, Etat, Future = EnCours>,
{
    Reponse(Arc::new(move |demande, etat| f.clone().call(demande, etat)))
}

/// Cette fonction répond à une lecture.
pub fn get<F, T>(f: F) -> MethodRouter<Etat>
where
    F: Handler<T, Etat, Future = EnCours>,
{
    routing::get(effacer(f))
}

/// Cette fonction répond à une écriture.
pub fn post<F, T>(f: F) -> MethodRouter<Etat>
where
    F: Handler<T, Etat, Future = EnCours>,
{
    routing::post(effacer(f))
}
