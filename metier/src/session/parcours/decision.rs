//! Juger d'un geste sur un parcours : ce qui est écrit est plausible, sourcé, et n'ôte rien d'acquis sans motif.

use super::super::candidats::{Candidat, ressemble_a_un_nir};
use super::super::jour::Piece;
use super::super::{Session, borner_texte, exiger_texte, motif};
use super::{
    Action, Amenagement, Antecedent, Convention, EtatAmenagement, Evenement, MAJORATION_MAX,
    Parcours, SECRET_MAX, Source,
};
use crate::CandidatId;
use crate::contexte::{Constat, Contexte, Refus};
use crate::session::deliberation::Issue;
use crate::session::programme::TypeSession;
use jiff::civil::Date;

/// Résultats passés d'un candidat (limite de Garant).
const ANTECEDENTS_MAX: usize = 40;
/// Organismes partenaires d'une session (limite de Garant).
const CONVENTIONS_MAX: usize = 40;

pub(in crate::session) fn decider(
    s: &Session,
    action: &Action,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    s.programme()?;
    match action {
        Action::Noter { id, parcours } => noter(s, id, parcours, ctx),
        Action::AjouterAntecedent { id, antecedent } => ajouter(s, id, antecedent, ctx),
        Action::OterAntecedent { id, numero } => oter(s, id, *numero, ctx),
        Action::Reprendre { id } => reprendre(s, id, ctx),
        Action::NoterPieces { notes } => noter_pieces(s, notes, ctx),
        Action::NoterConvention(c) => convention(s, c, ctx),
        Action::Amenager { id, amenagement } => amenager(s, id, amenagement, ctx),
        Action::ConstaterAmenagement { id, applique } => constater(s, id, *applique),
    }
}

fn devance(quoi: &str) -> Refus {
    Constat {
        code: "VU".into(),
        ..Constat::geste(
            "VU",
            format!("Quelqu’un d’autre a changé {quoi} pendant que vous l’aviez sous les yeux."),
            "Votre saisie est gardée. Comparez, puis enregistrez de nouveau pour la faire valoir.",
        )
    }
    .into()
}

fn passee(champ: &str, quoi: &str, d: Option<Date>, jour: Date) -> Result<(), Refus> {
    match d {
        Some(d) if d > jour => Err(Constat::saisie(
            champ,
            format!("{quoi} est à venir."),
            "Vérifiez la date : un fait se note quand il a eu lieu.",
        )
        .into()),
        Some(d) if d.year() < jour.year() - 60 => Err(Constat::saisie(
            champ,
            format!("{quoi} a plus de soixante ans."),
            "Vérifiez l’année.",
        )
        .into()),
        Some(_) | None => Ok(()),
    }
}

fn sans_nir(champ: &str, texte: &str) -> Result<(), Refus> {
    if ressemble_a_un_nir(texte) {
        return Err(Constat::saisie(
            champ,
            "Ce nombre ressemble à un numéro de sécurité sociale, que Garant ne garde jamais.",
            "Effacez-le.",
        )
        .into());
    }
    Ok(())
}

