//! Le temps qu'il faut contre le temps qu'il y a : celui des jurys, celui des salles.

use super::remedes::{ajouter_jury, ajouter_salle};
use super::{Cause, Changement};
use crate::borne::{Manque, natures, temps_jury, temps_salle};
use crate::modele::Modele;

/// Salles ou jurys de plus qu'un remède propose, au plus.
const DE_PLUS: i64 = 3;

/// Le temps de jury demandé contre le temps de jury qu'il y a, quand il en manque à coup sûr ; le remède est d'en ajouter.
pub(super) fn des_jurys(
    m: &Modele<'_>,
    causes: &mut Vec<Cause>,
    essais: &mut Vec<(String, Changement)>,
) {
    let inst = m.inst;
    // En cours de session, un remplaçant délibère peut-être pour un autre site : seul le tout se compte.
    let sites = if inst.a_commence() {
        0
    } else {
        inst.sites.len()
    };
    for site in (0..sites).map(Some).chain([None]) {
        let manque = temps_jury(m, site, &m.impossibles);
        if manque.restes == 0 || causes.iter().any(|c| c.cause == "temps_jury") {
            continue;
        }
        let jurys = inst
            .jurys
            .iter()
            .filter(|j| site.is_none_or(|s| j.sites.contains(&s)));
        // Un jury ajouté siège huit heures par jour, ou le temps que la maison est ouverte.
        let restant = |d: usize| (inst.jours[d].1 - inst.debut_du_jour(d)).min(480);
        let une = (0..inst.jours.len()).map(restant).sum();
        let n = de_plus(&manque, une);
        let quoi = if inst.a_commence() {
            "de jury pour ce qui reste à passer, délibération comprise"
        } else {
            "de jury, délibération comprise"
        };
        let phrase = manquer(quoi, &manque);
        let suite = match n {
            ..=1 => String::new(),
            n => format!(" Il faudrait au moins {n} jurys de plus."),
        };
        causes.push(Cause {
            cause: "temps_jury",
            objects: jurys.map(|j| j.id.clone()).collect(),
            phrase: phrase + &suite,
        });
        // Un seul jury de plus se tente toujours.
        if (2..=DE_PLUS).contains(&n) {
            essais.push((
                format!("Avec {n} jurys de plus, et leurs bureaux d’entretien, tout tient."),
                Box::new(move |i| (0..n).for_each(|_| ajouter_jury(i))),
            ));
        }
    }
}

/// Combien il en faudrait de plus, quand chacun donne `une` minutes ; aucun nombre n'y suffit quand il n'en donne pas.
fn de_plus(manque: &Manque, une: i64) -> i64 {
    if une <= 0 {
        return 0;
    }
    (manque.besoin - manque.offre + une - 1) / une
}

/// Le temps de salle demandé contre celui qu'il y a, nature par nature ; le remède est d'en ajouter.
pub(super) fn des_salles(
    m: &Modele<'_>,
    causes: &mut Vec<Cause>,
    essais: &mut Vec<(String, Changement)>,
) {
    let inst = m.inst;
    for (site, nature) in (0..inst.sites.len()).flat_map(|s| natures(inst).map(move |n| (s, n))) {
        let manque = temps_salle(m, site, nature, &m.impossibles);
        let salles = || {
            let salles = inst.salles.iter();
            salles.filter(|s| s.site == site && s.nature == nature)
        };
        // Un site qui n'en a aucune le dit déjà, candidat par candidat.
        let (true, Some(modele)) = (manque.restes > 0, salles().max_by_key(|s| s.places)) else {
            continue;
        };
        let ou = if inst.sites.len() > 1 {
            format!(" au site {}", inst.sites[site])
        } else {
            String::new()
        };
        causes.push(Cause {
            cause: "temps_salle",
            objects: salles().map(|s| s.id.clone()).collect(),
            phrase: manquer(&format!("de salle «\u{a0}{nature}\u{a0}»{ou}"), &manque),
        });
        let une: i64 = inst.jours.iter().map(|j| j.1 - j.0).sum();
        let n = de_plus(&manque, une);
        if !(1..=DE_PLUS).contains(&n) {
            continue;
        }
        let de_plus = match n {
            1 => format!("une salle «\u{a0}{nature}\u{a0}»"),
            _ => format!("{n} salles «\u{a0}{nature}\u{a0}»"),
        };
        let modele = modele.clone();
        essais.push((
            format!("Avec {de_plus} de plus{ou}, tout tient."),
            Box::new(move |i| (0..n).for_each(|_| ajouter_salle(i, &modele))),
        ));
    }
}

fn manquer(quoi: &str, manque: &Manque) -> String {
    let restent = match manque.restes {
        1 => "un candidat reste".to_owned(),
        n => format!("{n} candidats restent"),
    };
    format!(
        "Il faut {} {quoi}, et il y en a {} au plus\u{a0}: au moins {restent} de côté.",
        duree(manque.besoin),
        duree(manque.offre)
    )
}

/// Des minutes, ou des heures dès qu'il y en a deux.
fn duree(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 0 | 1) => format!("{minutes}\u{a0}minute"),
        (0 | 1, _) => format!("{minutes}\u{a0}minutes"),
        (heures, 0) => format!("{heures}\u{a0}heures"),
        (heures, reste) => format!("{heures}\u{a0}h\u{a0}{reste:02}"),
    }
}

#[cfg(test)]
mod essais {
    use super::{de_plus, duree};
    use crate::borne::Manque;

    #[test]
    fn quand_il_ne_reste_plus_une_minute_aucun_nombre_de_jurys_ne_se_dit() {
        let manque = Manque {
            restes: 2,
            besoin: 300,
            offre: 0,
        };
        assert_eq!((de_plus(&manque, 120), de_plus(&manque, 300)), (3, 1));
        assert_eq!((de_plus(&manque, 0), de_plus(&manque, -90)), (0, 0));
    }

    #[test]
    fn une_duree_se_dit_en_minutes_puis_en_heures() {
        let dites = [0, 1, 2, 119, 120, 195].map(duree);
        let voulues = [
            "0 minute",
            "1 minute",
            "2 minutes",
            "119 minutes",
            "2 heures",
            "3 h 15",
        ];
        assert_eq!(dites, voulues.map(|x| x.replace(' ', "\u{a0}")));
    }
}
