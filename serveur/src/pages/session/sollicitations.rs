//! Solliciter des jurés : choisir, écrire à plusieurs, suivre les réponses, relancer, retirer.

use super::geste::{Champs, acte};
use super::tete::TeteSession;
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rediriger_fait, rendre, rendre_statut};
use crate::courriel::{self, facteur, textes};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, formulaire_abime};
use crate::pages::courriels::{suite, ton};
use crate::pages::jures::choix::Aide;
use crate::reponses::{get, post};
use crate::routes::{Nature as Droit, Route};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::sollicitations::{self as sujet, Etat, Reponse as ReponseJure, Sollicitation, Voie};
use metier::{Action, Nature, Refus, etat_du_jury, temps};
use std::collections::HashMap;
use stockage::annuaire::Couverture;
use stockage::courriel::{self as boite, Courriel};

/// Délai de réponse proposé, en jours.
const DELAI_JOURS: u32 = 10;
/// Courriels de la session lus pour dire où en est chacun.
const COURRIELS_LUS: u64 = 1_000;

/// Les routes des sollicitations.
pub fn routes() -> Vec<Route> {
    let organiser = Droit::Session(Nature::Organiser);
    vec![
        Route::lire(
            "/sessions/{session}/sollicitations",
            Droit::Session(Nature::Lire),
            get(montrer),
        ),
        Route::ecrire(
            "/sessions/{session}/sollicitations",
            organiser,
            post(solliciter),
        ),
        Route::ecrire(
            "/sessions/{session}/sollicitations/relance",
            organiser,
            post(relancer),
        ),
        Route::ecrire(
            "/sessions/{session}/sollicitations/{numero}",
            organiser,
            post(agir),
        ),
    ]
}

#[derive(Template)]
#[template(path = "session/sollicitations.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    envoie: bool,
    boite: bool,
    administre: bool,
    resume: String,
    convoquer: String,
    close: bool,
    defections: Vec<(String, String, String)>,
    lignes: Vec<Ligne>,
    a_relancer: bool,
    proposes: Vec<Propose>,
    modifiable: bool,
    acte: String,
    acte_relance: String,
    message: String,
    avant: String,
}

struct Ligne {
    numero: u32,
    nom: String,
    jure: String,
    joindre: String,
    demandee: String,
    avant: String,
    relances: String,
    etat: &'static str,
    ton: &'static str,
    reponse: String,
    ouverte: bool,
    courriel: Option<(String, &'static str, &'static str, String)>,
    acte: String,
    acte_retrait: String,
    acte_reponse: String,
}

struct Propose {
    id: String,
    nom: String,
    qualite: String,
    employeur: String,
    aide: Aide,
    joindre: String,
    habilite: String,
    choisi: bool,
    deja: String,
}

#[derive(Template)]
#[template(path = "session/sollicitation_a_la_main.html")]
struct PageALaMain {
    cadre: Cadre,
    tete: TeteSession,
    nom: String,
    joindre: String,
    lien: String,
    objet: String,
    texte: String,
    fin: String,
}

/// Le dernier courriel de chaque sujet de la session.
pub(super) async fn derniers_courriels(
    a: &AccesSession,
    genre: &str,
) -> Result<HashMap<String, Courriel>, Erreur> {
    let tous = boite::liste(
        &a.acces.etat.base,
        &a.acces.centre,
        None,
        Some(&a.id),
        None,
        COURRIELS_LUS,
    )
    .await?;
    let mut v: HashMap<String, Courriel> = HashMap::new();
    for c in tous.into_iter().filter(|c| c.message.genre == genre) {
        v.entry(c.message.sujet.clone()).or_insert(c);
    }
    Ok(v)
}

/// Garant envoie-t-il les courriels de ce centre ?
pub(super) async fn envoie(a: &AccesSession) -> Result<bool, Erreur> {
    Ok(courriel::serveur_actif(&a.acces.etat, &a.acces.centre)
        .await?
        .is_some())
}

/// GET /sessions/{session}/sollicitations
async fn montrer(a: AccesSession) -> Reponse {
    page(&a, StatusCode::OK, None, &Champs::default()).await
}

