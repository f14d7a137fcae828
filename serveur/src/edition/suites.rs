//! Les papiers des suites : brouillon de contrôle du procès-verbal, fiche CERES, bordereau, registre, rapport, liste.
//!
//! Le procès-verbal s'édite dans CERES ; le brouillon porte chaque champ de reglement.md §6.1, pour le comparer.

use super::{ErreurEdition, Sources};
use documents::Document as Papier;
use documents::donnees::{Releve, SectionReleve, TableauReleve};
use metier::candidats::{Candidat, Voie};
use metier::deliberation::{self, DecisionJury, Issue};
use metier::equipe::Poste;
use metier::jour::{Sortie, Venant};
use metier::programme::Programme;
use metier::pv::{self, Etape};
use metier::{Session, temps};

/// Codes de ces papiers.
pub const PAPIERS_SUITES: [&str; 8] = [
    "pv-brouillon",
    "fiche-ceres",
    "bordereau-pv",
    "registre-plis",
    "rapport-incidents",
    "liste-laureats",
    "registre-archives",
    "pv-destruction",
];

/// Longueur d'un paragraphe imprimé, en caractères.
const PARAGRAPHE_MAX: usize = 1_500;

/// L'intitulé d'un papier des suites.
fn intitule(code: &str) -> &'static str {
    match code {
        "pv-brouillon" => "Brouillon de contrôle du procès-verbal",
        "fiche-ceres" => "Fiche à recopier dans CERES, résultats",
        "bordereau-pv" => "Bordereau d’envoi du procès-verbal",
        "registre-plis" => "Registre de garde des plis",
        "rapport-incidents" => "Rapport des incidents",
        "registre-archives" => "Registre des archives",
        "pv-destruction" => "Procès-verbal de destruction",
        "liste-laureats" => "Candidats ayant validé un titre ou un certificat",
        _ => "Papier",
    }
}

/// Le papier de ce code, seul.
pub(super) fn papiers(
    sources: &Sources,
    s: &Session,
    code: &str,
) -> Result<Vec<Papier>, ErreurEdition> {
    Ok(vec![papier(sources, s, code)?])
}

/// Compose les données d'un papier des suites, ou dit ce qui manque.
fn papier(sources: &Sources, s: &Session, code: &str) -> Result<Papier, ErreurEdition> {
    let p = s
        .programme
        .as_ref()
        .ok_or_else(|| ErreurEdition::refus("La session n’existe pas."))?;
    let titre = intitule(code).to_owned();
    let releve = match code {
        "pv-brouillon" => brouillon(sources, s, p)?,
        "fiche-ceres" => fiche_ceres(s, p)?,
        "bordereau-pv" => bordereau(s, p)?,
        "registre-plis" => registre(s)?,
        "rapport-incidents" => rapport(s)?,
        "registre-archives" => super::archives::registre(s, p),
        "pv-destruction" => super::archives::destruction(s, p)?,
        _ => laureats(s)?,
    };
    Ok(Papier::Releve(Releve { titre, ..releve }))
}

fn texte(v: Option<&str>) -> String {
    v.unwrap_or_default().to_owned()
}

pub(super) fn ligne(etiquette: &str, valeur: impl Into<String>) -> (String, String) {
    (etiquette.to_owned(), valeur.into())
}

fn close(s: &Session) -> Result<(), ErreurEdition> {
    if s.deliberation.close.is_some() {
        return Ok(());
    }
    Err(ErreurEdition::refus(
        "La délibération n’est pas close : ce papier n’aurait pas tous les résultats. Clôturez-la, puis recommencez.",
    ))
}

pub(super) fn session(s: &Session, p: &Programme) -> SectionReleve {
    let r = &p.referentiel;
    let personne = |poste: Poste| {
        s.equipe
            .a(poste)
            .map(|i| {
                if i.fonction.is_empty() {
                    i.nom.clone()
                } else {
                    format!("{}, {}", i.nom, i.fonction)
                }
            })
            .collect::<Vec<_>>()
            .join(" ; ")
    };
    let mut fiche = vec![
        ligne("Type de session", p.libelle_type()),
        ligne("Code du titre", texte(r.code_titre.as_deref())),
        ligne("Millésime", texte(r.millesime.as_deref())),
        ligne("Session CERES n°", texte(p.numero_ceres.as_deref())),
        ligne("Dates", temps::periode(p.debut, p.fin)),
        ligne("Lieu", format!("{}, {}", p.site.nom, p.site.adresse)),
        ligne("Responsable de session", personne(Poste::Responsable)),
        ligne("Suppléant", personne(Poste::Suppleant)),
    ];
    if s.equipe.a(Poste::Surveillant).next().is_some() {
        fiche.push(ligne("Surveillant", personne(Poste::Surveillant)));
    }
    SectionReleve {
        titre: "Session".into(),
        fiche,
        ..SectionReleve::default()
    }
}

