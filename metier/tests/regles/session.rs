//! Une session conforme, que chaque essai abîme à sa façon, et la forme des deux essais d'une règle.

use jiff::civil::{Date, date, time};
use metier::cadre::{Agrement, Cadre};
use metier::candidats::{Candidat, Fiche, Voie};
use metier::convocations::{Convocation, Destinataire, Document, Mode, Remise};
use metier::equipe::{Intervenant, Poste};
use metier::jury::{Habilitation, Membre, MembreJury, Place};
use metier::parcours::Parcours;
use metier::planning::Passage;
use metier::programme::{NatureSalle, Programme, Salle, Site, TypeSession};
use metier::referentiel::{Confirmation, Epreuve, Modalite, PresenceJury};
use metier::taches::Marque;
use metier::{Constat, Referentiel, Session, reglement};

pub const DEBUT: Date = date(2026, 12, 15);
pub const FIN: Date = date(2026, 12, 16);
pub const JOUR: Date = date(2026, 11, 20);
/// Toutes les tâches que des règles regardent.
const TACHES: [&str; 12] = [
    "AV-03", "AV-05", "AV-09", "AV-13", "AV-15", "AV-17", "AV-18", "PE-03", "AP-06", "AP-07",
    "AP-09", "AP-10",
];

/// Déclare les deux essais d'une règle, nommés en phrases.
macro_rules! deux_etats {
    ($code:literal, $muet:ident => $f:expr, $parlant:ident => $g:expr $(, $($reste:tt)*)?) => {
        #[test]
        fn $muet() {
            let dits = crate::session::examiner($code, $f);
            assert!(dits.is_empty(), "{} devrait se taire : {dits:?}", $code);
        }
        #[test]
        fn $parlant() {
            assert!(
                crate::session::examiner($code, |_, _| ()).is_empty(),
                "{} parle d'une session conforme",
                $code
            );
            let dits = crate::session::examiner($code, $g);
            assert!(!dits.is_empty(), "{} devrait parler", $code);
            for c in &dits {
                assert!(c.phrase.ends_with('.') && c.remede.ends_with('.'), "{c:?}");
            }
        }
    };
}
pub(crate) use deux_etats;

/// Ce que dit cette règle de la session conforme, une fois abîmée.
pub fn examiner(code: &str, abimer: impl FnOnce(&mut Session, &mut Date)) -> Vec<Constat> {
    let (mut s, mut jour) = (conforme(), JOUR);
    abimer(&mut s, &mut jour);
    reglement::examiner(&s, jour)
        .into_iter()
        .filter(|c| c.code == code)
        .collect()
}

pub fn id<T: std::str::FromStr>(s: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    s.parse().unwrap()
}

pub fn p(s: &mut Session) -> &mut Programme {
    s.programme.as_mut().unwrap()
}

pub fn marquer(s: &mut Session, tache: &str, le: &str) {
    s.taches.marques.insert(
        tache.into(),
        Marque {
            le: le.into(),
            ..marque()
        },
    );
}

pub fn oublier(s: &mut Session, tache: &str) {
    s.taches.marques.remove(tache);
}

fn marque() -> Marque {
    Marque {
        sans_objet: false,
        observation: String::new(),
        realise_par: id("p1"),
        le: "2026-09-01T07:00:00Z".into(),
    }
}

pub fn personne(i: &str, nom: &str) -> Intervenant {
    Intervenant {
        id: id(i),
        nom: nom.into(),
        fonction: "Chargé de mission".into(),
        courriel: None,
    }
}

pub fn jure(i: &str, place: Place) -> MembreJury {
    MembreJury {
        membre: Membre {
            jure: id(i),
            nom: format!("Juré {i}"),
            qualite: "Développeur".into(),
            employeur: None,
            lies_a: vec![],
            courriel: None,
            telephone: None,
            habilitation: Some(Habilitation {
                titre: "TP-01280".into(),
                debut: date(2025, 1, 1),
                fin: date(2027, 1, 1),
                autorite: "DDETS du Rhône".into(),
                reference: None,
            }),
            place,
        },
        confirme: true,
    }
}

pub fn passage(c: &str, epreuve: &str, lieu: &str, h: (i8, i8), f: (i8, i8)) -> Passage {
    Passage {
        candidat: id(c),
        epreuve: epreuve.into(),
        lieu: lieu.into(),
        date: DEBUT,
        debut: time(h.0, h.1, 0, 0),
        fin: time(f.0, f.1, 0, 0),
        jury: if epreuve == "T-2" {
            vec![]
        } else {
            vec![id("j1"), id("j2")]
        },
        surveillant: (epreuve == "T-2").then(|| id("p3")),
    }
}

pub fn epreuve(code: &str, modalite: Modalite, duree: u32, presence: PresenceJury) -> Epreuve {
    Epreuve {
        code: code.into(),
        nature: modalite.libelle().into(),
        modalite,
        duree_minutes: Some(duree),
        presence_jury: presence,
        precisions: None,
        organisation: Default::default(),
    }
}

