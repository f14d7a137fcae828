//! L'équipe du centre : personnes, invitations, rôles. Chaque changement s'écrit au journal du centre.

use super::centres::{inserer_compte, inserer_personne};
use super::{Personne, ecrire_roles, empreinte_du_jeton, lire_roles, personne};
use crate::base::{Base, Erreur, Requete, Resultat};
use crate::journal_centre::{Changement, Inscription, changer};
use crate::{Centre, valeurs};
use metier::{PersonneId, Role};
use std::collections::HashMap;

/// Le compte d'un membre de l'équipe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompteMembre {
    /// Courriel de connexion.
    pub courriel: String,
    /// Rôles.
    pub roles: Vec<Role>,
    /// Peut se connecter ?
    pub actif: bool,
    /// Second facteur en place ?
    pub second_facteur: bool,
}

/// Une personne de l'équipe, avec son compte ou son invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membre {
    /// La personne.
    pub personne: Personne,
    /// Son compte.
    pub compte: Option<CompteMembre>,
    /// Son invitation en cours : rôles, fin en secondes depuis l'époque.
    pub invitation: Option<(Vec<Role>, i64)>,
}

/// Une invitation à envoyer.
#[derive(Debug, Clone)]
pub struct NouvelleInvitation<'a> {
    /// La personne invitée.
    pub personne: &'a Personne,
    /// Est-elle déjà dans l'équipe ?
    pub connue: bool,
    /// Rôles offerts.
    pub roles: &'a [Role],
    /// Jeton, en clair ; seule son empreinte est gardée.
    pub jeton: &'a str,
    /// Fin, en secondes depuis l'époque.
    pub expire: i64,
}

/// Une invitation valable.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Le centre.
    pub centre: Centre,
    /// Son nom.
    pub nom_centre: String,
    /// La personne invitée.
    pub personne: Personne,
    /// Les rôles offerts.
    pub roles: Vec<Role>,
    /// Centre d'exemple ?
    pub exemple: bool,
}

/// Toute l'équipe, par nom.
pub async fn equipe(base: &Base, centre: &Centre, maintenant: i64) -> Resultat<Vec<Membre>> {
    let mut comptes = HashMap::new();
    let sql = "SELECT personne, courriel, roles, actif, totp FROM compte WHERE centre = $1";
    for l in base.lire(sql, &valeurs![centre]).await? {
        let compte = CompteMembre {
            courriel: l.texte(1)?,
            roles: lire_roles(l.texte_ref(2)?),
            actif: l.booleen(3)?,
            second_facteur: l.texte_option(4)?.is_some(),
        };
        comptes.insert(l.texte(0)?, compte);
    }
    let mut invitations = HashMap::new();
    let sql = "SELECT personne, roles, expire FROM invitation WHERE centre = $1 AND utilisee = 0 AND expire > $2";
    for l in base.lire(sql, &valeurs![centre, maintenant]).await? {
        invitations.insert(l.texte(0)?, (lire_roles(l.texte_ref(1)?), l.entier(2)?));
    }
    let membres = super::personnes(base, centre)
        .await?
        .into_iter()
        .map(|personne| Membre {
            compte: comptes.remove(personne.id.as_str()),
            invitation: invitations.remove(personne.id.as_str()),
            personne,
        });
    Ok(membres.collect())
}

/// Ajoute une personne sans compte.
pub async fn ajouter_personne(
    base: &Base,
    centre: &Centre,
    p: &Personne,
    inscription: &Inscription,
) -> Resultat<Changement> {
    changer(base, centre, inscription, vec![inserer_personne(centre, p)]).await
}

/// Invite une personne : la précédente invitation ne vaut plus rien.
pub async fn inviter(
    base: &Base,
    centre: &Centre,
    invitation: &NouvelleInvitation<'_>,
    inscription: &Inscription,
) -> Resultat<Changement> {
    let p = invitation.personne;
    let mut requetes = Vec::new();
    if !invitation.connue {
        requetes.push(inserer_personne(centre, p));
    } else {
        let sql = "UPDATE personne SET courriel = $3 WHERE centre = $1 AND id = $2";
        requetes.push(Requete::new(sql, valeurs![centre, p.id.as_str(), &p.courriel]).attendu(1));
    }
    requetes.push(oublier_invitations(centre, &p.id));
    requetes.push(Requete::new(
        "INSERT INTO invitation (empreinte, centre, personne, roles, expire, utilisee) VALUES ($1, $2, $3, $4, $5, 0)",
        valeurs![empreinte_du_jeton(invitation.jeton), centre, p.id.as_str(), ecrire_roles(invitation.roles), invitation.expire],
    ));
    changer(base, centre, inscription, requetes).await
}

