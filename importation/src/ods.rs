//! Lire un classeur ODS au fil de l'eau. Un lecteur à nous, car les répétitions d'ODS (« cette ligne, un million de fois »)
//! doivent compter dans les numéros de ligne sans jamais se déplier en mémoire.

use super::Illisible;
use super::archive::{abime, ouvrir};
use super::dates;
use super::limites::{CARACTERES_MAX, COLONNES_MAX, RANGEES_MAX};
use super::tableau::{Cellule, Remplissage, trop_de_lignes};
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashSet;
use std::io::BufReader;

/// Lit les feuilles visibles de `content.xml`.
pub fn lire(octets: &[u8], remplissage: &mut Remplissage) -> Result<(), Illisible> {
    let mut archive = ouvrir(octets)?;
    if archive.index_for_name("META-INF/manifest.xml").is_some() && manifeste_chiffre(&mut archive)?
    {
        return Err(Illisible::dire(
            "Ce classeur est protégé par un mot de passe. Ouvrez-le dans le tableur, retirez le mot de passe, enregistrez-le, puis importez-le.",
        ));
    }
    let partie = archive.by_name("content.xml").map_err(|_| abime())?;
    let mut xml = Reader::from_reader(BufReader::new(partie));
    let mut lecture = Lecture {
        remplissage,
        styles_caches: HashSet::new(),
        style: None,
        feuille: None,
        ligne: 0,
        rangee: None,
        cellule: None,
        annotation: 0,
        dans_p: 0,
    };
    let mut tampon = Vec::new();
    let mut profondeur = 0_usize;
    loop {
        tampon.clear();
        match xml.read_event_into(&mut tampon).map_err(|_| abime())? {
            Event::Start(e) => {
                profondeur += 1;
                if profondeur > 100 {
                    return Err(abime());
                }
                lecture.ouvrir(&e)?;
            }
            Event::Empty(e) => {
                lecture.ouvrir(&e)?;
                lecture.fermer(e.local_name().as_ref())?;
            }
            Event::End(e) => {
                profondeur = profondeur.saturating_sub(1);
                lecture.fermer(e.local_name().as_ref())?;
            }
            Event::Text(t) => lecture.texte(&t.xml10_content()),
            Event::CData(t) => lecture.texte(&t.xml10_content()),
            Event::GeneralRef(r) => {
                let nom: &str = &r;
                let texte = quick_xml::escape::resolve_predefined_entity(nom)
                    .map(str::to_owned)
                    .or_else(|| r.resolve_char_ref().ok().flatten().map(String::from))
                    .ok_or_else(abime)?;
                lecture.texte(&texte);
            }
            Event::DocType(_) => return Err(abime()),
            Event::Eof => break,
            _ => {}
        }
    }
    if profondeur != 0 {
        Err(abime())
    } else {
        Ok(())
    }
}

