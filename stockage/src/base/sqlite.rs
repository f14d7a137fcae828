//! L'adaptateur SQLite : des connexions de lecture à la demande, un seul fil d'écriture qui groupe les transactions.
//!
//! Le fil d'écriture prend ce qui attend (128 transactions au plus), enferme chacune dans un `SAVEPOINT`,
//! valide le lot par un seul `COMMIT`, et ne répond qu'ensuite : ce qui est confirmé est sur le disque.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, ffi, params_from_iter};
use tokio::sync::{mpsc, oneshot};

use super::{Erreur, Ligne, Requete, Resultat, Valeur};

/// 3.51.3 : première version sans le défaut de remise à zéro du journal WAL.
const VERSION_MINIMALE: i32 = 3_051_003;
const TRANSACTIONS_PAR_LOT: usize = 128;
const LECTRICES_GARDEES: usize = 16;
const REQUETES_PREPAREES: usize = 256;
const ATTENTE_VERROU: Duration = Duration::from_secs(5);

struct Ordre {
    requetes: Vec<Requete>,
    reponse: oneshot::Sender<Resultat<Vec<u64>>>,
}

/// Un fichier SQLite ouvert.
pub(super) struct Sqlite {
    chemin: PathBuf,
    lectrices: Mutex<Vec<Connection>>,
    ordres: Option<mpsc::Sender<Ordre>>,
    fil: Option<JoinHandle<()>>,
}

impl Sqlite {
    /// Ouvre le fichier et vérifie version, journal et synchronisation ; refuse le reste.
    pub(super) fn ouvrir(chemin: &Path) -> Resultat<Self> {
        if rusqlite::version_number() < VERSION_MINIMALE {
            return Err(Erreur::Configuration(format!(
                "SQLite {} est trop ancien, 3.51.3 au moins est exigé",
                rusqlite::version()
            )));
        }
        let ecrivaine = Connection::open(chemin).map_err(|e| traduire(&e))?;
        regler(&ecrivaine)?;
        let journal: String = ecrivaine
            .query_row("PRAGMA journal_mode = WAL", [], |l| l.get(0))
            .map_err(|e| traduire(&e))?;
        ecrivaine
            .execute_batch("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")
            .map_err(|e| traduire(&e))?;
        let synchrone: i64 = ecrivaine
            .query_row("PRAGMA synchronous", [], |l| l.get(0))
            .map_err(|e| traduire(&e))?;
        if journal != "wal" || synchrone != 2 {
            return Err(Erreur::Configuration(format!(
                "journal « {journal} » et synchronisation {synchrone} : WAL et FULL (2) sont exigés"
            )));
        }
        let (ordres, a_faire) = mpsc::channel(1024);
        let fil = std::thread::Builder::new()
            .name("ecriture".to_owned())
            .spawn(move || ecrire(&ecrivaine, a_faire))
            .map_err(|e| Erreur::Indisponible(e.to_string()))?;
        Ok(Self {
            chemin: chemin.to_owned(),
            lectrices: Mutex::default(),
            ordres: Some(ordres),
            fil: Some(fil),
        })
    }

    pub(super) fn chemin(&self) -> &Path {
        &self.chemin
    }

    pub(super) fn lire(&self, sql: &str, valeurs: &[Valeur]) -> Resultat<Vec<Ligne>> {
        let gardee = self
            .lectrices
            .lock()
            .unwrap_or_else(|e| e.into_inner())
            .pop();
        let lectrice = match gardee {
            Some(lectrice) => lectrice,
            None => ouvrir_en_lecture(&self.chemin)?,
        };
        let lignes = lire(&lectrice, sql, valeurs).map_err(|e| traduire(&e));
        let mut lectrices = self.lectrices.lock().unwrap_or_else(|e| e.into_inner());
        if lectrices.len() < LECTRICES_GARDEES {
            lectrices.push(lectrice);
        }
        lignes
    }

    pub(super) async fn transaction(&self, requetes: Vec<Requete>) -> Resultat<Vec<u64>> {
        let arretee = || Erreur::Indisponible("le fil d'écriture est arrêté".to_owned());
        let (reponse, attente) = oneshot::channel();
        let ordres = self.ordres.as_ref().ok_or_else(arretee)?;
        ordres
            .send(Ordre { requetes, reponse })
            .await
            .map_err(|_| arretee())?;
        attente.await.map_err(|_| arretee())?
    }
}

