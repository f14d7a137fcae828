//! Ce qui interdit à un document de partir, vérifié avant toute composition.
//!
//! Une convocation sans heure ou sans lieu n'en est pas une : elle est refusée. Le reste (numéro CERES,
//! contact…) s'imprime « à compléter » et n'arrête personne.

use jiff::civil::Date;
use metier::mots::{de, enumerer};
use serde_json::Value;

use crate::donnees::Document;
use crate::erreur::ErreurDocument;

/// Longueur d'un texte, en caractères.
const TEXTE_MAX: usize = 2_000;
/// Lignes d'un document, toutes listes confondues.
const LIGNES_MAX: usize = 1_000;

/// Refuse un document auquel il manque l'essentiel.
pub(crate) fn verifier(document: &Document) -> Result<(), ErreurDocument> {
    let mut manques = Vec::new();
    match document {
        Document::ConvocationCandidat(convocation) => {
            let qui = convocation_de(&convocation.candidat.nom);
            if convocation.passages.is_empty() {
                manques.push(format!(
                    "{qui} ne peut pas être éditée : son planning est vide. Placez ses épreuves au planning, puis recommencez."
                ));
            }
            for passage in &convocation.passages {
                let heure = passage.debut.is_some() && passage.fin.is_some();
                completer(
                    &mut manques,
                    &qui,
                    &passage.epreuve,
                    passage.date,
                    heure,
                    passage.lieu.as_deref(),
                );
                if passage.duree_minutes.is_none() {
                    manques.push(format!(
                        "{qui} ne peut pas être éditée : la durée de « {} » est encore à vérifier au référentiel d'évaluation. Confirmez-la à la page Référentiels, puis recommencez.",
                        passage.epreuve
                    ));
                }
            }
        }
        Document::ConvocationJure(convocation) => {
            let qui = convocation_de(&convocation.jure.nom);
            if convocation.jours.is_empty() {
                manques.push(format!(
                    "{qui} ne peut pas être éditée : aucun jour de présence n'est prévu. Indiquez ses jours au planning, puis recommencez."
                ));
            }
            for jour in &convocation.jours {
                completer(
                    &mut manques,
                    &qui,
                    "Présence du jury",
                    jour.date,
                    jour.debut.is_some(),
                    jour.lieu.as_deref(),
                );
            }
        }
        Document::ConvocationSurveillant(convocation) => {
            let qui = convocation_de(&convocation.surveillant.nom);
            if convocation.vacations.is_empty() {
                manques.push(format!(
                    "{qui} ne peut pas être éditée : aucune épreuve à surveiller n'est prévue. Affectez le surveillant au planning, puis recommencez."
                ));
            }
            for vacation in &convocation.vacations {
                let heure = vacation.presence.or(vacation.debut).is_some();
                completer(
                    &mut manques,
                    &qui,
                    &vacation.epreuve,
                    vacation.date,
                    heure,
                    vacation.lieu.as_deref(),
                );
            }
        }
        Document::Decharge(_)
        | Document::PlanningAffichage(_)
        | Document::CheckList(_)
        | Document::Emargement(_)
        | Document::EmargementJury(_)
        | Document::Releve(_)
        | Document::FicheARemplir(_)
        | Document::Etiquettes(_)
        | Document::AffichePorte(_) => {}
        Document::Lettre(lettre) => {
            if lettre.blocs.is_empty() {
                manques.push(format!(
                    "« {} » n'a pas de texte : il n'y a rien à éditer.",
                    lettre.titre
                ));
            }
        }
    }
    if manques.is_empty() {
        Ok(())
    } else {
        Err(ErreurDocument::Incomplet(manques))
    }
}

/// « La convocation d’ABADIE Alma ».
fn convocation_de(nom: &str) -> String {
    format!("La convocation {}", de(nom_ou_candidat(nom)))
}

