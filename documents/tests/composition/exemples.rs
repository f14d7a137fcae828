//! Données fictives : ordinaires, vides, démesurées.

use documents::Document;
use documents::donnees::*;
use jiff::civil::{Date, Time, date, time};

pub fn entete() -> Entete {
    Entete {
        centre: Centre {
            nom: "CFA des Métiers du Numérique".into(),
            adresse: vec!["14 rue des Tisserands".into(), "69004 Lyon".into()],
            siret: Some("12345678900012".into()),
            nda: Some("84 69 01234 69".into()),
            telephone: Some("04 72 00 00 00".into()),
            courriel: Some("examens@cfa-numerique.example".into()),
            ville: Some("Lyon".into()),
            logo: None,
        },
        session: Session {
            titre: "Développeur web et web mobile".into(),
            sigle: Some("DWWM".into()),
            code_titre: Some("TP-01280m04".into()),
            type_session: TypeSession::Titre,
            numero_ceres: Some("SX-2027-0042".into()),
            debut: Some(date(2027, 1, 11)),
            fin: Some(date(2027, 1, 12)),
            site: Some("Site de la Croix-Rousse".into()),
            adresse: vec!["14 rue des Tisserands".into(), "69004 Lyon".into()],
            responsable: Some(Personne {
                nom: "Mme Hélène Marchand".into(),
                qualite: Some("responsable pédagogique".into()),
                courriel: Some("h.marchand@cfa-numerique.example".into()),
                telephone: Some("04 72 00 00 01".into()),
                adresse: vec![],
            }),
            suppleant: Some(Personne {
                nom: "M. Idriss Benali".into(),
                ..Personne::default()
            }),
            nombre_candidats: Some(12),
        },
        edite_le: date(2026, 11, 23).at(14, 30, 0, 0),
        journal: Some(TeteJournal {
            rang: 142,
            empreinte: "7f3a 9c01 e4d2 55b8".into(),
        }),
        textes: Default::default(),
        exige_ceres: false,
    }
}

pub fn entete_vide() -> Entete {
    Entete {
        centre: Centre {
            nom: "Centre".into(),
            ..Centre::default()
        },
        session: Session {
            titre: "Titre à préciser".into(),
            sigle: None,
            code_titre: None,
            type_session: TypeSession::Ccp,
            numero_ceres: None,
            debut: None,
            fin: None,
            site: None,
            adresse: vec![],
            responsable: None,
            suppleant: None,
            nombre_candidats: None,
        },
        edite_le: date(2026, 8, 1).at(9, 5, 0, 0),
        journal: None,
        textes: Default::default(),
        exige_ceres: false,
    }
}

pub fn entete_demesure() -> Entete {
    let mut entete = entete();
    entete.centre.nom = format!(
        "Association {} pour la formation",
        "interprofessionnelle ".repeat(6)
    );
    entete.centre.courriel = Some(format!(
        "{}@centre.example",
        "secretariat.des.examens.".repeat(4)
    ));
    entete.centre.adresse = vec![
        "Bâtiment des Formations Industrielles et Tertiaires ".repeat(2),
        "69004 Lyon".into(),
    ];
    entete.session.titre = "Technicien supérieur de maintenance et d’exploitation de systèmes énergétiques et climatiques en milieu occupé".into();
    entete
}

pub fn passage(
    epreuve: &str,
    nature: &str,
    jour: Date,
    debut: Time,
    fin: Time,
    lieu: &str,
) -> Passage {
    let minutes = (fin.hour() as u32 * 60 + fin.minute() as u32)
        - (debut.hour() as u32 * 60 + debut.minute() as u32);
    Passage {
        epreuve: epreuve.into(),
        nature: nature.into(),
        date: Some(jour),
        debut: Some(debut),
        fin: Some(fin),
        lieu: Some(lieu.into()),
        duree_minutes: Some(minutes),
        preparation_minutes: None,
    }
}

