//! Garant, le noyau : ce qu'une session d'examen est, ce qu'on peut y faire, et ce que le règlement en dit.
//!
//! Pur : pas d'entrée-sortie, pas d'horloge, pas de hasard. Mêmes entrées, mêmes sorties, pour toujours.
//! À lire d'abord : [`Action`] (ce qu'une personne veut faire), [`Evenement`] (ce qui s'est passé),
//! [`decider`] et [`appliquer`].

pub mod bilan;
pub mod contexte;
pub mod echeances;
mod etiquette;
pub mod identifiants;
pub mod libelles;
pub mod mots;
pub mod rappels;
pub mod referentiel;
pub mod reglement;
pub mod session;
pub mod temps;
pub mod vues;

pub use contexte::{
    Acteur, Constat, Contexte, Decision, Force, Nature, Refus, Role, Suite, Voisinage, peut,
};
pub use identifiants::{Acte, CandidatId, JureId, PersonneId, PieceId, PliId, SessionId, SiteId};
pub use referentiel::{Referentiel, catalogue};
pub use session::{
    Accordee, Derogation, Session, archivage, cadre, candidats, convocations, deliberation, equipe,
    incidents, jour, jury, liens, messages, parcours, planning, plateau, plis, programme, pv,
    suites, taches,
};
pub use session::{envois::etat_du_jury, sollicitations};

use crate::etiquette::etiquete;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Ce qu'une personne veut faire (infinitif). Une variante par sujet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // une action vit le temps d'une décision, jamais en liste
pub enum Action {
    /// Programmer.
    Programme(programme::Action),
    /// Figer le cadre : paramètres du centre, agrément.
    Cadre(cadre::Action),
    /// Composer l'équipe.
    Equipe(equipe::Action),
    /// Inscrire, corriger.
    Candidat(candidats::Action),
    /// Noter par où vient un candidat, ce qu'il a passé, ses pièces, son aménagement.
    Parcours(parcours::Action),
    /// Composer le jury.
    Jury(jury::Action),
    /// Déclarer les liens entre jurés et candidats.
    Lien(liens::Action),
    /// Solliciter des jurés.
    Sollicitation(sollicitations::Action),
    /// Établir le planning.
    Planning(planning::Action),
    /// Éditer et remettre les papiers.
    Convocation(convocations::Action),
    /// Préparer le plateau technique.
    Plateau(plateau::Action),
    /// Garder les plis.
    Pli(plis::Action),
    /// Noter ce qui se passe le jour J.
    Jour(jour::Action),
    /// Signaler un incident, suivre ce qu'il devient.
    Incident(incidents::Action),
    /// Transcrire la délibération.
    Deliberation(deliberation::Action),
    /// Suivre le procès-verbal.
    Pv(pv::Action),
    /// Organiser les suites d'un candidat.
    Suite(suites::Action),
    /// Ranger, geler, purger.
    Archivage(archivage::Action),
    /// Tenir la check-list.
    Tache(taches::Action),
}

impl Action {
    /// La nature du geste, pour la table des droits.
    pub fn nature(&self) -> Nature {
        match self {
            Self::Programme(_) | Self::Cadre(_) | Self::Equipe(_) => Nature::Programmer,
            Self::Parcours(a) if a.est_confidentielle() => Nature::Confier,
            Self::Candidat(_) | Self::Parcours(_) | Self::Convocation(_) => Nature::Preparer,
            Self::Jury(_)
            | Self::Lien(_)
            | Self::Sollicitation(_)
            | Self::Planning(_)
            | Self::Plateau(_)
            | Self::Tache(_) => Nature::Organiser,
            Self::Pli(_) => Nature::Garder,
            Self::Jour(_) | Self::Incident(_) => Nature::Derouler,
            Self::Deliberation(_) | Self::Pv(_) | Self::Suite(_) => Nature::Conclure,
            Self::Archivage(_) => Nature::Archiver,
        }
    }
}

