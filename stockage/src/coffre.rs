//! Le coffre : sceller les mots d'un aménagement avec une clé gardée hors de la base.
//!
//! La clé est un fichier de trente-deux octets dans le dossier de données, lisible du seul service. Un texte scellé porte
//! l'empreinte courte de sa clé : une clé perdue ou changée se dit, elle ne rend pas du bruit. Le contexte (centre, session,
//! candidat) est lié au texte : déplacé chez un autre candidat, il ne s'ouvre plus.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};

use crate::journal::hexa;

/// Nom du fichier de clé, dans le dossier de données.
pub const FICHIER: &str = "cle-amenagements";
const CLE: usize = 32;
const NONCE: usize = 24;
const VERSION: &str = "v1";

/// Pourquoi le coffre ne s'ouvre pas.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Ferme {
    /// Pas de fichier de clé.
    #[error(
        "la clé des aménagements n’est pas dans le dossier de données : remettez-la depuis votre sauvegarde"
    )]
    SansCle,
    /// Le fichier de clé n'est pas lisible, ou n'a pas la bonne taille.
    #[error("la clé des aménagements ne se lit pas : {0}")]
    Illisible(String),
    /// Scellé avec une autre clé.
    #[error(
        "ces mots ont été scellés avec une autre clé : remettez celle de votre sauvegarde, ou recopiez la décision"
    )]
    AutreCle,
    /// Abîmé, ou déplacé.
    #[error("ces mots sont abîmés, ou viennent d’ailleurs : recopiez la décision")]
    Altere,
}

/// Une clé ouverte.
pub struct Coffre {
    chiffre: XChaCha20Poly1305,
    empreinte: String,
}

impl Coffre {
    /// Ouvre le coffre de ce dossier ; sa clé doit y être.
    pub fn ouvrir(dossier: &Path) -> Result<Self, Ferme> {
        match std::fs::read(chemin(dossier)) {
            Ok(octets) => Self::depuis(&octets),
            Err(e) if e.kind() == ErrorKind::NotFound => Err(Ferme::SansCle),
            Err(e) => Err(Ferme::Illisible(e.to_string())),
        }
    }

    /// Ouvre le coffre, en tirant une clé s'il n'y en a pas encore.
    pub fn ouvrir_ou_creer(dossier: &Path) -> Result<Self, Ferme> {
        match Self::ouvrir(dossier) {
            Err(Ferme::SansCle) => {}
            autre => return autre,
        }
        let mut cle = [0_u8; CLE];
        getrandom::fill(&mut cle).map_err(|e| Ferme::Illisible(e.to_string()))?;
        match ecrire(&chemin(dossier), &cle) {
            Ok(()) => Self::depuis(&cle),
            // Un autre geste vient de la tirer.
            Err(e) if e.kind() == ErrorKind::AlreadyExists => Self::ouvrir(dossier),
            Err(e) => Err(Ferme::Illisible(e.to_string())),
        }
    }

    fn depuis(octets: &[u8]) -> Result<Self, Ferme> {
        let chiffre = XChaCha20Poly1305::new_from_slice(octets)
            .map_err(|_| Ferme::Illisible("elle n’a pas trente-deux octets".into()))?;
        let empreinte = hexa(&Sha256::digest(
            [b"garant cle v1\n".as_slice(), octets].concat(),
        ));
        Ok(Self {
            chiffre,
            empreinte: empreinte[..16].to_owned(),
        })
    }

    /// Scelle un texte pour ce contexte. Deux fois le même texte donne deux scellés différents.
    pub fn sceller(&self, contexte: &str, clair: &str) -> Result<String, Ferme> {
        let mut hasard = [0_u8; NONCE];
        getrandom::fill(&mut hasard).map_err(|e| Ferme::Illisible(e.to_string()))?;
        let scelle = self
            .chiffre
            .encrypt(&XNonce::from(hasard), lie(contexte, clair.as_bytes()))
            .map_err(|_| Ferme::Altere)?;
        Ok(format!(
            "{VERSION}.{}.{}.{}",
            self.empreinte,
            hexa(&hasard),
            hexa(&scelle)
        ))
    }

