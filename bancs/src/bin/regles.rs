//! Examiner une session de soixante candidats contre toutes les règles ; passer la nuit sur dix mille sessions.
//!
//! Repère : relire et rejouer les mêmes sessions sans les examiner. Buts : 200 µs et 10 s.

use std::error::Error;
use std::time::Instant;

use bancs::mediane;
use jiff::civil::{date, time};
use metier::candidats::{self, Candidat, Fiche, Voie};
use metier::planning::{self, Passage};
use metier::programme::{self, NatureSalle, Programme, Salle, Site, TypeSession};
use metier::{Acteur, Action, Contexte, Role, Session, SessionId, Voisinage, reglement};
use stockage::{Adresse, Base, Centre, Filtre, Issue, charger, creer, executer, vues};

type Resultat<T> = Result<T, Box<dyn Error + Send + Sync>>;

const CANDIDATS: usize = 60;
const TOURS: usize = 501;
const SESSIONS: usize = 10_000;
/// Candidats d'une session de la nuit : une session ordinaire.
const DE_NUIT: usize = 12;

static VOISINAGE: Voisinage = Voisinage::VIDE;

fn main() -> Resultat<()> {
    examiner()?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(nuit())
}

fn examiner() -> Resultat<()> {
    let (s, jour) = (session()?, date(2026, 12, 16));
    let constats = reglement::examiner(&s, jour).len();
    let us = microsecondes(TOURS, || {
        reglement::examiner(std::hint::black_box(&s), jour)
    });
    println!(
        "examen de {CANDIDATS} candidats : {us:.0} µs (médiane de {TOURS}), {constats} constats"
    );
    les_plus_lentes(&s, jour);
    Ok(())
}

/// La médiane du temps d'un calcul, en microsecondes.
fn microsecondes<T>(tours: usize, calcul: impl Fn() -> T) -> f64 {
    let tour = |_| {
        let depart = Instant::now();
        std::hint::black_box(calcul());
        depart.elapsed().as_secs_f64() * 1e6
    };
    mediane((0..tours).map(tour).collect())
}

/// Les cinq règles qui coûtent le plus : où regarder d'abord quand l'examen dépasse son but.
fn les_plus_lentes(s: &Session, jour: jiff::civil::Date) {
    let mut couts: Vec<(f64, &str)> = reglement::regles()
        .filter_map(|r| match r.examen {
            reglement::Examen::Etat(examiner) => {
                let us = microsecondes(TOURS / 5, || examiner(std::hint::black_box(s), jour));
                Some((us, r.code))
            }
            _ => None,
        })
        .collect();
    couts.sort_by(|a, b| b.0.total_cmp(&a.0));
    let dits: Vec<String> = couts
        .iter()
        .take(5)
        .map(|(us, code)| format!("{code} {us:.1} µs"))
        .collect();
    println!("les plus lentes : {}", dits.join(", "));
}

async fn nuit() -> Resultat<()> {
    let dossier = std::env::temp_dir().join(format!("garant-banc-regles-{}", std::process::id()));
    std::fs::create_dir_all(&dossier)?;
    let rendu = passer(&dossier).await;
    std::fs::remove_dir_all(&dossier)?;
    rendu
}

