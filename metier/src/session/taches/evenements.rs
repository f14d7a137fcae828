//! Ce que l'on veut faire d'une tâche, ce qui s'est passé, et ce que l'état en retient.

use super::habitudes::Habitude;
use super::{Delegation, Jointe, Marque, Visa};
use crate::etiquette::etiquete;
use crate::session::Session;
use crate::{PersonneId, temps};
use jiff::civil::Date;

/// Ce qu'on veut faire.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Noter une tâche ou un point fait.
    Realiser { code: String, observation: String },
    /// Noter plusieurs points d'une tâche faits, d'un geste.
    Cocher {
        codes: Vec<String>,
        observation: String,
    },
    /// La rouvrir (motif demandé).
    Rouvrir { code: String },
    /// La déclarer sans objet (motif demandé).
    DeclarerSansObjet { code: String },
    /// La confier à une personne du centre ; la consigne et le jour sont facultatifs.
    Confier {
        code: String,
        a: PersonneId,
        nom: String,
        pour: Option<Date>,
        consigne: String,
    },
    /// La reprendre à qui elle était confiée (motif demandé).
    Reprendre { code: String },
    /// Contrôler ce qu'une autre personne a fait.
    Viser { code: String, observation: String },
    /// La renvoyer à qui elle est confiée : c'est à refaire (motif demandé).
    Renvoyer { code: String },
    /// Joindre un document : il vaut preuve.
    Joindre { code: String, jointe: Jointe },
    /// Ajouter une tâche propre à cette session.
    Ajouter(Habitude),
    /// Ôter une tâche propre à cette session (motif demandé).
    Oter { code: String },
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Réalisée.
        Realisee {
            code: String,
            intitule: String,
            observation: String,
        },
        /// Rouverte.
        Rouverte {
            code: String,
            intitule: String,
            motif: String,
        },
        /// Déclarée sans objet.
        SansObjet {
            code: String,
            intitule: String,
            motif: String,
        },
        /// Confiée.
        Confiee {
            code: String,
            intitule: String,
            a: PersonneId,
            nom: String,
            pour: Option<Date>,
            consigne: String,
        },
        /// Reprise.
        Reprise {
            code: String,
            intitule: String,
            nom: String,
            motif: String,
        },
        /// Contrôlée.
        Visee {
            code: String,
            intitule: String,
            observation: String,
            constat: String,
        },
        /// Renvoyée.
        Renvoyee {
            code: String,
            intitule: String,
            nom: String,
            motif: String,
        },
        /// Document joint.
        Jointe {
            code: String,
            intitule: String,
            jointe: Jointe,
        },
        /// Tâche propre ajoutée.
        Ajoutee(Habitude),
        /// Tâche propre ôtée.
        Otee {
            code: String,
            intitule: String,
            motif: String,
        },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Realisee { .. } => "taches.realisee",
            Self::Rouverte { .. } => "taches.rouverte",
            Self::SansObjet { .. } => "taches.sans_objet",
            Self::Confiee { .. } => "taches.confiee",
            Self::Reprise { .. } => "taches.reprise",
            Self::Visee { .. } => "taches.visee",
            Self::Renvoyee { .. } => "taches.renvoyee",
            Self::Jointe { .. } => "taches.jointe",
            Self::Ajoutee(_) => "taches.ajoutee",
            Self::Otee { .. } => "taches.otee",
        }
    }

    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        let precise = |t: &str| {
            if t.is_empty() {
                String::new()
            } else {
                format!(" ({t})")
            }
        };
        match self {
            Self::Realisee {
                intitule,
                observation,
                ..
            } => format!("Tâche faite : {intitule}{}", precise(observation)),
            Self::Rouverte {
                intitule, motif, ..
            } => format!("Tâche rouverte : {intitule} (motif : {motif})"),
            Self::SansObjet {
                intitule, motif, ..
            } => format!("Tâche sans objet : {intitule} (motif : {motif})"),
            Self::Confiee {
                intitule,
                nom,
                pour,
                consigne,
                ..
            } => format!(
                "Tâche confiée à {nom}{} : {intitule}{}",
                pour.map(|d| format!(" pour le {}", temps::date_chiffres(d)))
                    .unwrap_or_default(),
                precise(consigne)
            ),
            Self::Reprise {
                intitule,
                nom,
                motif,
                ..
            } => format!("Tâche reprise à {nom} : {intitule} (motif : {motif})"),
            Self::Visee {
                intitule,
                observation,
                ..
            } => format!("Tâche contrôlée : {intitule}{}", precise(observation)),
            Self::Renvoyee {
                intitule,
                nom,
                motif,
                ..
            } => format!("Tâche renvoyée à {nom} : {intitule} (motif : {motif})"),
            Self::Jointe {
                intitule, jointe, ..
            } => format!(
                "Document joint à « {intitule} » : {} (empreinte {}…)",
                jointe.nom,
                jointe.empreinte.get(..12).unwrap_or(&jointe.empreinte)
            ),
            Self::Ajoutee(h) => format!("Tâche ajoutée à la session : {}", h.phrase()),
            Self::Otee {
                intitule, motif, ..
            } => format!("Tâche ôtée de la session : {intitule} (motif : {motif})"),
        }
    }
}

