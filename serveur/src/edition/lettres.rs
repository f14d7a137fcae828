//! Les lettres du centre : information de l'administration, résultats, entretien post-jury, attestation.

use super::convocations::{civilite, nom_imprime};
use super::sources::{adresse, texte};
use super::{ErreurEdition, Sources, convocations};
use documents::Document as Papier;
use documents::donnees::{Bloc, Lettre, Personne, TableauReleve};
use documents::textes;
use jiff::civil::Date;
use metier::candidats::Candidat;
use metier::deliberation::{self, DecisionJury, Issue, Sort};
use metier::jour::Venant;
use metier::programme::Programme;
use metier::pv::Etape;
use metier::{Session, temps};

fn programme(s: &Session) -> Result<&Programme, ErreurEdition> {
    s.programme.as_ref().ok_or_else(|| {
        ErreurEdition::refus(
            "Cette session n’existe pas encore. Créez-la depuis la liste des sessions.",
        )
    })
}

/// Les paragraphes d'un texte modifiable, valeurs posées.
fn corps(sources: &Sources, p: &Programme, code: &str, propres: &[(&str, &str)]) -> Vec<Bloc> {
    let voulu = sources
        .textes
        .get(code)
        .map(String::as_str)
        .or(textes::texte(code).map(|t| t.defaut))
        .unwrap_or_default();
    let dates = temps::periode(p.debut, p.fin);
    let mut valeurs = vec![
        ("titre", p.referentiel.intitule.as_str()),
        ("dates", dates.as_str()),
        ("site", p.site.nom.as_str()),
    ];
    valeurs.extend_from_slice(propres);
    Bloc::paragraphes(textes::paragraphes(voulu, &valeurs))
}

fn ligne(etiquette: &str, valeur: impl Into<String>) -> (String, String) {
    (etiquette.to_owned(), valeur.into())
}

/// L'annonce de la session à l'administration.
pub(super) fn information(
    sources: &Sources,
    s: &Session,
    _: Date,
) -> Result<Vec<Papier>, ErreurEdition> {
    let p = programme(s)?;
    let Some(responsable) = s.equipe.responsable() else {
        return Err(ErreurEdition::refus(
            "L’administration doit connaître le responsable de session, et il n’est pas nommé. Nommez-le à la page Équipe.",
        ));
    };
    let nommer = |i: &metier::equipe::Intervenant| match i.fonction.as_str() {
        "" => i.nom.clone(),
        f => format!("{}, {f}", i.nom),
    };
    let i = &sources.identite;
    let mut blocs = corps(sources, p, "information-ddets.corps", &[]);
    blocs.push(Bloc::Fiche {
        lignes: vec![
            ligne("Titre", p.referentiel.designation()),
            ligne("Type de session", p.libelle_type()),
            ligne(
                "Session CERES n°",
                p.numero_ceres.clone().unwrap_or_default(),
            ),
            ligne("Dates", temps::periode(p.debut, p.fin)),
            ligne("Lieu", format!("{}, {}", p.site.nom, p.site.adresse)),
            ligne("N° d’agrément", sources.agrement.clone()),
            ligne("Responsable de session", nommer(responsable)),
            ligne(
                "Suppléant",
                s.equipe.suppleant().map(nommer).unwrap_or_default(),
            ),
            ligne("Candidats inscrits", s.inscrits().count().to_string()),
        ],
    });
    Ok(vec![Papier::Lettre(Lettre {
        titre: "Information sur une session d’examen".into(),
        destinataire: Personne {
            nom: texte(&i.autorite_nom).unwrap_or_else(|| i.sigle_autorite().to_owned()),
            adresse: i.autorite_adresse.lines().filter_map(texte).collect(),
            courriel: texte(&i.autorite_courriel),
            ..Personne::default()
        },
        blocs,
        ..Lettre::default()
    })])
}

