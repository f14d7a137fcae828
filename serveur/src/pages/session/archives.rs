//! Les archives d'une session : où est chaque chose, jusqu'à quand, ce qui les gèle ; la purge proposée, montrée, confirmée à deux.

use super::geste::{Champs, Suite, acte};
use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::edition::{self, ErreurEdition};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, formulaire_abime};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use metier::archivage::{self, Action as Archiver, Classe, Element, Sort, Support};
use metier::plis::Etape;
use metier::{Action, Nature, Refus, Session, temps};
use stockage::Issue;
use stockage::purge::{self, Apercu};

#[derive(Template)]
#[template(path = "session/archives.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    suite: Suite,
    erreurs: ErreursFormulaire,
    terme: String,
    echu: bool,
    registre: Vec<ElementMontre>,
    manques: Vec<String>,
    plis: Vec<(String, String)>,
    recours: Vec<RecoursMontre>,
    proposition: Option<PropositionMontree>,
    classes: Vec<(&'static str, &'static str, bool)>,
    apercu: Vec<(String, String)>,
    pieces: Vec<String>,
    purges: Vec<PurgeMontree>,
    supports: Vec<(&'static str, &'static str)>,
    elements: Vec<(&'static str, &'static str)>,
    documents: Vec<(String, String)>,
    personnes: Vec<(String, String)>,
    saisie: Champs,
    modifiable: bool,
    editable: bool,
}

impl Page {
    fn acte(&self) -> String {
        acte()
    }
}

struct ElementMontre {
    code: &'static str,
    libelle: &'static str,
    source: &'static str,
    etat: String,
    ton: &'static str,
    detail: String,
}

struct RecoursMontre {
    numero: u32,
    objet: String,
    recu: String,
    issue: String,
}

struct PropositionMontree {
    nom: String,
    le: String,
    motif: String,
    classes: String,
    soi: bool,
}

struct PurgeMontree {
    phrase: String,
    detail: String,
}

/// GET /sessions/{session}/archives
pub async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None).await
}

/// POST /sessions/{session}/archives
pub async fn agir(a: AccesSession, c: Champs) -> Reponse {
    if c.un("geste") == "confirmer" {
        return confirmer(a, c).await;
    }
    let issue = match lire(&a, &c)? {
        Ok(action) => a.executer(&c.communs(), Action::Archivage(action)).await?,
        Err(refus) => Err(refus),
    };
    match issue {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/archives", a.base()),
            "C’est enregistré.",
        )),
        Err(r) => page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some((&r, &c))).await,
    }
}

fn lire(a: &AccesSession, c: &Champs) -> Result<Result<Archiver, Refus>, Erreur> {
    let survenu = match c.survenu(a) {
        Ok(survenu) => survenu,
        Err(refus) => return Ok(Err(refus)),
    };
    let texte = |nom: &str| c.un(nom).trim().to_owned();
    let element = || Element::depuis_code(c.un("element")).ok_or_else(formulaire_abime);
    Ok(Ok(match c.un("geste") {
        "ranger" => Archiver::Ranger {
            element: element()?,
            lieu: texte("lieu"),
            support: Support::depuis_code(c.un("support")).ok_or_else(formulaire_abime)?,
            survenu,
        },
        "dispenser" => Archiver::Dispenser {
            element: element()?,
        },
        "recours" => Archiver::OuvrirRecours {
            objet: texte("objet"),
            recu: survenu,
        },
        "clore" => Archiver::CloreRecours {
            numero: c.nombre("numero"),
            issue: texte("issue"),
            survenu,
        },
        "proposer" => Archiver::ProposerPurge {
            classes: c.tous("classes").filter_map(Classe::depuis_code).collect(),
        },
        "renoncer" => Archiver::RenoncerPurge,
        _ => return Err(Erreur::Introuvable),
    }))
}

