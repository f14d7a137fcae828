//! Les habitudes du centre : ses propres tâches, et ses dates plus prudentes. Une session les fige en naissant.

use crate::annuaire::{Auteur, enregistrer};
use crate::base::{Base, Requete};
use crate::executer::json;
use crate::journal_centre::Changement;
use crate::{Centre, Erreur, Resultat, valeurs};
use metier::taches::Habitude;
use serde_json::json as details;

/// Une première tentative, puis trois autres si quelqu'un en ajoute une au même instant.
const TENTATIVES: usize = 4;

/// Les habitudes du centre, dans l'ordre où elles ont été prises ; celles qu'il a ôtées n'y sont plus.
pub async fn habitudes(base: &Base, centre: &Centre) -> Resultat<Vec<Habitude>> {
    let lignes = base
        .lire(
            "SELECT json FROM habitude WHERE centre = $1 AND actif = 1 ORDER BY rang",
            &valeurs![centre],
        )
        .await?;
    lignes
        .iter()
        .map(|l| {
            serde_json::from_str(l.texte_ref(0)?)
                .map_err(|_| Erreur::Altere("habitude du centre".into()))
        })
        .collect()
}

/// Prend une habitude ; son code vient de son rang, et ne se réemploie jamais.
pub async fn prendre(
    base: &Base,
    centre: &Centre,
    habitude: &Habitude,
    auteur: &Auteur,
) -> Resultat<Changement> {
    for _ in 0..TENTATIVES {
        let lue = base
            .lire_une(
                "SELECT MAX(rang) FROM habitude WHERE centre = $1",
                &valeurs![centre],
            )
            .await?;
        let rang = match lue {
            Some(l) => l.entier_option(0)?.unwrap_or(0) + 1,
            None => 1,
        };
        let prise = Habitude {
            code: format!("C-{rang}"),
            ..habitude.clone()
        };
        let ajout = Requete::new(
            "INSERT INTO habitude (centre, rang, json, actif) VALUES ($1, $2, $3, 1)",
            valeurs![centre, rang, json(&prise)?],
        );
        let trace = details!({ "habitude": prise });
        match enregistrer(base, centre, auteur, "habitudes.prise", trace, vec![ajout]).await {
            // Une autre personne en a pris une au même instant : celle-ci vient après.
            Err(Erreur::Unicite { table, .. }) if table == "habitude" => {}
            rendu => return rendu,
        }
    }
    Err(Erreur::Conflit {
        table: "habitude".to_owned(),
    })
}

/// Ôte une habitude ; faux si elle n'est pas du centre, ou déjà ôtée. Les sessions qui l'ont figée la gardent.
pub async fn oter(base: &Base, centre: &Centre, code: &str, auteur: &Auteur) -> Resultat<bool> {
    let Some(rang) = code.strip_prefix("C-").and_then(|r| r.parse::<i64>().ok()) else {
        return Ok(false);
    };
    let retrait = Requete::new(
        "UPDATE habitude SET actif = 0 WHERE centre = $1 AND rang = $2 AND actif = 1",
        valeurs![centre, rang],
    )
    .attendu(1);
    match enregistrer(
        base,
        centre,
        auteur,
        "habitudes.otee",
        details!({ "code": code }),
        vec![retrait],
    )
    .await
    {
        Ok(_) => Ok(true),
        Err(Erreur::Conflit { .. }) => Ok(false),
        Err(e) => Err(e),
    }
}

#[cfg(test)]
mod essais {
    use super::*;
    use crate::essais::sur_les_deux_bases;
    use metier::echeances::Repere;
    use metier::taches::{Condition, Phase};

    fn auteur(acte: &str) -> Auteur {
        Auteur {
            acte: acte.parse().unwrap(),
            personne: "p-1".parse().unwrap(),
            nom: "Ada TÉMOIN".into(),
            le: "2026-11-25T09:00:00Z".into(),
            motif: None,
        }
    }

    fn habitude(sur: Option<&str>) -> Habitude {
        Habitude {
            code: String::new(),
            sur: sur.map(str::to_owned),
            phase: Phase::Amont,
            intitule: "Réserver le parking du jury".into(),
            faire: String::new(),
            repere: Repere::AvantDebut,
            jours: 40,
            condition: Condition::Toujours,
        }
    }

    #[test]
    fn une_habitude_se_prend_se_relit_et_s_ote_sans_que_son_code_resserve() {
        sur_les_deux_bases(async |base| {
            let (a, b) = (Centre::new("centre-a"), Centre::new("centre-b"));
            prendre(&base, &a, &habitude(Some("AV-12")), &auteur("a1"))
                .await
                .unwrap();
            prendre(&base, &a, &habitude(None), &auteur("a2"))
                .await
                .unwrap();
            // Poster deux fois n'en prend qu'une.
            assert_eq!(
                prendre(&base, &a, &habitude(None), &auteur("a2")).await,
                Ok(Changement::DejaEnregistre)
            );
            let codes = async || {
                habitudes(&base, &a)
                    .await
                    .unwrap()
                    .into_iter()
                    .map(|h| h.code)
                    .collect::<Vec<_>>()
            };
            assert_eq!(codes().await, ["C-1", "C-2"]);
            assert!(habitudes(&base, &b).await.unwrap().is_empty());
            assert_eq!(oter(&base, &b, "C-2", &auteur("b1")).await, Ok(false));
            assert_eq!(oter(&base, &a, "C-2", &auteur("a3")).await, Ok(true));
            assert_eq!(oter(&base, &a, "C-2", &auteur("a4")).await, Ok(false));
            assert_eq!(oter(&base, &a, "AV-12", &auteur("a5")).await, Ok(false));
            prendre(&base, &a, &habitude(None), &auteur("a6"))
                .await
                .unwrap();
            assert_eq!(codes().await, ["C-1", "C-3"]);
        });
    }
}
