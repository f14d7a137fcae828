//! Ce que Garant sait : le fait qui ferme une tâche ou un point, compté sur ce qui est attendu, dit en une phrase.

mod journee;
mod preparation;
mod resultats;

use super::modele::{Condition, Preuve};
use crate::deliberation::{Element, Issue};
use crate::incidents::Genre;
use crate::jour::{Piece, Venant, Verification, est_mise_en_situation};
use crate::mots::nombre;
use crate::session::Session;
use crate::session::archivage::Element as Archive;
use crate::session::candidats::Voie;
use crate::session::convocations::Destinataire;
use crate::session::equipe::Poste;
use crate::session::plateau::{self, Affichage};
use crate::session::plis::{Etape as EtapePli, Sorte};
use crate::session::programme::TypeSession;
use crate::session::pv::Etape as EtapePv;
use crate::temps;
use jiff::civil::{Date, DateTime};
use journee::{
    accueil, carence, dossiers, epreuves, examines, piece, presences, titulaires, verifie,
};
use preparation::{
    affichage, affiche_en_salle, candidats, commandees, conventions, editees, habilites,
    inventaire, jures, planning, plis, remises, reserve,
};
use resultats::{elements, etape, range, recommandations};

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

/// « 2 titulaires habilités ».
fn habilites_dits(n: usize) -> String {
    nombre(n, "titulaire habilité", "titulaires habilités")
}

/// Tant de personnes sur tant ; `attendus` à zéro n'est jamais complet.
fn compte(faits: usize, attendus: usize, mot: &str, personne: &str) -> Avancement {
    if attendus == 0 {
        return sur(0, 0, personne);
    }
    let mot = if faits < 2 {
        au_singulier(mot)
    } else {
        mot.to_owned()
    };
    sur(faits, attendus, format!("{faits} {mot} sur {attendus}"))
}

/// « plis reçus et au coffre » devient « pli reçu et au coffre » : le nom et ce qui s'y accorde, jusqu'au complément.
fn au_singulier(mot: &str) -> String {
    const COMPLEMENTS: [&str; 7] = ["au", "aux", "de", "des", "du", "devant", "par"];
    let mut accorde = true;
    mot.split(' ')
        .map(|m| {
            accorde &= !COMPLEMENTS.contains(&m);
            if accorde {
                m.strip_suffix('s').unwrap_or(m)
            } else {
                m
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
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
                format!("{}, {reserve} en réserve", habilites_dits(titulaires)),
            )
        }
        P::JurySollicite => {
            let n = habilites(s);
            sur(n.min(2), 2, habilites_dits(n))
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

#[cfg(test)]
mod tests {
    #[test]
    fn un_seul_pli_s_accorde_au_singulier_et_son_complement_reste() {
        let dits = [
            (
                "plis contrôlés par le responsable seul",
                "pli contrôlé par le responsable seul",
            ),
            (
                "éléments au registre des archives",
                "élément au registre des archives",
            ),
            ("plis « organisation » lus", "pli « organisation » lu"),
            ("lignes complètes ou parées", "ligne complète ou parée"),
        ];
        for (pluriel, singulier) in dits {
            assert_eq!(super::au_singulier(pluriel), singulier);
        }
    }
}
