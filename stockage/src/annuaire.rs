//! L'annuaire du centre : ses jurés, leurs habilitations.
//!
//! Rien ne s'efface d'un trait : une fiche se corrige avec un motif ou se désactive, une habilitation se
//! corrige ou se termine. Chaque changement s'écrit au journal du centre, dans la même transaction.

mod changement;
mod disponibilites;
#[cfg(test)]
mod essais_annuaire;
pub(crate) mod habilitations;

pub use changement::Auteur;
pub(crate) use changement::enregistrer;
pub use disponibilites::{
    Appel, Disponibilite, PERIODES_MAX, Reponse, ajouter_disponibilite, appels_du_jure,
    balance_des_appels, disponibilites, disponibilites_du_centre, reponse, retirer_disponibilite,
};
pub use habilitations::{
    Couverture, Echeance, FicheHabilitation, Habilitation, JurePropose, ajouter_habilitation,
    corriger_habilitation, habilitations_du_centre, habilitations_du_jure,
    habilitations_finissant_avant, jures_habilites, jures_pour_session,
};

use crate::base::{Base, Ligne, Requete};
use crate::{Centre, Changement, Resultat, valeurs};
use metier::JureId;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Nombre de jurés rendus par une recherche : au-delà, la page demande de préciser.
pub const LIMITE_RECHERCHE: usize = 200;

/// Ce qu'on écrit d'un juré. Un champ vide est un champ non renseigné.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FicheJure {
    /// Nom de famille.
    pub nom: String,
    /// Prénom.
    pub prenom: String,
    /// Qualité : métier ou fonction, telle qu'elle s'imprime sur le PV.
    pub qualite: String,
    /// Employeur, ou « retraité », « indépendant ».
    pub employeur: String,
    /// Courriel.
    pub courriel: String,
    /// Téléphone.
    pub telephone: String,
    /// Adresse postale de convocation, sur plusieurs lignes.
    pub adresse: String,
    /// Note du centre (déplacement, préférences…). Jamais de jugement sur la personne.
    pub note: String,
    /// Commune d'où il vient.
    #[serde(default)]
    pub commune: String,
    /// Distance jusqu'au centre, en kilomètres ; rien : inconnue.
    #[serde(default)]
    pub distance_km: Option<u32>,
    /// Entreprises et organismes auxquels il se dit lié, un par ligne.
    #[serde(default)]
    pub liens: String,
}

impl FicheJure {
    fn recherche(&self) -> String {
        replier(&format!(
            "{} {} {} {} {}",
            self.nom, self.prenom, self.qualite, self.employeur, self.commune
        ))
    }
}

/// Un juré de l'annuaire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jure {
    /// Identifiant.
    pub id: JureId,
    /// Sa fiche.
    pub fiche: FicheJure,
    /// Faux : désactivé, il n'est plus proposé.
    pub actif: bool,
    /// Nombre de changements de la fiche ; à rendre avec toute correction.
    pub revision: u64,
}

impl Jure {
    /// « Camille DURAND ».
    pub fn nom_complet(&self) -> String {
        format!("{} {}", self.fiche.prenom, self.fiche.nom.to_uppercase())
            .trim()
            .to_owned()
    }
}

/// Quels jurés montrer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Activite {
    /// Les jurés actifs.
    #[default]
    Actifs,
    /// Les jurés désactivés.
    Desactives,
    /// Tous.
    Tous,
}

/// Cherche des jurés par nom, prénom, qualité ou employeur (sans accents ni majuscules), triés par nom.
///
/// Rend au plus [`LIMITE_RECHERCHE`] jurés.
pub async fn chercher_jures(
    base: &Base,
    centre: &Centre,
    texte: &str,
    activite: Activite,
) -> Resultat<Vec<Jure>> {
    let (mini, maxi) = match activite {
        Activite::Actifs => (1, 1),
        Activite::Desactives => (0, 0),
        Activite::Tous => (0, 1),
    };
    let lignes = base
        .lire(
            "SELECT id, nom, prenom, qualite, employeur, courriel, telephone, adresse, note, actif, revision, commune, distance_km, liens \
             FROM jure WHERE centre = $1 AND actif BETWEEN $2 AND $3 AND recherche LIKE $4 ESCAPE '!' \
             ORDER BY recherche, id LIMIT 200",
            &valeurs![centre, mini, maxi, motif_de_recherche(texte)],
        )
        .await?;
    lignes.iter().map(|l| jure_depuis(l, 0)).collect()
}

/// Le juré de cet identifiant, actif ou non.
pub async fn jure(base: &Base, centre: &Centre, id: &JureId) -> Resultat<Option<Jure>> {
    let ligne = base
        .lire_une(
            "SELECT id, nom, prenom, qualite, employeur, courriel, telephone, adresse, note, actif, revision, commune, distance_km, liens \
             FROM jure WHERE centre = $1 AND id = $2",
            &valeurs![centre, id.as_str()],
        )
        .await?;
    ligne.as_ref().map(|l| jure_depuis(l, 0)).transpose()
}

/// Les jurés actifs qui portent ce nom et ce prénom (aux accents près) : un doublon possible, à montrer avant d'ajouter.
pub async fn homonymes(
    base: &Base,
    centre: &Centre,
    nom: &str,
    prenom: &str,
) -> Resultat<Vec<Jure>> {
    let voulu = (replier(nom), replier(prenom));
    let trouves = chercher_jures(base, centre, &format!("{nom} {prenom}"), Activite::Tous).await?;
    Ok(trouves
        .into_iter()
        .filter(|j| (replier(&j.fiche.nom), replier(&j.fiche.prenom)) == voulu)
        .collect())
}

