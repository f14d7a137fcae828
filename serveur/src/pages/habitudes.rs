//! Les habitudes du centre : ses tâches en plus du règlement, ses dates plus prudentes. Une session les fige en naissant.

use super::controle::Controle;
use crate::acces::Acces;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::reponses::{get, post};
use crate::routes::{DroitCentre, Nature, Route};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::Acte;
use metier::echeances::Repere;
use metier::libelles::au_fil;
use metier::taches::habitudes::{self as du_metier, HABITUDES_MAX};
use metier::taches::{Condition, Habitude, Phase, modele};
use serde::Deserialize;
use stockage::habitudes;

const ORGANISER: Nature = Nature::Centre(DroitCentre::Organiser);

/// Les routes des habitudes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/habitudes", Nature::Connectee, get(montrer)),
        Route::ecrire("/habitudes", ORGANISER, post(prendre_date)),
        Route::ecrire("/habitudes/taches", ORGANISER, post(prendre_tache)),
        Route::ecrire("/habitudes/{code}/retrait", ORGANISER, post(oter)),
    ]
}

#[derive(Template)]
#[template(path = "habitudes/liste.html")]
struct Page {
    cadre: Cadre,
    erreurs: ErreursFormulaire,
    dates: Vec<(String, String, String)>,
    taches: Vec<(String, String, String)>,
    proposees: Vec<Proposition>,
    organise: bool,
    date: SaisieDate,
    tache: SaisieTache,
    sur: Vec<(String, String)>,
    phases: Vec<(&'static str, &'static str)>,
    reperes: Vec<(&'static str, &'static str)>,
    conditions: Vec<(&'static str, &'static str)>,
}

impl Page {
    fn acte(&self) -> String {
        nouvel_identifiant::<Acte>().to_string()
    }
}

struct Proposition {
    sur: &'static str,
    jours: u32,
    intitule: String,
    pourquoi: &'static str,
    prise: bool,
}

/// Une date du centre sur une tâche du règlement.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SaisieDate {
    #[serde(flatten)]
    communs: ChampsCommuns,
    sur: String,
    avant: String,
}

/// Une tâche du centre, ou propre à une session.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SaisieTache {
    #[serde(flatten)]
    communs: ChampsCommuns,
    /// Phase.
    pub phase: String,
    /// Intitulé.
    pub intitule: String,
    /// Ce qu'il faut faire.
    pub faire: String,
    /// Avant ou après.
    pub repere: String,
    /// Combien de jours.
    pub jours: String,
    /// À quelles sessions.
    pub condition: String,
}

impl SaisieTache {
    /// Les champs communs.
    pub fn communs(&self) -> &ChampsCommuns {
        &self.communs
    }

    /// L'habitude saisie, ou les fautes par champ.
    pub fn lire(&self) -> Result<Habitude, ErreursFormulaire> {
        let mut c = Controle::default();
        let phase = Phase::depuis_code(&self.phase);
        if phase.is_none() {
            c.faute("phase", "Choisissez un moment de la liste.");
        }
        let repere = Repere::depuis_code(&self.repere);
        if repere.is_none() {
            c.faute("repere", "Choisissez d’où l’on compte les jours.");
        }
        let jours = lire_jours(&self.jours, "jours", &mut c);
        let condition = match self.condition.as_str() {
            "" => Some(Condition::Toujours),
            code => Condition::depuis_code(code),
        };
        if condition.is_none() {
            c.faute("condition", "Choisissez une condition de la liste.");
        }
        let h = Habitude {
            code: String::new(),
            sur: None,
            phase: phase.unwrap_or(Phase::Amont),
            intitule: self.intitule.trim().to_owned(),
            faire: self.faire.trim().to_owned(),
            repere: repere.unwrap_or(Repere::AvantDebut),
            jours,
            condition: condition.unwrap_or_default(),
        };
        for (champ, phrase) in du_metier::verifier(&h) {
            c.faute(champ, phrase);
        }
        if c.est_bon() { Ok(h) } else { Err(c.0) }
    }
}

fn lire_jours(texte: &str, champ: &str, c: &mut Controle) -> u32 {
    texte.trim().parse().unwrap_or_else(|_| {
        c.faute(champ, "Écrivez un nombre entier de jours, par exemple 40.");
        0
    })
}

/// Les moments, pour une liste.
pub fn phases() -> Vec<(&'static str, &'static str)> {
    Phase::TOUTES
        .into_iter()
        .map(|p| (p.code(), p.libelle()))
        .collect()
}

/// D'où l'on compte, pour une liste.
pub fn reperes() -> Vec<(&'static str, &'static str)> {
    Repere::TOUS
        .into_iter()
        .map(|r| (r.code(), r.libelle()))
        .collect()
}

/// GET /habitudes
pub async fn montrer(a: Acces) -> Reponse {
    page(
        &a,
        StatusCode::OK,
        SaisieDate::default(),
        SaisieTache::default(),
        ErreursFormulaire::default(),
    )
    .await
}