fn option(t: &str) -> Option<String> {
    Some(t.to_owned()).filter(|t| !t.is_empty())
}

async fn page(
    a: &AccesSession,
    statut: StatusCode,
    refus: Option<&Refus>,
    saisie: &Champs,
) -> Reponse {
    let s = &a.session;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let jour = a.jour();
    let courriels = derniers_courriels(a, "sollicitation").await?;
    let lignes: Vec<Ligne> = s
        .sollicitations
        .liste
        .iter()
        .rev()
        .map(|x| {
            let c = courriels.get(&facteur::sujet_de_sollicitation(x.numero));
            ligne(a, x, c)
        })
        .collect();
    let choisis: Vec<&str> = saisie.tous("jures").collect();
    let (jures, choix) = super::jury::a_choisir(a).await?;
    let mut proposes: Vec<Propose> = jures
        .into_iter()
        .filter(|x| s.jure(&x.jure.id).is_none() && x.couverture == Couverture::Entiere)
        .filter(|x| {
            !s.sollicitations
                .liste
                .iter()
                .any(|y| y.membre.jure == x.jure.id && y.est_ouverte())
        })
        .map(|x| Propose {
            choisi: choisis.contains(&x.jure.id.as_str()),
            id: x.jure.id.to_string(),
            nom: x.jure.nom_complet(),
            qualite: x.jure.fiche.qualite.clone(),
            employeur: x.jure.fiche.employeur.clone(),
            aide: choix.de(&x.jure.id, &x.jure.fiche),
            joindre: joindre(
                option(&x.jure.fiche.courriel).as_deref(),
                option(&x.jure.fiche.telephone).as_deref(),
            ),
            habilite: x.habilitation.as_ref().map_or(String::new(), |h| {
                format!("jusqu’au {}", temps::date_chiffres(h.fiche.fin))
            }),
            deja: s
                .sollicitations
                .liste
                .iter()
                .rev()
                .find(|y| y.membre.jure == x.jure.id)
                .map(|y| y.etat(jour).libelle().to_lowercase())
                .unwrap_or_default(),
        })
        .collect();
    // Ceux que l'on n'a pas encore sollicités d'abord.
    proposes.sort_by_key(|x| !x.deja.is_empty());
    let limite = metier::echeances::jours_apres(jour, DELAI_JOURS)
        .min(metier::echeances::jours_avant(p.debut, 1));
    let saisi = |n: &str, defaut: String| {
        Some(saisie.un(n).to_owned())
            .filter(|t| !t.is_empty())
            .unwrap_or(defaut)
    };
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Sollicitations – {}", super::titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, jour, "jury"),
            erreurs: refus.map(ErreursFormulaire::du_refus).unwrap_or_default(),
            constats: refus
                .map(|r| ConstatMontre::du_refus(r, &a.base()))
                .unwrap_or_default(),
            envoie: envoie(a).await?,
            boite: a.acces.peut_organiser(),
            administre: a.acces.administre(),
            resume: etat_du_jury(s),
            convoquer: {
                let limite = metier::echeances::limite_de_convocation(p, &s.cadre, "R36");
                format!(
                    "Les jurés se convoquent au plus tard le {} ({}).",
                    temps::date_longue(limite),
                    temps::distance(jour, limite)
                )
            },
            close: sujet::recherche(s).est_close(),
            defections: s
                .sollicitations
                .defections
                .iter()
                .rev()
                .map(|d| (d.nom.clone(), temps::date_moyenne(d.le), d.motif.clone()))
                .collect(),
            a_relancer: lignes.iter().any(|l| l.ouverte),
            lignes,
            proposes,
            modifiable: super::modifiable(a, Nature::Organiser) && jour < p.debut,
            acte: acte(),
            acte_relance: acte(),
            message: saisie.un("message").to_owned(),
            avant: saisi("avant", limite.to_string()),
        },
    ))
}

