//! Des sessions racontées dans les mots du métier : étant donné, quand, alors.

use jiff::civil::{Date, date, time};
use metier::candidats::{Fiche, Voie};
use metier::convocations::{Destinataire, Document, Etat, Mode, Remise};
use metier::equipe::{Intervenant, Poste};
use metier::jury::{Habilitation, Membre, Place};
use metier::planning::Passage;
use metier::programme::{NatureSalle, Programme, Salle, Site, TypeSession};
use metier::{
    Acteur, Action, Constat, Contexte, Decision, Evenement, EvenementDate, Force, PersonneId,
    Refus, Role, Session, Voisinage, appliquer, candidats, convocations, decider, equipe, jury,
    liens, planning, programme, reglement, taches,
};

const DEBUT: Date = date(2026, 12, 15);
const FIN: Date = date(2026, 12, 17);

/// Un récit : une session, un jour, un motif éventuel.
#[derive(Clone)]
struct Recit {
    session: Session,
    jour: Date,
    motif: Option<String>,
    vu: Option<u64>,
    role: Role,
}

fn recit() -> Recit {
    Recit {
        session: Session::default(),
        jour: date(2026, 9, 1),
        motif: None,
        vu: None,
        role: Role::Responsable,
    }
}

impl Recit {
    fn le(mut self, jour: Date) -> Self {
        self.jour = jour;
        self
    }
    fn parce_que(mut self, motif: &str) -> Self {
        self.motif = Some(motif.into());
        self
    }
    fn sans_motif(mut self) -> Self {
        self.motif = None;
        self
    }
    fn ayant_vu(mut self, rang: u64) -> Self {
        self.vu = Some(rang);
        self
    }
    fn en_tant_que(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    fn essayer(&self, action: &Action) -> Result<Decision, Refus> {
        let voisinage = Voisinage::default();
        let maintenant = self
            .jour
            .at(9, 0, 0, 0)
            .to_zoned_datetime(metier::temps::paris())
            .unwrap();
        let ctx = Contexte {
            acteur: Acteur {
                personne: id("p-saisie"),
                nom: "Camille Saisie".into(),
                role: self.role,
            },
            realise_par: id("p-realise"),
            maintenant,
            motif: self.motif.clone(),
            vu_au_rang: self.vu,
            voisinage: &voisinage,
        };
        decider(&self.session, action, &ctx)
    }

    #[track_caller]
    fn quand(mut self, action: Action) -> Self {
        let d = self
            .essayer(&action)
            .unwrap_or_else(|r| panic!("refusé : {r}"));
        for evenement in d.evenements {
            self.session = rejouer(self.session, evenement);
        }
        self
    }

    #[track_caller]
    fn refuse(self, action: Action, code: &str) -> Constat {
        let avant = self.session.clone();
        let refus = self
            .essayer(&action)
            .expect_err("le geste aurait dû être refusé");
        assert_eq!(avant, self.session, "un refus ne change rien");
        refus
            .constats
            .iter()
            .find(|c| c.code == code)
            .cloned()
            .unwrap_or_else(|| panic!("refusé, mais pas par {code} : {:?}", refus.constats))
    }

    fn constate(&self, code: &str) -> Vec<Constat> {
        reglement::examiner(&self.session, self.jour)
            .into_iter()
            .filter(|c| c.code == code && !c.manque)
            .collect()
    }
    fn manque(&self, code: &str) -> bool {
        reglement::examiner(&self.session, self.jour)
            .iter()
            .any(|c| c.code == code && c.manque)
    }
    fn tache(&self, code: &str) -> taches::VueTache {
        taches::vues(&self.session, self.jour)
            .into_iter()
            .find(|t| t.tache.code == code)
            .expect("la tâche existe")
    }
}

fn rejouer(s: Session, evenement: Evenement) -> Session {
    let rang = s.rang + 1;
    appliquer(
        s,
        &EvenementDate {
            rang,
            le: "2026-09-01T07:00:00Z".into(),
            saisi_par: id("p-saisie"),
            realise_par: id("p-realise"),
            evenement,
        },
    )
}

fn id<T: std::str::FromStr>(s: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    s.parse().unwrap()
}

fn titre(cle: &str) -> metier::Referentiel {
    metier::catalogue()
        .into_iter()
        .find(|r| r.cle == cle)
        .unwrap()
}

fn programme_de(cle: &str) -> Programme {
    Programme {
        type_session: TypeSession::Titre,
        certificats: vec![],
        referentiel: Box::new(titre(cle)),
        site: Site {
            id: id("site-1"),
            nom: "Site de Villefranche".into(),
            adresse: "1 rue de l’Essai, 69400 Villefranche".into(),
            salles: vec![Salle {
                nom: "Salle 2".into(),
                nature: NatureSalle::Salle,
                capacite: 16,
                accessible: true,
            }],
        },
        debut: DEBUT,
        fin: FIN,
        numero_ceres: None,
        modele_taches: "taches-2016".into(),
        annulee: None,
    }
}
fn creer() -> Action {
    Action::Programme(programme::Action::Creer(programme_de("TP-01280m04")))
}
fn personne(i: &str, nom: &str) -> Intervenant {
    Intervenant {
        id: id(i),
        nom: nom.into(),
        fonction: "Chargé de mission".into(),
        courriel: None,
    }
}
fn nommer(poste: Poste, i: &str, nom: &str) -> Action {
    Action::Equipe(equipe::Action::Nommer {
        poste,
        personne: personne(i, nom),
    })
}
fn fiche(nom: &str, prenom: &str) -> Fiche {
    Fiche {
        nom_naissance: nom.into(),
        prenoms: prenom.into(),
        naissance: Some(date(1999, 3, 12)),
        voie: Some(Voie::FormationContinue),
        ..Fiche::default()
    }
}
fn inscrire(i: &str, nom: &str) -> Action {
    Action::Candidat(candidats::Action::Inscrire {
        id: id(i),
        fiche: fiche(nom, "Aïcha"),
    })
}
fn jure(i: &str, place: Place, debut: Date, fin: Date) -> Action {
    Action::Jury(jury::Action::Retenir(Membre {
        jure: id(i),
        nom: format!("Juré {i}"),
        qualite: "Développeur".into(),
        employeur: None,
        lies_a: vec![],
        courriel: None,
        telephone: None,
        habilitation: Some(Habilitation {
            titre: "TP-01280".into(),
            debut,
            fin,
            autorite: "DDETS du Rhône".into(),
            reference: None,
        }),
        place,
    }))
}
fn habilite(i: &str, place: Place) -> Action {
    jure(i, place, date(2025, 1, 1), date(2027, 1, 1))
}
fn passage(c: &str, epreuve: &str, h: (i8, i8), f: (i8, i8)) -> Passage {
    Passage {
        candidat: id(c),
        epreuve: epreuve.into(),
        lieu: "Salle 2".into(),
        date: DEBUT,
        debut: time(h.0, h.1, 0, 0),
        fin: time(f.0, f.1, 0, 0),
        jury: vec![],
        surveillant: None,
    }
}
fn placer(p: Passage) -> Action {
    Action::Planning(planning::Action::Placer(p))
}
fn figer(d: Destinataire) -> Action {
    Action::Convocation(convocations::Action::Figer(vec![Document {
        code: "convocation-candidat".into(),
        destinataire: Some(d),
        piece: id("piece-1"),
        empreinte: "ab".repeat(32),
        nom: "convocation.pdf".into(),
        tete: "1 · ab".into(),
    }]))
}
fn remettre(d: Destinataire, mode: Mode, le: Date) -> Action {
    Action::Convocation(convocations::Action::Remettre {
        destinataires: vec![d],
        remise: Remise { mode, le },
    })
}
fn candidat_1() -> Destinataire {
    Destinataire::Candidat(id("c1"))
}

#[test]
fn une_session_creee_n_enfreint_rien_et_dit_ce_qui_manque() {
    let r = recit().quand(creer());
    assert!(
        reglement::examiner(&r.session, r.jour)
            .iter()
            .all(|c| c.manque),
        "rien n'est encore enfreint"
    );
    for code in ["R18", "R26", "R22", "R70", "R35"] {
        assert!(r.manque(code), "{code} devrait dire ce qui manque");
    }
}

#[test]
fn une_session_ne_se_cree_pas_deux_fois() {
    recit().quand(creer()).refuse(creer(), "PRO-01");
}

#[test]
fn un_titre_echu_demande_un_motif_dans_l_annee_et_se_refuse_apres() {
    let mut p = programme_de("TP-01351m02"); // échu le 1er septembre 2026
    let action = |p: &Programme| Action::Programme(programme::Action::Creer(p.clone()));
    recit().refuse(action(&p), "R05");
    let r = recit()
        .parce_que("repassages après échec, session créée dans CERES le 20 août")
        .quand(action(&p));
    assert_eq!(r.session.derogations[0].code, "R05");
    p.debut = date(2027, 10, 1);
    p.fin = date(2027, 10, 2);
    recit()
        .parce_que("nous insistons")
        .refuse(action(&p), "R06");
}

#[test]
fn les_dates_a_l_envers_disent_quel_champ_corriger() {
    let mut p = programme_de("TP-01280m04");
    (p.debut, p.fin) = (FIN, DEBUT);
    let c = recit().refuse(Action::Programme(programme::Action::Creer(p)), "SAI");
    assert_eq!(c.champ.as_deref(), Some("fin"));
}

#[test]
fn une_session_ccp_dit_quel_ccp() {
    let p = Programme {
        type_session: TypeSession::Ccp,
        ..programme_de("TP-01280m04")
    };
    assert_eq!(
        recit()
            .refuse(
                Action::Programme(programme::Action::Creer(p.clone())),
                "SAI"
            )
            .champ
            .as_deref(),
        Some("certificats")
    );
    let inconnu = Programme {
        certificats: vec!["CCP9".into()],
        ..p.clone()
    };
    recit().refuse(Action::Programme(programme::Action::Creer(inconnu)), "SAI");
    recit().quand(Action::Programme(programme::Action::Creer(Programme {
        certificats: vec!["CCP2".into()],
        ..p
    })));
}

#[test]
fn le_responsable_ne_peut_pas_etre_le_formateur_sans_motif() {
    let r = recit()
        .quand(creer())
        .quand(nommer(Poste::Formateur, "p1", "Dominique Formateur"));
    let c = r.clone().refuse(
        nommer(Poste::Responsable, "p1", "Dominique Formateur"),
        "R19",
    );
    assert_eq!(c.force, Force::Derogeable);
    let r = r
        .parce_que("accord écrit de la DDETS du 3 mars")
        .quand(nommer(Poste::Responsable, "p1", "Dominique Formateur"));
    assert_eq!(r.session.derogations.len(), 1);
    // Le manquement est ancien : il ne bloque pas un geste sans rapport.
    r.sans_motif().quand(inscrire("c1", "Abadie"));
}

#[test]
fn le_surveillant_formateur_est_signale_et_un_autre_ne_l_est_pas() {
    let r = recit()
        .quand(creer())
        .quand(nommer(Poste::Formateur, "p1", "Dominique Formateur"));
    r.clone().refuse(
        nommer(Poste::Surveillant, "p1", "Dominique Formateur"),
        "R21",
    );
    assert!(
        r.quand(nommer(Poste::Surveillant, "p2", "Alix Surveillant"))
            .constate("R21")
            .is_empty()
    );
}

#[test]
fn remplacer_le_responsable_demande_un_motif() {
    let r = recit()
        .quand(creer())
        .quand(nommer(Poste::Responsable, "p1", "Camille Un"));
    r.clone()
        .refuse(nommer(Poste::Responsable, "p2", "Camille Deux"), "SAI");
    let r = r
        .parce_que("congé maladie")
        .quand(nommer(Poste::Responsable, "p2", "Camille Deux"));
    assert_eq!(r.session.equipe.responsable().unwrap().nom, "Camille Deux");
}

#[test]
fn une_personne_ne_cumule_pas_responsable_et_suppleant() {
    let r = recit()
        .quand(creer())
        .quand(nommer(Poste::Responsable, "p1", "Camille Un"));
    r.clone()
        .refuse(nommer(Poste::Suppleant, "p1", "Camille Un"), "R24");
    assert!(
        r.quand(nommer(Poste::Suppleant, "p2", "Camille Deux"))
            .constate("R24")
            .is_empty()
    );
}

#[test]
fn un_jure_sans_habilitation_ou_a_l_habilitation_trop_courte_est_refuse() {
    let r = recit().quand(creer());
    r.clone().parce_que("urgence").refuse(
        jure("j1", Place::Titulaire, date(2021, 1, 1), date(2026, 12, 16)),
        "R29",
    );
    let sans = match habilite("j1", Place::Titulaire) {
        Action::Jury(jury::Action::Retenir(m)) => Action::Jury(jury::Action::Retenir(Membre {
            habilitation: None,
            ..m
        })),
        a => a,
    };
    r.clone().parce_que("urgence").refuse(sans, "R28");
    let r = r
        .quand(habilite("j1", Place::Titulaire))
        .quand(habilite("j2", Place::Titulaire))
        .quand(habilite("j3", Place::Reserve));
    assert!(!r.manque("R26") && !r.manque("R35"));
    assert_eq!(r.tache("AV-07").etat, taches::Etat::Faite);
}

#[test]
fn deplacer_la_session_hors_de_l_habilitation_d_un_jure_est_refuse() {
    let r = recit()
        .quand(creer())
        .quand(habilite("j1", Place::Titulaire));
    r.parce_que("report").refuse(
        Action::Programme(programme::Action::Deplacer {
            debut: date(2027, 1, 4),
            fin: date(2027, 1, 5),
        }),
        "R29",
    );
}

#[test]
fn un_homonyme_s_inscrit_avec_un_motif_jamais_fusionne() {
    let r = recit().quand(creer()).quand(inscrire("c1", "Abadie"));
    r.clone().refuse(inscrire("c2", "ABADIÉ"), "CAN-01");
    let r = r
        .parce_que("deux sœurs jumelles de même prénom composé")
        .quand(inscrire("c2", "ABADIÉ"));
    assert_eq!(r.session.inscrits().count(), 2);
}

#[test]
fn une_fiche_fausse_nomme_chaque_champ() {
    let f = Fiche {
        nom_naissance: String::new(),
        prenoms: "x".repeat(81),
        naissance: Some(date(2030, 5, 5)),
        courriel: Some("pas-un-courriel".into()),
        telephone: Some("abc".into()),
        nom_usage: Some("=HYPERLINK(\"x\")".into()),
        ..Fiche::default()
    };
    let champs: Vec<_> = f
        .verifier(date(2026, 9, 1))
        .into_iter()
        .filter_map(|c| c.champ)
        .collect();
    for attendu in [
        "nom_naissance",
        "prenoms",
        "naissance",
        "courriel",
        "telephone",
        "nom_usage",
    ] {
        assert!(
            champs.contains(&attendu.to_owned()),
            "{attendu} n'est pas nommé : {champs:?}"
        );
    }
}

#[test]
fn un_import_est_tout_ou_rien() {
    let bon = (id("c1"), fiche("Abadie", "Aïcha"));
    let mauvais = (
        id("c2"),
        Fiche {
            naissance: Some(date(2030, 1, 1)),
            ..fiche("Paul", "Futur")
        },
    );
    let action = |l| {
        Action::Candidat(candidats::Action::Importer {
            source: "liste.csv".into(),
            candidats: l,
        })
    };
    let r = recit().quand(creer());
    r.clone().refuse(action(vec![bon.clone(), mauvais]), "SAI");
    assert_eq!(r.quand(action(vec![bon])).session.inscrits().count(), 1);
}

#[test]
fn le_second_a_corriger_la_meme_fiche_apprend_ce_que_le_premier_a_change() {
    let r = recit().quand(creer()).quand(inscrire("c1", "Abadie"));
    let vu = r.session.rang;
    let corriger = |ville: &str| {
        Action::Candidat(candidats::Action::Corriger {
            id: id("c1"),
            fiche: Fiche {
                ville: Some(ville.into()),
                ..fiche("Abadie", "Aïcha")
            },
        })
    };
    let r = r
        .parce_que("faute de frappe")
        .ayant_vu(vu)
        .quand(corriger("Lyon"));
    let c = r.clone().refuse(corriger("Mâcon"), "VU");
    assert!(c.phrase.contains("commune"), "{}", c.phrase);
    let rang = r.session.rang;
    r.ayant_vu(rang).quand(corriger("Mâcon"));
}

#[test]
fn retirer_un_candidat_demande_un_motif_et_se_defait() {
    let r = recit().quand(creer()).quand(inscrire("c1", "Abadie"));
    let retirer = Action::Candidat(candidats::Action::Retirer { id: id("c1") });
    r.clone().refuse(retirer.clone(), "SAI");
    let r = r.parce_que("abandon de la formation").quand(retirer);
    assert_eq!(r.session.inscrits().count(), 0);
    assert_eq!(
        r.quand(Action::Candidat(candidats::Action::Reinscrire {
            id: id("c1")
        }))
        .session
        .inscrits()
        .count(),
        1
    );
}

fn session_avec_planning() -> Recit {
    recit()
        .quand(creer())
        .quand(inscrire("c1", "Abadie"))
        .quand(placer(passage("c1", "T-1", (8, 30), (9, 0))))
        .quand(placer(passage("c1", "T-2", (9, 5), (9, 40))))
        .quand(placer(passage("c1", "T-3", (9, 45), (10, 25))))
        .quand(placer(passage("c1", "T-4", (10, 30), (10, 45))))
}

#[test]
fn un_candidat_n_est_pas_a_deux_endroits() {
    let r = session_avec_planning();
    r.clone()
        .refuse(placer(passage("c1", "T-2", (8, 45), (9, 20))), "R71");
    assert!(r.constate("R71").is_empty());
}

#[test]
fn deux_candidats_partagent_une_seance_mais_pas_une_salle_prise() {
    let r = session_avec_planning().quand(inscrire("c2", "Bérenger"));
    r.clone()
        .refuse(placer(passage("c2", "T-2", (9, 10), (9, 45))), "R71");
    r.quand(placer(passage("c2", "T-1", (8, 30), (9, 0))));
}

#[test]
fn l_entretien_final_est_le_dernier() {
    let r = session_avec_planning();
    r.refuse(placer(passage("c1", "T-4", (8, 0), (8, 15))), "R73");
}

#[test]
fn une_epreuve_ecourtee_demande_un_motif_une_epreuve_allongee_non() {
    let r = session_avec_planning();
    r.clone()
        .refuse(placer(passage("c1", "T-4", (10, 30), (10, 40))), "R70b");
    r.quand(placer(passage("c1", "T-4", (10, 30), (11, 0))));
}

#[test]
fn un_passage_hors_de_la_session_est_refuse() {
    let r = session_avec_planning();
    let c = r.refuse(
        placer(Passage {
            date: date(2026, 12, 20),
            ..passage("c1", "T-4", (10, 30), (10, 45))
        }),
        "SAI",
    );
    assert_eq!(c.champ.as_deref(), Some("date"));
}

#[test]
fn un_lieu_vide_trop_long_ou_illisible_est_refuse_a_son_champ() {
    let r = session_avec_planning();
    for lieu in ["", "  ", "Salle\u{7}2", &"S".repeat(121)] {
        let c = r.clone().refuse(
            placer(Passage {
                lieu: lieu.into(),
                ..passage("c1", "T-4", (10, 30), (10, 45))
            }),
            "SAI",
        );
        assert_eq!(c.champ.as_deref(), Some("lieu"), "{lieu:?}");
    }
}

#[test]
fn valider_un_planning_incomplet_demande_un_motif() {
    let r = session_avec_planning().quand(inscrire("c2", "Bérenger"));
    r.refuse(Action::Planning(planning::Action::Valider), "R70a");
    let r = session_avec_planning().quand(Action::Planning(planning::Action::Valider));
    assert_eq!(r.tache("AV-11").etat, taches::Etat::Faite);
}

#[test]
fn une_convocation_se_fige_se_remet_et_ferme_la_tache() {
    let r = session_avec_planning();
    r.clone()
        .refuse(remettre(candidat_1(), Mode::Decharge, r.jour), "DOC-02");
    let r = r.quand(figer(candidat_1()));
    assert_eq!(r.session.etat_convocation(&candidat_1()), Etat::ARemettre);
    assert_eq!(r.tache("AV-12").etat, taches::Etat::AFaire);
    let jour = r.jour;
    let r = r.quand(remettre(
        candidat_1(),
        Mode::LrAr {
            numero: "1A 234 567 8901 2".into(),
        },
        jour,
    ));
    assert_eq!(r.tache("AV-12").etat, taches::Etat::Faite);
    assert_eq!(
        r.tache("AV-12").avancement.unwrap().phrase,
        "1 convocation remise sur 1"
    );
    assert!(r.constate("R37").is_empty() && r.constate("R38").is_empty());
}

#[test]
fn une_convocation_remise_ne_bouge_pas_en_silence() {
    let r = session_avec_planning()
        .quand(figer(candidat_1()))
        .quand(remettre(candidat_1(), Mode::Decharge, date(2026, 9, 1)));
    let deplacer = placer(passage("c1", "T-4", (11, 0), (11, 15)));
    r.clone().refuse(deplacer.clone(), "PLA-04");
    let r = r.parce_que("salle indisponible").quand(deplacer);
    assert_eq!(r.session.etat_convocation(&candidat_1()), Etat::ARefaire);
    assert_eq!(r.constate("R39").len(), 1);
    let jour = r.jour;
    r.refuse(remettre(candidat_1(), Mode::Decharge, jour), "DOC-03");
}

#[test]
fn avant_d_adopter_un_planning_on_sait_quelles_convocations_remises_ne_diraient_plus_vrai() {
    let jure = Destinataire::Jure(id("j1"));
    let devant = |h: (i8, i8), f: (i8, i8)| Passage {
        jury: vec![id("j1")],
        ..passage("c1", "T-4", h, f)
    };
    let mut r = session_avec_planning()
        .quand(inscrire("c2", "Bérenger"))
        .quand(habilite("j1", Place::Titulaire))
        .quand(habilite("j2", Place::Titulaire))
        .quand(placer(devant((10, 30), (10, 45))));
    for d in [candidat_1(), jure.clone()] {
        r = r
            .quand(figer(d.clone()))
            .quand(remettre(d, Mode::Decharge, date(2026, 9, 1)));
    }
    let s = &r.session;
    let devient = |change: &dyn Fn(&mut planning::Planning)| {
        let mut apres = s.planning.clone();
        change(&mut apres);
        s.a_prevenir_si(&apres)
    };
    // Le même planning, écrit dans un autre ordre : personne.
    assert_eq!(devient(&|p| p.passages.reverse()), []);
    // L'entretien une demi-heure plus tard : le candidat et son juré, pas l'autre juré, qui ne tient rien.
    let deux = [candidat_1(), jure.clone()];
    let plus_tard = |p: &mut planning::Planning| {
        p.passages.pop();
        p.passages.push(devant((11, 0), (11, 15)));
    };
    assert_eq!(devient(&plus_tard), deux);
    // Un autre juré à la même heure : la convocation du candidat nomme son jury, elle ne dirait plus vrai non plus.
    let autre_jure = |p: &mut planning::Planning| {
        if let Some(x) = p.passages.last_mut() {
            x.jury = vec![id("j2")];
        }
    };
    assert_eq!(devient(&autre_jure), deux);
    // Une délibération neuve ne change que la journée du juré.
    let delibere = |p: &mut planning::Planning| {
        p.deliberations.push(planning::Seance {
            jury: vec![id("j1")],
            date: DEBUT,
            debut: time(17, 0, 0, 0),
            fin: time(17, 30, 0, 0),
        });
    };
    assert_eq!(devient(&delibere), [jure]);
}

#[test]
fn un_candidat_inscrit_apres_la_validation_rouvre_le_planning_au_lieu_d_etre_refuse() {
    let r = session_avec_planning()
        .quand(plan(planning::Action::Valider))
        .sans_motif();
    assert!(r.session.planning.valide.is_some());
    let r = r.quand(inscrire("c2", "Bérenger"));
    assert!(r.session.planning.valide.is_none() && r.manque("R70a"));
    // Qui revient après un retrait aussi.
    let candidat = |a: candidats::Action| Action::Candidat(a);
    let r = r
        .parce_que("abandon")
        .quand(candidat(candidats::Action::Retirer { id: id("c2") }))
        .quand(plan(planning::Action::Valider));
    assert!(r.session.planning.valide.is_some());
    let r = r
        .parce_que("il se présente finalement")
        .quand(candidat(candidats::Action::Reinscrire { id: id("c2") }));
    assert!(r.session.planning.valide.is_none());
}

#[test]
fn un_passage_commence_ne_se_deplace_qu_avec_un_motif() {
    // Il est neuf heures, le jour de la session : le questionnaire de 8 h 30 est commencé, l'entretien de 10 h 30 non.
    let r = session_avec_planning().le(DEBUT);
    let c = r
        .clone()
        .refuse(placer(passage("c1", "T-1", (8, 0), (8, 30))), "PLA-07");
    assert_eq!(c.champ.as_deref(), Some("motif"));
    let oter = Action::Planning(planning::Action::Oter {
        candidat: id("c1"),
        epreuve: "T-1".into(),
    });
    r.clone().refuse(oter, "PLA-07");
    r.clone()
        .quand(placer(passage("c1", "T-4", (11, 0), (11, 15))));
    r.parce_que("commencé plus tôt que prévu")
        .quand(placer(passage("c1", "T-1", (8, 0), (8, 30))));
}

#[test]
fn valider_malgre_un_empechement_demande_un_motif() {
    let empecher = |de: i8, a: i8| {
        Action::Planning(planning::Action::Empecher {
            empechements: vec![planning::Empechement {
                qui: planning::Empeche::Salle("Salle 2".into()),
                date: DEBUT,
                de: time(de, 0, 0, 0),
                a: time(a, 0, 0, 0),
            }],
        })
    };
    let valider = Action::Planning(planning::Action::Valider);
    let mut r = session_avec_planning();
    let p = r.session.programme.as_mut().unwrap();
    if !p.site.salles.iter().any(|x| x.nom == "Salle 2") {
        let modele = p.site.salles[0].clone();
        p.site.salles.push(metier::programme::Salle {
            nom: "Salle 2".into(),
            ..modele
        });
    }
    // L'après-midi, rien ne s'y passe.
    let libre = r.clone().quand(empecher(14, 16));
    assert!(libre.session.planning.passages_empeches().is_empty());
    libre.quand(valider.clone());
    // Noter l'empêchement ne demande rien ; valider malgré lui, si.
    let r = r.quand(empecher(9, 10));
    assert_eq!(r.session.planning.passages_empeches().len(), 2);
    let c = r.clone().refuse(valider.clone(), "PLA-08");
    assert!(
        c.phrase.contains("Un autre passage est dans le même cas"),
        "{}",
        c.phrase
    );
    r.parce_que("la salle voisine servira").quand(valider);
}

#[test]
fn un_motif_d_une_lettre_se_refuse_et_le_dit() {
    let retirer = Action::Candidat(candidats::Action::Retirer { id: id("c1") });
    let r = session_avec_planning().parce_que("x");
    let c = r.refuse(retirer, "SAI");
    assert_eq!(c.champ.as_deref(), Some("motif"));
}

#[test]
fn un_affichage_d_une_autre_decennie_se_refuse() {
    let r = session_avec_planning().le(DEBUT);
    let afficher = |le| Action::Planning(planning::Action::Afficher { le });
    let c = r.clone().refuse(afficher(date(1999, 1, 1)), "SAI");
    assert_eq!(c.champ.as_deref(), Some("le"));
    r.quand(afficher(DEBUT));
}

#[test]
fn un_motif_trop_long_se_refuse_et_un_motif_de_deux_mille_signes_passe() {
    let retirer = || Action::Candidat(candidats::Action::Retirer { id: id("c1") });
    let r = session_avec_planning().parce_que(&"é".repeat(2001));
    let c = r.clone().refuse(retirer(), "SAI");
    assert_eq!(c.champ.as_deref(), Some("motif"));
    r.parce_que(&"é".repeat(2000)).quand(retirer());
}

#[test]
fn corriger_un_nom_fait_refaire_la_convocation_corriger_un_telephone_non() {
    let corriger = |change: fn(&mut Fiche)| {
        let mut f = fiche("Abadie", "Aïcha");
        change(&mut f);
        Action::Candidat(candidats::Action::Corriger {
            id: id("c1"),
            fiche: f,
        })
    };
    let r = session_avec_planning()
        .quand(figer(candidat_1()))
        .parce_que("pièce d’identité relue");
    let telephone = r
        .clone()
        .quand(corriger(|f| f.telephone = Some("04 00 00 00 00".into())));
    assert_eq!(
        telephone.session.etat_convocation(&candidat_1()),
        Etat::ARemettre
    );
    let nom = r.quand(corriger(|f| f.nom_naissance = "Abadi".into()));
    assert_eq!(nom.session.etat_convocation(&candidat_1()), Etat::ARefaire);
}

#[test]
fn une_convocation_tardive_avertit_et_une_a_temps_non() {
    let a_temps = session_avec_planning()
        .quand(figer(candidat_1()))
        .le(date(2026, 11, 15))
        .quand(remettre(candidat_1(), Mode::Decharge, date(2026, 11, 15)));
    assert!(a_temps.constate("R37").is_empty());
    let tard = session_avec_planning()
        .quand(figer(candidat_1()))
        .le(date(2026, 11, 16))
        .quand(remettre(candidat_1(), Mode::Decharge, date(2026, 11, 16)));
    assert!(
        tard.constate("R37")[0].phrase.contains("29 jours avant"),
        "{}",
        tard.constate("R37")[0].phrase
    );
}

#[test]
fn une_convocation_par_courriel_seul_n_est_pas_une_preuve() {
    let r = session_avec_planning()
        .quand(figer(candidat_1()))
        .quand(remettre(
            candidat_1(),
            Mode::Courriel {
                adresse: "a@exemple.fr".into(),
            },
            date(2026, 9, 1),
        ));
    assert_eq!(r.constate("R38").len(), 1);
}

#[test]
fn une_remise_ne_se_note_pas_dans_le_futur() {
    let r = session_avec_planning().quand(figer(candidat_1()));
    assert_eq!(
        r.refuse(
            remettre(candidat_1(), Mode::Decharge, date(2026, 9, 2)),
            "SAI"
        )
        .champ
        .as_deref(),
        Some("le")
    );
}

#[test]
fn une_inscription_tardive_est_signalee() {
    assert!(
        recit()
            .quand(creer())
            .le(date(2026, 11, 15))
            .quand(inscrire("c1", "Abadie"))
            .constate("R42")
            .is_empty()
    );
    assert_eq!(
        recit()
            .quand(creer())
            .le(date(2026, 11, 20))
            .quand(inscrire("c1", "Abadie"))
            .constate("R42")
            .len(),
        1
    );
}

#[test]
fn remettre_sans_numero_ceres_avertit() {
    let r = session_avec_planning()
        .quand(figer(candidat_1()))
        .quand(remettre(candidat_1(), Mode::Decharge, date(2026, 9, 1)));
    assert_eq!(r.constate("R41").len(), 1);
    assert!(
        r.quand(Action::Programme(programme::Action::RenseignerCeres(
            "2612345".into()
        )))
        .constate("R41")
        .is_empty()
    );
}

#[test]
fn une_tache_se_ferme_a_la_main_et_se_rouvre_avec_un_motif() {
    let r = recit().quand(creer()).le(date(2026, 9, 16));
    assert_eq!(
        r.tache("AV-03").etat,
        taches::Etat::EnRetard,
        "trois mois avant le 15 décembre, c'est le 15 septembre"
    );
    let r = r.quand(Action::Tache(taches::Action::Realiser {
        code: "AV-03".into(),
        observation: "demande CERES du 14 septembre".into(),
    }));
    assert_eq!(r.tache("AV-03").etat, taches::Etat::Faite);
    assert_eq!(
        r.tache("AV-03").marque.unwrap().realise_par,
        id::<PersonneId>("p-realise")
    );
    let rouvrir = Action::Tache(taches::Action::Rouvrir {
        code: "AV-03".into(),
    });
    r.clone().refuse(rouvrir.clone(), "SAI");
    assert_eq!(
        r.parce_que("la demande est revenue")
            .quand(rouvrir)
            .tache("AV-03")
            .etat,
        taches::Etat::EnRetard
    );
}

#[test]
fn une_tache_dont_la_preuve_manque_demande_une_observation() {
    let realiser = |o: &str| {
        Action::Tache(taches::Action::Realiser {
            code: "AV-12".into(),
            observation: o.into(),
        })
    };
    let r = session_avec_planning();
    assert_eq!(
        r.clone().refuse(realiser(" "), "SAI").champ.as_deref(),
        Some("observation")
    );
    r.quand(realiser(
        "convocations parties par le secrétariat, registre papier n° 12",
    ));
}

#[test]
fn le_surveillant_n_est_dans_la_check_list_que_si_le_referentiel_le_demande() {
    assert_ne!(
        recit().quand(creer()).tache("AV-16").etat,
        taches::Etat::SansObjet
    );
    let sans = recit().quand(Action::Programme(programme::Action::Creer(programme_de(
        "TP-00402m09",
    ))));
    assert_eq!(sans.tache("AV-16").etat, taches::Etat::SansObjet);
}

#[test]
fn une_session_annulee_ne_change_plus() {
    let r = recit()
        .quand(creer())
        .parce_que("effectif insuffisant")
        .quand(Action::Programme(programme::Action::Annuler));
    r.refuse(inscrire("c1", "Abadie"), "SES-02");
}

#[test]
fn un_inspecteur_ne_change_rien() {
    recit()
        .quand(creer())
        .en_tant_que(Role::Inspecteur)
        .refuse(inscrire("c1", "Abadie"), "DRO-01");
}

#[test]
fn refaire_la_meme_chose_n_ecrit_rien() {
    let r = session_avec_planning();
    let d = r
        .essayer(&placer(passage("c1", "T-4", (10, 30), (10, 45))))
        .unwrap();
    assert!(d.evenements.is_empty());
}

#[test]
fn chaque_regle_a_une_phrase_une_source_et_un_code_unique() {
    let mut codes: Vec<_> = reglement::regles().map(|r| r.code).collect();
    let n = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), n);
    assert!(reglement::regles().all(|r| r.intitule.ends_with('.') && !r.source.is_empty()));
}

