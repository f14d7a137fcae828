//! Ce que l'on veut faire d'un parcours, ce qui s'est passé, et comment l'état le prend.

use super::super::Session;
use super::super::candidats::Candidat;
use super::super::jour::Piece;
use super::{Amenagement, Antecedent, Convention, EtatAmenagement, Parcours, Source};
use crate::CandidatId;
use crate::etiquette::etiquete;
use crate::libelles::au_fil;
use crate::mots::de;
use jiff::civil::Date;

/// Ce qu'on veut faire d'un parcours.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Noter ou corriger (motif demandé) par où vient le candidat.
    Noter { id: CandidatId, parcours: Parcours },
    /// Noter un résultat passé, avec sa source ; le numéro est donné par Garant.
    AjouterAntecedent {
        id: CandidatId,
        antecedent: Antecedent,
    },
    /// Ôter un résultat saisi par erreur (motif demandé).
    OterAntecedent { id: CandidatId, numero: u32 },
    /// Reprendre les résultats des sessions passées du centre auxquelles une personne l'a relié.
    Reprendre { id: CandidatId },
    /// Noter des pièces au dossier, ou les en ôter (motif demandé).
    NoterPieces {
        notes: Vec<(CandidatId, Piece, bool)>,
    },
    /// Noter la convention d'un organisme partenaire ; une correction demande un motif.
    NoterConvention(Convention),
    /// Noter une demande ou une décision d'aménagement ; une correction demande un motif.
    Amenager {
        id: CandidatId,
        amenagement: Amenagement,
    },
    /// Constater que l'aménagement a été appliqué, ou non.
    ConstaterAmenagement { id: CandidatId, applique: bool },
}

impl Action {
    /// Le geste touche-t-il un aménagement ?
    pub fn est_confidentielle(&self) -> bool {
        matches!(
            self,
            Self::Amenager { .. } | Self::ConstaterAmenagement { .. }
        )
    }
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Parcours noté.
        Note {
            id: CandidatId,
            nom: String,
            parcours: Parcours,
            motif: Option<String>,
        },
        /// Résultat passé noté.
        AntecedentAjoute {
            id: CandidatId,
            nom: String,
            antecedent: Antecedent,
        },
        /// Résultat passé ôté.
        AntecedentOte {
            id: CandidatId,
            nom: String,
            numero: u32,
            libelle: String,
            motif: String,
        },
        /// Pièces notées au dossier.
        PiecesRecues {
            id: CandidatId,
            nom: String,
            pieces: Vec<Piece>,
            le: Date,
        },
        /// Pièces ôtées du dossier.
        PiecesOtees {
            id: CandidatId,
            nom: String,
            pieces: Vec<Piece>,
            motif: String,
        },
        /// Convention notée.
        ConventionNotee {
            convention: Convention,
            motif: Option<String>,
        },
        /// Aménagement noté.
        AmenagementNote {
            id: CandidatId,
            nom: String,
            amenagement: Amenagement,
            motif: Option<String>,
        },
        /// Aménagement constaté appliqué, ou non.
        AmenagementConstate {
            id: CandidatId,
            nom: String,
            applique: bool,
        },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Note { .. } => "parcours.note",
            Self::AntecedentAjoute { .. } => "parcours.antecedent_ajoute",
            Self::AntecedentOte { .. } => "parcours.antecedent_ote",
            Self::PiecesRecues { .. } => "parcours.pieces_recues",
            Self::PiecesOtees { .. } => "parcours.pieces_otees",
            Self::ConventionNotee { .. } => "parcours.convention_notee",
            Self::AmenagementNote { .. } => "parcours.amenagement_note",
            Self::AmenagementConstate { .. } => "parcours.amenagement_constate",
        }
    }

    /// Le candidat en cause, s'il y en a un.
    pub fn candidat(&self) -> Option<&CandidatId> {
        match self {
            Self::Note { id, .. }
            | Self::AntecedentAjoute { id, .. }
            | Self::AntecedentOte { id, .. }
            | Self::PiecesRecues { id, .. }
            | Self::PiecesOtees { id, .. }
            | Self::AmenagementNote { id, .. }
            | Self::AmenagementConstate { id, .. } => Some(id),
            Self::ConventionNotee { .. } => None,
        }
    }

    /// La phrase du journal. Elle ne dit jamais la mesure d'un aménagement.
    pub fn phrase(&self) -> String {
        match self {
            Self::Note { nom, motif, .. } => format!(
                "Parcours {} noté{}",
                de(nom),
                super::super::suite_motif(motif.as_deref())
            ),
            Self::AntecedentAjoute {
                nom, antecedent, ..
            } => {
                let source = match &antecedent.source {
                    Source::Session(_) => "d’après une session du centre".to_owned(),
                    Source::Saisie(t) => format!("d’après : {t}"),
                };
                format!(
                    "Résultat passé {} noté : {}, {source}",
                    de(nom),
                    antecedent.libelle()
                )
            }
            Self::AntecedentOte {
                nom,
                libelle,
                motif,
                ..
            } => format!(
                "Résultat passé {} ôté : {libelle} (motif : {motif})",
                de(nom)
            ),
            Self::PiecesRecues { nom, pieces, .. } => {
                format!("Au dossier {} : {}", de(nom), pieces_dites(pieces))
            }
            Self::PiecesOtees {
                nom, pieces, motif, ..
            } => format!(
                "Ôté du dossier {} : {} (motif : {motif})",
                de(nom),
                pieces_dites(pieces)
            ),
            Self::ConventionNotee { convention, motif } => format!(
                "Convention avec {} notée : {}, du {} au {}{}",
                convention.organisme,
                convention.reference,
                crate::temps::date_chiffres(convention.debut),
                crate::temps::date_chiffres(convention.fin),
                super::super::suite_motif(motif.as_deref())
            ),
            Self::AmenagementNote {
                nom,
                amenagement,
                motif,
                ..
            } => {
                let quoi = match amenagement.etat {
                    EtatAmenagement::Demande => "Demande d’aménagement",
                    EtatAmenagement::Accorde | EtatAmenagement::Refuse => "Décision d’aménagement",
                };
                format!(
                    "{quoi} notée pour {nom} (lecture réservée){}",
                    super::super::suite_motif(motif.as_deref())
                )
            }
            Self::AmenagementConstate { nom, applique, .. } => format!(
                "Aménagement {} constaté {}",
                de(nom),
                if *applique {
                    "appliqué"
                } else {
                    "non appliqué"
                }
            ),
        }
    }
}

