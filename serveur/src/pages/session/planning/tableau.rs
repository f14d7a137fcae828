//! Le planning en tableau : jour après jour, une ligne par séance.

use super::image::{devant, jures, seances};
use crate::acces::AccesSession;
use jiff::civil::Time;
use metier::planning::{Passage, Seance};
use metier::{CandidatId, Session, temps};
use std::collections::HashSet;

/// Un jour du tableau.
pub(super) struct Jour {
    pub(super) libelle: String,
    pub(super) passages: Vec<PassageMontre>,
}

/// Une séance du tableau, et ceux qui la passent.
pub(super) struct PassageMontre {
    pub(super) heure: String,
    /// Nom et page de chacun ; vide pour une délibération.
    pub(super) candidats: Vec<(String, String)>,
    pub(super) nature: String,
    pub(super) lieu: String,
    pub(super) devant: String,
    pub(super) conflit: bool,
    pub(super) epingle: bool,
    pub(super) lien: String,
}

/// Les passages qu'un constat nomme (l'objet d'un conflit est « …|épreuve|candidat|… »), et ceux qui tombent pendant un
/// empêchement.
pub(super) fn en_conflit(
    s: &Session,
    constats: &[metier::Constat],
) -> HashSet<(CandidatId, String)> {
    let nommes: HashSet<&str> = constats
        .iter()
        .filter(|c| matches!(c.code.as_str(), "R71" | "R73" | "R70b"))
        .flat_map(|c| c.objet.split('|'))
        .collect();
    let empeches = s.planning.passages_empeches();
    s.planning
        .passages
        .iter()
        .filter(|x| {
            nommes.contains(x.candidat.as_str())
                && (nommes.contains(x.epreuve.as_str())
                    || constats
                        .iter()
                        .any(|c| c.code == "R73" && c.objet == x.candidat.as_str()))
        })
        .chain(empeches.into_iter().map(|(x, _)| x))
        .map(|x| (x.candidat.clone(), x.epreuve.clone()))
        .collect()
}

/// Les séances de chaque jour, à lire ligne à ligne.
pub(super) fn tableau(a: &AccesSession, conflits: &HashSet<(CandidatId, String)>) -> Vec<Jour> {
    let s = &a.session;
    let Some(p) = s.programme.as_ref() else {
        return vec![];
    };
    let base = a.base();
    let montre = |seance: Vec<&Passage>| {
        let x = seance[0];
        let fin = seance.iter().map(|x| x.fin).max().unwrap_or(x.fin);
        PassageMontre {
            heure: format!("{} – {}", temps::heure(x.debut), temps::heure(fin)),
            nature: p
                .epreuve(&x.epreuve)
                .map_or(x.epreuve.clone(), |e| e.nature.clone()),
            lieu: x.lieu.clone(),
            devant: devant(s, x),
            conflit: seance
                .iter()
                .any(|x| conflits.contains(&(x.candidat.clone(), x.epreuve.clone()))),
            epingle: seance
                .iter()
                .all(|x| s.planning.est_epingle(&x.candidat, &x.epreuve)),
            lien: format!("{base}/planning/{}/{}", x.candidat, x.epreuve),
            candidats: seance
                .iter()
                .map(|x| {
                    (
                        s.candidat(&x.candidat)
                            .map(|c| c.fiche.nom_complet())
                            .unwrap_or_default(),
                        format!("{base}/planning/{}/{}", x.candidat, x.epreuve),
                    )
                })
                .collect(),
        }
    };
    let delibere = |d: &Seance| PassageMontre {
        heure: format!("{} – {}", temps::heure(d.debut), temps::heure(d.fin)),
        candidats: vec![],
        nature: "Délibération".into(),
        lieu: String::new(),
        devant: jures(s, &d.jury),
        conflit: false,
        epingle: false,
        lien: String::new(),
    };
    p.jours()
        .into_iter()
        .map(|d| {
            let du_jour = s.planning.passages.iter().filter(|x| x.date == d);
            let mut lignes: Vec<(Time, PassageMontre)> = seances(du_jour)
                .into_iter()
                .map(|seance| (seance[0].debut, montre(seance)))
                .collect();
            let deliberations = s.planning.deliberations.iter().filter(|x| x.date == d);
            lignes.extend(deliberations.map(|x| (x.debut, delibere(x))));
            lignes.sort_by_key(|x| x.0);
            Jour {
                libelle: temps::date_longue(d),
                passages: lignes.into_iter().map(|x| x.1).collect(),
            }
        })
        .filter(|j| !j.passages.is_empty())
        .collect()
}
