//! Les réglages datés du centre, les mots de son territoire, et le cadre qu'une session fige en naissant.

use crate::annuaire::{Auteur, enregistrer};
use crate::base::{Base, Requete};
use crate::journal_centre::Changement;
use crate::{Centre, Erreur, Resultat, sites, valeurs};
use jiff::civil::Date;
use metier::SiteId;
use metier::cadre::{Agrement, Cadre};
use metier::libelles::{Libelles, Territoire};
use metier::reglement::parametres::{self, Reglage};
use serde_json::json;

/// Une première tentative, puis trois autres si quelqu'un pose un réglage au même instant.
const TENTATIVES: usize = 4;

/// Un réglage tel qu'il a été posé.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReglagePose {
    /// Le réglage.
    pub reglage: Reglage,
    /// Quand (RFC 3339).
    pub le: String,
    /// Le nom de qui l'a posé.
    pub par: String,
}

/// Tous les réglages du centre, dans l'ordre où ils ont été posés.
pub async fn reglages(base: &Base, centre: &Centre) -> Resultat<Vec<ReglagePose>> {
    let lignes = base
        .lire(
            "SELECT regle, valeur, a_partir_du, motif, le, par FROM reglage WHERE centre = $1 ORDER BY rang",
            &valeurs![centre],
        )
        .await?;
    lignes
        .iter()
        .map(|l| {
            Ok(ReglagePose {
                reglage: Reglage {
                    code: l.texte(0)?,
                    valeur: u32::try_from(l.naturel(1)?)
                        .map_err(|_| Erreur::Altere("valeur d’un réglage".into()))?,
                    a_partir_du: l
                        .texte(2)?
                        .parse()
                        .map_err(|_| Erreur::Altere("date d’un réglage".into()))?,
                    motif: l.texte(3)?,
                },
                le: l.texte(4)?,
                par: l.texte(5)?,
            })
        })
        .collect()
}

/// Pose un réglage. L'identifiant est celui du geste : poster deux fois n'en pose qu'un.
pub async fn poser(
    base: &Base,
    centre: &Centre,
    reglage: &Reglage,
    auteur: &Auteur,
) -> Resultat<Changement> {
    for _ in 0..TENTATIVES {
        match poser_au_rang(base, centre, reglage, auteur).await {
            // Une autre personne en a posé un au même instant : celui-ci vient après.
            Err(Erreur::Unicite { table, .. }) if table == "reglage" => {}
            rendu => return rendu,
        }
    }
    Err(Erreur::Conflit {
        table: "reglage".to_owned(),
    })
}

async fn poser_au_rang(
    base: &Base,
    centre: &Centre,
    reglage: &Reglage,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let rang = reglages(base, centre).await?.len() as u64 + 1;
    let ajout = Requete::new(
        "INSERT INTO reglage (centre, id, rang, regle, valeur, a_partir_du, motif, le, par) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        valeurs![
            centre,
            auteur.acte.as_str(),
            rang,
            &reglage.code,
            u64::from(reglage.valeur),
            reglage.a_partir_du.to_string(),
            &reglage.motif,
            &auteur.le,
            &auteur.nom
        ],
    );
    enregistrer(
        base,
        centre,
        auteur,
        "parametres.reglage_pose",
        json!({ "reglage": reglage }),
        vec![ajout],
    )
    .await
}

/// Le cadre d'une session de ce titre à ce site, née ce jour : réglages en vigueur, agréments du site pour le titre.
pub async fn cadre(
    base: &Base,
    centre: &Centre,
    site: &SiteId,
    titre: &str,
    jour: Date,
) -> Resultat<Cadre> {
    let poses: Vec<_> = reglages(base, centre)
        .await?
        .into_iter()
        .map(|r| r.reglage)
        .collect();
    let agrements = sites::agrements(base, centre, site).await?;
    Ok(Cadre {
        reglages: parametres::en_vigueur(&poses, jour),
        agrements: agrements
            .into_iter()
            .map(|a| a.fiche)
            .filter(|f| f.titre == titre)
            .map(|f| Agrement {
                reference: f.reference,
                debut: f.debut,
                fin: f.fin,
            })
            .collect(),
        habitudes: crate::habitudes::habitudes(base, centre).await?,
    })
}

/// Les mots du territoire, et leur révision (0 : jamais réglés, ce sont ceux de la métropole).
pub async fn libelles(base: &Base, centre: &Centre) -> Resultat<(Libelles, u64)> {
    let departement = sites::identite(base, centre).await?.autorite_sigle;
    let ligne = base
        .lire_une(
            "SELECT territoire, region, systeme, assistance, revision FROM libelle WHERE centre = $1",
            &valeurs![centre],
        )
        .await?;
    let (mut libelles, revision) = match ligne {
        None => (Libelles::default(), 0),
        Some(l) => {
            let territoire = Territoire::depuis_code(&l.texte(0)?).unwrap_or_default();
            (
                Libelles {
                    region: l.texte(1)?,
                    systeme: l.texte(2)?,
                    assistance: l.texte(3)?,
                    ..Libelles::du_territoire(territoire)
                },
                l.naturel(4)?,
            )
        }
    };
    if !departement.is_empty() {
        libelles.departement = departement;
    }
    Ok((libelles, revision))
}

/// Change les mots du territoire, tels qu'ils étaient à `revision`.
pub async fn corriger_libelles(
    base: &Base,
    centre: &Centre,
    revision: u64,
    l: &Libelles,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let requete = if revision == 0 {
        Requete::new(
            "INSERT INTO libelle (centre, territoire, region, systeme, assistance, revision) VALUES ($1, $2, $3, $4, $5, 1)",
            valeurs![
                centre,
                l.territoire.code(),
                &l.region,
                &l.systeme,
                &l.assistance
            ],
        )
    } else {
        Requete::new(
            "UPDATE libelle SET territoire = $3, region = $4, systeme = $5, assistance = $6, revision = revision + 1 \
             WHERE centre = $1 AND revision = $2",
            valeurs![
                centre,
                revision,
                l.territoire.code(),
                &l.region,
                &l.systeme,
                &l.assistance
            ],
        )
        .attendu(1)
    };
    let details = json!({
        "territoire": l.territoire.code(), "region": l.region, "systeme": l.systeme, "assistance": l.assistance,
    });
    enregistrer(
        base,
        centre,
        auteur,
        "parametres.libelles_changes",
        details,
        vec![requete],
    )
    .await
}

#[cfg(test)]
#[path = "parametres/essais_parametres.rs"]
mod essais_parametres;
