//! Les faits d'avant la session : conventions, jury, planning, convocations, plis, plateau.

use super::{Avancement, acquis, compte, sur};
use crate::jury::Place;
use crate::mots::nombre;
use crate::session::Session;
use crate::session::convocations::{Destinataire, Etat as EtatConvocation};
use crate::session::plateau::{self, Affichage};
use crate::session::plis::{Etape as EtapePli, Sorte};
use crate::temps;

pub(super) fn conventions(s: &Session) -> Avancement {
    let organismes: std::collections::BTreeSet<String> = s
        .inscrits()
        .filter_map(|c| c.parcours.partenaire.as_deref())
        .map(crate::candidats::sans_accents)
        .collect();
    let notees = organismes
        .iter()
        .filter(|o| s.conventions.iter().any(|c| c.est_de(o)))
        .count();
    compte(
        notees,
        organismes.len(),
        "conventions notées",
        "aucun organisme partenaire",
    )
}

pub(super) fn inventaire(
    s: &Session,
    mot: &str,
    reglee: impl Fn(&plateau::Ligne) -> bool,
) -> Avancement {
    let (mut reglees, mut lignes) = (0, 0);
    for l in s.plateau.inventaire() {
        lignes += 1;
        reglees += usize::from(reglee(l));
    }
    compte(reglees, lignes, mot, "inventaire pas encore écrit")
}

pub(super) fn affiche_en_salle(s: &Session, quoi: Affichage, mot: &str) -> Avancement {
    let salles = plateau::salles(s).len();
    let manquent = plateau::sans_affichage(s, quoi).len();
    compte(salles - manquent, salles, mot, "aucune salle connue")
}

pub(super) fn habilites(s: &Session) -> usize {
    let Some(p) = &s.programme else { return 0 };
    s.jury
        .iter()
        .filter(|m| m.membre.place == Place::Titulaire && m.membre.est_habilite(p.debut, p.fin))
        .count()
}

pub(super) fn reserve(s: &Session) -> usize {
    s.jury
        .iter()
        .filter(|m| m.membre.place == Place::Reserve)
        .count()
}

pub(super) fn candidats(s: &Session) -> Vec<Destinataire> {
    s.inscrits()
        .map(|c| Destinataire::Candidat(c.id.clone()))
        .collect()
}

pub(super) fn jures(s: &Session) -> Vec<Destinataire> {
    s.jury
        .iter()
        .filter(|m| m.membre.place == Place::Titulaire)
        .map(|m| Destinataire::Jure(m.membre.jure.clone()))
        .collect()
}

pub(super) fn remises(s: &Session, d: &[Destinataire], mot: &str) -> Avancement {
    let faites: Vec<_> = d
        .iter()
        .filter(|d| s.etat_convocation(d) == EtatConvocation::Remise)
        .filter_map(|d| s.convocations.de(d)?.remise.as_ref())
        .map(|(r, _)| r.le)
        .collect();
    if d.is_empty() {
        return sur(0, 1, "personne à convoquer pour l’instant");
    }
    let a = compte(faites.len(), d.len(), mot, "");
    Avancement {
        le: faites.into_iter().max().filter(|_| a.est_complet()),
        ..a
    }
}

pub(super) fn editees(s: &Session, d: &[Destinataire]) -> Avancement {
    let n = d
        .iter()
        .filter(|d| {
            matches!(
                s.etat_convocation(d),
                EtatConvocation::ARemettre | EtatConvocation::Remise
            )
        })
        .count();
    compte(
        n,
        d.len(),
        "convocations éditées avec le planning",
        "personne à convoquer pour l’instant",
    )
}

pub(super) fn planning(s: &Session) -> Avancement {
    let Some(p) = &s.programme else {
        return sur(0, 1, "");
    };
    let attendus = p.epreuves().len() * s.inscrits().count();
    let faits = s.planning.passages.len();
    if s.planning.valide.is_some() {
        sur(
            1,
            1,
            format!("planning validé, {}", nombre(faits, "passage", "passages")),
        )
    } else {
        sur(
            0,
            1,
            format!(
                "{} sur {attendus}, à valider",
                nombre(faits, "passage placé", "passages placés")
            ),
        )
    }
}

pub(super) fn affichage(s: &Session) -> Avancement {
    let a_jour = s.planning.affiche_rang > s.planning.rang();
    match s.planning.affiche_le {
        None => sur(0, 1, "planning pas encore affiché"),
        Some(d) if a_jour => acquis(
            Some((d, format!("affiché le {}", temps::date_chiffres(d)))),
            "",
        ),
        Some(d) => sur(
            0,
            1,
            format!("affiché le {}, changé depuis", temps::date_chiffres(d)),
        ),
    }
}

pub(super) fn commandees(s: &Session) -> Avancement {
    let premiere = s
        .plis
        .liste
        .iter()
        .filter_map(|p| p.etapes.first())
        .min_by_key(|f| f.survenu);
    let n = s.plis.liste.len();
    let a = acquis(
        premiere.map(|f| {
            let pli = if n > 1 {
                "plis commandés"
            } else {
                "pli commandé"
            };
            (
                f.survenu.date(),
                format!("{n} {pli}, le premier {}", temps::moment(f.survenu)),
            )
        }),
        "aucune commande notée",
    );
    Avancement {
        qui: premiere.map(|f| f.par.clone()),
        ..a
    }
}

/// Combien de plis de cette sorte (toutes à défaut) ont franchi cette étape.
pub(super) fn plis(s: &Session, sorte: Option<Sorte>, etape: EtapePli, mot: &str) -> Avancement {
    let l: Vec<_> = s
        .plis
        .liste
        .iter()
        .filter(|p| sorte.is_none_or(|x| p.sorte == x))
        .collect();
    let franchies: Vec<_> = l.iter().filter_map(|p| p.franchie(etape)).collect();
    let a = compte(franchies.len(), l.len(), mot, "aucun pli noté");
    let complet = a.est_complet();
    let derniere = franchies.into_iter().max_by_key(|f| f.survenu);
    Avancement {
        le: derniere.map(|f| f.survenu.date()).filter(|_| complet),
        qui: derniere.map(|f| f.par.clone()).filter(|_| complet),
        ..a
    }
}
