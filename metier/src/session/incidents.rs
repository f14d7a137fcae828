//! Incidents, carences, fraudes : des faits graves que l'on garde, que l'on dit à l'administration, que le PV cite.
//!
//! Rien ne s'efface : un incident se complète, s'annonce, reçoit une décision. Numérotés à partir de 1.

mod decision;

use super::Session;
use crate::etiquette::etiquete;
use crate::{CandidatId, PliId, temps};
pub(super) use decision::{decider, signaler};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// Longueur maximale des faits d'un incident, en caractères (limite de Garant).
pub const FAITS_MAX: usize = 4_000;

/// Ce qui est arrivé.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Genre {
    /// Un juré manque, ou le jury ne peut siéger.
    Carence,
    /// Fraude ou tentative : le rapport est signé par les témoins.
    Fraude,
    /// Scellé rompu.
    ScelleRompu,
    /// Contenu d'un pli non conforme au référentiel.
    ContenuNonConforme,
    /// Panne, matériel ou local défaillant.
    Materiel,
    /// Malaise, accident.
    Sante,
    /// Usage d'un téléphone.
    Telephone,
    /// Autre.
    Autre,
}

impl Genre {
    /// Tous.
    pub const TOUS: [Genre; 8] = [
        Self::Carence,
        Self::Fraude,
        Self::ScelleRompu,
        Self::ContenuNonConforme,
        Self::Materiel,
        Self::Sante,
        Self::Telephone,
        Self::Autre,
    ];
    /// Ceux qu'une personne choisit ; les deux autres naissent du contrôle des plis.
    pub fn saisissables() -> impl Iterator<Item = Genre> {
        Self::TOUS.into_iter().filter(|g| !g.est_de_pli())
    }
    /// Naît-il du contrôle d'un pli ?
    pub fn est_de_pli(self) -> bool {
        matches!(self, Self::ScelleRompu | Self::ContenuNonConforme)
    }
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Carence => "Carence du jury",
            Self::Fraude => "Fraude ou tentative de fraude",
            Self::ScelleRompu => "Scellé rompu",
            Self::ContenuNonConforme => "Contenu d’un pli non conforme",
            Self::Materiel => "Matériel ou local défaillant",
            Self::Sante => "Malaise ou accident",
            Self::Telephone => "Usage d’un téléphone",
            Self::Autre => "Autre incident",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Carence => "carence",
            Self::Fraude => "fraude",
            Self::ScelleRompu => "scelle_rompu",
            Self::ContenuNonConforme => "contenu_non_conforme",
            Self::Materiel => "materiel",
            Self::Sante => "sante",
            Self::Telephone => "telephone",
            Self::Autre => "autre",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|g| g.code() == c)
    }
}

/// Gravité : un incident majeur met en cause la validité des épreuves et s'annonce à l'administration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gravite {
    /// Réglé sur place.
    Mineur,
    /// Met en cause la validité des épreuves ou la régularité de la session.
    Majeur,
}

impl Gravite {
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Mineur => "Mineur : réglé sur place",
            Self::Majeur => "Majeur : la validité des épreuves est en cause",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mineur => "mineur",
            Self::Majeur => "majeur",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        [Self::Mineur, Self::Majeur]
            .into_iter()
            .find(|g| g.code() == c)
    }
}

/// Ce que l'administration décide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// La session continue telle quelle.
    Poursuivre,
    /// Le pli est écarté, un autre le remplace.
    Remplacer,
    /// L'épreuve ou la session s'arrête.
    Interrompre,
}

impl Decision {
    /// Toutes.
    pub const TOUTES: [Decision; 3] = [Self::Poursuivre, Self::Remplacer, Self::Interrompre];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Poursuivre => "Poursuivre",
            Self::Remplacer => "Écarter le pli et le remplacer",
            Self::Interrompre => "Interrompre",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Poursuivre => "poursuivre",
            Self::Remplacer => "remplacer",
            Self::Interrompre => "interrompre",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|d| d.code() == c)
    }
}

/// Ce que l'on dit d'un incident en le signalant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signalement {
    /// Ce qui est arrivé.
    pub genre: Genre,
    /// Gravité.
    pub gravite: Gravite,
    /// Les faits.
    pub faits: String,
    /// Les personnes en cause ou présentes.
    pub personnes: String,
    /// Les témoins, par leur nom.
    pub temoins: Vec<String>,
    /// La mesure prise sur place.
    pub mesure: String,
    /// Le pli en cause.
    pub pli: Option<PliId>,
    /// Le candidat en cause.
    pub candidat: Option<CandidatId>,
    /// Quand c'est arrivé.
    pub survenu: DateTime,
}

/// L'information de l'administration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Information {
    /// Quand.
    pub survenu: DateTime,
    /// Par quel canal (téléphone, courriel…) et à qui.
    pub canal: String,
}

/// La décision reçue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reponse {
    /// Ce qui est décidé.
    pub decision: Decision,
    /// Qui l'a dit, sous quelle référence.
    pub reference: String,
    /// Quand.
    pub survenu: DateTime,
}

