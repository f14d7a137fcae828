//! La chaîne de preuve : ce que couvre une empreinte, et comment une ligne s'ajoute.
//!
//! Tout vérificateur indépendant peut refaire ces deux calculs ; `champ` est ici la longueur du champ en
//! octets (8 octets, gros-boutiste) suivie du champ :
//!
//! ```text
//! engagement = SHA-256(champ(sel) champ(contenu))
//! empreinte  = SHA-256(champ("v1") champ(flux) champ(rang en décimal) champ(acte) champ(le) champ(saisi_par)
//!                      champ(type) champ(engagement) champ(précédente))
//! ```
//!
//! La « précédente » de la première ligne d'un flux est faite de 32 octets nuls. Le contenu est haché tel
//! qu'il est stocké, octet pour octet. Détruire un contenu et son sel laisse la chaîne vérifiable.

use sha2::{Digest, Sha256};

use crate::base::{Base, Erreur, Ligne, Requete, Resultat};
use crate::valeurs;

/// La longueur d'une empreinte, en octets.
pub const LONGUEUR: usize = 32;

/// Une empreinte SHA-256.
pub type Empreinte = [u8; LONGUEUR];

const VERSION: &str = "v1";

/// Écrit des octets en hexadécimal.
pub fn hexa(octets: &[u8]) -> String {
    use std::fmt::Write;
    octets.iter().fold(
        String::with_capacity(octets.len() * 2),
        |mut texte, octet| {
            let _ = write!(texte, "{octet:02x}");
            texte
        },
    )
}

/// L'empreinte d'une suite d'octets (une pièce).
pub fn empreinte_des_octets(octets: &[u8]) -> Empreinte {
    Sha256::digest(octets).into()
}

fn hacher(champs: &[&[u8]]) -> Empreinte {
    let mut hachage = Sha256::new();
    for champ in champs {
        hachage.update((champ.len() as u64).to_be_bytes());
        hachage.update(champ);
    }
    hachage.finalize().into()
}

/// L'engagement d'un contenu : salé, pour que le contenu purgé ne se devine pas.
pub fn engagement(sel: &[u8], contenu: &str) -> Empreinte {
    hacher(&[sel, contenu.as_bytes()])
}

/// La tête d'un flux : son dernier rang et l'empreinte de cette ligne.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tete {
    /// Le dernier rang ; 0 pour un flux encore vide.
    pub rang: u64,
    /// L'empreinte, en hexadécimal.
    pub empreinte: String,
}

impl Tete {
    /// La tête d'un flux qui n'a encore aucune ligne.
    pub fn vide() -> Self {
        Self {
            rang: 0,
            empreinte: hexa(&[0; LONGUEUR]),
        }
    }

    /// Les seize premiers chiffres, par groupes de quatre : ce qui s'imprime au pied des papiers.
    pub fn courte(&self) -> String {
        let debut: Vec<&str> = (0..4)
            .filter_map(|i| self.empreinte.get(i * 4..i * 4 + 4))
            .collect();
        debut.join(" ")
    }

    /// Vrai si le flux n'a encore aucune ligne.
    pub fn est_vide(&self) -> bool {
        self.rang == 0
    }

    fn octets(&self) -> Vec<u8> {
        let chiffres = self.empreinte.as_bytes().chunks(2);
        chiffres
            .filter_map(|c| {
                std::str::from_utf8(c)
                    .ok()
                    .and_then(|c| u8::from_str_radix(c, 16).ok())
            })
            .collect()
    }
}

/// Ce qu'il faut pour ajouter une ligne, hors chaîne.
#[derive(Debug, Clone)]
pub(crate) struct Entree {
    pub etiquette: String,
    pub classe: String,
    pub contenu: String,
}

/// Les quatre champs que les lignes d'un même acte partagent.
#[derive(Debug, Clone)]
pub(crate) struct Geste<'a> {
    pub flux: &'a str,
    pub acte: &'a str,
    pub le: &'a str,
    pub saisi_par: &'a str,
}

/// Une ligne du journal telle qu'elle est stockée, avec son contenu s'il n'est pas purgé.
#[derive(Debug, Clone)]
pub(crate) struct LigneStockee {
    pub flux: String,
    pub rang: u64,
    pub acte: String,
    pub le: String,
    pub saisi_par: String,
    pub etiquette: String,
    pub engagement: Vec<u8>,
    pub precedente: Vec<u8>,
    pub empreinte: Vec<u8>,
    pub contenu: Contenu,
}

