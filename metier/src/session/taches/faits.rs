//! Ce que Garant sait : le fait qui ferme une tâche ou un point, compté sur ce qui est attendu, dit en une phrase.

use super::modele::{Condition, Preuve};
use crate::deliberation::{Element, Issue};
use crate::incidents::Genre;
use crate::jour::{Piece, Venant, Verification, est_mise_en_situation};
use crate::jury::Place;
use crate::session::Session;
use crate::session::archivage::Element as Archive;
use crate::session::candidats::{Candidat, Voie};
use crate::session::convocations::{Destinataire, Etat as EtatConvocation};
use crate::session::equipe::Poste;
use crate::session::jour::Statut;
use crate::session::plateau::{self, Affichage};
use crate::session::plis::{Etape as EtapePli, Sorte};
use crate::session::programme::TypeSession;
use crate::session::pv::Etape as EtapePv;
use crate::temps;
use jiff::civil::{Date, DateTime};

/// Ce que Garant sait du fait : combien sur combien, dit en une phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Avancement {
    /// Faits.
    pub faits: usize,
    /// Attendus.
    pub attendus: usize,
    /// La phrase montrée.
    pub phrase: String,
    /// Le jour du dernier fait, quand il est complet.
    pub le: Option<Date>,
    /// Qui l'a fait, quand on le sait.
    pub qui: Option<String>,
}

impl Avancement {
    /// Le fait est-il entier ?
    pub fn est_complet(&self) -> bool {
        self.attendus > 0 && self.faits >= self.attendus
    }
}

fn sur(faits: usize, attendus: usize, phrase: impl Into<String>) -> Avancement {
    Avancement {
        faits,
        attendus,
        phrase: phrase.into(),
        le: None,
        qui: None,
    }
}

/// Un fait daté : acquis s'il a un jour, attendu sinon.
fn acquis(le: Option<(Date, String)>, sinon: &str) -> Avancement {
    match le {
        Some((le, phrase)) => Avancement {
            le: Some(le),
            ..sur(1, 1, phrase)
        },
        None => sur(0, 1, sinon),
    }
}

/// Tant de personnes sur tant ; `attendus` à zéro n'est jamais complet.
fn compte(faits: usize, attendus: usize, mot: &str, personne: &str) -> Avancement {
    if attendus == 0 {
        return sur(0, 0, personne);
    }
    sur(faits, attendus, format!("{faits} {mot} sur {attendus}"))
}

/// La condition est-elle remplie dans cette session ?
pub(super) fn s_applique(s: &Session, condition: Condition) -> bool {
    let Some(p) = &s.programme else { return false };
    let voie = |v: Voie| s.inscrits().any(|c| c.fiche.voie == Some(v));
    match condition {
        Condition::Toujours => true,
        Condition::Surveillant => {
            p.demande_surveillant() || s.equipe.a(Poste::Surveillant).next().is_some()
        }
        Condition::Vae => voie(Voie::Vae),
        Condition::Formation => s
            .inscrits()
            .any(|c| c.fiche.voie.is_some_and(Voie::est_formation)),
        Condition::Ccp => p.type_session == TypeSession::Ccp,
        Condition::Ccs => p.type_session == TypeSession::Ccs,
        Condition::Epi => p.epreuves().iter().any(|e| est_mise_en_situation(e)),
        Condition::Amenagement => s.inscrits().any(|c| c.amenagement.is_some()),
        Condition::Partenaire => s.inscrits().any(|c| c.parcours.partenaire.is_some()),
        Condition::Carence => s
            .incidents
            .iter()
            .any(|i| i.signalement.genre == Genre::Carence),
        Condition::Incident => !s.incidents.is_empty(),
        Condition::Partielle => s.deliberation.compte(Issue::Partielle) > 0,
    }
}