pub fn convocation_candidat() -> Document {
    let lundi = date(2027, 1, 11);
    let mardi = date(2027, 1, 12);
    Document::ConvocationCandidat(ConvocationCandidat {
        candidat: Candidat {
            civilite: Some("Madame".into()),
            nom: "Mme Zoé D’ŒUVRE-N’GUYEN".into(),
            naissance: Some(date(1998, 3, 1)),
            courriel: Some("zoe.doeuvre@exemple.example".into()),
            adresse: vec!["8 bis montée de la Grande-Côte".into(), "69001 Lyon".into()],
            numero: Some("DWWM-07".into()),
        },
        voie: Voie::Formation,
        ccps: vec![],
        passages: vec![
            passage(
                "Questionnaire professionnel",
                "écrite, sous surveillance",
                lundi,
                time(9, 0, 0, 0),
                time(9, 30, 0, 0),
                "Salle B204",
            ),
            passage(
                "Présentation d’un projet réalisé en amont de la session",
                "orale, devant le jury",
                lundi,
                time(10, 30, 0, 0),
                time(11, 5, 0, 0),
                "Salle C12",
            ),
            passage(
                "Entretien technique",
                "orale, devant le jury",
                lundi,
                time(11, 5, 0, 0),
                time(11, 45, 0, 0),
                "Salle C12",
            ),
            passage(
                "Entretien final",
                "entretien avec le jury",
                mardi,
                time(14, 30, 0, 0),
                time(14, 45, 0, 0),
                "Salle C12",
            ),
        ],
        pieces_supplementaires: vec!["votre dossier de projet imprimé en deux exemplaires".into()],
        equipements: vec![
            "Chaussures de sécurité pour la visite de l’atelier".into(),
            "Clé de sauvegarde".into(),
        ],
        amenagement: true,
        jury: vec![
            Personne {
                nom: "Mme Nadia Ferrand".into(),
                qualite: Some("développeuse".into()),
                ..Personne::default()
            },
            Personne {
                nom: "M. Paul Lemoine".into(),
                qualite: Some("chef de projet".into()),
                ..Personne::default()
            },
        ],
        contact: Some(Personne {
            nom: "M. Idriss Benali".into(),
            qualite: Some("secrétariat des examens".into()),
            telephone: Some("04 72 00 00 02".into()),
            courriel: Some("i.benali@cfa-numerique.example".into()),
            adresse: vec![],
        }),
        remplace: None,
    })
}

pub fn decharge_pour(nom: &str) -> Document {
    Document::Decharge(Decharge {
        document_remis:
            "la convocation à la session d’examen et le planning individuel des épreuves".into(),
        destinataire: nom.into(),
        naissance: Some(date(1998, 3, 1)),
        remettant: None,
        remis_le: None,
    })
}

fn jury() -> Vec<Personne> {
    vec![
        Personne {
            nom: "Mme Nadia Ferrand".into(),
            qualite: Some("développeuse, Atelier du Web".into()),
            courriel: Some("n.ferrand@exemple.example".into()),
            telephone: Some("06 00 00 00 01".into()),
            adresse: vec!["3 place Sathonay".into(), "69001 Lyon".into()],
        },
        Personne {
            nom: "M. Paul Lemoine".into(),
            qualite: Some("chef de projet, Logiciels du Rhône".into()),
            ..Personne::default()
        },
    ]
}

pub fn convocation_jure() -> Document {
    Document::ConvocationJure(ConvocationJure {
        jure: jury().remove(0),
        civilite: Some("Madame".into()),
        jours: [date(2027, 1, 11), date(2027, 1, 12)]
            .map(|jour| JourJury {
                date: Some(jour),
                debut: Some(time(8, 30, 0, 0)),
                fin: Some(time(17, 30, 0, 0)),
                lieu: Some("Salle C12".into()),
                nombre_candidats: Some(6),
            })
            .into(),
        epreuves: [
            ("Questionnaire professionnel", 30, false),
            (
                "Présentation d’un projet réalisé en amont de la session",
                35,
                true,
            ),
            ("Entretien technique", 40, true),
            ("Entretien final", 15, true),
        ]
        .map(|(epreuve, duree, jury_present)| EpreuveJury {
            epreuve: epreuve.into(),
            duree_minutes: Some(duree),
            jury_present,
        })
        .into(),
        ccps: vec![],
        jury: jury(),
        contact: None,
        remplace: None,
    })
}

