//! La boîte d'envoi : déposer, prendre, conclure. Une ligne dit toujours ce que l'on sait, jamais davantage.

use crate::base::{Base, Erreur, Ligne, Requete, Resultat};
use crate::{Centre, valeurs};
use metier::{Acte, SessionId};

/// Au-delà, un envoi commencé et jamais conclu est incertain, en secondes (trois fois l'attente la plus longue).
pub const PRISE_MAX_S: i64 = 600;

/// Où en est un courriel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Etat {
    /// Dans la boîte, jamais essayé.
    AEnvoyer,
    /// Pris par le facteur.
    EnCours,
    /// Accepté par le serveur.
    Envoye,
    /// Refusé pour de bon par le serveur.
    Refuse,
    /// Refusé pour l'instant, ou serveur injoignable : un autre essai est prévu.
    AReessayer,
    /// Tous les essais ont échoué.
    Abandonne,
    /// L'envoi a commencé, sa fin n'est pas connue.
    Incertain,
    /// Annulé par une personne avant d'être envoyé.
    Annule,
}

impl Etat {
    /// Tous.
    pub const TOUS: [Self; 8] = [
        Self::AEnvoyer,
        Self::EnCours,
        Self::Envoye,
        Self::Refuse,
        Self::AReessayer,
        Self::Abandonne,
        Self::Incertain,
        Self::Annule,
    ];
    /// Code stocké.
    pub fn code(self) -> &'static str {
        match self {
            Self::AEnvoyer => "a_envoyer",
            Self::EnCours => "en_cours",
            Self::Envoye => "envoye",
            Self::Refuse => "refuse",
            Self::AReessayer => "a_reessayer",
            Self::Abandonne => "abandonne",
            Self::Incertain => "incertain",
            Self::Annule => "annule",
        }
    }
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::AEnvoyer => "À envoyer",
            Self::EnCours => "En cours d’envoi",
            Self::Envoye => "Envoyé",
            Self::Refuse => "Refusé par le serveur",
            Self::AReessayer => "À réessayer",
            Self::Abandonne => "Abandonné après plusieurs essais",
            Self::Incertain => "Incertain : peut-être parti",
            Self::Annule => "Annulé",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|e| e.code() == code)
    }
    /// Une personne doit-elle s'en occuper ?
    pub fn demande_une_personne(self) -> bool {
        matches!(self, Self::Refuse | Self::Abandonne | Self::Incertain)
    }
}

/// Un courriel à mettre dans la boîte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NouveauCourriel {
    /// Ce qui le rend unique dans le centre : le demander deux fois n'en fait qu'un.
    pub cle: String,
    /// « rappel », « recapitulatif », « sollicitation », « convocation », « alerte », « essai ».
    pub genre: String,
    /// La session, ou vide.
    pub session: String,
    /// De qui ou de quoi il parle dans la session (« jure:… », « sollicitation:3 »), ou vide.
    pub sujet: String,
    /// Nom du destinataire.
    pub nom: String,
    /// Son adresse.
    pub adresse: String,
    /// Objet.
    pub objet: String,
    /// Texte ; `{lien}` y tient la place du lien privé.
    pub corps: String,
    /// La pièce jointe (identifiant de pièce de la session), ou vide.
    pub piece: String,
    /// Le lien privé, ou vide.
    pub lien: String,
    /// Qui l'a demandé, ou vide si c'est Garant.
    pub par: String,
    /// Ce qu'il faudra noter dans la session une fois parti : « a_noter », ou vide.
    pub suivi: String,
}

impl NouveauCourriel {
    /// La requête qui le dépose ; sans effet si sa clé y est déjà.
    pub fn deposer(&self, centre: &Centre, maintenant: i64) -> Requete {
        Requete::new(
            "INSERT INTO courriel (centre, id, cle, genre, session, sujet, nom, adresse, objet, corps, piece, lien, par, \
             etat, tentatives, prochain, pris, reponse, cree, change, suivi) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'a_envoyer', 0, $14, NULL, '', $14, $14, $15) \
             ON CONFLICT (centre, cle) DO NOTHING",
            valeurs![
                centre,
                uuid::Uuid::now_v7().to_string(),
                &self.cle,
                &self.genre,
                &self.session,
                &self.sujet,
                &self.nom,
                &self.adresse,
                &self.objet,
                &self.corps,
                &self.piece,
                &self.lien,
                &self.par,
                maintenant,
                &self.suivi
            ],
        )
    }
}

/// Un courriel de la boîte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Courriel {
    /// Identifiant.
    pub id: String,
    /// Ce qui a été demandé.
    pub message: NouveauCourriel,
    /// Où il en est.
    pub etat: Etat,
    /// Essais faits.
    pub tentatives: u64,
    /// Prochain essai.
    pub prochain: i64,
    /// Les derniers mots du serveur, ou de la panne.
    pub reponse: String,
    /// Mis dans la boîte.
    pub cree: i64,
    /// Dernier changement.
    pub change: i64,
}

