//! La session d'examen : son état rejoué, et les sujets qui la composent (un sujet = un fichier).

pub mod archivage;
pub mod cadre;
pub mod candidats;
pub mod convocations;
pub mod deliberation;
pub mod envois;
pub mod equipe;
pub mod incidents;
pub mod jour;
pub mod jury;
pub mod liens;
pub mod messages;
pub mod parcours;
pub mod planning;
pub mod plateau;
pub mod plis;
pub mod programme;
pub mod pv;
mod saisies;
pub mod sollicitations;
pub mod suites;
pub mod taches;

use crate::contexte::{Constat, Contexte, Force, Refus};
use crate::{CandidatId, EvenementDate};
use convocations::{Destinataire, Etat as EtatConvocation};
pub(crate) use saisies::{
    apres, borner_texte, exiger_texte, nom_realisant, realisant_est, verifier_survenu,
};
use serde::{Deserialize, Serialize};

/// Une session d'examen, telle que son journal la raconte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Session {
    /// Dernier rang appliqué.
    pub rang: u64,
    /// Le programme ; absent tant que la session n'est pas créée.
    pub programme: Option<programme::Programme>,
    /// L'équipe.
    pub equipe: equipe::Equipe,
    /// Les candidats, dans l'ordre des inscriptions (retirés compris).
    pub candidats: Vec<candidats::Candidat>,
    /// Les conventions des organismes partenaires.
    pub conventions: Vec<parcours::Convention>,
    /// Le jury.
    pub jury: Vec<jury::MembreJury>,
    /// Les liens entre jurés et candidats.
    pub liens: liens::Liens,
    /// Les jurés sollicités, leurs réponses, les défections.
    pub sollicitations: sollicitations::Sollicitations,
    /// Le planning.
    pub planning: planning::Planning,
    /// Les convocations et documents figés.
    pub convocations: convocations::Convocations,
    /// Le plateau technique.
    pub plateau: plateau::Plateau,
    /// Les plis et leur garde.
    pub plis: plis::Plis,
    /// Ce qui s'est passé les jours d'épreuves.
    pub jour: jour::Jour,
    /// Les incidents, dans l'ordre de leurs numéros.
    pub incidents: Vec<incidents::Incident>,
    /// La délibération du jury.
    pub deliberation: deliberation::Deliberation,
    /// Le procès-verbal et ses suites.
    pub pv: pv::Pv,
    /// Les suites des candidats qui n'ont pas tout validé.
    pub suites: suites::Suites,
    /// Les archives, les recours, les purges.
    pub archivage: archivage::Archivage,
    /// Les tâches marquées à la main.
    pub taches: taches::Taches,
    /// Les dérogations accordées.
    pub derogations: Vec<Accordee>,
    /// Les paramètres et l'agrément figés avec la session.
    pub cadre: cadre::Cadre,
    /// Dernier changement de ce que l'on annonce à la DDETS : dates, lieu, responsable (RFC 3339).
    pub annonce_changee_le: Option<String>,
    /// Dernières écritures (au plus vingt), la plus récente en tête : pour la page de la session.
    pub dernieres: Vec<Ecriture>,
}

/// Une écriture récente, prête à montrer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ecriture {
    /// Rang au journal.
    pub rang: u64,
    /// Instant RFC 3339.
    pub le: String,
    /// Phrase.
    pub phrase: String,
}

/// Une dérogation accordée : la règle, pourquoi.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derogation {
    /// Code de la règle.
    pub code: String,
    /// Ce qui était constaté.
    pub phrase: String,
    /// Le motif écrit.
    pub motif: String,
    /// Se lit-elle aux observations du procès-verbal ?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub au_pv: bool,
}

/// Une dérogation telle que le journal l'a reçue : par qui, quand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accordee {
    /// Code de la règle.
    pub code: String,
    /// Ce qui était constaté.
    pub phrase: String,
    /// Le motif écrit.
    pub motif: String,
    /// Se lit-elle aux observations du procès-verbal ?
    pub au_pv: bool,
    /// Qui l'a accordée.
    pub par: crate::PersonneId,
    /// Quand (RFC 3339).
    pub le: String,
}

