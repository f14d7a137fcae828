//! La page d'un passage : le formulaire, ce qu'une place essayée enfreindrait, et les autres places, classées.

use super::essai::{self, essayer, lire_passage};
use super::{Saisie, groupe, poser};
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, nouvel_identifiant};
use crate::pages::session::planning::image;
use crate::pages::session::tete::TeteSession;
use crate::pages::session::{geste, titre};
use askama::Template;
use axum::http::StatusCode;
use metier::equipe::Poste;
use metier::planning::Passage;
use metier::{Acte, CandidatId, Refus, temps};

/// Autres places montrées.
const AILLEURS_MAX: usize = 6;

#[derive(Template)]
#[template(path = "session/passage.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    candidat: String,
    nature: String,
    attendu: String,
    present: String,
    epingle: bool,
    /// L'épreuve a commencé : la déplacer corrige ce qui a eu lieu.
    commence: bool,
    /// Un motif suffit pour enregistrer.
    motif_requis: bool,
    action: String,
    acte: String,
    motif: String,
    saisie: Saisie,
    jours: Vec<(String, String)>,
    salles: Vec<(String, String)>,
    jures: Vec<(String, String, bool)>,
    surveillants: Vec<(String, String)>,
    /// « Toute la séance ensemble, 12 candidats » ; vide : il passe seul.
    toute_la_seance: String,
    essai: Option<Vec<String>>,
    prevenir: Vec<String>,
    suivent: Vec<String>,
    places: Vec<Place>,
}

/// Une autre place, et ce qu'elle vaut.
struct Place {
    libelle: String,
    devant: String,
    lien: String,
    ecarts: Vec<String>,
}

/// La page de ce passage, avec cette saisie ; `essai` : dire ce qu'elle enfreindrait.
pub(super) async fn page(
    a: &AccesSession,
    statut: StatusCode,
    (candidat, epreuve): (&CandidatId, &str),
    saisie: Saisie,
    essai: bool,
    refus: Option<&Refus>,
    mut erreurs: ErreursFormulaire,
) -> Reponse {
    if let Some(r) = refus {
        erreurs = ErreursFormulaire::du_refus(r);
    }
    let s = &a.session;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let e = p.epreuve(epreuve).ok_or(Erreur::Introuvable)?;
    let adresse = format!("{}/planning/{candidat}/{epreuve}", a.base());
    let mut salles: Vec<_> = p
        .site
        .salles
        .iter()
        .map(|x| {
            (
                x.nom.clone(),
                format!("{} ({})", x.nom, x.nature.libelle().to_lowercase()),
            )
        })
        .collect();
    if !saisie.lieu.is_empty() && !salles.iter().any(|x| x.0 == saisie.lieu) {
        salles.push((saisie.lieu.clone(), saisie.lieu.clone()));
    }
    let (mut prevenir, mut suivent): (Vec<String>, Vec<String>) = (vec![], vec![]);
    let trouve = if essai {
        let passage = lire_passage(s, candidat, epreuve, &saisie)?;
        passage.ok().map(|x| {
            let (poses, deliberations) = poser(s, &saisie, x);
            suivent = poses
                .iter()
                .filter(|y| y.candidat != *candidat || y.epreuve != epreuve)
                .filter(|_| saisie.ensemble != "oui")
                .filter_map(|y| {
                    Some(format!(
                        "« {} », {}",
                        p.epreuve(&y.epreuve)?.nature,
                        y.quand_ou()
                    ))
                })
                .collect();
            prevenir = essai::a_prevenir(s, &poses, deliberations.as_deref());
            essayer(s, &poses, deliberations.as_deref())
        })
    } else {
        None
    };
    let cle = (candidat.clone(), epreuve.to_owned());
    let choisies = crate::recherches::a_part(s.clone(), move |s| {
        agencement::ailleurs(s, &cle.0, &cle.1, AILLEURS_MAX)
    })
    .await?;
    let places = choisies
        .into_iter()
        .map(|a| Place {
            libelle: a.passage.quand_ou(),
            devant: image::devant(s, &a.passage),
            lien: essai::adresse(&adresse, &a.passage),
            ecarts: a.ecarts.into_iter().map(|e| e.phrase).collect(),
        })
        .collect();
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(format!("Passage – {}", titre(s)), a.base(), &a.acces),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "planning"),
            constats: refus
                .map(|r| ConstatMontre::du_refus(r, &a.base()))
                .unwrap_or_default(),
            erreurs,
            candidat: s
                .candidat(candidat)
                .map(|c| c.fiche.nom_complet())
                .unwrap_or_default(),
            nature: e.nature.clone(),
            attendu: format!(
                "Durée au référentiel : {}. {}.",
                e.duree_minutes.map_or("à vérifier".into(), temps::duree),
                e.presence_jury.libelle()
            ),
            present: s
                .planning
                .passage(candidat, epreuve)
                .map(Passage::quand_ou)
                .unwrap_or_default(),
            epingle: s.planning.est_epingle(candidat, epreuve),
            commence: s
                .planning
                .passage(candidat, epreuve)
                .is_some_and(|x| x.date.to_datetime(x.debut) <= geste::maintenant(a)),
            motif_requis: refus.is_some_and(Refus::demande_motif),
            action: adresse,
            acte: nouvel_identifiant::<Acte>().to_string(),
            motif: saisie.communs.motif.clone(),
            jours: p
                .jours()
                .into_iter()
                .map(|d| (d.to_string(), temps::date_longue(d)))
                .collect(),
            salles,
            jures: s
                .jury
                .iter()
                .map(|m| {
                    (
                        m.membre.jure.to_string(),
                        format!(
                            "{} ({})",
                            m.membre.nom,
                            m.membre.place.libelle().to_lowercase()
                        ),
                        saisie.jury.iter().any(|j| j == m.membre.jure.as_str()),
                    )
                })
                .collect(),
            surveillants: s
                .equipe
                .a(Poste::Surveillant)
                .map(|i| (i.id.to_string(), i.nom.clone()))
                .collect(),
            toute_la_seance: match groupe(s, candidat, epreuve).len() {
                0 | 1 => String::new(),
                n => format!("Toute la séance ensemble, {n} candidats"),
            },
            essai: trouve,
            prevenir,
            suivent,
            places,
            saisie,
        },
    ))
}
