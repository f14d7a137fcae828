//! Essayer une place : la lire dans l'adresse ou le formulaire, et dire ce qu'elle enfreindrait de plus.

use super::{Saisie, hhmm};
use crate::cadre::encoder;
use crate::erreurs::Erreur;
use crate::formulaires::ErreursFormulaire;
use agencement::{Ecart, ecarts};
use metier::equipe::Poste;
use metier::planning::{Passage, Seance};
use metier::{CandidatId, JureId, PersonneId, Session, temps};
use std::collections::{BTreeSet, HashMap};

/// Le passage que la saisie décrit ; ou ses fautes, champ par champ.
pub(super) fn lire_passage(
    s: &Session,
    candidat: &CandidatId,
    epreuve: &str,
    f: &Saisie,
) -> Result<Result<Passage, ErreursFormulaire>, Erreur> {
    let mut e = ErreursFormulaire::default();
    let (date, debut, fin) = (
        temps::lire_date(&f.date),
        temps::lire_heure(&f.debut),
        temps::lire_heure(&f.fin),
    );
    if date.is_none() {
        e.ajouter("date", "Choisissez un jour de la session.");
    }
    if debut.is_none() {
        e.ajouter("debut", "Écrivez une heure, par exemple 8:30.");
    }
    if fin.is_none() {
        e.ajouter("fin", "Écrivez une heure, par exemple 9:00.");
    }
    if let (Some(debut), Some(fin)) = (debut, fin)
        && fin <= debut
    {
        e.ajouter("fin", "La fin doit suivre le début.");
    }
    let (Some(date), Some(debut), Some(fin), true) = (date, debut, fin, e.est_vide()) else {
        return Ok(Err(e));
    };
    let jury = f
        .jury
        .iter()
        .map(|j| retenu(s, j))
        .collect::<Result<_, _>>()?;
    let surveillant = match f.surveillant.as_str() {
        "" => None,
        id => Some(surveillant_nomme(s, id)?),
    };
    Ok(Ok(Passage {
        candidat: candidat.clone(),
        epreuve: epreuve.to_owned(),
        lieu: f.lieu.trim().to_owned(),
        date,
        debut,
        fin,
        jury,
        surveillant,
    }))
}

/// Ce juré, s'il est retenu dans la session.
fn retenu(s: &Session, id: &str) -> Result<JureId, Erreur> {
    let mut jures = s.jury.iter().map(|m| &m.membre.jure);
    jures.find(|j| j.as_str() == id).cloned().ok_or_else(|| {
        Erreur::Illisible(
            "Ce juré n’est plus de la session. Rechargez la page, puis choisissez-en un autre."
                .into(),
        )
    })
}

/// Ce surveillant, s'il est nommé dans la session.
fn surveillant_nomme(s: &Session, id: &str) -> Result<PersonneId, Erreur> {
    let mut nommes = s.equipe.a(Poste::Surveillant).map(|i| &i.id);
    nommes.find(|p| p.as_str() == id).cloned().ok_or_else(|| {
        Erreur::Illisible(
            "Ce surveillant n’est plus nommé. Rechargez la page, puis choisissez-en un autre."
                .into(),
        )
    })
}

/// La durée à donner : celle du passage présent, ou celle du référentiel.
fn duree(s: &Session, epreuve: &str, present: Option<&Passage>) -> u32 {
    present
        .map(|x| temps::minutes(x.fin) - temps::minutes(x.debut))
        .or_else(|| s.programme.as_ref()?.epreuve(epreuve)?.duree_minutes)
        .unwrap_or(30)
}

/// Porte dans la saisie la place que l'adresse demande ; le reste ne change pas.
pub(super) fn deplacer(
    s: &Session,
    epreuve: &str,
    present: Option<&Passage>,
    voulu: &HashMap<String, String>,
    saisie: &mut Saisie,
) {
    let un = |champ: &str| voulu.get(champ).cloned().filter(|v| !v.is_empty());
    if let Some(d) = un("date") {
        saisie.date = d;
    }
    if let Some(l) = un("lieu") {
        saisie.lieu = l;
    }
    if let Some(j) = un("jury") {
        saisie.jury = j
            .split(',')
            .filter(|id| s.jury.iter().any(|m| m.membre.jure.as_str() == *id))
            .map(str::to_owned)
            .collect();
    }
    if let Some(v) = un("surveillant")
        && s.equipe.a(Poste::Surveillant).any(|i| i.id.as_str() == v)
    {
        saisie.surveillant = v;
    }
    if let Some(t) = un("debut").and_then(|t| temps::lire_heure(&t)) {
        saisie.debut = hhmm(t);
        let fin = temps::minutes(t) + duree(s, epreuve, present);
        saisie.fin = temps::depuis_minutes(fin).map(hhmm).unwrap_or_default();
    }
    if let Some(t) = un("fin").and_then(|t| temps::lire_heure(&t)) {
        saisie.fin = hhmm(t);
    }
}

/// L'adresse qui essaie cette place.
pub(super) fn adresse(base: &str, x: &Passage) -> String {
    let jury: Vec<String> = x.jury.iter().map(ToString::to_string).collect();
    format!(
        "{base}?date={}&debut={}&lieu={}&jury={}&surveillant={}&suivre=oui",
        x.date,
        encoder(&hhmm(x.debut)),
        encoder(&x.lieu),
        encoder(&jury.join(",")),
        x.surveillant.as_ref().map_or("", |v| v.as_str())
    )
}

/// L'adresse qui remettrait ce passage où il était ; son épingle, s'il en avait une, est à reposer.
pub(super) fn adresse_de_retour(base: &str, x: &Passage) -> String {
    format!("{}&fin={}", adresse(base, x), encoder(&hhmm(x.fin)))
}

/// Le planning, ces passages posés à leur place.
fn avec(s: &Session, poses: &[Passage]) -> Vec<Passage> {
    let mut v: Vec<Passage> = s
        .planning
        .passages
        .iter()
        .filter(|x| !poses.iter().any(|y| y.est_le_meme(x)))
        .cloned()
        .collect();
    v.extend(poses.iter().cloned());
    v.sort_by_key(|x| (x.date, x.debut));
    v
}

/// Ceux dont la convocation est déjà remise et ne dirait plus vrai : candidats, jurés et surveillants.
pub(super) fn a_prevenir(
    s: &Session,
    poses: &[Passage],
    deliberations: Option<&[Seance]>,
) -> Vec<String> {
    let mut apres = s.planning.clone();
    apres.passages = avec(s, poses);
    if let Some(d) = deliberations {
        apres.deliberations = d.to_vec();
    }
    s.a_prevenir_si(&apres)
        .iter()
        .filter_map(|d| s.nom_destinataire(d).ok())
        .collect()
}

/// Ce que ces places enfreindraient et que le planning présent n'enfreint pas.
pub(super) fn essayer(
    s: &Session,
    poses: &[Passage],
    deliberations: Option<&[Seance]>,
) -> Vec<String> {
    let avant: BTreeSet<Ecart> = ecarts(s, &s.planning.passages, &s.planning.deliberations)
        .into_iter()
        .collect();
    let apres = deliberations.unwrap_or(&s.planning.deliberations);
    ecarts(s, &avec(s, poses), apres)
        .into_iter()
        .filter(|e| !avant.contains(e))
        .map(|e| e.phrase)
        .collect()
}
