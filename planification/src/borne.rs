//! Combien de candidats resteront de côté quoi qu'on fasse : une borne sûre, sans rien chercher.
//!
//! Elle se tire de l'instance seule : qui ne tient pas, même seul ; les places d'un début commun ; le temps des jurys, et
//! celui des salles.

use crate::grille::Grille;
use crate::instance::Instance;
use crate::modele::Modele;

/// Pourquoi un site laisse des candidats de côté.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Manque {
    /// Candidats de trop.
    pub restes: usize,
    /// Minutes demandées par tous.
    pub besoin: i64,
    /// Minutes qu'il y a.
    pub offre: i64,
}

/// Le nombre de candidats qu'aucun plan ne placera. Dès que la session a commencé, seul se compte le temps de jury qui reste :
/// ce qui est joué échappe à une part des règles.
pub(crate) fn restes_au_moins(m: &Modele<'_>) -> usize {
    let inst = m.inst;
    if inst.a_commence() {
        return temps_jury(m, None, &m.impossibles).restes;
    }
    let seuls = &m.impossibles;
    let perdus = seuls.iter().filter(|x| **x).count();
    let par_site: usize = (0..inst.sites.len())
        .map(|s| {
            let salles = natures(inst).map(|n| temps_salle(m, s, n, seuls).restes);
            let salles = salles.max().unwrap_or(0);
            let jurys = temps_jury(m, Some(s), seuls).restes;
            places_communes(m, s, seuls).max(jurys).max(salles)
        })
        .sum();
    perdus + par_site.max(temps_jury(m, None, seuls).restes)
}

/// Le candidat ne tient pas, même seul : une de ses épreuves n'a aucun début, une fois les précédentes au plus tôt.
pub(crate) fn impossible_seul(m: &Modele<'_>, c: usize) -> bool {
    let mut fins: Vec<Option<(usize, u16)>> = vec![None; m.de_candidat[c].len()];
    let base = m.de_candidat[c].start;
    for unite in &m.unites[c] {
        // Une chaîne commence au plus tôt où sa première épreuve commence ; chacune de ses épreuves suit.
        let mut apres = (0usize, 0u16);
        let mut longueur = 0u16;
        for t in unite {
            let x = &m.taches[*t];
            for a in x.avant.iter().filter(|a| !unite.contains(a)) {
                let Some(f) = fins[*a - base] else {
                    return true;
                };
                let pause = if x.present && m.taches[*a].present {
                    m.pause
                } else {
                    0
                };
                apres = apres.max((f.0, (f.1 + pause).saturating_sub(longueur)));
            }
            longueur += x.duree;
        }
        let present = unite.iter().any(|t| m.taches[*t].present);
        let trouve = (apres.0..m.nj).find_map(|d| {
            let mut temps = m.heures[d];
            if present {
                temps = temps.et(&m.dispo_cand[c][d]);
            }
            let x = &m.taches[unite[0]];
            let enc = x.encs.iter().fold(Grille::default(), |g, e| {
                g.ou(&m.libre_encadrant(x.jury, *e, d).debuts(longueur))
            });
            let salles = if x.sans_salle {
                Grille::plage(0, u16::MAX)
            } else {
                x.salles.iter().fold(Grille::default(), |g, s| {
                    g.ou(&m.dispo_salle[usize::from(*s)][d].debuts(longueur))
                })
            };
            let debuts = temps.debuts(longueur).et(&enc).et(&salles).et(&m.ouvert[d]);
            let de = if d == apres.0 { apres.1 } else { 0 };
            debuts.premier(de).map(|s| (d, s))
        });
        let Some((d, mut s)) = trouve else {
            return true;
        };
        for t in unite {
            s += m.taches[*t].duree;
            fins[*t - base] = Some((d, s));
        }
    }
    false
}