impl Session {
    /// Le programme, ou un refus si la session n'existe pas.
    pub fn programme(&self) -> Result<&programme::Programme, Refus> {
        match &self.programme {
            None => Err(Constat::geste(
                "SES-01",
                "Cette session n’existe pas encore.",
                "Créez-la depuis la liste des sessions.",
            )
            .into()),
            Some(p) => Ok(p),
        }
    }

    /// Les candidats non retirés.
    pub fn inscrits(&self) -> impl Iterator<Item = &candidats::Candidat> {
        self.candidats.iter().filter(|c| c.retire.is_none())
    }

    /// Un candidat, retiré ou non.
    pub fn candidat(&self, id: &CandidatId) -> Result<&candidats::Candidat, Refus> {
        self.candidats.iter().find(|c| c.id == *id).ok_or_else(|| {
            Constat::geste(
                "CAN-04",
                "Ce candidat n’est pas de cette session.",
                "Revenez à la liste des candidats.",
            )
            .into()
        })
    }

    /// Un juré de la session.
    pub fn jure(&self, id: &crate::JureId) -> Option<&jury::Membre> {
        self.jury.iter().map(|m| &m.membre).find(|m| m.jure == *id)
    }

    /// Tous les destinataires de convocation : candidats inscrits, jurés, surveillants.
    pub fn destinataires(&self) -> impl Iterator<Item = Destinataire> + '_ {
        let candidats = self
            .inscrits()
            .map(|c| Destinataire::Candidat(c.id.clone()));
        let jures = self.jury.iter();
        let jures = jures.map(|m| Destinataire::Jure(m.membre.jure.clone()));
        let surveillants = self.equipe.a(equipe::Poste::Surveillant);
        let surveillants = surveillants.map(|i| Destinataire::Surveillant(i.id.clone()));
        candidats.chain(jures).chain(surveillants)
    }

    /// Le nom d'un destinataire de convocation, ou un refus s'il n'est pas de la session.
    pub fn nom_destinataire(&self, d: &Destinataire) -> Result<String, Refus> {
        let nom = match d {
            Destinataire::Candidat(id) => self
                .candidats
                .iter()
                .find(|c| c.id == *id)
                .map(|c| c.fiche.nom_complet()),
            Destinataire::Jure(id) => self.jure(id).map(|m| m.nom.clone()),
            Destinataire::Surveillant(id) => self
                .equipe
                .a(equipe::Poste::Surveillant)
                .find(|i| i.id == *id)
                .map(|i| i.nom.clone()),
        };
        nom.ok_or_else(|| {
            Constat::geste(
                "DOC-04",
                "Cette personne n’est pas de la session.",
                "Revenez à la page Convocations.",
            )
            .into()
        })
    }

    /// Où en est la convocation de ce destinataire.
    pub fn etat_convocation(&self, d: &Destinataire) -> EtatConvocation {
        let Some(c) = self.convocations.de(d) else {
            return EtatConvocation::AEditer;
        };
        c.etat(self.rang_utile(d))
    }

    /// Rang du dernier changement qui rend une convocation fausse.
    fn rang_utile(&self, d: &Destinataire) -> u64 {
        match d {
            Destinataire::Candidat(id) => {
                let connu = self.candidats.iter().find(|c| c.id == *id);
                connu.map_or_else(
                    || self.planning.rang_de(id),
                    |c| self.rang_utile_du_candidat(c),
                )
            }
            Destinataire::Jure(id) => self.planning.rang_encadrant(id.as_str()),
            Destinataire::Surveillant(id) => self.planning.rang_encadrant(id.as_str()),
        }
    }

    /// Rang du dernier changement de sa fiche imprimée ou de son planning.
    pub(crate) fn rang_utile_du_candidat(&self, c: &candidats::Candidat) -> u64 {
        c.rang_imprime.max(self.planning.rang_de(&c.id))
    }

    /// La personne a-t-elle un poste dans la session ?
    pub fn postes_de(&self, personne: &crate::PersonneId) -> Vec<equipe::Poste> {
        self.equipe.postes_de(personne)
    }
}

