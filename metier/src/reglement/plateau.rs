//! Le plateau et les pauses : postes, local d'entretien, temps continu. Les lignes sont dans `planning.rs`.

use super::Trouve;
use super::planning::codes_finals;
use super::table::Table;
use crate::session::Session;
use crate::session::planning::Passage;
use crate::session::plateau::au_plus;
use crate::session::programme::{NatureSalle, TypeSession};
use crate::temps::{date_chiffres, duree, heure, minutes};
use jiff::civil::Date;

/// Durée d'une pause qui compte, en minutes (proposition de Garant).
const PAUSE_MINUTES: u32 = 20;

/// Trop peu de postes pour le planning, ou un inventaire qui n'est pas fait.
pub(super) fn postes_et_inventaire(s: &Session, jour: Date) -> Vec<Trouve> {
    let mut trouves = postes(s);
    trouves.extend(inventaire(s, jour));
    trouves
}

/// L'inventaire : fait, complet ou paré. Avant la session ce n'est qu'un manque.
fn inventaire(s: &Session, jour: Date) -> Vec<Trouve> {
    let commencee = s.programme.as_ref().is_some_and(|p| p.debut <= jour);
    if super::est_reglee(s, "AV-17") {
        return vec![];
    }
    if s.plateau.inventaire().next().is_none() {
        return if commencee {
            vec![Trouve::manquement(
                "inventaire",
                "plateau",
                "L’inventaire du plateau technique n’est pas fait.",
                "Comptez les postes, les équipements et les matières d’œuvre.",
            )]
        } else {
            vec![]
        };
    }
    s.plateau
        .inventaire()
        .filter(|l| !l.est_reglee(s))
        .map(|l| {
            let b = &l.besoin;
            let phrase = match (l.manque(s), &l.compte) {
                (Some(n), Some((compte, _))) => format!(
                    "Il manque {n} « {} » : {compte} en état pour {} nécessaires.",
                    b.libelle,
                    l.requis(s)
                ),
                _ => format!(
                    "« {} » n’est pas encore compté : il en faut {}.",
                    b.libelle,
                    l.requis(s)
                ),
            };
            Trouve::manque(
                format!("ligne-{}", l.numero),
                "plateau",
                phrase,
                "Comptez, complétez, ou dites comment vous y parez.",
            )
        })
        .collect()
}

/// Plus de candidats ensemble que de postes.
fn postes(s: &Session) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let mut par: Table<(&str, Date), Vec<&Passage>> = Table::default();
    for x in &s.planning.passages {
        par.entry((&x.lieu, x.date)).or_default().push(x);
    }
    let mut par: Vec<_> = par.into_iter().collect();
    par.sort_unstable_by_key(|(cle, _)| *cle);
    par.into_iter()
        .filter_map(|((lieu, date), passages)| {
            let salle = p.site.salles.iter().find(|y| y.nom == lieu)?;
            let (ensemble, quand) = au_plus(&passages)?;
            (ensemble > salle.capacite as usize).then(|| {
                Trouve::manquement(
                    format!("{lieu}|{date}"),
                    "planning",
                    format!(
                        "« {lieu} » reçoit {ensemble} candidats ensemble le {} à {}, pour {} poste{}.",
                        date_chiffres(date),
                        heure(quand),
                        salle.capacite,
                        super::pluriel(salle.capacite as usize)
                    ),
                    "Étalez ces passages, ou corrigez le nombre de postes à la fiche du site.",
                )
            })
        })
        .collect()
}

/// Un entretien final placé ailleurs que dans un local d'entretien.
pub(super) fn local_d_entretien(s: &Session, jour: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let finals = codes_finals(p);
    if finals.is_empty() || p.site.salles.is_empty() {
        return vec![];
    }
    if !p
        .site
        .salles
        .iter()
        .any(|x| x.nature == NatureSalle::Entretien)
    {
        return vec![Trouve::selon(
            s.planning.valide.is_some(),
            "local",
            "planning",
            format!("{} n’a pas de local d’entretien noté.", p.site.nom),
            "Réservez-en un, et notez-le à la fiche du site comme « local d’entretien ».",
        )];
    }
    let commencee = p.debut <= jour;
    if commencee && s.plateau.reserves.is_empty() && !super::est_reglee(s, "AV-17") {
        return vec![Trouve::manquement(
            "reserve",
            "plateau",
            "Aucun local d’entretien n’est noté réservé et préparé.",
            "Réservez-le, puis notez-le à la page Plateau.",
        )];
    }
    let mut lieux: Vec<_> = s
        .planning
        .passages
        .iter()
        .filter(|x| finals.contains(&x.epreuve.as_str()))
        .filter(|x| {
            p.site
                .salles
                .iter()
                .any(|y| y.nom == x.lieu && y.nature != NatureSalle::Entretien)
        })
        .map(|x| x.lieu.as_str())
        .collect();
    lieux.sort_unstable();
    lieux.dedup();
    lieux
        .into_iter()
        .map(|l| {
            Trouve::manquement(
                l,
                "planning",
                format!("Des entretiens finals sont placés dans « {l} », qui n’est pas un local d’entretien."),
                "Placez-les dans un local individuel et confidentiel.",
            )
        })
        .collect()
}

