//! Plis d'épreuves : une chaîne de garde qui ne saute ni ne recule. Jamais le contenu d'un sujet.
//!
//! Sources : check-list (réception, coffre, pli « organisation », plis cachetés devant un candidat, contenu
//! vérifié seul, destruction), reglement.md §5. Un scellé rompu ou un contenu non conforme n'est pas une erreur
//! de saisie : c'est un incident gardé, qui arrête la distribution jusqu'à la décision de l'administration.

mod decision;
mod evenements;

use super::Session;
use super::incidents::Decision;
use crate::etiquette::etiquete;
use crate::{CandidatId, PliId};
pub(super) use decision::decider;
pub(super) use evenements::appliquer;
pub use evenements::{Action, Evenement};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// Nombre maximal de plis d'une session (limite de Garant).
pub const PLIS_MAX: usize = 60;

/// Ce que le pli contient, sans en rien dire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sorte {
    /// Pli « organisation » : le seul qui s'ouvre avant la session, pour préparer le plateau.
    Organisation,
    /// Plis des candidats et du jury.
    Epreuves,
}

impl Sorte {
    /// Toutes.
    pub const TOUTES: [Sorte; 2] = [Self::Organisation, Self::Epreuves];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Organisation => "Pli « organisation »",
            Self::Epreuves => "Pli d’épreuves",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Epreuves => "epreuves",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|s| s.code() == c)
    }
}

/// Une étape de la garde, dans l'ordre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Etape {
    /// Commandé à l'unité des épreuves.
    Commande,
    /// Reçu.
    Recu,
    /// Au coffre.
    AuCoffre,
    /// Lu (pli « organisation » seulement).
    Lu,
    /// Sorti du coffre.
    Sorti,
    /// Scellés constatés devant un candidat.
    Constate,
    /// Ouvert.
    Ouvert,
    /// Contenu contrôlé par le responsable seul.
    Controle,
    /// Sujets distribués.
    Distribue,
    /// Sujets repris.
    Repris,
    /// Sujets détruits.
    Detruit,
}

impl Etape {
    /// L'étape d'après, la seule permise. Rien après la destruction.
    pub fn suivante(self, sorte: Sorte) -> Option<Etape> {
        Some(match (self, sorte) {
            (Self::Commande, _) => Self::Recu,
            (Self::Recu, _) => Self::AuCoffre,
            (Self::AuCoffre, Sorte::Organisation) => Self::Lu,
            (Self::AuCoffre, Sorte::Epreuves) => Self::Sorti,
            (Self::Sorti, _) => Self::Constate,
            (Self::Constate, _) => Self::Ouvert,
            (Self::Ouvert, _) => Self::Controle,
            (Self::Controle, _) => Self::Distribue,
            (Self::Distribue, _) => Self::Repris,
            (Self::Lu | Self::Repris, _) => Self::Detruit,
            (Self::Detruit, _) => return None,
        })
    }
    /// Toutes les étapes de cette sorte de pli, dans l'ordre.
    pub fn chaine(sorte: Sorte) -> Vec<Etape> {
        std::iter::successors(Some(Self::Commande), |e| e.suivante(sorte)).collect()
    }
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Commande => "Commandé",
            Self::Recu => "Reçu",
            Self::AuCoffre => "Au coffre",
            Self::Lu => "Lu",
            Self::Sorti => "Sorti du coffre",
            Self::Constate => "Scellés constatés",
            Self::Ouvert => "Ouvert",
            Self::Controle => "Contenu contrôlé",
            Self::Distribue => "Distribué",
            Self::Repris => "Repris",
            Self::Detruit => "Détruit",
        }
    }
    /// Le geste qui y mène, pour un bouton.
    pub fn geste(self) -> &'static str {
        match self {
            Self::Commande => "Noter la commande",
            Self::Recu => "Noter la réception",
            Self::AuCoffre => "Mettre au coffre",
            Self::Lu => "Noter la lecture",
            Self::Sorti => "Sortir du coffre",
            Self::Constate => "Constater les scellés",
            Self::Ouvert => "Ouvrir",
            Self::Controle => "Contrôler le contenu",
            Self::Distribue => "Noter la distribution",
            Self::Repris => "Noter la reprise",
            Self::Detruit => "Noter la destruction",
        }
    }
    /// Code stocké dans les adresses et l'étiquette.
    pub fn code(self) -> &'static str {
        match self {
            Self::Commande => "commande",
            Self::Recu => "recu",
            Self::AuCoffre => "au_coffre",
            Self::Lu => "lu",
            Self::Sorti => "sorti",
            Self::Constate => "constate",
            Self::Ouvert => "ouvert",
            Self::Controle => "controle",
            Self::Distribue => "distribue",
            Self::Repris => "repris",
            Self::Detruit => "detruit",
        }
    }
}

etiquete! { "etape", "dit" =>
    /// Ce que dit le franchissement d'une étape.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Passage {
        /// Reçu : scellés, nombre d'enveloppes, référence et version du DTE (« 01v02 du 29/01/2025 »).
        Recevoir {
            scelles_intacts: bool,
            nombre: u32,
            reference: String,
            version: String,
        },
        /// Mis au coffre.
        MettreAuCoffre,
        /// Pli « organisation » lu.
        Lire,
        /// Sorti du coffre.
        Sortir,
        /// Scellés constatés devant un candidat de la session.
        Constater {
            temoin: CandidatId,
            scelles_intacts: bool,
        },
        /// Ouvert.
        Ouvrir,
        /// Contenu contrôlé par le responsable seul ; l'écart se dit sans rien citer d'un sujet.
        Controler {
            seul: bool,
            conforme: bool,
            ecart: String,
        },
        /// Sujets distribués.
        Distribuer { nombre: u32 },
        /// Sujets repris.
        Reprendre { nombre: u32 },
        /// Sujets détruits devant un témoin.
        Detruire {
            nombre: u32,
            procede: String,
            temoin: String,
        },
    }
}

