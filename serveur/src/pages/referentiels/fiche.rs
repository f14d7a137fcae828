//! Un titre : ses épreuves, ses CCP, d'où viennent les données, ses versions.

use super::{etat, trouver, validite};
use crate::acces::Acces;
use crate::cadre::{Cadre, rendre};
use crate::erreurs::{Erreur, Reponse};
use askama::Template;
use axum::extract::Path;
use metier::Referentiel;
use metier::referentiel::{Epreuve, PresenceJury};
use metier::temps::{self, duree};
use stockage::titres::{self, VersionTitre};

/// Une portée : la session titre, ou la session d'un CCP.
struct Portee {
    code: String,
    titre: String,
    vide: String,
    resume: String,
    epreuves: Vec<LigneEpreuve>,
}

/// Une épreuve ; une durée vide ou une présence inconnue reste à vérifier au RE.
struct LigneEpreuve {
    nature: String,
    precisions: String,
    modalite: &'static str,
    duree: String,
    presence: &'static str,
    presence_connue: bool,
}

struct LigneVersion {
    version: u32,
    le: String,
    texte: String,
    montree: bool,
}

#[derive(Template)]
#[template(path = "referentiels/fiche.html")]
struct PageFiche {
    cadre: Cadre,
    r: Referentiel,
    derniere: bool,
    sous_titre: String,
    etat: String,
    ton: &'static str,
    validite: String,
    peut_ecrire: bool,
    portees: Vec<Portee>,
    lignes: Vec<(&'static str, String)>,
    versions: Vec<LigneVersion>,
}

/// GET /referentiels/{titre}
pub(super) async fn derniere(acces: Acces, Path(cle): Path<String>) -> Reponse {
    let r = trouver(&acces, &cle).await?;
    let versions = titres::versions_du_titre(&acces.etat.base, &acces.centre, &cle).await?;
    Ok(rendre(&page(&acces, r, versions)))
}

/// GET /referentiels/{titre}/versions/{version}
pub(super) async fn version(acces: Acces, Path((cle, version)): Path<(String, u32)>) -> Reponse {
    let versions = titres::versions_du_titre(&acces.etat.base, &acces.centre, &cle).await?;
    let voulue = versions
        .iter()
        .find(|v| v.referentiel.version == version)
        .ok_or(Erreur::Introuvable)?;
    let r = voulue.referentiel.clone();
    Ok(rendre(&page(&acces, r, versions)))
}

fn page(acces: &Acces, r: Referentiel, versions: Vec<VersionTitre>) -> PageFiche {
    let jour = acces.etat.horloge.jour();
    let derniere = versions
        .first()
        .is_none_or(|v| v.referentiel.version == r.version);
    let (etat, precision, ton) = etat(&r);
    let mut sous_titre: Vec<String> = vec![r.code_complet()];
    sous_titre.extend(r.sigle.clone());
    sous_titre.extend(r.niveau.map(|n| format!("niveau {n}")));
    let validite = match (validite(&r, jour), r.echeance, r.fin_prolongation()) {
        (Some(("clos", _)), Some(echeance), _) => format!(
            "Ce titre n’est plus valable depuis le {} et son année de prolongation est passée : aucune session ne peut plus s’y tenir.",
            temps::date_moyenne(echeance)
        ),
        (Some(_), Some(echeance), Some(limite)) => format!(
            "Ce titre n’est plus valable depuis le {}. Jusqu’au {}, une session reste possible pour les parcours commencés avant cette date.",
            temps::date_moyenne(echeance),
            temps::date_moyenne(limite)
        ),
        _ => String::new(),
    };
    let lignes = [
        ("Code", r.code_titre.clone().unwrap_or_default()),
        ("Millésime", r.millesime.clone().unwrap_or_default()),
        ("Fiche RNCP", r.rncp.clone().unwrap_or_default()),
        (
            "Niveau",
            r.niveau.map(|n| n.to_string()).unwrap_or_default(),
        ),
        (
            "Fin de validité",
            r.echeance.map(temps::date_moyenne).unwrap_or_default(),
        ),
        ("Version", r.version.to_string()),
    ];
    let lignes = lignes
        .into_iter()
        .map(|(nom, valeur)| {
            (
                nom,
                if valeur.is_empty() {
                    "à compléter".to_owned()
                } else {
                    valeur
                },
            )
        })
        .collect();
    PageFiche {
        cadre: Cadre::connecte(
            r.intitule.clone(),
            format!("/referentiels/{}", r.cle),
            acces,
        ),
        derniere,
        sous_titre: sous_titre.join(" · "),
        etat: [etat, &precision].join(" ").trim().to_owned(),
        ton,
        validite,
        peut_ecrire: derniere && acces.peut_organiser(),
        portees: portees(&r),
        lignes,
        versions: versions
            .iter()
            .map(|v| ligne_version(v, r.version))
            .collect(),
        r,
    }
}

fn portees(r: &Referentiel) -> Vec<Portee> {
    let titre = Portee {
        code: "titre".into(),
        titre: "Session titre".into(),
        vide: "Les épreuves de ce titre ne sont pas au catalogue. Recopiez-les du référentiel d’évaluation pour pouvoir planifier une session.".into(),
        resume: resumer(&r.epreuves),
        epreuves: r.epreuves.iter().map(ligne_epreuve).collect(),
    };
    let ccps = r.ccps.iter().map(|c| Portee {
        code: c.code.clone(),
        titre: format!("{} : {}", c.code, c.intitule),
        vide: "Les épreuves d’une session sur ce seul CCP restent à écrire.".into(),
        resume: resumer(&c.epreuves),
        epreuves: c.epreuves.iter().map(ligne_epreuve).collect(),
    });
    std::iter::once(titre).chain(ccps).collect()
}

fn ligne_epreuve(e: &Epreuve) -> LigneEpreuve {
    LigneEpreuve {
        nature: e.nature.clone(),
        precisions: e.precisions.clone().unwrap_or_default(),
        modalite: e.modalite.libelle(),
        duree: e.duree_minutes.map(duree).unwrap_or_default(),
        presence: e.presence_jury.libelle(),
        presence_connue: e.presence_jury != PresenceJury::Inconnue,
    }
}

/// « 4 épreuves, 2 h par candidat ».
fn resumer(epreuves: &[Epreuve]) -> String {
    let nombre = if epreuves.len() == 1 {
        "1 épreuve".to_owned()
    } else {
        format!("{} épreuves", epreuves.len())
    };
    let total: Option<u32> = epreuves.iter().map(|e| e.duree_minutes).sum();
    match total {
        Some(minutes) => format!("{nombre}, {} par candidat", duree(minutes)),
        None => nombre,
    }
}

fn ligne_version(v: &VersionTitre, montree: u32) -> LigneVersion {
    let auteur = if v.cree_par.is_empty() {
        String::new()
    } else {
        format!("{}, ", v.cree_par)
    };
    LigneVersion {
        version: v.referentiel.version,
        le: if v.cree_le.is_empty() {
            String::new()
        } else {
            temps::instant_court(&v.cree_le)
        },
        texte: format!("{auteur}{}", v.motif),
        montree: v.referentiel.version == montree,
    }
}
