//! Ce que la page d'une session montre de son analyse : la frise, les phases et leurs tâches, les constats.

use super::montre::{Regard, TacheMontree};
use crate::acces::AccesSession;
use crate::analyses::Analyse;
use crate::cadre::{ConstatMontre, JalonMontre};
use crate::erreurs::Erreur;
use askama::Template;
use jiff::civil::Date;
use metier::taches::{Etat, Phase, VueTache};
use metier::{Accordee, Constat, Nature, Session, reglement, temps};
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "session/checklist_frise.html")]
struct Frise {
    jalons: Vec<JalonMontre>,
}

#[derive(Template)]
#[template(path = "session/checklist_liste.html")]
struct Liste<'p> {
    base: &'p str,
    phases: Vec<PhaseMontree>,
    modifiable: bool,
}

#[derive(Template)]
#[template(path = "session/checklist_constats.html")]
struct Constats<'p> {
    manquements: Vec<ConstatGroupe>,
    manques: Vec<ConstatGroupe>,
    derogations: &'p [Accordee],
}

struct PhaseMontree {
    libelle: &'static str,
    resume: String,
    taches: Vec<TacheMontree>,
}

fn ecrire(t: &impl Template) -> Result<String, Erreur> {
    t.render().map_err(|e| Erreur::interne(&e.to_string()))
}

/// La frise des jalons.
pub(super) fn la_frise(a: &AccesSession, analyse: &Analyse) -> Result<String, Erreur> {
    ecrire(&Frise {
        jalons: frise(&a.session, &analyse.taches, a.jour()),
    })
}

/// Les phases et leurs tâches ; les noms sont ceux de l'annuaire.
pub(super) fn les_phases(
    a: &AccesSession,
    analyse: &Analyse,
    noms: &HashMap<String, String>,
) -> Result<String, Erreur> {
    let base = a.base();
    let regard = Regard {
        jour: a.jour(),
        base: &base,
        noms,
        session: &a.session,
    };
    ecrire(&Liste {
        base: &base,
        phases: Phase::TOUTES
            .into_iter()
            .map(|p| phase(p, &analyse.taches, &regard))
            .collect(),
        modifiable: crate::pages::session::modifiable(a, Nature::Organiser),
    })
}

/// Ce que les règles constatent, et les dérogations accordées.
pub(super) fn les_constats(a: &AccesSession, analyse: &Analyse) -> Result<String, Erreur> {
    let base = a.base();
    let montres = |manque: bool| {
        grouper(
            analyse.constats.iter().filter(|c| c.manque == manque),
            &base,
        )
    };
    ecrire(&Constats {
        manquements: montres(false),
        manques: montres(true),
        derogations: &a.session.derogations,
    })
}

/// Au-delà de tant de constats d'une même règle, un seul les compte.
const CONSTATS_DETAILLES: usize = 3;

struct ConstatGroupe {
    un: ConstatMontre,
    autres: Vec<String>,
}

/// Un constat par règle : au-delà de trois, le premier les compte et les autres se déplient.
fn grouper<'c>(constats: impl Iterator<Item = &'c Constat>, base: &str) -> Vec<ConstatGroupe> {
    let mut groupes: Vec<(String, Vec<&Constat>)> = vec![];
    for c in constats {
        match groupes.iter_mut().find(|(code, _)| *code == c.code) {
            Some((_, g)) => g.push(c),
            None => groupes.push((c.code.clone(), vec![c])),
        }
    }
    let detailler = |c: &Constat| ConstatGroupe {
        un: ConstatMontre::new(c, base),
        autres: vec![],
    };
    groupes
        .into_iter()
        .flat_map(|(_, g)| {
            if g.len() <= CONSTATS_DETAILLES {
                return g.into_iter().map(detailler).collect::<Vec<_>>();
            }
            let mut un = ConstatMontre::new(g[0], base);
            un.phrase = format!(
                "{} manquements. {}",
                g.len(),
                reglement::regle(&g[0].code).map_or("", |r| r.intitule)
            );
            vec![ConstatGroupe {
                un,
                autres: g.iter().map(|c| c.phrase.clone()).collect(),
            }]
        })
        .collect()
}

fn phase(p: Phase, vues: &[VueTache], regard: &Regard) -> PhaseMontree {
    let taches: Vec<_> = vues.iter().filter(|v| v.tache.phase == p).collect();
    let concernees = taches.iter().filter(|v| v.etat != Etat::SansObjet).count();
    let faites = taches.iter().filter(|v| v.etat == Etat::Faite).count();
    let retard = taches.iter().filter(|v| v.etat == Etat::EnRetard).count();
    let a_controler = taches.iter().filter(|v| v.a_controler).count();
    let mut resume = format!(
        "{faites} faite{} sur {concernees}",
        if faites > 1 { "s" } else { "" }
    );
    if retard > 0 {
        resume.push_str(&format!(" · {retard} en retard"));
    }
    if a_controler > 0 {
        resume.push_str(&format!(" · {a_controler} à contrôler"));
    }
    PhaseMontree {
        libelle: p.libelle(),
        resume,
        taches: taches.into_iter().map(|v| regard.tache(v)).collect(),
    }
}

fn frise(s: &Session, vues: &[VueTache], jour: Date) -> Vec<JalonMontre> {
    let Some(p) = &s.programme else { return vec![] };
    let mut j: Vec<(Date, u8, JalonMontre)> = vues
        .iter()
        .filter_map(|v| {
            let (nom, le) = (v.tache.jalon.as_ref()?, v.limite.or(v.echeance)?);
            let session = v.tache.code == "PE-01";
            let etat = match v.etat {
                _ if session => {
                    if jour > p.fin {
                        "tenu"
                    } else if jour >= p.debut {
                        "proche"
                    } else {
                        ""
                    }
                }
                Etat::Faite => "tenu",
                // Un de ses points est en retard, mais son jour n'est pas passé.
                Etat::EnRetard if le >= jour => "proche",
                Etat::EnRetard => "retard",
                Etat::Proche => "proche",
                Etat::AFaire | Etat::SansObjet => "",
            };
            let precision = match v.etat {
                _ if session => String::new(),
                Etat::Faite => "tenu".into(),
                Etat::EnRetard if le >= jour => "un point en retard".into(),
                Etat::EnRetard => "en retard".into(),
                Etat::Proche => temps::distance(jour, le),
                _ => String::new(),
            };
            let date = if session && p.debut != p.fin {
                format!("{} – {}", p.debut.day(), temps::date_courte(p.fin))
            } else {
                temps::date_courte(le)
            };
            Some((
                le,
                0,
                JalonMontre {
                    etat: etat.into(),
                    libelle: nom.clone(),
                    date,
                    precision,
                },
            ))
        })
        .collect();
    j.push((
        jour,
        1,
        JalonMontre {
            etat: "jour".into(),
            libelle: "Aujourd’hui".into(),
            date: temps::date_courte(jour),
            precision: String::new(),
        },
    ));
    j.sort_by_key(|(d, k, _)| (*d, *k));
    j.into_iter().map(|(_, _, x)| x).collect()
}
