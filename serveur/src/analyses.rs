//! Ce que les règles et la check-list disent d'une session, retenu tant que ni elle ni le jour ne changent.
//!
//! C'est un calcul pur de l'état et du jour : la tête du journal le désigne, rien n'est à invalider.

use jiff::civil::Date;
use metier::taches::{self, VueTache};
use metier::{Constat, Session, SessionId, reglement};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use stockage::Tete;

/// Sessions retenues ; au-delà, on oublie tout et l'on recommence.
const SESSIONS_RETENUES: usize = 256;

/// Une session examinée un jour donné.
pub struct Analyse {
    /// Les constats de toutes les règles, manques compris.
    pub constats: Vec<Constat>,
    /// Les tâches de la check-list et leur état.
    pub taches: Vec<VueTache>,
}

struct Retenue {
    empreinte: String,
    jour: Date,
    analyse: Arc<Analyse>,
}

/// Les analyses retenues.
#[derive(Default)]
pub struct Analyses(Mutex<HashMap<SessionId, Retenue>>);

impl Analyses {
    /// L'analyse de cette session, telle que sa tête la désigne, ce jour-là.
    pub fn de(&self, id: &SessionId, session: &Session, tete: &Tete, jour: Date) -> Arc<Analyse> {
        let connue = |r: &&Retenue| r.empreinte == tete.empreinte && r.jour == jour;
        if let Some(r) = self.ouvrir().get(id).filter(connue) {
            return r.analyse.clone();
        }
        let analyse = Arc::new(Analyse {
            constats: reglement::examiner(session, jour),
            taches: taches::vues(session, jour),
        });
        let mut retenues = self.ouvrir();
        if retenues.len() >= SESSIONS_RETENUES {
            retenues.clear();
        }
        let retenue = Retenue {
            empreinte: tete.empreinte.clone(),
            jour,
            analyse: analyse.clone(),
        };
        retenues.insert(id.clone(), retenue);
        analyse
    }

    fn ouvrir(&self) -> std::sync::MutexGuard<'_, HashMap<SessionId, Retenue>> {
        // Un calcul interrompu n'a rien laissé à moitié : ce qui est retenu reste vrai.
        self.0.lock().unwrap_or_else(|e| e.into_inner())
    }
}
