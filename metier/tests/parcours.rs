//! Récits du parcours d'un candidat : ce qui se note, ce qui se corrige avec un motif, ce qui ne se perd jamais.

use jiff::civil::{Date, date};
use metier::candidats::{self, Candidat, Fiche, ceres_plausible, ressemble_a_un_nir};
use metier::deliberation::Issue;
use metier::jour::Piece;
use metier::parcours::{
    Action as Geste, Amenagement, Antecedent, Convention, EtatAmenagement, OuEstLaPiece, Parcours,
    Situation, Source, attendues_de,
};
use metier::programme::{self, Programme, Site, TypeSession};
use metier::{
    Acteur, Action, Contexte, Decision, Evenement, EvenementDate, Refus, Role, Session, Voisinage,
    appliquer, decider,
};

const TITRE: &str = "TP-01280m04";

struct Recit {
    session: Session,
    motif: Option<&'static str>,
    role: Role,
    voisinage: Voisinage,
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(t: &str) -> T {
    t.parse().unwrap()
}

impl Recit {
    fn nouveau() -> Self {
        let r = metier::catalogue()
            .into_iter()
            .find(|r| r.cle == TITRE)
            .unwrap();
        let programme = Programme {
            type_session: TypeSession::Titre,
            certificats: vec![],
            referentiel: Box::new(r),
            site: Site {
                id: id("site"),
                nom: "Site".into(),
                adresse: "1 rue de l’Essai".into(),
                salles: vec![],
            },
            debut: date(2026, 12, 15),
            fin: date(2026, 12, 16),
            numero_ceres: None,
            modele_taches: "taches-2016".into(),
            annulee: None,
        };
        let fiche = Fiche {
            nom_naissance: "Abadie".into(),
            prenoms: "Aïcha".into(),
            naissance: Some(date(1999, 3, 12)),
            voie: Some(candidats::Voie::FormationContinue),
            ..Fiche::default()
        };
        Self {
            session: Session::default(),
            motif: None,
            role: Role::Responsable,
            voisinage: Voisinage::VIDE,
        }
        .quand(Action::Programme(programme::Action::Creer(programme)))
        .quand(Action::Candidat(candidats::Action::Inscrire {
            id: id("c1"),
            fiche,
        }))
    }
    fn parce_que(mut self, motif: &'static str) -> Self {
        self.motif = Some(motif);
        self
    }
    fn en_tant_que(mut self, role: Role) -> Self {
        self.role = role;
        self
    }
    fn essayer(&self, action: &Action) -> Result<Decision, Refus> {
        let maintenant = date(2026, 10, 1)
            .at(9, 0, 0, 0)
            .to_zoned_datetime(metier::temps::paris())
            .unwrap();
        let ctx = Contexte {
            acteur: Acteur {
                personne: id("p1"),
                nom: "Camille Un".into(),
                role: self.role,
            },
            realise_par: id("p1"),
            maintenant,
            motif: self.motif.map(str::to_owned),
            vu_au_rang: None,
            voisinage: &self.voisinage,
        };
        decider(&self.session, action, &ctx)
    }
    #[track_caller]
    fn quand(mut self, action: Action) -> Self {
        let d = self
            .essayer(&action)
            .unwrap_or_else(|r| panic!("refusé : {r}"));
        for evenement in d.evenements {
            // Chaque événement se relit tel qu'il est écrit, et sa phrase se lit.
            let json = serde_json::to_string(&evenement).unwrap();
            let relu: Evenement = serde_json::from_str(&json).unwrap();
            assert_eq!(relu, evenement);
            assert!(!evenement.phrase().is_empty());
            self.session = appliquer(
                std::mem::take(&mut self.session),
                &EvenementDate {
                    rang: self.session.rang + 1,
                    le: "2026-10-01T07:00:00Z".into(),
                    saisi_par: id("p1"),
                    realise_par: id("p1"),
                    evenement,
                },
            );
        }
        self
    }
    #[track_caller]
    fn geste(self, g: Geste) -> Self {
        self.quand(Action::Parcours(g))
    }
    #[track_caller]
    fn refuse(&self, g: Geste, code: &str, champ: Option<&str>) {
        let avant = self.session.clone();
        let r = self
            .essayer(&Action::Parcours(g))
            .expect_err("le geste aurait dû être refusé");
        assert_eq!(avant, self.session);
        assert!(
            r.constats
                .iter()
                .any(|c| c.code == code && c.champ.as_deref() == champ && !c.remede.is_empty()),
            "{:?}",
            r.constats
        );
    }
    fn c1(&self) -> &Candidat {
        &self.session.candidats[0]
    }
}

fn noter(parcours: Parcours) -> Geste {
    Geste::Noter {
        id: id("c1"),
        parcours,
    }
}

fn resultat(le: Date, issue: Issue, certificats: &[&str], source: Source) -> Antecedent {
    Antecedent {
        numero: 0,
        titre: TITRE.into(),
        intitule: "Développeur web et web mobile".into(),
        type_session: TypeSession::Titre,
        le,
        issue,
        certificats: certificats.iter().map(|c| (*c).into()).collect(),
        source,
    }
}

fn vu() -> Source {
    Source::Saisie("livret de certification".into())
}

fn ajouter(a: Antecedent) -> Geste {
    Geste::AjouterAntecedent {
        id: id("c1"),
        antecedent: a,
    }
}

#[test]
fn un_parcours_se_note_sans_motif_et_se_corrige_avec_un() {
    let repassage = Parcours {
        situation: Some(Situation::Repassage),
        ..Parcours::default()
    };
    let r = Recit::nouveau().geste(noter(repassage.clone()));
    assert_eq!(r.c1().parcours, repassage);
    r.refuse(noter(Parcours::default()), "SAI", Some("motif"));
    let r = r
        .parce_que("erreur de saisie")
        .geste(noter(Parcours::default()));
    assert_eq!(r.c1().parcours, Parcours::default());
    assert!(
        r.essayer(&Action::Parcours(noter(Parcours::default())))
            .unwrap()
            .evenements
            .is_empty()
    );
    r.refuse(
        noter(Parcours {
            partenaire: Some("2 99 03 69 123 456 78".into()),
            ..Parcours::default()
        }),
        "SAI",
        Some("partenaire"),
    );
    r.refuse(
        noter(Parcours {
            formation_nouvelle: Some(date(2027, 1, 1)),
            ..Parcours::default()
        }),
        "SAI",
        Some("formation_nouvelle"),
    );
}

#[test]
fn un_resultat_saisi_a_sa_source_et_ses_certificats_sont_acquis() {
    let le = date(2026, 3, 2);
    let r = Recit::nouveau();
    r.refuse(
        ajouter(resultat(le, Issue::Partielle, &[], vu())),
        "SAI",
        Some("antecedent_certificats"),
    );
    r.refuse(
        ajouter(resultat(le, Issue::Echec, &["CCP1"], vu())),
        "SAI",
        Some("antecedent_certificats"),
    );
    r.refuse(
        ajouter(resultat(le, Issue::Partielle, &["CCP9"], vu())),
        "SAI",
        Some("antecedent_certificats"),
    );
    r.refuse(
        ajouter(resultat(
            le,
            Issue::Echec,
            &[],
            Source::Saisie(String::new()),
        )),
        "SAI",
        Some("antecedent_source"),
    );
    r.refuse(
        ajouter(resultat(le, Issue::Echec, &[], Source::Session(id("s0")))),
        "CAN-11",
        None,
    );
    let r = r.geste(ajouter(resultat(le, Issue::Partielle, &["CCP1"], vu())));
    assert!(r.c1().ccps_acquis(TITRE).contains("CCP1"));
    assert!(r.c1().ccps_acquis("TP-01280m03").is_empty());
    assert!(Piece::attendues(&r.session, r.c1()).contains(&Piece::LivretCertification));
    let oter = Geste::OterAntecedent {
        id: id("c1"),
        numero: 1,
    };
    r.refuse(oter.clone(), "SAI", Some("motif"));
    let r = r.parce_que("erreur de personne").geste(oter);
    assert!(r.c1().antecedents.is_empty());
}

#[test]
fn un_certificat_venu_d_un_jury_ne_se_perd_ni_en_otant_ni_en_reprenant() {
    let source = Source::Session(id("s0"));
    let partielle = resultat(
        date(2026, 3, 2),
        Issue::Partielle,
        &["CCP1"],
        source.clone(),
    );
    let mut r = Recit::nouveau();
    r.voisinage.anterieurs = vec![partielle.clone()];
    let mut r = r.geste(Geste::Reprendre { id: id("c1") });
    assert_eq!(r.c1().antecedents.len(), 1);
    assert!(
        r.essayer(&Action::Parcours(Geste::Reprendre { id: id("c1") }))
            .unwrap()
            .evenements
            .is_empty()
    );
    // Un rectificatif change l'issue : le certificat déjà repris reste.
    r.voisinage.anterieurs = vec![resultat(date(2026, 3, 2), Issue::Echec, &[], source)];
    let r = r
        .geste(Geste::Reprendre { id: id("c1") })
        .parce_que("je le veux");
    assert_eq!(r.c1().antecedents.len(), 1);
    assert!(r.c1().ccps_acquis(TITRE).contains("CCP1"));
    r.refuse(
        Geste::OterAntecedent {
            id: id("c1"),
            numero: 1,
        },
        "CAN-12",
        None,
    );
}

#[test]
fn les_pieces_se_notent_et_ne_s_otent_qu_avec_un_motif() {
    let note = |p, recue| Geste::NoterPieces {
        notes: vec![(id("c1"), p, recue)],
    };
    let r = Recit::nouveau().geste(note(Piece::Dp, true));
    let dp = attendues_de(&r.session, r.c1())
        .into_iter()
        .find(|a| a.piece == Piece::Dp)
        .unwrap();
    assert_eq!(dp.ou, OuEstLaPiece::AuDossier(date(2026, 10, 1)));
    r.refuse(note(Piece::Dp, false), "SAI", Some("motif"));
    let r = r
        .parce_que("rendu au candidat")
        .geste(note(Piece::Dp, false));
    assert!(
        attendues_de(&r.session, r.c1())
            .iter()
            .all(|a| !a.ou.est_la())
    );
}

#[test]
fn une_convention_se_corrige_avec_un_motif_et_reste_unique_par_organisme() {
    let c = Convention {
        organisme: "Organisme Bêta".into(),
        reference: "CV-1".into(),
        debut: date(2026, 1, 1),
        fin: date(2027, 1, 1),
        avenant_transmis_le: None,
        durees_verifiees_le: None,
    };
    let r = Recit::nouveau().geste(Geste::NoterConvention(c.clone()));
    let corrigee = Convention {
        organisme: "ORGANISME BETA".into(),
        reference: "CV-2".into(),
        ..c.clone()
    };
    r.refuse(
        Geste::NoterConvention(corrigee.clone()),
        "SAI",
        Some("motif"),
    );
    let r = r
        .parce_que("nouvelle référence")
        .geste(Geste::NoterConvention(corrigee));
    assert_eq!(r.session.conventions.len(), 1);
    r.refuse(
        Geste::NoterConvention(Convention {
            fin: date(2025, 1, 1),
            ..c
        }),
        "SAI",
        Some("fin"),
    );
}

fn demande() -> Amenagement {
    Amenagement {
        etat: EtatAmenagement::Demande,
        demande_le: Some(date(2026, 9, 1)),
        decision_le: None,
        majoration: 0,
        acces_pmr: false,
        secret: String::new(),
        jury_informe_le: None,
        applique: None,
    }
}

fn amenager(a: Amenagement) -> Geste {
    Geste::Amenager {
        id: id("c1"),
        amenagement: a,
    }
}

#[test]
fn la_decision_suit_la_demande_sans_motif_et_le_journal_ne_dit_pas_la_mesure() {
    let accorde = Amenagement {
        etat: EtatAmenagement::Accorde,
        decision_le: Some(date(2026, 9, 20)),
        majoration: 33,
        acces_pmr: true,
        secret: "v1.abc".into(),
        ..demande()
    };
    let r = Recit::nouveau().geste(amenager(demande()));
    assert_eq!(r.c1().duree_amenagee(60), 60);
    let r = r.geste(amenager(accorde.clone()));
    assert_eq!((r.c1().duree_amenagee(60), r.c1().acces_pmr()), (80, true));
    let phrases: String = r
        .session
        .dernieres
        .iter()
        .map(|e| e.phrase.as_str())
        .collect();
    assert!(phrases.contains("lecture réservée"));
    assert!(!phrases.contains("33") && !phrases.contains("v1.abc"));
    r.refuse(
        amenager(Amenagement {
            majoration: 50,
            ..accorde.clone()
        }),
        "SAI",
        Some("motif"),
    );
    r.refuse(
        amenager(Amenagement {
            decision_le: None,
            ..accorde.clone()
        }),
        "SAI",
        Some("decision_le"),
    );
    r.refuse(
        amenager(Amenagement {
            majoration: 201,
            ..accorde
        }),
        "SAI",
        Some("majoration"),
    );
    // Noter qu'il n'a pas été appliqué se déroge : l'observation ira au procès-verbal.
    let constat = Geste::ConstaterAmenagement {
        id: id("c1"),
        applique: false,
    };
    r.refuse(constat.clone(), "R57", None);
    let r = r.parce_que("salle indisponible").geste(constat);
    assert!(
        r.session
            .derogations
            .iter()
            .any(|d| d.code == "R57" && d.au_pv)
    );
}

#[test]
fn seuls_responsable_suppleant_et_secretariat_touchent_un_amenagement() {
    for role in Role::TOUS {
        let permis = matches!(
            role,
            Role::Responsable | Role::Suppleant | Role::Secretariat
        );
        let r = Recit::nouveau().en_tant_que(role);
        assert_eq!(
            r.essayer(&Action::Parcours(amenager(demande()))).is_ok(),
            permis,
            "{role:?}"
        );
    }
}

#[test]
fn ce_que_l_on_recopie_de_ceres_a_une_forme_et_n_est_pas_un_numero_de_securite_sociale() {
    assert!(ceres_plausible("CAN-0012345") && ceres_plausible("20261234567"));
    assert!(!ceres_plausible("identifiant") && !ceres_plausible("CAN 12"));
    assert!(ressemble_a_un_nir("1 84 12 76 451 089 46"));
    assert!(ressemble_a_un_nir("2 99 03 2A 451 089"));
    assert!(!ressemble_a_un_nir("06 12 34 56 78") && !ressemble_a_un_nir("3991376451089"));
    assert!(!ceres_plausible("184127645108946"));
}
