//! En-têtes, requêtes forgées, limites de débit.

use crate::erreurs::Erreur;
use crate::etat::Etat;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Mutex;

/// Politique de sécurité de contenu : rien d'ailleurs, rien en ligne.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const ENTETES: &[(&str, &str)] = &[
    ("content-security-policy", CSP),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    ),
];

/// Pose les mêmes en-têtes sur toute réponse, erreurs comprises.
pub async fn entetes(State(etat): State<Etat>, req: Request, suite: Next) -> Response {
    let message = crate::acces::lire_temoin(req.headers(), crate::cadre::TEMOIN_MESSAGE).is_some();
    let mut r = suite.run(req).await;
    // Le message d'un geste se montre une fois : la première page rendue le retire.
    if message && !r.status().is_redirection() && !r.headers().contains_key(header::SET_COOKIE) {
        let retirer =
            HeaderValue::from_static("garant_message=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
        r.headers_mut().append(header::SET_COOKIE, retirer);
    }
    for (nom, valeur) in ENTETES {
        r.headers_mut().insert(
            HeaderName::from_static(nom),
            HeaderValue::from_static(valeur),
        );
    }
    if etat.tls {
        r.headers_mut().insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    r.headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    r
}

/// Refuse une écriture qui ne vient pas d'une page de Garant : `Sec-Fetch-Site`, ou à défaut `Origin`.
pub async fn requetes_forgees(State(etat): State<Etat>, req: Request, suite: Next) -> Response {
    if !matches!(*req.method(), Method::GET | Method::HEAD) && !vient_de_nous(&req, &etat) {
        return Erreur::Interdit("Cette demande ne vient pas d’une page de Garant.")
            .into_response();
    }
    suite.run(req).await
}

/// L'adresse d'où vient la demande : celle du relais de confiance, sinon celle de la prise.
pub fn adresse(extensions: &Extensions, entetes: &HeaderMap, relais: bool) -> String {
    let relayee = entetes
        .get("x-forwarded-for")
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.rsplit(',').next());
    match (relais, relayee) {
        (true, Some(adresse)) => adresse.trim().chars().take(64).collect(),
        _ => extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or("inconnue".into(), |c| c.0.ip().to_string()),
    }
}

/// La demande vient-elle de cette machine, sans relais ?
pub fn est_local(extensions: &Extensions, entetes: &HeaderMap) -> bool {
    let prise = extensions
        .get::<ConnectInfo<SocketAddr>>()
        .is_some_and(|c| c.0.ip().to_canonical().is_loopback());
    prise
        && ["x-forwarded-for", "x-real-ip", "forwarded"]
            .iter()
            .all(|nom| !entetes.contains_key(*nom))
}

fn vient_de_nous(req: &Request, etat: &Etat) -> bool {
    let entete = |n: &str| req.headers().get(n).and_then(|v| v.to_str().ok());
    match entete("sec-fetch-site") {
        Some(s) => matches!(s, "same-origin" | "none"),
        None => entete("origin").is_some_and(|o| o == etat.origine),
    }
}

/// Limites de débit : au plus tant d'essais par fenêtre, par clé (compte ou adresse).
#[derive(Default)]
pub struct Debits(Mutex<HashMap<String, (i64, u32)>>);

/// Nombre de clés retenues au plus.
const CLES_MAX: usize = 50_000;

impl Debits {
    /// Compte un essai ; refuse au-delà de `maximum` par `fenetre_s` secondes, et dit combien attendre.
    pub fn essayer(
        &self,
        cle: &str,
        maximum: u32,
        fenetre_s: i64,
        maintenant: i64,
    ) -> Result<(), Erreur> {
        let mut t = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if t.len() >= CLES_MAX {
            t.retain(|_, (debut, _)| maintenant - *debut < fenetre_s);
        }
        let (debut, n) = t.entry(cle.to_owned()).or_insert((maintenant, 0));
        if maintenant - *debut >= fenetre_s {
            (*debut, *n) = (maintenant, 0);
        }
        *n += 1;
        if *n > maximum {
            return Err(Erreur::TropDEssais(
                (*debut + fenetre_s - maintenant).max(1) as u64,
            ));
        }
        Ok(())
    }

    /// Oublie une clé (connexion réussie).
    pub fn oublier(&self, cle: &str) {
        self.0.lock().unwrap_or_else(|e| e.into_inner()).remove(cle);
    }
}
