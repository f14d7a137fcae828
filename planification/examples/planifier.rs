//! Le moteur seul, pour le banc : `INSTANCE SOLUTION BUDGET GRAINE FILS`, où BUDGET vaut `1000` (millisecondes),
//! `c1000` (millisecondes de processeur du fil principal : juste sur une machine partagée, avec un seul fil) ou `i500`
//! (itérations). `BAVARD=1` dit chaque progrès.

use planification::{Cadence, Demande, Instance, planifier};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

struct Horloge {
    depart: Instant,
    duree: Duration,
    processeur: bool,
    vus: AtomicU64,
}

/// Temps de processeur du fil principal, selon Linux.
fn processeur() -> f64 {
    std::fs::read_to_string("/proc/self/schedstat")
        .ok()
        .and_then(|t| t.split(' ').next()?.parse::<f64>().ok())
        .map_or(0.0, |ns| ns / 1e9)
}

impl Horloge {
    fn ecoule(&self) -> f64 {
        if self.processeur {
            processeur()
        } else {
            self.depart.elapsed().as_secs_f64()
        }
    }
}

impl Cadence for Horloge {
    fn part(&self) -> f64 {
        self.ecoule() / self.duree.as_secs_f64()
    }
    fn arret(&self) -> bool {
        false
    }
    fn meilleur(&self, restes: i64, cout: i64, qualite: i64) {
        if restes == 0 {
            let us = (self.ecoule() * 1e6) as u64;
            let _ = self
                .vus
                .compare_exchange(0, us, Ordering::Relaxed, Ordering::Relaxed);
        }
        if std::env::var_os("BAVARD").is_some() {
            eprintln!("{:.3} s : {restes} / {cout} / {qualite}", self.ecoule());
        }
    }
}

fn main() {
    let depart = Instant::now();
    let a: Vec<String> = std::env::args().skip(1).collect();
    let texte = std::fs::read_to_string(&a[0]).expect("l'instance se lit");
    let instance = Instance::lire(&texte).unwrap_or_else(|e| panic!("{e}"));
    let nombre = |t: &str| t.parse::<u64>().expect("un nombre");
    let horloge = Horloge {
        depart,
        duree: Duration::from_millis(a[2].trim_start_matches('c').parse().unwrap_or(1)),
        processeur: a[2].starts_with('c'),
        vus: AtomicU64::new(0),
    };
    let demande = Demande {
        graine: nombre(&a[3]),
        fils: nombre(&a[4]) as usize,
        iterations: a[2].strip_prefix('i').map(nombre),
    };
    let p = planifier(&instance, &demande, &horloge);
    std::fs::write(&a[1], p.plan.texte()).expect("le plan s'écrit");
    // restes, perturbation, coût, qualité, millisecondes, et l'instant du premier plan complet (0 : jamais).
    println!(
        "{} {} {} {} {:.0} {:.1}",
        p.restes,
        p.perturbation,
        p.cout,
        p.qualite,
        horloge.ecoule() * 1000.0,
        horloge.vus.load(Ordering::Relaxed) as f64 / 1000.0
    );
}
