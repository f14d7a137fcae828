//! Le modèle de la check-list : chaque ligne et chaque point du papier, en données relues d'un fichier.

use crate::echeances::Delai;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Phase de la check-list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// En amont de la session.
    Amont,
    /// Pendant la session.
    Pendant,
    /// Après la session.
    Apres,
}

impl Phase {
    /// Toutes, dans l'ordre.
    pub const TOUTES: [Phase; 3] = [Self::Amont, Self::Pendant, Self::Apres];
    /// Libellé du papier.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Amont => "En amont de la session",
            Self::Pendant => "Pendant la session",
            Self::Apres => "Après la session",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Amont => "amont",
            Self::Pendant => "pendant",
            Self::Apres => "apres",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|p| p.code() == code)
    }
}

/// Le fait qui ferme une tâche ou un point de lui-même (comptés dans `faits.rs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // chaque nom est celui du fait, tel que le modèle l'écrit
pub enum Preuve {
    Programme,
    Ceres,
    Equipe,
    EpreuvesCommandees,
    Candidats,
    Conventions,
    Jury,
    JurySollicite,
    Reserve,
    PlisRecus,
    OrganisationLue,
    Planning,
    ConvocationsCandidats,
    ConvocationsEditees,
    ConvocationsJury,
    ConvocationsSurveillant,
    InventaireCompte,
    ManquesPares,
    LocauxReserves,
    ReglementAffiche,
    ReferentielsDisposes,
    Affichage,
    JuryAccueilli,
    JuryIdentite,
    JuryHabilitation,
    JuryRole,
    JuryDocumentation,
    JuryPlateau,
    CarenceInformee,
    SurveillantArrive,
    CandidatsAccueillis,
    PieceIdentite,
    PieceConvocation,
    PieceDp,
    PieceLivret,
    PieceRecevabilite,
    PieceEpi,
    ScellesConstates,
    ContenuControle,
    PresencesNotees,
    MiseEnSituation,
    EpreuvesTerminees,
    JuryAStatue,
    FicheSynthese,
    DossiersComplets,
    ElementsDuJury,
    Delibere,
    Transcrit,
    Recommandations,
    FichesSignees,
    ResultatsCeres,
    PvEdite,
    PvSigneJury,
    PvObservations,
    PvSigneSurveillant,
    PvContresigne,
    PvEnvoye,
    CandidatsInformes,
    LaureatsAffiches,
    SujetsDetruits,
    PvArchive,
    ProductionsArchivees,
    GrillesArchivees,
}

/// À quelles sessions une tâche ou un point s'applique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// À toutes.
    #[default]
    Toujours,
    /// Quand le référentiel demande un surveillant, ou qu'il y en a un.
    Surveillant,
    /// Quand un candidat vient de la VAE.
    Vae,
    /// Quand un candidat vient de la formation.
    Formation,
    /// Session CCP.
    Ccp,
    /// Session CCS.
    Ccs,
    /// Quand des épreuves se passent en situation : équipements et habilitations.
    Epi,
    /// Quand un candidat bénéficie d'un aménagement.
    Amenagement,
    /// Quand des candidats viennent d'un organisme partenaire.
    Partenaire,
    /// Quand le jury a fait défaut.
    Carence,
    /// Quand un incident est signalé.
    Incident,
    /// Quand le jury a décidé au moins une réussite partielle.
    Partielle,
}

impl Condition {
    /// Celles qu'un centre peut choisir pour ses propres tâches.
    pub const AU_CHOIX: [Condition; 8] = [
        Self::Toujours,
        Self::Surveillant,
        Self::Vae,
        Self::Ccp,
        Self::Ccs,
        Self::Epi,
        Self::Amenagement,
        Self::Partenaire,
    ];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Toujours => "Toutes les sessions",
            Self::Surveillant => "Avec un surveillant",
            Self::Vae => "Avec un candidat en VAE",
            Self::Formation => "Avec un candidat de formation",
            Self::Ccp => "Sessions CCP",
            Self::Ccs => "Sessions CCS",
            Self::Epi => "Avec une mise en situation (EPI, outillage)",
            Self::Amenagement => "Avec un aménagement d’épreuve",
            Self::Partenaire => "Avec un organisme partenaire",
            Self::Carence => "Si le jury fait défaut",
            Self::Incident => "S’il y a un incident",
            Self::Partielle => "S’il y a une réussite partielle",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Toujours => "toujours",
            Self::Surveillant => "surveillant",
            Self::Vae => "vae",
            Self::Formation => "formation",
            Self::Ccp => "ccp",
            Self::Ccs => "ccs",
            Self::Epi => "epi",
            Self::Amenagement => "amenagement",
            Self::Partenaire => "partenaire",
            Self::Carence => "carence",
            Self::Incident => "incident",
            Self::Partielle => "partielle",
        }
    }
    /// Retrouve par le code, parmi celles qu'un centre peut choisir.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::AU_CHOIX.into_iter().find(|c| c.code() == code)
    }
}

/// Une sous-ligne du papier : elle se coche, se prouve et s'applique pour elle-même.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Point {
    /// Code stable (« AV-12.3 »).
    pub code: String,
    /// Intitulé du papier.
    pub intitule: String,
    /// Son délai, quand il n'est pas celui de la ligne.
    #[serde(default)]
    pub delai: Option<Delai>,
    /// Le fait qui le ferme.
    #[serde(default)]
    pub preuve: Option<Preuve>,
    /// Condition d'application.
    #[serde(default)]
    pub condition: Condition,
}

/// Une tâche du modèle.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tache {
    /// Code stable (« AV-09 »).
    pub code: String,
    /// Phase.
    pub phase: Phase,
    /// Intitulé du papier.
    pub intitule: String,
    /// Ce qu'il faut faire, en mots simples.
    #[serde(default)]
    pub faire: String,
    /// Sous-lignes du papier.
    #[serde(default)]
    pub points: Vec<Point>,
    /// Observation imprimée du papier.
    #[serde(default)]
    pub observation: Option<String>,
    /// Délai.
    #[serde(default)]
    pub delai: Option<Delai>,
    /// Le fait qui la ferme.
    #[serde(default)]
    pub preuve: Option<Preuve>,
    /// Condition d'application.
    #[serde(default)]
    pub condition: Condition,
    /// Règle du règlement (« R37 »).
    #[serde(default)]
    pub regle: Option<String>,
    /// Page de la session où elle se fait.
    #[serde(default)]
    pub page: Option<String>,
    /// Le papier à produire, tel qu'on l'appelle.
    #[serde(default)]
    pub papier: Option<String>,
    /// Nom court sur la frise, si elle y figure.
    #[serde(default)]
    pub jalon: Option<String>,
}

#[derive(Deserialize)]
struct Modele {
    tache: Vec<Tache>,
}

static TACHES_2016: LazyLock<Vec<Tache>> = LazyLock::new(|| {
    toml::from_str::<Modele>(include_str!("../../../modeles/taches-2016.toml"))
        .expect("le modèle livré est relu par un essai")
        .tache
});

/// Le modèle de check-list de ce nom ; celui de 2016 à défaut.
pub fn modele(_nom: &str) -> &'static [Tache] {
    &TACHES_2016
}
