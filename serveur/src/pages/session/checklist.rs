//! La page d'une session : frise, check-list, conformité, dernières écritures.

use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::analyses::Analyse;
use crate::cadre::{Cadre, rediriger_fait};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, Formulaire};
use crate::reponses::{get, post};
use crate::routes::{Nature as Acces, Route};
use askama::Template;
use axum::extract::{DefaultBodyLimit, Path};
use axum::response::{Html, IntoResponse};
use metier::equipe::Intervenant;
use metier::taches;
use metier::{Action, Nature, temps};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

pub mod document;
mod liste;
pub mod montre;
pub mod propre;
pub mod tache;

/// Jours pendant lesquels la page redit ce qu'un déplacement de la session a changé.
const DEPLACEMENT_REDIT_JOURS: i64 = 30;

/// Les routes de la check-list.
pub fn routes() -> Vec<Route> {
    let lire = Acces::Session(Nature::Lire);
    let organiser = Acces::Session(Nature::Organiser);
    vec![
        Route::lire("/sessions/{session}", lire, get(montrer)),
        Route::ecrire("/sessions/{session}/taches", organiser, post(noter)),
        Route::lire(
            "/sessions/{session}/taches/{code}",
            lire,
            get(tache::montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/taches/{code}/realisation",
            organiser,
            post(realiser),
        ),
        Route::ecrire(
            "/sessions/{session}/taches/{code}/delegation",
            organiser,
            post(tache::confier),
        ),
        Route::ecrire(
            "/sessions/{session}/taches/{code}/visa",
            organiser,
            post(tache::viser),
        ),
        Route::ecrire(
            "/sessions/{session}/taches/{code}/document",
            organiser,
            post(document::joindre).layer(DefaultBodyLimit::max(super::televersement::ENVOI_MAX)),
        ),
        Route::lire(
            "/sessions/{session}/taches/{code}/document/{piece}",
            lire,
            get(document::servir),
        ),
        Route::lire("/sessions/{session}/tache", organiser, get(propre::montrer)),
        Route::ecrire(
            "/sessions/{session}/tache",
            organiser,
            post(propre::ajouter),
        ),
        Route::ecrire(
            "/sessions/{session}/taches/{code}/retrait",
            organiser,
            post(propre::oter),
        ),
    ]
}

#[derive(Template)]
#[template(path = "session/checklist.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    frise: String,
    liste: String,
    constats: String,
    entete: Vec<(&'static str, String)>,
    deplacees: Vec<(String, String, String, String, bool)>,
    deplacee_le: String,
    a_controler: usize,
    modifiable: bool,
    editable: bool,
    acte: String,
    ecritures: Vec<EcritureMontree>,
    empreinte: String,
}

impl Page {
    /// Les papiers de la check-list : (code, bouton).
    fn papiers(&self) -> [(&'static str, &'static str); 3] {
        [
            ("check-list", "Check-list remplie"),
            ("check-list-vierge", "Check-list vierge"),
            ("kit-papier", "Kit papier du jour"),
        ]
    }
    fn acte_de(&self, code: &str) -> String {
        format!("{}-{code}", self.acte)
    }
}

struct EcritureMontree {
    le: String,
    quand: String,
    phrase: String,
}

/// Le formulaire d'une tâche.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct FormulaireTache {
    #[serde(flatten)]
    communs: ChampsCommuns,
    observation: String,
    geste: String,
    points: Vec<String>,
}

impl FormulaireTache {
    /// Ce que le formulaire demande. La raison d'un « sans objet » s'écrit dans le champ de l'observation.
    pub fn action(&mut self, code: &str) -> Result<taches::Action, Erreur> {
        let code = code.to_owned();
        let observation = self.observation.clone();
        Ok(match self.geste.as_str() {
            "rouvrir" => taches::Action::Rouvrir { code },
            "sans-objet" => {
                self.communs.motif = observation;
                taches::Action::DeclarerSansObjet { code }
            }
            "cocher" => taches::Action::Cocher {
                codes: self.points.clone(),
                observation,
            },
            // Entrée dans le champ d'observation : les points cochés disent ce qui est voulu.
            "" if !self.points.is_empty() => taches::Action::Cocher {
                codes: self.points.clone(),
                observation,
            },
            "realiser" | "" => taches::Action::Realiser { code, observation },
            _ => return Err(crate::formulaires::formulaire_abime()),
        })
    }
    /// Les champs communs.
    pub fn communs(&self) -> &ChampsCommuns {
        &self.communs
    }
    /// L'observation saisie.
    pub fn observation(&self) -> &str {
        &self.observation
    }
    /// Est-ce le contrôle d'une tâche confiée ?
    pub fn est_un_visa(&self) -> bool {
        matches!(self.geste.as_str(), "viser" | "renvoyer")
    }
    /// Le geste demandé.
    pub fn geste(&self) -> &str {
        &self.geste
    }
    /// Les champs communs, à compléter.
    pub fn communs_mut(&mut self) -> &mut ChampsCommuns {
        &mut self.communs
    }
}

/// GET /sessions/{session}
pub async fn montrer(a: AccesSession) -> Reponse {
    page(&a).await
}

/// Le code de tâche du chemin.
pub(super) fn code_du_chemin(chemin: &HashMap<String, String>) -> String {
    chemin.get("code").cloned().unwrap_or_default()
}

/// POST /sessions/{session}/taches/{code}/realisation
pub async fn realiser(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Formulaire(mut f): Formulaire<FormulaireTache>,
) -> Reponse {
    let code = code_du_chemin(&chemin);
    let action = f.action(&code)?;
    match a.executer(&f.communs, Action::Tache(action)).await? {
        Ok(_) => Ok(rediriger_fait(
            &tache::adresse(&a, &code),
            "C’est enregistré.",
        )),
        Err(r) => {
            tache::refuser(
                &a,
                &code,
                &r,
                tache::Saisie::de(f.observation(), &f.communs),
            )
            .await
        }
    }
}

