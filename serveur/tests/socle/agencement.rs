//! Le pont vers le moteur : ce que la session dit arrive à l'instance, et le plan revient en passages justes.

use agencement::{
    Brouillon, Mesure, Priorite, Souhait, ailleurs, ecarts, proposer, reparer, suivre,
};
use jiff::civil::{Date, Time, date, time};
use metier::candidats::{Candidat, Fiche};
use metier::convocations::{Convocation, Destinataire, Mode, Remise};
use metier::equipe::{Intervenant, Poste};
use metier::jury::{Membre, MembreJury, Place};
use metier::planning::{Empeche, Empechement, Journees, Passage};
use metier::programme::{NatureSalle, Programme, Salle, Site, TypeSession};
use metier::{Session, temps};
use std::collections::BTreeSet;

const LUNDI: Date = date(2027, 3, 8);

fn id<T: std::str::FromStr>(s: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    s.parse().unwrap()
}

fn salle(nom: &str, nature: NatureSalle, capacite: u32, accessible: bool) -> Salle {
    Salle {
        nom: nom.into(),
        nature,
        capacite,
        accessible,
    }
}

/// Une session titre DWWM : tant de candidats, de jurés, de jours.
fn session(candidats: usize, jures: usize, jours: i8) -> Session {
    let mut s = Session {
        programme: Some(Programme {
            type_session: TypeSession::Titre,
            certificats: vec![],
            referentiel: Box::new(
                metier::catalogue()
                    .into_iter()
                    .find(|r| r.cle == "TP-01280m04")
                    .unwrap(),
            ),
            site: Site {
                id: id("site-1"),
                nom: "Site".into(),
                adresse: "1 rue".into(),
                salles: vec![
                    salle("Salle 4", NatureSalle::Salle, 16, true),
                    salle("Entretien A", NatureSalle::Entretien, 4, false),
                    salle("Entretien B", NatureSalle::Entretien, 4, true),
                ],
            },
            debut: LUNDI,
            fin: date(2027, 3, 7 + jours),
            numero_ceres: None,
            modele_taches: "taches-2016".into(),
            annulee: None,
        }),
        ..Session::default()
    };
    for i in 0..candidats {
        s.candidats.push(Candidat {
            id: id(&format!("c{i}")),
            fiche: Fiche {
                nom_naissance: format!("Témoin {i}"),
                prenoms: "Ada".into(),
                ..Fiche::default()
            },
            ..Candidat::default()
        });
    }
    for i in 0..jures {
        s.jury.push(MembreJury {
            membre: Membre {
                jure: id(&format!("j{i}")),
                nom: format!("Juré TÉMOIN {i}"),
                qualite: "Développeuse".into(),
                employeur: None,
                lies_a: vec![],
                courriel: None,
                telephone: None,
                habilitation: None,
                place: Place::Titulaire,
            },
            confirme: true,
        });
    }
    s.equipe.membres.push((
        Poste::Surveillant,
        Intervenant {
            id: id("p1"),
            nom: "Max Veille".into(),
            fonction: "Surveillance".into(),
            courriel: None,
        },
    ));
    s
}

fn demander(s: &Session) -> Brouillon {
    let souhait = Souhait {
        priorite: Priorite::Equilibre,
        graine: 1,
        iterations: None,
    };
    proposer(s, souhait).unwrap()
}

fn adopter(s: &mut Session, b: &Brouillon) {
    s.planning.passages = b.passages.clone();
    s.planning.deliberations = b.deliberations.clone();
}

fn dur(s: &Session, b: &Brouillon) -> Vec<String> {
    ecarts(s, &b.passages, &b.deliberations)
        .into_iter()
        .filter(|e| !e.suppose)
        .map(|e| e.phrase)
        .collect()
}

#[test]
fn une_session_simple_tient_et_n_enfreint_rien() {
    let s = session(2, 2, 1);
    let b = demander(&s);
    assert_eq!((b.passages.len(), b.restes.len()), (8, 0));
    assert_eq!(dur(&s, &b), Vec::<String>::new());
    assert_eq!(b, demander(&s), "la même demande donne la même proposition");
    let p = s.programme.as_ref().unwrap();
    for x in &b.passages {
        let e = p.epreuve(&x.epreuve).unwrap();
        assert_eq!(
            temps::minutes(x.fin) - temps::minutes(x.debut),
            e.duree_minutes.unwrap(),
            "durée exacte : {x:?}"
        );
        if e.presence_jury.demande_jury() {
            assert_eq!(x.jury.len(), 2, "le jury siège : {x:?}");
        }
    }
    let derniere = b.passages.iter().map(|x| (x.date, x.fin)).max().unwrap();
    let d = &b.deliberations[0];
    assert!((d.date, d.debut) >= derniere, "la délibération vient après");
    assert_eq!(
        temps::minutes(d.fin) - temps::minutes(d.debut),
        25,
        "quinze minutes, et cinq par candidat"
    );
}