#[test]
fn le_modele_de_check_list_cite_des_regles_et_des_codes_uniques() {
    let m = taches::modele("taches-2016");
    assert_eq!(m.len(), 43);
    let codes: std::collections::BTreeSet<_> = m.iter().map(|t| &t.code).collect();
    assert_eq!(codes.len(), m.len());
    assert!(
        m.iter()
            .filter_map(|t| t.regle.as_ref())
            .all(|r| r.starts_with('R'))
    );
}

#[test]
fn les_evenements_se_relisent_tels_qu_ils_ont_ete_ecrits() {
    let r = session_avec_planning()
        .quand(figer(candidat_1()))
        .quand(remettre(
            candidat_1(),
            Mode::LrAr {
                numero: "1A".into(),
            },
            date(2026, 9, 1),
        ))
        .quand(habilite("j1", Place::Titulaire));
    assert!(r.session.dernieres.len() >= 8);
    for e in [
        Evenement::Planning(planning::Evenement::Place {
            passage: passage("c1", "T-1", (8, 30), (9, 0)),
            motif: None,
        }),
        Evenement::Candidat(candidats::Evenement::Inscrit {
            id: id("c1"),
            fiche: fiche("Abadie", "Aïcha"),
            le: DEBUT,
            source: None,
        }),
    ] {
        let json = serde_json::to_string(&e).unwrap();
        assert_eq!(serde_json::from_str::<Evenement>(&json).unwrap(), e);
    }
}

