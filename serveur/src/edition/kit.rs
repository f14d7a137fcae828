//! Le kit papier : tout ce qu'il faut pour tenir un jour d'épreuves au stylo, prérempli de ce que la session sait.
//!
//! Check-list, planning, émargements, accueil, déroulé, garde des plis, incidents, inventaire : un seul fichier à imprimer
//! la veille. Ce qui s'y écrit se saisit ensuite avec son heure ; Garant garde les deux.

use super::convocations::nom_imprime;
use super::{Sources, check_list, feuilles, listes, proces};
use documents::Document as Papier;
use documents::donnees::{FicheARemplir, SectionARemplir, TableauARemplir};
use jiff::civil::Date;
use metier::equipe::Poste;
use metier::jour::Verification;
use metier::plis::{Etape, Pli, Sorte};
use metier::programme::Programme;
use metier::{Session, temps};

/// Fiches d'incident vierges du kit.
const FICHES_INCIDENT: usize = 3;

/// Les papiers du kit, dans l'ordre de la journée.
pub(super) fn papiers(sources: &Sources, s: &Session, jour: Date) -> Vec<Papier> {
    let Some(p) = &s.programme else { return vec![] };
    let mut v = vec![check_list::remplie(sources, s, jour)];
    // Sans planning, les émargements se tiennent sur une feuille par jour.
    v.extend(listes::planning(s).ok());
    match listes::emargements(s) {
        Ok(feuilles) => v.extend(feuilles),
        Err(_) => v.extend(p.jours().into_iter().map(|j| emargement_du_jour(s, j))),
    }
    v.extend(p.jours().into_iter().map(|j| accueil_du_jury(s, j)));
    v.extend(feuilles::accueil(s).unwrap_or_default());
    v.extend(deroule(s, p));
    v.push(garde_des_plis(s));
    v.extend((0..FICHES_INCIDENT).flat_map(|_| proces::incident(s)));
    v.extend(feuilles::inventaire(s).unwrap_or_default());
    v
}

fn tableau(
    entetes: &[&str],
    largeurs: &[u32],
    lignes: Vec<Vec<String>>,
    vides: usize,
) -> SectionARemplir {
    SectionARemplir {
        tableau: Some(TableauARemplir {
            entetes: entetes.iter().map(|e| (*e).to_owned()).collect(),
            largeurs: largeurs.to_vec(),
            lignes,
            vides,
        }),
        ..SectionARemplir::default()
    }
}

fn vides(n: usize) -> impl Iterator<Item = String> {
    std::iter::repeat_n(String::new(), n)
}

fn responsable(s: &Session) -> (String, Option<String>) {
    (
        "Responsable de session".into(),
        s.equipe.responsable().map(|i| i.nom.clone()),
    )
}

fn noms(s: &Session) -> Vec<String> {
    let mut l: Vec<_> = s.inscrits().map(|c| nom_imprime(&c.fiche)).collect();
    l.sort();
    l
}

fn emargement_du_jour(s: &Session, jour: Date) -> Papier {
    let lignes = noms(s)
        .into_iter()
        .map(|n| std::iter::once(n).chain(vides(3)).collect())
        .collect();
    Papier::FicheARemplir(FicheARemplir {
        titre: "Émargement des candidats".into(),
        consigne: format!(
            "{}. Une feuille par épreuve ; écrivez « absent » à la place de la signature.",
            majuscule(&temps::date_longue(jour))
        ),
        sections: vec![
            SectionARemplir {
                champs: vec![("Épreuve".into(), 1), ("Lieu".into(), 1)],
                ..SectionARemplir::default()
            },
            tableau(
                &["Candidat", "Arrivée", "Départ", "Signature"],
                &[5, 2, 2, 4],
                lignes,
                2,
            ),
        ],
        signatures: vec![responsable(s), ("Membre du jury".into(), None)],
        ..FicheARemplir::default()
    })
}