/// Le motif écrit, ou le refus qui le demande. Sa longueur est déjà bornée pour tout geste (`decider`).
pub(crate) fn motif(ctx: &Contexte) -> Result<String, Refus> {
    match ctx.motif_ecrit() {
        Some(m) => Ok(m.to_owned()),
        None => Err(Constat {
            force: Force::Derogeable,
            ..Constat::saisie(
                "motif",
                "Ce geste demande un motif écrit, qui restera au journal.",
                "Dites pourquoi en quelques mots.",
            )
        }
        .into()),
    }
}

/// « (motif : …) » ou rien.
pub(crate) fn suite_motif(m: Option<&str>) -> String {
    m.map(|m| format!(" (motif : {m})")).unwrap_or_default()
}

const DERNIERES_MAX: usize = 20;

pub(crate) fn appliquer(mut s: Session, e: &EvenementDate) -> Session {
    use crate::Evenement as E;
    let avant = s.programme.as_ref().map(|p| (p.debut, p.fin));
    match &e.evenement {
        E::Programme(x) => programme::appliquer(&mut s, x, e.rang),
        E::Equipe(x) => equipe::appliquer(&mut s, x),
        E::Candidat(x) => candidats::appliquer(&mut s, x, e.rang),
        E::Parcours(x) => parcours::appliquer(&mut s, x, e.rang),
        E::Jury(x) => jury::appliquer(&mut s, x, e.rang),
        E::Lien(x) => liens::appliquer(&mut s, x, e.rang),
        E::Sollicitation(x) => sollicitations::appliquer(&mut s, x),
        E::Planning(x) => planning::appliquer(&mut s, x, e.rang),
        E::Convocation(x) => convocations::appliquer(&mut s, x, e.rang),
        E::Plateau(x) => plateau::appliquer(&mut s, x),
        E::Pli(x) => plis::appliquer(&mut s, x, e.rang),
        E::Jour(x) => jour::appliquer(&mut s, x),
        E::Incident(x) => incidents::appliquer(&mut s, x, &e.le),
        E::Deliberation(x) => deliberation::appliquer(&mut s, x, e.rang),
        E::Pv(x) => pv::appliquer(&mut s, x, e.rang),
        E::Suite(x) => suites::appliquer(&mut s, x),
        E::Archivage(x) => archivage::appliquer(&mut s, x, e.rang, &e.le),
        E::Tache(x) => taches::appliquer(&mut s, x, &e.realise_par, &e.le),
        E::Cadre(x) => cadre::appliquer(&mut s, x),
        E::Derogation(d) => s.derogations.push(Accordee {
            code: d.code.clone(),
            phrase: d.phrase.clone(),
            motif: d.motif.clone(),
            au_pv: d.au_pv,
            par: e.realise_par.clone(),
            le: e.le.clone(),
        }),
        E::Purge(p) => archivage::appliquer_purge(&mut s, p, e),
    }
    if let E::Programme(programme::Evenement::Deplacee { .. }) = &e.evenement
        && let Some(dates) = avant
    {
        s.taches.dates_avant = Some((dates.0, dates.1, e.le.clone()));
    }
    if change_l_annonce(&e.evenement) {
        s.annonce_changee_le = Some(e.le.clone());
    }
    s.rang = e.rang;
    s.dernieres.insert(
        0,
        Ecriture {
            rang: e.rang,
            le: e.le.clone(),
            phrase: e.evenement.phrase(),
        },
    );
    s.dernieres.truncate(DERNIERES_MAX);
    s
}

