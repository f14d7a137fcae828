//! Référentiels des titres : CCP, épreuves, durées, présence du jury.
//!
//! Un référentiel est une donnée versionnée (code du titre + millésime + version du centre). Une session
//! fige celui avec lequel elle commence. Toute durée du catalogue fourni est « à vérifier au RE » tant que
//! le centre ne l'a pas confirmée.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Catalogue livré avec Garant ; sources et réserves dans chaque fiche.
const CATALOGUE_2026_11: &str = include_str!("../modeles/titres/titres-2026-11.json");

/// Modalité d'évaluation (arrêté du 22 décembre 2015, art. 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modalite {
    /// Mise en situation professionnelle.
    Msp,
    /// Présentation d'un projet réalisé en amont (tient lieu de mise en situation).
    Projet,
    /// Entretien technique.
    Et,
    /// Questionnaire professionnel.
    Qp,
    /// Questionnement à partir de production(s).
    Qap,
    /// Entretien final.
    Ef,
}

impl Modalite {
    /// Toutes les modalités, dans l'ordre usuel d'une session.
    pub const TOUTES: [Modalite; 6] = [
        Self::Qp,
        Self::Msp,
        Self::Projet,
        Self::Et,
        Self::Qap,
        Self::Ef,
    ];

    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Msp => "Mise en situation professionnelle",
            Self::Projet => "Présentation d’un projet réalisé en amont",
            Self::Et => "Entretien technique",
            Self::Qp => "Questionnaire professionnel",
            Self::Qap => "Questionnement à partir de production(s)",
            Self::Ef => "Entretien final",
        }
    }

    /// Code court stocké et mis dans les formulaires.
    pub fn code(self) -> &'static str {
        match self {
            Self::Msp => "msp",
            Self::Projet => "projet",
            Self::Et => "et",
            Self::Qp => "qp",
            Self::Qap => "qap",
            Self::Ef => "ef",
        }
    }

    /// Retrouve une modalité par son code.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|m| m.code() == code)
    }

    /// Devine la modalité d'après l'intitulé d'une épreuve du référentiel.
    pub fn depuis_nature(nature: &str) -> Self {
        let n = nature.to_lowercase();
        if n.starts_with("entretien final") {
            Self::Ef
        } else if n.starts_with("entretien technique") {
            Self::Et
        } else if n.starts_with("questionnement") {
            Self::Qap
        } else if n.starts_with("questionnaire") {
            Self::Qp
        } else if n.starts_with("présentation d'un projet")
            || n.starts_with("présentation d’un projet")
        {
            Self::Projet
        } else {
            Self::Msp
        }
    }
}

/// Présence du jury pendant une épreuve. Quand il n'est pas requis, le centre surveille.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PresenceJury {
    /// Toute la durée.
    Presente,
    /// Une partie seulement : un surveillant reste nécessaire.
    Partielle,
    /// Jamais : un surveillant est nécessaire.
    Absente,
    /// Le catalogue ne le dit pas : à vérifier au RE.
    Inconnue,
}

impl PresenceJury {
    /// Toutes, dans l'ordre d'un formulaire.
    pub const TOUTES: [PresenceJury; 4] = [
        Self::Presente,
        Self::Partielle,
        Self::Absente,
        Self::Inconnue,
    ];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Presente => "Jury présent",
            Self::Partielle => "Jury présent en partie",
            Self::Absente => "Sans le jury, surveillée",
            Self::Inconnue => "À vérifier au RE",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Presente => "presente",
            Self::Partielle => "partielle",
            Self::Absente => "absente",
            Self::Inconnue => "inconnue",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|p| p.code() == code)
    }
    /// Le centre doit-il prévoir un surveillant ?
    pub fn demande_surveillant(self) -> bool {
        matches!(self, Self::Partielle | Self::Absente)
    }
    /// Le jury doit-il être là, au moins en partie ?
    pub fn demande_jury(self) -> bool {
        matches!(self, Self::Presente | Self::Partielle)
    }
}

/// Comment une épreuve s'organise, quand le référentiel d'évaluation le dit. Ce qui n'est pas renseigné est supposé par
/// le planning et se montre « à vérifier au RE » ; rien ici n'est jamais inventé comme une obligation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Candidats qui peuvent la passer ensemble, dans une même séance (1 : chacun son tour).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ensemble: Option<u32>,
    /// Tous les candidats la commencent à la même heure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debut_commun: Option<bool>,
    /// Elle s'enchaîne à l'épreuve précédente : même lieu, mêmes jurés, sans attente.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enchaine: Option<bool>,
    /// Le temps majoré accordé à un candidat s'y applique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prolongeable: Option<bool>,
}

impl Organisation {
    /// Rien n'est renseigné ?
    pub fn est_vide(&self) -> bool {
        *self == Self::default()
    }
}

