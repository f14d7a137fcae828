//! Les organismes partenaires : convention écrite, avenant annuel, durées vérifiées.

use super::super::Trouve;
use super::nommer;
use crate::session::Session;
use crate::session::candidats::{Candidat, sans_accents};
use crate::session::parcours::Convention;
use crate::temps::date_moyenne;
use jiff::civil::{Date, date};
use std::collections::BTreeMap;

const CONVENTIONS: &str = "candidats/conventions";

/// Les partenaires de la session, leurs candidats, leur convention si elle est notée.
fn partenaires(s: &Session) -> Vec<(&str, Vec<&Candidat>, Option<&Convention>)> {
    let mut par_nom: BTreeMap<String, (&str, Vec<&Candidat>)> = BTreeMap::new();
    for c in s.inscrits() {
        if let Some(o) = &c.parcours.partenaire {
            par_nom
                .entry(sans_accents(o))
                .or_insert_with(|| (o, vec![]))
                .1
                .push(c);
        }
    }
    par_nom
        .into_values()
        .map(|(o, c)| (o, c, s.conventions.iter().find(|x| x.est_de(o))))
        .collect()
}

fn commencee(s: &Session, jour: Date) -> bool {
    s.programme.as_ref().is_some_and(|p| p.debut <= jour)
}

pub(super) fn convention(s: &Session, jour: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    partenaires(s)
        .into_iter()
        .filter_map(|(organisme, candidats, convention)| match convention {
            None => Some(Trouve::selon(
                commencee(s, jour),
                sans_accents(organisme),
                CONVENTIONS,
                format!(
                    "La convention avec {organisme}, qui a formé {}, n’est pas notée.",
                    nommer(&candidats)
                ),
                "Notez sa référence et ses dates, ou corrigez le parcours des candidats.",
            )),
            Some(c) => {
                // La convention couvre la formation, de son entrée (si elle est connue) au premier jour de la session.
                let entree = candidats
                    .iter()
                    .filter_map(|x| x.parcours.formation_debut)
                    .min()
                    .unwrap_or(p.debut);
                (c.debut > entree.min(p.debut) || c.fin < p.debut).then(|| {
                    Trouve::manquement(
                        sans_accents(organisme),
                        CONVENTIONS,
                        format!(
                            "La convention {} avec {organisme} va du {} au {} : elle ne couvre pas toute la formation, du {} au {}.",
                            c.reference,
                            date_moyenne(c.debut),
                            date_moyenne(c.fin),
                            date_moyenne(entree.min(p.debut)),
                            date_moyenne(p.debut)
                        ),
                        "Notez la convention qui la couvre, ou signalez-le à la DDETS.",
                    )
                })
            }
        })
        .collect()
}

pub(super) fn avenant(s: &Session, jour: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let janvier = date(p.debut.year(), 1, 1);
    partenaires(s)
        .into_iter()
        .filter_map(|(organisme, _, c)| {
            let c = c?;
            // L'année de la convention n'a pas d'avenant : elle le tient lieu.
            let due = c.debut < janvier;
            let a_temps = c
                .avenant_transmis_le
                .is_some_and(|d| d < janvier && d >= date(p.debut.year() - 1, 1, 1));
            (due && !a_temps).then(|| {
                Trouve::selon(
                    jour >= janvier,
                    sans_accents(organisme),
                    "candidats/conventions",
                    format!(
                        "L’avenant {} de la convention avec {organisme} n’est pas noté transmis avant le {}.",
                        p.debut.year(),
                        date_moyenne(janvier)
                    ),
                    "Transmettez-le à la DDETS et notez le jour.",
                )
            })
        })
        .collect()
}

pub(super) fn durees(s: &Session, jour: Date) -> Vec<Trouve> {
    partenaires(s)
        .into_iter()
        .filter(|(_, _, c)| c.is_some_and(|c| c.durees_verifiees_le.is_none()))
        .map(|(organisme, _, _)| {
            Trouve::selon(
                commencee(s, jour),
                sans_accents(organisme),
                CONVENTIONS,
                format!("Les durées minimales, le stage et le présentiel ne sont pas notés vérifiés auprès de {organisme}."),
                "Demandez son attestation, puis notez le jour de la vérification.",
            )
        })
        .collect()
}