pub fn convocation_surveillant() -> Document {
    Document::ConvocationSurveillant(ConvocationSurveillant {
        surveillant: Personne {
            nom: "M. Oscar Vidal".into(),
            qualite: Some("assistant administratif".into()),
            courriel: Some("o.vidal@exemple.example".into()),
            ..Personne::default()
        },
        civilite: Some("Monsieur".into()),
        vacations: vec![Vacation {
            epreuve: "Questionnaire professionnel".into(),
            date: Some(date(2027, 1, 11)),
            presence: Some(time(8, 30, 0, 0)),
            debut: Some(time(9, 0, 0, 0)),
            fin: Some(time(9, 30, 0, 0)),
            lieu: Some("Salle B204".into()),
            nombre_candidats: Some(12),
        }],
        contact: None,
        remplace: Some(date(2026, 11, 2)),
    })
}

fn ligne(
    debut: Time,
    fin: Time,
    candidat: &str,
    epreuve: &str,
    nature: &str,
    lieu: &str,
    encadrement: &str,
) -> LignePlanning {
    LignePlanning {
        debut: Some(debut),
        fin: Some(fin),
        candidat: candidat.into(),
        epreuve: epreuve.into(),
        nature: nature.into(),
        lieu: Some(lieu.into()),
        encadrement: Some(encadrement.into()),
    }
}

pub fn planning() -> Document {
    let noms = [
        "Zoé D’Œuvre-N’Guyen",
        "Amadou Diallo",
        "Inès Garcia",
        "Bastien Leroy",
    ];
    let mut lundi = vec![ligne(
        time(9, 0, 0, 0),
        time(9, 30, 0, 0),
        "Tous les candidats",
        "Questionnaire professionnel",
        "écrite",
        "Salle B204",
        "M. Oscar Vidal",
    )];
    for (rang, nom) in noms.iter().enumerate() {
        lundi.push(ligne(
            time(10 + rang as i8, 0, 0, 0),
            time(10 + rang as i8, 35, 0, 0),
            nom,
            "Présentation d’un projet",
            "orale",
            "Salle C12",
            "Jury",
        ));
    }
    let mardi = noms
        .iter()
        .enumerate()
        .map(|(rang, nom)| {
            ligne(
                time(9 + rang as i8, 0, 0, 0),
                time(9 + rang as i8, 15, 0, 0),
                nom,
                "Entretien final",
                "entretien",
                "Salle C12",
                "Jury",
            )
        })
        .collect();
    Document::PlanningAffichage(PlanningAffichage {
        pour: None,
        jours: vec![
            JourPlanning {
                date: date(2027, 1, 11),
                lignes: lundi,
            },
            JourPlanning {
                date: date(2027, 1, 12),
                lignes: mardi,
            },
        ],
    })
}

fn tache(
    intitule: &str,
    details: &[&str],
    etat: EtatTache,
    observations: &[&str],
    qui: Option<&str>,
) -> TacheImprimee {
    TacheImprimee {
        intitule: intitule.into(),
        points: details
            .iter()
            .enumerate()
            .map(|(i, detail)| PointImprime {
                intitule: (*detail).into(),
                verifie: i == 0,
            })
            .collect(),
        etat,
        echeance: Some(date(2026, 12, 12)),
        observations: observations
            .iter()
            .map(|observation| (*observation).into())
            .collect(),
        qui: qui.map(Into::into),
    }
}

