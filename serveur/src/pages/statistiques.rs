//! Les statistiques du centre : ce que les sessions ont donné, par titre, voie et mois ; les délais tenus. Aucun nom.
//!
//! Chaque dessin est dans un tableau qui dit les mêmes nombres : un lecteur d'écran lit le tableau.

use crate::acces::Acces;
use crate::cadre::{Cadre, rendre};
use crate::erreurs::Reponse;
use crate::reponses::get;
use crate::routes::{Nature, Route};
use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use jiff::civil::Date;
use metier::bilan::{LigneBilan, libelle_voie};
use metier::programme::TypeSession;
use metier::temps;
use metier::vues::DELAIS;
use serde::Deserialize;
use std::collections::BTreeMap;
use stockage::vues::{LigneStatistique, Periode, Retard, retards, statistiques};

/// Largeur d'une barre pleine, en unités du dessin.
const BARRE: u32 = 240;

/// Les routes des statistiques.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/statistiques", Nature::Connectee, get(montrer)),
        Route::lire("/statistiques/export", Nature::Connectee, get(exporter)),
    ]
}

/// La période demandée.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Demande {
    du: String,
    au: String,
    titre: String,
}

#[derive(Template)]
#[template(path = "statistiques/page.html")]
struct Page {
    cadre: Cadre,
    du: String,
    au: String,
    titre: String,
    titres: Vec<(String, String)>,
    periode: String,
    raccourcis: Vec<(String, String)>,
    sessions: u32,
    total: Option<Rangee>,
    tableaux: Vec<Tableau>,
    delais: Vec<DelaiMontre>,
    export: String,
    faute: String,
}

struct Tableau {
    titre: &'static str,
    colonne: &'static str,
    rangees: Vec<Rangee>,
}

struct Rangee {
    nom: String,
    n: LigneBilan,
    taux: String,
    barres: Barres,
}

/// Les trois parts d'une barre : début et largeur.
struct Barres {
    reussites: u32,
    partielles: u32,
    echecs: u32,
}

struct DelaiMontre {
    libelle: &'static str,
    code: String,
    dues: u32,
    a_temps: u32,
    en_retard: u32,
    jamais: u32,
    taux: String,
    largeur: u32,
}

impl Rangee {
    fn nouvelle(nom: String, n: LigneBilan) -> Self {
        let decides = n.decides();
        let part = |x: u32| (x * BARRE).checked_div(decides).unwrap_or(0);
        let barres = Barres {
            reussites: part(n.reussites),
            partielles: part(n.partielles),
            echecs: part(n.echecs),
        };
        Self {
            nom,
            taux: pourcent(n.reussites, decides),
            n,
            barres,
        }
    }
    fn debut_partielles(&self) -> u32 {
        self.barres.reussites
    }
    fn debut_echecs(&self) -> u32 {
        self.barres.reussites + self.barres.partielles
    }
}

/// « 83 % », ou un tiret s'il n'y a rien à compter.
fn pourcent(part: u32, tout: u32) -> String {
    (part * 100 + tout / 2)
        .checked_div(tout)
        .map_or_else(|| "–".into(), |p| format!("{p}\u{a0}%"))
}

/// La période lue : l'année en cours à défaut ; une phrase si elle ne se lit pas.
fn periode(d: &Demande, jour: Date) -> (Date, Date, String) {
    let (debut, fin) = (jour.first_of_year(), jour.last_of_year());
    if d.du.is_empty() && d.au.is_empty() {
        return (debut, fin, String::new());
    }
    match (temps::lire_date(&d.du), temps::lire_date(&d.au)) {
        (Some(du), Some(au)) if du <= au => (du, au, String::new()),
        (Some(_), Some(_)) => (
            debut,
            fin,
            "Le dernier jour vient avant le premier : l’année en cours est montrée.".into(),
        ),
        _ => (
            debut,
            fin,
            "Ces dates ne se lisent pas : l’année en cours est montrée.".into(),
        ),
    }
}

async fn lire(
    acces: &Acces,
    d: &Demande,
) -> Result<(Date, Date, String, Vec<LigneStatistique>, Vec<Retard>), crate::erreurs::Erreur> {
    let (base, centre, jour) = (&acces.etat.base, &acces.centre, acces.etat.horloge.jour());
    let (du, au, faute) = periode(d, jour);
    let p = Periode {
        du: du.to_string(),
        au: au.to_string(),
    };
    Ok((
        du,
        au,
        faute,
        statistiques(base, centre, &p).await?,
        retards(base, centre, &p, &jour.to_string()).await?,
    ))
}

