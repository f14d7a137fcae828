//! Les habitudes d'un centre : ses propres tâches, et ses dates plus prudentes sur les tâches du règlement.
//!
//! Une session fige celles de son centre en naissant (`cadre`). Une tâche du règlement ne s'ôte jamais : on peut seulement
//! lui donner une date plus tôt.

use super::modele::{Condition, Phase, Tache, modele};
use crate::echeances::{Delai, Repere};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Longueur maximale de l'intitulé d'une tâche du centre (limite de Garant).
pub const INTITULE_MAX: usize = 200;
/// Jours au plus avant ou après la session (limite de Garant, contre les fautes de frappe).
pub const JOURS_MAX: u32 = 730;
/// Habitudes au plus dans un centre, et tâches propres au plus dans une session (limite de Garant).
pub const HABITUDES_MAX: usize = 60;

/// Une tâche du centre, ou sa date sur une tâche du règlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Habitude {
    /// Code stable dans le centre (« C-3 ») ou dans la session (« S-1 »).
    pub code: String,
    /// La tâche du règlement dont elle avance la date ; rien pour une tâche du centre.
    #[serde(default)]
    pub sur: Option<String>,
    /// Phase d'une tâche du centre.
    pub phase: Phase,
    /// Intitulé.
    pub intitule: String,
    /// Ce qu'il faut faire, en mots simples.
    #[serde(default)]
    pub faire: String,
    /// D'où l'on compte.
    pub repere: Repere,
    /// Combien de jours.
    pub jours: u32,
    /// À quelles sessions elle s'applique.
    #[serde(default)]
    pub condition: Condition,
}

impl Habitude {
    /// La tâche qu'elle ajoute à la check-list ; rien si elle ne fait qu'avancer une date.
    pub fn tache(&self) -> Option<Tache> {
        if self.sur.is_some() {
            return None;
        }
        Some(Tache {
            code: self.code.clone(),
            phase: self.phase,
            intitule: self.intitule.clone(),
            faire: self.faire.clone(),
            points: vec![],
            observation: None,
            delai: Some(self.delai()),
            preuve: None,
            condition: self.condition,
            regle: None,
            page: None,
            papier: None,
            jalon: None,
        })
    }
    /// Son délai.
    pub fn delai(&self) -> Delai {
        Delai::DuCentre(self.repere, self.jours)
    }
    /// « 40 jours avant le premier jour : Convoquer les candidats ».
    pub fn phrase(&self) -> String {
        format!(
            "{}\u{a0}{} : {}",
            self.jours,
            self.repere.libelle(),
            self.intitule
        )
    }
}

/// Une habitude que Garant propose au centre.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Proposee {
    /// Nom de la proposition, dans les formulaires.
    pub nom: String,
    /// La tâche du règlement.
    pub sur: String,
    /// Combien de jours avant le premier jour.
    pub jours: u32,
    /// Pourquoi.
    pub pourquoi: String,
}

#[derive(Deserialize)]
struct Propositions {
    habitude: Vec<Proposee>,
}

static PROPOSEES: LazyLock<Vec<Proposee>> = LazyLock::new(|| {
    toml::from_str::<Propositions>(include_str!("../../../modeles/habitudes-proposees.toml"))
        .expect("les habitudes proposées sont relues par un essai")
        .habitude
});

/// Les habitudes que Garant propose : J-120 pour les épreuves, J-90 pour les jurés, J-40 pour les convocations.
pub fn proposees() -> &'static [Proposee] {
    &PROPOSEES
}

/// La tâche du règlement de ce code, si sa date peut être avancée : elle en a une avant ou après la session.
pub fn datable(code: &str) -> Option<&'static Tache> {
    modele("").iter().find(|t| t.code == code)
}

/// Ce qui ne va pas dans une habitude : (champ, phrase) ; rien si elle est bonne.
pub fn verifier(h: &Habitude) -> Vec<(&'static str, String)> {
    let mut k = vec![];
    match &h.sur {
        Some(code) if datable(code).is_none() => k.push((
            "sur",
            "Cette tâche n’est pas dans la check-list. Choisissez-en une de la liste.".into(),
        )),
        Some(_) => {}
        None => {
            let n = h.intitule.trim().chars().count();
            if n < 3 {
                k.push((
                    "intitule",
                    "Dites en quelques mots ce qu’il faut faire.".into(),
                ));
            } else if n > INTITULE_MAX || h.intitule.chars().any(char::is_control) {
                k.push((
                    "intitule",
                    format!(
                        "L’intitulé tient en {INTITULE_MAX} caractères, sans signe invisible. Raccourcissez-le : l’explication a son propre champ."
                    ),
                ));
            }
        }
    }
    if h.faire.chars().count() > super::OBSERVATION_MAX {
        k.push((
            "faire",
            format!(
                "L’explication dépasse {} caractères. Résumez-la.",
                super::OBSERVATION_MAX
            ),
        ));
    }
    if h.jours > JOURS_MAX {
        k.push((
            "jours",
            format!("Garant compte jusqu’à {JOURS_MAX} jours. Choisissez un nombre plus petit."),
        ));
    }
    k
}
