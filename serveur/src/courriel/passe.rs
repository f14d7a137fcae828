//! La passe du matin : rappels des délais, récapitulatif, relances des jurés. Refaite, elle n'ajoute rien.

use super::facteur::{self, Suivie};
use super::textes;
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::suivi;
use jiff::civil::{Date, Weekday};
use metier::rappels::{self, Rappel};
use metier::temps;
use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::Ordering;
use stockage::Centre;
use stockage::comptes::{self, Personne};
use stockage::courriel::{self, Lien, NouveauCourriel};
use stockage::vues::Filtre;

/// L'heure, à Paris, à partir de laquelle la passe se fait.
const HEURE: i8 = 7;
/// Jours avant la date limite où un juré sans réponse est relancé, une fois.
const RELANCE_JOURS: i64 = 3;
/// Durée du lien de désinscription, en secondes.
const DESINSCRIPTION_S: i64 = 60 * 86_400;
/// Durée de garde de la boîte d'envoi, en secondes.
const GARDE_S: i64 = 365 * 86_400;

/// Fait la passe si l'heure en est venue et qu'elle n'est pas faite depuis le démarrage.
pub(super) async fn si_le_matin(etat: &Etat) -> Result<(), Erreur> {
    let maintenant = etat.horloge.maintenant();
    let jour = maintenant.date();
    let rang = temps::jours_entre(Date::constant(1970, 1, 1), jour);
    if maintenant.hour() < HEURE || etat.courriel.passe_du.load(Ordering::Relaxed) == rang {
        return Ok(());
    }
    faire(etat).await?;
    etat.courriel.passe_du.store(rang, Ordering::Relaxed);
    Ok(())
}

/// La passe entière, pour tous les centres qui envoient des courriels.
pub async fn faire(etat: &Etat) -> Result<(), Erreur> {
    let jour = etat.horloge.jour();
    for c in comptes::centres(&etat.base).await? {
        let maintenant = etat.horloge.secondes();
        courriel::effacer_anciens(&etat.base, &c.centre, maintenant - GARDE_S).await?;
        if super::serveur_actif(etat, &c.centre).await?.is_none() {
            continue;
        }
        let personnes: Vec<Personne> = comptes::personnes(&etat.base, &c.centre)
            .await?
            .into_iter()
            .filter(|p| p.actif && !p.courriel.is_empty())
            .collect();
        let sessions = suivies(etat, &c.centre, jour).await?;
        rappeler(etat, &c.centre, &personnes, &sessions, jour).await?;
        if !matches!(jour.weekday(), Weekday::Saturday | Weekday::Sunday) {
            recapituler(etat, &c.centre, &personnes, &sessions, jour).await?;
        }
        relancer(etat, &c.centre, &sessions, jour).await?;
    }
    Ok(())
}

/// Les sessions qui demandent encore quelque chose.
async fn suivies(etat: &Etat, centre: &Centre, jour: Date) -> Result<Vec<Suivie>, Erreur> {
    let mut toutes = vec![];
    for choix in suivi::ETATS {
        let filtre = Filtre {
            etat: Some(choix),
            jour: jour.to_string(),
            ..Filtre::default()
        };
        for (_, id) in suivi::sessions(etat, centre, jour, filtre, usize::MAX).await? {
            if let Some((s, _)) = stockage::charger(&etat.base, centre, &id).await? {
                toutes.push((id, s));
            }
        }
    }
    Ok(toutes)
}

fn adresse(etat: &Etat, s: &Suivie) -> String {
    format!("{}/sessions/{}", etat.origine, s.0)
}

