//! Le jour J : qui est là, ce qui a été vu, quand chaque épreuve a vraiment commencé et fini. Rien ne s'efface.
//!
//! Sources : check-list (accueil du jury et des candidats, absents au PV, jury qui statue sur la mise en situation
//! avant l'entretien final) ; reglement.md §3.5 (retard : le responsable décide, l'heure de fin ne change pas).

mod decision;
mod evenements;

use super::Session;
use super::candidats::Candidat;
use crate::referentiel::{Epreuve, Modalite};
use crate::{CandidatId, JureId, PersonneId};
pub use decision::JURES_MIN;
pub(super) use decision::decider;
pub(super) use evenements::appliquer;
pub use evenements::{Action, Evenement};
use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Une personne qui vient les jours d'épreuves sans être candidate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "a", content = "id", rename_all = "snake_case")]
pub enum Venant {
    /// Un juré.
    Jure(JureId),
    /// Responsable, suppléant, surveillant.
    Equipe(PersonneId),
}

impl Venant {
    /// « jure », « equipe » : pour les formulaires.
    pub fn genre(&self) -> &'static str {
        match self {
            Self::Jure(_) => "jure",
            Self::Equipe(_) => "equipe",
        }
    }
    /// L'identifiant, sans son genre.
    pub fn id(&self) -> &str {
        match self {
            Self::Jure(i) => i.as_str(),
            Self::Equipe(i) => i.as_str(),
        }
    }
    /// Lit « jure », « id ».
    pub fn depuis(genre: &str, id: &str) -> Option<Self> {
        Some(match genre {
            "jure" => Self::Jure(id.parse().ok()?),
            "equipe" => Self::Equipe(id.parse().ok()?),
            _ => return None,
        })
    }
}

/// Ce que l'on vérifie ou rappelle à un juré à son arrivée.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// Identité vue.
    Identite,
    /// Habilitation vue.
    Habilitation,
    /// Rôle, responsabilité et déroulement rappelés.
    Role,
    /// Documentation fournie.
    Documentation,
    /// Plateau technique vérifié ensemble.
    Plateau,
}

impl Verification {
    /// Toutes.
    pub const TOUTES: [Verification; 5] = [
        Self::Identite,
        Self::Habilitation,
        Self::Role,
        Self::Documentation,
        Self::Plateau,
    ];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Identite => "Identité vue",
            Self::Habilitation => "Habilitation vue",
            Self::Role => "Rôle rappelé",
            Self::Documentation => "Documents remis",
            Self::Plateau => "Plateau vu ensemble",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Identite => "identite",
            Self::Habilitation => "habilitation",
            Self::Role => "role",
            Self::Documentation => "documentation",
            Self::Plateau => "plateau",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|v| v.code() == c)
    }
}

/// Ce que l'on vérifie d'un candidat à l'accueil. La pièce est vue, jamais copiée.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// Pièce d'identité.
    Identite,
    /// Convocation.
    Convocation,
    /// Dossier professionnel.
    Dp,
    /// Livret d'évaluations passées en cours de formation.
    Livret,
    /// Notification de recevabilité (VAE).
    Recevabilite,
    /// Vêtement de travail, équipement de protection, outillage.
    Epi,
    /// Livret de certification : les CCP déjà acquis.
    LivretCertification,
    /// Preuve du titre associé (CCS).
    TitreAssocie,
    /// Habilitation, permis ou autre préalable que le référentiel demande.
    Habilitation,
    /// Décision d'aménagement.
    DecisionAmenagement,
}

impl Piece {
    /// Toutes.
    pub const TOUTES: [Piece; 10] = [
        Self::Identite,
        Self::Convocation,
        Self::Dp,
        Self::Livret,
        Self::Recevabilite,
        Self::LivretCertification,
        Self::TitreAssocie,
        Self::Habilitation,
        Self::DecisionAmenagement,
        Self::Epi,
    ];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Identite => "Identité",
            Self::Convocation => "Convocation",
            Self::Dp => "Dossier professionnel",
            Self::Livret => "Livret d’évaluations",
            Self::Recevabilite => "Recevabilité VAE",
            Self::Epi => "Équipements",
            Self::LivretCertification => "Livret de certification",
            Self::TitreAssocie => "Titre associé",
            Self::Habilitation => "Habilitation ou préalable",
            Self::DecisionAmenagement => "Décision d’aménagement",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Identite => "identite",
            Self::Convocation => "convocation",
            Self::Dp => "dp",
            Self::Livret => "livret",
            Self::Recevabilite => "recevabilite",
            Self::Epi => "epi",
            Self::LivretCertification => "livret_certification",
            Self::TitreAssocie => "titre_associe",
            Self::Habilitation => "habilitation",
            Self::DecisionAmenagement => "decision_amenagement",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|p| p.code() == c)
    }
    /// Les pièces attendues de ce candidat, selon sa voie et la session.
    pub fn attendues(s: &Session, c: &Candidat) -> Vec<Piece> {
        let mut p = vec![Self::Identite, Self::Convocation, Self::Dp];
        match c.fiche.voie {
            Some(v) if v.est_formation() => p.push(Self::Livret),
            Some(super::candidats::Voie::Vae) => p.push(Self::Recevabilite),
            Some(_) | None => {}
        }
        let programme = s.programme.as_ref();
        let capitalise = c.parcours.situation == Some(super::parcours::Situation::Capitalisation);
        if capitalise || c.antecedents.iter().any(|a| !a.certificats.is_empty()) {
            p.push(Self::LivretCertification);
        }
        if programme.is_some_and(|p| p.type_session == super::programme::TypeSession::Ccs) {
            p.push(Self::TitreAssocie);
        }
        if programme.is_some_and(|p| p.referentiel.prerequis.is_some()) {
            p.push(Self::Habilitation);
        }
        if c.amenagement_accorde().is_some() {
            p.push(Self::DecisionAmenagement);
        }
        p.push(Self::Epi);
        p
    }
}

