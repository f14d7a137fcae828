//! Ce qu'exécute le processus de lecture (`garant lire-tableur`) : se borner, lire l'entrée, répondre en JSON, finir.
//!
//! Il ne reçoit ni nom de fichier, ni environnement, ni accès à la base : des octets entrent, un tableau borné sort.

use super::archive::{self, Classeur};
use super::limites::{DELAI_MAX, MEMOIRE_MAX, OCTETS_MAX, REPONSE_MAX};
use super::nature::{self, Nature};
use super::tableau::{Remplissage, Tableau};
use super::{Illisible, ods, texte, xlsx};
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::process::ExitCode;

/// Le nom caché de la sous-commande.
pub const SOUS_COMMANDE: &str = "lire-tableur";

/// Ce que le processus de lecture répond.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reponse {
    /// Le fichier s'est lu.
    #[serde(rename = "lu")]
    Lu(Tableau),
    /// Il ne se lit pas ; la phrase.
    #[serde(rename = "refus")]
    Refus(String),
}

/// Point d'entrée du processus de lecture. À appeler avant de créer le moindre fil : chaque fil réserve de la mémoire.
pub fn executer_lire_tableur() -> ExitCode {
    // Une faute de lecture ne doit rien écrire du fichier sur l'erreur : elle se tait, le lanceur a sa phrase.
    std::panic::set_hook(Box::new(|_| {}));
    if borner().is_err() {
        return ExitCode::from(3);
    }
    let mut octets = vec![];
    if std::io::stdin()
        .take(OCTETS_MAX as u64 + 1)
        .read_to_end(&mut octets)
        .is_err()
    {
        return ExitCode::from(4);
    }
    let reponse = lire_ici(&octets).map_or_else(|refus| Reponse::Refus(refus.0), Reponse::Lu);
    drop(octets);
    let mut sortie = Bornee {
        reste: REPONSE_MAX,
        sortie: std::io::BufWriter::new(std::io::stdout().lock()),
    };
    if serde_json::to_writer(&mut sortie, &reponse).is_err() || sortie.flush().is_err() {
        return ExitCode::from(5);
    }
    ExitCode::SUCCESS
}

/// Pose les bornes que le système fera tenir, quoi que fasse la suite.
fn borner() -> std::io::Result<()> {
    use rlimit::Resource;
    let secondes = DELAI_MAX.as_secs();
    let memoire = MEMOIRE_MAX.max(memoire_occupee() + MEMOIRE_MAX / 2);
    Resource::AS.set(memoire, memoire)?;
    Resource::CPU.set(secondes, secondes)?;
    Resource::CORE.set(0, 0)?;
    Resource::FSIZE.set(0, 0)?;
    Resource::NOFILE.set(8, 8)
}

/// Ce que le programme occupe déjà, avant de lire : un binaire d'essai, non réduit, pèse lourd à lui seul.
fn memoire_occupee() -> u64 {
    let statut = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ko = statut
        .lines()
        .find_map(|l| l.strip_prefix("VmSize:"))
        .and_then(|v| v.trim().trim_end_matches(" kB").parse::<u64>().ok());
    ko.unwrap_or(0) * 1024
}

/// Lit le fichier dans ce processus, sans autre protection que ses contrôles. Le serveur passe par [`super::lire`].
pub fn lire_ici(octets: &[u8]) -> Result<Tableau, Illisible> {
    if octets.len() > OCTETS_MAX {
        return Err(trop_lourd());
    }
    let mut remplissage = Remplissage::default();
    match nature::reconnaitre(octets)? {
        Nature::Texte => texte::lire(octets, &mut remplissage)?,
        Nature::Archive => match archive::controler(octets)? {
            Classeur::Xlsx => xlsx::lire(octets, &mut remplissage)?,
            Classeur::Ods => ods::lire(octets, &mut remplissage)?,
        },
    }
    Ok(remplissage.finir())
}

/// La phrase d'un fichier trop lourd.
pub fn trop_lourd() -> Illisible {
    Illisible(format!(
        "Ce fichier pèse plus de {} Mo. Copiez la liste des candidats seule dans un nouveau classeur, sans images, puis importez-le.",
        OCTETS_MAX / 1024 / 1024
    ))
}

/// Une sortie qui refuse d'en dire trop.
struct Bornee<S> {
    reste: usize,
    sortie: S,
}

impl<S: Write> Write for Bornee<S> {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        self.reste = self
            .reste
            .checked_sub(octets.len())
            .ok_or_else(|| std::io::Error::other("réponse trop longue"))?;
        self.sortie.write_all(octets)?;
        Ok(octets.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.sortie.flush()
    }
}
