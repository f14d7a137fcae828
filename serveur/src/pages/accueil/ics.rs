//! L'agenda d'une personne, lu par son logiciel d'agenda : ses sessions et ce qu'elle y a encore à faire.
//!
//! L'adresse est privée : un jeton de 256 bits dont seule l'empreinte est gardée. Rien n'y nomme un candidat ni un juré.
//! Des événements d'un jour entier, donc sans heure ni fuseau : le format tient en peu de lignes (RFC 5545), écrites ici.

use super::suivies::{Regardant, Suivie};
use crate::erreurs::{Erreur, Reponse};
use crate::etat::Etat;
use crate::securite;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use jiff::ToSpan;
use jiff::civil::Date;
use metier::Role;
use metier::echeances::Echeance;
use stockage::agendas;

/// Lectures permises par adresse et par heure : un logiciel d'agenda relit toutes les quelques minutes au plus.
const LECTURES_PAR_HEURE: u32 = 240;
/// Octets d'une ligne, retour compris exclu (RFC 5545, 3.1).
const LIGNE_OCTETS: usize = 75;

/// GET /agenda/{jeton}.ics
pub async fn servir(State(etat): State<Etat>, Path(jeton): Path<String>, parts: Parts) -> Reponse {
    let adresse = securite::adresse(&parts.extensions, &parts.headers, etat.relais);
    etat.debits.essayer(
        &format!("agenda:{adresse}"),
        LECTURES_PAR_HEURE,
        3600,
        etat.horloge.secondes(),
    )?;
    let jeton = jeton.strip_suffix(".ics").unwrap_or(&jeton);
    let lecteur = agendas::lecteur(&etat.base, jeton)
        .await?
        .filter(|l| !l.exemple || securite::est_local(&parts.extensions, &parts.headers))
        .ok_or(Erreur::Introuvable)?;
    let mut regardant = Regardant {
        etat: &etat,
        centre: &lecteur.centre,
        personne: &lecteur.personne,
        tout: false,
    };
    let voit_tout = lecteur.roles.iter().any(|r| {
        matches!(
            r,
            Role::Administrateur | Role::Secretariat | Role::Directeur | Role::Coordinateur
        )
    });
    let suivies = regardant.les_siennes_ou_toutes(voit_tout).await?;
    let mut agenda = Agenda::nouveau(
        &etat
            .horloge
            .instant()
            .strftime("%Y%m%dT%H%M%SZ")
            .to_string(),
    );
    for s in &suivies {
        if s.y_est || regardant.tout {
            agenda.session(s, &etat.origine);
        }
        for e in regardant.echeances(s) {
            if regardant.concerne(s, &e) && (e.est_ouverte() || e.a_controler) {
                agenda.echeance(s, &e, &etat.origine);
            }
        }
    }
    let mut r = agenda.fini().into_response();
    let entetes = r.headers_mut();
    entetes.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/calendar; charset=utf-8"),
    );
    entetes.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("inline; filename=\"garant.ics\""),
    );
    entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(r)
}

/// Un calendrier que l'on écrit.
struct Agenda {
    texte: String,
    horodate: String,
}

