//! Les candidats d'une session : la liste, la saisie à la main, l'import d'un fichier.

mod amenagements;
mod apercu;
mod conventions;
mod dossiers;
mod exports;
mod fiche;
mod import;
mod parcours;
mod saisie;

use super::tete::TeteSession;
use super::{modifiable, titre};
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rendre};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, nouvel_identifiant};
use crate::pages::session::geste::Champs;
use crate::reponses::{get, post};
use crate::routes::{Nature as Acces, Route};
use askama::Template;
use axum::extract::DefaultBodyLimit;
use importation::limites::OCTETS_MAX;
use metier::candidats::{Candidat, Fiche, sans_accents};
use metier::convocations::{Destinataire, Etat};
use metier::mots::nombre;
use metier::{Acte, CandidatId, Nature, Session, temps};
use std::collections::HashMap;

/// Suite à dire quand un planning validé ne l'est plus, faute d'y avoir placé tout le monde.
const PLANNING_ROUVERT: &str =
    " Le planning n’est plus validé : complétez-le, puis validez-le de nouveau.";
/// Corps le plus gros d'un envoi de fichier : le fichier et ce qui l'entoure.
const ENVOI_MAX: usize = OCTETS_MAX + 1024 * 1024;
/// Corps le plus gros d'un aperçu renvoyé pour import : mille fiches, leurs problèmes, encodés.
const APERCU_MAX: usize = 20 * 1024 * 1024;

