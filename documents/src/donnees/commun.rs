//! Ce que tous les documents d'une session partagent : le centre, la session, l'édition.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Tout ce qui s'imprime sur chaque page : qui édite, pour quelle session, quand, d'après quel journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entete {
    /// Le centre qui édite.
    pub centre: Centre,
    /// La session d'examen.
    pub session: Session,
    /// Date et heure civiles d'édition (Europe/Paris), fournies par l'appelant.
    pub edite_le: DateTime,
    /// Tête du journal au moment de l'édition.
    pub journal: Option<TeteJournal>,
    /// Les textes récrits par le centre, par code ([`crate::textes`]) ; un code absent garde le texte livré.
    #[serde(default)]
    pub textes: BTreeMap<String, String>,
    /// Vrai si le centre n'envoie aucune convocation sans le numéro CERES.
    #[serde(default)]
    pub exige_ceres: bool,
}

/// Le centre agréé.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Centre {
    /// Raison sociale.
    pub nom: String,
    /// Adresse postale, ligne par ligne.
    pub adresse: Vec<String>,
    /// SIRET, tel qu'il doit s'imprimer.
    pub siret: Option<String>,
    /// Numéro de déclaration d'activité.
    pub nda: Option<String>,
    /// Téléphone du secrétariat des examens.
    pub telephone: Option<String>,
    /// Courriel du secrétariat des examens.
    pub courriel: Option<String>,
    /// Ville de signature (« Fait à … »).
    pub ville: Option<String>,
    /// Logo du centre.
    #[serde(skip)]
    pub logo: Option<Logo>,
}

/// Une image déposée par le centre.
#[derive(Debug, Clone, PartialEq)]
pub struct Logo {
    /// Nature du fichier.
    pub nature: NatureLogo,
    /// Octets du fichier.
    pub octets: Vec<u8>,
}

/// Natures d'image acceptées.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NatureLogo {
    /// Image PNG.
    Png,
    /// Image JPEG.
    Jpeg,
    /// Dessin SVG.
    Svg,
}

/// La session d'examen, telle qu'elle s'imprime.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Intitulé du titre professionnel.
    pub titre: String,
    /// Sigle du titre.
    pub sigle: Option<String>,
    /// Code du titre et millésime (« TP-01280m04 »).
    pub code_titre: Option<String>,
    /// Titre entier, CCP ou CCS.
    pub type_session: TypeSession,
    /// Numéro de session CERES ; « à compléter » s'il manque.
    pub numero_ceres: Option<String>,
    /// Premier jour.
    pub debut: Option<Date>,
    /// Dernier jour.
    pub fin: Option<Date>,
    /// Nom du site d'examen.
    pub site: Option<String>,
    /// Adresse du site, ligne par ligne.
    pub adresse: Vec<String>,
    /// Responsable de session.
    pub responsable: Option<Personne>,
    /// Suppléant du responsable.
    pub suppleant: Option<Personne>,
    /// Nombre de candidats attendus.
    pub nombre_candidats: Option<u32>,
}

/// Ce que la session délivre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TypeSession {
    /// Le titre professionnel entier.
    Titre,
    /// Un ou plusieurs certificats de compétences professionnelles.
    Ccp,
    /// Un certificat complémentaire de spécialisation.
    Ccs,
}

/// Par quelle voie le candidat se présente ; elle décide des pièces à apporter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Voie {
    /// Parcours de formation continue.
    Formation,
    /// Contrat d'apprentissage.
    Apprentissage,
    /// Contrat de professionnalisation.
    Professionnalisation,
    /// Validation des acquis de l'expérience.
    Vae,
    /// Complète un titre déjà validé en partie.
    Capitalisation,
    /// Se représente après un échec ou une absence.
    Repassage,
}

/// Une personne citée ou destinataire.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Personne {
    /// Nom tel qu'il s'imprime, civilité comprise (« Mme Claire DURAND »).
    pub nom: String,
    /// Qualité, fonction ou métier.
    pub qualite: Option<String>,
    /// Courriel.
    pub courriel: Option<String>,
    /// Téléphone.
    pub telephone: Option<String>,
    /// Adresse postale, ligne par ligne.
    #[serde(default)]
    pub adresse: Vec<String>,
}

/// Tête du journal de la session : le papier signé en devient l'ancre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeteJournal {
    /// Rang de la dernière ligne.
    pub rang: u64,
    /// Empreinte abrégée (« 7f3a 9c01 e4d2 55b8 »).
    pub empreinte: String,
}
