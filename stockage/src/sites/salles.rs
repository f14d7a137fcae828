//! Les salles d'un site, et ses agréments.

use super::lieux::id_site;
use crate::annuaire::{Auteur, enregistrer, habilitations::date};
use crate::base::{Base, Ligne, Requete};
use crate::{Centre, Changement, Erreur, Resultat, valeurs};
use jiff::civil::Date;
use metier::SiteId;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Ce à quoi sert une salle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NatureSalle {
    /// Plateau technique.
    Plateau,
    /// Salle d'écrit ou de préparation.
    #[default]
    Salle,
    /// Local d'entretien, individuel et confidentiel.
    Entretien,
}

impl NatureSalle {
    /// Toutes, dans l'ordre d'un formulaire.
    pub const TOUTES: [Self; 3] = [Self::Plateau, Self::Salle, Self::Entretien];
    /// Code stocké et mis dans les formulaires.
    pub fn code(self) -> &'static str {
        match self {
            Self::Plateau => "plateau",
            Self::Salle => "salle",
            Self::Entretien => "entretien",
        }
    }
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Plateau => "Plateau technique",
            Self::Salle => "Salle",
            Self::Entretien => "Local d’entretien",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|n| n.code() == code)
    }
}

/// Ce qu'on écrit d'une salle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FicheSalle {
    /// Nom de la salle, unique dans son site aux yeux des personnes.
    pub nom: String,
    /// Ce à quoi elle sert.
    pub nature: NatureSalle,
    /// Nombre de candidats à la fois, s'il est connu.
    pub capacite: Option<u32>,
    /// Accessible à une personne en fauteuil.
    pub accessible: bool,
    /// Faux : désactivée, elle n'est plus proposée.
    pub actif: bool,
}

/// Une salle d'un site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salle {
    /// Identifiant.
    pub id: String,
    /// Son site.
    pub site: SiteId,
    /// Ce qui en est écrit.
    pub fiche: FicheSalle,
    /// Nombre de changements ; à rendre avec toute correction.
    pub revision: u64,
}

/// Ce qu'on écrit d'un agrément : un titre, un site, une période.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FicheAgrement {
    /// Clé du titre.
    pub titre: String,
    /// Numéro ou référence de la décision.
    pub reference: String,
    /// Premier jour.
    pub debut: Date,
    /// Dernier jour.
    pub fin: Date,
}

/// Un agrément du centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agrement {
    /// Identifiant.
    pub id: String,
    /// Le site agréé.
    pub site: SiteId,
    /// Ce qui en est écrit.
    pub fiche: FicheAgrement,
    /// Nombre de changements ; à rendre avec toute correction.
    pub revision: u64,
}

/// Les salles du centre, d'un site ou de tous (`None`), actives d'abord, par nom.
pub async fn salles(base: &Base, centre: &Centre, site: Option<&SiteId>) -> Resultat<Vec<Salle>> {
    let lignes = base
        .lire(
            "SELECT id, site, nom, nature, capacite, accessible, actif, revision FROM salle WHERE centre = $1 \
             ORDER BY site, actif DESC, nom, id",
            &valeurs![centre],
        )
        .await?;
    let mut salles = lignes
        .iter()
        .map(salle_depuis)
        .collect::<Resultat<Vec<_>>>()?;
    if let Some(site) = site {
        salles.retain(|s| &s.site == site);
    }
    Ok(salles)
}

/// La salle de cet identifiant.
pub async fn salle(base: &Base, centre: &Centre, id: &str) -> Resultat<Option<Salle>> {
    let ligne = base
        .lire_une(
            "SELECT id, site, nom, nature, capacite, accessible, actif, revision FROM salle WHERE centre = $1 AND id = $2",
            &valeurs![centre, id],
        )
        .await?;
    ligne.as_ref().map(salle_depuis).transpose()
}

/// Ajoute une salle à un site.
pub async fn ajouter_salle(
    base: &Base,
    centre: &Centre,
    id: &str,
    site: &SiteId,
    fiche: &FicheSalle,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let ajout = Requete::new(
        "INSERT INTO salle (centre, id, site, nom, nature, capacite, accessible, actif, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
        valeurs![
            centre,
            id,
            site.as_str(),
            &fiche.nom,
            fiche.nature.code(),
            fiche.capacite,
            fiche.accessible,
            fiche.actif
        ],
    );
    let contenu = json!({ "site": site, "salle": id, "fiche": fiche });
    enregistrer(
        base,
        centre,
        auteur,
        "sites.salle_ajoutee",
        contenu,
        vec![ajout],
    )
    .await
}