/// Une épreuve du référentiel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epreuve {
    /// Code stable dans son référentiel : « T-1 », « CCP2-1 ».
    pub code: String,
    /// Intitulé exact du référentiel.
    pub nature: String,
    /// Modalité d'évaluation.
    pub modalite: Modalite,
    /// Durée en minutes, si elle est connue.
    pub duree_minutes: Option<u32>,
    /// Présence du jury.
    pub presence_jury: PresenceJury,
    /// Précisions du référentiel ou de la source.
    pub precisions: Option<String>,
    /// Comment elle s'organise, si le référentiel le dit.
    #[serde(default, skip_serializing_if = "Organisation::est_vide")]
    pub organisation: Organisation,
}

/// Un certificat de compétences professionnelles (CCP) du titre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ccp {
    /// « CCP1 ».
    pub code: String,
    /// Intitulé.
    pub intitule: String,
    /// Code CERES (`CP-003056`), s'il est connu.
    pub code_ceres: Option<String>,
    /// Épreuves propres d'une session CCP sur ce seul CCP.
    pub epreuves: Vec<Epreuve>,
}

/// Un titre professionnel, un millésime, une version de travail du centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referentiel {
    /// Clé du titre dans les adresses : code CERES ou sigle, plus le millésime (« TP-01280m04 »).
    pub cle: String,
    /// Intitulé du titre.
    pub intitule: String,
    /// Sigle, s'il existe.
    pub sigle: Option<String>,
    /// Code CERES du titre (`TP-01280`).
    pub code_titre: Option<String>,
    /// Millésime (« 04 »).
    pub millesime: Option<String>,
    /// Fiche RNCP.
    pub rncp: Option<String>,
    /// Niveau du cadre national (3 à 7).
    pub niveau: Option<u8>,
    /// CCP, dans l'ordre.
    pub ccps: Vec<Ccp>,
    /// Épreuves de la session titre, dans l'ordre du référentiel.
    pub epreuves: Vec<Epreuve>,
    /// Fin de validité de l'enregistrement.
    pub echeance: Option<Date>,
    /// Ce qu'un candidat doit prouver pour se présenter (certificat, périodes…).
    pub prerequis: Option<String>,
    /// Sources du catalogue.
    pub sources: Vec<String>,
    /// Réserves du catalogue.
    pub reserves: Option<String>,
    /// Version de travail du centre : 0 = catalogue livré, non confirmé.
    pub version: u32,
    /// Confirmation au référentiel d'évaluation par le centre : date et version du RE lue.
    pub confirmation: Option<Confirmation>,
}

/// « Confirmé au RE » : qui, quand, sur quelle version du texte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// Jour de la confirmation.
    pub le: Date,
    /// Nom de la personne.
    pub par: String,
    /// Version du RE, telle qu'imprimée (« REV2_GCF_V09_26072023 »).
    pub version_re: String,
}

impl Referentiel {
    /// Les durées et présences sont-elles confirmées par le centre ?
    pub fn est_confirme(&self) -> bool {
        self.confirmation.is_some()
    }

    /// « Développeur web et web mobile (DWWM), millésime 04 ».
    pub fn designation(&self) -> String {
        let mut d = self.intitule.clone();
        if let Some(s) = &self.sigle {
            d.push_str(&format!(" ({s})"));
        }
        if let Some(m) = &self.millesime {
            d.push_str(&format!(", millésime {m}"));
        }
        d
    }

    /// « TP-01280m04 », sigle ou RNCP à défaut.
    pub fn code_complet(&self) -> String {
        self.cle.clone()
    }

    /// Le CCP de ce code.
    pub fn ccp(&self, code: &str) -> Option<&Ccp> {
        self.ccps.iter().find(|c| c.code == code)
    }

    /// Dernier jour où une session est possible : l'échéance, ou un an après (année de prolongation).
    /// Source : site des responsables de session, demande d'agrément (délai de prolongation d'un an).
    pub fn fin_prolongation(&self) -> Option<Date> {
        self.echeance
            .and_then(|e| e.checked_add(jiff::Span::new().years(1)).ok())
    }
}

#[derive(Deserialize)]
struct FicheCatalogue {
    intitule: String,
    sigle: Option<String>,
    rncp: Option<String>,
    code_titre: Option<String>,
    millesime: Option<String>,
    niveau: Option<u8>,
    ccps: Option<Vec<FicheCcp>>,
    epreuves: Option<Vec<FicheEpreuve>>,
    echeance_rncp: Option<Date>,
    sessions_ccp: Option<Vec<FicheSessionCcp>>,
    prerequis_session: Option<String>,
    sources: Option<Vec<String>>,
    reserves: Option<String>,
}
#[derive(Deserialize)]
struct FicheCcp {
    code: String,
    intitule: String,
    code_cp_ceres: Option<String>,
}
#[derive(Deserialize)]
struct FicheEpreuve {
    nature: String,
    duree_minutes: Option<u32>,
    jury_present: Option<serde_json::Value>,
    precisions: Option<String>,
}
#[derive(Deserialize)]
struct FicheSessionCcp {
    ccp: String,
    epreuves: Vec<FicheEpreuve>,
}

