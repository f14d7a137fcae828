//! Le message tel qu'il part : en-têtes, texte simple, pièce jointe. Le texte brut se lit partout, même à l'oreille.

use jiff::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use std::time::{Duration, SystemTime};
use stockage::courriel::{Courriel, ServeurCourriel};

/// Ce qui part.
pub struct Pli {
    /// De.
    pub de: Address,
    /// À.
    pub a: Address,
    /// Le message entier.
    pub octets: Vec<u8>,
}

/// Une pièce jointe : son nom, ses octets.
pub type Jointe = (String, Vec<u8>);

/// Compose le message ; une phrase dit ce qui ne se lit pas.
///
/// `texte` est le corps, lien privé écrit ; `desinscription`, l'adresse où l'on arrête ces messages. L'identifiant du message est celui de la boîte : un envoi refait se reconnaît.
pub fn composer(
    c: &Courriel,
    serveur: &ServeurCourriel,
    centre: &str,
    texte: &str,
    desinscription: Option<&str>,
    jointe: Option<Jointe>,
    instant: Timestamp,
) -> Result<Pli, String> {
    let adresse = |t: &str, quoi: &str| {
        t.parse::<Address>()
            .map_err(|_| format!("l’adresse {quoi} « {t} » n’est pas lisible"))
    };
    let de = adresse(&serveur.expediteur, "d’expédition")?;
    let a = adresse(&c.message.adresse, "du destinataire")?;
    let nom = |t: &str| Some(une_ligne(t)).filter(|t| !t.is_empty());
    let secondes = u64::try_from(instant.as_second()).unwrap_or(0);
    let mut m = Message::builder()
        .from(Mailbox::new(nom(centre), de.clone()))
        .to(Mailbox::new(nom(&c.message.nom), a.clone()))
        .subject(une_ligne(&c.message.objet))
        .date(SystemTime::UNIX_EPOCH + Duration::from_secs(secondes))
        .message_id(Some(format!("<{}@{}>", c.id, de.domain())));
    if !serveur.reponse.is_empty() {
        let reponse = adresse(&serveur.reponse, "de réponse")?;
        m = m.reply_to(Mailbox::new(nom(centre), reponse));
    }
    if c.message.par.is_empty() {
        let automatique = HeaderName::new_from_ascii_str("Auto-Submitted");
        m = m.raw_header(HeaderValue::new(automatique, "auto-generated".into()));
    }
    if let Some(adresse) = desinscription {
        let nom = HeaderName::new_from_ascii_str("List-Unsubscribe");
        m = m.raw_header(HeaderValue::new(nom, format!("<{adresse}>")));
    }
    let corps = SinglePart::plain(texte.to_owned());
    let message = match jointe {
        None => m.singlepart(corps),
        Some((nom, octets)) => {
            let pdf = ContentType::parse("application/pdf").map_err(|e| e.to_string())?;
            m.multipart(
                MultiPart::mixed()
                    .singlepart(corps)
                    .singlepart(Attachment::new(nom).body(octets, pdf)),
            )
        }
    }
    .map_err(|e| format!("le message ne se compose pas ({e})"))?;
    Ok(Pli {
        de,
        a,
        octets: message.formatted(),
    })
}

/// Un en-tête tient sur une ligne.
fn une_ligne(t: &str) -> String {
    t.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|m| !m.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
