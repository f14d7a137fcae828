//! La boîte d'envoi du centre : ce qui est parti, ce qui attend, ce qu'une personne doit décider.

mod reglage;

use crate::acces::Acces;
use crate::cadre::{Cadre, rediriger_fait, rendre};
use crate::courriel::{self, textes::LIEN};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, Formulaire, formulaire_abime, nouvel_identifiant};
use crate::reponses::{get, post};
use crate::routes::{DroitCentre, Nature, Route};
use askama::Template;
use axum::extract::{Path, Query};
use metier::{Acte, temps};
use serde::Deserialize;
use stockage::courriel::{self as boite, Courriel, Etat, Geste};

const ORGANISER: Nature = Nature::Centre(DroitCentre::Organiser);
const ADMINISTRER: Nature = Nature::Centre(DroitCentre::Administrer);
/// Courriels par page.
const PAR_PAGE: u64 = 50;

/// Les routes de la boîte d'envoi et du serveur de courriel.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/courriels", ORGANISER, get(liste)),
        Route::lire("/courriels/{courriel}", ORGANISER, get(detail)),
        Route::ecrire("/courriels/{courriel}", ORGANISER, post(agir)),
        Route::lire("/centre/courriel", ADMINISTRER, get(reglage::montrer)),
        Route::ecrire("/centre/courriel", ADMINISTRER, post(reglage::regler)),
        Route::ecrire(
            "/centre/courriel/essai",
            ADMINISTRER,
            post(reglage::essayer),
        ),
        Route::ecrire(
            "/centre/courriel/activite",
            ADMINISTRER,
            post(reglage::changer_activite),
        ),
    ]
}

/// Où en est l'envoi dans ce centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Facteur {
    /// Aucun serveur n'est réglé.
    Absent,
    /// Réglé, envois suspendus.
    Suspendu,
    /// Garant envoie.
    Actif,
}

async fn service(a: &Acces) -> Result<Facteur, Erreur> {
    Ok(match boite::serveur(&a.etat.base, &a.centre).await? {
        None => Facteur::Absent,
        Some(s) if s.actif => Facteur::Actif,
        Some(_) => Facteur::Suspendu,
    })
}

#[derive(Template)]
#[template(path = "courriels/liste.html")]
struct PageListe {
    cadre: Cadre,
    service: Facteur,
    administre: bool,
    filtres: Vec<Filtre>,
    lignes: Vec<Ligne>,
    suivante: String,
    a_decider: u64,
}

struct Filtre {
    href: String,
    libelle: &'static str,
    nombre: u64,
    actif: bool,
}

struct Ligne {
    lien: String,
    objet: String,
    nom: String,
    adresse: String,
    genre: &'static str,
    etat: &'static str,
    ton: &'static str,
    quand: String,
    detail: String,
}

/// Ce que la page demande.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Demande {
    etat: String,
    avant: String,
}

/// La classe de la feuille de style d'un état.
pub fn ton(e: Etat) -> &'static str {
    match e {
        Etat::Envoye => "fait",
        Etat::Refuse | Etat::Abandonne | Etat::Incertain => "retard",
        Etat::AEnvoyer | Etat::EnCours | Etat::AReessayer => "proche",
        Etat::Annule => "sans-objet",
    }
}

fn genre(code: &str) -> &'static str {
    match code {
        "rappel" => "Rappel de délais",
        "recapitulatif" => "Récapitulatif du matin",
        "sollicitation" => "Sollicitation de juré",
        "convocation" => "Convocation",
        "alerte" => "Alerte",
        _ => "Essai",
    }
}

/// « 23 nov. 2026, 10 h 04 ».
pub fn instant(secondes: i64) -> String {
    jiff::Timestamp::from_second(secondes)
        .map(|t| temps::instant_court(&t.to_string()))
        .unwrap_or_default()
}

/// Ce qui va se passer, ou ce que le serveur a dit.
pub fn suite(c: &Courriel) -> String {
    let mots = |debut: &str| {
        if c.reponse.is_empty() {
            debut.to_owned()
        } else {
            format!("{debut} : {}", c.reponse)
        }
    };
    match c.etat {
        Etat::AReessayer => mots(&format!("nouvel essai le {}", instant(c.prochain))),
        Etat::Refuse | Etat::Abandonne => mots("réponse du serveur"),
        Etat::Incertain => "demandez si le message est arrivé".into(),
        Etat::AEnvoyer | Etat::EnCours | Etat::Envoye | Etat::Annule => String::new(),
    }
}

