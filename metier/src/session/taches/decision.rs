//! Ce qui est permis d'une tâche : la noter, la confier, la contrôler, y joindre un document.

use super::evenements::{Action, Evenement};
use super::habitudes::{self, HABITUDES_MAX, Habitude};
use super::modele::{Point, Tache};
use super::{Etat, Jointe, OBSERVATION_MAX, PIECES_MAX, VueTache, toutes, vue};
use crate::contexte::{Constat, Contexte, Refus, Role};
use crate::session::{Session, borner_texte, exiger_texte, motif};
use crate::{PersonneId, temps};
use jiff::civil::Date;
use std::borrow::Cow;

/// Une tâche ou un de ses points.
enum Cible {
    Tache(Cow<'static, Tache>),
    Point(Cow<'static, Tache>, Point),
}

impl Cible {
    fn intitule(&self) -> String {
        match self {
            Self::Tache(t) => t.intitule.clone(),
            Self::Point(_, p) => p.intitule.clone(),
        }
    }
    /// La ligne : elle-même, ou celle du point.
    fn ligne(&self) -> &str {
        match self {
            Self::Tache(t) | Self::Point(t, _) => &t.code,
        }
    }
}

fn trouver(s: &Session, code: &str) -> Result<Cible, Refus> {
    for t in toutes(s) {
        if t.code == code {
            return Ok(Cible::Tache(t));
        }
        if let Some(p) = t.points.iter().find(|p| p.code == code).cloned() {
            return Ok(Cible::Point(t, p));
        }
    }
    Err(Constat::geste(
        "TAC-01",
        "Cette tâche n’est pas dans la check-list de la session.",
        "Revenez à la check-list.",
    )
    .into())
}

/// Une tâche entière : un point ne se confie pas, ne se vise pas.
fn trouver_tache(s: &Session, code: &str) -> Result<Cow<'static, Tache>, Refus> {
    match trouver(s, code)? {
        Cible::Tache(t) => Ok(t),
        Cible::Point(t, _) => Err(Constat::geste(
            "TAC-02",
            format!("Un point suit sa ligne, « {} ».", t.intitule),
            "Faites ce geste sur la ligne entière.",
        )
        .into()),
    }
}

/// Ce geste porte-t-il sur une tâche confiée à cette personne ? Elle peut alors la noter faite ou y joindre un document,
/// même sans rôle dans la session.
pub fn est_confiee_a(s: &Session, action: &Action, personne: &PersonneId) -> bool {
    let confiee = |code: &str| {
        trouver(s, code).is_ok_and(|c| {
            s.taches
                .confiees
                .get(c.ligne())
                .is_some_and(|d| d.a == *personne)
        })
    };
    match action {
        Action::Realiser { code, .. } | Action::Joindre { code, .. } => confiee(code),
        Action::Cocher { codes, .. } => !codes.is_empty() && codes.iter().all(|c| confiee(c)),
        Action::Rouvrir { .. }
        | Action::DeclarerSansObjet { .. }
        | Action::Confier { .. }
        | Action::Reprendre { .. }
        | Action::Viser { .. }
        | Action::Renvoyer { .. }
        | Action::Ajouter(_)
        | Action::Oter { .. } => false,
    }
}

pub(in crate::session) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    s.programme()?;
    match action {
        Action::Realiser { code, observation } => realiser(s, code, observation, ctx),
        Action::Cocher { codes, observation } => cocher(s, codes, observation),
        Action::Rouvrir { code } => {
            let intitule = trouver(s, code)?.intitule();
            if !s.taches.marques.contains_key(code) {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::Rouverte {
                code: code.clone(),
                intitule,
                motif: motif(ctx)?,
            }])
        }
        Action::DeclarerSansObjet { code } => Ok(vec![Evenement::SansObjet {
            code: code.clone(),
            intitule: trouver(s, code)?.intitule(),
            motif: motif(ctx)?,
        }]),
        Action::Confier {
            code,
            a,
            nom,
            pour,
            consigne,
        } => confier(s, code, (a, nom), *pour, consigne, ctx),
        Action::Reprendre { code } => {
            let t = trouver_tache(s, code)?;
            let Some(d) = s.taches.confiees.get(code) else {
                return Ok(vec![]);
            };
            Ok(vec![Evenement::Reprise {
                code: code.clone(),
                intitule: t.intitule.clone(),
                nom: d.nom.clone(),
                motif: motif(ctx)?,
            }])
        }
        Action::Viser { code, observation } => viser(s, code, observation, ctx),
        Action::Renvoyer { code } => renvoyer(s, code, ctx),
        Action::Joindre { code, jointe } => joindre(s, code, jointe),
        Action::Ajouter(h) => ajouter(s, h),
        Action::Oter { code } => {
            let Some(h) = s.taches.propres.iter().find(|h| h.code == *code) else {
                trouver(s, code)?;
                return Err(Constat::geste(
                    "TAC-06",
                    "Cette tâche vient du règlement ou du centre : elle ne s’ôte pas d’une session.",
                    "Si elle n’a pas lieu d’être ici, déclarez-la sans objet avec une raison.",
                )
                .into());
            };
            Ok(vec![Evenement::Otee {
                code: code.clone(),
                intitule: h.intitule.clone(),
                motif: motif(ctx)?,
            }])
        }
    }
}

