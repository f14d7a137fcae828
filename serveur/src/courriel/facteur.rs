//! Le facteur : dépouille ce que les décisions demandent, envoie la boîte, note dans les sessions ce qui est parti.
//!
//! Un message est pris, envoyé, puis conclu. Ce qui s'arrête entre les deux est incertain : montré, jamais renvoyé seul.

use super::composer::{self, Jointe};
use super::smtp::{Conversation, Issue};
use super::textes::{self, LIEN};
use super::{adresse_du_lien, fin_du_jour, passe};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::second_facteur;
use metier::convocations::{self, Destinataire, Etat as EtatConvocation, Mode, Remise};
use metier::{Acteur, Action, Contexte, PersonneId, Role, Session, SessionId, Suite, Voisinage};
use std::sync::Arc;
use std::time::Duration;
use stockage::comptes;
use stockage::courriel::{
    self, Bordereau, Conclusion, Courriel, Etat as EtatCourriel, Lien, NouveauCourriel,
    ServeurCourriel,
};
use stockage::{Centre, sites};

/// Attentes entre les essais, en secondes ; après le dernier, le courriel est abandonné.
pub const REPRISES_S: [i64; 6] = [60, 300, 1_800, 7_200, 21_600, 43_200];
/// Le plus long sommeil du facteur.
const SOMMEIL: Duration = Duration::from_secs(30);
/// Courriels envoyés au plus par tour et par centre.
const PAR_TOUR: u64 = 200;
/// Suites dépouillées au plus par tour.
const SUITES_PAR_TOUR: u64 = 500;
/// Durée d'un lien de relance dont la date limite est passée, en secondes.
const RELANCE_S: i64 = 7 * 86_400;

/// Ce qu'un tour a fait.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tour {
    /// Acceptés par le serveur.
    pub envoyes: usize,
    /// Refusés, remis ou incertains.
    pub autres: usize,
}

/// Veille jusqu'à l'arrêt du programme : un tour à chaque réveil, et toutes les trente secondes.
pub async fn veiller(etat: Etat) {
    while !etat.courriel.est_arrete() {
        if let Err(erreur) = veiller_un_tour(&etat).await {
            tracing::error!(erreur = %erreur, "le facteur n’a pas pu finir son tour");
        }
        let _ = tokio::time::timeout(SOMMEIL, etat.courriel.attendre()).await;
    }
}

async fn veiller_un_tour(etat: &Etat) -> Result<(), Erreur> {
    passe::si_le_matin(etat).await?;
    tour(etat).await.map(|_| ())
}

/// Un tour entier.
pub async fn tour(etat: &Etat) -> Result<Tour, Erreur> {
    depouiller(etat).await?;
    let mut fait = Tour::default();
    for c in comptes::centres(&etat.base).await? {
        let maintenant = etat.horloge.secondes();
        courriel::vieillir(&etat.base, &c.centre, maintenant).await?;
        if let Some(serveur) = super::serveur_actif(etat, &c.centre).await? {
            envoyer_centre(etat, &c.centre, &c.nom, &serveur, &mut fait).await?;
        }
        noter_les_remises(etat, &c.centre).await?;
    }
    Ok(fait)
}

/// Fait des suites de décisions des courriels ; sans serveur, elles sont rangées : les pages disent quoi envoyer.
async fn depouiller(etat: &Etat) -> Result<(), Erreur> {
    for b in courriel::a_depouiller(&etat.base, SUITES_PAR_TOUR).await? {
        let actif = super::serveur_actif(etat, &b.centre).await?.is_some();
        let compose = match (&b.suite, actif) {
            (Some(suite), true) => composer_suite(etat, &b, suite).await?,
            _ => None,
        };
        let (message, lien) = compose.map_or((None, None), |(m, l)| (Some(m), l));
        courriel::depouiller(
            &etat.base,
            &b,
            message.as_ref(),
            lien.as_ref(),
            &etat.horloge.instant().to_string(),
            etat.horloge.secondes(),
        )
        .await?;
    }
    Ok(())
}

