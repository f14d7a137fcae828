//! Un compte : son mot de passe, son second facteur, ses codes de secours.

use super::lire_roles;
use crate::base::{Base, Erreur, Requete, Resultat};
use crate::{Centre, valeurs};
use metier::{PersonneId, Role};

/// Ce qu'il faut savoir d'un compte pour le laisser entrer.
#[derive(Debug, Clone)]
pub struct CompteConnexion {
    /// Courriel, en minuscules.
    pub courriel: String,
    /// Le centre.
    pub centre: Centre,
    /// La personne.
    pub personne: PersonneId,
    /// Ses rôles.
    pub roles: Vec<Role>,
    /// Empreinte Argon2id.
    pub mot_de_passe: Option<String>,
    /// Secret du second facteur, en base 32.
    pub totp: Option<String>,
    /// Secret proposé, pas encore confirmé.
    pub totp_attente: Option<String>,
    /// Dernier pas accepté : un code ne sert qu'une fois.
    pub totp_dernier: i64,
    /// Empreintes des codes de secours restants.
    pub secours: Vec<String>,
    /// Peut-il se connecter ?
    pub actif: bool,
    /// Compte d'un centre d'exemple ?
    pub exemple: bool,
}

/// Le compte de ce courriel.
pub async fn compte(base: &Base, courriel: &str) -> Resultat<Option<CompteConnexion>> {
    let sql = "SELECT c.courriel, c.centre, c.personne, c.roles, c.mot_de_passe, c.totp, c.totp_attente, c.totp_dernier, \
               c.secours, c.actif, e.exemple FROM compte c JOIN centre e ON e.id = c.centre WHERE c.courriel = $1";
    let Some(l) = base
        .lire_une(sql, &valeurs![courriel.trim().to_lowercase()])
        .await?
    else {
        return Ok(None);
    };
    Ok(Some(CompteConnexion {
        courriel: l.texte(0)?,
        centre: Centre::new(l.texte(1)?),
        personne: l
            .texte_ref(2)?
            .parse()
            .map_err(|_| Erreur::Altere("personne".into()))?,
        roles: lire_roles(l.texte_ref(3)?),
        mot_de_passe: l.texte_option(4)?,
        totp: l.texte_option(5)?,
        totp_attente: l.texte_option(6)?,
        totp_dernier: l.entier(7)?,
        secours: lire_secours(l.texte_ref(8)?),
        actif: l.booleen(9)?,
        exemple: l.booleen(10)?,
    }))
}

fn lire_secours(texte: &str) -> Vec<String> {
    texte
        .split(',')
        .filter(|s| !s.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Change le mot de passe et ferme les autres connexions du compte.
pub async fn changer_mot_de_passe(
    base: &Base,
    courriel: &str,
    empreinte: &str,
    garder: &str,
) -> Resultat<()> {
    base.transaction(vec![
        Requete::new(
            "UPDATE compte SET mot_de_passe = $2 WHERE courriel = $1",
            valeurs![courriel, empreinte],
        )
        .attendu(1),
        Requete::new(
            "UPDATE connexion SET revoquee = 1 WHERE courriel = $1 AND id <> $2",
            valeurs![courriel, garder],
        ),
    ])
    .await
    .map(|_| ())
}

/// Propose un secret ; il ne vaut rien avant d'être confirmé par un code.
pub async fn poser_secret_en_attente(base: &Base, courriel: &str, secret: &str) -> Resultat<()> {
    let sql = "UPDATE compte SET totp_attente = $2 WHERE courriel = $1";
    base.transaction(vec![
        Requete::new(sql, valeurs![courriel, secret]).attendu(1),
    ])
    .await
    .map(|_| ())
}

/// Met en place le second facteur proposé, avec ses codes de secours (empreintes).
pub async fn confirmer_second_facteur(
    base: &Base,
    courriel: &str,
    secret: &str,
    pas: i64,
    secours: &[String],
    garder: &str,
) -> Resultat<()> {
    let sql = "UPDATE compte SET totp = totp_attente, totp_attente = NULL, totp_dernier = $3, secours = $4 \
               WHERE courriel = $1 AND totp_attente = $2";
    base.transaction(vec![
        Requete::new(sql, valeurs![courriel, secret, pas, secours.join(",")]).attendu(1),
        Requete::new(
            "UPDATE connexion SET revoquee = 1 WHERE courriel = $1 AND id <> $2",
            valeurs![courriel, garder],
        ),
    ])
    .await
    .map(|_| ())
}

/// Renouvelle les codes de secours (empreintes).
pub async fn renouveler_secours(base: &Base, courriel: &str, secours: &[String]) -> Resultat<()> {
    let sql = "UPDATE compte SET secours = $2 WHERE courriel = $1 AND totp IS NOT NULL";
    base.transaction(vec![
        Requete::new(sql, valeurs![courriel, secours.join(",")]).attendu(1),
    ])
    .await
    .map(|_| ())
}

/// Retient qu'un code du second facteur a servi ; faux s'il avait déjà servi.
pub async fn consommer_pas(base: &Base, courriel: &str, pas: i64) -> Resultat<bool> {
    let sql = "UPDATE compte SET totp_dernier = $2 WHERE courriel = $1 AND totp_dernier < $2";
    Ok(base
        .transaction(vec![Requete::new(sql, valeurs![courriel, pas])])
        .await?
        == [1])
}

/// Consomme un code de secours (empreinte) ; faux s'il n'existe pas ou vient de servir.
pub async fn consommer_secours(
    base: &Base,
    compte: &CompteConnexion,
    empreinte: &str,
) -> Resultat<bool> {
    if !compte.secours.iter().any(|s| s == empreinte) {
        return Ok(false);
    }
    let reste: Vec<&str> = compte
        .secours
        .iter()
        .map(String::as_str)
        .filter(|s| *s != empreinte)
        .collect();
    let sql = "UPDATE compte SET secours = $3 WHERE courriel = $1 AND secours = $2";
    let requete = Requete::new(
        sql,
        valeurs![&compte.courriel, compte.secours.join(","), reste.join(",")],
    );
    Ok(base.transaction(vec![requete]).await? == [1])
}
