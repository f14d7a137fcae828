//! Le procès-verbal et ses suites : l'ordre de la check-list, tenu. L'original est sur papier ; CERES l'édite ; Garant le suit.
//!
//! Sources : check-list (« Après la session ») ; reglement.md R91 à R98. La liste des lauréats ne s'affiche qu'une
//! fois revenue la copie signée de l'administration.

mod decision;
mod evenements;

use super::Session;
use super::deliberation::{self, Issue};
use super::equipe::Poste;
use crate::PieceId;
use crate::echeances::jours_apres;
pub(super) use decision::decider;
pub(super) use evenements::appliquer;
pub use evenements::{Action, Evenement, Pas};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// Une étape du procès-verbal, dans l'ordre de la check-list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Etape {
    /// Résultats transcrits sur le procès-verbal.
    Transcrit,
    /// Fiches individuelles de résultats signées par le jury.
    FichesSignees,
    /// Résultats enregistrés dans CERES.
    Ceres,
    /// Procès-verbal édité.
    Edite,
    /// Signé par tous les jurés.
    SigneJury,
    /// Observations complétées par le jury (s'il y a eu un incident, ou une dérogation à porter au PV).
    Observations,
    /// Signé par le surveillant (s'il y en a un).
    SigneSurveillant,
    /// Contresigné par le responsable.
    Contresigne,
    /// Original envoyé à l'administration.
    Envoye,
    /// Candidats informés de la façon de retirer leur titre ou leur livret.
    CandidatsInformes,
    /// Copie revenue, signée par l'administration.
    CopieRevenue,
    /// Liste des lauréats affichée.
    Affiche,
}

impl Etape {
    /// Toutes, dans l'ordre.
    pub const TOUTES: [Etape; 12] = [
        Self::Transcrit,
        Self::FichesSignees,
        Self::Ceres,
        Self::Edite,
        Self::SigneJury,
        Self::Observations,
        Self::SigneSurveillant,
        Self::Contresigne,
        Self::Envoye,
        Self::CandidatsInformes,
        Self::CopieRevenue,
        Self::Affiche,
    ];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Transcrit => "Résultats transcrits",
            Self::FichesSignees => "Fiches individuelles signées par le jury",
            Self::Ceres => "Résultats enregistrés dans CERES",
            Self::Edite => "Procès-verbal édité",
            Self::SigneJury => "Signé par tous les jurés",
            Self::Observations => "Observations complétées",
            Self::SigneSurveillant => "Signé par le surveillant",
            Self::Contresigne => "Contresigné par le responsable",
            Self::Envoye => "Original envoyé à l’administration",
            Self::CandidatsInformes => "Candidats informés du retrait",
            Self::CopieRevenue => "Copie revenue signée",
            Self::Affiche => "Liste des lauréats affichée",
        }
    }
    /// Le geste qui y mène, pour un bouton.
    pub fn geste(self) -> &'static str {
        match self {
            Self::Transcrit => "Noter la transcription",
            Self::FichesSignees => "Noter les signatures des fiches",
            Self::Ceres => "Noter l’enregistrement dans CERES",
            Self::Edite => "Noter l’édition",
            Self::SigneJury => "Noter les signatures du jury",
            Self::Observations => "Noter les observations",
            Self::SigneSurveillant => "Noter la signature du surveillant",
            Self::Contresigne => "Contresigner",
            Self::Envoye => "Noter l’envoi",
            Self::CandidatsInformes => "Noter l’information des candidats",
            Self::CopieRevenue => "Noter le retour de la copie",
            Self::Affiche => "Noter l’affichage",
        }
    }
    /// Code stocké.
    pub fn code(self) -> &'static str {
        match self {
            Self::Transcrit => "transcrit",
            Self::FichesSignees => "fiches_signees",
            Self::Ceres => "ceres",
            Self::Edite => "edite",
            Self::SigneJury => "signe_jury",
            Self::Observations => "observations",
            Self::SigneSurveillant => "signe_surveillant",
            Self::Contresigne => "contresigne",
            Self::Envoye => "envoye",
            Self::CandidatsInformes => "candidats_informes",
            Self::CopieRevenue => "copie_revenue",
            Self::Affiche => "affiche",
        }
    }
    /// L'étape a-t-elle un objet dans cette session ?
    pub fn a_un_objet(self, s: &Session) -> bool {
        match self {
            Self::Observations => {
                s.pv.franchie(self).is_some()
                    || !s.incidents.is_empty()
                    || (!s.pv.contresigne() && s.derogations.iter().any(|d| d.au_pv))
            }
            Self::SigneSurveillant => s.equipe.a(Poste::Surveillant).next().is_some(),
            Self::Transcrit
            | Self::FichesSignees
            | Self::Ceres
            | Self::Edite
            | Self::SigneJury
            | Self::Contresigne
            | Self::Envoye
            | Self::CandidatsInformes
            | Self::CopieRevenue
            | Self::Affiche => true,
        }
    }
}