impl Courriel {
    /// L'acte qui note sa suite dans la session : le même à chaque essai, donc noté une fois.
    pub fn acte(&self) -> Acte {
        self.id.parse().unwrap_or_default()
    }
}

macro_rules! choisir {
    ($suite:literal) => {
        concat!(
            "SELECT id, cle, genre, session, sujet, nom, adresse, objet, corps, piece, lien, par, suivi, etat, \
             tentatives, prochain, reponse, cree, change FROM courriel ",
            $suite
        )
    };
}

fn depuis(l: &Ligne) -> Resultat<Courriel> {
    Ok(Courriel {
        id: l.texte(0)?,
        message: NouveauCourriel {
            cle: l.texte(1)?,
            genre: l.texte(2)?,
            session: l.texte(3)?,
            sujet: l.texte(4)?,
            nom: l.texte(5)?,
            adresse: l.texte(6)?,
            objet: l.texte(7)?,
            corps: l.texte(8)?,
            piece: l.texte(9)?,
            lien: l.texte(10)?,
            par: l.texte(11)?,
            suivi: l.texte(12)?,
        },
        etat: Etat::depuis_code(l.texte_ref(13)?)
            .ok_or_else(|| Erreur::Altere("courriel : état inconnu".into()))?,
        tentatives: l.naturel(14)?,
        prochain: l.entier(15)?,
        reponse: l.texte(16)?,
        cree: l.entier(17)?,
        change: l.entier(18)?,
    })
}

fn tous(lignes: &[Ligne]) -> Resultat<Vec<Courriel>> {
    lignes.iter().map(depuis).collect()
}

/// Dépose plusieurs courriels, ensemble, avec d'autres requêtes de la même décision.
pub async fn deposer_tous(
    base: &Base,
    centre: &Centre,
    courriels: &[NouveauCourriel],
    maintenant: i64,
    mut avec: Vec<Requete>,
) -> Resultat<()> {
    avec.extend(courriels.iter().map(|c| c.deposer(centre, maintenant)));
    if avec.is_empty() {
        return Ok(());
    }
    base.transaction(avec).await.map(|_| ())
}

/// Les courriels dont l'heure est venue, les plus anciens d'abord.
pub async fn dus(
    base: &Base,
    centre: &Centre,
    maintenant: i64,
    limite: u64,
) -> Resultat<Vec<Courriel>> {
    let lignes = base
        .lire(
            choisir!(
                "WHERE centre = $1 AND etat IN ('a_envoyer', 'a_reessayer') AND prochain <= $2 ORDER BY prochain, id LIMIT $3"
            ),
            &valeurs![centre, maintenant, limite],
        )
        .await?;
    tous(&lignes)
}

/// Prend un courriel pour l'envoyer ; faux si quelqu'un l'a pris, envoyé ou annulé. `jeton` : l'empreinte du lien neuf.
pub async fn prendre(
    base: &Base,
    centre: &Centre,
    c: &Courriel,
    jeton: Option<&str>,
    maintenant: i64,
) -> Resultat<bool> {
    let mut requetes = vec![
        Requete::new(
            "UPDATE courriel SET etat = 'en_cours', pris = $4, change = $4, tentatives = tentatives + 1 \
             WHERE centre = $1 AND id = $2 AND etat IN ('a_envoyer', 'a_reessayer') AND tentatives = $3",
            valeurs![centre, &c.id, c.tentatives, maintenant],
        )
        .attendu(1),
    ];
    requetes.extend(jeton.map(|e| super::liens::inserer_jeton(centre, &c.message.lien, e)));
    match base.transaction(requetes).await {
        Ok(_) => Ok(true),
        Err(Erreur::Conflit { .. }) => Ok(false),
        Err(e) => Err(e),
    }
}

/// Ce que l'envoi a donné.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    /// Le nouvel état.
    pub etat: Etat,
    /// Les mots du serveur, ou de la panne.
    pub reponse: String,
    /// Le prochain essai, s'il y en a un.
    pub prochain: i64,
}

/// Inscrit ce que l'envoi a donné ; faux si la ligne n'était plus en cours (elle a vieilli : elle reste incertaine).
pub async fn conclure(
    base: &Base,
    centre: &Centre,
    id: &str,
    c: &Conclusion,
    maintenant: i64,
) -> Resultat<bool> {
    let requete = Requete::new(
        "UPDATE courriel SET etat = $3, reponse = $4, prochain = $5, pris = NULL, change = $6 \
         WHERE centre = $1 AND id = $2 AND etat = 'en_cours'",
        valeurs![
            centre,
            id,
            c.etat.code(),
            &c.reponse,
            c.prochain,
            maintenant
        ],
    )
    .attendu(1);
    match base.transaction(vec![requete]).await {
        Ok(_) => Ok(true),
        Err(Erreur::Conflit { .. }) => Ok(false),
        Err(e) => Err(e),
    }
}

