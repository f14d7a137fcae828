//! Une proposition, seule : ce qu'elle vaut, qui bouge, qui prévenir, et son planning en image ou en tableau.

use super::super::image::{self, Dessin, Legende, Planche, Vue};
use super::super::{Regard, noms};
use super::{dire, est_depasse, lire};
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rendre_statut};
use crate::erreurs::Reponse;
use crate::formulaires::{ErreursFormulaire, nouvel_identifiant};
use crate::pages::session::tete::TeteSession;
use crate::pages::session::{modifiable, titre};
use agencement::{Brouillon, Mesure};
use askama::Template;
use axum::http::StatusCode;
use metier::convocations::Destinataire;
use metier::planning::Passage;
use metier::{Acte, CandidatId, Nature, Refus, Session, temps};
use std::collections::{BTreeMap, HashSet};
use stockage::brouillons::Range;

#[derive(Template)]
#[template(path = "session/planning_proposition.html")]
struct PageMontrer {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    titre: String,
    phrase: String,
    depasse: bool,
    modifiable: bool,
    restes: Vec<String>,
    causes: Vec<String>,
    remedes: Vec<String>,
    mesures: Vec<(&'static str, String, String)>,
    ecarts: Vec<String>,
    bougent: Vec<Bouge>,
    premier: bool,
    a_prevenir: usize,
    /// Jurés et surveillants à prévenir, et candidats qui ne bougent pas mais changent de jury.
    aussi: Vec<String>,
    motif: String,
    motif_requis: bool,
    adresse: String,
    acte: String,
    vues: Vec<(&'static str, &'static str, bool)>,
    planches: Vec<Planche>,
    legende: Legendes,
    tableau: Vec<(String, Vec<LigneTableau>)>,
}

type Legendes = Vec<Legende>;

/// Une ligne de la vue en tableau.
struct LigneTableau {
    heure: String,
    qui: String,
    nature: String,
    lieu: String,
    devant: String,
}

/// Un candidat qui bouge.
struct Bouge {
    nom: String,
    prevenir: bool,
    changements: Vec<(String, String, String)>,
}

/// Où et quand, en court.
fn place(x: &Passage) -> String {
    format!(
        "{} {}, {}",
        temps::jour_semaine(x.date),
        temps::heure(x.debut),
        x.lieu
    )
}

/// Les passages de ce candidat qui changent : (épreuve, avant, après).
fn changements(s: &Session, b: &Brouillon, c: &CandidatId) -> Vec<(String, String, String)> {
    let Some(p) = &s.programme else {
        return vec![];
    };
    p.epreuves()
        .into_iter()
        .filter_map(|e| {
            let avant = s.planning.passage(c, &e.code).map(place);
            let apres = b
                .passages
                .iter()
                .find(|x| x.candidat == *c && x.epreuve == e.code)
                .map(place);
            (avant != apres).then(|| {
                let dire = |v: Option<String>| v.unwrap_or_else(|| "sans place".into());
                (e.nature.clone(), dire(avant), dire(apres))
            })
        })
        .collect()
}

fn en_tableau(s: &Session, b: &Brouillon) -> Vec<(String, Vec<LigneTableau>)> {
    let noms = noms(s);
    let mut jours: BTreeMap<jiff::civil::Date, Vec<&Passage>> = BTreeMap::new();
    for x in &b.passages {
        jours.entry(x.date).or_default().push(x);
    }
    jours
        .into_iter()
        .map(|(d, passages)| {
            let lignes = image::seances(passages.into_iter())
                .into_iter()
                .map(|g| {
                    let x = g[0];
                    LigneTableau {
                        heure: format!("{} – {}", temps::heure(x.debut), temps::heure(x.fin)),
                        qui: g
                            .iter()
                            .filter_map(|x| noms.get(&x.candidat))
                            .cloned()
                            .collect::<Vec<_>>()
                            .join(", "),
                        nature: s
                            .programme
                            .as_ref()
                            .and_then(|p| p.epreuve(&x.epreuve))
                            .map_or(x.epreuve.clone(), |e| e.nature.clone()),
                        lieu: x.lieu.clone(),
                        devant: image::devant(s, x),
                    }
                })
                .collect();
            (temps::date_longue(d), lignes)
        })
        .collect()
}

/// La page d'une proposition, telle quelle ou avec ce qui a fait refuser de l'adopter.
pub(super) fn page(
    a: &AccesSession,
    statut: StatusCode,
    range: &Range,
    q: &Regard,
    refus: Option<&Refus>,
    motif: Option<&str>,
) -> Reponse {
    let s = &a.session;
    let b = lire(range)?;
    let vue = Vue::depuis_code(&q.vue);
    let noms = noms(s);
    let present = Mesure::de(s, &s.planning.passages, &s.planning.deliberations);
    let mesure = Mesure::de(s, &b.passages, &b.deliberations);
    let premier = s.planning.passages.is_empty();
    let conflits = HashSet::new();
    let dessin = Dessin {
        session: s,
        passages: &b.passages,
        deliberations: &b.deliberations,
        conflits: &conflits,
        base: "",
    };
    let nom = |c: &CandidatId| noms.get(c).cloned().unwrap_or_default();
    Ok(rendre_statut(
        statut,
        &PageMontrer {
            cadre: Cadre::connecte(
                format!("Proposition {} – {}", range.numero, titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "planning"),
            erreurs: refus.map(ErreursFormulaire::du_refus).unwrap_or_default(),
            constats: refus
                .map(|r| ConstatMontre::au_motif(r, &a.base()))
                .unwrap_or_default(),
            titre: format!("Proposition {} : {}", range.numero, b.titre),
            // Une réparation la porte déjà dans son titre.
            phrase: Some(mesure.phrase(&present))
                .filter(|p| !premier && !b.titre.ends_with(&p.to_lowercase()))
                .unwrap_or_default(),
            depasse: est_depasse(s, range),
            modifiable: modifiable(a, Nature::Organiser),
            restes: b.restes.iter().map(nom).collect(),
            mesures: dire(&mesure)
                .into_iter()
                .zip(dire(&present))
                .map(|((l, v), (_, avant))| (l, v, if premier { String::new() } else { avant }))
                .collect(),
            ecarts: agencement::ecarts(s, &b.passages, &b.deliberations)
                .into_iter()
                .filter(|e| !e.suppose)
                .map(|e| e.phrase)
                .collect(),
            bougent: mesure
                .bougent
                .iter()
                .map(|c| Bouge {
                    nom: nom(c),
                    prevenir: mesure
                        .a_prevenir
                        .contains(&Destinataire::Candidat(c.clone())),
                    changements: changements(s, &b, c),
                })
                .collect(),
            premier,
            a_prevenir: mesure.a_prevenir.len(),
            aussi: mesure
                .a_prevenir
                .iter()
                .filter(|d| !matches!(d, Destinataire::Candidat(c) if mesure.bougent.contains(c)))
                .filter_map(|d| s.nom_destinataire(d).ok())
                .collect(),
            motif: motif.unwrap_or(&b.motif).to_owned(),
            motif_requis: refus.is_some_and(Refus::demande_motif) || mesure.previent_un_candidat(),
            adresse: format!("{}/planning/propositions/{}", a.base(), range.id),
            acte: nouvel_identifiant::<Acte>().to_string(),
            vues: vue.choix(),
            planches: dessin.planches(vue),
            legende: image::legende(s),
            tableau: if vue == Vue::Tableau {
                en_tableau(s, &b)
            } else {
                vec![]
            },
            causes: b.causes,
            remedes: b.remedes,
        },
    ))
}
