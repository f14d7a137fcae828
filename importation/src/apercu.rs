//! L'aperçu d'un import : colonnes reconnues, candidats lus, problèmes ligne par ligne. Fonction pure du tableau et du jour.

use super::Illisible;
use super::colonnes::Champ;
use super::doublons;
use super::entete::{self, Entete};
use super::limites::LIGNES_MAX;
use super::pliage::{citer, reparer_accents};
use super::rangee;
use super::tableau::{Cellule, Tableau, lettre, trop_de_lignes};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Ce qu'un problème empêche.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gravite {
    /// La ligne ne peut pas être importée telle quelle.
    Bloquant,
    /// La ligne peut être importée ; il faut vérifier.
    Avertissement,
}

/// Un problème, sur sa ligne, avec ce qu'il faut faire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probleme {
    /// Numéro de ligne, tel que le tableur le montre.
    pub ligne: u32,
    /// Le champ de la fiche, ou « colonne », « ligne », « fichier ».
    pub champ: String,
    /// Bloquant ou avertissement.
    pub gravite: Gravite,
    /// La phrase.
    pub message: String,
}

/// Un candidat lu. Les champs portent les noms de la fiche.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidat {
    /// Numéro de ligne, tel que le tableur le montre.
    pub ligne: u32,
    /// Un problème bloquant empêche d'importer cette ligne.
    pub bloque: bool,
    /// « Mme » ou « M. ».
    pub civilite: Option<String>,
    /// Nom de naissance.
    pub nom_naissance: String,
    /// Nom d'usage.
    pub nom_usage: Option<String>,
    /// Prénoms.
    pub prenoms: String,
    /// Date de naissance.
    pub naissance: Option<Date>,
    /// Lieu de naissance.
    pub lieu_naissance: Option<String>,
    /// Courriel, en minuscules.
    pub courriel: Option<String>,
    /// Téléphone, dix chiffres, ou « + » et l'indicatif étranger.
    pub telephone: Option<String>,
    /// Numéro et rue.
    pub adresse: Option<String>,
    /// Code postal.
    pub code_postal: Option<String>,
    /// Commune.
    pub ville: Option<String>,
    /// Code de la voie d'accès.
    pub voie: Option<String>,
    /// Organisme ou entreprise.
    pub organisme: Option<String>,
    /// Début de la formation.
    pub debut_formation: Option<Date>,
    /// Identifiant CERES recopié.
    pub identifiant_ceres: Option<String>,
}

/// L'aperçu entier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apercu {
    /// Champ de la fiche → intitulé du fichier.
    pub colonnes: BTreeMap<String, String>,
    /// Les candidats, dans l'ordre du fichier.
    pub candidats: Vec<Candidat>,
    /// Les problèmes, par ligne.
    pub problemes: Vec<Probleme>,
}

impl Apercu {
    /// Ajoute un problème.
    pub(super) fn dire(
        &mut self,
        ligne: u32,
        champ: &str,
        gravite: Gravite,
        message: impl Into<String>,
    ) {
        self.problemes.push(Probleme {
            ligne,
            champ: champ.into(),
            gravite,
            message: message.into(),
        });
    }

    /// Ajoute un avertissement.
    pub(super) fn avertir(&mut self, ligne: u32, champ: &str, message: impl Into<String>) {
        self.dire(ligne, champ, Gravite::Avertissement, message);
    }

    /// Ajoute un problème bloquant.
    pub(super) fn bloquer(&mut self, ligne: u32, champ: &str, message: impl Into<String>) {
        self.dire(ligne, champ, Gravite::Bloquant, message);
    }

    /// Candidats que rien n'empêche d'importer.
    pub fn importables(&self) -> impl Iterator<Item = &Candidat> {
        self.candidats.iter().filter(|c| !c.bloque)
    }
}

/// Tire l'aperçu d'un tableau. `jour` sert à juger les dates de naissance.
pub fn analyser(mut tableau: Tableau, jour: Date) -> Result<Apercu, Illisible> {
    let repares = reparer(&mut tableau);
    let entete = entete::trouver(&tableau)?;
    let mut apercu = Apercu::default();
    dire_le_fichier(&mut apercu, &tableau, &entete, repares);
    let champs = retenir_colonnes(&mut apercu, &tableau, &entete);
    let feuille = &tableau.feuilles[entete.feuille];
    for rangee in &feuille.rangees[entete.suite..] {
        rangee::lire(&mut apercu, rangee, &champs, tableau.depuis_1904, jour);
        if apercu.candidats.len() > LIGNES_MAX {
            return Err(trop_de_lignes());
        }
    }
    if apercu.candidats.is_empty() {
        apercu.bloquer(entete.ligne, "fichier", "Aucun candidat sous la ligne d’intitulés. Vérifiez que la liste est bien sur cette feuille, puis importez de nouveau.");
    }
    let rapproches = doublons::signaler(&apercu.candidats);
    apercu.problemes.extend(rapproches);
    apercu
        .problemes
        .sort_by_key(|p| (p.ligne, p.gravite == Gravite::Avertissement));
    let bloquees: std::collections::HashSet<u32> = apercu
        .problemes
        .iter()
        .filter(|p| p.gravite == Gravite::Bloquant)
        .map(|p| p.ligne)
        .collect();
    for c in &mut apercu.candidats {
        c.bloque = bloquees.contains(&c.ligne);
    }
    Ok(apercu)
}

