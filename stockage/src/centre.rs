//! Le centre : la frontière que nulle requête ne franchit.

/// Un centre d'examen, connu par une connexion ou par un outil d'exploitation.
///
/// Chaque fonction de ce crate qui lit ou écrit des données de centre en demande un : on ne peut pas
/// l'oublier. Il n'y a pas de constructeur libre ; un `Centre` vient des comptes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Centre(String);

impl Centre {
    /// Réservé à ce crate : l'identifiant vient d'être lu dans la base pour cette personne.
    pub(crate) fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// Pour la ligne de commande et les essais, qui agissent au nom de l'exploitant.
    pub fn pour_exploitation(id: impl Into<String>) -> Self {
        Self::new(id)
    }

    /// L'identifiant du centre.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Le flux d'une session de ce centre.
    pub(crate) fn flux(&self, session: &str) -> String {
        format!("{}/{session}", self.0)
    }

    /// Le flux du journal du centre.
    pub(crate) fn flux_du_centre(&self) -> String {
        self.flux("centre")
    }
}

impl std::fmt::Display for Centre {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&Centre> for crate::Valeur {
    fn from(centre: &Centre) -> Self {
        Self::Texte(centre.0.clone())
    }
}
