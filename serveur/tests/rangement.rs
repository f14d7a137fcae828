//! Le rangement : les invariants de la maison qui se lisent dans les fichiers.
//!
//! Chaque essai nomme le fichier et la ligne ; la consigne est dans CONTRIBUER.md.

use std::fs;
use std::path::{Path, PathBuf};

/// Lignes de code qu'un fichier peut porter, hors commentaires, lignes vides et essais. On vise 150 à 400.
const LIGNES_MAX: usize = 550;

struct Fichier {
    /// Chemin depuis la racine du projet.
    chemin: String,
    texte: String,
}

impl Fichier {
    /// Les lignes qui comptent comme du programme : avant le module d'essais, sans commentaire, avec leur numéro.
    fn lignes_de_code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.texte
            .lines()
            .enumerate()
            .take_while(|(_, ligne)| !ligne.starts_with("#[cfg(test)]"))
            .map(|(numero, ligne)| (numero + 1, ligne))
            .filter(|(_, ligne)| {
                let nue = ligne.trim_start();
                !nue.is_empty() && !nue.starts_with("//")
            })
    }

    /// Vrai pour ce qui ne sert qu'aux essais.
    fn est_un_essai(&self) -> bool {
        self.chemin.contains("/tests/") || self.chemin.contains("essais")
    }
}

fn racine() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("serveur/ est dans la racine du projet")
        .to_path_buf()
}

fn fichiers(dossiers: &[&str], extensions: &[&str]) -> Vec<Fichier> {
    let racine = racine();
    let mut trouves = Vec::new();
    let mut a_lire: Vec<PathBuf> = dossiers.iter().map(|d| racine.join(d)).collect();
    while let Some(dossier) = a_lire.pop() {
        let Ok(entrees) = fs::read_dir(&dossier) else {
            continue;
        };
        for entree in entrees {
            let chemin = entree.expect("le dossier se lit").path();
            if chemin.is_dir() {
                a_lire.push(chemin);
            } else if extensions
                .iter()
                .any(|e| chemin.extension().is_some_and(|x| x == *e))
            {
                let relatif = chemin.strip_prefix(&racine).expect("sous la racine");
                trouves.push(Fichier {
                    chemin: relatif.to_string_lossy().into_owned(),
                    texte: fs::read_to_string(&chemin).expect("le fichier se lit en UTF-8"),
                });
            }
        }
    }
    trouves.sort_by(|a, b| a.chemin.cmp(&b.chemin));
    assert!(
        !trouves.is_empty(),
        "aucun fichier lu dans {dossiers:?} : l'essai ne vérifie plus rien"
    );
    trouves
}

fn sources() -> Vec<Fichier> {
    fichiers(
        &[
            "metier/src",
            "planification/src",
            "agencement/src",
            "importation/src",
            "documents/src",
            "stockage/src",
            "serveur/src",
        ],
        &["rs"],
    )
}

fn gabarits() -> Vec<Fichier> {
    fichiers(&["serveur/gabarits"], &["html"])
}

/// Échoue en montrant toutes les fautes à la fois.
fn rien_a_redire(fautes: Vec<String>, consigne: &str) {
    assert!(fautes.is_empty(), "{consigne}\n  {}\n", fautes.join("\n  "));
}

/// Le nom vague que cette ligne donne à un type ou à un module, s'il y en a un.
fn nom_vague(ligne: &str) -> Option<&'static str> {
    let defini = ["struct ", "enum ", "trait ", "mod "]
        .iter()
        .find_map(|mot| ligne.split(mot).nth(1))?;
    let nom = defini
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()?;
    [
        "Fait", "Manager", "Helper", "Service", "Utils", "utils", "helpers", "manager",
    ]
    .into_iter()
    .find(|vague| nom == *vague || (vague.len() > 4 && nom.ends_with(*vague)))
}

fn lignes_contenant(fichiers: &[Fichier], interdits: &[&str]) -> Vec<String> {
    fichiers
        .iter()
        .flat_map(|f| f.lignes_de_code().map(move |(n, ligne)| (f, n, ligne)))
        .filter_map(|(f, n, ligne)| {
            let trouve = interdits.iter().find(|i| ligne.contains(**i))?;
            Some(format!("{}:{n} : « {} »", f.chemin, trouve.trim()))
        })
        .collect()
}