/// Un incident et tout ce qui l'a suivi.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Numéro dans la session.
    pub numero: u32,
    /// Ce qui a été signalé.
    pub signalement: Signalement,
    /// Instant de la saisie, RFC 3339 : après coup, les deux heures se disent.
    pub saisi_le: String,
    /// Qui l'a constaté.
    pub par: String,
    /// Compléments, dans l'ordre.
    pub complements: Vec<String>,
    /// Informations de l'administration.
    pub informations: Vec<Information>,
    /// Décisions reçues, la dernière vaut.
    pub reponses: Vec<Reponse>,
}

impl Incident {
    /// La décision en vigueur.
    pub fn decision(&self) -> Option<Decision> {
        self.reponses.last().map(|r| r.decision)
    }
    /// Attend-on encore quelque chose : information ou décision ?
    pub fn est_ouvert(&self) -> bool {
        self.signalement.gravite == Gravite::Majeur
            && (self.informations.is_empty() || self.reponses.is_empty())
    }
    /// La ligne du procès-verbal.
    pub fn ligne_pv(&self) -> String {
        let s = &self.signalement;
        let mut l = format!(
            "Incident n° {} ({}), {} : {}",
            self.numero,
            s.genre.libelle().to_lowercase(),
            temps::moment(s.survenu),
            s.faits.trim_end_matches('.')
        );
        if !s.mesure.is_empty() {
            l.push_str(&format!(". Mesure : {}", s.mesure.trim_end_matches('.')));
        }
        if !s.temoins.is_empty() {
            l.push_str(&format!(". Témoins : {}", s.temoins.join(", ")));
        }
        for c in &self.complements {
            l.push_str(&format!(". Complément : {}", c.trim_end_matches('.')));
        }
        for i in &self.informations {
            l.push_str(&format!(
                ". Administration informée {} ({})",
                temps::moment(i.survenu),
                i.canal
            ));
        }
        for r in &self.reponses {
            l.push_str(&format!(
                ". Décision {} : {} ({})",
                temps::moment(r.survenu),
                r.decision.libelle().to_lowercase(),
                r.reference
            ));
        }
        l.push('.');
        l
    }
}

/// Ce qu'on veut faire.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Signaler.
    Signaler(Signalement),
    /// Ajouter un complément ; rien ne s'efface.
    Completer { numero: u32, texte: String },
    /// Noter que l'administration est informée.
    Informer {
        numero: u32,
        information: Information,
    },
    /// Noter la décision de l'administration.
    Decider { numero: u32, reponse: Reponse },
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Signalé.
        Signale {
            numero: u32,
            signalement: Signalement,
            par: String,
        },
        /// Complété.
        Complete { numero: u32, texte: String },
        /// Administration informée.
        Informe {
            numero: u32,
            information: Information,
        },
        /// Décision reçue.
        Decide { numero: u32, reponse: Reponse },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Signale { .. } => "incidents.signale",
            Self::Complete { .. } => "incidents.complete",
            Self::Informe { .. } => "incidents.informe",
            Self::Decide { .. } => "incidents.decide",
        }
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Signale {
                numero,
                signalement: s,
                ..
            } => format!(
                "Incident n° {numero} ({}), {} : {}",
                s.genre.libelle().to_lowercase(),
                temps::moment(s.survenu),
                s.faits
            ),
            Self::Complete { numero, texte } => {
                format!("Incident n° {numero} complété : {texte}")
            }
            Self::Informe {
                numero,
                information: i,
            } => format!(
                "Incident n° {numero} : administration informée {} ({})",
                temps::moment(i.survenu),
                i.canal
            ),
            Self::Decide { numero, reponse: r } => format!(
                "Incident n° {numero} : décision de l’administration, {} ({})",
                r.decision.libelle().to_lowercase(),
                r.reference
            ),
        }
    }
}

pub(super) fn appliquer(s: &mut Session, e: &Evenement, le: &str) {
    let mut sur = |n: u32, f: &dyn Fn(&mut Incident)| {
        if let Some(i) = s.incidents.iter_mut().find(|i| i.numero == n) {
            f(i);
        }
    };
    match e {
        Evenement::Signale {
            numero,
            signalement,
            par,
        } => {
            if let Some(p) = &signalement.pli {
                s.plis.noter_incident(p, *numero);
            }
            s.incidents.push(Incident {
                numero: *numero,
                signalement: signalement.clone(),
                saisi_le: le.to_owned(),
                par: par.clone(),
                complements: vec![],
                informations: vec![],
                reponses: vec![],
            });
        }
        Evenement::Complete { numero, texte } => {
            sur(*numero, &|i| i.complements.push(texte.clone()));
        }
        Evenement::Informe {
            numero,
            information,
        } => sur(*numero, &|i| i.informations.push(information.clone())),
        Evenement::Decide { numero, reponse } => {
            sur(*numero, &|i| i.reponses.push(reponse.clone()));
        }
    }
}
