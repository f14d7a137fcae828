//! Les vues : ce qui traverse les sessions (listes, recherche). Dérivées, jetables, jamais en retard.
//!
//! [`differences`] ne réécrit que ce qui change entre deux états ; [`reconstruire`] repart du journal.
//! Une session se retrouve par des clés : ses mots repliés, et ses facettes (`=role:{personne}:{role}`).

mod bilan;
mod liste;

use std::collections::{BTreeSet, HashMap, HashSet};

use metier::vues::{LigneCandidat, LignesVues, ROLE_CONFIE};
use metier::{CandidatId, SessionId};

pub use bilan::{LigneStatistique, Periode, Retard, retards, sessions_comptees, statistiques};
pub use liste::{Etat, Filtre, PageCandidats, PageSessions, ResumeSession, candidats, sessions};

#[cfg(test)]
pub(crate) use liste::textes_des_listes;

use crate::base::{Base, Requete, Resultat};
use crate::centre::Centre;
use crate::executer::json;
use crate::sessions::{flux_de, rejouer_flux};
use crate::valeurs;

/// Un mot plus long ne se cherche que par son début.
const MOT_MAX: usize = 40;

/// Les mots cherchables d'un texte déjà rapproché.
fn mots(texte: &str) -> impl Iterator<Item = &str> {
    texte.split_whitespace().map(|mot| {
        let fin = mot
            .char_indices()
            .nth(MOT_MAX)
            .map_or(mot.len(), |(i, _)| i);
        &mot[..fin]
    })
}

/// La facette d'un rôle, ou d'une personne quel que soit son rôle.
fn facette_role(personne: &str, role: Option<&str>) -> String {
    match role {
        None => format!("=role:{personne}"),
        Some(role) => format!("=role:{personne}:{role}"),
    }
}

/// La facette d'un juré, à cette place.
pub(crate) fn facette_jure(jure: &str, place: &str) -> String {
    format!("=jure:{jure}:{place}")
}

/// La facette des sessions annulées.
const FACETTE_ANNULEE: &str = "=annulee";

/// Les facettes d'une session : ses rôles, ses jurés, son annulation.
fn facettes(lignes: &LignesVues) -> Vec<String> {
    let Some(session) = &lignes.session else {
        return vec![];
    };
    let mut facettes: Vec<String> = lignes
        .roles
        .iter()
        .flat_map(|role| {
            let personne = role.personne.as_str();
            [
                facette_role(personne, None),
                facette_role(personne, Some(&role.role)),
            ]
        })
        .collect();
    facettes.extend(session.annulee.then(|| FACETTE_ANNULEE.to_owned()));
    // Une tâche confiée ne donne pas la session : seule cette facette la retrouve.
    facettes.extend(
        lignes
            .confiees
            .iter()
            .map(|personne| facette_role(personne.as_str(), Some(ROLE_CONFIE))),
    );
    facettes.extend(
        lignes
            .jures
            .iter()
            .map(|(jure, place)| facette_jure(jure.as_str(), place)),
    );
    facettes
}

/// Toutes les clés d'une session, sans les recopier.
fn cles<'l>(lignes: &'l LignesVues, facettes: &'l [String]) -> BTreeSet<&'l str> {
    let Some(session) = &lignes.session else {
        return BTreeSet::new();
    };
    mots(&session.recherche)
        .chain(lignes.candidats.iter().flat_map(|c| mots(&c.recherche)))
        .chain(facettes.iter().map(String::as_str))
        .collect()
}

/// Les requêtes qui font passer les vues d'un état à un autre.
pub(crate) fn differences(
    centre: &Centre,
    session: &SessionId,
    avant: &LignesVues,
    apres: &LignesVues,
) -> Resultat<Vec<Requete>> {
    let mut requetes = Vec::new();
    if avant == apres {
        return Ok(requetes);
    }
    let id = session.as_str();
    if avant.session != apres.session
        && let Some(ligne) = &apres.session
    {
        requetes.push(Requete::new(
            "INSERT INTO vue_session (centre, session, debut, fin, annulee, json) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (centre, session) DO UPDATE SET debut = excluded.debut, fin = excluded.fin,
                annulee = excluded.annulee, json = excluded.json",
            valeurs![centre, id, ligne.debut.as_str(), ligne.fin.as_str(), ligne.annulee, json(ligne)?],
        ));
    }
    ranger_les_cles(centre, id, avant, apres, &mut requetes);
    requetes.extend(bilan::differences(centre, id, avant, apres));
    let connus: HashMap<&CandidatId, &LigneCandidat> =
        avant.candidats.iter().map(|c| (&c.id, c)).collect();
    for candidat in &apres.candidats {
        if connus.get(&candidat.id) != Some(&candidat) {
            requetes.push(ranger_candidat(centre, id, candidat, json(candidat)?));
        }
    }
    let restants: HashSet<&CandidatId> = apres.candidats.iter().map(|c| &c.id).collect();
    for candidat in avant.candidats.iter().filter(|c| !restants.contains(&c.id)) {
        requetes.push(Requete::new(
            "DELETE FROM vue_candidat WHERE centre = $1 AND session = $2 AND candidat = $3",
            valeurs![centre, id, candidat.id.as_str()],
        ));
    }
    Ok(requetes)
}

