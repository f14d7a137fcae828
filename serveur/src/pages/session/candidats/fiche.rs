//! La fiche d'un candidat : saisir à la main, corriger avec un motif, retirer, réinscrire.

use super::saisie::{CIVILITES, Difference, Saisie, rapprocher};
use super::{PLANNING_ROUVERT, convocation_montree, relire, trouver};
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::pages::session::tete::TeteSession;
use crate::pages::session::{modifiable, noms, titre};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::candidats::{Action as Geste, Candidat, Evenement as Ecrit, Fiche, Voie};
use metier::{Acte, Action, CandidatId, Evenement, Nature, Refus, temps};
use std::collections::HashMap;

/// Lignes du journal relues pour dire ce que quelqu'un d'autre vient de changer.
const LIGNES_RELUES: u64 = 100_000;

#[derive(Template)]
#[template(path = "session/candidats_fiche.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    saisie: Saisie,
    civilites: Vec<(&'static str, &'static str)>,
    voies: Vec<(&'static str, &'static str)>,
    modifiable: bool,
    confie: bool,
    motif_montre: bool,
    /// Absent : un candidat nouveau.
    candidat: Option<CandidatMontre>,
    devance: Option<Devance>,
}

/// Ce que l'on montre d'un candidat inscrit.
struct CandidatMontre {
    id: String,
    nom: String,
    inscrit_le: String,
    retire: Option<String>,
    convocation: &'static str,
    ton_convocation: &'static str,
    lignes: Vec<(&'static str, String)>,
    acte_retrait: String,
    acte_donnees: String,
    motif_retrait: String,
    erreur_retrait: String,
}

/// Ce que quelqu'un d'autre a changé pendant la saisie.
struct Devance {
    par: Vec<String>,
    differences: Vec<Difference>,
}

/// Ce qui a mal tourné, à montrer avec la saisie gardée.
#[derive(Default)]
struct Echec {
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    demande_motif: bool,
    devance: Option<Devance>,
    retrait: Option<(ChampsCommuns, String)>,
}

impl Echec {
    fn du_refus(r: &Refus, base: &str) -> Self {
        // Qui a été devancé le lit à part.
        let autres = r.constats.iter().filter(|c| c.code != "VU").cloned();
        let autres = Refus {
            constats: autres.collect(),
        };
        Self {
            erreurs: ErreursFormulaire::du_refus(r),
            constats: ConstatMontre::du_refus(&autres, base),
            demande_motif: r.demande_motif(),
            ..Self::default()
        }
    }
}

/// GET /sessions/{session}/candidats/nouveau
pub(super) async fn nouveau(a: AccesSession) -> Reponse {
    let communs = ChampsCommuns {
        acte: nouvel_identifiant::<Acte>().to_string(),
        ..ChampsCommuns::default()
    };
    rendre_page(
        &a,
        StatusCode::OK,
        None,
        Saisie {
            communs,
            ..Saisie::default()
        },
        Echec::default(),
    )
}

/// POST /sessions/{session}/candidats/nouveau
pub(super) async fn inscrire(a: AccesSession, Formulaire(saisie): Formulaire<Saisie>) -> Reponse {
    let fiche = match saisie.lire(a.jour()) {
        Ok(fiche) => fiche,
        Err(erreurs) => {
            return rendre_page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                None,
                saisie,
                Echec {
                    erreurs,
                    ..Echec::default()
                },
            );
        }
    };
    let mut phrase = format!("{} est inscrit à la session.", fiche.nom_complet());
    if a.session.planning.valide.is_some() {
        phrase.push_str(PLANNING_ROUVERT);
    }
    let geste = Geste::Inscrire {
        id: nouvel_identifiant(),
        fiche,
    };
    match a.executer(&saisie.communs, Action::Candidat(geste)).await? {
        Ok(_) => rediriger_fait(&format!("{}/candidats", a.base()), &phrase),
        Err(r) => {
            let a = relire(a).await?;
            let echec = Echec::du_refus(&r, &a.base());
            rendre_page(&a, StatusCode::UNPROCESSABLE_ENTITY, None, saisie, echec)
        }
    }
}

