//! Ce qui est permis à un incident : le signaler, le compléter, en informer l'administration, noter sa décision.

use super::{Action, Decision, Evenement, FAITS_MAX, Genre, Signalement};
use crate::contexte::{Constat, Contexte, Refus};
use crate::session::{Session, apres, borner_texte, exiger_texte, nom_realisant, verifier_survenu};

/// L'événement d'un incident nouveau, contrôlé.
pub(in crate::session) fn signaler(
    s: &Session,
    signalement: &Signalement,
    ctx: &Contexte,
) -> Result<Evenement, Refus> {
    verifier_survenu(ctx, signalement.survenu)?;
    exiger_texte("faits", "Les faits", &signalement.faits, FAITS_MAX)?;
    for (champ, nom, v) in [
        ("personnes", "Les personnes", &signalement.personnes),
        ("mesure", "La mesure", &signalement.mesure),
    ] {
        borner_texte(champ, nom, v, FAITS_MAX)?;
    }
    if signalement.temoins.len() > 10 || signalement.temoins.iter().any(|t| t.chars().count() > 120)
    {
        return Err(Constat::saisie(
            "temoins",
            "Il y a plus de dix témoins, ou un nom dépasse 120 caractères.",
            "Nommez les témoins qui signeront.",
        )
        .into());
    }
    if signalement.genre == Genre::Fraude && signalement.temoins.is_empty() {
        return Err(Constat::saisie(
            "temoins",
            "Un rapport de fraude est signé par des témoins : aucun n’est nommé.",
            "Nommez au moins un témoin, un par ligne.",
        )
        .into());
    }
    if let Some(c) = &signalement.candidat {
        s.candidat(c)?;
    }
    Ok(Evenement::Signale {
        numero: s.incidents.len() as u32 + 1,
        signalement: signalement.clone(),
        par: nom_realisant(s, ctx),
    })
}

pub(in crate::session) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    s.programme()?;
    let trouver = |n: u32| {
        s.incidents.iter().find(|i| i.numero == n).ok_or_else(|| {
            Refus::from(Constat::geste(
                "INC-01",
                format!("L’incident n° {n} n’existe pas dans cette session."),
                "Revenez à la page Incidents.",
            ))
        })
    };
    match action {
        Action::Signaler(x) => {
            if x.genre.est_de_pli() {
                return Err(Constat::saisie(
                    "genre",
                    "Un scellé rompu ou un contenu non conforme se note sur le pli lui-même.",
                    "Notez-le à la page Plis : la distribution s’arrêtera d’elle-même.",
                )
                .into());
            }
            Ok(vec![signaler(s, x, ctx)?])
        }
        Action::Completer { numero, texte } => {
            trouver(*numero)?;
            exiger_texte("texte", "Le complément", texte, FAITS_MAX)?;
            Ok(vec![Evenement::Complete {
                numero: *numero,
                texte: texte.trim().into(),
            }])
        }
        Action::Informer {
            numero,
            information,
        } => {
            let i = trouver(*numero)?;
            verifier_survenu(ctx, information.survenu)?;
            apres(information.survenu, i.signalement.survenu, "l’incident")?;
            exiger_texte("canal", "Le canal", &information.canal, 200)?;
            Ok(vec![Evenement::Informe {
                numero: *numero,
                information: information.clone(),
            }])
        }
        Action::Decider { numero, reponse } => {
            let i = trouver(*numero)?;
            verifier_survenu(ctx, reponse.survenu)?;
            let Some(premiere) = i.informations.first() else {
                return Err(Constat::geste(
                    "INC-02",
                    format!(
                        "L’administration n’est pas encore informée de l’incident n° {numero}."
                    ),
                    "Notez d’abord quand et comment vous l’avez informée.",
                )
                .into());
            };
            apres(
                reponse.survenu,
                premiere.survenu,
                "l’information de l’administration",
            )?;
            exiger_texte("reference", "La référence", &reponse.reference, 200)?;
            if reponse.decision == Decision::Remplacer && i.signalement.pli.is_none() {
                return Err(Constat::saisie(
                    "decision",
                    "Cet incident ne porte pas sur un pli : il n’y a rien à remplacer.",
                    "Choisissez « Poursuivre » ou « Interrompre ».",
                )
                .into());
            }
            if i.decision() == Some(Decision::Remplacer) {
                return Err(Constat::geste(
                    "INC-03",
                    "Ce pli a été écarté : la décision est faite.",
                    "Ajoutez un complément s’il faut préciser.",
                )
                .into());
            }
            Ok(vec![Evenement::Decide {
                numero: *numero,
                reponse: reponse.clone(),
            }])
        }
    }
}
