//! La table de toutes les routes : le routeur et la matrice des droits se tirent d'elle.

use crate::etat::Etat;
use crate::{acces, erreurs::Erreur, pages, sante, securite, traces};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::middleware;
use axum::routing::MethodRouter;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// Qui peut demander une route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Tout le monde.
    Publique,
    /// Toute personne connectée.
    Connectee,
    /// Une personne connectée qui a l'un de ces droits sur le centre.
    Centre(DroitCentre),
    /// Une personne qui a ce droit sur la session du chemin.
    Session(metier::Nature),
}

/// Droits sur le centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DroitCentre {
    /// Administrer les comptes.
    Administrer,
    /// Organiser : annuaire, référentiels, sites, création de session.
    Organiser,
}

/// Une route : un chemin, une méthode, qui y a droit, qui y répond.
pub struct Route {
    /// Méthode.
    pub methode: Method,
    /// Chemin, paramètres entre accolades.
    pub chemin: &'static str,
    /// Qui y a droit.
    pub nature: Nature,
    /// Qui répond.
    pub reponse: MethodRouter<Etat>,
}

impl Route {
    /// Une route en lecture.
    pub fn lire(chemin: &'static str, nature: Nature, reponse: MethodRouter<Etat>) -> Self {
        Self {
            methode: Method::GET,
            chemin,
            nature,
            reponse,
        }
    }
    /// Une route en écriture.
    pub fn ecrire(chemin: &'static str, nature: Nature, reponse: MethodRouter<Etat>) -> Self {
        Self {
            methode: Method::POST,
            chemin,
            nature,
            reponse,
        }
    }
}

/// Toutes les routes de Garant.
pub fn toutes_les_routes() -> Vec<Route> {
    let mut r = sante::routes();
    r.extend(pages::routes());
    r
}

/// Le routeur complet, avec ses gardes.
pub fn routeur(etat: Etat) -> Router {
    assembler(etat, toutes_les_routes())
}

/// Assemble ces routes sous les mêmes gardes (les essais y remplacent les réponses).
pub fn assembler(etat: Etat, routes: Vec<Route>) -> Router {
    let mut r = Router::new();
    for route in routes {
        let garde = middleware::from_fn_with_state((etat.clone(), route.nature), acces::garder);
        r = r.route(route.chemin, route.reponse.route_layer(garde));
    }
    r.fallback(|| async { Erreur::Introuvable })
        .method_not_allowed_fallback(|| async { Erreur::Methode })
        .layer(DefaultBodyLimit::max(
            crate::formulaires::FORMULAIRE_MAX_OCTETS,
        ))
        .layer(middleware::from_fn_with_state(
            etat.clone(),
            securite::requetes_forgees,
        ))
        .layer(CatchPanicLayer::custom(
            |_: Box<dyn std::any::Any + Send>| {
                axum::response::IntoResponse::into_response(Erreur::interne("panique"))
            },
        ))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(
            etat.clone(),
            securite::entetes,
        ))
        .layer(middleware::from_fn(traces::tracer))
        .with_state(etat)
}
