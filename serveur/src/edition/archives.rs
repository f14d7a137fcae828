//! Les papiers des archives : registre de ce qui est gardé, procès-verbal de ce qui a été détruit. Sans nom de candidat.

use super::ErreurEdition;
use super::suites::{ligne, session};
use documents::donnees::{Releve, SectionReleve, TableauReleve};
use metier::archivage::{self, Sort};
use metier::programme::Programme;
use metier::{Session, temps};

/// Le registre des archives.
pub(super) fn registre(s: &Session, p: &Programme) -> Releve {
    let lignes = archivage::attendus(s)
        .into_iter()
        .map(|e| match s.archivage.registre.get(&e) {
            Some(Sort::Range(r)) => vec![
                e.libelle().to_owned(),
                r.support.libelle().to_owned(),
                r.lieu.clone(),
                format!("{}, {}", temps::moment(r.survenu), r.par),
            ],
            Some(Sort::SansObjet(motif)) => vec![
                e.libelle().to_owned(),
                "Sans objet".to_owned(),
                motif.clone(),
                String::new(),
            ],
            None => vec![
                e.libelle().to_owned(),
                String::new(),
                "à ranger".to_owned(),
                String::new(),
            ],
        })
        .collect();
    let terme = archivage::terme(s).map(temps::date_longue);
    let mut sections = vec![
        session(s, p),
        SectionReleve {
            titre: "Ce qui est gardé".into(),
            fiche: vec![ligne("À garder jusqu’au", terme.unwrap_or_default())],
            tableau: Some(TableauReleve {
                entetes: ["Quoi", "Forme", "Où", "Rangé"].map(str::to_owned).to_vec(),
                largeurs: vec![5, 2, 4, 4],
                lignes,
            }),
            ..SectionReleve::default()
        },
    ];
    let manques = archivage::manques(s);
    if !manques.is_empty() {
        sections.push(SectionReleve {
            titre: "Il manque".into(),
            paragraphes: manques,
            ..SectionReleve::default()
        });
    }
    Releve {
        sections,
        signatures: vec![(
            "Responsable de session".into(),
            s.equipe.responsable().map(|i| i.nom.clone()),
        )],
        ..Releve::default()
    }
}

/// Le procès-verbal de destruction : ce qui a été détruit, par qui, pourquoi, sans rien en redire.
pub(super) fn destruction(s: &Session, p: &Programme) -> Result<Releve, ErreurEdition> {
    if s.archivage.purges.is_empty() {
        return Err(ErreurEdition::refus(
            "Rien n’a été purgé : il n’y a pas de procès-verbal de destruction à éditer.",
        ));
    }
    let mut sections = vec![SectionReleve {
        titre: "Session".into(),
        fiche: vec![
            ligne("Titre", p.referentiel.intitule.clone()),
            ligne("Type de session", p.libelle_type()),
            ligne("Dates", temps::periode(p.debut, p.fin)),
            ligne("Lieu", p.site.nom.clone()),
            ligne(
                "Session CERES n°",
                p.numero_ceres.clone().unwrap_or_default(),
            ),
        ],
        ..SectionReleve::default()
    }];
    for (n, x) in s.archivage.purges.iter().enumerate() {
        let classes: Vec<&str> = x.classes.iter().map(|c| c.libelle()).collect();
        sections.push(SectionReleve {
            titre: format!("Destruction n° {}", n + 1),
            fiche: vec![
                ligne("Faite", format!("le {}", temps::instant_court(&x.le))),
                ligne("Ligne du journal", format!("n° {}", x.rang)),
                ligne("Détruit", classes.join(" ; ")),
                ligne("Contenus", x.contenus.to_string()),
                ligne("Pièces", x.pieces.len().to_string()),
                ligne("Motif", x.motif.clone()),
                ligne("Proposée par", x.propose_par.clone()),
                ligne("Confirmée par", x.confirme_par.clone()),
            ],
            paragraphes: vec![
                "Les contenus, leurs sels, les octets des pièces et les index de recherche ont été effacés de la base. Les lignes du journal demeurent ; leur chaîne d’empreintes se vérifie.".into(),
            ],
            ..SectionReleve::default()
        });
    }
    let signatures = s.archivage.purges.last().map_or_else(Vec::new, |x| {
        vec![
            ("A proposé".to_owned(), Some(x.propose_par.clone())),
            ("A confirmé".to_owned(), Some(x.confirme_par.clone())),
        ]
    });
    Ok(Releve {
        sections,
        signatures,
        qr: Some(String::new()),
        ..Releve::default()
    })
}
