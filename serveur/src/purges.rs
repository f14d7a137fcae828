//! Le registre des purges, à côté des données : une ligne JSON par purge, pour les refaire sur une sauvegarde restaurée.
//!
//! Il ne nomme aucun candidat. Gardez-le avec les données, et copiez-le hors des sauvegardes de la base.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use stockage::purge::PurgeNotee;

/// Le nom du registre.
const NOM: &str = "purges.jsonl";

/// Où est le registre de ce dossier de données.
pub fn chemin(donnees: &Path) -> PathBuf {
    donnees.join(NOM)
}

/// Relit un registre ; vide s'il n'existe pas.
///
/// # Errors
/// Le fichier ne se lit pas, ou une ligne n'est pas une purge (son numéro est dit).
pub fn lire(registre: &Path) -> io::Result<Vec<PurgeNotee>> {
    let fichier = match File::open(registre) {
        Ok(f) => f,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        Err(e) => return Err(e),
    };
    let mut notees = vec![];
    for (n, ligne) in BufReader::new(fichier).lines().enumerate() {
        let ligne = ligne?;
        if ligne.trim().is_empty() {
            continue;
        }
        notees.push(serde_json::from_str(&ligne).map_err(|e| {
            io::Error::new(io::ErrorKind::InvalidData, format!("ligne {} : {e}", n + 1))
        })?);
    }
    Ok(notees)
}

/// Ajoute à un registre les purges qu'il ne connaît pas, et les met sur le disque.
///
/// # Errors
/// Le fichier ne s'écrit pas.
pub fn ajouter(registre: &Path, notees: &[PurgeNotee]) -> io::Result<usize> {
    let connus: BTreeSet<String> = lire(registre)?.into_iter().map(|n| n.acte).collect();
    let neuves: Vec<_> = notees
        .iter()
        .filter(|n| !connus.contains(&n.acte))
        .collect();
    if neuves.is_empty() {
        return Ok(0);
    }
    let mut fichier = OpenOptions::new()
        .create(true)
        .append(true)
        .open(registre)?;
    for n in &neuves {
        let mut ligne = serde_json::to_string(n).map_err(io::Error::other)?;
        ligne.push('\n');
        fichier.write_all(ligne.as_bytes())?;
    }
    fichier.sync_all()?;
    Ok(neuves.len())
}

/// Note ces purges au registre du dossier de données.
///
/// # Errors
/// Le fichier ne s'écrit pas.
pub fn noter(donnees: &Path, notees: &[PurgeNotee]) -> io::Result<usize> {
    ajouter(&chemin(donnees), notees)
}
