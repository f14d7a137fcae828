//! Ce qui est permis un jour d'épreuves : qui peut être noté présent, quelle épreuve peut commencer.

use super::{
    Action, Evenement, Piece, Presence, Retard, Sortie, Statut, Venant, est_mise_en_situation,
};
use crate::contexte::{Constat, Contexte, Force, Refus};
use crate::mots::de;
use crate::referentiel::{Epreuve, Modalite};
use crate::session::candidats::Candidat;
use crate::session::{Session, apres, motif, verifier_survenu};
use crate::{CandidatId, temps};
use jiff::civil::DateTime;

/// Jurés qu'il faut présents pour statuer (reglement.md R27).
pub const JURES_MIN: usize = 2;

pub(in crate::session) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    s.programme()?;
    match action {
        Action::Arriver { qui, survenu } => {
            un_jour_de_session(s, ctx, *survenu)?;
            let nom = nom_venant(s, qui)?;
            if s.jour.est_la(qui, *survenu) {
                return Ok(vec![]);
            }
            derniere_venue(s, qui, *survenu)?;
            Ok(vec![Evenement::Arrive {
                qui: qui.clone(),
                nom,
                survenu: *survenu,
            }])
        }
        Action::Partir { qui, survenu } => {
            un_jour_de_session(s, ctx, *survenu)?;
            let nom = nom_venant(s, qui)?;
            match s.jour.venues.get(qui).and_then(|v| v.last()) {
                Some((debut, None)) => {
                    apres(*survenu, *debut, "son arrivée")?;
                    Ok(vec![Evenement::Parti {
                        qui: qui.clone(),
                        nom,
                        survenu: *survenu,
                    }])
                }
                Some((_, Some(_))) | None => Err(Constat::geste(
                    "JOU-02",
                    format!("{nom} n’est pas noté arrivé."),
                    "Notez d’abord son arrivée.",
                )
                .into()),
            }
        }
        Action::Verifier {
            jure,
            quoi,
            survenu,
        } => {
            verifier_survenu(ctx, *survenu)?;
            let nom = nom_venant(s, &Venant::Jure(jure.clone()))?;
            let neufs: Vec<_> = quoi
                .iter()
                .copied()
                .filter(|v| !s.jour.verifications.contains_key(&(jure.clone(), *v)))
                .collect();
            if neufs.is_empty() {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::Verifie {
                jure: jure.clone(),
                nom,
                quoi: neufs,
                survenu: *survenu,
            }])
        }
        Action::Accueillir { candidat, survenu } => accueillir(s, candidat, *survenu, ctx),
        Action::VoirPieces {
            candidat,
            pieces,
            survenu,
        } => {
            verifier_survenu(ctx, *survenu)?;
            let c = inscrit(s, candidat)?;
            let neuves: Vec<_> = pieces
                .iter()
                .copied()
                .filter(|p| !s.jour.pieces.contains_key(&(candidat.clone(), *p)))
                .collect();
            if neuves.is_empty() {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::PiecesVues {
                candidat: candidat.clone(),
                nom: c.fiche.nom_complet(),
                pieces: neuves,
                survenu: *survenu,
            }])
        }
        Action::Signer {
            candidat,
            signature,
            survenu,
        } => {
            un_jour_de_session(s, ctx, *survenu)?;
            let c = inscrit(s, candidat)?;
            present(s, c, *survenu)?;
            if s.jour
                .signatures
                .contains_key(&(candidat.clone(), survenu.date()))
            {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::Signe {
                candidat: candidat.clone(),
                nom: c.fiche.nom_complet(),
                signature: signature.clone(),
                survenu: *survenu,
            }])
        }
        Action::Absenter { candidat, survenu } => {
            un_jour_de_session(s, ctx, *survenu)?;
            let c = inscrit(s, candidat)?;
            let raison = match s.jour.presences.get(&(candidat.clone(), survenu.date())) {
                Some(Presence::Absent) => return Ok(vec![]),
                // Une présence notée par erreur se corrige avec un motif ; elle reste au journal.
                Some(Presence::Present(..)) => Some(motif(ctx)?),
                None => ctx.motif_ecrit().map(str::to_owned),
            };
            Ok(vec![Evenement::Absent {
                candidat: candidat.clone(),
                nom: c.fiche.nom_complet(),
                survenu: *survenu,
                motif: raison,
            }])
        }
        Action::Sortir {
            candidat,
            sortie,
            survenu,
        } => {
            verifier_survenu(ctx, *survenu)?;
            let c = inscrit(s, candidat)?;
            present(s, c, *survenu)?;
            Ok(vec![Evenement::Sorti {
                candidat: candidat.clone(),
                nom: c.fiche.nom_complet(),
                sortie: *sortie,
                survenu: *survenu,
                motif: motif(ctx)?,
            }])
        }
        Action::Commencer {
            epreuve,
            candidats,
            survenu,
        } => commencer(s, epreuve, candidats, *survenu, ctx),
        Action::Finir {
            epreuve,
            candidats,
            survenu,
        } => finir(s, epreuve, candidats, *survenu, ctx),
        Action::Statuer { candidat, survenu } => statuer(s, candidat, *survenu, ctx),
    }
}

