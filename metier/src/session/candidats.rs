//! Candidats : inscrire, importer, corriger avec un motif, retirer. Jamais de fusion automatique.

mod fiche;

pub use fiche::{
    Fiche, Voie, ceres_plausible, champs_differents, courriel_plausible, ressemble_a_un_nir,
    sans_accents,
};

use super::Session;
use super::jour::Piece;
use super::parcours::{Amenagement, Antecedent, Parcours};
use crate::contexte::{Constat, Contexte, Force, Refus};
use crate::etiquette::etiquete;
use crate::mots::de;
use crate::{CandidatId, temps};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Nombre maximal de candidats d'une session (limite de Garant, dite à l'utilisateur).
pub const CANDIDATS_MAX: usize = 1_000;

/// Un candidat inscrit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidat {
    /// Identifiant.
    pub id: CandidatId,
    /// Sa fiche.
    pub fiche: Fiche,
    /// Jour de l'inscription.
    pub inscrit_le: Date,
    /// Rang du dernier changement de la fiche.
    pub rang: u64,
    /// Rang de la dernière correction qui s'imprime sur sa convocation ; 0 : aucune.
    pub rang_imprime: u64,
    /// Retiré de la session, pourquoi.
    pub retire: Option<String>,
    /// Par où il vient.
    pub parcours: Parcours,
    /// Rang du dernier changement du parcours.
    pub rang_parcours: u64,
    /// Ce qu'il a déjà passé, du plus ancien au plus récent.
    pub antecedents: Vec<Antecedent>,
    /// Ce qui lui est accordé.
    pub amenagement: Option<Amenagement>,
    /// Rang du dernier changement de l'aménagement.
    pub rang_amenagement: u64,
    /// Les pièces au dossier, et depuis quand.
    pub pieces: BTreeMap<Piece, Date>,
}

/// Ce qu'on veut faire des candidats.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Inscrire un candidat.
    Inscrire { id: CandidatId, fiche: Fiche },
    /// Inscrire ceux d'un fichier, tous ou aucun.
    Importer {
        source: String,
        candidats: Vec<(CandidatId, Fiche)>,
    },
    /// Corriger une fiche (motif demandé).
    Corriger { id: CandidatId, fiche: Fiche },
    /// Retirer un candidat (motif demandé) ; il reste au journal.
    Retirer { id: CandidatId },
    /// Remettre un candidat retiré par erreur (motif demandé).
    Reinscrire { id: CandidatId },
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Inscrit.
        Inscrit {
            id: CandidatId,
            fiche: Fiche,
            le: Date,
            source: Option<String>,
        },
        /// Fiche corrigée.
        Corrige {
            id: CandidatId,
            fiche: Fiche,
            champs: Vec<String>,
            motif: String,
        },
        /// Retiré.
        Retire {
            id: CandidatId,
            nom: String,
            motif: String,
        },
        /// Réinscrit.
        Reinscrit {
            id: CandidatId,
            nom: String,
            motif: String,
        },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Inscrit { .. } => "candidats.inscrit",
            Self::Corrige { .. } => "candidats.corrige",
            Self::Retire { .. } => "candidats.retire",
            Self::Reinscrit { .. } => "candidats.reinscrit",
        }
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Inscrit { fiche, source, .. } => match source {
                Some(f) => format!("{} inscrit depuis le fichier « {f} »", fiche.nom_complet()),
                None => format!("{} inscrit", fiche.nom_complet()),
            },
            Self::Corrige {
                fiche,
                champs,
                motif,
                ..
            } => format!(
                "Fiche {} corrigée : {} (motif : {motif})",
                de(&fiche.nom_complet()),
                champs.join(", ")
            ),
            Self::Retire { nom, motif, .. } => {
                format!("{nom} retiré de la session (motif : {motif})")
            }
            Self::Reinscrit { nom, motif, .. } => format!("{nom} réinscrit (motif : {motif})"),
        }
    }
}

