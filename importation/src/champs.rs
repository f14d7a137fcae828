//! Lire chaque champ d'un candidat : la valeur retenue, et ce qu'il faut dire de ce qui était écrit.

use super::apercu::Gravite::{self, Avertissement, Bloquant};
use super::colonnes::Champ;
use super::pliage::{citer, plier, propre};
use super::tableau::Cellule;

/// Une valeur lue et ses remarques.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lu {
    /// La valeur retenue, s'il y en a une.
    pub valeur: Option<String>,
    /// Ce qu'il faut dire.
    pub remarques: Vec<(Gravite, String)>,
}

impl Lu {
    /// Une valeur retenue ; vide, il n'y en a pas.
    pub fn bon(valeur: impl Into<String>) -> Self {
        let valeur = valeur.into();
        Self {
            valeur: (!valeur.is_empty()).then_some(valeur),
            remarques: vec![],
        }
    }
    /// Ajoute une remarque.
    pub fn dit(mut self, gravite: Gravite, phrase: impl Into<String>) -> Self {
        self.remarques.push((gravite, phrase.into()));
        self
    }
    /// Aucune valeur, une remarque.
    pub fn sans(gravite: Gravite, phrase: impl Into<String>) -> Self {
        Self::default().dit(gravite, phrase)
    }
}

/// Le texte d'une cellule ; un nombre entier sans décimales.
pub fn texte(cellule: &Cellule) -> String {
    match cellule {
        Cellule::Texte(t) => propre(t),
        Cellule::Nombre(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.0}"),
        Cellule::Nombre(n) => n.to_string(),
        Cellule::Date(d) => super::dates::chiffres(*d),
        Cellule::Vide | Cellule::TropLongue(_) | Cellule::Erreur => String::new(),
    }
}

/// Ce qui rend une cellule inutilisable quel que soit le champ : trop longue, en erreur, hostile, numéro de sécurité sociale.
pub fn defaut(champ: Champ, cellule: &Cellule) -> Option<Lu> {
    let nom = champ.libelle();
    let propre = texte(cellule);
    match cellule {
        Cellule::TropLongue(n) => {
            return Some(Lu::sans(
                Bloquant,
                format!(
                    "La cellule pour {nom} compte {n} caractères\u{a0}; 2\u{a0}000 au plus. Raccourcissez-la dans le fichier."
                ),
            ));
        }
        Cellule::Erreur => {
            return Some(Lu::sans(
                Bloquant,
                format!(
                    "La cellule pour {nom} affiche une erreur du tableur (comme #REF!). Tapez la valeur à la place de la formule."
                ),
            ));
        }
        _ => {}
    }
    if est_vide(&propre) {
        return Some(Lu::default());
    }
    if champ != Champ::Telephone && est_formule(&propre) {
        return Some(Lu::sans(
            Bloquant,
            format!(
                "La cellule pour {nom} contient une formule ou un signe de formule ({}). Remplacez-la par la valeur elle-même.",
                citer(&propre)
            ),
        ));
    }
    if champ != Champ::Courriel && propre.contains(['<', '>', '{', '}']) {
        return Some(Lu::sans(
            Bloquant,
            format!(
                "La cellule pour {nom} contient des signes qui n’ont rien à y faire ({}). Retapez la valeur.",
                citer(&propre)
            ),
        ));
    }
    if ressemble_nir(&propre) {
        return Some(Lu::sans(
            Avertissement,
            format!(
                "La cellule pour {nom} semble contenir un numéro de sécurité sociale\u{a0}: Garant l’écarte et ne le garde pas. Retirez-le aussi du fichier."
            ),
        ));
    }
    None
}

/// Un tiret, un point d'interrogation, « néant » : rien.
fn est_vide(texte: &str) -> bool {
    texte
        .chars()
        .all(|c| !c.is_alphanumeric() && !matches!(c, '=' | '+' | '@' | '<' | '>'))
        && texte.chars().count() <= 3
        || matches!(
            plier(texte).as_str(),
            "neant"
                | "n a"
                | "na"
                | "nc"
                | "non renseigne"
                | "sans objet"
                | "null"
                | "none"
                | "aucun"
        )
}

