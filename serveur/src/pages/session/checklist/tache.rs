//! La page d'une tâche : ce qu'il faut faire, où elle en est, à qui elle est confiée, ce qui la prouve, son histoire.

use super::code_du_chemin;
use super::montre::{Regard, TacheMontree};
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::pages::session::tete::TeteSession;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::taches::{self, Evenement};
use metier::{Acte, Action, Constat, Evenement as EvenementSession, Nature, Refus, Role, temps};
use serde::Deserialize;
use std::collections::HashMap;

/// Lignes de journal relues pour l'histoire d'une tâche.
const LIGNES_MAX: u64 = 5_000;

#[derive(Template)]
#[template(path = "session/tache.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    t: TacheMontree,
    limite: String,
    source: String,
    pieces: Vec<(String, String, String)>,
    histoire: Vec<(String, String)>,
    delegation: Option<DelegationMontree>,
    personnes: Vec<(String, String)>,
    faiseurs: Vec<(String, String)>,
    saisie: Saisie,
    modifiable: bool,
    vise: bool,
    faite: bool,
    otable: bool,
    erreurs: ErreursFormulaire,
    refus: Vec<ConstatMontre>,
}

impl Page {
    fn acte(&self) -> String {
        nouvel_identifiant::<Acte>().to_string()
    }
}

struct DelegationMontree {
    nom: String,
    pour: String,
    consigne: String,
    le: String,
}

/// Ce que disent les formulaires de délégation et de visa.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    geste: String,
    a: String,
    pour: String,
    consigne: String,
    observation: String,
}

impl Saisie {
    /// Une observation, et ce que tout formulaire porte.
    pub fn de(observation: &str, communs: &ChampsCommuns) -> Self {
        Self {
            communs: communs.clone(),
            observation: observation.to_owned(),
            ..Self::default()
        }
    }
}

/// L'adresse de la page d'une tâche.
pub fn adresse(a: &AccesSession, code: &str) -> String {
    format!("{}/taches/{code}", a.base())
}

/// GET /sessions/{session}/taches/{code}
pub async fn montrer(a: AccesSession, Path(chemin): Path<HashMap<String, String>>) -> Reponse {
    let saisie = Saisie::default();
    page(&a, &code_du_chemin(&chemin), StatusCode::OK, None, saisie).await
}

/// La page, avec ce qui l'a fait refuser et ce qui était saisi : rien n'est à retaper.
pub async fn refuser(a: &AccesSession, code: &str, refus: &Refus, saisie: Saisie) -> Reponse {
    let statut = StatusCode::UNPROCESSABLE_ENTITY;
    page(a, code, statut, Some(refus), saisie).await
}

/// POST /sessions/{session}/taches/{code}/delegation : confier, reprendre.
pub async fn confier(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Formulaire(f): Formulaire<Saisie>,
) -> Reponse {
    let code = code_du_chemin(&chemin);
    let (action, dit) = if f.geste == "reprendre" {
        (
            taches::Action::Reprendre { code: code.clone() },
            "La tâche est reprise.".to_owned(),
        )
    } else {
        match lire_delegation(&a, &code, &f).await? {
            Ok((action, nom)) => (action, format!("La tâche est confiée à {nom}.")),
            Err(refus) => {
                return refuser(&a, &code, &refus, f).await;
            }
        }
    };
    conclure(&a, &code, f, action, &dit).await
}

async fn lire_delegation(
    a: &AccesSession,
    code: &str,
    f: &Saisie,
) -> Result<Result<(taches::Action, String), Refus>, Erreur> {
    let personnes = stockage::comptes::personnes(&a.acces.etat.base, &a.acces.centre).await?;
    let Some(p) = personnes
        .into_iter()
        .find(|p| p.actif && p.id.as_str() == f.a)
    else {
        return Ok(Err(Constat::saisie(
            "a",
            "Aucune personne n’est choisie.",
            "Choisissez-en une de l’équipe du centre.",
        )
        .into()));
    };
    let pour = match f.pour.trim() {
        "" => None,
        texte => match temps::lire_date(texte) {
            Some(d) => Some(d),
            None => {
                return Ok(Err(Constat::saisie(
                    "pour",
                    "Cette date n’existe pas au calendrier.",
                    "Écrivez-la sous la forme 15/12/2026, ou laissez vide.",
                )
                .into()));
            }
        },
    };
    let nom = p.nom_complet();
    let action = taches::Action::Confier {
        code: code.to_owned(),
        a: p.id.clone(),
        nom: nom.clone(),
        pour,
        consigne: f.consigne.clone(),
    };
    Ok(Ok((action, nom)))
}

/// POST /sessions/{session}/taches/{code}/visa : contrôler, renvoyer.
pub async fn viser(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Formulaire(mut f): Formulaire<Saisie>,
) -> Reponse {
    let code = code_du_chemin(&chemin);
    let (action, dit) = lire_visa(&code, &f.geste, &f.observation, &mut f.communs)?;
    conclure(&a, &code, f, action, dit).await
}

/// Ce que demande un formulaire de visa. Ce qui manque se dit dans le champ de l'observation.
pub fn lire_visa(
    code: &str,
    geste: &str,
    observation: &str,
    communs: &mut ChampsCommuns,
) -> Result<(taches::Action, &'static str), Erreur> {
    let code = code.to_owned();
    match geste {
        "renvoyer" => {
            communs.motif = observation.to_owned();
            Ok((
                taches::Action::Renvoyer { code },
                "La tâche est renvoyée à qui elle est confiée.",
            ))
        }
        "viser" | "" => Ok((
            taches::Action::Viser {
                code,
                observation: observation.to_owned(),
            },
            "Le contrôle est noté.",
        )),
        _ => Err(crate::formulaires::formulaire_abime()),
    }
}

