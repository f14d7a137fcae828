//! Des données aux octets : contrôler, écrire `donnees.json`, composer, exporter.

use serde_json::json;
use typst::comemo;
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::controle;
use crate::donnees::{Document, Entete, NatureLogo};
use crate::erreur::ErreurDocument;
use crate::monde::{self, Monde};
use crate::textes::{TEXTES, paragraphes};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Documents au plus dans un seul PDF : 60 candidats, leur décharge, leurs émargements, et de la marge.
/// Un PDF de 200 papiers demande environ 340 Mio le temps de le composer ; la mémoire croît avec leur nombre.
pub const DOCUMENTS_PAR_ENSEMBLE_MAX: usize = 200;

/// Combien de papiers par fichier, quand il y en a `nombre` : des fichiers aussi peu nombreux que permis, et de même
/// taille plutôt qu'un dernier presque vide.
pub fn papiers_par_fichier(nombre: usize) -> usize {
    let fichiers = nombre.div_ceil(DOCUMENTS_PAR_ENSEMBLE_MAX).max(1);
    nombre.div_ceil(fichiers).max(1)
}

/// Compose un document : les octets d'un PDF, exporté en PDF/A-2a et PDF/UA-1.
///
/// Calcul pur, de quelques millisecondes à une seconde : à lancer hors des fils asynchrones.
///
/// # Errors
/// [`ErreurDocument`], dont le texte se montre tel quel.
pub fn composer(entete: &Entete, document: &Document) -> Result<Vec<u8>, ErreurDocument> {
    composer_ensemble(entete, std::slice::from_ref(document))
}

/// Compose plusieurs documents à la suite dans un seul PDF. Chacun commence une page et garde
/// sa propre pagination « page x/y ».
///
/// # Errors
/// [`ErreurDocument`] ; tous les manques de tous les documents sont rendus ensemble.
pub fn composer_ensemble(
    entete: &Entete,
    documents: &[Document],
) -> Result<Vec<u8>, ErreurDocument> {
    verifier(entete, documents)?;
    let mut donnees = json!({
        "entete": entete,
        "logo": entete.centre.logo.as_ref().map(|logo| nature(logo.nature)),
        "titre": titre(entete, documents),
        "documents": documents,
        "textes": textes(entete),
    });
    controle::nettoyer(&mut donnees, &monde::dessine)?;
    let monde = Monde::new(
        donnees.to_string().into_bytes(),
        entete.centre.logo.as_ref(),
    );
    let resultat = composer_monde(&monde);
    // Sans ceci, chaque document laisse environ un Mio de calculs retenus.
    comemo::evict(0);
    resultat
}

/// Combien de fichiers se composent en même temps : deux suffisent à occuper les cœurs d'une petite machine, et la
/// mémoire d'un fichier de 200 papiers ne permet guère plus.
const DE_FRONT: usize = 2;

/// Fait chacun de ces travaux, deux de front, et rend les résultats dans l'ordre des travaux.
///
/// Typst répartit déjà la mise en page ; le reste d'une composition (évaluer, écrire le PDF) tient sur un fil.
pub fn composer_de_front<T: Sync, R: Send>(
    travaux: &[T],
    faire: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let suivant = AtomicUsize::new(0);
    let suite = || {
        let mut faits = Vec::new();
        loop {
            let rang = suivant.fetch_add(1, Ordering::Relaxed);
            let Some(travail) = travaux.get(rang) else {
                return faits;
            };
            faits.push((rang, faire(travail)));
        }
    };
    let mut faits: Vec<(usize, R)> = std::thread::scope(|fils| {
        let autres: Vec<_> = (1..DE_FRONT.min(travaux.len()))
            .map(|_| fils.spawn(suite))
            .collect();
        let miens = suite();
        let des_autres = autres.into_iter().flat_map(|fil| match fil.join() {
            Ok(faits) => faits,
            Err(panique) => std::panic::resume_unwind(panique),
        });
        miens.into_iter().chain(des_autres).collect()
    });
    faits.sort_by_key(|(rang, _)| *rang);
    faits.into_iter().map(|(_, fait)| fait).collect()
}

