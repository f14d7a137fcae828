//! Éditer les papiers d'une session : de l'état rejoué aux octets d'un PDF, puis à la pièce figée.
//!
//! À lire dans l'ordre : [`Sources`] (ce qu'il faut savoir du centre), [`commander`] et [`commander_convocations`]
//! (quel papier, pour qui), [`composer`] (les octets), [`figer`] (ce que le journal retient).
//! Un document officiel se fige une fois et se resert depuis ses octets : il ne se recompose jamais.

mod archives;
pub mod catalogue;
mod check_list;
mod convocations;
mod feuilles;
mod kit;
mod lettres;
mod listes;
mod proces;
mod qr;
pub mod sources;
mod suites;
pub mod travaux;
mod vers;

pub use catalogue::CATALOGUE;
pub use sources::Sources;
pub use suites::PAPIERS_SUITES;
pub use vers::{editer, editer_vers};

use documents::donnees::Entete;
use documents::{
    DOCUMENTS_PAR_ENSEMBLE_MAX, Document as Papier, ErreurDocument, composer_de_front,
    composer_ensemble, papiers_par_fichier,
};
use metier::Session;
use metier::convocations::{Destinataire, Document};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use stockage::{PieceNouvelle, Tete};
use tokio::sync::Semaphore;

use crate::formulaires::nouvel_identifiant;

/// Type de contenu de toutes les pièces éditées.
pub const PDF: &str = "application/pdf";
/// Code de l'ensemble d'un lot ; ceux d'un seul genre le prolongent (« convocations-ensemble-jures »).
pub const ENSEMBLE: &str = "convocations-ensemble";
/// Code des papiers réunis pour l'imprimante.
pub const ENSEMBLE_PAPIERS: &str = "papiers-ensemble";
/// Les papiers que la page Convocations propose, avec leur intitulé : (code, nom du fichier, bouton).
pub const PAPIERS: [(&str, &str, &str); 5] = [
    (
        "planning-affichage",
        "Planning à afficher",
        "Éditer le planning à afficher",
    ),
    (
        "check-list",
        "Check-list du responsable de session",
        "Éditer la check-list",
    ),
    (
        "check-list-vierge",
        "Check-list à remplir au stylo",
        "Éditer la check-list vierge",
    ),
    ("kit-papier", "Kit papier", "Éditer le kit papier"),
    ("emargement", "Feuilles d’émargement", "Éditer l’émargement"),
];

