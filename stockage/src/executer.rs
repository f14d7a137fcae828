//! Le seul chemin d'écriture d'une session : charger, décider, enregistrer en une transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use metier::{Acte, Action, Contexte, Decision, Refus, Session, SessionId};

use crate::base::{Base, Erreur, Requete, Resultat};
use crate::centre::Centre;
use crate::journal::{self, Entree, Geste, Tete};
use crate::memoire::Rejouee;
use crate::pieces::{self, PieceNouvelle};
use crate::sessions::{charger_flux, flux_de};
use crate::{valeurs, vues};

/// Une première tentative, puis trois autres si quelqu'un a écrit entre-temps.
const TENTATIVES: usize = 4;

/// Ce qu'il est advenu d'une action.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // une issue vit le temps d'une réponse
pub enum Issue {
    /// Enregistrée (ou sans effet, si la décision n'a pas d'événement) ; la tête est celle d'après.
    Enregistree(Decision, Tete),
    /// Le même acte était déjà enregistré : rien n'a été refait.
    DejaEnregistree,
    /// Refusée : rien n'a changé, nulle part.
    Refusee(Refus),
}

/// Ce qu'il est advenu d'une création de session.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // une issue vit le temps d'une réponse
pub enum Creation {
    /// Créée.
    Creee(Decision, Tete),
    /// Le même acte avait déjà créé cette session.
    DejaCreee(SessionId),
    /// Refusée.
    Refusee(Refus),
}

/// Exécute une action sur une session existante.
pub async fn executer(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    acte: Acte,
    action: &Action,
    ctx: &Contexte<'_>,
) -> Resultat<Issue> {
    executer_avec_pieces(base, centre, session, acte, action, ctx, &[]).await
}

/// Exécute une action qui fige aussi des pièces ; elles ne sont rangées que si l'action l'est.
pub async fn executer_avec_pieces(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    acte: Acte,
    action: &Action,
    ctx: &Contexte<'_>,
    pieces: &[PieceNouvelle],
) -> Resultat<Issue> {
    let flux = flux_de(centre, session)?;
    let _tour = base.memoire().verrouiller(&flux).await;
    for _ in 0..TENTATIVES {
        let depart = charger_flux(base, &flux)
            .await?
            .ok_or(Erreur::Introuvable)?;
        let decidee = metier::decider_et_rejouer(&depart.0, action, ctx);
        // Un acte déjà enregistré se reconnaît à sa clé au moment d'écrire ; on ne le cherche que si l'on n'écrit pas.
        let (decision, apres) = match decidee {
            Ok((decision, Some(apres))) => (decision, apres),
            sans_ecriture => {
                let connu = journal::flux_de_l_acte(base, centre, acte.as_str()).await?;
                return Ok(match (connu, sans_ecriture) {
                    (Some(_), _) => Issue::DejaEnregistree,
                    (None, Ok((decision, _))) => Issue::Enregistree(decision, depart.1),
                    (None, Err(refus)) => Issue::Refusee(refus),
                });
            }
        };
        let cible = Cible {
            base,
            centre,
            session,
            flux: &flux,
            acte: &acte,
        };
        let erreur = match cible
            .enregistrer(&depart, &decision, apres, ctx, pieces)
            .await
        {
            Ok(tete) => return Ok(Issue::Enregistree(decision, tete)),
            Err(erreur) => erreur,
        };
        if !est_devance(&erreur) {
            return Err(erreur);
        }
        let connu = journal::flux_de_l_acte(base, centre, acte.as_str()).await?;
        if connu.is_some() {
            return Ok(Issue::DejaEnregistree);
        }
    }
    Err(Erreur::Conflit {
        table: "journal".to_owned(),
    })
}