#[test]
fn chaque_candidat_garde_son_jury_et_finit_par_l_entretien_final() {
    let s = session(9, 4, 3);
    let b = demander(&s);
    assert_eq!(b.restes.len(), 0);
    assert_eq!(dur(&s, &b), Vec::<String>::new());
    for c in &s.candidats {
        let siens: Vec<&Passage> = b.passages.iter().filter(|x| x.candidat == c.id).collect();
        let jurys: BTreeSet<_> = siens
            .iter()
            .filter(|x| !x.jury.is_empty())
            .map(|x| &x.jury)
            .collect();
        assert_eq!(jurys.len(), 1, "un seul jury pour {}", c.id);
        let dernier = siens.iter().max_by_key(|x| (x.date, x.debut)).unwrap();
        assert_eq!(dernier.epreuve, "T-4", "l’entretien final est le dernier");
    }
}

#[test]
fn le_questionnaire_se_passe_ensemble() {
    let s = session(6, 2, 2);
    let b = demander(&s);
    let debuts: BTreeSet<(Date, Time)> = b
        .passages
        .iter()
        .filter(|x| x.epreuve == "T-1")
        .map(|x| (x.date, x.debut))
        .collect();
    assert_eq!(debuts.len(), 1);
}

#[test]
fn le_jury_ne_recoit_personne_avant_la_fin_de_son_questionnaire_qu_il_corrige() {
    let s = session(6, 2, 2);
    let b = demander(&s);
    assert_eq!(b.restes.len(), 0);
    for c in &s.candidats {
        let siens = || b.passages.iter().filter(|x| x.candidat == c.id);
        let questionnaire = siens().find(|x| x.epreuve == "T-1").unwrap();
        for x in siens().filter(|x| !x.jury.is_empty()) {
            assert!(
                (x.date, x.debut) >= (questionnaire.date, questionnaire.fin),
                "{x:?}"
            );
        }
    }
}

#[test]
fn un_lien_ecarte_le_jury_et_un_empechement_vide_la_matinee() {
    let mut s = session(4, 4, 2);
    s.liens.declares.push(metier::liens::Lien {
        jure: id("j0"),
        candidat: id("c1"),
        nature: metier::liens::NatureLien::Entreprise,
        precision: "même entreprise".into(),
        est_declare: true,
    });
    s.planning.empechements.push(Empechement {
        qui: Empeche::Jure(id("j2")),
        date: LUNDI,
        de: time(8, 30, 0, 0),
        a: time(12, 0, 0, 0),
    });
    let b = demander(&s);
    assert_eq!((dur(&s, &b).len(), b.restes.len()), (0, 0));
    for x in &b.passages {
        assert!(
            x.candidat.as_str() != "c1" || !x.jury.contains(&id("j0")),
            "lié : {x:?}"
        );
        let matin = x.date == LUNDI && x.debut < time(12, 0, 0, 0);
        assert!(!(matin && x.jury.contains(&id("j2"))), "empêché : {x:?}");
    }
}

#[test]
fn une_epingle_tient_a_la_minute() {
    let mut s = session(3, 2, 1);
    let b = demander(&s);
    adopter(&mut s, &b);
    let mut x = b
        .passages
        .iter()
        .find(|x| x.candidat.as_str() == "c2" && x.epreuve == "T-4")
        .unwrap()
        .clone();
    (x.debut, x.fin) = (time(16, 32, 0, 0), time(16, 47, 0, 0));
    s.planning
        .passages
        .retain(|y| y.candidat != x.candidat || y.epreuve != x.epreuve);
    s.planning.passages.push(x.clone());
    s.planning
        .epingles
        .insert((x.candidat.clone(), x.epreuve.clone()));
    let b = demander(&s);
    assert!(
        b.passages.contains(&x),
        "l’épinglé ne bouge pas d’une minute"
    );
    assert_eq!(b.passages.len(), 12);
}

