//! Les papiers en tableau : planning à afficher, émargements.

use super::ErreurEdition;
use super::convocations::{nature, nom_imprime};
use super::sources::texte;
use documents::Document as Papier;
use documents::donnees::{
    Emargement, EmargementJury, JourPlanning, LigneEmargement, LignePlanning, Personne,
    PlanningAffichage, PourQui,
};
use jiff::civil::Date;
use metier::planning::Passage;
use metier::programme::Programme;
use metier::{PersonneId, Session};
use std::collections::{BTreeMap, BTreeSet};

fn programme<'a>(s: &'a Session, papier: &str) -> Result<&'a Programme, ErreurEdition> {
    let vide = || {
        ErreurEdition::refus(format!(
            "Le planning est vide : {papier} n’aurait rien à dire. Établissez le planning, puis recommencez."
        ))
    };
    if s.planning.passages.is_empty() {
        return Err(vide());
    }
    s.programme.as_ref().ok_or_else(vide)
}

/// Le planning à afficher, une table par jour.
pub(super) fn planning(s: &Session) -> Result<Papier, ErreurEdition> {
    let p = programme(s, "le planning à afficher")?;
    let ligne = |x: &Passage| {
        let e = p.epreuve(&x.epreuve);
        LignePlanning {
            debut: Some(x.debut),
            fin: Some(x.fin),
            candidat: s
                .candidat(&x.candidat)
                .map(|c| c.fiche.nom_complet())
                .unwrap_or_default(),
            epreuve: e.map_or(x.epreuve.clone(), |e| e.nature.clone()),
            nature: e.map_or(String::new(), |e| nature(e.modalite).into()),
            lieu: texte(&x.lieu),
            encadrement: None,
        }
    };
    let mut jours: BTreeMap<Date, Vec<LignePlanning>> = BTreeMap::new();
    for x in &s.planning.passages {
        jours.entry(x.date).or_default().push(ligne(x));
    }
    Ok(Papier::PlanningAffichage(PlanningAffichage {
        jours: jours
            .into_iter()
            .map(|(date, lignes)| JourPlanning { date, lignes })
            .collect(),
        pour: None,
    }))
}

/// Le planning de chaque candidat, une feuille chacun.
pub(super) fn plannings_candidats(s: &Session) -> Result<Vec<Papier>, ErreurEdition> {
    let p = programme(s, "le planning de chaque candidat")?;
    Ok(s.inscrits()
        .filter(|c| s.planning.de(&c.id).next().is_some())
        .map(|c| {
            let lignes = s
                .planning
                .de(&c.id)
                .map(|x| (x.date, ligne_personnelle(p, x, String::new())))
                .collect();
            personnel(&c.fiche.nom_complet(), "Candidat", None, lignes)
        })
        .collect())
}

