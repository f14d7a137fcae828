//! La liste des sessions et la recherche de candidats : par pages, sans jamais compter ni sauter de lignes.
//!
//! 20 000 sessions doivent se lister aussi vite que 200 : une page se prend à partir de la clé où la
//! précédente s'arrête, et un filtre se sert de l'index le plus sélectif (le mot rare mène la recherche).

use metier::vues::{LigneCandidat, LigneSession};
use metier::{PersonneId, SessionId};

use super::{facette_role, mots};
use crate::base::{Base, Erreur, Ligne, Resultat, Valeur};
use crate::centre::Centre;
use crate::valeurs;

/// Sessions par page.
pub const SESSIONS_PAR_PAGE: usize = 25;
/// Au-delà, un mot n'est plus considéré comme rare.
const MOT_RARE: i64 = 400;
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

/// `$1` centre ; `$2,$3` clé d'arrivée ; `$4..$9` bornes de début, fin, annulée ; `$10..$19` cinq clés ; `$20` limite.
macro_rules! conditions {
    ($source:literal, $comparaison:literal, $ordre:literal) => {
        concat!(
            "SELECT v.session, v.debut, v.json FROM ", $source,
            " AND (v.debut, v.session) ", $comparaison, " ($2, $3)
              AND v.debut >= $4 AND v.debut <= $5 AND v.fin >= $6 AND v.fin <= $7
              AND v.annulee >= $8 AND v.annulee <= $9
              AND EXISTS (SELECT 1 FROM vue_cle a WHERE a.centre = $1 AND a.session = v.session AND a.cle >= $10 AND a.cle <= $11)
              AND EXISTS (SELECT 1 FROM vue_cle b WHERE b.centre = $1 AND b.session = v.session AND b.cle >= $12 AND b.cle <= $13)
              AND EXISTS (SELECT 1 FROM vue_cle c WHERE c.centre = $1 AND c.session = v.session AND c.cle >= $14 AND c.cle <= $15)
              AND EXISTS (SELECT 1 FROM vue_cle d WHERE d.centre = $1 AND d.session = v.session AND d.cle >= $16 AND d.cle <= $17)
              AND EXISTS (SELECT 1 FROM vue_cle e WHERE e.centre = $1 AND e.session = v.session AND e.cle >= $18 AND e.cle <= $19)
              ORDER BY v.debut ", $ordre, ", v.session ", $ordre, " LIMIT $20"
        )
    };
}

/// Du plus récent, du plus ancien : en suivant l'ordre, ou menée par la clé rare (`$10..$11`).
const PAR_ORDRE: [&str; 2] = [
    conditions!("vue_session v WHERE v.centre = $1", "<", "DESC"),
    conditions!("vue_session v WHERE v.centre = $1", ">", "ASC"),
];
const PAR_CLE: [&str; 2] = [
    conditions!(
        "(SELECT DISTINCT session FROM vue_cle WHERE centre = $1 AND cle >= $10 AND cle <= $11) k
         JOIN vue_session v ON v.centre = $1 AND v.session = k.session WHERE v.centre = $1",
        "<",
        "DESC"
    ),
    conditions!(
        "(SELECT DISTINCT session FROM vue_cle WHERE centre = $1 AND cle >= $10 AND cle <= $11) k
         JOIN vue_session v ON v.centre = $1 AND v.session = k.session WHERE v.centre = $1",
        ">",
        "ASC"
    ),
];

