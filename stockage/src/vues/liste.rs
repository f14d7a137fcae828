//! La liste des sessions et la recherche de candidats : par pages, sans jamais compter ni sauter de lignes.
//!
//! 20 000 sessions doivent se lister aussi vite que 200 : une page se prend à partir de la clé où la
//! précédente s'arrête, et un filtre se sert de l'index le plus sélectif (le mot rare mène la recherche).

use metier::vues::{LigneCandidat, LigneSession};
use metier::{PersonneId, SessionId};

use super::{FACETTE_ANNULEE, facette_role, mots};
use crate::base::{Base, Erreur, Ligne, Resultat, Valeur};
use crate::centre::Centre;
use crate::valeurs;

/// Sessions par page.
pub const SESSIONS_PAR_PAGE: usize = 25;
/// Au-delà, un mot n'est plus considéré comme rare.
const MOT_RARE: i64 = 2_000;
/// Mots pris en compte dans une recherche.
const MOTS: usize = 4;
/// Après toute date, tout identifiant, tout mot.
const FIN: &str = "\u{10ffff}";

/// Où en est une session, un jour donné.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Etat {
    /// Elle commence plus tard.
    AVenir,
    /// Elle a lieu ce jour-là.
    EnCours,
    /// Elle est finie.
    Passee,
    /// Elle est annulée.
    Annulee,
}

impl Etat {
    /// Tous les états.
    pub const TOUS: [Self; 4] = [Self::AVenir, Self::EnCours, Self::Passee, Self::Annulee];

    /// Le code, pour une adresse.
    pub fn code(self) -> &'static str {
        match self {
            Self::AVenir => "a_venir",
            Self::EnCours => "en_cours",
            Self::Passee => "passee",
            Self::Annulee => "annulee",
        }
    }

    /// Retrouve par le code.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|etat| etat.code() == code)
    }
}

/// Ce que l'on cherche dans la liste des sessions.
#[derive(Debug, Clone, Default)]
pub struct Filtre {
    /// Des mots (débuts de mots) : titre, site, numéro, responsable, candidat… Vide : tout.
    pub texte: String,
    /// L'état, ce `jour`-là.
    pub etat: Option<Etat>,
    /// Le jour civil à Paris, ISO ; ne sert que si un état est demandé.
    pub jour: String,
    /// Seulement les sessions où cette personne tient un rôle.
    pub personne: Option<PersonneId>,
    /// Le code de ce rôle, si l'on en veut un précis (avec `personne`).
    pub role: Option<String>,
    /// La clé rendue par la page précédente.
    pub apres: Option<String>,
}

/// Une session dans la liste.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResumeSession {
    /// La session.
    pub session: SessionId,
    /// Sa ligne.
    pub ligne: LigneSession,
}

/// Une page de la liste.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageSessions {
    /// Les sessions : à venir et en cours de la plus proche à la plus lointaine, les autres de la plus récente.
    pub sessions: Vec<ResumeSession>,
    /// La clé de la page suivante, s'il y en a une.
    pub suivante: Option<String>,
}

/// Une page de la recherche de candidats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageCandidats {
    /// Les candidats et leur session, par ordre alphabétique.
    pub candidats: Vec<(SessionId, LigneCandidat)>,
    /// La clé de la page suivante, s'il y en a une.
    pub suivante: Option<String>,
}

/// `CROSS JOIN` et `LIMIT 1 OFFSET 0` tiennent les planificateurs à ce chemin : la clé d'abord, une recherche par session.
///
/// `$1` centre ; `$2,$3` clé d'arrivée ; `$4..$9` bornes de début, fin, annulée ; `$10..$19` cinq clés ; `$20` limite.
macro_rules! page {
    ($source:literal, $ordre:literal, $comparaison:literal, $sens:literal) => {
        concat!(
            "SELECT v.session, v.debut, v.json FROM ", $source,
            " AND (", $ordre, ".debut, ", $ordre, ".session) ", $comparaison, " ($2, $3)
              AND v.debut >= $4 AND v.debut <= $5 AND v.fin >= $6 AND v.fin <= $7
              AND v.annulee >= $8 AND v.annulee <= $9
              AND ($10 = '' OR EXISTS (SELECT 1 FROM vue_cle a WHERE a.centre = $1 AND a.session = v.session AND a.cle >= $10 AND a.cle <= $11 LIMIT 1 OFFSET 0))
              AND ($12 = '' OR EXISTS (SELECT 1 FROM vue_cle b WHERE b.centre = $1 AND b.session = v.session AND b.cle >= $12 AND b.cle <= $13 LIMIT 1 OFFSET 0))
              AND ($14 = '' OR EXISTS (SELECT 1 FROM vue_cle c WHERE c.centre = $1 AND c.session = v.session AND c.cle >= $14 AND c.cle <= $15 LIMIT 1 OFFSET 0))
              AND ($16 = '' OR EXISTS (SELECT 1 FROM vue_cle d WHERE d.centre = $1 AND d.session = v.session AND d.cle >= $16 AND d.cle <= $17 LIMIT 1 OFFSET 0))
              AND ($18 = '' OR EXISTS (SELECT 1 FROM vue_cle e WHERE e.centre = $1 AND e.session = v.session AND e.cle >= $18 AND e.cle <= $19 LIMIT 1 OFFSET 0))
              ORDER BY ", $ordre, ".debut ", $sens, ", ", $ordre, ".session ", $sens, " LIMIT $20"
        )
    };
}

