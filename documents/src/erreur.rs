//! Pourquoi un document ne se compose pas, en phrases montrables.

/// Refus ou échec d'une composition. Le texte (`Display`) s'adresse à la personne devant l'écran.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ErreurDocument {
    /// Il manque un renseignement sans lequel le document ne doit pas partir.
    /// Chaque phrase dit ce qui manque et où le compléter.
    #[error("{}", .0.join("\n"))]
    Incomplet(Vec<String>),
    /// Un texte contient un caractère que les polices embarquées ne savent pas dessiner.
    #[error(
        "Le caractère « {caractere} » (dans « {texte} ») ne peut pas être imprimé : les documents acceptent les alphabets latin, grec et cyrillique. Corrigez ce texte, par exemple d'après la pièce d'identité en caractères latins, puis recommencez."
    )]
    CaractereNonImprimable {
        /// Le caractère en cause.
        caractere: char,
        /// Le texte où il se trouve, abrégé.
        texte: String,
    },
    /// Un texte ou une liste dépasse ce qu'un document accepte.
    #[error("{0}")]
    TropLong(String),
    /// Le logo du centre ne se lit pas.
    #[error(
        "Le logo du centre ne peut pas être lu. Déposez un fichier PNG, JPEG ou SVG valable dans la page du centre, ou retirez le logo."
    )]
    LogoIllisible,
    /// Défaut du gabarit : à signaler, ce n'est pas une erreur de saisie.
    #[error(
        "Le document n'a pas pu être composé. Signalez ce défaut à la personne qui exploite l'application, avec ce texte : {0}"
    )]
    Gabarit(String),
}
