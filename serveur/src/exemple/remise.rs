//! Les convocations de l'exemple : éditées, figées et remises pour de vrai, aux dates du récit.

use super::plume::Plume;
use crate::edition::{self, ErreurEdition, sources::Sources};
use crate::erreurs::Erreur;
use jiff::ToSpan;
use jiff::civil::Date;
use metier::convocations::{self, Destinataire, Mode, Remise};
use metier::equipe::Poste;
use metier::jury::Place;
use metier::{Action, SessionId, temps};
use tokio::sync::Semaphore;

fn panne(e: ErreurEdition) -> Erreur {
    Erreur::interne(&format!("convocation d'exemple : {e}"))
}

/// Édite et remet les convocations des `combien` premiers candidats, des jurés qui siègent et du surveillant.
pub async fn convoquer(
    plume: &Plume<'_>,
    id: &SessionId,
    jour: Date,
    combien: usize,
) -> Result<(), Erreur> {
    let (s, tete) = stockage::charger(plume.base, plume.centre, id)
        .await?
        .ok_or(Erreur::Introuvable)?;
    let mut pour: Vec<_> = s
        .inscrits()
        .take(combien)
        .map(|c| Destinataire::Candidat(c.id.clone()))
        .collect();
    let siegent = s.jury.iter().filter(|m| m.membre.place == Place::Titulaire);
    pour.extend(siegent.map(|m| Destinataire::Jure(m.membre.jure.clone())));
    pour.extend(
        s.equipe
            .a(Poste::Surveillant)
            .map(|i| Destinataire::Surveillant(i.id.clone())),
    );
    let sources = Sources::lire(
        plume.base,
        plume.centre,
        "Centre d’exemple (fictif)",
        id,
        &s,
    )
    .await
    .map_err(panne)?;
    let maintenant = jour
        .at(9, 12, 0, 0)
        .to_zoned_datetime(temps::paris())
        .map_err(|e| Erreur::interne(&e.to_string()))?;
    let entete = sources.entete(&s, &tete, &maintenant).map_err(panne)?;
    let mut commandes = edition::commander_convocations(&sources, &s, &pour).map_err(panne)?;
    commandes.retain(|c| c.destinataire.is_some());
    let composes = edition::composer(&Semaphore::new(1), entete, commandes)
        .await
        .map_err(panne)?;
    let (documents, pieces) = edition::figer(composes, &tete);
    let figer = Action::Convocation(convocations::Action::Figer(documents));
    plume.ecrire_avec(id, jour, figer, &pieces).await?;
    let le = jour + 1.days();
    for (i, d) in pour.into_iter().enumerate() {
        let mode = match (&d, i % 3) {
            (Destinataire::Jure(_), _) => Mode::Courriel {
                adresse: "jure@exemple.invalid".into(),
            },
            (_, 0) => Mode::LrAr {
                numero: format!("1A 000 000 {i:04} 0"),
            },
            _ => Mode::Decharge,
        };
        let remettre = convocations::Action::Remettre {
            destinataires: vec![d],
            remise: Remise { mode, le },
        };
        plume.ecrire(id, le, Action::Convocation(remettre)).await?;
    }
    Ok(())
}
