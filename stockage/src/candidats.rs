//! La personne d'une session à l'autre : proposée par son nom et sa naissance, reliée et séparée par une personne du centre.
//!
//! Une personne n'a pas de fiche à elle : c'est un ensemble d'inscriptions, nommé par l'identifiant de la première reliée.
//! Rien ne se fusionne ; chaque session garde sa fiche. Relier et séparer s'inscrivent au journal du centre.

use metier::parcours::{Antecedent, Source};
use metier::vues::LigneCandidat;
use metier::{CandidatId, SessionId};
use serde_json::json;

use crate::annuaire::{Auteur, enregistrer};
use crate::base::{Base, Erreur, Ligne, Requete, Resultat};
use crate::centre::Centre;
use crate::journal_centre::Changement;
use crate::valeurs;

/// Inscriptions montrées d'une même personne (limite de Garant).
const INSCRIPTIONS_MAX: u64 = 100;

/// Une inscription dans une session du centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inscription {
    /// La session.
    pub session: SessionId,
    /// Ce que la vue en sait.
    pub ligne: LigneCandidat,
    /// La personne à laquelle elle est reliée, s'il y en a une.
    pub personne: Option<String>,
}

impl Inscription {
    /// L'adresse de la personne : celle qui la relie, ou l'inscription seule.
    pub fn cle(&self) -> &str {
        self.personne.as_deref().unwrap_or(self.ligne.id.as_str())
    }
}

fn lire(ligne: &Ligne) -> Resultat<Inscription> {
    let illisible = || Erreur::Altere("vue_candidat : ligne illisible".to_owned());
    Ok(Inscription {
        session: ligne.texte_ref(0)?.parse().map_err(|_| illisible())?,
        ligne: serde_json::from_str(ligne.texte_ref(1)?).map_err(|_| illisible())?,
        personne: ligne.texte_option(2)?,
    })
}

/// Une inscription, par la session et le candidat.
pub async fn inscription(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    candidat: &CandidatId,
) -> Resultat<Option<Inscription>> {
    let sql = "SELECT v.session, v.json, l.personne FROM vue_candidat v
               LEFT JOIN lien_candidat l ON l.centre = v.centre AND l.session = v.session AND l.candidat = v.candidat
               WHERE v.centre = $1 AND v.session = $2 AND v.candidat = $3";
    base.lire_une(sql, &valeurs![centre, session.as_str(), candidat.as_str()])
        .await?
        .as_ref()
        .map(lire)
        .transpose()
}

/// Toutes les inscriptions d'une personne, par sa clé (personne reliée, ou inscription seule) ; de la plus récente.
pub async fn inscriptions_de(
    base: &Base,
    centre: &Centre,
    cle: &str,
) -> Resultat<Vec<Inscription>> {
    let par_lien = "SELECT v.session, v.json, l.personne FROM lien_candidat l
               JOIN vue_candidat v ON v.centre = l.centre AND v.session = l.session AND v.candidat = l.candidat
               WHERE l.centre = $1 AND l.personne = $2 ORDER BY v.session LIMIT $3";
    let parametres = valeurs![centre, cle, INSCRIPTIONS_MAX];
    let mut lues = base.lire(par_lien, &parametres).await?;
    if lues.is_empty() {
        let seule = "SELECT v.session, v.json, l.personne FROM vue_candidat v
               LEFT JOIN lien_candidat l ON l.centre = v.centre AND l.session = v.session AND l.candidat = v.candidat
               WHERE v.centre = $1 AND v.candidat = $2 LIMIT $3";
        lues = base.lire(seule, &parametres).await?;
    }
    let mut i: Vec<_> = lues.iter().map(lire).collect::<Resultat<_>>()?;
    i.sort_by(|a, b| (&b.ligne.debut, &b.session).cmp(&(&a.ligne.debut, &a.session)));
    Ok(i)
}

/// Les autres inscriptions du même nom et de la même naissance, qu'une personne n'a pas encore reliées à celle-ci.
pub async fn proposees(
    base: &Base,
    centre: &Centre,
    a: &Inscription,
) -> Resultat<Vec<Inscription>> {
    // Sans date de naissance, deux homonymes ne se distinguent pas : on ne propose rien.
    if a.ligne.naissance.is_empty() {
        return Ok(vec![]);
    }
    let sql = "SELECT v.session, v.json, l.personne FROM vue_candidat v
               LEFT JOIN lien_candidat l ON l.centre = v.centre AND l.session = v.session AND l.candidat = v.candidat
               WHERE v.centre = $1 AND v.rapprochement = $2 AND v.session <> $3
               ORDER BY v.session LIMIT $4";
    let lues = base
        .lire(
            sql,
            &valeurs![
                centre,
                a.ligne.rapprochement.as_str(),
                a.session.as_str(),
                INSCRIPTIONS_MAX
            ],
        )
        .await?;
    let toutes: Vec<_> = lues.iter().map(lire).collect::<Resultat<_>>()?;
    Ok(toutes.into_iter().filter(|i| i.cle() != a.cle()).collect())
}

