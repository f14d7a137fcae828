//! Les sites d'examen du centre, leurs salles, leurs agréments.

mod agrement;
mod formulaire;
mod salle;

use crate::acces::Acces;
use crate::cadre::{Cadre, rendre};
use crate::erreurs::{Erreur, Reponse};
use crate::reponses::{get, post};
use crate::routes::{DroitCentre, Nature, Route};
use askama::Template;
use axum::extract::Path;
use metier::{SiteId, temps};
use stockage::sites::{self, Salle, Site};
use stockage::titres;

const ORGANISER: Nature = Nature::Centre(DroitCentre::Organiser);

/// Les routes des sites.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/sites", Nature::Connectee, get(liste)),
        Route::lire("/sites/nouveau", ORGANISER, get(formulaire::nouveau)),
        Route::ecrire("/sites", ORGANISER, post(formulaire::ajouter)),
        Route::lire("/sites/{site}", Nature::Connectee, get(fiche)),
        Route::lire(
            "/sites/{site}/correction",
            ORGANISER,
            get(formulaire::correction),
        ),
        Route::ecrire(
            "/sites/{site}/correction",
            ORGANISER,
            post(formulaire::corriger),
        ),
        Route::lire(
            "/sites/{site}/salles/nouvelle",
            ORGANISER,
            get(salle::nouvelle),
        ),
        Route::ecrire("/sites/{site}/salles", ORGANISER, post(salle::ajouter)),
        Route::lire(
            "/sites/{site}/salles/{salle}",
            ORGANISER,
            get(salle::correction),
        ),
        Route::ecrire(
            "/sites/{site}/salles/{salle}",
            ORGANISER,
            post(salle::corriger),
        ),
        Route::lire(
            "/sites/{site}/agrements/nouveau",
            ORGANISER,
            get(agrement::nouveau),
        ),
        Route::ecrire(
            "/sites/{site}/agrements",
            ORGANISER,
            post(agrement::ajouter),
        ),
        Route::lire(
            "/sites/{site}/agrements/{agrement}",
            ORGANISER,
            get(agrement::correction),
        ),
        Route::ecrire(
            "/sites/{site}/agrements/{agrement}",
            ORGANISER,
            post(agrement::corriger),
        ),
    ]
}

struct LigneSite {
    id: String,
    nom: String,
    adresse: String,
    salles: String,
    agree: bool,
    actif: bool,
}

#[derive(Template)]
#[template(path = "sites/liste.html")]
struct PageListe {
    cadre: Cadre,
    peut_ecrire: bool,
    sites: Vec<LigneSite>,
}

/// GET /sites
async fn liste(acces: Acces) -> Reponse {
    let (base, centre) = (&acces.etat.base, &acces.centre);
    let salles = sites::salles(base, centre, None).await?;
    let lignes = sites::sites(base, centre)
        .await?
        .into_iter()
        .map(|s| {
            let nombre = salles
                .iter()
                .filter(|x| x.site == s.id && x.fiche.actif)
                .count();
            LigneSite {
                id: s.id.to_string(),
                adresse: s.adresse_complete(),
                salles: if nombre == 0 {
                    "à ajouter".into()
                } else {
                    nombre.to_string()
                },
                agree: s.fiche.agree,
                actif: s.fiche.actif,
                nom: s.fiche.nom,
            }
        })
        .collect();
    Ok(rendre(&PageListe {
        cadre: Cadre::connecte("Sites", "/centre/sites", &acces),
        peut_ecrire: acces.peut_organiser(),
        sites: lignes,
    }))
}

struct LigneAgrement {
    id: String,
    titre: String,
    periode: String,
    reference: String,
    etat: &'static str,
    ton: &'static str,
}

#[derive(Template)]
#[template(path = "sites/fiche.html")]
struct PageFiche {
    cadre: Cadre,
    peut_ecrire: bool,
    s: Site,
    salles: Vec<Salle>,
    agrements: Vec<LigneAgrement>,
}

/// GET /sites/{site}
async fn fiche(acces: Acces, Path(id): Path<String>) -> Reponse {
    let (base, centre, jour) = (&acces.etat.base, &acces.centre, acces.etat.horloge.jour());
    let s = trouver(&acces, &id).await?;
    let mut agrements = Vec::new();
    for a in sites::agrements(base, centre, &s.id).await? {
        let referentiel = titres::titre(base, centre, &a.fiche.titre).await?;
        let (etat, ton) = if a.fiche.fin < jour {
            ("Fini", "")
        } else if a.fiche.debut > jour {
            ("À venir", "neutre")
        } else {
            ("En cours", "fait")
        };
        agrements.push(LigneAgrement {
            id: a.id,
            titre: referentiel.map_or(a.fiche.titre, |r| r.designation()),
            periode: format!(
                "du {} au {}",
                temps::date_chiffres(a.fiche.debut),
                temps::date_chiffres(a.fiche.fin)
            ),
            reference: a.fiche.reference,
            etat,
            ton,
        });
    }
    Ok(rendre(&PageFiche {
        cadre: Cadre::connecte(s.fiche.nom.clone(), "/centre/sites", &acces),
        peut_ecrire: acces.peut_organiser(),
        salles: sites::salles(base, centre, Some(&s.id)).await?,
        agrements,
        s,
    }))
}

/// Le site de cette adresse, dans ce centre.
async fn trouver(acces: &Acces, id: &str) -> Result<Site, Erreur> {
    let id: SiteId = id.parse().map_err(|_| Erreur::Introuvable)?;
    sites::site(&acces.etat.base, &acces.centre, &id)
        .await?
        .ok_or(Erreur::Introuvable)
}
