//! Ce qui est permis à une délibération : l'ouvrir, décider, clore, rectifier.

use super::coherence::{acquis_perdu, fautes};
use super::{Action, DecisionJury, Element, Evenement, Issue, Ouverture};
use crate::contexte::{Constat, Contexte, Force, Refus};
use crate::mots::de;
use crate::session::candidats::Candidat;
use crate::session::jour::{JURES_MIN, Venant};
use crate::session::{Session, apres, motif, verifier_survenu};
use crate::{CandidatId, JureId, temps};
use jiff::civil::DateTime;

pub(in crate::session) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    s.programme()?;
    match action {
        Action::Ouvrir {
            survenu,
            jures,
            sans_tiers,
        } => ouvrir(s, *survenu, jures, *sans_tiers, ctx),
        Action::Disposer { candidat, elements } => {
            ouverte(s)?;
            pas_close(s)?;
            let c = inscrit(s, candidat)?;
            let mut tries = elements.clone();
            tries.sort();
            tries.dedup();
            if s.deliberation
                .elements
                .get(candidat)
                .is_some_and(|x| x.iter().eq(tries.iter()))
            {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::Dispose {
                candidat: candidat.clone(),
                nom: c.fiche.nom_complet(),
                elements: tries,
            }])
        }
        Action::Retirer { candidat, jure } => retirer(s, candidat, jure, ctx),
        Action::Decider { candidat, decision } => decider_pour(s, candidat, decision, ctx),
        Action::Clore { survenu } => clore(s, *survenu, ctx),
        Action::Rectifier { candidat, decision } => rectifier(s, candidat, decision, ctx),
    }
}

fn ouvrir(
    s: &Session,
    survenu: DateTime,
    jures: &[JureId],
    sans_tiers: bool,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    verifier_survenu(ctx, survenu)?;
    pas_close(s)?;
    let mut choisis: Vec<_> = jures.to_vec();
    choisis.sort();
    choisis.dedup();
    let nouvelle = Ouverture {
        survenu,
        jures: choisis,
    };
    if s.deliberation.ouverture.as_ref() == Some(&nouvelle) {
        return Ok(vec![]);
    }
    if let Some(o) = &s.deliberation.ouverture {
        return Err(Constat::geste(
            "DEL-01",
            format!(
                "La délibération est déjà ouverte, {}.",
                temps::moment(o.survenu)
            ),
            "Transcrivez les décisions du jury.",
        )
        .into());
    }
    if s.inscrits().count() == 0 {
        return Err(Constat::geste(
            "DEL-02",
            "Aucun candidat n’est inscrit : il n’y a rien à délibérer.",
            "Inscrivez les candidats.",
        )
        .into());
    }
    if let Some(c) = s
        .inscrits()
        .find(|c| !s.jour.est_venu(&c.id) && !s.jour.est_absent(&c.id))
    {
        return Err(Constat {
            page: Some("jour".into()),
            ..Constat::geste(
                "DEL-03",
                format!("{} n’est noté ni présent ni absent.", c.fiche.nom_complet()),
                "Constatez d’abord la présence ou l’absence de chaque candidat.",
            )
        }
        .into());
    }
    if !sans_tiers {
        return Err(Constat {
            code: "R83".into(),
            ..Constat::saisie(
                "sans_tiers",
                "Le jury délibère hors de toute autre présence ; le responsable et le formateur n’y assistent pas.",
                "Faites sortir les tiers, puis cochez la case.",
            )
        }
        .into());
    }
    let mut noms = vec![];
    for j in &nouvelle.jures {
        let Some(m) = s.jure(j) else {
            return Err(Constat::saisie(
                "jures",
                "Un juré choisi n’est pas au jury de la session.",
                "Choisissez les jurés dans la liste.",
            )
            .into());
        };
        if !s.jour.est_la(&Venant::Jure(j.clone()), survenu) {
            return Err(Constat {
                page: Some("jour".into()),
                ..Constat::saisie(
                    "jures",
                    format!(
                        "{} n’est pas noté présent {}.",
                        m.nom,
                        temps::moment(survenu)
                    ),
                    "Notez son arrivée à la page Jour J, ou décochez ce juré.",
                )
            }
            .into());
        }
        noms.push(m.nom.clone());
    }
    if noms.len() < JURES_MIN {
        return Err(Constat {
            code: "R27".into(),
            ..Constat::saisie(
                "jures",
                format!("{} juré(s) présent(s) : il en faut {JURES_MIN} pour délibérer.", noms.len()),
                "Si un juré manque, ouvrez une carence à la page Incidents et attendez la décision de l’administration.",
            )
        }
        .into());
    }
    Ok(vec![Evenement::Ouverte {
        ouverture: nouvelle,
        noms,
    }])
}

