//! Qui demande la page, et à quelle session elle a droit. Ce qui n'est pas à soi répond 404.

use crate::cadre::{self, MessageMontre};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::formulaires::ChampsCommuns;
use crate::routes::{DroitCentre, Nature as NatureRoute};
use axum::extract::{FromRequestParts, Path, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use metier::{
    Acteur, Action, Contexte, Decision, PersonneId, Refus, Role, Session, SessionId, Voisinage,
    programme,
};
use std::collections::HashMap;
use std::sync::Arc;
use stockage::comptes::{self, Etape};
use stockage::{Centre, Issue, PieceNouvelle, Tete};

/// Nom du cookie de connexion, selon que le serveur est derrière TLS ou non.
pub fn nom_cookie(tls: bool) -> &'static str {
    if tls { "__Host-garant" } else { "garant" }
}

/// Une personne connectée.
#[derive(Clone)]
pub struct Acces {
    /// L'état partagé.
    pub etat: Etat,
    /// Identifiant public de la connexion.
    pub connexion: String,
    /// Courriel du compte.
    pub courriel: String,
    /// La personne.
    pub personne: PersonneId,
    /// Nom complet.
    pub nom: String,
    /// Fonction.
    pub fonction: String,
    /// Le centre.
    pub centre: Centre,
    /// Nom du centre.
    pub nom_centre: String,
    /// Centre d'exemple ?
    pub exemple: bool,
    /// Rôles dans le centre.
    pub roles: Vec<Role>,
    /// A-t-elle un second facteur ?
    pub second_facteur: bool,
    /// Message du geste précédent, montré une fois.
    pub message: Option<MessageMontre>,
    /// Chemin de la demande.
    pub chemin: String,
}

impl Acces {
    /// Administre le centre ?
    pub fn administre(&self) -> bool {
        self.roles.contains(&Role::Administrateur)
    }
    /// A l'un de ces rôles ?
    pub fn a_un_role(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|r| roles.contains(r))
    }
    /// Voit toutes les sessions du centre ?
    pub fn voit_tout(&self) -> bool {
        self.a_un_role(&[
            Role::Administrateur,
            Role::Secretariat,
            Role::Directeur,
            Role::Coordinateur,
            Role::Inspecteur,
        ])
    }
    /// Peut créer une session ?
    pub fn peut_creer(&self) -> bool {
        self.a_un_role(&[Role::Administrateur, Role::Secretariat, Role::Responsable])
    }
    /// Peut changer l'annuaire, les référentiels, les sites ?
    pub fn peut_organiser(&self) -> bool {
        self.peut_creer()
    }
    /// Refuse (404) si elle n'a aucun de ces rôles.
    pub fn exiger(&self, roles: &[Role]) -> Result<(), Erreur> {
        if self.a_un_role(roles) {
            Ok(())
        } else {
            Err(Erreur::Introuvable)
        }
    }

    /// Ses rôles exigent-ils un second facteur ?
    pub fn exige_second_facteur(&self) -> bool {
        self.a_un_role(&[Role::Administrateur, Role::Responsable]) && !self.exemple
    }

    /// L'acteur, sous ce rôle.
    pub fn acteur(&self, role: Role) -> Acteur {
        Acteur {
            personne: self.personne.clone(),
            nom: self.nom.clone(),
            role,
        }
    }

    /// L'auteur d'un changement du centre (annuaire, sites, titres).
    pub fn auteur(&self, communs: &ChampsCommuns) -> stockage::annuaire::Auteur {
        stockage::annuaire::Auteur {
            acte: communs.acte(),
            personne: self.personne.clone(),
            nom: self.nom.clone(),
            le: self.etat.horloge.instant().to_string(),
            motif: Some(communs.motif.trim().to_owned()).filter(|m| !m.is_empty()),
        }
    }

    /// Le rôle sous lequel elle agirait sur cette session, s'il y en a un.
    pub fn role_dans(&self, s: &Session) -> Option<Role> {
        use metier::equipe::Poste;
        let postes = s.postes_de(&self.personne);
        if postes.contains(&Poste::Responsable) {
            return Some(Role::Responsable);
        }
        if postes.contains(&Poste::Suppleant) {
            return Some(Role::Suppleant);
        }
        for r in [
            Role::Administrateur,
            Role::Secretariat,
            Role::Coordinateur,
            Role::Directeur,
        ] {
            if self.roles.contains(&r) {
                return Some(r);
            }
        }
        if postes.contains(&Poste::Surveillant) {
            return Some(Role::Surveillant);
        }
        self.roles
            .contains(&Role::Inspecteur)
            .then_some(Role::Inspecteur)
    }
}

