//! Ce qu'une décision a le droit de savoir du monde, et ce qu'elle répond.

use crate::{Evenement, PersonneId, temps};
use jiff::ZonedDateTime;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Le rôle sous lequel une personne agit. La table `peut` dit qui peut essayer quoi.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Administre le centre : comptes, sites, référentiels ; voit toutes les sessions.
    Administrateur,
    /// Responsable de cette session.
    Responsable,
    /// Suppléant de cette session.
    Suppleant,
    /// Secrétariat du centre.
    Secretariat,
    /// Coordinateur des formateurs.
    Coordinateur,
    /// Direction du centre : lit tout.
    Directeur,
    /// Surveillant : lit sa session.
    Surveillant,
    /// Inspecteur : lit, rien d'autre.
    Inspecteur,
}

impl Role {
    /// Tous les rôles.
    pub const TOUS: [Role; 8] = [
        Self::Administrateur,
        Self::Responsable,
        Self::Suppleant,
        Self::Secretariat,
        Self::Coordinateur,
        Self::Directeur,
        Self::Surveillant,
        Self::Inspecteur,
    ];

    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Administrateur => "Administrateur du centre",
            Self::Responsable => "Responsable de session",
            Self::Suppleant => "Suppléant de session",
            Self::Secretariat => "Secrétariat",
            Self::Coordinateur => "Coordinateur des formateurs",
            Self::Directeur => "Direction",
            Self::Surveillant => "Surveillant",
            Self::Inspecteur => "Inspecteur (lecture)",
        }
    }

    /// Code stocké.
    pub fn code(self) -> &'static str {
        match self {
            Self::Administrateur => "administrateur",
            Self::Responsable => "responsable",
            Self::Suppleant => "suppleant",
            Self::Secretariat => "secretariat",
            Self::Coordinateur => "coordinateur",
            Self::Directeur => "directeur",
            Self::Surveillant => "surveillant",
            Self::Inspecteur => "inspecteur",
        }
    }

    /// Retrouve par le code.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|r| r.code() == code)
    }
}

/// La nature d'un geste, pour la table des droits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nature {
    /// Lire la session.
    Lire,
    /// Programmer, déplacer, annuler ; composer l'équipe.
    Programmer,
    /// Inscrire et corriger les candidats, éditer et remettre les papiers.
    Preparer,
    /// Composer le jury, établir le planning, fermer ou rouvrir une tâche.
    Organiser,
    /// Garder les plis.
    Garder,
    /// Tenir le jour J : présences, épreuves, incidents.
    Derouler,
    /// Transcrire la délibération, suivre le procès-verbal.
    Conclure,
    /// Emporter le dossier de contrôle.
    Controler,
    /// Lire et noter l'aménagement d'un candidat : seuls ceux qui en ont besoin.
    Confier,
    /// Ranger les archives, noter un recours, proposer ou confirmer une purge.
    Archiver,
}

/// Qui peut essayer quoi. La régularité, elle, est l'affaire du règlement.
pub fn peut(role: Role, nature: Nature) -> bool {
    use Nature as N;
    use Role as R;
    match (role, nature) {
        (_, N::Lire) => true,
        (R::Responsable | R::Suppleant | R::Secretariat, N::Confier) => true,
        (_, N::Confier) => false,
        (R::Administrateur | R::Responsable | R::Suppleant, _) => true,
        (R::Secretariat, N::Preparer | N::Organiser | N::Programmer | N::Garder) => true,
        (R::Secretariat, N::Derouler | N::Conclure | N::Controler | N::Archiver) => false,
        (R::Coordinateur, N::Preparer) => true,
        (
            R::Coordinateur,
            N::Programmer
            | N::Organiser
            | N::Garder
            | N::Derouler
            | N::Conclure
            | N::Controler
            | N::Archiver,
        ) => false,
        (R::Directeur, N::Controler | N::Archiver) | (R::Inspecteur, N::Controler) => true,
        (R::Surveillant, N::Controler | N::Archiver) | (R::Inspecteur, N::Archiver) => false,
        (
            R::Directeur | R::Surveillant | R::Inspecteur,
            N::Programmer | N::Preparer | N::Organiser | N::Garder | N::Derouler | N::Conclure,
        ) => false,
    }
}

/// La personne qui tient le clavier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acteur {
    /// Son identifiant.
    pub personne: PersonneId,
    /// Son nom, tel qu'il sera montré au journal.
    pub nom: String,
    /// Le rôle sous lequel elle agit.
    pub role: Role,
}

/// Ce que le centre apprend à une décision : ce qui n'est dans le journal d'aucune session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Voisinage {
    /// Les réglages du centre et les agréments du site pour ce titre, en vigueur ce jour.
    pub cadre: crate::session::cadre::Cadre,
    /// Les résultats passés de la personne en cause, dans les sessions du centre auxquelles on l'a reliée.
    pub anterieurs: Vec<crate::session::parcours::Antecedent>,
}

impl Voisinage {
    /// Un centre qui n'a rien réglé ni noté.
    pub const VIDE: Voisinage = Voisinage {
        cadre: crate::session::cadre::Cadre {
            reglages: vec![],
            agrements: vec![],
            habitudes: vec![],
        },
        anterieurs: vec![],
    };
}

/// Tout ce qu'une décision a le droit de savoir du monde.
#[derive(Debug, Clone)]
pub struct Contexte<'a> {
    /// Qui saisit.
    pub acteur: Acteur,
    /// Qui a réellement fait le geste (souvent la même personne).
    pub realise_par: PersonneId,
    /// L'instant, donné par l'horloge du serveur.
    pub maintenant: ZonedDateTime,
    /// Le motif écrit, pour une correction ou une dérogation.
    pub motif: Option<String>,
    /// Le rang du journal que la personne avait sous les yeux.
    pub vu_au_rang: Option<u64>,
    /// Ce que l'on sait du centre.
    pub voisinage: &'a Voisinage,
}

