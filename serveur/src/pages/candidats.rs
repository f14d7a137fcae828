//! Les candidats du centre : la personne d'une session à l'autre. Reliée par une personne, jamais d'office ; séparable.

use crate::acces::Acces;
use crate::cadre::{Cadre, rediriger_fait, rendre};
use crate::erreurs::{Erreur, Reponse};
use crate::pages::session::geste::{Champs, acte};
use crate::reponses::{get, post};
use crate::routes::{DroitCentre, Nature, Route};
use askama::Template;
use axum::extract::{Path, Query};
use metier::programme::TypeSession;
use metier::temps;
use metier::vues::LigneCandidat;
use metier::{CandidatId, SessionId};
use std::collections::HashMap;
use stockage::candidats::{self, Inscription};
use stockage::{Changement, vues};

/// Les routes des candidats du centre.
pub fn routes() -> Vec<Route> {
    let organiser = Nature::Centre(DroitCentre::Organiser);
    vec![
        Route::lire("/candidats", organiser, get(lister)),
        Route::lire("/candidats/{personne}", organiser, get(montrer)),
        Route::ecrire("/candidats/{personne}/lien", organiser, post(relier)),
        Route::ecrire("/candidats/{personne}/separation", organiser, post(separer)),
    ]
}

#[derive(Template)]
#[template(path = "candidats/liste.html")]
struct PageListe {
    cadre: Cadre,
    q: String,
    lignes: Vec<Ligne>,
    suivante: String,
}

struct Ligne {
    cle: String,
    nom: String,
    naissance: String,
    titre: String,
    session: String,
    resultat: String,
    ton: &'static str,
    reliee: bool,
}

/// GET /candidats
pub async fn lister(a: Acces, Query(q): Query<HashMap<String, String>>) -> Reponse {
    let texte: String = q
        .get("q")
        .map_or("", |t| t.trim())
        .chars()
        .take(100)
        .collect();
    let apres = q.get("apres").map(String::as_str);
    let (base, centre) = (&a.etat.base, &a.centre);
    let page = vues::candidats(base, centre, &texte, apres).await?;
    let mut lignes = vec![];
    for (session, c) in page.candidats {
        if acces_a(&a, &session).await?.is_none() {
            continue;
        }
        let Some(i) = candidats::inscription(base, centre, &session, &c.id).await? else {
            continue;
        };
        let (resultat, ton) = resultat(&i.ligne);
        lignes.push(Ligne {
            cle: i.cle().to_owned(),
            nom: c.nom,
            naissance: naissance(&i.ligne),
            titre: i.ligne.intitule.clone(),
            session: quand(&i.ligne),
            resultat,
            ton,
            reliee: i.personne.is_some(),
        });
    }
    rendre(&PageListe {
        cadre: Cadre::new(&a, "Candidats du centre"),
        suivante: page
            .suivante
            .map(|s| {
                format!(
                    "/candidats?q={}&apres={}",
                    crate::cadre::encoder(&texte),
                    crate::cadre::encoder(&s)
                )
            })
            .unwrap_or_default(),
        q: texte,
        lignes,
    })
}

/// La session, si la personne connectée y a droit. Ce qui n'est pas à soi ne se montre pas.
async fn acces_a(a: &Acces, session: &SessionId) -> Result<Option<()>, Erreur> {
    if a.voit_tout() {
        return Ok(Some(()));
    }
    let lue = stockage::charger(&a.etat.base, &a.centre, session).await?;
    Ok(lue.and_then(|(s, _)| a.role_dans(&s)).map(|_| ()))
}

fn naissance(l: &LigneCandidat) -> String {
    temps::lire_date(&l.naissance)
        .map(temps::date_chiffres)
        .unwrap_or_default()
}

fn quand(l: &LigneCandidat) -> String {
    let type_session = TypeSession::depuis_code(&l.type_session).map_or("Session", |t| t.libelle());
    match temps::lire_date(&l.debut) {
        Some(d) => format!("{type_session} du {}", temps::date_moyenne(d)),
        None => type_session.to_owned(),
    }
}

