//! Le parcours d'un candidat : peut-il se présenter, par où il vient, ce qu'il a déjà passé.

use super::{date_facultative, dossiers, trouver};
use crate::acces::AccesSession;
use crate::cadre::{Cadre, ConstatMontre, rediriger_fait, rendre_statut};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ErreursFormulaire, formulaire_abime};
use crate::pages::session::geste::{Champs, Suite, acte};
use crate::pages::session::tete::TeteSession;
use crate::pages::session::{modifiable, titre};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use metier::candidats::{Candidat, Voie};
use metier::deliberation::Issue;
use metier::parcours::{self, Antecedent, Parcours, Recevabilite, Situation, Source, TitreDetenu};
use metier::programme::TypeSession;
use metier::{Action, Nature, Refus, reglement};
use std::collections::{BTreeSet, HashMap};

#[derive(Template)]
#[template(path = "session/candidats_parcours.html")]
struct Page {
    cadre: Cadre,
    tete: TeteSession,
    erreurs: ErreursFormulaire,
    suite: Suite,
    modifiable: bool,
    confie: bool,
    id: String,
    nom: String,
    verdict: &'static str,
    ton: &'static str,
    constats: Vec<ConstatMontre>,
    regles: Vec<(&'static str, &'static str, &'static str)>,
    saisie: Champs,
    corrige: bool,
    est_formation: bool,
    est_vae: bool,
    est_ccs: bool,
    situations: Vec<(&'static str, &'static str)>,
    types: Vec<(&'static str, &'static str)>,
    issues: Vec<(&'static str, &'static str)>,
    certificats: Vec<(String, String, bool)>,
    organismes: Vec<String>,
    acquis: Vec<String>,
    antecedents: Vec<Montre>,
    /// Les sessions du centre auxquelles on l'a relié et dont le résultat n'est pas encore repris.
    a_reprendre: Vec<String>,
    personne: String,
}

impl Page {
    fn acte(&self) -> String {
        acte()
    }
}

struct Montre {
    numero: u32,
    libelle: String,
    titre: String,
    source: String,
    lien: String,
    otable: bool,
}

/// GET /sessions/{session}/candidats/{candidat}/parcours
pub(super) async fn montrer(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
) -> Reponse {
    let c = trouver(&a, &chemin)?;
    page(
        &a,
        StatusCode::OK,
        &c,
        None,
        ErreursFormulaire::default(),
        None,
    )
    .await
}

/// POST /sessions/{session}/candidats/{candidat}/parcours
pub(super) async fn agir(
    a: AccesSession,
    Path(chemin): Path<HashMap<String, String>>,
    champs: Champs,
) -> Reponse {
    let c = trouver(&a, &chemin)?;
    let id = c.id.clone();
    let nom = c.fiche.nom_complet();
    let lu = match champs.un("geste") {
        "noter" => lire(&champs).map(|parcours| {
            (
                parcours::Action::Noter { id, parcours },
                format!("Le parcours de {nom} est noté."),
            )
        }),
        "ajouter" => lire_antecedent(&a, &champs).map(|antecedent| {
            (
                parcours::Action::AjouterAntecedent { id, antecedent },
                format!("Le résultat passé de {nom} est noté."),
            )
        }),
        "oter" => Ok((
            parcours::Action::OterAntecedent {
                id,
                numero: champs.nombre("numero"),
            },
            "Ce résultat est ôté ; il reste lisible au journal.".to_owned(),
        )),
        "reprendre" => Ok((
            parcours::Action::Reprendre { id },
            format!("Les résultats passés de {nom} sont repris."),
        )),
        _ => return Err(formulaire_abime()),
    };
    let (geste, phrase) = match lu {
        Ok(g) => g,
        Err(fautes) => {
            return page(
                &a,
                StatusCode::UNPROCESSABLE_ENTITY,
                &c,
                Some(&champs),
                fautes,
                None,
            )
            .await;
        }
    };
    match a
        .executer(&champs.communs(), Action::Parcours(geste))
        .await?
    {
        Ok(d) => rediriger_fait(
            &format!("{}/candidats/{}/parcours", a.base(), c.id),
            if d.evenements.is_empty() {
                "C’était déjà noté : rien n’était à changer."
            } else {
                &phrase
            },
        ),
        Err(r) => {
            let a = a.relire().await?;
            let c = trouver(&a, &chemin)?;
            let fautes = ErreursFormulaire::du_refus(&r);
            let statut = if r.est_devance() {
                StatusCode::CONFLICT
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            page(&a, statut, &c, Some(&champs), fautes, Some(&r)).await
        }
    }
}

fn texte(c: &Champs, nom: &str) -> Option<String> {
    let t = c.un(nom).split_whitespace().collect::<Vec<_>>().join(" ");
    Some(t).filter(|t| !t.is_empty())
}

/// Le parcours écrit, ou ses fautes.
fn lire(c: &Champs) -> Result<Parcours, ErreursFormulaire> {
    let mut fautes = ErreursFormulaire::default();
    let formation_debut = date_facultative(c, "formation_debut", &mut fautes);
    let formation_nouvelle = date_facultative(c, "formation_nouvelle", &mut fautes);
    let notifiee_le = date_facultative(c, "recevabilite_le", &mut fautes);
    let obtenu_le = date_facultative(c, "titre_detenu_le", &mut fautes);
    let situation = Situation::depuis_code(c.un("situation"));
    if situation.is_none() && !c.un("situation").is_empty() {
        fautes.ajouter("situation", "Choisissez une situation dans la liste.");
    }
    if !["", "oui", "non"].contains(&c.un("coherente")) {
        fautes.ajouter(
            "coherente",
            "Répondez par oui, par non, ou laissez à vérifier.",
        );
    }
    let type_session = TypeSession::depuis_code(c.un("recevabilite_type"));
    let reference = texte(c, "recevabilite_reference");
    if notifiee_le.is_some() && type_session.is_none() {
        fautes.ajouter(
            "recevabilite_type",
            "Le type de session manque. Choisissez celui que dit le courrier de recevabilité.",
        );
    }
    if notifiee_le.is_none()
        && fautes.pour("recevabilite_le").is_none()
        && (type_session.is_some() || reference.is_some())
    {
        fautes.ajouter(
            "recevabilite_le",
            "La date de notification manque. Recopiez-la du courrier de recevabilité.",
        );
    }
    let titre = texte(c, "titre_detenu");
    if titre.is_some() != obtenu_le.is_some() && fautes.pour("titre_detenu_le").is_none() {
        fautes.ajouter(
            if titre.is_some() {
                "titre_detenu_le"
            } else {
                "titre_detenu"
            },
            "Notez le titre détenu avec la date de son obtention, ou laissez les deux vides.",
        );
    }
    if !fautes.est_vide() {
        return Err(fautes);
    }
    Ok(Parcours {
        situation,
        formation_debut,
        formation_coherente: match c.un("coherente") {
            "oui" => Some(true),
            "non" => Some(false),
            _ => None,
        },
        formation_nouvelle,
        partenaire: texte(c, "partenaire"),
        recevabilite: notifiee_le
            .zip(type_session)
            .map(|(notifiee_le, type_session)| Recevabilite {
                notifiee_le,
                type_session,
                reference: reference.unwrap_or_default(),
            }),
        titre_detenu: titre
            .zip(obtenu_le)
            .map(|(intitule, obtenu_le)| TitreDetenu {
                intitule,
                obtenu_le,
            }),
        experience: c.coche("experience"),
    })
}

/// Le formulaire, tel que le parcours le remplit.
fn ecrire(p: &Parcours) -> Champs {
    let jour = |d: Option<jiff::civil::Date>| d.map(|d| d.to_string()).unwrap_or_default();
    let mut c: Vec<(String, String)> = vec![];
    let mut mettre = |n: &str, v: String| c.push((n.into(), v));
    mettre(
        "situation",
        p.situation.map_or("", Situation::code).to_owned(),
    );
    mettre("formation_debut", jour(p.formation_debut));
    mettre(
        "coherente",
        match p.formation_coherente {
            Some(true) => "oui",
            Some(false) => "non",
            None => "",
        }
        .to_owned(),
    );
    mettre("formation_nouvelle", jour(p.formation_nouvelle));
    mettre("partenaire", p.partenaire.clone().unwrap_or_default());
    if let Some(r) = &p.recevabilite {
        mettre("recevabilite_le", r.notifiee_le.to_string());
        mettre("recevabilite_type", r.type_session.code().to_owned());
        mettre("recevabilite_reference", r.reference.clone());
    }
    if let Some(t) = &p.titre_detenu {
        mettre("titre_detenu", t.intitule.clone());
        mettre("titre_detenu_le", t.obtenu_le.to_string());
    }
    if p.experience {
        mettre("experience", "oui".into());
    }
    Champs(c)
}

fn lire_antecedent(a: &AccesSession, c: &Champs) -> Result<Antecedent, ErreursFormulaire> {
    let mut fautes = ErreursFormulaire::default();
    let le = date_facultative(c, "antecedent_le", &mut fautes);
    let type_session = TypeSession::depuis_code(c.un("antecedent_type"));
    let issue = Issue::depuis_code(c.un("antecedent_issue"));
    if le.is_none() && fautes.pour("antecedent_le").is_none() {
        fautes.ajouter(
            "antecedent_le",
            "La date manque. Recopiez celle de la délibération, ou de l’absence.",
        );
    }
    if type_session.is_none() {
        fautes.ajouter("antecedent_type", "Choisissez le type de session.");
    }
    if issue.is_none() {
        fautes.ajouter("antecedent_issue", "Choisissez ce que le jury a décidé.");
    }
    let programme = a.session.programme.as_ref();
    match (le, type_session, issue, programme) {
        (Some(le), Some(type_session), Some(issue), Some(p)) if fautes.est_vide() => {
            Ok(Antecedent {
                numero: 0,
                titre: p.referentiel.cle.clone(),
                intitule: p.referentiel.intitule.clone(),
                type_session,
                le,
                issue,
                certificats: c
                    .tous("antecedent_certificats")
                    .map(str::to_owned)
                    .collect::<BTreeSet<_>>()
                    .into_iter()
                    .collect(),
                source: Source::Saisie(texte(c, "antecedent_source").unwrap_or_default()),
            })
        }
        _ => Err(fautes),
    }
}

async fn page(
    a: &AccesSession,
    statut: StatusCode,
    c: &Candidat,
    champs: Option<&Champs>,
    erreurs: ErreursFormulaire,
    refus: Option<&Refus>,
) -> Reponse {
    let s = &a.session;
    let p = s.programme.as_ref().ok_or(Erreur::Introuvable)?;
    let nom = c.fiche.nom_complet();
    let jugement = reglement::eligibilite(s, a.jour())
        .into_iter()
        .find(|(id, _)| *id == c.id)
        .map(|(_, x)| x)
        .unwrap_or_default();
    let (verdict, ton) = if c.retire.is_some() {
        ("Retiré de la session", "neutre")
    } else {
        dossiers::verdict(&jugement)
    };
    let note = ecrire(&c.parcours);
    // La saisie refusée d'un formulaire n'efface pas ce que l'autre montre.
    let saisie = match champs {
        Some(x) if x.un("geste") == "noter" => x.clone(),
        Some(x) => Champs([x.0.clone(), note.0].concat()),
        None => note,
    };
    let coches: BTreeSet<&str> = saisie.tous("antecedent_certificats").collect();
    let certificats = p
        .referentiel
        .ccps
        .iter()
        .map(|x| {
            (
                x.code.clone(),
                format!("{} – {}", x.code, x.intitule),
                coches.contains(x.code.as_str()),
            )
        })
        .collect();
    let (base, centre) = (&a.acces.etat.base, &a.acces.centre);
    let connus = stockage::candidats::anterieurs(base, centre, &a.id, &c.id).await?;
    let personne = stockage::candidats::inscription(base, centre, &a.id, &c.id)
        .await?
        .map(|i| i.cle().to_owned())
        .unwrap_or_default();
    let chemin = format!("{}/candidats/{}/parcours", a.base(), c.id);
    let suite = match (refus, champs) {
        (Some(r), Some(x)) if r.constats.iter().any(|c| c.champ.is_none()) => {
            Suite::du_refus(r, &a.base(), &chemin, x)
        }
        _ => Suite::default(),
    };
    let mut organismes: Vec<String> = s
        .conventions
        .iter()
        .map(|x| x.organisme.clone())
        .chain(s.inscrits().filter_map(|x| x.parcours.partenaire.clone()))
        .collect();
    organismes.sort();
    organismes.dedup();
    let constats = jugement
        .iter()
        .map(|x| ConstatMontre {
            lien: String::new(),
            ton: if x.manque {
                "information".into()
            } else {
                x.force.code().into()
            },
            ..ConstatMontre::new(x, &a.base())
        })
        .collect();
    rendre_statut(
        statut,
        &Page {
            cadre: Cadre::connecte(
                format!("Parcours de {nom} – {}", titre(s)),
                a.base(),
                &a.acces,
            ),
            tete: TeteSession::nouvelle(&a.id, s, a.jour(), "candidats"),
            erreurs: if suite.est_vide() {
                erreurs
            } else {
                ErreursFormulaire::default()
            },
            suite,
            modifiable: modifiable(a, Nature::Preparer) && c.retire.is_none(),
            confie: a.peut(Nature::Confier),
            id: c.id.to_string(),
            nom,
            verdict,
            ton,
            constats,
            regles: reglement::ELIGIBILITE
                .iter()
                .filter_map(|code| reglement::regle(code))
                .map(|r| (r.code, r.intitule, r.source))
                .collect(),
            saisie,
            corrige: c.parcours != Parcours::default(),
            est_formation: c.fiche.voie.is_none_or(Voie::est_formation),
            est_vae: c.fiche.voie == Some(Voie::Vae),
            est_ccs: p.type_session == TypeSession::Ccs,
            situations: Situation::TOUTES.map(|x| (x.code(), x.libelle())).to_vec(),
            types: TypeSession::TOUS.map(|x| (x.code(), x.libelle())).to_vec(),
            issues: Issue::TOUTES.map(|x| (x.code(), x.libelle())).to_vec(),
            certificats,
            organismes,
            acquis: c
                .ccps_acquis(&p.referentiel.cle)
                .into_iter()
                .map(str::to_owned)
                .collect(),
            antecedents: c.antecedents.iter().rev().map(antecedent).collect(),
            a_reprendre: connus
                .iter()
                .filter(|x| {
                    !c.antecedents
                        .iter()
                        .any(|n| n.source == x.source && n.issue == x.issue)
                })
                .map(|x| format!("{}, {}", x.libelle(), x.intitule))
                .collect(),
            personne,
        },
    )
}

fn antecedent(x: &Antecedent) -> Montre {
    let (source, lien, otable) = match &x.source {
        Source::Session(id) => (
            "session de ce centre".to_owned(),
            format!("/sessions/{id}"),
            x.certificats.is_empty(),
        ),
        Source::Saisie(t) => (t.clone(), String::new(), true),
    };
    Montre {
        numero: x.numero,
        libelle: x.libelle(),
        titre: format!("{} ({})", x.intitule, x.titre),
        source,
        lien,
        otable,
    }
}

#[cfg(test)]
mod essais {
    use super::*;
    use jiff::civil::date;

    fn champs(paires: &[(&str, &str)]) -> Champs {
        Champs(
            paires
                .iter()
                .map(|(n, v)| ((*n).into(), (*v).into()))
                .collect(),
        )
    }

    #[test]
    fn un_parcours_ecrit_se_relit_pareil() {
        let p = lire(&champs(&[
            ("situation", "repassage"),
            ("formation_debut", "2026-02-02"),
            ("coherente", "oui"),
            ("partenaire", " Organisme  Alpha "),
            ("recevabilite_le", "03/03/2026"),
            ("recevabilite_type", "titre"),
            ("titre_detenu", "Un titre"),
            ("titre_detenu_le", "2024-05-06"),
            ("experience", "oui"),
        ]))
        .unwrap();
        assert_eq!(p.partenaire.as_deref(), Some("Organisme Alpha"));
        assert_eq!(p.formation_debut, Some(date(2026, 2, 2)));
        assert_eq!(lire(&ecrire(&p)).unwrap(), p);
        assert_eq!(lire(&Champs::default()).unwrap(), Parcours::default());
    }

    #[test]
    fn une_recevabilite_ou_un_titre_a_moitie_ecrits_se_disent_au_champ() {
        let f = lire(&champs(&[
            ("recevabilite_le", "2026-03-03"),
            ("titre_detenu", "Un titre"),
            ("formation_debut", "31/02/2026"),
        ]))
        .unwrap_err();
        for champ in ["recevabilite_type", "titre_detenu_le", "formation_debut"] {
            assert!(f.pour(champ).is_some(), "{champ}");
        }
    }
}
