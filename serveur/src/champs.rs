//! Les champs de formulaire, composés une seule fois : les macros de `gabarits/commun/champs.html` appellent ces
//! fonctions, et chaque page n'en porte que l'appel.
//!
//! Une macro d'askama se recopie à chaque usage, et trois cents champs recopiés pesaient le quart de ce que `serveur`
//! donne à compiler (docs/adr/2026-11-24-profil-de-livraison.md).

use std::fmt::Display;

use askama::Template;

use crate::formulaires::ErreursFormulaire;

/// Ce que chaque champ porte, quoi qu'on y réponde. Se finit par [`Etiquette::ligne`] et les autres.
pub struct Etiquette<'a> {
    nom: &'a str,
    libelle: &'a str,
    faute: Option<&'a str>,
    aide: &'a str,
    requis: bool,
}

/// Un champ entier.
#[derive(Template)]
#[template(path = "commun/champ.html")]
pub struct Champ<'a> {
    e: Etiquette<'a>,
    reponse: Reponse<'a>,
}

/// De quoi répondre.
enum Reponse<'a> {
    /// Une ligne à taper ; `attributs` n'est jamais tiré d'une saisie, `valeur` manque pour un secret.
    Ligne {
        attributs: &'a str,
        valeur: Option<&'a dyn Display>,
        saisie: &'a str,
    },
    /// Plusieurs lignes à taper.
    Zone {
        valeur: &'a dyn Display,
        lignes: &'a dyn Display,
    },
    /// Une liste à dérouler ; `vide` dit « rien de choisi », et manque s'il est vide.
    Liste {
        choix: Vec<Offert<'a>>,
        vide: &'a str,
    },
    /// Des choix tous montrés.
    Radios { choix: Vec<Offert<'a>> },
    /// Une case seule : « oui » quand elle est cochée.
    Case { cochee: bool },
    /// Un fichier à joindre, de ces extensions.
    Fichier { accepte: &'a str },
}

/// Un choix offert.
struct Offert<'a> {
    valeur: &'a dyn Display,
    libelle: &'a dyn Display,
    pris: bool,
}

/// Oui ou non, autant de fois emprunté que les macros d'askama l'ont fait.
pub trait Oui {
    /// Est-ce oui ?
    fn oui(&self) -> bool;
}

impl Oui for bool {
    fn oui(&self) -> bool {
        *self
    }
}

impl<T: Oui> Oui for &T {
    fn oui(&self) -> bool {
        (**self).oui()
    }
}

/// Commence un champ : son nom, son étiquette, son aide (vide : aucune), et s'il est obligatoire.
pub fn champ<'a>(
    erreurs: &'a ErreursFormulaire,
    nom: &'a dyn AsRef<str>,
    libelle: &'a dyn AsRef<str>,
    aide: &'a dyn AsRef<str>,
    requis: impl Oui,
) -> Etiquette<'a> {
    let nom = nom.as_ref();
    Etiquette {
        nom,
        libelle: libelle.as_ref(),
        faute: erreurs.pour(nom),
        aide: aide.as_ref(),
        requis: requis.oui(),
    }
}

impl<'a> Etiquette<'a> {
    fn repondu(self, reponse: Reponse<'a>) -> Champ<'a> {
        Champ { e: self, reponse }
    }

    /// Une ligne à taper. `attributs` : ceux de ce genre de champ, écrits par le gabarit ; `saisie` : la valeur
    /// d'`autocomplete`, vide s'il n'y en a pas.
    pub fn ligne(
        self,
        attributs: &'a str,
        valeur: &'a dyn Display,
        saisie: &'a dyn AsRef<str>,
    ) -> Champ<'a> {
        self.repondu(Reponse::Ligne {
            attributs,
            valeur: Some(valeur),
            saisie: saisie.as_ref(),
        })
    }

    /// Une ligne dont la valeur n'est jamais renvoyée à la page : mot de passe, code.
    pub fn secret(self, attributs: &'a str, saisie: &'a dyn AsRef<str>) -> Champ<'a> {
        self.repondu(Reponse::Ligne {
            attributs,
            valeur: None,
            saisie: saisie.as_ref(),
        })
    }

    /// Plusieurs lignes à taper.
    pub fn zone(self, valeur: &'a dyn Display, lignes: &'a dyn Display) -> Champ<'a> {
        self.repondu(Reponse::Zone { valeur, lignes })
    }

    /// Une liste à dérouler : (valeur, libellé) de chaque choix.
    pub fn liste<V: Display + 'a, L: Display + 'a>(
        self,
        valeur: &dyn Display,
        choix: &'a impl AsRef<[(V, L)]>,
        vide: &'a dyn AsRef<str>,
    ) -> Champ<'a> {
        self.repondu(Reponse::Liste {
            choix: offerts(choix.as_ref(), valeur),
            vide: vide.as_ref(),
        })
    }

    /// Des choix tous montrés : (valeur, libellé) de chacun.
    pub fn radios<V: Display + 'a, L: Display + 'a>(
        self,
        valeur: &dyn Display,
        choix: &'a impl AsRef<[(V, L)]>,
    ) -> Champ<'a> {
        self.repondu(Reponse::Radios {
            choix: offerts(choix.as_ref(), valeur),
        })
    }

    /// Une case seule.
    pub fn case(self, cochee: impl Oui) -> Champ<'a> {
        self.repondu(Reponse::Case {
            cochee: cochee.oui(),
        })
    }

    /// Un fichier à joindre, de ces extensions : `.csv,.xlsx,.ods`.
    pub fn fichier(self, accepte: &'a dyn AsRef<str>) -> Champ<'a> {
        self.repondu(Reponse::Fichier {
            accepte: accepte.as_ref(),
        })
    }
}

fn offerts<'a, V: Display, L: Display>(choix: &'a [(V, L)], pris: &dyn Display) -> Vec<Offert<'a>> {
    let pris = pris.to_string();
    choix
        .iter()
        .map(|(valeur, libelle)| Offert {
            valeur,
            libelle,
            pris: valeur.to_string() == pris,
        })
        .collect()
}

/// Les champs cachés de tout formulaire qui écrit.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<input type="hidden" name="acte" value="{{ acte }}"><input type="hidden" name="vu_au_rang" value="{{ rang }}">"#
)]
pub struct Communs<'a> {
    acte: &'a dyn Display,
    rang: &'a dyn Display,
}

/// L'acte (poster deux fois n'enregistre qu'une fois) et le rang vu.
pub fn communs<'a>(acte: &'a dyn Display, rang: &'a dyn Display) -> Communs<'a> {
    Communs { acte, rang }
}

/// Le bilan d'une saisie refusée, en tête de formulaire.
#[derive(Template)]
#[template(path = "commun/bilan.html")]
pub struct Bilan<'a> {
    fautes: &'a [(String, String)],
}

/// Les phrases d'une saisie refusée, liées à leurs champs ; rien s'il n'y en a pas.
pub fn bilan(erreurs: &ErreursFormulaire) -> Bilan<'_> {
    Bilan { fautes: &erreurs.0 }
}
