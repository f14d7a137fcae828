//! Le cadre des journées : heures d'ouverture, déjeuner, pauses, jurys composés, et qui n'est pas là.

use crate::contexte::{Constat, Refus};
use crate::session::Session;
use crate::{CandidatId, JureId, PersonneId, temps};
use jiff::civil::{Date, Time, time};
use serde::{Deserialize, Serialize};

/// Jurés d'un jury, quand personne n'a composé les jurys.
const JURES_PAR_JURY: usize = 2;
/// Minutes qu'une pause, un déjeuner, une délibération peuvent durer (limite de Garant).
const MINUTES_MAX: u32 = 240;
/// Empêchements notés, au plus (limite de Garant).
const EMPECHEMENTS_MAX: usize = 500;

/// Comment se passe une journée de la session. Ce sont des réglages du centre, pas des nombres du règlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journees {
    /// Ouverture.
    pub ouverture: Time,
    /// Fermeture.
    pub fermeture: Time,
    /// Le déjeuner se prend à partir de.
    pub dejeuner_debut: Time,
    /// Le déjeuner se prend avant.
    pub dejeuner_fin: Time,
    /// Minutes de déjeuner pour chacun ; zéro : aucun déjeuner à prévoir.
    pub dejeuner_minutes: u32,
    /// Pause entre deux épreuves d'un candidat, en minutes.
    pub pause_minutes: u32,
    /// Minutes d'épreuves d'un candidat dans une journée, au plus.
    pub candidat_minutes_max: u32,
    /// Minutes d'un juré dans une journée, délibération comprise, au plus.
    pub jure_minutes_max: u32,
    /// Minutes de délibération d'un jury, pour commencer.
    pub deliberation_minutes: u32,
    /// Minutes de délibération en plus, par candidat.
    pub deliberation_par_candidat: u32,
    /// Jours de la session où l'on n'examine pas.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jours_fermes: Vec<Date>,
    /// Les jurys composés ; vide : les titulaires, deux par deux, dans l'ordre.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jurys: Vec<Vec<JureId>>,
}

impl Default for Journees {
    fn default() -> Self {
        Self {
            ouverture: time(8, 30, 0, 0),
            fermeture: time(17, 30, 0, 0),
            dejeuner_debut: time(11, 45, 0, 0),
            dejeuner_fin: time(14, 0, 0, 0),
            dejeuner_minutes: 45,
            pause_minutes: 5,
            candidat_minutes_max: 480,
            jure_minutes_max: 480,
            deliberation_minutes: 15,
            deliberation_par_candidat: 5,
            jours_fermes: vec![],
            jurys: vec![],
        }
    }
}

impl Journees {
    /// Les jurys : ceux qui sont composés (sans les jurés partis), ou les titulaires deux par deux.
    pub fn jurys_de(&self, s: &Session) -> Vec<Vec<JureId>> {
        if !self.jurys.is_empty() {
            return self
                .jurys
                .iter()
                .map(|j| {
                    j.iter()
                        .filter(|x| s.jure(x).is_some())
                        .cloned()
                        .collect::<Vec<_>>()
                })
                .filter(|j| !j.is_empty())
                .collect();
        }
        let titulaires: Vec<JureId> = s
            .jury
            .iter()
            .filter(|m| m.membre.place == crate::jury::Place::Titulaire)
            .map(|m| m.membre.jure.clone())
            .collect();
        let mut jurys: Vec<Vec<JureId>> = titulaires
            .chunks(JURES_PAR_JURY)
            .map(<[JureId]>::to_vec)
            .collect();
        // Un titulaire de reste siège avec le dernier jury complet : un juré seul n'est pas un jury.
        if jurys.len() > 1 && jurys.last().is_some_and(|j| j.len() < JURES_PAR_JURY) {
            let reste = jurys.pop().unwrap_or_default();
            if let Some(dernier) = jurys.last_mut() {
                dernier.extend(reste);
            }
        }
        jurys
    }

    /// « de 8 h 30 à 17 h 30, déjeuner de 45 min entre 11 h 45 et 14 h 00 ».
    pub fn phrase(&self) -> String {
        let dejeuner = if self.dejeuner_minutes == 0 {
            "sans déjeuner".to_owned()
        } else {
            format!(
                "déjeuner de {} entre {} et {}",
                temps::duree(self.dejeuner_minutes),
                temps::heure(self.dejeuner_debut),
                temps::heure(self.dejeuner_fin)
            )
        };
        format!(
            "de {} à {}, {dejeuner}",
            temps::heure(self.ouverture),
            temps::heure(self.fermeture)
        )
    }
}

/// Qui, ou quoi, n'est pas là.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "a", content = "id", rename_all = "snake_case")]
pub enum Empeche {
    /// Un juré.
    Jure(JureId),
    /// Un surveillant.
    Surveillant(PersonneId),
    /// Un candidat.
    Candidat(CandidatId),
    /// Une salle, par son nom.
    Salle(String),
}

impl Empeche {
    /// Son nom dans la session.
    pub fn nom(&self, s: &Session) -> String {
        match self {
            Self::Jure(id) => s.jure(id).map(|m| m.nom.clone()),
            Self::Surveillant(id) => s.equipe.personne(id).map(|i| i.nom.clone()),
            Self::Candidat(id) => s.candidat(id).ok().map(|c| c.fiche.nom_complet()),
            Self::Salle(nom) => Some(nom.clone()),
        }
        .unwrap_or_else(|| "Une personne partie".into())
    }

