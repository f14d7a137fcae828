//! Données des papiers en tableau : planning, check-list, émargements.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// Planning à afficher, ou d'une seule personne : une table par jour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanningAffichage {
    /// Les jours, dans l'ordre.
    pub jours: Vec<JourPlanning>,
    /// La personne à qui il est remis ; rien : il s'affiche.
    #[serde(default)]
    pub pour: Option<PourQui>,
}

/// À qui un planning personnel est remis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PourQui {
    /// Nom.
    pub nom: String,
    /// « Candidat », « Membre du jury », « Surveillant ».
    pub qualite: String,
    /// En-tête de la colonne des personnes : rien pour un candidat, qui est seul.
    pub colonne: Option<String>,
}

/// Un jour du planning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JourPlanning {
    /// Jour.
    pub date: Date,
    /// Passages, dans l'ordre où les afficher.
    pub lignes: Vec<LignePlanning>,
}

/// Un passage affiché.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LignePlanning {
    /// Début.
    pub debut: Option<Time>,
    /// Fin.
    pub fin: Option<Time>,
    /// Candidat, ou « Tous les candidats ».
    pub candidat: String,
    /// Intitulé de l'épreuve.
    pub epreuve: String,
    /// Nature de l'épreuve.
    pub nature: String,
    /// Salle ou atelier.
    pub lieu: Option<String>,
    /// Jury ou surveillant, si le centre l'affiche.
    pub encadrement: Option<String>,
}

/// Check-list du responsable de session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckList {
    /// Les trois temps de la session, dans l'ordre.
    pub phases: Vec<Phase>,
}

/// Un temps de la session (« En amont de la session »).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// Intitulé.
    pub intitule: String,
    /// Tâches, dans l'ordre du papier.
    pub taches: Vec<TacheImprimee>,
}

/// Une ligne de la check-list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TacheImprimee {
    /// Ce qu'il faut faire.
    pub intitule: String,
    /// Points à vérifier, une puce chacun.
    pub points: Vec<PointImprime>,
    /// État, qui remplit les colonnes « Fait » et « À faire ».
    pub etat: EtatTache,
    /// Échéance, montrée dans « À faire ».
    pub echeance: Option<Date>,
    /// Colonne « Observation(s) » : un paragraphe chacune.
    pub observations: Vec<String>,
    /// Colonne « Qui ».
    pub qui: Option<String>,
}

/// Un point d'une tâche.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointImprime {
    /// Ce qu'il faut vérifier.
    pub intitule: String,
    /// Vérifié ?
    pub verifie: bool,
}

/// État d'une tâche.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "nature", rename_all = "kebab-case")]
pub enum EtatTache {
    /// Reste à faire.
    AFaire,
    /// Faite ce jour-là.
    Terminee {
        /// Jour.
        le: Date,
    },
    /// Ne concerne pas cette session.
    SansObjet,
    /// Colonnes vides, à remplir au stylo.
    ARemplir,
}

/// Feuille d'émargement des candidats, pour une épreuve et un jour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Emargement {
    /// Intitulé de l'épreuve.
    pub epreuve: String,
    /// Nature de l'épreuve.
    pub nature: String,
    /// Durée réglementaire.
    pub duree_minutes: Option<u32>,
    /// Jour.
    pub date: Option<Date>,
    /// Salle.
    pub lieu: Option<String>,
    /// Candidats attendus.
    pub lignes: Vec<LigneEmargement>,
    /// Jurés appelés à viser la feuille.
    pub jures: Vec<String>,
    /// Surveillant appelé à viser la feuille.
    pub surveillant: Option<String>,
}

/// Un candidat sur la feuille d'émargement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LigneEmargement {
    /// Numéro ou identifiant.
    pub numero: String,
    /// Prénom et nom.
    pub nom: String,
    /// Début prévu.
    pub debut: Option<Time>,
    /// Fin prévue.
    pub fin: Option<Time>,
}

/// Feuille d'émargement du jury, pour un jour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmargementJury {
    /// Jour.
    pub date: Option<Date>,
    /// Membres du jury attendus.
    pub jures: Vec<super::commun::Personne>,
}
