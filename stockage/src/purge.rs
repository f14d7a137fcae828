//! La purge : détruire ce qui est arrivé à terme sans rompre la chaîne, et le dire au journal.
//!
//! [`apercu`] montre ce qui partirait, [`confirmer`] le détruit quand le métier l'accorde (à terme, à deux, sans
//! recours). Contenus, sels, pièces, suites et index partent dans une seule transaction ; puis le fichier d'écriture
//! anticipée est vidé. Une sauvegarde restaurée rejoue les purges d'après leur [`registre`].

mod registre;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use metier::archivage::{self, Classe};
use metier::{
    Acte, Action, Contexte, Evenement, EvenementDate, PersonneId, PieceId, Purge, Session,
    SessionId,
};

use crate::base::{Base, Erreur, Requete, Resultat, traduire_sqlite};
use crate::centre::Centre;
use crate::executer::Issue;
use crate::journal::{self, Contenu, Entree, Geste, LigneStockee, Tete};
use crate::journal_centre::{Changement, Inscription, changer, inscrire_au_journal_du_centre};
use crate::sessions::{self, ETIQUETTE_PURGE, charger_flux, flux_de, rejouer};
use crate::{valeurs, vues};
pub use registre::{PurgeNotee, Rejeu, rejouer as rejouer_les_purges, tenir as purges_notees};

const ETIQUETTE_PIECE: &str = "piece.purgee";
const TENTATIVES: usize = 4;

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

/// Ce qu'une purge emporterait.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Apercu {
    /// Les lignes dont le contenu partirait.
    pub rangs: BTreeSet<u64>,
    /// Combien, par sujet : « candidats », « jour ».
    pub par_sujet: BTreeMap<String, u64>,
    /// Les pièces dont les octets partiraient : identifiant et nom.
    pub pieces: Vec<(PieceId, String)>,
    /// Les lignes qui resteraient lisibles.
    pub restent: u64,
}

/// Tout le journal d'une session.
async fn tout(base: &Base, flux: &str) -> Resultat<Vec<LigneStockee>> {
    const LIGNES: u64 = 500;
    let mut lignes: Vec<LigneStockee> = vec![];
    loop {
        let depuis = lignes.last().map_or(1, |l| l.rang + 1);
        let lues = journal::lignes(base, flux, depuis, LIGNES).await?;
        let fini = (lues.len() as u64) < LIGNES;
        lignes.extend(lues);
        if fini {
            return Ok(lignes);
        }
    }
}

/// Ce qu'une purge de ces classes emporterait aujourd'hui.
pub async fn apercu(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    classes: &BTreeSet<Classe>,
) -> Resultat<Apercu> {
    let flux = flux_de(centre, session)?;
    let mut a = Apercu::default();
    for ligne in tout(base, &flux).await? {
        let Some(contenu) = sessions::contenu(&ligne)? else {
            continue;
        };
        if Classe::de(&contenu.evenement).is_some_and(|c| classes.contains(&c)) {
            a.rangs.insert(ligne.rang);
            let sujet = ligne.etiquette.split('.').next().unwrap_or_default();
            *a.par_sujet.entry(sujet.to_owned()).or_default() += 1;
        } else {
            a.restent += 1;
        }
    }
    let sql =
        "SELECT id, nom, classe FROM piece WHERE flux = $1 AND octets IS NOT NULL ORDER BY id";
    for ligne in base.lire(sql, &valeurs![flux]).await? {
        let classe = Classe::de_piece(ligne.texte_ref(2)?);
        if classe.is_some_and(|c| classes.contains(&c))
            && let Ok(id) = ligne.texte_ref(0)?.parse()
        {
            a.pieces.push((id, ligne.texte(1)?));
        }
    }
    Ok(a)
}

/// Confirme la purge proposée : le métier l'accorde ou la refuse, puis tout part d'un coup.
pub async fn confirmer(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    acte: Acte,
    ctx: &Contexte<'_>,
) -> Resultat<Issue> {
    let flux = flux_de(centre, session)?;
    let _tour = base.memoire().verrouiller(&flux).await;
    for _ in 0..TENTATIVES {
        if journal::flux_de_l_acte(base, centre, acte.as_str())
            .await?
            .is_some()
        {
            return Ok(Issue::DejaEnregistree);
        }
        let depart = charger_flux(base, &flux)
            .await?
            .ok_or(Erreur::Introuvable)?;
        let classes = depart
            .0
            .archivage
            .proposition
            .as_ref()
            .map(|p| p.classes.clone())
            .unwrap_or_default();
        let a = apercu(base, centre, session, &classes).await?;
        let action = Action::Archivage(archivage::Action::ConfirmerPurge {
            rangs: a.rangs.iter().copied().collect(),
            pieces: a.pieces.iter().map(|(id, _)| id.clone()).collect(),
        });
        let decision = match metier::decider(&depart.0, &action, ctx) {
            Ok(decision) => decision,
            Err(refus) => return Ok(Issue::Refusee(refus)),
        };
        let Some(Evenement::Purge(purge)) = decision.evenements.first() else {
            return Err(Erreur::Interne("une confirmation sans purge".to_owned()));
        };
        let ordre = OrdreDePurge {
            acte: acte.clone(),
            le: ctx.maintenant.timestamp().to_string(),
            saisi_par: ctx.acteur.personne.clone(),
            motif: purge.motif.clone(),
        };
        match detruire(base, centre, session, purge, &ordre, &depart.1).await {
            Ok(tete) => return Ok(Issue::Enregistree(decision, tete)),
            Err(Erreur::Unicite { .. } | Erreur::Conflit { .. }) => {}
            Err(erreur) => return Err(erreur),
        }
    }
    Err(Erreur::Conflit {
        table: "journal".to_owned(),
    })
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
    let purge = Purge {
        rangs: rangs.iter().copied().collect(),
        motif: ordre.motif.clone(),
        ..Purge::default()
    };
    detruire(base, centre, session, &purge, ordre, &tete).await
}

