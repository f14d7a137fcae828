//! L'aperçu d'un import : colonnes reconnues, candidats lus, problèmes ligne par ligne. Fonction pure du tableau et du jour.

use super::Illisible;
use super::champs::{self, Lu, texte};
use super::colonnes::{Champ, reconnaitre};
use super::dates::{self, Genre, LectureDate};
use super::doublons;
use super::entete::{self, Entete};
use super::limites::LIGNES_MAX;
use super::pliage::{citer, plier, reparer_accents};
use super::tableau::{Cellule, Rangee, Tableau, lettre, trop_de_lignes};
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
    fn dire(&mut self, ligne: u32, champ: &str, gravite: Gravite, message: impl Into<String>) {
        self.problemes.push(Probleme { ligne, champ: champ.into(), gravite, message: message.into() });
    }

    fn avertir(&mut self, ligne: u32, champ: &str, message: impl Into<String>) {
        self.dire(ligne, champ, Gravite::Avertissement, message);
    }

    fn bloquer(&mut self, ligne: u32, champ: &str, message: impl Into<String>) {
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
        lire_rangee(&mut apercu, rangee, &champs, tableau.depuis_1904, jour);
        if apercu.candidats.len() > LIGNES_MAX {
            return Err(trop_de_lignes());
        }
    }
    if apercu.candidats.is_empty() {
        apercu.bloquer(entete.ligne, "fichier", "Aucun candidat sous la ligne d’intitulés. Vérifiez que la liste est bien sur cette feuille, puis importez de nouveau.");
    }
    let rapproches = doublons::signaler(&apercu.candidats);
    apercu.problemes.extend(rapproches);
    apercu.problemes.sort_by_key(|p| (p.ligne, p.gravite == Gravite::Avertissement));
    let bloquees: std::collections::HashSet<u32> = apercu.problemes.iter().filter(|p| p.gravite == Gravite::Bloquant).map(|p| p.ligne).collect();
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
            if let Cellule::Texte(t) = cellule && let Some(sain) = reparer_accents(t) {
                exemple = Some((std::mem::replace(t, sain.clone()), sain));
            }
        }
    }
    exemple
}

