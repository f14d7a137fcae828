//! L'équipe du centre : personnes, invitations, comptes, rôles. Tout changement va au journal du centre.

use super::controle::{COURT_MAX, Controle};
use crate::acces::Acces;
use crate::cadre::{Cadre, rediriger_fait, rendre, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{
    ChampsCommuns, ErreursFormulaire, Formulaire, formulaire_abime, nouvel_identifiant,
};
use crate::reponses::{get, post};
use crate::routes::{DroitCentre, Nature, Route};
use crate::second_facteur;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::{PersonneId, Role, temps};
use serde::Deserialize;
use serde_json::{Value, json};
use stockage::Inscription;
use stockage::comptes::{self, Membre, NouvelleInvitation, Personne};

/// Durée d'une invitation.
const INVITATION_S: i64 = 72 * 3600;
/// Les rôles que l'on donne dans le centre ; « suppléant » se donne dans une session.
const ROLES: [Role; 7] = [
    Role::Administrateur,
    Role::Responsable,
    Role::Secretariat,
    Role::Coordinateur,
    Role::Directeur,
    Role::Surveillant,
    Role::Inspecteur,
];
const ADMINISTRER: Nature = Nature::Centre(DroitCentre::Administrer);

/// Les routes de l'équipe.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/equipe", ADMINISTRER, get(liste)),
        Route::lire("/equipe/nouvelle", ADMINISTRER, get(nouvelle)),
        Route::ecrire("/equipe", ADMINISTRER, post(ajouter)),
        Route::lire("/equipe/{personne}", ADMINISTRER, get(fiche)),
        Route::ecrire("/equipe/{personne}/invitation", ADMINISTRER, post(inviter)),
        Route::ecrire(
            "/equipe/{personne}/invitation/revocation",
            ADMINISTRER,
            post(revoquer),
        ),
        Route::ecrire("/equipe/{personne}/roles", ADMINISTRER, post(changer_roles)),
        Route::ecrire(
            "/equipe/{personne}/activite",
            ADMINISTRER,
            post(changer_activite),
        ),
    ]
}

/// Ce que les formulaires de l'équipe postent.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Saisie {
    acte: String,
    motif: String,
    prenom: String,
    nom: String,
    fonction: String,
    courriel: String,
    roles: Vec<String>,
    geste: String,
}

struct ChoixRole {
    code: &'static str,
    libelle: &'static str,
    coche: bool,
}

fn choix(tenus: &[Role]) -> Vec<ChoixRole> {
    ROLES
        .iter()
        .map(|r| ChoixRole {
            code: r.code(),
            libelle: r.libelle(),
            coche: tenus.contains(r),
        })
        .collect()
}

struct LigneMembre {
    id: String,
    nom: String,
    fonction: String,
    courriel: String,
    roles: String,
    etat: &'static str,
    ton: &'static str,
}

#[derive(Template)]
#[template(path = "comptes/equipe.html")]
struct PageListe {
    cadre: Cadre,
    membres: Vec<LigneMembre>,
}

#[derive(Template)]
#[template(path = "comptes/personne_nouvelle.html")]
struct PageNouvelle {
    cadre: Cadre,
    erreurs: ErreursFormulaire,
    s: Saisie,
    roles: Vec<ChoixRole>,
}

#[derive(Template)]
#[template(path = "comptes/personne.html")]
struct PagePersonne {
    cadre: Cadre,
    erreurs: ErreursFormulaire,
    ligne: LigneMembre,
    acte: String,
    motif: String,
    a_compte: bool,
    compte_actif: bool,
    invitation: Option<String>,
    roles: Vec<ChoixRole>,
    soi: bool,
}

#[derive(Template)]
#[template(path = "comptes/invitation_prete.html")]
struct PageInvitation {
    cadre: Cadre,
    nom: String,
    lien: String,
    fin: String,
    retour: String,
}

fn inscription(
    acces: &Acces,
    saisie: &Saisie,
    action: &'static str,
    mut details: Value,
) -> Inscription {
    let communs = ChampsCommuns {
        acte: saisie.acte.clone(),
        ..ChampsCommuns::default()
    };
    if let (Value::Object(champs), false) = (&mut details, saisie.motif.trim().is_empty()) {
        champs.insert(
            "motif".into(),
            Value::String(saisie.motif.trim().to_owned()),
        );
    }
    Inscription {
        acte: communs.acte(),
        le: acces.etat.horloge.instant().to_string(),
        saisi_par: acces.personne.clone(),
        action,
        details,
    }
}

