//! Ce que l'on note un jour d'épreuves, ce qui s'est passé, et ce que l'état en retient.

use super::{Observee, Piece, Presence, Retard, Signature, Sortie, Venant, Verification};
use crate::etiquette::etiquete;
use crate::libelles::au_fil;
use crate::mots::{de, enumerer, nombre};
use crate::session::Session;
use crate::{CandidatId, JureId, temps};
use jiff::civil::DateTime;

/// Ce qu'on veut noter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Une personne arrive.
    Arriver { qui: Venant, survenu: DateTime },
    /// Une personne part.
    Partir { qui: Venant, survenu: DateTime },
    /// Vérifié ou rappelé à un juré.
    Verifier {
        jure: JureId,
        quoi: Vec<Verification>,
        survenu: DateTime,
    },
    /// Un candidat est présent ; en retard, le motif de son admission est demandé.
    Accueillir {
        candidat: CandidatId,
        survenu: DateTime,
    },
    /// Pièces vues.
    VoirPieces {
        candidat: CandidatId,
        pieces: Vec<Piece>,
        survenu: DateTime,
    },
    /// Le candidat émarge.
    Signer {
        candidat: CandidatId,
        signature: Signature,
        survenu: DateTime,
    },
    /// Candidat absent ce jour.
    Absenter {
        candidat: CandidatId,
        survenu: DateTime,
    },
    /// Exclusion ou abandon (motif demandé).
    Sortir {
        candidat: CandidatId,
        sortie: Sortie,
        survenu: DateTime,
    },
    /// Une épreuve commence pour ces candidats.
    Commencer {
        epreuve: String,
        candidats: Vec<CandidatId>,
        survenu: DateTime,
    },
    /// Une épreuve finit pour ces candidats.
    Finir {
        epreuve: String,
        candidats: Vec<CandidatId>,
        survenu: DateTime,
    },
    /// Le jury a statué sur la mise en situation de ce candidat.
    Statuer {
        candidat: CandidatId,
        survenu: DateTime,
    },
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Arrivée.
        Arrive {
            qui: Venant,
            nom: String,
            survenu: DateTime,
        },
        /// Départ.
        Parti {
            qui: Venant,
            nom: String,
            survenu: DateTime,
        },
        /// Vérifié ou rappelé.
        Verifie {
            jure: JureId,
            nom: String,
            quoi: Vec<Verification>,
            survenu: DateTime,
        },
        /// Présent.
        Present {
            candidat: CandidatId,
            nom: String,
            survenu: DateTime,
            retard: Option<Retard>,
            motif: Option<String>,
        },
        /// Pièces vues.
        PiecesVues {
            candidat: CandidatId,
            nom: String,
            pieces: Vec<Piece>,
            survenu: DateTime,
        },
        /// A émargé.
        Signe {
            candidat: CandidatId,
            nom: String,
            signature: Signature,
            survenu: DateTime,
        },
        /// Absent.
        Absent {
            candidat: CandidatId,
            nom: String,
            survenu: DateTime,
            motif: Option<String>,
        },
        /// Sorti avant la fin.
        Sorti {
            candidat: CandidatId,
            nom: String,
            sortie: Sortie,
            survenu: DateTime,
            motif: String,
        },
        /// Épreuve commencée.
        Commencee {
            epreuve: String,
            libelle: String,
            candidats: Vec<CandidatId>,
            /// Leurs noms, quand ils sont assez peu pour que le journal les dise.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            noms: Vec<String>,
            survenu: DateTime,
        },
        /// Épreuve finie.
        Finie {
            epreuve: String,
            libelle: String,
            candidats: Vec<CandidatId>,
            /// Leurs noms, quand ils sont assez peu pour que le journal les dise.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            noms: Vec<String>,
            survenu: DateTime,
        },
        /// Jury ayant statué sur la mise en situation.
        Statue {
            candidat: CandidatId,
            nom: String,
            jures: Vec<String>,
            survenu: DateTime,
        },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Arrive { .. } => "jour.arrive",
            Self::Parti { .. } => "jour.parti",
            Self::Verifie { .. } => "jour.verifie",
            Self::Present { .. } => "jour.present",
            Self::PiecesVues { .. } => "jour.pieces_vues",
            Self::Signe { .. } => "jour.signe",
            Self::Absent { .. } => "jour.absent",
            Self::Sorti { .. } => "jour.sorti",
            Self::Commencee { .. } => "jour.commencee",
            Self::Finie { .. } => "jour.finie",
            Self::Statue { .. } => "jour.statue",
        }
    }
    /// Parle-t-il d'un juré ou de l'équipe (et non d'un candidat) ?
    pub fn est_du_jury(&self) -> bool {
        matches!(
            self,
            Self::Arrive { .. } | Self::Parti { .. } | Self::Verifie { .. }
        )
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        use temps::moment;
        match self {
            Self::Arrive { nom, survenu, .. } => format!("{nom} arrive {}", moment(*survenu)),
            Self::Parti { nom, survenu, .. } => format!("{nom} part {}", moment(*survenu)),
            Self::Verifie {
                nom, quoi, survenu, ..
            } => format!(
                "{nom} : {} {}",
                quoi.iter()
                    .map(|v| v.libelle().to_lowercase())
                    .collect::<Vec<_>>()
                    .join(", "),
                moment(*survenu)
            ),
            Self::Present {
                nom,
                survenu,
                retard,
                motif,
                ..
            } => match retard {
                Some(r) => format!(
                    "{nom} présent {}, en retard (début prévu à {}), admis par le responsable : {} ; heure de fin inchangée",
                    moment(*survenu),
                    temps::heure(r.prevu),
                    r.motif
                ),
                None => format!(
                    "{nom} présent {}{}",
                    moment(*survenu),
                    crate::session::suite_motif(motif.as_deref())
                ),
            },
            Self::PiecesVues {
                nom,
                pieces,
                survenu,
                ..
            } => format!(
                "{nom} : vu {} ({})",
                moment(*survenu),
                pieces
                    .iter()
                    .map(|p| au_fil(p.libelle()))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            Self::Signe {
                nom,
                signature,
                survenu,
                ..
            } => format!(
                "{nom} émarge {} ({})",
                moment(*survenu),
                match signature {
                    Signature::Papier => "sur papier".to_owned(),
                    Signature::Dessin { empreinte, .. } => format!(
                        "signature dessinée, empreinte {}…",
                        empreinte.get(..12).unwrap_or(empreinte)
                    ),
                }
            ),
            Self::Absent {
                nom,
                survenu,
                motif,
                ..
            } => format!(
                "{nom} constaté absent {}{}",
                moment(*survenu),
                crate::session::suite_motif(motif.as_deref())
            ),
            Self::Sorti {
                nom,
                sortie,
                survenu,
                motif,
                ..
            } => format!(
                "{nom} : {} {} (motif : {motif})",
                sortie.libelle().to_lowercase(),
                moment(*survenu)
            ),
            Self::Commencee {
                libelle,
                candidats,
                noms,
                survenu,
                ..
            } => format!(
                "{libelle} commence {} pour {}",
                moment(*survenu),
                pour_qui(noms, candidats.len())
            ),
            Self::Finie {
                libelle,
                candidats,
                noms,
                survenu,
                ..
            } => format!(
                "{libelle} finit {} pour {}",
                moment(*survenu),
                pour_qui(noms, candidats.len())
            ),
            Self::Statue {
                nom,
                jures,
                survenu,
                ..
            } => format!(
                "Le jury ({}) a statué sur la mise en situation {} {}",
                jures.join(", "),
                de(nom),
                moment(*survenu)
            ),
        }
    }
}

