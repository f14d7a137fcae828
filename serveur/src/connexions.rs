//! Ouvrir une connexion et poser son témoin ; retrouver une connexion à demi ouverte.

use crate::acces::{lire_jeton, nom_cookie};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::{second_facteur, securite};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use stockage::comptes::{self, Connecte, Etape, NouvelleConnexion};

/// Qui demande, vu de la prise : l'adresse, le navigateur, la connexion présentée.
#[derive(Debug, Clone)]
pub struct Visiteur {
    /// Adresse.
    pub adresse: String,
    /// Navigateur annoncé.
    pub agent: String,
    /// Sur cette machine, sans relais ?
    pub local: bool,
    /// La connexion présentée, à n'importe quelle étape.
    pub connexion: Option<Connecte>,
}

impl FromRequestParts<Etat> for Visiteur {
    type Rejection = Erreur;
    async fn from_request_parts(parts: &mut Parts, etat: &Etat) -> Result<Self, Erreur> {
        let connexion = match lire_jeton(&parts.headers, etat.tls) {
            Some(jeton) => comptes::connecte(&etat.base, jeton, etat.horloge.secondes()).await?,
            None => None,
        };
        let agent = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|v| v.to_str().ok())
            .unwrap_or("inconnu");
        Ok(Self {
            adresse: securite::adresse(&parts.extensions, &parts.headers, etat.relais),
            agent: agent
                .chars()
                .filter(|c| !c.is_control())
                .take(200)
                .collect(),
            local: securite::est_local(&parts.extensions, &parts.headers),
            connexion,
        })
    }
}

/// Ouvre une connexion pour ce compte et pose son témoin sur la réponse.
///
/// L'identifiant est toujours neuf : celui d'avant la connexion ne vaut plus rien.
pub async fn ouvrir(
    etat: &Etat,
    visiteur: &Visiteur,
    courriel: &str,
    etape: Etape,
    mut reponse: Response,
) -> Result<Response, Erreur> {
    let jeton = second_facteur::jeton()?;
    let id = uuid::Uuid::now_v7().to_string();
    let nouvelle = NouvelleConnexion {
        jeton: &jeton,
        id: &id,
        courriel,
        etape,
        agent: &visiteur.agent,
        adresse: &visiteur.adresse,
        maintenant: etat.horloge.secondes(),
    };
    match &visiteur.connexion {
        Some(avant) => comptes::promouvoir(&etat.base, &avant.connexion, &nouvelle).await?,
        None => comptes::ouvrir(&etat.base, &nouvelle).await?,
    }
    poser_temoin(etat, &jeton, None, &mut reponse)?;
    Ok(reponse)
}

/// Retire le témoin de connexion.
pub fn retirer_temoin(etat: &Etat, reponse: &mut Response) -> Result<(), Erreur> {
    poser_temoin(etat, "", Some(0), reponse)
}

fn poser_temoin(
    etat: &Etat,
    jeton: &str,
    duree: Option<u64>,
    reponse: &mut Response,
) -> Result<(), Erreur> {
    let sur = if etat.tls { "; Secure" } else { "" };
    let duree = duree.map(|d| format!("; Max-Age={d}")).unwrap_or_default();
    let texte = format!(
        "{}={jeton}; Path=/; HttpOnly; SameSite=Lax{sur}{duree}",
        nom_cookie(etat.tls)
    );
    let valeur = HeaderValue::from_str(&texte).map_err(|e| Erreur::interne(&e.to_string()))?;
    reponse.headers_mut().append(header::SET_COOKIE, valeur);
    Ok(())
}

/// Un chemin de retour sans danger : une page d'ici, jamais un autre site.
pub fn retour_sur(demande: &str) -> &str {
    let sur = demande.starts_with('/')
        && !demande.starts_with("//")
        && demande.len() <= 300
        && demande
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b));
    if sur && !demande.starts_with("/connexion") {
        demande
    } else {
        "/"
    }
}

#[cfg(test)]
mod essais {
    use super::retour_sur;

    #[test]
    fn un_retour_ne_sort_jamais_du_site() {
        for faux in [
            "//mal.exemple",
            "https://mal.exemple",
            "/\\mal.exemple",
            "javascript:x",
            "",
            "/a?b=//c",
            "/connexion",
        ] {
            assert_eq!(retour_sur(faux), "/", "{faux}");
        }
        assert_eq!(retour_sur("/sessions/0192-ab"), "/sessions/0192-ab");
    }
}
