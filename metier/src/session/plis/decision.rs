//! Ce qui est permis à un pli : l'étape d'après et elle seule, par qui, devant qui, quel jour.

use super::{Action, Etape, Evenement, PLIS_MAX, Passage, Pli};
use crate::contexte::{Constat, Contexte, Force, Refus};
use crate::session::equipe::Poste;
use crate::session::incidents::{self, Genre, Gravite, Signalement};
use crate::session::{
    Session, apres, exiger_texte, motif, nom_realisant, realisant_est, verifier_survenu,
};
use crate::{Evenement as E, temps};
use jiff::civil::DateTime;

/// Décide ; un constat grave ajoute un incident aux événements du pli.
pub(in crate::session) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<E>, Refus> {
    s.programme()?;
    match action {
        Action::Commander {
            id,
            sorte,
            libelle,
            survenu,
        } => {
            verifier_survenu(ctx, *survenu)?;
            exiger_texte("libelle", "Le nom du pli", libelle, 80)?;
            if s.plis.liste.len() >= PLIS_MAX {
                return Err(Constat::geste(
                    "PLI-01",
                    format!("La session compte déjà {PLIS_MAX} plis."),
                    "Vérifiez la liste : un pli commandé deux fois se garde une fois.",
                )
                .into());
            }
            if s.plis.pli(id).is_some() {
                return Ok(vec![]);
            }
            if s.plis
                .liste
                .iter()
                .any(|p| p.libelle == libelle.trim() && !p.est_ecarte(s))
            {
                return Err(Constat::saisie(
                    "libelle",
                    format!("Un pli s’appelle déjà « {} ».", libelle.trim()),
                    "Donnez-lui un autre nom, par exemple le numéro de l’enveloppe.",
                )
                .into());
            }
            Ok(vec![E::Pli(Evenement::Commande {
                pli: id.clone(),
                sorte: *sorte,
                libelle: libelle.trim().into(),
                survenu: *survenu,
                par: nom_realisant(s, ctx),
            })])
        }
        Action::Franchir {
            pli,
            passage,
            survenu,
        } => {
            let p = s.plis.pli(pli).ok_or_else(|| {
                Refus::from(Constat::geste(
                    "PLI-02",
                    "Ce pli n’est pas de cette session.",
                    "Revenez à la page Plis.",
                ))
            })?;
            franchir(s, p, passage, *survenu, ctx)
        }
    }
}

