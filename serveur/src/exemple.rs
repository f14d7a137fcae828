//! Le centre d'exemple : fictif, daté, complet, pour voir chaque écran avec quelque chose de vrai dedans.
//!
//! Ses comptes ont un mot de passe public : ils ne valent que depuis cette machine.

mod courriers;
mod deroule;
mod dossiers;
mod plateau;
pub mod plume;
mod recit;
mod remise;
mod volume;

use crate::erreurs::Erreur;
use crate::formulaires::nouvel_identifiant;
use crate::horloge::Horloge;
use crate::{motdepasse, second_facteur};
use jiff::civil::Date;
use metier::Role;
use serde_json::json;
use stockage::comptes::{self, NouveauCentre, NouvelleInvitation, Personne};
use stockage::{Base, Centre, Inscription};

/// Le mot de passe de tous les comptes d'exemple.
pub const MOT_DE_PASSE: &str = "decouvrir-garant-sans-risque";

/// Ce que l'on demande.
#[derive(Debug, Clone, Default)]
pub struct Demande {
    /// Code de premier démarrage à consommer (pages) ; rien depuis la ligne de commande.
    pub code: Option<String>,
    /// Nombre de sessions ; rien : les trois sessions racontées.
    pub sessions: Option<u32>,
    /// Candidats par session, pour le volume.
    pub candidats: Option<u32>,
    /// Graine du tirage.
    pub graine: u64,
    /// Le jour d'aujourd'hui dans l'exemple ; rien : celui de l'horloge.
    pub jour: Option<Date>,
}

/// Un compte d'exemple, à montrer.
#[derive(Debug, Clone)]
pub struct CompteExemple {
    /// Rôle, en clair.
    pub role: String,
    /// Courriel.
    pub courriel: String,
    /// Mot de passe.
    pub mot_de_passe: String,
}

/// Le centre d'exemple créé.
#[derive(Debug, Clone)]
pub struct Cree {
    /// Le centre.
    pub centre: Centre,
    /// Ses comptes.
    pub comptes: Vec<CompteExemple>,
    /// Son équipe, l'administratrice d'abord.
    pub equipe: Vec<Personne>,
}

/// (prénom, nom, fonction, courriel, rôles)
type Fiche = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [Role],
);

const EQUIPE: &[Fiche] = &[
    (
        "Camille",
        "Exemplaire",
        "Responsable pédagogique",
        "responsable@exemple.invalid",
        &[Role::Administrateur, Role::Responsable],
    ),
    (
        "Sacha",
        "Suppléant-Témoin",
        "Coordinateur",
        "suppleant@exemple.invalid",
        &[Role::Responsable],
    ),
    (
        "Dominique",
        "Accueil-Témoin",
        "Secrétariat",
        "secretariat@exemple.invalid",
        &[Role::Secretariat],
    ),
    (
        "Alix",
        "Direction-Témoin",
        "Direction",
        "direction@exemple.invalid",
        &[Role::Directeur],
    ),
    (
        "Maxime",
        "Veille-Témoin",
        "Surveillance",
        "surveillant@exemple.invalid",
        &[Role::Surveillant],
    ),
];

/// Crée le centre d'exemple, son équipe et ses comptes.
pub async fn creer(base: &Base, horloge: &Horloge, demande: &Demande) -> Result<Cree, Erreur> {
    let le = horloge.instant().to_string();
    let mot_de_passe = tokio::task::spawn_blocking(|| motdepasse::hacher_ici(MOT_DE_PASSE))
        .await
        .map_err(|e| Erreur::interne(&e.to_string()))??;
    let equipe: Vec<Personne> = EQUIPE.iter().map(personne).collect();
    let nouveau = NouveauCentre {
        id: uuid::Uuid::now_v7().to_string(),
        nom: "Centre d’exemple (fictif)".into(),
        exemple: true,
        administrateur: equipe[0].clone(),
        roles: EQUIPE[0].4.to_vec(),
        mot_de_passe: mot_de_passe.clone(),
        acte: nouvel_identifiant(),
        le: le.clone(),
    };
    let centre = comptes::creer_centre(base, &nouveau, demande.code.as_deref()).await?;
    for (fiche, personne) in EQUIPE.iter().zip(&equipe).skip(1) {
        ouvrir_compte(
            base,
            &centre,
            fiche,
            personne,
            &mot_de_passe,
            &le,
            &equipe[0],
        )
        .await?;
    }
    let comptes = EQUIPE
        .iter()
        .map(|f| CompteExemple {
            role: f
                .4
                .iter()
                .map(|r| r.libelle())
                .collect::<Vec<_>>()
                .join(", "),
            courriel: f.3.to_owned(),
            mot_de_passe: MOT_DE_PASSE.to_owned(),
        })
        .collect();
    let jour = demande.jour.unwrap_or_else(|| horloge.jour());
    let plume = plume::Plume {
        base,
        centre: &centre,
        personne: &equipe[0],
    };
    let decor = recit::planter(&plume, jour).await?;
    match demande.sessions {
        None => recit::raconter(&plume, &decor, &equipe, jour).await?,
        Some(n) => {
            volume::remplir(
                &plume,
                &decor,
                &equipe[0],
                jour,
                n,
                demande.candidats.unwrap_or(12),
                demande.graine,
            )
            .await?
        }
    }
    Ok(Cree {
        centre,
        comptes,
        equipe,
    })
}

fn personne(fiche: &Fiche) -> Personne {
    Personne {
        id: nouvel_identifiant(),
        nom: fiche.1.into(),
        prenom: fiche.0.into(),
        fonction: fiche.2.into(),
        courriel: fiche.3.into(),
        actif: true,
    }
}

async fn ouvrir_compte(
    base: &Base,
    centre: &Centre,
    fiche: &Fiche,
    personne: &Personne,
    mot_de_passe: &str,
    le: &str,
    par: &Personne,
) -> Result<(), Erreur> {
    let inscription = |qui: &Personne, action: &'static str| Inscription {
        acte: nouvel_identifiant(),
        le: le.to_owned(),
        saisi_par: qui.id.clone(),
        action,
        details: json!({ "personne": personne.id.as_str() }),
    };
    let jeton = second_facteur::jeton()?;
    let invitation = NouvelleInvitation {
        personne,
        connue: false,
        roles: fiche.4,
        jeton: &jeton,
        expire: i64::MAX,
    };
    comptes::inviter(
        base,
        centre,
        &invitation,
        &inscription(par, "equipe.invitee"),
    )
    .await?;
    let recue = comptes::lire_invitation(base, &jeton, 0)
        .await?
        .ok_or_else(|| Erreur::interne("invitation d'exemple perdue"))?;
    comptes::accepter_invitation(
        base,
        &recue,
        &jeton,
        mot_de_passe,
        &inscription(personne, "equipe.compte_ouvert"),
    )
    .await?;
    Ok(())
}
