//! La planche d'un jour : ses traits d'heure, ses têtes et ses blocs, chacun à sa place.

use super::{Dessin, Element, MARGE, Vue};
use jiff::civil::{Date, Time};
use metier::temps;

/// Hauteur de l'en-tête d'un dessin.
const ENTETE: i32 = 40;
/// Marge des noms, à gauche d'un dessin horizontal.
const MARGE_NOMS: i32 = 172;
/// Largeur moyenne d'une lettre.
const LETTRE: i32 = 7;

/// Un trait d'heure, et son libellé.
pub struct Heure {
    /// Début du trait.
    pub x1: i32,
    /// Début du trait.
    pub y1: i32,
    /// Fin du trait.
    pub x2: i32,
    /// Fin du trait.
    pub y2: i32,
    /// Place du libellé.
    pub tx: i32,
    /// Place du libellé.
    pub ty: i32,
    /// « 9 h ».
    pub texte: String,
}

/// Une tête de colonne ou de ligne.
pub struct Tete {
    /// Place.
    pub x: i32,
    /// Le nom, sur une ou deux lignes, chacune raccourcie s'il le faut : sa hauteur, et son texte.
    pub lignes: Vec<(i32, String)>,
    /// Le nom entier.
    pub entier: String,
}

/// Le nom d'une colonne : plusieurs personnes trop longues pour une ligne en prennent deux.
fn lignes(nom: &str, lettres: i32, y: i32) -> Vec<(i32, String)> {
    let trop_long = nom.chars().count() > usize::try_from(lettres).unwrap_or(0);
    match nom.split_once(", ").filter(|_| trop_long) {
        Some((un, autres)) => vec![
            (y - 8, couper(un, lettres)),
            (y + 8, couper(autres, lettres)),
        ],
        None => vec![(y, couper(nom, lettres))],
    }
}

/// Une ligne écrite dans un bloc.
pub struct Ecrit {
    /// Place.
    pub x: i32,
    /// Place.
    pub y: i32,
    /// Le texte.
    pub texte: String,
    /// En gras ?
    pub gras: bool,
}

/// Un bloc : une séance, ou une délibération.
pub struct Bloc {
    /// Place et taille.
    pub x: i32,
    /// Place et taille.
    pub y: i32,
    /// Place et taille.
    pub l: i32,
    /// Place et taille.
    pub h: i32,
    /// Rang de la teinte de l'épreuve ; `TEINTES` : la délibération.
    pub teinte: usize,
    /// Une règle y est enfreinte.
    pub conflit: bool,
    /// Épinglé.
    pub epingle: bool,
    /// Ce qui est écrit dedans.
    pub ecrits: Vec<Ecrit>,
    /// La page de ce passage, ou vide.
    pub lien: String,
    /// Ce que le bloc dit, en entier.
    pub titre: String,
    /// Début, en minutes.
    pub debut: u32,
    /// Durée, en minutes.
    pub duree: u32,
    /// Rang de la colonne.
    pub colonne: usize,
}

/// Le dessin d'un jour.
pub struct Planche {
    /// « mardi 15 décembre 2026 ».
    pub jour: String,
    /// AAAA-MM-JJ.
    pub date: String,
    /// Largeur.
    pub largeur: i32,
    /// Hauteur.
    pub hauteur: i32,
    /// Le temps descend (sinon il va à droite).
    pub verticale: bool,
    /// Minutes depuis minuit en haut (ou à gauche) du dessin.
    pub ouverture: u32,
    /// Pixels par dizaine de minutes.
    pub dizaine: i32,
    /// Largeur d'une colonne.
    pub colonne: i32,
    /// Où commence la première.
    pub origine: i32,
    /// Ce que nomment les colonnes : « lieu », « jury », ou vide.
    pub sorte: &'static str,
    /// Valeur de formulaire de chaque colonne, séparées par des barres.
    pub valeurs: String,
    /// Traits d'heure.
    pub heures: Vec<Heure>,
    /// Têtes de colonnes ou de lignes.
    pub tetes: Vec<Tete>,
    /// Blocs.
    pub blocs: Vec<Bloc>,
}

/// Les mesures d'un dessin.
pub(super) struct Cadre {
    pub(super) ouverture: i32,
    pub(super) fermeture: i32,
    pub(super) dizaine: i32,
    pub(super) large: i32,
    pub(super) verticale: bool,
}

impl Cadre {
    fn pixels(&self, minutes: i32) -> i32 {
        minutes * self.dizaine / 10
    }

