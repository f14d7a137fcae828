//! Le planning d'une session : proposition, conflits montrés, validation, affichage.

use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use askama::Template;
use axum::http::StatusCode;
use metier::equipe::Poste;
use metier::jury::Place;
use metier::planning::{self, Passage};
use metier::programme::NatureSalle;
use metier::referentiel::Modalite;
use metier::{Acte, Action, JureId, Nature, Refus, Session, reglement, temps};
use planification::{Besoin, Epreuve, Placement, Salle, proposer as calculer};
use serde::Deserialize;
use std::collections::HashSet;

/// Passages à placer montrés d'un coup.
const A_PLACER_MAX: usize = 40;
/// Durée retenue, en minutes, pour une épreuve dont la durée n'est pas encore connue : elle reste à corriger.
const DUREE_INCONNUE: u32 = 30;
/// Jurés par jury dans la proposition.
const JURES_PAR_JURY: usize = 2;

#[derive(Template)]
#[template(path = "session/planning.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    reste: Option<String>,
    jours: Vec<Jour>,
    a_placer: Vec<APlacer>,
    a_placer_de_plus: usize,
    resume: String,
    conflits: Vec<ConstatMontre>,
    valide: bool,
    modifiable: bool,
    empeche: String,
    remplace: bool,
    motif_valider: bool,
    motif: String,
    saisie: Saisie,
    acte: String,
    acte_validation: String,
    acte_affichage: String,
    aujourdhui: String,
}

struct Jour {
    libelle: String,
    passages: Vec<PassageMontre>,
}

struct PassageMontre {
    heure: String,
    candidats: Vec<(String, String)>,
    nature: String,
    lieu: String,
    devant: String,
    conflit: bool,
}

struct APlacer {
    candidat: String,
    nature: String,
    lien: String,
}

/// Ce qu'il faut pour proposer.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    ouverture: String,
    fermeture: String,
    dejeuner_debut: String,
    dejeuner_fin: String,
    pause: String,
    le: String,
}

impl Default for Saisie {
    fn default() -> Self {
        Self {
            communs: ChampsCommuns::default(),
            ouverture: "08:30".into(),
            fermeture: "17:30".into(),
            dejeuner_debut: "12:30".into(),
            dejeuner_fin: "13:30".into(),
            pause: "5".into(),
            le: String::new(),
        }
    }
}

/// GET /sessions/{session}/planning
pub async fn montrer(a: AccesSession) -> Reponse {
    page(
        &a,
        StatusCode::OK,
        Saisie::default(),
        None,
        ErreursFormulaire::default(),
        None,
    )
}

/// POST /sessions/{session}/planning/proposition
pub async fn proposer(a: AccesSession, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    let besoin = match besoin(&a.session, &f) {
        Ok(b) => b,
        Err(erreurs) => return page(&a, StatusCode::UNPROCESSABLE_ENTITY, f, None, erreurs, None),
    };
    let proposition = calculer(&besoin);
    let reste = proposition.reste.as_ref().map(|r| r.phrase.clone());
    if proposition.placements.is_empty() {
        return page(
            &a,
            StatusCode::UNPROCESSABLE_ENTITY,
            f,
            None,
            ErreursFormulaire::default(),
            reste.or(Some("Il n’y a rien à placer.".into())),
        );
    }
    let passages = traduire(&a.session, &proposition.placements).ok_or(Erreur::Introuvable)?;
    match a
        .executer(
            &f.communs,
            Action::Planning(planning::Action::Etablir { passages }),
        )
        .await?
    {
        Ok(_) if reste.is_none() => Ok(rediriger_fait(
            &format!("{}/planning", a.base()),
            "La proposition est enregistrée. Relisez-la, corrigez-la, puis validez le planning.",
        )),
        Ok(_) => {
            let a = a.relire().await?;
            page(
                &a,
                StatusCode::OK,
                f,
                None,
                ErreursFormulaire::default(),
                reste,
            )
        }
        Err(r) => page(
            &a,
            StatusCode::UNPROCESSABLE_ENTITY,
            f,
            Some(&r),
            ErreursFormulaire::default(),
            None,
        ),
    }
}