fn voie(c: &Candidat) -> &'static str {
    match c.fiche.voie {
        Some(Voie::Vae) => "VAE",
        Some(Voie::Equivalence) => "Équivalence ou correspondance",
        Some(Voie::FormationContinue | Voie::Apprentissage | Voie::ContratPro) => "Formation",
        None => "à préciser",
    }
}

fn certificats(s: &Session, d: &DecisionJury) -> String {
    deliberation::certificats(s)
        .into_iter()
        .filter_map(|(code, _)| {
            let sort = d.certificats.get(&code)?;
            Some(format!("{code} : {}", sort.libelle().to_lowercase()))
        })
        .collect::<Vec<_>>()
        .join(" ; ")
}

fn identite(c: &Candidat) -> String {
    let f = &c.fiche;
    format!(
        "{}{}{}",
        f.nom_etat_civil(),
        f.naissance
            .map(|d| format!(", le {}", temps::date_chiffres(d)))
            .unwrap_or_default(),
        f.lieu_naissance
            .as_ref()
            .map(|l| format!(" à {l}"))
            .unwrap_or_default()
    )
}

fn resultats(s: &Session) -> SectionReleve {
    let lignes = s
        .inscrits()
        .map(|c| {
            let d = s.deliberation.decisions.get(&c.id);
            vec![
                identite(c),
                texte(c.fiche.identifiant_ceres.as_deref()),
                voie(c).into(),
                d.map_or("à transcrire".into(), |d| d.issue.libelle().to_owned()),
                d.map(|d| certificats(s, d)).unwrap_or_default(),
            ]
        })
        .collect();
    SectionReleve {
        titre: "Résultats".into(),
        tableau: Some(TableauReleve {
            entetes: ["Candidat", "Identifiant", "Voie", "Décision", "Certificats"]
                .map(str::to_owned)
                .to_vec(),
            largeurs: vec![6, 3, 3, 3, 5],
            lignes,
        }),
        ..SectionReleve::default()
    }
}

fn brouillon(sources: &Sources, s: &Session, p: &Programme) -> Result<Releve, ErreurEdition> {
    close(s)?;
    let mut sections = vec![SectionReleve {
        titre: "Centre agréé".into(),
        fiche: vec![
            ligne("Désignation", sources.identite.nom.clone()),
            ligne("Site", p.site.nom.clone()),
            ligne("N° d’agrément", sources.agrement.clone()),
        ],
        ..SectionReleve::default()
    }];
    sections.push(session(s, p));
    sections.push(jury(s));
    sections.push(resultats(s));
    sections.push(absents(s));
    let deliberation = s.deliberation.close;
    sections.push(SectionReleve {
        titre: "Délibération".into(),
        fiche: vec![
            ligne(
                "Ouverte",
                s.deliberation
                    .ouverture
                    .as_ref()
                    .map(|o| temps::moment(o.survenu))
                    .unwrap_or_default(),
            ),
            ligne("Close", deliberation.map(temps::moment).unwrap_or_default()),
        ],
        ..SectionReleve::default()
    });
    let observations: String =
        s.pv.franchie(Etape::Observations)
            .map(|f| f.detail.clone())
            .unwrap_or_default();
    // Ce que Garant sait et que le jury n'a pas encore recopié se lit aussi : rien ne manque au brouillon.
    let observations = pv::observations(s)
        .into_iter()
        .filter(|l| !observations.contains(l.as_str()))
        .fold(observations.clone(), |mut t, l| {
            t.push('\n');
            t.push_str(&l);
            t
        });
    sections.push(SectionReleve {
        titre: "Observations sur le déroulement".into(),
        paragraphes: if observations.trim().is_empty() {
            vec!["Aucun incident.".into()]
        } else {
            paragraphes(&observations)
        },
        ..SectionReleve::default()
    });
    for (c, motif) in &s.deliberation.rectificatifs {
        let nom = s
            .candidat(c)
            .map(|c| c.fiche.nom_complet())
            .unwrap_or_default();
        sections.push(SectionReleve {
            titre: "Rectificatif après contreseing".into(),
            paragraphes: paragraphes(&format!("{nom} : {motif}")),
            ..SectionReleve::default()
        });
    }
    let mut signatures: Vec<_> = s
        .deliberation
        .ouverture
        .iter()
        .flat_map(|o| &o.jures)
        .filter_map(|j| s.jure(j))
        .map(|m| ("Juré".to_owned(), Some(m.nom.clone())))
        .take(3)
        .collect();
    signatures.push((
        "Responsable".into(),
        s.equipe.responsable().map(|i| i.nom.clone()),
    ));
    Ok(Releve {
        avertissement: "Ce papier n’est pas le procès-verbal : celui-ci s’édite dans CERES. Comparez ligne à ligne ce brouillon, CERES et le papier signé."
            .into(),
        sections,
        signatures,
        qr: Some(String::new()),
        ..Releve::default()
    })
}

