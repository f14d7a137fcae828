//! Ce que l'exemple raconte : un site, cinq jurés, un titre confirmé et trois sessions. Tout y est fictif.

use super::plume::Plume;
use super::remise::convoquer;
use super::{courriers, deroule, dossiers};
use crate::erreurs::Erreur;
use crate::formulaires::nouvel_identifiant;
use crate::pages::session::planning::proposition_simple;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use metier::candidats::{Fiche, Voie};
use metier::echeances::Repere;
use metier::equipe::{Intervenant, Poste};
use metier::jury::{self, Membre, Place};
use metier::programme::{NatureSalle, Programme, Salle, Site, TypeSession};
use metier::referentiel::Confirmation;
use metier::taches::{Condition, Habitude};
use metier::{
    Action, CandidatId, JureId, Referentiel, SessionId, SiteId, candidats, equipe, liens, planning,
    programme, taches,
};
use stockage::annuaire::{FicheHabilitation, FicheJure, ajouter_habilitation, ajouter_jure};
use stockage::comptes::Personne;
use stockage::sites::{self, FicheSalle, FicheSite, IdentiteCentre};
use stockage::titres;

/// Clé du titre de l'exemple : Développeur web et web mobile, millésime 04.
const TITRE: &str = "TP-01280m04";

/// Le décor : ce que toutes les sessions de l'exemple partagent.
pub struct Decor {
    /// Le référentiel confirmé.
    pub referentiel: Referentiel,
    /// Le site.
    pub site: Site,
    /// Les jurés.
    pub jures: Vec<Membre>,
}

const NOMS: [(&str, &str); 16] = [
    ("Abadie-Témoin", "Aïcha"),
    ("Bérenger-Témoin", "Bastien"),
    ("Caussade-Témoin", "Céline"),
    ("D’Aubigné-Témoin", "Damien"),
    ("Évrard-Témoin", "Élodie"),
    ("Fauré-Témoin", "François"),
    ("Guérin-Lemaître-Témoin", "Gaëlle"),
    ("Hébrard-Témoin", "Hélène"),
    ("Ibáñez-Témoin", "Inès"),
    ("Jørgensen-Témoin", "Jean-Noël"),
    ("Kowalczyk-Témoin", "Kévin"),
    ("Lœwe-Témoin", "Loïc"),
    ("M’Bengué-Témoin", "Maëlys"),
    ("Núñez-Témoin", "Noé"),
    ("O’Brien-Témoin", "Océane"),
    ("Pélissier-Témoin", "Paul-Émile"),
];

/// Une fiche fictive, la `i`-ième.
pub fn fiche(i: usize) -> Fiche {
    let (nom, prenom) = NOMS[i % NOMS.len()];
    let tour = i / NOMS.len();
    Fiche {
        nom_naissance: if tour == 0 {
            nom.into()
        } else {
            format!("{nom} {}", tour + 1)
        },
        prenoms: prenom.into(),
        naissance: Some(date(
            1975 + ((i * 7) % 30) as i16,
            1 + (i % 12) as i8,
            1 + (i % 28) as i8,
        )),
        lieu_naissance: Some("Commune d’exemple".into()),
        courriel: Some(format!("candidat{:03}@exemple.invalid", i + 1)),
        telephone: Some(format!("06 00 00 {:02} {:02}", i / 100, i % 100)),
        adresse: Some(format!("{} rue de l’Exemple", i + 1)),
        code_postal: Some("69400".into()),
        ville: Some("Villefranche-d’Exemple".into()),
        voie: Some(
            [
                Voie::FormationContinue,
                Voie::FormationContinue,
                Voie::Apprentissage,
                Voie::Vae,
            ][i % 4],
        ),
        organisme: Some("Organisme d’exemple".into()),
        ..Fiche::default()
    }
}

