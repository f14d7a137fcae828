//! L'annuaire des jurés : liste et recherche, habilitations qui finissent bientôt.

pub(crate) mod choix;
mod disponibilite;
mod fiche;
pub(crate) mod fins;
mod formulaire;
mod habilitation;
mod import;

pub(crate) use formulaire::{communs_neufs, revision_vue};

use crate::acces::Acces;
use crate::cadre::{Cadre, rendre};
use crate::erreurs::Reponse;
use crate::formulaires::ErreursFormulaire;
use crate::reponses::{get, post};
use crate::routes::{DroitCentre, Nature, Route};
use askama::Template;
use axum::extract::{DefaultBodyLimit, Query};
use jiff::civil::Date;
use metier::temps;
use serde::Deserialize;
use std::collections::HashMap;
use stockage::annuaire::{self, Activite, Habilitation};
use stockage::titres;

const ORGANISER: Nature = Nature::Centre(DroitCentre::Organiser);

/// Les routes de l'annuaire.
pub fn routes() -> Vec<Route> {
    let fin = "/jures/{jure}/habilitations/{habilitation}/fin";
    vec![
        Route::lire("/jures", Nature::Connectee, get(liste)),
        Route::lire("/jures/nouveau", ORGANISER, get(formulaire::nouveau)),
        Route::lire("/jures/import", ORGANISER, get(import::choisir)),
        Route::ecrire("/jures/import", ORGANISER, post(import::importer)),
        Route::ecrire(
            "/jures/import/apercu",
            ORGANISER,
            post(import::apercevoir).layer(DefaultBodyLimit::max(import::ENVOI_MAX)),
        ),
        Route::ecrire("/jures", ORGANISER, post(formulaire::ajouter)),
        Route::lire("/jures/{jure}", Nature::Connectee, get(fiche::fiche)),
        Route::lire(
            "/jures/{jure}/correction",
            ORGANISER,
            get(formulaire::correction),
        ),
        Route::ecrire(
            "/jures/{jure}/correction",
            ORGANISER,
            post(formulaire::corriger),
        ),
        Route::lire("/jures/{jure}/activite", ORGANISER, get(fiche::activite)),
        Route::ecrire(
            "/jures/{jure}/activite",
            ORGANISER,
            post(fiche::changer_activite),
        ),
        Route::ecrire(
            "/jures/{jure}/disponibilites",
            ORGANISER,
            post(disponibilite::noter),
        ),
        Route::lire(
            "/jures/{jure}/habilitations/nouvelle",
            ORGANISER,
            get(habilitation::nouvelle),
        ),
        Route::ecrire(
            "/jures/{jure}/habilitations",
            ORGANISER,
            post(habilitation::ajouter),
        ),
        Route::lire(
            "/jures/{jure}/habilitations/{habilitation}",
            ORGANISER,
            get(habilitation::correction),
        ),
        Route::ecrire(
            "/jures/{jure}/habilitations/{habilitation}",
            ORGANISER,
            post(habilitation::corriger),
        ),
        Route::lire(fin, ORGANISER, get(habilitation::fin)),
        Route::ecrire(fin, ORGANISER, post(habilitation::finir)),
    ]
}