/// Le planning de chaque juré, délibération comprise, puis de chaque surveillant.
pub(super) fn plannings_encadrants(s: &Session) -> Result<Vec<Papier>, ErreurEdition> {
    let p = programme(s, "le planning de chaque juré")?;
    let noms = |g: &[&Passage]| {
        g.iter()
            .filter_map(|x| s.candidat(&x.candidat).ok())
            .map(|c| c.fiche.nom_complet())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let seances = |avec: &dyn Fn(&&Passage) -> bool| -> Vec<(Date, LignePlanning)> {
        crate::pages::session::planning::image::seances(s.planning.passages.iter().filter(avec))
            .into_iter()
            .map(|g| {
                let fin = g.iter().map(|x| x.fin).max();
                let l = ligne_personnelle(p, g[0], noms(&g));
                (g[0].date, LignePlanning { fin, ..l })
            })
            .collect()
    };
    let mut v = vec![];
    for m in &s.jury {
        let id = &m.membre.jure;
        let mut lignes = seances(&|x| x.jury.contains(id));
        lignes.extend(
            s.planning
                .deliberations
                .iter()
                .filter(|d| d.jury.contains(id))
                .map(|d| {
                    (
                        d.date,
                        LignePlanning {
                            debut: Some(d.debut),
                            fin: Some(d.fin),
                            candidat: String::new(),
                            epreuve: "Délibération".into(),
                            nature: String::new(),
                            lieu: None,
                            encadrement: None,
                        },
                    )
                }),
        );
        if !lignes.is_empty() {
            v.push(personnel(
                &m.membre.nom,
                "Membre du jury",
                Some("Candidats"),
                lignes,
            ));
        }
    }
    for i in s.equipe.a(metier::equipe::Poste::Surveillant) {
        let lignes = seances(&|x| x.surveillant.as_ref() == Some(&i.id));
        if !lignes.is_empty() {
            v.push(personnel(&i.nom, "Surveillant", Some("Candidats"), lignes));
        }
    }
    if v.is_empty() {
        return Err(ErreurEdition::refus(
            "Personne n’encadre encore d’épreuve au planning. Affectez les jurés et les surveillants, puis recommencez.",
        ));
    }
    Ok(v)
}

fn ligne_personnelle(p: &Programme, x: &Passage, candidats: String) -> LignePlanning {
    let e = p.epreuve(&x.epreuve);
    LignePlanning {
        debut: Some(x.debut),
        fin: Some(x.fin),
        candidat: candidats,
        epreuve: e.map_or(x.epreuve.clone(), |e| e.nature.clone()),
        nature: e.map_or(String::new(), |e| nature(e.modalite).into()),
        lieu: texte(&x.lieu),
        encadrement: None,
    }
}

fn personnel(
    nom: &str,
    qualite: &str,
    colonne: Option<&str>,
    lignes: Vec<(Date, LignePlanning)>,
) -> Papier {
    let mut jours: BTreeMap<Date, Vec<LignePlanning>> = BTreeMap::new();
    for (date, l) in lignes {
        jours.entry(date).or_default().push(l);
    }
    Papier::PlanningAffichage(PlanningAffichage {
        jours: jours
            .into_iter()
            .map(|(date, mut lignes)| {
                lignes.sort_by_key(|l| l.debut);
                JourPlanning { date, lignes }
            })
            .collect(),
        pour: Some(PourQui {
            nom: nom.to_owned(),
            qualite: qualite.into(),
            colonne: colonne.map(str::to_owned),
        }),
    })
}

/// Les feuilles d'émargement : pour chaque jour le jury, puis une feuille par épreuve et par salle.
pub(super) fn emargements(s: &Session) -> Result<Vec<Papier>, ErreurEdition> {
    let p = programme(s, "l’émargement")?;
    let rang = |code: &str| {
        p.epreuves()
            .iter()
            .position(|e| e.code == code)
            .unwrap_or(usize::MAX)
    };
    let mut feuilles: BTreeMap<(Date, usize, &str, &str), Vec<&Passage>> = BTreeMap::new();
    for x in &s.planning.passages {
        feuilles
            .entry((x.date, rang(&x.epreuve), &x.epreuve, &x.lieu))
            .or_default()
            .push(x);
    }
    let mut v = vec![];
    let mut jour = None;
    for ((date, _, epreuve, lieu), passages) in feuilles {
        if jour != Some(date) {
            jour = Some(date);
            v.extend(emargement_jury(s, date));
        }
        v.push(Papier::Emargement(emargement(
            s, p, date, epreuve, lieu, &passages,
        )));
    }
    Ok(v)
}

fn emargement_jury(s: &Session, date: Date) -> Option<Papier> {
    let presents: BTreeSet<_> = s
        .planning
        .passages
        .iter()
        .filter(|x| x.date == date)
        .flat_map(|x| &x.jury)
        .collect();
    let jures: Vec<Personne> = s
        .jury
        .iter()
        .filter(|m| presents.contains(&m.membre.jure))
        .map(|m| Personne {
            nom: m.membre.nom.clone(),
            qualite: texte(&m.membre.qualite),
            ..Personne::default()
        })
        .collect();
    (!jures.is_empty()).then_some(Papier::EmargementJury(EmargementJury {
        date: Some(date),
        jures,
    }))
}

fn emargement(
    s: &Session,
    p: &Programme,
    date: Date,
    epreuve: &str,
    lieu: &str,
    passages: &[&Passage],
) -> Emargement {
    let e = p.epreuve(epreuve);
    let jures: BTreeSet<_> = passages.iter().flat_map(|x| &x.jury).collect();
    let surveillants: BTreeSet<&PersonneId> = passages
        .iter()
        .filter_map(|x| x.surveillant.as_ref())
        .collect();
    Emargement {
        epreuve: e.map_or(epreuve.to_owned(), |e| e.nature.clone()),
        nature: e.map_or(String::new(), |e| nature(e.modalite).into()),
        duree_minutes: e.and_then(|e| e.duree_minutes),
        date: Some(date),
        lieu: texte(lieu),
        lignes: passages
            .iter()
            .enumerate()
            .map(|(i, x)| LigneEmargement {
                numero: (i + 1).to_string(),
                nom: s
                    .candidat(&x.candidat)
                    .map(|c| nom_imprime(&c.fiche))
                    .unwrap_or_default(),
                debut: Some(x.debut),
                fin: Some(x.fin),
            })
            .collect(),
        jures: s
            .jury
            .iter()
            .filter(|m| jures.contains(&m.membre.jure))
            .map(|m| m.membre.nom.clone())
            .collect(),
        surveillant: texte(
            &surveillants
                .iter()
                .filter_map(|i| s.equipe.personne(i))
                .map(|i| i.nom.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        ),
    }
}
