//! Les documents d'une session : tout le catalogue, ce qui s'édite, ce qui manque, ce qui est figé ; l'édition d'ensemble.

use super::convocations::{Paires, communs, produire};
use super::geste::acte;
use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger, rendre, rendre_statut};
use crate::edition::catalogue::{self, Ligne, Moment};
use crate::edition::travaux::{Etape, Travail};
use crate::edition::{self, CATALOGUE, Commande, ErreurEdition, Sources};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, Formulaire};
use crate::reponses::{get, post};
use crate::routes::{Nature as Droit, Route};
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use documents::donnees::Entete;
use metier::convocations::{self, Document};
use metier::{Action, Nature, Session};
use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Les routes des documents.
pub fn routes() -> Vec<Route> {
    let lire = Droit::Session(Nature::Lire);
    let preparer = Droit::Session(Nature::Preparer);
    vec![
        Route::lire("/sessions/{session}/documents", lire, get(montrer)),
        Route::ecrire("/sessions/{session}/papiers/{code}", preparer, post(editer)),
        Route::ecrire(
            "/sessions/{session}/documents",
            preparer,
            post(editer_ensemble),
        ),
        Route::lire(
            "/sessions/{session}/documents/edition/{edition}",
            preparer,
            get(suivre),
        ),
        Route::lire(
            "/sessions/{session}/documents/archive",
            preparer,
            get(archive),
        ),
    ]
}

struct Papier {
    code: &'static str,
    intitule: &'static str,
    usage: &'static str,
    editable: bool,
    choisi: bool,
    /// Ce qui s'éditerait : « 12 papiers ».
    combien: String,
    manques: Vec<String>,
    /// Manques de plus que ceux montrés.
    autres: usize,
    lien: String,
    a_sa_page: bool,
    fige: Vec<Fige>,
    depuis: usize,
}

struct Fige {
    href: String,
    nom: String,
    tete: String,
}

struct Groupe {
    titre: &'static str,
    code: &'static str,
    papiers: Vec<Papier>,
}

#[derive(Template)]
#[template(path = "session/documents.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    refus: Vec<String>,
    groupes: Vec<Groupe>,
    prets: usize,
    en_attente: usize,
    figes: usize,
    modifiable: bool,
    acte: String,
}

#[derive(Template)]
#[template(path = "session/documents_edition.html")]
struct PageEdition {
    cadre: Cadre,
    tete: TeteSession,
    travail: Travail,
    pourcent: usize,
    faits: Vec<Fige>,
    a_imprimer: Vec<Fige>,
    refus: Vec<String>,
    en_cours: bool,
}

/// GET /sessions/{session}/documents
async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, vec![], None).await
}

/// Ce qu'un papier de cette session demande : ses sources, et l'en-tête que porte la tête du journal.
pub(super) async fn sources(a: &AccesSession) -> Result<(Sources, Entete), ErreurEdition> {
    let etat = &a.acces.etat;
    let sources = Sources::lire(
        &etat.base,
        &a.acces.centre,
        &a.acces.nom_centre,
        &a.id,
        &a.session,
    )
    .await?;
    let entete = sources.entete(&a.session, &a.tete, &etat.horloge.maintenant())?;
    Ok((sources, entete))
}

fn panne(e: ErreurEdition) -> Erreur {
    match e {
        ErreurEdition::Stockage(e) => e.into(),
        autre => Erreur::interne(&autre.to_string()),
    }
}

/// Combien de pages de manques un papier montre : au-delà, les premiers suffisent à savoir où aller.
const MANQUES_MONTRES: usize = 2;

fn montre(
    (sources, entete): (&Sources, &Entete),
    a: &AccesSession,
    l: &'static Ligne,
    choisis: Option<&[String]>,
) -> Papier {
    let s: &Session = &a.session;
    let base = a.base();
    let examen = edition::examiner(sources, entete, s, a.jour(), l);
    let versions: Vec<&(u64, Document)> = s
        .convocations
        .documents
        .iter()
        .filter(|(_, d)| d.code == l.code && d.destinataire.is_none())
        .collect();
    let tete = versions.last().map(|(_, d)| d.tete.clone());
    // Les parties d'une même édition portent la même tête.
    let fige: Vec<Fige> = versions
        .iter()
        .filter(|(_, d)| Some(&d.tete) == tete.as_ref())
        .map(|(_, d)| fige(&base, d))
        .collect();
    let depuis = versions
        .last()
        .map_or(0, |(rang, _)| s.rang.saturating_sub(*rang) as usize);
    let (combien, manques) = match &examen {
        Ok(p) => (
            match p.len() {
                1 => String::new(),
                n => format!("{n} papiers"),
            },
            vec![],
        ),
        Err(m) => (String::new(), m.clone()),
    };
    Papier {
        code: l.code,
        intitule: l.intitule,
        usage: l.usage,
        editable: examen.is_ok(),
        choisi: choisis.map_or(!l.a_sa_page && fige.is_empty(), |c| {
            c.iter().any(|x| x == l.code)
        }),
        combien,
        autres: manques.len().saturating_sub(MANQUES_MONTRES),
        manques: manques.into_iter().take(MANQUES_MONTRES).collect(),
        lien: match l.page {
            "" => base.clone(),
            page => format!("{base}/{page}"),
        },
        a_sa_page: l.a_sa_page,
        fige,
        depuis,
    }
}