fn franchir(
    s: &Session,
    p: &Pli,
    passage: &Passage,
    survenu: DateTime,
    ctx: &Contexte,
) -> Result<Vec<E>, Refus> {
    verifier_ordre(s, p, passage.etape())?;
    verifier_survenu(ctx, survenu)?;
    if let Some(f) = p.etapes.last() {
        apres(survenu, f.survenu, "l’étape précédente")?;
    }
    if s.equipe
        .a(Poste::Formateur)
        .any(|i| i.id == ctx.realise_par)
    {
        return Err(Constat::geste(
            "PLI-05",
            "Un formateur des candidats n’a pas accès aux plis.",
            "Le geste revient au responsable, au suppléant ou à une personne qui n’a pas formé les candidats.",
        )
        .into());
    }
    let programme = s.programme()?;
    let mut temoin_nom = None;
    let mut raison = None;
    let mut grave = None;
    match passage {
        Passage::Recevoir {
            scelles_intacts,
            nombre,
            reference,
            version,
        } => {
            exiger_texte("reference", "La référence du DTE", reference, 60)?;
            exiger_texte("version", "La version du DTE", version, 60)?;
            exiger_nombre(*nombre)?;
            if !scelles_intacts {
                grave = Some((
                    Genre::ScelleRompu,
                    format!(
                        "À la réception, le pli « {} » a ses scellés rompus.",
                        p.libelle
                    ),
                ));
            }
        }
        Passage::MettreAuCoffre | Passage::Lire | Passage::Ouvrir => {}
        Passage::Sortir => {
            if survenu.date() < programme.debut {
                return Err(Constat::geste(
                    "PLI-06",
                    format!(
                        "Les plis d’épreuves ne sortent du coffre que le premier jour, {}.",
                        temps::date_longue(programme.debut)
                    ),
                    "Laissez-le au coffre : seul le pli « organisation » se lit avant.",
                )
                .into());
            }
        }
        Passage::Constater {
            temoin,
            scelles_intacts,
        } => {
            temoin_nom = Some(verifier_temoin(s, temoin, survenu)?);
            if survenu.date() != programme.debut {
                raison = Some(motif_de(
                    "R66",
                    ctx,
                    "Le constat des scellés se fait le premier jour de la session.",
                )?);
            }
            if !scelles_intacts {
                grave = Some((
                    Genre::ScelleRompu,
                    format!(
                        "Avant l’ouverture, devant {}, le pli « {} » a ses scellés rompus.",
                        temoin_nom.as_deref().unwrap_or("un candidat"),
                        p.libelle
                    ),
                ));
            }
        }
        Passage::Controler {
            seul,
            conforme,
            ecart,
        } => {
            if !seul
                || !(realisant_est(s, ctx, Poste::Responsable)
                    || realisant_est(s, ctx, Poste::Suppleant))
            {
                return Err(Constat::geste(
                    "R67",
                    "Le contenu d’un pli se contrôle par le responsable de session, seul.",
                    "Le responsable (ou son suppléant) le contrôle, puis coche « J’étais seul ».",
                )
                .into());
            }
            if !conforme {
                exiger_texte("ecart", "L’écart constaté", ecart, 500)?;
                grave = Some((
                    Genre::ContenuNonConforme,
                    format!(
                        "Le contenu du pli « {} » n’est pas conforme au référentiel : {}.",
                        p.libelle,
                        ecart.trim().trim_end_matches('.')
                    ),
                ));
            }
        }
        Passage::Distribuer { nombre } => exiger_nombre(*nombre)?,
        Passage::Reprendre { nombre } => {
            if *nombre > p.distribues {
                return Err(Constat::saisie(
                    "nombre",
                    format!(
                        "{nombre} exemplaires repris pour {} distribués.",
                        p.distribues
                    ),
                    "Comptez de nouveau.",
                )
                .into());
            }
            if *nombre < p.distribues {
                raison = Some(motif_de(
                    "PLI-07",
                    ctx,
                    &format!(
                        "Il manque {} exemplaire(s) : {nombre} repris pour {} distribués.",
                        p.distribues - nombre,
                        p.distribues
                    ),
                )?);
            }
        }
        Passage::Detruire {
            nombre,
            procede,
            temoin,
        } => {
            exiger_nombre(*nombre)?;
            exiger_texte("procede", "Le procédé", procede, 120)?;
            exiger_texte("temoin", "Le nom du témoin", temoin, 120)?;
            if survenu.date() < programme.fin {
                return Err(Constat::geste(
                    "PLI-08",
                    format!(
                        "Les sujets se détruisent une fois la session finie, {}.",
                        temps::date_longue(programme.fin)
                    ),
                    "Gardez-les au coffre jusque-là.",
                )
                .into());
            }
            if temoin.trim() == nom_realisant(s, ctx) {
                return Err(Constat::saisie(
                    "temoin",
                    "La personne qui détruit ne peut pas être son propre témoin.",
                    "Nommez une autre personne présente.",
                )
                .into());
            }
        }
    }
    let mut e = vec![E::Pli(Evenement::Franchi {
        pli: p.id.clone(),
        libelle: p.libelle.clone(),
        passage: passage.clone(),
        survenu,
        par: nom_realisant(s, ctx),
        temoin: temoin_nom.clone(),
        motif: raison.or_else(|| ctx.motif_ecrit().map(str::to_owned)),
    })];
    if let Some((genre, faits)) = grave {
        let signalement = Signalement {
            genre,
            gravite: Gravite::Majeur,
            faits,
            personnes: nom_realisant(s, ctx),
            temoins: temoin_nom.into_iter().collect(),
            mesure: "Distribution arrêtée, pli tenu à part, administration à informer".into(),
            pli: Some(p.id.clone()),
            candidat: None,
            survenu,
        };
        e.push(E::Incident(incidents::signaler(s, &signalement, ctx)?));
    }
    Ok(e)
}

