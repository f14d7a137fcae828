//! Les pièces attendues d'un candidat, et où en est chacune : au dossier, vue à l'examen, ou manquante.

use super::super::Session;
use super::super::candidats::Candidat;
use super::super::convocations::{Destinataire, Etat};
use super::super::jour::Piece;
use jiff::civil::Date;

/// Où est une pièce attendue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OuEstLaPiece {
    /// Vue à l'accueil, le jour de l'examen.
    VueLeJour,
    /// Au dossier depuis ce jour.
    AuDossier(Date),
    /// La convocation est remise : le candidat l'a.
    Remise,
    /// Elle manque.
    Manque,
}

impl OuEstLaPiece {
    /// Est-elle là ?
    pub fn est_la(self) -> bool {
        self != Self::Manque
    }
}

/// Une pièce attendue, et où elle en est.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attendue {
    /// La pièce.
    pub piece: Piece,
    /// Où.
    pub ou: OuEstLaPiece,
}

/// Les pièces attendues d'un candidat dans cette session, dans l'ordre de la check-list.
pub fn attendues_de(s: &Session, c: &Candidat) -> Vec<Attendue> {
    Piece::attendues(s, c)
        .into_iter()
        .map(|piece| {
            let ou = if s.jour.pieces.contains_key(&(c.id.clone(), piece)) {
                OuEstLaPiece::VueLeJour
            } else if let Some(le) = c.pieces.get(&piece) {
                OuEstLaPiece::AuDossier(*le)
            } else if piece == Piece::Convocation
                && s.etat_convocation(&Destinataire::Candidat(c.id.clone())) == Etat::Remise
            {
                OuEstLaPiece::Remise
            } else {
                OuEstLaPiece::Manque
            };
            Attendue { piece, ou }
        })
        .collect()
}
