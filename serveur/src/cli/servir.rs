//! `garant servir` : ouvrir la base, afficher une adresse, servir, s'arrêter proprement.

use super::{Arret, ECHEC, OptionsServir, REFUSE, preparer_dossier};
use crate::etat::Etat;
use crate::horloge::Horloge;
use crate::{routes, second_facteur, traces};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;
use stockage::comptes::{self, CentreConnu};
use stockage::{Base, Centre};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

/// Temps laissé aux demandes en cours quand l'arrêt est demandé.
const ARRET: Duration = Duration::from_secs(4);

/// Sert jusqu'à SIGTERM ou SIGINT.
pub(super) async fn servir(options: OptionsServir) -> Result<ExitCode, Arret> {
    traces::ouvrir();
    let lieu = options.resoudre()?;
    preparer_dossier(&lieu)?;
    let base = Base::ouvrir(&lieu.adresse).await?;
    stockage::vues::mettre_a_niveau(&base).await?;
    let centres = comptes::centres(&base).await?;
    let horloge = horloge(&centres)?;
    let c = lieu.configuration;
    let ecoute = TcpListener::bind(c.ecoute).await.map_err(|e| {
        Arret(
            format!("l’adresse {} ne s’ouvre pas : {e}", c.ecoute),
            REFUSE,
        )
    })?;
    let prise = ecoute.local_addr().unwrap_or(c.ecoute);
    let origine = if c.origine_donnee {
        c.origine.clone()
    } else {
        format!("http://{prise}")
    };
    println!("Garant est prêt : {origine}");
    if centres.is_empty() {
        let code = second_facteur::code_lisible(2)?;
        comptes::poser_code_de_demarrage(&base, &code).await?;
        println!("Code de premier démarrage : {code}");
    }
    if !prise.ip().is_loopback() && !c.est_https() {
        println!(
            "Attention : le site répond hors de cette machine sans TLS. Placez un relais TLS devant et donnez --origine https://…"
        );
    }
    let etat = Etat::derriere(base, horloge, c.donnees, origine, c.relais);
    let poste = etat.clone();
    let facteur = tokio::spawn(crate::courriel::facteur::veiller(etat.clone()));
    let service = routes::routeur(etat).into_make_service_with_connect_info::<SocketAddr>();
    let (demander, demande) = oneshot::channel::<()>();
    let serveur = axum::serve(ecoute, service).with_graceful_shutdown(async {
        let _ = demande.await;
    });
    let tache = tokio::spawn(serveur.into_future());
    attendre_l_arret().await?;
    let _ = demander.send(());
    poste.courriel.arreter();
    // Le courriel commencé se finit ; trop lent, il sera dit incertain, et jamais renvoyé de lui-même.
    let (fin, _) = tokio::join!(
        tokio::time::timeout(ARRET, tache),
        tokio::time::timeout(ARRET, facteur)
    );
    // Au-delà, les connexions restées ouvertes sont coupées : ce qui était confirmé est déjà sur le disque.
    if let Ok(fin) = fin {
        fin.map_err(|e| Arret(format!("le service s’est arrêté de lui-même : {e}"), ECHEC))?
            .map_err(|e| Arret(format!("le service s’est arrêté de lui-même : {e}"), ECHEC))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn attendre_l_arret() -> Result<(), Arret> {
    let refuse = |e: std::io::Error| Arret(format!("les signaux ne s’écoutent pas : {e}"), ECHEC);
    let mut fin = signal(SignalKind::terminate()).map_err(refuse)?;
    let mut interruption = signal(SignalKind::interrupt()).map_err(refuse)?;
    tokio::select! {
        _ = fin.recv() => {}
        _ = interruption.recv() => {}
    }
    Ok(())
}

/// L'horloge : celle de la machine, ou celle de GARANT_HORLOGE quand aucune vraie session n'est en jeu.
pub(super) fn horloge(centres: &[CentreConnu]) -> Result<Horloge, Arret> {
    let Ok(texte) = std::env::var("GARANT_HORLOGE") else {
        return Ok(Horloge::Reelle);
    };
    let essai = std::env::var("GARANT_ESSAI").is_ok_and(|v| v == "1");
    if !essai && centres.iter().any(|c| !c.exemple) {
        return Err(Arret(
            "GARANT_HORLOGE est refusée : cette base porte un vrai centre".into(),
            REFUSE,
        ));
    }
    let jour = texte
        .parse()
        .map_err(|_| Arret("GARANT_HORLOGE s’écrit AAAA-MM-JJ".into(), REFUSE))?;
    Ok(Horloge::decalee_au(jour))
}

/// Le centre de la base, quand il n'y en a qu'un.
pub(super) async fn seul_centre(base: &Base) -> Result<Centre, Arret> {
    match comptes::centres(base).await?.as_slice() {
        [seul] => Ok(seul.centre.clone()),
        [] => Err(Arret("cette base n’a pas encore de centre".into(), REFUSE)),
        _ => Err(Arret(
            "cette base porte plusieurs centres : cette commande n’en traite qu’un".into(),
            REFUSE,
        )),
    }
}
