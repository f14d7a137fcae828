//! Les procès-verbaux et registres internes : ouverture des plis, incidents, fraude, carence, frais, archives, destruction.
//!
//! Rempli de ce que la session sait ; ce qu'elle ne sait pas se remplit au stylo.

use super::feuilles::{LIGNE_MM, tableau};
use super::{ErreurEdition, Sources, convocations};
use documents::Document as Papier;
use documents::donnees::{Releve, SectionReleve};
use metier::incidents::{Genre, Incident};
use metier::plis::{Etape, Pli, Sorte};
use metier::{Session, temps};

fn ligne(etiquette: &str, valeur: impl Into<String>) -> (String, String) {
    (etiquette.to_owned(), valeur.into())
}

fn responsable(s: &Session) -> (String, Option<String>) {
    (
        "Responsable de session".into(),
        s.equipe.responsable().map(|i| i.nom.clone()),
    )
}

fn a_remplir(lignes: &[&str]) -> Vec<String> {
    lignes.iter().map(|t| (*t).to_owned()).collect()
}

/// Un pli d'épreuves : le constat devant un candidat, puis le contrôle par le responsable seul.
fn constat_pli(pli: &Pli) -> Vec<SectionReleve> {
    let franchie = |e: Etape| pli.etapes.iter().find(|f| f.etape == e);
    let dit = |e: Etape| {
        franchie(e).map_or_else(Vec::new, |f| {
            vec![
                ligne("Quand", temps::moment(f.survenu)),
                ligne("Par", f.par.clone()),
                ligne("Constat", f.detail.clone()),
            ]
        })
    };
    let feuille = |e: Etape, titre: &str, vierge: &[&str]| SectionReleve {
        titre: titre.to_owned(),
        fiche: dit(e),
        a_remplir: if franchie(e).is_some() {
            vec![]
        } else {
            a_remplir(vierge)
        },
        ..SectionReleve::default()
    };
    vec![
        SectionReleve {
            titre: pli.libelle.clone(),
            fiche: vec![
                ligne("Référence du DTE", pli.reference.clone()),
                ligne("Version", pli.version.clone()),
            ],
            ..SectionReleve::default()
        },
        feuille(
            Etape::Constate,
            "1. Scellés constatés devant un candidat",
            &["Date et heure", "État des scellés", "Candidat témoin"],
        ),
        feuille(Etape::Ouvert, "2. Ouverture", &["Date et heure", "Par"]),
        feuille(
            Etape::Controle,
            "3. Contenu contrôlé par le responsable, seul",
            &[
                "Date et heure",
                "Conforme au référentiel",
                "Écart, sans rien citer d’un sujet",
            ],
        ),
    ]
}

/// Le procès-verbal d'ouverture, un par pli d'épreuves.
pub(super) fn ouverture_plis(s: &Session) -> Result<Vec<Papier>, ErreurEdition> {
    let v: Vec<Papier> = s
        .plis
        .liste
        .iter()
        .filter(|p| p.sorte == Sorte::Epreuves)
        .map(|p| {
            Papier::Releve(Releve {
                titre: "Procès-verbal d’ouverture des plis".into(),
                avertissement:
                    "Un scellé rompu ou un contenu non conforme arrête la distribution : prévenez l’administration."
                        .into(),
                sections: constat_pli(p),
                signatures: vec![responsable(s), ("Candidat témoin des scellés".into(), None)],
                ..Releve::default()
            })
        })
        .collect();
    if v.is_empty() {
        return Err(ErreurEdition::refus(
            "Aucun pli d’épreuves n’est noté : il n’y a rien à ouvrir. Notez la commande à la page Plis.",
        ));
    }
    Ok(v)
}