#[test]
fn le_format_livre_d_un_evenement_ne_change_pas() {
    // Format figé le 23 novembre 2026 : un journal écrit ce jour-là doit se relire pour toujours.
    let json = r#"{"sujet":"planning","detail":{"quoi":"place","donnees":{"passage":{"candidat":"c1","epreuve":"T-1","lieu":"Salle 2","date":"2026-12-15","debut":"08:30:00","fin":"09:00:00","jury":[],"surveillant":null},"motif":null}}}"#;
    let e = Evenement::Planning(planning::Evenement::Place {
        passage: passage("c1", "T-1", (8, 30), (9, 0)),
        motif: None,
    });
    assert_eq!(serde_json::to_string(&e).unwrap(), json);
}

#[test]
fn un_lien_declare_retire_le_jure_des_passages_du_candidat_et_de_lui_seul() {
    let avec_jury = |c: &str, h| Passage {
        jury: vec![id("j1"), id("j2")],
        ..passage(c, "T-2", h, (h.0, 35))
    };
    let declarer = Action::Lien(liens::Action::Declarer {
        jure: id("j1"),
        candidat: id("c1"),
        nature: liens::NatureLien::Entreprise,
        precision: " Entreprise Exemple ".into(),
    });
    let r = recit()
        .quand(creer())
        .quand(inscrire("c1", "Abadie"))
        .quand(inscrire("c2", "Bérenger"))
        .quand(habilite("j1", Place::Titulaire))
        .quand(habilite("j2", Place::Titulaire))
        .quand(placer(avec_jury("c1", (9, 0))))
        .quand(placer(avec_jury("c2", (11, 0))))
        .quand(declarer.clone());
    let jury = |c: &str| {
        let c = id(c);
        r.session.planning.de(&c).next().unwrap().jury.clone()
    };
    assert_eq!(jury("c1"), [id("j2")]);
    assert_eq!(jury("c2"), [id("j1"), id("j2")]);
    assert!(r.session.est_lie(&id("j1"), &id("c1")));
    assert!(r.manque("R33"), "un seul juré reste pour Abadie");
    assert_eq!(r.session.jures_possibles(&id("c2")).len(), 2);
    let rang = r.session.rang;
    let r = r.quand(declarer);
    assert_eq!(r.session.rang, rang, "le redire n'écrit rien");
    let lever = || {
        Action::Lien(liens::Action::Lever {
            jure: id("j1"),
            candidat: id("c1"),
        })
    };
    let r = r
        .parce_que("homonyme : ce n'est pas la même entreprise")
        .quand(lever());
    assert!(r.session.conflits().is_empty() && !r.manque("R33"));
}

