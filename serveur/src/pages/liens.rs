//! Les liens privés : répondre sans compte. Lire ne change rien (les messageries ouvrent les liens d'elles-mêmes) ; poster, si.
//!
//! Un lien est révocable, borné dans le temps, et sa réponse n'est enregistrée qu'une fois : l'acte est le lien.

use crate::cadre::{Cadre, ConstatMontre, rediriger, rendre, rendre_statut};
use crate::connexions::Visiteur;
use crate::courriel::{ACTEUR_PAR_LIEN, facteur, textes};
use crate::erreurs::{Erreur, Reponse};
use crate::etat::Etat;
use crate::formulaires::{ErreursFormulaire, Formulaire};
use crate::reponses::{get, post};
use crate::routes::{Nature, Route};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use metier::convocations::{self, Destinataire, Document};
use metier::sollicitations::{self, Reponse as ReponseJure, Voie};
use metier::{
    Acte, Acteur, Action, PersonneId, PieceId, Refus, Role, Session, SessionId, Voisinage, temps,
};
use serde::Deserialize;
use std::sync::Arc;
use stockage::courriel::{self, LienLu};

/// Les routes des liens privés.
pub fn routes() -> Vec<Route> {
    vec![
        Route::lire("/liens/{jeton}", Nature::Publique, get(montrer)),
        Route::ecrire("/liens/{jeton}", Nature::Publique, post(repondre)),
        Route::lire("/liens/{jeton}/document", Nature::Publique, get(servir)),
    ]
}

#[derive(Template)]
#[template(path = "liens/fini.html")]
struct PageFinie {
    cadre: Cadre,
    titre: String,
    phrase: String,
    centre: String,
    contact: String,
}

#[derive(Template)]
#[template(path = "liens/sollicitation.html")]
struct PageSollicitation {
    cadre: Cadre,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    centre: String,
    contact: String,
    nom: String,
    lignes: Vec<(&'static str, String)>,
    message: String,
    delai: String,
    s: Saisie,
}

#[derive(Template)]
#[template(path = "liens/convocation.html")]
struct PageConvocation {
    cadre: Cadre,
    constats: Vec<ConstatMontre>,
    centre: String,
    contact: String,
    nom: String,
    lignes: Vec<(&'static str, String)>,
    document: String,
    accusee: String,
    perimee: bool,
}

#[derive(Template)]
#[template(path = "liens/recapitulatif.html")]
struct PageRecapitulatif {
    cadre: Cadre,
    centre: String,
    voulu: bool,
}

/// Une réponse.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Saisie {
    reponse: String,
    raison: String,
    dates: String,
}

/// Le lien de ce jeton ; ce qui n'existe pas répond 404, et les essais sont comptés.
async fn lire(etat: &Etat, visiteur: &Visiteur, jeton: &str) -> Result<LienLu, Erreur> {
    let cle = format!("lien:{}", visiteur.adresse);
    etat.debits
        .essayer(&cle, 60, 900, etat.horloge.secondes())?;
    if jeton.len() > 100 {
        return Err(Erreur::Introuvable);
    }
    courriel::lire_lien(&etat.base, jeton)
        .await?
        .filter(|l| !l.exemple || visiteur.local)
        .ok_or(Erreur::Introuvable)
}

fn cadre(titre: &str) -> Cadre {
    Cadre::public(titre, "/liens")
}

/// Comment joindre le centre.
async fn contact(etat: &Etat, l: &LienLu) -> Result<String, Erreur> {
    let (i, _) = facteur::centre(etat, &l.centre).await?;
    Ok([i.telephone, i.courriel]
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join(" · "))
}

async fn finie(etat: &Etat, l: &LienLu, titre: &str, phrase: String) -> Reponse {
    Ok(rendre_statut(
        StatusCode::GONE,
        &page_finie(etat, l, titre, phrase).await?,
    ))
}

async fn page_finie(
    etat: &Etat,
    l: &LienLu,
    titre: &str,
    phrase: String,
) -> Result<PageFinie, Erreur> {
    Ok(PageFinie {
        cadre: cadre(titre),
        titre: titre.to_owned(),
        phrase,
        centre: l.nom_centre.clone(),
        contact: contact(etat, l).await?,
    })
}

async fn session(etat: &Etat, l: &LienLu) -> Result<(SessionId, Arc<Session>), Erreur> {
    let id: SessionId = l.lien.session.parse().map_err(|_| Erreur::Introuvable)?;
    let (s, _) = stockage::charger(&etat.base, &l.centre, &id)
        .await?
        .ok_or(Erreur::Introuvable)?;
    Ok((id, s))
}

/// Ce qui ne vaut plus, et pourquoi ; rien si le lien vaut encore.
fn pourquoi_fini(etat: &Etat, l: &LienLu) -> Option<(&'static str, String)> {
    if l.revoque.is_some() {
        return Some((
            "Ce lien a été retiré",
            "Le centre l’a retiré. Votre réponse n’est plus attendue par ce moyen.".into(),
        ));
    }
    (etat.horloge.secondes() >= l.lien.expire).then(|| {
        (
            "Ce lien n’est plus valable",
            "Sa date limite est passée. Demandez un nouveau lien au centre.".into(),
        )
    })
}

/// GET /liens/{jeton}
async fn montrer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Path(jeton): Path<String>,
) -> Reponse {
    let l = lire(&etat, &visiteur, &jeton).await?;
    page(&etat, &l, &jeton, StatusCode::OK, None, Saisie::default()).await
}

