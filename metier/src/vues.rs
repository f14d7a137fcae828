//! Ce qui traverse les sessions : des lignes pour les listes et la recherche, fonction pure de l'état.
//!
//! Rien ici ne dépend du jour : reconstruire les vues demain rend les mêmes lignes.

use crate::bilan::{self, LigneBilan};
use crate::session::Session;
use crate::session::candidats::Candidat;
use crate::session::deliberation::{Issue, Sort};
use crate::session::equipe::Poste;
use crate::{CandidatId, JureId, PersonneId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// La ligne d'une session dans la liste.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LigneSession {
    /// Intitulé du titre.
    pub intitule: String,
    /// Sigle ou vide.
    pub sigle: String,
    /// Clé du référentiel.
    pub titre: String,
    /// « titre », « ccp », « ccs ».
    pub type_session: String,
    /// « Session CCP : CCP1 ».
    pub libelle_type: String,
    /// Nom du site.
    pub site: String,
    /// Premier jour, ISO.
    pub debut: String,
    /// Dernier jour, ISO.
    pub fin: String,
    /// Numéro CERES ou vide.
    pub numero_ceres: String,
    /// Nom du responsable ou vide.
    pub responsable: String,
    /// Candidats inscrits.
    pub candidats: u32,
    /// Vrai si annulée.
    pub annulee: bool,
    /// Texte de recherche, minuscules sans accents.
    pub recherche: String,
}

/// La ligne d'un candidat, pour la recherche.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LigneCandidat {
    /// Identifiant.
    pub id: CandidatId,
    /// Nom montré.
    pub nom: String,
    /// Texte de recherche, minuscules sans accents.
    pub recherche: String,
    /// Clé de rapprochement : nom de naissance, prénoms, naissance. Propose, ne fusionne jamais.
    #[serde(default)]
    pub rapprochement: String,
    /// Naissance, ISO, ou vide.
    #[serde(default)]
    pub naissance: String,
    /// Clé du référentiel.
    #[serde(default)]
    pub titre: String,
    /// Intitulé du titre.
    #[serde(default)]
    pub intitule: String,
    /// « titre », « ccp », « ccs ».
    #[serde(default)]
    pub type_session: String,
    /// Premier jour de la session, ISO.
    #[serde(default)]
    pub debut: String,
    /// Ce que le jury a décidé, une fois la délibération close.
    #[serde(default)]
    pub resultat: Option<LigneResultat>,
}

/// Le résultat d'un candidat, une fois la délibération close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LigneResultat {
    /// Jour de la délibération.
    pub le: Date,
    /// L'issue.
    pub issue: Issue,
    /// Certificats attribués par ce jury.
    pub certificats: Vec<String>,
}

/// Le rôle d'une personne dans la session, pour savoir quelles sessions sont les siennes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LigneRole {
    /// Personne.
    pub personne: PersonneId,
    /// Code du poste.
    pub role: String,
}

/// Le code sous lequel se retrouvent les sessions où une tâche est confiée à quelqu'un.
pub const ROLE_CONFIE: &str = "confie";

/// Toutes les lignes d'une session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LignesVues {
    /// La session ; absente tant qu'elle n'est pas créée.
    pub session: Option<LigneSession>,
    /// Ses candidats inscrits.
    pub candidats: Vec<LigneCandidat>,
    /// Les rôles de ses personnes.
    pub roles: Vec<LigneRole>,
    /// Les personnes à qui une tâche y est confiée, avec ou sans rôle.
    #[serde(default)]
    pub confiees: Vec<PersonneId>,
    /// Ses jurés : (identifiant, code de la place).
    #[serde(default)]
    pub jures: Vec<(JureId, String)>,
    /// Ce qu'elle a donné, par voie d'accès ; vide si elle est annulée.
    #[serde(default)]
    pub bilan: Vec<LigneBilan>,
    /// Ses délais dont la date est connue.
    #[serde(default)]
    pub delais: Vec<LigneDelai>,
}

