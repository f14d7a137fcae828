//! Les sites d'examen du centre.

use crate::annuaire::{Auteur, enregistrer};
use crate::base::{Base, Ligne, Requete};
use crate::{Centre, Changement, Erreur, Resultat, valeurs};
use metier::SiteId;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Ce qu'on écrit d'un site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FicheSite {
    /// Nom du site.
    pub nom: String,
    /// Numéro et voie.
    pub adresse: String,
    /// Code postal.
    pub code_postal: String,
    /// Commune.
    pub ville: String,
    /// Comment venir et entrer : imprimé sur les convocations.
    pub acces: String,
    /// Le site est-il agréé pour des sessions d'examen ?
    pub agree: bool,
    /// Faux : désactivé, il n'est plus proposé.
    pub actif: bool,
}

/// Un site du centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Identifiant.
    pub id: SiteId,
    /// Ce qui en est écrit.
    pub fiche: FicheSite,
    /// Nombre de changements ; à rendre avec toute correction.
    pub revision: u64,
}

impl Site {
    /// « 12 rue des Ateliers, 69400 Villefranche-sur-Saône ».
    pub fn adresse_complete(&self) -> String {
        let commune = format!("{} {}", self.fiche.code_postal, self.fiche.ville);
        [self.fiche.adresse.trim(), commune.trim()]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// Tous les sites du centre, actifs d'abord, par nom.
pub async fn sites(base: &Base, centre: &Centre) -> Resultat<Vec<Site>> {
    let lignes = base
        .lire(
            "SELECT id, nom, adresse, code_postal, ville, acces, agree, actif, revision FROM site WHERE centre = $1 \
             ORDER BY actif DESC, nom, id",
            &valeurs![centre],
        )
        .await?;
    lignes.iter().map(site_depuis).collect()
}

/// Le site de cet identifiant, actif ou non.
pub async fn site(base: &Base, centre: &Centre, id: &SiteId) -> Resultat<Option<Site>> {
    let ligne = base
        .lire_une(
            "SELECT id, nom, adresse, code_postal, ville, acces, agree, actif, revision FROM site WHERE centre = $1 AND id = $2",
            &valeurs![centre, id.as_str()],
        )
        .await?;
    ligne.as_ref().map(site_depuis).transpose()
}

/// Ajoute un site.
pub async fn ajouter_site(
    base: &Base,
    centre: &Centre,
    id: &SiteId,
    fiche: &FicheSite,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let ajout = Requete::new(
        "INSERT INTO site (centre, id, nom, adresse, code_postal, ville, acces, agree, actif, revision) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
        valeurs![
            centre,
            id.as_str(),
            &fiche.nom,
            &fiche.adresse,
            &fiche.code_postal,
            &fiche.ville,
            &fiche.acces,
            fiche.agree,
            fiche.actif
        ],
    );
    enregistrer(
        base,
        centre,
        auteur,
        "sites.ajoute",
        json!({ "site": id, "fiche": fiche }),
        vec![ajout],
    )
    .await
}

/// Corrige un site, l'active ou le désactive.
pub async fn corriger_site(
    base: &Base,
    centre: &Centre,
    avant: &Site,
    fiche: &FicheSite,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let correction = Requete::new(
        "UPDATE site SET nom = $4, adresse = $5, code_postal = $6, ville = $7, acces = $8, agree = $9, actif = $10, \
         revision = revision + 1 WHERE centre = $1 AND id = $2 AND revision = $3",
        valeurs![
            centre, avant.id.as_str(), avant.revision, &fiche.nom, &fiche.adresse, &fiche.code_postal, &fiche.ville, &fiche.acces,
            fiche.agree, fiche.actif
        ],
    )
    .attendu(1);
    let contenu = json!({ "site": avant.id, "avant": avant.fiche, "apres": fiche });
    enregistrer(
        base,
        centre,
        auteur,
        "sites.corrige",
        contenu,
        vec![correction],
    )
    .await
}

fn site_depuis(l: &Ligne) -> Resultat<Site> {
    Ok(Site {
        id: id_site(l, 0)?,
        fiche: FicheSite {
            nom: l.texte(1)?,
            adresse: l.texte(2)?,
            code_postal: l.texte(3)?,
            ville: l.texte(4)?,
            acces: l.texte(5)?,
            agree: l.booleen(6)?,
            actif: l.booleen(7)?,
        },
        revision: l.naturel(8)?,
    })
}

pub(super) fn id_site(l: &Ligne, colonne: usize) -> Resultat<SiteId> {
    l.texte_ref(colonne)?
        .parse()
        .map_err(|_| Erreur::Altere("identifiant de site".into()))
}
