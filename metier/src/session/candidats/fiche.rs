//! La fiche d'un candidat : voie d'accès, état civil, coordonnées, et le contrôle de chaque champ.

use crate::contexte::Constat;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Voie d'accès (arrêté du 22 décembre 2015, art. 1 à 4 et 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voie {
    /// Formation continue.
    FormationContinue,
    /// Apprentissage.
    Apprentissage,
    /// Contrat de professionnalisation.
    ContratPro,
    /// Validation des acquis de l'expérience.
    Vae,
    /// Équivalence ou correspondance.
    Equivalence,
}

impl Voie {
    /// Toutes.
    pub const TOUTES: [Voie; 5] = [
        Self::FormationContinue,
        Self::Apprentissage,
        Self::ContratPro,
        Self::Vae,
        Self::Equivalence,
    ];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::FormationContinue => "Formation continue",
            Self::Apprentissage => "Apprentissage",
            Self::ContratPro => "Contrat de professionnalisation",
            Self::Vae => "VAE",
            Self::Equivalence => "Équivalence",
        }
    }
    /// Code stocké.
    pub fn code(self) -> &'static str {
        match self {
            Self::FormationContinue => "formation_continue",
            Self::Apprentissage => "apprentissage",
            Self::ContratPro => "contrat_pro",
            Self::Vae => "vae",
            Self::Equivalence => "equivalence",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|v| v.code() == code)
    }
    /// Le candidat est-il issu de formation (livret d'ECF attendu) ?
    pub fn est_formation(self) -> bool {
        matches!(
            self,
            Self::FormationContinue | Self::Apprentissage | Self::ContratPro
        )
    }
}

/// La fiche d'un candidat. Pas de NIR, pas de pièce d'identité, pas de donnée de santé.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fiche {
    /// « Mme », « M. » ou rien.
    pub civilite: Option<String>,
    /// Nom de naissance.
    pub nom_naissance: String,
    /// Nom d'usage, s'il diffère.
    pub nom_usage: Option<String>,
    /// Prénom(s).
    pub prenoms: String,
    /// Date de naissance.
    pub naissance: Option<Date>,
    /// Lieu de naissance.
    pub lieu_naissance: Option<String>,
    /// Courriel.
    pub courriel: Option<String>,
    /// Téléphone.
    pub telephone: Option<String>,
    /// Voie et numéro.
    pub adresse: Option<String>,
    /// Code postal.
    pub code_postal: Option<String>,
    /// Commune.
    pub ville: Option<String>,
    /// Voie d'accès.
    pub voie: Option<Voie>,
    /// Organisme de formation ou entreprise d'accueil.
    pub organisme: Option<String>,
    /// Identifiant CERES recopié.
    pub identifiant_ceres: Option<String>,
}

