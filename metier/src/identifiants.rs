//! Identifiants du métier : un type par chose, pour qu'un candidat ne soit jamais pris pour un juré.
//!
//! Le noyau n'invente aucun identifiant (pas de hasard ici) : le serveur les fabrique, UUIDv7 en texte.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Un identifiant mal formé : vide, trop long, ou avec un caractère qui n'a pas sa place dans une adresse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cet identifiant n'est pas reconnu")]
pub struct IdentifiantInvalide;

macro_rules! identifiants {
    ($($(#[$doc:meta])* $nom:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default)]
        #[serde(transparent)]
        pub struct $nom(String);

        impl $nom {
            /// Le texte de l'identifiant, tel qu'il est stocké.
            pub fn as_str(&self) -> &str { &self.0 }
            /// Vrai quand rien n'a été donné.
            pub fn est_vide(&self) -> bool { self.0.is_empty() }
        }
        impl fmt::Display for $nom {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl FromStr for $nom {
            type Err = IdentifiantInvalide;
            /// Accepte 1 à 64 caractères parmi `a-z`, `A-Z`, `0-9`, `-`, `_`.
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                let sain = !s.is_empty() && s.len() <= 64
                    && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
                if sain { Ok(Self(s.to_owned())) } else { Err(IdentifiantInvalide) }
            }
        }
        impl AsRef<str> for $nom { fn as_ref(&self) -> &str { &self.0 } }
    )+};
}

identifiants! {
    /// Une session d'examen.
    SessionId,
    /// Un candidat inscrit à une session.
    CandidatId,
    /// Une personne de l'équipe du centre, avec ou sans compte.
    PersonneId,
    /// Un juré de l'annuaire du centre.
    JureId,
    /// Un site du centre.
    SiteId,
    /// Un pli d'épreuves.
    PliId,
    /// Une pièce stockée (document figé, justificatif).
    PieceId,
    /// Un geste : né avec la page, il ne s'enregistre qu'une fois.
    Acte,
}
