//! La page d'une session : frise, check-list, conformité, dernières écritures.

use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::cadre::{ConstatMontre, JalonMontre};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use jiff::civil::Date;
use metier::taches::{self, Etat, Phase, VueTache};
use metier::{Accordee, Action, Constat, Nature, Refus, Session, reglement, temps};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "session/checklist.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    jalons: Vec<JalonMontre>,
    phases: Vec<PhaseMontree>,
    personnes: String,
    modifiable: bool,
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

fn choix_des_personnes(noms: &HashMap<String, String>) -> Result<String, Erreur> {
    let mut personnes: Vec<_> = noms.iter().collect();
    personnes.sort_by_key(|(_, nom)| *nom);
    let page = Personnes { personnes };
    page.render().map_err(|e| Erreur::interne(&e.to_string()))
}

struct PhaseMontree {
    libelle: &'static str,
    resume: String,
    taches: Vec<TacheMontree>,
}

struct TacheMontree {
    code: String,
    intitule: String,
    etat: &'static str,
    etat_libelle: &'static str,
    partiel: bool,
    avancement: String,
    jauge: Option<(usize, usize)>,
    marque: String,
    marquee: bool,
    lien: String,
    lien_libelle: &'static str,
    sous_taches: Vec<String>,
    observation: String,
    regle: String,
    date: String,
    distance: String,
    pastille: String,
    qui: String,
    acte: String,
    ouverte: bool,
    saisie_observation: String,
    saisie_motif: String,
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
}

/// GET /sessions/{session}
pub async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None, None).await
}

/// POST /sessions/{session}/taches/{code}/realisation
pub async fn realiser(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Formulaire(mut f): Formulaire<FormulaireTache>,
) -> Reponse {
    let code = chemin.get("code").cloned().unwrap_or_default();
    let action = match f.geste.as_str() {
        "rouvrir" => taches::Action::Rouvrir { code: code.clone() },
        "sans-objet" => {
            // La raison s'écrit dans le même champ que l'observation : c'est le motif du geste.
            f.communs.motif = f.observation.clone();
            taches::Action::DeclarerSansObjet { code: code.clone() }
        }
        _ => taches::Action::Realiser {
            code: code.clone(),
            observation: f.observation.clone(),
        },
    };
    match a.executer(&f.communs, Action::Tache(action)).await? {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}#{code}", a.base()),
            "C’est enregistré.",
        )),
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
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(super::titre(s), a.base(), &a.acces),
            tete: TeteSession::avec(&a.id, s, vues, ""),
            jalons: frise(s, vues, jour),
            phases: Phase::TOUTES
                .into_iter()
                .map(|p| phase(p, vues, jour, &base, &noms, &acte, saisie))
                .collect(),
            personnes: choix_des_personnes(&noms)?,
            modifiable: a.peut(Nature::Organiser)
                && s.programme.as_ref().is_some_and(|p| p.annulee.is_none()),
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
    jour: Date,
    base: &str,
    noms: &HashMap<String, String>,
    acte: &str,
    saisie: Option<(&str, &FormulaireTache)>,
) -> PhaseMontree {
    let taches: Vec<_> = vues.iter().filter(|v| v.tache.phase == p).collect();
    let concernees = taches.iter().filter(|v| v.etat != Etat::SansObjet).count();
    let faites = taches.iter().filter(|v| v.etat == Etat::Faite).count();
    let retard = taches.iter().filter(|v| v.etat == Etat::EnRetard).count();
    let mut resume = format!(
        "{faites} faite{} sur {concernees}",
        if faites > 1 { "s" } else { "" }
    );
    if retard > 0 {
        resume.push_str(&format!(" · {retard} en retard"));
    }
    PhaseMontree {
        libelle: p.libelle(),
        resume,
        taches: taches
            .into_iter()
            .map(|v| tache(v, jour, base, noms, acte, saisie))
            .collect(),
    }
}

