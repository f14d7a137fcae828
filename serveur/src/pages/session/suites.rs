//! Les suites des candidats qui n'ont pas tout validé : ce qui manque, jusqu'à quand, l'entretien, la session prévue.

use super::geste::{Champs, Suite, acte};
use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use askama::Template;
use axum::http::StatusCode;
use metier::suites::{self, Action as Suivre, Entretien, Prevue};
use metier::{Action, CandidatId, Constat, Nature, Refus, temps};
use stockage::vues::{Etat, Filtre, sessions};

#[derive(Template)]
#[template(path = "session/suites.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    suite: Suite,
    close: bool,
    candidats: Vec<CandidatMontre>,
    futures: Vec<(String, String)>,
    saisie: Champs,
    modifiable: bool,
}

impl Page {
    fn acte(&self) -> String {
        acte()
    }
}

struct CandidatMontre {
    id: String,
    nom: String,
    issue: &'static str,
    ton: &'static str,
    manque: Vec<String>,
    jusqu_au: String,
    proche: bool,
    delai: String,
    demande_entretien: bool,
    entretien: String,
    prevue: String,
    informe: String,
    rien: bool,
}

/// GET /sessions/{session}/suites
pub async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None).await
}

/// POST /sessions/{session}/suites
pub async fn agir(a: AccesSession, c: Champs) -> Reponse {
    let issue = match lire(&a, &c)? {
        Ok(action) => a.executer(&c.communs(), Action::Suite(action)).await?,
        Err(refus) => Err(refus),
    };
    match issue {
        Ok(_) => Ok(rediriger_fait(
            &format!(
                "{}/suites#s-{}",
                a.base(),
                crate::cadre::encoder(c.un("candidat"))
            ),
            "C’est enregistré.",
        )),
        Err(r) => page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some((&r, &c))).await,
    }
}

fn lire(a: &AccesSession, c: &Champs) -> Result<Result<Suivre, Refus>, Erreur> {
    let candidat: CandidatId = c.identifiant("candidat").ok_or(Erreur::Introuvable)?;
    let texte = |nom: &str| c.un(nom).trim().to_owned();
    Ok(match c.un("geste") {
        "informer" => c.survenu(a).map(|survenu| Suivre::Informer {
            candidat,
            moyen: texte("moyen"),
            survenu,
        }),
        "fixer" => {
            let (date, heure) = (
                temps::lire_date(c.un("date")),
                temps::lire_heure(c.un("heure")),
            );
            match (date, heure) {
                (Some(date), Some(heure)) => Ok(Suivre::Fixer {
                    candidat,
                    entretien: Entretien {
                        quand: date.to_datetime(heure),
                        lieu: texte("lieu"),
                    },
                }),
                _ => Err(Constat::saisie(
                    "date",
                    "La date ou l’heure de l’entretien ne se lit pas.",
                    "Choisissez un jour et une heure.",
                )
                .into()),
            }
        }
        "prevoir" => {
            // « 2027-03-02|Session CCP : CCP2, DWWM » : ce que la liste montrait ; ou une date écrite à la main.
            let (date, libelle) = match c.un("session").split_once('|') {
                Some((d, l)) => (temps::lire_date(d), l.to_owned()),
                None => (temps::lire_date(c.un("autre_date")), texte("autre")),
            };
            match date {
                Some(debut) => Ok(Suivre::Prevoir {
                    candidat,
                    session: Prevue { libelle, debut },
                }),
                None => Err(Constat::saisie(
                    "session",
                    "Aucune session n’est choisie.",
                    "Choisissez-en une dans la liste, ou écrivez son nom et son premier jour.",
                )
                .into()),
            }
        }
        _ => return Err(Erreur::Introuvable),
    })
}

/// Les sessions à venir du centre pour ce titre, celles de CCP d'abord.
async fn futures(a: &AccesSession) -> Result<Vec<(String, String)>, Erreur> {
    let Some(p) = &a.session.programme else {
        return Ok(vec![]);
    };
    let filtre = Filtre {
        texte: p.referentiel.cle.clone(),
        etat: Some(Etat::AVenir),
        jour: a.jour().to_string(),
        ..Filtre::default()
    };
    let trouvees = sessions(&a.acces.etat.base, &a.acces.centre, &filtre).await?;
    let mut l: Vec<_> = trouvees
        .sessions
        .into_iter()
        .filter(|r| r.ligne.titre == p.referentiel.cle && r.session != a.id)
        .collect();
    l.sort_by_key(|r| (r.ligne.type_session != "ccp", r.ligne.debut.clone()));
    Ok(l.into_iter()
        .map(|r| {
            let quand = temps::lire_date(&r.ligne.debut).map_or(String::new(), temps::date_moyenne);
            let libelle = format!("{}, {}", r.ligne.libelle_type, r.ligne.site);
            (
                format!("{}|{libelle}", r.ligne.debut),
                format!("{libelle}, {quand}"),
            )
        })
        .collect())
}

async fn page(a: &AccesSession, statut: StatusCode, refuse: Option<(&Refus, &Champs)>) -> Reponse {
    let s = &*a.session;
    s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let chemin = format!("{}/suites", a.base());
    let candidats = suites::a_suivre(s)
        .into_iter()
        .map(|x| montre(a, x))
        .collect();
    let modifiable = super::modifiable(a, Nature::Conclure);
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(format!("Suites – {}", super::titre(s)), a.base(), &a.acces),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "suites"),
            suite: refuse
                .map(|(r, c)| Suite::du_refus(r, &a.base(), &chemin, c))
                .unwrap_or_default(),
            close: s.deliberation.close.is_some(),
            candidats,
            futures: if modifiable {
                futures(a).await?
            } else {
                vec![]
            },
            saisie: refuse.map(|(_, c)| c.clone()).unwrap_or_default(),
            modifiable,
        },
    ))
}

fn montre(a: &AccesSession, x: suites::ASuivre) -> CandidatMontre {
    use metier::deliberation::Issue;
    let suivi = a
        .session
        .suites
        .get(&x.candidat)
        .cloned()
        .unwrap_or_default();
    let demande_entretien = x.demande_entretien();
    CandidatMontre {
        id: x.candidat.to_string(),
        nom: x.nom,
        issue: x.issue.libelle(),
        ton: match x.issue {
            Issue::Reussite => "fait",
            Issue::Partielle => "proche",
            Issue::Echec => "retard",
            Issue::Absence => "neutre",
        },
        manque: x.manque,
        proche: x
            .jusqu_au
            .is_some_and(|d| temps::jours_entre(a.jour(), d) <= 183),
        jusqu_au: x.jusqu_au.map(temps::date_longue).unwrap_or_default(),
        delai: x.delai,
        demande_entretien,
        entretien: suivi
            .entretien
            .as_ref()
            .map(|e| format!("{}, {}", temps::moment(e.quand), e.lieu))
            .unwrap_or_default(),
        prevue: suivi
            .prevue
            .as_ref()
            .map(|p| {
                format!(
                    "{}, à partir du {}",
                    p.libelle,
                    temps::date_moyenne(p.debut)
                )
            })
            .unwrap_or_default(),
        informe: suivi
            .informe
            .as_ref()
            .map(|(moyen, q)| format!("{} ({moyen})", temps::moment(*q)))
            .unwrap_or_default(),
        rien: suivi.prevue.is_none(),
    }
}
