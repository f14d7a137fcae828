//! Les pages entières déjà écrites, retenues tant que rien de ce qu'elles montrent n'a changé.
//!
//! La clé tient tout ce qui ferait changer la page, la tête du journal comprise : rien n'est à invalider. Seul l'acte
//! d'un formulaire est neuf à chaque fois : la page s'écrit avec une marque, remplacée à chaque envoi.

use crate::erreurs::Erreur;
use askama::Template;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Arc, LazyLock, Mutex};

/// Pages retenues ; au-delà, on oublie tout et l'on recommence (à 50 ko l'une, 12 Mo au plus).
const RETENUES: usize = 256;

/// Ce qui tient la place de l'acte : un identifiant tiré au démarrage, que personne ne peut écrire dans un champ.
static MARQUE: LazyLock<String> =
    LazyLock::new(|| crate::formulaires::nouvel_identifiant::<metier::Acte>().to_string());

/// Une page, coupée là où vient l'acte.
type Morceaux = Arc<[Box<str>]>;

/// Les pages retenues d'un serveur.
#[derive(Default)]
pub struct PagesRetenues {
    par_cle: Mutex<HashMap<u64, Morceaux>>,
    // Tirées au hasard à chaque démarrage : une clé ne se fabrique pas pour tomber sur la page d'un autre.
    cles: RandomState,
}

impl PagesRetenues {
    /// La page écrite sous cette clé, avec un acte neuf ; `ecrire` reçoit ce qui en tient la place.
    ///
    /// # Errors
    /// Celle du gabarit.
    pub fn rendue<T: Template>(
        &self,
        cle: &impl Hash,
        ecrire: impl FnOnce(&str) -> Result<T, Erreur>,
    ) -> Result<String, Erreur> {
        let cle = self.cles.hash_one(cle);
        let connue = self.ouvrir().get(&cle).cloned();
        let morceaux = match connue {
            Some(m) => m,
            None => {
                let texte = ecrire(&MARQUE)?
                    .render()
                    .map_err(|e| Erreur::interne(&format!("gabarit : {e}")))?;
                let morceaux: Morceaux = texte.split(MARQUE.as_str()).map(Into::into).collect();
                let mut pages = self.ouvrir();
                if pages.len() >= RETENUES {
                    pages.clear();
                }
                pages.insert(cle, morceaux.clone());
                morceaux
            }
        };
        let acte = crate::formulaires::nouvel_identifiant::<metier::Acte>().to_string();
        Ok(morceaux.join(&*acte))
    }

    fn ouvrir(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Morceaux>> {
        // Une page interrompue n'a rien laissé à moitié : ce qui est retenu reste vrai.
        self.par_cle.lock().unwrap_or_else(|e| e.into_inner())
    }
}

#[cfg(test)]
mod essais {
    use super::*;

    #[derive(Template)]
    #[template(source = "{{ nom }} [{{ acte }}] [{{ acte }}-b]", ext = "html")]
    struct Page<'p> {
        nom: &'p str,
        acte: String,
    }

    #[test]
    fn une_page_retenue_ne_s_ecrit_qu_une_fois_et_porte_toujours_un_acte_neuf() {
        let pages = PagesRetenues::default();
        let mut ecrites = 0;
        let mut demander = |nom: &'static str| {
            let ecrire = |acte: &str| {
                ecrites += 1;
                let acte = acte.to_owned();
                Ok(Page { nom, acte })
            };
            pages.rendue(&nom, ecrire).unwrap_or_default()
        };
        let (une, autre, dupont) = (demander("Ida"), demander("Ida"), demander("Noé"));
        assert_eq!(ecrites, 2);
        assert_ne!(une, autre);
        let acte =
            |page: &str| page[page.find('[').unwrap() + 1..page.find(']').unwrap()].to_owned();
        assert_eq!(une, format!("Ida [{0}] [{0}-b]", acte(&une)));
        assert_eq!(dupont, format!("Noé [{0}] [{0}-b]", acte(&dupont)));
        assert!(!une.contains(MARQUE.as_str()));
    }

    #[test]
    fn au_dela_de_la_borne_tout_s_oublie_et_rien_ne_se_melange() {
        let pages = PagesRetenues::default();
        for i in 0..2 * RETENUES {
            let nom = format!("n°{i}");
            let page = pages.rendue(&i, |acte| {
                Ok(Page {
                    nom: &nom,
                    acte: acte.to_owned(),
                })
            });
            assert!(page.unwrap_or_default().starts_with(&nom));
        }
        assert!(pages.ouvrir().len() <= RETENUES);
    }
}