fn joindre(courriel: Option<&str>, telephone: Option<&str>) -> String {
    [courriel, telephone]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

fn ligne(a: &AccesSession, x: &Sollicitation, c: Option<&Courriel>) -> Ligne {
    let etat = x.etat(a.jour());
    Ligne {
        numero: x.numero,
        nom: x.membre.nom.clone(),
        jure: x.membre.jure.to_string(),
        joindre: joindre(x.membre.courriel.as_deref(), x.membre.telephone.as_deref()),
        demandee: temps::date_courte(x.le),
        avant: temps::date_courte(x.avant),
        relances: match x.relances.as_slice() {
            [] => String::new(),
            [une] => format!("relancé le {}", temps::date_courte(*une)),
            [.., derniere] => format!(
                "relancé {} fois, le {} en dernier",
                x.relances.len(),
                temps::date_courte(*derniere)
            ),
        },
        etat: etat.libelle(),
        ton: etat.ton(),
        reponse: match (&x.reponse, &x.retiree) {
            (_, Some(motif)) => motif.clone(),
            (Some((r, voie, le)), None) => {
                let par = match voie {
                    Voie::Lien => "par son lien",
                    Voie::Centre => "notée par le centre",
                };
                let mots = match r {
                    ReponseJure::Accepte => String::new(),
                    ReponseJure::Decline { raison } => raison.clone(),
                    ReponseJure::Propose { dates } => dates.clone(),
                };
                let debut = format!("{par}, le {}", temps::date_courte(*le));
                if mots.is_empty() {
                    debut
                } else {
                    format!("{debut} : {mots}")
                }
            }
            (None, None) => String::new(),
        },
        ouverte: matches!(etat, Etat::EnAttente | Etat::SansReponse),
        courriel: c.map(|c| {
            (
                format!("/courriels/{}", c.id),
                c.etat.libelle(),
                ton(c.etat),
                suite(c),
            )
        }),
        acte: acte(),
        acte_retrait: acte(),
        acte_reponse: acte(),
    }
}

async fn executer(a: &AccesSession, c: &Champs, action: sujet::Action, phrase: &str) -> Reponse {
    match a
        .executer(&c.communs(), Action::Sollicitation(action))
        .await?
    {
        Ok(_) => Ok(rediriger_fait(
            &format!("{}/sollicitations", a.base()),
            phrase,
        )),
        Err(r) => page(a, StatusCode::UNPROCESSABLE_ENTITY, Some(&r), c).await,
    }
}

/// POST /sessions/{session}/sollicitations
async fn solliciter(a: AccesSession, c: Champs) -> Reponse {
    let connus = super::jury::proposes(&a).await?;
    let mut membres = vec![];
    for id in c.tous("jures") {
        let propose = connus
            .iter()
            .find(|p| p.jure.id.as_str() == id)
            .ok_or_else(formulaire_abime)?;
        membres.push(super::jury::membre(propose, metier::jury::Place::Titulaire));
    }
    let Some(avant) = temps::lire_date(c.un("avant")) else {
        let refus = metier::Constat::saisie(
            "avant",
            "La date limite de réponse ne se lit pas.",
            "Écrivez-la comme 23/11/2026.",
        )
        .into();
        return page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some(&refus), &c).await;
    };
    let envoie = envoie(&a).await?;
    let (n, joignables) = (
        membres.len(),
        membres.iter().filter(|m| m.courriel.is_some()).count(),
    );
    let action = sujet::Action::Solliciter {
        membres,
        message: c.un("message").replace("\r\n", "\n"),
        avant,
    };
    let phrase = match (envoie, n == joignables) {
        (true, true) => "Les sollicitations partent par courriel.",
        (true, false) => {
            "Les sollicitations partent par courriel ; à qui n’a pas d’adresse, envoyez vous-même le texte et le lien."
        }
        (false, _) => {
            "Les sollicitations sont notées. Envoyez à chacun son texte et son lien : bouton « Texte et lien »."
        }
    };
    executer(&a, &c, action, phrase).await
}