/// Les délais qui approchent : un courriel par personne, qui réunit ce qui n'a pas encore été rappelé.
async fn rappeler(
    etat: &Etat,
    centre: &Centre,
    personnes: &[Personne],
    sessions: &[Suivie],
    jour: Date,
) -> Result<(), Erreur> {
    let faits: HashSet<String> = courriel::rappels_faits(&etat.base, centre).await?;
    let dus: BTreeMap<&str, Vec<Rappel>> = sessions
        .iter()
        .map(|s| (s.0.as_str(), rappels::dus(&s.1, jour)))
        .collect();
    for p in personnes {
        let mut cles = vec![];
        let mut par_session = vec![];
        for s in sessions {
            let neufs: Vec<Rappel> = dus
                .get(s.0.as_str())
                .into_iter()
                .flatten()
                .filter(|r| rappels::regarde(&s.1, &r.echeance, &p.id))
                .filter(|r| {
                    let cle = format!("{}:{}:{}", s.0, r.cle(), p.id);
                    let neuf = !faits.contains(&cle);
                    if neuf {
                        cles.push(cle);
                    }
                    neuf
                })
                .cloned()
                .collect();
            if !neufs.is_empty() {
                par_session.push((crate::pages::session::titre(&s.1), adresse(etat, s), neufs));
            }
        }
        let Some(premiere) = cles.first() else {
            continue;
        };
        let lettre = textes::rappels(&p.nom_complet(), jour, &par_session);
        let message = NouveauCourriel {
            cle: format!("rappel:{premiere}"),
            genre: "rappel".into(),
            nom: p.nom_complet(),
            adresse: p.courriel.clone(),
            objet: lettre.objet,
            corps: lettre.corps,
            ..NouveauCourriel::default()
        };
        let maintenant = etat.horloge.secondes();
        courriel::deposer_rappel(&etat.base, centre, &cles, &message, None, maintenant).await?;
    }
    Ok(())
}

/// Le récapitulatif de chaque personne qui le veut : rien s'il n'y a rien à dire.
async fn recapituler(
    etat: &Etat,
    centre: &Centre,
    personnes: &[Personne],
    sessions: &[Suivie],
    jour: Date,
) -> Result<(), Erreur> {
    let lignes: Vec<_> = sessions
        .iter()
        .map(|s| rappels::recapitulatif(&s.1, jour))
        .collect();
    for p in personnes {
        let mut par_session = vec![];
        for (s, lignes) in sessions.iter().zip(&lignes) {
            let siennes: Vec<_> = lignes
                .iter()
                .filter(|e| rappels::regarde(&s.1, e, &p.id))
                .cloned()
                .collect();
            if !siennes.is_empty() {
                let titre = crate::pages::session::titre(&s.1);
                par_session.push((titre, adresse(etat, s), siennes));
            }
        }
        if par_session.is_empty()
            || !courriel::veut_recapitulatif(&etat.base, centre, &p.id).await?
        {
            continue;
        }
        let maintenant = etat.horloge.secondes();
        let lien = Lien {
            genre: "recapitulatif".into(),
            session: String::new(),
            sujet: p.id.to_string(),
            expire: maintenant + DESINSCRIPTION_S,
        };
        let lettre = textes::recapitulatif(&p.nom_complet(), jour, &etat.origine, &par_session);
        let message = NouveauCourriel {
            cle: format!("recapitulatif:{}:{jour}", p.id),
            genre: "recapitulatif".into(),
            nom: p.nom_complet(),
            adresse: p.courriel.clone(),
            objet: lettre.objet,
            corps: lettre.corps,
            lien: lien.id(),
            ..NouveauCourriel::default()
        };
        courriel::deposer_rappel(&etat.base, centre, &[], &message, Some(&lien), maintenant)
            .await?;
    }
    Ok(())
}

/// Relance une fois chaque juré sans réponse, quelques jours avant sa date limite, si personne ne vient de le faire.
async fn relancer(
    etat: &Etat,
    centre: &Centre,
    sessions: &[Suivie],
    jour: Date,
) -> Result<(), Erreur> {
    for (id, s) in sessions {
        for x in s.sollicitations.liste.iter().filter(|x| x.est_ouverte()) {
            let reste = temps::jours_entre(jour, x.avant);
            let dernier = x.relances.last().copied().unwrap_or(x.le);
            if !(0..=RELANCE_JOURS).contains(&reste) || temps::jours_entre(dernier, jour) < 2 {
                continue;
            }
            let lettre =
                facteur::lettre_de_sollicitation(etat, centre, id, s, x.numero, true).await?;
            if let Some((m, lien)) = lettre {
                let message = NouveauCourriel {
                    cle: format!("relance:{id}:{}", x.numero),
                    ..m
                };
                let maintenant = etat.horloge.secondes();
                courriel::deposer_rappel(
                    &etat.base,
                    centre,
                    &[],
                    &message,
                    Some(&lien),
                    maintenant,
                )
                .await?;
            }
        }
    }
    Ok(())
}
