//! Les aménagements : une décision avant la session, la durée au planning, le jury informé, l'application constatée.

use super::super::Trouve;
use crate::mots::de;
use crate::session::Session;
use crate::session::parcours::EtatAmenagement;
use crate::temps::{duree, minutes};
use jiff::civil::Date;

const PAGE: &str = "candidats/amenagements";

pub(super) fn sans_decision(s: &Session, jour: Date) -> Vec<Trouve> {
    let commencee = s.programme.as_ref().is_some_and(|p| p.debut <= jour);
    s.inscrits()
        .filter(|c| {
            c.amenagement
                .as_ref()
                .is_some_and(|a| a.etat == EtatAmenagement::Demande)
        })
        .map(|c| {
            Trouve::selon(
                commencee,
                c.id.as_str(),
                PAGE,
                format!(
                    "La demande d’aménagement {} n’a pas reçu sa décision.",
                    de(&c.fiche.nom_complet())
                ),
                "Relancez la DDETS, puis notez la décision reçue.",
            )
        })
        .collect()
}

pub(super) fn duree_au_planning(s: &Session, jour: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let mut t = vec![];
    for c in s.inscrits() {
        let Some(a) = c.amenagement_accorde().filter(|a| a.tiers_temps()) else {
            continue;
        };
        for x in s.planning.de(&c.id) {
            let Some(e) = p.epreuve(&x.epreuve) else {
                continue;
            };
            let Some(due) = e.duree_minutes.map(|m| a.duree(m)) else {
                continue;
            };
            let prevue = minutes(x.fin) - minutes(x.debut);
            if prevue < due {
                t.push(Trouve::selon(
                    s.planning.valide.is_some(),
                    format!("{}|{}", c.id, x.epreuve),
                    "planning",
                    format!(
                        "{}, « {} » : {} au planning, {} avec le temps majoré.",
                        c.fiche.nom_complet(),
                        e.nature,
                        duree(prevue),
                        duree(due)
                    ),
                    "Allongez le passage au planning.",
                ));
            }
        }
        if a.jury_informe_le.is_none() {
            t.push(Trouve::selon(
                p.debut <= jour,
                format!("{}|jury", c.id),
                PAGE,
                format!(
                    "Rien ne dit que le jury est informé de la durée aménagée {}.",
                    de(&c.fiche.nom_complet())
                ),
                "Informez-le, puis notez le jour.",
            ));
        }
    }
    t
}

pub(super) fn application(s: &Session, jour: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    s.inscrits()
        .filter(|c| !s.jour.est_absent(&c.id))
        .filter_map(|c| {
            let a = c.amenagement.as_ref()?;
            let nom = c.fiche.nom_complet();
            let accorde = a.etat == EtatAmenagement::Accorde;
            let (phrase, remede) = match (accorde, a.applique) {
                (true, Some(false)) => (
                    format!("L’aménagement accordé à {nom} n’a pas été appliqué."),
                    "Informez la DDETS ; l’observation se lit au procès-verbal.",
                ),
                (true, None) if jour > p.fin => (
                    format!("Rien ne dit que l’aménagement accordé à {nom} a été appliqué."),
                    "Constatez-le à la page Aménagements.",
                ),
                (false, Some(true)) => (
                    format!("Un aménagement a été appliqué à {nom} sans décision qui l’accorde."),
                    "Notez la décision reçue, ou informez la DDETS.",
                ),
                (true, None | Some(true)) | (false, None | Some(false)) => return None,
            };
            Some(Trouve::manquement(c.id.as_str(), PAGE, phrase, remede))
        })
        .collect()
}
