//! Le banc : une session prête pour son premier jour, une horloge que l'on avance, une personne qui agit.

use jiff::civil::{Date, DateTime, date};
use metier::candidats::{Fiche, Voie};
use metier::equipe::{Intervenant, Poste};
use metier::jour::Venant;
use metier::jury::{Habilitation, Membre, Place};
use metier::planning::Passage;
use metier::programme::{NatureSalle, Programme, Salle, Site, TypeSession};
use metier::{
    Acteur, Action, Constat, Contexte, Decision, Evenement, EvenementDate, Refus, Role, Session,
    Voisinage, appliquer, candidats, decider, equipe, jury, planning, plis, programme,
};

pub const DEBUT: Date = date(2026, 12, 15);
pub const FIN: Date = date(2026, 12, 16);
pub const MSP: &str = "T-2";
pub const EF: &str = "T-4";

pub fn id<T: std::str::FromStr>(s: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    s.parse().unwrap()
}

/// « 2026-12-15T08:12 ».
pub fn a(quand: &str) -> DateTime {
    quand.parse().unwrap()
}

#[derive(Clone)]
pub struct Banc {
    pub session: Session,
    pub evenements: Vec<EvenementDate>,
    pub maintenant: DateTime,
    pub par: String,
    pub motif: Option<String>,
}

impl Banc {
    pub fn a(mut self, quand: &str) -> Self {
        self.maintenant = a(quand);
        self
    }
    pub fn par(mut self, qui: &str) -> Self {
        self.par = qui.into();
        self
    }
    pub fn parce_que(mut self, motif: &str) -> Self {
        self.motif = Some(motif.into());
        self
    }
    pub fn sans_motif(mut self) -> Self {
        self.motif = None;
        self
    }

    pub fn essayer(&self, action: &Action) -> Result<Decision, Refus> {
        let voisinage = Voisinage::default();
        let maintenant = self
            .maintenant
            .to_zoned_datetime(metier::temps::paris())
            .unwrap();
        decider(
            &self.session,
            action,
            &Contexte {
                acteur: Acteur {
                    personne: id(&self.par),
                    nom: format!("Nom de {}", self.par),
                    role: Role::Responsable,
                },
                realise_par: id(&self.par),
                maintenant,
                motif: self.motif.clone(),
                vu_au_rang: None,
                voisinage: &voisinage,
            },
        )
    }

    pub fn inscrire(&mut self, evenements: Vec<Evenement>) {
        for evenement in evenements {
            let e = EvenementDate {
                rang: self.session.rang + 1,
                le: "2026-12-15T07:00:00Z".into(),
                saisi_par: id(&self.par),
                realise_par: id(&self.par),
                evenement,
            };
            self.session = appliquer(std::mem::take(&mut self.session), &e);
            self.evenements.push(e);
        }
    }

    #[track_caller]
    pub fn quand(mut self, action: Action) -> Self {
        let d = self
            .essayer(&action)
            .unwrap_or_else(|r| panic!("refusé : {r} ({action:?})"));
        self.inscrire(d.evenements);
        self
    }

    #[track_caller]
    pub fn refuse(self, action: Action, code: &str) -> Self {
        let refus = self
            .essayer(&action)
            .expect_err("le geste aurait dû être refusé");
        assert!(
            refus.constats.iter().any(|c: &Constat| c.code == code),
            "refusé, mais pas par {code} : {:?}",
            refus.constats
        );
        assert!(
            refus
                .constats
                .iter()
                .all(|c| !c.phrase.is_empty() && !c.remede.is_empty()),
            "un refus dit quoi faire"
        );
        self
    }

    pub fn pli(&self, p: &str) -> &plis::Pli {
        self.session.plis.pli(&id(p)).unwrap()
    }
}

fn personne(i: &str) -> Intervenant {
    Intervenant {
        id: id(i),
        nom: format!("Nom de {i}"),
        fonction: "Chargé de mission".into(),
        courriel: None,
    }
}

fn jure(i: &str) -> Membre {
    Membre {
        jure: id(i),
        nom: format!("Juré {i}"),
        qualite: "Développeur".into(),
        employeur: None,
        lies_a: vec![],
        courriel: None,
        telephone: None,
        habilitation: Some(Habilitation {
            titre: "TP-01280m04".into(),
            debut: date(2025, 1, 1),
            fin: date(2027, 12, 31),
            autorite: "DDETS".into(),
            reference: None,
        }),
        place: Place::Titulaire,
    }
}

