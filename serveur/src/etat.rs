//! Ce que toutes les pages partagent : la base, l'horloge, la configuration.

use crate::horloge::Horloge;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use stockage::Base;
use tokio::sync::Semaphore;

/// L'état partagé (clone bon marché).
#[derive(Clone)]
pub struct Etat {
    /// La base ; celle d'une personne connectée ne parle que de son centre.
    pub base: Base,
    interne: Arc<Interne>,
}

/// Le contenu de l'état.
pub struct Interne {
    /// L'horloge.
    pub horloge: Horloge,
    /// Dossier de données.
    pub donnees: PathBuf,
    /// Origine publique (« https://garant.exemple.fr ») ; boucle locale à défaut.
    pub origine: String,
    /// Le serveur est-il derrière TLS (cookie `__Host-`, `Secure`) ?
    pub tls: bool,
    /// Un relais de confiance écrit-il X-Forwarded-For ?
    pub relais: bool,
    /// Calculs de documents en parallèle.
    pub documents: Semaphore,
    /// Calculs Argon2id en parallèle.
    pub mots_de_passe: Semaphore,
    /// Analyses retenues.
    pub analyses: crate::analyses::Analyses,
    /// Pages retenues.
    pub pages: crate::pages_retenues::PagesRetenues,
    /// Limites de débit par compte et par adresse.
    pub debits: crate::securite::Debits,
    /// Éditions d'ensemble en cours.
    pub travaux: crate::edition::travaux::Travaux,
    /// Ce que les pages et le facteur partagent.
    pub courriel: crate::courriel::Poste,
}

impl Etat {
    /// Un état neuf. `origine` sans barre finale.
    pub fn nouveau(base: Base, horloge: Horloge, donnees: PathBuf, origine: String) -> Self {
        Self::derriere(base, horloge, donnees, origine, false)
    }

    /// Comme [`Self::nouveau`], derrière un relais de confiance.
    pub fn derriere(
        base: Base,
        horloge: Horloge,
        donnees: PathBuf,
        origine: String,
        relais: bool,
    ) -> Self {
        let tls = origine.starts_with("https://");
        let interne = Arc::new(Interne {
            horloge,
            donnees,
            origine,
            tls,
            relais,
            documents: Semaphore::new(2),
            mots_de_passe: Semaphore::new(2),
            analyses: Default::default(),
            pages: Default::default(),
            debits: crate::securite::Debits::default(),
            travaux: Default::default(),
            courriel: crate::courriel::Poste::default(),
        });
        Self { base, interne }
    }

    /// Le même état, pour les seules lignes de ce centre.
    #[must_use]
    pub fn du_centre(&self, centre: &stockage::Centre) -> Self {
        Self {
            base: self.base.du_centre(centre),
            interne: self.interne.clone(),
        }
    }
}

impl Etat {
    /// Le coffre des aménagements ; sa clé naît avec le premier texte à sceller.
    pub fn coffre(
        &self,
        a_creer: bool,
    ) -> Result<stockage::coffre::Coffre, stockage::coffre::Ferme> {
        use stockage::coffre::Coffre;
        if a_creer {
            Coffre::ouvrir_ou_creer(&self.donnees)
        } else {
            Coffre::ouvrir(&self.donnees)
        }
    }
}

impl Deref for Etat {
    type Target = Interne;
    fn deref(&self) -> &Interne {
        &self.interne
    }
}
