//! Le dossier de contrôle : tout d'une session en un ZIP, pour un inspecteur, vérifiable sans Garant.
//!
//! `index.html` se lit ; `journal.jsonl`, `pieces/` et `tete.json` prouvent ; `verifier.py` refait les calculs avec la
//! seule bibliothèque standard de Python. Les deux vérificateurs disent la même phrase.

use askama::Template;
use metier::{Session, SessionId, temps};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use stockage::dossier::{Dossier, Faute, LigneDossier, controler};
use stockage::{Base, Centre, Erreur};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Le vérificateur indépendant, livré dans chaque dossier.
pub const VERIFICATEUR: &str = include_str!("dossier/verifier.py");
/// Taille maximale d'un dossier relu, une fois déplié, en octets.
const DEPLIE_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// Nombre maximal de fichiers d'un dossier relu.
const FICHIERS_MAX: usize = 20_000;

const LISEZMOI: &str = "Dossier de contrôle d'une session d'examen, édité par Garant.

index.html        à lire : la session, ses papiers, son journal (une lecture, pas une preuve)
journal.jsonl     le journal, une ligne par écriture, avec sel et contenu exacts
pieces/           les papiers figés et joints ; pieces.json dit lesquels
tete.json         la tête du journal emporté
empreintes.txt    SHA-256 de chaque fichier
verifier.py       python3 verifier.py CE-DOSSIER.zip --tete \"la tête imprimée au pied d'un papier\"

La chaîne ne voit pas l'effacement de ses dernières lignes : comparez la tête avec celle d'un papier signé.
Ce dossier contient des données personnelles : gardez-le comme tel, effacez-le après le contrôle.
";

#[derive(Serialize, Deserialize)]
struct PieceListee {
    id: String,
    nom: String,
    fichier: String,
    empreinte: String,
    purgee: bool,
}

#[derive(Serialize, Deserialize)]
struct TeteListee {
    flux: String,
    rang: u64,
    empreinte: String,
}