fn ouverte(s: &Session) -> Result<&Ouverture, Refus> {
    s.deliberation.ouverture.as_ref().ok_or_else(|| {
        Constat::geste(
            "DEL-04",
            "La délibération n’est pas ouverte.",
            "Ouvrez-la : quels jurés sont présents, à quelle heure.",
        )
        .into()
    })
}

fn pas_close(s: &Session) -> Result<(), Refus> {
    match s.deliberation.close {
        None => Ok(()),
        Some(le) => Err(Constat::geste(
            "DEL-05",
            format!("La délibération est close, {}.", temps::moment(le)),
            "Une décision fausse se rectifie, avec un motif, sur la ligne du candidat.",
        )
        .into()),
    }
}

fn inscrit<'s>(s: &'s Session, id: &CandidatId) -> Result<&'s Candidat, Refus> {
    s.candidat(id)?;
    s.inscrits().find(|c| c.id == *id).ok_or_else(|| {
        Constat::geste(
            "DEL-06",
            "Ce candidat a été retiré de la session : le jury n’a rien à décider.",
            "Réinscrivez-le à sa fiche s’il a passé l’examen.",
        )
        .into()
    })
}

fn retirer(
    s: &Session,
    candidat: &CandidatId,
    jure: &JureId,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let o = ouverte(s)?;
    pas_close(s)?;
    let c = inscrit(s, candidat)?;
    let Some(m) = s.jure(jure).filter(|_| o.jures.contains(jure)) else {
        return Err(Constat::saisie(
            "jure",
            "Ce juré n’est pas à la délibération.",
            "Choisissez un juré présent.",
        )
        .into());
    };
    if s.deliberation
        .retraits
        .get(candidat)
        .is_some_and(|r| r.contains(jure))
    {
        return Ok(vec![]);
    }
    if s.deliberation.decisions.contains_key(candidat) {
        return Err(Constat::geste(
            "DEL-07",
            format!("La décision pour {} est déjà prise.", c.fiche.nom_complet()),
            "Rectifiez la décision, avec un motif qui dit le retrait.",
        )
        .into());
    }
    Ok(vec![Evenement::Retire {
        candidat: candidat.clone(),
        nom: c.fiche.nom_complet(),
        jure: jure.clone(),
        nom_jure: m.nom.clone(),
        motif: motif(ctx)?,
    }])
}

fn decider_pour(
    s: &Session,
    candidat: &CandidatId,
    decision: &DecisionJury,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    ouverte(s)?;
    let c = inscrit(s, candidat)?;
    let avant = s.deliberation.decisions.get(candidat);
    if avant == Some(decision) {
        return Ok(vec![]);
    }
    if s.pv.contresigne() {
        return Err(Constat::geste(
            "DEL-08",
            "Le procès-verbal est contresigné : la décision ne se change plus.",
            "Seul un rectificatif, motivé, est possible.",
        )
        .into());
    }
    if let (Some(vu), Some(_)) = (ctx.vu_au_rang, avant)
        && s.deliberation.rang > vu
    {
        return Err(Constat::geste(
            "VU",
            format!(
                "Une décision a été transcrite pendant que vous aviez la page sous les yeux. Pour {}, elle est maintenant : {}.",
                c.fiche.nom_complet(),
                avant.map_or("", |d| d.issue.libelle())
            ),
            "Votre saisie est gardée. Enregistrez de nouveau pour la faire valoir.",
        )
        .into());
    }
    juger(s, c, decision)?;
    let raison = verifier_elements(s, c, decision, ctx)?;
    match avant {
        None => Ok(vec![Evenement::Decidee {
            candidat: candidat.clone(),
            nom: c.fiche.nom_complet(),
            decision: decision.clone(),
            motif: raison,
        }]),
        Some(avant) => {
            garder_acquis(avant, decision)?;
            Ok(vec![Evenement::Rectifiee {
                candidat: candidat.clone(),
                nom: c.fiche.nom_complet(),
                avant: avant.clone(),
                decision: decision.clone(),
                motif: motif(ctx)?,
            }])
        }
    }
}

/// Jurés en nombre et décision cohérente.
fn juger(s: &Session, c: &Candidat, d: &DecisionJury) -> Result<(), Refus> {
    let jures = s
        .deliberation
        .jures_pour(&c.id)
        .into_iter()
        .filter(|j| !s.est_lie(j, &c.id))
        .count();
    if jures < JURES_MIN {
        return Err(Constat::geste(
            "R33",
            format!(
                "{jures} juré(s) pour {} une fois les retraits comptés : il en faut {JURES_MIN}.",
                c.fiche.nom_complet()
            ),
            "Ouvrez une carence à la page Incidents : l’administration décide.",
        )
        .into());
    }
    let k = fautes(s, c, d);
    if k.is_empty() {
        Ok(())
    } else {
        Err(Refus { constats: k })
    }
}