/// Les noms, quand l'événement les porte ; ceux d'avant, et les longues listes, se comptent.
fn pour_qui(noms: &[String], combien: usize) -> String {
    if noms.is_empty() {
        nombre(combien, "candidat", "candidats")
    } else {
        enumerer(noms)
    }
}

pub(in crate::session) fn appliquer(s: &mut Session, e: &Evenement) {
    let j = &mut s.jour;
    match e {
        Evenement::Arrive { qui, survenu, .. } => j
            .venues
            .entry(qui.clone())
            .or_default()
            .push((*survenu, None)),
        Evenement::Parti { qui, survenu, .. } => {
            if let Some(derniere) = j.venues.get_mut(qui).and_then(|v| v.last_mut()) {
                derniere.1 = Some(*survenu);
            }
        }
        Evenement::Verifie {
            jure,
            quoi,
            survenu,
            ..
        } => {
            for v in quoi {
                j.verifications
                    .entry((jure.clone(), *v))
                    .or_insert(*survenu);
            }
        }
        Evenement::Present {
            candidat,
            survenu,
            retard,
            ..
        } => {
            j.sorties.remove(candidat);
            j.presences.insert(
                (candidat.clone(), survenu.date()),
                Presence::Present(*survenu, retard.clone()),
            );
        }
        Evenement::PiecesVues {
            candidat,
            pieces,
            survenu,
            ..
        } => {
            for p in pieces {
                j.pieces.entry((candidat.clone(), *p)).or_insert(*survenu);
            }
        }
        Evenement::Signe {
            candidat,
            signature,
            survenu,
            ..
        } => {
            j.signatures.insert(
                (candidat.clone(), survenu.date()),
                (signature.clone(), *survenu),
            );
        }
        Evenement::Absent {
            candidat, survenu, ..
        } => {
            j.presences
                .insert((candidat.clone(), survenu.date()), Presence::Absent);
        }
        Evenement::Sorti {
            candidat,
            sortie,
            survenu,
            motif,
            ..
        } => {
            j.sorties
                .insert(candidat.clone(), (*sortie, *survenu, motif.clone()));
        }
        Evenement::Commencee {
            epreuve,
            candidats,
            survenu,
            ..
        } => {
            for c in candidats {
                j.epreuves.insert(
                    (c.clone(), epreuve.clone()),
                    Observee {
                        debut: *survenu,
                        fin: None,
                    },
                );
            }
        }
        Evenement::Finie {
            epreuve,
            candidats,
            survenu,
            ..
        } => {
            for c in candidats {
                if let Some(o) = j.epreuves.get_mut(&(c.clone(), epreuve.clone())) {
                    o.fin = Some(*survenu);
                }
            }
        }
        Evenement::Statue {
            candidat, survenu, ..
        } => {
            j.statue.insert(candidat.clone(), *survenu);
        }
    }
}