/// Le courriel qu'une suite demande, et le lien qu'il porte ; rien si la personne ne se joint pas ainsi.
async fn composer_suite(
    etat: &Etat,
    b: &Bordereau,
    suite: &Suite,
) -> Result<Option<(NouveauCourriel, Option<Lien>)>, Erreur> {
    let Some((s, _)) = stockage::charger(&etat.base, &b.centre, &b.session).await? else {
        return Ok(None);
    };
    let adresse_session = format!("{}/sessions/{}", etat.origine, b.session);
    let de_la_suite = |genre: &str| NouveauCourriel {
        cle: format!("suite:{}", b.id),
        genre: genre.into(),
        session: b.session.to_string(),
        ..NouveauCourriel::default()
    };
    Ok(match suite {
        Suite::Prevenir {
            personne,
            objet,
            texte,
            page,
        } => comptes::personne(&etat.base, &b.centre, personne)
            .await?
            .filter(|p| !p.courriel.is_empty())
            .map(|p| {
                let ou = format!("{adresse_session}/{page}");
                let lettre = textes::alerte(&s, &p.nom_complet(), objet, texte, &ou);
                let message = NouveauCourriel {
                    nom: p.nom_complet(),
                    adresse: p.courriel,
                    objet: lettre.objet,
                    corps: lettre.corps,
                    ..de_la_suite("alerte")
                };
                (message, None)
            }),
        Suite::Solliciter { numero, relance } => {
            lettre_de_sollicitation(etat, &b.centre, &b.session, &s, *numero, *relance)
                .await?
                .map(|(m, l)| {
                    let cle = format!("suite:{}", b.id);
                    (NouveauCourriel { cle, ..m }, Some(l))
                })
        }
        Suite::Convoquer {
            destinataire,
            adresse,
            piece,
            par,
        } => {
            let Ok(nom) = s.nom_destinataire(destinataire) else {
                return Ok(None);
            };
            let (identite, nom_centre) = centre(etat, &b.centre).await?;
            let candidat = matches!(destinataire, Destinataire::Candidat(_));
            let lettre = textes::convocation(&s, &nom, candidat, &identite, &nom_centre);
            let lien = lien_de_convocation(&b.session, &s, piece.as_str());
            let message = NouveauCourriel {
                sujet: sujet_de_convocation(destinataire),
                nom,
                adresse: adresse.clone(),
                objet: lettre.objet,
                corps: lettre.corps,
                piece: piece.to_string(),
                lien: lien.id(),
                par: par.to_string(),
                suivi: "a_noter".into(),
                ..de_la_suite("convocation")
            };
            Some((message, Some(lien)))
        }
    })
}

/// Ce qui retrouve, dans la boîte, les envois de cette convocation.
pub fn sujet_de_convocation(d: &Destinataire) -> String {
    format!("{}:{}", d.genre(), d.id())
}

/// Ce qui retrouve, dans la boîte, les envois de cette sollicitation.
pub fn sujet_de_sollicitation(numero: u32) -> String {
    format!("sollicitation:{numero}")
}

/// Le lien privé d'une convocation : jusqu'au dernier jour de la session.
pub fn lien_de_convocation(session: &SessionId, s: &Session, piece: &str) -> Lien {
    Lien {
        genre: "convocation".into(),
        session: session.to_string(),
        sujet: piece.to_owned(),
        expire: s.programme.as_ref().map_or(0, |p| fin_du_jour(p.fin)),
    }
}

/// Le lien privé d'une sollicitation : jusqu'au soir de la date limite ; une semaine après une relance tardive.
pub fn lien_de_sollicitation(
    etat: &Etat,
    session: &SessionId,
    x: &metier::sollicitations::Sollicitation,
    relance: bool,
) -> Lien {
    let limite = fin_du_jour(x.avant);
    let maintenant = etat.horloge.secondes();
    let expire = if relance && limite <= maintenant {
        maintenant + RELANCE_S
    } else {
        limite
    };
    Lien {
        genre: "sollicitation".into(),
        session: session.to_string(),
        sujet: x.numero.to_string(),
        expire,
    }
}

/// Le centre tel qu'il signe.
pub async fn centre(
    etat: &Etat,
    centre: &Centre,
) -> Result<(sites::IdentiteCentre, String), Erreur> {
    let connus = comptes::centres(&etat.base).await?;
    let nom = connus.into_iter().find(|c| c.centre == *centre);
    Ok((
        sites::identite(&etat.base, centre).await?,
        nom.map(|c| c.nom).unwrap_or_default(),
    ))
}

/// La lettre d'une sollicitation ouverte, et son lien ; rien si le juré a répondu ou n'a pas de courriel.
pub async fn lettre_de_sollicitation(
    etat: &Etat,
    centre_: &Centre,
    session: &SessionId,
    s: &Session,
    numero: u32,
    relance: bool,
) -> Result<Option<(NouveauCourriel, Lien)>, Erreur> {
    let Some(x) = s.sollicitations.numero(numero).filter(|x| x.est_ouverte()) else {
        return Ok(None);
    };
    let Some(adresse) = &x.membre.courriel else {
        return Ok(None);
    };
    let (identite, nom_centre) = centre(etat, centre_).await?;
    let lettre = textes::sollicitation(s, x, relance, &identite, &nom_centre);
    let lien = lien_de_sollicitation(etat, session, x, relance);
    let message = NouveauCourriel {
        cle: String::new(),
        genre: "sollicitation".into(),
        session: session.to_string(),
        sujet: sujet_de_sollicitation(numero),
        nom: x.membre.nom.clone(),
        adresse: adresse.clone(),
        objet: lettre.objet,
        corps: lettre.corps,
        lien: lien.id(),
        ..NouveauCourriel::default()
    };
    Ok(Some((message, lien)))
}

