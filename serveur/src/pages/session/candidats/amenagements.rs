//! Les aménagements : la mesure accordée, sa date, sa référence. Les mots sont scellés ; les lire s'inscrit au journal du centre.

use super::{date_facultative, trouver};
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, formulaire_abime};
use crate::pages::session::geste::{Champs, Suite, acte};
use crate::pages::session::tete::TeteSession;
use crate::pages::session::{modifiable, titre};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::candidats::{Candidat, ressemble_a_un_nir, sans_accents};
use metier::parcours::{self, Amenagement, EtatAmenagement};
use metier::{Action, Nature, Refus, temps};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Caractères d'une mesure : ce qui est accordé, sans la raison.
const MESURE_MAX: usize = 600;
/// Caractères d'une référence.
const REFERENCE_MAX: usize = 80;

/// Ce qui est scellé.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Mots {
    mesure: String,
    reference: String,
}

/// À quoi les mots sont liés : déplacés ailleurs, ils ne s'ouvrent plus.
fn contexte(a: &AccesSession, c: &Candidat) -> String {
    format!("{}/{}/{}", a.acces.centre, a.id, c.id)
}

#[derive(Template)]
#[template(path = "session/candidats_amenagements.html")]
struct PageListe {
    cadre: Cadre,
    tete: TeteSession,
    confie: bool,
    lignes: Vec<Ligne>,
    autres: Vec<(String, String)>,
}

struct Ligne {
    id: String,
    nom: String,
    resume: String,
    ton: &'static str,
    jury: String,
    applique: &'static str,
}

/// GET /sessions/{session}/candidats/amenagements
pub(super) async fn lister(a: AccesSession) -> Reponse {
    let s = &a.session;
    let mut inscrits: Vec<&Candidat> = s.inscrits().collect();
    inscrits.sort_by_cached_key(|c| (sans_accents(&c.fiche.nom_complet()), c.id.clone()));
    let (avec, sans): (Vec<_>, Vec<_>) =
        inscrits.into_iter().partition(|c| c.amenagement.is_some());
    let lignes = avec
        .into_iter()
        .filter_map(|c| {
            let x = c.amenagement.as_ref()?;
            Some(Ligne {
                id: c.id.to_string(),
                nom: c.fiche.nom_complet(),
                resume: x.resume(),
                ton: ton(x.etat),
                jury: x
                    .jury_informe_le
                    .map(temps::date_moyenne)
                    .unwrap_or_default(),
                applique: applique(x),
            })
        })
        .collect();
    rendre(&PageListe {
        cadre: Cadre::connecte(format!("Aménagements – {}", titre(s)), a.base(), &a.acces),
        tete: TeteSession::nouvelle(&a.id, s, a.jour(), "candidats"),
        confie: true,
        lignes,
        autres: sans
            .into_iter()
            .map(|c| (c.id.to_string(), c.fiche.nom_complet()))
            .collect(),
    })
}

fn ton(e: EtatAmenagement) -> &'static str {
    match e {
        EtatAmenagement::Demande => "proche",
        EtatAmenagement::Accorde => "fait",
        EtatAmenagement::Refuse => "neutre",
    }
}

fn applique(x: &Amenagement) -> &'static str {
    match x.applique {
        Some(true) => "constaté appliqué",
        Some(false) => "constaté non appliqué",
        None => "",
    }
}

#[derive(Template)]
#[template(path = "session/candidats_amenagement.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    suite: Suite,
    modifiable: bool,
    confie: bool,
    id: String,
    nom: String,
    resume: String,
    ton: &'static str,
    scelle: bool,
    lus: Option<Mots>,
    /// Pourquoi les mots ne s'ouvrent pas, ou vide.
    ferme: String,
    applique: &'static str,
    saisie: Champs,
    corrige: bool,
    etats: Vec<(&'static str, &'static str)>,
}

impl Page {
    fn acte(&self) -> String {
        acte()
    }
}

/// GET /sessions/{session}/candidats/{candidat}/amenagement
pub(super) async fn montrer(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
) -> Reponse {
    let c = trouver(&a, &chemin)?;
    page(&a, &c, Rendu::default())
}

