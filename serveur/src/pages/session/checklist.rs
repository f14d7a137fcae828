//! La page d'une session : frise, check-list, conformité, dernières écritures.

use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::cadre::{ConstatMontre, JalonMontre};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::routes::{Nature as Acces, Route};
use askama::Template;
use axum::extract::{DefaultBodyLimit, Path};
use axum::http::StatusCode;
use axum::routing::{get, post};
use jiff::civil::Date;
use metier::equipe::Intervenant;
use metier::taches::{self, Etat, Phase, VueTache};
use metier::{Accordee, Action, Constat, Nature, Refus, Session, reglement, temps};
use montre::{Regard, TacheMontree};
use serde::Deserialize;
use std::collections::HashMap;

pub mod document;
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
    jalons: Vec<JalonMontre>,
    phases: Vec<PhaseMontree>,
    entete: Vec<(&'static str, String)>,
    deplacees: Vec<(String, String, String, String, bool)>,
    deplacee_le: String,
    a_controler: usize,
    personnes: String,
    modifiable: bool,
    editable: bool,
    acte: String,
    manquements: Vec<ConstatGroupe>,
    manques: Vec<ConstatGroupe>,
    derogations: Vec<Accordee>,
    ecritures: Vec<EcritureMontree>,
    empreinte: String,
    erreurs: ErreursFormulaire,
    refus: Vec<ConstatMontre>,
}

/// Les personnes à choisir, en options déjà écrites : chaque tâche les répète.
#[derive(Template)]
#[template(path = "commun/personnes.html")]
struct Personnes<'n> {
    personnes: Vec<(&'n String, &'n String)>,
}

pub(super) fn choix_des_personnes(noms: &HashMap<String, String>) -> Result<String, Erreur> {
    let mut personnes: Vec<_> = noms.iter().collect();
    personnes.sort_by_key(|(_, nom)| *nom);
    let page = Personnes { personnes };
    page.render().map_err(|e| Erreur::interne(&e.to_string()))
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

struct PhaseMontree {
    libelle: &'static str,
    resume: String,
    taches: Vec<TacheMontree>,
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
    depuis: String,
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
    /// Vient-elle de la page de la tâche ?
    fn vient_de_sa_page(&self) -> bool {
        self.depuis == "tache"
    }
}

/// GET /sessions/{session}
pub async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None, None).await
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
    crate::formulaires::exiger_parmi(&f.depuis, ["", "tache"])?;
    let action = f.action(&code)?;
    match a.executer(&f.communs, Action::Tache(action)).await? {
        Ok(_) => Ok(rediriger_fait(
            &if f.vient_de_sa_page() {
                tache::adresse(&a, &code)
            } else {
                format!("{}#{code}", a.base())
            },
            "C’est enregistré.",
        )),
        Err(r) if f.vient_de_sa_page() => tache::refuser(&a, &code, &r, f.observation()).await,
        Err(r) => {
            page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some(&r),
                Some((&code, &f)),
            )
            .await
        }
    }
}

async fn page(
    a: &AccesSession,
    statut: StatusCode,
    refus: Option<&Refus>,
    saisie: Option<(&str, &FormulaireTache)>,
) -> Reponse {
    let (s, jour, base) = (&*a.session, a.jour(), a.base());
    let noms = super::noms(a).await?;
    // Un identifiant par page, complété par le code de chaque tâche : chaque formulaire a le sien.
    let acte = nouvel_identifiant::<metier::Acte>().to_string();
    let analyse = a.analyse();
    let (vues, constats) = (&analyse.taches, &analyse.constats);
    let montres = |manque: bool| grouper(constats.iter().filter(|c| c.manque == manque), &base);
    let mut erreurs = refus.map(ErreursFormulaire::du_refus).unwrap_or_default();
    // Les champs de tâche portent leur code : le bilan mène au bon.
    if let Some((code, f)) = saisie {
        for e in &mut erreurs.0 {
            e.0 = format!(
                "{}-{code}",
                if f.geste == "rouvrir" {
                    "motif"
                } else {
                    "observation"
                }
            );
        }
    }
    let regard = Regard {
        jour,
        base: &base,
        noms: &noms,
        session: s,
        acte: &acte,
    };
    let deplacee = s
        .taches
        .dates_avant
        .as_ref()
        .and_then(|(_, _, le)| temps::jour_de(le))
        .filter(|le| temps::jours_entre(*le, jour) <= DEPLACEMENT_REDIT_JOURS);
    let modifiable = super::modifiable(a, Nature::Organiser);
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(super::titre(s), a.base(), &a.acces),
            tete: TeteSession::avec(&a.id, s, vues, ""),
            jalons: frise(s, vues, jour),
            phases: Phase::TOUTES
                .into_iter()
                .map(|p| phase(p, vues, &regard, saisie))
                .collect(),
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
            personnes: choix_des_personnes(&noms)?,
            modifiable,
            editable: super::modifiable(a, Nature::Preparer),
            acte: acte.clone(),
            manquements: montres(false),
            manques: montres(true),
            derogations: s.derogations.clone(),
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
            erreurs,
            refus: refus
                .map(|r| ConstatMontre::du_refus(r, ""))
                .unwrap_or_default(),
        },
    ))
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

