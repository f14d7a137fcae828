//! La fiche d'un candidat telle qu'un formulaire la porte : quatorze textes, lus vers une fiche et relus d'une fiche.

use crate::formulaires::{ChampsCommuns, ErreursFormulaire};
use jiff::civil::Date;
use metier::candidats::{Fiche, Voie};
use metier::temps;
use serde::Deserialize;

/// Les civilités proposées.
pub const CIVILITES: [(&str, &str); 2] = [("Mme", "Mme"), ("M.", "M.")];

/// Ce qu'une personne écrit dans le formulaire d'un candidat. Les noms sont ceux de la fiche.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Saisie {
    /// Acte, motif, rang vu.
    #[serde(flatten)]
    pub communs: ChampsCommuns,
    /// « Mme », « M. » ou rien.
    pub civilite: String,
    /// Nom de naissance.
    pub nom_naissance: String,
    /// Nom d'usage.
    pub nom_usage: String,
    /// Prénoms.
    pub prenoms: String,
    /// Date de naissance, telle qu'écrite.
    pub naissance: String,
    /// Lieu de naissance.
    pub lieu_naissance: String,
    /// Courriel.
    pub courriel: String,
    /// Téléphone.
    pub telephone: String,
    /// Voie et numéro.
    pub adresse: String,
    /// Code postal.
    pub code_postal: String,
    /// Commune.
    pub ville: String,
    /// Code de la voie d'accès.
    pub voie: String,
    /// Organisme ou entreprise.
    pub organisme: String,
    /// Identifiant CERES.
    pub identifiant_ceres: String,
}

impl Saisie {
    /// Le formulaire rempli d'après une fiche.
    pub fn depuis(f: &Fiche) -> Self {
        let texte = |v: &Option<String>| v.clone().unwrap_or_default();
        Self {
            communs: ChampsCommuns::default(),
            civilite: texte(&f.civilite),
            nom_naissance: f.nom_naissance.clone(),
            nom_usage: texte(&f.nom_usage),
            prenoms: f.prenoms.clone(),
            naissance: f.naissance.map(temps::date_chiffres).unwrap_or_default(),
            lieu_naissance: texte(&f.lieu_naissance),
            courriel: texte(&f.courriel),
            telephone: texte(&f.telephone),
            adresse: texte(&f.adresse),
            code_postal: texte(&f.code_postal),
            ville: texte(&f.ville),
            voie: f.voie.map(|v| v.code().to_owned()).unwrap_or_default(),
            organisme: texte(&f.organisme),
            identifiant_ceres: texte(&f.identifiant_ceres),
        }
    }

    /// La fiche écrite, ou toutes ses fautes, reliées aux champs.
    pub fn lire(&self, jour: Date) -> Result<Fiche, ErreursFormulaire> {
        let mut fautes = ErreursFormulaire::default();
        let texte = |v: &str| Some(resserrer(v)).filter(|t| !t.is_empty());
        let civilite = texte(&self.civilite);
        if civilite
            .as_deref()
            .is_some_and(|c| CIVILITES.iter().all(|(code, _)| *code != c))
        {
            fautes.ajouter("civilite", "Cette civilité n’est pas dans la liste. Choisissez « Mme » ou « M. », ou laissez le champ vide.");
        }
        let naissance = temps::lire_date(&self.naissance);
        if naissance.is_none() && !self.naissance.trim().is_empty() {
            fautes.ajouter("naissance", "Cette date n’existe pas au calendrier. Écrivez-la sous la forme 12/03/1999, d’après la pièce d’identité.");
        }
        let voie = Voie::depuis_code(self.voie.trim());
        if voie.is_none() && !self.voie.trim().is_empty() {
            fautes.ajouter(
                "voie",
                "Cette voie d’accès n’est pas dans la liste. Choisissez l’une des cinq.",
            );
        }
        let fiche = Fiche {
            civilite: civilite.filter(|_| fautes.pour("civilite").is_none()),
            nom_naissance: resserrer(&self.nom_naissance),
            nom_usage: texte(&self.nom_usage),
            prenoms: resserrer(&self.prenoms),
            naissance,
            lieu_naissance: texte(&self.lieu_naissance),
            courriel: texte(&self.courriel),
            telephone: texte(&self.telephone),
            adresse: texte(&self.adresse),
            code_postal: texte(&self.code_postal),
            ville: texte(&self.ville),
            voie,
            organisme: texte(&self.organisme),
            identifiant_ceres: texte(&self.identifiant_ceres),
        };
        for c in fiche.verifier(jour) {
            fautes.ajouter(
                c.champ.as_deref().unwrap_or_default(),
                format!("{} {}", c.phrase, c.remede),
            );
        }
        if fautes.est_vide() {
            Ok(fiche)
        } else {
            Err(fautes)
        }
    }

    /// Chaque champ : son libellé et sa valeur, telle qu'on la montre.
    pub fn montrer(&self) -> Vec<(&'static str, String)> {
        let mut copie = self.clone();
        copie
            .champs()
            .into_iter()
            .map(|(libelle, valeur)| (libelle, valeur_montree(libelle, valeur)))
            .collect()
    }

