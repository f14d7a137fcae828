//! Ce qu'un candidat a déjà passé : certificats acquis, délai pour se représenter, validité du titre.

use super::super::Trouve;
use super::{DOSSIERS, SESSIONS_TITRE_MAX, un_an_apres};
use crate::session::Session;
use crate::session::candidats::{Candidat, Voie};
use crate::session::parcours::Antecedent;
use crate::session::programme::{Programme, TypeSession};
use crate::temps::date_moyenne;
use jiff::civil::Date;

/// Ses passages de ce titre avant cette session, et depuis sa dernière formation nouvelle.
fn depuis_la_formation<'a>(
    p: &'a Programme,
    c: &'a Candidat,
) -> impl Iterator<Item = &'a Antecedent> {
    c.antecedents.iter().filter(move |a| {
        a.titre == p.referentiel.cle
            && a.le < p.debut
            && c.parcours.formation_nouvelle.is_none_or(|f| a.le >= f)
    })
}

fn formes(s: &Session) -> impl Iterator<Item = (&Programme, &Candidat)> {
    s.programme.iter().flat_map(|p| {
        s.inscrits()
            .filter(|c| c.fiche.voie.is_some_and(Voie::est_formation))
            .map(move |c| (p, c))
    })
}

pub(super) fn certificat_repasse(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    if p.type_session != TypeSession::Ccp {
        return vec![];
    }
    s.inscrits()
        .filter_map(|c| {
            let acquis = c.ccps_acquis(&p.referentiel.cle);
            let deja: Vec<_> = p
                .certificats
                .iter()
                .map(String::as_str)
                .filter(|x| acquis.contains(x))
                .collect();
            (!deja.is_empty()).then(|| {
                Trouve::manquement(
                    c.id.as_str(),
                    DOSSIERS,
                    format!(
                        "{} a déjà {} : un certificat acquis l’est pour toujours.",
                        c.fiche.nom_complet(),
                        deja.join(", ")
                    ),
                    "Inscrivez-le seulement aux certificats qui lui manquent.",
                )
            })
        })
        .collect()
}

pub(super) fn un_an(s: &Session, _: Date) -> Vec<Trouve> {
    formes(s)
        .filter_map(|(p, c)| {
            // Une réussite partielle ouvre la capitalisation (R50) ; seul l'échec total ou l'absence fait courir l'année.
            if depuis_la_formation(p, c).any(|a| !a.est_sans_resultat()) {
                return None;
            }
            let premier = depuis_la_formation(p, c).map(|a| a.le).min()?;
            (p.debut > un_an_apres(premier)).then(|| {
                Trouve::manquement(
                    c.id.as_str(),
                    DOSSIERS,
                    format!(
                        "{} se représente plus d’un an après le {} sans formation nouvelle : l’année a fini le {}.",
                        c.fiche.nom_complet(),
                        date_moyenne(premier),
                        date_moyenne(un_an_apres(premier))
                    ),
                    "Notez la formation nouvelle qu’il a suivie, ou inscrivez-le après elle.",
                )
            })
        })
        .collect()
}

pub(super) fn trois_sessions(s: &Session, _: Date) -> Vec<Trouve> {
    formes(s)
        .filter_map(|(p, c)| {
            if p.type_session != TypeSession::Titre {
                return None;
            }
            let premier = depuis_la_formation(p, c)
                .filter(|a| a.est_sans_resultat())
                .map(|a| a.le)
                .min()?;
            let fin = un_an_apres(premier);
            if p.debut > fin {
                return None;
            }
            let avant = depuis_la_formation(p, c)
                .filter(|a| a.type_session == TypeSession::Titre && a.le > premier && a.le <= fin)
                .count();
            let avec = avant + 1;
            (avec > SESSIONS_TITRE_MAX).then(|| {
                Trouve::manquement(
                    c.id.as_str(),
                    DOSSIERS,
                    format!(
                        "{} se représenterait à {avec} sessions titre dans l’année qui suit le {} ; {SESSIONS_TITRE_MAX} au plus.",
                        c.fiche.nom_complet(),
                        date_moyenne(premier)
                    ),
                    "Vérifiez ses résultats passés avec la DDETS ; une formation nouvelle rouvre le compte.",
                )
            })
        })
        .collect()
}

pub(super) fn validite_du_titre(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let Some(fin) = p.referentiel.fin_prolongation() else {
        return vec![];
    };
    if p.type_session == TypeSession::Ccs || p.debut <= fin {
        return vec![];
    }
    s.inscrits()
        .filter(|c| !c.ccps_acquis(&p.referentiel.cle).is_empty())
        .map(|c| {
            Trouve::manquement(
                c.id.as_str(),
                DOSSIERS,
                format!(
                    "{} a des CCP de ce titre, mais les autres ne s’obtiennent plus depuis le {} : un an après la fin de validité.",
                    c.fiche.nom_complet(),
                    date_moyenne(fin)
                ),
                "Cherchez la correspondance avec le nouveau millésime dans son arrêté, puis voyez avec la DDETS.",
            )
        })
        .collect()
}