/// GET /statistiques
async fn montrer(acces: Acces, Query(d): Query<Demande>) -> Reponse {
    let (du, au, faute, toutes, retards) = lire(&acces, &d).await?;
    let mut titres: BTreeMap<String, String> = BTreeMap::new();
    for l in &toutes {
        titres.insert(l.titre.clone(), l.intitule.clone());
    }
    let lignes: Vec<_> = toutes
        .iter()
        .filter(|l| d.titre.is_empty() || l.titre == d.titre)
        .collect();
    let mut total = LigneBilan::default();
    for l in &lignes {
        total.ajouter(&l.nombres);
    }
    let grouper = |cle: &dyn Fn(&LigneStatistique) -> (String, String)| {
        let mut par: BTreeMap<(String, String), LigneBilan> = BTreeMap::new();
        for l in &lignes {
            par.entry(cle(l)).or_default().ajouter(&l.nombres);
        }
        par.into_iter()
            .map(|((_, nom), n)| Rangee::nouvelle(nom, n))
            .collect::<Vec<_>>()
    };
    let mut tableaux = vec![];
    if !lignes.is_empty() {
        tableaux.push(Tableau {
            titre: "Par titre",
            colonne: "Titre",
            rangees: grouper(&|l| {
                let genre = TypeSession::depuis_code(&l.genre).map_or("", TypeSession::libelle);
                let nom = format!("{}, {}", l.intitule, genre.to_lowercase());
                (nom.clone(), nom)
            }),
        });
        tableaux.push(Tableau {
            titre: "Par voie d’accès",
            colonne: "Voie",
            rangees: grouper(&|l| {
                let nom = libelle_voie(&l.nombres.voie).to_owned();
                (nom.clone(), nom)
            }),
        });
        tableaux.push(Tableau {
            titre: "Par mois de fin de session",
            colonne: "Mois",
            rangees: grouper(&|l| (l.mois.clone(), mois_en_clair(&l.mois))),
        });
    }
    let jour = acces.etat.horloge.jour();
    let annee = jour.year();
    let raccourci = |a: i16| {
        (
            format!("/statistiques?du={a}-01-01&au={a}-12-31"),
            a.to_string(),
        )
    };
    let encoder = crate::cadre::encoder;
    Ok(rendre(&Page {
        cadre: Cadre::connecte("Statistiques", "/statistiques", &acces),
        export: format!(
            "/statistiques/export?du={du}&au={au}&titre={}",
            encoder(&d.titre)
        ),
        periode: temps::periode(du, au),
        raccourcis: (annee - 3..=annee).rev().map(raccourci).collect(),
        // Une session compte une fois par voie : le nombre de sessions se lit à part.
        sessions: sessions_distinctes(&acces, du, au, &d.titre).await?,
        total: (!lignes.is_empty()).then(|| Rangee::nouvelle("Ensemble".into(), total)),
        tableaux,
        delais: retards.into_iter().filter_map(montre_delai).collect(),
        titres: titres.into_iter().collect(),
        du: du.to_string(),
        au: au.to_string(),
        titre: d.titre,
        faute,
    }))
}

async fn sessions_distinctes(
    acces: &Acces,
    du: Date,
    au: Date,
    titre: &str,
) -> Result<u32, crate::erreurs::Erreur> {
    let p = Periode {
        du: du.to_string(),
        au: au.to_string(),
    };
    Ok(stockage::vues::sessions_comptees(&acces.etat.base, &acces.centre, &p, titre).await?)
}

fn montre_delai(r: Retard) -> Option<DelaiMontre> {
    let (_, libelle) = DELAIS.into_iter().find(|(c, _)| *c == r.code)?;
    Some(DelaiMontre {
        libelle,
        taux: pourcent(r.a_temps, r.dues),
        largeur: (r.a_temps * BARRE).checked_div(r.dues).unwrap_or(0),
        code: r.code,
        dues: r.dues,
        a_temps: r.a_temps,
        en_retard: r.en_retard,
        jamais: r.jamais,
    })
}

/// « décembre 2026 », d'après « 2026-12 ».
fn mois_en_clair(mois: &str) -> String {
    temps::lire_date(&format!("{mois}-01")).map_or_else(
        || mois.to_owned(),
        |d| {
            temps::date_moyenne(d)
                .split_once([' ', '\u{a0}'])
                .map_or_else(|| mois.to_owned(), |(_, reste)| reste.to_owned())
        },
    )
}

/// Une cellule que le tableur ne prendra pas pour une formule.
fn cellule(v: &str) -> String {
    let v = v.replace('"', "\"\"");
    if v.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("\"'{v}\"")
    } else {
        format!("\"{v}\"")
    }
}

/// GET /statistiques/export : les mêmes nombres, en CSV.
async fn exporter(acces: Acces, Query(d): Query<Demande>) -> Reponse {
    let (du, au, _, lignes, _) = lire(&acces, &d).await?;
    let mut csv = String::from(
        "\u{feff}Titre;Intitulé;Type de session;Mois de fin;Voie d’accès;Sessions;Inscrits;Présents;Absents;Réussites;Réussites partielles;Échecs;Exclus ou abandons\r\n",
    );
    for l in lignes
        .iter()
        .filter(|l| d.titre.is_empty() || l.titre == d.titre)
    {
        let genre = TypeSession::depuis_code(&l.genre).map_or("", TypeSession::libelle);
        let n = &l.nombres;
        let textes = [&l.titre, &l.intitule, genre, &l.mois, libelle_voie(&n.voie)]
            .map(cellule)
            .join(";");
        csv.push_str(&format!(
            "{textes};{};{};{};{};{};{};{};{}\r\n",
            l.sessions,
            n.inscrits,
            n.presents,
            n.absents,
            n.reussites,
            n.partielles,
            n.echecs,
            n.sortis
        ));
    }
    let mut r = csv.into_response();
    let entetes = r.headers_mut();
    entetes.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(v) = HeaderValue::from_str(&format!(
        "attachment; filename=\"statistiques-{du}-{au}.csv\""
    )) {
        entetes.insert(header::CONTENT_DISPOSITION, v);
    }
    Ok(r)
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn un_taux_s_arrondit_et_se_tait_quand_il_n_y_a_rien() {
        assert_eq!(pourcent(2, 3), "67\u{a0}%");
        assert_eq!(pourcent(0, 0), "–");
    }

    #[test]
    fn une_absence_n_entre_pas_dans_le_taux() {
        let n = LigneBilan {
            inscrits: 5,
            presents: 4,
            absents: 1,
            reussites: 3,
            partielles: 1,
            ..LigneBilan::default()
        };
        assert_eq!(Rangee::nouvelle(String::new(), n).taux, "75\u{a0}%");
    }

    #[test]
    fn une_cellule_ne_devient_pas_une_formule() {
        assert_eq!(cellule("=1+1"), "\"'=1+1\"");
        assert_eq!(cellule("a\"b"), "\"a\"\"b\"");
    }
}