/// Une transaction : l'événement, les contenus, les pièces, les suites, les vues, la ligne au journal du centre.
async fn detruire(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    purge: &Purge,
    ordre: &OrdreDePurge,
    tete: &Tete,
) -> Resultat<Tete> {
    let flux = flux_de(centre, session)?;
    let evenement = Evenement::Purge(purge.clone());
    let entree = Entree {
        etiquette: evenement.etiquette().to_owned(),
        classe: evenement.classe().to_owned(),
        contenu: crate::contenu::ecrire(&ordre.saisi_par, &evenement, &BTreeMap::new())?,
    };
    let geste = Geste {
        flux: &flux,
        acte: ordre.acte.as_str(),
        le: &ordre.le,
        saisi_par: ordre.saisi_par.as_str(),
    };
    let (lignes, apres) = journal::ajouter(&geste, tete, vec![entree])?;
    let mut requetes = vec![journal::inscrire_acte(
        centre, &geste, apres.rang, apres.rang,
    )];
    requetes.extend(lignes);
    for rang in &purge.rangs {
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
    for piece in &purge.pieces {
        requetes.push(octets_detruits(piece, &flux, &ordre.le));
    }
    // Une suite déjà partie ou devenue vaine peut citer quelqu'un.
    requetes.push(Requete::new(
        "DELETE FROM suite WHERE flux = $1",
        valeurs![flux.as_str()],
    ));
    // Les courriels de la session nomment leurs destinataires.
    requetes.push(Requete::new(
        "DELETE FROM courriel WHERE centre = $1 AND session = $2",
        valeurs![centre, session.as_str()],
    ));
    // Les vues se refont depuis ce qui reste : elles ne portent plus rien du contenu détruit.
    let date = EvenementDate {
        rang: apres.rang,
        le: ordre.le.clone(),
        saisi_par: ordre.saisi_par.clone(),
        realise_par: ordre.saisi_par.clone(),
        evenement,
    };
    let restante = restante(base, &flux, purge, &ordre.le, &date).await?;
    requetes.extend(vues::effacer(centre, session));
    requetes.extend(vues::differences(
        centre,
        session,
        &Default::default(),
        &metier::vues::lignes(&restante),
    )?);
    let au_centre = Inscription {
        acte: suite_de(&ordre.acte)?,
        le: ordre.le.clone(),
        saisi_par: ordre.saisi_par.clone(),
        action: "session.purgee",
        details: serde_json::json!({
            "session": session.as_str(), "rang": apres.rang,
            "contenus": purge.rangs.len(), "pieces": purge.pieces.len(),
        }),
    };
    requetes.extend(inscrire_au_journal_du_centre(base, centre, &au_centre).await?);
    base.transaction(requetes).await?;
    base.memoire().oublier(&flux);
    vider_l_ecriture_anticipee(base).await?;
    Ok(apres)
}

/// L'acte de la ligne du centre : le même, distingué.
fn suite_de(acte: &Acte) -> Resultat<Acte> {
    format!("{}-c", acte.as_str().chars().take(62).collect::<String>())
        .parse()
        .map_err(|_| Erreur::Interne("acte illisible".to_owned()))
}

/// L'état après la purge : ce que racontent les contenus qui restent.
async fn restante(
    base: &Base,
    flux: &str,
    purge: &Purge,
    le: &str,
    evenement: &EvenementDate,
) -> Resultat<Session> {
    let mut lignes = tout(base, flux).await?;
    for ligne in &mut lignes {
        if purge.rangs.contains(&ligne.rang) {
            ligne.contenu = Contenu::Purge { le: le.to_owned() };
        }
    }
    let (session, _) = rejouer((Arc::default(), Tete::vide()), &lignes)?;
    Ok(metier::appliquer(Arc::unwrap_or_clone(session), evenement))
}

/// SQLite : l'ancien contenu ne reste pas dans le fichier d'écriture anticipée (`secure_delete` efface les pages).
async fn vider_l_ecriture_anticipee(base: &Base) -> Resultat<()> {
    let Some(chemin) = base.chemin().map(std::path::Path::to_owned) else {
        return Ok(());
    };
    let vider = move || {
        let connexion = rusqlite::Connection::open(chemin)?;
        connexion.busy_timeout(std::time::Duration::from_secs(5))?;
        connexion.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    };
    tokio::task::spawn_blocking(vider)
        .await
        .map_err(|e| Erreur::Interne(e.to_string()))?
        .map_err(|e| traduire_sqlite(&e))
}

fn octets_detruits(piece: &PieceId, flux: &str, le: &str) -> Requete {
    let sql = "UPDATE piece SET octets = NULL, purge_le = $3 WHERE id = $1 AND flux = $2 AND octets IS NOT NULL";
    Requete::new(sql, valeurs![piece.as_str(), flux, le]).attendu(1)
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
    let detruire = octets_detruits(piece, &flux, &ordre.le);
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
