//! Les connexions d'un compte : ouvrir, changer de jeton, lister, fermer.

use super::{Etape, INACTIVITE_MAX_S, empreinte_du_jeton};
use crate::base::{Base, Requete, Resultat};
use crate::valeurs;

/// Longueur gardée du nom du navigateur.
const AGENT_MAX: usize = 200;

/// Une connexion à ouvrir.
#[derive(Debug, Clone)]
pub struct NouvelleConnexion<'a> {
    /// Le jeton, en clair ; seule son empreinte est gardée.
    pub jeton: &'a str,
    /// Identifiant public, montré dans les adresses.
    pub id: &'a str,
    /// Courriel du compte.
    pub courriel: &'a str,
    /// Étape.
    pub etape: Etape,
    /// Navigateur annoncé.
    pub agent: &'a str,
    /// Adresse du visiteur.
    pub adresse: &'a str,
    /// Secondes depuis l'époque.
    pub maintenant: i64,
}

/// Une connexion de la liste « Mes connexions ».
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnexionOuverte {
    /// Identifiant public.
    pub id: String,
    /// Navigateur annoncé.
    pub agent: String,
    /// Adresse.
    pub adresse: String,
    /// Ouverte, en secondes depuis l'époque.
    pub ouverte: i64,
    /// Vue pour la dernière fois.
    pub vue: i64,
}

fn inserer(n: &NouvelleConnexion<'_>) -> Requete {
    let agent: String = n.agent.chars().take(AGENT_MAX).collect();
    Requete::new(
        "INSERT INTO connexion (empreinte, id, courriel, etape, agent, adresse, ouverte, vue, revoquee) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0)",
        valeurs![
            empreinte_du_jeton(n.jeton),
            n.id,
            n.courriel,
            n.etape.code(),
            agent,
            n.adresse,
            n.maintenant
        ],
    )
}

/// Ouvre une connexion et oublie celles de plus de trente jours.
pub async fn ouvrir(base: &Base, nouvelle: &NouvelleConnexion<'_>) -> Resultat<()> {
    let ancien = nouvelle.maintenant - 30 * 86_400;
    let oublier = Requete::new(
        "DELETE FROM connexion WHERE courriel = $1 AND vue < $2",
        valeurs![nouvelle.courriel, ancien],
    );
    base.transaction(vec![oublier, inserer(nouvelle)])
        .await
        .map(|_| ())
}

/// Remplace une connexion par une autre, au jeton neuf (le second facteur est passé).
pub async fn promouvoir(
    base: &Base,
    avant: &str,
    nouvelle: &NouvelleConnexion<'_>,
) -> Resultat<()> {
    let fermer = Requete::new(
        "UPDATE connexion SET revoquee = 1 WHERE id = $1 AND revoquee = 0",
        valeurs![avant],
    )
    .attendu(1);
    base.transaction(vec![fermer, inserer(nouvelle)])
        .await
        .map(|_| ())
}

/// Les connexions ouvertes du compte, la plus récente d'abord.
pub async fn connexions(
    base: &Base,
    courriel: &str,
    maintenant: i64,
) -> Resultat<Vec<ConnexionOuverte>> {
    let sql = "SELECT id, agent, adresse, ouverte, vue FROM connexion \
               WHERE courriel = $1 AND revoquee = 0 AND etape = 'ouverte' AND vue > $2 ORDER BY vue DESC, id";
    let lignes = base
        .lire(sql, &valeurs![courriel, maintenant - INACTIVITE_MAX_S])
        .await?;
    lignes
        .iter()
        .map(|l| {
            Ok(ConnexionOuverte {
                id: l.texte(0)?,
                agent: l.texte(1)?,
                adresse: l.texte(2)?,
                ouverte: l.entier(3)?,
                vue: l.entier(4)?,
            })
        })
        .collect()
}

/// Ferme une connexion de ce compte ; faux si elle n'est pas à lui.
pub async fn fermer(base: &Base, courriel: &str, id: &str) -> Resultat<bool> {
    let sql = "UPDATE connexion SET revoquee = 1 WHERE courriel = $1 AND id = $2 AND revoquee = 0";
    Ok(base
        .transaction(vec![Requete::new(sql, valeurs![courriel, id])])
        .await?
        == [1])
}

/// Ferme toutes les connexions de ce compte, sauf `garder`.
pub async fn fermer_toutes(base: &Base, courriel: &str, garder: &str) -> Resultat<()> {
    let sql = "UPDATE connexion SET revoquee = 1 WHERE courriel = $1 AND id <> $2";
    base.transaction(vec![Requete::new(sql, valeurs![courriel, garder])])
        .await
        .map(|_| ())
}