/// Corrige une salle, l'active ou la désactive.
pub async fn corriger_salle(
    base: &Base,
    centre: &Centre,
    avant: &Salle,
    fiche: &FicheSalle,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let correction = Requete::new(
        "UPDATE salle SET nom = $4, nature = $5, capacite = $6, accessible = $7, actif = $8, revision = revision + 1 \
         WHERE centre = $1 AND id = $2 AND revision = $3",
        valeurs![
            centre, &avant.id, avant.revision, &fiche.nom, fiche.nature.code(), fiche.capacite, fiche.accessible, fiche.actif
        ],
    )
    .attendu(1);
    let contenu =
        json!({ "site": avant.site, "salle": avant.id, "avant": avant.fiche, "apres": fiche });
    enregistrer(
        base,
        centre,
        auteur,
        "sites.salle_corrigee",
        contenu,
        vec![correction],
    )
    .await
}

/// Les agréments d'un site, la plus lointaine fin d'abord.
pub async fn agrements(base: &Base, centre: &Centre, site: &SiteId) -> Resultat<Vec<Agrement>> {
    let lignes = base
        .lire(
            "SELECT id, site, titre, reference, debut, fin, revision FROM agrement WHERE centre = $1 AND site = $2 \
             ORDER BY fin DESC, titre, id",
            &valeurs![centre, site.as_str()],
        )
        .await?;
    lignes.iter().map(agrement_depuis).collect()
}

/// Ajoute un agrément à un site.
pub async fn ajouter_agrement(
    base: &Base,
    centre: &Centre,
    id: &str,
    site: &SiteId,
    fiche: &FicheAgrement,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let ajout = Requete::new(
        "INSERT INTO agrement (centre, id, site, titre, reference, debut, fin, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)",
        valeurs![
            centre,
            id,
            site.as_str(),
            &fiche.titre,
            &fiche.reference,
            fiche.debut.to_string(),
            fiche.fin.to_string()
        ],
    );
    let contenu = json!({ "site": site, "agrement": id, "fiche": fiche });
    enregistrer(
        base,
        centre,
        auteur,
        "sites.agrement_ajoute",
        contenu,
        vec![ajout],
    )
    .await
}

/// Corrige un agrément, ou y met fin en avançant son dernier jour.
pub async fn corriger_agrement(
    base: &Base,
    centre: &Centre,
    avant: &Agrement,
    fiche: &FicheAgrement,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let correction = Requete::new(
        "UPDATE agrement SET titre = $4, reference = $5, debut = $6, fin = $7, revision = revision + 1 \
         WHERE centre = $1 AND id = $2 AND revision = $3",
        valeurs![centre, &avant.id, avant.revision, &fiche.titre, &fiche.reference, fiche.debut.to_string(), fiche.fin.to_string()],
    )
    .attendu(1);
    let contenu =
        json!({ "site": avant.site, "agrement": avant.id, "avant": avant.fiche, "apres": fiche });
    enregistrer(
        base,
        centre,
        auteur,
        "sites.agrement_corrige",
        contenu,
        vec![correction],
    )
    .await
}

fn salle_depuis(l: &Ligne) -> Resultat<Salle> {
    Ok(Salle {
        id: l.texte(0)?,
        site: id_site(l, 1)?,
        fiche: FicheSalle {
            nom: l.texte(2)?,
            nature: NatureSalle::depuis_code(l.texte_ref(3)?)
                .ok_or_else(|| Erreur::Altere("nature de salle".into()))?,
            capacite: l.entier_option(4)?.and_then(|n| u32::try_from(n).ok()),
            accessible: l.booleen(5)?,
            actif: l.booleen(6)?,
        },
        revision: l.naturel(7)?,
    })
}

fn agrement_depuis(l: &Ligne) -> Resultat<Agrement> {
    Ok(Agrement {
        id: l.texte(0)?,
        site: id_site(l, 1)?,
        fiche: FicheAgrement {
            titre: l.texte(2)?,
            reference: l.texte(3)?,
            debut: date(l, 4)?,
            fin: date(l, 5)?,
        },
        revision: l.naturel(6)?,
    })
}