async fn conclure(
    a: &AccesSession,
    code: &str,
    f: Saisie,
    action: taches::Action,
    dit: &str,
) -> Reponse {
    match a.executer(&f.communs, Action::Tache(action)).await? {
        Ok(_) => Ok(rediriger_fait(&adresse(a, code), dit)),
        Err(r) => refuser(a, code, &r, f).await,
    }
}

async fn page(
    a: &AccesSession,
    code: &str,
    statut: StatusCode,
    refus: Option<&Refus>,
    saisie: Saisie,
) -> Reponse {
    let (s, jour, base) = (&*a.session, a.jour(), a.base());
    let v = taches::vue(s, code, jour).ok_or(Erreur::Introuvable)?;
    let noms = super::super::noms(a).await?;
    let regard = Regard {
        jour,
        base: &base,
        noms: &noms,
        session: s,
    };
    let mut t = regard.tache(&v);
    t.saisie_observation = saisie.observation.clone();
    t.saisie_motif = saisie.communs.motif.clone();
    let mut erreurs = refus.map(ErreursFormulaire::du_refus).unwrap_or_default();
    let champ = |c: &str| match c {
        "observation" | "points" => format!("observation-{code}"),
        "motif" if v.marque.is_some() => format!("motif-{code}"),
        autre => autre.to_owned(),
    };
    for e in &mut erreurs.0 {
        e.0 = champ(&e.0);
    }
    let modifiable = crate::pages::session::modifiable(a, Nature::Organiser);
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("{} – {}", v.tache.code, crate::pages::session::titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::avec(&a.id, s, &a.analyse().taches, ""),
            limite: v.limite.map(temps::date_longue).unwrap_or_default(),
            source: v
                .tache
                .regle
                .as_deref()
                .and_then(metier::reglement::regle)
                .map(|r| format!("{} {}", r.intitule, r.source))
                .unwrap_or_default(),
            pieces: v
                .pieces
                .iter()
                .map(|p| (p.piece.to_string(), p.nom.clone(), p.empreinte.clone()))
                .collect(),
            histoire: histoire(a, &v.tache.code).await?,
            delegation: v.delegation.as_ref().map(|d| DelegationMontree {
                nom: d.nom.clone(),
                pour: d.pour.map(temps::date_longue).unwrap_or_default(),
                consigne: d.consigne.clone(),
                le: temps::instant_court(&d.le),
            }),
            personnes: choisies(a).await?,
            faiseurs: crate::pages::session::personnes_choisies(a).await?,
            vise: modifiable
                && matches!(a.role, Role::Responsable | Role::Suppleant)
                && v.delegation
                    .as_ref()
                    .is_some_and(|d| d.a != a.acces.personne),
            faite: v.etat == taches::Etat::Faite,
            otable: modifiable && s.taches.propres.iter().any(|h| h.code == code),
            t,
            saisie,
            modifiable,
            erreurs,
            refus: refus
                .map(|r| {
                    // Une faute de champ se dit dans le bilan : le reste ici.
                    let autres = Refus {
                        constats: r
                            .constats
                            .iter()
                            .filter(|c| c.champ.is_none())
                            .cloned()
                            .collect(),
                    };
                    ConstatMontre::du_refus(&autres, &a.base())
                })
                .unwrap_or_default(),
        },
    ))
}

/// Les personnes du centre à qui confier une tâche, soi compris.
async fn choisies(a: &AccesSession) -> Result<Vec<(String, String)>, Erreur> {
    Ok(
        stockage::comptes::personnes(&a.acces.etat.base, &a.acces.centre)
            .await?
            .into_iter()
            .filter(|p| p.actif)
            .map(|p| {
                let nom = if p.id == a.acces.personne {
                    format!("{} (moi)", p.nom_complet())
                } else {
                    p.nom_complet()
                };
                (p.id.to_string(), nom)
            })
            .collect(),
    )
}

/// Ce que le journal raconte de cette tâche et de ses points, la plus récente écriture en tête.
async fn histoire(a: &AccesSession, code: &str) -> Result<Vec<(String, String)>, Erreur> {
    let depuis = a.tete.rang.saturating_sub(LIGNES_MAX) + 1;
    let lignes = stockage::journal(
        &a.acces.etat.base,
        &a.acces.centre,
        &a.id,
        depuis,
        LIGNES_MAX,
    )
    .await?;
    let point = format!("{code}.");
    Ok(lignes
        .into_iter()
        .rev()
        .filter_map(|l| match l.evenement {
            Some(EvenementSession::Tache(e)) if porte_sur(&e, code, &point) => {
                Some((temps::instant_court(&l.le), e.phrase()))
            }
            _ => None,
        })
        .collect())
}

fn porte_sur(e: &Evenement, code: &str, point: &str) -> bool {
    let dit = match e {
        Evenement::Realisee { code, .. }
        | Evenement::Rouverte { code, .. }
        | Evenement::SansObjet { code, .. }
        | Evenement::Confiee { code, .. }
        | Evenement::Reprise { code, .. }
        | Evenement::Visee { code, .. }
        | Evenement::Renvoyee { code, .. }
        | Evenement::Jointe { code, .. }
        | Evenement::Otee { code, .. } => code,
        Evenement::Ajoutee(h) => &h.code,
    };
    dit == code || dit.starts_with(point)
}
