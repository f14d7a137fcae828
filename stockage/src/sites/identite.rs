//! L'identité du centre : ce qui s'imprime en tête des documents, et les mots de l'administration du territoire.

use crate::annuaire::{Auteur, enregistrer};
use crate::base::{Base, Requete};
use crate::{Centre, Changement, Resultat, valeurs};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

/// L'identité du centre. Un champ vide est un champ non renseigné.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentiteCentre {
    /// Nom du centre.
    pub nom: String,
    /// Numéro et voie.
    pub adresse: String,
    /// Code postal.
    pub code_postal: String,
    /// Commune.
    pub ville: String,
    /// SIRET, 14 chiffres.
    pub siret: String,
    /// Numéro de déclaration d'activité, 11 chiffres.
    pub nda: String,
    /// Nom ou service à contacter.
    pub contact: String,
    /// Courriel.
    pub courriel: String,
    /// Téléphone.
    pub telephone: String,
    /// Sigle de l'autorité du territoire (« DDETS », « DEETS », « DRIEETS »).
    pub autorite_sigle: String,
    /// Son nom complet (« direction départementale de l'emploi, du travail et des solidarités du Rhône »).
    pub autorite_nom: String,
    /// Son adresse postale.
    pub autorite_adresse: String,
    /// Son courriel.
    pub autorite_courriel: String,
    /// Nombre de changements ; 0 : rien n'a encore été écrit.
    #[serde(skip)]
    pub revision: u64,
    /// Type du logo (« image/png »), vide s'il n'y en a pas.
    #[serde(skip)]
    pub logo_type: String,
}

impl IdentiteCentre {
    /// Le sigle à montrer quand le centre n'a pas dit le sien.
    pub fn sigle_autorite(&self) -> &str {
        if self.autorite_sigle.is_empty() {
            "DDETS"
        } else {
            &self.autorite_sigle
        }
    }
}

/// Le logo du centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// « image/png » ou « image/jpeg ».
    pub nature: String,
    /// Les octets de l'image.
    pub octets: Vec<u8>,
}

/// L'identité du centre ; vide, en révision 0, s'il ne l'a pas encore écrite.
pub async fn identite(base: &Base, centre: &Centre) -> Resultat<IdentiteCentre> {
    let ligne = base
        .lire_une(
            "SELECT nom, adresse, code_postal, ville, siret, nda, contact, courriel, telephone, autorite_sigle, autorite_nom, \
             autorite_adresse, autorite_courriel, revision, logo_type FROM identite_centre WHERE centre = $1",
            &valeurs![centre],
        )
        .await?;
    let Some(l) = ligne else {
        return Ok(IdentiteCentre::default());
    };
    Ok(IdentiteCentre {
        nom: l.texte(0)?,
        adresse: l.texte(1)?,
        code_postal: l.texte(2)?,
        ville: l.texte(3)?,
        siret: l.texte(4)?,
        nda: l.texte(5)?,
        contact: l.texte(6)?,
        courriel: l.texte(7)?,
        telephone: l.texte(8)?,
        autorite_sigle: l.texte(9)?,
        autorite_nom: l.texte(10)?,
        autorite_adresse: l.texte(11)?,
        autorite_courriel: l.texte(12)?,
        revision: l.naturel(13)?,
        logo_type: l.texte(14)?,
    })
}

/// Écrit ou corrige l'identité du centre ; `apres.revision` est celle que la personne avait sous les yeux.
pub async fn corriger_identite(
    base: &Base,
    centre: &Centre,
    apres: &IdentiteCentre,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let avant = identite(base, centre).await?;
    let requetes = vec![
        assurer_la_ligne(centre),
        Requete::new(
            "UPDATE identite_centre SET nom = $3, adresse = $4, code_postal = $5, ville = $6, siret = $7, nda = $8, contact = $9, \
             courriel = $10, telephone = $11, autorite_sigle = $12, autorite_nom = $13, autorite_adresse = $14, autorite_courriel = $15, \
             revision = revision + 1 WHERE centre = $1 AND revision = $2",
            valeurs![
                centre, apres.revision, &apres.nom, &apres.adresse, &apres.code_postal, &apres.ville, &apres.siret, &apres.nda,
                &apres.contact, &apres.courriel, &apres.telephone, &apres.autorite_sigle, &apres.autorite_nom,
                &apres.autorite_adresse, &apres.autorite_courriel
            ],
        )
        .attendu(1),
    ];
    let contenu = json!({ "avant": avant, "apres": apres });
    enregistrer(
        base,
        centre,
        auteur,
        "centre.identite_corrigee",
        contenu,
        requetes,
    )
    .await
}

/// Le logo du centre, s'il en a un.
pub async fn logo(base: &Base, centre: &Centre) -> Resultat<Option<Logo>> {
    let ligne = base
        .lire_une(
            "SELECT logo_type, logo FROM identite_centre WHERE centre = $1",
            &valeurs![centre],
        )
        .await?;
    let Some(l) = ligne else { return Ok(None) };
    let nature = l.texte(0)?;
    Ok(l.octets_option(1)?.map(|octets| Logo { nature, octets }))
}

/// Remplace le logo, ou le retire (`None`). Le journal n'en garde que l'empreinte.
pub async fn corriger_logo(
    base: &Base,
    centre: &Centre,
    apres: Option<&Logo>,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let requetes = vec![
        assurer_la_ligne(centre),
        Requete::new(
            "UPDATE identite_centre SET logo_type = $2, logo = $3, revision = revision + 1 WHERE centre = $1",
            valeurs![centre, apres.map_or("", |l| l.nature.as_str()), apres.map(|l| l.octets.clone())],
        )
        .attendu(1),
    ];
    let empreinte = apres.map(|l| crate::journal::hexa(&Sha256::digest(&l.octets)));
    let contenu = json!({ "nature": apres.map(|l| &l.nature), "empreinte": empreinte });
    enregistrer(
        base,
        centre,
        auteur,
        "centre.logo_corrige",
        contenu,
        requetes,
    )
    .await
}

fn assurer_la_ligne(centre: &Centre) -> Requete {
    Requete::new(
        "INSERT INTO identite_centre (centre, nom, adresse, code_postal, ville, siret, nda, contact, courriel, telephone, \
         autorite_sigle, autorite_nom, autorite_adresse, autorite_courriel, logo_type, revision) \
         VALUES ($1, '', '', '', '', '', '', '', '', '', '', '', '', '', '', 0) ON CONFLICT (centre) DO NOTHING",
        valeurs![centre],
    )
}
