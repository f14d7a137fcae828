//! Le jury d'une session, choisi dans l'annuaire du centre.

use super::geste::{Champs, Suite};
use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, Formulaire, nouvel_identifiant};
use crate::pages::jures::choix::{Aide, Choix};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::jury::{self, Habilitation, Membre, Place};
use metier::{Acte, Action, JureId, Nature, temps};
use serde::Deserialize;
use std::collections::HashMap;
use stockage::annuaire::{Couverture, JurePropose, jures_pour_session};

#[derive(Template)]
#[template(path = "session/jury.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    suite: Suite,
    acte: String,
    resume: String,
    liens: usize,
    recherche: String,
    sollicitations: usize,
    membres: Vec<MembreMontre>,
    proposes: Vec<ProposeMontre>,
    modifiable: bool,
}

struct MembreMontre {
    id: String,
    nom: String,
    qualite: String,
    place: &'static str,
    titulaire: bool,
    habilite: bool,
    habilitation: String,
    confirme: bool,
    acte: String,
    acte2: String,
}

struct ProposeMontre {
    id: String,
    nom: String,
    qualite: String,
    employeur: String,
    aide: Aide,
    habilitation: String,
    couvre: bool,
    acte: String,
}

/// Un geste sur le jury.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Geste {
    #[serde(flatten)]
    communs: ChampsCommuns,
    jure: String,
    place: String,
    geste: String,
}

/// GET /sessions/{session}/jury
pub async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, Suite::default()).await
}

/// POST /sessions/{session}/jury
pub async fn retenir(a: AccesSession, Formulaire(f): Formulaire<Geste>) -> Reponse {
    let place = Place::depuis_code(&f.place).unwrap_or(Place::Titulaire);
    let Some(p) = proposes(&a)
        .await?
        .into_iter()
        .find(|p| p.jure.id.as_str() == f.jure)
    else {
        return Err(Erreur::Introuvable);
    };
    let membre = membre(&p, place);
    let chemin = format!("{}/jury", a.base());
    repondre(&a, &f, &chemin, jury::Action::Retenir(membre)).await
}

/// Le juré de l'annuaire tel que la session le retient.
pub(super) fn membre(p: &JurePropose, place: Place) -> Membre {
    let option = |s: &str| Some(s.to_owned()).filter(|s| !s.is_empty());
    Membre {
        jure: p.jure.id.clone(),
        nom: p.jure.nom_complet(),
        qualite: p.jure.fiche.qualite.clone(),
        employeur: option(&p.jure.fiche.employeur),
        lies_a: p
            .jure
            .fiche
            .liens
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .map(str::to_owned)
            .collect(),
        courriel: option(&p.jure.fiche.courriel),
        telephone: option(&p.jure.fiche.telephone),
        habilitation: p.habilitation.as_ref().map(|h| Habilitation {
            titre: h.fiche.titre.clone(),
            debut: h.fiche.debut,
            fin: h.fiche.fin,
            autorite: h.fiche.autorite.clone(),
            reference: option(&h.fiche.reference),
        }),
        place,
    }
}

/// POST /sessions/{session}/jury/{jure}
pub async fn agir(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Formulaire(f): Formulaire<Geste>,
) -> Reponse {
    let jure: JureId = chemin
        .get("jure")
        .and_then(|j| j.parse().ok())
        .ok_or(Erreur::Introuvable)?;
    let chemin_du_geste = format!("{}/jury/{jure}", a.base());
    let action = match f.geste.as_str() {
        "confirmer" => jury::Action::Confirmer { jure },
        "titulaire" => jury::Action::Placer {
            jure,
            place: Place::Titulaire,
        },
        "reserve" => jury::Action::Placer {
            jure,
            place: Place::Reserve,
        },
        "retirer" => jury::Action::Retirer { jure },
        "desister" => jury::Action::Desister { jure },
        _ => return Err(Erreur::Introuvable),
    };
    repondre(&a, &f, &chemin_du_geste, action).await
}

