//! Données des convocations et de la décharge.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::commun::{Personne, Voie};

/// Convocation d'un candidat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConvocationCandidat {
    /// Le destinataire.
    pub candidat: Candidat,
    /// Voie d'accès, qui décide des pièces à apporter.
    pub voie: Voie,
    /// CCP à passer (« CCP 1 — Développer … ») ; vide pour une session titre entière.
    pub ccps: Vec<String>,
    /// Planning du candidat. Refusé s'il est vide, ou si un passage n'a pas de date, d'heure ou de lieu.
    pub passages: Vec<Passage>,
    /// Pièces demandées en plus de celles de la voie (dossier de projet, permis…).
    pub pieces_supplementaires: Vec<String>,
    /// EPI, vêtement de travail, outillage, habilitations exigés par le référentiel.
    pub equipements: Vec<String>,
    /// Vrai si un aménagement est accordé. Le document n'en dit jamais la nature.
    pub amenagement: bool,
    /// Composition du jury, si le centre la communique.
    pub jury: Vec<Personne>,
    /// Qui joindre au centre.
    pub contact: Option<Personne>,
    /// Date de la convocation que celle-ci annule et remplace.
    pub remplace: Option<Date>,
}

/// Un candidat tel qu'il s'imprime.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Candidat {
    /// Civilité en toutes lettres (« Madame ») pour la formule d'appel.
    pub civilite: Option<String>,
    /// Prénom et nom tels qu'ils s'impriment.
    pub nom: String,
    /// Date de naissance.
    pub naissance: Option<Date>,
    /// Courriel.
    pub courriel: Option<String>,
    /// Adresse postale, ligne par ligne.
    #[serde(default)]
    pub adresse: Vec<String>,
    /// Numéro ou identifiant du candidat dans la session.
    pub numero: Option<String>,
}

/// Un passage du candidat : une épreuve, un jour, une heure, un lieu.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Intitulé de l'épreuve.
    pub epreuve: String,
    /// Nature (« écrite », « pratique », « orale », « entretien »…).
    pub nature: String,
    /// Jour.
    pub date: Option<Date>,
    /// Heure de début (ou de présentation, préparation comprise).
    pub debut: Option<Time>,
    /// Heure de fin.
    pub fin: Option<Time>,
    /// Salle, atelier ou adresse.
    pub lieu: Option<String>,
    /// Durée de l'épreuve pour ce candidat, aménagement compris.
    pub duree_minutes: Option<u32>,
    /// Préparation comprise dans l'horaire.
    pub preparation_minutes: Option<u32>,
}

/// Décharge signée lors d'une remise en main propre.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decharge {
    /// Ce qui est remis (« la convocation à la session d'examen et le planning individuel »).
    pub document_remis: String,
    /// Qui reçoit.
    pub destinataire: String,
    /// Date de naissance du destinataire, si elle aide à l'identifier.
    pub naissance: Option<Date>,
    /// Qui remet, si on le sait déjà ; sinon une ligne à remplir.
    pub remettant: Option<String>,
    /// Jour de remise, s'il est déjà connu ; sinon une ligne à remplir.
    pub remis_le: Option<Date>,
}

/// Convocation d'un membre du jury.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConvocationJure {
    /// Le destinataire.
    pub jure: Personne,
    /// Civilité en toutes lettres pour la formule d'appel.
    pub civilite: Option<String>,
    /// Jours de présence. Refusé s'il n'y en a pas, ou si l'un n'a pas d'heure ou de lieu.
    pub jours: Vec<JourJury>,
    /// Épreuves à évaluer.
    pub epreuves: Vec<EpreuveJury>,
    /// CCP évalués ; vide pour une session titre entière.
    pub ccps: Vec<String>,
    /// Composition du jury, destinataire compris.
    pub jury: Vec<Personne>,
    /// Qui joindre, notamment en cas d'empêchement.
    pub contact: Option<Personne>,
    /// Date de la convocation que celle-ci annule et remplace.
    pub remplace: Option<Date>,
}

/// Un jour de présence d'un membre du jury.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JourJury {
    /// Jour.
    pub date: Option<Date>,
    /// Heure de présence demandée.
    pub debut: Option<Time>,
    /// Heure de fin prévue.
    pub fin: Option<Time>,
    /// Salle ou adresse.
    pub lieu: Option<String>,
    /// Nombre de candidats ce jour-là.
    pub nombre_candidats: Option<u32>,
}

/// Une épreuve, vue du jury.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpreuveJury {
    /// Intitulé de l'épreuve.
    pub epreuve: String,
    /// Durée par candidat.
    pub duree_minutes: Option<u32>,
    /// Vrai si le référentiel demande la présence du jury.
    pub jury_present: bool,
}

/// Convocation d'un surveillant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConvocationSurveillant {
    /// Le destinataire.
    pub surveillant: Personne,
    /// Civilité en toutes lettres pour la formule d'appel.
    pub civilite: Option<String>,
    /// Épreuves à surveiller. Refusé s'il n'y en a pas, ou si l'une n'a pas de date, d'heure ou de lieu.
    pub vacations: Vec<Vacation>,
    /// Qui joindre.
    pub contact: Option<Personne>,
    /// Date de la convocation que celle-ci annule et remplace.
    pub remplace: Option<Date>,
}

/// Une épreuve à surveiller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vacation {
    /// Intitulé de l'épreuve.
    pub epreuve: String,
    /// Jour.
    pub date: Option<Date>,
    /// Heure de présence demandée au surveillant.
    pub presence: Option<Time>,
    /// Début de l'épreuve.
    pub debut: Option<Time>,
    /// Fin de l'épreuve.
    pub fin: Option<Time>,
    /// Salle.
    pub lieu: Option<String>,
    /// Nombre de candidats.
    pub nombre_candidats: Option<u32>,
}
