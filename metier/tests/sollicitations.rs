//! Solliciter des jurés, raconté : le quorum d'abord, la réserve ensuite, une défection qui rouvre la recherche.

use jiff::civil::{Date, date};
use metier::convocations::{Destinataire, Document, Etat as EtatConvocation};
use metier::equipe::{Intervenant, Poste};
use metier::jury::{Habilitation, Membre, Place};
use metier::programme::{Programme, Site, TypeSession};
use metier::sollicitations::{Action as S, Etat, Reponse, Voie, recherche};
use metier::{
    Acteur, Action, Contexte, Decision, EvenementDate, Refus, Role, Session, Suite, Voisinage,
    appliquer, convocations, decider, equipe, etat_du_jury, jury, programme, rappels,
};

const DEBUT: Date = date(2027, 3, 15);
const FIN: Date = date(2027, 3, 17);
const LIMITE: Date = date(2027, 1, 10);

struct Recit {
    session: Session,
    jour: Date,
    motif: Option<String>,
    suites: Vec<Suite>,
}

fn id<T: std::str::FromStr>(s: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    s.parse().unwrap()
}

impl Recit {
    fn essayer(&self, action: &Action) -> Result<Decision, Refus> {
        let voisinage = Voisinage::default();
        let ctx = Contexte {
            acteur: Acteur {
                personne: id("p-secretariat"),
                nom: "Dominique Accueil".into(),
                role: Role::Secretariat,
            },
            realise_par: id("p-secretariat"),
            maintenant: self
                .jour
                .at(9, 0, 0, 0)
                .to_zoned_datetime(metier::temps::paris())
                .unwrap(),
            motif: self.motif.clone(),
            vu_au_rang: None,
            voisinage: &voisinage,
        };
        decider(&self.session, action, &ctx)
    }

    fn quand(mut self, action: Action) -> Self {
        let decision = self.essayer(&action).unwrap_or_else(|r| panic!("{r}"));
        for e in decision.evenements {
            let rang = self.session.rang + 1;
            let relu = serde_json::from_str(&serde_json::to_string(&e).unwrap()).unwrap();
            self.session = appliquer(
                self.session,
                &EvenementDate {
                    rang,
                    le: format!("{}T08:00:00Z", self.jour),
                    saisi_par: id("p-secretariat"),
                    realise_par: id("p-secretariat"),
                    evenement: relu,
                },
            );
        }
        self.suites = decision.suites;
        self
    }

    #[track_caller]
    fn refuse(&self, action: Action, mots: &str) {
        let refus = self.essayer(&action).expect_err("un refus");
        assert!(refus.to_string().contains(mots), "{refus}");
    }
}

fn intervenant(i: &str) -> Intervenant {
    Intervenant {
        id: id(i),
        nom: format!("Nom de {i}"),
        fonction: "Essai".into(),
        courriel: None,
    }
}

fn session() -> Recit {
    let programme = Programme {
        type_session: TypeSession::Titre,
        certificats: vec![],
        referentiel: Box::new(metier::catalogue().first().unwrap().clone()),
        site: Site {
            id: id("site-1"),
            nom: "Site".into(),
            adresse: "1 rue".into(),
            salles: vec![],
        },
        debut: DEBUT,
        fin: FIN,
        numero_ceres: None,
        modele_taches: "taches-2016".into(),
        annulee: None,
    };
    let nommer = |poste, i| {
        Action::Equipe(equipe::Action::Nommer {
            poste,
            personne: intervenant(i),
        })
    };
    Recit {
        session: Session::default(),
        jour: date(2026, 12, 20),
        motif: Some("essai du récit".into()),
        suites: vec![],
    }
    .quand(Action::Programme(programme::Action::Creer(programme)))
    .quand(nommer(Poste::Responsable, "p-responsable"))
    .quand(nommer(Poste::Suppleant, "p-suppleant"))
}

fn membre(i: &str, fin: Date) -> Membre {
    Membre {
        jure: id(i),
        nom: format!("Juré {i}"),
        qualite: "Développeur".into(),
        employeur: None,
        lies_a: vec![],
        courriel: (i != "sans-courriel").then(|| format!("{i}@exemple.invalid")),
        telephone: None,
        habilitation: Some(Habilitation {
            titre: "T".into(),
            debut: date(2025, 1, 1),
            fin,
            autorite: "DDETS".into(),
            reference: None,
        }),
        place: Place::Titulaire,
    }
}

