//! Deux états par fait : ouvert tant qu'il manque, clos quand il est là ; et les tâches que la session n'a pas.

use crate::banc::*;
use metier::jour::{Piece, Venant, Verification};
use metier::plis::{Passage, Sorte};
use metier::taches::{Etat, VueTache, vue};
use metier::{Action, Session, incidents, jour, programme};

fn tache(s: &Session, code: &str) -> VueTache {
    vue(s, code, DEBUT).unwrap_or_else(|| panic!("{code} existe"))
}

fn point(s: &Session, code: &str) -> Etat {
    let ligne = code.split('.').next().unwrap();
    tache(s, ligne)
        .points
        .into_iter()
        .find(|p| p.point.code == code)
        .unwrap_or_else(|| panic!("{code} existe"))
        .etat
}

fn noter(action: jour::Action) -> Action {
    Action::Jour(action)
}

#[test]
fn les_plis_ferment_leurs_taches_a_mesure_de_leur_garde() {
    let b = banc();
    for code in ["AV-03", "AV-09", "AV-10", "PE-04"] {
        assert_ne!(tache(&b.session, code).etat, Etat::Faite, "{code}");
    }
    let b = b
        .a("2026-11-30T10:00")
        .quand(commander("o", Sorte::Organisation, "2026-09-10T10:00"))
        .quand(commander("e", Sorte::Epreuves, "2026-09-10T10:00"));
    let commande = tache(&b.session, "AV-03");
    assert_eq!(commande.etat, Etat::Faite);
    assert_eq!(
        commande.avancement.unwrap().le,
        Some(jiff::civil::date(2026, 9, 10))
    );
    let b = b
        .quand(franchir("e", recevoir(true), "2026-11-27T10:00"))
        .quand(franchir("e", Passage::MettreAuCoffre, "2026-11-27T10:10"));
    let recus = tache(&b.session, "AV-09");
    assert_ne!(recus.etat, Etat::Faite, "un pli sur deux");
    assert_eq!(
        recus.avancement.unwrap().phrase,
        "1 pli reçu et au coffre sur 2"
    );
    let b = b
        .quand(franchir("o", recevoir(true), "2026-11-27T10:00"))
        .quand(franchir("o", Passage::MettreAuCoffre, "2026-11-27T10:10"))
        .quand(franchir("o", Passage::Lire, "2026-11-28T10:00"));
    assert_eq!(tache(&b.session, "AV-09").etat, Etat::Faite);
    assert_eq!(tache(&b.session, "AV-10").etat, Etat::Faite);
    assert_ne!(point(&b.session, "PE-03.4"), Etat::Faite);
    let b = b
        .a("2026-12-15T08:12")
        .quand(accueillir("c-1", "2026-12-15T08:05"))
        .quand(franchir("e", Passage::Sortir, "2026-12-15T08:06"))
        .quand(franchir("e", constater("c-1", true), "2026-12-15T08:07"));
    assert_eq!(point(&b.session, "PE-03.4"), Etat::Faite);
    let b = b
        .quand(franchir("e", Passage::Ouvrir, "2026-12-15T08:08"))
        .quand(franchir("e", controler(true), "2026-12-15T08:09"));
    let controle = tache(&b.session, "PE-04");
    assert_eq!(controle.etat, Etat::Faite);
    assert_eq!(
        controle.avancement.unwrap().qui.as_deref(),
        Some("Nom de p-resp")
    );
}

#[test]
fn le_jury_et_les_candidats_ferment_les_leurs_a_l_accueil() {
    let b = banc_ouvert();
    assert_eq!(tache(&b.session, "PE-02").etat, Etat::Faite);
    assert_eq!(tache(&b.session, "PE-05").etat, Etat::Faite);
    assert_ne!(tache(&banc().session, "PE-05").etat, Etat::Faite);
    // Le troisième titulaire n'est pas là : l'accueil du jury reste ouvert.
    assert_ne!(point(&b.session, "PE-01.1"), Etat::Faite);
    let mut b = b.quand(arriver("j-3", "2026-12-15T08:11"));
    assert_eq!(point(&b.session, "PE-01.1"), Etat::Faite);
    for j in ["j-1", "j-2", "j-3"] {
        b = b.quand(noter(jour::Action::Verifier {
            jure: id(j),
            quoi: Verification::TOUTES.to_vec(),
            survenu: a("2026-12-15T08:12"),
        }));
    }
    for code in [
        "PE-01.2", "PE-01.3", "PE-01.6", "PE-01.7", "PE-01.8", "PE-01.9",
    ] {
        assert_eq!(point(&b.session, code), Etat::Faite, "{code}");
    }
    assert_eq!(
        point(&b.session, "PE-01.4"),
        Etat::SansObjet,
        "sans carence"
    );
    assert_ne!(
        tache(&b.session, "PE-01").etat,
        Etat::Faite,
        "le surveillant manque"
    );
    let b = b.quand(noter(jour::Action::Arriver {
        qui: Venant::Equipe(id("p-surv")),
        survenu: a("2026-12-15T08:12"),
    }));
    assert_eq!(
        tache(&b.session, "PE-01").etat,
        Etat::Faite,
        "tous les points"
    );
}

