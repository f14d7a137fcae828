//! Ce qui est permis aux archives : ranger, geler, et ne purger qu'à terme, à deux, sans recours ouvert.

use super::evenements::noms;
use super::{Action, Classe, Element, Evenement, Sort, terme};
use crate::contexte::{Constat, Contexte, Refus};
use crate::session::{Session, exiger_texte, motif, nom_realisant, verifier_survenu};
use crate::{Evenement as E, Purge, Role, bilan, temps};
use jiff::civil::DateTime;
use std::collections::BTreeSet;

pub(in crate::session) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<E>, Refus> {
    s.programme()?;
    let e = match action {
        Action::Ranger {
            element,
            lieu,
            support,
            survenu,
        } => return ranger(s, (*element, lieu, *support), *survenu, ctx),
        Action::Dispenser { element } => match s.archivage.registre.get(element) {
            Some(Sort::SansObjet(_)) => return Ok(vec![]),
            Some(Sort::Range(_)) | None => Evenement::Dispense {
                element: *element,
                motif: motif(ctx)?,
            },
        },
        Action::OuvrirRecours { objet, recu } => {
            verifier_survenu(ctx, *recu)?;
            exiger_texte("objet", "L’objet du recours", objet, 400)?;
            Evenement::RecoursOuvert {
                numero: s.archivage.recours.len() as u32 + 1,
                objet: objet.trim().into(),
                recu: *recu,
            }
        }
        Action::CloreRecours {
            numero,
            issue,
            survenu,
        } => {
            verifier_survenu(ctx, *survenu)?;
            exiger_texte("issue", "L’issue du recours", issue, 400)?;
            let r = s
                .archivage
                .recours
                .iter()
                .find(|r| r.numero == *numero && r.issue.is_none())
                .ok_or_else(|| {
                    Refus::from(Constat::geste(
                        "ARC-02",
                        "Ce recours est déjà fini, ou n’existe pas.",
                        "Rechargez la page Archives.",
                    ))
                })?;
            crate::session::apres(*survenu, r.recu, "la réception du recours")?;
            Evenement::RecoursClos {
                numero: *numero,
                issue: issue.trim().into(),
                survenu: *survenu,
            }
        }
        Action::ProposerPurge { classes } => proposer(s, classes, ctx)?,
        Action::RenoncerPurge => {
            if s.archivage.proposition.is_none() {
                return Ok(vec![]);
            }
            Evenement::PurgeRenoncee { motif: motif(ctx)? }
        }
        Action::ConfirmerPurge { rangs, pieces } => {
            return confirmer(s, rangs, pieces, ctx).map(|p| vec![E::Purge(p)]);
        }
    };
    Ok(vec![E::Archivage(e)])
}

fn ranger(
    s: &Session,
    (element, lieu, support): (Element, &str, super::Support),
    survenu: DateTime,
    ctx: &Contexte,
) -> Result<Vec<E>, Refus> {
    verifier_survenu(ctx, survenu)?;
    exiger_texte("lieu", "Le lieu de rangement", lieu, 200)?;
    let raison = match s.archivage.registre.get(&element) {
        Some(Sort::Range(r)) if r.lieu == lieu.trim() && r.support == support => {
            return Ok(vec![]);
        }
        Some(Sort::Range(_) | Sort::SansObjet(_)) => Some(motif(ctx)?),
        None => ctx.motif_ecrit().map(str::to_owned),
    };
    Ok(vec![E::Archivage(Evenement::Range {
        element,
        lieu: lieu.trim().into(),
        support,
        survenu,
        par: nom_realisant(s, ctx),
        motif: raison,
    })])
}

fn proposer(s: &Session, classes: &BTreeSet<Classe>, ctx: &Contexte) -> Result<Evenement, Refus> {
    let terme = permise(s, classes, ctx)?;
    if let Some(p) = &s.archivage.proposition {
        return Err(Constat::geste(
            "ARC-03",
            format!("{} a déjà proposé une purge.", p.nom),
            "Confirmez-la, ou faites-la abandonner avant d’en proposer une autre.",
        )
        .into());
    }
    Ok(Evenement::PurgeProposee {
        classes: classes.clone(),
        terme,
        par: ctx.acteur.personne.clone(),
        nom: ctx.acteur.nom.clone(),
        motif: motif(ctx)?,
    })
}

fn confirmer(
    s: &Session,
    rangs: &[u64],
    pieces: &[crate::PieceId],
    ctx: &Contexte,
) -> Result<Purge, Refus> {
    let Some(p) = &s.archivage.proposition else {
        return Err(Constat::geste(
            "ARC-04",
            "Aucune purge n’est proposée.",
            "Proposez-la d’abord ; une autre personne la confirmera.",
        )
        .into());
    };
    permise(s, &p.classes, ctx)?;
    if ctx.acteur.personne == p.par || ctx.acteur.nom == p.nom {
        return Err(Constat::geste(
            "ARC-05",
            "La personne qui a proposé une purge ne la confirme pas.",
            "Demandez à une autre personne (direction, administration du centre, suppléant) de relire l’aperçu et de confirmer.",
        )
        .into());
    }
    if rangs.is_empty() && pieces.is_empty() {
        return Err(Constat::geste(
            "ARC-06",
            format!("Il n’y a plus rien à purger ({}).", noms(&p.classes)),
            "Abandonnez cette purge.",
        )
        .into());
    }
    Ok(Purge {
        rangs: rangs.to_vec(),
        motif: p.motif.clone(),
        pieces: pieces.to_vec(),
        classes: p.classes.clone(),
        propose_par: p.nom.clone(),
        confirme_par: ctx.acteur.nom.clone(),
        bilan: p.classes.contains(&Classe::Candidats).then(|| bilan::de(s)),
    })
}

/// Rien ne se purge avant terme, ni pendant un recours, ni sans y avoir droit.
fn permise(
    s: &Session,
    classes: &BTreeSet<Classe>,
    ctx: &Contexte,
) -> Result<jiff::civil::Date, Refus> {
    if !matches!(
        ctx.acteur.role,
        Role::Administrateur | Role::Directeur | Role::Responsable | Role::Suppleant
    ) {
        return Err(Constat::geste(
            "DRO-01",
            format!(
                "Votre rôle ({}) ne permet pas de purger.",
                ctx.acteur.role.libelle()
            ),
            "Demandez-le au responsable de la session et à la direction.",
        )
        .into());
    }
    if classes.is_empty() {
        return Err(Constat::saisie(
            "classes",
            "Rien n’est coché : la purge ne détruirait rien.",
            "Cochez au moins une catégorie de personnes.",
        )
        .into());
    }
    if let Some(c) = classes.iter().find(|c| s.archivage.deja(**c)) {
        return Err(Constat::saisie(
            "classes",
            format!("Déjà purgé : {}.", c.nom()),
            "Décochez cette catégorie.",
        )
        .into());
    }
    let terme = terme(s).unwrap_or(jiff::civil::Date::MAX);
    if ctx.jour() <= terme {
        return Err(Constat::geste(
            "R103",
            format!(
                "Ces contenus se gardent jusqu’au {} compris : rien ne se purge avant.",
                temps::date_longue(terme)
            ),
            "Revenez le lendemain de cette date.",
        )
        .into());
    }
    if let Some(r) = s.archivage.recours_ouverts().next() {
        return Err(Constat::geste(
            "R104",
            format!(
                "Le recours n° {} est ouvert : la purge est gelée.",
                r.numero
            ),
            "Notez comment il s’est fini, puis recommencez.",
        )
        .into());
    }
    Ok(terme)
}
