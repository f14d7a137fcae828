//! La ligne de commande, en français.
//!
//! Codes de sortie : 0 tout va bien ; 1 le journal est altéré, ou la commande n'a pas pu aller au bout ;
//! 2 la commande ou le fichier donné n'est pas lisible ; 3 la configuration ou la base est refusée.

mod commandes;
mod planifier;
mod servir;

use crate::configuration::{
    Configuration, ConfigurationRefusee, DONNEES_PAR_DEFAUT, ECOUTE_PAR_DEFAUT, Fichier,
};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Parser, Subcommand};
use jiff::civil::Date;
use std::path::PathBuf;
use std::process::ExitCode;
use stockage::{Adresse, Base};

/// La commande n'a pas pu aller au bout, ou le journal est altéré.
const ECHEC: u8 = 1;
/// La commande ou le fichier n'est pas lisible.
const ILLISIBLE: u8 = 2;
/// La configuration ou la base est refusée.
const REFUSE: u8 = 3;

const MODELE: &str = "{about-with-newline}\nUsage : {usage}\n\n{all-args}{after-help}";
const CODES: &str = "Codes de sortie :\n  0  tout va bien\n  1  le journal est altéré, ou la commande n’a pas pu aller au bout\n  2  la commande ou le fichier donné n’est pas lisible\n  3  la configuration ou la base est refusée\n\nVariables :\n  GARANT_TRACES   niveau du journal technique (« warn », « info »…)\n  GARANT_HORLOGE  AAAA-MM-JJ : le jour d’aujourd’hui, sur une base vide ou d’exemple seulement";

#[derive(Parser)]
#[command(
    name = "garant",
    version,
    about = "Garant prépare les sessions d’examen du titre professionnel, de leur création à leurs archives.",
    help_template = MODELE,
    after_help = CODES,
    subcommand_help_heading = "Commandes",
    subcommand_value_name = "COMMANDE",
    next_help_heading = "Réglages",
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true
)]
struct Ligne {
    #[command(subcommand)]
    commande: Option<Commande>,
    #[command(flatten)]
    servir: OptionsServir,
    /// Montre cette aide
    #[arg(long, short = 'h', action = clap::ArgAction::Help, global = true)]
    help: Option<bool>,
    /// Montre la version
    #[arg(long, short = 'V', action = clap::ArgAction::Version)]
    version: Option<bool>,
}

/// Où sont les données : commun à toutes les commandes.
#[derive(Args, Clone, Default)]
struct OptionsBase {
    /// Dossier de données [par défaut : donnees]
    #[arg(long, value_name = "DOSSIER")]
    donnees: Option<PathBuf>,
    /// Base : un fichier SQLite, ou une adresse « postgres://… » [par défaut : DOSSIER/garant.db]
    #[arg(long, value_name = "ADRESSE")]
    base: Option<String>,
    /// Fichier de configuration TOML
    #[arg(long, value_name = "FICHIER")]
    configuration: Option<PathBuf>,
}

#[derive(Args, Clone, Default)]
struct OptionsServir {
    /// Adresse d’écoute [par défaut : 127.0.0.1:8080]
    #[arg(long, value_name = "ADRESSE:PORT")]
    ecoute: Option<String>,
    /// Origine publique quand un relais TLS est devant : https://garant.exemple.fr
    #[arg(long, value_name = "URL")]
    origine: Option<String>,
    /// Un relais de confiance écrit X-Forwarded-For
    #[arg(long)]
    relais: bool,
    #[command(flatten)]
    base: OptionsBase,
}