    /// Chaque champ : son libellé et sa valeur, à changer.
    fn champs(&mut self) -> [(&'static str, &mut String); 14] {
        [
            ("Civilité", &mut self.civilite),
            ("Nom de naissance", &mut self.nom_naissance),
            ("Nom d’usage", &mut self.nom_usage),
            ("Prénoms", &mut self.prenoms),
            ("Date de naissance", &mut self.naissance),
            ("Lieu de naissance", &mut self.lieu_naissance),
            (VOIE, &mut self.voie),
            ("Organisme ou entreprise", &mut self.organisme),
            ("Courriel", &mut self.courriel),
            ("Téléphone", &mut self.telephone),
            ("Adresse", &mut self.adresse),
            ("Code postal", &mut self.code_postal),
            ("Commune", &mut self.ville),
            ("Identifiant CERES", &mut self.identifiant_ceres),
        ]
    }
}

/// Libellé de la voie d'accès : sa valeur est un code, qui se montre en clair.
const VOIE: &str = "Voie d’accès";

fn valeur_montree(libelle: &str, valeur: &str) -> String {
    match Voie::depuis_code(valeur) {
        Some(voie) if libelle == VOIE => voie.libelle().to_owned(),
        _ => valeur.to_owned(),
    }
}

/// Réunit les espaces et ôte celles des bords.
fn resserrer(valeur: &str) -> String {
    valeur.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Un champ que la saisie et la fiche actuelle n'écrivent pas pareil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Le champ.
    pub libelle: &'static str,
    /// Ce que la fiche dit maintenant.
    pub actuelle: String,
    /// Ce que la personne a envoyé.
    pub saisie: String,
    /// Le formulaire garde-t-il la saisie (sinon, la personne n'y avait pas touché et la fiche actuelle est reprise) ?
    pub gardee: bool,
}

/// Rapproche la saisie de la fiche changée entre-temps : ce que la personne a écrit reste, ce qu'elle n'avait pas touché
/// (d'après `vue`, la fiche qu'elle avait sous les yeux) suit la fiche actuelle.
pub fn rapprocher(
    vue: Option<&Fiche>,
    actuelle: &Fiche,
    saisie: &Fiche,
) -> (Saisie, Vec<Difference>) {
    let mut garde = Saisie::depuis(saisie);
    let mut actuelle = Saisie::depuis(actuelle);
    let mut vue = vue.map(Saisie::depuis);
    let avant: Vec<Option<String>> = match &mut vue {
        Some(v) => v
            .champs()
            .into_iter()
            .map(|(_, t)| Some(t.clone()))
            .collect(),
        None => vec![None; garde.champs().len()],
    };
    let mut differences = vec![];
    for (((libelle, ecrit), (_, present)), avant) in
        garde.champs().into_iter().zip(actuelle.champs()).zip(avant)
    {
        if *ecrit == *present {
            continue;
        }
        let gardee = avant.as_deref() != Some(ecrit.as_str());
        differences.push(Difference {
            libelle,
            actuelle: valeur_montree(libelle, present),
            saisie: valeur_montree(libelle, ecrit),
            gardee,
        });
        if !gardee {
            ecrit.clone_from(present);
        }
    }
    (garde, differences)
}

#[cfg(test)]
mod essais {
    use super::*;
    use jiff::civil::date;

    const JOUR: Date = date(2026, 11, 23);

    fn saisie() -> Saisie {
        Saisie {
            nom_naissance: " Abadie ".into(),
            prenoms: "Aïcha".into(),
            naissance: "12/03/1999".into(),
            voie: "vae".into(),
            ..Saisie::default()
        }
    }

    #[test]
    fn une_saisie_devient_une_fiche_et_revient() {
        let f = saisie().lire(JOUR).unwrap();
        assert_eq!(
            (f.nom_naissance.as_str(), f.naissance, f.voie),
            ("Abadie", Some(date(1999, 3, 12)), Some(Voie::Vae))
        );
        assert_eq!(f.courriel, None);
        assert_eq!(Saisie::depuis(&f).lire(JOUR).unwrap(), f);
        let iso = Saisie {
            naissance: "1999-03-12".into(),
            ..saisie()
        };
        assert_eq!(iso.lire(JOUR).unwrap(), f);
    }

    #[test]
    fn toutes_les_fautes_se_disent_a_la_fois() {
        let s = Saisie {
            prenoms: String::new(),
            naissance: "31/02/1999".into(),
            voie: "autre".into(),
            civilite: "Mx".into(),
            courriel: "a".into(),
            ..saisie()
        };
        let fautes = s.lire(JOUR).unwrap_err();
        for champ in ["prenoms", "naissance", "voie", "civilite", "courriel"] {
            assert!(fautes.pour(champ).is_some(), "{champ}");
        }
        assert_eq!(fautes.0.len(), 5);
    }

    #[test]
    fn ce_qui_est_ecrit_reste_et_ce_qui_n_est_pas_touche_suit() {
        let vue = saisie().lire(JOUR).unwrap();
        let actuelle = Fiche {
            courriel: Some("a@b.fr".into()),
            ville: Some("Pau".into()),
            ..vue.clone()
        };
        let ecrite = Fiche {
            telephone: Some("0612345678".into()),
            ville: Some("Tarbes".into()),
            ..vue.clone()
        };
        let (garde, differences) = rapprocher(Some(&vue), &actuelle, &ecrite);
        assert_eq!(
            (
                garde.courriel.as_str(),
                garde.telephone.as_str(),
                garde.ville.as_str()
            ),
            ("a@b.fr", "0612345678", "Tarbes")
        );
        assert_eq!(
            differences
                .iter()
                .map(|d| (d.libelle, d.gardee))
                .collect::<Vec<_>>(),
            [("Courriel", false), ("Téléphone", true), ("Commune", true)]
        );
        assert_eq!(rapprocher(None, &actuelle, &ecrite).0.courriel, "");
    }
}
