//! Le programme d'une session : référentiel figé, numéro CERES, dates, site, annulation.

use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::pages::sessions::{lire_site, sites_proposes};
use askama::Template;
use axum::http::StatusCode;
use metier::{Acte, Action, Nature, Refus, programme, temps};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "session/programme.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    designation: String,
    etat_referentiel: String,
    prerequis: String,
    cle: String,
    epreuves: Vec<EpreuveMontree>,
    version_a_adopter: Option<u32>,
    modifiable: bool,
    acte: String,
    motif: String,
    numero_ceres: String,
    ceres_connu: bool,
    debut: String,
    fin: String,
    site: String,
    sites: Vec<(String, String)>,
}

struct EpreuveMontree {
    nature: String,
    precisions: String,
    duree: String,
    jury: &'static str,
}

/// Un changement de programme.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    numero_ceres: String,
    debut: String,
    fin: String,
    site: String,
}

/// GET /sessions/{session}/programme
pub async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None, None, ErreursFormulaire::default()).await
}

/// POST /sessions/{session}/programme/ceres
pub async fn renseigner_ceres(a: AccesSession, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    let action = programme::Action::RenseignerCeres(f.numero_ceres.clone());
    repondre(&a, &f, action).await
}

/// POST /sessions/{session}/programme/dates
pub async fn deplacer(a: AccesSession, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    let mut erreurs = ErreursFormulaire::default();
    let debut = temps::lire_date(&f.debut);
    let fin = temps::lire_date(&f.fin);
    if debut.is_none() {
        erreurs.ajouter(
            "debut",
            "Cette date n’existe pas au calendrier. Écrivez-la sous la forme 15/12/2026.",
        );
    }
    if fin.is_none() {
        erreurs.ajouter(
            "fin",
            "Cette date n’existe pas au calendrier. Écrivez-la sous la forme 17/12/2026.",
        );
    }
    let (Some(debut), Some(fin)) = (debut, fin) else {
        return page(
            &a,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(&f),
            None,
            erreurs,
        )
        .await;
    };
    repondre(&a, &f, programme::Action::Deplacer { debut, fin }).await
}

/// POST /sessions/{session}/programme/site
pub async fn changer_site(a: AccesSession, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    match lire_site(&a.acces, &f.site).await? {
        Some(site) => repondre(&a, &f, programme::Action::ChangerSite(site)).await,
        None => {
            let mut erreurs = ErreursFormulaire::default();
            erreurs.ajouter("site", "Choisissez un site de la liste.");
            page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some(&f),
                None,
                erreurs,
            )
            .await
        }
    }
}

/// POST /sessions/{session}/programme/referentiel
pub async fn adopter(a: AccesSession, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    let p = a.session.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let r = stockage::titres::titre(&a.acces.etat.base, &a.acces.centre, &p.referentiel.cle)
        .await?
        .ok_or(Erreur::Introuvable)?;
    repondre(&a, &f, programme::Action::AdopterReferentiel(Box::new(r))).await
}

/// POST /sessions/{session}/programme/annulation
pub async fn annuler(a: AccesSession, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    repondre(&a, &f, programme::Action::Annuler).await
}

async fn repondre(a: &AccesSession, f: &Saisie, action: programme::Action) -> Reponse {
    let deplacee = matches!(action, programme::Action::Deplacer { .. });
    match a.executer(&f.communs, Action::Programme(action)).await? {
        Ok(d) if deplacee && !d.evenements.is_empty() => Ok(rediriger_fait(
            &format!("{}#deplacees", a.base()),
            "Les dates ont changé : chaque échéance est recalculée. Voyez ce qui a bougé.",
        )),
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/programme", a.base()),
            "C’est enregistré.",
        )),
        Err(r) => {
            page(
                a,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some(f),
                Some(&r),
                ErreursFormulaire::default(),
            )
            .await
        }
    }
}

async fn page(
    a: &AccesSession,
    statut: StatusCode,
    saisie: Option<&Saisie>,
    refus: Option<&Refus>,
    mut erreurs: ErreursFormulaire,
) -> Reponse {
    if let Some(r) = refus {
        erreurs = ErreursFormulaire::du_refus(r);
    }
    let s = &a.session;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let r = &p.referentiel;
    let du_centre = stockage::titres::titre(&a.acces.etat.base, &a.acces.centre, &r.cle).await?;
    let garder = |voulu: fn(&Saisie) -> &String, present: String| {
        saisie
            .map(voulu)
            .filter(|v| !v.is_empty())
            .cloned()
            .unwrap_or(present)
    };
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Programme – {}", super::titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "programme"),
            constats: refus
                .map(|r| ConstatMontre::du_refus(r, &a.base()))
                .unwrap_or_default(),
            erreurs,
            designation: r.designation(),
            etat_referentiel: match &r.confirmation {
                Some(c) => format!(
                    "confirmé au RE le {} par {} ({})",
                    temps::date_moyenne(c.le),
                    c.par,
                    c.version_re
                ),
                None => "à vérifier au RE (référentiel d’évaluation)".into(),
            },
            prerequis: r.prerequis.clone().unwrap_or_default(),
            cle: r.cle.clone(),
            epreuves: p
                .epreuves()
                .into_iter()
                .map(|e| EpreuveMontree {
                    nature: e.nature.clone(),
                    precisions: e.precisions.clone().unwrap_or_default(),
                    duree: e.duree_minutes.map_or("à vérifier".into(), temps::duree),
                    jury: e.presence_jury.libelle(),
                })
                .collect(),
            version_a_adopter: du_centre.filter(|t| *t != **r).map(|t| t.version),
            modifiable: super::modifiable(a, Nature::Programmer),
            acte: nouvel_identifiant::<Acte>().to_string(),
            motif: saisie.map(|f| f.communs.motif.clone()).unwrap_or_default(),
            numero_ceres: garder(
                |f| &f.numero_ceres,
                p.numero_ceres.clone().unwrap_or_default(),
            ),
            ceres_connu: p.numero_ceres.is_some(),
            debut: garder(|f| &f.debut, p.debut.to_string()),
            fin: garder(|f| &f.fin, p.fin.to_string()),
            site: garder(|f| &f.site, p.site.id.to_string()),
            sites: sites_proposes(&a.acces).await?,
        },
    ))
}
