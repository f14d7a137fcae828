//! L'adaptateur PostgreSQL : un lot de connexions, des requêtes préparées.

use std::str::FromStr;
use std::time::Duration;

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Config, NoTls, Row, Statement};

use super::{Erreur, Ligne, Requete, Resultat, Valeur};

/// Dit à la base de quel centre l'on parle ; n'a d'effet que si elle est durcie (stockage/durcissement).
const PORTEE: &str = "SELECT set_config('garant.centre', $1, false)";
const CONNEXIONS: usize = 16;
const ATTENTE: Duration = Duration::from_secs(5);

/// Une base PostgreSQL ouverte.
pub(super) struct Postgres {
    lot: Pool,
}

impl Postgres {
    /// Prépare le lot et vérifie qu'une première connexion répond.
    pub(super) async fn ouvrir(url: &str) -> Resultat<Self> {
        let mut configuration = Config::from_str(url)
            .map_err(|_| Erreur::Configuration("adresse PostgreSQL illisible".to_owned()))?;
        configuration.connect_timeout(ATTENTE);
        let gestion = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let lot = Pool::builder(Manager::from_config(configuration, NoTls, gestion))
            .max_size(CONNEXIONS)
            .wait_timeout(Some(ATTENTE))
            .create_timeout(Some(ATTENTE))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|e| Erreur::Configuration(e.to_string()))?;
        let postgres = Self { lot };
        drop(postgres.connexion().await?);
        Ok(postgres)
    }

    async fn connexion(&self) -> Resultat<Client> {
        self.lot
            .get()
            .await
            .map_err(|e| Erreur::Indisponible(e.to_string()))
    }

    pub(super) async fn executer_texte(&self, texte: &str) -> Resultat<()> {
        let connexion = self.connexion().await?;
        connexion
            .batch_execute(texte)
            .await
            .map_err(|e| traduire(&e))
    }

    pub(super) async fn lire(
        &self,
        portee: &str,
        sql: &str,
        valeurs: &[Valeur],
    ) -> Resultat<Vec<Ligne>> {
        let connexion = self.connexion().await?;
        let dire = connexion
            .prepare_cached(PORTEE)
            .await
            .map_err(|e| traduire(&e))?;
        let preparee = connexion
            .prepare_cached(sql)
            .await
            .map_err(|e| traduire(&e))?;
        let parametres = parametres(&preparee, valeurs)?;
        let (references, portee) = (references(&parametres), [&portee as &(dyn ToSql + Sync)]);
        // Les deux ordres partent ensemble, et la base les suit dans cet ordre : un seul aller et retour.
        let (_, lignes) = tokio::try_join!(
            connexion.execute(&dire, &portee),
            connexion.query(&preparee, &references)
        )
        .map_err(|e| traduire(&e))?;
        lignes.iter().map(ligne).collect()
    }

    pub(super) async fn transaction(
        &self,
        portee: &str,
        requetes: &[Requete],
    ) -> Resultat<Vec<u64>> {
        let mut connexion = self.connexion().await?;
        let dire = connexion
            .prepare_cached(PORTEE)
            .await
            .map_err(|e| traduire(&e))?;
        connexion
            .execute(&dire, &[&portee])
            .await
            .map_err(|e| traduire(&e))?;
        // Abandonnée avant `commit` (erreur, ou demandeur parti), la transaction se défait d'elle-même.
        let transaction = connexion.transaction().await.map_err(|e| traduire(&e))?;
        let mut touchees = Vec::with_capacity(requetes.len());
        for requete in requetes {
            if requete.script {
                transaction
                    .batch_execute(&traduire_script(requete.sql))
                    .await
                    .map_err(|e| traduire(&e))?;
                touchees.push(0);
                continue;
            }
            let preparee = transaction
                .prepare_cached(requete.sql)
                .await
                .map_err(|e| traduire(&e))?;
            let parametres = parametres(&preparee, &requete.valeurs)?;
            let nombre = transaction
                .execute(&preparee, &references(&parametres))
                .await
                .map_err(|e| traduire(&e))?;
            touchees.push(requete.controler(nombre)?);
        }
        transaction.commit().await.map_err(|e| traduire(&e))?;
        Ok(touchees)
    }
}

/// Les deux seuls mots qui diffèrent dans les migrations.
fn traduire_script(sql: &str) -> String {
    sql.replace(" BLOB", " BYTEA")
        .replace("COLLATE BINARY", "COLLATE \"C\"")
}

type Parametre<'a> = Box<dyn ToSql + Sync + Send + 'a>;

