//! Les feuilles du secrétariat et du plateau : affiches, étiquettes, recommandés, accueil, correspondance, inventaire.

use super::convocations::nom_imprime;
use super::sources::{adresse, texte};
use super::{ErreurEdition, Sources};
use documents::Document as Papier;
use documents::donnees::{
    AffichePorte, Decharge, Etiquette, Etiquettes, LignePorte, Releve, SectionReleve, TableauReleve,
};
use jiff::civil::{Date, Time};
use metier::Session;
use metier::candidats::{Candidat, Voie};
use metier::convocations::{Destinataire, Mode};
use metier::plateau;
use metier::programme::Programme;
use std::collections::BTreeMap;

/// Hauteur d'une ligne à remplir au stylo, en millimètres.
pub(super) const LIGNE_MM: u32 = 8;

pub(super) fn tableau(
    entetes: &[&str],
    largeurs: &[u32],
    lignes: Vec<Vec<String>>,
) -> Option<TableauReleve> {
    Some(TableauReleve {
        entetes: entetes.iter().map(|t| (*t).to_owned()).collect(),
        largeurs: largeurs.to_vec(),
        lignes,
    })
}

pub(super) fn programme(s: &Session) -> Result<&Programme, ErreurEdition> {
    s.programme.as_ref().ok_or_else(|| {
        ErreurEdition::refus(
            "Cette session n’existe pas encore. Créez-la depuis la liste des sessions.",
        )
    })
}

pub(super) fn candidats(s: &Session) -> Result<Vec<&Candidat>, ErreurEdition> {
    let v: Vec<_> = s.inscrits().collect();
    if v.is_empty() {
        return Err(ErreurEdition::refus(
            "Aucun candidat n’est inscrit : ce papier serait vide. Inscrivez les candidats.",
        ));
    }
    Ok(v)
}

/// Pour chaque épreuve, son début et sa fin.
type Horaires<'a> = BTreeMap<&'a str, (Time, Time)>;

/// Une affiche par salle et par jour.
pub(super) fn affiches(s: &Session) -> Result<Vec<Papier>, ErreurEdition> {
    let p = programme(s)?;
    let mut portes: BTreeMap<(Date, &str), Horaires> = BTreeMap::new();
    for x in s
        .planning
        .passages
        .iter()
        .filter(|x| !x.lieu.trim().is_empty())
    {
        portes
            .entry((x.date, &x.lieu))
            .or_default()
            .entry(&x.epreuve)
            .and_modify(|(d, f)| {
                *d = (*d).min(x.debut);
                *f = (*f).max(x.fin);
            })
            .or_insert((x.debut, x.fin));
    }
    if portes.is_empty() {
        return Err(ErreurEdition::refus(
            "Aucune épreuve n’a de salle au planning : il n’y a pas de porte à annoncer. Établissez le planning.",
        ));
    }
    Ok(portes
        .into_iter()
        .map(|((date, salle), epreuves)| {
            let mut lignes: Vec<_> = epreuves.into_iter().collect();
            lignes.sort_by_key(|(_, (d, _))| *d);
            Papier::AffichePorte(AffichePorte {
                salle: salle.to_owned(),
                date: Some(date),
                lignes: lignes
                    .into_iter()
                    .map(|(code, (debut, fin))| LignePorte {
                        debut: Some(debut),
                        fin: Some(fin),
                        epreuve: p
                            .epreuve(code)
                            .map_or_else(|| code.to_owned(), |e| e.nature.clone()),
                    })
                    .collect(),
            })
        })
        .collect())
}

/// Les adresses des candidats, puis des jurés : (nom, lignes d'adresse).
fn adresses(sources: &Sources, s: &Session) -> Vec<(Destinataire, String, Vec<String>)> {
    let vide = |t: &Option<String>| t.clone().unwrap_or_default();
    let candidats = s.inscrits().map(|c| {
        let f = &c.fiche;
        (
            Destinataire::Candidat(c.id.clone()),
            nom_imprime(f),
            adresse(&vide(&f.adresse), &vide(&f.code_postal), &vide(&f.ville)),
        )
    });
    let jures = s.jury.iter().map(|m| {
        let lignes = sources
            .jures
            .get(&m.membre.jure)
            .map(|f| f.adresse.lines().filter_map(texte).collect())
            .unwrap_or_default();
        (
            Destinataire::Jure(m.membre.jure.clone()),
            m.membre.nom.clone(),
            lignes,
        )
    });
    candidats.chain(jures).collect()
}

/// Les planches d'étiquettes de ceux qui ont une adresse.
pub(super) fn etiquettes(sources: &Sources, s: &Session) -> Result<Vec<Papier>, ErreurEdition> {
    let etiquettes: Vec<_> = adresses(sources, s)
        .into_iter()
        .filter(|(_, _, lignes)| !lignes.is_empty())
        .map(|(_, nom, lignes)| Etiquette { nom, lignes })
        .collect();
    if etiquettes.is_empty() {
        return Err(ErreurEdition::refus(
            "Aucune adresse postale n’est connue. Complétez la fiche des candidats ou des jurés.",
        ));
    }
    Ok(vec![Papier::Etiquettes(Etiquettes { etiquettes })])
}

