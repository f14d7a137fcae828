//! Le planning en image : un dessin par jour, par salle, par jury ou par candidat. Rien que de la géométrie.
//!
//! Le serveur calcule toutes les positions : l'image est là sans script, s'imprime, et son double est la vue en tableau.

mod planche;

pub use planche::{Bloc, Ecrit, Heure, Planche, Tete};

use jiff::civil::{Date, Time};
use metier::candidats::sans_accents;
use metier::planning::{Passage, Seance};
use metier::referentiel::Modalite;
use metier::{CandidatId, Session, temps};
use planche::Cadre;
use std::collections::{BTreeMap, HashSet};

/// Teintes des épreuves : au-delà, elles se répètent.
const TEINTES: usize = 8;
/// Largeur d'écran visée pour tous les jours ensemble.
const LARGEUR: i32 = 1180;
/// Marge des heures, à gauche d'un dessin vertical.
const MARGE: i32 = 46;
/// Hauteur d'une ligne de candidat.
const LIGNE: i32 = 32;
/// Côté minimal d'un bloc : une cible que l'on touche du doigt.
const CIBLE: f64 = 26.0;
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
    /// Les façons de regarder, celle-ci marquée : (code, libellé, est-ce elle).
    pub fn choix(self) -> Vec<(&'static str, &'static str, bool)> {
        Self::TOUTES
            .into_iter()
            .map(|v| (v.code(), v.libelle(), v == self))
            .collect()
    }
    /// Retrouve par le code ; par salle à défaut.
    pub fn depuis_code(c: &str) -> Self {
        Self::TOUTES
            .into_iter()
            .find(|v| v.code() == c)
            .unwrap_or_default()
    }
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
    let surveillant = x.surveillant.as_ref().and_then(|i| s.equipe.personne(i));
    let surveillant = surveillant.map(|i| format!("{} (surveillance)", i.nom));
    let jures = (!x.jury.is_empty()).then(|| jures(s, &x.jury));
    let v: Vec<String> = jures.into_iter().chain(surveillant).collect();
    if v.is_empty() {
        "à pourvoir".into()
    } else {
        v.join(", ")
    }
}

/// Les noms de ces jurés.
pub fn jures(s: &Session, jury: &[metier::JureId]) -> String {
    let connus = jury.iter().filter_map(|j| s.jure(j));
    let noms: Vec<&str> = connus.map(|m| m.nom.as_str()).collect();
    noms.join(", ")
}

impl Dessin<'_> {
    /// Un dessin par jour qui a quelque chose à montrer ; le tableau n'en a pas.
    pub fn planches(&self, vue: Vue) -> Vec<Planche> {
        if vue == Vue::Tableau {
            return vec![];
        }
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
        // Salles et jurys gardent leur colonne d'un jour à l'autre : les jours se comparent, et l'on peut y porter une séance.
        let toutes = self.colonnes(par_jour.iter().flat_map(|x| &x.1), vue);
        let jours = par_jour.len() as i32;
        let place = LARGEUR - jours * (MARGE + 16);
        let colonnes = jours * toutes.len() as i32;
        let large = (place / colonnes.max(1)).clamp(108, 210);
        par_jour
            .iter()
            .map(|(d, e)| {
                let noms = match vue {
                    Vue::Candidats => self.colonnes(e.iter(), vue),
                    Vue::Salles | Vue::Jurys | Vue::Tableau => toutes.clone(),
                };
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

    /// Les colonnes de ces éléments, dans l'ordre où les lire.
    fn colonnes<'e>(&self, elements: impl Iterator<Item = &'e Element>, vue: Vue) -> Vec<String> {
        let mut noms: Vec<String> = elements.map(|e| e.colonne.clone()).collect();
        // É se range avec E.
        noms.sort_by_cached_key(|n| (sans_accents(n), n.clone()));
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
