//! Les commandes d'exploitation : exemple, vérification, aperçu d'import, édition, sauvegarde, comptes.

use super::{Arret, Commande, ECHEC, ILLISIBLE, OptionsBase, REFUSE, preparer_dossier, servir};
use crate::{exemple, purges, second_facteur};
use serde_json::json;
use std::process::ExitCode;
use stockage::comptes::{self, NouvelleInvitation};
use stockage::{Adresse, Base, Inscription, Rapport};

/// Exécute une commande qui ne sert pas le site.
pub(super) async fn executer(commande: Commande) -> Result<ExitCode, Arret> {
    match commande {
        Commande::Servir(options) => servir::servir(options).await,
        Commande::Exemple {
            sessions,
            candidats,
            graine,
            date,
            base,
        } => {
            let demande = exemple::Demande {
                code: None,
                sessions,
                candidats,
                graine,
                jour: date,
            };
            ecrire_exemple(demande, base).await
        }
        Commande::Planifier(options) => super::planifier::executer(options).await,
        Commande::VerifierLeJournal { base } => {
            let base = base.ouvrir_existante().await?;
            let rapport = stockage::verifier(&base).await?;
            Ok(dire_rapport(&rapport))
        }
        Commande::ImporterCandidats { apercu } => {
            let jour = crate::horloge::Horloge::Reelle.jour();
            Ok(
                tokio::task::spawn_blocking(move || importation::executer_apercu(&apercu, jour))
                    .await
                    .unwrap_or_else(|_| ExitCode::from(ILLISIBLE)),
            )
        }
        Commande::Editer {
            code,
            session,
            vers,
            base,
        } => {
            let base = base.ouvrir_existante().await?;
            let centre = servir::seul_centre(&base).await?;
            crate::edition::editer(&base, &centre, &code, &session, &vers)
                .await
                .map_err(|phrase| Arret(phrase, ILLISIBLE))
        }
        Commande::Dossier {
            session,
            vers,
            base,
        } => ecrire_dossier(&session, &vers, base).await,
        Commande::VerifierLeDossier { fichier } => {
            let octets = std::fs::read(&fichier).map_err(|e| {
                Arret(
                    format!("« {} » ne se lit pas : {e}", fichier.display()),
                    ILLISIBLE,
                )
            })?;
            Ok(match crate::dossier::verifier(&octets) {
                Ok(phrase) => {
                    println!("{phrase}");
                    ExitCode::SUCCESS
                }
                Err(faute) => {
                    println!("Altéré : {faute}");
                    ExitCode::from(ECHEC)
                }
            })
        }
        Commande::Sauvegarder { vers, base } => {
            let base = base.ouvrir_existante().await?;
            let rapport = stockage::sauvegarder(&base, &vers).await?;
            println!("Sauvegarde écrite et relue : {}", vers.display());
            Ok(dire_rapport(&rapport))
        }
        Commande::DurcirPostgres { role, base } => {
            let base = base.ouvrir_existante().await?;
            stockage::durcir(&base, &role).await?;
            println!(
                "« {role} » ne peut plus récrire ni effacer une preuve, et chaque centre ne voit que ses lignes."
            );
            Ok(ExitCode::SUCCESS)
        }
        Commande::Restaurer { depuis, base } => restaurer(&depuis, base).await,
        Commande::Purges { vers, base } => {
            let donnees = base.clone().resoudre()?.configuration.donnees;
            let vers = vers.unwrap_or_else(|| purges::chemin(&donnees));
            let notees =
                stockage::purge::purges_notees(&base.ouvrir_existante().await?, None).await?;
            let ajoutees = purges::ajouter(&vers, &notees).map_err(|e| {
                Arret(
                    format!("« {} » ne s’écrit pas : {e}", vers.display()),
                    ECHEC,
                )
            })?;
            println!(
                "{} purges, {ajoutees} ajoutées à {}",
                notees.len(),
                vers.display()
            );
            Ok(ExitCode::SUCCESS)
        }
        Commande::RejouerLesPurges { registre, base } => {
            let donnees = base.clone().resoudre()?.configuration.donnees;
            let registre = registre.unwrap_or_else(|| purges::chemin(&donnees));
            rejouer_les_purges(&base.ouvrir_existante().await?, &registre).await
        }
        Commande::RouvrirUnCompte {
            courriel,
            origine,
            base,
        } => {
            let origine = origine
                .unwrap_or_else(|| format!("http://{}", crate::configuration::ECOUTE_PAR_DEFAUT));
            rouvrir(&base.ouvrir_existante().await?, &courriel, &origine).await
        }
    }
}

async fn ecrire_dossier(
    session: &str,
    vers: &std::path::Path,
    base: OptionsBase,
) -> Result<ExitCode, Arret> {
    let id = session.parse().map_err(|_| {
        Arret(
            "cet identifiant de session n’est pas lisible".into(),
            ILLISIBLE,
        )
    })?;
    let base = base.ouvrir_existante().await?;
    let centre = servir::seul_centre(&base).await?;
    let octets = crate::dossier::composer(&base, &centre, &id)
        .await
        .map_err(|e| Arret(e.to_string(), ECHEC))?;
    std::fs::write(vers, &octets).map_err(|e| {
        Arret(
            format!("« {} » ne s’écrit pas : {e}", vers.display()),
            ECHEC,
        )
    })?;
    println!("Dossier de contrôle écrit : {}", vers.display());
    match crate::dossier::verifier(&octets) {
        Ok(phrase) => {
            println!("{phrase}");
            Ok(ExitCode::SUCCESS)
        }
        Err(faute) => Err(Arret(faute, ECHEC)),
    }
}

