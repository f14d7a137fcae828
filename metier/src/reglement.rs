//! Le règlement : des lignes de table, chacune avec sa phrase, sa source, son niveau de preuve et sa force.
//!
//! Une règle regarde un **état et un jour**, jamais une commande. La même ligne pèse sur un geste, nourrit la
//! page Conformité et se cite dans le journal.

mod candidats;
pub mod catalogue;
mod deliberation;
mod equipe;
mod jour;
mod jury;
mod papiers;
pub mod parametres;
mod planning;
mod plateau;
mod plis;
mod programme;
mod suites;
mod table;

use crate::contexte::{Constat, Force};
use crate::session::Session;
use crate::temps::date_moyenne;
use jiff::civil::Date;

/// Le jour où les textes des règles ont été relus pour la dernière fois.
pub const TEXTES_VERIFIES_LE: Date = jiff::civil::date(2026, 11, 23);

/// Niveau de preuve d'une règle (reglement.md §10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NiveauPreuve {
    /// Lu dans une source actuelle ou dans la check-list.
    Lu,
    /// Texte de 2008 abrogé ou source secondaire.
    Secondaire,
    /// Proposition de Garant, prudente.
    Proposition,
}

impl NiveauPreuve {
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Lu => "lu dans une source actuelle ou la check-list",
            Self::Secondaire => "source secondaire ou texte de 2008, à vérifier",
            Self::Proposition => "proposition prudente, non réglementaire",
        }
    }
}