pub fn check_list() -> Document {
    Document::CheckList(CheckList {
        phases: vec![
            Phase {
                intitule: "En amont de la session".into(),
                taches: vec![
                    tache(
                        "Programmer la session d’examen",
                        &[],
                        EtatTache::Terminee {
                            le: date(2026, 9, 15),
                        },
                        &[],
                        Some("Mme Hélène Marchand"),
                    ),
                    tache(
                        "Constituer le jury dans CERES",
                        &[
                            "rechercher des jurys habilités",
                            "solliciter les membres selon les spécificités du RC",
                            "anticiper les défections",
                        ],
                        EtatTache::AFaire,
                        &[
                            "Pour une session titre ou une session CCP : 2 professionnels. Chacun doit être habilité par l’UD.",
                        ],
                        Some("M. Idriss Benali, délégation ; visa de Mme Marchand"),
                    ),
                    tache(
                        "Convoquer le surveillant si nécessaire",
                        &[],
                        EtatTache::SansObjet,
                        &["Si prévu au RC"],
                        None,
                    ),
                    tache(
                        "Convoquer les candidats",
                        &[
                            "Mettre à jour la liste des candidats à convoquer",
                            "Envoyer un mois avant la session d’examen les convocations écrites en LR/AR ou les remettre contre décharge",
                            "Communiquer le planning de déroulement de la session",
                        ],
                        EtatTache::AFaire,
                        &[
                            "au moins 30 jours avant la session d’examen",
                            "Onze convocations remises sur douze.",
                        ],
                        None,
                    ),
                ],
            },
            Phase {
                intitule: "Pendant la session".into(),
                taches: vec![tache(
                    "Accueillir les candidats inscrits à la session",
                    &[
                        "Pièce d’identité",
                        "Convocation",
                        "Dossier Professionnel (DP)",
                    ],
                    EtatTache::AFaire,
                    &[],
                    None,
                )],
            },
            Phase {
                intitule: "Après la session".into(),
                taches: vec![tache(
                    "Envoyer l’original du PV de session à la DIRECCTE/UD",
                    &[],
                    EtatTache::AFaire,
                    &["Au plus tard 15 jours après la session d’examen"],
                    None,
                )],
            },
        ],
    })
}

pub fn emargement() -> Document {
    Document::Emargement(Emargement {
        epreuve: "Questionnaire professionnel".into(),
        nature: "écrite, sous surveillance".into(),
        duree_minutes: Some(30),
        date: Some(date(2027, 1, 11)),
        lieu: Some("Salle B204".into()),
        lignes: (1..=12)
            .map(|rang| LigneEmargement {
                numero: format!("DWWM-{rang:02}"),
                nom: format!("Camille Exemple {rang}"),
                debut: Some(time(9, 0, 0, 0)),
                fin: Some(time(9, 30, 0, 0)),
            })
            .collect(),
        jures: jury().into_iter().map(|jure| jure.nom).collect(),
        surveillant: Some("M. Oscar Vidal".into()),
    })
}

pub fn emargement_jury() -> Document {
    Document::EmargementJury(EmargementJury {
        date: Some(date(2027, 1, 11)),
        jures: jury(),
    })
}

pub fn un_de_chaque() -> Vec<Document> {
    vec![
        convocation_candidat(),
        decharge_pour("Mme Zoé D’ŒUVRE-N’GUYEN"),
        convocation_jure(),
        convocation_surveillant(),
        planning(),
        check_list(),
        emargement(),
        emargement_jury(),
        releve(),
        lettre(),
        etiquettes(3),
        affiche_porte(2),
        fiche_a_remplir(),
    ]
}

pub fn lettre() -> Document {
    Document::Lettre(Lettre {
        titre: "Vos résultats".into(),
        destinataire: Personne {
            nom: "Mme Zoé D’ŒUVRE-N’GUYEN".into(),
            adresse: vec!["1 rue de l’Essai".into(), "69400 Villefranche".into()],
            ..Personne::default()
        },
        civilite: Some("Madame".into()),
        blocs: vec![
            Bloc::Paragraphe {
                texte: "Le jury a décidé : #panic(\"non\") *gras* $x$.".into(),
            },
            Bloc::Encadre {
                texte: "Gardez ce papier.".into(),
            },
            Bloc::Rubrique {
                titre: "Décision".into(),
            },
            Bloc::Fiche {
                lignes: vec![("Résultat".into(), "Réussite partielle".into())],
            },
            Bloc::Tableau {
                tableau: TableauReleve {
                    entetes: vec!["Certificat".into(), "Décision".into()],
                    largeurs: vec![3, 1],
                    lignes: vec![vec!["CCP 1".into(), "Attribué".into()]],
                },
            },
            Bloc::Liste {
                points: vec!["Revoir les tests.".into()],
            },
            Bloc::ARemplir {
                lignes: vec!["Date et heure".into()],
            },
        ],
        mention: "Exemplaire du candidat.".into(),
        ..Lettre::default()
    })
}

