//! Ce que le planning accepte : placer, déplacer, épingler, valider ; ce qu'il refuse, et pourquoi.

use super::journees::{verifier_empechement, verifier_journees};
use super::{Action, Cle, Empeche, Evenement, PASSAGES_MAX, Passage, Seance};
use crate::contexte::{Constat, Contexte, Refus};
use crate::session::Session;
use crate::session::equipe::Poste;
use crate::{CandidatId, temps};

/// Ce que devient cette demande : des événements, ou un refus.
pub(in crate::session) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let p = s.programme()?;
    match action {
        Action::Etablir {
            passages,
            deliberations,
        } => {
            if passages.len() > PASSAGES_MAX {
                return Err(Constat::geste(
                    "PLA-01",
                    format!(
                        "Le planning compterait {} passages ; Garant en accepte {PASSAGES_MAX}.",
                        passages.len()
                    ),
                    "Répartissez les candidats en plusieurs sessions.",
                )
                .into());
            }
            for x in passages {
                verifier(s, x)?;
            }
            if *passages == s.planning.passages && *deliberations == s.planning.deliberations {
                return Ok(vec![]);
            }
            if let Some(vu) = ctx.vu_au_rang
                && s.planning.rang() > vu
            {
                return Err(Constat::geste(
                    "VU",
                    "Le planning a changé depuis cette proposition : l’adopter effacerait ce changement.",
                    "Demandez une nouvelle proposition, qui partira du planning présent.",
                )
                .into());
            }
            for d in deliberations {
                verifier_deliberation(s, d)?;
            }
            let touches: Vec<_> = s
                .inscrits()
                .filter(|c| {
                    s.planning
                        .de(&c.id)
                        .ne(passages.iter().filter(|x| x.candidat == c.id))
                })
                .map(|c| &c.id)
                .collect();
            proteger_commences(s, |x| !passages.contains(x), ctx)?;
            proteger_convoques(s, &touches, ctx)?;
            Ok(vec![Evenement::Etabli {
                passages: passages.clone(),
                deliberations: deliberations.clone(),
                motif: ctx.motif_ecrit().map(str::to_owned),
            }])
        }
        Action::Placer(x) => {
            verifier(s, x)?;
            if s.planning.passage(&x.candidat, &x.epreuve) == Some(x) {
                return Ok(vec![]);
            }
            if let Some(vu) = ctx.vu_au_rang
                && s.planning.rang_de(&x.candidat) > vu
                && s.planning.passage(&x.candidat, &x.epreuve).is_some()
            {
                let present = s
                    .planning
                    .passage(&x.candidat, &x.epreuve)
                    .map(Passage::quand_ou)
                    .unwrap_or_default();
                return Err(Constat::geste("VU", format!("Quelqu’un d’autre a changé ce passage pendant que vous l’aviez sous les yeux : il est maintenant {present}."), "Votre saisie est gardée. Enregistrez de nouveau pour la faire valoir.").into());
            }
            proteger_commences(s, |y| y.est_le_meme(x), ctx)?;
            proteger_convoques(s, &[&x.candidat], ctx)?;
            Ok(vec![Evenement::Place {
                passage: x.clone(),
                motif: ctx.motif_ecrit().map(str::to_owned),
            }])
        }
        Action::Deplacer {
            passages,
            deliberations,
        } => {
            for x in passages {
                verifier(s, x)?;
            }
            for d in deliberations.iter().flatten() {
                verifier_deliberation(s, d)?;
            }
            let bougent: Vec<&Passage> = passages
                .iter()
                .filter(|x| s.planning.passage(&x.candidat, &x.epreuve) != Some(x))
                .collect();
            if bougent.is_empty() {
                return Ok(vec![]);
            }
            if let Some(vu) = ctx.vu_au_rang
                && bougent.iter().any(|x| s.planning.rang_de(&x.candidat) > vu)
            {
                return Err(Constat::geste(
                    "VU",
                    "Quelqu’un d’autre a changé cette séance pendant que vous l’aviez sous les yeux.",
                    "Votre saisie est gardée. Enregistrez de nouveau pour la faire valoir.",
                )
                .into());
            }
            let touches: Vec<_> = bougent.iter().map(|x| &x.candidat).collect();
            proteger_commences(s, |y| bougent.iter().any(|x| y.est_le_meme(x)), ctx)?;
            proteger_convoques(s, &touches, ctx)?;
            Ok(vec![Evenement::Deplaces {
                passages: bougent.into_iter().cloned().collect(),
                deliberations: deliberations.clone(),
                motif: ctx.motif_ecrit().map(str::to_owned),
            }])
        }
        Action::Epingler { passages } => Ok(epingler(s, passages, true)
            .map(|passages| Evenement::Epingles { passages })
            .into_iter()
            .collect()),
        Action::Liberer { passages } => Ok(epingler(s, passages, false)
            .map(|passages| Evenement::Desepingles { passages })
            .into_iter()
            .collect()),
        Action::ReglerJournees(j) => {
            verifier_journees(s, j)?;
            if s.planning.journees.as_ref() == Some(j) {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::JourneesReglees(j.clone())])
        }
        Action::Empecher { empechements } => {
            for e in empechements {
                verifier_empechement(s, e)?;
            }
            let neufs: Vec<_> = empechements
                .iter()
                .filter(|e| !s.planning.empechements.contains(e))
                .cloned()
                .collect();
            Ok(if neufs.is_empty() {
                vec![]
            } else {
                vec![Evenement::Empeche {
                    noms: neufs.iter().map(|e| e.qui.nom(s)).collect(),
                    empechements: neufs,
                }]
            })
        }
        Action::LeverEmpechement(e) => {
            if !s.planning.empechements.contains(e) {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::EmpechementLeve {
                nom: e.qui.nom(s),
                empechement: e.clone(),
            }])
        }
        Action::Oter { candidat, epreuve } => {
            let Some(present) = s.planning.passage(candidat, epreuve) else {
                return Ok(vec![]);
            };
            proteger_commences(s, |x| x == present, ctx)?;
            proteger_convoques(s, &[candidat], ctx)?;
            Ok(vec![Evenement::Ote {
                candidat: candidat.clone(),
                epreuve: epreuve.clone(),
                motif: ctx.motif_ecrit().map(str::to_owned),
            }])
        }
        Action::Valider => {
            if s.planning.valide.is_some() {
                return Ok(vec![]);
            }
            let attendus = p.epreuves().len();
            if attendus == 0 || s.inscrits().count() == 0 {
                return Err(Constat::geste("PLA-02", "Il n’y a encore rien à valider : il faut des candidats et un référentiel avec ses épreuves.", "Inscrivez les candidats, puis établissez le planning.").into());
            }
            refuser_les_empeches(s, ctx)?;
            Ok(vec![Evenement::Valide {
                passages: s.planning.passages.len() as u32,
                candidats: s.inscrits().count() as u32,
                motif: ctx.motif_ecrit().map(str::to_owned),
            }])
        }
        Action::Afficher { le } => {
            if s.planning.passages.is_empty() {
                return Err(Constat::geste(
                    "PLA-03",
                    "Le planning est vide : il n’y a rien à afficher.",
                    "Établissez d’abord le planning.",
                )
                .into());
            }
            if *le > ctx.jour() {
                return Err(Constat::saisie(
                    "le",
                    "L’affichage ne peut pas être noté à une date à venir.",
                    "Notez-le le jour où il est fait.",
                )
                .into());
            }
            if le.year() + 1 < p.debut.year() {
                return Err(Constat::saisie(
                    "le",
                    format!(
                        "Cette date précède la session de plus d’un an : {}.",
                        temps::date_longue(*le)
                    ),
                    "Vérifiez l’année.",
                )
                .into());
            }
            Ok(vec![Evenement::Affiche { le: *le }])
        }
    }
}