/// Plante le décor : identité, site et salles, titre confirmé, jurés habilités.
pub async fn planter(plume: &Plume<'_>, jour: Date) -> Result<Decor, Erreur> {
    let (base, centre) = (plume.base, plume.centre);
    let hier = jour - 200.days();
    let identite = IdentiteCentre {
        nom: "Centre d’exemple (fictif)".into(),
        adresse: "1 rue de l’Exemple".into(),
        code_postal: "69400".into(),
        ville: "Villefranche-d’Exemple".into(),
        siret: "12345678200010".into(),
        nda: "00000000000".into(),
        contact: "Secrétariat".into(),
        courriel: "accueil@exemple.invalid".into(),
        telephone: "04 00 00 00 00".into(),
        autorite_sigle: "DDETS".into(),
        autorite_nom:
            "direction départementale de l’emploi, du travail et des solidarités (exemple)".into(),
        ..IdentiteCentre::default()
    };
    sites::corriger_identite(base, centre, &identite, &plume.auteur(hier)).await?;
    let id: SiteId = nouvel_identifiant();
    let fiche_site = FicheSite {
        nom: "Site de Villefranche".into(),
        adresse: "1 rue de l’Exemple".into(),
        code_postal: "69400".into(),
        ville: "Villefranche-d’Exemple".into(),
        acces: "Entrée par la cour, sonner à l’accueil.".into(),
        agree: true,
        actif: true,
    };
    sites::ajouter_site(base, centre, &id, &fiche_site, &plume.auteur(hier)).await?;
    let mut salles = vec![];
    for (nom, nature, places) in [
        ("Plateau 2", NatureSalle::Plateau, 16),
        ("Salle 4", NatureSalle::Salle, 16),
        ("Entretien A", NatureSalle::Entretien, 4),
        ("Entretien B", NatureSalle::Entretien, 4),
    ] {
        let f = FicheSalle {
            nom: nom.into(),
            nature: sites::NatureSalle::depuis_code(nature.code()).unwrap_or_default(),
            capacite: Some(places),
            accessible: true,
            actif: true,
        };
        sites::ajouter_salle(
            base,
            centre,
            &uuid::Uuid::now_v7().to_string(),
            &id,
            &f,
            &plume.auteur(hier),
        )
        .await?;
        salles.push(Salle {
            nom: nom.into(),
            nature,
            capacite: places,
            accessible: true,
        });
    }
    let mut referentiel = titres::titre(base, centre, TITRE)
        .await?
        .ok_or_else(|| Erreur::interne("titre d'exemple absent"))?;
    referentiel.confirmation = Some(Confirmation {
        le: hier,
        par: plume.personne.nom_complet(),
        version_re: "REV d’exemple".into(),
    });
    titres::enregistrer_titre(base, centre, &referentiel, &plume.auteur(hier)).await?;
    let referentiel = titres::titre(base, centre, TITRE)
        .await?
        .ok_or_else(|| Erreur::interne("titre d'exemple perdu"))?;
    let mut jures = vec![];
    for (i, (prenom, nom, qualite, fin)) in [
        ("Jeanne", "Juré-Témoin", "Développeuse", jour + 400.days()),
        (
            "Ousmane",
            "Pair-Témoin",
            "Chef de projet web",
            jour + 300.days(),
        ),
        ("Lise", "Réserve-Témoin", "Intégratrice", jour + 500.days()),
        ("Yann", "Échu-Témoin", "Développeur", jour + 20.days()),
        (
            "Nadia",
            "Relève-Témoin",
            "Architecte logicielle",
            jour + 700.days(),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let jure: JureId = nouvel_identifiant();
        let f = FicheJure {
            nom: nom.into(),
            prenom: prenom.into(),
            qualite: qualite.into(),
            employeur: format!("Entreprise d’exemple n° {}", i + 1),
            courriel: format!("jure{}@exemple.invalid", i + 1),
            telephone: "06 00 00 00 00".into(),
            adresse: "2 rue de l’Exemple\n69400 Villefranche-d’Exemple".into(),
            commune: "Villefranche-d’Exemple".into(),
            distance_km: Some([4, 12, 31, 7, 58][i]),
            ..FicheJure::default()
        };
        ajouter_jure(base, centre, &jure, &f, &plume.auteur(hier)).await?;
        let h = FicheHabilitation {
            titre: TITRE.into(),
            debut: jour - 900.days(),
            fin,
            autorite: "DDETS d’exemple".into(),
            reference: format!("HAB-EX-{:03}", i + 1),
        };
        ajouter_habilitation(
            base,
            centre,
            &uuid::Uuid::now_v7().to_string(),
            &jure,
            &h,
            &plume.auteur(hier),
        )
        .await?;
        jures.push(Membre {
            jure,
            nom: format!("{prenom} {}", nom.to_uppercase()),
            qualite: qualite.into(),
            employeur: Some(f.employeur.clone()),
            lies_a: vec![],
            courriel: Some(f.courriel.clone()),
            telephone: Some(f.telephone.clone()),
            habilitation: Some(jury::Habilitation {
                titre: TITRE.into(),
                debut: h.debut,
                fin: h.fin,
                autorite: h.autorite.clone(),
                reference: Some(h.reference.clone()),
            }),
            place: Place::Titulaire,
        });
    }
    prendre_des_habitudes(plume, hier).await?;
    let site = Site {
        id,
        nom: fiche_site.nom.clone(),
        adresse: "1 rue de l’Exemple, 69400 Villefranche-d’Exemple".into(),
        salles,
    };
    Ok(Decor {
        referentiel,
        site,
        jures,
    })
}

/// Les habitudes du centre d'exemple : une date plus prudente que le règlement, une tâche en plus.
async fn prendre_des_habitudes(plume: &Plume<'_>, jour: Date) -> Result<(), Erreur> {
    let convoquer = taches::habitudes::datable("AV-12")
        .ok_or_else(|| Erreur::interne("tâche d'exemple absente"))?;
    let date_du_centre = Habitude {
        code: String::new(),
        sur: Some(convoquer.code.clone()),
        phase: convoquer.phase,
        intitule: convoquer.intitule.clone(),
        faire: String::new(),
        repere: Repere::AvantDebut,
        jours: 40,
        condition: Condition::Toujours,
    };
    let tache_du_centre = Habitude {
        sur: None,
        intitule: "Réserver le repas et le stationnement du jury".into(),
        faire: "Appelez le restaurant de la zone, puis prévenez l’accueil des immatriculations."
            .into(),
        jours: 7,
        ..date_du_centre.clone()
    };
    for h in [date_du_centre, tache_du_centre] {
        stockage::habitudes::prendre(plume.base, plume.centre, &h, &plume.auteur(jour)).await?;
    }
    Ok(())
}

/// Confie une tâche à quelqu'un de l'équipe.
async fn confier(
    plume: &Plume<'_>,
    id: &SessionId,
    jour: Date,
    code: &str,
    a: &Personne,
    consigne: &str,
) -> Result<(), Erreur> {
    let action = taches::Action::Confier {
        code: code.into(),
        a: a.id.clone(),
        nom: a.nom_complet(),
        pour: None,
        consigne: consigne.into(),
    };
    plume.ecrire(id, jour, Action::Tache(action)).await
}

fn intervenant(p: &Personne) -> Intervenant {
    Intervenant {
        id: p.id.clone(),
        nom: p.nom_complet(),
        fonction: p.fonction.clone(),
        courriel: Some(p.courriel.clone()),
    }
}

/// Une session de l'exemple : programmée, composée, avec ses candidats et son planning validé.
pub async fn session(
    plume: &Plume<'_>,
    decor: &Decor,
    equipe: &[Personne],
    dates: (Date, Date),
    candidats_n: usize,
    ceres: &str,
) -> Result<SessionId, Erreur> {
    let id: SessionId = nouvel_identifiant();
    let creee = dates.0 - 110.days();
    let programme = Programme {
        type_session: TypeSession::Titre,
        certificats: vec![],
        referentiel: Box::new(decor.referentiel.clone()),
        site: decor.site.clone(),
        debut: dates.0,
        fin: dates.1,
        numero_ceres: None,
        modele_taches: "taches-2016".into(),
        annulee: None,
    };
    plume
        .creer(
            &id,
            creee,
            Action::Programme(programme::Action::Creer(programme)),
        )
        .await?;
    for (poste, p) in [
        (Poste::Responsable, &equipe[0]),
        (Poste::Suppleant, &equipe[1]),
        (Poste::Surveillant, &equipe[4]),
    ] {
        plume
            .ecrire(
                &id,
                creee,
                Action::Equipe(equipe::Action::Nommer {
                    poste,
                    personne: intervenant(p),
                }),
            )
            .await?;
    }
    let liste: Vec<(CandidatId, Fiche)> = (0..candidats_n)
        .map(|i| (nouvel_identifiant(), fiche(i)))
        .collect();
    plume
        .ecrire(
            &id,
            creee + 5.days(),
            Action::Candidat(candidats::Action::Importer {
                source: "promotion d’exemple.csv".into(),
                candidats: liste,
            }),
        )
        .await?;
    if !ceres.is_empty() {
        plume
            .ecrire(
                &id,
                creee + 8.days(),
                Action::Programme(programme::Action::RenseignerCeres(ceres.into())),
            )
            .await?;
    }
    for code in ["AV-03", "AV-05", "AV-13"] {
        realiser(plume, &id, dates.0 - 95.days(), code, "Fait dans CERES").await?;
    }
    for (m, place) in decor
        .jures
        .iter()
        .zip([Place::Titulaire, Place::Titulaire, Place::Reserve])
    {
        plume
            .ecrire(
                &id,
                dates.0 - 70.days(),
                Action::Jury(jury::Action::Retenir(Membre { place, ..m.clone() })),
            )
            .await?;
    }
    for m in decor.jures.iter().take(2) {
        plume
            .ecrire(
                &id,
                dates.0 - 60.days(),
                Action::Lien(liens::Action::Attester {
                    jure: m.jure.clone(),
                    le: dates.0 - 60.days(),
                }),
            )
            .await?;
    }
    let (s, _) = stockage::charger(plume.base, plume.centre, &id)
        .await?
        .ok_or(Erreur::Introuvable)?;
    let propose = proposition_simple(&s)
        .ok_or_else(|| Erreur::interne("le planning d'exemple ne tient pas"))?;
    plume
        .ecrire(
            &id,
            dates.0 - 50.days(),
            Action::Planning(planning::Action::Etablir {
                passages: propose.passages,
                deliberations: propose.deliberations,
            }),
        )
        .await?;
    plume
        .ecrire(
            &id,
            dates.0 - 50.days(),
            Action::Planning(planning::Action::Valider),
        )
        .await?;
    Ok(id)
}

/// Note une tâche faite.
pub async fn realiser(
    plume: &Plume<'_>,
    id: &SessionId,
    jour: Date,
    code: &str,
    observation: &str,
) -> Result<(), Erreur> {
    plume
        .ecrire(
            id,
            jour,
            Action::Tache(taches::Action::Realiser {
                code: code.into(),
                observation: observation.into(),
            }),
        )
        .await
}

/// Le mardi de cette semaine, ou le jour même du lundi au mercredi : une session d'exemple ne tombe pas un dimanche.
fn ouvrable(jour: Date) -> Date {
    let rang = jour.weekday().to_monday_zero_offset();
    if rang <= 2 {
        jour
    } else {
        jour - i64::from(rang - 1).days()
    }
}

/// Les trois sessions : une en préparation avec des convocations en retard, une aujourd'hui, une finie qui attend son PV.
pub async fn raconter(
    plume: &Plume<'_>,
    decor: &Decor,
    equipe: &[Personne],
    jour: Date,
) -> Result<(), Erreur> {
    let dans = ouvrable(jour + 22.days());
    let preparation = session(plume, decor, equipe, (dans, dans + 2.days()), 12, "").await?;
    dossiers::constituer(plume, &preparation, 2).await?;
    dossiers::amenager(plume, &preparation).await?;
    convoquer(plume, &preparation, dans - 36.days(), 8).await?;
    // Déléguer, superviser, contrôler : l'une est à faire, l'autre faite attend son visa.
    let accueil = &equipe[2];
    let consigne = "Un inventaire par poste ; le poste 7 était en panne en octobre.";
    confier(
        plume,
        &preparation,
        jour - 6.days(),
        "AV-17",
        &equipe[4],
        consigne,
    )
    .await?;
    let consigne = "Les trois jurés et le surveillant.";
    confier(
        plume,
        &preparation,
        jour - 6.days(),
        "AV-08",
        accueil,
        consigne,
    )
    .await?;
    let secretariat = Plume {
        personne: accueil,
        ..*plume
    };
    realiser(
        &secretariat,
        &preparation,
        jour - 2.days(),
        "AV-08",
        "PV créé dans CERES",
    )
    .await?;
    courriers::ecrire(plume, decor, &preparation, jour).await?;
    let du_jour = session(
        plume,
        decor,
        equipe,
        (jour, jour + 1.days()),
        6,
        "EX-2600002",
    )
    .await?;
    dossiers::constituer(plume, &du_jour, 0).await?;
    convoquer(plume, &du_jour, jour - 40.days(), 6).await?;
    for (code, avant) in [("AV-08", 30), ("AV-17", 1), ("AV-18", 1)] {
        realiser(
            plume,
            &du_jour,
            jour - avant.days(),
            code,
            "Vérifié sur place",
        )
        .await?;
    }
    plume
        .ecrire(
            &du_jour,
            jour - 1.days(),
            Action::Planning(planning::Action::Afficher {
                le: jour - 1.days(),
            }),
        )
        .await?;
    deroule::garder_les_plis(plume, &du_jour).await?;
    super::plateau::preparer(plume, &du_jour).await?;
    let avant = ouvrable(jour - 12.days());
    let finie = session(
        plume,
        decor,
        equipe,
        (avant, avant + 1.days()),
        8,
        "EX-2600001",
    )
    .await?;
    dossiers::constituer(plume, &finie, 0).await?;
    convoquer(plume, &finie, avant - 40.days(), 8).await?;
    plume
        .ecrire(
            &finie,
            jour - 11.days(),
            Action::Planning(planning::Action::Afficher {
                le: jour - 11.days(),
            }),
        )
        .await?;
    for code in ["AV-08", "AV-17", "AV-18", "C-2"] {
        realiser(plume, &finie, jour - 12.days(), code, "Vérifié sur place").await?;
    }
    // Le reste se ferme par les faits : plis, présences, épreuves, délibération.
    for code in ["PE-01", "PE-03", "PE-08"] {
        realiser(
            plume,
            &finie,
            jour - 9.days(),
            code,
            "Constaté le jour même",
        )
        .await?;
    }
    super::plateau::preparer(plume, &finie).await?;
    deroule::derouler(plume, &finie).await?;
    super::plateau::suivre(plume, &finie).await?;
    dossiers::suivre(plume, &finie, &preparation, jour).await?;
    Ok(())
}
