//! La délibération : l'ouvrir, transcrire les décisions du jury candidat par candidat, la clore, rectifier.

use super::geste::{Champs, Suite, acte};
use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{self, Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::candidats::Candidat;
use metier::deliberation::{self, Action as Geste, DecisionJury, Element, Issue, Sort};
use metier::jour::Venant;
use metier::programme::TypeSession;
use metier::{Action, CandidatId, Nature, Refus, Session, temps};
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "session/deliberation.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    suite: Suite,
    etat: String,
    ouverte: bool,
    close: bool,
    contresigne: bool,
    jures: Vec<(String, String, bool)>,
    presents: String,
    lignes: Vec<Ligne>,
    bilan: Vec<(&'static str, usize)>,
    reste: usize,
    rectificatifs: Vec<String>,
    saisie: Champs,
    modifiable: bool,
}

impl Page {
    fn acte(&self) -> String {
        acte()
    }
}

struct Ligne {
    id: String,
    nom: String,
    presence: &'static str,
    venu: bool,
    elements: String,
    decision: String,
    ton: &'static str,
}

#[derive(Template)]
#[template(path = "session/deliberation_candidat.html")]
struct PageCandidat {
    cadre: Cadre,
    tete: TeteSession,
    suite: Suite,
    id: String,
    nom: String,
    venu: bool,
    titre: bool,
    elements: Vec<(&'static str, &'static str, bool)>,
    jures: Vec<(String, String, bool)>,
    compte: usize,
    issues: Vec<(&'static str, &'static str)>,
    certificats: Vec<(String, String)>,
    sorts: Vec<(&'static str, &'static str)>,
    saisie: Champs,
    decidee: bool,
    contresigne: bool,
    close: bool,
    modifiable: bool,
}

impl PageCandidat {
    fn acte(&self) -> String {
        acte()
    }
}

/// GET /sessions/{session}/deliberation
pub async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None)
}

/// POST /sessions/{session}/deliberation : ouvrir, clore, constater une absence.
pub async fn agir(a: AccesSession, c: Champs) -> Reponse {
    let action = match c.un("geste") {
        "ouvrir" => c.survenu(&a).map(|survenu| Geste::Ouvrir {
            survenu,
            jures: c.tous("jures").filter_map(|j| j.parse().ok()).collect(),
            sans_tiers: c.coche("sans_tiers"),
        }),
        "clore" => c.survenu(&a).map(|survenu| Geste::Clore { survenu }),
        "absence" => Ok(Geste::Decider {
            candidat: c.identifiant("candidat").ok_or(Erreur::Introuvable)?,
            decision: DecisionJury {
                issue: Issue::Absence,
                certificats: Default::default(),
                entretien_favorable: None,
                motivation: String::new(),
                recommandations: String::new(),
            },
        }),
        _ => return Err(Erreur::Introuvable),
    };
    let issue = match action {
        Ok(geste) => {
            a.executer(&c.communs(), Action::Deliberation(geste))
                .await?
        }
        Err(refus) => Err(refus),
    };
    match issue {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/deliberation", a.base()),
            "C’est enregistré.",
        )),
        Err(r) => page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some((&r, &c))),
    }
}

/// GET /sessions/{session}/deliberation/{candidat}
pub async fn montrer_candidat(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
) -> Reponse {
    let id = candidat_du_chemin(&a, &chemin)?;
    page_candidat(&a, &id, StatusCode::OK, None, None)
}

/// POST /sessions/{session}/deliberation/{candidat} : éléments, retrait d'un juré, décision, rectificatif.
pub async fn decider(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    c: Champs,
) -> Reponse {
    let candidat = candidat_du_chemin(&a, &chemin)?;
    let (geste, vers) = match c.un("geste") {
        "disposer" => (
            Geste::Disposer {
                candidat: candidat.clone(),
                elements: c
                    .tous("elements")
                    .filter_map(Element::depuis_code)
                    .collect(),
            },
            format!("{}/deliberation/{candidat}", a.base()),
        ),
        "retirer" => (
            Geste::Retirer {
                candidat: candidat.clone(),
                jure: c.identifiant("jure").ok_or(Erreur::Introuvable)?,
            },
            format!("{}/deliberation/{candidat}", a.base()),
        ),
        "decider" | "rectifier" => {
            let decision = decision(&a.session, &c).ok_or(Erreur::Introuvable)?;
            let candidat = candidat.clone();
            (
                if c.un("geste") == "decider" {
                    Geste::Decider { candidat, decision }
                } else {
                    Geste::Rectifier { candidat, decision }
                },
                format!("{}/deliberation", a.base()),
            )
        }
        _ => return Err(Erreur::Introuvable),
    };
    match a
        .executer(&c.communs(), Action::Deliberation(geste))
        .await?
    {
        // Les éléments s'enregistrent pendant qu'une décision s'écrit : elle revient telle qu'elle était.
        Ok(_) if c.un("geste") == "disposer" && est_commencee(&c) => {
            let mut apres = a.relire().await?;
            apres.acces.message = cadre::message("enregistre");
            page_candidat(&apres, &candidat, StatusCode::OK, None, Some(&c))
        }
        Ok(_) => Ok(rediriger_fait(&vers, "C’est enregistré.")),
        Err(r) => page_candidat(
            &a,
            &candidat,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some((&r, &c)),
            None,
        ),
    }
}