async fn envoyer_centre(
    etat: &Etat,
    centre: &Centre,
    nom: &str,
    serveur: &ServeurCourriel,
    fait: &mut Tour,
) -> Result<(), Erreur> {
    let dus = courriel::dus(&etat.base, centre, etat.horloge.secondes(), PAR_TOUR).await?;
    if dus.is_empty() {
        return Ok(());
    }
    let mut conversation = Conversation::new(serveur, etat.courriel.attente());
    for c in dus {
        if etat.courriel.est_arrete() {
            break;
        }
        match envoyer(etat, centre, nom, serveur, &mut conversation, &c).await? {
            None => {}
            Some(Issue::Accepte(_)) => fait.envoyes += 1,
            // Les suivants n'iraient pas mieux : ils restent dus, sans avoir été essayés.
            Some(Issue::Panne(_)) => {
                fait.autres += 1;
                break;
            }
            Some(Issue::Refuse(_) | Issue::PlusTard(_) | Issue::Incertain(_)) => fait.autres += 1,
        }
    }
    conversation.finir().await;
    Ok(())
}

/// Envoie un courriel tout de suite et dit ce que le serveur a répondu (message d'essai).
pub async fn envoyer_maintenant(
    etat: &Etat,
    centre: &Centre,
    nom: &str,
    serveur: &ServeurCourriel,
    c: &Courriel,
) -> Result<(), Erreur> {
    let mut conversation = Conversation::new(serveur, etat.courriel.attente());
    envoyer(etat, centre, nom, serveur, &mut conversation, c).await?;
    conversation.finir().await;
    Ok(())
}

/// Prend, compose, envoie, conclut ; rien si un autre l'a pris.
async fn envoyer(
    etat: &Etat,
    centre: &Centre,
    nom: &str,
    serveur: &ServeurCourriel,
    conversation: &mut Conversation<'_>,
    c: &Courriel,
) -> Result<Option<Issue>, Erreur> {
    let jeton = if c.message.lien.is_empty() {
        None
    } else {
        Some(second_facteur::jeton()?)
    };
    let empreinte = jeton.as_deref().map(comptes::empreinte_du_jeton);
    let maintenant = etat.horloge.secondes();
    if !courriel::prendre(&etat.base, centre, c, empreinte.as_deref(), maintenant).await? {
        return Ok(None);
    }
    let adresse = jeton.map(|j| adresse_du_lien(etat, &j));
    let texte = match &adresse {
        Some(a) => c.message.corps.replace(LIEN, a),
        None => c.message.corps.clone(),
    };
    let desinscription = adresse
        .as_deref()
        .filter(|_| c.message.genre == "recapitulatif");
    let issue = match piece_jointe(etat, centre, c).await? {
        Err(phrase) => Issue::Refuse(phrase),
        Ok(jointe) => {
            let instant = etat.horloge.instant();
            match composer::composer(c, serveur, nom, &texte, desinscription, jointe, instant) {
                Err(phrase) => Issue::Refuse(phrase),
                Ok(pli) => conversation.envoyer(&pli.de, &pli.a, &pli.octets).await,
            }
        }
    };
    let conclusion = conclure(&issue, c.tentatives + 1, etat.horloge.secondes());
    courriel::conclure(
        &etat.base,
        centre,
        &c.id,
        &conclusion,
        etat.horloge.secondes(),
    )
    .await?;
    Ok(Some(issue))
}

/// La pièce figée à joindre ; une phrase si elle n'est plus là.
async fn piece_jointe(
    etat: &Etat,
    centre: &Centre,
    c: &Courriel,
) -> Result<Result<Option<Jointe>, String>, Erreur> {
    if c.message.piece.is_empty() {
        return Ok(Ok(None));
    }
    let absente = || Ok(Err("le document à joindre n’est plus gardé".to_owned()));
    let (Ok(session), Ok(piece)) = (c.message.session.parse(), c.message.piece.parse()) else {
        return absente();
    };
    let lue = stockage::piece(&etat.base, centre, &session, &piece).await?;
    match lue.and_then(|p| p.octets.map(|o| (p.nom, o))) {
        Some(jointe) => Ok(Ok(Some(jointe))),
        None => absente(),
    }
}