/// Une cellule qu'un tableur exécuterait.
fn est_formule(texte: &str) -> bool {
    let mut signes = texte.chars();
    match signes.next() {
        Some('=' | '@' | '\t' | '\r') => true,
        Some('+' | '-') => signes.next().is_some_and(|c| !c.is_whitespace()),
        _ => false,
    }
}

/// Treize ou quinze chiffres, un sexe et un mois possibles, la clé juste si elle y est.
pub fn ressemble_nir(texte: &str) -> bool {
    let signes: String = texte
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '/'))
        .collect::<String>()
        .to_uppercase();
    let chiffres = signes.replacen("2A", "19", 1).replacen("2B", "18", 1);
    let chiffres = if signes.get(5..7).is_some_and(|d| d == "2A" || d == "2B") {
        chiffres
    } else {
        signes
    };
    if !matches!(chiffres.len(), 13 | 15)
        || !chiffres.chars().all(|c| c.is_ascii_digit())
        || !chiffres.starts_with(['1', '2', '3', '4', '7', '8'])
    {
        return false;
    }
    let mois: u32 = chiffres[3..5].parse().unwrap_or(0);
    if !matches!(mois, 1..=12 | 20..=42 | 50..=99) {
        return false;
    }
    let corps: u64 = chiffres[..13].parse().unwrap_or(0);
    chiffres.len() == 13
        || chiffres[13..]
            .parse::<u64>()
            .is_ok_and(|cle| 97 - corps % 97 == cle)
}

/// Lit un champ de texte simple, borné.
pub fn simple(champ: Champ, cellule: &Cellule, maximum: usize) -> Lu {
    if let Some(d) = defaut(champ, cellule) {
        return d;
    }
    let valeur = texte(cellule);
    let longueur = valeur.chars().count();
    if longueur > maximum {
        return Lu::sans(
            Bloquant,
            format!(
                "{} compte {longueur} caractères\u{a0}; {maximum} au plus. Raccourcissez la cellule dans le fichier.",
                majuscule(champ.libelle())
            ),
        );
    }
    Lu::bon(valeur)
}

/// Lit un nom ou un prénom.
pub fn nom(champ: Champ, cellule: &Cellule) -> Lu {
    let lu = simple(champ, cellule, 80);
    let Some(valeur) = &lu.valeur else { return lu };
    if !valeur.chars().any(char::is_alphabetic) {
        return Lu::sans(
            Bloquant,
            format!(
                "{} ne contient aucune lettre ({}). Retapez-le d’après la pièce d’identité.",
                majuscule(champ.libelle()),
                citer(valeur)
            ),
        );
    }
    if valeur.chars().any(|c| {
        c.is_numeric()
            || matches!(
                c,
                '@' | '=' | '/' | '\\' | '|' | '_' | '*' | '#' | '?' | '\u{fffd}'
            )
    }) {
        let phrase = format!(
            "{} contient des signes inattendus ({}). Vérifiez-le d’après la pièce d’identité.",
            majuscule(champ.libelle()),
            citer(valeur)
        );
        return lu.dit(Avertissement, phrase);
    }
    lu
}

/// Lit la civilité.
pub fn civilite(cellule: &Cellule) -> Lu {
    if let Some(d) = defaut(Champ::Civilite, cellule) {
        return d;
    }
    let valeur = texte(cellule);
    match plier(&valeur).as_str() {
        "m" | "mr" | "monsieur" | "h" | "homme" | "masculin" | "mm" => Lu::bon("M."),
        "mme" | "madame" | "mlle" | "mademoiselle" | "melle" | "f" | "femme" | "feminin"
        | "mrs" => Lu::bon("Mme"),
        _ => Lu::sans(
            Avertissement,
            format!(
                "La civilité {} n’est pas reconnue\u{a0}: elle est laissée vide. Écrivez «\u{a0}Mme\u{a0}» ou «\u{a0}M.\u{a0}».",
                citer(&valeur)
            ),
        ),
    }
}

