//! La porte du moteur : une instance, un budget, un plan.

use crate::borne::restes_au_moins;
use crate::instance::Instance;
use crate::modele::{Modele, NUL, Place};
use crate::recherche::{Cadence, Calendrier, Depart, Meilleur, Piste, choisir};
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
    let jamais = restes_au_moins(&modele) as i64;
    let part = demande.iterations.map(|n| n.div_ceil(PISTES));
    let mut pistes: Vec<Piste> = (0..pistes)
        .map(|i| {
            let graine = demande.graine.wrapping_mul(1000).wrapping_add(i);
            Piste::new(&modele, graine, part, jamais, cadence)
        })
        .collect();
    chercher(&mut pistes, fils, instance);
    let mut trouves: Vec<Meilleur> = pistes.into_iter().map(Piste::finir).collect();
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

/// Toutes les pistes, manche après manche : entre deux, les meilleurs départs se partagent.
fn chercher(pistes: &mut [Piste], fils: usize, inst: &Instance) {
    let calendrier = Calendrier::new(inst.candidats.len(), inst.reprise.is_some());
    let n = pistes.len();
    let personne = (0..n).map(|_| vec![]).collect();
    let mut departs = ensemble(pistes, fils, personne, |piste, _| {
        piste.ouvrir();
        match calendrier.manches.first() {
            Some(premiere) => piste.partir(premiere, &calendrier),
            None => {
                piste.recuire(1.0, &calendrier);
                vec![]
            }
        }
    });
    let tiede = calendrier.tiede();
    for manche in calendrier.manches.iter().skip(1) {
        let lots = choisir(departs, n, manche);
        departs = ensemble(pistes, fils, lots, |piste, lot| {
            piste.poursuivre(lot, manche, &tiede)
        });
    }
}

/// Joue une manche sur toutes les pistes, chacune avec son lot, et réunit leurs départs dans l'ordre des pistes.
fn ensemble(
    pistes: &mut [Piste],
    fils: usize,
    lots: Vec<Vec<Depart>>,
    jouer: impl Fn(&mut Piste, Vec<Depart>) -> Vec<Depart> + Sync,
) -> Vec<Depart> {
    let chacune = pistes.iter_mut().zip(lots);
    if fils == 1 {
        return chacune.flat_map(|(piste, lot)| jouer(piste, lot)).collect();
    }
    std::thread::scope(|s| {
        let jouer = &jouer;
        let lances: Vec<_> = chacune
            .map(|(piste, lot)| s.spawn(move || jouer(piste, lot)))
            .collect();
        lances
            .into_iter()
            .flat_map(|l| l.join().expect("invariant : une piste ne panique pas"))
            .collect()
    })
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
