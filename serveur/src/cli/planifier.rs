//! `garant planifier` : une instance tp-planning/1, un budget, le meilleur plan écrit ; et pourquoi s'il en reste.

use super::{Arret, ECHEC, ILLISIBLE};
use clap::Args;
use planification::{Cadence, Demande, Instance, controle, expliquer, planifier};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Ce que la commande reçoit.
#[derive(Args)]
pub(super) struct Options {
    /// L’instance, au format tp-planning/1
    #[arg(value_name = "INSTANCE")]
    instance: PathBuf,
    /// Où écrire le plan, au format tp-planning-solution/1
    #[arg(short = 'o', long = "vers", value_name = "SOLUTION")]
    vers: PathBuf,
    /// Temps de recherche : 500ms, 10s, 2m [par défaut : 10s]
    #[arg(long, value_name = "DUREE", value_parser = lire_duree, conflicts_with = "iterations")]
    duree: Option<Duration>,
    /// Itérations de recherche, pour un plan rejouable à l’octet près
    #[arg(long, value_name = "N")]
    iterations: Option<u64>,
    /// Graine du hasard
    #[arg(long, value_name = "K", default_value_t = 1, hide_default_value = true)]
    graine: u64,
    /// Fils d’exécution [par défaut : 2]
    #[arg(long, value_name = "N", default_value_t = 2, hide_default_value = true, value_parser = clap::value_parser!(u16).range(1..=64))]
    fils: u16,
    /// Dit en JSON, sur la sortie, pourquoi des candidats restent de côté et ce qui les placerait
    #[arg(long)]
    expliquer: bool,
}

fn lire_duree(texte: &str) -> Result<Duration, String> {
    let coupe = texte
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(texte.len());
    let (nombre, unite) = texte.split_at(coupe);
    let ms = match unite {
        "ms" => 1.0,
        "s" | "" => 1000.0,
        "m" | "min" => 60_000.0,
        _ => -1.0,
    };
    match nombre.parse::<f64>() {
        Ok(n) if ms > 0.0 && n > 0.0 && n * ms <= 86_400_000.0 => {
            Ok(Duration::from_secs_f64(n * ms / 1000.0))
        }
        _ => Err("écrivez la durée comme 500ms, 10s ou 2m".to_owned()),
    }
}

/// Le temps qui passe, et l'arrêt demandé par un signal.
struct Chrono {
    depart: Instant,
    duree: Duration,
    arret: Arc<AtomicBool>,
    bavard: bool,
}

impl Cadence for Chrono {
    fn part(&self) -> f64 {
        self.depart.elapsed().as_secs_f64() / self.duree.as_secs_f64()
    }

    fn arret(&self) -> bool {
        self.arret.load(Ordering::Relaxed)
    }

    fn meilleur(&self, restes: i64, cout: i64, qualite: i64) {
        if self.bavard {
            let s = self.depart.elapsed().as_secs_f64();
            eprintln!("{s:7.2} s : {restes} de côté, coût {cout}, qualité {qualite}");
        }
    }
}

/// Cherche, écrit le plan, et rend 0 ; 1 si une règle ou une épingle n'a pas pu être tenue, 2 si l'instance est illisible.
pub(super) async fn executer(options: Options) -> Result<ExitCode, Arret> {
    let arret = Arc::new(AtomicBool::new(false));
    let signal = Arc::clone(&arret);
    let mut fin = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .map_err(|e| Arret(e.to_string(), ECHEC))?;
    tokio::spawn(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = fin.recv() => {}
        }
        signal.store(true, Ordering::Relaxed);
    });
    tokio::task::spawn_blocking(move || chercher(&options, arret))
        .await
        .unwrap_or_else(|e| Err(Arret(format!("la recherche s’est arrêtée : {e}"), ECHEC)))
}

fn chercher(options: &Options, arret: Arc<AtomicBool>) -> Result<ExitCode, Arret> {
    let depart = Instant::now();
    let illisible = |e: &dyn std::fmt::Display| {
        Arret(format!("{} : {e}", options.instance.display()), ILLISIBLE)
    };
    let texte = std::fs::read_to_string(&options.instance).map_err(|e| illisible(&e))?;
    let instance = Instance::lire(&texte).map_err(|e| illisible(&e))?;
    let mut chrono = Chrono {
        depart,
        duree: options.duree.unwrap_or(Duration::from_secs(10)),
        arret,
        bavard: true,
    };
    let demande = Demande {
        graine: options.graine,
        fils: usize::from(options.fils),
        iterations: options.iterations,
    };
    let planning = planifier(&instance, &demande, &chrono);
    std::fs::write(&options.vers, planning.plan.texte()).map_err(|e| {
        Arret(
            format!("« {} » ne s’écrit pas : {e}", options.vers.display()),
            ECHEC,
        )
    })?;
    let (manquements, mesure) =
        controle::controler(&instance, &planning.plan).map_err(|e| Arret(e, ECHEC))?;
    eprintln!("Vecteur {:?}", mesure.vecteur());
    if options.expliquer {
        chrono.bavard = false;
        let dit = expliquer(&instance, &planning, options.graine, &chrono);
        println!(
            "{}",
            serde_json::to_string_pretty(&dit).expect("invariant : une explication s'écrit")
        );
    }
    if manquements.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    for m in &manquements {
        eprintln!("{} : {}", m.code, m.objet);
    }
    Err(Arret(
        "le plan enfreint des règles que le passé ou les épingles imposent ; retirez une épingle ou corrigez l’instance".into(),
        ECHEC,
    ))
}