impl Drop for Sqlite {
    /// Attend que ce qui a été confié soit écrit.
    fn drop(&mut self) {
        self.ordres = None;
        if let Some(fil) = self.fil.take() {
            let _ = fil.join();
        }
    }
}

fn regler(connexion: &Connection) -> Resultat<()> {
    connexion
        .busy_timeout(ATTENTE_VERROU)
        .map_err(|e| traduire(&e))?;
    connexion.set_prepared_statement_cache_capacity(REQUETES_PREPAREES);
    // Sans cette garantie, chaque valeur nouvelle fait recompiler la requête : le quart d'une page.
    connexion
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(|e| traduire(&e))?;
    connexion
        .execute_batch(
            "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
        )
        .map_err(|e| traduire(&e))
}

/// Ouvre une connexion qui ne peut rien écrire.
pub(crate) fn ouvrir_en_lecture(chemin: &Path) -> Resultat<Connection> {
    let droits = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connexion = Connection::open_with_flags(chemin, droits).map_err(|e| traduire(&e))?;
    regler(&connexion)?;
    Ok(connexion)
}

/// `$1` devient `?1`, hors des textes entre apostrophes.
fn traduire_sql(sql: &str) -> String {
    let mut dans_texte = false;
    let mut traduit = String::with_capacity(sql.len());
    for caractere in sql.chars() {
        dans_texte ^= caractere == '\'';
        traduit.push(if caractere == '$' && !dans_texte {
            '?'
        } else {
            caractere
        });
    }
    traduit
}

impl rusqlite::ToSql for Valeur {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(rusqlite::types::ToSqlOutput::Borrowed(match self {
            Self::Texte(texte) => ValueRef::Text(texte.as_bytes()),
            Self::Entier(nombre) => ValueRef::Integer(*nombre),
            Self::Octets(octets) => ValueRef::Blob(octets),
            Self::Nul => ValueRef::Null,
        }))
    }
}

fn lire(connexion: &Connection, sql: &str, valeurs: &[Valeur]) -> rusqlite::Result<Vec<Ligne>> {
    let mut requete = connexion.prepare_cached(&traduire_sql(sql))?;
    let colonnes = requete.column_count();
    let mut lignes = Vec::new();
    let mut curseur = requete.query(params_from_iter(valeurs))?;
    while let Some(lue) = curseur.next()? {
        let mut ligne = Vec::with_capacity(colonnes);
        for colonne in 0..colonnes {
            ligne.push(match lue.get_ref(colonne)? {
                ValueRef::Null => Valeur::Nul,
                ValueRef::Integer(nombre) => Valeur::Entier(nombre),
                // Un texte qui n'est plus de l'UTF-8 est une altération : rendu en octets, il sera refusé par `texte`.
                ValueRef::Text(octets) => match std::str::from_utf8(octets) {
                    Ok(texte) => Valeur::Texte(texte.to_owned()),
                    Err(_) => Valeur::Octets(octets.to_vec()),
                },
                ValueRef::Blob(octets) => Valeur::Octets(octets.to_vec()),
                ValueRef::Real(nombre) => Valeur::Texte(nombre.to_string()),
            });
        }
        lignes.push(Ligne(ligne));
    }
    Ok(lignes)
}

/// La boucle du fil d'écriture.
fn ecrire(connexion: &Connection, mut a_faire: mpsc::Receiver<Ordre>) {
    while let Some(premier) = a_faire.blocking_recv() {
        let mut lot = vec![premier];
        while lot.len() < TRANSACTIONS_PAR_LOT {
            match a_faire.try_recv() {
                Ok(ordre) => lot.push(ordre),
                Err(_) => break,
            }
        }
        let demandes: Vec<&[Requete]> = lot.iter().map(|o| o.requetes.as_slice()).collect();
        let resultats = ecrire_lot(connexion, &demandes);
        for (rang, ordre) in lot.into_iter().enumerate() {
            let resultat = match &resultats {
                Ok(resultats) => resultats[rang].clone(),
                Err(erreur) => Err(erreur.clone()),
            };
            // Celui qui a demandé est peut-être parti : l'écriture, elle, reste faite.
            let _ = ordre.reponse.send(resultat);
        }
    }
}

