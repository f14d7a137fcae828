//! Solliciter des jurés : demander à plusieurs, noter leurs réponses ; le quorum d'abord, la réserve ensuite.
//!
//! Qui accepte est retenu aussitôt, titulaire tant que le quorum manque, en réserve après. Une défection rouvre la
//! recherche. Chaque sollicitation a un numéro : un lien privé n'en ouvre qu'une.

use super::Session;
use super::candidats::courriel_plausible;
use super::jury::{self, JURES_MAX, Membre, Place};
use crate::contexte::{Constat, Contexte, Refus};
use crate::etiquette::etiquete;
use crate::mots::de;
use crate::{JureId, temps};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Longueur maximale d'un message ou d'une réponse écrite (limite de Garant).
pub const TEXTE_MAX: usize = 1_000;
/// Sollicitations d'une session au plus (limite de Garant).
pub const SOLLICITATIONS_MAX: usize = 200;

/// Ce que répond un juré.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reponse", rename_all = "snake_case")]
pub enum Reponse {
    /// Il accepte.
    Accepte,
    /// Il décline.
    Decline {
        /// Pourquoi, s'il le dit.
        raison: String,
    },
    /// Il propose d'autres dates.
    Propose {
        /// Lesquelles, dans ses mots.
        dates: String,
    },
}

impl Reponse {
    /// En mots.
    pub fn dire(&self) -> String {
        match self {
            Self::Accepte => "accepte".into(),
            Self::Decline { raison } if raison.is_empty() => "décline".into(),
            Self::Decline { raison } => format!("décline ({raison})"),
            Self::Propose { dates } => format!("propose d’autres dates ({dates})"),
        }
    }
}

/// Par où la réponse est venue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voie {
    /// Par le lien privé du juré.
    Lien,
    /// Au téléphone ou par courrier : le centre l'a notée.
    Centre,
}

/// Où en est une sollicitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Etat {
    /// Sans réponse, dans le délai.
    EnAttente,
    /// Sans réponse, délai passé.
    SansReponse,
    /// Acceptée.
    Acceptee,
    /// Déclinée.
    Declinee,
    /// D'autres dates sont proposées.
    AutresDates,
    /// Retirée par le centre.
    Retiree,
}

impl Etat {
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::EnAttente => "En attente",
            Self::SansReponse => "Sans réponse",
            Self::Acceptee => "Acceptée",
            Self::Declinee => "Déclinée",
            Self::AutresDates => "Autres dates proposées",
            Self::Retiree => "Retirée",
        }
    }
    /// Classe de la feuille de style.
    pub fn ton(self) -> &'static str {
        match self {
            Self::EnAttente => "proche",
            Self::SansReponse => "retard",
            Self::Acceptee => "fait",
            Self::Declinee | Self::Retiree => "sans-objet",
            Self::AutresDates => "a-faire",
        }
    }
}

/// Une sollicitation et ce qui lui est arrivé.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sollicitation {
    /// Son numéro dans la session.
    pub numero: u32,
    /// Le juré, tel que l'annuaire le disait.
    pub membre: Membre,
    /// Répondre au plus tard ce jour.
    pub avant: Date,
    /// Le mot du centre.
    pub message: String,
    /// Le jour de la demande.
    pub le: Date,
    /// Les jours des relances faites par une personne.
    pub relances: Vec<Date>,
    /// Sa réponse, par où, quel jour.
    pub reponse: Option<(Reponse, Voie, Date)>,
    /// Le motif du retrait.
    pub retiree: Option<String>,
}

impl Sollicitation {
    /// Où elle en est ce jour.
    pub fn etat(&self, jour: Date) -> Etat {
        if self.retiree.is_some() {
            return Etat::Retiree;
        }
        match &self.reponse {
            Some((Reponse::Accepte, ..)) => Etat::Acceptee,
            Some((Reponse::Decline { .. }, ..)) => Etat::Declinee,
            Some((Reponse::Propose { .. }, ..)) => Etat::AutresDates,
            None if self.avant < jour => Etat::SansReponse,
            None => Etat::EnAttente,
        }
    }