/// Où en est une habilitation un jour donné : ce qui se lit, et son ton.
fn etat_habilitation(debut: Date, fin: Date, jour: Date) -> (String, &'static str) {
    if fin < jour {
        (format!("finie le {}", temps::date_chiffres(fin)), "")
    } else if debut > jour {
        (
            format!("à partir du {}", temps::date_chiffres(debut)),
            "neutre",
        )
    } else if temps::jours_entre(jour, fin) <= fins::SIGNALER_JOURS {
        (format!("finit le {}", temps::date_chiffres(fin)), "proche")
    } else {
        (format!("jusqu’au {}", temps::date_chiffres(fin)), "fait")
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Filtres {
    q: String,
    titre: String,
    etat: String,
    le: String,
}

struct LigneHabilitation {
    titre: String,
    etat: String,
    ton: &'static str,
}

struct LigneJure {
    id: String,
    nom: String,
    actif: bool,
    qualite: String,
    employeur: String,
    courriel: String,
    telephone: String,
    habilitations: Vec<LigneHabilitation>,
    lieu: String,
    appels: u64,
    reserves: u64,
    reponse: &'static str,
    ton: &'static str,
}

#[derive(Template)]
#[template(path = "jures/liste.html")]
struct PageListe {
    cadre: Cadre,
    resume: String,
    peut_ecrire: bool,
    annuaire_vide: bool,
    finissent: Vec<fins::LigneFin>,
    erreurs: ErreursFormulaire,
    q: String,
    titre: String,
    titres: Vec<(String, String)>,
    etat: String,
    etats: Vec<(&'static str, &'static str)>,
    le: String,
    date_illisible: bool,
    jures: Vec<LigneJure>,
    tronque: bool,
}

/// GET /jures
async fn liste(acces: Acces, Query(filtres): Query<Filtres>) -> Reponse {
    let (base, centre, jour) = (&acces.etat.base, &acces.centre, acces.etat.horloge.jour());
    let activite = match filtres.etat.as_str() {
        "desactives" => Activite::Desactives,
        "tous" => Activite::Tous,
        _ => Activite::Actifs,
    };
    let q: String = filtres.q.chars().take(100).collect();
    let trouves = annuaire::chercher_jures(base, centre, &q, activite).await?;
    let mut par_jure: HashMap<String, Vec<Habilitation>> = HashMap::new();
    for h in annuaire::habilitations_du_centre(base, centre).await? {
        par_jure.entry(h.jure.to_string()).or_default().push(h);
    }
    let referentiels = titres::titres(base, centre).await?;
    let abrege: HashMap<&str, String> = referentiels
        .iter()
        .map(|r| (r.cle.as_str(), abreger(r)))
        .collect();
    let nommer = |cle: &str| abrege.get(cle).cloned().unwrap_or_else(|| cle.to_owned());
    let voulu = temps::lire_date(&filtres.le);
    let vise = voulu.unwrap_or(jour);
    let choix = choix::Choix::lire(base, centre, jour, (vise, vise)).await?;
    let tronque = trouves.len() >= annuaire::LIMITE_RECHERCHE;
    let mut jures: Vec<LigneJure> = trouves
        .into_iter()
        .map(|j| {
            let habilitations = par_jure.remove(j.id.as_str()).unwrap_or_default();
            (j, habilitations)
        })
        .filter(|(_, hs)| {
            // Un jour cherché : l'habilitation couvre ce jour-là.
            let convient = |h: &Habilitation| {
                (filtres.titre.is_empty() || h.fiche.titre == filtres.titre)
                    && voulu.map_or(h.fiche.fin >= jour, |v| {
                        h.fiche.debut <= v && v <= h.fiche.fin
                    })
            };
            (filtres.titre.is_empty() && voulu.is_none()) || hs.iter().any(convient)
        })
        .map(|(j, hs)| {
            let aide = choix.de(&j.id, &j.fiche);
            LigneJure {
                appels: aide.appels,
                reserves: aide.reserves,
                // Sans jour cherché, il n'y a rien à répondre.
                reponse: if voulu.is_some() { aide.reponse } else { "" },
                ton: if voulu.is_some() { aide.ton } else { "" },
                lieu: aide.lieu,
                id: j.id.to_string(),
                nom: j.nom_complet(),
                actif: j.actif,
                habilitations: hs
                    .iter()
                    .map(|h| {
                        let (etat, ton) = etat_habilitation(h.fiche.debut, h.fiche.fin, jour);
                        LigneHabilitation {
                            titre: nommer(&h.fiche.titre),
                            etat,
                            ton,
                        }
                    })
                    .collect(),
                qualite: j.fiche.qualite,
                employeur: j.fiche.employeur,
                courriel: j.fiche.courriel,
                telephone: j.fiche.telephone,
            }
        })
        .collect();
    if voulu.is_some() {
        // Les moins appelés d'abord, ceux qui se sont dits pris à la fin.
        jures.sort_by_key(|j| (j.ton == "retard", j.appels + j.reserves));
    }
    let sans_filtre = q.trim().is_empty()
        && filtres.titre.is_empty()
        && filtres.le.is_empty()
        && activite == Activite::Actifs;
    let annuaire_vide = jures.is_empty()
        && sans_filtre
        && annuaire::chercher_jures(base, centre, "", Activite::Tous)
            .await?
            .is_empty();
    let finissent = fins::finissantes(&acces).await?;
    let resume = match jures.len() {
        0 => "Les professionnels habilités à siéger dans vos jurys.".to_owned(),
        1 => "1 juré".to_owned(),
        n => format!("{n} jurés"),
    };
    Ok(rendre(&PageListe {
        cadre: Cadre::connecte("Jurés", "/jures", &acces),
        resume,
        peut_ecrire: acces.peut_organiser(),
        annuaire_vide,
        finissent,
        erreurs: ErreursFormulaire::default(),
        q,
        titres: options_titres(&referentiels),
        date_illisible: !filtres.le.is_empty() && voulu.is_none(),
        le: filtres.le,
        titre: filtres.titre,
        etat: filtres.etat,
        etats: vec![
            ("", "Jurés actifs"),
            ("desactives", "Jurés désactivés"),
            ("tous", "Tous"),
        ],
        jures,
        tronque,
    }))
}

/// « DWWM 04 », ou l'intitulé quand il n'y a pas de sigle.
fn abreger(r: &metier::Referentiel) -> String {
    let nom = r.sigle.clone().unwrap_or_else(|| r.intitule.clone());
    match &r.millesime {
        Some(m) => format!("{nom} {m}"),
        None => nom,
    }
}

/// Les titres d'une liste de choix : (clé, désignation).
pub(crate) fn options_titres(referentiels: &[metier::Referentiel]) -> Vec<(String, String)> {
    referentiels
        .iter()
        .map(|r| (r.cle.clone(), r.designation()))
        .collect()
}
