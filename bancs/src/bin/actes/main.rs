//! Actes durables par seconde, à côté de transactions SQLite nues qui écrivent les mêmes lignes.
//!
//! À chaque tour : Garant inscrit des candidats (décision, chaîne d'empreintes, vues), puis les lignes que
//! cela a laissées sont récrites dans une copie de la base de départ, sans Garant (voir [`nu`]).

mod nu;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use bancs::mediane;
use jiff::civil::date;
use metier::candidats::{self, Fiche};
use metier::programme::{self, Programme, Site, TypeSession};
use metier::{Acteur, Action, Contexte, Role, SessionId, Voisinage};
use stockage::{Adresse, Base, Centre, Creation, Issue, creer, executer};

type Resultat<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Candidats par session : une session ordinaire.
const CANDIDATS: usize = 16;
const TOURS: usize = 5;
const CENTRE: &str = "centre-du-banc";

static VOISINAGE: Voisinage = Voisinage::VIDE;

fn main() -> Resultat<()> {
    let dossier = std::env::temp_dir().join(format!("garant-banc-{}", std::process::id()));
    std::fs::create_dir_all(&dossier)?;
    let rendu = mesurer(&dossier);
    std::fs::remove_dir_all(&dossier)?;
    rendu
}

fn mesurer(dossier: &Path) -> Resultat<()> {
    for (clients, sessions) in [(1, 72), (16, 96)] {
        let mut rapports = Vec::new();
        for tour in 1..=TOURS {
            let (depart, garant, brut) = (
                dossier.join(format!("depart-{clients}-{tour}.db")),
                dossier.join(format!("garant-{clients}-{tour}.db")),
                dossier.join(format!("nu-{clients}-{tour}.db")),
            );
            // Chaque passe a son moteur asynchrone : la base est vraiment fermée quand il s'arrête.
            en_asynchrone(preparer(depart.clone(), sessions))?;
            nu::copier(&depart, &garant)?;
            nu::copier(&depart, &brut)?;
            let par_garant = en_asynchrone(inscrire(garant.clone(), clients, sessions))?;
            let sans_garant = nu::rejouer(&garant, &brut, clients, sessions)?;
            println!(
                "{clients:>2} clients, tour {tour} : Garant {par_garant:>6.0} actes/s, SQLite nu {sans_garant:>6.0}, rapport {:.2}",
                par_garant / sans_garant
            );
            rapports.push(par_garant / sans_garant);
        }
        println!(
            "{clients:>2} clients : rapport médian {:.2} (but : 0,5 au moins)\n",
            mediane(rapports)
        );
    }
    Ok(())
}

fn en_asynchrone<T>(travail: impl Future<Output = Resultat<T>>) -> Resultat<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(travail)
}

/// L'identifiant de la session `i`.
fn session(i: usize) -> Resultat<SessionId> {
    Ok(format!("session-{i:04}").parse()?)
}

async fn preparer(chemin: PathBuf, sessions: usize) -> Resultat<()> {
    let base = Base::ouvrir(&Adresse::Sqlite(chemin)).await?;
    let centre = Centre::pour_exploitation(CENTRE);
    for i in 0..sessions {
        let acte = format!("creation-{i}").parse()?;
        let creation = Action::Programme(programme::Action::Creer(programme()?));
        match creer(&base, &centre, &session(i)?, acte, &creation, &contexte()?).await? {
            Creation::Creee(..) => {}
            autre => return Err(format!("session non créée : {autre:?}").into()),
        }
    }
    Ok(())
}

/// Inscrit `CANDIDATS` candidats dans chaque session ; rend les actes confirmés par seconde.
async fn inscrire(chemin: PathBuf, clients: usize, sessions: usize) -> Resultat<f64> {
    let base = Base::ouvrir(&Adresse::Sqlite(chemin)).await?;
    let debut = Instant::now();
    let taches: Vec<_> = (0..clients)
        .map(|client| tokio::spawn(un_client(base.clone(), client, clients, sessions)))
        .collect();
    for tache in taches {
        tache.await??;
    }
    Ok((sessions * CANDIDATS) as f64 / debut.elapsed().as_secs_f64())
}

async fn un_client(base: Base, client: usize, clients: usize, sessions: usize) -> Resultat<()> {
    let centre = Centre::pour_exploitation(CENTRE);
    for i in (client..sessions).step_by(clients) {
        let id = session(i)?;
        for n in 0..CANDIDATS {
            let action = Action::Candidat(candidats::Action::Inscrire {
                id: format!("candidat-{i}-{n}").parse()?,
                fiche: fiche(i, n),
            });
            let acte = format!("inscription-{i}-{n}").parse()?;
            match executer(&base, &centre, &id, acte, &action, &contexte()?).await? {
                Issue::Enregistree(..) => {}
                autre => return Err(format!("inscription refusée : {autre:?}").into()),
            }
        }
    }
    Ok(())
}

fn contexte() -> Resultat<Contexte<'static>> {
    Ok(Contexte {
        acteur: Acteur {
            personne: "personne-du-banc".parse()?,
            nom: "Camille Exemplaire".into(),
            role: Role::Responsable,
        },
        realise_par: "personne-du-banc".parse()?,
        maintenant: "2026-09-01T09:00:00+02:00[Europe/Paris]".parse()?,
        motif: None,
        vu_au_rang: None,
        voisinage: &VOISINAGE,
    })
}

fn programme() -> Resultat<Programme> {
    Ok(Programme {
        type_session: TypeSession::Titre,
        certificats: vec![],
        referentiel: Box::new(metier::catalogue().remove(0)),
        site: Site {
            id: "site-du-banc".parse()?,
            nom: "Atelier fictif".into(),
            adresse: "1 rue de l’Exemple, 44000 Nantes".into(),
            salles: vec![],
        },
        debut: date(2027, 1, 11),
        fin: date(2027, 1, 12),
        numero_ceres: Some("EX-0000001".into()),
        modele_taches: "taches-2016".into(),
        annulee: None,
    })
}

fn fiche(i: usize, n: usize) -> Fiche {
    Fiche {
        civilite: None,
        nom_naissance: format!("Témoin{i:04}n{n:02}"),
        nom_usage: None,
        prenoms: format!("Prénom{n:02}s{i:04}"),
        naissance: Some(date(1990, 5, 4)),
        lieu_naissance: Some("Nantes".into()),
        courriel: Some(format!("temoin{i}.{n}@exemple.invalid")),
        telephone: None,
        adresse: Some("8 montée de l’Exemple".into()),
        code_postal: Some("69001".into()),
        ville: Some("Lyon".into()),
        voie: None,
        organisme: None,
        identifiant_ceres: None,
    }
}
