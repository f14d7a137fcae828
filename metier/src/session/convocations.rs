//! Convocations et papiers figés : édités, remis (comment, quand), à refaire quand le planning change.

use super::Session;
use crate::contexte::{Constat, Contexte, Refus};
use crate::etiquette::etiquete;
use crate::mots::de;
use crate::{CandidatId, JureId, PersonneId, PieceId, temps};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// À qui un papier est destiné.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "a", content = "id", rename_all = "snake_case")]
pub enum Destinataire {
    /// Un candidat.
    Candidat(CandidatId),
    /// Un juré.
    Jure(JureId),
    /// Un surveillant.
    Surveillant(PersonneId),
}

impl Destinataire {
    /// « candidat », « jure », « surveillant » : pour les adresses.
    pub fn genre(&self) -> &'static str {
        match self {
            Self::Candidat(_) => "candidat",
            Self::Jure(_) => "jure",
            Self::Surveillant(_) => "surveillant",
        }
    }
    /// L'identifiant, sans son genre.
    pub fn id(&self) -> &str {
        match self {
            Self::Candidat(i) => i.as_str(),
            Self::Jure(i) => i.as_str(),
            Self::Surveillant(i) => i.as_str(),
        }
    }
    /// Lit « candidat », « id ».
    pub fn depuis(genre: &str, id: &str) -> Option<Self> {
        Some(match genre {
            "candidat" => Self::Candidat(id.parse().ok()?),
            "jure" => Self::Jure(id.parse().ok()?),
            "surveillant" => Self::Surveillant(id.parse().ok()?),
            _ => return None,
        })
    }
}

/// Comment un papier a été remis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Mode {
    /// Lettre recommandée avec avis de réception, avec son numéro.
    LrAr { numero: String },
    /// Remise en main propre contre décharge signée.
    Decharge,
    /// Courriel.
    Courriel { adresse: String },
}

impl Mode {
    /// « LR/AR n° 1A 234… », « contre décharge », « courriel ».
    pub fn libelle(&self) -> String {
        match self {
            Self::LrAr { numero } => format!("LR/AR n° {numero}"),
            Self::Decharge => "contre décharge".into(),
            Self::Courriel { adresse } => format!("courriel à {adresse}"),
        }
    }
    /// Le mode vaut-il preuve au sens de la check-list (LR/AR ou décharge) ?
    pub fn vaut_preuve(&self) -> bool {
        matches!(self, Self::LrAr { .. } | Self::Decharge)
    }
}

/// Une remise notée.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remise {
    /// Comment.
    pub mode: Mode,
    /// Quel jour.
    pub le: Date,
}

/// Un document édité et figé.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Code au catalogue des documents (« convocation-candidat »).
    pub code: String,
    /// Pour qui, s'il est nominatif.
    pub destinataire: Option<Destinataire>,
    /// La pièce stockée.
    pub piece: PieceId,
    /// SHA-256 des octets, en hexadécimal.
    pub empreinte: String,
    /// Nom de fichier proposé.
    pub nom: String,
    /// Tête du journal imprimée dessus.
    pub tete: String,
}

/// L'état d'une convocation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Convocation {
    /// La dernière édition.
    pub document: Option<Document>,
    /// Rang de cette édition.
    pub rang: u64,
    /// La remise, avec son rang.
    pub remise: Option<(Remise, u64)>,
    /// Le dernier envoi demandé par courriel : la pièce, l'adresse.
    pub envoi: Option<(PieceId, String)>,
    /// L'accusé de réception donné par lien privé : la pièce, le jour.
    pub accuse: Option<(PieceId, Date)>,
}

impl Convocation {
    /// Le jour où la personne a accusé réception de la dernière édition.
    pub fn accusee_le(&self) -> Option<Date> {
        let piece = &self.document.as_ref()?.piece;
        self.accuse
            .as_ref()
            .filter(|(p, _)| p == piece)
            .map(|(_, le)| *le)
    }
}

/// Toutes les convocations et tous les documents figés.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Convocations {
    /// Par destinataire.
    pub par_destinataire: BTreeMap<Destinataire, Convocation>,
    /// Tous les documents figés, avec leur rang, dans l'ordre.
    pub documents: Vec<(u64, Document)>,
}