impl Contexte<'_> {
    /// Le jour civil à Paris.
    pub fn jour(&self) -> Date {
        temps::jour_a_paris(&self.maintenant)
    }

    /// Le motif, s'il dit quelque chose (trois caractères au moins).
    pub fn motif_ecrit(&self) -> Option<&str> {
        self.motif
            .as_deref()
            .map(str::trim)
            .filter(|m| m.chars().count() >= 3)
    }
}

/// La force d'une règle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Force {
    /// Simple information.
    Information,
    /// Avertit sans arrêter.
    Alerte,
    /// Demande un motif écrit, qui va au journal.
    Derogeable,
    /// Refuse : personne ne peut y déroger.
    Interdit,
}

impl Force {
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Information => "Information",
            Self::Alerte => "Alerte",
            Self::Derogeable => "Dérogation motivée",
            Self::Interdit => "Interdit",
        }
    }
    /// Classe de la feuille de style.
    pub fn code(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Alerte => "alerte",
            Self::Derogeable => "derogeable",
            Self::Interdit => "interdit",
        }
    }
}

/// Ce que l'on constate : une phrase, ce qu'il faut faire, la règle qui parle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constat {
    /// Code de la règle (« R37 ») ou du contrôle de saisie (« SAI-02 »).
    pub code: String,
    /// Ce qui est constaté, avec ses nombres et ses noms.
    pub phrase: String,
    /// Ce qu'il faut faire ensuite.
    pub remede: String,
    /// La force de la règle.
    pub force: Force,
    /// Sur quoi porte le constat (un candidat, un juré…) : deux constats de même code et même objet sont le même.
    pub objet: String,
    /// Le champ du formulaire en cause, s'il y en a un.
    pub champ: Option<String>,
    /// La page où l'on y remédie, relative à la session (« candidats », « jury »…).
    pub page: Option<String>,
    /// Vrai quand il manque encore quelque chose sans que rien ne soit enfreint : se montre, ne pèse sur aucun geste.
    pub manque: bool,
}

impl Constat {
    /// Un constat sur un champ de formulaire : refuse, et dit comment corriger.
    pub fn saisie(champ: &str, phrase: impl Into<String>, remede: impl Into<String>) -> Self {
        Self {
            code: "SAI".into(),
            phrase: phrase.into(),
            remede: remede.into(),
            force: Force::Interdit,
            objet: champ.into(),
            champ: Some(champ.into()),
            page: None,
            manque: false,
        }
    }
    /// Un geste qu'un motif écrit permet : ce que l'on demande avant de l'enregistrer.
    pub fn derogation(
        code: &str,
        objet: impl Into<String>,
        page: &str,
        phrase: impl Into<String>,
        remede: impl Into<String>,
    ) -> Self {
        Self {
            code: code.into(),
            phrase: phrase.into(),
            remede: remede.into(),
            objet: objet.into(),
            champ: Some("motif".into()),
            force: Force::Derogeable,
            page: Some(page.into()),
            manque: false,
        }
    }

    /// Un geste impossible dans l'état présent.
    pub fn geste(code: &str, phrase: impl Into<String>, remede: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            phrase: phrase.into(),
            remede: remede.into(),
            force: Force::Interdit,
            objet: String::new(),
            champ: None,
            page: None,
            manque: false,
        }
    }
}

/// Un refus : au moins un constat, toujours montrable. Rien n'a changé.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.constats.iter().map(|c| c.phrase.as_str()).collect::<Vec<_>>().join(" "))]
pub struct Refus {
    /// Pourquoi, jamais vide.
    pub constats: Vec<Constat>,
}

impl From<Constat> for Refus {
    fn from(c: Constat) -> Self {
        Self { constats: vec![c] }
    }
}

impl Refus {
    /// Le refus attend-il seulement un motif écrit ?
    pub fn demande_motif(&self) -> bool {
        self.constats
            .iter()
            .all(|c| c.force == Force::Derogeable || c.champ.as_deref() == Some("motif"))
    }

    /// Le geste a-t-il été devancé par quelqu'un d'autre ?
    pub fn est_devance(&self) -> bool {
        self.constats.iter().any(|c| c.code == "VU")
    }
}

/// Ce qu'il faut faire hors du noyau quand la décision est prise (boîte d'envoi).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "suite", rename_all = "snake_case")]
pub enum Suite {
    /// Prévenir une personne par courriel.
    Prevenir {
        /// Qui prévenir.
        personne: PersonneId,
        /// De quoi.
        objet: String,
        /// Ce qu'on lui dit.
        #[serde(default)]
        texte: String,
        /// La page de la session où agir, ou vide.
        #[serde(default)]
        page: String,
    },
    /// Écrire à un juré sollicité, ou le relancer.
    Solliciter {
        /// Numéro de la sollicitation.
        numero: u32,
        /// Est-ce une relance ?
        relance: bool,
    },
    /// Envoyer une convocation figée.
    Convoquer {
        /// À qui.
        destinataire: crate::convocations::Destinataire,
        /// À quelle adresse.
        adresse: String,
        /// La pièce figée.
        piece: crate::PieceId,
        /// Qui l'a demandé : la remise sera notée à son nom.
        par: PersonneId,
    },
}

/// Une décision prise : ce qui s'est passé, ce que l'on a constaté, ce qu'il faut faire ensuite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Les événements à inscrire, dans l'ordre. Vide : il n'y avait rien à changer.
    pub evenements: Vec<Evenement>,
    /// Les alertes nouvelles.
    pub constats: Vec<Constat>,
    /// Les suites.
    pub suites: Vec<Suite>,
}