/// La fiche de synthèse est indispensable ; un autre élément manquant se motive.
fn verifier_elements(
    s: &Session,
    c: &Candidat,
    d: &DecisionJury,
    ctx: &Contexte,
) -> Result<Option<String>, Refus> {
    if d.issue == Issue::Absence || s.jour.sorties.contains_key(&c.id) {
        return Ok(ctx.motif_ecrit().map(str::to_owned));
    }
    let vus = s.deliberation.elements.get(&c.id);
    let manque: Vec<_> = Element::attendus(s, c)
        .into_iter()
        .filter(|e| vus.is_none_or(|v| !v.contains(e)))
        .collect();
    if manque.contains(&Element::FicheSynthese) {
        return Err(Constat::geste(
            "R84",
            format!(
                "La fiche de synthèse {} n’est pas notée complète.",
                de(&c.fiche.nom_complet())
            ),
            "Le jury la complète ; cochez-la parmi les éléments, enregistrez-les, puis transcrivez la décision.",
        )
        .into());
    }
    if !manque.is_empty() && ctx.motif_ecrit().is_none() {
        return Err(Constat {
            code: "DEL-09".into(),
            force: Force::Derogeable,
            objet: c.id.to_string(),
            ..Constat::saisie(
                "motif",
                format!(
                    "Pour {}, il manque : {}.",
                    c.fiche.nom_complet(),
                    manque
                        .iter()
                        .map(|e| e.libelle().to_lowercase())
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
                "Cochez ces éléments si le jury en dispose, et enregistrez-les ; sinon, dites pourquoi il décide sans eux.",
            )
        }
        .into());
    }
    Ok(ctx.motif_ecrit().map(str::to_owned))
}

fn garder_acquis(avant: &DecisionJury, apres: &DecisionJury) -> Result<(), Refus> {
    match acquis_perdu(avant, apres) {
        None => Ok(()),
        Some(ccp) => Err(Constat {
            code: "R88".into(),
            ..Constat::saisie(
                "certificats",
                format!("{ccp} était noté déjà acquis : un certificat acquis le reste."),
                "Laissez-le « Déjà acquis ». S’il avait été noté par erreur, attribuez-le ou non d’après la fiche de synthèse après avoir vérifié le livret.",
            )
        }
        .into()),
    }
}

fn clore(s: &Session, survenu: DateTime, ctx: &Contexte) -> Result<Vec<Evenement>, Refus> {
    let o = ouverte(s)?;
    if s.deliberation.close.is_some() {
        return Ok(vec![]);
    }
    verifier_survenu(ctx, survenu)?;
    apres(survenu, o.survenu, "l’ouverture de la délibération")?;
    let sans: Vec<_> = s
        .inscrits()
        .filter(|c| !s.deliberation.decisions.contains_key(&c.id))
        .map(|c| c.fiche.nom_complet())
        .collect();
    if !sans.is_empty() {
        return Err(Constat::geste(
            "R85",
            format!("Sans décision : {}.", sans.join(", ")),
            "Transcrivez la décision du jury pour chaque candidat, absents compris.",
        )
        .into());
    }
    Ok(vec![Evenement::Close {
        survenu,
        decisions: s.deliberation.decisions.len() as u32,
    }])
}

fn rectifier(
    s: &Session,
    candidat: &CandidatId,
    decision: &DecisionJury,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let c = inscrit(s, candidat)?;
    if !s.pv.contresigne() {
        return Err(Constat::geste(
            "DEL-10",
            "Le procès-verbal n’est pas contresigné : un rectificatif n’a pas lieu d’être.",
            "Rectifiez la décision, avec un motif.",
        )
        .into());
    }
    let Some(avant) = s.deliberation.decisions.get(candidat) else {
        return Err(Constat::geste(
            "DEL-11",
            "Ce candidat n’a pas de décision à rectifier.",
            "Vérifiez la liste des décisions.",
        )
        .into());
    };
    if avant == decision {
        return Ok(vec![]);
    }
    juger(s, c, decision)?;
    garder_acquis(avant, decision)?;
    Ok(vec![Evenement::Rectificatif {
        candidat: candidat.clone(),
        nom: c.fiche.nom_complet(),
        avant: avant.clone(),
        decision: decision.clone(),
        motif: motif(ctx)?,
    }])
}