    /// Attend-elle encore une réponse, dans le délai ou après ?
    pub fn est_ouverte(&self) -> bool {
        self.retiree.is_none() && self.reponse.is_none()
    }
}

/// Une défection : un juré retenu qui se retire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defection {
    /// Le juré.
    pub jure: JureId,
    /// Son nom.
    pub nom: String,
    /// Le jour où elle a été notée.
    pub le: Date,
    /// Ce qu'il en dit.
    pub motif: String,
}

/// Toutes les sollicitations, et les défections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sollicitations {
    /// Dans l'ordre de leurs numéros.
    pub liste: Vec<Sollicitation>,
    /// Dans l'ordre où elles ont été notées.
    pub defections: Vec<Defection>,
}

impl Sollicitations {
    /// Une sollicitation par son numéro.
    pub fn numero(&self, n: u32) -> Option<&Sollicitation> {
        self.liste.iter().find(|x| x.numero == n)
    }
}

/// Où en est la recherche de jurés.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recherche {
    /// Titulaires habilités retenus.
    pub titulaires: usize,
    /// Titulaires qu'il faut.
    pub quorum: usize,
    /// Jurés en réserve.
    pub reserves: usize,
    /// Réserves voulues.
    pub reserves_voulues: usize,
    /// Sollicitations qui attendent une réponse.
    pub en_attente: usize,
}

impl Recherche {
    /// Titulaires qui manquent.
    pub fn titulaires_manquants(&self) -> usize {
        self.quorum.saturating_sub(self.titulaires)
    }
    /// Réserves qui manquent.
    pub fn reserves_manquantes(&self) -> usize {
        self.reserves_voulues.saturating_sub(self.reserves)
    }
    /// Le jury est-il au complet, réserve comprise ?
    pub fn est_close(&self) -> bool {
        self.titulaires_manquants() == 0 && self.reserves_manquantes() == 0
    }
}

/// Où en est la recherche de jurés de cette session.
pub fn recherche(s: &Session) -> Recherche {
    let habilites = |place: Place| {
        s.jury
            .iter()
            .filter(|m| m.membre.place == place)
            .filter(|m| {
                s.programme
                    .as_ref()
                    .is_none_or(|p| m.membre.est_habilite(p.debut, p.fin))
            })
            .count()
    };
    Recherche {
        titulaires: habilites(Place::Titulaire),
        quorum: s.cadre.valeur("R26") as usize,
        reserves: habilites(Place::Reserve),
        reserves_voulues: s.cadre.valeur("R35") as usize,
        en_attente: s
            .sollicitations
            .liste
            .iter()
            .filter(|x| x.est_ouverte())
            .count(),
    }
}

/// Ce qu'on veut faire.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Demander à plusieurs jurés à la fois.
    Solliciter {
        membres: Vec<Membre>,
        message: String,
        avant: Date,
    },
    /// Relancer ceux qui n'ont pas répondu.
    Relancer { numeros: Vec<u32> },
    /// Noter une réponse. `retenir` : faire entrer au jury qui accepte.
    Repondre {
        numero: u32,
        reponse: Reponse,
        voie: Voie,
        retenir: bool,
    },
    /// Retirer une sollicitation (motif demandé) : son lien ne vaut plus rien.
    Retirer { numero: u32 },
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Sollicité.
        Sollicite {
            numero: u32,
            membre: Membre,
            avant: Date,
            message: String,
            le: Date,
        },
        /// Relancé.
        Relance { numero: u32, nom: String, le: Date },
        /// A répondu.
        Repondu {
            numero: u32,
            nom: String,
            reponse: Reponse,
            voie: Voie,
            le: Date,
        },
        /// Sollicitation retirée.
        Retiree {
            numero: u32,
            nom: String,
            motif: String,
        },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Sollicite { .. } => "sollicitations.sollicite",
            Self::Relance { .. } => "sollicitations.relance",
            Self::Repondu { .. } => "sollicitations.repondu",
            Self::Retiree { .. } => "sollicitations.retiree",
        }
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Sollicite { membre, avant, .. } => format!(
                "{} sollicité pour le jury, réponse attendue au plus tard le {}",
                membre.nom,
                temps::date_chiffres(*avant)
            ),
            Self::Relance { nom, .. } => format!("{nom} relancé : sollicitation sans réponse"),
            Self::Repondu {
                nom, reponse, voie, ..
            } => format!(
                "{nom} {}{}",
                reponse.dire(),
                match voie {
                    Voie::Lien => ", par son lien privé",
                    Voie::Centre => ", réponse notée par le centre",
                }
            ),
            Self::Retiree { nom, motif, .. } => {
                format!("Sollicitation {} retirée (motif : {motif})", de(nom))
            }
        }
    }
}

