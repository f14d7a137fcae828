//! La page des convocations : chaque personne et où elle en est, ce qui s'imprime, ce qui est figé.

use super::{Paires, choisis, cle, valeur};
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rendre_statut};
use crate::courriel::facteur::sujet_de_convocation;
use crate::edition;
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, nouvel_identifiant};
use crate::pages::courriels::{suite, ton};
use crate::pages::session::sollicitations;
use crate::pages::session::tete::TeteSession;
use askama::Template;
use axum::http::StatusCode;
use metier::convocations::{Convocation, Destinataire, Document, Etat};
use metier::echeances::limite_de_convocation;
use metier::equipe::Poste;
use metier::{Acte, Nature, Refus, Session, temps};
use stockage::courriel::Courriel;

#[derive(Template)]
#[template(path = "session/convocations.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    manques: Vec<String>,
    limite: String,
    distance: String,
    groupes: Vec<Groupe>,
    modifiable: bool,
    envoie: bool,
    boite: bool,
    personne: bool,
    acte: String,
    mode: String,
    le: String,
    personnes: Vec<(String, String)>,
    papiers: Vec<(String, String, String)>,
    a_imprimer: Vec<DocumentMontre>,
    perimes: bool,
    documents: Vec<DocumentMontre>,
}

struct Groupe {
    libelle: &'static str,
    vide: &'static str,
    lignes: Vec<Ligne>,
}

struct Ligne {
    cle: String,
    genre: &'static str,
    id: String,
    nom: String,
    etat: &'static str,
    ton: &'static str,
    choisie: bool,
    document: Option<String>,
    remise: String,
    accusee: String,
    envoi: Option<(String, &'static str, &'static str, String)>,
    numero: String,
    courriel: String,
    acte: String,
}

struct DocumentMontre {
    rang: u64,
    nom: String,
    lien: String,
    empreinte: String,
}

/// La page, avec ce qui a été saisi et ce qui l'a fait refuser.
pub(super) async fn page(
    a: &AccesSession,
    statut: StatusCode,
    saisie: Option<&Paires>,
    refus: Option<&Refus>,
    manques: Vec<String>,
    mut erreurs: ErreursFormulaire,
) -> Reponse {
    if let Some(r) = refus {
        erreurs = ErreursFormulaire::du_refus(r);
        // Numéro, adresse, motif : un champ par personne, tous dans la liste.
        erreurs.renommer(&["numero", "adresse", "motif"], "destinataires");
    }
    let s = &a.session;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let limite = limite_de_convocation(p, &s.cadre, "R37");
    let mut personnes: Vec<_> = crate::pages::session::noms(a).await?.into_iter().collect();
    personnes.sort_by(|x, y| x.1.cmp(&y.1));
    let garde = saisie.map(choisis).transpose()?;
    let courriels = sollicitations::derniers_courriels(a, "convocation").await?;
    let lignes = |l: Vec<(Destinataire, String)>| {
        l.into_iter()
            .map(|(d, courriel)| {
                let envoi = courriels.get(&sujet_de_convocation(&d));
                Ligne {
                    envoi: envoi.map(dire_envoi),
                    ..ligne(s, &a.base(), d, courriel, saisie, garde.as_deref())
                }
            })
            .collect::<Vec<_>>()
    };
    let candidats = s
        .inscrits()
        .map(|c| {
            (
                Destinataire::Candidat(c.id.clone()),
                c.fiche.courriel.clone().unwrap_or_default(),
            )
        })
        .collect();
    let jures = s
        .jury
        .iter()
        .map(|m| {
            (
                Destinataire::Jure(m.membre.jure.clone()),
                m.membre.courriel.clone().unwrap_or_default(),
            )
        })
        .collect();
    let surveillants = s
        .equipe
        .a(Poste::Surveillant)
        .map(|i| {
            (
                Destinataire::Surveillant(i.id.clone()),
                i.courriel.clone().unwrap_or_default(),
            )
        })
        .collect();
    let groupes = vec![
        Groupe {
            libelle: "Candidats",
            vide: "Aucun candidat n’est inscrit. Importez la liste à la page Candidats.",
            lignes: lignes(candidats),
        },
        Groupe {
            libelle: "Jurés",
            vide: "Aucun juré n’est retenu. Choisissez-les à la page Jury.",
            lignes: lignes(jures),
        },
        Groupe {
            libelle: "Surveillants",
            vide: "Aucun surveillant n’est nommé. Nommez-en un à la page Équipe si le référentiel le demande.",
            lignes: lignes(surveillants),
        },
    ];
    let mut lignes = groupes.iter().flat_map(|g| &g.lignes);
    let perimes = lignes.any(|l| l.etat == Etat::ARefaire.libelle());
    let acte = || nouvel_identifiant::<Acte>().to_string();
    let montre = |(rang, d): &(u64, Document)| DocumentMontre {
        rang: *rang,
        nom: d.nom.clone(),
        lien: format!("{}/documents/{}", a.base(), d.piece),
        empreinte: d.empreinte.chars().take(16).collect(),
    };
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Convocations – {}", crate::pages::session::titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "convocations"),
            constats: refus
                .map(|r| ConstatMontre::du_refus(r, &a.base()))
                .unwrap_or_default(),
            erreurs,
            manques,
            limite: temps::date_longue(limite),
            distance: temps::distance(a.jour(), limite),
            personne: groupes.iter().all(|g| g.lignes.is_empty()),
            groupes,
            modifiable: crate::pages::session::modifiable(a, Nature::Preparer),
            envoie: sollicitations::envoie(a).await?,
            boite: a.acces.peut_organiser(),
            acte: acte(),
            mode: saisie
                .map(|p| valeur(p, "mode").to_owned())
                .filter(|m| !m.is_empty())
                .unwrap_or_else(|| "decharge".into()),
            le: saisie
                .map(|p| valeur(p, "le").to_owned())
                .filter(|m| !m.is_empty())
                .unwrap_or_else(|| a.jour().to_string()),
            personnes,
            papiers: edition::PAPIERS
                .iter()
                .map(|x| (x.0.to_owned(), x.2.to_owned(), acte()))
                .collect(),
            a_imprimer: dernier_lot(s).map(montre).collect(),
            perimes,
            documents: s.convocations.documents.iter().rev().map(montre).collect(),
        },
    ))
}