/// Les deux sens d'une même recherche : de la plus récente, de la plus ancienne.
macro_rules! deux_sens {
    ($source:literal, $ordre:literal) => {
        [
            page!($source, $ordre, "<", "DESC"),
            page!($source, $ordre, ">", "ASC"),
        ]
    };
}

/// En suivant l'ordre de la liste.
const PAR_ORDRE: [&str; 2] = deux_sens!("vue_session v WHERE v.centre = $1", "v");
/// En suivant l'ordre à l'intérieur d'une facette (la première clé, exacte).
const PAR_FACETTE: [&str; 2] = deux_sens!(
    "vue_cle k CROSS JOIN vue_session v
     WHERE k.centre = $1 AND k.cle = $10 AND v.centre = $1 AND v.session = k.session",
    "k"
);
/// En partant d'un mot rare (la première clé).
const PAR_MOT: [&str; 2] = deux_sens!(
    "(SELECT DISTINCT session FROM vue_cle WHERE centre = $1 AND cle >= $10 AND cle <= $11) k
     JOIN vue_session v ON v.centre = $1 AND v.session = k.session WHERE v.centre = $1",
    "v"
);

/// Pour l'essai qui lit leurs plans.
#[cfg(test)]
pub(crate) fn textes_des_listes() -> Vec<&'static str> {
    [PAR_ORDRE, PAR_FACETTE, PAR_MOT].concat()
}

/// Une page de sessions du centre.
pub async fn sessions(base: &Base, centre: &Centre, filtre: &Filtre) -> Resultat<PageSessions> {
    let croissant = matches!(filtre.etat, Some(Etat::AVenir | Etat::EnCours));
    let bornes = Bornes::de(filtre.etat, &filtre.jour);
    let (debut, session) = match filtre.apres.as_deref().and_then(|cle| cle.split_once('~')) {
        Some((debut, session)) => (debut, session),
        None if croissant => (bornes.debut.0.as_str(), ""),
        None => (bornes.debut.1.as_str(), FIN),
    };
    let (textes, mut cles) = chemin(base, centre, filtre).await?;
    cles.resize(MOTS + 1, (String::new(), String::new()));
    let mut valeurs = valeurs![
        centre,
        debut,
        session,
        bornes.debut.0.as_str(),
        bornes.debut.1.as_str(),
        bornes.fin.0.as_str(),
        bornes.fin.1.as_str(),
        bornes.annulee.0,
        bornes.annulee.1,
    ];
    valeurs.extend(
        cles.into_iter()
            .flat_map(|(de, a)| [Valeur::Texte(de), Valeur::Texte(a)]),
    );
    valeurs.push((SESSIONS_PAR_PAGE as u64 + 1).into());
    let lues = base.lire(textes[usize::from(croissant)], &valeurs).await?;
    let suivante = (lues.len() > SESSIONS_PAR_PAGE).then(|| {
        let derniere = &lues[SESSIONS_PAR_PAGE - 1];
        Ok::<_, Erreur>(format!("{}~{}", derniere.texte(1)?, derniere.texte(0)?))
    });
    Ok(PageSessions {
        sessions: lues
            .iter()
            .take(SESSIONS_PAR_PAGE)
            .map(resume)
            .collect::<Resultat<_>>()?,
        suivante: suivante.transpose()?,
    })
}

fn resume(ligne: &Ligne) -> Resultat<ResumeSession> {
    Ok(ResumeSession {
        session: ligne.texte_ref(0)?.parse().map_err(|_| vue_illisible())?,
        ligne: serde_json::from_str(ligne.texte_ref(2)?).map_err(|_| vue_illisible())?,
    })
}

fn vue_illisible() -> Erreur {
    Erreur::Altere("une vue est illisible : reconstruire les vues".to_owned())
}

/// Les bornes (comprises) de début, de fin et d'annulation qui disent l'état.
struct Bornes {
    debut: (String, String),
    fin: (String, String),
    annulee: (bool, bool),
}

