//! Les textes que le centre peut récrire : des paragraphes, jamais la mise en page.
//!
//! Un texte est du texte : il passe par `donnees.json` et s'imprime tel quel. Des accolades nomment une valeur que
//! l'édition connaît (`{candidat}`) ; une accolade inconnue se refuse. Une ligne vide sépare deux paragraphes.

use crate::monde;

/// Longueur d'un texte, en caractères.
pub const TEXTE_CENTRE_MAX: usize = 3_000;
/// Paragraphes d'un texte.
const PARAGRAPHES_MAX: usize = 12;

/// Un texte que le centre peut récrire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TexteModifiable {
    /// Code stable.
    pub code: &'static str,
    /// Le papier qui le porte.
    pub papier: &'static str,
    /// Ce que c'est, et où il s'imprime.
    pub intitule: &'static str,
    /// Le texte livré.
    pub defaut: &'static str,
    /// Les valeurs qu'il peut nommer entre accolades.
    pub valeurs: &'static [&'static str],
}

const LETTRE: &[&str] = &["candidat", "titre", "dates", "site"];

/// Tous les textes, dans l'ordre des papiers.
pub const TEXTES: &[TexteModifiable] = &[
    TexteModifiable {
        code: "convocation-candidat.ouverture",
        papier: "Convocation du candidat",
        intitule: "Première phrase",
        defaut: "Nous vous convoquons à la session d’examen décrite ci-dessous, organisée pour le ministère chargé du travail. Présentez-vous à chaque épreuve au jour, à l’heure et au lieu indiqués.",
        valeurs: &[],
    },
    TexteModifiable {
        code: "convocation-candidat.pratique",
        papier: "Convocation du candidat",
        intitule: "Informations pratiques (accès, repas, stationnement), après les pièces à apporter",
        defaut: "",
        valeurs: &[],
    },
    TexteModifiable {
        code: "convocation-candidat.retard",
        papier: "Convocation du candidat",
        intitule: "Retard et empêchement",
        defaut: "En cas de retard, le responsable de session décide si vous pouvez composer ; l’heure de fin de l’épreuve ne change pas. En cas d’empêchement, prévenez-nous aussitôt : l’absence est portée au procès-verbal de la session.",
        valeurs: &[],
    },
    TexteModifiable {
        code: "convocation-jure.ouverture",
        papier: "Convocation d’un membre du jury",
        intitule: "Première phrase",
        defaut: "Nous vous convoquons comme membre habilité du jury de la session d’examen décrite ci-dessous. Votre mission : évaluer les compétences des candidats d’après le référentiel, puis délibérer avec les autres membres du jury.",
        valeurs: &[],
    },
    TexteModifiable {
        code: "convocation-jure.pratique",
        papier: "Convocation d’un membre du jury",
        intitule: "Informations pratiques (accès, repas, remboursement), après la composition du jury",
        defaut: "",
        valeurs: &[],
    },
    TexteModifiable {
        code: "convocation-surveillant.ouverture",
        papier: "Convocation d’un surveillant",
        intitule: "Première phrase",
        defaut: "Nous vous demandons d’assurer la surveillance des épreuves suivantes, sous l’autorité du responsable de session.",
        valeurs: &[],
    },
    TexteModifiable {
        code: "information-ddets.corps",
        papier: "Information de l’administration",
        intitule: "Corps de la lettre, avant le tableau de la session",
        defaut: "Nous vous informons de la session d’examen que notre centre organise, dans les conditions ci-dessous. Nous vous signalerons tout changement de date, de lieu ou de responsable.",
        valeurs: &["titre", "dates", "site"],
    },
    TexteModifiable {
        code: "resultats.reussite",
        papier: "Lettre de résultats",
        intitule: "Réussite",
        defaut: "Le jury de la session d’examen ({dates}) a décidé de vous attribuer ce qui figure ci-dessous. Ce résultat devient définitif quand l’administration a validé le procès-verbal.\n\nVotre parchemin ou votre livret est établi par l’administration : nous vous dirons quand et comment le retirer. Nous vous adressons toutes nos félicitations.",
        valeurs: LETTRE,
    },
    TexteModifiable {
        code: "resultats.partielle",
        papier: "Lettre de résultats",
        intitule: "Réussite partielle",
        defaut: "Le jury de la session d’examen ({dates}) ne vous a pas attribué l’ensemble du titre. Les certificats ci-dessous vous sont acquis : un livret de certification, établi par l’administration, en fait foi.\n\nNous vous proposons un entretien pour préparer la suite : les certificats qui restent, ce que le jury recommande, les prochaines sessions.",
        valeurs: LETTRE,
    },
    TexteModifiable {
        code: "resultats.echec",
        papier: "Lettre de résultats",
        intitule: "Échec",
        defaut: "Le jury de la session d’examen ({dates}) n’a pas pu vous attribuer le titre ni l’un de ses certificats.\n\nVous pouvez vous présenter de nouveau, dans les conditions fixées par les textes. Prenez contact avec nous : nous regarderons ensemble ce que le jury recommande et les prochaines sessions.",
        valeurs: LETTRE,
    },
    TexteModifiable {
        code: "resultats.absence",
        papier: "Lettre de résultats",
        intitule: "Absence",
        defaut: "Nous vous attendions à la session d’examen ({dates}). Votre absence a été portée au procès-verbal : elle n’est pas un échec.\n\nPrenez contact avec nous pour nous dire ce qui vous a empêché de venir et, si vous le souhaitez, vous inscrire à une autre session.",
        valeurs: LETTRE,
    },
    TexteModifiable {
        code: "entretien-post-jury.corps",
        papier: "Convocation à l’entretien post-jury",
        intitule: "Corps de la lettre",
        defaut: "À la suite de la session d’examen ({dates}), nous vous proposons un entretien pour préparer la suite de votre parcours. Apportez votre livret de certification si vous l’avez reçu.",
        valeurs: LETTRE,
    },
    TexteModifiable {
        code: "attestation-employeur.corps",
        papier: "Attestation pour l’employeur d’un juré",
        intitule: "Corps de l’attestation",
        defaut: "Nous attestons la participation de {jure} au jury d’examen du titre professionnel « {titre} », pour lequel l’administration l’a habilité, aux jours et heures indiqués ci-dessous.",
        valeurs: &["jure", "titre", "dates", "site"],
    },
];