fn oublier_invitations(centre: &Centre, id: &PersonneId) -> Requete {
    let sql =
        "UPDATE invitation SET utilisee = 1 WHERE centre = $1 AND personne = $2 AND utilisee = 0";
    Requete::new(sql, valeurs![centre, id.as_str()])
}

/// Révoque l'invitation en cours d'une personne.
pub async fn revoquer_invitation(
    base: &Base,
    centre: &Centre,
    id: &PersonneId,
    inscription: &Inscription,
) -> Resultat<Changement> {
    changer(
        base,
        centre,
        inscription,
        vec![oublier_invitations(centre, id).attendu(1)],
    )
    .await
}

/// Change les rôles d'un compte ; `avant` est ce que l'on avait sous les yeux.
pub async fn changer_roles(
    base: &Base,
    centre: &Centre,
    id: &PersonneId,
    avant: &[Role],
    apres: &[Role],
    inscription: &Inscription,
) -> Resultat<Changement> {
    let sql = "UPDATE compte SET roles = $4 WHERE centre = $1 AND personne = $2 AND roles = $3";
    let requete = Requete::new(
        sql,
        valeurs![
            centre,
            id.as_str(),
            ecrire_roles(avant),
            ecrire_roles(apres)
        ],
    )
    .attendu(1);
    changer(base, centre, inscription, vec![requete]).await
}

/// Active ou désactive un compte ; désactiver ferme toutes ses connexions à l'instant.
pub async fn activer_compte(
    base: &Base,
    centre: &Centre,
    id: &PersonneId,
    actif: bool,
    inscription: &Inscription,
) -> Resultat<Changement> {
    let sql = "UPDATE compte SET actif = $3 WHERE centre = $1 AND personne = $2";
    let mut requetes = vec![Requete::new(sql, valeurs![centre, id.as_str(), actif]).attendu(1)];
    if !actif {
        let sql = "UPDATE connexion SET revoquee = 1 WHERE courriel IN \
                   (SELECT courriel FROM compte WHERE centre = $1 AND personne = $2)";
        requetes.push(Requete::new(sql, valeurs![centre, id.as_str()]));
    }
    changer(base, centre, inscription, requetes).await
}

/// L'invitation de ce jeton, si elle vaut encore.
pub async fn lire_invitation(
    base: &Base,
    jeton: &str,
    maintenant: i64,
) -> Resultat<Option<Invitation>> {
    let sql = "SELECT i.centre, e.nom, i.personne, i.roles, e.exemple FROM invitation i JOIN centre e ON e.id = i.centre \
               WHERE i.empreinte = $1 AND i.utilisee = 0 AND i.expire > $2";
    let Some(l) = base
        .lire_une(sql, &valeurs![empreinte_du_jeton(jeton), maintenant])
        .await?
    else {
        return Ok(None);
    };
    let centre = Centre::new(l.texte(0)?);
    let id: PersonneId = l
        .texte_ref(2)?
        .parse()
        .map_err(|_| Erreur::Altere("personne".into()))?;
    let Some(personne) = personne(base, &centre, &id).await? else {
        return Ok(None);
    };
    let (nom_centre, roles, exemple) = (l.texte(1)?, lire_roles(l.texte_ref(3)?), l.booleen(4)?);
    Ok(Some(Invitation {
        centre,
        nom_centre,
        personne,
        roles,
        exemple,
    }))
}

/// Accepte une invitation : le compte naît, ou se rouvre sans son ancien second facteur ; le jeton ne sert plus.
pub async fn accepter_invitation(
    base: &Base,
    invitation: &Invitation,
    jeton: &str,
    mot_de_passe: &str,
    inscription: &Inscription,
) -> Resultat<Changement> {
    let (centre, p) = (&invitation.centre, &invitation.personne);
    let connu = base
        .lire_une(
            "SELECT courriel FROM compte WHERE centre = $1 AND personne = $2",
            &valeurs![centre, p.id.as_str()],
        )
        .await?;
    let consommer = "UPDATE invitation SET utilisee = 1 WHERE empreinte = $1 AND utilisee = 0";
    let mut requetes =
        vec![Requete::new(consommer, valeurs![empreinte_du_jeton(jeton)]).attendu(1)];
    match connu {
        None => requetes.push(inserer_compte(centre, p, &invitation.roles, mot_de_passe)),
        Some(ligne) => {
            let courriel = ligne.texte(0)?;
            let rouvrir = "UPDATE compte SET mot_de_passe = $2, totp = NULL, totp_attente = NULL, secours = '' \
                           WHERE courriel = $1 AND actif = 1";
            requetes.push(Requete::new(rouvrir, valeurs![&courriel, mot_de_passe]).attendu(1));
            requetes.push(Requete::new(
                "UPDATE connexion SET revoquee = 1 WHERE courriel = $1",
                valeurs![&courriel],
            ));
        }
    }
    changer(base, centre, inscription, requetes).await
}
