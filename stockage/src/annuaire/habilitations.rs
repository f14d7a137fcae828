//! Les habilitations des jurés : un titre, une période, l'autorité qui habilite.
//!
//! L'autorité est celle du domicile du juré : elle peut différer de celle de la session. L'habilitation
//! doit couvrir toute la période d'examen.

use super::{Auteur, Jure, enregistrer, jure_depuis};
use crate::base::{Base, Ligne, Requete};
use crate::{Centre, Changement, Erreur, Resultat, valeurs};
use jiff::civil::Date;
use metier::JureId;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Ce qu'on écrit d'une habilitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FicheHabilitation {
    /// Clé du titre (« TP-01280m04 »).
    pub titre: String,
    /// Premier jour.
    pub debut: Date,
    /// Dernier jour.
    pub fin: Date,
    /// Autorité qui habilite (« DDETS du Rhône »).
    pub autorite: String,
    /// Référence de la décision.
    pub reference: String,
}

impl FicheHabilitation {
    /// Ce que cette habilitation couvre de la période.
    pub fn couverture(&self, debut: Date, fin: Date) -> Couverture {
        if self.debut <= debut && self.fin >= fin {
            Couverture::Entiere
        } else if self.debut <= fin && self.fin >= debut {
            Couverture::Partielle
        } else {
            Couverture::Aucune
        }
    }
}

/// Une habilitation enregistrée.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Habilitation {
    /// Identifiant.
    pub id: String,
    /// Le juré habilité.
    pub jure: JureId,
    /// Ce qui en est écrit.
    pub fiche: FicheHabilitation,
    /// Nombre de changements ; à rendre avec toute correction.
    pub revision: u64,
}

/// Ce qu'une habilitation couvre d'une période d'examen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Couverture {
    /// Toute la période.
    Entiere,
    /// Une partie seulement : le juré n'est pas régulièrement habilité.
    Partielle,
    /// Rien de la période, ou pas d'habilitation pour ce titre.
    Aucune,
}

/// Un juré proposé pour une session, avec la meilleure de ses habilitations pour ce titre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JurePropose {
    /// Le juré.
    pub jure: Jure,
    /// Son habilitation pour ce titre, s'il en a une.
    pub habilitation: Option<Habilitation>,
    /// Ce qu'elle couvre de la période.
    pub couverture: Couverture,
}

/// Une habilitation qui finit, avec la personne.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Echeance {
    /// Le juré.
    pub jure: Jure,
    /// L'habilitation qui finit.
    pub habilitation: Habilitation,
}

/// Les habilitations d'un juré, la plus lointaine fin d'abord.
pub async fn habilitations_du_jure(
    base: &Base,
    centre: &Centre,
    jure: &JureId,
) -> Resultat<Vec<Habilitation>> {
    let lignes = base
        .lire(
            "SELECT id, jure, titre, debut, fin, autorite, reference, revision FROM habilitation \
             WHERE centre = $1 AND jure = $2 ORDER BY fin DESC, titre, id",
            &valeurs![centre, jure.as_str()],
        )
        .await?;
    lignes.iter().map(|l| habilitation_depuis(l, 0)).collect()
}

/// Toutes les habilitations du centre, pour la liste des jurés.
pub async fn habilitations_du_centre(base: &Base, centre: &Centre) -> Resultat<Vec<Habilitation>> {
    let lignes = base
        .lire(
            "SELECT id, jure, titre, debut, fin, autorite, reference, revision FROM habilitation \
             WHERE centre = $1 ORDER BY jure, fin DESC, titre, id",
            &valeurs![centre],
        )
        .await?;
    lignes.iter().map(|l| habilitation_depuis(l, 0)).collect()
}

/// Ajoute une habilitation à un juré du centre.
pub async fn ajouter_habilitation(
    base: &Base,
    centre: &Centre,
    id: &str,
    jure: &JureId,
    fiche: &FicheHabilitation,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let ajout = Requete::new(
        "INSERT INTO habilitation (centre, id, jure, titre, debut, fin, autorite, reference, revision) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
        valeurs![
            centre,
            id,
            jure.as_str(),
            &fiche.titre,
            fiche.debut.to_string(),
            fiche.fin.to_string(),
            &fiche.autorite,
            &fiche.reference
        ],
    );
    let contenu = json!({ "jure": jure, "habilitation": id, "fiche": fiche });
    enregistrer(
        base,
        centre,
        auteur,
        "annuaire.habilitation_ajoutee",
        contenu,
        vec![ajout],
    )
    .await
}

/// Corrige une habilitation, ou y met fin en avançant son dernier jour.
pub async fn corriger_habilitation(
    base: &Base,
    centre: &Centre,
    avant: &Habilitation,
    fiche: &FicheHabilitation,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let correction = Requete::new(
        "UPDATE habilitation SET titre = $4, debut = $5, fin = $6, autorite = $7, reference = $8, revision = revision + 1 \
         WHERE centre = $1 AND id = $2 AND revision = $3",
        valeurs![
            centre, &avant.id, avant.revision, &fiche.titre, fiche.debut.to_string(), fiche.fin.to_string(), &fiche.autorite,
            &fiche.reference
        ],
    )
    .attendu(1);
    let contenu = json!({ "jure": avant.jure, "habilitation": avant.id, "avant": avant.fiche, "apres": fiche });
    enregistrer(
        base,
        centre,
        auteur,
        "annuaire.habilitation_corrigee",
        contenu,
        vec![correction],
    )
    .await
}

