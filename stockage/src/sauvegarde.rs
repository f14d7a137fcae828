//! Sauvegarder une base SQLite à chaud, et la restaurer ; l'une et l'autre sont vérifiées avant d'être dites faites.
//!
//! Pour PostgreSQL, les outils sont ceux de PostgreSQL (`pg_dump`, `pg_restore`) ; `verifier` s'exécute après.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use crate::base::{Adresse, Base, Erreur, Resultat, ouvrir_en_lecture, traduire_sqlite};
use crate::verifier::{Rapport, verifier};

/// Copie la base ouverte vers `destination` (qui ne doit pas exister), puis vérifie la copie de bout en bout.
///
/// Les écritures continuent pendant la copie. Si la copie porte une altération, elle est gardée et le
/// rapport le dit : mieux vaut une sauvegarde imparfaite et connue que pas de sauvegarde.
pub async fn sauvegarder(base: &Base, destination: &Path) -> Resultat<Rapport> {
    let Some(source) = base.chemin() else {
        return Err(Erreur::Configuration(
            "sauvegardez PostgreSQL avec pg_dump".to_owned(),
        ));
    };
    copier_et_verifier(source, destination).await
}

/// Remet une sauvegarde en place : `destination` ne doit pas exister, le service est à l'arrêt.
pub async fn restaurer(sauvegarde: &Path, destination: &Path) -> Resultat<Rapport> {
    if !sauvegarde.is_file() {
        return Err(Erreur::Configuration(
            "la sauvegarde n'existe pas".to_owned(),
        ));
    }
    copier_et_verifier(sauvegarde, destination).await
}

async fn copier_et_verifier(source: &Path, destination: &Path) -> Resultat<Rapport> {
    if destination.exists() {
        return Err(Erreur::Configuration(
            "la destination existe déjà : rien n'a été écrit".to_owned(),
        ));
    }
    let provisoire = a_cote(destination);
    let (de, vers) = (source.to_owned(), provisoire.clone());
    let copie = tokio::task::spawn_blocking(move || copier(&de, &vers)).await;
    copie.map_err(|e| Erreur::Interne(e.to_string()))??;
    let copie = Base::ouvrir(&Adresse::Sqlite(provisoire.clone())).await?;
    let rapport = verifier(&copie).await?;
    drop(copie);
    refermer(&provisoire)?;
    std::fs::rename(&provisoire, destination).map_err(|e| Erreur::Indisponible(e.to_string()))?;
    Ok(rapport)
}

fn a_cote(destination: &Path) -> PathBuf {
    let mut nom = destination.file_name().unwrap_or_default().to_owned();
    nom.push(".en-cours");
    destination.with_file_name(nom)
}

fn copier(source: &Path, destination: &Path) -> Resultat<()> {
    let _ = std::fs::remove_file(destination);
    let traduire = |e: rusqlite::Error| traduire_sqlite(&e);
    let source = ouvrir_en_lecture(source)?;
    let mut copie = Connection::open(destination).map_err(traduire)?;
    {
        let sauvegarde = Backup::new(&source, &mut copie).map_err(traduire)?;
        sauvegarde
            .run_to_completion(1_000, Duration::ZERO, None)
            .map_err(traduire)?;
    }
    copie.close().map_err(|(_, e)| traduire(e))
}

/// Laisse un seul fichier, complet sans son journal WAL, et sur le disque.
fn refermer(chemin: &Path) -> Resultat<()> {
    let traduire = |e: rusqlite::Error| traduire_sqlite(&e);
    let copie = Connection::open(chemin).map_err(traduire)?;
    copie
        .query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
        .map_err(traduire)?;
    copie.close().map_err(|(_, e)| traduire(e))?;
    std::fs::File::open(chemin)
        .and_then(|f| f.sync_all())
        .map_err(|e| Erreur::Indisponible(e.to_string()))
}
