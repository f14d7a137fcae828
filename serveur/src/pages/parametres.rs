//! Les paramètres datés du centre et les mots de son territoire.

use super::controle::{COURT_MAX, Controle};
use crate::acces::Acces;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::reponses::{get, post};
use crate::routes::{DroitCentre, Nature, Route};
use askama::Template;
use axum::http::StatusCode;
use metier::libelles::{Libelles, Territoire};
use metier::reglement::parametres::{self as regles, PARAMETRES, Parametre, Reglage};
use metier::reglement::{TEXTES_VERIFIES_LE, regle};
use metier::{Acte, temps};
use serde::Deserialize;
use stockage::parametres::{self, ReglagePose};

const ADMINISTRER: Nature = Nature::Centre(DroitCentre::Administrer);

/// Les routes des paramètres.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/parametres", Nature::Connectee, get(montrer)),
        Route::ecrire("/parametres", ADMINISTRER, post(poser)),
        Route::ecrire("/parametres/libelles", ADMINISTRER, post(changer_libelles)),
    ]
}

#[derive(Template)]
#[template(path = "parametres/liste.html")]
struct Page {
    cadre: Cadre,
    erreurs: ErreursFormulaire,
    parametres: Vec<ParametreMontre>,
    historique: Vec<Pose>,
    administre: bool,
    saisie: Saisie,
    choix: Vec<(String, String)>,
    acte: String,
    libelles: SaisieLibelles,
    revision: u64,
    territoires: Vec<(&'static str, &'static str)>,
    departement: String,
    verifie_le: String,
}

/// Règle, valeur, à partir du, motif, posé par.
type Pose = (String, String, String, String, String);

struct ParametreMontre {
    code: &'static str,
    intitule: String,
    texte: String,
    source: String,
    preuve: &'static str,
    valeur: String,
    depuis: String,
}

/// Un réglage saisi.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    regle: String,
    valeur: String,
    a_partir_du: String,
}

/// Les mots du territoire saisis.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SaisieLibelles {
    #[serde(flatten)]
    communs: ChampsCommuns,
    territoire: String,
    region: String,
    systeme: String,
    assistance: String,
}

/// GET /parametres
pub async fn montrer(a: Acces) -> Reponse {
    let saisie = Saisie {
        a_partir_du: a.etat.horloge.jour().to_string(),
        ..Saisie::default()
    };
    page(
        &a,
        StatusCode::OK,
        saisie,
        None,
        ErreursFormulaire::default(),
    )
    .await
}

/// POST /parametres
pub async fn poser(a: Acces, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    let mut c = Controle::default();
    let reglage = lire(&f, &mut c);
    let Some(reglage) = reglage.filter(|_| c.est_bon()) else {
        return page(&a, StatusCode::UNPROCESSABLE_ENTITY, f, None, c.0).await;
    };
    let auteur = a.auteur(&f.communs);
    parametres::poser(&a.etat.base, &a.centre, &reglage, &auteur).await?;
    Ok(rediriger_fait(
        "/parametres",
        "Le réglage est posé. Les sessions déjà créées gardent les leurs.",
    ))
}

fn lire(f: &Saisie, c: &mut Controle) -> Option<Reglage> {
    let motif = c.requis(
        "motif",
        &f.communs.motif,
        COURT_MAX,
        "Dites qui le demande, et quand : la référence d’un courrier, par exemple.",
    );
    let a_partir_du = c.date(
        "a_partir_du",
        &f.a_partir_du,
        "Dites à partir de quel jour.",
    );
    let Ok(valeur) = f.valeur.trim().parse::<u32>() else {
        c.faute("valeur", "Écrivez un nombre entier, par exemple 45.");
        return None;
    };
    if let Some(faute) = regles::verifier(&f.regle, valeur) {
        let champ = if regles::parametre(&f.regle).is_some() {
            "valeur"
        } else {
            "regle"
        };
        c.faute(champ, faute);
    }
    Some(Reglage {
        code: f.regle.clone(),
        valeur,
        a_partir_du: a_partir_du?,
        motif,
    })
}

