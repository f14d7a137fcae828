//! Contrôler ce qu'une personne écrit dans l'annuaire, les sites, les référentiels : limites, dates, identifiants.
//!
//! Chaque faute est une phrase reliée à son champ, qui dit quoi faire. Rien n'est coupé en silence.

use crate::formulaires::{ChampsCommuns, ErreursFormulaire};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use metier::temps;
use stockage::Changement;

/// Longueur d'un texte court (nom, intitulé, référence), en caractères.
pub const COURT_MAX: usize = 200;
/// Longueur d'un texte long (adresse, précisions, note), en caractères.
pub const LONG_MAX: usize = 2_000;
/// Longueur minimale d'un motif qui dit quelque chose, en caractères.
const MOTIF_MIN: usize = 3;

/// Une différence entre ce qui est enregistré et ce qui vient d'être écrit.
pub struct Ecart {
    /// Le nom du champ, montré.
    pub libelle: &'static str,
    /// Ce qui est enregistré.
    pub enregistre: String,
    /// Ce que la personne a écrit.
    pub saisi: String,
}

/// Les champs qui diffèrent : (libellé, enregistré, saisi).
pub fn ecarts(champs: &[(&'static str, &str, &str)]) -> Vec<Ecart> {
    champs
        .iter()
        .filter(|(_, enregistre, saisi)| enregistre != saisi)
        .map(|(libelle, enregistre, saisi)| Ecart {
            libelle,
            enregistre: (*enregistre).to_owned(),
            saisi: (*saisi).to_owned(),
        })
        .collect()
}

/// Le contrôle d'une saisie : lit chaque champ, garde les fautes.
#[derive(Default)]
pub struct Controle(pub ErreursFormulaire);

impl Controle {
    /// Ajoute une faute à un champ.
    pub fn faute(&mut self, champ: &str, phrase: impl Into<String>) {
        self.0.ajouter(champ, phrase);
    }

    /// Rien à redire ?
    pub fn est_bon(&self) -> bool {
        self.0.est_vide()
    }

    /// Un texte d'une ligne, facultatif : espaces réunis, longueur bornée.
    pub fn ligne(&mut self, champ: &str, valeur: &str, max: usize) -> String {
        let texte = valeur.split_whitespace().collect::<Vec<_>>().join(" ");
        self.borner(champ, &texte, max);
        texte
    }

    /// Un texte d'une ligne, obligatoire ; `demande` dit ce qu'il faut écrire.
    pub fn requis(&mut self, champ: &str, valeur: &str, max: usize, demande: &str) -> String {
        let texte = self.ligne(champ, valeur, max);
        if texte.is_empty() {
            self.faute(champ, demande);
        }
        texte
    }

    /// Un texte de plusieurs lignes, facultatif.
    pub fn texte(&mut self, champ: &str, valeur: &str, max: usize) -> String {
        let texte = valeur
            .replace("\r\n", "\n")
            .replace('\r', "\n")
            .trim()
            .to_owned();
        self.borner(champ, &texte, max);
        texte
    }

    fn borner(&mut self, champ: &str, texte: &str, max: usize) {
        let nombre = texte.chars().count();
        if nombre > max {
            self.faute(
                champ,
                format!("Ce texte compte {nombre} caractères : raccourcissez-le à {max} au plus."),
            );
        } else if texte
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\t')
        {
            self.faute(champ, "Ce texte contient un caractère invisible qui ne peut pas s’imprimer : écrivez-le de nouveau au clavier.");
        }
    }

    /// Une date obligatoire du calendrier.
    pub fn date(&mut self, champ: &str, valeur: &str, demande: &str) -> Option<Date> {
        if valeur.trim().is_empty() {
            self.faute(champ, demande);
            return None;
        }
        self.date_facultative(champ, valeur)
    }

    /// Une date facultative du calendrier.
    pub fn date_facultative(&mut self, champ: &str, valeur: &str) -> Option<Date> {
        if valeur.trim().is_empty() {
            return None;
        }
        let lue = temps::lire_date(valeur);
        if lue.is_none() {
            self.faute(
                champ,
                "Cette date n’est pas dans le calendrier. Écrivez-la comme 23/11/2026.",
            );
        }
        lue
    }

    /// Le dernier jour ne vient pas avant le premier.
    pub fn periode(&mut self, champ: &str, debut: Option<Date>, fin: Option<Date>) {
        if let (Some(debut), Some(fin)) = (debut, fin)
            && fin < debut
        {
            let jour = temps::date_moyenne(debut);
            self.faute(champ, format!("Le dernier jour vient avant le premier ({jour}) : corrigez l’une des deux dates."));
        }
    }

    /// Un courriel facultatif.
    pub fn courriel(&mut self, champ: &str, valeur: &str) -> String {
        let texte = self.ligne(champ, valeur, COURT_MAX);
        if !texte.is_empty() && !est_courriel(&texte) {
            self.faute(
                champ,
                "Ce courriel n’est pas complet. Écrivez-le comme prenom.nom@exemple.fr.",
            );
        }
        texte
    }

    /// Un numéro de téléphone facultatif.
    pub fn telephone(&mut self, champ: &str, valeur: &str) -> String {
        let texte = self.ligne(champ, valeur, 30);
        let chiffres = texte.chars().filter(char::is_ascii_digit).count();
        let permis = texte
            .chars()
            .all(|c| c.is_ascii_digit() || " .-()+\u{a0}\u{202f}".contains(c));
        if !texte.is_empty() && (!permis || !(6..=15).contains(&chiffres)) {
            self.faute(champ, "Ce numéro n’est pas reconnu. Écrivez-le avec ses chiffres, comme 01 23 45 67 89 ou +33 1 23 45 67 89.");
        }
        texte
    }

    /// Un code postal obligatoire : cinq chiffres.
    pub fn code_postal(&mut self, champ: &str, valeur: &str) -> String {
        let texte: String = valeur.split_whitespace().collect();
        if texte.len() != 5 || !texte.bytes().all(|b| b.is_ascii_digit()) {
            self.faute(champ, "Écrivez les cinq chiffres du code postal.");
        }
        texte
    }

    /// Le motif obligatoire d'une correction.
    pub fn motif(&mut self, communs: &ChampsCommuns) {
        let motif = self.texte("motif", &communs.motif, LONG_MAX);
        if motif.chars().count() < MOTIF_MIN {
            self.faute("motif", "Dites en quelques mots pourquoi vous changez cette fiche : le motif est porté au journal.");
        }
    }
}

fn est_courriel(texte: &str) -> bool {
    let Some((avant, apres)) = texte.split_once('@') else {
        return false;
    };
    let domaine_bon =
        apres.contains('.') && apres.split('.').all(|p| !p.is_empty()) && !apres.contains('@');
    !avant.is_empty() && domaine_bon && !texte.chars().any(char::is_whitespace)
}

/// Après un changement enregistré : la page suivante, avec son message.
pub fn apres(adresse: &str, changement: Changement) -> Response {
    let fait = match changement {
        Changement::Enregistre => "enregistre",
        Changement::DejaEnregistre => "deja",
    };
    Redirect::to(&format!("{adresse}?fait={fait}")).into_response()
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn une_date_hors_du_calendrier_est_refusee() {
        for mauvaise in [
            "2027-02-29",
            "31/04/2026",
            "0000-00-00",
            "demain",
            "99999-01-01",
        ] {
            let mut c = Controle::default();
            assert_eq!(
                c.date("debut", mauvaise, "Écrivez la date."),
                None,
                "{mauvaise}"
            );
            assert!(c.0.pour("debut").is_some(), "{mauvaise}");
        }
        assert!(
            Controle::default()
                .date("debut", "2028-02-29", "")
                .is_some()
        );
    }

    #[test]
    fn rien_n_est_coupe_en_silence() {
        let mut c = Controle::default();
        let long = "é".repeat(COURT_MAX + 1);
        assert_eq!(c.ligne("nom", &long, COURT_MAX), long);
        assert!(c.0.pour("nom").unwrap().contains("201"));
        let mut c = Controle::default();
        assert_eq!(
            c.ligne("nom", "  Anne \u{a0} Marie ", COURT_MAX),
            "Anne Marie"
        );
        c.ligne("prenom", "a\0b", COURT_MAX);
        assert!(c.0.pour("prenom").is_some());
    }

    #[test]
    fn les_coordonnees_se_controlent_sans_exces() {
        for bon in ["", "a.b@c.fr", "a+b@sous.domaine.org"] {
            let mut c = Controle::default();
            c.courriel("courriel", bon);
            assert!(c.est_bon(), "{bon}");
        }
        for mauvais in ["a", "a@b", "@b.fr", "a@b..fr", "a@b@c.fr"] {
            let mut c = Controle::default();
            c.courriel("courriel", mauvais);
            assert!(!c.est_bon(), "{mauvais}");
        }
        for (numero, bon) in [
            ("01 23 45 67 89", true),
            ("+33 (0)1.23", true),
            ("12", false),
            ("appelez-moi", false),
        ] {
            let mut c = Controle::default();
            c.telephone("telephone", numero);
            assert_eq!(c.est_bon(), bon, "{numero}");
        }
    }
}
