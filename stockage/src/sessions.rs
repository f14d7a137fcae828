//! Relire une session : la rejouer depuis son journal, et lire ce journal.

use std::sync::Arc;

use crate::contenu::Contenu as ContenuSession;
use metier::{Evenement, EvenementDate, PersonneId, Session, SessionId};

use crate::base::{Base, Erreur, Resultat};
use crate::centre::Centre;
use crate::journal::{self, Contenu, LigneStockee, Tete, hexa};
use crate::memoire::Rejouee;

const LIGNES_PAR_LECTURE: u64 = 500;

/// Une ligne du journal d'une session, relue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneJournal {
    /// Son rang.
    pub rang: u64,
    /// L'acte qui l'a écrite.
    pub acte: String,
    /// L'instant de la saisie, RFC 3339.
    pub le: String,
    /// Qui a saisi.
    pub saisi_par: PersonneId,
    /// Qui a réalisé ; rien si le contenu est purgé.
    pub realise_par: Option<PersonneId>,
    /// L'étiquette de l'événement : « candidats.inscrit ».
    pub etiquette: String,
    /// L'événement ; rien si le contenu est purgé.
    pub evenement: Option<Evenement>,
    /// Quand le contenu a été purgé, s'il l'a été.
    pub purge_le: Option<String>,
    /// L'empreinte de la ligne, en hexadécimal.
    pub empreinte: String,
}

impl LigneJournal {
    /// L'empreinte telle qu'elle s'imprime.
    pub fn courte(&self) -> String {
        Tete {
            rang: self.rang,
            empreinte: self.empreinte.clone(),
        }
        .courte()
    }
}

fn personne(ligne: &LigneStockee) -> Resultat<PersonneId> {
    ligne
        .saisi_par
        .parse()
        .map_err(|_| illisible(ligne, "personne illisible"))
}

fn illisible(ligne: &LigneStockee, quoi: &str) -> Erreur {
    Erreur::Altere(format!("{}, rang {} : {quoi}", ligne.flux, ligne.rang))
}

/// Le contenu de la ligne, ou rien s'il est purgé.
pub(crate) fn contenu(ligne: &LigneStockee) -> Resultat<Option<ContenuSession>> {
    let lu = ligne.json().map(crate::contenu::lire).transpose();
    lu.map_err(|e| illisible(ligne, &e.to_string()))
}

/// Rejoue des lignes à la suite d'une session, en vérifiant la chaîne.
pub(crate) fn rejouer(depart: Rejouee, lignes: &[LigneStockee]) -> Resultat<Rejouee> {
    let (session, mut tete) = depart;
    let mut session = Arc::unwrap_or_clone(session);
    for ligne in lignes {
        if let Some(defaut) = ligne.defaut(&tete) {
            return Err(illisible(ligne, &defaut.to_string()));
        }
        tete = ligne.tete();
        if let Some(contenu) = contenu(ligne)? {
            let evenement = EvenementDate {
                rang: ligne.rang,
                le: ligne.le.clone(),
                saisi_par: personne(ligne)?,
                realise_par: contenu.realise_par,
                evenement: contenu.evenement,
            };
            session = metier::appliquer(session, &evenement);
        }
    }
    Ok((Arc::new(session), tete))
}

/// Rejoue tout ce qui suit `depart` jusqu'à la tête en base.
async fn avancer(base: &Base, flux: &str, mut depart: Rejouee) -> Resultat<Rejouee> {
    let part_de_zero = depart.1.est_vide();
    loop {
        let lignes = journal::lignes(base, flux, depart.1.rang + 1, LIGNES_PAR_LECTURE).await?;
        // Une purge retire du passé : ce que l'on tenait en mémoire n'est plus vrai.
        if !part_de_zero && lignes.iter().any(|l| l.etiquette == ETIQUETTE_PURGE) {
            return Box::pin(avancer(base, flux, (Arc::default(), Tete::vide()))).await;
        }
        let fini = (lignes.len() as u64) < LIGNES_PAR_LECTURE;
        depart = rejouer(depart, &lignes)?;
        if fini {
            return Ok(depart);
        }
    }
}

pub(crate) const ETIQUETTE_PURGE: &str = "archivage.purge";

/// La session telle que son journal la raconte, sans se fier à la mémoire.
pub(crate) async fn rejouer_flux(base: &Base, flux: &str) -> Resultat<Rejouee> {
    avancer(base, flux, (Arc::default(), Tete::vide())).await
}

/// La session et sa tête, par la mémoire si la tête en base le permet.
pub(crate) async fn charger_flux(base: &Base, flux: &str) -> Resultat<Option<Rejouee>> {
    let tete = journal::tete(base, flux).await?;
    if tete.est_vide() {
        return Ok(None);
    }
    let connue = base.memoire().prendre(flux);
    let rejouee = match connue {
        Some(connue) if connue.1 == tete => return Ok(Some(connue)),
        // Si la base a reculé (restauration), la mémoire ne vaut plus rien.
        Some(connue) if connue.1.rang < tete.rang => match avancer(base, flux, connue).await {
            Err(Erreur::Altere(_)) => rejouer_flux(base, flux).await?,
            autre => autre?,
        },
        _ => {
            base.memoire().oublier(flux);
            rejouer_flux(base, flux).await?
        }
    };
    base.memoire().retenir(flux, &rejouee);
    Ok(Some(rejouee))
}

/// La session et la tête de son journal ; rien si elle n'existe pas dans ce centre.
pub async fn charger(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
) -> Resultat<Option<(Arc<Session>, Tete)>> {
    charger_flux(base, &flux_de(centre, session)?).await
}

/// Le flux d'une session ; le nom « centre » est réservé au journal du centre.
pub(crate) fn flux_de(centre: &Centre, session: &SessionId) -> Resultat<String> {
    if session.est_vide() || session.as_str() == "centre" {
        return Err(Erreur::Introuvable);
    }
    Ok(centre.flux(session.as_str()))
}

/// Le journal d'une session, dans l'ordre, à partir du rang `depuis` (compris).
pub async fn journal(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    depuis: u64,
    limite: u64,
) -> Resultat<Vec<LigneJournal>> {
    let lignes = journal::lignes(base, &flux_de(centre, session)?, depuis, limite).await?;
    lignes.into_iter().map(relire).collect()
}

/// Le journal d'une session, du plus récent au plus ancien, avant le rang `avant` (non compris).
pub async fn journal_recent(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    avant: Option<u64>,
    limite: u64,
) -> Resultat<Vec<LigneJournal>> {
    let avant = avant.unwrap_or(i64::MAX as u64);
    let lignes = journal::lignes_avant(base, &flux_de(centre, session)?, avant, limite).await?;
    lignes.into_iter().map(relire).collect()
}

fn relire(ligne: LigneStockee) -> Resultat<LigneJournal> {
    let contenu = contenu(&ligne)?;
    let saisi_par = personne(&ligne)?;
    let (realise_par, evenement) = contenu.map(|c| (c.realise_par, c.evenement)).unzip();
    Ok(LigneJournal {
        rang: ligne.rang,
        acte: ligne.acte,
        le: ligne.le,
        saisi_par,
        realise_par,
        etiquette: ligne.etiquette,
        evenement,
        purge_le: match ligne.contenu {
            Contenu::Purge { le } => Some(le),
            Contenu::Present { .. } | Contenu::Absent => None,
        },
        empreinte: hexa(&ligne.empreinte),
    })
}