#[test]
fn chaque_module_dit_ce_qu_il_est() {
    let fautes = sources()
        .iter()
        .filter(|f| !f.texte.starts_with("//!"))
        .map(|f| f.chemin.clone())
        .collect();
    rien_a_redire(
        fautes,
        "Un module commence par « //! » : ce qu'il fait, et pourquoi ainsi.",
    );
}

#[test]
fn le_sql_reste_dans_stockage() {
    let ailleurs: Vec<Fichier> = sources()
        .into_iter()
        .filter(|f| !f.chemin.starts_with("stockage/"))
        .collect();
    let fautes = lignes_contenant(
        &ailleurs,
        &[
            "SELECT ",
            "INSERT INTO",
            "DELETE FROM",
            "UPDATE compte",
            "UPDATE vue_",
            "rusqlite",
            "tokio_postgres",
        ],
    );
    rien_a_redire(fautes, "Le SQL vit dans stockage/.");
}

#[test]
fn les_crates_purs_ne_touchent_ni_au_disque_ni_a_l_horloge() {
    let purs: Vec<Fichier> = sources()
        .into_iter()
        .filter(|f| {
            ["metier/", "planification/", "documents/"]
                .iter()
                .any(|c| f.chemin.starts_with(c))
        })
        .collect();
    let fautes = lignes_contenant(
        &purs,
        &[
            "std::fs",
            "std::net",
            "std::env::var",
            "SystemTime::now",
            "Zoned::now",
            "Timestamp::now",
            "Instant::now",
            "getrandom",
            "async fn",
            "now_v7",
        ],
    );
    rien_a_redire(
        fautes,
        "metier, planification et documents : mêmes entrées, mêmes sorties.",
    );
}

#[test]
fn les_mots_bannis_ne_reviennent_pas() {
    let interdits = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        "todo!(".to_owned(),
        "unimplemented!(".to_owned(),
        "dbg!(".to_owned(),
    ];
    let fautes: Vec<String> = sources()
        .iter()
        .chain(&fichiers(
            &["serveur/gabarits", "serveur/statique"],
            &["html", "css", "js"],
        ))
        .flat_map(|f| f.texte.lines().enumerate().map(move |(n, l)| (f, n + 1, l)))
        .filter_map(|(f, n, ligne)| {
            let mot = interdits
                .iter()
                .find(|m| ligne.contains(m.as_str()))
                .map(String::as_str)
                .or_else(|| nom_vague(ligne))?;
            Some(format!("{}:{n} : « {mot} »", f.chemin))
        })
        .collect();
    rien_a_redire(
        fautes,
        "Un mot vague ou une promesse : dites la chose, ou faites-la.",
    );
}

#[test]
fn unwrap_est_pour_les_essais() {
    let programme: Vec<Fichier> = sources()
        .into_iter()
        .filter(|f| !f.est_un_essai())
        .collect();
    let fautes = lignes_contenant(&programme, &[".unwrap()"]);
    rien_a_redire(
        fautes,
        "expect(\"…\") dit l'invariant ; unwrap est pour les essais.",
    );
}

#[test]
fn un_fichier_reste_court() {
    let fautes = sources()
        .iter()
        .filter(|f| !f.est_un_essai())
        .filter_map(|f| {
            let lignes = f.lignes_de_code().count();
            (lignes > LIGNES_MAX).then(|| format!("{} : {lignes} lignes de code", f.chemin))
        })
        .collect();
    rien_a_redire(
        fautes,
        "Un sujet par fichier, 550 lignes de code au plus (on vise 400) : coupez par sujet.",
    );
}

#[test]
fn les_gabarits_ne_portent_ni_style_ni_script_en_ligne() {
    let mut fautes = Vec::new();
    for f in gabarits() {
        for (n, ligne) in f.texte.lines().enumerate().map(|(n, l)| (n + 1, l)) {
            // Le cadre explique lui-même l'interdit, en commentaire.
            if f.chemin.ends_with("cadre.html") && !ligne.trim_start().starts_with('<') {
                continue;
            }
            let bas = ligne.to_lowercase();
            let style = bas.contains(" style=") || bas.contains("<style");
            let script =
                bas.contains("<script") && !(bas.contains(" src=") && bas.contains("></script>"));
            let gestes = [
                " onclick=",
                " onchange=",
                " onsubmit=",
                " oninput=",
                " onload=",
            ];
            if style
                || script
                || bas.contains("javascript:")
                || gestes.iter().any(|g| bas.contains(g))
            {
                fautes.push(format!("{}:{n}", f.chemin));
            }
        }
    }
    rien_a_redire(
        fautes,
        "La politique de sécurité refuse style et script en ligne : une classe de garant.css.",
    );
}