async fn page(
    etat: &Etat,
    l: &LienLu,
    jeton: &str,
    statut: StatusCode,
    refus: Option<&Refus>,
    saisie: Saisie,
) -> Reponse {
    match l.lien.genre.as_str() {
        "sollicitation" => page_sollicitation(etat, l, statut, refus, saisie).await,
        "convocation" => page_convocation(etat, l, jeton, statut, refus).await,
        "recapitulatif" => page_recapitulatif(etat, l).await,
        _ => Err(Erreur::Introuvable),
    }
}

async fn page_sollicitation(
    etat: &Etat,
    l: &LienLu,
    statut: StatusCode,
    refus: Option<&Refus>,
    s: Saisie,
) -> Reponse {
    let (_, session) = session(etat, l).await?;
    let numero = l.lien.sujet.parse().map_err(|_| Erreur::Introuvable)?;
    let x = session
        .sollicitations
        .numero(numero)
        .ok_or(Erreur::Introuvable)?;
    if let Some((reponse, ..)) = &x.reponse {
        return Ok(rendre(
            &page_finie(etat, l, "Votre réponse est enregistrée", merci(reponse)).await?,
        ));
    }
    if x.retiree.is_some() {
        let phrase = "Le centre n’attend plus votre réponse pour cette session. Merci de votre disponibilité.";
        return finie(etat, l, "Cette demande est retirée", phrase.into()).await;
    }
    let p = session.programme.as_ref().ok_or(Erreur::Introuvable)?;
    if p.annulee.is_some() {
        let phrase = "Cette session est annulée : votre réponse n’est plus attendue. Merci.";
        return finie(etat, l, "Cette session est annulée", phrase.into()).await;
    }
    if let Some((titre, phrase)) = pourquoi_fini(etat, l) {
        return finie(etat, l, titre, phrase).await;
    }
    let lieu = format!("{}, {}", p.site.nom, p.site.adresse.replace('\n', ", "));
    Ok(rendre_statut(
        statut,
        &PageSollicitation {
            cadre: cadre("Siéger au jury"),
            erreurs: refus.map(ErreursFormulaire::du_refus).unwrap_or_default(),
            constats: refus
                .map(|r| ConstatMontre::du_refus(r, ""))
                .unwrap_or_default(),
            centre: l.nom_centre.clone(),
            contact: contact(etat, l).await?,
            nom: x.membre.nom.clone(),
            lignes: vec![
                ("Titre", p.referentiel.intitule.clone()),
                ("Session", p.libelle_type()),
                ("Dates", temps::periode(p.debut, p.fin)),
                ("Lieu", lieu),
                ("Répondre avant", temps::date_longue(x.avant)),
            ],
            message: x.message.clone(),
            delai: textes::delai_de_convocation(&session, x),
            s,
        },
    ))
}

fn merci(r: &ReponseJure) -> String {
    match r {
        ReponseJure::Accepte => "Merci d’avoir accepté. Le centre vous dira si vous siégez ou tenez la réserve, et vous enverra votre convocation. Un empêchement ? Prévenez-le dès que vous le savez.".into(),
        ReponseJure::Decline { .. } => "Le centre sait que vous n’êtes pas disponible pour cette session. Merci d’avoir répondu.".into(),
        ReponseJure::Propose { .. } => "Le centre a reçu vos autres dates et reviendra vers vous. Merci d’avoir répondu.".into(),
    }
}