/// Donne à chaque valeur le type que la requête préparée attend.
fn parametres<'a>(preparee: &Statement, valeurs: &'a [Valeur]) -> Resultat<Vec<Parametre<'a>>> {
    if preparee.params().len() != valeurs.len() {
        return Err(Erreur::Interne(format!(
            "{} valeurs données, {} attendues",
            valeurs.len(),
            preparee.params().len()
        )));
    }
    let trop_grand = |_| Erreur::Contrainte("entier trop grand".to_owned());
    let paires = preparee.params().iter().zip(valeurs);
    paires
        .map(|(nature, valeur)| -> Resultat<Parametre<'a>> {
            Ok(match (valeur, nature) {
                (Valeur::Texte(texte), _) => Box::new(texte.as_str()),
                (Valeur::Octets(octets), _) => Box::new(octets.as_slice()),
                (Valeur::Entier(nombre), &Type::INT4) => {
                    Box::new(i32::try_from(*nombre).map_err(trop_grand)?)
                }
                (Valeur::Entier(nombre), &Type::BOOL) => Box::new(*nombre != 0),
                (Valeur::Entier(nombre), _) => Box::new(*nombre),
                (Valeur::Nul, &Type::INT8) => Box::new(None::<i64>),
                (Valeur::Nul, &Type::INT4) => Box::new(None::<i32>),
                (Valeur::Nul, &Type::BOOL) => Box::new(None::<bool>),
                (Valeur::Nul, &Type::BYTEA) => Box::new(None::<&[u8]>),
                (Valeur::Nul, _) => Box::new(None::<&str>),
            })
        })
        .collect()
}

fn references<'a>(parametres: &'a [Parametre<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    parametres
        .iter()
        .map(|parametre| parametre.as_ref() as &(dyn ToSql + Sync))
        .collect()
}

fn ligne(lue: &Row) -> Resultat<Ligne> {
    let valeur = |rang: usize, nature: &Type| -> Resultat<Valeur> {
        let lire = |e: tokio_postgres::Error| Erreur::Interne(e.to_string());
        Ok(match *nature {
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => {
                lue.try_get::<_, Option<String>>(rang).map_err(lire)?.into()
            }
            Type::INT8 => lue.try_get::<_, Option<i64>>(rang).map_err(lire)?.into(),
            Type::INT4 => lue.try_get::<_, Option<i32>>(rang).map_err(lire)?.into(),
            Type::INT2 => lue
                .try_get::<_, Option<i16>>(rang)
                .map_err(lire)?
                .map(i64::from)
                .into(),
            Type::BOOL => lue.try_get::<_, Option<bool>>(rang).map_err(lire)?.into(),
            Type::BYTEA => lue
                .try_get::<_, Option<Vec<u8>>>(rang)
                .map_err(lire)?
                .into(),
            _ => {
                return Err(Erreur::Interne(format!(
                    "colonne {rang} de type {nature} : convertir dans la requête"
                )));
            }
        })
    };
    let colonnes = lue.columns().iter().enumerate();
    Ok(Ligne(
        colonnes
            .map(|(rang, colonne)| valeur(rang, colonne.type_()))
            .collect::<Resultat<_>>()?,
    ))
}

/// Dit une erreur de PostgreSQL dans nos mots, d'après son code ; le détail, qui porte des valeurs, est laissé.
fn traduire(erreur: &tokio_postgres::Error) -> Erreur {
    let Some(dite) = erreur.as_db_error() else {
        return Erreur::Indisponible(erreur.to_string());
    };
    let message = dite.message().to_owned();
    let table = dite.table().unwrap_or_default().to_owned();
    match dite.code() {
        &SqlState::UNIQUE_VIOLATION => {
            // « Key (flux, rang)=(…) already exists. »
            let cles = dite
                .detail()
                .and_then(|d| d.split_once('('))
                .and_then(|(_, d)| d.split_once(")="));
            Erreur::Unicite {
                table,
                colonnes: cles.map_or_else(String::new, |(cles, _)| cles.to_owned()),
            }
        }
        &SqlState::FOREIGN_KEY_VIOLATION => Erreur::Reference(message),
        &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED => {
            Erreur::Conflit { table }
        }
        &SqlState::INSUFFICIENT_PRIVILEGE => Erreur::Interdite(message),
        &SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED => Erreur::Altere(message),
        code if code.code().starts_with("23") || code.code().starts_with("22") => {
            Erreur::Contrainte(message)
        }
        code if ["08", "53", "57", "58"]
            .iter()
            .any(|classe| code.code().starts_with(classe)) =>
        {
            Erreur::Indisponible(message)
        }
        &SqlState::READ_ONLY_SQL_TRANSACTION => Erreur::Indisponible(message),
        code => Erreur::Interne(format!("{} : {message}", code.code())),
    }
}
