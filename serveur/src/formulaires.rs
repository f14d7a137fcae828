//! Lire un formulaire : champs texte, champs communs, erreurs par champ. Une saisie refusée revient telle quelle.

use crate::erreurs::Erreur;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use metier::{Acte, Refus};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Taille maximale d'un formulaire ordinaire.
pub const FORMULAIRE_MAX_OCTETS: usize = 2 * 1024 * 1024;

/// Un formulaire décodé ; tous les champs sont du texte, les absents sont vides (`#[serde(default)]`).
pub struct Formulaire<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Formulaire<T> {
    type Rejection = Erreur;
    async fn from_request(req: Request, etat: &S) -> Result<Self, Erreur> {
        let octets = Bytes::from_request(req, etat)
            .await
            .map_err(|_| Erreur::TropGros("Le formulaire dépasse la taille acceptée (2 Mo)."))?;
        let paires: Vec<(String, String)> =
            serde_html_form::from_bytes(&octets).map_err(|_| formulaire_abime())?;
        if !paires.iter().all(|(nom, valeur)| champ_sain(nom, valeur)) {
            return Err(formulaire_abime());
        }
        serde_html_form::from_bytes(&octets)
            .map(Self)
            .map_err(|_| formulaire_abime())
    }
}

/// Un champ que la page remplit elle-même est vide, ou tel qu'elle l'a écrit : un autre ne se devine pas.
fn champ_sain(nom: &str, valeur: &str) -> bool {
    match nom {
        "acte" => valeur.is_empty() || valeur.parse::<Acte>().is_ok(),
        "vu_au_rang" => valeur.is_empty() || valeur.parse::<u64>().is_ok(),
        _ => true,
    }
}

/// Les champs présents dans chaque formulaire qui écrit.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ChampsCommuns {
    /// Le geste, né avec la page.
    pub acte: String,
    /// Le motif écrit.
    pub motif: String,
    /// Le rang du journal vu avec la page.
    pub vu_au_rang: String,
    /// Qui l'a fait, si ce n'est pas la personne qui saisit.
    pub realise_par: String,
}

impl ChampsCommuns {
    /// L'acte ; un nouveau si le formulaire n'en portait pas.
    pub fn acte(&self) -> Acte {
        self.acte.parse().unwrap_or_else(|_| nouvel_identifiant())
    }
}

/// Le refus d'un champ que la page n'a pas pu écrire ainsi.
pub fn formulaire_abime() -> Erreur {
    Erreur::Illisible("Le formulaire reçu est abîmé. Rechargez la page, puis recommencez.".into())
}

/// Refuse une valeur que la page n'offrait pas : une case, un choix ou un champ caché ne s'écrit pas autrement.
pub fn exiger_parmi<'a>(
    valeur: &str,
    offertes: impl IntoIterator<Item = &'a str>,
) -> Result<(), Erreur> {
    if offertes.into_iter().any(|o| o == valeur) {
        Ok(())
    } else {
        Err(formulaire_abime())
    }
}

/// Refuse une case qui ne serait ni cochée (« oui ») ni absente.
pub fn exiger_case(valeur: &str) -> Result<(), Erreur> {
    exiger_parmi(valeur, ["", "oui"])
}

/// Le geste d'un bouton d'activité : « reactiver » (vrai) ou « desactiver » (faux).
pub fn lire_activite(geste: &str) -> Result<bool, Erreur> {
    match geste {
        "reactiver" => Ok(true),
        "desactiver" => Ok(false),
        _ => Err(formulaire_abime()),
    }
}

/// Un identifiant neuf (UUIDv7) du type voulu.
pub fn nouvel_identifiant<T: std::str::FromStr>() -> T
where
    T::Err: std::fmt::Debug,
{
    uuid::Uuid::now_v7()
        .to_string()
        .parse()
        .expect("un UUID est un identifiant")
}

/// Les fautes d'une saisie : (champ, phrase).
#[derive(Debug, Clone, Default)]
pub struct ErreursFormulaire(pub Vec<(String, String)>);

impl ErreursFormulaire {
    /// La phrase de ce champ.
    pub fn pour(&self, champ: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(c, _)| c == champ)
            .map(|(_, p)| p.as_str())
    }
    /// Ajoute une faute.
    pub fn ajouter(&mut self, champ: &str, phrase: impl Into<String>) {
        self.0.push((champ.into(), phrase.into()));
    }
    /// Dit ces champs sous un autre nom, celui que la page leur donne.
    pub fn renommer(&mut self, champs: &[&str], nom: &str) {
        for (champ, _) in &mut self.0 {
            if champs.contains(&champ.as_str()) {
                nom.clone_into(champ);
            }
        }
    }
    /// Aucune faute ?
    pub fn est_vide(&self) -> bool {
        self.0.is_empty()
    }
    /// Les fautes de champ d'un refus du métier (les autres constats se montrent par `constats::refuse`).
    pub fn du_refus(refus: &Refus) -> Self {
        Self(
            refus
                .constats
                .iter()
                .filter_map(|c| {
                    c.champ
                        .as_ref()
                        .map(|champ| (champ.clone(), format!("{} {}", c.phrase, c.remede)))
                })
                .collect(),
        )
    }
}
