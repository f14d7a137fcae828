//! La configuration : un fichier TOML facultatif, complété par la ligne de commande. Une clé inconnue est refusée.

use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Port d'écoute par défaut.
pub const ECOUTE_PAR_DEFAUT: &str = "127.0.0.1:8080";
/// Dossier de données par défaut.
pub const DONNEES_PAR_DEFAUT: &str = "donnees";

/// Ce que dit le fichier de configuration. Chaque clé est facultative.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fichier {
    /// Adresse d'écoute, « 127.0.0.1:8080 ».
    pub ecoute: Option<String>,
    /// Dossier de données.
    pub donnees: Option<PathBuf>,
    /// Base : un fichier SQLite ou une adresse PostgreSQL.
    pub base: Option<String>,
    /// Origine publique, « https://garant.exemple.fr », quand un relais TLS est devant.
    pub origine: Option<String>,
    /// Vrai si un relais de confiance écrit l'adresse du visiteur dans X-Forwarded-For.
    pub relais: Option<bool>,
}

/// Une configuration refusée, et pourquoi.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigurationRefusee(pub String);

impl Fichier {
    /// Lit le fichier ; un fichier absent n'est une erreur que s'il a été demandé.
    pub fn lire(chemin: &Path) -> Result<Self, ConfigurationRefusee> {
        let texte = std::fs::read_to_string(chemin).map_err(|e| {
            ConfigurationRefusee(format!("« {} » ne se lit pas : {e}", chemin.display()))
        })?;
        Self::depuis(&texte)
            .map_err(|e| ConfigurationRefusee(format!("« {} » : {e}", chemin.display())))
    }

    /// Lit un texte TOML.
    pub fn depuis(texte: &str) -> Result<Self, ConfigurationRefusee> {
        toml::from_str(texte)
            .map_err(|e| ConfigurationRefusee(format!("configuration refusée. {}", e.message())))
    }
}

/// La configuration résolue.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// Adresse d'écoute.
    pub ecoute: SocketAddr,
    /// Dossier de données.
    pub donnees: PathBuf,
    /// Origine publique, sans barre finale ; toujours connue.
    pub origine: String,
    /// L'origine a-t-elle été donnée ? Sinon, c'est la boucle locale.
    pub origine_donnee: bool,
    /// Croire X-Forwarded-For.
    pub relais: bool,
}

impl Configuration {
    /// Résout l'adresse d'écoute et l'origine.
    pub fn resoudre(
        ecoute: &str,
        donnees: PathBuf,
        origine: Option<String>,
        relais: bool,
    ) -> Result<Self, ConfigurationRefusee> {
        let adresse: SocketAddr = ecoute.parse().map_err(|_| {
            ConfigurationRefusee(format!(
                "« {ecoute} » n’est pas une adresse d’écoute (exemple : 127.0.0.1:8080)"
            ))
        })?;
        if let Some(o) = &origine {
            let reste = o
                .strip_prefix("https://")
                .or_else(|| o.strip_prefix("http://"))
                .unwrap_or_default();
            if reste.is_empty() || reste.trim_end_matches('/').contains('/') {
                return Err(ConfigurationRefusee(format!(
                    "« {o} » n’est pas une origine (exemple : https://garant.exemple.fr, sans chemin)"
                )));
            }
        }
        let origine_donnee = origine.is_some();
        let origine = origine
            .unwrap_or_else(|| format!("http://{adresse}"))
            .trim_end_matches('/')
            .to_owned();
        Ok(Self {
            ecoute: adresse,
            donnees,
            origine,
            origine_donnee,
            relais,
        })
    }

    /// Derrière TLS ?
    pub fn est_https(&self) -> bool {
        self.origine.starts_with("https://")
    }
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn une_cle_inconnue_est_refusee_et_nommee() {
        let erreur = Fichier::depuis("ecoutte = '127.0.0.1:1'").expect_err("clé inconnue");
        assert!(erreur.to_string().contains("ecoutte"), "{erreur}");
    }

    #[test]
    fn une_origine_a_un_schema_et_pas_de_chemin() {
        for fausse in ["garant.fr", "https://garant.fr/x", "ftp://garant.fr"] {
            assert!(
                Configuration::resoudre("127.0.0.1:1", "d".into(), Some(fausse.into()), false)
                    .is_err(),
                "{fausse}"
            );
        }
    }
}
