//! « Trois mois avant », « la veille », « quinze jours après » : des délais écrits aux dates.
//!
//! Calcul en calendrier civil ; le jour même compte comme « à temps ». Jamais de report au jour ouvré (prudence).

use crate::PersonneId;
use crate::session::Session;
use crate::session::cadre::Cadre;
use crate::session::programme::Programme;
use crate::session::taches::{self, Etat, VueTache};
use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// De quel jour de la session on compte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repere {
    /// Avant le premier jour.
    AvantDebut,
    /// Après le dernier jour.
    ApresFin,
}

impl Repere {
    /// Tous.
    pub const TOUS: [Repere; 2] = [Self::AvantDebut, Self::ApresFin];
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::AvantDebut => "avant_debut",
            Self::ApresFin => "apres_fin",
        }
    }
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::AvantDebut => "jours avant le premier jour",
            Self::ApresFin => "jours après le dernier jour",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|r| r.code() == code)
    }
    /// Le jour, tant de jours avant ou après.
    pub fn date(self, debut: Date, fin: Date, jours: u32) -> Date {
        match self {
            Self::AvantDebut => jours_avant(debut, jours),
            Self::ApresFin => jours_apres(fin, jours),
        }
    }
}

/// Un délai de la check-list, relatif à une date nommée de la session.
///
/// Ceux qui portent un code lisent leur nombre au cadre figé de la session : celui que le centre a réglé, ou celui du texte.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delai {
    /// Tant de mois de calendrier avant le début, selon ce paramètre.
    MoisAvant(String),
    /// La plus stricte de « un mois » et de tant de jours avant le début, selon ce paramètre.
    UnMoisEtJoursAvant(String),
    /// Tant de jours avant le début, selon ce paramètre.
    JoursAvant(String),
    /// La veille du début.
    Veille,
    /// Le premier jour.
    PremierJour,
    /// Le dernier jour.
    DernierJour,
    /// Tant de jours de calendrier après la fin, selon ce paramètre.
    JoursApres(String),
    /// Cinq ans après la fin.
    CinqAnsApres,
    /// Avant la fin de validité du titre (échéance du référentiel) ; à défaut, le début de la session.
    FinValiditeTitre,
    /// Une date du centre.
    DuCentre(Repere, u32),
}

impl Delai {
    /// La date limite dans cette session.
    pub fn date(&self, p: &Programme, cadre: &Cadre) -> Date {
        match self {
            Self::MoisAvant(code) => mois_avant(p.debut, cadre.valeur(code)),
            Self::UnMoisEtJoursAvant(code) => un_mois_et_jours_avant(p.debut, cadre.valeur(code)),
            Self::JoursAvant(code) => jours_avant(p.debut, cadre.valeur(code)),
            Self::Veille => jours_avant(p.debut, 1),
            Self::PremierJour => p.debut,
            Self::DernierJour => p.fin,
            Self::JoursApres(code) => jours_apres(p.fin, cadre.valeur(code)),
            Self::CinqAnsApres => cinq_ans_apres(p.fin),
            Self::FinValiditeTitre => p
                .referentiel
                .echeance
                .map_or(p.debut, |validite| validite.min(p.debut)),
            Self::DuCentre(repere, jours) => repere.date(p.debut, p.fin, *jours),
        }
    }

    /// Le délai en mots, comme le papier le dit.
    pub fn libelle(&self, cadre: &Cadre) -> String {
        match self {
            Self::MoisAvant(code) => {
                format!("{}\u{a0}mois avant la session", cadre.valeur(code))
            }
            Self::UnMoisEtJoursAvant(code) => format!(
                "un mois et {}\u{a0}jours au moins avant la session",
                cadre.valeur(code)
            ),
            Self::JoursAvant(code) => {
                format!("{}\u{a0}jours avant la session", cadre.valeur(code))
            }
            Self::Veille => "la veille de la session".into(),
            Self::PremierJour => "le premier jour".into(),
            Self::DernierJour => "le dernier jour".into(),
            Self::JoursApres(code) => format!(
                "au plus tard {}\u{a0}jours après la session",
                cadre.valeur(code)
            ),
            Self::CinqAnsApres => "à conserver 5\u{a0}ans".into(),
            Self::FinValiditeTitre => "avant la fin de validité du titre".into(),
            Self::DuCentre(repere, jours) => format!("{jours}\u{a0}{}", repere.libelle()),
        }
    }

    /// Le paramètre qu'il lit, s'il en lit un.
    pub fn parametre(&self) -> Option<&str> {
        match self {
            Self::MoisAvant(code)
            | Self::UnMoisEtJoursAvant(code)
            | Self::JoursAvant(code)
            | Self::JoursApres(code) => Some(code),
            Self::Veille
            | Self::PremierJour
            | Self::DernierJour
            | Self::CinqAnsApres
            | Self::FinValiditeTitre
            | Self::DuCentre(..) => None,
        }
    }
}

/// Une échéance d'une session : quoi, pour quand, et qui en est chargé.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Echeance {
    /// Code de la tâche (« AV-12 ») ; stable.
    pub code: String,
    /// Ce qu'il faut faire. Ne nomme aucun candidat.
    pub intitule: String,
    /// Le jour à tenir : la plus proche de la limite, de la date du centre et de celle que porte la délégation.
    pub pour_le: Date,
    /// La limite du règlement ; rien pour une tâche du centre.
    pub limite: Option<Date>,
    /// Où elle en est.
    pub etat: Etat,
    /// Qui en est chargé : la personne à qui la tâche est confiée, sinon le responsable, sinon le suppléant.
    pub charge: Option<Chargee>,
    /// Qui la contrôle, quand elle est confiée à une autre personne : le responsable, sinon le suppléant.
    pub controle: Option<Chargee>,
    /// Faite par la personne à qui elle était confiée, elle attend le visa.
    pub a_controler: bool,
    /// Règle du règlement, si elle en a une.
    pub regle: Option<String>,
    /// Page de la session où elle se fait.
    pub page: Option<String>,
}