/// Relie deux inscriptions : c'est la même personne, dit une personne du centre.
pub async fn relier(
    base: &Base,
    centre: &Centre,
    a: &Inscription,
    b: &Inscription,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let personne = a
        .personne
        .clone()
        .or_else(|| b.personne.clone())
        .unwrap_or_else(|| a.ligne.id.to_string());
    let mut requetes: Vec<_> = [a, b]
        .into_iter()
        .map(|i| {
            Requete::new(
                "INSERT INTO lien_candidat (centre, session, candidat, personne, le) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (centre, session, candidat) DO UPDATE SET personne = excluded.personne, le = excluded.le",
                valeurs![centre, i.session.as_str(), i.ligne.id.as_str(), personne.as_str(), auteur.le.as_str()],
            )
        })
        .collect();
    // Deux ensembles qui se rejoignent n'en font plus qu'un.
    if let Some(autre) = b.personne.as_ref().filter(|p| **p != personne) {
        requetes.push(Requete::new(
            "UPDATE lien_candidat SET personne = $1 WHERE centre = $2 AND personne = $3",
            valeurs![personne.as_str(), centre, autre.as_str()],
        ));
    }
    let details = json!({
        "a": { "session": a.session.as_str(), "candidat": a.ligne.id.as_str() },
        "b": { "session": b.session.as_str(), "candidat": b.ligne.id.as_str() },
        "personne": personne,
    });
    enregistrer(base, centre, auteur, "candidat.relie", details, requetes).await
}

/// Sépare une inscription des autres : ce n'était pas la même personne.
pub async fn separer(
    base: &Base,
    centre: &Centre,
    a: &Inscription,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let details = json!({
        "session": a.session.as_str(), "candidat": a.ligne.id.as_str(), "personne": a.personne,
    });
    let requete = Requete::new(
        "DELETE FROM lien_candidat WHERE centre = $1 AND session = $2 AND candidat = $3",
        valeurs![centre, a.session.as_str(), a.ligne.id.as_str()],
    );
    enregistrer(
        base,
        centre,
        auteur,
        "candidat.separe",
        details,
        vec![requete],
    )
    .await
}

/// Ce que les sessions passées du centre disent de ce candidat : celles auxquelles on l'a relié, délibérées avant celle-ci.
pub async fn anterieurs(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    candidat: &CandidatId,
) -> Resultat<Vec<Antecedent>> {
    let Some(ici) = inscription(base, centre, session, candidat).await? else {
        return Ok(vec![]);
    };
    let Some(personne) = &ici.personne else {
        return Ok(vec![]);
    };
    let mut anterieurs: Vec<_> = inscriptions_de(base, centre, personne)
        .await?
        .into_iter()
        .filter(|i| i.session != *session && i.ligne.debut < ici.ligne.debut)
        .filter_map(|i| {
            let r = i.ligne.resultat?;
            Some(Antecedent {
                numero: 0,
                titre: i.ligne.titre,
                intitule: i.ligne.intitule,
                type_session: metier::programme::TypeSession::depuis_code(&i.ligne.type_session)?,
                le: r.le,
                issue: r.issue,
                certificats: r.certificats,
                source: Source::Session(i.session),
            })
        })
        .collect();
    anterieurs.sort_by_key(|a| a.le);
    Ok(anterieurs)
}

/// Inscrit au journal du centre que la mesure d'un aménagement a été lue, sans la dire.
pub async fn noter_la_lecture(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    candidat: &CandidatId,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let details = json!({ "session": session.as_str(), "candidat": candidat.as_str() });
    enregistrer(base, centre, auteur, "amenagement.lu", details, vec![]).await
}

/// Inscrit au journal du centre que les données d'un candidat lui ont été remises.
pub async fn noter_la_remise_des_donnees(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    candidat: &CandidatId,
    auteur: &Auteur,
) -> Resultat<Changement> {
    let details = json!({ "session": session.as_str(), "candidat": candidat.as_str() });
    enregistrer(
        base,
        centre,
        auteur,
        "candidat.donnees_remises",
        details,
        vec![],
    )
    .await
}