pub(super) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<crate::Evenement>, Refus> {
    let p = s.programme()?;
    let (debut, fin) = (p.debut, p.fin);
    let trouver = |n: u32| {
        s.sollicitations.numero(n).ok_or_else(|| {
            Refus::from(Constat::geste(
                "SOL-01",
                "Cette sollicitation n’existe pas.",
                "Revenez à la page Jury.",
            ))
        })
    };
    let un = |e: Evenement| crate::Evenement::Sollicitation(e);
    match action {
        Action::Solliciter {
            membres,
            message,
            avant,
        } => {
            verifier_demande(s, membres, message, *avant, (debut, fin), ctx.jour())?;
            let premier = s.sollicitations.liste.len() as u32 + 1;
            Ok((premier..)
                .zip(membres)
                .map(|(numero, membre)| {
                    un(Evenement::Sollicite {
                        numero,
                        membre: membre.clone(),
                        avant: *avant,
                        message: message.trim().to_owned(),
                        le: ctx.jour(),
                    })
                })
                .collect())
        }
        Action::Relancer { numeros } => {
            let mut e = vec![];
            for n in numeros {
                let x = trouver(*n)?;
                // Deux relances le même jour n'en font qu'une ; qui a répondu n'est plus relancé.
                if x.est_ouverte() && x.relances.last() != Some(&ctx.jour()) {
                    e.push(un(Evenement::Relance {
                        numero: *n,
                        nom: x.membre.nom.clone(),
                        le: ctx.jour(),
                    }));
                }
            }
            Ok(e)
        }
        Action::Repondre {
            numero,
            reponse,
            voie,
            retenir,
        } => {
            let x = trouver(*numero)?;
            verifier_reponse(x, reponse)?;
            let mut e = vec![un(Evenement::Repondu {
                numero: *numero,
                nom: x.membre.nom.clone(),
                reponse: reponse.clone(),
                voie: *voie,
                le: ctx.jour(),
            })];
            let entre = *reponse == Reponse::Accepte
                && *retenir
                && s.jure(&x.membre.jure).is_none()
                && s.jury.len() < JURES_MAX
                && x.membre.est_habilite(debut, fin);
            if entre {
                let place = if recherche(s).titulaires_manquants() > 0 {
                    Place::Titulaire
                } else {
                    Place::Reserve
                };
                e.push(crate::Evenement::Jury(jury::Evenement::Retenu(Membre {
                    place,
                    ..x.membre.clone()
                })));
                e.push(crate::Evenement::Jury(jury::Evenement::Confirme {
                    jure: x.membre.jure.clone(),
                    nom: x.membre.nom.clone(),
                }));
            }
            Ok(e)
        }
        Action::Retirer { numero } => {
            let x = trouver(*numero)?;
            if x.retiree.is_some() {
                return Ok(vec![]);
            }
            if let Some((reponse, ..)) = &x.reponse {
                return Err(Constat::geste(
                    "SOL-05",
                    format!("{} a déjà répondu ({}).", x.membre.nom, reponse.dire()),
                    "S’il siège, notez sa défection ou retirez-le du jury.",
                )
                .into());
            }
            Ok(vec![un(Evenement::Retiree {
                numero: *numero,
                nom: x.membre.nom.clone(),
                motif: super::motif(ctx)?,
            })])
        }
    }
}

