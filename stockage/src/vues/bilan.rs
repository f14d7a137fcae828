//! Les nombres du centre : ce que les sessions ont donné et les délais tenus, par titre, voie et période. Aucun nom.

use metier::bilan::LigneBilan;
use metier::vues::LignesVues;

use crate::base::{Base, Ligne, Requete, Resultat};
use crate::centre::Centre;
use crate::valeurs;

/// De quand à quand, bornes comprises, en jours ISO, d'après le dernier jour des sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Periode {
    /// Premier jour.
    pub du: String,
    /// Dernier jour.
    pub au: String,
}

/// Une ligne des statistiques : un titre, un type de session, une voie, une année et un mois de fin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneStatistique {
    /// Clé du titre.
    pub titre: String,
    /// Son intitulé.
    pub intitule: String,
    /// Type de session : « titre », « ccp », « ccs ».
    pub genre: String,
    /// Mois de fin, « 2026-12 ».
    pub mois: String,
    /// Combien de sessions.
    pub sessions: u32,
    /// Les nombres, avec le code de la voie.
    pub nombres: LigneBilan,
}

/// Combien de fois un délai a été tenu, ou non.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retard {
    /// Code de la règle.
    pub code: String,
    /// Sessions dont la limite est passée, ou où c'est fait.
    pub dues: u32,
    /// Faites à temps.
    pub a_temps: u32,
    /// Faites en retard.
    pub en_retard: u32,
    /// Limite passée, toujours pas faites.
    pub jamais: u32,
}

/// Les requêtes qui font passer le bilan et les délais d'un état à l'autre.
pub(super) fn differences(
    centre: &Centre,
    session: &str,
    avant: &LignesVues,
    apres: &LignesVues,
) -> Vec<Requete> {
    let mut requetes = vec![];
    let nommee = |l: &LignesVues| {
        l.session.as_ref().map(|s| {
            (
                s.fin.clone(),
                s.titre.clone(),
                s.intitule.clone(),
                s.type_session.clone(),
            )
        })
    };
    let meme_session = nommee(avant) == nommee(apres);
    if avant.bilan != apres.bilan || !meme_session {
        requetes.push(Requete::new(
            "DELETE FROM vue_bilan WHERE centre = $1 AND session = $2",
            valeurs![centre, session],
        ));
        if let Some(s) = &apres.session {
            for b in &apres.bilan {
                requetes.push(Requete::new(
                    "INSERT INTO vue_bilan (centre, session, voie, fin, titre, intitule, genre, inscrits, presents, absents,
                            reussites, partielles, echecs, sortis)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                    valeurs![
                        centre,
                        session,
                        b.voie.as_str(),
                        s.fin.as_str(),
                        s.titre.as_str(),
                        s.intitule.as_str(),
                        s.type_session.as_str(),
                        u64::from(b.inscrits),
                        u64::from(b.presents),
                        u64::from(b.absents),
                        u64::from(b.reussites),
                        u64::from(b.partielles),
                        u64::from(b.echecs),
                        u64::from(b.sortis)
                    ],
                ));
            }
        }
    }
    if avant.delais != apres.delais || !meme_session {
        requetes.push(Requete::new(
            "DELETE FROM vue_delai WHERE centre = $1 AND session = $2",
            valeurs![centre, session],
        ));
        if let Some(s) = &apres.session {
            for d in &apres.delais {
                requetes.push(Requete::new(
                    "INSERT INTO vue_delai (centre, session, code, fin, limite, fait_le) VALUES ($1, $2, $3, $4, $5, $6)",
                    valeurs![
                        centre,
                        session,
                        d.code.as_str(),
                        s.fin.as_str(),
                        d.limite.as_str(),
                        d.fait_le.as_str()
                    ],
                ));
            }
        }
    }
    requetes
}

fn nombre(ligne: &Ligne, colonne: usize) -> Resultat<u32> {
    Ok(u32::try_from(ligne.naturel(colonne)?).unwrap_or(u32::MAX))
}

