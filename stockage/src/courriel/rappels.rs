//! Les rappels déjà mis en boîte : un par délai, par palier et par personne, même après un arrêt.

use super::boite::NouveauCourriel;
use super::liens::Lien;
use crate::base::{Base, Erreur, Requete, Resultat};
use crate::{Centre, valeurs};
use std::collections::HashSet;

/// Les clés des rappels déjà mis en boîte.
pub async fn rappels_faits(base: &Base, centre: &Centre) -> Resultat<HashSet<String>> {
    let lignes = base
        .lire(
            "SELECT cle FROM rappel WHERE centre = $1",
            &valeurs![centre],
        )
        .await?;
    lignes.iter().map(|l| l.texte(0)).collect()
}

/// Met un courriel en boîte avec les rappels qu'il réunit ; faux si l'un d'eux l'était déjà (rien n'est alors écrit).
pub async fn deposer_rappel(
    base: &Base,
    centre: &Centre,
    cles: &[String],
    courriel: &NouveauCourriel,
    lien: Option<&Lien>,
    maintenant: i64,
) -> Resultat<bool> {
    let mut requetes: Vec<Requete> = cles
        .iter()
        .map(|cle| {
            Requete::new(
                "INSERT INTO rappel (centre, cle, le) VALUES ($1, $2, $3)",
                valeurs![centre, cle, maintenant],
            )
        })
        .collect();
    requetes.extend(lien.map(|l| l.ouvrir(centre)));
    requetes.push(courriel.deposer(centre, maintenant));
    match base.transaction(requetes).await {
        Ok(_) => Ok(true),
        Err(Erreur::Unicite { .. }) => Ok(false),
        Err(e) => Err(e),
    }
}