/// Où en est une convocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Etat {
    /// Pas encore éditée.
    AEditer,
    /// Éditée, pas encore remise.
    ARemettre,
    /// Remise.
    Remise,
    /// Éditée ou remise, mais le planning a changé depuis : à refaire.
    ARefaire,
}

impl Etat {
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::AEditer => "À éditer",
            Self::ARemettre => "Éditée, à remettre",
            Self::Remise => "Remise",
            Self::ARefaire => "À refaire : le planning a changé",
        }
    }
    /// Classe de la feuille de style.
    pub fn code(self) -> &'static str {
        match self {
            Self::AEditer => "a-editer",
            Self::ARemettre => "a-remettre",
            Self::Remise => "remise",
            Self::ARefaire => "a-refaire",
        }
    }
}

impl Convocation {
    /// Où elle en est, sachant le rang du dernier changement qui la rendrait fausse.
    pub(crate) fn etat(&self, derniere: u64) -> Etat {
        if self.document.is_none() {
            return Etat::AEditer;
        }
        if derniere > self.rang {
            return Etat::ARefaire;
        }
        match &self.remise {
            // Fût-ce d'une édition précédente : si rien n'a changé depuis, elle reste vraie.
            Some((_, rang)) if *rang > derniere => Etat::Remise,
            _ => Etat::ARemettre,
        }
    }
}

impl Convocations {
    /// La convocation de ce destinataire.
    pub fn de(&self, d: &Destinataire) -> Option<&Convocation> {
        self.par_destinataire.get(d)
    }
    /// Une convocation a-t-elle été remise à ce candidat ?
    pub fn est_remise_candidat(&self, c: &CandidatId) -> bool {
        self.est_remise(&Destinataire::Candidat(c.clone()))
    }
    /// Ce destinataire tient-il une convocation, fût-elle périmée ?
    pub fn est_remise(&self, d: &Destinataire) -> bool {
        self.de(d).is_some_and(|x| x.remise.is_some())
    }
    /// Un document figé par sa pièce.
    pub fn document(&self, piece: &PieceId) -> Option<&Document> {
        self.documents
            .iter()
            .map(|(_, d)| d)
            .find(|d| d.piece == *piece)
    }
    pub(super) fn oublier(&mut self, d: &Destinataire) {
        self.par_destinataire.remove(d);
    }
}

/// Ce qu'on veut faire.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Figer un ou plusieurs documents composés.
    Figer(Vec<Document>),
    /// Noter une remise.
    Remettre {
        destinataires: Vec<Destinataire>,
        remise: Remise,
    },
    /// Noter plusieurs remises, chacune la sienne (un numéro de LR/AR par personne) : toutes ou aucune.
    RemettreChacun {
        remises: Vec<(Destinataire, Remise)>,
    },
    /// Annuler une remise notée par erreur (motif demandé).
    AnnulerRemise { destinataire: Destinataire },
    /// Demander l'envoi par courriel, chacun à son adresse : tous ou aucun.
    Envoyer { envois: Vec<(Destinataire, String)> },
    /// La personne accuse réception d'une édition, par son lien privé ; vaut remise si rien n'était noté.
    Accuser {
        destinataire: Destinataire,
        piece: PieceId,
        adresse: String,
    },
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Document figé.
        Fige(Document),
        /// Remise notée.
        Remise {
            destinataire: Destinataire,
            nom: String,
            remise: Remise,
        },
        /// Remise annulée.
        RemiseAnnulee {
            destinataire: Destinataire,
            nom: String,
            motif: String,
        },
        /// Envoi par courriel demandé.
        EnvoiDemande {
            destinataire: Destinataire,
            nom: String,
            adresse: String,
            piece: PieceId,
        },
        /// Réception accusée par lien privé.
        Accusee {
            destinataire: Destinataire,
            nom: String,
            piece: PieceId,
            le: Date,
        },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Fige(_) => "documents.fige",
            Self::Remise { .. } => "convocations.remise",
            Self::RemiseAnnulee { .. } => "convocations.remise_annulee",
            Self::EnvoiDemande { .. } => "convocations.envoi_demande",
            Self::Accusee { .. } => "convocations.accusee",
        }
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Fige(d) => format!(
                "Document figé : {} (empreinte {}…)",
                d.nom,
                d.empreinte.get(..12).unwrap_or(&d.empreinte)
            ),
            Self::Remise { nom, remise, .. } => format!(
                "Convocation remise à {nom} le {} : {}",
                temps::date_chiffres(remise.le),
                remise.mode.libelle()
            ),
            Self::RemiseAnnulee { nom, motif, .. } => {
                format!(
                    "Remise de la convocation {} annulée (motif : {motif})",
                    de(nom)
                )
            }
            Self::EnvoiDemande { nom, adresse, .. } => {
                format!(
                    "Envoi de la convocation {} par courriel demandé ({adresse})",
                    de(nom)
                )
            }
            Self::Accusee { nom, le, .. } => format!(
                "{nom} accuse réception de sa convocation par son lien privé, le {}",
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
    s.programme()?;
    match action {
        Action::Figer(documents) => {
            if documents.is_empty() {
                return Err(Constat::geste(
                    "DOC-01",
                    "Aucun document n’est à éditer.",
                    "Choisissez au moins un destinataire.",
                )
                .into());
            }
            Ok(documents
                .iter()
                .map(|d| Evenement::Fige(d.clone()))
                .collect())
        }
        Action::Remettre {
            destinataires,
            remise,
        } => {
            let remises: Vec<_> = destinataires.iter().map(|d| (d, remise)).collect();
            remettre(s, &remises, ctx)
        }
        Action::RemettreChacun { remises } => {
            let remises: Vec<_> = remises.iter().map(|(d, r)| (d, r)).collect();
            remettre(s, &remises, ctx)
        }
        Action::AnnulerRemise { destinataire } => {
            if s.convocations
                .de(destinataire)
                .is_none_or(|c| c.remise.is_none())
            {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::RemiseAnnulee {
                destinataire: destinataire.clone(),
                nom: s.nom_destinataire(destinataire)?,
                motif: super::motif(ctx)?,
            }])
        }
        Action::Envoyer { envois } => envoyer(s, envois),
        Action::Accuser {
            destinataire,
            piece,
            adresse,
        } => accuser(s, destinataire, piece, adresse, ctx),
    }
}

