//! Programmer la session : quel titre, où, quand, sous quel numéro CERES.

use super::Session;
use crate::contexte::{Constat, Contexte, Refus};
use crate::etiquette::etiquete;
use crate::referentiel::{Epreuve, Referentiel};
use crate::{SiteId, temps};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Durée maximale acceptée, en jours : au-delà, c'est une faute de frappe (limite de Garant, non réglementaire).
pub const DUREE_MAX_JOURS: i64 = 60;

/// Type de session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeSession {
    /// Session titre.
    Titre,
    /// Session CCP : certificat(s) de compétences professionnelles.
    Ccp,
    /// Session CCS : certificat complémentaire de spécialisation.
    Ccs,
}

impl TypeSession {
    /// Tous les types.
    pub const TOUS: [TypeSession; 3] = [Self::Titre, Self::Ccp, Self::Ccs];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Titre => "Session titre",
            Self::Ccp => "Session CCP",
            Self::Ccs => "Session CCS",
        }
    }
    /// Code stocké.
    pub fn code(self) -> &'static str {
        match self {
            Self::Titre => "titre",
            Self::Ccp => "ccp",
            Self::Ccs => "ccs",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|t| t.code() == code)
    }
}

/// Nature d'une salle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NatureSalle {
    /// Plateau technique.
    Plateau,
    /// Salle ordinaire.
    Salle,
    /// Local d'entretien individuel et confidentiel.
    Entretien,
}

impl NatureSalle {
    /// Toutes.
    pub const TOUTES: [NatureSalle; 3] = [Self::Plateau, Self::Salle, Self::Entretien];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Plateau => "Plateau technique",
            Self::Salle => "Salle",
            Self::Entretien => "Local d’entretien",
        }
    }
    /// Code stocké.
    pub fn code(self) -> &'static str {
        match self {
            Self::Plateau => "plateau",
            Self::Salle => "salle",
            Self::Entretien => "entretien",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|t| t.code() == code)
    }
}

/// Une salle du site, figée avec la session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Salle {
    /// Nom affiché sur la porte.
    pub nom: String,
    /// Nature.
    pub nature: NatureSalle,
    /// Postes ou places.
    pub capacite: u32,
    /// Accessible à une personne à mobilité réduite.
    pub accessible: bool,
}

/// Le site de la session, tel qu'il était quand la session a été programmée.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Identifiant dans le centre.
    pub id: SiteId,
    /// Nom.
    pub nom: String,
    /// Adresse complète, telle qu'elle s'imprime.
    pub adresse: String,
    /// Salles.
    pub salles: Vec<Salle>,
}

/// Ce que la session est : figé à la création, corrigé avec un motif.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programme {
    /// Type.
    pub type_session: TypeSession,
    /// CCP visés (session CCP), ou intitulé du CCS.
    pub certificats: Vec<String>,
    /// Le référentiel figé.
    pub referentiel: Box<Referentiel>,
    /// Le site.
    pub site: Site,
    /// Premier jour.
    pub debut: Date,
    /// Dernier jour.
    pub fin: Date,
    /// Numéro CERES, une fois connu.
    pub numero_ceres: Option<String>,
    /// Modèle de check-list figé (« taches-2016 »).
    pub modele_taches: String,
    /// Annulée, pourquoi.
    pub annulee: Option<String>,
}

impl Programme {
    /// Épreuves que passe un candidat de cette session, dans l'ordre.
    pub fn epreuves(&self) -> Vec<&Epreuve> {
        self.parcourir_epreuves().collect()
    }

    /// Les mêmes, une à une : les règles les cherchent des centaines de fois.
    pub fn parcourir_epreuves(&self) -> impl Iterator<Item = &Epreuve> {
        let type_session = self.type_session;
        let du_titre = (type_session != TypeSession::Ccp).then_some(&self.referentiel.epreuves);
        let des_ccp = (type_session == TypeSession::Ccp).then_some(&self.certificats);
        du_titre
            .into_iter()
            .flatten()
            .filter(move |e| {
                type_session != TypeSession::Ccs || e.modalite != crate::referentiel::Modalite::Ef
            })
            .chain(
                des_ccp
                    .into_iter()
                    .flatten()
                    .filter_map(|c| self.referentiel.ccp(c))
                    .flat_map(|c| c.epreuves.iter()),
            )
    }

    /// L'épreuve de ce code.
    pub fn epreuve(&self, code: &str) -> Option<&Epreuve> {
        self.parcourir_epreuves().find(|e| e.code == code)
    }

    /// Le référentiel demande-t-il un surveillant à une épreuve au moins ?
    pub fn demande_surveillant(&self) -> bool {
        self.parcourir_epreuves()
            .any(|e| e.presence_jury.demande_surveillant())
    }

