//! Lire le geste d'un formulaire du jour J.

use crate::acces::AccesSession;
use crate::erreurs::Erreur;
use crate::pages::session::geste::Champs;
use metier::Refus;
use metier::jour::{Action, Piece, Sortie, Venant, Verification};

/// L'action demandée : introuvable si le formulaire est fabriqué, refusée si l'heure ne se lit pas.
pub fn lire(a: &AccesSession, c: &Champs) -> Result<Result<Action, Refus>, Erreur> {
    let survenu = match c.survenu(a) {
        Ok(survenu) => survenu,
        Err(refus) => return Ok(Err(refus)),
    };
    let candidat = || c.identifiant("candidat").ok_or(Erreur::Introuvable);
    let qui = || Venant::depuis(c.un("qui"), c.un("personne")).ok_or(Erreur::Introuvable);
    let epreuve = || c.un("epreuve").to_owned();
    let candidats = || c.tous("candidats").filter_map(|x| x.parse().ok()).collect();
    Ok(Ok(match c.un("geste") {
        "arriver" => Action::Arriver {
            qui: qui()?,
            survenu,
        },
        "partir" => Action::Partir {
            qui: qui()?,
            survenu,
        },
        "verifier" => Action::Verifier {
            jure: c.identifiant("personne").ok_or(Erreur::Introuvable)?,
            quoi: c
                .tous("quoi")
                .filter_map(Verification::depuis_code)
                .collect(),
            survenu,
        },
        "present" => Action::Accueillir {
            candidat: candidat()?,
            survenu,
        },
        "absent" => Action::Absenter {
            candidat: candidat()?,
            survenu,
        },
        "pieces" => Action::VoirPieces {
            candidat: candidat()?,
            pieces: c.tous("pieces").filter_map(Piece::depuis_code).collect(),
            survenu,
        },
        "sortir" => Action::Sortir {
            candidat: candidat()?,
            sortie: Sortie::depuis_code(c.un("sortie")).ok_or(Erreur::Introuvable)?,
            survenu,
        },
        "statuer" => Action::Statuer {
            candidat: candidat()?,
            survenu,
        },
        "commencer" => Action::Commencer {
            epreuve: epreuve(),
            candidats: candidats(),
            survenu,
        },
        "finir" => Action::Finir {
            epreuve: epreuve(),
            candidats: candidats(),
            survenu,
        },
        _ => return Err(Erreur::Introuvable),
    }))
}
