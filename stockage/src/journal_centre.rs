//! Le journal du centre : comptes, sites, titres, annuaire, purges, sur le flux « {centre}/centre ».
//!
//! Un changement de table et sa ligne de journal partent dans la même transaction : [`changer`] le fait
//! d'un trait (et recommence si quelqu'un écrit au même instant) ; [`inscrire_au_journal_du_centre`] rend
//! les requêtes à qui compose lui-même sa transaction.

use metier::{Acte, PersonneId};
use serde::{Deserialize, Serialize};

use crate::base::{Base, Erreur, Requete, Resultat};
use crate::centre::Centre;
use crate::journal::{self, Entree, Geste};

/// La classe de conservation des lignes du journal du centre.
pub(crate) const CLASSE_DU_CENTRE: &str = "centre";

/// Combien de fois recommencer quand le journal a avancé entre-temps.
const ESSAIS: usize = 8;

/// Ce que l'on inscrit au journal du centre.
#[derive(Debug, Clone)]
pub struct Inscription {
    /// Le formulaire envoyé : le même acte ne s'enregistre qu'une fois.
    pub acte: Acte,
    /// L'instant, RFC 3339.
    pub le: String,
    /// Qui l'a fait.
    pub saisi_par: PersonneId,
    /// Ce qui s'est passé, au participe passé : « jure.corrige ».
    pub action: &'static str,
    /// Les détails, en JSON libre.
    pub details: serde_json::Value,
}

/// Ce qu'il est advenu d'un changement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changement {
    /// Enregistré, avec sa ligne de journal.
    Enregistre,
    /// Le même acte était déjà enregistré : rien n'a été refait.
    DejaEnregistre,
}

/// Une ligne du journal du centre, relue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneCentre {
    /// Son rang.
    pub rang: u64,
    /// L'instant.
    pub le: String,
    /// Qui l'a fait.
    pub saisi_par: String,
    /// Ce qui s'est passé.
    pub action: String,
    /// Les détails, ou rien s'ils sont purgés.
    pub details: Option<serde_json::Value>,
}

#[derive(Serialize, Deserialize)]
struct ContenuCentre {
    action: String,
    details: serde_json::Value,
}

/// Les requêtes qui inscrivent un changement, à joindre à la transaction qui le fait.
///
/// La transaction peut échouer par [`Erreur::Unicite`] sur `journal` (quelqu'un a écrit entre-temps :
/// redemander les requêtes et recommencer) ou sur `acte` (déjà enregistré). [`changer`] s'en charge.
pub async fn inscrire_au_journal_du_centre(
    base: &Base,
    centre: &Centre,
    inscription: &Inscription,
) -> Resultat<Vec<Requete>> {
    let flux = centre.flux_du_centre();
    let tete = journal::tete(base, &flux).await?;
    let contenu = ContenuCentre {
        action: inscription.action.to_owned(),
        details: inscription.details.clone(),
    };
    let entree = Entree {
        etiquette: inscription.action.to_owned(),
        classe: CLASSE_DU_CENTRE.to_owned(),
        contenu: serde_json::to_string(&contenu).map_err(|e| Erreur::Interne(e.to_string()))?,
    };
    let geste = Geste {
        flux: &flux,
        acte: inscription.acte.as_str(),
        le: &inscription.le,
        saisi_par: inscription.saisi_par.as_str(),
    };
    let (mut requetes, apres) = journal::ajouter(&geste, &tete, vec![entree])?;
    requetes.insert(
        0,
        journal::inscrire_acte(centre, &geste, apres.rang, apres.rang),
    );
    Ok(requetes)
}

/// Fait un changement et l'inscrit, dans une seule transaction ; le même acte ne se fait qu'une fois.
///
/// Les erreurs propres au changement (clé déjà prise, `attendu` non tenu) reviennent telles quelles.
pub async fn changer(
    base: &Base,
    centre: &Centre,
    inscription: &Inscription,
    changement: Vec<Requete>,
) -> Resultat<Changement> {
    for _ in 0..ESSAIS {
        if journal::flux_de_l_acte(base, centre, inscription.acte.as_str())
            .await?
            .is_some()
        {
            return Ok(Changement::DejaEnregistre);
        }
        let mut requetes = inscrire_au_journal_du_centre(base, centre, inscription).await?;
        requetes.extend(changement.iter().cloned());
        match base.transaction(requetes).await {
            Ok(_) => return Ok(Changement::Enregistre),
            Err(Erreur::Unicite { table, .. }) if table == "journal" || table == "acte" => {}
            Err(erreur) => return Err(erreur),
        }
    }
    Err(Erreur::Conflit {
        table: "journal".to_owned(),
    })
}

/// Le journal du centre, du plus récent au plus ancien ; `avant` est le rang où la page précédente s'arrête.
pub async fn journal_du_centre(
    base: &Base,
    centre: &Centre,
    avant: Option<u64>,
    limite: u64,
) -> Resultat<Vec<LigneCentre>> {
    let avant = avant.unwrap_or(i64::MAX as u64);
    let lignes = journal::lignes_avant(base, &centre.flux_du_centre(), avant, limite).await?;
    let relire = |ligne: journal::LigneStockee| {
        let contenu = ligne
            .json()
            .map(serde_json::from_str::<ContenuCentre>)
            .transpose();
        let contenu = contenu.map_err(|_| {
            Erreur::Altere(format!(
                "{}, rang {} : contenu illisible",
                ligne.flux, ligne.rang
            ))
        })?;
        Ok(LigneCentre {
            rang: ligne.rang,
            le: ligne.le,
            saisi_par: ligne.saisi_par,
            action: ligne.etiquette,
            details: contenu.map(|c| c.details),
        })
    };
    lignes.into_iter().map(relire).collect()
}