fn au_candidat(c: &Candidat) -> Personne {
    let vide = |t: &Option<String>| t.clone().unwrap_or_default();
    let f = &c.fiche;
    Personne {
        nom: nom_imprime(f),
        adresse: adresse(&vide(&f.adresse), &vide(&f.code_postal), &vide(&f.ville)),
        ..Personne::default()
    }
}

fn tableau_certificats(s: &Session, d: &DecisionJury) -> Option<Bloc> {
    let lignes: Vec<Vec<String>> = deliberation::certificats(s)
        .into_iter()
        .filter_map(|(code, intitule)| {
            let sort = d.certificats.get(&code)?;
            Some(vec![code, intitule, sort.libelle().to_owned()])
        })
        .collect();
    (!lignes.is_empty()).then(|| Bloc::Tableau {
        tableau: TableauReleve {
            entetes: ["Certificat", "Intitulé", "Décision"]
                .map(str::to_owned)
                .to_vec(),
            largeurs: vec![2, 7, 3],
            lignes,
        },
    })
}

fn close(s: &Session) -> Result<(), ErreurEdition> {
    if s.deliberation.close.is_some() {
        return Ok(());
    }
    Err(ErreurEdition::refus(
        "La délibération n’est pas close : les résultats ne sont pas arrêtés. Clôturez-la d’abord.",
    ))
}

/// Une lettre de résultats par candidat décidé.
pub(super) fn resultats(
    sources: &Sources,
    s: &Session,
    _: Date,
) -> Result<Vec<Papier>, ErreurEdition> {
    let p = programme(s)?;
    close(s)?;
    if s.pv.franchie(Etape::Envoye).is_none() {
        return Err(ErreurEdition::refus(
            "L’original du procès-verbal n’est pas noté envoyé : rien ne s’annonce avant. Notez l’envoi à la page PV.",
        ));
    }
    Ok(s.inscrits()
        .filter_map(|c| Some((c, s.deliberation.decisions.get(&c.id)?)))
        .map(|(c, d)| {
            let code = match d.issue {
                Issue::Reussite => "resultats.reussite",
                Issue::Partielle => "resultats.partielle",
                Issue::Echec => "resultats.echec",
                Issue::Absence => "resultats.absence",
            };
            let nom = nom_imprime(&c.fiche);
            let mut blocs = corps(sources, p, code, &[("candidat", &nom)]);
            if d.issue != Issue::Absence {
                blocs.push(Bloc::Fiche {
                    lignes: vec![ligne("Décision du jury", d.issue.libelle())],
                });
                blocs.extend(tableau_certificats(s, d));
            }
            if !d.recommandations.trim().is_empty() {
                blocs.push(Bloc::Rubrique {
                    titre: "Recommandations du jury".into(),
                });
                blocs.extend(Bloc::paragraphes(
                    d.recommandations.lines().filter_map(texte),
                ));
            }
            Papier::Lettre(Lettre {
                titre: "Vos résultats à la session d’examen".into(),
                destinataire: au_candidat(c),
                civilite: civilite(c.fiche.civilite.as_deref()),
                blocs,
                ..Lettre::default()
            })
        })
        .collect())
}