#[test]
fn un_jure_atteste_avoir_lu_la_liste_telle_qu_elle_est_ce_jour_la() {
    let attester = |le| Action::Lien(liens::Action::Attester { jure: id("j1"), le });
    let r = recit()
        .quand(creer())
        .quand(habilite("j1", Place::Titulaire));
    let jour = r.jour;
    r.refuse(attester(jour), "JUR-03");
    let base = || {
        recit()
            .quand(creer())
            .quand(habilite("j1", Place::Titulaire))
            .quand(inscrire("c1", "Abadie"))
    };
    let c = base().refuse(attester(jour.tomorrow().unwrap()), "SAI");
    assert_eq!(c.champ.as_deref(), Some("le"));
    let r = base().quand(attester(jour));
    assert!(!r.manque("R34"));
    assert!(r.quand(inscrire("c2", "Bérenger")).manque("R34"));
}

fn plan(a: planning::Action) -> Action {
    Action::Planning(a)
}

#[test]
fn un_planning_qui_a_change_ne_s_ecrase_pas_par_une_proposition_plus_ancienne() {
    let r = session_avec_planning();
    let vu = r.session.rang;
    let ancienne = plan(planning::Action::Etablir {
        passages: vec![passage("c1", "T-1", (14, 0), (14, 30))],
        deliberations: vec![],
    });
    let r = r
        .quand(placer(passage("c1", "T-4", (11, 0), (11, 15))))
        .ayant_vu(vu);
    r.clone().refuse(ancienne.clone(), "VU");
    let rang = r.session.rang;
    r.ayant_vu(rang).quand(ancienne);
}

