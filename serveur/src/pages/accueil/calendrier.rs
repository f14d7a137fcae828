//! Le calendrier de toutes les sessions : par mois, ou en liste ; avec ce qui reste à faire, au jour dit.

use super::suivies::{Regardant, lundi};
use crate::acces::Acces;
use crate::cadre::{Cadre, rendre};
use crate::erreurs::Reponse;
use askama::Template;
use axum::extract::Query;
use jiff::ToSpan;
use jiff::civil::Date;
use metier::temps;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Échéances montrées par jour dans le mois ; le reste se lit en liste.
const PAR_JOUR: usize = 3;

/// Ce que l'on demande à voir.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Demande {
    mois: String,
    vue: String,
    voir: String,
}

#[derive(Template)]
#[template(path = "accueil/calendrier.html")]
struct Page {
    cadre: Cadre,
    titre: String,
    semaines: Vec<Vec<Jour>>,
    liste: Vec<Jour>,
    en_liste: bool,
    avant: String,
    apres: String,
    ici: String,
    autre_vue: String,
    voit_tout: bool,
    tout: bool,
    autre_portee: String,
}

#[derive(Default)]
struct Jour {
    iso: String,
    numero: i8,
    nom: String,
    dans_le_mois: bool,
    aujourd_hui: bool,
    sessions: Vec<(String, String)>,
    echeances: Vec<(String, String, String, &'static str)>,
    de_plus: usize,
}

impl Jour {
    fn est_vide(&self) -> bool {
        self.sessions.is_empty() && self.echeances.is_empty()
    }
}

fn premier_du_mois(texte: &str, jour: Date) -> Date {
    let demande = temps::lire_date(&format!("{texte}-01"));
    demande.unwrap_or_else(|| jour.first_of_month())
}

/// GET /calendrier
pub async fn montrer(a: Acces, Query(d): Query<Demande>) -> Reponse {
    let jour = a.etat.horloge.jour();
    let premier = premier_du_mois(&d.mois, jour);
    let dernier = premier.last_of_month();
    let mut regardant = Regardant {
        etat: &a.etat,
        centre: &a.centre,
        personne: &a.personne,
        tout: false,
    };
    let suivies = match d.voir.as_str() {
        "centre" if a.voit_tout() => {
            regardant.tout = true;
            regardant.sessions().await?
        }
        "moi" => regardant.sessions().await?,
        _ => regardant.les_siennes_ou_toutes(a.voit_tout()).await?,
    };
    let mut jours: BTreeMap<Date, Jour> = BTreeMap::new();
    for s in &suivies {
        let Some(p) = &s.session.programme else {
            continue;
        };
        let nom = crate::pages::session::titre(&s.session);
        let ouvre = a.role_dans(&s.session).is_some();
        let base = format!("/sessions/{}", s.id);
        if ouvre {
            for j in p.jours() {
                jours.entry(j).or_default().sessions.push((
                    base.clone(),
                    format!("{} · {}", nom.split(',').next().unwrap_or(&nom), p.site.nom),
                ));
            }
        }
        for e in regardant.echeances(s) {
            if regardant.concerne(s, &e) && e.est_ouverte() {
                let lien = if ouvre {
                    format!("{base}/taches/{}", e.code)
                } else {
                    format!("/a-faire/{}/{}", s.id, e.code)
                };
                let ton = match e.etat {
                    metier::taches::Etat::EnRetard => "retard",
                    metier::taches::Etat::Proche => "proche",
                    _ => "",
                };
                jours.entry(e.pour_le).or_default().echeances.push((
                    lien,
                    e.intitule,
                    nom.clone(),
                    ton,
                ));
            }
        }
    }
    for (date, j) in &mut jours {
        nommer(j, *date, premier, jour);
    }
    let en_liste = d.vue == "liste";
    let semaines = if en_liste {
        vec![]
    } else {
        mois(premier, dernier, jour, &mut jours)
    };
    let liste = if en_liste {
        jours
            .into_iter()
            .filter(|(date, j)| premier <= *date && *date <= dernier && !j.est_vide())
            .map(|(_, j)| j)
            .collect()
    } else {
        vec![]
    };
    let adresse = |p: Date, vue: &str, voir: &str| {
        let mut t = format!("/calendrier?mois={}", p.strftime("%Y-%m"));
        if !vue.is_empty() {
            t.push_str(&format!("&vue={vue}"));
        }
        if !voir.is_empty() {
            t.push_str(&format!("&voir={voir}"));
        }
        t
    };
    let vue = if en_liste { "liste" } else { "" };
    let voir = match d.voir.as_str() {
        "centre" => "centre",
        "moi" => "moi",
        _ => "",
    };
    let avant = premier.checked_sub(1.month()).unwrap_or(premier);
    let apres = premier.checked_add(1.month()).unwrap_or(premier);
    Ok(rendre(&Page {
        cadre: Cadre::connecte("Calendrier", "/calendrier", &a),
        titre: mois_en_mots(premier),
        semaines,
        liste,
        en_liste,
        avant: adresse(avant, vue, voir),
        apres: adresse(apres, vue, voir),
        ici: adresse(jour.first_of_month(), vue, voir),
        autre_vue: adresse(premier, if en_liste { "" } else { "liste" }, voir),
        voit_tout: a.voit_tout(),
        tout: regardant.tout,
        autre_portee: adresse(premier, vue, if regardant.tout { "moi" } else { "centre" }),
    }))
}

fn nommer(j: &mut Jour, date: Date, premier: Date, jour: Date) {
    j.iso = date.to_string();
    j.numero = date.day();
    j.nom = temps::date_longue(date);
    j.dans_le_mois = date.first_of_month() == premier;
    j.aujourd_hui = date == jour;
}

/// Les semaines du mois, du lundi au dimanche.
fn mois(
    premier: Date,
    dernier: Date,
    jour: Date,
    jours: &mut BTreeMap<Date, Jour>,
) -> Vec<Vec<Jour>> {
    let mut semaines = vec![];
    let mut d = lundi(premier);
    while d <= dernier {
        let mut semaine = vec![];
        for _ in 0..7 {
            let mut j = jours.remove(&d).unwrap_or_default();
            nommer(&mut j, d, premier, jour);
            j.de_plus = j.echeances.len().saturating_sub(PAR_JOUR);
            j.echeances.truncate(PAR_JOUR);
            semaine.push(j);
            d = d.checked_add(1.day()).unwrap_or(d);
        }
        semaines.push(semaine);
    }
    semaines
}

/// « Décembre 2026 ».
fn mois_en_mots(d: Date) -> String {
    let longue = temps::date_moyenne(d);
    let mot = longue.split_once('\u{a0}').map_or("", |(_, reste)| reste);
    let mut c = mot.chars();
    c.next()
        .map(|p| p.to_uppercase().collect::<String>() + c.as_str())
        .unwrap_or_default()
}

#[cfg(test)]
mod essais {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn le_mois_commence_un_lundi_et_couvre_chaque_jour() {
        let (premier, dernier) = (date(2026, 12, 1), date(2026, 12, 31));
        let semaines = mois(premier, dernier, date(2026, 12, 15), &mut BTreeMap::new());
        assert_eq!(semaines.len(), 5);
        assert_eq!(semaines[0][0].iso, "2026-11-30");
        assert!(!semaines[0][0].dans_le_mois);
        assert_eq!(semaines[4][3].iso, "2026-12-31");
        let aujourd_hui: Vec<_> = semaines
            .iter()
            .flatten()
            .filter(|j| j.aujourd_hui)
            .collect();
        assert_eq!(aujourd_hui.len(), 1);
        assert_eq!(mois_en_mots(premier), "Décembre\u{a0}2026");
    }

    #[test]
    fn un_mois_illisible_est_celui_d_aujourd_hui() {
        let jour = date(2026, 11, 25);
        for t in ["", "hier", "2026-13", "9999-99", "-1"] {
            assert_eq!(premier_du_mois(t, jour), date(2026, 11, 1), "{t}");
        }
        assert_eq!(premier_du_mois("2027-02", jour), date(2027, 2, 1));
    }
}
