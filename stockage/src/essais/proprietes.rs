//! Des propriétés, sur des suites d'actions et d'altérations tirées au hasard (mais toujours les mêmes).

use std::collections::BTreeSet;

use jiff::civil::date;
use metier::equipe::Poste;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng};

use super::recit::*;
use super::sur_sqlite;
use crate::base::{Base, Ligne, Requete, Valeur};
use crate::sessions::{charger_flux, rejouer_flux};
use crate::{Issue, OrdreDePurge, executer, purger, sceller, valeurs, verifier};

fn hasard() -> TestRng {
    TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32])
}

/// Une action au hasard ; certaines seront refusées, d'autres sans effet.
fn une_action(hasard: &mut TestRng) -> metier::Action {
    let n = hasard.next_u32() % 6;
    match hasard.next_u32() % 4 {
        0 => ceres(["", "CERES 1", "CERES 2"][n as usize % 3]),
        1 => nommer(
            if n < 3 {
                Poste::Responsable
            } else {
                Poste::Surveillant
            },
            &id(&format!("p-{n}")),
        ),
        2 => inscrire(&format!("Nom{n}"), "Aïcha"),
        _ => {
            let debut = date(2026, 12, 1 + n as i8);
            let deplacer = metier::programme::Action::Deplacer {
                debut,
                fin: debut.tomorrow().unwrap(),
            };
            metier::Action::Programme(deplacer)
        }
    }
}

#[test]
fn rejouer_vaut_suivre_et_un_refus_ne_change_rien_et_une_purge_laisse_la_chaine_verifiable() {
    sur_sqlite(async |base| {
        let mut hasard = hasard();
        let (mut refusees, mut enregistrees) = (0, 0);
        for tour in 0..12 {
            let session = session_creee(&base, &centre(), date(2026, 12, 15)).await;
            let flux = centre().flux(session.as_str());
            for _ in 0..30 {
                let avant = charger_flux(&base, &flux).await.unwrap().unwrap();
                let action = une_action(&mut hasard);
                let issue = executer(
                    &base,
                    &centre(),
                    &session,
                    neuf("acte"),
                    &action,
                    &contexte(),
                )
                .await
                .unwrap();
                let apres = charger_flux(&base, &flux).await.unwrap().unwrap();
                match issue {
                    Issue::Refusee(_) => {
                        refusees += 1;
                        assert_eq!(avant, apres);
                    }
                    Issue::Enregistree(decision, tete) => {
                        enregistrees += 1;
                        assert_eq!(tete, apres.1);
                        assert_eq!(tete.rang - avant.1.rang, decision.evenements.len() as u64);
                    }
                    Issue::DejaEnregistree => panic!("chaque acte est neuf"),
                }
                assert_eq!(apres, rejouer_flux(&base, &flux).await.unwrap());
            }
            let (_, tete) = charger_flux(&base, &flux).await.unwrap().unwrap();
            let rangs: BTreeSet<u64> = (1..=tete.rang)
                .filter(|_| hasard.next_u32().is_multiple_of(3))
                .collect();
            if !rangs.is_empty() {
                let ordre = OrdreDePurge {
                    acte: acte(&format!("purge-{tour}")),
                    le: "2031-12-31T09:00:00Z".into(),
                    saisi_par: id("p-archive"),
                    motif: "terme échu".into(),
                };
                purger(&base, &centre(), &session, &rangs, &ordre)
                    .await
                    .unwrap();
            }
        }
        assert!(
            refusees > 20 && enregistrees > 100,
            "{refusees} refusées, {enregistrees} enregistrées"
        );
        let rapport = verifier(&base).await.unwrap();
        assert!(
            rapport.est_intact() && rapport.purges > 0,
            "{:?}",
            rapport.alterations
        );
    });
}

const COLONNES: [(&str, &str, &str); 10] = [
    (
        "acte",
        "SELECT acte FROM journal WHERE rang = $1",
        "UPDATE journal SET acte = $2 WHERE rang = $1",
    ),
    (
        "le",
        "SELECT le FROM journal WHERE rang = $1",
        "UPDATE journal SET le = $2 WHERE rang = $1",
    ),
    (
        "saisi_par",
        "SELECT saisi_par FROM journal WHERE rang = $1",
        "UPDATE journal SET saisi_par = $2 WHERE rang = $1",
    ),
    (
        "type",
        "SELECT type FROM journal WHERE rang = $1",
        "UPDATE journal SET type = $2 WHERE rang = $1",
    ),
    (
        "engagement",
        "SELECT engagement FROM journal WHERE rang = $1",
        "UPDATE journal SET engagement = $2 WHERE rang = $1",
    ),
    (
        "precedente",
        "SELECT precedente FROM journal WHERE rang = $1",
        "UPDATE journal SET precedente = $2 WHERE rang = $1",
    ),
    (
        "empreinte",
        "SELECT empreinte FROM journal WHERE rang = $1",
        "UPDATE journal SET empreinte = $2 WHERE rang = $1",
    ),
    (
        "sel",
        "SELECT sel FROM contenu WHERE rang = $1",
        "UPDATE contenu SET sel = $2 WHERE rang = $1",
    ),
    (
        "json",
        "SELECT json FROM contenu WHERE rang = $1",
        "UPDATE contenu SET json = $2 WHERE rang = $1",
    ),
    (
        "classe",
        "SELECT classe FROM contenu WHERE rang = $1",
        "UPDATE contenu SET classe = $2 WHERE rang = $1",
    ),
];

