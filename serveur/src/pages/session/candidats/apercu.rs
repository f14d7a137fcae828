//! L'aperçu d'un import tel qu'il se montre : les lignes lues, leurs problèmes, ce que la session sait déjà d'elles.

use importation::{Apercu, Candidat, Gravite};
use metier::candidats::{CANDIDATS_MAX, Fiche, Voie, sans_accents};
use metier::{Session, temps};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Candidats montrés, et renvoyés, au plus : tous ceux qu'une session peut recevoir d'un coup.
const LIGNES_MONTREES: usize = metier::candidats::CANDIDATS_MAX;
/// Problèmes montrés au plus : au-delà, c'est le fichier entier qu'il faut reprendre.
const PROBLEMES_MONTRES: usize = 500;
/// Longueur du nom de fichier gardé au journal, en caractères.
const SOURCE_MAX: usize = 120;

/// L'aperçu et le nom du fichier, tels que la page les renvoie pour l'import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envoi {
    /// Nom du fichier.
    pub source: String,
    /// L'aperçu.
    pub apercu: Apercu,
}

impl Envoi {
    /// L'aperçu d'un fichier reçu, borné à ce qui se montre.
    pub fn nouveau(nom_recu: &str, mut apercu: Apercu) -> (Self, Coupe) {
        let coupe = Coupe {
            candidats: apercu.candidats.len(),
            problemes: apercu.problemes.len(),
        };
        apercu.candidats.truncate(LIGNES_MONTREES);
        apercu.problemes.truncate(PROBLEMES_MONTRES);
        (
            Self {
                source: nom_de_fichier(nom_recu),
                apercu,
            },
            coupe,
        )
    }

    /// Relit l'aperçu renvoyé par la page.
    pub fn relire(texte: &str) -> Option<Self> {
        let mut envoi: Self = serde_json::from_str(texte).ok()?;
        envoi.source = nom_de_fichier(&envoi.source);
        (envoi.apercu.candidats.len() <= LIGNES_MONTREES
            && envoi.apercu.problemes.len() <= PROBLEMES_MONTRES)
            .then_some(envoi)
    }
}

/// Combien le fichier contenait de candidats et de problèmes, montrés ou non.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coupe {
    /// Candidats lus.
    pub candidats: usize,
    /// Problèmes relevés.
    pub problemes: usize,
}

/// Le nom d'un fichier, sans dossier ni signe invisible, borné.
fn nom_de_fichier(recu: &str) -> String {
    let nom = recu.rsplit(['/', '\\']).next().unwrap_or_default();
    let net: String = nom
        .chars()
        .filter(|c| !c.is_control())
        .take(SOURCE_MAX)
        .collect();
    let net = net.trim();
    if net.is_empty() {
        "liste sans nom".to_owned()
    } else {
        net.to_owned()
    }
}

/// La fiche d'un candidat lu. Le début de formation n'en fait pas partie.
pub fn fiche(c: &Candidat) -> Fiche {
    Fiche {
        civilite: c.civilite.clone(),
        nom_naissance: c.nom_naissance.clone(),
        nom_usage: c.nom_usage.clone(),
        prenoms: c.prenoms.clone(),
        naissance: c.naissance,
        lieu_naissance: c.lieu_naissance.clone(),
        courriel: c.courriel.clone(),
        telephone: c.telephone.clone(),
        adresse: c.adresse.clone(),
        code_postal: c.code_postal.clone(),
        ville: c.ville.clone(),
        voie: c.voie.as_deref().and_then(Voie::depuis_code),
        organisme: c.organisme.clone(),
        identifiant_ceres: c.identifiant_ceres.clone(),
    }
}

/// Un problème montré.
pub struct ProblemeMontre {
    /// Empêche l'import de la ligne.
    pub bloquant: bool,
    /// « Ligne 4 », ou vide sous son candidat.
    pub ou: String,
    /// La phrase.
    pub message: String,
}

/// Un candidat de l'aperçu.
pub struct LigneMontree {
    /// Numéro de ligne dans le fichier.
    pub ligne: u32,
    /// Ne peut pas être importé tel quel.
    pub bloque: bool,
    /// Sa case est cochée.
    pub coche: bool,
    /// « bloquant », « avertissement » ou vide : la classe de la rangée.
    pub classe: &'static str,
    /// Nom et prénoms.
    pub nom: String,
    /// Nom de naissance s'il diffère.
    pub nom_naissance: String,
    /// Date de naissance.
    pub naissance: String,
    /// Lieu de naissance.
    pub lieu: String,
    /// Voie d'accès.
    pub voie: &'static str,
    /// Organisme.
    pub organisme: String,
    /// Courriel, téléphone, adresse.
    pub coordonnees: Vec<String>,
    /// Ses problèmes.
    pub problemes: Vec<ProblemeMontre>,
}