fn tache(
    v: &VueTache,
    jour: Date,
    base: &str,
    noms: &HashMap<String, String>,
    acte: &str,
    saisie: Option<(&str, &FormulaireTache)>,
) -> TacheMontree {
    let t = &*v.tache;
    let partiel = v.etat != Etat::Faite
        && v.avancement
            .as_ref()
            .is_some_and(|a| a.faits > 0 && a.faits < a.attendus);
    let a_moi = saisie.filter(|(code, _)| *code == t.code).map(|(_, f)| f);
    let distance = v
        .echeance
        .map(|e| temps::distance(jour, e))
        .unwrap_or_default();
    let pastille = match (v.etat, v.echeance) {
        (Etat::EnRetard, Some(e)) => {
            let n = temps::jours_entre(e, jour);
            format!("{n}\u{a0}jour{} de retard", if n > 1 { "s" } else { "" })
        }
        (Etat::Proche, Some(_)) => distance.clone(),
        (Etat::Faite, _) => "fait".into(),
        (Etat::SansObjet, _) => "sans objet".into(),
        _ => String::new(),
    };
    TacheMontree {
        code: t.code.clone(),
        intitule: t.intitule.clone(),
        etat: v.etat.code(),
        etat_libelle: v.etat.libelle(),
        partiel,
        avancement: v
            .avancement
            .as_ref()
            .map(|a| a.phrase.clone())
            .unwrap_or_default(),
        jauge: v
            .avancement
            .as_ref()
            .filter(|a| partiel && a.attendus > 1)
            .map(|a| (a.faits, a.attendus)),
        marque: v
            .marque
            .as_ref()
            .map(|m| {
                format!(
                    "{} {}",
                    if m.observation.is_empty() {
                        "Noté comme fait".into()
                    } else {
                        m.observation.clone()
                    },
                    format_args!("(le {})", temps::instant_court(&m.le))
                )
            })
            .unwrap_or_default(),
        marquee: v.marque.is_some(),
        lien: t
            .page
            .as_ref()
            .map(|p| format!("{base}/{p}"))
            .unwrap_or_default(),
        lien_libelle: libelle_du_lien(t.page.as_deref(), v.etat),
        sous_taches: t.points.iter().map(|p| p.intitule.clone()).collect(),
        observation: t.observation.clone().unwrap_or_default(),
        regle: t.regle.clone().unwrap_or_default(),
        date: v.echeance.map(temps::date_courte).unwrap_or_default(),
        distance,
        pastille,
        qui: v
            .marque
            .as_ref()
            .and_then(|m| noms.get(m.realise_par.as_str()))
            .cloned()
            .unwrap_or_default(),
        acte: format!("{acte}-{}", t.code),
        ouverte: a_moi.is_some(),
        saisie_observation: a_moi.map(|f| f.observation.clone()).unwrap_or_default(),
        saisie_motif: a_moi.map(|f| f.communs.motif.clone()).unwrap_or_default(),
    }
}

fn libelle_du_lien(page: Option<&str>, etat: Etat) -> &'static str {
    match (page, etat) {
        (Some("convocations"), Etat::Faite) => "Voir les convocations",
        (Some("convocations"), _) => "Éditer et remettre les convocations",
        (Some("candidats"), _) => "Voir les candidats",
        (Some("jury"), _) => "Composer le jury",
        (Some("planning"), _) => "Voir le planning",
        (Some("equipe"), _) => "Composer l’équipe",
        _ => "Voir le programme",
    }
}

fn frise(s: &Session, vues: &[VueTache], jour: Date) -> Vec<JalonMontre> {
    let Some(p) = &s.programme else { return vec![] };
    let mut j: Vec<(Date, u8, JalonMontre)> = vues
        .iter()
        .filter_map(|v| {
            let (nom, le) = (v.tache.jalon.as_ref()?, v.echeance?);
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