    pub(super) fn dessiner(
        &self,
        jour: Date,
        elements: &[Element],
        noms: &[String],
        dessin: &Dessin<'_>,
        vue: Vue,
    ) -> Planche {
        let marge = if self.verticale { MARGE } else { MARGE_NOMS };
        let long = self.pixels(self.fermeture - self.ouverture);
        let travers = self.large * noms.len() as i32;
        let (largeur, hauteur) = if self.verticale {
            (marge + travers + 2, ENTETE + long + 10)
        } else {
            (marge + long + 24, ENTETE + travers + 4)
        };
        let heures = (self.ouverture..=self.fermeture)
            .filter(|m| m % 60 == 0)
            .map(|m| {
                let t = self.pixels(m - self.ouverture);
                let texte = format!("{}\u{a0}h", m / 60);
                if self.verticale {
                    Heure {
                        x1: marge,
                        y1: ENTETE + t,
                        x2: largeur,
                        y2: ENTETE + t,
                        tx: marge - 8,
                        ty: ENTETE + t + 4,
                        texte,
                    }
                } else {
                    Heure {
                        x1: marge + t,
                        y1: ENTETE - 6,
                        x2: marge + t,
                        y2: hauteur,
                        tx: marge + t + 4,
                        ty: ENTETE - 12,
                        texte,
                    }
                }
            })
            .collect();
        let tetes = noms
            .iter()
            .enumerate()
            .map(|(i, n)| {
                let i = i as i32;
                let (x, y, lettres) = if self.verticale {
                    (marge + i * self.large + 6, 24, self.large / LETTRE)
                } else {
                    (0, ENTETE + i * self.large + 20, marge / LETTRE - 1)
                };
                Tete {
                    x,
                    lignes: if self.verticale {
                        lignes(n, lettres, y)
                    } else {
                        vec![(y, couper(n, lettres))]
                    },
                    entier: n.clone(),
                }
            })
            .collect();
        let blocs = elements
            .iter()
            .filter_map(|e| {
                let c = noms.iter().position(|n| *n == e.colonne)?;
                Some(self.bloc(e, c, marge))
            })
            .collect();
        Planche {
            jour: temps::date_longue(jour),
            date: jour.to_string(),
            largeur,
            hauteur,
            verticale: self.verticale,
            ouverture: u32::try_from(self.ouverture).unwrap_or(0),
            dizaine: self.dizaine,
            colonne: self.large,
            origine: marge,
            sorte: match vue {
                Vue::Salles | Vue::Tableau => "lieu",
                Vue::Jurys => "jury",
                Vue::Candidats => "",
            },
            valeurs: noms
                .iter()
                .map(|n| dessin.valeur(n, vue, dessin.passages))
                .collect::<Vec<_>>()
                .join("|"),
            heures,
            tetes,
            blocs,
        }
    }

    fn bloc(&self, e: &Element, c: usize, marge: i32) -> Bloc {
        let debut = i32::try_from(temps::minutes(e.debut)).unwrap_or(0);
        let duree = i32::try_from(temps::minutes(e.fin)).unwrap_or(0) - debut;
        let t = self.pixels(debut - self.ouverture);
        let long = self.pixels(duree);
        let travers = c as i32 * self.large;
        let (x, y, l, h) = if self.verticale {
            (
                marge + travers + 3,
                ENTETE + t + 1,
                self.large - 6,
                long - 2,
            )
        } else {
            (
                marge + t + 1,
                ENTETE + travers + 2,
                long - 2,
                self.large - 4,
            )
        };
        let retrait = if self.verticale { 7 } else { 4 };
        let lettres = (l - 2 * retrait + 2) / LETTRE;
        let heures = format!("{}–{}", courte(e.debut), courte(e.fin));
        let textes: Vec<(String, bool)> = if !self.verticale {
            vec![(e.sigle.clone(), true)]
        } else if h >= 58 {
            vec![
                (e.qui.clone(), true),
                (e.quoi.clone(), false),
                (heures, false),
            ]
        } else if h >= 40 {
            let court = if e.sigle.is_empty() {
                heures
            } else {
                format!("{heures} {}", e.sigle)
            };
            vec![(e.qui.clone(), true), (court, false)]
        } else {
            vec![(e.qui.clone(), true)]
        };
        let haut = if textes.len() == 1 {
            y + h / 2 + 5
        } else {
            y + 18
        };
        Bloc {
            ecrits: textes
                .into_iter()
                .filter(|(texte, _)| !texte.is_empty())
                .enumerate()
                .map(|(i, (texte, gras))| Ecrit {
                    x: x + retrait,
                    y: haut + 17 * i as i32,
                    texte: couper(&texte, lettres),
                    gras,
                })
                .collect(),
            x,
            y,
            l,
            h,
            teinte: e.teinte,
            conflit: e.conflit,
            epingle: e.epingle,
            lien: e.lien.clone(),
            titre: e.titre.clone(),
            debut: u32::try_from(debut).unwrap_or(0),
            duree: u32::try_from(duree).unwrap_or(0),
            colonne: c,
        }
    }
}

/// Coupe un texte à tant de lettres.
fn couper(texte: &str, lettres: i32) -> String {
    let n = usize::try_from(lettres).unwrap_or(0);
    if texte.chars().count() <= n {
        return texte.to_owned();
    }
    if n < 2 {
        return String::new();
    }
    let debut: String = texte.chars().take(n - 1).collect();
    format!("{}…", debut.trim_end())
}

/// « 8:30 » : une heure à l'étroit.
fn courte(t: Time) -> String {
    format!("{}:{:02}", t.hour(), t.minute())
}
