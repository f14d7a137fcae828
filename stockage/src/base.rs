//! La base de données : un seul texte SQL (`$1`, `$2`…), deux adaptateurs.
//!
//! Deux verbes seulement : [`Base::lire`] et [`Base::transaction`]. Une transaction est une liste de
//! requêtes connue d'avance, toutes ou aucune ; ce qui doit encore être vrai au moment d'écrire se dit
//! par une clé (erreur [`Erreur::Unicite`]) ou par [`Requete::attendu`] (erreur [`Erreur::Conflit`]).
//!
//! Dialecte commun : `TEXT`, `BIGINT`, `BLOB` (devient `BYTEA`), `COLLATE BINARY` (devient `"C"`),
//! `ON CONFLICT … DO UPDATE|NOTHING`, `CAST(SUM(x) AS BIGINT)` ; ni JSON du fournisseur, ni `NOW()`,
//! ni déclencheur, ni `LIKE` sensible à la casse (replier les textes avant de les ranger).

#[cfg(test)]
mod essais_base;
mod postgres;
mod sqlite;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use crate::erreur::{Erreur, Resultat};
pub(crate) use sqlite::{ouvrir_en_lecture, traduire as traduire_sqlite};

/// Où se trouve la base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Adresse {
    /// Un fichier SQLite (créé s'il n'existe pas ; le dossier, lui, doit exister).
    Sqlite(PathBuf),
    /// Une adresse PostgreSQL, sous forme d'URL ou de couples `host=… user=… dbname=…`.
    Postgres(String),
}

impl Adresse {
    /// Lit une adresse écrite : `postgres://…`, `postgresql://…` ou `host=…`, sinon un chemin de fichier.
    pub fn lire(texte: &str) -> Self {
        let est_postgres = ["postgres://", "postgresql://", "host="]
            .iter()
            .any(|p| texte.starts_with(p));
        if est_postgres {
            Self::Postgres(texte.to_owned())
        } else {
            Self::Sqlite(PathBuf::from(
                texte.strip_prefix("sqlite:").unwrap_or(texte),
            ))
        }
    }
}

/// Une valeur échangée avec la base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Valeur {
    /// Un texte (les dates sont des textes ISO 8601).
    Texte(String),
    /// Un nombre entier (un booléen est 0 ou 1).
    Entier(i64),
    /// Des octets.
    Octets(Vec<u8>),
    /// L'absence de valeur.
    Nul,
}

impl From<&str> for Valeur {
    fn from(texte: &str) -> Self {
        Self::Texte(texte.to_owned())
    }
}
impl From<String> for Valeur {
    fn from(texte: String) -> Self {
        Self::Texte(texte)
    }
}
impl From<&String> for Valeur {
    fn from(texte: &String) -> Self {
        Self::Texte(texte.clone())
    }
}
impl From<i64> for Valeur {
    fn from(nombre: i64) -> Self {
        Self::Entier(nombre)
    }
}
impl From<i32> for Valeur {
    fn from(nombre: i32) -> Self {
        Self::Entier(i64::from(nombre))
    }
}
impl From<u32> for Valeur {
    fn from(nombre: u32) -> Self {
        Self::Entier(i64::from(nombre))
    }
}
impl From<u64> for Valeur {
    /// Borne au plus grand entier que les deux bases savent ranger.
    fn from(nombre: u64) -> Self {
        Self::Entier(i64::try_from(nombre).unwrap_or(i64::MAX))
    }
}
impl From<bool> for Valeur {
    fn from(vrai: bool) -> Self {
        Self::Entier(i64::from(vrai))
    }
}
impl From<Vec<u8>> for Valeur {
    fn from(octets: Vec<u8>) -> Self {
        Self::Octets(octets)
    }
}
impl From<&[u8]> for Valeur {
    fn from(octets: &[u8]) -> Self {
        Self::Octets(octets.to_vec())
    }
}
impl<T: Into<Valeur>> From<Option<T>> for Valeur {
    fn from(valeur: Option<T>) -> Self {
        valeur.map_or(Self::Nul, Into::into)
    }
}

/// Écrit une liste de [`Valeur`] : `valeurs![centre, nom, 3]`.
#[macro_export]
macro_rules! valeurs {
    ($($valeur:expr),* $(,)?) => { Vec::from([$($crate::Valeur::from($valeur)),*]) };
}

/// Une ligne lue. Les colonnes se désignent par leur position, à partir de 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ligne(pub(crate) Vec<Valeur>);

impl Ligne {
    fn valeur(&self, colonne: usize) -> Resultat<&Valeur> {
        self.0
            .get(colonne)
            .ok_or_else(|| Erreur::Interne(format!("colonne {colonne} absente")))
    }