fn verifier_demande(
    s: &Session,
    membres: &[Membre],
    message: &str,
    avant: Date,
    (debut, fin): (Date, Date),
    jour: Date,
) -> Result<(), Refus> {
    let mut k = vec![];
    if membres.is_empty() {
        k.push(Constat::saisie(
            "jures",
            "Aucun juré n’est choisi.",
            "Cochez au moins un juré de l’annuaire.",
        ));
    }
    if s.sollicitations.liste.len() + membres.len() > SOLLICITATIONS_MAX {
        k.push(Constat::saisie(
            "jures",
            format!("Une session compte {SOLLICITATIONS_MAX} sollicitations au plus."),
            "Relancez plutôt celles qui sont en attente.",
        ));
    }
    if avant < jour || avant >= debut {
        k.push(Constat::saisie(
            "avant",
            "La date limite de réponse est passée, ou n’est pas avant la session.",
            "Choisissez un jour entre aujourd’hui et la veille de la session.",
        ));
    }
    if let Err(r) = super::borner_texte("message", "Le message", message, TEXTE_MAX) {
        k.extend(r.constats);
    }
    for m in membres {
        if s.jure(&m.jure).is_some() {
            k.push(Constat::saisie(
                "jures",
                format!("{} est déjà au jury de cette session.", m.nom),
                "Décochez-le.",
            ));
        } else if s
            .sollicitations
            .liste
            .iter()
            .any(|x| x.membre.jure == m.jure && x.est_ouverte())
        {
            k.push(Constat::saisie(
                "jures",
                format!("{} est déjà sollicité, sans réponse.", m.nom),
                "Relancez-le, ou retirez d’abord la sollicitation.",
            ));
        } else if !m.est_habilite(debut, fin) {
            k.push(Constat::saisie(
                "jures",
                format!("{} n’est pas habilité pour toute la session.", m.nom),
                "Complétez son habilitation dans l’annuaire, puis sollicitez-le.",
            ));
        } else if let Some(c) = &m.courriel
            && !courriel_plausible(c)
        {
            k.push(Constat::saisie(
                "jures",
                format!("L’adresse de courriel {} n’est pas complète.", de(&m.nom)),
                "Corrigez-la dans l’annuaire, ou videz-la pour lui écrire autrement.",
            ));
        }
    }
    if k.is_empty() {
        Ok(())
    } else {
        Err(Refus { constats: k })
    }
}

fn verifier_reponse(x: &Sollicitation, reponse: &Reponse) -> Result<(), Refus> {
    if x.retiree.is_some() {
        return Err(Constat::geste(
            "SOL-03",
            "Cette sollicitation a été retirée par le centre.",
            "Sollicitez de nouveau ce juré s’il doit siéger.",
        )
        .into());
    }
    if let Some((deja, ..)) = &x.reponse {
        return Err(Constat::geste(
            "SOL-04",
            format!(
                "La réponse {} est déjà notée ({}).",
                de(&x.membre.nom),
                deja.dire()
            ),
            "Pour en changer, notez sa défection, ou sollicitez-le de nouveau.",
        )
        .into());
    }
    match reponse {
        Reponse::Accepte => Ok(()),
        Reponse::Decline { raison } => {
            super::borner_texte("raison", "La raison", raison, TEXTE_MAX)
        }
        Reponse::Propose { dates } => {
            super::exiger_texte("dates", "Les autres dates", dates, TEXTE_MAX)
        }
    }
}

pub(super) fn appliquer(s: &mut Session, e: &Evenement) {
    let mut changer = |n: u32, f: &dyn Fn(&mut Sollicitation)| {
        s.sollicitations
            .liste
            .iter_mut()
            .filter(|x| x.numero == n)
            .for_each(f);
    };
    match e {
        Evenement::Sollicite {
            numero,
            membre,
            avant,
            message,
            le,
        } => s.sollicitations.liste.push(Sollicitation {
            numero: *numero,
            membre: membre.clone(),
            avant: *avant,
            message: message.clone(),
            le: *le,
            relances: vec![],
            reponse: None,
            retiree: None,
        }),
        Evenement::Relance { numero, le, .. } => changer(*numero, &|x| x.relances.push(*le)),
        Evenement::Repondu {
            numero,
            reponse,
            voie,
            le,
            ..
        } => changer(*numero, &|x| {
            x.reponse = Some((reponse.clone(), *voie, *le));
        }),
        Evenement::Retiree { numero, motif, .. } => {
            changer(*numero, &|x| x.retiree = Some(motif.clone()))
        }
    }
}
