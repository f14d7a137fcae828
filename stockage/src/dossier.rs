//! Le dossier de contrôle d'une session : son journal tel qu'il est stocké et ses pièces, que l'on vérifie sans la base.
//!
//! Une ligne du dossier porte tout ce qu'il faut pour refaire les calculs de [`crate::journal`] : le sel et le
//! contenu exacts, ou la date de leur purge. Le vérificateur indépendant refait la même chose ailleurs.

use std::collections::{BTreeMap, BTreeSet};

use metier::SessionId;
use serde::{Deserialize, Serialize};

use crate::base::{Base, Erreur, Resultat};
use crate::centre::Centre;
use crate::journal::{Contenu, LigneStockee, Tete, hexa};
use crate::pieces::Piece;
use crate::sessions::{ETIQUETTE_PURGE, flux_de};
use crate::valeurs;

const LIGNES_PAR_LECTURE: u64 = 500;

/// Une ligne de journal, prête pour un fichier JSON. Les octets sont en hexadécimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LigneDossier {
    /// Le flux.
    pub flux: String,
    /// Le rang, à partir de 1.
    pub rang: u64,
    /// L'acte.
    pub acte: String,
    /// L'instant de la saisie.
    pub le: String,
    /// Qui a saisi.
    pub saisi_par: String,
    /// L'étiquette de l'événement.
    #[serde(rename = "type")]
    pub etiquette: String,
    /// Engagement du contenu.
    pub engagement: String,
    /// Empreinte de la ligne précédente.
    pub precedente: String,
    /// Empreinte de la ligne.
    pub empreinte: String,
    /// Sel du contenu, sauf purge.
    pub sel: Option<String>,
    /// Contenu exact, sauf purge.
    pub contenu: Option<String>,
    /// Date de la purge du contenu.
    pub purge_le: Option<String>,
}

/// Une pièce du dossier, sans ses octets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PieceDossier {
    /// Identifiant.
    pub id: String,
    /// Nom du fichier.
    pub nom: String,
    /// Type de contenu.
    pub nature: String,
    /// Empreinte SHA-256 retenue.
    pub empreinte: String,
    /// Ses octets ont-ils été purgés ?
    pub purgee: bool,
}

/// Ce qu'une session emporte.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// Les lignes, dans l'ordre.
    pub lignes: Vec<LigneDossier>,
    /// Les pièces, avec leurs octets sauf purge, dans l'ordre de leurs identifiants.
    pub pieces: Vec<(PieceDossier, Option<Vec<u8>>)>,
    /// La tête du journal emporté.
    pub tete: Tete,
}

/// Ce qui ne va pas dans un dossier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Faute {
    /// Une ligne du journal.
    #[error("ligne {0} : {1}")]
    Ligne(u64, String),
    /// Une pièce.
    #[error("pièce {0} : {1}")]
    Piece(String, &'static str),
}

impl LigneDossier {
    fn from_stockee(l: &LigneStockee) -> Self {
        let (sel, contenu, purge_le) = match &l.contenu {
            Contenu::Present { sel, json } => (Some(hexa(sel)), Some(json.clone()), None),
            Contenu::Purge { le } => (None, None, Some(le.clone())),
            Contenu::Absent => (None, None, None),
        };
        Self {
            flux: l.flux.clone(),
            rang: l.rang,
            acte: l.acte.clone(),
            le: l.le.clone(),
            saisi_par: l.saisi_par.clone(),
            etiquette: l.etiquette.clone(),
            engagement: hexa(&l.engagement),
            precedente: hexa(&l.precedente),
            empreinte: hexa(&l.empreinte),
            sel,
            contenu,
            purge_le,
        }
    }

    /// La ligne telle que la chaîne la juge ; rien si un champ en hexadécimal ne se lit pas.
    fn vers_stockee(&self) -> Option<LigneStockee> {
        let contenu = match (&self.sel, &self.contenu, &self.purge_le) {
            (Some(sel), Some(json), None) => Contenu::Present {
                sel: octets(sel)?,
                json: json.clone(),
            },
            (None, None, Some(le)) => Contenu::Purge { le: le.clone() },
            _ => Contenu::Absent,
        };
        Some(LigneStockee {
            flux: self.flux.clone(),
            rang: self.rang,
            acte: self.acte.clone(),
            le: self.le.clone(),
            saisi_par: self.saisi_par.clone(),
            etiquette: self.etiquette.clone(),
            engagement: octets(&self.engagement)?,
            precedente: octets(&self.precedente)?,
            empreinte: octets(&self.empreinte)?,
            contenu,
        })
    }
}

/// Relit de l'hexadécimal en minuscules, deux chiffres par octet.
fn octets(hexadecimal: &str) -> Option<Vec<u8>> {
    let chiffres = hexadecimal.as_bytes();
    if !chiffres.len().is_multiple_of(2)
        || !chiffres
            .iter()
            .all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(c))
    {
        return None;
    }
    chiffres
        .chunks(2)
        .map(|c| u8::from_str_radix(std::str::from_utf8(c).ok()?, 16).ok())
        .collect()
}