/// Au-delà de tant de constats d'une même règle, un seul les compte.
const CONSTATS_DETAILLES: usize = 3;

struct ConstatGroupe {
    un: ConstatMontre,
    autres: Vec<String>,
}

/// Un constat par règle : au-delà de trois, le premier les compte et les autres se déplient.
fn grouper<'c>(constats: impl Iterator<Item = &'c Constat>, base: &str) -> Vec<ConstatGroupe> {
    let mut groupes: Vec<(String, Vec<&Constat>)> = vec![];
    for c in constats {
        match groupes.iter_mut().find(|(code, _)| *code == c.code) {
            Some((_, g)) => g.push(c),
            None => groupes.push((c.code.clone(), vec![c])),
        }
    }
    let detailler = |c: &Constat| ConstatGroupe {
        un: ConstatMontre::new(c, base),
        autres: vec![],
    };
    groupes
        .into_iter()
        .flat_map(|(_, g)| {
            if g.len() <= CONSTATS_DETAILLES {
                return g.into_iter().map(detailler).collect::<Vec<_>>();
            }
            let mut un = ConstatMontre::new(g[0], base);
            un.phrase = format!(
                "{} manquements. {}",
                g.len(),
                reglement::regle(&g[0].code).map_or("", |r| r.intitule)
            );
            vec![ConstatGroupe {
                un,
                autres: g.iter().map(|c| c.phrase.clone()).collect(),
            }]
        })
        .collect()
}

fn phase(
    p: Phase,
    vues: &[VueTache],
    regard: &Regard,
    saisie: Option<(&str, &FormulaireTache)>,
) -> PhaseMontree {
    let taches: Vec<_> = vues.iter().filter(|v| v.tache.phase == p).collect();
    let concernees = taches.iter().filter(|v| v.etat != Etat::SansObjet).count();
    let faites = taches.iter().filter(|v| v.etat == Etat::Faite).count();
    let retard = taches.iter().filter(|v| v.etat == Etat::EnRetard).count();
    let a_controler = taches.iter().filter(|v| v.a_controler).count();
    let mut resume = format!(
        "{faites} faite{} sur {concernees}",
        if faites > 1 { "s" } else { "" }
    );
    if retard > 0 {
        resume.push_str(&format!(" · {retard} en retard"));
    }
    if a_controler > 0 {
        resume.push_str(&format!(" · {a_controler} à contrôler"));
    }
    PhaseMontree {
        libelle: p.libelle(),
        resume,
        taches: taches
            .into_iter()
            .map(|v| {
                let mut t = regard.tache(v);
                if let Some((_, f)) = saisie.filter(|(code, _)| *code == v.tache.code) {
                    t.ouverte = true;
                    t.saisie_observation = f.observation.clone();
                    t.saisie_motif = f.communs.motif.clone();
                }
                t
            })
            .collect(),
    }
}

fn frise(s: &Session, vues: &[VueTache], jour: Date) -> Vec<JalonMontre> {
    let Some(p) = &s.programme else { return vec![] };
    let mut j: Vec<(Date, u8, JalonMontre)> = vues
        .iter()
        .filter_map(|v| {
            let (nom, le) = (v.tache.jalon.as_ref()?, v.limite.or(v.echeance)?);
            let session = v.tache.code == "PE-01";
            let etat = match v.etat {
                _ if session => {
                    if jour > p.fin {
                        "tenu"
                    } else if jour >= p.debut {
                        "proche"
                    } else {
                        ""
                    }
                }
                Etat::Faite => "tenu",
                Etat::EnRetard => "retard",
                Etat::Proche => "proche",
                Etat::AFaire | Etat::SansObjet => "",
            };
            let precision = match v.etat {
                _ if session => String::new(),
                Etat::Faite => "tenu".into(),
                Etat::EnRetard => "en retard".into(),
                Etat::Proche => temps::distance(jour, le),
                _ => String::new(),
            };
            let date = if session && p.debut != p.fin {
                format!("{} – {}", p.debut.day(), temps::date_courte(p.fin))
            } else {
                temps::date_courte(le)
            };
            Some((
                le,
                0,
                JalonMontre {
                    etat: etat.into(),
                    libelle: nom.clone(),
                    date,
                    precision,
                },
            ))
        })
        .collect();
    j.push((
        jour,
        1,
        JalonMontre {
            etat: "jour".into(),
            libelle: "Aujourd’hui".into(),
            date: temps::date_courte(jour),
            precision: String::new(),
        },
    ));
    j.sort_by_key(|(d, k, _)| (*d, *k));
    j.into_iter().map(|(_, _, x)| x).collect()
}
