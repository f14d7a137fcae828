//! Une décision de jury se tient-elle ? Les règles de cohérence, sans juger le jury (reglement.md R85 à R90).

use super::{DecisionJury, Issue, Sort, certificats};
use crate::contexte::Constat;
use crate::session::Session;
use crate::session::candidats::Candidat;
use crate::session::programme::TypeSession;

/// Longueur maximale d'une motivation ou de recommandations (limite de Garant).
const TEXTE_MAX: usize = 4_000;

/// Ce qui ne se tient pas dans cette décision. Vide : elle est cohérente.
pub(super) fn fautes(s: &Session, c: &Candidat, d: &DecisionJury) -> Vec<Constat> {
    let mut k = vec![];
    let nom = c.fiche.nom_complet();
    let mut dire = |code: &str, champ: &str, phrase: String, remede: &str| {
        k.push(Constat {
            code: code.into(),
            ..Constat::saisie(champ, phrase, remede)
        });
    };
    let absent = !s.jour.est_venu(&c.id);
    if absent != (d.issue == Issue::Absence) {
        if absent {
            dire(
                "R85",
                "issue",
                format!("{nom} n’a été présent aucun jour : seule l’absence se constate."),
                "Choisissez « Absence », ou notez sa présence à la page Jour J si elle a été oubliée.",
            );
        } else {
            dire(
                "R85",
                "issue",
                format!("{nom} a été noté présent : ce n’est pas une absence."),
                "Choisissez l’issue décidée par le jury.",
            );
        }
        return k;
    }
    if d.issue == Issue::Absence {
        if d.certificats.values().any(|x| *x != Sort::DejaAcquis) || d.entretien_favorable.is_some()
        {
            dire(
                "R85",
                "issue",
                format!(
                    "{nom} était absent : aucun certificat ne peut lui être attribué ni refusé."
                ),
                "Laissez vides les certificats et l’entretien.",
            );
        }
        return k;
    }
    let en_jeu = certificats(s);
    if let Some((code, _)) = en_jeu.iter().find(|(x, _)| !d.certificats.contains_key(x)) {
        dire(
            "R85",
            "certificats",
            format!("La décision sur {code} manque pour {nom}."),
            "Dites pour chaque certificat s’il est attribué, refusé ou déjà acquis.",
        );
        return k;
    }
    if let Some(p) = &s.programme
        && let acquis = c.ccps_acquis(&p.referentiel.cle)
        && let Some((code, _)) = d
            .certificats
            .iter()
            .find(|(x, sort)| **sort == Sort::Refuse && acquis.contains(x.as_str()))
    {
        dire(
            "R88",
            "certificats",
            format!(
                "{nom} a déjà {code} d’après son parcours : un certificat acquis l’est pour toujours."
            ),
            "Laissez-le « Déjà acquis ». S’il a été noté par erreur dans son parcours, corrigez d’abord le parcours.",
        );
        return k;
    }
    if d.certificats
        .keys()
        .any(|x| !en_jeu.iter().any(|(c, _)| c == x))
    {
        dire(
            "R85",
            "certificats",
            "Un certificat nommé n’est pas de cette session.".into(),
            "Reprenez la page : la liste vient du référentiel.",
        );
        return k;
    }
    let acquis = d.certificats.values().filter(|x| x.est_acquis()).count();
    let attribues = d
        .certificats
        .values()
        .filter(|x| **x == Sort::Attribue)
        .count();
    let tous = acquis == en_jeu.len();
    let titre = s
        .programme
        .as_ref()
        .is_some_and(|p| p.type_session == TypeSession::Titre);
    match (titre, d.entretien_favorable) {
        (true, None) => dire(
            "R86",
            "entretien",
            format!("L’avis de l’entretien final manque pour {nom}."),
            "Dites s’il est favorable ou défavorable, tel que la fiche de synthèse le porte.",
        ),
        (false, Some(_)) => dire(
            "R86",
            "entretien",
            "Cette session n’a pas d’entretien final.".into(),
            "Laissez ce champ vide.",
        ),
        (true, Some(_)) | (false, None) => {}
    }
    match d.issue {
        Issue::Reussite if !tous => dire("R86", "issue", format!("{acquis} certificat(s) acquis sur {} : le titre demande tous les certificats.", en_jeu.len()), "Choisissez « Réussite partielle » ou « Échec », ou corrigez les certificats."),
        Issue::Reussite if titre && d.entretien_favorable == Some(false) => dire("R86", "issue", "Le titre demande un entretien final favorable.".into(), "Choisissez « Réussite partielle », ou corrigez l’avis de l’entretien."),
        Issue::Partielle if acquis == 0 => dire("R87", "issue", "Une réussite partielle comporte au moins un certificat acquis.".into(), "Choisissez « Échec », ou attribuez un certificat."),
        Issue::Partielle if tous && d.entretien_favorable != Some(false) => dire("R87", "issue", "Tous les certificats sont acquis et rien n’est défavorable : ce n’est pas une réussite partielle.".into(), "Choisissez « Réussite », ou corrigez les certificats ou l’entretien."),
        Issue::Echec if attribues > 0 => dire("R87", "issue", format!("Un échec n’attribue aucun certificat ; {attribues} le sont ici."), "Choisissez « Réussite partielle », ou corrigez les certificats."),
        Issue::Echec if acquis > 0 && titre => dire("R88", "issue", "Des certificats sont déjà acquis : ils restent acquis, la décision est une réussite partielle.".into(), "Choisissez « Réussite partielle »."),
        Issue::Reussite | Issue::Partielle | Issue::Echec | Issue::Absence => {}
    }
    if matches!(d.issue, Issue::Partielle | Issue::Echec) {
        for (code, champ, nom_champ, v) in [
            ("R89", "motivation", "La motivation", &d.motivation),
            (
                "R90",
                "recommandations",
                "Les recommandations",
                &d.recommandations,
            ),
        ] {
            if v.trim().chars().count() < 3 {
                dire(
                    code,
                    champ,
                    format!("{nom_champ} manque pour {nom} : un refus, même partiel, se motive."),
                    "Recopiez ce que le jury a écrit sur la fiche individuelle.",
                );
            }
        }
    }
    for (champ, v) in [
        ("motivation", &d.motivation),
        ("recommandations", &d.recommandations),
    ] {
        if v.chars().count() > TEXTE_MAX {
            dire(
                "SAI",
                champ,
                format!("Ce texte dépasse {TEXTE_MAX} caractères."),
                "Résumez-le.",
            );
        }
    }
    k
}

/// Un certificat déjà acquis ne se perd pas en rectifiant.
pub(super) fn acquis_perdu(avant: &DecisionJury, apres: &DecisionJury) -> Option<String> {
    avant
        .certificats
        .iter()
        .find(|(c, s)| **s == Sort::DejaAcquis && apres.certificats.get(*c) == Some(&Sort::Refuse))
        .map(|(c, _)| c.clone())
}