async fn ecrire_exemple(demande: exemple::Demande, base: OptionsBase) -> Result<ExitCode, Arret> {
    let lieu = base.resoudre()?;
    preparer_dossier(&lieu)?;
    let base = Base::ouvrir(&lieu.adresse).await?;
    if !comptes::centres(&base).await?.is_empty() {
        return Err(Arret(
            "cette base porte déjà un centre : donnez un autre dossier avec --donnees".into(),
            REFUSE,
        ));
    }
    let horloge = match demande.jour {
        Some(jour) => crate::horloge::Horloge::decalee_au(jour),
        None => servir::horloge(&[])?,
    };
    let cree = exemple::creer(&base, &horloge, &demande).await?;
    println!(
        "Le centre d’exemple est écrit dans « {} ». Ses comptes ne valent que depuis cette machine :",
        lieu.configuration.donnees.display()
    );
    for compte in cree.comptes {
        println!(
            "  {}  {}  ({})",
            compte.courriel, compte.mot_de_passe, compte.role
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Ce que la vérification a trouvé, altération par altération.
fn dire_rapport(r: &Rapport) -> ExitCode {
    println!(
        "{} flux, {} lignes, {} pièces et {} sceaux relus ; {} contenus purgés dans les règles.",
        r.flux, r.lignes, r.pieces, r.sceaux, r.purges
    );
    if r.est_intact() {
        println!(
            "Journal intact. {} lignes ne sont couvertes par aucun sceau : seul un papier imprimé depuis en garde la trace.",
            r.non_couvertes
        );
        return ExitCode::SUCCESS;
    }
    for alteration in &r.alterations {
        println!("Altération : {alteration}");
    }
    println!(
        "Journal altéré. Ne modifiez plus rien, et repartez de la dernière sauvegarde qui se vérifie."
    );
    ExitCode::from(ECHEC)
}

async fn restaurer(depuis: &std::path::Path, base: OptionsBase) -> Result<ExitCode, Arret> {
    let lieu = base.resoudre()?;
    preparer_dossier(&lieu)?;
    let Adresse::Sqlite(chemin) = &lieu.adresse else {
        return Err(Arret(
            "pour PostgreSQL, restaurez avec pg_restore".into(),
            REFUSE,
        ));
    };
    let rapport = stockage::restaurer(depuis, chemin).await?;
    println!("Sauvegarde remise en place : {}", chemin.display());
    let verifie = dire_rapport(&rapport);
    // Ce qui a été purgé depuis cette sauvegarde ne revient pas.
    let registre = purges::chemin(&lieu.configuration.donnees);
    if registre.is_file() {
        let base = Base::ouvrir(&lieu.adresse).await?;
        let rejoue = rejouer_les_purges(&base, &registre).await?;
        if verifie == ExitCode::SUCCESS {
            return Ok(rejoue);
        }
    } else {
        println!(
            "Aucun registre des purges ({}) : si des purges ont été faites depuis, refaites-les avec « garant rejouer-les-purges ».",
            registre.display()
        );
    }
    Ok(verifie)
}

/// Refait les purges d'un registre et dit ce qu'il en est.
async fn rejouer_les_purges(base: &Base, registre: &std::path::Path) -> Result<ExitCode, Arret> {
    let notees = purges::lire(registre).map_err(|e| {
        Arret(
            format!("« {} » ne se lit pas : {e}", registre.display()),
            ILLISIBLE,
        )
    })?;
    let rejeu = stockage::purge::rejouer_les_purges(base, &notees).await?;
    println!(
        "Purges : {} refaites, {} déjà en place, {} impossibles.",
        rejeu.refaites,
        rejeu.en_place,
        rejeu.impossibles.len()
    );
    for phrase in &rejeu.impossibles {
        println!("  {phrase}");
    }
    Ok(if rejeu.impossibles.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(ECHEC)
    })
}

async fn rouvrir(base: &Base, courriel: &str, origine: &str) -> Result<ExitCode, Arret> {
    let compte = comptes::compte(base, courriel)
        .await?
        .ok_or_else(|| Arret("aucun compte n’a ce courriel".into(), ECHEC))?;
    let personne = comptes::personne(base, &compte.centre, &compte.personne).await?;
    let personne = personne.ok_or_else(|| Arret("ce compte n’a plus de personne".into(), ECHEC))?;
    let jeton = second_facteur::jeton()?;
    let maintenant = jiff::Timestamp::now();
    let invitation = NouvelleInvitation {
        personne: &personne,
        connue: true,
        roles: &compte.roles,
        jeton: &jeton,
        expire: maintenant.as_second() + 72 * 3600,
    };
    let inscription = Inscription {
        acte: crate::formulaires::nouvel_identifiant(),
        le: maintenant.to_string(),
        saisi_par: compte.personne.clone(),
        action: "equipe.reinvitee_par_l_exploitant",
        details: json!({ "personne": compte.personne.as_str() }),
    };
    comptes::inviter(base, &compte.centre, &invitation, &inscription).await?;
    println!(
        "Lien à usage unique, valable 72 heures : {}/invitations/{jeton}",
        origine.trim_end_matches('/')
    );
    println!(
        "En l’ouvrant, la personne choisit un nouveau mot de passe et remet en place son second facteur."
    );
    Ok(ExitCode::SUCCESS)
}