fn pieces_dites(pieces: &[Piece]) -> String {
    let libelles: Vec<_> = pieces.iter().map(|p| au_fil(p.libelle())).collect();
    libelles.join(", ")
}

pub(in crate::session) fn appliquer(s: &mut Session, e: &Evenement, rang: u64) {
    let mut rejoint = |id: &CandidatId, f: &mut dyn FnMut(&mut Candidat)| {
        if let Some(c) = s.candidats.iter_mut().find(|c| c.id == *id) {
            f(c);
        }
    };
    match e {
        Evenement::Note { id, parcours, .. } => rejoint(id, &mut |c| {
            c.parcours = parcours.clone();
            c.rang_parcours = rang;
        }),
        Evenement::AntecedentAjoute { id, antecedent, .. } => rejoint(id, &mut |c| {
            c.antecedents.retain(|a| a.numero != antecedent.numero);
            c.antecedents.push(antecedent.clone());
            c.antecedents.sort_by_key(|a| (a.le, a.numero));
        }),
        Evenement::AntecedentOte { id, numero, .. } => {
            rejoint(id, &mut |c| c.antecedents.retain(|a| a.numero != *numero));
        }
        Evenement::PiecesRecues { id, pieces, le, .. } => rejoint(id, &mut |c| {
            for p in pieces {
                c.pieces.entry(*p).or_insert(*le);
            }
        }),
        Evenement::PiecesOtees { id, pieces, .. } => {
            rejoint(id, &mut |c| c.pieces.retain(|p, _| !pieces.contains(p)));
        }
        Evenement::ConventionNotee { convention, .. } => {
            s.conventions.retain(|c| !c.est_de(&convention.organisme));
            s.conventions.push(convention.clone());
        }
        Evenement::AmenagementNote {
            id, amenagement, ..
        } => {
            let mut duree_change = false;
            rejoint(id, &mut |c| {
                let avant = c.duree_amenagee(300);
                c.amenagement = Some(amenagement.clone());
                c.rang_amenagement = rang;
                duree_change = c.duree_amenagee(300) != avant;
            });
            // Un planning validé avec d'autres durées n'est plus celui que l'on a validé.
            if duree_change && s.planning.passages.iter().any(|p| p.candidat == *id) {
                s.planning.valide = None;
            }
        }
        Evenement::AmenagementConstate { id, applique, .. } => rejoint(id, &mut |c| {
            if let Some(a) = &mut c.amenagement {
                a.applique = Some(*applique);
            }
        }),
    }
}
