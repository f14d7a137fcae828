//! Le dossier de contrôle : intact, il le dit ; altéré n'importe où, Garant et le vérificateur indépendant le disent tous deux.

use metier::candidats::{self, Fiche};
use metier::convocations::{self, Document};
use metier::programme::{self, Programme, Site, TypeSession};
use metier::{Acteur, Action, Contexte, Role, SessionId, Voisinage};
use serveur::formulaires::nouvel_identifiant;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};
use std::path::PathBuf;
use std::process::Command;
use stockage::comptes::{self, NouveauCentre, Personne};
use stockage::{Adresse, Base, Centre, OrdreDePurge, PieceNouvelle};

/// Altérations tirées au hasard.
const TIRAGES: usize = 1_000;

struct Tirage(u64);

impl Tirage {
    fn parmi(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

struct Dossier(PathBuf);

impl Drop for Dossier {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(texte: &str) -> T {
    texte.parse().unwrap()
}

async fn ecrire(
    base: &Base,
    centre: &Centre,
    session: &SessionId,
    action: Action,
    pieces: &[PieceNouvelle],
) {
    let voisinage = Voisinage::default();
    let ctx = contexte(&voisinage);
    let issue = stockage::executer_avec_pieces(
        base,
        centre,
        session,
        nouvel_identifiant(),
        &action,
        &ctx,
        pieces,
    )
    .await
    .unwrap();
    assert!(
        matches!(issue, stockage::Issue::Enregistree(..)),
        "{issue:?}"
    );
}

fn contexte(voisinage: &Voisinage) -> Contexte<'_> {
    Contexte {
        acteur: Acteur {
            personne: id("p-essai"),
            nom: "Ada TÉMOIN".into(),
            role: Role::Responsable,
        },
        realise_par: id("p-essai"),
        maintenant: "2026-09-01T09:00:00+02:00[Europe/Paris]".parse().unwrap(),
        motif: Some("essai".into()),
        vu_au_rang: None,
        voisinage,
    }
}

/// Une session avec des candidats, deux pièces et un contenu purgé.
async fn session(base: &Base) -> (Centre, SessionId) {
    let centre = comptes::creer_centre(
        base,
        &NouveauCentre {
            id: "centre-essai".into(),
            nom: "Centre d’essai".into(),
            exemple: false,
            administrateur: Personne {
                id: id("p-essai"),
                prenom: "Ada".into(),
                nom: "Témoin".into(),
                fonction: String::new(),
                courriel: "ada@exemple.invalid".into(),
                actif: true,
            },
            roles: vec![Role::Administrateur],
            mot_de_passe: "h".into(),
            acte: nouvel_identifiant(),
            le: "2026-09-01T07:00:00Z".into(),
        },
        None,
    )
    .await
    .unwrap();
    let session: SessionId = nouvel_identifiant();
    let voisinage = Voisinage::default();
    let creer = Action::Programme(programme::Action::Creer(Programme {
        type_session: TypeSession::Titre,
        certificats: vec![],
        referentiel: Box::new(metier::catalogue().remove(0)),
        site: Site {
            id: id("site-1"),
            nom: "Site".into(),
            adresse: "1 rue".into(),
            salles: vec![],
        },
        debut: "2026-12-15".parse().unwrap(),
        fin: "2026-12-16".parse().unwrap(),
        numero_ceres: None,
        modele_taches: "taches-2016".into(),
        annulee: None,
    }));
    stockage::creer(
        base,
        &centre,
        &session,
        nouvel_identifiant(),
        &creer,
        &contexte(&voisinage),
    )
    .await
    .unwrap();
    for n in 0..12 {
        let fiche = Fiche {
            nom_naissance: format!("Témoin-{n}"),
            prenoms: "Élie".into(),
            ..Fiche::default()
        };
        let id = nouvel_identifiant();
        let inscrire = Action::Candidat(candidats::Action::Inscrire { id, fiche });
        ecrire(base, &centre, &session, inscrire, &[]).await;
    }
    for n in 0..2 {
        let piece = PieceNouvelle {
            id: nouvel_identifiant(),
            classe: "session".into(),
            nom: format!("papier {n}.pdf"),
            nature: "application/pdf".into(),
            octets: format!("%PDF-1.7 fictif {n}").into_bytes(),
        };
        let document = Document {
            code: "releve".into(),
            destinataire: None,
            piece: piece.id.clone(),
            empreinte: piece.empreinte(),
            nom: piece.nom.clone(),
            tete: "n° 1".into(),
        };
        let figer = Action::Convocation(convocations::Action::Figer(vec![document]));
        ecrire(base, &centre, &session, figer, &[piece]).await;
    }
    let ordre = OrdreDePurge {
        acte: nouvel_identifiant(),
        le: "2031-12-31T09:00:00Z".into(),
        saisi_par: id("p-essai"),
        motif: "terme".into(),
    };
    stockage::purger(base, &centre, &session, &BTreeSet::from([3]), &ordre)
        .await
        .unwrap();
    (centre, session)
}

fn deplier(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let noms: Vec<String> = archive
        .file_names()
        .map(|n| n.unwrap().into_owned())
        .collect();
    noms.into_iter()
        .map(|nom| {
            let mut octets = vec![];
            archive
                .by_name(&nom)
                .unwrap()
                .read_to_end(&mut octets)
                .unwrap();
            (nom, octets)
        })
        .collect()
}

fn plier(fichiers: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(vec![]));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    for (nom, octets) in fichiers {
        zip.start_file(nom, options).unwrap();
        zip.write_all(octets).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Une altération : octet changé, ligne ôtée, échangée, recopiée, fichier ôté ou ajouté, ancienne copie.
fn alterer(fichiers: &mut BTreeMap<String, Vec<u8>>, t: &mut Tirage) -> String {
    let noms: Vec<String> = fichiers.keys().cloned().collect();
    let cible = noms[t.parmi(noms.len())].clone();
    let journal = |f: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
        String::from_utf8(f["journal.jsonl"].clone())
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect()
    };
    let mut lignes = journal(fichiers);
    let (i, j) = (t.parmi(lignes.len()), t.parmi(lignes.len()));
    match t.parmi(8) {
        0 => {
            lignes.remove(i);
        }
        1 if i != j => lignes.swap(i, j),
        2 => lignes.insert(j, lignes[i].clone()),
        3 => lignes.truncate(i),
        4 => {
            fichiers.remove(&cible);
            return format!("{cible} ôté");
        }
        5 => {
            fichiers.insert("pieces/intruse.pdf".into(), b"%PDF".to_vec());
            return "pièce ajoutée".into();
        }
        _ => {
            let octets = fichiers.get_mut(&cible).unwrap();
            let k = t.parmi(octets.len());
            octets[k] ^= 1 << t.parmi(7);
            return format!("{cible}, octet {k}");
        }
    }
    let mut texte = lignes.join("\n");
    texte.push('\n');
    fichiers.insert("journal.jsonl".into(), texte.into_bytes());
    format!("lignes {i} et {j}")
}

#[tokio::test]
async fn mille_alterations_sont_vues_par_garant_et_par_le_verificateur_independant() {
    let dossier =
        Dossier(std::env::temp_dir().join(format!("garant-dossier-{}", uuid::Uuid::now_v7())));
    std::fs::create_dir_all(&dossier.0).unwrap();
    let base = Base::ouvrir(&Adresse::Sqlite(dossier.0.join("garant.db")))
        .await
        .unwrap();
    let (centre, session) = session(&base).await;
    let intact = serveur::dossier::composer(&base, &centre, &session)
        .await
        .unwrap();
    let phrase = serveur::dossier::verifier(&intact).unwrap();
    assert!(phrase.contains("2 pièces, 1 contenus purgés"), "{phrase}");

    let fichiers = deplier(&intact);
    assert!(
        !String::from_utf8_lossy(&fichiers["journal.jsonl"]).contains("Témoin-1\\\""),
        "le contenu purgé n'y est plus"
    );
    let script = dossier.0.join("verifier.py");
    std::fs::write(&script, serveur::dossier::VERIFICATEUR).unwrap();
    let mut t = Tirage(0x2545_F491_4F6C_DD1D);
    let (mut chemins, mut attendus, mut quoi) = (
        vec![dossier.0.join("0.zip")],
        vec![phrase.clone()],
        vec![String::new()],
    );
    std::fs::write(&chemins[0], &intact).unwrap();
    for n in 1..=TIRAGES {
        let mut copie = fichiers.clone();
        let dit = alterer(&mut copie, &mut t);
        if copie == fichiers {
            continue;
        }
        let zip = plier(&copie);
        let faute = serveur::dossier::verifier(&zip).expect_err(&dit);
        let chemin = dossier.0.join(format!("{n}.zip"));
        std::fs::write(&chemin, zip).unwrap();
        chemins.push(chemin);
        attendus.push(format!("Altéré : {faute}"));
        quoi.push(dit);
    }
    assert!(
        chemins.len() > TIRAGES * 9 / 10,
        "{} altérations jouées",
        chemins.len()
    );
    let sortie = Command::new("python3")
        .arg(&script)
        .args(&chemins)
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .expect("python3 est sur cette machine");
    assert_eq!(
        sortie.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&sortie.stderr)
    );
    let dites = String::from_utf8(sortie.stdout).unwrap();
    let dites: Vec<&str> = dites.lines().collect();
    assert_eq!(dites.len(), chemins.len());
    assert_eq!(dites[0], attendus[0]);
    let (mut memes, mut divergents) = (0, vec![]);
    for ((dite, attendue), quoi) in dites.iter().zip(&attendus).zip(&quoi).skip(1) {
        assert!(dite.starts_with("Altéré"), "{quoi} : {dite}");
        if dite == attendue {
            memes += 1;
        } else {
            divergents.push(format!("{quoi}\n  {attendue}\n  {dite}"));
        }
    }
    // Les deux voient tout ; sur un fichier devenu illisible, l'un peut nommer l'endroit autrement que l'autre.
    assert!(
        memes * 100 >= (chemins.len() - 1) * 98,
        "{} divergences :\n{}",
        divergents.len(),
        divergents.join("\n")
    );
}

#[tokio::test]
async fn la_tete_imprimee_situe_le_dossier_et_une_tete_inconnue_se_dit() {
    let dossier =
        Dossier(std::env::temp_dir().join(format!("garant-dossier-{}", uuid::Uuid::now_v7())));
    std::fs::create_dir_all(&dossier.0).unwrap();
    let base = Base::ouvrir(&Adresse::Sqlite(dossier.0.join("garant.db")))
        .await
        .unwrap();
    let (centre, session) = session(&base).await;
    let (_, tete) = stockage::charger(&base, &centre, &session)
        .await
        .unwrap()
        .unwrap();
    let zip = dossier.0.join("d.zip");
    std::fs::write(
        &zip,
        serveur::dossier::composer(&base, &centre, &session)
            .await
            .unwrap(),
    )
    .unwrap();
    let script = dossier.0.join("verifier.py");
    std::fs::write(&script, serveur::dossier::VERIFICATEUR).unwrap();
    let verifier = |imprimee: &str| {
        let sortie = Command::new("python3")
            .arg(&script)
            .arg(&zip)
            .args(["--tete", imprimee])
            .env("PYTHONIOENCODING", "utf-8")
            .output()
            .expect("python3 est sur cette machine");
        (
            sortie.status.code(),
            String::from_utf8(sortie.stdout).unwrap(),
        )
    };
    let (code, dit) = verifier(&tete.courte());
    assert_eq!(code, Some(0), "{dit}");
    assert!(
        dit.contains(&format!("Tête imprimée : ligne {}", tete.rang)),
        "{dit}"
    );
    let (code, dit) = verifier("0000 0000 0000 0000");
    assert_eq!(code, Some(1), "{dit}");
}
