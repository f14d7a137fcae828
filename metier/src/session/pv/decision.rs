//! Ce qui est permis au procès-verbal : l'étape d'après et elle seule.

use super::{Action, Canal, Etape, Evenement, Pas, Pv};
use crate::contexte::{Constat, Contexte, Refus};
use crate::libelles::au_fil;
use crate::session::equipe::Poste;
use crate::session::{
    Session, apres, borner_texte, exiger_texte, nom_realisant, realisant_est, verifier_survenu,
};
use crate::temps;
use jiff::civil::DateTime;

/// Nombre maximal de scans joints (limite de Garant).
const SCANS_MAX: usize = 20;

pub(in crate::session) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    s.programme()?;
    match action {
        Action::Franchir { pas, survenu } => franchir(s, pas, *survenu, ctx),
        Action::Joindre(x) => {
            if s.pv.scans.iter().any(|y| y.empreinte == x.empreinte) {
                return Ok(vec![]);
            }
            if s.pv.franchie(Etape::SigneJury).is_none() {
                return Err(Constat::geste(
                    "PV-03",
                    "Le procès-verbal n’est pas encore signé par le jury.",
                    "Faites-le signer, notez-le, puis joignez le papier numérisé.",
                )
                .into());
            }
            if s.pv.scans.len() >= SCANS_MAX {
                return Err(Constat::geste(
                    "PV-04",
                    format!("{SCANS_MAX} fichiers sont déjà joints."),
                    "Réunissez les pages en un seul fichier.",
                )
                .into());
            }
            Ok(vec![Evenement::Joint(x.clone())])
        }
    }
}

fn franchir(
    s: &Session,
    pas: &Pas,
    survenu: DateTime,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    verifier_ordre(s, pas.etape())?;
    verifier_survenu(ctx, survenu)?;
    match s.pv.etapes.last() {
        Some(f) => apres(survenu, f.survenu, "l’étape précédente")?,
        None => {
            if let Some(close) = s.deliberation.close {
                apres(survenu, close, "la clôture de la délibération")?;
            }
        }
    }
    match pas {
        Pas::Transcrire { verifie } => cocher(
            *verifie,
            "verifie",
            "Les dates et renseignements reportés ne sont pas notés vérifiés.",
            "Relisez le procès-verbal, puis cochez la case.",
        )?,
        Pas::SignerFiches { toutes } => cocher(
            *toutes,
            "toutes",
            "Chaque fiche individuelle porte la signature de tous les jurés.",
            "Faites signer celles qui manquent, puis cochez la case.",
        )?,
        Pas::EnregistrerCeres { conforme } => cocher(
            *conforme,
            "conforme",
            "Ce qui est dans CERES n’est pas noté conforme au brouillon de contrôle.",
            "Comparez ligne à ligne, puis cochez la case.",
        )?,
        Pas::FaireSigner { tous } => cocher(
            *tous,
            "tous",
            "Tous les jurés signent le procès-verbal.",
            "Faites signer ceux qui manquent, puis cochez la case.",
        )?,
        Pas::Observer { texte } => exiger_texte("texte", "Les observations", texte, 4_000)?,
        Pas::Contresigner { concordant } => {
            if !realisant_est(s, ctx, Poste::Responsable)
                && !realisant_est(s, ctx, Poste::Suppleant)
            {
                return Err(Constat::geste(
                    "R92",
                    "Le procès-verbal est contresigné par le responsable de session (ou son suppléant).",
                    "Choisissez dans « Fait par » la personne qui a contresigné.",
                )
                .into());
            }
            cocher(
                *concordant,
                "concordant",
                "Brouillon de contrôle, CERES et papier signé ne sont pas notés concordants.",
                "Comparez les trois, puis cochez la case.",
            )?;
        }
        Pas::Envoyer { canal, numero } => {
            borner_texte("numero", "Le numéro de suivi", numero, 60)?;
            if *canal != Canal::MainPropre {
                exiger_texte("numero", "Le numéro de suivi", numero, 60)?;
            }
        }
        Pas::InformerCandidats { moyen } => exiger_texte("moyen", "Le moyen", moyen, 200)?,
        Pas::RecevoirCopie { signataire } => {
            exiger_texte("signataire", "Le signataire", signataire, 120)?;
        }
        Pas::Afficher { lieu } => exiger_texte("lieu", "Le lieu", lieu, 120)?,
        Pas::Editer | Pas::FaireSignerSurveillant => {}
    }
    Ok(vec![Evenement::Franchi {
        pas: pas.clone(),
        survenu,
        par: nom_realisant(s, ctx),
    }])
}

fn cocher(coche: bool, champ: &str, phrase: &str, remede: &str) -> Result<(), Refus> {
    if coche {
        return Ok(());
    }
    Err(Constat::saisie(champ, phrase, remede).into())
}

fn verifier_ordre(s: &Session, etape: Etape) -> Result<(), Refus> {
    if let Some(f) = s.pv.franchie(etape) {
        return Err(Constat::geste(
            "PV-02",
            format!(
                "C’est déjà noté : {}, {}, par {}.",
                au_fil(etape.libelle()),
                temps::moment(f.survenu),
                f.par
            ),
            "Rechargez la page pour voir où en est le procès-verbal.",
        )
        .into());
    }
    if s.deliberation.close.is_none() {
        return Err(Constat {
            page: Some("deliberation".into()),
            ..Constat::geste(
                "PV-01",
                "La délibération n’est pas close : il n’y a pas encore de procès-verbal.",
                "Transcrivez chaque décision, puis clôturez la délibération.",
            )
        }
        .into());
    }
    match Pv::prochaine(s) {
        Some(attendue) if attendue == etape => Ok(()),
        Some(attendue) => {
            let code = match etape {
                Etape::Edite => "R91",
                Etape::Contresigne => "R92",
                Etape::Affiche => "R96",
                Etape::Transcrit
                | Etape::FichesSignees
                | Etape::Ceres
                | Etape::SigneJury
                | Etape::Observations
                | Etape::SigneSurveillant
                | Etape::Envoye
                | Etape::CandidatsInformes
                | Etape::CopieRevenue => "PV-05",
            };
            Err(Constat::geste(
                code,
                format!(
                    "« {} » vient après « {} », qui n’est pas encore noté.",
                    etape.libelle(),
                    attendue.libelle()
                ),
                "Notez les étapes dans l’ordre de la check-list.",
            )
            .into())
        }
        None => Err(Constat::geste(
            "PV-06",
            "Toutes les étapes du procès-verbal sont faites.",
            "Il ne reste qu’à archiver.",
        )
        .into()),
    }
}
