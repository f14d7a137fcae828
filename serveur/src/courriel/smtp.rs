//! La conversation avec le serveur d'envoi, commande par commande.
//!
//! On ne confie pas l'envoi à un transport tout fait : seul le moment de la panne dit si le message est peut-être parti.
//! Avant le texte, rien n'est parti ; après, sans réponse, on ne sait pas, et on le dit.

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use std::error::Error as _;
use std::future::Future;
use std::time::Duration;
use stockage::courriel::{Securite, ServeurCourriel};

/// Signes gardés des mots du serveur.
const MOTS_MAX: usize = 300;

/// Ce que le serveur a répondu à un message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Issue {
    /// Accepté.
    Accepte(String),
    /// Refusé pour de bon (5xx).
    Refuse(String),
    /// Refusé pour l'instant (4xx).
    PlusTard(String),
    /// Le serveur ne se joint pas, ou n'accepte pas le centre : rien n'est parti, et les suivants n'iraient pas mieux.
    Panne(String),
    /// Le texte est parti, la réponse n'est pas venue.
    Incertain(String),
}

/// Une panne à une étape : la réponse du serveur, ou son silence.
enum Arret {
    Reponse(Error),
    Silence,
}

impl Arret {
    fn est_definitif(&self) -> bool {
        matches!(self, Self::Reponse(e) if e.is_permanent())
    }
    fn est_une_reponse(&self) -> bool {
        matches!(self, Self::Reponse(e) if e.status().is_some())
    }
    fn dire(&self) -> String {
        match self {
            Self::Silence => "le serveur n’a pas répondu à temps".into(),
            Self::Reponse(e) => {
                let detail = e.source().map(ToString::to_string).unwrap_or_default();
                let phrase = match e.status() {
                    Some(code) => format!("{code} {detail}"),
                    None if e.is_tls() => format!("la connexion chiffrée a échoué ({detail})"),
                    None if detail.is_empty() => e.to_string(),
                    None => detail,
                };
                propre(&phrase)
            }
        }
    }
}

/// Les mots d'un serveur, sans signe invisible et bornés.
fn propre(texte: &str) -> String {
    let sain: String = texte
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    sain.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(MOTS_MAX)
        .collect()
}

/// Une conversation : la connexion s'ouvre au premier message et sert aux suivants.
pub struct Conversation<'a> {
    serveur: &'a ServeurCourriel,
    attente: Duration,
    ouverte: Option<AsyncSmtpConnection>,
}

impl<'a> Conversation<'a> {
    /// Une conversation pas encore commencée.
    pub fn new(serveur: &'a ServeurCourriel, attente: Duration) -> Self {
        Self {
            serveur,
            attente,
            ouverte: None,
        }
    }

    async fn borner<T>(
        attente: Duration,
        etape: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Arret> {
        match tokio::time::timeout(attente, etape).await {
            Ok(Ok(v)) => Ok(v),
            Ok(Err(e)) => Err(Arret::Reponse(e)),
            Err(_) => Err(Arret::Silence),
        }
    }

    async fn ouvrir(&self) -> Result<AsyncSmtpConnection, Arret> {
        let s = self.serveur;
        let nom = s
            .expediteur
            .rsplit_once('@')
            .map_or("localhost", |(_, d)| d);
        let moi = ClientId::Domain(nom.to_owned());
        let chiffrement = || TlsParameters::new_rustls(s.hote.clone()).map_err(Arret::Reponse);
        let tls = match s.securite {
            Securite::Tls => Some(chiffrement()?),
            Securite::Starttls | Securite::Clair => None,
        };
        let mut c = Self::borner(
            self.attente,
            AsyncSmtpConnection::connect_tokio1(
                (s.hote.as_str(), s.port),
                Some(self.attente),
                &moi,
                tls,
                None,
            ),
        )
        .await?;
        if s.securite == Securite::Starttls {
            Self::borner(self.attente, c.starttls(chiffrement()?, &moi)).await?;
        }
        if !s.identifiant.is_empty() {
            let secret = Credentials::new(s.identifiant.clone(), s.mot_de_passe.clone());
            let moyens = [Mechanism::Plain, Mechanism::Login];
            Self::borner(self.attente, c.auth(&moyens, &secret)).await?;
        }
        Ok(c)
    }

    /// Envoie un message à une personne.
    pub async fn envoyer(&mut self, de: &Address, a: &Address, message: &[u8]) -> Issue {
        let mut c = match self.ouverte.take() {
            Some(c) => c,
            None => match self.ouvrir().await {
                Ok(c) => c,
                Err(arret) => return Issue::Panne(arret.dire()),
            },
        };
        let attente = self.attente;
        let annonce = async {
            Self::borner(attente, c.command(Mail::new(Some(de.clone()), vec![]))).await?;
            Self::borner(attente, c.command(Rcpt::new(a.clone(), vec![]))).await?;
            Self::borner(attente, c.command(Data)).await
        };
        if let Err(arret) = annonce.await {
            if !arret.est_une_reponse() {
                return Issue::Panne(arret.dire());
            }
            // Le serveur parle toujours : on efface l'annonce, et la connexion sert au suivant.
            if Self::borner(attente, c.command(Rset)).await.is_ok() {
                self.ouverte = Some(c);
            }
            return if arret.est_definitif() {
                Issue::Refuse(arret.dire())
            } else {
                Issue::PlusTard(arret.dire())
            };
        }
        match Self::borner(attente, c.message(message)).await {
            Ok(r) => {
                let mots = r.message().collect::<Vec<_>>().join(" ");
                let phrase = propre(&format!("{} {mots}", r.code()));
                self.ouverte = Some(c);
                Issue::Accepte(phrase)
            }
            Err(arret) if !arret.est_une_reponse() => Issue::Incertain(arret.dire()),
            Err(arret) => {
                self.ouverte = Some(c);
                if arret.est_definitif() {
                    Issue::Refuse(arret.dire())
                } else {
                    Issue::PlusTard(arret.dire())
                }
            }
        }
    }

    /// Prend congé, sans attendre davantage.
    pub async fn finir(mut self) {
        if let Some(mut c) = self.ouverte.take() {
            let _ = Self::borner(self.attente.min(Duration::from_secs(2)), c.quit()).await;
        }
    }
}