/// Ce que Garant sait de ce fait dans cette session.
pub(super) fn avancement(s: &Session, preuve: Preuve) -> Option<Avancement> {
    let p = s.programme.as_ref()?;
    use Preuve as P;
    Some(match preuve {
        P::Programme => sur(
            1,
            1,
            format!("{}, {}", p.libelle_type(), temps::periode(p.debut, p.fin)),
        ),
        P::Ceres => sur(
            usize::from(p.numero_ceres.is_some()),
            1,
            p.numero_ceres
                .as_ref()
                .map_or("numéro CERES à compléter".into(), |c| {
                    format!("CERES n° {c}")
                }),
        ),
        P::Equipe => sur(
            usize::from(s.equipe.responsable().is_some())
                + usize::from(s.equipe.suppleant().is_some()),
            2,
            format!(
                "responsable : {} · suppléant : {}",
                s.equipe.responsable().map_or("à nommer", |i| &i.nom),
                s.equipe.suppleant().map_or("à nommer", |i| &i.nom)
            ),
        ),
        P::Candidats => match s.inscrits().count() {
            0 => sur(0, 1, "aucun candidat inscrit"),
            1 => sur(1, 1, "1 candidat inscrit"),
            k => sur(1, 1, format!("{k} candidats inscrits")),
        },
        P::Conventions => conventions(s),
        P::Jury => {
            let titulaires = habilites(s);
            let reserve = reserve(s);
            sur(
                titulaires.min(2) + reserve.min(1),
                3,
                format!("{titulaires} titulaires habilités, {reserve} en réserve"),
            )
        }
        P::JurySollicite => {
            let n = habilites(s);
            sur(n.min(2), 2, format!("{n} titulaires habilités"))
        }
        P::Reserve => {
            let n = reserve(s);
            sur(n.min(1), 1, format!("{n} en réserve"))
        }
        P::Planning => planning(s),
        P::Affichage => affichage(s),
        P::ConvocationsCandidats => remises(s, &candidats(s), "convocations remises"),
        P::ConvocationsEditees => editees(s, &candidats(s)),
        P::ConvocationsJury => remises(s, &jures(s), "jurés convoqués"),
        P::ConvocationsSurveillant => {
            let d: Vec<_> = s
                .equipe
                .a(Poste::Surveillant)
                .map(|i| Destinataire::Surveillant(i.id.clone()))
                .collect();
            remises(s, &d, "surveillants convoqués")
        }
        P::EpreuvesCommandees => commandees(s),
        P::PlisRecus => plis(s, None, EtapePli::AuCoffre, "plis reçus et au coffre"),
        P::OrganisationLue => plis(
            s,
            Some(Sorte::Organisation),
            EtapePli::Lu,
            "plis « organisation » lus",
        ),
        P::ScellesConstates => plis(
            s,
            Some(Sorte::Epreuves),
            EtapePli::Constate,
            "plis constatés cachetés devant un candidat",
        ),
        P::ContenuControle => plis(
            s,
            Some(Sorte::Epreuves),
            EtapePli::Controle,
            "plis contrôlés par le responsable seul",
        ),
        P::SujetsDetruits => plis(s, Some(Sorte::Epreuves), EtapePli::Detruit, "plis détruits"),
        P::InventaireCompte => {
            inventaire(s, "lignes d’inventaire comptées", |l| l.compte.is_some())
        }
        P::ManquesPares => inventaire(s, "lignes complètes ou parées", |l| l.est_reglee(s)),
        P::LocauxReserves => {
            let locaux = plateau::locaux_d_entretien(s);
            let n = locaux
                .iter()
                .filter(|x| s.plateau.reserves.contains_key(*x))
                .count();
            compte(
                n,
                locaux.len(),
                "locaux réservés",
                "aucun local d’entretien au site",
            )
        }
        P::ReglementAffiche => affiche_en_salle(
            s,
            Affichage::Reglement,
            "salles où le règlement est affiché",
        ),
        P::ReferentielsDisposes => affiche_en_salle(
            s,
            Affichage::Referentiels,
            "salles où les référentiels sont à disposition",
        ),
        P::PvArchive => range(s, &[Archive::Pv]),
        P::ProductionsArchivees => range(s, &[Archive::Productions, Archive::Dossiers]),
        P::GrillesArchivees => range(s, &[Archive::Grilles]),
        P::JuryAccueilli => {
            let (venus, attendus) = titulaires(s, |id| {
                s.jour.venues.contains_key(&Venant::Jure(id.clone()))
            });
            compte(venus, attendus, "jurés accueillis", "aucun juré titulaire")
        }
        P::JuryIdentite => verifie(s, Verification::Identite, "identités vues"),
        P::JuryHabilitation => verifie(s, Verification::Habilitation, "habilitations vues"),
        P::JuryRole => verifie(s, Verification::Role, "jurés à qui le rôle est rappelé"),
        P::JuryDocumentation => verifie(s, Verification::Documentation, "jurés documentés"),
        P::JuryPlateau => verifie(s, Verification::Plateau, "jurés ont vu le plateau"),
        P::CarenceInformee => carence(s),
        P::SurveillantArrive => {
            let l: Vec<_> = s.equipe.a(Poste::Surveillant).collect();
            let venus = l
                .iter()
                .filter(|i| s.jour.venues.contains_key(&Venant::Equipe(i.id.clone())))
                .count();
            compte(
                venus,
                l.len(),
                "surveillants arrivés",
                "aucun surveillant nommé",
            )
        }
        P::CandidatsAccueillis => accueil(s),
        P::PieceIdentite => piece(s, Piece::Identite),
        P::PieceConvocation => piece(s, Piece::Convocation),
        P::PieceDp => piece(s, Piece::Dp),
        P::PieceLivret => piece(s, Piece::Livret),
        P::PieceRecevabilite => piece(s, Piece::Recevabilite),
        P::PieceEpi => piece(s, Piece::Epi),
        P::DossiersComplets => dossiers(s),
        P::PresencesNotees => presences(s),
        P::MiseEnSituation => epreuves(s, true, "mises en situation terminées"),
        P::EpreuvesTerminees => epreuves(s, false, "épreuves terminées"),
        P::JuryAStatue => {
            let l = examines(s);
            let n = l
                .iter()
                .filter(|c| s.jour.statue.contains_key(&c.id))
                .count();
            dater(
                compte(n, l.len(), "candidats statués", "aucun candidat attendu"),
                s.jour.statue.values().max().copied(),
            )
        }
        P::FicheSynthese => elements(s, Some(Element::FicheSynthese)),
        P::ElementsDuJury => elements(s, None),
        P::Delibere => match s.deliberation.close {
            Some(le) => acquis(
                Some((
                    le.date(),
                    format!(
                        "délibération close {}, {} décisions",
                        temps::moment(le),
                        s.deliberation.decisions.len()
                    ),
                )),
                "",
            ),
            None => sur(
                s.deliberation.decisions.len(),
                s.inscrits().count() + 1,
                format!(
                    "{} décisions sur {}, délibération à clore",
                    s.deliberation.decisions.len(),
                    s.inscrits().count()
                ),
            ),
        },
        P::Recommandations => recommandations(s),
        P::Transcrit => etape(s, EtapePv::Transcrit),
        P::FichesSignees => etape(s, EtapePv::FichesSignees),
        P::ResultatsCeres => etape(s, EtapePv::Ceres),
        P::PvEdite => etape(s, EtapePv::Edite),
        P::PvSigneJury => etape(s, EtapePv::SigneJury),
        P::PvObservations => etape(s, EtapePv::Observations),
        P::PvSigneSurveillant => etape(s, EtapePv::SigneSurveillant),
        P::PvContresigne => etape(s, EtapePv::Contresigne),
        P::PvEnvoye => etape(s, EtapePv::Envoye),
        P::CandidatsInformes => etape(s, EtapePv::CandidatsInformes),
        P::LaureatsAffiches => etape(s, EtapePv::Affiche),
    })
}

