//! La check-list un jour donné : l'état de chaque tâche et de chaque point, ses dates, qui en est chargé.

use super::faits::{self, Avancement};
use super::modele::{Point, Tache, modele};
use super::{Delegation, Etat, Jointe, Marque, Visa, toutes};
use crate::echeances::Delai;
use crate::session::Session;
use crate::session::archivage;
use crate::session::programme::Programme;
use crate::temps;
use jiff::civil::Date;
use std::borrow::Cow;

/// Une échéance est proche à tant de jours (limite de Garant).
const PROCHE_JOURS: i64 = 8;

/// Une tâche vue un jour donné, prête à montrer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VueTache {
    /// Le modèle.
    pub tache: Cow<'static, Tache>,
    /// Son état.
    pub etat: Etat,
    /// Le jour à tenir : la limite du règlement, ou la date du centre si elle vient plus tôt.
    pub echeance: Option<Date>,
    /// La limite du règlement ; rien pour une tâche du centre.
    pub limite: Option<Date>,
    /// La date que le centre s'est donnée.
    pub du_centre: Option<Date>,
    /// Ce que Garant sait du fait.
    pub avancement: Option<Avancement>,
    /// Ce qu'une personne en a dit.
    pub marque: Option<Marque>,
    /// Ses points.
    pub points: Vec<VuePoint>,
    /// À qui elle est confiée.
    pub delegation: Option<Delegation>,
    /// Son contrôle, tant que ce qui était constaté n'a pas changé.
    pub visa: Option<Visa>,
    /// Faite par une autre personne que le responsable, elle attend son visa.
    pub a_controler: bool,
    /// Documents joints.
    pub pieces: Vec<Jointe>,
    /// Ajoutée par le centre ou dans la session : le règlement ne la demande pas.
    pub propre: bool,
}

impl VueTache {
    /// Les points qui restent à vérifier.
    pub fn points_ouverts(&self) -> usize {
        self.points
            .iter()
            .filter(|p| matches!(p.etat, Etat::AFaire | Etat::Proche | Etat::EnRetard))
            .count()
    }
    /// Ce qui ferme la tâche, en mots : ce qu'un visa contrôle.
    pub(super) fn constat(&self) -> String {
        match (&self.marque, &self.avancement) {
            (Some(m), _) => format!("{} {}", m.le, m.observation),
            (None, Some(a)) => a.phrase.clone(),
            (None, None) => self
                .points
                .iter()
                .filter_map(|p| p.marque.as_ref())
                .map(|m| m.le.as_str())
                .collect::<Vec<_>>()
                .join(" "),
        }
    }
}

/// Un point d'une tâche, un jour donné.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VuePoint {
    /// Le modèle.
    pub point: Point,
    /// Son état.
    pub etat: Etat,
    /// Sa propre date, s'il en a une.
    pub echeance: Option<Date>,
    /// Ce que Garant sait du fait.
    pub avancement: Option<Avancement>,
    /// Ce qu'une personne en a dit.
    pub marque: Option<Marque>,
}

fn etat_du_jour(limite: Option<Date>, du_centre: Option<Date>, jour: Date) -> Etat {
    // La date du centre presse, elle ne met en retard que ce que le règlement ne date pas.
    let stricte = limite.or(du_centre);
    match (stricte, du_centre) {
        (Some(l), _) if l < jour => Etat::EnRetard,
        (Some(l), _) if temps::jours_entre(jour, l) <= PROCHE_JOURS => Etat::Proche,
        (_, Some(c)) if temps::jours_entre(jour, c) <= PROCHE_JOURS => Etat::Proche,
        _ => Etat::AFaire,
    }
}

/// La check-list de la session à ce jour, dans l'ordre du papier.
pub fn vues(s: &Session, jour: Date) -> Vec<VueTache> {
    let Some(p) = &s.programme else { return vec![] };
    toutes(s).into_iter().map(|t| voir(s, p, t, jour)).collect()
}

/// Une seule tâche de la check-list.
pub fn vue(s: &Session, code: &str, jour: Date) -> Option<VueTache> {
    let p = s.programme.as_ref()?;
    let t = toutes(s).into_iter().find(|t| t.code == code)?;
    Some(voir(s, p, t, jour))
}

/// La tâche est-elle réglée : notée faite ou sans objet par une personne, ou close par les faits ?
pub(crate) fn est_reglee(s: &Session, code: &str) -> bool {
    s.taches.marques.contains_key(code) || close_par_les_faits(s, code).is_some()
}

/// Le jour où la tâche a été faite : noté par une personne, ou celui du fait. Rien si elle ne l'est pas, ou si elle est sans objet.
pub(crate) fn faite_le(s: &Session, code: &str) -> Option<Date> {
    match s.taches.marques.get(code) {
        Some(m) => temps::jour_de(&m.le).filter(|_| !m.sans_objet),
        None => close_par_les_faits(s, code)?,
    }
}

/// Le jour du dernier fait, si les faits suffisent à clore la tâche ; le jour peut être inconnu.
fn close_par_les_faits(s: &Session, code: &str) -> Option<Option<Date>> {
    let p = s.programme.as_ref()?;
    let t = modele(&p.modele_taches).iter().find(|t| t.code == code)?;
    if let Some(q) = t.preuve {
        let a = faits::avancement(s, q)?;
        return a.est_complet().then_some(a.le);
    }
    let points: Vec<_> = t
        .points
        .iter()
        .map(|x| point(s, p, x, false, p.debut))
        .collect();
    clos(&points).then(|| {
        points
            .iter()
            .filter_map(|x| match &x.marque {
                Some(m) => temps::jour_de(&m.le),
                None => x.avancement.as_ref().and_then(|a| a.le),
            })
            .max()
    })
}

