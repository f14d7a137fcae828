//! Les liens privés : répondre sans compte. 256 bits au hasard, dont seule l'empreinte est gardée.
//!
//! Un lien (« la sollicitation n° 3 de cette session ») peut avoir plusieurs jetons : un par envoi, puisque aucun
//! n'est gardé en clair. Les révoquer tous est révoquer le lien.

use crate::base::{Base, Requete, Resultat};
use crate::comptes::empreinte_du_jeton;
use crate::{Centre, valeurs};
use sha2::{Digest, Sha256};

/// Un lien privé à ouvrir.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lien {
    /// « sollicitation », « convocation », « recapitulatif ».
    pub genre: String,
    /// La session, ou vide.
    pub session: String,
    /// De quoi il parle : numéro de sollicitation, pièce, personne.
    pub sujet: String,
    /// Fin, en secondes depuis l'époque.
    pub expire: i64,
}

/// Un lien lu par un de ses jetons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LienLu {
    /// Identifiant.
    pub id: String,
    /// Le centre.
    pub centre: Centre,
    /// Son nom.
    pub nom_centre: String,
    /// Centre d'exemple ?
    pub exemple: bool,
    /// Ce qu'il ouvre.
    pub lien: Lien,
    /// Servi, quand.
    pub utilise: Option<i64>,
    /// Révoqué, quand.
    pub revoque: Option<i64>,
}

impl LienLu {
    /// Vaut-il encore ?
    pub fn vaut(&self, maintenant: i64) -> bool {
        self.revoque.is_none() && self.utilise.is_none() && maintenant < self.lien.expire
    }
}

/// L'identifiant d'un lien : le même pour le même sujet, donc un seul lien par sujet.
pub fn id_du_lien(genre: &str, session: &str, sujet: &str) -> String {
    let empreinte = Sha256::digest(format!("{genre}|{session}|{sujet}").as_bytes());
    crate::journal::hexa(&empreinte)
        .chars()
        .take(40)
        .collect::<String>()
}

impl Lien {
    /// Son identifiant.
    pub fn id(&self) -> String {
        id_du_lien(&self.genre, &self.session, &self.sujet)
    }

    /// La requête qui l'ouvre, ou repousse sa fin s'il existe. Un lien révoqué ou servi le reste.
    pub fn ouvrir(&self, centre: &Centre) -> Requete {
        Requete::new(
            "INSERT INTO lien_prive (centre, id, genre, session, sujet, expire, utilise, revoque) VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL) \
             ON CONFLICT (centre, id) DO UPDATE SET expire = excluded.expire",
            valeurs![
                centre,
                self.id(),
                &self.genre,
                &self.session,
                &self.sujet,
                self.expire
            ],
        )
    }
}

pub(super) fn inserer_jeton(centre: &Centre, lien: &str, empreinte: &str) -> Requete {
    Requete::new(
        "INSERT INTO jeton_prive (empreinte, centre, lien) VALUES ($1, $2, $3)",
        valeurs![empreinte, centre, lien],
    )
}

/// Ouvre le lien et lui donne ce jeton (pour le copier à la main).
pub async fn emettre(base: &Base, centre: &Centre, lien: &Lien, jeton: &str) -> Resultat<()> {
    base.transaction(vec![
        lien.ouvrir(centre),
        inserer_jeton(centre, &lien.id(), &empreinte_du_jeton(jeton)),
    ])
    .await
    .map(|_| ())
}

/// Le lien de ce jeton, même fini : la page dit alors pourquoi.
pub async fn lire_lien(base: &Base, jeton: &str) -> Resultat<Option<LienLu>> {
    let l = base
        .lire_une(
            "SELECT l.centre, e.nom, e.exemple, l.id, l.genre, l.session, l.sujet, l.expire, l.utilise, l.revoque \
             FROM jeton_prive j JOIN lien_prive l ON l.centre = j.centre AND l.id = j.lien JOIN centre e ON e.id = j.centre \
             WHERE j.empreinte = $1",
            &valeurs![empreinte_du_jeton(jeton)],
        )
        .await?;
    l.map(|l| {
        Ok(LienLu {
            centre: Centre::new(l.texte(0)?),
            nom_centre: l.texte(1)?,
            exemple: l.booleen(2)?,
            id: l.texte(3)?,
            lien: Lien {
                genre: l.texte(4)?,
                session: l.texte(5)?,
                sujet: l.texte(6)?,
                expire: l.entier(7)?,
            },
            utilise: l.entier_option(8)?,
            revoque: l.entier_option(9)?,
        })
    })
    .transpose()
}

/// Note que le lien a servi : il ne servira plus.
pub async fn consommer(base: &Base, centre: &Centre, id: &str, maintenant: i64) -> Resultat<()> {
    let requete = Requete::new(
        "UPDATE lien_prive SET utilise = $3 WHERE centre = $1 AND id = $2 AND utilise IS NULL",
        valeurs![centre, id, maintenant],
    );
    base.transaction(vec![requete]).await.map(|_| ())
}

/// Révoque le lien : aucun de ses jetons n'ouvre plus rien.
pub async fn revoquer(base: &Base, centre: &Centre, id: &str, maintenant: i64) -> Resultat<()> {
    let requete = Requete::new(
        "UPDATE lien_prive SET revoque = $3 WHERE centre = $1 AND id = $2 AND revoque IS NULL",
        valeurs![centre, id, maintenant],
    );
    base.transaction(vec![requete]).await.map(|_| ())
}