/// Une personne un jour donné : candidat (0) ou juré (1), identifiant, jour.
type Journee<'s> = (u8, &'s str, Date);

/// Un juré ou un candidat tenu trop longtemps sans une vraie pause.
pub(super) fn sans_pause(s: &Session, _: Date) -> Vec<Trouve> {
    let max = s.cadre.valeur("R72");
    let mut par: Table<Journee<'_>, Tenue> = Table::default();
    par.reserve(s.planning.passages.len());
    // Les passages sont rangés par jour puis par heure : chaque tenue se suit au fil de l'eau.
    for x in &s.planning.passages {
        let (debut, fin) = (minutes(x.debut), minutes(x.fin));
        let jures = x.jury.iter().map(|j| (1, j.as_str(), x.date));
        for journee in jures.chain([(0, x.candidat.as_str(), x.date)]) {
            par.entry(journee).or_default().prolonger(debut, fin);
        }
    }
    let mut tenus: Vec<(Journee<'_>, u32)> = par
        .into_iter()
        .filter(|(_, tenue)| tenue.plus_longue > max)
        .map(|(journee, tenue)| (journee, tenue.plus_longue))
        .collect();
    tenus.sort_unstable();
    tenus
        .into_iter()
        .filter_map(|((genre, qui, date), continu)| {
            let nom = if genre == 0 {
                s.candidats
                    .iter()
                    .find(|c| c.id.as_str() == qui)?
                    .fiche
                    .nom_complet()
            } else {
                s.jury
                    .iter()
                    .find(|m| m.membre.jure.as_str() == qui)?
                    .membre
                    .nom
                    .clone()
            };
            Some(Trouve::manquement(
                format!("{genre}|{qui}|{date}"),
                "planning",
                format!(
                    "{nom} est tenu {} sans pause de {PAUSE_MINUTES} minutes le {}.",
                    duree(continu),
                    date_chiffres(date)
                ),
                "Ménagez une pause entre deux passages.",
            ))
        })
        .collect()
}

/// Le temps qu'une personne est tenue dans sa journée, en minutes : deux passages à moins d'une pause l'un de l'autre se
/// suivent.
#[derive(Default)]
struct Tenue {
    en_cours: Option<(u32, u32)>,
    plus_longue: u32,
}

impl Tenue {
    /// Le passage qui vient après, dans l'ordre des heures.
    fn prolonger(&mut self, debut: u32, fin: u32) {
        let (depuis, jusque) = match self.en_cours {
            Some((depuis, jusque)) if debut < jusque + PAUSE_MINUTES => (depuis, jusque.max(fin)),
            _ => (debut, fin),
        };
        self.en_cours = Some((depuis, jusque));
        self.plus_longue = self.plus_longue.max(jusque - depuis);
    }
}

/// Un entretien final dans une session CCP.
pub(super) fn entretien_final_de_ccp(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    if p.type_session != TypeSession::Ccp {
        return vec![];
    }
    let finals = codes_finals(p);
    let n = s
        .planning
        .passages
        .iter()
        .filter(|x| finals.contains(&x.epreuve.as_str()))
        .count();
    if n == 0 {
        return vec![];
    }
    vec![Trouve::manquement(
        "entretien-final",
        "planning",
        format!(
            "{n} entretien{} final{} dans une session CCP.",
            super::pluriel(n),
            if n > 1 {
                "s sont placés"
            } else {
                " est placé"
            }
        ),
        "Gardez-le pour les seuls candidats qui passent leur dernier CCP ; ôtez les autres.",
    )]
}