/// Le catalogue livré, titres dans l'ordre du fichier. Chaque fiche est en version 0, non confirmée.
///
/// Ne peut pas échouer sur le fichier livré : un essai le relit.
pub fn catalogue() -> Vec<Referentiel> {
    let fiches: Vec<FicheCatalogue> =
        serde_json::from_str(CATALOGUE_2026_11).expect("le catalogue livré est relu par un essai");
    fiches.into_iter().map(depuis_fiche).collect()
}

fn depuis_fiche(f: FicheCatalogue) -> Referentiel {
    let base = f
        .code_titre
        .clone()
        .or_else(|| f.sigle.clone())
        .or_else(|| f.rncp.clone())
        .unwrap_or_else(|| cle_depuis(&f.intitule));
    let cle = match &f.millesime {
        Some(m) => format!("{base}m{m}"),
        None => base,
    };
    let mut sessions_ccp = f.sessions_ccp.unwrap_or_default();
    let ccps = f
        .ccps
        .unwrap_or_default()
        .into_iter()
        .map(|c| {
            let epreuves = sessions_ccp
                .iter()
                .position(|s| s.ccp == c.code)
                .map(|i| sessions_ccp.swap_remove(i).epreuves)
                .unwrap_or_default();
            Ccp {
                epreuves: epreuves_depuis(&c.code, epreuves),
                code: c.code,
                intitule: c.intitule,
                code_ceres: c.code_cp_ceres,
            }
        })
        .collect();
    // « (millésime antérieur) » est une note du relevé, pas l'intitulé du titre.
    let intitule = f.intitule.replace(" (millésime antérieur)", "");
    Referentiel {
        cle,
        intitule,
        sigle: f.sigle,
        code_titre: f.code_titre,
        millesime: f.millesime,
        rncp: f.rncp,
        niveau: f.niveau,
        ccps,
        epreuves: epreuves_depuis("T", f.epreuves.unwrap_or_default()),
        echeance: f.echeance_rncp,
        prerequis: f.prerequis_session,
        sources: f.sources.unwrap_or_default(),
        reserves: f.reserves,
        version: 0,
        confirmation: None,
    }
}

fn epreuves_depuis(portee: &str, fiches: Vec<FicheEpreuve>) -> Vec<Epreuve> {
    fiches
        .into_iter()
        .enumerate()
        .map(|(i, e)| Epreuve {
            code: format!("{portee}-{}", i + 1),
            modalite: Modalite::depuis_nature(&e.nature),
            nature: e.nature.replace('\'', "’"),
            duree_minutes: e.duree_minutes,
            presence_jury: match e.jury_present {
                Some(serde_json::Value::Bool(true)) => PresenceJury::Presente,
                Some(serde_json::Value::Bool(false)) => PresenceJury::Absente,
                Some(serde_json::Value::String(_)) => PresenceJury::Partielle,
                _ => PresenceJury::Inconnue,
            },
            precisions: e.precisions,
            organisation: Organisation::default(),
        })
        .collect()
}

fn cle_depuis(intitule: &str) -> String {
    intitule
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect()
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn le_catalogue_livre_se_relit_et_chaque_titre_a_sa_cle() {
        let c = catalogue();
        assert_eq!(c.len(), 25);
        let mut cles: Vec<_> = c.iter().map(|r| r.cle.clone()).collect();
        cles.sort();
        cles.dedup();
        assert_eq!(cles.len(), 25, "deux titres ont la même clé");
        assert!(
            cles.iter()
                .all(|c| c.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        );
    }

    #[test]
    fn deux_millesimes_d_un_meme_titre_vivent_cote_a_cote() {
        let c = catalogue();
        let tssr: Vec<_> = c
            .iter()
            .filter(|r| r.sigle.as_deref() == Some("TSSR"))
            .collect();
        assert_eq!(tssr.len(), 2);
        assert_eq!(tssr[0].intitule, tssr[1].intitule);
        assert_ne!(tssr[0].cle, tssr[1].cle);
    }

    #[test]
    fn rien_du_catalogue_n_est_confirme_d_office() {
        assert!(
            catalogue()
                .iter()
                .all(|r| !r.est_confirme() && r.version == 0)
        );
    }

    #[test]
    fn la_prolongation_dure_un_an_apres_l_echeance() {
        let r = catalogue()
            .into_iter()
            .find(|r| r.cle == "TP-01351m02")
            .unwrap();
        assert_eq!(r.fin_prolongation().unwrap().to_string(), "2027-09-01");
    }
}