/// Le rapport d'un incident signalé.
fn rapport(s: &Session, i: &Incident, titre: &str) -> Papier {
    let x = &i.signalement;
    let mut signatures = vec![responsable(s)];
    signatures.extend(
        x.temoins
            .iter()
            .take(3)
            .map(|t| ("Témoin".to_owned(), Some(t.clone()))),
    );
    Papier::Releve(Releve {
        titre: titre.into(),
        sections: vec![
            SectionReleve {
                titre: format!("Incident n° {}", i.numero),
                fiche: vec![
                    ligne("Arrivé", temps::moment(x.survenu)),
                    ligne("Genre", x.genre.libelle()),
                    ligne("Gravité", x.gravite.libelle()),
                    ligne("Personnes", x.personnes.clone()),
                    ligne("Mesure prise", x.mesure.clone()),
                ],
                ..SectionReleve::default()
            },
            SectionReleve {
                titre: "Les faits".into(),
                paragraphes: std::iter::once(x.faits.clone())
                    .chain(i.complements.iter().cloned())
                    .flat_map(|t| super::suites::paragraphes(&t))
                    .collect(),
                ..SectionReleve::default()
            },
            SectionReleve {
                titre: "L’administration".into(),
                fiche: i
                    .informations
                    .iter()
                    .map(|f| {
                        ligne(
                            "Informée",
                            format!("{} ({})", temps::moment(f.survenu), f.canal),
                        )
                    })
                    .collect(),
                a_remplir: if i.est_ouvert() {
                    a_remplir(&["Décision reçue le", "Décision"])
                } else {
                    vec![]
                },
                paragraphes: if i.est_ouvert() {
                    vec![]
                } else {
                    super::suites::paragraphes(&i.ligne_pv())
                },
                ..SectionReleve::default()
            },
        ],
        signatures,
        ..Releve::default()
    })
}

fn vierge(
    s: &Session,
    titre: &str,
    avertissement: &str,
    lignes: &[&str],
    temoins: usize,
) -> Papier {
    let mut signatures = vec![responsable(s)];
    signatures.extend(vec![("Témoin".to_owned(), None); temoins]);
    Papier::Releve(Releve {
        titre: titre.into(),
        avertissement: avertissement.into(),
        sections: vec![
            SectionReleve {
                titre: "À remplir sur le moment".into(),
                a_remplir: a_remplir(lignes),
                ..SectionReleve::default()
            },
            SectionReleve {
                titre: "Les faits, sans jugement".into(),
                tableau: tableau(
                    &["Récit, dans l’ordre, avec les heures"],
                    &[1],
                    vec![vec![String::new()]],
                ),
                hauteur_mm: 62,
                ..SectionReleve::default()
            },
            SectionReleve {
                titre: "L’administration".into(),
                a_remplir: a_remplir(&["Informée le, à, par", "Personne jointe", "Décision"]),
                ..SectionReleve::default()
            },
        ],
        signatures,
        ..Releve::default()
    })
}

fn du_genre(s: &Session, genre: Genre, titre: &str) -> Vec<Papier> {
    s.incidents
        .iter()
        .filter(|i| i.signalement.genre == genre)
        .map(|i| rapport(s, i, titre))
        .collect()
}

/// La feuille d'incident à garder sous la main.
pub(super) fn incident(s: &Session) -> Vec<Papier> {
    vec![vierge(
        s,
        "Rapport d’incident",
        "",
        &[
            "Date et heure",
            "Lieu",
            "Genre",
            "Personnes présentes",
            "Mesure prise",
        ],
        2,
    )]
}

/// Les rapports de fraude, ou la feuille à remplir.
pub(super) fn fraude(s: &Session) -> Vec<Papier> {
    let v = du_genre(s, Genre::Fraude, "Rapport de fraude");
    if !v.is_empty() {
        return v;
    }
    vec![vierge(
        s,
        "Rapport de fraude ou de tentative",
        "Le candidat termine l’épreuve si c’est possible. Ni exclusion ni accusation : la suite appartient à l’administration.",
        &[
            "Date et heure",
            "Épreuve et salle",
            "Candidat",
            "Éléments mis de côté",
            "Mesure prise",
        ],
        3,
    )]
}

/// Les constats de carence, ou la feuille à remplir.
pub(super) fn carence(s: &Session) -> Vec<Papier> {
    let v = du_genre(s, Genre::Carence, "Constat de carence du jury");
    if !v.is_empty() {
        return v;
    }
    vec![vierge(
        s,
        "Constat de carence du jury",
        "Régulez, appelez la réserve, informez l’administration : elle décide de la suite.",
        &[
            "Date et heure",
            "Juré absent",
            "Jurés présents",
            "Réserve appelée à",
            "Candidats concernés",
        ],
        2,
    )]
}