#[test]
fn ce_qui_ne_tient_pas_se_dit_avec_ses_nombres() {
    let mut s = session(8, 2, 1);
    s.planning.journees = Some(Journees {
        ouverture: time(9, 0, 0, 0),
        fermeture: time(13, 0, 0, 0),
        dejeuner_minutes: 0,
        ..Journees::default()
    });
    let b = demander(&s);
    assert!(!b.restes.is_empty());
    assert!(
        b.passages.iter().all(|x| !b.restes.contains(&x.candidat)),
        "personne n’est placé à moitié"
    );
    assert!(
        b.causes
            .iter()
            .any(|p| p.chars().any(|c| c.is_ascii_digit())),
        "{:?}",
        b.causes
    );
    assert_eq!(dur(&s, &b), Vec::<String>::new());
}

#[test]
fn qui_tient_sa_convocation_ne_perd_pas_sa_place_pour_un_inscrit_de_plus() {
    let mut s = session(4, 2, 1);
    let b = demander(&s);
    assert!(b.restes.is_empty());
    adopter(&mut s, &b);
    // Ils sont convoqués, chacun a sa convocation ; puis douze autres s'inscrivent, et un jury n'y suffit plus.
    let convoques: Vec<_> = s.candidats.iter().map(|c| c.id.clone()).collect();
    let remise = Remise {
        mode: Mode::Decharge,
        le: date(2027, 2, 1),
    };
    for c in &convoques {
        let convocation = Convocation {
            remise: Some((remise.clone(), 1)),
            ..Convocation::default()
        };
        let qui = Destinataire::Candidat(c.clone());
        s.convocations.par_destinataire.insert(qui, convocation);
    }
    // Un ou deux de trop se nomment ; douze, non.
    for inscrits in [5, 6, 7, 8, 16] {
        let mut s = s.clone();
        let tous = session(inscrits, 0, 1).candidats.into_iter();
        s.candidats
            .extend(tous.filter(|c| !convoques.contains(&c.id)));
        for graine in 0..3 {
            let souhait = Souhait {
                priorite: Priorite::Equilibre,
                graine,
                iterations: Some(400),
            };
            let b = proposer(&s, souhait).unwrap();
            let perdus: Vec<_> = convoques.iter().filter(|c| b.restes.contains(c)).collect();
            assert!(perdus.is_empty(), "graine {graine} : {perdus:?}");
            assert_eq!(dur(&s, &b), Vec::<String>::new());
            assert_eq!(b.restes.is_empty(), b.causes.is_empty());
            // Ce qui manque ne se dit pas de qui a sa place.
            for c in s.candidats.iter().filter(|c| !b.restes.contains(&c.id)) {
                let nom = c.fiche.nom_complet();
                assert!(!b.causes.iter().any(|p| p.contains(&nom)), "{:?}", b.causes);
            }
        }
    }
}

#[test]
fn sans_salle_ni_candidat_on_dit_quoi_faire() {
    let mut s = session(0, 2, 1);
    let souhait = Souhait {
        priorite: Priorite::Equilibre,
        graine: 0,
        iterations: None,
    };
    assert!(proposer(&s, souhait).unwrap_err().contains("candidats"));
    s = session(2, 2, 1);
    s.programme.as_mut().unwrap().site.salles.clear();
    assert!(proposer(&s, souhait).unwrap_err().contains("salle"));
}

#[test]
fn un_jure_manque_la_reserve_le_remplace_et_ce_qui_a_commence_ne_bouge_pas() {
    let mut s = session(4, 3, 1);
    s.jury[2].membre.place = Place::Reserve;
    let b = demander(&s);
    adopter(&mut s, &b);
    let maintenant = LUNDI.at(10, 30, 0, 0);
    s.planning.empechements.push(Empechement {
        qui: Empeche::Jure(id("j1")),
        date: LUNDI,
        de: time(10, 30, 0, 0),
        a: time(17, 30, 0, 0),
    });
    let plans = reparer(&s, maintenant).unwrap();
    assert!((1..=3).contains(&plans.len()));
    let meilleur = &plans[0];
    assert_eq!(meilleur.restes.len(), 0, "{:?}", meilleur.titre);
    for x in &s.planning.passages {
        if x.date.to_datetime(x.debut) < maintenant {
            assert!(meilleur.passages.contains(x), "figé : {x:?}");
        }
    }
    for x in &meilleur.passages {
        let apres = x.date.to_datetime(x.debut) >= maintenant;
        assert!(!(apres && x.jury.contains(&id("j1"))), "absent : {x:?}");
    }
    assert!(meilleur.motif.contains("TÉMOIN 1"), "{}", meilleur.motif);
}

