//! Quand un juré est disponible, ou ne l'est pas ; dans quelles sessions il a été appelé.
//!
//! Une période se retire quand elle n'a plus cours : elle ne prouve rien, le journal du centre garde son passage.

use super::{Auteur, enregistrer};
use crate::annuaire::habilitations::date;
use crate::base::{Base, Ligne, Requete};
use crate::{Centre, Changement, Erreur, Resultat, valeurs};
use jiff::civil::Date;
use metier::JureId;
use serde_json::json;
use std::collections::BTreeMap;

/// Périodes d'un juré, au plus.
pub const PERIODES_MAX: usize = 60;

/// Une période où le juré est libre, ou ne l'est pas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disponibilite {
    /// Identifiant.
    pub id: String,
    /// Le juré.
    pub jure: JureId,
    /// Premier jour.
    pub debut: Date,
    /// Dernier jour.
    pub fin: Date,
    /// Vrai : disponible ; faux : indisponible.
    pub libre: bool,
    /// Précision (« le matin seulement »).
    pub note: String,
}

impl Disponibilite {
    /// La période touche-t-elle celle-ci ?
    pub fn touche(&self, debut: Date, fin: Date) -> bool {
        self.debut <= fin && debut <= self.fin
    }
    /// La couvre-t-elle toute ?
    pub fn couvre(&self, debut: Date, fin: Date) -> bool {
        self.debut <= debut && fin <= self.fin
    }
}

/// Ce que les périodes d'un juré disent d'une période d'examen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reponse {
    /// S'est dit libre tout du long.
    Libre,
    /// N'a rien dit.
    Inconnue,
    /// S'est dit indisponible un jour au moins.
    Pris,
}

/// Ce que ces périodes disent de celle-ci ; une indisponibilité l'emporte.
pub fn reponse(periodes: &[Disponibilite], debut: Date, fin: Date) -> Reponse {
    if periodes.iter().any(|d| !d.libre && d.touche(debut, fin)) {
        Reponse::Pris
    } else if periodes.iter().any(|d| d.libre && d.couvre(debut, fin)) {
        Reponse::Libre
    } else {
        Reponse::Inconnue
    }
}

/// Les périodes d'un juré, par date.
pub async fn disponibilites(
    base: &Base,
    centre: &Centre,
    jure: &JureId,
) -> Resultat<Vec<Disponibilite>> {
    base.lire(
        "SELECT id, jure, debut, fin, libre, note FROM disponibilite_jure WHERE centre = $1 AND jure = $2 ORDER BY debut, id",
        &valeurs![centre, jure.as_str()],
    )
    .await?
    .iter()
    .map(depuis)
    .collect()
}

/// Toutes les périodes qui ne sont pas finies ce jour-là, par juré.
pub async fn disponibilites_du_centre(
    base: &Base,
    centre: &Centre,
    jour: Date,
) -> Resultat<BTreeMap<JureId, Vec<Disponibilite>>> {
    let lignes = base
        .lire(
            "SELECT id, jure, debut, fin, libre, note FROM disponibilite_jure WHERE centre = $1 AND fin >= $2 ORDER BY jure, debut, id",
            &valeurs![centre, jour.to_string()],
        )
        .await?;
    let mut v: BTreeMap<JureId, Vec<Disponibilite>> = BTreeMap::new();
    for l in &lignes {
        let d = depuis(l)?;
        v.entry(d.jure.clone()).or_default().push(d);
    }
    Ok(v)
}

fn depuis(l: &Ligne) -> Resultat<Disponibilite> {
    Ok(Disponibilite {
        id: l.texte(0)?,
        jure: l
            .texte(1)?
            .parse()
            .map_err(|_| Erreur::Altere("identifiant de juré".into()))?,
        debut: date(l, 2)?,
        fin: date(l, 3)?,
        libre: l.booleen(4)?,
        note: l.texte(5)?,
    })
}

/// Note une période.
pub async fn ajouter_disponibilite(
    base: &Base,
    centre: &Centre,
    d: &Disponibilite,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let ajout = Requete::new(
        "INSERT INTO disponibilite_jure (centre, id, jure, debut, fin, libre, note) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        valeurs![
            centre,
            &d.id,
            d.jure.as_str(),
            d.debut.to_string(),
            d.fin.to_string(),
            d.libre,
            &d.note
        ],
    );
    let contenu = json!({ "jure": d.jure, "debut": d.debut, "fin": d.fin, "libre": d.libre });
    enregistrer(
        base,
        centre,
        auteur,
        "annuaire.disponibilite_notee",
        contenu,
        vec![ajout],
    )
    .await
}

/// Retire une période ; celle d'un autre juré ou d'un autre centre ne se retire pas.
pub async fn retirer_disponibilite(
    base: &Base,
    centre: &Centre,
    jure: &JureId,
    id: &str,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let retrait = Requete::new(
        "DELETE FROM disponibilite_jure WHERE centre = $1 AND jure = $2 AND id = $3",
        valeurs![centre, jure.as_str(), id],
    )
    .attendu(1);
    let contenu = json!({ "jure": jure, "disponibilite": id });
    enregistrer(
        base,
        centre,
        auteur,
        "annuaire.disponibilite_retiree",
        contenu,
        vec![retrait],
    )
    .await
}

/// Un appel d'un juré dans une session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appel {
    /// La session, identifiant.
    pub session: String,
    /// « titulaire » ou « reserve ».
    pub place: String,
    /// La ligne de la session.
    pub ligne: metier::vues::LigneSession,
}

/// Les sessions où ce juré a été retenu, la plus récente d'abord.
pub async fn appels_du_jure(base: &Base, centre: &Centre, jure: &JureId) -> Resultat<Vec<Appel>> {
    let mut v = vec![];
    for place in [metier::jury::Place::Titulaire, metier::jury::Place::Reserve] {
        let cle = crate::vues::facette_jure(jure.as_str(), place.code());
        for l in base
            .lire(
                "SELECT s.session, s.json FROM vue_cle c JOIN vue_session s ON s.centre = c.centre AND s.session = c.session \
                 WHERE c.centre = $1 AND c.cle = $2 ORDER BY c.debut DESC, s.session LIMIT 200",
                &valeurs![centre, cle],
            )
            .await?
        {
            v.push(Appel {
                session: l.texte(0)?,
                place: place.code().to_owned(),
                ligne: serde_json::from_str(l.texte_ref(1)?)
                    .map_err(|e| Erreur::Altere(e.to_string()))?,
            });
        }
    }
    v.sort_by(|a, b| b.ligne.debut.cmp(&a.ligne.debut));
    Ok(v)
}

/// Combien de fois chaque juré a été retenu dans des sessions qui commencent à partir de ce jour : (siège, réserve).
pub async fn balance_des_appels(
    base: &Base,
    centre: &Centre,
    depuis: Date,
) -> Resultat<BTreeMap<String, (u64, u64)>> {
    let lignes = base
        .lire(
            "SELECT cle, COUNT(*) FROM vue_cle WHERE centre = $1 AND cle >= '=jure:' AND cle < '=jure;' AND debut >= $2 GROUP BY cle",
            &valeurs![centre, depuis.to_string()],
        )
        .await?;
    let mut v: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for l in &lignes {
        let cle = l.texte(0)?;
        let Some((jure, place)) = cle.strip_prefix("=jure:").and_then(|c| c.rsplit_once(':'))
        else {
            continue;
        };
        let compte = v.entry(jure.to_owned()).or_default();
        match place {
            "titulaire" => compte.0 = l.naturel(1)?,
            _ => compte.1 = l.naturel(1)?,
        }
    }
    Ok(v)
}
