//! Le premier démarrage : le code affiché à la console ouvre la création du centre, ou le centre d'exemple.

use super::centre::identifiants;
use super::controle::{COURT_MAX, Controle};
use crate::cadre::{Cadre, rediriger, rediriger_fait, rendre, rendre_statut};
use crate::connexions::{self, Visiteur};
use crate::erreurs::{Erreur, Reponse};
use crate::etat::Etat;
use crate::formulaires::{ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::reponses::{get, post};
use crate::routes::{Nature, Route};
use crate::{exemple, motdepasse, second_facteur};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use metier::Role;
use serde::Deserialize;
use stockage::annuaire::Auteur;
use stockage::comptes::{self, Etape, NouveauCentre, Personne};
use stockage::sites::{self, FicheSite, IdentiteCentre};

/// Les routes du premier démarrage.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/demarrage", Nature::Publique, get(montrer)),
        Route::ecrire("/demarrage", Nature::Publique, post(choisir)),
        Route::ecrire("/demarrage/centre", Nature::Publique, post(creer)),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Choix {
    code: String,
    choix: String,
}

/// Ce que la page « Créer mon centre » demande.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Saisie {
    code: String,
    nom: String,
    adresse: String,
    code_postal: String,
    ville: String,
    siret: String,
    nda: String,
    site_nom: String,
    site_adresse: String,
    site_code_postal: String,
    site_ville: String,
    prenom: String,
    nom_personne: String,
    fonction: String,
    courriel: String,
    mot_de_passe: String,
}

#[derive(Template)]
#[template(path = "comptes/demarrage.html")]
struct PageDemarrage {
    cadre: Cadre,
    erreurs: ErreursFormulaire,
}

#[derive(Template)]
#[template(path = "comptes/creer_centre.html")]
struct PageCentre {
    cadre: Cadre,
    erreurs: ErreursFormulaire,
    s: Saisie,
}

#[derive(Template)]
#[template(path = "comptes/exemple_pret.html")]
struct PageExemple {
    cadre: Cadre,
    comptes: Vec<exemple::CompteExemple>,
}

fn page(erreurs: ErreursFormulaire) -> PageDemarrage {
    PageDemarrage {
        cadre: Cadre::public("Premier démarrage", "/demarrage"),
        erreurs,
    }
}

/// Un centre existe déjà : cette page n'est plus là.
async fn encore_vide(etat: &Etat) -> Result<(), Erreur> {
    if comptes::centres(&etat.base).await?.is_empty() {
        Ok(())
    } else {
        Err(Erreur::Introuvable)
    }
}

/// Le code recopié, s'il est celui de la console.
async fn code_reconnu(
    etat: &Etat,
    visiteur: &Visiteur,
    saisi: &str,
) -> Result<Option<String>, Erreur> {
    etat.debits.essayer(
        &format!("demarrage:{}", visiteur.adresse),
        20,
        900,
        etat.horloge.secondes(),
    )?;
    let code = second_facteur::normaliser_code(saisi);
    Ok(comptes::verifier_code_de_demarrage(&etat.base, &code)
        .await?
        .then_some(code))
}

/// GET /demarrage
async fn montrer(State(etat): State<Etat>) -> Reponse {
    if encore_vide(&etat).await.is_err() {
        return rediriger("/connexion");
    }
    rendre(&page(ErreursFormulaire::default()))
}

fn mauvais_code() -> ErreursFormulaire {
    let phrase = "Ce n’est pas le code affiché à la console. Recopiez la dernière ligne « Code de premier démarrage », ou redémarrez Garant pour en obtenir un autre.";
    ErreursFormulaire(vec![("code".into(), phrase.into())])
}

/// POST /demarrage
async fn choisir(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Formulaire(choix): Formulaire<Choix>,
) -> Reponse {
    encore_vide(&etat).await?;
    let Some(code) = code_reconnu(&etat, &visiteur, &choix.code).await? else {
        return rendre_statut(StatusCode::UNPROCESSABLE_ENTITY, &page(mauvais_code()));
    };
    if choix.choix != "exemple" {
        let s = Saisie {
            code,
            ..Saisie::default()
        };
        return rendre(&page_centre(s, ErreursFormulaire::default()));
    }
    let demande = exemple::Demande {
        code: Some(code),
        ..exemple::Demande::default()
    };
    let cree = exemple::creer(&etat.base, &etat.horloge, &demande).await?;
    let cadre = Cadre::public("Le centre d’exemple est prêt", "/demarrage");
    rendre(&PageExemple {
        cadre,
        comptes: cree.comptes,
    })
}

fn page_centre(s: Saisie, erreurs: ErreursFormulaire) -> PageCentre {
    PageCentre {
        cadre: Cadre::public("Créer mon centre", "/demarrage"),
        erreurs,
        s: Saisie {
            mot_de_passe: String::new(),
            ..s
        },
    }
}

struct Controles {
    identite: IdentiteCentre,
    site: FicheSite,
    personne: Personne,
}