/// Comment une règle se juge.
#[derive(Clone, Copy)]
pub enum Examen {
    /// Par une fonction de l'état et du jour : un constat par manquement (ou par manque).
    Etat(fn(&Session, Date) -> Vec<Trouve>),
    /// Le geste lui-même la tient : aucun état ne peut l'enfreindre. Dit par quoi.
    Geste(&'static str),
    /// Garant n'a pas encore de quoi la juger. Dit ce qui manque.
    NonEvaluee(&'static str),
}

/// Une règle du règlement.
pub struct Regle {
    /// Code, jamais réutilisé.
    pub code: &'static str,
    /// La règle, en une phrase.
    pub intitule: &'static str,
    /// D'où elle vient.
    pub source: &'static str,
    /// Ce que vaut la source.
    pub preuve: NiveauPreuve,
    /// Premier jour d'application ; toujours si absent.
    pub vigueur: Option<Date>,
    /// Dernier jour d'application ; sans fin connue si absent.
    pub jusqu_au: Option<Date>,
    /// Force.
    pub force: Force,
    /// Pourquoi nul ne peut y déroger : dit pour un `Interdit`, vide sinon.
    pub pourquoi: &'static str,
    /// Une dérogation à cette règle se lit-elle aux observations du procès-verbal ?
    pub au_pv: bool,
    /// L'examen.
    pub examen: Examen,
}

impl Regle {
    /// La ligne dont les autres ne disent que ce qui change.
    pub(crate) const MODELE: Regle = Regle {
        code: "",
        intitule: "",
        source: "",
        preuve: NiveauPreuve::Lu,
        vigueur: None,
        jusqu_au: None,
        force: Force::Information,
        pourquoi: "",
        au_pv: false,
        examen: Examen::NonEvaluee(""),
    };

    /// La règle s'applique-t-elle ce jour-là ?
    pub fn est_en_vigueur(&self, jour: Date) -> bool {
        self.vigueur.is_none_or(|v| v <= jour) && self.jusqu_au.is_none_or(|f| jour <= f)
    }

    /// « depuis toujours », « depuis le 1er octobre 2024 »…
    pub fn vigueur_libelle(&self) -> String {
        match (self.vigueur, self.jusqu_au) {
            (None, None) => "sans date connue".into(),
            (Some(d), None) => format!("depuis le {}", date_moyenne(d)),
            (None, Some(f)) => format!("jusqu’au {}", date_moyenne(f)),
            (Some(d), Some(f)) => format!("du {} au {}", date_moyenne(d), date_moyenne(f)),
        }
    }
}

/// Ce qu'une règle trouve ; la table y ajoute son code et sa force.
pub struct Trouve {
    /// La phrase, avec ses nombres et ses noms.
    pub phrase: String,
    /// Quoi faire.
    pub remede: &'static str,
    /// Sur quoi.
    pub objet: String,
    /// Où y remédier.
    pub page: &'static str,
    /// Vrai quand c'est encore à faire et non enfreint.
    pub manque: bool,
}

impl Trouve {
    fn manquement(
        objet: impl Into<String>,
        page: &'static str,
        phrase: impl Into<String>,
        remede: &'static str,
    ) -> Self {
        Self {
            phrase: phrase.into(),
            remede,
            objet: objet.into(),
            page,
            manque: false,
        }
    }
    /// Manquement si c'est désormais acquis, manque tant qu'on y travaille encore.
    fn selon(
        acquis: bool,
        objet: impl Into<String>,
        page: &'static str,
        phrase: impl Into<String>,
        remede: &'static str,
    ) -> Self {
        Self {
            manque: !acquis,
            ..Self::manquement(objet, page, phrase, remede)
        }
    }
    fn manque(
        objet: impl Into<String>,
        page: &'static str,
        phrase: impl Into<String>,
        remede: &'static str,
    ) -> Self {
        Self {
            manque: true,
            ..Self::manquement(objet, page, phrase, remede)
        }
    }
}

/// Les thèmes, dans l'ordre de la vie d'une session.
pub const THEMES: &[(&str, &[Regle])] = &[
    ("Programmer la session", programme::REGLES),
    ("Les personnes", equipe::REGLES),
    ("Le jury", jury::REGLES),
    ("Les candidats et leurs voies d’accès", candidats::REGLES),
    ("Les convocations", papiers::REGLES),
    ("Le planning et le plateau", planning::REGLES),
    ("Les plis", plis::REGLES),
    ("Le jour de l’examen", jour::REGLES),
    ("La délibération", deliberation::REGLES),
    ("Le procès-verbal et ses suites", suites::REGLES),
];

/// Toutes les règles, thème par thème.
pub fn regles() -> impl Iterator<Item = &'static Regle> {
    THEMES.iter().flat_map(|(_, r)| r.iter())
}

/// Une règle par son code.
pub fn regle(code: &str) -> Option<&'static Regle> {
    regles().find(|r| r.code == code)
}

/// Examine la session à ce jour : tous les constats, les plus graves d'abord, les manques à la fin.
pub fn examiner(s: &Session, jour: Date) -> Vec<Constat> {
    let mut constats = examiner_parmi(s, jour, |_| true);
    constats.sort_by_key(|c| (c.manque, std::cmp::Reverse(c.force)));
    constats
}

/// Ce qui est enfreint après et ne l'était pas avant, les plus graves d'abord : le seul reproche fait à un geste.
///
/// D'avant, on n'examine que les règles qui parlent après : le plus souvent, aucune.
pub(crate) fn nouveaux(avant: &Session, apres: &Session, jour: Date) -> Vec<Constat> {
    let mut constats = examiner(apres, jour);
    constats.retain(|c| !c.manque);
    let mut parlantes: Vec<String> = constats.iter().map(|c| c.code.clone()).collect();
    parlantes.dedup();
    if parlantes.is_empty() {
        return constats;
    }
    let anciens = examiner_parmi(avant, jour, |r| parlantes.iter().any(|c| c == r.code));
    let connus: table::Table<(&str, &str), ()> = anciens
        .iter()
        .filter(|c| !c.manque)
        .map(|c| ((c.code.as_str(), c.objet.as_str()), ()))
        .collect();
    constats.retain(|c| !connus.contains_key(&(c.code.as_str(), c.objet.as_str())));
    constats
}

