//! La liste des jurés habilités telle qu'une administration l'envoie : colonnes reconnues, lignes lues, fautes dites.
//!
//! Le fichier se lit dans le même processus borné que celui des candidats ; ici, une fonction pure du tableau.

use super::Illisible;
use super::champs::{ressemble_nir, texte};
use super::coordonnees::{courriel, telephone};
use super::dates;
use super::pliage::plier;
use super::tableau::{Cellule, Tableau};
use jiff::civil::Date;
use metier::Referentiel;
use serde::{Deserialize, Serialize};

/// Lignes d'un fichier, au plus : au-delà, on partage.
pub const JURES_MAX: usize = 500;
/// Lignes regardées pour trouver les intitulés.
const LIGNES_REGARDEES: usize = 40;
/// Longueur d'une valeur, en caractères.
const VALEUR_MAX: usize = 200;

/// Une colonne reconnue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colonne {
    Nom,
    Prenom,
    NomComplet,
    Qualite,
    Employeur,
    Courriel,
    Telephone,
    Commune,
    Titre,
    Debut,
    Fin,
    Autorite,
    Reference,
}

/// L'intitulé, replié, tel que les listes l'écrivent.
fn reconnaitre(intitule: &str) -> Option<Colonne> {
    let t = plier(intitule);
    let a = |mots: &[&str]| mots.iter().any(|m| t == *m);
    let contient = |mot: &str| t.contains(mot);
    Some(
        if a(&[
            "nom prenom",
            "nom et prenom",
            "prenom nom",
            "jure",
            "membre du jury",
        ]) {
            Colonne::NomComplet
        } else if a(&["nom", "nom de famille", "nom d usage", "nom usage"]) {
            Colonne::Nom
        } else if a(&["prenom", "prenoms"]) {
            Colonne::Prenom
        } else if a(&["qualite", "fonction", "metier", "profession", "emploi"]) {
            Colonne::Qualite
        } else if contient("employeur") || contient("entreprise") || a(&["societe", "structure"]) {
            Colonne::Employeur
        } else if contient("mail") || contient("courriel") {
            Colonne::Courriel
        } else if contient("telephone") || a(&["tel", "portable", "mobile"]) {
            Colonne::Telephone
        } else if a(&["commune", "ville", "residence", "localite"]) {
            Colonne::Commune
        } else if a(&[
            "titre",
            "titre professionnel",
            "tp",
            "specialite",
            "code titre",
            "sigle",
        ]) {
            Colonne::Titre
        } else if contient("debut")
            || contient("date d habilitation")
            || a(&["du", "habilite le", "a partir du"])
        {
            Colonne::Debut
        } else if contient("fin")
            || contient("echeance")
            || contient("expir")
            || a(&["au", "jusqu au", "validite"])
        {
            Colonne::Fin
        } else if contient("autorite")
            || a(&["ddets", "dreets", "ud", "delivree par", "habilite par"])
        {
            Colonne::Autorite
        } else if contient("reference")
            || contient("arrete")
            || contient("decision")
            || contient("numero")
        {
            Colonne::Reference
        } else {
            return None;
        },
    )
}

/// Une ligne lue : un juré et son habilitation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JureLu {
    /// Numéro de ligne, tel que le tableur le montre.
    pub ligne: u32,
    /// Nom.
    pub nom: String,
    /// Prénom.
    pub prenom: String,
    /// Qualité.
    pub qualite: String,
    /// Employeur.
    pub employeur: String,
    /// Courriel.
    pub courriel: String,
    /// Téléphone.
    pub telephone: String,
    /// Commune.
    pub commune: String,
    /// Clé du titre.
    pub titre: String,
    /// Début de l'habilitation.
    pub debut: Option<Date>,
    /// Fin de l'habilitation.
    pub fin: Option<Date>,
    /// Autorité.
    pub autorite: String,
    /// Référence.
    pub reference: String,
    /// Ce qui empêche d'importer la ligne ; vide : elle peut l'être.
    pub fautes: Vec<String>,
    /// Ce qu'il faut vérifier, sans arrêter.
    pub remarques: Vec<String>,
}