/// Un délai de la session : sa limite, et le jour où c'est fait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LigneDelai {
    /// Code de la règle.
    pub code: String,
    /// Dernier jour, ISO.
    pub limite: String,
    /// Jour où c'est fait, ISO ; vide : pas encore.
    pub fait_le: String,
}

/// Ce que chaque délai compté veut dire : (code de la règle, libellé).
pub const DELAIS: [(&str, &str); 4] = [
    ("R15", "Plis d’épreuves reçus"),
    ("R37", "Candidats convoqués"),
    ("R36", "Jurés convoqués"),
    ("R95", "Original du procès-verbal envoyé"),
];

fn delais(s: &Session, p: &crate::programme::Programme) -> Vec<LigneDelai> {
    use crate::convocations::Destinataire as D;
    use crate::echeances::{jours_apres, jours_avant, limite_de_convocation};
    let remise = |d: &D| {
        let c = s.convocations.de(d)?;
        c.remise.as_ref().map(|(r, _)| r.le)
    };
    // Convoqué : le jour de la dernière remise, si tous l'ont été.
    let derniere = |l: Vec<D>| {
        let jours: Option<Vec<_>> = l.iter().map(remise).collect();
        jours.and_then(|j| j.into_iter().max())
    };
    let candidats = s.inscrits().map(|c| D::Candidat(c.id.clone())).collect();
    let jures = s
        .jury
        .iter()
        .filter(|m| m.membre.place == crate::jury::Place::Titulaire)
        .map(|m| D::Jure(m.membre.jure.clone()))
        .collect();
    let recu = s
        .plis
        .liste
        .iter()
        .filter(|x| x.sorte == crate::plis::Sorte::Epreuves)
        .filter_map(|x| x.franchie(crate::plis::Etape::Recu))
        .map(|f| f.survenu.date())
        .min();
    let envoye =
        s.pv.franchie(crate::pv::Etape::Envoye)
            .map(|f| f.survenu.date());
    let convocation = |code| limite_de_convocation(p, &s.cadre, code);
    [
        ("R15", jours_avant(p.debut, s.cadre.valeur("R15")), recu),
        ("R37", convocation("R37"), derniere(candidats)),
        ("R36", convocation("R36"), derniere(jures)),
        ("R95", jours_apres(p.fin, s.cadre.valeur("R95")), envoye),
    ]
    .map(|(code, limite, fait): (&str, _, _)| LigneDelai {
        code: code.into(),
        limite: limite.to_string(),
        fait_le: fait.map(|d| d.to_string()).unwrap_or_default(),
    })
    .into()
}