/// Ceux de ces passages que l'épingle changerait ; rien si aucun ne change.
fn epingler(s: &Session, passages: &[Cle], tenir: bool) -> Option<Vec<Cle>> {
    let v: Vec<Cle> = passages
        .iter()
        .filter(|(c, e)| {
            s.planning.passage(c, e).is_some() && s.planning.est_epingle(c, e) != tenir
        })
        .cloned()
        .collect();
    (!v.is_empty()).then_some(v)
}

fn verifier_deliberation(s: &Session, d: &Seance) -> Result<(), Refus> {
    let p = s.programme()?;
    let connus = d.jury.iter().all(|j| s.jure(j).is_some());
    if connus && d.fin > d.debut && (p.debut..=p.fin).contains(&d.date) {
        return Ok(());
    }
    Err(Constat::geste(
        "PLA-06",
        "Une délibération est placée hors de la session, ou avec un juré parti.",
        "Demandez une nouvelle proposition.",
    )
    .into())
}

fn verifier(s: &Session, x: &Passage) -> Result<(), Refus> {
    let p = s.programme()?;
    let c = s.candidat(&x.candidat)?;
    let mut k = vec![];
    if p.epreuve(&x.epreuve).is_none() {
        k.push(Constat::saisie(
            "epreuve",
            "Cette épreuve n’est pas au référentiel de la session.",
            "Choisissez une épreuve de la liste.",
        ));
    }
    if x.lieu.trim().is_empty()
        || x.lieu.chars().count() > 120
        || x.lieu.chars().any(char::is_control)
    {
        k.push(Constat::saisie(
            "lieu",
            "Le lieu manque ou dépasse 120 caractères.",
            "Écrivez le nom de la salle, tel qu’il est sur la porte.",
        ));
    }
    if x.fin <= x.debut {
        k.push(Constat::saisie(
            "fin",
            format!(
                "L’épreuve finirait à {} avant d’avoir commencé à {}.",
                temps::heure(x.fin),
                temps::heure(x.debut)
            ),
            "Vérifiez les heures.",
        ));
    }
    if x.date < p.debut || x.date > p.fin {
        k.push(Constat::saisie(
            "date",
            format!(
                "Le {} est hors de la session, {}.",
                temps::date_longue(x.date),
                temps::periode(p.debut, p.fin)
            ),
            "Choisissez un jour de la session, ou déplacez la session.",
        ));
    }
    if c.retire.is_some() {
        k.push(Constat::saisie(
            "candidat",
            format!("{} a été retiré de la session.", c.fiche.nom_complet()),
            "Réinscrivez ce candidat d’abord.",
        ));
    }
    if x.jury
        .iter()
        .any(|j| !s.jury.iter().any(|m| m.membre.jure == *j))
    {
        k.push(Constat::saisie(
            "jury",
            "Un juré choisi n’est pas au jury de la session.",
            "Retenez-le d’abord à la page Jury.",
        ));
    }
    if let Some(v) = &x.surveillant
        && !s.equipe.a(Poste::Surveillant).any(|i| i.id == *v)
    {
        k.push(Constat::saisie(
            "surveillant",
            "Ce surveillant n’est pas nommé dans l’équipe de la session.",
            "Nommez-le d’abord à la page Équipe.",
        ));
    }
    if k.is_empty() {
        Ok(())
    } else {
        Err(Refus { constats: k })
    }
}