/// La liste des lettres recommandées à déposer ; le numéro déjà noté s'imprime.
pub(super) fn recommandes(sources: &Sources, s: &Session) -> Result<Vec<Papier>, ErreurEdition> {
    let lignes: Vec<Vec<String>> = adresses(sources, s)
        .into_iter()
        .filter(|(_, _, lignes)| !lignes.is_empty())
        .filter_map(|(d, nom, lignes)| {
            let remise = s.convocations.de(&d).and_then(|c| c.remise.as_ref());
            let numero = match remise.map(|(r, _)| &r.mode) {
                None => String::new(),
                Some(Mode::LrAr { numero }) => numero.clone(),
                Some(_) => return None, // remise autrement : rien à déposer
            };
            Some((nom, lignes.join(", "), numero))
        })
        .enumerate()
        .map(|(i, (nom, lieu, numero))| vec![(i + 1).to_string(), nom, lieu, numero])
        .collect();
    if lignes.is_empty() {
        return Err(ErreurEdition::refus(
            "Aucune lettre n’est à recommander : personne n’a d’adresse, ou chacun a déjà reçu sa convocation autrement.",
        ));
    }
    let n = lignes.len();
    Ok(vec![Papier::Releve(Releve {
        titre: "Bordereau des lettres recommandées".into(),
        sections: vec![SectionReleve {
            titre: format!("Convocations à la session, avec avis de réception : {n}"),
            tableau: tableau(
                &["N°", "Destinataire", "Adresse", "N° de recommandé"],
                &[1, 5, 7, 5],
                lignes,
            ),
            hauteur_mm: LIGNE_MM,
            a_remplir: vec!["Déposé le".into(), "Bureau de poste".into()],
            ..SectionReleve::default()
        }],
        signatures: vec![("Pour le centre".into(), None), ("La poste".into(), None)],
        ..Releve::default()
    })])
}

/// Une décharge par candidat.
pub(super) fn decharges(s: &Session) -> Result<Vec<Papier>, ErreurEdition> {
    Ok(candidats(s)?
        .into_iter()
        .map(|c| {
            Papier::Decharge(Decharge {
                document_remis:
                    "la convocation à la session d’examen et le planning individuel des épreuves"
                        .into(),
                destinataire: nom_imprime(&c.fiche),
                naissance: c.fiche.naissance,
                remettant: None,
                remis_le: None,
            })
        })
        .collect())
}

/// L'identifiant d'un candidat dans la session : sigle et rang.
fn identifiant(p: &Programme, rang: usize) -> String {
    let sigle = p.referentiel.sigle.clone().unwrap_or_else(|| "TP".into());
    format!("{sigle}-{rang:02}")
}

/// Qui est qui : confidentiel.
pub(super) fn correspondance(s: &Session) -> Result<Vec<Papier>, ErreurEdition> {
    let p = programme(s)?;
    let lignes = candidats(s)?
        .into_iter()
        .enumerate()
        .map(|(i, c)| {
            vec![
                identifiant(p, i + 1),
                c.fiche.nom_etat_civil(),
                c.fiche.identifiant_ceres.clone().unwrap_or_default(),
                String::new(),
            ]
        })
        .collect();
    Ok(vec![Papier::Releve(Releve {
        titre: "Tableau de correspondance".into(),
        avertissement:
            "Confidentiel : remis au jury en main propre, jamais affiché, rendu avec les dossiers."
                .into(),
        sections: vec![SectionReleve {
            titre: "Identifiants des candidats".into(),
            tableau: tableau(
                &["Identifiant", "Candidat", "N° CERES", "Poste"],
                &[3, 7, 4, 3],
                lignes,
            ),
            hauteur_mm: 6,
            a_remplir: vec!["Remis au jury le".into()],
            ..SectionReleve::default()
        }],
        signatures: vec![
            (
                "Établi par le responsable".into(),
                s.equipe.responsable().map(|i| i.nom.clone()),
            ),
            ("Reçu par un juré".into(), None),
        ],
        ..Releve::default()
    })])
}

