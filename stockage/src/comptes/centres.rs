//! Les centres, leur naissance, et le code de premier démarrage.

use super::{Personne, ecrire_roles, empreinte_du_jeton};
use crate::base::{Base, Requete, Resultat};
use crate::journal_centre::{Inscription, inscrire_au_journal_du_centre};
use crate::{Centre, Erreur, valeurs};
use metier::Role;
use serde_json::json;

/// Un centre de cette base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CentreConnu {
    /// Le centre.
    pub centre: Centre,
    /// Son nom.
    pub nom: String,
    /// Centre d'exemple ?
    pub exemple: bool,
}

/// Tout ce qu'il faut pour faire naître un centre.
#[derive(Debug, Clone)]
pub struct NouveauCentre {
    /// Identifiant.
    pub id: String,
    /// Nom.
    pub nom: String,
    /// Centre d'exemple ?
    pub exemple: bool,
    /// La première personne, administratrice.
    pub administrateur: Personne,
    /// Ses rôles.
    pub roles: Vec<Role>,
    /// Empreinte Argon2id de son mot de passe.
    pub mot_de_passe: String,
    /// Le geste.
    pub acte: metier::Acte,
    /// L'instant, RFC 3339.
    pub le: String,
}

/// Les centres de cette base, pour l'exploitant.
pub async fn centres(base: &Base) -> Resultat<Vec<CentreConnu>> {
    let lignes = base
        .lire(
            "SELECT id, nom, exemple FROM centre ORDER BY cree_le, id",
            &[],
        )
        .await?;
    lignes
        .iter()
        .map(|l| {
            Ok(CentreConnu {
                centre: Centre::new(l.texte(0)?),
                nom: l.texte(1)?,
                exemple: l.booleen(2)?,
            })
        })
        .collect()
}

/// Retient l'empreinte du code de premier démarrage ; le précédent ne vaut plus rien.
pub async fn poser_code_de_demarrage(base: &Base, code: &str) -> Resultat<()> {
    let sql = "INSERT INTO premier_demarrage (cle, empreinte) VALUES ('code', $1) \
               ON CONFLICT (cle) DO UPDATE SET empreinte = excluded.empreinte";
    base.transaction(vec![Requete::new(sql, valeurs![empreinte_du_jeton(code)])])
        .await
        .map(|_| ())
}

/// Le code est-il celui que la console a affiché ?
pub async fn verifier_code_de_demarrage(base: &Base, code: &str) -> Resultat<bool> {
    let sql = "SELECT empreinte FROM premier_demarrage WHERE cle = 'code' AND empreinte = $1";
    Ok(base
        .lire_une(sql, &valeurs![empreinte_du_jeton(code)])
        .await?
        .is_some())
}

/// Crée le centre, sa première personne et son compte ; `code` est consommé dans la même transaction.
///
/// Sans code (ligne de commande), rien n'est consommé.
pub async fn creer_centre(
    base: &Base,
    nouveau: &NouveauCentre,
    code: Option<&str>,
) -> Resultat<Centre> {
    let centre = Centre::new(nouveau.id.clone());
    let p = &nouveau.administrateur;
    let mut requetes = Vec::new();
    if let Some(code) = code {
        let sql = "DELETE FROM premier_demarrage WHERE cle = 'code' AND empreinte = $1";
        requetes.push(Requete::new(sql, valeurs![empreinte_du_jeton(code)]).attendu(1));
    }
    requetes.push(Requete::new(
        "INSERT INTO centre (id, nom, exemple, cree_le) VALUES ($1, $2, $3, $4)",
        valeurs![&centre, &nouveau.nom, nouveau.exemple, &nouveau.le],
    ));
    requetes.push(inserer_personne(&centre, p));
    requetes.push(inserer_compte(
        &centre,
        p,
        &nouveau.roles,
        &nouveau.mot_de_passe,
    ));
    let inscription = Inscription {
        acte: nouveau.acte.clone(),
        le: nouveau.le.clone(),
        saisi_par: p.id.clone(),
        action: "centre.cree",
        details: json!({ "nom": nouveau.nom, "exemple": nouveau.exemple, "administrateur": p.id.as_str() }),
    };
    requetes.extend(inscrire_au_journal_du_centre(base, &centre, &inscription).await?);
    match base.transaction(requetes).await {
        Ok(_) => Ok(centre),
        Err(Erreur::Unicite { table, .. }) if table == "acte" || table == "centre" => {
            Err(Erreur::Conflit { table })
        }
        Err(erreur) => Err(erreur),
    }
}

/// La requête qui ajoute une personne.
pub(super) fn inserer_personne(centre: &Centre, p: &Personne) -> Requete {
    Requete::new(
        "INSERT INTO personne (centre, id, nom, prenom, fonction, courriel, actif) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        valeurs![
            centre,
            p.id.as_str(),
            &p.nom,
            &p.prenom,
            &p.fonction,
            &p.courriel,
            p.actif
        ],
    )
}

/// La requête qui ouvre un compte.
pub(super) fn inserer_compte(
    centre: &Centre,
    p: &Personne,
    roles: &[Role],
    mot_de_passe: &str,
) -> Requete {
    Requete::new(
        "INSERT INTO compte (courriel, centre, personne, roles, mot_de_passe, totp, totp_attente, totp_dernier, secours, actif) \
         VALUES ($1, $2, $3, $4, $5, NULL, NULL, 0, '', 1)",
        valeurs![
            p.courriel.to_lowercase(),
            centre,
            p.id.as_str(),
            ecrire_roles(roles),
            mot_de_passe
        ],
    )
}
