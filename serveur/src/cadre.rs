//! Ce que toute page a autour de son contenu, et la façon de rendre un gabarit.

use crate::acces::Acces;
use crate::erreurs::{Erreur, Reponse};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use metier::{Constat, Refus};

/// La personne connectée, telle que le bandeau la montre.
#[derive(Debug, Clone, Hash)]
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
    /// Lit une seule session, par un lien de contrôle ?
    pub invite: bool,
}

/// Un message montré une fois, après un geste.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageMontre {
    /// « succes », « alerte » ou « erreur ».
    pub ton: String,
    /// La phrase.
    pub phrase: String,
}

/// Le cadre d'une page.
#[derive(Debug, Clone, Default, Hash)]
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
    pub fn public(titre: impl Into<String>, chemin: impl Into<String>) -> Self {
        Self {
            titre: titre.into(),
            chemin: chemin.into(),
            ..Self::default()
        }
    }

    /// Le cadre d'une page de cette personne.
    pub fn connecte(titre: impl Into<String>, chemin: impl Into<String>, acces: &Acces) -> Self {
        Self {
            compte: Some(CompteMontre {
                nom: acces.nom.clone(),
                initiales: initiales(&acces.nom),
                centre: acces.nom_centre.clone(),
                role: acces.roles.first().map_or("", |r| r.libelle()).to_owned(),
                administre: acces.administre(),
                invite: acces.roles.is_empty(),
            }),
            message: acces.message.clone(),
            exemple: acces.exemple,
            ..Self::public(titre, chemin)
        }
    }

    /// Comme [`Self::connecte`], au chemin de la demande.
    pub fn new(acces: &Acces, titre: &str) -> Self {
        Self::connecte(titre, acces.chemin.clone(), acces)
    }

    /// Le chemin est-il cette racine, ou au-dessous ?
    pub fn est_dans(&self, racine: &str) -> bool {
        self.chemin
            .strip_prefix(racine)
            .is_some_and(|reste| reste.is_empty() || reste.starts_with('/'))
    }

    /// L'adresse d'un fichier livré, avec l'empreinte de son contenu.
    pub fn statique(&self, nom: &str) -> String {
        crate::pages::statique::adresse(nom)
    }
}

/// Un moment de la session (« Préparer », « Conclure ») et ses pages.
#[derive(Debug, Clone)]
pub struct Moment {
    /// Libellé.
    pub libelle: String,
    /// Ses pages, dans l'ordre où l'on y vient ; jamais vide.
    pub onglets: Vec<Onglet>,
}

impl Moment {
    /// Ce moment, avec ses pages.
    pub fn nouveau(libelle: &str, onglets: Vec<Onglet>) -> Self {
        Self {
            libelle: libelle.into(),
            onglets,
        }
    }
    /// La page montrée est-elle de ce moment ?
    pub fn est_actif(&self) -> bool {
        self.onglets.iter().any(|o| o.actif)
    }
    /// L'adresse de sa première page.
    pub fn entree(&self) -> &str {
        self.onglets.first().map_or("", |o| &o.href)
    }
}

/// Un onglet d'une session.
#[derive(Debug, Clone)]
pub struct Onglet {
    /// Adresse.
    pub href: String,
    /// Libellé.
    pub libelle: String,
    /// « 11/35 », ou vide.
    pub detail: String,
    /// Est-ce la page montrée ?
    pub actif: bool,
}

/// Un jalon de la frise.
#[derive(Debug, Clone)]
pub struct JalonMontre {
    /// « tenu », « retard », « proche », « jour » ou vide.
    pub etat: String,
    /// Libellé.
    pub libelle: String,
    /// « 15 nov. »
    pub date: String,
    /// « 4 en retard », ou vide.
    pub precision: String,
}

/// Un constat montré, avec sa règle et son remède.
#[derive(Debug, Clone)]
pub struct ConstatMontre {
    /// « interdit », « derogeable », « alerte » ou « information ».
    pub ton: String,
    /// Ce qui est constaté.
    pub phrase: String,
    /// Ce qu'il faut faire.
    pub remede: String,
    /// Code de la règle, ou vide (contrôle de saisie).
    pub regle: String,
    /// Source de la règle, ou vide.
    pub source: String,
    /// Page où y remédier, ou vide.
    pub lien: String,
}

impl ConstatMontre {
    /// Le constat d'une session, dont les pages sont sous `base` (« /sessions/… ») ; vide : hors de toute session.
    pub fn new(constat: &Constat, base: &str) -> Self {
        let est_regle = constat.code != "SAI" && constat.code != "VU";
        Self {
            ton: constat.force.code().to_owned(),
            phrase: constat.phrase.clone(),
            remede: constat.remede.clone(),
            regle: if est_regle {
                constat.code.clone()
            } else {
                String::new()
            },
            source: if est_regle {
                source_de(&constat.code)
            } else {
                String::new()
            },
            // Sans session autour, il n'y a pas de page où mener.
            lien: constat
                .page
                .as_ref()
                .filter(|_| !base.is_empty())
                .map(|page| format!("{base}/{page}"))
                .unwrap_or_default(),
        }
    }

