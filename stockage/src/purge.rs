//! La purge : détruire un contenu arrivé à terme sans rompre la chaîne, et le dire au journal.

use std::collections::BTreeSet;

use metier::{Acte, Evenement, PersonneId, PieceId, Purge, SessionId};

use crate::base::{Base, Erreur, Requete, Resultat};
use crate::centre::Centre;
use crate::executer::json;
use crate::journal::{self, Entree, Geste, Tete};
use crate::journal_centre::{Changement, Inscription, changer};
use crate::sessions::{ContenuSession, ETIQUETTE_PURGE, flux_de, rejouer_flux};
use crate::{valeurs, vues};

const ETIQUETTE_PIECE: &str = "piece.purgee";

/// Qui purge, quand, pourquoi.
#[derive(Debug, Clone)]
pub struct OrdreDePurge {
    /// L'acte : la même purge ne se fait qu'une fois.
    pub acte: Acte,
    /// L'instant, RFC 3339.
    pub le: String,
    /// Qui l'ordonne.
    pub saisi_par: PersonneId,
    /// Pourquoi : la durée de conservation échue, la demande.
    pub motif: String,
}

/// Détruit les contenus de ces rangs, sel compris, et inscrit l'événement « archivage.purge ».
///
/// Les lignes du journal restent, et la chaîne se vérifie. Un rang déjà purgé, absent, ou qui est
/// lui-même une purge fait échouer le tout par un [`Erreur::Conflit`].
pub async fn purger(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    rangs: &BTreeSet<u64>,
    ordre: &OrdreDePurge,
) -> Resultat<Tete> {
    let flux = flux_de(centre, session)?;
    if rangs.is_empty() {
        return Err(Erreur::Contrainte("aucun rang à purger".to_owned()));
    }
    let _tour = base.memoire().verrouiller(&flux).await;
    if journal::flux_de_l_acte(base, centre, ordre.acte.as_str())
        .await?
        .is_some()
    {
        return journal::tete(base, &flux).await;
    }
    let tete = journal::tete(base, &flux).await?;
    let evenement = Evenement::Purge(Purge {
        rangs: rangs.iter().copied().collect(),
        motif: ordre.motif.clone(),
    });
    let entree = Entree {
        etiquette: evenement.etiquette().to_owned(),
        classe: evenement.classe().to_owned(),
        contenu: json(&ContenuSession {
            realise_par: ordre.saisi_par.clone(),
            evenement,
            pieces: Default::default(),
        })?,
    };
    let geste = Geste {
        flux: &flux,
        acte: ordre.acte.as_str(),
        le: &ordre.le,
        saisi_par: ordre.saisi_par.as_str(),
    };
    let (lignes, apres) = journal::ajouter(&geste, &tete, &[entree])?;
    let mut requetes = vec![journal::inscrire_acte(
        centre, &geste, apres.rang, apres.rang,
    )];
    requetes.extend(lignes);
    for rang in rangs {
        let sql = "UPDATE contenu SET sel = NULL, json = NULL, purge_le = $3
                   WHERE flux = $1 AND rang = $2 AND json IS NOT NULL
                     AND EXISTS (SELECT 1 FROM journal j WHERE j.flux = $1 AND j.rang = $2 AND j.type <> $4)";
        requetes.push(
            Requete::new(
                sql,
                valeurs![flux.as_str(), *rang, ordre.le.as_str(), ETIQUETTE_PURGE],
            )
            .attendu(1),
        );
    }
    base.transaction(requetes).await?;
    base.memoire().oublier(&flux);
    // Les vues se refont depuis ce qui reste : elles ne portent plus rien du contenu détruit.
    let (restante, _) = rejouer_flux(base, &flux).await?;
    let mut refaites = vues::effacer(centre, session);
    let lignes = metier::vues::lignes(&restante);
    refaites.extend(vues::differences(
        centre,
        session,
        &Default::default(),
        &lignes,
    )?);
    base.transaction(refaites).await?;
    Ok(apres)
}

/// Détruit les octets d'une pièce et l'inscrit au journal du centre.
pub async fn purger_piece(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    piece: &PieceId,
    ordre: &OrdreDePurge,
) -> Resultat<Changement> {
    let flux = flux_de(centre, session)?;
    let inscription = Inscription {
        acte: ordre.acte.clone(),
        le: ordre.le.clone(),
        saisi_par: ordre.saisi_par.clone(),
        action: ETIQUETTE_PIECE,
        details: serde_json::json!({ "flux": flux, "piece": piece.as_str(), "motif": ordre.motif }),
    };
    let sql = "UPDATE piece SET octets = NULL, purge_le = $3 WHERE id = $1 AND flux = $2 AND octets IS NOT NULL";
    let detruire = Requete::new(sql, valeurs![piece.as_str(), flux, ordre.le.as_str()]).attendu(1);
    changer(base, centre, &inscription, vec![detruire]).await
}

/// Les pièces qu'un journal de centre dit purgées, pour un flux.
#[derive(Default)]
pub(crate) struct PurgesDuCentre {
    pub pieces: BTreeSet<String>,
}

impl PurgesDuCentre {
    pub async fn lire(base: &Base, flux: &str) -> Resultat<Self> {
        let mut purges = Self::default();
        let Some((centre, _)) = flux.rsplit_once('/') else {
            return Ok(purges);
        };
        let sql =
            "SELECT c.json FROM journal j JOIN contenu c ON c.flux = j.flux AND c.rang = j.rang
                   WHERE j.flux = $1 AND j.type = $2 AND c.json IS NOT NULL";
        let sous = Centre::new(centre).flux_du_centre();
        for ligne in base.lire(sql, &valeurs![sous, ETIQUETTE_PIECE]).await? {
            let Ok(contenu) = serde_json::from_str::<serde_json::Value>(ligne.texte_ref(0)?) else {
                continue;
            };
            let lu = |cle: &str| {
                contenu
                    .pointer(cle)
                    .and_then(|v| v.as_str())
                    .map(str::to_owned)
            };
            if lu("/details/flux").as_deref() == Some(flux) {
                purges.pieces.extend(lu("/details/piece"));
            }
        }
        Ok(purges)
    }
}