/// Par quel canal l'original part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Canal {
    /// Lettre recommandée avec avis de réception.
    LrAr,
    /// Dépôt en ligne.
    Depot,
    /// Remise en main propre.
    MainPropre,
}

impl Canal {
    /// Tous.
    pub const TOUS: [Canal; 3] = [Self::LrAr, Self::Depot, Self::MainPropre];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::LrAr => "Lettre recommandée (LR/AR)",
            Self::Depot => "Dépôt en ligne",
            Self::MainPropre => "Remise en main propre",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::LrAr => "lr_ar",
            Self::Depot => "depot",
            Self::MainPropre => "main_propre",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|x| x.code() == c)
    }
}

/// Une étape franchie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Franchie {
    /// Laquelle.
    pub etape: Etape,
    /// Quand.
    pub survenu: DateTime,
    /// Par qui.
    pub par: String,
    /// Ce qui s'est dit.
    pub detail: String,
    /// Rang au journal.
    pub rang: u64,
}

/// Le papier signé, numérisé.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// La pièce stockée.
    pub piece: PieceId,
    /// SHA-256 des octets, en hexadécimal.
    pub empreinte: String,
    /// Nom du fichier.
    pub nom: String,
}

/// Le procès-verbal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pv {
    /// Étapes franchies, dans l'ordre.
    pub etapes: Vec<Franchie>,
    /// Scans joints, dans l'ordre.
    pub scans: Vec<Scan>,
    /// Combien de fois il a été repris depuis la transcription.
    pub reprises: u32,
}

impl Pv {
    /// Une étape franchie.
    pub fn franchie(&self, e: Etape) -> Option<&Franchie> {
        self.etapes.iter().find(|f| f.etape == e)
    }
    /// Est-il contresigné ?
    pub fn contresigne(&self) -> bool {
        self.franchie(Etape::Contresigne).is_some()
    }
    /// Une décision a changé : tout se refait depuis la transcription.
    pub(super) fn reprendre(&mut self) {
        if !self.etapes.is_empty() {
            self.etapes.clear();
            self.reprises += 1;
        }
    }
    /// L'étape à franchir, si la délibération est close et s'il en reste une.
    pub fn prochaine(s: &Session) -> Option<Etape> {
        s.deliberation.close?;
        Etape::TOUTES
            .into_iter()
            .filter(|e| e.a_un_objet(s))
            .find(|e| s.pv.franchie(*e).is_none())
    }
}

/// Date limite d'envoi de l'original : quinze jours après la fin, ou ce que le centre a réglé (R95).
pub fn limite_envoi(s: &Session) -> Option<Date> {
    s.programme
        .as_ref()
        .map(|p| jours_apres(p.fin, s.cadre.valeur("R95")))
}

/// Ce que les observations du procès-verbal doivent dire : incidents, puis dérogations à y porter.
pub fn observations(s: &Session) -> Vec<String> {
    let derogations = s.derogations.iter().filter(|d| d.au_pv).map(|d| {
        format!(
            "Dérogation à la règle {} : {} Motif : {}.",
            d.code,
            d.phrase,
            d.motif.trim_end_matches('.')
        )
    });
    s.incidents
        .iter()
        .map(super::incidents::Incident::ligne_pv)
        .chain(derogations)
        .collect()
}

/// La liste à afficher : ceux qui ont validé un titre, un CCP ou un CCS, et quoi (R97). Jamais un refus, jamais une absence.
pub fn laureats(s: &Session) -> Vec<(String, String)> {
    let mut l: Vec<_> = s
        .inscrits()
        .filter_map(|c| {
            let d = s.deliberation.decisions.get(&c.id)?;
            let certificats: Vec<_> = d
                .certificats
                .iter()
                .filter(|(_, x)| **x == deliberation::Sort::Attribue)
                .map(|(c, _)| c.as_str())
                .collect();
            let titre = s
                .programme
                .as_ref()
                .is_some_and(|p| p.type_session == super::programme::TypeSession::Titre);
            let quoi = match d.issue {
                Issue::Reussite if titre => "Titre professionnel".to_owned(),
                Issue::Reussite | Issue::Partielle if !certificats.is_empty() => {
                    certificats.join(", ")
                }
                Issue::Reussite | Issue::Partielle | Issue::Echec | Issue::Absence => return None,
            };
            Some((c.fiche.nom_complet(), quoi))
        })
        .collect();
    l.sort();
    l
}
