//! Le planning en image : un dessin par jour, par salle, par jury ou par candidat. Rien que de la géométrie.
//!
//! Le serveur calcule toutes les positions : l'image est là sans script, s'imprime, et son double est la vue en tableau.

use jiff::civil::{Date, Time};
use metier::planning::{Passage, Seance};
use metier::referentiel::Modalite;
use metier::{CandidatId, Session, temps};
use std::collections::{BTreeMap, HashSet};

/// Teintes des épreuves : au-delà, elles se répètent.
const TEINTES: usize = 8;
/// Largeur d'écran visée pour tous les jours ensemble.
const LARGEUR: i32 = 1180;
/// Hauteur de l'en-tête d'un dessin.
const ENTETE: i32 = 40;
/// Marge des heures, à gauche d'un dessin vertical.
const MARGE: i32 = 46;
/// Marge des noms, à gauche d'un dessin horizontal.
const MARGE_NOMS: i32 = 172;
/// Hauteur d'une ligne de candidat.
const LIGNE: i32 = 32;
/// Côté minimal d'un bloc : une cible que l'on touche du doigt.
const CIBLE: f64 = 26.0;
/// Largeur moyenne d'une lettre.
const LETTRE: i32 = 7;

/// Comment le planning se regarde.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Vue {
    /// Une colonne par salle.
    #[default]
    Salles,
    /// Une colonne par jury, puis par surveillant.
    Jurys,
    /// Une ligne par candidat.
    Candidats,
    /// En tableau.
    Tableau,
}

impl Vue {
    /// Toutes, dans l'ordre montré.
    pub const TOUTES: [Self; 4] = [Self::Salles, Self::Jurys, Self::Candidats, Self::Tableau];
    /// Code d'adresse.
    pub fn code(self) -> &'static str {
        match self {
            Self::Salles => "salles",
            Self::Jurys => "jurys",
            Self::Candidats => "candidats",
            Self::Tableau => "tableau",
        }
    }
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Salles => "Par salle",
            Self::Jurys => "Par jury",
            Self::Candidats => "Par candidat",
            Self::Tableau => "En tableau",
        }
    }
    /// Retrouve par le code ; par salle à défaut.
    pub fn depuis_code(c: &str) -> Self {
        Self::TOUTES
            .into_iter()
            .find(|v| v.code() == c)
            .unwrap_or_default()
    }
}

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
    /// Place.
    pub y: i32,
    /// Le nom, raccourci s'il le faut.
    pub texte: String,
    /// Le nom entier.
    pub entier: String,
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

/// Une épreuve et sa teinte, pour la légende.
pub struct Legende {
    /// Rang de la teinte.
    pub teinte: usize,
    /// Sigle écrit dans les blocs étroits.
    pub sigle: String,
    /// Intitulé.
    pub nature: String,
}

/// Ce qu'on dessine.
pub struct Dessin<'a> {
    /// La session.
    pub session: &'a Session,
    /// Les passages (ceux de la session, ou d'une proposition).
    pub passages: &'a [Passage],
    /// Les délibérations.
    pub deliberations: &'a [Seance],
    /// Passages où une règle est enfreinte.
    pub conflits: &'a HashSet<(CandidatId, String)>,
    /// Adresse des pages de passage ; vide : le dessin ne mène nulle part.
    pub base: &'a str,
}

/// Une chose à dessiner : colonne, heures, textes.
struct Element {
    colonne: String,
    debut: Time,
    fin: Time,
    teinte: usize,
    conflit: bool,
    epingle: bool,
    qui: String,
    quoi: String,
    sigle: String,
    lien: String,
    titre: String,
}

fn sigle(m: Modalite) -> &'static str {
    match m {
        Modalite::Msp => "MSP",
        Modalite::Projet => "Projet",
        Modalite::Et => "ET",
        Modalite::Qp => "QP",
        Modalite::Qap => "QAP",
        Modalite::Ef => "EF",
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

/// La légende des épreuves de la session.
pub fn legende(s: &Session) -> Vec<Legende> {
    s.programme
        .as_ref()
        .map(|p| {
            p.epreuves()
                .iter()
                .enumerate()
                .map(|(i, e)| Legende {
                    teinte: i % TEINTES,
                    sigle: sigle(e.modalite).into(),
                    nature: e.nature.clone(),
                })
                .collect()
        })
        .unwrap_or_default()
}

/// Les passages d'une même séance (épreuve, début, lieu) ensemble, dans l'ordre du temps.
pub fn seances<'p>(passages: impl Iterator<Item = &'p Passage>) -> Vec<Vec<&'p Passage>> {
    let mut s: Vec<Vec<&Passage>> = vec![];
    for x in passages {
        match s.iter_mut().find(|g| {
            (g[0].date, &g[0].epreuve, g[0].debut, &g[0].lieu)
                == (x.date, &x.epreuve, x.debut, &x.lieu)
        }) {
            Some(g) => g.push(x),
            None => s.push(vec![x]),
        }
    }
    s
}