fn noter(
    s: &Session,
    id: &CandidatId,
    p: &Parcours,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let c = s.candidat(id)?;
    let jour = ctx.jour();
    if let Some(organisme) = &p.partenaire {
        exiger_texte("partenaire", "L’organisme partenaire", organisme, 120)?;
        sans_nir("partenaire", organisme)?;
    }
    if let Some(d) = p.formation_debut
        && (d.year() < jour.year() - 60 || d.year() > jour.year() + 2)
    {
        return Err(Constat::saisie(
            "formation_debut",
            "L’entrée en formation est trop loin d’aujourd’hui.",
            "Vérifiez l’année.",
        )
        .into());
    }
    passee(
        "formation_nouvelle",
        "La fin de la formation nouvelle",
        p.formation_nouvelle,
        jour,
    )?;
    if let Some(r) = &p.recevabilite {
        passee(
            "recevabilite_le",
            "La notification de recevabilité",
            Some(r.notifiee_le),
            jour,
        )?;
        borner_texte(
            "recevabilite_reference",
            "La référence du courrier",
            &r.reference,
            80,
        )?;
        sans_nir("recevabilite_reference", &r.reference)?;
    }
    if let Some(t) = &p.titre_detenu {
        exiger_texte(
            "titre_detenu",
            "L’intitulé du titre détenu",
            &t.intitule,
            160,
        )?;
        passee(
            "titre_detenu_le",
            "L’obtention du titre",
            Some(t.obtenu_le),
            jour,
        )?;
    }
    if c.parcours == *p {
        return Ok(vec![]);
    }
    if ctx.vu_au_rang.is_some_and(|vu| c.rang_parcours > vu) {
        return Err(devance("ce parcours"));
    }
    let motif = if c.parcours == Parcours::default() {
        None
    } else {
        Some(motif(ctx)?)
    };
    Ok(vec![Evenement::Note {
        id: id.clone(),
        nom: c.fiche.nom_complet(),
        parcours: p.clone(),
        motif,
    }])
}

fn prochain_numero(c: &Candidat) -> u32 {
    c.antecedents.iter().map(|a| a.numero).max().unwrap_or(0) + 1
}

fn plein(c: &Candidat) -> Result<(), Refus> {
    if c.antecedents.len() < ANTECEDENTS_MAX {
        return Ok(());
    }
    Err(Constat::geste(
        "CAN-10",
        format!("{ANTECEDENTS_MAX} résultats passés sont déjà notés pour ce candidat."),
        "Ôtez ceux qui ont été saisis par erreur.",
    )
    .into())
}

fn ajouter(
    s: &Session,
    id: &CandidatId,
    a: &Antecedent,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let c = s.candidat(id)?;
    plein(c)?;
    let Source::Saisie(source) = &a.source else {
        return Err(Constat::geste(
            "CAN-11",
            "Un résultat d’une session du centre se reprend d’elle ; il ne se saisit pas.",
            "Reliez le candidat à sa session passée, puis reprenez-en le résultat.",
        )
        .into());
    };
    passee("antecedent_le", "Ce résultat", Some(a.le), ctx.jour())?;
    exiger_texte("antecedent_source", "La source", source, 160)?;
    sans_nir("antecedent_source", source)?;
    coherent(s, a)?;
    let numero = prochain_numero(c);
    let antecedent = Antecedent {
        numero,
        ..a.clone()
    };
    if c.antecedents.iter().any(|x| {
        Antecedent {
            numero,
            ..x.clone()
        } == antecedent
    }) {
        return Ok(vec![]);
    }
    Ok(vec![Evenement::AntecedentAjoute {
        id: id.clone(),
        nom: c.fiche.nom_complet(),
        antecedent,
    }])
}

/// L'issue et les certificats vont ensemble.
fn coherent(s: &Session, a: &Antecedent) -> Result<(), Refus> {
    let p = s.programme()?;
    if a.titre == p.referentiel.cle
        && let Some(inconnu) = a
            .certificats
            .iter()
            .find(|c| a.type_session != TypeSession::Ccs && p.referentiel.ccp(c).is_none())
    {
        return Err(Constat::saisie(
            "antecedent_certificats",
            format!("{inconnu} n’est pas un certificat de ce titre."),
            "Choisissez dans la liste.",
        )
        .into());
    }
    let faute = match (a.issue, a.certificats.is_empty()) {
        (Issue::Echec | Issue::Absence, false) => Some((
            "Un échec ou une absence ne donne aucun certificat.",
            "Décochez les certificats, ou choisissez « Réussite partielle ».",
        )),
        (Issue::Partielle, true) => Some((
            "Une réussite partielle donne au moins un certificat.",
            "Cochez ceux qui ont été obtenus, ou choisissez « Échec ».",
        )),
        (Issue::Reussite, true) if a.type_session == TypeSession::Ccp => Some((
            "La réussite d’une session CCP donne au moins un certificat.",
            "Cochez ceux qui ont été obtenus.",
        )),
        (Issue::Reussite | Issue::Partielle | Issue::Echec | Issue::Absence, _) => None,
    };
    match faute {
        Some((phrase, remede)) => {
            Err(Constat::saisie("antecedent_certificats", phrase, remede).into())
        }
        None => Ok(()),
    }
}

