//! L'aller : une session, ses journées, ses empêchements et ses épingles deviennent une instance du moteur.
//!
//! Les identifiants de l'instance sont les noms de la session : les phrases du moteur se lisent telles quelles.

use jiff::civil::{Date, DateTime};
use metier::equipe::Poste;
use metier::planning::{Empeche, Journees, Passage};
use metier::programme::NatureSalle;
use metier::referentiel::{self, Modalite, PresenceJury};
use metier::{CandidatId, JureId, PersonneId, Session, temps};
use planification::Instance;
use planification::instance::{
    Candidat, Encadrement, Epingle, Epreuve, Jury, Parcours, Personne, Plage, Poids, Reprise, Salle,
};
use std::collections::{BTreeMap, BTreeSet};

/// Pas de la grille, en minutes.
pub(super) const PAS: i64 = 5;
/// Durée retenue, en minutes, pour une épreuve dont la durée n'est pas encore connue : elle reste à corriger.
const DUREE_INCONNUE: u32 = 30;
/// Durée (minutes) sous laquelle une épreuve sans jury est une préparation : elle se passe seul, juste avant l'oral.
const PREPARATION_MAX: u32 = 20;
/// La majoration d'un tiers, telle que la décision l'écrit (en pour cent).
const TIERS_TEMPS: u32 = 33;
/// « Autant que la salle en contient ».
const TOUS: usize = 10_000;

/// Ce qui compte le plus dans une proposition, une fois tout le monde placé.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Priorite {
    /// Un peu de tout.
    #[default]
    Equilibre,
    /// Finir tôt.
    FinirTot,
    /// Faire attendre peu les candidats.
    AttendrePeu,
    /// Bouger le moins possible le planning présent.
    BougerPeu,
}

impl Priorite {
    /// Toutes, dans l'ordre d'un formulaire.
    pub const TOUTES: [Self; 4] = [
        Self::Equilibre,
        Self::FinirTot,
        Self::AttendrePeu,
        Self::BougerPeu,
    ];
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Equilibre => "equilibre",
            Self::FinirTot => "finir-tot",
            Self::AttendrePeu => "attendre-peu",
            Self::BougerPeu => "bouger-peu",
        }
    }
    /// Retrouve par le code ; l'équilibre à défaut.
    pub fn depuis_code(c: &str) -> Self {
        Self::TOUTES
            .into_iter()
            .find(|p| p.code() == c)
            .unwrap_or_default()
    }
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Equilibre => "Un bon équilibre",
            Self::FinirTot => "Finir tôt",
            Self::AttendrePeu => "Peu d’attente pour les candidats",
            Self::BougerPeu => "Bouger le moins possible",
        }
    }
    /// D'où part la recherche.
    pub fn depuis(self) -> Depuis {
        match self {
            Self::BougerPeu => Depuis::Present {
                maintenant: None,
                tout: true,
            },
            _ => Depuis::Rien,
        }
    }
    fn poids(self) -> Poids {
        let (fin, attente, pire_attente, temps_mort) = match self {
            Self::Equilibre | Self::BougerPeu => (3, 2, 1, 1),
            Self::FinirTot => (20, 1, 1, 1),
            Self::AttendrePeu => (1, 12, 6, 1),
        };
        Poids {
            fin,
            attente,
            pire_attente,
            temps_mort,
            continuite: 60,
            // Faire revenir un candidat un autre jour coûte plus qu'une attente ou qu'un temps mort.
            jour_de_plus: 900,
        }
    }
}

/// D'où part la recherche.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depuis {
    /// De rien : seules les épingles tiennent.
    Rien,
    /// Du planning présent : ce qui a commencé est figé.
    Present {
        /// L'heure qu'il est ; rien : la session n'a pas commencé.
        maintenant: Option<DateTime>,
        /// Le reste du planning présent compte-t-il, ou seulement ce qui est figé ?
        tout: bool,
    },
}

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