#[derive(Subcommand)]
enum Commande {
    /// Sert le site (c’est aussi ce que fait « garant » seul)
    #[command(help_template = MODELE)]
    Servir(OptionsServir),
    /// Écrit un centre d’exemple fictif et affiche ses comptes, qui ne valent que depuis cette machine
    #[command(help_template = MODELE)]
    Exemple {
        /// Nombre de sessions, pour le volume [par défaut : trois sessions racontées]
        #[arg(long, value_name = "N")]
        sessions: Option<u32>,
        /// Candidats par session, pour le volume
        #[arg(long, value_name = "M")]
        candidats: Option<u32>,
        /// Graine du tirage
        #[arg(long, value_name = "K", default_value_t = 1, hide_default_value = true)]
        graine: u64,
        /// Le jour d’aujourd’hui dans l’exemple
        #[arg(long, value_name = "AAAA-MM-JJ", value_parser = lire_date)]
        date: Option<Date>,
        #[command(flatten)]
        base: OptionsBase,
    },
    /// Recalcule la chaîne d’empreintes : 0 intact, 1 altéré (la ligne est nommée)
    #[command(name = "verifier-le-journal", help_template = MODELE)]
    VerifierLeJournal {
        #[command(flatten)]
        base: OptionsBase,
    },
    /// Lit une liste de candidats et en montre l’aperçu en JSON, sans rien écrire : 0 lisible, 2 illisible
    #[command(name = "importer-candidats", help_template = MODELE)]
    ImporterCandidats {
        /// Le fichier : .csv, .xlsx ou .ods
        #[arg(long, value_name = "FICHIER")]
        apercu: PathBuf,
    },
    /// Compose un document d’une session dans un dossier
    #[command(help_template = MODELE)]
    Editer {
        /// Code du document (« convocation-candidat », « emargement », « tout »…)
        #[arg(value_name = "CODE")]
        code: String,
        /// Identifiant de la session
        #[arg(long, value_name = "ID")]
        session: String,
        /// Dossier où écrire
        #[arg(long, value_name = "DOSSIER")]
        vers: PathBuf,
        #[command(flatten)]
        base: OptionsBase,
    },
    /// Écrit le dossier de contrôle d’une session : un ZIP vérifiable sans Garant
    #[command(help_template = MODELE)]
    Dossier {
        /// Identifiant de la session
        #[arg(long, value_name = "ID")]
        session: String,
        /// Fichier à écrire
        #[arg(long, value_name = "FICHIER")]
        vers: PathBuf,
        #[command(flatten)]
        base: OptionsBase,
    },
    /// Vérifie un dossier de contrôle : 0 intact, 1 altéré (la ligne est nommée)
    #[command(name = "verifier-le-dossier", help_template = MODELE)]
    VerifierLeDossier {
        /// Le ZIP
        #[arg(value_name = "FICHIER")]
        fichier: PathBuf,
    },
    /// Copie la base à chaud dans un fichier, et vérifie la copie
    #[command(help_template = MODELE)]
    Sauvegarder {
        /// Fichier à écrire ; il ne doit pas exister
        #[arg(long, value_name = "FICHIER")]
        vers: PathBuf,
        #[command(flatten)]
        base: OptionsBase,
    },
    /// Remet une sauvegarde en place, service arrêté, et la vérifie
    #[command(help_template = MODELE)]
    Restaurer {
        /// La sauvegarde
        #[arg(long, value_name = "FICHIER")]
        depuis: PathBuf,
        #[command(flatten)]
        base: OptionsBase,
    },
    /// Écrit le registre des purges : de quoi les refaire sur une sauvegarde restaurée (il ne nomme aucun candidat)
    #[command(help_template = MODELE)]
    Purges {
        /// Fichier à compléter [par défaut : purges.jsonl, à côté des données]
        #[arg(long, value_name = "FICHIER")]
        vers: Option<PathBuf>,
        #[command(flatten)]
        base: OptionsBase,
    },
    /// Refait sur cette base les purges d’un registre : 0 toutes en place, 1 l’une n’a pas pu l’être
    #[command(name = "rejouer-les-purges", help_template = MODELE)]
    RejouerLesPurges {
        /// Le registre [par défaut : purges.jsonl, à côté des données]
        #[arg(long, value_name = "FICHIER")]
        registre: Option<PathBuf>,
        #[command(flatten)]
        base: OptionsBase,
    },
    /// Retire au rôle PostgreSQL du site le droit de récrire une preuve, et cloisonne les centres (docs/exploitation.md)
    #[command(name = "durcir-postgres", help_template = MODELE)]
    DurcirPostgres {
        /// Rôle qui sert le site ; il doit exister, et ne pas être celui qui possède les tables
        #[arg(long, value_name = "ROLE")]
        role: String,
        #[command(flatten)]
        base: OptionsBase,
    },
    /// Cherche le planning d’une session : 0 plan écrit (complet ou non), 1 règle impossible à tenir, 2 instance illisible
    #[command(help_template = MODELE)]
    Planifier(planifier::Options),
    /// Donne un lien pour rouvrir un compte dont le mot de passe ou le téléphone est perdu
    #[command(name = "rouvrir-un-compte", help_template = MODELE)]
    RouvrirUnCompte {
        /// Courriel du compte
        #[arg(long, value_name = "COURRIEL")]
        courriel: String,
        /// Origine publique du site, pour le lien
        #[arg(long, value_name = "URL")]
        origine: Option<String>,
        #[command(flatten)]
        base: OptionsBase,
    },
}

fn lire_date(texte: &str) -> Result<Date, String> {
    texte
        .parse()
        .map_err(|_| "écrivez la date comme 2026-11-23".to_owned())
}

/// Ce qui arrête une commande : une phrase et un code de sortie.
struct Arret(String, u8);

impl From<ConfigurationRefusee> for Arret {
    fn from(refus: ConfigurationRefusee) -> Self {
        Self(refus.to_string(), REFUSE)
    }
}

impl From<stockage::Erreur> for Arret {
    fn from(erreur: stockage::Erreur) -> Self {
        let code = if matches!(
            erreur,
            stockage::Erreur::Configuration(_) | stockage::Erreur::Indisponible(_)
        ) {
            REFUSE
        } else {
            ECHEC
        };
        Self(erreur.to_string(), code)
    }
}

impl From<crate::erreurs::Erreur> for Arret {
    fn from(erreur: crate::erreurs::Erreur) -> Self {
        Self(erreur.to_string(), ECHEC)
    }
}