/// La convocation du lien : à qui, le document, et si c'est la dernière.
fn convocation(s: &Session, l: &LienLu) -> Result<(Destinataire, Document, bool), Erreur> {
    let piece: PieceId = l.lien.sujet.parse().map_err(|_| Erreur::Introuvable)?;
    let d = s.convocations.document(&piece).ok_or(Erreur::Introuvable)?;
    let a = d.destinataire.clone().ok_or(Erreur::Introuvable)?;
    let etat = s.etat_convocation(&a);
    let derniere = s
        .convocations
        .de(&a)
        .and_then(|c| c.document.as_ref())
        .is_some_and(|x| x.piece == piece)
        && etat != convocations::Etat::ARefaire;
    Ok((a, d.clone(), derniere))
}

async fn page_convocation(
    etat: &Etat,
    l: &LienLu,
    jeton: &str,
    statut: StatusCode,
    refus: Option<&Refus>,
) -> Reponse {
    if let Some((titre, phrase)) = pourquoi_fini(etat, l) {
        return finie(etat, l, titre, phrase).await;
    }
    let (_, s) = session(etat, l).await?;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let (a, document, derniere) = convocation(&s, l)?;
    let nom = s.nom_destinataire(&a).map_err(|_| Erreur::Introuvable)?;
    if p.annulee.is_some() {
        let phrase = "Cette session est annulée : ne vous y présentez pas.";
        return finie(etat, l, "Cette session est annulée", phrase.into()).await;
    }
    let accuse = s.convocations.de(&a).and_then(|c| c.accuse.as_ref());
    Ok(rendre_statut(
        statut,
        &PageConvocation {
            cadre: cadre("Votre convocation"),
            constats: refus
                .map(|r| ConstatMontre::du_refus(r, ""))
                .unwrap_or_default(),
            centre: l.nom_centre.clone(),
            contact: contact(etat, l).await?,
            nom,
            lignes: vec![
                ("Titre", p.referentiel.intitule.clone()),
                ("Dates", temps::periode(p.debut, p.fin)),
                (
                    "Lieu",
                    format!("{}, {}", p.site.nom, p.site.adresse.replace('\n', ", ")),
                ),
            ],
            document: format!("/liens/{jeton}/document"),
            accusee: accuse
                .filter(|(piece, _)| *piece == document.piece)
                .map(|(_, le)| temps::date_longue(*le))
                .unwrap_or_default(),
            perimee: !derniere,
        },
    ))
}

async fn page_recapitulatif(etat: &Etat, l: &LienLu) -> Reponse {
    if let Some((titre, phrase)) = pourquoi_fini(etat, l) {
        return finie(etat, l, titre, phrase).await;
    }
    let personne: PersonneId = l.lien.sujet.parse().map_err(|_| Erreur::Introuvable)?;
    Ok(rendre(&PageRecapitulatif {
        cadre: cadre("Récapitulatif du matin"),
        centre: l.nom_centre.clone(),
        voulu: courriel::veut_recapitulatif(&etat.base, &l.centre, &personne).await?,
    }))
}

/// POST /liens/{jeton}
async fn repondre(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Path(jeton): Path<String>,
    Formulaire(f): Formulaire<Saisie>,
) -> Reponse {
    let l = lire(&etat, &visiteur, &jeton).await?;
    if pourquoi_fini(&etat, &l).is_some() {
        return page(&etat, &l, &jeton, StatusCode::OK, None, f).await;
    }
    let retour = || Ok(rediriger(&format!("/liens/{jeton}")));
    let refus = match l.lien.genre.as_str() {
        "sollicitation" => repondre_a_la_sollicitation(&etat, &l, &f).await?,
        "convocation" => accuser(&etat, &l).await?,
        "recapitulatif" => {
            let personne: PersonneId = l.lien.sujet.parse().map_err(|_| Erreur::Introuvable)?;
            let veut = f.reponse == "reprendre";
            courriel::vouloir_recapitulatif(&etat.base, &l.centre, &personne, veut).await?;
            None
        }
        _ => return Err(Erreur::Introuvable),
    };
    match refus {
        None => retour(),
        Some(r) => {
            page(
                &etat,
                &l,
                &jeton,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some(&r),
                f,
            )
            .await
        }
    }
}

/// La personne du lien, telle que le journal la nomme ; ses droits sont ceux de ce seul geste.
fn acteur(nom: &str) -> Result<Acteur, Erreur> {
    Ok(Acteur {
        personne: ACTEUR_PAR_LIEN
            .parse()
            .map_err(|_| Erreur::interne("acteur par lien"))?,
        nom: nom.to_owned(),
        role: Role::Secretariat,
    })
}

