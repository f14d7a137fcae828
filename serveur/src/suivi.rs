//! Les sessions qui demandent encore quelque chose : l'accueil, le calendrier, l'agenda et la passe du matin suivent les mêmes.

use crate::erreurs::Erreur;
use crate::etat::Etat;
use jiff::civil::Date;
use metier::{SessionId, temps};
use stockage::Centre;
use stockage::vues::{self, Filtre};

/// Jours après la fin d'une session pendant lesquels on la suit (le PV et ses suites).
const SUIVI_JOURS: i64 = 60;

/// Les états d'une session qui peut être suivie.
pub const ETATS: [vues::Etat; 3] = [vues::Etat::EnCours, vues::Etat::AVenir, vues::Etat::Passee];

/// Les sessions suivies que ce filtre retient : premier jour (ISO) et identifiant. On cesse de tourner les pages à `au_plus`.
pub async fn sessions(
    etat: &Etat,
    centre: &Centre,
    jour: Date,
    mut filtre: Filtre,
    au_plus: usize,
) -> Result<Vec<(String, SessionId)>, Erreur> {
    let passees = filtre.etat == Some(vues::Etat::Passee);
    let mut trouvees = vec![];
    while trouvees.len() < au_plus {
        let page = vues::sessions(&etat.base, centre, &filtre).await?;
        let mut trop_ancienne = false;
        for s in page.sessions {
            if temps::lire_date(&s.ligne.fin)
                .is_some_and(|f| temps::jours_entre(f, jour) > SUIVI_JOURS)
            {
                trop_ancienne = true;
            } else {
                trouvees.push((s.ligne.debut, s.session));
            }
        }
        // Les passées viennent de la plus récente : au-delà du suivi, il n'y en a plus.
        match page.suivante {
            Some(cle) if !(passees && trop_ancienne) => filtre.apres = Some(cle),
            _ => break,
        }
    }
    Ok(trouvees)
}