/// Le titre que cette cellule nomme, parmi les référentiels du centre : clé, code, sigle avec ou sans millésime, intitulé.
fn titre<'r>(cellule: &str, referentiels: &'r [Referentiel]) -> Result<&'r Referentiel, String> {
    let dit = plier(cellule);
    let mut trouves: Vec<&Referentiel> = referentiels
        .iter()
        .filter(|r| {
            let millesime = r.millesime.as_deref().unwrap_or_default();
            let mut noms = vec![r.cle.clone(), r.intitule.clone()];
            noms.extend(r.code_titre.clone());
            if let Some(s) = &r.sigle {
                noms.extend([
                    s.clone(),
                    format!("{s} {millesime}"),
                    format!("{s}{millesime}"),
                ]);
            }
            noms.iter().any(|n| plier(n) == dit)
        })
        .collect();
    match trouves.len() {
        0 => Err(format!(
            "Le titre « {cellule} » n’est pas aux référentiels du centre. Écrivez son sigle et son millésime, par exemple « DWWM 04 »."
        )),
        1 => Ok(trouves.remove(0)),
        _ => Err(format!(
            "« {cellule} » désigne plusieurs millésimes. Précisez-le, par exemple « {} ».",
            trouves[0].cle
        )),
    }
}

fn lire_date(c: &Cellule, depuis_1904: bool) -> Option<Date> {
    match c {
        Cellule::Date(d) => Some(*d),
        Cellule::Nombre(n) => dates::depuis_numero(*n, depuis_1904),
        autre => metier::temps::lire_date(&texte(autre)),
    }
}

/// Lit la liste. Rien ne s'écrit ; chaque ligne dit ce qui l'empêche d'entrer.
pub fn analyser(
    tableau: &Tableau,
    referentiels: &[Referentiel],
    defaut_titre: Option<&str>,
) -> Result<Vec<JureLu>, Illisible> {
    let (feuille, depart, colonnes) = entete(tableau).ok_or_else(|| {
        Illisible::dire("Garant ne trouve pas la ligne d’intitulés. Mettez au-dessus de la liste une ligne avec au moins « Nom », « Prénom », « Titre », « Début » et « Fin », enregistrez, puis importez de nouveau.")
    })?;
    let rangees = &tableau.feuilles[feuille].rangees[depart..];
    if rangees.len() > JURES_MAX {
        return Err(Illisible(format!(
            "Ce fichier compte {} lignes ; {JURES_MAX} au plus. Partagez-le, puis importez chaque partie.",
            rangees.len()
        )));
    }
    let mut lus = vec![];
    for r in rangees {
        let mut j = JureLu {
            ligne: r.numero,
            ..JureLu::default()
        };
        let mut titre_dit = String::new();
        let (mut debut_dit, mut fin_dit) = (false, false);
        for (c, colonne) in r.cellules.iter().zip(&colonnes) {
            let Some(colonne) = colonne else { continue };
            let t = texte(c);
            if t.is_empty() {
                continue;
            }
            if t.chars().count() > VALEUR_MAX || matches!(c, Cellule::TropLongue(_)) {
                j.fautes.push(format!(
                    "Une cellule dépasse {VALEUR_MAX} caractères : raccourcissez-la."
                ));
                continue;
            }
            if ressemble_nir(&t) {
                j.fautes.push("Une cellule ressemble à un numéro de sécurité sociale : Garant ne le garde jamais. Retirez-la.".into());
                continue;
            }
            match colonne {
                Colonne::Nom => j.nom = t,
                Colonne::Prenom => j.prenom = t,
                Colonne::NomComplet => (j.nom, j.prenom) = separer(&t),
                Colonne::Qualite => j.qualite = t,
                Colonne::Employeur => j.employeur = t,
                Colonne::Commune => j.commune = t,
                Colonne::Autorite => j.autorite = t,
                Colonne::Reference => j.reference = t,
                Colonne::Titre => titre_dit = t,
                Colonne::Debut => {
                    debut_dit = true;
                    j.debut = lire_date(c, tableau.depuis_1904);
                }
                Colonne::Fin => {
                    fin_dit = true;
                    j.fin = lire_date(c, tableau.depuis_1904);
                }
                Colonne::Courriel | Colonne::Telephone => {
                    let lu = match colonne {
                        Colonne::Courriel => courriel(c),
                        _ => telephone(c),
                    };
                    j.remarques.extend(lu.remarques.into_iter().map(|(_, p)| p));
                    let valeur = lu.valeur.unwrap_or_default();
                    match colonne {
                        Colonne::Courriel => j.courriel = valeur,
                        _ => j.telephone = valeur,
                    }
                }
            }
        }
        // Une ligne sans nom ni prénom est un total, une note, un reste.
        if j.nom.is_empty() && j.prenom.is_empty() {
            continue;
        }
        finir(
            &mut j,
            &titre_dit,
            defaut_titre,
            referentiels,
            debut_dit,
            fin_dit,
        );
        lus.push(j);
    }
    if lus.is_empty() {
        return Err(Illisible::dire(
            "Aucun juré sous la ligne d’intitulés. Vérifiez que la liste est bien au-dessous.",
        ));
    }
    Ok(lus)
}