/// Ce qui a commencé a eu lieu : déplacer l'un des passages qui `partent` corrige un fait, et demande un motif.
fn proteger_commences(
    s: &Session,
    partent: impl Fn(&Passage) -> bool,
    ctx: &Contexte,
) -> Result<(), Refus> {
    if ctx.motif_ecrit().is_some() {
        return Ok(());
    }
    let ici = ctx.maintenant.with_time_zone(temps::paris()).datetime();
    let mut passages = s.planning.passages.iter();
    let Some(x) = passages.find(|x| x.date.to_datetime(x.debut) <= ici && partent(x)) else {
        return Ok(());
    };
    Err(Constat::derogation(
        "PLA-07",
        format!("{}|{}", x.candidat, x.epreuve),
        "planning",
        format!(
            "Le passage de {} a déjà commencé : {}.",
            nom(s, x),
            x.quand_ou()
        ),
        "S’il s’est tenu ailleurs ou à une autre heure, dites pourquoi en motif. Pour la suite de la journée, passez par Réparer.",
    )
    .into())
}

/// Valider en laissant quelqu'un là où on l'a dit empêché demande un motif.
fn refuser_les_empeches(s: &Session, ctx: &Contexte) -> Result<(), Refus> {
    let heurtes = s.planning.passages_empeches();
    let (Some((x, e)), None) = (heurtes.first(), ctx.motif_ecrit()) else {
        return Ok(());
    };
    let autres = match heurtes.len() {
        1 => String::new(),
        2 => " Un autre passage est dans le même cas.".to_owned(),
        n => format!(" {} autres passages sont dans le même cas.", n - 1),
    };
    let absence = match &e.qui {
        Empeche::Salle(salle) => format!("« {salle} » n’est pas libre"),
        qui => format!("{} n’est pas là", qui.nom(s)),
    };
    Err(Constat::derogation(
        "PLA-08",
        format!("{}|{}", x.candidat, x.epreuve),
        "planning",
        format!(
            "{absence} {}, et {} passe alors : {}.{autres}",
            e.quand(),
            nom(s, x),
            x.quand_ou()
        ),
        "Déplacez ces passages, ou levez l’empêchement ; sinon dites pourquoi en motif.",
    )
    .into())
}

/// Le nom du candidat de ce passage.
fn nom(s: &Session, x: &Passage) -> String {
    let c = s.candidat(&x.candidat);
    c.map(|c| c.fiche.nom_complet()).unwrap_or_default()
}

/// Ce qui a été envoyé à un candidat ne bouge pas en silence.
fn proteger_convoques(s: &Session, touches: &[&CandidatId], ctx: &Contexte) -> Result<(), Refus> {
    if ctx.motif_ecrit().is_some() {
        return Ok(());
    }
    let noms: Vec<_> = touches
        .iter()
        .filter(|c| s.convocations.est_remise_candidat(c))
        .filter_map(|c| s.candidat(c).ok())
        .map(|c| c.fiche.nom_complet())
        .collect();
    if noms.is_empty() {
        return Ok(());
    }
    Err(Constat::derogation(
        "PLA-04",
        noms.join("|"),
        "convocations",
        format!(
            "{} : la convocation déjà remise ne dirait plus vrai.",
            noms.join(", ")
        ),
        "Dites pourquoi en motif ; la convocation sera à refaire et à remettre de nouveau.",
    )
    .into())
}
