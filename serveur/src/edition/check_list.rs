//! La check-list comme le papier : mêmes colonnes, remplie de ce que la session sait, ou vierge à remplir au stylo.

use super::Sources;
use super::sources::texte;
use documents::Document as Papier;
use documents::donnees::{
    CheckList, EtatTache, Phase as PhaseImprimee, PointImprime, TacheImprimee,
};
use jiff::civil::Date;
use metier::taches::{self, Condition, Etat, Phase, Preuve, VuePoint, VueTache};
use metier::{Session, temps};

/// La check-list, remplie de ce que la session sait ce jour-là.
pub(super) fn remplie(sources: &Sources, s: &Session, jour: Date) -> Papier {
    let mut vues = taches::vues(s, jour);
    vues.retain(|v| !hors_du_papier(v));
    composer(&vues, |v| tache(sources, v, jour))
}

/// La même, colonnes vides : ce qui s'applique à la session, à remplir au stylo.
pub(super) fn vierge(s: &Session, jour: Date) -> Papier {
    let vues: Vec<_> = taches::vues(s, jour)
        .into_iter()
        .filter(|v| v.etat != Etat::SansObjet)
        .collect();
    composer(&vues, |v| TacheImprimee {
        intitule: v.tache.intitule.clone(),
        points: v
            .points
            .iter()
            .filter(|p| p.etat != Etat::SansObjet)
            .map(|p| PointImprime {
                intitule: p.point.intitule.clone(),
                verifie: false,
            })
            .collect(),
        etat: EtatTache::ARemplir,
        echeance: v.echeance,
        observations: v.tache.observation.clone().into_iter().collect(),
        qui: None,
    })
}

/// Une tâche que le papier n'imprime pas, et dont la session n'a pas besoin.
fn hors_du_papier(v: &VueTache) -> bool {
    v.etat == Etat::SansObjet
        && v.marque.is_none()
        && matches!(
            v.tache.condition,
            Condition::Ccp | Condition::Ccs | Condition::Amenagement | Condition::Partenaire
        )
}

fn composer(vues: &[VueTache], une: impl Fn(&VueTache) -> TacheImprimee) -> Papier {
    let phases = Phase::TOUTES
        .into_iter()
        .map(|phase| PhaseImprimee {
            intitule: phase.libelle().into(),
            taches: vues
                .iter()
                .filter(|v| v.tache.phase == phase)
                .map(&une)
                .collect(),
        })
        .collect();
    Papier::CheckList(CheckList { phases })
}

fn tache(sources: &Sources, v: &VueTache, jour: Date) -> TacheImprimee {
    let trace = v.tache.preuve.and_then(|p| trace(sources, p));
    let dit = v.avancement.as_ref();
    let nom = |id| sources.personnes.get(id).cloned();
    let fait = v
        .marque
        .as_ref()
        .map_or_else(
            || dit.and_then(|a| a.le).or(trace.map(|t| t.jour)),
            |m| temps::jour_de(&m.le),
        )
        .or_else(|| v.points.iter().filter_map(jour_du_point).max());
    let qui = v
        .marque
        .as_ref()
        .and_then(|m| nom(&m.realise_par))
        .or_else(|| v.delegation.as_ref().map(|d| d.nom.clone()))
        .or_else(|| dit.and_then(|a| a.qui.clone()))
        .or_else(|| {
            trace
                .filter(|_| v.etat == Etat::Faite)
                .and_then(|t| t.qui.as_ref())
                .and_then(nom)
        });
    let mut observations: Vec<String> = [
        v.tache.observation.as_deref(),
        dit.map(|a| a.phrase.as_str()),
        v.marque.as_ref().map(|m| m.observation.as_str()),
    ]
    .into_iter()
    .flatten()
    .filter_map(texte)
    .collect();
    if let Some(x) = &v.visa {
        observations.push(format!(
            "Contrôlé le {}{}",
            temps::jour_de(&x.le)
                .map(temps::date_chiffres)
                .unwrap_or_default(),
            nom(&x.par).map(|n| format!(" par {n}")).unwrap_or_default()
        ));
    }
    TacheImprimee {
        intitule: v.tache.intitule.clone(),
        points: v
            .points
            .iter()
            .filter(|p| p.etat != Etat::SansObjet)
            .map(|p| PointImprime {
                intitule: p.point.intitule.clone(),
                verifie: p.etat == Etat::Faite,
            })
            .collect(),
        etat: match v.etat {
            Etat::Faite => EtatTache::Terminee {
                le: fait.unwrap_or(jour),
            },
            Etat::SansObjet => EtatTache::SansObjet,
            Etat::AFaire | Etat::Proche | Etat::EnRetard => EtatTache::AFaire,
        },
        echeance: v.echeance,
        observations,
        qui,
    }
}

fn jour_du_point(p: &VuePoint) -> Option<Date> {
    match &p.marque {
        Some(m) => temps::jour_de(&m.le),
        None => p.avancement.as_ref().and_then(|a| a.le),
    }
}

/// La dernière ligne du journal qui porte un fait que l'état ne date pas.
fn trace(sources: &Sources, p: Preuve) -> Option<&super::sources::Trace> {
    let debut = match p {
        Preuve::Programme => "programme.creee",
        Preuve::Ceres => "programme.ceres_renseigne",
        Preuve::Equipe => "equipe.",
        Preuve::Candidats => "candidats.",
        Preuve::Jury => "jury.",
        Preuve::Planning => "planning.valide",
        _ => return None,
    };
    sources
        .traces
        .iter()
        .rev()
        .find(|t| t.etiquette.starts_with(debut))
}