/// Le texte de ce code.
pub fn texte(code: &str) -> Option<&'static TexteModifiable> {
    TEXTES.iter().find(|t| t.code == code)
}

/// Ce qu'un texte récrit a d'impossible : des phrases à montrer. Vide : il convient.
pub fn verifier_texte(t: &TexteModifiable, saisie: &str) -> Vec<String> {
    let mut fautes = vec![];
    let signes = saisie.chars().count();
    if signes > TEXTE_CENTRE_MAX {
        fautes.push(format!(
            "Ce texte a {signes} signes, {TEXTE_CENTRE_MAX} au plus. Gardez l’essentiel."
        ));
    }
    if saisie.trim().is_empty() && !t.defaut.is_empty() {
        fautes.push("Ce texte ne peut pas être vide : le papier n’aurait plus de sens.".into());
    }
    let n = decouper(saisie).len();
    if n > PARAGRAPHES_MAX {
        fautes.push(format!(
            "Ce texte a {n} paragraphes, {PARAGRAPHES_MAX} au plus."
        ));
    }
    for nom in noms(saisie) {
        match nom {
            Err(()) => fautes
                .push("Une accolade ouverte n’est pas refermée. Fermez-la, ou retirez-la.".into()),
            Ok(nom) if !t.valeurs.contains(&nom) => fautes.push(format!(
                "« {{{nom}}} » n’est pas une valeur de ce papier. {}",
                match t.valeurs {
                    [] => "Ce texte n’en a aucune : écrivez sans accolades.".to_owned(),
                    v => format!(
                        "Celles-ci le sont : {}.",
                        v.iter()
                            .map(|v| format!("{{{v}}}"))
                            .collect::<Vec<_>>()
                            .join(", ")
                    ),
                }
            )),
            Ok(_) => {}
        }
    }
    if let Some(c) = saisie
        .chars()
        .find(|c| !matches!(c, '\n' | '\r') && (c.is_control() || !monde::dessine(*c)))
    {
        fautes.push(format!(
            "Le caractère « {} » ne s’imprime pas. Retirez-le.",
            c.escape_default()
        ));
    }
    fautes
}