/// Les requêtes qui changent les clés d'une session.
fn ranger_les_cles(
    centre: &Centre,
    id: &str,
    avant: &LignesVues,
    apres: &LignesVues,
    requetes: &mut Vec<Requete>,
) {
    let debut = |lignes: &LignesVues| {
        lignes
            .session
            .as_ref()
            .map(|s| s.debut.clone())
            .unwrap_or_default()
    };
    let (debut_avant, debut_apres) = (debut(avant), debut(apres));
    let (facettes_avant, facettes_apres) = (facettes(avant), facettes(apres));
    let cles_avant = cles(avant, &facettes_avant);
    let cles_apres = cles(apres, &facettes_apres);
    for cle in cles_avant.difference(&cles_apres) {
        requetes.push(Requete::new(
            "DELETE FROM vue_cle WHERE centre = $1 AND session = $2 AND cle = $3",
            valeurs![centre, id, *cle],
        ));
    }
    for cle in cles_apres
        .iter()
        .filter(|cle| debut_avant != debut_apres || !cles_avant.contains(*cle))
    {
        requetes.push(Requete::new(
            "INSERT INTO vue_cle (centre, session, cle, debut) VALUES ($1, $2, $3, $4)
             ON CONFLICT (centre, session, cle) DO UPDATE SET debut = excluded.debut",
            valeurs![centre, id, *cle, debut_apres.as_str()],
        ));
    }
}

fn ranger_candidat(
    centre: &Centre,
    session: &str,
    candidat: &LigneCandidat,
    texte: String,
) -> Requete {
    Requete::new(
        "INSERT INTO vue_candidat (centre, session, candidat, cle, json, rapprochement) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (centre, session, candidat) DO UPDATE SET cle = excluded.cle, json = excluded.json,
            rapprochement = excluded.rapprochement",
        valeurs![centre, session, candidat.id.as_str(), candidat.recherche.as_str(), texte, candidat.rapprochement.as_str()],
    )
}

/// Les requêtes qui effacent toutes les vues d'une session.
pub(crate) fn effacer(centre: &Centre, session: &SessionId) -> Vec<Requete> {
    [
        "DELETE FROM vue_session WHERE centre = $1 AND session = $2",
        "DELETE FROM vue_cle WHERE centre = $1 AND session = $2",
        "DELETE FROM vue_candidat WHERE centre = $1 AND session = $2",
        "DELETE FROM vue_bilan WHERE centre = $1 AND session = $2",
        "DELETE FROM vue_delai WHERE centre = $1 AND session = $2",
    ]
    .map(|sql| Requete::new(sql, valeurs![centre, session.as_str()]))
    .into()
}

/// Refait les vues si une migration y a ajouté ce que d'anciennes lignes n'ont pas ; rend le nombre de sessions refaites.
pub async fn mettre_a_niveau(base: &Base) -> Resultat<u64> {
    let ancienne = "SELECT candidat FROM vue_candidat WHERE rapprochement = '' LIMIT 1";
    match base.lire_une(ancienne, &[]).await? {
        Some(_) => reconstruire(base).await,
        None => Ok(0),
    }
}

/// Refait les vues de toutes les sessions, depuis les journaux ; rend le nombre de sessions.
///
/// Le service doit être à l'arrêt : une écriture simultanée pourrait être recouverte.
pub async fn reconstruire(base: &Base) -> Resultat<u64> {
    let tout = [
        "DELETE FROM vue_session",
        "DELETE FROM vue_cle",
        "DELETE FROM vue_candidat",
        "DELETE FROM vue_bilan",
        "DELETE FROM vue_delai",
    ];
    base.transaction(tout.map(|sql| Requete::new(sql, vec![])).into())
        .await?;
    let (mut dernier, mut nombre) = (String::new(), 0);
    loop {
        let sql = "SELECT flux FROM journal WHERE rang = 1 AND flux > $1 ORDER BY flux LIMIT 200";
        let lues = base.lire(sql, &valeurs![dernier.as_str()]).await?;
        if lues.is_empty() {
            return Ok(nombre);
        }
        for ligne in lues {
            dernier = ligne.texte(0)?;
            let Some((centre, session)) = dernier.rsplit_once('/') else {
                continue;
            };
            let Ok(session) = session.parse::<SessionId>() else {
                continue;
            };
            let centre = Centre::new(centre);
            let Ok(flux) = flux_de(&centre, &session) else {
                continue;
            };
            let (etat, _) = rejouer_flux(base, &flux).await?;
            let lignes = metier::vues::lignes(&etat);
            base.transaction(differences(
                &centre,
                &session,
                &LignesVues::default(),
                &lignes,
            )?)
            .await?;
            nombre += 1;
        }
    }
}