/// Lit la voie d'accès et rend son code.
pub fn voie(cellule: &Cellule) -> Lu {
    let ecrit = texte(cellule);
    const ATTENDUES: &str = "Écrivez «\u{a0}Formation continue\u{a0}», «\u{a0}Apprentissage\u{a0}», «\u{a0}Contrat de professionnalisation\u{a0}», «\u{a0}VAE\u{a0}» ou «\u{a0}Équivalence\u{a0}».";
    // « ??? » n'est pas un vide : quelqu'un hésitait.
    if ecrit.contains('?') && !ecrit.chars().any(char::is_alphanumeric) {
        return Lu::sans(
            Bloquant,
            format!(
                "La voie d’accès {} n’est pas reconnue. {ATTENDUES}",
                citer(&ecrit)
            ),
        );
    }
    if let Some(d) = defaut(Champ::Voie, cellule) {
        return d;
    }
    let plie = plier(&ecrit);
    let suppose = |code: &str, nom: &str| {
        Lu::bon(code).dit(
            Avertissement,
            format!(
                "La voie d’accès {} a été lue «\u{a0}{nom}\u{a0}». Vérifiez.",
                citer(&ecrit)
            ),
        )
    };
    match plie.as_str() {
        "formation continue"
        | "fc"
        | "formation professionnelle continue"
        | "fpc"
        | "formation continue adulte"
        | "formation continue adultes" => return Lu::bon("formation_continue"),
        "apprentissage"
        | "apprenti"
        | "apprentie"
        | "contrat d apprentissage"
        | "app"
        | "ca"
        | "contrat apprentissage" => return Lu::bon("apprentissage"),
        "contrat de professionnalisation"
        | "contrat pro"
        | "professionnalisation"
        | "contrat professionnalisation"
        | "cpro"
        | "contrat de pro" => return Lu::bon("contrat_pro"),
        "vae"
        | "v a e"
        | "validation des acquis"
        | "validation des acquis de l experience"
        | "validation des acquis de l experience vae" => return Lu::bon("vae"),
        "equivalence" | "equivalences" | "correspondance" | "equivalence ou correspondance" => {
            return Lu::bon("equivalence");
        }
        "formation"
        | "stagiaire"
        | "stagiaire de la formation professionnelle"
        | "formation professionnelle"
        | "formation initiale"
        | "parcours de formation"
        | "formation adulte"
        | "cpf"
        | "poei"
        | "poec"
        | "pro a" => return suppose("formation_continue", "Formation continue"),
        "alternance" | "alternant" | "alternante" | "contrat" => {
            return Lu::sans(
                Bloquant,
                format!(
                    "La voie d’accès {} peut être un apprentissage ou un contrat de professionnalisation. Écrivez l’un des deux.",
                    citer(&ecrit)
                ),
            );
        }
        _ => {}
    }
    let mots: Vec<&str> = plie.split(' ').collect();
    let commence = |debut: &str| mots.iter().any(|m| m.starts_with(debut));
    match () {
        () if mots.contains(&"vae") => suppose("vae", "VAE"),
        () if commence("apprent") => suppose("apprentissage", "Apprentissage"),
        () if commence("professionnalis") => {
            suppose("contrat_pro", "Contrat de professionnalisation")
        }
        () if commence("equival") => suppose("equivalence", "Équivalence"),
        () if commence("formation") && commence("contin") => {
            suppose("formation_continue", "Formation continue")
        }
        () => Lu::sans(
            Bloquant,
            format!(
                "La voie d’accès {} n’est pas reconnue. {ATTENDUES}",
                citer(&ecrit)
            ),
        ),
    }
}

/// Première lettre en capitale.
pub fn majuscule(texte: &str) -> String {
    let mut signes = texte.chars();
    signes
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(signes).collect())
}