/// Les jurés actifs habilités pour ce titre pendant **toute** la période, triés par nom.
pub async fn jures_habilites(
    base: &Base,
    centre: &Centre,
    titre: &str,
    debut: Date,
    fin: Date,
) -> Resultat<Vec<JurePropose>> {
    let mut proposes = jures_pour_session(base, centre, titre, debut, fin).await?;
    proposes.retain(|p| p.couverture == Couverture::Entiere);
    Ok(proposes)
}

/// Tous les jurés actifs du centre, les habilités d'abord, chacun avec ce que son habilitation couvre de la période.
pub async fn jures_pour_session(
    base: &Base,
    centre: &Centre,
    titre: &str,
    debut: Date,
    fin: Date,
) -> Resultat<Vec<JurePropose>> {
    let lignes = base
        .lire(
            "SELECT j.id, j.nom, j.prenom, j.qualite, j.employeur, j.courriel, j.telephone, j.adresse, j.note, j.actif, j.revision, j.commune, j.distance_km, j.liens, \
             h.id, h.jure, h.titre, h.debut, h.fin, h.autorite, h.reference, h.revision \
             FROM jure j LEFT JOIN habilitation h ON h.centre = j.centre AND h.jure = j.id AND h.titre = $2 \
             WHERE j.centre = $1 AND j.actif = 1 ORDER BY j.recherche, j.id, h.fin DESC",
            &valeurs![centre, titre],
        )
        .await?;
    let mut proposes: Vec<JurePropose> = Vec::new();
    for l in &lignes {
        let jure = jure_depuis(l, 0)?;
        let habilitation = match l.texte_option(14)? {
            Some(_) => Some(habilitation_depuis(l, 14)?),
            None => None,
        };
        let couverture = habilitation
            .as_ref()
            .map_or(Couverture::Aucune, |h| h.fiche.couverture(debut, fin));
        match proposes.last_mut() {
            Some(p) if p.jure.id == jure.id => {
                if couverture < p.couverture {
                    (p.habilitation, p.couverture) = (habilitation, couverture);
                }
            }
            _ => proposes.push(JurePropose {
                jure,
                habilitation,
                couverture,
            }),
        }
    }
    proposes.sort_by_key(|p| p.couverture);
    Ok(proposes)
}

/// Les habilitations de jurés actifs qui finissent entre `de` et `jusqu_a`, sans qu'une autre du même titre prenne la suite.
pub async fn habilitations_finissant_avant(
    base: &Base,
    centre: &Centre,
    de: Date,
    jusqu_a: Date,
) -> Resultat<Vec<Echeance>> {
    let lignes = base
        .lire(
            "SELECT j.id, j.nom, j.prenom, j.qualite, j.employeur, j.courriel, j.telephone, j.adresse, j.note, j.actif, j.revision, j.commune, j.distance_km, j.liens, \
             h.id, h.jure, h.titre, h.debut, h.fin, h.autorite, h.reference, h.revision \
             FROM habilitation h JOIN jure j ON j.centre = h.centre AND j.id = h.jure \
             WHERE h.centre = $1 AND j.actif = 1 AND h.fin >= $2 AND h.fin <= $3 AND NOT EXISTS \
             (SELECT 1 FROM habilitation s WHERE s.centre = h.centre AND s.jure = h.jure AND s.titre = h.titre AND s.fin > h.fin) \
             ORDER BY h.fin, j.recherche, h.id",
            &valeurs![centre, de.to_string(), jusqu_a.to_string()],
        )
        .await?;
    lignes
        .iter()
        .map(|l| {
            Ok(Echeance {
                jure: jure_depuis(l, 0)?,
                habilitation: habilitation_depuis(l, 14)?,
            })
        })
        .collect()
}

fn habilitation_depuis(l: &Ligne, c: usize) -> Resultat<Habilitation> {
    Ok(Habilitation {
        id: l.texte(c)?,
        jure: l
            .texte(c + 1)?
            .parse()
            .map_err(|_| Erreur::Altere("identifiant de juré".into()))?,
        fiche: FicheHabilitation {
            titre: l.texte(c + 2)?,
            debut: date(l, c + 3)?,
            fin: date(l, c + 4)?,
            autorite: l.texte(c + 5)?,
            reference: l.texte(c + 6)?,
        },
        revision: l.naturel(c + 7)?,
    })
}

/// Lit une date ISO 8601.
pub(crate) fn date(l: &Ligne, colonne: usize) -> Resultat<Date> {
    l.texte_ref(colonne)?
        .parse()
        .map_err(|_| Erreur::Altere(format!("colonne {colonne} : date attendue")))
}
