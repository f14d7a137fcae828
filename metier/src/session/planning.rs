//! Le planning : pour chaque candidat et chaque épreuve, où, quel jour, à quelle heure, devant qui.

use super::Session;
use crate::contexte::{Constat, Contexte, Force, Refus};
use crate::{CandidatId, JureId, PersonneId, temps};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Nombre maximal de passages d'une session (limite de Garant).
pub const PASSAGES_MAX: usize = 8_000;

/// Le passage d'un candidat à une épreuve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Qui.
    pub candidat: CandidatId,
    /// Code de l'épreuve dans le référentiel figé.
    pub epreuve: String,
    /// Salle du site.
    pub lieu: String,
    /// Jour.
    pub date: Date,
    /// Début.
    pub debut: Time,
    /// Fin.
    pub fin: Time,
    /// Jurés présents.
    pub jury: Vec<JureId>,
    /// Surveillant, s'il en faut un.
    pub surveillant: Option<PersonneId>,
}

impl Passage {
    /// Deux passages se recouvrent-ils dans le temps ?
    pub fn recouvre(&self, autre: &Self) -> bool {
        self.date == autre.date && self.debut < autre.fin && autre.debut < self.fin
    }
    /// « mardi 15 décembre 2026, de 8 h 30 à 9 h 00, salle 2 ».
    pub fn quand_ou(&self) -> String {
        format!(
            "{}, de {} à {}, {}",
            temps::date_longue(self.date),
            temps::heure(self.debut),
            temps::heure(self.fin),
            self.lieu
        )
    }
}

/// Le planning de la session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Planning {
    /// Passages, triés par date, heure, lieu.
    pub passages: Vec<Passage>,
    /// Rang de la validation, si le planning présent est validé.
    pub valide: Option<u64>,
    /// Rang du dernier changement, par candidat.
    pub rangs: BTreeMap<CandidatId, u64>,
    /// Affiché sur le site, quel jour.
    pub affiche_le: Option<Date>,
    /// Rang de l'affichage.
    pub affiche_rang: u64,
}

impl Planning {
    /// Passages d'un candidat, dans l'ordre du temps.
    pub fn de(&self, c: &CandidatId) -> impl Iterator<Item = &Passage> {
        self.passages.iter().filter(move |p| p.candidat == *c)
    }
    /// Un passage.
    pub fn passage(&self, c: &CandidatId, epreuve: &str) -> Option<&Passage> {
        self.passages
            .iter()
            .find(|p| p.candidat == *c && p.epreuve == epreuve)
    }
    /// Rang du dernier changement pour ce candidat.
    pub fn rang_de(&self, c: &CandidatId) -> u64 {
        self.rangs.get(c).copied().unwrap_or(0)
    }
    /// Rang du dernier changement, tous candidats.
    pub fn rang(&self) -> u64 {
        self.rangs.values().copied().max().unwrap_or(0)
    }
    pub(super) fn toucher(&mut self, c: &CandidatId, rang: u64) {
        self.rangs.insert(c.clone(), rang);
        self.valide = None;
    }
    pub(super) fn toucher_tous(&mut self, rang: u64) {
        let tous: Vec<_> = self.passages.iter().map(|p| p.candidat.clone()).collect();
        for c in tous {
            self.toucher(&c, rang);
        }
    }
    fn trier(&mut self) {
        self.passages.sort_by(|a, b| {
            (a.date, a.debut, &a.lieu, &a.candidat).cmp(&(b.date, b.debut, &b.lieu, &b.candidat))
        });
    }
}

/// Ce qu'on veut faire du planning.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Remplacer tout le planning par une proposition.
    Etablir { passages: Vec<Passage> },
    /// Placer ou déplacer un passage.
    Placer(Passage),
    /// Ôter un passage.
    Oter {
        candidat: CandidatId,
        epreuve: String,
    },
    /// Valider le planning.
    Valider,
    /// Noter l'affichage sur le site.
    Afficher { le: Date },
}