impl Fiche {
    /// Ce que la convocation imprime de la fiche : si l'un change, elle est à refaire.
    pub(super) fn imprime(&self) -> impl PartialEq + '_ {
        (
            (
                &self.civilite,
                &self.nom_naissance,
                &self.nom_usage,
                &self.prenoms,
            ),
            (self.naissance, &self.voie),
            (&self.adresse, &self.code_postal, &self.ville),
        )
    }
    /// « DURAND Aïcha » : nom d'usage s'il existe, sinon nom de naissance, en capitales, puis prénoms.
    pub fn nom_complet(&self) -> String {
        format!(
            "{} {}",
            self.nom_usage
                .as_deref()
                .unwrap_or(&self.nom_naissance)
                .to_uppercase(),
            self.prenoms
        )
    }

    /// Nom de naissance et d'usage quand ils diffèrent : « DURAND, née ou né ABADIE ».
    pub fn nom_etat_civil(&self) -> String {
        match &self.nom_usage {
            Some(u) if u.to_lowercase() != self.nom_naissance.to_lowercase() => format!(
                "{} {} (nom de naissance : {})",
                u.to_uppercase(),
                self.prenoms,
                self.nom_naissance.to_uppercase()
            ),
            _ => self.nom_complet(),
        }
    }

    /// Clé de rapprochement : nom de naissance, prénoms sans accents ni casse, naissance. Sert à avertir, jamais à fusionner.
    pub fn cle_rapprochement(&self) -> String {
        format!(
            "{}|{}|{}",
            sans_accents(&self.nom_naissance),
            sans_accents(&self.prenoms),
            self.naissance.map(|d| d.to_string()).unwrap_or_default()
        )
    }

    /// Contrôle chaque champ ; rend un constat par faute, avec ce qu'il faut faire.
    pub fn verifier(&self, aujourdhui: Date) -> Vec<Constat> {
        let mut c = vec![];
        let mut texte = |champ: &str, nom: &str, v: &str, obligatoire: bool, max: usize| {
            if v.trim().is_empty() && obligatoire {
                c.push(Constat::saisie(
                    champ,
                    format!("{nom} manque."),
                    "Complétez-le d’après la pièce d’identité.",
                ));
            } else if v.chars().count() > max {
                c.push(Constat::saisie(
                    champ,
                    format!(
                        "{nom} compte {} caractères ; Garant en accepte {max}.",
                        v.chars().count()
                    ),
                    "Raccourcissez-le.",
                ));
            } else if v.chars().any(char::is_control) {
                c.push(Constat::saisie(
                    champ,
                    format!("{nom} contient un caractère invisible."),
                    "Retapez-le.",
                ));
            } else if v.trim_start().starts_with(['=', '+', '@']) && champ != "telephone"
                || v.contains(['<', '>'])
            {
                c.push(Constat::saisie(champ, format!("{nom} contient un signe qui n’a pas sa place dans un nom (=, +, @, < ou >)."), "Retapez-le tel qu’il figure sur la pièce d’identité."));
            }
        };
        texte(
            "nom_naissance",
            "Le nom de naissance",
            &self.nom_naissance,
            true,
            80,
        );
        texte("prenoms", "Le prénom", &self.prenoms, true, 80);
        for (champ, nom, v, max) in [
            ("nom_usage", "Le nom d’usage", &self.nom_usage, 80),
            (
                "lieu_naissance",
                "Le lieu de naissance",
                &self.lieu_naissance,
                120,
            ),
            ("adresse", "L’adresse", &self.adresse, 200),
            ("code_postal", "Le code postal", &self.code_postal, 10),
            ("ville", "La commune", &self.ville, 80),
            ("organisme", "L’organisme", &self.organisme, 120),
            ("civilite", "La civilité", &self.civilite, 10),
            (
                "identifiant_ceres",
                "L’identifiant CERES",
                &self.identifiant_ceres,
                40,
            ),
            ("telephone", "Le téléphone", &self.telephone, 30),
        ] {
            texte(champ, nom, v.as_deref().unwrap_or_default(), false, max);
        }
        if let Some(m) = &self.courriel
            && !courriel_plausible(m)
        {
            c.push(Constat::saisie(
                "courriel",
                "L’adresse de courriel n’est pas complète.",
                "Écrivez-la sous la forme prenom.nom@exemple.fr, ou laissez le champ vide.",
            ));
        }
        if let Some(t) = &self.telephone
            && !(t
                .chars()
                .all(|x| x.is_ascii_digit() || " +.-()\u{a0}".contains(x))
                && t.chars().filter(char::is_ascii_digit).count() >= 6)
        {
            c.push(Constat::saisie(
                "telephone",
                "Le téléphone ne comporte pas assez de chiffres, ou d’autres signes.",
                "Écrivez-le sous la forme 06 12 34 56 78, ou laissez le champ vide.",
            ));
        }
        if let Some(i) = &self.identifiant_ceres
            && !i.is_empty()
            && i.chars().count() <= 40
            && !ceres_plausible(i)
        {
            c.push(Constat::saisie(
                "identifiant_ceres",
                if ressemble_a_un_nir(i) {
                    "L’identifiant CERES ressemble à un numéro de sécurité sociale, que Garant ne garde jamais."
                } else {
                    "L’identifiant CERES n’a pas la forme attendue : lettres sans accent, chiffres et tirets, sans espace."
                },
                "Recopiez-le tel que CERES le montre, ou laissez le champ vide.",
            ));
        }
        match self.naissance {
            None => {}
            Some(d) if d >= aujourdhui => c.push(Constat::saisie(
                "naissance",
                "La date de naissance est dans le futur.",
                "Vérifiez l’année.",
            )),
            Some(d) if d.year() < aujourdhui.year() - 110 => c.push(Constat::saisie(
                "naissance",
                "La date de naissance donnerait plus de 110 ans.",
                "Vérifiez l’année.",
            )),
            Some(d) if d.year() > aujourdhui.year() - 14 => c.push(Constat::saisie(
                "naissance",
                "La date de naissance donnerait moins de 14 ans.",
                "Vérifiez l’année.",
            )),
            Some(_) => {}
        }
        c
    }
}

