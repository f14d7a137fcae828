//! Les listes et la recherche : justes, cloisonnées, et refaites à l'identique depuis le journal.

use jiff::ToSpan;
use jiff::civil::date;
use metier::equipe::Poste;

use super::recit::*;
use super::{sur_les_deux_bases, sur_sqlite};
use crate::base::Requete;
use crate::vues::{Etat, candidats, reconstruire, sessions};
use crate::{Base, Filtre, PageSessions, valeurs};

async fn liste(base: &Base, filtre: Filtre) -> PageSessions {
    sessions(base, &centre(), &filtre).await.unwrap()
}

async fn dates(base: &Base, filtre: Filtre) -> Vec<String> {
    liste(base, filtre)
        .await
        .sessions
        .into_iter()
        .map(|s| s.ligne.debut)
        .collect()
}

#[test]
fn la_liste_se_lit_par_pages_sans_rien_perdre_ni_repeter() {
    sur_les_deux_bases(async |base| {
        for i in 0..60 {
            session_creee(&base, &centre(), date(2026, 10, 1) + (i / 2).days()).await;
        }
        let (mut vues, mut apres) = (Vec::new(), None);
        for taille in [25, 25, 10] {
            let page = liste(
                &base,
                Filtre {
                    apres,
                    ..Default::default()
                },
            )
            .await;
            assert_eq!(page.sessions.len(), taille);
            vues.extend(page.sessions);
            apres = page.suivante;
        }
        assert_eq!(apres, None);
        assert!(vues.is_sorted_by(
            |a, b| (&a.ligne.debut, a.session.as_str()) > (&b.ligne.debut, b.session.as_str())
        ));
    });
}

#[test]
fn une_session_se_retrouve_par_son_etat_le_jour_donne() {
    sur_les_deux_bases(async |base| {
        for jour in [1, 5, 9] {
            session_creee(&base, &centre(), date(2026, 12, jour)).await;
        }
        let annulee = session_creee(&base, &centre(), date(2026, 12, 7)).await;
        let annuler = metier::Action::Programme(metier::programme::Action::Annuler);
        faire(&base, &centre(), &annulee, annuler).await;
        let le = |jour: &str, etat| Filtre {
            etat: Some(etat),
            jour: jour.into(),
            ..Default::default()
        };
        assert_eq!(
            dates(&base, le("2026-12-05", Etat::EnCours)).await,
            ["2026-12-05"]
        );
        assert_eq!(
            dates(&base, le("2026-12-06", Etat::EnCours)).await,
            ["2026-12-05"]
        );
        assert_eq!(
            dates(&base, le("2026-12-05", Etat::Passee)).await,
            ["2026-12-01"]
        );
        assert_eq!(
            dates(&base, le("2026-12-07", Etat::Passee)).await,
            ["2026-12-05", "2026-12-01"]
        );
        assert_eq!(
            dates(&base, le("2026-12-01", Etat::AVenir)).await,
            ["2026-12-05", "2026-12-09"]
        );
        assert_eq!(
            dates(&base, le("2026-12-01", Etat::Annulee)).await,
            ["2026-12-07"]
        );
        assert_eq!(dates(&base, Filtre::default()).await.len(), 4);
    });
}

#[test]
fn une_session_se_retrouve_par_ses_mots_et_par_ses_roles() {
    sur_les_deux_bases(async |base| {
        let session = session_vecue(&base, &centre()).await;
        session_creee(&base, &centre(), date(2026, 11, 3)).await;
        let texte = |texte: &str| Filtre {
            texte: texte.into(),
            ..Default::default()
        };
        for trouve in [
            "ceres 42",
            "CERES",
            "élys dur",
            "elysee durand",
            "zoé lemaitre",
            "ñandu",
        ] {
            let page = liste(&base, texte(trouve)).await;
            assert_eq!(page.sessions.len(), 1, "{trouve}");
            assert_eq!(page.sessions[0].session, session);
        }
        assert_eq!(liste(&base, texte("atelier")).await.sessions.len(), 2);
        assert_eq!(
            liste(&base, texte("durand inconnu")).await.sessions.len(),
            0
        );
        let role = |personne: &str, role: Option<&str>| Filtre {
            personne: Some(id(personne)),
            role: role.map(str::to_owned),
            ..Default::default()
        };
        assert_eq!(
            liste(&base, role("p-dominique", None)).await.sessions.len(),
            1
        );
        assert_eq!(
            liste(&base, role("p-dominique", Some("responsable")))
                .await
                .sessions
                .len(),
            1
        );
        assert_eq!(
            liste(&base, role("p-dominique", Some("surveillant")))
                .await
                .sessions
                .len(),
            0
        );
        assert_eq!(liste(&base, role("p-domin", None)).await.sessions.len(), 0);
        let page = candidats(&base, &centre(), "Dur", None).await.unwrap();
        assert_eq!(page.candidats.len(), 1);
        assert_eq!(page.candidats[0].0, session);
    });
}

