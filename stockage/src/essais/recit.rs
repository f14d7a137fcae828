//! De quoi raconter une session dans les essais.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::{Date, date};
use metier::candidats::{self, Fiche};
use metier::equipe::{self, Intervenant, Poste};
use metier::programme::{self, Programme, Site, TypeSession};
use metier::{Acte, Acteur, Action, Contexte, PersonneId, Role, SessionId, Voisinage};

use crate::{Base, Centre, Creation, Issue, Tete, creer, executer};

static VOISINAGE: Voisinage = Voisinage::VIDE;
static NUMERO: AtomicU64 = AtomicU64::new(1);

/// Un identifiant neuf.
pub fn neuf<T: std::str::FromStr<Err: std::fmt::Debug>>(prefixe: &str) -> T {
    format!("{prefixe}-{}", NUMERO.fetch_add(1, Ordering::Relaxed))
        .parse()
        .unwrap()
}

pub fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(texte: &str) -> T {
    texte.parse().unwrap()
}

pub fn centre() -> Centre {
    Centre::pour_exploitation("centre-a")
}

pub fn contexte() -> Contexte<'static> {
    Contexte {
        acteur: Acteur {
            personne: id("p-saisie"),
            nom: "Camille Saisie".into(),
            role: Role::Responsable,
        },
        realise_par: id("p-realise"),
        maintenant: "2026-09-01T09:00:00+02:00[Europe/Paris]".parse().unwrap(),
        motif: Some("parce qu'il le faut".into()),
        vu_au_rang: None,
        voisinage: &VOISINAGE,
    }
}

pub fn programme_le(debut: Date) -> Programme {
    Programme {
        type_session: TypeSession::Titre,
        certificats: vec![],
        referentiel: Box::new(metier::catalogue().remove(0)),
        site: Site {
            id: id("site-1"),
            nom: "Atelier Élysée".into(),
            adresse: "1 rue X, 44000 Nantes".into(),
            salles: vec![],
        },
        debut,
        fin: debut.tomorrow().unwrap(),
        numero_ceres: None,
        modele_taches: "taches-2016".into(),
        annulee: None,
    }
}

pub fn creation(debut: Date) -> Action {
    Action::Programme(programme::Action::Creer(programme_le(debut)))
}

pub fn ceres(numero: &str) -> Action {
    Action::Programme(programme::Action::RenseignerCeres(numero.into()))
}

pub fn inscrire(nom: &str, prenoms: &str) -> Action {
    Action::Candidat(candidats::Action::Inscrire {
        id: neuf("candidat"),
        fiche: fiche(nom, prenoms),
    })
}

pub fn fiche(nom: &str, prenoms: &str) -> Fiche {
    Fiche {
        civilite: None,
        nom_naissance: nom.into(),
        nom_usage: None,
        prenoms: prenoms.into(),
        naissance: Some(date(1990, 5, 4)),
        lieu_naissance: None,
        courriel: None,
        telephone: None,
        adresse: None,
        code_postal: None,
        ville: None,
        voie: None,
        organisme: None,
        identifiant_ceres: None,
    }
}

pub fn nommer(poste: Poste, personne: &PersonneId) -> Action {
    let personne = Intervenant {
        id: personne.clone(),
        nom: "Dominique Responsable".into(),
        fonction: String::new(),
        courriel: None,
    };
    Action::Equipe(equipe::Action::Nommer { poste, personne })
}

/// Crée une session dans ce centre.
pub async fn session_creee(base: &Base, centre: &Centre, debut: Date) -> SessionId {
    let session: SessionId = neuf("session");
    let creee = creer(
        base,
        centre,
        &session,
        neuf("acte"),
        &creation(debut),
        &contexte(),
    )
    .await
    .unwrap();
    assert!(matches!(creee, Creation::Creee(..)), "{creee:?}");
    session
}

/// Exécute une action qui doit être enregistrée.
pub async fn faire(base: &Base, centre: &Centre, session: &SessionId, action: Action) -> Tete {
    let issue = executer(base, centre, session, neuf("acte"), &action, &contexte())
        .await
        .unwrap();
    match issue {
        Issue::Enregistree(_, tete) => tete,
        autre => panic!("pas enregistrée : {autre:?}"),
    }
}

pub fn acte(texte: &str) -> Acte {
    id(texte)
}

/// Une session qui a vécu : programme, équipe, numéro, candidats.
pub async fn session_vecue(base: &Base, centre: &Centre) -> SessionId {
    let session = session_creee(base, centre, date(2026, 12, 15)).await;
    faire(
        base,
        centre,
        &session,
        nommer(Poste::Responsable, &id("p-dominique")),
    )
    .await;
    faire(base, centre, &session, ceres("CERES 42")).await;
    for (nom, prenoms) in [("DURAND", "Aïcha"), ("Lemaître", "Zoé"), ("Ñandú", "Élie")] {
        faire(base, centre, &session, inscrire(nom, prenoms)).await;
    }
    session
}