fn ligne(m: &Membre) -> LigneMembre {
    let (roles, etat, ton): (&[Role], _, _) = match (&m.compte, &m.invitation) {
        (Some(c), _) if !c.actif => (&c.roles, "Compte désactivé", ""),
        (Some(c), _) if c.second_facteur => {
            (&c.roles, "Compte ouvert, second facteur en place", "fait")
        }
        (Some(c), _) => (&c.roles, "Compte ouvert, sans second facteur", "proche"),
        (None, Some((roles, _))) => (roles, "Invitation envoyée", "neutre"),
        (None, None) => (&[], "Sans compte", ""),
    };
    LigneMembre {
        id: m.personne.id.to_string(),
        nom: m.personne.nom_complet(),
        fonction: m.personne.fonction.clone(),
        courriel: m
            .compte
            .as_ref()
            .map_or_else(|| m.personne.courriel.clone(), |c| c.courriel.clone()),
        roles: roles
            .iter()
            .map(|r| r.libelle())
            .collect::<Vec<_>>()
            .join(", "),
        etat,
        ton,
    }
}

async fn membres(acces: &Acces) -> Result<Vec<Membre>, Erreur> {
    Ok(comptes::equipe(
        &acces.etat.base,
        &acces.centre,
        acces.etat.horloge.secondes(),
    )
    .await?)
}

async fn membre(acces: &Acces, id: &str) -> Result<Membre, Erreur> {
    membres(acces)
        .await?
        .into_iter()
        .find(|m| m.personne.id.as_str() == id)
        .ok_or(Erreur::Introuvable)
}

/// GET /equipe
async fn liste(acces: Acces) -> Reponse {
    let membres = membres(&acces).await?.iter().map(ligne).collect();
    rendre(&PageListe {
        cadre: Cadre::new(&acces, "Équipe du centre"),
        membres,
    })
}

fn page_nouvelle(acces: &Acces, mut s: Saisie, erreurs: ErreursFormulaire) -> PageNouvelle {
    if s.acte.is_empty() {
        s.acte = uuid::Uuid::now_v7().to_string();
    }
    let roles = choix(&lire_roles(&s));
    PageNouvelle {
        cadre: Cadre::new(acces, "Ajouter une personne"),
        erreurs,
        s,
        roles,
    }
}

/// GET /equipe/nouvelle
async fn nouvelle(acces: Acces) -> Reponse {
    rendre(&page_nouvelle(
        &acces,
        Saisie::default(),
        ErreursFormulaire::default(),
    ))
}

/// Les rôles cochés ; une case que la page n'a pas écrite ne se devine pas.
fn roles_coches(s: &Saisie) -> Result<Vec<Role>, Erreur> {
    let connu = |code: &String| ROLES.iter().any(|r| r.code() == code);
    if s.roles.iter().all(connu) {
        Ok(lire_roles(s))
    } else {
        Err(formulaire_abime())
    }
}

fn lire_roles(s: &Saisie) -> Vec<Role> {
    ROLES
        .into_iter()
        .filter(|r| s.roles.iter().any(|code| code == r.code()))
        .collect()
}

/// POST /equipe : avec « inviter », une invitation part ; sinon, la personne est ajoutée sans compte.
async fn ajouter(acces: Acces, Formulaire(s): Formulaire<Saisie>) -> Reponse {
    let invite = s.geste == "inviter";
    let mut c = Controle::default();
    let personne = Personne {
        id: nouvel_identifiant(),
        prenom: c.requis("prenom", &s.prenom, 100, "Écrivez le prénom."),
        nom: c.requis("nom", &s.nom, 100, "Écrivez le nom."),
        fonction: c.requis(
            "fonction",
            &s.fonction,
            COURT_MAX,
            "Écrivez la fonction dans le centre.",
        ),
        courriel: c.courriel("courriel", &s.courriel).to_lowercase(),
        actif: true,
    };
    let roles = roles_coches(&s)?;
    if invite {
        controler_invitation(&acces, &personne, &roles, &mut c).await?;
    }
    if !c.est_bon() {
        return rendre_statut(
            StatusCode::UNPROCESSABLE_ENTITY,
            &page_nouvelle(&acces, s, c.0),
        );
    }
    if invite {
        return envoyer(&acces, &personne, false, &roles, &s).await;
    }
    let details = json!({ "personne": personne.id.as_str(), "fonction": personne.fonction });
    let inscription = inscription(&acces, &s, "equipe.personne_ajoutee", details);
    comptes::ajouter_personne(&acces.etat.base, &acces.centre, &personne, &inscription).await?;
    rediriger_fait(
        "/equipe",
        &format!("{} est dans l’équipe, sans compte.", personne.nom_complet()),
    )
}

