//! Les faits de la fin : éléments du jury, recommandations, étapes du procès-verbal, archives.

use super::{Avancement, compte, sur};
use crate::deliberation::{Element, Issue};
use crate::libelles::au_fil;
use crate::session::Session;
use crate::session::archivage::Element as Archive;
use crate::session::pv::Etape as EtapePv;
use crate::temps;

pub(super) fn elements(s: &Session, lequel: Option<Element>) -> Avancement {
    let l: Vec<_> = s.inscrits().filter(|c| !s.jour.est_absent(&c.id)).collect();
    let (mut la, mut attendus) = (0, 0);
    for c in &l {
        for e in Element::attendus(s, c) {
            if lequel.is_some_and(|x| x != e) {
                continue;
            }
            attendus += 1;
            if s.deliberation
                .elements
                .get(&c.id)
                .is_some_and(|x| x.contains(&e))
            {
                la += 1;
            }
        }
    }
    let mot = match lequel {
        Some(_) => "fiches complètes",
        None => "éléments à la disposition du jury",
    };
    compte(la, attendus, mot, "aucun élément attendu")
}

pub(super) fn recommandations(s: &Session) -> Avancement {
    if s.deliberation.close.is_none() {
        return sur(0, 1, "délibération à clore");
    }
    let l: Vec<_> = s
        .deliberation
        .decisions
        .values()
        .filter(|d| matches!(d.issue, Issue::Partielle | Issue::Echec))
        .collect();
    let n = l
        .iter()
        .filter(|d| !d.recommandations.trim().is_empty())
        .count();
    if l.is_empty() {
        return sur(1, 1, "aucun refus ni réussite partielle");
    }
    compte(n, l.len(), "recommandations écrites", "")
}

pub(super) fn etape(s: &Session, e: EtapePv) -> Avancement {
    match s.pv.franchie(e) {
        None => sur(0, 1, format!("{} : pas encore noté", au_fil(e.libelle()))),
        Some(f) => Avancement {
            le: Some(f.survenu.date()),
            qui: Some(f.par.clone()),
            ..sur(
                1,
                1,
                format!(
                    "{} {}{}",
                    au_fil(e.libelle()),
                    temps::moment(f.survenu),
                    if f.detail.is_empty() || e == EtapePv::Observations {
                        String::new()
                    } else {
                        format!(" ({})", f.detail)
                    }
                ),
            )
        },
    }
}

/// Ces éléments sont-ils au registre des archives ?
pub(super) fn range(s: &Session, quoi: &[Archive]) -> Avancement {
    let n = quoi
        .iter()
        .filter(|e| s.archivage.registre.contains_key(e))
        .count();
    compte(n, quoi.len(), "éléments au registre des archives", "")
}