/// Déclare incertains les envois commencés il y a trop longtemps ; rend leur nombre.
pub async fn vieillir(base: &Base, centre: &Centre, maintenant: i64) -> Resultat<u64> {
    let requete = Requete::new(
        "UPDATE courriel SET etat = 'incertain', pris = NULL, change = $2, \
         reponse = 'Garant s’est arrêté pendant l’envoi : le serveur l’a peut-être reçu.' \
         WHERE centre = $1 AND etat = 'en_cours' AND pris <= $3",
        valeurs![centre, maintenant, maintenant - PRISE_MAX_S],
    );
    Ok(base
        .transaction(vec![requete])
        .await?
        .first()
        .copied()
        .unwrap_or(0))
}

/// Les courriels partis dont la suite est encore à noter dans leur session.
pub async fn a_noter(base: &Base, centre: &Centre) -> Resultat<Vec<Courriel>> {
    let lignes = base
        .lire(
            choisir!("WHERE centre = $1 AND etat = 'envoye' AND suivi = 'a_noter' ORDER BY id"),
            &valeurs![centre],
        )
        .await?;
    tous(&lignes)
}

/// Dit ce qui a été noté de sa suite (« note », ou pourquoi elle ne l'a pas été).
pub async fn noter_suivi(base: &Base, centre: &Centre, id: &str, suivi: &str) -> Resultat<()> {
    let requete = Requete::new(
        "UPDATE courriel SET suivi = $3 WHERE centre = $1 AND id = $2",
        valeurs![centre, id, suivi],
    );
    base.transaction(vec![requete]).await.map(|_| ())
}

/// Un courriel de la boîte.
pub async fn un(base: &Base, centre: &Centre, id: &str) -> Resultat<Option<Courriel>> {
    let l = base
        .lire_une(
            choisir!("WHERE centre = $1 AND id = $2"),
            &valeurs![centre, id],
        )
        .await?;
    l.as_ref().map(depuis).transpose()
}

/// Le courriel que cette demande a mis dans la boîte.
pub async fn par_cle(base: &Base, centre: &Centre, cle: &str) -> Resultat<Option<Courriel>> {
    let l = base
        .lire_une(
            choisir!("WHERE centre = $1 AND cle = $2"),
            &valeurs![centre, cle],
        )
        .await?;
    l.as_ref().map(depuis).transpose()
}

/// La boîte, du plus récent au plus ancien : `etat` et `session` la restreignent (vide : tout), `avant` la feuillette.
pub async fn liste(
    base: &Base,
    centre: &Centre,
    etat: Option<Etat>,
    session: Option<&SessionId>,
    avant: Option<&str>,
    limite: u64,
) -> Resultat<Vec<Courriel>> {
    let lignes = base
        .lire(
            choisir!(
                "WHERE centre = $1 AND ($2 = '' OR etat = $2) AND ($3 = '' OR session = $3) AND ($4 = '' OR id < $4) \
                 ORDER BY id DESC LIMIT $5"
            ),
            &valeurs![
                centre,
                etat.map_or("", Etat::code),
                session.map_or("", |s| s.as_str()),
                avant.unwrap_or_default(),
                limite
            ],
        )
        .await?;
    tous(&lignes)
}

/// Combien de courriels dans un état.
pub type Compte = (Etat, u64);

/// Combien de courriels dans chaque état.
pub async fn compter(base: &Base, centre: &Centre) -> Resultat<Vec<Compte>> {
    let lignes = base
        .lire(
            "SELECT etat, CAST(COUNT(*) AS BIGINT) FROM courriel WHERE centre = $1 GROUP BY etat ORDER BY etat",
            &valeurs![centre],
        )
        .await?;
    lignes
        .iter()
        .map(|l| {
            let etat = Etat::depuis_code(l.texte_ref(0)?)
                .ok_or_else(|| Erreur::Altere("courriel : état inconnu".into()))?;
            Ok((etat, l.naturel(1)?))
        })
        .collect()
}

/// Efface ce qui n'a plus à être gardé : courriels, rappels et liens finis depuis plus d'un an.
pub async fn effacer_anciens(base: &Base, centre: &Centre, avant: i64) -> Resultat<()> {
    let effacer = |sql| Requete::new(sql, valeurs![centre, avant]);
    base.transaction(vec![
        effacer(
            "DELETE FROM courriel WHERE centre = $1 AND change < $2 AND etat NOT IN ('a_envoyer', 'en_cours', 'a_reessayer')",
        ),
        effacer("DELETE FROM rappel WHERE centre = $1 AND le < $2"),
        effacer(
            "DELETE FROM jeton_prive WHERE centre = $1 AND lien IN (SELECT id FROM lien_prive WHERE centre = $1 AND expire < $2)",
        ),
        effacer("DELETE FROM lien_prive WHERE centre = $1 AND expire < $2"),
    ])
    .await
    .map(|_| ())
}