impl Passage {
    /// L'étape franchie.
    pub fn etape(&self) -> Etape {
        match self {
            Self::Recevoir { .. } => Etape::Recu,
            Self::MettreAuCoffre => Etape::AuCoffre,
            Self::Lire => Etape::Lu,
            Self::Sortir => Etape::Sorti,
            Self::Constater { .. } => Etape::Constate,
            Self::Ouvrir => Etape::Ouvert,
            Self::Controler { .. } => Etape::Controle,
            Self::Distribuer { .. } => Etape::Distribue,
            Self::Reprendre { .. } => Etape::Repris,
            Self::Detruire { .. } => Etape::Detruit,
        }
    }

    /// Ce que l'étape a dit de plus, pour le registre ; `temoin` est le nom du candidat témoin.
    pub fn detail(&self, temoin: Option<&str>) -> String {
        let scelles = |intacts: &bool| {
            if *intacts {
                "scellés intacts"
            } else {
                "scellés ROMPUS"
            }
        };
        match self {
            Self::Recevoir {
                scelles_intacts,
                nombre,
                reference,
                version,
            } => format!(
                "{nombre} enveloppe{}, {}, DTE {reference} version {version}",
                if *nombre > 1 { "s" } else { "" },
                scelles(scelles_intacts)
            ),
            Self::Constater {
                scelles_intacts, ..
            } => format!(
                "{}, témoin : {}",
                scelles(scelles_intacts),
                temoin.unwrap_or("candidat")
            ),
            Self::Controler {
                conforme, ecart, ..
            } => {
                if *conforme {
                    "contenu complet et conforme, contrôlé par le responsable seul".into()
                } else {
                    format!("contenu NON conforme : {ecart}")
                }
            }
            Self::Distribuer { nombre } | Self::Reprendre { nombre } => {
                format!("{nombre} exemplaire{}", if *nombre > 1 { "s" } else { "" })
            }
            Self::Detruire {
                nombre,
                procede,
                temoin,
            } => format!(
                "{nombre} exemplaire{}, {procede}, témoin : {temoin}",
                if *nombre > 1 { "s" } else { "" }
            ),
            Self::MettreAuCoffre | Self::Lire | Self::Sortir | Self::Ouvrir => String::new(),
        }
    }
}

/// Une étape franchie, telle que le registre la montre.
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

/// Un pli et sa garde.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pli {
    /// Identifiant.
    pub id: PliId,
    /// Sorte.
    pub sorte: Sorte,
    /// Comment on l'appelle.
    pub libelle: String,
    /// Référence du DTE, une fois reçu.
    pub reference: String,
    /// Version du DTE, une fois reçu.
    pub version: String,
    /// Exemplaires distribués.
    pub distribues: u32,
    /// Exemplaires repris.
    pub repris: u32,
    /// Étapes franchies, dans l'ordre ; jamais vide.
    pub etapes: Vec<Franchie>,
    /// Numéros des incidents qui le touchent.
    pub incidents: Vec<u32>,
}

impl Pli {
    /// Où il en est.
    pub fn etape(&self) -> Etape {
        self.etapes.last().map_or(Etape::Commande, |f| f.etape)
    }
    /// Une étape franchie.
    pub fn franchie(&self, etape: Etape) -> Option<&Franchie> {
        self.etapes.iter().find(|f| f.etape == etape)
    }
    /// L'incident qui l'arrête, tant que l'administration n'a rien décidé.
    pub fn arrete_par(&self, s: &Session) -> Option<u32> {
        s.incidents
            .iter()
            .find(|i| self.incidents.contains(&i.numero) && i.decision().is_none())
            .map(|i| i.numero)
    }
    /// L'administration l'a-t-elle fait écarter ? Il ne peut plus qu'être détruit.
    pub fn est_ecarte(&self, s: &Session) -> bool {
        s.incidents.iter().any(|i| {
            self.incidents.contains(&i.numero)
                && matches!(
                    i.decision(),
                    Some(Decision::Remplacer | Decision::Interrompre)
                )
        })
    }
    /// L'étape que l'on peut franchir maintenant, s'il y en a une.
    pub fn prochaine(&self, s: &Session) -> Option<Etape> {
        let suivante = self.etape().suivante(self.sorte)?;
        if self.est_ecarte(s) {
            return Some(Etape::Detruit);
        }
        if self.arrete_par(s).is_some() && suivante != Etape::AuCoffre {
            return None;
        }
        Some(suivante)
    }
}

/// Tous les plis de la session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plis {
    /// Dans l'ordre des commandes.
    pub liste: Vec<Pli>,
}

impl Plis {
    /// Un pli.
    pub fn pli(&self, id: &PliId) -> Option<&Pli> {
        self.liste.iter().find(|p| p.id == *id)
    }
    /// Un pli d'épreuves est-il déjà arrivé ?
    pub fn epreuves_recues(&self) -> bool {
        self.liste
            .iter()
            .any(|p| p.sorte == Sorte::Epreuves && p.franchie(Etape::Recu).is_some())
    }
    pub(super) fn noter_incident(&mut self, id: &PliId, numero: u32) {
        if let Some(p) = self.liste.iter_mut().find(|p| p.id == *id) {
            p.incidents.push(numero);
        }
    }
}