#[test]
fn un_jure_absent_un_seul_jour_delibere_a_son_retour_sur_ceux_qu_il_a_vus() {
    let mut s = session(8, 3, 2);
    s.jury[2].membre.place = Place::Reserve;
    let b = demander(&s);
    assert!(b.restes.is_empty());
    adopter(&mut s, &b);
    s.planning.empechements.push(Empechement {
        qui: Empeche::Jure(id("j0")),
        date: LUNDI,
        de: time(8, 0, 0, 0),
        a: time(20, 0, 0, 0),
    });
    let plans = reparer(&s, LUNDI.at(7, 0, 0, 0)).unwrap();
    let complets: Vec<_> = plans.iter().filter(|b| b.restes.is_empty()).collect();
    assert!(!complets.is_empty());
    for b in complets {
        assert_eq!(dur(&s, b), Vec::<String>::new(), "{}", b.titre);
        let siege = |jour: Date| {
            let du_jour = b.passages.iter().filter(move |x| x.date == jour);
            du_jour.flat_map(|x| &x.jury).any(|j| j.as_str() == "j0")
        };
        assert!(!siege(LUNDI), "{} : il n’est pas là ce jour-là", b.titre);
    }
}

#[test]
fn reparer_ne_fait_pas_finir_apres_vingt_heures() {
    for fermeture in [time(18, 30, 0, 0), time(19, 30, 0, 0)] {
        let mut s = session(4, 2, 1);
        let b = demander(&s);
        adopter(&mut s, &b);
        s.planning.journees = Some(Journees {
            fermeture,
            ..s.planning.journees()
        });
        // Un juré s'absente presque jusqu'au soir : il faudrait finir bien plus tard.
        s.planning.empechements.push(Empechement {
            qui: Empeche::Jure(id("j1")),
            date: LUNDI,
            de: time(10, 30, 0, 0),
            a: time(19, 0, 0, 0),
        });
        let plans = reparer(&s, LUNDI.at(10, 30, 0, 0)).unwrap();
        let fins: Vec<Time> = plans
            .iter()
            .flat_map(|b| &b.deliberations)
            .map(|d| d.fin)
            .collect();
        let titres: Vec<&str> = plans.iter().map(|b| b.titre.as_str()).collect();
        assert!(
            fins.iter().all(|f| *f <= time(20, 0, 0, 0)) && !titres.is_empty(),
            "{fermeture} : {titres:?} {fins:?}"
        );
    }
}

#[test]
fn un_second_conflit_le_meme_jour_se_dit_aussi() {
    let mut s = session(4, 2, 1);
    let b = demander(&s);
    adopter(&mut s, &b);
    // Deux entretiens finaux sont avancés, l'un après l'autre, sur ce que le même jury fait déjà.
    let avancer = |s: &mut Session, c: usize| {
        let autre = s.planning.passage(&id(&format!("c{c}")), "T-3").unwrap();
        let (debut, fin) = (autre.debut, autre.fin);
        let x = s.planning.passages.iter_mut();
        let mut siens = x.filter(|x| x.candidat == id(&format!("c{c}")) && x.epreuve == "T-4");
        let x = siens.next().unwrap();
        (x.debut, x.fin) = (debut, fin);
    };
    avancer(&mut s, 0);
    let un: BTreeSet<_> = ecarts(&s, &s.planning.passages, &[]).into_iter().collect();
    avancer(&mut s, 1);
    let deux: BTreeSet<_> = ecarts(&s, &s.planning.passages, &[]).into_iter().collect();
    let neufs: Vec<&str> = deux
        .difference(&un)
        .filter(|e| e.code == "OVERLAP")
        .map(|e| e.phrase.as_str())
        .collect();
    let du_jury = |p: &&str| p.starts_with("Juré TÉMOIN");
    assert!(neufs.iter().any(du_jury), "{neufs:?}");
}

#[test]
fn finir_plus_tard_se_dit_jour_par_jour() {
    let s = session(4, 2, 2);
    let b = demander(&s);
    let present = Mesure::de(&s, &b.passages, &b.deliberations);
    let fin = |jour: i8, heure: i8| (date(2027, 3, jour), time(heure, 0, 0, 0));
    let dit = |fins: &[(Date, Time)], avant: &[(Date, Time)]| {
        let mesure = |fins: &[(Date, Time)]| Mesure {
            fins: fins.to_vec(),
            ..present.clone()
        };
        mesure(fins).phrase(&mesure(avant))
    };
    let phrase = dit(&[fin(8, 17)], &[fin(8, 16)]);
    assert!(phrase.ends_with("finir 1\u{a0}h plus tard"), "{phrase}");
    let phrase = dit(&[fin(8, 17), fin(9, 15)], &[fin(8, 16), fin(9, 17)]);
    assert!(
        phrase.ends_with("finir 1\u{a0}h plus tard le lundi, finir 2\u{a0}h plus tôt le mardi"),
        "{phrase}"
    );
    let phrase = dit(&[fin(8, 17)], &[fin(8, 17)]);
    assert!(phrase.ends_with("finir à la même heure"), "{phrase}");
    let phrase = dit(&[fin(8, 17)], &[fin(8, 17), fin(9, 17)]);
    assert!(
        phrase.ends_with("finir dès le lundi 8\u{a0}mars\u{a0}2027"),
        "{phrase}"
    );
}