async fn controler_invitation(
    acces: &Acces,
    p: &Personne,
    roles: &[Role],
    c: &mut Controle,
) -> Result<(), Erreur> {
    if p.courriel.is_empty() {
        c.faute(
            "courriel",
            "Écrivez le courriel : il servira à se connecter.",
        );
    } else if comptes::compte(&acces.etat.base, &p.courriel)
        .await?
        .is_some()
    {
        c.faute("courriel", "Ce courriel ne peut pas servir à un nouveau compte. Choisissez-en un autre pour cette personne.");
    }
    if roles.is_empty() {
        c.faute("roles", "Choisissez au moins un rôle.");
    }
    Ok(())
}

async fn envoyer(
    acces: &Acces,
    personne: &Personne,
    connue: bool,
    roles: &[Role],
    s: &Saisie,
) -> Reponse {
    let jeton = second_facteur::jeton()?;
    let expire = acces.etat.horloge.secondes() + INVITATION_S;
    let invitation = NouvelleInvitation {
        personne,
        connue,
        roles,
        jeton: &jeton,
        expire,
    };
    let codes: Vec<&str> = roles.iter().map(|r| r.code()).collect();
    let details = json!({ "personne": personne.id.as_str(), "roles": codes });
    let inscription = inscription(acces, s, "equipe.invitee", details);
    let changement =
        comptes::inviter(&acces.etat.base, &acces.centre, &invitation, &inscription).await?;
    if changement == stockage::Changement::DejaEnregistre {
        return rediriger_fait(
            "/equipe",
            "L’invitation était déjà faite. Si son lien est perdu, renvoyez-la depuis la fiche de la personne.",
        );
    }
    let fin = jiff::Timestamp::from_second(expire)
        .map(|t| temps::instant_court(&t.to_string()))
        .unwrap_or_default();
    rendre(&PageInvitation {
        cadre: Cadre::new(acces, "Invitation prête"),
        nom: personne.nom_complet(),
        lien: format!("{}/invitations/{jeton}", acces.etat.origine),
        fin,
        retour: if connue {
            format!("/equipe/{}", personne.id)
        } else {
            "/equipe".into()
        },
    })
}

async fn page(
    acces: &Acces,
    id: &str,
    saisie: Option<&Saisie>,
    erreurs: ErreursFormulaire,
) -> Result<PagePersonne, Erreur> {
    let m = membre(acces, id).await?;
    let tenus = match (&m.compte, &m.invitation, saisie) {
        (_, _, Some(s)) if !s.roles.is_empty() => lire_roles(s),
        (Some(c), _, _) => c.roles.clone(),
        (None, Some((roles, _)), _) => roles.clone(),
        _ => vec![],
    };
    let fin = |expire: i64| {
        jiff::Timestamp::from_second(expire)
            .map(|t| temps::instant_court(&t.to_string()))
            .unwrap_or_default()
    };
    Ok(PagePersonne {
        cadre: Cadre::new(acces, &m.personne.nom_complet()),
        erreurs,
        ligne: ligne(&m),
        acte: uuid::Uuid::now_v7().to_string(),
        motif: saisie.map(|s| s.motif.clone()).unwrap_or_default(),
        a_compte: m.compte.is_some(),
        compte_actif: m.compte.as_ref().is_some_and(|c| c.actif),
        invitation: m.invitation.as_ref().map(|(_, expire)| fin(*expire)),
        roles: choix(&tenus),
        soi: m.personne.id == acces.personne,
    })
}

/// GET /equipe/{personne}
async fn fiche(acces: Acces, Path(id): Path<String>) -> Reponse {
    rendre(&page(&acces, &id, None, ErreursFormulaire::default()).await?)
}

async fn corriger(acces: &Acces, id: &str, s: &Saisie, erreurs: ErreursFormulaire) -> Reponse {
    rendre_statut(
        StatusCode::UNPROCESSABLE_ENTITY,
        &page(acces, id, Some(s), erreurs).await?,
    )
}

/// POST /equipe/{personne}/invitation : inviter une personne connue, ou renvoyer l'invitation.
async fn inviter(
    acces: Acces,
    Path(id): Path<String>,
    Formulaire(s): Formulaire<Saisie>,
) -> Reponse {
    let mut m = membre(&acces, &id).await?;
    let mut c = Controle::default();
    // Un compte ouvert se rouvre : même courriel, mêmes rôles, mot de passe et second facteur à refaire.
    if let Some(compte) = m.compte.filter(|c| c.actif) {
        m.personne.courriel = compte.courriel;
        return envoyer(&acces, &m.personne, true, &compte.roles, &s).await;
    }
    m.personne.courriel = c.courriel("courriel", &s.courriel).to_lowercase();
    let roles = roles_coches(&s)?;
    controler_invitation(&acces, &m.personne, &roles, &mut c).await?;
    if !c.est_bon() {
        return corriger(&acces, &id, &s, c.0).await;
    }
    envoyer(&acces, &m.personne, true, &roles, &s).await
}

