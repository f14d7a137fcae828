//! Ce qu'une personne fait d'un courriel : le renvoyer, l'annuler, le tenir pour parti. Chaque geste va au journal du centre.

use super::boite::{Courriel, Etat};
use crate::annuaire::{Auteur, enregistrer};
use crate::base::{Base, Requete, Resultat};
use crate::journal_centre::Changement;
use crate::{Centre, valeurs};
use serde_json::json;

/// Un geste sur un courriel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Geste {
    /// L'envoyer (de nouveau).
    Renvoyer,
    /// Ne plus l'envoyer.
    Annuler,
    /// Le tenir pour envoyé : la personne sait qu'il est arrivé.
    TenirPourEnvoye,
}

impl Geste {
    /// Retrouve par le code du bouton.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Some(match code {
            "renvoyer" => Self::Renvoyer,
            "annuler" => Self::Annuler,
            "envoye" => Self::TenirPourEnvoye,
            _ => return None,
        })
    }

    /// Ce geste a-t-il un sens dans cet état ?
    pub fn est_possible(self, etat: Etat) -> bool {
        match self {
            Self::Renvoyer => matches!(
                etat,
                Etat::Refuse | Etat::Abandonne | Etat::Incertain | Etat::AReessayer | Etat::Annule
            ),
            Self::Annuler => matches!(etat, Etat::AEnvoyer | Etat::AReessayer),
            Self::TenirPourEnvoye => etat == Etat::Incertain,
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::Renvoyer => "courriel.renvoye",
            Self::Annuler => "courriel.annule",
            Self::TenirPourEnvoye => "courriel.tenu_pour_envoye",
        }
    }
}

/// Fait le geste sur le courriel tel qu'il était vu ; [`crate::Erreur::Conflit`] s'il a changé depuis.
pub async fn agir(
    base: &Base,
    centre: &Centre,
    c: &Courriel,
    geste: Geste,
    auteur: &Auteur,
    maintenant: i64,
) -> Resultat<Changement> {
    let (etat, essais) = match geste {
        Geste::Renvoyer => (Etat::AEnvoyer, 0),
        Geste::Annuler => (Etat::Annule, c.tentatives),
        Geste::TenirPourEnvoye => (Etat::Envoye, c.tentatives),
    };
    let requete = Requete::new(
        "UPDATE courriel SET etat = $4, prochain = $5, change = $5, tentatives = $6 \
         WHERE centre = $1 AND id = $2 AND etat = $3",
        valeurs![
            centre,
            &c.id,
            c.etat.code(),
            etat.code(),
            maintenant,
            essais
        ],
    )
    .attendu(1);
    let details = json!({ "courriel": c.id, "genre": c.message.genre, "avant": c.etat.code() });
    enregistrer(base, centre, auteur, geste.action(), details, vec![requete]).await
}
