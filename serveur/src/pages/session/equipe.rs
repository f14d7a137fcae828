//! L'équipe d'une session : responsable, suppléant, formateurs, surveillants.

use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::ConstatMontre;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use askama::Template;
use axum::http::StatusCode;
use metier::equipe::{self, Intervenant, Poste};
use metier::{Acte, Action, Nature, Refus};
use serde::Deserialize;
use stockage::comptes;

#[derive(Template)]
#[template(path = "session/equipe.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    groupes: Vec<Groupe>,
    modifiable: bool,
    acte: String,
    saisie: Saisie,
    postes: Vec<(&'static str, &'static str)>,
    personnes: Vec<(String, String)>,
}

struct Groupe {
    code: &'static str,
    libelle: &'static str,
    vide: &'static str,
    personnes: Vec<Montree>,
}

struct Montree {
    id: String,
    nom: String,
    fonction: String,
    acte: String,
}

/// Une nomination ou un retrait.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    poste: String,
    personne: String,
    fonction: String,
    #[serde(skip)]
    motif: String,
}

/// GET /sessions/{session}/equipe
pub async fn montrer(a: AccesSession) -> Reponse {
    page(
        &a,
        StatusCode::OK,
        Saisie::default(),
        None,
        ErreursFormulaire::default(),
    )
    .await
}

/// POST /sessions/{session}/equipe
pub async fn nommer(a: AccesSession, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    let mut erreurs = ErreursFormulaire::default();
    let poste = Poste::depuis_code(&f.poste);
    if poste.is_none() {
        erreurs.ajouter("poste", "Choisissez un poste dans la liste.");
    }
    let personne = match f.personne.parse() {
        Ok(id) => comptes::personne(&a.acces.etat.base, &a.acces.centre, &id).await?,
        Err(_) => None,
    };
    if personne.is_none() {
        erreurs.ajouter("personne", "Choisissez une personne de l’équipe du centre.");
    }
    if f.fonction.chars().count() > 120 {
        erreurs.ajouter(
            "fonction",
            "La fonction dépasse 120 caractères. Raccourcissez-la.",
        );
    }
    let (Some(poste), Some(p), true) = (poste, personne, erreurs.est_vide()) else {
        return page(&a, StatusCode::UNPROCESSABLE_ENTITY, f, None, erreurs).await;
    };
    let fonction = if f.fonction.trim().is_empty() {
        p.fonction.clone()
    } else {
        f.fonction.trim().to_owned()
    };
    let personne = Intervenant {
        id: p.id.clone(),
        nom: p.nom_complet(),
        fonction,
        courriel: Some(p.courriel.clone()).filter(|c| !c.is_empty()),
    };
    match a
        .executer(
            &f.communs,
            Action::Equipe(equipe::Action::Nommer { poste, personne }),
        )
        .await?
    {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/equipe", a.base()),
            "C’est enregistré.",
        )),
        Err(r) => {
            page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                f,
                Some(&r),
                ErreursFormulaire::default(),
            )
            .await
        }
    }
}

/// POST /sessions/{session}/equipe/retrait
pub async fn retirer(a: AccesSession, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    let (Some(poste), Ok(personne)) = (Poste::depuis_code(&f.poste), f.personne.parse()) else {
        return Err(Erreur::Introuvable);
    };
    match a
        .executer(
            &f.communs,
            Action::Equipe(equipe::Action::Retirer { poste, personne }),
        )
        .await?
    {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/equipe", a.base()),
            "C’est enregistré.",
        )),
        Err(r) => {
            page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                Saisie::default(),
                Some(&r),
                ErreursFormulaire::default(),
            )
            .await
        }
    }
}

async fn page(
    a: &AccesSession,
    statut: StatusCode,
    mut saisie: Saisie,
    refus: Option<&Refus>,
    mut erreurs: ErreursFormulaire,
) -> Reponse {
    if let Some(r) = refus {
        erreurs = ErreursFormulaire::du_refus(r);
    }
    saisie.motif = saisie.communs.motif.clone();
    let s = &a.session;
    let personnes = comptes::personnes(&a.acces.etat.base, &a.acces.centre).await?;
    let groupe = |poste: Poste| Groupe {
        code: poste.code(),
        libelle: match poste {
            Poste::Formateur => "Formateurs des candidats",
            Poste::Surveillant => "Surveillants",
            p => p.libelle(),
        },
        vide: match poste {
            Poste::Responsable => "À nommer : c’est le garant du bon déroulement de la session.",
            Poste::Suppleant => {
                "À nommer : il supplée le responsable, avec les mêmes incompatibilités."
            }
            Poste::Formateur => {
                "Notez ici les formateurs des candidats : ils ne peuvent être ni responsable, ni surveillant, ni assister à la session."
            }
            Poste::Surveillant => {
                "À nommer si le référentiel prévoit une épreuve hors de la présence du jury."
            }
        },
        personnes: s
            .equipe
            .a(poste)
            .map(|i| Montree {
                id: i.id.to_string(),
                nom: i.nom.clone(),
                fonction: i.fonction.clone(),
                acte: nouvel_identifiant::<Acte>().to_string(),
            })
            .collect(),
    };
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(format!("Équipe – {}", super::titre(s)), a.base(), &a.acces),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "equipe"),
            constats: refus
                .map(|r| ConstatMontre::du_refus(r, &a.base()))
                .unwrap_or_default(),
            erreurs,
            groupes: Poste::TOUS.into_iter().map(groupe).collect(),
            modifiable: super::modifiable(a, Nature::Programmer),
            acte: nouvel_identifiant::<Acte>().to_string(),
            postes: Poste::TOUS
                .into_iter()
                .map(|p| (p.code(), p.libelle()))
                .collect(),
            personnes: personnes
                .iter()
                .filter(|p| p.actif)
                .map(|p| {
                    (
                        p.id.to_string(),
                        if p.fonction.is_empty() {
                            p.nom_complet()
                        } else {
                            format!("{}, {}", p.nom_complet(), p.fonction)
                        },
                    )
                })
                .collect(),
            saisie,
        },
    ))
}