/// Pourquoi un papier ne s'édite pas.
#[derive(Debug, thiserror::Error)]
pub enum ErreurEdition {
    /// Il manque quelque chose : des phrases à montrer, qui disent quoi faire.
    #[error("{}", .0.join("\n"))]
    Refus(Vec<String>),
    /// La base ne répond pas comme attendu.
    #[error(transparent)]
    Stockage(#[from] stockage::Erreur),
    /// Le dossier de sortie ne s'écrit pas.
    #[error("le fichier ne peut pas être écrit : {0}")]
    Fichier(#[from] std::io::Error),
    /// Une faute du programme.
    #[error("{0}")]
    Interne(String),
}

impl ErreurEdition {
    /// Un refus d'une seule phrase.
    pub fn refus(phrase: impl Into<String>) -> Self {
        Self::Refus(vec![phrase.into()])
    }
}

/// Un fichier à composer.
#[derive(Debug, Clone)]
pub struct Commande {
    /// Code du catalogue, ou d'un ensemble.
    pub code: String,
    /// Nom du fichier, extension comprise.
    pub nom: String,
    /// Classe de conservation : « candidat », « jure », « equipe » ou « session ».
    pub classe: &'static str,
    /// Pour qui, s'il est nominatif.
    pub destinataire: Option<Destinataire>,
    /// Les papiers qu'il réunit, dans l'ordre.
    pub papiers: Vec<Papier>,
}

/// Un fichier composé.
#[derive(Debug, Clone)]
pub struct Compose {
    /// Ce qui était demandé.
    pub commande: Commande,
    /// Les octets du PDF.
    pub octets: Vec<u8>,
}

/// La classe de conservation d'une convocation.
fn classe(d: &Destinataire) -> &'static str {
    match d {
        Destinataire::Candidat(_) => "candidat",
        Destinataire::Jure(_) => "jure",
        Destinataire::Surveillant(_) => "equipe",
    }
}

/// Les fichiers d'un papier du catalogue : un seul, ou plusieurs parties quand il y a trop de papiers pour un.
pub fn commander(
    sources: &Sources,
    s: &Session,
    jour: jiff::civil::Date,
    code: &str,
) -> Result<Vec<Commande>, ErreurEdition> {
    let Some(ligne) = catalogue::ligne(code) else {
        let connus: Vec<_> = CATALOGUE.iter().map(|l| l.code).collect();
        return Err(ErreurEdition::refus(format!(
            "Le document « {code} » n’existe pas. Codes connus : tout, convocations, {}.",
            connus.join(", ")
        )));
    };
    let papiers = (ligne.composer)(sources, s, jour)?;
    Ok(en_parties(
        ligne.code,
        ligne.intitule,
        ligne.classe,
        papiers,
    ))
}

/// Partage des papiers en fichiers que le crate de composition accepte.
fn en_parties(
    code: &str,
    intitule: &str,
    classe: &'static str,
    papiers: Vec<Papier>,
) -> Vec<Commande> {
    let par_fichier = papiers_par_fichier(papiers.len());
    let parts = papiers.len().div_ceil(par_fichier).max(1);
    papiers
        .chunks(par_fichier)
        .enumerate()
        .map(|(i, lot)| Commande {
            code: code.to_owned(),
            nom: nom_de_fichier(&match parts {
                1 => intitule.to_owned(),
                n => format!("{intitule}, partie {} sur {n}", i + 1),
            }),
            classe,
            destinataire: None,
            papiers: lot.to_vec(),
        })
        .collect()
}

/// Les fichiers de plusieurs papiers du catalogue, puis les mêmes réunis pour l'imprimante.
///
/// Ce qui ne peut pas s'éditer est laissé de côté et se dit : (intitulé, pourquoi).
#[allow(clippy::type_complexity)] // deux listes, nommées ci-dessus
pub fn commander_ensemble(
    sources: &Sources,
    entete: &Entete,
    s: &Session,
    jour: jiff::civil::Date,
    codes: &[&str],
) -> (Vec<Commande>, Vec<(String, Vec<String>)>) {
    let (mut commandes, mut ecartes) = (vec![], vec![]);
    for l in CATALOGUE.iter().filter(|l| codes.contains(&l.code)) {
        match examiner(sources, entete, s, jour, l) {
            Ok(papiers) => commandes.extend(en_parties(l.code, l.intitule, l.classe, papiers)),
            Err(phrases) => ecartes.push((l.intitule.to_owned(), phrases)),
        }
    }
    if commandes.len() > 1 {
        let classe = if commandes.iter().any(|c| c.classe == "candidat") {
            "candidat"
        } else {
            commandes.first().map_or("session", |c| c.classe)
        };
        let tous: Vec<Papier> = commandes.iter().flat_map(|c| c.papiers.clone()).collect();
        commandes.extend(en_parties(
            ENSEMBLE_PAPIERS,
            "Papiers à imprimer",
            classe,
            tous,
        ));
    }
    (commandes, ecartes)
}

/// Ce papier peut-il s'éditer maintenant ? Ses données, ou les phrases qui disent ce qui manque.
pub fn examiner(
    sources: &Sources,
    entete: &Entete,
    s: &Session,
    jour: jiff::civil::Date,
    ligne: &catalogue::Ligne,
) -> Result<Vec<Papier>, Vec<String>> {
    let papiers = (ligne.composer)(sources, s, jour).map_err(|e| match e {
        ErreurEdition::Refus(phrases) => phrases,
        autre => vec![autre.to_string()],
    })?;
    for lot in papiers.chunks(DOCUMENTS_PAR_ENSEMBLE_MAX) {
        match documents::verifier(entete, lot) {
            Ok(()) => {}
            Err(ErreurDocument::Incomplet(phrases)) => return Err(phrases),
            Err(autre) => return Err(vec![autre.to_string()]),
        }
    }
    Ok(papiers)
}

/// Les fichiers d'un lot de convocations : un par personne, puis les mêmes réunis en un seul par genre, et en un seul pour tous.
pub fn commander_convocations(
    sources: &Sources,
    s: &Session,
    pour: &[Destinataire],
) -> Result<Vec<Commande>, ErreurEdition> {
    let mut seules = Vec::with_capacity(pour.len());
    for d in pour {
        let nom = s.nom_destinataire(d).map_err(|r| {
            ErreurEdition::Refus(
                r.constats
                    .iter()
                    .map(|c| format!("{} {}", c.phrase, c.remede))
                    .collect(),
            )
        })?;
        seules.push(Commande {
            code: format!("convocation-{}", d.genre()),
            nom: nom_de_fichier(&format!("Convocation {nom}")),
            classe: classe(d),
            destinataire: Some(d.clone()),
            papiers: convocations::papiers(sources, s, d)?,
        });
    }
    let mut ensembles = vec![];
    for (genre, suffixe, qui) in [
        ("candidat", "-candidats", "des candidats"),
        ("jure", "-jures", "des jurés"),
        ("surveillant", "-surveillants", "des surveillants"),
    ] {
        let du_genre: Vec<&Commande> = seules
            .iter()
            .filter(|c| c.destinataire.as_ref().is_some_and(|d| d.genre() == genre))
            .collect();
        if du_genre.len() < seules.len() {
            ensembles.extend(reunir(&du_genre, suffixe, qui));
        }
    }
    let toutes: Vec<&Commande> = seules.iter().collect();
    let qui = match pour.first() {
        Some(d) if pour.iter().all(|x| x.genre() == d.genre()) => match d {
            Destinataire::Candidat(_) => "des candidats",
            Destinataire::Jure(_) => "des jurés",
            Destinataire::Surveillant(_) => "des surveillants",
        },
        _ => "de la session",
    };
    ensembles.extend(reunir(&toutes, "", qui));
    seules.extend(ensembles);
    Ok(seules)
}

/// Réunit des convocations en fichiers aussi peu nombreux que le crate de composition le permet ; rien pour une seule.
fn reunir(seules: &[&Commande], suffixe: &str, qui: &str) -> Vec<Commande> {
    if seules.len() < 2 {
        return vec![];
    }
    let par_fichier = papiers_par_fichier(seules.iter().map(|c| c.papiers.len()).sum());
    let mut lots: Vec<Vec<&Commande>> = vec![vec![]];
    for c in seules {
        let taille: usize = lots
            .last()
            .map_or(0, |l| l.iter().map(|x| x.papiers.len()).sum());
        // Une personne reste entière : sa convocation et sa décharge ne se séparent pas.
        let pleine = taille >= par_fichier || taille + c.papiers.len() > DOCUMENTS_PAR_ENSEMBLE_MAX;
        if taille > 0 && pleine {
            lots.push(vec![]);
        }
        if let Some(l) = lots.last_mut() {
            l.push(c);
        }
    }
    let parts = lots.len();
    lots.into_iter()
        .enumerate()
        .map(|(i, lot)| Commande {
            code: format!("{ENSEMBLE}{suffixe}"),
            nom: nom_de_fichier(&match parts {
                1 => format!("Convocations {qui} ({})", lot.len()),
                n => format!(
                    "Convocations {qui} ({}), partie {} sur {n}",
                    lot.len(),
                    i + 1
                ),
            }),
            // La classe la plus protégée l'emporte quand plusieurs genres sont réunis.
            classe: if lot.iter().any(|c| c.classe == "candidat") {
                "candidat"
            } else {
                lot.first().map_or("session", |c| c.classe)
            },
            destinataire: None,
            papiers: lot.iter().flat_map(|c| c.papiers.clone()).collect(),
        })
        .collect()
}

/// Compose chaque fichier, hors des fils asynchrones et au plus deux à la fois dans le serveur.
///
/// Un refus réunit tous les manques de tous les fichiers ; rien n'est alors rendu.
pub async fn composer(
    tour: &Semaphore,
    entete: Entete,
    commandes: Vec<Commande>,
) -> Result<Vec<Compose>, ErreurEdition> {
    composer_en_disant(tour, entete, commandes, |_| ()).await
}

/// Comme [`composer`] ; `dire` reçoit le nombre de papiers composés, à chaque fichier.
pub async fn composer_en_disant(
    tour: &Semaphore,
    entete: Entete,
    commandes: Vec<Commande>,
    dire: impl Fn(usize) + Send + Sync + 'static,
) -> Result<Vec<Compose>, ErreurEdition> {
    let _tour = tour
        .acquire()
        .await
        .map_err(|e| ErreurEdition::Interne(e.to_string()))?;
    tokio::task::spawn_blocking(move || composer_ici(&entete, commandes, &dire))
        .await
        .map_err(|e| ErreurEdition::Interne(e.to_string()))?
}

fn composer_ici(
    entete: &Entete,
    commandes: Vec<Commande>,
    dire: &(dyn Fn(usize) + Sync),
) -> Result<Vec<Compose>, ErreurEdition> {
    let mut commandes = commandes;
    for commande in &mut commandes {
        qr::poser(entete, &mut commande.papiers);
    }
    let papiers = AtomicUsize::new(0);
    let refuse = AtomicBool::new(false);
    let resultats = composer_de_front(&commandes, |commande| {
        // Un refus est acquis : l'ensemble, qui le répéterait, n'a plus à se composer.
        if refuse.load(Ordering::Relaxed) && commande.code.starts_with(ENSEMBLE) {
            return None;
        }
        let fait = composer_ensemble(entete, &commande.papiers);
        match &fait {
            Ok(_) => {
                let n = commande.papiers.len();
                dire(papiers.fetch_add(n, Ordering::Relaxed) + n);
            }
            Err(_) => refuse.store(true, Ordering::Relaxed),
        }
        Some(fait)
    });
    let mut faits = Vec::with_capacity(commandes.len());
    let mut manques: Vec<String> = vec![];
    for (commande, fait) in commandes.into_iter().zip(resultats) {
        match fait {
            None => {}
            Some(Ok(octets)) => faits.push(Compose { commande, octets }),
            Some(Err(ErreurDocument::Gabarit(detail))) => {
                return Err(ErreurEdition::Interne(detail));
            }
            // Composé de front avec le papier refusé, l'ensemble redit ce qui lui manque : c'est déjà dit.
            Some(Err(_)) if !manques.is_empty() && commande.code.starts_with(ENSEMBLE) => {}
            Some(Err(ErreurDocument::Incomplet(phrases))) => manques.extend(phrases),
            Some(Err(autre)) => manques.push(autre.to_string()),
        }
    }
    manques.dedup();
    if manques.is_empty() {
        Ok(faits)
    } else {
        Err(ErreurEdition::Refus(manques))
    }
}

/// Ce que le journal retient de ces fichiers, et les pièces à ranger dans la même transaction.
pub fn figer(composes: Vec<Compose>, tete: &Tete) -> (Vec<Document>, Vec<PieceNouvelle>) {
    composes
        .into_iter()
        .map(|c| {
            let piece = PieceNouvelle {
                id: nouvel_identifiant(),
                classe: c.commande.classe.to_owned(),
                nom: c.commande.nom.clone(),
                nature: PDF.to_owned(),
                octets: c.octets,
            };
            let document = Document {
                code: c.commande.code,
                destinataire: c.commande.destinataire,
                piece: piece.id.clone(),
                empreinte: piece.empreinte(),
                nom: c.commande.nom,
                tete: format!("n° {} · {}", tete.rang, tete.courte()),
            };
            (document, piece)
        })
        .unzip()
}

/// Un nom de fichier que tout système accepte, accents gardés.
pub(crate) fn nom_de_fichier(nom: &str) -> String {
    let propre: String = nom
        .chars()
        .map(|c| {
            if c.is_control() || "/\\:*?\"<>|".contains(c) {
                ' '
            } else {
                c
            }
        })
        .collect();
    let mots = propre.split_whitespace().collect::<Vec<_>>().join(" ");
    format!(
        "{}.pdf",
        mots.chars()
            .take(120)
            .collect::<String>()
            .trim_start_matches(['.', ' '])
            .trim()
    )
}

#[cfg(test)]
mod essais {
    use super::nom_de_fichier;

    #[test]
    fn un_nom_de_fichier_reste_lisible_et_sans_chemin() {
        assert_eq!(
            nom_de_fichier("Convocation D’ŒUVRE Zoé"),
            "Convocation D’ŒUVRE Zoé.pdf"
        );
        assert_eq!(
            nom_de_fichier("../../etc/passwd\n"),
            "  etc passwd.pdf".trim()
        );
        assert_eq!(nom_de_fichier(&"x".repeat(400)).chars().count(), 124);
    }
}