fn jury(s: &Session) -> SectionReleve {
    let lignes = s
        .jury
        .iter()
        .map(|m| {
            let venues = s.jour.venues.get(&Venant::Jure(m.membre.jure.clone()));
            vec![
                m.membre.nom.clone(),
                m.membre.qualite.clone(),
                m.membre
                    .habilitation
                    .as_ref()
                    .map(|h| format!("{}, jusqu’au {}", h.autorite, temps::date_chiffres(h.fin)))
                    .unwrap_or_default(),
                venues.map_or("non venu".into(), |v| {
                    v.iter()
                        .map(|(d, f)| {
                            format!(
                                "{} de {} à {}",
                                temps::date_chiffres(d.date()),
                                temps::heure(d.time()),
                                f.map_or("?".into(), |f| temps::heure(f.time()))
                            )
                        })
                        .collect::<Vec<_>>()
                        .join(" ; ")
                }),
            ]
        })
        .collect();
    SectionReleve {
        titre: "Jury".into(),
        tableau: Some(TableauReleve {
            entetes: ["Juré", "Qualité", "Habilitation", "Présence"]
                .map(str::to_owned)
                .to_vec(),
            largeurs: vec![4, 4, 4, 5],
            lignes,
        }),
        ..SectionReleve::default()
    }
}

fn absents(s: &Session) -> SectionReleve {
    let mut p: Vec<String> = s
        .inscrits()
        .filter(|c| s.jour.est_absent(&c.id))
        .map(|c| format!("{} : absent.", c.fiche.nom_complet()))
        .collect();
    for c in s.inscrits() {
        if let Some((sortie, le, motif)) = s.jour.sorties.get(&c.id) {
            let quoi = match sortie {
                Sortie::Exclusion => "exclu",
                Sortie::Abandon => "a abandonné",
            };
            p.push(format!(
                "{} : {quoi} {} ({motif}).",
                c.fiche.nom_complet(),
                temps::moment(*le)
            ));
        }
    }
    if p.is_empty() {
        p.push("Aucun absent.".into());
    }
    SectionReleve {
        titre: "Absents et sorties avant la fin".into(),
        paragraphes: p,
        ..SectionReleve::default()
    }
}

fn fiche_ceres(s: &Session, p: &Programme) -> Result<Releve, ErreurEdition> {
    close(s)?;
    let mut sections = vec![session(s, p), resultats(s)];
    let details: Vec<String> = s
        .inscrits()
        .filter_map(|c| {
            let d = s.deliberation.decisions.get(&c.id)?;
            matches!(d.issue, Issue::Partielle | Issue::Echec).then(|| {
                format!(
                    "{} : {} Recommandations : {}",
                    c.fiche.nom_complet(),
                    d.motivation,
                    d.recommandations
                )
            })
        })
        .flat_map(|t| paragraphes(&t))
        .collect();
    if !details.is_empty() {
        sections.push(SectionReleve {
            titre: "Motivations et recommandations".into(),
            paragraphes: details,
            ..SectionReleve::default()
        });
    }
    Ok(Releve {
        avertissement: "À recopier dans CERES par une personne. Cochez chaque ligne saisie, puis relisez CERES contre cette fiche."
            .into(),
        sections,
        ..Releve::default()
    })
}

fn bordereau(s: &Session, p: &Programme) -> Result<Releve, ErreurEdition> {
    close(s)?;
    let envoi = s.pv.franchie(Etape::Envoye);
    let retour = s.pv.franchie(Etape::CopieRevenue);
    let suivi = SectionReleve {
        titre: "Envoi".into(),
        fiche: vec![
            ligne("Destinataire", "Administration (DDETS ou DEETS)"),
            ligne("Pièce", "Original du procès-verbal de session"),
            ligne(
                "Date limite",
                pv::limite_envoi(s)
                    .map(temps::date_longue)
                    .unwrap_or_default(),
            ),
            ligne(
                "Envoyé",
                envoi
                    .map(|f| format!("{} ({})", temps::moment(f.survenu), f.detail))
                    .unwrap_or_default(),
            ),
            ligne(
                "Copie revenue",
                retour
                    .map(|f| format!("{} ({})", temps::moment(f.survenu), f.detail))
                    .unwrap_or_default(),
            ),
        ],
        ..SectionReleve::default()
    };
    Ok(Releve {
        sections: vec![session(s, p), suivi],
        signatures: vec![(
            "Responsable de session".into(),
            s.equipe.responsable().map(|i| i.nom.clone()),
        )],
        ..Releve::default()
    })
}

