//! Une tâche depuis « À faire » : la noter faite, la contrôler, y joindre un document, sans ouvrir la session.
//!
//! La personne à qui une tâche est confiée y vient même sans rôle dans la session : elle ne voit que cette tâche.

use crate::acces::{Acces, AccesSession};
use crate::cadre::{Cadre, ConstatMontre, rediriger, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::pages::session::checklist::FormulaireTache;
use crate::pages::session::checklist::montre::{Regard, TacheMontree};
use crate::pages::session::checklist::tache::lire_visa;
use crate::pages::session::checklist::{document, tache as page_de_session};
use crate::pages::session::televersement;
use askama::Template;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use metier::taches::{self, Delegation};
use metier::{Acte, Action, Constat, Nature, Refus, Role, SessionId, temps};

#[derive(Template)]
#[template(path = "accueil/tache.html")]
struct Page {
    cadre: Cadre,
    t: TacheMontree,
    adresse: String,
    session: String,
    lieu: String,
    ouvre: String,
    consigne: String,
    pour: String,
    par: String,
    pieces: Vec<String>,
    rang: u64,
    peut: bool,
    erreurs: ErreursFormulaire,
    refus: Vec<ConstatMontre>,
}

impl Page {
    fn acte(&self) -> String {
        nouvel_identifiant::<Acte>().to_string()
    }
}

/// La session et la tâche du chemin, si la personne y a affaire : un rôle dans la session, ou la tâche lui est confiée.
async fn ouvrir(a: Acces, (session, code): &(String, String)) -> Result<AccesSession, Erreur> {
    let id: SessionId = session.parse().map_err(|_| Erreur::Introuvable)?;
    let (s, tete) = stockage::charger(&a.etat.base, &a.centre, &id)
        .await?
        .ok_or(Erreur::Introuvable)?;
    let confiee = s
        .taches
        .confiees
        .get(code)
        .is_some_and(|d| d.a == a.personne);
    let role = match a.role_dans(&s) {
        Some(role) => role,
        None if confiee => a.roles.first().copied().unwrap_or(Role::Surveillant),
        None => return Err(Erreur::Introuvable),
    };
    taches::vue(&s, code, a.etat.horloge.jour()).ok_or(Erreur::Introuvable)?;
    Ok(AccesSession {
        acces: a,
        id,
        session: s,
        tete,
        role,
    })
}

/// GET /a-faire/{session}/{code}
pub async fn montrer(a: Acces, Path(chemin): Path<(String, String)>) -> Reponse {
    let a = ouvrir(a, &chemin).await?;
    if a.acces.role_dans(&a.session).is_some() {
        return Ok(rediriger(&page_de_session::adresse(&a, &chemin.1)));
    }
    page(&a, &chemin.1, StatusCode::OK, None, "").await
}

/// POST /a-faire/{session}/{code}
pub async fn agir(
    a: Acces,
    Path(chemin): Path<(String, String)>,
    Formulaire(mut f): Formulaire<FormulaireTache>,
) -> Reponse {
    let a = ouvrir(a, &chemin).await?;
    let code = chemin.1.as_str();
    let (action, dit) = if f.est_un_visa() {
        let (geste, observation) = (f.geste().to_owned(), f.observation().to_owned());
        lire_visa(code, &geste, &observation, f.communs_mut())?
    } else {
        (f.action(code)?, "C’est noté.")
    };
    match a.executer(f.communs(), Action::Tache(action)).await? {
        Ok(_) => Ok(rediriger_fait("/", dit)),
        Err(r) => {
            page(
                &a,
                code,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some(&r),
                f.observation(),
            )
            .await
        }
    }
}

/// POST /a-faire/{session}/{code}/document
pub async fn joindre(
    a: Acces,
    Path(chemin): Path<(String, String)>,
    envoi: Result<Multipart, MultipartRejection>,
) -> Reponse {
    let a = ouvrir(a, &chemin).await?;
    let code = chemin.1.as_str();
    let refus = match televersement::recevoir(envoi, &["nom"]).await {
        Err(phrase) => Refus::from(Constat::saisie("fichier", phrase, "")),
        Ok(recu) => {
            let communs = recu.champs.communs();
            let (action, piece) = document::preparer(code, recu);
            match a
                .executer_avec_pieces(&communs, Action::Tache(action), &[piece])
                .await?
            {
                Ok(_) => return Ok(rediriger_fait("/", "Le document est joint, c’est noté.")),
                Err(r) => r,
            }
        }
    };
    page(&a, code, StatusCode::UNPROCESSABLE_ENTITY, Some(&refus), "").await
}

async fn page(
    a: &AccesSession,
    code: &str,
    statut: StatusCode,
    refus: Option<&Refus>,
    observation: &str,
) -> Reponse {
    let (s, jour, base) = (&*a.session, a.jour(), a.base());
    let v = taches::vue(s, code, jour).ok_or(Erreur::Introuvable)?;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let noms = crate::pages::session::noms(a).await?;
    let regard = Regard {
        jour,
        base: &base,
        noms: &noms,
        session: s,
    };
    let mut t = regard.tache(&v);
    t.saisie_observation = observation.to_owned();
    let ouvre = a.acces.role_dans(s).is_some();
    if !ouvre {
        // Qui n'a que cette tâche ne lit pas ce que la session sait des autres personnes.
        t.avancement.clear();
        t.jauge = None;
        t.lien.clear();
        for x in &mut t.points {
            x.dit.clear();
        }
    }
    let a_moi = |d: &Delegation| d.a == a.acces.personne;
    let d = v.delegation.as_ref();
    let mut erreurs = refus.map(ErreursFormulaire::du_refus).unwrap_or_default();
    for e in &mut erreurs.0 {
        if e.0 == "points" || e.0 == "motif" {
            e.0 = "observation".into();
        }
    }
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(v.tache.intitule.clone(), "/a-faire", &a.acces),
            adresse: format!("/a-faire/{}/{code}", a.id),
            session: p.referentiel.intitule.clone(),
            lieu: format!("{}, {}", temps::periode(p.debut, p.fin), p.site.nom),
            ouvre: if ouvre { base.clone() } else { String::new() },
            consigne: d.map(|d| d.consigne.clone()).unwrap_or_default(),
            pour: d
                .and_then(|d| d.pour)
                .map(temps::date_longue)
                .unwrap_or_default(),
            par: d
                .and_then(|d| noms.get(d.par.as_str()))
                .cloned()
                .unwrap_or_default(),
            pieces: v.pieces.iter().map(|x| x.nom.clone()).collect(),
            rang: s.rang,
            peut: p.annulee.is_none() && (d.is_some_and(a_moi) || a.peut(Nature::Organiser)),
            t,
            refus: refus
                .filter(|_| erreurs.est_vide())
                .map(|r| ConstatMontre::du_refus(r, ""))
                .unwrap_or_default(),
            erreurs,
        },
    ))
}