impl Echeance {
    /// Reste-t-il quelque chose à faire ?
    pub fn est_ouverte(&self) -> bool {
        match self.etat {
            Etat::AFaire | Etat::Proche | Etat::EnRetard => true,
            Etat::Faite | Etat::SansObjet => false,
        }
    }
}

/// Une personne chargée d'une tâche, ou de son contrôle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chargee {
    /// Identifiant dans le centre.
    pub personne: PersonneId,
    /// Nom.
    pub nom: String,
}

/// Les échéances d'une session ce jour-là, de la plus proche à la plus lointaine. Rien pour une session annulée.
pub fn de_la_session(s: &Session, jour: Date) -> Vec<Echeance> {
    de_ces_taches(s, &taches::vues(s, jour))
}

/// Les mêmes, quand les tâches sont déjà vues.
pub fn de_ces_taches(s: &Session, vues: &[VueTache]) -> Vec<Echeance> {
    if s.programme.as_ref().is_none_or(|p| p.annulee.is_some()) {
        return vec![];
    }
    let responsable = s.equipe.responsable().or(s.equipe.suppleant());
    let responsable = responsable.map(|i| Chargee {
        personne: i.id.clone(),
        nom: i.nom.clone(),
    });
    let mut e: Vec<_> = vues
        .iter()
        .filter_map(|v| {
            let confiee = v.delegation.as_ref();
            let pour_le = [v.echeance, confiee.and_then(|d| d.pour)]
                .into_iter()
                .flatten()
                .min()?;
            let charge = confiee.map(|d| Chargee {
                personne: d.a.clone(),
                nom: d.nom.clone(),
            });
            let controle = charge
                .as_ref()
                .and(responsable.clone())
                .filter(|r| charge.as_ref().is_some_and(|c| c.personne != r.personne));
            Some(Echeance {
                code: v.tache.code.clone(),
                intitule: v.tache.intitule.clone(),
                pour_le,
                limite: v.limite,
                etat: v.etat,
                charge: charge.or_else(|| responsable.clone()),
                controle,
                a_controler: v.a_controler,
                regle: v.tache.regle.clone(),
                page: v.tache.page.clone(),
            })
        })
        .collect();
    e.sort_by(|a, b| (a.pour_le, &a.code).cmp(&(b.pour_le, &b.code)));
    e
}

/// Tant de mois de calendrier avant ce jour ; le dernier jour du mois s'il n'a pas ce quantième.
pub fn mois_avant(d: Date, mois: u32) -> Date {
    moins(d, Span::new().months(mois))
}

/// Tant de jours de calendrier avant ce jour.
pub fn jours_avant(d: Date, jours: u32) -> Date {
    moins(d, Span::new().days(jours))
}

/// Tant de jours de calendrier après ce jour.
pub fn jours_apres(d: Date, jours: u32) -> Date {
    d.checked_add(Span::new().days(jours)).unwrap_or(d)
}

/// Cinq ans de calendrier après ce jour (check-list : durée de conservation).
pub fn cinq_ans_apres(d: Date) -> Date {
    moins(d, Span::new().years(-5))
}

/// Un an de calendrier après ce jour (reglement.md, délais D14 à D17).
pub fn un_an_apres(d: Date) -> Date {
    moins(d, Span::new().years(-1))
}

/// La plus stricte de « un mois » et « tant de jours » avant ce jour (reglement.md §2, calcul des dates).
pub fn un_mois_et_jours_avant(d: Date, jours: u32) -> Date {
    mois_avant(d, 1).min(jours_avant(d, jours))
}

/// Le dernier jour pour convoquer, sous ce code de règle : R37 pour les candidats, R36 pour les jurés.
///
/// La seule définition : la règle, la page des convocations, les sollicitations et les statistiques la lisent ici.
pub fn limite_de_convocation(p: &Programme, cadre: &Cadre, regle: &str) -> Date {
    un_mois_et_jours_avant(p.debut, cadre.valeur(regle))
}

fn moins(d: Date, s: Span) -> Date {
    d.checked_sub(s).unwrap_or(d)
}

#[cfg(test)]
mod essais {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn trois_mois_avant_le_31_mai_finit_fin_fevrier() {
        assert_eq!(mois_avant(date(2027, 5, 31), 3), date(2027, 2, 28));
        assert_eq!(mois_avant(date(2028, 5, 31), 3), date(2028, 2, 29));
    }

    #[test]
    fn le_delai_de_convocation_est_le_plus_strict_des_deux() {
        assert_eq!(
            un_mois_et_jours_avant(date(2027, 3, 15), 30),
            date(2027, 2, 13)
        );
        assert_eq!(
            un_mois_et_jours_avant(date(2027, 8, 15), 30),
            date(2027, 7, 15)
        );
    }

    #[test]
    fn une_date_du_centre_se_compte_du_premier_ou_du_dernier_jour() {
        let (d, f) = (date(2026, 12, 15), date(2026, 12, 17));
        assert_eq!(Repere::AvantDebut.date(d, f, 40), date(2026, 11, 5));
        assert_eq!(Repere::ApresFin.date(d, f, 15), date(2027, 1, 1));
    }
}
