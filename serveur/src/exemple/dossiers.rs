//! Les dossiers de l'exemple : parcours, partenaire, pièces, aménagements, et une personne suivie d'une session à l'autre.

use super::plume::Plume;
use crate::erreurs::Erreur;
use jiff::ToSpan;
use metier::candidats::{Candidat, Voie};
use metier::jour::Piece;
use metier::parcours::{
    Action as Geste, Amenagement, Convention, EtatAmenagement, Parcours, Recevabilite, Situation,
};
use metier::programme::TypeSession;
use metier::{Action, CandidatId, Session, SessionId};
use std::sync::Arc;
use stockage::candidats as personnes;

/// L'organisme partenaire de l'exemple.
const PARTENAIRE: &str = "Organisme d’exemple";

async fn lire(plume: &Plume<'_>, id: &SessionId) -> Result<Arc<Session>, Erreur> {
    Ok(stockage::charger(plume.base, plume.centre, id)
        .await?
        .ok_or(Erreur::Introuvable)?
        .0)
}

fn parcours(c: &Candidat, debut: jiff::civil::Date, rang: usize) -> Parcours {
    let forme = c.fiche.voie.is_some_and(Voie::est_formation);
    Parcours {
        situation: Some(Situation::Premiere),
        formation_debut: forme.then(|| debut - 240.days()),
        formation_coherente: forme.then_some(true),
        partenaire: (forme && rang % 4 == 1).then(|| PARTENAIRE.into()),
        recevabilite: (c.fiche.voie == Some(Voie::Vae)).then(|| Recevabilite {
            notifiee_le: debut - 200.days(),
            type_session: TypeSession::Titre,
            reference: format!("VAE-EX-{:03}", rang + 1),
        }),
        ..Parcours::default()
    }
}

/// Note les parcours de tous, sauf des `reste` derniers ; la convention du partenaire ; les pièces des premiers.
pub async fn constituer(plume: &Plume<'_>, id: &SessionId, reste: usize) -> Result<(), Erreur> {
    let s = lire(plume, id).await?;
    let debut = s.programme.as_ref().ok_or(Erreur::Introuvable)?.debut;
    let quand = debut - 60.days();
    let inscrits: Vec<&Candidat> = s.inscrits().collect();
    let notes = inscrits.len().saturating_sub(reste);
    for (i, c) in inscrits.iter().take(notes).enumerate() {
        let geste = Geste::Noter {
            id: c.id.clone(),
            parcours: parcours(c, debut, i),
        };
        plume.ecrire(id, quand, Action::Parcours(geste)).await?;
    }
    let convention = Convention {
        organisme: PARTENAIRE.into(),
        reference: "CV-EX-014".into(),
        debut: debut - 300.days(),
        fin: debut + 300.days(),
        avenant_transmis_le: Some(jiff::civil::date(debut.year() - 1, 12, 5)),
        durees_verifiees_le: Some(quand - 20.days()),
    };
    let geste = Geste::NoterConvention(convention);
    plume.ecrire(id, quand, Action::Parcours(geste)).await?;
    let pieces = inscrits
        .iter()
        .take(notes)
        .enumerate()
        .flat_map(|(i, c)| {
            Piece::attendues(&s, c)
                .into_iter()
                .filter(move |p| match p {
                    Piece::Identite | Piece::Livret | Piece::Recevabilite => true,
                    Piece::Dp => i % 3 != 2,
                    _ => false,
                })
                .map(|p| (c.id.clone(), p, true))
        })
        .collect();
    let geste = Geste::NoterPieces { notes: pieces };
    plume
        .ecrire(id, quand + 2.days(), Action::Parcours(geste))
        .await
}

/// Deux aménagements : l'un accordé, sans durée ; l'autre demandé.
pub async fn amenager(plume: &Plume<'_>, id: &SessionId) -> Result<(), Erreur> {
    let s = lire(plume, id).await?;
    let debut = s.programme.as_ref().ok_or(Erreur::Introuvable)?.debut;
    let modele = Amenagement {
        etat: EtatAmenagement::Demande,
        demande_le: Some(debut - 90.days()),
        decision_le: None,
        majoration: 0,
        acces_pmr: false,
        secret: String::new(),
        jury_informe_le: None,
        applique: None,
    };
    let accorde = Amenagement {
        etat: EtatAmenagement::Accorde,
        decision_le: Some(debut - 62.days()),
        acces_pmr: true,
        ..modele.clone()
    };
    for (rang, amenagement) in [(4, accorde), (6, modele)] {
        if let Some(c) = s.inscrits().nth(rang) {
            let geste = Geste::Amenager {
                id: c.id.clone(),
                amenagement,
            };
            plume
                .ecrire(id, debut - 61.days(), Action::Parcours(geste))
                .await?;
        }
    }
    Ok(())
}

/// Le candidat en réussite partielle de la session finie se représente : une personne l'a relié, son résultat est repris.
pub async fn suivre(
    plume: &Plume<'_>,
    finie: &SessionId,
    suivante: &SessionId,
    jour: jiff::civil::Date,
) -> Result<(), Erreur> {
    let (avant, apres) = (lire(plume, finie).await?, lire(plume, suivante).await?);
    let partiel = avant.inscrits().find(|c| {
        avant
            .deliberation
            .decisions
            .get(&c.id)
            .is_some_and(|d| d.issue == metier::deliberation::Issue::Partielle)
    });
    let Some(partiel) = partiel else {
        return Ok(());
    };
    let cle = partiel.fiche.cle_rapprochement();
    let Some(la) = apres
        .inscrits()
        .find(|c| c.fiche.cle_rapprochement() == cle)
    else {
        return Ok(());
    };
    let inscription = async |session: &SessionId, c: &CandidatId| {
        personnes::inscription(plume.base, plume.centre, session, c)
            .await?
            .ok_or(Erreur::Introuvable)
    };
    let (a, b) = (
        inscription(finie, &partiel.id).await?,
        inscription(suivante, &la.id).await?,
    );
    personnes::relier(plume.base, plume.centre, &a, &b, &plume.auteur(jour)).await?;
    let anterieurs = personnes::anterieurs(plume.base, plume.centre, suivante, &la.id).await?;
    plume.reprendre(suivante, jour, &la.id, anterieurs).await?;
    let geste = Geste::Noter {
        id: la.id.clone(),
        parcours: Parcours {
            situation: Some(Situation::Repassage),
            ..la.parcours.clone()
        },
    };
    plume.ecrire(suivante, jour, Action::Parcours(geste)).await
}