/// L'état d'un contenu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Contenu {
    /// Là, avec son sel.
    Present { sel: Vec<u8>, json: String },
    /// Purgé, à cette date.
    Purge { le: String },
    /// Ni là, ni purgé : une altération.
    Absent,
}

impl LigneStockee {
    /// Les colonnes attendues par [`Self::from_ligne`], à placer après SELECT.
    pub fn from_ligne(ligne: &Ligne) -> Resultat<Self> {
        let contenu = match (
            ligne.octets_option(9)?,
            ligne.texte_option(10)?,
            ligne.texte_option(11)?,
        ) {
            (Some(sel), Some(json), None) => Contenu::Present { sel, json },
            (None, None, Some(le)) => Contenu::Purge { le },
            _ => Contenu::Absent,
        };
        Ok(Self {
            flux: ligne.texte(0)?,
            rang: ligne.naturel(1)?,
            acte: ligne.texte(2)?,
            le: ligne.texte(3)?,
            saisi_par: ligne.texte(4)?,
            etiquette: ligne.texte(5)?,
            engagement: ligne.octets(6)?,
            precedente: ligne.octets(7)?,
            empreinte: ligne.octets(8)?,
            contenu,
        })
    }

    /// L'empreinte que la ligne devrait porter.
    pub fn empreinte_attendue(&self) -> Empreinte {
        hacher(&[
            VERSION.as_bytes(),
            self.flux.as_bytes(),
            self.rang.to_string().as_bytes(),
            self.acte.as_bytes(),
            self.le.as_bytes(),
            self.saisi_par.as_bytes(),
            self.etiquette.as_bytes(),
            &self.engagement,
            &self.precedente,
        ])
    }

    /// Ce qui ne va pas dans cette ligne, s'il y a lieu, sachant ce qui la précède.
    pub fn defaut(&self, avant: &Tete) -> Option<Defaut> {
        if self.rang != avant.rang + 1 {
            return Some(Defaut::Trou {
                attendu: avant.rang + 1,
            });
        }
        if hexa(&self.precedente) != avant.empreinte {
            return Some(Defaut::Chaine);
        }
        if self.empreinte != self.empreinte_attendue() {
            return Some(Defaut::Empreinte);
        }
        match &self.contenu {
            Contenu::Absent => Some(Defaut::ContenuAbsent),
            Contenu::Present { sel, json } if engagement(sel, json)[..] != self.engagement[..] => {
                Some(Defaut::Contenu)
            }
            Contenu::Present { .. } | Contenu::Purge { .. } => None,
        }
    }

    pub fn tete(&self) -> Tete {
        Tete {
            rang: self.rang,
            empreinte: hexa(&self.empreinte),
        }
    }

    /// Le contenu relu, ou rien s'il est purgé.
    pub fn json(&self) -> Option<&str> {
        match &self.contenu {
            Contenu::Present { json, .. } => Some(json),
            Contenu::Purge { .. } | Contenu::Absent => None,
        }
    }
}

/// Ce qui ne va pas dans une ligne du journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Defaut {
    Trou { attendu: u64 },
    Chaine,
    Empreinte,
    Contenu,
    ContenuAbsent,
}

impl std::fmt::Display for Defaut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Trou { attendu } => write!(f, "le rang {attendu} manque"),
            Self::Chaine => f.write_str("la ligne ne suit pas celle qui la précède"),
            Self::Empreinte => f.write_str("la ligne ne correspond plus à son empreinte"),
            Self::Contenu => f.write_str("le contenu ne correspond plus à son engagement"),
            Self::ContenuAbsent => f.write_str("le contenu manque sans avoir été purgé"),
        }
    }
}

