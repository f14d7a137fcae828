//! Ce que disent les formulaires et le journal se retrouve : chaque code mène à sa valeur, et un autre à rien. Un geste
//! qui ne changerait rien n'écrit rien.

use crate::session::{conforme, id};
use metier::programme::{NatureSalle, TypeSession};
use metier::{Acteur, Action, Contexte, Role, Voisinage, planning};

macro_rules! aller_et_retour {
    ($($nature:ty : $tous:expr),+ $(,)?) => {$(
        for x in $tous {
            assert_eq!(<$nature>::depuis_code(x.code()), Some(x), "{}", x.code());
        }
        assert_eq!(<$nature>::depuis_code("nul ne s’appelle ainsi"), None);
    )+};
}

#[test]
fn chaque_code_se_retrouve_et_un_autre_ne_mene_a_rien() {
    aller_et_retour!(
        TypeSession: TypeSession::TOUS,
        NatureSalle: NatureSalle::TOUTES,
        Role: Role::TOUS,
        metier::equipe::Poste: metier::equipe::Poste::TOUS,
        metier::referentiel::PresenceJury: metier::referentiel::PresenceJury::TOUTES,
        metier::referentiel::Modalite: metier::referentiel::Modalite::TOUTES,
        metier::archivage::Element: metier::archivage::Element::TOUS,
        metier::archivage::Support: metier::archivage::Support::TOUS,
        metier::archivage::Classe: metier::archivage::Classe::TOUTES,
        metier::deliberation::Element: metier::deliberation::Element::TOUS,
        metier::deliberation::Issue: metier::deliberation::Issue::TOUTES,
        metier::deliberation::Sort: metier::deliberation::Sort::TOUS,
        metier::jury::Place: [metier::jury::Place::Titulaire, metier::jury::Place::Reserve],
        metier::pv::Canal: metier::pv::Canal::TOUS,
        metier::plis::Sorte: metier::plis::Sorte::TOUTES,
        metier::jour::Verification: metier::jour::Verification::TOUTES,
        metier::jour::Piece: metier::jour::Piece::TOUTES,
        metier::jour::Sortie: [metier::jour::Sortie::Exclusion, metier::jour::Sortie::Abandon],
        metier::incidents::Genre: metier::incidents::Genre::TOUS,
        metier::incidents::Gravite: [metier::incidents::Gravite::Mineur, metier::incidents::Gravite::Majeur],
        metier::incidents::Decision: metier::incidents::Decision::TOUTES,
        metier::parcours::Situation: metier::parcours::Situation::TOUTES,
        metier::parcours::EtatAmenagement: metier::parcours::EtatAmenagement::TOUS,
        metier::plateau::Sorte: metier::plateau::Sorte::TOUTES,
        metier::plateau::Par: metier::plateau::Par::TOUS,
        metier::plateau::Affichage: metier::plateau::Affichage::TOUS,
        metier::candidats::Voie: metier::candidats::Voie::TOUTES,
        metier::liens::NatureLien: metier::liens::NatureLien::TOUTES,
        metier::libelles::Territoire: metier::libelles::Territoire::TOUS,
        metier::echeances::Repere: metier::echeances::Repere::TOUS,
        metier::taches::Phase: metier::taches::Phase::TOUTES,
    );
}

#[test]
fn qui_vient_se_relit_avec_son_genre() {
    for qui in [
        metier::jour::Venant::Jure(id("j-1")),
        metier::jour::Venant::Equipe(id("p-1")),
    ] {
        assert_eq!(
            metier::jour::Venant::depuis(qui.genre(), qui.id()),
            Some(qui)
        );
    }
    assert_eq!(metier::jour::Venant::depuis("passant", "x"), None);
}

#[test]
fn les_postes_d_une_personne_sont_les_siens() {
    use metier::equipe::Poste;
    let s = conforme();
    let responsable = s.equipe.responsable().unwrap();
    assert_eq!(s.postes_de(&responsable.id), [Poste::Responsable]);
    assert!(s.postes_de(&id("personne-d-ailleurs")).is_empty());
}

#[test]
fn etablir_le_planning_tel_qu_il_est_n_ecrit_rien() {
    static VOISINAGE: Voisinage = Voisinage::VIDE;
    let s = conforme();
    let ctx = Contexte {
        acteur: Acteur {
            personne: id("p-1"),
            nom: "Camille Essai".into(),
            role: Role::Responsable,
        },
        realise_par: id("p-1"),
        maintenant: "2026-09-01T09:00:00+02:00[Europe/Paris]".parse().unwrap(),
        motif: Some("proposition reprise".into()),
        vu_au_rang: None,
        voisinage: &VOISINAGE,
    };
    let etablir = |passages: Vec<planning::Passage>| {
        let action = planning::Action::Etablir {
            passages,
            deliberations: s.planning.deliberations.clone(),
        };
        metier::decider(&s, &Action::Planning(action), &ctx).unwrap()
    };
    let memes = s.planning.passages.clone();
    assert!(!memes.is_empty(), "la session conforme est planifiée");
    assert!(etablir(memes.clone()).evenements.is_empty());
    let moins = memes[..memes.len() - 1].to_vec();
    assert!(!etablir(moins).evenements.is_empty());
}