/// Texte rapproché pour la recherche : minuscules, sans accents, mots séparés par une espace.
pub fn recherchable(s: &str) -> String {
    s.split(|c: char| c.is_whitespace() || "’'-,.".contains(c))
        .map(crate::candidats::sans_accents)
        .filter(|m| !m.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Le résultat d'un candidat, si la délibération est close.
fn resultat(s: &Session, c: &CandidatId) -> Option<LigneResultat> {
    let close = s.deliberation.close?;
    let d = s.deliberation.decisions.get(c)?;
    Some(LigneResultat {
        le: close.date(),
        issue: d.issue,
        certificats: d
            .certificats
            .iter()
            .filter(|(_, sort)| **sort == Sort::Attribue)
            .map(|(c, _)| c.clone())
            .collect(),
    })
}

/// La ligne d'un candidat : elle dépend de lui, de son résultat, et de ce que [`lignes_depuis`] compare.
fn ligne_candidat(s: &Session, p: &crate::programme::Programme, c: &Candidat) -> LigneCandidat {
    LigneCandidat {
        id: c.id.clone(),
        nom: c.fiche.nom_etat_civil(),
        recherche: recherchable(&format!(
            "{} {} {}",
            c.fiche.nom_naissance,
            c.fiche.nom_usage.as_deref().unwrap_or_default(),
            c.fiche.prenoms
        )),
        rapprochement: c.fiche.cle_rapprochement(),
        naissance: c.fiche.naissance.map(|d| d.to_string()).unwrap_or_default(),
        titre: p.referentiel.cle.clone(),
        intitule: p.referentiel.intitule.clone(),
        type_session: p.type_session.code().into(),
        debut: p.debut.to_string(),
        resultat: resultat(s, &c.id),
    }
}

/// Les lignes d'une session.
pub fn lignes(s: &Session) -> LignesVues {
    lignes_depuis(&Session::default(), &LignesVues::default(), s)
}

/// Les lignes d'une session, en reprenant celles d'avant pour les candidats qui n'ont pas changé.
///
/// Rend ce que rendrait [`lignes`] : un geste ne change le plus souvent qu'un candidat sur soixante.
pub fn lignes_depuis(avant: &Session, connues: &LignesVues, s: &Session) -> LignesVues {
    // Les inscrits gardent leur ordre : avant et après s'avancent du même pas ; un retrait décale, et l'on refait.
    let mut anciens = avant.inscrits().zip(&connues.candidats);
    let Some(p) = &s.programme else {
        return LignesVues::default();
    };
    let debut = p.debut.to_string();
    let meme_session = |l: &LigneCandidat| {
        l.debut == debut
            && l.titre == p.referentiel.cle
            && l.intitule == p.referentiel.intitule
            && l.type_session == p.type_session.code()
    };
    let candidats = s
        .inscrits()
        .map(|c| match anciens.next() {
            Some((ancien, connue))
                if ancien == c && meme_session(connue) && connue.resultat == resultat(s, &c.id) =>
            {
                connue.clone()
            }
            _ => ligne_candidat(s, p, c),
        })
        .collect();
    let r = &p.referentiel;
    // Une session annulée n'a rien donné ; une session purgée n'a plus ses délais.
    let compte = p.annulee.is_none();
    let responsable = s
        .equipe
        .responsable()
        .map(|i| i.nom.clone())
        .unwrap_or_default();
    LignesVues {
        session: Some(LigneSession {
            recherche: recherchable(&format!(
                "{} {} {} {} {} {} {}",
                r.intitule,
                r.sigle.as_deref().unwrap_or_default(),
                r.cle,
                p.site.nom,
                p.numero_ceres.as_deref().unwrap_or_default(),
                responsable,
                p.debut
            )),
            intitule: r.intitule.clone(),
            sigle: r.sigle.clone().unwrap_or_default(),
            titre: r.cle.clone(),
            type_session: p.type_session.code().into(),
            libelle_type: p.libelle_type(),
            site: p.site.nom.clone(),
            debut: p.debut.to_string(),
            fin: p.fin.to_string(),
            numero_ceres: p.numero_ceres.clone().unwrap_or_default(),
            responsable,
            candidats: s.inscrits().count() as u32,
            annulee: p.annulee.is_some(),
        }),
        jures: s
            .jury
            .iter()
            .filter(|_| compte)
            .map(|m| (m.membre.jure.clone(), m.membre.place.code().to_owned()))
            .collect(),
        candidats,
        roles: s
            .equipe
            .membres
            .iter()
            .filter(|(poste, _)| *poste != Poste::Formateur)
            .map(|(poste, i)| LigneRole {
                personne: i.id.clone(),
                role: poste.code().into(),
            })
            .collect(),
        confiees: {
            let mut qui: Vec<_> = s.taches.confiees.values().map(|d| d.a.clone()).collect();
            qui.sort();
            qui.dedup();
            qui
        },
        bilan: if compte { bilan::de(s) } else { vec![] },
        delais: if compte && !s.archivage.est_purgee() {
            delais(s, p)
        } else {
            vec![]
        },
    }
}
