//! Les habilitations qui finissent bientôt : dites dans l'annuaire, et à l'accueil de qui tient l'annuaire.

use super::abreger;
use crate::acces::Acces;
use crate::erreurs::Erreur;
use metier::temps;
use std::collections::HashMap;
use stockage::{annuaire, titres};

/// Une habilitation se signale tant de jours avant sa fin.
pub(super) const SIGNALER_JOURS: i64 = 90;
/// Elle presse à partir d'ici.
const PRESSE_JOURS: i64 = 30;

/// Une habilitation qui finit.
pub struct LigneFin {
    /// Identifiant du juré.
    pub jure: String,
    /// Son nom.
    pub nom: String,
    /// Le titre, abrégé.
    pub titre: String,
    /// Ton du constat.
    pub ton: &'static str,
    /// Quand, et que faire.
    pub phrase: String,
}

/// Celles des jurés actifs du centre qu'aucune autre du même titre ne suit, la plus proche d'abord.
pub async fn finissantes(a: &Acces) -> Result<Vec<LigneFin>, Erreur> {
    let (base, centre) = (&a.etat.base, &a.centre);
    let jour = a.etat.horloge.jour();
    let horizon = jour
        .checked_add(jiff::Span::new().days(SIGNALER_JOURS))
        .unwrap_or(jour);
    let fins = annuaire::habilitations_finissant_avant(base, centre, jour, horizon).await?;
    if fins.is_empty() {
        return Ok(vec![]);
    }
    let abreges: HashMap<String, String> = titres::titres(base, centre)
        .await?
        .iter()
        .map(|r| (r.cle.clone(), abreger(r)))
        .collect();
    Ok(fins
        .into_iter()
        .map(|e| {
            let (titre, fin) = (e.habilitation.fiche.titre, e.habilitation.fiche.fin);
            LigneFin {
                jure: e.jure.id.to_string(),
                nom: e.jure.nom_complet(),
                titre: abreges.get(&titre).cloned().unwrap_or(titre),
                ton: if temps::jours_entre(jour, fin) <= PRESSE_JOURS { "interdit" } else { "alerte" },
                phrase: format!(
                    "Finit le {} ({}). Faites-la renouveler par l’autorité qui l’a donnée, ou prévoyez un autre juré.",
                    temps::date_moyenne(fin),
                    temps::distance(jour, fin)
                ),
            }
        })
        .collect())
}
