//! Emporter : la liste des candidats, leurs dossiers, la session en JSON, les données d'un candidat, la fiche CERES.

use super::{amenagements, trouver};
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rendre};
use crate::erreurs::{Erreur, Reponse};
use crate::exportation::{Format, listes, personne, rendre_fichier, rendre_liste, session};
use crate::pages::session::geste::Champs;
use crate::pages::session::tete::TeteSession;
use crate::pages::session::titre;
use askama::Template;
use axum::extract::{Path, Query};
use metier::candidats::{Candidat, sans_accents};
use metier::{Nature, temps};
use std::collections::HashMap;

fn nom_de(a: &AccesSession, quoi: &str) -> String {
    format!("{quoi}-{}", titre(&a.session))
}

fn format_de(chemin: &HashMap<String, String>) -> Result<Format, Erreur> {
    chemin
        .get("format")
        .and_then(|f| Format::depuis(f))
        .ok_or(Erreur::Introuvable)
}

/// GET /sessions/{session}/emporter/candidats/{format}
pub(super) async fn candidats(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
) -> Reponse {
    let format = format_de(&chemin)?;
    rendre_liste(
        &listes::candidats(&a.session),
        format,
        &nom_de(&a, "candidats"),
    )
}

/// GET /sessions/{session}/emporter/dossiers/{format}
pub(super) async fn dossiers(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
) -> Reponse {
    let format = format_de(&chemin)?;
    let t = listes::dossiers(&a.session, a.jour());
    rendre_liste(&t, format, &nom_de(&a, "dossiers"))
}

/// GET /sessions/{session}/emporter/session.json
pub(super) async fn json(a: AccesSession) -> Reponse {
    let export = session::exporter(&a.id, &a.session, &a.tete).ok_or(Erreur::Introuvable)?;
    let octets = serde_json::to_vec_pretty(&export).map_err(|e| Erreur::interne(&e.to_string()))?;
    rendre_fichier(
        octets,
        "application/json",
        &format!("{}.json", nom_de(&a, "session")),
    )
}

/// POST /sessions/{session}/candidats/{candidat}/donnees : la remise s'inscrit au journal du centre.
pub(super) async fn donnees(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    champs: Champs,
) -> Reponse {
    let c = trouver(&a, &chemin)?;
    let etat = &a.acces.etat;
    let centre = &a.acces.centre;
    let auteur = a.acces.auteur(&champs.communs());
    stockage::candidats::noter_la_remise_des_donnees(&etat.base, centre, &a.id, &c.id, &auteur)
        .await?;
    let mots = amenagements::mots_ouverts(&a, &c);
    let octets = personne::composer(&etat.base, centre, &a.id, &a.session, &c, mots).await?;
    let nom = format!("donnees-{}.zip", c.fiche.nom_complet());
    rendre_fichier(octets, "application/zip", &nom)
}

#[derive(Template)]
#[template(path = "session/candidats_ceres.html")]
struct PageCeres {
    cadre: Cadre,
    tete: TeteSession,
    confie: bool,
    modifiable: bool,
    session: Vec<Champ>,
    candidat: Option<FicheCeres>,
    candidats: Vec<(String, String)>,
}

struct FicheCeres {
    id: String,
    nom: String,
    place: String,
    champs: Vec<Champ>,
    precedent: String,
    suivant: String,
    sans_identifiant: bool,
}

/// Une ligne à recopier.
struct Champ {
    cle: String,
    libelle: &'static str,
    valeur: String,
}