pub fn etiquettes(n: usize) -> Document {
    Document::Etiquettes(Etiquettes {
        etiquettes: (1..=n)
            .map(|i| Etiquette {
                nom: format!("M. Candidat {i}"),
                lignes: vec!["1 rue de l’Essai".into(), "69400 Villefranche".into()],
            })
            .collect(),
    })
}

pub fn affiche_porte(n: i8) -> Document {
    Document::AffichePorte(AffichePorte {
        salle: "Plateau 2".into(),
        date: Some(date(2027, 1, 11)),
        lignes: (0..n)
            .map(|i| LignePorte {
                debut: Some(time(8 + i, 0, 0, 0)),
                fin: Some(time(9 + i, 0, 0, 0)),
                epreuve: "Mise en situation professionnelle".into(),
            })
            .collect(),
    })
}

const NOM_LONG: &str = "Marie-Antoinette-Joséphine de La Rochefoucauld-Montmorency-Luxembourg épouse Vandenbroucke-Wojciechowska";

pub fn demesures() -> Vec<(&'static str, Document)> {
    let Document::ConvocationCandidat(mut convocation) = convocation_candidat() else {
        unreachable!()
    };
    convocation.candidat.nom = NOM_LONG.into();
    convocation.candidat.courriel = Some("marieantoinettejosephinedelarochefoucauldmontmorencyluxembourg@domainedemesurementlong.example".into());
    let modele = convocation.passages[1].clone();
    convocation.passages = (0..60).map(|_| Passage { lieu: Some("Atelier de maintenance industrielle, bâtiment F, troisième étage, entrée côté canal".into()), ..modele.clone() }).collect();
    let lignes = (1..=60)
        .map(|rang| {
            ligne(
                time(9, 0, 0, 0),
                time(12, 30, 0, 0),
                &format!("N° {rang:02} {NOM_LONG}"),
                "Mise en situation professionnelle reconstituée",
                "pratique et orale",
                "Atelier de maintenance industrielle",
                "Mme Nadia Ferrand, M. Paul Lemoine",
            )
        })
        .collect();
    let Document::Emargement(mut feuille) = emargement() else {
        unreachable!()
    };
    feuille.lignes = (1..=60)
        .map(|rang| LigneEmargement {
            numero: format!("TSMESECMO-{rang:02}"),
            nom: NOM_LONG.into(),
            debut: None,
            fin: None,
        })
        .collect();
    feuille.jures = vec![NOM_LONG.into(); 5];
    let Document::CheckList(mut liste) = check_list() else {
        unreachable!()
    };
    let tache = TacheImprimee {
        observations: vec!["Observation très développée. ".repeat(40)],
        qui: Some(NOM_LONG.into()),
        ..liste.phases[0].taches[1].clone()
    };
    liste.phases[0].taches = vec![tache; 20];
    let Document::ConvocationJure(mut jure) = convocation_jure() else {
        unreachable!()
    };
    jure.jury = vec![
        Personne {
            nom: NOM_LONG.into(),
            qualite: Some("qualité ".repeat(10)),
            ..Personne::default()
        };
        20
    ];
    jure.jours = vec![jure.jours[0].clone(); 10];
    vec![
        ("convocation-60", Document::ConvocationCandidat(convocation)),
        (
            "planning-60",
            Document::PlanningAffichage(PlanningAffichage {
                pour: None,
                jours: vec![JourPlanning {
                    date: date(2027, 1, 11),
                    lignes,
                }],
            }),
        ),
        ("emargement-60", Document::Emargement(feuille)),
        ("check-list-60", Document::CheckList(liste)),
        ("jure-60", Document::ConvocationJure(jure)),
    ]
}