fn un_jour_de_session(s: &Session, ctx: &Contexte, survenu: DateTime) -> Result<(), Refus> {
    let p = s.programme()?;
    verifier_survenu(ctx, survenu)?;
    if (p.debut..=p.fin).contains(&survenu.date()) {
        return Ok(());
    }
    Err(Constat::saisie(
        "date",
        format!(
            "Le {} n’est pas un jour de la session, {}.",
            temps::date_longue(survenu.date()),
            temps::periode(p.debut, p.fin)
        ),
        "Choisissez un jour de la session.",
    )
    .into())
}

fn nom_venant(s: &Session, qui: &Venant) -> Result<String, Refus> {
    match qui {
        Venant::Jure(j) => s.jure(j).map(|m| m.nom.clone()),
        Venant::Equipe(p) => s.equipe.personne(p).map(|i| i.nom.clone()),
    }
    .ok_or_else(|| {
        Constat::geste(
            "JOU-01",
            "Cette personne n’est ni du jury ni de l’équipe de la session.",
            "Retenez-la à la page Jury, ou nommez-la à la page Équipe.",
        )
        .into()
    })
}

/// Une arrivée suit la venue précédente : on ne revient pas sans être parti.
fn derniere_venue(s: &Session, qui: &Venant, survenu: DateTime) -> Result<(), Refus> {
    match s.jour.venues.get(qui).and_then(|v| v.last()) {
        Some((_, Some(fin))) => apres(survenu, *fin, "son départ précédent"),
        Some((debut, None)) => apres(survenu, *debut, "son arrivée précédente"),
        None => Ok(()),
    }
}

fn inscrit<'s>(s: &'s Session, id: &CandidatId) -> Result<&'s Candidat, Refus> {
    let c = s.candidat(id)?;
    if c.retire.is_some() {
        return Err(Constat::geste(
            "JOU-03",
            format!("{} a été retiré de la session.", c.fiche.nom_complet()),
            "Réinscrivez ce candidat à sa fiche s’il doit passer l’examen.",
        )
        .into());
    }
    Ok(c)
}

fn present(s: &Session, c: &Candidat, le: DateTime) -> Result<(), Refus> {
    let statut = s.jour.statut(&c.id, le.date());
    if statut == Statut::Present {
        return Ok(());
    }
    Err(Constat::geste(
        "JOU-04",
        format!(
            "{} n’est pas présent {} ({}).",
            c.fiche.nom_complet(),
            temps::date_longue(le.date()),
            statut.libelle().to_lowercase()
        ),
        "Notez d’abord sa présence.",
    )
    .into())
}

