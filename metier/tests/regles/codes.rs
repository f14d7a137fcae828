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
        metier::archivage::Support: metier::archivage::Support::TOUS,
    );
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