impl Bornes {
    fn de(etat: Option<Etat>, jour: &str) -> Self {
        let decale = |jours: i64| {
            let date = jour.parse::<jiff::civil::Date>().ok();
            let date = date.and_then(|j| j.checked_add(jiff::Span::new().days(jours)).ok());
            date.map_or_else(String::new, |j| j.to_string())
        };
        let (tout, jour) = ((String::new(), FIN.to_owned()), jour.to_owned());
        let (debut, fin, annulee) = match etat {
            None => (tout.clone(), tout, (false, true)),
            Some(Etat::Annulee) => (tout.clone(), tout, (true, true)),
            Some(Etat::AVenir) => ((decale(1), FIN.to_owned()), tout, (false, false)),
            // Une borne large : aucune session ne dure autant.
            Some(Etat::EnCours) => (
                (decale(-120), jour.clone()),
                (jour, FIN.to_owned()),
                (false, false),
            ),
            Some(Etat::Passee) => (
                (String::new(), jour),
                (String::new(), decale(-1)),
                (false, false),
            ),
        };
        Self {
            debut,
            fin,
            annulee,
        }
    }
}

type Intervalle = (String, String);

/// Le texte SQL qui mène à la page par le plus court, et les clés à trouver (celle qui mène est en tête).
async fn chemin(
    base: &Base,
    centre: &Centre,
    filtre: &Filtre,
) -> Resultat<([&'static str; 2], Vec<Intervalle>)> {
    let texte = metier::vues::recherchable(&filtre.texte);
    let mut cles: Vec<_> = mots(&texte)
        .take(MOTS)
        .map(|mot| (mot.to_owned(), format!("{mot}{FIN}")))
        .collect();
    let mut rare = None;
    let sql = "SELECT COUNT(*) FROM (SELECT 1 AS un FROM vue_cle WHERE centre = $1 AND cle >= $2 AND cle <= $3 LIMIT $4) c";
    for (i, (de, a)) in cles.iter().enumerate() {
        let ligne = base
            .lire_une(sql, &valeurs![centre, de, a, MOT_RARE])
            .await?;
        let nombre = ligne.map_or(Ok(0), |l| l.entier(0))?;
        if nombre < rare.map_or(MOT_RARE, |(autre, _)| autre) {
            rare = Some((nombre, i));
        }
    }
    let facette = match (&filtre.personne, filtre.etat) {
        (Some(personne), _) => Some(facette_role(personne.as_str(), filtre.role.as_deref())),
        (None, Some(Etat::Annulee)) => Some(FACETTE_ANNULEE.to_owned()),
        (None, _) => None,
    };
    let textes = match (rare, &facette) {
        (Some((_, rang)), _) => {
            cles.swap(0, rang);
            PAR_MOT
        }
        (None, Some(_)) => PAR_FACETTE,
        (None, None) => PAR_ORDRE,
    };
    if let Some(facette) = facette {
        let place = if rare.is_some() { cles.len() } else { 0 };
        cles.insert(place, (facette.clone(), facette));
    }
    Ok((textes, cles))
}

/// Les candidats du centre dont le nom commence par `texte`, par pages de 25.
pub async fn candidats(
    base: &Base,
    centre: &Centre,
    texte: &str,
    apres: Option<&str>,
) -> Resultat<PageCandidats> {
    let debut = metier::vues::recherchable(texte);
    let apres: Vec<&str> = apres.map_or_else(Vec::new, |cle| cle.splitn(3, '~').collect());
    let (session, candidat, cle) = match apres[..] {
        [session, candidat, cle] => (session, candidat, cle),
        _ => ("", "", debut.as_str()),
    };
    let sql = "SELECT cle, session, candidat, json FROM vue_candidat
               WHERE centre = $1 AND (cle, session, candidat) > ($2, $3, $4) AND cle <= $5
               ORDER BY cle, session, candidat LIMIT $6";
    let limite = SESSIONS_PAR_PAGE as u64 + 1;
    let fin = format!("{debut}{FIN}");
    let lues = base
        .lire(sql, &valeurs![centre, cle, session, candidat, fin, limite])
        .await?;
    let mut page = PageCandidats::default();
    for ligne in lues.iter().take(SESSIONS_PAR_PAGE) {
        let session = ligne.texte_ref(1)?.parse().map_err(|_| vue_illisible())?;
        page.candidats.push((
            session,
            serde_json::from_str(ligne.texte_ref(3)?).map_err(|_| vue_illisible())?,
        ));
    }
    if lues.len() > SESSIONS_PAR_PAGE {
        let derniere = &lues[SESSIONS_PAR_PAGE - 1];
        page.suivante = Some(format!(
            "{}~{}~{}",
            derniere.texte(1)?,
            derniere.texte(2)?,
            derniere.texte(0)?
        ));
    }
    Ok(page)
}