/// Tous les jours, d'une heure à l'autre, moins les empêchements de cette personne.
fn presences(s: &Session, jours: &[Date], heures: (i64, i64), qui: &Empeche) -> Vec<Plage> {
    let mut plages = vec![];
    for (j, d) in jours.iter().enumerate() {
        let mut libres = vec![heures];
        for e in s
            .planning
            .empechements
            .iter()
            .filter(|e| e.qui == *qui && e.date == *d)
        {
            let (de, a) = (minutes(e.de), minutes(e.a));
            libres = libres
                .into_iter()
                .flat_map(|(x, y)| [(x, y.min(de)), (x.max(a), y)])
                .filter(|(x, y)| x < y)
                .collect();
        }
        plages.extend(libres.into_iter().map(|(x, y)| (j, x, y)));
    }
    plages
}

fn empechements(s: &Session, jours: &[Date], qui: &Empeche) -> Vec<Plage> {
    s.planning
        .empechements
        .iter()
        .filter(|e| e.qui == *qui)
        .filter_map(|e| {
            let j = jours.iter().position(|d| *d == e.date)?;
            Some((j, minutes(e.de), minutes(e.a)))
        })
        .collect()
}

/// Les épreuves dans l'ordre du moteur : l'entretien final en dernier, et la dernière est devant un jury.
fn ordonner(epreuves: Vec<&referentiel::Epreuve>) -> Vec<&referentiel::Epreuve> {
    let mut v = epreuves;
    v.sort_by_key(|e| e.modalite == Modalite::Ef);
    let finale = v.last().is_some_and(|e| e.modalite == Modalite::Ef);
    if let Some(k) = v.iter().rposition(|e| devant_jury(e)).filter(|_| !finale) {
        let e = v.remove(k);
        v.push(e);
    }
    v
}

/// L'épreuve se passe-t-elle devant un jury ? Quand le référentiel ne le dit pas, seul le questionnaire s'en passe.
fn devant_jury(e: &referentiel::Epreuve) -> bool {
    match e.presence_jury {
        PresenceJury::Presente | PresenceJury::Partielle => true,
        PresenceJury::Absente => false,
        PresenceJury::Inconnue => e.modalite != Modalite::Qp,
    }
}

/// Candidats ensemble, quand le référentiel ne le dit pas.
fn groupe_suppose(e: &referentiel::Epreuve) -> usize {
    let longue = e.duree_minutes.unwrap_or(DUREE_INCONNUE) > PREPARATION_MAX;
    match (e.modalite, e.presence_jury) {
        (Modalite::Qp, _) => TOUS,
        (_, PresenceJury::Absente) if longue => TOUS,
        (Modalite::Msp, PresenceJury::Partielle) if longue => TOUS,
        _ => 1,
    }
}

fn groupe(e: &referentiel::Epreuve) -> usize {
    e.organisation
        .ensemble
        .map_or_else(|| groupe_suppose(e), |n| n.max(1) as usize)
}