/// Répare les accents abîmés de tout le tableau ; rend un exemple.
fn reparer(tableau: &mut Tableau) -> Option<(String, String)> {
    let mut exemple = None;
    for feuille in &mut tableau.feuilles {
        if let Some(n) = reparer_accents(&feuille.nom) {
            feuille.nom = n;
        }
        for cellule in feuille.rangees.iter_mut().flat_map(|r| &mut r.cellules) {
            if let Cellule::Texte(t) = cellule
                && let Some(sain) = reparer_accents(t)
            {
                exemple = Some((std::mem::replace(t, sain.clone()), sain));
            }
        }
    }
    exemple
}

fn dire_le_fichier(
    apercu: &mut Apercu,
    tableau: &Tableau,
    entete: &Entete,
    repares: Option<(String, String)>,
) {
    for remarque in &tableau.remarques {
        apercu.avertir(entete.ligne, "fichier", remarque.clone());
    }
    if let Some((abime, sain)) = repares {
        apercu.avertir(entete.ligne, "fichier", format!("Les accents de ce fichier étaient abîmés ({})\u{a0}: Garant a lu {}. Vérifiez les noms dans l’aperçu.", citer(&abime), citer(&sain)));
    }
    for (i, feuille) in tableau.feuilles.iter().enumerate() {
        if i != entete.feuille && !feuille.rangees.is_empty() {
            apercu.avertir(entete.ligne, "fichier", format!("La feuille {} n’a pas été lue\u{a0}: Garant lit celle qui ressemble le plus à une liste de candidats, {}. Si l’autre en contient aussi, importez-la à part.", citer(&feuille.nom), citer(&tableau.feuilles[entete.feuille].nom)));
        }
    }
    for nom in &tableau.cachees {
        apercu.avertir(entete.ligne, "fichier", format!("La feuille cachée {} n’a pas été lue. Affichez-la dans le tableur si elle contient des candidats.", citer(nom)));
    }
}

/// Les colonnes à lire, dans l'ordre ; dit celles qu'on ne connaît pas, celles en double et le numéro de sécurité sociale.
fn retenir_colonnes(
    apercu: &mut Apercu,
    tableau: &Tableau,
    entete: &Entete,
) -> Vec<(usize, Champ)> {
    let rangees = &tableau.feuilles[entete.feuille].rangees[entete.suite..];
    let a_naissance = entete
        .colonnes
        .iter()
        .any(|(_, c)| *c == Some(Champ::NomNaissance));
    let largeur = rangees
        .iter()
        .map(|r| r.cellules.len())
        .max()
        .unwrap_or(0)
        .max(entete.colonnes.len());
    let mut retenues: Vec<(usize, Champ)> = vec![];
    for i in 0..largeur {
        let (intitule, reconnu) = entete.colonnes.get(i).cloned().unwrap_or_default();
        let remplie = || {
            rangees
                .iter()
                .any(|r| r.cellules.get(i).is_some_and(|c| !c.est_vide()))
        };
        // « Nom » à côté de « Nom de naissance » est le nom d'usage.
        let reconnu = if reconnu == Some(Champ::Nom) {
            Some(if a_naissance {
                Champ::NomUsage
            } else {
                Champ::NomNaissance
            })
        } else {
            reconnu
        };
        match reconnu {
            Some(Champ::Nir) => apercu.avertir(entete.ligne, "nir", format!("La colonne {} contient le numéro de sécurité sociale\u{a0}: Garant l’écarte et ne le garde pas. Retirez-la aussi du fichier.", citer(&intitule))),
            Some(champ) => {
                if let Some(premiere) = apercu.colonnes.get(champ.code()) {
                    let suite = if champ == Champ::Adresse { "les deux sont mises bout à bout" } else { "la seconde ne sert que si la première est vide" };
                    let phrase = format!("Deux colonnes donnent {}\u{a0}: {} et {}\u{a0}; {suite}. Vérifiez.", champ.libelle(), citer(premiere), citer(&intitule));
                    apercu.avertir(entete.ligne, champ.code(), phrase);
                } else {
                    apercu.colonnes.insert(champ.code().into(), intitule);
                }
                retenues.push((i, champ));
            }
            None if intitule.is_empty() && remplie() => apercu.avertir(entete.ligne, "colonne", format!("La colonne {} n’a pas d’intitulé\u{a0}: elle n’est pas lue. Ajoutez-en un si elle compte.", lettre(i))),
            None if !intitule.is_empty() && remplie() => apercu.avertir(entete.ligne, "colonne", format!("La colonne {} n’est pas reconnue\u{a0}: elle n’est pas lue. Renommez-la si elle compte.", citer(&intitule))),
            None => {}
        }
    }
    retenues
}