/// Forme plausible d'un courriel (la seule preuve est une réponse).
pub fn courriel_plausible(m: &str) -> bool {
    let Some((local, domaine)) = m.split_once('@') else {
        return false;
    };
    m.len() <= 254
        && !local.is_empty()
        && !m
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || "<>,;\"()".contains(c))
        && domaine.contains('.')
        && domaine.split('.').all(|p| !p.is_empty())
        && !domaine.contains('@')
}

/// Treize ou quinze chiffres qui commencent comme un numéro de sécurité sociale : Garant n'en garde jamais.
pub fn ressemble_a_un_nir(texte: &str) -> bool {
    let c: Vec<u8> = texte
        .bytes()
        .filter(|o| !matches!(o, b' ' | b'.' | b'-'))
        .collect();
    let mois = |c: &[u8]| {
        let m = u32::from(c[3] - b'0') * 10 + u32::from(c[4] - b'0');
        (1..=12).contains(&m) || (20..=42).contains(&m) || m >= 50
    };
    matches!(c.len(), 13 | 15)
        && c.iter().enumerate().all(|(i, o)| {
            o.is_ascii_digit() || (i == 6 && matches!(o.to_ascii_uppercase(), b'A' | b'B'))
        })
        && matches!(c[0], b'1' | b'2')
        && mois(&c)
}

/// Ce que l'on recopie de CERES a la forme d'un identifiant : lettres, chiffres, tirets, barres, points ; un chiffre au moins.
pub fn ceres_plausible(texte: &str) -> bool {
    texte
        .bytes()
        .all(|o| o.is_ascii_alphanumeric() || b"-/._".contains(&o))
        && texte.bytes().any(|o| o.is_ascii_digit())
        && !ressemble_a_un_nir(texte)
}

/// Minuscules, sans accents ni ponctuation : pour rapprocher deux noms écrits différemment.
pub fn sans_accents(s: &str) -> String {
    s.to_lowercase()
        .chars()
        .flat_map(|c| {
            match c {
                'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => "a".chars(),
                'ç' => "c".chars(),
                'è' | 'é' | 'ê' | 'ë' => "e".chars(),
                'ì' | 'í' | 'î' | 'ï' => "i".chars(),
                'ñ' => "n".chars(),
                'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => "o".chars(),
                'ù' | 'ú' | 'û' | 'ü' => "u".chars(),
                'ý' | 'ÿ' => "y".chars(),
                'œ' => "oe".chars(),
                'æ' => "ae".chars(),
                _ => "".chars(),
            }
            .chain((c.is_ascii_alphanumeric()).then_some(c))
            .collect::<Vec<_>>()
        })
        .collect()
}

/// Les noms des champs qui diffèrent entre deux fiches, pour la phrase du journal.
pub fn champs_differents(a: &Fiche, b: &Fiche) -> Vec<String> {
    let mut d = vec![];
    let mut si = |diff: bool, nom: &str| {
        if diff {
            d.push(nom.to_owned())
        }
    };
    si(a.civilite != b.civilite, "civilité");
    si(a.nom_naissance != b.nom_naissance, "nom de naissance");
    si(a.nom_usage != b.nom_usage, "nom d’usage");
    si(a.prenoms != b.prenoms, "prénoms");
    si(a.naissance != b.naissance, "date de naissance");
    si(a.lieu_naissance != b.lieu_naissance, "lieu de naissance");
    si(a.courriel != b.courriel, "courriel");
    si(a.telephone != b.telephone, "téléphone");
    si(a.adresse != b.adresse, "adresse");
    si(a.code_postal != b.code_postal, "code postal");
    si(a.ville != b.ville, "commune");
    si(a.voie != b.voie, "voie d’accès");
    si(a.organisme != b.organisme, "organisme");
    si(
        a.identifiant_ceres != b.identifiant_ceres,
        "identifiant CERES",
    );
    d
}
