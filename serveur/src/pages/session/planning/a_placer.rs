//! Ce qui n'a pas encore sa place au planning, candidat par candidat : chaque épreuve mène à la page qui la place.

use crate::acces::AccesSession;
use std::collections::HashSet;

/// Candidats montrés d'emblée ; les autres se déplient.
const MONTRES: usize = 10;

/// Ce qu'il reste à placer d'un candidat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct APlacer {
    pub(super) candidat: String,
    /// Aucune de ses épreuves n'a de place.
    pub(super) rien_de_place: bool,
    /// L'intitulé de chaque épreuve, et la page où la placer.
    pub(super) epreuves: Vec<(String, String)>,
}

/// Les candidats montrés d'emblée, et ceux qui se déplient.
pub(super) fn a_placer(a: &AccesSession) -> (Vec<APlacer>, Vec<APlacer>) {
    let (s, base) = (&a.session, a.base());
    let Some(p) = s.programme.as_ref() else {
        return (vec![], vec![]);
    };
    let passages = s.planning.passages.iter();
    let places: HashSet<(&str, &str)> = passages
        .map(|x| (x.candidat.as_str(), x.epreuve.as_str()))
        .collect();
    let du_candidat = |c: &metier::candidats::Candidat| {
        let siennes = p.epreuves();
        let manquent = siennes
            .iter()
            .filter(|e| !places.contains(&(c.id.as_str(), e.code.as_str())));
        let epreuves: Vec<(String, String)> = manquent
            .map(|e| {
                let page = format!("{base}/planning/{}/{}", c.id, e.code);
                (e.nature.clone(), page)
            })
            .collect();
        (!epreuves.is_empty()).then(|| APlacer {
            candidat: c.fiche.nom_complet(),
            rien_de_place: epreuves.len() == siennes.len(),
            epreuves,
        })
    };
    let mut tous: Vec<APlacer> = s.inscrits().filter_map(du_candidat).collect();
    let suite = tous.split_off(MONTRES.min(tous.len()));
    (tous, suite)
}