    /// Relit un texte scellé pour ce contexte.
    pub fn lire(&self, contexte: &str, scelle: &str) -> Result<String, Ferme> {
        let morceaux: Vec<&str> = scelle.split('.').collect();
        let [VERSION, empreinte, hasard, corps] = morceaux[..] else {
            return Err(Ferme::Altere);
        };
        if empreinte != self.empreinte {
            return Err(Ferme::AutreCle);
        }
        let hasard: [u8; NONCE] = octets(hasard)
            .and_then(|o| o.try_into().ok())
            .ok_or(Ferme::Altere)?;
        let corps = octets(corps).ok_or(Ferme::Altere)?;
        let clair = self
            .chiffre
            .decrypt(&XNonce::from(hasard), lie(contexte, &corps))
            .map_err(|_| Ferme::Altere)?;
        String::from_utf8(clair).map_err(|_| Ferme::Altere)
    }
}

fn lie<'a>(contexte: &'a str, texte: &'a [u8]) -> Payload<'a, 'a> {
    Payload {
        msg: texte,
        aad: contexte.as_bytes(),
    }
}

fn chemin(dossier: &Path) -> PathBuf {
    dossier.join(FICHIER)
}

/// Écrit la clé dans un fichier neuf, lisible du seul service, et attend qu'elle soit sur le disque.
fn ecrire(chemin: &Path, cle: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut fichier = options.open(chemin)?;
    fichier.write_all(cle)?;
    fichier.sync_all()
}

fn octets(hexa: &str) -> Option<Vec<u8>> {
    if !hexa.is_ascii() || !hexa.len().is_multiple_of(2) {
        return None;
    }
    (0..hexa.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&hexa[i..i + 2], 16).ok())
        .collect()
}

#[cfg(test)]
mod essais {
    use super::*;

    struct Dossier(PathBuf);
    impl Dossier {
        fn neuf() -> Self {
            let d = std::env::temp_dir().join(format!("garant-coffre-{}", uuid::Uuid::now_v7()));
            std::fs::create_dir_all(&d).unwrap();
            Self(d)
        }
    }
    impl Drop for Dossier {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn ce_qui_est_scelle_se_relit_dans_son_contexte_et_la_seulement() {
        let d = Dossier::neuf();
        assert_eq!(Coffre::ouvrir(&d.0).err(), Some(Ferme::SansCle));
        let coffre = Coffre::ouvrir_ou_creer(&d.0).unwrap();
        let scelle = coffre.sceller("c1", "temps majoré, salle à part").unwrap();
        assert!(scelle.is_ascii() && !scelle.contains("majoré"));
        assert_ne!(
            scelle,
            coffre.sceller("c1", "temps majoré, salle à part").unwrap()
        );
        let relu = Coffre::ouvrir_ou_creer(&d.0).unwrap();
        assert_eq!(
            relu.lire("c1", &scelle).unwrap(),
            "temps majoré, salle à part"
        );
        assert_eq!(relu.lire("c2", &scelle), Err(Ferme::Altere));
        let mut abime = scelle.clone();
        abime.pop();
        assert_eq!(relu.lire("c1", &abime), Err(Ferme::Altere));
        assert_eq!(relu.lire("c1", "x"), Err(Ferme::Altere));
        assert_eq!(
            relu.lire("c1", &scelle.replace("v1.", "v9.")),
            Err(Ferme::Altere)
        );
    }

    #[test]
    fn une_cle_perdue_ou_changee_se_dit() {
        let (d, autre) = (Dossier::neuf(), Dossier::neuf());
        let scelle = Coffre::ouvrir_ou_creer(&d.0)
            .unwrap()
            .sceller("c", "mesure")
            .unwrap();
        let etrangere = Coffre::ouvrir_ou_creer(&autre.0).unwrap();
        assert_eq!(etrangere.lire("c", &scelle), Err(Ferme::AutreCle));
        std::fs::write(d.0.join(FICHIER), b"courte").unwrap();
        assert!(matches!(
            Coffre::ouvrir_ou_creer(&d.0).err(),
            Some(Ferme::Illisible(_))
        ));
    }

    #[cfg(unix)]
    #[test]
    fn la_cle_n_est_lisible_que_du_service() {
        use std::os::unix::fs::PermissionsExt;
        let d = Dossier::neuf();
        Coffre::ouvrir_ou_creer(&d.0).unwrap();
        let mode = std::fs::metadata(d.0.join(FICHIER))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
