//! La porte du moteur : une instance, un budget, un plan.

use crate::instance::Instance;
use crate::modele::{Modele, NUL, Place};
use crate::recherche::{Cadence, Meilleur, Piste};
use crate::solution::{Deliberation, Plan, SCHEMA, Tache};

/// Pistes d'un budget en itérations : fixe, pour que 1 ou 2 fils donnent les mêmes octets.
const PISTES: u64 = 2;

/// Ce qu'on demande au moteur.
#[derive(Debug, Clone, Copy)]
pub struct Demande {
    /// Graine du hasard.
    pub graine: u64,
    /// Fils d'exécution, 1 au moins.
    pub fils: usize,
    /// Itérations, ou `None` : la cadence arrête.
    pub iterations: Option<u64>,
}

/// Un plan, et son prix selon le moteur (le contrôle le recalcule à part).
#[derive(Debug, Clone)]
pub struct Planning {
    /// Le plan.
    pub plan: Plan,
    /// Candidats laissés de côté.
    pub restes: i64,
    /// Épingles perdues faute de place.
    pub epingles: i64,
    /// Perturbation (reprise).
    pub perturbation: i64,
    /// Coût.
    pub cout: i64,
    /// Qualité, en minutes.
    pub qualite: i64,
}

/// Cherche le meilleur plan dans le budget. Mêmes instance, graine et itérations : même plan, quel que soit `fils`.
pub fn planifier(instance: &Instance, demande: &Demande, cadence: &dyn Cadence) -> Planning {
    let modele = Modele::new(instance);
    let fils = demande.fils.clamp(1, 64);
    let pistes = if demande.iterations.is_some() {
        PISTES
    } else {
        fils as u64
    };
    let part = demande.iterations.map(|n| n.div_ceil(PISTES));
    let jouer = |i: u64| {
        Piste::new(
            &modele,
            demande.graine.wrapping_mul(1000).wrapping_add(i),
            part,
            cadence,
        )
        .jouer()
    };
    let mut trouves: Vec<Meilleur> = if fils == 1 {
        (0..pistes).map(jouer).collect()
    } else {
        std::thread::scope(|s| {
            let jouer = &jouer;
            let lances: Vec<_> = (0..pistes).map(|i| s.spawn(move || jouer(i))).collect();
            lances
                .into_iter()
                .map(|l| l.join().expect("invariant : une piste ne panique pas"))
                .collect()
        })
    };
    // À prix égal, la première piste : l'ordre des fils n'y change rien.
    let mut choisi = 0;
    for i in 1..trouves.len() {
        if trouves[i].0 < trouves[choisi].0 {
            choisi = i;
        }
    }
    let (v, places, delibs) = trouves.swap_remove(choisi);
    Planning {
        plan: ecrire(&modele, &places, &delibs),
        restes: v.restes,
        epingles: v.epingles,
        perturbation: v.perturbation,
        cout: v.cout,
        qualite: v.qualite,
    }
}

/// Une place, avec les noms de l'instance.
pub(crate) fn nommer(m: &Modele<'_>, t: usize, p: &Place) -> Tache {
    let (inst, t) = (m.inst, &m.taches[t]);
    let enc = usize::from(p.enc);
    Tache {
        candidate: inst.candidats[t.cand].id.clone(),
        epreuve: inst.epreuves[t.ep].id.clone(),
        day: i64::from(p.jour),
        start: i64::from(p.debut) * m.pas,
        room: (p.salle != NUL).then(|| inst.salles[usize::from(p.salle)].id.clone()),
        jury: (t.jury && p.enc != NUL).then(|| inst.jurys[enc].id.clone()),
        surveillant: (!t.jury && p.enc != NUL).then(|| inst.surveillants[enc].id.clone()),
    }
}

fn ecrire(m: &Modele<'_>, places: &[Option<Place>], delibs: &[Option<(u16, u16)>]) -> Plan {
    let inst = m.inst;
    Plan {
        schema: SCHEMA.to_owned(),
        instance: inst.id.clone(),
        tasks: (0..m.taches.len())
            .filter_map(|t| places[t].map(|p| nommer(m, t, &p)))
            .collect(),
        deliberations: delibs
            .iter()
            .enumerate()
            .filter_map(|(j, d)| d.map(|(jour, debut)| (j, jour, debut)))
            .map(|(j, jour, debut)| Deliberation {
                jury: inst.jurys[j].id.clone(),
                day: i64::from(jour),
                start: i64::from(debut) * m.pas,
            })
            .collect(),
        unplanned: (0..inst.candidats.len())
            .filter(|c| m.de_candidat[*c].clone().any(|t| places[t].is_none()))
            .map(|c| inst.candidats[c].id.clone())
            .collect(),
    }
}
