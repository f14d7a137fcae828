//! Ce qu'une décision demande d'envoyer : la boîte d'envoi s'écrit avec elle, dans la même transaction.
//!
//! Le noyau dit quoi et à qui ; le serveur compose, et n'envoie que si le centre a un serveur de courriel.

use super::Session;
use super::convocations::Evenement as Convocation;
use super::jury::Evenement as Jury;
use super::sollicitations::{self, Evenement as Sollicitation, Voie};
use crate::contexte::{Contexte, Suite};
use crate::mots::nombre;
use crate::{Evenement, PersonneId};

/// Les suites d'une décision, devant l'état d'après.
pub(crate) fn suites(apres: &Session, evenements: &[Evenement], ctx: &Contexte) -> Vec<Suite> {
    let mut v = vec![];
    for e in evenements {
        if let Evenement::Sollicitation(x) = e {
            v.extend(sollicitation(apres, x, ctx));
        }
        if let Evenement::Jury(Jury::Desiste { nom, motif, .. }) = e {
            let objet = format!("Défection au jury : {nom}");
            v.extend(prevenir(apres, ctx, objet, &defection(apres, nom, motif)));
        }
        if let Evenement::Convocation(Convocation::EnvoiDemande {
            destinataire,
            adresse,
            piece,
            ..
        }) = e
        {
            v.push(Suite::Convoquer {
                destinataire: destinataire.clone(),
                adresse: adresse.clone(),
                piece: piece.clone(),
                par: ctx.acteur.personne.clone(),
            });
        }
    }
    v
}

fn sollicitation(apres: &Session, e: &Sollicitation, ctx: &Contexte) -> Vec<Suite> {
    let ecrire = |numero: u32, relance: bool| {
        let joignable = apres
            .sollicitations
            .numero(numero)
            .is_some_and(|x| x.membre.courriel.is_some());
        joignable.then_some(Suite::Solliciter { numero, relance })
    };
    match e {
        Sollicitation::Sollicite { numero, .. } => ecrire(*numero, false).into_iter().collect(),
        Sollicitation::Relance { numero, .. } => ecrire(*numero, true).into_iter().collect(),
        Sollicitation::Repondu {
            nom,
            reponse,
            voie: Voie::Lien,
            ..
        } => prevenir(
            apres,
            ctx,
            format!("Jury : {nom} {}", premier_mot(reponse)),
            &format!("{nom} {}.\n\n{}", reponse.dire(), etat_du_jury(apres)),
        ),
        Sollicitation::Repondu { .. } | Sollicitation::Retiree { .. } => vec![],
    }
}

fn premier_mot(r: &sollicitations::Reponse) -> &'static str {
    match r {
        sollicitations::Reponse::Accepte => "accepte",
        sollicitations::Reponse::Decline { .. } => "décline",
        sollicitations::Reponse::Propose { .. } => "propose d’autres dates",
    }
}

fn defection(apres: &Session, nom: &str, motif: &str) -> String {
    format!(
        "{nom} se retire du jury (motif : {motif}).\n\n{}",
        etat_du_jury(apres)
    )
}

/// « Il manque 1 titulaire… » : la phrase que la page et le courriel disent ensemble.
pub fn etat_du_jury(s: &Session) -> String {
    let r = sollicitations::recherche(s);
    let manque = match (r.titulaires_manquants(), r.reserves_manquantes()) {
        (0, 0) => return "Le jury est au complet, réserve comprise.".into(),
        (0, n) => format!(
            "Le quorum est atteint ; il manque {}.",
            nombre(n, "réserve", "réserves")
        ),
        (n, 0) => format!(
            "Il manque {}.",
            nombre(n, "titulaire habilité", "titulaires habilités")
        ),
        (n, m) => format!(
            "Il manque {} et {}.",
            nombre(n, "titulaire habilité", "titulaires habilités"),
            nombre(m, "réserve", "réserves")
        ),
    };
    let attente = match r.en_attente {
        0 => "Aucune sollicitation n’est en attente : sollicitez d’autres jurés.".to_owned(),
        n => format!(
            "{} en attente de réponse.",
            nombre(n, "sollicitation est", "sollicitations sont")
        ),
    };
    let reserve = if r.titulaires_manquants() > 0 && r.reserves > 0 {
        " Une réserve peut siéger dès maintenant : page Jury, « Faire siéger »."
    } else {
        ""
    };
    format!("{manque} {attente}{reserve}")
}

/// Prévenir le responsable et le suppléant, sauf celui qui vient de le saisir.
fn prevenir(s: &Session, ctx: &Contexte, objet: String, texte: &str) -> Vec<Suite> {
    let mut vus: Vec<PersonneId> = vec![];
    let equipe = [s.equipe.responsable(), s.equipe.suppleant()];
    for i in equipe.into_iter().flatten() {
        if i.id != ctx.acteur.personne && !vus.contains(&i.id) {
            vus.push(i.id.clone());
        }
    }
    vus.into_iter()
        .map(|personne| Suite::Prevenir {
            personne,
            objet: objet.clone(),
            texte: texte.to_owned(),
            page: "jury".into(),
        })
        .collect()
}
