//! L'aller : une session, ses journées, ses empêchements et ses épingles deviennent une instance du moteur.
//!
//! Les identifiants de l'instance sont les noms de la session : les phrases du moteur se lisent telles quelles.

mod epreuves;
mod moyens;
mod priorite;

pub use priorite::{Depuis, Priorite};

use epreuves::{ordonner, parcours_de};
use jiff::civil::Date;
use metier::planning::{Empeche, Journees, Passage};
use metier::programme::NatureSalle;
use metier::referentiel::{self, PresenceJury};
use metier::{CandidatId, JureId, PersonneId, Session, temps};
use moyens::presences;
use planification::Instance;
use planification::instance::{Candidat, Encadrement, Epingle, Plage, Reprise};
use std::collections::{BTreeMap, BTreeSet};

/// Le nom du jury d'une session qui n'a encore retenu aucun juré.
pub(crate) const JURY_A_COMPOSER: &str = "Jury à composer";
/// Ce qui distingue deux épreuves de même nom ; les phrases ne la montrent pas.
pub(crate) const MARQUE: char = '’';
/// Pas de la grille, en minutes.
pub(super) const PAS: i64 = 5;
/// La majoration d'un tiers, telle que la décision l'écrit (en pour cent).
const TIERS_TEMPS: u32 = 33;
/// Une épreuve de l'instance : laquelle, et combien de minutes elle dure vraiment.
#[derive(Debug, Clone)]
pub(super) struct EpreuveDuPont {
    pub code: String,
    pub minutes: u32,
    pub partielle: bool,
}

/// Une session traduite, et de quoi revenir.
#[derive(Debug, Clone)]
pub struct Pont {
    /// Ce que le moteur reçoit.
    pub instance: Instance,
    pub(super) jours: Vec<Date>,
    pub(super) epreuves: Vec<EpreuveDuPont>,
    pub(super) candidats: Vec<CandidatId>,
    pub(super) salles: Vec<String>,
    /// Les jurés de chaque jury ; vide : un jury encore à composer.
    pub(super) jurys: Vec<Vec<JureId>>,
    /// Les surveillants ; rien : encore à nommer.
    pub(super) surveillants: Vec<Option<PersonneId>>,
    /// Les passages que le moteur ne doit pas changer d'une minute.
    pub(super) tenus: BTreeMap<(CandidatId, String), Passage>,
}

/// Des noms qui se lisent, tous différents.
#[derive(Default)]
struct Noms(BTreeSet<String>);

impl Noms {
    fn unique(&mut self, nom: &str) -> String {
        // La barre sépare le candidat de l'épreuve dans les constats du moteur.
        let nom = nom.replace('/', "∕");
        let mut essai = nom.clone();
        let mut n = 2;
        while !self.0.insert(essai.clone()) {
            essai = format!("{nom} ({n})");
            n += 1;
        }
        essai
    }
}

fn minutes(t: jiff::civil::Time) -> i64 {
    i64::from(temps::minutes(t))
}

pub(super) fn arrondi_bas(m: i64) -> i64 {
    m / PAS * PAS
}

fn arrondi_haut(m: i64) -> i64 {
    (m + PAS - 1) / PAS * PAS
}

impl Pont {
    /// Traduit la session. `Err` : une phrase, ce qui manque pour essayer.
    pub fn construire(s: &Session, depuis: &Depuis, priorite: Priorite) -> Result<Self, String> {
        let p = s
            .programme
            .as_ref()
            .ok_or("Cette session n’existe pas encore.")?;
        let journees = s.planning.journees();
        let jours: Vec<Date> = p
            .jours()
            .into_iter()
            .filter(|d| !journees.jours_fermes.contains(d))
            .collect();
        let epreuves = ordonner(p.epreuves());
        let inscrits: Vec<_> = s.inscrits().collect();
        if inscrits.is_empty() {
            return Err("Inscrivez d’abord les candidats.".into());
        }
        if epreuves.is_empty() {
            return Err("Le référentiel n’a pas encore d’épreuve : complétez-le, puis adoptez-le à la page Programme.".into());
        }
        if p.site.salles.is_empty() {
            return Err("Aucune salle n’est connue pour ce site : ajoutez-en à la page Sites, puis reprenez le site à la page Programme.".into());
        }
        let heures = (
            arrondi_haut(minutes(journees.ouverture)),
            arrondi_bas(minutes(journees.fermeture)),
        );
        let mut noms = Noms::default();
        let mut pont = Self {
            instance: vierge(&jours, heures, &journees, &p.site.nom, priorite),
            jours,
            epreuves: vec![],
            candidats: inscrits.iter().map(|c| c.id.clone()).collect(),
            salles: vec![],
            jurys: vec![],
            surveillants: vec![],
            tenus: BTreeMap::new(),
        };
        pont.poser_les_tenus(s, depuis);
        pont.poser_les_jurys(s, &journees, heures, &mut noms);
        pont.poser_les_surveillants(s, heures, &mut noms);
        pont.poser_les_salles(s, &epreuves, &mut noms);
        pont.poser_les_candidats(s, &epreuves, heures, &mut noms);
        pont.poser_les_epingles(s);
        pont.poser_la_reprise(s, depuis);
        Ok(pont)
    }