/// Une page de sessions du centre.
pub async fn sessions(base: &Base, centre: &Centre, filtre: &Filtre) -> Resultat<PageSessions> {
    let croissant = matches!(filtre.etat, Some(Etat::AVenir | Etat::EnCours));
    let (debut, session) = match filtre.apres.as_deref().and_then(|cle| cle.split_once('~')) {
        Some((debut, session)) => (debut.to_owned(), session.to_owned()),
        None if croissant => (String::new(), String::new()),
        None => (FIN.to_owned(), String::new()),
    };
    let (mut cles, rare) = cles_cherchees(base, centre, filtre).await?;
    cles.resize(MOTS + 1, (String::new(), FIN.to_owned()));
    let mut valeurs = valeurs![centre, debut, session];
    valeurs.extend(bornes(filtre.etat, &filtre.jour));
    valeurs.extend(cles.into_iter().flat_map(|(de, a)| [Valeur::Texte(de), Valeur::Texte(a)]));
    valeurs.push((SESSIONS_PAR_PAGE as u64 + 1).into());
    let textes = if rare { PAR_CLE } else { PAR_ORDRE };
    let lues = base.lire(textes[usize::from(croissant)], &valeurs).await?;
    let suivante = (lues.len() > SESSIONS_PAR_PAGE).then(|| {
        let derniere = &lues[SESSIONS_PAR_PAGE - 1];
        Ok::<_, Erreur>(format!("{}~{}", derniere.texte(1)?, derniere.texte(0)?))
    });
    Ok(PageSessions {
        sessions: lues.iter().take(SESSIONS_PAR_PAGE).map(resume).collect::<Resultat<_>>()?,
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

/// Les bornes de début, de fin et d'annulation qui disent l'état.
fn bornes(etat: Option<Etat>, jour: &str) -> Vec<Valeur> {
    // « Après ce jour » s'écrit « à partir du texte juste après lui ».
    let apres = format!("{jour} ");
    match etat {
        None => valeurs!["", FIN, "", FIN, 0, 1],
        Some(Etat::Annulee) => valeurs!["", FIN, "", FIN, 1, 1],
        Some(Etat::AVenir) => valeurs![apres, FIN, "", FIN, 0, 0],
        Some(Etat::EnCours) => valeurs![debut_possible(jour), jour, jour, FIN, 0, 0],
        Some(Etat::Passee) => valeurs!["", jour, "", veille(jour), 0, 0],
    }
}

/// Une session en cours a commencé il y a moins de deux mois de plus que sa durée maximale : borne large pour l'index.
fn debut_possible(jour: &str) -> String {
    let debut = jour.parse::<jiff::civil::Date>().ok().and_then(|j| j.checked_sub(jiff::Span::new().days(120)).ok());
    debut.map_or_else(String::new, |j| j.to_string())
}

fn veille(jour: &str) -> String {
    let veille = jour.parse::<jiff::civil::Date>().ok().and_then(|j| j.yesterday().ok());
    veille.map_or_else(String::new, |j| j.to_string())
}

/// Les intervalles de clés à trouver ; s'il y en a une rare, elle est en tête.
async fn cles_cherchees(base: &Base, centre: &Centre, filtre: &Filtre) -> Resultat<(Vec<(String, String)>, bool)> {
    let texte = metier::vues::recherchable(&filtre.texte);
    let mut cles: Vec<_> = mots(&texte).take(MOTS).map(|mot| (mot.clone(), format!("{mot}{FIN}"))).collect();
    if let Some(personne) = &filtre.personne {
        let facette = facette_role(personne.as_str(), filtre.role.as_deref());
        cles.push((facette.clone(), facette));
    }
    let sql = "SELECT COUNT(*) FROM (SELECT 1 AS un FROM vue_cle WHERE centre = $1 AND cle >= $2 AND cle <= $3 LIMIT $4) c";
    for i in 0..cles.len() {
        let (de, a) = &cles[i];
        let ligne = base.lire_une(sql, &valeurs![centre, de, a, MOT_RARE]).await?;
        if ligne.map_or(Ok(0), |l| l.entier(0))? < MOT_RARE {
            cles.swap(0, i);
            return Ok((cles, true));
        }
    }
    Ok((cles, false))
}

/// Les candidats du centre dont le nom commence par `texte`, par pages de 25.
pub async fn candidats(base: &Base, centre: &Centre, texte: &str, apres: Option<&str>) -> Resultat<PageCandidats> {
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
    let lues = base.lire(sql, &valeurs![centre, cle, session, candidat, fin, limite]).await?;
    let mut page = PageCandidats::default();
    for ligne in lues.iter().take(SESSIONS_PAR_PAGE) {
        let session = ligne.texte_ref(1)?.parse().map_err(|_| vue_illisible())?;
        page.candidats.push((session, serde_json::from_str(ligne.texte_ref(3)?).map_err(|_| vue_illisible())?));
    }
    if lues.len() > SESSIONS_PAR_PAGE {
        let derniere = &lues[SESSIONS_PAR_PAGE - 1];
        page.suivante = Some(format!("{}~{}~{}", derniere.texte(1)?, derniere.texte(2)?, derniere.texte(0)?));
    }
    Ok(page)
}
