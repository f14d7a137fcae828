//! Le volume : beaucoup de sessions fictives, pour mesurer et pour voir une liste pleine.

use super::plume::Plume;
use super::recit::{Decor, fiche};
use crate::erreurs::Erreur;
use crate::formulaires::nouvel_identifiant;
use futures_util::future::join_all;
use jiff::ToSpan;
use jiff::civil::Date;
use metier::equipe::{Intervenant, Poste};
use metier::programme::{Programme, TypeSession};
use metier::{Action, Referentiel, SessionId, candidats, equipe, programme};
use stockage::comptes::Personne;

/// Sessions écrites de front.
const DE_FRONT: usize = 16;

/// Crée `sessions` sessions de `candidats_n` candidats, étalées sur six ans autour du jour.
pub async fn remplir(
    plume: &Plume<'_>,
    decor: &Decor,
    responsable: &Personne,
    jour: Date,
    sessions: u32,
    candidats_n: u32,
    graine: u64,
) -> Result<(), Erreur> {
    let titres: Vec<Referentiel> = metier::catalogue()
        .into_iter()
        .filter(|r| r.echeance.is_none() && !r.epreuves.is_empty())
        .collect();
    let mut alea = graine.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut tirer = |n: u64| {
        alea ^= alea << 13;
        alea ^= alea >> 7;
        alea ^= alea << 17;
        alea % n
    };
    let mut a_faire: Vec<(Date, Referentiel, u64)> = (0..sessions)
        .map(|_| {
            let debut = jour.saturating_add((tirer(2190) as i64 - 1825).days());
            (
                debut,
                titres[tirer(titres.len() as u64) as usize].clone(),
                tirer(100_000),
            )
        })
        .collect();
    while !a_faire.is_empty() {
        let lot: Vec<_> = a_faire.drain(..a_faire.len().min(DE_FRONT)).collect();
        let ecrites = lot
            .into_iter()
            .map(|(debut, titre, n)| une(plume, decor, responsable, debut, titre, candidats_n, n));
        // De front : elles partagent les validations groupées de la base.
        for r in join_all(ecrites).await {
            r?;
        }
    }
    Ok(())
}

async fn une(
    plume: &Plume<'_>,
    decor: &Decor,
    responsable: &Personne,
    debut: Date,
    titre: Referentiel,
    candidats_n: u32,
    n: u64,
) -> Result<(), Erreur> {
    let id: SessionId = nouvel_identifiant();
    let avant = debut - 100.days();
    let programme = Programme {
        type_session: TypeSession::Titre,
        certificats: vec![],
        referentiel: Box::new(titre),
        site: decor.site.clone(),
        debut,
        fin: debut + 2.days(),
        numero_ceres: Some(format!("EX-{n:07}")),
        modele_taches: "taches-2016".into(),
        annulee: None,
    };
    plume
        .creer(
            &id,
            avant,
            Action::Programme(programme::Action::Creer(programme)),
        )
        .await?;
    let personne = Intervenant {
        id: responsable.id.clone(),
        nom: responsable.nom_complet(),
        fonction: responsable.fonction.clone(),
        courriel: None,
    };
    plume
        .ecrire(
            &id,
            avant,
            Action::Equipe(equipe::Action::Nommer {
                poste: Poste::Responsable,
                personne,
            }),
        )
        .await?;
    if candidats_n > 0 {
        let liste = (0..candidats_n as usize)
            .map(|i| (nouvel_identifiant(), fiche(i)))
            .collect();
        plume
            .ecrire(
                &id,
                avant,
                Action::Candidat(candidats::Action::Importer {
                    source: "volume.csv".into(),
                    candidats: liste,
                }),
            )
            .await?;
    }
    Ok(())
}
