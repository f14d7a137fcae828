//! Le registre des purges : ce qu'il faut pour les refaire sur une sauvegarde d'avant. Il ne nomme aucun candidat.
//!
//! Une ligne JSON par purge, gardée hors des sauvegardes de la base. Rejouer vérifie que le journal restauré est bien
//! celui d'où la purge a été faite : l'empreinte de la dernière ligne purgée doit être la même.

use metier::{Evenement, PersonneId, Purge, SessionId};
use serde::{Deserialize, Serialize};

use super::{OrdreDePurge, detruire, tout};
use crate::base::{Base, Resultat};
use crate::centre::Centre;
use crate::journal::{self, Contenu, hexa};
use crate::sessions::{self, ETIQUETTE_PURGE, flux_de};
use crate::valeurs;

/// Une purge faite, telle que le registre la garde.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurgeNotee {
    /// Le centre.
    pub centre: String,
    /// La session.
    pub session: SessionId,
    /// L'acte.
    pub acte: String,
    /// Quand.
    pub le: String,
    /// Qui l'a confirmée.
    pub saisi_par: PersonneId,
    /// Ce qui a été détruit.
    pub purge: Purge,
    /// L'empreinte de la dernière ligne purgée, en hexadécimal.
    pub derniere: String,
}

/// Ce que rejouer a donné.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rejeu {
    /// Purges refaites.
    pub refaites: u64,
    /// Déjà en place.
    pub en_place: u64,
    /// Impossibles : la session n'est pas là, ou son journal n'est plus celui d'où la purge a été faite.
    pub impossibles: Vec<String>,
}

/// Toutes les purges de la base ; celles d'une seule session si elle est donnée.
pub async fn tenir(base: &Base, seule: Option<(&Centre, &SessionId)>) -> Resultat<Vec<PurgeNotee>> {
    let flux = match seule {
        Some((centre, session)) => vec![flux_de(centre, session)?],
        None => {
            let sql = "SELECT DISTINCT flux FROM journal WHERE type = $1 ORDER BY flux";
            base.lire(sql, &valeurs![ETIQUETTE_PURGE])
                .await?
                .iter()
                .map(|l| l.texte(0))
                .collect::<Resultat<_>>()?
        }
    };
    let mut notees = vec![];
    for flux in flux {
        let Some((centre, session)) = flux.rsplit_once('/') else {
            continue;
        };
        let Ok(session) = session.parse::<SessionId>() else {
            continue;
        };
        let lignes = tout(base, &flux).await?;
        for l in lignes.iter().filter(|l| l.etiquette == ETIQUETTE_PURGE) {
            let Some(Evenement::Purge(purge)) = sessions::contenu(l)?.map(|c| c.evenement) else {
                continue;
            };
            let Ok(saisi_par) = l.saisi_par.parse() else {
                continue;
            };
            let derniere = purge.rangs.iter().max().copied().unwrap_or_default();
            notees.push(PurgeNotee {
                centre: centre.to_owned(),
                session: session.clone(),
                acte: l.acte.clone(),
                le: l.le.clone(),
                saisi_par,
                derniere: lignes
                    .iter()
                    .find(|x| x.rang == derniere)
                    .map(|x| hexa(&x.empreinte))
                    .unwrap_or_default(),
                purge,
            });
        }
    }
    Ok(notees)
}

/// Refait sur cette base les purges qu'elle ne connaît pas encore, dans l'ordre du registre.
pub async fn rejouer(base: &Base, notees: &[PurgeNotee]) -> Resultat<Rejeu> {
    let mut rejeu = Rejeu::default();
    for n in notees {
        let centre = Centre::new(&n.centre);
        let flux = flux_de(&centre, &n.session)?;
        if journal::flux_de_l_acte(base, &centre, &n.acte)
            .await?
            .is_some()
        {
            rejeu.en_place += 1;
            continue;
        }
        let derniere = n.purge.rangs.iter().max().copied().unwrap_or_default();
        let lignes = tout(base, &flux).await?;
        let reconnue = lignes
            .iter()
            .any(|l| l.rang == derniere && hexa(&l.empreinte) == n.derniere);
        let (Some(tete), true, Ok(acte)) =
            (lignes.last().map(|l| l.tete()), reconnue, n.acte.parse())
        else {
            rejeu.impossibles.push(format!(
                "session {} : le journal restauré ne contient pas la ligne {derniere} d’où la purge a été faite",
                n.session
            ));
            continue;
        };
        // Ce que la sauvegarde n'a plus (déjà purgé autrement) ne se repurge pas.
        let presents = |r: &u64| {
            lignes
                .iter()
                .any(|l| l.rang == *r && matches!(l.contenu, Contenu::Present { .. }))
        };
        let sql = "SELECT id FROM piece WHERE flux = $1 AND octets IS NOT NULL";
        let pieces: Vec<String> = base
            .lire(sql, &valeurs![flux.as_str()])
            .await?
            .iter()
            .map(|l| l.texte(0))
            .collect::<Resultat<_>>()?;
        let purge = Purge {
            rangs: n.purge.rangs.iter().copied().filter(presents).collect(),
            pieces: n
                .purge
                .pieces
                .iter()
                .filter(|p| pieces.iter().any(|x| x == p.as_str()))
                .cloned()
                .collect(),
            motif: format!("{}, refaite après une restauration", n.purge.motif),
            ..n.purge.clone()
        };
        let ordre = OrdreDePurge {
            acte,
            le: n.le.clone(),
            saisi_par: n.saisi_par.clone(),
            motif: purge.motif.clone(),
        };
        detruire(base, &centre, &n.session, &purge, &ordre, &tete).await?;
        rejeu.refaites += 1;
    }
    Ok(rejeu)
}
