//! L'instance compilée pour la recherche : tâches, unités insécables, ressources admises, grilles de départ.

mod ouvertures;
mod taches;
mod unites;

pub(crate) use ouvertures::{Jours, Ouverture};
pub(crate) use taches::Tache;

use crate::borne::impossible_seul;
use crate::grille::Grille;
use crate::instance::{Instance, Plage};

/// « Aucun » dans les rangs courts.
pub(crate) const NUL: u16 = u16::MAX;

/// Où une tâche est placée. `debut` en pas depuis minuit ; `enc` : rang du jury ou du surveillant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    pub jour: u16,
    pub debut: u16,
    pub salle: u16,
    pub enc: u16,
}

/// Le modèle.
pub(crate) struct Modele<'a> {
    pub inst: &'a Instance,
    pub nj: usize,
    pub pas: i64,
    pub pause: u16,
    pub taches: Vec<Tache>,
    /// Tâches d'un candidat, dans l'ordre du parcours.
    pub de_candidat: Vec<std::ops::Range<usize>>,
    /// Unités d'un candidat (chaînes entières), dans un ordre qui respecte les précédences.
    pub unites: Vec<Vec<Vec<usize>>>,
    /// Débuts permis par jour (ouverture, et après maintenant).
    pub ouvert: Vec<Grille>,
    pub heures: Vec<Grille>,
    pub dispo_cand: Vec<Vec<Grille>>,
    pub dispo_membre: Vec<Vec<Grille>>,
    pub dispo_surv: Vec<Vec<Grille>>,
    pub dispo_salle: Vec<Vec<Grille>>,
    /// Jurys qui partagent un membre avec celui-ci, lui compris.
    pub lies: Vec<Vec<u16>>,
    pub jurys_de_membre: Vec<Vec<u16>>,
    pub substitut: Vec<u16>,
    pub delib_figee: Vec<Option<(u16, u16)>>,
    pub membre_max: Vec<i64>,
    /// Par jury, ceux dont la journée est tenue : tous ses membres, ou un seul s'ils ne siègent nulle part ailleurs.
    pub tenus: Vec<Vec<usize>>,
    /// Combien de membres compte la journée tenue de celui-ci.
    pub vaut: Vec<i64>,
    /// Journées de juré au moins, d'après le seul temps.
    pub journees_au_moins: i64,
    pub epingle: Vec<bool>,
    /// Qui ne tient pas, même seul ; personne, dès que la session a commencé.
    pub impossibles: Vec<bool>,
    /// Par épreuve et site, puis jour : les débuts communs qui conviennent au plus grand nombre ; vide quand personne n'en a.
    pub debuts_communs: Vec<Vec<Grille>>,
    /// Par épreuve et site : ces débuts conviennent-ils à tous ?
    pub commun_a_tous: Vec<bool>,
    /// Rang de l'unité de chaque tâche, parmi celles de son candidat.
    pub unite_de: Vec<u16>,
    /// Tête d'une unité de jury que rien ne fixe, et qui ne se partage pas : elle se recale en série.
    pub mobile: Vec<bool>,
    /// Le jour et le pas où chaque tâche doit avoir fini, d'après les épingles de ce qui la suit.
    pub fin_max: Vec<(u16, u16)>,
    /// La fenêtre du déjeuner et ce qu'il demande, en pas, arrondis sans rien y gagner.
    pub dejeuner: (u16, u16, u16),
}

fn pas_de(plages: &[Plage], jour: usize, pas: i64) -> Grille {
    // Les plages se rejoignent avant d'être arrondies : 8 h-9 h 02 et 9 h 02-10 h font une seule plage.
    let mut du_jour: Vec<(i64, i64)> = plages
        .iter()
        .filter(|p| p.0 == jour)
        .map(|p| (p.1, p.2))
        .collect();
    du_jour.sort_unstable();
    let mut jointes: Vec<(i64, i64)> = vec![];
    for (a, b) in du_jour {
        match jointes.last_mut() {
            Some(d) if a <= d.1 => d.1 = d.1.max(b),
            _ => jointes.push((a, b)),
        }
    }
    jointes.iter().fold(Grille::default(), |g, (a, b)| {
        let (de, fin) = ((a + pas - 1) / pas, b / pas);
        if de < fin {
            g.ou(&Grille::plage(de as u16, fin as u16))
        } else {
            g
        }
    })
}