#[test]
fn les_pieces_vues_ferment_les_points_de_l_accueil_et_l_absent_n_en_doit_aucune() {
    let mut b = banc_ouvert();
    assert_ne!(point(&b.session, "PE-02.1"), Etat::Faite);
    assert_ne!(tache(&b.session, "PE-11").etat, Etat::Faite);
    for c in ["c-1", "c-2"] {
        b = b.quand(noter(jour::Action::VoirPieces {
            candidat: id(c),
            pieces: vec![
                Piece::Identite,
                Piece::Convocation,
                Piece::Dp,
                Piece::Livret,
            ],
            survenu: a("2026-12-15T08:12"),
        }));
    }
    for code in ["PE-02.1", "PE-02.2", "PE-02.3", "PE-02.4"] {
        assert_eq!(point(&b.session, code), Etat::Faite, "{code}");
    }
    assert_eq!(point(&b.session, "PE-02.5"), Etat::SansObjet, "aucun VAE");
    assert_ne!(
        point(&b.session, "PE-02.6"),
        Etat::Faite,
        "équipements pas vus"
    );
    assert_eq!(tache(&b.session, "PE-11").etat, Etat::Faite);
}

#[test]
fn le_plateau_prepare_ferme_ses_points_et_les_archives_les_leurs() {
    use metier::archivage::Element;
    use metier::plateau::{self, Affichage, Note};
    let mut s = banc().session;
    let note = || Note {
        survenu: a("2026-12-14T10:00"),
        par: "Nom de p-resp".into(),
    };
    for code in ["AV-17.1", "AV-18.1", "AV-18.2", "AP-09.2"] {
        assert_ne!(point(&s, code), Etat::Faite, "{code}");
    }
    for salle in plateau::salles(&s) {
        for quoi in Affichage::TOUS {
            s.plateau.affichages.insert((quoi, salle.clone()), note());
        }
    }
    assert_eq!(point(&s, "AV-18.1"), Etat::Faite);
    assert_eq!(point(&s, "AV-18.2"), Etat::Faite);
    assert_ne!(
        tache(&s, "AV-18").etat,
        Etat::Faite,
        "le planning du hall manque"
    );
    assert!(!s.archivage.registre.contains_key(&Element::Pv));
}

#[test]
fn une_carence_ouvre_son_point_et_l_information_de_l_administration_le_ferme() {
    let b = banc_ouvert().quand(Action::Incident(incidents::Action::Signaler(
        incidents::Signalement {
            genre: incidents::Genre::Carence,
            gravite: incidents::Gravite::Majeur,
            faits: "un juré ne vient pas".into(),
            personnes: String::new(),
            temoins: vec![],
            mesure: String::new(),
            pli: None,
            candidat: None,
            survenu: a("2026-12-15T08:10"),
        },
    )));
    assert_ne!(point(&b.session, "PE-01.4"), Etat::Faite);
    assert_ne!(point(&b.session, "PE-01.4"), Etat::SansObjet);
    let b = b.quand(Action::Incident(incidents::Action::Informer {
        numero: 1,
        information: incidents::Information {
            survenu: a("2026-12-15T08:11"),
            canal: "téléphone".into(),
        },
    }));
    assert_eq!(point(&b.session, "PE-01.4"), Etat::Faite);
}

#[test]
fn une_tache_sans_objet_apparait_quand_la_session_la_demande() {
    let b = banc();
    for code in ["AV-19", "AV-20", "AV-21", "AV-22", "AP-10"] {
        assert_eq!(tache(&b.session, code).etat, Etat::SansObjet, "{code}");
    }
    assert_ne!(
        tache(&b.session, "AV-16").etat,
        Etat::SansObjet,
        "un surveillant est nommé"
    );
    let mut s = b.session.clone();
    s.programme.as_mut().unwrap().type_session = programme::TypeSession::Ccp;
    assert_ne!(tache(&s, "AV-19").etat, Etat::SansObjet);
    s.programme.as_mut().unwrap().type_session = programme::TypeSession::Ccs;
    assert_ne!(tache(&s, "AV-20").etat, Etat::SansObjet);
    s.candidats[0].parcours.partenaire = Some("Organisme voisin".into());
    assert_ne!(tache(&s, "AV-22").etat, Etat::SansObjet);
    s.candidats[0].fiche.voie = Some(metier::candidats::Voie::Vae);
    assert_ne!(point(&s, "PE-02.5"), Etat::SansObjet);
}