/// Les natures de salle voulues, de la meilleure à la moins bonne.
fn natures_voulues(e: &referentiel::Epreuve) -> [NatureSalle; 3] {
    use NatureSalle::{Entretien, Plateau, Salle};
    if groupe(e) > 1 || e.modalite == Modalite::Msp {
        match e.modalite {
            Modalite::Msp => [Plateau, Salle, Entretien],
            _ => [Salle, Plateau, Entretien],
        }
    } else {
        [Entretien, Salle, Plateau]
    }
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

    fn poser_les_jurys(
        &mut self,
        s: &Session,
        journees: &Journees,
        heures: (i64, i64),
        noms: &mut Noms,
    ) {
        let max = i64::from(journees.jure_minutes_max);
        for m in &s.jury {
            let dispo = presences(
                s,
                &self.jours,
                heures,
                &Empeche::Jure(m.membre.jure.clone()),
            );
            self.instance.membres.push(Personne {
                id: noms.unique(&m.membre.nom),
                sites: vec![],
                dispo,
                minutes_max: max,
            });
        }
        let mut jurys = journees.jurys_de(s);
        // Un planning déjà là peut faire siéger d'autres groupes : ils comptent tels quels.
        for x in self.tenus.values().filter(|x| !x.jury.is_empty()) {
            let connus = x.jury.iter().all(|j| s.jure(j).is_some());
            if connus && !jurys.iter().any(|j| meme_groupe(j, &x.jury)) {
                jurys.push(x.jury.clone());
            }
        }
        for j in jurys {
            self.ajouter_jury(s, j);
        }
        if self.jurys.is_empty() {
            let tous = toujours(&self.jours, heures);
            let debut = self.instance.membres.len();
            for n in 1..=2 {
                self.instance.membres.push(Personne {
                    id: noms.unique(&format!("Juré à retenir {n}")),
                    sites: vec![],
                    dispo: tous.clone(),
                    minutes_max: max,
                });
            }
            self.instance.jurys.push(Jury {
                id: "Jury à composer".into(),
                membres: vec![debut, debut + 1],
                sites: vec![0],
            });
            self.jurys.push(vec![]);
        }
    }

    /// Ajoute un jury ; rend son rang.
    pub(super) fn ajouter_jury(&mut self, s: &Session, jures: Vec<JureId>) -> usize {
        let membres: Vec<usize> = jures
            .iter()
            .filter_map(|j| s.jury.iter().position(|m| m.membre.jure == *j))
            .collect();
        let qui: Vec<&str> = membres
            .iter()
            .map(|m| s.jury[*m].membre.nom.as_str())
            .collect();
        let mut id = format!("le jury de {}", qui.join(" et ")).replace('/', "∕");
        while self.instance.jurys.iter().any(|j| j.id == id) {
            id.push_str(" (bis)");
        }
        self.instance.jurys.push(Jury {
            id,
            membres,
            sites: vec![0],
        });
        self.jurys.push(jures);
        self.jurys.len() - 1
    }

    fn poser_les_surveillants(&mut self, s: &Session, heures: (i64, i64), noms: &mut Noms) {
        for i in s.equipe.a(Poste::Surveillant) {
            self.instance.surveillants.push(Personne {
                id: noms.unique(&i.nom),
                sites: vec![0],
                dispo: presences(s, &self.jours, heures, &Empeche::Surveillant(i.id.clone())),
                minutes_max: 1440,
            });
            self.surveillants.push(Some(i.id.clone()));
        }
        if self.surveillants.is_empty() {
            self.instance.surveillants.push(Personne {
                id: noms.unique("Surveillant à nommer"),
                sites: vec![0],
                dispo: toujours(&self.jours, heures),
                minutes_max: 1440,
            });
            self.surveillants.push(None);
        }
    }

    /// Les salles. S'il y a moins de locaux d'entretien que de jurys, des salles ordinaires en tiennent lieu, tant qu'il
    /// en reste une pour les épreuves communes.
    fn poser_les_salles(
        &mut self,
        s: &Session,
        epreuves: &[&referentiel::Epreuve],
        noms: &mut Noms,
    ) {
        let salles = s.programme.as_ref().map(|p| p.site.salles.clone());
        let mut salles = salles.unwrap_or_default();
        let entretiens = salles
            .iter()
            .filter(|x| x.nature == NatureSalle::Entretien)
            .count();
        let communes = epreuves
            .iter()
            .any(|e| natures_voulues(e)[0] != NatureSalle::Entretien);
        let ordinaires: Vec<usize> = (0..salles.len())
            .filter(|i| salles[*i].nature == NatureSalle::Salle)
            .collect();
        let a_garder = usize::from(communes);
        if entretiens > 0 {
            let manque = self.jurys.len().saturating_sub(entretiens);
            let mut libres: Vec<usize> = ordinaires;
            // Les plus petites d'abord.
            libres.sort_by_key(|i| salles[*i].capacite);
            libres.truncate(libres.len().saturating_sub(a_garder));
            for i in libres.into_iter().take(manque) {
                salles[i].nature = NatureSalle::Entretien;
            }
        }
        for x in salles {
            self.instance.salles.push(Salle {
                id: noms.unique(&x.nom),
                site: 0,
                nature: nature(x.nature).into(),
                places: x.capacite.max(1) as usize,
                accessible: x.accessible,
                prises: empechements(s, &self.jours, &Empeche::Salle(x.nom.clone())),
            });
            self.salles.push(x.nom);
        }
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

    /// Minutes de l'épreuve pour ce candidat, avant tiers-temps. Un passage tenu qui dure plus garde sa durée.
    fn minutes_voulues(
        &self,
        c: &metier::candidats::Candidat,
        e: &referentiel::Epreuve,
        tiers_temps: bool,
    ) -> u32 {
        let nominale = e.duree_minutes.unwrap_or(DUREE_INCONNUE).max(1);
        let majoree = if est_prolongeable(e) {
            c.duree_amenagee(nominale)
        } else {
            nominale
        };
        let sans_tiers = if tiers_temps { nominale } else { majoree };
        let Some(x) = self.tenus.get(&(c.id.clone(), e.code.clone())) else {
            return sans_tiers;
        };
        let tenue = arrondi_haut(minutes(x.fin)) - arrondi_bas(minutes(x.debut));
        match u32::try_from(tenue) {
            Ok(t) if tenue > arrondi_haut(i64::from(majoree)) => {
                if tiers_temps && est_prolongeable(e) {
                    t * 3 / 4
                } else {
                    t
                }
            }
            _ => sans_tiers,
        }
    }

    fn epreuve(&self, e: &referentiel::Epreuve, minutes: u32, candidats: usize) -> Epreuve {
        let presentes: BTreeSet<&str> = self
            .instance
            .salles
            .iter()
            .map(|x| x.nature.as_str())
            .collect();
        let voulue = natures_voulues(e)
            .into_iter()
            .map(nature)
            .find(|n| presentes.contains(n))
            .unwrap_or("salle");
        let groupe = groupe(e);
        let mut id = e.nature.replace('/', "∕");
        while self.instance.epreuves.iter().any(|x| x.id == id) {
            id.push('’');
        }
        Epreuve {
            nom: format!("« {} »", e.nature),
            id,
            minutes: i64::from(minutes),
            salle: Some(voulue.into()),
            encadrement: if devant_jury(e) {
                Encadrement::Jury
            } else {
                Encadrement::Surveillant
            },
            groupe,
            debut_commun: e.organisation.debut_commun.unwrap_or_else(|| {
                e.modalite == Modalite::Qp && self.peut_commencer_ensemble(voulue, candidats)
            }),
            present: true,
            prolongeable: est_prolongeable(e),
        }
    }

    /// Y a-t-il assez de places, et de surveillants pour les salles qu'il faut, pour commencer tous à la même heure ?
    fn peut_commencer_ensemble(&self, nature: &str, candidats: usize) -> bool {
        let mut places: Vec<usize> = self
            .instance
            .salles
            .iter()
            .filter(|x| x.nature == nature && x.prises.is_empty())
            .map(|x| x.places)
            .collect();
        places.sort_unstable_by(|a, b| b.cmp(a));
        let (mut la, mut salles) = (0, 0);
        for n in places {
            if la >= candidats {
                break;
            }
            la += n;
            salles += 1;
        }
        la >= candidats && salles <= self.surveillants.len()
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

fn est_prolongeable(e: &referentiel::Epreuve) -> bool {
    e.organisation
        .prolongeable
        .unwrap_or(e.modalite != Modalite::Ef)
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

fn parcours_de(n: usize, epreuves: &[&referentiel::Epreuve], rangs: &[usize]) -> Parcours {
    let (mut precedences, mut chaines) = (vec![], vec![]);
    let dernier = rangs.len() - 1;
    for (k, e) in epreuves.iter().enumerate() {
        if k < dernier && epreuves[dernier].modalite == Modalite::Ef {
            precedences.push((rangs[k], rangs[dernier]));
        }
        if k == 0 {
            continue;
        }
        let avant = epreuves[k - 1];
        let suppose = avant.modalite == Modalite::Projet
            && matches!(e.modalite, Modalite::Et | Modalite::Qap)
            && devant_jury(e)
            && devant_jury(avant);
        if e.organisation.enchaine.unwrap_or(suppose) && groupe(e) == 1 && groupe(avant) == 1 {
            chaines.push((rangs[k - 1], rangs[k]));
        }
        let preparation = !devant_jury(avant) && groupe(avant) == 1;
        if preparation && !precedences.contains(&(rangs[k - 1], rangs[k])) {
            precedences.push((rangs[k - 1], rangs[k]));
        }
    }
    let seul_devant_jury: Vec<usize> = epreuves
        .iter()
        .zip(rangs)
        .filter(|(e, _)| devant_jury(e) && groupe(e) == 1)
        .map(|(_, r)| *r)
        .collect();
    Parcours {
        id: format!("Parcours {}", n + 1),
        epreuves: rangs.to_vec(),
        precedences,
        chaines,
        meme_jury: if seul_devant_jury.len() > 1 {
            vec![seul_devant_jury]
        } else {
            vec![]
        },
    }
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
