//! Les pannes : processus tué, disque plein. Rien de confirmé ne se perd.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use jiff::civil::date;
use metier::SessionId;

use super::recit::*;
use super::{Dossier, moteur, sur_sqlite};
use crate::base::Requete;
use crate::{Adresse, Base, Creation, Erreur, Issue, charger, creer, executer, journal, verifier};

/// Combien de fois la victime est tuée ; `GARANT_MORTS=100` le fait cent fois.
const MORTS: u64 = 36;
const VICTIME: &str = "GARANT_ESSAI_VICTIME";

/// Écrit sans fin et dit chaque acte confirmé ; ne fait rien si personne ne l'a lancée pour être tuée.
#[test]
fn la_victime_ecrit_sans_fin() {
    let Ok(chemin) = std::env::var(VICTIME) else {
        return;
    };
    moteur().block_on(async {
        let base = Base::ouvrir(&Adresse::Sqlite(chemin.into())).await.unwrap();
        let session: SessionId = id("session-tuee");
        let creation = creer(
            &base,
            &centre(),
            &session,
            acte("creation"),
            &creation(date(2026, 12, 15)),
            &contexte(),
        )
        .await;
        assert!(matches!(
            creation,
            Ok(Creation::Creee(..) | Creation::DejaCreee(_))
        ));
        loop {
            // Quatre écritures à la fois, pour que le fil d'écriture ait des lots à grouper.
            let mut taches = Vec::new();
            for _ in 0..4 {
                let (base, session) = (base.clone(), session.clone());
                let acte = uuid::Uuid::now_v7().to_string();
                taches.push(tokio::spawn(async move {
                    let numero = ceres(&acte[..36]);
                    let issue =
                        executer(&base, &centre(), &session, id(&acte), &numero, &contexte()).await;
                    assert!(matches!(issue, Ok(Issue::Enregistree(..))));
                    println!("\nconfirme {acte}");
                }));
            }
            for tache in taches {
                tache.await.unwrap();
            }
        }
    });
}

#[test]
fn un_processus_tue_ne_perd_aucun_acte_confirme() {
    let dossier = Dossier::new();
    let chemin = dossier.chemin().join("garant.db");
    let mut confirmes = Vec::new();
    let morts = std::env::var("GARANT_MORTS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(MORTS);
    for tour in 0..morts {
        let mut victime = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "essais::pannes::la_victime_ecrit_sans_fin",
                "--nocapture",
            ])
            .env(VICTIME, &chemin)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Tuée juste après son énième acte confirmé, pendant qu'elle en écrit d'autres ; puis on lit ce qu'elle a dit encore.
        let sortie = BufReader::new(victime.stdout.take().unwrap());
        let mut dits = sortie
            .lines()
            .map_while(Result::ok)
            .filter_map(|ligne| ligne.strip_prefix("confirme ").map(str::to_owned));
        confirmes.extend(dits.by_ref().take(1 + (tour % 7) as usize));
        victime.kill().unwrap();
        confirmes.extend(dits);
        victime.wait().unwrap();
    }
    // La dernière ligne d'un tour a pu être coupée en deux : un acte entier a 36 caractères.
    confirmes.retain(|acte: &String| acte.len() == 36);
    assert!(confirmes.len() > 20, "{} actes confirmés", confirmes.len());
    moteur().block_on(async {
        let base = Base::ouvrir(&Adresse::Sqlite(chemin)).await.unwrap();
        let rapport = verifier(&base).await.unwrap();
        assert!(rapport.est_intact(), "{:?}", rapport.alterations);
        let lignes = journal(&base, &centre(), &id("session-tuee"), 1, 1_000_000)
            .await
            .unwrap();
        let presents: std::collections::BTreeSet<_> = lignes.into_iter().map(|l| l.acte).collect();
        for acte in &confirmes {
            assert!(presents.contains(acte), "l'acte {acte} était confirmé");
        }
    });
}

#[test]
fn un_disque_plein_ne_perd_rien_et_l_ecriture_reprend_sans_redemarrer() {
    sur_sqlite(async |base| {
        let session = session_vecue(&base, &centre()).await;
        base.transaction(vec![Requete::script("PRAGMA max_page_count = 1")])
            .await
            .unwrap();
        let (mut perdues, mut gardees) = (0, 0);
        for i in 0..40 {
            let action = inscrire(&format!("Nom{i}"), &"Prénom ".repeat(8));
            match executer(
                &base,
                &centre(),
                &session,
                neuf("acte"),
                &action,
                &contexte(),
            )
            .await
            {
                Ok(Issue::Enregistree(..)) => gardees += 1,
                Err(Erreur::Indisponible(_)) => perdues += 1,
                autre => panic!("{autre:?}"),
            }
        }
        assert!(perdues > 0, "{gardees} gardées");
        let (etat, _) = charger(&base, &centre(), &session).await.unwrap().unwrap();
        assert_eq!(etat.inscrits().count(), 3 + gardees);
        base.transaction(vec![Requete::script("PRAGMA max_page_count = 1000000")])
            .await
            .unwrap();
        faire(&base, &centre(), &session, inscrire("Reprise", "Zoé")).await;
        assert!(verifier(&base).await.unwrap().est_intact());
    });
}
