//! Le banc des essais : un même texte d'essai joué sur SQLite **et** sur PostgreSQL.
//!
//! `GARANT_ESSAI_POSTGRES` donne l'adresse d'administration d'un serveur jetable, par couples
//! (`host=/chemin/du/socket user=postgres`). Sans elle, l'essai PostgreSQL s'annonce absent ; il échoue
//! seulement si `GARANT_ESSAI_POSTGRES_REQUIS=1`.

#[cfg(test)]
mod archives;
#[cfg(test)]
mod candidats;
#[cfg(test)]
mod conservation;
#[cfg(test)]
mod durcissement;
#[cfg(test)]
mod examen;
#[cfg(test)]
mod gestes;
#[cfg(test)]
mod listes;
#[cfg(test)]
mod pannes;
#[cfg(test)]
mod preuve;
#[cfg(test)]
mod proprietes;
#[cfg(test)]
mod recit;
#[cfg(test)]
mod sessions;

use std::path::{Path, PathBuf};

use crate::base::{Adresse, Base};

/// Un dossier à soi, effacé à la fin.
pub struct Dossier(PathBuf);

impl Default for Dossier {
    fn default() -> Self {
        Self::new()
    }
}

impl Dossier {
    /// Crée un dossier temporaire vide.
    pub fn new() -> Self {
        let chemin = std::env::temp_dir().join(format!("garant-essai-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&chemin).expect("le dossier temporaire se crée");
        Self(chemin)
    }

    /// Le chemin du dossier.
    pub fn chemin(&self) -> &Path {
        &self.0
    }
}

impl Drop for Dossier {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Joue `essai` sur une base SQLite neuve, puis sur une base PostgreSQL neuve.
pub fn sur_les_deux_bases(essai: impl AsyncFn(Base)) {
    sur_sqlite(&essai);
    sur_postgres(&essai);
}

/// Joue `essai` sur une base SQLite neuve.
pub fn sur_sqlite(essai: impl AsyncFn(Base)) {
    let dossier = Dossier::new();
    moteur().block_on(async {
        let adresse = Adresse::Sqlite(dossier.chemin().join("garant.db"));
        essai(Base::ouvrir(&adresse).await.expect("SQLite s'ouvre")).await;
    });
}

/// Joue `essai` sur une base PostgreSQL neuve, si un serveur est donné.
pub fn sur_postgres(essai: impl AsyncFn(Base)) {
    let Ok(serveur) = std::env::var("GARANT_ESSAI_POSTGRES") else {
        let requis = std::env::var("GARANT_ESSAI_POSTGRES_REQUIS").is_ok_and(|v| v == "1");
        assert!(
            !requis,
            "GARANT_ESSAI_POSTGRES manque alors que l'essai PostgreSQL est requis"
        );
        eprintln!("PostgreSQL absent : essai joué sur SQLite seulement");
        return;
    };
    let nom = format!("essai_{}", uuid::Uuid::now_v7().simple());
    moteur().block_on(async {
        administrer(&serveur, &format!("CREATE DATABASE {nom}")).await;
        let adresse = Adresse::Postgres(format!("{serveur} dbname={nom}"));
        essai(Base::ouvrir(&adresse).await.expect("PostgreSQL s'ouvre")).await;
        administrer(&serveur, &format!("DROP DATABASE {nom} WITH (FORCE)")).await;
    });
}

fn moteur() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("le moteur asynchrone démarre")
}

async fn administrer(serveur: &str, sql: &str) {
    let (client, connexion) =
        tokio_postgres::connect(&format!("{serveur} dbname=postgres"), tokio_postgres::NoTls)
            .await
            .expect("le serveur PostgreSQL d'essai répond");
    let fil = tokio::spawn(connexion);
    client
        .batch_execute(sql)
        .await
        .expect("la base d'essai s'administre");
    drop(client);
    let _ = fil.await;
}