#[test]
fn des_passages_se_deplacent_ensemble_et_la_deliberation_suit() {
    let r = session_avec_planning()
        .quand(habilite("j1", Place::Titulaire))
        .quand(plan(planning::Action::Deplacer {
            passages: vec![
                passage("c1", "T-3", (13, 0), (13, 40)),
                passage("c1", "T-4", (13, 45), (14, 0)),
            ],
            deliberations: Some(vec![planning::Seance {
                jury: vec![id("j1")],
                date: DEBUT,
                debut: time(14, 0, 0, 0),
                fin: time(14, 20, 0, 0),
            }]),
        }));
    let p = &r.session.planning;
    assert_eq!(
        p.passage(&id("c1"), "T-4").unwrap().debut,
        time(13, 45, 0, 0)
    );
    assert_eq!(p.deliberations.len(), 1);
    assert_eq!(p.rang_encadrant("j1"), r.session.rang);
}

#[test]
fn une_epingle_se_pose_se_retire_et_tombe_avec_son_passage() {
    let cle = || (id("c1"), "T-2".to_owned());
    let epingler = || {
        plan(planning::Action::Epingler {
            passages: vec![cle(), (id("c1"), "T-9".to_owned())],
        })
    };
    let r = session_avec_planning().quand(epingler());
    assert!(r.session.planning.est_epingle(&id("c1"), "T-2"));
    assert_eq!(
        r.session.planning.epingles.len(),
        1,
        "un passage qui n’existe pas ne s’épingle pas"
    );
    let libre = r.clone().quand(plan(planning::Action::Liberer {
        passages: vec![cle()],
    }));
    assert!(libre.session.planning.epingles.is_empty());
    let ote = r
        .parce_que("erreur de saisie")
        .quand(plan(planning::Action::Oter {
            candidat: id("c1"),
            epreuve: "T-2".into(),
        }));
    assert!(ote.session.planning.epingles.is_empty());
}

