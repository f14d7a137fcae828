//! Déposer un PDF, le relire, le contrôler.

use std::path::PathBuf;
use std::process::Command;

fn chemin(nom: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{nom}.pdf"))
}

/// Dépose les octets dans le dossier temporaire de cargo.
pub fn deposer(nom: &str, octets: &[u8]) {
    std::fs::write(chemin(nom), octets).unwrap();
}

/// Lance un outil sur un PDF déposé et rend ce qu'il écrit.
pub fn outil(programme: &str, options: &[&str], nom: &str) -> String {
    let mut commande = Command::new(programme);
    commande.args(options).arg(chemin(nom));
    if programme == "pdftotext" {
        commande.arg("-");
    }
    let sortie = commande.output().unwrap_or_else(|erreur| {
        panic!("{programme} : {erreur} (installez poppler-utils et qpdf)")
    });
    let texte = String::from_utf8_lossy(&sortie.stdout).into_owned();
    assert!(
        sortie.status.success(),
        "{programme} sur {nom} : {texte}{}",
        String::from_utf8_lossy(&sortie.stderr)
    );
    texte
}

/// Texte du PDF déposé, espaces ramenées à une seule espace ordinaire.
pub fn texte_de(nom: &str) -> String {
    outil("pdftotext", &[], nom)
        .replace('\u{200B}', "")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Dépose puis relit.
pub fn relire(nom: &str, octets: &[u8]) -> String {
    deposer(nom, octets);
    texte_de(nom)
}

/// Contrôle la structure du fichier.
pub fn controler_fichier(nom: &str) {
    outil("qpdf", &["--check"], nom);
}

/// Aucun mot ne sort de la page ni ne mord sur sa marge (10 mm).
pub fn controler_marges(nom: &str) {
    let html = outil_vers_sortie(nom);
    let nombre = |ligne: &str, cle: &str| -> f64 {
        let debut = ligne.find(cle).unwrap() + cle.len() + 2;
        ligne[debut..].split('"').next().unwrap().parse().unwrap()
    };
    let (mut largeur, mut hauteur) = (0.0, 0.0);
    for ligne in html.lines().map(str::trim) {
        if ligne.starts_with("<page") {
            largeur = nombre(ligne, " width");
            hauteur = nombre(ligne, " height");
        } else if ligne.starts_with("<word") {
            let marge = 28.0;
            assert!(
                nombre(ligne, "xMin") >= marge
                    && nombre(ligne, "xMax") <= largeur - marge
                    && nombre(ligne, "yMin") >= marge
                    && nombre(ligne, "yMax") <= hauteur - marge,
                "{nom} : un mot sort de la page ({largeur} × {hauteur}) : {ligne}"
            );
        }
    }
}

fn outil_vers_sortie(nom: &str) -> String {
    outil("pdftotext", &["-bbox"], nom)
}