#[test]
fn qui_prevenir_se_dit_candidats_jures_et_surveillants() {
    let present = Mesure::default();
    let dit = |gens: &[Destinataire]| {
        let m = Mesure {
            a_prevenir: gens.to_vec(),
            ..Mesure::default()
        };
        m.phrase(&present)
    };
    let (c, autre) = (
        Destinataire::Candidat(id("c1")),
        Destinataire::Candidat(id("c2")),
    );
    let (j, v) = (
        Destinataire::Jure(id("j1")),
        Destinataire::Surveillant(id("v1")),
    );
    let debut = |gens: &[Destinataire]| {
        let phrase = dit(gens);
        phrase
            .split(", finir")
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(debut(&[]), "Personne ne bouge");
    assert_eq!(debut(std::slice::from_ref(&c)), "Prévenir un candidat");
    assert_eq!(
        debut(&[c, autre, j.clone(), v]),
        "Prévenir 2 candidats, un juré et un surveillant"
    );
    assert_eq!(debut(&[j]), "Prévenir un juré");
}

#[test]
fn bouger_peu_ne_bouge_rien_quand_rien_ne_l_exige() {
    let mut s = session(4, 2, 2);
    let b = demander(&s);
    adopter(&mut s, &b);
    let souhait = Souhait {
        priorite: Priorite::BougerPeu,
        graine: 5,
        iterations: None,
    };
    let encore = proposer(&s, souhait).unwrap();
    let m = Mesure::de(&s, &encore.passages, &encore.deliberations);
    assert_eq!(m.bougent.len(), 0);
    assert_eq!(m.places, m.attendus);
}

#[test]
fn les_autres_places_sont_classees_et_celles_qui_tiennent_viennent_d_abord() {
    let mut s = session(3, 2, 2);
    let b = demander(&s);
    adopter(&mut s, &b);
    let places = ailleurs(&s, &id("c0"), "T-4", 5);
    assert!(!places.is_empty());
    assert!(
        places[0].ecarts.is_empty(),
        "il y a de la place dans deux journées"
    );
    // Ce qui est enchaîné suit : le projet emmène l'entretien technique.
    let mut projet = s.planning.passage(&id("c0"), "T-2").unwrap().clone();
    (projet.debut, projet.fin) = (time(16, 0, 0, 0), time(16, 35, 0, 0));
    let a = suivre(&s, &projet).unwrap();
    let technique = a.passages.iter().find(|x| x.epreuve == "T-3").unwrap();
    assert_eq!(technique.debut, time(16, 35, 0, 0));
}

#[test]
fn quarante_candidats_tiennent_dans_une_semaine() {
    let s = session(40, 6, 5);
    let b = demander(&s);
    assert_eq!(b.passages.len(), 160, "{:?} {:?}", b.restes, b.causes);
    assert_eq!(dur(&s, &b), Vec::<String>::new());
}

#[test]
fn quand_la_salle_est_trop_petite_pour_tous_les_seances_se_remplissent() {
    let mut s = session(20, 6, 3);
    s.programme.as_mut().unwrap().site.salles[0].capacite = 6;
    for priorite in [
        Priorite::Equilibre,
        Priorite::FinirTot,
        Priorite::AttendrePeu,
    ] {
        let souhait = Souhait {
            priorite,
            graine: 1,
            iterations: None,
        };
        let b = proposer(&s, souhait).unwrap();
        assert_eq!(b.restes.len(), 0);
        assert_eq!(dur(&s, &b), Vec::<String>::new());
        let questionnaires: BTreeSet<(Date, Time)> = b
            .passages
            .iter()
            .filter(|x| x.epreuve == "T-1")
            .map(|x| (x.date, x.debut))
            .collect();
        assert_eq!(
            questionnaires.len(),
            4,
            "vingt candidats, six places : {priorite:?} {questionnaires:?}"
        );
    }
}
