//! Lire une ligne du tableau : un candidat, ou une ligne à laisser et à dire (total, intitulés répétés).

use super::apercu::{Apercu, Candidat, Gravite};
use super::champs::{self, Lu, texte};
use super::colonnes::{Champ, reconnaitre};
use super::coordonnees;
use super::dates::{self, Genre, LectureDate};
use super::pliage::{citer, plier};
use super::tableau::{Cellule, Rangee};
use jiff::civil::Date;

/// Lit une ligne : un candidat, ou une ligne à laisser (total, intitulés répétés).
pub(super) fn lire(
    apercu: &mut Apercu,
    rangee: &Rangee,
    champs: &[(usize, Champ)],
    depuis_1904: bool,
    jour: Date,
) {
    let ligne = rangee.numero;
    let cellule = |i: usize| rangee.cellules.get(i).unwrap_or(&Cellule::Vide);
    let remplies = champs
        .iter()
        .filter(|(i, _)| !cellule(*i).est_vide())
        .count();
    if remplies == 0 {
        apercu.avertir(ligne, "ligne", "Cette ligne ne remplit aucune colonne reconnue\u{a0}: elle n’est pas lue. Supprimez-la, ou complétez-la si c’est un candidat.");
        return;
    }
    let premier = rangee
        .cellules
        .iter()
        .map(texte)
        .find(|t| !t.is_empty())
        .unwrap_or_default();
    let sans_prenom = champs
        .iter()
        .filter(|(_, c)| *c == Champ::Prenoms)
        .all(|(i, _)| cellule(*i).est_vide());
    if sans_prenom && est_total(&premier) && remplies <= 2 {
        apercu.avertir(
            ligne,
            "ligne",
            format!(
                "La ligne {} n’est pas un candidat\u{a0}: elle n’est pas lue.",
                citer(&premier)
            ),
        );
        return;
    }
    let intitules = champs
        .iter()
        .filter(|(i, c)| {
            reconnaitre(&texte(cellule(*i)))
                .is_some_and(|r| r.code() == c.code() || *c == Champ::NomUsage && r == Champ::Nom)
        })
        .count();
    if intitules >= 2 && intitules * 2 > remplies {
        apercu.avertir(
            ligne,
            "ligne",
            "Cette ligne répète les intitulés\u{a0}: elle n’est pas lue.",
        );
        return;
    }
    let mut c = Candidat {
        ligne,
        ..Candidat::default()
    };
    for (i, champ) in champs {
        lire_champ(apercu, &mut c, *champ, cellule(*i), depuis_1904, jour);
    }
    completer(apercu, &mut c, champs);
    apercu.candidats.push(c);
}

/// « Total », « Effectif : 16 », « Nombre de candidats »…
fn est_total(texte: &str) -> bool {
    let plie = plier(texte);
    [
        "total",
        "totaux",
        "sous total",
        "effectif",
        "nombre de",
        "nb de",
        "nb stagiaires",
        "nb candidats",
    ]
    .iter()
    .any(|d| {
        plie.strip_prefix(d).is_some_and(|s| {
            s.is_empty() || s.starts_with(' ') || s.starts_with(|c: char| c.is_ascii_digit())
        })
    })
}

