//! La liste des sessions, et la création d'une session.

mod emporter;
mod visee;

use crate::acces::Acces;
use crate::cadre::{Cadre, ConstatMontre, encoder, rediriger_fait, rendre, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire, nouvel_identifiant};
use crate::reponses::{get, post};
use crate::routes::{DroitCentre, Nature, Route};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use metier::equipe::{self, Intervenant, Poste};
use metier::programme::{self, NatureSalle, Programme, Salle, Site, TypeSession};
use metier::{Acte, Action, Contexte, Refus, Role, SessionId, Voisinage, temps};
use serde::Deserialize;
use stockage::{Creation, Filtre, sites, titres, vues};

/// Places d'une salle dont la capacité n'est pas saisie.
const CAPACITE_INCONNUE: u32 = 12;

/// Les routes de la liste.
pub fn routes() -> Vec<Route> {
    let organiser = Nature::Centre(DroitCentre::Organiser);
    vec![
        Route::lire("/sessions", Nature::Connectee, get(lister)),
        Route::ecrire("/sessions", organiser, post(creer)),
        Route::lire("/sessions/nouvelle", organiser, get(nouvelle)),
        Route::lire(
            "/sessions/emporter/{format}",
            Nature::Connectee,
            get(emporter::liste),
        ),
    ]
}

#[derive(Template)]
#[template(path = "sessions/liste.html")]
struct Liste {
    cadre: Cadre,
    resume: String,
    peut_creer: bool,
    q: String,
    etat: String,
    etats: Vec<(&'static str, &'static str)>,
    filtre: bool,
    sessions: Vec<LigneMontree>,
    suivante: Option<String>,
    /// Ce qui est cherché, pour l'emporter : « ?q=…&etat=… ».
    recherche: String,
}

struct LigneMontree {
    id: String,
    intitule: String,
    libelle_type: String,
    dates: String,
    distance: String,
    site: String,
    responsable: String,
    candidats: u32,
    numero_ceres: String,
    annulee: bool,
}

/// Ce qu'on cherche.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Demande {
    q: String,
    etat: String,
    apres: Option<String>,
}

impl Demande {
    /// Les sessions que cette personne peut voir, parmi celles qu'elle cherche.
    fn filtre(&self, a: &Acces) -> Filtre {
        Filtre {
            texte: self.q.chars().take(100).collect(),
            etat: vues::Etat::depuis_code(&self.etat),
            personne: (!a.voit_tout()).then(|| a.personne.clone()),
            jour: a.etat.horloge.jour().to_string(),
            apres: self.apres.clone(),
            ..Filtre::default()
        }
    }
    /// La même recherche, depuis son début.
    fn recherche(&self, texte: &str) -> String {
        format!("?q={}&etat={}", encoder(texte), encoder(&self.etat))
    }
}

/// GET /sessions
pub async fn lister(a: Acces, Query(q): Query<Demande>) -> Reponse {
    let jour = a.etat.horloge.jour();
    let filtre = q.filtre(&a);
    let (texte, etat) = (filtre.texte.clone(), filtre.etat);
    let page = vues::sessions(&a.etat.base, &a.centre, &filtre).await?;
    let sessions: Vec<_> = page
        .sessions
        .into_iter()
        .map(|s| {
            let (debut, fin) = (
                temps::lire_date(&s.ligne.debut),
                temps::lire_date(&s.ligne.fin),
            );
            LigneMontree {
                dates: debut
                    .zip(fin)
                    .map(|(d, f)| temps::periode(d, f))
                    .unwrap_or_default(),
                distance: debut
                    .zip(fin)
                    .map(|(d, f)| {
                        if d <= jour && jour <= f {
                            "en cours".into()
                        } else {
                            temps::distance(jour, d)
                        }
                    })
                    .unwrap_or_default(),
                id: s.session.to_string(),
                intitule: s.ligne.intitule,
                libelle_type: s.ligne.libelle_type,
                site: s.ligne.site,
                responsable: s.ligne.responsable,
                candidats: s.ligne.candidats,
                numero_ceres: s.ligne.numero_ceres,
                annulee: s.ligne.annulee,
            }
        })
        .collect();
    Ok(rendre(&Liste {
        cadre: Cadre::connecte("Sessions", "/sessions", &a),
        resume: if a.voit_tout() {
            "Toutes les sessions du centre, la plus lointaine d’abord.".into()
        } else {
            "Les sessions dont vous avez la charge, la plus lointaine d’abord.".into()
        },
        peut_creer: a.peut_creer(),
        filtre: !texte.is_empty() || etat.is_some() || q.apres.is_some(),
        suivante: page
            .suivante
            .map(|c| format!("/sessions{}&apres={}", q.recherche(&texte), encoder(&c))),
        recherche: q.recherche(&texte),
        q: texte,
        etat: q.etat,
        etats: vec![
            ("", "Toutes"),
            ("a_venir", "À venir"),
            ("en_cours", "En cours"),
            ("passee", "Passées"),
            ("annulee", "Annulées"),
        ],
        sessions,
    }))
}

