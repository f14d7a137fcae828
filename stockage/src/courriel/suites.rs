//! Ce que les décisions ont demandé : des lignes de `suite`, écrites avec elles, dépouillées une fois.

use super::boite::NouveauCourriel;
use super::liens::Lien;
use crate::base::{Base, Erreur, Requete, Resultat};
use crate::{Centre, valeurs};
use metier::{SessionId, Suite};

/// Une suite à dépouiller.
#[derive(Debug, Clone)]
pub struct Bordereau {
    /// Identifiant de la ligne.
    pub id: String,
    /// Le centre.
    pub centre: Centre,
    /// La session.
    pub session: SessionId,
    /// Ce qui est demandé ; rien si la ligne ne se lit plus.
    pub suite: Option<Suite>,
}

/// Les suites pas encore dépouillées, dans l'ordre où elles ont été demandées.
pub async fn a_depouiller(base: &Base, limite: u64) -> Resultat<Vec<Bordereau>> {
    let lignes = base
        .lire(
            "SELECT id, flux, json FROM suite WHERE faite_le IS NULL ORDER BY id LIMIT $1",
            &valeurs![limite],
        )
        .await?;
    lignes
        .iter()
        .map(|l| {
            let (centre, session) = l
                .texte_ref(1)?
                .rsplit_once('/')
                .ok_or_else(|| Erreur::Altere("suite : flux illisible".into()))?;
            Ok(Bordereau {
                id: l.texte(0)?,
                centre: Centre::new(centre),
                session: session
                    .parse()
                    .map_err(|_| Erreur::Altere("suite : session illisible".into()))?,
                suite: serde_json::from_str(l.texte_ref(2)?).ok(),
            })
        })
        .collect()
}

/// Range la suite et dépose ce qu'elle demandait, ensemble ; faux si un autre facteur l'a fait.
pub async fn depouiller(
    base: &Base,
    bordereau: &Bordereau,
    courriel: Option<&NouveauCourriel>,
    lien: Option<&Lien>,
    le: &str,
    maintenant: i64,
) -> Resultat<bool> {
    let mut requetes = vec![
        Requete::new(
            "UPDATE suite SET faite_le = $2 WHERE id = $1 AND faite_le IS NULL",
            valeurs![&bordereau.id, le],
        )
        .attendu(1),
    ];
    requetes.extend(lien.map(|l| l.ouvrir(&bordereau.centre)));
    requetes.extend(courriel.map(|c| c.deposer(&bordereau.centre, maintenant)));
    match base.transaction(requetes).await {
        Ok(_) => Ok(true),
        Err(Erreur::Conflit { .. }) => Ok(false),
        Err(e) => Err(e),
    }
}
