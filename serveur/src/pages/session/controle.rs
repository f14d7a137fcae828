//! Le contrôle d'une session : emporter son dossier, vérifier sa chaîne, ouvrir un accès daté à qui la contrôle.

use super::geste::{Champs, Suite, acte};
use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::dossier::{self, ErreurDossier};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, nouvel_identifiant};
use crate::pages::controle::{COURT_MAX, Controle};
use crate::second_facteur;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use metier::{Nature, temps};
use stockage::acces_controle::{self, NouvelAcces};
use stockage::{Changement, Inscription};

/// Durée d'un accès de contrôle au plus, en jours (limite de Garant).
const JOURS_MAX: i64 = 60;

#[derive(Template)]
#[template(path = "session/controle.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    suite: Suite,
    erreurs: ErreursFormulaire,
    verifie: String,
    intact: bool,
    journal: String,
    acces: Vec<AccesMontre>,
    lien: String,
    saisie: Champs,
    gerer: bool,
}

impl Page {
    fn acte(&self) -> String {
        acte()
    }
}

struct AccesMontre {
    id: String,
    nom: String,
    organisme: String,
    jusqu_au: String,
    etat: &'static str,
    ton: &'static str,
    ouvert: String,
    vivant: bool,
}

/// GET /sessions/{session}/controle
pub async fn montrer(a: AccesSession) -> Reponse {
    page(
        &a,
        StatusCode::OK,
        ErreursFormulaire::default(),
        Champs::default(),
        String::new(),
    )
    .await
}

/// POST /sessions/{session}/controle : ouvrir ou révoquer un accès.
pub async fn agir(a: AccesSession, c: Champs) -> Reponse {
    match c.un("geste") {
        "ouvrir" => ouvrir(a, c).await,
        "revoquer" => {
            let id = c.un("acces").to_owned();
            let inscription = inscrire(&a, &c, "controle.revoque", &id);
            let (base, centre) = (&a.acces.etat.base, &a.acces.centre);
            acces_controle::revoquer(base, centre, &a.id, &id, &inscription)
                .await
                .map_err(|e| match e {
                    stockage::Erreur::Conflit { .. } => Erreur::Introuvable,
                    autre => autre.into(),
                })?;
            Ok(rediriger_fait(
                &format!("{}/controle", a.base()),
                "L’accès est révoqué : son lien ne vaut plus rien.",
            ))
        }
        _ => Err(Erreur::Introuvable),
    }
}

fn inscrire(a: &AccesSession, c: &Champs, action: &'static str, id: &str) -> Inscription {
    Inscription {
        acte: c.communs().acte(),
        le: a.acces.etat.horloge.instant().to_string(),
        saisi_par: a.acces.personne.clone(),
        action,
        details: serde_json::json!({ "session": a.id.as_str(), "acces": id }),
    }
}

async fn ouvrir(a: AccesSession, c: Champs) -> Reponse {
    let mut controle = Controle::default();
    let nom = controle.requis(
        "nom",
        c.un("nom"),
        COURT_MAX,
        "Écrivez le nom de la personne qui contrôle.",
    );
    let organisme = controle.requis(
        "organisme",
        c.un("organisme"),
        COURT_MAX,
        "Écrivez son administration.",
    );
    let jusqu_au = controle.date(
        "jusqu_au",
        c.un("jusqu_au"),
        "Choisissez le dernier jour de l’accès.",
    );
    if let Some(d) = jusqu_au {
        let jours = temps::jours_entre(a.jour(), d);
        if !(0..=JOURS_MAX).contains(&jours) {
            controle.faute(
                "jusqu_au",
                format!("Choisissez un jour entre aujourd’hui et dans {JOURS_MAX} jours."),
            );
        }
    }
    let (Some(jusqu_au), true) = (jusqu_au, controle.est_bon()) else {
        return page(
            &a,
            StatusCode::UNPROCESSABLE_ENTITY,
            controle.0,
            c,
            String::new(),
        )
        .await;
    };
    let fin = jusqu_au
        .tomorrow()
        .and_then(|d| d.at(0, 0, 0, 0).to_zoned_datetime(temps::paris()))
        .map_err(|e| Erreur::interne(&e.to_string()))?;
    let id: metier::Acte = nouvel_identifiant();
    let acces = NouvelAcces {
        id: id.to_string(),
        session: a.id.clone(),
        jeton: second_facteur::jeton()?,
        nom,
        organisme,
        expire: fin.timestamp().as_second(),
    };
    let etat = &a.acces.etat;
    let inscription = inscrire(&a, &c, "controle.acces_ouvert", &acces.id);
    match acces_controle::creer(&etat.base, &a.acces.centre, &acces, &inscription).await? {
        Changement::DejaEnregistre => Ok(rediriger_fait(
            &format!("{}/controle", a.base()),
            "Cet accès est déjà ouvert. Son lien ne se montre qu’une fois : révoquez-le et ouvrez-en un autre s’il est perdu.",
        )),
        Changement::Enregistre => {
            let lien = format!("{}/controle/{}", etat.origine, acces.jeton);
            page(
                &a,
                StatusCode::OK,
                ErreursFormulaire::default(),
                Champs::default(),
                lien,
            )
            .await
        }
    }
}

