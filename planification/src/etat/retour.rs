//! Garder ou défaire ce qui a été fait depuis un repère.

use super::prix::Marque;
use super::{Etat, Geste};

/// Un moment où revenir.
#[derive(Clone, Copy)]
pub(crate) struct Repere {
    gestes: usize,
    prix: Marque,
}

impl Etat<'_, '_> {
    pub(crate) fn repere(&self) -> Repere {
        Repere {
            gestes: self.gestes.len(),
            prix: self.prix.marquer(),
        }
    }

    pub(crate) fn accepter(&mut self) {
        self.gestes.clear();
        self.prix.accepter();
    }

    /// Défait tout jusqu'au repère.
    pub(crate) fn defaire(&mut self, repere: Repere) {
        while self.gestes.len() > repere.gestes {
            match self.gestes.pop().expect("invariant : il en reste") {
                Geste::Place(t) => {
                    self.oter(t as usize);
                }
                Geste::Retire(t, p) => self.poser(t as usize, p),
                Geste::Delib(j, avant) => self.ecrire_delib(usize::from(j), avant),
            }
        }
        self.prix.revenir(&repere.prix);
    }
}