/// La convocation éditée de cette personne, encore vraie.
fn a_jour<'s>(s: &'s Session, d: &Destinataire) -> Result<(String, &'s Convocation), Refus> {
    let nom = s.nom_destinataire(d)?;
    let Some(c) = s.convocations.de(d).filter(|c| c.document.is_some()) else {
        return Err(Constat::geste(
            "DOC-02",
            format!("La convocation {} n’est pas encore éditée.", de(&nom)),
            "Éditez-la d’abord : on ne remet que ce qui est imprimé.",
        )
        .into());
    };
    if s.etat_convocation(d) == Etat::ARefaire {
        return Err(Constat::geste(
            "DOC-03",
            format!(
                "La convocation {} a été éditée avant le dernier changement de planning.",
                de(&nom)
            ),
            "Éditez-la de nouveau, puis remettez-la.",
        )
        .into());
    }
    Ok((nom, c))
}

/// Tous les envois, ou aucun.
fn envoyer(s: &Session, envois: &[(Destinataire, String)]) -> Result<Vec<Evenement>, Refus> {
    if envois.is_empty() {
        return Err(aucune_choisie());
    }
    let mut e = vec![];
    for (d, adresse) in envois {
        let (nom, c) = a_jour(s, d)?;
        if !super::candidats::courriel_plausible(adresse) {
            return Err(Constat::saisie(
                "adresse",
                format!(
                    "L’adresse de courriel {} manque ou n’est pas complète.",
                    de(&nom)
                ),
                "Complétez-la dans le tableau, ou choisissez un autre mode de remise.",
            )
            .into());
        }
        let Some(document) = &c.document else {
            continue;
        };
        e.push(Evenement::EnvoiDemande {
            destinataire: d.clone(),
            nom,
            adresse: adresse.clone(),
            piece: document.piece.clone(),
        });
    }
    Ok(e)
}

