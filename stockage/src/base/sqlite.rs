//! L'adaptateur SQLite : des connexions de lecture à la demande, une seule connexion d'écriture.
//!
//! Qui arrive quand personne n'écrit écrit lui-même, sans changer de fil. Sinon il confie sa transaction au fil
//! d'écriture, qui prend ce qui attend (128 transactions au plus), enferme chacune dans un `SAVEPOINT`, valide le lot
//! par un seul `COMMIT`, et ne répond qu'ensuite. Des deux façons, ce qui est confirmé est sur le disque.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
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
    ecriture: Arc<Ecriture>,
    ordres: Option<mpsc::Sender<Ordre>>,
    fil: Option<JoinHandle<()>>,
}

/// La connexion d'écriture, et le nombre de transactions confiées au fil qui n'ont pas encore leur réponse.
struct Ecriture {
    connexion: Mutex<Connection>,
    confiees: AtomicUsize,
}

impl Ecriture {
    fn connexion(&self) -> MutexGuard<'_, Connection> {
        // Une écriture interrompue par une panique a laissé une transaction ouverte : `ecrire_lot` la défait.
        self.connexion.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// La connexion, si personne n'écrit ni n'attend d'écrire.
    fn libre(&self) -> Option<MutexGuard<'_, Connection>> {
        if self.confiees.load(Ordering::Acquire) > 0 {
            return None;
        }
        match self.connexion.try_lock() {
            Ok(connexion) => Some(connexion),
            Err(TryLockError::Poisoned(e)) => Some(e.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
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
        let ecriture = Arc::new(Ecriture {
            connexion: Mutex::new(ecrivaine),
            confiees: AtomicUsize::new(0),
        });
        let (ordres, a_faire) = mpsc::channel(1024);
        let du_fil = ecriture.clone();
        let fil = std::thread::Builder::new()
            .name("ecriture".to_owned())
            .spawn(move || ecrire(&du_fil, a_faire))
            .map_err(|e| Erreur::Indisponible(e.to_string()))?;
        Ok(Self {
            chemin: chemin.to_owned(),
            lectrices: Mutex::default(),
            ecriture,
            ordres: Some(ordres),
            fil: Some(fil),
        })
    }

    pub(super) fn chemin(&self) -> &Path {
        &self.chemin
    }

    pub(super) fn lire(&self, sql: &'static str, valeurs: &[Valeur]) -> Resultat<Vec<Ligne>> {
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
        if let Some(connexion) = self.ecriture.libre() {
            return en_bloquant(|| ecrire_seule(&connexion, &requetes));
        }
        let arretee = || Erreur::Indisponible("le fil d'écriture est arrêté".to_owned());
        let (reponse, attente) = oneshot::channel();
        let _confiee = Confiee::new(&self.ecriture.confiees);
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

/// Le texte traduit, gardé par fil : les textes SQL du programme sont quelques centaines, et statiques.
fn traduite(sql: &'static str) -> Rc<str> {
    thread_local! {
        static TRADUITES: RefCell<HashMap<(usize, usize), Rc<str>>> = RefCell::default();
    }
    let cle = (sql.as_ptr().addr(), sql.len());
    TRADUITES.with_borrow_mut(|connues| {
        connues
            .entry(cle)
            .or_insert_with(|| traduire_sql(sql).into())
            .clone()
    })
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

fn lire(
    connexion: &Connection,
    sql: &'static str,
    valeurs: &[Valeur],
) -> rusqlite::Result<Vec<Ligne>> {
    let mut requete = connexion.prepare_cached(&traduite(sql))?;
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

/// Une transaction confiée au fil, tant que sa réponse n'est pas venue (ou que le demandeur n'est pas parti).
struct Confiee<'a>(&'a AtomicUsize);

impl<'a> Confiee<'a> {
    fn new(compte: &'a AtomicUsize) -> Self {
        compte.fetch_add(1, Ordering::AcqRel);
        Self(compte)
    }
}

impl Drop for Confiee<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Attend le disque sans retenir les autres travaux du fil, quand le moteur sait les confier à un autre.
fn en_bloquant<T>(travail: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|moteur| moteur.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(travail),
        _ => travail(),
    }
}

/// La boucle du fil d'écriture.
fn ecrire(ecriture: &Ecriture, mut a_faire: mpsc::Receiver<Ordre>) {
    while let Some(premier) = a_faire.blocking_recv() {
        let mut lot = vec![premier];
        while lot.len() < TRANSACTIONS_PAR_LOT {
            match a_faire.try_recv() {
                Ok(ordre) => lot.push(ordre),
                Err(_) => break,
            }
        }
        let demandes: Vec<&[Requete]> = lot.iter().map(|o| o.requetes.as_slice()).collect();
        let resultats = ecrire_lot(&ecriture.connexion(), &demandes);
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
    match lot {
        [seule] => Ok(vec![ecrire_seule(connexion, seule)]),
        _ => en_transaction(connexion, || {
            lot.iter()
                .map(|requetes| ecrire_une(connexion, requetes))
                .collect()
        }),
    }
}

/// Écrit une transaction qui n'en accompagne aucune autre : pas de `SAVEPOINT`, tout se valide ou se défait.
fn ecrire_seule(connexion: &Connection, requetes: &[Requete]) -> Resultat<Vec<u64>> {
    en_transaction(connexion, || {
        requetes
            .iter()
            .map(|requete| executer(connexion, requete))
            .collect()
    })
}

/// `BEGIN`, le travail, `COMMIT` ; `ROLLBACK` si quoi que ce soit manque.
fn en_transaction<T>(connexion: &Connection, travail: impl FnOnce() -> Resultat<T>) -> Resultat<T> {
    if !connexion.is_autocommit() {
        let _ = connexion.execute_batch("ROLLBACK");
    }
    dire(connexion, "BEGIN IMMEDIATE")?;
    let valide = travail().and_then(|resultats| {
        dire(connexion, "COMMIT")?;
        Ok(resultats)
    });
    if valide.is_err() && !connexion.is_autocommit() {
        let _ = connexion.execute_batch("ROLLBACK");
    }
    valide
}

/// Un ordre sans valeur, gardé préparé.
fn dire(connexion: &Connection, ordre: &'static str) -> Resultat<()> {
    connexion
        .prepare_cached(ordre)
        .and_then(|mut prepare| prepare.execute([]))
        .map(|_| ())
        .map_err(|e| traduire(&e))
}

/// Une transaction du lot. L'erreur extérieure perd le lot, l'erreur intérieure ne perd que cette transaction.
fn ecrire_une(connexion: &Connection, requetes: &[Requete]) -> Resultat<Resultat<Vec<u64>>> {
    dire(connexion, "SAVEPOINT acte")?;
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
    if resultat.is_err() {
        dire(connexion, "ROLLBACK TO acte")?;
    }
    dire(connexion, "RELEASE acte")?;
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
        .prepare_cached(&traduite(requete.sql))
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