fn candidat_du_chemin(
    a: &AccesSession,
    chemin: &HashMap<String, String>,
) -> Result<CandidatId, Erreur> {
    chemin
        .get("candidat")
        .and_then(|c| c.parse().ok())
        .filter(|c| a.session.inscrits().any(|x| x.id == *c))
        .ok_or(Erreur::Introuvable)
}

/// La décision, lue du formulaire ; un certificat non coché reste absent, et le métier le dit.
fn decision(s: &Session, c: &Champs) -> Option<DecisionJury> {
    let issue = Issue::depuis_code(c.un("issue"))?;
    Some(DecisionJury {
        issue,
        certificats: deliberation::certificats(s)
            .into_iter()
            .filter_map(|(code, _)| {
                let sort = Sort::depuis_code(c.un(&format!("certificat-{code}")))?;
                Some((code, sort))
            })
            .collect(),
        entretien_favorable: match c.un("entretien") {
            "favorable" => Some(true),
            "defavorable" => Some(false),
            _ => None,
        },
        motivation: c.un("motivation").trim().into(),
        recommandations: c.un("recommandations").trim().into(),
    })
}

/// Le formulaire porte-t-il une décision, même inachevée ?
fn est_commencee(c: &Champs) -> bool {
    c.0.iter().any(|(nom, valeur)| {
        !valeur.trim().is_empty()
            && (nom.starts_with("certificat-")
                || ["issue", "entretien", "motivation", "recommandations"].contains(&nom.as_str()))
    })
}

fn presence(s: &Session, c: &Candidat) -> &'static str {
    match s.jour.sorties.get(&c.id) {
        Some((sortie, ..)) => sortie.libelle(),
        None if s.jour.est_venu(&c.id) => "Présent",
        None if s.jour.est_absent(&c.id) => "Absent",
        None => "Ni présent ni absent",
    }
}

fn page(a: &AccesSession, statut: StatusCode, refuse: Option<(&Refus, &Champs)>) -> Reponse {
    let s = &*a.session;
    s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let d = &s.deliberation;
    let reste = s
        .inscrits()
        .filter(|c| !d.decisions.contains_key(&c.id))
        .count();
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Délibération – {}", super::titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "deliberation"),
            suite: refuse
                .map(|(r, c)| {
                    Suite::du_refus(r, &a.base(), &format!("{}/deliberation", a.base()), c)
                })
                .unwrap_or_default(),
            etat: match (&d.ouverture, d.close) {
                (None, _) => "Pas encore ouverte".into(),
                (Some(o), None) => format!("Ouverte {}", temps::moment(o.survenu)),
                (Some(_), Some(le)) => format!("Close {}", temps::moment(le)),
            },
            ouverte: d.ouverture.is_some(),
            close: d.close.is_some(),
            contresigne: s.pv.contresigne(),
            jures: s
                .jury
                .iter()
                .map(|m| {
                    let venu = s
                        .jour
                        .venues
                        .contains_key(&Venant::Jure(m.membre.jure.clone()));
                    (m.membre.jure.to_string(), m.membre.nom.clone(), venu)
                })
                .collect(),
            presents: d
                .ouverture
                .iter()
                .flat_map(|o| &o.jures)
                .filter_map(|j| s.jure(j))
                .map(|m| m.nom.clone())
                .collect::<Vec<_>>()
                .join(", "),
            lignes: s.inscrits().map(|c| ligne(s, c)).collect(),
            bilan: Issue::TOUTES
                .into_iter()
                .map(|i| (i.libelle(), d.compte(i)))
                .collect(),
            reste,
            rectificatifs: d
                .rectificatifs
                .iter()
                .filter_map(|(c, motif)| {
                    Some(format!(
                        "{} : {motif}",
                        s.candidat(c).ok()?.fiche.nom_complet()
                    ))
                })
                .collect(),
            saisie: refuse.map(|(_, c)| c.clone()).unwrap_or_default(),
            modifiable: super::modifiable(a, Nature::Conclure),
        },
    ))
}

