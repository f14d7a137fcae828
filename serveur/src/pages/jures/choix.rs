//! Ce qui aide à choisir un juré pour une session : s'est-il dit libre, d'où vient-il, combien de fois l'a-t-on appelé.

use crate::erreurs::Erreur;
use jiff::civil::Date;
use metier::JureId;
use std::collections::BTreeMap;
use stockage::annuaire::{self, Disponibilite, FicheJure, JurePropose, Reponse};
use stockage::{Base, Centre};

/// Ce que l'annuaire sait des jurés pour ces jours-là.
pub struct Choix {
    appels: BTreeMap<String, (u64, u64)>,
    periodes: BTreeMap<JureId, Vec<Disponibilite>>,
    debut: Date,
    fin: Date,
}

/// Ce qu'il sait d'un juré.
pub struct Aide {
    /// « s’est dit libre », « à demander » ou « indisponible ».
    pub reponse: &'static str,
    /// Ton de la réponse.
    pub ton: &'static str,
    /// « Villefranche, 12 km », ou vide.
    pub lieu: String,
    /// Fois où il a siégé en un an.
    pub appels: u64,
    /// Fois où il était en réserve.
    pub reserves: u64,
}

impl Aide {
    /// « 3 fois, et 1 en réserve ».
    pub fn appels_dits(&self) -> String {
        let mut dit = match self.appels {
            0 => "jamais".to_owned(),
            n => format!("{n} fois"),
        };
        if self.reserves > 0 {
            dit.push_str(&format!(", et {} en réserve", self.reserves));
        }
        dit
    }
}

impl Choix {
    /// Lit les périodes et les appels d'un an, pour une session (ou un jour) de `debut` à `fin`.
    pub async fn lire(
        base: &Base,
        centre: &Centre,
        jour: Date,
        (debut, fin): (Date, Date),
    ) -> Result<Self, Erreur> {
        let un_an = jour.checked_sub(jiff::Span::new().years(1)).unwrap_or(jour);
        Ok(Self {
            appels: annuaire::balance_des_appels(base, centre, un_an).await?,
            periodes: annuaire::disponibilites_du_centre(base, centre, debut).await?,
            debut,
            fin,
        })
    }

    /// Ce qui se sait de ce juré.
    pub fn de(&self, jure: &JureId, fiche: &FicheJure) -> Aide {
        let (appels, reserves) = self.appels.get(jure.as_str()).copied().unwrap_or_default();
        let dites = self.periodes.get(jure).map_or(&[][..], Vec::as_slice);
        let (reponse, ton) = match annuaire::reponse(dites, self.debut, self.fin) {
            Reponse::Libre => ("s’est dit libre", "fait"),
            Reponse::Inconnue => ("à demander", "neutre"),
            Reponse::Pris => ("indisponible", "retard"),
        };
        Aide {
            reponse,
            ton,
            lieu: lieu(fiche),
            appels,
            reserves,
        }
    }

    /// Range des jurés de même habilitation : les indisponibles à la fin, les moins appelés d'abord, les plus proches ensuite.
    pub fn ranger(&self, jures: &mut [JurePropose]) {
        jures.sort_by_key(|x| {
            let a = self.de(&x.jure.id, &x.jure.fiche);
            let km = x.jure.fiche.distance_km.unwrap_or(u32::MAX);
            (x.couverture, a.ton == "retard", a.appels + a.reserves, km)
        });
    }
}

/// « Villefranche, 12 km ».
fn lieu(f: &FicheJure) -> String {
    let km = f.distance_km.map(|n| format!("{n} km"));
    [Some(f.commune.clone()), km]
        .into_iter()
        .flatten()
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}