async fn passer(dossier: &std::path::Path) -> Resultat<()> {
    let base = Base::ouvrir(&Adresse::Sqlite(dossier.join("nuit.db"))).await?;
    let centre = Centre::pour_exploitation("centre-du-banc");
    let le = date(2026, 9, 1)
        .at(9, 0, 0, 0)
        .to_zoned_datetime(metier::temps::paris())?;
    let (candidats, mut passages) = inscrits(DE_NUIT)?;
    // Leur jury n'est pas encore retenu : on ne place personne devant lui.
    for p in &mut passages {
        p.jury.clear();
    }
    for i in 0..SESSIONS {
        let ctx = Contexte {
            acteur: Acteur {
                personne: "p-1".parse()?,
                nom: "Banc".into(),
                role: Role::Administrateur,
            },
            realise_par: "p-1".parse()?,
            maintenant: le.clone(),
            // Les salles de ce planning se disputent, et une dérogation se motive.
            motif: Some("banc".into()),
            vu_au_rang: None,
            voisinage: &VOISINAGE,
        };
        let id: SessionId = format!("s-{i:05}").parse()?;
        let action = Action::Programme(programme::Action::Creer(programme()?));
        creer(
            &base,
            &centre,
            &id,
            format!("acte-{i}").parse()?,
            &action,
            &ctx,
        )
        .await?;
        let suite = [
            Action::Candidat(candidats::Action::Importer {
                source: "banc.csv".into(),
                candidats: candidats
                    .iter()
                    .map(|c| (c.id.clone(), c.fiche.clone()))
                    .collect(),
            }),
            Action::Planning(planning::Action::Etablir {
                passages: passages.clone(),
                deliberations: vec![],
            }),
        ];
        for (n, action) in suite.iter().enumerate() {
            let acte = format!("acte-{i}-{n}").parse()?;
            match executer(&base, &centre, &id, acte, action, &ctx).await? {
                Issue::Enregistree(..) => {}
                autre => return Err(format!("session non remplie : {autre:?}").into()),
            }
        }
    }
    for juger in [false, true] {
        let depart = Instant::now();
        let (mut vues_, mut constats, mut apres) = (0, 0, None);
        loop {
            let filtre = Filtre {
                apres,
                ..Filtre::default()
            };
            let page = vues::sessions(&base, &centre, &filtre).await?;
            for r in &page.sessions {
                let Some((s, _)) = charger(&base, &centre, &r.session).await? else {
                    continue;
                };
                vues_ += 1;
                if juger {
                    constats += reglement::examiner(&s, date(2026, 12, 16)).len();
                }
            }
            apres = page.suivante;
            if apres.is_none() {
                break;
            }
        }
        println!(
            "nuit sur {vues_} sessions de {DE_NUIT} candidats, {} : {:.2} s, {constats} constats",
            if juger {
                "examinées"
            } else {
                "seulement relues"
            },
            depart.elapsed().as_secs_f64()
        );
    }
    Ok(())
}

fn programme() -> Resultat<Programme> {
    let referentiel = metier::catalogue()
        .into_iter()
        .find(|r| r.cle == "TP-01280m04")
        .ok_or("titre absent du catalogue")?;
    Ok(Programme {
        type_session: TypeSession::Titre,
        certificats: vec![],
        referentiel: Box::new(referentiel),
        site: Site {
            id: "site-1".parse()?,
            nom: "Site du banc".into(),
            adresse: "1 rue de l’Essai".into(),
            salles: vec![Salle {
                nom: "Plateau".into(),
                nature: NatureSalle::Plateau,
                capacite: 16,
                accessible: true,
            }],
        },
        debut: date(2026, 12, 15),
        fin: date(2026, 12, 18),
        numero_ceres: None,
        modele_taches: "taches-2016".into(),
        annulee: None,
    })
}

/// Soixante candidats, tous leurs passages placés devant deux jurés.
fn session() -> Resultat<Session> {
    let (candidats, passages) = inscrits(CANDIDATS)?;
    let mut s = Session {
        programme: Some(programme()?),
        candidats,
        ..Session::default()
    };
    s.planning.passages = passages;
    Ok(s)
}

/// Tant de candidats, et un passage de chacun à chaque épreuve devant deux jurés.
fn inscrits(combien: usize) -> Resultat<(Vec<Candidat>, Vec<Passage>)> {
    let programme = programme()?;
    let codes: Vec<_> = programme
        .epreuves()
        .iter()
        .map(|e| e.code.clone())
        .collect();
    let (mut candidats, mut passages) = (vec![], vec![]);
    for i in 0..combien {
        let id: metier::CandidatId = format!("c-{i}").parse()?;
        candidats.push(Candidat {
            id: id.clone(),
            fiche: Fiche {
                nom_naissance: format!("Nom{i}"),
                prenoms: "Camille".into(),
                voie: Some(Voie::FormationContinue),
                ..Fiche::default()
            },
            inscrit_le: date(2026, 9, 1),
            rang: 1,
            rang_imprime: 1,
            ..Candidat::default()
        });
        for (j, code) in codes.iter().enumerate() {
            let heure = 8 + ((i / 4 + j * 2) % 9) as i8;
            passages.push(Passage {
                candidat: id.clone(),
                epreuve: code.clone(),
                lieu: "Plateau".into(),
                date: date(2026, 12, 15 + (i % 4) as i8),
                debut: time(heure, 0, 0, 0),
                fin: time(heure, 50, 0, 0),
                jury: vec!["j-1".parse()?, "j-2".parse()?],
                surveillant: None,
            });
        }
    }
    Ok((candidats, passages))
}