    /// « Session titre », « Session CCP : CCP1, CCP2 ».
    pub fn libelle_type(&self) -> String {
        if self.certificats.is_empty() {
            self.type_session.libelle().into()
        } else {
            format!(
                "{} : {}",
                self.type_session.libelle(),
                self.certificats.join(", ")
            )
        }
    }

    /// Les jours de la session.
    pub fn jours(&self) -> Vec<Date> {
        let mut j = vec![];
        let mut d = self.debut;
        while d <= self.fin && j.len() <= DUREE_MAX_JOURS as usize {
            j.push(d);
            let Ok(suivant) = d.tomorrow() else { break };
            d = suivant;
        }
        j
    }
}

/// Ce qu'on veut faire du programme.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Créer la session.
    Creer(Programme),
    /// Changer les dates (motif demandé).
    Deplacer {
        /// Premier jour.
        debut: Date,
        /// Dernier jour.
        fin: Date,
    },
    /// Changer de site (motif demandé).
    ChangerSite(Site),
    /// Recopier le numéro de CERES ; un changement demande un motif.
    RenseignerCeres(String),
    /// Adopter une autre version du même référentiel (motif demandé).
    AdopterReferentiel(Box<Referentiel>),
    /// Annuler la session (motif demandé).
    Annuler,
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Session créée.
        Creee(Programme),
        /// Dates changées.
        Deplacee {
            debut: Date,
            fin: Date,
            motif: String,
        },
        /// Site changé.
        SiteChange { site: Site, motif: String },
        /// Numéro CERES noté.
        CeresRenseigne {
            numero: String,
            motif: Option<String>,
        },
        /// Référentiel adopté.
        ReferentielAdopte {
            referentiel: Box<Referentiel>,
            motif: String,
        },
        /// Session annulée.
        Annulee { motif: String },
    }
}

impl Evenement {
    /// Étiquette stockée.
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Creee(_) => "programme.creee",
            Self::Deplacee { .. } => "programme.deplacee",
            Self::SiteChange { .. } => "programme.site_change",
            Self::CeresRenseigne { .. } => "programme.ceres_renseigne",
            Self::ReferentielAdopte { .. } => "programme.referentiel_adopte",
            Self::Annulee { .. } => "programme.annulee",
        }
    }

    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Creee(p) => format!(
                "{} créée : {}, {}, {}",
                p.libelle_type(),
                p.referentiel.designation(),
                temps::periode(p.debut, p.fin),
                p.site.nom
            ),
            Self::Deplacee { debut, fin, motif } => format!(
                "Session déplacée {} (motif : {motif})",
                temps::periode(*debut, *fin)
            ),
            Self::SiteChange { site, motif } => {
                format!("Session portée au site {} (motif : {motif})", site.nom)
            }
            Self::CeresRenseigne { numero, motif } => match motif {
                Some(m) => format!("Numéro CERES corrigé : {numero} (motif : {m})"),
                None => format!("Numéro CERES noté : {numero}"),
            },
            Self::ReferentielAdopte { referentiel, motif } => format!(
                "Référentiel adopté : {}, version {} du centre (motif : {motif})",
                referentiel.designation(),
                referentiel.version
            ),
            Self::Annulee { motif } => format!("Session annulée (motif : {motif})"),
        }
    }
}

pub(super) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    match action {
        Action::Creer(p) => {
            if s.programme.is_some() {
                return Err(Constat::geste(
                    "PRO-01",
                    "Cette session existe déjà.",
                    "Ouvrez-la depuis la liste des sessions.",
                )
                .into());
            }
            let mut c = verifier_dates(p.debut, p.fin);
            verifier_certificats(p, &mut c);
            if !c.is_empty() {
                return Err(Refus { constats: c });
            }
            Ok(vec![Evenement::Creee(p.clone())])
        }
        Action::Deplacer { debut, fin } => {
            let p = s.programme()?;
            let c = verifier_dates(*debut, *fin);
            if !c.is_empty() {
                return Err(Refus { constats: c });
            }
            if (p.debut, p.fin) == (*debut, *fin) {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::Deplacee {
                debut: *debut,
                fin: *fin,
                motif: super::motif(ctx)?,
            }])
        }
        Action::ChangerSite(site) => {
            if s.programme()?.site == *site {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::SiteChange {
                site: site.clone(),
                motif: super::motif(ctx)?,
            }])
        }
        Action::RenseignerCeres(numero) => {
            let numero = numero.trim();
            if numero.is_empty()
                || numero.chars().count() > 40
                || numero.chars().any(char::is_control)
            {
                return Err(Constat::saisie(
                    "numero_ceres",
                    "Le numéro de session CERES compte de 1 à 40 caractères.",
                    "Recopiez-le tel que CERES l’affiche.",
                )
                .into());
            }
            let ancien = s.programme()?.numero_ceres.clone();
            if ancien.as_deref() == Some(numero) {
                return Ok(vec![]);
            }
            let motif = if ancien.is_some() {
                Some(super::motif(ctx)?)
            } else {
                None
            };
            Ok(vec![Evenement::CeresRenseigne {
                numero: numero.into(),
                motif,
            }])
        }
        Action::AdopterReferentiel(r) => {
            let p = s.programme()?;
            if p.referentiel.cle != r.cle {
                return Err(Constat::geste("PRO-02", format!("Cette session porte sur {} ; elle ne peut pas changer de titre ni de millésime.", p.referentiel.designation()), "Annulez-la et créez-en une autre pour ce titre.").into());
            }
            if p.referentiel == *r {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::ReferentielAdopte {
                referentiel: r.clone(),
                motif: super::motif(ctx)?,
            }])
        }
        Action::Annuler => {
            s.programme()?;
            Ok(vec![Evenement::Annulee {
                motif: super::motif(ctx)?,
            }])
        }
    }
}

