//! Emporter la liste des sessions, telle qu'elle est cherchée à l'écran.

use super::Demande;
use crate::acces::Acces;
use crate::erreurs::{Erreur, Reponse};
use crate::exportation::{Format, listes, rendre_liste};
use axum::extract::{Path, Query};
use stockage::vues;

/// GET /sessions/emporter/{format} : toutes les pages de la recherche, et seulement les sessions que la personne voit.
pub(super) async fn liste(
    a: Acces,
    Path(format): Path<String>,
    Query(q): Query<Demande>,
) -> Reponse {
    let format = Format::depuis(&format).ok_or(Erreur::Introuvable)?;
    let mut filtre = q.filtre(&a);
    filtre.apres = None;
    let mut sessions = vec![];
    loop {
        let page = vues::sessions(&a.etat.base, &a.centre, &filtre).await?;
        sessions.extend(page.sessions);
        match page.suivante {
            Some(cle) => filtre.apres = Some(cle),
            None => break,
        }
    }
    let jour = a.etat.horloge.jour();
    rendre_liste(
        &listes::sessions(&sessions),
        format,
        &format!("sessions-{jour}"),
    )
}
