//! Le plateau technique : l'inventaire compté ligne à ligne, les manques parés, le local d'entretien, les affichages.

use super::geste::{Champs, Suite, acte};
use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, formulaire_abime};
use askama::Template;
use axum::http::StatusCode;
use metier::jour::Verification;
use metier::plateau::{self, Affichage, Besoin, Par, Sorte};
use metier::{Action, Constat, Nature, Refus, Session, SessionId, temps};
use stockage::vues::{Filtre, sessions};

/// Combien de sessions du même titre l'on propose de reprendre.
const SESSIONS_PROPOSEES: usize = 6;

#[derive(Template)]
#[template(path = "session/plateau.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    suite: Suite,
    erreurs: ErreursFormulaire,
    resume: String,
    lignes: Vec<LigneMontree>,
    locaux: Vec<(String, String)>,
    affichages: Vec<AffichageMontre>,
    planning_affiche: String,
    jures: Vec<(String, String)>,
    salles: Vec<(String, String)>,
    sortes: Vec<(&'static str, &'static str)>,
    par: Vec<(&'static str, &'static str)>,
    autres: Vec<(String, String)>,
    personnes: Vec<(String, String)>,
    saisie: Champs,
    modifiable: bool,
}

impl Page {
    fn acte(&self) -> String {
        acte()
    }
}

struct LigneMontree {
    numero: u32,
    champ: String,
    libelle: String,
    sorte: &'static str,
    lieu: String,
    besoin: String,
    requis: u32,
    compte: String,
    note: String,
    etat: String,
    ton: &'static str,
    manque: bool,
    parade: String,
}

struct AffichageMontre {
    code: &'static str,
    libelle: &'static str,
    faits: Vec<String>,
    restent: Vec<String>,
}

/// GET /sessions/{session}/plateau
pub async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None).await
}

/// POST /sessions/{session}/plateau
pub async fn noter(a: AccesSession, c: Champs) -> Reponse {
    let issue = match lire(&a, &c).await? {
        Ok(action) => a.executer(&c.communs(), Action::Plateau(action)).await?,
        Err(refus) => Err(refus),
    };
    match issue {
        Ok(d) => Ok(rediriger_fait(
            &format!("{}/plateau", a.base()),
            if d.evenements.is_empty() {
                "Rien n’avait changé."
            } else {
                "C’est enregistré."
            },
        )),
        Err(r) => page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some((&r, &c))).await,
    }
}

/// Le geste demandé : introuvable s'il est fabriqué, refusé si l'heure ne se lit pas.
async fn lire(a: &AccesSession, c: &Champs) -> Result<Result<plateau::Action, Refus>, Erreur> {
    let survenu = match c.survenu(a) {
        Ok(survenu) => survenu,
        Err(refus) => return Ok(Err(refus)),
    };
    let texte = |nom: &str| c.un(nom).trim().to_owned();
    Ok(Ok(match c.un("geste") {
        "prevoir" => plateau::Action::Prevoir {
            besoins: vec![Besoin {
                sorte: Sorte::depuis_code(c.un("sorte")).ok_or_else(formulaire_abime)?,
                libelle: texte("libelle"),
                lieu: texte("lieu"),
                quantite: c.nombre("quantite"),
                par: Par::depuis_code(c.un("par")).ok_or_else(formulaire_abime)?,
            }],
            source: None,
        },
        "proposer" => plateau::Action::Prevoir {
            besoins: plateau::proposition(&a.session),
            source: Some("tirées du planning et de la check-list".into()),
        },
        "reprendre" => reprendre(a, c).await?,
        "compter" => match comptes(c) {
            Ok(comptes) => plateau::Action::Compter { comptes, survenu },
            Err(refus) => return Ok(Err(refus)),
        },
        "parer" => plateau::Action::Parer {
            numero: c.nombre("numero"),
            parade: texte("parade"),
            survenu,
        },
        "oter" => plateau::Action::Oter {
            numero: c.nombre("numero"),
        },
        "reserver" => plateau::Action::Reserver {
            salle: texte("salle"),
            survenu,
        },
        "afficher" => plateau::Action::Afficher {
            quoi: Affichage::depuis_code(c.un("quoi")).ok_or_else(formulaire_abime)?,
            salles: c.tous("salles").map(str::to_owned).collect(),
            survenu,
        },
        _ => return Err(Erreur::Introuvable),
    }))
}

