//! Reconnaître une colonne à son intitulé, tel que les centres l'écrivent.

use super::pliage::plier;

/// Ce qu'une colonne peut contenir.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Champ {
    /// « Mme », « M. ».
    Civilite,
    /// Nom de naissance.
    NomNaissance,
    /// « Nom », sans précision.
    Nom,
    /// Nom d'usage.
    NomUsage,
    /// Prénoms.
    Prenoms,
    /// Nom et prénom dans une même cellule.
    NomComplet,
    /// Date de naissance.
    Naissance,
    /// Lieu de naissance.
    LieuNaissance,
    /// Courriel.
    Courriel,
    /// Téléphone.
    Telephone,
    /// Numéro et rue.
    Adresse,
    /// Code postal.
    CodePostal,
    /// Commune.
    Ville,
    /// Voie d'accès.
    Voie,
    /// Organisme de formation ou entreprise.
    Organisme,
    /// Début de la formation.
    DebutFormation,
    /// Identifiant CERES.
    IdentifiantCeres,
    /// Numéro de sécurité sociale : à écarter.
    Nir,
}

impl Champ {
    /// Le nom du champ dans l'aperçu : celui de la fiche du candidat.
    pub fn code(self) -> &'static str {
        match self {
            Self::Civilite => "civilite",
            Self::NomNaissance | Self::Nom => "nom_naissance",
            Self::NomUsage => "nom_usage",
            Self::Prenoms => "prenoms",
            Self::NomComplet => "nom_et_prenoms",
            Self::Naissance => "naissance",
            Self::LieuNaissance => "lieu_naissance",
            Self::Courriel => "courriel",
            Self::Telephone => "telephone",
            Self::Adresse => "adresse",
            Self::CodePostal => "code_postal",
            Self::Ville => "ville",
            Self::Voie => "voie",
            Self::Organisme => "organisme",
            Self::DebutFormation => "debut_formation",
            Self::IdentifiantCeres => "identifiant_ceres",
            Self::Nir => "nir",
        }
    }

    /// Le nom montré, avec son article.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Civilite => "la civilité",
            Self::NomNaissance | Self::Nom => "le nom de naissance",
            Self::NomUsage => "le nom d’usage",
            Self::Prenoms => "le prénom",
            Self::NomComplet => "le nom",
            Self::Naissance => "la date de naissance",
            Self::LieuNaissance => "le lieu de naissance",
            Self::Courriel => "le courriel",
            Self::Telephone => "le téléphone",
            Self::Adresse => "l’adresse",
            Self::CodePostal => "le code postal",
            Self::Ville => "la commune",
            Self::Voie => "la voie d’accès",
            Self::Organisme => "l’organisme",
            Self::DebutFormation => "le début de la formation",
            Self::IdentifiantCeres => "l’identifiant CERES",
            Self::Nir => "le numéro de sécurité sociale",
        }
    }
}

/// Reconnaît un intitulé ; rien s'il ne ressemble à aucun champ connu.
pub fn reconnaitre(intitule: &str) -> Option<Champ> {
    let plie = plier(intitule);
    if plie.is_empty() || plie.len() > 80 {
        return None;
    }
    let mots: Vec<&str> = plie.split(' ').collect();
    let a = |m: &str| mots.contains(&m);
    let debute = |m: &str| mots.iter().any(|x| x.starts_with(m));
    if a("nir")
        || a("insee")
        || debute("secu")
        || a("nss")
        || a("ssn")
        || (a("ss") && mots.len() <= 2)
    {
        return Some(Champ::Nir);
    }
    if a("ceres") {
        return Some(Champ::IdentifiantCeres);
    }
    let naissance = debute("naiss")
        || a("nee")
        || (mots[0] == "ne" && (mots.len() == 1 || matches!(mots[1], "e" | "le" | "a" | "ou")));
    let nom = a("nom") || a("noms");
    let prenom = debute("prenom");
    if naissance && !nom && !prenom {
        if debute("lieu")
            || a("ville")
            || a("commune")
            || a("departement")
            || a("pays")
            || mots.last() == Some(&"a")
        {
            return (!a("departement") && !a("pays")).then_some(Champ::LieuNaissance);
        }
        return Some(Champ::Naissance);
    }
    if matches!(
        plie.as_str(),
        "ddn" | "dn" | "date naiss" | "birthdate" | "date of birth"
    ) {
        return Some(Champ::Naissance);
    }
    if nom && prenom {
        return Some(Champ::NomComplet);
    }
    if prenom || a("firstname") || plie == "first name" {
        return Some(Champ::Prenoms);
    }
    if nom || a("patronyme") || a("lastname") {
        return champ_de_nom(&mots, naissance);
    }
    reconnaitre_coordonnees(&plie, &mots)
}