/// Candidats de trop quand tous commencent ensemble : ceux pour qui les salles n'ont pas de place, ou qu'aucune heure ne
/// réunit aux autres.
fn places_communes(m: &Modele<'_>, site: usize, seuls: &[bool]) -> usize {
    let inst = m.inst;
    let mut pire = 0;
    for (e, ep) in inst
        .epreuves
        .iter()
        .enumerate()
        .filter(|x| x.1.debut_commun)
    {
        let besoin = inst
            .candidats
            .iter()
            .zip(seuls)
            .filter(|(c, seul)| {
                !**seul && c.site == site && inst.parcours[c.parcours].epreuves.contains(&e)
            })
            .count();
        let places: usize = match &ep.salle {
            None => besoin,
            Some(nature) => inst
                .salles
                .iter()
                .filter(|s| s.site == site && s.nature == *nature)
                .map(|s| s.places.min(ep.groupe))
                .sum(),
        };
        let reunis = if ep.present {
            m.debuts_du_plus_grand_nombre(e, site).0
        } else {
            besoin
        };
        pire = pire.max(besoin.saturating_sub(places.min(reunis)));
    }
    pire
}

/// Candidats de trop pour le temps des jurys (d'un site, ou de tous), délibération comprise. En cours de session, ce qui
/// reste à jouer contre le temps qui reste.
pub(crate) fn temps_jury(m: &Modele<'_>, site: Option<usize>, seuls: &[bool]) -> Manque {
    let inst = m.inst;
    let ici = |s: usize| site.is_none_or(|x| x == s);
    // La dernière épreuve désigne le jury qui délibère ; sans jury, ou une fois jouée, rien ne dit qu'il reste à délibérer.
    let mut sans_deliberation = 0;
    let mut besoins = vec![];
    for (c, x) in inst.candidats.iter().enumerate() {
        if !ici(x.site) || seuls[c] {
            continue;
        }
        let siennes = m.taches[m.de_candidat[c].clone()].iter();
        let (mut minutes, mut delibere) = (0, false);
        for t in siennes.filter(|t| t.jury && t.figee.is_none()) {
            minutes += inst.duree(t.ep, c) / inst.epreuves[t.ep].groupe.max(1) as i64;
            delibere |= t.dernier;
        }
        sans_deliberation += usize::from(!delibere);
        besoins.push(minutes + if delibere { inst.deliberation.1 } else { 0 });
    }
    let siegent = (0..inst.jurys.len()).filter(|j| inst.jurys[*j].sites.iter().any(|s| ici(*s)));
    let offre: i64 = siegent
        .flat_map(|j| (0..inst.jours.len()).map(move |d| (j, d)))
        .map(|(j, d)| inst.minutes_du_jury_depuis(j, d, inst.debut_du_jour(d)))
        .sum();
    // Un jury au moins délibère ; d'un site à l'autre, c'est peut-être le même.
    let base = |n: usize| {
        if n > sans_deliberation && site.is_none() {
            inst.deliberation.0
        } else {
            0
        }
    };
    de_trop(besoins, offre, base)
}

/// Les natures de salle que des épreuves demandent.
pub(crate) fn natures(inst: &Instance) -> impl Iterator<Item = &str> {
    let natures: std::collections::BTreeSet<&str> = inst
        .epreuves
        .iter()
        .filter_map(|e| e.salle.as_deref())
        .collect();
    natures.into_iter()
}

/// Candidats de trop pour le temps des salles d'une nature, à un site : une séance prend toute sa salle.
pub(crate) fn temps_salle(m: &Modele<'_>, site: usize, nature: &str, seuls: &[bool]) -> Manque {
    let inst = m.inst;
    let siennes = || {
        let salles = inst.salles.iter().enumerate();
        salles.filter(|(_, s)| s.site == site && s.nature == nature)
    };
    let places = siennes().map(|x| x.1.places).max().unwrap_or(0);
    let besoin = |c: usize| -> i64 {
        let siennes = m.taches[m.de_candidat[c].clone()].iter();
        siennes
            .filter(|t| inst.epreuves[t.ep].salle.as_deref() == Some(nature))
            .map(|t| {
                i64::from(t.duree) * m.pas / inst.epreuves[t.ep].groupe.min(places).max(1) as i64
            })
            .sum()
    };
    let besoins = (0..inst.candidats.len())
        .filter(|c| inst.candidats[*c].site == site && !seuls[*c])
        .map(besoin)
        .collect();
    let libre = |s: usize, d: usize| i64::from(m.heures[d].et(&m.dispo_salle[s][d]).compte());
    let offre = siennes()
        .flat_map(|(s, _)| (0..m.nj).map(move |d| (s, d)))
        .map(|(s, d)| libre(s, d) * m.pas)
        .sum();
    de_trop(besoins, offre, |_| 0)
}