impl FromRequestParts<Etat> for Acces {
    type Rejection = Erreur;
    async fn from_request_parts(parts: &mut Parts, etat: &Etat) -> Result<Self, Erreur> {
        if let Some(a) = parts.extensions.get::<Acces>() {
            return Ok(a.clone());
        }
        let connexion = match lire_jeton(&parts.headers, etat.tls) {
            Some(j) => comptes::connecte(&etat.base, j, etat.horloge.secondes()).await?,
            None => None,
        };
        let Some(c) = connexion else {
            return Err(vers_connexion(parts));
        };
        // Les comptes d'un centre d'exemple ont un mot de passe public : ils ne valent que sur cette machine.
        if c.exemple && !crate::securite::est_local(&parts.extensions, &parts.headers) {
            return Err(vers_connexion(parts));
        }
        if c.etape == Etape::SecondFacteur {
            return Err(Erreur::Ailleurs("/connexion/second-facteur".into()));
        }
        let a = Acces {
            etat: etat.du_centre(&c.centre),
            connexion: c.connexion,
            courriel: c.courriel,
            personne: c.personne,
            nom: c.nom,
            fonction: c.fonction,
            centre: c.centre,
            nom_centre: c.nom_centre,
            exemple: c.exemple,
            roles: c.roles,
            second_facteur: c.second_facteur,
            message: lire_temoin(&parts.headers, cadre::TEMOIN_MESSAGE)
                .and_then(cadre::lire_message)
                .or_else(|| parametre(parts, "fait").as_deref().and_then(cadre::message)),
            chemin: parts.uri.path().to_owned(),
        };
        // Responsable et administrateur mettent d'abord en place leur second facteur.
        let chemin = parts.uri.path();
        let exige = a.exige_second_facteur() && !a.second_facteur;
        if exige && !chemin.starts_with("/compte") && chemin != "/deconnexion" {
            return Err(Erreur::Ailleurs("/compte/second-facteur".into()));
        }
        parts.extensions.insert(a.clone());
        Ok(a)
    }
}

/// Le jeton de connexion porté par la demande.
pub fn lire_jeton(entetes: &HeaderMap, tls: bool) -> Option<&str> {
    lire_temoin(entetes, nom_cookie(tls))
}

/// La valeur d'un témoin (cookie).
pub fn lire_temoin<'a>(entetes: &'a HeaderMap, nom: &str) -> Option<&'a str> {
    let temoins = entetes
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok());
    temoins
        .flat_map(|v| v.split(';'))
        .find_map(|c| c.trim().strip_prefix(nom)?.strip_prefix('='))
}

/// Ce que chaque route exige, d'après la table : la page n'est pas appelée si la garde refuse.
pub async fn garder(
    State((etat, nature)): State<(Etat, NatureRoute)>,
    requete: Request,
    suite: Next,
) -> Result<Response, Erreur> {
    let (mut parts, corps) = requete.into_parts();
    match nature {
        NatureRoute::Publique => {}
        NatureRoute::Connectee => drop(Acces::from_request_parts(&mut parts, &etat).await?),
        NatureRoute::Centre(droit) => {
            let acces = Acces::from_request_parts(&mut parts, &etat).await?;
            let permis = match droit {
                DroitCentre::Administrer => acces.administre(),
                DroitCentre::Organiser => acces.peut_organiser(),
            };
            if !permis {
                return Err(Erreur::Interdit(
                    "Votre rôle dans le centre ne permet pas ce geste. Demandez-le à une personne qui administre le centre.",
                ));
            }
        }
        NatureRoute::Session(nature) => {
            let acces = AccesSession::from_request_parts(&mut parts, &etat).await?;
            if !acces.peut(nature) {
                return Err(Erreur::Interdit(
                    "Votre rôle dans cette session ne permet pas ce geste. Demandez-le au responsable de la session.",
                ));
            }
            parts.extensions.insert(acces);
        }
    }
    Ok(suite.run(Request::from_parts(parts, corps)).await)
}

