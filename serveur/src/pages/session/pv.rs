//! Le procès-verbal et ses suites : une étape à la fois, dans l'ordre de la check-list.

mod scan;

use super::geste::{Champs, Suite, acte};
use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::ErreursFormulaire;
use askama::Template;
use axum::http::StatusCode;
use metier::pv::{self, Canal, Etape, Pas, Pv};
use metier::{Action, Nature, Refus, temps};
pub use scan::{ENVOI_MAX, joindre, servir};

/// Papiers du procès-verbal : (code, bouton).
const PAPIERS: [(&str, &str); 4] = [
    ("pv-brouillon", "Brouillon de contrôle"),
    ("fiche-ceres", "Fiche à recopier dans CERES"),
    ("bordereau-pv", "Bordereau d’envoi"),
    ("registre-plis", "Registre des plis"),
];

#[derive(Template)]
#[template(path = "session/pv.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    suite: Suite,
    erreurs: ErreursFormulaire,
    ouvert: bool,
    etapes: Vec<EtapeMontree>,
    prochaine: &'static str,
    geste: &'static str,
    limite: String,
    en_retard: bool,
    reprises: u32,
    observations: String,
    canaux: Vec<(&'static str, &'static str)>,
    personnes: Vec<(String, String)>,
    scans: Vec<(String, String, String)>,
    papiers: Vec<(&'static str, &'static str)>,
    documents: Vec<(String, String)>,
    laureats: Vec<(String, String)>,
    liste_ouverte: bool,
    saisie: Champs,
    modifiable: bool,
    editable: bool,
    controlable: bool,
}

impl Page {
    fn acte(&self) -> String {
        acte()
    }
}

struct EtapeMontree {
    libelle: &'static str,
    franchie: bool,
    quand: String,
    par: String,
    detail: String,
}

/// GET /sessions/{session}/pv
pub async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None, ErreursFormulaire::default()).await
}

/// POST /sessions/{session}/pv : franchir l'étape suivante.
pub async fn franchir(a: AccesSession, c: Champs) -> Reponse {
    let pas = pas(&c).ok_or(Erreur::Introuvable)?;
    let issue = match c.survenu(&a) {
        Ok(survenu) => {
            let action = pv::Action::Franchir { pas, survenu };
            a.executer(&c.communs(), Action::Pv(action)).await?
        }
        Err(refus) => Err(refus),
    };
    match issue {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/pv", a.base()),
            "C’est enregistré.",
        )),
        Err(r) => {
            let erreurs = ErreursFormulaire::du_refus(&r);
            page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some((&r, &c)),
                erreurs,
            )
            .await
        }
    }
}

fn pas(c: &Champs) -> Option<Pas> {
    let texte = |nom: &str| c.un(nom).trim().to_owned();
    Some(match c.un("etape") {
        "transcrit" => Pas::Transcrire {
            verifie: c.coche("verifie"),
        },
        "fiches_signees" => Pas::SignerFiches {
            toutes: c.coche("toutes"),
        },
        "ceres" => Pas::EnregistrerCeres {
            conforme: c.coche("conforme"),
        },
        "edite" => Pas::Editer,
        "signe_jury" => Pas::FaireSigner {
            tous: c.coche("tous"),
        },
        "observations" => Pas::Observer {
            texte: texte("texte"),
        },
        "signe_surveillant" => Pas::FaireSignerSurveillant,
        "contresigne" => Pas::Contresigner {
            concordant: c.coche("concordant"),
        },
        "envoye" => Pas::Envoyer {
            canal: Canal::depuis_code(c.un("canal"))?,
            numero: texte("numero"),
        },
        "candidats_informes" => Pas::InformerCandidats {
            moyen: texte("moyen"),
        },
        "copie_revenue" => Pas::RecevoirCopie {
            signataire: texte("signataire"),
        },
        "affiche" => Pas::Afficher {
            lieu: texte("lieu"),
        },
        _ => return None,
    })
}

async fn page(
    a: &AccesSession,
    statut: StatusCode,
    refuse: Option<(&Refus, &Champs)>,
    erreurs: ErreursFormulaire,
) -> Reponse {
    let s = &*a.session;
    s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let prochaine = Pv::prochaine(s);
    let limite = pv::limite_envoi(s);
    let liste_ouverte = s.pv.franchie(Etape::CopieRevenue).is_some();
    let mut papiers = PAPIERS.to_vec();
    if liste_ouverte {
        papiers.push(("liste-laureats", "Liste à afficher"));
    }
    if !s.incidents.is_empty() {
        papiers.push(("rapport-incidents", "Rapport des incidents"));
    }
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Procès-verbal – {}", super::titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "pv"),
            suite: refuse
                .map(|(r, c)| Suite::du_refus(r, &a.base(), &format!("{}/pv", a.base()), c))
                .unwrap_or_default(),
            erreurs,
            ouvert: s.deliberation.close.is_some(),
            etapes: Etape::TOUTES
                .into_iter()
                .filter(|e| e.a_un_objet(s))
                .map(|e| {
                    let f = s.pv.franchie(e);
                    EtapeMontree {
                        libelle: e.libelle(),
                        franchie: f.is_some(),
                        quand: f.map(|f| temps::moment(f.survenu)).unwrap_or_default(),
                        par: f.map(|f| f.par.clone()).unwrap_or_default(),
                        detail: f.map(|f| f.detail.clone()).unwrap_or_default(),
                    }
                })
                .collect(),
            prochaine: prochaine.map_or("", Etape::code),
            geste: prochaine.map_or("", Etape::geste),
            limite: limite.map(temps::date_longue).unwrap_or_default(),
            en_retard: limite.is_some_and(|l| a.jour() > l)
                && s.pv.franchie(Etape::Envoye).is_none(),
            reprises: s.pv.reprises,
            observations: pv::observations(s).join("\n"),
            canaux: Canal::TOUS
                .into_iter()
                .map(|c| (c.code(), c.libelle()))
                .collect(),
            personnes: super::personnes_choisies(a).await?,
            scans: s
                .pv
                .scans
                .iter()
                .map(|x| (x.piece.to_string(), x.nom.clone(), x.empreinte.clone()))
                .collect(),
            documents: s
                .convocations
                .documents
                .iter()
                .rev()
                .filter(|(_, d)| crate::edition::PAPIERS_SUITES.contains(&d.code.as_str()))
                .map(|(_, d)| (d.piece.to_string(), format!("{}, {}", d.nom, d.tete)))
                .collect(),
            papiers,
            laureats: if liste_ouverte {
                pv::laureats(s)
            } else {
                vec![]
            },
            liste_ouverte,
            saisie: refuse.map(|(_, c)| c.clone()).unwrap_or_default(),
            modifiable: super::modifiable(a, Nature::Conclure),
            editable: super::modifiable(a, Nature::Preparer),
            controlable: a.peut(Nature::Controler),
        },
    ))
}