/// POST /equipe/{personne}/invitation/revocation
async fn revoquer(
    acces: Acces,
    Path(id): Path<String>,
    Formulaire(s): Formulaire<Saisie>,
) -> Reponse {
    let m = membre(&acces, &id).await?;
    let inscription = inscription(
        &acces,
        &s,
        "equipe.invitation_revoquee",
        json!({ "personne": id }),
    );
    comptes::revoquer_invitation(
        &acces.etat.base,
        &acces.centre,
        &m.personne.id,
        &inscription,
    )
    .await?;
    rediriger_fait(
        &format!("/equipe/{id}"),
        "L’invitation est révoquée : son lien ne vaut plus rien.",
    )
}

/// Le centre garde toujours une personne qui l'administre.
async fn dernier_administrateur(acces: &Acces, id: &PersonneId) -> Result<bool, Erreur> {
    let administre = |m: &Membre| {
        m.compte
            .as_ref()
            .is_some_and(|c| c.actif && c.roles.contains(&Role::Administrateur))
    };
    let membres = membres(acces).await?;
    let ceux = membres
        .iter()
        .filter(|m| administre(m))
        .map(|m| &m.personne.id)
        .collect::<Vec<_>>();
    Ok(ceux.len() == 1 && ceux[0] == id)
}

/// POST /equipe/{personne}/roles
async fn changer_roles(
    acces: Acces,
    Path(id): Path<String>,
    Formulaire(s): Formulaire<Saisie>,
) -> Reponse {
    let m = membre(&acces, &id).await?;
    let compte = m.compte.ok_or(Erreur::Introuvable)?;
    let roles = roles_coches(&s)?;
    let mut c = Controle::default();
    motif(&s, &mut c);
    if roles.is_empty() {
        c.faute(
            "roles",
            "Choisissez au moins un rôle, ou désactivez le compte.",
        );
    } else if !roles.contains(&Role::Administrateur)
        && dernier_administrateur(&acces, &m.personne.id).await?
    {
        c.faute("roles", "C’est la dernière personne qui administre le centre. Donnez d’abord ce rôle à une autre.");
    }
    if !c.est_bon() {
        return corriger(&acces, &id, &s, c.0).await;
    }
    let codes = |roles: &[Role]| roles.iter().map(|r| r.code()).collect::<Vec<_>>();
    let details = json!({ "personne": id, "avant": codes(&compte.roles), "apres": codes(&roles) });
    let inscription = inscription(&acces, &s, "equipe.roles_changes", details);
    comptes::changer_roles(
        &acces.etat.base,
        &acces.centre,
        &m.personne.id,
        &compte.roles,
        &roles,
        &inscription,
    )
    .await?;
    rediriger_fait(
        &format!("/equipe/{id}"),
        "Les rôles sont changés, et le motif est porté au journal du centre.",
    )
}

/// POST /equipe/{personne}/activite : désactiver ou réactiver un compte.
async fn changer_activite(
    acces: Acces,
    Path(id): Path<String>,
    Formulaire(s): Formulaire<Saisie>,
) -> Reponse {
    let m = membre(&acces, &id).await?;
    m.compte.as_ref().ok_or(Erreur::Introuvable)?;
    let actif = crate::formulaires::lire_activite(&s.geste)?;
    let mut c = Controle::default();
    motif(&s, &mut c);
    if !actif && dernier_administrateur(&acces, &m.personne.id).await? {
        c.faute("", "C’est la dernière personne qui administre le centre. Donnez d’abord ce rôle à une autre.");
    }
    if !c.est_bon() {
        return corriger(&acces, &id, &s, c.0).await;
    }
    let action = if actif {
        "equipe.compte_reactive"
    } else {
        "equipe.compte_desactive"
    };
    let inscription = inscription(&acces, &s, action, json!({ "personne": id }));
    comptes::activer_compte(
        &acces.etat.base,
        &acces.centre,
        &m.personne.id,
        actif,
        &inscription,
    )
    .await?;
    let phrase = if actif {
        "Le compte est réactivé."
    } else {
        "Le compte est désactivé, et ses connexions sont fermées."
    };
    rediriger_fait(&format!("/equipe/{id}"), phrase)
}

fn motif(s: &Saisie, c: &mut Controle) {
    c.motif(&ChampsCommuns {
        motif: s.motif.clone(),
        ..ChampsCommuns::default()
    });
}