#[test]
fn les_journees_se_reglent_et_une_journee_absurde_nomme_son_champ() {
    let r = recit().quand(creer());
    let regler = |j| plan(planning::Action::ReglerJournees(j));
    let bonnes = planning::Journees {
        fermeture: time(18, 0, 0, 0),
        ..planning::Journees::default()
    };
    let refus = r.clone().refuse(
        regler(planning::Journees {
            fermeture: time(7, 0, 0, 0),
            ..bonnes.clone()
        }),
        "SAI",
    );
    assert_eq!(refus.champ.as_deref(), Some("fermeture"));
    // Un jour fermé est un jour de la session : ni la veille du premier, ni le lendemain du dernier.
    let fermer = |d| {
        regler(planning::Journees {
            jours_fermes: [d].into(),
            ..bonnes.clone()
        })
    };
    for dehors in [DEBUT.yesterday().unwrap(), FIN.tomorrow().unwrap()] {
        let refus = r.clone().refuse(fermer(dehors), "SAI");
        assert_eq!(refus.champ.as_deref(), Some("jours_fermes"));
    }
    r.clone().quand(fermer(DEBUT));
    let r = r.quand(regler(bonnes.clone()));
    assert_eq!(r.session.planning.journees(), bonnes);
}

#[test]
fn un_empechement_se_note_une_fois_se_leve_et_part_avec_le_jure() {
    let e = planning::Empechement {
        qui: planning::Empeche::Jure(id("j1")),
        date: DEBUT,
        de: time(8, 30, 0, 0),
        a: time(12, 0, 0, 0),
    };
    let noter = || {
        plan(planning::Action::Empecher {
            empechements: vec![e.clone()],
        })
    };
    let r = recit().quand(creer());
    r.clone().refuse(noter(), "SAI");
    let r = r
        .quand(habilite("j1", Place::Titulaire))
        .quand(noter())
        .quand(noter());
    assert_eq!(r.session.planning.empechements.len(), 1);
    let leve = r
        .clone()
        .quand(plan(planning::Action::LeverEmpechement(e.clone())));
    assert!(leve.session.planning.empechements.is_empty());
    let parti = r
        .parce_que("ne vient plus")
        .quand(Action::Jury(jury::Action::Retirer { jure: id("j1") }));
    assert!(parti.session.planning.empechements.is_empty());
}