fn parametre(parts: &Parts, nom: &str) -> Option<String> {
    Query::<HashMap<String, String>>::try_from_uri(&parts.uri)
        .ok()
        .and_then(|mut q| q.0.remove(nom))
}

fn vers_connexion(parts: &Parts) -> Erreur {
    let retour = if parts.method == Method::GET {
        parts.uri.path().to_owned()
    } else {
        "/".into()
    };
    if retour == "/" {
        Erreur::Ailleurs("/connexion".into())
    } else {
        Erreur::Ailleurs(format!("/connexion?retour={}", retour.replace('&', "%26")))
    }
}

/// Une personne connectée, devant une session à laquelle elle a droit.
#[derive(Clone)]
pub struct AccesSession {
    /// La personne.
    pub acces: Acces,
    /// Identifiant de la session.
    pub id: SessionId,
    /// L'état rejoué.
    pub session: Arc<Session>,
    /// La tête du journal.
    pub tete: Tete,
    /// Le rôle sous lequel elle agit.
    pub role: Role,
}

impl FromRequestParts<Etat> for AccesSession {
    type Rejection = Erreur;
    async fn from_request_parts(parts: &mut Parts, etat: &Etat) -> Result<Self, Erreur> {
        if let Some(a) = parts.extensions.get::<AccesSession>() {
            return Ok(a.clone());
        }
        let acces = Acces::from_request_parts(parts, etat).await;
        let id: Option<SessionId> =
            Path::<HashMap<String, String>>::from_request_parts(parts, etat)
                .await
                .ok()
                .and_then(|chemin| chemin.get("session")?.parse().ok());
        let (acces, id) = match (acces, id) {
            (Ok(acces), id) => (acces, id.ok_or(Erreur::Introuvable)?),
            (Err(erreur), None) => return Err(erreur),
            // Sans compte, un lien de contrôle ouvre peut-être cette session, en lecture.
            (Err(erreur), Some(id)) => {
                let invite = crate::pages::acces_de_controle::invite(parts, etat, &id).await?;
                return invite.ok_or(erreur);
            }
        };
        let (session, tete) = stockage::charger(&etat.base, &acces.centre, &id)
            .await?
            .ok_or(Erreur::Introuvable)?;
        let role = acces.role_dans(&session).ok_or(Erreur::Introuvable)?;
        Ok(Self {
            acces,
            id,
            session,
            tete,
            role,
        })
    }
}

/// Ce qu'un geste a donné : enregistré, ou refusé (la page se remontre avec le refus).
pub type Geste = Result<Decision, Refus>;

impl AccesSession {
    /// L'adresse de la session.
    pub fn base(&self) -> String {
        format!("/sessions/{}", self.id)
    }
    /// Le jour, à Paris.
    pub fn jour(&self) -> jiff::civil::Date {
        self.acces.etat.horloge.jour()
    }
    /// Ce que les règles et la check-list disent de cette session aujourd'hui.
    pub fn analyse(&self) -> Arc<crate::analyses::Analyse> {
        let analyses = &self.acces.etat.analyses;
        analyses.de(&self.id, &self.session, &self.tete, self.jour())
    }
    /// Le même accès, devant l'état d'après.
    pub async fn relire(&self) -> Result<Self, Erreur> {
        let (session, tete) =
            stockage::charger(&self.acces.etat.base, &self.acces.centre, &self.id)
                .await?
                .ok_or(Erreur::Introuvable)?;
        Ok(Self {
            session,
            tete,
            ..self.clone()
        })
    }
    /// Peut-elle essayer ce geste ?
    pub fn peut(&self, nature: metier::Nature) -> bool {
        metier::peut(self.role, nature)
    }