/// Confirmer : le stockage relit, le métier accorde ou refuse, tout part d'un coup ; le registre des purges suit.
async fn confirmer(a: AccesSession, c: Champs) -> Reponse {
    let communs = c.communs();
    let etat = &a.acces.etat;
    let (base, centre) = (&etat.base, &a.acces.centre);
    let ctx = metier::Contexte {
        acteur: a.acces.acteur(a.role),
        realise_par: a.acces.personne.clone(),
        maintenant: etat.horloge.maintenant(),
        motif: None,
        vu_au_rang: communs.vu_au_rang.parse().ok(),
        voisinage: &metier::Voisinage::VIDE,
    };
    match purge::confirmer(base, centre, &a.id, communs.acte(), &ctx).await? {
        Issue::Refusee(r) => page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some((&r, &c))).await,
        Issue::DejaEnregistree => Ok(rediriger_fait(
            &format!("{}/archives", a.base()),
            "Cette purge est déjà faite.",
        )),
        Issue::Enregistree(..) => {
            let notee = purge::purges_notees(base, Some((centre, &a.id))).await?;
            let suite = match crate::purges::noter(&etat.donnees, &notee) {
                Ok(_) => "La purge est faite. Éditez son procès-verbal et gardez-le.",
                Err(e) => {
                    tracing::error!(erreur = %e, "registre des purges");
                    "La purge est faite, mais son registre n’a pas pu s’écrire à côté des données : exportez-le (garant purges)."
                }
            };
            Ok(rediriger_fait(&format!("{}/archives", a.base()), suite))
        }
    }
}

/// GET /sessions/{session}/archives/proces-verbal : tiré du journal, qui seul demeure ; mêmes faits, même papier.
pub async fn proces_verbal(a: AccesSession) -> Reponse {
    let etat = &a.acces.etat;
    let composes = async {
        let (sources, entete) = super::documents::sources(&a).await?;
        let commande = edition::commander(&sources, &a.session, a.jour(), "pv-destruction")?;
        edition::composer(&etat.documents, entete, commande).await
    };
    let pdf = match composes.await {
        Ok(composes) => composes.into_iter().next().ok_or(Erreur::Introuvable)?,
        Err(ErreurEdition::Refus(_)) => return Err(Erreur::Introuvable),
        Err(ErreurEdition::Stockage(e)) => return Err(e.into()),
        Err(autre) => return Err(Erreur::interne(&autre.to_string())),
    };
    let mut r = pdf.octets.into_response();
    let entetes = r.headers_mut();
    entetes.insert(header::CONTENT_TYPE, HeaderValue::from_static(edition::PDF));
    entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    entetes.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("inline; filename=\"proces-verbal-de-destruction.pdf\""),
    );
    Ok(r)
}

async fn page(a: &AccesSession, statut: StatusCode, refuse: Option<(&Refus, &Champs)>) -> Reponse {
    let s = &*a.session;
    s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let saisie = refuse.map(|(_, c)| c.clone()).unwrap_or_default();
    let terme = archivage::terme(s);
    let echu = terme.is_some_and(|t| a.jour() > t);
    let chemin = format!("{}/archives", a.base());
    let vu = match &s.archivage.proposition {
        Some(p) => purge::apercu(&a.acces.etat.base, &a.acces.centre, &a.id, &p.classes).await?,
        None => Apercu::default(),
    };
    let modifiable = a.peut(Nature::Archiver);
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Archives – {}", super::titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "archives"),
            suite: refuse
                .map(|(r, c)| Suite::du_refus(r, &a.base(), &chemin, c))
                .unwrap_or_default(),
            erreurs: refuse
                .map(|(r, _)| ErreursFormulaire::du_refus(r))
                .unwrap_or_default(),
            terme: terme.map(temps::date_longue).unwrap_or_default(),
            echu,
            registre: registre(s),
            manques: archivage::manques(s),
            plis: plis(s),
            recours: s
                .archivage
                .recours
                .iter()
                .map(|r| RecoursMontre {
                    numero: r.numero,
                    objet: r.objet.clone(),
                    recu: temps::moment(r.recu),
                    issue: r
                        .issue
                        .as_ref()
                        .map(|(t, q)| format!("{t}, {}", temps::moment(*q)))
                        .unwrap_or_default(),
                })
                .collect(),
            proposition: s
                .archivage
                .proposition
                .as_ref()
                .map(|p| PropositionMontree {
                    nom: p.nom.clone(),
                    le: temps::instant_court(&p.le),
                    motif: p.motif.clone(),
                    classes: p
                        .classes
                        .iter()
                        .map(|c| c.nom())
                        .collect::<Vec<_>>()
                        .join(", "),
                    soi: p.par == a.acces.personne,
                }),
            classes: Classe::TOUTES
                .into_iter()
                .filter(|c| !s.archivage.deja(*c))
                .map(|c| (c.code(), c.libelle(), true))
                .collect(),
            apercu: montre_apercu(&vu),
            pieces: vu.pieces.iter().map(|(_, nom)| nom.clone()).collect(),
            purges: s
                .archivage
                .purges
                .iter()
                .map(|p| PurgeMontree {
                    phrase: format!(
                        "{} : {} contenus et {} pièces détruits",
                        temps::instant_court(&p.le),
                        p.contenus,
                        p.pieces.len()
                    ),
                    detail: if p.confirme_par.is_empty() {
                        p.motif.clone()
                    } else {
                        format!(
                            "Proposée par {}, confirmée par {}. Motif : {}.",
                            p.propose_par,
                            p.confirme_par,
                            p.motif.trim_end_matches('.')
                        )
                    },
                })
                .collect(),
            supports: Support::TOUS
                .into_iter()
                .map(|x| (x.code(), x.libelle()))
                .collect(),
            elements: archivage::attendus(s)
                .into_iter()
                .map(|e| (e.code(), e.libelle()))
                .collect(),
            documents: s
                .convocations
                .documents
                .iter()
                .rev()
                .filter(|(_, d)| ["registre-archives", "pv-destruction"].contains(&d.code.as_str()))
                .map(|(_, d)| (d.piece.to_string(), format!("{}, {}", d.nom, d.tete)))
                .collect(),
            personnes: super::personnes_choisies(a).await?,
            saisie,
            modifiable,
            editable: super::modifiable(a, Nature::Preparer) && !s.archivage.est_purgee(),
        },
    ))
}

