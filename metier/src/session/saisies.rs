//! Contrôles que plusieurs sujets partagent : l'heure d'un fait, un texte, qui l'a fait.

use super::Session;
use super::equipe::Poste;
use crate::contexte::{Constat, Contexte, Refus};
use crate::temps;
use jiff::civil::DateTime;

/// Ancienneté maximale d'un fait saisi après coup, en jours (limite de Garant, contre les fautes de frappe).
const ANCIENNETE_MAX_JOURS: i64 = 2_200;

/// Un fait ne se note pas avant d'arriver ; saisi après coup, son heure et celle de la saisie restent toutes deux.
pub(crate) fn verifier_survenu(ctx: &Contexte, survenu: DateTime) -> Result<(), Refus> {
    let maintenant = ctx.maintenant.with_time_zone(temps::paris()).datetime();
    if survenu > maintenant {
        return Err(Constat::saisie(
            "heure",
            format!(
                "Ce fait serait arrivé {}, qui est à venir.",
                temps::moment(survenu)
            ),
            "Notez-le quand il a lieu, ou corrigez la date et l’heure.",
        )
        .into());
    }
    if temps::jours_entre(survenu.date(), maintenant.date()) > ANCIENNETE_MAX_JOURS {
        return Err(
            Constat::saisie("date", "Cette date a plus de six ans.", "Vérifiez l’année.").into(),
        );
    }
    Ok(())
}

/// Un fait ne précède pas celui dont il dépend.
pub(crate) fn apres(survenu: DateTime, avant: DateTime, quoi: &str) -> Result<(), Refus> {
    if survenu >= avant {
        return Ok(());
    }
    Err(Constat::saisie(
        "heure",
        format!(
            "Ce fait ({}) serait arrivé avant {quoi} ({}).",
            temps::moment(survenu),
            temps::moment(avant)
        ),
        "Corrigez la date et l’heure.",
    )
    .into())
}

/// Un texte obligatoire, borné.
pub(crate) fn exiger_texte(champ: &str, nom: &str, v: &str, max: usize) -> Result<(), Refus> {
    if v.trim().is_empty() {
        return Err(Constat::saisie(
            champ,
            format!("{nom} : rien n’est écrit."),
            "Complétez ce champ.",
        )
        .into());
    }
    borner_texte(champ, nom, v, max)
}

/// Un texte facultatif, borné.
pub(crate) fn borner_texte(champ: &str, nom: &str, v: &str, max: usize) -> Result<(), Refus> {
    let n = v.chars().count();
    if n <= max && !v.chars().any(|c| c.is_control() && c != '\n' && c != '\r') {
        return Ok(());
    }
    Err(Constat::saisie(
        champ,
        format!("{nom} : {n} caractères, ou un signe invisible. Garant en accepte {max}."),
        "Raccourcissez ou retapez le texte.",
    )
    .into())
}

/// Le nom de la personne qui a fait le geste.
pub(crate) fn nom_realisant(s: &Session, ctx: &Contexte) -> String {
    if ctx.realise_par == ctx.acteur.personne {
        return ctx.acteur.nom.clone();
    }
    s.equipe
        .personne(&ctx.realise_par)
        .map_or_else(|| "une autre personne du centre".into(), |i| i.nom.clone())
}

/// La personne qui a fait le geste tient-elle ce poste ?
pub(crate) fn realisant_est(s: &Session, ctx: &Contexte, poste: Poste) -> bool {
    s.equipe.a(poste).any(|i| i.id == ctx.realise_par)
}