fn dire_le_fichier(apercu: &mut Apercu, tableau: &Tableau, entete: &Entete, repares: Option<(String, String)>) {
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
fn retenir_colonnes(apercu: &mut Apercu, tableau: &Tableau, entete: &Entete) -> Vec<(usize, Champ)> {
    let rangees = &tableau.feuilles[entete.feuille].rangees[entete.suite..];
    let a_naissance = entete.colonnes.iter().any(|(_, c)| *c == Some(Champ::NomNaissance));
    let largeur = rangees.iter().map(|r| r.cellules.len()).max().unwrap_or(0).max(entete.colonnes.len());
    let mut retenues: Vec<(usize, Champ)> = vec![];
    for i in 0..largeur {
        let (intitule, reconnu) = entete.colonnes.get(i).cloned().unwrap_or_default();
        let remplie = || rangees.iter().any(|r| r.cellules.get(i).is_some_and(|c| !c.est_vide()));
        // « Nom » à côté de « Nom de naissance » est le nom d'usage.
        let reconnu = if reconnu == Some(Champ::Nom) { Some(if a_naissance { Champ::NomUsage } else { Champ::NomNaissance }) } else { reconnu };
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

/// Lit une ligne : un candidat, ou une ligne à laisser (total, intitulés répétés).
fn lire_rangee(apercu: &mut Apercu, rangee: &Rangee, champs: &[(usize, Champ)], depuis_1904: bool, jour: Date) {
    let ligne = rangee.numero;
    let cellule = |i: usize| rangee.cellules.get(i).unwrap_or(&Cellule::Vide);
    let remplies = champs.iter().filter(|(i, _)| !cellule(*i).est_vide()).count();
    if remplies == 0 {
        apercu.avertir(ligne, "ligne", "Cette ligne ne remplit aucune colonne reconnue\u{a0}: elle n’est pas lue. Supprimez-la, ou complétez-la si c’est un candidat.");
        return;
    }
    let premier = rangee.cellules.iter().map(texte).find(|t| !t.is_empty()).unwrap_or_default();
    let sans_prenom = champs.iter().filter(|(_, c)| *c == Champ::Prenoms).all(|(i, _)| cellule(*i).est_vide());
    if sans_prenom && est_total(&premier) && remplies <= 2 {
        apercu.avertir(ligne, "ligne", format!("La ligne {} n’est pas un candidat\u{a0}: elle n’est pas lue.", citer(&premier)));
        return;
    }
    let intitules = champs.iter().filter(|(i, c)| reconnaitre(&texte(cellule(*i))).is_some_and(|r| r.code() == c.code() || *c == Champ::NomUsage && r == Champ::Nom)).count();
    if intitules >= 2 && intitules * 2 > remplies {
        apercu.avertir(ligne, "ligne", "Cette ligne répète les intitulés\u{a0}: elle n’est pas lue.");
        return;
    }
    let mut c = Candidat { ligne, ..Candidat::default() };
    for (i, champ) in champs {
        lire_champ(apercu, &mut c, *champ, cellule(*i), depuis_1904, jour);
    }
    completer(apercu, &mut c, champs);
    apercu.candidats.push(c);
}

/// « Total », « Effectif : 16 », « Nombre de candidats »…
fn est_total(texte: &str) -> bool {
    let plie = plier(texte);
    ["total", "totaux", "sous total", "effectif", "nombre de", "nb de", "nb stagiaires", "nb candidats"].iter().any(|d| plie.strip_prefix(d).is_some_and(|s| s.is_empty() || s.starts_with(' ') || s.starts_with(|c: char| c.is_ascii_digit())))
}

fn lire_champ(apercu: &mut Apercu, c: &mut Candidat, champ: Champ, cellule: &Cellule, depuis_1904: bool, jour: Date) {
    let lu = match champ {
        Champ::Naissance | Champ::DebutFormation => return lire_date(apercu, c, champ, cellule, depuis_1904, jour),
        Champ::NomComplet => return lire_nom_complet(apercu, c, cellule),
        Champ::Civilite => champs::civilite(cellule),
        Champ::NomNaissance | Champ::Nom | Champ::NomUsage | Champ::Prenoms => champs::nom(champ, cellule),
        Champ::Courriel => champs::courriel(cellule),
        Champ::Telephone => champs::telephone(cellule),
        Champ::CodePostal => champs::code_postal(cellule),
        Champ::Voie => champs::voie(cellule),
        Champ::LieuNaissance | Champ::Organisme => champs::simple(champ, cellule, 120),
        Champ::Adresse => champs::simple(champ, cellule, 200),
        Champ::Ville => champs::simple(champ, cellule, 80),
        Champ::IdentifiantCeres => champs::simple(champ, cellule, 40),
        Champ::Nir => Lu::default(),
    };
    for (gravite, phrase) in lu.remarques {
        apercu.dire(c.ligne, champ.code(), gravite, phrase);
    }
    let Some(valeur) = lu.valeur else { return };
    let place = match champ {
        Champ::NomNaissance | Champ::Nom => return remplir_texte(&mut c.nom_naissance, valeur),
        Champ::Prenoms => return remplir_texte(&mut c.prenoms, valeur),
        Champ::Civilite => &mut c.civilite,
        Champ::NomUsage => &mut c.nom_usage,
        Champ::LieuNaissance => &mut c.lieu_naissance,
        Champ::Courriel => &mut c.courriel,
        Champ::Telephone => &mut c.telephone,
        Champ::CodePostal => &mut c.code_postal,
        Champ::Ville => &mut c.ville,
        Champ::Voie => &mut c.voie,
        Champ::Organisme => &mut c.organisme,
        Champ::IdentifiantCeres => &mut c.identifiant_ceres,
        Champ::Adresse => {
            let entiere = c.adresse.take().map_or_else(|| valeur.clone(), |debut| format!("{debut}, {valeur}"));
            c.adresse = Some(entiere.chars().take(200).collect());
            return;
        }
        Champ::NomComplet | Champ::Naissance | Champ::DebutFormation | Champ::Nir => return,
    };
    place.get_or_insert(valeur);
}

fn remplir_texte(place: &mut String, valeur: String) {
    if place.is_empty() { *place = valeur; }
}

fn lire_date(apercu: &mut Apercu, c: &mut Candidat, champ: Champ, cellule: &Cellule, depuis_1904: bool, jour: Date) {
    let genre = if champ == Champ::Naissance { Genre::Naissance } else { Genre::Courante };
    match dates::lire(cellule, genre, depuis_1904, jour) {
        LectureDate::Vide => {}
        LectureDate::Illisible(phrase) => apercu.bloquer(c.ligne, champ.code(), phrase),
        LectureDate::Lue(d, remarque) => {
            if let Some(phrase) = remarque {
                apercu.avertir(c.ligne, champ.code(), phrase);
            }
            if champ == Champ::Naissance {
                if let Some(phrase) = dates::naissance_impossible(d, jour) {
                    apercu.bloquer(c.ligne, champ.code(), phrase);
                }
                c.naissance.get_or_insert(d);
            } else if !(1990..=jour.year() + 5).contains(&d.year()) {
                apercu.avertir(c.ligne, champ.code(), format!("Le début de la formation, {}, est trop loin d’aujourd’hui\u{a0}: il est laissé vide. Vérifiez l’année.", dates::chiffres(d)));
            } else {
                c.debut_formation.get_or_insert(d);
            }
        }
    }
}

/// « DURAND Aïcha » : les mots en capitales sont le nom ; « Durand, Aïcha » : la virgule sépare. Sinon, on ne devine pas.
fn lire_nom_complet(apercu: &mut Apercu, c: &mut Candidat, cellule: &Cellule) {
    let lu = champs::nom(Champ::NomComplet, cellule);
    for (gravite, phrase) in lu.remarques {
        apercu.dire(c.ligne, Champ::NomComplet.code(), gravite, phrase);
    }
    let Some(entier) = lu.valeur else { return };
    if let Some((nom, prenoms)) = separer(&entier) {
        apercu.avertir(c.ligne, Champ::NomComplet.code(), format!("{} a été séparé en nom {} et prénom {}. Vérifiez.", citer(&entier), citer(&nom), citer(&prenoms)));
        remplir_texte(&mut c.nom_naissance, nom);
        remplir_texte(&mut c.prenoms, prenoms);
    } else {
        apercu.bloquer(c.ligne, Champ::NomComplet.code(), format!("Garant ne sait pas où finit le nom et où commence le prénom dans {}. Séparez-les en deux colonnes, ou écrivez le nom en capitales.", citer(&entier)));
        remplir_texte(&mut c.nom_naissance, entier);
    }
}

fn separer(entier: &str) -> Option<(String, String)> {
    if let Some((nom, prenoms)) = entier.split_once(',') {
        let (nom, prenoms) = (nom.trim(), prenoms.trim());
        return (!nom.is_empty() && !prenoms.is_empty()).then(|| (nom.to_owned(), prenoms.to_owned()));
    }
    let mots: Vec<&str> = entier.split(' ').filter(|m| !matches!(plier(m).as_str(), "m" | "mme" | "mr" | "mlle")).collect();
    let capitales = |m: &&str| m.chars().any(char::is_alphabetic) && !m.chars().any(char::is_lowercase);
    let n = mots.iter().take_while(|m| capitales(m)).count();
    if n > 0 && n < mots.len() && !mots[n..].iter().any(capitales) {
        return Some((mots[..n].join(" "), mots[n..].join(" ")));
    }
    let p = mots.iter().take_while(|m| !capitales(m)).count();
    (p > 0 && p < mots.len() && mots[p..].iter().all(capitales)).then(|| (mots[p..].join(" "), mots[..p].join(" ")))
}

/// Ce qui manque à la ligne, et ce que deux colonnes disent ensemble.
fn completer(apercu: &mut Apercu, c: &mut Candidat, champs: &[(usize, Champ)]) {
    let deja = |a: &Apercu, code: &str| a.problemes.iter().rev().take_while(|p| p.ligne == c.ligne).any(|p| p.champ == code && p.gravite == Gravite::Bloquant);
    let a = |champ: Champ| champs.iter().any(|(_, c)| *c == champ);
    if c.nom_naissance.is_empty() && c.nom_usage.is_some() && !deja(apercu, "nom_naissance") {
        c.nom_naissance = c.nom_usage.take().unwrap_or_default();
        apercu.avertir(c.ligne, "nom_naissance", format!("Le nom de naissance manque\u{a0}: Garant a pris le nom d’usage, {}. Vérifiez-le d’après la pièce d’identité.", citer(&c.nom_naissance)));
    }
    if c.nom_usage.as_deref().is_some_and(|u| plier(u) == plier(&c.nom_naissance)) {
        c.nom_usage = None;
    }
    let complet_bloque = deja(apercu, "nom_et_prenoms");
    if c.nom_naissance.is_empty() && !complet_bloque && !deja(apercu, "nom_naissance") {
        apercu.bloquer(c.ligne, "nom_naissance", "Le nom de naissance manque. Complétez-le d’après la pièce d’identité.");
    }
    if c.prenoms.is_empty() && !complet_bloque && !deja(apercu, "prenoms") {
        apercu.bloquer(c.ligne, "prenoms", "Le prénom manque. Complétez-le d’après la pièce d’identité.");
    }
    if a(Champ::Naissance) && c.naissance.is_none() && !deja(apercu, "naissance") {
        apercu.avertir(c.ligne, "naissance", "La date de naissance manque. Complétez-la avant d’éditer les papiers.");
    }
    if a(Champ::Voie) && c.voie.is_none() && !deja(apercu, "voie") {
        apercu.avertir(c.ligne, "voie", "La voie d’accès manque. Complétez-la avant d’éditer les papiers.");
    }
    // « 69400 Villefranche » : le code postal dans la commune.
    if c.code_postal.is_none() && let Some((code, reste)) = c.ville.as_deref().and_then(|v| v.split_once(' ')) && code.len() == 5 && code.chars().all(|x| x.is_ascii_digit()) {
        let (code, reste) = (code.to_owned(), reste.to_owned());
        c.code_postal = Some(code);
        c.ville = Some(reste);
    }
}