/// GET /sessions/{session}/candidats/{candidat}
pub(super) async fn montrer(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
) -> Reponse {
    let c = trouver(&a, &chemin)?;
    let saisie = saisie_de(&c, &a);
    rendre_page(&a, StatusCode::OK, Some(&c), saisie, Echec::default())
}

/// POST /sessions/{session}/candidats/{candidat}
pub(super) async fn corriger(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Formulaire(mut saisie): Formulaire<Saisie>,
) -> Reponse {
    let c = trouver(&a, &chemin)?;
    let fiche = match saisie.lire(a.jour()) {
        Ok(fiche) => fiche,
        Err(erreurs) => {
            return rendre_page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some(&c),
                saisie,
                Echec {
                    erreurs,
                    ..Echec::default()
                },
            );
        }
    };
    let geste = Geste::Corriger {
        id: c.id.clone(),
        fiche: fiche.clone(),
    };
    let refus = match a.executer(&saisie.communs, Action::Candidat(geste)).await? {
        Ok(d) if d.evenements.is_empty() => {
            return rediriger_fait(
                &adresse(&a, &c),
                "La fiche dit déjà cela : rien n’était à changer.",
            );
        }
        Ok(_) => {
            return rediriger_fait(
                &adresse(&a, &c),
                &format!("La fiche de {} est corrigée.", fiche.nom_complet()),
            );
        }
        Err(r) => r,
    };
    let a = relire(a).await?;
    let c = trouver(&a, &chemin)?;
    if !refus.est_devance() {
        return rendre_page(
            &a,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(&c),
            saisie,
            Echec::du_refus(&refus, &a.base()),
        );
    }
    let vu = saisie.communs.vu_au_rang.parse().unwrap_or(0);
    let (vue, par) = depuis_le_rang(&a, &c.id, vu).await?;
    let (gardee, differences) = rapprocher(vue.as_ref(), &c.fiche, &fiche);
    // La personne a maintenant tout sous les yeux : son prochain enregistrement vaudra.
    saisie = Saisie {
        communs: ChampsCommuns {
            vu_au_rang: a.session.rang.to_string(),
            ..saisie.communs
        },
        ..gardee
    };
    let echec = Echec {
        devance: Some(Devance { par, differences }),
        ..Echec::default()
    };
    rendre_page(&a, StatusCode::CONFLICT, Some(&c), saisie, echec)
}

/// POST /sessions/{session}/candidats/{candidat}/retrait
pub(super) async fn retirer(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Formulaire(communs): Formulaire<ChampsCommuns>,
) -> Reponse {
    let c = trouver(&a, &chemin)?;
    let phrase = format!(
        "{} est retiré de la session. Sa fiche reste au journal.",
        c.fiche.nom_complet()
    );
    agir(a, c, communs, |id| Geste::Retirer { id }, &phrase).await
}

/// POST /sessions/{session}/candidats/{candidat}/reinscription
pub(super) async fn reinscrire(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Formulaire(communs): Formulaire<ChampsCommuns>,
) -> Reponse {
    let c = trouver(&a, &chemin)?;
    let mut phrase = format!(
        "{} est de nouveau inscrit. Ses passages sont à replacer au planning.",
        c.fiche.nom_complet()
    );
    if a.session.planning.valide.is_some() {
        phrase.push_str(PLANNING_ROUVERT);
    }
    agir(a, c, communs, |id| Geste::Reinscrire { id }, &phrase).await
}

async fn agir(
    a: AccesSession,
    c: Candidat,
    communs: ChampsCommuns,
    geste: fn(CandidatId) -> Geste,
    phrase: &str,
) -> Reponse {
    match a
        .executer(&communs, Action::Candidat(geste(c.id.clone())))
        .await?
    {
        Ok(_) => rediriger_fait(&format!("{}/candidats", a.base()), phrase),
        Err(r) => {
            let a = relire(a).await?;
            let c = a.session.candidat(&c.id).map_err(|_| Erreur::Introuvable)?;
            let mut echec = Echec::du_refus(&r, &a.base());
            let phrase = std::mem::take(&mut echec.erreurs)
                .0
                .into_iter()
                .map(|(_, p)| p)
                .collect::<Vec<_>>()
                .join(" ");
            echec.erreurs.ajouter("motif-geste", phrase.clone());
            echec.retrait = Some((communs, phrase));
            let saisie = saisie_de(c, &a);
            rendre_page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some(c), saisie, echec)
        }
    }
}

