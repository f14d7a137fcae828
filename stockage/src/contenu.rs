//! Ce que chaque ligne du journal d'une session contient, écrit et relu : le texte qui est haché.
//!
//! Ces fonctions ne sont pas génériques, et c'est voulu : ce qui relit quatre-vingts événements se compile ici une
//! fois, à l'optimisation ordinaire, et pas dans chaque crate qui lit un journal (`docs/adr/2026-11-24-profil-de-livraison.md`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use metier::{Evenement, PersonneId};

/// Ce que l'on relit d'une ligne.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Contenu {
    /// Qui a réalisé ce qui est dit ; qui l'a saisi est hors du contenu.
    pub realise_par: PersonneId,
    /// Ce qui s'est passé.
    pub evenement: Evenement,
}

/// Le contenu n'est pas celui que cette version connaît. Ne dit pas où : ce message peut aller aux traces, et un
/// contenu porte des noms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("contenu illisible par cette version du programme")]
pub struct Illisible;

/// Relit le contenu d'une ligne.
///
/// # Errors
/// [`Illisible`] si le texte n'est pas celui d'un contenu que cette version connaît.
pub fn lire(texte: &str) -> Result<Contenu, Illisible> {
    serde_json::from_str(texte).map_err(|_| Illisible)
}

/// Écrit le contenu d'une ligne, sans le recopier d'abord. `pieces` : les pièces figées par l'acte (identifiant et
/// empreinte), que la chaîne couvre ainsi.
///
/// # Errors
/// [`Illisible`] si l'écriture échoue, ce qu'aucun événement connu ne provoque.
pub fn ecrire(
    realise_par: &PersonneId,
    evenement: &Evenement,
    pieces: &BTreeMap<String, String>,
) -> Result<String, Illisible> {
    #[derive(Serialize)]
    struct AEcrire<'a> {
        realise_par: &'a PersonneId,
        evenement: &'a Evenement,
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        pieces: &'a BTreeMap<String, String>,
    }
    let contenu = AEcrire {
        realise_par,
        evenement,
        pieces,
    };
    serde_json::to_string(&contenu).map_err(|_| Illisible)
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn ce_qui_est_ecrit_se_relit_et_un_evenement_inconnu_se_dit() {
        let qui: PersonneId = "p1".parse().unwrap();
        let fait = Evenement::Equipe(metier::equipe::Evenement::Retiree {
            poste: metier::equipe::Poste::Suppleant,
            personne: qui.clone(),
            nom: "Exemple Personne".to_owned(),
            motif: "remplacée".to_owned(),
        });
        let pieces = BTreeMap::from([("piece".to_owned(), "empreinte".to_owned())]);
        let texte = ecrire(&qui, &fait, &pieces).unwrap();
        assert!(texte.contains(r#""pieces":{"piece":"empreinte"}"#));
        let lu = lire(&texte).unwrap();
        assert_eq!((lu.realise_par, lu.evenement), (qui.clone(), fait.clone()));
        assert!(
            !ecrire(&qui, &fait, &BTreeMap::new())
                .unwrap()
                .contains("pieces")
        );
        assert!(lire(&texte.replace("equipe", "ballet")).is_err());
    }
}