async fn executer(
    etat: &Etat,
    l: &LienLu,
    id: &SessionId,
    nom: &str,
    action: Action,
) -> Result<Option<Refus>, Erreur> {
    let acte: Acte = l.id.parse().map_err(|_| Erreur::interne("acte du lien"))?;
    let voisinage = Voisinage::default();
    let ctx = facteur::contexte(etat, acteur(nom)?, &voisinage);
    match stockage::executer(&etat.base, &l.centre, id, acte, &action, &ctx).await? {
        stockage::Issue::Refusee(r) => Ok(Some(r)),
        stockage::Issue::Enregistree(..) | stockage::Issue::DejaEnregistree => {
            etat.courriel.reveiller();
            Ok(None)
        }
    }
}

async fn repondre_a_la_sollicitation(
    etat: &Etat,
    l: &LienLu,
    f: &Saisie,
) -> Result<Option<Refus>, Erreur> {
    let (id, s) = session(etat, l).await?;
    let numero = l.lien.sujet.parse().map_err(|_| Erreur::Introuvable)?;
    let x = s.sollicitations.numero(numero).ok_or(Erreur::Introuvable)?;
    if x.reponse.is_some() {
        // Une réponse ne se donne qu'une fois : la page dit laquelle est enregistrée.
        return Ok(None);
    }
    let texte = |t: &str| t.replace("\r\n", "\n").trim().to_owned();
    let reponse = match f.reponse.as_str() {
        "accepte" => ReponseJure::Accepte,
        "decline" => ReponseJure::Decline {
            raison: texte(&f.raison),
        },
        "propose" => ReponseJure::Propose {
            dates: texte(&f.dates),
        },
        _ => {
            return Ok(Some(
                metier::Constat::saisie(
                    "reponse",
                    "Aucune réponse n’est choisie.",
                    "Choisissez-en une, puis envoyez.",
                )
                .into(),
            ));
        }
    };
    let repondre = |retenir| {
        Action::Sollicitation(sollicitations::Action::Repondre {
            numero,
            reponse: reponse.clone(),
            voie: Voie::Lien,
            retenir,
        })
    };
    let nom = &x.membre.nom;
    let mut refus = executer(etat, l, &id, nom, repondre(true)).await?;
    // Une règle s'oppose à ce qu'il entre au jury sans qu'une personne tranche : sa réponse est notée tout de même.
    if refus
        .as_ref()
        .is_some_and(|r| r.constats.iter().all(|c| c.champ.is_none()))
    {
        refus = executer(etat, l, &id, nom, repondre(false)).await?;
    }
    if refus.is_none() {
        courriel::consommer(&etat.base, &l.centre, &l.id, etat.horloge.secondes()).await?;
    }
    Ok(refus)
}

async fn accuser(etat: &Etat, l: &LienLu) -> Result<Option<Refus>, Erreur> {
    let (id, s) = session(etat, l).await?;
    let (destinataire, document, _) = convocation(&s, l)?;
    let nom = s
        .nom_destinataire(&destinataire)
        .map_err(|_| Erreur::Introuvable)?;
    let envoi = s
        .convocations
        .de(&destinataire)
        .and_then(|c| c.envoi.as_ref());
    let action = Action::Convocation(convocations::Action::Accuser {
        adresse: envoi.map(|(_, a)| a.clone()).unwrap_or_default(),
        destinataire,
        piece: document.piece,
    });
    executer(etat, l, &id, &nom, action).await
}

/// GET /liens/{jeton}/document : la convocation figée, tant que le lien vaut.
async fn servir(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Path(jeton): Path<String>,
) -> Reponse {
    let l = lire(&etat, &visiteur, &jeton).await?;
    if l.lien.genre != "convocation" || pourquoi_fini(&etat, &l).is_some() {
        return Err(Erreur::Introuvable);
    }
    let (id, s) = session(&etat, &l).await?;
    let (_, document, _) = convocation(&s, &l)?;
    let piece = stockage::piece(&etat.base, &l.centre, &id, &document.piece)
        .await?
        .ok_or(Erreur::Introuvable)?;
    let mut r = piece.octets.ok_or(Erreur::Introuvable)?.into_response();
    let pdf = HeaderValue::from_static(crate::edition::PDF);
    r.headers_mut().insert(header::CONTENT_TYPE, pdf);
    r.headers_mut().insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("inline; filename=\"convocation.pdf\""),
    );
    Ok(r)
}
