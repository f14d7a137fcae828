//! Des personnes-témoins fictives, aux chaînes uniques, traversent le vrai programme : aucune ne reste dans le
//! journal technique, dans une adresse, ni dans un fichier temporaire.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Ce que porte tout ce qui est écrit d'un témoin ; rien d'autre au monde ne s'écrit ainsi.
const TEMOIN: &str = "zqtemoin";

/// Le vrai programme, ses données, son dossier temporaire et son journal technique.
struct Programme {
    enfant: Child,
    port: u16,
    dossier: PathBuf,
    temoin_de_connexion: String,
}

impl Drop for Programme {
    fn drop(&mut self) {
        let _ = self.enfant.kill();
        let _ = self.enfant.wait();
        let _ = std::fs::remove_dir_all(&self.dossier);
    }
}

struct Recue {
    statut: u16,
    ou: String,
    connexion: Option<String>,
    corps: String,
}

fn garant(dossier: &Path) -> Command {
    let mut commande = Command::new(env!("CARGO_BIN_EXE_garant"));
    commande
        .env("TMPDIR", dossier.join("temporaire"))
        .env("GARANT_TRACES", "trace");
    commande
}

impl Programme {
    fn lancer() -> Self {
        let dossier = std::env::temp_dir().join(format!("garant-temoins-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(dossier.join("temporaire")).unwrap();
        let donnees = dossier.join("donnees");
        let exemple = garant(&dossier)
            .args([
                "exemple",
                "--sessions",
                "1",
                "--candidats",
                "2",
                "--donnees",
            ])
            .arg(&donnees)
            .output()
            .unwrap();
        assert!(exemple.status.success(), "{exemple:?}");
        // Le système choisit un port libre ; le programme l'ouvre aussitôt.
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|e| e.local_addr())
            .unwrap()
            .port();
        let journal = std::fs::File::create(dossier.join("journal")).unwrap();
        let enfant = garant(&dossier)
            .args([
                "servir",
                "--ecoute",
                &format!("127.0.0.1:{port}"),
                "--donnees",
            ])
            .arg(&donnees)
            .stdout(journal.try_clone().unwrap())
            .stderr(journal)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let programme = Self {
            enfant,
            port,
            dossier,
            temoin_de_connexion: String::new(),
        };
        let debut = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                debut.elapsed() < Duration::from_secs(60),
                "le programme n'écoute pas"
            );
            std::thread::yield_now();
        }
        programme
    }

    fn demander(&self, methode: &str, chemin: &str, nature: &str, corps: &str) -> Recue {
        let mut prise = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let taille = corps.len();
        let origine = format!("http://127.0.0.1:{}", self.port);
        write!(
            prise,
            "{methode} {chemin} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nOrigin: {origine}\r\n\
             Cookie: {}\r\nContent-Type: {nature}\r\nContent-Length: {taille}\r\n\r\n{corps}",
            self.temoin_de_connexion
        )
        .unwrap();
        let mut octets = Vec::new();
        prise.read_to_end(&mut octets).unwrap();
        let texte = String::from_utf8_lossy(&octets);
        let (entetes, corps) = texte.split_once("\r\n\r\n").expect("une réponse entière");
        let entete = |nom: &str| {
            entetes
                .lines()
                .filter_map(|l| l.split_once(": "))
                .find(|(n, _)| n.eq_ignore_ascii_case(nom))
                .map(|(_, v)| v.to_owned())
        };
        Recue {
            statut: entetes[9..12].parse().unwrap(),
            ou: entete("location").unwrap_or_default(),
            connexion: entete("set-cookie").map(|t| t.split(';').next().unwrap().to_owned()),
            corps: corps.to_owned(),
        }
    }

    fn lire(&self, chemin: &str) -> Recue {
        self.demander("GET", chemin, "text/plain", "")
    }

    fn poster(&self, chemin: &str, champs: &[(&str, &str)]) -> Recue {
        let mut corps: Vec<String> = champs
            .iter()
            .map(|(nom, valeur)| format!("{nom}={}", encoder(valeur)))
            .collect();
        corps.push(format!("acte={}", uuid::Uuid::now_v7()));
        let nature = "application/x-www-form-urlencoded";
        self.demander("POST", chemin, nature, &corps.join("&"))
    }
}

fn encoder(valeur: &str) -> String {
    valeur.bytes().map(|b| format!("%{b:02X}")).collect()
}

/// Les adresses que la page donne à suivre (un lien « mailto: » est fait pour porter une adresse de courriel).
fn adresses(page: &str) -> Vec<&str> {
    ["href=\"", "action=\"", "src=\""]
        .iter()
        .flat_map(|marque| page.split(marque).skip(1))
        .filter_map(|reste| reste.split('"').next())
        .filter(|adresse| !adresse.starts_with("mailto:") && !adresse.starts_with("tel:"))
        .collect()
}

fn porte_un_temoin(texte: &str) -> bool {
    texte.to_lowercase().contains(TEMOIN)
}

fn fichiers(dossier: &Path) -> Vec<PathBuf> {
    let mut vus = vec![];
    for entree in std::fs::read_dir(dossier).unwrap().flatten() {
        let chemin = entree.path();
        if chemin.is_dir() {
            vus.extend(fichiers(&chemin));
        } else {
            vus.push(chemin);
        }
    }
    vus
}