/// Tout ce que la page d'aperçu montre du fichier.
pub struct Montre {
    /// Colonnes : (champ, intitulé du fichier).
    pub colonnes: Vec<(&'static str, String)>,
    /// Problèmes du fichier entier.
    pub generaux: Vec<ProblemeMontre>,
    /// Les candidats.
    pub lignes: Vec<LigneMontree>,
    /// Candidats cochés.
    pub coches: usize,
    /// Candidats importables.
    pub importables: usize,
    /// Candidats bloqués.
    pub bloques: usize,
    /// Places restantes dans la session.
    pub places: usize,
}

impl Montre {
    /// L'aperçu devant cette session. `retenues` : les lignes cochées ; à défaut, toutes sauf celles déjà inscrites.
    pub fn nouveau(apercu: &Apercu, s: &Session, retenues: Option<&HashSet<u32>>) -> Self {
        let mut lignes: Vec<LigneMontree> = apercu
            .candidats
            .iter()
            .map(|c| ligne(c, apercu, s))
            .collect();
        if let Some(retenues) = retenues {
            for l in &mut lignes {
                l.coche = !l.bloque && retenues.contains(&l.ligne);
            }
        }
        let connues: HashSet<u32> = lignes.iter().map(|l| l.ligne).collect();
        let generaux = apercu
            .problemes
            .iter()
            .filter(|p| !connues.contains(&p.ligne))
            .map(|p| ProblemeMontre {
                bloquant: p.gravite == Gravite::Bloquant,
                ou: if matches!(p.champ.as_str(), "fichier" | "colonne") {
                    String::new()
                } else {
                    format!("Ligne\u{a0}{} : ", p.ligne)
                },
                message: p.message.clone(),
            });
        Self {
            colonnes: apercu
                .colonnes
                .iter()
                .map(|(champ, intitule)| (libelle(champ), intitule.clone()))
                .collect(),
            generaux: generaux.collect(),
            coches: lignes.iter().filter(|l| l.coche).count(),
            importables: lignes.iter().filter(|l| !l.bloque).count(),
            bloques: lignes.iter().filter(|l| l.bloque).count(),
            places: CANDIDATS_MAX.saturating_sub(s.inscrits().count()),
            lignes,
        }
    }
}

fn ligne(c: &Candidat, apercu: &Apercu, s: &Session) -> LigneMontree {
    let f = fiche(c);
    let mut problemes: Vec<ProblemeMontre> = apercu
        .problemes
        .iter()
        .filter(|p| p.ligne == c.ligne)
        .map(|p| ProblemeMontre {
            bloquant: p.gravite == Gravite::Bloquant,
            ou: String::new(),
            message: p.message.clone(),
        })
        .collect();
    let deja = !c.bloque && est_inscrit(s, &f);
    problemes.extend(
        rapprochements(s, &f)
            .into_iter()
            .map(|message| ProblemeMontre {
                bloquant: false,
                ou: String::new(),
                message,
            }),
    );
    let autre_nom = f
        .nom_usage
        .as_ref()
        .is_some_and(|u| u.to_lowercase() != f.nom_naissance.to_lowercase());
    let nom = f.nom_complet();
    LigneMontree {
        ligne: c.ligne,
        bloque: c.bloque,
        coche: !c.bloque && !deja,
        classe: if c.bloque {
            "bloquant"
        } else if problemes.is_empty() {
            ""
        } else {
            "avertissement"
        },
        nom: if nom.trim().is_empty() {
            "Sans nom".to_owned()
        } else {
            nom
        },
        nom_naissance: if autre_nom {
            f.nom_naissance.to_uppercase()
        } else {
            String::new()
        },
        naissance: f.naissance.map(temps::date_chiffres).unwrap_or_default(),
        lieu: f.lieu_naissance.unwrap_or_default(),
        voie: f.voie.map_or("", |v| v.libelle()),
        organisme: f.organisme.unwrap_or_default(),
        coordonnees: [
            f.courriel,
            f.telephone,
            adresse(&f.adresse, &f.code_postal, &f.ville),
        ]
        .into_iter()
        .flatten()
        .collect(),
        problemes,
    }
}

fn adresse(rue: &Option<String>, code: &Option<String>, ville: &Option<String>) -> Option<String> {
    let commune = [code, ville]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ");
    let tout = [rue.as_deref().unwrap_or_default(), &commune]
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    (!tout.is_empty()).then_some(tout)
}

/// Un inscrit de la session porte-t-il le même nom, les mêmes prénoms et la même date de naissance ?
fn est_inscrit(s: &Session, f: &Fiche) -> bool {
    f.naissance.is_some()
        && s.inscrits()
            .any(|c| c.fiche.cle_rapprochement() == f.cle_rapprochement())
}

/// Les inscrits, depuis ce rang, que l'une de ces fiches répéterait.
pub fn inscrits_depuis(s: &Session, fiches: &[Fiche], rang: u64) -> Vec<String> {
    let cles: HashSet<String> = fiches.iter().map(Fiche::cle_rapprochement).collect();
    s.inscrits()
        .filter(|c| c.rang > rang && cles.contains(&c.fiche.cle_rapprochement()))
        .map(|c| c.fiche.nom_complet())
        .collect()
}

/// Ce que la session sait déjà de cette personne : avertir, jamais fusionner.
fn rapprochements(s: &Session, f: &Fiche) -> Vec<String> {
    let nom = |f: &Fiche| (sans_accents(&f.nom_naissance), sans_accents(&f.prenoms));
    let mut phrases = vec![];
    let homonymes = s
        .candidats
        .iter()
        .filter(|c| !f.nom_naissance.is_empty() && nom(&c.fiche) == nom(f));
    for c in homonymes {
        let meme_jour = c.fiche.naissance.is_some() && c.fiche.naissance == f.naissance;
        let jour_inconnu = c.fiche.naissance.is_none() || f.naissance.is_none();
        match (c.retire.is_some(), meme_jour, jour_inconnu) {
            (true, true, _) => phrases.push("Cette personne a été retirée de la session. Si elle revient, réinscrivez-la depuis la liste des candidats plutôt que de l’importer.".to_owned()),
            (false, true, _) => phrases.push("Déjà inscrit à cette session, avec la même date de naissance : la case n’est pas cochée. Cochez-la seulement si c’est un homonyme.".to_owned()),
            (false, false, true) => phrases.push("Un candidat de la session porte déjà ce nom, et l’une des deux dates de naissance manque. Vérifiez s’il s’agit de la même personne.".to_owned()),
            _ => {}
        }
    }
    if phrases.is_empty()
        && let Some(courriel) = &f.courriel
        && let Some(c) = s.inscrits().find(|c| {
            c.fiche
                .courriel
                .as_ref()
                .is_some_and(|autre| autre.eq_ignore_ascii_case(courriel))
        })
    {
        phrases.push(format!("Même courriel que {}, déjà inscrit à cette session. Vérifiez que chaque candidat a bien le sien.", c.fiche.nom_complet()));
    }
    phrases
}

/// Le libellé d'un champ de l'aperçu.
fn libelle(champ: &str) -> &'static str {
    match champ {
        "civilite" => "Civilité",
        "nom_naissance" => "Nom de naissance",
        "nom_usage" => "Nom d’usage",
        "prenoms" => "Prénoms",
        "nom_et_prenoms" => "Nom et prénoms",
        "naissance" => "Date de naissance",
        "lieu_naissance" => "Lieu de naissance",
        "courriel" => "Courriel",
        "telephone" => "Téléphone",
        "adresse" => "Adresse",
        "code_postal" => "Code postal",
        "ville" => "Commune",
        "voie" => "Voie d’accès",
        "organisme" => "Organisme ou entreprise",
        "debut_formation" => "Début de formation (lu, mais pas repris dans la fiche)",
        "identifiant_ceres" => "Identifiant CERES",
        _ => "Autre",
    }
}