impl<'a> Modele<'a> {
    /// Compile une instance.
    pub(crate) fn new(inst: &'a Instance) -> Self {
        let (nj, pas) = (inst.jours.len(), inst.pas);
        let jours = 0..nj;
        let heures: Vec<Grille> = (0..nj)
            .map(|d| pas_de(&[(d, inst.jours[d].0, inst.jours[d].1)], d, pas))
            .collect();
        let ouvert = (0..nj)
            .map(|d| match &inst.reprise {
                Some(r) if d < r.maintenant.0 => Grille::default(),
                Some(r) if d == r.maintenant.0 => heures[d].et(&Grille::plage(
                    ((r.maintenant.1 + pas - 1) / pas) as u16,
                    u16::MAX,
                )),
                _ => heures[d],
            })
            .collect();
        let dispo =
            |p: &[Plage]| -> Vec<Grille> { jours.clone().map(|d| pas_de(p, d, pas)).collect() };
        let lies: Vec<Vec<u16>> = inst
            .jurys
            .iter()
            .map(|a| {
                (0..inst.jurys.len())
                    .filter(|j| inst.jurys[*j].membres.iter().any(|m| a.membres.contains(m)))
                    .map(|j| j as u16)
                    .collect()
            })
            .collect();
        let mut jurys_de_membre = vec![vec![]; inst.membres.len()];
        for (j, jury) in inst.jurys.iter().enumerate() {
            for m in &jury.membres {
                jurys_de_membre[*m].push(j as u16);
            }
        }
        let mut substitut: Vec<u16> = (0..inst.jurys.len() as u16).collect();
        let mut delib_figee = vec![None; inst.jurys.len()];
        if let Some(r) = &inst.reprise {
            for (a, b) in &r.substituts {
                substitut[*a] = *b as u16;
            }
            for d in &r.reference.deliberations {
                if (d.day as usize, d.start) < r.maintenant
                    && let Some(j) = inst.jurys.iter().position(|j| j.id == d.jury)
                {
                    delib_figee[j] = Some((d.day as u16, (d.start / pas) as u16));
                }
            }
        }
        let mut modele = Self {
            nj,
            pas,
            pause: ((inst.pause + pas - 1) / pas) as u16,
            taches: vec![],
            de_candidat: vec![],
            unites: vec![],
            ouvert,
            heures,
            dispo_cand: inst
                .candidats
                .iter()
                .map(|c| match &c.dispo {
                    Some(p) => dispo(p),
                    None => (0..nj)
                        .map(|d| pas_de(&[(d, inst.jours[d].0, inst.jours[d].1)], d, pas))
                        .collect(),
                })
                .collect(),
            dispo_membre: inst.membres.iter().map(|m| dispo(&m.dispo)).collect(),
            dispo_surv: inst.surveillants.iter().map(|s| dispo(&s.dispo)).collect(),
            dispo_salle: inst
                .salles
                .iter()
                .map(|s| {
                    (0..nj)
                        .map(|d| {
                            s.prises.iter().filter(|p| p.0 == d && p.1 < p.2).fold(
                                Grille::plage(0, u16::MAX),
                                |g, p| {
                                    g.sans(&Grille::plage(
                                        (p.1 / pas) as u16,
                                        ((p.2 + pas - 1) / pas) as u16,
                                    ))
                                },
                            )
                        })
                        .collect()
                })
                .collect(),
            lies,
            jurys_de_membre,
            substitut,
            delib_figee,
            membre_max: inst.membres.iter().map(|m| m.minutes_max).collect(),
            tenus: inst.jurys.iter().map(|j| j.membres.clone()).collect(),
            vaut: vec![1; inst.membres.len()],
            journees_au_moins: 0,
            epingle: vec![false; inst.candidats.len()],
            impossibles: vec![false; inst.candidats.len()],
            debuts_communs: vec![vec![]; inst.epreuves.len() * inst.sites.len()],
            commun_a_tous: vec![false; inst.epreuves.len() * inst.sites.len()],
            unite_de: vec![],
            mobile: vec![],
            fin_max: vec![],
            dejeuner: {
                let (de, a, minutes) = inst.dejeuner;
                let haut = |x: i64| ((x + pas - 1) / pas).clamp(0, i64::from(NUL)) as u16;
                (
                    haut(de),
                    (a / pas).clamp(0, i64::from(NUL)) as u16,
                    haut(minutes),
                )
            },
            inst,
        };
        modele.compiler_taches();
        modele.remonter_les_epingles();
        modele.compiler_unites();
        modele.reunir_les_membres();
        modele.borner_par_les_epingles();
        modele.noter_les_impossibles();
        modele.compiler_debuts_communs();
        modele.compter_les_journees();
        modele
    }

    fn noter_les_impossibles(&mut self) {
        if !self.inst.a_commence() {
            let candidats = 0..self.inst.candidats.len();
            self.impossibles = candidats.map(|c| impossible_seul(self, c)).collect();
        }
    }

    /// Le rang de la tâche d'un candidat pour une épreuve.
    pub(crate) fn tache_de(&self, c: usize, ep: usize) -> Option<usize> {
        self.de_candidat[c]
            .clone()
            .find(|t| self.taches[*t].ep == ep)
    }

    /// Minutes écoulées à ce pas de ce jour à compter du premier jour, chacun en valant 1440, moins l'ouverture de ce
    /// jour : ce dont l'objectif mesure la fin d'un site.
    pub(crate) fn minutes_de_session(&self, jour: usize, pas: u16) -> i64 {
        jour as i64 * 1440 + i64::from(pas) * self.pas - self.inst.jours[jour].0
    }

    pub(crate) fn fin_jour(&self, p: &Place, duree: u16) -> (u16, u16) {
        (p.jour, p.debut + duree)
    }
}

/// La plus longue plage libre, en minutes, entre `de` et `a` ; `pris` est trié, en pas.
pub(crate) fn plage_libre(
    pris: impl Iterator<Item = (u16, u16)>,
    pas: i64,
    (de, a): (i64, i64),
) -> i64 {
    let (mut mieux, mut t) = (0, de);
    for (s, e) in pris {
        let (s, e) = (i64::from(s) * pas, i64::from(e) * pas);
        if e <= de || s >= a {
            continue;
        }
        mieux = mieux.max(s - t);
        t = t.max(e);
    }
    mieux.max(a - t)
}