/// Une session titre de deux jours : trois candidats, deux jurés, un surveillant, un formateur.
pub fn banc() -> Banc {
    let referentiel = metier::catalogue()
        .into_iter()
        .find(|r| r.cle == "TP-01280m04")
        .unwrap();
    let salle = Salle {
        nom: "Salle 2".into(),
        nature: NatureSalle::Salle,
        capacite: 16,
        accessible: true,
    };
    let mut b = Banc {
        session: Session::default(),
        evenements: vec![],
        maintenant: a("2026-06-01T09:00"),
        par: "p-resp".into(),
        motif: Some("récit".into()),
    };
    b = b.quand(Action::Programme(programme::Action::Creer(Programme {
        type_session: TypeSession::Titre,
        certificats: vec![],
        referentiel: Box::new(referentiel),
        site: Site {
            id: id("site-1"),
            nom: "Site de Villefranche".into(),
            adresse: "1 rue de l’Essai".into(),
            salles: vec![salle],
        },
        debut: DEBUT,
        fin: FIN,
        numero_ceres: Some("26-0001".into()),
        modele_taches: "taches-2016".into(),
        annulee: None,
    })));
    for (poste, i) in [
        (Poste::Responsable, "p-resp"),
        (Poste::Suppleant, "p-supp"),
        (Poste::Surveillant, "p-surv"),
        (Poste::Formateur, "p-form"),
    ] {
        b = b.quand(Action::Equipe(equipe::Action::Nommer {
            poste,
            personne: personne(i),
        }));
    }
    for i in ["j-1", "j-2", "j-3"] {
        b = b.quand(Action::Jury(jury::Action::Retenir(jure(i))));
    }
    for (i, nom) in [("c-1", "Abadie"), ("c-2", "Bérenger"), ("c-3", "Caussade")] {
        b = b.quand(Action::Candidat(candidats::Action::Inscrire {
            id: id(i),
            fiche: Fiche {
                nom_naissance: nom.into(),
                prenoms: "Camille".into(),
                naissance: Some(date(1990, 5, 2)),
                voie: Some(Voie::FormationContinue),
                ..Fiche::default()
            },
        }));
        b = b.quand(Action::Planning(planning::Action::Placer(Passage {
            candidat: id(i),
            epreuve: MSP.into(),
            lieu: "Salle 2".into(),
            date: DEBUT,
            debut: jiff::civil::time(8, 30, 0, 0),
            fin: jiff::civil::time(9, 10, 0, 0),
            jury: vec![],
            surveillant: None,
        })));
    }
    b.sans_motif()
}

/// Le premier jour à 8 h 12, jury arrivé, deux candidats présents, le troisième constaté absent.
pub fn banc_ouvert() -> Banc {
    let mut b = banc().a("2026-12-15T08:12");
    for j in ["j-1", "j-2"] {
        b = b.quand(arriver(j, "2026-12-15T08:00"));
    }
    b.quand(accueillir("c-1", "2026-12-15T08:05"))
        .quand(accueillir("c-2", "2026-12-15T08:06"))
        .quand(absenter("c-3", "2026-12-15T08:10"))
}

pub fn arriver(j: &str, quand: &str) -> Action {
    Action::Jour(metier::jour::Action::Arriver {
        qui: Venant::Jure(id(j)),
        survenu: a(quand),
    })
}
pub fn accueillir(c: &str, quand: &str) -> Action {
    Action::Jour(metier::jour::Action::Accueillir {
        candidat: id(c),
        survenu: a(quand),
    })
}
pub fn absenter(c: &str, quand: &str) -> Action {
    Action::Jour(metier::jour::Action::Absenter {
        candidat: id(c),
        survenu: a(quand),
    })
}
pub fn commander(p: &str, sorte: plis::Sorte, quand: &str) -> Action {
    Action::Pli(plis::Action::Commander {
        id: id(p),
        sorte,
        libelle: format!("Pli {p}"),
        survenu: a(quand),
    })
}
pub fn franchir(p: &str, passage: plis::Passage, quand: &str) -> Action {
    Action::Pli(plis::Action::Franchir {
        pli: id(p),
        passage,
        survenu: a(quand),
    })
}
pub fn recevoir(intacts: bool) -> plis::Passage {
    plis::Passage::Recevoir {
        scelles_intacts: intacts,
        nombre: 3,
        reference: "DTE-01280".into(),
        version: "01v02 du 29/01/2025".into(),
    }
}
pub fn constater(c: &str, intacts: bool) -> plis::Passage {
    plis::Passage::Constater {
        temoin: id(c),
        scelles_intacts: intacts,
    }
}
pub fn controler(conforme: bool) -> plis::Passage {
    plis::Passage::Controler {
        seul: true,
        conforme,
        ecart: if conforme {
            String::new()
        } else {
            "il manque un livret candidat".into()
        },
    }
}
