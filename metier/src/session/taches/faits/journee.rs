//! Les faits du jour : jurés et candidats accueillis, pièces vues, épreuves terminées, carences dites.

use super::{Avancement, compte, dater, sur};
use crate::incidents::Genre;
use crate::jour::{Piece, Verification, est_mise_en_situation};
use crate::jury::Place;
use crate::mots::nombre;
use crate::session::Session;
use crate::session::candidats::Candidat;
use crate::session::jour::Statut;
use jiff::civil::Date;

pub(super) fn titulaires(s: &Session, vu: impl Fn(&crate::JureId) -> bool) -> (usize, usize) {
    let l: Vec<_> = s
        .jury
        .iter()
        .filter(|m| m.membre.place == Place::Titulaire)
        .collect();
    (l.iter().filter(|m| vu(&m.membre.jure)).count(), l.len())
}

pub(super) fn verifie(s: &Session, quoi: Verification, mot: &str) -> Avancement {
    let (vus, attendus) = titulaires(s, |id| {
        s.jour.verifications.contains_key(&(id.clone(), quoi))
    });
    let dernier = s
        .jour
        .verifications
        .iter()
        .filter(|((_, q), _)| *q == quoi)
        .map(|(_, quand)| *quand)
        .max();
    dater(compte(vus, attendus, mot, "aucun juré titulaire"), dernier)
}

pub(super) fn carence(s: &Session) -> Avancement {
    let l: Vec<_> = s
        .incidents
        .iter()
        .filter(|i| i.signalement.genre == Genre::Carence)
        .collect();
    let informees: Vec<_> = l.iter().filter_map(|i| i.informations.last()).collect();
    dater(
        compte(
            informees.len(),
            l.len(),
            "carences dites à l’administration",
            "aucune carence",
        ),
        informees.iter().map(|i| i.survenu).max(),
    )
}

/// Les candidats qu'une épreuve attend : ni absents, ni sortis avant la fin.
pub(super) fn examines(s: &Session) -> Vec<&Candidat> {
    s.inscrits()
        .filter(|c| !s.jour.est_absent(&c.id) && !s.jour.sorties.contains_key(&c.id))
        .collect()
}

pub(super) fn accueil(s: &Session) -> Avancement {
    let presents = s.inscrits().filter(|c| s.jour.est_venu(&c.id)).count();
    let absents = s.inscrits().filter(|c| s.jour.est_absent(&c.id)).count();
    let attendus = s.inscrits().count();
    let mut phrase = format!(
        "{} sur {attendus}",
        nombre(presents, "candidat accueilli", "candidats accueillis")
    );
    if absents > 0 {
        phrase.push_str(&format!(
            ", {absents} absent{}",
            if absents > 1 { "s" } else { "" }
        ));
    }
    let dernier = s.jour.presences.keys().map(|(_, d)| *d).min();
    let a = sur(presents + absents, attendus, phrase);
    Avancement {
        le: dernier.filter(|_| a.est_complet()),
        ..a
    }
}

pub(super) fn presences(s: &Session) -> Avancement {
    let Some(p) = &s.programme else {
        return sur(0, 1, "");
    };
    let jours: Vec<Date> = if s.planning.passages.is_empty() {
        p.jours()
    } else {
        let mut j: Vec<_> = s.planning.passages.iter().map(|x| x.date).collect();
        j.sort_unstable();
        j.dedup();
        j
    };
    let attendu = |c: &Candidat, jour: Date| {
        s.planning.passages.is_empty()
            || s.planning
                .passages
                .iter()
                .any(|x| x.candidat == c.id && x.date == jour)
    };
    let (mut notes, mut attendus) = (0, 0);
    for c in s.inscrits() {
        for j in jours.iter().filter(|j| attendu(c, **j)) {
            attendus += 1;
            if s.jour.statut(&c.id, *j) != Statut::Attendu || s.jour.est_absent(&c.id) {
                notes += 1;
            }
        }
    }
    let absents = s.inscrits().filter(|c| s.jour.est_absent(&c.id)).count();
    let a = compte(
        notes,
        attendus,
        "présences notées",
        "aucun candidat attendu",
    );
    Avancement {
        phrase: format!(
            "{}, {}",
            a.phrase,
            match absents {
                0 => "aucun absent".into(),
                1 => "1 absent".into(),
                n => format!("{n} absents"),
            }
        ),
        le: s
            .jour
            .presences
            .keys()
            .map(|(_, d)| *d)
            .max()
            .filter(|_| a.est_complet()),
        ..a
    }
}

pub(super) fn piece(s: &Session, quoi: Piece) -> Avancement {
    let l: Vec<_> = s
        .inscrits()
        .filter(|c| !s.jour.est_absent(&c.id) && Piece::attendues(s, c).contains(&quoi))
        .collect();
    let vues: Vec<_> = l
        .iter()
        .filter_map(|c| s.jour.pieces.get(&(c.id.clone(), quoi)))
        .copied()
        .collect();
    let mot = match quoi {
        Piece::Identite => "identités vues",
        Piece::Convocation => "convocations vues",
        Piece::Dp => "dossiers professionnels vus",
        Piece::Livret => "livrets vus",
        Piece::Recevabilite => "notifications vues",
        Piece::Epi => "équipements vus",
        Piece::LivretCertification => "livrets vus",
        Piece::TitreAssocie => "titres associés vus",
        Piece::Habilitation => "préalables vus",
        Piece::DecisionAmenagement => "décisions d’aménagement vues",
    };
    dater(
        compte(vues.len(), l.len(), mot, "aucun candidat attendu"),
        vues.into_iter().max(),
    )
}

pub(super) fn dossiers(s: &Session) -> Avancement {
    let l: Vec<_> = s.inscrits().filter(|c| !s.jour.est_absent(&c.id)).collect();
    let complets = l
        .iter()
        .filter(|c| {
            Piece::attendues(s, c)
                .into_iter()
                .filter(|p| matches!(p, Piece::Dp | Piece::Livret | Piece::Recevabilite))
                .all(|p| s.jour.pieces.contains_key(&(c.id.clone(), p)))
        })
        .count();
    compte(
        complets,
        l.len(),
        "dossiers complets",
        "aucun candidat attendu",
    )
}

pub(super) fn epreuves(s: &Session, en_situation: bool, mot: &str) -> Avancement {
    let Some(p) = &s.programme else {
        return sur(0, 1, "");
    };
    let (mut finies, mut attendues, mut derniere) = (0, 0, None);
    for e in p.epreuves() {
        if en_situation && !est_mise_en_situation(e) {
            continue;
        }
        for c in examines(s) {
            attendues += 1;
            if let Some(fin) = s.jour.observee(&c.id, &e.code).and_then(|o| o.fin) {
                finies += 1;
                derniere = derniere.max(Some(fin));
            }
        }
    }
    dater(
        compte(finies, attendues, mot, "aucune épreuve attendue"),
        derniere,
    )
}