/// Une note de frais par juré, à remplir.
pub(super) fn frais(sources: &Sources, s: &Session) -> Result<Vec<Papier>, ErreurEdition> {
    if s.jury.is_empty() {
        return Err(ErreurEdition::refus(
            "Personne n’est au jury : il n’y a pas de frais à rembourser. Retenez des jurés.",
        ));
    }
    Ok(s.jury
        .iter()
        .map(|m| {
            let mut lignes: Vec<Vec<String>> = convocations::jours(s, &m.membre)
                .into_iter()
                .map(|j| {
                    let mut l = vec![String::new(); 6];
                    l[0] = j.date.map(temps::date_chiffres).unwrap_or_default();
                    l
                })
                .collect();
            while lignes.len() < 4 {
                lignes.push(vec![String::new(); 6]);
            }
            let fiche = sources.jures.get(&m.membre.jure);
            let adresse = fiche
                .map(|f| f.adresse.lines().collect::<Vec<_>>().join(", "))
                .unwrap_or_default();
            Papier::Releve(Releve {
                titre: "Note de frais d’un membre du jury".into(),
                sections: vec![
                    SectionReleve {
                        titre: "Le juré".into(),
                        fiche: vec![
                            ligne("Nom", m.membre.nom.clone()),
                            ligne("Qualité", m.membre.qualite.clone()),
                            ligne("Employeur", m.membre.employeur.clone().unwrap_or_default()),
                            ligne("Adresse", adresse),
                        ],
                        cases: a_remplir(&[
                            "Mon employeur maintient ma rémunération pendant ma participation au jury",
                            "Mon employeur ne la maintient pas",
                        ]),
                        ..SectionReleve::default()
                    },
                    SectionReleve {
                        titre: "Frais".into(),
                        tableau: tableau(
                            &["Jour", "Trajet", "Km", "Transport, péage", "Repas, nuit", "Vacation (heures)"],
                            &[3, 6, 2, 3, 3, 3],
                            lignes,
                        ),
                        hauteur_mm: LIGNE_MM,
                        a_remplir: a_remplir(&["Total demandé"]),
                        paragraphes: vec![
                            "Joignez les justificatifs. Les montants et les barèmes sont ceux du centre.".into(),
                        ],
                        ..SectionReleve::default()
                    },
                ],
                signatures: vec![
                    ("Le membre du jury".into(), Some(m.membre.nom.clone())),
                    ("Pour le centre".into(), None),
                ],
                ..Releve::default()
            })
        })
        .collect())
}

/// Ce qui a été détruit, ou ce qui reste à détruire.
pub(super) fn destruction(s: &Session) -> Result<Vec<Papier>, ErreurEdition> {
    if s.plis.liste.is_empty() {
        return Err(ErreurEdition::refus(
            "Aucun pli n’est noté : il n’y a pas de sujet à détruire. Notez la commande à la page Plis.",
        ));
    }
    let lignes = s
        .plis
        .liste
        .iter()
        .map(|p| {
            let fin = p.etapes.iter().find(|f| f.etape == Etape::Detruit);
            vec![
                p.libelle.clone(),
                [p.reference.as_str(), p.version.as_str()]
                    .into_iter()
                    .filter(|t| !t.is_empty())
                    .collect::<Vec<_>>()
                    .join(", "),
                String::new(),
                fin.map(|f| temps::moment(f.survenu)).unwrap_or_default(),
                fin.map(|f| f.detail.clone()).unwrap_or_default(),
            ]
        })
        .collect();
    Ok(vec![Papier::Releve(Releve {
        titre: "Bordereau de destruction des sujets".into(),
        sections: vec![SectionReleve {
            titre: "Sujets détruits".into(),
            tableau: tableau(
                &[
                    "Pli",
                    "DTE, version",
                    "Exemplaires",
                    "Détruit",
                    "Procédé, témoin",
                ],
                &[5, 4, 3, 4, 5],
                lignes,
            ),
            hauteur_mm: 10,
            ..SectionReleve::default()
        }],
        signatures: vec![responsable(s), ("Témoin".into(), None)],
        ..Releve::default()
    })])
}