    /// Tous les constats d'un refus : le remède mène au champ à corriger quand il y en a un, à sa page sinon.
    pub fn du_refus(refus: &Refus, base: &str) -> Vec<Self> {
        let montrer = |c: &Constat| {
            let vers_champ = c.champ.as_ref().map(|champ| format!("#{champ}"));
            let montre = Self::new(c, base);
            Self {
                lien: vers_champ.unwrap_or_else(|| montre.lien.clone()),
                ..montre
            }
        };
        refus.constats.iter().map(montrer).collect()
    }

    /// Les mêmes, pour une page qui n'a d'autre champ que le motif.
    pub fn au_motif(refus: &Refus, base: &str) -> Vec<Self> {
        let mut constats = Self::du_refus(refus, base);
        for c in &mut constats {
            if c.lien.starts_with('#') && c.lien != "#motif" {
                c.lien.clear();
            }
        }
        constats
    }

    /// Une faute de saisie, que le bilan dit déjà : elle tient à un champ, et aucune règle n'admet qu'un motif y suffise.
    pub fn est_au_bilan(&self) -> bool {
        self.lien.starts_with('#') && (self.lien != "#motif" || self.regle.is_empty())
    }
}

/// La source d'une règle (« Règlement général, art. 4 »), ou vide.
fn source_de(code: &str) -> String {
    metier::reglement::regle(code)
        .map(|r| r.source.to_owned())
        .unwrap_or_default()
}

/// Nom du témoin qui porte un message d'une page à la suivante.
pub const TEMOIN_MESSAGE: &str = "garant_message";

/// Ce que dit le code de passage d'une page à la suivante (`?fait=`). Un code inconnu ne montre rien.
pub fn message(code: &str) -> Option<MessageMontre> {
    let (ton, phrase) = match code {
        "enregistre" => ("succes", "C’est enregistré."),
        "deja" => (
            "alerte",
            "C’était déjà enregistré : rien n’a été fait deux fois.",
        ),
        _ => return None,
    };
    Some(MessageMontre {
        ton: ton.to_owned(),
        phrase: phrase.to_owned(),
    })
}

/// Relit le message porté par le témoin.
pub fn lire_message(valeur: &str) -> Option<MessageMontre> {
    let phrase = decoder(valeur);
    (!phrase.is_empty()).then(|| MessageMontre {
        ton: "succes".to_owned(),
        phrase,
    })
}

/// Les initiales d'un nom.
pub fn initiales(nom: &str) -> String {
    nom.split_whitespace()
        .filter_map(|m| m.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

/// Une réponse, ou le résultat d'une page : [`rendre`] et les redirections donnent celui que l'appelant attend.
pub trait Sortie {
    /// Depuis une réponse.
    fn depuis(reponse: Response) -> Self;
}

impl Sortie for Response {
    fn depuis(reponse: Response) -> Self {
        reponse
    }
}

impl Sortie for Reponse {
    fn depuis(reponse: Response) -> Self {
        Ok(reponse)
    }
}

/// Rend une page (200).
pub fn rendre<T: Template, S: Sortie>(gabarit: &T) -> S {
    rendre_statut(StatusCode::OK, gabarit)
}

/// Rend une page avec ce statut (422 pour une saisie à corriger).
pub fn rendre_statut<T: Template, S: Sortie>(statut: StatusCode, gabarit: &T) -> S {
    S::depuis(match gabarit.render() {
        Ok(html) => (statut, Html(html)).into_response(),
        Err(erreur) => Erreur::interne(&format!("gabarit : {erreur}")).into_response(),
    })
}

/// 303 vers une page du site.
pub fn rediriger<S: Sortie>(chemin: &str) -> S {
    S::depuis(Redirect::to(chemin).into_response())
}

/// 303 vers une page du site, qui montrera cette phrase une fois.
pub fn rediriger_fait<S: Sortie>(chemin: &str, phrase: &str) -> S {
    let mut reponse = Redirect::to(chemin).into_response();
    let courte: String = phrase.chars().take(400).collect();
    let temoin = format!(
        "{TEMOIN_MESSAGE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=60",
        encoder(&courte)
    );
    if let Ok(valeur) = HeaderValue::from_str(&temoin) {
        reponse.headers_mut().append(header::SET_COOKIE, valeur);
    }
    S::depuis(reponse)
}

/// Écrit un texte pour une adresse.
pub fn encoder(texte: &str) -> String {
    use std::fmt::Write;
    texte
        .bytes()
        .fold(String::with_capacity(texte.len()), |mut sortie, b| {
            if b.is_ascii_alphanumeric() || b"-_./".contains(&b) {
                sortie.push(char::from(b));
            } else {
                let _ = write!(sortie, "%{b:02X}");
            }
            sortie
        })
}

/// Relit un texte écrit par [`encoder`].
fn decoder(texte: &str) -> String {
    let octets = texte.as_bytes();
    let mut sortie = Vec::with_capacity(octets.len());
    let mut i = 0;
    while i < octets.len() {
        let hexa = (octets[i] == b'%').then(|| {
            texte
                .get(i + 1..i + 3)
                .and_then(|h| u8::from_str_radix(h, 16).ok())
        });
        match hexa.flatten() {
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