fn controler(s: &Saisie, c: &mut Controle) -> Controles {
    let identite = IdentiteCentre {
        nom: c.requis("nom", &s.nom, COURT_MAX, "Écrivez le nom du centre."),
        adresse: c.requis(
            "adresse",
            &s.adresse,
            COURT_MAX,
            "Écrivez le numéro et la voie.",
        ),
        code_postal: c.code_postal("code_postal", &s.code_postal),
        ville: c.requis("ville", &s.ville, 100, "Écrivez la commune."),
        siret: numero(
            c,
            "siret",
            &s.siret,
            identifiants::siret,
            "Ce SIRET n’est pas reconnu : 14 chiffres, dont la clé tombe juste. Comparez avec l’avis de situation, ou laissez vide.",
        ),
        nda: numero(
            c,
            "nda",
            &s.nda,
            identifiants::nda,
            "Un numéro de déclaration d’activité compte 11 chiffres. Comparez avec le récépissé, ou laissez vide.",
        ),
        autorite_sigle: "DDETS".into(),
        ..IdentiteCentre::default()
    };
    let meme = s.site_adresse.trim().is_empty()
        && s.site_code_postal.trim().is_empty()
        && s.site_ville.trim().is_empty();
    let site = FicheSite {
        nom: c.requis(
            "site_nom",
            &s.site_nom,
            COURT_MAX,
            "Donnez un nom au premier site, par exemple « Site de Villefranche ».",
        ),
        adresse: if meme {
            identite.adresse.clone()
        } else {
            c.requis("site_adresse", &s.site_adresse, COURT_MAX, "Écrivez l’adresse du site, ou videz les trois champs pour reprendre celle du centre.")
        },
        code_postal: if meme {
            identite.code_postal.clone()
        } else {
            c.code_postal("site_code_postal", &s.site_code_postal)
        },
        ville: if meme {
            identite.ville.clone()
        } else {
            c.requis(
                "site_ville",
                &s.site_ville,
                100,
                "Écrivez la commune du site.",
            )
        },
        agree: true,
        actif: true,
        ..FicheSite::default()
    };
    let courriel = c.courriel("courriel", &s.courriel).to_lowercase();
    if courriel.is_empty() {
        c.faute(
            "courriel",
            "Écrivez votre courriel : il sert à vous connecter.",
        );
    }
    let personne = Personne {
        id: nouvel_identifiant(),
        nom: c.requis("nom_personne", &s.nom_personne, 100, "Écrivez votre nom."),
        prenom: c.requis("prenom", &s.prenom, 100, "Écrivez votre prénom."),
        fonction: c.requis(
            "fonction",
            &s.fonction,
            COURT_MAX,
            "Écrivez votre fonction dans le centre.",
        ),
        courriel,
        actif: true,
    };
    let personnels = [
        personne.nom.as_str(),
        &personne.prenom,
        &personne.courriel,
        &identite.nom,
    ];
    if let Err(phrase) = motdepasse::controler(&s.mot_de_passe, true, &personnels) {
        c.faute("mot_de_passe", phrase);
    }
    Controles {
        identite,
        site,
        personne,
    }
}

fn numero(
    c: &mut Controle,
    champ: &str,
    valeur: &str,
    lire: fn(&str) -> Result<String, identifiants::Faute>,
    phrase: &str,
) -> String {
    if valeur.trim().is_empty() {
        return String::new();
    }
    lire(valeur).unwrap_or_else(|_| {
        c.faute(champ, phrase);
        String::new()
    })
}

/// POST /demarrage/centre
async fn creer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Formulaire(s): Formulaire<Saisie>,
) -> Reponse {
    encore_vide(&etat).await?;
    let Some(code) = code_reconnu(&etat, &visiteur, &s.code).await? else {
        return rendre_statut(StatusCode::UNPROCESSABLE_ENTITY, &page(mauvais_code()));
    };
    let mut c = Controle::default();
    let controles = controler(&s, &mut c);
    if !c.est_bon() {
        return rendre_statut(StatusCode::UNPROCESSABLE_ENTITY, &page_centre(s, c.0));
    }
    let Controles {
        mut identite,
        site,
        personne,
    } = controles;
    let le = etat.horloge.instant().to_string();
    let nouveau = NouveauCentre {
        id: uuid::Uuid::now_v7().to_string(),
        nom: identite.nom.clone(),
        exemple: false,
        administrateur: personne.clone(),
        roles: vec![Role::Administrateur, Role::Responsable],
        mot_de_passe: motdepasse::hacher(&etat, &s.mot_de_passe).await?,
        acte: nouvel_identifiant(),
        le: le.clone(),
    };
    let centre = comptes::creer_centre(&etat.base, &nouveau, Some(&code)).await?;
    let auteur = || Auteur {
        acte: nouvel_identifiant(),
        personne: personne.id.clone(),
        nom: personne.nom_complet(),
        le: le.clone(),
        motif: None,
    };
    identite.revision = 0;
    sites::corriger_identite(&etat.base, &centre, &identite, &auteur()).await?;
    sites::ajouter_site(&etat.base, &centre, &nouvel_identifiant(), &site, &auteur()).await?;
    let bienvenue = "Votre centre est créé. Mettez d’abord en place votre second facteur.";
    let suite = rediriger_fait("/compte/second-facteur", bienvenue);
    connexions::ouvrir(&etat, &visiteur, &personne.courriel, Etape::Ouverte, suite).await
}