/// POST /sessions/{session}/planning/validation
pub async fn valider(a: AccesSession, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    repondre(&a, f, planning::Action::Valider, "Le planning est validé.").await
}

/// POST /sessions/{session}/planning/affichage
pub async fn afficher(a: AccesSession, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    match temps::lire_date(&f.le) {
        Some(le) => {
            repondre(
                &a,
                f,
                planning::Action::Afficher { le },
                "C’est enregistré.",
            )
            .await
        }
        None => {
            let mut e = ErreursFormulaire::default();
            e.ajouter(
                "le",
                "Cette date n’existe pas au calendrier. Choisissez le jour de l’affichage.",
            );
            page(&a, StatusCode::UNPROCESSABLE_ENTITY, f, None, e, None)
        }
    }
}

async fn repondre(a: &AccesSession, f: Saisie, action: planning::Action, fait: &str) -> Reponse {
    match a.executer(&f.communs, Action::Planning(action)).await? {
        Ok(_) => Ok(rediriger_fait(&format!("{}/planning", a.base()), fait)),
        Err(r) => page(
            a,
            StatusCode::UNPROCESSABLE_ENTITY,
            f,
            Some(&r),
            ErreursFormulaire::default(),
            None,
        ),
    }
}

/// Traduit la session en besoin : le moteur ne sait rien d'elle.
fn besoin(s: &Session, f: &Saisie) -> Result<Besoin, ErreursFormulaire> {
    let mut e = ErreursFormulaire::default();
    let mut heure = |champ: &str, v: &str| {
        temps::lire_heure(v).map(temps::minutes).unwrap_or_else(|| {
            e.ajouter(champ, "Écrivez une heure, par exemple 8:30.");
            0
        })
    };
    let (ouverture, fermeture) = (
        heure("ouverture", &f.ouverture),
        heure("fermeture", &f.fermeture),
    );
    let dejeuner = (
        heure("dejeuner_debut", &f.dejeuner_debut),
        heure("dejeuner_fin", &f.dejeuner_fin),
    );
    let pause: u32 = f
        .pause
        .trim()
        .parse()
        .ok()
        .filter(|p| *p <= 120)
        .unwrap_or_else(|| {
            e.ajouter("pause", "Écrivez un nombre de minutes, de 0 à 120.");
            0
        });
    if e.est_vide() && fermeture <= ouverture {
        e.ajouter(
            "fermeture",
            "La fermeture vient après l’ouverture. Vérifiez les deux heures.",
        );
    }
    if e.est_vide()
        && !(ouverture <= dejeuner.0 && dejeuner.0 <= dejeuner.1 && dejeuner.1 <= fermeture)
    {
        e.ajouter(
            "dejeuner_debut",
            "Le déjeuner se place entre l’ouverture et la fermeture. Vérifiez les heures.",
        );
    }
    let Some(p) = s.programme.as_ref().filter(|_| e.est_vide()) else {
        return Err(e);
    };
    Ok(Besoin {
        jours: p.jours().len(),
        ouverture,
        fermeture,
        dejeuner,
        pause,
        candidats: s.inscrits().count(),
        epreuves: p
            .epreuves()
            .iter()
            .map(|e| Epreuve {
                minutes: e.duree_minutes.unwrap_or(DUREE_INCONNUE),
                jury: e.presence_jury.demande_jury(),
                surveillant: e.presence_jury.demande_surveillant(),
                finale: e.modalite == Modalite::Ef,
            })
            .collect(),
        salles: p
            .site
            .salles
            .iter()
            .map(|x| Salle {
                places: x.capacite,
                entretien: x.nature == NatureSalle::Entretien,
                commune: x.nature != NatureSalle::Entretien,
            })
            .collect(),
        jurys: (titulaires(s).len() / JURES_PAR_JURY).max(1),
        surveillants: s.equipe.a(Poste::Surveillant).count(),
    })
}