impl Agenda {
    fn nouveau(horodate: &str) -> Self {
        let mut a = Self {
            texte: String::new(),
            horodate: horodate.to_owned(),
        };
        for l in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Garant//Agenda//FR",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "X-WR-CALNAME:Garant",
            "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
            "X-PUBLISHED-TTL:PT6H",
        ] {
            a.ligne(l);
        }
        a
    }

    fn session(&mut self, s: &Suivie, origine: &str) {
        let Some(p) = &s.session.programme else {
            return;
        };
        let nom = crate::pages::session::titre(&s.session);
        let resume = format!("Session d’examen : {nom}");
        let adresse = format!("{origine}/sessions/{}", s.id);
        self.evenement(
            &format!("{}@garant", s.id),
            (p.debut, p.fin),
            &resume,
            &format!("{}, {}", p.site.nom, p.site.adresse),
            &p.referentiel.intitule,
            &adresse,
        );
    }

    fn echeance(&mut self, s: &Suivie, e: &Echeance, origine: &str) {
        let verbe = if e.a_controler {
            "À contrôler"
        } else {
            "À faire"
        };
        let nom = crate::pages::session::titre(&s.session);
        let mut dit = format!("{nom}. {}", e.etat.libelle());
        if let Some(limite) = e.limite.filter(|l| *l != e.pour_le) {
            dit.push_str(&format!(
                ". Limite : {}",
                metier::temps::date_longue(limite)
            ));
        }
        self.evenement(
            &format!("{}-{}@garant", s.id, e.code),
            (e.pour_le, e.pour_le),
            &format!("{verbe} : {}", e.intitule),
            "",
            &dit,
            &format!("{origine}/a-faire/{}/{}", s.id, e.code),
        );
    }

    fn evenement(
        &mut self,
        cle: &str,
        (debut, fin): (Date, Date),
        resume: &str,
        lieu: &str,
        dit: &str,
        adresse: &str,
    ) {
        let jour = |d: Date| d.strftime("%Y%m%d").to_string();
        self.ligne("BEGIN:VEVENT");
        self.ligne(&format!("UID:{cle}"));
        self.ligne(&format!("DTSTAMP:{}", self.horodate.clone()));
        self.ligne(&format!("DTSTART;VALUE=DATE:{}", jour(debut)));
        // La fin d'un événement d'un jour entier est le lendemain, exclu.
        let lendemain = fin.checked_add(1.day()).unwrap_or(fin);
        self.ligne(&format!("DTEND;VALUE=DATE:{}", jour(lendemain)));
        self.ligne(&format!("SUMMARY:{}", echapper(resume)));
        if !lieu.is_empty() {
            self.ligne(&format!("LOCATION:{}", echapper(lieu)));
        }
        self.ligne(&format!("DESCRIPTION:{}", echapper(dit)));
        self.ligne(&format!("URL:{adresse}"));
        self.ligne("TRANSP:TRANSPARENT");
        self.ligne("END:VEVENT");
    }

    /// Écrit une ligne, pliée à 75 octets sans couper un caractère.
    fn ligne(&mut self, texte: &str) {
        let mut octets = 0;
        for c in texte.chars() {
            if octets + c.len_utf8() > LIGNE_OCTETS {
                self.texte.push_str("\r\n ");
                octets = 1;
            }
            self.texte.push(c);
            octets += c.len_utf8();
        }
        self.texte.push_str("\r\n");
    }

    fn fini(mut self) -> String {
        self.ligne("END:VCALENDAR");
        self.texte
    }
}

/// Un texte tel qu'une propriété le porte (RFC 5545, 3.3.11).
fn echapper(texte: &str) -> String {
    texte
        .replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace("\r\n", "\\n")
        .replace(['\n', '\r'], "\\n")
}

#[cfg(test)]
mod essais {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn une_ligne_longue_se_plie_sans_couper_un_caractere_ni_depasser_75_octets() {
        let mut a = Agenda::nouveau("20261125T090000Z");
        let resume = "é".repeat(200);
        a.evenement(
            "x@garant",
            (date(2026, 12, 15), date(2026, 12, 17)),
            &resume,
            "Site ; salle 4, bâtiment B",
            "ligne 1\nligne 2",
            "https://garant.exemple/x",
        );
        let texte = a.fini();
        assert!(texte.ends_with("END:VCALENDAR\r\n"));
        assert!(texte.split("\r\n").all(|l| l.len() <= LIGNE_OCTETS));
        assert!(!texte.replace("\r\n", "").contains(['\r', '\n']));
        let depliee = texte.replace("\r\n ", "");
        assert!(depliee.contains(&format!("SUMMARY:{resume}\r\n")));
        assert!(depliee.contains("LOCATION:Site \\; salle 4\\, bâtiment B\r\n"));
        assert!(depliee.contains("DESCRIPTION:ligne 1\\nligne 2\r\n"));
        assert!(depliee.contains("DTSTART;VALUE=DATE:20261215\r\nDTEND;VALUE=DATE:20261218\r\n"));
    }
}
