//! Les accès de contrôle : un lien daté et révocable vers une session, en lecture seule, pour qui la contrôle.
//!
//! Le jeton ne se garde pas : seule son empreinte. Créer, ouvrir et révoquer vont au journal du centre.

use metier::{PersonneId, SessionId};
use sha2::{Digest, Sha256};

use crate::base::{Base, Ligne, Requete, Resultat};
use crate::centre::Centre;
use crate::journal_centre::{Changement, Inscription, changer};
use crate::valeurs;

/// Un accès à créer.
#[derive(Debug, Clone)]
pub struct NouvelAcces {
    /// Identifiant.
    pub id: String,
    /// La session.
    pub session: SessionId,
    /// Le jeton, montré une seule fois.
    pub jeton: String,
    /// Qui contrôle.
    pub nom: String,
    /// Pour quelle administration.
    pub organisme: String,
    /// Fin de validité, en secondes Unix.
    pub expire: i64,
}

/// Un accès, tel que la page le montre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccesControle {
    /// Identifiant.
    pub id: String,
    /// Qui contrôle.
    pub nom: String,
    /// Pour quelle administration.
    pub organisme: String,
    /// Fin de validité, en secondes Unix.
    pub expire: i64,
    /// Créé quand (RFC 3339).
    pub cree_le: String,
    /// Révoqué quand.
    pub revoque_le: Option<String>,
    /// Ouvert pour la première fois quand.
    pub ouvert_le: Option<String>,
}

/// Ce qu'un jeton valide ouvre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ouverture {
    /// Identifiant de l'accès.
    pub id: String,
    /// Le centre.
    pub centre: Centre,
    /// Son nom.
    pub nom_centre: String,
    /// Centre d'exemple ?
    pub exemple: bool,
    /// La seule session qu'il ouvre.
    pub session: SessionId,
    /// Qui contrôle.
    pub nom: String,
    /// Pour quelle administration.
    pub organisme: String,
    /// A-t-il déjà été ouvert ?
    pub deja_ouvert: bool,
    /// Fin de validité, en secondes Unix.
    pub expire: i64,
}

fn empreinte(jeton: &str) -> Vec<u8> {
    Sha256::digest(jeton.as_bytes()).to_vec()
}

/// Crée un accès.
pub async fn creer(
    base: &Base,
    centre: &Centre,
    acces: &NouvelAcces,
    inscription: &Inscription,
) -> Resultat<Changement> {
    let inserer = Requete::new(
        "INSERT INTO acces_controle (id, centre, session, empreinte, nom, organisme, expire, cree_le, cree_par)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        valeurs![
            acces.id.as_str(),
            centre,
            acces.session.as_str(),
            empreinte(&acces.jeton),
            acces.nom.as_str(),
            acces.organisme.as_str(),
            acces.expire,
            inscription.le.as_str(),
            inscription.saisi_par.as_str()
        ],
    );
    changer(base, centre, inscription, vec![inserer]).await
}

/// Révoque un accès de cette session.
pub async fn revoquer(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    id: &str,
    inscription: &Inscription,
) -> Resultat<Changement> {
    let revoquer = Requete::new(
        "UPDATE acces_controle SET revoque_le = $4 WHERE id = $1 AND centre = $2 AND session = $3 AND revoque_le IS NULL",
        valeurs![id, centre, session.as_str(), inscription.le.as_str()],
    )
    .attendu(1);
    changer(base, centre, inscription, vec![revoquer]).await
}

/// Les accès d'une session, du plus récent au plus ancien.
pub async fn lister(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
) -> Resultat<Vec<AccesControle>> {
    let sql =
        "SELECT id, nom, organisme, expire, cree_le, revoque_le, ouvert_le FROM acces_controle
               WHERE centre = $1 AND session = $2 ORDER BY id DESC";
    let lire = |l: &Ligne| {
        Ok(AccesControle {
            id: l.texte(0)?,
            nom: l.texte(1)?,
            organisme: l.texte(2)?,
            expire: l.entier(3)?,
            cree_le: l.texte(4)?,
            revoque_le: l.texte_option(5)?,
            ouvert_le: l.texte_option(6)?,
        })
    };
    let lues = base.lire(sql, &valeurs![centre, session.as_str()]).await?;
    lues.iter().map(lire).collect()
}

/// Ce que ce jeton ouvre à cet instant ; rien s'il est inconnu, échu ou révoqué.
pub async fn ouvrir(base: &Base, jeton: &str, maintenant: i64) -> Resultat<Option<Ouverture>> {
    let sql = "SELECT a.id, a.centre, c.nom, c.exemple, a.session, a.nom, a.organisme, a.ouvert_le, a.expire
               FROM acces_controle a JOIN centre c ON c.id = a.centre
               WHERE a.empreinte = $1 AND a.revoque_le IS NULL AND a.expire > $2";
    let Some(l) = base
        .lire_une(sql, &valeurs![empreinte(jeton), maintenant])
        .await?
    else {
        return Ok(None);
    };
    let Ok(session) = l.texte_ref(4)?.parse() else {
        return Ok(None);
    };
    Ok(Some(Ouverture {
        id: l.texte(0)?,
        centre: Centre::new(l.texte_ref(1)?),
        nom_centre: l.texte(2)?,
        exemple: l.booleen(3)?,
        session,
        nom: l.texte(5)?,
        organisme: l.texte(6)?,
        deja_ouvert: l.texte_option(7)?.is_some(),
        expire: l.entier(8)?,
    }))
}

/// Note l'ouverture d'un accès, la première comme les suivantes.
pub async fn noter_ouverture(
    base: &Base,
    ouverture: &Ouverture,
    inscription: &Inscription,
) -> Resultat<Changement> {
    let noter = Requete::new(
        "UPDATE acces_controle SET ouvert_le = COALESCE(ouvert_le, $2), vu_le = $2 WHERE id = $1",
        valeurs![ouverture.id.as_str(), inscription.le.as_str()],
    );
    changer(base, &ouverture.centre, inscription, vec![noter]).await
}

/// L'identité sous laquelle qui contrôle lit : elle n'est celle d'aucune personne du centre.
pub fn personne(id: &str) -> PersonneId {
    format!("controle-{id}").parse().unwrap_or_default()
}