/// Le bouton d'une tâche de la liste : un seul formulaire les tient tous.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Noter {
    #[serde(flatten)]
    communs: ChampsCommuns,
    code: String,
}

/// POST /sessions/{session}/taches : noter une tâche comme faite, depuis la liste.
pub async fn noter(a: AccesSession, Formulaire(mut f): Formulaire<Noter>) -> Reponse {
    if taches::vue(&a.session, &f.code, a.jour()).is_none() {
        return Err(crate::formulaires::formulaire_abime());
    }
    // La page n'a qu'un acte : chaque tâche y a pourtant le sien.
    f.communs.acte = format!("{}-{}", f.communs.acte, f.code);
    let action = taches::Action::Realiser {
        code: f.code.clone(),
        observation: String::new(),
    };
    match a.executer(&f.communs, Action::Tache(action)).await? {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}#{}", a.base(), f.code),
            "C’est enregistré.",
        )),
        // Ce qui manque se complète sur la page de la tâche.
        Err(r) => tache::refuser(&a, &f.code, &r, tache::Saisie::default()).await,
    }
}

async fn page(a: &AccesSession) -> Reponse {
    let analyse = a.analyse();
    let noms = noms_cites(a, &analyse.taches).await?;
    let cadre = Cadre::connecte(super::titre(&a.session), a.base(), &a.acces);
    // Tout ce que la page montre : la session telle que sa tête la désigne, le jour, qui regarde, les noms de l'annuaire.
    let cle = (
        a.id.as_str(),
        &a.tete.empreinte,
        a.jour(),
        &cadre,
        a.role.code(),
        // L'ordre d'une table de hachage n'est pas le même deux fois.
        noms.iter().collect::<BTreeMap<_, _>>(),
    );
    let ecrire = |acte: &str| ecrire(a, cadre.clone(), &analyse, &noms, acte);
    let html = a.acces.etat.pages.rendue(&cle, ecrire)?;
    Ok(Html(html).into_response())
}

fn ecrire(
    a: &AccesSession,
    cadre: Cadre,
    analyse: &Analyse,
    noms: &HashMap<String, String>,
    acte: &str,
) -> Result<Page, Erreur> {
    let (s, jour) = (&*a.session, a.jour());
    let vues = &analyse.taches;
    let deplacee = s
        .taches
        .dates_avant
        .as_ref()
        .and_then(|(_, _, le)| temps::jour_de(le))
        .filter(|le| temps::jours_entre(*le, jour) <= DEPLACEMENT_REDIT_JOURS);
    Ok(Page {
        cadre,
        tete: TeteSession::avec(&a.id, s, vues, ""),
        frise: liste::la_frise(a, analyse)?,
        liste: liste::les_phases(a, analyse, noms)?,
        constats: liste::les_constats(a, analyse)?,
        entete: entete(a),
        deplacees: deplacee
            .map(|_| taches::deplacees(s, vues))
            .unwrap_or_default()
            .into_iter()
            .map(|d| {
                (
                    d.code,
                    d.intitule,
                    temps::date_courte(d.avant),
                    temps::date_courte(d.apres),
                    d.faite,
                )
            })
            .collect(),
        deplacee_le: deplacee.map(temps::date_longue).unwrap_or_default(),
        a_controler: vues.iter().filter(|v| v.a_controler).count(),
        modifiable: super::modifiable(a, Nature::Organiser),
        editable: super::modifiable(a, Nature::Preparer),
        acte: acte.to_owned(),
        ecritures: s
            .dernieres
            .iter()
            .take(8)
            .map(|e| EcritureMontree {
                le: e.le.clone(),
                quand: temps::instant_court(&e.le),
                phrase: e.phrase.clone(),
            })
            .collect(),
        empreinte: a.tete.courte(),
    })
}

/// Les noms des seules personnes que la liste cite : qui a noté une tâche, qui l'a visée.
async fn noms_cites(
    a: &AccesSession,
    vues: &[taches::VueTache],
) -> Result<HashMap<String, String>, Erreur> {
    let mut cites: Vec<&metier::PersonneId> = vues
        .iter()
        .flat_map(|v| {
            let marque = v.marque.as_ref().map(|m| &m.realise_par);
            marque.into_iter().chain(v.visa.as_ref().map(|x| &x.par))
        })
        .collect();
    cites.sort_unstable();
    cites.dedup();
    let mut noms = HashMap::with_capacity(cites.len());
    for id in cites {
        let personne = stockage::comptes::personne(&a.acces.etat.base, &a.acces.centre, id).await?;
        if let Some(p) = personne {
            noms.insert(id.to_string(), p.nom_complet());
        }
    }
    Ok(noms)
}

/// L'en-tête du papier : centre, site, titre, dates, responsable et suppléant avec leur fonction.
fn entete(a: &AccesSession) -> Vec<(&'static str, String)> {
    let s = &*a.session;
    let Some(p) = &s.programme else { return vec![] };
    let personne = |i: Option<&Intervenant>| {
        i.map_or("à nommer".into(), |i| {
            if i.fonction.is_empty() {
                i.nom.clone()
            } else {
                format!("{}, {}", i.nom, i.fonction)
            }
        })
    };
    vec![
        ("Centre agréé", a.acces.nom_centre.clone()),
        ("Site", p.site.nom.clone()),
        ("Titre professionnel", p.referentiel.designation()),
        ("Date de la session", temps::periode(p.debut, p.fin)),
        ("Responsable de session", personne(s.equipe.responsable())),
        ("Suppléant de session", personne(s.equipe.suppleant())),
    ]
}
