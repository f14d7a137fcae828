//! Les rappels d'une session : deux par délai de la check-list, puis ce qu'un récapitulatif du matin dit.
//!
//! Une fonction de l'état et du jour. Le serveur retient ce qui est déjà parti, par [`Rappel::cle`] : un délai qui
//! change de date se rappelle de nouveau, un redémarrage ne rappelle rien deux fois.

use crate::echeances::Delai;
use crate::session::Session;
use crate::session::taches::{self, Etat};
use crate::temps;
use jiff::civil::Date;

/// Jours avant l'échéance où l'on rappelle, du plus lointain au plus proche (réglage de Garant).
const PALIERS: [i64; 2] = [30, 7];
/// Les mêmes, pour ce qui se compte en jours après la session.
const PALIERS_APRES: [i64; 2] = [10, 3];

/// Un rappel à envoyer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rappel {
    /// Code de la tâche.
    pub code: String,
    /// Son intitulé.
    pub intitule: String,
    /// Sa date limite.
    pub echeance: Date,
    /// Le palier franchi, en jours avant l'échéance.
    pub palier: i64,
    /// Ce que Garant sait de l'avancement, ou vide.
    pub avancement: String,
    /// La page où elle se fait, ou vide.
    pub page: String,
}

impl Rappel {
    /// Ce qui le rend unique dans la session.
    pub fn cle(&self) -> String {
        format!("{}:{}:{}", self.code, self.echeance, self.palier)
    }
}

/// Les paliers d'un délai ; aucun pour ce qui se fait la veille, le jour même, ou des années après.
fn paliers(d: Delai) -> &'static [i64] {
    match d {
        Delai::TroisMoisAvant
        | Delai::UnMoisEtTrenteJoursAvant
        | Delai::DeuxSemainesAvant
        | Delai::FinValiditeTitre => &PALIERS,
        Delai::QuinzeJoursApres => &PALIERS_APRES,
        Delai::Veille | Delai::PremierJour | Delai::DernierJour | Delai::CinqAnsApres => &[],
    }
}

/// Les rappels dont le palier est franchi ce jour, pour ce qui n'est pas fait et pas encore en retard.
///
/// Un seul par tâche : le palier le plus proche l'emporte, si bien qu'une session créée tard n'est rappelée qu'une fois.
pub fn dus(s: &Session, jour: Date) -> Vec<Rappel> {
    if s.programme.as_ref().is_none_or(|p| p.annulee.is_some()) {
        return vec![];
    }
    taches::vues(s, jour)
        .into_iter()
        .filter(|v| matches!(v.etat, Etat::AFaire | Etat::Proche))
        .filter_map(|v| {
            let echeance = v.echeance?;
            let reste = temps::jours_entre(jour, echeance);
            let palier = paliers(v.tache.delai?)
                .iter()
                .rev()
                .find(|p| reste <= **p)
                .copied()?;
            Some(Rappel {
                code: v.tache.code.clone(),
                intitule: v.tache.intitule.clone(),
                echeance,
                palier,
                avancement: v.avancement.map(|a| a.phrase).unwrap_or_default(),
                page: v.tache.page.clone().unwrap_or_default(),
            })
        })
        .collect()
}

/// Une ligne du récapitulatif : l'intitulé, sa date limite, si elle est passée.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ligne {
    /// Intitulé de la tâche.
    pub intitule: String,
    /// Date limite.
    pub echeance: Date,
    /// Est-elle passée ?
    pub en_retard: bool,
}

/// Ce qui est en retard ou proche ce jour, les plus anciennes échéances d'abord.
pub fn recapitulatif(s: &Session, jour: Date) -> Vec<Ligne> {
    if s.programme.as_ref().is_none_or(|p| p.annulee.is_some()) {
        return vec![];
    }
    let mut v: Vec<Ligne> = taches::vues(s, jour)
        .into_iter()
        .filter(|v| matches!(v.etat, Etat::EnRetard | Etat::Proche))
        .filter_map(|v| {
            Some(Ligne {
                intitule: v.tache.intitule.clone(),
                echeance: v.echeance?,
                en_retard: v.etat == Etat::EnRetard,
            })
        })
        .collect();
    v.sort_by_key(|l| l.echeance);
    v
}