fn registre(s: &Session) -> Result<Releve, ErreurEdition> {
    if s.plis.liste.is_empty() {
        return Err(ErreurEdition::refus(
            "Aucun pli n’est noté : le registre serait vide. Notez les commandes à la page Plis.",
        ));
    }
    let sections = s
        .plis
        .liste
        .iter()
        .map(|p| SectionReleve {
            titre: p.libelle.clone(),
            fiche: vec![
                ligne("Sorte", p.sorte.libelle()),
                ligne("DTE", p.reference.clone()),
                ligne("Version", p.version.clone()),
            ],
            tableau: Some(TableauReleve {
                entetes: ["Étape", "Quand", "Par", "Constat"]
                    .map(str::to_owned)
                    .to_vec(),
                largeurs: vec![3, 4, 4, 7],
                lignes: p
                    .etapes
                    .iter()
                    .map(|f| {
                        vec![
                            f.etape.libelle().into(),
                            temps::moment(f.survenu),
                            f.par.clone(),
                            f.detail.clone(),
                        ]
                    })
                    .collect(),
            }),
            ..SectionReleve::default()
        })
        .collect();
    Ok(Releve {
        sections,
        ..Releve::default()
    })
}

fn rapport(s: &Session) -> Result<Releve, ErreurEdition> {
    if s.incidents.is_empty() {
        return Err(ErreurEdition::refus(
            "Aucun incident n’est signalé : il n’y a pas de rapport à éditer.",
        ));
    }
    let sections = s
        .incidents
        .iter()
        .map(|i| SectionReleve {
            titre: format!(
                "Incident n° {}, {}",
                i.numero,
                i.signalement.genre.libelle().to_lowercase()
            ),
            fiche: vec![
                ligne("Arrivé", temps::moment(i.signalement.survenu)),
                ligne("Saisi", format!("le {}", temps::instant_court(&i.saisi_le))),
                ligne("Constaté par", i.par.clone()),
                ligne("Gravité", i.signalement.gravite.libelle()),
            ],
            paragraphes: paragraphes(&i.ligne_pv()),
            ..SectionReleve::default()
        })
        .collect();
    let mut signatures = vec![(
        "Responsable".to_owned(),
        s.equipe.responsable().map(|i| i.nom.clone()),
    )];
    signatures.extend(
        s.incidents
            .iter()
            .flat_map(|i| &i.signalement.temoins)
            .take(3)
            .map(|t| ("Témoin".to_owned(), Some(t.clone()))),
    );
    Ok(Releve {
        sections,
        signatures,
        ..Releve::default()
    })
}

fn laureats(s: &Session) -> Result<Releve, ErreurEdition> {
    if s.pv.franchie(Etape::CopieRevenue).is_none() {
        return Err(ErreurEdition::refus(
            "La copie du procès-verbal signée par l’administration n’est pas revenue : la liste ne s’affiche pas encore.",
        ));
    }
    let lignes: Vec<_> = pv::laureats(s)
        .into_iter()
        .map(|(nom, quoi)| vec![nom, quoi])
        .collect();
    Ok(Releve {
        sections: vec![SectionReleve {
            titre: "Candidats".into(),
            paragraphes: if lignes.is_empty() {
                vec!["Aucun titre ni certificat n’a été attribué.".into()]
            } else {
                vec![]
            },
            tableau: (!lignes.is_empty()).then(|| TableauReleve {
                entetes: ["Candidat", "Validé"].map(str::to_owned).to_vec(),
                largeurs: vec![3, 2],
                lignes,
            }),
            ..SectionReleve::default()
        }],
        ..Releve::default()
    })
}

/// Un texte libre en paragraphes qui tiennent.
pub(super) fn paragraphes(t: &str) -> Vec<String> {
    t.lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .flat_map(|l| {
            l.chars()
                .collect::<Vec<_>>()
                .chunks(PARAGRAPHE_MAX)
                .map(|c| c.iter().collect::<String>())
                .collect::<Vec<_>>()
        })
        .collect()
}
