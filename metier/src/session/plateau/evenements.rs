//! Ce que l'on note du plateau, ce qui s'est passé, et ce que l'état en retient.

use super::{Affichage, Besoin, Ligne, Note};
use crate::etiquette::etiquete;
use crate::session::Session;
use crate::temps;
use jiff::civil::DateTime;

/// Ce qu'on veut noter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Ajouter des besoins ; `source` dit d'où ils viennent (« session du 15 décembre 2026 »).
    Prevoir {
        besoins: Vec<Besoin>,
        source: Option<String>,
    },
    /// Compter : numéro de ligne et nombre en état de servir.
    Compter {
        comptes: Vec<(u32, u32)>,
        survenu: DateTime,
    },
    /// Dire comment on pare à un manque.
    Parer {
        numero: u32,
        parade: String,
        survenu: DateTime,
    },
    /// Ôter un besoin écrit à tort (motif demandé).
    Oter { numero: u32 },
    /// Réserver et préparer un local d'entretien.
    Reserver { salle: String, survenu: DateTime },
    /// Constater un affichage dans ces salles.
    Afficher {
        quoi: Affichage,
        salles: Vec<String>,
        survenu: DateTime,
    },
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Besoins prévus, numérotés à partir de `premier`.
        Prevu {
            premier: u32,
            besoins: Vec<Besoin>,
            source: Option<String>,
        },
        /// Comptés.
        Compte {
            comptes: Vec<(u32, u32)>,
            survenu: DateTime,
            par: String,
        },
        /// Manque paré.
        Pare {
            numero: u32,
            libelle: String,
            parade: String,
            survenu: DateTime,
            par: String,
        },
        /// Besoin ôté.
        Ote {
            numero: u32,
            libelle: String,
            motif: String,
        },
        /// Local d'entretien réservé.
        Reserve {
            salle: String,
            survenu: DateTime,
            par: String,
        },
        /// Affichage constaté.
        Affiche {
            affichage: Affichage,
            salles: Vec<String>,
            survenu: DateTime,
            par: String,
        },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Prevu { .. } => "plateau.prevu",
            Self::Compte { .. } => "plateau.compte",
            Self::Pare { .. } => "plateau.pare",
            Self::Ote { .. } => "plateau.ote",
            Self::Reserve { .. } => "plateau.reserve",
            Self::Affiche { .. } => "plateau.affiche",
        }
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Prevu {
                besoins, source, ..
            } => {
                let quoi = match besoins.as_slice() {
                    [seul] => format!("« {} » ajouté à l’inventaire", seul.libelle),
                    plusieurs => format!("{} lignes ajoutées à l’inventaire", plusieurs.len()),
                };
                match source {
                    Some(s) => format!("Plateau : {quoi} ({s})"),
                    None => format!("Plateau : {quoi}"),
                }
            }
            Self::Compte {
                comptes,
                survenu,
                par,
            } => format!(
                "Plateau : {} ligne{} comptée{} {} par {par}",
                comptes.len(),
                if comptes.len() > 1 { "s" } else { "" },
                if comptes.len() > 1 { "s" } else { "" },
                temps::moment(*survenu)
            ),
            Self::Pare {
                libelle,
                parade,
                survenu,
                par,
                ..
            } => format!(
                "Plateau : manque de « {libelle} » paré {} par {par} ({parade})",
                temps::moment(*survenu)
            ),
            Self::Ote { libelle, motif, .. } => {
                format!("Plateau : « {libelle} » ôté de l’inventaire (motif : {motif})")
            }
            Self::Reserve {
                salle,
                survenu,
                par,
            } => format!(
                "Local d’entretien « {salle} » réservé et préparé {} par {par}",
                temps::moment(*survenu)
            ),
            Self::Affiche {
                affichage,
                salles,
                survenu,
                par,
            } => format!(
                "{} {} par {par} : {}",
                affichage.libelle(),
                temps::moment(*survenu),
                salles.join(", ")
            ),
        }
    }
}

pub(in crate::session) fn appliquer(s: &mut Session, e: &Evenement) {
    let p = &mut s.plateau;
    let note = |survenu: &DateTime, par: &str| Note {
        survenu: *survenu,
        par: par.to_owned(),
    };
    let ligne = |lignes: &mut Vec<Ligne>, n: u32, f: &dyn Fn(&mut Ligne)| {
        if let Some(l) = lignes.iter_mut().find(|l| l.numero == n) {
            f(l);
        }
    };
    match e {
        Evenement::Prevu {
            premier, besoins, ..
        } => p
            .lignes
            .extend(besoins.iter().enumerate().map(|(i, b)| Ligne {
                numero: premier + i as u32,
                besoin: b.clone(),
                compte: None,
                parade: None,
                otee: None,
            })),
        Evenement::Compte {
            comptes,
            survenu,
            par,
        } => {
            for (n, combien) in comptes {
                ligne(&mut p.lignes, *n, &|l| {
                    l.compte = Some((*combien, note(survenu, par)));
                    // Un nouveau compte remet en question la parade : elle se redit si le manque demeure.
                    l.parade = None;
                });
            }
        }
        Evenement::Pare {
            numero,
            parade,
            survenu,
            par,
            ..
        } => ligne(&mut p.lignes, *numero, &|l| {
            l.parade = Some((parade.clone(), note(survenu, par)));
        }),
        Evenement::Ote { numero, motif, .. } => {
            ligne(&mut p.lignes, *numero, &|l| l.otee = Some(motif.clone()));
        }
        Evenement::Reserve {
            salle,
            survenu,
            par,
        } => {
            p.reserves.insert(salle.clone(), note(survenu, par));
        }
        Evenement::Affiche {
            affichage,
            salles,
            survenu,
            par,
        } => {
            for x in salles {
                p.affichages
                    .insert((*affichage, x.clone()), note(survenu, par));
            }
        }
    }
}