fn titulaires(s: &Session) -> Vec<JureId> {
    s.jury
        .iter()
        .filter(|m| m.membre.place == Place::Titulaire)
        .map(|m| m.membre.jure.clone())
        .collect()
}

/// La proposition simple de cette session, si tout tient.
pub fn proposition_simple(s: &Session, f: &Saisie) -> Option<Vec<Passage>> {
    let p = calculer(&besoin(s, f).ok()?);
    if p.reste.is_some() {
        return None;
    }
    traduire(s, &p.placements)
}

/// Traduit la proposition en passages de la session.
fn traduire(s: &Session, placements: &[Placement]) -> Option<Vec<Passage>> {
    let p = s.programme.as_ref()?;
    let (jours, epreuves, candidats, jures) = (
        p.jours(),
        p.epreuves(),
        s.inscrits().collect::<Vec<_>>(),
        titulaires(s),
    );
    let surveillants: Vec<_> = s.equipe.a(Poste::Surveillant).collect();
    placements
        .iter()
        .map(|x| {
            Some(Passage {
                candidat: candidats.get(x.candidat)?.id.clone(),
                epreuve: epreuves.get(x.epreuve)?.code.clone(),
                lieu: p.site.salles.get(x.salle)?.nom.clone(),
                date: *jours.get(x.jour)?,
                debut: temps::depuis_minutes(x.debut)?,
                fin: temps::depuis_minutes(x.fin)?,
                jury: x
                    .jury
                    .map(|j| {
                        jures
                            .iter()
                            .skip(j * JURES_PAR_JURY)
                            .take(JURES_PAR_JURY)
                            .cloned()
                            .collect()
                    })
                    .unwrap_or_default(),
                surveillant: x
                    .surveillant
                    .and_then(|v| surveillants.get(v))
                    .map(|i| i.id.clone()),
            })
        })
        .collect()
}

/// Les passages d'une même séance (épreuve, heures, lieu) ensemble, dans l'ordre du temps.
fn seances<'p>(passages: impl Iterator<Item = &'p Passage>) -> Vec<Vec<&'p Passage>> {
    let mut s: Vec<Vec<&Passage>> = vec![];
    for x in passages {
        match s.iter_mut().find(|g| {
            (&g[0].epreuve, g[0].debut, g[0].fin, &g[0].lieu)
                == (&x.epreuve, x.debut, x.fin, &x.lieu)
        }) {
            Some(g) => g.push(x),
            None => s.push(vec![x]),
        }
    }
    s
}