pub fn fiche_a_remplir() -> Document {
    Document::FicheARemplir(FicheARemplir {
        titre: "Fiche d’incident".into(),
        consigne: "Une fiche par incident. Rien ne s’efface : une erreur se barre et se paraphe."
            .into(),
        paysage: false,
        sections: vec![
            SectionARemplir {
                titre: "Les faits".into(),
                champs: vec![("Date et heure".into(), 1), ("Faits".into(), 4)],
                tableau: None,
            },
            SectionARemplir {
                titre: "Personnes présentes".into(),
                champs: vec![],
                tableau: Some(TableauARemplir {
                    entetes: vec!["Nom".into(), "Qualité".into(), "Signature".into()],
                    largeurs: vec![3, 2, 3],
                    lignes: vec![vec![
                        "Mme Hélène Marchand".into(),
                        "Responsable".into(),
                        String::new(),
                    ]],
                    vides: 3,
                }),
            },
        ],
        signatures: vec![("Responsable de session".into(), None)],
    })
}

pub fn releve() -> Document {
    Document::Releve(Releve {
        titre: "Brouillon de contrôle du procès-verbal".into(),
        avertissement: "Ce papier n’est pas le procès-verbal.".into(),
        paysage: false,
        qr: Some("1110111\n1010001\n1110101".into()),
        sections: vec![SectionReleve {
            titre: "Résultats".into(),
            fiche: vec![
                ("Responsable".into(), "Camille Exemple".into()),
                ("Suppléant".into(), String::new()),
            ],
            tableau: Some(TableauReleve {
                entetes: vec!["Candidat".into(), "Décision".into()],
                largeurs: vec![2, 1],
                lignes: vec![vec!["Zoé D’ŒUVRE".into(), "Réussite".into()]],
            }),
            paragraphes: vec!["Aucun incident.".into()],
            hauteur_mm: 9,
            cases: vec!["Règlement général affiché".into()],
            a_remplir: vec!["Vérifié le".into()],
        }],
        signatures: vec![
            (
                "Le responsable de session".into(),
                Some("Camille Exemple".into()),
            ),
            ("Un juré".into(), None),
        ],
    })
}

pub fn vides() -> Vec<(&'static str, Document)> {
    let Document::ConvocationCandidat(mut convocation) = convocation_candidat() else {
        unreachable!()
    };
    convocation.candidat = Candidat {
        nom: "Camille Exemple".into(),
        ..Candidat::default()
    };
    convocation.passages.truncate(1);
    convocation.passages[0].nature = String::new();
    (
        convocation.pieces_supplementaires,
        convocation.equipements,
        convocation.jury,
    ) = (vec![], vec![], vec![]);
    (convocation.contact, convocation.amenagement) = (None, false);
    let Document::ConvocationJure(mut jure) = convocation_jure() else {
        unreachable!()
    };
    jure.jure = Personne {
        nom: "Camille Exemple".into(),
        ..Personne::default()
    };
    (jure.epreuves, jure.jury, jure.civilite) = (vec![], vec![], None);
    vec![
        (
            "convocation-vide",
            Document::ConvocationCandidat(convocation),
        ),
        ("jure-vide", Document::ConvocationJure(jure)),
        (
            "planning-vide",
            Document::PlanningAffichage(PlanningAffichage {
                jours: vec![],
                pour: None,
            }),
        ),
        (
            "check-list-vide",
            Document::CheckList(CheckList {
                phases: vec![Phase {
                    intitule: "En amont de la session".into(),
                    taches: vec![],
                }],
            }),
        ),
        (
            "emargement-vide",
            Document::Emargement(Emargement {
                epreuve: "Entretien final".into(),
                nature: String::new(),
                duree_minutes: Some(10),
                date: None,
                lieu: None,
                lignes: vec![],
                jures: vec![],
                surveillant: None,
            }),
        ),
        (
            "emargement-jury-vide",
            Document::EmargementJury(EmargementJury {
                date: None,
                jures: vec![],
            }),
        ),
        (
            "fiche-a-remplir-vide",
            Document::FicheARemplir(FicheARemplir {
                titre: "Inventaire du plateau technique".into(),
                ..FicheARemplir::default()
            }),
        ),
        (
            "releve-vide",
            Document::Releve(Releve {
                titre: "Registre des plis".into(),
                ..Releve::default()
            }),
        ),
        (
            "decharge-vide",
            Document::Decharge(Decharge {
                document_remis: "la convocation".into(),
                destinataire: "Camille Exemple".into(),
                naissance: None,
                remettant: None,
                remis_le: None,
            }),
        ),
    ]
}