fn finir(
    j: &mut JureLu,
    titre_dit: &str,
    defaut_titre: Option<&str>,
    referentiels: &[Referentiel],
    debut_dit: bool,
    fin_dit: bool,
) {
    for (v, nom) in [(&j.nom, "Le nom"), (&j.prenom, "Le prénom")] {
        if v.is_empty() {
            j.fautes.push(format!("{nom} manque."));
        } else if v.starts_with(['=', '+', '@']) || v.contains(['<', '>']) {
            j.fautes
                .push(format!("{nom} contient un signe qui n’y a pas sa place."));
        }
    }
    if j.qualite.is_empty() {
        j.fautes
            .push("La qualité manque : elle s’imprime sur le procès-verbal.".into());
    }
    let voulu = if titre_dit.is_empty() {
        defaut_titre.unwrap_or_default()
    } else {
        titre_dit
    };
    if voulu.is_empty() {
        j.fautes.push(
            "Le titre manque. Ajoutez une colonne « Titre », ou choisissez-le sous le fichier."
                .into(),
        );
    } else {
        match titre(voulu, referentiels) {
            Ok(r) => j.titre = r.cle.clone(),
            Err(phrase) => j.fautes.push(phrase),
        }
    }
    for (date, dit, nom) in [(j.debut, debut_dit, "Le début"), (j.fin, fin_dit, "La fin")] {
        if date.is_none() {
            j.fautes.push(if dit {
                format!("{nom} de l’habilitation n’est pas une date du calendrier. Écrivez-la comme 23/11/2026.")
            } else {
                format!("{nom} de l’habilitation manque.")
            });
        }
    }
    if let (Some(d), Some(f)) = (j.debut, j.fin)
        && f < d
    {
        j.fautes
            .push("La fin de l’habilitation précède son début.".into());
    }
    if j.autorite.is_empty() {
        j.remarques
            .push("L’autorité qui a habilité n’est pas dite : elle se complète ensuite.".into());
    }
}

/// « DURAND Zoé » : les mots en capitales font le nom ; à défaut, le premier mot.
fn separer(t: &str) -> (String, String) {
    let mots: Vec<&str> = t.split_whitespace().collect();
    let capitales = |m: &str| m.chars().any(char::is_alphabetic) && m == m.to_uppercase();
    let (nom, prenom): (Vec<&str>, Vec<&str>) = mots.iter().copied().partition(|m| capitales(m));
    if nom.is_empty() || prenom.is_empty() {
        let (premier, reste) = mots.split_first().map_or(("", &[][..]), |(p, r)| (*p, r));
        return (premier.to_owned(), reste.join(" "));
    }
    (nom.join(" "), prenom.join(" "))
}