/// Les noms entre accolades, dans l'ordre ; une accolade sans fin est une erreur.
fn noms(texte: &str) -> Vec<Result<&str, ()>> {
    texte
        .split('{')
        .skip(1)
        .map(|suite| suite.split_once('}').map(|(nom, _)| nom).ok_or(()))
        .collect()
}

/// Les paragraphes d'un texte : une ligne vide les sépare, les retours à la ligne d'un paragraphe sont des espaces.
fn decouper(texte: &str) -> Vec<String> {
    let mut v: Vec<String> = vec![];
    let mut ouvert = false;
    for ligne in texte.lines().map(str::trim) {
        match (ligne.is_empty(), ouvert) {
            (true, _) => ouvert = false,
            (false, false) => {
                v.push(ligne.to_owned());
                ouvert = true;
            }
            (false, true) => {
                if let Some(dernier) = v.last_mut() {
                    dernier.push(' ');
                    dernier.push_str(ligne);
                }
            }
        }
    }
    v
}

/// Les paragraphes à imprimer, valeurs posées. Une valeur qui contient une accolade reste du texte.
pub fn paragraphes(texte: &str, valeurs: &[(&str, &str)]) -> Vec<String> {
    decouper(texte)
        .into_iter()
        .map(|p| {
            let mut morceaux = p.split('{');
            let mut sortie = morceaux.next().unwrap_or_default().to_owned();
            for m in morceaux {
                let pose = m.split_once('}').and_then(|(nom, suite)| {
                    let (_, v) = valeurs.iter().find(|(n, _)| *n == nom)?;
                    Some(format!("{v}{suite}"))
                });
                match pose {
                    Some(texte) => sortie.push_str(&texte),
                    None => {
                        sortie.push('{');
                        sortie.push_str(m);
                    }
                }
            }
            sortie
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chaque_texte_livre_convient_et_porte_un_code_unique() {
        let mut codes: Vec<_> = TEXTES.iter().map(|t| t.code).collect();
        for t in TEXTES {
            assert_eq!(
                verifier_texte(t, t.defaut),
                Vec::<String>::new(),
                "{}",
                t.code
            );
        }
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), TEXTES.len());
    }

    #[test]
    fn une_accolade_inconnue_ou_ouverte_se_refuse() {
        let t = texte("resultats.echec").unwrap();
        let dit = |s: &str| verifier_texte(t, s).join(" ");
        assert!(dit("Bonjour {nom}").contains("« {nom} » n’est pas une valeur"));
        assert!(dit("Bonjour {candidat").contains("pas refermée"));
        assert!(dit(" ").contains("ne peut pas être vide"));
        assert!(dit(&"a".repeat(3_001)).contains("3001 signes"));
        assert!(dit("Voilà \u{1F600}").contains("ne s’imprime pas"));
        assert_eq!(dit("Bonjour {candidat}, #panic[] *gras* $x$ <b>"), "");
    }

    #[test]
    fn les_valeurs_se_posent_une_fois_et_ne_se_relisent_pas() {
        let p = paragraphes(
            "Bonjour {candidat}.\nSuite.\n\nSession {dates}, {x}.",
            &[("candidat", "Zoé {dates}"), ("dates", "mars")],
        );
        assert_eq!(p, ["Bonjour Zoé {dates}. Suite.", "Session mars, {x}."]);
    }
}