    fn inattendue<T>(colonne: usize, voulu: &str) -> Resultat<T> {
        Err(Erreur::Altere(format!(
            "colonne {colonne} : {voulu} attendu"
        )))
    }

    /// Le texte de la colonne, emprunté.
    pub fn texte_ref(&self, colonne: usize) -> Resultat<&str> {
        match self.valeur(colonne)? {
            Valeur::Texte(texte) => Ok(texte),
            _ => Self::inattendue(colonne, "texte"),
        }
    }

    /// Le texte de la colonne.
    pub fn texte(&self, colonne: usize) -> Resultat<String> {
        self.texte_ref(colonne).map(str::to_owned)
    }

    /// Le texte de la colonne, ou rien si elle est nulle.
    pub fn texte_option(&self, colonne: usize) -> Resultat<Option<String>> {
        self.option(colonne, Self::texte)
    }

    /// L'entier de la colonne.
    pub fn entier(&self, colonne: usize) -> Resultat<i64> {
        match self.valeur(colonne)? {
            Valeur::Entier(nombre) => Ok(*nombre),
            _ => Self::inattendue(colonne, "entier"),
        }
    }

    /// L'entier de la colonne, qui ne peut être négatif.
    pub fn naturel(&self, colonne: usize) -> Resultat<u64> {
        u64::try_from(self.entier(colonne)?)
            .or_else(|_| Self::inattendue(colonne, "entier positif"))
    }

    /// L'entier de la colonne, ou rien si elle est nulle.
    pub fn entier_option(&self, colonne: usize) -> Resultat<Option<i64>> {
        self.option(colonne, Self::entier)
    }

    /// Le booléen de la colonne (0 ou 1).
    pub fn booleen(&self, colonne: usize) -> Resultat<bool> {
        Ok(self.entier(colonne)? != 0)
    }

    /// Les octets de la colonne.
    pub fn octets(&self, colonne: usize) -> Resultat<Vec<u8>> {
        match self.valeur(colonne)? {
            Valeur::Octets(octets) => Ok(octets.clone()),
            _ => Self::inattendue(colonne, "octets"),
        }
    }

    /// Les octets de la colonne, ou rien si elle est nulle.
    pub fn octets_option(&self, colonne: usize) -> Resultat<Option<Vec<u8>>> {
        self.option(colonne, Self::octets)
    }

    fn option<T>(
        &self,
        colonne: usize,
        lire: fn(&Self, usize) -> Resultat<T>,
    ) -> Resultat<Option<T>> {
        match self.valeur(colonne)? {
            Valeur::Nul => Ok(None),
            _ => lire(self, colonne).map(Some),
        }
    }
}

/// Une requête d'écriture, à joindre à une transaction.
#[derive(Debug, Clone)]
pub struct Requete {
    pub(crate) sql: &'static str,
    pub(crate) valeurs: Vec<Valeur>,
    pub(crate) attendu: Option<u64>,
    pub(crate) script: bool,
}

impl Requete {
    /// Une requête et ses valeurs.
    pub fn new(sql: &'static str, valeurs: Vec<Valeur>) -> Self {
        Self {
            sql,
            valeurs,
            attendu: None,
            script: false,
        }
    }

    /// Exige que la requête touche exactement `lignes` lignes, sinon toute la transaction est un [`Erreur::Conflit`].
    #[must_use]
    pub fn attendu(mut self, lignes: u64) -> Self {
        self.attendu = Some(lignes);
        self
    }

    /// Un texte de migration : plusieurs instructions, sans valeur.
    pub(crate) fn script(sql: &'static str) -> Self {
        Self {
            sql,
            valeurs: Vec::new(),
            attendu: None,
            script: true,
        }
    }

    /// Compare les lignes touchées à ce qui était attendu.
    fn controler(&self, touchees: u64) -> Resultat<u64> {
        match self.attendu {
            Some(attendu) if attendu != touchees => Err(Erreur::Conflit {
                table: self.table(),
            }),
            _ => Ok(touchees),
        }
    }

    /// La table que la requête écrit, pour les messages.
    fn table(&self) -> String {
        let mut mots = self.sql.split_whitespace();
        while let Some(mot) = mots.next() {
            if ["INTO", "UPDATE", "FROM"].contains(&mot.to_ascii_uppercase().as_str()) {
                let nom = mots.next().unwrap_or_default();
                return nom.split('(').next().unwrap_or_default().to_owned();
            }
        }
        String::new()
    }
}