fn page(
    a: &AccesSession,
    statut: StatusCode,
    saisie: Saisie,
    refus: Option<&Refus>,
    mut erreurs: ErreursFormulaire,
    reste: Option<String>,
) -> Reponse {
    if let Some(r) = refus {
        erreurs = ErreursFormulaire::du_refus(r);
    }
    let (s, base) = (&a.session, a.base());
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let constats: Vec<_> = reglement::examiner(s, a.jour())
        .into_iter()
        .filter(|c| c.page.as_deref() == Some("planning") && !c.manque)
        .collect();
    // L'objet d'un conflit nomme ses passages : « …|épreuve|candidat|… ».
    let en_conflit: HashSet<&str> = constats
        .iter()
        .filter(|c| matches!(c.code.as_str(), "R71" | "R73" | "R70b"))
        .flat_map(|c| c.objet.split('|'))
        .collect();
    let epreuves = p.epreuves();
    let attendus = epreuves.len() * s.inscrits().count();
    let nom = |id: &metier::CandidatId| {
        s.candidat(id)
            .map(|c| c.fiche.nom_complet())
            .unwrap_or_default()
    };
    let nature = |code: &str| {
        p.epreuve(code)
            .map_or(code.to_owned(), |e| e.nature.clone())
    };
    let lien = |c: &metier::CandidatId, e: &str| format!("{base}/planning/{c}/{e}");
    let devant = |x: &Passage| {
        let mut v: Vec<String> = x
            .jury
            .iter()
            .filter_map(|j| s.jure(j))
            .map(|m| m.nom.clone())
            .collect();
        v.extend(
            x.surveillant
                .as_ref()
                .and_then(|i| s.equipe.personne(i))
                .map(|i| format!("{} (surveillance)", i.nom)),
        );
        if v.is_empty() {
            "à pourvoir".into()
        } else {
            v.join(", ")
        }
    };
    let jours = p
        .jours()
        .into_iter()
        .map(|d| Jour {
            libelle: temps::date_longue(d),
            passages: seances(s.planning.passages.iter().filter(|x| x.date == d))
                .into_iter()
                .map(|seance| {
                    let x = seance[0];
                    PassageMontre {
                        heure: format!("{} – {}", temps::heure(x.debut), temps::heure(x.fin)),
                        nature: nature(&x.epreuve),
                        lieu: x.lieu.clone(),
                        devant: devant(x),
                        conflit: seance.iter().any(|x| {
                            en_conflit.contains(x.candidat.as_str())
                                && (en_conflit.contains(x.epreuve.as_str())
                                    || constats
                                        .iter()
                                        .any(|c| c.code == "R73" && c.objet == x.candidat.as_str()))
                        }),
                        candidats: seance
                            .iter()
                            .map(|x| (nom(&x.candidat), lien(&x.candidat, &x.epreuve)))
                            .collect(),
                    }
                })
                .collect::<Vec<_>>(),
        })
        .filter(|j| !j.passages.is_empty())
        .collect::<Vec<_>>();
    let mut a_placer: Vec<_> = s
        .inscrits()
        .flat_map(|c| {
            epreuves
                .iter()
                .filter(|e| s.planning.passage(&c.id, &e.code).is_none())
                .map(|e| APlacer {
                    candidat: c.fiche.nom_complet(),
                    nature: e.nature.clone(),
                    lien: lien(&c.id, &e.code),
                })
                .collect::<Vec<_>>()
        })
        .collect();
    let a_placer_de_plus = a_placer.len().saturating_sub(A_PLACER_MAX);
    if jours.is_empty() {
        a_placer.clear();
    } else {
        a_placer.truncate(A_PLACER_MAX);
    }
    let acte = || nouvel_identifiant::<Acte>().to_string();
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Planning – {}", super::titre(s)),
                base.clone(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "planning"),
            constats: refus
                .map(|r| ConstatMontre::du_refus(r, ""))
                .unwrap_or_default(),
            reste,
            resume: match (s.planning.valide.is_some(), s.planning.passages.len()) {
                (true, n) => format!("Planning validé : {n} passages."),
                (false, n) => {
                    format!("{n} passages placés sur {attendus}. Le planning n’est pas validé.")
                }
            },
            conflits: constats
                .iter()
                .map(|c| ConstatMontre::new(c, &base))
                .collect(),
            valide: s.planning.valide.is_some(),
            modifiable: super::modifiable(a, Nature::Organiser),
            empeche: if s.inscrits().count() == 0 {
                "Inscrivez d’abord les candidats.".into()
            } else if epreuves.is_empty() {
                "Le référentiel n’a pas encore d’épreuve : complétez-le, puis adoptez-le à la page Programme.".into()
            } else if p.site.salles.is_empty() {
                "Le site n’a pas de salle : ajoutez-en à la page Sites, puis reprenez le site à la page Programme.".into()
            } else {
                String::new()
            },
            remplace: !jours.is_empty(),
            motif_valider: refus.is_some_and(Refus::demande_motif),
            motif: saisie.communs.motif.clone(),
            a_placer_de_plus: if jours.is_empty() {
                0
            } else {
                a_placer_de_plus
            },
            jours,
            a_placer,
            erreurs,
            saisie,
            acte: acte(),
            acte_validation: acte(),
            acte_affichage: acte(),
            aujourdhui: a.jour().to_string(),
        },
    ))
}