/// Tous les points qui s'appliquent sont vérifiés, et il y en a.
fn clos(points: &[VuePoint]) -> bool {
    points
        .iter()
        .all(|x| matches!(x.etat, Etat::Faite | Etat::SansObjet))
        && points.iter().any(|x| x.etat == Etat::Faite)
}

fn voir(s: &Session, p: &Programme, t: Cow<'static, Tache>, jour: Date) -> VueTache {
    let dites = &s.taches;
    let marque = dites.marques.get(&t.code).cloned();
    let avancement = t.preuve.and_then(|q| faits::avancement(s, q));
    let propre = matches!(t.delai, Some(Delai::DuCentre(..)));
    let (limite, du_centre) = dates(s, p, &t);
    let concerne = faits::s_applique(s, t.condition);
    let close_a_la_main = marque.as_ref().is_some_and(|m| !m.sans_objet);
    let points: Vec<_> = t
        .points
        .iter()
        .map(|x| point(s, p, x, close_a_la_main, jour))
        .collect();
    let par_le_fait = match &avancement {
        Some(a) => a.est_complet(),
        None => clos(&points),
    };
    let etat = if !concerne || marque.as_ref().is_some_and(|m| m.sans_objet) {
        Etat::SansObjet
    } else if marque.is_some() || par_le_fait {
        Etat::Faite
    } else if points.iter().any(|x| x.etat == Etat::EnRetard) {
        Etat::EnRetard
    } else {
        etat_du_jour(limite, du_centre, jour)
    };
    let delegation = dites.confiees.get(&t.code).cloned();
    let mut v = VueTache {
        etat,
        echeance: limite.into_iter().chain(du_centre).min(),
        limite,
        du_centre,
        avancement,
        marque,
        points,
        visa: None,
        a_controler: false,
        pieces: dites.pieces.get(&t.code).cloned().unwrap_or_default(),
        propre,
        delegation,
        tache: t,
    };
    if v.etat == Etat::Faite {
        let constat = v.constat();
        v.visa = dites
            .visas
            .get(&v.tache.code)
            .filter(|x| x.constat == constat)
            .cloned();
        // Ce que l'on se confie à soi-même ne se contrôle pas.
        let a_un_autre = v.delegation.as_ref().is_some_and(|d| {
            s.equipe
                .responsable()
                .is_none_or(|responsable| responsable.id != d.a)
        });
        v.a_controler = a_un_autre && v.visa.is_none();
    }
    v
}

/// La limite du règlement et la date du centre.
fn dates(s: &Session, p: &Programme, t: &Tache) -> (Option<Date>, Option<Date>) {
    let date = t.delai.as_ref().map(|d| match d {
        // La garde court depuis le retour du procès-verbal, s'il tarde : la page des archives dit le même jour.
        Delai::CinqAnsApres => archivage::terme_du(s, p),
        d => d.date(p, &s.cadre),
    });
    if matches!(t.delai, Some(Delai::DuCentre(..))) {
        return (None, date);
    }
    let du_centre = s
        .cadre
        .habitudes
        .iter()
        .filter(|h| h.sur.as_deref() == Some(&t.code) && faits::s_applique(s, h.condition))
        .map(|h| h.delai().date(p, &s.cadre))
        .filter(|d| date.is_none_or(|limite| *d < limite))
        .min();
    (date, du_centre)
}

fn point(s: &Session, p: &Programme, x: &Point, ligne_close: bool, jour: Date) -> VuePoint {
    let marque = s.taches.marques.get(&x.code).cloned();
    let avancement = x.preuve.and_then(|q| faits::avancement(s, q));
    let echeance = x.delai.as_ref().map(|d| d.date(p, &s.cadre));
    let etat =
        if !faits::s_applique(s, x.condition) || marque.as_ref().is_some_and(|m| m.sans_objet) {
            Etat::SansObjet
        } else if ligne_close
            || marque.is_some()
            || avancement.as_ref().is_some_and(Avancement::est_complet)
        {
            Etat::Faite
        } else {
            etat_du_jour(echeance, None, jour)
        };
    VuePoint {
        point: x.clone(),
        etat,
        echeance,
        avancement,
        marque,
    }
}

/// Une échéance que le déplacement de la session a fait bouger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcheanceDeplacee {
    /// Code de la tâche.
    pub code: String,
    /// Intitulé.
    pub intitule: String,
    /// La date d'avant.
    pub avant: Date,
    /// La date d'aujourd'hui.
    pub apres: Date,
    /// Était-elle déjà faite ?
    pub faite: bool,
}

/// Ce que le dernier déplacement a changé aux échéances, dans l'ordre du papier ; vide si la session n'a pas bougé.
pub fn deplacees(s: &Session, vues: &[VueTache]) -> Vec<EcheanceDeplacee> {
    let (Some((debut, fin, _)), Some(p)) = (&s.taches.dates_avant, &s.programme) else {
        return vec![];
    };
    let ancien = Programme {
        debut: *debut,
        fin: *fin,
        ..p.clone()
    };
    vues.iter()
        .filter(|v| v.etat != Etat::SansObjet)
        .filter_map(|v| {
            let (limite, du_centre) = dates(s, &ancien, &v.tache);
            let (avant, apres) = (limite.into_iter().chain(du_centre).min()?, v.echeance?);
            (avant != apres).then(|| EcheanceDeplacee {
                code: v.tache.code.clone(),
                intitule: v.tache.intitule.clone(),
                avant,
                apres,
                faite: v.etat == Etat::Faite,
            })
        })
        .collect()
}