/// Les routes des candidats.
pub fn routes() -> Vec<Route> {
    let lire = Acces::Session(Nature::Lire);
    let preparer = Acces::Session(Nature::Preparer);
    let confier = Acces::Session(Nature::Confier);
    vec![
        Route::lire("/sessions/{session}/candidats", lire, get(lister)),
        Route::lire(
            "/sessions/{session}/candidats/nouveau",
            preparer,
            get(fiche::nouveau),
        ),
        Route::ecrire(
            "/sessions/{session}/candidats/nouveau",
            preparer,
            post(fiche::inscrire),
        ),
        Route::lire(
            "/sessions/{session}/candidats/import",
            preparer,
            get(import::choisir),
        ),
        Route::ecrire(
            "/sessions/{session}/candidats/import",
            preparer,
            post(import::importer).layer(DefaultBodyLimit::max(APERCU_MAX)),
        ),
        Route::ecrire(
            "/sessions/{session}/candidats/import/apercu",
            preparer,
            post(import::apercevoir).layer(DefaultBodyLimit::max(ENVOI_MAX)),
        ),
        Route::lire(
            "/sessions/{session}/candidats/dossiers",
            lire,
            get(dossiers::montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/candidats/dossiers",
            preparer,
            post(dossiers::noter),
        ),
        Route::lire(
            "/sessions/{session}/candidats/conventions",
            lire,
            get(conventions::montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/candidats/conventions",
            preparer,
            post(conventions::noter),
        ),
        Route::lire(
            "/sessions/{session}/candidats/amenagements",
            confier,
            get(amenagements::lister),
        ),
        Route::lire(
            "/sessions/{session}/candidats/ceres",
            preparer,
            get(exports::ceres),
        ),
        Route::lire(
            "/sessions/{session}/emporter/candidats/{format}",
            preparer,
            get(exports::candidats),
        ),
        Route::lire(
            "/sessions/{session}/emporter/dossiers/{format}",
            preparer,
            get(exports::dossiers),
        ),
        Route::lire(
            "/sessions/{session}/emporter/session.json",
            preparer,
            get(exports::json),
        ),
        Route::ecrire(
            "/sessions/{session}/candidats/{candidat}/donnees",
            confier,
            post(exports::donnees),
        ),
        Route::lire(
            "/schemas/session-1.json",
            Acces::Publique,
            get(exports::schema),
        ),
        Route::lire(
            "/sessions/{session}/candidats/{candidat}/amenagement",
            confier,
            get(amenagements::montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/candidats/{candidat}/amenagement",
            confier,
            post(amenagements::agir),
        ),
        Route::lire(
            "/sessions/{session}/candidats/{candidat}/parcours",
            lire,
            get(parcours::montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/candidats/{candidat}/parcours",
            preparer,
            post(parcours::agir),
        ),
        Route::lire(
            "/sessions/{session}/candidats/{candidat}",
            lire,
            get(fiche::montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/candidats/{candidat}",
            preparer,
            post(fiche::corriger),
        ),
        Route::ecrire(
            "/sessions/{session}/candidats/{candidat}/retrait",
            preparer,
            post(fiche::retirer),
        ),
        Route::ecrire(
            "/sessions/{session}/candidats/{candidat}/reinscription",
            preparer,
            post(fiche::reinscrire),
        ),
    ]
}

#[derive(Template)]
#[template(path = "session/candidats.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    modifiable: bool,
    confie: bool,
    prepare: bool,
    resume: String,
    candidats: Vec<LigneMontree>,
    retires: Vec<RetireMontre>,
}

struct LigneMontree {
    id: String,
    nom: String,
    nom_naissance: String,
    naissance: String,
    lieu: String,
    voie: &'static str,
    organisme: String,
    courriel: String,
    telephone: String,
    convocation: &'static str,
    ton: &'static str,
    manque: String,
}

struct RetireMontre {
    id: String,
    nom: String,
    motif: String,
    acte: String,
}

/// GET /sessions/{session}/candidats
pub(super) async fn lister(a: AccesSession) -> Reponse {
    let s = &a.session;
    let mut inscrits: Vec<&Candidat> = s.inscrits().collect();
    inscrits.sort_by_cached_key(|c| (sans_accents(&c.fiche.nom_complet()), c.id.clone()));
    let incomplets = inscrits
        .iter()
        .filter(|c| !ce_qui_manque(&c.fiche).is_empty())
        .count();
    let candidats: Vec<LigneMontree> = inscrits.into_iter().map(|c| ligne(s, c)).collect();
    let retires = s.candidats.iter().filter_map(|c| {
        let motif = c.retire.clone()?;
        Some(RetireMontre {
            id: c.id.to_string(),
            nom: c.fiche.nom_complet(),
            motif,
            acte: nouvel_identifiant::<Acte>().to_string(),
        })
    });
    rendre(&Page {
        cadre: Cadre::connecte(format!("Candidats – {}", titre(s)), a.base(), &a.acces),
        tete: TeteSession::nouvelle(&a.id, s, a.jour(), "candidats"),
        modifiable: modifiable(&a, Nature::Preparer),
        confie: a.peut(Nature::Confier),
        prepare: a.peut(Nature::Preparer),
        resume: resumer(candidats.len(), incomplets),
        candidats,
        retires: retires.collect(),
    })
}

fn resumer(inscrits: usize, incomplets: usize) -> String {
    let suite = match incomplets {
        0 => "Toutes les fiches sont complètes.".to_owned(),
        1 => "Une fiche est à compléter.".to_owned(),
        n => format!("{n} fiches sont à compléter."),
    };
    let inscrits = nombre(inscrits, "candidat inscrit", "candidats inscrits");
    format!("{inscrits}. {suite}")
}

fn ligne(s: &Session, c: &Candidat) -> LigneMontree {
    let f = &c.fiche;
    let texte = |v: &Option<String>| v.clone().unwrap_or_default();
    let (convocation, ton) = convocation_montree(s, &c.id);
    let autre_nom = f
        .nom_usage
        .as_ref()
        .is_some_and(|u| u.to_lowercase() != f.nom_naissance.to_lowercase());
    LigneMontree {
        id: c.id.to_string(),
        nom: f.nom_complet(),
        nom_naissance: if autre_nom {
            f.nom_naissance.to_uppercase()
        } else {
            String::new()
        },
        naissance: f.naissance.map(temps::date_chiffres).unwrap_or_default(),
        lieu: texte(&f.lieu_naissance),
        voie: f.voie.map_or("", |v| v.libelle()),
        organisme: texte(&f.organisme),
        courriel: texte(&f.courriel),
        telephone: f
            .telephone
            .as_deref()
            .map(telephone_montre)
            .unwrap_or_default(),
        convocation,
        ton,
        manque: ce_qui_manque(f).join(", "),
    }
}

/// « 06 12 34 56 78 » pour dix chiffres qui se suivent ; sinon tel quel.
fn telephone_montre(telephone: &str) -> String {
    if telephone.len() != 10 || !telephone.bytes().all(|b| b.is_ascii_digit()) {
        return telephone.to_owned();
    }
    telephone
        .as_bytes()
        .chunks(2)
        .map(String::from_utf8_lossy)
        .collect::<Vec<_>>()
        .join("\u{a0}")
}

/// Ce qui manque à une fiche pour convoquer et remplir les papiers.
fn ce_qui_manque(f: &Fiche) -> Vec<&'static str> {
    let vide = |v: &Option<String>| v.as_deref().is_none_or(|t| t.trim().is_empty());
    [
        (f.naissance.is_none(), "date de naissance"),
        (vide(&f.lieu_naissance), "lieu de naissance"),
        (f.voie.is_none(), "voie d’accès"),
        (vide(&f.courriel), "courriel"),
        (
            vide(&f.adresse) || vide(&f.code_postal) || vide(&f.ville),
            "adresse postale",
        ),
    ]
    .into_iter()
    .filter_map(|(manque, quoi)| manque.then_some(quoi))
    .collect()
}

/// L'état de la convocation d'un candidat, et sa teinte.
fn convocation_montree(s: &Session, id: &CandidatId) -> (&'static str, &'static str) {
    let etat = s.etat_convocation(&Destinataire::Candidat(id.clone()));
    let ton = match etat {
        Etat::AEditer => "a-faire",
        Etat::ARemettre => "proche",
        Etat::Remise => "fait",
        Etat::ARefaire => "retard",
    };
    (etat.libelle(), ton)
}

/// Le candidat du chemin, s'il est de cette session.
fn trouver(a: &AccesSession, chemin: &HashMap<String, String>) -> Result<Candidat, Erreur> {
    let id: CandidatId = chemin
        .get("candidat")
        .and_then(|c| c.parse().ok())
        .ok_or(Erreur::Introuvable)?;
    a.session
        .candidat(&id)
        .cloned()
        .map_err(|_| Erreur::Introuvable)
}

/// Une date facultative d'un formulaire : rien si elle est vide, une faute si elle ne se lit pas.
fn date_facultative(
    c: &Champs,
    champ: &str,
    fautes: &mut ErreursFormulaire,
) -> Option<jiff::civil::Date> {
    let texte = c.un(champ).trim();
    let lue = temps::lire_date(texte);
    if lue.is_none() && !texte.is_empty() {
        fautes.ajouter(
            champ,
            "Cette date ne se lit pas. Écrivez-la sous la forme 15/12/2026, ou laissez le champ vide.",
        );
    }
    lue
}

/// La même demande, devant la session telle qu'elle est maintenant.
async fn relire(mut a: AccesSession) -> Result<AccesSession, Erreur> {
    let etat = &a.acces.etat;
    let (session, tete) = stockage::charger(&etat.base, &a.acces.centre, &a.id)
        .await?
        .ok_or(Erreur::Introuvable)?;
    (a.session, a.tete) = (session, tete);
    Ok(a)
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn ce_qui_manque_se_dit_champ_par_champ() {
        let vide = Fiche::default();
        assert_eq!(ce_qui_manque(&vide).len(), 5);
        let f = Fiche {
            courriel: Some("a@b.fr".into()),
            lieu_naissance: Some(" ".into()),
            ..Fiche::default()
        };
        assert_eq!(
            ce_qui_manque(&f),
            [
                "date de naissance",
                "lieu de naissance",
                "voie d’accès",
                "adresse postale"
            ]
        );
    }

    #[test]
    fn le_telephone_se_lit_par_paires() {
        assert_eq!(
            telephone_montre("0612345678"),
            "06\u{a0}12\u{a0}34\u{a0}56\u{a0}78"
        );
        assert_eq!(telephone_montre("+33 6 12"), "+33 6 12");
        assert_eq!(
            resumer(1, 1),
            "1 candidat inscrit. Une fiche est à compléter."
        );
    }
}
