//! La tête commune des pages d'une session : titre, sous-titre, onglets rangés par moment de la session.

use crate::cadre::{Moment, Onglet};
use metier::taches::{self, Etat, VueTache};
use metier::{Session, SessionId, temps};

/// Ce que montre le haut de chaque page d'une session.
pub struct TeteSession {
    /// Adresse de la session (« /sessions/… »).
    pub base: String,
    /// Intitulé du titre.
    pub intitule: String,
    /// Type, dates, site, effectif, CERES.
    pub sous_titre: String,
    /// Nom du site.
    pub site: String,
    /// Motif d'annulation.
    pub annulee: Option<String>,
    /// Les pages de la session, par moment.
    pub moments: Vec<Moment>,
    /// Rang du journal vu avec cette page.
    pub rang: u64,
}

impl TeteSession {
    /// La tête de cette session ; `actif` est le dernier segment de l'adresse (vide : check-list).
    pub fn nouvelle(id: &SessionId, s: &Session, jour: jiff::civil::Date, actif: &str) -> Self {
        Self::avec(id, s, &taches::vues(s, jour), actif)
    }

    /// La même, quand les tâches sont déjà vues.
    pub fn avec(id: &SessionId, s: &Session, vues: &[VueTache], actif: &str) -> Self {
        let base = format!("/sessions/{id}");
        let concernees = vues.iter().filter(|v| v.etat != Etat::SansObjet).count();
        let faites = vues.iter().filter(|v| v.etat == Etat::Faite).count();
        let inscrits = s.inscrits().count();
        let onglet = |segment: &str, libelle: &str, detail: String| Onglet {
            href: if segment.is_empty() {
                base.clone()
            } else {
                format!("{base}/{segment}")
            },
            libelle: libelle.into(),
            detail,
            actif: segment == actif,
        };
        let mut moments = vec![
            Moment::nouveau(
                "Suivre",
                vec![
                    onglet("", "Check-list", format!("{faites}/{concernees}")),
                    onglet("conformite", "Conformité", String::new()),
                    onglet("documents", "Documents", String::new()),
                    onglet("journal", "Journal", String::new()),
                ],
            ),
            Moment::nouveau(
                "Préparer",
                vec![
                    onglet("programme", "Programme", String::new()),
                    onglet("equipe", "Équipe", String::new()),
                    onglet("candidats", "Candidats", inscrits.to_string()),
                    onglet("jury", "Jury", s.jury.len().to_string()),
                    onglet("planning", "Planning", String::new()),
                    onglet("convocations", "Convocations", String::new()),
                    onglet(
                        "plateau",
                        "Plateau",
                        effectif(s.plateau.inventaire().count()),
                    ),
                ],
            ),
            Moment::nouveau(
                "Le jour venu",
                vec![
                    onglet("plis", "Plis", s.plis.liste.len().to_string()),
                    onglet("jour", "Jour J", String::new()),
                    onglet("incidents", "Incidents", effectif(s.incidents.len())),
                ],
            ),
            Moment::nouveau(
                "Conclure",
                vec![
                    onglet("deliberation", "Délibération", String::new()),
                    onglet("pv", "PV", String::new()),
                    onglet(
                        "suites",
                        "Suites",
                        effectif(metier::suites::a_suivre(s).len()),
                    ),
                    onglet("archives", "Archives", String::new()),
                ],
            ),
        ];
        // Plusieurs sessions CCP d'un jour peuvent se tenir ensemble.
        let est_ccp = |p: &metier::programme::Programme| {
            p.type_session == metier::programme::TypeSession::Ccp
        };
        if s.programme.as_ref().is_some_and(est_ccp) {
            moments[1]
                .onglets
                .push(onglet("journee", "Journée d’examen", String::new()));
        }
        match &s.programme {
            None => Self {
                base,
                intitule: "Session".into(),
                sous_titre: String::new(),
                site: String::new(),
                annulee: None,
                moments,
                rang: s.rang,
            },
            Some(p) => Self {
                intitule: p.referentiel.intitule.clone(),
                sous_titre: format!(
                    "{} · {} · {} · {} · {}",
                    p.libelle_type(),
                    temps::periode(p.debut, p.fin),
                    p.site.nom,
                    match inscrits {
                        0 => "aucun candidat".into(),
                        1 => "1 candidat".into(),
                        n => format!("{n} candidats"),
                    },
                    p.numero_ceres
                        .as_ref()
                        .map_or("CERES n° à compléter".into(), |n| format!(
                            "CERES n° {n}"
                        )),
                ),
                site: p.site.nom.clone(),
                annulee: p.annulee.clone(),
                base,
                moments,
                rang: s.rang,
            },
        }
    }
}

/// Un nombre montré dans un onglet ; rien, s'il n'y a rien.
fn effectif(n: usize) -> String {
    if n == 0 { String::new() } else { n.to_string() }
}