fn solliciter(qui: &[&str]) -> Action {
    Action::Sollicitation(S::Solliciter {
        membres: qui.iter().map(|i| membre(i, date(2029, 1, 1))).collect(),
        message: "Merci d’avance.".into(),
        avant: LIMITE,
    })
}

fn repondre(numero: u32, reponse: Reponse, voie: Voie) -> Action {
    Action::Sollicitation(S::Repondre {
        numero,
        reponse,
        voie,
        retenir: true,
    })
}

#[test]
fn le_quorum_se_remplit_d_abord_la_reserve_ensuite_une_defection_rouvre_la_recherche() {
    let r = session().quand(solliciter(&["a", "b", "c", "d", "sans-courriel"]));
    assert_eq!(
        r.suites,
        (1..=4)
            .map(|numero| Suite::Solliciter {
                numero,
                relance: false
            })
            .collect::<Vec<_>>(),
        "qui n'a pas d'adresse n'est pas écrit"
    );
    let r = r
        .quand(repondre(2, Reponse::Accepte, Voie::Lien))
        .quand(repondre(
            1,
            Reponse::Decline {
                raison: "en congé".into(),
            },
            Voie::Lien,
        ))
        .quand(repondre(3, Reponse::Accepte, Voie::Centre))
        .quand(repondre(4, Reponse::Accepte, Voie::Lien));
    let places: Vec<_> = r
        .session
        .jury
        .iter()
        .map(|m| (m.membre.jure.as_str(), m.membre.place, m.confirme))
        .collect();
    assert_eq!(
        places,
        [
            ("b", Place::Titulaire, true),
            ("c", Place::Titulaire, true),
            ("d", Place::Reserve, true)
        ]
    );
    assert!(recherche(&r.session).est_close());
    assert_eq!(r.suites.len(), 2, "responsable et suppléant sont prévenus");
    let r = r.quand(Action::Jury(jury::Action::Desister { jure: id("b") }));
    assert_eq!(r.session.sollicitations.defections.len(), 1);
    assert_eq!(recherche(&r.session).titulaires_manquants(), 1);
    assert!(etat_du_jury(&r.session).contains("Une réserve peut siéger"));
    assert!(
        matches!(&r.suites[0], Suite::Prevenir { personne, objet, texte, page }
            if personne.as_str() == "p-responsable" && objet.contains("Défection")
                && texte.contains("Il manque") && page == "jury")
    );
    // Sollicité de nouveau, le même juré a un nouveau numéro.
    let r = r.quand(solliciter(&["b"]));
    assert_eq!(r.session.sollicitations.liste.len(), 6);
}

#[test]
fn une_reponse_ne_se_donne_qu_une_fois_une_sollicitation_retiree_n_en_recoit_plus() {
    let r = session()
        .quand(solliciter(&["a", "b"]))
        .quand(repondre(
            1,
            Reponse::Propose {
                dates: "la semaine suivante".into(),
            },
            Voie::Lien,
        ))
        .quand(Action::Sollicitation(S::Retirer { numero: 2 }));
    r.refuse(repondre(1, Reponse::Accepte, Voie::Lien), "déjà notée");
    r.refuse(repondre(2, Reponse::Accepte, Voie::Lien), "retirée");
    r.refuse(repondre(9, Reponse::Accepte, Voie::Lien), "n’existe pas");
    let etats: Vec<_> = r
        .session
        .sollicitations
        .liste
        .iter()
        .map(|x| x.etat(r.jour))
        .collect();
    assert_eq!(etats, [Etat::AutresDates, Etat::Retiree]);
    assert!(r.session.jury.is_empty());
}

#[test]
fn on_ne_sollicite_que_qui_peut_sieger_et_repondre_a_temps() {
    let r = session().quand(solliciter(&["a"]));
    r.refuse(solliciter(&["a"]), "déjà sollicité");
    r.refuse(solliciter(&[]), "Aucun juré");
    r.refuse(
        Action::Sollicitation(S::Solliciter {
            membres: vec![membre("court", date(2027, 3, 16))],
            message: String::new(),
            avant: LIMITE,
        }),
        "n’est pas habilité pour toute la session",
    );
    for avant in [date(2026, 12, 19), DEBUT] {
        r.refuse(
            Action::Sollicitation(S::Solliciter {
                membres: vec![membre("b", FIN)],
                message: String::new(),
                avant,
            }),
            "date limite",
        );
    }
    let r = r.quand(repondre(1, Reponse::Accepte, Voie::Centre));
    r.refuse(solliciter(&["a"]), "déjà au jury");
}