fn dater(a: Avancement, quand: Option<DateTime>) -> Avancement {
    Avancement {
        le: quand.map(|d| d.date()).filter(|_| a.est_complet()),
        ..a
    }
}

fn conventions(s: &Session) -> Avancement {
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

fn inventaire(s: &Session, mot: &str, reglee: impl Fn(&plateau::Ligne) -> bool) -> Avancement {
    let (mut reglees, mut lignes) = (0, 0);
    for l in s.plateau.inventaire() {
        lignes += 1;
        reglees += usize::from(reglee(l));
    }
    compte(reglees, lignes, mot, "inventaire pas encore écrit")
}

fn affiche_en_salle(s: &Session, quoi: Affichage, mot: &str) -> Avancement {
    let salles = plateau::salles(s).len();
    let manquent = plateau::sans_affichage(s, quoi).len();
    compte(salles - manquent, salles, mot, "aucune salle connue")
}

/// Ces éléments sont-ils au registre des archives ?
fn range(s: &Session, quoi: &[Archive]) -> Avancement {
    let n = quoi
        .iter()
        .filter(|e| s.archivage.registre.contains_key(e))
        .count();
    compte(n, quoi.len(), "éléments au registre des archives", "")
}

fn habilites(s: &Session) -> usize {
    let Some(p) = &s.programme else { return 0 };
    s.jury
        .iter()
        .filter(|m| m.membre.place == Place::Titulaire && m.membre.est_habilite(p.debut, p.fin))
        .count()
}

fn reserve(s: &Session) -> usize {
    s.jury
        .iter()
        .filter(|m| m.membre.place == Place::Reserve)
        .count()
}

fn titulaires(s: &Session, vu: impl Fn(&crate::JureId) -> bool) -> (usize, usize) {
    let l: Vec<_> = s
        .jury
        .iter()
        .filter(|m| m.membre.place == Place::Titulaire)
        .collect();
    (l.iter().filter(|m| vu(&m.membre.jure)).count(), l.len())
}

fn verifie(s: &Session, quoi: Verification, mot: &str) -> Avancement {
    let (vus, attendus) = titulaires(s, |id| {
        s.jour.verifications.contains_key(&(id.clone(), quoi))
    });
    let dernier = s
        .jour
        .verifications
        .iter()
        .filter(|((_, q), _)| *q == quoi)
        .map(|(_, quand)| *quand)
        .max();
    dater(compte(vus, attendus, mot, "aucun juré titulaire"), dernier)
}

fn candidats(s: &Session) -> Vec<Destinataire> {
    s.inscrits()
        .map(|c| Destinataire::Candidat(c.id.clone()))
        .collect()
}

fn jures(s: &Session) -> Vec<Destinataire> {
    s.jury
        .iter()
        .filter(|m| m.membre.place == Place::Titulaire)
        .map(|m| Destinataire::Jure(m.membre.jure.clone()))
        .collect()
}

fn remises(s: &Session, d: &[Destinataire], mot: &str) -> Avancement {
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

fn editees(s: &Session, d: &[Destinataire]) -> Avancement {
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

fn planning(s: &Session) -> Avancement {
    let Some(p) = &s.programme else {
        return sur(0, 1, "");
    };
    let attendus = p.epreuves().len() * s.inscrits().count();
    let faits = s.planning.passages.len();
    if s.planning.valide.is_some() {
        sur(1, 1, format!("planning validé, {faits} passages"))
    } else {
        sur(
            0,
            1,
            format!("{faits} passages placés sur {attendus}, à valider"),
        )
    }
}

fn affichage(s: &Session) -> Avancement {
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

fn commandees(s: &Session) -> Avancement {
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
fn plis(s: &Session, sorte: Option<Sorte>, etape: EtapePli, mot: &str) -> Avancement {
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

fn carence(s: &Session) -> Avancement {
    let l: Vec<_> = s
        .incidents
        .iter()
        .filter(|i| i.signalement.genre == Genre::Carence)
        .collect();
    let informees: Vec<_> = l.iter().filter_map(|i| i.informations.last()).collect();
    dater(
        compte(
            informees.len(),
            l.len(),
            "carences dites à l’administration",
            "aucune carence",
        ),
        informees.iter().map(|i| i.survenu).max(),
    )
}

/// Les candidats qu'une épreuve attend : ni absents, ni sortis avant la fin.
fn examines(s: &Session) -> Vec<&Candidat> {
    s.inscrits()
        .filter(|c| !s.jour.est_absent(&c.id) && !s.jour.sorties.contains_key(&c.id))
        .collect()
}

fn accueil(s: &Session) -> Avancement {
    let presents = s.inscrits().filter(|c| s.jour.est_venu(&c.id)).count();
    let absents = s.inscrits().filter(|c| s.jour.est_absent(&c.id)).count();
    let attendus = s.inscrits().count();
    let mut phrase = format!("{presents} candidats accueillis sur {attendus}");
    if absents > 0 {
        phrase.push_str(&format!(
            ", {absents} absent{}",
            if absents > 1 { "s" } else { "" }
        ));
    }
    let dernier = s.jour.presences.keys().map(|(_, d)| *d).min();
    let a = sur(presents + absents, attendus, phrase);
    Avancement {
        le: dernier.filter(|_| a.est_complet()),
        ..a
    }
}

fn presences(s: &Session) -> Avancement {
    let Some(p) = &s.programme else {
        return sur(0, 1, "");
    };
    let jours: Vec<Date> = if s.planning.passages.is_empty() {
        p.jours()
    } else {
        let mut j: Vec<_> = s.planning.passages.iter().map(|x| x.date).collect();
        j.sort_unstable();
        j.dedup();
        j
    };
    let attendu = |c: &Candidat, jour: Date| {
        s.planning.passages.is_empty()
            || s.planning
                .passages
                .iter()
                .any(|x| x.candidat == c.id && x.date == jour)
    };
    let (mut notes, mut attendus) = (0, 0);
    for c in s.inscrits() {
        for j in jours.iter().filter(|j| attendu(c, **j)) {
            attendus += 1;
            if s.jour.statut(&c.id, *j) != Statut::Attendu || s.jour.est_absent(&c.id) {
                notes += 1;
            }
        }
    }
    let absents = s.inscrits().filter(|c| s.jour.est_absent(&c.id)).count();
    let a = compte(
        notes,
        attendus,
        "présences notées",
        "aucun candidat attendu",
    );
    Avancement {
        phrase: format!(
            "{}, {}",
            a.phrase,
            match absents {
                0 => "aucun absent".into(),
                1 => "1 absent".into(),
                n => format!("{n} absents"),
            }
        ),
        le: s
            .jour
            .presences
            .keys()
            .map(|(_, d)| *d)
            .max()
            .filter(|_| a.est_complet()),
        ..a
    }
}

fn piece(s: &Session, quoi: Piece) -> Avancement {
    let l: Vec<_> = s
        .inscrits()
        .filter(|c| !s.jour.est_absent(&c.id) && Piece::attendues(s, c).contains(&quoi))
        .collect();
    let vues: Vec<_> = l
        .iter()
        .filter_map(|c| s.jour.pieces.get(&(c.id.clone(), quoi)))
        .copied()
        .collect();
    let mot = match quoi {
        Piece::Identite => "identités vues",
        Piece::Convocation => "convocations vues",
        Piece::Dp => "dossiers professionnels vus",
        Piece::Livret => "livrets vus",
        Piece::Recevabilite => "notifications vues",
        Piece::Epi => "équipements vus",
        Piece::LivretCertification => "livrets de certification vus",
        Piece::TitreAssocie => "titres associés vus",
        Piece::Habilitation => "préalables vus",
        Piece::DecisionAmenagement => "décisions d’aménagement vues",
    };
    dater(
        compte(vues.len(), l.len(), mot, "aucun candidat attendu"),
        vues.into_iter().max(),
    )
}

fn dossiers(s: &Session) -> Avancement {
    let l: Vec<_> = s.inscrits().filter(|c| !s.jour.est_absent(&c.id)).collect();
    let complets = l
        .iter()
        .filter(|c| {
            Piece::attendues(s, c)
                .into_iter()
                .filter(|p| matches!(p, Piece::Dp | Piece::Livret | Piece::Recevabilite))
                .all(|p| s.jour.pieces.contains_key(&(c.id.clone(), p)))
        })
        .count();
    compte(
        complets,
        l.len(),
        "dossiers complets",
        "aucun candidat attendu",
    )
}

fn epreuves(s: &Session, en_situation: bool, mot: &str) -> Avancement {
    let Some(p) = &s.programme else {
        return sur(0, 1, "");
    };
    let (mut finies, mut attendues, mut derniere) = (0, 0, None);
    for e in p.epreuves() {
        if en_situation && !est_mise_en_situation(e) {
            continue;
        }
        for c in examines(s) {
            attendues += 1;
            if let Some(fin) = s.jour.observee(&c.id, &e.code).and_then(|o| o.fin) {
                finies += 1;
                derniere = derniere.max(Some(fin));
            }
        }
    }
    dater(
        compte(finies, attendues, mot, "aucune épreuve attendue"),
        derniere,
    )
}

fn elements(s: &Session, lequel: Option<Element>) -> Avancement {
    let l: Vec<_> = s.inscrits().filter(|c| !s.jour.est_absent(&c.id)).collect();
    let (mut la, mut attendus) = (0, 0);
    for c in &l {
        for e in Element::attendus(s, c) {
            if lequel.is_some_and(|x| x != e) {
                continue;
            }
            attendus += 1;
            if s.deliberation
                .elements
                .get(&c.id)
                .is_some_and(|x| x.contains(&e))
            {
                la += 1;
            }
        }
    }
    let mot = match lequel {
        Some(_) => "fiches de synthèse complètes",
        None => "éléments à la disposition du jury",
    };
    compte(la, attendus, mot, "aucun élément attendu")
}

fn recommandations(s: &Session) -> Avancement {
    if s.deliberation.close.is_none() {
        return sur(0, 1, "délibération à clore");
    }
    let l: Vec<_> = s
        .deliberation
        .decisions
        .values()
        .filter(|d| matches!(d.issue, Issue::Partielle | Issue::Echec))
        .collect();
    let n = l
        .iter()
        .filter(|d| !d.recommandations.trim().is_empty())
        .count();
    if l.is_empty() {
        return sur(1, 1, "aucun refus ni réussite partielle");
    }
    compte(n, l.len(), "recommandations écrites", "")
}

fn etape(s: &Session, e: EtapePv) -> Avancement {
    match s.pv.franchie(e) {
        None => sur(
            0,
            1,
            format!("{} : pas encore noté", e.libelle().to_lowercase()),
        ),
        Some(f) => Avancement {
            le: Some(f.survenu.date()),
            qui: Some(f.par.clone()),
            ..sur(
                1,
                1,
                format!(
                    "{} {}{}",
                    e.libelle().to_lowercase(),
                    temps::moment(f.survenu),
                    if f.detail.is_empty() || e == EtapePv::Observations {
                        String::new()
                    } else {
                        format!(" ({})", f.detail)
                    }
                ),
            )
        },
    }
}
