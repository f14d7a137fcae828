//! Les pièces figées : documents produits, numérisations. Elles se resservent depuis leurs octets.

use std::collections::BTreeMap;

use metier::{PieceId, SessionId};

use crate::base::{Base, Erreur, Requete, Resultat};
use crate::centre::Centre;
use crate::journal::{empreinte_des_octets, hexa};
use crate::sessions::flux_de;
use crate::valeurs;

/// Une pièce à joindre à un acte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PieceNouvelle {
    /// Son identifiant.
    pub id: PieceId,
    /// Sa classe de conservation.
    pub classe: String,
    /// Son nom de fichier.
    pub nom: String,
    /// Son type de contenu : « application/pdf ».
    pub nature: String,
    /// Ses octets.
    pub octets: Vec<u8>,
}

impl PieceNouvelle {
    /// L'empreinte SHA-256 de ses octets, en hexadécimal.
    pub fn empreinte(&self) -> String {
        hexa(&empreinte_des_octets(&self.octets))
    }
}

/// Une pièce relue. Ses octets correspondent à son empreinte : c'est contrôlé à chaque lecture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Son identifiant.
    pub id: String,
    /// Sa classe de conservation.
    pub classe: String,
    /// Son nom de fichier.
    pub nom: String,
    /// Son type de contenu.
    pub nature: String,
    /// L'empreinte SHA-256 de ses octets, en hexadécimal.
    pub empreinte: String,
    /// L'instant où elle a été figée.
    pub le: String,
    /// Ses octets, ou rien si elle est purgée.
    pub octets: Option<Vec<u8>>,
}

/// Les requêtes qui rangent ces pièces, et ce que le journal doit en retenir.
pub(crate) fn ranger(
    flux: &str,
    le: &str,
    pieces: &[PieceNouvelle],
) -> (Vec<Requete>, BTreeMap<String, String>) {
    let requetes = pieces.iter().map(|piece| {
        Requete::new(
            "INSERT INTO piece (id, flux, classe, nom, type, empreinte, taille, octets, le, purge_le)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)",
            valeurs![
                piece.id.as_str(),
                flux,
                piece.classe.as_str(),
                piece.nom.as_str(),
                piece.nature.as_str(),
                empreinte_des_octets(&piece.octets).to_vec(),
                piece.octets.len() as u64,
                piece.octets.clone(),
                le,
            ],
        )
    });
    let empreintes = pieces
        .iter()
        .map(|piece| (piece.id.to_string(), piece.empreinte()));
    (requetes.collect(), empreintes.collect())
}

/// Une pièce de cette session ; rien si elle n'en est pas.
pub async fn piece(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    id: &PieceId,
) -> Resultat<Option<Piece>> {
    let sql = "SELECT id, classe, nom, type, empreinte, le, octets FROM piece WHERE id = $1 AND flux = $2";
    let flux = flux_de(centre, session)?;
    let Some(ligne) = base.lire_une(sql, &valeurs![id.as_str(), flux]).await? else {
        return Ok(None);
    };
    let (empreinte, octets) = (ligne.octets(4)?, ligne.octets_option(6)?);
    if octets
        .as_ref()
        .is_some_and(|o| empreinte_des_octets(o)[..] != empreinte[..])
    {
        return Err(Erreur::Altere(format!(
            "pièce {id} : les octets ne correspondent plus à l'empreinte"
        )));
    }
    Ok(Some(Piece {
        id: ligne.texte(0)?,
        classe: ligne.texte(1)?,
        nom: ligne.texte(2)?,
        nature: ligne.texte(3)?,
        empreinte: hexa(&empreinte),
        le: ligne.texte(5)?,
        octets,
    }))
}
