//! Éditer depuis la ligne de commande : écrire des PDF dans un dossier, sans rien inscrire au journal.

use super::{Commande, ErreurEdition, Sources, commander, commander_convocations, composer};
use crate::horloge::Horloge;
use metier::convocations::{Destinataire, Etat};
use metier::{Session, SessionId};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use stockage::{Base, Centre, Erreur};
use tokio::sync::Semaphore;

/// Écrit dans `dossier` le document de ce code (« convocations », « convocation-candidat », « planning-affichage »…).
///
/// Une convocation déjà figée et encore vraie est rendue telle quelle, octet pour octet. Les autres sont des
/// projets, nommés ainsi : la ligne de commande n'a personne de connecté, elle n'inscrit rien au journal.
///
/// # Errors
/// [`ErreurEdition`], dont le texte se montre tel quel.
pub async fn editer_vers(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    code: &str,
    dossier: &Path,
    horloge: &Horloge,
) -> Result<Vec<PathBuf>, ErreurEdition> {
    let (s, tete) = stockage::charger(base, centre, session)
        .await?
        .ok_or(Erreur::Introuvable)?;
    let nom_centre = stockage::comptes::centres(base)
        .await?
        .into_iter()
        .find(|c| c.centre == *centre)
        .map(|c| c.nom)
        .unwrap_or_default();
    let sources = Sources::lire(base, centre, &nom_centre, session, &s).await?;
    let maintenant = horloge.maintenant();
    let mut fichiers: Vec<(String, Vec<u8>)> = vec![];
    let a_composer = match destinataires(&s, code) {
        None if code == "tout" => {
            let entete = sources.entete(&s, &tete, &maintenant)?;
            let codes: Vec<_> = super::CATALOGUE.iter().map(|l| l.code).collect();
            super::commander_ensemble(&sources, &entete, &s, maintenant.date(), &codes).0
        }
        None => commander(&sources, &s, maintenant.date(), code)?,
        Some(tous) if tous.is_empty() => {
            return Err(ErreurEdition::refus(
                "Personne n’est à convoquer sous ce code. Inscrivez d’abord les candidats, le jury ou le surveillant.",
            ));
        }
        Some(tous) => {
            let mut restants = vec![];
            for d in tous {
                match s
                    .convocations
                    .de(&d)
                    .and_then(|c| c.document.as_ref())
                    .filter(|_| matches!(s.etat_convocation(&d), Etat::ARemettre | Etat::Remise))
                {
                    None => restants.push(d),
                    Some(document) => {
                        let octets = stockage::piece(base, centre, session, &document.piece)
                            .await?
                            .and_then(|p| p.octets);
                        fichiers.push((document.nom.clone(), octets.ok_or(Erreur::Introuvable)?));
                    }
                }
            }
            let commandes = commander_convocations(&sources, &s, &restants)?;
            commandes
                .into_iter()
                .filter(|c| c.destinataire.is_some())
                .map(|c| Commande {
                    nom: c.nom.replace(".pdf", " (projet).pdf"),
                    ..c
                })
                .collect()
        }
    };
    if !a_composer.is_empty() {
        let composes = composer(
            &Semaphore::new(1),
            sources.entete(&s, &tete, &maintenant)?,
            a_composer,
        )
        .await?;
        fichiers.extend(composes.into_iter().map(|c| (c.commande.nom, c.octets)));
    }
    tokio::fs::create_dir_all(dossier).await?;
    let mut ecrits: Vec<PathBuf> = Vec::with_capacity(fichiers.len());
    for (nom, octets) in fichiers {
        let chemin = libre(dossier, &nom, &ecrits);
        tokio::fs::write(&chemin, octets).await?;
        ecrits.push(chemin);
    }
    Ok(ecrits)
}

/// La commande `garant editer` : écrit les fichiers et dit leurs noms ; l'erreur est une phrase à montrer.
///
/// # Errors
/// La phrase à montrer.
pub async fn editer(
    base: &Base,
    centre: &Centre,
    code: &str,
    session: &str,
    vers: &Path,
) -> Result<ExitCode, String> {
    let session: SessionId = session.parse().map_err(|_| format!("« {session} » n’est pas un identifiant de session. Recopiez celui de l’adresse de sa page."))?;
    let ecrits = editer_vers(base, centre, &session, code, vers, &Horloge::Reelle).await.map_err(|e| match e {
        ErreurEdition::Stockage(Erreur::Introuvable) => format!("La session « {session} » n’existe pas dans ce centre. Recopiez l’identifiant de l’adresse de sa page."),
        autre => autre.to_string(),
    })?;
    for chemin in &ecrits {
        println!("{}", chemin.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Les destinataires de ce code ; rien si le code n'est pas celui d'une convocation.
fn destinataires(s: &Session, code: &str) -> Option<Vec<Destinataire>> {
    let tous = s.destinataires();
    Some(match code {
        "convocations" => tous.collect(),
        "convocation-candidat" => tous
            .filter(|d| matches!(d, Destinataire::Candidat(_)))
            .collect(),
        "convocation-jure" => tous
            .filter(|d| matches!(d, Destinataire::Jure(_)))
            .collect(),
        "convocation-surveillant" => tous
            .filter(|d| matches!(d, Destinataire::Surveillant(_)))
            .collect(),
        _ => return None,
    })
}

/// Deux homonymes ne s'écrasent pas : « Convocation DURAND Aïcha (2).pdf ».
fn libre(dossier: &Path, nom: &str, pris: &[PathBuf]) -> PathBuf {
    let tronc = nom.strip_suffix(".pdf").unwrap_or(nom);
    let essais = (2..).map(|n| dossier.join(format!("{tronc} ({n}).pdf")));
    std::iter::once(dossier.join(nom))
        .chain(essais)
        .find(|c| !pris.contains(c))
        .unwrap_or_else(|| dossier.join(nom))
}