fn resultat(l: &LigneCandidat) -> (String, &'static str) {
    use metier::deliberation::Issue;
    let Some(r) = &l.resultat else {
        return ("pas encore délibéré".into(), "neutre");
    };
    let ton = match r.issue {
        Issue::Reussite => "fait",
        Issue::Partielle => "proche",
        Issue::Echec => "retard",
        Issue::Absence => "neutre",
    };
    let certificats = if r.certificats.is_empty() {
        String::new()
    } else {
        format!(" : {}", r.certificats.join(", "))
    };
    (format!("{}{certificats}", r.issue.libelle()), ton)
}

#[derive(Template)]
#[template(path = "candidats/personne.html")]
struct PagePersonne {
    cadre: Cadre,
    cle: String,
    nom: String,
    naissance: String,
    inscriptions: Vec<Montree>,
    proposees: Vec<Montree>,
    acquis: Vec<String>,
}

impl PagePersonne {
    fn acte(&self) -> String {
        acte()
    }
}

struct Montree {
    session: String,
    candidat: String,
    nom: String,
    titre: String,
    quand: String,
    resultat: String,
    ton: &'static str,
    /// L'adresse de sa fiche, vide si la session n'est pas à la personne connectée.
    fiche: String,
}

async fn montree(a: &Acces, i: &Inscription) -> Result<Montree, Erreur> {
    let (resultat, ton) = resultat(&i.ligne);
    let fiche = match acces_a(a, &i.session).await? {
        Some(()) => format!("/sessions/{}/candidats/{}/parcours", i.session, i.ligne.id),
        None => String::new(),
    };
    Ok(Montree {
        session: i.session.to_string(),
        candidat: i.ligne.id.to_string(),
        nom: i.ligne.nom.clone(),
        titre: i.ligne.intitule.clone(),
        quand: quand(&i.ligne),
        resultat,
        ton,
        fiche,
    })
}

/// Les inscriptions de cette personne, si l'une au moins est dans une session de la personne connectée.
async fn trouver(
    a: &Acces,
    chemin: &HashMap<String, String>,
) -> Result<(String, Vec<Inscription>), Erreur> {
    let cle: CandidatId = chemin
        .get("personne")
        .and_then(|c| c.parse().ok())
        .ok_or(Erreur::Introuvable)?;
    let i = candidats::inscriptions_de(&a.etat.base, &a.centre, cle.as_str()).await?;
    for x in &i {
        if acces_a(a, &x.session).await?.is_some() {
            // Une inscription reliée se montre à l'adresse de la personne.
            return Ok((x.cle().to_owned(), i));
        }
    }
    Err(Erreur::Introuvable)
}

/// GET /candidats/{personne}
pub async fn montrer(a: Acces, Path(chemin): Path<HashMap<String, String>>) -> Reponse {
    let (cle, connues) = trouver(&a, &chemin).await?;
    if chemin.get("personne").map(String::as_str) != Some(cle.as_str()) {
        return Err(Erreur::Ailleurs(format!("/candidats/{cle}")));
    }
    let (base, centre) = (&a.etat.base, &a.centre);
    let recente = connues.first().ok_or(Erreur::Introuvable)?;
    let mut proposees: Vec<Inscription> = vec![];
    for i in &connues {
        for p in candidats::proposees(base, centre, i).await? {
            if !proposees
                .iter()
                .any(|x| x.session == p.session && x.ligne.id == p.ligne.id)
            {
                proposees.push(p);
            }
        }
    }
    let mut acquis: Vec<String> = connues
        .iter()
        .filter_map(|i| i.ligne.resultat.as_ref().map(|r| (i, r)))
        .flat_map(|(i, r)| {
            r.certificats
                .iter()
                .map(|c| format!("{c} ({})", i.ligne.intitule))
        })
        .collect();
    acquis.sort();
    acquis.dedup();
    let (nom, naissance) = (recente.ligne.nom.clone(), naissance(&recente.ligne));
    let mut inscriptions = vec![];
    for i in &connues {
        inscriptions.push(montree(&a, i).await?);
    }
    let mut a_relier = vec![];
    for i in &proposees {
        a_relier.push(montree(&a, i).await?);
    }
    rendre(&PagePersonne {
        cadre: Cadre::new(&a, &format!("{nom} – Candidats du centre")),
        cle,
        nom,
        naissance,
        inscriptions,
        proposees: a_relier,
        acquis,
    })
}