fn adresse(a: &AccesSession, c: &Candidat) -> String {
    format!("{}/candidats/{}", a.base(), c.id)
}

fn saisie_de(c: &Candidat, a: &AccesSession) -> Saisie {
    let communs = ChampsCommuns {
        acte: nouvel_identifiant::<Acte>().to_string(),
        vu_au_rang: a.session.rang.to_string(),
        ..ChampsCommuns::default()
    };
    Saisie {
        communs,
        ..Saisie::depuis(&c.fiche)
    }
}

/// La fiche telle qu'elle était à ce rang, et ce qui l'a changée depuis, en phrases.
async fn depuis_le_rang(
    a: &AccesSession,
    id: &CandidatId,
    vu: u64,
) -> Result<(Option<Fiche>, Vec<String>), Erreur> {
    let noms = noms(a).await?;
    let (mut vue, mut par) = (None, vec![]);
    for ligne in
        stockage::journal(&a.acces.etat.base, &a.acces.centre, &a.id, 1, LIGNES_RELUES).await?
    {
        let Some(Evenement::Candidat(e)) = &ligne.evenement else {
            continue;
        };
        let (de, fiche) = match e {
            Ecrit::Inscrit { id, fiche, .. } | Ecrit::Corrige { id, fiche, .. } => {
                (id, Some(fiche))
            }
            Ecrit::Retire { id, .. } | Ecrit::Reinscrit { id, .. } => (id, None),
        };
        if de != id {
            continue;
        }
        if ligne.rang > vu {
            let qui = noms
                .get(ligne.saisi_par.as_str())
                .map_or("Une personne retirée de l’équipe", String::as_str);
            par.push(format!(
                "{}, {qui} : {}.",
                temps::instant_court(&ligne.le),
                e.phrase()
            ));
        } else if let Some(fiche) = fiche {
            vue = Some(fiche.clone());
        }
    }
    Ok((vue, par))
}

fn rendre_page(
    a: &AccesSession,
    statut: StatusCode,
    candidat: Option<&Candidat>,
    saisie: Saisie,
    echec: Echec,
) -> Reponse {
    let nom = candidat.map_or("Saisir un candidat".to_owned(), |c| c.fiche.nom_complet());
    let (retrait, erreur_retrait) = echec.retrait.unwrap_or_default();
    rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(format!("{nom} – {}", titre(&a.session)), a.base(), &a.acces),
            tete: TeteSession::nouvelle(&a.id, &a.session, a.jour(), "candidats"),
            constats: echec.constats,
            civilites: CIVILITES.to_vec(),
            voies: Voie::TOUTES
                .into_iter()
                .map(|v| (v.code(), v.libelle()))
                .collect(),
            modifiable: modifiable(a, Nature::Preparer)
                && candidat.is_none_or(|c| c.retire.is_none()),
            confie: a.peut(Nature::Confier),
            motif_montre: candidat.is_some()
                || echec.demande_motif
                || !saisie.communs.motif.is_empty(),
            erreurs: echec.erreurs,
            devance: echec.devance,
            candidat: candidat.map(|c| {
                let (convocation, ton_convocation) = convocation_montree(&a.session, &c.id);
                CandidatMontre {
                    id: c.id.to_string(),
                    nom,
                    inscrit_le: temps::date_moyenne(c.inscrit_le),
                    retire: c.retire.clone(),
                    convocation,
                    ton_convocation,
                    lignes: Saisie::depuis(&c.fiche)
                        .montrer()
                        .into_iter()
                        .filter(|(_, v)| !v.is_empty())
                        .collect(),
                    acte_donnees: nouvel_identifiant::<Acte>().to_string(),
                    acte_retrait: if retrait.acte.is_empty() {
                        nouvel_identifiant::<Acte>().to_string()
                    } else {
                        retrait.acte
                    },
                    motif_retrait: retrait.motif,
                    erreur_retrait,
                }
            }),
            saisie,
        },
    )
}