/// L'événement change-t-il ce que l'on a dit à la DDETS : dates, lieu, responsable ?
fn change_l_annonce(e: &crate::Evenement) -> bool {
    use crate::Evenement as E;
    matches!(
        e,
        E::Programme(
            programme::Evenement::Deplacee { .. } | programme::Evenement::SiteChange { .. }
        ) | E::Equipe(equipe::Evenement::Nommee {
            poste: equipe::Poste::Responsable,
            ..
        })
    )
}

pub(crate) fn decider_sujet(
    s: &Session,
    a: &crate::Action,
    ctx: &Contexte,
) -> Result<Vec<crate::Evenement>, Refus> {
    use crate::{Action as A, Evenement as E};
    if let Some(p) = &s.programme
        && p.annulee.is_some()
    {
        return Err(Constat::geste(
            "SES-02",
            "Cette session est annulée : elle se lit, elle ne se change plus.",
            "Créez une autre session si elle doit avoir lieu.",
        )
        .into());
    }
    if s.archivage.est_purgee() && !matches!(a, A::Archivage(_)) {
        return Err(Constat::geste(
            "SES-03",
            "Les données de cette session ont été purgées à leur terme : elle se lit, elle ne se change plus.",
            "Seules ses archives se suivent encore.",
        )
        .into());
    }
    Ok(match a {
        A::Programme(x) => {
            let mut e: Vec<_> = programme::decider(s, x, ctx)?
                .into_iter()
                .map(E::Programme)
                .collect();
            if !e.is_empty()
                && let programme::Action::Creer(_) | programme::Action::ChangerSite(_) = x
            {
                e.extend(cadre::au_passage(s, ctx).map(E::Cadre));
            }
            e
        }
        A::Cadre(x) => cadre::decider(s, x, ctx)?
            .into_iter()
            .map(E::Cadre)
            .collect(),
        A::Equipe(x) => equipe::decider(s, x, ctx)?
            .into_iter()
            .map(E::Equipe)
            .collect(),
        A::Candidat(x) => {
            use candidats::Evenement::{Inscrit, Reinscrit};
            let e = candidats::decider(s, x, ctx)?;
            let inscrits = e
                .iter()
                .filter(|e| matches!(e, Inscrit { .. } | Reinscrit { .. }));
            let rouvert = planning::rouvrir(s, inscrits.count()).map(E::Planning);
            e.into_iter().map(E::Candidat).chain(rouvert).collect()
        }
        A::Parcours(x) => parcours::decider(s, x, ctx)?
            .into_iter()
            .map(E::Parcours)
            .collect(),
        A::Jury(x) => jury::decider(s, x, ctx)?.into_iter().map(E::Jury).collect(),
        A::Lien(x) => liens::decider(s, x, ctx)?
            .into_iter()
            .map(E::Lien)
            .collect(),
        A::Sollicitation(x) => sollicitations::decider(s, x, ctx)?,
        A::Planning(x) => planning::decider(s, x, ctx)?
            .into_iter()
            .map(E::Planning)
            .collect(),
        A::Convocation(x) => convocations::decider(s, x, ctx)?
            .into_iter()
            .map(E::Convocation)
            .collect(),
        A::Plateau(x) => plateau::decider(s, x, ctx)?
            .into_iter()
            .map(E::Plateau)
            .collect(),
        A::Pli(x) => plis::decider(s, x, ctx)?,
        A::Jour(x) => jour::decider(s, x, ctx)?.into_iter().map(E::Jour).collect(),
        A::Incident(x) => incidents::decider(s, x, ctx)?
            .into_iter()
            .map(E::Incident)
            .collect(),
        A::Deliberation(x) => deliberation::decider(s, x, ctx)?
            .into_iter()
            .map(E::Deliberation)
            .collect(),
        A::Pv(x) => pv::decider(s, x, ctx)?.into_iter().map(E::Pv).collect(),
        A::Suite(x) => suites::decider(s, x, ctx)?
            .into_iter()
            .map(E::Suite)
            .collect(),
        A::Archivage(x) => archivage::decider(s, x, ctx)?,
        A::Tache(x) => taches::decider(s, x, ctx)?
            .into_iter()
            .map(E::Tache)
            .collect(),
    })
}
