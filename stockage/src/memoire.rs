//! La mémoire des sessions rejouées : pour ne rejouer que ce qui s'est ajouté.
//!
//! Une entrée n'est jamais crue sur parole : celui qui la prend la compare à la tête en base. Bornée ; la
//! moins récemment servie s'en va. Les verrous ordonnent les écritures d'un même flux dans ce processus,
//! pour que la concurrence ordinaire ne coûte pas une nouvelle décision.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard};

use metier::Session;
use metier::vues::LignesVues;

use crate::journal::Tete;

const SESSIONS_GARDEES: usize = 512;
const VERROUS: usize = 64;

/// Une session rejouée, et la tête à laquelle elle correspond.
pub(crate) type Rejouee = (Arc<Session>, Tete);

/// Les sessions déjà rejouées, par flux.
pub(crate) struct Memoire {
    sessions: Mutex<Sessions>,
    verrous: Vec<tokio::sync::Mutex<()>>,
    repartition: RandomState,
}

#[derive(Default)]
struct Sessions {
    par_flux: HashMap<String, Gardee>,
    tour: u64,
}

struct Gardee {
    rejouee: Rejouee,
    /// Les lignes de vues de cet état, si une écriture les a déjà faites.
    lignes: Option<Arc<LignesVues>>,
    servie: u64,
}

impl Default for Memoire {
    fn default() -> Self {
        Self {
            sessions: Mutex::default(),
            verrous: (0..VERROUS).map(|_| tokio::sync::Mutex::new(())).collect(),
            repartition: RandomState::new(),
        }
    }
}

impl Memoire {
    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// Ce que l'on sait du flux.
    pub fn prendre(&self, flux: &str) -> Option<Rejouee> {
        let mut sessions = self.sessions();
        sessions.tour += 1;
        let tour = sessions.tour;
        let gardee = sessions.par_flux.get_mut(flux)?;
        gardee.servie = tour;
        Some(gardee.rejouee.clone())
    }

    /// Les lignes de vues de l'état que cette tête désigne, si on les a.
    pub fn lignes(&self, flux: &str, tete: &Tete) -> Option<Arc<LignesVues>> {
        let sessions = self.sessions();
        let gardee = sessions.par_flux.get(flux)?;
        (gardee.rejouee.1 == *tete)
            .then(|| gardee.lignes.clone())
            .flatten()
    }

    /// Retient une session, sauf si l'on en connaît déjà une plus avancée.
    pub fn retenir(&self, flux: &str, rejouee: &Rejouee) {
        self.retenir_avec(flux, rejouee, None);
    }

    /// Retient aussi les lignes de vues que l'on vient d'écrire.
    pub fn retenir_avec(&self, flux: &str, rejouee: &Rejouee, lignes: Option<Arc<LignesVues>>) {
        let mut sessions = self.sessions();
        sessions.tour += 1;
        let tour = sessions.tour;
        if sessions
            .par_flux
            .get(flux)
            .is_some_and(|connue| connue.rejouee.1.rang > rejouee.1.rang)
        {
            return;
        }
        let gardee = Gardee {
            rejouee: rejouee.clone(),
            lignes,
            servie: tour,
        };
        sessions.par_flux.insert(flux.to_owned(), gardee);
        if sessions.par_flux.len() > SESSIONS_GARDEES {
            let ancienne = sessions
                .par_flux
                .iter()
                .min_by_key(|(_, gardee)| gardee.servie)
                .map(|(f, _)| f.clone());
            if let Some(ancienne) = ancienne {
                sessions.par_flux.remove(&ancienne);
            }
        }
    }

    /// Oublie le flux : il sera rejoué en entier.
    pub fn oublier(&self, flux: &str) {
        self.sessions().par_flux.remove(flux);
    }

    /// Le tour d'écriture du flux dans ce processus.
    pub async fn verrouiller(&self, flux: &str) -> tokio::sync::MutexGuard<'_, ()> {
        let rang = self.repartition.hash_one(flux) as usize % VERROUS;
        self.verrous[rang].lock().await
    }
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn la_memoire_reste_bornee_et_garde_ce_qui_sert() {
        let memoire = Memoire::default();
        let rejouee = (Arc::new(Session::default()), Tete::vide());
        memoire.retenir("servie", &rejouee);
        for i in 0..2_000 {
            memoire.retenir(&format!("flux {i}"), &rejouee);
            assert!(memoire.prendre("servie").is_some());
        }
        assert_eq!(memoire.sessions().par_flux.len(), SESSIONS_GARDEES);
    }
}
