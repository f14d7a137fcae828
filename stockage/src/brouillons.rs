//! Les plannings proposés et pas encore adoptés : quelques brouillons par session, hors du journal.

use crate::base::{Base, Ligne, Requete};
use crate::{Centre, Resultat, valeurs};
use metier::SessionId;

/// Brouillons gardés par session : au-delà, le plus ancien s'efface.
pub const BROUILLONS_MAX: u64 = 4;

/// Un brouillon rangé.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// Identifiant.
    pub id: String,
    /// Numéro dans la session, à partir de 1 : deux brouillons n'ont jamais le même.
    pub numero: u64,
    /// Rang du journal d'où il est parti.
    pub rang: u64,
    /// Quand (RFC 3339).
    pub le: String,
    /// Le nom de qui l'a demandé.
    pub par: String,
    /// Le contenu, que `stockage` ne lit pas.
    pub contenu: String,
}

/// Un brouillon à ranger.
#[derive(Debug, Clone)]
pub struct Nouveau<'a> {
    /// Identifiant : celui du geste, pour que le poster deux fois n'en range qu'un.
    pub id: &'a str,
    /// Rang du journal d'où il part.
    pub rang: u64,
    /// Quand (RFC 3339).
    pub le: &'a str,
    /// Le nom de qui le demande.
    pub par: &'a str,
    /// Le contenu.
    pub contenu: &'a str,
}

fn lire(l: &Ligne) -> Resultat<Range> {
    Ok(Range {
        id: l.texte(0)?,
        numero: l.naturel(1)?,
        rang: l.naturel(2)?,
        le: l.texte(3)?,
        par: l.texte(4)?,
        contenu: l.texte(5)?,
    })
}

/// Les brouillons de la session, dans l'ordre où ils ont été demandés.
pub async fn brouillons(base: &Base, centre: &Centre, session: &SessionId) -> Resultat<Vec<Range>> {
    let sql = "SELECT id, numero, rang, le, par, contenu FROM planning_propose WHERE centre = $1 AND session = $2 ORDER BY numero";
    base.lire(sql, &valeurs![centre, session.as_str()])
        .await?
        .iter()
        .map(lire)
        .collect()
}

/// Un brouillon de la session.
pub async fn brouillon(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    id: &str,
) -> Resultat<Option<Range>> {
    let sql = "SELECT id, numero, rang, le, par, contenu FROM planning_propose WHERE centre = $1 AND session = $2 AND id = $3";
    base.lire_une(sql, &valeurs![centre, session.as_str(), id])
        .await?
        .as_ref()
        .map(lire)
        .transpose()
}

/// Range ces brouillons à la suite, ou à la place de tous les autres ; les plus anciens de trop s'effacent.
pub async fn ranger(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    nouveaux: &[Nouveau<'_>],
    remplacer: bool,
) -> Resultat<()> {
    let deja = brouillons(base, centre, session).await?;
    let mut numero = deja.last().map_or(0, |b| b.numero);
    let mut requetes = vec![];
    for n in nouveaux
        .iter()
        .filter(|n| deja.iter().all(|b| b.id != n.id))
    {
        numero += 1;
        requetes.push(Requete::new(
            "INSERT INTO planning_propose (centre, session, id, numero, rang, le, par, contenu) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            valeurs![
                centre,
                session.as_str(),
                n.id,
                numero,
                n.rang,
                n.le,
                n.par,
                n.contenu
            ],
        ));
    }
    if requetes.is_empty() {
        return Ok(());
    }
    let garde = if remplacer {
        numero - requetes.len() as u64
    } else {
        numero.saturating_sub(BROUILLONS_MAX)
    };
    requetes.insert(
        0,
        Requete::new(
            "DELETE FROM planning_propose WHERE centre = $1 AND session = $2 AND numero <= $3",
            valeurs![centre, session.as_str(), garde],
        ),
    );
    base.transaction(requetes).await.map(drop)
}

/// Efface un brouillon, ou tous.
pub async fn effacer(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    id: Option<&str>,
) -> Resultat<()> {
    let requete = match id {
        Some(id) => Requete::new(
            "DELETE FROM planning_propose WHERE centre = $1 AND session = $2 AND id = $3",
            valeurs![centre, session.as_str(), id],
        ),
        None => Requete::new(
            "DELETE FROM planning_propose WHERE centre = $1 AND session = $2",
            valeurs![centre, session.as_str()],
        ),
    };
    base.transaction(vec![requete]).await.map(drop)
}

#[cfg(test)]
mod essais {
    use super::*;
    use crate::essais::sur_les_deux_bases;

    #[test]
    fn quatre_brouillons_au_plus_et_un_geste_n_en_range_qu_un() {
        sur_les_deux_bases(async |base| {
            let (centre, session): (Centre, SessionId) = (Centre::new("c1"), "s1".parse().unwrap());
            let nouveau = |id| Nouveau {
                id,
                rang: 7,
                le: "2026-11-25T09:00:00Z",
                par: "Ada Témoin",
                contenu: "{}",
            };
            for id in ["a", "b", "b", "c", "d", "e"] {
                ranger(&base, &centre, &session, &[nouveau(id)], false)
                    .await
                    .unwrap();
            }
            let lus = brouillons(&base, &centre, &session).await.unwrap();
            assert_eq!(
                lus.iter().map(|b| b.id.as_str()).collect::<Vec<_>>(),
                ["b", "c", "d", "e"]
            );
            assert_eq!((lus[3].numero, lus[3].rang), (5, 7));
            let autre: SessionId = "s2".parse().unwrap();
            assert_eq!(
                brouillon(&base, &centre, &autre, "e").await.unwrap(),
                None,
                "d’une autre session"
            );
            ranger(
                &base,
                &centre,
                &session,
                &[nouveau("f"), nouveau("g")],
                true,
            )
            .await
            .unwrap();
            let lus = brouillons(&base, &centre, &session).await.unwrap();
            assert_eq!(
                lus.iter().map(|b| b.id.as_str()).collect::<Vec<_>>(),
                ["f", "g"]
            );
            effacer(&base, &centre, &session, Some("f")).await.unwrap();
            effacer(&base, &centre, &session, None).await.unwrap();
            assert!(
                brouillons(&base, &centre, &session)
                    .await
                    .unwrap()
                    .is_empty()
            );
        });
    }
}