/// POST /sessions/{session}/sollicitations/relance : tous ceux qui n'ont pas répondu.
async fn relancer(a: AccesSession, c: Champs) -> Reponse {
    let numeros = a
        .session
        .sollicitations
        .liste
        .iter()
        .filter(|x| x.est_ouverte())
        .map(|x| x.numero)
        .collect();
    let phrase = if envoie(&a).await? {
        "Les relances partent par courriel ; personne n’est relancé deux fois le même jour."
    } else {
        "Les relances sont notées. Envoyez à chacun son texte et son lien."
    };
    executer(&a, &c, sujet::Action::Relancer { numeros }, phrase).await
}

/// POST /sessions/{session}/sollicitations/{numero}
async fn agir(a: AccesSession, Path(chemin): Path<HashMap<String, String>>, c: Champs) -> Reponse {
    let numero: u32 = chemin
        .get("numero")
        .and_then(|n| n.parse().ok())
        .ok_or(Erreur::Introuvable)?;
    let x = a
        .session
        .sollicitations
        .numero(numero)
        .ok_or(Erreur::Introuvable)?;
    match c.un("geste") {
        "relancer" => {
            let action = sujet::Action::Relancer {
                numeros: vec![numero],
            };
            executer(&a, &c, action, "La relance est notée.").await
        }
        "lien" => a_la_main(&a, x).await,
        "retirer" => {
            let rendu = executer(
                &a,
                &c,
                sujet::Action::Retirer { numero },
                "La sollicitation est retirée : son lien ne vaut plus rien.",
            )
            .await?;
            let apres = a.relire().await?;
            let retiree = apres.session.sollicitations.numero(numero);
            if retiree.is_some_and(|x| x.retiree.is_some()) {
                let lien = boite::id_du_lien("sollicitation", a.id.as_str(), &numero.to_string());
                let etat = &a.acces.etat;
                boite::revoquer(&etat.base, &a.acces.centre, &lien, etat.horloge.secondes())
                    .await?;
            }
            Ok(rendu)
        }
        "repondre" => {
            let texte = |n: &str| c.un(n).trim().to_owned();
            let reponse = match c.un("reponse") {
                "accepte" => ReponseJure::Accepte,
                "decline" => ReponseJure::Decline {
                    raison: texte("mots"),
                },
                "propose" => ReponseJure::Propose {
                    dates: texte("mots"),
                },
                _ => {
                    let refus = metier::Constat::geste(
                        "SOL-06",
                        format!("Aucune réponse n’est choisie pour {}.", x.membre.nom),
                        "Dites s’il accepte, décline ou propose d’autres dates.",
                    )
                    .into();
                    return page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some(&refus), &c).await;
                }
            };
            let action = sujet::Action::Repondre {
                numero,
                reponse,
                voie: Voie::Centre,
                retenir: true,
            };
            executer(&a, &c, action, "Sa réponse est notée.").await
        }
        _ => Err(formulaire_abime()),
    }
}

/// Le texte et le lien à envoyer soi-même : le lien naît ici et ne sera plus montré.
async fn a_la_main(a: &AccesSession, x: &Sollicitation) -> Reponse {
    if !x.est_ouverte() {
        return Ok(rediriger_fait(
            &format!("{}/sollicitations", a.base()),
            "Cette sollicitation n’attend plus de réponse : elle n’a plus de lien.",
        ));
    }
    let etat = &a.acces.etat;
    let tardive = x.avant < a.jour();
    let lien = facteur::lien_de_sollicitation(etat, &a.id, x, tardive);
    let adresse = courriel::lien_a_copier(etat, &a.acces.centre, &lien).await?;
    let (identite, nom_centre) = facteur::centre(etat, &a.acces.centre).await?;
    let relance = tardive || !x.relances.is_empty();
    let lettre = textes::sollicitation(&a.session, x, relance, &identite, &nom_centre);
    Ok(rendre(&PageALaMain {
        cadre: Cadre::connecte("Texte et lien", a.base(), &a.acces),
        tete: TeteSession::nouvelle(&a.id, &a.session, a.jour(), "jury"),
        nom: x.membre.nom.clone(),
        joindre: joindre(x.membre.courriel.as_deref(), x.membre.telephone.as_deref()),
        objet: lettre.objet,
        texte: lettre.corps.replace(textes::LIEN, &adresse),
        lien: adresse,
        fin: crate::pages::courriels::instant(lien.expire),
    }))
}