/// La base ouverte. Se clone pour rien.
#[derive(Clone)]
pub struct Base {
    ouverte: Arc<Ouverte>,
    /// Le centre dont on parle, pour une base qui cloisonne ses lignes ; tous, si rien n'est dit.
    portee: Option<Arc<str>>,
}

struct Ouverte {
    adaptateur: Adaptateur,
    memoire: crate::memoire::Memoire,
}

enum Adaptateur {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Base {
    /// Ouvre la base, vérifie ses réglages et applique les migrations manquantes.
    pub async fn ouvrir(adresse: &Adresse) -> Resultat<Self> {
        let base = Self::ouvrir_sans_migrer(adresse).await?;
        crate::migrations::appliquer(&base).await?;
        Ok(base)
    }

    /// Ouvre la base telle qu'elle est.
    pub(crate) async fn ouvrir_sans_migrer(adresse: &Adresse) -> Resultat<Self> {
        let adaptateur = match adresse {
            Adresse::Sqlite(chemin) => Adaptateur::Sqlite(sqlite::Sqlite::ouvrir(chemin)?),
            Adresse::Postgres(url) => Adaptateur::Postgres(postgres::Postgres::ouvrir(url).await?),
        };
        Ok(Self {
            ouverte: Arc::new(Ouverte {
                adaptateur,
                memoire: crate::memoire::Memoire::default(),
            }),
            portee: None,
        })
    }

    /// La même base, pour les seules lignes de ce centre : une base PostgreSQL durcie ne rendra rien d'autre.
    #[must_use]
    pub fn du_centre(&self, centre: &crate::Centre) -> Self {
        Self {
            ouverte: self.ouverte.clone(),
            portee: Some(centre.as_str().into()),
        }
    }

    /// La portée telle qu'une base durcie l'attend.
    fn portee(&self) -> &str {
        self.portee.as_deref().unwrap_or("*")
    }

    /// Exécute un texte de plusieurs ordres, tout ou rien ; PostgreSQL seulement.
    pub(crate) async fn executer_texte(&self, texte: &str) -> Resultat<()> {
        match &self.ouverte.adaptateur {
            Adaptateur::Sqlite(_) => Err(Erreur::Configuration(
                "le durcissement ne concerne que PostgreSQL : un fichier SQLite n'a qu'un propriétaire".to_owned(),
            )),
            Adaptateur::Postgres(postgres) => postgres.executer_texte(texte).await,
        }
    }

    /// Lit des lignes.
    pub async fn lire(&self, sql: &'static str, valeurs: &[Valeur]) -> Resultat<Vec<Ligne>> {
        match &self.ouverte.adaptateur {
            Adaptateur::Sqlite(sqlite) => sqlite.lire(sql, valeurs),
            Adaptateur::Postgres(postgres) => postgres.lire(self.portee(), sql, valeurs).await,
        }
    }

    /// Lit une ligne au plus (la première).
    pub async fn lire_une(&self, sql: &'static str, valeurs: &[Valeur]) -> Resultat<Option<Ligne>> {
        Ok(self.lire(sql, valeurs).await?.into_iter().next())
    }

    /// Exécute toutes les requêtes, ou aucune ; rend le nombre de lignes touchées par chacune.
    ///
    /// La réponse ne vient qu'une fois l'écriture sûre.
    pub async fn transaction(&self, requetes: Vec<Requete>) -> Resultat<Vec<u64>> {
        match &self.ouverte.adaptateur {
            Adaptateur::Sqlite(sqlite) => sqlite.transaction(requetes).await,
            Adaptateur::Postgres(postgres) => postgres.transaction(self.portee(), &requetes).await,
        }
    }

    /// Vrai si la base est un fichier SQLite.
    pub fn est_sqlite(&self) -> bool {
        matches!(self.ouverte.adaptateur, Adaptateur::Sqlite(_))
    }

    /// Le fichier de la base, si c'en est un.
    pub fn chemin(&self) -> Option<&Path> {
        match &self.ouverte.adaptateur {
            Adaptateur::Sqlite(sqlite) => Some(sqlite.chemin()),
            Adaptateur::Postgres(_) => None,
        }
    }

    /// Contrôle que la base répond (pour la sonde « prêt »).
    pub async fn est_prete(&self) -> Resultat<()> {
        self.lire("SELECT 1", &[]).await.map(|_| ())
    }

    pub(crate) fn memoire(&self) -> &crate::memoire::Memoire {
        &self.ouverte.memoire
    }
}

impl std::fmt::Debug for Base {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.est_sqlite() {
            "Base(SQLite)"
        } else {
            "Base(PostgreSQL)"
        })
    }
}
