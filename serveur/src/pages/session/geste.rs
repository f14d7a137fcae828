//! Les gestes des jours d'épreuves : un fait, son heure, et de quoi le confirmer par un motif sans rien retaper.

use crate::acces::AccesSession;
use crate::cadre::ConstatMontre;
use crate::erreurs::Erreur;
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use axum::extract::{FromRequest, Request};
use jiff::civil::DateTime;
use metier::{Acte, Constat, Refus, temps};

/// Tous les champs d'un formulaire, tels qu'ils sont arrivés.
#[derive(Debug, Clone, Default)]
pub struct Champs(pub Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Champs {
    type Rejection = Erreur;
    async fn from_request(req: Request, etat: &S) -> Result<Self, Erreur> {
        Formulaire::<Vec<(String, String)>>::from_request(req, etat)
            .await
            .map(|Formulaire(c)| Self(c))
    }
}

impl Champs {
    /// La valeur d'un champ, ou vide.
    pub fn un(&self, nom: &str) -> &str {
        self.0
            .iter()
            .find(|(n, _)| n == nom)
            .map_or("", |(_, v)| v.as_str())
    }
    /// Toutes les valeurs d'un champ répété.
    pub fn tous<'c>(&'c self, nom: &'c str) -> impl Iterator<Item = &'c str> {
        self.0
            .iter()
            .filter(move |(n, _)| n == nom)
            .map(|(_, v)| v.as_str())
    }
    /// Une case est-elle cochée ?
    pub fn coche(&self, nom: &str) -> bool {
        self.un(nom) == "oui"
    }
    /// Un nombre ; zéro s'il ne se lit pas (le métier le refuse alors en le disant).
    pub fn nombre(&self, nom: &str) -> u32 {
        self.un(nom).trim().parse().unwrap_or(0)
    }
    /// Un identifiant.
    pub fn identifiant<T: std::str::FromStr>(&self, nom: &str) -> Option<T> {
        self.un(nom).parse().ok()
    }
    /// Les champs communs de tout formulaire qui écrit.
    pub fn communs(&self) -> ChampsCommuns {
        ChampsCommuns {
            acte: self.un("acte").into(),
            motif: self.un("motif").into(),
            vu_au_rang: self.un("vu_au_rang").into(),
            realise_par: self.un("realise_par").into(),
        }
    }
    /// Le jour du fait : le champ `date`, ou aujourd'hui s'il est vide.
    pub fn survenu_le(&self, a: &AccesSession) -> Result<jiff::civil::Date, Refus> {
        let d = self.un("date").trim();
        if d.is_empty() {
            return Ok(a.jour());
        }
        temps::lire_date(d).ok_or_else(|| {
            Constat::saisie(
                "date",
                "La date ne se lit pas.",
                "Écrivez-la sous la forme 15/12/2026, ou laissez-la vide pour aujourd’hui.",
            )
            .into()
        })
    }
    /// Quand le fait est arrivé : les champs `date` et `heure`, ou maintenant s'ils sont vides.
    pub fn survenu(&self, a: &AccesSession) -> Result<DateTime, Refus> {
        let maintenant = maintenant(a);
        let (d, h) = (self.un("date").trim(), self.un("heure").trim());
        let date = if d.is_empty() {
            maintenant.date()
        } else {
            temps::lire_date(d).ok_or_else(|| {
                Constat::saisie(
                    "date",
                    "La date ne se lit pas.",
                    "Écrivez-la sous la forme 15/12/2026, ou laissez-la vide pour aujourd’hui.",
                )
            })?
        };
        let heure = if h.is_empty() && date == maintenant.date() {
            maintenant.time()
        } else {
            temps::lire_heure(h).ok_or_else(|| {
                Constat::saisie(
                    "heure",
                    "L’heure manque ou ne se lit pas.",
                    "Écrivez-la sous la forme 8 h 30.",
                )
            })?
        };
        Ok(date.to_datetime(heure))
    }
}

/// L'instant présent à Paris, à la minute : c'est ce qu'une montre dit.
pub fn maintenant(a: &AccesSession) -> DateTime {
    let m = a.acces.etat.horloge.maintenant().datetime();
    m.date().at(m.hour(), m.minute(), 0, 0)
}

/// Un acte neuf, pour un formulaire.
pub fn acte() -> String {
    nouvel_identifiant::<Acte>().to_string()
}

/// Ce qu'une page montre d'un geste refusé : pourquoi, et de quoi le refaire avec un motif si c'est tout ce qui manque.
#[derive(Debug, Clone, Default)]
pub struct Suite {
    /// Les constats du refus.
    pub constats: Vec<ConstatMontre>,
    /// Les fautes par champ.
    pub erreurs: ErreursFormulaire,
    /// L'adresse à reposter, si un motif suffit ; vide sinon.
    pub reprise: String,
    /// Les champs à reposter tels quels.
    pub champs: Champs,
}

impl Suite {
    /// La suite d'un refus ; `chemin` est l'adresse du formulaire refusé.
    pub fn du_refus(refus: &Refus, base: &str, chemin: &str, champs: &Champs) -> Self {
        let motif_suffit = refus.demande_motif() && champs.un("motif").trim().is_empty();
        Self {
            constats: ConstatMontre::du_refus(refus, base),
            erreurs: ErreursFormulaire::du_refus(refus),
            reprise: if motif_suffit {
                chemin.to_owned()
            } else {
                String::new()
            },
            champs: Champs(
                champs
                    .0
                    .iter()
                    .filter(|(n, _)| n != "motif" && n != "acte")
                    .cloned()
                    .collect(),
            ),
        }
    }
    /// Rien n'a été refusé.
    pub fn est_vide(&self) -> bool {
        self.constats.is_empty()
    }
}