/// L'inscription que le formulaire désigne.
async fn designee(a: &Acces, c: &Champs) -> Result<Inscription, Erreur> {
    let (session, candidat) = (
        c.identifiant::<SessionId>("session")
            .ok_or(Erreur::Introuvable)?,
        c.identifiant::<CandidatId>("candidat")
            .ok_or(Erreur::Introuvable)?,
    );
    candidats::inscription(&a.etat.base, &a.centre, &session, &candidat)
        .await?
        .ok_or(Erreur::Introuvable)
}

/// POST /candidats/{personne}/lien : c'est la même personne.
pub async fn relier(a: Acces, Path(chemin): Path<HashMap<String, String>>, c: Champs) -> Reponse {
    let (cle, connues) = trouver(&a, &chemin).await?;
    let ici = connues.first().ok_or(Erreur::Introuvable)?;
    let autre = designee(&a, &c).await?;
    let (base, centre) = (&a.etat.base, &a.centre);
    // Seules les inscriptions proposées se relient : même nom, même naissance.
    let mut proposee = false;
    for i in &connues {
        proposee |= candidats::proposees(base, centre, i)
            .await?
            .iter()
            .any(|p| p.session == autre.session && p.ligne.id == autre.ligne.id);
    }
    if !proposee {
        return rediriger_fait(
            &format!("/candidats/{cle}"),
            "Ces deux inscriptions sont déjà reliées, ou leurs noms et naissances ne concordent plus.",
        );
    }
    let fait = candidats::relier(base, centre, ici, &autre, &a.auteur(&c.communs())).await?;
    let cle = ici.personne.clone().or(autre.personne).unwrap_or(cle);
    rediriger_fait(
        &format!("/candidats/{cle}"),
        match fait {
            Changement::Enregistre => {
                "Les deux inscriptions sont reliées : c’est la même personne. Ses résultats passés peuvent être repris dans son parcours."
            }
            Changement::DejaEnregistre => "C’était déjà enregistré.",
        },
    )
}

/// POST /candidats/{personne}/separation : ce n'est pas la même personne.
pub async fn separer(a: Acces, Path(chemin): Path<HashMap<String, String>>, c: Champs) -> Reponse {
    let (cle, connues) = trouver(&a, &chemin).await?;
    let visee = designee(&a, &c).await?;
    if !connues
        .iter()
        .any(|i| i.session == visee.session && i.ligne.id == visee.ligne.id)
    {
        return Err(Erreur::Introuvable);
    }
    if c.communs().motif.trim().chars().count() < 3 {
        return rediriger_fait(
            &format!("/candidats/{cle}"),
            "Rien n’a été séparé : dites pourquoi en quelques mots, puis recommencez.",
        );
    }
    candidats::separer(&a.etat.base, &a.centre, &visee, &a.auteur(&c.communs())).await?;
    // L'adresse de la personne peut être l'inscription séparée : on va où il reste quelque chose à voir.
    let reste = connues
        .iter()
        .find(|i| i.session != visee.session || i.ligne.id != visee.ligne.id)
        .map_or(cle, |i| i.ligne.id.to_string());
    rediriger_fait(
        &format!("/candidats/{reste}"),
        "L’inscription est séparée. Les résultats déjà repris dans un parcours s’ôtent à la page de ce parcours.",
    )
}