/// Ce qui se vérifie à l'arrivée de chaque candidat.
pub(super) fn accueil(s: &Session) -> Result<Vec<Papier>, ErreurEdition> {
    let p = programme(s)?;
    let lignes = candidats(s)?
        .into_iter()
        .enumerate()
        .map(|(i, c)| {
            let (voie, piece) = match c.fiche.voie {
                Some(Voie::Vae) => ("VAE", "recevabilité"),
                Some(Voie::Equivalence) => ("Équivalence", "livret de certification"),
                Some(v) if v.est_formation() => ("Formation", "livret ECF"),
                Some(_) | None => ("à préciser", "livret ou recevabilité"),
            };
            vec![
                format!("{} {}", i + 1, c.fiche.nom_complet()),
                voie.into(),
                String::new(),
                String::new(),
                String::new(),
                piece.into(),
                String::new(),
                String::new(),
            ]
        })
        .collect();
    let mut cases = vec![
        "Règlement général, liste des épreuves et planning affichés dans chaque salle".to_owned(),
        "Déroulement des épreuves, durées et consignes de sécurité dits aux candidats".into(),
        "Téléphones et objets connectés éteints et rangés".into(),
    ];
    if let Some(preuve) = p.referentiel.prerequis.as_deref().and_then(texte) {
        cases.push(format!(
            "Preuve exigée pour se présenter, vue pour chacun : {preuve}"
        ));
    }
    Ok(vec![Papier::Releve(Releve {
        titre: "Accueil des candidats".into(),
        paysage: true,
        sections: vec![
            SectionReleve {
                titre: "À dire et à montrer".into(),
                cases,
                ..SectionReleve::default()
            },
            SectionReleve {
                titre: "À vérifier pour chaque candidat".into(),
                tableau: tableau(
                    &[
                        "Candidat",
                        "Voie",
                        "Identité",
                        "Convocation",
                        "DP",
                        "Autre pièce",
                        "Équipements",
                        "Arrivée",
                    ],
                    &[8, 3, 2, 3, 2, 6, 3, 3],
                    lignes,
                ),
                hauteur_mm: LIGNE_MM,
                ..SectionReleve::default()
            },
        ],
        signatures: vec![(
            "Responsable de session".into(),
            s.equipe.responsable().map(|i| i.nom.clone()),
        )],
        ..Releve::default()
    })])
}

/// L'inventaire : les salles et les postes d'après le planning, puis ce que le référentiel demande, à relever.
pub(super) fn inventaire(s: &Session) -> Result<Vec<Papier>, ErreurEdition> {
    let p = programme(s)?;
    let salles = p
        .site
        .salles
        .iter()
        .map(|x| {
            vec![
                x.nom.clone(),
                x.nature.libelle().into(),
                x.capacite.to_string(),
                plateau::ensemble(s, &x.nom).to_string(),
                String::new(),
            ]
        })
        .collect::<Vec<_>>();
    let n = plateau::attendus(s);
    let mut besoins: Vec<Vec<String>> = s
        .plateau
        .inventaire()
        .map(|l| {
            vec![
                l.besoin.libelle.clone(),
                l.besoin.lieu.clone(),
                l.requis(s).to_string(),
                l.compte
                    .as_ref()
                    .map(|(n, _)| n.to_string())
                    .unwrap_or_default(),
                l.manque(s).map(|n| n.to_string()).unwrap_or_default(),
                l.parade
                    .as_ref()
                    .map(|(t, _)| t.clone())
                    .unwrap_or_default(),
            ]
        })
        .collect();
    // Rien d'écrit encore : ce que le planning laisse déduire, puis des lignes libres.
    if besoins.is_empty() {
        besoins = plateau::proposition(s)
            .into_iter()
            .map(|b| {
                let mut l = vec![String::new(); 6];
                (l[0], l[1]) = (b.libelle, b.lieu);
                l
            })
            .collect();
    }
    besoins.extend(vec![vec![String::new(); 6]; 6]);
    Ok(vec![Papier::Releve(Releve {
        titre: "Inventaire du plateau technique".into(),
        avertissement: format!(
            "Quantités à compter d’après le référentiel d’évaluation, pour {n} candidat{}. Le dossier technique n’est pas recopié ici.",
            if n > 1 { "s" } else { "" }
        ),
        sections: vec![
            SectionReleve {
                titre: "Salles et postes".into(),
                tableau: (!salles.is_empty()).then_some(()).and_then(|()| tableau(
                    &["Salle", "Nature", "Places", "Candidats ensemble", "Conforme, écart"],
                    &[5, 4, 2, 3, 6],
                    salles,
                )),
                paragraphes: if p.site.salles.is_empty() {
                    vec!["Aucune salle n’est décrite pour ce site.".into()]
                } else {
                    vec![]
                },
                hauteur_mm: LIGNE_MM,
                ..SectionReleve::default()
            },
            SectionReleve {
                titre: "Équipements, matières d’œuvre, outillage".into(),
                tableau: tableau(
                    &["Désignation", "Lieu", "Requis", "En état", "Manque", "Remède"],
                    &[7, 4, 2, 2, 2, 5],
                    besoins,
                ),
                hauteur_mm: LIGNE_MM,
                ..SectionReleve::default()
            },
            SectionReleve {
                titre: "Sécurité et confidentialité".into(),
                cases: [
                    "Équipements de protection individuelle disponibles, ou apportés par les candidats",
                    "Consignes de sécurité affichées, issues dégagées, trousse de secours en place",
                    "Salle de délibération réservée, fermée, sans passage",
                    "Règlement général et référentiels à disposition",
                    "Moyen de copie et de sauvegarde des productions prévu",
                ]
                .map(str::to_owned)
                .to_vec(),
                a_remplir: vec!["Vérifié le".into(), "Vérifié avec le jury le".into()],
                ..SectionReleve::default()
            },
        ],
        signatures: vec![
            (
                "Responsable de session".into(),
                s.equipe.responsable().map(|i| i.nom.clone()),
            ),
            ("Un juré".into(), None),
        ],
        ..Releve::default()
    })])
}