#[cfg(test)]
mod essais {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn un_nom_de_fichier_perd_ses_dossiers_et_ses_signes_invisibles() {
        assert_eq!(nom_de_fichier("C:\\Users\\x\\liste.csv"), "liste.csv");
        assert_eq!(nom_de_fichier("../../etc/li\nste.ods"), "liste.ods");
        assert_eq!(nom_de_fichier("  "), "liste sans nom");
        assert_eq!(nom_de_fichier(&"é".repeat(500)).chars().count(), SOURCE_MAX);
    }

    #[test]
    fn un_candidat_lu_devient_une_fiche() {
        let c = Candidat {
            ligne: 2,
            nom_naissance: "Abadie".into(),
            prenoms: "Aïcha".into(),
            naissance: Some(date(1999, 3, 12)),
            voie: Some("vae".into()),
            ..Candidat::default()
        };
        let f = fiche(&c);
        assert_eq!(
            (f.nom_complet().as_str(), f.voie, f.naissance),
            ("ABADIE Aïcha", Some(Voie::Vae), Some(date(1999, 3, 12)))
        );
    }

    #[test]
    fn un_apercu_renvoye_se_relit_et_ne_deborde_pas() {
        let apercu = Apercu {
            candidats: vec![Candidat::default(); LIGNES_MONTREES + 1],
            ..Apercu::default()
        };
        let trop = serde_json::to_string(&Envoi {
            source: "a".into(),
            apercu: apercu.clone(),
        })
        .unwrap();
        assert_eq!(Envoi::relire(&trop), None);
        let (envoi, coupe) = Envoi::nouveau("a.csv", apercu);
        assert_eq!(coupe.candidats, LIGNES_MONTREES + 1);
        assert_eq!(
            Envoi::relire(&serde_json::to_string(&envoi).unwrap()),
            Some(envoi)
        );
        assert_eq!(Envoi::relire("[]"), None);
    }
}