fn fige(base: &str, d: &Document) -> Fige {
    Fige {
        href: format!("{base}/documents/{}", d.piece),
        nom: d.nom.clone(),
        tete: d.tete.clone(),
    }
}

async fn page(
    a: &AccesSession,
    statut: StatusCode,
    refus: Vec<String>,
    choisis: Option<&[String]>,
) -> Reponse {
    let s = &*a.session;
    s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let (sources, entete) = sources(a).await.map_err(panne)?;
    let groupes: Vec<Groupe> = Moment::TOUS
        .into_iter()
        .map(|m| Groupe {
            titre: m.libelle(),
            code: m.code(),
            papiers: CATALOGUE
                .iter()
                .filter(|l| l.moment == m)
                .map(|l| montre((&sources, &entete), a, l, choisis))
                .collect(),
        })
        .collect();
    let compter = |f: fn(&Papier) -> bool| {
        groupes
            .iter()
            .flat_map(|g| &g.papiers)
            .filter(|p| f(p))
            .count()
    };
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Documents – {}", super::titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "documents"),
            refus,
            prets: compter(|p| p.editable),
            en_attente: compter(|p| !p.editable),
            figes: compter(|p| !p.fige.is_empty()),
            groupes,
            modifiable: super::modifiable(a, Nature::Preparer),
            acte: acte(),
        },
    ))
}

/// POST /sessions/{session}/papiers/{code} : un papier, figé puis montré.
async fn editer(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    Formulaire(p): Formulaire<Paires>,
) -> Reponse {
    let code = chemin.get("code").cloned().unwrap_or_default();
    // Le kit s'édite depuis la check-list, par cette même adresse.
    if catalogue::ligne(&code).is_none_or(|l| l.a_sa_page && l.code != "kit-papier") {
        return Err(Erreur::Introuvable);
    }
    exiger_papiers(&p)?;
    match produire(&a, &communs(&p), |s| {
        edition::commander(s, &a.session, a.jour(), &code)
    })
    .await?
    {
        Ok(d) if d.len() == 1 => Ok(rediriger(&format!("{}/documents/{}", a.base(), d[0].piece))),
        Ok(_) => Ok(rediriger(&format!("{}/documents", a.base()))),
        Err(manques) => page(&a, StatusCode::UNPROCESSABLE_ENTITY, manques, None).await,
    }
}

/// Chaque case cochée doit être celle d'un papier du catalogue.
fn exiger_papiers(p: &Paires) -> Result<(), Erreur> {
    let inconnu = p
        .iter()
        .any(|(nom, code)| nom == "papier" && catalogue::ligne(code).is_none());
    if inconnu {
        return Err(crate::formulaires::formulaire_abime());
    }
    Ok(())
}

/// POST /sessions/{session}/documents : tous les papiers cochés, composés pendant que la page suivante le dit.
async fn editer_ensemble(a: AccesSession, Formulaire(p): Formulaire<Paires>) -> Reponse {
    exiger_papiers(&p)?;
    let choisis: Vec<String> = p
        .iter()
        .filter(|(n, _)| n == "papier")
        .map(|(_, v)| v.clone())
        .collect();
    let codes: Vec<&str> = choisis.iter().map(String::as_str).collect();
    let (sources, entete) = sources(&a).await.map_err(panne)?;
    let (commandes, ecartes) =
        edition::commander_ensemble(&sources, &entete, &a.session, a.jour(), &codes);
    if commandes.is_empty() {
        let refus = if ecartes.is_empty() {
            vec!["Aucun papier n’est choisi. Cochez au moins un papier, puis éditez.".to_owned()]
        } else {
            ecartes.into_iter().flat_map(|(_, p)| p).collect()
        };
        return page(&a, StatusCode::UNPROCESSABLE_ENTITY, refus, Some(&choisis)).await;
    }
    let id = uuid::Uuid::now_v7().to_string();
    a.acces.etat.travaux.ouvrir(
        &id,
        Travail {
            session: a.id.clone(),
            total: commandes.iter().map(|c| c.papiers.len()).sum(),
            faits: 0,
            ecartes,
            etape: Etape::EnCours,
        },
    );
    let suite = format!("{}/documents/edition/{id}", a.base());
    tokio::spawn(composer_et_figer(a, communs(&p), id, entete, commandes));
    Ok(rediriger(&suite))
}