type ResultatsLot = Vec<Resultat<Vec<u64>>>;

/// Écrit un lot ; si le lot entier est perdu, personne n'est confirmé.
fn ecrire_lot(connexion: &Connection, lot: &[&[Requete]]) -> Resultat<ResultatsLot> {
    connexion
        .execute_batch("BEGIN IMMEDIATE")
        .map_err(|e| traduire(&e))?;
    let essai = lot
        .iter()
        .map(|requetes| ecrire_une(connexion, requetes))
        .collect::<Resultat<Vec<_>>>();
    let valide = essai.and_then(|resultats| {
        connexion
            .execute_batch("COMMIT")
            .map_err(|e| traduire(&e))?;
        Ok(resultats)
    });
    if valide.is_err() && !connexion.is_autocommit() {
        let _ = connexion.execute_batch("ROLLBACK");
    }
    valide
}

/// Une transaction du lot. L'erreur extérieure perd le lot, l'erreur intérieure ne perd que cette transaction.
fn ecrire_une(connexion: &Connection, requetes: &[Requete]) -> Resultat<Resultat<Vec<u64>>> {
    connexion
        .execute_batch("SAVEPOINT acte")
        .map_err(|e| traduire(&e))?;
    let resultat: Resultat<Vec<u64>> = requetes
        .iter()
        .map(|requete| executer(connexion, requete))
        .collect();
    if connexion.is_autocommit() {
        // Disque plein, erreur d'entrée-sortie : SQLite a déjà tout défait.
        return Err(resultat
            .err()
            .unwrap_or_else(|| Erreur::Indisponible("transaction défaite".to_owned())));
    }
    let fin = if resultat.is_ok() {
        "RELEASE acte"
    } else {
        "ROLLBACK TO acte; RELEASE acte"
    };
    connexion.execute_batch(fin).map_err(|e| traduire(&e))?;
    Ok(resultat)
}

fn executer(connexion: &Connection, requete: &Requete) -> Resultat<u64> {
    if requete.script {
        return connexion
            .execute_batch(requete.sql)
            .map(|()| 0)
            .map_err(|e| traduire(&e));
    }
    let touchees = connexion
        .prepare_cached(&traduire_sql(requete.sql))
        .and_then(|mut preparee| preparee.execute(params_from_iter(&requete.valeurs)))
        .map_err(|e| traduire(&e))?;
    requete.controler(touchees as u64)
}

/// Dit une erreur de SQLite dans nos mots, d'après son code étendu.
pub(crate) fn traduire(erreur: &rusqlite::Error) -> Erreur {
    let rusqlite::Error::SqliteFailure(code, message) = erreur else {
        return Erreur::Interne(erreur.to_string());
    };
    let message = message.clone().unwrap_or_else(|| code.to_string());
    match code.extended_code {
        ffi::SQLITE_CONSTRAINT_PRIMARYKEY
        | ffi::SQLITE_CONSTRAINT_UNIQUE
        | ffi::SQLITE_CONSTRAINT_ROWID => {
            // « UNIQUE constraint failed: journal.flux, journal.rang »
            let cles = message.split_once(": ").map_or("", |(_, cles)| cles);
            let table = cles.split('.').next().unwrap_or_default().to_owned();
            let colonnes: Vec<&str> = cles
                .split(", ")
                .map(|cle| cle.split_once('.').map_or(cle, |(_, colonne)| colonne))
                .collect();
            return Erreur::Unicite {
                table,
                colonnes: colonnes.join(", "),
            };
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => return Erreur::Reference(message),
        _ => {}
    }
    match code.code {
        ErrorCode::ConstraintViolation => Erreur::Contrainte(message),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Erreur::Altere(message),
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::DiskFull
        | ErrorCode::ReadOnly
        | ErrorCode::CannotOpen
        | ErrorCode::SystemIoFailure
        | ErrorCode::PermissionDenied
        | ErrorCode::OutOfMemory => Erreur::Indisponible(message),
        _ => Erreur::Interne(message),
    }
}