/// Ce que l'issue fait de la ligne.
fn conclure(issue: &Issue, essais: u64, maintenant: i64) -> Conclusion {
    let reprise = || {
        usize::try_from(essais)
            .ok()
            .and_then(|n| REPRISES_S.get(n.saturating_sub(1)))
    };
    let (etat, reponse, prochain) = match issue {
        Issue::Accepte(m) => (EtatCourriel::Envoye, m, maintenant),
        Issue::Refuse(m) => (EtatCourriel::Refuse, m, maintenant),
        Issue::Incertain(m) => (EtatCourriel::Incertain, m, maintenant),
        Issue::PlusTard(m) | Issue::Panne(m) => match reprise() {
            Some(attente) => (EtatCourriel::AReessayer, m, maintenant + attente),
            None => (EtatCourriel::Abandonne, m, maintenant),
        },
    };
    Conclusion {
        etat,
        reponse: reponse.clone(),
        prochain,
    }
}

/// Note dans les sessions la remise des convocations parties, au nom de qui l'a demandée.
async fn noter_les_remises(etat: &Etat, centre: &Centre) -> Result<(), Erreur> {
    for c in courriel::a_noter(&etat.base, centre).await? {
        let suivi = noter_une_remise(etat, centre, &c).await?;
        courriel::noter_suivi(&etat.base, centre, &c.id, &suivi).await?;
    }
    Ok(())
}

async fn noter_une_remise(etat: &Etat, centre: &Centre, c: &Courriel) -> Result<String, Erreur> {
    let note = || Ok("note".to_owned());
    let destinataire = c
        .message
        .sujet
        .split_once(':')
        .and_then(|(genre, id)| Destinataire::depuis(genre, id));
    let session: Option<SessionId> = c.message.session.parse().ok();
    let (Some(d), Some(id)) = (destinataire, session) else {
        return note();
    };
    let Some((s, _)) = stockage::charger(&etat.base, centre, &id).await? else {
        return note();
    };
    let derniere = s.convocations.de(&d).and_then(|x| x.document.as_ref());
    let est_la_derniere = derniere.is_some_and(|x| x.piece.as_str() == c.message.piece);
    if !est_la_derniere || s.etat_convocation(&d) != EtatConvocation::ARemettre {
        return note();
    }
    let parti = jiff::Timestamp::from_second(c.change).map_or_else(
        |_| etat.horloge.jour(),
        |t| t.to_zoned_datetime(metier::temps::paris()).date(),
    );
    let remise = Remise {
        mode: Mode::Courriel {
            adresse: c.message.adresse.clone(),
        },
        le: parti,
    };
    let action = Action::Convocation(convocations::Action::RemettreChacun {
        remises: vec![(d, remise)],
    });
    let acteur = acteur(etat, centre, &c.message.par).await?;
    let voisinage = Voisinage::default();
    let ctx = contexte(etat, acteur, &voisinage);
    match stockage::executer(&etat.base, centre, &id, c.acte(), &action, &ctx).await? {
        stockage::Issue::Enregistree(..) | stockage::Issue::DejaEnregistree => note(),
        stockage::Issue::Refusee(r) => Ok(format!("La remise n’a pas été notée : {r}")),
    }
}

/// La personne au nom de qui le facteur note : celle qui a demandé l'envoi.
async fn acteur(etat: &Etat, centre: &Centre, par: &str) -> Result<Acteur, Erreur> {
    let personne: PersonneId = par
        .parse()
        .map_err(|_| Erreur::interne("courriel sans demandeur"))?;
    let nom = comptes::personne(&etat.base, centre, &personne)
        .await?
        .map(|p| p.nom_complet())
        .unwrap_or_default();
    Ok(Acteur {
        personne,
        nom,
        role: Role::Secretariat,
    })
}

/// Le contexte d'une écriture faite hors d'une page connectée.
pub fn contexte<'a>(etat: &Etat, acteur: Acteur, voisinage: &'a Voisinage) -> Contexte<'a> {
    Contexte {
        realise_par: acteur.personne.clone(),
        acteur,
        maintenant: etat.horloge.maintenant(),
        motif: None,
        vu_au_rang: None,
        voisinage,
    }
}

/// Une session et son identifiant, telles que la passe les lit.
pub(super) type Suivie = (SessionId, Arc<Session>);

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn les_essais_s_espacent_puis_le_courriel_est_abandonne() {
        let issue = Issue::PlusTard("451 plus tard".into());
        let prochains: Vec<i64> = (1..=REPRISES_S.len() as u64)
            .map(|n| conclure(&issue, n, 1_000).prochain - 1_000)
            .collect();
        assert_eq!(prochains, REPRISES_S);
        let fin = conclure(&issue, REPRISES_S.len() as u64 + 1, 1_000);
        assert_eq!(fin.etat, EtatCourriel::Abandonne);
        assert_eq!(
            conclure(&Issue::Incertain("silence".into()), 1, 0).etat,
            EtatCourriel::Incertain
        );
    }
}
