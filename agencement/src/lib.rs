//! Le pont entre une session et le moteur de planning : l'état devient une instance, le plan redevient des passages.
//!
//! Le moteur ne sait rien des sessions ; ce crate ne sait rien des pages ni de la base. À lire dans l'ordre : [`Pont`] (l'aller),
//! `retour` (le plan en passages), [`proposer`], [`reparer`], [`Mesure`] (comparer deux plannings).

mod aller;
mod ecarts;
mod mesure;
mod places;
mod reparation;
mod retour;

pub use aller::{Depuis, Pont, Priorite};
use aller::{JURY_A_COMPOSER, MARQUE};
pub use ecarts::{Ecart, ecarts};
pub use mesure::Mesure;
pub use places::{Ailleurs, ailleurs, suivre};
pub use reparation::{jours_restants, reparer};

use metier::planning::{Passage, Seance};
use metier::{CandidatId, Session};
use planification::{Cadence, Demande, Planning, expliquer, planifier};
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

/// Une recherche s'arrête là, quoi qu'il arrive, et rend le meilleur planning trouvé.
const DUREE_MAX: Duration = Duration::from_secs(3);
/// Travail accordé, en tâches × itérations : la même demande donne le même planning.
const TRAVAIL: usize = 3_000_000;
/// Itérations accordées, au moins et au plus.
const ITERATIONS: (usize, usize) = (2_000, 30_000);

/// Un planning proposé, que personne n'a encore adopté.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brouillon {
    /// Ce qu'on a demandé : « Équilibre », « Sans la réserve »…
    pub titre: String,
    /// Les passages, tous candidats.
    pub passages: Vec<Passage>,
    /// Les délibérations.
    pub deliberations: Vec<Seance>,
    /// Candidats sans place.
    pub restes: Vec<CandidatId>,
    /// Pourquoi tout ne tient pas : des phrases, avec leurs nombres.
    pub causes: Vec<String>,
    /// Ce qui ferait tenir, essayé avant d'être dit.
    pub remedes: Vec<String>,
    /// Un motif tout prêt, pour ce qui a déjà été envoyé.
    #[serde(default)]
    pub motif: String,
}

/// Le temps qui passe pendant une recherche : un garde-fou, jamais le métronome.
struct GardeFou(Instant);

impl Cadence for GardeFou {
    fn part(&self) -> f64 {
        0.0
    }
    fn arret(&self) -> bool {
        self.0.elapsed() > DUREE_MAX
    }
    fn meilleur(&self, _: i64, _: i64, _: i64) {}
}

/// Itérations d'une recherche sur tant de tâches.
fn iterations(taches: usize) -> u64 {
    (TRAVAIL / taches.max(1)).clamp(ITERATIONS.0, ITERATIONS.1) as u64
}

/// Ce qu'on demande à [`proposer`].
#[derive(Debug, Clone, Copy)]
pub struct Souhait {
    /// Ce qui compte le plus.
    pub priorite: Priorite,
    /// Le tirage : une autre graine, une autre proposition.
    pub graine: u64,
    /// Itérations au plus ; rien : ce que la taille de la session demande.
    pub iterations: Option<u64>,
}

/// Propose un planning complet de la session. `Err` : une phrase, ce qui manque pour seulement essayer.
pub fn proposer(s: &Session, souhait: Souhait) -> Result<Brouillon, String> {
    let pont = Pont::construire(s, &souhait.priorite.depuis(), souhait.priorite)?;
    let titre = souhait.priorite.libelle().to_owned();
    let n = souhait
        .iterations
        .unwrap_or_else(|| iterations(pont.taches()));
    let libre = chercher(s, &pont, titre, (souhait.graine, n));
    let perdus = |b: &Brouillon| b.restes.iter().filter(|c| a_sa_place(s, c)).count();
    if perdus(&libre.0) == 0 {
        return Ok(expliquee(libre, &pont, souhait.graine));
    }
    // Tous ne tiennent pas, et qui est déjà convoqué perdrait sa place pour un autre : on cherche en l'y laissant.
    let mut gardes = s.clone();
    let convoques = s
        .planning
        .passages
        .iter()
        .filter(|x| a_sa_place(s, &x.candidat));
    let epingles = convoques.map(|x| (x.candidat.clone(), x.epreuve.clone()));
    gardes.planning.epingles.extend(epingles);
    let serre = Pont::construire(&gardes, &souhait.priorite.depuis(), souhait.priorite)?;
    let titre = format!("{}, les convoqués à leur place", libre.0.titre);
    let garde = chercher(&gardes, &serre, titre, (souhait.graine, n));
    let rendue = if perdus(&garde.0) < perdus(&libre.0) {
        garde
    } else {
        libre
    };
    // Ce qui manque se dit sans ces épingles : elles ne sont la cause de rien.
    Ok(expliquee(rendue, &pont, souhait.graine))
}

/// Tient-il une convocation, et le planning présent le reçoit-il à toutes ses épreuves ?
fn a_sa_place(s: &Session, c: &CandidatId) -> bool {
    let epreuves = s.programme.as_ref().map_or(0, |p| p.epreuves().len());
    s.convocations.est_remise_candidat(c) && s.planning.de(c).count() >= epreuves
}

/// Cherche et traduit : le brouillon, et le plan tel que le moteur l'a trouvé.
fn chercher(
    s: &Session,
    pont: &Pont,
    titre: String,
    (graine, iterations): (u64, u64),
) -> (Brouillon, Planning) {
    let demande = Demande {
        graine,
        fils: 1,
        iterations: Some(iterations),
    };
    let planning = planifier(&pont.instance, &demande, &GardeFou(Instant::now()));
    let (passages, deliberations) = pont.passages(s, &planning.plan);
    let brouillon = Brouillon {
        titre,
        passages,
        deliberations,
        restes: pont.restes(&planning.plan),
        causes: vec![],
        remedes: vec![],
        motif: String::new(),
    };
    (brouillon, planning)
}

/// Le brouillon, avec ce qui ne tient pas dans l'instance de ce pont, et ce qui le ferait tenir.
fn expliquee((mut b, planning): (Brouillon, Planning), pont: &Pont, graine: u64) -> Brouillon {
    if !b.restes.is_empty() {
        let dit = expliquer(&pont.instance, &planning, graine, &GardeFou(Instant::now()));
        b.causes = dit.causes.into_iter().map(|c| c.phrase).collect();
        b.remedes = dit.relaxations.into_iter().map(|r| r.phrase).collect();
    }
    b
}
