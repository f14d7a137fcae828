//! La même personne d'une session à l'autre : proposée, reliée, séparée ; ses résultats passés repris.

use jiff::civil::date;
use metier::{Action, CandidatId, SessionId, candidats as inscriptions};

use super::recit::*;
use super::sur_les_deux_bases;
use crate::annuaire::Auteur;
use crate::base::Base;
use crate::candidats::{self, Inscription};
use crate::{journal_du_centre, valeurs, vues};

fn auteur(quoi: &str) -> Auteur {
    Auteur {
        acte: acte(quoi),
        personne: id("p-1"),
        nom: "Dominique".into(),
        le: "2026-11-25T09:00:00Z".into(),
        motif: Some("vérifié".into()),
    }
}

async fn inscrite(base: &Base, annee: i16, nom: &str) -> (SessionId, CandidatId) {
    let session = session_creee(base, &centre(), date(annee, 3, 2)).await;
    let candidat: CandidatId = neuf("candidat");
    let geste = inscriptions::Action::Inscrire {
        id: candidat.clone(),
        fiche: fiche(nom, "Aïcha"),
    };
    faire(base, &centre(), &session, Action::Candidat(geste)).await;
    (session, candidat)
}

async fn lue(base: &Base, x: &(SessionId, CandidatId)) -> Inscription {
    candidats::inscription(base, &centre(), &x.0, &x.1)
        .await
        .unwrap()
        .unwrap()
}

#[test]
fn une_personne_se_propose_se_relie_et_se_separe() {
    sur_les_deux_bases(async |base| {
        let une = inscrite(&base, 2026, "Durand-Éloi").await;
        let deux = inscrite(&base, 2027, "DURAND ELOI").await;
        let trois = inscrite(&base, 2028, "Martin").await;
        let (a, b) = (lue(&base, &une).await, lue(&base, &deux).await);
        let proposees = candidats::proposees(&base, &centre(), &a).await.unwrap();
        assert_eq!(proposees, std::slice::from_ref(&b));
        assert!(
            candidats::proposees(&base, &centre(), &lue(&base, &trois).await)
                .await
                .unwrap()
                .is_empty()
        );
        candidats::relier(&base, &centre(), &a, &b, &auteur("lien"))
            .await
            .unwrap();
        let (a, b) = (lue(&base, &une).await, lue(&base, &deux).await);
        assert_eq!(a.cle(), b.cle());
        let ensemble = candidats::inscriptions_de(&base, &centre(), a.cle())
            .await
            .unwrap();
        assert_eq!(ensemble.len(), 2);
        assert_eq!(ensemble[0].session, deux.0, "la plus récente d'abord");
        assert!(
            candidats::proposees(&base, &centre(), &a)
                .await
                .unwrap()
                .is_empty()
        );
        // Rien n'est délibéré : rien à reprendre.
        assert!(
            candidats::anterieurs(&base, &centre(), &deux.0, &deux.1)
                .await
                .unwrap()
                .is_empty()
        );
        candidats::separer(&base, &centre(), &b, &auteur("separation"))
            .await
            .unwrap();
        assert_eq!(lue(&base, &deux).await.personne, None);
        let journal = journal_du_centre(&base, &centre(), None, 10).await.unwrap();
        let actions: Vec<_> = journal.iter().map(|l| l.action.as_str()).collect();
        assert_eq!(actions[..2], ["candidat.separe", "candidat.relie"]);
        // Un autre centre ne voit rien de tout cela.
        let ailleurs = crate::Centre::pour_exploitation("un-autre-centre");
        assert!(
            candidats::inscription(&base, &ailleurs, &une.0, &une.1)
                .await
                .unwrap()
                .is_none()
        );
    });
}

#[test]
fn deux_ensembles_relies_n_en_font_qu_un() {
    sur_les_deux_bases(async |base| {
        let mut x = vec![];
        for annee in 2024..2028 {
            x.push(inscrite(&base, annee, "Durand").await);
        }
        for (i, j, nom) in [(0, 1, "l1"), (2, 3, "l2"), (0, 2, "l3")] {
            let (a, b) = (lue(&base, &x[i]).await, lue(&base, &x[j]).await);
            candidats::relier(&base, &centre(), &a, &b, &auteur(nom))
                .await
                .unwrap();
        }
        let cle = lue(&base, &x[3]).await.cle().to_owned();
        let ensemble = candidats::inscriptions_de(&base, &centre(), &cle)
            .await
            .unwrap();
        assert_eq!(ensemble.len(), 4);
    });
}

#[test]
fn une_vue_d_avant_la_migration_se_refait_au_demarrage() {
    sur_les_deux_bases(async |base| {
        let une = inscrite(&base, 2026, "Durand").await;
        assert_eq!(vues::mettre_a_niveau(&base).await.unwrap(), 0);
        base.transaction(vec![crate::Requete::new(
            "UPDATE vue_candidat SET rapprochement = '' WHERE session = $1",
            valeurs![une.0.as_str()],
        )])
        .await
        .unwrap();
        assert_eq!(vues::mettre_a_niveau(&base).await.unwrap(), 1);
        assert!(!lue(&base, &une).await.ligne.rapprochement.is_empty());
        assert_eq!(vues::mettre_a_niveau(&base).await.unwrap(), 0);
    });
}