#[test]
fn seule_la_convocation_du_jure_dont_le_planning_change_est_a_refaire() {
    let avec = |jure: &str, epreuve: &str, h: (i8, i8), f: (i8, i8)| Passage {
        jury: vec![id(jure)],
        ..passage("c1", epreuve, h, f)
    };
    let r = session_avec_planning()
        .parce_que("essai")
        .quand(habilite("j1", Place::Titulaire))
        .quand(habilite("j2", Place::Titulaire))
        .quand(placer(avec("j1", "T-2", (9, 5), (9, 40))))
        .quand(placer(avec("j2", "T-4", (10, 30), (10, 45))));
    let avant = r.session.rang;
    let r = r.quand(placer(avec("j2", "T-4", (11, 0), (11, 15))));
    assert!(r.session.planning.rang_encadrant("j1") <= avant);
    assert_eq!(r.session.planning.rang_encadrant("j2"), r.session.rang);
}

#[test]
fn le_format_des_evenements_du_planning_ne_change_pas() {
    // Formats figés le 25 novembre 2026.
    for (e, json) in [
        (
            planning::Evenement::Epingles {
                passages: vec![(id("c1"), "T-1".into())],
            },
            r#"{"quoi":"epingles","donnees":{"passages":[["c1","T-1"]]}}"#,
        ),
        (
            planning::Evenement::Empeche {
                empechements: vec![planning::Empechement {
                    qui: planning::Empeche::Salle("Salle 2".into()),
                    date: DEBUT,
                    de: time(8, 30, 0, 0),
                    a: time(12, 0, 0, 0),
                }],
                noms: vec!["Salle 2".into()],
            },
            r#"{"quoi":"empeche","donnees":{"empechements":[{"qui":{"a":"salle","id":"Salle 2"},"date":"2026-12-15","de":"08:30:00","a":"12:00:00"}],"noms":["Salle 2"]}}"#,
        ),
        (
            planning::Evenement::Etabli {
                passages: vec![],
                deliberations: vec![],
                motif: None,
            },
            r#"{"quoi":"etabli","donnees":{"passages":[],"motif":null}}"#,
        ),
        (
            planning::Evenement::Rouvert { inscrits: 2 },
            r#"{"quoi":"rouvert","donnees":{"inscrits":2}}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&e).unwrap(), json);
        assert_eq!(
            serde_json::from_str::<planning::Evenement>(json).unwrap(),
            e
        );
    }
}