/// Qui encadre ce passage : « Mme X, M. Y » ; « à pourvoir » si personne.
pub fn devant(s: &Session, x: &Passage) -> String {
    let mut v: Vec<String> = x
        .jury
        .iter()
        .filter_map(|j| s.jure(j))
        .map(|m| m.nom.clone())
        .collect();
    v.extend(
        x.surveillant
            .as_ref()
            .and_then(|i| s.equipe.personne(i))
            .map(|i| format!("{} (surveillance)", i.nom)),
    );
    if v.is_empty() {
        "à pourvoir".into()
    } else {
        v.join(", ")
    }
}

impl Dessin<'_> {
    /// Un dessin par jour qui a quelque chose à montrer.
    pub fn planches(&self, vue: Vue) -> Vec<Planche> {
        let mut jours: Vec<Date> = self.passages.iter().map(|x| x.date).collect();
        jours.extend(self.deliberations.iter().map(|d| d.date));
        jours.sort_unstable();
        jours.dedup();
        let par_jour: Vec<(Date, Vec<Element>)> = jours
            .into_iter()
            .map(|d| (d, self.elements(d, vue)))
            .collect();
        let tous = || par_jour.iter().flat_map(|x| &x.1);
        let minutes = |t: Time| i32::try_from(temps::minutes(t)).unwrap_or(0);
        let ouverture = tous().map(|e| minutes(e.debut)).min().unwrap_or(480) / 30 * 30;
        let fermeture = (tous().map(|e| minutes(e.fin)).max().unwrap_or(1080) + 29) / 30 * 30;
        let plus_court = tous()
            .map(|e| minutes(e.fin) - minutes(e.debut))
            .min()
            .unwrap_or(30)
            .max(1);
        // Dix minutes tiennent un nombre entier de pixels : le script compte juste.
        let echelle = (CIBLE / f64::from(plus_court)).clamp(1.1, 2.2);
        let dizaine = (echelle * 10.0).ceil() as i32;
        let colonnes: usize = par_jour
            .iter()
            .map(|x| self.colonnes(&x.1, vue).len())
            .sum();
        let place = LARGEUR - par_jour.len() as i32 * (MARGE + 16);
        let large = (place / (colonnes.max(1) as i32)).clamp(108, 210);
        par_jour
            .iter()
            .map(|(d, e)| {
                let noms = self.colonnes(e, vue);
                let cadre = Cadre {
                    ouverture,
                    fermeture,
                    dizaine,
                    large: if vue == Vue::Candidats { LIGNE } else { large },
                    verticale: vue != Vue::Candidats,
                };
                cadre.dessiner(*d, e, &noms, self, vue)
            })
            .collect()
    }

    fn nom(&self, c: &CandidatId) -> String {
        self.session
            .candidat(c)
            .map(|c| c.fiche.nom_complet())
            .unwrap_or_default()
    }

    /// Les colonnes de ce jour, dans l'ordre où les lire.
    fn colonnes(&self, elements: &[Element], vue: Vue) -> Vec<String> {
        let mut noms: Vec<String> = elements.iter().map(|e| e.colonne.clone()).collect();
        noms.sort();
        noms.dedup();
        if vue == Vue::Salles
            && let Some(p) = &self.session.programme
        {
            let rang = |n: &String| p.site.salles.iter().position(|x| x.nom == *n);
            noms.sort_by_key(|n| rang(n).unwrap_or(usize::MAX));
        }
        noms
    }

    fn elements(&self, jour: Date, vue: Vue) -> Vec<Element> {
        let Some(p) = &self.session.programme else {
            return vec![];
        };
        let rang: BTreeMap<&str, (usize, &metier::referentiel::Epreuve)> = p
            .epreuves()
            .into_iter()
            .enumerate()
            .map(|(i, e)| (e.code.as_str(), (i % TEINTES, e)))
            .collect();
        let mut v = vec![];
        for seance in seances(self.passages.iter().filter(|x| x.date == jour)) {
            let groupes: Vec<Vec<&Passage>> = if vue == Vue::Candidats {
                seance.into_iter().map(|x| vec![x]).collect()
            } else {
                vec![seance]
            };
            for g in groupes {
                let x = g[0];
                let connue = rang.get(x.epreuve.as_str());
                let nature = connue.map_or(x.epreuve.clone(), |(_, e)| e.nature.clone());
                let fin = g.iter().map(|x| x.fin).max().unwrap_or(x.fin);
                let qui = if g.len() == 1 {
                    self.nom(&x.candidat)
                } else {
                    format!("{} candidats", g.len())
                };
                let cle = |x: &Passage| (x.candidat.clone(), x.epreuve.clone());
                let conflit = g.iter().any(|x| self.conflits.contains(&cle(x)));
                let epingle = g
                    .iter()
                    .all(|x| self.session.planning.est_epingle(&x.candidat, &x.epreuve));
                v.push(Element {
                    colonne: match vue {
                        Vue::Salles | Vue::Tableau => x.lieu.clone(),
                        Vue::Jurys => devant(self.session, x),
                        Vue::Candidats => self.nom(&x.candidat),
                    },
                    debut: x.debut,
                    fin,
                    teinte: connue.map_or(0, |c| c.0),
                    conflit,
                    epingle,
                    titre: format!(
                        "{qui}, {nature}, de {} à {}, {}, {}{}{}",
                        temps::heure(x.debut),
                        temps::heure(fin),
                        x.lieu,
                        devant(self.session, x),
                        if conflit { ", à corriger" } else { "" },
                        if epingle { ", épinglé" } else { "" }
                    ),
                    qui,
                    sigle: connue.map_or(String::new(), |(_, e)| sigle(e.modalite).into()),
                    quoi: nature,
                    lien: if self.base.is_empty() {
                        String::new()
                    } else {
                        format!("{}/planning/{}/{}", self.base, x.candidat, x.epreuve)
                    },
                });
            }
        }
        if vue == Vue::Jurys {
            v.extend(
                self.deliberations
                    .iter()
                    .filter(|d| d.date == jour)
                    .map(|d| self.deliberation(d)),
            );
        }
        v
    }

    fn deliberation(&self, d: &Seance) -> Element {
        let noms: Vec<String> = d
            .jury
            .iter()
            .filter_map(|j| self.session.jure(j))
            .map(|m| m.nom.clone())
            .collect();
        Element {
            colonne: noms.join(", "),
            debut: d.debut,
            fin: d.fin,
            teinte: TEINTES,
            conflit: false,
            epingle: false,
            titre: format!(
                "Délibération, de {} à {}, {}",
                temps::heure(d.debut),
                temps::heure(d.fin),
                noms.join(", ")
            ),
            qui: "Délibération".into(),
            quoi: String::new(),
            sigle: String::new(),
            lien: String::new(),
        }
    }

    /// La valeur de formulaire d'une colonne.
    fn valeur(&self, nom: &str, vue: Vue, passages: &[Passage]) -> String {
        match vue {
            Vue::Jurys => passages
                .iter()
                .find(|x| !x.jury.is_empty() && devant(self.session, x) == nom)
                .map(|x| {
                    x.jury
                        .iter()
                        .map(ToString::to_string)
                        .collect::<Vec<_>>()
                        .join(",")
                })
                .unwrap_or_default(),
            Vue::Salles | Vue::Tableau => nom.replace('|', "∣"),
            Vue::Candidats => String::new(),
        }
    }
}

/// Les mesures d'un dessin.
struct Cadre {
    ouverture: i32,
    fermeture: i32,
    dizaine: i32,
    large: i32,
    verticale: bool,
}

impl Cadre {
    fn pixels(&self, minutes: i32) -> i32 {
        minutes * self.dizaine / 10
    }

    fn dessiner(
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
                    (marge + i * self.large + 6, 24, self.large / LETTRE - 1)
                } else {
                    (0, ENTETE + i * self.large + 20, marge / LETTRE - 1)
                };
                Tete {
                    x,
                    y,
                    texte: couper(n, lettres),
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

/// « 8:30 » : une heure à l'étroit.
fn courte(t: Time) -> String {
    format!("{}:{:02}", t.hour(), t.minute())
}