/// POST /sessions/{session}/candidats/{candidat}/amenagement
pub(super) async fn agir(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    champs: Champs,
) -> Reponse {
    let c = trouver(&a, &chemin)?;
    let (geste, phrase) = match champs.un("geste") {
        "lire" => return lire_les_mots(&a, &c, &champs).await,
        "constater" => (
            parcours::Action::ConstaterAmenagement {
                id: c.id.clone(),
                applique: champs.un("applique") == "oui",
            },
            "Le constat est noté.",
        ),
        "noter" => match lire(&a, &c, &champs) {
            Ok(amenagement) => (
                parcours::Action::Amenager {
                    id: c.id.clone(),
                    amenagement,
                },
                "L’aménagement est noté. Ses mots sont scellés.",
            ),
            Err(erreurs) => {
                return page(
                    &a,
                    &c,
                    Rendu {
                        statut: StatusCode::UNPROCESSABLE_ENTITY,
                        saisie: Some(&champs),
                        erreurs,
                        ..Rendu::default()
                    },
                );
            }
        },
        _ => return Err(formulaire_abime()),
    };
    match a
        .executer(&champs.communs(), Action::Parcours(geste))
        .await?
    {
        Ok(_) => rediriger_fait(
            &format!("{}/candidats/{}/amenagement", a.base(), c.id),
            phrase,
        ),
        Err(r) => {
            let a = a.relire().await?;
            let c = trouver(&a, &chemin)?;
            page(
                &a,
                &c,
                Rendu {
                    statut: if r.est_devance() {
                        StatusCode::CONFLICT
                    } else {
                        StatusCode::UNPROCESSABLE_ENTITY
                    },
                    saisie: Some(&champs),
                    erreurs: ErreursFormulaire::du_refus(&r),
                    refus: Some(&r),
                    ..Rendu::default()
                },
            )
        }
    }
}

/// Lire la mesure : la ligne du journal du centre d'abord, les mots ensuite.
async fn lire_les_mots(a: &AccesSession, c: &Candidat, champs: &Champs) -> Reponse {
    let secret = c
        .amenagement
        .as_ref()
        .map(|x| x.secret.as_str())
        .filter(|s| !s.is_empty())
        .ok_or(Erreur::Introuvable)?;
    let etat = &a.acces.etat;
    stockage::candidats::noter_la_lecture(
        &etat.base,
        &a.acces.centre,
        &a.id,
        &c.id,
        &a.acces.auteur(&champs.communs()),
    )
    .await?;
    let ouvert = etat
        .coffre(false)
        .and_then(|coffre| coffre.lire(&contexte(a, c), secret));
    let mut rendu = Rendu::default();
    match ouvert {
        Ok(json) => {
            rendu.lus = Some(
                serde_json::from_str(&json)
                    .map_err(|_| Erreur::interne("mots d'aménagement illisibles"))?,
            );
        }
        Err(e) => rendu.ferme = phrase(&e.to_string()),
    }
    page(a, c, rendu)
}

/// Les mots descellés d'un aménagement, pour les remettre à qui ils appartiennent ; rien s'ils ne s'ouvrent pas.
pub(super) fn mots_ouverts(a: &AccesSession, c: &Candidat) -> Option<serde_json::Value> {
    let secret = c
        .amenagement
        .as_ref()
        .map(|x| x.secret.as_str())
        .filter(|s| !s.is_empty())?;
    let coffre = a.acces.etat.coffre(false).ok()?;
    let json = coffre.lire(&contexte(a, c), secret).ok()?;
    serde_json::from_str(&json).ok()
}

/// Une cause technique, en phrase montrée.
fn phrase(cause: &str) -> String {
    let mut lettres = cause.chars();
    let debut: String = lettres
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{debut}{}.", lettres.as_str())
}

