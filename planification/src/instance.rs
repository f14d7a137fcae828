//! Le format tp-planning/1, lu : des rangs au lieu d'identifiants, et rien d'absurde dedans.

mod lecture;

use crate::solution::Plan;

/// Ce qui empêche de lire une instance : le champ, et une phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Illisible {
    /// Le champ, par exemple `epreuves[2].minutes`.
    pub champ: String,
    /// Ce qui ne va pas, et ce qu'on attend.
    pub phrase: String,
}

impl std::fmt::Display for Illisible {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} : {}", self.champ, self.phrase)
    }
}

impl std::error::Error for Illisible {}

/// Une plage d'un jour : rang du jour, début, fin (minutes depuis minuit).
pub type Plage = (usize, i64, i64);

/// Qui surveille une épreuve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encadrement {
    /// Un jury.
    Jury,
    /// Un surveillant.
    Surveillant,
}

/// Une épreuve (durées en minutes).
#[derive(Debug, Clone)]
pub struct Epreuve {
    /// Identifiant.
    pub id: String,
    /// Nom montré.
    pub nom: String,
    /// Durée.
    pub minutes: i64,
    /// Nature de salle demandée.
    pub salle: Option<String>,
    /// Qui l'encadre.
    pub encadrement: Encadrement,
    /// Candidats par séance, au plus.
    pub groupe: usize,
    /// Un seul début pour tout le site.
    pub debut_commun: bool,
    /// Le candidat y est.
    pub present: bool,
    /// Le tiers-temps s'y applique.
    pub prolongeable: bool,
}

impl Epreuve {
    /// Plusieurs candidats peuvent-ils y partager une séance surveillée ? C'est elle que compte [`Poids::seance`].
    pub fn est_partageable(&self) -> bool {
        self.groupe > 1 && self.encadrement == Encadrement::Surveillant
    }
}

/// Un parcours ; tout est rang d'épreuve dans l'instance.
#[derive(Debug, Clone)]
pub struct Parcours {
    /// Identifiant.
    pub id: String,
    /// Épreuves, la dernière désigne le jury qui statue.
    pub epreuves: Vec<usize>,
    /// (avant, après).
    pub precedences: Vec<(usize, usize)>,
    /// (a, b) : b commence quand a finit, même salle, même jury.
    pub chaines: Vec<(usize, usize)>,
    /// Groupes de même jury.
    pub meme_jury: Vec<Vec<usize>>,
}

/// Une salle.
#[derive(Debug, Clone)]
pub struct Salle {
    /// Identifiant.
    pub id: String,
    /// Rang du site.
    pub site: usize,
    /// Nature.
    pub nature: String,
    /// Places.
    pub places: usize,
    /// Accessible en fauteuil.
    pub accessible: bool,
    /// Plages prises.
    pub prises: Vec<Plage>,
}

/// Une personne qui encadre : membre de jury ou surveillant.
#[derive(Debug, Clone)]
pub struct Personne {
    /// Identifiant.
    pub id: String,
    /// Sites (vide pour un membre : c'est son jury qui les porte).
    pub sites: Vec<usize>,
    /// Disponibilités.
    pub dispo: Vec<Plage>,
    /// Minutes par jour, au plus.
    pub minutes_max: i64,
}

/// Un jury.
#[derive(Debug, Clone)]
pub struct Jury {
    /// Identifiant.
    pub id: String,
    /// Rangs de ses membres.
    pub membres: Vec<usize>,
    /// Rangs de ses sites.
    pub sites: Vec<usize>,
}

/// Un candidat.
#[derive(Debug, Clone)]
pub struct Candidat {
    /// Identifiant.
    pub id: String,
    /// Rang du site.
    pub site: usize,
    /// Rang du parcours.
    pub parcours: usize,
    /// Tiers-temps.
    pub tiers_temps: bool,
    /// Fauteuil.
    pub pmr: bool,
    /// Disponibilités ; `None` : tout le temps d'ouverture.
    pub dispo: Option<Vec<Plage>>,
    /// Membres avec qui il y a conflit d'intérêts.
    pub conflits_membres: Vec<usize>,
    /// Surveillants avec qui il y a conflit d'intérêts.
    pub conflits_surveillants: Vec<usize>,
}

/// Une épingle : ce qui est fixé d'une épreuve d'un candidat. `Some(None)` fixe « rien » (nul).
#[derive(Debug, Clone, Default)]
pub struct Epingle {
    /// Rang du candidat.
    pub candidat: usize,
    /// Rang de l'épreuve.
    pub epreuve: usize,
    /// Jour fixé.
    pub jour: Option<usize>,
    /// Début fixé (minutes).
    pub debut: Option<i64>,
    /// Salle fixée.
    pub salle: Option<Option<usize>>,
    /// Jury fixé.
    pub jury: Option<Option<usize>>,
    /// Surveillant fixé.
    pub surveillant: Option<Option<usize>>,
}

/// Une reprise en cours de session.
#[derive(Debug, Clone)]
pub struct Reprise {
    /// Maintenant : jour, minute.
    pub maintenant: (usize, i64),
    /// (jury défaillant, jury qui délibère à sa place).
    pub substituts: Vec<(usize, usize)>,
    /// Le plan d'avant.
    pub reference: Plan,
}

/// Poids de la qualité.
#[derive(Debug, Clone, Copy)]
pub struct Poids {
    /// Fin des sites.
    pub fin: i64,
    /// Attentes.
    pub attente: i64,
    /// Pire attente.
    pub pire_attente: i64,
    /// Temps mort des jurés.
    pub temps_mort: i64,
    /// Changement de jury.
    pub continuite: i64,
    /// Jour de plus d'un candidat.
    pub jour_de_plus: i64,
    /// Séance surveillée qu'on aurait pu partager : chacune est un pli à ouvrir et un surveillant à tenir. Nul si absent.
    pub seance: i64,
}