etiquete! { "sujet", "detail" =>
    /// Ce qui s'est passé (participe passé). Ne change jamais de sens une fois livré.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(clippy::large_enum_variant)]
    pub enum Evenement {
        /// Programme.
        Programme(programme::Evenement),
        /// Cadre figé.
        Cadre(cadre::Evenement),
        /// Équipe.
        Equipe(equipe::Evenement),
        /// Candidats.
        Candidat(candidats::Evenement),
        /// Parcours des candidats.
        Parcours(parcours::Evenement),
        /// Jury.
        Jury(jury::Evenement),
        /// Liens entre jurés et candidats.
        Lien(liens::Evenement),
        /// Sollicitations de jurés.
        Sollicitation(sollicitations::Evenement),
        /// Planning.
        Planning(planning::Evenement),
        /// Convocations et documents.
        Convocation(convocations::Evenement),
        /// Plateau technique.
        Plateau(plateau::Evenement),
        /// Plis.
        Pli(plis::Evenement),
        /// Jour J.
        Jour(jour::Evenement),
        /// Incidents.
        Incident(incidents::Evenement),
        /// Délibération.
        Deliberation(deliberation::Evenement),
        /// Procès-verbal.
        Pv(pv::Evenement),
        /// Suites des candidats.
        Suite(suites::Evenement),
        /// Archives.
        Archivage(archivage::Evenement),
        /// Check-list.
        Tache(taches::Evenement),
        /// Dérogation accordée à une règle, avec son motif.
        Derogation(Derogation),
        /// Contenus purgés à terme : ce qui a été effacé, pourquoi.
        Purge(Purge),
    }
}

/// Une purge : les contenus de ces rangs ont été effacés ; la chaîne reste vérifiable.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purge {
    /// Rangs dont le contenu est effacé.
    pub rangs: Vec<u64>,
    /// Pourquoi.
    pub motif: String,
    /// Pièces dont les octets sont effacés avec eux.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<PieceId>,
    /// Ce qui a été détruit, par personne concernée.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub classes: BTreeSet<archivage::Classe>,
    /// Qui l'a proposée.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub propose_par: String,
    /// Qui l'a confirmée : une autre personne.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub confirme_par: String,
    /// Ce que la session a donné, gardé sans nom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bilan: Option<Vec<bilan::LigneBilan>>,
}

