//! Les référentiels du centre : le catalogue livré, corrigé et confirmé version après version.
//!
//! La version 0 d'un titre est le catalogue livré avec Garant ; elle n'est pas en base. Corriger, compléter
//! ou confirmer ajoute une version, et l'ancienne reste : une session garde celle avec laquelle elle a commencé.

#[cfg(test)]
mod essais_titres;

use crate::annuaire::{Auteur, enregistrer};
use crate::base::{Base, Ligne, Requete};
use crate::{Centre, Changement, Erreur, Resultat, valeurs};
use metier::referentiel::Referentiel;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Le catalogue livré, lu une fois.
static CATALOGUE: LazyLock<Vec<Referentiel>> = LazyLock::new(metier::catalogue);

/// Une version d'un référentiel, telle que l'historique la montre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionTitre {
    /// Le référentiel de cette version.
    pub referentiel: Referentiel,
    /// L'instant de la version, RFC 3339 ; vide pour le catalogue livré.
    pub cree_le: String,
    /// Le nom de la personne ; vide pour le catalogue livré.
    pub cree_par: String,
    /// Le motif écrit.
    pub motif: String,
}

/// Le catalogue du centre : chaque titre dans sa dernière version, triés par intitulé puis millésime.
pub async fn titres(base: &Base, centre: &Centre) -> Resultat<Vec<Referentiel>> {
    let mut par_cle: BTreeMap<String, Referentiel> = CATALOGUE
        .iter()
        .map(|r| (r.cle.clone(), r.clone()))
        .collect();
    let lignes = base
        .lire(
            "SELECT contenu FROM titre t WHERE centre = $1 AND version = \
             (SELECT MAX(version) FROM titre d WHERE d.centre = t.centre AND d.cle = t.cle)",
            &valeurs![centre],
        )
        .await?;
    for l in &lignes {
        let r = referentiel_depuis(l, 0)?;
        par_cle.insert(r.cle.clone(), r);
    }
    let mut titres: Vec<_> = par_cle.into_values().collect();
    titres.sort_by_cached_key(|r| {
        (
            crate::annuaire::replier(&r.intitule),
            std::cmp::Reverse(r.millesime.clone()),
        )
    });
    Ok(titres)
}

/// Le titre de cette clé dans sa dernière version.
pub async fn titre(base: &Base, centre: &Centre, cle: &str) -> Resultat<Option<Referentiel>> {
    let ligne = base
        .lire_une(
            "SELECT contenu FROM titre WHERE centre = $1 AND cle = $2 ORDER BY version DESC LIMIT 1",
            &valeurs![centre, cle],
        )
        .await?;
    match ligne {
        Some(l) => referentiel_depuis(&l, 0).map(Some),
        None => Ok(du_catalogue(cle).cloned()),
    }
}

/// Toutes les versions d'un titre, la dernière d'abord ; la version du catalogue livré vient à la fin.
pub async fn versions_du_titre(
    base: &Base,
    centre: &Centre,
    cle: &str,
) -> Resultat<Vec<VersionTitre>> {
    let lignes = base
        .lire(
            "SELECT contenu, cree_le, cree_par, motif FROM titre WHERE centre = $1 AND cle = $2 ORDER BY version DESC",
            &valeurs![centre, cle],
        )
        .await?;
    let mut versions = lignes
        .iter()
        .map(|l| {
            Ok(VersionTitre {
                referentiel: referentiel_depuis(l, 0)?,
                cree_le: l.texte(1)?,
                cree_par: l.texte(2)?,
                motif: l.texte(3)?,
            })
        })
        .collect::<Resultat<Vec<_>>>()?;
    if let Some(livre) = du_catalogue(cle) {
        let motif = "Catalogue livré avec Garant".to_owned();
        versions.push(VersionTitre {
            referentiel: livre.clone(),
            cree_le: String::new(),
            cree_par: String::new(),
            motif,
        });
    }
    Ok(versions)
}

/// Enregistre une version nouvelle d'un titre, ou un titre absent du catalogue.
///
/// `referentiel.version` est celle que la personne avait sous les yeux (0 : catalogue livré, ou titre nouveau) ;
/// si une autre a été enregistrée depuis, c'est un conflit. Toute correction retire la confirmation, sauf si
/// `referentiel.confirmation` est celle d'aujourd'hui : l'appelant la pose ou la retire.
pub async fn enregistrer_titre(
    base: &Base,
    centre: &Centre,
    referentiel: &Referentiel,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let vue = referentiel.version;
    let mut nouvelle = referentiel.clone();
    nouvelle.version = vue + 1;
    let json = serde_json::to_string(&nouvelle).map_err(|e| Erreur::Interne(e.to_string()))?;
    let confirmation = nouvelle.confirmation.as_ref();
    let ajout = Requete::new(
        "INSERT INTO titre (centre, cle, version, code_titre, millesime, contenu, confirme_le, confirme_par, version_re, cree_le, cree_par, motif) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        valeurs![
            centre,
            &nouvelle.cle,
            nouvelle.version,
            nouvelle.code_titre.as_deref().unwrap_or_default(),
            nouvelle.millesime.as_deref().unwrap_or_default(),
            json,
            confirmation.map(|c| c.le.to_string()),
            confirmation.map(|c| c.par.clone()),
            confirmation.map(|c| c.version_re.clone()),
            &auteur.le,
            &auteur.nom,
            auteur.motif.as_deref().unwrap_or_default()
        ],
    )
    .attendu(1);
    let etiquette = if confirmation.is_some() {
        "referentiels.confirme"
    } else {
        "referentiels.corrige"
    };
    let contenu =
        json!({ "titre": nouvelle.cle, "version": nouvelle.version, "referentiel": nouvelle });
    match enregistrer(base, centre, auteur, etiquette, contenu, vec![ajout]).await {
        // La clé (centre, clé, version) est déjà prise : quelqu'un a enregistré cette version avant.
        Err(Erreur::Unicite { table, .. }) if table.contains("titre") => Err(Erreur::Conflit {
            table: "titre".into(),
        }),
        autre => autre,
    }
}

fn du_catalogue(cle: &str) -> Option<&'static Referentiel> {
    CATALOGUE.iter().find(|r| r.cle == cle)
}

fn referentiel_depuis(l: &Ligne, colonne: usize) -> Resultat<Referentiel> {
    serde_json::from_str(l.texte_ref(colonne)?)
        .map_err(|_| Erreur::Altere("référentiel illisible".into()))
}
