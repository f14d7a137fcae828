//! Les conventions des organismes partenaires : qui a formé, sous quelle convention, ce qui a été vérifié.

use super::date_facultative;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::Reponse;
use crate::formulaires::ErreursFormulaire;
use crate::pages::session::geste::{Champs, Suite, acte};
use crate::pages::session::tete::TeteSession;
use crate::pages::session::{modifiable, titre};
use askama::Template;
use axum::http::StatusCode;
use metier::candidats::sans_accents;
use metier::parcours::{self, Convention};
use metier::{Action, Nature, Refus, temps};
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "session/candidats_conventions.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    suite: Suite,
    modifiable: bool,
    confie: bool,
    prepare: bool,
    saisie: Champs,
    corrige: bool,
    lignes: Vec<Ligne>,
}

impl Page {
    fn acte(&self) -> String {
        acte()
    }
}

struct Ligne {
    organisme: String,
    cle: String,
    candidats: usize,
    convention: Option<Montree>,
}

struct Montree {
    reference: String,
    periode: String,
    avenant: String,
    durees: String,
}

/// GET /sessions/{session}/candidats/conventions
pub(super) async fn montrer(
    a: AccesSession,
    axum::extract::Query(q): axum::extract::Query<Vec<(String, String)>>,
) -> Reponse {
    let voulu = Champs(q).un("organisme").to_owned();
    let saisie = a
        .session
        .conventions
        .iter()
        .find(|c| sans_accents(&c.organisme) == sans_accents(&voulu))
        .map(ecrire)
        .unwrap_or_else(|| Champs(vec![("organisme".into(), voulu)]));
    page(
        &a,
        StatusCode::OK,
        saisie,
        None,
        ErreursFormulaire::default(),
    )
}

fn ecrire(c: &Convention) -> Champs {
    let jour = |d: Option<jiff::civil::Date>| d.map(|d| d.to_string()).unwrap_or_default();
    Champs(vec![
        ("organisme".into(), c.organisme.clone()),
        ("reference".into(), c.reference.clone()),
        ("debut".into(), c.debut.to_string()),
        ("fin".into(), c.fin.to_string()),
        ("avenant".into(), jour(c.avenant_transmis_le)),
        ("durees".into(), jour(c.durees_verifiees_le)),
    ])
}

fn lire(c: &Champs) -> Result<Convention, ErreursFormulaire> {
    let mut fautes = ErreursFormulaire::default();
    let mut exiger = |champ: &str| {
        let d = date_facultative(c, champ, &mut fautes);
        if d.is_none() && fautes.pour(champ).is_none() {
            fautes.ajouter(champ, "Cette date manque. Recopiez-la de la convention.");
        }
        d
    };
    let (debut, fin) = (exiger("debut"), exiger("fin"));
    let avenant_transmis_le = date_facultative(c, "avenant", &mut fautes);
    let durees_verifiees_le = date_facultative(c, "durees", &mut fautes);
    match (debut, fin) {
        (Some(debut), Some(fin)) if fautes.est_vide() => Ok(Convention {
            organisme: c.un("organisme").trim().into(),
            reference: c.un("reference").trim().into(),
            debut,
            fin,
            avenant_transmis_le,
            durees_verifiees_le,
        }),
        _ => Err(fautes),
    }
}

/// POST /sessions/{session}/candidats/conventions
pub(super) async fn noter(a: AccesSession, c: Champs) -> Reponse {
    let convention = match lire(&c) {
        Ok(x) => x,
        Err(fautes) => return page(&a, StatusCode::UNPROCESSABLE_ENTITY, c, None, fautes),
    };
    let phrase = format!("La convention avec {} est notée.", convention.organisme);
    let geste = Action::Parcours(parcours::Action::NoterConvention(convention));
    match a.executer(&c.communs(), geste).await? {
        Ok(_) => rediriger_fait(&format!("{}/candidats/conventions", a.base()), &phrase),
        Err(r) => {
            let fautes = ErreursFormulaire::du_refus(&r);
            page(
                &a.relire().await?,
                StatusCode::UNPROCESSABLE_ENTITY,
                c,
                Some(&r),
                fautes,
            )
        }
    }
}

fn page(
    a: &AccesSession,
    statut: StatusCode,
    saisie: Champs,
    refus: Option<&Refus>,
    erreurs: ErreursFormulaire,
) -> Reponse {
    let s = &a.session;
    let mut partenaires: BTreeMap<String, (String, usize)> = s
        .conventions
        .iter()
        .map(|c| (sans_accents(&c.organisme), (c.organisme.clone(), 0)))
        .collect();
    for o in s.inscrits().filter_map(|c| c.parcours.partenaire.as_ref()) {
        partenaires
            .entry(sans_accents(o))
            .or_insert_with(|| (o.clone(), 0))
            .1 += 1;
    }
    let jour = |d: Option<jiff::civil::Date>| d.map(temps::date_moyenne).unwrap_or_default();
    let lignes = partenaires
        .into_values()
        .map(|(organisme, candidats)| Ligne {
            convention: s
                .conventions
                .iter()
                .find(|c| c.est_de(&organisme))
                .map(|c| Montree {
                    reference: c.reference.clone(),
                    periode: format!(
                        "du {} au {}",
                        temps::date_moyenne(c.debut),
                        temps::date_moyenne(c.fin)
                    ),
                    avenant: jour(c.avenant_transmis_le),
                    durees: jour(c.durees_verifiees_le),
                }),
            cle: crate::cadre::encoder(&organisme),
            organisme,
            candidats,
        })
        .collect();
    let chemin = format!("{}/candidats/conventions", a.base());
    // Un refus de champ se dit au champ ; le reste, avec de quoi reprendre par un motif.
    let suite = refus
        .filter(|r| r.constats.iter().any(|c| c.champ.is_none()))
        .map(|r| Suite::du_refus(r, &a.base(), &chemin, &saisie))
        .unwrap_or_default();
    rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(format!("Conventions – {}", titre(s)), a.base(), &a.acces),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "candidats"),
            corrige: s
                .conventions
                .iter()
                .any(|c| c.est_de(saisie.un("organisme"))),
            erreurs,
            suite,
            modifiable: modifiable(a, Nature::Preparer),
            confie: a.peut(Nature::Confier),
            prepare: a.peut(Nature::Preparer),
            saisie,
            lignes,
        },
    )
}