impl Evenement {
    /// Étiquette stockée : « candidats.inscrit ».
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Programme(e) => e.etiquette(),
            Self::Cadre(e) => e.etiquette(),
            Self::Equipe(e) => e.etiquette(),
            Self::Candidat(e) => e.etiquette(),
            Self::Parcours(e) => e.etiquette(),
            Self::Jury(e) => e.etiquette(),
            Self::Lien(e) => e.etiquette(),
            Self::Sollicitation(e) => e.etiquette(),
            Self::Planning(e) => e.etiquette(),
            Self::Convocation(e) => e.etiquette(),
            Self::Plateau(e) => e.etiquette(),
            Self::Pli(e) => e.etiquette(),
            Self::Jour(e) => e.etiquette(),
            Self::Incident(e) => e.etiquette(),
            Self::Deliberation(e) => e.etiquette(),
            Self::Pv(e) => e.etiquette(),
            Self::Suite(e) => e.etiquette(),
            Self::Archivage(e) => e.etiquette(),
            Self::Tache(e) => e.etiquette(),
            Self::Derogation(_) => "reglement.derogation",
            Self::Purge(_) => "archivage.purge",
        }
    }

    /// Classe de conservation du contenu (durées : docs/exploitation.md).
    ///
    /// « candidat » : personne examinée ; « jure » : personne du jury ; « equipe » : personnel du centre ; « session » : organisation.
    pub fn classe(&self) -> &'static str {
        match self {
            Self::Parcours(parcours::Evenement::ConventionNotee { .. }) => "session",
            // Un lien nomme un candidat.
            Self::Candidat(_) | Self::Parcours(_) | Self::Lien(_) => "candidat",
            Self::Jury(_) | Self::Sollicitation(_) => "jure",
            Self::Equipe(_) => "equipe",
            Self::Convocation(
                convocations::Evenement::Remise { .. }
                | convocations::Evenement::RemiseAnnulee { .. }
                | convocations::Evenement::EnvoiDemande { .. }
                | convocations::Evenement::Accusee { .. }
                | convocations::Evenement::Fige(_),
            ) => "candidat",
            // Un incident nomme des personnes ; le PV, des lauréats ; le témoin des scellés est un candidat.
            // Une dérogation redit le constat, qui peut nommer un candidat : elle part avec lui.
            Self::Incident(_) | Self::Deliberation(_) | Self::Suite(_) | Self::Derogation(_) => {
                "candidat"
            }
            Self::Archivage(e) if e.parle_d_un_recours() => "candidat",
            Self::Pli(e) if e.nomme_un_candidat() => "candidat",
            Self::Jour(e) if e.est_du_jury() => "jure",
            Self::Jour(_) => "candidat",
            Self::Pli(_) | Self::Pv(_) => "session",
            Self::Planning(e) => e.classe(),
            Self::Programme(_)
            | Self::Cadre(_)
            | Self::Plateau(_)
            | Self::Archivage(_)
            | Self::Tache(_)
            | Self::Purge(_) => "session",
        }
    }

    /// La phrase du journal, sans identifiant technique.
    pub fn phrase(&self) -> String {
        match self {
            Self::Programme(e) => e.phrase(),
            Self::Cadre(e) => e.phrase(),
            Self::Equipe(e) => e.phrase(),
            Self::Candidat(e) => e.phrase(),
            Self::Parcours(e) => e.phrase(),
            Self::Jury(e) => e.phrase(),
            Self::Lien(e) => e.phrase(),
            Self::Sollicitation(e) => e.phrase(),
            Self::Planning(e) => e.phrase(),
            Self::Convocation(e) => e.phrase(),
            Self::Plateau(e) => e.phrase(),
            Self::Pli(e) => e.phrase(),
            Self::Jour(e) => e.phrase(),
            Self::Incident(e) => e.phrase(),
            Self::Deliberation(e) => e.phrase(),
            Self::Pv(e) => e.phrase(),
            Self::Suite(e) => e.phrase(),
            Self::Archivage(e) => e.phrase(),
            Self::Tache(e) => e.phrase(),
            Self::Derogation(d) => {
                format!("Dérogation {} : {} (motif : {})", d.code, d.phrase, d.motif)
            }
            Self::Purge(p) if p.confirme_par.is_empty() => {
                format!("Purge de {} contenus (motif : {})", p.rangs.len(), p.motif)
            }
            Self::Purge(p) => format!(
                "Purge de {} contenus et de {} pièces, proposée par {}, confirmée par {} (motif : {})",
                p.rangs.len(),
                p.pieces.len(),
                p.propose_par,
                p.confirme_par,
                p.motif
            ),
        }
    }
}

/// Un événement tel que le journal le rend : avec son rang, son instant et ses deux personnes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvenementDate {
    /// Rang dans le flux, à partir de 1.
    pub rang: u64,
    /// Instant de la saisie, RFC 3339.
    pub le: String,
    /// Qui a saisi.
    pub saisi_par: PersonneId,
    /// Qui a fait.
    pub realise_par: PersonneId,
    /// Ce qui s'est passé.
    pub evenement: Evenement,
}

/// Rejoue un événement. Ne juge de rien : ce qui est arrivé est arrivé.
pub fn appliquer(session: Session, e: &EvenementDate) -> Session {
    session::appliquer(session, e)
}

/// Décide d'un geste : ce qui se passerait, ce que le règlement en dit, et s'il faut un motif.
///
/// Seuls les constats *nouveaux* pèsent : un manquement ancien ne bloque jamais un geste sans rapport.
/// `Interdit` refuse, `Derogeable` demande un motif et l'inscrit, `Alerte` avertit.
pub fn decider(session: &Session, action: &Action, ctx: &Contexte) -> Result<Decision, Refus> {
    decider_et_rejouer(session, action, ctx).map(|(decision, _)| decision)
}

