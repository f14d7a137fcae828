//! Ce que l'on fait d'un pli, ce qui s'est passé, et ce que le registre en retient.

use super::{Etape, Franchie, Passage, Pli, Sorte};
use crate::etiquette::etiquete;
use crate::session::Session;
use crate::{PliId, temps};
use jiff::civil::DateTime;

/// Ce qu'on veut faire des plis.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Noter la commande d'un pli.
    Commander {
        id: PliId,
        sorte: Sorte,
        libelle: String,
        survenu: DateTime,
    },
    /// Franchir l'étape suivante.
    Franchir {
        pli: PliId,
        passage: Passage,
        survenu: DateTime,
    },
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Commandé.
        Commande {
            pli: PliId,
            sorte: Sorte,
            libelle: String,
            survenu: DateTime,
            par: String,
        },
        /// Étape franchie.
        Franchi {
            pli: PliId,
            libelle: String,
            passage: Passage,
            survenu: DateTime,
            par: String,
            temoin: Option<String>,
            motif: Option<String>,
        },
    }
}

impl Evenement {
    /// Étiquette stockée : « plis.ouvert ».
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Commande { .. } => "plis.commande",
            Self::Franchi { passage, .. } => match passage.etape() {
                Etape::Commande => "plis.commande",
                Etape::Recu => "plis.recu",
                Etape::AuCoffre => "plis.au_coffre",
                Etape::Lu => "plis.lu",
                Etape::Sorti => "plis.sorti",
                Etape::Constate => "plis.constate",
                Etape::Ouvert => "plis.ouvert",
                Etape::Controle => "plis.controle",
                Etape::Distribue => "plis.distribue",
                Etape::Repris => "plis.repris",
                Etape::Detruit => "plis.detruit",
            },
        }
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Commande {
                libelle,
                survenu,
                par,
                ..
            } => format!(
                "Pli « {libelle} » commandé {} par {par}",
                temps::moment(*survenu)
            ),
            Self::Franchi {
                libelle,
                passage,
                survenu,
                par,
                temoin,
                motif,
                ..
            } => {
                let detail = passage.detail(temoin.as_deref());
                format!(
                    "Pli « {libelle} » : {} {} par {par}{}{}",
                    passage.etape().libelle().to_lowercase(),
                    temps::moment(*survenu),
                    if detail.is_empty() {
                        String::new()
                    } else {
                        format!(" ({detail})")
                    },
                    crate::session::suite_motif(motif.as_deref())
                )
            }
        }
    }
    /// L'événement nomme-t-il un candidat ?
    pub fn nomme_un_candidat(&self) -> bool {
        matches!(
            self,
            Self::Franchi {
                passage: Passage::Constater { .. },
                ..
            }
        )
    }
}

pub(in crate::session) fn appliquer(s: &mut Session, e: &Evenement, rang: u64) {
    match e {
        Evenement::Commande {
            pli,
            sorte,
            libelle,
            survenu,
            par,
        } => s.plis.liste.push(Pli {
            id: pli.clone(),
            sorte: *sorte,
            libelle: libelle.clone(),
            reference: String::new(),
            version: String::new(),
            distribues: 0,
            repris: 0,
            etapes: vec![Franchie {
                etape: Etape::Commande,
                survenu: *survenu,
                par: par.clone(),
                detail: String::new(),
                rang,
            }],
            incidents: vec![],
        }),
        Evenement::Franchi {
            pli,
            passage,
            survenu,
            par,
            temoin,
            ..
        } => {
            let Some(p) = s.plis.liste.iter_mut().find(|p| p.id == *pli) else {
                return;
            };
            match passage {
                Passage::Recevoir {
                    reference, version, ..
                } => {
                    p.reference.clone_from(reference);
                    p.version.clone_from(version);
                }
                Passage::Distribuer { nombre } => p.distribues = *nombre,
                Passage::Reprendre { nombre } => p.repris = *nombre,
                Passage::MettreAuCoffre
                | Passage::Lire
                | Passage::Sortir
                | Passage::Constater { .. }
                | Passage::Ouvrir
                | Passage::Controler { .. }
                | Passage::Detruire { .. } => {}
            }
            p.etapes.push(Franchie {
                etape: passage.etape(),
                survenu: *survenu,
                par: par.clone(),
                detail: passage.detail(temoin.as_deref()),
                rang,
            });
        }
    }
}