/// Les constats des règles voulues, règle par règle.
fn examiner_parmi(s: &Session, jour: Date, voulue: impl Fn(&Regle) -> bool) -> Vec<Constat> {
    if s.programme.as_ref().is_none_or(|p| p.annulee.is_some()) || s.archivage.est_purgee() {
        return vec![];
    }
    regles()
        .filter(|r| voulue(r) && r.est_en_vigueur(jour))
        .filter_map(|r| match r.examen {
            Examen::Etat(examiner) => Some((r, examiner)),
            Examen::Geste(_) | Examen::NonEvaluee(_) => None,
        })
        .flat_map(|(r, examiner)| {
            examiner(s, jour)
                .into_iter()
                .map(|t| constat(r, t))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn constat(r: &Regle, t: Trouve) -> Constat {
    Constat {
        code: r.code.into(),
        phrase: t.phrase,
        remede: t.remede.into(),
        force: r.force,
        objet: t.objet,
        champ: None,
        page: Some(t.page.into()),
        manque: t.manque,
    }
}

/// Les règles qui disent si un candidat peut se présenter.
pub const ELIGIBILITE: [&str; 10] = [
    "R54", "R43", "R44", "R45", "R46", "R47", "R48", "R49", "R50", "R08",
];

/// Ce que ces règles disent de chaque inscrit, pris seul ; rien à redire : une liste vide.
pub fn eligibilite(s: &Session, jour: Date) -> Vec<(crate::CandidatId, Vec<Constat>)> {
    let mut seul = Session {
        programme: s.programme.clone(),
        ..Session::default()
    };
    s.inscrits()
        .map(|c| {
            seul.candidats = vec![c.clone()];
            let constats = ELIGIBILITE
                .iter()
                .filter_map(|code| regle(code))
                .filter(|r| r.est_en_vigueur(jour))
                .filter_map(|r| match r.examen {
                    Examen::Etat(examiner) => Some((r, examiner)),
                    Examen::Geste(_) | Examen::NonEvaluee(_) => None,
                })
                .flat_map(|(r, examiner)| {
                    let trouves = examiner(&seul, jour);
                    trouves.into_iter().map(|t| constat(r, t))
                })
                .collect();
            (c.id.clone(), constats)
        })
        .collect()
}

/// La tâche de la check-list est-elle faite, ou déclarée sans objet : par une personne, ou par les faits ?
fn est_reglee(s: &Session, tache: &str) -> bool {
    crate::session::taches::est_reglee(s, tache)
}

/// Le jour où la tâche a été faite ; rien si elle ne l'est pas, ou si elle est sans objet.
fn notee_le(s: &Session, tache: &str) -> Option<Date> {
    crate::session::taches::faite_le(s, tache)
}

/// « », « s » : l'accord d'un nombre.
fn pluriel(n: usize) -> &'static str {
    if n > 1 { "s" } else { "" }
}

/// Un manquement dès que la session commence, si la tâche n'est pas réglée.
fn tache_due_au_debut(
    s: &Session,
    jour: Date,
    tache: &str,
    phrase: &str,
    remede: &'static str,
) -> Vec<Trouve> {
    let due = s.programme.as_ref().is_some_and(|p| p.debut <= jour);
    if !due || est_reglee(s, tache) {
        return vec![];
    }
    vec![Trouve::manquement(tache, "", phrase, remede)]
}

/// Un manquement quand le délai de la règle, compté après la fin de la session, est passé sans que ce soit fait.
fn due_apres(
    s: &Session,
    jour: Date,
    regle: &str,
    est_fait: bool,
    phrase: &str,
    remede: &'static str,
) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let limite = crate::echeances::jours_apres(p.fin, s.cadre.valeur(regle));
    if est_fait || jour <= limite {
        return vec![];
    }
    vec![Trouve::manquement(regle, "", phrase, remede)]
}
