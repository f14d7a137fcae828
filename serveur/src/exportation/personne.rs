//! Les données d'un candidat, pour lui : ce que la session sait de lui, ses papiers, ce que le journal en dit. Un ZIP.

use super::session::{CandidatExporte, candidat};
use metier::candidats::Candidat;
use metier::convocations::Destinataire;
use metier::{Evenement, Session, SessionId, temps};
use serde::Serialize;
use std::io::{Cursor, Write};
use stockage::{Base, Centre, Erreur, LigneJournal};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Lignes du journal relues.
const LIGNES_RELUES: u64 = 100_000;

const LISEZMOI: &str = "Vos données dans une session d'examen, éditées par Garant à votre demande.

donnees.json     ce que le centre a noté de vous, dans un format lisible par d'autres programmes
journal.txt      ce que le journal de la session dit de votre inscription et de votre dossier, et quand
papiers/         les papiers qui vous ont été adressés, tels qu'ils ont été figés

Ce qui nomme d'autres personnes (incidents, délibération du jury) n'est pas dans ce fichier : demandez-le au centre.
Garant ne garde ni pièce d'identité, ni numéro de sécurité sociale, ni donnée de santé.
";

/// Ce que l'on remet.
#[derive(Serialize)]
struct Donnees<'a> {
    format: &'static str,
    session: SessionDite,
    candidat: CandidatExporte,
    /// Les mots de l'aménagement, s'il y en a et s'ils s'ouvrent.
    amenagement: Option<&'a serde_json::Value>,
    passages: Vec<String>,
}

#[derive(Serialize)]
struct SessionDite {
    titre: String,
    type_session: String,
    dates: String,
    site: String,
    numero_ceres: Option<String>,
}

/// L'événement ne parle-t-il que de ce candidat ?
fn le_concerne(e: &Evenement, c: &Candidat) -> bool {
    use metier::candidats::Evenement as C;
    match e {
        Evenement::Candidat(
            C::Inscrit { id, .. }
            | C::Corrige { id, .. }
            | C::Retire { id, .. }
            | C::Reinscrit { id, .. },
        ) => *id == c.id,
        Evenement::Parcours(x) => x.candidat() == Some(&c.id),
        _ => false,
    }
}

/// Compose le ZIP. `amenagement` : les mots descellés, si la personne qui remet a le droit de les lire.
///
/// # Errors
/// La base, ou l'archive.
pub async fn composer(
    base: &Base,
    centre: &Centre,
    id: &SessionId,
    s: &Session,
    c: &Candidat,
    amenagement: Option<serde_json::Value>,
) -> Result<Vec<u8>, Erreur> {
    let ecriture = |e: &dyn std::fmt::Display| Erreur::Interne(e.to_string());
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let donnees = Donnees {
        format: "garant.candidat/1",
        session: SessionDite {
            titre: p.referentiel.designation(),
            type_session: p.libelle_type(),
            dates: temps::periode(p.debut, p.fin),
            site: p.site.nom.clone(),
            numero_ceres: p.numero_ceres.clone(),
        },
        candidat: candidat(s, c),
        amenagement: amenagement.as_ref(),
        passages: s
            .planning
            .de(&c.id)
            .map(|x| {
                let epreuve = p
                    .epreuve(&x.epreuve)
                    .map_or(x.epreuve.as_str(), |e| e.nature.as_str());
                format!("{epreuve} : {}", x.quand_ou())
            })
            .collect(),
    };
    let journal: Vec<LigneJournal> = stockage::journal(base, centre, id, 1, LIGNES_RELUES).await?;
    let dit: String = journal
        .iter()
        .filter_map(|l| {
            let e = l.evenement.as_ref().filter(|e| le_concerne(e, c))?;
            Some(format!(
                "{}\t{}\r\n",
                temps::instant_court(&l.le),
                e.phrase()
            ))
        })
        .collect();
    let json = serde_json::to_vec_pretty(&donnees).map_err(|e| ecriture(&e))?;
    let mut fichiers: Vec<(String, Vec<u8>)> = vec![
        ("LISEZMOI.txt".into(), LISEZMOI.into()),
        ("donnees.json".into(), json),
        ("journal.txt".into(), format!("\u{feff}{dit}").into_bytes()),
    ];
    let soi = Destinataire::Candidat(c.id.clone());
    for (rang, document) in &s.convocations.documents {
        if document.destinataire.as_ref() != Some(&soi) {
            continue;
        }
        if let Some(octets) = stockage::piece(base, centre, id, &document.piece)
            .await?
            .and_then(|p| p.octets)
        {
            let nom = super::nom_de_fichier(&document.nom);
            fichiers.push((format!("papiers/{rang}-{nom}"), octets));
        }
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (nom, octets) in &fichiers {
        zip.start_file(nom, options).map_err(|e| ecriture(&e))?;
        zip.write_all(octets).map_err(|e| ecriture(&e))?;
    }
    Ok(zip.finish().map_err(|e| ecriture(&e))?.into_inner())
}
