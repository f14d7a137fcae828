//! Les journées d'examen : plusieurs sessions CCP d'un même titre, le même jour, réunies par une personne.
//!
//! Réunir ne change rien aux sessions : chacune garde son numéro CERES, son journal, son procès-verbal. On note seulement
//! lesquelles vont ensemble, et laquelle porte l'entretien final. Les gestes s'inscrivent au journal du centre.

use metier::SessionId;
use metier::vues::LigneSession;
use serde_json::json;

use crate::annuaire::{Auteur, enregistrer};
use crate::base::{Base, Erreur, Requete, Resultat};
use crate::centre::Centre;
use crate::journal_centre::Changement;
use crate::valeurs;

/// Sessions d'un même jour regardées (limite de Garant).
const VOISINES_MAX: u64 = 200;

/// Une session du même jour, et la journée où elle est.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voisine {
    /// La session.
    pub session: SessionId,
    /// Sa ligne.
    pub ligne: LigneSession,
    /// La journée à laquelle elle est réunie.
    pub journee: Option<String>,
    /// Porte-t-elle l'entretien final de cette journée ?
    pub entretien: bool,
}

/// Les sessions CCP de ce titre qui commencent ce jour-là sur ce site, celle-ci comprise.
pub async fn voisines(
    base: &Base,
    centre: &Centre,
    titre: &str,
    site: &str,
    debut: &str,
) -> Resultat<Vec<Voisine>> {
    let sql = "SELECT v.session, v.json, j.journee, j.entretien FROM vue_session v
               LEFT JOIN journee_session j ON j.centre = v.centre AND j.session = v.session
               WHERE v.centre = $1 AND v.debut = $2 ORDER BY v.session LIMIT $3";
    let mut voisines = vec![];
    for ligne in base
        .lire(sql, &valeurs![centre, debut, VOISINES_MAX])
        .await?
    {
        let illisible = || Erreur::Altere("vue_session : ligne illisible".to_owned());
        let lue: LigneSession =
            serde_json::from_str(ligne.texte_ref(1)?).map_err(|_| illisible())?;
        if lue.titre == titre && lue.site == site && lue.type_session == "ccp" && !lue.annulee {
            voisines.push(Voisine {
                session: ligne.texte_ref(0)?.parse().map_err(|_| illisible())?,
                ligne: lue,
                journee: ligne.texte_option(2)?,
                entretien: ligne.entier_option(3)? == Some(1),
            });
        }
    }
    Ok(voisines)
}

/// Réunit ces sessions en une journée ; `entretien` est celle qui porte l'entretien final, s'il y en a un.
pub async fn reunir(
    base: &Base,
    centre: &Centre,
    sessions: &[SessionId],
    entretien: Option<&SessionId>,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let Some(premiere) = sessions.iter().min() else {
        return Err(Erreur::Introuvable);
    };
    let journee = premiere.as_str();
    let mut requetes = vec![Requete::new(
        "DELETE FROM journee_session WHERE centre = $1 AND journee = $2",
        valeurs![centre, journee],
    )];
    for s in sessions {
        requetes.push(Requete::new(
            "INSERT INTO journee_session (centre, session, journee, entretien) VALUES ($1, $2, $3, $4)
             ON CONFLICT (centre, session) DO UPDATE SET journee = excluded.journee, entretien = excluded.entretien",
            valeurs![centre, s.as_str(), journee, u64::from(Some(s) == entretien)],
        ));
    }
    let details = json!({
        "sessions": sessions.iter().map(SessionId::as_str).collect::<Vec<_>>(),
        "entretien": entretien.map(SessionId::as_str),
    });
    enregistrer(base, centre, auteur, "journee.reunie", details, requetes).await
}

/// Défait la journée à laquelle cette session est réunie.
pub async fn defaire(
    base: &Base,
    centre: &Centre,
    journee: &str,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let requete = Requete::new(
        "DELETE FROM journee_session WHERE centre = $1 AND journee = $2",
        valeurs![centre, journee],
    );
    enregistrer(
        base,
        centre,
        auteur,
        "journee.defaite",
        json!({ "journee": journee }),
        vec![requete],
    )
    .await
}