async fn toutes_les_vues(base: &Base) -> Vec<crate::Ligne> {
    let mut vues = Vec::new();
    for sql in [
        "SELECT centre, session, debut, fin, annulee, json FROM vue_session ORDER BY centre, session",
        "SELECT centre, session, cle, debut FROM vue_cle ORDER BY centre, session, cle",
        "SELECT centre, session, candidat, cle, json FROM vue_candidat ORDER BY centre, session, candidat",
        "SELECT * FROM vue_bilan ORDER BY centre, session, voie",
        "SELECT * FROM vue_delai ORDER BY centre, session, code",
    ] {
        vues.extend(base.lire(sql, &[]).await.unwrap());
    }
    vues
}

#[test]
fn les_vues_reconstruites_sont_celles_ecrites_en_direct() {
    sur_les_deux_bases(async |base| {
        let session = session_vecue(&base, &centre()).await;
        session_vecue(&base, &crate::Centre::pour_exploitation("centre-b")).await;
        let deplacer = metier::programme::Action::Deplacer {
            debut: date(2027, 1, 12),
            fin: date(2027, 1, 13),
        };
        faire(
            &base,
            &centre(),
            &session,
            metier::Action::Programme(deplacer),
        )
        .await;
        faire(
            &base,
            &centre(),
            &session,
            nommer(Poste::Responsable, &id("p-autre")),
        )
        .await;
        let (etat, _) = crate::charger(&base, &centre(), &session)
            .await
            .unwrap()
            .unwrap();
        let retire = etat.inscrits().next().unwrap().id.clone();
        let retirer = metier::candidats::Action::Retirer { id: retire };
        faire(
            &base,
            &centre(),
            &session,
            metier::Action::Candidat(retirer),
        )
        .await;
        let direct = toutes_les_vues(&base).await;
        assert!(direct.len() > 20);
        let tout = [
            "DELETE FROM vue_session",
            "DELETE FROM vue_cle",
            "DELETE FROM vue_candidat",
        ];
        base.transaction(tout.map(|sql| Requete::new(sql, valeurs![])).into())
            .await
            .unwrap();
        assert_eq!(reconstruire(&base).await.unwrap(), 2);
        assert_eq!(toutes_les_vues(&base).await, direct);
    });
}

#[test]
fn une_recherche_suit_toujours_un_index() {
    sur_sqlite(async |base| {
        for sql in crate::vues::textes_des_listes() {
            let texte: &'static str =
                Box::leak(format!("EXPLAIN QUERY PLAN {sql}").into_boxed_str());
            let nombre = sql.matches('$').count();
            let mut plans = Vec::new();
            for ligne in base
                .lire(texte, &vec![crate::Valeur::from("x"); nombre.min(20)])
                .await
                .unwrap()
            {
                plans.push(ligne.texte(3).unwrap());
            }
            let parcours: Vec<_> = plans
                .iter()
                .filter(|p| p.starts_with("SCAN") && !p.contains("SCAN k"))
                .collect();
            assert!(parcours.is_empty(), "{plans:#?}");
        }
    });
}

#[test]
fn une_tache_confiee_retrouve_sa_session_sans_donner_la_session() {
    sur_les_deux_bases(async |base| {
        let session = session_creee(&base, &centre(), date(2026, 12, 15)).await;
        let confier = metier::taches::Action::Confier {
            code: "AV-17".into(),
            a: id("p-atelier"),
            nom: "Maxime ATELIER".into(),
            pour: None,
            consigne: String::new(),
        };
        faire(&base, &centre(), &session, metier::Action::Tache(confier)).await;
        let de = |role: Option<&str>| Filtre {
            personne: Some(id("p-atelier")),
            role: role.map(str::to_owned),
            ..Default::default()
        };
        let confiees = liste(&base, de(Some(metier::vues::ROLE_CONFIE))).await;
        assert_eq!(confiees.sessions.len(), 1);
        assert!(liste(&base, de(None)).await.sessions.is_empty());
        reconstruire(&base).await.unwrap();
        let apres = liste(&base, de(Some(metier::vues::ROLE_CONFIE))).await;
        assert_eq!(apres, confiees, "reconstruire = en direct");
    });
}