#[test]
fn un_temoin_traverse_tout_sans_laisser_de_trace_technique() {
    let mut programme = Programme::lancer();
    // Une connexion refusée, puis la bonne.
    let refus = programme.poster(
        "/connexion",
        &[
            ("courriel", "zqtemoin@exemple.invalid"),
            ("mot_de_passe", "zqtemoin ne passe pas"),
        ],
    );
    assert_ne!(refus.statut, 303);
    let entree = programme.poster(
        "/connexion",
        &[
            ("courriel", "responsable@exemple.invalid"),
            ("mot_de_passe", "decouvrir-garant-sans-risque"),
        ],
    );
    assert_eq!(entree.statut, 303, "{}", entree.corps);
    programme.temoin_de_connexion = entree.connexion.expect("un témoin de connexion");

    let liste = programme.lire("/sessions").corps;
    let session = adresses(&liste)
        .into_iter()
        .find(|a| a.starts_with("/sessions/") && a.len() == "/sessions/".len() + 36)
        .expect("une session")
        .to_owned();
    let fiche = [
        ("nom_naissance", "Zqtemoinnom"),
        ("nom_usage", "Zqtemoinusage"),
        ("prenoms", "Zqtemoinprenom"),
        ("naissance", "12/03/1999"),
        ("lieu_naissance", "Zqtemoinville"),
        ("voie", "formation_continue"),
        ("organisme", "Zqtemoin et fils"),
        ("courriel", "zqtemoin@exemple.invalid"),
        ("telephone", "01 99 00 00 00"),
        ("adresse", "3 rue Zqtemoin"),
        ("code_postal", "69001"),
        ("ville", "Zqtemoinbourg"),
    ];
    let nouveau = format!("{session}/candidats/nouveau");
    let inscrit = programme.poster(&nouveau, &fiche);
    assert_eq!(inscrit.statut, 303, "{}", inscrit.corps);
    let mut fausse = fiche;
    fausse[3].1 = "31/02/1999 zqtemoin";
    let refusee = programme.poster(&nouveau, &fausse);
    assert_eq!(refusee.statut, 422);
    assert!(porte_un_temoin(&refusee.corps), "la saisie revient");

    let frontiere = "frontiere-du-temoin";
    let fichier = format!(
        "--{frontiere}\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"zqtemoin.csv\"\r\n\
         Content-Type: text/csv\r\n\r\nNom;Prénom;Naissance\r\nZqtemoindeux;Zqtemoinalix;04/05/1998\r\n--{frontiere}--\r\n"
    );
    let nature = format!("multipart/form-data; boundary={frontiere}");
    let import = format!("{session}/candidats/import");
    let apercu = programme.demander("POST", &import, &nature, &fichier);
    assert!(
        apercu.statut < 400 || apercu.statut == 422,
        "{}",
        apercu.corps
    );
    let jure = programme.poster(
        "/jures",
        &[
            ("nom", "Zqtemoinjure"),
            ("prenom", "Zqtemoinclaude"),
            ("qualite", "Zqtemoin de métier"),
        ],
    );
    assert_eq!(jure.statut, 303, "{}", jure.corps);
    // Ce qu'une personne tape elle-même dans la barre d'adresse n'est pas recopié non plus.
    for tapee in [
        "/zqtemoin",
        "/sessions/zqtemoin",
        "/recherche?q=Zqtemoinnom",
    ] {
        programme.lire(tapee);
    }
    let papier = programme.poster(&format!("{session}/papiers/check-list"), &[]);

    let mut vues = 0;
    let pages = [
        "",
        "/candidats",
        "/journal",
        "/convocations",
        "/conformite",
        "/programme",
    ];
    let mut chemins: Vec<String> = pages.iter().map(|p| format!("{session}{p}")).collect();
    chemins.extend(["/".to_owned(), "/jures".to_owned(), "/sessions".to_owned()]);
    for chemin in &chemins {
        let page = programme.lire(chemin).corps;
        vues += usize::from(porte_un_temoin(&page));
        for adresse in adresses(&page) {
            assert!(!porte_un_temoin(adresse), "{chemin} mène à « {adresse} »");
        }
    }
    assert!(
        vues >= 3,
        "{vues} pages montrent un témoin : l'essai doit les voir passer"
    );
    for reponse in [&inscrit, &apercu, &jure, &papier] {
        assert!(
            !porte_un_temoin(&reponse.ou),
            "redirigé vers « {} »",
            reponse.ou
        );
    }

    programme.enfant.kill().unwrap();
    programme.enfant.wait().unwrap();
    let journal = std::fs::read_to_string(programme.dossier.join("journal")).unwrap();
    assert!(journal.contains("demande"), "le journal technique parle");
    for ligne in journal.lines() {
        assert!(!porte_un_temoin(ligne), "journal technique : {ligne}");
    }
    for fichier in fichiers(&programme.dossier) {
        assert!(
            !porte_un_temoin(&fichier.to_string_lossy()),
            "{}",
            fichier.display()
        );
        let de_la_base = fichier.starts_with(programme.dossier.join("donnees"));
        if !de_la_base {
            let octets = std::fs::read(&fichier).unwrap();
            assert!(
                !porte_un_temoin(&String::from_utf8_lossy(&octets)),
                "{}",
                fichier.display()
            );
        }
    }
}