async fn page(
    a: &AccesSession,
    statut: StatusCode,
    erreurs: ErreursFormulaire,
    saisie: Champs,
    lien: String,
) -> Reponse {
    let s = &*a.session;
    s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let etat = &a.acces.etat;
    let rapport = stockage::verifier_session(&etat.base, &a.acces.centre, &a.id).await?;
    let maintenant = etat.horloge.secondes();
    let acces = acces_controle::lister(&etat.base, &a.acces.centre, &a.id)
        .await?
        .into_iter()
        .map(|x| {
            let (texte, ton, vivant) = if x.revoque_le.is_some() {
                ("Révoqué", "neutre", false)
            } else if x.expire <= maintenant {
                ("Fini", "neutre", false)
            } else {
                ("Ouvert", "fait", true)
            };
            AccesMontre {
                id: x.id,
                nom: x.nom,
                organisme: x.organisme,
                jusqu_au: jiff::Timestamp::from_second(x.expire - 1)
                    .map(|t| temps::date_moyenne(t.to_zoned_datetime(temps::paris()).date()))
                    .unwrap_or_default(),
                etat: texte,
                ton,
                ouvert: x
                    .ouvert_le
                    .map(|le| temps::instant_court(&le))
                    .unwrap_or_default(),
                vivant,
            }
        })
        .collect();
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(format!("Contrôle – {}", super::titre(s)), a.base(), &a.acces),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "controle"),
            suite: Suite::default(),
            erreurs,
            verifie: rapport.alterations.first().map_or_else(
                || {
                    format!(
                        "{} lignes et {} pièces relues et recalculées, {} contenus purgés dans les règles.",
                        rapport.lignes, rapport.pieces, rapport.purges
                    )
                },
                |x| x.to_string(),
            ),
            intact: rapport.est_intact(),
            journal: format!("n° {} · {}", a.tete.rang, a.tete.courte()),
            acces,
            lien,
            saisie,
            gerer: a.peut(Nature::Archiver),
        },
    ))
}

/// POST /sessions/{session}/dossier
pub async fn emporter(a: AccesSession, _: Champs) -> Reponse {
    let etat = &a.acces.etat;
    let octets = dossier::composer(&etat.base, &a.acces.centre, &a.id)
        .await
        .map_err(|e| match e {
            ErreurDossier::Stockage(e) => Erreur::from(e),
            autre => Erreur::interne(&autre.to_string()),
        })?;
    let inscription = Inscription {
        acte: nouvel_identifiant(),
        le: etat.horloge.instant().to_string(),
        saisi_par: a.acces.personne.clone(),
        action: "dossier.emporte",
        details: serde_json::json!({
            "session": a.id.as_str(),
            "role": a.role.code(),
            "empreinte": stockage::journal::hexa(&stockage::journal::empreinte_des_octets(&octets)),
        }),
    };
    stockage::changer(&etat.base, &a.acces.centre, &inscription, vec![]).await?;
    let mut r = octets.into_response();
    let entetes = r.headers_mut();
    entetes.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/zip"),
    );
    entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let nom = format!("attachment; filename=\"dossier-de-controle-{}.zip\"", a.id);
    entetes.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&nom).map_err(|e| Erreur::interne(&e.to_string()))?,
    );
    Ok(r)
}