/// L'étape demandée est-elle la seule permise ?
fn verifier_ordre(s: &Session, p: &Pli, etape: Etape) -> Result<(), Refus> {
    if p.prochaine(s) == Some(etape) {
        return Ok(());
    }
    if p.est_ecarte(s) {
        return Err(Constat::geste(
            "PLI-04",
            format!(
                "Le pli « {} » a été écarté par l’administration.",
                p.libelle
            ),
            "Commandez un pli de remplacement ; celui-ci ne peut plus qu’être détruit.",
        )
        .into());
    }
    if let Some(n) = p.arrete_par(s) {
        return Err(Constat {
            page: Some("incidents".into()),
            ..Constat::geste(
                "R68",
                format!(
                    "Le pli « {} » est arrêté par l’incident n° {n} : rien ne se distribue avant la décision de l’administration.",
                    p.libelle
                ),
                "Informez-la, puis notez sa décision à la page Incidents.",
            )
        }
        .into());
    }
    Err(Constat::geste(
        "PLI-03",
        format!(
            "Le pli « {} » est à l’étape « {} » : il ne peut pas passer à « {} ».",
            p.libelle,
            p.etape().libelle(),
            etape.libelle()
        ),
        match p.etape().suivante(p.sorte) {
            Some(x) => format!(
                "L’étape suivante est « {} » : la garde ne saute ni ne recule.",
                x.libelle()
            ),
            None => "La garde de ce pli est finie.".into(),
        },
    )
    .into())
}

/// Le témoin est un candidat inscrit à cette session, noté présent ce jour-là.
fn verifier_temoin(
    s: &Session,
    temoin: &crate::CandidatId,
    survenu: DateTime,
) -> Result<String, Refus> {
    let Some(c) = s.inscrits().find(|c| c.id == *temoin) else {
        return Err(Constat::saisie(
            "temoin",
            "Les scellés se constatent devant un candidat inscrit à cette session : aucun n’est désigné.",
            "Choisissez le candidat témoin dans la liste.",
        )
        .into());
    };
    if !s.jour.est_present(temoin, survenu.date()) {
        return Err(Constat {
            champ: Some("temoin".into()),
            page: Some("jour".into()),
            ..Constat::geste(
                "R69",
                format!(
                    "{} n’est pas noté présent {} : il ne peut pas être témoin.",
                    c.fiche.nom_complet(),
                    temps::date_longue(survenu.date())
                ),
                "Notez d’abord sa présence à la page Jour J, ou choisissez un autre témoin.",
            )
        }
        .into());
    }
    Ok(c.fiche.nom_complet())
}

fn exiger_nombre(n: u32) -> Result<(), Refus> {
    if (1..=10_000).contains(&n) {
        return Ok(());
    }
    Err(Constat::saisie(
        "nombre",
        "Le nombre manque ou n’est pas vraisemblable.",
        "Comptez, puis écrivez le nombre en chiffres.",
    )
    .into())
}

/// Le motif écrit, ou un refus qui le demande en citant la règle.
fn motif_de(code: &str, ctx: &Contexte, phrase: &str) -> Result<String, Refus> {
    if ctx.motif_ecrit().is_some() {
        return motif(ctx);
    }
    Err(Constat {
        code: code.into(),
        force: Force::Derogeable,
        ..Constat::saisie(
            "motif",
            phrase,
            "Dites pourquoi en motif : il restera au journal.",
        )
    }
    .into())
}