/// Un retard admis par le responsable : l'heure de fin ne change pas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retard {
    /// Début prévu.
    pub prevu: Time,
    /// Pourquoi il est admis.
    pub motif: String,
}

/// La présence d'un candidat, un jour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// Présent, arrivé à telle heure, en retard ou non.
    Present(DateTime, Option<Retard>),
    /// Absent.
    Absent,
}

/// Une sortie avant la fin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sortie {
    /// Exclu, par décision de qui en a le pouvoir : Garant consigne, il n'exclut pas.
    Exclusion,
    /// Abandon du candidat.
    Abandon,
}

impl Sortie {
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Exclusion => "Exclu",
            Self::Abandon => "A abandonné",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Exclusion => "exclusion",
            Self::Abandon => "abandon",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        [Self::Exclusion, Self::Abandon]
            .into_iter()
            .find(|s| s.code() == c)
    }
}

/// Comment un candidat a signé la feuille d'émargement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "par", rename_all = "snake_case")]
pub enum Signature {
    /// À la main, sur la feuille de papier.
    Papier,
    /// Dessinée sur l'écran : un élément de preuve, pas une signature électronique présumée fiable.
    Dessin {
        /// La pièce stockée.
        piece: crate::PieceId,
        /// SHA-256 de ses octets, en hexadécimal.
        empreinte: String,
    },
}

/// Où en est un candidat, un jour donné.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statut {
    /// Attendu, pas encore arrivé.
    Attendu,
    /// Présent.
    Present,
    /// Absent.
    Absent,
    /// Exclu.
    Exclu,
    /// A abandonné.
    Abandon,
}

impl Statut {
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Attendu => "Attendu",
            Self::Present => "Présent",
            Self::Absent => "Absent",
            Self::Exclu => "Exclu",
            Self::Abandon => "A abandonné",
        }
    }
    /// Classe de la feuille de style.
    pub fn code(self) -> &'static str {
        match self {
            Self::Attendu => "neutre",
            Self::Present => "fait",
            Self::Absent | Self::Exclu => "retard",
            Self::Abandon => "proche",
        }
    }
}

/// Une épreuve réellement passée.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observee {
    /// Début observé.
    pub debut: DateTime,
    /// Fin observée.
    pub fin: Option<DateTime>,
}

/// Tout ce qui a été noté les jours d'épreuves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Jour {
    /// Arrivées et départs, par personne.
    pub venues: BTreeMap<Venant, Vec<(DateTime, Option<DateTime>)>>,
    /// Ce qui a été vérifié ou rappelé à un juré, et quand.
    pub verifications: BTreeMap<(JureId, Verification), DateTime>,
    /// Présence des candidats, par jour.
    pub presences: BTreeMap<(CandidatId, Date), Presence>,
    /// Émargements, par jour.
    pub signatures: BTreeMap<(CandidatId, Date), (Signature, DateTime)>,
    /// Pièces vues.
    pub pieces: BTreeMap<(CandidatId, Piece), DateTime>,
    /// Sorties avant la fin, avec leur raison.
    pub sorties: BTreeMap<CandidatId, (Sortie, DateTime, String)>,
    /// Épreuves observées, par candidat et code d'épreuve.
    pub epreuves: BTreeMap<(CandidatId, String), Observee>,
    /// Le jury a statué sur la mise en situation.
    pub statue: BTreeMap<CandidatId, DateTime>,
}

impl Jour {
    /// Le candidat est-il noté présent ce jour ?
    pub fn est_present(&self, c: &CandidatId, le: Date) -> bool {
        matches!(
            self.presences.get(&(c.clone(), le)),
            Some(Presence::Present(..))
        )
    }
    /// A-t-il été présent au moins un jour ?
    pub fn est_venu(&self, c: &CandidatId) -> bool {
        self.presences
            .iter()
            .any(|((id, _), p)| id == c && matches!(p, Presence::Present(..)))
    }
    /// Noté absent, et jamais présent.
    pub fn est_absent(&self, c: &CandidatId) -> bool {
        !self.est_venu(c)
            && self
                .presences
                .iter()
                .any(|((id, _), p)| id == c && *p == Presence::Absent)
    }
    /// Où il en est ce jour.
    pub fn statut(&self, c: &CandidatId, le: Date) -> Statut {
        match self.sorties.get(c) {
            Some((Sortie::Exclusion, ..)) => return Statut::Exclu,
            Some((Sortie::Abandon, ..)) => return Statut::Abandon,
            None => {}
        }
        match self.presences.get(&(c.clone(), le)) {
            None => Statut::Attendu,
            Some(Presence::Present(..)) => Statut::Present,
            Some(Presence::Absent) => Statut::Absent,
        }
    }
    /// La personne est-elle là à cet instant ?
    pub fn est_la(&self, v: &Venant, a: DateTime) -> bool {
        self.venues.get(v).is_some_and(|p| {
            p.iter()
                .any(|(d, f)| *d <= a && d.date() == a.date() && f.is_none_or(|f| a <= f))
        })
    }
    /// L'épreuve observée.
    pub fn observee(&self, c: &CandidatId, epreuve: &str) -> Option<&Observee> {
        self.epreuves.get(&(c.clone(), epreuve.to_owned()))
    }
}

/// Une épreuve est-elle une mise en situation (ou un projet qui en tient lieu) ?
pub fn est_mise_en_situation(e: &Epreuve) -> bool {
    matches!(e.modalite, Modalite::Msp | Modalite::Projet)
}