fn accueillir(
    s: &Session,
    candidat: &CandidatId,
    survenu: DateTime,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    un_jour_de_session(s, ctx, survenu)?;
    let c = inscrit(s, candidat)?;
    let nom = c.fiche.nom_complet();
    match s.jour.statut(candidat, survenu.date()) {
        Statut::Present => return Ok(vec![]),
        // Revenir sur une exclusion ou un abandon se motive.
        Statut::Exclu | Statut::Abandon => drop(motif(ctx)?),
        Statut::Attendu | Statut::Absent => {}
    }
    let prevu = s
        .planning
        .de(candidat)
        .filter(|p| p.date == survenu.date())
        .map(|p| p.debut)
        .min()
        .filter(|d| survenu.time() > *d);
    let retard = match (prevu, ctx.motif_ecrit()) {
        (None, _) => None,
        (Some(prevu), Some(_)) => Some(Retard {
            prevu,
            motif: motif(ctx)?,
        }),
        (Some(prevu), None) => {
            return Err(Constat {
                code: "R78".into(),
                force: Force::Derogeable,
                objet: candidat.to_string(),
                ..Constat::saisie(
                    "motif",
                    format!(
                        "{nom} arrive à {}, après le début prévu à {} : le responsable décide de l’admettre ou non. L’heure de fin ne change pas.",
                        temps::heure(survenu.time()),
                        temps::heure(prevu)
                    ),
                    "Écrivez pourquoi vous l’admettez ; sinon, notez-le absent.",
                )
            }
            .into());
        }
    };
    Ok(vec![Evenement::Present {
        candidat: candidat.clone(),
        nom,
        survenu,
        motif: if retard.is_some() {
            None
        } else {
            ctx.motif_ecrit().map(str::to_owned)
        },
        retard,
    }])
}

fn epreuve<'s>(s: &'s Session, code: &str) -> Result<&'s Epreuve, Refus> {
    s.programme()?.epreuve(code).ok_or_else(|| {
        Constat::saisie(
            "epreuve",
            "Cette épreuve n’est pas au référentiel de la session.",
            "Choisissez une épreuve de la liste.",
        )
        .into()
    })
}

fn exiger_candidats(candidats: &[CandidatId]) -> Result<(), Refus> {
    if candidats.is_empty() {
        return Err(Constat::saisie(
            "candidats",
            "Aucun candidat n’est choisi.",
            "Cochez au moins un candidat présent.",
        )
        .into());
    }
    Ok(())
}

fn commencer(
    s: &Session,
    code: &str,
    candidats: &[CandidatId],
    survenu: DateTime,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    un_jour_de_session(s, ctx, survenu)?;
    let e = epreuve(s, code)?;
    exiger_candidats(candidats)?;
    let mut neufs = vec![];
    for id in candidats {
        let c = inscrit(s, id)?;
        present(s, c, survenu)?;
        if let Some(o) = s.jour.observee(id, code) {
            if o.debut == survenu {
                continue;
            }
            return Err(Constat::geste(
                "JOU-05",
                format!(
                    "{} a déjà commencé cette épreuve {}.",
                    c.fiche.nom_complet(),
                    temps::moment(o.debut)
                ),
                "Décochez ce candidat. Si l’heure notée est fausse, signalez-le en incident : rien ne s’efface.",
            )
            .into());
        }
        if est_mise_en_situation(e)
            && s.plateau.exige_epi()
            && !s.jour.pieces.contains_key(&(id.clone(), Piece::Epi))
        {
            return Err(Constat {
                objet: id.to_string(),
                ..Constat::geste(
                    "R61",
                    format!(
                        "La mise en situation {} ne peut pas commencer : ses équipements de protection ne sont pas notés vus.",
                        de(&c.fiche.nom_complet())
                    ),
                    "Vérifiez-les, touchez « Équipements » sur sa carte, puis commencez.",
                )
            }
            .into());
        }
        if e.modalite == Modalite::Ef {
            let a_statuer = s
                .programme()?
                .epreuves()
                .into_iter()
                .any(est_mise_en_situation);
            match s.jour.statue.get(id) {
                Some(le) => apres(survenu, *le, "la décision du jury sur la mise en situation")?,
                None if a_statuer => {
                    return Err(Constat {
                        objet: id.to_string(),
                        ..Constat::geste(
                            "R75",
                            format!(
                                "L’entretien final {} ne peut pas commencer : le jury n’a pas encore statué sur sa mise en situation.",
                                de(&c.fiche.nom_complet())
                            ),
                            "Le jury statue et reporte le résultat sur la fiche de synthèse ; notez-le, puis commencez.",
                        )
                    }
                    .into());
                }
                None => {}
            }
        }
        neufs.push(id.clone());
    }
    if neufs.is_empty() {
        return Ok(vec![]);
    }
    Ok(vec![Evenement::Commencee {
        epreuve: code.into(),
        libelle: e.nature.clone(),
        noms: noms_cites(s, &neufs),
        candidats: neufs,
        survenu,
    }])
}