/// L'aménagement écrit, ses mots scellés ; ou ses fautes.
fn lire(a: &AccesSession, c: &Candidat, champs: &Champs) -> Result<Amenagement, ErreursFormulaire> {
    let mut fautes = ErreursFormulaire::default();
    let demande_le = date_facultative(champs, "demande_le", &mut fautes);
    let decision_le = date_facultative(champs, "decision_le", &mut fautes);
    let jury_informe_le = date_facultative(champs, "jury_informe_le", &mut fautes);
    let etat = EtatAmenagement::depuis_code(champs.un("etat"));
    if etat.is_none() {
        fautes.ajouter("etat", "Dites où en est la demande.");
    }
    let majoration = match champs.un("majoration").trim().trim_end_matches('%').trim_end() {
        "" => 0,
        t => t.parse().unwrap_or_else(|_| {
            fautes.ajouter(
                "majoration",
                "Écrivez un nombre entier : 33 pour un tiers-temps, rien s’il n’y a pas de temps majoré.",
            );
            0
        }),
    };
    let mots = Mots {
        mesure: champs.un("mesure").trim().replace("\r\n", "\n"),
        reference: champs.un("reference").trim().into(),
    };
    for (champ, texte, max) in [
        ("mesure", &mots.mesure, MESURE_MAX),
        ("reference", &mots.reference, REFERENCE_MAX),
    ] {
        if texte.chars().count() > max {
            fautes.ajouter(
                champ,
                format!(
                    "Ce texte dépasse {max} caractères. Recopiez seulement ce qui est accordé."
                ),
            );
        }
        if texte.split('\n').any(ressemble_a_un_nir) {
            fautes.ajouter(
                champ,
                "Ce nombre ressemble à un numéro de sécurité sociale, que Garant ne garde jamais. Effacez-le.",
            );
        }
    }
    let avant = c.amenagement.as_ref();
    if mots == Mots::default()
        && etat == Some(EtatAmenagement::Accorde)
        && avant.is_none_or(|x| x.secret.is_empty())
    {
        fautes.ajouter(
            "mesure",
            "La mesure accordée manque. Recopiez-la de la décision, sans la raison.",
        );
    }
    let (Some(etat), true) = (etat, fautes.est_vide()) else {
        return Err(fautes);
    };
    let secret = if mots == Mots::default() {
        avant.map(|x| x.secret.clone()).unwrap_or_default()
    } else {
        let json = serde_json::to_string(&mots).unwrap_or_default();
        let scelle = a
            .acces
            .etat
            .coffre(true)
            .and_then(|coffre| coffre.sceller(&contexte(a, c), &json));
        match scelle {
            Ok(s) => s,
            Err(e) => {
                fautes.ajouter(
                    "mesure",
                    format!(
                        "{} Prévenez la personne qui administre Garant.",
                        phrase(&e.to_string())
                    ),
                );
                return Err(fautes);
            }
        }
    };
    Ok(Amenagement {
        etat,
        demande_le,
        decision_le,
        majoration,
        acces_pmr: champs.coche("acces_pmr"),
        secret,
        jury_informe_le,
        applique: avant.and_then(|x| x.applique),
    })
}

fn ecrire(x: &Amenagement) -> Champs {
    let jour = |d: Option<jiff::civil::Date>| d.map(|d| d.to_string()).unwrap_or_default();
    let mut c = vec![
        ("etat".into(), x.etat.code().to_owned()),
        ("demande_le".into(), jour(x.demande_le)),
        ("decision_le".into(), jour(x.decision_le)),
        (
            "majoration".into(),
            if x.majoration == 0 {
                String::new()
            } else {
                x.majoration.to_string()
            },
        ),
        ("jury_informe_le".into(), jour(x.jury_informe_le)),
    ];
    if x.acces_pmr {
        c.push(("acces_pmr".into(), "oui".into()));
    }
    Champs(c)
}

#[derive(Default)]
struct Rendu<'r> {
    statut: StatusCode,
    saisie: Option<&'r Champs>,
    erreurs: ErreursFormulaire,
    refus: Option<&'r Refus>,
    lus: Option<Mots>,
    ferme: String,
}

fn page(a: &AccesSession, c: &Candidat, r: Rendu<'_>) -> Reponse {
    let s = &a.session;
    let nom = c.fiche.nom_complet();
    let x = c.amenagement.as_ref();
    let chemin = format!("{}/candidats/{}/amenagement", a.base(), c.id);
    let suite = match (r.refus, r.saisie) {
        (Some(refus), Some(champs)) if refus.constats.iter().any(|c| c.champ.is_none()) => {
            Suite::du_refus(refus, &a.base(), &chemin, champs)
        }
        _ => Suite::default(),
    };
    rendre_statut(
        r.statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Aménagement de {nom} – {}", titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "candidats"),
            erreurs: if suite.est_vide() {
                r.erreurs
            } else {
                ErreursFormulaire::default()
            },
            suite,
            modifiable: modifiable(a, Nature::Confier) && c.retire.is_none(),
            confie: true,
            id: c.id.to_string(),
            nom,
            resume: x
                .map(|x| phrase(x.resume().trim_end_matches('.')))
                .unwrap_or_default(),
            ton: x.map_or("neutre", |x| ton(x.etat)),
            scelle: x.is_some_and(|x| !x.secret.is_empty()),
            lus: r.lus,
            ferme: r.ferme,
            applique: x.map_or("", applique),
            saisie: r
                .saisie
                .cloned()
                .or_else(|| x.map(ecrire))
                .unwrap_or_default(),
            corrige: x.is_some(),
            etats: EtatAmenagement::TOUS
                .map(|e| (e.code(), e.libelle()))
                .to_vec(),
        },
    )
}