/// Ajoute un juré à l'annuaire. L'identifiant naît avec le formulaire : poster deux fois n'ajoute qu'une personne.
pub async fn ajouter_jure(
    base: &Base,
    centre: &Centre,
    id: &JureId,
    fiche: &FicheJure,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let ajout = Requete::new(
        "INSERT INTO jure (centre, id, nom, prenom, recherche, qualite, employeur, courriel, telephone, adresse, note, actif, revision, commune, distance_km, liens) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, 1, $12, $13, $14)",
        valeurs![
            centre,
            id.as_str(),
            &fiche.nom,
            &fiche.prenom,
            fiche.recherche(),
            &fiche.qualite,
            &fiche.employeur,
            &fiche.courriel,
            &fiche.telephone,
            &fiche.adresse,
            &fiche.note,
            &fiche.commune,
            fiche.distance_km,
            &fiche.liens
        ],
    );
    let contenu = json!({ "jure": id, "fiche": fiche });
    enregistrer(
        base,
        centre,
        auteur,
        "annuaire.jure_ajoute",
        contenu,
        vec![ajout],
    )
    .await
}

/// Corrige la fiche d'un juré, telle qu'elle était à `revision` ; un conflit dit qu'une autre personne l'a changée depuis.
pub async fn corriger_jure(
    base: &Base,
    centre: &Centre,
    avant: &Jure,
    fiche: &FicheJure,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let correction = Requete::new(
        "UPDATE jure SET nom = $4, prenom = $5, recherche = $6, qualite = $7, employeur = $8, courriel = $9, telephone = $10, \
         adresse = $11, note = $12, commune = $13, distance_km = $14, liens = $15, revision = revision + 1 WHERE centre = $1 AND id = $2 AND revision = $3",
        valeurs![
            centre, avant.id.as_str(), avant.revision, &fiche.nom, &fiche.prenom, fiche.recherche(), &fiche.qualite,
            &fiche.employeur, &fiche.courriel, &fiche.telephone, &fiche.adresse, &fiche.note, &fiche.commune, fiche.distance_km,
            &fiche.liens
        ],
    )
    .attendu(1);
    let contenu = json!({ "jure": avant.id, "avant": avant.fiche, "apres": fiche });
    enregistrer(
        base,
        centre,
        auteur,
        "annuaire.jure_corrige",
        contenu,
        vec![correction],
    )
    .await
}

/// Désactive un juré (il n'est plus proposé, ses sessions passées restent), ou le réactive.
pub async fn activer_jure(
    base: &Base,
    centre: &Centre,
    avant: &Jure,
    actif: bool,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let requete = Requete::new(
        "UPDATE jure SET actif = $4, revision = revision + 1 WHERE centre = $1 AND id = $2 AND revision = $3",
        valeurs![centre, avant.id.as_str(), avant.revision, actif],
    )
    .attendu(1);
    let etiquette = if actif {
        "annuaire.jure_reactive"
    } else {
        "annuaire.jure_desactive"
    };
    enregistrer(
        base,
        centre,
        auteur,
        etiquette,
        json!({ "jure": avant.id }),
        vec![requete],
    )
    .await
}

/// Lit un juré à partir de la colonne donnée (quatorze colonnes, dans l'ordre des requêtes de ce fichier).
fn jure_depuis(l: &Ligne, c: usize) -> Resultat<Jure> {
    Ok(Jure {
        id: l
            .texte(c)?
            .parse()
            .map_err(|_| crate::Erreur::Altere("identifiant de juré".into()))?,
        fiche: FicheJure {
            nom: l.texte(c + 1)?,
            prenom: l.texte(c + 2)?,
            qualite: l.texte(c + 3)?,
            employeur: l.texte(c + 4)?,
            courriel: l.texte(c + 5)?,
            telephone: l.texte(c + 6)?,
            adresse: l.texte(c + 7)?,
            note: l.texte(c + 8)?,
            commune: l.texte(c + 11)?,
            distance_km: l.entier_option(c + 12)?.and_then(|n| u32::try_from(n).ok()),
            liens: l.texte(c + 13)?,
        },
        actif: l.booleen(c + 9)?,
        revision: l.naturel(c + 10)?,
    })
}

/// Un texte sans accents, sans majuscules, une seule espace entre les mots : ce qui se compare et se trie.
pub fn replier(texte: &str) -> String {
    let mut sortie = String::with_capacity(texte.len());
    for c in texte.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' => sortie.push('a'),
            'ç' => sortie.push('c'),
            'é' | 'è' | 'ê' | 'ë' => sortie.push('e'),
            'î' | 'ï' | 'í' | 'ì' => sortie.push('i'),
            'ñ' => sortie.push('n'),
            'ô' | 'ö' | 'ó' | 'ò' | 'õ' => sortie.push('o'),
            'ù' | 'û' | 'ü' | 'ú' => sortie.push('u'),
            'ÿ' | 'ý' => sortie.push('y'),
            'œ' => sortie.push_str("oe"),
            'æ' => sortie.push_str("ae"),
            '’' | '\'' | '-' | '‑' => sortie.push(' '),
            // Un accent écrit à part (NFD) : la lettre suffit.
            '\u{300}'..='\u{36f}' => {}
            autre => sortie.push(autre),
        }
    }
    sortie.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Le motif LIKE d'une recherche, mots dans l'ordre ; `!` protège les jokers.
fn motif_de_recherche(texte: &str) -> String {
    let protege = replier(texte)
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    format!("%{}%", protege.replace(' ', "%"))
}