fn registre(s: &Session) -> Vec<ElementMontre> {
    archivage::attendus(s)
        .into_iter()
        .map(|e| {
            let (etat, ton, detail) = match s.archivage.registre.get(&e) {
                None => ("À ranger".to_owned(), "neutre", String::new()),
                Some(Sort::SansObjet(motif)) => (
                    "Sans objet".to_owned(),
                    "neutre",
                    format!("Motif : {motif}"),
                ),
                Some(Sort::Range(r)) => (
                    r.support.libelle().to_owned(),
                    "fait",
                    format!(
                        "{}, rangé {} par {}",
                        r.lieu,
                        temps::moment(r.survenu),
                        r.par
                    ),
                ),
            };
            ElementMontre {
                code: e.code(),
                libelle: e.libelle(),
                source: e.source(),
                etat,
                ton,
                detail,
            }
        })
        .collect()
}

/// Les sujets : détruits devant témoin, ou pas encore.
fn plis(s: &Session) -> Vec<(String, String)> {
    s.plis
        .liste
        .iter()
        .map(|p| {
            let dit = p.franchie(Etape::Detruit).map_or_else(
                || "sujets pas encore détruits".to_owned(),
                |f| {
                    format!(
                        "sujets détruits {}, par {} ({})",
                        temps::moment(f.survenu),
                        f.par,
                        f.detail
                    )
                },
            );
            (p.libelle.clone(), dit)
        })
        .collect()
}

/// Le nom d'un sujet du journal, en clair.
fn nom_du_sujet(sujet: &str) -> &str {
    match sujet {
        "candidats" => "Fiches des candidats",
        "parcours" => "Parcours des candidats",
        "convocations" => "Convocations et papiers",
        "planning" => "Passages au planning",
        "jour" => "Présences, épreuves, émargements",
        "incidents" => "Incidents",
        "deliberation" => "Décisions du jury",
        "suites" => "Suites des candidats",
        "taches" => "Observations de la check-list",
        "reglement" => "Dérogations",
        "plis" => "Témoins des scellés",
        "pv" => "Observations du procès-verbal",
        "archivage" => "Recours",
        "jury" | "liens" | "sollicitations" => "Jury",
        "equipe" => "Équipe",
        autre => autre,
    }
}

fn montre_apercu(vu: &Apercu) -> Vec<(String, String)> {
    let mut l: Vec<(String, String)> = vu
        .par_sujet
        .iter()
        .map(|(sujet, n)| (nom_du_sujet(sujet).to_owned(), n.to_string()))
        .collect();
    if !l.is_empty() {
        l.push((
            "Pièces (PDF, scans, signatures)".into(),
            vu.pieces.len().to_string(),
        ));
        l.push(("Lignes qui restent lisibles".into(), vu.restent.to_string()));
    }
    l
}