/// POST /parametres/libelles
pub async fn changer_libelles(a: Acces, Formulaire(f): Formulaire<SaisieLibelles>) -> Reponse {
    let mut c = Controle::default();
    let territoire = Territoire::depuis_code(&f.territoire);
    if territoire.is_none() {
        c.faute("territoire", "Choisissez un territoire de la liste.");
    }
    let defaut = Libelles::du_territoire(territoire.unwrap_or_default());
    let ou = |v: String, d: &str| if v.is_empty() { d.to_owned() } else { v };
    let voulus = Libelles {
        region: ou(c.ligne("region", &f.region, 60), &defaut.region),
        systeme: ou(c.ligne("systeme", &f.systeme, 60), &defaut.systeme),
        assistance: c.ligne("assistance", &f.assistance, COURT_MAX),
        ..defaut
    };
    let revision = f.communs.vu_au_rang.parse().unwrap_or(0);
    if !c.est_bon() {
        let saisie = Saisie::default();
        return page(&a, StatusCode::UNPROCESSABLE_ENTITY, saisie, Some(f), c.0).await;
    }
    let auteur = a.auteur(&f.communs);
    match parametres::corriger_libelles(&a.etat.base, &a.centre, revision, &voulus, &auteur).await {
        Ok(_) => Ok(rediriger_fait("/parametres", "C’est enregistré.")),
        Err(stockage::Erreur::Conflit { .. } | stockage::Erreur::Unicite { .. }) => {
            let mut e = ErreursFormulaire::default();
            e.ajouter(
                "territoire",
                "Quelqu’un d’autre a changé ces mots pendant que vous les aviez sous les yeux. Votre saisie est gardée : enregistrez de nouveau pour la faire valoir.",
            );
            page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                Saisie::default(),
                Some(f),
                e,
            )
            .await
        }
        Err(e) => Err(Erreur::from(e)),
    }
}

async fn page(
    a: &Acces,
    statut: StatusCode,
    mut saisie: Saisie,
    mots: Option<SaisieLibelles>,
    erreurs: ErreursFormulaire,
) -> Reponse {
    let (libelles, revision) = parametres::libelles(&a.etat.base, &a.centre).await?;
    let poses = parametres::reglages(&a.etat.base, &a.centre).await?;
    let jour = a.etat.horloge.jour();
    let reglages: Vec<_> = poses.iter().map(|p| p.reglage.clone()).collect();
    let en_vigueur = regles::en_vigueur(&reglages, jour);
    if saisie.a_partir_du.is_empty() {
        saisie.a_partir_du = jour.to_string();
    }
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte("Paramètres des règles", "/parametres", a),
            erreurs,
            parametres: PARAMETRES
                .iter()
                .map(|p| montrer_parametre(p, &en_vigueur, &libelles))
                .collect(),
            historique: poses.iter().rev().map(dire_pose).collect(),
            administre: a.administre(),
            choix: PARAMETRES
                .iter()
                .map(|p| {
                    let mot = format!(
                        "{} – {} (de {} à {} {})",
                        p.code,
                        libelles.dire(p.intitule),
                        p.min,
                        p.max,
                        p.unite.libelle()
                    );
                    (p.code.to_owned(), mot)
                })
                .collect(),
            acte: nouvel_identifiant::<Acte>().to_string(),
            saisie,
            departement: libelles.departement.clone(),
            libelles: mots.unwrap_or_else(|| SaisieLibelles {
                territoire: libelles.territoire.code().to_owned(),
                region: libelles.region.clone(),
                systeme: libelles.systeme.clone(),
                assistance: libelles.assistance.clone(),
                ..SaisieLibelles::default()
            }),
            revision,
            territoires: Territoire::TOUS
                .into_iter()
                .map(|t| (t.code(), t.libelle()))
                .collect(),
            verifie_le: temps::date_moyenne(TEXTES_VERIFIES_LE),
        },
    ))
}

fn montrer_parametre(p: &Parametre, en_vigueur: &[Reglage], l: &Libelles) -> ParametreMontre {
    let r = regle(p.code);
    let regle_du_centre = en_vigueur.iter().find(|r| r.code == p.code);
    ParametreMontre {
        code: p.code,
        intitule: l.dire(p.intitule),
        texte: r.map(|r| l.dire(r.intitule)).unwrap_or_default(),
        source: r.map(|r| l.dire(r.source)).unwrap_or_default(),
        preuve: r.map_or("", |r| r.preuve.libelle()),
        valeur: format!(
            "{} {}",
            regle_du_centre.map_or(p.defaut, |r| r.valeur),
            p.unite.libelle()
        ),
        depuis: regle_du_centre.map_or("valeur par défaut".into(), |r| {
            format!(
                "réglée par le centre depuis le {} (par défaut : {})",
                temps::date_moyenne(r.a_partir_du),
                p.defaut
            )
        }),
    }
}

/// Un réglage posé, en mots.
fn dire_pose(p: &ReglagePose) -> Pose {
    let r = &p.reglage;
    let unite = regles::parametre(&r.code).map_or("", |p| p.unite.libelle());
    (
        r.code.clone(),
        format!("{} {unite}", r.valeur),
        temps::date_moyenne(r.a_partir_du),
        r.motif.clone(),
        format!("{}, le {}", p.par, temps::instant_court(&p.le)),
    )
}