fn oter(
    s: &Session,
    id: &CandidatId,
    numero: u32,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let c = s.candidat(id)?;
    let Some(a) = c.antecedents.iter().find(|a| a.numero == numero) else {
        return Ok(vec![]);
    };
    if matches!(a.source, Source::Session(_)) && !a.certificats.is_empty() {
        return Err(Constat::geste(
            "CAN-12",
            format!(
                "{} vient de la délibération d’un jury : un certificat acquis le reste.",
                a.libelle()
            ),
            "Si ce n’est pas la même personne, séparez d’abord les deux inscriptions dans la page Candidats du centre.",
        )
        .into());
    }
    Ok(vec![Evenement::AntecedentOte {
        id: id.clone(),
        nom: c.fiche.nom_complet(),
        numero,
        libelle: a.libelle(),
        motif: motif(ctx)?,
    }])
}

/// Reprend ce que les sessions passées du centre disent, sans jamais ôter un certificat acquis.
fn reprendre(s: &Session, id: &CandidatId, ctx: &Contexte) -> Result<Vec<Evenement>, Refus> {
    let c = s.candidat(id)?;
    let mut numero = prochain_numero(c);
    let mut evenements = vec![];
    for connu in &ctx.voisinage.anterieurs {
        let deja = c.antecedents.iter().find(|a| a.source == connu.source);
        let mut antecedent = connu.clone();
        match deja {
            Some(a) => {
                antecedent.numero = a.numero;
                for ccp in &a.certificats {
                    if !antecedent.certificats.contains(ccp) {
                        antecedent.certificats.push(ccp.clone());
                    }
                }
                antecedent.certificats.sort();
                if *a == antecedent {
                    continue;
                }
            }
            None => {
                plein(c)?;
                antecedent.numero = numero;
                numero += 1;
            }
        }
        evenements.push(Evenement::AntecedentAjoute {
            id: id.clone(),
            nom: c.fiche.nom_complet(),
            antecedent,
        });
    }
    Ok(evenements)
}

fn noter_pieces(
    s: &Session,
    notes: &[(CandidatId, Piece, bool)],
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let mut evenements = vec![];
    let mut ids: Vec<&CandidatId> = notes.iter().map(|(id, _, _)| id).collect();
    ids.sort();
    ids.dedup();
    for id in ids {
        let c = s.candidat(id)?;
        let choisir = |recue: bool| {
            let mut v: Vec<Piece> = notes
                .iter()
                .filter(|(i, p, r)| i == id && *r == recue && c.pieces.contains_key(p) != recue)
                .map(|(_, p, _)| *p)
                .collect();
            v.sort();
            v.dedup();
            v
        };
        let (recues, otees) = (choisir(true), choisir(false));
        let nom = c.fiche.nom_complet();
        if !recues.is_empty() {
            evenements.push(Evenement::PiecesRecues {
                id: id.clone(),
                nom: nom.clone(),
                pieces: recues,
                le: ctx.jour(),
            });
        }
        if !otees.is_empty() {
            evenements.push(Evenement::PiecesOtees {
                id: id.clone(),
                nom,
                pieces: otees,
                motif: motif(ctx)?,
            });
        }
    }
    Ok(evenements)
}