/// Un bit retourné (un texte qui cesse d'être de l'UTF-8 reçoit un autre caractère à la place).
fn retourner(valeur: Valeur, hasard: &mut TestRng) -> Valeur {
    let bit = hasard.next_u32() % 8;
    let mut retourne = |octets: &mut Vec<u8>| {
        let place = hasard.next_u32() as usize % octets.len();
        octets[place] ^= 1 << bit;
    };
    match valeur {
        Valeur::Octets(mut octets) => {
            retourne(&mut octets);
            Valeur::Octets(octets)
        }
        Valeur::Texte(texte) => {
            let mut octets = texte.clone().into_bytes();
            retourne(&mut octets);
            Valeur::Texte(String::from_utf8(octets).unwrap_or_else(|_| texte + "~"))
        }
        autre => autre,
    }
}

async fn lignes_de(base: &Base, sql: &'static str) -> Vec<Ligne> {
    base.lire(sql, &[]).await.unwrap()
}

/// Une altération au hasard d'une base qui porte un seul flux, et sa description.
async fn alterer(base: &Base, dernier: u64, hasard: &mut TestRng) -> String {
    let rang = 1 + u64::from(hasard.next_u32()) % dernier;
    let autre = 1 + (rang - 1 + 1 + u64::from(hasard.next_u32()) % (dernier - 1)) % dernier;
    let poser = |sql, valeurs| Requete::new(sql, valeurs);
    let (quoi, requetes) = match hasard.next_u32() % 8 {
        0..4 => {
            let (colonne, lire, ecrire) = COLONNES[hasard.next_u32() as usize % COLONNES.len()];
            let lue = base.lire_une(lire, &valeurs![rang]).await.unwrap().unwrap().0.remove(0);
            let retournee = retourner(lue, hasard);
            (format!("{colonne} du rang {rang}"), vec![poser(ecrire, vec![rang.into(), retournee])])
        }
        4 => (format!("rang {rang} supprimé"), vec![
            poser("DELETE FROM contenu WHERE rang = $1", valeurs![rang]),
            poser("DELETE FROM journal WHERE rang = $1", valeurs![rang]),
        ]),
        5 => (format!("contenus {rang} et {autre} échangés"), {
            let lire = "SELECT sel, json, classe FROM contenu WHERE rang = $1";
            let ecrire = "UPDATE contenu SET sel = $2, json = $3, classe = $4 WHERE rang = $1";
            let mut requetes = Vec::new();
            for (de, vers) in [(rang, autre), (autre, rang)] {
                let mut valeurs = valeurs![vers];
                valeurs.extend(base.lire_une(lire, &valeurs![de]).await.unwrap().unwrap().0);
                requetes.push(poser(ecrire, valeurs));
            }
            requetes
        }),
        6 => (format!("rang {rang} recopié au bout"), vec![poser(
            "INSERT INTO journal (flux, rang, acte, le, saisi_par, type, engagement, precedente, empreinte)
             SELECT flux, $2, acte, le, saisi_par, type, engagement, precedente, empreinte FROM journal WHERE rang = $1",
            valeurs![rang, dernier + 1],
        )]),
        _ => (format!("sauvegarde d'avant le rang {rang}"), vec![
            poser("DELETE FROM contenu WHERE rang >= $1", valeurs![rang]),
            poser("DELETE FROM journal WHERE rang >= $1", valeurs![rang]),
        ]),
    };
    base.transaction(requetes).await.unwrap();
    quoi
}

#[test]
fn mille_alterations_au_hasard_sont_toutes_vues() {
    sur_sqlite(async |base| {
        let session = session_vecue(&base, &centre()).await;
        let (_, tete) = crate::charger(&base, &centre(), &session)
            .await
            .unwrap()
            .unwrap();
        sceller(&base, "2026-09-01T20:00:00Z", |_| None)
            .await
            .unwrap();
        assert!(verifier(&base).await.unwrap().est_intact());
        let journal = "SELECT flux, rang, acte, le, saisi_par, type, engagement, precedente, empreinte FROM journal ORDER BY rang";
        let contenu = "SELECT flux, rang, classe, sel, json, purge_le FROM contenu ORDER BY rang";
        let (journal, contenu) = (
            lignes_de(&base, journal).await,
            lignes_de(&base, contenu).await,
        );
        let mut remettre = vec![
            Requete::new("DELETE FROM contenu", vec![]),
            Requete::new("DELETE FROM journal", vec![]),
        ];
        remettre.extend(journal.into_iter().map(|ligne| {
            Requete::new("INSERT INTO journal (flux, rang, acte, le, saisi_par, type, engagement, precedente, empreinte)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)", ligne.0)
        }));
        remettre.extend(contenu.into_iter().map(|ligne| {
            Requete::new("INSERT INTO contenu (flux, rang, classe, sel, json, purge_le) VALUES ($1, $2, $3, $4, $5, $6)", ligne.0)
        }));
        let mut hasard = hasard();
        for essai in 0..1_000 {
            let quoi = alterer(&base, tete.rang, &mut hasard).await;
            assert!(
                !verifier(&base).await.unwrap().est_intact(),
                "essai {essai} : {quoi} n'a pas été vu"
            );
            base.transaction(remettre.clone()).await.unwrap();
        }
        assert!(verifier(&base).await.unwrap().est_intact());
    });
}