fn observation_bornee(observation: &str) -> Result<&str, Refus> {
    if observation.chars().count() > OBSERVATION_MAX {
        return Err(Constat::saisie(
            "observation",
            format!("L’observation dépasse {OBSERVATION_MAX} caractères."),
            "Résumez-la.",
        )
        .into());
    }
    Ok(observation.trim())
}

fn realiser(
    s: &Session,
    code: &str,
    observation: &str,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let cible = trouver(s, code)?;
    let dite = observation_bornee(observation)?;
    let incomplet = match &cible {
        Cible::Tache(_) => vue(s, code, ctx.jour()).and_then(|v| v.avancement),
        Cible::Point(t, p) => vue(s, &t.code, ctx.jour())
            .and_then(|v| v.points.into_iter().find(|x| x.point.code == p.code))
            .and_then(|x| x.avancement),
    }
    .is_some_and(|a| !a.est_complet());
    if incomplet && dite.is_empty() {
        return Err(Constat::saisie(
            "observation",
            "Garant ne voit pas encore la preuve de cette tâche.",
            "Faites-la dans Garant, ou dites en observation comment elle a été faite.",
        )
        .into());
    }
    if s.taches
        .marques
        .get(code)
        .is_some_and(|m| !m.sans_objet && m.observation == dite)
    {
        return Ok(vec![]);
    }
    Ok(vec![Evenement::Realisee {
        code: code.to_owned(),
        intitule: cible.intitule(),
        observation: dite.to_owned(),
    }])
}

fn cocher(s: &Session, codes: &[String], observation: &str) -> Result<Vec<Evenement>, Refus> {
    let dite = observation_bornee(observation)?;
    if codes.is_empty() {
        return Err(Constat::saisie(
            "points",
            "Aucun point n’est coché.",
            "Cochez ce qui est vérifié, ou notez la ligne entière comme faite.",
        )
        .into());
    }
    let mut e = vec![];
    for code in codes {
        let intitule = trouver(s, code)?.intitule();
        if s.taches.marques.get(code).is_some_and(|m| !m.sans_objet) {
            continue;
        }
        e.push(Evenement::Realisee {
            code: code.clone(),
            intitule,
            observation: dite.to_owned(),
        });
    }
    Ok(e)
}

fn confier(
    s: &Session,
    code: &str,
    (a, nom): (&PersonneId, &str),
    pour: Option<Date>,
    consigne: &str,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let t = trouver_tache(s, code)?;
    borner_texte("consigne", "La consigne", consigne, OBSERVATION_MAX)?;
    if let Some(d) = pour {
        if d < ctx.jour() {
            return Err(Constat::saisie(
                "pour",
                format!("Le {} est passé.", temps::date_chiffres(d)),
                "Choisissez un jour à venir, ou laissez vide.",
            )
            .into());
        }
        if temps::jours_entre(ctx.jour(), d) > 2_200 {
            return Err(Constat::saisie(
                "pour",
                "Ce jour est à plus de six ans.",
                "Vérifiez l’année.",
            )
            .into());
        }
    }
    if vue(s, code, ctx.jour()).is_some_and(|v| v.etat == Etat::SansObjet) {
        return Err(Constat::geste(
            "TAC-03",
            "Cette tâche est sans objet dans cette session.",
            "Rouvrez-la avant de la confier.",
        )
        .into());
    }
    let consigne = consigne.trim();
    if s.taches
        .confiees
        .get(code)
        .is_some_and(|d| d.a == *a && d.pour == pour && d.consigne == consigne)
    {
        return Ok(vec![]);
    }
    Ok(vec![Evenement::Confiee {
        code: code.to_owned(),
        intitule: t.intitule.clone(),
        a: a.clone(),
        nom: nom.to_owned(),
        pour,
        consigne: consigne.to_owned(),
    }])
}