/// Ce que l'état retient d'un événement.
pub(in crate::session) fn appliquer(
    s: &mut Session,
    e: &Evenement,
    realise_par: &PersonneId,
    le: &str,
) {
    let t = &mut s.taches;
    let marque = |sans_objet: bool, observation: &str| Marque {
        sans_objet,
        observation: observation.into(),
        realise_par: realise_par.clone(),
        le: le.into(),
    };
    match e {
        Evenement::Realisee {
            code, observation, ..
        } => {
            t.marques.insert(code.clone(), marque(false, observation));
            if let Some(d) = t.confiees.get_mut(code) {
                d.renvoi = None;
            }
        }
        Evenement::SansObjet { code, motif, .. } => {
            t.marques.insert(code.clone(), marque(true, motif));
        }
        Evenement::Rouverte { code, .. } => {
            t.marques.remove(code);
            t.visas.remove(code);
        }
        Evenement::Confiee {
            code,
            a,
            nom,
            pour,
            consigne,
            ..
        } => {
            t.visas.remove(code);
            t.confiees.insert(
                code.clone(),
                Delegation {
                    a: a.clone(),
                    nom: nom.clone(),
                    pour: *pour,
                    consigne: consigne.clone(),
                    par: realise_par.clone(),
                    le: le.into(),
                    renvoi: None,
                },
            );
        }
        Evenement::Reprise { code, .. } => {
            t.confiees.remove(code);
            t.visas.remove(code);
        }
        Evenement::Visee {
            code,
            observation,
            constat,
            ..
        } => {
            if let Some(d) = t.confiees.get_mut(code) {
                d.renvoi = None;
            }
            t.visas.insert(
                code.clone(),
                Visa {
                    par: realise_par.clone(),
                    le: le.into(),
                    observation: observation.clone(),
                    constat: constat.clone(),
                },
            );
        }
        Evenement::Renvoyee { code, motif, .. } => {
            t.marques.remove(code);
            t.visas.remove(code);
            if let Some(d) = t.confiees.get_mut(code) {
                d.renvoi = Some(motif.clone());
            }
        }
        Evenement::Jointe { code, jointe, .. } => {
            t.pieces
                .entry(code.clone())
                .or_default()
                .push(jointe.clone());
            let observation = format!("Document joint : {}", jointe.nom);
            t.marques
                .entry(code.clone())
                .or_insert_with(|| marque(false, &observation));
            if let Some(d) = t.confiees.get_mut(code) {
                d.renvoi = None;
            }
        }
        Evenement::Ajoutee(h) => {
            t.propres_ajoutees += 1;
            t.propres.push(h.clone());
        }
        Evenement::Otee { code, .. } => {
            t.propres.retain(|h| h.code != *code);
            t.marques.remove(code);
            t.confiees.remove(code);
            t.visas.remove(code);
        }
    }
}