fn ligne(s: &Session, c: &Candidat) -> Ligne {
    let venu = s.jour.est_venu(&c.id);
    let attendus = Element::attendus(s, c);
    let vus = s
        .deliberation
        .elements
        .get(&c.id)
        .map_or(0, |v| attendus.iter().filter(|e| v.contains(e)).count());
    let decision = s.deliberation.decisions.get(&c.id);
    Ligne {
        id: c.id.to_string(),
        nom: c.fiche.nom_complet(),
        presence: presence(s, c),
        venu,
        elements: if venu {
            format!("{vus} sur {}", attendus.len())
        } else {
            String::new()
        },
        decision: decision.map_or_else(
            || "À transcrire".into(),
            |d| {
                let acquis: Vec<_> = d
                    .certificats
                    .iter()
                    .filter(|(_, x)| x.est_acquis())
                    .map(|(c, _)| c.as_str())
                    .collect();
                if d.issue == Issue::Partielle && !acquis.is_empty() {
                    format!("{} ({})", d.issue.libelle(), acquis.join(", "))
                } else {
                    d.issue.libelle().into()
                }
            },
        ),
        ton: match decision.map(|d| d.issue) {
            None => "proche",
            Some(Issue::Reussite) => "fait",
            Some(Issue::Partielle | Issue::Echec | Issue::Absence) => "neutre",
        },
    }
}

/// Les champs d'une décision déjà transcrite, pour la montrer telle quelle.
fn champs_de(d: &DecisionJury) -> Champs {
    let mut c = vec![
        ("issue".to_owned(), d.issue.code().to_owned()),
        ("motivation".into(), d.motivation.clone()),
        ("recommandations".into(), d.recommandations.clone()),
        (
            "entretien".into(),
            match d.entretien_favorable {
                Some(true) => "favorable",
                Some(false) => "defavorable",
                None => "",
            }
            .into(),
        ),
    ];
    c.extend(
        d.certificats
            .iter()
            .map(|(code, sort)| (format!("certificat-{code}"), sort.code().to_owned())),
    );
    Champs(c)
}

fn page_candidat(
    a: &AccesSession,
    id: &CandidatId,
    statut: StatusCode,
    refuse: Option<(&Refus, &Champs)>,
    gardee: Option<&Champs>,
) -> Reponse {
    let s = &*a.session;
    let saisie = refuse
        .map(|(_, x)| x)
        .or(gardee)
        .filter(|x| est_commencee(x));
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let c = s.candidat(id).map_err(|_| Erreur::Introuvable)?;
    let d = &s.deliberation;
    let decision = d.decisions.get(id);
    let chemin = format!("{}/deliberation/{id}", a.base());
    let vus = d.elements.get(id);
    let retires = d.retraits.get(id);
    let venu = s.jour.est_venu(id);
    Ok(rendre_statut(
        statut,
        &PageCandidat {
            cadre: Cadre::connecte(
                format!("Décision, {} – {}", c.fiche.nom_complet(), super::titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "deliberation"),
            suite: refuse
                .map(|(r, x)| Suite::du_refus(r, &a.base(), &chemin, x))
                .unwrap_or_default(),
            id: id.to_string(),
            nom: c.fiche.nom_complet(),
            venu,
            titre: p.type_session == TypeSession::Titre,
            elements: Element::attendus(s, c)
                .into_iter()
                .map(|e| {
                    let vu = match saisie {
                        Some(c) if d.close.is_none() => c.tous("elements").any(|x| x == e.code()),
                        Some(_) | None => vus.is_some_and(|v| v.contains(&e)),
                    };
                    (e.code(), e.libelle(), vu)
                })
                .collect(),
            jures: d
                .ouverture
                .iter()
                .flat_map(|o| &o.jures)
                .filter_map(|j| s.jure(j))
                .map(|m| {
                    let retire = retires.is_some_and(|r| r.contains(&m.jure));
                    (m.jure.to_string(), m.nom.clone(), retire)
                })
                .collect(),
            compte: d.jures_pour(id).len(),
            issues: Issue::TOUTES
                .into_iter()
                .filter(|i| (*i == Issue::Absence) != venu)
                .map(|i| (i.code(), i.libelle()))
                .collect(),
            certificats: deliberation::certificats(s),
            sorts: Sort::TOUS
                .into_iter()
                .map(|x| (x.code(), x.libelle()))
                .collect(),
            saisie: saisie
                .cloned()
                .or_else(|| decision.map(champs_de))
                .unwrap_or_default(),
            decidee: decision.is_some(),
            contresigne: s.pv.contresigne(),
            close: d.close.is_some(),
            modifiable: super::modifiable(a, Nature::Conclure) && d.ouverture.is_some(),
        },
    ))
}
