//! Les textes que le centre récrit dans ses papiers : chaque version se garde, aucune ne s'efface.
//!
//! Revenir au texte livré est une version comme une autre, sans texte. Une option des papiers est un code « option.… ».

use crate::annuaire::{Auteur, enregistrer};
use crate::base::{Base, Requete};
use crate::{Centre, Changement, Resultat, valeurs};
use serde_json::json;
use std::collections::BTreeMap;

/// L'option : aucune convocation sans le numéro CERES.
pub const OPTION_CERES: &str = "option.numero-ceres";

/// Une version d'un texte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionTexte {
    /// Son numéro, à partir de 1.
    pub version: u64,
    /// Le texte ; rien : retour au texte livré.
    pub texte: Option<String>,
    /// Quand (RFC 3339).
    pub le: String,
    /// Qui.
    pub nom: String,
    /// Pourquoi.
    pub motif: String,
}

/// Les textes en vigueur, par code ; un code au texte livré n'y est pas.
pub async fn textes_en_vigueur(base: &Base, centre: &Centre) -> Resultat<BTreeMap<String, String>> {
    let lignes = base
        .lire(
            "SELECT t.code, t.texte FROM texte_papier t WHERE t.centre = $1 AND t.version = \
             (SELECT MAX(x.version) FROM texte_papier x WHERE x.centre = t.centre AND x.code = t.code)",
            &valeurs![centre],
        )
        .await?;
    let mut v = BTreeMap::new();
    for l in &lignes {
        if let Some(texte) = l.texte_option(1)? {
            v.insert(l.texte(0)?, texte);
        }
    }
    Ok(v)
}

/// Les versions d'un texte, la plus récente d'abord.
pub async fn versions(base: &Base, centre: &Centre, code: &str) -> Resultat<Vec<VersionTexte>> {
    base.lire(
        "SELECT version, texte, le, nom, motif FROM texte_papier WHERE centre = $1 AND code = $2 ORDER BY version DESC",
        &valeurs![centre, code],
    )
    .await?
    .iter()
    .map(|l| {
        Ok(VersionTexte {
            version: l.naturel(0)?,
            texte: l.texte_option(1)?,
            le: l.texte(2)?,
            nom: l.texte(3)?,
            motif: l.texte(4)?,
        })
    })
    .collect()
}

/// Écrit la version qui suit `vue` ; une clé déjà prise dit qu'une autre personne a écrit entre-temps.
pub async fn ecrire_texte(
    base: &Base,
    centre: &Centre,
    code: &str,
    vue: u64,
    texte: Option<&str>,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let ajout = Requete::new(
        "INSERT INTO texte_papier (centre, code, version, texte, le, par, nom, motif) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        valeurs![
            centre,
            code,
            vue + 1,
            texte.map(str::to_owned),
            &auteur.le,
            auteur.personne.as_str(),
            &auteur.nom,
            auteur.motif.clone().unwrap_or_default()
        ],
    );
    let contenu = json!({ "code": code, "version": vue + 1, "texte": texte });
    enregistrer(
        base,
        centre,
        auteur,
        "papiers.texte_ecrit",
        contenu,
        vec![ajout],
    )
    .await
}

#[cfg(test)]
mod essais {
    use super::*;
    use crate::Erreur;
    use crate::essais::sur_les_deux_bases;

    fn auteur(acte: &str) -> Auteur {
        Auteur {
            acte: acte.parse().unwrap(),
            personne: "p-1".parse().unwrap(),
            nom: "Camille Roux".into(),
            le: "2026-11-23T10:00:00Z".into(),
            motif: Some("demande de la direction".into()),
        }
    }

    #[test]
    fn un_texte_se_recrit_par_versions_et_revient_au_texte_livre() {
        sur_les_deux_bases(async |base| {
            let centre = Centre::pour_exploitation("centre-a");
            let ecrire = async |acte: &str, vue, texte| {
                ecrire_texte(&base, &centre, "x.y", vue, texte, &auteur(acte)).await
            };
            ecrire("a-1", 0, Some("Premier.")).await.unwrap();
            ecrire("a-2", 1, Some("Second.")).await.unwrap();
            assert!(
                matches!(
                    ecrire("a-3", 1, Some("Perdu.")).await,
                    Err(Erreur::Unicite { .. })
                ),
                "une autre personne a écrit entre-temps"
            );
            let lus = textes_en_vigueur(&base, &centre).await.unwrap();
            assert_eq!(lus["x.y"], "Second.");
            let ailleurs = Centre::pour_exploitation("centre-b");
            assert!(
                textes_en_vigueur(&base, &ailleurs)
                    .await
                    .unwrap()
                    .is_empty()
            );
            ecrire("a-4", 2, None).await.unwrap();
            assert!(textes_en_vigueur(&base, &centre).await.unwrap().is_empty());
            let v = versions(&base, &centre, "x.y").await.unwrap();
            let vus: Vec<_> = v.iter().map(|v| (v.version, v.texte.as_deref())).collect();
            assert_eq!(
                vus,
                [(3, None), (2, Some("Second.")), (1, Some("Premier."))]
            );
        });
    }
}
