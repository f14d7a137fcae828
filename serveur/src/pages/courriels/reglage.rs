//! Régler le serveur de courriel du centre, l'essayer, suspendre les envois.

use super::super::controle::{COURT_MAX, Controle};
use super::{Facteur, reponse_par_defaut, service};
use crate::acces::Acces;
use crate::cadre::{Cadre, rediriger, rediriger_fait, rendre_statut};
use crate::courriel::{self, textes};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{
    ChampsCommuns, ErreursFormulaire, Formulaire, lire_activite, nouvel_identifiant,
};
use askama::Template;
use axum::http::StatusCode;
use metier::Acte;
use metier::candidats::courriel_plausible;
use serde::Deserialize;
use stockage::courriel::{self as boite, NouveauCourriel, Securite, ServeurCourriel};

#[derive(Template)]
#[template(path = "courriels/reglage.html")]
struct Page {
    cadre: Cadre,
    erreurs: ErreursFormulaire,
    service: Facteur,
    s: Saisie,
    securites: Vec<(&'static str, &'static str)>,
    mot_de_passe_connu: bool,
    revision: u64,
    acte: String,
    acte_activite: String,
    acte_essai: String,
    mon_adresse: String,
    /// L'adresse que portent les liens, quand elle ne mène qu'à cette machine.
    origine_locale: Option<String>,
}

/// Le réglage saisi.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    hote: String,
    port: String,
    securite: String,
    identifiant: String,
    mot_de_passe: String,
    oublier: String,
    expediteur: String,
    reponse: String,
}

/// GET /centre/courriel
pub async fn montrer(a: Acces) -> Reponse {
    page(&a, StatusCode::OK, None, ErreursFormulaire::default()).await
}

async fn page(
    a: &Acces,
    statut: StatusCode,
    saisie: Option<Saisie>,
    erreurs: ErreursFormulaire,
) -> Reponse {
    let connu = boite::serveur(&a.etat.base, &a.centre).await?;
    let s = match (saisie, &connu) {
        (Some(s), _) => s,
        (None, Some(c)) => Saisie {
            hote: c.hote.clone(),
            port: c.port.to_string(),
            securite: c.securite.code().into(),
            identifiant: c.identifiant.clone(),
            expediteur: c.expediteur.clone(),
            reponse: c.reponse.clone(),
            ..Saisie::default()
        },
        (None, None) => {
            let centre = reponse_par_defaut(a).await?;
            Saisie {
                port: "465".into(),
                securite: Securite::Tls.code().into(),
                expediteur: centre.clone(),
                reponse: centre,
                ..Saisie::default()
            }
        }
    };
    let acte = || nouvel_identifiant::<Acte>().to_string();
    Ok(rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte("Serveur de courriel", "/centre/courriel", a),
            erreurs,
            service: service(a).await?,
            // Le mot de passe ne revient jamais à la page.
            s: Saisie {
                mot_de_passe: String::new(),
                ..s
            },
            securites: Securite::TOUTES
                .into_iter()
                .map(|x| (x.code(), x.libelle()))
                .collect(),
            mot_de_passe_connu: connu.as_ref().is_some_and(|c| !c.mot_de_passe.is_empty()),
            revision: connu.as_ref().map_or(0, |c| c.revision),
            acte: acte(),
            acte_activite: acte(),
            acte_essai: acte(),
            mon_adresse: mon_adresse(a).await?,
            origine_locale: Some(&a.etat.origine).filter(|o| est_locale(o)).cloned(),
        },
    ))
}

/// L'adresse de la personne connectée : celle de sa fiche, sinon celle de son compte.
async fn mon_adresse(a: &Acces) -> Result<String, Erreur> {
    let fiche = stockage::comptes::personne(&a.etat.base, &a.centre, &a.personne).await?;
    Ok(fiche
        .map(|p| p.courriel)
        .filter(|c| !c.is_empty())
        .unwrap_or_else(|| a.courriel.clone()))
}

/// POST /centre/courriel
pub async fn regler(a: Acces, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    let connu = boite::serveur(&a.etat.base, &a.centre).await?;
    let mut c = Controle::default();
    let voulu = lire(&f, connu.as_ref(), &mut c);
    let Some(voulu) = voulu.filter(|_| c.est_bon()) else {
        return page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some(f), c.0).await;
    };
    let revision = f.communs.vu_au_rang.parse().unwrap_or(0);
    let auteur = a.auteur(&f.communs);
    match boite::regler(&a.etat.base, &a.centre, revision, &voulu, &auteur).await {
        Ok(_) => {
            a.etat.courriel.reveiller();
            Ok(rediriger_fait(
                "/centre/courriel",
                "Le serveur est enregistré. Envoyez-vous un message d’essai.",
            ))
        }
        Err(stockage::Erreur::Conflit { .. } | stockage::Erreur::Unicite { .. }) => {
            c.faute(
                "hote",
                "Quelqu’un d’autre a changé ce réglage pendant que vous l’aviez sous les yeux. Votre saisie est gardée : enregistrez de nouveau pour la faire valoir.",
            );
            page(&a, StatusCode::UNPROCESSABLE_ENTITY, Some(f), c.0).await
        }
        Err(e) => Err(e.into()),
    }
}