#[test]
fn on_ne_relance_pas_deux_fois_le_meme_jour_ni_qui_a_repondu() {
    let r =
        session()
            .quand(solliciter(&["a", "b"]))
            .quand(repondre(1, Reponse::Accepte, Voie::Centre));
    let relancer = || {
        Action::Sollicitation(S::Relancer {
            numeros: vec![1, 2],
        })
    };
    let mut r = r.quand(relancer());
    assert_eq!(
        r.suites,
        [Suite::Solliciter {
            numero: 2,
            relance: true
        }]
    );
    assert!(r.essayer(&relancer()).unwrap().evenements.is_empty());
    r.jour = date(2027, 1, 11);
    assert_eq!(
        r.session.sollicitations.liste[1].etat(r.jour),
        Etat::SansReponse
    );
    let r = r.quand(relancer());
    assert_eq!(r.session.sollicitations.liste[1].relances.len(), 2);
}

#[test]
fn un_accuse_de_reception_vaut_remise_quand_rien_n_etait_note() {
    let surveillant = Destinataire::Surveillant(id("p-veille"));
    let document = |piece: &str| Document {
        code: "convocation-surveillant".into(),
        destinataire: Some(Destinataire::Surveillant(id("p-veille"))),
        piece: id(piece),
        empreinte: "ab".repeat(32),
        nom: "convocation.pdf".into(),
        tete: "1 · ab".into(),
    };
    let envoyer = |adresse: &str| {
        Action::Convocation(convocations::Action::Envoyer {
            envois: vec![(Destinataire::Surveillant(id("p-veille")), adresse.into())],
        })
    };
    let accuser = |piece: &str| {
        Action::Convocation(convocations::Action::Accuser {
            destinataire: Destinataire::Surveillant(id("p-veille")),
            piece: id(piece),
            adresse: "veille@exemple.invalid".into(),
        })
    };
    let r = session().quand(Action::Equipe(equipe::Action::Nommer {
        poste: Poste::Surveillant,
        personne: intervenant("p-veille"),
    }));
    r.refuse(envoyer("veille@exemple.invalid"), "pas encore éditée");
    let r = r.quand(Action::Convocation(convocations::Action::Figer(vec![
        document("piece-1"),
    ])));
    r.refuse(envoyer("veille"), "n’est pas complète");
    let r = r.quand(envoyer("veille@exemple.invalid"));
    assert!(
        matches!(&r.suites[..], [Suite::Convoquer { piece, .. }] if piece.as_str() == "piece-1")
    );
    r.refuse(accuser("piece-9"), "n’est plus celle");
    let r = r.quand(accuser("piece-1"));
    assert_eq!(
        r.session.etat_convocation(&surveillant),
        EtatConvocation::Remise
    );
    let c = r.session.convocations.de(&surveillant).unwrap();
    assert_eq!(c.accusee_le(), Some(r.jour));
    // Deux fois la même réponse ne s'écrit qu'une fois ; une édition neuve n'est pas accusée.
    assert!(
        r.essayer(&accuser("piece-1"))
            .unwrap()
            .evenements
            .is_empty()
    );
    let r = r.quand(Action::Convocation(convocations::Action::Figer(vec![
        document("piece-2"),
    ])));
    let c = r.session.convocations.de(&surveillant).unwrap();
    assert_eq!(c.accusee_le(), None);
}

#[test]
fn un_delai_se_rappelle_a_trente_puis_a_sept_jours_et_plus_une_fois_fait() {
    let r = session();
    let echeance = rappels::dus(&r.session, date(2027, 2, 1));
    let limite = echeance
        .iter()
        .map(|x| x.echeance.pour_le)
        .max()
        .expect("des délais approchent");
    assert!(limite <= DEBUT);
    let loin = metier::echeances::jours_avant(limite, 31);
    let trente = metier::echeances::jours_avant(limite, 30);
    let sept = metier::echeances::jours_avant(limite, 7);
    let de = |jour| {
        rappels::dus(&r.session, jour)
            .into_iter()
            .filter(|x| x.echeance.pour_le == limite)
            .map(|x| x.palier)
            .collect::<Vec<_>>()
    };
    assert!(de(loin).is_empty());
    assert!(de(trente).iter().all(|p| *p == 30) && !de(trente).is_empty());
    assert!(de(sept).iter().all(|p| *p == 7) && !de(sept).is_empty());
    let passe = metier::echeances::jours_apres(limite, 1);
    assert!(de(passe).is_empty(), "un retard ne se rappelle plus");
}
