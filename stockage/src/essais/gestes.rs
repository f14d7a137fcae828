//! Les gestes communs aux essais de preuve et de conservation.

use metier::SessionId;

use super::recit::*;
use crate::base::{Base, Requete, Valeur};
use crate::{OrdreDePurge, PieceNouvelle, Rapport, executer_avec_pieces};

pub fn ordre(quoi: &str) -> OrdreDePurge {
    OrdreDePurge {
        acte: acte(quoi),
        le: "2031-12-31T09:00:00Z".into(),
        saisi_par: id("p-archive"),
        motif: "cinq ans après la session".into(),
    }
}

pub fn piece_nouvelle() -> PieceNouvelle {
    PieceNouvelle {
        id: neuf("piece"),
        classe: "session".into(),
        nom: "pv.pdf".into(),
        nature: "application/pdf".into(),
        octets: b"%PDF-1.7 essai".to_vec(),
    }
}

pub async fn alterer(base: &Base, sql: &'static str, valeurs: Vec<Valeur>) {
    assert_eq!(
        base.transaction(vec![Requete::new(sql, valeurs)])
            .await
            .unwrap(),
        [1],
        "{sql}"
    );
}

#[track_caller]
pub fn nomme(rapport: &Rapport, rang: Option<u64>, quoi: &str) {
    let vu = rapport
        .alterations
        .iter()
        .any(|a| a.rang == rang && a.quoi.contains(quoi));
    assert!(
        vu,
        "rang {rang:?}, « {quoi} » attendu : {:?}",
        rapport.alterations
    );
}

pub async fn joindre(base: &Base, session: &SessionId, jointe: &PieceNouvelle) {
    let pieces = std::slice::from_ref(jointe);
    let action = inscrire(jointe.id.as_str(), "Piece");
    executer_avec_pieces(
        base,
        &centre(),
        session,
        neuf("acte"),
        &action,
        &contexte(),
        pieces,
    )
    .await
    .unwrap();
}
