//! Le serveur d'envoi du centre, et ce que chaque personne veut recevoir.

use crate::annuaire::{Auteur, enregistrer};
use crate::base::{Base, Requete};
use crate::journal_centre::Changement;
use crate::{Centre, Resultat, valeurs};
use metier::PersonneId;
use serde_json::json;

/// Comment la conversation avec le serveur est protégée.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Securite {
    /// TLS dès la connexion (port 465).
    Tls,
    /// TLS après STARTTLS, exigé (port 587).
    Starttls,
    /// En clair : un relais de la machine ou du réseau du centre.
    Clair,
}

impl Securite {
    /// Toutes, de la plus sûre à la moins sûre.
    pub const TOUTES: [Self; 3] = [Self::Tls, Self::Starttls, Self::Clair];
    /// Code stocké.
    pub fn code(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::Starttls => "starttls",
            Self::Clair => "clair",
        }
    }
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Tls => "TLS dès la connexion (port 465, le plus courant)",
            Self::Starttls => "STARTTLS (port 587)",
            Self::Clair => "Sans chiffrement : relais du réseau du centre, sans mot de passe",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|s| s.code() == code)
    }
}

/// Le serveur d'envoi réglé. Le mot de passe ne se montre pas, même en erreur.
#[derive(Clone, PartialEq, Eq)]
pub struct ServeurCourriel {
    /// Nom d'hôte.
    pub hote: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub securite: Securite,
    /// Identifiant, ou vide.
    pub identifiant: String,
    /// Mot de passe, ou vide.
    pub mot_de_passe: String,
    /// Adresse d'expédition.
    pub expediteur: String,
    /// Adresse de réponse, ou vide.
    pub reponse: String,
    /// Garant envoie-t-il ?
    pub actif: bool,
    /// Nombre de changements.
    pub revision: u64,
}

impl std::fmt::Debug for ServeurCourriel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ServeurCourriel({}:{})", self.hote, self.port)
    }
}

/// Le serveur d'envoi du centre, s'il en a réglé un (actif ou suspendu).
pub async fn serveur(base: &Base, centre: &Centre) -> Resultat<Option<ServeurCourriel>> {
    let ligne = base
        .lire_une(
            "SELECT hote, port, securite, identifiant, mot_de_passe, expediteur, reponse, actif, revision \
             FROM serveur_courriel WHERE centre = $1",
            &valeurs![centre],
        )
        .await?;
    ligne
        .map(|l| {
            Ok(ServeurCourriel {
                hote: l.texte(0)?,
                port: u16::try_from(l.entier(1)?).unwrap_or(0),
                securite: Securite::depuis_code(l.texte_ref(2)?).unwrap_or(Securite::Tls),
                identifiant: l.texte(3)?,
                mot_de_passe: l.texte(4)?,
                expediteur: l.texte(5)?,
                reponse: l.texte(6)?,
                actif: l.booleen(7)?,
                revision: l.naturel(8)?,
            })
        })
        .transpose()
}

/// Règle le serveur d'envoi, tel qu'il était à `revision` (0 : jamais réglé). Le journal ne dit pas le mot de passe.
pub async fn regler(
    base: &Base,
    centre: &Centre,
    revision: u64,
    s: &ServeurCourriel,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let mut v = valeurs![
        centre,
        &s.hote,
        u32::from(s.port),
        s.securite.code(),
        &s.identifiant,
        &s.mot_de_passe,
        &s.expediteur,
        &s.reponse,
        s.actif
    ];
    let requete = if revision == 0 {
        Requete::new(
            "INSERT INTO serveur_courriel (centre, hote, port, securite, identifiant, mot_de_passe, expediteur, reponse, actif, revision) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
            v,
        )
    } else {
        v.extend(valeurs![revision]);
        Requete::new(
            "UPDATE serveur_courriel SET hote = $2, port = $3, securite = $4, identifiant = $5, mot_de_passe = $6, expediteur = $7, \
             reponse = $8, actif = $9, revision = revision + 1 WHERE centre = $1 AND revision = $10",
            v,
        )
        .attendu(1)
    };
    let details = json!({
        "hote": s.hote, "port": s.port, "securite": s.securite.code(), "expediteur": s.expediteur, "actif": s.actif,
    });
    enregistrer(
        base,
        centre,
        auteur,
        "courriel.serveur_regle",
        details,
        vec![requete],
    )
    .await
}

/// Suspend ou reprend les envois sans rien perdre du réglage.
pub async fn suspendre(
    base: &Base,
    centre: &Centre,
    actif: bool,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let requete = Requete::new(
        "UPDATE serveur_courriel SET actif = $2, revision = revision + 1 WHERE centre = $1",
        valeurs![centre, actif],
    )
    .attendu(1);
    enregistrer(
        base,
        centre,
        auteur,
        if actif {
            "courriel.envois_repris"
        } else {
            "courriel.envois_suspendus"
        },
        json!({}),
        vec![requete],
    )
    .await
}

/// La personne veut-elle le récapitulatif du matin ? Oui, tant qu'elle n'a pas dit non.
pub async fn veut_recapitulatif(
    base: &Base,
    centre: &Centre,
    personne: &PersonneId,
) -> Resultat<bool> {
    let l = base
        .lire_une(
            "SELECT recapitulatif FROM preference_courriel WHERE centre = $1 AND personne = $2",
            &valeurs![centre, personne.as_str()],
        )
        .await?;
    l.map_or(Ok(true), |l| l.booleen(0))
}

/// Note ce que la personne veut.
pub async fn vouloir_recapitulatif(
    base: &Base,
    centre: &Centre,
    personne: &PersonneId,
    veut: bool,
) -> Resultat<()> {
    let requete = Requete::new(
        "INSERT INTO preference_courriel (centre, personne, recapitulatif) VALUES ($1, $2, $3) \
         ON CONFLICT (centre, personne) DO UPDATE SET recapitulatif = excluded.recapitulatif",
        valeurs![centre, personne.as_str(), veut],
    );
    base.transaction(vec![requete]).await.map(|_| ())
}
