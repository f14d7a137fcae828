//! La porte des pages : chercher un plan en suivant l'avancement, et le rendre déjà contrôlé.

use crate::controle::{Manquement, Mesure, controler};
use crate::instance::Instance;
use crate::moteur::{Demande, Planning, planifier};
use crate::recherche::Cadence;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Jusqu'où chercher.
#[derive(Clone, Copy)]
pub enum Budget<'a> {
    /// Un nombre d'itérations : mêmes instance et graine, mêmes octets.
    Iterations(u64),
    /// Une horloge injectée : la part écoulée du temps accordé, de 0 à 1.
    Horloge(&'a (dyn Fn() -> f64 + Sync)),
}

/// Un plan meilleur que les précédents vient d'être trouvé.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progres {
    /// Candidats laissés de côté.
    pub restes: i64,
    /// Journées de jurés, de surveillants, de sites.
    pub cout: i64,
    /// Qualité, en minutes.
    pub qualite: i64,
}

/// Un plan, contrôlé par le code indépendant du moteur.
#[derive(Debug, Clone)]
pub struct Resultat {
    /// Le plan et son prix selon le moteur.
    pub planning: Planning,
    /// Les règles que le passé figé ou les épingles font enfreindre ; vide le plus souvent.
    pub manquements: Vec<Manquement>,
    /// La mesure, composante par composante.
    pub mesure: Mesure,
}

type Suivi<'a> = &'a mut (dyn FnMut(&Progres) -> ControlFlow<()> + Send);

struct Suivre<'a, 'b> {
    budget: Budget<'a>,
    suivi: Mutex<Suivi<'b>>,
    arret: AtomicBool,
}

impl Cadence for Suivre<'_, '_> {
    fn part(&self) -> f64 {
        match self.budget {
            Budget::Iterations(_) => 0.0,
            Budget::Horloge(part) => part(),
        }
    }

    fn arret(&self) -> bool {
        self.arret.load(Ordering::Relaxed)
    }

    fn meilleur(&self, restes: i64, cout: i64, qualite: i64) {
        let progres = Progres {
            restes,
            cout,
            qualite,
        };
        let mut suivi = self
            .suivi
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if (*suivi)(&progres).is_break() {
            self.arret.store(true, Ordering::Relaxed);
        }
    }
}

/// Cherche le meilleur plan dans le budget, sur un fil ; `suivi` apprend chaque progrès et peut arrêter là.
///
/// Pour garder un plan connu et n'en changer que le nécessaire, donnez une [`crate::instance::Reprise`] à l'instance
/// (maintenant : jour 0, minute 0) ; pour fixer une place, une [`crate::instance::Epingle`].
pub fn resoudre(
    instance: &Instance,
    budget: Budget<'_>,
    graine: u64,
    suivi: &mut (dyn FnMut(&Progres) -> ControlFlow<()> + Send),
) -> Resultat {
    let demande = Demande {
        graine,
        fils: 1,
        iterations: match budget {
            Budget::Iterations(n) => Some(n),
            Budget::Horloge(_) => None,
        },
    };
    let cadence = Suivre {
        budget,
        suivi: Mutex::new(suivi),
        arret: AtomicBool::new(false),
    };
    let planning = planifier(instance, &demande, &cadence);
    let (manquements, mesure) =
        controler(instance, &planning.plan).expect("invariant : le moteur ne nomme que ses jours");
    Resultat {
        planning,
        manquements,
        mesure,
    }
}
