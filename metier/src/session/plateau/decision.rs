//! Ce qui est permis au plateau : des lignes sensées, comptées telles qu'elles sont.

use super::{Action, Affichage, Besoin, Evenement, LIGNES_MAX, Ligne};
use crate::contexte::{Constat, Contexte, Refus};
use crate::session::{Session, exiger_texte, motif, nom_realisant, verifier_survenu};

/// Plus grande quantité admise sur une ligne (limite de Garant, contre les fautes de frappe).
const QUANTITE_MAX: u32 = 10_000;

pub(in crate::session) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    s.programme()?;
    match action {
        Action::Prevoir { besoins, source } => prevoir(s, besoins, source.as_deref()),
        Action::Compter { comptes, survenu } => {
            verifier_survenu(ctx, *survenu)?;
            let mut neufs = vec![];
            for (n, combien) in comptes {
                let l = ligne(s, *n)?;
                exiger_quantite(&format!("compte-{n}"), *combien, 0)?;
                if l.compte.as_ref().map(|(c, _)| *c) != Some(*combien) {
                    neufs.push((*n, *combien));
                }
            }
            if neufs.is_empty() {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::Compte {
                comptes: neufs,
                survenu: *survenu,
                par: nom_realisant(s, ctx),
            }])
        }
        Action::Parer {
            numero,
            parade,
            survenu,
        } => {
            verifier_survenu(ctx, *survenu)?;
            let l = ligne(s, *numero)?;
            exiger_texte("parade", "La parade", parade, 400)?;
            if l.manque(s).is_none() {
                return Err(Constat::geste(
                    "PLT-03",
                    format!("Rien ne manque à « {} ».", l.besoin.libelle),
                    "Comptez de nouveau si le nombre a changé.",
                )
                .into());
            }
            Ok(vec![Evenement::Pare {
                numero: *numero,
                libelle: l.besoin.libelle.clone(),
                parade: parade.trim().into(),
                survenu: *survenu,
                par: nom_realisant(s, ctx),
            }])
        }
        Action::Oter { numero } => {
            let l = ligne(s, *numero)?;
            Ok(vec![Evenement::Ote {
                numero: *numero,
                libelle: l.besoin.libelle.clone(),
                motif: motif(ctx)?,
            }])
        }
        Action::Reserver { salle, survenu } => {
            verifier_survenu(ctx, *survenu)?;
            exiger_salle(s, salle)?;
            if s.plateau.reserves.contains_key(salle) {
                return Ok(vec![]);
            }
            Ok(vec![Evenement::Reserve {
                salle: salle.clone(),
                survenu: *survenu,
                par: nom_realisant(s, ctx),
            }])
        }
        Action::Afficher {
            quoi,
            salles,
            survenu,
        } => {
            verifier_survenu(ctx, *survenu)?;
            afficher(s, *quoi, salles, *survenu, ctx)
        }
    }
}

fn afficher(
    s: &Session,
    quoi: Affichage,
    salles: &[String],
    survenu: jiff::civil::DateTime,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    if salles.is_empty() {
        return Err(Constat::saisie(
            "salles",
            "Aucune salle n’est cochée.",
            "Cochez les salles où vous l’avez constaté.",
        )
        .into());
    }
    let mut neuves = vec![];
    for x in salles {
        exiger_salle(s, x)?;
        if !s.plateau.affichages.contains_key(&(quoi, x.clone())) {
            neuves.push(x.clone());
        }
    }
    if neuves.is_empty() {
        return Ok(vec![]);
    }
    Ok(vec![Evenement::Affiche {
        affichage: quoi,
        salles: neuves,
        survenu,
        par: nom_realisant(s, ctx),
    }])
}

fn prevoir(s: &Session, besoins: &[Besoin], source: Option<&str>) -> Result<Vec<Evenement>, Refus> {
    let mut neufs: Vec<Besoin> = vec![];
    for b in besoins {
        exiger_texte("libelle", "Le besoin", &b.libelle, 120)?;
        exiger_quantite("quantite", b.quantite, 1)?;
        if !b.lieu.is_empty() {
            exiger_salle(s, &b.lieu)?;
        }
        let b = Besoin {
            libelle: b.libelle.trim().into(),
            ..b.clone()
        };
        let connu = s.plateau.inventaire().any(|l| l.besoin.est_le_meme(&b));
        if connu && besoins.len() == 1 {
            return Err(Constat::saisie(
                "libelle",
                format!("« {} » est déjà à l’inventaire de ce lieu.", b.libelle),
                "Comptez cette ligne, ou ôtez-la si sa quantité est fausse.",
            )
            .into());
        }
        if !connu && !neufs.iter().any(|n| n.est_le_meme(&b)) {
            neufs.push(b);
        }
    }
    if s.plateau.inventaire().count() + neufs.len() > LIGNES_MAX {
        return Err(Constat::geste(
            "PLT-01",
            format!("L’inventaire dépasserait {LIGNES_MAX} lignes."),
            "Regroupez les petits outillages en une ligne.",
        )
        .into());
    }
    if neufs.is_empty() {
        return Ok(vec![]);
    }
    Ok(vec![Evenement::Prevu {
        premier: s.plateau.lignes.len() as u32 + 1,
        besoins: neufs,
        source: source.map(str::to_owned),
    }])
}

fn ligne(s: &Session, numero: u32) -> Result<&Ligne, Refus> {
    s.plateau.ligne(numero).ok_or_else(|| {
        Constat::geste(
            "PLT-02",
            "Cette ligne n’est plus à l’inventaire.",
            "Rechargez la page Plateau.",
        )
        .into()
    })
}

fn exiger_salle(s: &Session, salle: &str) -> Result<(), Refus> {
    if s.programme()?.site.salles.iter().any(|x| x.nom == salle) {
        return Ok(());
    }
    Err(Constat::saisie(
        "lieu",
        format!("« {salle} » n’est pas une salle de ce site."),
        "Choisissez une salle de la liste.",
    )
    .into())
}

fn exiger_quantite(champ: &str, n: u32, min: u32) -> Result<(), Refus> {
    if (min..=QUANTITE_MAX).contains(&n) {
        return Ok(());
    }
    Err(Constat::saisie(
        champ,
        "Le nombre manque ou n’est pas vraisemblable.",
        format!("Écrivez un nombre entre {min} et {QUANTITE_MAX}."),
    )
    .into())
}
