//! Le format tp-planning-solution/1 : un plan tel qu'il se lit et s'écrit.

use serde::{Deserialize, Deserializer, Serialize};

/// Nom du format.
pub const SCHEMA: &str = "tp-planning-solution/1";

/// Une épreuve d'un candidat, placée. `start` est en minutes depuis minuit, `day` un rang de jour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tache {
    /// Candidat.
    pub candidate: String,
    /// Épreuve.
    pub epreuve: String,
    /// Rang du jour.
    pub day: i64,
    /// Début.
    pub start: i64,
    /// Salle, si l'épreuve en demande une.
    #[serde(deserialize_with = "present")]
    pub room: Option<String>,
    /// Jury, si l'épreuve en demande un.
    #[serde(deserialize_with = "present")]
    pub jury: Option<String>,
    /// Surveillant, si l'épreuve en demande un.
    #[serde(deserialize_with = "present")]
    pub surveillant: Option<String>,
}

/// La clé doit être là, même nulle.
fn present<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(d)
}

/// La délibération d'un jury.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deliberation {
    /// Jury.
    pub jury: String,
    /// Rang du jour.
    pub day: i64,
    /// Début, minutes depuis minuit.
    pub start: i64,
}

/// Un plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Toujours [`SCHEMA`].
    pub schema: String,
    /// Identifiant de l'instance.
    pub instance: String,
    /// Épreuves placées.
    pub tasks: Vec<Tache>,
    /// Délibérations.
    pub deliberations: Vec<Deliberation>,
    /// Candidats laissés de côté.
    pub unplanned: Vec<String>,
}

impl Plan {
    /// Lit un plan.
    ///
    /// # Errors
    /// Une phrase en français quand le texte n'est pas un plan.
    pub fn lire(texte: &str) -> Result<Self, String> {
        let plan: Self = serde_json::from_str(texte).map_err(|e| {
            format!(
                "Le plan ne se lit pas, ligne {}, colonne {} : vérifiez ses champs ({SCHEMA}).",
                e.line(),
                e.column()
            )
        })?;
        if plan.schema != SCHEMA {
            return Err(format!("schema : on attend « {SCHEMA} »."));
        }
        Ok(plan)
    }

    /// Le texte JSON du plan, toujours le même pour un même plan.
    pub fn texte(&self) -> String {
        let mut texte = serde_json::to_string_pretty(self).expect("invariant : un plan s'écrit");
        texte.push('\n');
        texte
    }
}
