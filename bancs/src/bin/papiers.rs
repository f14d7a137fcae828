//! Compose N convocations : `papiers separes 200 DOSSIER` (un fichier chacune), `papiers ensemble 200 DOSSIER`,
//! ou `papiers lots 500 DOSSIER` (ce que fait l'édition d'ensemble d'une grosse session).
//!
//! Le texte vient de `bancs/papiers/convocation.json`, que le repère (`bancs/papiers.py`) lit aussi.

use std::error::Error;
use std::path::PathBuf;

use documents::donnees::{Document, Entete};

const MODELE: &str = include_str!("../../papiers/convocation.json");

// Lie la bibliothèque des bancs, donc leur allocateur.
use bancs as _;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(maniere), Some(nombre), Some(dossier)) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("papiers separes|ensemble|lots NOMBRE DOSSIER".into());
    };
    let dossier = PathBuf::from(dossier);
    let (entete, convocations) = convocations(nombre.parse()?)?;
    match maniere.as_str() {
        "separes" => {
            for (i, convocation) in convocations.iter().enumerate() {
                std::fs::write(
                    dossier.join(format!("convocation-{i:03}.pdf")),
                    documents::composer(&entete, convocation)?,
                )?;
            }
        }
        "ensemble" => {
            std::fs::write(
                dossier.join("convocations.pdf"),
                documents::composer_ensemble(&entete, &convocations)?,
            )?;
        }
        // Comme l'édition d'ensemble : des fichiers d'autant de papiers qu'un seul en accepte, à parts égales, deux à la fois.
        "lots" => {
            let lots: Vec<_> = convocations
                .chunks(documents::papiers_par_fichier(convocations.len()))
                .collect();
            let composes = documents::composer_de_front(&lots, |lot| {
                documents::composer_ensemble(&entete, lot)
            });
            for (i, octets) in composes.into_iter().enumerate() {
                std::fs::write(dossier.join(format!("lot-{i}.pdf")), octets?)?;
            }
        }
        autre => return Err(format!("manière inconnue : {autre}").into()),
    }
    Ok(())
}

fn convocations(nombre: usize) -> Result<(Entete, Vec<Document>), Box<dyn Error>> {
    let modele: serde_json::Value = serde_json::from_str(MODELE)?;
    let entete = serde_json::from_value(modele["entete"].clone())?;
    let une: Document = serde_json::from_value(modele["document"].clone())?;
    let toutes = (1..=nombre)
        .map(|i| {
            let mut une = une.clone();
            if let Document::ConvocationCandidat(convocation) = &mut une {
                convocation.candidat.nom = format!("Mme Zoé TÉMOIN-{i:03}");
                convocation.candidat.numero = Some(format!("DWWM-{i:03}"));
            }
            une
        })
        .collect();
    Ok((entete, toutes))
}
