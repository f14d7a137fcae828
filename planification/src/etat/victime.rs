//! La journée de jury que l'on cherche à vider : chaque minute qu'on lui ôte se paie, sans attendre qu'elle soit fermée.
//!
//! Fermer une journée ne rapporte qu'une fois le dernier candidat parti ; un recuit froid ne paie pas d'avance les
//! premiers. Le travail de la victime a donc un prix, le temps d'une visée.

use super::Etat;

/// Prix de chaque minute de juré dans une journée à vider : de quoi compenser l'attente ou le jour de plus d'un candidat.
const PRIX_A_VIDER: i64 = 10;

impl Etat<'_, '_> {
    /// Cherche à vider cette journée de jury (ou plus aucune). L'appelant évalue ensuite.
    pub(crate) fn viser(&mut self, journee: Option<(usize, usize)>) {
        let (m, nj) = (self.m, self.m.nj);
        let neuve = journee.map_or(vec![], |(j, d)| {
            m.tenus[j].iter().map(|x| x * nj + d).collect()
        });
        let vieille = std::mem::replace(&mut self.victime, neuve);
        for i in vieille.iter().chain(&self.victime) {
            self.prix.toucher_membre(*i);
        }
    }

    /// Ce que coûte de plus le travail (en minutes) de la journée de juré `i`, si l'on cherche à la vider.
    pub(super) fn a_vider(&self, i: usize, travail: i64) -> i64 {
        if self.victime.contains(&i) {
            travail * PRIX_A_VIDER
        } else {
            0
        }
    }
}
