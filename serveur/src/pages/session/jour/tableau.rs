//! Ce que la page du jour J montre, tiré de l'état : personnes, candidats, créneaux, rappels.

use jiff::civil::{Date, DateTime};
use metier::equipe::Poste;
use metier::jour::{
    Piece, Presence, Signature, Statut, Venant, Verification, est_mise_en_situation,
};
use metier::{Session, temps};
use std::collections::BTreeMap;

/// Minutes avant la fin prévue à partir desquelles la page le rappelle (usage de Garant).
const RAPPEL_MINUTES: u32 = 10;

/// Un juré, un membre de l'équipe.
pub struct VenantDuJour {
    /// « jure » ou « equipe ».
    pub genre: &'static str,
    /// Identifiant.
    pub id: String,
    /// Nom.
    pub nom: String,
    /// Qualité ou poste.
    pub qualite: String,
    /// Est là.
    pub present: bool,
    /// « de 8 h 00 à 12 h 05, depuis 13 h 30 ».
    pub heures: String,
    /// Ce qui a été vérifié.
    pub vu: Vec<&'static str>,
    /// Ce qui reste à vérifier : (code, libellé).
    pub a_voir: Vec<(&'static str, &'static str)>,
}

/// Un candidat, ce jour.
pub struct CandidatDuJour {
    /// Identifiant.
    pub id: String,
    /// Nom.
    pub nom: String,
    /// Voie d'accès.
    pub voie: &'static str,
    /// Statut.
    pub statut: &'static str,
    /// Ton de l'étiquette.
    pub ton: &'static str,
    /// Est là.
    pub present: bool,
    /// Attendu ou absent : on peut le noter présent.
    pub a_accueillir: bool,
    /// Noté absent.
    pub absent: bool,
    /// « arrivé à 8 h 05 », « attendu à 8 h 30, salle 2 ».
    pub precision: String,
    /// Pièces vues.
    pub vues: Vec<&'static str>,
    /// Pièces restant à voir.
    pub a_voir: Vec<(&'static str, &'static str)>,
    /// Le jury peut statuer sur sa mise en situation.
    pub a_statuer: bool,
    /// Quand le jury a statué.
    pub statue: String,
    /// « Temps majoré de 33 % », pour qui a à le savoir.
    pub mesure: String,
    /// « à 8 h 12, sur papier » ; vide : pas encore.
    pub emarge: String,
    /// La pièce de la signature dessinée, ou vide.
    pub dessin: String,
}

/// Un créneau du planning : une épreuve, un lieu, une heure, ses candidats.
pub struct CreneauDuJour {
    /// Clé pour les ancres.
    pub cle: String,
    /// Code de l'épreuve.
    pub epreuve: String,
    /// Son nom.
    pub nom: String,
    /// « de 8 h 30 à 9 h 00, salle 2 ».
    pub prevu: String,
    /// Candidats présents qui peuvent commencer : (id, nom).
    pub a_commencer: Vec<(String, String)>,
    /// Candidats en cours : (id, nom, début).
    pub en_cours: Vec<(String, String, String)>,
    /// Ceux qui ont fini : « Nom, de 8 h 31 à 9 h 02 ».
    pub finis: Vec<String>,
    /// Pas encore présents.
    pub attendus: Vec<String>,
    /// Le créneau est fini pour tous.
    pub fait: bool,
}

fn venues(s: &Session, v: &Venant, jour: Date) -> (bool, String) {
    let du_jour: Vec<_> = s
        .jour
        .venues
        .get(v)
        .into_iter()
        .flatten()
        .filter(|(d, _)| d.date() == jour)
        .collect();
    let present = du_jour.last().is_some_and(|(_, f)| f.is_none());
    let heures = du_jour
        .iter()
        .map(|(d, f)| match f {
            Some(f) => format!("de {} à {}", temps::heure(d.time()), temps::heure(f.time())),
            None => format!("depuis {}", temps::heure(d.time())),
        })
        .collect::<Vec<_>>()
        .join(", ");
    (present, heures)
}