/// La tâche confiée, faite, et la personne qui a le droit de la contrôler.
fn controlable(s: &Session, code: &str, ctx: &Contexte) -> Result<VueTache, Refus> {
    trouver_tache(s, code)?;
    let v = vue(s, code, ctx.jour());
    let Some((v, d)) = v.and_then(|v| v.delegation.clone().map(|d| (v, d))) else {
        return Err(Constat::geste(
            "TAC-04",
            "Cette tâche n’est confiée à personne : il n’y a rien à contrôler.",
            "Confiez-la d’abord, ou notez-la faite vous-même.",
        )
        .into());
    };
    if !matches!(ctx.acteur.role, Role::Responsable | Role::Suppleant) || ctx.acteur.personne == d.a
    {
        return Err(Constat::geste(
            "TAC-05",
            "Le contrôle revient au responsable de session ou à son suppléant, jamais à qui a fait la tâche.",
            "Demandez-le au responsable de la session.",
        )
        .into());
    }
    Ok(v)
}

fn viser(
    s: &Session,
    code: &str,
    observation: &str,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let v = controlable(s, code, ctx)?;
    let dite = observation_bornee(observation)?;
    if v.etat != Etat::Faite {
        return Err(Constat::geste(
            "TAC-07",
            "Cette tâche n’est pas encore faite.",
            "Attendez qu’elle le soit, ou notez-la faite, puis contrôlez.",
        )
        .into());
    }
    if v.visa.as_ref().is_some_and(|x| x.observation == dite) {
        return Ok(vec![]);
    }
    Ok(vec![Evenement::Visee {
        code: code.to_owned(),
        intitule: v.tache.intitule.clone(),
        observation: dite.to_owned(),
        constat: v.constat(),
    }])
}

fn renvoyer(s: &Session, code: &str, ctx: &Contexte) -> Result<Vec<Evenement>, Refus> {
    let v = controlable(s, code, ctx)?;
    Ok(vec![Evenement::Renvoyee {
        code: code.to_owned(),
        intitule: v.tache.intitule.clone(),
        nom: v.delegation.map(|d| d.nom).unwrap_or_default(),
        motif: motif(ctx)?,
    }])
}

fn joindre(s: &Session, code: &str, jointe: &Jointe) -> Result<Vec<Evenement>, Refus> {
    let t = trouver_tache(s, code)?;
    exiger_texte("nom", "Le nom du document", &jointe.nom, 120)?;
    let deja = s.taches.pieces.get(code).map_or(&[][..], Vec::as_slice);
    if deja.iter().any(|x| x.empreinte == jointe.empreinte) {
        return Ok(vec![]);
    }
    if deja.len() >= PIECES_MAX {
        return Err(Constat::saisie(
            "fichier",
            format!("{PIECES_MAX} documents sont déjà joints à cette tâche."),
            "Réunissez les pages en un seul fichier.",
        )
        .into());
    }
    Ok(vec![Evenement::Jointe {
        code: code.to_owned(),
        intitule: t.intitule.clone(),
        jointe: jointe.clone(),
    }])
}

fn ajouter(s: &Session, h: &Habitude) -> Result<Vec<Evenement>, Refus> {
    let mut h = Habitude {
        code: format!("S-{}", s.taches.propres_ajoutees + 1),
        sur: None,
        ..h.clone()
    };
    h.intitule = h.intitule.trim().to_owned();
    h.faire = h.faire.trim().to_owned();
    let fautes = habitudes::verifier(&h);
    if !fautes.is_empty() {
        return Err(Refus {
            constats: fautes
                .into_iter()
                .map(|(champ, phrase)| Constat::saisie(champ, phrase, ""))
                .collect(),
        });
    }
    if s.taches.propres.len() >= HABITUDES_MAX {
        return Err(Constat::geste(
            "TAC-08",
            format!("{HABITUDES_MAX} tâches propres sont déjà dans cette session."),
            "Ôtez-en une qui ne sert plus.",
        )
        .into());
    }
    if s.taches
        .propres
        .iter()
        .any(|x| (&x.intitule, x.repere, x.jours) == (&h.intitule, h.repere, h.jours))
    {
        return Ok(vec![]);
    }
    Ok(vec![Evenement::Ajoutee(h)])
}