    /// Est-il de la session ?
    fn est_connu(&self, s: &Session) -> bool {
        match self {
            Self::Jure(id) => s.jure(id).is_some(),
            Self::Surveillant(id) => s
                .equipe
                .a(crate::equipe::Poste::Surveillant)
                .any(|i| i.id == *id),
            Self::Candidat(id) => s.inscrits().any(|c| c.id == *id),
            Self::Salle(nom) => s
                .programme
                .as_ref()
                .is_some_and(|p| p.site.salles.iter().any(|x| x.nom == *nom)),
        }
    }
}

/// Un empêchement : de telle heure à telle heure, ce jour-là. La raison n'est pas demandée.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Empechement {
    /// Qui ou quoi.
    pub qui: Empeche,
    /// Le jour.
    pub date: Date,
    /// À partir de.
    pub de: Time,
    /// Jusqu'à.
    pub a: Time,
}

impl Empechement {
    /// « le mardi 15 décembre 2026, de 8 h 30 à 12 h 00 ».
    pub fn quand(&self) -> String {
        format!(
            "le {}, de {} à {}",
            temps::date_longue(self.date),
            temps::heure(self.de),
            temps::heure(self.a)
        )
    }
}

/// Refuse un cadre de journée absurde, champ par champ.
pub(super) fn verifier_journees(s: &Session, j: &Journees) -> Result<(), Refus> {
    let p = s.programme()?;
    let mut k = vec![];
    let mut dire = |champ: &str, phrase: String, remede: &str| {
        k.push(Constat::saisie(champ, phrase, remede));
    };
    if j.fermeture <= j.ouverture {
        dire(
            "fermeture",
            format!(
                "La journée fermerait à {} avant d’avoir ouvert à {}.",
                temps::heure(j.fermeture),
                temps::heure(j.ouverture)
            ),
            "Vérifiez les deux heures.",
        );
    }
    let fenetre =
        i64::from(temps::minutes(j.dejeuner_fin)) - i64::from(temps::minutes(j.dejeuner_debut));
    if j.dejeuner_minutes > 0 && fenetre < i64::from(j.dejeuner_minutes) {
        dire(
            "dejeuner_minutes",
            format!(
                "{} de déjeuner ne tiennent pas entre {} et {}.",
                temps::duree(j.dejeuner_minutes),
                temps::heure(j.dejeuner_debut),
                temps::heure(j.dejeuner_fin)
            ),
            "Élargissez la fenêtre du déjeuner, ou raccourcissez-le.",
        );
    }
    for (champ, valeur, min) in [
        ("dejeuner_minutes", j.dejeuner_minutes, 0),
        ("pause_minutes", j.pause_minutes, 0),
        ("deliberation_minutes", j.deliberation_minutes, 5),
        ("deliberation_par_candidat", j.deliberation_par_candidat, 0),
    ] {
        if !(min..=MINUTES_MAX).contains(&valeur) {
            dire(
                champ,
                format!("On attend de {min} à {MINUTES_MAX} minutes."),
                "Corrigez ce nombre.",
            );
        }
    }
    for (champ, valeur) in [
        ("candidat_minutes_max", j.candidat_minutes_max),
        ("jure_minutes_max", j.jure_minutes_max),
    ] {
        if !(60..=960).contains(&valeur) {
            dire(
                champ,
                "On attend de 60 à 960 minutes par jour.".into(),
                "Corrigez ce nombre.",
            );
        }
    }
    if let Some(d) = j.jours_fermes.iter().find(|d| **d < p.debut || **d > p.fin) {
        dire(
            "jours_fermes",
            format!(
                "Le {} n’est pas un jour de la session.",
                temps::date_longue(*d)
            ),
            "Cochez des jours de la session.",
        );
    }
    if p.jours().iter().all(|d| j.jours_fermes.contains(d)) {
        dire(
            "jours_fermes",
            "Il ne resterait aucun jour d’épreuves.".into(),
            "Gardez un jour au moins.",
        );
    }
    if let Some(jure) = j.jurys.iter().flatten().find(|x| s.jure(x).is_none()) {
        dire(
            "jurys",
            format!("Un juré choisi ({jure}) n’est plus au jury de la session."),
            "Rechargez la page, puis recommencez.",
        );
    }
    if k.is_empty() {
        Ok(())
    } else {
        Err(Refus { constats: k })
    }
}

/// Refuse un empêchement absurde.
pub(super) fn verifier_empechement(s: &Session, e: &Empechement) -> Result<(), Refus> {
    let p = s.programme()?;
    let mut k = vec![];
    if !e.qui.est_connu(s) {
        k.push(Constat::saisie(
            "qui",
            "Cette personne ou cette salle n’est pas de la session.",
            "Choisissez-la dans la liste.",
        ));
    }
    if e.date < p.debut || e.date > p.fin {
        k.push(Constat::saisie(
            "date",
            format!(
                "Le {} est hors de la session, {}.",
                temps::date_longue(e.date),
                temps::periode(p.debut, p.fin)
            ),
            "Choisissez un jour de la session.",
        ));
    }
    if e.a <= e.de {
        k.push(Constat::saisie(
            "a",
            format!(
                "L’empêchement finirait à {} avant d’avoir commencé à {}.",
                temps::heure(e.a),
                temps::heure(e.de)
            ),
            "Vérifiez les deux heures.",
        ));
    }
    if s.planning.empechements.len() >= EMPECHEMENTS_MAX {
        k.push(Constat::geste(
            "PLA-05",
            format!("Garant retient {EMPECHEMENTS_MAX} empêchements par session."),
            "Effacez ceux qui ne servent plus.",
        ));
    }
    if k.is_empty() {
        Ok(())
    } else {
        Err(Refus { constats: k })
    }
}
