//! Qui prévenir : ceux dont la convocation ne dit plus ce que dit le planning.

use metier::Session;
use metier::convocations::{Destinataire, Etat};

/// Une personne dont la convocation, éditée ou remise, ne dit plus vrai.
pub(super) struct APrevenir {
    /// Ce qui la désigne au formulaire des convocations.
    pub(super) cle: String,
    pub(super) nom: String,
    pub(super) deja_remise: bool,
}

/// Ceux qu'un changement oblige à prévenir.
pub(super) fn a_prevenir(s: &Session) -> Vec<APrevenir> {
    let candidats = s.inscrits().map(|c| Destinataire::Candidat(c.id.clone()));
    let jures = s
        .jury
        .iter()
        .map(|m| Destinataire::Jure(m.membre.jure.clone()));
    let surveillants = s
        .equipe
        .a(metier::equipe::Poste::Surveillant)
        .map(|i| Destinataire::Surveillant(i.id.clone()));
    candidats
        .chain(jures)
        .chain(surveillants)
        .filter(|d| s.etat_convocation(d) == Etat::ARefaire)
        .filter_map(|d| {
            let nom = s.nom_destinataire(&d).ok()?;
            Some(APrevenir {
                cle: crate::pages::session::convocations::cle(&d),
                nom,
                deja_remise: s.convocations.de(&d).is_some_and(|c| c.remise.is_some()),
            })
        })
        .collect()
}