/// Crée une session : son flux naît avec l'action.
pub async fn creer(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    acte: Acte,
    action: &Action,
    ctx: &Contexte<'_>,
) -> Resultat<Creation> {
    let flux = flux_de(centre, session)?;
    let depart = (Arc::new(Session::default()), Tete::vide());
    let (decision, apres) = match metier::decider_et_rejouer(&depart.0, action, ctx) {
        Ok((decision, Some(apres))) => (decision, apres),
        Ok((_, None)) => {
            return Err(Erreur::Interne(
                "une session ne se crée pas sans événement".to_owned(),
            ));
        }
        Err(refus) => return Ok(Creation::Refusee(refus)),
    };
    let _tour = base.memoire().verrouiller(&flux).await;
    let cible = Cible {
        base,
        centre,
        session,
        flux: &flux,
        acte: &acte,
    };
    match cible.enregistrer(&depart, &decision, apres, ctx, &[]).await {
        Ok(tete) => Ok(Creation::Creee(decision, tete)),
        Err(erreur) if est_devance(&erreur) => {
            let connu = journal::flux_de_l_acte(base, centre, acte.as_str())
                .await?
                .ok_or(erreur)?;
            let id = connu.rsplit('/').next().and_then(|id| id.parse().ok());
            id.map(Creation::DejaCreee).ok_or(Erreur::Introuvable)
        }
        Err(erreur) => Err(erreur),
    }
}

/// Quelqu'un a écrit au même rang, ou le même acte, entre la lecture et l'écriture.
fn est_devance(erreur: &Erreur) -> bool {
    match erreur {
        Erreur::Unicite { table, .. } => table == "journal" || table == "acte",
        Erreur::Conflit { .. } => true,
        _ => false,
    }
}

struct Cible<'a> {
    base: &'a Base,
    centre: &'a Centre,
    session: &'a SessionId,
    flux: &'a str,
    acte: &'a Acte,
}

impl Cible<'_> {
    /// Une transaction : acte, pièces, lignes et contenus, suites, vues.
    async fn enregistrer(
        &self,
        depart: &Rejouee,
        decision: &Decision,
        apres: Session,
        ctx: &Contexte<'_>,
        pieces: &[PieceNouvelle],
    ) -> Resultat<Tete> {
        let le = ctx.maintenant.timestamp().to_string();
        let geste = Geste {
            flux: self.flux,
            acte: self.acte.as_str(),
            le: &le,
            saisi_par: ctx.acteur.personne.as_str(),
        };
        let (ranger, empreintes) = pieces::ranger(self.flux, &le, pieces);
        let sans_piece = BTreeMap::new();
        let mut entrees = Vec::with_capacity(decision.evenements.len());
        for (i, evenement) in decision.evenements.iter().enumerate() {
            let avec = if i == 0 { &empreintes } else { &sans_piece };
            entrees.push(Entree {
                etiquette: evenement.etiquette().to_owned(),
                classe: evenement.classe().to_owned(),
                contenu: crate::contenu::ecrire(&ctx.realise_par, evenement, avec)?,
            });
        }
        let (lignes, tete) = journal::ajouter(&geste, &depart.1, entrees)?;
        if apres.rang != tete.rang {
            return Err(Erreur::Interne(
                "l'état décidé n'est pas au rang de la tête".to_owned(),
            ));
        }
        let mut requetes = vec![journal::inscrire_acte(
            self.centre,
            &geste,
            depart.1.rang + 1,
            tete.rang,
        )];
        requetes.extend(lignes);
        requetes.extend(ranger);
        for suite in &decision.suites {
            requetes.push(Requete::new(
                "INSERT INTO suite (id, flux, rang, json, le, faite_le) VALUES ($1, $2, $3, $4, $5, NULL)",
                valeurs![uuid::Uuid::now_v7().to_string(), self.flux, tete.rang, json(suite)?, le.as_str()],
            ));
        }
        let memoire = self.base.memoire();
        let avant = memoire
            .lignes(self.flux, &depart.1)
            .unwrap_or_else(|| Arc::new(metier::vues::lignes(&depart.0)));
        let lignes = metier::vues::lignes_depuis(&depart.0, &avant, &apres);
        requetes.extend(vues::differences(
            self.centre,
            self.session,
            &avant,
            &lignes,
        )?);
        self.base.transaction(requetes).await?;
        let rejouee = (Arc::new(apres), tete.clone());
        memoire.retenir_avec(self.flux, &rejouee, Some(Arc::new(lignes)));
        Ok(tete)
    }
}

pub(crate) fn json(valeur: &impl serde::Serialize) -> Resultat<String> {
    serde_json::to_string(valeur).map_err(|e| Erreur::Interne(e.to_string()))
}
