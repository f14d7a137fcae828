//! Les périodes d'un juré : noter qu'il est libre, ou qu'il ne l'est pas ; retirer une période.

use super::super::controle::{COURT_MAX, Controle};
use super::formulaire::trouver;
use crate::acces::Acces;
use crate::cadre::rediriger_fait;
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, Formulaire};
use axum::extract::Path;
use axum::http::StatusCode;
use serde::Deserialize;
use stockage::annuaire::{self, Disponibilite, PERIODES_MAX};

/// Une période saisie, ou celle à retirer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SaisiePeriode {
    #[serde(flatten)]
    pub(super) communs: ChampsCommuns,
    pub(super) geste: String,
    pub(super) periode: String,
    pub(super) debut: String,
    pub(super) fin: String,
    pub(super) etat: String,
    pub(super) precision: String,
}

/// POST /jures/{jure}/disponibilites
pub(super) async fn noter(
    acces: Acces,
    Path(id): Path<String>,
    Formulaire(f): Formulaire<SaisiePeriode>,
) -> Reponse {
    let jure = trouver(&acces, &id).await?;
    let (base, centre) = (&acces.etat.base, &acces.centre);
    let auteur = acces.auteur(&f.communs);
    let suite = format!("/jures/{id}");
    if f.geste == "retirer" {
        return match annuaire::retirer_disponibilite(base, centre, &jure.id, &f.periode, &auteur)
            .await
        {
            Ok(_) => Ok(rediriger_fait(&suite, "La période est retirée.")),
            Err(stockage::Erreur::Conflit { .. }) => {
                Ok(rediriger_fait(&suite, "Cette période était déjà retirée."))
            }
            Err(e) => Err(e.into()),
        };
    }
    let mut c = Controle::default();
    let debut = c.date("debut", &f.debut, "Écrivez le premier jour de la période.");
    let fin = match f.fin.trim() {
        "" => debut,
        _ => c.date_facultative("fin", &f.fin),
    };
    if let (Some(d), Some(x)) = (debut, fin)
        && x < d
    {
        c.faute(
            "fin",
            "Le dernier jour précède le premier : corrigez l’un des deux.",
        );
    }
    let note = c.ligne("precision", &f.precision, COURT_MAX);
    let libre = match f.etat.as_str() {
        "libre" => true,
        "pris" => false,
        _ => {
            c.faute("etat", "Dites si la personne est disponible ou non.");
            false
        }
    };
    if annuaire::disponibilites(base, centre, &jure.id)
        .await?
        .len()
        >= PERIODES_MAX
    {
        c.faute(
            "debut",
            format!("{PERIODES_MAX} périodes sont déjà notées. Retirez celles qui sont passées."),
        );
    }
    let (Some(debut), Some(fin), true) = (debut, fin, c.est_bon()) else {
        return super::fiche::page(&acces, jure, StatusCode::UNPROCESSABLE_ENTITY, f, c.0).await;
    };
    let d = Disponibilite {
        id: auteur.acte.to_string(),
        jure: jure.id,
        debut,
        fin,
        libre,
        note,
    };
    match annuaire::ajouter_disponibilite(base, centre, &d, &auteur).await {
        Ok(_) => Ok(rediriger_fait(&suite, "La période est notée.")),
        Err(e) => Err(Erreur::from(e)),
    }
}
