//! Ce que l'on note du procès-verbal, ce qui s'est passé, et ce que l'état en retient.

use super::{Canal, Etape, Franchie, Scan};
use crate::etiquette::etiquete;
use crate::libelles::au_fil;
use crate::session::Session;
use crate::temps;
use jiff::civil::DateTime;

etiquete! { "etape", "dit" =>
    /// Ce que dit le franchissement d'une étape.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Pas {
        /// Transcrit ; dates et renseignements vérifiés.
        Transcrire { verifie: bool },
        /// Fiches individuelles signées par tous.
        SignerFiches { toutes: bool },
        /// Enregistré dans CERES, relu contre le brouillon.
        EnregistrerCeres { conforme: bool },
        /// Édité.
        Editer,
        /// Signé par tous les jurés.
        FaireSigner { tous: bool },
        /// Observations du jury, telles qu'écrites au PV.
        Observer { texte: String },
        /// Signé par le surveillant.
        FaireSignerSurveillant,
        /// Contresigné ; brouillon, CERES et papier concordent.
        Contresigner { concordant: bool },
        /// Original envoyé.
        Envoyer { canal: Canal, numero: String },
        /// Candidats informés, comment.
        InformerCandidats { moyen: String },
        /// Copie revenue, signée par qui.
        RecevoirCopie { signataire: String },
        /// Liste affichée.
        Afficher { lieu: String },
    }
}

impl Pas {
    /// L'étape franchie.
    pub fn etape(&self) -> Etape {
        match self {
            Self::Transcrire { .. } => Etape::Transcrit,
            Self::SignerFiches { .. } => Etape::FichesSignees,
            Self::EnregistrerCeres { .. } => Etape::Ceres,
            Self::Editer => Etape::Edite,
            Self::FaireSigner { .. } => Etape::SigneJury,
            Self::Observer { .. } => Etape::Observations,
            Self::FaireSignerSurveillant => Etape::SigneSurveillant,
            Self::Contresigner { .. } => Etape::Contresigne,
            Self::Envoyer { .. } => Etape::Envoye,
            Self::InformerCandidats { .. } => Etape::CandidatsInformes,
            Self::RecevoirCopie { .. } => Etape::CopieRevenue,
            Self::Afficher { .. } => Etape::Affiche,
        }
    }
    /// Ce qui s'est dit de plus.
    pub fn detail(&self) -> String {
        match self {
            Self::Observer { texte } => texte.clone(),
            Self::Contresigner { .. } => "brouillon, CERES et papier concordent".into(),
            Self::Envoyer { canal, numero } if numero.is_empty() => canal.libelle().into(),
            Self::Envoyer { canal, numero } => format!("{}, n° {numero}", canal.libelle()),
            Self::InformerCandidats { moyen } => moyen.clone(),
            Self::RecevoirCopie { signataire } => format!("signée par {signataire}"),
            Self::Afficher { lieu } => lieu.clone(),
            Self::Transcrire { .. }
            | Self::SignerFiches { .. }
            | Self::EnregistrerCeres { .. }
            | Self::Editer
            | Self::FaireSigner { .. }
            | Self::FaireSignerSurveillant => String::new(),
        }
    }
}

/// Ce qu'on veut noter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
pub enum Action {
    /// Franchir l'étape suivante.
    Franchir { pas: Pas, survenu: DateTime },
    /// Joindre le scan du papier signé.
    Joindre(Scan),
}

etiquete! { "quoi", "donnees" =>
    /// Ce qui s'est passé.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)] // chaque variante est décrite ; ses champs portent les mots du métier
    pub enum Evenement {
        /// Étape franchie.
        Franchi {
            pas: Pas,
            survenu: DateTime,
            par: String,
        },
        /// Scan joint.
        Joint(Scan),
    }
}

impl Evenement {
    /// Étiquette stockée : « pv.contresigne ».
    pub fn etiquette(&self) -> &'static str {
        match self {
            Self::Franchi { pas, .. } => match pas.etape() {
                Etape::Transcrit => "pv.transcrit",
                Etape::FichesSignees => "pv.fiches_signees",
                Etape::Ceres => "pv.ceres",
                Etape::Edite => "pv.edite",
                Etape::SigneJury => "pv.signe_jury",
                Etape::Observations => "pv.observations",
                Etape::SigneSurveillant => "pv.signe_surveillant",
                Etape::Contresigne => "pv.contresigne",
                Etape::Envoye => "pv.envoye",
                Etape::CandidatsInformes => "pv.candidats_informes",
                Etape::CopieRevenue => "pv.copie_revenue",
                Etape::Affiche => "pv.affiche",
            },
            Self::Joint(_) => "pv.joint",
        }
    }
    /// La phrase du journal.
    pub fn phrase(&self) -> String {
        match self {
            Self::Franchi { pas, survenu, par } => {
                let detail = pas.detail();
                format!(
                    "Procès-verbal : {} {} par {par}{}",
                    au_fil(pas.etape().libelle()),
                    temps::moment(*survenu),
                    if detail.is_empty() {
                        String::new()
                    } else {
                        format!(" ({detail})")
                    }
                )
            }
            Self::Joint(x) => format!(
                "Procès-verbal signé joint : {} (empreinte {}…)",
                x.nom,
                x.empreinte.get(..12).unwrap_or(&x.empreinte)
            ),
        }
    }
}

pub(in crate::session) fn appliquer(s: &mut Session, e: &Evenement, rang: u64) {
    match e {
        Evenement::Franchi { pas, survenu, par } => s.pv.etapes.push(Franchie {
            etape: pas.etape(),
            survenu: *survenu,
            par: par.clone(),
            detail: pas.detail(),
            rang,
        }),
        Evenement::Joint(x) => s.pv.scans.push(x.clone()),
    }
}