#[derive(Template)]
#[template(path = "sessions/nouvelle.html")]
struct Nouvelle {
    cadre: Cadre,
    erreurs: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
    acte: String,
    saisie: Saisie,
    types: Vec<(&'static str, &'static str)>,
    etape: visee::Etape,
    a_completer: bool,
    titres: Vec<(String, String)>,
    sites: Vec<(String, String)>,
    motif_demande: bool,
}

/// La saisie d'une session.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Saisie {
    #[serde(flatten)]
    communs: ChampsCommuns,
    type_session: String,
    titre: String,
    certificats: Vec<String>,
    ccs: String,
    /// « ccp-TP-01280m04 » : la seconde étape que la page a montrée.
    etape: String,
    site: String,
    debut: String,
    fin: String,
    numero_ceres: String,
    #[serde(skip)]
    motif: String,
}

/// GET /sessions/nouvelle
pub async fn nouvelle(a: Acces) -> Reponse {
    formulaire(
        &a,
        StatusCode::OK,
        Saisie {
            type_session: "titre".into(),
            ..Saisie::default()
        },
        ErreursFormulaire::default(),
        None,
    )
    .await
}

/// POST /sessions
pub async fn creer(a: Acces, Formulaire(f): Formulaire<Saisie>) -> Reponse {
    let programme = match lire(&a, &f).await? {
        Lue::Programme(p) => p,
        Lue::Fautive(erreurs) => {
            return formulaire(&a, StatusCode::UNPROCESSABLE_ENTITY, f, erreurs, None).await;
        }
        Lue::ACompleter => {
            let sans_faute = ErreursFormulaire::default();
            return formulaire(&a, StatusCode::OK, f, sans_faute, None).await;
        }
    };
    match creer_session(&a, &f.communs, *programme).await? {
        Ok(id) => Ok(rediriger_fait(
            &format!("/sessions/{id}"),
            "La session est créée. La check-list dit la suite.",
        )),
        Err(r) => {
            formulaire(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                f,
                ErreursFormulaire::du_refus(&r),
                Some(&r),
            )
            .await
        }
    }
}

/// Crée la session ; le responsable qui crée la sienne en est nommé responsable.
async fn creer_session(
    a: &Acces,
    communs: &ChampsCommuns,
    programme: Programme,
) -> Result<Result<SessionId, Refus>, Erreur> {
    let id: SessionId = nouvel_identifiant();
    let role = [Role::Administrateur, Role::Secretariat, Role::Responsable]
        .into_iter()
        .find(|r| a.roles.contains(r))
        .ok_or(Erreur::Introuvable)?;
    let voisinage = Voisinage {
        cadre: stockage::parametres::cadre(
            &a.etat.base,
            &a.centre,
            &programme.site.id,
            &programme.referentiel.cle,
            a.etat.horloge.jour(),
        )
        .await?,
        ..Voisinage::VIDE
    };
    let ctx = Contexte {
        acteur: a.acteur(role),
        realise_par: a.personne.clone(),
        maintenant: a.etat.horloge.maintenant(),
        motif: Some(communs.motif.clone()).filter(|m| !m.trim().is_empty()),
        vu_au_rang: None,
        voisinage: &voisinage,
    };
    let creation = stockage::creer(
        &a.etat.base,
        &a.centre,
        &id,
        communs.acte(),
        &Action::Programme(programme::Action::Creer(programme)),
        &ctx,
    )
    .await?;
    match creation {
        Creation::Refusee(r) => Ok(Err(r)),
        Creation::DejaCreee(id) => Ok(Ok(id)),
        Creation::Creee(..) => {
            if a.roles.contains(&Role::Responsable) {
                let personne = Intervenant {
                    id: a.personne.clone(),
                    nom: a.nom.clone(),
                    fonction: a.fonction.clone(),
                    courriel: Some(a.courriel.clone()),
                };
                let nommer = Action::Equipe(equipe::Action::Nommer {
                    poste: Poste::Responsable,
                    personne,
                });
                stockage::executer(
                    &a.etat.base,
                    &a.centre,
                    &id,
                    nouvel_identifiant(),
                    &nommer,
                    &ctx,
                )
                .await?;
            }
            Ok(Ok(id))
        }
    }
}

/// Ce que dit la saisie d'une session.
enum Lue {
    Programme(Box<Programme>),
    Fautive(ErreursFormulaire),
    /// Rien de faux, mais il reste à dire les CCP ou le CCS visés.
    ACompleter,
}