    /// Nombre de tâches à placer.
    pub fn taches(&self) -> usize {
        self.instance
            .candidats
            .iter()
            .map(|c| self.instance.parcours[c.parcours].epreuves.len())
            .sum()
    }

    /// Ce qui garde son heure exacte : les passages épinglés, et ceux d'où l'on repart.
    fn poser_les_tenus(&mut self, s: &Session, depuis: &Depuis) {
        let repart = |x: &Passage| match depuis {
            Depuis::Rien => false,
            Depuis::Present { maintenant, tout } => {
                *tout || maintenant.is_some_and(|m| x.date.to_datetime(x.debut) < m)
            }
        };
        self.tenus = s
            .planning
            .passages
            .iter()
            .filter(|x| repart(x) || s.planning.est_epingle(&x.candidat, &x.epreuve))
            .map(|x| ((x.candidat.clone(), x.epreuve.clone()), x.clone()))
            .collect();
    }

    fn poser_les_candidats(
        &mut self,
        s: &Session,
        epreuves: &[&referentiel::Epreuve],
        heures: (i64, i64),
        noms: &mut Noms,
    ) {
        let mut variantes: BTreeMap<(usize, u32), usize> = BTreeMap::new();
        let mut parcours: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        let n = s.inscrits().count();
        let lies = s.conflits();
        for c in s.inscrits() {
            // Le tiers-temps partage la séance des autres ; une autre majoration fait une épreuve à part.
            let tiers_temps = c
                .amenagement_accorde()
                .is_some_and(|a| a.majoration == TIERS_TEMPS);
            let rangs: Vec<usize> = epreuves
                .iter()
                .enumerate()
                .map(|(k, e)| {
                    let minutes = self.minutes_voulues(c, e, tiers_temps);
                    *variantes.entry((k, minutes)).or_insert_with(|| {
                        self.epreuves.push(EpreuveDuPont {
                            code: e.code.clone(),
                            minutes,
                            partielle: e.presence_jury == PresenceJury::Partielle,
                        });
                        let traduite = self.epreuve(e, minutes, n);
                        self.instance.epreuves.push(traduite);
                        self.instance.epreuves.len() - 1
                    })
                })
                .collect();
            let rang = *parcours.entry(rangs.clone()).or_insert_with(|| {
                self.instance.parcours.push(parcours_de(
                    self.instance.parcours.len(),
                    epreuves,
                    &rangs,
                ));
                self.instance.parcours.len() - 1
            });
            let qui = Empeche::Candidat(c.id.clone());
            let empeche = s.planning.empechements.iter().any(|e| e.qui == qui);
            self.instance.candidats.push(Candidat {
                id: noms.unique(&c.fiche.nom_complet()),
                site: 0,
                parcours: rang,
                tiers_temps,
                pmr: c.acces_pmr(),
                dispo: empeche.then(|| presences(s, &self.jours, heures, &qui)),
                conflits_membres: (0..s.jury.len())
                    .filter(|m| lies.contains(&(s.jury[*m].membre.jure.clone(), c.id.clone())))
                    .collect(),
                conflits_surveillants: vec![],
            });
        }
    }