fn champs(prefixe: &str, paires: Vec<(&'static str, String)>) -> Vec<Champ> {
    paires
        .into_iter()
        .enumerate()
        .map(|(i, (libelle, valeur))| Champ {
            cle: format!("{prefixe}-{}", i + 1),
            libelle,
            valeur,
        })
        .collect()
}

/// GET /sessions/{session}/candidats/ceres
pub(super) async fn ceres(a: AccesSession, Query(q): Query<HashMap<String, String>>) -> Reponse {
    let s = &a.session;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let mut inscrits: Vec<&Candidat> = s.inscrits().collect();
    inscrits.sort_by_cached_key(|c| (sans_accents(&c.fiche.nom_complet()), c.id.clone()));
    let voulu = q.get("candidat").map_or("", String::as_str);
    let place = inscrits
        .iter()
        .position(|c| c.id.as_str() == voulu)
        .unwrap_or(0);
    let r = &p.referentiel;
    let codes: Vec<String> = p
        .certificats
        .iter()
        .map(|c| {
            r.ccp(c)
                .and_then(|x| x.code_ceres.clone())
                .unwrap_or_else(|| c.clone())
        })
        .collect();
    let texte = |v: &Option<String>| v.clone().unwrap_or_default();
    let voisin = |i: Option<usize>| {
        i.and_then(|i| inscrits.get(i))
            .map(|c| c.id.to_string())
            .unwrap_or_default()
    };
    let session = champs(
        "s",
        vec![
            ("Numéro de session", texte(&p.numero_ceres)),
            ("Type de session", p.type_session.libelle().into()),
            ("Code du titre", texte(&r.code_titre)),
            ("Millésime", texte(&r.millesime)),
            ("Intitulé du titre", r.intitule.clone()),
            ("Certificats", codes.join(", ")),
            ("Premier jour", temps::date_chiffres(p.debut)),
            ("Dernier jour", temps::date_chiffres(p.fin)),
            ("Site", p.site.nom.clone()),
            ("Adresse du site", p.site.adresse.clone()),
        ],
    );
    let candidat = inscrits.get(place).map(|c| {
        let f = &c.fiche;
        FicheCeres {
            id: c.id.to_string(),
            nom: f.nom_complet(),
            place: format!("{} sur {}", place + 1, inscrits.len()),
            champs: champs(
                "c",
                vec![
                    ("Civilité", texte(&f.civilite)),
                    ("Nom de naissance", f.nom_naissance.to_uppercase()),
                    ("Nom d’usage", texte(&f.nom_usage).to_uppercase()),
                    ("Prénoms", f.prenoms.clone()),
                    (
                        "Date de naissance",
                        f.naissance.map(temps::date_chiffres).unwrap_or_default(),
                    ),
                    ("Lieu de naissance", texte(&f.lieu_naissance)),
                    ("Courriel", texte(&f.courriel)),
                    ("Téléphone", texte(&f.telephone)),
                    ("Adresse", texte(&f.adresse)),
                    ("Code postal", texte(&f.code_postal)),
                    ("Commune", texte(&f.ville)),
                    (
                        "Voie d’accès",
                        f.voie.map_or("", |v| v.libelle()).to_owned(),
                    ),
                    (
                        "Situation",
                        c.parcours.situation.map_or("", |x| x.libelle()).to_owned(),
                    ),
                    ("Identifiant CERES", texte(&f.identifiant_ceres)),
                ],
            ),
            precedent: voisin(place.checked_sub(1)),
            suivant: voisin(Some(place + 1)),
            sans_identifiant: f.identifiant_ceres.is_none(),
        }
    });
    rendre(&PageCeres {
        cadre: Cadre::connecte(
            format!("Fiche à recopier dans CERES – {}", titre(s)),
            a.base(),
            &a.acces,
        ),
        tete: TeteSession::nouvelle(&a.id, s, a.jour(), "candidats"),
        confie: a.peut(Nature::Confier),
        modifiable: crate::pages::session::modifiable(&a, Nature::Preparer),
        session,
        candidat,
        candidats: inscrits
            .iter()
            .map(|c| (c.id.to_string(), c.fiche.nom_complet()))
            .collect(),
    })
}

/// GET /schemas/session-1.json
pub(super) async fn schema() -> Reponse {
    rendre_fichier(
        session::SCHEMA.as_bytes().to_vec(),
        "application/schema+json",
        "session-1.schema.json",
    )
}
