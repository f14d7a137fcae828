//! Ce que toute page a autour de son contenu, et la façon de rendre un gabarit.

use crate::acces::Acces;
use crate::erreurs::{Erreur, Reponse};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

/// Nom du témoin qui porte un message d'une page à la suivante.
pub const TEMOIN_MESSAGE: &str = "garant_message";

/// La personne connectée, telle que le bandeau la montre.
#[derive(Debug, Clone)]
pub struct CompteMontre {
    /// « Camille DURAND ».
    pub nom: String,
    /// « CD ».
    pub initiales: String,
    /// Nom du centre.
    pub centre: String,
    /// Rôle principal, en clair.
    pub role: String,
    /// Peut gérer l'équipe ?
    pub administre: bool,
}

/// Un message montré une fois, après un geste.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageMontre {
    /// « succes », « alerte » ou « erreur ».
    pub ton: String,
    /// La phrase.
    pub phrase: String,
}

/// Le cadre d'une page.
#[derive(Debug, Clone, Default)]
pub struct Cadre {
    /// Titre de la fenêtre, sans « Garant ».
    pub titre: String,
    /// Chemin de la page.
    pub chemin: String,
    /// Personne connectée ; rien sur une page publique.
    pub compte: Option<CompteMontre>,
    /// Nombre de tâches en retard ou proches.
    pub a_faire: usize,
    /// Ce qui était cherché.
    pub recherche: String,
    /// Message du geste précédent.
    pub message: Option<MessageMontre>,
    /// Centre d'exemple ?
    pub exemple: bool,
}

impl Cadre {
    /// Le cadre d'une page sans compte.
    pub fn public(titre: &str, chemin: &str) -> Self {
        Self { titre: titre.to_owned(), chemin: chemin.to_owned(), ..Self::default() }
    }

    /// Le cadre d'une page de cette personne.
    pub fn new(acces: &Acces, titre: &str) -> Self {
        Self {
            titre: titre.to_owned(),
            chemin: acces.chemin.clone(),
            compte: Some(CompteMontre {
                nom: acces.nom_complet.clone(),
                initiales: initiales(&acces.nom_complet),
                centre: acces.nom_centre.clone(),
                role: acces.role.libelle().to_owned(),
                administre: acces.peut(crate::routes::Droit::GererEquipe),
            }),
            message: acces.message.clone(),
            exemple: acces.exemple,
            ..Self::default()
        }
    }

    /// Le chemin est-il cette racine, ou au-dessous ?
    pub fn est_dans(&self, racine: &str) -> bool {
        self.chemin.strip_prefix(racine).is_some_and(|reste| reste.is_empty() || reste.starts_with('/'))
    }

    /// L'adresse d'un fichier statique, avec son empreinte (« garant.css »).
    pub fn statique(&self, nom: &str) -> String {
        crate::statique::adresse(nom)
    }
}

/// Les initiales d'un nom.
pub fn initiales(nom: &str) -> String {
    nom.split_whitespace().filter_map(|m| m.chars().next()).take(2).flat_map(char::to_uppercase).collect()
}

/// Rend une page (200).
pub fn rendre<T: Template>(gabarit: &T) -> Reponse {
    rendre_statut(StatusCode::OK, gabarit)
}

/// Rend une page avec ce statut (422 pour une saisie à corriger).
pub fn rendre_statut<T: Template>(statut: StatusCode, gabarit: &T) -> Reponse {
    let html = gabarit.render()?;
    let mut reponse = (statut, html).into_response();
    reponse.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Ok(reponse)
}

/// 303 vers une page du site.
pub fn rediriger(chemin: &str) -> Reponse {
    Ok(Redirect::to(chemin).into_response())
}

/// 303 vers une page du site, qui montrera ce message une fois.
pub fn rediriger_avec(chemin: &str, ton: &str, phrase: &str) -> Reponse {
    let mut reponse = Redirect::to(chemin).into_response();
    let court: String = phrase.chars().take(600).collect();
    let temoin = format!("{TEMOIN_MESSAGE}={}~{}; Path=/; HttpOnly; SameSite=Lax; Max-Age=60", encoder(ton), encoder(&court));
    let valeur = HeaderValue::from_str(&temoin).map_err(|e| Erreur::Interne(e.to_string()))?;
    reponse.headers_mut().append(header::SET_COOKIE, valeur);
    Ok(reponse)
}

/// 303 avec un message de réussite.
pub fn rediriger_fait(chemin: &str, phrase: &str) -> Reponse {
    rediriger_avec(chemin, "succes", phrase)
}

/// Relit le message porté par le témoin.
pub fn lire_message(valeur: &str) -> Option<MessageMontre> {
    let (ton, phrase) = valeur.split_once('~')?;
    let ton = decoder(ton);
    let connu = ["succes", "alerte", "erreur"].contains(&ton.as_str());
    connu.then(|| MessageMontre { ton, phrase: decoder(phrase) })
}

/// Écrit un texte pour une adresse ou un témoin.
pub fn encoder(texte: &str) -> String {
    use std::fmt::Write;
    texte.bytes().fold(String::with_capacity(texte.len()), |mut sortie, b| {
        if b.is_ascii_alphanumeric() || b"-_./".contains(&b) {
            sortie.push(char::from(b));
        } else {
            let _ = write!(sortie, "%{b:02X}");
        }
        sortie
    })
}

/// Relit un texte écrit par [`encoder`].
pub fn decoder(texte: &str) -> String {
    let octets = texte.as_bytes();
    let mut sortie = Vec::with_capacity(octets.len());
    let mut i = 0;
    while i < octets.len() {
        let hexa = (octets[i] == b'%')
            .then(|| texte.get(i + 1..i + 3).and_then(|h| u8::from_str_radix(h, 16).ok()))
            .flatten();
        match hexa {
            Some(octet) => {
                sortie.push(octet);
                i += 3;
            }
            None => {
                sortie.push(octets[i]);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&sortie).into_owned()
}