fn lire_champ(
    apercu: &mut Apercu,
    c: &mut Candidat,
    champ: Champ,
    cellule: &Cellule,
    depuis_1904: bool,
    jour: Date,
) {
    let lu = match champ {
        Champ::Naissance | Champ::DebutFormation => {
            return lire_date(apercu, c, champ, cellule, depuis_1904, jour);
        }
        Champ::NomComplet => return lire_nom_complet(apercu, c, cellule),
        Champ::Civilite => champs::civilite(cellule),
        Champ::NomNaissance | Champ::Nom | Champ::NomUsage | Champ::Prenoms => {
            champs::nom(champ, cellule)
        }
        Champ::Courriel => coordonnees::courriel(cellule),
        Champ::Telephone => coordonnees::telephone(cellule),
        Champ::CodePostal => coordonnees::code_postal(cellule),
        Champ::Voie => champs::voie(cellule),
        Champ::LieuNaissance | Champ::Organisme => champs::simple(champ, cellule, 120),
        Champ::Adresse => champs::simple(champ, cellule, 200),
        Champ::Ville => champs::simple(champ, cellule, 80),
        Champ::IdentifiantCeres => champs::simple(champ, cellule, 40),
        Champ::Nir => Lu::default(),
    };
    for (gravite, phrase) in lu.remarques {
        apercu.dire(c.ligne, champ.code(), gravite, phrase);
    }
    let Some(valeur) = lu.valeur else { return };
    let place = match champ {
        Champ::NomNaissance | Champ::Nom => return remplir_texte(&mut c.nom_naissance, valeur),
        Champ::Prenoms => return remplir_texte(&mut c.prenoms, valeur),
        Champ::Civilite => &mut c.civilite,
        Champ::NomUsage => &mut c.nom_usage,
        Champ::LieuNaissance => &mut c.lieu_naissance,
        Champ::Courriel => &mut c.courriel,
        Champ::Telephone => &mut c.telephone,
        Champ::CodePostal => &mut c.code_postal,
        Champ::Ville => &mut c.ville,
        Champ::Voie => &mut c.voie,
        Champ::Organisme => &mut c.organisme,
        Champ::IdentifiantCeres => &mut c.identifiant_ceres,
        Champ::Adresse => {
            let entiere = c
                .adresse
                .take()
                .map_or_else(|| valeur.clone(), |debut| format!("{debut}, {valeur}"));
            c.adresse = Some(entiere.chars().take(200).collect());
            return;
        }
        Champ::NomComplet | Champ::Naissance | Champ::DebutFormation | Champ::Nir => return,
    };
    place.get_or_insert(valeur);
}

fn remplir_texte(place: &mut String, valeur: String) {
    if place.is_empty() {
        *place = valeur;
    }
}

fn lire_date(
    apercu: &mut Apercu,
    c: &mut Candidat,
    champ: Champ,
    cellule: &Cellule,
    depuis_1904: bool,
    jour: Date,
) {
    let genre = if champ == Champ::Naissance {
        Genre::Naissance
    } else {
        Genre::Courante
    };
    match dates::lire(cellule, genre, depuis_1904, jour) {
        LectureDate::Vide => {}
        LectureDate::Illisible(phrase) => apercu.bloquer(c.ligne, champ.code(), phrase),
        LectureDate::Lue(d, remarque) => {
            if let Some(phrase) = remarque {
                apercu.avertir(c.ligne, champ.code(), phrase);
            }
            if champ == Champ::Naissance {
                if let Some(phrase) = dates::naissance_impossible(d, jour) {
                    apercu.bloquer(c.ligne, champ.code(), phrase);
                }
                c.naissance.get_or_insert(d);
            } else if !(1990..=jour.year() + 5).contains(&d.year()) {
                apercu.avertir(c.ligne, champ.code(), format!("Le début de la formation, {}, est trop loin d’aujourd’hui\u{a0}: il est laissé vide. Vérifiez l’année.", dates::chiffres(d)));
            } else {
                c.debut_formation.get_or_insert(d);
            }
        }
    }
}

/// « DURAND Aïcha » : les mots en capitales sont le nom ; « Durand, Aïcha » : la virgule sépare. Sinon, on ne devine pas.
fn lire_nom_complet(apercu: &mut Apercu, c: &mut Candidat, cellule: &Cellule) {
    let lu = champs::nom(Champ::NomComplet, cellule);
    for (gravite, phrase) in lu.remarques {
        apercu.dire(c.ligne, Champ::NomComplet.code(), gravite, phrase);
    }
    let Some(entier) = lu.valeur else { return };
    if let Some((nom, prenoms)) = separer(&entier) {
        apercu.avertir(
            c.ligne,
            Champ::NomComplet.code(),
            format!(
                "{} a été séparé en nom {} et prénom {}. Vérifiez.",
                citer(&entier),
                citer(&nom),
                citer(&prenoms)
            ),
        );
        remplir_texte(&mut c.nom_naissance, nom);
        remplir_texte(&mut c.prenoms, prenoms);
    } else {
        apercu.bloquer(c.ligne, Champ::NomComplet.code(), format!("Garant ne sait pas où finit le nom et où commence le prénom dans {}. Séparez-les en deux colonnes, ou écrivez le nom en capitales.", citer(&entier)));
        remplir_texte(&mut c.nom_naissance, entier);
    }
}