/// Une convocation à l'entretien post-jury par réussite partielle.
pub(super) fn entretiens(
    sources: &Sources,
    s: &Session,
    _: Date,
) -> Result<Vec<Papier>, ErreurEdition> {
    let p = programme(s)?;
    close(s)?;
    let lettres: Vec<Papier> = s
        .inscrits()
        .filter_map(|c| Some((c, s.deliberation.decisions.get(&c.id)?)))
        .filter(|(_, d)| d.issue == Issue::Partielle)
        .map(|(c, d)| {
            let nom = nom_imprime(&c.fiche);
            let du_sort = |voulu: fn(Sort) -> bool| {
                deliberation::certificats(s)
                    .into_iter()
                    .filter(|(code, _)| d.certificats.get(code).is_some_and(|x| voulu(*x)))
                    .map(|(code, intitule)| format!("{code} – {intitule}"))
                    .collect::<Vec<_>>()
            };
            let mut blocs = corps(
                sources,
                p,
                "entretien-post-jury.corps",
                &[("candidat", &nom)],
            );
            blocs.push(Bloc::ARemplir {
                lignes: ["Date et heure", "Lieu", "Avec"]
                    .map(str::to_owned)
                    .to_vec(),
            });
            for (titre, points) in [
                ("Ce qui vous est acquis", du_sort(Sort::est_acquis)),
                ("Ce qui reste à valider", du_sort(|x| !x.est_acquis())),
                (
                    "Ce que le jury recommande",
                    d.recommandations.lines().filter_map(texte).collect(),
                ),
            ] {
                if !points.is_empty() {
                    blocs.push(Bloc::Rubrique {
                        titre: titre.into(),
                    });
                    blocs.push(Bloc::Liste { points });
                }
            }
            Papier::Lettre(Lettre {
                titre: "Convocation à l’entretien post-jury".into(),
                destinataire: au_candidat(c),
                civilite: civilite(c.fiche.civilite.as_deref()),
                blocs,
                mention: "Le secrétariat complète la date, l’heure et le lieu avant l’envoi."
                    .into(),
                ..Lettre::default()
            })
        })
        .collect();
    if lettres.is_empty() {
        return Err(ErreurEdition::refus(
            "Aucune réussite partielle : personne n’a d’entretien post-jury.",
        ));
    }
    Ok(lettres)
}

/// Une attestation par juré, pour son employeur : les heures prévues, ou les heures faites une fois notées.
pub(super) fn attestations(
    sources: &Sources,
    s: &Session,
    _: Date,
) -> Result<Vec<Papier>, ErreurEdition> {
    let p = programme(s)?;
    let mut v = vec![];
    for m in s.jury.iter().map(|m| &m.membre) {
        let venues = s.jour.venues.get(&Venant::Jure(m.jure.clone()));
        let (titre, colonnes, lignes): (_, _, Vec<Vec<String>>) = match venues {
            Some(venues) => (
                "Attestation de présence au jury",
                ["Jour", "Arrivée", "Départ"],
                venues
                    .iter()
                    .map(|(a, d)| {
                        vec![
                            temps::date_longue(a.date()),
                            temps::heure(a.time()),
                            d.map_or_else(|| "non noté".into(), |d| temps::heure(d.time())),
                        ]
                    })
                    .collect(),
            ),
            None => (
                "Attestation d’appel au jury",
                ["Jour", "Présence dès", "Fin prévue"],
                convocations::jours(s, m)
                    .into_iter()
                    .map(|j| {
                        let heure =
                            |h: Option<jiff::civil::Time>| h.map(temps::heure).unwrap_or_default();
                        vec![
                            j.date.map(temps::date_longue).unwrap_or_default(),
                            heure(j.debut),
                            heure(j.fin),
                        ]
                    })
                    .collect(),
            ),
        };
        if lignes.is_empty() {
            continue;
        }
        let mut blocs = corps(
            sources,
            p,
            "attestation-employeur.corps",
            &[("jure", &m.nom)],
        );
        blocs.push(Bloc::Fiche {
            lignes: vec![
                ligne("Employeur", m.employeur.clone().unwrap_or_default()),
                ligne("Lieu", format!("{}, {}", p.site.nom, p.site.adresse)),
            ],
        });
        blocs.push(Bloc::Tableau {
            tableau: TableauReleve {
                entetes: colonnes.map(str::to_owned).to_vec(),
                largeurs: vec![4, 2, 2],
                lignes,
            },
        });
        v.push(Papier::Lettre(Lettre {
            titre: titre.into(),
            sans_appel: true,
            blocs,
            mention: "Établie pour être remise à l’employeur. L’absence d’un salarié appelé à un jury d’examen est régie par les articles L. 3142-42 et suivants du code du travail.".into(),
            ..Lettre::default()
        }));
    }
    if v.is_empty() {
        return Err(ErreurEdition::refus(
            "Aucun juré n’a de jour de présence au planning : l’attestation n’aurait pas d’heures. Retenez le jury et établissez le planning.",
        ));
    }
    Ok(v)
}