fn manifeste_chiffre(archive: &mut super::archive::Archive<'_>) -> Result<bool, Illisible> {
    let partie = archive
        .by_name("META-INF/manifest.xml")
        .map_err(|_| abime())?;
    let mut xml = Reader::from_reader(BufReader::new(partie));
    let mut tampon = Vec::new();
    loop {
        tampon.clear();
        match xml.read_event_into(&mut tampon).map_err(|_| abime())? {
            Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "encryption-data" => {
                return Ok(true);
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}

/// Une cellule en cours de lecture.
#[derive(Default)]
struct EnCours {
    repetee: u32,
    genre: String,
    valeur: Option<String>,
    texte: String,
    caracteres: usize,
    paragraphes: usize,
}

/// Une ligne en cours de lecture.
struct RangeeOuverte {
    repetee: u32,
    cellules: Vec<(u32, Cellule)>,
    /// Prochaine colonne.
    colonne: u32,
}

/// L'état de la lecture.
struct Lecture<'a> {
    remplissage: &'a mut Remplissage,
    styles_caches: HashSet<String>,
    style: Option<String>,
    /// Feuille ouverte ; `false` si elle est cachée.
    feuille: Option<bool>,
    ligne: u32,
    rangee: Option<RangeeOuverte>,
    cellule: Option<EnCours>,
    annotation: usize,
    dans_p: usize,
}

impl Lecture<'_> {
    fn ouvrir(&mut self, e: &BytesStart<'_>) -> Result<(), Illisible> {
        let nom = e.local_name();
        match nom.as_ref() {
            "style" => self.style = attribut(e, "name"),
            "table-properties" if attribut(e, "display").as_deref() == Some("false") => {
                if let Some(style) = &self.style
                    && self.styles_caches.len() < 1_000
                {
                    self.styles_caches.insert(style.clone());
                }
            }
            "table" if self.feuille.is_none() => {
                let nom = attribut(e, "name").unwrap_or_default();
                let visible =
                    !attribut(e, "style-name").is_some_and(|s| self.styles_caches.contains(&s));
                if visible {
                    self.remplissage.feuille(&nom)?;
                } else {
                    self.remplissage.cachee(&nom);
                }
                self.feuille = Some(visible);
                self.ligne = 0;
            }
            "table-row" if self.feuille.is_some() && self.rangee.is_none() => {
                self.rangee = Some(RangeeOuverte {
                    repetee: repetition(e, "number-rows-repeated"),
                    cellules: vec![],
                    colonne: 0,
                })
            }
            "table-cell" | "covered-table-cell"
                if self.rangee.is_some() && self.cellule.is_none() =>
            {
                let genre = attribut(e, "value-type").unwrap_or_default();
                let cle = match genre.as_str() {
                    "date" => "date-value",
                    "string" => "string-value",
                    "boolean" => "boolean-value",
                    "time" => "time-value",
                    _ => "value",
                };
                self.cellule = Some(EnCours {
                    repetee: repetition(e, "number-columns-repeated"),
                    valeur: attribut(e, cle),
                    genre,
                    ..EnCours::default()
                });
                self.annotation = 0;
                self.dans_p = 0;
            }
            "annotation" if self.cellule.is_some() => self.annotation += 1,
            "p" if self.cellule.is_some() && self.annotation == 0 => {
                self.dans_p += 1;
                if let Some(c) = &mut self.cellule {
                    c.paragraphes += 1;
                    if c.paragraphes > 1 {
                        c.texte.push(' ');
                    }
                }
            }
            "s" => {
                let n = repetition(e, "c").min(CARACTERES_MAX as u32 + 1) as usize;
                self.texte(&" ".repeat(n));
            }
            "tab" | "line-break" => self.texte(" "),
            _ => {}
        }
        Ok(())
    }

    fn texte(&mut self, texte: &str) {
        if self.annotation == 0
            && self.dans_p > 0
            && let Some(c) = &mut self.cellule
        {
            c.caracteres += texte.chars().count();
            if c.caracteres <= CARACTERES_MAX {
                c.texte.push_str(texte);
            }
        }
    }

    fn fermer(&mut self, nom: &str) -> Result<(), Illisible> {
        match nom {
            "table" if self.rangee.is_none() => self.feuille = None,
            "annotation" => self.annotation = self.annotation.saturating_sub(1),
            "p" => self.dans_p = self.dans_p.saturating_sub(1),
            "table-cell" | "covered-table-cell" => {
                if let Some(c) = self.cellule.take()
                    && let Some(rangee) = &mut self.rangee
                {
                    let repetee = c.repetee;
                    let valeur = valeur(c);
                    if !valeur.est_vide() {
                        // Une colonne de trop suffit pour que le remplissage refuse la ligne.
                        for n in 0..repetee.min(COLONNES_MAX as u32 + 1) {
                            rangee
                                .cellules
                                .push((rangee.colonne.saturating_add(n), valeur.clone()));
                        }
                    }
                    rangee.colonne = rangee.colonne.saturating_add(repetee);
                }
            }
            "table-row" => {
                if let Some(RangeeOuverte {
                    repetee, cellules, ..
                }) = self.rangee.take()
                {
                    if self.feuille == Some(true) && !cellules.is_empty() {
                        if repetee as usize > RANGEES_MAX {
                            return Err(trop_de_lignes());
                        }
                        for n in 0..repetee {
                            for (colonne, cellule) in &cellules {
                                self.remplissage.poser(
                                    self.ligne.saturating_add(n),
                                    *colonne,
                                    cellule.clone(),
                                )?;
                            }
                        }
                    }
                    self.ligne = self.ligne.saturating_add(repetee);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn valeur(c: EnCours) -> Cellule {
    if c.caracteres > CARACTERES_MAX {
        return Cellule::TropLongue(c.caracteres);
    }
    let texte = c.texte;
    match (c.genre.as_str(), c.valeur) {
        ("float" | "currency" | "percentage", Some(v)) => v
            .parse::<f64>()
            .ok()
            .filter(|n| n.is_finite())
            .map_or_else(|| Cellule::depuis_texte(&texte), Cellule::Nombre),
        ("date", Some(v)) => dates::iso(&v).map_or_else(
            || Cellule::depuis_texte(if texte.is_empty() { &v } else { &texte }),
            Cellule::Date,
        ),
        ("boolean", Some(v)) => Cellule::Texte(if v == "true" { "VRAI" } else { "FAUX" }.into()),
        ("error", _) => Cellule::Erreur,
        (_, Some(v)) if texte.is_empty() => Cellule::depuis_texte(&v),
        _ if texte.starts_with("#REF!")
            || texte.starts_with("#N/A")
            || texte.starts_with("#VALUE!")
            || texte.starts_with("#NAME?")
            || texte.starts_with("#DIV/0!") =>
        {
            Cellule::Erreur
        }
        _ => Cellule::depuis_texte(&texte),
    }
}

/// Valeur d'un attribut, quel que soit son préfixe.
fn attribut(e: &BytesStart<'_>, nom: &str) -> Option<String> {
    e.attributes()
        .with_checks(false)
        .flatten()
        .find(|a| a.key.local_name().as_ref() == nom)
        .and_then(|a| {
            a.normalized_value(XmlVersion::Implicit1_0)
                .ok()
                .map(|v| v.into_owned())
        })
}

/// Un nombre de répétitions : au moins une, au plus le milliard.
fn repetition(e: &BytesStart<'_>, nom: &str) -> u32 {
    attribut(e, nom).map_or(1, |v| {
        v.trim()
            .parse::<u64>()
            .map_or(1, |n| n.clamp(1, 1_000_000_000) as u32)
    })
}