fn referentiel() -> Referentiel {
    let mut r = metier::catalogue()
        .into_iter()
        .find(|r| r.cle == "TP-01280m04")
        .unwrap();
    r.epreuves = vec![
        epreuve("T-1", Modalite::Msp, 60, PresenceJury::Presente),
        epreuve("T-2", Modalite::Qp, 30, PresenceJury::Absente),
        epreuve("T-3", Modalite::Ef, 20, PresenceJury::Presente),
    ];
    r.echeance = Some(date(2030, 1, 1));
    r.confirmation = Some(Confirmation {
        le: date(2026, 1, 5),
        par: "Camille Un".into(),
        version_re: "REV2".into(),
    });
    r
}

pub fn candidat(i: &str, nom: &str) -> Candidat {
    Candidat {
        id: id(i),
        fiche: Fiche {
            nom_naissance: nom.into(),
            prenoms: "Aïcha".into(),
            voie: Some(Voie::FormationContinue),
            organisme: Some("Organisme Alpha".into()),
            ..Fiche::default()
        },
        inscrit_le: date(2026, 9, 1),
        rang: 1,
        rang_imprime: 1,
        parcours: Parcours {
            formation_coherente: Some(true),
            ..Parcours::default()
        },
        ..Candidat::default()
    }
}

pub fn remise(le: Date, mode: Mode) -> Convocation {
    Convocation {
        document: Some(Document {
            code: "convocation-candidat".into(),
            destinataire: None,
            piece: id("piece-1"),
            empreinte: "ab".repeat(32),
            nom: "convocation.pdf".into(),
            tete: "1 · ab".into(),
        }),
        rang: 10,
        remise: Some((Remise { mode, le }, 11)),
        ..Convocation::default()
    }
}

/// Une session prête, où rien n'est enfreint ni ne manque.
pub fn conforme() -> Session {
    let mut s = Session {
        programme: Some(Programme {
            type_session: TypeSession::Titre,
            certificats: vec![],
            referentiel: Box::new(referentiel()),
            site: Site {
                id: id("site-1"),
                nom: "Site de Villefranche".into(),
                adresse: "1 rue de l’Essai, 69400 Villefranche".into(),
                salles: vec![
                    Salle {
                        nom: "Plateau".into(),
                        nature: NatureSalle::Plateau,
                        capacite: 2,
                        accessible: true,
                    },
                    Salle {
                        nom: "Bureau".into(),
                        nature: NatureSalle::Entretien,
                        capacite: 1,
                        accessible: true,
                    },
                ],
            },
            debut: DEBUT,
            fin: FIN,
            numero_ceres: Some("S-1".into()),
            modele_taches: "taches-2016".into(),
            annulee: None,
        }),
        candidats: vec![candidat("c1", "Abadie"), candidat("c2", "Bérenger")],
        jury: vec![
            jure("j1", Place::Titulaire),
            jure("j2", Place::Titulaire),
            jure("j3", Place::Reserve),
        ],
        cadre: Cadre {
            reglages: vec![],
            agrements: vec![Agrement {
                reference: "AG-1".into(),
                debut: date(2025, 1, 1),
                fin: date(2028, 12, 31),
            }],
            habitudes: vec![],
        },
        ..Session::default()
    };
    s.equipe.membres = vec![
        (Poste::Responsable, personne("p1", "Camille Un")),
        (Poste::Suppleant, personne("p2", "Camille Deux")),
        (Poste::Surveillant, personne("p3", "Alix Trois")),
        (Poste::Formateur, personne("p4", "Dominique Quatre")),
    ];
    s.planning.passages = vec![
        passage("c1", "T-1", "Plateau", (8, 0), (9, 0)),
        passage("c2", "T-2", "Plateau", (8, 0), (8, 30)),
        passage("c2", "T-1", "Plateau", (9, 0), (10, 0)),
        passage("c1", "T-2", "Plateau", (10, 0), (10, 30)),
        passage("c1", "T-3", "Bureau", (10, 30), (10, 50)),
        passage("c2", "T-3", "Bureau", (10, 50), (11, 10)),
    ];
    // Deux épreuves dans une même salle à la fois seraient un conflit : c2 écrit au bureau pendant ce temps.
    s.planning.passages[1].lieu = "Bureau".into();
    s.planning.valide = Some(5);
    s.planning.affiche_le = Some(date(2026, 12, 14));
    s.planning.affiche_rang = 6;
    for d in [
        Destinataire::Candidat(id("c1")),
        Destinataire::Candidat(id("c2")),
        Destinataire::Jure(id("j1")),
        Destinataire::Jure(id("j2")),
    ] {
        s.convocations
            .par_destinataire
            .insert(d, remise(date(2026, 11, 10), Mode::Decharge));
    }
    for j in ["j1", "j2", "j3"] {
        s.liens.declarations.insert(
            id(j),
            metier::liens::Declaration {
                le: date(2026, 11, 10),
                candidats: [id("c1"), id("c2")].into(),
            },
        );
    }
    for t in TACHES {
        s.taches.marques.insert(t.into(), marque());
    }
    s
}

#[test]
fn une_session_conforme_ne_dit_rien() {
    let dits = reglement::examiner(&conforme(), JOUR);
    assert!(dits.is_empty(), "{dits:?}");
}

#[test]
fn une_session_annulee_ne_dit_rien() {
    let mut s = conforme();
    s.jury.clear();
    s.programme.as_mut().unwrap().annulee = Some("faute de candidats".into());
    assert!(reglement::examiner(&s, JOUR).is_empty());
}