fn accueil_du_jury(s: &Session, jour: Date) -> Papier {
    let mut entetes = vec!["Juré", "Arrivée"];
    entetes.extend(Verification::TOUTES.map(Verification::libelle));
    entetes.extend(["Départ", "Signature"]);
    let colonnes = entetes.len() - 1;
    let mut largeurs = vec![5, 2];
    largeurs.extend([2; 5]);
    largeurs.extend([2, 4]);
    let ligne = |nom: String| std::iter::once(nom).chain(vides(colonnes)).collect();
    let jury = s.jury.iter().map(|m| {
        ligne(format!(
            "{} ({})",
            m.membre.nom,
            m.membre.place.libelle().to_lowercase()
        ))
    });
    let surveillants = s
        .equipe
        .a(Poste::Surveillant)
        .map(|i| ligne(format!("{} (surveillant)", i.nom)));
    Papier::FicheARemplir(FicheARemplir {
        titre: "Accueil du jury et du surveillant".into(),
        consigne: format!(
            "{}. Cochez ce qui est vu ou rappelé. Un juré qui manque : réguler, informer l’administration, noter sa décision sur une fiche d’incident.",
            majuscule(&temps::date_longue(jour))
        ),
        paysage: true,
        sections: vec![tableau(
            &entetes,
            &largeurs,
            jury.chain(surveillants).collect(),
            2,
        )],
        signatures: vec![responsable(s)],
    })
}

/// Le déroulé des épreuves, un tableau par jour ; rien sans planning.
fn deroule(s: &Session, p: &Programme) -> Vec<Papier> {
    p.jours()
        .into_iter()
        .filter_map(|jour| {
            let mut passages: Vec<_> = s
                .planning
                .passages
                .iter()
                .filter(|x| x.date == jour)
                .collect();
            passages.sort_by_key(|x| (x.debut, x.lieu.clone()));
            if passages.is_empty() {
                return None;
            }
            let lignes = passages
                .iter()
                .map(|x| {
                    vec![
                        s.candidat(&x.candidat)
                            .map(|c| nom_imprime(&c.fiche))
                            .unwrap_or_default(),
                        p.epreuve(&x.epreuve)
                            .map_or(x.epreuve.clone(), |e| e.nature.clone()),
                        x.lieu.clone(),
                        format!("{} – {}", temps::heure(x.debut), temps::heure(x.fin)),
                        String::new(),
                        String::new(),
                        String::new(),
                    ]
                })
                .collect();
            Some(Papier::FicheARemplir(FicheARemplir {
                titre: "Déroulé des épreuves".into(),
                consigne: format!(
                    "{}. Notez le début et la fin réels. Le jury statue sur la mise en situation avant l’entretien final : notez l’heure en observation.",
                    majuscule(&temps::date_longue(jour))
                ),
                paysage: true,
                sections: vec![tableau(
                    &["Candidat", "Épreuve", "Lieu", "Prévu", "Début", "Fin", "Observation"],
                    &[4, 5, 3, 3, 2, 2, 4],
                    lignes,
                    2,
                )],
                signatures: vec![responsable(s)],
            }))
        })
        .collect()
}

fn garde_des_plis(s: &Session) -> Papier {
    let une = |titre: String, sorte: Sorte, pli: Option<&Pli>| {
        let lignes = Etape::chaine(sorte)
            .into_iter()
            .map(|e| {
                let f = pli.and_then(|p| p.franchie(e));
                vec![
                    e.libelle().to_owned(),
                    f.map(|f| temps::moment(f.survenu)).unwrap_or_default(),
                    f.map(|f| f.par.clone()).unwrap_or_default(),
                    f.map(|f| f.detail.clone()).unwrap_or_default(),
                ]
            })
            .collect();
        SectionARemplir {
            titre,
            ..tableau(
                &[
                    "Étape",
                    "Date et heure",
                    "Par",
                    "Scellés, nombre, témoin, constat",
                ],
                &[3, 3, 3, 6],
                lignes,
                0,
            )
        }
    };
    let mut sections: Vec<_> = s
        .plis
        .liste
        .iter()
        .map(|p| une(p.libelle.clone(), p.sorte, Some(p)))
        .collect();
    if sections.is_empty() {
        sections = Sorte::TOUTES
            .into_iter()
            .map(|x| une(x.libelle().to_owned(), x, None))
            .collect();
    }
    Papier::FicheARemplir(FicheARemplir {
        titre: "Garde des plis".into(),
        consigne: "L’ordre ne saute pas. Scellés constatés devant un candidat de la session, le premier jour ; contenu contrôlé par le responsable seul. Scellé rompu ou contenu non conforme : ne distribuez pas, informez l’administration.".into(),
        sections,
        signatures: vec![responsable(s), ("Candidat témoin des scellés".into(), None)],
        ..FicheARemplir::default()
    })
}

fn majuscule(t: &str) -> String {
    let mut c = t.chars();
    c.next()
        .map(|p| p.to_uppercase().collect::<String>() + c.as_str())
        .unwrap_or_default()
}
