//! Les mots du territoire : comment s'appellent l'administration du département, celle de la région, et le
//! système de suivi des sessions. Aucun texte de Garant n'en dépend : ils se posent au moment de montrer.

/// Un territoire, qui donne ses noms aux administrations (reglement.md §0.4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Territoire {
    /// Métropole hors Île-de-France.
    #[default]
    Metropole,
    /// Île-de-France.
    IleDeFrance,
    /// Outre-mer.
    OutreMer,
}

impl Territoire {
    /// Tous.
    pub const TOUS: [Territoire; 3] = [Self::Metropole, Self::IleDeFrance, Self::OutreMer];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Metropole => "Métropole, hors Île-de-France",
            Self::IleDeFrance => "Île-de-France",
            Self::OutreMer => "Outre-mer",
        }
    }
    /// Code stocké.
    pub fn code(self) -> &'static str {
        match self {
            Self::Metropole => "metropole",
            Self::IleDeFrance => "ile_de_france",
            Self::OutreMer => "outre_mer",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(c: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|t| t.code() == c)
    }
}

/// Les mots d'un centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Libelles {
    /// Le territoire.
    pub territoire: Territoire,
    /// L'administration du département, celle qui valide le PV (« DDETS »).
    pub departement: String,
    /// L'administration de la région, celle qui agrée (« DREETS »).
    pub region: String,
    /// Le système de suivi des sessions (« CERES »).
    pub systeme: String,
    /// Son assistance : un numéro, une adresse ; vide si le centre ne l'a pas noté.
    pub assistance: String,
}

impl Default for Libelles {
    fn default() -> Self {
        Self::du_territoire(Territoire::default())
    }
}

impl Libelles {
    /// Les mots d'usage dans ce territoire.
    pub fn du_territoire(territoire: Territoire) -> Self {
        let (departement, region) = match territoire {
            Territoire::Metropole => ("DDETS", "DREETS"),
            Territoire::IleDeFrance => ("unité départementale de la DRIEETS", "DRIEETS"),
            Territoire::OutreMer => ("DEETS", "DEETS"),
        };
        Self {
            territoire,
            departement: departement.into(),
            region: region.into(),
            systeme: "CERES".into(),
            assistance: String::new(),
        }
    }

    /// Le texte, avec les mots du territoire à la place de ceux de la métropole.
    pub fn dire(&self, texte: &str) -> String {
        let mots = [
            ("DDETS", self.departement.as_str()),
            ("DREETS", self.region.as_str()),
            ("CERES", self.systeme.as_str()),
        ];
        let mut dit = String::with_capacity(texte.len());
        let mut reste = texte;
        // Le premier mot trouvé, puis la suite : un mot posé n'est jamais remplacé à son tour.
        while let Some((i, mot, voulu)) = mots
            .iter()
            .filter_map(|(m, v)| reste.find(m).map(|i| (i, *m, *v)))
            .min_by_key(|(i, ..)| *i)
        {
            dit.push_str(&reste[..i]);
            dit.push_str(voulu);
            reste = &reste[i + mot.len()..];
        }
        dit.push_str(reste);
        dit
    }
}

/// Un libellé repris au fil d'une phrase : sa majuscule tombe, ses sigles restent (« Résultats dans CERES », « VAE »).
pub fn au_fil(libelle: &str) -> String {
    let mut lettres = libelle.chars();
    match lettres.next() {
        Some(premiere) if !lettres.as_str().starts_with(char::is_uppercase) => {
            premiere.to_lowercase().chain(lettres).collect()
        }
        Some(_) | None => libelle.to_owned(),
    }
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn un_sigle_garde_ses_majuscules_au_fil_d_une_phrase() {
        use crate::session::jour::Piece;
        use crate::session::pv::Etape;
        assert_eq!(
            au_fil(Etape::Ceres.libelle()),
            "résultats enregistrés dans CERES"
        );
        assert_eq!(au_fil(Piece::Recevabilite.libelle()), "recevabilité VAE");
        assert_eq!(au_fil("Édité"), "édité");
        assert_eq!(au_fil("REAC à disposition"), "REAC à disposition");
        assert_eq!(au_fil(""), "");
    }

    #[test]
    fn chaque_territoire_a_ses_mots() {
        let t = "Dites-le à la DDETS ; la DREETS agrée, CERES suit.";
        assert_eq!(Libelles::default().dire(t), t);
        assert_eq!(
            Libelles::du_territoire(Territoire::OutreMer).dire(t),
            "Dites-le à la DEETS ; la DEETS agrée, CERES suit."
        );
        assert!(
            Libelles::du_territoire(Territoire::IleDeFrance)
                .dire(t)
                .contains("la DRIEETS agrée")
        );
    }

    #[test]
    fn un_mot_pose_n_est_pas_remplace_a_son_tour() {
        let l = Libelles {
            departement: "DREETS-UD".into(),
            region: "DDETS".into(),
            ..Libelles::default()
        };
        assert_eq!(l.dire("DDETS, DREETS"), "DREETS-UD, DDETS");
    }

    #[test]
    fn un_territoire_se_retrouve_par_son_code() {
        for t in Territoire::TOUS {
            assert_eq!(Territoire::depuis_code(t.code()), Some(t));
        }
        assert_eq!(Territoire::depuis_code("lune"), None);
    }
}
