//! Le courriel de l'exemple : un serveur réglé mais suspendu (rien ne part), une boîte d'envoi, une sollicitation en attente.

use super::plume::Plume;
use super::recit::Decor;
use crate::courriel::{facteur, textes};
use crate::erreurs::Erreur;
use jiff::ToSpan;
use jiff::civil::Date;
use metier::{Action, SessionId, sollicitations, temps};
use stockage::courriel::{self, Conclusion, Etat, NouveauCourriel, Securite, ServeurCourriel};
use stockage::sites;

/// Règle le serveur, sollicite la relève, range trois courriels à trois moments de leur vie.
pub async fn ecrire(
    plume: &Plume<'_>,
    decor: &Decor,
    session: &SessionId,
    jour: Date,
) -> Result<(), Erreur> {
    let (base, centre) = (plume.base, plume.centre);
    let serveur = ServeurCourriel {
        hote: "smtp.exemple.invalid".into(),
        port: 465,
        securite: Securite::Tls,
        identifiant: String::new(),
        mot_de_passe: String::new(),
        expediteur: "centre@exemple.invalid".into(),
        reponse: String::new(),
        actif: false,
        revision: 0,
    };
    courriel::regler(base, centre, 0, &serveur, &plume.auteur(jour - 90.days())).await?;
    let Some(releve) = decor.jures.last() else {
        return Ok(());
    };
    let demande = sollicitations::Action::Solliciter {
        membres: vec![releve.clone()],
        message: "Nous cherchons une seconde réserve.".into(),
        avant: jour + 6.days(),
    };
    plume
        .ecrire(session, jour - 2.days(), Action::Sollicitation(demande))
        .await?;
    let (s, _) = stockage::charger(base, centre, session)
        .await?
        .ok_or(Erreur::Introuvable)?;
    let identite = sites::identite(base, centre).await?;
    let responsable = plume.personne;
    let message = |cle: &str, genre: &str| NouveauCourriel {
        cle: cle.into(),
        genre: genre.into(),
        session: session.to_string(),
        nom: responsable.nom_complet(),
        adresse: responsable.courriel.clone(),
        ..NouveauCourriel::default()
    };
    let rappels = metier::rappels::dus(&s, jour - 8.days());
    let titre = crate::pages::session::titre(&s);
    let lettre = textes::rappels(
        &responsable.nom_complet(),
        jour - 8.days(),
        &[(titre, format!("/sessions/{session}"), rappels)],
    );
    let rappel = NouveauCourriel {
        objet: lettre.objet,
        corps: lettre.corps,
        ..message("exemple:rappel", "rappel")
    };
    ranger(
        plume,
        &rappel,
        jour - 8.days(),
        Etat::Envoye,
        "250 2.0.0 reçu",
    )
    .await?;
    let alerte = NouveauCourriel {
        nom: "Sacha SUPPLÉANT-TÉMOIN".into(),
        adresse: "ancien@exemple.invalid".into(),
        objet: "Un délai approche".into(),
        corps: rappel.corps.clone(),
        ..message("exemple:refus", "rappel")
    };
    let mots = "550 5.1.1 adresse inconnue";
    ranger(plume, &alerte, jour - 8.days(), Etat::Refuse, mots).await?;
    if let Some(x) = s.sollicitations.liste.last() {
        let lettre = textes::sollicitation(&s, x, false, &identite, &identite.nom);
        let demande = NouveauCourriel {
            nom: x.membre.nom.clone(),
            adresse: x.membre.courriel.clone().unwrap_or_default(),
            sujet: facteur::sujet_de_sollicitation(x.numero),
            objet: lettre.objet,
            corps: lettre.corps,
            lien: courriel::id_du_lien("sollicitation", session.as_str(), &x.numero.to_string()),
            ..message("exemple:sollicitation", "sollicitation")
        };
        let mots = "Garant s’est arrêté pendant l’envoi : le serveur l’a peut-être reçu.";
        ranger(plume, &demande, jour - 2.days(), Etat::Incertain, mots).await?;
    }
    Ok(())
}

/// Met un courriel dans la boîte et lui fait vivre son sort, ce jour-là.
async fn ranger(
    plume: &Plume<'_>,
    message: &NouveauCourriel,
    jour: Date,
    etat: Etat,
    reponse: &str,
) -> Result<(), Erreur> {
    let (base, centre) = (plume.base, plume.centre);
    let quand = jour
        .at(7, 2, 0, 0)
        .to_zoned_datetime(temps::paris())
        .map_or(0, |z| z.timestamp().as_second());
    courriel::deposer_tous(base, centre, std::slice::from_ref(message), quand, vec![]).await?;
    let Some(c) = courriel::par_cle(base, centre, &message.cle).await? else {
        return Ok(());
    };
    courriel::prendre(base, centre, &c, None, quand).await?;
    let fin = Conclusion {
        etat,
        reponse: reponse.into(),
        prochain: quand,
    };
    courriel::conclure(base, centre, &c.id, &fin, quand + 1).await?;
    Ok(())
}