pub(super) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    s.programme()?;
    let jour = ctx.jour();
    match action {
        Action::Inscrire { id, fiche } => {
            verifier_place(s, 1)?;
            refuser_si(fiche.verifier(jour))?;
            refuser_si(doublons(s, None, fiche, ctx))?;
            Ok(vec![Evenement::Inscrit {
                id: id.clone(),
                fiche: fiche.clone(),
                le: jour,
                source: None,
            }])
        }
        Action::Importer { source, candidats } => {
            verifier_place(s, candidats.len())?;
            if candidats.is_empty() {
                return Err(Constat::geste(
                    "CAN-03",
                    "Aucun candidat n’est à importer.",
                    "Choisissez un fichier qui contient au moins une ligne lisible.",
                )
                .into());
            }
            for (_, f) in candidats {
                // La personne a vu l'aperçu et ses avertissements : seuls les champs faux arrêtent l'import.
                refuser_si(
                    f.verifier(jour)
                        .into_iter()
                        .map(|mut c| {
                            c.phrase = format!("{} : {}", f.nom_complet(), c.phrase);
                            c
                        })
                        .collect(),
                )?;
            }
            Ok(candidats
                .iter()
                .map(|(id, fiche)| Evenement::Inscrit {
                    id: id.clone(),
                    fiche: fiche.clone(),
                    le: jour,
                    source: Some(source.clone()),
                })
                .collect())
        }
        Action::Corriger { id, fiche } => {
            let c = s.candidat(id)?;
            refuser_si(fiche.verifier(jour))?;
            let champs = champs_differents(&c.fiche, fiche);
            if champs.is_empty() {
                return Ok(vec![]);
            }
            if let Some(vu) = ctx.vu_au_rang
                && c.rang > vu
            {
                return Err(Constat { code: "VU".into(), ..Constat::geste("VU", format!("Quelqu’un d’autre a changé cette fiche pendant que vous l’aviez sous les yeux. Elle diffère de votre saisie par : {}.", champs.join(", ")), "Comparez avec la fiche actuelle, montrée ci-dessous ; votre saisie est gardée. Enregistrez de nouveau pour la faire valoir.") }.into());
            }
            refuser_si(doublons(s, Some(id), fiche, ctx))?;
            Ok(vec![Evenement::Corrige {
                id: id.clone(),
                fiche: fiche.clone(),
                champs,
                motif: super::motif(ctx)?,
            }])
        }
        Action::Retirer { id } => {
            let c = s.candidat(id)?;
            if c.retire.is_some() {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::Retire {
                id: id.clone(),
                nom: c.fiche.nom_complet(),
                motif: super::motif(ctx)?,
            }])
        }
        Action::Reinscrire { id } => {
            let c = s.candidat(id)?;
            if c.retire.is_none() {
                return Ok(vec![]);
            }
            verifier_place(s, 1)?;
            Ok(vec![Evenement::Reinscrit {
                id: id.clone(),
                nom: c.fiche.nom_complet(),
                motif: super::motif(ctx)?,
            }])
        }
    }
}

fn verifier_place(s: &Session, nouveaux: usize) -> Result<(), Refus> {
    let n = s.inscrits().count();
    if n + nouveaux > CANDIDATS_MAX {
        return Err(Constat::geste(
            "CAN-02",
            format!(
                "La session compterait {} candidats ; Garant en accepte {CANDIDATS_MAX}.",
                n + nouveaux
            ),
            "Créez une seconde session pour les autres.",
        )
        .into());
    }
    Ok(())
}

fn refuser_si(constats: Vec<Constat>) -> Result<(), Refus> {
    if constats.is_empty() {
        Ok(())
    } else {
        Err(Refus { constats })
    }
}

/// Un homonyme est possible : on demande un motif, on ne fusionne jamais.
fn doublons(s: &Session, soi: Option<&CandidatId>, fiche: &Fiche, ctx: &Contexte) -> Vec<Constat> {
    if ctx.motif_ecrit().is_some() {
        return vec![];
    }
    let cle = fiche.cle_rapprochement();
    s.inscrits().filter(|c| Some(&c.id) != soi && c.fiche.naissance == fiche.naissance && c.fiche.cle_rapprochement() == cle).take(1).map(|c| Constat {
        code: "CAN-01".into(), force: Force::Derogeable, objet: c.id.to_string(), champ: Some("motif".into()), page: None, manque: false,
        phrase: format!("{} est déjà inscrit à cette session, avec la même date de naissance{}.", c.fiche.nom_complet(), c.fiche.naissance.map(|d| format!(" ({})", temps::date_chiffres(d))).unwrap_or_default()),
        remede: "Si c’est la même personne, ne l’inscrivez pas deux fois. Si c’est un homonyme, dites-le en motif.".into(),
    }).collect()
}

pub(super) fn appliquer(s: &mut Session, e: &Evenement, rang: u64) {
    let mut changer = |id: &CandidatId, f: &mut dyn FnMut(&mut Candidat)| {
        if let Some(c) = s.candidats.iter_mut().find(|c| c.id == *id) {
            f(c);
            c.rang = rang;
        }
    };
    match e {
        Evenement::Inscrit { id, fiche, le, .. } => s.candidats.push(Candidat {
            id: id.clone(),
            fiche: fiche.clone(),
            inscrit_le: *le,
            rang,
            rang_imprime: 0,
            ..Candidat::default()
        }),
        Evenement::Corrige { id, fiche, .. } => changer(id, &mut |c| {
            if c.fiche.imprime() != fiche.imprime() {
                c.rang_imprime = rang;
            }
            c.fiche = fiche.clone();
        }),
        Evenement::Retire { id, motif, .. } => {
            changer(id, &mut |c| c.retire = Some(motif.clone()));
            s.planning.passages.retain(|p| p.candidat != *id);
        }
        Evenement::Reinscrit { id, .. } => changer(id, &mut |c| c.retire = None),
    }
}