/// Ce qui empêche ces documents de partir, sans rien composer.
///
/// # Errors
/// [`ErreurDocument`] ; tous les manques de tous les documents sont rendus ensemble.
pub fn verifier(entete: &Entete, documents: &[Document]) -> Result<(), ErreurDocument> {
    if documents.is_empty() {
        return Err(ErreurDocument::Incomplet(vec![
            "Aucun document à éditer : choisissez au moins une personne.".to_owned(),
        ]));
    }
    if documents.len() > DOCUMENTS_PAR_ENSEMBLE_MAX {
        return Err(ErreurDocument::TropLong(format!(
            "{} documents sont demandés d'un coup ; un seul fichier en accepte {DOCUMENTS_PAR_ENSEMBLE_MAX}. Éditez-les en plusieurs fois.",
            documents.len()
        )));
    }
    let mut manques = Vec::new();
    if entete.exige_ceres
        && entete
            .session
            .numero_ceres
            .as_ref()
            .is_none_or(|n| n.trim().is_empty())
        && documents.iter().any(Document::est_convocation)
    {
        manques.push(
            "Votre centre n'envoie pas de convocation sans le numéro CERES de la session. Notez-le à la page Programme, puis recommencez."
                .to_owned(),
        );
    }
    for document in documents {
        match controle::verifier(document) {
            Ok(()) => {}
            Err(ErreurDocument::Incomplet(phrases)) => manques.extend(phrases),
            Err(autre) => return Err(autre),
        }
    }
    if manques.is_empty() {
        Ok(())
    } else {
        Err(ErreurDocument::Incomplet(manques))
    }
}

/// Les paragraphes des textes modifiables : ceux du centre, ceux livrés sinon.
fn textes(entete: &Entete) -> BTreeMap<&'static str, Vec<String>> {
    TEXTES
        .iter()
        .map(|t| {
            let voulu = entete.textes.get(t.code).map_or(t.defaut, String::as_str);
            (t.code, paragraphes(voulu, &[]))
        })
        .collect()
}

fn nature(nature: NatureLogo) -> &'static str {
    match nature {
        NatureLogo::Png => "png",
        NatureLogo::Jpeg => "jpg",
        NatureLogo::Svg => "svg",
    }
}

/// Titre du fichier, lu par les lecteurs d'écran et montré dans l'onglet.
fn titre(entete: &Entete, documents: &[Document]) -> String {
    let intitule = |document: &Document| {
        crate::fiche(document.code())
            .map_or("Document", |fiche| fiche.intitule)
            .to_owned()
    };
    let objet = match documents {
        [seul] => match seul.nom() {
            Some(nom) => format!("{} : {nom}", intitule(seul)),
            None => intitule(seul),
        },
        plusieurs => {
            let mut intitules: Vec<String> = plusieurs.iter().map(intitule).collect();
            intitules.dedup();
            intitules.sort();
            intitules.dedup();
            intitules.join(", ")
        }
    };
    format!("{objet} – {}", entete.session.titre)
}

fn composer_monde(monde: &Monde) -> Result<Vec<u8>, ErreurDocument> {
    let page: PagedDocument = typst::compile(monde)
        .output
        .map_err(|erreurs| expliquer(&erreurs))?;
    let normes = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|erreur| ErreurDocument::Gabarit(erreur.message().to_string()))?;
    let options = PdfOptions {
        creator: Smart::Custom(Some("Garant".to_owned())),
        standards: normes,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&page, &options).map_err(|erreurs| expliquer(&erreurs))
}

fn expliquer(erreurs: &[SourceDiagnostic]) -> ErreurDocument {
    let phrases: Vec<String> = erreurs
        .iter()
        .map(|erreur| erreur.message.to_string())
        .collect();
    // Le seul fichier d'un tiers est le logo : ses défauts se disent autrement que ceux des gabarits.
    if phrases.iter().any(|phrase| {
        phrase.contains("failed to decode image") || phrase.contains("failed to parse SVG")
    }) {
        return ErreurDocument::LogoIllisible;
    }
    ErreurDocument::Gabarit(phrases.join(" ; "))
}