fn ligne(
    s: &Session,
    base: &str,
    d: Destinataire,
    courriel: String,
    saisie: Option<&Paires>,
    garde: Option<&[Destinataire]>,
) -> Ligne {
    let etat = s.etat_convocation(&d);
    let c = s.convocations.de(&d);
    let cle = cle(&d);
    let saisi = |n: &str| {
        saisie
            .map(|p| valeur(p, &format!("{n}:{cle}")).to_owned())
            .filter(|v| !v.is_empty())
    };
    Ligne {
        genre: d.genre(),
        id: d.id().to_owned(),
        nom: s.nom_destinataire(&d).unwrap_or_default(),
        etat: etat.libelle(),
        ton: match etat {
            Etat::Remise => "fait",
            Etat::ARefaire => "retard",
            Etat::ARemettre => "proche",
            Etat::AEditer => "a-faire",
        },
        choisie: garde.map_or(etat != Etat::Remise, |g| g.contains(&d)),
        document: c
            .and_then(|c| c.document.as_ref())
            .map(|x| format!("{base}/documents/{}", x.piece)),
        remise: c
            .and_then(|c| c.remise.as_ref())
            .map(|(r, _)| format!("{}, le {}", r.mode.libelle(), temps::date_chiffres(r.le)))
            .unwrap_or_default(),
        accusee: c
            .and_then(Convocation::accusee_le)
            .map(|le| format!("réception accusée le {}", temps::date_chiffres(le)))
            .unwrap_or_default(),
        envoi: None,
        numero: saisi("numero").unwrap_or_default(),
        courriel: saisi("courriel").unwrap_or(courriel),
        acte: nouvel_identifiant::<Acte>().to_string(),
        cle,
    }
}

/// Où en est l'envoi : la page du courriel, son état, son ton, les mots du serveur.
fn dire_envoi(c: &Courriel) -> (String, &'static str, &'static str, String) {
    (
        format!("/courriels/{}", c.id),
        c.etat.libelle(),
        ton(c.etat),
        suite(c),
    )
}

/// Les fichiers réunis du dernier lot édité : ceux que la même tête du journal a figés ensemble.
fn dernier_lot(s: &Session) -> impl Iterator<Item = &(u64, Document)> {
    let reunis = || {
        let documents = s.convocations.documents.iter().rev();
        documents.filter(|(_, d)| d.code.starts_with(edition::ENSEMBLE))
    };
    let tete = reunis().next().map(|(_, d)| d.tete.as_str());
    reunis().filter(move |(_, d)| Some(d.tete.as_str()) == tete)
}