/// GET /courriels
async fn liste(a: Acces, Query(q): Query<Demande>) -> Reponse {
    let choisi = Etat::depuis_code(&q.etat);
    let comptes = boite::compter(&a.etat.base, &a.centre).await?;
    let combien = |e: Etat| comptes.iter().find(|(x, _)| *x == e).map_or(0, |(_, n)| *n);
    let avant = Some(q.avant.as_str()).filter(|t| !t.is_empty());
    let mut vus = boite::liste(&a.etat.base, &a.centre, choisi, None, avant, PAR_PAGE + 1).await?;
    let reste = vus.len() as u64 > PAR_PAGE;
    vus.truncate(usize::try_from(PAR_PAGE).unwrap_or(usize::MAX));
    let suivante = vus.last().filter(|_| reste).map_or(String::new(), |c| {
        format!("/courriels?etat={}&avant={}", q.etat, c.id)
    });
    let mut filtres = vec![Filtre {
        href: "/courriels".into(),
        libelle: "Tous",
        nombre: comptes.iter().map(|(_, n)| n).sum(),
        actif: choisi.is_none(),
    }];
    filtres.extend(
        Etat::TOUS
            .into_iter()
            .filter(|e| combien(*e) > 0 || choisi == Some(*e))
            .map(|e| Filtre {
                href: format!("/courriels?etat={}", e.code()),
                libelle: e.libelle(),
                nombre: combien(e),
                actif: choisi == Some(e),
            }),
    );
    Ok(rendre(&PageListe {
        cadre: Cadre::connecte("Courriels", "/courriels", &a),
        service: service(&a).await?,
        administre: a.administre(),
        filtres,
        suivante,
        a_decider: Etat::TOUS
            .into_iter()
            .filter(|e| e.demande_une_personne())
            .map(combien)
            .sum(),
        lignes: vus
            .iter()
            .map(|c| Ligne {
                lien: format!("/courriels/{}", c.id),
                objet: c.message.objet.clone(),
                nom: c.message.nom.clone(),
                adresse: c.message.adresse.clone(),
                genre: genre(&c.message.genre),
                etat: c.etat.libelle(),
                ton: ton(c.etat),
                quand: instant(c.change),
                detail: suite(c),
            })
            .collect(),
    }))
}

#[derive(Template)]
#[template(path = "courriels/detail.html")]
struct PageDetail {
    cadre: Cadre,
    service: Facteur,
    c: Courriel,
    genre: &'static str,
    ton: &'static str,
    champs: Vec<(&'static str, String)>,
    texte: String,
    a_un_lien: bool,
    gestes: Vec<(&'static str, &'static str, &'static str)>,
    acte: String,
}

async fn lire(a: &Acces, id: &str) -> Result<Courriel, Erreur> {
    boite::un(&a.etat.base, &a.centre, id)
        .await?
        .ok_or(Erreur::Introuvable)
}

/// GET /courriels/{courriel}
async fn detail(a: Acces, Path(id): Path<String>) -> Reponse {
    let c = lire(&a, &id).await?;
    let demandeur = match c.message.par.parse() {
        Ok(p) => stockage::comptes::personne(&a.etat.base, &a.centre, &p)
            .await?
            .map_or("une personne partie du centre".into(), |p| p.nom_complet()),
        Err(_) => "Garant".to_owned(),
    };
    let mut champs = vec![
        ("À", c.message.nom.clone()),
        ("Adresse", c.message.adresse.clone()),
        ("Demandé par", demandeur),
        ("Dans la boîte depuis", instant(c.cree)),
        ("Essais", c.tentatives.to_string()),
        ("Dernier changement", instant(c.change)),
    ];
    if !c.reponse.is_empty() {
        champs.push(("Réponse du serveur", c.reponse.clone()));
    }
    if c.etat == Etat::AReessayer {
        champs.push(("Prochain essai", instant(c.prochain)));
    }
    if !matches!(c.message.suivi.as_str(), "" | "a_noter" | "note") {
        champs.push(("À vérifier", c.message.suivi.clone()));
    }
    let gestes = [
        ("renvoyer", Geste::Renvoyer, "Envoyer de nouveau", "premier"),
        ("envoye", Geste::TenirPourEnvoye, "Le tenir pour envoyé", ""),
        ("annuler", Geste::Annuler, "Ne pas l’envoyer", "danger"),
    ]
    .into_iter()
    .filter(|(_, g, ..)| g.est_possible(c.etat))
    .map(|(code, _, libelle, style)| (code, libelle, style))
    .collect();
    Ok(rendre(&PageDetail {
        cadre: Cadre::connecte("Courriel", "/courriels", &a),
        service: service(&a).await?,
        genre: genre(&c.message.genre),
        ton: ton(c.etat),
        texte: c
            .message
            .corps
            .replace(LIEN, "[lien privé, propre à chaque envoi]"),
        a_un_lien: !c.message.lien.is_empty(),
        champs,
        gestes,
        acte: nouvel_identifiant::<Acte>().to_string(),
        c,
    }))
}

/// Un geste sur un courriel.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    geste: String,
    etat: String,
}

/// POST /courriels/{courriel}
async fn agir(a: Acces, Path(id): Path<String>, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    let c = lire(&a, &id).await?;
    let geste = Geste::depuis_code(&f.geste).ok_or_else(formulaire_abime)?;
    // L'état a changé depuis la page : on remontre le courriel plutôt que d'agir sur ce qui n'est plus vrai.
    if f.etat != c.etat.code() || !geste.est_possible(c.etat) {
        return Ok(rediriger_fait(
            &format!("/courriels/{id}"),
            "Ce courriel a changé entre-temps : rien n’a été fait. Voici où il en est.",
        ));
    }
    let auteur = a.auteur(&f.communs);
    let maintenant = a.etat.horloge.secondes();
    boite::agir(&a.etat.base, &a.centre, &c, geste, &auteur, maintenant).await?;
    a.etat.courriel.reveiller();
    let phrase = match (geste, service(&a).await?) {
        (Geste::Renvoyer, Facteur::Actif) => "Le courriel va partir de nouveau.",
        (Geste::Renvoyer, _) => "Le courriel partira quand les envois seront actifs.",
        (Geste::Annuler, _) => "Le courriel ne partira pas.",
        (Geste::TenirPourEnvoye, _) => "Le courriel est tenu pour envoyé.",
    };
    Ok(rediriger_fait(&format!("/courriels/{id}"), phrase))
}

/// L'adresse de réponse à défaut : celle du centre.
async fn reponse_par_defaut(a: &Acces) -> Result<String, Erreur> {
    Ok(courriel::facteur::centre(&a.etat, &a.centre)
        .await?
        .0
        .courriel)
}
