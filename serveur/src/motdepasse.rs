//! Les mots de passe : longueur, liste noire, Argon2id en nombre borné.

use crate::erreurs::Erreur;
use crate::etat::Etat;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::LazyLock;

/// Longueur minimale quand un second facteur est là ou va l'être.
pub const MINIMUM: usize = 12;
/// Longueur minimale sans second facteur.
pub const MINIMUM_SEUL: usize = 15;
/// Longueur maximale.
pub const MAXIMUM: usize = 200;

/// Mémoire, en Kio, et passes d'Argon2id.
const MEMOIRE_KIO: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Mots de passe trop répandus, repliés (minuscules, lettres et chiffres seulement).
static LISTE_NOIRE: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    include_str!("motdepasse/liste-noire.txt")
        .lines()
        .filter(|l| !l.is_empty())
        .collect()
});

/// Contrôle un mot de passe choisi ; la phrase dit quoi faire.
pub fn controler(mot: &str, second_facteur: bool, personnels: &[&str]) -> Result<(), String> {
    let minimum = if second_facteur {
        MINIMUM
    } else {
        MINIMUM_SEUL
    };
    let longueur = mot.chars().count();
    if longueur < minimum {
        return Err(format!(
            "Ce mot de passe a {longueur}\u{a0}caractères : il en faut {minimum} au moins. Quatre mots sans rapport entre eux font l’affaire."
        ));
    }
    if longueur > MAXIMUM {
        return Err(format!(
            "Ce mot de passe dépasse {MAXIMUM}\u{a0}caractères : raccourcissez-le."
        ));
    }
    let replie = replier(mot);
    let repete = mot.chars().collect::<std::collections::BTreeSet<_>>().len() < 5;
    if repete
        || LISTE_NOIRE.iter().any(|connu| {
            replie == *connu
                || (connu.len() >= 8 && replie.starts_with(connu) && replie.len() < connu.len() + 5)
        })
    {
        return Err(
            "Ce mot de passe est parmi les premiers qu’on essaierait. Choisissez-en un autre."
                .into(),
        );
    }
    let personnel = personnels
        .iter()
        .map(|p| replier(p))
        .any(|p| p.len() >= 6 && replie.contains(&p) && replie.len() < p.len() + 8);
    if personnel {
        return Err("Ce mot de passe reprend votre nom, votre courriel ou votre centre. Choisissez-en un autre.".into());
    }
    Ok(())
}

fn replier(texte: &str) -> String {
    texte
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn argon2() -> Argon2<'static> {
    let parametres = Params::new(MEMOIRE_KIO, PASSES, 1, None)
        .expect("paramètres Argon2id constants et valables");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, parametres)
}

/// L'empreinte d'un mot de passe, à ranger.
pub async fn hacher(etat: &Etat, mot: &str) -> Result<String, Erreur> {
    let _place = etat
        .mots_de_passe
        .acquire()
        .await
        .map_err(|_| Erreur::interne("sémaphore fermé"))?;
    let mot = mot.to_owned();
    tokio::task::spawn_blocking(move || hacher_ici(&mot))
        .await
        .map_err(|e| Erreur::interne(&e.to_string()))?
}

/// Comme [`hacher`], sur le fil présent (ligne de commande).
pub fn hacher_ici(mot: &str) -> Result<String, Erreur> {
    argon2()
        .hash_password(mot.as_bytes())
        .map(|h| h.to_string())
        .map_err(|e| Erreur::interne(&e.to_string()))
}

/// Empreinte d'un mot de passe que personne n'a : un compte inconnu coûte autant qu'un compte connu.
static LEURRE: LazyLock<String> =
    LazyLock::new(|| hacher_ici("personne n’a ce mot de passe").unwrap_or_default());

/// Le mot de passe est-il celui de cette empreinte ? Même durée quand il n'y a pas d'empreinte.
pub async fn verifier(etat: &Etat, mot: &str, empreinte: Option<&str>) -> Result<bool, Erreur> {
    let _place = etat
        .mots_de_passe
        .acquire()
        .await
        .map_err(|_| Erreur::interne("sémaphore fermé"))?;
    let connu = empreinte.is_some();
    let (mot, empreinte) = (
        mot.chars().take(MAXIMUM).collect::<String>(),
        empreinte.map(str::to_owned),
    );
    let bon = tokio::task::spawn_blocking(move || {
        let empreinte = empreinte.as_deref().unwrap_or(&LEURRE);
        PasswordHash::new(empreinte)
            .is_ok_and(|h| argon2().verify_password(mot.as_bytes(), &h).is_ok())
    })
    .await
    .map_err(|e| Erreur::interne(&e.to_string()))?;
    Ok(bon && connu)
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn les_mots_de_passe_courts_repandus_ou_personnels_sont_refuses() {
        for mauvais in [
            "court",
            "onzecaracte",
            "motdepasse123",
            "azertyuiop12",
            "aaaaaaaaaaaaaaaa",
            "camille.durand1",
        ] {
            assert!(
                controler(mauvais, true, &["Camille Durand"]).is_err(),
                "{mauvais}"
            );
        }
        assert!(controler("un deux trois quatre", false, &["Camille Durand"]).is_ok());
        assert!(
            controler("quatorze-signe", false, &[]).is_err(),
            "14 sans second facteur"
        );
        assert!(controler("quatorze-signe", true, &[]).is_ok());
    }

    #[test]
    fn l_empreinte_est_argon2id_avec_dix_neuf_mio_et_deux_passes() {
        let empreinte = hacher_ici("cheval agrafe pile correct").expect("empreinte");
        assert!(
            empreinte.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{empreinte}"
        );
    }
}