/// Les requêtes qui ajoutent ces entrées au bout du flux, et la tête qui en résulte.
///
/// Si quelqu'un d'autre a écrit entre-temps, la transaction échoue par [`Erreur::Unicite`] sur `journal`.
pub(crate) fn ajouter(
    geste: &Geste<'_>,
    tete: &Tete,
    entrees: Vec<Entree>,
) -> Resultat<(Vec<Requete>, Tete)> {
    let mut requetes = Vec::with_capacity(entrees.len() * 2);
    let mut tete = tete.clone();
    for entree in entrees {
        let mut sel = [0_u8; LONGUEUR];
        getrandom::fill(&mut sel).map_err(|e| Erreur::Indisponible(e.to_string()))?;
        let mut ligne = LigneStockee {
            flux: geste.flux.to_owned(),
            rang: tete.rang + 1,
            acte: geste.acte.to_owned(),
            le: geste.le.to_owned(),
            saisi_par: geste.saisi_par.to_owned(),
            etiquette: entree.etiquette,
            engagement: engagement(&sel, &entree.contenu).to_vec(),
            precedente: tete.octets(),
            empreinte: Vec::new(),
            contenu: Contenu::Absent,
        };
        ligne.empreinte = ligne.empreinte_attendue().to_vec();
        tete = ligne.tete();
        requetes.push(Requete::new(
            "INSERT INTO journal (flux, rang, acte, le, saisi_par, type, engagement, precedente, empreinte)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            valeurs![
                ligne.flux, ligne.rang, ligne.acte, ligne.le, ligne.saisi_par, ligne.etiquette, ligne.engagement,
                ligne.precedente, ligne.empreinte,
            ],
        ));
        requetes.push(Requete::new(
            "INSERT INTO contenu (flux, rang, classe, sel, json, purge_le) VALUES ($1, $2, $3, $4, $5, NULL)",
            valeurs![geste.flux, tete.rang, entree.classe, sel.to_vec(), entree.contenu],
        ));
    }
    Ok((requetes, tete))
}

/// La requête qui inscrit l'acte, une seule fois par centre : sinon [`Erreur::Unicite`] sur `acte`.
pub(crate) fn inscrire_acte(
    centre: &crate::Centre,
    geste: &Geste<'_>,
    premier: u64,
    dernier: u64,
) -> Requete {
    Requete::new(
        "INSERT INTO acte (centre, acte, flux, premier_rang, dernier_rang) VALUES ($1, $2, $3, $4, $5)",
        valeurs![centre, geste.acte, geste.flux, premier, dernier],
    )
}

/// Le flux où l'acte est déjà inscrit, s'il l'est.
pub(crate) async fn flux_de_l_acte(
    base: &Base,
    centre: &crate::Centre,
    acte: &str,
) -> Resultat<Option<String>> {
    let sql = "SELECT flux FROM acte WHERE centre = $1 AND acte = $2";
    base.lire_une(sql, &valeurs![centre, acte])
        .await?
        .map(|ligne| ligne.texte(0))
        .transpose()
}

/// La tête du flux en base, ou [`Tete::vide`].
pub(crate) async fn tete(base: &Base, flux: &str) -> Resultat<Tete> {
    let sql = "SELECT rang, empreinte FROM journal WHERE flux = $1 ORDER BY rang DESC LIMIT 1";
    match base.lire_une(sql, &valeurs![flux]).await? {
        None => Ok(Tete::vide()),
        Some(ligne) => Ok(Tete {
            rang: ligne.naturel(0)?,
            empreinte: hexa(&ligne.octets(1)?),
        }),
    }
}

/// Les lignes du flux à partir de `depuis` (compris), dans l'ordre.
pub(crate) async fn lignes(
    base: &Base,
    flux: &str,
    depuis: u64,
    limite: u64,
) -> Resultat<Vec<LigneStockee>> {
    let sql = "SELECT j.flux, j.rang, j.acte, j.le, j.saisi_par, j.type, j.engagement, j.precedente, j.empreinte,
                      c.sel, c.json, c.purge_le
               FROM journal j LEFT JOIN contenu c ON c.flux = j.flux AND c.rang = j.rang
               WHERE j.flux = $1 AND j.rang >= $2 ORDER BY j.rang LIMIT $3";
    let lues = base.lire(sql, &valeurs![flux, depuis, limite]).await?;
    lues.iter().map(LigneStockee::from_ligne).collect()
}

/// Les lignes du flux avant `avant` (non compris), de la plus récente à la plus ancienne.
pub(crate) async fn lignes_avant(
    base: &Base,
    flux: &str,
    avant: u64,
    limite: u64,
) -> Resultat<Vec<LigneStockee>> {
    let sql = "SELECT j.flux, j.rang, j.acte, j.le, j.saisi_par, j.type, j.engagement, j.precedente, j.empreinte,
                      c.sel, c.json, c.purge_le
               FROM journal j LEFT JOIN contenu c ON c.flux = j.flux AND c.rang = j.rang
               WHERE j.flux = $1 AND j.rang < $2 ORDER BY j.rang DESC LIMIT $3";
    let lues = base.lire(sql, &valeurs![flux, avant, limite]).await?;
    lues.iter().map(LigneStockee::from_ligne).collect()
}