/// Combien de candidats au moins n'entrent pas dans ce temps, les plus brefs servis d'abord ; `en_plus` : ce que `n` d'entre
/// eux demandent à eux tous.
fn de_trop(mut besoins: Vec<i64>, offre: i64, en_plus: impl Fn(usize) -> i64) -> Manque {
    besoins.sort_unstable();
    let (mut n, mut pris) = (0, 0);
    while n < besoins.len() && pris + besoins[n] + en_plus(n + 1) <= offre {
        pris += besoins[n];
        n += 1;
    }
    Manque {
        restes: besoins.len() - n,
        besoin: besoins.iter().sum::<i64>() + en_plus(besoins.len()),
        offre,
    }
}

#[cfg(test)]
mod essais {
    use super::restes_au_moins;
    use crate::instance::Instance;
    use crate::modele::Modele;

    #[test]
    fn la_borne_ne_laisse_personne_de_cote_quand_tout_le_monde_tient() {
        for texte in [
            include_str!("../essais/instances/S1.json"),
            include_str!("../essais/instances/M1.json"),
            include_str!("../essais/instances/L1.json"),
            include_str!("../essais/instances/XL1.json"),
        ] {
            let inst = Instance::lire(texte).unwrap();
            assert_eq!(restes_au_moins(&Modele::new(&inst)), 0);
        }
    }

    /// Ce que la borne dit de S1, ainsi changée.
    fn de_s1(changer: impl Fn(&mut serde_json::Value)) -> usize {
        let mut v = serde_json::from_str(include_str!("../essais/instances/S1.json")).unwrap();
        changer(&mut v);
        restes_au_moins(&Modele::new(&Instance::lire(&v.to_string()).unwrap()))
    }

    #[test]
    fn une_seance_tient_autant_de_candidats_que_la_salle_a_de_places() {
        // Six mises en situation de 210 minutes, à vingt par séance au plus, dans une journée de 630 minutes.
        for (places, restes) in [(1, 3), (2, 0), (8, 0)] {
            let dit = de_s1(|v| {
                v["rooms"][0]["capacity"] = places.into();
            });
            assert_eq!(dit, restes, "{places} places");
        }
    }

    #[test]
    fn une_chaine_aussi_se_passe_a_plusieurs() {
        // Le bureau est libre 120 minutes : six entretiens enchaînés n'y tiennent qu'à deux par séance.
        for (groupe, restes) in [(1, 2), (2, 0)] {
            let dit = de_s1(|v| {
                v["rooms"][1]["capacity"] = 2.into();
                v["rooms"][1]["unavailable"] =
                    serde_json::json!([{"day": 0, "from": 480, "to": 990}]);
                let titre = &mut v["parcours"][0];
                titre["epreuves"] = serde_json::json!(["MSP", "ET", "EF", "EVAL"]);
                titre["precedences"] = serde_json::json!([["MSP", "ET"], ["EF", "EVAL"]]);
                titre["chains"] = serde_json::json!([["ET", "EF"]]);
                for e in v["epreuves"].as_array_mut().unwrap() {
                    if e["room_kind"] == "entretien" {
                        e["max_group"] = groupe.into();
                    }
                }
            });
            assert_eq!(dit, restes, "{groupe} par séance");
        }
    }
}