/// Extrait le dossier d'une session.
///
/// # Errors
/// [`Erreur::Introuvable`] si la session n'est pas de ce centre.
pub async fn extraire(base: &Base, centre: &Centre, session: &SessionId) -> Resultat<Dossier> {
    let flux = flux_de(centre, session)?;
    let sql = "SELECT j.flux, j.rang, j.acte, j.le, j.saisi_par, j.type, j.engagement, j.precedente, j.empreinte,
                      c.sel, c.json, c.purge_le
               FROM journal j LEFT JOIN contenu c ON c.flux = j.flux AND c.rang = j.rang
               WHERE j.flux = $1 AND j.rang > $2 ORDER BY j.rang LIMIT $3";
    let (mut lignes, mut tete) = (vec![], Tete::vide());
    loop {
        let lues = base
            .lire(sql, &valeurs![flux.as_str(), tete.rang, LIGNES_PAR_LECTURE])
            .await?;
        for ligne in &lues {
            let stockee = LigneStockee::from_ligne(ligne)?;
            tete = stockee.tete();
            lignes.push(LigneDossier::from_stockee(&stockee));
        }
        if (lues.len() as u64) < LIGNES_PAR_LECTURE {
            break;
        }
    }
    if lignes.is_empty() {
        return Err(Erreur::Introuvable);
    }
    let sql = "SELECT id FROM piece WHERE flux = $1 ORDER BY id";
    let mut pieces = vec![];
    for ligne in base.lire(sql, &valeurs![flux.as_str()]).await? {
        let Ok(id) = ligne.texte(0)?.parse() else {
            continue;
        };
        if let Some(p) = crate::pieces::piece(base, centre, session, &id).await? {
            pieces.push(separer(p));
        }
    }
    Ok(Dossier {
        lignes,
        pieces,
        tete,
    })
}

fn separer(p: Piece) -> (PieceDossier, Option<Vec<u8>>) {
    (
        PieceDossier {
            id: p.id,
            nom: p.nom,
            nature: p.nature,
            empreinte: p.empreinte,
            purgee: p.octets.is_none(),
        },
        p.octets,
    )
}

/// Refait tous les calculs d'un dossier : rend la tête trouvée, ou la première faute.
///
/// `pieces` dit, par identifiant, l'empreinte des octets présents, ou rien s'ils sont dits purgés.
///
/// # Errors
/// [`Faute`], la première rencontrée : les lignes d'abord, puis les pièces.
pub fn controler(
    lignes: &[LigneDossier],
    pieces: &BTreeMap<String, Option<String>>,
) -> Result<Tete, Faute> {
    let mut tete = Tete::vide();
    let (mut purges, mut annonces) = (BTreeSet::new(), BTreeSet::new());
    let mut detruites: BTreeSet<String> = BTreeSet::new();
    let mut attendues: BTreeMap<String, String> = BTreeMap::new();
    let flux = lignes.first().map(|l| l.flux.clone()).unwrap_or_default();
    for (n, l) in lignes.iter().enumerate() {
        let faute = |quoi: &str| Faute::Ligne(n as u64 + 1, quoi.to_owned());
        let stockee = l
            .vers_stockee()
            .ok_or_else(|| faute("la ligne n'est pas lisible"))?;
        if l.flux != flux {
            return Err(faute("la ligne vient d'un autre journal"));
        }
        if let Some(defaut) = stockee.defaut(&tete) {
            return Err(faute(&defaut.to_string()));
        }
        if l.purge_le.is_some() {
            purges.insert(l.rang);
        }
        if let Some(contenu) = &l.contenu {
            let lu: serde_json::Value =
                serde_json::from_str(contenu).map_err(|_| faute("le contenu n'est pas lisible"))?;
            if let Some(p) = lu.get("pieces").and_then(|p| p.as_object()) {
                attendues.extend(
                    p.iter()
                        .filter_map(|(id, e)| Some((id.clone(), e.as_str()?.to_owned()))),
                );
            }
            if l.etiquette == ETIQUETTE_PURGE {
                let rangs = lu
                    .pointer("/evenement/detail/rangs")
                    .and_then(|r| r.as_array());
                annonces.extend(rangs.into_iter().flatten().filter_map(|r| r.as_u64()));
                let pieces = lu
                    .pointer("/evenement/detail/pieces")
                    .and_then(|p| p.as_array());
                detruites.extend(
                    pieces
                        .into_iter()
                        .flatten()
                        .filter_map(|p| Some(p.as_str()?.to_owned())),
                );
            }
        }
        tete = stockee.tete();
    }
    if let Some(rang) = purges.difference(&annonces).next() {
        let quoi = "le contenu est purgé sans qu'aucun événement ne le dise";
        return Err(Faute::Ligne(*rang, quoi.to_owned()));
    }
    if let Some(rang) = annonces.difference(&purges).next() {
        let quoi = "le contenu est dit purgé, mais il est encore là";
        return Err(Faute::Ligne(*rang, quoi.to_owned()));
    }
    for (id, vue) in pieces {
        match vue {
            None if !detruites.contains(id) => {
                return Err(Faute::Piece(
                    id.clone(),
                    "elle est dite purgée sans qu'aucun événement ne le dise",
                ));
            }
            Some(_) if detruites.contains(id) => {
                return Err(Faute::Piece(
                    id.clone(),
                    "elle est dite purgée, mais elle est encore là",
                ));
            }
            _ => {}
        }
    }
    for (id, empreinte) in &attendues {
        match pieces.get(id) {
            None => return Err(Faute::Piece(id.clone(), "elle a disparu")),
            Some(Some(vue)) if vue != empreinte => {
                return Err(Faute::Piece(
                    id.clone(),
                    "ses octets ne sont plus ceux que le journal a retenus",
                ));
            }
            Some(_) => {}
        }
    }
    if purges.is_empty()
        && let Some(id) = pieces.keys().find(|id| !attendues.contains_key(*id))
    {
        return Err(Faute::Piece(id.clone(), "le journal ne la connaît pas"));
    }
    Ok(tete)
}
