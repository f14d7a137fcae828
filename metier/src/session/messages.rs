//! Messages prêts à envoyer : Garant compose, une personne relit et envoie.

use super::Session;
use super::incidents::Incident;
use crate::echeances::jours_avant;
use crate::temps;
use jiff::civil::Date;

/// Un message composé.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// À qui, en clair.
    pub destinataire: &'static str,
    /// Objet.
    pub objet: String,
    /// Corps.
    pub corps: String,
}

fn signature(s: &Session) -> String {
    s.equipe.responsable().map_or_else(
        || "Le responsable de session".into(),
        |r| format!("{}\nResponsable de session", r.nom),
    )
}

fn designation(s: &Session) -> String {
    s.programme.as_ref().map_or_else(String::new, |p| {
        format!(
            "{} ({}), {}, {}, session CERES n° {}",
            p.referentiel.intitule,
            p.libelle_type(),
            temps::periode(p.debut, p.fin),
            p.site.nom,
            p.numero_ceres.as_deref().unwrap_or("à compléter")
        )
    })
}

/// Le message à l'administration pour cet incident.
pub fn pour_incident(s: &Session, i: &Incident) -> Message {
    let x = &i.signalement;
    let mut corps = format!(
        "Madame, Monsieur,\n\nJe vous informe d’un incident survenu {} au cours de la session suivante : {}.\n\nNature : {}.\nFaits : {}\n",
        temps::moment(x.survenu),
        designation(s),
        x.genre.libelle(),
        x.faits
    );
    for (nom, v) in [("Personnes", &x.personnes), ("Mesure prise", &x.mesure)] {
        if !v.is_empty() {
            corps.push_str(&format!("{nom} : {v}\n"));
        }
    }
    if !x.temoins.is_empty() {
        corps.push_str(&format!("Témoins : {}\n", x.temoins.join(", ")));
    }
    corps.push_str(&format!(
        "\nJe vous remercie de me faire connaître votre décision. La suite de l’épreuve en dépend.\n\n{}",
        signature(s)
    ));
    Message {
        destinataire: "l’administration (DDETS ou DEETS de la session)",
        objet: format!(
            "Incident n° {} : {} – {}",
            i.numero,
            x.genre.libelle().to_lowercase(),
            s.programme
                .as_ref()
                .map_or("session", |p| p.referentiel.intitule.as_str())
        ),
        corps,
    }
}

/// La relance de l'unité des épreuves, deux semaines avant la session si aucun pli d'épreuves n'est arrivé (R15).
pub fn relance_plis(s: &Session, jour: Date) -> Option<Message> {
    let p = s.programme.as_ref().filter(|p| p.annulee.is_none())?;
    let limite = jours_avant(p.debut, s.cadre.valeur("R15"));
    if jour < limite || jour > p.fin || s.plis.epreuves_recues() {
        return None;
    }
    let commande = s.plis.liste.first().map_or_else(
        || "La demande d’épreuves a été faite par CERES.".into(),
        |x| {
            format!(
                "La commande a été notée {}.",
                x.etapes
                    .first()
                    .map_or(String::new(), |f| temps::moment(f.survenu))
            )
        },
    );
    Some(Message {
        destinataire: "l’unité de gestion des épreuves",
        objet: format!(
            "Plis non reçus : {} – session du {}",
            p.referentiel.intitule,
            temps::date_longue(p.debut)
        ),
        corps: format!(
            "Madame, Monsieur,\n\nÀ ce jour ({}), nous n’avons reçu aucun pli d’épreuves pour la session suivante : {}.\n{commande}\n{} candidats sont inscrits. Je vous remercie de me dire quand et comment les plis arriveront.\n\n{}",
            temps::date_longue(jour),
            designation(s),
            s.inscrits().count(),
            signature(s)
        ),
    })
}