/// Ce qui s'est passé.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "quoi", content = "donnees", rename_all = "snake_case")]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Evenement {
    /// Planning établi.
    Etabli {
        passages: Vec<Passage>,
        motif: Option<String>,
    },
    /// Passage placé.
    Place {
        passage: Passage,
        motif: Option<String>,
    },
    /// Passage ôté.
    Ote {
        candidat: CandidatId,
        epreuve: String,
        motif: Option<String>,
    },
    /// Validé.
    Valide { passages: u32, candidats: u32 },
    /// Affiché.
    Affiche { le: Date },
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Etabli { .. } => "planning.etabli",
            Self::Place { .. } => "planning.place",
            Self::Ote { .. } => "planning.ote",
            Self::Valide { .. } => "planning.valide",
            Self::Affiche { .. } => "planning.affiche",
        }
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Etabli { passages, motif } => format!(
                "Planning établi, {} passages{}",
                passages.len(),
                super::suite_motif(motif.as_deref())
            ),
            Self::Place { passage, motif } => format!(
                "Passage placé : épreuve {}, {}{}",
                passage.epreuve,
                passage.quand_ou(),
                super::suite_motif(motif.as_deref())
            ),
            Self::Ote { epreuve, motif, .. } => format!(
                "Passage ôté : épreuve {epreuve}{}",
                super::suite_motif(motif.as_deref())
            ),
            Self::Valide {
                passages,
                candidats,
            } => format!("Planning validé : {passages} passages, {candidats} candidats"),
            Self::Affiche { le } => format!(
                "Planning affiché sur le site le {}",
                temps::date_chiffres(*le)
            ),
        }
    }
}

pub(super) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let p = s.programme()?;
    match action {
        Action::Etablir { passages } => {
            if passages.len() > PASSAGES_MAX {
                return Err(Constat::geste(
                    "PLA-01",
                    format!(
                        "Le planning compterait {} passages ; Garant en accepte {PASSAGES_MAX}.",
                        passages.len()
                    ),
                    "Répartissez les candidats en plusieurs sessions.",
                )
                .into());
            }
            for x in passages {
                verifier(s, x)?;
            }
            if *passages == s.planning.passages {
                return Ok(vec![]);
            }
            let touches: Vec<_> = s
                .inscrits()
                .filter(|c| {
                    s.planning
                        .de(&c.id)
                        .ne(passages.iter().filter(|x| x.candidat == c.id))
                })
                .map(|c| &c.id)
                .collect();
            proteger_convoques(s, &touches, ctx)?;
            Ok(vec![Evenement::Etabli {
                passages: passages.clone(),
                motif: ctx.motif_ecrit().map(str::to_owned),
            }])
        }
        Action::Placer(x) => {
            verifier(s, x)?;
            if s.planning.passage(&x.candidat, &x.epreuve) == Some(x) {
                return Ok(vec![]);
            }
            if let Some(vu) = ctx.vu_au_rang
                && s.planning.rang_de(&x.candidat) > vu
                && s.planning.passage(&x.candidat, &x.epreuve).is_some()
            {
                let present = s
                    .planning
                    .passage(&x.candidat, &x.epreuve)
                    .map(Passage::quand_ou)
                    .unwrap_or_default();
                return Err(Constat::geste("VU", format!("Quelqu’un d’autre a changé ce passage pendant que vous l’aviez sous les yeux : il est maintenant {present}."), "Votre saisie est gardée. Enregistrez de nouveau pour la faire valoir.").into());
            }
            proteger_convoques(s, &[&x.candidat], ctx)?;
            Ok(vec![Evenement::Place {
                passage: x.clone(),
                motif: ctx.motif_ecrit().map(str::to_owned),
            }])
        }
        Action::Oter { candidat, epreuve } => {
            if s.planning.passage(candidat, epreuve).is_none() {
                return Ok(vec![]);
            }
            proteger_convoques(s, &[candidat], ctx)?;
            Ok(vec![Evenement::Ote {
                candidat: candidat.clone(),
                epreuve: epreuve.clone(),
                motif: ctx.motif_ecrit().map(str::to_owned),
            }])
        }
        Action::Valider => {
            if s.planning.valide.is_some() {
                return Ok(vec![]);
            }
            let attendus = p.epreuves().len();
            if attendus == 0 || s.inscrits().count() == 0 {
                return Err(Constat::geste("PLA-02", "Il n’y a encore rien à valider : il faut des candidats et un référentiel avec ses épreuves.", "Inscrivez les candidats, puis établissez le planning.").into());
            }
            Ok(vec![Evenement::Valide {
                passages: s.planning.passages.len() as u32,
                candidats: s.inscrits().count() as u32,
            }])
        }
        Action::Afficher { le } => {
            if s.planning.passages.is_empty() {
                return Err(Constat::geste(
                    "PLA-03",
                    "Le planning est vide : il n’y a rien à afficher.",
                    "Établissez d’abord le planning.",
                )
                .into());
            }
            if *le > ctx.jour() {
                return Err(Constat::saisie(
                    "le",
                    "L’affichage ne peut pas être noté à une date à venir.",
                    "Notez-le le jour où il est fait.",
                )
                .into());
            }
            Ok(vec![Evenement::Affiche { le: *le }])
        }
    }
}