/// Le jury, ce jour.
pub fn jures(s: &Session, jour: Date) -> Vec<VenantDuJour> {
    s.jury
        .iter()
        .map(|m| {
            let j = &m.membre.jure;
            let (present, heures) = venues(s, &Venant::Jure(j.clone()), jour);
            let (vu, a_voir): (Vec<_>, Vec<_>) = Verification::TOUTES
                .into_iter()
                .partition(|v| s.jour.verifications.contains_key(&(j.clone(), *v)));
            VenantDuJour {
                genre: "jure",
                id: j.to_string(),
                nom: m.membre.nom.clone(),
                qualite: format!("{}, {}", m.membre.place.libelle(), m.membre.qualite),
                present,
                heures,
                vu: vu.into_iter().map(Verification::libelle).collect(),
                a_voir: a_voir
                    .into_iter()
                    .map(|v| (v.code(), v.libelle()))
                    .collect(),
            }
        })
        .collect()
}

/// Responsable, suppléant, surveillants : leur présence sur le site.
pub fn equipe(s: &Session, jour: Date) -> Vec<VenantDuJour> {
    [Poste::Responsable, Poste::Suppleant, Poste::Surveillant]
        .into_iter()
        .flat_map(|p| s.equipe.a(p).map(move |i| (p, i)))
        .map(|(poste, i)| {
            let (present, heures) = venues(s, &Venant::Equipe(i.id.clone()), jour);
            VenantDuJour {
                genre: "equipe",
                id: i.id.to_string(),
                nom: i.nom.clone(),
                qualite: poste.libelle().into(),
                present,
                heures,
                vu: vec![],
                a_voir: vec![],
            }
        })
        .collect()
}

/// Les candidats attendus ce jour, dans l'ordre de leur premier passage ; à défaut de planning, tous.
pub fn candidats(s: &Session, jour: Date, confie: bool) -> Vec<CandidatDuJour> {
    let mut l: Vec<_> = s
        .inscrits()
        .map(|c| {
            let premier = s.planning.de(&c.id).find(|p| p.date == jour);
            (premier.map(|p| p.debut), premier, c)
        })
        .filter(|(_, premier, c)| {
            premier.is_some()
                || s.planning.passages.is_empty()
                || s.jour.presences.contains_key(&(c.id.clone(), jour))
        })
        .collect();
    l.sort_by(|a, b| (a.0, &a.2.fiche.nom_naissance).cmp(&(b.0, &b.2.fiche.nom_naissance)));
    l.into_iter()
        .map(|(_, premier, c)| {
            let statut = s.jour.statut(&c.id, jour);
            let precision = match s.jour.presences.get(&(c.id.clone(), jour)) {
                Some(Presence::Present(le, Some(r))) => format!(
                    "arrivé à {}, en retard, admis : {} (heure de fin inchangée)",
                    temps::heure(le.time()),
                    r.motif
                ),
                Some(Presence::Present(le, None)) => {
                    format!("arrivé à {}", temps::heure(le.time()))
                }
                Some(Presence::Absent) => "absence constatée".into(),
                None => premier.map_or_else(String::new, |p| {
                    format!("attendu à {}, {}", temps::heure(p.debut), p.lieu)
                }),
            };
            let (vues, a_voir): (Vec<_>, Vec<_>) = Piece::attendues(s, c)
                .into_iter()
                .partition(|p| s.jour.pieces.contains_key(&(c.id.clone(), *p)));
            let statue = s.jour.statue.get(&c.id);
            let emargement = s.jour.signatures.get(&(c.id.clone(), jour));
            let msp: Vec<_> = s
                .programme
                .iter()
                .flat_map(|p| p.epreuves())
                .filter(|e| est_mise_en_situation(e))
                .collect();
            let finie = !msp.is_empty()
                && msp.iter().all(|e| {
                    s.jour
                        .observee(&c.id, &e.code)
                        .is_some_and(|o| o.fin.is_some())
                });
            CandidatDuJour {
                id: c.id.to_string(),
                nom: c.fiche.nom_complet(),
                voie: c.fiche.voie.map_or("voie à préciser", |v| v.libelle()),
                statut: statut.libelle(),
                ton: statut.code(),
                present: statut == Statut::Present,
                a_accueillir: matches!(statut, Statut::Attendu | Statut::Absent),
                absent: statut == Statut::Absent,
                precision,
                vues: vues.into_iter().map(Piece::libelle).collect(),
                a_voir: a_voir
                    .into_iter()
                    .map(|p| (p.code(), p.libelle()))
                    .collect(),
                a_statuer: finie && statue.is_none(),
                statue: statue.map(|le| temps::moment(*le)).unwrap_or_default(),
                mesure: c
                    .amenagement_accorde()
                    .filter(|m| confie && m.majoration > 0)
                    .map(|m| format!("Temps majoré de {}\u{a0}%", m.majoration))
                    .unwrap_or_default(),
                emarge: emargement
                    .map(|(x, q)| {
                        let comment = match x {
                            Signature::Papier => "sur papier",
                            Signature::Dessin { .. } => "signature dessinée",
                        };
                        format!("à {}, {comment}", temps::heure(q.time()))
                    })
                    .unwrap_or_default(),
                dessin: match emargement {
                    Some((Signature::Dessin { piece, .. }, _)) => piece.to_string(),
                    Some((Signature::Papier, _)) | None => String::new(),
                },
            }
        })
        .collect()
}

