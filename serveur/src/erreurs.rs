//! Ce qui peut mal se passer dans une page, et la réponse que cela donne.
//!
//! Un refus du métier n'est pas une erreur : la page se rend de nouveau, en 422, avec le formulaire rempli.
//! [`Erreur::Refus`] n'est que le repli d'un geste sans formulaire (un bouton). Une erreur interne se dit par un
//! numéro d'incident ; le détail ne va qu'au journal technique.

use crate::cadre::{Cadre, ConstatMontre};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use metier::Refus;

/// Une erreur de page.
#[derive(Debug, thiserror::Error)]
pub enum Erreur {
    /// Rien à cette adresse, ou rien qui soit à vous (404).
    #[error("introuvable")]
    Introuvable,
    /// Cette adresse ne se demande pas ainsi (405).
    #[error("méthode refusée")]
    Methode,
    /// Votre rôle ne le permet pas (403).
    #[error("interdit : {0}")]
    Interdit(&'static str),
    /// Il faut aller ailleurs d'abord (303).
    #[error("ailleurs")]
    Ailleurs(String),
    /// La demande n'est pas lisible (400).
    #[error("demande illisible : {0}")]
    Illisible(String),
    /// La demande est trop grosse (413).
    #[error("trop gros : {0}")]
    TropGros(&'static str),
    /// Trop de demandes ; réessayer dans tant de secondes (429).
    #[error("trop de demandes")]
    TropDEssais(u64),
    /// Le métier refuse un geste sans formulaire (422).
    #[error("refus")]
    Refus(Refus),
    /// Quelqu'un a changé la même chose entre-temps (409).
    #[error("devancé")]
    Devance,
    /// La base ne répond pas ou n'enregistre plus (503) : rien de confirmé n'est perdu.
    #[error("indisponible : {0}")]
    Indisponible(String),
    /// Une faute du programme (500).
    #[error("interne : {0}")]
    Interne(String),
}

/// Ce que rend chaque page.
pub type Reponse = Result<Response, Erreur>;

impl From<stockage::Erreur> for Erreur {
    fn from(erreur: stockage::Erreur) -> Self {
        match erreur {
            stockage::Erreur::Introuvable => Self::Introuvable,
            stockage::Erreur::Conflit { .. } => Self::Devance,
            stockage::Erreur::Indisponible(detail) => Self::Indisponible(detail),
            autre => Self::Interne(autre.to_string()),
        }
    }
}

impl From<Refus> for Erreur {
    fn from(refus: Refus) -> Self {
        Self::Refus(refus)
    }
}

#[derive(Template)]
#[template(path = "erreurs/erreur.html")]
struct PageErreur {
    cadre: Cadre,
    phrase: String,
    constats: Vec<ConstatMontre>,
    suite: String,
}

impl Erreur {
    /// Une faute du programme ; le détail ne va qu'au journal technique.
    pub fn interne(detail: &str) -> Self {
        Self::Interne(detail.to_owned())
    }

    fn statut(&self) -> StatusCode {
        match self {
            Self::Introuvable => StatusCode::NOT_FOUND,
            Self::Methode => StatusCode::METHOD_NOT_ALLOWED,
            Self::Interdit(_) => StatusCode::FORBIDDEN,
            Self::Ailleurs(_) => StatusCode::SEE_OTHER,
            Self::Illisible(_) => StatusCode::BAD_REQUEST,
            Self::TropGros(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TropDEssais(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Refus(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Devance => StatusCode::CONFLICT,
            Self::Indisponible(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Interne(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn dire(&self) -> (&'static str, String) {
        let une = |phrase: &str| phrase.to_owned();
        match self {
            Self::Introuvable => (
                "Page introuvable",
                une(
                    "Il n’y a rien à cette adresse, ou rien qui vous soit ouvert. Vérifiez l’adresse, ou revenez à l’accueil.",
                ),
            ),
            Self::Methode => (
                "Adresse mal employée",
                une(
                    "Cette adresse ne s’emploie pas ainsi. Revenez à la page précédente et recommencez.",
                ),
            ),
            Self::Interdit(phrase) => ("Ce geste ne vous est pas ouvert", une(phrase)),
            Self::Ailleurs(_) => ("Un instant", String::new()),
            Self::Illisible(phrase) => ("Demande illisible", une(phrase)),
            Self::TropGros(phrase) => ("Envoi trop gros", une(phrase)),
            Self::TropDEssais(secondes) => ("Trop d’essais", attente(*secondes)),
            Self::Refus(_) => (
                "Ce geste n’est pas possible",
                une("Voici pourquoi, et ce qu’il faut faire."),
            ),
            Self::Devance => (
                "Quelqu’un vous a devancé",
                une(
                    "Ce que vous modifiez a changé entre-temps. Rien n’a été enregistré : revenez à la page, relisez, puis recommencez.",
                ),
            ),
            Self::Indisponible(_) => (
                "Garant ne peut pas enregistrer pour l’instant",
                une(
                    "La base ne répond pas ou n’a plus de place. Ce qui était confirmé est intact. Prévenez l’exploitant, puis réessayez.",
                ),
            ),
            Self::Interne(_) => (
                "Une erreur est survenue",
                une(
                    "Ce n’est pas de votre fait, et rien n’a été enregistré à moitié. Réessayez ; si cela recommence, donnez ce numéro à l’exploitant.",
                ),
            ),
        }
    }
}

/// « Réessayez dans 12 minutes. »
pub fn attente(secondes: u64) -> String {
    let minutes = secondes.div_ceil(60).max(1);
    format!(
        "Trop d’essais de suite. Réessayez dans {minutes}\u{a0}minute{}.",
        if minutes > 1 { "s" } else { "" }
    )
}

impl IntoResponse for Erreur {
    fn into_response(self) -> Response {
        if let Self::Ailleurs(chemin) = &self {
            return Redirect::to(chemin).into_response();
        }
        let statut = self.statut();
        let incident = statut.is_server_error().then(numero_d_incident);
        if let Some(numero) = &incident {
            tracing::error!(incident = %numero, statut = statut.as_u16(), erreur = %self, "incident");
        }
        let (titre, phrase) = self.dire();
        let constats = match &self {
            // Hors de sa page, un constat n'a ni champ ni page à montrer.
            Self::Refus(refus) => {
                let montrer = |c| ConstatMontre::new(c, "");
                refus.constats.iter().map(montrer).collect()
            }
            _ => vec![],
        };
        let suite = incident
            .map(|numero| format!("Numéro d’incident : {numero}."))
            .unwrap_or_default();
        let page = PageErreur {
            cadre: Cadre::public(titre, ""),
            phrase,
            constats,
            suite,
        };
        let mut reponse = match page.render() {
            Ok(html) => (statut, Html(html)).into_response(),
            Err(_) => statut.into_response(),
        };
        if let Self::TropDEssais(secondes) = self {
            reponse
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(secondes.max(1)));
        }
        reponse
    }
}

/// Un numéro à lire au téléphone : huit chiffres hexadécimaux.
pub fn numero_d_incident() -> String {
    let mut octets = [0u8; 4];
    let _ = getrandom::fill(&mut octets);
    format!(
        "{:02x}{:02x}-{:02x}{:02x}",
        octets[0], octets[1], octets[2], octets[3]
    )
}
