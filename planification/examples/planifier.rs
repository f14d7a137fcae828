//! Le moteur seul, pour le banc : INSTANCE SOLUTION DUREE_MS|iN GRAINE FILS.

use planification::{Cadence, Demande, Instance, planifier};
use std::time::{Duration, Instant};

struct Horloge(Instant, Duration);

impl Cadence for Horloge {
    fn part(&self) -> f64 {
        self.0.elapsed().as_secs_f64() / self.1.as_secs_f64()
    }
    fn arret(&self) -> bool {
        false
    }
    fn meilleur(&self, restes: i64, cout: i64, qualite: i64) {
        if std::env::var_os("BAVARD").is_some() {
            eprintln!(
                "{:.3} s : {restes} / {cout} / {qualite}",
                self.0.elapsed().as_secs_f64()
            );
        }
    }
}

fn main() {
    let depart = Instant::now();
    let a: Vec<String> = std::env::args().skip(1).collect();
    let texte = std::fs::read_to_string(&a[0]).expect("l'instance se lit");
    let instance = Instance::lire(&texte).unwrap_or_else(|e| panic!("{e}"));
    let iterations = a[2]
        .strip_prefix('i')
        .map(|n| n.parse().expect("un nombre"));
    let ms = a[2].parse().unwrap_or(0);
    let demande = Demande {
        graine: a[3].parse().expect("un nombre"),
        fils: a[4].parse().expect("un nombre"),
        iterations,
    };
    let p = planifier(
        &instance,
        &demande,
        &Horloge(depart, Duration::from_millis(ms)),
    );
    std::fs::write(&a[1], p.plan.texte()).expect("le plan s'écrit");
    println!(
        "{} {} {} {} ({:.3} s)",
        p.restes,
        p.perturbation,
        p.cout,
        p.qualite,
        depart.elapsed().as_secs_f64()
    );
}