/// Les créneaux de ce jour, dans l'ordre du temps.
pub fn creneaux(s: &Session, jour: Date) -> Vec<CreneauDuJour> {
    let Some(programme) = &s.programme else {
        return vec![];
    };
    let mut groupes: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for p in s.planning.passages.iter().filter(|p| p.date == jour) {
        groupes
            .entry((p.debut, p.fin, p.lieu.clone(), p.epreuve.clone()))
            .or_default()
            .push(p);
    }
    groupes
        .into_iter()
        .enumerate()
        .map(|(n, ((debut, fin, lieu, epreuve), passages))| {
            let mut c = CreneauDuJour {
                cle: format!("creneau-{n}"),
                nom: programme
                    .epreuve(&epreuve)
                    .map_or_else(|| epreuve.clone(), |e| e.nature.clone()),
                prevu: format!("de {} à {}, {lieu}", temps::heure(debut), temps::heure(fin)),
                epreuve,
                a_commencer: vec![],
                en_cours: vec![],
                finis: vec![],
                attendus: vec![],
                fait: false,
            };
            for p in passages {
                let Ok(x) = s.candidat(&p.candidat) else {
                    continue;
                };
                let nom = x.fiche.nom_complet();
                match s.jour.observee(&p.candidat, &p.epreuve) {
                    Some(o) => match o.fin {
                        Some(f) => c.finis.push(format!(
                            "{nom}, de {} à {}",
                            temps::heure(o.debut.time()),
                            temps::heure(f.time())
                        )),
                        None => c.en_cours.push((
                            p.candidat.to_string(),
                            nom,
                            temps::heure(o.debut.time()),
                        )),
                    },
                    None if s.jour.statut(&p.candidat, jour) == Statut::Present => {
                        c.a_commencer.push((p.candidat.to_string(), nom));
                    }
                    None => c.attendus.push(format!(
                        "{nom} ({})",
                        s.jour.statut(&p.candidat, jour).libelle().to_lowercase()
                    )),
                }
            }
            c.fait = c.a_commencer.is_empty() && c.en_cours.is_empty() && !c.finis.is_empty();
            c
        })
        .collect()
}

/// Ce qu'il faut dire maintenant : épreuves qui finissent, retards, fins dépassées.
pub fn rappels(s: &Session, maintenant: DateTime) -> Vec<String> {
    let m = temps::minutes(maintenant.time());
    let mut r = vec![];
    for c in creneaux(s, maintenant.date()) {
        if let Some(fin) = s
            .planning
            .passages
            .iter()
            .filter(|p| {
                p.date == maintenant.date()
                    && p.epreuve == c.epreuve
                    && c.en_cours.iter().any(|(id, ..)| *id == p.candidat.as_str())
            })
            .map(|p| p.fin)
            .max()
        {
            let f = temps::minutes(fin);
            if m >= f {
                r.push(format!(
                    "{} : l’heure de fin prévue, {}, est passée.",
                    c.nom,
                    temps::heure(fin)
                ));
            } else if f - m <= RAPPEL_MINUTES {
                r.push(format!("{} : il reste {}.", c.nom, temps::duree(f - m)));
            }
        }
    }
    let attendus: Vec<_> = s
        .inscrits()
        .filter(|c| {
            s.jour.statut(&c.id, maintenant.date()) == Statut::Attendu
                && s.planning
                    .de(&c.id)
                    .any(|p| p.date == maintenant.date() && temps::minutes(p.debut) < m)
        })
        .map(|c| c.fiche.nom_complet())
        .collect();
    if !attendus.is_empty() {
        r.push(format!(
            "Attendus et pas encore notés : {}.",
            attendus.join(", ")
        ));
    }
    r.dedup();
    r
}