/// Exécute la ligne de commande du processus.
pub fn executer() -> ExitCode {
    // Le lecteur de tableurs est un processus enfant borné : il ne passe par rien d'autre.
    if std::env::args().nth(1).as_deref() == Some(importation::SOUS_COMMANDE) {
        return importation::executer_lire_tableur();
    }
    let ligne = match Ligne::try_parse() {
        Ok(ligne) => ligne,
        Err(erreur) => return refuser(&erreur),
    };
    let moteur = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(moteur) => moteur,
        Err(erreur) => {
            return arreter(&Arret(
                format!("le moteur asynchrone ne démarre pas : {erreur}"),
                ECHEC,
            ));
        }
    };
    let issue = moteur.block_on(async {
        match ligne.commande {
            None => servir::servir(ligne.servir).await,
            Some(Commande::Servir(options)) => servir::servir(options).await,
            Some(commande) => commandes::executer(commande).await,
        }
    });
    moteur.shutdown_timeout(std::time::Duration::from_secs(1));
    issue.unwrap_or_else(|arret| arreter(&arret))
}

fn arreter(arret: &Arret) -> ExitCode {
    eprintln!("garant : {}", arret.0);
    ExitCode::from(arret.1)
}

/// Une ligne de commande refusée se dit en français.
fn refuser(erreur: &clap::Error) -> ExitCode {
    if matches!(
        erreur.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        print!("{erreur}");
        return ExitCode::SUCCESS;
    }
    let contexte = |nature: ContextKind| match erreur.get(nature) {
        Some(ContextValue::String(texte)) => texte.clone(),
        Some(ContextValue::Strings(textes)) => textes.join(", "),
        _ => String::new(),
    };
    let argument = contexte(ContextKind::InvalidArg);
    let phrase = match erreur.kind() {
        ErrorKind::InvalidSubcommand => format!(
            "la commande « {} » n’existe pas",
            contexte(ContextKind::InvalidSubcommand)
        ),
        ErrorKind::UnknownArgument => format!("l’option « {argument} » n’existe pas ici"),
        ErrorKind::MissingRequiredArgument => format!("il manque {argument}"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!(
                "la valeur « {} » de {argument} n’est pas lisible",
                contexte(ContextKind::InvalidValue)
            )
        }
        _ => "la commande n’est pas lisible".to_owned(),
    };
    eprintln!("garant : {phrase}. « garant --help » montre ce qui est possible.");
    ExitCode::from(ILLISIBLE)
}

/// La configuration et la base, une fois les options, le fichier et les défauts réunis.
struct Lieu {
    configuration: Configuration,
    adresse: Adresse,
}

impl OptionsServir {
    fn resoudre(self) -> Result<Lieu, Arret> {
        let fichier = match &self.base.configuration {
            Some(chemin) => Fichier::lire(chemin)?,
            None => Fichier::default(),
        };
        let donnees = self
            .base
            .donnees
            .or(fichier.donnees)
            .unwrap_or_else(|| DONNEES_PAR_DEFAUT.into());
        let ecoute = self
            .ecoute
            .or(fichier.ecoute)
            .unwrap_or_else(|| ECOUTE_PAR_DEFAUT.into());
        let relais = self.relais || fichier.relais.unwrap_or(false);
        let adresse = match self.base.base.or(fichier.base) {
            Some(texte) => Adresse::lire(&texte),
            None => Adresse::Sqlite(donnees.join("garant.db")),
        };
        let configuration =
            Configuration::resoudre(&ecoute, donnees, self.origine.or(fichier.origine), relais)?;
        Ok(Lieu {
            configuration,
            adresse,
        })
    }
}

impl OptionsBase {
    fn resoudre(self) -> Result<Lieu, Arret> {
        OptionsServir {
            base: self,
            ..OptionsServir::default()
        }
        .resoudre()
    }

    /// Ouvre une base qui doit déjà exister : une faute de frappe ne crée pas une base vide.
    async fn ouvrir_existante(self) -> Result<Base, Arret> {
        let lieu = self.resoudre()?;
        if let Adresse::Sqlite(chemin) = &lieu.adresse
            && !chemin.is_file()
        {
            return Err(Arret(
                format!("il n’y a pas de base à « {} »", chemin.display()),
                REFUSE,
            ));
        }
        Ok(Base::ouvrir(&lieu.adresse).await?)
    }
}

/// Crée le dossier de données, lisible de son seul propriétaire.
fn preparer_dossier(lieu: &Lieu) -> Result<(), Arret> {
    use std::os::unix::fs::DirBuilderExt;
    let dossier = &lieu.configuration.donnees;
    if dossier.is_dir() {
        return Ok(());
    }
    let cree = std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dossier);
    cree.map_err(|e| {
        Arret(
            format!("le dossier « {} » ne se crée pas : {e}", dossier.display()),
            REFUSE,
        )
    })
}

#[cfg(test)]
mod essais {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn la_ligne_de_commande_se_tient_et_son_aide_est_en_francais() {
        let mut commande = Ligne::command();
        commande.clone().debug_assert();
        let aide = commande.render_help().to_string();
        for anglais in ["Options:", "Usage:", "Commands:", "Print ", "default:"] {
            assert!(!aide.contains(anglais), "{anglais}\n{aide}");
        }
        assert!(aide.contains("Codes de sortie"));
    }
}