fn nom_ou_candidat(nom: &str) -> &str {
    if nom.trim().is_empty() {
        "cette personne"
    } else {
        nom
    }
}

fn completer(
    manques: &mut Vec<String>,
    qui: &str,
    epreuve: &str,
    date: Option<Date>,
    a_une_heure: bool,
    lieu: Option<&str>,
) {
    let mut absents = Vec::new();
    if date.is_none() {
        absents.push("la date");
    }
    if !a_une_heure {
        absents.push("l'heure");
    }
    if lieu.is_none_or(|lieu| lieu.trim().is_empty()) {
        absents.push("le lieu");
    }
    if !absents.is_empty() {
        manques.push(format!(
            "{qui} ne peut pas être éditée : il manque {} de « {epreuve} ». Complétez le planning, puis recommencez.",
            enumerer(&absents)
        ));
    }
}

/// Borne et nettoie tous les textes : caractères de commande et espaces de largeur nulle retirés,
/// caractère sans dessin refusé. `dessine` dit si les polices embarquées savent dessiner un caractère.
pub(crate) fn nettoyer(
    valeur: &mut Value,
    dessine: &dyn Fn(char) -> bool,
) -> Result<(), ErreurDocument> {
    match valeur {
        Value::String(texte) => nettoyer_texte(texte, dessine),
        Value::Array(liste) => {
            if liste.len() > LIGNES_MAX {
                return Err(ErreurDocument::TropLong(format!(
                    "Ce document compte {} lignes ; il en accepte {LIGNES_MAX}. Éditez-le en plusieurs fois.",
                    liste.len()
                )));
            }
            liste
                .iter_mut()
                .try_for_each(|element| nettoyer(element, dessine))
        }
        Value::Object(champs) => champs
            .values_mut()
            .try_for_each(|champ| nettoyer(champ, dessine)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn nettoyer_texte(
    texte: &mut String,
    dessine: &dyn Fn(char) -> bool,
) -> Result<(), ErreurDocument> {
    let abrege = || texte.chars().take(40).collect::<String>();
    if texte.chars().count() > TEXTE_MAX {
        return Err(ErreurDocument::TropLong(format!(
            "Le texte « {}… » dépasse {TEXTE_MAX} caractères. Raccourcissez-le, puis recommencez.",
            abrege()
        )));
    }
    let propre: String = texte
        .chars()
        .filter(|c| !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{00AD}' | '\u{FE00}'..='\u{FE0F}'))
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
        .collect();
    if let Some(caractere) = propre.chars().find(|&c| c != '\n' && !dessine(c)) {
        return Err(ErreurDocument::CaractereNonImprimable {
            caractere,
            texte: abrege(),
        });
    }
    *texte = propre;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn un_texte_se_nettoie_sans_perdre_ses_accents() {
        let mut valeur = json!({ "nom": "\u{FEFF}Zoé\tD\u{200B}ŒUVRE\u{0007}" });
        nettoyer(&mut valeur, &|_| true).unwrap();
        assert_eq!(valeur["nom"], "Zoé DŒUVRE ");
    }

    #[test]
    fn un_caractere_sans_dessin_est_nomme() {
        let mut valeur = json!(["李 Wei"]);
        let erreur = nettoyer(&mut valeur, &|c| c.is_ascii()).unwrap_err();
        assert!(erreur.to_string().contains("« 李 »"), "{erreur}");
    }

    #[test]
    fn un_texte_demesure_est_refuse() {
        let mut valeur = json!("a".repeat(2_001));
        assert!(matches!(
            nettoyer(&mut valeur, &|_| true),
            Err(ErreurDocument::TropLong(_))
        ));
    }

    #[test]
    fn un_refus_elide_le_nom_et_se_passe_de_lui() {
        assert_eq!(
            convocation_de("ABADIE Alma"),
            "La convocation d’ABADIE Alma"
        );
        assert_eq!(convocation_de("  "), "La convocation de cette personne");
    }
}