/// Au-delà de tant de candidats, le journal les compte au lieu de les nommer.
const CANDIDATS_NOMMES: usize = 3;

/// Les noms que le journal dira ; aucun s'ils sont trop.
fn noms_cites(s: &Session, candidats: &[CandidatId]) -> Vec<String> {
    if candidats.len() > CANDIDATS_NOMMES {
        return vec![];
    }
    let nom = |id: &CandidatId| Some(s.candidat(id).ok()?.fiche.nom_complet());
    candidats.iter().filter_map(nom).collect()
}

fn finir(
    s: &Session,
    code: &str,
    candidats: &[CandidatId],
    survenu: DateTime,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    un_jour_de_session(s, ctx, survenu)?;
    let e = epreuve(s, code)?;
    exiger_candidats(candidats)?;
    let mut neufs = vec![];
    for id in candidats {
        let c = inscrit(s, id)?;
        let Some(o) = s.jour.observee(id, code) else {
            return Err(Constat::geste(
                "JOU-06",
                format!("{} n’a pas commencé cette épreuve.", c.fiche.nom_complet()),
                "Notez d’abord le début.",
            )
            .into());
        };
        if o.fin.is_some() {
            continue;
        }
        apres(survenu, o.debut, "le début de l’épreuve")?;
        neufs.push(id.clone());
    }
    if neufs.is_empty() {
        return Ok(vec![]);
    }
    Ok(vec![Evenement::Finie {
        epreuve: code.into(),
        libelle: e.nature.clone(),
        noms: noms_cites(s, &neufs),
        candidats: neufs,
        survenu,
    }])
}

fn statuer(
    s: &Session,
    candidat: &CandidatId,
    survenu: DateTime,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    un_jour_de_session(s, ctx, survenu)?;
    let c = inscrit(s, candidat)?;
    let nom = c.fiche.nom_complet();
    if s.jour.statue.contains_key(candidat) {
        return Ok(vec![]);
    }
    if matches!(s.jour.sorties.get(candidat), Some((Sortie::Exclusion, ..))) {
        return Err(Constat::geste(
            "JOU-07",
            format!("{nom} est exclu : le jury n’a pas à statuer sur sa mise en situation."),
            "Attendez la décision de l’administration.",
        )
        .into());
    }
    for e in s.programme()?.epreuves() {
        if !est_mise_en_situation(e) {
            continue;
        }
        match s.jour.observee(candidat, &e.code).and_then(|o| o.fin) {
            Some(fin) => apres(survenu, fin, "la fin de la mise en situation")?,
            None => {
                return Err(Constat::geste(
                    "JOU-08",
                    format!("{nom} n’a pas fini : {}.", e.nature),
                    "Notez d’abord le début et la fin de la mise en situation.",
                )
                .into());
            }
        }
    }
    let jures: Vec<_> = s
        .jury
        .iter()
        .filter(|m| s.jour.est_la(&Venant::Jure(m.membre.jure.clone()), survenu))
        .map(|m| m.membre.nom.clone())
        .collect();
    if jures.len() < JURES_MIN {
        return Err(Constat {
            page: Some("jour".into()),
            ..Constat::geste(
                "R27",
                format!(
                    "{} juré(s) présent(s) {} : il en faut {JURES_MIN} pour statuer.",
                    jures.len(),
                    temps::moment(survenu)
                ),
                "Notez l’arrivée des jurés ; s’il en manque un, ouvrez une carence à la page Incidents.",
            )
        }
        .into());
    }
    Ok(vec![Evenement::Statue {
        candidat: candidat.clone(),
        nom,
        jures,
        survenu,
    }])
}