async fn repondre(a: &AccesSession, f: &Geste, chemin: &str, action: jury::Action) -> Reponse {
    match a.executer(&f.communs, Action::Jury(action)).await? {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/jury", a.base()),
            "C’est enregistré.",
        )),
        Err(r) => {
            let champs = Champs(
                [
                    ("jure", &f.jure),
                    ("place", &f.place),
                    ("geste", &f.geste),
                    ("motif", &f.communs.motif),
                    ("vu_au_rang", &f.communs.vu_au_rang),
                ]
                .map(|(n, v)| (n.to_owned(), v.clone()))
                .to_vec(),
            );
            let suite = Suite::du_refus(&r, &a.base(), chemin, &champs);
            page(a, StatusCode::UNPROCESSABLE_ENTITY, suite).await
        }
    }
}

pub(super) async fn proposes(a: &AccesSession) -> Result<Vec<JurePropose>, Erreur> {
    let p = a.session.programme.as_ref().ok_or(Erreur::Introuvable)?;
    Ok(jures_pour_session(
        &a.acces.etat.base,
        &a.acces.centre,
        &p.referentiel.cle,
        p.debut,
        p.fin,
    )
    .await?)
}

/// Les jurés de l'annuaire, rangés pour choisir, et ce qui y aide.
pub(super) async fn a_choisir(a: &AccesSession) -> Result<(Vec<JurePropose>, Choix), Erreur> {
    let p = a.session.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let (base, centre) = (&a.acces.etat.base, &a.acces.centre);
    let choix = Choix::lire(base, centre, a.jour(), (p.debut, p.fin)).await?;
    let mut jures = proposes(a).await?;
    choix.ranger(&mut jures);
    Ok((jures, choix))
}

async fn page(a: &AccesSession, statut: StatusCode, suite: Suite) -> Reponse {
    let s = &a.session;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let periode = |d, f| {
        format!(
            "du {} au {}",
            temps::date_chiffres(d),
            temps::date_chiffres(f)
        )
    };
    let acte = || nouvel_identifiant::<Acte>().to_string();
    let titulaires = s
        .jury
        .iter()
        .filter(|m| m.membre.place == Place::Titulaire)
        .count();
    let reserves = s.jury.len() - titulaires;
    let (jures, choix) = a_choisir(a).await?;
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(format!("Jury – {}", super::titre(s)), a.base(), &a.acces),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "jury"),
            suite,
            acte: acte(),
            resume: format!(
                "{titulaires} titulaire{} et {reserves} en réserve. Il faut deux professionnels habilités au moins pendant toute la session ; prévoyez une réserve.",
                if titulaires > 1 { "s" } else { "" }
            ),
            liens: s.liens().len(),
            recherche: metier::etat_du_jury(s),
            sollicitations: s.sollicitations.liste.len(),
            membres: s
                .jury
                .iter()
                .map(|m| MembreMontre {
                    id: m.membre.jure.to_string(),
                    nom: m.membre.nom.clone(),
                    qualite: m.membre.qualite.clone(),
                    place: m.membre.place.libelle(),
                    titulaire: m.membre.place == Place::Titulaire,
                    habilite: m.membre.est_habilite(p.debut, p.fin),
                    habilitation: m
                        .membre
                        .habilitation
                        .as_ref()
                        .map_or("aucune".into(), |h| periode(h.debut, h.fin)),
                    confirme: m.confirme,
                    acte: acte(),
                    acte2: acte(),
                })
                .collect(),
            proposes: jures
                .into_iter()
                .filter(|x| s.jure(&x.jure.id).is_none())
                .map(|x| ProposeMontre {
                    id: x.jure.id.to_string(),
                    nom: x.jure.nom_complet(),
                    qualite: x.jure.fiche.qualite.clone(),
                    employeur: x.jure.fiche.employeur.clone(),
                    aide: choix.de(&x.jure.id, &x.jure.fiche),
                    couvre: x.couverture == Couverture::Entiere,
                    habilitation: match (&x.habilitation, x.couverture) {
                        (None, _) => "aucune pour ce titre".into(),
                        (Some(h), Couverture::Entiere) => periode(h.fiche.debut, h.fiche.fin),
                        (Some(h), _) => format!(
                            "{} : ne couvre pas la session",
                            periode(h.fiche.debut, h.fiche.fin)
                        ),
                    },
                    acte: acte(),
                })
                .collect(),
            modifiable: super::modifiable(a, Nature::Organiser),
        },
    ))
}