    /// Exécute un geste : `Ok(Ok)` enregistré (ou déjà), `Ok(Err)` refusé par le métier.
    pub async fn executer(&self, communs: &ChampsCommuns, action: Action) -> Result<Geste, Erreur> {
        self.executer_avec_pieces(communs, action, &[]).await
    }

    /// Comme [`Self::executer`], en rangeant des pièces dans la même transaction.
    pub async fn executer_avec_pieces(
        &self,
        communs: &ChampsCommuns,
        action: Action,
        pieces: &[PieceNouvelle],
    ) -> Result<Geste, Erreur> {
        let voisinage = self.voisinage(&action).await?;
        let ctx = self.contexte(communs, &voisinage).await?;
        match stockage::executer_avec_pieces(
            &self.acces.etat.base,
            &self.acces.centre,
            &self.id,
            communs.acte(),
            &action,
            &ctx,
            pieces,
        )
        .await?
        {
            Issue::Enregistree(d, _) => {
                if !d.suites.is_empty() {
                    self.acces.etat.courriel.reveiller();
                }
                Ok(Ok(d))
            }
            Issue::DejaEnregistree => Ok(Ok(Decision {
                evenements: vec![],
                constats: vec![],
                suites: vec![],
            })),
            Issue::Refusee(r) => Ok(Err(r)),
        }
    }

    /// Ce que le centre apprend à ce geste : son cadre, quand le geste le fige ; les sessions passées, quand il les reprend.
    async fn voisinage(&self, action: &Action) -> Result<Voisinage, Erreur> {
        if let Action::Parcours(metier::parcours::Action::Reprendre { id }) = action {
            let anterieurs = stockage::candidats::anterieurs(
                &self.acces.etat.base,
                &self.acces.centre,
                &self.id,
                id,
            )
            .await?;
            return Ok(Voisinage {
                anterieurs,
                ..Voisinage::VIDE
            });
        }
        let site = match (action, &self.session.programme) {
            (Action::Programme(programme::Action::ChangerSite(site)), _) => &site.id,
            (Action::Cadre(_), Some(p)) => &p.site.id,
            _ => return Ok(Voisinage::VIDE),
        };
        let titre = self.session.programme.as_ref().map(|p| &*p.referentiel.cle);
        Ok(Voisinage {
            cadre: stockage::parametres::cadre(
                &self.acces.etat.base,
                &self.acces.centre,
                site,
                titre.unwrap_or_default(),
                self.jour(),
            )
            .await?,
            ..Voisinage::VIDE
        })
    }

    /// Qui a fait le geste : la personne connectée, ou celle qu'elle nomme dans le centre.
    async fn realise_par(&self, saisi: &str) -> Result<PersonneId, Erreur> {
        if saisi.is_empty() {
            return Ok(self.acces.personne.clone());
        }
        let inconnue = || {
            Erreur::Illisible(
                "La personne choisie n’est plus au centre. Rechargez la page, puis choisissez-en une autre.".into(),
            )
        };
        let id: PersonneId = saisi.parse().map_err(|_| inconnue())?;
        comptes::personne(&self.acces.etat.base, &self.acces.centre, &id)
            .await?
            .map(|_| id)
            .ok_or_else(inconnue)
    }

    async fn contexte<'a>(
        &self,
        communs: &ChampsCommuns,
        voisinage: &'a Voisinage,
    ) -> Result<Contexte<'a>, Erreur> {
        let realise_par = self.realise_par(&communs.realise_par).await?;
        Ok(Contexte {
            acteur: self.acces.acteur(self.role),
            realise_par,
            maintenant: self.acces.etat.horloge.maintenant(),
            motif: Some(communs.motif.clone()).filter(|m| !m.trim().is_empty()),
            vu_au_rang: communs.vu_au_rang.parse().ok(),
            voisinage,
        })
    }
}
