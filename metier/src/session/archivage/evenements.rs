//! Ce que l'on fait des archives, ce qui s'est passé, et ce que le registre en retient.

use super::{Classe, Element, Faite, Proposition, Rangement, Recours, Sort, Support};
use crate::etiquette::etiquete;
use crate::session::Session;
use crate::{EvenementDate, PersonneId, PieceId, Purge, temps};
use jiff::civil::{Date, DateTime};
use std::collections::BTreeSet;

/// Ce qu'on veut faire.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Ranger un élément, ou le changer de place (motif demandé).
    Ranger {
        element: Element,
        lieu: String,
        support: Support,
        survenu: DateTime,
    },
    /// Déclarer un élément sans objet (motif demandé).
    Dispenser { element: Element },
    /// Noter un recours : il gèle la purge.
    OuvrirRecours { objet: String, recu: DateTime },
    /// Noter comment il s'est fini.
    CloreRecours {
        numero: u32,
        issue: String,
        survenu: DateTime,
    },
    /// Proposer une purge (motif demandé).
    ProposerPurge { classes: BTreeSet<Classe> },
    /// Renoncer à la purge proposée (motif demandé).
    RenoncerPurge,
    /// Confirmer la purge proposée par quelqu'un d'autre ; le stockage dit ce qu'elle emporte.
    ConfirmerPurge {
        rangs: Vec<u64>,
        pieces: Vec<PieceId>,
    },
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Rangé.
        Range {
            element: Element,
            lieu: String,
            support: Support,
            survenu: DateTime,
            par: String,
            motif: Option<String>,
        },
        /// Sans objet.
        Dispense { element: Element, motif: String },
        /// Recours reçu.
        RecoursOuvert {
            numero: u32,
            objet: String,
            recu: DateTime,
        },
        /// Recours fini.
        RecoursClos {
            numero: u32,
            issue: String,
            survenu: DateTime,
        },
        /// Purge proposée ; `terme` est le dernier jour de conservation.
        PurgeProposee {
            classes: BTreeSet<Classe>,
            terme: Date,
            par: PersonneId,
            nom: String,
            motif: String,
        },
        /// Purge abandonnée.
        PurgeRenoncee { motif: String },
    }
}

/// « candidats, jurés ».
pub(super) fn noms(classes: &BTreeSet<Classe>) -> String {
    classes
        .iter()
        .map(|c| c.nom())
        .collect::<Vec<_>>()
        .join(", ")
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Range { .. } => "archivage.range",
            Self::Dispense { .. } => "archivage.dispense",
            Self::RecoursOuvert { .. } => "archivage.recours_ouvert",
            Self::RecoursClos { .. } => "archivage.recours_clos",
            Self::PurgeProposee { .. } => "archivage.purge_proposee",
            Self::PurgeRenoncee { .. } => "archivage.purge_renoncee",
        }
    }
    /// Parle-t-il d'un recours (qui nomme d'ordinaire un candidat) ?
    pub fn parle_d_un_recours(&self) -> bool {
        matches!(self, Self::RecoursOuvert { .. } | Self::RecoursClos { .. })
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Range {
                element,
                lieu,
                support,
                survenu,
                par,
                motif,
            } => format!(
                "Archivé : {} ({}, {lieu}) {} par {par}{}",
                element.libelle(),
                support.libelle().to_lowercase(),
                temps::moment(*survenu),
                crate::session::suite_motif(motif.as_deref())
            ),
            Self::Dispense { element, motif } => {
                format!(
                    "Archives, sans objet : {} (motif : {motif})",
                    element.libelle()
                )
            }
            Self::RecoursOuvert {
                numero,
                objet,
                recu,
            } => format!(
                "Recours n° {numero} reçu {} : {objet}",
                temps::moment(*recu)
            ),
            Self::RecoursClos {
                numero,
                issue,
                survenu,
            } => format!(
                "Recours n° {numero} fini {} : {issue}",
                temps::moment(*survenu)
            ),
            Self::PurgeProposee {
                classes,
                terme,
                nom,
                motif,
                ..
            } => format!(
                "Purge proposée par {nom} ({}), conservation due jusqu’au {} (motif : {motif})",
                noms(classes),
                temps::date_chiffres(*terme)
            ),
            Self::PurgeRenoncee { motif } => {
                format!("Purge proposée abandonnée (motif : {motif})")
            }
        }
    }
}

pub(in crate::session) fn appliquer(s: &mut Session, e: &Evenement, rang: u64, le: &str) {
    let a = &mut s.archivage;
    match e {
        Evenement::Range {
            element,
            lieu,
            support,
            survenu,
            par,
            ..
        } => {
            let r = Rangement {
                lieu: lieu.clone(),
                support: *support,
                survenu: *survenu,
                par: par.clone(),
            };
            a.registre.insert(*element, Sort::Range(r));
        }
        Evenement::Dispense { element, motif } => {
            a.registre.insert(*element, Sort::SansObjet(motif.clone()));
        }
        Evenement::RecoursOuvert {
            numero,
            objet,
            recu,
        } => a.recours.push(Recours {
            numero: *numero,
            objet: objet.clone(),
            recu: *recu,
            issue: None,
        }),
        Evenement::RecoursClos {
            numero,
            issue,
            survenu,
        } => {
            if let Some(r) = a.recours.iter_mut().find(|r| r.numero == *numero) {
                r.issue = Some((issue.clone(), *survenu));
            }
        }
        Evenement::PurgeProposee {
            classes,
            par,
            nom,
            motif,
            ..
        } => {
            a.proposition = Some(Proposition {
                classes: classes.clone(),
                par: par.clone(),
                nom: nom.clone(),
                motif: motif.clone(),
                le: le.to_owned(),
                rang,
            });
        }
        Evenement::PurgeRenoncee { .. } => a.proposition = None,
    }
}

/// Prend acte d'une purge : ce qu'elle a détruit n'est plus là, ce qu'elle en garde est sans nom.
pub(in crate::session) fn appliquer_purge(s: &mut Session, p: &Purge, e: &EvenementDate) {
    let a = &mut s.archivage;
    a.proposition = None;
    if p.bilan.is_some() {
        a.bilan.clone_from(&p.bilan);
    }
    a.purges.push(Faite {
        le: e.le.clone(),
        rang: e.rang,
        classes: p.classes.clone(),
        contenus: p.rangs.len(),
        pieces: p.pieces.clone(),
        motif: p.motif.clone(),
        propose_par: p.propose_par.clone(),
        confirme_par: p.confirme_par.clone(),
    });
}