#[derive(Template)]
#[template(path = "dossier/index.html")]
struct Index {
    titre: String,
    sous_titre: String,
    fiche: Vec<(&'static str, String)>,
    pieces: Vec<(String, String, bool)>,
    lignes: Vec<(u64, String, String)>,
    tete: String,
}

/// Pourquoi un dossier ne se fait pas.
#[derive(Debug, thiserror::Error)]
pub enum ErreurDossier {
    /// La base.
    #[error(transparent)]
    Stockage(#[from] Erreur),
    /// Le ZIP ou le gabarit.
    #[error("le dossier ne s'écrit pas : {0}")]
    Ecriture(String),
    /// Il vient d'être extrait et ne se vérifie pas : le journal est altéré.
    #[error("le journal est altéré : {0}")]
    Altere(#[from] Faute),
}

fn ecriture(e: impl std::fmt::Display) -> ErreurDossier {
    ErreurDossier::Ecriture(e.to_string())
}

/// L'extension d'un fichier d'après sa nature.
fn extension(nature: &str) -> &'static str {
    match nature {
        "application/pdf" => "pdf",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        _ => "bin",
    }
}

/// Compose le ZIP d'une session ; il est vérifié avant d'être rendu.
///
/// # Errors
/// [`ErreurDossier`] ; un journal altéré ne donne pas de dossier.
pub async fn composer(
    base: &Base,
    centre: &Centre,
    id: &SessionId,
) -> Result<Vec<u8>, ErreurDossier> {
    let (session, _) = stockage::charger(base, centre, id)
        .await?
        .ok_or(Erreur::Introuvable)?;
    let dossier = stockage::dossier::extraire(base, centre, id).await?;
    let empreintes: BTreeMap<_, _> = dossier
        .pieces
        .iter()
        .map(|(p, o)| (p.id.clone(), o.as_ref().map(|_| p.empreinte.clone())))
        .collect();
    controler(&dossier.lignes, &empreintes)?;
    tokio::task::spawn_blocking(move || ranger(&session, &dossier))
        .await
        .map_err(ecriture)?
}

fn ranger(s: &Session, d: &Dossier) -> Result<Vec<u8>, ErreurDossier> {
    let listees: Vec<_> = d
        .pieces
        .iter()
        .map(|(p, _)| PieceListee {
            id: p.id.clone(),
            nom: p.nom.clone(),
            fichier: format!("pieces/{}.{}", p.id, extension(&p.nature)),
            empreinte: p.empreinte.clone(),
            purgee: p.purgee,
        })
        .collect();
    let mut journal = String::new();
    for l in &d.lignes {
        journal.push_str(&serde_json::to_string(l).map_err(ecriture)?);
        journal.push('\n');
    }
    let tete = TeteListee {
        flux: d.lignes.first().map(|l| l.flux.clone()).unwrap_or_default(),
        rang: d.tete.rang,
        empreinte: d.tete.empreinte.clone(),
    };
    let mut fichiers: Vec<(String, Vec<u8>)> = vec![
        ("LISEZMOI.txt".into(), LISEZMOI.into()),
        (
            "index.html".into(),
            index(s, d, &listees).render().map_err(ecriture)?.into(),
        ),
        ("journal.jsonl".into(), journal.into()),
        (
            "pieces.json".into(),
            serde_json::to_vec_pretty(&listees).map_err(ecriture)?,
        ),
        (
            "tete.json".into(),
            serde_json::to_vec_pretty(&tete).map_err(ecriture)?,
        ),
        ("verifier.py".into(), VERIFICATEUR.into()),
    ];
    for ((_, octets), listee) in d.pieces.iter().zip(&listees) {
        if let Some(octets) = octets {
            fichiers.push((listee.fichier.clone(), octets.clone()));
        }
    }
    let empreintes: String = fichiers
        .iter()
        .map(|(nom, octets)| format!("{}  {nom}\n", empreinte(octets)))
        .collect();
    fichiers.push(("empreintes.txt".into(), empreintes.into()));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (nom, octets) in &fichiers {
        zip.start_file(nom, options).map_err(ecriture)?;
        zip.write_all(octets).map_err(ecriture)?;
    }
    Ok(zip.finish().map_err(ecriture)?.into_inner())
}

fn empreinte(octets: &[u8]) -> String {
    stockage::journal::hexa(&stockage::journal::empreinte_des_octets(octets))
}

fn index(s: &Session, d: &Dossier, listees: &[PieceListee]) -> Index {
    let mut fiche = vec![];
    let mut titre = "Session d’examen".to_owned();
    let mut sous_titre = String::new();
    if let Some(p) = &s.programme {
        titre.clone_from(&p.referentiel.intitule);
        sous_titre = format!(
            "{}, {}, {}",
            p.libelle_type(),
            temps::periode(p.debut, p.fin),
            p.site.nom
        );
        fiche.push((
            "Session CERES n°",
            p.numero_ceres.clone().unwrap_or_default(),
        ));
        fiche.push((
            "Responsable",
            s.equipe
                .responsable()
                .map(|i| i.nom.clone())
                .unwrap_or_default(),
        ));
        fiche.push(("Candidats inscrits", s.inscrits().count().to_string()));
        fiche.push(("Jurés", s.jury.len().to_string()));
        fiche.push(("Plis", s.plis.liste.len().to_string()));
        fiche.push(("Incidents", s.incidents.len().to_string()));
        fiche.push((
            "Décisions du jury",
            s.deliberation.decisions.len().to_string(),
        ));
    }
    Index {
        titre,
        sous_titre,
        fiche,
        pieces: listees
            .iter()
            .map(|p| (p.fichier.clone(), p.nom.clone(), p.purgee))
            .collect(),
        lignes: d.lignes.iter().map(lire_ligne).collect(),
        tete: format!("n° {} · {}", d.tete.rang, d.tete.courte()),
    }
}

/// Une ligne du journal comme on la lit : rang, instant, phrase.
fn lire_ligne(l: &LigneDossier) -> (u64, String, String) {
    let phrase = l
        .contenu
        .as_ref()
        .and_then(|c| stockage::contenu::lire(c).ok())
        .map_or_else(
            || format!("Contenu purgé ({})", l.etiquette),
            |c| c.evenement.phrase(),
        );
    (l.rang, temps::instant_court(&l.le), phrase)
}

/// Vérifie un dossier : la phrase d'un dossier intact, ou celle de la première faute.
///
/// # Errors
/// La phrase à montrer : « ligne 12 : … ».
pub fn verifier(octets: &[u8]) -> Result<String, String> {
    let fichiers = deplier(octets)?;
    let manque = |nom: &str| format!("fichier {nom} : il manque");
    let illisible = || "dossier : un de ses fichiers n'est pas lisible".to_owned();
    let texte = |nom: &str| -> Result<&str, String> {
        std::str::from_utf8(fichiers.get(nom).ok_or_else(|| manque(nom))?).map_err(|_| illisible())
    };
    for nom in [
        "journal.jsonl",
        "pieces.json",
        "tete.json",
        "empreintes.txt",
    ] {
        if !fichiers.contains_key(nom) {
            return Err(manque(nom));
        }
    }
    let journal = texte("journal.jsonl")?;
    let listees: Vec<PieceListee> =
        serde_json::from_str(texte("pieces.json")?).map_err(|_| illisible())?;
    let tete: TeteListee = serde_json::from_str(texte("tete.json")?).map_err(|_| illisible())?;
    let mut dites = BTreeMap::new();
    for ligne in texte("empreintes.txt")?.lines() {
        let (e, nom) = ligne.split_once("  ").ok_or_else(illisible)?;
        dites.insert(nom.to_owned(), e.to_owned());
    }
    let mut pieces = BTreeMap::new();
    for p in listees {
        let vue = if p.purgee {
            None
        } else {
            let octets = fichiers
                .get(&p.fichier)
                .ok_or_else(|| format!("pièce {} : elle a disparu", p.id))?;
            Some(empreinte(octets))
        };
        pieces.insert(p.id, vue);
    }
    let mut lignes: Vec<LigneDossier> = vec![];
    for (n, l) in journal.split('\n').filter(|l| !l.is_empty()).enumerate() {
        lignes.push(
            serde_json::from_str(l)
                .map_err(|_| format!("ligne {} : la ligne n'est pas lisible", n + 1))?,
        );
    }
    let trouvee = controler(&lignes, &pieces).map_err(|f| f.to_string())?;
    if (trouvee.rang, &trouvee.empreinte) != (tete.rang, &tete.empreinte) {
        return Err(format!(
            "ligne {} : ce n'est pas la tête annoncée (n° {})",
            trouvee.rang, tete.rang
        ));
    }
    let noms: std::collections::BTreeSet<_> = dites.keys().chain(fichiers.keys()).collect();
    for nom in noms {
        if nom == "empreintes.txt" {
            continue;
        }
        if fichiers.get(nom).map(|o| empreinte(o)).as_ref() != dites.get(nom)
            || !fichiers.contains_key(nom)
        {
            return Err(format!("fichier {nom} : il n'est plus celui du dossier"));
        }
    }
    let purges = lignes.iter().filter(|l| l.purge_le.is_some()).count();
    Ok(format!(
        "Intact : {} lignes, {} pièces, {purges} contenus purgés dans les règles. Tête n° {} · {}.",
        lignes.len(),
        pieces.len(),
        trouvee.rang,
        trouvee.empreinte.get(..16).unwrap_or_default()
    ))
}

fn deplier(octets: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let illisible = |e: &dyn std::fmt::Display| format!("dossier : le ZIP ne se lit pas ({e})");
    let mut zip = ZipArchive::new(Cursor::new(octets)).map_err(|e| illisible(&e))?;
    if zip.len() > FICHIERS_MAX {
        return Err(illisible(&"trop de fichiers"));
    }
    let (mut fichiers, mut total) = (BTreeMap::new(), 0_u64);
    for i in 0..zip.len() {
        let entree = zip.by_index(i).map_err(|e| illisible(&e))?;
        let nom = entree.name().map_err(|e| illisible(&e))?.into_owned();
        let mut lu = vec![];
        entree
            .take(DEPLIE_MAX - total)
            .read_to_end(&mut lu)
            .map_err(|e| illisible(&e))?;
        total += lu.len() as u64;
        if total >= DEPLIE_MAX {
            return Err(illisible(&"trop gros une fois déplié"));
        }
        if fichiers.insert(nom.clone(), lu).is_some() {
            return Err(format!("fichier {nom} : il figure deux fois"));
        }
    }
    Ok(fichiers)
}
