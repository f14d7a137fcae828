//! La conformité d'une session : infractions par gravité, quoi faire, dérogations, ce qui n'est pas jugé.

use super::montre::{self, DerogationMontree, Gravite, Groupe, Situe};
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::pages::session::{self as pages, tete::TeteSession};
use askama::Template;
use axum::http::StatusCode;
use metier::cadre::{self, Cadre as CadreSession};
use metier::reglement::{TEXTES_VERIFIES_LE, catalogue, parametres};
use metier::{Acte, Action, Nature, Refus, temps};
use stockage::parametres as centre;

#[derive(Template)]
#[template(path = "conformite/session.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    bilan: String,
    gravites: Vec<Gravite>,
    manques: Vec<Groupe>,
    derogations: Vec<DerogationMontree>,
    non_evaluees: Vec<montre::NonEvaluees>,
    reglages: Vec<(String, String)>,
    habitudes: Vec<String>,
    agrements: Vec<String>,
    peut_adopter: bool,
    acte: String,
    motif: String,
    decompte: (usize, usize, usize, usize),
    jour: String,
    verifie_le: String,
    empreinte: String,
}

/// GET /sessions/{session}/conformite
pub async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None, String::new()).await
}

/// POST /sessions/{session}/conformite/cadre
pub async fn adopter(a: AccesSession, Formulaire(f): Formulaire<ChampsCommuns>) -> Reponse {
    match a
        .executer(&f, Action::Cadre(cadre::Action::Adopter))
        .await?
    {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/conformite", a.base()),
            "La session suit maintenant les paramètres du centre.",
        )),
        Err(r) => page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some(&r), f.motif).await,
    }
}

async fn page(
    a: &AccesSession,
    statut: StatusCode,
    refus: Option<&Refus>,
    motif: String,
) -> Reponse {
    let s = &a.session;
    let (libelles, _) = centre::libelles(&a.acces.etat.base, &a.acces.centre).await?;
    let noms = pages::noms(a).await?;
    let analyse = a.analyse();
    let situer = |manque: bool| -> Vec<Situe> {
        analyse
            .constats
            .iter()
            .filter(|c| c.manque == manque)
            .map(|constat| Situe {
                constat,
                base: a.base(),
                session: String::new(),
            })
            .collect()
    };
    let (enfreints, manques) = (situer(false), situer(true));
    let commencee = s.programme.as_ref().is_some_and(|p| p.debut <= a.jour());
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Conformité – {}", pages::titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::avec(&a.id, s, &analyse.taches, "conformite"),
            erreurs: refus.map(ErreursFormulaire::du_refus).unwrap_or_default(),
            constats: refus
                .map(|r| ConstatMontre::au_motif(r, &a.base()))
                .unwrap_or_default(),
            bilan: match enfreints.len() {
                0 => "Aucun écart constaté à ce jour.".into(),
                1 => "1 écart constaté.".into(),
                n => format!("{n} écarts constatés."),
            },
            gravites: montre::par_gravite(&enfreints, &libelles),
            manques: montre::par_regle(&manques.iter().collect::<Vec<_>>(), &libelles),
            derogations: s
                .derogations
                .iter()
                .map(|d| DerogationMontree::new(d, &noms, Default::default()))
                .collect(),
            non_evaluees: montre::non_evaluees(&libelles),
            reglages: dire_reglages(&s.cadre),
            habitudes: s.cadre.habitudes.iter().map(|h| h.phrase()).collect(),
            agrements: s.cadre.agrements.iter().map(dire_agrement).collect(),
            peut_adopter: !commencee
                && pages::modifiable(a, Nature::Programmer)
                && cadre_du_centre(a).await? != s.cadre,
            acte: nouvel_identifiant::<Acte>().to_string(),
            motif,
            decompte: catalogue::decompte(),
            jour: temps::date_longue(a.jour()),
            verifie_le: temps::date_moyenne(TEXTES_VERIFIES_LE),
            empreinte: a.tete.courte(),
        },
    ))
}

async fn cadre_du_centre(a: &AccesSession) -> Result<CadreSession, Erreur> {
    let Some(p) = &a.session.programme else {
        return Ok(CadreSession::default());
    };
    Ok(centre::cadre(
        &a.acces.etat.base,
        &a.acces.centre,
        &p.site.id,
        &p.referentiel.cle,
        a.jour(),
    )
    .await?)
}

fn dire_reglages(c: &CadreSession) -> Vec<(String, String)> {
    c.reglages
        .iter()
        .filter_map(|r| {
            let p = parametres::parametre(&r.code)?;
            Some((
                format!("{} ({})", p.intitule, r.code),
                format!(
                    "{} {} au lieu de {} ; depuis le {} ; {}",
                    r.valeur,
                    p.unite.libelle(),
                    p.defaut,
                    temps::date_moyenne(r.a_partir_du),
                    r.motif
                ),
            ))
        })
        .collect()
}

fn dire_agrement(a: &cadre::Agrement) -> String {
    format!(
        "{}, du {} au {}",
        if a.reference.is_empty() {
            "Agrément sans référence"
        } else {
            &a.reference
        },
        temps::date_moyenne(a.debut),
        temps::date_moyenne(a.fin)
    )
}
