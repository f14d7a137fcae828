//! Ce que l'annuaire, les sites et les référentiels ont en commun : l'auteur d'un changement, et sa trace.

use crate::base::{Base, Requete};
use crate::journal_centre::{Changement, Inscription, changer};
use crate::{Centre, Resultat};
use metier::{Acte, PersonneId};
use serde_json::Value;

/// Qui change, quand, et pourquoi.
#[derive(Debug, Clone)]
pub struct Auteur {
    /// Le geste, né avec la page : il ne s'enregistre qu'une fois.
    pub acte: Acte,
    /// La personne qui saisit.
    pub personne: PersonneId,
    /// Son nom, montré dans l'historique des référentiels.
    pub nom: String,
    /// L'instant, RFC 3339.
    pub le: String,
    /// Le motif, exigé d'une correction par la page.
    pub motif: Option<String>,
}

/// Enregistre les requêtes et leur trace au journal du centre : tout ou rien, une seule fois par acte.
pub(crate) async fn enregistrer(
    base: &Base,
    centre: &Centre,
    auteur: &Auteur,
    action: &'static str,
    mut details: Value,
    requetes: Vec<Requete>,
) -> Resultat<Changement> {
    if let (Value::Object(champs), Some(motif)) = (&mut details, &auteur.motif) {
        champs.insert("motif".into(), Value::String(motif.clone()));
    }
    let inscription = Inscription {
        acte: auteur.acte.clone(),
        le: auteur.le.clone(),
        saisi_par: auteur.personne.clone(),
        action,
        details,
    };
    changer(base, centre, &inscription, requetes).await
}