/// Les nombres du centre sur cette période.
pub async fn statistiques(
    base: &Base,
    centre: &Centre,
    periode: &Periode,
) -> Resultat<Vec<LigneStatistique>> {
    let sql = "SELECT titre, MAX(intitule), genre, SUBSTR(fin, 1, 7), voie, COUNT(*),
                      CAST(SUM(inscrits) AS BIGINT), CAST(SUM(presents) AS BIGINT), CAST(SUM(absents) AS BIGINT),
                      CAST(SUM(reussites) AS BIGINT), CAST(SUM(partielles) AS BIGINT), CAST(SUM(echecs) AS BIGINT),
                      CAST(SUM(sortis) AS BIGINT)
               FROM vue_bilan WHERE centre = $1 AND fin >= $2 AND fin <= $3
               GROUP BY titre, genre, SUBSTR(fin, 1, 7), voie
               ORDER BY 2, 1, 3, 4, 5";
    let lues = base
        .lire(
            sql,
            &valeurs![centre, periode.du.as_str(), periode.au.as_str()],
        )
        .await?;
    lues.iter()
        .map(|l| {
            Ok(LigneStatistique {
                titre: l.texte(0)?,
                intitule: l.texte(1)?,
                genre: l.texte(2)?,
                mois: l.texte(3)?,
                sessions: nombre(l, 5)?,
                nombres: LigneBilan {
                    voie: l.texte(4)?,
                    inscrits: nombre(l, 6)?,
                    presents: nombre(l, 7)?,
                    absents: nombre(l, 8)?,
                    reussites: nombre(l, 9)?,
                    partielles: nombre(l, 10)?,
                    echecs: nombre(l, 11)?,
                    sortis: nombre(l, 12)?,
                },
            })
        })
        .collect()
}

/// Les délais tenus ou non sur cette période, au jour dit.
pub async fn retards(
    base: &Base,
    centre: &Centre,
    periode: &Periode,
    jour: &str,
) -> Resultat<Vec<Retard>> {
    let sql = "SELECT code, COUNT(*),
                      CAST(SUM(CASE WHEN fait_le <> '' AND fait_le <= limite THEN 1 ELSE 0 END) AS BIGINT),
                      CAST(SUM(CASE WHEN fait_le <> '' AND fait_le > limite THEN 1 ELSE 0 END) AS BIGINT),
                      CAST(SUM(CASE WHEN fait_le = '' THEN 1 ELSE 0 END) AS BIGINT)
               FROM vue_delai
               WHERE centre = $1 AND fin >= $2 AND fin <= $3 AND (fait_le <> '' OR limite < $4)
               GROUP BY code ORDER BY code";
    let lues = base
        .lire(
            sql,
            &valeurs![centre, periode.du.as_str(), periode.au.as_str(), jour],
        )
        .await?;
    lues.iter()
        .map(|l| {
            Ok(Retard {
                code: l.texte(0)?,
                dues: nombre(l, 1)?,
                a_temps: nombre(l, 2)?,
                en_retard: nombre(l, 3)?,
                jamais: nombre(l, 4)?,
            })
        })
        .collect()
}

/// Combien de sessions non annulées ont des candidats sur cette période, pour ce titre (tous s'il est vide).
pub async fn sessions_comptees(
    base: &Base,
    centre: &Centre,
    periode: &Periode,
    titre: &str,
) -> Resultat<u32> {
    let sql = "SELECT COUNT(DISTINCT session) FROM vue_bilan
               WHERE centre = $1 AND fin >= $2 AND fin <= $3 AND ($4 = '' OR titre = $4)";
    let valeurs = valeurs![centre, periode.du.as_str(), periode.au.as_str(), titre];
    base.lire_une(sql, &valeurs)
        .await?
        .map_or(Ok(0), |l| nombre(&l, 0))
}