/// Compose hors de la requête, puis fige tout d'un coup ; note où l'on en est.
async fn composer_et_figer(
    a: AccesSession,
    champs: ChampsCommuns,
    id: String,
    entete: Entete,
    commandes: Vec<Commande>,
) {
    let etat = a.acces.etat.clone();
    let (suivi, cle) = (etat.clone(), id.clone());
    let dire = move |n| suivi.travaux.noter(&cle, |t| t.faits = t.faits.max(n));
    let etape = match edition::composer_en_disant(&etat.documents, entete, commandes, dire).await {
        Err(ErreurEdition::Refus(phrases)) => Etape::Refusee(phrases),
        Err(autre) => Etape::Refusee(vec![autre.to_string()]),
        Ok(composes) => {
            let (documents, pieces) = edition::figer(composes, &a.tete);
            let action = Action::Convocation(convocations::Action::Figer(documents.clone()));
            match a.executer_avec_pieces(&champs, action, &pieces).await {
                Ok(Ok(_)) => Etape::Faite(documents),
                Ok(Err(r)) => Etape::Refusee(
                    r.constats
                        .iter()
                        .map(|c| format!("{} {}", c.phrase, c.remede))
                        .collect(),
                ),
                Err(_) => Etape::Refusee(vec![
                    "Les papiers n’ont pas pu être enregistrés. Recommencez ; si cela dure, prévenez la personne qui exploite Garant.".into(),
                ]),
            }
        }
    };
    etat.travaux.noter(&id, |t| t.etape = etape);
}

/// GET /sessions/{session}/documents/edition/{edition}
async fn suivre(a: AccesSession, Path(chemin): Path<HashMap<String, String>>) -> Reponse {
    let id = chemin.get("edition").map_or("", String::as_str);
    let Some(travail) = a.acces.etat.travaux.de(id, &a.id) else {
        // Oubliée, ou le serveur a redémarré : ce qui est figé se lit à la page Documents.
        return Ok(rediriger(&format!("{}/documents", a.base())));
    };
    let base = a.base();
    let (mut faits, mut a_imprimer, mut refus) = (vec![], vec![], vec![]);
    match &travail.etape {
        Etape::EnCours => {}
        Etape::Refusee(phrases) => refus = phrases.clone(),
        Etape::Faite(documents) => {
            for d in documents {
                if d.code == edition::ENSEMBLE_PAPIERS {
                    a_imprimer.push(fige(&base, d));
                } else {
                    faits.push(fige(&base, d));
                }
            }
        }
    }
    let en_cours = matches!(travail.etape, Etape::EnCours);
    let mut r: axum::response::Response = rendre(&PageEdition {
        cadre: Cadre::connecte(
            format!("Édition – {}", super::titre(&a.session)),
            a.base(),
            &a.acces,
        ),
        tete: TeteSession::nouvelle(&a.id, &a.session, a.jour(), "documents"),
        pourcent: travail.faits * 100 / travail.total.max(1),
        travail,
        faits,
        a_imprimer,
        refus,
        en_cours,
    });
    if en_cours {
        r.headers_mut()
            .insert("refresh", HeaderValue::from_static("1"));
    }
    Ok(r)
}

/// GET /sessions/{session}/documents/archive : la dernière édition de chaque papier, en un ZIP.
async fn archive(a: AccesSession) -> Reponse {
    let mut derniers: BTreeMap<String, &Document> = BTreeMap::new();
    for (_, d) in &a.session.convocations.documents {
        if d.code.starts_with(edition::ENSEMBLE) || d.code == edition::ENSEMBLE_PAPIERS {
            continue;
        }
        let qui = d
            .destinataire
            .as_ref()
            .map(|x| x.id().to_owned())
            .unwrap_or_else(|| d.nom.clone());
        derniers.insert(format!("{}|{qui}", d.code), d);
    }
    if derniers.is_empty() {
        return page(
            &a,
            StatusCode::UNPROCESSABLE_ENTITY,
            vec![
                "Aucun papier n’est encore édité : l’archive serait vide. Éditez-en d’abord."
                    .into(),
            ],
            None,
        )
        .await;
    }
    let faute = |e: &dyn std::fmt::Display| Erreur::interne(&e.to_string());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let tel_quel = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut pris: Vec<String> = vec![];
    for d in derniers.values() {
        // Un contenu purgé n'a plus d'octets : il n'est plus dans l'archive.
        let Some(octets) = stockage::piece(&a.acces.etat.base, &a.acces.centre, &a.id, &d.piece)
            .await?
            .and_then(|p| p.octets)
        else {
            continue;
        };
        let tronc = d.nom.trim_end_matches(".pdf");
        let nom = (1..)
            .map(|n| match n {
                1 => format!("{}/{tronc}.pdf", d.code),
                n => format!("{}/{tronc} ({n}).pdf", d.code),
            })
            .find(|n| !pris.contains(n))
            .unwrap_or_default();
        zip.start_file(nom.clone(), tel_quel)
            .map_err(|e| faute(&e))?;
        zip.write_all(&octets).map_err(|e| faute(&e))?;
        pris.push(nom);
    }
    let octets = zip.finish().map_err(|e| faute(&e))?.into_inner();
    let mut r = octets.into_response();
    let entetes = r.headers_mut();
    entetes.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/zip"),
    );
    entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    entetes.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"papiers-de-la-session.zip\""),
    );
    Ok(r)
}