async fn lire(a: &Acces, f: &Saisie) -> Result<Lue, Erreur> {
    let mut e = ErreursFormulaire::default();
    let type_session = TypeSession::depuis_code(&f.type_session);
    if type_session.is_none() {
        e.ajouter("type_session", "Choisissez le type de session.");
    }
    let referentiel = titres::titre(&a.etat.base, &a.centre, &f.titre).await?;
    if referentiel.is_none() {
        e.ajouter("titre", "Choisissez un titre de la liste.");
    }
    let site = lire_site(a, &f.site).await?;
    if site.is_none() {
        e.ajouter("site", "Choisissez un site de la liste.");
    }
    let (debut, fin) = (temps::lire_date(&f.debut), temps::lire_date(&f.fin));
    if debut.is_none() {
        e.ajouter(
            "debut",
            "Cette date n’existe pas au calendrier. Écrivez-la sous la forme 15/12/2026.",
        );
    }
    if fin.is_none() {
        e.ajouter(
            "fin",
            "Cette date n’existe pas au calendrier. Écrivez-la sous la forme 17/12/2026.",
        );
    }
    let ceres = f.numero_ceres.trim();
    if ceres.chars().count() > 40 {
        e.ajouter("numero_ceres", "Le numéro de session CERES compte 40 caractères au plus. Recopiez-le tel que CERES l’affiche.");
    }
    let (Some(type_session), Some(referentiel), Some(site), Some(debut), Some(fin), true) =
        (type_session, referentiel, site, debut, fin, e.est_vide())
    else {
        return Ok(Lue::Fautive(e));
    };
    if visee::reste_a_dire(f, type_session, &referentiel.cle) {
        return Ok(Lue::ACompleter);
    }
    Ok(Lue::Programme(Box::new(Programme {
        type_session,
        certificats: visee::certificats(f, type_session),
        referentiel: Box::new(referentiel),
        site,
        debut,
        fin,
        numero_ceres: Some(ceres.to_owned()).filter(|c| !c.is_empty()),
        modele_taches: "taches-2016".into(),
        annulee: None,
    })))
}

async fn formulaire(
    a: &Acces,
    statut: StatusCode,
    mut saisie: Saisie,
    erreurs: ErreursFormulaire,
    refus: Option<&Refus>,
) -> Reponse {
    saisie.motif = saisie.communs.motif.clone();
    let referentiels = titres::titres(&a.etat.base, &a.centre).await?;
    let choisi = referentiels.iter().find(|t| t.cle == saisie.titre);
    let etape = visee::Etape::pour(&saisie, choisi);
    let titres = referentiels
        .iter()
        .map(|t| {
            (
                t.cle.clone(),
                format!(
                    "{}{}",
                    t.designation(),
                    if t.est_confirme() {
                        ""
                    } else {
                        " – à vérifier au RE"
                    }
                ),
            )
        })
        .collect();
    Ok(rendre_statut(
        statut,
        &Nouvelle {
            cadre: Cadre::connecte("Créer une session", "/sessions", a),
            constats: refus
                .map(|r| ConstatMontre::du_refus(r, ""))
                .unwrap_or_default(),
            motif_demande: refus.is_some_and(Refus::demande_motif) || !saisie.motif.is_empty(),
            acte: nouvel_identifiant::<Acte>().to_string(),
            types: TypeSession::TOUS
                .into_iter()
                .map(|t| (t.code(), t.libelle()))
                .collect(),
            titres,
            sites: sites_proposes(a).await?,
            a_completer: statut == StatusCode::OK && !etape.quoi.is_empty(),
            etape,
            erreurs,
            saisie,
        },
    ))
}

/// Les sites actifs du centre, pour un choix.
pub async fn sites_proposes(a: &Acces) -> Result<Vec<(String, String)>, Erreur> {
    Ok(sites::sites(&a.etat.base, &a.centre)
        .await?
        .into_iter()
        .filter(|s| s.fiche.actif)
        .map(|s| {
            (
                s.id.to_string(),
                format!("{}, {}", s.fiche.nom, s.adresse_complete()),
            )
        })
        .collect())
}

/// Le site choisi, tel que la session le figera.
pub async fn lire_site(a: &Acces, id: &str) -> Result<Option<Site>, Erreur> {
    let Ok(id) = id.parse() else { return Ok(None) };
    let Some(s) = sites::site(&a.etat.base, &a.centre, &id).await? else {
        return Ok(None);
    };
    let salles = sites::salles(&a.etat.base, &a.centre, Some(&id))
        .await?
        .into_iter()
        .filter(|x| x.fiche.actif)
        .map(|x| Salle {
            nom: x.fiche.nom.clone(),
            nature: NatureSalle::depuis_code(x.fiche.nature.code()).unwrap_or(NatureSalle::Salle),
            capacite: x.fiche.capacite.unwrap_or(CAPACITE_INCONNUE),
            accessible: x.fiche.accessible,
        })
        .collect();
    Ok(Some(Site {
        id: s.id.clone(),
        nom: s.fiche.nom.clone(),
        adresse: s.adresse_complete(),
        salles,
    }))
}
