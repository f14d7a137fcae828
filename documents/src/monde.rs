//! Le monde que voit Typst : les gabarits, les polices, un fichier de données, un logo. Rien d'autre.
//!
//! Les chemins virtuels sont fixes : Typst retient chaque chemin pour toujours, un chemin par personne
//! ferait grossir la mémoire sans fin.

use std::path::PathBuf;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

use crate::donnees::Logo;

/// Gabarit principal, qui appelle les autres.
const PRINCIPAL: &str = "ensemble.typ";

macro_rules! gabarits {
    ($($nom:literal),+ $(,)?) => { [$(($nom, include_str!(concat!("../modeles/", $nom)))),+] };
}

/// Tous les gabarits, lus à la compilation. Un essai vérifie que chaque ligne du catalogue y figure.
const GABARITS: &[(&str, &str)] = &gabarits![
    "ensemble.typ",
    "commun.typ",
    "typographie.typ",
    "convocation-candidat.typ",
    "decharge.typ",
    "convocation-jure.typ",
    "convocation-surveillant.typ",
    "planning-affichage.typ",
    "check-list.typ",
    "emargement.typ",
    "emargement-jury.typ",
    "releve.typ",
    "lettre.typ",
    "etiquettes.typ",
    "affiche-porte.typ",
    "fiche-a-remplir.typ",
];

const POLICES: &[&[u8]] = &[
    include_bytes!("../polices/SourceSans3-Regular.ttf"),
    include_bytes!("../polices/SourceSans3-It.ttf"),
    include_bytes!("../polices/SourceSans3-Semibold.ttf"),
    include_bytes!("../polices/SourceSerif4-Semibold.ttf"),
];

/// Ce qui ne change jamais d'un document à l'autre.
struct Fonds {
    bibliotheque: LazyHash<Library>,
    livre: LazyHash<FontBook>,
    polices: Vec<Font>,
    sources: Vec<Source>,
    principal: FileId,
    donnees: FileId,
    logo: FileId,
}

static FONDS: LazyLock<Fonds> = LazyLock::new(|| {
    let polices: Vec<Font> = POLICES
        .iter()
        .flat_map(|octets| Font::iter(Bytes::new(*octets)))
        .collect();
    Fonds {
        // Les cellules d'en-tête de ligne des tableaux demandent cette fonctionnalité.
        bibliotheque: LazyHash::new(
            Library::builder()
                .with_features([Feature::A11yExtras].into_iter().collect())
                .build(),
        ),
        livre: LazyHash::new(FontBook::from_fonts(&polices)),
        polices,
        sources: GABARITS
            .iter()
            .map(|(nom, texte)| Source::new(identifiant(nom), (*texte).to_owned()))
            .collect(),
        principal: identifiant(PRINCIPAL),
        donnees: identifiant("donnees.json"),
        logo: identifiant("logo"),
    }
});

fn identifiant(nom: &str) -> FileId {
    let chemin = VirtualPath::new(nom).expect("les chemins virtuels sont des constantes valables");
    RootedPath::new(VirtualRoot::Project, chemin).intern()
}

/// Vrai si les polices embarquées savent dessiner ce caractère.
pub(crate) fn dessine(caractere: char) -> bool {
    FONDS
        .livre
        .info(0)
        .is_some_and(|police| police.coverage.contains(u32::from(caractere)))
}

/// Vrai si le gabarit est dans le binaire.
#[cfg(test)]
pub(crate) fn connait(gabarit: &str) -> bool {
    GABARITS.iter().any(|(nom, _)| *nom == gabarit)
}

/// Le monde d'une composition.
pub(crate) struct Monde {
    donnees: Bytes,
    logo: Option<Bytes>,
}

impl Monde {
    /// Un monde neuf, avec ces données et ce logo.
    pub(crate) fn new(donnees: Vec<u8>, logo: Option<&Logo>) -> Self {
        LazyLock::force(&FONDS);
        Self {
            donnees: Bytes::new(donnees),
            logo: logo.map(|logo| Bytes::new(logo.octets.clone())),
        }
    }
}

impl World for Monde {
    fn library(&self) -> &LazyHash<Library> {
        &FONDS.bibliotheque
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONDS.livre
    }

    fn main(&self) -> FileId {
        FONDS.principal
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        FONDS
            .sources
            .iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or_else(|| introuvable(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == FONDS.donnees {
            return Ok(self.donnees.clone());
        }
        if id == FONDS.logo
            && let Some(logo) = &self.logo
        {
            return Ok(logo.clone());
        }
        Err(introuvable(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONDS.polices.get(index).cloned()
    }

    /// Pas d'horloge : la date vient des données.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn introuvable(id: FileId) -> FileError {
    FileError::NotFound(PathBuf::from(id.vpath().get_without_slash()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn le_monde_ne_donne_acces_qu_a_ses_propres_fichiers() {
        let monde = Monde::new(b"{}".to_vec(), None);
        assert!(monde.file(identifiant("donnees.json")).is_ok());
        assert!(monde.file(identifiant("logo")).is_err());
        assert!(monde.file(identifiant("etc/passwd")).is_err());
        assert!(monde.source(identifiant("autre.typ")).is_err());
        assert!(monde.today(None).is_none());
    }

    #[test]
    fn chaque_document_du_catalogue_a_son_gabarit() {
        for fiche in crate::CATALOGUE {
            assert!(connait(fiche.gabarit), "{} : gabarit absent", fiche.code);
        }
    }
}
