//! Les rappels d'une session : deux par délai du règlement, puis ce qu'un récapitulatif du matin dit.
//!
//! Une fonction de l'état et du jour. Le serveur retient ce qui est déjà parti, par [`Rappel::cle`] : un délai qui
//! change de date se rappelle de nouveau, un redémarrage ne rappelle rien deux fois.

use crate::PersonneId;
use crate::echeances::{self, Echeance};
use crate::session::Session;
use crate::session::taches::Etat;
use crate::temps;
use jiff::civil::Date;

/// Jours avant l'échéance où l'on rappelle, du plus lointain au plus proche (réglage de Garant).
const PALIERS: [i64; 2] = [30, 7];
/// Les mêmes, pour ce qui se compte en jours après la session.
const PALIERS_APRES: [i64; 2] = [10, 3];
/// Au-delà, une échéance d'après la session ne se rappelle pas (archives).
const APRES_MAX_JOURS: i64 = 100;

/// Un rappel à envoyer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rappel {
    /// L'échéance rappelée.
    pub echeance: Echeance,
    /// Le palier franchi, en jours avant l'échéance.
    pub palier: i64,
}

impl Rappel {
    /// Ce qui le rend unique dans la session.
    pub fn cle(&self) -> String {
        format!(
            "{}:{}:{}",
            self.echeance.code, self.echeance.pour_le, self.palier
        )
    }
}

/// Les paliers d'une échéance ; aucun pour ce qui se fait la veille, les jours mêmes, ou des années après.
fn paliers(e: &Echeance, debut: Date, fin: Date) -> &'static [i64] {
    if e.limite.is_none() {
        &[]
    } else if temps::jours_entre(e.pour_le, debut) > 1 {
        &PALIERS
    } else if e.pour_le > fin && temps::jours_entre(fin, e.pour_le) <= APRES_MAX_JOURS {
        &PALIERS_APRES
    } else {
        &[]
    }
}

/// Les rappels dont le palier est franchi ce jour, pour ce qui n'est pas fait et pas encore en retard.
///
/// Un seul par échéance : le palier le plus proche l'emporte, si bien qu'une session créée tard n'est rappelée qu'une fois.
pub fn dus(s: &Session, jour: Date) -> Vec<Rappel> {
    let Some(p) = &s.programme else { return vec![] };
    echeances::de_la_session(s, jour)
        .into_iter()
        .filter(|e| matches!(e.etat, Etat::AFaire | Etat::Proche))
        .filter_map(|e| {
            let reste = temps::jours_entre(jour, e.pour_le);
            let palier = paliers(&e, p.debut, p.fin)
                .iter()
                .rev()
                .find(|p| reste <= **p)
                .copied()?;
            Some(Rappel {
                echeance: e,
                palier,
            })
        })
        .collect()
}

/// Ce qui est en retard ou proche ce jour, les plus anciennes échéances d'abord.
pub fn recapitulatif(s: &Session, jour: Date) -> Vec<Echeance> {
    let mut v: Vec<Echeance> = echeances::de_la_session(s, jour)
        .into_iter()
        .filter(|e| matches!(e.etat, Etat::EnRetard | Etat::Proche) || e.a_controler)
        .collect();
    v.sort_by_key(|e| e.pour_le);
    v
}

/// Cette échéance regarde-t-elle cette personne : chargée de la faire, de la contrôler, ou suppléant de la session ?
pub fn regarde(s: &Session, e: &Echeance, personne: &PersonneId) -> bool {
    let est = |c: &Option<echeances::Chargee>| c.as_ref().is_some_and(|c| c.personne == *personne);
    est(&e.charge) || est(&e.controle) || s.equipe.suppleant().is_some_and(|i| i.id == *personne)
}