/// Quel nom : de naissance, d'usage, ou d'autre chose (l'entreprise, le formateur).
fn champ_de_nom(mots: &[&str], naissance: bool) -> Option<Champ> {
    let a = |m: &str| mots.contains(&m);
    if naissance
        || (a("jeune") && a("fille"))
        || a("famille")
        || a("patronymique")
        || a("patronyme")
    {
        return Some(Champ::NomNaissance);
    }
    if a("usage") || a("usuel") || a("marital") || a("epouse") || a("marie") || a("mariee") {
        return Some(Champ::NomUsage);
    }
    if a("entreprise") || a("organisme") || a("employeur") || a("societe") {
        return Some(Champ::Organisme);
    }
    let sien = mots.iter().all(|m| {
        matches!(
            *m,
            "nom"
                | "noms"
                | "du"
                | "de"
                | "la"
                | "des"
                | "le"
                | "candidat"
                | "candidate"
                | "candidats"
                | "stagiaire"
                | "stagiaires"
                | "apprenti"
                | "apprenant"
                | "apprenants"
                | "e"
                | "s"
                | "lastname"
        )
    });
    sien.then_some(Champ::Nom)
}

fn reconnaitre_coordonnees(plie: &str, mots: &[&str]) -> Option<Champ> {
    let a = |m: &str| mots.contains(&m);
    let debute = |m: &str| mots.iter().any(|x| x.starts_with(m));
    if a("mail")
        || a("mel")
        || a("email")
        || debute("courriel")
        || a("mails")
        || a("emails")
        || plie.contains("e mail")
        || plie.contains("adresse electronique")
    {
        return Some(Champ::Courriel);
    }
    if a("tel")
        || debute("telephone")
        || a("portable")
        || a("mobile")
        || a("gsm")
        || a("tels")
        || a("phone")
    {
        return Some(Champ::Telephone);
    }
    if plie == "cp" || plie.contains("code postal") || a("zip") {
        return Some(Champ::CodePostal);
    }
    if matches!(
        plie,
        "candidat"
            | "candidats"
            | "candidat e"
            | "stagiaire"
            | "stagiaires"
            | "apprenant"
            | "apprenants"
            | "identite"
            | "participant"
            | "participants"
    ) {
        return Some(Champ::NomComplet);
    }
    if debute("civilite")
        || matches!(
            plie,
            "civ" | "titre civilite" | "m mme" | "mme m" | "genre" | "sexe"
        )
    {
        return Some(Champ::Civilite);
    }
    if (debute("debut") || a("entree"))
        && (debute("format") || a("parcours") || plie == "date d entree" || plie == "date de debut")
        || plie == "entree en formation"
    {
        return Some(Champ::DebutFormation);
    }
    if debute("adresse")
        || a("rue")
        || plie.contains("numero et voie")
        || plie.contains("n et voie")
        || plie == "domicile"
    {
        return Some(Champ::Adresse);
    }
    if matches!(
        plie,
        "ville" | "commune" | "localite" | "ville de residence" | "commune de residence"
    ) {
        return Some(Champ::Ville);
    }
    if matches!(
        plie,
        "voie"
            | "voies"
            | "parcours"
            | "acces"
            | "statut"
            | "dispositif"
            | "modalite"
            | "type de parcours"
            | "type de contrat"
            | "type contrat"
            | "contrat"
            | "filiere d acces"
            | "modalite d acces"
    ) || plie.contains("voie d acces")
        || plie.contains("voie acces")
        || plie.contains("voies d acces")
        || plie.contains("statut du")
        || plie.contains("mode d acces")
    {
        return Some(Champ::Voie);
    }
    if a("organisme")
        || a("entreprise")
        || a("employeur")
        || plie == "of"
        || plie == "cfa"
        || plie.contains("centre de formation")
        || plie == "societe"
        || plie == "structure"
    {
        return Some(Champ::Organisme);
    }
    None
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn les_intitules_des_centres_se_reconnaissent() {
        let cas: [(Champ, &[&str]); 17] = [
            (
                Champ::Civilite,
                &["Civilité", "CIVILITE", "Civ.", "M./Mme", "Sexe"],
            ),
            (
                Champ::Nom,
                &["NOM", "Nom ", "nom", "Nom du candidat", "Nom stagiaire"],
            ),
            (
                Champ::NomNaissance,
                &[
                    "Nom de naissance",
                    "Nom de jeune fille",
                    "NOM DE FAMILLE",
                    "Nom patronymique",
                    "Nom (de naissance)",
                ],
            ),
            (
                Champ::NomUsage,
                &[
                    "Nom d'usage",
                    "Nom d’usage",
                    "Nom usuel",
                    "Nom marital",
                    "Nom d'épouse",
                ],
            ),
            (
                Champ::Prenoms,
                &["Prénom", "PRENOM", "Prénom(s)", "Prénoms", "Pre\u{301}nom"],
            ),
            (
                Champ::NomComplet,
                &["Nom et prénom", "NOM Prénom", "Stagiaire", "Nom - Prénom"],
            ),
            (
                Champ::Naissance,
                &[
                    "Date de naissance",
                    "Né(e) le",
                    "Née le",
                    "Né le",
                    "DDN",
                    "Date naiss.",
                    "Naissance",
                    "date_naissance",
                ],
            ),
            (
                Champ::LieuNaissance,
                &[
                    "Lieu de naissance",
                    "Né(e) à",
                    "Ville de naissance",
                    "Commune de naissance",
                    "Lieu naiss.",
                ],
            ),
            (
                Champ::Courriel,
                &[
                    "Courriel",
                    "E-mail",
                    "Email",
                    "Mél",
                    "Mail",
                    "Adresse mail",
                    "Adresse e-mail",
                    "Adresse électronique",
                    "MÉL.",
                ],
            ),
            (
                Champ::Telephone,
                &[
                    "Téléphone",
                    "Tél.",
                    "Tel",
                    "Portable",
                    "N° de téléphone",
                    "Téléphone portable",
                ],
            ),
            (
                Champ::Adresse,
                &[
                    "Adresse",
                    "Adresse postale",
                    "N° et voie",
                    "Rue",
                    "Adresse 2",
                ],
            ),
            (Champ::CodePostal, &["Code postal", "CP", "code_postal"]),
            (Champ::Ville, &["Ville", "Commune", "VILLE"]),
            (
                Champ::Voie,
                &[
                    "Voie d'accès",
                    "Voie d’accès",
                    "Voie",
                    "Parcours",
                    "Statut",
                    "Voie d'accès au titre",
                ],
            ),
            (
                Champ::Organisme,
                &[
                    "Organisme",
                    "Organisme de formation",
                    "Entreprise",
                    "Employeur",
                    "Nom de l'entreprise",
                ],
            ),
            (
                Champ::DebutFormation,
                &[
                    "Début de formation",
                    "Date d'entrée en formation",
                    "Date de début de formation",
                    "Entrée en formation",
                ],
            ),
            (
                Champ::IdentifiantCeres,
                &["N° CERES", "Identifiant CERES", "Numéro Ceres"],
            ),
        ];
        for (champ, intitules) in cas {
            for i in intitules {
                assert_eq!(reconnaitre(i), Some(champ), "{i}");
            }
        }
        for i in [
            "NIR",
            "N° Sécu",
            "Numéro de sécurité sociale",
            "N° SS",
            "N° INSEE",
            "Sécurité sociale",
        ] {
            assert_eq!(reconnaitre(i), Some(Champ::Nir), "{i}");
        }
        for i in [
            "Observations",
            "Groupe",
            "N°",
            "",
            "Nom du formateur",
            "Note",
            "Abadie",
            "VAE",
            "Département de naissance",
            "Session",
        ] {
            assert_eq!(reconnaitre(i), None, "{i}");
        }
    }
}