/// Les nombres écrits : un champ vide ne compte rien, un champ illisible se dit.
fn comptes(c: &Champs) -> Result<Vec<(u32, u32)>, Refus> {
    let mut comptes = vec![];
    for (nom, valeur) in &c.0 {
        let (Some(numero), v) = (
            nom.strip_prefix("compte-").and_then(|n| n.parse().ok()),
            valeur.trim(),
        ) else {
            continue;
        };
        if v.is_empty() {
            continue;
        }
        let combien = v.parse().map_err(|_| {
            Constat::saisie(
                nom,
                format!("« {v} » n’est pas un nombre."),
                "Écrivez en chiffres combien sont en état de servir.",
            )
        })?;
        comptes.push((numero, combien));
    }
    Ok(comptes)
}

/// Les besoins d'une autre session du même titre.
async fn reprendre(a: &AccesSession, c: &Champs) -> Result<plateau::Action, Erreur> {
    let id: SessionId = c.identifiant("session").ok_or_else(formulaire_abime)?;
    let (autre, _) = stockage::charger(&a.acces.etat.base, &a.acces.centre, &id)
        .await?
        .ok_or(Erreur::Introuvable)?;
    // Une session que la personne ne voit pas ne se reprend pas.
    a.acces.role_dans(&autre).ok_or(Erreur::Introuvable)?;
    let ici = a.session.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let connues: Vec<&str> = ici.site.salles.iter().map(|x| x.nom.as_str()).collect();
    let besoins = autre
        .plateau
        .inventaire()
        .map(|l| Besoin {
            // Une salle qui n'existe pas ici devient « où que ce soit ».
            lieu: if connues.contains(&l.besoin.lieu.as_str()) {
                l.besoin.lieu.clone()
            } else {
                String::new()
            },
            ..l.besoin.clone()
        })
        .collect();
    let debut = autre.programme.as_ref().ok_or(Erreur::Introuvable)?.debut;
    Ok(plateau::Action::Prevoir {
        besoins,
        source: Some(format!(
            "reprises de la session du {}",
            temps::date_chiffres(debut)
        )),
    })
}

/// Les sessions du même titre dont l'inventaire peut se reprendre.
async fn autres(a: &AccesSession) -> Result<Vec<(String, String)>, Erreur> {
    let s = &*a.session;
    let Some(p) = &s.programme else {
        return Ok(vec![]);
    };
    let filtre = Filtre {
        texte: p.referentiel.cle.clone(),
        ..Filtre::default()
    };
    let (base, centre) = (&a.acces.etat.base, &a.acces.centre);
    let mut l = vec![];
    for r in sessions(base, centre, &filtre).await?.sessions {
        if l.len() >= SESSIONS_PROPOSEES {
            break;
        }
        if r.session == a.id || r.ligne.titre != p.referentiel.cle {
            continue;
        }
        let Some((autre, _)) = stockage::charger(base, centre, &r.session).await? else {
            continue;
        };
        let n = autre.plateau.inventaire().count();
        if n > 0
            && a.acces.role_dans(&autre).is_some()
            && let Some(q) = &autre.programme
        {
            l.push((
                r.session.to_string(),
                format!(
                    "{}, {} ({n} lignes)",
                    temps::date_courte(q.debut),
                    q.site.nom
                ),
            ));
        }
    }
    Ok(l)
}