/// Décide comme [`decider`], et rend aussi l'état d'après : rien s'il n'y a rien à changer.
///
/// Juger demande de rejouer ; qui enregistre ensuite n'a pas à le refaire.
pub fn decider_et_rejouer(
    session: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<(Decision, Option<Session>), Refus> {
    // Qui a reçu une tâche peut la faire, quel que soit son rôle.
    let confiee = matches!(action, Action::Tache(t) if taches::est_confiee_a(session, t, &ctx.acteur.personne));
    if !confiee && !peut(ctx.acteur.role, action.nature()) {
        return Err(Constat::geste(
            "DRO-01",
            format!(
                "Votre rôle ({}) ne permet pas ce geste.",
                ctx.acteur.role.libelle()
            ),
            "Demandez-le au responsable de la session.",
        )
        .into());
    }
    verifier_motif(ctx)?;
    let mut evenements = session::decider_sujet(session, action, ctx)?;
    if evenements.is_empty() {
        let rien = Decision {
            evenements,
            constats: vec![],
            suites: vec![],
        };
        return Ok((rien, None));
    }
    let mut apres = rejouer(session.clone(), &evenements, ctx);
    let nouveaux = reglement::nouveaux(session, &apres, ctx.jour());
    let bloquants: Vec<_> = nouveaux
        .iter()
        .filter(|c| {
            c.force == Force::Interdit
                || (c.force == Force::Derogeable && ctx.motif_ecrit().is_none())
        })
        .cloned()
        .collect();
    if !bloquants.is_empty() {
        return Err(Refus {
            constats: bloquants,
        });
    }
    let derogations: Vec<_> = nouveaux
        .iter()
        .filter(|c| c.force == Force::Derogeable)
        .map(|c| {
            Evenement::Derogation(Derogation {
                code: c.code.clone(),
                phrase: c.phrase.clone(),
                motif: ctx.motif_ecrit().unwrap_or_default().to_owned(),
                au_pv: reglement::regle(&c.code).is_some_and(|r| r.au_pv),
            })
        })
        .collect();
    apres = rejouer(apres, &derogations, ctx);
    evenements.extend(derogations);
    let suites = session::envois::suites(&apres, &evenements, ctx);
    let decision = Decision {
        evenements,
        constats: nouveaux
            .into_iter()
            .filter(|c| c.force <= Force::Alerte)
            .collect(),
        suites,
    };
    Ok((decision, Some(apres)))
}

/// Un motif se lit d'un coup d'œil dans le journal et au PV : deux mille signes au plus.
pub const MOTIF_MAX: usize = 2000;

fn verifier_motif(ctx: &Contexte) -> Result<(), Refus> {
    let signes = ctx.motif_ecrit().map_or(0, |m| m.chars().count());
    let trop_court = ctx.motif.as_deref().is_some_and(|m| !m.trim().is_empty());
    if signes == 0 && trop_court {
        return Err(Constat::saisie(
            "motif",
            "Le motif est trop court pour dire quelque chose.",
            "Écrivez trois lettres au moins.",
        )
        .into());
    }
    if signes <= MOTIF_MAX {
        return Ok(());
    }
    Err(Constat::saisie(
        "motif",
        format!("Le motif a {signes} signes, {MOTIF_MAX} au plus."),
        "Gardez l’essentiel.",
    )
    .into())
}

fn rejouer(mut s: Session, evenements: &[Evenement], ctx: &Contexte) -> Session {
    for e in evenements {
        let rang = s.rang + 1;
        s = appliquer(
            s,
            &EvenementDate {
                rang,
                le: ctx.maintenant.timestamp().to_string(),
                saisi_par: ctx.acteur.personne.clone(),
                realise_par: ctx.realise_par.clone(),
                evenement: e.clone(),
            },
        );
    }
    s
}