/// (feuille, première ligne de jurés, colonnes) de la meilleure ligne d'intitulés.
fn entete(tableau: &Tableau) -> Option<(usize, usize, Vec<Option<Colonne>>)> {
    let mut mieux: Option<(usize, usize, usize, Vec<Option<Colonne>>)> = None;
    for (f, feuille) in tableau.feuilles.iter().enumerate() {
        for (r, rangee) in feuille.rangees.iter().take(LIGNES_REGARDEES).enumerate() {
            let colonnes: Vec<_> = rangee
                .cellules
                .iter()
                .map(|c| reconnaitre(&texte(c)))
                .collect();
            let a = |c: Colonne| colonnes.contains(&Some(c));
            let note = colonnes.iter().flatten().count();
            let nomme = a(Colonne::NomComplet) || a(Colonne::Nom) && a(Colonne::Prenom);
            if nomme && note >= 3 && mieux.as_ref().is_none_or(|m| note > m.0) {
                mieux = Some((note, f, r + 1, colonnes));
            }
        }
    }
    mieux.map(|(_, f, r, c)| (f, r, c))
}

#[cfg(test)]
mod essais {
    use super::*;
    use crate::enfant::lire_ici;

    fn lire(csv: &str, defaut: Option<&str>) -> Result<Vec<JureLu>, Illisible> {
        analyser(
            &lire_ici(csv.as_bytes()).unwrap(),
            &metier::catalogue(),
            defaut,
        )
    }

    #[test]
    fn une_liste_ordinaire_se_lit_avec_ses_titres_et_ses_dates() {
        let lus = lire(
            "Liste des jurés;;;;;\nNom;Prénom;Fonction;Mail;Titre;Date de début;Date de fin;Autorité\nDURAND;Zoé;Développeuse;zoe@exemple.invalid;TP-01280m04;01/01/2026;31/12/2030;DDETS du Rhône\n;;;;;;;\n",
            None,
        )
        .unwrap();
        assert_eq!(lus.len(), 1);
        let j = &lus[0];
        assert!(j.fautes.is_empty(), "{j:?}");
        assert_eq!(
            (j.nom.as_str(), j.titre.as_str(), j.ligne),
            ("DURAND", "TP-01280m04", 3)
        );
        assert_eq!(j.fin, Some(jiff::civil::date(2030, 12, 31)));
    }

    #[test]
    fn chaque_ligne_fautive_dit_ce_qui_lui_manque() {
        let lus = lire(
            "Juré;Métier;Titre;Début;Fin\nDURAND Zoé;;INCONNU;31/12/2026;32/13/2026\nROUX Max;Peintre;;01/01/2027;01/01/2026\n",
            None,
        )
        .unwrap();
        let dit = |i: usize| lus[i].fautes.join(" ");
        assert_eq!(
            (lus[0].nom.as_str(), lus[0].prenom.as_str()),
            ("DURAND", "Zoé")
        );
        for attendu in [
            "La qualité manque",
            "« INCONNU » n’est pas",
            "n’est pas une date",
        ] {
            assert!(dit(0).contains(attendu), "{}", dit(0));
        }
        assert!(dit(1).contains("Le titre manque") && dit(1).contains("précède son début"));
        let avec = lire(
            "Juré;Métier;Début;Fin\nROUX Max;Peintre;01/01/2026;01/01/2027\n",
            Some("TP-01280m04"),
        )
        .unwrap();
        assert!(avec[0].fautes.is_empty(), "{:?}", avec[0]);
    }

    #[test]
    fn un_fichier_sans_intitules_le_dit() {
        let phrase = lire("a;b\n1;2\n", None).unwrap_err().0;
        assert!(phrase.contains("ligne d’intitulés"), "{phrase}");
    }
}