fn separer(entier: &str) -> Option<(String, String)> {
    if let Some((nom, prenoms)) = entier.split_once(',') {
        let (nom, prenoms) = (nom.trim(), prenoms.trim());
        return (!nom.is_empty() && !prenoms.is_empty())
            .then(|| (nom.to_owned(), prenoms.to_owned()));
    }
    let mots: Vec<&str> = entier
        .split(' ')
        .filter(|m| !matches!(plier(m).as_str(), "m" | "mme" | "mr" | "mlle"))
        .collect();
    let capitales =
        |m: &&str| m.chars().any(char::is_alphabetic) && !m.chars().any(char::is_lowercase);
    let n = mots.iter().take_while(|m| capitales(m)).count();
    if n > 0 && n < mots.len() && !mots[n..].iter().any(capitales) {
        return Some((mots[..n].join(" "), mots[n..].join(" ")));
    }
    let p = mots.iter().take_while(|m| !capitales(m)).count();
    (p > 0 && p < mots.len() && mots[p..].iter().all(capitales))
        .then(|| (mots[p..].join(" "), mots[..p].join(" ")))
}

/// Ce qui manque à la ligne, et ce que deux colonnes disent ensemble.
fn completer(apercu: &mut Apercu, c: &mut Candidat, champs: &[(usize, Champ)]) {
    let deja = |a: &Apercu, code: &str| {
        a.problemes
            .iter()
            .rev()
            .take_while(|p| p.ligne == c.ligne)
            .any(|p| p.champ == code && p.gravite == Gravite::Bloquant)
    };
    let a = |champ: Champ| champs.iter().any(|(_, c)| *c == champ);
    if c.nom_naissance.is_empty() && c.nom_usage.is_some() && !deja(apercu, "nom_naissance") {
        c.nom_naissance = c.nom_usage.take().unwrap_or_default();
        apercu.avertir(c.ligne, "nom_naissance", format!("Le nom de naissance manque\u{a0}: Garant a pris le nom d’usage, {}. Vérifiez-le d’après la pièce d’identité.", citer(&c.nom_naissance)));
    }
    if c.nom_usage
        .as_deref()
        .is_some_and(|u| plier(u) == plier(&c.nom_naissance))
    {
        c.nom_usage = None;
    }
    let complet_bloque = deja(apercu, "nom_et_prenoms");
    if c.nom_naissance.is_empty() && !complet_bloque && !deja(apercu, "nom_naissance") {
        apercu.bloquer(
            c.ligne,
            "nom_naissance",
            "Le nom de naissance manque. Complétez-le d’après la pièce d’identité.",
        );
    }
    if c.prenoms.is_empty() && !complet_bloque && !deja(apercu, "prenoms") {
        apercu.bloquer(
            c.ligne,
            "prenoms",
            "Le prénom manque. Complétez-le d’après la pièce d’identité.",
        );
    }
    if a(Champ::Naissance) && c.naissance.is_none() && !deja(apercu, "naissance") {
        apercu.avertir(
            c.ligne,
            "naissance",
            "La date de naissance manque. Complétez-la avant d’éditer les papiers.",
        );
    }
    if a(Champ::Voie) && c.voie.is_none() && !deja(apercu, "voie") {
        apercu.avertir(
            c.ligne,
            "voie",
            "La voie d’accès manque. Complétez-la avant d’éditer les papiers.",
        );
    }
    // « 69400 Villefranche » : le code postal dans la commune.
    if c.code_postal.is_none()
        && let Some((code, reste)) = c.ville.as_deref().and_then(|v| v.split_once(' '))
        && code.len() == 5
        && code.chars().all(|x| x.is_ascii_digit())
    {
        let (code, reste) = (code.to_owned(), reste.to_owned());
        c.code_postal = Some(code);
        c.ville = Some(reste);
    }
}