/// POST /habitudes : une date plus tôt sur une tâche du règlement.
pub async fn prendre_date(a: Acces, Formulaire(f): Formulaire<SaisieDate>) -> Reponse {
    let mut c = Controle::default();
    let jours = lire_jours(&f.avant, "avant", &mut c);
    let tache = du_metier::datable(&f.sur);
    let h = Habitude {
        code: String::new(),
        sur: Some(f.sur.clone()),
        phase: tache.map_or(Phase::Amont, |t| t.phase),
        intitule: tache.map(|t| t.intitule.clone()).unwrap_or_default(),
        faire: String::new(),
        repere: Repere::AvantDebut,
        jours,
        condition: Condition::Toujours,
    };
    for (champ, phrase) in du_metier::verifier(&h) {
        c.faute(if champ == "jours" { "avant" } else { champ }, phrase);
    }
    let connues = habitudes::habitudes(&a.etat.base, &a.centre).await?;
    if connues.iter().any(|x| x.sur == h.sur) {
        c.faute(
            "sur",
            "Le centre a déjà une date pour cette tâche. Ôtez-la d’abord.",
        );
    }
    prendre(&a, h, connues.len(), c, f, SaisieTache::default()).await
}

/// POST /habitudes/taches : une tâche du centre.
pub async fn prendre_tache(a: Acces, Formulaire(f): Formulaire<SaisieTache>) -> Reponse {
    let connues = habitudes::habitudes(&a.etat.base, &a.centre).await?;
    match f.lire() {
        Ok(h) => {
            let c = Controle::default();
            prendre(&a, h, connues.len(), c, SaisieDate::default(), f).await
        }
        Err(e) => {
            let statut = StatusCode::UNPROCESSABLE_ENTITY;
            page(&a, statut, SaisieDate::default(), f, e).await
        }
    }
}

async fn prendre(
    a: &Acces,
    h: Habitude,
    connues: usize,
    mut c: Controle,
    date: SaisieDate,
    tache: SaisieTache,
) -> Reponse {
    let communs = if h.sur.is_some() {
        &date.communs
    } else {
        &tache.communs
    };
    let auteur = a.auteur(communs);
    if connues >= HABITUDES_MAX {
        c.faute(
            "",
            format!("Le centre a déjà {HABITUDES_MAX} habitudes. Ôtez celles qui ne servent plus."),
        );
    }
    if communs.motif.chars().count() > metier::MOTIF_MAX {
        c.faute("", "Le motif est trop long. Résumez-le.");
    }
    if !c.est_bon() {
        return page(a, StatusCode::UNPROCESSABLE_ENTITY, date, tache, c.0).await;
    }
    habitudes::prendre(&a.etat.base, &a.centre, &h, &auteur).await?;
    Ok(rediriger_fait(
        "/habitudes",
        "C’est pris. Les sessions créées à partir d’aujourd’hui l’auront ; celles qui existent peuvent l’adopter à leur page Conformité.",
    ))
}

/// POST /habitudes/{code}/retrait
pub async fn oter(
    a: Acces,
    Path(code): Path<String>,
    Formulaire(communs): Formulaire<ChampsCommuns>,
) -> Reponse {
    let auteur = a.auteur(&communs);
    if !habitudes::oter(&a.etat.base, &a.centre, &code, &auteur).await? {
        return Err(Erreur::Introuvable);
    }
    Ok(rediriger_fait(
        "/habitudes",
        "C’est ôté. Les sessions déjà créées la gardent.",
    ))
}

async fn page(
    a: &Acces,
    statut: StatusCode,
    date: SaisieDate,
    tache: SaisieTache,
    erreurs: ErreursFormulaire,
) -> Reponse {
    let connues = habitudes::habitudes(&a.etat.base, &a.centre).await?;
    let dire = |h: &Habitude| {
        let mut quand = format!("{}\u{a0}{}", h.jours, h.repere.libelle());
        if h.condition != Condition::Toujours {
            quand.push_str(&format!(" · {}", au_fil(h.condition.libelle())));
        }
        (h.code.clone(), h.intitule.clone(), quand)
    };
    let (dates, taches): (Vec<_>, Vec<_>) = connues.iter().partition(|h| h.sur.is_some());
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte("Habitudes du centre", "/centre/habitudes", a),
            erreurs,
            dates: dates.into_iter().map(dire).collect(),
            taches: taches.into_iter().map(dire).collect(),
            proposees: du_metier::proposees()
                .iter()
                .map(|p| Proposition {
                    sur: &p.sur,
                    jours: p.jours,
                    intitule: du_metier::datable(&p.sur)
                        .map(|t| t.intitule.clone())
                        .unwrap_or_default(),
                    pourquoi: &p.pourquoi,
                    prise: connues.iter().any(|h| h.sur.as_deref() == Some(&p.sur)),
                })
                .collect(),
            organise: a.peut_organiser(),
            date,
            tache,
            sur: modele("")
                .iter()
                .filter(|t| t.phase == Phase::Amont)
                .map(|t| (t.code.clone(), t.intitule.clone()))
                .collect(),
            phases: phases(),
            reperes: reperes(),
            conditions: Condition::AU_CHOIX
                .into_iter()
                .map(|c| (c.code(), c.libelle()))
                .collect(),
        },
    ))
}