fn verifier_dates(debut: Date, fin: Date) -> Vec<Constat> {
    let mut c = vec![];
    if fin < debut {
        c.push(Constat::saisie(
            "fin",
            format!(
                "La session finirait {} avant d’avoir commencé {}.",
                temps::date_longue(fin),
                temps::date_longue(debut)
            ),
            "Vérifiez les deux dates.",
        ));
    } else if temps::jours_entre(debut, fin) >= DUREE_MAX_JOURS {
        c.push(Constat::saisie(
            "fin",
            format!(
                "La session durerait {} jours ; Garant en accepte {DUREE_MAX_JOURS}.",
                temps::jours_entre(debut, fin) + 1
            ),
            "Vérifiez l’année et le mois de la date de fin, ou créez plusieurs sessions.",
        ));
    }
    if !(2016..=2099).contains(&debut.year()) {
        c.push(Constat::saisie(
            "debut",
            "La date de début est hors du calendrier de Garant (2016 à 2099).",
            "Vérifiez l’année.",
        ));
    }
    c
}

fn verifier_certificats(p: &Programme, c: &mut Vec<Constat>) {
    match p.type_session {
        TypeSession::Titre => {}
        TypeSession::Ccp => {
            if p.certificats.is_empty() {
                c.push(Constat::saisie(
                    "certificats",
                    "Une session CCP porte sur un CCP au moins.",
                    "Cochez le ou les CCP que passent les candidats.",
                ));
            }
            for code in &p.certificats {
                if p.referentiel.ccp(code).is_none() {
                    c.push(Constat::saisie(
                        "certificats",
                        format!("Le titre ne comporte pas de {code}."),
                        "Complétez le référentiel du titre, ou choisissez un autre CCP.",
                    ));
                }
            }
        }
        TypeSession::Ccs => {
            if p.certificats.iter().all(|x| x.trim().is_empty()) {
                c.push(Constat::saisie(
                    "ccs",
                    "Une session CCS porte sur un certificat complémentaire de spécialisation.",
                    "Écrivez l’intitulé exact du CCS.",
                ));
            }
        }
    }
    if p.certificats.iter().any(|x| x.chars().count() > 200) || p.certificats.len() > 20 {
        c.push(Constat::saisie(
            "certificats",
            "L’intitulé du certificat dépasse 200 caractères.",
            "Raccourcissez-le.",
        ));
    }
}

pub(super) fn appliquer(s: &mut Session, e: &Evenement, rang: u64) {
    match e {
        Evenement::Creee(p) => s.programme = Some(p.clone()),
        Evenement::Deplacee { debut, fin, .. } => {
            if let Some(p) = &mut s.programme {
                p.debut = *debut;
                p.fin = *fin;
            }
            s.planning.toucher_tous(rang);
        }
        Evenement::SiteChange { site, .. } => {
            if let Some(p) = &mut s.programme {
                p.site = site.clone();
            }
            s.planning.toucher_tous(rang);
        }
        Evenement::CeresRenseigne { numero, .. } => {
            if let Some(p) = &mut s.programme {
                p.numero_ceres = Some(numero.clone());
            }
        }
        Evenement::ReferentielAdopte { referentiel, .. } => {
            if let Some(p) = &mut s.programme {
                p.referentiel = referentiel.clone();
            }
            s.planning.toucher_tous(rang);
        }
        Evenement::Annulee { motif } => {
            if let Some(p) = &mut s.programme {
                p.annulee = Some(motif.clone());
            }
        }
    }
}
