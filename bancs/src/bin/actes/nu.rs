//! Le côté nu : les mêmes lignes, les mêmes réglages, une transaction par acte, rien d'autre.
//!
//! À plusieurs clients, ils partagent une connexion derrière un verrou : c'est plus rapide que des
//! connexions qui s'attendent, donc le repère le plus exigeant.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::Resultat;

/// Ce qu'un acte écrit : des ordres préparés et leurs valeurs.
type Acte = Vec<(&'static str, Vec<Value>)>;

const ACTE: &str =
    "INSERT INTO acte (centre, acte, flux, premier_rang, dernier_rang) VALUES (?1, ?2, ?3, ?4, ?5)";
const JOURNAL: &str = "INSERT INTO journal (flux, rang, acte, le, saisi_par, type, engagement, precedente, empreinte) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const CONTENU: &str =
    "INSERT INTO contenu (flux, rang, classe, sel, json) VALUES (?1, ?2, ?3, ?4, ?5)";
const SESSION: &str = "INSERT INTO vue_session (centre, session, debut, fin, annulee, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT (centre, session) DO UPDATE SET debut = excluded.debut, fin = excluded.fin, annulee = excluded.annulee, json = excluded.json";
const CLE: &str = "INSERT INTO vue_cle (centre, session, cle, debut) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (centre, session, cle) DO UPDATE SET debut = excluded.debut";
const CANDIDAT: &str = "INSERT INTO vue_candidat (centre, session, candidat, cle, json) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (centre, session, candidat) DO UPDATE SET cle = excluded.cle, json = excluded.json";

const SANS_BILAN: &str = "DELETE FROM vue_bilan WHERE centre = ?1 AND session = ?2";
const BILAN: &str = "INSERT INTO vue_bilan (centre, session, voie, fin, titre, intitule, genre, inscrits, presents, absents, reussites, partielles, echecs, sortis)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";

/// Copie une base fermée, par la sauvegarde de SQLite.
pub fn copier(source: &Path, cible: &Path) -> Resultat<()> {
    let source = Connection::open(source)?;
    let mut cible = Connection::open(cible)?;
    rusqlite::backup::Backup::new(&source, &mut cible)?.run_to_completion(
        1000,
        std::time::Duration::ZERO,
        None,
    )?;
    Ok(())
}

/// Récrit dans `cible` ce que Garant a écrit dans `source` ; rend les transactions par seconde.
pub fn rejouer(source: &Path, cible: &Path, clients: usize, sessions: usize) -> Resultat<f64> {
    let source = Connection::open(source)?;
    let mut parts: Vec<Vec<Acte>> = vec![Vec::new(); clients];
    for i in 0..sessions {
        parts[i % clients].extend(actes_de(&source, i)?);
    }
    let total: usize = parts.iter().map(Vec::len).sum();
    let cible = Mutex::new(ouvrir(cible)?);
    let debut = Instant::now();
    std::thread::scope(|portee| -> Resultat<()> {
        let clients: Vec<_> = parts
            .iter()
            .map(|part| portee.spawn(|| ecrire(&cible, part)))
            .collect();
        for client in clients {
            client
                .join()
                .map_err(|_| "un client du côté nu s'est arrêté")??;
        }
        Ok(())
    })?;
    Ok(total as f64 / debut.elapsed().as_secs_f64())
}

fn ouvrir(chemin: &Path) -> Resultat<Connection> {
    let connexion = Connection::open(chemin)?;
    connexion.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connexion.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON",
    )?;
    connexion.set_prepared_statement_cache_capacity(64);
    Ok(connexion)
}

fn ecrire(cible: &Mutex<Connection>, actes: &[Acte]) -> Resultat<()> {
    for acte in actes {
        let mut connexion = cible.lock().map_err(|_| "verrou du côté nu")?;
        let transaction = connexion.transaction()?;
        for (sql, valeurs) in acte {
            transaction
                .prepare_cached(sql)?
                .execute(params_from_iter(valeurs))?;
        }
        transaction.commit()?;
    }
    Ok(())
}

/// Les actes d'inscription d'une session, avec les lignes que chacun a laissées.
fn actes_de(source: &Connection, i: usize) -> Resultat<Vec<Acte>> {
    let session = super::session(i)?;
    let flux = format!("{}/{session}", super::CENTRE);
    let lire = |sql: &str, cle: &str| -> Resultat<Vec<Vec<Value>>> {
        let mut requete = source.prepare(sql)?;
        let colonnes = requete.column_count();
        let lignes =
            requete.query_map([cle], |ligne| (0..colonnes).map(|c| ligne.get(c)).collect())?;
        Ok(lignes.collect::<Result<_, _>>()?)
    };
    let actes = lire(
        "SELECT centre, acte, flux, premier_rang, dernier_rang FROM acte WHERE flux = ?1 AND premier_rang > 1 ORDER BY premier_rang",
        &flux,
    )?;
    let journal = lire(
        "SELECT flux, rang, acte, le, saisi_par, type, engagement, precedente, empreinte FROM journal WHERE flux = ?1 AND rang > 1 ORDER BY rang",
        &flux,
    )?;
    let contenus = lire(
        "SELECT flux, rang, classe, sel, json FROM contenu WHERE flux = ?1 AND rang > 1 ORDER BY rang",
        &flux,
    )?;
    let vues = lire(
        "SELECT centre, session, debut, fin, annulee, json FROM vue_session WHERE session = ?1",
        session.as_str(),
    )?;
    let candidats = lire(
        "SELECT centre, session, candidat, cle, json FROM vue_candidat WHERE session = ?1 ORDER BY length(candidat), candidat",
        session.as_str(),
    )?;
    let vue = vues.first().ok_or("session sans vue")?;
    let bilans = lire(
        "SELECT centre, session, voie, fin, titre, intitule, genre, inscrits, presents, absents, reussites, partielles, echecs, sortis
         FROM vue_bilan WHERE session = ?1",
        session.as_str(),
    )?;
    if [journal.len(), contenus.len(), candidats.len()] != [actes.len(); 3] {
        return Err(
            "un acte d'inscription doit laisser une ligne, un contenu et un candidat".into(),
        );
    }
    let mut connues = BTreeSet::new();
    let mut rendus = Vec::with_capacity(actes.len());
    for (((acte, ligne), contenu), candidat) in
        actes.into_iter().zip(journal).zip(contenus).zip(candidats)
    {
        let mut ordres = vec![
            (ACTE, acte),
            (JOURNAL, ligne),
            (CONTENU, contenu),
            (SESSION, vue.clone()),
            (SANS_BILAN, vec![vue[0].clone(), vue[1].clone()]),
        ];
        ordres.extend(bilans.iter().map(|bilan| (BILAN, bilan.clone())));
        if let Value::Text(recherche) = &candidat[3] {
            for mot in recherche
                .split_whitespace()
                .filter(|mot| connues.insert((*mot).to_owned()))
            {
                ordres.push((
                    CLE,
                    vec![
                        vue[0].clone(),
                        vue[1].clone(),
                        Value::Text(mot.to_owned()),
                        vue[2].clone(),
                    ],
                ));
            }
        }
        ordres.push((CANDIDAT, candidat));
        rendus.push(ordres);
    }
    Ok(rendus)
}
