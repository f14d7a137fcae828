//! Les éditions d'ensemble en cours : où elles en sont, ce qu'elles ont donné. Rien ici n'est une vérité : ce qui est
//! édité est au journal ; si le serveur s'arrête, rien n'est figé et l'on recommence.

use metier::SessionId;
use metier::convocations::Document;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Combien d'éditions on retient, toutes sessions confondues.
const RETENUES: usize = 64;

/// Où en est une édition.
#[derive(Debug, Clone)]
pub enum Etape {
    /// Elle compose.
    EnCours,
    /// Tout est figé.
    Faite(Vec<Document>),
    /// Rien n'a été figé, et voici pourquoi.
    Refusee(Vec<String>),
}

/// Une édition d'ensemble.
#[derive(Debug, Clone)]
pub struct Travail {
    /// La session.
    pub session: SessionId,
    /// Papiers à composer, l'ensemble compris.
    pub total: usize,
    /// Papiers composés.
    pub faits: usize,
    /// Ce qui a été laissé de côté : (intitulé, pourquoi).
    pub ecartes: Vec<(String, Vec<String>)>,
    /// Où elle en est.
    pub etape: Etape,
}

/// Les éditions retenues, par identifiant (le plus ancien d'abord).
#[derive(Debug, Default)]
pub struct Travaux(Mutex<BTreeMap<String, Travail>>);

impl Travaux {
    /// Ouvre une édition.
    pub fn ouvrir(&self, id: &str, travail: Travail) {
        let mut t = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while t.len() >= RETENUES {
            t.pop_first();
        }
        t.insert(id.to_owned(), travail);
    }
    /// Une édition de cette session.
    pub fn de(&self, id: &str, session: &SessionId) -> Option<Travail> {
        let t = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        t.get(id).filter(|x| x.session == *session).cloned()
    }
    /// Change ce que l'on en sait.
    pub fn noter(&self, id: &str, changer: impl FnOnce(&mut Travail)) {
        let mut t = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(x) = t.get_mut(id) {
            changer(x);
        }
    }
}

#[cfg(test)]
mod essais {
    use super::*;

    fn travail(session: &str) -> Travail {
        Travail {
            session: session.parse().unwrap(),
            total: 3,
            faits: 0,
            ecartes: vec![],
            etape: Etape::EnCours,
        }
    }

    #[test]
    fn une_edition_ne_se_lit_que_depuis_sa_session_et_les_anciennes_s_oublient() {
        let t = Travaux::default();
        t.ouvrir("000", travail("s-1"));
        t.noter("000", |x| x.faits = 2);
        assert_eq!(t.de("000", &"s-1".parse().unwrap()).unwrap().faits, 2);
        assert!(t.de("000", &"s-2".parse().unwrap()).is_none());
        for i in 1..=RETENUES {
            t.ouvrir(&format!("{i:03}"), travail("s-1"));
        }
        assert!(t.de("000", &"s-1".parse().unwrap()).is_none());
    }
}
