//! Un vrai serveur SMTP sur la boucle locale : il écoute, répond, refuse, se tait ou raccroche selon l'adresse.
//!
//! « refuse… » : 550 au destinataire ; « plus-tard… » : 451 tant que l'on n'a pas cédé ; « non… » : 554 au texte ;
//! « muet… » : silence après le texte ; « coupe… » : raccroche après le texte. Les autres sont acceptées.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Ce que le serveur a gardé, accepté ou non : (destinataire, message).
pub type Recu = (String, String);

#[derive(Default)]
struct Interne {
    recus: Mutex<Vec<Recu>>,
    cede: AtomicBool,
    connexions: AtomicUsize,
}

/// Le serveur d'essai.
#[derive(Clone)]
pub struct Puits {
    pub adresse: SocketAddr,
    interne: Arc<Interne>,
}

impl Puits {
    pub async fn ouvrir() -> Self {
        let ecoute = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let puits = Self {
            adresse: ecoute.local_addr().unwrap(),
            interne: Arc::default(),
        };
        let interne = puits.interne.clone();
        tokio::spawn(async move {
            while let Ok((prise, _)) = ecoute.accept().await {
                interne.connexions.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(converser(prise, interne.clone()));
            }
        });
        puits
    }

    /// « plus-tard » est accepté désormais.
    pub fn ceder(&self) {
        self.interne.cede.store(true, Ordering::Relaxed);
    }

    pub fn connexions(&self) -> usize {
        self.interne.connexions.load(Ordering::Relaxed)
    }

    /// Tout ce qui a été reçu en entier, dans l'ordre.
    pub fn recus(&self) -> Vec<Recu> {
        self.interne.recus.lock().unwrap().clone()
    }

    /// Les messages reçus par cette adresse, décodés.
    pub fn a(&self, adresse: &str) -> Vec<String> {
        let recus = self.recus();
        recus
            .iter()
            .filter(|(a, _)| a == adresse)
            .map(|(_, m)| dequoter(m))
            .collect()
    }
}

/// Défait le « quoted-printable » d'un message.
fn dequoter(m: &str) -> String {
    let m = m.replace("=\r\n", "");
    let octets = m.as_bytes();
    let (mut v, mut i) = (Vec::new(), 0);
    while i < octets.len() {
        let hexa = (octets[i] == b'=').then(|| {
            m.get(i + 1..i + 3)
                .and_then(|h| u8::from_str_radix(h, 16).ok())
        });
        match hexa.flatten() {
            Some(o) => {
                v.push(o);
                i += 3;
            }
            None => {
                v.push(octets[i]);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&v).into_owned()
}

async fn converser(mut prise: TcpStream, interne: Arc<Interne>) -> Option<()> {
    let (lire, mut ecrire) = prise.split();
    let mut lire = BufReader::new(lire);
    let mut dire = async |t: &str| ecrire.write_all(format!("{t}\r\n").as_bytes()).await.ok();
    dire("220 puits.invalid").await?;
    let mut pour = String::new();
    loop {
        let mut ligne = String::new();
        if lire.read_line(&mut ligne).await.ok()? == 0 {
            return None;
        }
        let mot = ligne.get(..4).unwrap_or_default().to_ascii_uppercase();
        match mot.as_str() {
            "EHLO" => dire("250-puits.invalid\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN").await?,
            // « \0garant\0secret-du-serveur », en base 64.
            "AUTH"
                if ligne
                    .trim()
                    .ends_with("AGdhcmFudABzZWNyZXQtZHUtc2VydmV1cg==") =>
            {
                dire("235 bienvenue").await?;
            }
            "AUTH" => dire("535 5.7.8 identifiants refusés").await?,
            "MAIL" | "RSET" | "NOOP" => dire("250 bien").await?,
            "RCPT" => {
                pour = ligne
                    .split(['<', '>'])
                    .nth(1)
                    .unwrap_or_default()
                    .to_owned();
                if pour.starts_with("refuse") {
                    dire("550 5.1.1 personne de ce nom").await?;
                } else if pour.starts_with("plus-tard") && !interne.cede.load(Ordering::Relaxed) {
                    dire("451 4.7.1 réessayez plus tard").await?;
                } else {
                    dire("250 bien").await?;
                }
            }
            "DATA" => {
                dire("354 allez").await?;
                let mut message = String::new();
                while !message.ends_with("\r\n.\r\n") {
                    if lire.read_line(&mut message).await.ok()? == 0 {
                        return None;
                    }
                }
                if pour.starts_with("non") {
                    dire("554 5.6.0 contenu refusé").await?;
                    continue;
                }
                interne.recus.lock().unwrap().push((pour.clone(), message));
                match pour.split(['@', '-']).next() {
                    Some("muet") => std::future::pending::<()>().await,
                    Some("coupe") => return None,
                    _ => dire("250 2.0.0 reçu").await?,
                }
            }
            "QUIT" => {
                dire("221 adieu").await?;
                return Some(());
            }
            _ => dire("502 inconnu").await?,
        }
    }
}
