//! Lancer le processus de lecture, lui donner le fichier, attendre cinq secondes au plus, comprendre sa réponse.

use super::Illisible;
use super::enfant::{Reponse, SOUS_COMMANDE, trop_lourd};
use super::limites::{DELAI_MAX, LECTURES_SIMULTANEES, OCTETS_MAX, REPONSE_MAX};
use super::tableau::Tableau;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Le binaire à relancer, quand ce n'est pas celui qui tourne (essais).
static EXECUTABLE: OnceLock<PathBuf> = OnceLock::new();
/// Lectures en cours.
static EN_COURS: Mutex<usize> = Mutex::new(0);
static PLACE: Condvar = Condvar::new();

/// Désigne le binaire `garant` qui lira les fichiers : utile aux essais, dont le programme n'est pas `garant`.
pub fn employer(executable: impl Into<PathBuf>) {
    let _ = EXECUTABLE.set(executable.into());
}

fn executable() -> PathBuf {
    if let Some(chemin) = EXECUTABLE.get() {
        return chemin.clone();
    }
    // Sous Linux, ce lien mène au programme qui tourne, même remplacé sur le disque par une mise à jour.
    let lien = PathBuf::from("/proc/self/exe");
    if lien.exists() {
        lien
    } else {
        std::env::current_exe().unwrap_or(lien)
    }
}

/// Lit un fichier dans un processus borné. Bloquant (cinq secondes au plus, une fois son tour venu).
pub fn lire(octets: Vec<u8>) -> Result<Tableau, Illisible> {
    if octets.len() > OCTETS_MAX {
        return Err(trop_lourd());
    }
    let _place = Place::prendre()?;
    let echec = || {
        Illisible::dire(
            "La lecture du fichier n’a pas pu démarrer sur ce serveur. Réessayez dans un instant ; si cela persiste, prévenez la personne qui administre Garant.",
        )
    };
    let mut enfant = Command::new(executable())
        .arg(SOUS_COMMANDE)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| echec())?;
    let mut entree = enfant.stdin.take().ok_or_else(echec)?;
    let sortie = enfant.stdout.take().ok_or_else(echec)?;
    // Deux fils, car l'enfant peut mourir sans lire son entrée ou sans finir sa sortie. Les octets partent avec le premier.
    let ecrire = std::thread::spawn(move || {
        let _ = entree.write_all(&octets);
    });
    let ecouter = std::thread::spawn(move || {
        let mut reponse = vec![];
        sortie
            .take(REPONSE_MAX as u64 + 1)
            .read_to_end(&mut reponse)
            .map(|_| reponse)
    });
    let fin = attendre(&mut enfant);
    let _ = ecrire.join();
    let reponse = ecouter.join();
    match fin {
        Fin::Reussie => {}
        Fin::Delai => {
            return Err(Illisible(format!(
                "La lecture de ce fichier prend plus de {} secondes : elle est arrêtée. Copiez la liste des candidats seule dans un nouveau classeur, puis importez-le.",
                DELAI_MAX.as_secs()
            )));
        }
        Fin::Ratee(3) => return Err(echec()),
        Fin::Ratee(5) => {
            return Err(Illisible::dire(
                "Ce fichier contient trop de texte pour une liste de candidats. Copiez la liste seule dans un nouveau classeur, puis importez-le.",
            ));
        }
        Fin::Ratee(_) => {
            return Err(Illisible::dire(
                "Ce fichier ne peut pas être lu : il est abîmé, ou demande plus de mémoire qu’une liste de candidats. Ouvrez-le dans le tableur, copiez la liste seule dans un nouveau classeur, puis importez-le.",
            ));
        }
    }
    let reponse = reponse
        .ok()
        .and_then(Result::ok)
        .filter(|r| r.len() <= REPONSE_MAX)
        .ok_or_else(echec)?;
    match serde_json::from_slice(&reponse).map_err(|_| echec())? {
        Reponse::Lu(tableau) => Ok(tableau),
        Reponse::Refus(phrase) => Err(Illisible(phrase)),
    }
}

enum Fin {
    Reussie,
    Ratee(i32),
    Delai,
}

/// Attend la fin ; au bout du délai, tue.
fn attendre(enfant: &mut Child) -> Fin {
    let depart = Instant::now();
    let mut pause = Duration::from_micros(500);
    loop {
        match enfant.try_wait() {
            Ok(Some(statut)) if statut.success() => return Fin::Reussie,
            Ok(Some(statut)) => {
                return if depart.elapsed() + Duration::from_millis(200) >= DELAI_MAX {
                    Fin::Delai
                } else {
                    Fin::Ratee(statut.code().unwrap_or(-1))
                };
            }
            Ok(None) if depart.elapsed() < DELAI_MAX => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(20));
            }
            Ok(None) | Err(_) => {
                let _ = enfant.kill();
                let _ = enfant.wait();
                return Fin::Delai;
            }
        }
    }
}

/// Une place parmi les lectures simultanées, rendue quand elle tombe.
struct Place;

impl Place {
    fn prendre() -> Result<Self, Illisible> {
        let garde = EN_COURS.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut garde, attente) = PLACE
            .wait_timeout_while(garde, DELAI_MAX * 2, |n| *n >= LECTURES_SIMULTANEES)
            .unwrap_or_else(PoisonError::into_inner);
        if attente.timed_out() && *garde >= LECTURES_SIMULTANEES {
            return Err(Illisible::dire(
                "Plusieurs fichiers sont déjà en cours de lecture. Attendez une minute, puis importez de nouveau.",
            ));
        }
        *garde += 1;
        Ok(Self)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *EN_COURS.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        PLACE.notify_one();
    }
}
