//! Le courriel : du délai ou de la décision au message accepté par le serveur du centre.
//!
//! À lire dans l'ordre : [`textes`] (les mots), [`composer`] (le message), [`smtp`] (la conversation),
//! [`facteur`] (la boîte d'envoi), [`passe`] (les rappels du matin). Sans serveur réglé, rien ne part et rien ne manque :
//! les pages donnent le texte et le lien à envoyer à la main.

pub mod composer;
pub mod facteur;
pub mod passe;
pub mod smtp;
pub mod textes;

use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::second_facteur;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;
use stockage::Centre;
use stockage::courriel::{self, Lien, ServeurCourriel};
use tokio::sync::Notify;

/// Qui agit par un lien privé, au journal : la personne elle-même, sans compte.
pub const ACTEUR_PAR_LIEN: &str = "lien-prive";

/// Attente d'une réponse du serveur, par commande.
const ATTENTE_MS: u64 = 30_000;

/// Ce que les pages et le facteur partagent.
pub struct Poste {
    reveil: Notify,
    attente_ms: AtomicU64,
    arret: AtomicBool,
    /// Le dernier jour dont la passe du matin est faite, en jours depuis l'époque.
    pub(crate) passe_du: AtomicI64,
}

impl Default for Poste {
    fn default() -> Self {
        Self {
            reveil: Notify::new(),
            attente_ms: AtomicU64::new(ATTENTE_MS),
            arret: AtomicBool::new(false),
            passe_du: AtomicI64::new(i64::MIN),
        }
    }
}

impl Poste {
    /// Réveille le facteur : il y a quelque chose à envoyer.
    pub fn reveiller(&self) {
        self.reveil.notify_one();
    }

    /// Demande au facteur de finir le message commencé, puis de s'arrêter.
    pub fn arreter(&self) {
        self.arret.store(true, Ordering::Relaxed);
        self.reveil.notify_one();
    }

    pub(crate) fn est_arrete(&self) -> bool {
        self.arret.load(Ordering::Relaxed)
    }

    /// Attend d'être réveillé.
    pub(crate) async fn attendre(&self) {
        self.reveil.notified().await;
    }

    /// L'attente d'une réponse du serveur.
    pub fn attente(&self) -> Duration {
        Duration::from_millis(self.attente_ms.load(Ordering::Relaxed))
    }

    /// Raccourcit l'attente (essais).
    pub fn regler_attente(&self, attente: Duration) {
        let ms = u64::try_from(attente.as_millis()).unwrap_or(ATTENTE_MS);
        self.attente_ms.store(ms, Ordering::Relaxed);
    }
}

/// Le serveur d'envoi du centre, s'il est réglé et actif.
pub async fn serveur_actif(
    etat: &Etat,
    centre: &Centre,
) -> Result<Option<ServeurCourriel>, Erreur> {
    Ok(courriel::serveur(&etat.base, centre)
        .await?
        .filter(|s| s.actif))
}

/// L'adresse d'un lien privé.
pub fn adresse_du_lien(etat: &Etat, jeton: &str) -> String {
    format!("{}/liens/{jeton}", etat.origine)
}

/// Un lien à copier à la main : le jeton naît ici et ne sera plus montré.
pub async fn lien_a_copier(etat: &Etat, centre: &Centre, lien: &Lien) -> Result<String, Erreur> {
    let jeton = second_facteur::jeton()?;
    courriel::emettre(&etat.base, centre, lien, &jeton).await?;
    Ok(adresse_du_lien(etat, &jeton))
}

/// La dernière seconde de ce jour, à Paris.
pub fn fin_du_jour(jour: jiff::civil::Date) -> i64 {
    jour.at(23, 59, 59, 0)
        .to_zoned_datetime(metier::temps::paris())
        .map_or(0, |z| z.timestamp().as_second())
}
