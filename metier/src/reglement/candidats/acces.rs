//! Les conditions d'accès : formation, VAE, CCS, titre en prolongation.

use super::super::Trouve;
use super::{DOSSIERS, inconnu, un_an_apres};
use crate::libelles::au_fil;
use crate::mots::de;
use crate::session::Session;
use crate::session::candidats::{Candidat, Voie};
use crate::session::programme::TypeSession;
use crate::temps::date_moyenne;
use jiff::civil::Date;

/// Le titre est-il en prolongation le premier jour de la session ? Rend sa fin de validité.
fn en_prolongation(s: &Session) -> Option<Date> {
    let p = s.programme.as_ref()?;
    let echeance = p.referentiel.echeance?;
    (p.debut > echeance).then_some(echeance)
}

pub(super) fn prolongation(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(echeance) = en_prolongation(s) else {
        return vec![];
    };
    let souche = s.programme.as_ref().map(|p| p.referentiel.cle.clone());
    let vient_d_avant = |c: &Candidat| {
        c.antecedents.iter().any(|a| {
            Some(&a.titre) == souche.as_ref() && a.issue != crate::deliberation::Issue::Reussite
        })
    };
    let (connus, inconnus): (Vec<_>, Vec<_>) = s
        .inscrits()
        .filter(|c| !vient_d_avant(c))
        .partition(|c| c.parcours.formation_debut.is_some());
    let mut t: Vec<_> = connus
        .into_iter()
        .filter(|c| c.parcours.formation_debut.is_some_and(|d| d > echeance))
        .map(|c| {
            Trouve::manquement(
                c.id.as_str(),
                DOSSIERS,
                format!(
                    "{} est entré en formation après la fin de validité du titre ({}), sans échec ni réussite partielle avant elle.",
                    c.fiche.nom_complet(),
                    date_moyenne(echeance)
                ),
                "Inscrivez-le au millésime en vigueur, ou complétez son parcours s’il a déjà passé ce titre.",
            )
        })
        .collect();
    t.extend(inconnu(
        inconnus,
        "Le titre est en prolongation, et rien ne dit d’où viennent ces candidats",
        "Notez l’entrée en formation, ou le résultat passé, dans leur parcours.",
    ));
    t
}

pub(super) fn formation(s: &Session, _: Date) -> Vec<Trouve> {
    let formes = || {
        s.inscrits()
            .filter(|c| c.fiche.voie.is_some_and(Voie::est_formation))
    };
    let mut t: Vec<_> = formes()
        .filter(|c| c.parcours.formation_coherente == Some(false))
        .map(|c| {
            Trouve::manquement(
                c.id.as_str(),
                DOSSIERS,
                format!(
                    "La formation suivie par {} n’est pas en cohérence avec ce qu’il passe.",
                    c.fiche.nom_complet()
                ),
                "Vérifiez son parcours avec l’organisme, ou voyez avec la DDETS s’il relève de la VAE.",
            )
        })
        .collect();
    t.extend(inconnu(
        formes()
            .filter(|c| c.parcours.formation_coherente.is_none())
            .collect(),
        "La cohérence de la formation suivie n’est pas dite",
        "Dites dans leur parcours si la formation suivie est en cohérence avec le titre ou le CCP.",
    ));
    t
}

fn vae(s: &Session) -> impl Iterator<Item = &Candidat> {
    s.inscrits().filter(|c| c.fiche.voie == Some(Voie::Vae))
}

pub(super) fn recevabilite(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    let mut t: Vec<_> = vae(s)
        .filter_map(|c| {
            let r = c.parcours.recevabilite.as_ref()?;
            let fin = un_an_apres(r.notifiee_le);
            (p.debut >= fin || p.debut < r.notifiee_le).then(|| {
                Trouve::manquement(
                    c.id.as_str(),
                    DOSSIERS,
                    format!(
                        "La recevabilité {}, notifiée le {}, ne couvre pas le {} : elle vaut un an.",
                        de(&c.fiche.nom_complet()),
                        date_moyenne(r.notifiee_le),
                        date_moyenne(p.debut)
                    ),
                    "Demandez à la DDETS une nouvelle notification, ou inscrivez le candidat à une session plus proche.",
                )
            })
        })
        .collect();
    t.extend(inconnu(
        vae(s)
            .filter(|c| c.parcours.recevabilite.is_none())
            .collect(),
        "La recevabilité VAE n’est pas notée",
        "Recopiez la date et le type de session du courrier de recevabilité dans leur parcours.",
    ));
    t
}

pub(super) fn type_de_session(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    vae(s)
        .filter_map(|c| {
            let r = c.parcours.recevabilite.as_ref()?;
            (r.type_session != p.type_session).then(|| {
                Trouve::manquement(
                    c.id.as_str(),
                    DOSSIERS,
                    format!(
                        "La recevabilité {} vise une {} ; il est inscrit à une {}.",
                        de(&c.fiche.nom_complet()),
                        au_fil(r.type_session.libelle()),
                        au_fil(p.type_session.libelle())
                    ),
                    "Relisez le courrier de recevabilité, puis inscrivez le candidat à la session qu’il désigne.",
                )
            })
        })
        .collect()
}

pub(super) fn specialite(s: &Session, _: Date) -> Vec<Trouve> {
    let Some(p) = &s.programme else { return vec![] };
    if p.type_session != TypeSession::Ccs {
        return vec![];
    }
    let pret = |c: &Candidat| {
        let forme = c.parcours.formation_coherente == Some(true);
        c.parcours.titre_detenu.is_some() && (forme || c.parcours.experience)
    };
    let mut t: Vec<_> = s
        .inscrits()
        .filter_map(|c| {
            let d = c.parcours.titre_detenu.as_ref()?;
            (d.obtenu_le > p.debut).then(|| {
                Trouve::manquement(
                    c.id.as_str(),
                    DOSSIERS,
                    format!(
                        "{} n’aura obtenu le titre associé que le {}, après le début de la session.",
                        c.fiche.nom_complet(),
                        date_moyenne(d.obtenu_le)
                    ),
                    "Le CCS se passe après le titre : inscrivez le candidat à une session suivante.",
                )
            })
        })
        .collect();
    t.extend(inconnu(
        s.inscrits().filter(|c| !pret(c)).collect(),
        "Le titre associé, et une formation cohérente ou un an d’expérience, ne sont pas prouvés",
        "Notez le titre détenu et la formation ou l’expérience dans leur parcours.",
    ));
    t
}