    pub(super) fn rang_epreuve(&self, c: usize, code: &str) -> Option<usize> {
        self.instance.parcours[self.instance.candidats[c].parcours]
            .epreuves
            .iter()
            .copied()
            .find(|e| self.epreuves[*e].code == code)
    }

    fn poser_les_epingles(&mut self, s: &Session) {
        for x in s
            .planning
            .passages
            .iter()
            .filter(|x| s.planning.est_epingle(&x.candidat, &x.epreuve))
        {
            let Some((candidat, epreuve)) = self.rangs(x) else {
                continue;
            };
            let jury = self.jury_de(&x.jury);
            let devant = self.instance.epreuves[epreuve].encadrement == Encadrement::Jury;
            let surveillant = x
                .surveillant
                .as_ref()
                .and_then(|v| self.surveillants.iter().position(|y| y.as_ref() == Some(v)));
            self.instance.epingles.push(Epingle {
                candidat,
                epreuve,
                jour: self.jours.iter().position(|d| *d == x.date),
                debut: Some(arrondi_bas(minutes(x.debut))),
                salle: self.salles.iter().position(|y| *y == x.lieu).map(Some),
                jury: jury.filter(|_| devant).map(Some),
                surveillant: surveillant.filter(|_| !devant).map(Some),
            });
        }
    }

    /// Rangs du candidat et de l'épreuve d'un passage.
    pub(super) fn rangs(&self, x: &Passage) -> Option<(usize, usize)> {
        let c = self.candidats.iter().position(|c| *c == x.candidat)?;
        Some((c, self.rang_epreuve(c, &x.epreuve)?))
    }

    /// Le rang de ce groupe de jurés ; rien s'il ne siège pas dans l'instance.
    pub(super) fn jury_de(&self, jures: &[JureId]) -> Option<usize> {
        self.jurys.iter().position(|j| meme_groupe(j, jures))
    }

    fn poser_la_reprise(&mut self, s: &Session, depuis: &Depuis) {
        let Depuis::Present { maintenant, .. } = depuis else {
            return;
        };
        let maintenant = maintenant.map_or((0, 0), |m| {
            match self.jours.iter().position(|d| *d >= m.date()) {
                Some(j) if self.jours[j] == m.date() => (j, minutes(m.time())),
                Some(j) => (j, 0),
                None => (self.jours.len() - 1, 1440),
            }
        });
        let tenus: Vec<Passage> = self.tenus.values().cloned().collect();
        let reference = self.plan(&tenus, &s.planning.deliberations);
        self.instance.reprise = Some(Reprise {
            maintenant,
            substituts: vec![],
            reference,
        });
    }
}

fn meme_groupe(a: &[JureId], b: &[JureId]) -> bool {
    a.len() == b.len() && a.iter().all(|x| b.contains(x))
}

pub(super) fn nature(n: NatureSalle) -> &'static str {
    match n {
        NatureSalle::Plateau => "plateau technique",
        NatureSalle::Salle => "salle",
        NatureSalle::Entretien => "local d’entretien",
    }
}

pub(super) fn toujours(jours: &[Date], heures: (i64, i64)) -> Vec<Plage> {
    (0..jours.len()).map(|j| (j, heures.0, heures.1)).collect()
}

fn vierge(
    jours: &[Date],
    heures: (i64, i64),
    j: &Journees,
    site: &str,
    priorite: Priorite,
) -> Instance {
    let dejeuner = (minutes(j.dejeuner_debut), minutes(j.dejeuner_fin));
    Instance {
        id: "session".into(),
        pas: PAS,
        jours: vec![heures; jours.len()],
        dates: jours.iter().map(|d| temps::date_longue(*d)).collect(),
        sites: vec![format!("« {site} »")],
        dejeuner: (dejeuner.0, dejeuner.1, i64::from(j.dejeuner_minutes)),
        pause: i64::from(j.pause_minutes),
        candidat_max: i64::from(j.candidat_minutes_max),
        deliberation: (
            i64::from(j.deliberation_minutes),
            i64::from(j.deliberation_par_candidat),
        ),
        epreuves: vec![],
        parcours: vec![],
        salles: vec![],
        membres: vec![],
        jurys: vec![],
        surveillants: vec![],
        candidats: vec![],
        epingles: vec![],
        reprise: None,
        poids: priorite.poids(),
    }
}