#[test]
fn chaque_classe_d_un_gabarit_est_dans_la_feuille_de_style() {
    let feuille = fs::read_to_string(racine().join("serveur/statique/garant.css"))
        .expect("la feuille se lit");
    let connues: Vec<&str> = feuille
        .split('.')
        .skip(1)
        .map(|reste| {
            let fin = reste.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
            &reste[..fin.unwrap_or(reste.len())]
        })
        .collect();
    let mut fautes = Vec::new();
    for f in gabarits() {
        for (n, ligne) in f.texte.lines().enumerate() {
            for classes in ligne.split("class=\"").skip(1) {
                for classe in classes_ecrites(classes) {
                    if !connues.contains(&classe.as_str()) {
                        fautes.push(format!("{}:{} : {classe}", f.chemin, n + 1));
                    }
                }
            }
        }
    }
    rien_a_redire(
        fautes,
        "Une classe sans style : nommez une classe de garant.css, ou ajoutez-la à la feuille.",
    );
}

/// Les classes écrites en toutes lettres dans un attribut, expressions du gabarit retirées.
fn classes_ecrites(attribut: &str) -> Vec<String> {
    let mut texte = String::new();
    let mut reste = attribut;
    loop {
        let ouvre = reste.find(['{', '"']).unwrap_or(reste.len());
        texte.push_str(&reste[..ouvre]);
        if !reste[ouvre..].starts_with('{') {
            break;
        }
        // « {{ … }} » colle un morceau à une classe : le mot entamé ne se juge pas.
        let fin = if reste[ouvre..].starts_with("{{") {
            "}}"
        } else {
            "%}"
        };
        let ferme = reste[ouvre..]
            .find(fin)
            .map_or(reste.len(), |p| ouvre + p + 2);
        texte.push(' ');
        reste = &reste[ferme..];
    }
    texte
        .split_whitespace()
        .filter(|c| !c.ends_with('-'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn les_gabarits_n_appellent_aucun_hote_exterieur() {
    let fautes: Vec<String> = fichiers(
        &["serveur/gabarits", "serveur/statique"],
        &["html", "css", "js"],
    )
    .iter()
    .flat_map(|f| f.texte.lines().enumerate().map(move |(n, l)| (f, n + 1, l)))
    .filter(|(_, _, l)| {
        [
            "src=\"http",
            "url(http",
            "url(\"http",
            "src=\"//",
            "@import",
            "fetch(\"http",
        ]
        .iter()
        .any(|i| l.contains(i))
    })
    .map(|(f, n, _)| format!("{}:{n}", f.chemin))
    .collect();
    rien_a_redire(
        fautes,
        "Polices, images et scripts viennent de serveur/statique/.",
    );
}

#[test]
fn les_chemins_cites_par_les_documents_existent() {
    let racine = racine();
    let sommets = [
        "metier",
        "planification",
        "documents",
        "stockage",
        "serveur",
        "agencement",
        "importation",
        "essais",
        "docs",
        ".ci",
        "bancs",
    ];
    let mut fautes = Vec::new();
    for document in ["ARCHITECTURE.md", "CONTRIBUER.md", "README.md"] {
        let texte = fs::read_to_string(racine.join(document)).expect("le document existe");
        // Entre deux accents graves, un chemin commence par un dossier de la racine ; « x », « * » et « … » sont des exemples.
        for cite in texte.split('`').skip(1).step_by(2) {
            let chemin = cite.trim_end_matches('/');
            let debut = chemin.split('/').next().unwrap_or_default();
            let exemple = ['*', '…', '{', '<', ' ']
                .iter()
                .any(|c| chemin.contains(*c));
            if chemin.contains('/')
                && sommets.contains(&debut)
                && !exemple
                && !racine.join(chemin).exists()
            {
                fautes.push(format!("{document} : {chemin}"));
            }
        }
    }
    rien_a_redire(
        fautes,
        "Un document cite un chemin qui n'existe pas : corrigez le document.",
    );
}