fn est_ici(hote: &str) -> bool {
    hote == "localhost"
        || hote
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

/// L'origine ne mène-t-elle qu'à cette machine ?
fn est_locale(origine: &str) -> bool {
    let hote = origine.split_once("://").map_or(origine, |(_, h)| h);
    let hote = hote.rsplit_once(':').map_or(hote, |(h, _)| h);
    est_ici(hote.trim_matches(['[', ']']))
}

fn lire(f: &Saisie, connu: Option<&ServeurCourriel>, c: &mut Controle) -> Option<ServeurCourriel> {
    let hote = c
        .requis(
            "hote",
            &f.hote,
            COURT_MAX,
            "Écrivez le nom du serveur, par exemple smtp.exemple.fr.",
        )
        .to_lowercase();
    if !hote
        .chars()
        .all(|x| x.is_ascii_alphanumeric() || ".-:".contains(x))
    {
        c.faute(
            "hote",
            "Un nom de serveur ne porte que des lettres, des chiffres, des points et des tirets : smtp.exemple.fr.",
        );
    }
    let port = f.port.trim().parse::<u16>().ok().filter(|p| *p > 0);
    if port.is_none() {
        c.faute(
            "port",
            "Le port est un nombre : 465 le plus souvent, ou 587.",
        );
    }
    let securite = Securite::depuis_code(&f.securite);
    if securite.is_none() {
        c.faute("securite", "Choisissez comment la connexion est protégée.");
    }
    let identifiant = c.ligne("identifiant", &f.identifiant, COURT_MAX);
    if f.mot_de_passe.chars().count() > COURT_MAX || f.mot_de_passe.contains(['\n', '\r']) {
        c.faute(
            "mot_de_passe",
            "Ce mot de passe est trop long, ou tient sur plusieurs lignes.",
        );
    }
    let garde = connu
        .filter(|_| f.oublier != "oui")
        .map_or("", |s| s.mot_de_passe.as_str());
    let mot_de_passe = if f.mot_de_passe.is_empty() {
        garde.to_owned()
    } else {
        f.mot_de_passe.clone()
    };
    // Un autre serveur ne reçoit pas le mot de passe du précédent.
    let autre = connu.is_some_and(|s| s.hote != hote) && f.mot_de_passe.is_empty();
    if autre && !identifiant.is_empty() && !garde.is_empty() {
        c.faute(
            "mot_de_passe",
            "Le serveur a changé : écrivez le mot de passe du nouveau.",
        );
    }
    if identifiant.is_empty() != mot_de_passe.is_empty() {
        c.faute(
            "identifiant",
            "L’identifiant et le mot de passe vont ensemble : complétez les deux, ou aucun.",
        );
    }
    if securite == Some(Securite::Clair) && !identifiant.is_empty() && !est_ici(&hote) {
        c.faute(
            "securite",
            "Un mot de passe ne voyage pas en clair : choisissez TLS ou STARTTLS, ou un relais sans identifiant.",
        );
    }
    for (champ, valeur, requis) in [
        ("expediteur", &f.expediteur, true),
        ("reponse", &f.reponse, false),
    ] {
        let v = valeur.trim();
        if (requis || !v.is_empty()) && !courriel_plausible(v) {
            c.faute(
                champ,
                "Écrivez une adresse complète, par exemple secretariat@exemple.fr.",
            );
        }
    }
    Some(ServeurCourriel {
        hote,
        port: port?,
        securite: securite?,
        identifiant,
        mot_de_passe,
        expediteur: f.expediteur.trim().to_owned(),
        reponse: f.reponse.trim().to_owned(),
        actif: connu.is_none_or(|s| s.actif),
        revision: 0,
    })
}

/// POST /centre/courriel/essai : un message à soi-même, tout de suite ; la page du courriel dit ce que le serveur a répondu.
pub async fn essayer(a: Acces, Formulaire(communs): Formulaire<ChampsCommuns>) -> Reponse {
    let Some(serveur) = boite::serveur(&a.etat.base, &a.centre).await? else {
        return Ok(rediriger("/centre/courriel"));
    };
    let maintenant = a.etat.horloge.secondes();
    let cle = format!("essai:{}", a.personne);
    a.etat.debits.essayer(&cle, 10, 900, maintenant)?;
    let lettre = textes::essai(&a.nom, &a.nom_centre);
    let message = NouveauCourriel {
        cle: format!("essai:{}", communs.acte()),
        genre: "essai".into(),
        nom: a.nom.clone(),
        adresse: mon_adresse(&a).await?,
        objet: lettre.objet,
        corps: lettre.corps,
        par: a.personne.to_string(),
        ..NouveauCourriel::default()
    };
    boite::deposer_tous(
        &a.etat.base,
        &a.centre,
        std::slice::from_ref(&message),
        maintenant,
        vec![],
    )
    .await?;
    let depose = boite::par_cle(&a.etat.base, &a.centre, &message.cle)
        .await?
        .ok_or(Erreur::Introuvable)?;
    courriel::facteur::envoyer_maintenant(&a.etat, &a.centre, &a.nom_centre, &serveur, &depose)
        .await?;
    Ok(rediriger(&format!("/courriels/{}", depose.id)))
}

/// Suspendre ou reprendre.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Activite {
    #[serde(flatten)]
    communs: ChampsCommuns,
    geste: String,
}

/// POST /centre/courriel/activite
pub async fn changer_activite(a: Acces, Formulaire(f): Formulaire<Activite>) -> Reponse {
    let actif = lire_activite(&f.geste)?;
    let auteur = a.auteur(&f.communs);
    boite::suspendre(&a.etat.base, &a.centre, actif, &auteur).await?;
    a.etat.courriel.reveiller();
    Ok(rediriger_fait(
        "/centre/courriel",
        if actif {
            "Les envois reprennent : ce qui attendait va partir."
        } else {
            "Les envois sont suspendus. Rien n’est perdu : ce qui attend partira à la reprise."
        },
    ))
}
