//! Lire la liste de candidats telle qu'un centre l'envoie (CSV, XLSX, ODS) et en montrer l'aperçu, sans rien écrire.
//!
//! Le fichier est hostile par principe : il est lu dans un processus enfant borné ([`lecteur`] le lance, [`enfant`] est ce
//! qu'il exécute), qui ne rend qu'un [`tableau::Tableau`] de cellules de taille connue. L'aperçu ([`apercu`]) se tire de ce
//! tableau par une fonction pure. Chaque phrase dit à la personne ce qu'elle peut faire.

pub mod apercu;
pub mod archive;
pub mod champs;
pub mod colonnes;
pub mod coordonnees;
pub mod dates;
pub mod doublons;
pub mod enfant;
pub mod entete;
pub mod jures;
pub mod lecteur;
pub mod limites;
pub mod nature;
pub mod ods;
mod page_850;
pub mod pliage;
mod rangee;
pub mod tableau;
pub mod texte;
pub mod xlsx;

pub use apercu::{Apercu, Candidat, Gravite, Probleme, analyser};
pub use enfant::{SOUS_COMMANDE, executer_lire_tableur};
pub use lecteur::lire;

use jiff::civil::Date;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

/// Le fichier ne se lit pas du tout : la phrase dit pourquoi et quoi faire.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Illisible(pub String);

impl Illisible {
    /// Une phrase prête à montrer.
    pub fn dire(phrase: impl Into<String>) -> Self {
        Self(phrase.into())
    }
}

/// Lit le fichier dans un processus borné puis en tire l'aperçu. Bloquant : à appeler depuis `spawn_blocking`.
pub fn apercevoir(octets: Vec<u8>, jour: Date) -> Result<Apercu, Illisible> {
    analyser(lire(octets)?, jour)
}

/// `garant importer-candidats --apercu FICHIER` : l'aperçu en JSON sur la sortie, ou une phrase sur l'erreur et le code 2.
pub fn executer_apercu(chemin: &Path, jour: Date) -> ExitCode {
    match lire_fichier(chemin).and_then(|octets| apercevoir(octets, jour)) {
        Ok(apercu) => {
            let json =
                serde_json::to_string_pretty(&apercu).expect("un aperçu se sérialise toujours");
            println!("{json}");
            ExitCode::SUCCESS
        }
        Err(refus) => {
            eprintln!("{refus}");
            ExitCode::from(2)
        }
    }
}

fn lire_fichier(chemin: &Path) -> Result<Vec<u8>, Illisible> {
    let nom = chemin.display();
    let erreur = |e: std::io::Error| {
        Illisible(match e.kind() {
            std::io::ErrorKind::NotFound => format!(
                "Le fichier «\u{a0}{nom}\u{a0}» n’existe pas. Vérifiez son nom et son dossier."
            ),
            std::io::ErrorKind::PermissionDenied => format!(
                "Garant n’a pas le droit de lire «\u{a0}{nom}\u{a0}». Donnez-lui ce droit, ou copiez le fichier ailleurs."
            ),
            std::io::ErrorKind::IsADirectory => format!(
                "«\u{a0}{nom}\u{a0}» est un dossier. Donnez le nom d’un fichier .csv, .xlsx ou .ods."
            ),
            _ => format!(
                "«\u{a0}{nom}\u{a0}» ne peut pas être lu. Copiez-le sur le disque de l’ordinateur, puis recommencez."
            ),
        })
    };
    let fichier = std::fs::File::open(chemin).map_err(erreur)?;
    let mut octets = vec![];
    fichier
        .take(limites::OCTETS_MAX as u64 + 1)
        .read_to_end(&mut octets)
        .map_err(erreur)?;
    Ok(octets)
}