/// Une instance lue.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Identifiant.
    pub id: String,
    /// Pas de la grille, minutes.
    pub pas: i64,
    /// Jours : (ouverture, fermeture).
    pub jours: Vec<(i64, i64)>,
    /// Dates des jours, pour les phrases.
    pub dates: Vec<String>,
    /// Sites.
    pub sites: Vec<String>,
    /// Déjeuner : de, à, minutes.
    pub dejeuner: (i64, i64, i64),
    /// Pause entre deux épreuves d'un candidat.
    pub pause: i64,
    /// Minutes d'épreuves par candidat et par jour, au plus.
    pub candidat_max: i64,
    /// Délibération : base, par candidat.
    pub deliberation: (i64, i64),
    /// Épreuves.
    pub epreuves: Vec<Epreuve>,
    /// Parcours.
    pub parcours: Vec<Parcours>,
    /// Salles.
    pub salles: Vec<Salle>,
    /// Membres.
    pub membres: Vec<Personne>,
    /// Jurys.
    pub jurys: Vec<Jury>,
    /// Surveillants.
    pub surveillants: Vec<Personne>,
    /// Candidats.
    pub candidats: Vec<Candidat>,
    /// Épingles.
    pub epingles: Vec<Epingle>,
    /// Reprise.
    pub reprise: Option<Reprise>,
    /// Poids.
    pub poids: Poids,
}

impl Instance {
    /// Lit une instance tp-planning/1.
    ///
    /// # Errors
    /// [`Illisible`] nomme le premier champ manquant, malformé ou absurde.
    pub fn lire(texte: &str) -> Result<Self, Illisible> {
        lecture::lire(texte)
    }

    /// La session est-elle déjà commencée ? Ce qui est joué échappe alors à une part des règles.
    pub fn a_commence(&self) -> bool {
        let reprise = self.reprise.as_ref();
        reprise.is_some_and(|r| r.maintenant > (0, 0))
    }

    /// La minute à partir de laquelle on peut encore placer quelque chose ce jour-là.
    pub fn debut_du_jour(&self, jour: usize) -> i64 {
        let (ouvre, ferme, ..) = self.jours[jour];
        match self.reprise.as_ref().map(|r| r.maintenant) {
            Some((d, _)) if jour < d => ferme,
            Some((d, minute)) if jour == d => minute.clamp(ouvre, ferme.max(ouvre)),
            _ => ouvre,
        }
    }

    /// Parmi ces minutes, celles dont on peut fermer plus tard sans passer vingt heures : au-delà, ni jury ni salle ne se
    /// tient.
    pub fn fermetures_possibles(
        &self,
        minutes: impl IntoIterator<Item = i64>,
    ) -> impl Iterator<Item = i64> {
        let ferme = self.jours.iter().map(|j| j.1).max().unwrap_or(0);
        let tient = move |n: &i64| ferme + n <= 20 * 60;
        minutes.into_iter().filter(tient)
    }

    /// Ferme chaque jour `minutes` plus tard ; qui restait jusqu'au soir reste d'autant.
    pub fn fermer_plus_tard(&mut self, minutes: i64) {
        let anciens = self.jours.clone();
        for j in &mut self.jours {
            j.1 = (j.1 + minutes).min(1440);
        }
        let gens = self.membres.iter_mut().chain(&mut self.surveillants);
        let candidats = self.candidats.iter_mut().filter_map(|c| c.dispo.as_mut());
        let plages = gens.map(|p| &mut p.dispo).chain(candidats).flatten();
        for d in plages.filter(|d| d.2 >= anciens[d.0].1) {
            d.2 = self.jours[d.0].1;
        }
    }

    /// Durée d'une épreuve pour un candidat, arrondie au pas supérieur, tiers-temps compris.
    pub fn duree(&self, epreuve: usize, candidat: usize) -> i64 {
        let (e, c) = (&self.epreuves[epreuve], &self.candidats[candidat]);
        let (haut, bas) = if c.tiers_temps && e.prolongeable {
            (e.minutes * 4, 3)
        } else {
            (e.minutes, 1)
        };
        let unite = bas * self.pas;
        (haut + unite - 1) / unite * self.pas
    }

    /// Minutes que ce jury peut donner ce jour-là : celles de son membre le moins disponible, plafond compris.
    pub fn minutes_du_jury(&self, jury: usize, jour: usize) -> i64 {
        self.minutes_du_jury_depuis(jury, jour, 0)
    }

    /// Les mêmes, à partir de cette minute.
    pub fn minutes_du_jury_depuis(&self, jury: usize, jour: usize, depuis: i64) -> i64 {
        let de = |m: &usize| {
            let m = &self.membres[*m];
            let la = m.dispo.iter().filter(|p| p.0 == jour);
            let minutes = la.map(|p| (p.2 - p.1.max(depuis)).max(0));
            minutes.sum::<i64>().min(m.minutes_max)
        };
        self.jurys[jury].membres.iter().map(de).min().unwrap_or(0)
    }

    /// Durée d'une délibération sur `n` candidats, arrondie au pas supérieur.
    pub fn duree_deliberation(&self, n: usize) -> i64 {
        let m = self.deliberation.0 + self.deliberation.1 * n as i64;
        (m + self.pas - 1) / self.pas * self.pas
    }
}