async fn page(a: &AccesSession, statut: StatusCode, refuse: Option<(&Refus, &Champs)>) -> Reponse {
    let s = &*a.session;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let saisie = refuse.map(|(_, c)| c.clone()).unwrap_or_default();
    let modifiable = super::modifiable(a, Nature::Organiser);
    let lignes: Vec<_> = s
        .plateau
        .inventaire()
        .map(|l| montre(s, l, &saisie))
        .collect();
    let chemin = format!("{}/plateau", a.base());
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(format!("Plateau – {}", super::titre(s)), a.base(), &a.acces),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "plateau"),
            suite: refuse
                .map(|(r, c)| Suite::du_refus(r, &a.base(), &chemin, c))
                .unwrap_or_default(),
            erreurs: refuse
                .map(|(r, _)| ErreursFormulaire::du_refus(r))
                .unwrap_or_default(),
            resume: resume(s),
            lignes,
            locaux: plateau::locaux_d_entretien(s)
                .into_iter()
                .map(|nom| {
                    let note = s.plateau.reserves.get(&nom).map(plateau::dit);
                    (nom, note.unwrap_or_default())
                })
                .collect(),
            affichages: Affichage::TOUS
                .into_iter()
                .map(|quoi| AffichageMontre {
                    code: quoi.code(),
                    libelle: quoi.libelle(),
                    faits: s
                        .plateau
                        .affichages
                        .iter()
                        .filter(|((q, _), _)| *q == quoi)
                        .map(|((_, salle), n)| format!("{salle}, {}", plateau::dit(n)))
                        .collect(),
                    restent: plateau::sans_affichage(s, quoi),
                })
                .collect(),
            planning_affiche: s
                .planning
                .affiche_le
                .map(temps::date_longue)
                .unwrap_or_default(),
            jures: s
                .jury
                .iter()
                .map(|m| {
                    let vu = s
                        .jour
                        .verifications
                        .get(&(m.membre.jure.clone(), Verification::Plateau));
                    (
                        m.membre.nom.clone(),
                        vu.map(|q| temps::moment(*q)).unwrap_or_default(),
                    )
                })
                .collect(),
            salles: p
                .site
                .salles
                .iter()
                .map(|x| (x.nom.clone(), x.nom.clone()))
                .collect(),
            sortes: Sorte::TOUTES
                .into_iter()
                .map(|x| (x.code(), x.libelle()))
                .collect(),
            par: Par::TOUS
                .into_iter()
                .map(|x| (x.code(), x.libelle()))
                .collect(),
            autres: if modifiable { autres(a).await? } else { vec![] },
            personnes: super::personnes_choisies(a).await?,
            saisie,
            modifiable,
        },
    ))
}

/// « 4 lignes réglées sur 6, 1 manque. Quantités pour 12 candidats attendus. »
fn resume(s: &Session) -> String {
    let total = s.plateau.inventaire().count();
    if total == 0 {
        return String::new();
    }
    let reglees = s.plateau.inventaire().filter(|l| l.est_reglee(s)).count();
    let manques = s
        .plateau
        .inventaire()
        .filter(|l| l.manque(s).is_some() && l.parade.is_none())
        .count();
    let attendus = plateau::attendus(s);
    format!(
        "{reglees} ligne{} réglée{} sur {total}{}. Quantités calculées pour {attendus} candidat{} attendu{}.",
        if reglees > 1 { "s" } else { "" },
        if reglees > 1 { "s" } else { "" },
        match manques {
            0 => String::new(),
            1 => ", 1 manque à parer".into(),
            n => format!(", {n} manques à parer"),
        },
        if attendus > 1 { "s" } else { "" },
        if attendus > 1 { "s" } else { "" },
    )
}

fn montre(s: &Session, l: &plateau::Ligne, saisie: &Champs) -> LigneMontree {
    let b = &l.besoin;
    let manque = l.manque(s);
    let (etat, ton) = match (&l.compte, manque, &l.parade) {
        (None, ..) => ("À compter".to_owned(), "neutre"),
        (Some(_), None, _) => ("Complet".to_owned(), "fait"),
        (Some(_), Some(n), None) => (
            if n > 1 {
                format!("{n} manquent")
            } else {
                "1 manque".into()
            },
            "retard",
        ),
        (Some(_), Some(_), Some(_)) => ("Manque paré".to_owned(), "proche"),
    };
    let champ = format!("compte-{}", l.numero);
    LigneMontree {
        numero: l.numero,
        champ: champ.clone(),
        libelle: b.libelle.clone(),
        sorte: b.sorte.libelle(),
        lieu: b.lieu.clone(),
        besoin: format!("{} {}", b.quantite, b.par.libelle()),
        requis: l.requis(s),
        compte: if saisie.un(&champ).is_empty() {
            l.compte
                .as_ref()
                .map(|(n, _)| n.to_string())
                .unwrap_or_default()
        } else {
            saisie.un(&champ).to_owned()
        },
        note: l
            .compte
            .as_ref()
            .map(|(_, n)| plateau::dit(n))
            .unwrap_or_default(),
        etat,
        ton,
        manque: manque.is_some() && l.parade.is_none(),
        parade: l
            .parade
            .as_ref()
            .map(|(t, n)| format!("{t} ({})", plateau::dit(n)))
            .unwrap_or_default(),
    }
}