fn accuser(
    s: &Session,
    d: &Destinataire,
    piece: &PieceId,
    adresse: &str,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let nom = s.nom_destinataire(d)?;
    let connue = s
        .convocations
        .document(piece)
        .is_some_and(|x| x.destinataire.as_ref() == Some(d));
    let convocation = s.convocations.de(d).filter(|_| connue).ok_or_else(|| {
        Refus::from(Constat::geste(
            "DOC-05",
            "Cette convocation n’est plus celle de la session.",
            "Demandez au centre de vous renvoyer la bonne.",
        ))
    })?;
    if convocation.accuse.as_ref().is_some_and(|(p, _)| p == piece) {
        return Ok(vec![]);
    }
    let mut e = vec![Evenement::Accusee {
        destinataire: d.clone(),
        nom: nom.clone(),
        piece: piece.clone(),
        le: ctx.jour(),
    }];
    let derniere = convocation
        .document
        .as_ref()
        .is_some_and(|x| x.piece == *piece);
    if derniere && s.etat_convocation(d) == Etat::ARemettre {
        e.push(Evenement::Remise {
            destinataire: d.clone(),
            nom,
            remise: Remise {
                mode: Mode::Courriel {
                    adresse: adresse.to_owned(),
                },
                le: ctx.jour(),
            },
        });
    }
    Ok(e)
}

fn aucune_choisie() -> Refus {
    Constat::saisie(
        "destinataires",
        "Aucune convocation n’est choisie.",
        "Cochez au moins une personne.",
    )
    .into()
}

/// Toutes les remises, ou aucune.
fn remettre(
    s: &Session,
    remises: &[(&Destinataire, &Remise)],
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    if remises.is_empty() {
        return Err(aucune_choisie());
    }
    let mut e = vec![];
    for (d, remise) in remises {
        verifier_remise(remise, ctx)?;
        let (nom, c) = a_jour(s, d)?;
        if c.remise
            .as_ref()
            .is_some_and(|(r, rang)| r == *remise && *rang > c.rang)
        {
            continue;
        }
        e.push(Evenement::Remise {
            destinataire: (*d).clone(),
            nom,
            remise: (*remise).clone(),
        });
    }
    Ok(e)
}

fn verifier_remise(r: &Remise, ctx: &Contexte) -> Result<(), Refus> {
    let mut k = vec![];
    if r.le > ctx.jour() {
        k.push(Constat::saisie(
            "le",
            "La remise ne peut pas être notée à une date à venir.",
            "Notez-la le jour où elle est faite.",
        ));
    }
    if temps::jours_entre(r.le, ctx.jour()) > 400 {
        k.push(Constat::saisie(
            "le",
            "La date de remise a plus d’un an.",
            "Vérifiez l’année.",
        ));
    }
    match &r.mode {
        Mode::LrAr { numero } if numero.trim().is_empty() || numero.chars().count() > 40 => {
            k.push(Constat::saisie(
                "numero",
                "Le numéro de la lettre recommandée manque ou dépasse 40 signes.",
                "Recopiez-le depuis le bordereau de La Poste.",
            ))
        }
        Mode::Courriel { adresse } if !super::candidats::courriel_plausible(adresse) => {
            k.push(Constat::saisie(
                "adresse",
                "L’adresse de courriel n’est pas complète.",
                "Complétez-la, ou choisissez un autre mode de remise.",
            ))
        }
        _ => {}
    }
    if k.is_empty() {
        Ok(())
    } else {
        Err(Refus { constats: k })
    }
}

pub(super) fn appliquer(s: &mut Session, e: &Evenement, rang: u64) {
    match e {
        Evenement::Fige(d) => {
            s.convocations.documents.push((rang, d.clone()));
            if let Some(dest) = &d.destinataire
                && d.code.starts_with("convocation-")
            {
                let c = s
                    .convocations
                    .par_destinataire
                    .entry(dest.clone())
                    .or_default();
                c.document = Some(d.clone());
                c.rang = rang;
            }
        }
        Evenement::Remise {
            destinataire,
            remise,
            ..
        } => {
            s.convocations
                .par_destinataire
                .entry(destinataire.clone())
                .or_default()
                .remise = Some((remise.clone(), rang))
        }
        Evenement::RemiseAnnulee { destinataire, .. } => {
            if let Some(c) = s.convocations.par_destinataire.get_mut(destinataire) {
                c.remise = None;
            }
        }
        Evenement::EnvoiDemande {
            destinataire,
            adresse,
            piece,
            ..
        } => {
            if let Some(c) = s.convocations.par_destinataire.get_mut(destinataire) {
                c.envoi = Some((piece.clone(), adresse.clone()));
            }
        }
        Evenement::Accusee {
            destinataire,
            piece,
            le,
            ..
        } => {
            if let Some(c) = s.convocations.par_destinataire.get_mut(destinataire) {
                c.accuse = Some((piece.clone(), *le));
            }
        }
    }
}