fn convention(s: &Session, c: &Convention, ctx: &Contexte) -> Result<Vec<Evenement>, Refus> {
    let jour = ctx.jour();
    exiger_texte("organisme", "L’organisme", &c.organisme, 120)?;
    exiger_texte("reference", "La référence", &c.reference, 80)?;
    sans_nir("reference", &c.reference)?;
    if c.fin < c.debut {
        return Err(Constat::saisie(
            "fin",
            "La convention finit avant de commencer.",
            "Vérifiez les deux dates.",
        )
        .into());
    }
    passee(
        "avenant",
        "La transmission de l’avenant",
        c.avenant_transmis_le,
        jour,
    )?;
    passee(
        "durees",
        "La vérification des durées",
        c.durees_verifiees_le,
        jour,
    )?;
    let avant = s.conventions.iter().find(|x| x.est_de(&c.organisme));
    if avant == Some(c) {
        return Ok(vec![]);
    }
    if avant.is_none() && s.conventions.len() >= CONVENTIONS_MAX {
        return Err(Constat::geste(
            "CAN-13",
            format!("{CONVENTIONS_MAX} conventions sont déjà notées pour cette session."),
            "Corrigez l’une d’elles.",
        )
        .into());
    }
    Ok(vec![Evenement::ConventionNotee {
        convention: c.clone(),
        motif: match avant {
            Some(_) => Some(motif(ctx)?),
            None => None,
        },
    }])
}

fn amenager(
    s: &Session,
    id: &CandidatId,
    a: &Amenagement,
    ctx: &Contexte,
) -> Result<Vec<Evenement>, Refus> {
    let c = s.candidat(id)?;
    let jour = ctx.jour();
    passee("demande_le", "La demande", a.demande_le, jour)?;
    passee("decision_le", "La décision", a.decision_le, jour)?;
    passee(
        "jury_informe_le",
        "L’information du jury",
        a.jury_informe_le,
        jour,
    )?;
    if a.etat != EtatAmenagement::Demande && a.decision_le.is_none() {
        return Err(Constat::saisie(
            "decision_le",
            "La date de la décision manque.",
            "Recopiez-la du courrier ; tant qu’il n’est pas reçu, laissez « Demandé ».",
        )
        .into());
    }
    if a.majoration > MAJORATION_MAX {
        return Err(Constat::saisie(
            "majoration",
            format!("Le temps majoré dépasse {MAJORATION_MAX}\u{a0}% de la durée des épreuves."),
            "Un tiers-temps s’écrit 33. Recopiez la décision.",
        )
        .into());
    }
    if a.secret.len() > SECRET_MAX || !a.secret.is_ascii() {
        return Err(Constat::saisie(
            "mesure",
            "La mesure est trop longue.",
            "Recopiez seulement la mesure accordée, sans la raison.",
        )
        .into());
    }
    if c.amenagement.as_ref() == Some(a) {
        return Ok(vec![]);
    }
    if ctx.vu_au_rang.is_some_and(|vu| c.rang_amenagement > vu) {
        return Err(devance("cet aménagement"));
    }
    let suit_la_demande = c.amenagement.as_ref().is_none_or(|avant| {
        avant.etat == EtatAmenagement::Demande && a.etat != EtatAmenagement::Demande
    });
    Ok(vec![Evenement::AmenagementNote {
        id: id.clone(),
        nom: c.fiche.nom_complet(),
        amenagement: a.clone(),
        motif: if suit_la_demande {
            None
        } else {
            Some(motif(ctx)?)
        },
    }])
}

fn constater(s: &Session, id: &CandidatId, applique: bool) -> Result<Vec<Evenement>, Refus> {
    let c = s.candidat(id)?;
    let Some(a) = &c.amenagement else {
        return Err(Constat::geste(
            "CAN-14",
            "Aucun aménagement n’est noté pour ce candidat.",
            "Notez d’abord la décision reçue.",
        )
        .into());
    };
    if a.applique == Some(applique) {
        return Ok(vec![]);
    }
    Ok(vec![Evenement::AmenagementConstate {
        id: id.clone(),
        nom: c.fiche.nom_complet(),
        applique,
    }])
}