fn verifier(s: &Session, x: &Passage) -> Result<(), Refus> {
    let p = s.programme()?;
    let c = s.candidat(&x.candidat)?;
    let mut k = vec![];
    if p.epreuve(&x.epreuve).is_none() {
        k.push(Constat::saisie(
            "epreuve",
            "Cette épreuve n’est pas au référentiel de la session.",
            "Choisissez une épreuve de la liste.",
        ));
    }
    if x.lieu.trim().is_empty()
        || x.lieu.chars().count() > 120
        || x.lieu.chars().any(char::is_control)
    {
        k.push(Constat::saisie(
            "lieu",
            "Le lieu manque ou dépasse 120 caractères.",
            "Écrivez le nom de la salle, tel qu’il est sur la porte.",
        ));
    }
    if x.fin <= x.debut {
        k.push(Constat::saisie(
            "fin",
            format!(
                "L’épreuve finirait à {} avant d’avoir commencé à {}.",
                temps::heure(x.fin),
                temps::heure(x.debut)
            ),
            "Vérifiez les heures.",
        ));
    }
    if x.date < p.debut || x.date > p.fin {
        k.push(Constat::saisie(
            "date",
            format!(
                "Le {} est hors de la session, {}.",
                temps::date_longue(x.date),
                temps::periode(p.debut, p.fin)
            ),
            "Choisissez un jour de la session, ou déplacez la session.",
        ));
    }
    if c.retire.is_some() {
        k.push(Constat::saisie(
            "candidat",
            format!("{} a été retiré de la session.", c.fiche.nom_complet()),
            "Réinscrivez ce candidat d’abord.",
        ));
    }
    if x.jury
        .iter()
        .any(|j| !s.jury.iter().any(|m| m.membre.jure == *j))
    {
        k.push(Constat::saisie(
            "jury",
            "Un juré choisi n’est pas au jury de la session.",
            "Retenez-le d’abord à la page Jury.",
        ));
    }
    if let Some(v) = &x.surveillant
        && !s
            .equipe
            .a(super::equipe::Poste::Surveillant)
            .any(|i| i.id == *v)
    {
        k.push(Constat::saisie(
            "surveillant",
            "Ce surveillant n’est pas nommé dans l’équipe de la session.",
            "Nommez-le d’abord à la page Équipe.",
        ));
    }
    if k.is_empty() {
        Ok(())
    } else {
        Err(Refus { constats: k })
    }
}

/// Ce qui a été envoyé à un candidat ne bouge pas en silence.
fn proteger_convoques(s: &Session, touches: &[&CandidatId], ctx: &Contexte) -> Result<(), Refus> {
    if ctx.motif_ecrit().is_some() {
        return Ok(());
    }
    let noms: Vec<_> = touches
        .iter()
        .filter(|c| s.convocations.est_remise_candidat(c))
        .filter_map(|c| s.candidat(c).ok())
        .map(|c| c.fiche.nom_complet())
        .collect();
    if noms.is_empty() {
        return Ok(());
    }
    Err(Constat {
        code: "PLA-04".into(),
        force: Force::Derogeable,
        objet: noms.join("|"),
        champ: Some("motif".into()),
        page: Some("convocations".into()),
        manque: false,
        phrase: format!(
            "{} : la convocation déjà remise ne dirait plus vrai.",
            noms.join(", ")
        ),
        remede: "Dites pourquoi en motif ; la convocation sera à refaire et à remettre de nouveau."
            .into(),
    }
    .into())
}

pub(super) fn appliquer(s: &mut Session, e: &Evenement, rang: u64) {
    match e {
        Evenement::Etabli { passages, .. } => {
            let mut nouveau = Planning {
                passages: passages.clone(),
                ..s.planning.clone()
            };
            nouveau.trier();
            for c in &s.candidats {
                if s.planning
                    .de(&c.id)
                    .ne(nouveau.passages.iter().filter(|x| x.candidat == c.id))
                {
                    nouveau.rangs.insert(c.id.clone(), rang);
                }
            }
            nouveau.valide = None;
            s.planning = nouveau;
        }
        Evenement::Place { passage, .. } => {
            s.planning
                .passages
                .retain(|p| p.candidat != passage.candidat || p.epreuve != passage.epreuve);
            s.planning.passages.push(passage.clone());
            s.planning.trier();
            s.planning.toucher(&passage.candidat, rang);
        }
        Evenement::Ote {
            candidat, epreuve, ..
        } => {
            s.planning
                .passages
                .retain(|p| p.candidat != *candidat || p.epreuve != *epreuve);
            s.planning.toucher(candidat, rang);
        }
        Evenement::Valide { .. } => s.planning.valide = Some(rang),
        Evenement::Affiche { le } => {
            s.planning.affiche_le = Some(*le);
            s.planning.affiche_rang = rang;
        }
    }
}
