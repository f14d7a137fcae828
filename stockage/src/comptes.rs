//! Comptes et connexions : qui est là, dans quel centre, avec quels rôles.
//!
//! Un jeton de connexion fait 256 bits ; seule son empreinte SHA-256 est stockée. Les instants sont des secondes
//! depuis l'époque, donnés par l'appelant (pas d'horloge ici).

mod centres;
mod compte;
mod connexions;
mod equipe;
#[cfg(test)]
mod essais_comptes;

pub use centres::{
    CentreConnu, NouveauCentre, centres, creer_centre, poser_code_de_demarrage,
    verifier_code_de_demarrage,
};
pub use compte::{
    CompteConnexion, changer_mot_de_passe, compte, confirmer_second_facteur, consommer_pas,
    consommer_secours, poser_secret_en_attente, renouveler_secours,
};
pub use connexions::{
    ConnexionOuverte, NouvelleConnexion, connexions, fermer, fermer_toutes, ouvrir, promouvoir,
};
pub use equipe::{
    CompteMembre, Invitation, Membre, NouvelleInvitation, accepter_invitation, activer_compte,
    ajouter_personne, changer_roles, equipe, inviter, lire_invitation, revoquer_invitation,
};

use crate::base::{Base, Requete, Resultat};
use crate::{Centre, valeurs};
use metier::{PersonneId, Role};
use sha2::{Digest, Sha256};

/// Inactivité au bout de laquelle une connexion se ferme, en secondes.
pub const INACTIVITE_MAX_S: i64 = 12 * 3600;
/// Pas de rafraîchissement de « vue » : on n'écrit pas à chaque page.
const PAS_VUE_S: i64 = 300;

/// L'étape d'une connexion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Etape {
    /// Le mot de passe est bon, le second facteur est attendu.
    SecondFacteur,
    /// Connectée.
    Ouverte,
}

impl Etape {
    /// Code stocké.
    pub fn code(self) -> &'static str {
        match self {
            Self::SecondFacteur => "second",
            Self::Ouverte => "ouverte",
        }
    }
}

/// Une personne connectée.
#[derive(Debug, Clone)]
pub struct Connecte {
    /// Identifiant public de la connexion.
    pub connexion: String,
    /// Étape.
    pub etape: Etape,
    /// Courriel du compte.
    pub courriel: String,
    /// Personne.
    pub personne: PersonneId,
    /// « Camille DURAND ».
    pub nom: String,
    /// Fonction.
    pub fonction: String,
    /// Centre.
    pub centre: Centre,
    /// Nom du centre.
    pub nom_centre: String,
    /// Centre d'exemple ?
    pub exemple: bool,
    /// Rôles du compte dans le centre.
    pub roles: Vec<Role>,
    /// Un second facteur est-il en place ?
    pub second_facteur: bool,
}

/// L'empreinte d'un jeton, en hexadécimal.
pub fn empreinte_du_jeton(jeton: &str) -> String {
    crate::journal::hexa(&Sha256::digest(jeton.as_bytes()))
}

/// Lit « administrateur,responsable ».
pub fn lire_roles(texte: &str) -> Vec<Role> {
    texte.split(',').filter_map(Role::depuis_code).collect()
}
/// Écrit « administrateur,responsable ».
pub fn ecrire_roles(roles: &[Role]) -> String {
    roles.iter().map(|r| r.code()).collect::<Vec<_>>().join(",")
}

/// La connexion de ce jeton, si elle est ouverte, active et pas trop ancienne.
pub async fn connecte(base: &Base, jeton: &str, maintenant: i64) -> Resultat<Option<Connecte>> {
    let empreinte = empreinte_du_jeton(jeton);
    let ligne = base
        .lire_une(
            "SELECT x.id, x.etape, x.vue, c.courriel, c.personne, p.prenom, p.nom, p.fonction, c.centre, e.nom, e.exemple, c.roles, c.totp \
             FROM connexion x JOIN compte c ON c.courriel = x.courriel JOIN personne p ON p.centre = c.centre AND p.id = c.personne \
             JOIN centre e ON e.id = c.centre WHERE x.empreinte = $1 AND x.revoquee = 0 AND c.actif = 1 AND x.vue > $2",
            &valeurs![&empreinte, maintenant - INACTIVITE_MAX_S],
        )
        .await?;
    let Some(l) = ligne else { return Ok(None) };
    if maintenant - l.entier(2)? > PAS_VUE_S {
        base.transaction(vec![Requete::new(
            "UPDATE connexion SET vue = $2 WHERE empreinte = $1",
            valeurs![&empreinte, maintenant],
        )])
        .await?;
    }
    Ok(Some(Connecte {
        connexion: l.texte(0)?,
        etape: if l.texte_ref(1)? == "ouverte" {
            Etape::Ouverte
        } else {
            Etape::SecondFacteur
        },
        courriel: l.texte(3)?,
        personne: l
            .texte_ref(4)?
            .parse()
            .map_err(|_| crate::Erreur::Altere("personne".into()))?,
        nom: format!("{} {}", l.texte_ref(5)?, l.texte_ref(6)?.to_uppercase())
            .trim()
            .to_owned(),
        fonction: l.texte(7)?,
        centre: Centre::new(l.texte(8)?),
        nom_centre: l.texte(9)?,
        exemple: l.booleen(10)?,
        roles: lire_roles(l.texte_ref(11)?),
        second_facteur: l.texte_option(12)?.is_some(),
    }))
}

/// Une personne de l'équipe du centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personne {
    /// Identifiant.
    pub id: PersonneId,
    /// Nom de famille.
    pub nom: String,
    /// Prénom.
    pub prenom: String,
    /// Fonction.
    pub fonction: String,
    /// Courriel ou vide.
    pub courriel: String,
    /// Toujours dans l'équipe ?
    pub actif: bool,
}

impl Personne {
    /// « Camille DURAND ».
    pub fn nom_complet(&self) -> String {
        format!("{} {}", self.prenom, self.nom.to_uppercase())
            .trim()
            .to_owned()
    }
}

/// Les personnes du centre, par nom.
pub async fn personnes(base: &Base, centre: &Centre) -> Resultat<Vec<Personne>> {
    let lignes = base.lire("SELECT id, nom, prenom, fonction, courriel, actif FROM personne WHERE centre = $1 ORDER BY nom, prenom, id", &valeurs![centre]).await?;
    lignes.iter().map(personne_depuis).collect()
}

/// Une personne du centre.
pub async fn personne(base: &Base, centre: &Centre, id: &PersonneId) -> Resultat<Option<Personne>> {
    let l = base.lire_une("SELECT id, nom, prenom, fonction, courriel, actif FROM personne WHERE centre = $1 AND id = $2", &valeurs![centre, id.as_str()]).await?;
    l.as_ref().map(personne_depuis).transpose()
}

fn personne_depuis(l: &crate::Ligne) -> Resultat<Personne> {
    Ok(Personne {
        id: l
            .texte_ref(0)?
            .parse()
            .map_err(|_| crate::Erreur::Altere("personne".into()))?,
        nom: l.texte(1)?,
        prenom: l.texte(2)?,
        fonction: l.texte(3)?,
        courriel: l.texte(4)?,
        actif: l.booleen(5)?,
    })
}
