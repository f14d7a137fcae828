//! Ce qui peut mal se passer entre l'application et sa base, dit une seule fois.
//!
//! Aucun de ces messages ne porte une valeur enregistrée : ils peuvent aller au journal technique.

/// Une erreur de stockage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Erreur {
    /// L'état a changé entre la lecture et l'écriture (nombre de lignes touchées inattendu, interblocage).
    #[error("conflit d'écriture sur « {table} »")]
    Conflit {
        /// La table visée, ou une chaîne vide si elle n'est pas connue.
        table: String,
    },
    /// Une clé primaire ou une contrainte d'unicité existe déjà.
    #[error("clé déjà présente dans « {table} » ({colonnes})")]
    Unicite {
        /// La table.
        table: String,
        /// Les colonnes de la clé, séparées par « , » (au mieux).
        colonnes: String,
    },
    /// Une clé étrangère ne mène nulle part, ou une ligne encore désignée serait supprimée.
    #[error("référence rompue : {0}")]
    Reference(String),
    /// Une autre contrainte du schéma (non nul, check) est enfreinte.
    #[error("contrainte enfreinte : {0}")]
    Contrainte(String),
    /// La base ne répond pas, est pleine, ou en lecture seule : rien n'a été enregistré.
    #[error("base indisponible : {0}")]
    Indisponible(String),
    /// Ce qui est lu n'est pas ce qui a été écrit.
    #[error("donnée altérée : {0}")]
    Altere(String),
    /// La base ne peut pas être ouverte telle qu'elle est (version, mode, migration inconnue).
    #[error("configuration refusée : {0}")]
    Configuration(String),
    /// Le rôle de la base n'a pas ce droit (base durcie), ou la ligne n'est pas de ce centre.
    #[error("droit refusé par la base : {0}")]
    Interdite(String),
    /// Ce qui est demandé n'existe pas dans ce centre.
    #[error("introuvable")]
    Introuvable,
    /// Une erreur du programme (texte SQL fautif, type inattendu).
    #[error("erreur interne de stockage : {0}")]
    Interne(String),
}

impl From<crate::contenu::Illisible> for Erreur {
    /// À l'écriture : ce que l'on vient de décider s'écrit toujours, ou le programme a un défaut.
    fn from(e: crate::contenu::Illisible) -> Self {
        Self::Interne(e.to_string())
    }
}

/// Le résultat d'une opération de stockage.
pub type Resultat<T> = Result<T, Erreur>;
